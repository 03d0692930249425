//! Another rate plan for a booking: asked for as for a new one, with the plan's own terms.

use super::itinerary::{Itinerary, Sold, first_priced};
use super::{Night, Reservation, arrival};
use crate::db::Tx;
use crate::domain::date::{Date, Instant};
use crate::domain::id::RatePlanId;
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::policies::{self, Policy};
use crate::hotel::rates::{self, Buyer, Sale};
use crate::hotel::settings::Property;
use crate::hotel::{companies, rooms};

/// The plan that is asked for, and the code that it is sold for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub plan: RatePlanId,
    pub promo_code: Option<&'a str>,
}

/// Refuses a plan that is not sold to this guest for these nights today.
///
/// # Errors
/// 422 on `rate_plan_id`; 409 where no night is left to be sold.
pub fn check(tx: &Tx, wanted: Wanted, after: &Reservation, nights: &Itinerary, property: &Property) -> Result<()> {
    let first = first_priced(after, property.business_date);
    let open: Vec<&Night> = nights.iter().filter(|n| n.is_held && !n.is_posted && n.night >= first).collect();
    if open.is_empty() {
        let detail = text!("Every night of this stay is on the bill already. Its rate plan no longer changes.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let plans = companies::plans_of(tx, after.details.company_id)?;
    for run in open.chunk_by(|a, b| a.room_type_id == b.room_type_id) {
        let room_type = rooms::find_type(tx, run[0].room_type_id)?;
        let dates: Vec<Date> = run.iter().map(|n| n.night).collect();
        let sold = Sold {
            sale: Sale::New(Some(wanted.plan)),
            buyer: Buyer { promo_code: wanted.promo_code, company_plans: &plans, source: Some(&after.source) },
            booked_on: property.business_date,
            ..Sold::to(tx, after, &room_type, run[0].kind)?
        };
        rates::quote(tx, &sold.asked(), &dates)?;
    }
    Ok(())
}

/// Puts a booking that is still to come under the terms of its plan; by how much these ask less, at most, of a
/// guest who cancels or does not come.
pub fn take_terms(
    tx: &Tx,
    before: &Reservation,
    after: &mut Reservation,
    nights: &[Night],
    property: &Property,
) -> Result<Money> {
    if before.status == ReservationStatus::CheckedIn {
        return Ok(Money::ZERO);
    }
    after.policy_id = rates::policy_of(tx, after.rate_plan_id, property)?;
    if after.policy_id == before.policy_id {
        return Ok(Money::ZERO);
    }
    let (old, new) = (policies::find(tx, before.policy_id)?, policies::find(tx, after.policy_id)?);
    let prices: Vec<Money> = nights.iter().filter(|n| n.is_held).map(|n| n.rate).collect();
    Ok(eased(&old, &new, &prices, arrival(before, property), tx.now()))
}

/// The most by which one policy asks less than another, from an instant on.
fn eased(old: &Policy, new: &Policy, prices: &[Money], arrival: Instant, now: Instant) -> Money {
    let of = |fee: policies::Fee| fee.of(prices.iter().copied());
    let steps = old.cancellation.iter().map(|step| arrival.plus_hours(-step.hours_before).plus_seconds(1));
    let cancelled = steps
        .filter(|at| *at > now)
        .chain([now])
        .map(|at| of(old.cancellation_fee(arrival, at)) - of(new.cancellation_fee(arrival, at)));
    cancelled.chain([of(old.no_show) - of(new.no_show)]).max().unwrap_or_default().max(Money::ZERO)
}
