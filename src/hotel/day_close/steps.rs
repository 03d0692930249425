//! The steps of a close, each in a transaction of its own.
//!
//! A step finds out by itself what is left to be done, so that what was done to the hotel between two of them is seen;
//! the last one before the next day looks over all of it once more in the transaction that opens that day.

use serde_json::json;

use super::open::{self, Open};
use super::preview;
use super::{Choice, DayClose, Decision, Done, Step, Sums, decisions, ledger, plan, store};
use crate::db::{Context, Tx};
use crate::domain::date::Date;
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::status::{Housekeeping, ReservationStatus};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::backups::keeper;
use crate::hotel::frontdesk::desk::{self, Cancel, NoShow};
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::relocate::{self, Extension};
use crate::hotel::reservations::{self, People, overstay, save_on};
use crate::hotel::settings::day;
use crate::hotel::{audit, folio, groups, rooms, settings, statistics, till};
use crate::http::endpoint::NoBody;
use crate::http::state::App;
use crate::jobs;

/// What becomes of that which nobody has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// The day is not closed.
    Ask,
    /// It stays open.
    Carry,
    /// As the plan says.
    ByPlan,
}

/// Which day is closed, and how.
#[derive(Debug, Clone)]
pub struct How {
    pub date: Date,
    pub undecided: Undecided,
    /// Why the day is closed ahead of the calendar.
    pub reason: String,
}

/// Closes a day, or goes on with its close, up to the end.
///
/// # Errors
/// 409 with what stands against it; what was done stays done, and whoever asks again goes on from there.
pub fn close(app: &App, context: &Context, how: &How) -> Result<()> {
    loop {
        let how = how.clone();
        if app.db.write(context.clone(), move |tx| take(tx, &how))?.is_none() {
            return Ok(());
        }
    }
}

/// Takes the next step; `None` = all of them are done.
pub fn take(tx: &Tx, how: &How) -> Result<Option<Step>> {
    let known = store::find(tx, how.date)?;
    let done: Vec<Done> = known.as_ref().map(|close| store::steps(tx, close.id)).transpose()?.unwrap_or_default();
    let Some(step) = Step::ALL.iter().find(|step| !done.iter().any(|one| one.step == **step)) else { return Ok(None) };
    let close = match (known, step) {
        (Some(close), step) if *step != Step::Freeze => close,
        _ => begin(tx, how)?,
    };
    let sums = carry_out(tx, *step, &close)?;
    store::note(tx, close.id, *step, &sums)?;
    if *step == Step::Reports {
        store::close(tx, close.id)?;
        plan::note_going_on(tx)?;
    }
    Ok(Some(*step))
}

/// What nobody has decided is settled first, so that each later step knows of all.
fn begin(tx: &Tx, how: &How) -> Result<DayClose> {
    let property = settings::property(tx)?;
    if how.date != property.business_date {
        let detail = text!("The business date is {today}: close that day first.", today = property.business_date);
        return Err(Error::refused(Code::WrongDate, detail));
    }
    day::check_calendar(tx, &property, how.date.next(), &how.reason)?;
    ledger::check(tx, how.date)?;
    match how.undecided {
        Undecided::Ask => check_decided(&open::look(tx, how.date)?)?,
        Undecided::Carry => decisions::carry_rest(tx, how.date)?,
        Undecided::ByPlan => decisions::by_plan(tx, how.date)?,
    }
    overstay::check_rooms(tx, how.date, how.date.next())?;
    store::begin(tx, how.date, how.undecided == Undecided::ByPlan, &how.reason)
}

fn check_decided(open: &Open) -> Result<()> {
    let waiting = open.waiting();
    if waiting == 0 {
        return Ok(());
    }
    let detail = text!("Something is still open on this day. Decide it, then close the day.");
    Err(Error::refused(Code::NotDecided, detail).with("waiting", waiting))
}

