//! What is free: rooms by the night table, types by their promises.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::store::{self, Holder};
use super::{Night, NightKind, day_use};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomId, RoomTypeId};
use crate::domain::order::sort;
use crate::domain::status::{Housekeeping, Occupancy, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Result};
use crate::hotel::rooms::inventory::{self, Asker};
use crate::hotel::{rooms, settings};

statements! {
    TAKEN = "availability.taken": "SELECT night, room_id FROM room_night WHERE night >= ?1 AND night < ?2 AND reservation_id IS NOT ?3";
    PROMISED = "availability.promised": "SELECT room_type_id, night, count(*) FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night >= ?1 AND night < ?2 AND kind = 'night' AND reservation_id <> ?3
        GROUP BY room_type_id, night";
}

/// A stay or block that stands in the way.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Conflict {
    pub room_number: String,
    pub reservation_id: Option<ReservationId>,
    pub confirmation_number: Option<String>,
    pub guest_name: Option<String>,
    pub status: Option<ReservationStatus>,
    pub check_in_date: Option<Date>,
    pub check_out_date: Option<Date>,
    pub is_room_locked: Option<bool>,
    /// Why the room is blocked, when it is a block.
    pub reason: Option<String>,
    /// The first night in question.
    pub night: Date,
}

/// A room that can be had, and how it stands now.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FreeRoom {
    pub id: RoomId,
    pub room_number: String,
    pub room_type_id: RoomTypeId,
    pub housekeeping: Housekeeping,
    pub occupancy: Occupancy,
    /// When the guest who is in it is to leave; past when that guest is overdue.
    pub occupied_until: Option<Date>,
    /// Vacant and not dirty: somebody can walk in.
    pub is_ready: bool,
}

impl From<rooms::Room> for FreeRoom {
    fn from(room: rooms::Room) -> FreeRoom {
        FreeRoom {
            is_ready: room.is_ready(),
            id: room.id,
            room_number: room.room_number,
            room_type_id: room.room_type_id,
            housekeeping: room.housekeeping,
            occupancy: room.occupancy,
            occupied_until: room.occupied_until,
        }
    }
}

impl From<Holder> for Conflict {
    fn from(h: Holder) -> Conflict {
        Conflict {
            room_number: h.room_number,
            reservation_id: h.reservation_id,
            confirmation_number: h.confirmation_number,
            guest_name: h.guest_name,
            status: h.status,
            check_in_date: h.check_in_date,
            check_out_date: h.check_out_date,
            is_room_locked: h.is_room_locked,
            reason: h.reason,
            night: h.night,
        }
    }
}

/// What stands in the way of these nights, each stay or block once.
pub fn conflicts(conn: &Conn, own: ReservationId, nights: &[Night]) -> Result<Vec<Conflict>> {
    let mut found: Vec<Conflict> = Vec::new();
    for (at, night) in nights.iter().enumerate().filter(|(_, n)| n.is_held) {
        let Some(room) = night.room_id else { continue };
        let holder = match night.kind {
            NightKind::Night => store::night_holder(conn, night.night, room)?,
            NightKind::DayUse => store::day_holder(conn, night.night, room)?,
        };
        let over_the_day = day_use::disturbed_by(conn, own, night, day_use::night_before(nights, at))?;
        for holder in [holder, over_the_day].into_iter().flatten().filter(|h| h.reservation_id != Some(own)) {
            let is_known = found.iter().any(|c| c.reservation_id == holder.reservation_id && c.reason == holder.reason);
            if !is_known {
                found.push(holder.into());
            }
        }
    }
    Ok(found)
}

/// Puts words, conflicts and alternatives to a `room-taken` refusal.
pub fn explain_conflict<T>(conn: &Conn, own: ReservationId, nights: &[Night], result: Result<T>) -> Result<T> {
    match result {
        Err(Error::Refused(refusal)) if refusal.code == Code::RoomTaken => {
            let conflicts = conflicts(conn, own, nights)?;
            let alternatives = alternatives(conn, own, nights)?;
            Err(Error::refused(Code::RoomTaken, sentence(&conflicts, &alternatives))
                .with("conflicts", &conflicts)
                .with("alternatives", &alternatives))
        }
        other => other,
    }
}

