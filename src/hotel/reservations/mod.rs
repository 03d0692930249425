//! Bookings and their nights: made, changed, moved, extended.
//!
//! Whoever changes a stay changes its nights here; the rows of `room_night`
//! follow by trigger, and their key is what forbids a double booking. Nothing
//! in this slice knows charges or payments: arriving, leaving and cancelling
//! are the front desk's workflows.

pub mod api;
pub mod asked_deposit;
pub mod availability;
pub mod booking;
pub mod capacity;
pub mod change;
pub mod checks;
pub mod day_use;
pub mod details;
pub mod extension;
pub mod extras;
pub mod group_price;
pub mod itinerary;
pub mod kept_price;
pub mod last_step;
pub mod list;
pub mod night_calendar;
pub mod overstay;
pub mod party;
mod plan_change;
pub mod price_guard;
pub mod quote;
pub mod quotes;
pub mod rate_kind;
pub mod relocate;
pub mod restricted;
pub mod store;
pub mod taxed;
pub mod view;

use crate::db::Table;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::extras::Extras;
use crate::domain::id::{GuestId, PolicyId, RatePlanId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::{Event, Overdue, ReservationStatus, words};
use crate::domain::text::{Line, Paragraph};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::Slice;
use crate::hotel::rates;
use crate::hotel::rooms::inventory::Asker;
use crate::hotel::settings::Property;
use crate::hotel::{audit, companies, exceptions, groups, policies, settings};
use capacity::Cots;
use details::Details;
use itinerary::Itinerary;
use restricted::Selling;

pub const SLICE: Slice = Slice {
    name: "reservations",
    endpoints: |_| api::endpoints(),
    statements: &[
        store::STATEMENTS,
        availability::STATEMENTS,
        capacity::STATEMENTS,
        day_use::STATEMENTS,
        last_step::STATEMENTS,
        list::STATEMENTS,
        overstay::STATEMENTS,
        checks::STATEMENTS,
    ],
    areas: &[("reservations", &[Table::Reservation, Table::ReservationNight])],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

/// What is noted of a booking, and what its guest asks for.
pub type BookingNotes = Paragraph<5000>;
/// A booking's number where it comes from.
pub type ExternalId = Line<100>;

record! {
    /// A booking, as its row holds it; `T` = its texts, which a list borrows from the row.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Reservation<T = String> {
        pub id: ReservationId,
        pub confirmation_number: T as text,
        pub status: ReservationStatus,
        pub guest_id: GuestId,
        pub guest_name: T as text,
        pub guest_email: T as text,
        pub guest_phone: T as text,
        pub room_id: Option<RoomId>,
        pub room_number: Option<T> as optional_text,
        pub room_type_id: RoomTypeId,
        pub room_type_name: T as text,
        pub check_in_date: Date,
        pub check_out_date: Date,
        pub adults: i64,
        pub children: i64,
        pub source: T as text,
        pub rate_plan_id: RatePlanId,
        pub notes: T as text,
        pub special_requests: T as text,
        pub is_room_locked: bool,
        pub is_day_use: bool,
        pub details: Details as nested,
        /// The terms that it was made under.
        pub policy_id: PolicyId,
        pub room_amount: Money,
        pub unposted_amount: Money,
        pub charge_amount: Money,
        pub paid_amount: Money,
        /// What came to its folios from elsewhere, less what of its own stands on folios of others.
        pub moved_amount: Money,
        /// What its terms ask for before the arrival, and by when; zero and `None` = nothing.
        pub deposit_amount: Money,
        pub deposit_due_date: Option<Date>,
        pub checked_in_at: Option<Instant>,
        pub checked_in_date: Option<Date>,
        pub checked_out_at: Option<Instant>,
        pub checked_out_date: Option<Date>,
        pub planned_check_out_date: Option<Date>,
        pub cancelled_at: Option<Instant>,
        /// The business date of it.
        pub cancelled_on: Option<Date>,
        /// The business date on which it was booked; of one that came from elsewhere, the day it was made.
        pub booked_on: Date = "coalesce(booked_on, substr(created_at, 1, 10))",
        /// Since when it has its rate plan, where that was changed.
        pub plan_since: Option<Date>,
        pub created_at: Instant,
        pub updated_at: Instant,
        pub version: i64,
    }
}

impl<T> Reservation<T> {
    /// Everything the guest owes for it.
    pub fn total_amount(&self) -> Money {
        self.unposted_amount + self.charge_amount
    }

    /// Who asks for a room, when it is this booking.
    pub fn asker(&self) -> Asker {
        Asker { own: self.id, group: self.details.group_id }
    }

    /// What is still to be paid; negative when the hotel owes the guest.
    pub fn balance(&self) -> Money {
        self.total_amount() + self.moved_amount - self.paid_amount
    }

    /// Whether its departure is past: until that date itself a guest may come, however late.
    pub fn is_over(&self, today: Date) -> bool {
        self.check_out_date < today
    }

    /// What should have happened before a date and waits for somebody to decide.
    pub fn overdue(&self, today: Date) -> Option<Overdue> {
        overdue(self.status, self.check_in_date, self.check_out_date, today)
    }

    /// What its state and the business date allow. Rooms and balances are asked
    /// only when a step is tried.
    pub fn allowed_events(&self, today: Date) -> Vec<Event> {
        let mut events = self.status.allowed_events();
        events.retain(|event| self.is_due(*event, today));
        events
    }

    fn is_due(&self, event: Event, today: Date) -> bool {
        match event {
            Event::CheckIn => self.check_in_date <= today && !self.is_over(today),
            Event::MarkNoShow => self.check_in_date < today,
            Event::UndoCheckIn => self.checked_in_date == Some(today),
            Event::UndoCheckOut => self.checked_out_date == Some(today),
            Event::Reinstate => !self.is_over(today),
            Event::Confirm | Event::CheckOut | Event::Cancel | Event::Extend | Event::Move => true,
        }
    }
}

/// What of a stay should have happened before a date.
pub fn overdue(status: ReservationStatus, arrival: Date, departure: Date, today: Date) -> Option<Overdue> {
    match status {
        ReservationStatus::Tentative | ReservationStatus::Confirmed => (arrival < today).then_some(Overdue::Arrival),
        ReservationStatus::CheckedIn => (departure < today).then_some(Overdue::Departure),
        ReservationStatus::CheckedOut | ReservationStatus::Cancelled | ReservationStatus::NoShow => None,
    }
}

impl Reservation {
    /// As it stands on the owner's list.
    pub fn noted(&self) -> exceptions::Stay {
        exceptions::Stay { id: self.id, status: self.status }
    }

    /// What the audit trail keeps of it: facts without names.
    pub fn facts(&self) -> serde_json::Value {
        serde_json::json!({
            "status": self.status,
            "guest_id": self.guest_id,
            "room_id": self.room_id,
            "room_number": self.room_number,
            "room_type_id": self.room_type_id,
            "check_in_date": self.check_in_date,
            "check_out_date": self.check_out_date,
            "adults": self.adults,
            "children": self.children,
            "source": self.source,
            "is_room_locked": self.is_room_locked,
            "expected_arrival_time": self.details.expected_arrival_time,
            "is_late_arrival": self.details.is_late_arrival,
            "option_date": self.details.option_date,
            "company_id": self.details.company_id,
            "group_id": self.details.group_id,
            "children_ages": self.details.children_ages.joined(", "),
            "cots": self.details.cots,
            "rate_kind": self.details.rate_kind,
            "rate_kind_reason": self.details.rate_kind_reason,
            "room_amount_minor": self.room_amount.0,
            "deposit_amount_minor": self.deposit_amount.0,
            "deposit_due_date": self.deposit_due_date,
        })
    }
}

words!(
    /// A date that carries a price: a night, or the one day of day use.
    NightKind { Night = "night", DayUse = "day_use" }
);

record! {
    /// One night of a stay (or its day of day use).
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Night {
        pub night: Date,
        pub kind: NightKind,
        pub room_type_id: RoomTypeId,
        pub room_id: Option<RoomId>,
        pub rate: Money,
        pub is_rate_typed: bool,
        /// The price by the rates when the night got its price, for the people and dates of now.
        pub quoted_rate: Money,
        pub adults: i64,
        pub children: i64,
        /// Extras, taxes and levies on top of the price.
        pub added_amount: Money,
        /// What was agreed along with it.
        pub extras: Extras,
        pub is_held: bool,
        pub is_posted: bool,
    }
}

impl Night {
    /// Taxes and levies on top of the price: what comes on top, without extras.
    pub fn added_to_price(&self) -> Money {
        self.added_amount - self.extras.amount_beside()
    }
}

pub fn find(conn: &Conn, id: ReservationId) -> Result<Reservation> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This reservation does not exist.")))
}

