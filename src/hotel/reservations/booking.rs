//! Making a booking: checked, priced night by night, written in one transaction.

use serde_json::Value;

use super::details::Details;
use super::{Night, NightKind, People, Reservation, Step, availability, capacity, day_use, find, price_guard, store};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, RatePlanId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::stay::StayDates;
use crate::domain::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::guests::{self, NewGuest};
use crate::hotel::settings::Property;
use crate::hotel::settings::store::ListKind;
use crate::hotel::users::random_bytes;
use crate::hotel::{audit, rates, rooms};

/// Who the booking is for.
#[derive(Debug, Clone)]
pub enum ForGuest {
    Known(GuestId),
    New(NewGuest),
}

/// What the price shall be.
#[derive(Debug, Clone, Default)]
pub enum Price {
    /// The rate plan's price of each night.
    #[default]
    Quoted,
    /// A total typed by hand, spread over the nights to the last minor unit.
    Total(Money),
    /// A price typed for some of the nights.
    Nightly(Vec<(Date, Money)>),
}

/// A booking to be made.
#[derive(Debug, Clone)]
pub struct NewBooking {
    pub guest: ForGuest,
    pub room_id: Option<RoomId>,
    pub room_type_id: Option<RoomTypeId>,
    pub stay: StayDates,
    pub adults: i64,
    pub children: i64,
    pub rate_plan_id: Option<RatePlanId>,
    pub price: Price,
    pub source: Option<String>,
    pub notes: String,
    pub special_requests: String,
    pub details: Details,
    pub status: ReservationStatus,
    /// Room after room, each from a night on, when no single one is free throughout.
    pub rooms: Vec<(Date, RoomId)>,
    pub people: People,
    pub reason: Option<String>,
}

impl NewBooking {
    fn first_room(&self) -> Option<RoomId> {
        self.room_of(self.stay.arrival())
    }

    fn room_of(&self, night: Date) -> Option<RoomId> {
        self.rooms.iter().rfind(|(from, _)| *from <= night).map(|(_, room)| *room).or(self.room_id)
    }
}

/// The largest party of one booking.
pub const MAX_PARTY: i64 = 100;

/// Makes a booking.
///
/// # Errors
/// 422 for what cannot be booked at all, 409 `room-taken` or `no-room-free`
/// when it could be on other dates or in another room.
pub fn book(tx: &Tx, property: &Property, new: NewBooking) -> Result<Reservation> {
    check(property, &new)?;
    let guest = match &new.guest {
        ForGuest::Known(id) => known_guest(tx, *id)?,
        ForGuest::New(guest) => {
            let id = guests::create(tx, guest)?;
            audit::record(tx, "create", "guest", id.0, &Value::Null, &serde_json::json!({"full_name": guest.full_name}))?;
            guests::contact(tx, id)?
        }
    };
    for (_, room) in &new.rooms {
        store::unit(tx, *room)?.ok_or_else(|| Error::invalid("rooms", "names a room that does not exist"))?;
    }
    let (room_number, room_type) = what(tx, &new)?;
    let source = source(tx, new.source.as_deref())?;
    let plan = new.rate_plan_id.unwrap_or(rates::BAR);
    let nights = priced_nights(tx, &new, plan, &room_type)?;
    let reservation = Reservation {
        id: ReservationId(0),
        confirmation_number: unused_number(tx)?,
        status: new.status,
        guest_id: guest.id,
        guest_name: guest.full_name,
        guest_email: guest.email,
        guest_phone: guest.phone_number,
        room_id: new.first_room(),
        room_number,
        room_type_id: room_type.id,
        room_type_name: room_type.name,
        check_in_date: new.stay.arrival(),
        check_out_date: new.stay.departure(),
        adults: new.adults,
        children: new.children,
        source,
        rate_plan_id: plan,
        notes: new.notes,
        special_requests: new.special_requests,
        is_room_locked: false,
        is_day_use: new.stay.is_day_use(),
        details: new.details,
        policy_id: rates::policy_of(tx, plan, property)?,
        room_amount: Money::ZERO,
        unposted_amount: Money::ZERO,
        charge_amount: Money::ZERO,
        paid_amount: Money::ZERO,
        checked_in_at: None,
        checked_in_date: None,
        checked_out_at: None,
        checked_out_date: None,
        planned_check_out_date: None,
        cancelled_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
        version: 1,
    };
    let step = Step { action: "create", reason: new.reason.as_deref(), people: new.people };
    write(tx, step, &reservation, &nights)
}

fn write(tx: &Tx, step: Step, reservation: &Reservation, nights: &[Night]) -> Result<Reservation> {
    let is_over = capacity::check(tx, step, &[], nights, reservation.check_in_date)?;
    availability::check_promises(tx, ReservationId(0), &[], nights, reservation.check_in_date)?;
    let id = store::insert(tx, reservation)?;
    let written = day_use::check(tx, id, &[], nights).and_then(|()| store::replace_nights(tx, id, &[], nights));
    availability::explain_conflict(tx, id, nights, written)?;
    let made = find(tx, id)?;
    let mut facts = made.facts();
    if let (Some(facts), true) = (facts.as_object_mut(), is_over) {
        facts.insert("over_capacity".to_owned(), true.into());
        facts.insert("reason".to_owned(), step.reason.into());
    }
    audit::record(tx, step.action, "reservation", id.0, &Value::Null, &facts)?;
    price_guard::note(tx, step, &made, made.status, &[], nights)?;
    Ok(made)
}

