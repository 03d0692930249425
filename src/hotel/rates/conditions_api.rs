//! The conditions of a plan, as the API shows and takes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conditions::{Conditions, Discount, MAX_ADVANCE, PromoCode, SourceName};
use super::rounding::{RoundTo, RoundWay, Rounding};
use crate::domain::date::Date;
use crate::domain::number::Whole;
use crate::domain::percent::{Percent, PercentIn};
use crate::domain::stay::MAX_NIGHTS;
use crate::error::{Error, Result};

/// What prices end in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundingBody {
    to: RoundTo,
    way: RoundWay,
}

/// Off each night of a stay of so many nights.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LongStayView {
    nights: i64,
    percent: Percent,
}

/// Off each night of a stay that is booked so many days ahead.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AdvanceView {
    days: i64,
    percent: Percent,
}

/// Off each night of a stay of so many nights.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LongStayRequest {
    nights: Whole<1, MAX_NIGHTS>,
    percent: PercentIn<0, 100>,
}

/// Off each night of a stay that is booked so many days ahead.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceRequest {
    days: Whole<1, MAX_ADVANCE>,
    percent: PercentIn<0, 100>,
}

/// For whom and when a plan is sold, what it takes off, and what its prices end in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConditionsView {
    rounding: Option<RoundingBody>,
    long_stay: Option<LongStayView>,
    advance: Option<AdvanceView>,
    /// The first and the last business date on which it is booked; `null` = without that bound.
    book_from: Option<Date>,
    book_to: Option<Date>,
    /// The first and the last night for which it is sold.
    stay_from: Option<Date>,
    stay_to: Option<Date>,
    /// Who has it may book; empty = everybody.
    promo_code: String,
    /// Sold only to companies that it was agreed with.
    is_for_companies: bool,
    /// Sold only to bookings from this source; empty = from everywhere.
    source: String,
}

impl From<Conditions> for ConditionsView {
    fn from(c: Conditions) -> ConditionsView {
        ConditionsView {
            rounding: c.rounding.map(|Rounding { to, way }| RoundingBody { to, way }),
            long_stay: c.long_stay.map(|Discount { from, percent }| LongStayView { nights: from, percent }),
            advance: c.advance.map(|Discount { from, percent }| AdvanceView { days: from, percent }),
            book_from: c.book_from,
            book_to: c.book_to,
            stay_from: c.stay_from,
            stay_to: c.stay_to,
            promo_code: c.promo_code,
            is_for_companies: c.is_for_companies,
            source: c.source,
        }
    }
}

/// What of them is given: what is `None` stays, and `Some(None)` takes it away.
#[derive(Debug, Default)]
pub struct Given {
    pub rounding: Option<Option<RoundingBody>>,
    pub long_stay: Option<Option<LongStayRequest>>,
    pub advance: Option<Option<AdvanceRequest>>,
    pub book_from: Option<Option<Date>>,
    pub book_to: Option<Option<Date>>,
    pub stay_from: Option<Option<Date>>,
    pub stay_to: Option<Option<Date>>,
    pub promo_code: Option<PromoCode>,
    pub is_for_companies: Option<bool>,
    pub source: Option<SourceName>,
}

impl Given {
    /// The conditions after the change.
    pub fn of(self, before: &Conditions) -> Result<Conditions> {
        let code = self.promo_code.map(|code| code.checked()).transpose().map_err(|e| Error::invalid("promo_code", e))?;
        let source = self.source.map(|source| source.checked()).transpose().map_err(|e| Error::invalid("source", e))?;
        let rounding = self.rounding.map(|given| given.map(|RoundingBody { to, way }| Rounding { to, way }));
        let long_stay = self.long_stay.map(|given| given.map(|g| Discount { from: g.nights.0, percent: g.percent.0 }));
        let advance = self.advance.map(|given| given.map(|g| Discount { from: g.days.0, percent: g.percent.0 }));
        Ok(Conditions {
            rounding: rounding.unwrap_or(before.rounding),
            long_stay: long_stay.unwrap_or(before.long_stay),
            advance: advance.unwrap_or(before.advance),
            book_from: self.book_from.unwrap_or(before.book_from),
            book_to: self.book_to.unwrap_or(before.book_to),
            stay_from: self.stay_from.unwrap_or(before.stay_from),
            stay_to: self.stay_to.unwrap_or(before.stay_to),
            promo_code: code.unwrap_or_else(|| before.promo_code.clone()),
            is_for_companies: self.is_for_companies.unwrap_or(before.is_for_companies),
            source: source.unwrap_or_else(|| before.source.clone()),
        })
    }
}
