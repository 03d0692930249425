//! Who did not come, where guests come from, and what was given away.

use std::collections::BTreeMap;

use super::table::{Cell, Column, Link, Row, Table, cells};
use super::{Asked, Group, PLAIN, Report};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::{Date, Instant};
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::{Text, text};
use crate::error::Result;

statements! {
    GIVEN_UP = "reports.who_gave_up": "SELECT r.id, r.guest_name, r.confirmation_number, r.status, r.cancelled_on, r.check_in_date,
            CAST(julianday(r.check_out_date) - julianday(r.check_in_date) AS INTEGER), r.source, r.room_amount,
            (SELECT coalesce(sum(p.amount), 0) FROM posting AS p JOIN article AS a ON a.id = p.article_id
                WHERE p.reservation_id = r.id AND a.kind IN ('cancellation_fee', 'no_show_fee') AND p.counter_id IS NULL),
            r.created_at
        FROM reservation AS r INDEXED BY reservation_given_up_on
        WHERE r.cancelled_on IS NOT NULL AND r.cancelled_on >= ?1 AND r.cancelled_on <= ?2 AND r.status IN ('cancelled', 'no_show')
        ORDER BY r.cancelled_on, r.id LIMIT ?3 + 1";
    ARRIVED = "reports.arrived": "SELECT r.id, g.nationality, r.adults + r.children,
            CAST(julianday(r.check_out_date) - julianday(r.check_in_date) AS INTEGER)
        FROM reservation AS r INDEXED BY reservation_dates CROSS JOIN guest AS g ON g.id = r.guest_id
        WHERE r.check_in_date >= ?1 AND r.check_in_date <= ?2 AND r.status IN ('checked_in', 'checked_out')
            AND r.is_day_use = 0";
    ARRIVED_PEOPLE = "reports.arrived_people": "SELECT s.reservation_id, s.position, s.nationality
        FROM reservation AS r INDEXED BY reservation_dates CROSS JOIN stay_guest AS s ON s.reservation_id = r.id
        WHERE r.check_in_date >= ?1 AND r.check_in_date <= ?2 AND r.status IN ('checked_in', 'checked_out')";
    GIVEN_AWAY = "reports.given_away": "SELECT a.business_date, json_extract(a.after, '$.kind'), a.username,
            r.guest_name, r.confirmation_number, r.id, json_extract(a.after, '$.amount_minor'), json_extract(a.after, '$.reason')
        FROM audit_log AS a INDEXED BY audit_log_exception_day
        LEFT JOIN reservation AS r ON r.id = a.entity_id AND a.entity = 'reservation'
        WHERE a.action = 'exception' AND a.business_date >= ?1 AND a.business_date <= ?2
        ORDER BY a.business_date, a.id LIMIT ?3 + 1";
}

pub const REPORTS: &[Report] = &[
    Report {
        name: "cancellations",
        group: Group::Guests,
        title: || text!("Cancellations and no-shows"),
        about: || text!("Cancelled bookings and no-shows: when, how long before arrival, the revenue lost and the fees charged."),
        make: cancellations,
        ..PLAIN
    },
    Report {
        name: "countries",
        group: Group::Guests,
        title: || text!("Guests by country"),
        about: || text!("Arrivals and nights by nationality. Guests without a name count with the main guest."),
        compares: true,
        charts: &["nights"],
        make: countries,
        ..PLAIN
    },
    Report {
        name: "given-away",
        group: Group::Money,
        is_for_managers: true,
        title: || text!("Discounts, voids and allowances"),
        about: || text!("The owner’s list: reductions by staff member and guest, with the reason."),
        make: given_away,
        ..PLAIN
    },
];

pub fn status_in_words(status: ReservationStatus) -> Text {
    match status {
        ReservationStatus::Tentative => text!("Tentative"),
        ReservationStatus::Confirmed => text!("Confirmed"),
        ReservationStatus::CheckedIn => text!("In-house"),
        ReservationStatus::CheckedOut => text!("Departed"),
        ReservationStatus::Cancelled => text!("Cancelled"),
        ReservationStatus::NoShow => text!("No-show"),
    }
}

