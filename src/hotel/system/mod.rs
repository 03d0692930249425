//! How the program and its machine are, for those who run the hotel: figures,
//! slow work, alerts and their thresholds.
//!
//! `watch` decides what an alert is; here its figures are gathered, and what it
//! finds is told: to the log, to open desks, to whoever asks.

pub mod api;
mod look;
pub mod store;

use crate::db::Tx;
use crate::error::Result;
use crate::hotel::{Slice, audit};
use crate::watch::{AlertCode, Thresholds};
pub use look::look;

pub const SLICE: Slice = Slice {
    name: "system",
    is_workflow: true,
    endpoints: api::endpoints,
    statements: &[store::STATEMENTS],
    jobs: look::jobs,
    ..Slice::EMPTY
};

/// Says when alerts begin.
pub fn set_thresholds(tx: &Tx, given: impl Iterator<Item = (AlertCode, u32)>) -> Result<Thresholds> {
    let before = store::thresholds(tx)?;
    for (code, threshold) in given {
        store::set_threshold(tx, code, threshold)?;
    }
    let after = store::thresholds(tx)?;
    audit::record(tx, "change", "thresholds", 1, &api::ThresholdsView::from(before), &api::ThresholdsView::from(after))?;
    Ok(after)
}
