//! The folders that copies go to: each of one hotel, and two of them on two disks.

use std::io::Write;
use std::path::Path;

use super::{BackupError, pack};

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
    let there = std::fs::read_to_string(folder.join(format!("{stem}{MARK}"))).unwrap_or_default();
    let is_own = there.split_whitespace().next().is_none_or(|there| there == mark);
    if is_own { Ok(()) } else { Err(BackupError::OtherHotel { path: folder.to_owned() }) }
}

/// Makes a folder this hotel's, unless it is another's.
///
/// # Errors
/// `OtherHotel`, or a folder that cannot be written to.
pub fn claim(folder: &Path, stem: &str, mark: &str) -> Result<(), BackupError> {
    check(folder, stem, mark)?;
    let path = folder.join(format!("{stem}{MARK}"));
    if path.exists() {
        return Ok(());
    }
    let text = format!("{mark}\nThe copies {stem}-… in this folder are of one hotel, which keeps and removes them.\n");
    let written = pack::create(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(BackupError::unwritable(&path))
}
