//! Whether a data file is whole, and whether everything in it agrees with itself.
//!
//! Reads the whole file and changes nothing in the hotel. `innkeeper check` tells all of it; every
//! night it is done to the unpacked copy, and to every copy before it is put back.

use std::fmt::Write as _;
use std::path::Path;

use crate::db::sql::statements;
use crate::db::{Conn, Context, Db, OpenError, Options, Sql, migrate, shape};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::error::Result;
use crate::hotel::{SLICES, Slice};

/// Findings told of each kind.
const TOLD: usize = 5;

statements! {
    INTEGRITY = "check.integrity": "PRAGMA integrity_check(20)";
    FOREIGN_KEYS = "check.foreign_keys": "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' refers to a missing ' || parent
        FROM pragma_foreign_key_check";
    SCHEMA_VERSION = "check.schema_version": "PRAGMA user_version";
    ROW_COUNTS = "check.row_counts": "WITH counted (list, value, n) AS (
            SELECT 'reservation', '', count(*) FROM reservation
            UNION ALL SELECT 'reservation.status', status, count(*) FROM reservation GROUP BY status
            UNION ALL SELECT 'reservation.source', source, count(*) FROM reservation GROUP BY source
            UNION ALL SELECT 'reservation.room_type_id', CAST(room_type_id AS TEXT), count(*) FROM reservation GROUP BY room_type_id
            UNION ALL SELECT 'guest', '', count(*) FROM guest WHERE merged_into_id IS NULL
            UNION ALL SELECT 'payment', '', count(*) FROM payment
            UNION ALL SELECT 'audit_log', '', count(*) FROM audit_log
        )
        SELECT trim(coalesce(c.list, k.list) || ' ' || coalesce(c.value, k.value))
        FROM counted AS c
        FULL JOIN row_count AS k ON k.list = c.list AND k.value = c.value
        WHERE coalesce(c.n, 0) <> coalesce(k.n, 0)", scans "a check reads everything";
    SEARCH_IS_BEHIND = "check.search_is_behind": "SELECT search || ' ' || row_id FROM search_change", scans "a check reads everything";
}

/// What must hold of the file as a whole.
const INVARIANTS: &[(&str, &Sql)] = &[
    ("Everything referred to exists.", &FOREIGN_KEYS),
    ("The lists' totals are right.", &ROW_COUNTS),
    ("The search has learnt of every change.", &SEARCH_IS_BEHIND),
];

pub const SLICE: Slice = Slice { name: "checks", is_workflow: true, statements: &[STATEMENTS], ..Slice::EMPTY };

/// What was found, told in lines.
#[derive(Debug, Default)]
pub struct Report {
    pub text: String,
    /// What does not hold, each with the first place where it does not.
    pub faults: Vec<String>,
}

impl Report {
    fn note(&mut self, what: &str, found: &[String]) {
        let mark = if found.is_empty() { "ok   " } else { "FAULT" };
        // Writing to memory cannot fail.
        let _ = writeln!(self.text, "  {mark}  {what}");
        for one in found.iter().take(TOLD) {
            let _ = writeln!(self.text, "           {one}");
        }
        if found.len() > TOLD {
            let _ = writeln!(self.text, "           and {} more", found.len() - TOLD);
        }
        self.faults.extend(found.first().map(|first| format!("not so: {what} ({first})")));
    }

    /// The faults in one line; `None` when there is none.
    pub fn in_short(&self) -> Option<String> {
        let first = self.faults.first()?;
        let more = self.faults.len() - 1;
        Some(if more > 0 { format!("{first}, and {more} more") } else { first.clone() })
    }
}

/// Reads every page and then everything that has to agree.
///
/// # Errors
/// A file that cannot be read.
pub fn examine(conn: &Conn) -> Result<Report> {
    let mut report = Report::default();
    let mut damage: Vec<String> = conn.all(&INTEGRITY, [], |row| row.get(0))?;
    damage.retain(|line| line != "ok");
    report.note("The file is whole.", &damage);
    let version: i64 = conn.scalar(&SCHEMA_VERSION, [])?;
    let is_other = (version != migrate::LATEST).then(|| format!("its schema is {version}"));
    report.note(&format!("Its schema is this program's ({}).", migrate::LATEST), is_other.as_slice());
    let strange = if is_other.is_none() { shape::differences(conn, &migrate::OWN)? } else { Vec::new() };
    report.note("Its tables and triggers are as this program makes them.", &strange);
    reckon(conn, &mut report)?;
    Ok(report)
}

/// Everything that has to agree, in a file whose pages are known to be whole.
///
/// # Errors
/// A file that cannot be read.
pub fn sums(conn: &Conn) -> Result<Report> {
    let mut report = Report::default();
    reckon(conn, &mut report)?;
    Ok(report)
}

fn reckon(conn: &Conn, report: &mut Report) -> Result<()> {
    for (what, sql) in INVARIANTS.iter().chain(SLICES.iter().flat_map(|slice| slice.invariants)) {
        let found: Vec<String> = conn.all(sql, [], |row| row.get(0))?;
        report.note(what, &found);
    }
    for (what, find) in SLICES.iter().flat_map(|slice| slice.proofs) {
        report.note(what, &find(conn)?);
    }
    Ok(())
}

/// The same of a file by itself, which nobody has open.
///
/// # Errors
/// A file that cannot be opened, or not be read.
pub fn sums_of(path: &Path) -> std::result::Result<Result<Report>, OpenError> {
    let options = Options { is_read_only: true, readers: 1, ..Options::default() };
    let db = Db::open(path, &options, Box::new(|_| ()))?;
    let context = Context { actor: Actor::program("innkeeper"), now: Instant::EPOCH };
    Ok(db.read(&context, sums))
}
