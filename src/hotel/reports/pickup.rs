//! What was picked up: the nights on the books now beside those on them yesterday, a week and a year ago, and what is on them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil;

use super::money::{stretch, time_column, time_of};
use super::segments;
use super::table::{Cell, Column, Link, Row, Table, cells};
use super::{Asked, By, Compare, Filter, Group, PLAIN, Range, Report};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::stay::MAX_NIGHTS;
use crate::domain::wording::text;
use crate::error::Result;
use crate::hotel::statistics::books::{self, Books, Key, Sold};

statements! {
    // As of a moment: what was made by then, or had begun, and was given up later if at all.
    ON_THE_BOOKS = "reports.on_the_books": "SELECT n.night, n.room_type_id, r.rate_plan_id, r.source, count(*), sum(n.rate)
        FROM reservation AS r INDEXED BY reservation_dates
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.check_in_date >= ?3 AND r.check_in_date <= ?2 AND (r.check_out_date >= ?1
                OR r.planned_check_out_date >= ?1 OR r.checked_out_date >= ?1 OR r.status = 'checked_in')
            AND (r.created_at < ?4 OR r.check_in_date <= ?5)
            AND (n.is_held = 1 OR coalesce(r.cancelled_at, r.checked_out_at) >= ?4)
            AND (n.kind = 'night' OR (r.planned_check_out_date IS NOT NULL AND r.checked_out_at >= ?4))
        GROUP BY n.night, n.room_type_id, r.rate_plan_id, r.source";
}

pub const REPORTS: &[Report] = &[
    Report {
        name: "pick-up",
        group: Group::Rooms,
        title: || text!("Pace and pick-up"),
        about: || {
            text!(
                "Rooms and revenue on the books for each night, pick-up since yesterday and over a week, and the position a year ago."
            )
        },
        range: Range::Ahead,
        by: &[By::Day, By::Month, By::RoomType, By::RatePlan, By::Source],
        charts: &["rooms", "picked_up_in_week"],
        make: pick_up,
        ..PLAIN
    },
    Report {
        name: "on-the-books",
        group: Group::Details,
        title: || text!("On the books"),
        about: || text!("Bookings for each night by room type, rate plan and source."),
        range: Range::Ahead,
        filters: &[Filter::RoomType, Filter::RatePlan, Filter::Source],
        make: on_the_books,
        ..PLAIN
    },
];

/// What was on the books for these nights when a day ended: as the closes told it, else by when bookings were made and given up.
fn as_of(conn: &Conn, asked: &Asked, (from, to): (Date, Date), date: Date, now: &Books) -> Result<Books> {
    // A night that was over by then, or before the first close, stands as it ended.
    let until = |last: Date| now.iter().filter(move |(key, _)| key.night <= last).cloned();
    if let Some((first, mut found)) = books::as_of(conn, from, to, date)? {
        found.extend(until(first.previous().min(date)));
        return Ok(found);
    }
    let mut found: Books = until(date).collect();
    let from = from.max(date.next());
    if from <= to {
        let end = date.next().at(civil::Time::midnight(), &asked.property.zone()).unwrap_or(conn.now());
        let first_arrival = from.plus(-MAX_NIGHTS).unwrap_or(from);
        found.extend(conn.all(&ON_THE_BOOKS, (from, to, first_arrival, end, date), |row| {
            let key = Key { night: row.get(0)?, room_type_id: row.get(1)?, rate_plan_id: row.get(2)?, source: row.get(3)? };
            Ok((key, Sold { rooms: row.get(4)?, room_revenue: row.get(5)? }))
        })?);
    }
    Ok(found)
}

/// What a row is of: a day or a month, or what its nights are sold as.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Time(Date),
    Id(i64),
    Source(String),
}

impl Of {
    fn key(key: &Key, by: By, days: i64) -> Of {
        match by {
            By::RoomType => Of::Id(key.room_type_id.0),
            By::RatePlan => Of::Id(key.rate_plan_id.0),
            By::Source => Of::Source(key.source.clone()),
            by => Of::Time(time_of(key.night.plus(days).unwrap_or(key.night), by)),
        }
    }

    fn text(&self) -> String {
        match self {
            Of::Time(date) => date.to_string(),
            Of::Id(id) => id.to_string(),
            Of::Source(source) => source.clone(),
        }
    }
}

/// How it stood now, yesterday, a week and a year ago.
pub const TIMES: usize = 4;
type Sums = BTreeMap<Of, [(i64, Money); TIMES]>;

fn sums(conn: &Conn, asked: &Asked) -> Result<Sums> {
    let (period, today) = (asked.period(), asked.today());
    let back = |days: i64| today.plus(-days).unwrap_or(today);
    let then = Compare::LastYear.period(period);
    let (year_ago, _) = Compare::LastYear.period((today, today));
    let offset = then.0.days_until(asked.from);
    let now = books::now(conn, asked.from, asked.to)?;
    let yesterday = as_of(conn, asked, period, back(1), &now)?;
    let week = as_of(conn, asked, period, back(7), &now)?;
    let over = if then.0 <= year_ago { books::now(conn, then.0, then.1.min(year_ago))? } else { Books::new() };
    let last_year = as_of(conn, asked, then, year_ago, &over)?;
    let mut sums = Sums::new();
    for (at, (books, days)) in [(now, 0), (yesterday, 0), (week, 0), (last_year, offset)].into_iter().enumerate() {
        for (key, sold) in books {
            let (rooms, revenue) = &mut sums.entry(Of::key(&key, asked.by, days)).or_default()[at];
            (*rooms, *revenue) = (*rooms + sold.rooms, *revenue + sold.room_revenue);
        }
    }
    Ok(sums)
}

