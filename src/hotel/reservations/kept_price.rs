//! A change that breaks what a price was given for: more people than it was for, or a stay that is
//! no longer long or early enough for its discount. The nights are rated anew, or somebody says why
//! they keep their price; that stands on the owner's list.

use super::itinerary::{Itinerary, Sold};
use super::{NightKind, Reservation, Step, booking};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::status::{RateKind, ReservationStatus};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::rates;
use crate::hotel::settings;

/// Puts on the owner's list by how much the nights that keep their price would now cost more.
///
/// # Errors
/// 409 `reason-needed` without a reason, with `can_rerate`; `over-limit` beyond what a role may give.
pub fn note(tx: &Tx, step: Step, before: &Reservation, after: &Reservation, nights: &Itinerary) -> Result<()> {
    let lost = lost(tx, before, after, nights)?;
    if lost.is_zero() {
        return Ok(());
    }
    if step.reason.is_none() {
        let more = settings::property(tx)?.money_in_words(lost);
        let detail = text!(
            "For these people and nights the rate plan asks {more} more. Take its prices, or say why the old ones are kept.",
            more
        );
        return Err(Error::refused(Code::ReasonNeeded, detail).with("can_rerate", true));
    }
    let what = if before.status == ReservationStatus::CheckedIn { Exception::PriceLowered } else { Exception::TypedPrice };
    exceptions::note(tx, what, before.noted(), lost, step.reason)
}

/// The difference that the people and the dates of a change make to the nights it leaves alone, at
/// the rates of now: whatever else the rates do, those nights keep their price.
fn lost(conn: &Conn, before: &Reservation, after: &Reservation, nights: &Itinerary) -> Result<Money> {
    let was = Itinerary::stored(conn, before.id)?;
    let is_kept = |date: Date| was.iter().any(|n| n.night == date && n.is_held && !n.is_posted);
    let kept: Vec<Date> =
        nights.iter().filter(|n| n.is_held && !n.is_posted && !n.is_rate_typed && is_kept(n.night)).map(|n| n.night).collect();
    let room_type = booking::type_of(conn, before.room_type_id)?;
    let is_priced_alike = !room_type.party_price.counts_people() && !rates::counts_the_stay(conn, before.rate_plan_id)?;
    if kept.is_empty() || is_priced_alike || after.details.rate_kind != RateKind::Paying {
        return Ok(Money::ZERO);
    }
    let total = |stay: &Reservation| {
        let sold = Sold::to(conn, stay, &room_type, NightKind::Night)?;
        Ok::<_, Error>(rates::quote(conn, &sold.asked(), &kept)?.total())
    };
    Ok((total(after)? - total(before)?).max(Money::ZERO))
}
