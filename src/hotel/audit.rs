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
use crate::domain::actor::Role;
use crate::domain::date::{Date, Instant};
use crate::domain::id::ReservationId;
use crate::domain::text::Line;
use crate::error::{Error, Result};
use crate::hotel::Slice;
use crate::http::endpoint::Access;

/// Why something out of the ordinary is done; empty where nobody said.
pub type Reason = Line<500>;

pub const SLICE: Slice = Slice { name: "audit", statements: &[STATEMENTS], ..Slice::EMPTY };

/// What entries are about, and who reads them: whoever may ask the API for the thing itself.
const ENTITIES: &[(&str, Access)] = &[
    ("reservation", Access::READ),
    ("folio", Access::READ),
    ("guest", Access::READ),
    ("room", Access::READ),
    ("room_type", Access::READ),
    ("room_block", Access::READ),
    ("rate_plan", Access::READ),
    ("article", Access::READ),
    ("company", Access::READ),
    ("booking_group", Access::READ),
    ("booking_source", Access::READ),
    ("payment_method", Access::READ),
    ("drawer", Access::READ),
    ("voucher", Access::READ),
    ("invoice", Access::READ),
    ("invoice_series", Access::READ),
    ("invoice_setup", Access::READ),
    ("shift", Access::MANAGE),
    ("settings", Access::READ),
    ("day_close", Access::READ),
    ("taxes", Access::READ),
    ("account_codes", Access::READ),
    ("report_view", Access::READ),
    ("import", Access::READ),
    ("user", Access::MANAGE),
    ("device", Access::MANAGE),
    ("thresholds", Access::MANAGE),
    ("limits", Access::MANAGE),
    ("backup", Access::MANAGE),
    ("data_file", Access::MANAGE),
    ("retention", Access::MANAGE),
    ("backup_plan", Access::OWN),
    ("network", Access::OWN),
];

statements! {
    ADD = "audit.add": "INSERT INTO audit_log (at, business_date, user_id, username, address, action, entity, entity_id, before, after)
        VALUES (?1, coalesce((SELECT business_date FROM property WHERE id = 1), ''), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    BLANK = "audit.blank": "UPDATE audit_log SET before = NULL, after = NULL WHERE entity = ?1 AND entity_id = ?2";
    NEWEST_IN_THE_BOOKS = "audit.newest_in_the_books": "SELECT business_date FROM audit_log
        WHERE +entity IN ('reservation', 'folio', 'invoice', 'import') ORDER BY id DESC LIMIT 1",
        scans "from the newest back to the first about a booking";
    BLANK_WORDS = "audit.blank_words": "UPDATE audit_log
        SET before = json_remove(before, '$.reason', '$.notes', '$.description'), after = json_remove(after, '$.reason', '$.notes', '$.description')
        WHERE entity = ?1 AND entity_id = ?2";
    BLANK_TRANSFERS = "audit.blank_transfers": "UPDATE audit_log
        SET after = json_remove(after, '$.notes')
        WHERE entity = 'folio' AND entity_id IN (SELECT folio_id FROM posting WHERE reservation_id = ?1)
            AND (json_extract(after, '$.from_folio_id') IN (SELECT id FROM folio WHERE reservation_id = ?1)
                OR json_extract(after, '$.to_folio_id') IN (SELECT id FROM folio WHERE reservation_id = ?1))";
    COUNT_ABOUT = "audit.count_about": "SELECT count(*) FROM audit_log WHERE entity IN (SELECT value FROM json_each(?1))";
    NEWEST_CHANGE = "audit.newest_change": "SELECT at FROM audit_log ORDER BY id DESC LIMIT 1", scans "the last row";
}

/// What stands for "was not there", and for "is no more".
pub const NOTHING: Value = Value::Null;

/// Writes one entry. The rule that changes something writes it, in the same transaction, so that no
/// caller can forget it.
pub fn record(
    tx: &Tx,
    action: &str,
    entity: &str,
    entity_id: i64,
    before: &impl Serialize,
    after: &impl Serialize,
) -> Result<()> {
    if !ENTITIES.iter().any(|(known, _)| *known == entity) {
        return Err(Error::internal(format!("nobody has said who reads entries about {entity}")));
    }
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

/// Takes the words that people typed out of everything recorded about an entity; what was done,
/// by whom and for how much stays.
pub fn blank_words(tx: &Tx, entity: &str, entity_id: i64) -> Result<()> {
    tx.run(&BLANK_WORDS, (entity, entity_id))?;
    Ok(())
}

/// The same of what was moved between a stay and folios of others.
pub fn blank_transfers(tx: &Tx, stay: ReservationId) -> Result<()> {
    tx.run(&BLANK_TRANSFERS, [stay])?;
    Ok(())
}

/// What entries are about that somebody of this role may not read: a JSON list, `None` = nothing.
pub fn hidden_from(role: Option<Role>) -> Result<Option<String>> {
    let hidden: Vec<&str> = ENTITIES.iter().filter(|(_, access)| !access.allows(role)).map(|(entity, _)| *entity).collect();
    if hidden.is_empty() { Ok(None) } else { serde_json::to_string(&hidden).map(Some).map_err(Error::internal) }
}

/// How many entries are about one of these, a JSON list.
pub fn count_about(conn: &Conn, entities: &str) -> Result<i64> {
    conn.scalar(&COUNT_ABOUT, [entities])
}

/// When the newest entry was written.
pub fn newest_change(conn: &Conn) -> Result<Option<Instant>> {
    conn.one(&NEWEST_CHANGE, [], |row| row.get(0))
}
