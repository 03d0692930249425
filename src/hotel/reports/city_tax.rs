//! City tax as it is returned: what was levied, who was exempt, and the nights that nothing is levied on any more.

use std::collections::BTreeMap;

use super::money::{stretch, time_column, time_of};
use super::table::{Cell, Column, Link, Row, Table, cells};
use super::{Asked, By, Group, PLAIN, Report};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{ArticleId, LevyId};
use crate::domain::money::Money;
use crate::domain::stay::MAX_NIGHTS;
use crate::domain::tax::{Levy, Unit};
use crate::domain::wording::text;
use crate::error::Result;
use crate::hotel::taxes;

statements! {
    LEVIES = "reports.levies": "SELECT id, name FROM levy", scans "a hotel has a handful";
    LEVIED = "reports.levied": "SELECT business_date, sum(CASE entry WHEN 'void' THEN -quantity ELSE quantity END), sum(amount - tax_amount), sum(tax_amount), sum(amount)
        FROM posting INDEXED BY posting_levy_date
        WHERE levy_id = ?1 AND levy_id IS NOT NULL AND business_date >= ?2 AND business_date <= ?3 AND counter_id IS NULL
        GROUP BY business_date";
    // What was taken off levies. Their units go with what completes it, and come back once that is voided.
    LEVIES_ALLOWED = "reports.levies_allowed": "SELECT levy_id, business_date, quantity * ((sum_after - amount = -levied) - (sum_after = -levied)),
            amount - tax_amount, tax_amount, amount
        FROM (SELECT l.levy_id, p.business_date, l.quantity, l.amount AS levied, p.amount, p.tax_amount,
                (SELECT sum(q.amount) FROM posting AS q WHERE q.id <= p.id AND q.article_id = 4
                    AND q.reverses_id IN (SELECT l.id UNION ALL SELECT x.id FROM posting AS x WHERE x.reverses_id = l.id)) AS sum_after
            FROM posting AS p INDEXED BY posting_allowance
            CROSS JOIN posting AS a ON a.id = CASE p.entry WHEN 'void' THEN p.reverses_id ELSE p.id END
            CROSS JOIN posting AS l ON l.id = a.reverses_id
            WHERE p.article_id = 4 AND p.reverses_id IS NOT NULL AND p.business_date >= ?1 AND p.business_date <= ?2
                AND p.counter_id IS NULL AND l.levy_id IS NOT NULL)";
    EXEMPTED = "reports.exempted": "SELECT g.levy_exemption, count(DISTINCT g.id), count(*)
        FROM reservation AS r INDEXED BY reservation_dates
        CROSS JOIN stay_guest AS g ON g.reservation_id = r.id
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.check_in_date >= date(?1, '-400 days') AND r.check_in_date <= ?2 AND r.check_out_date >= ?1
            AND g.levy_exemption <> '' AND n.is_held = 1 AND n.kind = 'night'
        GROUP BY g.levy_exemption ORDER BY g.levy_exemption LIMIT 1000";
    // People of nights that lie behind as many since the arrival.
    LATE_NIGHTS = "reports.late_nights": "SELECT r.id, n.adults, n.children, r.children_ages
        FROM reservation AS r INDEXED BY reservation_dates
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.check_in_date >= ?3 AND r.check_in_date <= ?2 AND r.check_out_date >= ?1 AND r.rate_kind <> 'house_use'
            AND n.is_held = 1 AND n.kind = 'night' AND julianday(n.night) - julianday(r.check_in_date) >= ?4";
}

pub const REPORTS: &[Report] = &[Report {
    name: "city-tax",
    group: Group::Money,
    title: || text!("City tax"),
    about: || {
        text!("What was levied on staying, who was exempt and which nights lie over the cap, as it is returned to the authority.")
    },
    by: &[By::Rate, By::Day, By::Month],
    make: city_tax,
    ..PLAIN
}];

/// Units, net, tax and amount.
type Levied = (i64, Money, Money, Money);

/// The day and what was levied on it, from a column on.
fn levied(row: &rusqlite::Row, at: usize) -> rusqlite::Result<(Date, Levied)> {
    Ok((row.get(at)?, (row.get(at + 1)?, row.get(at + 2)?, row.get(at + 3)?, row.get(at + 4)?)))
}

/// What was levied on each day, without the taxes on it.
pub fn levied_net(conn: &Conn, id: LevyId, (from, to): (Date, Date)) -> Result<Vec<(Date, Money)>> {
    conn.all(&LEVIED, (id, from, to), |row| Ok((row.get(0)?, row.get(2)?)))
}

