//! One error type for the whole program: what went wrong in the hotel's terms.
//!
//! No HTTP here: `http/problem.rs` alone turns these into status codes.

use serde_json::{Map, Value};

use crate::domain::status::{Event, IllegalTransition, words};
use crate::domain::wording::{Text, text};

pub type Result<T, E = Error> = std::result::Result<T, E>;

words!(
    /// Why a request was refused: the last part of the problem's `type`.
    Code {
        IllegalTransition = "illegal-transition",
        RoomTaken = "room-taken",
        RoomNotReady = "room-not-ready",
        NoRoomFree = "no-room-free",
        OverCapacity = "over-capacity",
        Restricted = "restricted",
        StaleVersion = "stale-version",
        DuplicateName = "duplicate-name",
        StillInUse = "still-in-use",
        BalanceDue = "balance-due",
        WrongDate = "wrong-date",
        GuestIncomplete = "guest-incomplete",
        LateArrival = "late-arrival",
        AlreadyReversed = "already-reversed",
        MoreThanOriginal = "more-than-original",
        LastOwner = "last-owner",
        PasswordNeeded = "password-needed",
        AlreadySetUp = "already-set-up",
        NothingToUndo = "nothing-to-undo",
        LedgerIsAppendOnly = "ledger-is-append-only",
        ReasonNeeded = "reason-needed",
        FolioClosed = "folio-closed",
        OverLimit = "over-limit",
        StillAtWork = "still-at-work",
        BackupFailed = "backup-failed",
        ReadOnlyCopy = "read-only-copy",
        NoOpenShift = "no-open-shift",
        ShiftIsOpen = "shift-is-open",
        ShiftIsClosed = "shift-is-closed",
        NotDecided = "not-decided",
        NotBalanced = "not-balanced",
        NothingToInvoice = "nothing-to-invoice",
        PostingIsInvoiced = "posting-is-invoiced",
        NoEInvoice = "no-e-invoice",
    }
);

/// One bad field of a request: its path and a sentence fragment such as "must not be empty".
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    pub field: String,
    pub message: Text,
}

/// A rule or a conflict that stands against a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: Code,
    /// A sentence that a receptionist understands, with what to do.
    pub detail: Text,
    /// Further members of the answer, such as `conflicts` and `alternatives`.
    pub extra: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    Invalid(Vec<FieldError>),
    Refused(Box<Refusal>),
    NotFound(Text),
    BadRequest(Text),
    UnsupportedMedia,
    Unauthenticated(Text),
    Forbidden(Text),
    /// Worth another try after so many seconds.
    TooMany {
        said: Text,
        seconds: u64,
    },
    /// Worth another try in a moment.
    Busy(Text),
    /// Nothing can be saved until somebody makes room.
    DiskFull,
    /// The data file is not as it was written.
    Damaged,
    /// A fault of ours or of the machine. The text goes to the log, not to the client.
    Internal(String),
}

impl std::error::Error for Error {}

/// In English: for the log and the command line.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Internal(what) => f.write_str(what),
            other => other.said().fmt(f),
        }
    }
}

impl Error {
    /// One bad field.
    pub fn invalid(field: impl Into<String>, message: impl Into<Text>) -> Error {
        Error::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    pub fn refused(code: Code, detail: impl Into<Text>) -> Error {
        Error::Refused(Box::new(Refusal { code, detail: detail.into(), extra: Map::new() }))
    }

    /// The same refusal with one more member in its answer.
    pub fn with(mut self, member: &str, value: impl serde::Serialize) -> Error {
        if let (Error::Refused(refusal), Ok(value)) = (&mut self, serde_json::to_value(value)) {
            refusal.extra.insert(member.to_owned(), value);
        }
        self
    }

    /// What somebody who is not signed in is told.
    pub fn not_signed_in() -> Error {
        Error::Unauthenticated(text!("Please sign in."))
    }

    pub fn internal(what: impl ToString) -> Error {
        Error::Internal(what.to_string())
    }

    /// What is said to whoever asked.
    pub fn said(&self) -> Text {
        match self {
            Error::Invalid(fields) => match fields.first() {
                Some(FieldError { field, message }) => text!("{field} {message}.", field, message = message.clone()),
                None => text!("A field is not right."),
            },
            Error::Refused(refusal) => refusal.detail.clone(),
            Error::NotFound(said)
            | Error::BadRequest(said)
            | Error::Unauthenticated(said)
            | Error::Forbidden(said)
            | Error::TooMany { said, .. }
            | Error::Busy(said) => said.clone(),
            Error::UnsupportedMedia => text!("The body must be application/json."),
            Error::DiskFull => {
                text!("The disk of the hotel's computer is full. Nothing can be saved until there is space on it.")
            }
            Error::Damaged => text!(
                "The hotel's data file is damaged, so nothing more is saved. Restore the newest backup under System; if that page does not open, close Innkeeper and run: innkeeper restore COPY. The damaged file is kept."
            ),
            Error::Internal(_) => text!("Something went wrong in Innkeeper; its log has the details."),
        }
    }

    /// Whether nothing at all can be saved, until somebody has put the machine in order.
    pub fn is_unwritable(&self) -> bool {
        matches!(self, Error::DiskFull | Error::Damaged)
    }

    /// Puts a prefix before the field names: `amount` becomes `payments[3].amount`.
    pub fn under(self, prefix: &str) -> Error {
        match self {
            Error::Invalid(fields) => Error::Invalid(
                fields.into_iter().map(|f| FieldError { field: format!("{prefix}.{}", f.field), message: f.message }).collect(),
            ),
            other => other,
        }
    }
}

impl From<IllegalTransition> for Error {
    fn from(IllegalTransition { from, event }: IllegalTransition) -> Error {
        let status = from.in_words();
        let detail = match event {
            Event::Confirm => text!("A reservation that is {status} cannot be confirmed.", status),
            Event::CheckIn => text!("A reservation that is {status} cannot be checked in.", status),
            Event::CheckOut => text!("A reservation that is {status} cannot be checked out.", status),
            Event::Cancel => text!("A reservation that is {status} cannot be cancelled.", status),
            Event::MarkNoShow => text!("A reservation that is {status} cannot be marked as a no-show.", status),
            Event::Extend => text!("A reservation that is {status} cannot be extended.", status),
            Event::Move => text!("A reservation that is {status} cannot be moved.", status),
            Event::UndoCheckIn => text!("A reservation that is {status} cannot be taken back from check-in.", status),
            Event::UndoCheckOut => text!("A reservation that is {status} cannot be taken back from check-out.", status),
            Event::Reinstate => text!("A reservation that is {status} cannot be reinstated.", status),
        };
        Error::refused(Code::IllegalTransition, detail)
    }
}

/// Collects the bad fields of a request so that all of them are told at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// The value, or its default with the complaint noted.
    pub fn check<T: Default, E: Into<Text>>(&mut self, field: &str, value: Result<T, E>) -> T {
        value.unwrap_or_else(|message| {
            self.add(field, message);
            T::default()
        })
    }

    pub fn add(&mut self, field: &str, message: impl Into<Text>) {
        self.0.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// Notes a complaint unless `good`.
    pub fn ensure(&mut self, good: bool, field: &str, message: impl Into<Text>) {
        if !good {
            self.add(field, message);
        }
    }

    /// How many complaints there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
