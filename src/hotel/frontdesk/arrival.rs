//! The sheet of a check-in: all that it takes, told in one answer, and done in one transaction.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::booking_payment::{self, DepositRequest};
use super::desk::{self, CheckIn};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{GuestId, RoomId};
use crate::domain::money::Amount;
use crate::domain::stay::StayDates;
use crate::domain::text::{EmailAddress, PhoneNumber};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::audit::Reason;
use crate::hotel::folio::security_api::{self, SecurityRequest};
use crate::hotel::guests::{self, Country, DocumentKind, DocumentNumber};
use crate::hotel::registration::rules::PersonField;
use crate::hotel::reservations::api::{ByReservation, people, reason};
use crate::hotel::reservations::asked_deposit::{self, DepositView};
use crate::hotel::reservations::availability::{self, FreeRoom};
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::view::{ReservationDetail, detail};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::stay_guests::api::StayGuestRequest;
use crate::hotel::{registration, rooms, settings, stay_guests};

/// A check-in on the business date, before it is done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ArrivalView {
    date: Date,
    check_in_date: Date,
    check_out_date: Date,
    /// The nights that the guest still sleeps here.
    nights: i64,
    /// The room for tonight as it stands now; none when it is to be chosen.
    room: Option<FreeRoom>,
    /// Other rooms that are free until the departure: all of the booked type, of other types those that
    /// somebody can walk into.
    rooms: Vec<FreeRoom>,
    guest_id: GuestId,
    /// What the hotel asks of a guest and the profile does not say.
    missing_fields: Vec<String>,
    /// What the country's rules ask of each who has to be registered, and nobody has written down.
    unregistered: Vec<UnregisteredView>,
    /// Who is known by name, the head first.
    guest_names: Vec<String>,
    /// Booked people of whom nothing is known yet.
    unnamed_count: i64,
    total_amount: Amount,
    total_paid: Amount,
    balance: Amount,
    deposit: Option<DepositView>,
}

/// Somebody of whom something is missing for the registration.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnregisteredView {
    full_name: String,
    missing_fields: Vec<PersonField>,
}

fn unregistered(conn: &Conn, stay: &Reservation) -> Result<Vec<UnregisteredView>> {
    let Some(country) = registration::country(conn)? else { return Ok(Vec::new()) };
    let people = registration::of_stay(conn, country, stay)?.into_iter().filter(|one| !one.missing.is_empty());
    Ok(people.map(|one| UnregisteredView { full_name: one.person.full_name, missing_fields: one.missing }).collect())
}

/// What a check-in today would need, whether or not the booking allows one.
pub fn arrival(conn: &Conn, at: ByReservation) -> Result<ArrivalView> {
    let property = settings::property(conn)?;
    let today = property.business_date;
    let stay = reservations::find(conn, at.id)?;
    let planned = Itinerary::stored(conn, at.id)?.current_room(today);
    let rooms = rooms_for(conn, &stay, planned, today)?;
    let room = planned.map(|id| rooms::find(conn, id)).transpose()?.map(FreeRoom::from);
    let guest = guests::find(conn, stay.guest_id)?;
    let people = stay_guests::of_stay(conn, &stay)?;
    Ok(ArrivalView {
        date: today,
        check_in_date: stay.check_in_date,
        check_out_date: stay.check_out_date,
        nights: stay.check_in_date.max(today).days_until(stay.check_out_date).max(0),
        room,
        rooms,
        guest_id: stay.guest_id,
        missing_fields: guests::missing_fields(&guest, &property.required_guest_fields),
        unregistered: unregistered(conn, &stay)?,
        unnamed_count: i64::try_from(stay_guests::unnamed_count(&stay, &people)).unwrap_or(i64::MAX),
        guest_names: people.into_iter().map(|person| person.full_name).collect(),
        total_amount: property.amount(stay.total_amount()),
        total_paid: property.amount(stay.paid_amount),
        balance: property.amount(stay.balance()),
        deposit: asked_deposit::view(&stay, &property),
    })
}

