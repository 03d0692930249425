//! Guests' rights over what is known of them: all of it as one file for whoever asks, and an end to it after a set
//! time.
//!
//! `dossier` gathers it and `paper` writes it down for people; `retention` says what has been kept long enough, and
//! forgets it at night once an owner or a manager has turned that on.

pub mod api;
pub mod dossier;
pub mod paper;
pub mod retention;
pub mod retention_api;
pub mod store;

use crate::db::Table;
use crate::hotel::Slice;

pub const SLICE: Slice = Slice {
    name: "guest_rights",
    is_workflow: true,
    endpoints: |_| api::endpoints().into_iter().chain(retention_api::endpoints()).collect(),
    statements: &[store::STATEMENTS],
    jobs: |_| retention::jobs(),
    areas: &[("retention", &[Table::Retention])],
    ..Slice::EMPTY
};
