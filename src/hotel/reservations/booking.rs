//! Making a booking: checked, priced night by night, written in one transaction.

use serde_json::Value;

use super::capacity::Cots;
use super::details::{Details, check_ages, check_option};
use super::itinerary::{Itinerary, Sold};
use super::restricted::Selling;
use super::{
    Night, NightKind, People, Reservation, Step, asked_deposit, availability, capacity, day_use, find, party, price_guard,
    rate_kind, restricted, store, taxed,
};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, RatePlanId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::number::Within;
use crate::domain::restriction::Broken;
use crate::domain::status::ReservationStatus;
use crate::domain::stay::StayDates;
use crate::domain::text;
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::guests::{self, NewGuest};
use crate::hotel::rates::{self, Buyer, Sale};
use crate::hotel::settings::Property;
use crate::hotel::settings::store::ListKind;
use crate::hotel::users::random_bytes;
use crate::hotel::{audit, companies, exceptions, groups, rooms};

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
    /// What the guest gave for a plan that needs one.
    pub promo_code: Option<String>,
    pub price: Price,
    pub source: Option<String>,
    pub notes: String,
    pub special_requests: String,
    pub details: Details,
    pub status: ReservationStatus,
    /// The stay in parts, in their order, when no single room is free throughout.
    pub parts: Vec<Part>,
    pub party: Party,
    pub people: People,
    pub selling: Selling,
    pub reason: Option<String>,
}

/// From a night on: where it is slept, and what it is sold as.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub from: Date,
    pub room_id: Option<RoomId>,
    /// The booking's type when left out.
    pub room_type_id: Option<RoomTypeId>,
}

/// Rooms that are booked together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    None,
    /// The first of them; the party has its number for a name.
    Founded,
    Of(String),
}

impl NewBooking {
    fn first_room(&self) -> Option<RoomId> {
        self.room_of(self.stay.arrival())
    }

    fn part_of(&self, night: Date) -> Option<&Part> {
        self.parts.iter().rfind(|part| part.from <= night)
    }

    fn room_of(&self, night: Date) -> Option<RoomId> {
        self.part_of(night).map_or(self.room_id, |part| part.room_id)
    }
}

/// Adults of one booking, or children.
pub type PartySize = Within<0, 1000>;

/// Makes a booking.
///
/// # Errors
/// 422 for what cannot be booked at all, 409 `room-taken` or `no-room-free`
/// when it could be on other dates or in another room.
pub fn book(tx: &Tx, property: &Property, mut new: NewBooking) -> Result<Reservation> {
    check(property, &mut new)?;
    let guest = match &new.guest {
        ForGuest::Known(id) => known_guest(tx, *id)?,
        ForGuest::New(guest) => {
            let id = guests::create(tx, guest)?;
            guests::contact(tx, id)?
        }
    };
    let (room_number, room_type) = sold_as(tx, &new, new.stay.arrival())?;
    let source = source(tx, new.source.as_deref())?;
    new.details.company_id.map(|id| companies::named(tx, id)).transpose()?;
    new.details.group_id.map(|id| groups::named(tx, id)).transpose()?;
    let sale = Sale::New(new.rate_plan_id);
    let (plan, mut nights) = (sale.plan(), priced_nights(tx, property, sale, &source, &new)?);
    rate_kind::price(new.details.rate_kind, &mut nights);
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
        moved_amount: Money::ZERO,
        deposit_amount: Money::ZERO,
        deposit_due_date: None,
        checked_in_at: None,
        checked_in_date: None,
        checked_out_at: None,
        checked_out_date: None,
        planned_check_out_date: None,
        cancelled_at: None,
        cancelled_on: None,
        booked_on: property.business_date,
        plan_since: None,
        created_at: tx.now(),
        updated_at: tx.now(),
        version: 1,
    };
    let party = match new.party {
        Party::None => None,
        Party::Founded => Some(reservation.confirmation_number.clone()),
        Party::Of(number) => Some(number),
    };
    taxed::add(tx, &reservation, &mut nights, property.business_date)?;
    let reservation = asked_deposit::with_asked(tx, reservation, &nights)?;
    let step = Step { action: "create", reason: new.reason.as_deref(), people: new.people, selling: new.selling };
    let broken = restricted::check(tx, step, None, (&reservation, &nights), property.business_date)?;
    write(tx, step, &reservation, &nights, (party.as_deref(), &broken))
}

