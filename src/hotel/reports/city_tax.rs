//! City tax as it is returned: what was levied and for whom, who was exempt, and the nights that nothing is levied on any more.

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
    LEVIED = "reports.levied": "SELECT business_date, sum(CASE entry WHEN 'void' THEN -quantity ELSE quantity END), sum(amount - tax_amount), sum(tax_amount), sum(amount),
            coalesce(night, business_date) AS levied_on
        FROM posting INDEXED BY posting_levy_date
        WHERE levy_id = ?1 AND levy_id IS NOT NULL AND business_date >= ?2 AND business_date <= ?3 AND counter_id IS NULL
        GROUP BY business_date, levied_on";
    // What was taken off levies. Their units go with what completes it, and come back once that is voided.
    LEVIES_ALLOWED = "reports.levies_allowed": "SELECT business_date, quantity * ((sum_after - amount = -levied) - (sum_after = -levied)),
            amount - tax_amount, tax_amount, amount, levied_on
        FROM (SELECT p.business_date, coalesce(l.night, l.business_date) AS levied_on, l.quantity, l.amount AS levied, p.amount, p.tax_amount,
                (SELECT sum(q.amount) FROM posting AS q WHERE q.id <= p.id AND q.article_id = 4
                    AND q.reverses_id IN (SELECT l.id UNION ALL SELECT x.id FROM posting AS x WHERE x.reverses_id = l.id)) AS sum_after
            FROM posting AS p INDEXED BY posting_allowance
            CROSS JOIN posting AS a ON a.id = CASE p.entry WHEN 'void' THEN p.reverses_id ELSE p.id END
            CROSS JOIN posting AS l ON l.id = a.reverses_id
            WHERE p.article_id = 4 AND p.reverses_id IS NOT NULL AND p.business_date >= ?1 AND p.business_date <= ?2
                AND p.counter_id IS NULL AND l.levy_id = ?3)";
    EXEMPTED = "reports.exempted": "SELECT g.levy_exemption, count(DISTINCT g.id), count(*)
        FROM reservation AS r INDEXED BY reservation_dates
        CROSS JOIN stay_guest AS g ON g.reservation_id = r.id
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.check_in_date >= date(?1, '-400 days') AND r.check_in_date <= ?2 AND r.check_out_date >= ?1
            AND g.levy_exemption <> '' AND n.is_held = 1 AND n.kind = 'night'
        GROUP BY g.levy_exemption ORDER BY g.levy_exemption LIMIT 1000";
    // People of nights that lie behind as many since the arrival.
    LATE_NIGHTS = "reports.late_nights": "SELECT r.id, n.adults, n.children, r.children_ages,
            (SELECT count(*) FROM stay_guest AS g WHERE g.reservation_id = r.id AND g.levy_exemption <> '')
        FROM reservation AS r INDEXED BY reservation_dates
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night >= ?1 AND n.night <= ?2
        WHERE r.check_in_date >= ?3 AND r.check_in_date <= ?2 AND r.check_out_date >= ?1 AND r.rate_kind <> 'house_use'
            AND n.is_held = 1 AND n.kind = 'night' AND julianday(r.check_out_date) - julianday(r.check_in_date) > ?4
            AND julianday(n.night) - julianday(r.check_in_date) >= ?4";
}

pub const REPORTS: &[Report] = &[Report {
    name: "city-tax",
    group: Group::Money,
    title: || text!("City tax"),
    about: || text!("City tax charged, exempt guests and nights beyond the cap, as reported to the authority."),
    by: &[By::Rate, By::Authority, By::Day, By::Month],
    make: city_tax,
    ..PLAIN
}];

/// Units, net, tax and amount.
type Levied = (i64, Money, Money, Money);

