//! Statements of the property and its lists.

use rusqlite::Row;

use super::{NewProperty, Property};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::ListEntryId;
use crate::domain::money::Currency;
use crate::error::Result;

statements! {
    FIND = "settings.find": "SELECT name, address, phone, email, currency, currency_exponent, time_zone, locale, business_date,
            check_in_time, check_out_time, required_guest_fields, policy_id, rate_limit_per_minute, is_demo, version
        FROM property WHERE id = 1";
    BUSINESS_DATE = "settings.business_date": "SELECT business_date FROM property WHERE id = 1";
    INSERT = "settings.insert": "INSERT INTO property (id, name, currency, currency_exponent, time_zone, locale, business_date,
            is_demo)
        VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    UPDATE = "settings.update": "UPDATE property SET name = ?1, address = ?2, phone = ?3, email = ?4, currency = ?5, currency_exponent = ?6,
            time_zone = ?7, locale = ?8, business_date = ?9, check_in_time = ?10, check_out_time = ?11, required_guest_fields = ?12,
            policy_id = ?13, rate_limit_per_minute = ?14, version = version + 1
        WHERE id = 1";
    HAS_BOOKINGS = "settings.has_bookings": "SELECT 1 FROM reservation LIMIT 1", scans "one row is enough";
    CHARGED_ON = "settings.charged_on": "SELECT 1 FROM posting WHERE business_date >= ?1 LIMIT 1";
    ARRIVED_ON = "settings.arrived_on": "SELECT 1 FROM reservation WHERE status = 'checked_in' AND checked_in_date >= ?1 LIMIT 1";
    LIST_SOURCES = "settings.sources": "SELECT id, name, is_active FROM booking_source ORDER BY name LIMIT 500", scans "a short list";
    FIND_SOURCE = "settings.source": "SELECT id, name, is_active FROM booking_source WHERE id = ?1";
    FIND_SOURCE_NAMED = "settings.source_named": "SELECT id, name, is_active FROM booking_source WHERE name = ?1";
    INSERT_SOURCE = "settings.add_source": "INSERT INTO booking_source (name) VALUES (?1)";
    UPDATE_SOURCE = "settings.change_source": "UPDATE booking_source SET name = ?2, is_active = ?3 WHERE id = ?1";
    LIST_METHODS = "settings.methods": "SELECT id, name, is_active FROM payment_method ORDER BY id LIMIT 500", scans "a short list";
    FIND_METHOD = "settings.method": "SELECT id, name, is_active FROM payment_method WHERE id = ?1";
    FIND_METHOD_NAMED = "settings.method_named": "SELECT id, name, is_active FROM payment_method WHERE name = ?1";
    INSERT_METHOD = "settings.add_method": "INSERT INTO payment_method (name) VALUES (?1)";
    UPDATE_METHOD = "settings.change_method": "UPDATE payment_method SET name = ?2, is_active = ?3 WHERE id = ?1";
    MARK_DEMO = "settings.mark_demo": "UPDATE property SET is_demo = 1 WHERE id = 1";
}

fn from_row(row: &Row) -> rusqlite::Result<Property> {
    let fields: String = row.get(11)?;
    Ok(Property {
        name: row.get(0)?,
        address: row.get(1)?,
        phone: row.get(2)?,
        email: row.get(3)?,
        currency: Currency { code: row.get(4)?, exponent: row.get(5)? },
        time_zone: row.get(6)?,
        locale: row.get(7)?,
        business_date: row.get(8)?,
        check_in_time: row.get(9)?,
        check_out_time: row.get(10)?,
        required_guest_fields: serde_json::from_str(&fields).unwrap_or_default(),
        policy_id: row.get(12)?,
        rate_limit_per_minute: row.get(13)?,
        is_demo: row.get(14)?,
        version: row.get(15)?,
    })
}

pub fn find(conn: &Conn) -> Result<Option<Property>> {
    conn.one(&FIND, [], from_row)
}

pub fn business_date(conn: &Conn) -> Result<Option<Date>> {
    conn.one(&BUSINESS_DATE, [], |row| row.get(0))
}

pub fn insert(tx: &Tx, new: &NewProperty) -> Result<()> {
    let currency = &new.currency;
    let row = (&new.name, &currency.code, currency.exponent, &new.time_zone, &new.locale, new.business_date, new.is_demo);
    tx.run(&INSERT, row)?;
    Ok(())
}

pub fn update(tx: &Tx, p: &Property) -> Result<()> {
    let fields = serde_json::to_string(&p.required_guest_fields).map_err(crate::error::Error::internal)?;
    tx.run(
        &UPDATE,
        rusqlite::params![
            p.name,
            p.address,
            p.phone,
            p.email,
            p.currency.code,
            p.currency.exponent,
            p.time_zone,
            p.locale,
            p.business_date,
            p.check_in_time,
            p.check_out_time,
            fields,
            p.policy_id,
            p.rate_limit_per_minute,
        ],
    )?;
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

/// An entry of an editable list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ListEntry {
    pub id: ListEntryId,
    pub name: String,
    pub is_active: bool,
}

fn entry(row: &Row) -> rusqlite::Result<ListEntry> {
    Ok(ListEntry { id: row.get(0)?, name: row.get(1)?, is_active: row.get(2)? })
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
        conn.all(sql, [], entry)
    }

    pub fn find(self, conn: &Conn, id: ListEntryId) -> Result<Option<ListEntry>> {
        let sql = match self {
            ListKind::BookingSources => &FIND_SOURCE,
            ListKind::PaymentMethods => &FIND_METHOD,
        };
        conn.one(sql, [id], entry)
    }

    pub fn find_named(self, conn: &Conn, name: &str) -> Result<Option<ListEntry>> {
        let sql = match self {
            ListKind::BookingSources => &FIND_SOURCE_NAMED,
            ListKind::PaymentMethods => &FIND_METHOD_NAMED,
        };
        conn.one(sql, [name], entry)
    }

    pub fn insert(self, tx: &Tx, name: &str) -> Result<ListEntryId> {
        let sql = match self {
            ListKind::BookingSources => &INSERT_SOURCE,
            ListKind::PaymentMethods => &INSERT_METHOD,
        };
        tx.insert(sql, [name]).map(ListEntryId)
    }

    pub fn update(self, tx: &Tx, changed: &ListEntry) -> Result<()> {
        let sql = match self {
            ListKind::BookingSources => &UPDATE_SOURCE,
            ListKind::PaymentMethods => &UPDATE_METHOD,
        };
        tx.run(sql, (changed.id, &changed.name, changed.is_active))?;
        Ok(())
    }
}