/// When the guest is expected: at check-in time on the day of arrival, by the hotel's clock.
pub fn arrival(r: &Reservation, property: &Property) -> Instant {
    let time = property.check_in_time.parse().unwrap_or(jiff::civil::Time::midnight());
    r.check_in_date.at(time, &property.zone()).unwrap_or(r.created_at)
}

/// What cancelling costs at an instant, by the terms that the booking was made under.
pub fn cancellation_fee(conn: &Conn, r: &Reservation, nights: &[Night], property: &Property, now: Instant) -> Result<Money> {
    let policy = policies::find(conn, r.policy_id)?;
    Ok(policy.cancellation_fee(arrival(r, property), now).of(nights.iter().map(|n| n.rate)))
}

/// What not coming costs.
pub fn no_show_fee(conn: &Conn, r: &Reservation, nights: &[Night]) -> Result<Money> {
    Ok(policies::find(conn, r.policy_id)?.no_show.of(nights.iter().map(|n| n.rate)))
}

/// What is done to a booking, for the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    pub action: &'a str,
    pub reason: Option<&'a str>,
    pub people: People,
    pub selling: Selling,
}

impl<'a> Step<'a> {
    pub fn new(action: &'a str) -> Step<'a> {
        Step { action, reason: None, people: People::Fitting, selling: Selling::Nothing }
    }
}

/// How many people may be in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum People {
    /// As many as it is for.
    #[default]
    Fitting,
    /// More, as somebody who may has said, with a reason.
    Over,
    /// They were there before.
    There,
    /// Somebody sleeps where nobody had planned it: neither the people nor what is
    /// promised to others is asked about.
    Fact,
}