fn write(
    tx: &Tx,
    step: Step,
    reservation: &Reservation,
    nights: &[Night],
    (party, broken): (Option<&str>, &[Broken]),
) -> Result<Reservation> {
    let cots = Cots { before: 0, now: reservation.details.cots };
    let is_over = capacity::check(tx, step, cots, &[], nights, reservation.check_in_date)?;
    capacity::check_cots(tx, step, reservation.id, cots, &[], nights, reservation.check_in_date)?;
    availability::check_promises(tx, reservation.asker(), false, &[], nights, reservation.check_in_date)?;
    let id = store::insert(tx, reservation)?;
    let written = day_use::check(tx, id, &[], nights).and_then(|()| store::replace_nights(tx, id, &[], nights));
    availability::explain_conflict(tx, id, nights, written)?;
    let made = find(tx, id)?;
    let mut facts = made.facts();
    if let (Some(facts), true) = (facts.as_object_mut(), is_over || !broken.is_empty()) {
        facts.insert("reason".to_owned(), step.reason.into());
    }
    if let (Some(facts), true) = (facts.as_object_mut(), is_over) {
        facts.insert("over_capacity".to_owned(), true.into());
    }
    if let (Some(facts), false) = (facts.as_object_mut(), broken.is_empty()) {
        facts.insert("broken_restrictions".to_owned(), serde_json::to_value(broken).map_err(Error::internal)?);
    }
    if let (Some(facts), Some(party)) = (facts.as_object_mut(), party) {
        store::join_party(tx, id, party)?;
        facts.insert("party".to_owned(), party.into());
    }
    audit::record(tx, step.action, "reservation", id.0, &Value::Null, &facts)?;
    if let (Some(reason), false) = (step.reason, broken.is_empty()) {
        exceptions::note_against(tx, broken, made.noted(), reason)?;
    }
    price_guard::note(tx, step, &made, made.status, &[], nights)?;
    Ok(made)
}

fn check(property: &Property, new: &mut NewBooking) -> Result<()> {
    let mut fields = Fields::default();
    let today = property.business_date;
    let late = text!("must not be before the business date, {today}", today);
    fields.ensure(new.stay.arrival() >= today, "check_in_date", late);
    check_party(&mut fields, new.adults, new.children);
    check_ages(&mut fields, &new.details.children_ages, new.children);
    fields.check("cots", rooms::Cots::of(new.details.cots));
    if let Some(until) = new.details.option_date {
        check_option(&mut fields, until, new.status, new.stay.arrival(), today);
    }
    rate_kind::check(&mut fields, &mut new.details, !matches!(new.price, Price::Quoted));
    let opens = matches!(new.status, ReservationStatus::Tentative | ReservationStatus::Confirmed);
    fields.ensure(opens, "status", text!("must be tentative or confirmed"));
    fields.finish()
}

/// A party is somebody, and fits a hotel.
pub fn check_party(fields: &mut Fields, adults: i64, children: i64) {
    fields.check("adults", PartySize::of(adults));
    fields.check("children", PartySize::of(children));
    fields.ensure(adults.saturating_add(children) >= 1, "adults", text!("must be at least 1 without children"));
}

