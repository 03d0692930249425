//! The receipt of a stay: its bill, and what was paid.

use super::blocks::{Block, Cell, Column, Document, Fact, Sum, Table, joined, typed};
use super::stay::{Stay, method_in_words};
use crate::db::Conn;
use crate::domain::money::{Currency, Money};
use crate::domain::status::PaymentKind;
use crate::domain::wording::{Text, Value, text};
use crate::error::{Error, Result};
use crate::hotel::folio::lines::{self, Line};
use crate::hotel::folio::owner::{self, Owner};
use crate::hotel::folio::payments::{self, Payment};
use crate::hotel::folio::tender::{self, Tender};
use crate::hotel::folio::{self, night_in_words, transfers};
use crate::hotel::reservations::NightKind;
use crate::hotel::vouchers;

/// Lines of a receipt.
const MAX_LINES: usize = 10_000;

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
        sums: [
            Some(Sum { label: text!("Paid"), amount: stay.money(booking.paid_amount) }),
            // What others pay of it, or what it pays for others.
            (!booking.moved_amount.is_zero())
                .then(|| Sum { label: text!("Moved to others"), amount: stay.money(-booking.moved_amount) }),
            Some(Sum { label: text!("Balance"), amount: stay.money(booking.balance()) }),
        ]
        .into_iter()
        .flatten()
        .collect(),
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

/// What one payer of a stay owes and paid: lines and shares of lines as they stand on the folio.
pub fn receipt_of_window(conn: &Conn, stay: &Stay, window: i64) -> Result<Document> {
    let owner = Owner::Stay { id: stay.booking.id, window };
    let Some(folio) = owner::known(conn, owner)? else {
        return Err(Error::NotFound(text!("This folio does not exist.")));
    };
    let booking = &stay.booking;
    let dated = |date, said: Value, amount: Money| {
        vec![Cell::of(Value::ShortDate(date)), Cell::known([Some(said)]), Cell::of(stay.money(amount))]
    };
    let (mut lines, mut payments, mut total) = (Vec::new(), Vec::new(), Money::ZERO);
    for id in transfers::charges_standing_on(conn, folio.id, MAX_LINES)? {
        if let Line::Charge(line) = lines::movable(conn, id)? {
            let amount = lines::on_folio(conn, line.id.0, folio.id)?;
            total = total + amount;
            lines.push(dated(line.business_date, line.said().into(), amount));
        }
    }
    for (payment, amount) in payments::standing_on(conn, folio.id)? {
        payments.push(dated(payment.business_date, method_in_words(&payment.payment_method), amount));
    }
    for transfer in transfers::on_folio(conn, folio.id)?.into_iter().filter(|transfer| transfer.moves_id.is_none()) {
        let payer = owner::find(conn, transfer.other_folio_id)?.payer_name;
        payments.push(dated(transfer.business_date, text!("Account of {payer}", payer).into(), -transfer.amount));
    }
    let mut facts = vec![Fact::of(text!("Guest"), &booking.guest_name), Fact::of(text!("Paid by"), &folio.payer_name)];
    facts.extend(booking.room_number.as_ref().map(|number| Fact::of(text!("Room"), number)));
    facts.extend([
        Fact::of(text!("Arrival"), Value::ShortDate(booking.check_in_date)),
        Fact::of(text!("Departure"), Value::ShortDate(booking.check_out_date)),
    ]);
    let table = |words: Text, rows, sums| Table {
        columns: vec![Column::tight(text!("Date")), Column::words(words), Column::numbers(text!("Amount"))],
        rows,
        sums,
    };
    let mut document = stay.document(text!("Receipt"));
    document.blocks.extend([
        Block::Facts(facts),
        Block::Table(table(text!("Description"), lines, vec![Sum { label: text!("Total"), amount: stay.money(total) }])),
        Block::Heading(text!("Payments")),
        Block::Table(table(
            text!("Method"),
            payments,
            vec![
                Sum { label: text!("Paid"), amount: stay.money(total - folio.balance) },
                Sum { label: text!("Balance"), amount: stay.money(folio.balance) },
            ],
        )),
        Block::Paragraph(text!("This receipt is not a tax invoice.")),
        Block::Signatures(vec![text!("Received by")]),
    ]);
    Ok(document)
}

fn taken_back(kind: PaymentKind) -> Option<Value> {
    match kind {
        PaymentKind::Payment => None,
        PaymentKind::Refund => Some(text!("refund").into()),
        PaymentKind::Void => Some(text!("void").into()),
    }
}
