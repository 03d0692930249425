//! Check-in, check-out, cancellation, no-show, and taking each of them back.

use super::shorter_stay::{self, Shorter};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomId};
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, Event, Housekeeping, PaymentType, ReservationStatus, words};
use crate::domain::wording::{Value, text};
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::folio::owner::Owner;
use crate::hotel::folio::payments::{self, NewPayment};
use crate::hotel::folio::settle::Settlement;
use crate::hotel::folio::tender::Handed;
use crate::hotel::folio::{self, NewCharge, deposit, security, transfers};
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::last_step::{self, StepKind};
use crate::hotel::reservations::relocate::{check_ready, undo_change, undo_extension, undo_move};
use crate::hotel::reservations::{self, Night, NightKind, People, Reservation, Step, save, store};
use crate::hotel::settings::Property;
use crate::hotel::{guests, rooms, settings};

words!(
    /// A transition that is asked to be taken back, whatever was done to the stay since.
    Reversal {
        CheckIn = "undo_check_in",
        CheckOut = "undo_check_out",
        Reinstate = "reinstate",
        /// Of dates, room, type and prices.
        Change = "undo_change",
    }
);

/// How a guest arrives.
#[derive(Debug, Clone, Default)]
pub struct CheckIn {
    /// The room, when none (or another one) is assigned.
    pub room_id: Option<RoomId>,
    pub override_dirty: bool,
    pub people: People,
    pub reason: Option<String>,
}

/// Checks a guest in: on or after the arrival date, into a vacant, ready room.
pub fn check_in(tx: &Tx, id: ReservationId, how: &CheckIn) -> Result<Reservation> {
    let property = settings::property(tx)?;
    let today = property.business_date;
    let before = reservations::find(tx, id)?;
    let mut after = before.clone();
    after.status = before.status.apply(Event::CheckIn)?;
    check_arrival_date(&before, today)?;
    let mut nights = Itinerary::stored(tx, id)?;
    // The room planned for tonight, which in a split stay differs from yesterday's.
    let planned = nights.current_room(today);
    let room_id = how
        .room_id
        .or(planned)
        .ok_or_else(|| Error::refused(Code::RoomNotReady, text!("No room is assigned yet. Choose a room first.")))?;
    let room = reservations::booking::room_of(tx, room_id)?;
    check_ready(tx, &room, id, how.override_dirty)?;
    let guest = guests::find(tx, before.guest_id)?;
    let missing = guests::missing_fields(&guest, &property.required_guest_fields);
    if !missing.is_empty() {
        let detail = text!("Fill in before check-in: {fields}.", fields = guests::in_words(&missing));
        return Err(Error::refused(Code::GuestIncomplete, detail).with("missing_fields", &missing));
    }
    if Some(room_id) != planned {
        nights.assign(Some(room_id), today, today);
    }
    folio::post_nights(tx, id, &mut nights, today)?;
    after.room_id = Some(room_id);
    (after.checked_in_at, after.checked_in_date) = (Some(tx.now()), Some(today));
    let reason =
        (room.housekeeping == Housekeeping::Dirty).then_some(how.reason.as_deref().unwrap_or("checked in to a dirty room"));
    let step = Step { reason: reason.or(how.reason.as_deref()), people: how.people, ..Step::new("check_in") };
    let saved = save(tx, step, &before, &after, &nights)?;
    deposit::settle(tx, id)?;
    Ok(saved)
}

fn check_arrival_date(r: &Reservation, today: Date) -> Result<()> {
    if r.check_in_date > today {
        let detail = text!(
            "The stay begins on {arrival}, and the business date is {today}. Change the dates to check in earlier.",
            arrival = r.check_in_date,
            today
        );
        return Err(Error::refused(Code::WrongDate, detail));
    }
    if r.is_over(today) {
        let detail =
            text!("The stay ended on {date}. Extend it, or mark it as a no-show.", date = Value::DateInFull(r.check_out_date));
        return Err(Error::refused(Code::WrongDate, detail));
    }
    Ok(())
}

/// What of the bill is settled while checking out.
#[derive(Debug, Clone, Default)]
pub struct AtTheDoor {
    /// What goes to companies' accounts, by folio: the rest is settled then.
    pub accounts: Vec<(i64, Settlement)>,
    pub settle: Option<Settle>,
    pub refund: Option<Refund>,
    /// Who leaves early loses a discount for a long stay, or keeps it.
    pub shorter: Shorter,
}

