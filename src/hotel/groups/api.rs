//! `/api/groups`: groups and their blocks.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::store::{PickedUp, Stays};
use super::{AgreedRate, Group, GroupCode, GroupName, GroupNotes, block, store};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{CompanyId, GroupId, GuestId, RatePlanId, RoomTypeId, Version};
use crate::domain::money::{Amount, NotNegative};
use crate::domain::number::{Whole, Within};
use crate::domain::order::sort;
use crate::domain::search_text::is_found_in;
use crate::domain::status::{GroupStatus, words};
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::guests::api::GuestRequest;
use crate::hotel::listing::{List, page_of};
use crate::hotel::rooms::inventory::{self, Asker};
use crate::hotel::settings::api::check_version;
use crate::hotel::settings::{self, Property};
use crate::hotel::{companies, guests, rooms};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;

/// Prices agreed for the types of one group.
type AgreedRates = Few<RateRequest, 0, 200>;
/// The same number of rooms on each of the group's nights.
type RoomsPerType = Few<RoomsRequest, 0, 200>;
/// Cells of a block: types × nights.
type BlockCells = Few<CellRequest, 0, 5000>;
/// Rooms of a type that a group asks for on a night.
pub type BlockRooms = Within<0, 1000>;

pub const TABLES: &[Table] = &[
    Table::BookingGroup,
    Table::GroupNight,
    Table::Reservation,
    Table::ReservationNight,
    Table::Room,
    Table::RoomType,
    Table::RoomBlock,
    Table::Guest,
    Table::Company,
    Table::RatePlan,
    Table::Folio,
];

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query("/api/groups", "list_groups", Access::READ, "Groups, with what they asked for and have picked up", TABLES, list),
        command(Method::Post, "/api/groups", "create_group", Access::DESK, "Make a group with its block", create).creates(),
        query("/api/groups/{id}", "find_group", Access::READ, "One group with its block, night by night", TABLES, show),
        command(
            Method::Post,
            "/api/groups/{id}/block",
            "set_block",
            Access::DESK,
            "Say how many rooms of a type a group asks for on a night",
            set_block,
        ),
        command(
            Method::Post,
            "/api/groups/{id}/release",
            "release_block",
            Access::DESK,
            "Put what of a block nobody has picked up back on sale",
            release,
        ),
    ]
}

/// A group, as lists show it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupView {
    id: GroupId,
    code: String,
    name: String,
    status: GroupStatus,
    arrival_date: Date,
    departure_date: Date,
    /// Until when its block is held, that day included.
    cut_off_date: Date,
    /// When what nobody had picked up went back on sale.
    released_on: Option<Date>,
    /// Whether what of its block nobody has picked up is kept from sale.
    is_holding: bool,
    /// Whom one talks to; empty = nobody is known.
    guest_id: Option<GuestId>,
    guest_name: String,
    /// Whose people they are; empty = no company's.
    company_id: Option<CompanyId>,
    company_name: String,
    rate_plan_id: RatePlanId,
    notes: String,
    /// Its stays, without those that were cancelled or never came.
    stays: i64,
    /// Room nights of its block.
    asked_nights: i64,
    /// Room nights of its stays.
    picked_up_nights: i64,
    /// What is still to be paid, on its own bill and on those of all its stays.
    balance: Amount,
    version: i64,
}

/// A group with its block.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupDetail {
    #[serde(flatten)]
    group: GroupView,
    /// Also of a plan that is not sold any more.
    rate_plan_name: String,
    /// What was agreed for a night of a type; of the others the rate plan's price holds.
    rates: Vec<RateView>,
    /// Every room type.
    types: Vec<BlockType>,
}

/// What was agreed for a night of a type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RateView {
    room_type_id: RoomTypeId,
    rate: Amount,
}

/// A type in a group's block.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlockType {
    room_type_id: RoomTypeId,
    name: String,
    code: String,
    nights: Vec<BlockNight>,
}

/// A night of a type in a group's block.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlockNight {
    night: Date,
    /// What the group asked for.
    rooms: i64,
    /// What its stays have of it.
    picked_up: i64,
    /// What is kept from sale for it.
    held: i64,
    /// Rooms that can still be sold, or asked for.
    free: i64,
}

