//! Taxes on what is sold, and levies on staying: exact, in whole minor units.
//!
//! A price belongs to a tax group. The group says which taxes lie on it and whether the price
//! includes them. A levy (a city tax) is a line of its own that a night brings along: an amount or a share of the
//! price, for a person, a room or the stay. `reckon.rs` works them out.

mod reckon;

#[cfg(test)]
mod tests;

use super::ages::age_on;
use super::date::Date;
use super::id::{LevyId, TaxGroupId, TaxId};
use super::money::Money;
use super::status::words;

pub use reckon::{Chain, LevyLine, NightTaxed, Reckoning, ShareOf, TaxLine, Taxed};

/// Millionths: of the whole for a rate (8.875 % is 88,750), of the currency's unit for an amount.
pub const MILLION: i64 = 1_000_000;

words!(
    /// When a tax is rounded to the minor unit. Chosen once, since the totals differ.
    Rounding {
        /// Whatever is posted is rounded by itself.
        Night = "night",
        /// Once for all that is posted of an article.
        Line = "line",
        /// Once for a tax on the folio, whatever it lies on.
        Document = "document",
    }
);

/// All that is levied in a hotel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    pub rounding: Rounding,
    /// Decimals of the currency.
    pub exponent: u8,
    pub groups: Vec<Group>,
    pub taxes: Vec<Tax>,
    pub levies: Vec<Levy>,
}

/// What is taxed alike: lodging, meals, drinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: TaxGroupId,
    /// Whether a price of this group has its taxes in it; else they come on top.
    pub is_included: bool,
    /// Whether levies on the price are reckoned from it.
    pub is_lodging: bool,
    pub taxes: Vec<TaxId>,
    /// One price for several things (half board): other groups, with their shares of it in millionths. Its own
    /// taxes are none then, and whether it includes them holds for all parts.
    pub parts: Vec<(TaxGroupId, i64)>,
}

/// A share of a price: VAT, sales tax, or the service charge of the hotel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    pub id: TaxId,
    /// A charge of the hotel's own. Taxes are reckoned on it, too.
    pub is_service: bool,
    pub decided_by: DecidedBy,
    pub nights: Nights,
    pub rates: Dated<i64>,
}

words!(
    /// Which day says what rate applies.
    DecidedBy { Night = "night", Arrival = "arrival" }
);

/// From a day on, in the order of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T>(pub Vec<(Date, T)>);

impl<T> Dated<T> {
    pub fn on(&self, date: Date) -> Option<&T> {
        self.0.iter().rev().find(|(from, _)| *from <= date).map(|(_, value)| value)
    }
}

/// The nights of a stay that count, the first being 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nights {
    pub from: u32,
    pub to: Option<u32>,
    /// Counted over the calendar year instead: the nights of earlier stays count.
    pub is_of_year: bool,
}

impl Nights {
    pub const ALL: Nights = Nights { from: 1, to: None, is_of_year: false };

    fn contains(self, night: &Night) -> bool {
        let number = if self.is_of_year { night.number_in_year } else { night.number };
        number >= self.from && self.to.is_none_or(|to| number <= to)
    }
}

/// A tax on staying: a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levy {
    pub id: LevyId,
    pub unit: Unit,
    /// The taxes that lie on the levy itself, and whether its amount has them in it.
    pub group: Option<(TaxGroupId, bool)>,
    /// Whether the room's price has the levy in it; else it comes on top.
    pub is_included: bool,
    /// Whether bands and shares look at the price with the service charge.
    pub is_on_service: bool,
    pub decided_by: DecidedBy,
    pub nights: Nights,
    /// The share that people pay from an age on, in millionths; none below the first.
    pub ages: Vec<(i64, i64)>,
    /// Whether the age at arrival decides; else that on the night.
    pub is_age_at_arrival: bool,
    pub whom: Whom,
    /// Of each year, from a day to a day, both included, as (month, day); over the new year, too.
    pub season: Option<((i8, i8), (i8, i8))>,
    /// The most that is taken of a unit.
    pub most: Option<Money>,
    /// By the price of a unit (per person, per room): the band is the last whose start is reached.
    pub bands: Dated<Vec<(Money, Due)>>,
}

words!(
    /// What a levy is counted by.
    Unit { PersonNight = "person_night", RoomNight = "room_night", Stay = "stay" }
);

words!(
    /// Who pays a levy, by where they live.
    Whom { Everybody = "everybody", Residents = "residents", Foreigners = "foreigners" }
);

/// What a unit costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Millionths of the currency's unit, rounded to the minor unit for each unit: 8.125 is 8.13 a person.
    Amount(i64),
    /// Millionths of the net price.
    Share(i64),
}

/// Something that is sold on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sale {
    pub group: TaxGroupId,
    pub price: Money,
    /// Which line of the bill it is, for taxes that are rounded by line.
    pub line: i64,
}

/// A night of a stay, and who is there.
#[derive(Debug, Clone, Copy)]
pub struct Night<'a> {
    pub date: Date,
    pub arrival: Date,
    /// Of the stay, the first being 1.
    pub number: u32,
    /// Of the calendar year, with the nights of earlier stays.
    pub number_in_year: u32,
    pub people: &'a [Person],
}

/// Somebody who stays, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub age: Age,
    /// Who has not told where they live is taken for a foreigner.
    pub is_resident: bool,
    /// Who need not pay, for a reason that was written down.
    pub is_exempt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    Adult,
    /// A child whose age nobody knows pays no levy that has an age.
    Child,
    AtArrival(i64),
    Born(Date),
}

impl Person {
    pub const fn of(age: Age) -> Person {
        Person { age, is_resident: false, is_exempt: false }
    }

    /// The age on a day of the stay; 0 of a child whose age nobody knows, above all bounds for an adult.
    fn age_on(self, date: Date) -> i64 {
        match self.age {
            Age::Adult => i64::MAX,
            Age::Child => 0,
            Age::AtArrival(age) => age,
            Age::Born(born) => age_on(born, date).unwrap_or(0),
        }
    }
}

impl Rules {
    /// Nothing is levied.
    pub fn none(exponent: u8) -> Rules {
        Rules { rounding: Rounding::Document, exponent, groups: Vec::new(), taxes: Vec::new(), levies: Vec::new() }
    }

    pub fn group(&self, id: TaxGroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }
}
