//! The business date: where it may move, and who may move it there.
//!
//! One day at a time, as the day before is closed. Ahead of the calendar only as far as
//! tomorrow, for a day that is closed before midnight; further with an owner's reason. Back
//! as long as nothing was done on the day, so that a slip of the hand is no catastrophe.

use super::{Property, store};
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::date::{Date, Instant};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::audit;

/// The last date that a day may be opened on: tomorrow by the hotel's calendar.
pub fn last_by_calendar(now: Instant, zone: &jiff::tz::TimeZone) -> Date {
    now.date_in(zone).next()
}

/// Whether a change of the settings may make `to` the business date: back to the day before alone.
///
/// # Errors
/// 409 `wrong-date` with what was done on the day already, or for any other date.
pub fn check_move(tx: &Tx, property: &Property, to: Date) -> Result<()> {
    let from = property.business_date;
    if to == from {
        return Ok(());
    }
    if to == from.previous() {
        return check_untouched(tx, from);
    }
    let detail = text!("The business date is {today}. It moves on one day at a time, as each day is closed.", today = from);
    Err(Error::refused(Code::WrongDate, detail))
}

/// Opens the day after the open one. What has to be done before is the day close's matter.
///
/// # Errors
/// When the database refuses: somebody overdue has no room held.
pub fn roll(tx: &Tx) -> Result<Date> {
    let mut property = super::property(tx)?;
    property.business_date = property.business_date.next();
    store::update(tx, &property)?;
    Ok(property.business_date)
}

/// Whether the calendar lets a day be opened.
///
/// # Errors
/// 409 `wrong-date`, or `reason-needed`, for a day ahead of it.
pub fn check_calendar(tx: &Tx, property: &Property, to: Date, reason: &str) -> Result<()> {
    let last = last_by_calendar(tx.now(), &property.zone());
    if to <= last {
        return Ok(());
    }
    let today = last.previous();
    if tx.actor().role != Some(Role::Owner) {
        let detail = text!("Today is {today}. Only an owner can move the business date beyond tomorrow, with a reason.", today);
        return Err(Error::refused(Code::WrongDate, detail));
    }
    if reason.is_empty() {
        let detail = text!("Today is {today}. Give a reason for moving the business date beyond tomorrow.", today);
        return Err(Error::refused(Code::ReasonNeeded, detail));
    }
    Ok(())
}

/// Whether nothing was booked, posted, paid, checked in or out on the open day.
pub fn is_untouched(conn: &Conn, day: Date) -> Result<bool> {
    let booked = audit::newest_in_the_books(conn)?;
    Ok(booked.is_none_or(|newest| newest < day) && !store::has_work_on(conn, day)?)
}

fn check_untouched(tx: &Tx, day: Date) -> Result<()> {
    if is_untouched(tx, day)? {
        return Ok(());
    }
    let detail =
        text!("Work was already done on {day}, so the business date cannot go back. See Activity for what was done.", day);
    Err(Error::refused(Code::WrongDate, detail))
}
