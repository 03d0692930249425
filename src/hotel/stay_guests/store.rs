//! Statements of the people of a stay.

use rusqlite::Row;

use super::StayGuest;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::ReservationId;
use crate::error::Result;

statements! {
    OF_STAY = "stay_guests.of_stay": "SELECT position, guest_id, full_name, relation, sex, birth_date, birth_place, nationality, residence,
            address, document_kind, document_number, document_issued_in, document_issued_on
        FROM stay_guest WHERE reservation_id = ?1 ORDER BY position LIMIT 1000";
    PUT = "stay_guests.put": "INSERT INTO stay_guest (reservation_id, position, guest_id, full_name, relation, sex, birth_date, birth_place,
            nationality, residence, address, document_kind, document_number, document_issued_in, document_issued_on)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (reservation_id, position) DO UPDATE SET guest_id = excluded.guest_id, full_name = excluded.full_name,
            relation = excluded.relation, sex = excluded.sex, birth_date = excluded.birth_date, birth_place = excluded.birth_place,
            nationality = excluded.nationality, residence = excluded.residence, address = excluded.address,
            document_kind = excluded.document_kind, document_number = excluded.document_number,
            document_issued_in = excluded.document_issued_in, document_issued_on = excluded.document_issued_on";
    REMOVE_AFTER = "stay_guests.remove_after": "DELETE FROM stay_guest WHERE reservation_id = ?1 AND position > ?2";
}

/// A person with the place in the list, from 1.
fn from_row(row: &Row) -> rusqlite::Result<(i64, StayGuest)> {
    let person = StayGuest {
        guest_id: row.get(1)?,
        full_name: row.get(2)?,
        relation: row.get(3)?,
        sex: row.get(4)?,
        birth_date: row.get(5)?,
        birth_place: row.get(6)?,
        nationality: row.get(7)?,
        residence: row.get(8)?,
        address: row.get(9)?,
        document_kind: row.get(10)?,
        document_number: row.get(11)?,
        document_issued_in: row.get(12)?,
        document_issued_on: row.get(13)?,
    };
    Ok((row.get(0)?, person))
}

pub fn of_stay(conn: &Conn, stay: ReservationId) -> Result<Vec<(i64, StayGuest)>> {
    conn.all(&OF_STAY, [stay], from_row)
}

/// Writes a person into a place of the list, over whoever stood there.
pub fn put(tx: &Tx, stay: ReservationId, position: usize, p: &StayGuest) -> Result<()> {
    tx.run(
        &PUT,
        rusqlite::params![
            stay,
            position as i64,
            p.guest_id,
            p.full_name,
            p.relation,
            p.sex,
            p.birth_date,
            p.birth_place,
            p.nationality,
            p.residence,
            p.address,
            p.document_kind,
            p.document_number,
            p.document_issued_in,
            p.document_issued_on,
        ],
    )?;
    Ok(())
}

pub fn remove_after(tx: &Tx, stay: ReservationId, position: usize) -> Result<()> {
    tx.run(&REMOVE_AFTER, (stay, position as i64))?;
    Ok(())
}
