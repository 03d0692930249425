//! Moving a stay to another room, and extending it; and taking either back.
//!
//! Past nights stay where they were slept. Nothing overlaps silently: a taken
//! room is refused with who is in it and what is free instead.

use super::booking::{self, Price};
use super::itinerary::{Itinerary, Sold, first_to_come};
use super::last_step::LastStep;
use super::restricted::Selling;
use super::{Night, NightKind, People, Reservation, Step, availability, find, save, store};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::extras::Extras;
use crate::domain::id::{ReservationId, RoomId};
use crate::domain::status::{Event, Housekeeping, Overdue, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::{rooms, settings};

/// A move to another room.
#[derive(Debug, Clone)]
pub struct Move {
    pub room_id: RoomId,
    /// The first night in the new room; tonight (or the arrival) when `None`.
    pub from_date: Option<Date>,
    pub rerate: bool,
    pub override_dirty: bool,
    pub people: People,
    pub reason: Option<String>,
}

/// Moves the nights from a date on to another room; the old room turns dirty
/// when somebody was in it.
pub fn move_room(tx: &Tx, id: ReservationId, to: &Move) -> Result<Reservation> {
    let before = find(tx, id)?;
    before.status.apply(Event::Move)?;
    let today = settings::business_date(tx)?;
    let room = booking::room_of(tx, to.room_id)?;
    let in_house = before.status == ReservationStatus::CheckedIn;
    // On the day of departure no night is left; the guest still changes rooms.
    let earliest = if in_house { today } else { first_to_come(before.check_in_date, before.check_out_date, today) };
    let from = to.from_date.unwrap_or(earliest);
    if in_house && from != earliest {
        let detail =
            text!("An in-house guest can only be moved from tonight, {date}. Make later moves on the day.", date = earliest);
        return Err(Error::refused(Code::WrongDate, detail));
    }
    let last = before.check_out_date.previous().max(before.check_in_date);
    if !in_house && (from < before.check_in_date || from > last) {
        return Err(Error::invalid("from_date", text!("is not a night of the stay")));
    }
    let from = from.max(earliest);
    let mut nights = Itinerary::stored(tx, id)?;
    nights.assign(Some(room.id), from, today);
    if to.rerate {
        nights.rerate(tx, &before, Some(room.room_type_id), from)?;
    }
    let mut after = before.clone();
    after.room_id = if in_house { Some(room.id) } else { nights.current_room(today) };
    if in_house {
        check_ready(tx, &room, id, to.override_dirty)?;
    }
    let saved =
        save(tx, Step { reason: to.reason.as_deref(), people: to.people, ..Step::new("move") }, &before, &after, &nights)?;
    if let Some(old) = before.room_id.filter(|old| in_house && *old != room.id) {
        rooms::set_housekeeping(tx, old, Housekeeping::Dirty)?;
    }
    Ok(saved)
}

/// A room for somebody to walk into: nobody in it, and not dirty.
pub fn check_ready(tx: &Tx, room: &rooms::Room, own: ReservationId, override_dirty: bool) -> Result<()> {
    if let Some(other) = store::other_in_house(tx, room.id, own)? {
        let detail = text!(
            "Room {room} is still occupied by {guest}. Check them out first, or choose another room.",
            room = &room.room_number,
            guest = find(tx, other)?.guest_name
        );
        return Err(Error::refused(Code::RoomNotReady, detail).with("occupied_by", other));
    }
    if room.housekeeping == Housekeeping::Dirty && !override_dirty {
        let detail = text!(
            "Room {room} is dirty. Have it cleaned, choose another room, or use it anyway with a reason.",
            room = &room.room_number
        );
        return Err(Error::refused(Code::RoomNotReady, detail)
            .with("can_override", true)
            .with("override_with", "override_dirty"));
    }
    Ok(())
}

/// A longer stay.
#[derive(Debug, Clone)]
pub struct Extension {
    pub check_out_date: Date,
    /// Where the added nights are slept; the same room when `None`.
    pub rooms: Option<Vec<RoomUntil>>,
    /// Sell the nights in those rooms as what these are, at that price.
    pub rerate: bool,
    /// Give arriving guests who stand in the way another room of the type.
    pub move_conflicting: bool,
    pub price: Price,
    pub people: People,
    pub selling: Selling,
    pub reason: Option<String>,
}

impl Extension {
    /// By the rates of the stay, in its own room, with whoever stands in the way moved to another.
    pub fn quoted(check_out_date: Date) -> Extension {
        Extension {
            check_out_date,
            rooms: None,
            rerate: false,
            move_conflicting: true,
            price: Price::Quoted,
            people: People::There,
            selling: Selling::Nothing,
            reason: None,
        }
    }
}

/// A room for the nights before a date, from where the one before it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomUntil {
    pub room_id: RoomId,
    pub to: Date,
}