fn rooms_for(conn: &Conn, stay: &Reservation, planned: Option<RoomId>, today: Date) -> Result<Vec<FreeRoom>> {
    let from = stay.check_in_date.max(today);
    let dates = StayDates::or_day_use(from, stay.check_out_date.max(from)).map_err(|e| Error::invalid("check_out_date", e))?;
    let mut types = availability::by_type(conn, dates, None, stay.asker())?;
    types.sort_by_key(|found| found.room_type.id != stay.room_type_id);
    let is_offered = |room: &FreeRoom| Some(room.id) != planned && (room.room_type_id == stay.room_type_id || room.is_ready);
    Ok(types.into_iter().flat_map(|found| found.rooms).filter(is_offered).collect())
}

/// Papers of the guest that were shown at the desk.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PapersRequest {
    email: Option<EmailAddress>,
    phone_number: Option<PhoneNumber>,
    /// Such as passport.
    id_type: Option<DocumentKind>,
    id_number: Option<DocumentNumber>,
    /// A country's code of two or three letters, or its name.
    nationality: Option<Country>,
    birth_date: Option<Date>,
}

/// How a guest arrives. All of it is done, or nothing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckInRequest {
    /// The room, when none (or another one) is assigned.
    room_id: Option<RoomId>,
    /// Check in although the room is dirty; it is recorded.
    override_dirty: Option<bool>,
    /// More people than the room is for; an owner's or a manager's to allow, with a reason.
    override_capacity: Option<bool>,
    reason: Option<Reason>,
    /// What the profile learns first.
    papers: Option<PapersRequest>,
    /// People written down behind those who are known by name.
    companions: Option<Few<StayGuestRequest, 0, 100>>,
    /// Money taken at the desk.
    payment: Option<DepositRequest>,
    /// What the guest leaves as a security.
    security: Option<SecurityRequest>,
}

pub fn check_in(tx: &Tx, at: ByReservation, body: CheckInRequest) -> Result<ReservationDetail> {
    let property = settings::property(tx)?;
    if let Some(papers) = body.papers {
        learn(tx, &at, papers)?;
    }
    if let Some(companions) = body.companions {
        stay_guests::add(tx, &reservations::find(tx, at.id)?, companions.into_iter().collect())?;
    }
    let how = CheckIn {
        room_id: body.room_id,
        override_dirty: body.override_dirty.unwrap_or(false),
        people: people(body.override_capacity),
        reason: reason(body.reason)?,
    };
    let arrived = desk::check_in(tx, at.id, &how)?;
    if let Some(money) = &body.payment {
        booking_payment::pay(tx, &property, std::slice::from_ref(&arrived), money)?;
    }
    if let Some(security) = body.security {
        security_api::take_of(tx, at.id, security).map_err(|e| e.under("security"))?;
    }
    detail(tx, reservations::find(tx, at.id)?)
}

/// The guest's profile learns what the papers say, and so does who is written down already.
fn learn(tx: &Tx, at: &ByReservation, papers: PapersRequest) -> Result<()> {
    let stay = reservations::find(tx, at.id)?;
    let before = guests::find(tx, stay.guest_id)?;
    let mut profile = before.profile();
    profile.email = papers.email.unwrap_or(profile.email);
    profile.phone_number = papers.phone_number.unwrap_or(profile.phone_number);
    profile.id_type = papers.id_type.unwrap_or(profile.id_type);
    profile.id_number = papers.id_number.unwrap_or(profile.id_number);
    profile.nationality = papers.nationality.unwrap_or(profile.nationality);
    profile.birth_date = papers.birth_date.or(profile.birth_date);
    let mut fields = Fields::default();
    let is_past = papers.birth_date.is_none_or(|date| date <= settings::business_date(tx).unwrap_or(date));
    fields.ensure(is_past, "birth_date", text!("must not be in the future"));
    fields.finish().map_err(|e| e.under("papers"))?;
    let profile = profile.check().map_err(|e| e.under("papers"))?;
    if profile != before.profile() {
        let saved = guests::change(tx, &before, &profile)?;
        stay_guests::learn(tx, &stay, &saved)?;
    }
    Ok(())
}
