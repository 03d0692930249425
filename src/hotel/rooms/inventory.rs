//! How many rooms of a type a night has left, and what is promised of them.
//!
//! A type's rooms are used up by the stays in them, by out-of-order blocks, by stays that
//! wait for a room of the type (promises), and by what groups have asked for and not
//! picked up yet. A group's stay in a room of a type picks up a room of that type, whatever it is
//! sold as: so what it gives back is held for its group, and for nobody else.

use const_format::concatcp;

use super::{Room, find_type};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GroupId, ReservationId, RoomTypeId};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};

/// What others than the asker of ?3 have picked up of a row of a block.
const PICKED_UP: &str = "(
        SELECT count(*) FROM reservation AS r
        JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night = b.night
        LEFT JOIN room AS m ON m.id = n.room_id
        WHERE r.group_id = b.group_id AND r.id <> ?3 AND n.is_held = 1 AND n.kind = 'night'
            AND coalesce(m.room_type_id, n.room_type_id) = b.room_type_id)";
/// What of it nobody has: the asker, whose group is ?4, is about to have one.
const NOT_PICKED_UP: &str = concatcp!("max(0, b.rooms - (b.group_id IS ?4) - ", PICKED_UP, ")");

statements! {
    ROOMS_OF_TYPE = "inventory.rooms_of_type": "SELECT count(*) FROM room WHERE room_type_id = ?1";
    WAITING = "inventory.waiting": "SELECT 1 FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night >= ?2 AND night <= ?3 AND room_type_id = ?1 AND kind = 'night' AND reservation_id <> ?4
        LIMIT 1";
    TAKEN = "inventory.taken": "SELECT count(*) FROM room CROSS JOIN room_night AS rn
        WHERE room.room_type_id = ?1 AND rn.night = ?2 AND rn.room_id = room.id AND rn.reservation_id IS NOT ?3";
    PROMISED = "inventory.promised": "SELECT count(*) FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night = ?2 AND room_type_id = ?1 AND kind = 'night' AND reservation_id <> ?3";
    HAS_BLOCK = "inventory.has_block": "SELECT 1 FROM group_night
        WHERE is_held = 1 AND night >= ?2 AND night <= ?3 AND room_type_id = ?1
        LIMIT 1";
    HELD = "inventory.held" is concatcp!("SELECT coalesce(sum(", NOT_PICKED_UP, "), 0)
        FROM group_night AS b WHERE b.is_held = 1 AND b.night = ?2 AND b.room_type_id = ?1");
    PICKS_UP = "inventory.picks_up" is concatcp!("SELECT 1 FROM group_night AS b
        WHERE b.is_held = 1 AND b.night = ?2 AND b.room_type_id = ?1 AND b.group_id = ?4 AND b.rooms > ", PICKED_UP);
    HELD_BETWEEN = "inventory.held_between" is concatcp!("SELECT b.room_type_id, b.night, sum(", NOT_PICKED_UP, ")
        FROM group_night AS b WHERE b.is_held = 1 AND b.night >= ?1 AND b.night < ?2 GROUP BY b.night, b.room_type_id");
    BLOCK_NIGHTS = "inventory.block_nights": "SELECT DISTINCT night FROM group_night
        WHERE is_held = 1 AND night >= ?2 AND night < ?3 AND room_type_id = ?1
        ORDER BY night LIMIT 2000";
    PROMISED_NIGHTS = "inventory.promised_nights": "SELECT DISTINCT night FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night >= ?2 AND night < ?3 AND room_type_id = ?1 AND kind = 'night'
        ORDER BY night LIMIT 2000";
    IS_TAKEN = "inventory.is_taken": "SELECT 1 FROM room_night WHERE night = ?1 AND room_id = ?2";
}

/// Nobody's id: leaves no reservation out of a count.
pub const NOBODY: ReservationId = ReservationId(0);

/// Whose stay it is that a room is looked for: it does not stand in its own way, and what is held for
/// its group is there for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    pub own: ReservationId,
    pub group: Option<GroupId>,
}

impl Asker {
    pub const NOBODY: Asker = Asker { own: NOBODY, group: None };
}

/// The last date that promises are looked for.
const FOREVER: &str = "9999-12-31";

/// What is left of a type on a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Rooms minus those taken, those promised and those held; negative when overbooked.
    pub free: i64,
    pub promised: i64,
    /// For groups that have not picked it up.
    pub held: i64,
}

/// What others than the asker leave of a type on a night.
pub fn left(conn: &Conn, room_type: RoomTypeId, night: Date, asker: Asker) -> Result<Left> {
    let total: i64 = conn.scalar(&ROOMS_OF_TYPE, [room_type])?;
    let taken: i64 = conn.scalar(&TAKEN, (room_type, night, asker.own))?;
    let promised: i64 = conn.scalar(&PROMISED, (room_type, night, asker.own))?;
    let held: i64 = conn.scalar(&HELD, (room_type, night, asker.own, asker.group))?;
    Ok(Left { free: total - taken - promised - held, promised, held })
}

/// Whether a room of the type is held for the asker's group, which takes nothing from anybody.
pub fn picks_up(conn: &Conn, room_type: RoomTypeId, night: Date, asker: Asker) -> Result<bool> {
    Ok(asker.group.is_some() && conn.exists(&PICKS_UP, (room_type, night, asker.own, asker.group))?)
}

/// What is held for groups in `[from, to)`, by type and night.
pub fn held_between(conn: &Conn, from: Date, to: Date, asker: Asker) -> Result<Vec<(RoomTypeId, Date, i64)>> {
    conn.all(&HELD_BETWEEN, (from, to, asker.own, asker.group), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// Whether others than the asker wait for a room of the type on a night from `first` to `last`, or a block holds some.
pub fn is_waited_for(conn: &Conn, room_type: RoomTypeId, first: Date, last: Date, asker: Asker) -> Result<bool> {
    Ok(conn.exists(&WAITING, (room_type, first, last, asker.own))? || conn.exists(&HAS_BLOCK, (room_type, first, last))?)
}

/// Refuses to take a room from sale when a stay that waits for its type needs it
/// on a night of `[from, to)`; for good when `to` is `None`.
pub fn check_may_leave_sale(tx: &Tx, room: &Room, from: Date, to: Option<Date>) -> Result<()> {
    let to = to.map_or_else(|| FOREVER.to_owned(), |date| date.to_string());
    let mut nights: Vec<Date> = tx.all(&PROMISED_NIGHTS, (room.room_type_id, from, &to), |row| row.get(0))?;
    nights.extend(tx.all(&BLOCK_NIGHTS, (room.room_type_id, from, &to), |row| row.get::<_, Date>(0))?);
    for night in nights {
        let is_taken = tx.exists(&IS_TAKEN, (night, room.id))?;
        let left = left(tx, room.room_type_id, night, Asker::NOBODY)?;
        if !is_taken && left.free < 1 {
            let name = find_type(tx, room.room_type_id)?.name;
            let (room, room_type) = (&room.room_number, name);
            let detail = if left.promised > 0 {
                text!(
                    "Room {room} is needed on {night} for an unassigned booking ({room_type}). Assign or move that booking first.",
                    room,
                    night,
                    room_type
                )
            } else {
                text!(
                    "Room {room} is needed on {night} for a group’s block ({room_type}). Release that block first, or make it smaller.",
                    room,
                    night,
                    room_type
                )
            };
            return Err(Error::refused(Code::NoRoomFree, detail));
        }
    }
    Ok(())
}
