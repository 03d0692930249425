//! `/api/rooms` with their blocks, and what the other lists here share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::blocks::{self, Block, BlockReason, NewBlock};
use super::numbers::{self, MAX_BATCH, Numbers};
use super::{Floor, NewRoom, Room, RoomNotes, RoomNumber, ViewType, store, type_api};
use crate::db::{Conn, Table, Tx};
use crate::domain::actor::Role;
use crate::domain::date::{Date, Instant};
use crate::domain::few::Few;
use crate::domain::id::{BlockId, RoomId, RoomTypeId, Version};
use crate::domain::number::Whole;
use crate::domain::order::sort;
use crate::domain::status::{BlockKind, Discrepancy, Housekeeping, Occupancy};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::listing::{Items, List, page_of};
use crate::hotel::settings::api::check_version;
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoBody, NoParams, command, query, update};
use crate::http::paging::{Direction, list_params, sorts};
use crate::http::request::Method;

/// The tables that a room's view is read from.
const ROOM_TABLES: &[Table] = &[Table::Room, Table::RoomType, Table::RoomBlock, Table::Reservation];

pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = room_endpoints();
    endpoints.extend(block_endpoints());
    endpoints.extend(type_api::endpoints());
    endpoints
}

fn room_endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        query("/api/rooms", "list_rooms", Access::STAFF, "Rooms and their state on the business date", ROOM_TABLES, list),
        command(Method::Post, "/api/rooms", "create_room", Access::MANAGE, "Add a room", create).creates(),
        command(
            Method::Post,
            "/api/rooms/batch",
            "create_rooms",
            Access::MANAGE,
            "Add many rooms at once, such as 101-112: all of them or none",
            create_batch,
        )
        .creates(),
        query("/api/rooms/{id}", "find_room", Access::STAFF, "One room", ROOM_TABLES, find),
        command(Method::Delete, "/api/rooms/{id}", "delete_room", Access::MANAGE, "Delete a room that was never used", delete),
        command(
            Method::Put,
            "/api/rooms/{id}/status",
            "set_room_status",
            Access::HOUSEKEEPING,
            "What housekeeping did and saw",
            set_status,
        ),
    ];
    endpoints.extend(update("/api/rooms/{id}", ["update_room", "replace_room"], Access::MANAGE, "Change a room", change));
    endpoints
}

fn block_endpoints() -> Vec<Endpoint> {
    vec![
        query(
            "/api/rooms/{id}/blocks",
            "list_room_blocks",
            Access::STAFF,
            "A room's blocks, the latest first",
            &[Table::Room, Table::RoomType, Table::RoomBlock, Table::Reservation],
            list_blocks,
        ),
        command(
            Method::Post,
            "/api/rooms/{id}/blocks",
            "create_room_block",
            Access::HOUSEKEEPING,
            "Take a room out of order or out of service; housekeepers only the latter",
            create_block,
        )
        .creates(),
        command(
            Method::Delete,
            "/api/rooms/{id}/blocks/{block_id}",
            "release_room_block",
            Access::DESK,
            "Release a block: the room's coming nights are free again",
            release_block,
        ),
    ]
}

/// A room and its state on the business date.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoomView {
    id: RoomId,
    pub room_number: String,
    floor: Option<i64>,
    room_type_id: RoomTypeId,
    pub room_type_name: String,
    view_type: String,
    pub notes: String,
    pub housekeeping: Housekeeping,
    /// Occupied while a checked-in stay is in it.
    pub occupancy: Occupancy,
    /// What housekeeping saw.
    reported_occupancy: Option<Occupancy>,
    /// skip = occupied for the desk, vacant for housekeeping; sleep = the reverse.
    discrepancy: Option<Discrepancy>,
    pub block: Option<CurrentBlockView>,
    /// The guest in house; housekeepers are not told.
    guest_name: Option<String>,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
}

/// The block that covers the business date.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CurrentBlockView {
    id: BlockId,
    kind: BlockKind,
    pub reason: String,
    end_date: Date,
}

impl From<Room> for RoomView {
    fn from(r: Room) -> Self {
        RoomView {
            discrepancy: r.discrepancy(),
            id: r.id,
            room_number: r.room_number,
            floor: r.floor,
            room_type_id: r.room_type_id,
            room_type_name: r.room_type_name,
            view_type: r.view_type,
            notes: r.notes,
            housekeeping: r.housekeeping,
            occupancy: r.occupancy,
            reported_occupancy: r.reported_occupancy,
            block: r.block.map(|b| CurrentBlockView { id: b.id, kind: b.kind, reason: b.reason, end_date: b.end_date }),
            guest_name: r.guest_name,
            version: r.version,
            created_at: r.created_at,
            updated_at: r.updated_at,
        }
    }
}

/// The room as the actor may see it.
pub fn view(conn: &Conn, mut room: Room) -> RoomView {
    if conn.actor().role == Some(Role::Housekeeper) {
        room.guest_name = None;
    }
    room.into()
}

