//! What is known of a guest, to be read by that guest.

use super::dossier::{ChargeData, DocumentData, GroupData, PaymentData, PersonalData, ProfileData, RegistrationData, StayData};
use super::store::Entry;
use crate::domain::id::GuestId;
use crate::domain::money::Amount;
use crate::domain::wording::{Language, Text, Value, text};
use crate::hotel::documents::blocks::{Block, Cell, Column, Document, Fact, Form, Sum, Table, joined, typed};
use crate::hotel::documents::stay::{document_kind_in_words, method_in_words};
use crate::hotel::rooms::people_in_words;
use crate::hotel::settings::Property;

pub fn of(data: &PersonalData, property: &Property, id: GuestId, language: Language) -> Document {
    let money = |amount: Amount| Value::Money(amount, data.currency.clone());
    let mut document = Document::new(property, language, Form::Letter, text!("Personal data"), Value::Number(id.0));
    let blocks = &mut document.blocks;
    blocks.push(Block::Paragraph(text!("This is everything that {hotel} keeps about you.", hotel = &data.hotel)));
    for profile in &data.profiles {
        blocks.push(Block::Heading(text!("Guest")));
        blocks.push(Block::Facts(profile_facts(profile)));
    }
    for stay in &data.stays {
        blocks.push(Block::Heading(text!("Booking {number}", number = &stay.confirmation_number)));
        blocks.push(Block::Facts(stay_facts(stay)));
        if !stay.charges.is_empty() {
            blocks.push(Block::Table(charges(stay, &money)));
        }
        if !stay.payments.is_empty() {
            blocks.push(Block::Table(payments(stay, &money)));
        }
    }
    for person in &data.registrations {
        blocks.push(Block::Heading(text!("Registration for booking {number}", number = &person.confirmation_number)));
        blocks.push(Block::Facts(registration_facts(person)));
    }
    if !data.documents.is_empty() {
        blocks.push(Block::Heading(text!("Invoices")));
        blocks.push(Block::Table(documents(data, &money)));
    }
    if !data.groups.is_empty() {
        blocks.push(Block::Heading(text!("Groups")));
        blocks.push(Block::Table(groups(data)));
    }
    if !data.entries.is_empty() {
        blocks.push(Block::Heading(text!("Change history")));
        blocks.push(Block::Table(entries(data)));
    }
    document
}

fn profile_facts(profile: &ProfileData) -> Vec<Fact> {
    let document = joined([document_kind_in_words(&profile.id_type), typed(&profile.id_number)]);
    let known = [
        said(text!("Name"), &profile.full_name),
        profile.birth_date.map(|date| Fact::of(text!("Date of birth"), Value::DateInFull(date))),
        said(text!("Nationality"), &profile.nationality),
        document.map(|document| Fact::of(text!("Identity document"), document)),
        said(text!("Phone"), &profile.phone_number),
        said(text!("E-mail"), &profile.email),
        said(text!("Notes"), &profile.notes).map(Fact::long),
    ];
    known.into_iter().flatten().collect()
}

/// A fact of which something is known.
fn said(label: Text, value: &str) -> Option<Fact> {
    typed(value).map(|value| Fact::of(label, value))
}

fn stay_facts(stay: &StayData) -> Vec<Fact> {
    let day = Value::DateWithDay;
    let known = [
        Some(Fact::of(text!("Arrival"), day(stay.check_in_date))),
        Some(Fact::of(text!("Departure"), day(stay.check_out_date))),
        Some(Fact::of(text!("Status"), stay.status.in_words())),
        Some(Fact::of(text!("People"), people_in_words(stay.adults, stay.children))),
        joined([stay.room_number.as_deref().and_then(typed), typed(&stay.room_type_name)])
            .map(|room| Fact::of(text!("Room"), room)),
        said(text!("Company"), &stay.company),
        said(text!("Booked through"), &stay.source),
        said(text!("Notes"), &stay.notes).map(Fact::long),
        said(text!("Special requests"), &stay.special_requests).map(Fact::long),
    ];
    known.into_iter().flatten().collect()
}

