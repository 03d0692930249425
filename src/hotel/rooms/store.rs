//! Statements of room types, rooms and their blocks.

use rusqlite::Row;

use super::blocks::{Block, Conflict, NewBlock};
use super::{CurrentBlock, NewRoom, NewRoomType, Room, RoomType};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{BlockId, RoomId, RoomTypeId};
use crate::domain::status::{BlockKind, Housekeeping, Occupancy};
use crate::error::{Error, Result};

// Names are copied onto reservations by triggers that fire whenever the column
// stands in an UPDATE: so names have statements of their own, run when they change.
statements! {
    FIND = "rooms.find": "WITH in_house AS (
            SELECT room_id, min(guest_name) AS guest_name, min(check_out_date) AS check_out_date
            FROM reservation INDEXED BY reservation_in_house
            WHERE status = 'checked_in' AND room_id = ?1
            GROUP BY room_id
        ), blocked AS (
            SELECT room_id, id, min(kind) AS kind, reason, end_date
            FROM room_block
            WHERE room_id = ?1
                AND released_at IS NULL
                AND start_date <= (SELECT business_date FROM property WHERE id = 1)
                AND end_date > (SELECT business_date FROM property WHERE id = 1)
            GROUP BY room_id
        )
        SELECT r.id, r.room_number, r.floor, r.room_type_id, t.name, r.view_type, r.notes, r.housekeeping, s.room_id, r.reported_occupancy,
            b.id, b.kind, b.reason, b.end_date, s.guest_name, r.created_at, r.updated_at, r.version, t.sort_order, s.check_out_date
        FROM room AS r
        JOIN room_type AS t ON t.id = r.room_type_id
        LEFT JOIN in_house AS s ON s.room_id = r.id
        LEFT JOIN blocked AS b ON b.room_id = r.id
        WHERE r.id = ?1", scans "stays in house are no more than the rooms";
    ALL = "rooms.all": "WITH in_house AS (
            SELECT room_id, min(guest_name) AS guest_name, min(check_out_date) AS check_out_date
            FROM reservation INDEXED BY reservation_in_house
            WHERE status = 'checked_in' AND room_id IS NOT NULL
            GROUP BY room_id
        ), blocked AS (
            SELECT room_id, id, min(kind) AS kind, reason, end_date
            FROM room_block INDEXED BY room_block_open
            WHERE released_at IS NULL
                AND start_date <= (SELECT business_date FROM property WHERE id = 1)
                AND end_date > (SELECT business_date FROM property WHERE id = 1)
            GROUP BY room_id
        )
        SELECT r.id, r.room_number, r.floor, r.room_type_id, t.name, r.view_type, r.notes, r.housekeeping, s.room_id, r.reported_occupancy,
            b.id, b.kind, b.reason, b.end_date, s.guest_name, r.created_at, r.updated_at, r.version, t.sort_order, s.check_out_date
        FROM room AS r
        JOIN room_type AS t ON t.id = r.room_type_id
        LEFT JOIN in_house AS s ON s.room_id = r.id
        LEFT JOIN blocked AS b ON b.room_id = r.id
        ORDER BY r.id
        LIMIT 2000", scans "a hotel's rooms are few, and stays in house are no more than they";
    COUNT = "rooms.count": "SELECT count(*) FROM room", scans "a hotel's rooms are few";
    NUMBERS = "rooms.numbers": "SELECT room_number FROM room ORDER BY room_number LIMIT 2000", scans "a hotel's rooms are few";
    INSERT = "rooms.insert": "INSERT INTO room (room_number, floor, room_type_id, view_type, notes, housekeeping, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
    UPDATE = "rooms.update": "UPDATE room SET floor = ?2, room_type_id = ?3, view_type = ?4, notes = ?5, housekeeping = ?6,
            reported_occupancy = ?7, updated_at = ?8, version = version + 1
        WHERE id = ?1";
    RENUMBER = "rooms.renumber": "UPDATE room SET room_number = ?2 WHERE id = ?1";
    SET_HOUSEKEEPING = "rooms.set_housekeeping": "UPDATE room SET housekeeping = ?2, reported_occupancy = NULL, updated_at = ?3, version = version + 1
        WHERE id = ?1";
    DELETE = "rooms.delete": "DELETE FROM room WHERE id = ?1",
        scans "the foreign keys look through every night, but only for a room that no booking names";
    OPEN_STAY = "rooms.open_stay": "SELECT 1 FROM reservation INDEXED BY reservation_room
        WHERE room_id = ?1 AND status IN ('tentative', 'confirmed', 'checked_in')
        LIMIT 1";
    COMING_NIGHT = "rooms.coming_night": "SELECT 1 FROM room_night
        WHERE night >= (SELECT business_date FROM property WHERE id = 1) AND room_id = ?1 AND reservation_id IS NOT NULL
        LIMIT 1";
    OPEN_BLOCK = "rooms.open_block": "SELECT 1 FROM room_block
        WHERE room_id = ?1 AND released_at IS NULL AND end_date > (SELECT business_date FROM property WHERE id = 1)
        LIMIT 1";
    ANY_STAY = "rooms.any_stay": "SELECT 1 FROM reservation WHERE room_id = ?1 LIMIT 1";
    ANY_BLOCK = "rooms.any_block": "SELECT 1 FROM room_block WHERE room_id = ?1 LIMIT 1";

    FIND_TYPE = "room_types.find": "SELECT id, name, code, capacity_adults, capacity_children, bed_config, default_rate, amenities, sort_order,
            (SELECT count(*) FROM room WHERE room_type_id = room_type.id), created_at, updated_at, version
        FROM room_type WHERE id = ?1";
    ALL_TYPES = "room_types.all": "SELECT id, name, code, capacity_adults, capacity_children, bed_config, default_rate, amenities, sort_order,
            (SELECT count(*) FROM room WHERE room_type_id = room_type.id), created_at, updated_at, version
        FROM room_type
        ORDER BY sort_order, name
        LIMIT 200", scans "a hotel's room types are few";
    COUNT_TYPES = "room_types.count": "SELECT count(*) FROM room_type", scans "a hotel's room types are few";
    INSERT_TYPE = "room_types.insert": "INSERT INTO room_type (name, code, capacity_adults, capacity_children, bed_config, default_rate, amenities,
            sort_order, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)";
    UPDATE_TYPE = "room_types.update": "UPDATE room_type SET code = ?2, capacity_adults = ?3, capacity_children = ?4, bed_config = ?5,
            default_rate = ?6, amenities = ?7, sort_order = ?8, updated_at = ?9, version = version + 1
        WHERE id = ?1";
    RENAME_TYPE = "room_types.rename": "UPDATE room_type SET name = ?2 WHERE id = ?1";
    IS_TYPE_BOOKED = "room_types.is_booked": "SELECT 1 FROM reservation WHERE room_type_id = ?1 LIMIT 1";
    DELETE_PRICES = "room_types.delete_prices": "DELETE FROM daily_rate
        WHERE rate_plan_id IN (SELECT id FROM rate_plan) AND room_type_id = ?1", scans "rate plans are few";
    DELETE_TYPE = "room_types.delete": "DELETE FROM room_type WHERE id = ?1",
        scans "the foreign keys look through every night, but only for a type that no booking names";

    FIND_BLOCK = "blocks.find": "SELECT b.id, b.room_id, r.room_number, b.kind, b.start_date, b.end_date, b.reason, b.return_state, b.created_at, b.released_at
        FROM room_block AS b JOIN room AS r ON r.id = b.room_id
        WHERE b.id = ?1";
    BLOCKS_OF_ROOM = "blocks.of_room": "SELECT b.id, b.room_id, r.room_number, b.kind, b.start_date, b.end_date, b.reason, b.return_state, b.created_at, b.released_at
        FROM room_block AS b JOIN room AS r ON r.id = b.room_id
        WHERE b.room_id = ?1
        ORDER BY b.start_date DESC, b.id DESC
        LIMIT 500";
    BLOCKS_IN_WINDOW = "blocks.in_window": "SELECT b.id, b.room_id, r.room_number, b.kind, b.start_date, b.end_date, b.reason, b.return_state, b.created_at, b.released_at
        FROM room_block AS b JOIN room AS r ON r.id = b.room_id
        WHERE b.released_at IS NULL AND b.end_date > ?1 AND b.start_date < ?2
        ORDER BY b.start_date, b.id
        LIMIT 10000";
    OVERLAPPING_BLOCK = "blocks.overlapping": "SELECT start_date, end_date FROM room_block
        WHERE room_id = ?1 AND released_at IS NULL AND kind = ?2 AND start_date < ?4 AND end_date > ?3
        ORDER BY start_date
        LIMIT 1";
    INSERT_BLOCK = "blocks.insert": "INSERT INTO room_block (room_id, kind, start_date, end_date, reason, return_state, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    RELEASE_BLOCK = "blocks.release": "UPDATE room_block SET released_at = ?2 WHERE id = ?1";
    TAKE_NIGHTS = "blocks.take_nights": "INSERT INTO room_night (night, room_id, block_id) SELECT value, ?1, ?2 FROM json_each(?3)",
        scans "the nights are a list that was handed in";
    FREE_NIGHTS = "blocks.free_nights": "DELETE FROM room_night
        WHERE night IN (SELECT value FROM json_each(?3)) AND room_id = ?1 AND block_id = ?2", scans "the nights are a list that was handed in";
    CONFLICTS = "blocks.conflicts": "SELECT s.id, s.confirmation_number, s.guest_name, s.check_in_date, s.check_out_date
        FROM json_each(?2) AS d
        CROSS JOIN room_night AS n ON n.night = d.value AND n.room_id = ?1
        CROSS JOIN reservation AS s ON s.id = n.reservation_id
        UNION
        SELECT s.id, s.confirmation_number, s.guest_name, s.check_in_date, s.check_out_date
        FROM json_each(?2) AS d
        CROSS JOIN room_day AS n ON n.day = d.value AND n.room_id = ?1
        CROSS JOIN reservation AS s ON s.id = n.reservation_id
        ORDER BY 4, 1
        LIMIT 100", scans "the nights are a list that was handed in";
}

