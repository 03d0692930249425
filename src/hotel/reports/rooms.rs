//! How the house did and how it will: history and forecast, the manager's flash, what housekeeping has before it.

use std::collections::BTreeMap;

use super::money::{Articles, stretch, time_column, time_of};
use super::table::{Cell, Column, Kind, Link, Row, Table, cells};
use super::{Asked, By, Compare, Group, PLAIN, Range, Report};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::ArticleId;
use crate::domain::money::Money;
use crate::domain::wording::{Text, text};
use crate::error::Result;
use crate::hotel::frontdesk::stats::percent_tenths;
use crate::hotel::rooms::inventory::{self, Asker};
use crate::hotel::statistics::{self, Day};

statements! {
    TO_COME = "reports.to_come": "SELECT check_in_date, count(*), sum(adults + children) FROM reservation INDEXED BY reservation_dates
        WHERE check_in_date >= ?1 AND check_in_date <= ?2 AND status IN ('tentative', 'confirmed') AND is_day_use = 0
        GROUP BY check_in_date";
    TO_LEAVE = "reports.to_leave": "SELECT check_out_date, count(*), sum(adults + children) FROM reservation INDEXED BY reservation_departure
        WHERE check_out_date >= ?1 AND check_out_date <= ?2 AND status IN ('tentative', 'confirmed', 'checked_in') AND is_day_use = 0
        GROUP BY check_out_date";
    TENTATIVE = "reports.tentative": "SELECT n.night, count(*)
        FROM reservation AS r INDEXED BY reservation_status_arrival
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.status = 'tentative' AND r.check_in_date <= ?2 AND n.is_held = 1 AND n.kind = 'night'
        GROUP BY n.night";
}

pub const REPORTS: &[Report] = &[
    Report {
        name: "flash",
        group: Group::Rooms,
        title: || text!("Manager’s flash"),
        about: || text!("The day on one page, with month and year to date and last year."),
        range: Range::Day,
        make: flash,
        ..PLAIN
    },
    Report {
        name: "forecast",
        group: Group::Rooms,
        title: || text!("History and forecast"),
        about: || text!("Rooms, occupancy and revenue by day: the past, and what is on the books."),
        range: Range::Ahead,
        by: &[By::Day, By::Month],
        compares: true,
        charts: &["occupancy", "room_revenue", "adr", "revpar"],
        make: forecast,
        ..PLAIN
    },
    Report {
        name: "housekeeping-load",
        group: Group::Rooms,
        title: || text!("Housekeeping load"),
        about: || text!("Rooms to be made up each day: departures, stay-overs and arrivals."),
        range: Range::Ahead,
        charts: &["rooms"],
        make: load,
        ..PLAIN
    },
];

/// A day as it was, and of what is to come as it is booked: with those who are expected.
fn expected(conn: &Conn, asked: &Asked) -> Result<Vec<Day>> {
    let mut days = statistics::days(conn, asked.from, asked.to)?;
    let from = asked.from.max(asked.today());
    if from > asked.to {
        return Ok(days);
    }
    let place = |date: Date| usize::try_from(asked.from.days_until(date)).unwrap_or(usize::MAX);
    conn.each(&TO_COME, (from, asked.to), |row| {
        let Some(day) = days.get_mut(place(row.get(0)?)) else { return Ok(()) };
        day.arrivals += row.get::<_, i64>(1)?;
        day.arrival_persons += row.get::<_, i64>(2)?;
        Ok(())
    })?;
    conn.each(&TO_LEAVE, (from, asked.to), |row| {
        let Some(day) = days.get_mut(place(row.get(0)?)) else { return Ok(()) };
        day.departures += row.get::<_, i64>(1)?;
        day.departure_persons += row.get::<_, i64>(2)?;
        Ok(())
    })?;
    Ok(days)
}

/// The days of a report's rows: each, or those of a month together.
pub fn by_time(days: Vec<Day>, by: By) -> Vec<Day> {
    let mut sums: BTreeMap<Date, Day> = BTreeMap::new();
    for day in days {
        let time = time_of(day.date, by);
        match sums.get_mut(&time) {
            Some(sum) => sum.add(&day),
            None => _ = sums.insert(time, Day { date: time, ..day }),
        }
    }
    sums.into_values().collect()
}

