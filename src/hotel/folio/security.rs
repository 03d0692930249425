//! Securities: money that a guest leaves for the time of the stay. It is the guest's, never pays a bill by itself, and is
//! given back or kept for damage before the guest leaves.
//!
//! All of it stands on one folio and in a ledger of its own, each row with its stay; what is kept moves from there to the
//! guest's bill, on which the damage is charged. `innkeeper check` proves that nothing is held of anybody who has left.

use super::drawer;
use super::owner::Owner;
use super::payments::{self, Payment, ReferenceNumber};
use super::{Charge, NewCharge, store};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{FolioId, ReservationId, ShiftId};
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, Ledger, MethodKind, PaymentKind, PaymentType, ReservationStatus};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::{audit, settings};

statements! {
    FOLIO = "security.folio": "SELECT id FROM folio WHERE kind = 'security'";
    INSERT_FOLIO = "security.insert_folio": "INSERT INTO folio (kind) VALUES ('security')";
    HELD = "security.held": "SELECT -coalesce(sum(amount), 0) FROM posting
        WHERE ledger = 'security' AND ledger IN ('deposit', 'security') AND reservation_id = ?1";
    PAYMENTS = "security.payments" selects Payment "FROM payment WHERE reservation_id = ?1 AND payment_type = 'security' ORDER BY id LIMIT 1000";
    // The half of the security comes first: what a stay gives away begins with its own.
    KEEP = "security.keep": "INSERT INTO posting
            (id, folio_id, ledger, business_date, reservation_id, article_id, entry, unit_amount, amount, counter_id, note, created_at, created_by)
        SELECT last.id + half.at, half.folio, half.ledger, ?1, ?2, a.id, 'transfer', half.amount, half.amount, last.id + 3 - half.at, ?3, ?4, ?5
        FROM (SELECT max(id) AS id FROM posting) AS last
        CROSS JOIN (SELECT 1 AS at, ?6 AS folio, 'security' AS ledger, ?8 AS amount UNION ALL SELECT 2, ?7, 'guest', -?8) AS half
        CROSS JOIN article AS a
        WHERE a.code = 'transfer'", scans "two rows that stand in the statement";
    LIST = "security.list" selects Holding "FROM posting AS p JOIN reservation AS r ON r.id = p.reservation_id
        WHERE p.ledger IN ('deposit', 'security')
        GROUP BY p.ledger, p.reservation_id
        HAVING sum(p.amount) <> 0
        ORDER BY p.ledger DESC, min(p.business_date), p.reservation_id LIMIT 2000", scans "an index of its own holds what is held, and little else";
}

record! {
    /// Money of a guest that the hotel holds.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Holding {
        pub ledger: Ledger = "p.ledger",
        pub reservation_id: ReservationId = "p.reservation_id",
        pub amount: Money = "-sum(p.amount)",
        /// Since when some of it is there.
        pub since: Date = "min(p.business_date)",
        pub guest_name: String = "r.guest_name",
        pub confirmation_number: String = "r.confirmation_number",
        pub status: ReservationStatus = "r.status",
        pub check_in_date: Date = "r.check_in_date",
        pub check_out_date: Date = "r.check_out_date",
        pub room_number: Option<String> = "r.room_number",
    }
}

/// What is held of whom: securities, then deposits, each the oldest first.
pub fn list(conn: &Conn) -> Result<Vec<Holding>> {
    conn.all(&LIST, [], Holding::from_row)
}

/// What is held of a stay as a security.
pub fn held(conn: &Conn, stay: ReservationId) -> Result<Money> {
    conn.scalar(&HELD, [stay])
}

pub fn payments_of(conn: &Conn, stay: ReservationId) -> Result<Vec<Payment>> {
    conn.all(&PAYMENTS, [stay], Payment::from_row)
}

fn folio(tx: &Tx) -> Result<FolioId> {
    match tx.one(&FOLIO, [], |row| row.get(0))? {
        Some(id) => Ok(id),
        None => Ok(FolioId(tx.insert(&INSERT_FOLIO, [])?)),
    }
}

/// A security that is left.
#[derive(Debug, Clone)]
pub struct NewSecurity {
    pub amount: Money,
    pub payment_method: String,
    pub reference_number: String,
}

/// Takes a security of a stay that is to come or going on.
///
/// # Errors
/// 409 `folio-closed` for a stay that is over.
pub fn take(tx: &Tx, id: ReservationId, new: &NewSecurity) -> Result<Payment> {
    if new.amount <= Money::ZERO {
        return Err(Error::invalid("amount", text!("must be more than zero")));
    }
    let stay = reservations::find(tx, id)?;
    if !stay.status.is_open() {
        return Err(Error::refused(Code::FolioClosed, text!("This stay is {status}.", status = stay.status.in_words())));
    }
    let method = payments::method(tx, &new.payment_method)?;
    if method.kind == Some(MethodKind::Voucher) {
        return Err(Error::invalid("payment_method", text!("pays a bill and cannot be left as a security")));
    }
    let reference_number =
        ReferenceNumber::of(new.reference_number.as_str()).map_err(|wrong| Error::invalid("reference_number", wrong))?;
    let shift = drawer::shift_of(tx, method.kind)?;
    post(tx, id, PaymentKind::Payment, new.amount, (&method.name, &reference_number, ""), None, shift)
}

