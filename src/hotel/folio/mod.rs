//! The folio of a reservation: what is owed and what was paid.
//!
//! Both ledgers are append-only. A mistake is voided on its own business date,
//! and given back by a refund or an allowance afterwards; never more than the
//! original.

pub mod api;
pub mod payments;
pub mod store;
pub mod totals;

use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ChargeId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::ChargeKind;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::reservations::{self, Night, NightKind};
use crate::hotel::{audit, settings};

/// A line of the folio.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge {
    pub id: ChargeId,
    pub reservation_id: ReservationId,
    pub business_date: Date,
    pub night: Option<Date>,
    pub kind: ChargeKind,
    pub description: String,
    pub quantity: i64,
    pub unit_amount: Money,
    pub amount: Money,
    pub reverses_id: Option<ChargeId>,
    pub created_at: Instant,
    pub created_by: String,
    /// Another line takes this one back.
    pub is_voided: bool,
}

/// A line to be booked.
#[derive(Debug, Clone)]
pub struct NewCharge {
    pub reservation_id: ReservationId,
    pub night: Option<Date>,
    pub kind: ChargeKind,
    pub description: String,
    pub quantity: i64,
    pub unit_amount: Money,
    pub reverses_id: Option<ChargeId>,
}

pub fn find(conn: &Conn, id: ChargeId) -> Result<Charge> {
    store::find_charge(conn, id)?.ok_or_else(|| Error::not_found("This charge"))
}

/// Books a line.
pub fn charge(tx: &Tx, new: &NewCharge) -> Result<Charge> {
    let mut fields = Fields::default();
    fields.ensure((1..=10_000).contains(&new.quantity), "quantity", "must be from 1 to 10000");
    let amount = new.unit_amount.times(new.quantity).filter(|a| a.0.abs() <= crate::domain::money::MAX_INPUT);
    fields.ensure(amount.is_some(), "unit_amount", "is larger than any amount taken here");
    fields.finish()?;
    let date = settings::business_date(tx)?;
    let id = store::insert_charge(tx, new, amount.unwrap_or_default(), date)?;
    let made = find(tx, id)?;
    audit::record(
        tx,
        "charge",
        "reservation",
        new.reservation_id.0,
        &serde_json::Value::Null,
        &serde_json::json!({"charge_id": id, "kind": made.kind, "description": made.description, "amount_minor": made.amount.0}),
    )?;
    Ok(made)
}

/// Adds something to the bill of an open stay: an extra, an adjustment, an allowance.
pub fn add(tx: &Tx, new: NewCharge) -> Result<Charge> {
    let reservation = reservations::find(tx, new.reservation_id)?;
    let unit = match new.kind {
        ChargeKind::Extra => {
            if new.unit_amount.is_negative() || new.unit_amount.is_zero() {
                return Err(Error::invalid("unit_amount", "must be more than zero; give an allowance to take something off"));
            }
            new.unit_amount
        }
        // An allowance takes off, whichever sign it was typed with.
        ChargeKind::Allowance => Money(-new.unit_amount.0.abs()),
        ChargeKind::Adjustment => new.unit_amount,
        ChargeKind::Room | ChargeKind::CancellationFee | ChargeKind::NoShowFee | ChargeKind::Void => {
            return Err(Error::invalid("kind", "must be extra, adjustment or allowance"));
        }
    };
    if unit.is_zero() {
        return Err(Error::invalid("unit_amount", "must not be zero"));
    }
    let owed = reservation.total_amount();
    let off = unit.times(new.quantity).unwrap_or_default();
    if off.is_negative() && (owed + off).is_negative() {
        let detail = "This takes off more than is on the bill; the most that can be taken off is the bill itself.";
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    charge(tx, &NewCharge { unit_amount: unit, ..new })
}

/// Takes a line back on the business date it was booked.
pub fn void(tx: &Tx, reservation: ReservationId, id: ChargeId, reason: &str) -> Result<Charge> {
    let original = find(tx, id)?;
    if original.reservation_id != reservation {
        return Err(Error::not_found("This charge"));
    }
    check_voidable(&original, settings::business_date(tx)?)?;
    let description = format!("Void: {reason}").chars().take(200).collect();
    let new = NewCharge {
        reservation_id: original.reservation_id,
        night: original.night,
        kind: ChargeKind::Void,
        description,
        quantity: 1,
        unit_amount: -original.amount,
        reverses_id: Some(original.id),
    };
    charge(tx, &new)
}

fn check_voidable(original: &Charge, today: Date) -> Result<()> {
    if original.kind == ChargeKind::Void || original.is_voided {
        return Err(Error::refused(Code::AlreadyReversed, "This charge has been voided already."));
    }
    if original.kind == ChargeKind::Room {
        let detail = "The charge of a night is not voided; give an allowance instead.";
        return Err(Error::refused(Code::LedgerIsAppendOnly, detail));
    }
    if original.business_date != today {
        let detail = format!(
            "This was booked on {}; after its business date it cannot be voided. Give an allowance instead.",
            original.business_date
        );
        return Err(Error::refused(Code::WrongDate, detail));
    }
    Ok(())
}

/// Posts the held nights that are not posted yet, each exactly once.
pub fn post_nights(tx: &Tx, id: ReservationId, nights: &mut [Night]) -> Result<()> {
    for night in nights.iter_mut().filter(|n| n.is_held && !n.is_posted) {
        let description = match night.kind {
            NightKind::Night => format!("Night of {}", night.night),
            NightKind::DayUse => format!("Day use on {}", night.night),
        };
        let new = NewCharge {
            reservation_id: id,
            night: Some(night.night),
            kind: ChargeKind::Room,
            description,
            quantity: 1,
            unit_amount: night.rate,
            reverses_id: None,
        };
        let date = settings::business_date(tx)?;
        store::insert_charge(tx, &new, night.rate, date)?;
        night.is_posted = true;
    }
    Ok(())
}

/// Takes a fee back: voided on its own business date, an allowance afterwards.
pub fn take_back_fee(tx: &Tx, id: ReservationId) -> Result<()> {
    let today = settings::business_date(tx)?;
    let is_fee =
        |c: &Charge| matches!(c.kind, ChargeKind::CancellationFee | ChargeKind::NoShowFee) && !c.is_voided && !c.amount.is_zero();
    for fee in store::charges_of(tx, id)?.into_iter().filter(is_fee) {
        if fee.business_date == today {
            void(tx, id, fee.id, "reinstated")?;
            continue;
        }
        let already = store::charges_of(tx, id)?
            .iter()
            .any(|c| c.kind == ChargeKind::Allowance && !c.is_voided && c.id > fee.id && c.amount == -fee.amount);
        if !already {
            let description = format!("Allowance for {}", fee.description.to_lowercase());
            let unit_amount = -fee.amount;
            charge(
                tx,
                &NewCharge {
                    reservation_id: id,
                    night: None,
                    kind: ChargeKind::Allowance,
                    description,
                    quantity: 1,
                    unit_amount,
                    reverses_id: None,
                },
            )?;
        }
    }
    Ok(())
}
