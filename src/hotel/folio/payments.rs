//! Money received and given back.

use super::deposit;
use super::drawer;
use super::guard::{self, Posting};
use super::lines::{self, Line};
use super::owner::{self, Folio, Owner};
use super::security;
use super::store;
use super::tender::{self, Handed};
use super::transfers;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{FolioId, PaymentId, ReservationId, ShiftId};
use crate::domain::money::Money;
use crate::domain::status::{MethodKind, PaymentKind, PaymentType};
use crate::domain::text::Line as LineOfText;
use crate::domain::wording::{Value, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::reservations::Reservation;
use crate::hotel::settings::store::{ListEntry, ListKind};
use crate::hotel::{audit, reservations, settings, vouchers};

pub type ReferenceNumber = LineOfText<100>;
pub type PaymentNotes = LineOfText<500>;

record! {
    /// Money received, or given back (negative, with what it reverses).
    #[derive(Debug, Clone, PartialEq)]
    pub struct Payment {
        pub id: PaymentId,
        /// Where it was posted; parts of it may have been moved since.
        pub folio_id: FolioId,
        /// The stay it is for; `None` of a company, a group or a house account.
        pub reservation_id: Option<ReservationId>,
        pub confirmation_number: Option<String> = "(SELECT confirmation_number FROM reservation WHERE reservation.id = payment.reservation_id)",
        pub guest_name: Option<String> = "(SELECT guest_name FROM reservation WHERE reservation.id = payment.reservation_id)",
        /// Whose folio it is, unless that is the guest's own.
        pub other_payer: Option<String> = "(SELECT coalesce((SELECT c.name FROM company AS c WHERE c.id = coalesce(f.payer_company_id, f.company_id)),
                nullif(f.payer_name, ''), (SELECT g.name FROM booking_group AS g WHERE g.id = f.group_id))
            FROM folio AS f WHERE f.id = payment.folio_id AND (f.kind <> 'stay' OR f.window > 1))",
        pub kind: PaymentKind,
        pub amount: Money,
        pub payment_method: String,
        pub payment_type: PaymentType,
        pub business_date: Date,
        pub reference_number: String,
        pub notes: String,
        pub reverses_id: Option<PaymentId>,
        /// Of cash: the shift that it came into, or went out of.
        pub shift_id: Option<ShiftId>,
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
    /// Whose folio it is paid on.
    pub owner: Owner,
    pub amount: Money,
    pub payment_method: String,
    pub payment_type: PaymentType,
    /// The business date when `None`.
    pub payment_date: Option<Date>,
    pub reference_number: String,
    pub notes: String,
    pub handed: Handed,
}

pub fn find(conn: &Conn, id: PaymentId) -> Result<Payment> {
    store::find_payment(conn, id)?.ok_or_else(|| Error::NotFound(text!("This payment does not exist.")))
}

/// Takes a payment, as far as the folio takes one.
pub fn pay(tx: &Tx, new: &NewPayment) -> Result<Payment> {
    if new.amount > Money::ZERO
        && let Some(stay) = new.owner.stay()
        && let Ok(stay) = reservations::find(tx, stay)
    {
        guard::check_open(tx, &stay, Posting::Payment(new.amount - new.handed.tip))?;
    }
    super::check_taking(tx, new.owner)?;
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
    let is_own = text!("is taken by itself, as a security of the stay");
    fields.ensure(new.payment_type != PaymentType::Security, "payment_type", is_own);
    fields.finish()?;
    let method = method(tx, &new.payment_method)?;
    let ledger = match owner::ledger_of_money(tx, new.owner) {
        Err(Error::NotFound(_)) => return Err(Error::invalid("reservation_id", text!("is not a reservation's id"))),
        found => found?,
    };
    let taken = tender::check(tx, new, method.kind.unwrap_or(MethodKind::Other))?;
    let voucher = match method.kind {
        Some(MethodKind::Voucher) => Some(vouchers::check(tx, new.handed.voucher.as_deref(), taken.amount)?),
        _ => None,
    };
    let row = store::NewRow {
        folio_id: store::folio_of(tx, new.owner)?,
        reservation_id: new.owner.stay(),
        ledger,
        kind: PaymentKind::Payment,
        amount: taken.amount,
        payment_method: &method.name,
        payment_type: new.payment_type,
        business_date: today,
        reference_number: voucher.as_ref().map_or(&new.reference_number, |voucher| &voucher.code),
        notes: &new.notes,
        reverses_id: None,
        shift_id: drawer::shift_of(tx, method.kind)?,
    };
    let paid = record(tx, "pay", &row)?;
    tender::post_along(tx, new, paid.id, taken)?;
    if let Some(voucher) = voucher {
        vouchers::redeem(tx, &voucher, taken.amount, paid.id.0)?;
    }
    Ok(paid)
}

