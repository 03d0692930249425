//! How many rooms of a type a night has left, and what is promised of them.
//!
//! A type's rooms are used up by the stays in them, by out-of-order blocks, and
//! by stays that wait for a room of the type (promises).

use super::{Room, find_type};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomTypeId};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};

statements! {
    ROOMS_OF_TYPE = "inventory.rooms_of_type": "SELECT count(*) FROM room WHERE room_type_id = ?1";
    WAITING = "inventory.waiting": "SELECT 1 FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night >= ?2 AND night <= ?3 AND room_type_id = ?1 AND kind = 'night' AND reservation_id <> ?4
        LIMIT 1";
    TAKEN = "inventory.taken": "SELECT count(*) FROM room CROSS JOIN room_night AS rn
        WHERE room.room_type_id = ?1 AND rn.night = ?2 AND rn.room_id = room.id AND rn.reservation_id IS NOT ?3";
    PROMISED = "inventory.promised": "SELECT count(*) FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night = ?2 AND room_type_id = ?1 AND kind = 'night' AND reservation_id <> ?3";
    PROMISED_NIGHTS = "inventory.promised_nights": "SELECT DISTINCT night FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night >= ?2 AND night < ?3 AND room_type_id = ?1 AND kind = 'night'
        ORDER BY night LIMIT 2000";
    IS_TAKEN = "inventory.is_taken": "SELECT 1 FROM room_night WHERE night = ?1 AND room_id = ?2";
}

/// Nobody's id: leaves no reservation out of a count.
pub const NOBODY: ReservationId = ReservationId(0);

/// The last date that promises are looked for.
const FOREVER: &str = "9999-12-31";

/// What is left of a type on a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Rooms minus those taken and those promised; negative when overbooked.
    pub free: i64,
    pub promised: i64,
}

/// What others than `own` leave of a type on a night.
pub fn left(conn: &Conn, room_type: RoomTypeId, night: Date, own: ReservationId) -> Result<Left> {
    let total: i64 = conn.scalar(&ROOMS_OF_TYPE, [room_type])?;
    let taken: i64 = conn.scalar(&TAKEN, (room_type, night, own))?;
    let promised: i64 = conn.scalar(&PROMISED, (room_type, night, own))?;
    Ok(Left { free: total - taken - promised, promised })
}

/// Whether others than `own` wait for a room of the type on a night from `first` to `last`.
pub fn is_waited_for(conn: &Conn, room_type: RoomTypeId, first: Date, last: Date, own: ReservationId) -> Result<bool> {
    conn.exists(&WAITING, (room_type, first, last, own))
}

/// Refuses to take a room from sale when a stay that waits for its type needs it
/// on a night of `[from, to)`; for good when `to` is `None`.
pub fn check_may_leave_sale(tx: &Tx, room: &Room, from: Date, to: Option<Date>) -> Result<()> {
    let to = to.map_or_else(|| FOREVER.to_owned(), |date| date.to_string());
    let nights: Vec<Date> = tx.all(&PROMISED_NIGHTS, (room.room_type_id, from, to), |row| row.get(0))?;
    for night in nights {
        let is_taken = tx.exists(&IS_TAKEN, (night, room.id))?;
        if !is_taken && left(tx, room.room_type_id, night, NOBODY)?.free < 1 {
            let name = find_type(tx, room.room_type_id)?.name;
            let detail = text!(
                "Room {room} is needed on {night} for an unassigned booking ({room_type}). Assign or move that booking first.",
                room = &room.room_number,
                night,
                room_type = name
            );
            return Err(Error::refused(Code::NoRoomFree, detail));
        }
    }
    Ok(())
}
