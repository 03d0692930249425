//! `/api/reservations/{id}/security`, `…/deposit` and `/api/deposits`: what is held of guests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::reason;
use super::payments::ReferenceNumber;
use super::security::{self, NewSecurity};
use super::{UndoReason, deposit};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::id::ReservationId;
use crate::domain::money::{Amount, Decimal, Money};
use crate::domain::status::{Ledger, ReservationStatus};
use crate::domain::text::Line;
use crate::error::{Error, Result};
use crate::hotel::reservations;
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::view::{ReservationDetail, detail};
use crate::hotel::settings::{self, EntryName, Property};
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let held = &[Table::Posting, Table::Reservation];
    let of_stay = &[Table::Posting, Table::Reservation];
    vec![
        query("/api/deposits", "list_deposits", Access::READ, "What is held of guests, deposits and securities", held, list),
        query("/api/reservations/{id}/security", "find_security", Access::READ, "What is held of a stay", of_stay, show),
        command(
            Method::Post,
            "/api/reservations/{id}/security",
            "take_security",
            Access::DESK,
            "Take a security, which is held apart from the bill",
            take,
        )
        .creates(),
        command(
            Method::Post,
            "/api/reservations/{id}/security/return",
            "return_security",
            Access::DESK,
            "Give a security back",
            give_back,
        ),
        command(
            Method::Post,
            "/api/reservations/{id}/security/keep",
            "keep_security",
            Access::DESK,
            "Keep of a security what a damage costs",
            keep,
        ),
        command(
            Method::Post,
            "/api/reservations/{id}/deposit/return",
            "return_deposit",
            Access::DESK,
            "Give a deposit back",
            give_deposit_back,
        ),
        command(
            Method::Post,
            "/api/reservations/{id}/deposit/keep",
            "keep_deposit",
            Access::DESK,
            "Keep a deposit as a fee, of a stay that was cancelled or a no-show",
            keep_deposit,
        ),
    ]
}

/// Money of a guest that the hotel holds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HoldingView {
    /// deposit or security.
    ledger: Ledger,
    reservation_id: ReservationId,
    confirmation_number: String,
    guest_name: String,
    room_number: Option<String>,
    status: ReservationStatus,
    check_in_date: Date,
    check_out_date: Date,
    amount: Amount,
    /// Since when some of it is there.
    since: Date,
    /// Days from then to the business date.
    age_days: i64,
}

/// All that is held: securities, then deposits, each the oldest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HoldingsView {
    items: Vec<HoldingView>,
    deposits_amount: Amount,
    securities_amount: Amount,
}

fn list(conn: &Conn, _: NoParams) -> Result<HoldingsView> {
    let property = settings::property(conn)?;
    let found = security::list(conn)?;
    let sum = |ledger: Ledger| -> Money { found.iter().filter(|one| one.ledger == ledger).map(|one| one.amount).sum() };
    let (deposits_amount, securities_amount) = (property.amount(sum(Ledger::Deposit)), property.amount(sum(Ledger::Security)));
    let item = |one: security::Holding| HoldingView {
        ledger: one.ledger,
        reservation_id: one.reservation_id,
        confirmation_number: one.confirmation_number,
        guest_name: one.guest_name,
        room_number: one.room_number,
        status: one.status,
        check_in_date: one.check_in_date,
        check_out_date: one.check_out_date,
        amount: property.amount(one.amount),
        since: one.since,
        age_days: one.since.days_until(property.business_date).max(0),
    };
    Ok(HoldingsView { items: found.into_iter().map(item).collect(), deposits_amount, securities_amount })
}

/// What is held of a stay as a security.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SecurityView {
    held_amount: Amount,
    /// How it was left, the newest first.
    payment_methods: Vec<String>,
}

pub fn view(conn: &Conn, stay: ReservationId, property: &Property) -> Result<SecurityView> {
    let held = security::held(conn, stay)?;
    let left = if held.is_zero() { Vec::new() } else { security::payments_of(conn, stay)? };
    let mut payment_methods: Vec<String> =
        left.iter().rev().filter(|payment| !payment.left().is_zero()).map(|payment| payment.payment_method.clone()).collect();
    payment_methods.dedup();
    Ok(SecurityView { held_amount: property.amount(held), payment_methods })
}

fn show(conn: &Conn, at: ByReservation) -> Result<SecurityView> {
    view(conn, reservations::find(conn, at.id)?.id, &settings::property(conn)?)
}

