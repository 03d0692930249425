//! Deposits: money received before the stay, which the hotel owes until it is earned.
//!
//! One rule says how much of a stay's money is a deposit. Whatever changes it (a payment, a
//! charge, a step of the stay) ends with `settle`, which moves the difference between the two
//! ledgers as a transfer; `innkeeper check` proves the rule for every stay.

use super::guard::{self, Posting};
use super::{NewCharge, payments, store};
use crate::db::{Conn, Tx};
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, Ledger, ReservationStatus};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::{reservations, settings};

/// Where money of a stay comes in, or goes out.
pub fn ledger_of(status: ReservationStatus) -> Ledger {
    match status {
        ReservationStatus::CheckedIn | ReservationStatus::CheckedOut => Ledger::Guest,
        ReservationStatus::Tentative
        | ReservationStatus::Confirmed
        | ReservationStatus::Cancelled
        | ReservationStatus::NoShow => Ledger::Deposit,
    }
}

/// How much of what was paid is a deposit: all of it until the guest is here, nothing from then
/// on; of a stay that came to nothing, what is left over the fee.
pub fn held(status: ReservationStatus, charged: Money, paid: Money) -> Money {
    match status {
        ReservationStatus::Tentative | ReservationStatus::Confirmed => paid,
        ReservationStatus::CheckedIn | ReservationStatus::CheckedOut => Money::ZERO,
        ReservationStatus::Cancelled | ReservationStatus::NoShow => (paid - charged).max(Money::ZERO),
    }
}

/// Moves between the ledgers of a stay what belongs to the other one by now.
pub fn settle(tx: &Tx, id: ReservationId) -> Result<()> {
    let stay = reservations::find(tx, id)?;
    let (wanted, there) = (-held(stay.status, stay.charge_amount + stay.moved_amount, stay.paid_amount), store::deposit(tx, id)?);
    if wanted == there {
        return Ok(());
    }
    store::transfer_deposit(tx, id, wanted - there, settings::business_date(tx)?)
}

/// What of a stay's deposit is to be given back or kept; all that is held when nobody says.
fn part(conn: &Conn, id: ReservationId, amount: Option<Money>, most: Option<Money>) -> Result<Money> {
    let held = -store::deposit(conn, id)?;
    let held = most.map_or(held, |most| held.min(most));
    let amount = amount.unwrap_or(held);
    if amount <= Money::ZERO && !held.is_zero() {
        return Err(Error::invalid("amount", text!("must be more than zero")));
    }
    if amount > held || held.is_zero() {
        let held = settings::property(conn)?.money_in_words(held);
        return Err(Error::refused(Code::MoreThanOriginal, text!("{held} is held as a deposit.", held)));
    }
    Ok(amount)
}

/// Gives a deposit back, as it was paid unless another way is said.
///
/// # Errors
/// 409 `more-than-original` for more than is held.
pub fn give_back(tx: &Tx, id: ReservationId, amount: Option<Money>, other_method: Option<&str>, reason: &str) -> Result<()> {
    // What is on the bill before the arrival is paid by it.
    let open: Money = store::folios_of(tx, id)?.iter().map(|folio| folio.balance).sum();
    payments::give_back(
        tx,
        reservations::find(tx, id)?.id,
        part(tx, id, amount, Some((-open).max(Money::ZERO)))?,
        other_method,
        reason,
    )
}

/// Keeps a deposit of a stay that came to nothing, beyond the fee of its terms; the owner is told.
///
/// # Errors
/// 409 for a stay that is to come, and for more than is held.
pub fn keep(tx: &Tx, id: ReservationId, amount: Option<Money>, reason: &str) -> Result<()> {
    let stay = reservations::find(tx, id)?;
    let kind = match stay.status {
        ReservationStatus::NoShow => ChargeKind::NoShowFee,
        ReservationStatus::Cancelled => ChargeKind::CancellationFee,
        _ => {
            let detail = text!("A deposit is kept once its stay is cancelled or a no-show. Until then it pays for the stay.");
            return Err(Error::refused(Code::IllegalTransition, detail));
        }
    };
    let amount = part(tx, id, amount, None)?;
    guard::check_open(tx, &stay, Posting::Charge)?;
    let fee = NewCharge { note: reason.to_owned(), is_gross: true, is_routed: false, ..NewCharge::one(id, kind, amount) };
    let made = super::charge(tx, &fee)?;
    guard::note_after_the_end(tx, &stay, made.amount, reason)
}
