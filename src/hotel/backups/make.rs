//! Makes one copy: taken, rehearsed, packed, put in its place.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Moment};

use super::pack::{self, Aside, PART, with_ending};
use super::seal::{Key, Seal};
use super::{BackupError, copies, erasures, place};
use super::{Progress, Step};
use crate::db::backup::{self, CopyError, Examined};
use crate::domain::date::Instant;
use crate::hotel::checks::{self, Report};

/// What the unpacked copy is called while it is worked on, behind the data file's name.
const WORKING: &str = ".copying";

/// How closely a copy is looked at before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Every page is read, and every row counted.
    Counted,
    /// And everything in it that has to agree is reckoned up, as `innkeeper check` does.
    Reckoned,
}

/// A finished copy.
#[derive(Debug)]
pub struct Made {
    pub path: PathBuf,
    pub bytes: u64,
    pub holds: Examined,
    /// What was reckoned up, if anything was.
    pub faults: Option<Report>,
    pub took: Duration,
}

/// Takes a copy of the data file into a folder, under the name of its moment.
/// `go_on` hears again and again how far it is; on `false` nothing is left behind.
///
/// # Errors
/// Whatever kept the copy from being whole and in its place.
pub fn make(
    data_file: &Path,
    folder: &Path,
    key: Option<&Key>,
    now: Instant,
    depth: Depth,
    go_on: &dyn Fn(Progress) -> bool,
) -> Result<Made, BackupError> {
    std::fs::create_dir_all(folder).map_err(BackupError::unwritable(folder))?;
    let (stem, seal) = (copies::stem(data_file), key.map(Seal::with).transpose()?);
    if let Some(key) = key {
        // First of all: a copy without its key opens for nobody.
        key.keep(folder, &stem)?;
    }
    let target = copies::place(folder, &stem, now, key.is_some());
    make_at(data_file, &target, seal.as_ref(), depth, go_on)
}

/// The same under any name; one that ends in `.db` is not packed. With a seal
/// it is locked, and opened again before it counts.
///
/// # Errors
/// The same.
pub fn make_at(
    data_file: &Path,
    target: &Path,
    seal: Option<&Seal>,
    depth: Depth,
    go_on: &dyn Fn(Progress) -> bool,
) -> Result<Made, BackupError> {
    let started = Moment::now();
    let is_plain = target.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("db"));
    if is_plain && seal.is_some() {
        return Err(BackupError::PlainUnderPassphrase { path: target.to_owned() });
    }
    let working = Aside::new(if is_plain { with_ending(target, PART) } else { working_file(data_file) });
    // Left by a process that was killed; SQLite would take it for its own.
    working.clear();
    let mut total = 0;
    let copying = &mut |done: i32, of: i32| {
        total = of.unsigned_abs();
        go_on(Progress { step: Step::Copying, pages_done: done.unsigned_abs(), pages_total: total })
    };
    let counts = backup::copy(data_file, working.path(), copying).map_err(stopped)?;
    let at = |step| go_on(Progress { step, pages_done: total, pages_total: total });
    if !at(Step::Checking) {
        return Err(BackupError::Stopped);
    }
    let holds = backup::examine(working.path())?;
    holds.check_against(&counts)?;
    let faults = match depth {
        Depth::Counted => None,
        Depth::Reckoned => Some(checks::sums_of(working.path())??),
    };
    let finished = if is_plain {
        pack::sync_file(working.path())?;
        working
    } else {
        pack::pack(working.path(), target, seal, &|| at(Step::Packing))?
    };
    finished.put_at(target)?;
    let bytes = std::fs::metadata(target).map_err(BackupError::unreadable(target))?.len();
    Ok(Made { path: target.to_owned(), bytes, holds, faults, took: started.elapsed() })
}

/// Beside the data file, whose disk is the fast one; a name for each process.
fn working_file(data_file: &Path) -> PathBuf {
    with_ending(data_file, &format!(".{}{WORKING}", std::process::id()))
}

fn stopped(error: CopyError) -> BackupError {
    match error {
        CopyError::Stopped => BackupError::Stopped,
        other => BackupError::Copy(other),
    }
}

/// Removes what processes that were killed left half made beside the data file, whatever the kill
/// left of it: the file, its log, its journal. Called by the one that has the file to itself.
pub fn sweep(data_file: &Path) {
    let Some(name) = data_file.file_name().and_then(|name| name.to_str()) else { return };
    let middle = |file: &str| {
        let rest = file.strip_prefix(name)?.strip_prefix('.')?;
        let pid = rest.split_once(WORKING).filter(|(_, ending)| is_companion(ending)).map(|(pid, _)| pid)?;
        (!pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit())).then(|| format!("{name}.{pid}{WORKING}"))
    };
    for entry in std::fs::read_dir(place::folder_of(data_file)).into_iter().flatten().flatten() {
        if let Some(whole) = entry.file_name().to_str().and_then(middle) {
            Aside::new(data_file.with_file_name(whole)).clear();
        }
    }
}

fn is_companion(ending: &str) -> bool {
    matches!(ending, "" | "-wal" | "-shm" | "-journal")
}

/// Removes the copies and the journal of erasures in a folder that were never finished.
pub fn sweep_folder(folder: &Path, stem: &str) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = |whole: &str| copies::made_at(stem, whole).is_some() || whole == erasures::journal_name(stem);
        if name.strip_suffix(PART).is_some_and(is_ours) {
            Aside::new(entry.path()).clear();
        }
    }
}
