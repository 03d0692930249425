//! Money received and given back.

use super::deposit;
use super::guard::{self, Posting};
use super::store;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{PaymentId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{PaymentKind, PaymentType};
use crate::domain::text::Line;
use crate::domain::wording::{Value, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::settings::store::ListKind;
use crate::hotel::{audit, reservations, settings};

pub type ReferenceNumber = Line<100>;
pub type PaymentNotes = Line<500>;

record! {
    /// Money received, or given back (negative, with what it reverses).
    #[derive(Debug, Clone, PartialEq)]
    pub struct Payment {
        pub id: PaymentId,
        pub reservation_id: ReservationId,
        pub confirmation_number: String = "(SELECT confirmation_number FROM reservation WHERE reservation.id = payment.reservation_id)",
        pub guest_name: String = "(SELECT guest_name FROM reservation WHERE reservation.id = payment.reservation_id)",
        pub kind: PaymentKind,
        pub amount: Money,
        pub payment_method: String,
        pub payment_type: PaymentType,
        pub business_date: Date,
        pub reference_number: String,
        pub notes: String,
        pub reverses_id: Option<PaymentId>,
        pub created_at: Instant,
        pub created_by: String,
        pub is_voided: bool = "EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = payment.id AND v.entry = 'void')",
        /// What was given back of it so far, as a positive amount.
        pub refunded: Money = "(SELECT coalesce(sum(f.amount), 0) FROM posting AS f WHERE f.reverses_id = payment.id AND f.entry = 'refund')",
    }
}

impl Payment {
    /// What can still be given back of it.
    pub fn left(&self) -> Money {
        if self.kind != PaymentKind::Payment || self.is_voided { Money::ZERO } else { self.amount - self.refunded }
    }
}

/// A payment to be booked.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub reservation_id: ReservationId,
    pub amount: Money,
    pub payment_method: String,
    pub payment_type: PaymentType,
    /// The business date when `None`.
    pub payment_date: Option<Date>,
    pub reference_number: String,
    pub notes: String,
}

pub fn find(conn: &Conn, id: PaymentId) -> Result<Payment> {
    store::find_payment(conn, id)?.ok_or_else(|| Error::NotFound(text!("This payment does not exist.")))
}

/// Takes a payment, as far as the folio takes one.
pub fn pay(tx: &Tx, new: &NewPayment) -> Result<Payment> {
    if new.amount > Money::ZERO
        && let Ok(stay) = reservations::find(tx, new.reservation_id)
    {
        guard::check_open(tx, &stay, Posting::Payment(new.amount))?;
    }
    take(tx, new)
}

/// Takes what settles a bill while its guest leaves.
pub fn take(tx: &Tx, new: &NewPayment) -> Result<Payment> {
    let today = settings::business_date(tx)?;
    let mut fields = Fields::default();
    fields.ensure(new.amount > Money::ZERO, "amount", text!("must be more than zero"));
    let date = new.payment_date.unwrap_or(today);
    let open = text!("must be the business date, {today}: a day that is over does not change", today);
    fields.ensure(date == today, "payment_date", open);
    fields.finish()?;
    let payment_method = method(tx, &new.payment_method)?;
    let stay = match reservations::find(tx, new.reservation_id) {
        Err(Error::NotFound(_)) => return Err(Error::invalid("reservation_id", text!("is not a reservation's id"))),
        found => found?,
    };
    let row = store::NewRow {
        reservation_id: new.reservation_id,
        ledger: deposit::ledger_of(stay.status),
        kind: PaymentKind::Payment,
        amount: new.amount,
        payment_method: &payment_method,
        payment_type: new.payment_type,
        business_date: today,
        reference_number: &new.reference_number,
        notes: &new.notes,
        reverses_id: None,
    };
    record(tx, "pay", &row)
}

/// The name of an active payment method, as the list spells it.
fn method(tx: &Tx, given: &str) -> Result<String> {
    match ListKind::PaymentMethods.find_named(tx, given.trim())? {
        Some(entry) if entry.is_active => Ok(entry.name),
        _ => Err(Error::invalid("payment_method", text!("is not one of the payment methods"))),
    }
}

fn record(tx: &Tx, action: &str, row: &store::NewRow) -> Result<Payment> {
    let id = store::insert_payment(tx, row)?;
    deposit::settle(tx, row.reservation_id)?;
    let facts = serde_json::json!({
        "payment_id": id,
        "kind": row.kind,
        "amount_minor": row.amount.0,
        "payment_method": row.payment_method,
        "reverses_id": row.reverses_id,
        "notes": row.notes,
    });
    audit::record(tx, action, "reservation", row.reservation_id.0, &serde_json::Value::Null, &facts)?;
    find(tx, id)
}

/// Undoes a payment on the business date it was taken.
pub fn void(tx: &Tx, id: PaymentId, reason: &str) -> Result<Payment> {
    let original = original(tx, id)?;
    let today = settings::business_date(tx)?;
    if original.business_date != today {
        let detail = text!(
            "This payment was taken on {date} and can no longer be voided. Refund it instead.",
            date = Value::DateInFull(original.business_date)
        );
        return Err(Error::refused(Code::WrongDate, detail));
    }
    if !original.refunded.is_zero() {
        return Err(Error::refused(Code::AlreadyReversed, text!("Part of this payment is already refunded; refund the rest.")));
    }
    let stay = reservations::find(tx, original.reservation_id)?;
    guard::check_open(tx, &stay, Posting::VoidedPayment(original.amount))?;
    reverse(tx, &original, PaymentKind::Void, original.amount, &original.payment_method, reason)?;
    exceptions::note(tx, Exception::VoidedPayment, stay.noted(), original.amount, Some(reason))?;
    if original.amount > -stay.balance() {
        guard::note_after_the_end(tx, &stay, original.amount, reason)?;
    }
    find(tx, id)
}

/// Gives back all or part of a payment.
pub fn refund(tx: &Tx, id: PaymentId, amount: Option<Money>, payment_method: Option<&str>, reason: &str) -> Result<Payment> {
    let original = original(tx, id)?;
    let left = original.left();
    let amount = amount.unwrap_or(left);
    if amount <= Money::ZERO && !left.is_zero() {
        return Err(Error::invalid("amount", text!("must be more than zero")));
    }
    if amount > left || left.is_zero() {
        let detail = text!("A refund cannot be more than what is left of the payment.");
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    give_back_of(tx, &original, amount, payment_method, reason)?;
    find(tx, id)
}

/// By the method it was paid by, even one that is not taken any more; or by another.
fn give_back_of(tx: &Tx, original: &Payment, amount: Money, other_method: Option<&str>, reason: &str) -> Result<()> {
    let payment_method = match other_method {
        Some(other) if other.trim() != original.payment_method => method(tx, other)?,
        _ => original.payment_method.clone(),
    };
    let stay = reservations::find(tx, original.reservation_id)?;
    guard::check_open(tx, &stay, Posting::Refund(amount))?;
    reverse(tx, original, PaymentKind::Refund, amount, &payment_method, reason)?;
    if payment_method == original.payment_method {
        return Ok(());
    }
    exceptions::note(tx, Exception::OtherMethod, stay.noted(), amount, Some(reason))
}

/// Gives an amount back out of a reservation's payments, the newest first.
pub fn give_back(tx: &Tx, reservation: ReservationId, amount: Money, payment_method: Option<&str>, reason: &str) -> Result<()> {
    let paid = store::payments_of(tx, reservation)?;
    let plan = refund_plan(&paid, amount);
    if plan.iter().map(|(_, part)| *part).sum::<Money>() != amount {
        let detail = text!("A refund cannot be more than what is left of the payments.");
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    for (payment, part) in plan {
        give_back_of(tx, payment, part, payment_method, reason)?;
    }
    Ok(())
}

/// Which payments an amount would be given back of: the newest first, none more than is left of it.
pub fn refund_plan(payments: &[Payment], amount: Money) -> Vec<(&Payment, Money)> {
    let mut owed = amount;
    let mut plan = Vec::new();
    for payment in payments.iter().rev() {
        let part = payment.left().min(owed);
        if part > Money::ZERO {
            owed = owed - part;
            plan.push((payment, part));
        }
    }
    plan
}

/// A payment that can be reversed at all.
fn original(tx: &Tx, id: PaymentId) -> Result<Payment> {
    let payment = find(tx, id)?;
    if payment.kind != PaymentKind::Payment {
        return Err(Error::refused(Code::AlreadyReversed, text!("Refunds and voids cannot be reversed.")));
    }
    if payment.is_voided {
        return Err(Error::refused(Code::AlreadyReversed, text!("This payment is already voided.")));
    }
    Ok(payment)
}

fn reverse(tx: &Tx, original: &Payment, kind: PaymentKind, amount: Money, payment_method: &str, reason: &str) -> Result<()> {
    let stay = reservations::find(tx, original.reservation_id)?;
    let row = store::NewRow {
        reservation_id: original.reservation_id,
        ledger: deposit::ledger_of(stay.status),
        kind,
        amount: -amount,
        payment_method,
        payment_type: original.payment_type,
        business_date: settings::business_date(tx)?,
        reference_number: &original.reference_number,
        notes: reason,
        reverses_id: Some(original.id),
    };
    record(tx, kind.as_str(), &row).map(|_| ())
}
