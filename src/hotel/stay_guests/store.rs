//! Statements of the people of a stay.

use const_format::concatcp;

use super::StayGuest;
use crate::db::record::written;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::ReservationId;
use crate::error::Result;

written!(
    PERSON: StayGuest = guest_id, full_name, relation, sex, birth_date, birth_place, nationality, residence, address, document_kind,
    document_number, document_issued_in, document_issued_on, levy_exemption
);

statements! {
    OF_STAY = "stay_guests.of_stay" is concatcp!("SELECT ", StayGuest::COLUMNS, ", position
        FROM stay_guest WHERE reservation_id = ?1 ORDER BY position LIMIT 1000");
    SENT = "stay_guests.sent": "SELECT position, sent_on FROM stay_guest WHERE reservation_id = ?1 AND sent_on IS NOT NULL ORDER BY position LIMIT 1000";
    PUT = "stay_guests.put" is concatcp!("INSERT INTO stay_guest (", PERSON.names, ", reservation_id, position) VALUES (", PERSON.places, ", ?, ?)");
    CHANGE = "stay_guests.change" is concatcp!("UPDATE stay_guest SET ", PERSON.sets, " WHERE reservation_id = ? AND position = ?");
    REMOVE_AFTER = "stay_guests.remove_after": "DELETE FROM stay_guest WHERE reservation_id = ?1 AND position > ?2";
}

/// Each person with the place in the list, from 1.
pub fn of_stay(conn: &Conn, stay: ReservationId) -> Result<Vec<(i64, StayGuest)>> {
    conn.all(&OF_STAY, [stay], |row| Ok((row.get("position")?, StayGuest::from_row(row)?)))
}

/// The places of those who were sent to the authority, with the day.
pub fn sent(conn: &Conn, stay: ReservationId) -> Result<Vec<(i64, Date)>> {
    conn.all(&SENT, [stay], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Writes a person into a place of the list, over whoever stood there.
pub fn put(tx: &Tx, stay: ReservationId, position: usize, p: &StayGuest) -> Result<()> {
    let at = position as i64;
    if tx.run(&CHANGE, PERSON.with(p, &[&stay, &at]))? == 0 {
        tx.run(&PUT, PERSON.with(p, &[&stay, &at]))?;
    }
    Ok(())
}

pub fn remove_after(tx: &Tx, stay: ReservationId, position: usize) -> Result<()> {
    tx.run(&REMOVE_AFTER, (stay, position as i64))?;
    Ok(())
}
