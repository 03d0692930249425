//! Statistics by day, month and in total, computed by the database.
//!
//! Sold are the nights held by bookings that were not cancelled and are not
//! no-shows; day use is no night. Revenue is the nights' price and nothing else.
//!
//! Tonight of a guest who should have left has no price before the guest leaves or stays on:
//! the room counts as occupied, and no average is taken over that night.

use std::collections::HashMap;

use jiff::civil;
use rusqlite::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::{Amount, Money};
use crate::domain::percent::Percent;
use crate::domain::status::ReservationStatus;
use crate::domain::stay::MAX_NIGHTS;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::settings::{self, Property};

statements! {
    SOLD = "stats.sold": "SELECT night, count(*), sum(rate), sum(rate = 0) FROM reservation_night
        WHERE is_held = 1 AND night >= ?1 AND night <= ?2 AND kind = 'night'
        GROUP BY night";
    NOT_PAYING = "stats.not_paying": "SELECT n.night, sum(r.rate_kind = 'house_use'), count(*)
        FROM reservation AS r INDEXED BY reservation_not_paying
        JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.rate_kind <> 'paying' AND r.check_in_date >= ?3 AND r.check_in_date <= ?2
            AND n.is_held = 1 AND n.kind = 'night' AND n.rate = 0
        GROUP BY n.night";
    OVERDUE = "stats.overdue": "SELECT count(*) FROM reservation AS r INDEXED BY reservation_in_house
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night = ?1
        WHERE r.status = 'checked_in' AND r.check_out_date < ?1 AND r.rate_kind = 'paying' AND n.is_held = 1 AND n.rate = 0", scans "stays in house are no more than the hotel's rooms";
    ON_THE_BOOKS = "stats.on_the_books": "SELECT n.night, count(*), sum(n.rate), sum(n.rate = 0),
            sum(n.night = ?6 AND n.rate = 0 AND r.status = 'checked_in' AND r.check_out_date < ?6 AND r.rate_kind = 'paying'),
            sum(n.rate = 0 AND r.rate_kind = 'house_use'), sum(n.rate = 0 AND r.rate_kind <> 'paying')
        FROM reservation AS r INDEXED BY reservation_dates
        JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.check_in_date >= ?3 AND r.check_in_date <= ?2 AND (r.check_out_date >= ?1
                OR r.planned_check_out_date >= ?1 OR r.checked_out_date >= ?1 OR r.status = 'checked_in')
            AND (r.created_at < ?4 OR r.check_in_date <= ?5)
            AND (n.is_held = 1 OR coalesce(r.cancelled_at, r.checked_out_at) >= ?4)
            AND (n.kind = 'night' OR (r.planned_check_out_date IS NOT NULL AND r.checked_out_at >= ?4))
        GROUP BY n.night";
    OUT_OF_ORDER = "stats.out_of_order": "SELECT night, count(*) FROM room_night
        WHERE night >= ?1 AND night <= ?2 AND block_id IS NOT NULL
        GROUP BY night";
    ROOMS = "stats.rooms": "SELECT count(*) FROM room", scans "a hotel's rooms are few";
    PAYMENTS = "stats.payments": "SELECT payment_method, count(*), sum(amount) FROM payment
        WHERE business_date >= ?1 AND business_date <= ?2
        GROUP BY payment_method ORDER BY payment_method LIMIT 500";
    BY_SOURCE = "stats.by_source": "SELECT r.source, count(DISTINCT r.id), count(n.id), coalesce(sum(n.rate), 0)
        FROM reservation AS r INDEXED BY reservation_dates
        LEFT JOIN reservation_night AS n ON n.reservation_id = r.id AND n.is_held = 1 AND n.kind = 'night'
            AND NOT (n.night = ?3 AND r.status = 'checked_in' AND r.check_out_date < ?3)
        WHERE r.check_in_date >= ?1 AND r.check_in_date <= ?2
        GROUP BY r.source ORDER BY count(DISTINCT r.id) DESC, r.source LIMIT 500";
    BY_STATUS = "stats.by_status": "SELECT status, count(*) FROM reservation
        WHERE check_in_date >= ?1 AND check_in_date <= ?2
        GROUP BY status ORDER BY status";
}

