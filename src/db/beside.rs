//! What lies beside a data file, and whether it is a part of it.
//!
//! SQLite finds the log (`-wal`) and the journal (`-journal`) of a file by its name, and writes
//! into the file whatever stands in them. After a file was put in another's place they are those
//! of the other, so they are looked at before anything opens the file. What is no part of it is
//! put aside under a name of its own: neither written into the file nor deleted.
//!
//! A log belongs to the file whose mark stands in it: each commit leaves a new mark in `log_mark`
//! beside the one before (page 2, in the log like every change). The file has one of those that
//! stand in its own log, however much of that was folded in, and no other file has.

mod log;

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use self::log::Verdict;
use super::OpenError;
use super::backup::companions;
use super::sql::statements;
use crate::domain::date::Instant;

statements! {
    MARK = "beside.mark": "UPDATE log_mark SET before = mark, mark = 'innkeeper-mark:' || lower(hex(randomblob(16))) WHERE id = 1";
}

/// What a mark begins with, in the file and in its log.
const MARK_START: &[u8] = b"innkeeper-mark:";
const MARK_LENGTH: usize = MARK_START.len() + 32;
/// `log_mark` is the first table of the schema, so its one row lies on this page.
const MARK_PAGE: u32 = 2;

const FILE_START: &[u8; 16] = b"SQLite format 3\0";
/// A journal that is no longer holds no page: a first start that was killed may leave one.
const MOST_JOURNAL_HEAD: u64 = 4096;
const JOURNAL_START: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// What is done with what is no part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strays {
    /// It gets a name with this moment.
    PutAside(Instant),
    /// The file is not opened.
    Refuse,
}

/// How a data file stands on its disk.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    Missing,
    /// A file without a byte in it.
    Empty,
    /// With what lay beside it and was none of its own, under the names it has now.
    File(Vec<PathBuf>),
}

/// The file that a name leads to: a lock, a log and copies stand beside that one, whatever
/// link it was named by.
pub fn real(path: PathBuf) -> PathBuf {
    let is_link = std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
    if is_link { path.canonicalize().unwrap_or(path) } else { path }
}

/// Looks at a data file and at what lies beside it, before anything opens it. Must not be called
/// by a process that has the file open: it would lose SQLite's locks.
///
/// # Errors
/// Why the file cannot be opened as it lies there, and what to do.
pub fn look(path: &Path, strays: Strays) -> Result<Place, OpenError> {
    let found = match std::fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Place::Missing),
        Err(error) => return Err(unreadable(path, &error)),
    };
    if found.is_symlink() {
        let target = std::fs::read_link(path).unwrap_or_default();
        return Err(OpenError::LinkToNothing { path: path.to_owned(), target });
    }
    if !found.is_file() {
        return Err(OpenError::NoFile { path: path.to_owned() });
    }
    if names(&found) > 1 {
        return Err(OpenError::SeveralNames { path: path.to_owned() });
    }
    if found.len() == 0 {
        // Whoever is making something of it has a journal beside it, which is no trace of a hotel.
        let is_held = OpenOptions::new().read(true).write(true).open(path).is_ok_and(|file| !lock(&file));
        return if is_held { Err(OpenError::Locked { path: path.to_owned() }) } else { Ok(Place::Empty) };
    }
    for one in companions(path) {
        if std::fs::symlink_metadata(&one).is_ok_and(|found| !found.is_file()) {
            return Err(OpenError::NoFile { path: one });
        }
    }
    sort_out(path, strays).map(Place::File)
}

/// The log beside a file that somebody has copied, when it is the file's own.
///
/// # Errors
/// What cannot be read, and a log that is damaged.
pub fn own_log(path: &Path) -> io::Result<Option<PathBuf>> {
    let [log, _, _] = companions(path);
    if std::fs::metadata(&log).is_err() {
        return Ok(None);
    }
    let head = Head::read(&mut File::open(path)?)?;
    match log::look(&log, &head)? {
        Verdict::Own => Ok(Some(log)),
        Verdict::Strange => Ok(None),
        Verdict::Damaged => Err(io::Error::other("the log beside it is damaged")),
    }
}

/// Whether something that may hold data lies beside a file that is missing or empty.
pub fn leavings(path: &Path) -> Vec<PathBuf> {
    let [log, _, journal] = companions(path);
    let has = |path: &PathBuf, bytes: u64| std::fs::symlink_metadata(path).is_ok_and(|found| found.len() > bytes);
    let mut found: Vec<PathBuf> = Some(log).filter(|log| has(log, log::HEAD)).into_iter().collect();
    found.extend(Some(journal).filter(|journal| has(journal, MOST_JOURNAL_HEAD)));
    found
}

#[cfg(unix)]
fn names(found: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(found)
}

/// Elsewhere nobody tells.
#[cfg(not(unix))]
fn names(_: &std::fs::Metadata) -> u64 {
    1
}

