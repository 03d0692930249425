//! Bookings in and out of the hotel in bulk: CSV files, and the writer of many
//! rows that the demo hotel uses as well.
//!
//! Nothing here knows files or terminals: the command line hands in readers,
//! writers and a progress callback.

pub mod amount;
pub mod bulk;
pub mod calendar;
pub mod cell;
mod details;
mod export;
mod file;
mod header;
mod import;
mod known;
mod nights;
pub mod options;
mod parse;
mod payments;
mod place;
mod possible;
pub mod rack;
mod report;
mod row;
pub mod store;
mod survey;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod words;
mod write;

use crate::domain::wording::Text;
use crate::error::Error;
use crate::hotel::Slice;
pub use export::export;
pub use import::import;
pub use known::{Difference, Fate};
pub use options::ImportOptions;
pub use report::{BadRow, Outcome, Report};

pub const SLICE: Slice = Slice { name: "transfer", is_workflow: true, statements: &[store::STATEMENTS], ..Slice::EMPTY };

/// What the import says of a file. It is a command, its words name the command's flags, and the
/// command line speaks English.
fn refused(words: impl Into<String>) -> Error {
    Error::BadRequest(Text::as_it_is(words))
}

/// The columns of the import and export format, in the export's order.
pub const COLUMNS: [&str; 40] = [
    "external_id",
    "status",
    "room_type",
    "room_number",
    "guest_name",
    "guest_email",
    "guest_phone",
    "guest_nationality",
    "check_in_date",
    "check_out_date",
    "adults",
    "children",
    "total_amount",
    "paid_amount",
    "payment_method",
    "source",
    "created_date",
    "cancelled_date",
    "notes",
    "special_requests",
    "party",
    "nights",
    "fee_amount",
    "other_charges",
    "rate_plan",
    "is_room_locked",
    "cancellation_free_hours",
    "cancellation_fee",
    "no_show_fee",
    "payments",
    "expected_arrival_time",
    "is_late_arrival",
    "option_date",
    "rate_kind",
    "rate_kind_reason",
    "children_ages",
    "deposit",
    "company",
    "group",
    "cots",
];

/// What a file must have; the other columns may be left out or empty.
pub const REQUIRED_COLUMNS: [&str; 4] = ["room_type", "guest_name", "check_in_date", "check_out_date"];

/// Bookings of the template, to be overwritten.
const SAMPLES: [&str; 2] = [
    "A-1001,confirmed,DBL,204,Ana Silva,ana@example.com,+351 912 345 678,PT,2026-05-01,2026-05-04,2,0,360.00,120.00,card,Direct,2026-01-15,,Late arrival",
    "A-1002,cancelled,DBL,,John Smith,,,GB,2026-06-10,2026-06-12,1,1,,,,Phone,2026-02-01,2026-03-10,",
];

/// An import file with its header and two bookings to be overwritten.
pub fn template() -> String {
    let full = |row: &str| {
        let told = row.split(',').count();
        format!("{row}{}\n", ",".repeat(COLUMNS.len() - told))
    };
    format!("{}\n{}", COLUMNS.join(","), SAMPLES.map(full).concat())
}
