//! What is decided of that which is open: by a person, one by one, or by the plan for all that nobody has decided.

use serde_json::json;

use super::open::{self, OpenCase, OpenStay};
use super::plan::{self, Plan};
use super::store::{self, About};
use super::{Choice, Decision};
use crate::db::{Conn, Tx};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::id::DecisionId;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings::Property;
use crate::hotel::{audit, settings};

pub fn find(conn: &Conn, id: DecisionId) -> Result<Decision> {
    store::decision(conn, id)?.ok_or_else(|| Error::NotFound(text!("This decision does not exist.")))
}

/// Decides of something that is open on the business date.
///
/// # Errors
/// 422 for what is not open, or cannot be done with it; 409 once posting has begun.
pub fn decide(tx: &Tx, about: About, choice: Choice) -> Result<Decision> {
    let date = settings::business_date(tx)?;
    check_not_begun(tx, date)?;
    let open = open::look(tx, date)?;
    let can_be_chosen = match about {
        About::Stay(id) => open.stays.iter().any(|stay| stay.id == id && stay.case.choices(stay.status).contains(&choice)),
        About::Shift(id) => open.shifts.iter().any(|shift| shift.id == id) && matches!(choice, Choice::Carry | Choice::Uncounted),
    };
    if !can_be_chosen {
        return Err(Error::invalid("choice", text!("is not possible for this case")));
    }
    let id = store::decide(tx, date, about, choice, false)?;
    note(tx, "decide", id)
}

/// Takes a choice back that is not carried out yet.
///
/// # Errors
/// 409 once it is.
pub fn take_back(tx: &Tx, id: DecisionId) -> Result<()> {
    let decision = find(tx, id)?;
    if decision.done_at.is_some() || decision.business_date != settings::business_date(tx)? {
        let detail = text!("This has been carried out; undo it instead.");
        return Err(Error::refused(Code::WrongDate, detail));
    }
    note(tx, "take_back_decision", id)?;
    store::drop_decision(tx, id)
}

/// Writes onto the trail what was decided, of the stay or shift it is about.
pub fn note(tx: &Tx, action: &str, id: DecisionId) -> Result<Decision> {
    let decision = find(tx, id)?;
    let about = match (decision.reservation_id, decision.shift_id) {
        (Some(stay), _) => ("reservation", stay.0),
        (None, Some(shift)) => ("shift", shift.0),
        (None, None) => return Err(Error::internal("a decision is about something")),
    };
    let entry = json!({ "choice": decision.choice, "business_date": decision.business_date });
    audit::record(tx, action, about.0, about.1, &audit::NOTHING, &entry)?;
    Ok(decision)
}

fn check_not_begun(conn: &Conn, date: Date) -> Result<()> {
    if store::find(conn, date)?.is_some_and(|close| store::steps(conn, close.id).is_ok_and(|steps| !steps.is_empty())) {
        let detail = text!("The close of {date} has begun. Go on with it; what it decides can be undone afterwards.", date);
        return Err(Error::refused(Code::WrongDate, detail));
    }
    Ok(())
}

/// Leaves all open that nobody has decided.
pub fn carry_rest(tx: &Tx, date: Date) -> Result<()> {
    let open = open::look(tx, date)?;
    for stay in open.stays.iter().filter(|stay| stay.is_waiting()) {
        store::decide(tx, date, About::Stay(stay.id), Choice::Carry, false)?;
    }
    for shift in open.shifts.iter().filter(|shift| shift.decision.is_none()) {
        store::decide(tx, date, About::Shift(shift.id), Choice::Carry, false)?;
    }
    Ok(())
}

/// Decides as the plan says what nobody has.
pub fn by_plan(tx: &Tx, date: Date) -> Result<()> {
    let (open, plan, property) = (open::look(tx, date)?, plan::find(tx)?, settings::property(tx)?);
    let is_late = |time: ArrivalTime| plan::instant_of(time, date, &property.zone()).is_some_and(|at| tx.now() >= at);
    let is_missed = is_missed(tx, date, &property)?;
    let takes_no_shows = is_late(plan.no_show_time);
    for stay in open.stays.iter().filter(|stay| stay.decision.is_none()) {
        if let Some(choice) = choice_of(&plan, stay, takes_no_shows, is_missed)
            && store::decision_about(tx, date, About::Stay(stay.id))?.is_none_or(|before| before.done_at.is_some())
        {
            store::decide(tx, date, About::Stay(stay.id), choice, true)?;
        }
    }
    for shift in open.shifts.iter().filter(|shift| shift.decision.is_none()) {
        store::decide(tx, date, About::Shift(shift.id), Choice::Uncounted, true)?;
    }
    Ok(())
}

/// Whether the day was not closed in its own night, or is the last of such days: the machine was off, or its clock is
/// ahead. What the desk knows of arrivals and options is not in the book then.
fn is_missed(conn: &Conn, date: Date, property: &Property) -> Result<bool> {
    let zone = property.zone();
    let before = store::find(conn, date.previous())?.filter(|close| close.is_unattended).and_then(|close| close.closed_at);
    Ok(date.days_until(conn.now().date_in(&zone)) > 1 || before.is_some_and(|at| at.date_in(&zone) > date))
}

fn choice_of(plan: &Plan, stay: &OpenStay, takes_no_shows: bool, is_missed: bool) -> Option<Choice> {
    match stay.case {
        OpenCase::OverdueArrival | OpenCase::Arrival | OpenCase::Option if is_missed => Some(Choice::Carry),
        OpenCase::OverdueArrival | OpenCase::Arrival => Some(match stay.status {
            ReservationStatus::Tentative => plan.options,
            _ if takes_no_shows => plan.arrivals,
            _ => Choice::Carry,
        }),
        OpenCase::Option => Some(plan.options),
        OpenCase::OverdueDeparture | OpenCase::Departure => Some(plan.departures),
        OpenCase::LateArrival | OpenCase::Unsettled | OpenCase::WithoutRoom | OpenCase::WithoutPrice => Some(Choice::Carry),
        OpenCase::Incomplete => None,
    }
}