fn sentence(conflicts: &[Conflict], alternatives: &[FreeRoom]) -> Text {
    let Some(first) = conflicts.first() else {
        return text!("The room is taken on one of these nights; choose another room or other dates.");
    };
    let state = match (&first.guest_name, &first.reason) {
        (Some(guest), _) => text!("taken by {guest}", guest),
        (None, Some(reason)) => text!("out of order ({reason})", reason),
        (None, None) => text!("taken"),
    };
    let hint = match alternatives {
        [] => text!("choose other dates or another room type"),
        [only] => text!("room {room} is free", room = &only.room_number),
        [one, other, ..] => {
            text!("rooms such as {one} and {other} are free", one = &one.room_number, other = &other.room_number)
        }
    };
    text!("Room {room} is {state} on {night}; {hint}.", room = &first.room_number, state, night = first.night, hint)
}

/// Rooms of the same type that are free on all of the wanted nights; a dozen at most.
fn alternatives(conn: &Conn, own: ReservationId, nights: &[Night]) -> Result<Vec<FreeRoom>> {
    let wanted: Vec<&Night> = nights.iter().filter(|n| n.is_held && !n.is_posted).collect();
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else { return Ok(Vec::new()) };
    let room_type = match first.room_id {
        Some(room) => store::unit(conn, room)?.map_or(first.room_type_id, |(_, sold_as)| sold_as),
        None => first.room_type_id,
    };
    let to = if first.kind == NightKind::DayUse { first.night } else { last.night.next() };
    match StayDates::or_day_use(first.night, to) {
        Ok(stay) => {
            let mut free = free_rooms(conn, room_type, stay, own, settings::business_date(conn)?)?;
            free.truncate(12);
            Ok(free)
        }
        Err(_) => Ok(Vec::new()),
    }
}

/// Rooms of a type that nobody but `own` needs on any date of a stay: for one that
/// begins today the ready ones first, and in the order of their numbers.
pub fn free_rooms(conn: &Conn, room_type: RoomTypeId, stay: StayDates, own: ReservationId, today: Date) -> Result<Vec<FreeRoom>> {
    let window = window(conn, stay, Asker { own, group: None })?;
    let mut free = rooms_to_offer(conn, stay, today)?;
    free.retain(|room| room.room_type_id == room_type && window.is_free_throughout(room.id));
    Ok(free.into_iter().map(FreeRoom::from).collect())
}

/// Checks that the new nights from today on leave every promise to waiting stays kept.
///
/// A stay in a room needs no count as long as nobody waits for a room of its
/// type: the room's own key is enough then. Nor does one that goes from one room
/// of a type to another, or has waited for one.
///
/// A stay that joins or leaves a group (`is_regrouped`) asks for all of its nights anew.
pub fn check_promises(tx: &Tx, asker: Asker, is_regrouped: bool, old: &[Night], new: &[Night], today: Date) -> Result<()> {
    let old = if is_regrouped { &[] } else { old };
    let mut by_type: HashMap<RoomTypeId, Vec<&Night>> = HashMap::new();
    for night in new.iter().filter(|n| is_claim(n) && n.night >= today && !old.contains(n)) {
        let used = type_used(tx, night)?;
        let before = old.iter().find(|o| is_claim(o) && o.night == night.night).map(|o| type_used(tx, o)).transpose()?;
        if before != Some(used) {
            by_type.entry(used).or_default().push(night);
        }
    }
    for (room_type, nights) in by_type {
        let (Some(first), Some(last)) = (nights.first(), nights.last()) else { continue };
        let all_have_rooms = nights.iter().all(|n| n.room_id.is_some());
        if all_have_rooms && !inventory::is_waited_for(tx, room_type, first.night, last.night, asker)? {
            continue;
        }
        for night in nights {
            check_night(tx, room_type, night, asker)?;
        }
    }
    Ok(())
}

