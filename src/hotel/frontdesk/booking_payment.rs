//! Money taken with a booking, shared among the rooms of its party.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::db::Tx;
use crate::domain::money::{Decimal, Money};
use crate::domain::status::PaymentType;
use crate::error::{Fields, Result};
use crate::hotel::folio::payments::{self, NewPayment, PaymentNotes, ReferenceNumber};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::settings::{EntryName, Property};

/// Money for a booking that is being made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositRequest {
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    payment_method: EntryName,
    /// When left out: full when it is all that is owed, else deposit.
    payment_type: Option<PaymentType>,
    reference_number: Option<ReferenceNumber>,
    notes: Option<PaymentNotes>,
}

/// Takes the money: each room gets what it costs as far as it goes, the first one what is over.
pub fn pay(tx: &Tx, property: &Property, made: &[Reservation], money: &DepositRequest) -> Result<()> {
    let mut fields = Fields::default();
    let reference_number = fields.check("reference_number", money.reference_number.clone().unwrap_or_default().checked());
    let notes = fields.check("notes", money.notes.clone().unwrap_or_default().checked());
    fields.finish().map_err(|e| e.under("payment"))?;
    let amount = property.money("payment.amount", &money.amount)?;
    let owed: Vec<Money> = made.iter().map(|stay| Ok(reservations::find(tx, stay.id)?.balance())).collect::<Result<_>>()?;
    let shares = made.iter().zip(shares(amount, &owed)).zip(&owed);
    for ((stay, amount), owed) in shares.filter(|((_, share), _)| amount.is_zero() || !share.is_zero()) {
        let kind = if amount == *owed { PaymentType::Full } else { PaymentType::Deposit };
        let payment = NewPayment {
            reservation_id: stay.id,
            amount,
            payment_method: money.payment_method.clone().into(),
            payment_type: money.payment_type.unwrap_or(kind),
            payment_date: None,
            reference_number: reference_number.clone(),
            notes: notes.clone(),
        };
        payments::pay(tx, &payment).map_err(|e| e.under("payment"))?;
    }
    Ok(())
}

/// Of an amount, what each gets of it.
fn shares(amount: Money, owed: &[Money]) -> Vec<Money> {
    let mut left = amount;
    let mut shares: Vec<Money> = Vec::with_capacity(owed.len());
    for owed in owed {
        let share = (*owed).max(Money::ZERO).min(left);
        left = left - share;
        shares.push(share);
    }
    if let Some(first) = shares.first_mut() {
        *first = *first + left;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_room_gets_what_it_costs_and_the_first_what_is_over() {
        let shared = |amount: i64, owed: &[i64]| -> Vec<i64> {
            let owed: Vec<Money> = owed.iter().map(|minor| Money(*minor)).collect();
            shares(Money(amount), &owed).into_iter().map(|share| share.0).collect()
        };
        assert_eq!(shared(300, &[100, 100, 100]), [100, 100, 100]);
        assert_eq!(shared(150, &[100, 100, 100]), [100, 50, 0]);
        assert_eq!(shared(330, &[100, 0, 100, 100]), [130, 0, 100, 100]);
        assert_eq!(shared(50, &[0]), [50]);
    }
}
