//! What may still be posted, by whom, and what the owner is told of.
//!
//! While a stay is to come or going on, its folio is open. After a departure, a cancellation
//! or a no-show it takes what settles it: a late payment of what is due, a refund of what was
//! paid too much. Whatever else comes after that is a manager's. What takes something off, or
//! comes after the end, stands on the audit trail as an `exception`, for the owner's list.

use serde_json::{Value, json};

use crate::db::{Conn, Tx};
use crate::domain::money::Money;
use crate::domain::status::{ReservationStatus, words};
use crate::error::{Code, Error, Result};
use crate::hotel::reservations::Reservation;
use crate::hotel::{audit, settings};
use crate::http::endpoint::Access;

words!(
    /// What the owner is told of.
    Exception {
        Allowance = "allowance",
        VoidedCharge = "voided_charge",
        VoidedPayment = "voided_payment",
        OtherMethod = "refund_by_another_method",
        AfterTheEnd = "after_the_end",
    }
);

/// Something that is about to be posted.
#[derive(Debug, Clone, Copy)]
pub enum Posting {
    /// An extra, an adjustment, an allowance, or a charge taken back.
    Charge,
    /// Money received.
    Payment(Money),
    /// Money given back.
    Refund(Money),
    /// A payment that turns out to be none.
    VoidedPayment(Money),
}

/// Refuses what the folio does not take any more.
///
/// # Errors
/// 409 `folio-closed`, with what can be done.
pub fn check_open(conn: &Conn, r: &Reservation, posting: Posting) -> Result<()> {
    if r.status.is_open() {
        return Ok(());
    }
    let property = settings::property(conn)?;
    let words = |amount: Money| property.money_in_words(amount.max(Money::ZERO));
    let detail = match posting {
        Posting::Payment(amount) if amount > r.balance() => {
            format!("{} {} is due.", ended(r.status), words(r.balance()))
        }
        Posting::Refund(amount) if amount > -r.balance() => {
            format!("{} {} can be given back. {}", ended(r.status), words(-r.balance()), reopen(r.status))
        }
        Posting::Charge | Posting::VoidedPayment(_) if Access::MANAGE.allows(conn.actor().role) => return Ok(()),
        Posting::VoidedPayment(amount) if amount <= -r.balance() => return Ok(()),
        Posting::Charge | Posting::VoidedPayment(_) => {
            format!("{} Ask a manager to change the bill. {}", ended(r.status), reopen(r.status))
        }
        Posting::Payment(_) | Posting::Refund(_) => return Ok(()),
    };
    Err(Error::refused(Code::FolioClosed, detail.trim_end().to_owned()))
}

fn ended(status: ReservationStatus) -> String {
    format!("This stay is {}.", status.in_words())
}

fn reopen(status: ReservationStatus) -> &'static str {
    match status {
        ReservationStatus::CheckedOut => "On the day of the check-out, undo that first.",
        _ => "",
    }
}

/// Refuses a refund by another method than the payment's to whoever is no manager.
pub fn check_method(tx: &Tx, own: &str, given: &str) -> Result<()> {
    if own == given || Access::MANAGE.allows(tx.actor().role) {
        return Ok(());
    }
    let detail = format!("Money goes back the way it came: by {own}. A manager can give it back in another way.");
    Err(Error::Forbidden(detail))
}

/// Puts a posting on the owner's list: what was taken off, or moved in another way.
pub fn note(tx: &Tx, what: Exception, r: &Reservation, amount: Money, reason: &str) -> Result<()> {
    let entry = json!({ "kind": what, "amount_minor": amount.0.abs(), "reason": reason, "status": r.status });
    audit::record(tx, "exception", "reservation", r.id.0, &Value::Null, &entry)
}

/// A charge that was added, as far as the owner is told of it.
pub fn note_charge(tx: &Tx, r: &Reservation, amount: Money, reason: &str) -> Result<()> {
    if amount.is_negative() {
        note(tx, Exception::Allowance, r, amount, reason)?;
    }
    if r.status.is_open() { Ok(()) } else { note(tx, Exception::AfterTheEnd, r, amount, reason) }
}