/// A room, after its type's place in lists.
fn room(row: &Row) -> rusqlite::Result<(i64, Room)> {
    let in_house: Option<RoomId> = row.get(8)?;
    let block: Option<BlockId> = row.get(10)?;
    let block = match block {
        Some(id) => Some(CurrentBlock { id, kind: row.get(11)?, reason: row.get(12)?, end_date: row.get(13)? }),
        None => None,
    };
    let room = Room {
        id: row.get(0)?,
        room_number: row.get(1)?,
        floor: row.get(2)?,
        room_type_id: row.get(3)?,
        room_type_name: row.get(4)?,
        view_type: row.get(5)?,
        notes: row.get(6)?,
        housekeeping: row.get(7)?,
        occupancy: if in_house.is_some() { Occupancy::Occupied } else { Occupancy::Vacant },
        reported_occupancy: row.get(9)?,
        block,
        guest_name: row.get(14)?,
        occupied_until: row.get(19)?,
        created_at: row.get(15)?,
        updated_at: row.get(16)?,
        version: row.get(17)?,
    };
    Ok((row.get(18)?, room))
}

pub fn find(conn: &Conn, id: RoomId) -> Result<Option<Room>> {
    Ok(conn.one(&FIND, [id], room)?.map(|(_, room)| room))
}

