//! For how many people a night's price is, and what those beyond them cost.
//!
//! Whoever is in the price is counted on each night: the adults first, then the children from the
//! oldest band to the youngest. An age is the age on the night. A child in no band counts as an
//! adult; one whose age nobody knows costs what the dearest band does.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::db::record::record;
use crate::domain::ages::{OLDEST_CHILD, age_on};
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::tax::Age;
use crate::domain::wording::text;
use crate::error::Fields;

/// People for whom a price may be.
pub const MAX_INCLUDED: i64 = 100;
/// Bands of one room type.
pub const MAX_BANDS: usize = 10;

/// What a child costs a night, by its age: both ages are in the band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildRate {
    pub from_age: i64,
    pub to_age: i64,
    pub rate: Money,
}

/// The bands, the youngest first; kept as `0-3:0,4-11:1000`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChildRates(pub Vec<ChildRate>);

record! {
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct PartyPrice {
        /// How many people a night's price is for; `None` = it is the room's, however many they are.
        pub included_persons: Option<i64>,
        pub extra_adult_rate: Money,
        pub child_rates: ChildRates,
        /// Of a cot, whoever is in the price.
        pub cot_rate: Money,
    }
}

/// People beyond those in the price who cost the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    Adults(i64),
    Children {
        count: i64,
        from_age: i64,
        to_age: i64,
    },
    /// Children whose age nobody knows.
    Unknown(i64),
    Cots(i64),
}

/// What one of the people is on a night; in the order in which they have a place in the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Adult,
    /// The band, counted from the oldest.
    Child(usize),
    Unknown,
}

impl PartyPrice {
    /// Whether the price of a night depends on who sleeps there.
    pub fn counts_people(&self) -> bool {
        self.included_persons.is_some()
    }

    /// What people beyond those in the price cost on a night, line by line.
    pub fn extras(&self, people: &[Age], night: Date, mut tell: impl FnMut(Extra, Money)) {
        let Some(included) = self.included_persons else { return };
        let mut places: Vec<Place> = people.iter().map(|age| self.place(*age, night)).collect();
        places.sort_unstable();
        let beyond = places.get(usize::try_from(included).unwrap_or(0)..).unwrap_or_default();
        for same in beyond.chunk_by(|a, b| a == b) {
            let count = i64::try_from(same.len()).unwrap_or(i64::MAX);
            let (extra, rate) = match same[0] {
                Place::Adult => (Extra::Adults(count), self.extra_adult_rate),
                Place::Child(from_oldest) => {
                    let ChildRate { from_age, to_age, rate } = self.child_rates.0[self.child_rates.0.len() - 1 - from_oldest];
                    (Extra::Children { count, from_age, to_age }, rate)
                }
                Place::Unknown => (Extra::Unknown(count), self.child_rates.dearest().unwrap_or_default()),
            };
            tell(extra, rate.times(count).unwrap_or(Money(crate::domain::money::MAX_INPUT)));
        }
    }

    /// The same of cots.
    pub fn cots(&self, count: i64, mut tell: impl FnMut(Extra, Money)) {
        let amount = self.cot_rate.times(count).unwrap_or(Money(crate::domain::money::MAX_INPUT));
        if !amount.is_zero() {
            tell(Extra::Cots(count), amount);
        }
    }

    fn place(&self, age: Age, night: Date) -> Place {
        let age = match age {
            Age::Adult => return Place::Adult,
            Age::Child if self.child_rates.0.is_empty() => return Place::Adult,
            Age::Child => return Place::Unknown,
            Age::AtArrival(age) => age,
            Age::Born(born) => age_on(born, night).unwrap_or(0),
        };
        let band = self.child_rates.0.iter().rev().position(|band| (band.from_age..=band.to_age).contains(&age));
        band.map_or(Place::Adult, Place::Child)
    }

    /// Notes what is wrong with it.
    pub fn check(&self, fields: &mut Fields) {
        fields.ensure(!self.cot_rate.is_negative(), "cot_rate", text!("must not be negative"));
        let Some(included) = self.included_persons else {
            let is_empty = self.extra_adult_rate.is_zero() && self.child_rates.0.is_empty();
            fields.ensure(is_empty, "included_persons", text!("must say how many people the price is for"));
            return;
        };
        let most = MAX_INCLUDED;
        fields.ensure(
            (1..=most).contains(&included),
            "included_persons",
            text!("must be from {least} to {most}", least = 1, most),
        );
        fields.ensure(!self.extra_adult_rate.is_negative(), "extra_adult_rate", text!("must not be negative"));
        let mut youngest = 0;
        for (at, band) in self.child_rates.0.iter().enumerate() {
            let field = |name: &str| format!("child_rates[{at}].{name}");
            let range = text!("must be from {least} to {most}", least = youngest, most = OLDEST_CHILD);
            fields.ensure((youngest..=OLDEST_CHILD).contains(&band.from_age), &field("from_age"), range);
            let range = text!("must be from {least} to {most}", least = band.from_age, most = OLDEST_CHILD);
            fields.ensure((band.from_age..=OLDEST_CHILD).contains(&band.to_age), &field("to_age"), range);
            fields.ensure(!band.rate.is_negative(), &field("rate"), text!("must not be negative"));
            youngest = band.to_age.saturating_add(1);
        }
    }
}

