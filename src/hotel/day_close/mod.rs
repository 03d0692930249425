//! The close of a business day: what would stop it, what it will post, and the steps that carry it out.
//!
//! Each step is a transaction with a row of its own (`steps`), so that whoever comes next goes on where the last one
//! was interrupted, and none is done twice. What is open (`open`) is decided before anything is posted (`decisions`);
//! once posting has begun, nothing is asked any more. Nobody else moves the business date on.

pub mod api;
pub mod checks;
pub mod decisions;
pub mod last_api;
pub mod ledger;
pub mod open;
pub mod plan;
pub mod plan_api;
pub mod preview;
pub mod steps;
pub mod store;
pub mod undo;

use crate::db::record::record;
use crate::db::{Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{DayCloseId, DecisionId, ReservationId, ShiftId};
use crate::domain::money::Money;
use crate::domain::status::{ReservationStatus, words};
use crate::error::Result;
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::{self, Night, People, save};
use crate::hotel::{Slice, audit, folio};

pub const SLICE: Slice = Slice {
    name: "day_close",
    is_workflow: true,
    endpoints: |_| [api::endpoints(), last_api::endpoints(), plan_api::endpoints()].into_iter().flatten().collect(),
    statements: &[store::STATEMENTS, open::STATEMENTS, ledger::STATEMENTS, plan::STATEMENTS, checks::STATEMENTS],
    jobs: |_| plan::jobs(),
    areas: &[("day_close", &[Table::DayClose, Table::DayCloseStep, Table::DayCloseDecision, Table::DayClosePlan])],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

words!(
    /// A step of a close, in their order.
    Step {
        /// It may be closed: nothing is left to be decided, the ledgers balance.
        Freeze = "freeze",
        /// What was decided before anything is posted: longer stays, options that are let go.
        Decisions = "decisions",
        /// The night of everybody who stays on.
        Postings = "postings",
        NoShows = "no_shows",
        Drawers = "drawers",
        /// Rooms that were slept in are dirty.
        Rooms = "rooms",
        /// What the day came to.
        Snapshot = "snapshot",
        /// The next day is open; who is overdue has the room held and the night on the bill.
        Roll = "roll",
        /// A back-up of the closed day is ordered.
        Reports = "reports",
    }
);

words!(
    /// What is done at the close with something open.
    Choice {
        NoShow = "no_show",
        /// It stays open: the guest may still come, is overdue, owes, counts tomorrow.
        Carry = "carry",
        /// One night more, by the rates of the stay.
        Extend = "extend",
        /// A tentative booking is let go, free of charge.
        Release = "release",
        /// The shift of a drawer that nobody has counted is closed all the same.
        Uncounted = "uncounted",
    }
);

record! {
    /// The close of a day.
    #[derive(Debug, Clone, PartialEq)]
    pub struct DayClose {
        pub id: DayCloseId,
        pub business_date: Date,
        pub is_unattended: bool,
        pub reason: String,
        pub started_at: Instant,
        pub closed_at: Option<Instant>,
        pub closed_by: Option<String>,
        pub seen_at: Option<Instant>,
    }
}

impl DayClose {
    /// It came to its end by itself, and nobody has read yet what was decided.
    pub fn is_unread(&self) -> bool {
        self.is_unattended && self.closed_at.is_some() && self.seen_at.is_none()
    }
}

record! {
    /// A step that is done.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Done {
        pub step: Step,
        pub at: Instant,
        pub by: String,
        pub sums: Sums as json,
    }
}

/// What a step came to; amounts in minor units.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Sums {
    /// How many stays, rooms or shifts it was done to.
    pub count: i64,
    pub amount_minor: i64,
    /// What it left as it was though it was to be changed: stays whose night has no price.
    pub left: i64,
    /// Of a snapshot: how each ledger changed on the day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ledgers: Vec<(String, i64)>,
    /// Of the roll: who lost a room to an overdue guest, and to whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub displaced: Vec<(i64, i64)>,
}

record! {
    /// What was decided of a stay or a shift.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Decision {
        pub id: DecisionId,
        pub business_date: Date,
        pub reservation_id: Option<ReservationId>,
        pub shift_id: Option<ShiftId>,
        pub choice: Choice,
        pub is_default: bool,
        pub amount: Money,
        pub made_at: Instant,
        pub made_by: String,
        pub done_at: Option<Instant>,
        pub undone_at: Option<Instant>,
    }
}

/// Opens a closed day again: the nights that its close posted come off the bills, on that day. What was decided
/// stands, and is taken back by itself.
///
/// # Errors
/// When the database refuses.
pub fn reopen(tx: &Tx, date: Date) -> Result<()> {
    for id in store::in_house(tx)? {
        let before = reservations::find(tx, id)?;
        let mut nights = Itinerary::stored(tx, id)?;
        let is_of_close = |night: &Night| night.night == date && night.is_posted;
        if before.status != ReservationStatus::CheckedIn || !nights.iter().any(is_of_close) {
            continue;
        }
        folio::take_back_night(tx, id, date, "day opened again")?;
        nights.iter_mut().filter(|night| night.night == date).for_each(|night| night.is_posted = false);
        let step = reservations::Step { people: People::Fact, ..reservations::Step::new("reopen_day") };
        save(tx, step, &before, &before, &nights)?;
    }
    if let Some(close) = store::find(tx, date)? {
        store::reopen(tx, close.id)?;
        let entry = serde_json::json!({ "business_date": date });
        audit::record(tx, "reopen_day", "day_close", close.id.0, &audit::NOTHING, &entry)?;
    }
    Ok(())
}
