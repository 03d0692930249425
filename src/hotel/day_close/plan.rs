//! The unattended close: whether days close by themselves, when, and what is done then with what is open.

use std::sync::{Mutex, PoisonError};

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::steps::{self, How, Undecided};
use super::{Choice, store};
use crate::db::record::{record, written};
use crate::db::sql::statements;
use crate::db::{Conn, Table, Tx};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::{Date, Instant};
use crate::error::Result;
use crate::hotel::{audit, settings};
use crate::http::state::App;
use crate::jobs::{Job, every};
use const_format::concatcp;

written!(PLAN: Plan = is_on, close_time, arrivals, no_show_time, departures, options, keeps_paper);

statements! {
    FIND = "day_close.find_plan" selects Plan "FROM day_close_plan WHERE id = 1";
    BEGIN = "day_close.begin_plan": "INSERT INTO day_close_plan (id) VALUES (1) ON CONFLICT (id) DO NOTHING";
    UPDATE = "day_close.update_plan" is concatcp!("UPDATE day_close_plan SET ", PLAN.sets, ", version = version + 1 WHERE id = 1");
    NOTE_STOPPED = "day_close.note_stopped": "UPDATE day_close_plan SET stopped_at = ?1 WHERE id = 1";
    NOTE_GOING_ON = "day_close.note_going_on": "UPDATE day_close_plan SET stopped_at = NULL WHERE id = 1 AND stopped_at IS NOT NULL";
}

/// Why the unattended close was stopped last, as the log has it: it is tried each minute, and told once.
static LOGGED: Mutex<String> = Mutex::new(String::new());

/// How often it is looked whether a day is due.
const EVERY_SECONDS: i64 = 60;

/// A clock that is further ahead of the business date was set wrong, or the hotel was shut: a person closes the days
/// then.
const MOST_DAYS: i64 = 31;

record! {
    /// When days close by themselves, and what is done then.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Plan {
        pub is_on: bool,
        pub close_time: String,
        pub arrivals: Choice,
        pub no_show_time: ArrivalTime,
        pub departures: Choice,
        pub options: Choice,
        /// Whether the emergency paper is kept beside the data.
        pub keeps_paper: bool,
        pub stopped_at: Option<Instant>,
        pub version: i64,
    }
}

pub fn find(conn: &Conn) -> Result<Plan> {
    let usual = || {
        let no_show_time = "02:00".parse().map_err(crate::error::Error::internal)?;
        Ok(Plan {
            is_on: false,
            close_time: "03:00".to_owned(),
            arrivals: Choice::NoShow,
            no_show_time,
            departures: Choice::Extend,
            options: Choice::Release,
            keeps_paper: false,
            stopped_at: None,
            version: 1,
        })
    };
    conn.one(&FIND, [], Plan::from_row)?.map_or_else(usual, Ok)
}

pub fn save(tx: &Tx, plan: &Plan) -> Result<Plan> {
    tx.run(&BEGIN, [])?;
    tx.run(&UPDATE, PLAN.with(plan, &[]))?;
    find(tx)
}

/// Writes a change of the plan onto the trail.
pub fn note(tx: &Tx, before: &impl serde::Serialize, after: &impl serde::Serialize) -> Result<()> {
    audit::record(tx, "change", "day_close", 0, before, after)
}

/// A time of the night that begins with a day.
pub fn instant_of(time: ArrivalTime, day: Date, zone: &TimeZone) -> Option<Instant> {
    let date = if time.is_after_midnight() { day.next() } else { day };
    date.at(time.to_string().parse::<Time>().ok()?, zone)
}

/// When a day closes by itself: at the hour of the night after it.
pub fn due_at(plan: &Plan, day: Date, zone: &TimeZone) -> Option<Instant> {
    day.next().at(plan.close_time.parse::<Time>().ok()?, zone)
}

pub(super) fn jobs() -> Vec<Job> {
    vec![every("close_day", EVERY_SECONDS, look).after(&[Table::DayClosePlan])]
}

/// Closes the open day if its hour has come, one day at a time; when it wants to look again.
pub fn look(app: &App) -> Result<Option<Instant>> {
    let context = app.own_context();
    let Some((plan, property)) = app.db.read(&context, |conn| {
        let property = settings::store::find(conn)?;
        property.map(|property| Ok::<_, crate::error::Error>((find(conn)?, property))).transpose()
    })?
    else {
        return Ok(None);
    };
    let (date, zone) = (property.business_date, property.zone());
    let is_due = due_at(&plan, date, &zone).is_some_and(|at| context.now >= at);
    if !plan.is_on || !is_due || date.days_until(context.now.date_in(&zone)) > MOST_DAYS {
        return go_on(app);
    }
    let how = How { date, undecided: Undecided::ByPlan, reason: String::new() };
    if let Err(error) = steps::close(app, &context, &how) {
        let told = format!("the unattended close of {date} was stopped: {error}");
        let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
        if plan.stopped_at.is_none() || *logged != told {
            log::error!("{told}");
            *logged = told;
        }
        drop(logged);
        if plan.stopped_at.is_none() {
            app.db.write(context, |tx| tx.run(&NOTE_STOPPED, [tx.now()]).map(|_| ()))?;
        }
        return Ok(None);
    }
    log::info!("{date} was closed by itself");
    // A day that was missed before this one is over is closed next.
    Ok(Some(context.now))
}

/// A day was closed, by itself or by somebody: nothing is stopped any more.
pub fn note_going_on(tx: &Tx) -> Result<()> {
    tx.run(&NOTE_GOING_ON, []).map(|_| ())
}

/// Finishes a close whose next day is open already: what interrupted it came between the last two steps.
fn go_on(app: &App) -> Result<Option<Instant>> {
    let context = app.own_context();
    let date = app.db.read(&context, |conn| Ok(settings::store::business_date(conn)?.map(Date::previous)))?;
    let Some(date) = date else { return Ok(None) };
    let is_left = app.db.read(&context, |conn| Ok(store::find(conn, date)?.is_some_and(|close| close.closed_at.is_none())))?;
    if is_left {
        let how = How { date, undecided: Undecided::Ask, reason: String::new() };
        steps::close(app, &context, &how)?;
    }
    Ok(None)
}
