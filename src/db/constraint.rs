//! Turns what SQLite says into what a receptionist understands.
//!
//! The only place that knows the names of constraints.

use rusqlite::ErrorCode;

use crate::error::{Code, Error};

/// A disk that answers with errors, at least for now.
pub fn unusable_disk() -> Error {
    let what = "The disk of the hotel's computer cannot be read or written: nothing was saved. \
                See that it is connected and sound, then try again.";
    Error::Busy(what.to_owned())
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
            Error::Busy("The database is busy; please try again in a moment.".to_owned())
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
    let known: &[(&str, Code, &str)] = &[
        ("room_night.", Code::RoomTaken, "The room is taken on one of these nights; choose another room or other dates."),
        ("room_day.", Code::RoomTaken, "The room has another day-use guest on this date; choose another room."),
        (
            "ledger_is_append_only",
            Code::LedgerIsAppendOnly,
            "Posted amounts are never changed or deleted; post a correction instead.",
        ),
        ("day_is_closed", Code::WrongDate, "A day that is over does not change; post on the open business date."),
        ("device.name", Code::DuplicateName, "Another device has this name."),
        ("user.username", Code::DuplicateName, "Another account has this user name."),
        ("room.room_number", Code::DuplicateName, "Another room has this number."),
        ("room_type.name", Code::DuplicateName, "Another room type has this name."),
        ("room_type.code", Code::DuplicateName, "Another room type has this code."),
        ("rate_plan.code", Code::DuplicateName, "Another rate plan has this code."),
        ("booking_source.name", Code::DuplicateName, "This booking source already exists."),
        ("payment_method.name", Code::DuplicateName, "This payment method already exists."),
        ("reservation.external_id", Code::DuplicateName, "A booking with this external id already exists."),
        ("posting.reverses_id", Code::AlreadyReversed, "This is already voided."),
        ("posting.reservation_id, posting.night", Code::AlreadyReversed, "This night is already on the bill."),
        (
            "overdue_room_is_not_held",
            Code::RoomTaken,
            "A guest who was to leave is still in a room that is not held tonight. Check the guest out or extend the stay, and move on then.",
        ),
        ("FOREIGN KEY", Code::StillInUse, "This is still in use elsewhere, or names something that does not exist."),
    ];
    match known.iter().find(|(part, _, _)| message.contains(part)) {
        Some((_, code, detail)) => Error::refused(*code, *detail),
        None => Error::Internal(format!("database: {message}")),
    }
}
