//! Changing a booking: dates, room, guests, prices, notes.
//!
//! Prices are frozen a night: a change of dates quotes the added nights alone,
//! unless a new rating of all is asked for; prices typed by hand survive that too.

use super::booking::{self, Price};
use super::details::{DetailsChange, check_option};
use super::{Night, NightKind, People, Reservation, Step, find, overstay, save, store};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId, RoomId, RoomTypeId, Version};
use crate::domain::money::Money;
use crate::domain::order::sort;
use crate::domain::status::{Event, Overdue, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::settings::api::check_version;
use crate::hotel::{rates, settings};

/// What of a booking changes; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub guest_id: Option<GuestId>,
    pub check_in_date: Option<Date>,
    pub check_out_date: Option<Date>,
    /// `Some(None)` takes the room away.
    pub room_id: Option<Option<RoomId>>,
    pub room_type_id: Option<RoomTypeId>,
    pub adults: Option<i64>,
    pub children: Option<i64>,
    pub source: Option<String>,
    pub notes: Option<String>,
    pub special_requests: Option<String>,
    pub is_room_locked: Option<bool>,
    pub details: DetailsChange,
    pub price: Price,
    pub rating: Rating,
    pub confirm: bool,
    pub version: Option<Version>,
    pub people: People,
    pub reason: Option<String>,
}

/// Whether nights that had a price keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rating {
    #[default]
    Keep,
    /// Quote all nights anew that are not posted and not typed by hand.
    Again,
}

impl Change {
    fn touches_stay(&self) -> bool {
        self.check_in_date.is_some()
            || self.check_out_date.is_some()
            || self.room_id.is_some()
            || self.room_type_id.is_some()
            || self.adults.is_some()
            || self.children.is_some()
            || self.rating == Rating::Again
            || !matches!(self.price, Price::Quoted)
    }
}