/// How what is owed is taken.
#[derive(Debug, Clone)]
pub struct Settle {
    pub payment_method: String,
    /// The whole balance when `None`; a tip is a part of it.
    pub amount: Option<Money>,
    pub reference_number: String,
    pub handed: Handed,
}

/// How what was paid too much is given back.
#[derive(Debug, Clone)]
pub struct Refund {
    /// As it was paid when `None`.
    pub payment_method: Option<String>,
    /// All that is owed back when `None`.
    pub amount: Option<Money>,
    pub reason: String,
}

/// The stay and its nights as they are once the guest has left on a date.
pub fn left_on(conn: &Conn, before: &Reservation, today: Date) -> Result<(Reservation, Itinerary)> {
    let mut after = before.clone();
    after.status = before.status.apply(Event::CheckOut)?;
    let mut nights = Itinerary::agreed(conn, before, today)?;
    leave(&mut after, &mut nights, today);
    Ok((after, nights))
}

/// Checks a guest out: nights posted, balance zero, room dirty. Leaving early
/// frees the nights to come at once; what was paid for them goes back in the same step.
pub fn check_out(tx: &Tx, id: ReservationId, door: &AtTheDoor) -> Result<Reservation> {
    let property = settings::property(tx)?;
    let today = property.business_date;
    let before = reservations::find(tx, id)?;
    let (mut after, mut nights) = left_on(tx, &before, today)?;
    let owed = shorter_stay::owed(tx, &before, after.check_out_date, &nights)?;
    folio::post_nights(tx, id, &mut nights, today.next())?;
    (after.checked_out_at, after.checked_out_date) = (Some(tx.now()), Some(today));
    let mut saved = save(tx, Step::new("check_out"), &before, &after, &nights)?;
    if shorter_stay::settle(tx, &before, owed, &door.shorter)? {
        saved = reservations::find(tx, id)?;
    }
    for (window, how) in &door.accounts {
        let owner = Owner::Stay { id, window: *window };
        let Some(folio) = folio::owner::known(tx, owner)? else {
            return Err(Error::invalid("accounts", text!("name a folio that is not open on this stay")));
        };
        folio::settle::settle(tx, &folio, how)?;
        saved = reservations::find(tx, id)?;
    }
    let left = saved.balance();
    if let Some(refund) = door.refund.as_ref().filter(|_| left.is_negative()) {
        let amount = refund.amount.unwrap_or(-left);
        payments::give_back(tx, id, amount, refund.payment_method.as_deref(), &refund.reason)?;
    }
    if door.settle.as_ref().is_some_and(|settle| settle.amount.is_some()) && left <= Money::ZERO {
        let detail = text!("Nothing is to be paid any more: the bill has changed. Look at it again before taking money.");
        return Err(Error::refused(Code::BalanceDue, detail).with("balance", property.amount(left)));
    }
    if let Some(settle) = door.settle.as_ref().filter(|_| left > Money::ZERO) {
        let payment = NewPayment {
            owner: Owner::guest(id),
            amount: settle.amount.unwrap_or(left + settle.handed.tip),
            payment_method: settle.payment_method.clone(),
            payment_type: PaymentType::Full,
            payment_date: None,
            reference_number: settle.reference_number.clone(),
            notes: String::new(),
            handed: settle.handed.clone(),
        };
        payments::take_on_windows(tx, id, &payment)?;
    }
    let settled = reservations::find(tx, id)?;
    check_balance(&property, &settled)?;
    security::check_settled(tx, &settled)?;
    check_windows(tx, &property, id)?;
    if let Some(room) = settled.room_id {
        rooms::set_housekeeping(tx, room, Housekeeping::Dirty)?;
    }
    Ok(settled)
}

fn check_balance(property: &Property, r: &Reservation) -> Result<()> {
    let balance = r.balance();
    if balance.is_zero() {
        return Ok(());
    }
    let amount = property.money_in_words(Money(balance.0.abs()));
    let detail = if balance > Money::ZERO {
        text!("{amount} is still to be paid. Take the payment, then check out.", amount)
    } else if r.total_amount().is_negative() {
        let over = property.money_in_words(Money(r.total_amount().0.abs()));
        text!("{over} more was taken off than is on the bill. Add an adjustment of {over}, then check out.", over)
    } else {
        text!("The guest has paid {amount} too much. Refund it, then check out.", amount)
    };
    Err(Error::refused(Code::BalanceDue, detail).with("balance", property.amount(balance)))
}

