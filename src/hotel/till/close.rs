//! Counting a drawer: what is there, what should be, and who takes it over.

use serde_json::json;

use super::{Shift, at_hand, colleague, find, open, store};
use crate::db::{Conn, Tx};
use crate::domain::id::{ShiftId, UserId};
use crate::domain::money::Money;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::{audit, settings};

/// How many of which coin or note; its value in minor units.
pub type Piece = (i64, i64);

/// What was counted of a currency.
#[derive(Debug, Clone)]
pub struct Counted {
    pub currency: String,
    pub amount: Money,
    pub pieces: Vec<Piece>,
}

/// What should be in the drawer of a shift, by currency: the hotel's own first, others as far as there are any.
pub fn expected(conn: &Conn, shift: &Shift) -> Result<Vec<(String, Money)>> {
    let own = settings::property(conn)?.currency.code;
    let mut sums = vec![(own.clone(), shift.float_amount + store::cash_of(conn, shift.id)?)];
    // Foreign notes are not counted anew when a shift begins: they lie there since the last count.
    let foreign = store::left_of_others(conn, shift.drawer_id, shift.id, &own)?;
    let came = store::foreign_of(conn, shift.id)?;
    for (currency, amount) in foreign.into_iter().chain(came).chain(store::moved(conn, shift.id)?) {
        match sums.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, sum)) => *sum = *sum + amount,
            None => sums.push((currency, amount)),
        }
    }
    Ok(sums.into_iter().enumerate().filter(|(at, (_, sum))| *at == 0 || !sum.is_zero()).map(|(_, sum)| sum).collect())
}

/// Closes a shift with what was counted, and opens the next one for who takes the drawer over. A difference is told
/// to the owner.
pub fn close(tx: &Tx, id: ShiftId, counted: &[Counted], note: &str, next: Option<UserId>) -> Result<Shift> {
    let shift = at_hand(tx, id)?;
    let by = super::person(tx)?;
    let next = next.map(|user| colleague(tx, user)).transpose()?;
    let mut expected = expected(tx, &shift)?;
    for one in counted.iter().filter(|one| !one.amount.is_zero()) {
        if !expected.iter().any(|(currency, _)| *currency == one.currency) {
            expected.push((one.currency.clone(), Money::ZERO));
        }
    }
    let mut told = Vec::new();
    for (currency, sum) in &expected {
        let Some(one) = counted.iter().find(|one| one.currency == *currency) else {
            return Err(Error::invalid("counts", text!("must say how much {currency} there is", currency)));
        };
        store::insert_count(tx, id, *sum, one)?;
        told.push(json!({"currency": currency, "expected_minor": sum.0, "counted_minor": one.amount.0,
            "difference_minor": (one.amount - *sum).0}));
    }
    store::close(tx, id, Some(by), note)?;
    audit::record(tx, "close_shift", "shift", id.0, &audit::NOTHING, &json!({ "counts": told, "notes": note }))?;
    for (currency, sum) in &expected {
        let found = counted.iter().filter(|one| one.currency == *currency).map(|one| one.amount).sum::<Money>();
        let what = if found < *sum { Exception::CashShort } else { Exception::CashOver };
        if found != *sum {
            exceptions::note_cash(tx, what, id, (found - *sum, currency), note)?;
        }
    }
    if let (Some(next), Some(own)) = (next, counted.iter().find(|one| one.currency == expected[0].0)) {
        open(tx, shift.drawer_id, next, own.amount, "")?;
    }
    find(tx, id)
}

/// Ends a shift whose drawer nobody has counted, as the close of a day does. The owner is told; what is missing comes out
/// when the drawer is opened again.
pub fn close_uncounted(tx: &Tx, shift: &Shift) -> Result<()> {
    let expected = expected(tx, shift)?;
    let counts: Vec<_> =
        expected.iter().map(|(currency, sum)| json!({ "currency": currency, "expected_minor": sum.0 })).collect();
    for (currency, sum) in &expected {
        store::insert_uncounted(tx, shift.id, currency, *sum)?;
        exceptions::note_cash(tx, Exception::NotCounted, shift.id, (*sum, currency), "")?;
    }
    store::close(tx, shift.id, None, "")?;
    audit::record(tx, "close_shift", "shift", shift.id.0, &audit::NOTHING, &json!({ "counts": counts }))
}
