//! Room types and rooms: what is sold, and the physical units.
//!
//! Owns the state of housekeeping and the dated blocks. Occupancy is never kept:
//! a room is occupied while a checked-in stay is in it.

pub mod api;
pub mod blocks;
pub mod checks;
pub mod inventory;
pub mod numbers;
pub mod party_price;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;
pub mod type_api;

use serde_json::json;

use api::RoomView;
use party_price::PartyPrice;
use rusqlite::Row;
use type_api::{RoomTypeView, type_view};

use crate::db::Table;
use crate::db::record::{next, record};
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{BlockId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::number::Within;
use crate::domain::order::sort;
use crate::domain::status::{BlockKind, Discrepancy, Housekeeping, Occupancy};
use crate::domain::text::{Line, Name, Paragraph};
use crate::domain::wording::{Text, counted, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::Slice;
use crate::hotel::{audit, settings};

pub const SLICE: Slice = Slice {
    name: "rooms",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS, inventory::STATEMENTS, checks::STATEMENTS],
    areas: &[("rooms", &[Table::Room, Table::RoomBlock]), ("room_types", &[Table::RoomType])],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

/// Rooms that one hotel may have here; lists of rooms are read whole.
pub const MAX_ROOMS: i64 = 2000;
/// Room types that one hotel may have here.
pub const MAX_TYPES: i64 = 200;

pub type TypeName = Name<100>;
pub type TypeCode = Name<20>;
pub type BedConfig = Line<200>;
pub type Amenity = Name<100>;
pub type RoomNumber = Name<20>;
pub type ViewType = Line<100>;
pub type RoomNotes = Paragraph<2000>;
/// Adults for whom a room is, and children beside them.
pub type CapacityAdults = Within<1, 50>;
pub type CapacityChildren = Within<0, 50>;
/// Cots in one room.
pub type Cots = Within<0, 10>;
/// The place in lists; the smaller the earlier.
pub type SortOrder = Within<0, 10_000>;
pub type Floor = Within<-20, 200>;

record! {
    /// What is sold.
    #[derive(Debug, Clone, PartialEq)]
    pub struct RoomType {
        pub id: RoomTypeId,
        pub name: String,
        pub code: String,
        pub capacity_adults: i64,
        pub capacity_children: i64,
        /// Cots that fit into a room.
        pub max_cots: i64,
        pub bed_config: String,
        /// The price of a night for which no rate plan says another.
        pub default_rate: Money,
        pub party_price: PartyPrice as nested,
        pub amenities: Vec<String> as json,
        pub sort_order: i64,
        pub room_count: i64 = "(SELECT count(*) FROM room WHERE room_type_id = room_type.id)",
        pub created_at: Instant,
        pub updated_at: Instant,
        pub version: i64,
    }
}

impl RoomType {
    /// Whether a room of it is for so many: a child may have an adult's place.
    pub fn has_room_for(&self, adults: i64, children: i64) -> bool {
        let spare = self.capacity_adults - adults;
        spare >= 0 && children <= self.capacity_children + spare
    }

    /// For how many it is, as a person says it: "2 adults and 1 child".
    pub fn capacity_in_words(&self) -> Text {
        people_in_words(self.capacity_adults, self.capacity_children)
    }
}

/// "2 adults and 1 child".
pub fn people_in_words(adults: i64, children: i64) -> Text {
    let adults = counted!(adults, "{count} adult", "{count} adults");
    match children {
        0 => adults.into(),
        _ => text!("{adults} and {children}", adults, children = counted!(children, "{count} child", "{count} children")),
    }
}

/// A room type to be made.
#[derive(Debug, Clone, Default)]
pub struct NewRoomType {
    pub name: TypeName,
    pub code: TypeCode,
    pub capacity_adults: CapacityAdults,
    pub capacity_children: CapacityChildren,
    pub max_cots: Cots,
    pub bed_config: BedConfig,
    pub default_rate: Money,
    pub party_price: PartyPrice,
    pub amenities: Vec<Amenity>,
    pub sort_order: SortOrder,
}

record! {
    /// A physical unit, with what is known of it on the business date.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Room {
        pub id: RoomId = "r.id",
        pub room_number: String = "r.room_number",
        pub floor: Option<i64> = "r.floor",
        pub room_type_id: RoomTypeId = "r.room_type_id",
        pub room_type_name: String = "t.name",
        pub view_type: String = "r.view_type",
        pub notes: String = "r.notes",
        pub housekeeping: Housekeeping = "r.housekeeping",
        /// What the front desk knows: occupied while a checked-in stay is in it.
        pub occupancy: Occupancy as occupancy = "s.room_id",
        /// What housekeeping saw.
        pub reported_occupancy: Option<Occupancy> = "r.reported_occupancy",
        /// The block that covers the business date; out of order before out of service.
        pub block: Option<CurrentBlock> as current_block = "b.id, b.kind, b.reason, b.end_date",
        /// The guest in house.
        pub guest_name: Option<String> = "s.guest_name",
        /// When that guest is to leave; past when the guest is overdue.
        pub occupied_until: Option<Date> = "s.check_out_date",
        pub created_at: Instant = "r.created_at",
        pub updated_at: Instant = "r.updated_at",
        pub version: i64 = "r.version",
    }
}

/// A room with a guest in house is occupied.
fn occupancy(row: &Row, at: &mut usize) -> rusqlite::Result<Occupancy> {
    let in_house: Option<RoomId> = next(row, at)?;
    Ok(if in_house.is_some() { Occupancy::Occupied } else { Occupancy::Vacant })
}

/// Four columns, of which the last three stand where the first one does.
fn current_block(row: &Row, at: &mut usize) -> rusqlite::Result<Option<CurrentBlock>> {
    let id: Option<BlockId> = next(row, at)?;
    let from = *at;
    *at += 3;
    id.map(|id| Ok(CurrentBlock { id, kind: row.get(from)?, reason: row.get(from + 1)?, end_date: row.get(from + 2)? }))
        .transpose()
}

/// Why a room is out of use today.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrentBlock {
    pub id: BlockId,
    pub kind: BlockKind,
    pub reason: String,
    pub end_date: Date,
}

