//! The names of copies, and which of them are kept.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::Keep;
use crate::domain::date::Instant;
use crate::domain::order::sort;

/// What a copy's name ends with.
const ENDING: &str = ".db.gz";

/// And behind that when it is under a passphrase.
const SEALED: &str = ".age";

/// Whatever is younger than this stays: two copies of one day may differ in what matters.
const KEPT_ANYWAY_HOURS: i64 = 48;

/// A copy in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    pub path: PathBuf,
    pub name: String,
    pub made_at: Instant,
    pub bytes: u64,
}

/// What the names of a data file's copies begin with: `hotel` of `hotel.db`.
pub fn stem(data_file: &Path) -> String {
    data_file.file_stem().map_or_else(|| "hotel".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// `hotel-2025-11-10T02-30-00Z.db.gz`: sorted by name is sorted by age.
pub fn name(stem: &str, made_at: Instant) -> String {
    let second = made_at.to_string().chars().take(19).collect::<String>().replace(':', "-");
    format!("{stem}-{second}Z{ENDING}")
}

/// Where a copy made at a moment goes: under the name of that second, or of the next one that
/// has no copy, since none takes another's place.
pub fn place(folder: &Path, stem: &str, made_at: Instant, is_under_passphrase: bool) -> PathBuf {
    let mut at = made_at;
    loop {
        let plain = name(stem, at);
        let path = folder.join(if is_under_passphrase { sealed(&plain) } else { plain });
        if path.symlink_metadata().is_err() {
            return path;
        }
        at = at.plus_seconds(1);
    }
}

/// The name of a copy under a passphrase.
pub fn sealed(name: &str) -> String {
    format!("{name}{SEALED}")
}

/// Whether a copy of this name is under a passphrase.
pub fn is_sealed(name: &str) -> bool {
    name.ends_with(SEALED)
}

/// When the copy of this name was made; `None` for whatever else lies in the folder.
pub fn made_at(stem: &str, name: &str) -> Option<Instant> {
    let name = name.strip_suffix(SEALED).unwrap_or(name);
    let second = name.strip_prefix(stem)?.strip_prefix('-')?.strip_suffix(ENDING)?.strip_suffix('Z')?;
    let (date, time) = second.split_once('T')?;
    let is_shaped = time.len() == 8 && time.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    is_shaped.then(|| format!("{date}T{}Z", time.replace('-', ":")).parse().ok()).flatten()
}

/// The copies in a folder, newest first; none when the folder is not there.
///
/// # Errors
/// A folder that cannot be read.
pub fn list(folder: &Path, stem: &str) -> io::Result<Vec<Copy>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // A link is no copy: it leads out of the folder.
        if let (Some(made_at), Ok(metadata)) = (made_at(stem, &name), entry.metadata())
            && metadata.is_file()
        {
            found.push(Copy { path: entry.path(), name, made_at, bytes: metadata.len() });
        }
    }
    sort(&mut found, |a, b| b.made_at.cmp(&a.made_at));
    Ok(found)
}

/// The copies that need not be kept any longer, of a list with the newest first.
pub fn superfluous<'a>(copies: &'a [Copy], keep: Keep, zone: &TimeZone, now: Instant) -> Vec<&'a Copy> {
    let date = |copy: &Copy| copy.made_at.date_in(zone);
    let day = |copy: &Copy| date(copy).to_string();
    // A week is named by its Monday.
    let week = |copy: &Copy| date(copy).plus(1 - i64::from(date(copy).weekday())).unwrap_or(date(copy)).to_string();
    let month = |copy: &Copy| format!("{:04}-{:02}", date(copy).year(), date(copy).month());
    let mut kept: HashSet<&str> = newest_of_each(copies, keep.daily, day);
    kept.extend(newest_of_each(copies, keep.weekly, week));
    kept.extend(newest_of_each(copies, keep.monthly, month));
    let is_old = |copy: &Copy| copy.made_at.plus_hours(KEPT_ANYWAY_HOURS) <= now;
    copies.iter().filter(|copy| is_old(copy) && !kept.contains(copy.name.as_str())).collect()
}

/// The newest copy of each of the last `count` periods that have one.
fn newest_of_each(copies: &[Copy], count: u32, period: impl Fn(&Copy) -> String) -> HashSet<&str> {
    let mut seen = HashSet::new();
    let firsts = copies.iter().filter(|copy| seen.insert(period(copy)));
    firsts.take(count as usize).map(|copy| copy.name.as_str()).collect()
}
