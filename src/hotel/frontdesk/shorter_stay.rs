//! A stay that ends earlier than its prices were given for: what its plan asks more for nights that are on the bill, or end
//! up there, once a discount for a long stay fits no more. What is posted does not change: the difference is a line of its own.

use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::status::ChargeKind;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::folio::{self, NewCharge};
use crate::hotel::reservations::{Night, Reservation, kept_price, taxed};
use crate::hotel::settings;

/// What is done about nights that are on the bill at a price for a longer stay.
#[derive(Debug, Clone, Default)]
pub struct Shorter {
    /// Post what the plan asks more for them.
    pub is_rerated: bool,
    /// Why they keep their price.
    pub reason: Option<String>,
}

/// What nights come to more, taxes included, when the stay ends on a date, beyond what was posted for it before.
pub fn owed(conn: &Conn, stay: &Reservation, until: Date, nights: &[Night]) -> Result<Money> {
    let more = kept_price::more_when_shorter(conn, stay, until, nights)?;
    if more.is_zero() {
        return Ok(more);
    }
    let posted: Money =
        folio::store::charges_of(conn, stay.id)?.iter().filter(|line| is_standing(line)).map(|line| line.amount).sum();
    Ok((taxed::room(conn, stay, more)? - posted).max(Money::ZERO))
}

fn is_standing(line: &folio::Charge) -> bool {
    line.kind == ChargeKind::Adjustment && line.note == folio::SHORTER && !line.is_voided
}

/// Posts what is owed, or puts on the owner's list why it is not; whether the bill has changed.
///
/// # Errors
/// 409 `reason-needed` with `can_rerate` while nobody has decided.
pub fn settle(tx: &Tx, stay: &Reservation, owed: Money, how: &Shorter) -> Result<bool> {
    if owed.is_zero() {
        return Ok(false);
    }
    if how.is_rerated {
        let line = NewCharge::one(stay.id, ChargeKind::Adjustment, owed);
        folio::charge(tx, &NewCharge { note: folio::SHORTER.to_owned(), ..line })?;
        return Ok(true);
    }
    if how.reason.is_none() {
        let more = settings::property(tx)?.money_in_words(owed);
        let detail = text!(
            "The stay is too short now for its discount: the rate plan asks {more} more for the nights on the bill. Take its prices, or say why the old ones are kept.",
            more
        );
        return Err(Error::refused(Code::ReasonNeeded, detail).with("can_rerate", true));
    }
    exceptions::note(tx, Exception::PriceLowered, stay.noted(), owed, how.reason.as_deref())?;
    Ok(false)
}

/// Takes back what was posted at an instant, as the stay is as long again as it was.
pub fn take_back(tx: &Tx, stay: ReservationId, at: Option<Instant>) -> Result<()> {
    let is_of_it = |line: &&folio::Charge| is_standing(line) && Some(line.created_at) == at;
    let lines = folio::store::charges_of(tx, stay)?;
    lines.iter().filter(is_of_it).try_for_each(|line| folio::take_back(tx, line, folio::SHORTER).map(|_| ()))
}
