//! Statements of days: what was written down of them, and what they are reckoned from.

use std::collections::{BTreeMap, BTreeSet};

use super::{Day, DayMoney, DayPart, DayRevenue, DayTax};
use crate::db::record::written;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::money::Money;
use crate::domain::stay::MAX_NIGHTS;
use crate::error::Result;
use crate::hotel::settings;
use const_format::concatcp;

written!(DAY: Day = date, rooms, out_of_order, out_of_service, sold, complimentary, house_use, unpriced, paying, multiple, adults, children,
    day_use, arrivals, arrival_persons, walk_ins, departures, departure_persons, early_departures, extended, vips, made, made_nights, cancelled, no_shows,
    room_revenue, day_use_revenue);

statements! {
    FORGET = "statistics.forget": "DELETE FROM day_statistics WHERE date = ?1";
    INSERT_DAY = "statistics.insert_day" is concatcp!("INSERT INTO day_statistics (", DAY.names, ", recorded_at) VALUES (", DAY.places, ", ?)");
    INSERT_REVENUE = "statistics.insert_revenue": "INSERT INTO day_revenue (date, article_id, entry, lines, quantity, amount, tax_amount)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    INSERT_PART = "statistics.insert_part": "INSERT INTO day_part (date, article_id, quantity, amount, tax_amount) VALUES (?1, ?2, ?3, ?4, ?5)";
    INSERT_MONEY = "statistics.insert_money": "INSERT INTO day_money (date, method, payments, received, returned) VALUES (?1, ?2, ?3, ?4, ?5)";
    INSERT_TAX = "statistics.insert_tax": "INSERT INTO day_tax (date, tax_id, is_service, rate, base, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    RECORDED = "statistics.recorded": "SELECT date FROM day_statistics WHERE date >= ?1 AND date <= ?2 AND date < ?3";
    DAYS_KEPT = "statistics.days_kept" selects Day "FROM day_statistics WHERE date >= ?1 AND date <= ?2 AND date < ?3 AND is_changed = 0";
    REVENUE_KEPT = "statistics.revenue_kept" selects DayRevenue "FROM day_revenue WHERE date >= ?1 AND date <= ?2 AND date < ?3";
    PARTS_KEPT = "statistics.parts_kept" selects DayPart "FROM day_part WHERE date >= ?1 AND date <= ?2 AND date < ?3";
    MONEY_KEPT = "statistics.money_kept" selects DayMoney "FROM day_money WHERE date >= ?1 AND date <= ?2 AND date < ?3";
    TAXES_KEPT = "statistics.taxes_kept" selects DayTax "FROM day_tax WHERE date >= ?1 AND date <= ?2 AND date < ?3";
    ROOMS_THEN = "statistics.rooms_then": "SELECT date, rooms FROM day_statistics WHERE date >= ?1 AND date <= ?2 AND date < ?3";
    ROOMS = "statistics.rooms": "SELECT count(*) FROM room", scans "a hotel's rooms are few";
    NIGHTS = "statistics.nights": "SELECT night, kind = 'night', count(*), sum(rate), sum(rate = 0), sum(adults), sum(children), sum(adults + children > 1)
        FROM reservation_night
        WHERE is_held = 1 AND night >= ?1 AND night <= ?2
        GROUP BY night, kind";
    NOT_PAYING = "statistics.not_paying": "SELECT n.night, sum(r.rate_kind = 'house_use'), count(*)
        FROM reservation AS r INDEXED BY reservation_not_paying
        JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.rate_kind <> 'paying' AND r.check_in_date >= ?3 AND r.check_in_date <= ?2
            AND n.is_held = 1 AND n.kind = 'night' AND n.rate = 0
        GROUP BY n.night";
    // Until the close gives the night a price.
    OVERDUE = "statistics.overdue": "SELECT count(*) FROM reservation AS r INDEXED BY reservation_in_house
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night = ?1
        WHERE r.status = 'checked_in' AND r.check_out_date < ?1 AND r.rate_kind = 'paying' AND n.is_held = 1 AND n.rate = 0", scans "stays in house are no more than the hotel's rooms";
    // Who came late came on another date than was booked; imported stays know only what was booked.
    CAME = "statistics.came": "SELECT coalesce(checked_in_date, check_in_date) AS came, count(*), sum(adults + children), sum(booked_on IS check_in_date)
        FROM reservation INDEXED BY reservation_dates
        WHERE check_in_date >= date(?1, '-31 days') AND check_in_date <= ?2 AND status IN ('checked_in', 'checked_out') AND is_day_use = 0
            AND coalesce(checked_in_date, check_in_date) >= ?1 AND coalesce(checked_in_date, check_in_date) <= ?2
        GROUP BY came";
    LEFT = "statistics.left": "SELECT coalesce(checked_out_date, check_out_date) AS went, count(*), sum(adults + children), sum(planned_check_out_date IS NOT NULL)
        FROM reservation INDEXED BY reservation_departure
        WHERE check_out_date >= date(?1, '-31 days') AND check_out_date <= ?2 AND status = 'checked_out' AND is_day_use = 0
            AND coalesce(checked_out_date, check_out_date) >= ?1 AND coalesce(checked_out_date, check_out_date) <= ?2
        GROUP BY went";
    EXTENDED = "statistics.extended": "SELECT business_date, count(DISTINCT entity_id) FROM audit_log INDEXED BY audit_log_extended
        WHERE action = 'extend' AND entity = 'reservation' AND business_date >= ?1 AND business_date <= ?2
        GROUP BY business_date";
    VIPS = "statistics.vips": "SELECT n.night, count(*)
        FROM reservation_night AS n INDEXED BY reservation_night_sold CROSS JOIN reservation AS r ON r.id = n.reservation_id
        WHERE n.is_held = 1 AND n.night >= ?1 AND n.night <= ?2 AND n.kind = 'night'
            AND r.guest_id IN (SELECT id FROM guest WHERE is_vip = 1 AND merged_into_id IS NULL)
        GROUP BY n.night";
    MADE = "statistics.made": "SELECT booked_on, count(*), sum(CAST(julianday(coalesce(planned_check_out_date, check_out_date)) - julianday(check_in_date) AS INTEGER))
        FROM reservation INDEXED BY reservation_booked
        WHERE booked_on IS NOT NULL AND booked_on >= ?1 AND booked_on <= ?2
        GROUP BY booked_on";
    // What came from another system knows an instant and no business date.
    MADE_ELSEWHERE = "statistics.made_elsewhere": "SELECT created_at, CAST(julianday(coalesce(planned_check_out_date, check_out_date)) - julianday(check_in_date) AS INTEGER)
        FROM reservation INDEXED BY reservation_created
        WHERE created_at >= ?1 AND created_at < ?2 AND booked_on IS NULL";
    GAVE_UP = "statistics.gave_up": "SELECT cancelled_on, sum(status = 'cancelled'), sum(status = 'no_show')
        FROM reservation INDEXED BY reservation_given_up_on
        WHERE cancelled_on IS NOT NULL AND cancelled_on >= ?1 AND cancelled_on <= ?2
        GROUP BY cancelled_on";
    OUT_OF_ORDER = "statistics.out_of_order": "SELECT night, count(*) FROM room_night
        WHERE night >= ?1 AND night <= ?2 AND block_id IS NOT NULL
        GROUP BY night";
    OUT_OF_SERVICE = "statistics.out_of_service": "SELECT start_date, end_date, released_at FROM room_block
        WHERE kind = 'out_of_service' AND end_date > ?1 AND start_date <= ?2", scans "a hotel's blocks are few";
    REVENUE_RAW = "statistics.revenue_raw": "SELECT business_date, article_id, entry = 'void', count(*), sum(quantity), sum(amount), sum(tax_amount)
        FROM posting INDEXED BY posting_business_date
        WHERE business_date >= ?1 AND business_date <= ?2 AND method IS NULL AND counter_id IS NULL
        GROUP BY business_date, article_id, entry";
    PARTS_RAW = "statistics.parts_raw": "SELECT p.business_date, s.article_id, sum(s.quantity), sum(s.amount), sum(s.tax_amount)
        FROM posting AS p INDEXED BY posting_business_date CROSS JOIN posting_part AS s ON s.posting_id = p.id
        WHERE p.business_date >= ?1 AND p.business_date <= ?2 AND p.article_id = 1 AND p.counter_id IS NULL
        GROUP BY p.business_date, s.article_id";
    MONEY_RAW = "statistics.money_raw": "SELECT business_date, method, sum(entry = 'post'), sum(CASE WHEN entry = 'post' THEN -amount ELSE 0 END),
            sum(CASE WHEN entry = 'post' THEN 0 ELSE amount END)
        FROM posting INDEXED BY posting_money_date
        WHERE business_date >= ?1 AND business_date <= ?2 AND method IS NOT NULL
        GROUP BY business_date, method";
    // The net of a price with taxes in it is what is left of it without all of its level, as on a bill.
    TAXES_RAW = "statistics.taxes_raw": "SELECT p.business_date, t.tax_id, t.is_service, t.rate,
            sum(t.base - CASE WHEN t.divisor = 1000000 THEN 0
                ELSE (SELECT sum(o.amount) FROM posting_tax AS o
                    WHERE o.posting_id = t.posting_id AND o.divisor = t.divisor AND o.is_service = t.is_service AND o.part = t.part) END),
            sum(t.amount)
        FROM posting AS p INDEXED BY posting_business_date CROSS JOIN posting_tax AS t ON t.posting_id = p.id
        WHERE p.business_date >= ?1 AND p.business_date <= ?2
        GROUP BY p.business_date, t.tax_id, t.is_service, t.rate";
}