impl ChildRates {
    fn dearest(&self) -> Option<Money> {
        self.0.iter().map(|band| band.rate).max()
    }

    fn read(text: &str) -> Option<ChildRates> {
        let band = |part: &str| {
            let (ages, rate) = part.split_once(':')?;
            let (from, to) = ages.split_once('-')?;
            Some(ChildRate { from_age: from.parse().ok()?, to_age: to.parse().ok()?, rate: Money(rate.parse().ok()?) })
        };
        text.split(',').filter(|part| !part.is_empty()).map(band).collect::<Option<Vec<_>>>().map(ChildRates)
    }
}

impl fmt::Display for ChildRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, ChildRate { from_age, to_age, rate }) in self.0.iter().enumerate() {
            write!(f, "{}{from_age}-{to_age}:{}", if at > 0 { "," } else { "" }, rate.0)?;
        }
        Ok(())
    }
}

impl ToSql for ChildRates {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl FromSql for ChildRates {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        ChildRates::read(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn type_of(included: i64, bands: &str) -> PartyPrice {
        let child_rates = ChildRates::read(bands).expect("bands");
        PartyPrice { included_persons: Some(included), extra_adult_rate: Money(2000), child_rates, cot_rate: Money::ZERO }
    }

    fn told(party_price: &PartyPrice, people: &[Age], night: &str) -> Vec<(Extra, i64)> {
        let mut lines = Vec::new();
        party_price.extras(people, date(night), |extra, amount| lines.push((extra, amount.0)));
        lines
    }

    #[test]
    fn adults_have_the_first_places_in_the_price_and_the_youngest_children_the_last() {
        let two = type_of(2, "0-3:0,4-11:1000");
        let family = [Age::AtArrival(2), Age::AtArrival(9), Age::Adult, Age::Adult];
        let older = (Extra::Children { count: 1, from_age: 4, to_age: 11 }, 1000);
        let younger = (Extra::Children { count: 1, from_age: 0, to_age: 3 }, 0);
        assert_eq!(told(&two, &family, "2025-05-01"), [older, younger]);
        assert_eq!(told(&type_of(3, "0-3:0,4-11:1000"), &family, "2025-05-01"), [younger]);
        assert_eq!(told(&type_of(4, "0-3:0,4-11:1000"), &family, "2025-05-01"), []);
        assert_eq!(told(&two, &[Age::Adult; 4], "2025-05-01"), [(Extra::Adults(2), 4000)]);
        assert_eq!(told(&PartyPrice::default(), &[Age::Adult; 9], "2025-05-01"), []);
    }

    #[test]
    fn a_child_is_as_old_as_on_the_night_and_in_no_band_an_adult() {
        let two = type_of(2, "0-3:0,4-11:1000");
        let family = [Age::Adult, Age::Adult, Age::Born(date("2013-05-03"))];
        let child = (Extra::Children { count: 1, from_age: 4, to_age: 11 }, 1000);
        assert_eq!(told(&two, &family, "2025-05-02"), [child]);
        assert_eq!(told(&two, &family, "2025-05-03"), [(Extra::Adults(1), 2000)]);
        let unknown = [Age::Adult, Age::Adult, Age::Child];
        assert_eq!(told(&two, &unknown, "2025-05-02"), [(Extra::Unknown(1), 1000)]);
        assert_eq!(
            told(&type_of(2, ""), &unknown, "2025-05-02"),
            [(Extra::Adults(1), 2000)],
            "without bands a child is a person"
        );
    }

    #[test]
    fn bands_follow_each_other_and_end_with_childhood() {
        let complaints = |party_price: &PartyPrice| {
            let mut fields = Fields::default();
            party_price.check(&mut fields);
            fields.finish().is_err()
        };
        for good in ["", "0-17:0", "0-3:0,4-11:1000", "2-2:5,5-9:0"] {
            assert!(!complaints(&type_of(2, good)), "{good}");
            assert_eq!(ChildRates::read(good).expect("bands").to_string(), good);
        }
        for bad in ["4-3:0", "0-18:0", "0-4:0,4-11:1000", "4-11:1000,0-3:0"] {
            assert!(complaints(&type_of(2, bad)), "{bad}");
        }
        assert!(complaints(&type_of(0, "")) && complaints(&type_of(101, "")));
        assert!(complaints(&PartyPrice { included_persons: None, ..type_of(2, "") }), "an extra beyond nobody");
        assert_eq!([ChildRates::read("0-3"), ChildRates::read("0:5"), ChildRates::read("x-1:5")], [None, None, None]);
    }
}
