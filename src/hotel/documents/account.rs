//! Letters about a company's account: its statement over a period, and reminders of what is overdue.

use super::blocks::{Block, Cell, Column, Document, Fact, Form, Sum, Table, joined, typed};
use super::stay::method_in_words;
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, ReminderId};
use crate::domain::money::Money;
use crate::domain::wording::{Language, Text, Value, counted, text};
use crate::error::Result;
use crate::hotel::accounts::ageing::Ageing;
use crate::hotel::accounts::reminders::{self, Reminder};
use crate::hotel::accounts::{Item, statement, store};
use crate::hotel::companies::{self, Company};
use crate::hotel::settings::{self, Property};

/// Until when a reminder asks to be paid.
const DAYS_TO_PAY: i64 = 10;

/// The company's address as on an envelope.
fn addressee(company: &Company) -> Vec<String> {
    let town = [company.postal_code.as_str(), &company.city].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
    let lines = [company.name.as_str(), &company.contact_name, &company.address, &town, &company.country];
    lines.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What an item is, and of whose stay.
fn said(item: &Item) -> Value {
    let stay = item.guest_name.as_ref().map(|guest| match (item.check_in_date, item.check_out_date) {
        (Some(from), Some(to)) => {
            text!("{guest}, {from} to {to}", guest, from = Value::ShortDate(from), to = Value::ShortDate(to)).into()
        }
        _ => Value::from(guest),
    });
    let method = item.method.as_deref().map(method_in_words);
    let number = item.confirmation_number.as_deref().map(Value::from);
    let parts = [
        Some(item.kind.in_words().into()),
        item.other_name.as_deref().map(Value::from),
        stay,
        number,
        item.invoice_number.as_deref().map(Value::from),
        method,
        typed(&item.reference),
    ];
    joined(parts).unwrap_or_else(|| "".into())
}

/// A company's account over a period.
pub fn statement(conn: &Conn, id: CompanyId, (from, to): (Option<Date>, Option<Date>), language: Language) -> Result<Document> {
    let property = settings::property(conn)?;
    let account = statement::of(conn, id, from, to)?;
    let money = |money: Money| property.money_in_words(money);
    let period = text!("{from} to {to}", from = Value::ShortDate(account.from), to = Value::ShortDate(account.to));
    let mut document = Document::new(&property, language, Form::Letter, text!("Statement of account"), period.into());
    document.addressee = addressee(&account.company);
    let (mut charged, mut received) = (Money::ZERO, Money::ZERO);
    let mut rows = vec![vec![
        Cell::of(Value::ShortDate(account.from)),
        Cell::of(text!("Opening balance")),
        Cell::known([]),
        Cell::known([]),
        Cell::of(money(account.opening)),
    ]];
    for line in &account.lines {
        let amount = line.item.amount;
        let (owed, paid) = if line.item.is_owed() { (Some(amount), None) } else { (None, Some(-amount)) };
        charged = charged + owed.unwrap_or_default();
        received = received + paid.unwrap_or_default();
        rows.push(vec![
            Cell::of(Value::ShortDate(line.item.business_date)),
            Cell::of(said(&line.item)),
            Cell::known([owed.map(money)]),
            Cell::known([paid.map(money)]),
            Cell::of(money(line.balance)),
        ]);
    }
    document.blocks.extend([
        Block::Table(Table {
            columns: vec![
                Column::tight(text!("Date")),
                Column::words(text!("Description")),
                Column::numbers(text!("Charged")),
                Column::numbers(text!("Received")),
                Column::numbers(text!("Balance")),
            ],
            rows,
            sums: vec![
                Sum { label: text!("Charged"), amount: money(charged) },
                Sum { label: text!("Received"), amount: money(received) },
                Sum { label: text!("Closing balance"), amount: money(account.closing) },
            ],
        }),
        Block::Heading(text!("Open on {date}", date = Value::DateInFull(account.to))),
        Block::Table(ages(&account.ageing, &property)),
    ]);
    Ok(document)
}

/// How old what is open is.
fn ages(ageing: &Ageing, property: &Property) -> Table {
    let money = |money: Money| Cell::of(property.money_in_words(money));
    let days = |from: i64, to: i64| text!("{from}–{to} days late", from, to);
    let heads = [
        text!("Not due yet"),
        days(1, 30),
        days(31, 60),
        days(61, 90),
        days(91, 120),
        text!("Over {days} days late", days = 120),
        text!("Not matched"),
    ];
    let amounts = std::iter::once(ageing.not_due).chain(ageing.overdue).chain([-ageing.unmatched]);
    Table {
        columns: heads.into_iter().map(Column::numbers).collect(),
        rows: vec![amounts.map(money).collect()],
        sums: Vec::new(),
    }
}

/// A letter that reminds a company of what is overdue.
pub fn reminder(conn: &Conn, id: ReminderId, language: Language) -> Result<Document> {
    let property = settings::property(conn)?;
    let reminder = reminders::find(conn, id)?;
    let company = companies::find(conn, reminder.company_id)?;
    let title = match reminder.level {
        1 => text!("Payment reminder"),
        2 => text!("Second reminder"),
        _ => text!("Final notice"),
    };
    let money = |money: Money| property.money_in_words(money);
    let items = reminders::items_of(conn, id)?;
    let rows = items.iter().map(|(item, told)| {
        let late = item.due_date.days_until(reminder.business_date);
        vec![
            Cell::of(Value::ShortDate(item.business_date)),
            Cell::of(said(item)),
            Cell::of(Value::ShortDate(item.due_date)),
            Cell::of(counted!(late, "{count} day", "{count} days")),
            Cell::of(money(told.amount)),
        ]
    });
    let mut document = Document::new(&property, language, Form::Letter, title, Value::ShortDate(reminder.business_date));
    document.addressee = addressee(&company);
    document.made_on = reminder.business_date;
    let mut sums = vec![Sum { label: text!("Overdue"), amount: money(reminder.amount) }];
    if !reminder.fee.is_zero() {
        sums.push(Sum { label: text!("Reminder fee"), amount: money(reminder.fee) });
        sums.push(Sum { label: text!("Total"), amount: money(reminder.amount + reminder.fee) });
    }
    document.blocks.extend([
        Block::Paragraph(words(&reminder, &property)),
        Block::Table(Table {
            columns: vec![
                Column::tight(text!("Date")),
                Column::words(text!("Description")),
                Column::tight(text!("Due")),
                Column::tight(text!("Late")),
                Column::numbers(text!("Open")),
            ],
            rows: rows.collect(),
            sums,
        }),
    ]);
    let unmatched = store::ageing_of(conn, company.id, property.business_date)?.unmatched;
    if !unmatched.is_zero() && reminder.business_date == property.business_date {
        let amount = money(unmatched);
        document.blocks.push(Block::Paragraph(text!(
            "We have received {amount} that we could not yet match. Please tell us what it pays.",
            amount
        )));
    }
    if !company.tax_number.is_empty() {
        document.blocks.push(Block::Facts(vec![Fact::of(text!("Tax number"), &company.tax_number)]));
    }
    Ok(document)
}

/// What a letter says: the hotel's own words, else the program's.
fn words(reminder: &Reminder, property: &Property) -> Text {
    if !reminder.words.is_empty() {
        return Text::as_it_is(&reminder.words);
    }
    let until = reminder.business_date.plus(DAYS_TO_PAY).unwrap_or(reminder.business_date);
    let (amount, date) = (property.money_in_words(reminder.amount + reminder.fee), Value::DateInFull(until));
    match reminder.level {
        1 => text!(
            "You may have overlooked that the following is open. Please pay {amount} by {date}. If your payment is on its way, please disregard this letter.",
            amount,
            date
        ),
        2 => text!("We have reminded you before that the following is overdue. Please pay {amount} by {date}.", amount, date),
        _ => text!(
            "In spite of our reminders the following is still unpaid. This is our final notice. If we do not receive {amount} by {date}, we will pass the matter on for collection.",
            amount,
            date
        ),
    }
}