fn forecast(conn: &Conn, asked: &Asked) -> Result<Table> {
    let mut tentative: BTreeMap<Date, i64> = BTreeMap::new();
    let mut held: BTreeMap<Date, i64> = BTreeMap::new();
    let from = asked.from.max(asked.today());
    if from <= asked.to {
        conn.each(&TENTATIVE, (from, asked.to), |row| {
            *tentative.entry(time_of(row.get(0)?, asked.by)).or_default() += row.get::<_, i64>(1)?;
            Ok(())
        })?;
        for (_, date, rooms) in inventory::held_between(conn, from, asked.to.next(), Asker::NOBODY)? {
            *held.entry(time_of(date, asked.by)).or_default() += rooms;
        }
    }
    let columns = vec![
        time_column(asked.by),
        Column::count("available", text!("Available")),
        Column::count("out_of_order", text!("Out of order")),
        Column::count("sold", text!("Sold")).compared(),
        Column::count("tentative", text!("Of which tentative")),
        Column::count("held", text!("Held for groups")),
        Column::count("arrivals", text!("Arrivals")),
        Column::count("departures", text!("Departures")),
        Column::count("persons", text!("Persons")),
        Column::share("occupancy", text!("Occupancy"), "sold", "available").compared(),
        Column::money("room_revenue", text!("Room revenue")).compared(),
        Column::count("paying", text!("Rooms in ADR")),
        Column::average("adr", text!("ADR"), "room_revenue", "paying").compared(),
        Column::average("revpar", text!("RevPAR"), "room_revenue", "available"),
    ];
    let row = |day: Day| {
        let link = Link::report("nights", stretch(asked, day.date), &[]);
        let of = |all: &BTreeMap<Date, i64>| all.get(&day.date).copied().unwrap_or(0);
        let rooms = cells![day.date, day.available(), day.out_of_order, day.sold, of(&tentative), of(&held)];
        let people = cells![day.arrivals, day.departures, day.persons()];
        let money = cells![Cell::Empty, day.room_revenue, day.paying, Cell::Empty, Cell::Empty];
        Row::of(rooms.into_iter().chain(people).chain(money).collect()).linked(link)
    };
    let days = by_time(expected(conn, asked)?, asked.by);
    Ok(Table::new(columns, days.into_iter().map(row).collect()))
}

fn load(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::date("date", text!("Date")),
        Column::count("departures", text!("After departures")),
        Column::count("stay_overs", text!("Stay-overs")),
        Column::count("arrivals", text!("Arrivals")),
        Column::count("day_use", text!("Day use")),
        Column::count("rooms", text!("Rooms to make up")),
        Column::count("persons", text!("Persons")),
    ];
    let row = |day: Day| {
        // Who sleeps here and did not come today was here last night.
        let stay_overs = (day.sold - day.arrivals).max(0);
        let rooms = day.departures + stay_overs + day.day_use;
        let link = Link::report("nights", (day.date, day.date), &[]);
        Row::of(cells![day.date, day.departures, stay_overs, day.arrivals, day.day_use, rooms, day.persons()]).linked(link)
    };
    Ok(Table::new(columns, expected(conn, asked)?.into_iter().map(row).collect()))
}

/// What a period comes to, as far as the flash tells it.
struct Period {
    day: Day,
    /// Of what was charged: for nights, for food and drink, for all else.
    rooms: Money,
    food: Money,
    charged: Money,
    tax: Money,
    received: Money,
}

impl Period {
    fn of(conn: &Conn, articles: &Articles, from: Date, to: Date) -> Result<Period> {
        let days = statistics::days(conn, from, to)?;
        let revenue = statistics::revenue(conn, from, to)?;
        let parts = statistics::parts(conn, from, to)?;
        let charged_for = |is_it: &dyn Fn(ArticleId) -> bool| -> Money {
            revenue.iter().filter(|one| is_it(one.article_id)).map(|one| one.amount).sum()
        };
        // What is inside the price of a night is what it is, not the room.
        let inside = |is_it: &dyn Fn(ArticleId) -> bool| -> Money {
            parts.iter().filter(|one| is_it(one.article_id)).map(|one| one.amount).sum()
        };
        Ok(Period {
            day: Day::sum(&days).ok_or_else(|| crate::error::Error::internal("a period has no day"))?,
            rooms: charged_for(&|id| articles.kind(id) == "room") - inside(&|_| true),
            food: charged_for(&|id| articles.is_food(id)) + inside(&|id| articles.is_food(id)),
            charged: charged_for(&|_| true),
            tax: revenue.iter().map(|one| one.tax_amount).sum(),
            received: statistics::money(conn, from, to)?.iter().map(|one| one.received - one.returned).sum(),
        })
    }
}