/// A room to be made.
#[derive(Debug, Clone)]
pub struct NewRoom {
    pub room_number: RoomNumber,
    pub floor: Option<Floor>,
    pub room_type_id: RoomTypeId,
    pub view_type: ViewType,
    pub notes: RoomNotes,
    pub housekeeping: Housekeeping,
}

impl Room {
    /// Whether a guest can walk in: nobody is in it, and it is not dirty.
    pub fn is_ready(&self) -> bool {
        self.occupancy == Occupancy::Vacant && self.housekeeping != Housekeeping::Dirty
    }

    /// The smaller the sooner it is offered to somebody who stands at the desk.
    pub fn readiness(&self) -> u8 {
        match (self.occupancy, self.housekeeping) {
            (Occupancy::Vacant, Housekeeping::Inspected) => 0,
            (Occupancy::Vacant, Housekeeping::Clean) => 1,
            (Occupancy::Vacant, Housekeeping::Dirty) => 2,
            (Occupancy::Occupied, Housekeeping::Inspected | Housekeeping::Clean | Housekeeping::Dirty) => 3,
        }
    }

    /// Where front desk and housekeeping disagree.
    pub fn discrepancy(&self) -> Option<Discrepancy> {
        match (self.occupancy, self.reported_occupancy) {
            (Occupancy::Occupied, Some(Occupancy::Vacant)) => Some(Discrepancy::Skip),
            (Occupancy::Vacant, Some(Occupancy::Occupied)) => Some(Discrepancy::Sleep),
            (Occupancy::Occupied | Occupancy::Vacant, None)
            | (Occupancy::Occupied, Some(Occupancy::Occupied))
            | (Occupancy::Vacant, Some(Occupancy::Vacant)) => None,
        }
    }
}

/// # Errors
/// `NotFound` when there is no such room.
pub fn find(conn: &Conn, id: RoomId) -> Result<Room> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This room does not exist.")))
}

/// # Errors
/// `NotFound` when there is no such type.
pub fn find_type(conn: &Conn, id: RoomTypeId) -> Result<RoomType> {
    store::find_type(conn, id)?.ok_or_else(|| Error::NotFound(text!("This room type does not exist.")))
}

/// Every room, by its type's place, the type's name and its own number.
pub fn all(conn: &Conn) -> Result<Vec<Room>> {
    let mut rooms = store::all(conn)?;
    sort(&mut rooms, |(a_place, a), (b_place, b)| {
        a_place
            .cmp(b_place)
            .then_with(|| a.room_type_name.to_lowercase().cmp(&b.room_type_name.to_lowercase()))
            .then_with(|| numbers::natural_order(&a.room_number, &b.room_number))
    });
    Ok(rooms.into_iter().map(|(_, room)| room).collect())
}

