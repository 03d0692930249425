//! Statements of the property and its lists.

use const_format::concatcp;
use rusqlite::params_from_iter;
use rusqlite::types::ToSql;

use super::{NewProperty, Property};
use crate::db::record::{record, written};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::ListEntryId;
use crate::domain::status::MethodKind;
use crate::error::Result;

written!(NEW: NewProperty = name, time_zone, locale, business_date, is_demo);
written!(
    PROPERTY: Property = name, address, phone, email, time_zone, locale, business_date, check_in_time, check_out_time, policy_id,
    rate_limit_per_minute, needs_shift, smallest_coin, cots, usual_security
);

statements! {
    FIND = "settings.find" selects Property "FROM property WHERE id = 1";
    BUSINESS_DATE = "settings.business_date": "SELECT business_date FROM property WHERE id = 1";
    INSERT = "settings.insert" is concatcp!("INSERT INTO property (id, currency, currency_exponent, ", NEW.names, ") VALUES (1, ?, ?, ", NEW.places, ")");
    UPDATE = "settings.update" is concatcp!("UPDATE property SET ", PROPERTY.sets, ", currency = ?, currency_exponent = ?,
            required_guest_fields = ?, version = version + 1
        WHERE id = 1");
    HAS_BOOKINGS = "settings.has_bookings": "SELECT 1 FROM reservation LIMIT 1", scans "one row is enough";
    CHARGED_ON = "settings.charged_on": "SELECT 1 FROM posting WHERE business_date >= ?1 LIMIT 1";
    ARRIVED_ON = "settings.arrived_on": "SELECT 1 FROM reservation WHERE status = 'checked_in' AND checked_in_date >= ?1 LIMIT 1";
    LIST_SOURCES = "settings.sources" selects ListEntry "FROM (SELECT id, name, NULL AS kind, is_active FROM booking_source) ORDER BY name LIMIT 500", scans "a short list";
    FIND_SOURCE = "settings.source" selects ListEntry "FROM (SELECT id, name, NULL AS kind, is_active FROM booking_source) WHERE id = ?1";
    FIND_SOURCE_NAMED = "settings.source_named" selects ListEntry "FROM (SELECT id, name, NULL AS kind, is_active FROM booking_source) WHERE name = ?1";
    INSERT_SOURCE = "settings.add_source": "INSERT INTO booking_source (name) VALUES (?1)";
    UPDATE_SOURCE = "settings.change_source": "UPDATE booking_source SET name = ?2, is_active = ?3 WHERE id = ?1";
    LIST_METHODS = "settings.methods" selects ListEntry "FROM payment_method ORDER BY id LIMIT 500", scans "a short list";
    FIND_METHOD = "settings.method" selects ListEntry "FROM payment_method WHERE id = ?1";
    FIND_METHOD_NAMED = "settings.method_named" selects ListEntry "FROM payment_method WHERE name = ?1";
    INSERT_METHOD = "settings.add_method": "INSERT INTO payment_method (name, kind) VALUES (?1, coalesce(?2, 'other'))";
    UPDATE_METHOD = "settings.change_method": "UPDATE payment_method SET name = ?2, is_active = ?3, kind = coalesce(?4, kind) WHERE id = ?1";
    MARK_DEMO = "settings.mark_demo": "UPDATE property SET is_demo = 1 WHERE id = 1";
}

pub fn find(conn: &Conn) -> Result<Option<Property>> {
    conn.one(&FIND, [], Property::from_row)
}

pub fn business_date(conn: &Conn) -> Result<Option<Date>> {
    conn.one(&BUSINESS_DATE, [], |row| row.get(0))
}

pub fn insert(tx: &Tx, new: &NewProperty) -> Result<()> {
    let of_currency: [&dyn ToSql; 2] = [&new.currency.code, &new.currency.exponent];
    tx.run(&INSERT, params_from_iter(of_currency.into_iter().chain((NEW.values)(new))))?;
    Ok(())
}

pub fn update(tx: &Tx, p: &Property) -> Result<()> {
    let fields = serde_json::to_string(&p.required_guest_fields).map_err(crate::error::Error::internal)?;
    tx.run(&UPDATE, PROPERTY.with(p, &[&p.currency.code, &p.currency.exponent, &fields]))?;
    Ok(())
}

pub fn has_bookings(conn: &Conn) -> Result<bool> {
    conn.exists(&HAS_BOOKINGS, [])
}

/// Whether a stay arrived, or a bill changed, on a business date or after it.
pub fn has_work_on(conn: &Conn, date: Date) -> Result<bool> {
    Ok(conn.exists(&CHARGED_ON, [date])? || conn.exists(&ARRIVED_ON, [date])?)
}

/// Which of the editable lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    BookingSources,
    PaymentMethods,
}

record! {
    /// An entry of an editable list.
    #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
    pub struct ListEntry {
        pub id: ListEntryId,
        pub name: String,
        /// Of a payment method.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub kind: Option<MethodKind>,
        pub is_active: bool,
    }
}

impl ListKind {
    /// What the trail calls an entry.
    pub fn entity(self) -> &'static str {
        match self {
            ListKind::BookingSources => "booking_source",
            ListKind::PaymentMethods => "payment_method",
        }
    }

    pub fn all(self, conn: &Conn) -> Result<Vec<ListEntry>> {
        let sql = match self {
            ListKind::BookingSources => &LIST_SOURCES,
            ListKind::PaymentMethods => &LIST_METHODS,
        };
        conn.all(sql, [], ListEntry::from_row)
    }

    pub fn find(self, conn: &Conn, id: ListEntryId) -> Result<Option<ListEntry>> {
        let sql = match self {
            ListKind::BookingSources => &FIND_SOURCE,
            ListKind::PaymentMethods => &FIND_METHOD,
        };
        conn.one(sql, [id], ListEntry::from_row)
    }

    pub fn find_named(self, conn: &Conn, name: &str) -> Result<Option<ListEntry>> {
        let sql = match self {
            ListKind::BookingSources => &FIND_SOURCE_NAMED,
            ListKind::PaymentMethods => &FIND_METHOD_NAMED,
        };
        conn.one(sql, [name], ListEntry::from_row)
    }

    pub fn insert(self, tx: &Tx, name: &str, kind: Option<MethodKind>) -> Result<ListEntryId> {
        let id = match self {
            ListKind::BookingSources => tx.insert(&INSERT_SOURCE, [name])?,
            ListKind::PaymentMethods => tx.insert(&INSERT_METHOD, (name, kind))?,
        };
        Ok(ListEntryId(id))
    }

    pub fn update(self, tx: &Tx, changed: &ListEntry) -> Result<()> {
        match self {
            ListKind::BookingSources => tx.run(&UPDATE_SOURCE, (changed.id, &changed.name, changed.is_active))?,
            ListKind::PaymentMethods => tx.run(&UPDATE_METHOD, (changed.id, &changed.name, changed.is_active, changed.kind))?,
        };
        Ok(())
    }
}