fn group_view(conn: &Conn, property: &Property, group: Group, asked_nights: i64, picked: Stays) -> Result<GroupView> {
    let guest_name = group.guest_id.map_or_else(|| Ok(String::new()), |id| guests::contact(conn, id).map(|c| c.full_name))?;
    Ok(GroupView {
        guest_name,
        company_name: companies::name_of(conn, group.company_id)?,
        balance: property.amount(store::balance(conn, group.id)?),
        is_holding: group.is_holding(),
        id: group.id,
        code: group.code,
        name: group.name,
        status: group.status,
        arrival_date: group.arrival_date,
        departure_date: group.departure_date,
        cut_off_date: group.cut_off_date,
        released_on: group.released_on,
        guest_id: group.guest_id,
        company_id: group.company_id,
        rate_plan_id: group.rate_plan_id,
        notes: group.notes,
        stays: picked.stays,
        asked_nights,
        picked_up_nights: picked.nights,
        version: group.version,
    })
}

/// The group as it is now.
pub fn detail(conn: &Conn, group: Group) -> Result<GroupDetail> {
    let property = settings::property(conn)?;
    let cells = store::cells(conn, group.id)?;
    let picked_up = store::picked_up(conn, group.id)?;
    let nights: Vec<Date> = std::iter::successors(Some(group.arrival_date), |date| Some(date.next()))
        .take_while(|date| *date < group.departure_date)
        .collect();
    let mut types = Vec::new();
    for room_type in rooms::all_types(conn)? {
        let id = room_type.id;
        let mut of_type = Vec::with_capacity(nights.len());
        for night in &nights {
            let cell = cells.iter().find(|cell| cell.room_type_id == id && cell.night == *night);
            let is_here = |one: &&PickedUp| one.room_type_id == id && one.night == *night;
            let picked_up = picked_up.iter().find(is_here).map_or(0, |one| one.rooms);
            of_type.push(BlockNight {
                night: *night,
                rooms: cell.map_or(0, |cell| cell.rooms),
                picked_up,
                held: cell.filter(|cell| cell.is_held).map_or(0, |cell| (cell.rooms - picked_up).max(0)),
                free: inventory::left(conn, id, *night, Asker::NOBODY)?.free.max(0),
            });
        }
        types.push(BlockType { room_type_id: id, name: room_type.name, code: room_type.code, nights: of_type });
    }
    let rates = store::rates(conn, group.id)?;
    let asked = cells.iter().map(|cell| cell.rooms).sum();
    let picked = store::stays_of(conn, group.id)?;
    Ok(GroupDetail {
        rate_plan_name: crate::hotel::rates::find(conn, group.rate_plan_id)?.name,
        rates: rates.iter().map(|one| RateView { room_type_id: one.room_type_id, rate: property.amount(one.rate) }).collect(),
        group: group_view(conn, &property, group, asked, picked)?,
        types,
    })
}

/// A group as the trail tells of it: without people's names.
#[derive(Debug, Serialize)]
pub struct Recorded {
    code: String,
    name: String,
    status: GroupStatus,
    arrival_date: Date,
    departure_date: Date,
    cut_off_date: Date,
    released_on: Option<Date>,
    guest_id: Option<GuestId>,
    company: String,
    rate_plan_id: RatePlanId,
    rates: String,
}

pub fn recorded(conn: &Conn, group: &Group) -> Result<Recorded> {
    let property = settings::property(conn)?;
    let types = rooms::all_types(conn)?;
    let code = |id: RoomTypeId| types.iter().find(|one| one.id == id).map_or("", |one| one.code.as_str());
    let rates = store::rates(conn, group.id)?;
    let rates: Vec<String> =
        rates.iter().map(|one| format!("{} {}", code(one.room_type_id), property.amount(one.rate))).collect();
    Ok(Recorded {
        code: group.code.clone(),
        name: group.name.clone(),
        status: group.status,
        arrival_date: group.arrival_date,
        departure_date: group.departure_date,
        cut_off_date: group.cut_off_date,
        released_on: group.released_on,
        guest_id: group.guest_id,
        company: companies::name_of(conn, group.company_id)?,
        rate_plan_id: group.rate_plan_id,
        rates: rates.join(", "),
    })
}

