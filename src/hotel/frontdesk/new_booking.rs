//! A booking made at the desk, of one room or of several for one party, with the money taken for
//! it and the guests checked in: all of it in one transaction, or nothing.

use schemars::JsonSchema;
use serde::Deserialize;

use super::booking_payment::{self, DepositRequest};
use super::desk::{self, CheckIn};
use crate::db::Tx;
use crate::domain::ages::Ages;
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{CompanyId, GroupId, GuestId, RatePlanId, RoomId, RoomTypeId};
use crate::domain::money::NotNegative;
use crate::domain::status::{RateKind, ReservationStatus, words};
use crate::domain::stay::StayDates;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::audit::Reason;
use crate::hotel::guests::api::GuestRequest;
use crate::hotel::rates::conditions::PromoCode;
use crate::hotel::reservations::api::{ChildrenAges, NightRequest, Nightly, ages, people, price, reason, selling};
use crate::hotel::reservations::booking::{ForGuest, NewBooking, Part, Party, PartySize, Price, book};
use crate::hotel::reservations::details::Details;
use crate::hotel::reservations::view::{ReservationDetail, detail};
use crate::hotel::reservations::{self, BookingNotes, Reservation, availability};
use crate::hotel::rooms::Cots;
use crate::hotel::settings::{self, EntryName, Property};
use crate::http::endpoint::NoParams;

/// Parts of one stay.
type Parts = Few<PartRequest, 1, 100>;

words!(
    /// How a booking begins.
    FirstStatus { Tentative = "tentative", Confirmed = "confirmed" }
);

impl From<FirstStatus> for ReservationStatus {
    fn from(first: FirstStatus) -> ReservationStatus {
        match first {
            FirstStatus::Tentative => ReservationStatus::Tentative,
            FirstStatus::Confirmed => ReservationStatus::Confirmed,
        }
    }
}

/// A booking to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingRequest {
    /// A guest who is known; or `guest` for a new one.
    guest_id: Option<GuestId>,
    guest: Option<GuestRequest>,
    /// A room; or `room_type_id` alone to choose the room later.
    room_id: Option<RoomId>,
    room_type_id: Option<RoomTypeId>,
    /// The stay in parts that follow each other, in the place of `room_id`, when no single room is
    /// free throughout: a split as it is offered.
    parts: Option<Parts>,
    check_in_date: Date,
    /// The same date as the arrival books the room for the day alone.
    check_out_date: Date,
    adults: Option<PartySize>,
    children: Option<PartySize>,
    /// How old the children are at arrival: of all, or none.
    children_ages: Option<ChildrenAges>,
    cots: Option<Cots>,
    rate_plan_id: Option<RatePlanId>,
    /// For a plan that needs one.
    promo_code: Option<PromoCode>,
    /// The price of all nights together; the rate plan's when left out.
    total_amount: Option<NotNegative>,
    nightly: Option<Nightly>,
    source: Option<EntryName>,
    notes: Option<BookingNotes>,
    special_requests: Option<BookingNotes>,
    /// When the guest is expected, by the hotel's clock; before six in the morning it is after
    /// midnight of the arrival's night.
    expected_arrival_time: Option<ArrivalTime>,
    /// The guest arrives late: hold the room.
    is_late_arrival: Option<bool>,
    /// Until when a tentative booking's room is held, that day included.
    option_date: Option<Date>,
    /// Whose people stay, or who sent them.
    company_id: Option<CompanyId>,
    /// The group that it belongs to, and whose block it picks up.
    group_id: Option<GroupId>,
    /// Who pays; paying when left out. Otherwise the nights cost nothing.
    rate_kind: Option<RateKind>,
    /// Why nothing is charged; required unless it is paying.
    rate_kind_reason: Option<Reason>,
    /// confirmed when left out.
    status: Option<FirstStatus>,
    /// More people than the room is for; an owner's or a manager's to allow, with a reason.
    override_capacity: Option<bool>,
    /// Against restrictions; with a reason, and told to the owner.
    override_restrictions: Option<bool>,
    reason: Option<Reason>,
    /// Further rooms for the same party and dates, each a booking of its own.
    more_rooms: Option<Few<RoomRequest, 0, 99>>,
    /// Money taken with the booking; of several rooms each gets what it costs, in their order, and
    /// the first what is over.
    payment: Option<DepositRequest>,
    /// The guests are here. Without a room the first one of the type that is ready is given.
    check_in: Option<ArrivalRequest>,
}

