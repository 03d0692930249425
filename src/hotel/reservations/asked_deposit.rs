//! What a booking's terms ask for before the arrival: kept with the booking, so that what is late is
//! one look-up, and reckoned anew whenever its nights or its arrival change. Once the guest has come,
//! or the booking has ended, it stays as it was.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Night, Reservation, find, store};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::ReservationId;
use crate::domain::money::{Amount, Money};
use crate::domain::status::{DepositState, ReservationStatus};
use crate::error::Result;
use crate::hotel::policies;
use crate::hotel::policies::deposit::Asked;
use crate::hotel::settings::Property;

/// A deposit as its booking tells it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DepositView {
    amount: Amount,
    due_date: Date,
    /// What of it has not come yet; nothing once the guest is here, or the booking has ended.
    left_amount: Amount,
    state: DepositState,
}

fn is_to_come(status: ReservationStatus) -> bool {
    matches!(status, ReservationStatus::Tentative | ReservationStatus::Confirmed)
}

/// What is asked of a booking with these nights.
pub fn asked(conn: &Conn, stay: &Reservation, nights: &[Night]) -> Result<Asked> {
    if !is_to_come(stay.status) {
        return Ok(stay.deposit_due_date.map(|date| (stay.deposit_amount, date)));
    }
    let Some(deposit) = policies::deposit(conn, stay.policy_id)? else { return Ok(None) };
    let prices = nights.iter().filter(|night| night.is_held).map(|night| night.rate + night.added_amount);
    Ok(deposit.asked(prices, stay.plan_since.unwrap_or(stay.booked_on), stay.check_in_date))
}

/// The booking with what is asked of it.
pub fn with_asked(conn: &Conn, stay: Reservation, nights: &[Night]) -> Result<Reservation> {
    let (deposit_amount, deposit_due_date) = asked(conn, &stay, nights)?.unzip();
    Ok(Reservation { deposit_amount: deposit_amount.unwrap_or(Money::ZERO), deposit_due_date, ..stay })
}

/// The same of one whose nights have been written with other taxes.
pub fn ask_again(tx: &Tx, id: ReservationId, nights: &[Night]) -> Result<()> {
    let before = find(tx, id)?;
    let asked = asked(tx, &before, nights)?;
    if asked == before.deposit_due_date.map(|date| (before.deposit_amount, date)) {
        return Ok(());
    }
    store::ask_deposit(tx, id, asked)
}

/// `None` = nothing was asked.
pub fn view<T>(stay: &Reservation<T>, property: &Property) -> Option<DepositView> {
    let due_date = stay.deposit_due_date?;
    let is_open = is_to_come(stay.status);
    let left = if is_open { (stay.deposit_amount - stay.paid_amount).max(Money::ZERO) } else { Money::ZERO };
    let state = match (is_open, left.is_zero()) {
        (false, _) => DepositState::Settled,
        (true, true) => DepositState::Paid,
        (true, false) if due_date < property.business_date => DepositState::Late,
        (true, false) => DepositState::Open,
    };
    Some(DepositView { amount: property.amount(stay.deposit_amount), due_date, left_amount: property.amount(left), state })
}
