//! What each day was, and what was on the books when it ended: rows that the day close leaves, so that figures of years are read
//! by the day.
//!
//! Everything is reckoned from bookings, nights and postings, and only from them: `record_day` writes a day down, and whoever asks for days gets
//! those that were written down from there and all others reckoned at once. A day that has changed since counts among the others.
//! Knows nothing of reports.

pub mod books;
pub mod checks;
pub mod ledgers;
pub mod past;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ArticleId, TaxId};
use crate::domain::money::Money;
use crate::error::Result;
use crate::hotel::{Slice, settings};

pub use ledgers::{DayLedger, ledgers};

pub const SLICE: Slice = Slice {
    name: "statistics",
    statements: &[store::STATEMENTS, ledgers::STATEMENTS, books::STATEMENTS, checks::STATEMENTS, past::STATEMENTS],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

record! {
    /// The rooms and the people of a day.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Day {
        pub date: Date,
        pub rooms: i64,
        pub out_of_order: i64,
        pub out_of_service: i64,
        /// Nights that were held, the next three among them.
        pub sold: i64,
        pub complimentary: i64,
        pub house_use: i64,
        /// Tonight of guests who should have left.
        pub unpriced: i64,
        /// Nights that an average is taken over.
        pub paying: i64,
        /// Rooms that more than one person slept in.
        pub multiple: i64,
        pub adults: i64,
        pub children: i64,
        pub day_use: i64,
        /// Who came on this business date.
        pub arrivals: i64,
        pub arrival_persons: i64,
        /// Of them, booked on the same day.
        pub walk_ins: i64,
        pub departures: i64,
        pub departure_persons: i64,
        pub early_departures: i64,
        /// Stays whose departure was moved on this business date.
        pub extended: i64,
        /// Nights of guests who are VIPs.
        pub vips: i64,
        /// Bookings made on this business date, and their nights.
        pub made: i64,
        pub made_nights: i64,
        /// Who gave up on this business date.
        pub cancelled: i64,
        pub no_shows: i64,
        /// The prices of its nights.
        pub room_revenue: Money,
        pub day_use_revenue: Money,
    }
}

impl Day {
    fn empty(date: Date, rooms: i64) -> Day {
        Day {
            date,
            rooms,
            out_of_order: 0,
            out_of_service: 0,
            sold: 0,
            complimentary: 0,
            house_use: 0,
            unpriced: 0,
            paying: 0,
            multiple: 0,
            adults: 0,
            children: 0,
            day_use: 0,
            arrivals: 0,
            arrival_persons: 0,
            walk_ins: 0,
            departures: 0,
            departure_persons: 0,
            early_departures: 0,
            extended: 0,
            vips: 0,
            made: 0,
            made_nights: 0,
            cancelled: 0,
            no_shows: 0,
            room_revenue: Money::ZERO,
            day_use_revenue: Money::ZERO,
        }
    }

    /// Rooms that could be sold.
    pub fn available(&self) -> i64 {
        self.rooms - self.out_of_order
    }

    pub fn persons(&self) -> i64 {
        self.adults + self.children
    }

    /// Takes the figures of another day on top.
    pub fn add(&mut self, other: &Day) {
        self.rooms += other.rooms;
        self.out_of_order += other.out_of_order;
        self.out_of_service += other.out_of_service;
        self.sold += other.sold;
        self.complimentary += other.complimentary;
        self.house_use += other.house_use;
        self.unpriced += other.unpriced;
        self.paying += other.paying;
        self.multiple += other.multiple;
        self.adults += other.adults;
        self.children += other.children;
        self.day_use += other.day_use;
        self.arrivals += other.arrivals;
        self.arrival_persons += other.arrival_persons;
        self.walk_ins += other.walk_ins;
        self.departures += other.departures;
        self.departure_persons += other.departure_persons;
        self.early_departures += other.early_departures;
        self.extended += other.extended;
        self.vips += other.vips;
        self.made += other.made;
        self.made_nights += other.made_nights;
        self.cancelled += other.cancelled;
        self.no_shows += other.no_shows;
        self.room_revenue = self.room_revenue + other.room_revenue;
        self.day_use_revenue = self.day_use_revenue + other.day_use_revenue;
    }

    /// The figures of several days together; the date is the first's.
    pub fn sum(days: &[Day]) -> Option<Day> {
        let (first, rest) = days.split_first()?;
        let mut sum = first.clone();
        rest.iter().for_each(|day| sum.add(day));
        Some(sum)
    }
}

record! {
    /// What was charged on a day for an article; voids stand by themselves.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct DayRevenue {
        pub date: Date,
        pub article_id: ArticleId,
        pub is_void: bool = "entry = 'void'",
        pub lines: i64,
        pub quantity: i64,
        /// All taxes included.
        pub amount: Money,
        pub tax_amount: Money,
    }
}

record! {
    /// What of the prices of a day's nights was for an article inside them.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct DayPart {
        pub date: Date,
        pub article_id: ArticleId,
        pub quantity: i64,
        pub amount: Money,
        pub tax_amount: Money,
    }
}