/// Adds nights at the end of a stay.
pub fn extend(tx: &Tx, id: ReservationId, to: &Extension) -> Result<Reservation> {
    let before = find(tx, id)?;
    before.status.apply(Event::Extend)?;
    if to.check_out_date <= before.check_out_date {
        return Err(Error::invalid("check_out_date", text!("must be after {date}", date = before.check_out_date)));
    }
    StayDates::new(before.check_in_date, to.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    check_rooms(&before, to)?;
    let today = settings::business_date(tx)?;
    // Tonight's night of an overdue guest is priced with the added ones.
    let mut nights = Itinerary::agreed(tx, &before, today)?;
    if before.is_day_use {
        // The day becomes the first night, quoted anew with the rest unless it is on the bill.
        nights.retain(|n| n.is_posted || n.kind == NightKind::Night);
        nights.iter_mut().for_each(|n| n.kind = NightKind::Night);
    }
    let added = added_nights(tx, &before, to, &nights, today)?;
    let rooms: Vec<RoomId> = added.iter().filter_map(|n| n.room_id).collect();
    nights.add(added);
    if to.move_conflicting {
        make_way(tx, &before, &nights, &rooms, today)?;
    }
    nights.type_prices(&to.price)?;
    let mut after = before.clone();
    (after.check_out_date, after.is_day_use) = (to.check_out_date, false);
    if before.status != ReservationStatus::CheckedIn {
        after.room_id = nights.current_room(today);
    }
    let step = Step { action: "extend", reason: to.reason.as_deref(), people: to.people, selling: to.selling };
    save(tx, step, &before, &after, &nights)
}

/// The first date that an extension adds: of a day guest the day itself becomes a night.
pub fn first_added(before: &Reservation) -> Date {
    if before.is_day_use { before.check_in_date } else { before.check_out_date }
}

/// The nights that an extension adds, as they would be booked.
pub fn added_nights(conn: &Conn, before: &Reservation, to: &Extension, nights: &[Night], today: Date) -> Result<Vec<Night>> {
    let stay = StayDates::new(first_added(before), to.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let dates: Vec<Date> = stay.nights().filter(|date| !nights.iter().any(|n| n.night == *date)).collect();
    // A guest in the house whose last night is over goes on in the room of now.
    let is_planned = |n: &&Night| n.is_held && (before.status != ReservationStatus::CheckedIn || n.night >= today);
    let last_room = nights.iter().rfind(is_planned).map_or(before.room_id, |n| n.room_id);
    let longer = Reservation { check_out_date: to.check_out_date, is_day_use: false, ..before.clone() };
    let mut added = Vec::with_capacity(dates.len());
    let mut from = stay.arrival();
    let own = RoomUntil { room_id: RoomId(0), to: to.check_out_date };
    for part in to.rooms.as_deref().unwrap_or(&[own]) {
        let (room_id, sold_as) = match &to.rooms {
            None => (last_room, before.room_type_id),
            Some(_) => {
                let room = booking::room_of(conn, part.room_id)?;
                (Some(room.id), if to.rerate { room.room_type_id } else { before.room_type_id })
            }
        };
        let own_dates: Vec<Date> = dates.iter().copied().filter(|date| *date >= from && *date < part.to).collect();
        let sold_as = rooms::find_type(conn, sold_as)?;
        added.extend(Sold::to(conn, &longer, &sold_as, NightKind::Night)?.nights(conn, &own_dates, |_| room_id)?);
        from = part.to;
    }
    Ok(added)
}

/// Whether the rooms follow each other up to the new departure.
fn check_rooms(before: &Reservation, to: &Extension) -> Result<()> {
    let Some(parts) = &to.rooms else { return Ok(()) };
    let mut from = first_added(before);
    for part in parts {
        if part.to <= from {
            return Err(Error::invalid("parts", text!("must follow each other from {date} on", date = first_added(before))));
        }
        from = part.to;
    }
    if from == to.check_out_date {
        return Ok(());
    }
    Err(Error::invalid("parts", text!("must end on {date}", date = to.check_out_date)))
}

/// Moves stays that have not begun and are not locked out of the way.
fn make_way(tx: &Tx, before: &Reservation, nights: &[Night], own_rooms: &[RoomId], today: Date) -> Result<()> {
    for conflict in availability::conflicts(tx, before.id, nights)? {
        if let Some(other) = conflict.reservation_id {
            give_way(tx, other, own_rooms, today)?;
        }
    }
    Ok(())
}

/// Whether a stay may be given another room: it has not begun and its room is not locked.
pub fn is_movable(stay: &Reservation) -> bool {
    matches!(stay.status, ReservationStatus::Tentative | ReservationStatus::Confirmed) && !stay.is_room_locked
}

/// Gives a stay that has not begun and is not locked another room, since the other has
/// been given to a stay that was extended.
fn give_way(tx: &Tx, other: ReservationId, taken: &[RoomId], today: Date) -> Result<()> {
    let before = find(tx, other)?;
    if !is_movable(&before) {
        let detail = text!("The stay of {guest} cannot be moved; choose another room.", guest = &before.guest_name);
        return Err(Error::refused(Code::RoomTaken, detail).with("conflicts", [other]));
    }
    let Some(room) = other_room(tx, &before, taken, today)? else {
        let detail = text!(
            "No other room of this type is free for {guest}; split the stay or choose other dates.",
            guest = &before.guest_name
        );
        return Err(Error::refused(Code::NoRoomFree, detail).with("conflicts", [other]));
    };
    let mut nights = Itinerary::stored(tx, other)?;
    nights.assign(Some(room.id), today, today);
    let after = Reservation { room_id: nights.current_room(today), ..before.clone() };
    let step = Step { reason: Some("made way for a stay that was extended"), ..Step::new("move") };
    save(tx, step, &before, &after, &nights).map(|_| ())
}

/// A room of the type of its own, none of `taken`, that is free for what is to come of a stay.
pub fn other_room(conn: &Conn, stay: &Reservation, taken: &[RoomId], today: Date) -> Result<Option<availability::FreeRoom>> {
    // What is over stays where it was.
    if stay.check_out_date <= today && !stay.is_day_use {
        return Ok(None);
    }
    let Ok(rest) = StayDates::or_day_use(stay.check_in_date.max(today), stay.check_out_date) else { return Ok(None) };
    let type_id = match stay.room_id {
        Some(room) => store::unit(conn, room)?.map_or(stay.room_type_id, |(_, sold_as)| sold_as),
        None => stay.room_type_id,
    };
    let free = availability::free_rooms(conn, type_id, rest, stay.id, today)?;
    Ok(free.into_iter().find(|room| !taken.contains(&room.id)))
}

/// Takes the last move back: the rooms and prices of the nights to come are as before it.
pub fn undo_move(tx: &Tx, before: &Reservation, step: &LastStep) -> Result<Reservation> {
    before.status.apply(Event::Move)?;
    let today = settings::business_date(tx)?;
    let in_house = before.status == ReservationStatus::CheckedIn;
    let first = if in_house { today } else { first_to_come(before.check_in_date, before.check_out_date, today) };
    let mut nights = Itinerary::stored(tx, before.id)?;
    for night in nights.iter_mut().filter(|n| n.is_held && n.night >= first) {
        let Some(planned) = step.nights.iter().find(|p| p.night == night.night) else { continue };
        night.room_id = planned.room_id;
        if !night.is_posted {
            planned.price(night);
        }
    }
    let mut after = before.clone();
    after.room_id = if in_house { step.room_id } else { nights.current_room(today) };
    if let Some(room) = step.room_id.filter(|_| in_house) {
        check_ready(tx, &rooms::find(tx, room)?, before.id, true)?;
    }
    let saved = save(tx, Step { people: People::There, ..Step::new("undo_move") }, before, &after, &nights)?;
    // Who knows what the guest has used in there.
    if let Some(left) = before.room_id.filter(|left| in_house && Some(*left) != step.room_id) {
        rooms::set_housekeeping(tx, left, Housekeeping::Dirty)?;
    }
    Ok(saved)
}

/// Takes the last extension back: the nights that it added are free again, and the others are
/// where they were, for what they cost. Whoever made way stays in the other room.
pub fn undo_extension(tx: &Tx, before: &Reservation, step: &LastStep) -> Result<Reservation> {
    before.status.apply(Event::Extend)?;
    let today = settings::business_date(tx)?;
    let mut after = before.clone();
    (after.check_out_date, after.is_day_use) = (step.check_out_date, step.check_out_date == before.check_in_date);
    let is_overdue = after.overdue(today) == Some(Overdue::Departure);
    let mut nights = Itinerary::stored(tx, before.id)?;
    let is_kept = |n: &Night| step.nights.iter().any(|p| p.night == n.night) && !(is_overdue && n.night == today);
    if nights.iter().any(|n| n.is_posted && !is_kept(n)) {
        let detail = text!("A night that was added is on the bill already. Check the guest out, or add an allowance.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    nights.retain(|n| !n.is_held || is_kept(n));
    for night in nights.iter_mut().filter(|n| n.is_held) {
        let Some(planned) = step.nights.iter().find(|p| p.night == night.night) else { continue };
        if after.is_day_use && !is_overdue {
            night.kind = NightKind::DayUse;
        }
        if !night.is_posted {
            night.room_id = planned.room_id;
            planned.price(night);
        }
    }
    if before.status != ReservationStatus::CheckedIn {
        after.room_id = nights.current_room(today);
    }
    save(tx, Step { people: People::There, ..Step::new("undo_extend") }, before, &after, &nights)
}

/// Takes the last change of dates, room, type or prices back: the nights are those of before, for what they cost.
pub fn undo_change(tx: &Tx, before: &Reservation, step: &LastStep) -> Result<Reservation> {
    let today = settings::business_date(tx)?;
    let stay = StayDates::or_day_use(step.check_in_date, step.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let mut after = before.clone();
    (after.check_in_date, after.check_out_date, after.is_day_use) = (stay.arrival(), stay.departure(), stay.is_day_use());
    after.room_type_id = step.room_type_id;
    let mut nights = Itinerary::stored(tx, before.id)?;
    let planned = |night: Date| step.nights.iter().find(|p| p.night == night);
    if nights.iter().any(|n| n.is_posted && planned(n.night).is_none()) {
        let detail = text!("A night that was added is on the bill already. Check the guest out, or add an allowance.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    nights.retain(|n| !n.is_held || planned(n.night).is_some());
    let room_type = rooms::find_type(tx, step.room_type_id)?;
    let sold = Sold::to(tx, &after, &room_type, NightKind::of(stay))?;
    let lost = step
        .nights
        .iter()
        .filter(|p| !nights.has(p.night))
        .map(|p| sold.night(p.night, p.room_id, p.rate, Extras::default()))
        .collect();
    nights.add(lost);
    for night in nights.iter_mut().filter(|n| n.is_held && !n.is_posted) {
        let Some(planned) = planned(night.night) else { continue };
        let is_day_use = stay.is_day_use() && night.night == stay.arrival();
        night.kind = if is_day_use { NightKind::DayUse } else { NightKind::Night };
        night.room_id = planned.room_id;
        planned.price(night);
    }
    if before.status != ReservationStatus::CheckedIn {
        after.room_id = nights.current_room(today);
    }
    save(tx, Step { people: People::There, ..Step::new("undo_change") }, before, &after, &nights)
}
