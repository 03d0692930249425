//! How an import is done: what is asked for where a file leaves a doubt.

use crate::domain::status::{ReservationStatus, words};

words!(
    /// What stands between the values of a row.
    Delimiter { Comma = "comma", Semicolon = "semicolon", Tab = "tab" }
);

words!(
    /// What stands before an amount's decimals.
    DecimalMark { Point = "point", Comma = "comma" }
);

words!(
    /// Which of a date's first two numbers is the day.
    DateOrder { DayFirst = "day-first", MonthFirst = "month-first" }
);

words!(
    /// What became of stays that are over and say no more than that they were booked.
    PastStatus { CheckedOut = "checked_out", Cancelled = "cancelled", NoShow = "no_show" }
);

words!(
    /// What was paid for stays that are over and do not say it.
    PastPayment { Paid = "paid", Owed = "owed" }
);

impl Delimiter {
    pub fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
        }
    }
}

impl DecimalMark {
    pub fn sign(self) -> char {
        match self {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }

    /// What groups the thousands then.
    pub fn other(self) -> DecimalMark {
        match self {
            DecimalMark::Point => DecimalMark::Comma,
            DecimalMark::Comma => DecimalMark::Point,
        }
    }
}

impl PastStatus {
    pub fn status(self) -> ReservationStatus {
        match self {
            PastStatus::CheckedOut => ReservationStatus::CheckedOut,
            PastStatus::Cancelled => ReservationStatus::Cancelled,
            PastStatus::NoShow => ReservationStatus::NoShow,
        }
    }
}

/// A column of the file that is taken for one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    pub given: String,
    pub column: &'static str,
}

/// How an import is done.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Only look, and tell what would be done.
    pub dry_run: bool,
    /// Take the good rows although others are bad.
    pub skip_bad_rows: bool,
    pub delimiter: Option<Delimiter>,
    pub decimal_mark: Option<DecimalMark>,
    pub date_order: Option<DateOrder>,
    pub past_status: Option<PastStatus>,
    pub past_payment: Option<PastPayment>,
    /// Take bookings for more guests than their room type is for.
    pub over_capacity: bool,
    pub mappings: Vec<Mapping>,
    /// Leave columns alone that are not known.
    pub ignore_unknown_columns: bool,
}
