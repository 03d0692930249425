//! Money taken with a booking, shared among the rooms of its party.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::db::Tx;
use crate::domain::money::{Decimal, Money, NotNegative};
use crate::domain::status::PaymentType;
use crate::error::{Fields, Result};
use crate::hotel::folio::owner::Owner;
use crate::hotel::folio::payments::{self, NewPayment, PaymentNotes, ReferenceNumber};
use crate::hotel::folio::payments_api::{self, ForeignRequest, HandedRequest};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::settings::{EntryName, Property};
use crate::hotel::vouchers::VoucherCode;

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
    /// What of the amount is for the staff.
    tip_amount: Option<NotNegative>,
    /// Cash that was handed over; what is above the amount is change.
    given_amount: Option<NotNegative>,
    /// Cash of another currency that was handed over.
    foreign: Option<ForeignRequest>,
    /// The voucher that pays, where the method is one.
    voucher_code: Option<VoucherCode>,
}

/// Takes the money: each room gets what it costs as far as it goes, the first one what is over.
pub fn pay(tx: &Tx, property: &Property, made: &[Reservation], money: &DepositRequest) -> Result<()> {
    let mut fields = Fields::default();
    let reference_number = fields.check("reference_number", money.reference_number.clone().unwrap_or_default().checked());
    let notes = fields.check("notes", money.notes.clone().unwrap_or_default().checked());
    fields.finish().map_err(|e| e.under("payment"))?;
    let amount = property.money("payment.amount", &money.amount)?;
    let handed = payments_api::handed(
        property,
        &HandedRequest {
            tip_amount: money.tip_amount.as_ref(),
            given_amount: money.given_amount.as_ref(),
            foreign: money.foreign.as_ref(),
            voucher_code: money.voucher_code.as_ref(),
        },
    );
    let handed = handed.map_err(|e| e.under("payment"))?;
    let owed: Vec<Owed> = made.iter().map(|stay| Ok(Owed::of(&reservations::find(tx, stay.id)?))).collect::<Result<_>>()?;
    let shares = made.iter().zip(shares(amount - handed.tip, &owed)).zip(&owed);
    let paid: Vec<_> = shares.filter(|((_, share), _)| amount.is_zero() || !share.is_zero()).collect();
    let mut amounts: Vec<Money> = paid.iter().map(|((_, share), _)| *share).collect();
    if let Some(last) = amounts.last_mut() {
        *last = *last + handed.tip;
    }
    // One payment is held against what was given once it is rounded.
    if amounts.len() > 1 {
        handed.given_for(amount, property).map_err(|e| e.under("payment"))?;
    }
    for ((((stay, share), owed), amount), handed) in paid.into_iter().zip(&amounts).zip(handed.shared(&amounts)) {
        let kind = if share == owed.balance { PaymentType::Full } else { PaymentType::Deposit };
        let payment = NewPayment {
            owner: Owner::guest(stay.id),
            amount: *amount,
            payment_method: money.payment_method.clone().into(),
            payment_type: money.payment_type.unwrap_or(kind),
            payment_date: None,
            reference_number: reference_number.clone(),
            notes: notes.clone(),
            handed,
        };
        payments::pay(tx, &payment).map_err(|e| e.under("payment"))?;
    }
    Ok(())
}

/// What a room costs, and what of it is asked for before the arrival.
#[derive(Debug, Clone, Copy)]
struct Owed {
    deposit: Money,
    balance: Money,
}

impl Owed {
    fn of(stay: &Reservation) -> Owed {
        let balance = stay.balance().max(Money::ZERO);
        Owed { deposit: stay.deposit_amount.min(balance), balance }
    }
}

/// Of an amount, what each gets of it: first the deposits, then what else the rooms cost.
fn shares(amount: Money, owed: &[Owed]) -> Vec<Money> {
    let mut left = amount;
    let mut shares = vec![Money::ZERO; owed.len()];
    for of in [|owed: &Owed| owed.deposit, |owed: &Owed| owed.balance] {
        for (share, owed) in shares.iter_mut().zip(owed) {
            let more = (of(owed) - *share).min(left);
            left = left - more;
            *share = *share + more;
        }
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
    fn each_room_gets_its_deposit_then_what_it_costs_and_the_first_what_is_over() {
        let shared = |amount: i64, rooms: &[(i64, i64)]| -> Vec<i64> {
            let owed = |(deposit, balance): &(i64, i64)| Owed { deposit: Money(*deposit), balance: Money(*balance) };
            let owed: Vec<Owed> = rooms.iter().map(owed).collect();
            shares(Money(amount), &owed).into_iter().map(|share| share.0).collect()
        };
        assert_eq!(shared(300, &[(0, 100), (0, 100), (0, 100)]), [100, 100, 100]);
        assert_eq!(shared(150, &[(0, 100), (0, 100), (0, 100)]), [100, 50, 0]);
        assert_eq!(shared(330, &[(0, 100), (0, 0), (50, 100), (0, 100)]), [130, 0, 100, 100]);
        assert_eq!(shared(150, &[(50, 100), (50, 100), (50, 100)]), [50, 50, 50]);
        assert_eq!(shared(220, &[(50, 100), (50, 100), (50, 100)]), [100, 70, 50]);
        assert_eq!(shared(70, &[(50, 100), (50, 100), (50, 100)]), [50, 20, 0]);
        assert_eq!(shared(50, &[(0, 0)]), [50]);
    }
}
