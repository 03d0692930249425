//! The demo's days by number, and its instants on the hotel's own clock.

use jiff::civil::Time;

use super::house::TIME_ZONE;
use crate::domain::date::{Date, Instant};
use crate::domain::wording::text;
use crate::error::{Error, Result};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Day 0 is the first arrival; days before it are negative.
#[derive(Debug, Clone)]
pub struct Calendar {
    first: Date,
    dates: Vec<Date>,
    /// The business date.
    pub today: i64,
    /// The last day with arrivals.
    pub last: i64,
    /// Midnight of day 0 in milliseconds: Java's clock never changes.
    midnight: i64,
}

impl Calendar {
    pub fn new(business_date: Date, days_before: i64, days_after: i64) -> Result<Calendar> {
        let unheard = || Error::invalid("business_date", text!("is too near to the calendar's end for the years asked for"));
        let first = business_date.plus(-days_before).ok_or_else(unheard)?;
        let zone = jiff::tz::TimeZone::get(TIME_ZONE).map_err(Error::internal)?;
        let midnight = business_date.at(Time::midnight(), &zone).ok_or_else(unheard)?.as_millisecond() - days_before * DAY;
        let dates = (0..=days_before + days_after + 40).map_while(|day| first.plus(day)).collect();
        Ok(Calendar { first, dates, today: days_before, last: days_before + days_after, midnight })
    }

    pub fn date(&self, day: i64) -> Date {
        let known = usize::try_from(day).ok().and_then(|at| self.dates.get(at)).copied();
        known.or_else(|| self.first.plus(day)).unwrap_or(self.first)
    }

    pub fn day(&self, date: Date) -> i64 {
        self.first.days_until(date)
    }

    /// So many minutes after the midnight that a day begins with.
    pub fn at(&self, day: i64, minute: i64) -> Instant {
        let ms = self.midnight + day * DAY + minute * MINUTE;
        Instant::from_millisecond(ms).expect("invariant: the demo's years lie within the calendar")
    }
}
