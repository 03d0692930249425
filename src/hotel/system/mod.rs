//! How the program and its machine are, for those who run the hotel: figures,
//! slow work, alerts and their thresholds.
//!
//! `watch` decides what an alert is; here its figures are gathered, and what it
//! finds is told: to the log, to open desks, to whoever asks.

pub mod api;
mod look;
pub mod store;

use crate::hotel::Slice;
pub use look::look;

pub const SLICE: Slice = Slice {
    name: "system",
    is_workflow: true,
    endpoints: api::endpoints,
    statements: &[store::STATEMENTS],
    jobs: look::jobs,
    ..Slice::EMPTY
};