/// Takes what settles a stay: on each of its folios what is open there, as far as the amount goes; what is over goes to
/// the guest's own. Cash for all of it comes to whole coins, on each folio and together.
pub fn take_on_windows(tx: &Tx, stay: ReservationId, new: &NewPayment) -> Result<()> {
    let property = settings::property(tx)?;
    let mut open: Vec<(i64, Money)> =
        store::folios_of(tx, stay)?.into_iter().map(|folio| (folio.window, folio.balance)).collect();
    open.retain(|(_, balance)| *balance > Money::ZERO);
    let (owed, paid): (Money, Money) = (open.iter().map(|(_, owed)| *owed).sum(), new.amount - new.handed.tip);
    let whole = owed.to_coin(property.smallest_coin);
    let is_cash = method(tx, &new.payment_method)?.kind == Some(MethodKind::Cash);
    let is_in_coins = is_cash && whole > Money::ZERO && [owed, whole].contains(&paid);
    let parts = if is_in_coins { open } else { spread(open, paid) };
    let bills: Vec<Money> = parts.iter().map(|(_, part)| *part).collect();
    let coins = if is_in_coins { tender::in_coins(&bills, property.smallest_coin) } else { bills };
    let (paid, too_small): (Vec<_>, Vec<_>) = parts.into_iter().zip(coins).partition(|(_, coins)| *coins > Money::ZERO);
    let mut amounts: Vec<Money> = paid.iter().map(|(_, coins)| *coins).collect();
    if let Some(last) = amounts.last_mut() {
        *last = *last + new.handed.tip;
    }
    new.handed.given_for(amounts.iter().copied().sum(), &property)?;
    let mut last = None;
    for ((((window, part), coins), amount), handed) in paid.into_iter().zip(&amounts).zip(new.handed.shared(&amounts)) {
        let handed = Handed { rounding: coins - part, is_whole: false, ..handed };
        let owner = Owner::Stay { id: stay, window };
        last = Some(take(tx, &NewPayment { owner, amount: *amount, handed, ..new.clone() })?.id);
    }
    // No coin is small enough for what stands there alone: it goes with the others.
    let Some(last) = last else { return Ok(()) };
    for ((window, part), _) in too_small {
        tender::post_rounding(tx, Owner::Stay { id: stay, window }, last, -part)?;
    }
    Ok(())
}

/// An amount over what is open on folios, as far as it goes; what is over on the guest's own.
fn spread(open: Vec<(i64, Money)>, amount: Money) -> Vec<(i64, Money)> {
    let mut rest = amount;
    let mut parts = Vec::with_capacity(open.len());
    for (window, owed) in open {
        let part = owed.min(rest);
        if part > Money::ZERO {
            rest = rest - part;
            parts.push((window, part));
        }
    }
    match parts.iter_mut().find(|(window, _)| *window == 1) {
        Some((_, part)) => *part = *part + rest,
        None if rest.is_zero() => {}
        None => parts.push((1, rest)),
    }
    parts
}

/// An active payment method, as the list spells it.
pub(super) fn method(tx: &Tx, given: &str) -> Result<ListEntry> {
    match ListKind::PaymentMethods.find_named(tx, given.trim())? {
        Some(entry) if entry.is_active => Ok(entry),
        _ => Err(Error::invalid("payment_method", text!("is not one of the payment methods"))),
    }
}

pub(super) fn record(tx: &Tx, action: &str, row: &store::NewRow) -> Result<Payment> {
    let id = store::insert_payment(tx, row)?;
    if let Some(stay) = row.reservation_id {
        deposit::settle(tx, stay)?;
    }
    let made = find(tx, id)?;
    let about = super::about(row.reservation_id, row.folio_id);
    audit::record(tx, action, about.0, about.1, &audit::NOTHING, &facts(&made))?;
    Ok(made)
}

/// What the trail tells of a payment.
fn facts(made: &Payment) -> serde_json::Value {
    serde_json::json!({
        "payment_id": made.id,
        "kind": made.kind,
        "amount_minor": made.amount.0,
        "payment_method": made.payment_method,
        "reverses_id": made.reverses_id,
        "notes": made.notes,
    })
}

