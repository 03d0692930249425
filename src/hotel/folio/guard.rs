//! What may still be posted to a bill, and by whom.
//!
//! While a stay is to come or going on, its folio is open. After a departure, a cancellation
//! or a no-show it takes what settles it: a late payment of what is due, a refund of what was
//! paid too much. Whatever else comes after that has a limit by role, and stands on the
//! owner's list.

use super::owner::{Folio, FolioKind};
use crate::db::{Conn, Tx};
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::limits::{self, Limit};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::settings;

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
    let ended = text!("This stay is {status}.", status = r.status.in_words());
    let detail = match posting {
        Posting::Payment(amount) if amount > r.balance() => {
            text!("{ended} {amount} is due.", ended, amount = words(r.balance()))
        }
        Posting::Refund(amount) if amount > -r.balance() => {
            or_reopen(r.status, text!("{ended} {amount} can be given back.", ended, amount = words(-r.balance())))
        }
        Posting::VoidedPayment(amount) if amount <= -r.balance() => return Ok(()),
        Posting::Charge | Posting::VoidedPayment(_) if limits::may(conn, Limit::AfterTheEnd)? => return Ok(()),
        Posting::Charge | Posting::VoidedPayment(_) => {
            or_reopen(r.status, text!("{ended} Ask a manager to change the bill.", ended))
        }
        Posting::Payment(_) | Posting::Refund(_) => return Ok(()),
    };
    Err(Error::refused(Code::FolioClosed, detail))
}

/// A bill that takes something: one that was closed takes nothing, and what guests left as a security is none.
pub fn check_bill(folio: &Folio) -> Result<()> {
    folio.check_open()?;
    if folio.kind == FolioKind::Security {
        let detail = text!("This is what guests have left as a security, not a bill.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    Ok(())
}

/// The same of any folio: one that was closed takes nothing, whoever asks.
pub fn check_folio(conn: &Conn, folio: &Folio, posting: Posting) -> Result<()> {
    check_bill(folio)?;
    match folio.reservation_id {
        Some(stay) => check_open(conn, &reservations::find(conn, stay)?, posting),
        None => Ok(()),
    }
}

/// What is given back of a payment that stands on the folio of another. More than is over there, or than its own stay is
/// owed once that has ended, is for who may change a bill after its end, and is told: what it paid is owed again.
pub fn note_refund_elsewhere(tx: &Tx, own: Option<&Reservation>, folio: &Folio, amount: Money, reason: &str) -> Result<()> {
    if own.is_some_and(|own| folio.reservation_id == Some(own.id)) {
        return Ok(());
    }
    let beyond = |balance: Money| amount - (-balance).max(Money::ZERO);
    let on_folio = if folio.reservation_id.is_none() { beyond(folio.balance) } else { Money::ZERO };
    let of_stay = own.filter(|own| !own.status.is_open()).map_or(Money::ZERO, |own| beyond(own.balance()));
    let about: exceptions::About = own.map_or_else(|| folio.id.into(), |own| own.noted().into());
    exceptions::note(tx, Exception::RefundOfOwed, about, on_folio.max(of_stay).max(Money::ZERO), Some(reason))
}

fn or_reopen(status: ReservationStatus, detail: Text) -> Text {
    match status {
        ReservationStatus::CheckedOut => text!("{detail} On the day of the check-out, undo that first.", detail),
        _ => detail,
    }
}

/// A charge that was added, as far as the owner is told of it.
pub fn note_charge(tx: &Tx, r: &Reservation, amount: Money, reason: &str) -> Result<()> {
    if amount.is_negative() {
        exceptions::note(tx, Exception::Allowance, r.noted(), amount, Some(reason))?;
    }
    note_after_the_end(tx, r, amount, reason)
}

/// Whatever changes the bill of a stay that is over.
pub fn note_after_the_end(tx: &Tx, r: &Reservation, amount: Money, reason: &str) -> Result<()> {
    if r.status.is_open() { Ok(()) } else { exceptions::note(tx, Exception::AfterTheEnd, r.noted(), amount, Some(reason)) }
}