fn is_claim(night: &Night) -> bool {
    night.is_held && night.kind == NightKind::Night
}

/// The type that a night uses a room of: its room's own, or the one that was sold.
pub fn type_used(conn: &Conn, night: &Night) -> Result<RoomTypeId> {
    Ok(match night.room_id {
        Some(room) => store::unit(conn, room)?.map_or(night.room_type_id, |(_, of)| of),
        None => night.room_type_id,
    })
}

fn check_night(tx: &Tx, room_type: RoomTypeId, night: &Night, asker: Asker) -> Result<()> {
    let inventory::Left { free, promised, held } = inventory::left(tx, room_type, night.night, asker)?;
    if free >= 1 || inventory::picks_up(tx, room_type, night.night, asker)? {
        return Ok(());
    }
    // A taken room speaks for itself, through its key, with who is in it.
    if let Some(room) = night.room_id
        && store::night_holder(tx, night.night, room)?.is_some_and(|h| h.reservation_id != Some(asker.own))
    {
        return Ok(());
    }
    let name = rooms::find_type(tx, room_type)?.name;
    let detail = if held > 0 {
        text!(
            "No {room_type} is left on {night}; {held} held for groups. Choose other dates or another room type.",
            room_type = name,
            night = night.night,
            held
        )
    } else if promised > 0 {
        text!(
            "No {room_type} is left on {night}; {promised} booked without a room yet. Choose other dates or another room type.",
            room_type = name,
            night = night.night,
            promised
        )
    } else {
        text!(
            "No {room_type} is left on {night}. Choose other dates or another room type.",
            room_type = name,
            night = night.night
        )
    };
    Err(Error::refused(Code::NoRoomFree, detail))
}

/// Every room, in the order in which those that are free are offered for a stay: how
/// ready a room is matters to whoever comes today.
fn rooms_to_offer(conn: &Conn, stay: StayDates, today: Date) -> Result<Vec<rooms::Room>> {
    let mut all = rooms::all(conn)?;
    if stay.arrival() <= today {
        sort(&mut all, |a, b| a.readiness().cmp(&b.readiness()));
    }
    Ok(all)
}

/// How free each type is over a stay.
#[derive(Debug, Clone)]
pub struct TypeAvailability {
    pub room_type: rooms::RoomType,
    pub total_rooms: i64,
    /// Stays that can still be sold: the fewest over the nights.
    pub available_count: i64,
    /// Rooms free on all nights, in the order to offer them.
    pub rooms: Vec<FreeRoom>,
    /// Room after room that covers the nights when no single one does.
    pub split: Option<Vec<SplitPart>>,
}

/// A part of a stay split over rooms: `[from, to)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SplitPart {
    pub room_id: RoomId,
    pub room_number: String,
    pub housekeeping: Housekeeping,
    pub occupancy: Occupancy,
    pub occupied_until: Option<Date>,
    pub is_ready: bool,
    pub from: Date,
    pub to: Date,
}

impl SplitPart {
    pub fn of(room: &rooms::Room, from: Date, to: Date) -> SplitPart {
        SplitPart {
            room_id: room.id,
            room_number: room.room_number.clone(),
            housekeeping: room.housekeeping,
            occupancy: room.occupancy,
            occupied_until: room.occupied_until,
            is_ready: room.is_ready(),
            from,
            to,
        }
    }
}

/// The rooms taken on each date, and the promises by type and date.
struct Window {
    dates: Vec<Date>,
    taken: HashSet<(Date, RoomId)>,
    /// Who stays on over such a date would share the room with a day guest.
    by_day: HashSet<(Date, RoomId)>,
    /// To stays that wait, and to groups.
    promised: HashMap<(RoomTypeId, Date), i64>,
}

impl Window {
    fn is_free(&self, room: RoomId, night: Date) -> bool {
        !self.taken.contains(&(night, room))
    }