/// One more room of a party. What is left out is as in the first one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoomRequest {
    /// Who sleeps there, when it is somebody else.
    guest_id: Option<GuestId>,
    guest: Option<GuestRequest>,
    room_id: Option<RoomId>,
    /// The first room's type when left out together with `room_id` and `parts`.
    room_type_id: Option<RoomTypeId>,
    parts: Option<Parts>,
    adults: Option<PartySize>,
    children: Option<PartySize>,
    children_ages: Option<ChildrenAges>,
    cots: Option<Cots>,
    /// The rate plan's price when this and `nightly` are left out.
    total_amount: Option<NotNegative>,
    nightly: Option<Nightly>,
}

/// Nights of a stay that are slept in one room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartRequest {
    from: Date,
    to: Date,
    /// Chosen later when left out.
    room_id: Option<RoomId>,
    /// What the nights are sold as; the booking's type when left out, else the room's.
    room_type_id: Option<RoomTypeId>,
    /// The price of these nights together; the rate plan's when left out.
    total_amount: Option<NotNegative>,
}

/// How the guest of a new booking arrives.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArrivalRequest {
    /// Check in although the room is dirty; it is recorded.
    override_dirty: Option<bool>,
    reason: Option<Reason>,
}

pub fn create(tx: &Tx, _: NoParams, body: BookingRequest) -> Result<ReservationDetail> {
    let property = settings::property(tx)?;
    let made = make_all(tx, &property, &body)?;
    if let Some(money) = &body.payment {
        booking_payment::pay(tx, &property, &made, money)?;
    }
    if let Some(arrival) = &body.check_in {
        let reason = reason(arrival.reason.clone())?.or(reason(body.reason.clone())?);
        for stay in &made {
            let how = CheckIn {
                room_id: stay.room_id.map_or_else(|| room_to_give(tx, stay), |_| Ok(None))?,
                override_dirty: arrival.override_dirty.unwrap_or(false),
                people: people(body.override_capacity),
                reason: reason.clone(),
            };
            desk::check_in(tx, stay.id, &how)?;
        }
    }
    let [first, ..] = made.as_slice() else { return Err(Error::internal("a booking has a room")) };
    detail(tx, reservations::find(tx, first.id)?)
}

/// The first room of the type that is ready, of those that are free throughout.
pub fn room_to_give(tx: &Tx, stay: &Reservation) -> Result<Option<RoomId>> {
    let dates =
        StayDates::or_day_use(stay.check_in_date, stay.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let free = availability::free_rooms(tx, stay.room_type_id, dates, stay.id, stay.check_in_date)?;
    Ok(free.first().map(|room| room.id))
}

/// The bookings of all rooms, the first one's first.
fn make_all(tx: &Tx, property: &Property, body: &BookingRequest) -> Result<Vec<Reservation>> {
    let more = body.more_rooms.as_deref().unwrap_or_default();
    let party = if more.is_empty() { Party::None } else { Party::Founded };
    let first = Room {
        guest: guest_of(body.guest_id, body.guest.as_ref())?
            .ok_or_else(|| Error::invalid("guest_id", text!("is missing: give a guest_id or a guest")))?,
        room_id: body.room_id,
        room_type_id: body.room_type_id,
        parts: body.parts.as_deref(),
        adults: body.adults.map_or(1, i64::from),
        children: body.children.map_or(0, i64::from),
        ages: ages(body.children_ages.as_deref()).unwrap_or_default(),
        cots: body.cots.map_or(0, i64::from),
        total_amount: body.total_amount.as_ref(),
        nightly: body.nightly.as_deref(),
    };
    let mut made = vec![make(tx, property, body, first, party)?];
    for (at, room) in more.iter().enumerate() {
        let other = make_other(tx, property, body, room, &made[0]).map_err(|e| e.under(&format!("more_rooms[{at}]")))?;
        made.push(other);
    }
    Ok(made)
}

fn make_other(
    tx: &Tx,
    property: &Property,
    body: &BookingRequest,
    room: &RoomRequest,
    first: &Reservation,
) -> Result<Reservation> {
    let is_open = room.room_id.is_none() && room.parts.is_none();
    let wanted = Room {
        guest: guest_of(room.guest_id, room.guest.as_ref())?.unwrap_or(ForGuest::Known(first.guest_id)),
        room_id: room.room_id,
        room_type_id: room.room_type_id.or(is_open.then_some(first.room_type_id)),
        parts: room.parts.as_deref(),
        adults: room.adults.map_or(first.adults, i64::from),
        children: room.children.map_or(first.children, i64::from),
        ages: match room.children {
            Some(_) => ages(room.children_ages.as_deref()).unwrap_or_default(),
            None => ages(room.children_ages.as_deref()).unwrap_or_else(|| first.details.children_ages.clone()),
        },
        cots: room.cots.map_or(first.details.cots, i64::from),
        total_amount: room.total_amount.as_ref(),
        nightly: room.nightly.as_deref(),
    };
    make(tx, property, body, wanted, Party::Of(first.confirmation_number.clone()))
}

fn guest_of(id: Option<GuestId>, new: Option<&GuestRequest>) -> Result<Option<ForGuest>> {
    match (id, new) {
        (Some(id), None) => Ok(Some(ForGuest::Known(id))),
        (None, Some(new)) => Ok(Some(ForGuest::New(new.check().map_err(|e| e.under("guest"))?))),
        (Some(_), Some(_)) => Err(Error::invalid("guest", text!("must not be given together with guest_id"))),
        (None, None) => Ok(None),
    }
}

/// One room of what is booked.
struct Room<'a> {
    guest: ForGuest,
    room_id: Option<RoomId>,
    room_type_id: Option<RoomTypeId>,
    parts: Option<&'a [PartRequest]>,
    adults: i64,
    children: i64,
    ages: Ages,
    cots: i64,
    total_amount: Option<&'a NotNegative>,
    nightly: Option<&'a [NightRequest]>,
}

