//! Whom nights were sold to and by which way, and the nights themselves.

use std::collections::BTreeMap;

use rusqlite::Row as Found;

use super::table::{Cell, Column, Link, Row, Table, cells};
use super::{Asked, By, Filter, Group, PLAIN, Range, Report};
use crate::db::sql::statements;
use crate::db::{Conn, Sql};
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::{Text, text};
use crate::error::Result;

macro_rules! segment {
    ($key:literal, $name:literal, $join:literal) => {
        concat!(
            "SELECT ",
            $key,
            " AS segment, ",
            $name,
            ", count(*), sum(n.rate), sum(n.rate > 0 OR r.rate_kind = 'paying') ",
            // The room held tonight for somebody who is overdue has no price yet.
            "- sum(n.night = ?3 AND n.rate = 0 AND r.status = 'checked_in' AND r.check_out_date < ?3 AND r.rate_kind = 'paying'), count(DISTINCT n.reservation_id) ",
            "FROM reservation_night AS n INDEXED BY reservation_night_sold CROSS JOIN reservation AS r ON r.id = n.reservation_id ",
            $join,
            " WHERE n.is_held = 1 AND n.night >= ?1 AND n.night <= ?2 AND n.kind = 'night' GROUP BY segment ORDER BY count(*) DESC LIMIT 10001"
        )
    };
}

statements! {
    ROOM_TYPES = "reports.room_types": "SELECT id, name FROM room_type", scans "a hotel's room types are few";
    RATE_PLANS = "reports.rate_plans": "SELECT id, name FROM rate_plan", scans "a hotel's rate plans are few";
    BY_TYPE = "reports.by_type" is segment!("n.room_type_id", "(SELECT name FROM room_type AS t WHERE t.id = n.room_type_id)", "");
    BY_PLAN = "reports.by_plan" is segment!("r.rate_plan_id", "(SELECT name FROM rate_plan AS t WHERE t.id = r.rate_plan_id)", "");
    BY_SOURCE = "reports.by_source" is segment!("r.source", "r.source", "");
    BY_COMPANY = "reports.by_company" is segment!("r.company_id", "(SELECT name FROM company AS t WHERE t.id = r.company_id)", "");
    BY_COUNTRY = "reports.by_country" is segment!("g.nationality", "g.nationality", "CROSS JOIN guest AS g ON g.id = r.guest_id");
    NIGHTS = "reports.nights": "SELECT r.id, n.night, r.confirmation_number, r.guest_name, coalesce(m.room_number, ''), t.name, p.name, r.source,
            coalesce((SELECT c.name FROM company AS c WHERE c.id = r.company_id), ''), r.status, n.rate, n.adults + n.children
        FROM reservation_night AS n INDEXED BY reservation_night_sold CROSS JOIN reservation AS r ON r.id = n.reservation_id
        JOIN room_type AS t ON t.id = n.room_type_id JOIN rate_plan AS p ON p.id = r.rate_plan_id
        LEFT JOIN room AS m ON m.id = n.room_id
        WHERE n.is_held = 1 AND n.night >= ?1 AND n.night <= ?2 AND n.kind = 'night'
            AND (?3 IS NULL OR n.room_type_id = ?3) AND (?4 IS NULL OR r.rate_plan_id = ?4) AND (?5 IS NULL OR r.source = ?5)
            AND (?6 IS NULL OR r.company_id = ?6) AND (?7 IS NULL OR (SELECT g.nationality FROM guest AS g WHERE g.id = r.guest_id) = ?7)
            AND (?8 IS NULL OR EXISTS (SELECT 1 FROM stay_guest AS s WHERE s.reservation_id = r.id AND s.nationality = ?8)
                OR (SELECT g.nationality FROM guest AS g WHERE g.id = r.guest_id) = ?8)
        ORDER BY n.night, n.kind, n.rate, n.reservation_id LIMIT ?9 + 1";
}

pub const REPORTS: &[Report] = &[
    Report {
        name: "segments",
        group: Group::Rooms,
        title: || text!("Segments"),
        about: || text!("Nights, revenue and ADR by room type, rate plan, source, company or country."),
        by: &[By::Source, By::RoomType, By::RatePlan, By::Company, By::Country],
        compares: true,
        charts: &["nights", "room_revenue", "adr"],
        make: segments,
        ..PLAIN
    },
    Report {
        name: "nights",
        group: Group::Details,
        title: || text!("Nights sold"),
        about: || text!("Every night sold with its rate: the detail behind the room figures."),
        range: Range::Period,
        filters: &[Filter::RoomType, Filter::RatePlan, Filter::Source, Filter::Company, Filter::Country, Filter::PersonCountry],
        make: nights,
        ..PLAIN
    },
];

