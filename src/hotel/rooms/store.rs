//! Statements of room types, rooms and their blocks.

use const_format::concatcp;
use rusqlite::types::ToSql;
use rusqlite::{Params, params_from_iter};

use super::blocks::{Block, Conflict, NewBlock};
use super::party_price::PartyPrice;
use super::{NewRoom, NewRoomType, Room, RoomType};
use crate::db::record::written;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{BlockId, RoomId, RoomTypeId};
use crate::domain::status::{BlockKind, Housekeeping, Occupancy};
use crate::error::{Error, Result};

written!(ROOM: NewRoom = floor, room_type_id, view_type, notes, housekeeping);
written!(TYPE: NewRoomType = code, capacity_adults, capacity_children, max_cots, bed_config, default_rate, sort_order);
written!(PARTY_PRICE: PartyPrice = included_persons, extra_adult_rate, child_rates, cot_rate);
written!(BLOCK: NewBlock = room_id, kind, start_date, end_date, reason, return_state);

// Names are copied onto reservations by triggers that fire whenever the column
// stands in an UPDATE: so names have statements of their own, run when they change.
statements! {
    FIND = "rooms.find" is concatcp!("WITH in_house AS (
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
        SELECT ", Room::COLUMNS, ", t.sort_order AS type_order
        FROM room AS r
        JOIN room_type AS t ON t.id = r.room_type_id
        LEFT JOIN in_house AS s ON s.room_id = r.id
        LEFT JOIN blocked AS b ON b.room_id = r.id
        WHERE r.id = ?1"), scans "stays in house are no more than the rooms";
    ALL = "rooms.all" is concatcp!("WITH in_house AS (
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
        SELECT ", Room::COLUMNS, ", t.sort_order AS type_order
        FROM room AS r
        JOIN room_type AS t ON t.id = r.room_type_id
        LEFT JOIN in_house AS s ON s.room_id = r.id
        LEFT JOIN blocked AS b ON b.room_id = r.id
        ORDER BY r.id
        LIMIT 2000"), scans "a hotel's rooms are few, and stays in house are no more than they";
    COUNT = "rooms.count": "SELECT count(*) FROM room", scans "a hotel's rooms are few";
    NUMBERS = "rooms.numbers": "SELECT room_number FROM room ORDER BY room_number LIMIT 2000", scans "a hotel's rooms are few";
    INSERT = "rooms.insert" is concatcp!("INSERT INTO room (", ROOM.names, ", room_number, created_at, updated_at)
        VALUES (", ROOM.places, ", ?, ?, ?)");
    UPDATE = "rooms.update" is concatcp!("UPDATE room SET ", ROOM.sets, ", reported_occupancy = ?, updated_at = ?, version = version + 1
        WHERE id = ?");
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

    FIND_TYPE = "room_types.find" selects RoomType "FROM room_type WHERE id = ?1";
    ALL_TYPES = "room_types.all" selects RoomType "FROM room_type
        ORDER BY sort_order, name
        LIMIT 200", scans "a hotel's room types are few";
    COUNT_TYPES = "room_types.count": "SELECT count(*) FROM room_type", scans "a hotel's room types are few";
    INSERT_TYPE = "room_types.insert" is concatcp!("INSERT INTO room_type (", TYPE.names, ", ", PARTY_PRICE.names, ", amenities, name, created_at, updated_at)
        VALUES (", TYPE.places, ", ", PARTY_PRICE.places, ", ?, ?, ?, ?)");
    UPDATE_TYPE = "room_types.update" is concatcp!("UPDATE room_type SET ", TYPE.sets, ", ", PARTY_PRICE.sets, ", amenities = ?, updated_at = ?, version = version + 1
        WHERE id = ?");
    RENAME_TYPE = "room_types.rename": "UPDATE room_type SET name = ?2 WHERE id = ?1";
    IS_TYPE_BOOKED = "room_types.is_booked": "SELECT 1 FROM reservation WHERE room_type_id = ?1 LIMIT 1";
    DELETE_PRICES = "room_types.delete_prices": "DELETE FROM daily_rate
        WHERE rate_plan_id IN (SELECT id FROM rate_plan) AND room_type_id = ?1", scans "rate plans are few";
    DELETE_TYPE = "room_types.delete": "DELETE FROM room_type WHERE id = ?1",
        scans "the foreign keys look through every night, but only for a type that no booking names";

    FIND_BLOCK = "blocks.find" selects Block "FROM room_block AS b JOIN room AS r ON r.id = b.room_id
        WHERE b.id = ?1";
    BLOCKS_OF_ROOM = "blocks.of_room" selects Block "FROM room_block AS b JOIN room AS r ON r.id = b.room_id
        WHERE b.room_id = ?1
        ORDER BY b.start_date DESC, b.id DESC
        LIMIT 500";
    BLOCKS_IN_WINDOW = "blocks.in_window" selects Block "FROM room_block AS b JOIN room AS r ON r.id = b.room_id
        WHERE b.released_at IS NULL AND b.end_date > ?1 AND b.start_date < ?2
        ORDER BY b.start_date, b.id
        LIMIT 10000";
    OVERLAPPING_BLOCK = "blocks.overlapping": "SELECT start_date, end_date FROM room_block
        WHERE room_id = ?1 AND released_at IS NULL AND kind = ?2 AND start_date < ?4 AND end_date > ?3
        ORDER BY start_date
        LIMIT 1";
    INSERT_BLOCK = "blocks.insert" is concatcp!("INSERT INTO room_block (", BLOCK.names, ", created_at) VALUES (", BLOCK.places, ", ?)");
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

pub fn find(conn: &Conn, id: RoomId) -> Result<Option<Room>> {
    conn.one(&FIND, [id], Room::from_row)
}

/// Every room, each after its type's place in lists.
pub fn all(conn: &Conn) -> Result<Vec<(i64, Room)>> {
    conn.all(&ALL, [], |row| Ok((row.get("type_order")?, Room::from_row(row)?)))
}

pub fn count(conn: &Conn) -> Result<i64> {
    conn.scalar(&COUNT, [])
}

pub fn numbers(conn: &Conn) -> Result<Vec<String>> {
    conn.all(&NUMBERS, [], |row| row.get(0))
}

pub fn insert(tx: &Tx, new: &NewRoom) -> Result<RoomId> {
    Ok(RoomId(tx.insert(&INSERT, ROOM.with(new, &[&new.room_number, &tx.now(), &tx.now()]))?))
}

/// Everything but the number.
pub fn update(tx: &Tx, id: RoomId, changed: &NewRoom, reported: Option<Occupancy>) -> Result<()> {
    tx.run(&UPDATE, ROOM.with(changed, &[&reported, &tx.now(), &id]))?;
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

pub fn find_type(conn: &Conn, id: RoomTypeId) -> Result<Option<RoomType>> {
    conn.one(&FIND_TYPE, [id], RoomType::from_row)
}

pub fn all_types(conn: &Conn) -> Result<Vec<RoomType>> {
    conn.all(&ALL_TYPES, [], RoomType::from_row)
}

pub fn count_types(conn: &Conn) -> Result<i64> {
    conn.scalar(&COUNT_TYPES, [])
}

fn of_type<'a>(new: &'a NewRoomType, others: &[&'a dyn ToSql]) -> impl Params {
    let written = (TYPE.values)(new).into_iter().chain((PARTY_PRICE.values)(&new.party_price));
    params_from_iter(written.chain(others.iter().copied()).collect::<Vec<_>>())
}

pub fn insert_type(tx: &Tx, new: &NewRoomType) -> Result<RoomTypeId> {
    let amenities = serde_json::to_string(&new.amenities).map_err(Error::internal)?;
    Ok(RoomTypeId(tx.insert(&INSERT_TYPE, of_type(new, &[&amenities, &new.name, &tx.now(), &tx.now()]))?))
}

/// Everything but the name.
pub fn update_type(tx: &Tx, id: RoomTypeId, changed: &NewRoomType) -> Result<()> {
    let amenities = serde_json::to_string(&changed.amenities).map_err(Error::internal)?;
    tx.run(&UPDATE_TYPE, of_type(changed, &[&amenities, &tx.now(), &id]))?;
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

pub fn find_block(conn: &Conn, id: BlockId) -> Result<Option<Block>> {
    conn.one(&FIND_BLOCK, [id], Block::from_row)
}

pub fn blocks_of_room(conn: &Conn, room: RoomId) -> Result<Vec<Block>> {
    conn.all(&BLOCKS_OF_ROOM, [room], Block::from_row)
}

pub fn blocks_in_window(conn: &Conn, from: Date, to: Date) -> Result<Vec<Block>> {
    conn.all(&BLOCKS_IN_WINDOW, (from, to), Block::from_row)
}

/// The dates of a standing block of the same kind that overlaps `[from, to)`.
pub fn overlapping_block(conn: &Conn, room: RoomId, kind: BlockKind, from: Date, to: Date) -> Result<Option<(Date, Date)>> {
    conn.one(&OVERLAPPING_BLOCK, (room, kind, from, to), |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn insert_block(tx: &Tx, new: &NewBlock) -> Result<BlockId> {
    Ok(BlockId(tx.insert(&INSERT_BLOCK, BLOCK.with(new, &[&tx.now()]))?))
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
