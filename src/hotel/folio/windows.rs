//! Further windows of a stay: what of its bill somebody else pays.

use super::owner::{self, Folio, Window};
use super::{guard, store};
use crate::db::Tx;
use crate::domain::id::{CompanyId, FolioId, ReservationId, Version};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings::api::check_version;
use crate::hotel::{audit, companies, reservations};

/// Who pays a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payer {
    Company(CompanyId),
    /// By name; empty = the guest.
    Named(String),
}

impl Payer {
    fn row(&self) -> (Option<CompanyId>, &str) {
        match self {
            Payer::Company(id) => (Some(*id), ""),
            Payer::Named(name) => (None, name),
        }
    }

    fn check(&self, tx: &Tx) -> Result<()> {
        match self {
            Payer::Named(_) => Ok(()),
            Payer::Company(id) => match companies::find(tx, *id) {
                Err(Error::NotFound(_)) => Err(Error::invalid("payer_company_id", text!("does not exist"))),
                Err(error) => Err(error),
                Ok(company) if !company.is_active => {
                    Err(Error::invalid("payer_company_id", text!("is {name}, which is inactive", name = company.name)))
                }
                Ok(_) => Ok(()),
            },
        }
    }
}

/// Opens the next window of a stay.
///
/// # Errors
/// 409 when it has nine, or is over.
pub fn open(tx: &Tx, id: ReservationId, payer: &Payer) -> Result<Folio> {
    let stay = reservations::find(tx, id)?;
    guard::check_open(tx, &stay, guard::Posting::Charge)?;
    payer.check(tx)?;
    let taken: Vec<i64> = store::folios_of(tx, id)?.iter().map(|folio| folio.window).collect();
    let Some(window) = (2..=Window::MAX).find(|window| !taken.contains(window)) else {
        let detail = text!("A stay has at most {most} folios.", most = Window::MAX);
        return Err(Error::refused(Code::StillInUse, detail));
    };
    let made = owner::find(tx, store::open_window(tx, id, window, payer.row())?)?;
    audit::record(tx, "open_folio", "reservation", id.0, &audit::NOTHING, &facts(&made))?;
    Ok(made)
}

/// What of a window changes.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub payer: Option<Payer>,
    pub is_closed: Option<bool>,
    pub version: Option<Version>,
}

/// Changes who pays a window or a house account, closes it at zero, opens it again.
///
/// # Errors
/// 409 for the guest's own window, and for closing what has a balance.
pub fn change(tx: &Tx, id: FolioId, change: &Change) -> Result<Folio> {
    let before = owner::find(tx, id)?;
    check_version(change.version, before.version)?;
    let is_own = matches!(before.owner(), owner::Owner::House(_)) || before.window > 1;
    if !is_own {
        return Err(Error::refused(Code::IllegalTransition, text!("This folio opens and closes with whom it is for.")));
    }
    if let Some(payer) = &change.payer {
        payer.check(tx)?;
    }
    let stored = match before.payer_company_id {
        Some(company) => Payer::Company(company),
        None => Payer::Named(before.typed_payer.clone()),
    };
    let payer = change.payer.as_ref().unwrap_or(&stored);
    if before.kind == owner::FolioKind::House && !matches!(payer, Payer::Named(name) if !name.is_empty()) {
        return Err(Error::invalid("payer_name", text!("is missing")));
    }
    let is_closed = change.is_closed.unwrap_or(before.is_closed);
    if is_closed && !before.is_closed && !before.balance.is_zero() {
        let detail = text!("Something is open on this folio. Settle it first.");
        return Err(Error::refused(Code::BalanceDue, detail));
    }
    store::change_folio(tx, id, payer.row(), is_closed)?;
    let after = owner::find(tx, id)?;
    let about = super::about(before.reservation_id, before.id);
    audit::record(tx, "change_folio", about.0, about.1, &facts(&before), &facts(&after))?;
    Ok(after)
}

/// What the trail tells of a folio: who pays by name only where that is no guest.
fn facts(folio: &Folio) -> serde_json::Value {
    serde_json::json!({
        "folio_id": folio.id, "window": folio.window, "payer_company_id": folio.payer_company_id, "is_closed": folio.is_closed,
    })
}
