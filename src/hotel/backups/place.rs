//! The place of a data file, with its whole neighbourhood: looked at before anything opens it.
//!
//! `db::beside` knows what belongs to a file; here it is told whether a hotel was in a place
//! where no file is, by its copies and by what restores and upgrades have kept.

use std::path::{Path, PathBuf};

use super::copies::{self, Copy};
use super::default_folder;
use crate::db::OpenError;
use crate::db::beside::{self, Place, Strays};

/// What a data file's place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Neither a file nor any trace of one: a new hotel may begin here.
    Nothing,
    /// A file, which may be opened: nothing lies beside it that is not its own.
    File,
}

/// Looks at a data file's place. Must not be called by a process that has the file open.
///
/// # Errors
/// Why nothing there may be opened or made, and what to do.
pub fn look(data_file: &Path, strays: Strays) -> Result<Found, OpenError> {
    let state = match beside::look(data_file, strays)? {
        Place::File(_) => return Ok(Found::File),
        Place::Missing => "missing",
        Place::Empty => "empty",
    };
    let (copy, unread) = match copies::list(&default_folder(data_file), &copies::stem(data_file)) {
        Ok(copies) => (copies.into_iter().next(), None),
        // What it holds may be all that is left.
        Err(_) => (None, Some(default_folder(data_file))),
    };
    let Some(first) = trace(data_file, copy.as_ref()).or(unread) else { return Ok(Found::Nothing) };
    Err(OpenError::Lost {
        path: data_file.to_owned(),
        state,
        beside: first.display().to_string(),
        copy: copy.map_or_else(|| "COPY".to_owned(), |copy| copy.path.display().to_string()),
    })
}

/// What tells that a hotel was here: a log, a file that was kept when another took its place, a copy.
fn trace(data_file: &Path, copy: Option<&Copy>) -> Option<PathBuf> {
    let left = beside::leavings(data_file).into_iter().next();
    left.or_else(|| kept(data_file)).or_else(|| copy.map(|copy| copy.path.clone()))
}

/// The newest of what is kept under a name of its own beside a data file.
fn kept(data_file: &Path) -> Option<PathBuf> {
    let starts = ["replaced", "before-upgrade-version", "stray"].map(|what| format!("{}-{what}-", copies::stem(data_file)));
    let is_kept = |name: &str| starts.iter().any(|start| name.starts_with(start));
    let entries = std::fs::read_dir(folder_of(data_file)).into_iter().flatten().flatten();
    entries.filter(|entry| is_kept(&entry.file_name().to_string_lossy())).map(|entry| entry.path()).max()
}

/// The folder that a file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