/// The payments of which something stands on a folio, wherever they were taken, and how much.
pub fn standing_on(conn: &Conn, folio: FolioId) -> Result<Vec<(Payment, Money)>> {
    let taken = store::payments_on(conn, folio)?.into_iter().filter(|payment| payment.kind == PaymentKind::Payment);
    let came = transfers::on_folio(conn, folio)?.into_iter().filter(|transfer| transfer.is_of_payment);
    let mut ids: Vec<i64> = taken.map(|payment| payment.id.0).chain(came.filter_map(|transfer| transfer.moves_id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut out = Vec::new();
    for id in ids {
        let stands = -lines::on_folio(conn, id, folio)?;
        if !stands.is_zero() {
            out.push((find(conn, PaymentId(id))?, stands));
        }
    }
    Ok(out)
}

/// Undoes a payment on the business date it was taken.
pub fn void(tx: &Tx, id: PaymentId, reason: &str) -> Result<Payment> {
    let original = original(tx, id)?;
    security::check_none(&original)?;
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
    let stay = original.reservation_id.map(|stay| reservations::find(tx, stay)).transpose()?;
    if let Some(stay) = &stay {
        guard::check_open(tx, stay, Posting::VoidedPayment(original.amount))?;
    }
    lines::gather(tx, &Line::Payment(original.clone()), reason)?;
    let home = owner::find(tx, original.folio_id)?;
    home.check_open()?;
    let void = reverse(tx, &original, &home, PaymentKind::Void, original.amount, &original.payment_method, reason)?;
    tender::take_back(tx, id, reason)?;
    tender::hand_back(tx, id, void)?;
    vouchers::give_back(tx, id.0, original.amount, void.0)?;
    exceptions::note(tx, Exception::VoidedPayment, noted(&original, stay.as_ref()), original.amount, Some(reason))?;
    if let Some(stay) = stay.filter(|stay| original.amount > -stay.balance()) {
        guard::note_after_the_end(tx, &stay, original.amount, reason)?;
    }
    find(tx, id)
}

/// Gives back all or part of a payment.
pub fn refund(tx: &Tx, id: PaymentId, amount: Option<Money>, payment_method: Option<&str>, reason: &str) -> Result<Payment> {
    let original = original(tx, id)?;
    security::check_none(&original)?;
    let left = original.left();
    let amount = amount.unwrap_or(left);
    if amount <= Money::ZERO && !left.is_zero() {
        return Err(Error::invalid("amount", text!("must be more than zero")));
    }
    if amount > left || left.is_zero() {
        let detail = text!("A refund cannot be more than what is left of the payment.");
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    give_back_of(tx, (&original, None), amount, payment_method, reason)?;
    find(tx, id)
}

/// By the method it was paid by, even one that is not taken any more; or by another. Off one folio, or wherever it stands.
fn give_back_of(
    tx: &Tx,
    (original, only): (&Payment, Option<FolioId>),
    amount: Money,
    other_method: Option<&str>,
    reason: &str,
) -> Result<()> {
    let payment_method = match other_method {
        Some(other) if other.trim() != original.payment_method => other_way(tx, other)?,
        _ => original.payment_method.clone(),
    };
    let stay = original.reservation_id.map(|stay| reservations::find(tx, stay)).transpose()?;
    let whole = cash_back(tx, original, amount, &payment_method)?;
    let mut rest = whole;
    let places = places_of(tx, original)?.into_iter().filter(|(folio, _)| only.is_none_or(|only| only == folio.id));
    for (folio, stands) in places {
        let part = (-stands).min(rest).max(Money::ZERO);
        if part.is_zero() {
            continue;
        }
        rest = rest - part;
        // A coin more than is owed is rounding.
        let rounded_up = if rest.is_zero() { (whole - amount).max(Money::ZERO) } else { Money::ZERO };
        guard::check_folio(tx, &folio, Posting::Refund(part - rounded_up))?;
        guard::note_refund_elsewhere(tx, stay.as_ref(), &folio, part, reason)?;
        let refund = reverse(tx, original, &folio, PaymentKind::Refund, part, &payment_method, reason)?;
        if payment_method == original.payment_method {
            vouchers::give_back(tx, original.id.0, part, refund.0)?;
        }
        if rest.is_zero() {
            tender::post_rounding(tx, folio.owner(), refund, amount - whole)?;
        }
    }
    if find(tx, original.id)?.left().is_zero() {
        tender::take_back(tx, original.id, reason)?;
    }
    if payment_method == original.payment_method {
        return Ok(());
    }
    exceptions::note(tx, Exception::OtherMethod, noted(original, stay.as_ref()), amount, Some(reason))
}

/// Another method than it was paid by; a voucher takes back only what it paid.
fn other_way(tx: &Tx, given: &str) -> Result<String> {
    let method = method(tx, given)?;
    if method.kind == Some(MethodKind::Voucher) {
        return Err(Error::invalid("payment_method", text!("must be another: a voucher takes back only what it paid")));
    }
    Ok(method.name)
}

/// What is handed out of an amount: in cash to the nearest coin, never more than is left of the payment.
fn cash_back(tx: &Tx, original: &Payment, amount: Money, payment_method: &str) -> Result<Money> {
    let (coin, left) = (settings::property(tx)?.smallest_coin, original.left());
    let is_cash = !coin.is_zero() && drawer::kind_of(tx, original, payment_method)? == Some(MethodKind::Cash);
    let whole = if is_cash && amount != left { amount.to_coin(coin) } else { amount };
    Ok(if whole.is_zero() || whole > left { amount } else { whole })
}

/// The folios on which a payment stands: those first on which more was paid than is owed, then where it was taken.
fn places_of(conn: &Conn, payment: &Payment) -> Result<Vec<(Folio, Money)>> {
    let mut places = lines::standing(conn, payment.id.0)?
        .into_iter()
        .map(|(folio, stands)| Ok((owner::find(conn, folio)?, stands)))
        .collect::<Result<Vec<(Folio, Money)>>>()?;
    places.sort_by_key(|(folio, _)| (folio.balance.min(Money::ZERO), folio.id != payment.folio_id));
    Ok(places)
}

/// What an exception of a payment is about.
fn noted(payment: &Payment, stay: Option<&Reservation>) -> exceptions::About {
    stay.map_or_else(|| payment.folio_id.into(), |stay| stay.noted().into())
}

/// Gives an amount back on the folios of a stay on which too much was paid: nobody's money pays for another.
pub fn give_back(tx: &Tx, reservation: ReservationId, amount: Money, payment_method: Option<&str>, reason: &str) -> Result<()> {
    let over: Vec<(FolioId, Money)> =
        store::folios_of(tx, reservation)?.iter().map(|folio| (folio.id, (-folio.balance).max(Money::ZERO))).collect();
    let plan = refund_plan(tx, &over, amount)?;
    if plan.iter().map(|back| back.amount).sum::<Money>() != amount {
        let detail = text!("A refund cannot be more than what is left of the payments.");
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    for Back { payment, folio, amount } in &plan {
        give_back_of(tx, (payment, Some(*folio)), *amount, payment_method, reason)?;
    }
    Ok(())
}

/// Of which payments an amount goes back: the newest first, none more than is left of it.
pub fn newest_first(payments: &[Payment], amount: Money) -> Vec<(&Payment, Money)> {
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

/// What goes back of a payment, off which folio.
#[derive(Debug, Clone)]
pub struct Back {
    pub payment: Payment,
    pub folio: FolioId,
    pub amount: Money,
}

/// Which payments an amount would be given back of: on each folio no more than is over there, the newest first, none more
/// than stands there and is left of it.
pub fn refund_plan(conn: &Conn, over: &[(FolioId, Money)], amount: Money) -> Result<Vec<Back>> {
    let (mut owed, mut plan) = (amount, Vec::<Back>::new());
    for (folio, most) in over {
        let mut here = owed.min(*most);
        if here <= Money::ZERO {
            continue;
        }
        for (payment, stands) in standing_on(conn, *folio)?.into_iter().rev() {
            let used: Money = plan.iter().filter(|back| back.payment.id == payment.id).map(|back| back.amount).sum();
            let part = stands.min(payment.left() - used).min(here);
            if part > Money::ZERO {
                (owed, here) = (owed - part, here - part);
                plan.push(Back { payment, folio: *folio, amount: part });
            }
        }
    }
    Ok(plan)
}

/// What is over on the folios on which a payment stands, as far as it stands there.
pub fn over_where_it_stands(conn: &Conn, payment: &Payment) -> Result<Money> {
    let mut sum = Money::ZERO;
    for (folio, stands) in places_of(conn, payment)? {
        // The nights to come are the guest's to pay.
        let to_come = match folio.owner() {
            Owner::Stay { id, window: 1 } => reservations::find(conn, id)?.unposted_amount,
            _ => Money::ZERO,
        };
        sum = sum + (-(folio.balance + to_come)).min(-stands).max(Money::ZERO);
    }
    Ok(sum)
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

fn reverse(
    tx: &Tx,
    original: &Payment,
    folio: &Folio,
    kind: PaymentKind,
    amount: Money,
    payment_method: &str,
    reason: &str,
) -> Result<PaymentId> {
    let row = store::NewRow {
        folio_id: folio.id,
        reservation_id: original.reservation_id,
        ledger: owner::ledger_of_money(tx, folio.owner())?,
        kind,
        amount: -amount,
        payment_method,
        payment_type: original.payment_type,
        business_date: settings::business_date(tx)?,
        reference_number: &original.reference_number,
        notes: reason,
        reverses_id: Some(original.id),
        shift_id: drawer::shift_of(tx, drawer::kind_of(tx, original, payment_method)?)?,
    };
    let made = record(tx, kind.as_str(), &row)?;
    if let Some(other) = folio.reservation_id.filter(|stay| Some(*stay) != original.reservation_id) {
        deposit::settle(tx, other)?;
        audit::record(tx, kind.as_str(), "reservation", other.0, &audit::NOTHING, &facts(&made))?;
    }
    Ok(made.id)
}
