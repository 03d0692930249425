//! `/api/dashboard/figures`: what whoever runs the house looks at first.

use schemars::JsonSchema;
use serde::Serialize;

use super::table::MOST_ROWS;
use super::{Asked, By, Compare, Only, month_of, pickup};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::{Amount, Money};
use crate::domain::percent::Percent;
use crate::domain::wording::Language;
use crate::error::{Error, Result};
use crate::hotel::frontdesk::stats::percent_tenths;
use crate::hotel::settings::{self, Property};
use crate::hotel::statistics::{self, Day};
use crate::http::endpoint::{Access, Endpoint, NoParams, query};

statements! {
    DEPARTED_OPEN = "reports.departed_open": "SELECT count(*), coalesce(sum(balance), 0) FROM reservation INDEXED BY reservation_balance_due
        WHERE balance > 0 AND +status = 'checked_out'", scans "what is not paid yet, by its index";
    EXCEPTIONS = "reports.exceptions_of": "SELECT count(*), coalesce(sum(json_extract(after, '$.amount_minor')), 0)
        FROM audit_log INDEXED BY audit_log_exception_day
        WHERE action = 'exception' AND business_date = ?1 AND json_extract(after, '$.kind') <> 'not_counted'";
}

pub fn endpoints() -> Vec<Endpoint> {
    let what = "How the last day and the month went, and what has come in for the next 30 days";
    vec![query("/api/dashboard/figures", "find_figures", Access::MANAGE, what, &[], show)]
}

/// The figures of a day or of several.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeriodFigures {
    from: Date,
    to: Date,
    sold: i64,
    available: i64,
    occupancy_rate: Percent,
    adr: Amount,
    revpar: Amount,
    room_revenue: Amount,
}

/// What whoever runs the house looks at first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FiguresView {
    /// The last day that is over.
    date: Date,
    day: PeriodFigures,
    /// The same weekday of the year before.
    day_last_year: PeriodFigures,
    /// Its month up to that day.
    month: PeriodFigures,
    /// As many days of that month of the year before.
    month_last_year: PeriodFigures,
    /// From the business date on, as booked.
    next_30: PeriodFigures,
    /// Rooms on the books for those days a year ago.
    next_30_year_ago: i64,
    /// Rooms that came to those days since the day before, and within a week.
    picked_up: i64,
    picked_up_in_week: i64,
    revenue_picked_up_in_week: Amount,
    /// Guests who have left and still owe something, and how much.
    departed_open: i64,
    departed_open_amount: Amount,
    /// What was given away or taken back on that day, as the owner’s list has it.
    exceptions: i64,
    exceptions_amount: Amount,
}

fn show(conn: &Conn, _: NoParams) -> Result<FiguresView> {
    let property = settings::property(conn)?;
    let (today, date) = (property.business_date, property.business_date.previous());
    let month = (month_of(date), date);
    let of = |period: (Date, Date)| figures(conn, &property, period);
    let ahead = (today, today.plus(29).unwrap_or(today));
    let asked = Asked {
        property: property.clone(),
        from: ahead.0,
        to: ahead.1,
        by: By::Month,
        only: Only::default(),
        language: Language::English,
        most: MOST_ROWS,
    };
    let [now, yesterday, week, year_ago] = pickup::whole(conn, &asked)?;
    let read = |row: &rusqlite::Row| Ok((row.get::<_, i64>(0)?, row.get::<_, Money>(1)?));
    let (departed_open, owed) = conn.one(&DEPARTED_OPEN, [], read)?.unwrap_or_default();
    let (exceptions, given) = conn.one(&EXCEPTIONS, [date], read)?.unwrap_or_default();
    Ok(FiguresView {
        date,
        day: of((date, date))?,
        day_last_year: of(Compare::LastYearByWeekday.period((date, date)))?,
        month: of(month)?,
        month_last_year: of(Compare::LastYear.period(month))?,
        next_30: of(ahead)?,
        next_30_year_ago: year_ago.0,
        picked_up: now.0 - yesterday.0,
        picked_up_in_week: now.0 - week.0,
        revenue_picked_up_in_week: property.amount(now.1 - week.1),
        departed_open,
        departed_open_amount: property.amount(owed),
        exceptions,
        exceptions_amount: property.amount(given),
    })
}

fn figures(conn: &Conn, property: &Property, (from, to): (Date, Date)) -> Result<PeriodFigures> {
    let day = Day::sum(&statistics::days(conn, from, to)?).ok_or_else(|| Error::internal("a period has no day"))?;
    Ok(PeriodFigures {
        from,
        to,
        sold: day.sold,
        available: day.available(),
        occupancy_rate: percent_tenths(day.sold, day.available()),
        adr: property.amount(day.room_revenue.per(day.paying)),
        revpar: property.amount(day.room_revenue.per(day.available())),
        room_revenue: property.amount(day.room_revenue),
    })
}
