//! One server a data file: a lock beside it, and a note of where it is open.
//!
//! SQLite lets several programs work on one file, and commands may do so beside
//! the open hotel. A second server, though, would keep old answers for a second.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Failure, desktop, io_failure};
use crate::hotel::backups::pack::{self, with_ending};

/// Held by the one server of a data file; let go when dropped or killed.
pub(super) struct Lock {
    path: PathBuf,
    note: PathBuf,
    /// Closing it lets go of the lock.
    _file: File,
}

/// Who holds it instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub url: String,
    pub process: u32,
}

pub(super) enum Taken {
    /// Ours, or nobody's where the file system knows no locks.
    Ours(Option<Lock>),
    /// Another server's, with what it noted of itself.
    Another(Option<Holder>),
}

/// Takes the lock of a data file. What is wrong with the folder is the database's
/// to explain: without a lock the hotel is opened all the same.
pub(super) fn take(data_file: &Path) -> Taken {
    let (path, note) = (with_ending(data_file, ".lock"), with_ending(data_file, ".open"));
    // Whoever lets go removes the file: a lock on a removed file is worth nothing.
    for _ in 0..16 {
        remove_link(&path);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = match opened {
            Ok(file) => file,
            Err(error) => {
                log::debug!("{} cannot be made: {error}", path.display());
                return Taken::Ours(None);
            }
        };
        match file.try_lock() {
            Ok(()) if is_at(&file, &path) => return Taken::Ours(Some(Lock { path, note, _file: file })),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Taken::Another(read(&note)),
            Err(TryLockError::Error(error)) => {
                log::debug!("{} cannot be locked: {error}", path.display());
                return Taken::Ours(None);
            }
        }
    }
    Taken::Another(read(&note))
}

/// A link in the lock's place would have another file locked, or made: the data file itself, say,
/// which SQLite's locks would be lost with.
fn remove_link(path: &Path) {
    if std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
        && let Err(error) = std::fs::remove_file(path)
    {
        log::warn!("{} is a link and stays: {error}", path.display());
    }
}

/// Has the one that holds the lock close in order, waits for that, and takes it.
pub(super) fn take_over(data_file: &Path, holder: &Holder) -> Result<Taken, Failure> {
    let what = format!("The hotel (process {}) could not be closed from here.", holder.process);
    desktop::ask_to_close(holder.process).map_err(io_failure(what))?;
    match OpenOptions::new().write(true).open(with_ending(data_file, ".lock")) {
        // Let go of at once: `take` looks whether it still is the one that counts.
        Ok(file) => drop(file.lock()),
        Err(error) => log::debug!("the lock is gone already: {error}"),
    }
    Ok(take(data_file))
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata(), std::fs::metadata(path)), (Ok(own), Ok(there)) if place(own.clone()) == place(there.clone()))
}

/// Elsewhere a file that is open is not removed.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

fn read(note: &Path) -> Option<Holder> {
    let text = std::fs::read_to_string(note).ok()?;
    let (url, process) = text.trim_end().split_once('\n')?;
    Some(Holder { url: url.to_owned(), process: process.parse().ok()? })
}

impl Lock {
    /// Notes where the hotel is open, for those who come second.
    pub fn tell(&self, url: &str) {
        let write = || -> io::Result<()> {
            let aside = with_ending(&self.note, ".part");
            pack::create(&aside)?.write_all(format!("{url}\n{}\n", std::process::id()).as_bytes())?;
            std::fs::rename(&aside, &self.note)
        };
        if let Err(error) = write() {
            log::warn!("{} cannot be written: {error}", self.note.display());
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        for path in [&self.note, &self.path] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    log::debug!("{} stays behind: {error}", path.display());
                }
                Ok(()) | Err(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_server_hears_where_the_first_is_and_the_third_finds_it_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("hotel.db");
        let Taken::Ours(Some(lock)) = take(&file) else { panic!("nobody else is there") };
        assert!(matches!(take(&file), Taken::Another(None)));
        lock.tell("http://127.0.0.1:8080/");
        let holder = Holder { url: "http://127.0.0.1:8080/".to_owned(), process: std::process::id() };
        assert!(matches!(take(&file), Taken::Another(Some(found)) if found == holder));
        drop(lock);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
        assert!(matches!(take(&file), Taken::Ours(Some(_))));
    }

    #[test]
    fn a_folder_that_is_not_there_is_left_to_the_database_to_explain() {
        assert!(matches!(take(Path::new("/nowhere/at/all/hotel.db")), Taken::Ours(None)));
    }
}