fn make(tx: &Tx, property: &Property, body: &BookingRequest, room: Room, party: Party) -> Result<Reservation> {
    if room.parts.is_some() && room.room_id.is_some() {
        return Err(Error::invalid("parts", text!("must not be given together with room_id")));
    }
    let stay = StayDates::or_day_use(body.check_in_date, body.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let mut fields = Fields::default();
    let notes = fields.check("notes", body.notes.clone().unwrap_or_default().checked());
    let special_requests = fields.check("special_requests", body.special_requests.clone().unwrap_or_default().checked());
    let rate_kind_reason = fields.check("rate_kind_reason", body.rate_kind_reason.clone().unwrap_or_default().checked());
    if let Some(parts) = room.parts {
        check_parts(&mut fields, stay, parts);
    }
    fields.finish()?;
    let part = |part: &PartRequest| Part { from: part.from, room_id: part.room_id, room_type_id: part.room_type_id };
    let price = price_of(property, &room)?;
    let new = NewBooking {
        guest: room.guest,
        room_id: room.room_id,
        room_type_id: room.room_type_id,
        stay,
        adults: room.adults,
        children: room.children,
        rate_plan_id: body.rate_plan_id,
        promo_code: body.promo_code.as_ref().map(|code| code.to_string()),
        price,
        source: body.source.clone().map(String::from),
        notes,
        special_requests,
        details: Details {
            expected_arrival_time: body.expected_arrival_time,
            is_late_arrival: body.is_late_arrival.unwrap_or(false),
            option_date: body.option_date,
            company_id: body.company_id,
            group_id: body.group_id,
            children_ages: room.ages,
            cots: room.cots,
            rate_kind: body.rate_kind.unwrap_or_default(),
            rate_kind_reason,
        },
        status: body.status.unwrap_or(FirstStatus::Confirmed).into(),
        parts: room.parts.unwrap_or_default().iter().map(part).collect(),
        party,
        people: people(body.override_capacity),
        selling: selling(body.override_restrictions),
        reason: reason(body.reason.clone())?,
    };
    book(tx, property, new)
}

/// The parts cover the nights of the stay, one after the other.
fn check_parts(fields: &mut Fields, stay: StayDates, parts: &[PartRequest]) {
    let mut next = stay.arrival();
    for (at, part) in parts.iter().enumerate() {
        fields.ensure(
            part.from == next,
            &format!("parts[{at}].from"),
            text!("must be where the part before it ends, of the first the arrival"),
        );
        fields.ensure(part.to > part.from, &format!("parts[{at}].to"), text!("must be after the first night"));
        next = part.to;
    }
    let last = format!("parts[{}].to", parts.len().saturating_sub(1));
    fields.ensure(next == stay.departure(), &last, text!("must be the departure in the last part"));
}

/// The typed price of a room: of all its nights, of single ones, or of its parts.
fn price_of(property: &Property, room: &Room) -> Result<Price> {
    let priced: Vec<(usize, &PartRequest, &NotNegative)> = room
        .parts
        .unwrap_or_default()
        .iter()
        .enumerate()
        .filter_map(|(at, part)| part.total_amount.as_ref().map(|amount| (at, part, amount)))
        .collect();
    let Some((first, ..)) = priced.first() else { return price(property, room.total_amount, room.nightly) };
    if room.total_amount.is_some() || room.nightly.is_some() {
        let message = text!("must not be given together with total_amount or nightly");
        return Err(Error::invalid(format!("parts[{first}].total_amount"), message));
    }
    let mut nights = Vec::new();
    for (at, part, amount) in priced {
        let dates: Vec<Date> = StayDates::new(part.from, part.to).map(|dates| dates.nights().collect()).unwrap_or_default();
        let total = property.price(&format!("parts[{at}].total_amount"), amount)?;
        nights.extend(dates.iter().copied().zip(total.split(dates.len())));
    }
    Ok(Price::Nightly(nights))
}
