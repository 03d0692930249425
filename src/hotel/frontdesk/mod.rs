//! The desk's workflows over the records: arriving, leaving, cancelling, and
//! the views that a day is run from.

pub mod api;
pub mod business_date;
pub mod day_close;
pub mod departure;
pub mod desk;
pub mod housekeeping;
pub mod new_booking;
pub mod search;
pub mod stats;
pub mod tape_chart;
pub mod today;