pub fn forget(tx: &Tx, date: Date) -> Result<()> {
    tx.run(&FORGET, [date]).map(|_| ())
}

pub fn insert_day(tx: &Tx, day: &Day) -> Result<()> {
    tx.run(&INSERT_DAY, DAY.with(day, &[&tx.now()])).map(|_| ())
}

pub fn insert_revenue(tx: &Tx, one: &DayRevenue) -> Result<()> {
    let entry = if one.is_void { "void" } else { "post" };
    let values = (one.date, one.article_id, entry, one.lines, one.quantity, one.amount, one.tax_amount);
    tx.run(&INSERT_REVENUE, values).map(|_| ())
}

pub fn insert_part(tx: &Tx, one: &DayPart) -> Result<()> {
    tx.run(&INSERT_PART, (one.date, one.article_id, one.quantity, one.amount, one.tax_amount)).map(|_| ())
}

pub fn insert_money(tx: &Tx, one: &DayMoney) -> Result<()> {
    tx.run(&INSERT_MONEY, (one.date, &one.method, one.payments, one.received, one.returned)).map(|_| ())
}

pub fn insert_tax(tx: &Tx, one: &DayTax) -> Result<()> {
    tx.run(&INSERT_TAX, (one.date, one.tax_id, one.is_service, one.rate, one.base, one.amount)).map(|_| ())
}

