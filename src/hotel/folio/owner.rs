//! Whose folio it is: a window of a stay, a company's, a group's, or an account of the house.

use super::store;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::id::{CompanyId, FolioId, GroupId, ReservationId};
use crate::domain::money::Money;
use crate::domain::number::Within;
use crate::domain::status::{Ledger, ReservationStatus, words};
use crate::domain::text::Line;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::reservations;

words!(
    /// What a folio is for.
    FolioKind { Stay = "stay", Company = "company", Group = "group", House = "house", Security = "security" }
);

/// Windows of a stay: the first is the guest's.
pub type Window = Within<1, 9>;
/// Who pays a window, or what a house account is called.
pub type PayerName = Line<200>;

/// Whose folio something is posted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Stay { id: ReservationId, window: i64 },
    Company(CompanyId),
    Group(GroupId),
    House(FolioId),
}

impl Owner {
    /// The guest's own window of a stay.
    pub fn guest(id: ReservationId) -> Owner {
        Owner::Stay { id, window: 1 }
    }

    /// The stay, of a window of one.
    pub fn stay(self) -> Option<ReservationId> {
        match self {
            Owner::Stay { id, .. } => Some(id),
            Owner::Company(_) | Owner::Group(_) | Owner::House(_) => None,
        }
    }

    /// Whose money charges on it are.
    pub fn ledger(self) -> Ledger {
        match self {
            Owner::Stay { .. } | Owner::Group(_) => Ledger::Guest,
            Owner::Company(_) => Ledger::Company,
            Owner::House(_) => Ledger::House,
        }
    }
}

record! {
    /// The bill of one payer.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Folio {
        pub id: FolioId,
        pub kind: FolioKind,
        pub reservation_id: Option<ReservationId>,
        pub company_id: Option<CompanyId>,
        pub group_id: Option<GroupId>,
        pub window: i64,
        pub payer_company_id: Option<CompanyId>,
        /// As it was typed: of a window whose payer is no company, and of a house account.
        pub typed_payer: String = "folio.payer_name",
        pub is_closed: bool,
        pub balance: Money,
        pub version: i64,
        /// Who pays it.
        pub payer_name: String = "coalesce((SELECT c.name FROM company AS c WHERE c.id = coalesce(folio.payer_company_id, folio.company_id)),
            nullif(folio.payer_name, ''), (SELECT r.guest_name FROM reservation AS r WHERE r.id = folio.reservation_id),
            (SELECT g.name FROM booking_group AS g WHERE g.id = folio.group_id), '')",
    }
}

impl Folio {
    pub fn owner(&self) -> Owner {
        match (self.reservation_id, self.company_id, self.group_id) {
            (Some(id), _, _) => Owner::Stay { id, window: self.window },
            (None, Some(id), _) => Owner::Company(id),
            (None, None, Some(id)) => Owner::Group(id),
            (None, None, None) => Owner::House(self.id),
        }
    }

    /// # Errors
    /// 409 `folio-closed` for one that was closed.
    pub fn check_open(&self) -> Result<()> {
        if !self.is_closed {
            return Ok(());
        }
        let detail = text!("The folio of {payer} is closed. Open it again first.", payer = &self.payer_name);
        Err(Error::refused(Code::FolioClosed, detail))
    }
}

/// # Errors
/// `NotFound` when there is no such folio.
pub fn find(conn: &Conn, id: FolioId) -> Result<Folio> {
    store::find_folio(conn, id)?.ok_or_else(|| Error::NotFound(text!("This folio does not exist.")))
}

/// The folio of somebody, as it is now; `None` while nothing was posted to it.
pub fn known(conn: &Conn, owner: Owner) -> Result<Option<Folio>> {
    match store::known_folio(conn, owner)? {
        Some(id) => find(conn, id).map(Some),
        None => Ok(None),
    }
}

/// The folio that something is about to be posted to, made where it has none yet.
///
/// # Errors
/// `Invalid` on `window` for a window that nobody has opened.
pub fn open(tx: &Tx, owner: Owner) -> Result<Folio> {
    find(tx, store::folio_of(tx, owner)?)
}

/// Where money comes in on a folio, or goes out of it.
pub fn ledger_of_money(conn: &Conn, owner: Owner) -> Result<Ledger> {
    match owner {
        Owner::Stay { id, .. } => Ok(super::deposit::ledger_of(reservations::find(conn, id)?.status)),
        Owner::Company(_) | Owner::Group(_) | Owner::House(_) => Ok(owner.ledger()),
    }
}

/// Whether money of a stay of this state may leave for a folio that is none of its own: what was paid ahead stays.
pub fn is_earned(status: ReservationStatus) -> bool {
    super::deposit::ledger_of(status) == Ledger::Guest
}