list_params! {
    pub struct RoomListParams by RoomSort {
        room_type_id: Option<RoomTypeId>,
        floor: Option<Whole<{ Floor::MIN }, { Floor::MAX }>>,
        housekeeping: Option<Housekeeping>,
        occupancy: Option<Occupancy>,
        /// A part of the room number.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of rooms.
    RoomSort, RoomTypeName Ascending {
        RoomTypeName = "room_type_name",
        RoomNumber = "room_number",
        Floor = "floor",
        Housekeeping = "housekeeping",
        CreatedAt = "created_at",
    }
);

/// A hotel's rooms are few: they are read whole, and filtered and sorted here,
/// since occupancy and the order of room numbers are not columns.
fn list(conn: &Conn, p: RoomListParams) -> Result<List<RoomView>> {
    let (page, order) = (p.page(), p.order());
    let q = p.q.map(|q| q.trim().to_lowercase());
    let mut rooms = super::all(conn)?;
    rooms.retain(|r| {
        p.room_type_id.is_none_or(|id| r.room_type_id == id)
            && p.floor.is_none_or(|floor| r.floor == Some(floor.0))
            && p.housekeeping.is_none_or(|h| r.housekeeping == h)
            && p.occupancy.is_none_or(|o| r.occupancy == o)
            && q.as_ref().is_none_or(|q| r.room_number.to_lowercase().contains(q))
    });
    let direction = order.direction;
    match order.by {
        RoomSort::RoomNumber => {
            sort(&mut rooms, |a, b| direction.of(numbers::natural_order(&a.room_number, &b.room_number)));
        }
        RoomSort::Floor => sort(&mut rooms, |a, b| direction.of(a.floor.cmp(&b.floor))),
        RoomSort::Housekeeping => sort(&mut rooms, |a, b| direction.of(a.housekeeping.cmp(&b.housekeeping))),
        RoomSort::CreatedAt => sort(&mut rooms, |a, b| direction.of(a.created_at.cmp(&b.created_at))),
        // The order they came in: by the type's place, its name and the number.
        RoomSort::RoomTypeName => {
            if direction == Direction::Descending {
                rooms.reverse();
            }
        }
    }
    Ok(page_of(rooms.into_iter().map(|r| view(conn, r)).collect(), page))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByRoom {
    id: RoomId,
}

fn find(conn: &Conn, at: ByRoom) -> Result<RoomView> {
    Ok(view(conn, super::find(conn, at.id)?))
}

/// A room to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomRequest {
    room_number: RoomNumber,
    floor: Option<Floor>,
    room_type_id: RoomTypeId,
    #[serde(default)]
    view_type: ViewType,
    #[serde(default)]
    notes: RoomNotes,
}

fn create(tx: &Tx, _: NoParams, body: RoomRequest) -> Result<RoomView> {
    let new = NewRoom {
        room_number: body.room_number,
        floor: body.floor,
        room_type_id: body.room_type_id,
        view_type: body.view_type,
        notes: body.notes,
        housekeeping: Housekeeping::Clean,
    };
    super::create(tx, &new).map(RoomView::from)
}

/// Rooms to be made, all of them or none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomBatch {
    room_type_id: RoomTypeId,
    floor: Option<Floor>,
    /// Numbers and ranges, such as 101-112 and 115: 500 rooms at most.
    numbers: Few<Numbers, 1, MAX_BATCH>,
}

fn create_batch(tx: &Tx, _: NoParams, body: RoomBatch) -> Result<Items<RoomView>> {
    Ok(Items { items: add_rooms(tx, body.room_type_id, body.floor, &body.numbers)? })
}

/// Adds rooms of a type by their numbers: all of them, or none.
pub fn add_rooms(tx: &Tx, room_type_id: RoomTypeId, floor: Option<Floor>, given: &[Numbers]) -> Result<Vec<RoomView>> {
    let wanted = numbers::write_out(given)?;
    let existing: Vec<String> = store::numbers(tx)?.into_iter().map(|n| n.to_ascii_lowercase()).collect();
    if let Some(number) = wanted.iter().find(|n| existing.contains(&n.to_ascii_lowercase())) {
        let detail = text!("Room {room} already exists; no rooms were added.", room = number);
        return Err(Error::refused(Code::DuplicateName, detail));
    }
    let mut items = Vec::with_capacity(wanted.len());
    for room_number in wanted {
        let new = NewRoom {
            room_number: room_number.into(),
            floor,
            room_type_id,
            view_type: ViewType::default(),
            notes: RoomNotes::default(),
            housekeeping: Housekeeping::Clean,
        };
        items.push(RoomView::from(super::create(tx, &new)?));
    }
    Ok(items)
}

/// What of a room changes; fields left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoomChange {
    room_number: Option<RoomNumber>,
    #[serde(deserialize_with = "given")]
    floor: Option<Option<Floor>>,
    room_type_id: Option<RoomTypeId>,
    view_type: Option<ViewType>,
    notes: Option<RoomNotes>,
    version: Option<Version>,
}

