//! A change that breaks what a price was given for: more people than it was for, another plan, or a stay
//! that is no longer long or early enough for its discount. The nights are rated anew, or somebody says why
//! they keep their price; that stands on the owner's list (`price_guard`).

use super::itinerary::{Itinerary, first_priced, quoted};
use super::{Night, Reservation, Step, price_guard};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::status::RateKind;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings;
use crate::hotel::{rates, rooms};

/// Sets what the rates ask for the nights that a change leaves alone, typed ones too, by the difference that
/// its people and dates make at the rates of now: whatever else these do, those nights keep their price. The
/// dates of which more is asked.
pub fn reckon(
    conn: &Conn,
    before: &Reservation,
    after: &Reservation,
    was: &[Night],
    nights: &mut Itinerary,
    today: Date,
) -> Result<Vec<Date>> {
    let first = first_priced(after, today);
    let is_open = |n: &Night| n.is_held && !n.is_posted && n.night >= first;
    let stays = |n: &Night| was.iter().any(|o| o.night == n.night && o.kind == n.kind && is_open(o));
    let mut kept: Vec<&mut Night> = nights.iter_mut().filter(|n| is_open(n) && stays(n)).collect();
    let as_sold: Vec<Night> = kept.iter().map(|n| (**n).clone()).collect();
    let is_paid = before.details.rate_kind == RateKind::Paying && after.details.rate_kind == RateKind::Paying;
    let is_other_plan = before.rate_plan_id != after.rate_plan_id;
    let is_counted = is_other_plan || before.details.cots != after.details.cots || counts(conn, before, &as_sold)?;
    if kept.is_empty() || !is_paid || !is_counted {
        return Ok(Vec::new());
    }
    let (old, new) = (quoted(conn, before, &as_sold)?, quoted(conn, after, &as_sold)?);
    let mut dearer = Vec::new();
    for (night, (old, new)) in kept.iter_mut().zip(old.into_iter().zip(new)) {
        night.quoted_rate = (night.quoted_rate + (new - old)).max(Money::ZERO);
        if new > old {
            dearer.push(night.night);
        }
    }
    Ok(dearer)
}

/// What the rates ask more for nights of a guest who leaves on an earlier date: a discount for a long stay may fit no more.
/// Typed prices stay, and nobody pays more than the rates of now.
pub fn more_when_shorter(conn: &Conn, stay: &Reservation, until: Date, nights: &[Night]) -> Result<Money> {
    let rated: Vec<Night> = nights.iter().filter(|n| n.is_held && !n.is_rate_typed).cloned().collect();
    let is_shorter = until < stay.check_out_date && stay.details.rate_kind == RateKind::Paying;
    if rated.is_empty() || !is_shorter || !rates::counts_the_stay(conn, stay.rate_plan_id)? {
        return Ok(Money::ZERO);
    }
    let shorter = Reservation { check_out_date: until, ..stay.clone() };
    let (old, new) = (quoted(conn, stay, &rated)?, quoted(conn, &shorter, &rated)?);
    let more = |(night, (old, new)): (&Night, (Money, Money))| (new - old).min(new - night.rate).max(Money::ZERO);
    Ok(rated.iter().zip(old.into_iter().zip(new)).map(more).sum())
}

/// Whether what nights cost depends on the people or the stay around them.
fn counts(conn: &Conn, stay: &Reservation, nights: &[Night]) -> Result<bool> {
    for run in nights.chunk_by(|a, b| a.room_type_id == b.room_type_id) {
        if rooms::find_type(conn, run[0].room_type_id)?.party_price.counts_people() {
            return Ok(true);
        }
    }
    rates::counts_the_stay(conn, stay.rate_plan_id)
}

/// Asks whether the nights of which the rates ask more are rated anew or keep their price. Typed ones are
/// not rated anew: why they cost so little is asked as of every typed price.
///
/// # Errors
/// 409 `reason-needed` without a reason, with `can_rerate`.
pub fn ask(tx: &Tx, step: Step, before: &Reservation, was: &[Night], nights: &[Night], dearer: &[Date]) -> Result<()> {
    let lost = price_guard::lost(before.status, was, nights);
    let can_rerate = nights.iter().any(|n| !n.is_rate_typed && dearer.contains(&n.night));
    if lost.is_zero() || !can_rerate || step.reason.is_some() {
        return Ok(());
    }
    let more = settings::property(tx)?.money_in_words(lost);
    let detail = text!(
        "For these people and nights the rate plan asks {more} more. Take its prices, or say why the old ones are kept.",
        more
    );
    Err(Error::refused(Code::ReasonNeeded, detail).with("can_rerate", true))
}
