//! One error type for the whole program: what went wrong in the hotel's terms.
//!
//! No HTTP here: `http/problem.rs` alone turns these into status codes.

use serde_json::{Map, Value};

use crate::domain::status::{IllegalTransition, words};

pub type Result<T, E = Error> = std::result::Result<T, E>;

words!(
    /// Why a request was refused: the last part of the problem's `type`.
    Code {
        IllegalTransition = "illegal-transition",
        RoomTaken = "room-taken",
        RoomNotReady = "room-not-ready",
        NoRoomFree = "no-room-free",
        OverCapacity = "over-capacity",
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
    }
);

/// One bad field of a request: its path and a sentence fragment such as "must not be empty".
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// A rule or a conflict that stands against a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: Code,
    /// A sentence that a receptionist understands, with what to do.
    pub detail: String,
    /// Further members of the answer, such as `conflicts` and `alternatives`.
    pub extra: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("the request has bad fields")]
    Invalid(Vec<FieldError>),
    #[error("{}", .0.detail)]
    Refused(Box<Refusal>),
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    BadRequest(String),
    #[error("The body must be application/json.")]
    UnsupportedMedia,
    #[error("{0}")]
    Unauthenticated(String),
    #[error("{0}")]
    Forbidden(String),
    /// Worth another try in a moment.
    #[error("{0}")]
    Busy(String),
    /// Nothing can be saved until somebody makes room.
    #[error("The disk of the hotel's computer is full. Nothing can be saved until there is space on it.")]
    DiskFull,
    /// The data file is not as it was written.
    #[error(
        "The hotel's data file is damaged, so nothing more is saved. Restore the newest backup under System; if that page does not open, close Innkeeper and run: innkeeper restore COPY. The damaged file is kept."
    )]
    Damaged,
    /// A fault of ours or of the machine. The text goes to the log, not to the client.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// One bad field.
    pub fn invalid(field: impl Into<String>, message: impl ToString) -> Error {
        Error::Invalid(vec![FieldError { field: field.into(), message: message.to_string() }])
    }

    pub fn refused(code: Code, detail: impl Into<String>) -> Error {
        Error::Refused(Box::new(Refusal { code, detail: detail.into(), extra: Map::new() }))
    }

    /// The same refusal with one more member in its answer.
    pub fn with(mut self, member: &str, value: impl serde::Serialize) -> Error {
        if let (Error::Refused(refusal), Ok(value)) = (&mut self, serde_json::to_value(value)) {
            refusal.extra.insert(member.to_owned(), value);
        }
        self
    }

    /// `what` names the thing with its article: "This reservation".
    pub fn not_found(what: &str) -> Error {
        Error::NotFound(format!("{what} does not exist."))
    }

    pub fn internal(what: impl ToString) -> Error {
        Error::Internal(what.to_string())
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
    fn from(step: IllegalTransition) -> Error {
        Error::refused(
            Code::IllegalTransition,
            format!("A reservation that is {} cannot be {}.", step.from.in_words(), step.event.in_words()),
        )
    }
}

/// Collects the bad fields of a request so that all of them are told at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// The value, or its default with the complaint noted.
    pub fn check<T: Default, E: ToString>(&mut self, field: &str, value: Result<T, E>) -> T {
        value.unwrap_or_else(|message| {
            self.add(field, message);
            T::default()
        })
    }

    pub fn add(&mut self, field: &str, message: impl ToString) {
        self.0.push(FieldError { field: field.to_owned(), message: message.to_string() });
    }

    /// Notes a complaint unless `good`.
    pub fn ensure(&mut self, good: bool, field: &str, message: &str) {
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
