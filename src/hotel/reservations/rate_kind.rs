//! Stays that nobody pays for: complimentary ones, and rooms that the house uses itself.

use super::Night;
use super::details::Details;
use crate::domain::money::Money;
use crate::domain::status::RateKind;
use crate::domain::wording::text;
use crate::error::Fields;
use crate::hotel::exceptions::Exception;

impl RateKind {
    /// As what the owner is told of a price that was not taken.
    pub(super) fn exception(self, otherwise: Exception) -> Exception {
        match self {
            RateKind::Paying => otherwise,
            RateKind::Complimentary => Exception::Complimentary,
            RateKind::HouseUse => Exception::HouseUse,
        }
    }
}

/// Prices nights by the kind of their stay: what is not on the bill yet costs nothing
/// where nobody pays. Nights that are posted stay as they are.
pub fn price(kind: RateKind, nights: &mut [Night]) {
    if kind != RateKind::Paying {
        for night in nights.iter_mut().filter(|n| !n.is_posted) {
            (night.rate, night.is_rate_typed) = (Money::ZERO, false);
        }
    }
}

/// Whoever gives a stay away says why, and types no price for it.
pub fn check(fields: &mut Fields, details: &mut Details, is_price_typed: bool) {
    if details.rate_kind == RateKind::Paying {
        details.rate_kind_reason.clear();
        return;
    }
    fields.ensure(!details.rate_kind_reason.is_empty(), "rate_kind_reason", text!("must say why nothing is charged"));
    fields.ensure(!is_price_typed, "total_amount", text!("must be left out: nothing is charged"));
}