/// Every room, each after its type's place in lists.
pub fn all(conn: &Conn) -> Result<Vec<(i64, Room)>> {
    conn.all(&ALL, [], room)
}

pub fn count(conn: &Conn) -> Result<i64> {
    conn.scalar(&COUNT, [])
}

pub fn numbers(conn: &Conn) -> Result<Vec<String>> {
    conn.all(&NUMBERS, [], |row| row.get(0))
}

pub fn insert(tx: &Tx, new: &NewRoom) -> Result<RoomId> {
    let id = tx.insert(
        &INSERT,
        (&new.room_number, new.floor, new.room_type_id, &new.view_type, &new.notes, new.housekeeping, tx.now()),
    )?;
    Ok(RoomId(id))
}

/// Everything but the number.
pub fn update(tx: &Tx, id: RoomId, changed: &NewRoom, reported: Option<Occupancy>) -> Result<()> {
    tx.run(
        &UPDATE,
        (id, changed.floor, changed.room_type_id, &changed.view_type, &changed.notes, changed.housekeeping, reported, tx.now()),
    )?;
    Ok(())
}

pub fn renumber(tx: &Tx, id: RoomId, room_number: &str) -> Result<()> {
    tx.run(&RENUMBER, (id, room_number))?;
    Ok(())
}