/// What is over on one folio does not pay for what is open on another.
fn check_windows(tx: &Tx, property: &Property, id: ReservationId) -> Result<()> {
    // What is still to be paid is told before what was paid too much.
    let open = folio::store::folios_of(tx, id)?.into_iter().filter(|folio| !folio.balance.is_zero()).max_by_key(|f| f.balance);
    let Some(open) = open else { return Ok(()) };
    let amount = property.money_in_words(Money(open.balance.0.abs()));
    let payer = open.payer_name;
    let detail = if open.balance > Money::ZERO {
        text!("{amount} is still to be paid on the folio of {payer}.", amount, payer)
    } else {
        text!("{amount} too much was paid on the folio of {payer}. Move or refund it, then check out.", amount, payer)
    };
    Err(Error::refused(Code::BalanceDue, detail).with("balance", property.amount(open.balance)).with("folio_id", open.id))
}

/// Frees the nights from today on. Who leaves on the day of arrival used the
/// room for the day: the night is free again, its price stays. Who leaves late
/// has stayed until today.
fn leave(after: &mut Reservation, nights: &mut [Night], today: Date) {
    if today == after.check_out_date || (today < after.check_out_date && after.is_day_use) {
        return;
    }
    after.planned_check_out_date = Some(after.check_out_date);
    after.check_out_date = today;
    let is_same_day = today <= after.check_in_date;
    after.is_day_use = is_same_day;
    for night in nights.iter_mut().filter(|n| n.is_held && n.night >= today) {
        if is_same_day && night.night == after.check_in_date {
            night.kind = NightKind::DayUse;
        } else if !night.is_posted {
            night.is_held = false;
        }
    }
}

/// How a booking is cancelled.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    pub reason: Option<String>,
    /// Leaving the fee away needs a reason.
    pub waive_fee: bool,
    /// None was promised: nothing is charged, and nothing waived.
    pub is_free: bool,
}

/// Cancels a booking: its nights are free, its fee is on the bill.
pub fn cancel(tx: &Tx, id: ReservationId, how: &Cancel) -> Result<Reservation> {
    let property = settings::property(tx)?;
    let before = reservations::find(tx, id)?;
    let mut after = before.clone();
    after.status = before.status.apply(Event::Cancel)?;
    let nights = store::nights(tx, id)?;
    let fee = reservations::cancellation_fee(tx, &before, &nights, &property, tx.now())?;
    if how.waive_fee {
        let fee = reservations::taxed::fee(tx, &before, fee)?;
        exceptions::note(tx, Exception::WaivedFee, before.noted(), fee, how.reason.as_deref())?;
    }
    let fee = if how.waive_fee || how.is_free { Money::ZERO } else { fee };
    let step = Step { reason: how.reason.as_deref(), ..Step::new("cancel") };
    release(tx, step, &before, after, nights, (ChargeKind::CancellationFee, fee))
}

/// How a guest who never came is marked.
#[derive(Debug, Clone, Default)]
pub struct NoShow {
    pub reason: Option<String>,
    /// A late arrival was announced, and the guest has not come all the same.
    pub override_late_arrival: bool,
    /// The day of the arrival is being closed.
    pub is_closing: bool,
}

/// Marks a guest who never came: the first night is charged as the frozen
/// policy says, the nights are free.
pub fn no_show(tx: &Tx, id: ReservationId, how: &NoShow) -> Result<Reservation> {
    let today = settings::business_date(tx)?;
    let before = reservations::find(tx, id)?;
    let mut after = before.clone();
    after.status = before.status.apply(Event::MarkNoShow)?;
    let is_over = before.check_in_date < today || (how.is_closing && before.check_in_date == today);
    if !is_over {
        let detail =
            text!("The guest is expected on {date}; a no-show can be marked from the day after.", date = before.check_in_date);
        return Err(Error::refused(Code::WrongDate, detail));
    }
    if before.details.is_expected_late() && !how.override_late_arrival {
        return Err(still_expected(&before));
    }
    let nights = store::nights(tx, id)?;
    let fee = reservations::no_show_fee(tx, &before, &nights)?;
    let reason = how.reason.as_deref();
    release(tx, Step { reason, ..Step::new("no_show") }, &before, after, nights, (ChargeKind::NoShowFee, fee))
}