/// A row of the flash: what it is called, how it is told of a period, and the report of what is behind it on its day.
type Figure = (fn() -> Text, Kind, fn(&Period) -> Cell, &'static str);

const FIGURES: &[Figure] = &[
    (|| text!("Rooms"), Kind::Count, |p| p.day.rooms.into(), ""),
    (|| text!("Out of order"), Kind::Count, |p| p.day.out_of_order.into(), ""),
    (|| text!("Out of service"), Kind::Count, |p| p.day.out_of_service.into(), ""),
    (|| text!("Available"), Kind::Count, |p| p.day.available().into(), ""),
    (|| text!("Sold"), Kind::Count, |p| p.day.sold.into(), "nights"),
    (|| text!("Complimentary"), Kind::Count, |p| p.day.complimentary.into(), "nights"),
    (|| text!("House use"), Kind::Count, |p| p.day.house_use.into(), "nights"),
    (|| text!("Day use"), Kind::Count, |p| p.day.day_use.into(), ""),
    (|| text!("Occupancy"), Kind::Percent, |p| percent_tenths(p.day.sold, p.day.available()).into(), "nights"),
    (
        || text!("Occupancy without complimentary and house use"),
        Kind::Percent,
        |p| percent_tenths(p.day.sold - p.day.complimentary - p.day.house_use, p.day.available()).into(),
        "",
    ),
    (|| text!("Occupancy including rooms out of order"), Kind::Percent, |p| percent_tenths(p.day.sold, p.day.rooms).into(), ""),
    (|| text!("Rooms with more than one guest"), Kind::Count, |p| p.day.multiple.into(), "nights"),
    (|| text!("Adults"), Kind::Count, |p| p.day.adults.into(), "nights"),
    (|| text!("Children"), Kind::Count, |p| p.day.children.into(), "nights"),
    (|| text!("Arrivals"), Kind::Count, |p| p.day.arrivals.into(), "forecast"),
    (|| text!("Persons arrived"), Kind::Count, |p| p.day.arrival_persons.into(), ""),
    (|| text!("Walk-ins"), Kind::Count, |p| p.day.walk_ins.into(), ""),
    (|| text!("Departures"), Kind::Count, |p| p.day.departures.into(), "forecast"),
    (|| text!("Persons departed"), Kind::Count, |p| p.day.departure_persons.into(), ""),
    (|| text!("Early departures"), Kind::Count, |p| p.day.early_departures.into(), ""),
    (|| text!("Stay-overs"), Kind::Count, |p| (p.day.sold - p.day.arrivals).max(0).into(), "nights"),
    (|| text!("Extended stays"), Kind::Count, |p| p.day.extended.into(), ""),
    (|| text!("VIP rooms"), Kind::Count, |p| p.day.vips.into(), "nights"),
    (|| text!("Bookings made"), Kind::Count, |p| p.day.made.into(), ""),
    (|| text!("Nights booked"), Kind::Count, |p| p.day.made_nights.into(), ""),
    (|| text!("Cancellations"), Kind::Count, |p| p.day.cancelled.into(), "cancellations"),
    (|| text!("No-shows"), Kind::Count, |p| p.day.no_shows.into(), "cancellations"),
    (|| text!("Room revenue"), Kind::Money, |p| p.day.room_revenue.into(), "nights"),
    (|| text!("ADR"), Kind::Money, |p| p.day.room_revenue.per(p.day.paying).into(), "nights"),
    (|| text!("RevPAR"), Kind::Money, |p| p.day.room_revenue.per(p.day.available()).into(), "nights"),
    (|| text!("Room revenue per person"), Kind::Money, |p| p.day.room_revenue.per(p.day.persons()).into(), "nights"),
    (|| text!("Charges including taxes"), Kind::Money, |p| p.charged.into(), "revenue"),
    (|| text!("Of which rooms"), Kind::Money, |p| p.rooms.into(), "revenue"),
    (|| text!("Of which food and drink"), Kind::Money, |p| p.food.into(), "revenue"),
    (|| text!("Of which other"), Kind::Money, |p| (p.charged - p.rooms - p.food).into(), "revenue"),
    (|| text!("Of which taxes"), Kind::Money, |p| p.tax.into(), "taxes"),
    (|| text!("Money received"), Kind::Money, |p| p.received.into(), "payments"),
];

fn flash(conn: &Conn, asked: &Asked) -> Result<Table> {
    let day = asked.to;
    let month = super::month_of(day);
    let year = Date::new(day.year(), 1, 1).unwrap_or(month);
    let spans = [(day, day), (month, day), (year, day)];
    let articles = Articles::of(conn)?;
    let now = spans.iter().map(|(from, to)| Period::of(conn, &articles, *from, *to)).collect::<Result<Vec<_>>>()?;
    let then = spans
        .iter()
        .map(|span| Compare::LastYear.period(*span))
        .map(|(from, to)| Period::of(conn, &articles, from, to))
        .collect::<Result<Vec<_>>>()?;
    let (weekday, _) = Compare::LastYearByWeekday.period((day, day));
    let weekday = Period::of(conn, &articles, weekday, weekday)?;
    let columns = vec![
        Column::text("figure", text!("Figure")),
        Column::mixed("day", text!("Day")),
        Column::mixed("month", text!("Month to date")),
        Column::mixed("year", text!("Year to date")),
        Column::mixed("day_last_year", text!("Day last year")),
        Column::mixed("weekday_last_year", text!("Same weekday last year")),
        Column::mixed("month_last_year", text!("Month last year")),
        Column::mixed("year_last_year", text!("Year last year")),
        Column::mixed("month_more", text!("Change, month")),
        Column::mixed("year_more", text!("Change, year")),
    ];
    let mut rows: Vec<Row> = FIGURES
        .iter()
        .map(|(name, kind, tell, behind)| {
            let [day, month, year] = [0, 1, 2].map(|at| tell(&now[at]));
            let [day_then, month_then, year_then] = [0, 1, 2].map(|at| tell(&then[at]));
            let more = [super::table::more(&month, &month_then), super::table::more(&year, &year_then)];
            let mut cells = vec![name().into(), day, month, year, day_then, tell(&weekday), month_then, year_then];
            cells.extend(more);
            let link = (!behind.is_empty()).then(|| Link::report(behind, (asked.to, asked.to), &[]));
            Row { kind: Some(*kind), ..Row::of(cells).linked(link) }
        })
        .collect();
    rows.extend(ahead(conn, asked, columns.len())?);
    Ok(Table::new(columns, rows))
}

/// What is on the books from the day after on.
fn ahead(conn: &Conn, asked: &Asked, width: usize) -> Result<Vec<Row>> {
    let tomorrow = asked.to.next();
    let plus = |days| asked.to.plus(days).unwrap_or(tomorrow);
    let next_year = Date::new(tomorrow.year() + 1, 1, 1).unwrap_or(tomorrow);
    let spans = [
        (text!("Sold tomorrow"), tomorrow),
        (text!("Sold in the next 7 days"), plus(7)),
        (text!("Sold in the next 31 days"), plus(31)),
        (text!("Sold in the rest of the month"), super::month_end(tomorrow)),
        (text!("Sold in the rest of the year"), next_year.previous()),
    ];
    let last = spans.iter().map(|(_, to)| *to).max().unwrap_or(tomorrow);
    let days = statistics::days(conn, tomorrow, last)?;
    let row = |(name, to): (Text, Date)| {
        let sold: i64 = days.iter().filter(|day| day.date <= to).map(|day| day.sold).sum();
        let mut cells = cells![name, sold];
        cells.resize(width, Cell::Empty);
        Row { kind: Some(Kind::Count), ..Row::of(cells) }
    };
    Ok(spans.into_iter().map(row).collect())
}
