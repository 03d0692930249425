//! A booking made at the desk, with the money taken for it and the guest checked in: all
//! of it in one transaction, or nothing.

use schemars::JsonSchema;
use serde::Deserialize;

use super::desk::{self, CheckIn};
use crate::db::Tx;
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::id::{GuestId, RatePlanId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Decimal;
use crate::domain::status::{PaymentType, ReservationStatus, words};
use crate::domain::stay::StayDates;
use crate::domain::text::{self, Line, Name, Paragraph};
use crate::error::{Error, Fields, Result};
use crate::hotel::folio::payments::{self, NewPayment};
use crate::hotel::guests::api::GuestRequest;
use crate::hotel::reservations::api::{NightRequest, people, price, reason};
use crate::hotel::reservations::booking::{ForGuest, NewBooking, book};
use crate::hotel::reservations::details::Details;
use crate::hotel::reservations::view::{ReservationDetail, detail};
use crate::hotel::reservations::{self, Reservation, availability};
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::NoParams;

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
    /// Room after room, in the place of `room_id`, when no single one is free throughout.
    #[schemars(length(max = 100))]
    rooms: Option<Vec<PartRequest>>,
    room_type_id: Option<RoomTypeId>,
    check_in_date: Date,
    /// The same date as the arrival books the room for the day alone.
    check_out_date: Date,
    #[schemars(range(min = 0, max = 100))]
    adults: Option<i64>,
    #[schemars(range(min = 0, max = 100))]
    children: Option<i64>,
    rate_plan_id: Option<RatePlanId>,
    /// The price of all nights together; the rate plan's when left out.
    #[schemars(range(min = 0))]
    total_amount: Option<Decimal>,
    #[schemars(length(max = 400))]
    nightly: Option<Vec<NightRequest>>,
    #[schemars(with = "Option<Name<100>>")]
    source: Option<String>,
    #[schemars(with = "Option<Paragraph<2000>>")]
    notes: Option<String>,
    #[schemars(with = "Option<Paragraph<2000>>")]
    special_requests: Option<String>,
    /// When the guest is expected, by the hotel's clock; before six in the morning it is after
    /// midnight of the arrival's night.
    expected_arrival_time: Option<ArrivalTime>,
    /// The guest arrives late: hold the room.
    is_late_arrival: Option<bool>,
    /// confirmed when left out.
    status: Option<FirstStatus>,
    /// More people than the room is for; an owner's or a manager's to allow, with a reason.
    override_capacity: Option<bool>,
    #[schemars(with = "Option<Line<500>>")]
    reason: Option<String>,
    /// Money taken with the booking.
    payment: Option<DepositRequest>,
    /// The guest is here. Without a room the first one of the type that is ready is given.
    check_in: Option<ArrivalRequest>,
}

/// A room from a night on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartRequest {
    room_id: RoomId,
    from: Date,
}

/// Money for a booking that is being made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositRequest {
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    #[schemars(with = "Name<100>")]
    payment_method: String,
    /// When left out: full when it is all that is owed, else deposit.
    payment_type: Option<PaymentType>,
    #[schemars(with = "Option<Line<100>>")]
    reference_number: Option<String>,
    #[schemars(with = "Option<Line<500>>")]
    notes: Option<String>,
}

/// How the guest of a new booking arrives.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArrivalRequest {
    /// Check in although the room is dirty; it is recorded.
    override_dirty: Option<bool>,
    #[schemars(with = "Option<Line<500>>")]
    reason: Option<String>,
}

pub fn create(tx: &Tx, _: NoParams, body: BookingRequest) -> Result<ReservationDetail> {
    let property = settings::property(tx)?;
    let made = make(tx, &property, &body)?;
    if let Some(money) = &body.payment {
        pay(tx, &property, made.id, money)?;
    }
    if let Some(arrival) = body.check_in {
        let how = CheckIn {
            room_id: made.room_id.map_or_else(|| room_to_give(tx, &made), |_| Ok(None))?,
            override_dirty: arrival.override_dirty.unwrap_or(false),
            people: people(body.override_capacity),
            reason: reason(arrival.reason)?.or(reason(body.reason)?),
        };
        desk::check_in(tx, made.id, &how)?;
    }
    detail(tx, reservations::find(tx, made.id)?)
}

/// The first room of the type that is ready, of those that are free throughout.
fn room_to_give(tx: &Tx, stay: &Reservation) -> Result<Option<RoomId>> {
    let dates =
        StayDates::or_day_use(stay.check_in_date, stay.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let free = availability::free_rooms(tx, stay.room_type_id, dates, stay.id, stay.check_in_date)?;
    Ok(free.first().map(|room| room.id))
}

fn pay(tx: &Tx, property: &Property, id: ReservationId, money: &DepositRequest) -> Result<()> {
    let mut fields = Fields::default();
    let reference_number = fields.check("reference_number", text::line(money.reference_number.as_deref().unwrap_or(""), 100));
    let notes = fields.check("notes", text::line(money.notes.as_deref().unwrap_or(""), 500));
    fields.finish().map_err(|e| e.under("payment"))?;
    let amount = property.money("payment.amount", &money.amount)?;
    let is_all = amount == reservations::find(tx, id)?.balance();
    let payment = NewPayment {
        reservation_id: id,
        amount,
        payment_method: money.payment_method.clone(),
        payment_type: money.payment_type.unwrap_or(if is_all { PaymentType::Full } else { PaymentType::Deposit }),
        payment_date: None,
        reference_number,
        notes,
    };
    payments::pay(tx, &payment).map_err(|e| e.under("payment")).map(|_| ())
}

fn make(tx: &Tx, property: &Property, body: &BookingRequest) -> Result<Reservation> {
    let guest = match (body.guest_id, &body.guest) {
        (Some(id), None) => ForGuest::Known(id),
        (None, Some(new)) => ForGuest::New(new.check().map_err(|e| e.under("guest"))?),
        (Some(_), Some(_)) => return Err(Error::invalid("guest", "must not be given together with guest_id")),
        (None, None) => return Err(Error::invalid("guest_id", "is missing: give a guest_id or a guest")),
    };
    if body.rooms.is_some() && body.room_id.is_some() {
        return Err(Error::invalid("rooms", "must not be given together with room_id"));
    }
    let stay = StayDates::or_day_use(body.check_in_date, body.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let mut fields = Fields::default();
    let notes = fields.check("notes", text::paragraph(body.notes.as_deref().unwrap_or(""), 2000));
    let special_requests =
        fields.check("special_requests", text::paragraph(body.special_requests.as_deref().unwrap_or(""), 2000));
    fields.finish()?;
    let part = |part: &PartRequest| (part.from, part.room_id);
    let new = NewBooking {
        guest,
        room_id: body.room_id,
        room_type_id: body.room_type_id,
        stay,
        adults: body.adults.unwrap_or(1),
        children: body.children.unwrap_or(0),
        rate_plan_id: body.rate_plan_id,
        price: price(property, body.total_amount.as_ref(), body.nightly.as_deref())?,
        source: body.source.clone(),
        notes,
        special_requests,
        details: Details {
            expected_arrival_time: body.expected_arrival_time,
            is_late_arrival: body.is_late_arrival.unwrap_or(false),
        },
        status: body.status.unwrap_or(FirstStatus::Confirmed).into(),
        rooms: body.rooms.iter().flatten().map(part).collect(),
        people: people(body.override_capacity),
        reason: reason(body.reason.clone())?,
    };
    book(tx, property, new)
}
