//! What the documents of a stay have in common: what they are made from, and how they say it.

use super::blocks::{Document, Fact, Form, typed};
use crate::db::Conn;
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::wording::{Language, Text, Value, counted, text};
use crate::error::Result;
use crate::hotel::companies;
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::rooms::people_in_words;
use crate::hotel::settings::{self, Property};

/// A booking and whose it is.
pub struct Stay {
    pub property: Property,
    pub booking: Reservation,
    /// Empty for nobody's.
    pub company: String,
    pub language: Language,
}

impl Stay {
    pub fn find(conn: &Conn, id: ReservationId, language: Language) -> Result<Stay> {
        let booking = reservations::find(conn, id)?;
        let company = companies::name_of(conn, booking.details.company_id)?;
        Ok(Stay { property: settings::property(conn)?, booking, company, language })
    }

    /// A document about it, with nothing in it yet.
    pub fn document(&self, title: Text) -> Document {
        Document::new(&self.property, self.language, Form::Letter, title, (&self.booking.confirmation_number).into())
    }

    pub fn money(&self, money: Money) -> Value {
        self.property.money_in_words(money)
    }

    /// When, how long, how many and in what.
    pub fn facts(&self) -> Vec<Fact> {
        let stay = &self.booking;
        let day = Value::DateWithDay;
        let from = Value::Time(self.property.check_in_time.clone());
        let until = Value::Time(self.property.check_out_time.clone());
        let company = (!self.company.is_empty()).then(|| Fact::of(text!("Company"), &self.company));
        let facts = [
            Fact::of(text!("Arrival"), text!("{date}, from {time}", date = day(stay.check_in_date), time = from)),
            Fact::of(text!("Departure"), text!("{date}, until {time}", date = day(stay.check_out_date), time = until)),
            Fact::of(text!("Nights"), self.length()),
            Fact::of(text!("People"), self.people()),
            Fact::of(text!("Room type"), &stay.room_type_name),
        ];
        facts.into_iter().chain(company).collect()
    }

    fn length(&self) -> Value {
        if self.booking.is_day_use {
            return text!("Day use").into();
        }
        let nights = self.booking.check_in_date.days_until(self.booking.check_out_date);
        counted!(nights, "{count} night", "{count} nights")
    }

    /// "2 adults and 2 children (ages 4, 7)".
    fn people(&self) -> Text {
        let mut people = people_in_words(self.booking.adults, self.booking.children);
        if self.booking.details.cots > 0 {
            people = text!("{people}, {cots}", people, cots = counted!(self.booking.details.cots, "{count} cot", "{count} cots"));
        }
        let ages = self.booking.details.children_ages.list();
        if ages.is_empty() {
            return people;
        }
        text!("{people} (ages {ages})", people, ages = ages.iter().map(|age| Value::from(*age)).collect::<Vec<_>>())
    }
}

/// A way of paying: those that every hotel begins with have words, the hotel's own is said as it was typed.
pub fn method_in_words(method: &str) -> Value {
    match method {
        "cash" => text!("Cash").into(),
        "card" => text!("Card").into(),
        "bank_transfer" => text!("Bank transfer").into(),
        "qris" => text!("QRIS").into(),
        "online" => text!("Online").into(),
        "other" => text!("Other").into(),
        "voucher" => text!("Voucher").into(),
        own => own.into(),
    }
}

/// A kind of travel document, in the same way.
pub fn document_kind_in_words(kind: &str) -> Option<Value> {
    match kind {
        "passport" => Some(text!("Passport").into()),
        "id_card" => Some(text!("Identity card").into()),
        "driving_licence" => Some(text!("Driving licence").into()),
        "other" => Some(text!("Other").into()),
        own => typed(own),
    }
}
