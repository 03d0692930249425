//! Another rate plan for a booking: asked for as for a new one that is made today, with the plan's own extras and
//! terms. What it takes off the price or eases of the terms stands on the owner's list.

use super::itinerary::{Itinerary, Sold, first_priced};
use super::{Night, Reservation, arrival, taxed};
use crate::db::Tx;
use crate::domain::date::{Date, Instant};
use crate::domain::id::RatePlanId;
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::policies::{self, Fee, Policy};
use crate::hotel::rates::{self, Buyer, Sale};
use crate::hotel::settings::Property;
use crate::hotel::{companies, rooms};

/// The plan that is asked for, and the code that it is sold for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub plan: RatePlanId,
    pub promo_code: Option<&'a str>,
}

/// Puts a booking under another plan, and under its terms while the guest is still to come.
pub fn take(tx: &Tx, before: &Reservation, after: &mut Reservation, plan: RatePlanId, property: &Property) -> Result<()> {
    (after.rate_plan_id, after.plan_since) = (plan, Some(property.business_date));
    if before.status != ReservationStatus::CheckedIn {
        after.policy_id = rates::policy_of(tx, plan, property)?;
    }
    Ok(())
}

/// Gives the nights to come what the plan sells along with them.
///
/// # Errors
/// 422 on `rate_plan_id` for a plan that is not sold to this guest for these nights today; 409 where no night is left.
pub fn sell(tx: &Tx, wanted: Wanted, after: &Reservation, nights: &mut Itinerary, property: &Property) -> Result<()> {
    let first = first_priced(after, property.business_date);
    let mut open: Vec<&mut Night> = nights.iter_mut().filter(|n| n.is_held && !n.is_posted && n.night >= first).collect();
    if open.is_empty() {
        let detail = text!("No night of this stay is still to come. Its rate plan no longer changes.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let plans = companies::plans_of(tx, after.details.company_id)?;
    for run in open.chunk_by_mut(|a, b| a.room_type_id == b.room_type_id) {
        let room_type = rooms::find_type(tx, run[0].room_type_id)?;
        let dates: Vec<Date> = run.iter().map(|n| n.night).collect();
        let sold = Sold {
            sale: Sale::New(Some(wanted.plan)),
            buyer: Buyer { promo_code: wanted.promo_code, company_plans: &plans, source: Some(&after.source) },
            ..Sold::to(tx, after, &room_type, run[0].kind)?
        };
        let extras = rates::quote(tx, &sold.asked(), &dates)?.extras;
        run.iter_mut().for_each(|night| night.extras.clone_from(&extras));
    }
    Ok(())
}

/// Puts on the owner's list what the other plan asks less. From the check-in on, every lower price stands there.
///
/// # Errors
/// 409 `reason-needed` or `over-limit`.
pub fn note(
    tx: &Tx,
    before: &Reservation,
    was: &[Night],
    after: &Reservation,
    reason: Option<&str>,
    property: &Property,
) -> Result<()> {
    if before.status == ReservationStatus::CheckedIn {
        return Ok(());
    }
    let is = Itinerary::stored(tx, after.id)?;
    let price = |n: &Night| n.rate + n.extras.price_beside();
    let off = |n: &Night| is.iter().find(|o| o.night == n.night && o.is_held).map_or(Money::ZERO, |o| price(n) - price(o));
    let less: Money = was.iter().filter(|n| n.is_held).map(off).sum();
    exceptions::note(tx, Exception::PriceLowered, after.noted(), less.max(Money::ZERO), reason)?;
    let eased = eased(tx, before, was, after, property)?;
    if eased > Money::ZERO && reason.is_none_or(|reason| reason.trim().is_empty()) {
        let amount = property.money_in_words(eased);
        let detail = text!(
            "The terms of this rate plan ask {amount} less of a guest who cancels or does not come. Give a reason.",
            amount
        );
        return Err(Error::refused(Code::ReasonNeeded, detail));
    }
    exceptions::note(tx, Exception::TermsEased, after.noted(), eased, reason)
}

/// By how much the terms ask less, at most, of a guest who cancels from now on or does not come: over what the
/// rates ask, where less was typed.
fn eased(tx: &Tx, before: &Reservation, was: &[Night], after: &Reservation, property: &Property) -> Result<Money> {
    if after.policy_id == before.policy_id {
        return Ok(Money::ZERO);
    }
    let (old, new) = (policies::find(tx, before.policy_id)?, policies::find(tx, after.policy_id)?);
    let prices: Vec<Money> = was.iter().filter(|n| n.is_held).map(|n| n.rate.max(n.quoted_rate)).collect();
    let mut most = Money::ZERO;
    for (old, new) in fees(&old, &new, arrival(before, property), tx.now()) {
        let of = |fee: Fee| taxed::fee(tx, before, fee.of(prices.iter().copied()));
        most = most.max(of(old)? - of(new)?);
    }
    Ok(most)
}

/// What two policies ask, at each instant from which the first asks something else, and of who does not come.
fn fees(old: &Policy, new: &Policy, arrival: Instant, now: Instant) -> Vec<(Fee, Fee)> {
    let steps = old.cancellation.iter().map(|step| arrival.plus_hours(-step.hours_before).plus_seconds(1));
    let at = |at: Instant| (old.cancellation_fee(arrival, at), new.cancellation_fee(arrival, at));
    steps.filter(|at| *at > now).chain([now]).map(at).chain([(old.no_show, new.no_show)]).collect()
}