fn charges(stay: &StayData, money: &dyn Fn(Amount) -> Value) -> Table {
    let row = |line: &ChargeData| {
        let date = Cell::of(Value::ShortDate(line.business_date));
        vec![date, Cell::of(line.description.as_str()), Cell::of(line.quantity), Cell::of(money(line.amount))]
    };
    Table {
        columns: vec![
            Column::tight(text!("Date")),
            Column::words(text!("Description")),
            Column::numbers(text!("Quantity")),
            Column::numbers(text!("Amount")),
        ],
        rows: stay.charges.iter().map(row).collect(),
        sums: vec![Sum { label: text!("Total"), amount: money(stay.total_amount) }],
    }
}

fn payments(stay: &StayData, money: &dyn Fn(Amount) -> Value) -> Table {
    let row = |line: &PaymentData| {
        let how = joined([Some(method_in_words(&line.payment_method)), typed(&line.reference_number), typed(&line.notes)]);
        vec![Cell::of(Value::ShortDate(line.business_date)), Cell::known([how]), Cell::of(money(line.amount))]
    };
    Table {
        columns: vec![Column::tight(text!("Date")), Column::words(text!("Method")), Column::numbers(text!("Amount"))],
        rows: stay.payments.iter().map(row).collect(),
        sums: vec![Sum { label: text!("Balance"), amount: money(stay.balance) }],
    }
}

fn registration_facts(person: &RegistrationData) -> Vec<Fact> {
    let born = joined([person.birth_date.map(Value::DateInFull), typed(&person.birth_place)]);
    let document = joined([document_kind_in_words(&person.document_kind), typed(&person.document_number)]);
    let issued = joined([typed(&person.document_issued_in), person.document_issued_on.map(Value::DateInFull)]);
    let known = [
        said(text!("Name"), &person.full_name),
        Some(Fact::of(text!("Arrival"), Value::DateWithDay(person.check_in_date))),
        Some(Fact::of(text!("Departure"), Value::DateWithDay(person.check_out_date))),
        born.map(|born| Fact::of(text!("Date of birth"), born)),
        said(text!("Nationality"), &person.nationality),
        said(text!("Country of residence"), &person.residence),
        document.map(|document| Fact::of(text!("Identity document"), document)),
        issued.map(|issued| Fact::of(text!("Issued"), issued)),
        said(text!("Home address"), &person.address).map(Fact::long),
        said(text!("City tax exemption"), &person.levy_exemption),
    ];
    known.into_iter().flatten().collect()
}

fn documents(data: &PersonalData, money: &dyn Fn(Amount) -> Value) -> Table {
    let row = |document: &DocumentData| {
        let date = Cell::of(Value::ShortDate(document.issued_on));
        let buyer = [document.buyer.name.as_str(), document.buyer.city.as_str(), document.buyer.country.as_str()].map(typed);
        vec![date, Cell::of(document.number.as_str()), Cell::known([joined(buyer)]), Cell::of(money(document.gross_amount))]
    };
    Table {
        columns: vec![
            Column::tight(text!("Date")),
            Column::tight(text!("Number")),
            Column::words(text!("Addressed to")),
            Column::numbers(text!("Amount")),
        ],
        rows: data.documents.iter().map(row).collect(),
        sums: Vec::new(),
    }
}

fn groups(data: &PersonalData) -> Table {
    let row = |group: &GroupData| {
        let dates = [group.arrival_date, group.departure_date].map(|date| Cell::of(Value::ShortDate(date)));
        let [from, to] = dates;
        vec![Cell::of(group.name.as_str()), from, to, Cell::known([typed(&group.notes)])]
    };
    Table {
        columns: vec![
            Column::words(text!("Name")),
            Column::tight(text!("Arrival")),
            Column::tight(text!("Departure")),
            Column::words(text!("Notes")),
        ],
        rows: data.groups.iter().map(row).collect(),
        sums: Vec::new(),
    }
}

/// What was done by whom; what it was before and after stands in the file for programs. That the file was taken is no
/// news to whoever holds it.
fn entries(data: &PersonalData) -> Table {
    let row = |entry: &Entry| {
        let what = format!("{} {}: {}", entry.entity, entry.entity_id, entry.action).replace('_', " ");
        vec![Cell::of(entry.at.to_string()), Cell::of(entry.username.as_str()), Cell::of(what)]
    };
    Table {
        columns: vec![Column::tight(text!("When")), Column::tight(text!("Who")), Column::words(text!("What"))],
        rows: data.entries.iter().filter(|entry| entry.action != "disclose").map(row).collect(),
        sums: Vec::new(),
    }
}
