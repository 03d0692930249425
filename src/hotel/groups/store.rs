//! Statements of groups and their blocks.

use const_format::concatcp;

use super::block::Cell;
use super::{Agreed, AgreedRate, Group};
use crate::db::record::{record, written};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GroupId, RoomTypeId};
use crate::domain::money::Money;
use crate::error::Result;

written!(
    GROUP: Group = code, name, status, arrival_date, departure_date, cut_off_date, released_on, guest_id, company_id, rate_plan_id,
    notes
);

statements! {
    FIND = "groups.find" selects Group "FROM booking_group WHERE id = ?1";
    ID_OF_CODE = "groups.id_of_code": "SELECT id FROM booking_group WHERE code = ?1";
    NAMED = "groups.named" selects Group "FROM booking_group WHERE name = ?1 COLLATE NOCASE OR code = ?1 ORDER BY id LIMIT 1",
        scans "a hotel's groups are few";
    ALL = "groups.all" selects Group "FROM booking_group ORDER BY arrival_date, name, id LIMIT 5000", scans "a hotel's groups are few";
    INSERT = "groups.insert" is concatcp!("INSERT INTO booking_group (", GROUP.names, ", created_at) VALUES (", GROUP.places, ", ?)");
    UPDATE = "groups.update" is concatcp!("UPDATE booking_group SET ", GROUP.sets, ", version = version + 1 WHERE id = ?");
    TOUCH = "groups.touch": "UPDATE booking_group SET version = version + 1 WHERE id = ?1";
    DUE = "groups.due": "SELECT id FROM booking_group
        WHERE status IN ('tentative', 'definite') AND released_on IS NULL AND cut_off_date < ?1";
    LEAVING = "groups.leaving": "SELECT id FROM booking_group WHERE status IN ('tentative', 'definite') AND departure_date <= ?1",
        scans "a hotel's groups are few";
    HAS_OPEN_STAYS = "groups.has_open_stays": "SELECT 1 FROM reservation
        WHERE group_id = ?1 AND status IN ('tentative', 'confirmed', 'checked_in') LIMIT 1";
    RATES = "groups.rates": "SELECT room_type_id, rate FROM group_rate WHERE group_id = ?1 ORDER BY room_type_id";
    AGREED = "groups.agreed": "SELECT a.rate, g.arrival_date, g.departure_date
        FROM group_rate AS a
        JOIN booking_group AS g ON g.id = a.group_id
        WHERE a.group_id = ?1 AND a.room_type_id = ?2 AND g.status IN ('tentative', 'definite')";
    AGREE = "groups.agree": "INSERT INTO group_rate (group_id, room_type_id, rate) VALUES (?1, ?2, ?3)";
    FORGET_RATES = "groups.forget_rates": "DELETE FROM group_rate WHERE group_id = ?1";
    CELLS = "groups.cells" selects Cell "FROM group_night WHERE group_id = ?1 ORDER BY room_type_id, night";
    SET_CELL = "groups.set_cell": "INSERT INTO group_night (group_id, room_type_id, night, rooms, is_held) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (group_id, room_type_id, night) DO UPDATE SET rooms = excluded.rooms, is_held = excluded.is_held";
    DROP_OUTSIDE = "groups.drop_outside": "DELETE FROM group_night WHERE group_id = ?1 AND (night < ?2 OR night >= ?3)";
    FORGET_CELLS = "groups.forget_cells": "DELETE FROM group_night WHERE group_id = ?1";
    HOLD = "groups.hold": "UPDATE group_night SET is_held = ?2 WHERE group_id = ?1 AND night >= ?3";
    PICKED_UP = "groups.picked_up" selects PickedUp "FROM reservation AS r
        JOIN reservation_night AS n ON n.reservation_id = r.id
        LEFT JOIN room AS m ON m.id = n.room_id
        WHERE r.group_id = ?1 AND n.is_held = 1 AND n.kind = 'night'
        GROUP BY 1, 2";
    ASKED = "groups.asked": "SELECT group_id, sum(rooms) FROM group_night GROUP BY group_id", scans "a hotel's groups are few";
    STAYS = "groups.stays": "SELECT r.group_id, count(DISTINCT r.id), count(n.night)
        FROM reservation AS r INDEXED BY reservation_group
        LEFT JOIN reservation_night AS n ON n.reservation_id = r.id AND n.is_held = 1 AND n.kind = 'night'
        WHERE r.group_id IS NOT NULL AND r.status NOT IN ('cancelled', 'no_show')
        GROUP BY r.group_id", scans "a hotel's groups are few";
    STAYS_OF = "groups.stays_of": "SELECT count(DISTINCT r.id), count(n.night)
        FROM reservation AS r
        LEFT JOIN reservation_night AS n ON n.reservation_id = r.id AND n.is_held = 1 AND n.kind = 'night'
        WHERE r.group_id = ?1 AND r.status NOT IN ('cancelled', 'no_show')";
    BALANCE = "groups.balance": "SELECT coalesce((SELECT balance FROM folio WHERE group_id = ?1), 0)
        + coalesce((SELECT sum(unposted_amount + charge_amount + moved_amount - paid_amount) FROM reservation WHERE group_id = ?1), 0)";
}

pub fn find(conn: &Conn, id: GroupId) -> Result<Option<Group>> {
    conn.one(&FIND, [id], Group::from_row)
}

