//! The form in which copies are kept: gzip, which any tool unpacks, and under a
//! passphrase if one is given.
//!
//! Written aside, read back and compared, synced, and only then given its name.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::slice;

use age::Identity;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::BackupError;
use super::seal::{self, Passphrase, Seal, Sealing};
use crate::db::backup::sync_folder;
use crate::db::open;
use crate::watch::machine;

/// What a copy is called behind its name until it is finished.
pub const PART: &str = ".part";
const CHUNK: usize = 256 * 1024;

/// The beginning of a data file that tells its size.
const HEAD: u64 = 100;
/// So much is written before the disk is waited for: it then belongs to the desk again.
const SYNC_BYTES: usize = 4 * 1024 * 1024;
/// A third of the size at a quarter of the time that the best would take.
const LEVEL: u32 = 3;

/// What a file turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Packed,
    /// Packed, and under a passphrase.
    Sealed,
    /// A data file as it stands.
    Plain,
    Other,
}

/// Looks at a file's first bytes.
///
/// # Errors
/// A file that cannot be read.
pub fn form(path: &Path) -> io::Result<Form> {
    let mut start = [0; 16];
    let mut file = File::open(path)?;
    let mut length = 0;
    while length < start.len() {
        match file.read(&mut start[length..])? {
            0 => break,
            count => length += count,
        }
    }
    Ok(match &start[..length] {
        b"SQLite format 3\0" => Form::Plain,
        start if start == seal::MARK => Form::Sealed,
        [0x1f, 0x8b, ..] => Form::Packed,
        _ => Form::Other,
    })
}

/// A file's name with `ending` put behind it.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A file that is removed unless it gets its name.
pub struct Aside(PathBuf);