/// The whole period: how it stands now, how it stood yesterday, a week and a year ago.
pub fn whole(conn: &Conn, asked: &Asked) -> Result<[(i64, Money); TIMES]> {
    let mut whole = [(0, Money::ZERO); TIMES];
    for sums in sums(conn, asked)?.into_values() {
        for (all, (rooms, revenue)) in whole.iter_mut().zip(sums) {
            *all = (all.0 + rooms, all.1 + revenue);
        }
    }
    Ok(whole)
}

fn pick_up(conn: &Conn, asked: &Asked) -> Result<Table> {
    let period = asked.period();
    let mut sums = sums(conn, asked)?;
    if matches!(asked.by, By::Day | By::Month) {
        // Nights for which nothing is booked have a row as well.
        let mut date = asked.from;
        for _ in 0..=asked.from.days_until(asked.to) {
            sums.entry(Of::Time(time_of(date, asked.by))).or_default();
            date = date.next();
        }
    }
    let (head, filter) = match asked.by {
        By::RoomType => (Column::text("room_type", text!("Room type")), Some("room_type_id")),
        By::RatePlan => (Column::text("rate_plan", text!("Rate plan")), Some("rate_plan_id")),
        By::Source => (Column::text("source", text!("Source")), Some("source")),
        by => (time_column(by), None),
    };
    let columns = vec![
        head,
        Column::count("rooms", text!("Rooms")),
        Column::count("picked_up", text!("Picked up since yesterday")),
        Column::count("picked_up_in_week", text!("Picked up in 7 days")),
        Column::count("rooms_year_ago", text!("Rooms a year ago")),
        Column::count("rooms_more", text!("Change in rooms")),
        Column::money("room_revenue", text!("Room revenue")),
        Column::money("revenue_picked_up", text!("Revenue picked up in 7 days")),
        Column::money("revenue_year_ago", text!("Revenue a year ago")),
        Column::money("revenue_more", text!("Change in revenue")),
    ];
    let names = segments::Names::of(conn)?;
    let row = |(of, [now, yesterday, week, year_ago]): (Of, [(i64, Money); TIMES])| {
        let link = match (&of, filter) {
            (Of::Time(date), _) => Link::report("nights", stretch(asked, *date), &[]),
            (of, filter) => Link::report("nights", period, &[(filter.unwrap_or_default(), of.text())]),
        };
        let name = match of {
            Of::Time(date) => Cell::from(date),
            Of::Id(id) if asked.by == By::RoomType => names.room_type(id),
            Of::Id(id) => names.rate_plan(id),
            Of::Source(source) => source.into(),
        };
        let rooms = cells![name, now.0, now.0 - yesterday.0, now.0 - week.0, year_ago.0, now.0 - year_ago.0];
        let money = cells![now.1, now.1 - week.1, year_ago.1, now.1 - year_ago.1];
        Row::of(rooms.into_iter().chain(money).collect()).linked(link)
    };
    Ok(Table::new(columns, sums.into_iter().map(row).collect()))
}

fn on_the_books(conn: &Conn, asked: &Asked) -> Result<Table> {
    let names = segments::Names::of(conn)?;
    let columns = vec![
        Column::date("night", text!("Night")),
        Column::text("room_type", text!("Room type")),
        Column::text("rate_plan", text!("Rate plan")),
        Column::text("source", text!("Source")),
        Column::count("rooms", text!("Rooms")),
        Column::money("room_revenue", text!("Room revenue")),
        Column::average("adr", text!("Average rate"), "room_revenue", "rooms"),
    ];
    let only = &asked.only;
    let is_wanted = |key: &Key| {
        only.room_type.is_none_or(|id| id == key.room_type_id)
            && only.rate_plan.is_none_or(|id| id == key.rate_plan_id)
            && only.source.as_ref().is_none_or(|source| *source == key.source)
    };
    let found: BTreeSet<(Key, Sold)> =
        books::now(conn, asked.from, asked.to)?.into_iter().filter(|(key, _)| is_wanted(key)).collect();
    let row = |(key, sold): (Key, Sold)| {
        let filters = [
            ("room_type_id", key.room_type_id.0.to_string()),
            ("rate_plan_id", key.rate_plan_id.0.to_string()),
            ("source", key.source.clone()),
        ];
        let link = Link::report("nights", (key.night, key.night), &filters);
        let (room_type, plan) = (names.room_type(key.room_type_id.0), names.rate_plan(key.rate_plan_id.0));
        Row::of(cells![key.night, room_type, plan, key.source, sold.rooms, sold.room_revenue, Cell::Empty]).linked(link)
    };
    Ok(Table::new(columns, found.into_iter().map(row).collect()))
}
