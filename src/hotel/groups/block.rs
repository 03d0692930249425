//! A group's block: set, followed, and held only as far as there are rooms.

use super::{Group, store};
use crate::db::Tx;
use crate::db::record::record;
use crate::domain::date::Date;
use crate::domain::id::RoomTypeId;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::rooms::inventory::{self, Asker};
use crate::hotel::{audit, rooms, settings};

record! {
    /// How many rooms of a type a group has asked for on a night.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Cell {
        pub room_type_id: RoomTypeId,
        pub night: Date,
        pub rooms: i64,
        pub is_held: bool,
    }
}

/// Sets cells of a block.
///
/// # Errors
/// 422 for a night outside of the group's, 409 `no-room-free` for rooms that there are not.
pub fn set(tx: &Tx, group: &Group, cells: &[(RoomTypeId, Date, i64)]) -> Result<()> {
    let today = settings::business_date(tx)?;
    let types = rooms::all_types(tx)?;
    let before = store::cells(tx, group.id)?;
    let mut told = Vec::new();
    for (at, (room_type, night, rooms)) in cells.iter().enumerate() {
        if !types.iter().any(|known| known.id == *room_type) {
            return Err(Error::invalid(format!("nights[{at}].room_type_id"), text!("is not a room type's id")));
        }
        if !group.has_night(*night) {
            return Err(Error::invalid(format!("nights[{at}].night"), text!("must be a night of the group")));
        }
        let was = before.iter().find(|cell| cell.room_type_id == *room_type && cell.night == *night);
        if was.map_or(0, |cell| cell.rooms) == *rooms {
            continue;
        }
        let is_held = group.is_holding();
        store::set_cell(tx, group.id, &Cell { room_type_id: *room_type, night: *night, rooms: *rooms, is_held })?;
        let has_grown = was.is_none_or(|cell| cell.rooms < *rooms || !cell.is_held);
        if is_held && has_grown && *night >= today {
            check_room(tx, *room_type, *night)?;
        }
        let name = types.iter().find(|known| known.id == *room_type).map(|known| known.code.as_str()).unwrap_or_default();
        told.push(format!("{name} {night}: {rooms}"));
    }
    if told.is_empty() {
        return Ok(());
    }
    store::touch(tx, group.id)?;
    audit::record(tx, "set_block", "booking_group", group.id.0, &audit::NOTHING, &serde_json::json!({"block": told.join(", ")}))
}

/// The block after its group was changed: it moves with the group's dates, nights outside of these are gone, and the
/// others are held or not.
pub fn follow(tx: &Tx, before: &Group, after: &Group, today: Date) -> Result<()> {
    let is_moved = shift(tx, before, after)?;
    store::drop_outside(tx, after)?;
    let is_held = after.is_holding();
    if before.is_holding() == is_held && !(is_moved && is_held) {
        return Ok(());
    }
    store::hold(tx, after.id, is_held, if is_held { today } else { after.arrival_date })?;
    if is_held {
        for cell in store::cells(tx, after.id)?.iter().filter(|cell| cell.is_held && cell.night >= today && cell.rooms > 0) {
            check_room(tx, cell.room_type_id, cell.night)?;
        }
    }
    Ok(())
}

/// A group that comes on other dates for as many nights takes its block along; of one that comes for fewer, what is
/// not asked for any more is told. Whether the block has moved.
fn shift(tx: &Tx, before: &Group, after: &Group) -> Result<bool> {
    if (before.arrival_date, before.departure_date) == (after.arrival_date, after.departure_date) {
        return Ok(false);
    }
    let days = before.arrival_date.days_until(after.arrival_date);
    let is_moved = days != 0 && days == before.departure_date.days_until(after.departure_date);
    let cells: Vec<Cell> = store::cells(tx, after.id)?.into_iter().filter(|cell| cell.rooms > 0).collect();
    let mut left: Vec<Cell> = Vec::new();
    if is_moved {
        store::forget_cells(tx, after.id)?;
        for cell in &cells {
            if let Some(night) = cell.night.plus(days) {
                let moved = Cell { night, is_held: after.is_holding(), ..*cell };
                store::set_cell(tx, after.id, &moved)?;
                left.push(moved);
            }
        }
    } else {
        left.extend(cells.iter().filter(|cell| !after.has_night(cell.night)).map(|cell| Cell { rooms: 0, ..*cell }));
    }
    if left.is_empty() {
        return Ok(false);
    }
    let types = rooms::all_types(tx)?;
    let code = |id: RoomTypeId| types.iter().find(|known| known.id == id).map_or("", |known| known.code.as_str());
    let told: Vec<String> =
        left.iter().map(|cell| format!("{} {}: {}", code(cell.room_type_id), cell.night, cell.rooms)).collect();
    audit::record(tx, "set_block", "booking_group", after.id.0, &audit::NOTHING, &serde_json::json!({"block": told.join(", ")}))?;
    Ok(is_moved)
}

/// Refuses a block that holds more than there is.
fn check_room(tx: &Tx, room_type: RoomTypeId, night: Date) -> Result<()> {
    let left = inventory::left(tx, room_type, night, Asker::NOBODY)?;
    if left.free >= 0 {
        return Ok(());
    }
    let room_type = rooms::find_type(tx, room_type)?.name;
    let detail = text!(
        "Not enough rooms of the type {room_type} on {night}: {missing} more needed for this block.",
        room_type,
        night,
        missing = -left.free
    );
    Err(Error::refused(Code::NoRoomFree, detail))
}