/// What was levied on a day, and the night that it was levied for.
fn levied(row: &rusqlite::Row) -> rusqlite::Result<(Date, Date, Levied)> {
    Ok((row.get(0)?, row.get(5)?, (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
}

/// What was levied on each day, without the taxes on it.
pub fn levied_net(conn: &Conn, id: LevyId, (from, to): (Date, Date)) -> Result<Vec<(Date, Money)>> {
    conn.all(&LEVIED, (id, from, to), |row| Ok((row.get(0)?, row.get(2)?)))
}

/// What was levied and taken off again, summed by a date that stands for a posting's day and its night.
fn sums(conn: &Conn, asked: &Asked, id: LevyId, date_of: impl Fn(Date, Date) -> Date) -> Result<BTreeMap<Date, Levied>> {
    let mut sums: BTreeMap<Date, Levied> = BTreeMap::new();
    let mut add = |(day, night, (units, net, tax, amount)): (Date, Date, Levied)| {
        let sum = sums.entry(date_of(day, night)).or_default();
        *sum = (sum.0 + units, sum.1 + net, sum.2 + tax, sum.3 + amount);
    };
    conn.all(&LEVIED, (id, asked.from, asked.to), levied)?.into_iter().for_each(&mut add);
    conn.all(&LEVIES_ALLOWED, (asked.from, asked.to, id), levied)?.into_iter().for_each(&mut add);
    Ok(sums)
}

/// What was taken off levies, without the taxes on it.
pub fn allowed_net(conn: &Conn, id: LevyId, (from, to): (Date, Date)) -> Result<Vec<(Date, Money)>> {
    conn.all(&LEVIES_ALLOWED, (from, to, id), |row| Ok((row.get(0)?, row.get(2)?)))
}

fn city_tax(conn: &Conn, asked: &Asked) -> Result<Table> {
    if asked.by == By::Authority {
        return by_authority(conn, asked);
    }
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
    for (id, name) in names(conn)? {
        let time = |day, _| if asked.by == By::Rate { asked.from } else { time_of(day, asked.by) };
        for (time, (units, net, tax, amount)) in sums(conn, asked, id, time)? {
            let mut cells = cells![name.as_str(), units, net, tax, amount, Cell::Empty, Cell::Empty];
            if asked.by != By::Rate {
                cells.insert(0, time.into());
            }
            let period = if asked.by == By::Rate { asked.period() } else { stretch(asked, time) };
            rows.push(Row::of(cells).linked(postings(period)));
        }
    }
    if asked.by == By::Rate {
        rows.extend(conn.all(&EXEMPTED, over(asked), |row| {
            let reason = text!("Exempt: {reason}", reason = row.get::<_, String>(0)?);
            let (persons, nights): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Row::of(cells![reason, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, persons, nights]))
        })?);
        for (name, persons, nights) in over_cap(conn, asked)? {
            let name = text!("Beyond the cap: {levy}", levy = name);
            rows.push(Row::of(cells![name, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, persons, nights]));
        }
    }
    Ok(Table::new(columns, rows))
}

fn names(conn: &Conn) -> Result<Vec<(LevyId, String)>> {
    conn.all(&LEVIES, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn postings(period: (Date, Date)) -> Link {
    Link::report("postings", period, &[("article_id", ArticleId::LEVY.0.to_string())])
}

/// Each levy parted among those it is for, by the shares of the night's rate. What a rate brought in the period is
/// parted once, so that the parts make up the whole.
fn by_authority(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::text("authority", text!("Authority")),
        Column::text("levy", text!("Levy")),
        Column::count("units", text!("Units")).unsummed(),
        Column::money("net", text!("Net")),
        Column::money("tax", text!("Tax on it")),
        Column::money("amount", text!("Amount")),
    ];
    let Some(levied) = taxes::levied(conn)? else { return Ok(Table::new(columns, Vec::new())) };
    let mut parts: BTreeMap<(String, LevyId), Levied> = BTreeMap::new();
    for (id, name) in names(conn)? {
        let rate = |night: Date| levied.levy_rate(id, night);
        for (from, (units, net, tax, _)) in sums(conn, asked, id, |_, night| rate(night).map_or(night, |rate| rate.from))? {
            let shared = rate(from).map_or(&[][..], |rate| &rate.authorities);
            let whole = [(name.as_str(), 1)];
            let shares: Vec<(&str, i64)> = shared.iter().map(|one| (&*one.name, one.share.0)).collect();
            let shares = if shares.is_empty() { &whole[..] } else { &shares };
            let weights: Vec<i64> = shares.iter().map(|(_, share)| *share).collect();
            for (((who, _), net), tax) in shares.iter().zip(net.by_weights(&weights)).zip(tax.by_weights(&weights)) {
                let sum = parts.entry(((*who).to_owned(), id)).or_default();
                *sum = (sum.0 + units, sum.1 + net, sum.2 + tax, sum.3 + net + tax);
            }
        }
    }
    let row = |((who, id), (units, net, tax, amount)): ((String, LevyId), Levied)| {
        Row::of(cells![who, levied.levy_name(id), units, net, tax, amount]).linked(postings(asked.period()))
    };
    Ok(Table::new(columns, parts.into_iter().map(row).collect()))
}

/// The nights of the period that are over: of the others nothing is levied yet.
fn over(asked: &Asked) -> (Date, Date) {
    (asked.from, asked.to.min(asked.today().previous()))
}

/// Of each levy that is taken for so many nights only: the people of the nights after them, and those nights.
fn over_cap(conn: &Conn, asked: &Asked) -> Result<Vec<(String, i64, i64)>> {
    let Some(levied) = taxes::levied(conn)? else { return Ok(Vec::new()) };
    let (from, to) = over(asked);
    let first_arrival = asked.from.plus(-MAX_NIGHTS).unwrap_or(asked.from);
    let mut found = Vec::new();
    for levy in levied.levies() {
        // Nights of a year are those of other stays as well, which one stay does not tell.
        let Some(cap) = levy.nights.to.filter(|_| levy.unit == Unit::PersonNight && !levy.nights.is_of_year) else { continue };
        let mut persons: BTreeMap<i64, i64> = BTreeMap::new();
        let mut nights = 0;
        conn.each(&LATE_NIGHTS, (from, to, first_arrival, cap), |row| {
            let (adults, children, ages): (i64, i64, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            // Whoever is exempt stands in a row of its own.
            let count = (adults + payers(levy, children, &ages) - row.get::<_, i64>(4)?).max(0);
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