/// The guest of an id, or of the profile that it was merged into. For an erased one nothing new is booked.
pub fn known_guest(tx: &Tx, id: GuestId) -> Result<guests::Contact> {
    let named = match guests::contact(tx, id) {
        Err(Error::NotFound(_)) => return Err(Error::invalid("guest_id", text!("is not a guest's id"))),
        other => other?,
    };
    let guest = match named.merged_into_id {
        Some(kept) => guests::contact(tx, kept)?,
        None => named,
    };
    if guest.is_erased { Err(guests::erased()) } else { Ok(guest) }
}

/// The number of the room of a night, if one was asked for, and the type that is sold.
fn sold_as(tx: &Tx, new: &NewBooking, night: Date) -> Result<(Option<String>, rooms::RoomType)> {
    let part = new.part_of(night);
    let find = || {
        let unit = match new.room_of(night) {
            Some(id) => Some(store::unit(tx, id)?.ok_or_else(unknown_room)?),
            None => None,
        };
        let (room_number, own_type) = unit.unzip();
        let asked = part.and_then(|part| part.room_type_id).or(new.room_type_id);
        let Some(type_id) = asked.or(own_type) else {
            return Err(Error::invalid("room_type_id", text!("is missing: give a room type or a room")));
        };
        Ok((room_number, type_of(tx, type_id)?))
    };
    let at = new.parts.iter().rposition(|part| part.from <= night);
    find().map_err(|e: Error| at.map_or(e.clone(), |at| e.under(&format!("parts[{at}]"))))
}

fn unknown_room() -> Error {
    Error::invalid("room_id", text!("is not a room's id"))
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
        Err(Error::NotFound(_)) => Err(Error::invalid("room_type_id", text!("is not a room type's id"))),
        other => other,
    }
}

/// The name of an active booking source, as the list spells it; "Direct" when none is given.
pub fn source(tx: &Tx, given: Option<&str>) -> Result<String> {
    let wanted = given.unwrap_or(DEFAULT_SOURCE).trim();
    match ListKind::BookingSources.find_named(tx, wanted)? {
        Some(entry) if entry.is_active => Ok(entry.name),
        _ => Err(Error::invalid("source", text!("is not one of the booking sources"))),
    }
}

/// Where a booking comes from when nobody says.
pub const DEFAULT_SOURCE: &str = "Direct";

/// A confirmation number that no booking has.
pub fn unused_number(tx: &Tx) -> Result<String> {
    for _ in 0..20 {
        let number = text::confirmation_number(u64::from_le_bytes(random_bytes::<8>()));
        if !store::is_number_taken(tx, &number)? {
            return Ok(number);
        }
    }
    Err(Error::refused(Code::StillInUse, text!("No unused confirmation number was found; please try again.")))
}

/// Each part is sold as what it is.
fn priced_nights(tx: &Tx, property: &Property, sale: Sale, source: &str, new: &NewBooking) -> Result<Itinerary> {
    let (dates, kind) = (new.stay.priced_dates(), NightKind::of(new.stay));
    let company_plans = companies::plans_of(tx, new.details.company_id)?;
    let mut nights = Vec::with_capacity(dates.len());
    for dates in dates.chunk_by(|a, b| new.part_of(*a).map(|p| p.from) == new.part_of(*b).map(|p| p.from)) {
        let (_, room_type) = sold_as(tx, new, dates[0])?;
        let sold = Sold {
            sale,
            buyer: Buyer { promo_code: new.promo_code.as_deref(), company_plans: &company_plans, source: Some(source) },
            group: new.details.group_id,
            room_type: &room_type,
            kind,
            adults: new.adults,
            children: new.children,
            people: party::told(new.adults, new.children, &new.details.children_ages),
            cots: new.details.cots,
            arrival: new.stay.arrival(),
            departure: new.stay.departure(),
            booked_on: property.business_date,
        };
        nights.extend(sold.nights(tx, dates, |night| new.room_of(night))?);
    }
    let mut nights = Itinerary::of(nights);
    nights.type_prices(&new.price)?;
    Ok(nights)
}
