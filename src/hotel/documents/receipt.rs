//! The receipt of a stay: its bill, and what was paid.

use super::blocks::{Block, Cell, Column, Document, Fact, Sum, Table, joined, typed};
use super::stay::{Stay, method_in_words};
use crate::db::Conn;
use crate::domain::money::Money;
use crate::domain::status::PaymentKind;
use crate::domain::wording::{Text, Value, text};
use crate::error::Result;
use crate::hotel::folio::payments::Payment;
use crate::hotel::folio::{self, night_in_words};
use crate::hotel::reservations::NightKind;

pub fn receipt(conn: &Conn, stay: &Stay) -> Result<Document> {
    let booking = &stay.booking;
    let mut facts = vec![Fact::of(text!("Guest"), &booking.guest_name)];
    facts.extend(booking.room_number.as_ref().map(|number| Fact::of(text!("Room"), number)));
    facts.extend([
        Fact::of(text!("Arrival"), Value::ShortDate(booking.check_in_date)),
        Fact::of(text!("Departure"), Value::ShortDate(booking.check_out_date)),
    ]);
    let mut document = stay.document(text!("Receipt"));
    document.blocks.extend([
        Block::Facts(facts),
        Block::Table(bill(conn, stay)?),
        Block::Heading(text!("Payments")),
        Block::Table(payments(conn, stay)?),
        Block::Paragraph(text!("This receipt is not a tax invoice.")),
        Block::Signatures(vec![text!("Received by")]),
    ]);
    Ok(document)
}

fn bill(conn: &Conn, stay: &Stay) -> Result<Table> {
    let booking = &stay.booking;
    let row = |date, said: Text, quantity: i64, amount: Money| {
        vec![Cell::of(Value::ShortDate(date)), Cell::of(said), Cell::of(quantity), Cell::of(stay.money(amount))]
    };
    let posted = folio::store::charges_of(conn, booking.id)?;
    let to_come = folio::nights_to_come(conn, booking, stay.property.business_date)?;
    let to_come = to_come.iter().flat_map(|n| {
        let said = night_in_words(Value::ShortDate(n.night), n.kind == NightKind::DayUse);
        let extras = n.extras.beside().map(|e| row(n.night, Text::as_it_is(&e.name), e.quantity, e.amount()));
        std::iter::once(row(n.night, said, 1, n.rate + n.added_to_price())).chain(extras)
    });
    let taxes = folio::store::taxes_of(conn, booking.id)?.into_iter().map(|tax| Sum {
        label: text!("Includes {tax} on {net}", tax = tax.name, net = stay.money(tax.net)),
        amount: stay.money(tax.amount),
    });
    Ok(Table {
        columns: vec![
            Column::tight(text!("Date")),
            Column::words(text!("Description")),
            Column::numbers(text!("Quantity")),
            Column::numbers(text!("Amount")),
        ],
        rows: posted.iter().map(|line| row(line.business_date, line.said(), line.quantity, line.amount)).chain(to_come).collect(),
        sums: std::iter::once(Sum { label: text!("Total"), amount: stay.money(booking.total_amount()) }).chain(taxes).collect(),
    })
}

fn payments(conn: &Conn, stay: &Stay) -> Result<Table> {
    let booking = &stay.booking;
    let row = |payment: &Payment| {
        let how = [Some(method_in_words(&payment.payment_method)), taken_back(payment.kind), typed(&payment.reference_number)];
        vec![Cell::of(Value::ShortDate(payment.business_date)), Cell::known([joined(how)]), Cell::of(stay.money(payment.amount))]
    };
    Ok(Table {
        columns: vec![Column::tight(text!("Date")), Column::words(text!("Method")), Column::numbers(text!("Amount"))],
        rows: folio::store::payments_of(conn, booking.id)?.iter().map(row).collect(),
        sums: vec![
            Sum { label: text!("Paid"), amount: stay.money(booking.paid_amount) },
            Sum { label: text!("Balance"), amount: stay.money(booking.balance()) },
        ],
    })
}

fn taken_back(kind: PaymentKind) -> Option<Value> {
    match kind {
        PaymentKind::Payment => None,
        PaymentKind::Refund => Some(text!("refund").into()),
        PaymentKind::Void => Some(text!("void").into()),
    }
}