    /// How many dates from the `at`th on one guest can have the room.
    fn run(&self, room: RoomId, at: usize) -> usize {
        let fits = |(n, date): &(usize, &Date)| self.is_free(room, **date) && (*n == 0 || !self.by_day.contains(&(**date, room)));
        self.dates[at..].iter().enumerate().take_while(fits).count()
    }

    fn is_free_throughout(&self, room: RoomId) -> bool {
        self.run(room, 0) == self.dates.len()
    }
}

/// What others than the asker leave of the rooms on the dates of a stay.
fn window(conn: &Conn, stay: StayDates, asker: Asker) -> Result<Window> {
    let own = asker.own;
    let (from, to) = (stay.arrival(), stay.departure());
    if stay.is_day_use() {
        let taken = day_use::taken_rooms(conn, from, own)?.into_iter().map(|room| (from, room)).collect();
        return Ok(Window { dates: vec![from], taken, by_day: HashSet::new(), promised: HashMap::new() });
    }
    let mut taken = HashSet::new();
    conn.each(&TAKEN, (from, to, own), |row| {
        taken.insert((row.get(0)?, row.get(1)?));
        Ok(())
    })?;
    let mut promised: HashMap<(RoomTypeId, Date), i64> = HashMap::new();
    conn.each(&PROMISED, (from, to, own), |row| {
        promised.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        Ok(())
    })?;
    for (room_type, night, held) in inventory::held_between(conn, from, to, asker)? {
        *promised.entry((room_type, night)).or_default() += held;
    }
    let by_day = day_use::guests(conn, from.next(), to.previous(), own)?;
    Ok(Window { dates: stay.nights().collect(), taken, by_day, promised })
}

/// What can be sold for a stay, type by type: a stay that is booked already does not stand in its own way.
pub fn by_type(conn: &Conn, stay: StayDates, only: Option<RoomTypeId>, asker: Asker) -> Result<Vec<TypeAvailability>> {
    let window = window(conn, stay, asker)?;
    let all_rooms = rooms_to_offer(conn, stay, settings::business_date(conn)?)?;
    let types = rooms::all_types(conn)?.into_iter().filter(|t| only.is_none_or(|id| t.id == id));
    Ok(types.map(|t| of_type(&window, t, &all_rooms)).collect())
}

fn of_type(window: &Window, room_type: rooms::RoomType, all_rooms: &[rooms::Room]) -> TypeAvailability {
    let own: Vec<&rooms::Room> = all_rooms.iter().filter(|r| r.room_type_id == room_type.id).collect();
    let left = |night: &Date| {
        let free = own.iter().filter(|r| window.is_free(r.id, *night)).count();
        i64::try_from(free).unwrap_or(0) - window.promised.get(&(room_type.id, *night)).copied().unwrap_or(0)
    };
    let sellable = window.dates.iter().map(left).min().unwrap_or(0).max(0);
    let rooms: Vec<FreeRoom> =
        own.iter().filter(|r| window.is_free_throughout(r.id)).map(|r| FreeRoom::from((*r).clone())).collect();
    let split = (sellable > 0 && rooms.is_empty()).then(|| split(window, &own)).flatten();
    let total_rooms = i64::try_from(own.len()).unwrap_or(0);
    // An offer needs one room free throughout; a split is an offer of its own.
    let available_count = sellable.min(i64::try_from(rooms.len()).unwrap_or(0));
    TypeAvailability { total_rooms, available_count, rooms, split, room_type }
}

/// Covers the nights with as few rooms as a greedy choice finds: always the room
/// that stays free the longest, of several the first to offer.
fn split(window: &Window, rooms: &[&rooms::Room]) -> Option<Vec<SplitPart>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < window.dates.len() {
        let run = |room: &rooms::Room| window.run(room.id, at);
        let best = rooms.iter().rev().max_by_key(|r| run(r)).filter(|r| run(r) > 0)?;
        let nights = run(best);
        parts.push(SplitPart::of(best, window.dates[at], window.dates[at + nights - 1].next()));
        at += nights;
    }
    Some(parts)
}
