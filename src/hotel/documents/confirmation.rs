//! The confirmation of a booking, for the guest to keep.

use super::blocks::{Block, Cell, Column, Document, Fact, Sum, Table};
use super::stay::Stay;
use crate::db::Conn;
use crate::domain::extras::Extra;
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::{Text, Value, text};
use crate::error::Result;
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::{policies, reservations};

pub fn confirmation(conn: &Conn, stay: &Stay) -> Result<Document> {
    let booking = &stay.booking;
    let mut document = stay.document(text!("Booking confirmation"));
    let mut facts = stay.facts();
    facts.extend(booking.details.expected_arrival_time.map(|time| Fact::of(text!("Expected arrival"), time)));
    document.blocks.extend([
        Block::Paragraph(text!("Dear {guest},", guest = &booking.guest_name)),
        Block::Paragraph(opening(stay)),
        Block::Facts(facts),
        Block::Table(prices(conn, stay)?),
    ]);
    if !booking.special_requests.is_empty() {
        document.blocks.push(Block::Heading(text!("Special requests")));
        document.blocks.push(Block::Paragraph(Text::as_it_is(&booking.special_requests)));
    }
    if matches!(booking.status, ReservationStatus::Tentative | ReservationStatus::Confirmed) {
        document.blocks.extend(deposit(stay).map(Block::Paragraph));
        document.blocks.push(Block::Paragraph(free_until(conn, stay)?));
        document.blocks.push(Block::Paragraph(text!("We look forward to welcoming you.")));
    }
    Ok(document)
}

/// How the booking stands.
fn opening(stay: &Stay) -> Text {
    let (booking, property) = (&stay.booking, &stay.property.name);
    match (booking.status, booking.details.option_date) {
        (ReservationStatus::Tentative, None) => {
            text!("Thank you for your enquiry. We are holding this booking at {property} until you confirm it.", property)
        }
        (ReservationStatus::Tentative, Some(date)) => text!(
            "Thank you for your enquiry. We are holding this booking at {property} until you confirm it. The room is held for you until {date}.",
            property,
            date = Value::DateWithDay(date)
        ),
        (ReservationStatus::Confirmed | ReservationStatus::CheckedIn | ReservationStatus::CheckedOut, _) => {
            text!("Thank you for choosing {property}. We are pleased to confirm your booking.", property)
        }
        (ReservationStatus::Cancelled, _) => text!("This booking at {property} was cancelled.", property),
        (ReservationStatus::NoShow, _) => text!("This booking at {property} was not taken up.", property),
    }
}

/// What each night costs, what is paid and what is left.
fn prices(conn: &Conn, stay: &Stay) -> Result<Table> {
    let booking = &stay.booking;
    let nights = Itinerary::agreed(conn, booking, stay.property.business_date)?;
    let row = |n: &reservations::Night| vec![Cell::of(Value::DateWithDay(n.night)), Cell::of(stay.money(n.rate))];
    let added: Money = nights.told(booking).map(|n| n.added_to_price()).sum();
    let extras = along(stay, nights.told(booking));
    let taxes = (!added.is_zero()).then(|| vec![Cell::of(text!("Taxes")), Cell::of(stay.money(added))]);
    Ok(Table {
        columns: vec![Column::words(text!("Night")), Column::numbers(text!("Price"))],
        rows: nights.told(booking).map(row).chain(extras).chain(taxes).collect(),
        sums: vec![
            Sum { label: text!("Total"), amount: stay.money(booking.total_amount()) },
            Sum { label: text!("Paid"), amount: stay.money(booking.paid_amount) },
            Sum { label: text!("Balance"), amount: stay.money(booking.balance()) },
        ],
    })
}

/// What is asked for before the arrival, as far as it has not come.
fn deposit(stay: &Stay) -> Option<Text> {
    let left = stay.booking.deposit_amount - stay.booking.paid_amount;
    let due = stay.booking.deposit_due_date.filter(|_| left > Money::ZERO)?;
    let (amount, date) = (stay.property.money_in_words(left), Value::DateInFull(due));
    if due < stay.property.business_date {
        return Some(text!("A deposit of {amount} was due on {date}. Please pay it now.", amount, date));
    }
    Some(text!("Please pay a deposit of {amount} by {date}.", amount, date))
}

/// What is sold along with the nights, equal things together. What is inside the price has none of its own.
fn along<'n>(stay: &Stay, nights: impl Iterator<Item = &'n reservations::Night>) -> Vec<Vec<Cell>> {
    let mut sums: Vec<(&Extra, i64, Money)> = Vec::new();
    for extra in nights.flat_map(|n| n.extras.sold()) {
        let amount = if extra.is_inside { Money::ZERO } else { extra.amount() };
        let is_same = |known: &Extra| {
            (&known.name, known.unit_amount, known.is_inside) == (&extra.name, extra.unit_amount, extra.is_inside)
        };
        match sums.iter_mut().find(|(known, _, _)| is_same(known)) {
            Some((_, quantity, sum)) => (*quantity, *sum) = (*quantity + extra.quantity, *sum + amount),
            None => sums.push((extra, extra.quantity, amount)),
        }
    }
    let row = |(extra, quantity, amount): (&Extra, i64, Money)| {
        let said = match extra.is_inside {
            true => text!("{quantity} × {extra}, included", quantity, extra = &extra.name),
            false => text!("{quantity} × {extra}", quantity, extra = &extra.name),
        };
        vec![Cell::of(said), if extra.is_inside { Cell::of("") } else { Cell::of(stay.money(amount)) }]
    };
    sums.into_iter().map(row).collect()
}

fn free_until(conn: &Conn, stay: &Stay) -> Result<Text> {
    let policy = policies::find(conn, stay.booking.policy_id)?;
    let zone = stay.property.zone();
    Ok(match policy.free_until(reservations::arrival(&stay.booking, &stay.property)) {
        Some(instant) => text!(
            "You may cancel free of charge until {date}, {time}.",
            date = Value::DateInFull(instant.date_in(&zone)),
            time = Value::Time(instant.time_in(&zone))
        ),
        None => text!("You may cancel free of charge."),
    })
}