list_params! {
    pub struct GroupListParams by GroupSort {
        status: Option<GroupStatus>,
        /// Only those that are to come or here: neither cancelled nor ended.
        is_open: Option<bool>,
        /// Whose nights or departure are on this date or after it.
        from: Option<Date>,
        /// Whose arrival is on this date or before it.
        to: Option<Date>,
        company_id: Option<CompanyId>,
        /// A part of the name or the code.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of groups.
    GroupSort, ArrivalDate Ascending {
        ArrivalDate = "arrival_date",
        Name = "name",
        CutOffDate = "cut_off_date",
    }
);

fn list(conn: &Conn, p: GroupListParams) -> Result<List<GroupView>> {
    let (page, order) = (p.page(), p.order());
    let property = settings::property(conn)?;
    let mut groups = store::all(conn)?;
    groups.retain(|group| {
        p.status.is_none_or(|status| group.status == status)
            && p.is_open.is_none_or(|is_open| group.status.is_open() == is_open)
            && p.from.is_none_or(|from| group.departure_date >= from)
            && p.to.is_none_or(|to| group.arrival_date <= to)
            && p.company_id.is_none_or(|company| group.company_id == Some(company))
            && p.q.as_deref().is_none_or(|q| [&group.name, &group.code].iter().any(|text| is_found_in(text, q)))
    });
    sort(&mut groups, |a, b| {
        order.direction.of(match order.by {
            GroupSort::ArrivalDate => (a.arrival_date, a.id).cmp(&(b.arrival_date, b.id)),
            GroupSort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            GroupSort::CutOffDate => (a.cut_off_date, a.id).cmp(&(b.cut_off_date, b.id)),
        })
    });
    let asked: HashMap<GroupId, i64> = store::asked(conn)?.into_iter().collect();
    let picked: HashMap<GroupId, Stays> = store::stays(conn)?.into_iter().collect();
    let groups = page_of(groups, page);
    let List { items, total, page, page_size, pages } = groups;
    let view = |group: Group| {
        let (asked, picked) = (asked.get(&group.id).copied(), picked.get(&group.id).copied());
        group_view(conn, &property, group, asked.unwrap_or(0), picked.unwrap_or_default())
    };
    Ok(List { items: items.into_iter().map(view).collect::<Result<_>>()?, total, page, page_size, pages })
}

/// The group in a path.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByGroup {
    pub id: GroupId,
}

fn show(conn: &Conn, at: ByGroup) -> Result<GroupDetail> {
    detail(conn, super::find(conn, at.id)?)
}

words!(
    /// How a group begins.
    FirstGroupStatus { Tentative = "tentative", Definite = "definite" }
);

words!(
    /// What a group becomes without an action of its own.
    NextGroupStatus { Tentative = "tentative", Definite = "definite", Ended = "ended" }
);

/// A price agreed for a night of a type.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateRequest {
    room_type_id: RoomTypeId,
    rate: NotNegative,
}

/// As many rooms of a type on each night.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomsRequest {
    room_type_id: RoomTypeId,
    rooms: Whole<{ BlockRooms::MIN }, { BlockRooms::MAX }>,
}

/// As many rooms of a type on a night.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CellRequest {
    room_type_id: RoomTypeId,
    night: Date,
    rooms: Whole<{ BlockRooms::MIN }, { BlockRooms::MAX }>,
}

/// A group to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupRequest {
    name: GroupName,
    /// Made of the name when left out.
    code: Option<GroupCode>,
    /// definite when left out.
    status: Option<FirstGroupStatus>,
    arrival_date: Date,
    departure_date: Date,
    /// Until when the block is held, that day included; the arrival when left out.
    cut_off_date: Option<Date>,
    /// Whom one talks to, when the profile is there; or `guest` for a new one.
    guest_id: Option<GuestId>,
    guest: Option<GuestRequest>,
    company_id: Option<CompanyId>,
    /// The hotel's own price (BAR) when left out.
    rate_plan_id: Option<RatePlanId>,
    notes: Option<GroupNotes>,
    rates: Option<AgreedRates>,
    /// The block: as many rooms on each night.
    rooms: Option<RoomsPerType>,
}

