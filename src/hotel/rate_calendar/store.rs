//! Statements of the rate calendar.

use rusqlite::Row;

use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{RoomId, RoomTypeId};
use crate::error::Result;

statements! {
    ROOMS = "rate_calendar.rooms": "SELECT id, room_type_id FROM room LIMIT 10000", scans "a hotel's rooms are few";
    TAKEN = "rate_calendar.taken": "SELECT night, room_id, block_id IS NOT NULL FROM room_night WHERE night >= ?1 AND night <= ?2";
    PROMISED = "rate_calendar.promised": "SELECT room_type_id, night, count(*)
        FROM reservation_night INDEXED BY reservation_night_unassigned
        WHERE is_held = 1 AND room_id IS NULL AND kind = 'night' AND night >= ?1 AND night <= ?2
        GROUP BY night, room_type_id";
    MADE = "rate_calendar.made": "SELECT n.night, n.room_id, n.room_type_id
        FROM reservation AS r INDEXED BY reservation_created
        JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.created_at >= ?3 AND r.check_in_date > ?4 AND n.is_held = 1 AND n.kind = 'night'";
    GIVEN_UP = "rate_calendar.given_up": "SELECT n.night, n.room_id, n.room_type_id
        FROM reservation AS r INDEXED BY reservation_given_up
        JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.cancelled_at >= ?3 AND (r.created_at < ?3 OR r.check_in_date <= ?4) AND n.is_held = 0 AND n.kind = 'night'";
    LEFT_EARLY = "rate_calendar.left_early": "SELECT n.night, n.room_id, n.room_type_id
        FROM reservation AS r INDEXED BY reservation_departure
        JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.check_out_date >= ?4 AND r.check_out_date <= ?5 AND r.planned_check_out_date IS NOT NULL
            AND r.checked_out_at >= ?3 AND (r.created_at < ?3 OR r.check_in_date <= ?4)
            AND (n.is_held = 0 OR n.kind = 'day_use')";
}

/// A room on a night on which somebody sleeps in it, or it is out of order.
pub struct Taken {
    pub date: Date,
    pub room: RoomId,
    pub is_blocked: bool,
}

pub fn types_of_rooms(conn: &Conn) -> Result<Vec<(RoomId, RoomTypeId)>> {
    conn.all(&ROOMS, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Every room taken from the first to the last night: tens of thousands in a year, so that a date which stands in
/// many rows in a row is read once.
pub fn taken(conn: &Conn, first: Date, last: Date, mut visit: impl FnMut(Taken)) -> Result<()> {
    let (mut written, mut date) = (String::new(), first);
    conn.each(&TAKEN, (first, last), |row| {
        let night = row.get_ref(0)?.as_str()?;
        if night != written {
            (written, date) = (night.to_owned(), row.get(0)?);
        }
        visit(Taken { date, room: row.get(1)?, is_blocked: row.get(2)? });
        Ok(())
    })
}

/// Stays that wait for a room, by type and night.
pub fn promised(conn: &Conn, first: Date, last: Date) -> Result<Vec<(RoomTypeId, Date, i64)>> {
    conn.all(&PROMISED, (first, last), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// Nights that have come onto the books since a date was over (+1 each), and those given up since (-1), as
/// `stats.on_the_books` counts them.
pub fn picked_up(
    conn: &Conn,
    (first, last): (Date, Date),
    (date, end): (Date, Instant),
    mut visit: impl FnMut(Date, Option<RoomId>, RoomTypeId, i64),
) -> Result<()> {
    let mut each = |row: &Row, count: i64| -> rusqlite::Result<()> {
        visit(row.get(0)?, row.get(1)?, row.get(2)?, count);
        Ok(())
    };
    let today = date.plus(super::PICK_UP_DAYS).unwrap_or(date);
    conn.each(&MADE, (first, last, end, date), |row| each(row, 1))?;
    conn.each(&GIVEN_UP, (first, last, end, date), |row| each(row, -1))?;
    conn.each(&LEFT_EARLY, (first, last, end, date, today), |row| each(row, -1))
}
