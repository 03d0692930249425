//! The card that a guest fills in and signs on arrival. What is known stands on it, and lines are left
//! for what is not and for whoever is not named yet.

use super::blocks::{Block, Cell, Column, Document, Fact, Table, joined, typed};
use super::stay::{Stay, document_kind_in_words};
use crate::db::Conn;
use crate::domain::wording::{Value, counted, text};
use crate::error::Result;
use crate::hotel::guests;
use crate::hotel::stay_guests::{self, StayGuest};

pub fn registration_card(conn: &Conn, stay: &Stay) -> Result<Document> {
    let booking = &stay.booking;
    let mut document = stay.document(text!("Registration card"));
    let people = stay_guests::of_stay(conn, booking)?;
    let blocks = &mut document.blocks;
    if let Some((head, others)) = people.split_first() {
        blocks.push(Block::Heading(text!("Guest")));
        blocks.push(Block::Facts(head_facts(conn, stay, head)?));
        let unnamed = stay_guests::unnamed_count(booking, &people);
        if others.len() + unnamed > 0 {
            let ages = stay_guests::unnamed_ages(booking, &people);
            blocks.push(Block::Heading(text!("Accompanying persons")));
            blocks.push(Block::Table(companions(others, unnamed, &ages)));
        }
    }
    let mut facts = stay.facts();
    facts.extend([
        Fact::known(text!("Room"), booking.room_number.as_deref().map(Value::from)),
        Fact::of(text!("Total"), stay.money(booking.total_amount())),
        Fact::of(text!("Balance"), stay.money(booking.balance())),
    ]);
    let promise = text!(
        "I have read and accept the house rules of {property}. I will vacate the room by {time} and settle my account before departure.",
        property = &stay.property.name,
        time = Value::Time(stay.property.check_out_time.clone())
    );
    blocks.extend([
        Block::Heading(text!("Stay")),
        Block::Facts(facts),
        Block::Paragraph(promise),
        Block::Signatures(vec![text!("Place and date"), text!("Guest’s signature")]),
    ]);
    Ok(document)
}

fn head_facts(conn: &Conn, stay: &Stay, head: &StayGuest) -> Result<Vec<Fact>> {
    let profile = guests::find(conn, stay.booking.guest_id)?;
    let issued_on = head.document_issued_on.map(Value::DateInFull);
    Ok(vec![
        Fact::known(text!("Name"), typed(&head.full_name)),
        Fact::known(text!("Date of birth"), born(head)),
        Fact::known(text!("Nationality"), typed(&head.nationality)),
        Fact::known(text!("Country of residence"), typed(&head.residence)),
        Fact::known(text!("Identity document"), identity(head)),
        Fact::known(text!("Issued"), joined([typed(&head.document_issued_in), issued_on])),
        Fact::known(text!("Phone"), typed(&profile.phone_number)),
        Fact::known(text!("E-mail"), typed(&profile.email)),
        Fact::known(text!("Home address"), typed(&head.address)).long(),
    ])
}

fn companions(others: &[StayGuest], unnamed: usize, ages: &[i64]) -> Table {
    let named = others.iter().map(|person| {
        vec![
            Cell::known([typed(&person.full_name)]),
            Cell::known([born(person)]),
            Cell::known([typed(&person.nationality)]),
            Cell::known([identity(person)]),
        ]
    });
    let age = |at: usize| ages.get(at).map(|age| counted!(*age, "{count} year old", "{count} years old"));
    let open = (0..unnamed).map(|at| vec![Cell::known([]), Cell::known([age(at)]), Cell::known([]), Cell::known([])]);
    Table {
        columns: vec![
            Column::words(text!("Name")),
            Column::tight(text!("Date of birth")),
            Column::tight(text!("Nationality")),
            Column::words(text!("Identity document")),
        ],
        rows: named.chain(open).collect(),
        sums: Vec::new(),
    }
}

fn born(person: &StayGuest) -> Option<Value> {
    joined([person.birth_date.map(Value::DateInFull), typed(&person.birth_place)])
}

/// "Passport, C01X00T47".
fn identity(person: &StayGuest) -> Option<Value> {
    joined([document_kind_in_words(&person.document_kind), typed(&person.document_number)])
}
