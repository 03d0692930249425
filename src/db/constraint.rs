//! Turns what SQLite says into what a receptionist understands.
//!
//! The only place that knows the names of constraints.

use rusqlite::ErrorCode;

use crate::domain::wording::text;
use crate::error::{Code, Error};

/// A disk that answers with errors, at least for now.
pub fn unusable_disk() -> Error {
    Error::Busy(text!(
        "The disk of the hotel's computer cannot be read or written: nothing was saved. See that it is connected and sound, then try again."
    ))
}

/// The refusal, complaint or fault behind a database error.
pub fn explain(error: &rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return Error::Internal(format!("database: {error}"));
    };
    let message = message.as_deref().unwrap_or("");
    match failure.code {
        ErrorCode::ConstraintViolation => constraint(message),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Error::Busy(text!("The database is busy; please try again in a moment."))
        }
        ErrorCode::DiskFull => {
            log::error!("the disk is full: {message}");
            Error::DiskFull
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            log::error!("the data file cannot be read: {error}");
            Error::Damaged
        }
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => {
            log::error!("the disk cannot be used: {error}");
            unusable_disk()
        }
        _ => Error::Internal(format!("database: {error}")),
    }
}

fn constraint(message: &str) -> Error {
    let known = [
        ("room_night.", Code::RoomTaken, text!("The room is taken on one of these nights; choose another room or other dates.")),
        ("room_day.", Code::RoomTaken, text!("The room has another day-use guest on this date; choose another room.")),
        (
            "ledger_is_append_only",
            Code::LedgerIsAppendOnly,
            text!("Posted amounts are never changed or deleted; post a correction instead."),
        ),
        ("day_is_closed", Code::WrongDate, text!("A day that is over does not change; post on the open business date.")),
        ("shift_is_closed", Code::ShiftIsClosed, text!("This shift is closed; what was counted does not change.")),
        (
            "no_more_is_matched",
            Code::MoreThanOriginal,
            text!("More would be matched than is open; see what is open on the account by now."),
        ),
        ("reminded_today", Code::AlreadyReversed, text!("This company has been reminded of this today already.")),
        (
            "posting_is_invoiced",
            Code::PostingIsInvoiced,
            text!("This line is on an invoice. Credit that first; then the line can be changed."),
        ),
        (
            "invoice_posting.posting_id",
            Code::PostingIsInvoiced,
            text!("One of these lines is on another invoice by now. Look at the draft again."),
        ),
        (
            "invoice_deposit.deposit_id",
            Code::PostingIsInvoiced,
            text!("Another invoice takes this deposit off by now. Look at the draft again."),
        ),
        (
            "credits_are_no_more_than",
            Code::MoreThanOriginal,
            text!("This would credit more than is left of the invoice. Reload and look at what was credited."),
        ),
        (
            "invoice.number",
            Code::DuplicateName,
            text!("This number was given already, by another series. Change the prefix of one of them."),
        ),
        ("invoice_series.name", Code::DuplicateName, text!("Another series of numbers has this name.")),
        ("invoice_series.prefix", Code::DuplicateName, text!("Another series of numbers has this prefix.")),
        ("shift.drawer_id", Code::ShiftIsOpen, text!("A shift is open on this drawer already.")),
        ("shift.user_id", Code::ShiftIsOpen, text!("There is an open shift already; close that first.")),
        ("drawer.name", Code::DuplicateName, text!("Another drawer has this name.")),
        ("device.name", Code::DuplicateName, text!("Another device has this name.")),
        ("user.username", Code::DuplicateName, text!("Another account has this user name.")),
        ("room.room_number", Code::DuplicateName, text!("Another room has this number.")),
        ("room_type.name", Code::DuplicateName, text!("Another room type has this name.")),
        ("room_type.code", Code::DuplicateName, text!("Another room type has this code.")),
        ("rate_plan.code", Code::DuplicateName, text!("Another rate plan has this code.")),
        ("article.name", Code::DuplicateName, text!("Another article has this name.")),
        ("booking_source.name", Code::DuplicateName, text!("This booking source already exists.")),
        ("payment_method.name", Code::DuplicateName, text!("This payment method already exists.")),
        ("reservation.external_id", Code::DuplicateName, text!("A booking with this external id already exists.")),
        ("posting.reverses_id", Code::AlreadyReversed, text!("This is already voided.")),
        ("posting.reservation_id, posting.night", Code::AlreadyReversed, text!("This night is already on the bill.")),
        (
            "overdue_room_is_not_held",
            Code::RoomTaken,
            text!(
                "A guest who was to leave is still in a room that is not held tonight. Check the guest out or extend the stay, and move on then."
            ),
        ),
        ("FOREIGN KEY", Code::StillInUse, text!("This is still in use elsewhere, or names something that does not exist.")),
    ];
    match known.into_iter().find(|(part, _, _)| message.contains(part)) {
        Some((_, code, detail)) => Error::refused(code, detail),
        None => Error::Internal(format!("database: {message}")),
    }
}