/// What of a group changes; what is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GroupChange {
    name: Option<GroupName>,
    code: Option<GroupCode>,
    status: Option<NextGroupStatus>,
    arrival_date: Option<Date>,
    departure_date: Option<Date>,
    /// Another date that is still to come holds a block again that was released.
    cut_off_date: Option<Date>,
    /// Hold a block again that was released, until its cut-off, which is still to come.
    hold_again: Option<bool>,
    /// `null` takes the contact away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<GuestId>")]
    guest_id: Option<Option<GuestId>>,
    /// `null` takes the company away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<CompanyId>")]
    company_id: Option<Option<CompanyId>>,
    rate_plan_id: Option<RatePlanId>,
    notes: Option<GroupNotes>,
    /// All of them: what is left out has the plan's price. What was agreed is for managers and owners to say.
    rates: Option<AgreedRates>,
    version: Option<Version>,
}

/// What was agreed is for managers and owners to say.
fn agreed(tx: &Tx, property: &Property, rates: &[RateRequest], before: &[AgreedRate]) -> Result<Vec<AgreedRate>> {
    let mut agreed: Vec<AgreedRate> = Vec::with_capacity(rates.len());
    for (at, one) in rates.iter().enumerate() {
        if agreed.iter().any(|other| other.room_type_id == one.room_type_id) {
            return Err(Error::invalid(format!("rates[{at}].room_type_id"), text!("stands twice")));
        }
        let rate = property.price(&format!("rates[{at}].rate"), &one.rate)?;
        agreed.push(AgreedRate { room_type_id: one.room_type_id, rate });
    }
    agreed.sort_unstable_by_key(|one| one.room_type_id);
    if agreed != before && !Access::MANAGE.allows(tx.actor().role) {
        return Err(Error::Forbidden(text!("Only managers and owners can agree on a group’s prices.")));
    }
    Ok(agreed)
}

fn create(tx: &Tx, _: NoParams, body: GroupRequest) -> Result<GroupDetail> {
    let property = settings::property(tx)?;
    let mut fields = Fields::default();
    let name = fields.check("name", body.name.checked());
    let code = body.code.map(|code| fields.check("code", code.checked())).unwrap_or_default();
    let notes = body.notes.map(|notes| fields.check("notes", notes.checked())).unwrap_or_default();
    fields.finish()?;
    let guest_id = match (body.guest_id, body.guest) {
        (Some(_), Some(_)) => return Err(Error::invalid("guest", text!("must not be given together with guest_id"))),
        (None, Some(guest)) => Some(guests::create(tx, &guest.check().map_err(|e| e.under("guest"))?)?),
        (id, None) => id,
    };
    let new = Group {
        id: GroupId(0),
        code,
        name,
        status: match body.status.unwrap_or(FirstGroupStatus::Definite) {
            FirstGroupStatus::Tentative => GroupStatus::Tentative,
            FirstGroupStatus::Definite => GroupStatus::Definite,
        },
        arrival_date: body.arrival_date,
        departure_date: body.departure_date,
        cut_off_date: body.cut_off_date.unwrap_or(body.arrival_date),
        released_on: None,
        guest_id,
        company_id: body.company_id,
        rate_plan_id: body.rate_plan_id.unwrap_or(crate::hotel::rates::BAR),
        notes,
        created_at: tx.now(),
        version: 1,
    };
    let agreed = agreed(tx, &property, body.rates.as_deref().unwrap_or_default(), &[])?;
    let made = super::create(tx, new, &agreed)?;
    let mut cells = Vec::new();
    for one in body.rooms.as_deref().unwrap_or_default() {
        let mut night = made.arrival_date;
        while night < made.departure_date {
            cells.push((one.room_type_id, night, one.rooms.0));
            night = night.next();
        }
    }
    block::set(tx, &made, &cells)?;
    detail(tx, super::find(tx, made.id)?)
}

/// A tentative group becomes a definite one, and one of which nobody is to come or here can be ended early.
fn check_status(tx: &Tx, before: &Group, status: GroupStatus) -> Result<()> {
    let is_allowed = match (before.status, status) {
        (was, is) if was == is => true,
        (GroupStatus::Tentative, GroupStatus::Definite) => true,
        (GroupStatus::Tentative | GroupStatus::Definite, GroupStatus::Ended) => {
            if store::has_open_stays(tx, before.id)? {
                let detail = text!("Stays of this group are to come or in the house. It ends with the last of them.");
                return Err(Error::refused(Code::IllegalTransition, detail));
            }
            true
        }
        _ => false,
    };
    if is_allowed {
        return Ok(());
    }
    let detail =
        text!("A tentative group can be confirmed, and one whose stays are over ended. Its status no longer changes otherwise.");
    Err(Error::refused(Code::IllegalTransition, detail))
}

