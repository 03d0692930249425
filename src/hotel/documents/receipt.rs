//! The receipt of a stay: its bill, and what was paid.

use super::blocks::{Block, Cell, Column, Document, Fact, Sum, Table, joined, typed};
use super::stay::{Stay, method_in_words};
use crate::db::Conn;
use crate::domain::money::{Currency, Money};
use crate::domain::status::PaymentKind;
use crate::domain::wording::{Text, Value, text};
use crate::error::Result;
use crate::hotel::folio::payments::Payment;
use crate::hotel::folio::tender::{self, Tender};
use crate::hotel::folio::{self, night_in_words};
use crate::hotel::reservations::NightKind;
use crate::hotel::vouchers;

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
    let tenders = tender::of_stay(conn, booking.id)?;
    let row = |payment: &Payment| {
        let given = tenders.iter().find(|tender| tender.payment_id == payment.id && payment.kind == PaymentKind::Payment);
        let given = given.map(|tender| handed_over(stay, tender, payment.amount).into());
        let left = vouchers::store::of_posting(conn, payment.id.0).ok().flatten().and_then(|id| vouchers::find(conn, id).ok());
        let left = left
            .filter(|_| payment.kind == PaymentKind::Payment)
            .map(|v| text!("{left} left", left = stay.money(v.balance)).into());
        let how = [
            Some(method_in_words(&payment.payment_method)),
            taken_back(payment.kind),
            given,
            typed(&payment.reference_number),
            left,
        ];
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

/// What was given and what is change; of another currency with its rate.
fn handed_over(stay: &Stay, tender: &Tender, paid: Money) -> Text {
    let (given, change) = (stay.money(tender.given), stay.money(tender.given - paid));
    let foreign = tender.currency.as_deref().and_then(Currency::of).zip(tender.foreign_amount);
    match foreign {
        Some((currency, amount)) => {
            let notes = Value::Money(currency.amount(amount), currency.code.clone());
            text!("{notes} given for {given}, change {change}", notes, given, change)
        }
        None => text!("given {given}, change {change}", given, change),
    }
}

fn taken_back(kind: PaymentKind) -> Option<Value> {
    match kind {
        PaymentKind::Payment => None,
        PaymentKind::Refund => Some(text!("refund").into()),
        PaymentKind::Void => Some(text!("void").into()),
    }
}