fn post(
    tx: &Tx,
    stay: ReservationId,
    kind: PaymentKind,
    amount: Money,
    (payment_method, reference_number, notes): (&str, &str, &str),
    reverses: Option<&Payment>,
    shift_id: Option<ShiftId>,
) -> Result<Payment> {
    let action = if kind == PaymentKind::Payment { "take_security" } else { "return_security" };
    let row = store::NewRow {
        folio_id: folio(tx)?,
        reservation_id: Some(stay),
        ledger: Ledger::Security,
        kind,
        amount,
        payment_method,
        payment_type: PaymentType::Security,
        business_date: settings::business_date(tx)?,
        reference_number,
        notes,
        reverses_id: reverses.map(|payment| payment.id),
        shift_id,
    };
    payments::record(tx, action, &row)
}

/// Gives a security back: all that is held, unless less is said; as it was left, unless another way is.
///
/// # Errors
/// 409 `more-than-original` for more than is held.
pub fn give_back(tx: &Tx, id: ReservationId, amount: Option<Money>, other_method: Option<&str>, reason: &str) -> Result<Money> {
    let (stay, held) = (reservations::find(tx, id)?, held(tx, id)?);
    let amount = amount.unwrap_or(held);
    check_held(tx, amount, held)?;
    let left = payments_of(tx, id)?;
    let mut other = Money::ZERO;
    for (payment, part) in payments::newest_first(&left, amount) {
        let method = match other_method {
            Some(other) if other.trim() != payment.payment_method => payments::method(tx, other)?.name,
            _ => payment.payment_method.clone(),
        };
        if method != payment.payment_method {
            other = other + part;
        }
        let shift = drawer::shift_of(tx, drawer::kind_of(tx, payment, &method)?)?;
        post(tx, id, PaymentKind::Refund, -part, (&method, &payment.reference_number, reason), Some(payment), shift)?;
    }
    if !other.is_zero() {
        exceptions::note(tx, Exception::OtherMethod, stay.noted(), other, Some(reason))?;
    }
    Ok(amount)
}

/// Keeps of a security what a damage costs: that is charged, with its reason, and paid by it.
///
/// # Errors
/// 409 `more-than-original` for more than is held, 422 without a reason.
pub fn keep(tx: &Tx, id: ReservationId, amount: Money, reason: &str) -> Result<Charge> {
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", text!("must say what the security is kept for")));
    }
    let held = held(tx, id)?;
    check_held(tx, amount, held)?;
    let new = NewCharge { note: reason.to_owned(), is_routed: false, ..NewCharge::one(id, ChargeKind::Extra, amount) };
    let made = super::add(tx, new, Some(reason))?;
    let bill = store::folio_of(tx, Owner::guest(id))?;
    let kept = made.amount.min(held);
    let today = settings::business_date(tx)?;
    tx.run(&KEEP, (today, id, reason, tx.now(), &tx.actor().username, folio(tx)?, bill, kept))?;
    let facts = serde_json::json!({"charge_id": made.id, "amount_minor": kept.0, "reason": reason});
    audit::record(tx, "keep_security", "reservation", id.0, &audit::NOTHING, &facts)?;
    Ok(made)
}

fn check_held(conn: &Conn, amount: Money, held: Money) -> Result<()> {
    if amount <= Money::ZERO && !held.is_zero() {
        return Err(Error::invalid("amount", text!("must be more than zero")));
    }
    if amount > held || held.is_zero() {
        let held = settings::property(conn)?.money_in_words(held);
        return Err(Error::refused(Code::MoreThanOriginal, text!("{held} is held as a security.", held)));
    }
    Ok(())
}

/// Nobody leaves while something is held.
///
/// # Errors
/// 409 `balance-due` with what is held.
pub fn check_settled(conn: &Conn, stay: &Reservation) -> Result<()> {
    let held = held(conn, stay.id)?;
    if held.is_zero() {
        return Ok(());
    }
    let property = settings::property(conn)?;
    let detail = text!(
        "A security of {amount} is held. Give it back, or keep it for damage with a reason, then check out.",
        amount = property.money_in_words(held)
    );
    Err(Error::refused(Code::BalanceDue, detail).with("security", property.amount(held)))
}

/// A security is no payment of a bill.
pub(super) fn check_none(payment: &Payment) -> Result<()> {
    if payment.payment_type != PaymentType::Security {
        return Ok(());
    }
    Err(Error::refused(Code::IllegalTransition, text!("This is a security. Give it back on its reservation.")))
}
