//! The desk's workflows over the records: arriving, leaving, cancelling, and
//! the views that a day is run from.

pub mod api;
pub mod arrival;
pub mod booking_payment;
pub mod business_date;
pub mod departure;
pub mod desk;
pub mod housekeeping;
pub mod new_booking;
pub mod search;
pub mod shorter_stay;
pub mod stats;
pub mod tape_chart;
pub mod today;

use crate::hotel::Slice;

pub const SLICE: Slice = Slice {
    name: "frontdesk",
    is_workflow: true,
    endpoints: |_| api::endpoints(),
    statements: &[today::STATEMENTS, search::STATEMENTS, stats::STATEMENTS, housekeeping::STATEMENTS, tape_chart::STATEMENTS],
    ..Slice::EMPTY
};
