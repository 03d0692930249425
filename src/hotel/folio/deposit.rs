//! Deposits: money received before the stay, which the hotel owes until it is earned.
//!
//! One rule says how much of a stay's money is a deposit. Whatever changes it (a payment, a
//! charge, a step of the stay) ends with `settle`, which moves the difference between the two
//! ledgers as a transfer; `innkeeper check` proves the rule for every stay.

use super::store;
use crate::db::Tx;
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::status::{Ledger, ReservationStatus};
use crate::error::Result;
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
