//! What a country asks to be written down of whom: a data file, one entry a country.
//!
//! What public sources say is marked as checked; the other entries are a start, and the pages say that they are to be
//! checked. Terms that no source says are left open.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::date::Date;
use crate::domain::status::words;
use crate::hotel::stay_guests::StayGuest;

words!(
    /// Something that is written down of a person.
    PersonField {
        Sex = "sex",
        BirthDate = "birth_date",
        BirthPlace = "birth_place",
        Nationality = "nationality",
        Residence = "residence",
        Address = "address",
        DocumentKind = "document_kind",
        DocumentNumber = "document_number",
        DocumentIssuedIn = "document_issued_in",
        DocumentIssuedOn = "document_issued_on",
        Relation = "relation",
    }
);

words!(
    /// Whom a country asks about.
    Who { Everybody = "everybody", Foreigners = "foreigners", ForeignHeads = "foreign_heads" }
);

words!(
    /// Of whom among them a field is asked.
    Of { Everybody = "everybody", Head = "head", ForeignHead = "foreign_head" }
);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    field: PersonField,
    of: Option<Of>,
    from_age: Option<i64>,
    to_age: Option<i64>,
}

/// What a country asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    pub code: String,
    /// Other ways to write it, as a nationality.
    names: Vec<String>,
    /// A public source was read; the others are to be checked.
    pub is_checked: bool,
    pub who: Who,
    /// From the arrival until it is sent; 0 = nothing is sent.
    pub deadline_hours: i64,
    /// For how long it has to be kept; what the hotel does is said once, with the other terms (`guest_rights::retention`).
    pub keep_months: Option<i64>,
    fields: Vec<Asked>,
}

static COUNTRIES: LazyLock<Vec<Country>> =
    LazyLock::new(|| serde_json::from_str(include_str!("countries.json")).expect("invariant: the file is tested"));

/// In the order of their codes.
pub fn all() -> &'static [Country] {
    &COUNTRIES
}

pub fn of(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

impl Country {
    /// Whether a nationality is another; `None` where it is not known.
    pub fn is_foreign(&self, nationality: &str) -> Option<bool> {
        let same = |name: &str| name.to_lowercase() == nationality.trim().to_lowercase();
        if nationality.trim().is_empty() { None } else { Some(!same(&self.code) && !self.names.iter().any(|name| same(name))) }
    }

    /// Whether the person has to be registered. Of whom the nationality is not known, that is missing.
    pub fn asks_about(&self, person: &StayGuest, is_head: bool) -> bool {
        let may_be_foreign = self.is_foreign(&person.nationality) != Some(false);
        match self.who {
            Who::Everybody => true,
            Who::Foreigners => may_be_foreign,
            Who::ForeignHeads => is_head && may_be_foreign,
        }
    }

    /// What it asks of anybody.
    pub fn fields(&self) -> Vec<PersonField> {
        self.fields.iter().map(|asked| asked.field).collect()
    }

    /// What it asks of a person and nobody has written down. Whose age is not known is asked as an adult.
    pub fn missing(&self, person: &StayGuest, is_head: bool, arrival: Date) -> Vec<PersonField> {
        if !self.asks_about(person, is_head) {
            return Vec::new();
        }
        let is_foreign = self.is_foreign(&person.nationality) != Some(false);
        let age = person.age_on(arrival);
        let is_asked = |asked: &&Asked| {
            let of_them = match asked.of.unwrap_or(Of::Everybody) {
                Of::Everybody => true,
                Of::Head => is_head,
                Of::ForeignHead => is_head && is_foreign,
            };
            of_them
                && asked.from_age.is_none_or(|from| age.is_none_or(|age| age >= from))
                && asked.to_age.is_none_or(|to| age.is_some_and(|age| age <= to) && !is_head)
        };
        self.fields.iter().filter(is_asked).map(|asked| asked.field).filter(|field| is_missing(person, *field)).collect()
    }
}

fn is_missing(person: &StayGuest, field: PersonField) -> bool {
    match field {
        PersonField::Sex => person.sex.is_none(),
        PersonField::BirthDate => person.birth_date.is_none(),
        PersonField::BirthPlace => person.birth_place.is_empty(),
        PersonField::Nationality => person.nationality.is_empty(),
        PersonField::Residence => person.residence.is_empty(),
        PersonField::Address => person.address.is_empty(),
        PersonField::DocumentKind => person.document_kind.is_empty(),
        PersonField::DocumentNumber => person.document_number.is_empty(),
        PersonField::DocumentIssuedIn => person.document_issued_in.is_empty(),
        PersonField::DocumentIssuedOn => person.document_issued_on.is_none(),
        PersonField::Relation => person.relation.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i16) -> Date {
        Date::new(year, 5, 1).expect("a date")
    }

    #[test]
    fn every_country_is_read_and_stands_once() {
        let codes: Vec<&str> = all().iter().map(|country| country.code.as_str()).collect();
        assert!(codes.is_sorted() && codes.windows(2).all(|two| two[0] != two[1]), "{codes:?}");
        for country in all() {
            assert!(crate::domain::country::code(&country.code).is_ok_and(|code| code == country.code), "{}", country.code);
            assert!(!country.fields.is_empty() && country.deadline_hours >= 0, "{}", country.code);
        }
    }

    #[test]
    fn germany_asks_foreign_heads_alone() {
        let germany = of("DE").expect("Germany");
        let missing = |nationality: &str, is_head: bool| {
            let person = StayGuest { nationality: nationality.to_owned(), ..StayGuest::default() };
            germany.missing(&person, is_head, date(2026)).len()
        };
        for own in ["DE", "deu", "Deutschland", " germany "] {
            assert_eq!(missing(own, true), 0, "{own}");
        }
        assert_eq!((missing("PT", true), missing("PT", false), missing("", true)), (3, 0, 4));
    }

    #[test]
    fn spain_asks_children_for_no_document_but_what_they_are_to_the_head() {
        let spain = of("ES").expect("Spain");
        let born = |year: i16| StayGuest { birth_date: Some(date(year)), ..StayGuest::default() };
        let of_child = spain.missing(&born(2018), false, date(2026));
        assert!(of_child.contains(&PersonField::Relation) && !of_child.contains(&PersonField::DocumentNumber), "{of_child:?}");
        let of_adult = spain.missing(&born(1980), false, date(2026));
        assert!(!of_adult.contains(&PersonField::Relation) && of_adult.contains(&PersonField::DocumentNumber), "{of_adult:?}");
    }
}
