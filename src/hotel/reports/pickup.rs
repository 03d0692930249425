//! What was picked up: the nights on the books now beside those on them yesterday, a week and a year ago.

use std::collections::BTreeMap;

use jiff::civil;

use super::money::{stretch, time_column, time_of};
use super::table::{Column, Link, Row, Table, cells};
use super::{Asked, By, Compare, Group, PLAIN, Range, Report};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::stay::MAX_NIGHTS;
use crate::domain::wording::text;
use crate::error::Result;
use crate::hotel::frontdesk::stats;
use crate::hotel::statistics::{self, books};

pub const REPORTS: &[Report] = &[Report {
    name: "pick-up",
    group: Group::Rooms,
    title: || text!("Pace and pick-up"),
    about: || {
        text!(
            "Rooms and revenue on the books for each night, what came to them since yesterday and in a week, and how it stood a year ago."
        )
    },
    range: Range::Ahead,
    by: &[By::Day, By::Month],
    charts: &["rooms", "picked_up_in_week"],
    make: pick_up,
    ..PLAIN
}];

type OnBooks = BTreeMap<Date, (i64, Money)>;

/// What was on the books for these nights when a day ended: as the closes told it, else by when bookings were made and given up.
fn as_of(conn: &Conn, asked: &Asked, (from, to): (Date, Date), date: Date) -> Result<OnBooks> {
    let mut out = OnBooks::new();
    if let Some(found) = books::as_of(conn, from, to, date)? {
        for (key, sold) in found {
            let (rooms, revenue) = out.entry(key.night).or_default();
            *rooms += sold.rooms;
            *revenue = *revenue + sold.room_revenue;
        }
        return Ok(out);
    }
    let end = date.next().at(civil::Time::midnight(), &asked.property.zone()).unwrap_or(conn.now());
    let first_arrival = from.plus(-MAX_NIGHTS).unwrap_or(from);
    conn.each(&stats::ON_THE_BOOKS, (from, to, first_arrival, end, date, asked.today()), |row| {
        out.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        Ok(())
    })?;
    Ok(out)
}

fn pick_up(conn: &Conn, asked: &Asked) -> Result<Table> {
    let (period, today) = (asked.period(), asked.today());
    let back = |days: i64| today.plus(-days).unwrap_or(today);
    let yesterday = as_of(conn, asked, period, back(1))?;
    let week = as_of(conn, asked, period, back(7))?;
    let then = Compare::LastYear.period(period);
    let (year_ago, _) = Compare::LastYear.period((today, today));
    let last_year = as_of(conn, asked, then, year_ago)?;
    let columns = vec![
        time_column(asked.by),
        Column::count("rooms", text!("Rooms")),
        Column::count("picked_up", text!("Picked up since yesterday")),
        Column::count("picked_up_in_week", text!("Picked up in 7 days")),
        Column::count("rooms_year_ago", text!("Rooms a year ago")),
        Column::count("rooms_more", text!("More rooms")),
        Column::money("room_revenue", text!("Room revenue")),
        Column::money("revenue_picked_up", text!("Revenue picked up in 7 days")),
        Column::money("revenue_year_ago", text!("Revenue a year ago")),
        Column::money("revenue_more", text!("More revenue")),
    ];
    #[derive(Default)]
    struct Sums {
        now: (i64, Money),
        yesterday: (i64, Money),
        week: (i64, Money),
        year_ago: (i64, Money),
    }
    let add = |sum: &mut (i64, Money), found: Option<&(i64, Money)>| {
        if let Some((rooms, revenue)) = found {
            *sum = (sum.0 + rooms, sum.1 + *revenue);
        }
    };
    let offset = then.0.days_until(asked.from);
    let mut sums: BTreeMap<Date, Sums> = BTreeMap::new();
    for day in statistics::days(conn, asked.from, asked.to)? {
        let sum = sums.entry(time_of(day.date, asked.by)).or_default();
        add(&mut sum.now, Some(&(day.sold, day.room_revenue)));
        add(&mut sum.yesterday, yesterday.get(&day.date));
        add(&mut sum.week, week.get(&day.date));
        add(&mut sum.year_ago, day.date.plus(-offset).and_then(|date| last_year.get(&date)));
    }
    let row = |(date, sum): (Date, Sums)| {
        let rooms = cells![
            date,
            sum.now.0,
            sum.now.0 - sum.yesterday.0,
            sum.now.0 - sum.week.0,
            sum.year_ago.0,
            sum.now.0 - sum.year_ago.0
        ];
        let money = cells![sum.now.1, sum.now.1 - sum.week.1, sum.year_ago.1, sum.now.1 - sum.year_ago.1];
        Row::of(rooms.into_iter().chain(money).collect()).linked(Link::report("nights", stretch(asked, date), &[]))
    };
    Ok(Table::new(columns, sums.into_iter().map(row).collect()))
}