/// A security to be taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityRequest {
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    payment_method: EntryName,
    #[serde(default)]
    reference_number: Option<ReferenceNumber>,
}

/// Takes it of a stay.
pub fn take_of(tx: &Tx, stay: ReservationId, body: SecurityRequest) -> Result<()> {
    let property = settings::property(tx)?;
    let reference_number = body.reference_number.unwrap_or_default().checked();
    let new = NewSecurity {
        amount: property.money("amount", &body.amount)?,
        payment_method: body.payment_method.into(),
        reference_number: reference_number.map_err(|wrong| Error::invalid("reference_number", wrong))?,
    };
    security::take(tx, stay, &new).map(|_| ())
}

fn take(tx: &Tx, at: ByReservation, body: SecurityRequest) -> Result<SecurityView> {
    take_of(tx, at.id, body)?;
    view(tx, at.id, &settings::property(tx)?)
}

/// What goes back, and how.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnRequest {
    /// All that is held when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    /// As it was left when left out.
    payment_method: Option<EntryName>,
    reason: Option<Line<{ UndoReason::MAX }>>,
}

fn give_back(tx: &Tx, at: ByReservation, body: ReturnRequest) -> Result<SecurityView> {
    let property = settings::property(tx)?;
    let amount = body.amount.map(|amount| property.money("amount", &amount)).transpose()?;
    let method = body.payment_method.map(String::from);
    let reason = body.reason.unwrap_or_default().checked().map_err(|wrong| Error::invalid("reason", wrong))?;
    security::give_back(tx, at.id, amount, method.as_deref(), &reason)?;
    view(tx, at.id, &property)
}

/// What is kept, and what for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepRequest {
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    /// What was damaged; stands on the bill.
    reason: UndoReason,
}

fn keep(tx: &Tx, at: ByReservation, body: KeepRequest) -> Result<SecurityView> {
    let property = settings::property(tx)?;
    let reason = body.reason.checked().map_err(|wrong| Error::invalid("reason", wrong))?;
    security::keep(tx, at.id, property.money("amount", &body.amount)?, &reason)?;
    view(tx, at.id, &property)
}

/// What of a deposit goes back, and how.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositReturn {
    /// All that is held when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    /// As it was paid when left out.
    payment_method: Option<EntryName>,
    reason: UndoReason,
}

/// What of a deposit is kept, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositKept {
    /// All that is held when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    /// Stands on the bill, and on the owner's list.
    reason: UndoReason,
}

fn give_deposit_back(tx: &Tx, at: ByReservation, body: DepositReturn) -> Result<ReservationDetail> {
    let property = settings::property(tx)?;
    let amount = body.amount.map(|amount| property.money("amount", &amount)).transpose()?;
    let method = body.payment_method.map(String::from);
    deposit::give_back(tx, at.id, amount, method.as_deref(), &reason(&body.reason)?)?;
    detail(tx, reservations::find(tx, at.id)?)
}

fn keep_deposit(tx: &Tx, at: ByReservation, body: DepositKept) -> Result<ReservationDetail> {
    let amount = body.amount.map(|amount| settings::property(tx)?.money("amount", &amount)).transpose()?;
    deposit::keep(tx, at.id, amount, &reason(&body.reason)?)?;
    detail(tx, reservations::find(tx, at.id)?)
}

/// How a security is settled while its guest leaves: what is not kept goes back.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettleSecurity {
    /// What a damage costs; nothing when left out.
    keep_amount: Option<Decimal>,
    /// What was damaged; stands on the bill.
    reason: Option<Line<{ UndoReason::MAX }>>,
    /// How the rest goes back; as it was left when left out.
    payment_method: Option<EntryName>,
}

/// Settles what is held of a stay.
pub fn settle_of(tx: &Tx, stay: ReservationId, body: SettleSecurity) -> Result<()> {
    let property = settings::property(tx)?;
    let reason = body.reason.unwrap_or_default().checked().map_err(|wrong| Error::invalid("reason", wrong))?;
    let keep = body.keep_amount.map(|amount| property.money("keep_amount", &amount)).transpose()?.unwrap_or(Money::ZERO);
    if !keep.is_zero() {
        security::keep(tx, stay, keep, &reason)?;
    }
    if !security::held(tx, stay)?.is_zero() {
        let method = body.payment_method.map(String::from);
        security::give_back(tx, stay, None, method.as_deref(), "")?;
    }
    Ok(())
}