/// The longest period of one answer, in days.
const MAX_DAYS: i64 = 1100;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatsParams {
    from: Date,
    /// The last day, included; at most 1100 days after the first.
    to: Date,
    /// Days, months and total as they stood on the books when this day ended: without the bookings
    /// made later (a stay that had begun counts in any case), with those given up later. So a
    /// period that is not over is compared with the same point of another year.
    as_of: Option<Date>,
}

/// The figures of a day or of several. A rate is in percent with one decimal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Figures {
    rooms_total: i64,
    rooms_out_of_order: i64,
    /// Rooms that could be sold: without those out of order.
    rooms_available: i64,
    sold: i64,
    /// Of those sold, tonight of guests who should have left: without a price until they leave or
    /// stay on. They count in the occupancy, and in no average.
    unpriced: i64,
    /// Nights given away, of those sold: without a price, and not used by the house itself.
    complimentary: i64,
    /// Nights that the house used itself, of those sold.
    house_use: i64,
    occupancy_rate: Percent,
    /// Sold of all rooms, those out of order among them.
    occupancy_rate_with_ooo: Percent,
    room_revenue: Amount,
    /// The revenue by nights sold, without those of complimentary stays and of house use, and
    /// without those that have no price yet.
    adr: Amount,
    revpar: Amount,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct DayFigures {
    date: Date,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct MonthFigures {
    /// Such as 2025-11; the part of it that lies in the period.
    month: String,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct MethodFigures {
    payment_method: String,
    count: i64,
    amount: Amount,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SourceFigures {
    source: String,
    count: i64,
    nights: i64,
    room_revenue: Amount,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusFigures {
    status: ReservationStatus,
    count: i64,
}

/// The period's statistics.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatsView {
    from: Date,
    to: Date,
    days: Vec<DayFigures>,
    months: Vec<MonthFigures>,
    total: Figures,
    payments_by_method: Vec<MethodFigures>,
    /// Of the bookings that arrive in the period.
    reservations_by_source: Vec<SourceFigures>,
    reservations_by_status: Vec<StatusFigures>,
}

/// Sums that further figures are made of.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    rooms: i64,
    out_of_order: i64,
    sold: i64,
    unpriced: i64,
    /// Nights at no price, the unpriced among them.
    at_zero: i64,
    house_use: i64,
    /// Nights at no price of complimentary stays and of house use.
    not_paying: i64,
    revenue: Money,
}

impl Sums {
    fn add(&mut self, other: Sums) {
        self.rooms += other.rooms;
        self.out_of_order += other.out_of_order;
        self.sold += other.sold;
        self.unpriced += other.unpriced;
        self.at_zero += other.at_zero;
        self.house_use += other.house_use;
        self.not_paying += other.not_paying;
        self.revenue = self.revenue + other.revenue;
    }

    fn figures(self, property: &Property) -> Figures {
        let available = self.rooms - self.out_of_order;
        Figures {
            rooms_total: self.rooms,
            rooms_out_of_order: self.out_of_order,
            rooms_available: available,
            sold: self.sold,
            unpriced: self.unpriced,
            complimentary: self.at_zero - self.unpriced - self.house_use,
            house_use: self.house_use,
            occupancy_rate: percent_tenths(self.sold, available),
            occupancy_rate_with_ooo: percent_tenths(self.sold, self.rooms),
            room_revenue: property.amount(self.revenue),
            adr: property.amount(self.revenue.per(self.sold - self.unpriced - self.not_paying)),
            revpar: property.amount(self.revenue.per(available)),
        }
    }
}

/// `part` of `whole` in percent with one decimal, exactly; zero of nothing.
pub fn percent_tenths(part: i64, whole: i64) -> Percent {
    Percent(Money(part.saturating_mul(1000)).per(whole.max(0)).0.saturating_mul(10))
}

pub fn stats(conn: &Conn, p: StatsParams) -> Result<StatsView> {
    let length = p.from.days_until(p.to);
    if !(0..MAX_DAYS).contains(&length) {
        return Err(Error::invalid(
            "to",
            text!("must be from {least} to {most} days after the first day", least = 0, most = 1099),
        ));
    }
    let property = settings::property(conn)?;
    let (days, months, total) = figures(conn, &property, &p)?;
    let payments_by_method = conn.all(&PAYMENTS, (p.from, p.to), |row| {
        Ok(MethodFigures { payment_method: row.get(0)?, count: row.get(1)?, amount: property.amount(row.get(2)?) })
    })?;
    let reservations_by_source = conn.all(&BY_SOURCE, (p.from, p.to, property.business_date), |row| {
        Ok(SourceFigures {
            source: row.get(0)?,
            count: row.get(1)?,
            nights: row.get(2)?,
            room_revenue: property.amount(row.get(3)?),
        })
    })?;
    let reservations_by_status =
        conn.all(&BY_STATUS, (p.from, p.to), |row| Ok(StatusFigures { status: row.get(0)?, count: row.get(1)? }))?;
    Ok(StatsView {
        from: p.from,
        to: p.to,
        days,
        months,
        total,
        payments_by_method,
        reservations_by_source,
        reservations_by_status,
    })
}

fn figures(conn: &Conn, property: &Property, p: &StatsParams) -> Result<(Vec<DayFigures>, Vec<MonthFigures>, Figures)> {
    let rooms: i64 = conn.scalar(&ROOMS, [])?;
    let today = property.business_date;
    let mut sums: HashMap<Date, Sums> = HashMap::new();
    let sold = |row: &Row| -> rusqlite::Result<()> {
        let has_more = row.as_ref().column_count() > 4;
        let mut day = Sums { sold: row.get(1)?, revenue: row.get(2)?, at_zero: row.get(3)?, ..Sums::default() };
        if has_more {
            (day.unpriced, day.house_use, day.not_paying) = (row.get(4)?, row.get(5)?, row.get(6)?);
        }
        sums.insert(row.get(0)?, day);
        Ok(())
    };
    let first_arrival = p.from.plus(-MAX_NIGHTS).unwrap_or(p.from);
    match p.as_of {
        None => {
            conn.each(&SOLD, (p.from, p.to), sold)?;
            conn.each(&NOT_PAYING, (p.from, p.to, first_arrival), |row| {
                let day = sums.entry(row.get(0)?).or_default();
                (day.house_use, day.not_paying) = (row.get(1)?, row.get(2)?);
                Ok(())
            })?;
            if let Some(tonight) = sums.get_mut(&today) {
                tonight.unpriced = conn.scalar(&OVERDUE, [today])?;
            }
        }
        Some(as_of) => {
            let end = as_of.next().at(civil::Time::midnight(), &property.zone()).unwrap_or(conn.now());
            conn.each(&ON_THE_BOOKS, (p.from, p.to, first_arrival, end, as_of, today), sold)?;
        }
    }
    conn.each(&OUT_OF_ORDER, (p.from, p.to), |row| {
        sums.entry(row.get(0)?).or_default().out_of_order = row.get(1)?;
        Ok(())
    })?;
    let mut days = Vec::new();
    let mut months: Vec<(String, Sums)> = Vec::new();
    let mut total = Sums::default();
    let mut date = p.from;
    for _ in 0..=p.from.days_until(p.to) {
        let day = Sums { rooms, ..sums.get(&date).copied().unwrap_or_default() };
        let month = date.to_string()[..7].to_owned();
        match months.last_mut() {
            Some((name, sums)) if *name == month => sums.add(day),
            _ => months.push((month, day)),
        }
        total.add(day);
        days.push(DayFigures { date, figures: day.figures(property) });
        date = date.next();
    }
    let months = months.into_iter().map(|(month, sums)| MonthFigures { month, figures: sums.figures(property) }).collect();
    Ok((days, months, total.figures(property)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact_tenths_of_a_percent() {
        assert_eq!(percent_tenths(2, 3).to_string(), "66.7");
        assert_eq!(percent_tenths(1, 8).to_string(), "12.5");
        assert_eq!(percent_tenths(0, 0).to_string(), "0");
        assert_eq!(percent_tenths(31, 30).to_string(), "103.3");
    }
}