pub fn id_of_code(conn: &Conn, code: &str) -> Result<Option<GroupId>> {
    conn.one(&ID_OF_CODE, [code], |row| row.get(0))
}

/// By its name or its code.
pub fn named(conn: &Conn, name: &str) -> Result<Option<Group>> {
    conn.one(&NAMED, [name], Group::from_row)
}

/// In the order of their arrival.
pub fn all(conn: &Conn) -> Result<Vec<Group>> {
    conn.all(&ALL, [], Group::from_row)
}

pub fn insert(tx: &Tx, new: &Group) -> Result<GroupId> {
    Ok(GroupId(tx.insert(&INSERT, GROUP.with(new, &[&tx.now()]))?))
}

pub fn update(tx: &Tx, group: &Group) -> Result<()> {
    tx.run(&UPDATE, GROUP.with(group, &[&group.id]))?;
    Ok(())
}

/// An edit made from before is refused.
pub fn touch(tx: &Tx, id: GroupId) -> Result<()> {
    tx.run(&TOUCH, [id])?;
    Ok(())
}

/// Whose cut-off is over and whose block is still held.
pub fn due(conn: &Conn, today: Date) -> Result<Vec<GroupId>> {
    conn.all(&DUE, [today], |row| row.get(0))
}

/// Whose departure has come and who are not over.
pub fn leaving(conn: &Conn, today: Date) -> Result<Vec<GroupId>> {
    conn.all(&LEAVING, [today], |row| row.get(0))
}

/// Whether somebody of a group is to come or here.
pub fn has_open_stays(conn: &Conn, id: GroupId) -> Result<bool> {
    Ok(conn.one(&HAS_OPEN_STAYS, [id], |row| row.get::<_, i64>(0))?.is_some())
}

pub fn rates(conn: &Conn, id: GroupId) -> Result<Vec<AgreedRate>> {
    conn.all(&RATES, [id], |row| Ok(AgreedRate { room_type_id: row.get(0)?, rate: row.get(1)? }))
}

/// What was agreed for nights of a type with a group that is to come or here.
pub fn agreed(conn: &Conn, id: GroupId, room_type: RoomTypeId) -> Result<Option<Agreed>> {
    conn.one(&AGREED, (id, room_type), |row| {
        Ok(Agreed { rate: row.get(0)?, arrival_date: row.get(1)?, departure_date: row.get(2)? })
    })
}

pub fn agree(tx: &Tx, id: GroupId, one: AgreedRate) -> Result<()> {
    tx.run(&AGREE, (id, one.room_type_id, one.rate))?;
    Ok(())
}

pub fn forget_rates(tx: &Tx, id: GroupId) -> Result<()> {
    tx.run(&FORGET_RATES, [id])?;
    Ok(())
}

/// The whole block, by type and night.
pub fn cells(conn: &Conn, id: GroupId) -> Result<Vec<Cell>> {
    conn.all(&CELLS, [id], Cell::from_row)
}

pub fn set_cell(tx: &Tx, id: GroupId, cell: &Cell) -> Result<()> {
    tx.run(&SET_CELL, (id, cell.room_type_id, cell.night, cell.rooms, cell.is_held))?;
    Ok(())
}

/// Takes away what of a block lies outside of its group's nights.
pub fn drop_outside(tx: &Tx, group: &Group) -> Result<()> {
    tx.run(&DROP_OUTSIDE, (group.id, group.arrival_date, group.departure_date))?;
    Ok(())
}

/// Takes a block away, to be set anew.
pub fn forget_cells(tx: &Tx, id: GroupId) -> Result<()> {
    tx.run(&FORGET_CELLS, [id])?;
    Ok(())
}

/// Keeps a block from sale from a date on, or gives it back.
pub fn hold(tx: &Tx, id: GroupId, is_held: bool, from: Date) -> Result<()> {
    tx.run(&HOLD, (id, is_held, from))?;
    Ok(())
}

record! {
    /// Rooms of a type that a group's stays have on a night.
    pub struct PickedUp {
        pub room_type_id: RoomTypeId = "coalesce(m.room_type_id, n.room_type_id)",
        pub night: Date = "n.night",
        pub rooms: i64 = "count(*)",
    }
}

pub fn picked_up(conn: &Conn, id: GroupId) -> Result<Vec<PickedUp>> {
    conn.all(&PICKED_UP, [id], PickedUp::from_row)
}

/// Room nights that each group has asked for.
pub fn asked(conn: &Conn) -> Result<Vec<(GroupId, i64)>> {
    conn.all(&ASKED, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How many stays a group has, and room nights.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stays {
    pub stays: i64,
    pub nights: i64,
}

pub fn stays(conn: &Conn) -> Result<Vec<(GroupId, Stays)>> {
    conn.all(&STAYS, [], |row| Ok((row.get(0)?, Stays { stays: row.get(1)?, nights: row.get(2)? })))
}

pub fn stays_of(conn: &Conn, id: GroupId) -> Result<Stays> {
    let found = conn.one(&STAYS_OF, [id], |row| Ok(Stays { stays: row.get(0)?, nights: row.get(1)? }))?;
    Ok(found.unwrap_or_default())
}

/// What is still to be paid of a group: its own bill, and those of all its stays.
pub fn balance(conn: &Conn, id: GroupId) -> Result<Money> {
    conn.scalar(&BALANCE, [id])
}