/// The dates that were written down, of days that are closed.
pub fn recorded(conn: &Conn, from: Date, to: Date, today: Date) -> Result<BTreeSet<Date>> {
    Ok(conn.all(&RECORDED, (from, to, today), |row| row.get(0))?.into_iter().collect())
}

/// How many rooms there were on days that are written down.
pub fn rooms_then(conn: &Conn, from: Date, to: Date, today: Date) -> Result<Vec<(Date, i64)>> {
    conn.all(&ROOMS_THEN, (from, to, today), |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn days_kept(conn: &Conn, from: Date, to: Date, today: Date) -> Result<Vec<Day>> {
    conn.all(&DAYS_KEPT, (from, to, today), Day::from_row)
}

pub fn revenue_kept(conn: &Conn, from: Date, to: Date, today: Date) -> Result<Vec<DayRevenue>> {
    conn.all(&REVENUE_KEPT, (from, to, today), DayRevenue::from_row)
}

pub fn parts_kept(conn: &Conn, from: Date, to: Date, today: Date) -> Result<Vec<DayPart>> {
    conn.all(&PARTS_KEPT, (from, to, today), DayPart::from_row)
}

pub fn money_kept(conn: &Conn, from: Date, to: Date, today: Date) -> Result<Vec<DayMoney>> {
    conn.all(&MONEY_KEPT, (from, to, today), DayMoney::from_row)
}

pub fn taxes_kept(conn: &Conn, from: Date, to: Date, today: Date) -> Result<Vec<DayTax>> {
    conn.all(&TAXES_KEPT, (from, to, today), DayTax::from_row)
}

pub fn revenue_raw(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayRevenue>> {
    conn.all(&REVENUE_RAW, (from, to), DayRevenue::from_row)
}

pub fn parts_raw(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayPart>> {
    conn.all(&PARTS_RAW, (from, to), DayPart::from_row)
}

pub fn money_raw(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayMoney>> {
    conn.all(&MONEY_RAW, (from, to), DayMoney::from_row)
}

pub fn taxes_raw(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayTax>> {
    conn.all(&TAXES_RAW, (from, to), DayTax::from_row)
}

pub fn rooms(conn: &Conn) -> Result<i64> {
    conn.scalar(&ROOMS, [])
}

/// Guests who should have left by today and are here.
pub fn overdue(conn: &Conn, today: Date) -> Result<i64> {
    conn.scalar(&OVERDUE, [today])
}

/// Adds the nights of these days. Those at no price are counted as complimentary; which of them are something else is for the caller.
pub fn nights(conn: &Conn, from: Date, to: Date, days: &mut BTreeMap<Date, Day>) -> Result<()> {
    conn.each(&NIGHTS, (from, to), |row| {
        let Some(day) = days.get_mut(&row.get(0)?) else { return Ok(()) };
        let (count, revenue): (i64, Money) = (row.get(2)?, row.get(3)?);
        if !row.get::<_, bool>(1)? {
            (day.day_use, day.day_use_revenue) = (count, revenue);
            return Ok(());
        }
        (day.sold, day.room_revenue, day.complimentary, day.paying) = (count, revenue, row.get(4)?, count);
        (day.adults, day.children, day.multiple) = (row.get(5)?, row.get(6)?, row.get(7)?);
        Ok(())
    })?;
    let first_arrival = from.plus(-MAX_NIGHTS).unwrap_or(from);
    conn.each(&NOT_PAYING, (from, to, first_arrival), |row| {
        let Some(day) = days.get_mut(&row.get(0)?) else { return Ok(()) };
        day.house_use = row.get(1)?;
        day.paying -= row.get::<_, i64>(2)?;
        Ok(())
    })
}

/// Adds who came and who went on these days.
pub fn comings(conn: &Conn, from: Date, to: Date, days: &mut BTreeMap<Date, Day>) -> Result<()> {
    conn.each(&CAME, (from, to), |row| {
        let Some(day) = days.get_mut(&row.get(0)?) else { return Ok(()) };
        (day.arrivals, day.arrival_persons, day.walk_ins) = (row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(())
    })?;
    conn.each(&LEFT, (from, to), |row| {
        let Some(day) = days.get_mut(&row.get(0)?) else { return Ok(()) };
        (day.departures, day.departure_persons, day.early_departures) = (row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(())
    })
}

/// Adds what was booked, given up and moved on these business dates, and whose nights are a VIP's.
pub fn bookings(conn: &Conn, from: Date, to: Date, days: &mut BTreeMap<Date, Day>) -> Result<()> {
    conn.each(&EXTENDED, (from, to), |row| {
        let count = row.get(1)?;
        days.entry(row.get(0)?).and_modify(|day| day.extended = count);
        Ok(())
    })?;
    conn.each(&VIPS, (from, to), |row| {
        let count = row.get(1)?;
        days.entry(row.get(0)?).and_modify(|day| day.vips = count);
        Ok(())
    })?;
    conn.each(&MADE, (from, to), |row| {
        let Some(day) = days.get_mut(&row.get(0)?) else { return Ok(()) };
        (day.made, day.made_nights) = (row.get(1)?, row.get(2)?);
        Ok(())
    })?;
    let zone = settings::property(conn)?.zone();
    let midnight = |date: Date| date.at(jiff::civil::Time::midnight(), &zone).unwrap_or(conn.now());
    conn.each(&MADE_ELSEWHERE, (midnight(from), midnight(to.next())), |row| {
        let made: Instant = row.get(0)?;
        let Some(day) = days.get_mut(&made.date_in(&zone)) else { return Ok(()) };
        day.made += 1;
        day.made_nights += row.get::<_, i64>(1)?;
        Ok(())
    })?;
    conn.each(&GAVE_UP, (from, to), |row| {
        let Some(day) = days.get_mut(&row.get(0)?) else { return Ok(()) };
        (day.cancelled, day.no_shows) = (row.get(1)?, row.get(2)?);
        Ok(())
    })
}

/// Adds the rooms that could not be sold, or were sold with a fault.
pub fn blocked(conn: &Conn, from: Date, to: Date, days: &mut BTreeMap<Date, Day>) -> Result<()> {
    let zone = settings::property(conn)?.zone();
    conn.each(&OUT_OF_ORDER, (from, to), |row| {
        let count = row.get(1)?;
        days.entry(row.get(0)?).and_modify(|day| day.out_of_order = count);
        Ok(())
    })?;
    conn.each(&OUT_OF_SERVICE, (from, to), |row| {
        let (start, end, released): (Date, Date, Option<Instant>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // What was mended before is over with the day on which it was.
        let end = released.map_or(end, |at| at.date_in(&zone).min(end));
        days.range_mut(start..).filter(|(date, _)| **date < end).for_each(|(_, day)| day.out_of_service += 1);
        Ok(())
    })
}