impl Aside {
    pub fn new(path: PathBuf) -> Aside {
        Aside(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Gives the file its name, for good: the folder is synced too.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn put_at(self, target: &Path) -> Result<(), BackupError> {
        if std::fs::symlink_metadata(target).is_ok_and(|found| !found.is_file() && !found.is_symlink()) {
            let what = io::Error::other("something else than a file is in its place");
            return Err(BackupError::Unwritable { path: target.to_owned(), source: what });
        }
        std::fs::rename(&self.0, target).map_err(BackupError::unwritable(target))?;
        // The file has its name now; dropping this finds nothing to remove.
        sync_folder(target).map_err(BackupError::unwritable(target))
    }
}

impl Aside {
    /// Removes what is there, with whatever SQLite left beside it.
    pub fn clear(&self) {
        for path in crate::db::backup::companions(&self.0).iter().chain([&self.0]) {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    log::warn!("{} stays behind: {error}", path.display());
                }
                Ok(()) | Err(_) => {}
            }
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Writes what `read` gives to `write` and returns its hash.
fn pump(read: &mut impl Read, write: &mut impl Write, go_on: &dyn Fn() -> bool) -> io::Result<Option<[u8; 32]>> {
    let (mut hash, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match read.read(&mut chunk)? {
            0 => return Ok(Some(hash.finalize().into())),
            count => {
                hash.update(&chunk[..count]);
                write.write_all(&chunk[..count])?;
            }
        }
        if !go_on() {
            return Ok(None);
        }
    }
}

/// A file that is written in small bites, so that nobody else's sync waits for much.
struct Bites {
    file: File,
    unsynced: usize,
}

impl Write for Bites {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.unsynced += written;
        if self.unsynced >= SYNC_BYTES {
            self.unsynced = 0;
            self.file.sync_data()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Packs `source` into a new file beside `target`, and proves by reading it back
/// that it holds `source`.
///
/// # Errors
/// A disk that is full or failing; `Stopped` once `go_on` says no.
pub fn pack(source: &Path, target: &Path, seal: Option<&Seal>, go_on: &dyn Fn() -> bool) -> Result<Aside, BackupError> {
    let aside = Aside::new(with_ending(target, PART));
    let failed = || BackupError::unwritable(aside.path());
    let mut from = File::open(source).map_err(BackupError::unreadable(source))?;
    let file = create(aside.path()).map_err(failed())?;
    let sealing = Sealing::new(Bites { file, unsynced: 0 }, seal).map_err(failed())?;
    let mut to = GzEncoder::new(sealing, Compression::new(LEVEL));
    let written = pump(&mut from, &mut to, go_on).map_err(failed())?.ok_or(BackupError::Stopped)?;
    to.finish().and_then(Sealing::finish).and_then(|bites| bites.file.sync_all()).map_err(failed())?;
    let mut back = unpacking(aside.path(), seal.map(|seal| slice::from_ref(&seal.rehearsal)))?;
    match pump(&mut back, &mut io::sink(), go_on) {
        Ok(Some(read)) if read == written => Ok(aside),
        Ok(None) => Err(BackupError::Stopped),
        Ok(Some(_)) | Err(_) => Err(BackupError::Differs { path: aside.path().to_owned() }),
    }
}

/// A new file for what nobody else may read, in the place of one that was left half made. A link
/// that stands there is removed and not followed: whoever may write to a folder of copies makes
/// this program write to no other place.
///
/// # Errors
/// When the operating system refuses.
pub fn create(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => open::private().create_new(true).open(path),
    }
}

/// Makes a finished file last. Windows syncs only what may be written to.
///
/// # Errors
/// When the operating system refuses.
pub fn sync_file(path: &Path) -> Result<(), BackupError> {
    let file = OpenOptions::new().write(true).open(path);
    file.and_then(|file| file.sync_all()).map_err(BackupError::unwritable(path))
}

/// The content of a packed copy; `identities` open one that is locked.
fn unpacking(path: &Path, identities: Option<&[Box<dyn Identity>]>) -> Result<MultiGzDecoder<Box<dyn BufRead>>, BackupError> {
    let file = BufReader::with_capacity(CHUNK, File::open(path).map_err(BackupError::unreadable(path))?);
    let from: Box<dyn BufRead> = match identities {
        Some(identities) => Box::new(BufReader::with_capacity(CHUNK, seal::unsealing(path, file, identities)?)),
        None => Box::new(file),
    };
    Ok(MultiGzDecoder::new(from))
}

/// Unpacks `source` to `target`, or copies it when it is plain.
///
/// # Errors
/// `Spoilt` when it is cut short or damaged; what is amiss with the passphrase.
pub fn unpack(source: &Path, target: &Path, passphrase: Option<&Passphrase>) -> Result<(), BackupError> {
    let spoilt = |error: io::Error| BackupError::Spoilt { path: source.to_owned(), what: error.to_string() };
    let mut to = create(target).map_err(BackupError::unwritable(target))?;
    let form = form(source).map_err(BackupError::unreadable(source))?;
    let identities = match (form, passphrase) {
        (Form::Sealed, Some(passphrase)) => Some(seal::identities(source, passphrase)?),
        (Form::Sealed, None) => return Err(BackupError::NoPassphrase { path: source.to_owned() }),
        (Form::Packed | Form::Plain | Form::Other, _) => None,
    };
    match form {
        Form::Packed | Form::Sealed => {
            let mut from = unpacking(source, identities.as_deref())?;
            let mut chunk = Vec::with_capacity(CHUNK);
            from.by_ref().take(HEAD).read_to_end(&mut chunk).map_err(spoilt)?;
            let mut left = allowed(source, target, &chunk)?;
            while !chunk.is_empty() {
                left = left.checked_sub(chunk.len() as u64).ok_or_else(|| spoilt(io::Error::other("it goes on without end")))?;
                to.write_all(&chunk).map_err(BackupError::unwritable(target))?;
                chunk.clear();
                from.by_ref().take(CHUNK as u64).read_to_end(&mut chunk).map_err(spoilt)?;
            }
        }
        Form::Plain => {
            let mut from = File::open(source).map_err(BackupError::unreadable(source))?;
            io::copy(&mut from, &mut to).map_err(BackupError::unwritable(target))?;
        }
        Form::Other => return Err(BackupError::NotACopy { path: source.to_owned() }),
    }
    to.sync_all().map_err(BackupError::unwritable(target))
}

/// The bytes that a data file with this beginning may have: those that it speaks of itself, as
/// far as the disk has room for them. A file of a few megabytes can unpack to any size.
fn allowed(source: &Path, target: &Path, head: &[u8]) -> Result<u64, BackupError> {
    let room = machine::disk(target).map_or(u64::MAX, |disk| disk.free);
    match data_file_bytes(head) {
        Some(bytes) if bytes > room => Err(BackupError::NoRoom { path: source.to_owned(), megabytes: bytes.div_ceil(1_000_000) }),
        Some(bytes) => Ok(bytes),
        None => Ok(room / 2),
    }
}

/// SQLite's header has the size of a page and the count of pages; the latter holds
/// when it was written together with the last change.
fn data_file_bytes(head: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let page = match u16::from_be_bytes(head.get(16..18)?.try_into().ok()?) {
        1 => 65_536,
        size => u64::from(size),
    };
    let holds = head.starts_with(b"SQLite format 3\0") && number(24)? == number(92)? && number(28)? > 0;
    holds.then_some(page * u64::from(number(28)?))
}

/// Copies a finished copy to another folder, by the same rules.
///
/// # Errors
/// A disk that is full, failing or gone.
pub fn duplicate(source: &Path, target: &Path, go_on: &dyn Fn() -> bool) -> Result<(), BackupError> {
    let aside = Aside::new(with_ending(target, PART));
    let failed = || BackupError::unwritable(aside.path());
    let mut from = File::open(source).map_err(BackupError::unreadable(source))?;
    let mut to = Bites { file: create(aside.path()).map_err(failed())?, unsynced: 0 };
    let written = pump(&mut from, &mut to, go_on).map_err(failed())?.ok_or(BackupError::Stopped)?;
    to.file.sync_all().map_err(failed())?;
    let mut back = File::open(aside.path()).map_err(failed())?;
    match pump(&mut back, &mut io::sink(), go_on).map_err(failed())? {
        Some(read) if read == written => aside.put_at(target),
        Some(_) => Err(BackupError::Differs { path: aside.path().to_owned() }),
        None => Err(BackupError::Stopped),
    }
}
