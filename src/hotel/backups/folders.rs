//! The folders that copies go to: each of one hotel, and two of them on two disks.

use std::io::{self, Write};
use std::path::Path;

use super::copies::{self, Copy};
use super::{BackupError, Plan, default_folder};
use crate::db::open;

/// Stands beside the copies and tells whose they are.
const MARK: &str = "-copies.txt";

/// Whether two folders are one, whatever they are called.
pub fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Refuses a folder whose copies are another hotel's: each would thin out the other's.
///
/// # Errors
/// `OtherHotel`. A folder that cannot be read says so when it is written to.
pub fn check(folder: &Path, stem: &str, mark: &str) -> Result<(), BackupError> {
    let is_own = mark_in(folder, stem).is_none_or(|there| there == mark);
    if is_own { Ok(()) } else { Err(BackupError::OtherHotel { path: folder.to_owned() }) }
}

fn mark_in(folder: &Path, stem: &str) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(format!("{stem}{MARK}"))).ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

/// This hotel's copies in a folder of the plan, newest first: none where they are another's. The
/// folder beside the data file is its own anyway.
///
/// # Errors
/// A folder that cannot be read.
pub fn copies(folder: &Path, data_file: &Path, plan: &Plan) -> io::Result<Vec<Copy>> {
    if is_own(folder, data_file, plan) { copies::list(folder, &copies::stem(data_file)) } else { Ok(Vec::new()) }
}

/// Whether a folder of the plan is this hotel's.
pub fn is_own(folder: &Path, data_file: &Path, plan: &Plan) -> bool {
    folder == default_folder(data_file) || check(folder, &copies::stem(data_file), &plan.mark).is_ok()
}

/// Makes a folder this hotel's, unless it is another's.
///
/// # Errors
/// `OtherHotel`, or a folder that cannot be written to.
pub fn claim(folder: &Path, stem: &str, mark: &str) -> Result<(), BackupError> {
    check(folder, stem, mark)?;
    if mark_in(folder, stem).is_some() {
        return Ok(());
    }
    let path = folder.join(format!("{stem}{MARK}"));
    let text = format!("{mark}\nThe copies {stem}-… in this folder are of one hotel, which keeps and removes them.\n");
    // What is there and could not be read may be another hotel's.
    let written = open::private().create_new(true).open(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(BackupError::unwritable(&path))
}