/// Changes a booking.
///
/// # Errors
/// 409 when its state does not allow it, when the version is stale, or when the
/// rooms are not free; 422 for bad fields.
pub fn change(tx: &Tx, id: ReservationId, change: &Change) -> Result<Reservation> {
    let before = find(tx, id)?;
    check_version(change.version, before.version)?;
    if change.touches_stay() && !before.status.is_open() {
        let status = before.status.in_words();
        let detail = text!("The dates, room and prices of a reservation that is {status} cannot change.", status);
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let mut after = before.clone();
    if change.confirm {
        after.status = before.status.apply(Event::Confirm)?;
    }
    change_words(tx, &mut after, change)?;
    let mut nights = overstay::without_hold(&before, store::nights(tx, id)?, settings::business_date(tx)?);
    if change.touches_stay() {
        nights = change_stay(tx, &before, &mut after, &nights, change)?;
    }
    if let Some(until) = change.details.option_date.flatten() {
        let mut fields = Fields::default();
        check_option(&mut fields, until, after.status, after.check_in_date, settings::business_date(tx)?);
        fields.finish()?;
    }
    let step = Step { action: "change", reason: change.reason.as_deref(), people: change.people };
    save(tx, step, &before, &after, &nights)
}

fn change_words(tx: &Tx, after: &mut Reservation, change: &Change) -> Result<()> {
    if let Some(guest) = change.guest_id.filter(|guest| *guest != after.guest_id) {
        after.guest_id = booking::known_guest(tx, guest)?.id;
    }
    if let Some(source) = &change.source {
        after.source = booking::source(tx, Some(source))?;
    }
    after.notes = change.notes.clone().unwrap_or_else(|| after.notes.clone());
    after.special_requests = change.special_requests.clone().unwrap_or_else(|| after.special_requests.clone());
    change.details.of(&mut after.details);
    after.is_room_locked = change.is_room_locked.unwrap_or(after.is_room_locked);
    Ok(())
}

fn change_stay(tx: &Tx, before: &Reservation, after: &mut Reservation, old: &[Night], change: &Change) -> Result<Vec<Night>> {
    let today = settings::business_date(tx)?;
    let stay = new_dates(before, change, today)?;
    (after.check_in_date, after.check_out_date, after.is_day_use) = (stay.arrival(), stay.departure(), stay.is_day_use());
    after.adults = change.adults.unwrap_or(before.adults);
    after.children = change.children.unwrap_or(before.children);
    let mut fields = Fields::default();
    booking::check_party(&mut fields, after.adults, after.children);
    fields.finish()?;
    let mut nights = carry_over(old, after, stay, today);
    if before.status == ReservationStatus::CheckedIn && change.room_id.is_some_and(|r| r != before.room_id) {
        let detail = text!("The guest is in-house. Use “Move to another room” instead.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let new_room = change_type_and_room(tx, before, after, change)?;
    let first = first_to_come(stay.arrival(), stay.departure(), today);
    for night in nights.iter_mut().filter(|n| n.night >= first && !n.is_posted) {
        night.room_type_id = after.room_type_id;
        night.room_id = new_room.unwrap_or(night.room_id);
    }
    let beside = |night: Date| new_room.unwrap_or_else(|| neighbouring_room(before, &nights, night, today));
    let added = missing_nights(tx, after, &nights, stay, beside)?;
    nights.extend(added);
    sort(&mut nights, |a, b| a.night.cmp(&b.night));
    if change.rating == Rating::Again {
        rate_again(tx, after, &mut nights)?;
    }
    type_prices(&mut nights, &change.price)?;
    // Who is in the house is where the last check-in or move led, whatever is planned.
    if before.status != ReservationStatus::CheckedIn {
        after.room_id = current_room(&nights, today);
    }
    Ok(nights)
}

/// The stay that the change leads to, or which field is wrong.
pub fn new_dates(before: &Reservation, change: &Change, today: Date) -> Result<StayDates> {
    let arrival = change.check_in_date.unwrap_or(before.check_in_date);
    let departure = change.check_out_date.unwrap_or(before.check_out_date);
    let stay = StayDates::or_day_use(arrival, departure).map_err(|e| Error::invalid("check_out_date", e))?;
    if before.status == ReservationStatus::CheckedIn {
        if arrival != before.check_in_date {
            return Err(Error::refused(
                Code::WrongDate,
                text!("The guest has arrived, so the arrival date can no longer change."),
            ));
        }
        let leaves_in_the_past = departure != before.check_out_date && departure < today;
        if leaves_in_the_past || stay.is_day_use() != before.is_day_use {
            return Err(Error::invalid("check_out_date", text!("must be after arrival and not before {today}", today)));
        }
    } else if arrival != before.check_in_date && arrival < today {
        return Err(Error::invalid("check_in_date", text!("must not be before the business date, {today}", today)));
    }
    Ok(stay)
}

/// The old nights that are still part of the stay; posted ones always are, and those
/// that an overdue guest has stayed.
pub fn carry_over(old: &[Night], after: &Reservation, stay: StayDates, today: Date) -> Vec<Night> {
    let dates = stay.priced_dates();
    let kind = if stay.is_day_use() { NightKind::DayUse } else { NightKind::Night };
    let is_overdue = after.overdue(today) == Some(Overdue::Departure);
    let was_stayed = |n: &Night| is_overdue && n.kind == NightKind::Night && n.night >= stay.departure();
    let is_kept = |n: &&Night| n.is_posted || (n.is_held && (was_stayed(n) || (n.kind == kind && dates.contains(&n.night))));
    let kept = old.iter().filter(is_kept);
    kept.cloned()
        .map(|mut night| {
            if !night.is_posted {
                (night.adults, night.children) = (after.adults, after.children);
            }
            night
        })
        .collect()
}

/// Sets the type; answers the room of the coming nights when it changes (`Some(None)` = none).
fn change_type_and_room(
    tx: &Tx,
    before: &Reservation,
    after: &mut Reservation,
    change: &Change,
) -> Result<Option<Option<RoomId>>> {
    let new_type = change.room_type_id.filter(|t| *t != before.room_type_id);
    if let Some(type_id) = new_type {
        after.room_type_id = booking::type_of(tx, type_id)?.id;
    }
    match change.room_id {
        Some(Some(room)) if Some(room) != before.room_id => Ok(Some(Some(booking::room_of(tx, room)?.id))),
        Some(None) if before.room_id.is_some() => Ok(Some(None)),
        // A room of another type would be an upgrade that nobody asked for.
        None if new_type.is_some() && before.status != ReservationStatus::CheckedIn => Ok(Some(None)),
        Some(_) | None => Ok(None),
    }
}

/// The room of an added night that nobody chose one for: its neighbour's, or the
/// one that the guest is in now.
fn neighbouring_room(before: &Reservation, kept: &[Night], night: Date, today: Date) -> Option<RoomId> {
    match (kept.first(), kept.last()) {
        (Some(first), _) if night < first.night => first.room_id,
        (_, Some(last)) if before.status == ReservationStatus::CheckedIn && last.night < today => before.room_id,
        (_, Some(last)) => last.room_id,
        (_, None) => before.room_id,
    }
}

/// The dates of a stay that have no night yet, quoted.
pub fn missing_nights(
    conn: &Conn,
    after: &Reservation,
    kept: &[Night],
    stay: StayDates,
    room_of: impl Fn(Date) -> Option<RoomId>,
) -> Result<Vec<Night>> {
    let missing: Vec<Date> = stay.priced_dates().into_iter().filter(|d| !kept.iter().any(|n| n.night == *d)).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let room_type = booking::type_of(conn, after.room_type_id)?;
    let rates = rates::nightly_as_booked(conn, after.rate_plan_id, &room_type, &missing)?;
    let kind = if stay.is_day_use() { NightKind::DayUse } else { NightKind::Night };
    let night = |(night, rate)| Night {
        night,
        kind,
        room_type_id: after.room_type_id,
        room_id: room_of(night),
        rate,
        is_rate_typed: false,
        quoted: rate,
        adults: after.adults,
        children: after.children,
        is_held: true,
        is_posted: false,
    };
    Ok(missing.into_iter().zip(rates).map(night).collect())
}

fn rate_again(tx: &Tx, after: &Reservation, nights: &mut [Night]) -> Result<()> {
    let room_type = booking::type_of(tx, after.room_type_id)?;
    let dates: Vec<Date> = nights.iter().map(|n| n.night).collect();
    let quoted = rates::nightly_as_booked(tx, after.rate_plan_id, &room_type, &dates)?;
    for (night, rate) in nights.iter_mut().zip(quoted).filter(|(n, _)| !n.is_posted && !n.is_rate_typed && n.is_held) {
        (night.rate, night.quoted) = (rate, rate);
    }
    Ok(())
}

/// Puts prices typed by hand on the nights that are not posted yet.
pub fn type_prices(nights: &mut [Night], price: &Price) -> Result<()> {
    let set = |night: &mut Night, rate: Money| (night.rate, night.is_rate_typed) = (rate, true);
    match price {
        Price::Quoted => Ok(()),
        Price::Total(total) => {
            let posted: Money = nights.iter().filter(|n| n.is_posted).map(|n| n.rate).sum();
            let open: Vec<&mut Night> = nights.iter_mut().filter(|n| !n.is_posted && n.is_held).collect();
            let left = *total - posted;
            if left.is_negative() || (open.is_empty() && !left.is_zero()) {
                return Err(Error::invalid("total_amount", text!("must not be less than the nights already posted")));
            }
            let parts = left.split(open.len());
            open.into_iter().zip(parts).for_each(|(night, rate)| set(night, rate));
            Ok(())
        }
        Price::Nightly(typed) => {
            for (i, (date, rate)) in typed.iter().enumerate() {
                let night = nights.iter_mut().find(|n| n.night == *date && n.is_held);
                let Some(night) = night else {
                    return Err(Error::invalid(format!("nightly[{i}].date"), text!("is not a night of the stay")));
                };
                if night.is_posted && night.rate != *rate {
                    return Err(Error::invalid(
                        format!("nightly[{i}].rate"),
                        text!("is already posted; give an allowance instead"),
                    ));
                }
                if !night.is_posted {
                    set(night, *rate);
                }
            }
            Ok(())
        }
    }
}

/// The first date of a stay that is not over yet, its arrival when all are: the
/// nights before it stay in their rooms.
pub fn first_to_come(arrival: Date, departure: Date, today: Date) -> Date {
    let last = departure.previous().max(arrival);
    if last >= today { arrival.max(today) } else { arrival }
}

/// The room of tonight, or of the first night to come, or of the last one.
pub fn current_room(nights: &[Night], today: Date) -> Option<RoomId> {
    let held = || nights.iter().filter(|n| n.is_held);
    held().find(|n| n.night >= today).or_else(|| held().next_back()).and_then(|n| n.room_id)
}