fn still_expected(r: &Reservation) -> Error {
    let detail = match r.details.expected_arrival_time {
        Some(time) => text!(
            "The guest announced a late arrival for {time}. Mark it as a no-show only once nobody is expected any more.",
            time
        ),
        None => text!("The guest announced a late arrival. Mark it as a no-show only once nobody is expected any more."),
    };
    Error::refused(Code::LateArrival, detail).with("can_override", true).with("override_with", "override_late_arrival")
}

fn release(
    tx: &Tx,
    step: Step,
    before: &Reservation,
    mut after: Reservation,
    mut nights: Vec<Night>,
    (kind, fee): (ChargeKind, Money),
) -> Result<Reservation> {
    (after.cancelled_at, after.cancelled_on) = (Some(tx.now()), Some(settings::business_date(tx)?));
    for night in nights.iter_mut().filter(|n| !n.is_posted) {
        night.is_held = false;
    }
    let open: Money = folio::store::folios_of(tx, before.id)?.iter().map(|folio| folio.balance).sum();
    exceptions::note(tx, Exception::LeftOpen, before.noted(), open.max(Money::ZERO), step.reason)?;
    save(tx, step, before, &after, &nights)?;
    if !fee.is_zero() {
        folio::charge(tx, &NewCharge::one(before.id, kind, fee))?;
    }
    deposit::settle(tx, before.id)?;
    // What was taken off a price ends with the price: the hotel owes no more than it was paid.
    let saved = reservations::find(tx, before.id)?;
    reservations::check_bill(before.total_amount(), saved.total_amount())?;
    Ok(saved)
}

/// Takes a transition back: a check-in, check-out, cancellation or no-show, as is asked for;
/// otherwise the last one, which may also be a room move or an extension. Each has its guard.
pub fn undo(tx: &Tx, id: ReservationId, asked: Option<Reversal>) -> Result<Reservation> {
    let today = settings::business_date(tx)?;
    let before = reservations::find(tx, id)?;
    // Nobody is left to come back for.
    reservations::booking::known_guest(tx, before.guest_id)?;
    match asked {
        Some(Reversal::CheckIn) => return undo_check_in(tx, &before, today),
        Some(Reversal::CheckOut) => return undo_check_out(tx, &before, today),
        Some(Reversal::Reinstate) => return reinstate(tx, &before, today),
        Some(Reversal::Change) => return undo_last_change(tx, &before, today),
        None => {}
    }
    match before.status {
        ReservationStatus::CheckedOut => undo_check_out(tx, &before, today),
        ReservationStatus::Cancelled | ReservationStatus::NoShow => reinstate(tx, &before, today),
        ReservationStatus::CheckedIn | ReservationStatus::Confirmed | ReservationStatus::Tentative => {
            undo_last_step(tx, &before, today)
        }
    }
}

fn undo_last_step(tx: &Tx, before: &Reservation, today: Date) -> Result<Reservation> {
    match last_step::find(tx, before.id)? {
        Some(step) if step.kind == StepKind::Move => undo_move(tx, before, &step),
        // A day that is over does not change.
        Some(step) if step.kind == StepKind::Extend && step.business_date == today => undo_extension(tx, before, &step),
        _ if before.status == ReservationStatus::CheckedIn => undo_check_in(tx, before, today),
        _ => Err(Error::refused(Code::NothingToUndo, text!("There is nothing to undo on this reservation."))),
    }
}

/// Only where nothing was done since: what was asked for is what is taken back.
fn undo_last_change(tx: &Tx, before: &Reservation, today: Date) -> Result<Reservation> {
    match last_step::find(tx, before.id)? {
        Some(step) if step.kind == StepKind::Change && step.business_date == today && before.status.is_open() => {
            undo_change(tx, before, &step)?;
            shorter_stay::take_back(tx, before.id, Some(before.updated_at))?;
            reservations::find(tx, before.id)
        }
        _ => Err(Error::refused(Code::NothingToUndo, text!("There is nothing to undo on this reservation."))),
    }
}