pub fn set_housekeeping(tx: &Tx, id: RoomId, housekeeping: Housekeeping) -> Result<()> {
    tx.run(&SET_HOUSEKEEPING, (id, housekeeping, tx.now()))?;
    Ok(())
}

pub fn delete(tx: &Tx, id: RoomId) -> Result<()> {
    tx.run(&DELETE, [id])?;
    Ok(())
}

/// Whether a stay that is not over has the room, now or on a coming night.
pub fn has_open_stay(conn: &Conn, id: RoomId) -> Result<bool> {
    Ok(conn.exists(&OPEN_STAY, [id])? || conn.exists(&COMING_NIGHT, [id])?)
}

pub fn has_open_block(conn: &Conn, id: RoomId) -> Result<bool> {
    conn.exists(&OPEN_BLOCK, [id])
}

pub fn has_history(conn: &Conn, id: RoomId) -> Result<bool> {
    Ok(conn.exists(&ANY_STAY, [id])? || conn.exists(&ANY_BLOCK, [id])?)
}

fn room_type(row: &Row) -> rusqlite::Result<RoomType> {
    let amenities: String = row.get(7)?;
    Ok(RoomType {
        id: row.get(0)?,
        name: row.get(1)?,
        code: row.get(2)?,
        capacity_adults: row.get(3)?,
        capacity_children: row.get(4)?,
        bed_config: row.get(5)?,
        default_rate: row.get(6)?,
        amenities: serde_json::from_str(&amenities).unwrap_or_default(),
        sort_order: row.get(8)?,
        room_count: row.get(9)?,
        created_at: row.get(10)?,
        updated_at: row.get(11)?,
        version: row.get(12)?,
    })
}

pub fn find_type(conn: &Conn, id: RoomTypeId) -> Result<Option<RoomType>> {
    conn.one(&FIND_TYPE, [id], room_type)
}

pub fn all_types(conn: &Conn) -> Result<Vec<RoomType>> {
    conn.all(&ALL_TYPES, [], room_type)
}

pub fn count_types(conn: &Conn) -> Result<i64> {
    conn.scalar(&COUNT_TYPES, [])
}

pub fn insert_type(tx: &Tx, new: &NewRoomType) -> Result<RoomTypeId> {
    let amenities = serde_json::to_string(&new.amenities).map_err(Error::internal)?;
    let id = tx.insert(
        &INSERT_TYPE,
        (
            &new.name,
            &new.code,
            new.capacity_adults,
            new.capacity_children,
            &new.bed_config,
            new.default_rate,
            amenities,
            new.sort_order,
            tx.now(),
        ),
    )?;
    Ok(RoomTypeId(id))
}

/// Everything but the name.
pub fn update_type(tx: &Tx, id: RoomTypeId, changed: &NewRoomType) -> Result<()> {
    let amenities = serde_json::to_string(&changed.amenities).map_err(Error::internal)?;
    tx.run(
        &UPDATE_TYPE,
        (
            id,
            &changed.code,
            changed.capacity_adults,
            changed.capacity_children,
            &changed.bed_config,
            changed.default_rate,
            amenities,
            changed.sort_order,
            tx.now(),
        ),
    )?;
    Ok(())
}