record! {
    /// Money of a day by method.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct DayMoney {
        pub date: Date,
        pub method: String,
        /// Without those that gave something back.
        pub payments: i64,
        pub received: Money,
        /// By refunds and voids; not negative.
        pub returned: Money,
    }
}

record! {
    /// A tax of a day at one rate.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct DayTax {
        pub date: Date,
        pub tax_id: TaxId,
        /// The hotel's own charge, which is no tax.
        pub is_service: bool,
        /// In millionths.
        pub rate: i64,
        /// Without the tax.
        pub base: Money,
        pub amount: Money,
    }
}

/// Writes down what a day was and what is on the books after it. Done again, it writes the same again: so a close that was broken off
/// begins this step anew.
pub fn record_day(tx: &Tx, date: Date) -> Result<()> {
    store::forget(tx, date)?;
    past::write(tx, date, date)?;
    books::record(tx, date)
}

/// The figures of days, both included, each date once and in their order.
pub fn days(conn: &Conn, from: Date, to: Date) -> Result<Vec<Day>> {
    let today = settings::business_date(conn)?;
    let mut found: BTreeMap<Date, Day> =
        store::days_kept(conn, from, to, today)?.into_iter().map(|day| (day.date, day)).collect();
    let known = found.keys().copied().collect();
    for (from, to) in gaps(from, to, &known) {
        found.extend(reckon_days(conn, from, to)?.into_iter().map(|day| (day.date, day)));
    }
    // A day that has changed had the rooms of its time.
    for (date, rooms) in store::rooms_then(conn, from, to, today)?.into_iter().filter(|(date, _)| !known.contains(date)) {
        found.entry(date).and_modify(|day| day.rooms = rooms);
    }
    Ok(found.into_values().collect())
}

/// What was charged by day and article.
pub fn revenue(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayRevenue>> {
    posted(conn, (from, to), store::revenue_kept, store::revenue_raw)
}

/// Money by day and method.
pub fn money(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayMoney>> {
    posted(conn, (from, to), store::money_kept, store::money_raw)
}

/// What of room prices was for articles inside them, by day and article.
pub fn parts(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayPart>> {
    posted(conn, (from, to), store::parts_kept, store::parts_raw)
}

/// Taxes by day and rate.
pub fn taxes(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayTax>> {
    posted(conn, (from, to), store::taxes_kept, store::taxes_raw)
}

type Kept<T> = fn(&Conn, Date, Date, Date) -> Result<Vec<T>>;
type Raw<T> = fn(&Conn, Date, Date) -> Result<Vec<T>>;

/// What was written down of closed days, and of the others what is posted. A closed day takes no posting any more, so
/// that it does not matter here whether a night of it has changed.
fn posted<T: Ord>(conn: &Conn, (from, to): (Date, Date), kept: Kept<T>, raw: Raw<T>) -> Result<Vec<T>> {
    let today = settings::business_date(conn)?;
    let mut found = kept(conn, from, to, today)?;
    for (from, to) in gaps(from, to, &store::recorded(conn, from, to, today)?) {
        found.extend(raw(conn, from, to)?);
    }
    found.sort();
    Ok(found)
}

/// Stretches of dates that are not among those known.
fn gaps(from: Date, to: Date, known: &BTreeSet<Date>) -> Vec<(Date, Date)> {
    let (mut out, mut date): (Vec<(Date, Date)>, Date) = (Vec::new(), from);
    for _ in 0..=from.days_until(to) {
        if !known.contains(&date) {
            match out.last_mut() {
                Some((_, last)) if last.next() == date => *last = date,
                _ => out.push((date, date)),
            }
        }
        date = date.next();
    }
    out
}

/// Days from their bookings and nights alone.
fn reckon_days(conn: &Conn, from: Date, to: Date) -> Result<Vec<Day>> {
    let (rooms, today) = (store::rooms(conn)?, settings::business_date(conn)?);
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    let mut date = from;
    for _ in 0..=from.days_until(to) {
        days.insert(date, Day::empty(date, rooms));
        date = date.next();
    }
    store::nights(conn, from, to, &mut days)?;
    store::comings(conn, from, to, &mut days)?;
    store::bookings(conn, from, to, &mut days)?;
    store::blocked(conn, from, to, &mut days)?;
    if let Some(tonight) = days.get_mut(&today) {
        tonight.unpriced = store::overdue(conn, today)?;
    }
    for day in days.values_mut() {
        // So far all nights at no price, and all but those that nobody is to pay for.
        day.complimentary -= day.house_use + day.unpriced;
        day.paying -= day.unpriced;
    }
    Ok(days.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_stretches_between_what_is_known() {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        let known = BTreeSet::from([date("2025-03-02"), date("2025-03-03"), date("2025-03-06")]);
        let found = gaps(date("2025-03-01"), date("2025-03-06"), &known);
        assert_eq!(found, [(date("2025-03-01"), date("2025-03-01")), (date("2025-03-04"), date("2025-03-05"))]);
        assert!(gaps(date("2025-03-02"), date("2025-03-03"), &known).is_empty());
    }
}
