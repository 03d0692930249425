//! Changing a booking: dates, room, guests, prices, notes.

use super::booking::{self, Price};
use super::details::{DetailsChange, check_ages, check_option};
use super::itinerary::{Itinerary, first_priced, first_to_come};
use super::plan_change::{self, Wanted};
use super::restricted::Selling;
use super::{People, Reservation, Step, find, group_price, kept_price, rate_kind, save};
use crate::db::Tx;
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, GuestId, RatePlanId, ReservationId, RoomId, RoomTypeId, Version};
use crate::domain::status::{Event, RateKind, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::settings::api::check_version;
use crate::hotel::{companies, groups, rates, settings};
use crate::http::endpoint::Access;

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
    /// Another plan, for what it costs where nights are rated anew, and under its terms.
    pub rate_plan_id: Option<RatePlanId>,
    pub promo_code: Option<String>,
    pub price: Price,
    pub rating: Rating,
    pub confirm: bool,
    pub version: Option<Version>,
    pub people: People,
    pub selling: Selling,
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
    fn step(&self) -> Step<'_> {
        Step { action: "change", reason: self.reason.as_deref(), people: self.people, selling: self.selling }
    }

    fn touches_stay(&self) -> bool {
        self.rate_plan_id.is_some()
            || self.check_in_date.is_some()
            || self.check_out_date.is_some()
            || self.room_id.is_some()
            || self.room_type_id.is_some()
            || self.adults.is_some()
            || self.children.is_some()
            || self.details.children_ages.is_some()
            || self.details.cots.is_some()
            || self.details.rate_kind.is_some()
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
    let change = &Change { rate_plan_id: change.rate_plan_id.filter(|plan| *plan != before.rate_plan_id), ..change.clone() };
    if change.touches_stay() && !before.status.is_open() {
        let status = before.status.in_words();
        let detail = text!("The dates, room and prices of a reservation that is {status} cannot change.", status);
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let changes_whom = change.guest_id.is_some_and(|id| id != before.guest_id)
        || change.details.company_id.is_some_and(|id| id != before.details.company_id);
    if changes_whom && !before.status.is_open() && !Access::MANAGE.allows(tx.actor().role) {
        return Err(Error::Forbidden(text!("Ask a manager to change the guest or the company of a stay that is over.")));
    }
    let mut after = before.clone();
    if change.confirm {
        after.status = before.status.apply(Event::Confirm)?;
    }
    if let Some(plan) = change.rate_plan_id {
        rates::named(tx, plan)?;
        plan_change::take(tx, &before, &mut after, plan, &settings::property(tx)?)?;
    }
    change_words(tx, &mut after, change)?;
    let mut fields = Fields::default();
    rate_kind::check(&mut fields, &mut after.details, !matches!(change.price, Price::Quoted));
    check_ages(&mut fields, &after.details.children_ages, change.children.unwrap_or(before.children));
    fields.finish()?;
    let today = settings::business_date(tx)?;
    let mut nights = Itinerary::agreed(tx, &before, today)?;
    let agreed = nights.clone();
    if change.touches_stay() {
        change_stay(tx, &before, &mut after, &mut nights, change, today)?;
    } else if before.status.is_open() {
        group_price::follow(tx, &before, &after, &mut nights, today)?;
    }
    if let Some(until) = change.details.option_date.flatten() {
        let mut fields = Fields::default();
        check_option(&mut fields, until, after.status, after.check_in_date, settings::business_date(tx)?);
        fields.finish()?;
    }
    let saved = save(tx, change.step(), &before, &after, &nights)?;
    if change.rate_plan_id.is_some() {
        plan_change::note(tx, &before, &agreed, &saved, change.reason.as_deref(), &settings::property(tx)?)?;
    }
    Ok(saved)
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
    if let Some(company) = change.details.company_id.filter(|company| *company != after.details.company_id) {
        check_company(tx, after.rate_plan_id, company)?;
    }
    change
        .details
        .group_id
        .flatten()
        .filter(|group| Some(*group) != after.details.group_id)
        .map(|id| groups::named(tx, id))
        .transpose()?;
    change.details.of(&mut after.details);
    after.is_room_locked = change.is_room_locked.unwrap_or(after.is_room_locked);
    Ok(())
}

/// A booking under a plan that is for companies stays with one that it was agreed with.
fn check_company(tx: &Tx, plan: RatePlanId, company: Option<CompanyId>) -> Result<()> {
    company.map(|id| companies::named(tx, id)).transpose()?;
    let plan = rates::find(tx, plan)?;
    if plan.conditions.is_for_companies && !companies::plans_of(tx, company)?.contains(&plan.id) {
        let message = text!("must be a company that the booking’s rate plan, {plan}, was agreed with", plan = plan.name);
        return Err(Error::invalid("company_id", message));
    }
    Ok(())
}

fn change_stay(
    tx: &Tx,
    before: &Reservation,
    after: &mut Reservation,
    nights: &mut Itinerary,
    change: &Change,
    today: Date,
) -> Result<()> {
    let stay = new_dates(before, change, today)?;
    (after.check_in_date, after.check_out_date, after.is_day_use) = (stay.arrival(), stay.departure(), stay.is_day_use());
    after.adults = change.adults.unwrap_or(before.adults);
    after.children = change.children.unwrap_or(before.children);
    let mut fields = Fields::default();
    booking::check_party(&mut fields, after.adults, after.children);
    fields.finish()?;
    if before.status == ReservationStatus::CheckedIn && change.room_id.is_some_and(|r| r != before.room_id) {
        let detail = text!("The guest is in-house. Use “Move to another room” instead.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let new_room = change_type_and_room(tx, before, after, change)?;
    let was = nights.clone();
    nights.rebook(tx, before, after, stay, today)?;
    let first = first_to_come(stay.arrival(), stay.departure(), today);
    if change.room_type_id.is_some() {
        nights.sell_as(after.room_type_id, first);
    }
    if let Some(room) = new_room {
        nights.assign(room, first, today);
    }
    if let Some(plan) = change.rate_plan_id {
        let wanted = Wanted { plan, promo_code: change.promo_code.as_deref() };
        plan_change::sell(tx, wanted, after, nights, &settings::property(tx)?)?;
    }
    let dearer = kept_price::reckon(tx, before, after, &was, nights, today)?;
    // Nights that nobody paid for have no price to go back to, slept or not.
    let is_paying_again = before.details.rate_kind != RateKind::Paying && after.details.rate_kind == RateKind::Paying;
    if change.rating == Rating::Again || is_paying_again {
        let from = if is_paying_again { stay.arrival() } else { first_priced(after, today) };
        nights.rerate(tx, after, change.room_type_id.map(|_| after.room_type_id), from)?;
    }
    group_price::follow(tx, before, after, nights, today)?;
    nights.type_prices(&change.price)?;
    let is_asked = change.rating == Rating::Keep && !matches!(change.people, People::There | People::Fact);
    if is_asked {
        kept_price::ask(tx, change.step(), before, &was, nights, &dearer)?;
    }
    // Who is in the house is where the last check-in or move led, whatever is planned.
    if before.status != ReservationStatus::CheckedIn {
        after.room_id = nights.current_room(today);
    }
    Ok(())
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