fn cancellations(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::date("date", text!("Cancelled on")),
        Column::text("guest", text!("Guest")),
        Column::text("booking", text!("Booking")),
        Column::text("status", text!("Status")),
        Column::text("source", text!("Source")),
        Column::date("booked", text!("Booked on")),
        Column::date("arrival", text!("Arrival")),
        Column::count("days_before", text!("Days before arrival")).unsummed(),
        Column::count("nights", text!("Nights")),
        Column::money("room_amount", text!("Room price")),
        Column::money("fee", text!("Fee")),
    ];
    let zone = asked.property.zone();
    let rows = conn.all(&GIVEN_UP, (asked.from, asked.to, asked.most as i64), |row| {
        let (status, date, made): (ReservationStatus, Date, Instant) = (row.get(3)?, row.get(4)?, row.get(10)?);
        let (booked, arrival): (Date, Date) = (made.date_in(&zone), row.get(5)?);
        let (guest, number, source): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(7)?);
        let (nights, amount, fee): (i64, Money, Money) = (row.get(6)?, row.get(8)?, row.get(9)?);
        let who = cells![date, guest, number, status_in_words(status), source];
        let what = cells![booked, arrival, date.days_until(arrival), nights, amount, fee];
        Ok(Row::of(who.into_iter().chain(what).collect()).linked(Link::reservation(row.get(0)?)))
    })?;
    Ok(Table::new(columns, rows))
}

fn countries(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::text("country", text!("Country")),
        Column::count("stays", text!("Stays")).compared(),
        Column::count("persons", text!("Persons")).compared(),
        Column::count("nights", text!("Person-nights")).compared(),
        Column::per("stay", text!("Nights per person"), "nights", "persons"),
    ];
    let mut people: BTreeMap<i64, Vec<(i64, String)>> = BTreeMap::new();
    conn.each(&ARRIVED_PEOPLE, asked.period(), |row| {
        people.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
        Ok(())
    })?;
    // Stays, persons, person-nights.
    let mut sums: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    conn.each(&ARRIVED, asked.period(), |row| {
        let (id, booker, persons, nights): (i64, String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let named = people.remove(&id).unwrap_or_default();
        let head = named.iter().find(|(position, country)| *position == 1 && !country.is_empty());
        let head = head.map_or(booker, |(_, country)| country.clone());
        let others = named.into_iter().filter(|(position, _)| *position > 1).map(|(_, country)| country);
        let mut countries: Vec<String> = others.map(|country| if country.is_empty() { head.clone() } else { country }).collect();
        let persons = usize::try_from(persons).unwrap_or(1).max(countries.len() + 1);
        countries.resize(persons, head.clone());
        sums.entry(head).or_default()[0] += 1;
        for country in countries {
            let sum = sums.entry(country).or_default();
            sum[1] += 1;
            sum[2] += nights;
        }
        Ok(())
    })?;
    let mut sums: Vec<(String, [i64; 3])> = sums.into_iter().collect();
    sums.sort_by_key(|(_, [_, persons, _])| std::cmp::Reverse(*persons));
    let row = |(country, [stays, persons, nights]): (String, [i64; 3])| {
        let name = if country.is_empty() { text!("Unknown").into() } else { Cell::from(country) };
        Row::of(cells![name, stays, persons, nights, Cell::Empty])
    };
    Ok(Table::new(columns, sums.into_iter().map(row).collect()))
}

fn kind_in_words(kind: &str) -> Text {
    match kind {
        "allowance" => text!("Allowance"),
        "typed_price" | "price_lowered" => text!("Price lowered"),
        "waived_fee" | "terms_eased" => text!("Fee waived"),
        "fee_taken_back" => text!("Fee reversed"),
        "voided_charge" => text!("Charge voided"),
        "voided_payment" => text!("Payment voided"),
        "complimentary" => text!("Complimentary"),
        "house_use" => text!("House use"),
        "nights_dropped" => text!("Nights dropped"),
        "cash_short" => text!("Cash short"),
        "cash_over" => text!("Cash over"),
        "not_counted" => text!("Drawer not counted"),
        "paid_out" => text!("Paid out"),
        _ => text!("Other"),
    }
}

fn given_away(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::date("date", text!("Date")),
        Column::text("kind", text!("What")),
        Column::text("person", text!("By")),
        Column::text("guest", text!("Guest")),
        Column::text("booking", text!("Booking")),
        Column::text("reason", text!("Reason")),
        Column::money("amount", text!("Amount")),
    ];
    let rows = conn.all(&GIVEN_AWAY, (asked.from, asked.to, asked.most as i64), |row| {
        let (date, kind, person): (Date, Option<String>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (guest, number, reason): (Option<String>, Option<String>, Option<String>) = (row.get(3)?, row.get(4)?, row.get(7)?);
        let amount: Option<i64> = row.get(6)?;
        let what = kind_in_words(kind.as_deref().unwrap_or_default());
        let cells = cells![
            date,
            what,
            person,
            guest,
            number,
            reason,
            amount.filter(|_| kind.as_deref() != Some("not_counted")).map(Money)
        ];
        Ok(Row::of(cells).linked(Link::reservation(row.get(5)?)))
    })?;
    Ok(Table::new(columns, rows))
}
