//! What a change of a stay's nights takes from the hotel, put on the owner's list.
//!
//! Before the arrival a price is compared with the rates, over the whole stay: a total that was
//! typed is spread evenly and takes nothing off where the rates' total is the same. From the
//! check-in on the price is agreed: each night is compared with what it cost, and with what more people or
//! fewer nights make of that (`kept_price`); nights that leave the stay are told.

use super::{Night, People, Reservation, Step};
use crate::db::Tx;
use crate::domain::extras::Counted;
use crate::domain::money::Money;
use crate::domain::status::{RateKind, ReservationStatus};
use crate::error::Result;
use crate::hotel::exceptions::{self, Exception};

/// Puts on the list by how much a step lowers what a stay brings in.
///
/// # Errors
/// 409 `reason-needed` or `over-limit`, when prices are lowered.
pub fn note(tx: &Tx, step: Step, stay: &Reservation, was: ReservationStatus, old: &[Night], new: &[Night]) -> Result<()> {
    // What is taken back, or follows from somebody's staying on, has the prices it had before.
    if matches!(step.people, People::There | People::Fact) {
        return Ok(());
    }
    let (kind, own) = (stay.details.rate_kind, stay.details.rate_kind_reason.as_str());
    // Why the stay was given away is why its nights are.
    let reason = step.reason.or((kind != RateKind::Paying).then_some(own));
    let what = if was == ReservationStatus::CheckedIn { Exception::PriceLowered } else { Exception::TypedPrice };
    exceptions::note(tx, kind.exception(what), stay.noted(), lost(was, old, new), reason)?;
    if was != ReservationStatus::CheckedIn {
        return Ok(());
    }
    exceptions::note(tx, Exception::NightsDropped, stay.noted(), dropped(old, new), step.reason)
}

/// By how much a stay brings in less than was agreed, or than the rates ask.
pub fn lost(was: ReservationStatus, old: &[Night], new: &[Night]) -> Money {
    if was == ReservationStatus::CheckedIn {
        return lowered(old, new);
    }
    (discount(new).max(Money::ZERO) - discount(old).max(Money::ZERO)).max(Money::ZERO)
}

/// By how much the nights lie below the rates, with what is sold along with them and not charged.
fn discount(nights: &[Night]) -> Money {
    let free = |(at, night): (usize, &Night)| {
        if !night.is_held {
            return Money::ZERO;
        }
        let mut charged = night.extras.clone();
        charged.count(Counted { people: night.adults + night.children, is_first_night: at == 0, is_charged: true });
        charged.price_beside() - night.extras.price_beside()
    };
    nights.iter().enumerate().map(|night| night.1.quoted_rate - night.1.rate + free(night)).sum()
}

/// By how much nights cost less than they did, or than they would have to with what the rates ask more for
/// them now; added ones, than the rates say. And what was sold along with a night and is not any more.
fn lowered(old: &[Night], new: &[Night]) -> Money {
    let agreed = |night: &Night, was: &Night| {
        let more = night.quoted_rate - was.quoted_rate;
        was.rate.max(night.quoted_rate.min(was.rate + more))
    };
    let less = |night: &Night| {
        let was = old.iter().find(|o| o.night == night.night);
        let price = was.map_or(night.quoted_rate, |o| agreed(night, o)) - night.rate;
        let beside = was.map_or(Money::ZERO, |o| o.extras.price_beside() - night.extras.price_beside());
        price.max(Money::ZERO) + beside.max(Money::ZERO)
    };
    new.iter().filter(|n| n.is_held).map(less).sum()
}

/// The price of the nights that were held and are not any more, with what was sold along with them.
fn dropped(old: &[Night], new: &[Night]) -> Money {
    let is_kept = |night: &Night| new.iter().any(|n| n.night == night.night && n.is_held);
    old.iter().filter(|o| o.is_held && !is_kept(o)).map(|o| o.rate + o.extras.price_beside()).sum()
}