/// Saves a changed booking and its nights, with its entry on the audit trail.
///
/// # Errors
/// 409 `room-taken` with `conflicts` and `alternatives` when a room is not free;
/// `more-than-original` when the bill of an open stay would be less than nothing.
pub fn save(tx: &Tx, step: Step, before: &Reservation, after: &Reservation, nights: &[Night]) -> Result<Reservation> {
    save_on(tx, settings::business_date(tx)?, step, before, after, nights)
}

/// The same on a business date that is about to begin.
pub fn save_on(
    tx: &Tx,
    today: Date,
    step: Step,
    before: &Reservation,
    after: &Reservation,
    nights: &[Night],
) -> Result<Reservation> {
    let old = Itinerary::stored(tx, before.id)?;
    let mut nights = overstay::with_hold(tx, after, nights, today)?;
    rate_kind::price(after.details.rate_kind, &mut nights);
    taxed::add(tx, after, &mut nights, today)?;
    let nights = &nights;
    let cots = Cots { before: before.details.cots, now: after.details.cots };
    let is_over = capacity::check(tx, step, cots, &old, nights, today)?;
    capacity::check_cots(tx, step, before.id, cots, &old, nights, today)?;
    let broken = restricted::check(tx, step, Some((before, &old)), (after, nights), today)?;
    if step.people != People::Fact {
        let is_regrouped = before.details.group_id != after.details.group_id;
        availability::check_promises(tx, after.asker(), is_regrouped, &old, nights, today)?;
    }
    let of_price = |r: &Reservation| {
        let details = &r.details;
        (r.adults, r.children, details.children_ages.clone(), details.cots, details.rate_kind, r.rate_plan_id, details.group_id)
    };
    let is_moved = *old != **nights && of_price(before) == of_price(after);
    last_step::keep(tx, step, before, is_moved, today)?;
    store::update(tx, &asked_deposit::with_asked(tx, without_option(after), nights)?)?;
    let written = day_use::check(tx, before.id, &old, nights).and_then(|()| store::replace_nights(tx, before.id, &old, nights));
    availability::explain_conflict(tx, before.id, nights, written)?;
    if after.guest_id != before.guest_id {
        // Another head may be of another age.
        taxed::reckon(tx, before.id)?;
    }
    let saved = find(tx, before.id)?;
    if saved.status.is_open() {
        check_bill(before.total_amount(), saved.total_amount())?;
    }
    let (was, mut is) = told_by_name(tx, before, &saved)?;
    if let (Some(is), Some(reason)) = (is.as_object_mut(), step.reason) {
        is.insert("reason".to_owned(), reason.into());
    }
    if let (Some(is), true) = (is.as_object_mut(), is_over) {
        is.insert("over_capacity".to_owned(), true.into());
    }
    if let (Some(is), false) = (is.as_object_mut(), broken.is_empty()) {
        is.insert("broken_restrictions".to_owned(), serde_json::to_value(&broken).map_err(Error::internal)?);
    }
    audit::record(tx, step.action, "reservation", before.id.0, &was, &is)?;
    if let (Some(reason), false) = (step.reason, broken.is_empty()) {
        exceptions::note_against(tx, &broken, saved.noted(), reason)?;
    }
    price_guard::note(tx, step, &saved, before.status, &old.without_hold(before, today), nights)?;
    if before.status != saved.status || before.details.group_id != saved.details.group_id {
        let groups = [before.details.group_id, saved.details.group_id.filter(|group| Some(*group) != before.details.group_id)];
        groups.into_iter().flatten().try_for_each(|group| groups::follow_stays(tx, group, today))?;
    }
    Ok(saved)
}