fn change(tx: &Tx, at: ByRoom, body: RoomChange) -> Result<RoomView> {
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let was = before.clone();
    let after = NewRoom {
        room_number: body.room_number.unwrap_or(was.room_number.into()),
        floor: body.floor.unwrap_or(was.floor.map(Floor::from)),
        room_type_id: body.room_type_id.unwrap_or(was.room_type_id),
        view_type: body.view_type.unwrap_or(was.view_type.into()),
        notes: body.notes.unwrap_or(was.notes.into()),
        housekeeping: was.housekeeping,
    };
    super::save(tx, &before, &after).map(|saved| view(tx, saved))
}

fn delete(tx: &Tx, at: ByRoom, _: NoBody) -> Result<()> {
    let room = super::find(tx, at.id)?;
    super::delete(tx, &room)
}

/// What housekeeping did and saw; fields left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoomStatusChange {
    housekeeping: Option<Housekeeping>,
    #[serde(deserialize_with = "given")]
    reported_occupancy: Option<Option<Occupancy>>,
    notes: Option<RoomNotes>,
    version: Option<Version>,
}

fn set_status(tx: &Tx, at: ByRoom, body: RoomStatusChange) -> Result<RoomView> {
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let was = before.clone();
    let after = NewRoom {
        room_number: was.room_number.into(),
        floor: was.floor.map(Floor::from),
        room_type_id: was.room_type_id,
        view_type: was.view_type.into(),
        notes: body.notes.unwrap_or(was.notes.into()),
        housekeeping: body.housekeeping.unwrap_or(was.housekeeping),
    };
    let reported = body.reported_occupancy.unwrap_or(was.reported_occupancy);
    super::set_status(tx, &before, &after, reported).map(|saved| view(tx, saved))
}

/// A dated block: from start_date up to, but not with, end_date.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlockView {
    id: BlockId,
    room_id: RoomId,
    room_number: String,
    kind: BlockKind,
    start_date: Date,
    end_date: Date,
    reason: String,
    return_state: Housekeeping,
    created_at: Instant,
    released_at: Option<Instant>,
}

impl From<Block> for BlockView {
    fn from(b: Block) -> Self {
        BlockView {
            id: b.id,
            room_id: b.room_id,
            room_number: b.room_number,
            kind: b.kind,
            start_date: b.start_date,
            end_date: b.end_date,
            reason: b.reason,
            return_state: b.return_state,
            created_at: b.created_at,
            released_at: b.released_at,
        }
    }
}

list_params! {
    pub struct BlockListParams by BlockSort {
        id: RoomId,
        kind: Option<BlockKind>,
        /// Blocks that still stand, or those that were released.
        is_released: Option<bool>,
    }
}

sorts!(
    /// Orders of blocks.
    BlockSort, StartDate Descending {
        StartDate = "start_date",
        EndDate = "end_date",
    }
);

fn list_blocks(conn: &Conn, p: BlockListParams) -> Result<List<BlockView>> {
    let order = p.order();
    let room = super::find(conn, p.id)?;
    let mut found = blocks::of_room(conn, room.id)?;
    found.retain(|b| {
        p.kind.is_none_or(|kind| b.kind == kind) && p.is_released.is_none_or(|released| b.released_at.is_some() == released)
    });
    sort(&mut found, |a, b| {
        let by_date = match order.by {
            BlockSort::StartDate => a.start_date.cmp(&b.start_date),
            BlockSort::EndDate => a.end_date.cmp(&b.end_date),
        };
        order.direction.of(by_date.then_with(|| a.id.cmp(&b.id)))
    });
    Ok(page_of(found.into_iter().map(BlockView::from).collect(), p.page()))
}

/// A block to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockRequest {
    kind: BlockKind,
    start_date: Date,
    /// The first date on which the room is for use again.
    end_date: Date,
    reason: BlockReason,
    /// What housekeeping finds afterwards; dirty when left out.
    return_state: Option<Housekeeping>,
}

fn create_block(tx: &Tx, at: ByRoom, body: BlockRequest) -> Result<BlockView> {
    if tx.actor().role == Some(Role::Housekeeper) && body.kind == BlockKind::OutOfOrder {
        return Err(Error::Forbidden(text!(
            "Only the front desk can take a room off sale. Report it as out of service, or ask the desk."
        )));
    }
    let room = super::find(tx, at.id)?;
    blocks::check_is_not_past(tx, body.start_date)?;
    let new = NewBlock {
        room_id: room.id,
        kind: body.kind,
        start_date: body.start_date,
        end_date: body.end_date,
        reason: body.reason,
        return_state: body.return_state.unwrap_or(Housekeeping::Dirty),
    };
    blocks::create(tx, &new).map(BlockView::from)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByBlock {
    id: RoomId,
    block_id: BlockId,
}

fn release_block(tx: &Tx, at: ByBlock, _: NoBody) -> Result<()> {
    let block = blocks::find(tx, at.block_id)?;
    if block.room_id != at.id {
        return Err(Error::NotFound(text!("This block does not exist.")));
    }
    blocks::release(tx, &block).map(|_| ())
}