/// Every room type, by its place and name.
pub fn all_types(conn: &Conn) -> Result<Vec<RoomType>> {
    store::all_types(conn)
}

/// Makes a room type.
pub fn create_type(tx: &Tx, new: &NewRoomType) -> Result<RoomType> {
    let new = checked_type(new)?;
    if store::count_types(tx)? >= MAX_TYPES {
        return Err(Error::invalid(
            "name",
            text!("would be one more than the {most} room types a hotel may have", most = MAX_TYPES),
        ));
    }
    let id = store::insert_type(tx, &new)?;
    let made = find_type(tx, id)?;
    audit::record(tx, "create", "room_type", id.0, &audit::NOTHING, &recorded_type(tx, &made)?)?;
    Ok(made)
}

/// The trail tells of things as the API does.
fn recorded_type(conn: &Conn, room_type: &RoomType) -> Result<RoomTypeView> {
    Ok(type_view(&settings::property(conn)?, room_type.clone()))
}

/// The same of a room: the trail holds no guest's name but in entries about the guest.
fn recorded(room: &Room) -> RoomView {
    Room { guest_name: None, ..room.clone() }.into()
}

/// Saves a changed type.
pub fn save_type(tx: &Tx, before: &RoomType, after: &NewRoomType) -> Result<RoomType> {
    let after = checked_type(after)?;
    store::update_type(tx, before.id, &after)?;
    if *after.name != *before.name {
        store::rename_type(tx, before.id, &after.name)?;
    }
    let saved = find_type(tx, before.id)?;
    audit::record(tx, "change", "room_type", before.id.0, &recorded_type(tx, before)?, &recorded_type(tx, &saved)?)?;
    Ok(saved)
}

/// The type with its texts trimmed, or every complaint about it.
fn checked_type(new: &NewRoomType) -> Result<NewRoomType> {
    let mut fields = Fields::default();
    let checked = NewRoomType {
        name: fields.check("name", new.name.checked()).into(),
        code: fields.check("code", new.code.checked()).into(),
        bed_config: fields.check("bed_config", new.bed_config.checked()).into(),
        amenities: fields.check("amenities", new.amenities.iter().map(|a| a.checked().map(Amenity::from)).collect()),
        ..new.clone()
    };
    fields.check("capacity_adults", new.capacity_adults.checked::<i64>());
    fields.check("capacity_children", new.capacity_children.checked::<i64>());
    fields.check("max_cots", new.max_cots.checked::<i64>());
    fields.check("sort_order", new.sort_order.checked::<i64>());
    fields.ensure(!new.default_rate.is_negative(), "default_rate", text!("must not be negative"));
    new.party_price.check(&mut fields);
    fields.finish()?;
    Ok(checked)
}

/// Deletes a type that has no rooms and was never booked, with its prices.
pub fn delete_type(tx: &Tx, room_type: &RoomType) -> Result<()> {
    let name = &room_type.name;
    if room_type.room_count > 0 {
        let detail = text!(
            "{room_type} still has {rooms}; give them another type or delete them first.",
            room_type = name,
            rooms = counted!(room_type.room_count, "{count} room", "{count} rooms")
        );
        return Err(Error::refused(Code::StillInUse, detail));
    }
    let booked = || {
        Error::refused(
            Code::StillInUse,
            text!("{room_type} has been booked; it stays, since the books need it.", room_type = name),
        )
    };
    if store::is_type_booked(tx, room_type.id)? {
        return Err(booked());
    }
    store::delete_prices_of(tx, room_type.id)?;
    store::delete_type(tx, room_type.id).map_err(|error| if is_still_in_use(&error) { booked() } else { error })?;
    audit::record(tx, "delete", "room_type", room_type.id.0, &recorded_type(tx, room_type)?, &audit::NOTHING)
}

/// Makes a room.
pub fn create(tx: &Tx, new: &NewRoom) -> Result<Room> {
    let new = checked(new)?;
    check_type_exists(tx, new.room_type_id)?;
    if store::count(tx)? >= MAX_ROOMS {
        return Err(Error::invalid(
            "room_number",
            text!("would be one more than the {most} rooms a hotel may have", most = MAX_ROOMS),
        ));
    }
    let id = store::insert(tx, &new)?;
    let made = find(tx, id)?;
    audit::record(tx, "create", "room", id.0, &audit::NOTHING, &recorded(&made))?;
    Ok(made)
}

