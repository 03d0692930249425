//! A lifelike hotel from a seed: the same seed gives the same hotel, row by row.
//!
//! Days are played one after the other: each night's rooms are filled up to what
//! the season asks for, so that memory stays small however long the history is.

mod accounts;
mod bookings;
mod calendar;
mod details;
mod folio;
mod house;
mod invoices;
mod names;
mod people;
mod random;
mod season;
#[cfg(test)]
mod tests;

use bookings::Book;
use calendar::Calendar;

use crate::db::{Context, Db};
use crate::domain::actor::Actor;
use crate::domain::date::Date;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::Slice;
use crate::hotel::statistics::past;
use crate::hotel::transfer::bulk::{self, PostedAt};

pub const SLICE: Slice =
    Slice { name: "demo", is_workflow: true, statements: &[accounts::STATEMENTS, invoices::STATEMENTS], ..Slice::EMPTY };

/// Days ahead of the business date that are booked already.
const DAYS_AHEAD: i64 = 270;
/// The time of day at which the desk stands: after check-out, amid the arrivals.
const NOW_MINUTE: i64 = 15 * 60;
/// Bookings a transaction.
const BATCH: u64 = 10_000;
/// The demo's first arrival lies after this year.
const FIRST_YEAR: i16 = 1700;

/// What hotel to make.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// From 1 to 1000.
    pub rooms: u32,
    pub seed: u64,
    pub business_date: Date,
    /// Years of history; what `reservations` asks for goes first.
    pub years: u32,
    /// About so many bookings, and never fewer: history as long as that takes.
    pub reservations: Option<u64>,
}

impl DemoOptions {
    /// Thirty rooms and two years.
    pub fn on(business_date: Date) -> DemoOptions {
        DemoOptions { rooms: 30, seed: 1, business_date, years: 2, reservations: None }
    }
}

/// The accounts' hashed passwords: hashing is slow, and not the writer's work.
#[derive(Debug, Clone)]
pub struct DemoHashes {
    /// Of the owner, `admin`.
    pub owner: String,
    /// Of `manager`, `reception`, `housekeeping` and `auditor`.
    pub staff: String,
}

/// The passwords that the accounts are known to have.
pub const OWNER_PASSWORD: &str = "admin123";
pub const STAFF_PASSWORD: &str = "demo1234";

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSummary {
    pub rooms: u64,
    pub guests: u64,
    pub reservations: u64,
    pub first_arrival: Date,
    pub business_date: Date,
}

/// Makes the demo hotel in an empty data file, in several transactions.
/// `progress` is told how many of about how many bookings are written.
///
/// # Errors
/// `AlreadySetUp` when the file has a hotel in it; `Invalid` for options out of range.
pub fn generate(db: &Db, options: &DemoOptions, hashes: &DemoHashes, progress: &mut dyn FnMut(u64, u64)) -> Result<DemoSummary> {
    let plan = Plan::new(options)?;
    let calendar = Calendar::new(options.business_date, plan.days_before, DAYS_AHEAD)?;
    let (first_arrival, now) = (calendar.date(0), calendar.at(calendar.today, NOW_MINUTE));
    let context = |who: &str| Context { actor: Actor::program(who), now };
    let (wanted, secrets) = (options.clone(), hashes.clone());
    let house = db.write(context("demo"), move |tx| house::build(tx, &wanted, &secrets))?;
    let mut book = Box::new(Book::new(options.seed, plan.load_permille, plan.at_least, house, calendar));
    loop {
        progress(book.made, plan.expected.max(book.made));
        let played;
        (book, played) = db.write_alone(context("reception"), move |tx| {
            let is_over = bulk::load(tx, PostedAt::EachNight, |loader| book.play(loader, BATCH))?;
            if is_over {
                book.leave_rooms(tx)?;
            }
            Ok((book, is_over))
        })?;
        if played {
            break;
        }
    }
    let (kinds, today) = (book.house.kinds.clone(), options.business_date);
    db.write_alone(context("manager"), move |tx| accounts::build(tx, &kinds, today))?;
    write_days_down(db, &context)?;
    db.write(context("reception"), invoices::issue_some)?;
    db.settle_search(context("demo"))?;
    progress(book.made, book.made);
    Ok(DemoSummary {
        rooms: u64::from(options.rooms),
        guests: book.guests,
        reservations: book.made,
        first_arrival,
        business_date: options.business_date,
    })
}

/// Writes the days of its history down as their closes would have, a year at a time.
fn write_days_down(db: &Db, context: &dyn Fn(&str) -> Context) -> Result<()> {
    let Some((mut from, last)) = db.read(&context("demo"), past::closed)? else { return Ok(()) };
    while from <= last {
        let to = from.plus(364).unwrap_or(last).min(last);
        db.write_alone(context("demo"), move |tx| past::write_missing(tx, from, to))?;
        from = to.next();
    }
    Ok(())
}

/// How long a history, and how full.
struct Plan {
    days_before: i64,
    /// Of the usual occupancy; below 1000 when few bookings are wanted.
    load_permille: u64,
    at_least: u64,
    expected: u64,
}

impl Plan {
    fn new(options: &DemoOptions) -> Result<Plan> {
        let mut fields = Fields::default();
        fields.ensure(
            (1..=1000).contains(&options.rooms),
            "rooms",
            text!("must be from {least} to {most}", least = 1, most = 1000),
        );
        fields.ensure(options.years <= 200, "years", text!("must be from {least} to {most}", least = 0, most = 200));
        let most = 50_000_000;
        fields.ensure(
            options.reservations.is_none_or(|n| (1..=most).contains(&n)),
            "reservations",
            text!("must be from {least} to {most}", least = 1, most = 50000000),
        );
        fields.finish()?;
        // Bookings a day and thousand rooms; what lies ahead counts as so many days.
        const A_DAY: u64 = 249;
        const AHEAD: u64 = 78;
        let a_day = u64::from(options.rooms) * A_DAY;
        let Some(wanted) = options.reservations else {
            let days_before = i64::from(options.years) * 365;
            let days = u64::try_from(days_before).unwrap_or(0) + AHEAD;
            return Ok(Plan { days_before, load_permille: 1000, at_least: 0, expected: a_day * days / 1000 });
        };
        // A little too few, so that the last ones can be added to the history.
        let days = wanted * 985 / a_day;
        let days_before = i64::try_from(days.saturating_sub(AHEAD)).unwrap_or(0).max(30);
        let expected = a_day * (u64::try_from(days_before).unwrap_or(0) + AHEAD) / 1000;
        let load_permille = (wanted * 1000 / expected.max(1)).min(1000);
        let first = options.business_date.plus(-days_before).filter(|d| d.year() >= FIRST_YEAR);
        if first.is_none() {
            let detail =
                text!("need more rooms: {rooms} would take {years} years to fill", rooms = options.rooms, years = days / 365);
            return Err(Error::invalid("reservations", detail));
        }
        Ok(Plan { days_before, load_permille, at_least: wanted, expected: wanted })
    }
}