fn unreadable(path: &Path, error: &io::Error) -> OpenError {
    if error.kind() == io::ErrorKind::PermissionDenied {
        return OpenError::Protected { path: path.to_owned() };
    }
    OpenError::Unusable { path: path.to_owned(), what: error.to_string() }
}

/// Puts aside what is no part of the file, unless another program has it open: that one has done so.
fn sort_out(path: &Path, strays: Strays) -> Result<Vec<PathBuf>, OpenError> {
    let [log, _, journal] = companions(path);
    let is_there = |path: &Path| std::fs::metadata(path).is_ok_and(|found| found.len() > 0);
    // To be read in any case: SQLite would open an unreadable one for reading in silence.
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    if !is_there(&log) && !is_there(&journal) {
        let is_cut_short = Head::read(&mut file).and_then(|head| head.is_cut_short(&file));
        let is_cut_short = is_cut_short.map_err(|error| unreadable(path, &error))?;
        return if is_cut_short { Err(OpenError::Damaged { path: path.to_owned() }) } else { Ok(Vec::new()) };
    }
    // Nobody opens it while the lock is held. Where it may not be written to, nobody folds its log in either.
    if let Ok(writable) = OpenOptions::new().read(true).write(true).open(path) {
        if !lock(&writable) {
            return Ok(Vec::new());
        }
        file = writable;
    }
    let head = Head::read(&mut file).map_err(|error| unreadable(path, &error))?;
    let mut put_aside = Vec::new();
    if is_there(&log) {
        match log::look(&log, &head).map_err(|error| unreadable(&log, &error))? {
            Verdict::Own => {}
            Verdict::Strange => put_aside.extend(aside(path, &["-wal", "-shm"], strays)?),
            Verdict::Damaged => return Err(OpenError::DamagedLog { path: path.to_owned(), log }),
        }
    }
    if is_there(&journal) {
        match journal_belongs(&journal, &head).map_err(|error| unreadable(&journal, &error))? {
            // A journal is undone by writing, which whoever only looks does not.
            Some(true) if strays == Strays::Refuse && !is_finished(&journal) => {
                return Err(OpenError::Strays { path: path.to_owned() });
            }
            Some(true) => {}
            Some(false) => put_aside.extend(aside(path, &["-journal"], strays)?),
            None => return Err(OpenError::Interrupted { path: path.to_owned(), journal }),
        }
    }
    Ok(put_aside)
}

/// Keeps every other program from opening the file, as SQLite would; false when one has it open.
/// Ends when the file is closed.
#[cfg(unix)]
fn lock(file: &File) -> bool {
    use std::os::fd::AsRawFd;
    // SQLite's own bytes: one for whoever waits, one for whoever writes, 510 for those who read.
    const FIRST: i64 = 0x4000_0000;
    // SAFETY: an all-zero flock is a valid value of the type, which holds numbers alone.
    let mut range: libc::flock = unsafe { std::mem::zeroed() };
    range.l_type = libc::F_WRLCK as _;
    range.l_whence = libc::SEEK_SET as _;
    range.l_start = FIRST as _;
    range.l_len = 512;
    // SAFETY: the descriptor belongs to a live file, and the pointer is to a live value of the type that the call reads.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLK, &raw const range) };
    let error = io::Error::last_os_error();
    result == 0 || !matches!(error.raw_os_error(), Some(libc::EACCES | libc::EAGAIN))
}

/// Elsewhere what a program has open is not renamed.
#[cfg(not(unix))]
fn lock(_: &File) -> bool {
    true
}

/// The beginning of a data file.
struct Head {
    is_ours: bool,
    /// Whether it was left with a log, or may have one: a file that was closed for good says no.
    may_have_log: bool,
    page_bytes: u64,
    /// The first page, whole as far as the file goes.
    page: Vec<u8>,
    mark: Option<Vec<u8>>,
}

impl Head {
    fn read(file: &mut File) -> io::Result<Head> {
        let mut page = Vec::new();
        file.by_ref().take(100).read_to_end(&mut page)?;
        page.resize(100, 0);
        let page_bytes = page_bytes(u32::from(number16(&page, 16)));
        file.by_ref().take(page_bytes.saturating_sub(100)).read_to_end(&mut page)?;
        let mut second = Vec::new();
        file.seek(SeekFrom::Start(page_bytes * u64::from(MARK_PAGE - 1)))?;
        file.by_ref().take(page_bytes).read_to_end(&mut second)?;
        Ok(Head {
            is_ours: page.starts_with(FILE_START),
            may_have_log: page[18] != 1 || page[19] != 1,
            page_bytes,
            mark: marks(&second).next().map(<[u8]>::to_vec),
            page,
        })
    }

    /// Whether the file has fewer pages than it says. Where a log is folded in, the first page comes first.
    fn is_cut_short(&self, file: &File) -> io::Result<bool> {
        // The count holds when it was written together with the last change.
        let holds = self.is_ours && number(&self.page, 24) == number(&self.page, 92);
        Ok(holds && file.metadata()?.len() < self.page_bytes * u64::from(number(&self.page, 28)))
    }