/// Back to confirmed: on the business date of the check-in, before anything was posted.
fn undo_check_in(tx: &Tx, before: &Reservation, today: Date) -> Result<Reservation> {
    let mut after = before.clone();
    after.status = before.status.apply(Event::UndoCheckIn)?;
    if before.checked_in_date != Some(today) {
        let detail = text!("A check-in can only be undone on the same business date. Check the guest out instead.");
        return Err(Error::refused(Code::WrongDate, detail));
    }
    let mut nights = Itinerary::stored(tx, before.id)?;
    let lines = folio::store::charges_of(tx, before.id)?;
    let stands = |c: &folio::Charge| c.business_date == today && !c.is_voided && c.kind != ChargeKind::Void;
    // What the late arrival posted goes with it.
    let is_of_arrival = |c: &folio::Charge| c.night.is_some_and(|night| night < today);
    if nights.iter().any(|n| n.is_posted && n.night >= today) || lines.iter().any(|c| stands(c) && !is_of_arrival(c)) {
        let detail = text!("Something was posted to the bill today. Void it first.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    if transfers::has_money_elsewhere(tx, before.id)? {
        let detail = text!("Money was moved to or from another folio. Take that back first.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    for line in lines.iter().filter(|c| stands(c)) {
        folio::take_back(tx, line, "check-in taken back")?;
    }
    nights.iter_mut().for_each(|n| n.is_posted = false);
    (after.checked_in_at, after.checked_in_date) = (None, None);
    exceptions::note(tx, Exception::UndoneCheckIn, before.noted(), before.total_amount(), None)?;
    let saved = save(tx, Step { people: People::There, ..Step::new("undo_check_in") }, before, &after, &nights)?;
    deposit::settle(tx, before.id)?;
    Ok(saved)
}

/// Back in the house: on the business date of the check-out, the room still free.
fn undo_check_out(tx: &Tx, before: &Reservation, today: Date) -> Result<Reservation> {
    let mut after = before.clone();
    after.status = before.status.apply(Event::UndoCheckOut)?;
    if before.checked_out_date != Some(today) {
        let detail = text!("A check-out can only be undone on the same business date.");
        return Err(Error::refused(Code::WrongDate, detail));
    }
    if let Some(room) = before.room_id {
        check_ready(tx, &rooms::find(tx, room)?, before.id, true)?;
    }
    let mut nights = Itinerary::stored(tx, before.id)?;
    if let Some(planned) = before.planned_check_out_date {
        (after.check_out_date, after.planned_check_out_date) = (planned, None);
        after.is_day_use = planned == before.check_in_date;
        let is_levied = reservations::taxed::books(tx, before)?.is_some();
        for night in nights.iter_mut().filter(|n| n.night >= today) {
            // As a day it brought no levies along; as a night it is posted anew.
            if is_levied && night.is_posted && night.kind == NightKind::DayUse {
                folio::take_back_night(tx, before.id, night.night, "check-out taken back")?;
                night.is_posted = false;
            }
            (night.is_held, night.kind) = (true, NightKind::Night);
        }
    }
    (after.checked_out_at, after.checked_out_date) = (None, None);
    save(tx, Step { people: People::There, ..Step::new("undo_check_out") }, before, &after, &nights)?;
    folio::settle::take_back_of(tx, before.id, today)?;
    shorter_stay::take_back(tx, before.id, before.checked_out_at)?;
    reservations::find(tx, before.id)
}

/// Back to confirmed, if the nights are still to be had; its fee is taken back.
fn reinstate(tx: &Tx, before: &Reservation, today: Date) -> Result<Reservation> {
    let mut after = before.clone();
    after.status = before.status.apply(Event::Reinstate)?;
    if before.is_over(today) {
        let detail =
            text!("The stay ended on {date}; make a new booking instead.", date = Value::DateInFull(before.check_out_date));
        return Err(Error::refused(Code::WrongDate, detail));
    }
    let mut nights = Itinerary::stored(tx, before.id)?;
    for night in nights.iter_mut() {
        night.is_held = true;
        // A night that is over may have been somebody else's.
        if let Some(room) = night.room_id.filter(|_| night.night < today)
            && store::night_holder(tx, night.night, room)?.is_some()
        {
            night.room_id = None;
        }
    }
    (after.cancelled_at, after.cancelled_on) = (None, None);
    save(tx, Step { people: People::There, ..Step::new("reinstate") }, before, &after, &nights)?;
    folio::take_back_fee(tx, before.id)?;
    deposit::settle(tx, before.id)?;
    reservations::find(tx, before.id)
}