/// What room types and rate plans are called.
pub struct Names {
    room_types: BTreeMap<i64, String>,
    rate_plans: BTreeMap<i64, String>,
}

impl Names {
    pub fn of(conn: &Conn) -> Result<Names> {
        let all = |sql: &Sql| -> Result<BTreeMap<i64, String>> {
            Ok(conn.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
        };
        Ok(Names { room_types: all(&ROOM_TYPES)?, rate_plans: all(&RATE_PLANS)? })
    }

    pub fn room_type(&self, id: i64) -> Cell {
        self.room_types.get(&id).cloned().into()
    }

    pub fn rate_plan(&self, id: i64) -> Cell {
        self.rate_plans.get(&id).cloned().into()
    }
}

fn statement(by: By) -> (Sql, &'static str, Text) {
    match by {
        By::RoomType => (BY_TYPE, "room_type_id", text!("Room type")),
        By::RatePlan => (BY_PLAN, "rate_plan_id", text!("Rate plan")),
        By::Company => (BY_COMPANY, "company_id", text!("Company")),
        By::Country => (BY_COUNTRY, "country", text!("Country")),
        _ => (BY_SOURCE, "source", text!("Source")),
    }
}

fn segments(conn: &Conn, asked: &Asked) -> Result<Table> {
    let (sql, filter, title) = statement(asked.by);
    let read = |row: &Found| {
        let key: Option<String> = match row.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(id) => Some(id.to_string()),
            other => other.as_str_or_null()?.map(str::to_owned),
        };
        let name: Option<String> = row.get(1)?;
        Ok((key, name, (row.get::<_, i64>(2)?, row.get::<_, Money>(3)?, row.get::<_, i64>(4)?, row.get::<_, i64>(5)?)))
    };
    let found = conn.all(&sql, (asked.from, asked.to, asked.today()), read)?;
    let columns = vec![
        Column::text("segment", title),
        Column::count("nights", text!("Nights")).compared(),
        Column { sum: super::table::Sum::None, ..Column::share("share", text!("Share of nights"), "nights", "nights") },
        Column::count("bookings", text!("Stays")),
        Column::per("stay", text!("Nights per stay"), "nights", "bookings"),
        Column::money("room_revenue", text!("Room revenue")).compared(),
        Column::count("paying", text!("Nights in ADR")),
        Column::average("adr", text!("ADR"), "room_revenue", "paying").compared(),
    ];
    let all: i64 = found.iter().map(|(_, _, (nights, ..))| nights).sum();
    let row = |(key, name, (nights, revenue, paying, stays)): (Option<String>, Option<String>, (i64, Money, i64, i64))| {
        let is_known = name.as_ref().is_some_and(|name| !name.is_empty());
        let name = if is_known { Cell::from(name) } else { Cell::from(text!("None")) };
        let share = crate::hotel::frontdesk::stats::percent_tenths(nights, all);
        let cells = cells![name, nights, share, stays, Cell::Empty, revenue, paying, Cell::Empty];
        Row::of(cells).linked(key.map(|key| Link::report("nights", asked.period(), &[(filter, key)])))
    };
    Ok(Table::new(columns, found.into_iter().map(row).collect()))
}

fn nights(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::date("night", text!("Night")),
        Column::text("guest", text!("Guest")),
        Column::text("booking", text!("Booking")),
        Column::text("status", text!("Status")),
        Column::text("room", text!("Room")),
        Column::text("room_type", text!("Room type")),
        Column::text("rate_plan", text!("Rate plan")),
        Column::text("source", text!("Source")),
        Column::text("company", text!("Company")),
        Column::count("persons", text!("Persons")),
        Column::money("rate", text!("Price")),
    ];
    let only = &asked.only;
    let params = (
        asked.from,
        asked.to,
        only.room_type,
        only.rate_plan,
        &only.source,
        only.company,
        &only.country,
        &only.person_country,
        asked.most as i64,
    );
    let rows = conn.all(&NIGHTS, params, |row| {
        let status: ReservationStatus = row.get(9)?;
        let text = |at: usize| row.get::<_, String>(at);
        let (rate, persons): (Money, i64) = (row.get(10)?, row.get(11)?);
        let who = cells![row.get::<_, Date>(1)?, text(3)?, text(2)?, super::people::status_in_words(status)];
        let what = cells![text(4)?, text(5)?, text(6)?, text(7)?, text(8)?, persons, rate];
        Ok(Row::of(who.into_iter().chain(what).collect()).linked(Link::reservation(row.get(0)?)))
    })?;
    Ok(Table::new(columns, rows))
}