    /// Counted with each change of a file that has no log.
    fn changes(&self) -> u32 {
        number(&self.page, 24)
    }
}

fn page_bytes(size: u32) -> u64 {
    if size == 1 { 65_536 } else { u64::from(size) }
}

fn number16(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// The marks that stand in a page.
fn marks(page: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = page.windows(MARK_LENGTH).filter(|window| window.starts_with(MARK_START));
    starts.filter(|mark| mark[MARK_START.len()..].iter().all(u8::is_ascii_hexdigit))
}

/// Whether nothing in a journal is to be undone any more.
fn is_finished(journal: &Path) -> bool {
    let mut first = [0];
    File::open(journal).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first == [0]
}

/// Whether a journal holds how this file was before its last, unfinished change; `None` when
/// nothing tells. Innkeeper itself changes nothing by a journal but the first page.
fn journal_belongs(journal: &Path, file: &Head) -> io::Result<Option<bool>> {
    let mut from = BufReader::new(File::open(journal)?);
    let mut head = Vec::new();
    from.by_ref().take(28).read_to_end(&mut head)?;
    if head.first() == Some(&0) {
        // It was finished with.
        return Ok(Some(true));
    }
    if head.len() < 28 || !head.starts_with(&JOURNAL_START) {
        return Ok(Some(false));
    }
    if !file.is_ours {
        return Ok(None);
    }
    let (sector, size) = (u64::from(number(&head, 20)), page_bytes(number(&head, 24)));
    if size != file.page_bytes {
        return Ok(Some(false));
    }
    from.seek(SeekFrom::Start(sector))?;
    let (mut first, mut has_others, mut record) = (None, false, Vec::new());
    while first.is_none() || !has_others {
        record.clear();
        from.by_ref().take(size + 8).read_to_end(&mut record)?;
        if record.len() as u64 != size + 8 {
            break;
        }
        match number(&record, 0) {
            1 => first = Some(record[4..record.len() - 4].to_vec()),
            _ => has_others = true,
        }
    }
    let count = number(&head, 16);
    Ok(match (first, has_others) {
        // Only how a file is kept was being changed, or nothing yet.
        (Some(page), false) if is_alike(&page, &file.page) && number(&page, 28) == count => Some(true),
        (_, _) if file.may_have_log => Some(false),
        (Some(page), _) => {
            let is_next = [0, 1].contains(&file.changes().wrapping_sub(number(&page, 24)));
            Some(is_next && page.starts_with(FILE_START) && number(&page, 28) == count)
        }
        (None, true) => None,
        (None, false) => Some(false),
    })
}

/// Whether two first pages are one, but for whether there is a log, and for the counters of changes.
fn is_alike(one: &[u8], other: &[u8]) -> bool {
    let kept = [0..18, 20..24, 28..92, 100..one.len()];
    one.len() == other.len() && kept.into_iter().all(|range| one[range.clone()] == other[range])
}

/// `hotel-stray-2026-11-26T14-30-00Z.db-wal`: kept beside the file.
fn aside(path: &Path, endings: &[&str], strays: Strays) -> Result<Vec<PathBuf>, OpenError> {
    let Strays::PutAside(now) = strays else { return Err(OpenError::Strays { path: path.to_owned() }) };
    let name = kept_name(path, "stray", now);
    let mut kept = Vec::new();
    for ending in endings {
        let [from, to] = [path, &name].map(|path| with_ending(path, ending));
        match std::fs::rename(&from, &to) {
            Ok(()) => kept.push(to),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OpenError::Unusable { path: from, what: error.to_string() }),
        }
    }
    super::backup::sync_folder(path).map_err(|error| OpenError::Unusable { path: path.to_owned(), what: error.to_string() })?;
    for one in &kept {
        ::log::warn!("{} was no part of {}: it is kept and was not used", one.display(), path.display());
    }
    Ok(kept)
}

/// A name's ending put behind it.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A name beside a data file under which something is kept for good: `hotel-replaced-…Z.db`.
/// Nothing has it yet, nor any of what SQLite would keep beside it.
pub fn kept_name(path: &Path, what: &str, now: Instant) -> PathBuf {
    let second = now.to_string().chars().take(19).collect::<String>().replace(':', "-");
    let stem = path.file_stem().map_or_else(|| "hotel".into(), |stem| stem.to_string_lossy());
    let name = |count: u32| {
        let more = if count == 1 { String::new() } else { format!("-{count}") };
        path.with_file_name(format!("{stem}-{what}-{second}Z{more}.db"))
    };
    let is_free = |path: &PathBuf| {
        companions(path)
            .iter()
            .chain([path])
            .all(|path| std::fs::symlink_metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound))
    };
    (1..1000).map(name).find(is_free).unwrap_or_else(|| name(1000))
}

#[cfg(test)]
#[path = "beside/tests.rs"]
mod tests;
