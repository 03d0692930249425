//! The owner's list: whatever makes the hotel receive less than it should have, with who, when,
//! how much and why; and how much of each kind a role may do to one stay.
//!
//! What is put on the list is an entry of the audit trail, written in the transaction of the
//! deed itself: neither is without the other, and neither is without its limit.

pub mod api;
pub mod limits;

use serde_json::{Value, json};

use crate::db::Table;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{FolioId, ReservationId, ShiftId};
use crate::domain::money::Money;
use crate::domain::restriction::Broken;
use crate::domain::status::{ReservationStatus, words};
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Result};
use crate::hotel::Slice;
use crate::hotel::audit;
use limits::Limit;

pub const SLICE: Slice = Slice {
    name: "exceptions",
    endpoints: |_| api::endpoints(),
    statements: &[STATEMENTS, limits::STATEMENTS],
    areas: &[("settings", &[Table::RoleLimit])],
    ..Slice::EMPTY
};

words!(
    /// What the owner is told of.
    Exception {
        Allowance = "allowance",
        TypedPrice = "typed_price",
        PriceLowered = "price_lowered",
        NightsDropped = "nights_dropped",
        UndoneCheckIn = "undone_check_in",
        WaivedFee = "waived_fee",
        TermsEased = "terms_eased",
        FeeTakenBack = "fee_taken_back",
        VoidedCharge = "voided_charge",
        VoidedPayment = "voided_payment",
        OtherMethod = "refund_by_another_method",
        AfterTheEnd = "after_the_end",
        RefundOfOwed = "refund_of_what_is_owed",
        ToAccount = "moved_to_account",
        Complimentary = "complimentary",
        HouseUse = "house_use",
        LevyExempted = "levy_exempted",
        AgainstRestriction = "against_restriction",
        CashShort = "cash_short",
        CashOver = "cash_over",
        NotCounted = "not_counted",
        FloatDiffers = "float_differs",
        PaidOut = "paid_out",
        OverCredit = "over_credit_limit",
        PaymentMoved = "payment_moved",
        ForeignRate = "foreign_rate",
        LeftOpen = "left_open",
    }
);

statements! {
    LISTED = "exceptions.listed": "SELECT coalesce(sum(json_extract(after, '$.amount_minor')), 0) FROM audit_log
        WHERE entity = ?1 AND entity_id = ?2 AND action = 'exception' AND json_extract(after, '$.kind') IN (?3, ?4)";
}

impl Exception {
    /// By which limit it is bounded; `None` = it is told and no more.
    fn limit(self) -> Option<Limit> {
        match self {
            Exception::Allowance => Some(Limit::Allowance),
            Exception::TypedPrice | Exception::PriceLowered => Some(Limit::Discount),
            Exception::WaivedFee | Exception::TermsEased => Some(Limit::WaivedFee),
            Exception::VoidedCharge | Exception::VoidedPayment => Some(Limit::Void),
            Exception::OtherMethod => Some(Limit::OtherMethod),
            Exception::AfterTheEnd | Exception::RefundOfOwed => Some(Limit::AfterTheEnd),
            Exception::Complimentary | Exception::HouseUse => Some(Limit::Complimentary),
            Exception::NightsDropped
            | Exception::ToAccount
            | Exception::UndoneCheckIn
            | Exception::FeeTakenBack
            | Exception::LevyExempted
            | Exception::AgainstRestriction
            | Exception::CashShort
            | Exception::CashOver
            | Exception::NotCounted
            | Exception::FloatDiffers
            | Exception::PaidOut
            | Exception::OverCredit
            | Exception::PaymentMoved
            | Exception::ForeignRate
            | Exception::LeftOpen => None,
        }
    }
}

impl Exception {
    /// What somebody is asked who gives no reason; `None` = the program itself does it, or nobody is asked.
    fn asks_why(self) -> Option<Text> {
        match self {
            Exception::ToAccount => Some(text!("Give a reason for moving this to an account that is not agreed.")),
            Exception::OverCredit => Some(text!("Give a reason for going over the credit limit.")),
            other => other.limit().map(Limit::asks_why),
        }
    }
}

