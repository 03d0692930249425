//! Who did not come, where guests come from, and what was given away.

use super::table::{Column, Link, Row, Table, cells};
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
        ORDER BY r.cancelled_on, r.id LIMIT 10001";
    COUNTRIES = "reports.countries": "SELECT g.nationality, count(*), sum(r.adults), sum(r.children),
            sum((r.adults + r.children) * CAST(julianday(r.check_out_date) - julianday(r.check_in_date) AS INTEGER))
        FROM reservation AS r INDEXED BY reservation_dates CROSS JOIN guest AS g ON g.id = r.guest_id
        WHERE r.check_in_date >= ?1 AND r.check_in_date <= ?2 AND r.status IN ('checked_in', 'checked_out')
        GROUP BY g.nationality ORDER BY 2 DESC LIMIT 1000";
    GIVEN_AWAY = "reports.given_away": "SELECT a.business_date, json_extract(a.after, '$.kind'), a.username,
            r.guest_name, r.confirmation_number, r.id, json_extract(a.after, '$.amount_minor'), json_extract(a.after, '$.reason')
        FROM audit_log AS a INDEXED BY audit_log_exception
        LEFT JOIN reservation AS r ON r.id = a.entity_id AND a.entity = 'reservation'
        WHERE a.action = 'exception' AND a.business_date >= ?1 AND a.business_date <= ?2
        ORDER BY a.id LIMIT 10001", scans "what stands on the owner's list, by its index";
}

pub const REPORTS: &[Report] = &[
    Report {
        name: "cancellations",
        group: Group::Guests,
        title: || text!("Cancellations and no-shows"),
        about: || {
            text!("Who gave up and when, how long before the arrival, what it would have brought and what was charged for it.")
        },
        make: cancellations,
        ..PLAIN
    },
    Report {
        name: "countries",
        group: Group::Guests,
        title: || text!("Guests by country"),
        about: || text!("Stays that began in the period, their people and nights, by the nationality of who booked."),
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
        about: || text!("What stands on the owner’s list: who took how much off, of whom and why."),
        make: given_away,
        ..PLAIN
    },
];

pub fn status_in_words(status: ReservationStatus) -> Text {
    match status {
        ReservationStatus::Tentative => text!("Tentative"),
        ReservationStatus::Confirmed => text!("Confirmed"),
        ReservationStatus::CheckedIn => text!("In the house"),
        ReservationStatus::CheckedOut => text!("Departed"),
        ReservationStatus::Cancelled => text!("Cancelled"),
        ReservationStatus::NoShow => text!("No-show"),
    }
}

fn cancellations(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::date("date", text!("Given up on")),
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
    let rows = conn.all(&GIVEN_UP, asked.period(), |row| {
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
        Column::count("adults", text!("Adults")),
        Column::count("children", text!("Children")),
        Column::count("nights", text!("Person-nights")).compared(),
    ];
    let rows = conn.all(&COUNTRIES, asked.period(), |row| {
        let country: String = row.get(0)?;
        let link = Link::report("nights", asked.period(), &[("country", country.clone())]);
        let name = if country.is_empty() { text!("Not known").into() } else { super::table::Cell::from(country) };
        let (stays, adults, children, nights): (i64, i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        Ok(Row::of(cells![name, stays, adults, children, nights]).linked(link))
    })?;
    Ok(Table::new(columns, rows))
}

fn kind_in_words(kind: &str) -> Text {
    match kind {
        "allowance" => text!("Allowance"),
        "typed_price" | "price_lowered" => text!("Price lowered"),
        "waived_fee" | "terms_eased" => text!("Fee waived"),
        "fee_taken_back" => text!("Fee taken back"),
        "voided_charge" => text!("Charge voided"),
        "voided_payment" => text!("Payment voided"),
        "complimentary" => text!("Complimentary"),
        "house_use" => text!("House use"),
        "nights_dropped" => text!("Nights dropped"),
        "cash_short" => text!("Cash short"),
        "cash_over" => text!("Cash over"),
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
    let rows = conn.all(&GIVEN_AWAY, asked.period(), |row| {
        let (date, kind, person): (Date, Option<String>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (guest, number, reason): (Option<String>, Option<String>, Option<String>) = (row.get(3)?, row.get(4)?, row.get(7)?);
        let amount: Option<i64> = row.get(6)?;
        let what = kind_in_words(kind.as_deref().unwrap_or_default());
        let cells = cells![date, what, person, guest, number, reason, amount.map(Money)];
        Ok(Row::of(cells).linked(Link::reservation(row.get(5)?)))
    })?;
    Ok(Table::new(columns, rows))
}