/// A price that was agreed for certain nights is given for others by those who may agree on it.
fn check_who_widens(tx: &Tx, before: &Group, after: &Group) -> Result<()> {
    let is_wider = after.arrival_date < before.arrival_date || after.departure_date > before.departure_date;
    if !is_wider || Access::MANAGE.allows(tx.actor().role) || store::rates(tx, before.id)?.is_empty() {
        return Ok(());
    }
    Err(Error::Forbidden(text!(
        "Prices were agreed for this group’s nights. Only managers and owners can add other nights to them."
    )))
}

pub fn change(tx: &Tx, at: ByGroup, body: GroupChange) -> Result<GroupDetail> {
    let property = settings::property(tx)?;
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let mut fields = Fields::default();
    let arrival_date = body.arrival_date.unwrap_or(before.arrival_date);
    // Nobody holds a block past the arrival.
    let cut_off_date = body.cut_off_date.unwrap_or(before.cut_off_date.min(arrival_date));
    let is_cut_off_named = body.cut_off_date.is_some_and(|date| date != before.cut_off_date);
    let is_held_again = is_cut_off_named || body.hold_again == Some(true);
    let is_to_come = cut_off_date >= property.business_date;
    let over = text!("must not be before the business date, {today}", today = property.business_date);
    fields.ensure(is_to_come || body.hold_again != Some(true), "cut_off_date", over);
    let after = Group {
        name: body.name.map_or_else(|| before.name.clone(), |name| fields.check("name", name.checked())),
        code: body.code.map_or_else(|| before.code.clone(), |code| fields.check("code", code.checked())),
        notes: body.notes.map_or_else(|| before.notes.clone(), |notes| fields.check("notes", notes.checked())),
        status: body.status.map_or(before.status, |status| match status {
            NextGroupStatus::Tentative => GroupStatus::Tentative,
            NextGroupStatus::Definite => GroupStatus::Definite,
            NextGroupStatus::Ended => GroupStatus::Ended,
        }),
        arrival_date,
        departure_date: body.departure_date.unwrap_or(before.departure_date),
        cut_off_date,
        released_on: before.released_on.filter(|_| !(is_held_again && is_to_come)),
        guest_id: body.guest_id.unwrap_or(before.guest_id),
        company_id: body.company_id.unwrap_or(before.company_id),
        rate_plan_id: body.rate_plan_id.unwrap_or(before.rate_plan_id),
        ..before.clone()
    };
    fields.finish()?;
    check_status(tx, &before, after.status)?;
    check_who_widens(tx, &before, &after)?;
    let agreed = match body.rates.as_deref() {
        Some(rates) => Some(agreed(tx, &property, rates, &store::rates(tx, at.id)?)?),
        None => None,
    };
    detail(tx, super::save(tx, "change", &before, after, agreed.as_deref())?)
}

/// Cells of a block; the others stay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockRequest {
    nights: BlockCells,
    /// What was agreed for a night of each type, as in a change of the group; as it is when left out.
    rates: Option<AgreedRates>,
    version: Option<Version>,
}

fn set_block(tx: &Tx, at: ByGroup, body: BlockRequest) -> Result<GroupDetail> {
    let group = super::find(tx, at.id)?;
    check_version(body.version, group.version)?;
    let cells: Vec<_> = body.nights.iter().map(|one| (one.room_type_id, one.night, one.rooms.0)).collect();
    block::set(tx, &group, &cells)?;
    if let Some(rates) = body.rates.as_deref() {
        let before = store::rates(tx, at.id)?;
        let agreed = agreed(tx, &settings::property(tx)?, rates, &before)?;
        if agreed != before {
            let group = super::find(tx, at.id)?;
            super::save(tx, "change", &group, group.clone(), Some(&agreed))?;
        }
    }
    detail(tx, super::find(tx, at.id)?)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseRequest {
    version: Option<Version>,
}

fn release(tx: &Tx, at: ByGroup, body: ReleaseRequest) -> Result<GroupDetail> {
    let group = super::find(tx, at.id)?;
    check_version(body.version, group.version)?;
    detail(tx, super::release(tx, &group)?)
}
