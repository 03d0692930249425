//! Why a copy could not be made, read or put back, in words for the owner.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::db::OpenError;
use crate::db::backup::CopyError;
use crate::domain::wording::{Text, text};
use crate::error::Error;

#[derive(Debug)]
pub enum BackupError {
    Unwritable { path: PathBuf, source: io::Error },
    Unreadable { path: PathBuf, source: io::Error },
    Copy(CopyError),
    Differs { path: PathBuf },
    Exists { path: PathBuf },
    Spoilt { path: PathBuf, what: String },
    Torn { path: PathBuf, what: String },
    NotACopy { path: PathBuf },
    Altered { path: PathBuf, what: String },
    Faulty { path: PathBuf, what: String },
    NoPassphrase { path: PathBuf },
    WrongPassphrase { path: PathBuf },
    NoKey { path: PathBuf },
    BadKey { what: String },
    PlainUnderPassphrase { path: PathBuf },
    Unusable { path: PathBuf, what: String },
    NoRoom { path: PathBuf, megabytes: u64 },
    SameFolder { path: PathBuf },
    OtherHotel { path: PathBuf },
    InUse { path: PathBuf },
    Open(OpenError),
    Hotel(crate::error::Error),
    Stopped,
}

impl BackupError {
    /// What is said to the owner, with what to do.
    pub fn said(&self) -> Text {
        match self {
            BackupError::Unwritable { path, source } => text!(
                "{path} cannot be written ({source}). Check that the folder is there, that it can be written to, and that its disk has room.",
                path = path.as_path(),
                source = source.to_string()
            ),
            BackupError::Unreadable { path, source } => text!(
                "{path} cannot be read ({source}). Give this account the rights to it, or take it elsewhere, and try again.",
                path = path.as_path(),
                source = source.to_string()
            ),
            BackupError::Copy(error) => text!(
                "No copy could be made: {what}. See that the disks are connected, sound and not full, and try again.",
                what = error.to_string()
            ),
            BackupError::Differs { path } => {
                text!("The packed copy {path} is not what was written to it; its disk may be failing.", path = path.as_path())
            }
            BackupError::Exists { path } => {
                text!("{path} is there already; name a file that is not, or a folder.", path = path.as_path())
            }
            BackupError::Spoilt { path, what } => text!(
                "{path} was not made whole or has been damaged since ({what}). Use another copy.",
                path = path.as_path(),
                what
            ),
            BackupError::Torn { path, what } => text!(
                "{path} was copied at a bad moment, while Innkeeper was writing to it, or has been damaged since ({what}). \
         Use another copy: those that Innkeeper itself makes are always whole.",
                path = path.as_path(),
                what
            ),
            BackupError::NotACopy { path } => text!(
                "{path} is neither a back-up of Innkeeper's nor a data file of it. Use another copy.",
                path = path.as_path()
            ),
            BackupError::Altered { path, what } => text!(
                "{path} is not as Innkeeper made it: {what}. Another program has changed it, and what keeps rooms and bills in order may be missing. Use another copy.",
                path = path.as_path(),
                what
            ),
            BackupError::Faulty { path, what } => text!(
                "Not everything in {path} agrees: {what}. Use another copy. If there is none, innkeeper restore --take-faults puts this one back as it is.",
                path = path.as_path(),
                what
            ),
            BackupError::NoPassphrase { path } => {
                text!("{path} is under a passphrase. Give the one with which it was made.", path = path.as_path())
            }
            BackupError::WrongPassphrase { path } => text!(
                "This is not the passphrase of {path}. Look at capitals and the keyboard's language, and try again.",
                path = path.as_path()
            ),
            BackupError::NoKey { path } => text!(
                "{path} is locked with a key that is not beside it. Put the file whose name has \"-key-\" in it, from the folder where the copy was made, into the same folder and try again.",
                path = path.as_path()
            ),
            BackupError::BadKey { what } => {
                text!("The key of the copies cannot be used ({what}). Set their passphrase anew.", what)
            }
            BackupError::PlainUnderPassphrase { path } => {
                text!("A copy under a passphrase is packed: {path} must not end in .db.", path = path.as_path())
            }
            BackupError::Unusable { path, what } => text!("{path} cannot be used: {what}.", path = path.as_path(), what),
            BackupError::NoRoom { path, megabytes } => text!(
                "{path} holds {megabytes} MB, and the disk of the data has not so much room. Make room there and try again.",
                path = path.as_path(),
                megabytes = *megabytes
            ),
            BackupError::SameFolder { path } => text!(
                "{path} is the folder that copies go to already, under another name: one fault of its disk would take both. Choose another disk.",
                path = path.as_path()
            ),
            BackupError::OtherHotel { path } => {
                text!("{path} holds the copies of another hotel. Choose a folder of its own for this one.", path = path.as_path())
            }
            BackupError::InUse { path } => {
                text!("Another program has {path} open. Close it and try again.", path = path.as_path())
            }
            BackupError::Open(error) => Text::as_it_is(error.to_string()),
            BackupError::Hotel(error) => error.said(),
            BackupError::Stopped => text!("The copy was given up, because Innkeeper is closing."),
        }
    }

    pub(super) fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
        let path = path.to_owned();
        move |source| BackupError::Unwritable { path, source }
    }

    pub(super) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
        let path = path.to_owned();
        move |source| BackupError::Unreadable { path, source }
    }
}

/// In English: for the log and the command line.
impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupError::Hotel(error) => error.fmt(f),
            other => other.said().fmt(f),
        }
    }
}

impl StdError for BackupError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            BackupError::Unwritable { source, .. } | BackupError::Unreadable { source, .. } => Some(source),
            BackupError::Copy(error) => Some(error),
            BackupError::Open(error) => error.source(),
            _ => None,
        }
    }
}

impl From<CopyError> for BackupError {
    fn from(error: CopyError) -> BackupError {
        BackupError::Copy(error)
    }
}

impl From<OpenError> for BackupError {
    fn from(error: OpenError) -> BackupError {
        BackupError::Open(error)
    }
}

impl From<Error> for BackupError {
    fn from(error: Error) -> BackupError {
        BackupError::Hotel(error)
    }
}
