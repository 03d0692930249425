//! For whom and when a plan is sold, what it takes off, and what its prices end in.

use rusqlite::Row;

use super::rounding::{RoundTo, RoundWay, Rounding};
use super::{Asked, Sale};
use crate::db::record::{next, record};
use crate::domain::date::Date;
use crate::domain::percent::Percent;
use crate::domain::stay::MAX_NIGHTS;
use crate::domain::text::Line;
use crate::domain::wording::{Text, text};
use crate::error::Fields;

/// Days ahead that a discount may ask for.
pub const MAX_ADVANCE: i64 = 1000;

pub type PromoCode = Line<20>;
/// A booking source by its name, as the hotel's list has it.
pub type SourceName = Line<100>;

/// From so many nights, or days ahead, on: so much off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discount {
    pub from: i64,
    pub percent: Percent,
}

record! {
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct Conditions {
        pub rounding: Option<Rounding> as rounding = "rounding_to, rounding_way",
        /// Off each night of a stay of so many nights.
        pub long_stay: Option<Discount> as discount = "long_stay_nights, long_stay_percent",
        /// Off each night of a stay that is booked so many days ahead.
        pub advance: Option<Discount> as discount = "advance_days, advance_percent",
        /// The first and the last business date on which it is booked.
        pub book_from: Option<Date>,
        pub book_to: Option<Date>,
        /// The first and the last night for which it is sold.
        pub stay_from: Option<Date>,
        pub stay_to: Option<Date>,
        /// Who has it may book; empty = everybody.
        pub promo_code: String,
        /// Sold only to companies that it was agreed with.
        pub is_for_companies: bool,
        /// Sold only to bookings from there; empty = from everywhere.
        pub source: String,
    }
}

fn rounding(row: &Row, at: &mut usize) -> rusqlite::Result<Option<Rounding>> {
    let (to, way): (Option<RoundTo>, Option<RoundWay>) = (next(row, at)?, next(row, at)?);
    Ok(to.zip(way).map(|(to, way)| Rounding { to, way }))
}

fn discount(row: &Row, at: &mut usize) -> rusqlite::Result<Option<Discount>> {
    let (from, percent): (Option<i64>, Option<Percent>) = (next(row, at)?, next(row, at)?);
    Ok(from.zip(percent).map(|(from, percent)| Discount { from, percent }))
}

impl Conditions {
    /// What a stay of so many nights is given off.
    pub fn long_stay(&self, nights: i64) -> Option<Discount> {
        self.long_stay.filter(|discount| nights >= discount.from)
    }

    /// What a stay that is booked so many days ahead is given off.
    pub fn advance(&self, days: i64) -> Option<Discount> {
        self.advance.filter(|discount| days >= discount.from)
    }

    /// Whether what a night costs depends on the stay around it.
    pub fn counts_the_stay(&self) -> bool {
        self.long_stay.is_some() || self.advance.is_some()
    }

    /// Whether it is sold for a night.
    pub fn is_for(&self, night: Date) -> bool {
        self.stay_from.is_none_or(|from| night >= from) && self.stay_to.is_none_or(|to| night <= to)
    }

    /// Whether it is sold to somebody at some time only.
    fn is_bounded(&self) -> bool {
        let dates = [self.book_from, self.book_to, self.stay_from, self.stay_to];
        dates.iter().any(Option::is_some) || !self.promo_code.is_empty() || self.is_for_companies || !self.source.is_empty()
    }

    /// Why a stay is not booked under this plan: what goes behind the field's name.
    pub fn refusal(&self, plan: &str, asked: &Asked) -> Option<Text> {
        if matches!(asked.sale, Sale::Booked(_)) {
            return None;
        }
        let last = asked.arrival.plus(asked.nights - 1).unwrap_or(asked.arrival).max(asked.arrival);
        let code = asked.buyer.promo_code.unwrap_or_default().trim();
        if !self.promo_code.is_empty() && !self.promo_code.eq_ignore_ascii_case(code) {
            return Some(text!("is {plan}, which needs its promo code", plan));
        }
        let source = asked.buyer.source.unwrap_or_default();
        if !self.source.is_empty() && !self.source.eq_ignore_ascii_case(source) {
            return Some(text!("is {plan}, which is for bookings from {source}; choose another", plan, source = &self.source));
        }
        if let Some(from) = self.stay_from.filter(|from| asked.arrival < *from) {
            return Some(text!("is {plan}, which is for nights from {from} on; choose another", plan, from));
        }
        if let Some(to) = self.stay_to.filter(|to| last > *to) {
            return Some(text!("is {plan}, which is for nights up to {to}; choose another", plan, to));
        }
        if let Some(from) = self.book_from.filter(|from| asked.booked_on < *from) {
            return Some(text!("is {plan}, which is sold from {from} on; choose another", plan, from));
        }
        let to = self.book_to.filter(|to| asked.booked_on > *to)?;
        Some(text!("is {plan}, which was sold until {to}; choose another", plan, to))
    }

    /// Notes what is wrong with them; `is_bar` = of the plan that every booking can have.
    pub fn check(&self, exponent: u8, is_bar: bool, fields: &mut Fields) {
        let is_possible = self.rounding.is_none_or(|rounding| rounding.to.is_of(exponent));
        fields.ensure(is_possible, "rounding.to", text!("has more decimals than the currency"));
        let percents = [("long_stay", self.long_stay, MAX_NIGHTS), ("advance", self.advance, MAX_ADVANCE)];
        for (name, discount, most) in percents {
            let Some(Discount { from, percent }) = discount else { continue };
            let field = if name == "advance" { "advance.days" } else { "long_stay.nights" };
            fields.ensure((1..=most).contains(&from), field, text!("must be from {least} to {most}", least = 1, most));
            let is_some = percent > Percent::ZERO && percent <= Percent::HUNDRED;
            fields.ensure(is_some, &format!("{name}.percent"), text!("must be more than 0 and at most 100"));
        }
        let order = |from: Option<Date>, to: Option<Date>| from.zip(to).is_none_or(|(from, to)| from <= to);
        fields.ensure(order(self.book_from, self.book_to), "book_to", text!("must not be before the first date"));
        fields.ensure(order(self.stay_from, self.stay_to), "stay_to", text!("must not be before the first night"));
        if is_bar && self.is_bounded() {
            let dates = [
                ("book_from", self.book_from),
                ("book_to", self.book_to),
                ("stay_from", self.stay_from),
                ("stay_to", self.stay_to),
            ];
            let others = [
                ("promo_code", !self.promo_code.is_empty()),
                ("source", !self.source.is_empty()),
                ("is_for_companies", self.is_for_companies),
            ];
            let set = dates.map(|(name, date)| (name, date.is_some())).into_iter().chain(others);
            let name = set.into_iter().find(|(_, is_set)| *is_set).map_or("stay_from", |(name, _)| name);
            fields.add(name, text!("must be empty: the best available rate is for everybody, at any time"));
        }
    }
}
