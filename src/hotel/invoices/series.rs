//! How documents are numbered.

use super::snapshot::Kind;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::SeriesId;
use crate::domain::number::Within;
use crate::domain::text::{Line, Name};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::audit;

pub type SeriesName = Name<100>;
pub type Prefix = Line<20>;
pub type Digits = Within<1, 10>;

/// Series that one hotel may have.
const MAX_SERIES: usize = 50;

statements! {
    FIND = "invoices.find_series" selects Series "FROM invoice_series WHERE id = ?1";
    ALL = "invoices.all_series" selects Series "FROM invoice_series ORDER BY id LIMIT 50", scans "a hotel's series are few";
    FIRST = "invoices.first_series" selects Series "FROM invoice_series WHERE kind = ?1 AND is_active = 1 ORDER BY id LIMIT 1",
        scans "a hotel's series are few";
    INSERT = "invoices.insert_series": "INSERT INTO invoice_series (kind, name, prefix, digits, is_yearly) VALUES (?1, ?2, ?3, ?4, ?5)";
    UPDATE = "invoices.update_series": "UPDATE invoice_series SET name = ?2, prefix = ?3, digits = ?4, is_yearly = ?5, is_active = ?6,
            version = version + 1
        WHERE id = ?1";
}

record! {
    /// How documents of a kind are numbered.
    #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
    pub struct Series {
        pub id: SeriesId,
        pub kind: Kind,
        pub name: String,
        /// Before the number; `{year}` and `{yy}` are the year.
        pub prefix: String,
        pub digits: i64,
        /// Begins with 1 again each year.
        pub is_yearly: bool,
        pub is_active: bool,
        /// The last number; `None` before the first.
        pub last_number: Option<String> = "(SELECT i.number FROM invoice AS i WHERE i.series_id = invoice_series.id AND i.number IS NOT NULL
            ORDER BY i.series_id DESC, i.year DESC, i.serial DESC LIMIT 1)",
        pub version: i64,
    }
}

impl Series {
    /// `INV-2026-00042`.
    pub fn number(&self, serial: i64, date: Date) -> String {
        let year = format!("{:04}", date.year());
        let prefix = self.prefix.replace("{year}", &year).replace("{yy}", &year[2..]);
        format!("{prefix}{serial:0digits$}", digits = usize::try_from(self.digits).unwrap_or(1))
    }
}

pub fn find(conn: &Conn, id: SeriesId) -> Result<Series> {
    conn.one(&FIND, [id], Series::from_row)?.ok_or_else(|| Error::NotFound(text!("This series of numbers does not exist.")))
}

pub fn all(conn: &Conn) -> Result<Vec<Series>> {
    conn.all(&ALL, [], Series::from_row)
}

/// The series that a document of a kind is numbered by: the one that was named, else the first in use.
///
/// # Errors
/// `Invalid` on `series_id` for one that is of another kind, or in use no more.
pub fn usable(conn: &Conn, kind: Kind, named: Option<SeriesId>) -> Result<Series> {
    let found = match named {
        Some(id) => conn.one(&FIND, [id], Series::from_row)?,
        None => conn.one(&FIRST, [kind], Series::from_row)?,
    };
    found
        .filter(|series| series.kind == kind && series.is_active)
        .ok_or_else(|| Error::invalid("series_id", text!("is not a series of numbers in use for such documents")))
}

/// A series as it is typed.
#[derive(Debug, Clone)]
pub struct NewSeries {
    pub kind: Kind,
    pub name: String,
    pub prefix: String,
    pub digits: i64,
    pub is_yearly: bool,
    pub is_active: bool,
}

impl NewSeries {
    fn check(&self) -> Result<()> {
        let mut fields = Fields::default();
        fields.check("digits", Digits::of(self.digits));
        let has_year = self.prefix.contains("{year}") || self.prefix.contains("{yy}");
        fields.ensure(!self.is_yearly || has_year, "prefix", text!("must contain the year if numbering restarts each year"));
        fields.finish()
    }
}

pub fn create(tx: &Tx, new: &NewSeries) -> Result<Series> {
    new.check()?;
    if all(tx)?.len() >= MAX_SERIES {
        let message = text!("would exceed the limit of {most} series", most = MAX_SERIES);
        return Err(Error::invalid("name", message));
    }
    let id = tx.insert(&INSERT, (new.kind, &new.name, &new.prefix, new.digits, new.is_yearly))?;
    let made = find(tx, SeriesId(id))?;
    audit::record(tx, "create", "invoice_series", id, &audit::NOTHING, &made)?;
    Ok(made)
}

/// Changes a series; numbers that were given stay.
///
/// # Errors
/// `Invalid` where the last of a kind would go out of use.
pub fn save(tx: &Tx, before: &Series, after: &NewSeries) -> Result<Series> {
    after.check()?;
    let has_other = all(tx)?.iter().any(|other| other.id != before.id && other.kind == before.kind && other.is_active);
    if !after.is_active && !has_other {
        return Err(Error::invalid("is_active", text!("must be left on: no other series is in use for such documents")));
    }
    tx.run(&UPDATE, (before.id, &after.name, &after.prefix, after.digits, after.is_yearly, after.is_active))?;
    let saved = find(tx, before.id)?;
    audit::record(tx, "change", "invoice_series", before.id.0, before, &saved)?;
    Ok(saved)
}