/// Saves a changed room.
pub fn save(tx: &Tx, before: &Room, after: &NewRoom) -> Result<Room> {
    write(tx, before, after, before.reported_occupancy, "change")
}

/// Saves what housekeeping did and saw.
pub fn set_status(tx: &Tx, before: &Room, after: &NewRoom, reported: Option<Occupancy>) -> Result<Room> {
    write(tx, before, after, reported, "set_status")
}

fn write(tx: &Tx, before: &Room, after: &NewRoom, reported: Option<Occupancy>, action: &str) -> Result<Room> {
    let after = checked(after)?;
    if after.room_type_id != before.room_type_id {
        check_type_exists(tx, after.room_type_id)?;
        if store::has_open_stay(tx, before.id)? {
            let detail = text!(
                "Room {room} has open bookings. Move them to other rooms before changing its type.",
                room = &before.room_number
            );
            return Err(Error::refused(Code::StillInUse, detail));
        }
        inventory::check_may_leave_sale(tx, before, settings::business_date(tx)?, None)?;
    }
    store::update(tx, before.id, &after, reported)?;
    if *after.room_number != *before.room_number {
        store::renumber(tx, before.id, &after.room_number)?;
    }
    let saved = find(tx, before.id)?;
    audit::record(tx, action, "room", before.id.0, &recorded(before), &recorded(&saved))?;
    Ok(saved)
}

fn check_type_exists(conn: &Conn, id: RoomTypeId) -> Result<()> {
    match store::find_type(conn, id)? {
        Some(_) => Ok(()),
        None => Err(Error::invalid("room_type_id", text!("does not exist"))),
    }
}

fn checked(new: &NewRoom) -> Result<NewRoom> {
    let mut fields = Fields::default();
    let checked = NewRoom {
        room_number: fields.check("room_number", new.room_number.checked()).into(),
        view_type: fields.check("view_type", new.view_type.checked()).into(),
        notes: fields.check("notes", new.notes.checked()).into(),
        ..new.clone()
    };
    if let Some(floor) = new.floor {
        fields.check("floor", floor.checked::<i64>());
    }
    fields.finish()?;
    Ok(checked)
}

/// Deletes a room that was never used.
pub fn delete(tx: &Tx, room: &Room) -> Result<()> {
    let refused = |detail: Text| Err(Error::refused(Code::StillInUse, detail));
    let number = &room.room_number;
    if store::has_open_stay(tx, room.id)? {
        return refused(text!("Room {room} has open stays; move or cancel them first.", room = number));
    }
    if store::has_open_block(tx, room.id)? {
        return refused(text!("Room {room} is out of use; return it to use first.", room = number));
    }
    inventory::check_may_leave_sale(tx, room, settings::business_date(tx)?, None)?;
    let has_history =
        || refused(text!("Room {room} has past stays and cannot be deleted. Take it out of use instead.", room = number));
    if store::has_history(tx, room.id)? {
        return has_history();
    }
    // A stay that only passed through the room is found by the foreign keys.
    match store::delete(tx, room.id) {
        Err(error) if is_still_in_use(&error) => has_history(),
        Err(error) => Err(error),
        Ok(()) => audit::record(tx, "delete", "room", room.id.0, &recorded(room), &audit::NOTHING),
    }
}

fn is_still_in_use(error: &Error) -> bool {
    matches!(error, Error::Refused(refusal) if refusal.code == Code::StillInUse)
}

/// Sets the state of housekeeping when a workflow changes it: a check-out, a
/// move, the day close. What housekeeping reported before no longer counts.
pub fn set_housekeeping(tx: &Tx, id: RoomId, housekeeping: Housekeeping) -> Result<()> {
    let before = find(tx, id)?;
    if before.housekeeping == housekeeping && before.reported_occupancy.is_none() {
        return Ok(());
    }
    store::set_housekeeping(tx, id, housekeeping)?;
    let state = |h: Housekeeping, r: Option<Occupancy>| json!({"housekeeping": h, "reported_occupancy": r});
    let (was, is) = (state(before.housekeeping, before.reported_occupancy), state(housekeeping, None));
    audit::record(tx, "set_housekeeping", "room", id.0, &was, &is)
}
