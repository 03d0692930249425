//! The audit trail: who changed what, when, from where, from what, to what.
//!
//! Written in the transaction of the change itself, so neither is without the
//! other. Entries about reservations carry ids, dates and amounts but no names:
//! a guest's personal data stands in entries about the guest alone, which
//! erasing the guest blanks.

use serde::Serialize;
use serde_json::Value;

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::error::{Error, Result};

statements! {
    ADD = "audit.add": "INSERT INTO audit_log (at, business_date, user_id, username, address, action, entity, entity_id, before, after)
        VALUES (?1, coalesce((SELECT business_date FROM property WHERE id = 1), ''), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    BLANK = "audit.blank": "UPDATE audit_log SET before = NULL, after = NULL WHERE entity = ?1 AND entity_id = ?2";
    LAST = "audit.last": "SELECT action, business_date, before FROM audit_log WHERE entity = ?1 AND entity_id = ?2 ORDER BY id DESC LIMIT ?3";
    NEWEST_IN_THE_BOOKS = "audit.newest_in_the_books": "SELECT business_date FROM audit_log
        WHERE +entity IN ('reservation', 'import') ORDER BY id DESC LIMIT 1",
        scans "from the newest back to the first about a booking";
    NEWEST_CHANGE = "audit.newest_change": "SELECT at FROM audit_log ORDER BY id DESC LIMIT 1", scans "the last row";
}

/// Writes one entry. `Value::Null` stands for "was not there".
pub fn record(
    tx: &Tx,
    action: &str,
    entity: &str,
    entity_id: i64,
    before: &impl Serialize,
    after: &impl Serialize,
) -> Result<()> {
    let (before, after) = (text(before)?, text(after)?);
    let actor = tx.actor();
    tx.run(&ADD, (tx.now(), actor.user_id, &actor.username, &actor.address, action, entity, entity_id, before, after))?;
    Ok(())
}

fn text(value: &impl Serialize) -> Result<Option<String>> {
    let text = serde_json::to_string(value).map_err(Error::internal)?;
    Ok((text != "null").then_some(text))
}

/// Takes the personal data out of everything recorded about an entity.
pub fn blank(tx: &Tx, entity: &str, entity_id: i64) -> Result<()> {
    tx.run(&BLANK, (entity, entity_id))?;
    Ok(())
}

/// The business date of the newest entry about a booking, its bill or its payments. None is
/// ever older than one before it: a day on which there is such an entry is not gone back from.
pub fn newest_in_the_books(conn: &Conn) -> Result<Option<Date>> {
    let newest: Option<String> = conn.one(&NEWEST_IN_THE_BOOKS, [], |row| row.get(0))?;
    Ok(newest.and_then(|date| date.parse().ok()))
}

/// When the newest entry was written.
pub fn newest_change(conn: &Conn) -> Result<Option<Instant>> {
    conn.one(&NEWEST_CHANGE, [], |row| row.get(0))
}

/// An entry, as far as an undo needs it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub action: String,
    pub business_date: String,
    pub before: Option<Value>,
}

/// The newest entries about an entity, newest first, at most `count`.
pub fn newest(conn: &Conn, entity: &str, entity_id: i64, count: i64) -> Result<Vec<Entry>> {
    conn.all(&LAST, (entity, entity_id, count), |row| {
        let before: Option<String> = row.get(2)?;
        Ok(Entry { action: row.get(0)?, business_date: row.get(1)?, before: before.and_then(|b| serde_json::from_str(&b).ok()) })
    })
}