fn carry_out(tx: &Tx, step: Step, close: &DayClose) -> Result<Sums> {
    let date = close.business_date;
    match step {
        Step::Freeze => Ok(Sums { count: count(store::decisions(tx, date)?.len()), ..Sums::default() }),
        Step::Decisions => decide(tx, date),
        Step::Postings => post(tx, date),
        Step::NoShows => mark_no_shows(tx, date),
        Step::Drawers => close_drawers(tx, date),
        Step::Rooms => note_slept_in(tx),
        Step::Snapshot => snapshot(tx, date),
        Step::Roll => roll(tx, close),
        Step::Reports => report(tx),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What was chosen and is done with before anything is posted.
fn decide(tx: &Tx, date: Date) -> Result<Sums> {
    let mut sums = Sums::default();
    for decision in pending(tx, date, &[Choice::Extend, Choice::Release])? {
        let Some(id) = decision.reservation_id else { continue };
        let amount = match decision.choice {
            Choice::Extend => extend(tx, &decision, id, date)?,
            Choice::Release => release(tx, &decision, id, date)?,
            Choice::NoShow | Choice::Carry | Choice::Uncounted => None,
        };
        sums.count += 1;
        sums.amount_minor += amount.unwrap_or_default().0;
    }
    Ok(sums)
}

/// What was decided and is not done; what it was decided of may be over by now.
fn pending(tx: &Tx, date: Date, choices: &[Choice]) -> Result<Vec<Decision>> {
    let mut found = store::decisions(tx, date)?;
    found.retain(|one| one.done_at.is_none() && choices.contains(&one.choice));
    Ok(found)
}

/// Carries out what was decided of a stay. Where it is refused, the stay is left open: one of them never stops the
/// close of the whole house.
fn attempt<T>(
    tx: &Tx,
    decision: &Decision,
    id: ReservationId,
    date: Date,
    work: impl FnOnce() -> Result<T>,
) -> Result<Option<T>> {
    match tx.attempt(work) {
        Ok(done) => Ok(Some(done)),
        Err(Error::Refused(_) | Error::Invalid(_)) => {
            store::decide(tx, date, store::About::Stay(id), Choice::Carry, decision.is_default)?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// One night more; who cannot have it in the own room is overdue instead, and keeps it all the same.
fn extend(tx: &Tx, decision: &Decision, id: ReservationId, date: Date) -> Result<Option<Money>> {
    let before = reservations::find(tx, id)?;
    if before.status != ReservationStatus::CheckedIn || before.check_out_date > date {
        store::drop_decision(tx, decision.id)?;
        return Ok(None);
    }
    let extended = || relocate::extend(tx, id, &Extension::quoted(date.next()));
    let Some(after) = attempt(tx, decision, id, date, extended)? else { return Ok(None) };
    let amount = after.total_amount() - before.total_amount();
    store::note_done(tx, decision.id, amount)?;
    Ok(Some(amount))
}

fn release(tx: &Tx, decision: &Decision, id: ReservationId, date: Date) -> Result<Option<Money>> {
    let before = reservations::find(tx, id)?;
    if before.status != ReservationStatus::Tentative {
        store::drop_decision(tx, decision.id)?;
        return Ok(None);
    }
    let how = Cancel { reason: Some("option released at the day close".to_owned()), waive_fee: false, is_free: true };
    if attempt(tx, decision, id, date, || desk::cancel(tx, id, &how))?.is_none() {
        return Ok(None);
    }
    store::note_done(tx, decision.id, Money::ZERO)?;
    Ok(Some(Money::ZERO))
}

/// Puts the nights of all who stay on onto their bills. Who has no price for tonight waits for one.
fn post(tx: &Tx, date: Date) -> Result<Sums> {
    let mut sums = Sums::default();
    for id in store::to_post(tx, date)? {
        match post_stay(tx, id, Itinerary::stored(tx, id)?, date, date)? {
            Some(amount) => {
                sums.count += 1;
                sums.amount_minor += amount.0;
            }
            None => sums.left += 1,
        }
    }
    Ok(sums)
}

/// Posts the nights of a stay up to a date; `today` = the business date that its nights are those of.
fn post_stay(tx: &Tx, id: ReservationId, mut nights: Itinerary, date: Date, today: Date) -> Result<Option<Money>> {
    let before = reservations::find(tx, id)?;
    if preview::is_without_price(&before, &nights, date) {
        return Ok(None);
    }
    folio::post_nights(tx, id, &mut nights, date.next())?;
    let step = reservations::Step { people: People::Fact, ..reservations::Step::new("post_nights") };
    let after = save_on(tx, today, step, &before, &before, &nights)?;
    Ok(Some(after.charge_amount - before.charge_amount))
}

fn mark_no_shows(tx: &Tx, date: Date) -> Result<Sums> {
    let mut sums = Sums::default();
    for decision in pending(tx, date, &[Choice::NoShow])? {
        let Some(id) = decision.reservation_id else { continue };
        let before = reservations::find(tx, id)?;
        if before.status != ReservationStatus::Confirmed || before.check_in_date > date {
            store::drop_decision(tx, decision.id)?;
            continue;
        }
        let how = NoShow { reason: None, override_late_arrival: true, is_closing: true };
        let Some(after) = attempt(tx, &decision, id, date, || desk::no_show(tx, id, &how))? else { continue };
        let fee = after.charge_amount - before.charge_amount;
        store::note_done(tx, decision.id, fee)?;
        sums.count += 1;
        sums.amount_minor += fee.0;
    }
    Ok(sums)
}

/// Ends the shifts that nobody has counted, where that was chosen.
fn close_drawers(tx: &Tx, date: Date) -> Result<Sums> {
    let mut sums = Sums::default();
    for decision in pending(tx, date, &[Choice::Uncounted])? {
        let Some(id) = decision.shift_id else { continue };
        let shift = till::find(tx, id)?;
        if !shift.is_open() {
            store::drop_decision(tx, decision.id)?;
            continue;
        }
        till::close::close_uncounted(tx, &shift)?;
        store::note_done(tx, decision.id, Money::ZERO)?;
        sums.count += 1;
    }
    Ok(Sums { left: count(open::look(tx, date)?.shifts.len()), ..sums })
}

fn note_slept_in(tx: &Tx) -> Result<Sums> {
    let slept_in = store::slept_in(tx)?;
    slept_in.iter().try_for_each(|room| rooms::set_housekeeping(tx, *room, Housekeeping::Dirty))?;
    Ok(Sums { count: count(slept_in.len()), ..Sums::default() })
}

/// What the day came to, once its books agree.
fn snapshot(tx: &Tx, date: Date) -> Result<Sums> {
    ledger::check(tx, date)?;
    statistics::record_day(tx, date)?;
    let ledgers = ledger::changes(tx, date)?;
    let amount_minor = ledgers.iter().map(|(_, amount)| amount.0).sum();
    Ok(Sums { ledgers: ledgers.into_iter().map(|(name, amount)| (name, amount.0)).collect(), amount_minor, ..Sums::default() })
}

/// Opens the next day. Whoever came, left or was decided about since the steps before is seen to; who is overdue then
/// keeps the room, and the night is on the bill.
fn roll(tx: &Tx, close: &DayClose) -> Result<Sums> {
    let (date, next) = (close.business_date, close.business_date.next());
    decide(tx, date)?;
    let mut sums = post(tx, date)?;
    mark_no_shows(tx, date)?;
    note_slept_in(tx)?;
    let displaced = overstay::hold_rooms(tx, date, next)?;
    for id in store::staying_on(tx, date)? {
        if let Some(amount) = post_stay(tx, id, Itinerary::stored(tx, id)?, date, next)? {
            sums.count += 1;
            sums.amount_minor += amount.0;
        }
    }
    for decision in pending(tx, date, &[Choice::Carry])? {
        store::note_done(tx, decision.id, Money::ZERO)?;
    }
    let ledgers = snapshot(tx, date)?.ledgers;
    let entry = json!({ "business_date": date, "reason": close.reason, "is_unattended": close.is_unattended });
    audit::record(tx, "close_day", "day_close", close.id.0, &audit::NOTHING, &entry)?;
    day::roll(tx)?;
    groups::release_due(tx, next)?;
    groups::end_due(tx, next)?;
    let displaced = displaced.into_iter().map(|one| (one.id.0, one.by.0)).collect();
    Ok(Sums { ledgers, displaced, ..sums })
}

/// A copy of the hotel as the day left it, unless one is being made.
fn report(tx: &Tx) -> Result<Sums> {
    if !settings::property(tx)?.is_demo && !jobs::is_open(tx, keeper::ORDERED)? {
        jobs::order(tx, keeper::ORDERED, &NoBody {})?;
    }
    Ok(Sums::default())
}
