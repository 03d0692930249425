//! Keeps erased guests erased: a restored copy is older than some erasures.
//!
//! What was erased stands in the data file, by triggers of its own, and in a
//! journal beside the copies, for the day on which the data file is lost. Both
//! hold ids and instants, and nothing about a person.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::pack::Aside;
use super::{BackupError, copies, store};
use crate::db::Tx;
use crate::domain::date::Instant;
use crate::domain::id::GuestId;
use crate::error::Result;
use crate::hotel::guests;

/// A profile that was erased. Its id may have been given again since: the moment
/// it was made tells whether it is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    pub guest_id: GuestId,
    pub guest_created_at: Instant,
    pub erased_at: Instant,
}

/// Erases again what a restored file brought back; how many profiles that were.
///
/// # Errors
/// When the database refuses.
pub fn erase_again(tx: &Tx, erasures: &BTreeSet<Erasure>) -> Result<usize> {
    let mut count = 0;
    for erasure in erasures {
        store::note_erasure(tx, erasure)?;
        let found = guests::store::find(tx, erasure.guest_id)?;
        let is_back = |guest: &guests::Guest| guest.created_at == erasure.guest_created_at && guest.anonymised_at.is_none();
        if found.is_some_and(|guest| is_back(&guest)) {
            guests::erase(tx, erasure.guest_id)?;
            count += 1;
        }
    }
    Ok(count)
}

/// `hotel-erasures.jsonl` in a folder of copies.
pub fn journal(folder: &Path, stem: &str) -> PathBuf {
    folder.join(journal_name(stem))
}

pub(super) fn journal_name(stem: &str) -> String {
    format!("{stem}-erasures.jsonl")
}

/// What a folder's journal says; nothing when there is none. A line that cannot
/// be read is passed over: one more erasure is known than none at all.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn read_journal(folder: &Path, stem: &str) -> Result<BTreeSet<Erasure>, BackupError> {
    let path = journal(folder, stem);
    let text = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(BTreeSet::new());
        }
        Err(source) => return Err(BackupError::Unreadable { path, source }),
    };
    let mut found = BTreeSet::new();
    for (at, line) in text.lines().enumerate() {
        match serde_json::from_str(line) {
            Ok(erasure) => {
                found.insert(erasure);
            }
            Err(error) => log::warn!("line {} of {} is passed over: {error}", at + 1, path.display()),
        }
    }
    Ok(found)
}

/// Adds erasures to each folder's journal, which loses none that it has.
///
/// # Errors
/// The first folder that could not be written to; the others are written all the same.
pub fn keep_journals(folders: &[PathBuf], data_file: &Path, erasures: &BTreeSet<Erasure>) -> Result<(), BackupError> {
    let stem = copies::stem(data_file);
    let results: Vec<_> = folders.iter().map(|folder| keep_journal(folder, &stem, erasures)).collect();
    results.into_iter().collect()
}

fn keep_journal(folder: &Path, stem: &str, erasures: &BTreeSet<Erasure>) -> Result<(), BackupError> {
    let mut all = read_journal(folder, stem)?;
    if erasures.is_subset(&all) {
        return Ok(());
    }
    all.extend(erasures);
    let (path, mut text) = (journal(folder, stem), String::new());
    for erasure in &all {
        text.push_str(&serde_json::to_string(erasure).map_err(crate::error::Error::internal)?);
        text.push('\n');
    }
    std::fs::create_dir_all(folder).map_err(BackupError::unwritable(folder))?;
    let aside = Aside::new(super::pack::with_ending(&path, ".part"));
    let write = || -> io::Result<()> {
        let mut file = super::pack::create(aside.path())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(BackupError::unwritable(&path))?;
    aside.put_at(&path)
}