fn check(property: &Property, new: &NewBooking) -> Result<()> {
    let mut fields = Fields::default();
    let today = property.business_date;
    let late = format!("must not be before the business date, {}", today.in_words());
    fields.ensure(new.stay.arrival() >= today, "check_in_date", &late);
    check_party(&mut fields, new.adults, new.children);
    for (at, (from, _)) in new.rooms.iter().enumerate() {
        let field = format!("rooms[{at}].from");
        let is_next = if at == 0 { *from == new.stay.arrival() } else { *from > new.rooms[at - 1].0 };
        fields.ensure(is_next, &field, "must be the arrival in the first room, and later from room to room");
        fields.ensure(new.stay.priced_dates().contains(from), &field, "is not a night of the stay");
    }
    let opens = matches!(new.status, ReservationStatus::Tentative | ReservationStatus::Confirmed);
    fields.ensure(opens, "status", "must be tentative or confirmed");
    fields.finish()
}

/// A party is somebody, and fits a hotel.
pub fn check_party(fields: &mut Fields, adults: i64, children: i64) {
    fields.ensure((0..=MAX_PARTY).contains(&adults), "adults", "must be from 0 to 100");
    fields.ensure((0..=MAX_PARTY).contains(&children), "children", "must be from 0 to 100");
    fields.ensure(adults.saturating_add(children) >= 1, "adults", "must be at least 1 without children");
}

/// The guest of an id, or of the profile that it was merged into. For an erased one nothing new is booked.
pub fn known_guest(tx: &Tx, id: GuestId) -> Result<guests::Contact> {
    let named = match guests::contact(tx, id) {
        Err(Error::NotFound(_)) => return Err(Error::invalid("guest_id", "is not a guest's id")),
        other => other?,
    };
    let guest = match named.merged_into_id {
        Some(kept) => guests::contact(tx, kept)?,
        None => named,
    };
    if guest.is_erased { Err(guests::erased()) } else { Ok(guest) }
}

/// The number of the room, if one was asked for, and the type that is sold.
fn what(tx: &Tx, new: &NewBooking) -> Result<(Option<String>, rooms::RoomType)> {
    let unit = match new.first_room() {
        Some(id) => Some(store::unit(tx, id)?.ok_or_else(unknown_room)?),
        None => None,
    };
    let (room_number, sold_as) = unit.unzip();
    let Some(type_id) = new.room_type_id.or(sold_as) else {
        return Err(Error::invalid("room_type_id", "is missing: give a room type or a room"));
    };
    Ok((room_number, type_of(tx, type_id)?))
}

fn unknown_room() -> Error {
    Error::invalid("room_id", "is not a room's id")
}

/// A room named in a body: unknown is a bad field there.
pub fn room_of(conn: &Conn, id: RoomId) -> Result<rooms::Room> {
    match rooms::find(conn, id) {
        Err(Error::NotFound(_)) => Err(unknown_room()),
        other => other,
    }
}

/// A room type named in a body.
pub fn type_of(conn: &Conn, id: RoomTypeId) -> Result<rooms::RoomType> {
    match rooms::find_type(conn, id) {
        Err(Error::NotFound(_)) => Err(Error::invalid("room_type_id", "is not a room type's id")),
        other => other,
    }
}

/// The name of an active booking source, as the list spells it; "Direct" when none is given.
pub fn source(tx: &Tx, given: Option<&str>) -> Result<String> {
    let wanted = given.unwrap_or("Direct").trim();
    match ListKind::BookingSources.find_named(tx, wanted)? {
        Some(entry) if entry.is_active => Ok(entry.name),
        _ => Err(Error::invalid("source", "is not one of the booking sources")),
    }
}

/// A confirmation number that no booking has.
pub fn unused_number(tx: &Tx) -> Result<String> {
    for _ in 0..20 {
        let number = text::confirmation_number(u64::from_le_bytes(random_bytes::<8>()));
        if !store::is_number_taken(tx, &number)? {
            return Ok(number);
        }
    }
    Err(Error::refused(Code::StillInUse, "No unused confirmation number was found; please try again."))
}

fn priced_nights(tx: &Tx, new: &NewBooking, plan: RatePlanId, room_type: &rooms::RoomType) -> Result<Vec<Night>> {
    let dates = new.stay.priced_dates();
    let quoted = rates::nightly(tx, new.rate_plan_id, room_type, &dates)?;
    debug_assert!(plan.0 > 0, "a booking has a rate plan");
    let prices = apply_price(&dates, &quoted, &new.price)?;
    let kind = if new.stay.is_day_use() { NightKind::DayUse } else { NightKind::Night };
    let night = |((night, quoted), (rate, is_rate_typed)): ((&Date, &Money), (Money, bool))| Night {
        night: *night,
        kind,
        room_type_id: room_type.id,
        room_id: new.room_of(*night),
        rate,
        is_rate_typed,
        quoted: *quoted,
        adults: new.adults,
        children: new.children,
        is_held: true,
        is_posted: false,
    };
    Ok(dates.iter().zip(&quoted).zip(prices).map(night).collect())
}

/// The price of each date, and whether it was typed by hand.
fn apply_price(dates: &[Date], quoted: &[Money], price: &Price) -> Result<Vec<(Money, bool)>> {
    match price {
        Price::Quoted => Ok(quoted.iter().map(|rate| (*rate, false)).collect()),
        Price::Total(total) => Ok(total.split(dates.len()).into_iter().map(|rate| (rate, true)).collect()),
        Price::Nightly(typed) => {
            let stray = typed.iter().position(|(date, _)| !dates.contains(date));
            if let Some(i) = stray {
                return Err(Error::invalid(format!("nightly[{i}].date"), "is not a night of the stay"));
            }
            let rate_of = |date: &Date| typed.iter().find(|(d, _)| d == date).map(|(_, rate)| *rate);
            Ok(dates.iter().zip(quoted).map(|(d, q)| rate_of(d).map_or((*q, false), |rate| (rate, true))).collect())
        }
    }
}