fn city_tax(conn: &Conn, asked: &Asked) -> Result<Table> {
    let names: Vec<(LevyId, String)> = conn.all(&LEVIES, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut columns = vec![
        Column::text("levy", text!("Levy")),
        Column::count("units", text!("Units")),
        Column::money("net", text!("Net")),
        Column::money("tax", text!("Tax on it")),
        Column::money("amount", text!("Amount")),
        Column::count("persons", text!("Persons exempt")),
        Column::count("exempt", text!("Person-nights exempt")),
    ];
    if asked.by != By::Rate {
        columns.insert(0, time_column(asked.by));
    }
    let mut rows = Vec::new();
    let allowed = conn.all(&LEVIES_ALLOWED, asked.period(), |row| Ok((row.get::<_, LevyId>(0)?, levied(row, 1)?)))?;
    for (id, name) in names {
        let mut sums: BTreeMap<Date, Levied> = BTreeMap::new();
        let mut add = |(date, (units, net, tax, amount)): (Date, Levied)| {
            let time = if asked.by == By::Rate { asked.from } else { time_of(date, asked.by) };
            let sum = sums.entry(time).or_default();
            *sum = (sum.0 + units, sum.1 + net, sum.2 + tax, sum.3 + amount);
        };
        conn.each(&LEVIED, (id, asked.from, asked.to), |row| {
            add(levied(row, 0)?);
            Ok(())
        })?;
        allowed.iter().filter(|(levy, _)| *levy == id).for_each(|(_, off)| add(*off));
        for (time, (units, net, tax, amount)) in sums {
            let mut cells = cells![name.as_str(), units, net, tax, amount, Cell::Empty, Cell::Empty];
            if asked.by != By::Rate {
                cells.insert(0, time.into());
            }
            let period = if asked.by == By::Rate { asked.period() } else { stretch(asked, time) };
            let link = Link::report("postings", period, &[("article_id", ArticleId::LEVY.0.to_string())]);
            rows.push(Row::of(cells).linked(link));
        }
    }
    if asked.by == By::Rate {
        rows.extend(conn.all(&EXEMPTED, asked.period(), |row| {
            let reason = text!("Exempt: {reason}", reason = row.get::<_, String>(0)?);
            let (persons, nights): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Row::of(cells![reason, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, persons, nights]))
        })?);
        for (name, persons, nights) in over_cap(conn, asked)? {
            let name = text!("Over the cap: {levy}", levy = name);
            rows.push(Row::of(cells![name, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, persons, nights]));
        }
    }
    Ok(Table::new(columns, rows))
}

/// Of each levy that is taken for so many nights only: the people of the nights after them, and those nights.
fn over_cap(conn: &Conn, asked: &Asked) -> Result<Vec<(String, i64, i64)>> {
    let Some(levied) = taxes::levied(conn)? else { return Ok(Vec::new()) };
    let first_arrival = asked.from.plus(-MAX_NIGHTS).unwrap_or(asked.from);
    let mut found = Vec::new();
    for levy in levied.levies() {
        // Nights of a year are those of other stays as well, which one stay does not tell.
        let Some(cap) = levy.nights.to.filter(|_| levy.unit == Unit::PersonNight && !levy.nights.is_of_year) else { continue };
        let mut persons: BTreeMap<i64, i64> = BTreeMap::new();
        let mut nights = 0;
        conn.each(&LATE_NIGHTS, (asked.from, asked.to, first_arrival, cap), |row| {
            let (adults, children, ages): (i64, i64, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let count = adults + payers(levy, children, &ages);
            nights += count;
            let most = persons.entry(row.get(0)?).or_default();
            *most = count.max(*most);
            Ok(())
        })?;
        if nights > 0 {
            found.push((levied.levy_name(levy.id).to_owned(), persons.values().sum(), nights));
        }
    }
    Ok(found)
}

/// Children who are old enough to pay; whose age nobody knows does not.
fn payers(levy: &Levy, children: i64, ages: &str) -> i64 {
    let pays =
        |age: i64| levy.ages.is_empty() || levy.ages.iter().rfind(|(from, _)| *from <= age).is_some_and(|(_, share)| *share > 0);
    let old_enough = ages.split(',').filter_map(|age| age.parse().ok()).filter(|age| pays(*age)).count();
    i64::try_from(old_enough).unwrap_or(0).min(children)
}