pub fn rename_type(tx: &Tx, id: RoomTypeId, name: &str) -> Result<()> {
    tx.run(&RENAME_TYPE, (id, name))?;
    Ok(())
}

pub fn is_type_booked(conn: &Conn, id: RoomTypeId) -> Result<bool> {
    conn.exists(&IS_TYPE_BOOKED, [id])
}

pub fn delete_prices_of(tx: &Tx, id: RoomTypeId) -> Result<()> {
    tx.run(&DELETE_PRICES, [id])?;
    Ok(())
}

pub fn delete_type(tx: &Tx, id: RoomTypeId) -> Result<()> {
    tx.run(&DELETE_TYPE, [id])?;
    Ok(())
}

fn block(row: &Row) -> rusqlite::Result<Block> {
    Ok(Block {
        id: row.get(0)?,
        room_id: row.get(1)?,
        room_number: row.get(2)?,
        kind: row.get(3)?,
        start_date: row.get(4)?,
        end_date: row.get(5)?,
        reason: row.get(6)?,
        return_state: row.get(7)?,
        created_at: row.get(8)?,
        released_at: row.get(9)?,
    })
}

pub fn find_block(conn: &Conn, id: BlockId) -> Result<Option<Block>> {
    conn.one(&FIND_BLOCK, [id], block)
}

pub fn blocks_of_room(conn: &Conn, room: RoomId) -> Result<Vec<Block>> {
    conn.all(&BLOCKS_OF_ROOM, [room], block)
}

pub fn blocks_in_window(conn: &Conn, from: Date, to: Date) -> Result<Vec<Block>> {
    conn.all(&BLOCKS_IN_WINDOW, (from, to), block)
}

/// The dates of a standing block of the same kind that overlaps `[from, to)`.
pub fn overlapping_block(conn: &Conn, room: RoomId, kind: BlockKind, from: Date, to: Date) -> Result<Option<(Date, Date)>> {
    conn.one(&OVERLAPPING_BLOCK, (room, kind, from, to), |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn insert_block(tx: &Tx, new: &NewBlock) -> Result<BlockId> {
    let id =
        tx.insert(&INSERT_BLOCK, (new.room_id, new.kind, new.start_date, new.end_date, &new.reason, new.return_state, tx.now()))?;
    Ok(BlockId(id))
}

pub fn release_block(tx: &Tx, id: BlockId) -> Result<()> {
    tx.run(&RELEASE_BLOCK, (id, tx.now()))?;
    Ok(())
}

/// Call it only beside a change of `room_block`: the cache does not see `room_night`.
pub fn take_nights(tx: &Tx, room: RoomId, block: BlockId, nights: &[Date]) -> Result<()> {
    tx.run(&TAKE_NIGHTS, (room, block, json(nights)?))?;
    Ok(())
}

/// Call it only beside a change of `room_block`: the cache does not see `room_night`.
pub fn free_nights(tx: &Tx, room: RoomId, block: BlockId, nights: &[Date]) -> Result<()> {
    tx.run(&FREE_NIGHTS, (room, block, json(nights)?))?;
    Ok(())
}

/// The stays that have the room on any of the dates, day use among them.
pub fn conflicts(conn: &Conn, room: RoomId, dates: &[Date]) -> Result<Vec<Conflict>> {
    conn.all(&CONFLICTS, (room, json(dates)?), |row| {
        Ok(Conflict {
            reservation_id: row.get(0)?,
            confirmation_number: row.get(1)?,
            guest_name: row.get(2)?,
            check_in_date: row.get(3)?,
            check_out_date: row.get(4)?,
        })
    })
}

fn json(dates: &[Date]) -> Result<String> {
    serde_json::to_string(dates).map_err(Error::internal)
}