impl Limit {
    /// What counts towards it.
    fn kinds(self) -> [Exception; 2] {
        match self {
            Limit::Allowance => [Exception::Allowance; 2],
            Limit::Discount => [Exception::TypedPrice, Exception::PriceLowered],
            Limit::WaivedFee => [Exception::WaivedFee, Exception::TermsEased],
            Limit::Void => [Exception::VoidedCharge, Exception::VoidedPayment],
            Limit::OtherMethod => [Exception::OtherMethod; 2],
            Limit::AfterTheEnd => [Exception::AfterTheEnd, Exception::RefundOfOwed],
            Limit::Complimentary => [Exception::Complimentary, Exception::HouseUse],
        }
    }
}

/// The stay that something was done to.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    pub id: ReservationId,
    pub status: ReservationStatus,
}

/// What an exception is about: a stay, or a folio of somebody who does not stay here.
#[derive(Debug, Clone, Copy)]
pub enum About {
    Stay(Stay),
    Folio(FolioId),
}

impl From<Stay> for About {
    fn from(stay: Stay) -> About {
        About::Stay(stay)
    }
}

impl From<FolioId> for About {
    fn from(folio: FolioId) -> About {
        About::Folio(folio)
    }
}

impl About {
    fn entity(self) -> (&'static str, i64) {
        match self {
            About::Stay(stay) => ("reservation", stay.id.0),
            About::Folio(folio) => ("folio", folio.0),
        }
    }

    fn status(self) -> Option<ReservationStatus> {
        match self {
            About::Stay(stay) => Some(stay.status),
            About::Folio(_) => None,
        }
    }
}

/// Puts something on the owner's list: what was taken off, or moved in another way.
///
/// # Errors
/// 409 `reason-needed` where nobody said why; `over-limit` when the role may not do so much to
/// one stay, with what was done to it before.
pub fn note(tx: &Tx, what: Exception, about: impl Into<About>, amount: Money, reason: Option<&str>) -> Result<()> {
    let about = about.into();
    let (entity, id) = about.entity();
    let amount = Money(amount.0.abs());
    let reason = reason.unwrap_or("").trim();
    if amount.is_zero() {
        return Ok(());
    }
    if let Some(why) = what.asks_why().filter(|_| reason.is_empty()) {
        return Err(Error::refused(Code::ReasonNeeded, why));
    }
    if let Some(limit) = what.limit() {
        limits::check(tx, limit, listed(tx, limit, about)?, amount)?;
    }
    let entry = json!({ "kind": what, "amount_minor": amount.0, "reason": reason, "status": about.status() });
    audit::record(tx, "exception", entity, id, &Value::Null, &entry)
}

/// Puts a stay on the owner's list that was sold although it breaks restrictions, with why.
pub fn note_against(tx: &Tx, broken: &[Broken], stay: Stay, reason: &str) -> Result<()> {
    let what = Exception::AgainstRestriction;
    let entry = json!({ "kind": what, "amount_minor": 0, "broken": broken, "reason": reason, "status": stay.status });
    audit::record(tx, "exception", "reservation", stay.id.0, &Value::Null, &entry)
}

/// Puts an exemption from city taxes on the owner's list, whatever it takes off as yet.
pub fn note_exemption(tx: &Tx, stay: Stay, amount: Money, reason: &str) -> Result<()> {
    let amount = Money(amount.0.max(0));
    let entry = json!({ "kind": Exception::LevyExempted, "amount_minor": amount.0, "reason": reason, "status": stay.status });
    audit::record(tx, "exception", "reservation", stay.id.0, &Value::Null, &entry)
}

/// Puts on the owner's list what of the cash of a shift is not as it should be, or left the drawer, in minor units of
/// its currency.
pub fn note_cash(tx: &Tx, what: Exception, shift: ShiftId, (amount, currency): (Money, &str), reason: &str) -> Result<()> {
    let entry = json!({ "kind": what, "amount_minor": amount.0.abs(), "currency": currency, "reason": reason });
    audit::record(tx, "exception", "shift", shift.0, &Value::Null, &entry)
}

/// What of a kind was done to a stay so far.
fn listed(conn: &Conn, limit: Limit, about: About) -> Result<Money> {
    let [one, other] = limit.kinds();
    let (entity, id) = about.entity();
    conn.scalar(&LISTED, (entity, id, one.as_str(), other.as_str()))
}