/// What is noted of the booking before and after, company, group and plan by their names where they are others.
fn told_by_name(conn: &Conn, before: &Reservation, after: &Reservation) -> Result<(serde_json::Value, serde_json::Value)> {
    let (mut was, mut is) = (before.facts(), after.facts());
    if before.details.group_id != after.details.group_id {
        for (stay, facts) in [(before, &mut was), (after, &mut is)] {
            let name = groups::name_of(conn, stay.details.group_id)?;
            facts.as_object_mut().map(|facts| facts.insert("group".to_owned(), name.into()));
        }
    }
    if before.details.company_id != after.details.company_id {
        for (stay, facts) in [(before, &mut was), (after, &mut is)] {
            let name = companies::name_of(conn, stay.details.company_id)?;
            facts.as_object_mut().map(|facts| facts.insert("company".to_owned(), name.into()));
        }
    }
    if before.rate_plan_id != after.rate_plan_id {
        for (stay, facts) in [(before, &mut was), (after, &mut is)] {
            let name = rates::find(conn, stay.rate_plan_id)?.name;
            facts.as_object_mut().map(|facts| facts.insert("rate_plan".to_owned(), name.into()));
        }
    }
    Ok((was, is))
}

/// A booking that is firm has no option any more.
fn without_option(r: &Reservation) -> Reservation {
    let mut after = r.clone();
    after.details.option_date = match r.status {
        ReservationStatus::Tentative | ReservationStatus::Cancelled => r.details.option_date,
        ReservationStatus::Confirmed
        | ReservationStatus::CheckedIn
        | ReservationStatus::CheckedOut
        | ReservationStatus::NoShow => None,
    };
    after
}

/// Refuses what would leave less than nothing on a bill: allowances take off no more than is on it.
pub fn check_bill(before: Money, after: Money) -> Result<()> {
    if !after.is_negative() || after >= before {
        return Ok(());
    }
    let detail = text!("The allowances would exceed what is left on this bill. Void an allowance or add an adjustment first.");
    Err(Error::refused(Code::MoreThanOriginal, detail))
}
