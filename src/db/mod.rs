//! The database: one file, one writer, many readers.
//!
//! Only this folder prepares statements. It knows tables and transactions and
//! nothing of hotels.

pub mod backup;
pub mod beside;
pub mod constraint;
pub mod generation;
pub mod migrate;
pub mod open;
mod pool;
pub mod record;
pub mod search;
pub mod shape;
pub mod sql;
mod watcher;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use generation::{Generations, Table, Tags};
pub use migrate::Upgrade;
pub use open::OpenError;
pub use sql::{Conn, Context, Sql, Statistics, Tx};

use crate::domain::wording::text;
use crate::error::{Code, Error, Result};

/// How the database is opened. Every field is a setting.
#[derive(Debug, Clone)]
pub struct Options {
    /// Reading connections at most.
    pub readers: u32,
    /// How long a request waits for a reading connection.
    pub reader_timeout: Duration,
    /// A reading connection is replaced after this long.
    pub reader_lifetime: Option<Duration>,
    /// Whether a reading connection is tested each time it is taken.
    pub test_on_check_out: bool,
    /// How long a statement waits for another process's lock.
    pub busy_timeout: Duration,
    /// A statement slower than this is logged and counted.
    pub slow_statement: Duration,
    /// Another program (Litestream) copies the log elsewhere and alone folds it in.
    pub is_replicated: bool,
    /// The file is looked at only: nothing is written, brought up to date or folded in.
    pub is_read_only: bool,
    /// The schema, and the way to it from earlier ones.
    pub migrations: &'static migrate::Migrations,
    pub before_upgrade: migrate::BeforeUpgrade,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            readers: 8,
            reader_timeout: Duration::from_secs(5),
            reader_lifetime: Some(Duration::from_secs(3600)),
            test_on_check_out: false,
            busy_timeout: Duration::from_secs(5),
            slow_statement: Duration::from_millis(500),
            is_replicated: false,
            is_read_only: false,
            migrations: &migrate::OWN,
            before_upgrade: migrate::BeforeUpgrade::Refuse,
        }
    }
}

/// Called after each commit with the tables it touched.
pub type OnCommit = Box<dyn Fn(Tags) + Send + Sync>;

/// Who changes the file: this program, or another.
enum Changes {
    Made(writer::Writer),
    Watched(watcher::Watcher),
}

/// The refusal of every change to a file that is looked at only.
pub fn read_only() -> Error {
    let detail =
        text!("This is a read-only copy of the hotel: nothing can be changed in it. Make the change in the hotel itself.");
    Error::refused(Code::ReadOnlyCopy, detail)
}

/// The open database. Cheap to share; the last one dropped folds the WAL in.
pub struct Db {
    path: PathBuf,
    changes: Changes,
    readers: pool::Readers,
    generations: Arc<Generations>,
    statistics: Arc<Statistics>,
    upgrade: Option<Upgrade>,
    /// Damage was met: nothing is written any more.
    is_damaged: AtomicBool,
}

impl Db {
    /// Opens (or creates) the file, migrates it, and starts the writer.
    ///
    /// # Errors
    /// [`OpenError`] says in words why a file cannot be used and what to do.
    pub fn open(path: &Path, options: &Options, on_commit: OnCommit) -> Result<Db, OpenError> {
        let generations = Arc::new(Generations::default());
        let statistics = Arc::new(Statistics::new(options.slow_statement));
        let (changes, upgrade) = if options.is_read_only {
            let watcher = watcher::Watcher::start(open::onlooker(path, options)?, generations.clone(), on_commit)
                .map_err(|error| OpenError::Unusable { path: path.to_owned(), what: error.to_string() })?;
            (Changes::Watched(watcher), None)
        } else {
            let (connection, upgrade) = open::writer(path, options)?;
            let writer = writer::Writer::start(connection, path, options, generations.clone(), statistics.clone(), on_commit)?;
            (Changes::Made(writer), upgrade)
        };
        let readers = pool::Readers::new(path, options, statistics.clone());
        let is_damaged = AtomicBool::new(false);
        Ok(Db { path: path.to_owned(), changes, readers, generations, statistics, upgrade, is_damaged })
    }

    /// Runs `work` on one snapshot of the data.
    pub fn read<T>(&self, context: &Context, work: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        self.noticing(self.readers.read(context, work))
    }

    /// Runs `work` as one transaction: all of it is on disk when this returns
    /// `Ok`, and none of it when it returns `Err`.
    pub fn write<T, F>(&self, context: Context, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T> + Send + 'static,
    {
        self.noticing(self.writer()?.write(context, writer::Company::Shared, work))
    }

    /// The same without waiting: `then` is told when all of it is on disk, or that none of it is. It is called
    /// by whoever commits, or refuses, and must take no time; what it is told goes through [`Db::noticing`].
    pub fn write_then<T, F, A>(&self, context: Context, work: F, then: A)
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T> + Send + 'static,
        A: FnOnce(Result<T>) + Send + 'static,
    {
        match self.writer() {
            Ok(writer) => writer.write_then(context, work, then),
            Err(error) => then(Err(error)),
        }
    }

    /// Has `work` done without waiting for it, or for the disk; that it failed is logged. For
    /// notes that an answer must not take longer for.
    pub fn write_behind(&self, context: Context, work: impl FnOnce(&Tx) -> Result<()> + Send + 'static) {
        let queued = self.writer().and_then(|writer| writer.write_behind(context, work));
        if let Err(error) = queued {
            log::warn!("a note could not be written: {error}");
        }
    }

    /// The same in a transaction that nothing else shares: for imports and other
    /// bulk loads, which are a fraction of the time and memory that way.
    pub fn write_alone<T, F>(&self, context: Context, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T> + Send + 'static,
    {
        self.noticing(self.writer()?.write(context, writer::Company::Alone, work))
    }

    /// What to do once after bulk loads, so that searches are quick at once.
    pub fn settle_search(&self, context: Context) -> Result<()> {
        self.write_alone(context, search::settle)
    }

    /// Remembers that the file is damaged, once anybody has met that. A disk that cannot be read
    /// for a moment looks the same to SQLite; so the file is looked at again first.
    pub fn noticing<T>(&self, result: Result<T>) -> Result<T> {
        if !matches!(result, Err(Error::Damaged)) {
            return result;
        }
        if !open::is_damaged(&self.path) {
            return Err(constraint::unusable_disk());
        }
        self.note_damage();
        result
    }

    /// From now on nothing is written: each change could make more of the file unreadable, and
    /// would be missing in the back-up that takes its place.
    pub fn note_damage(&self) {
        if !self.is_damaged.swap(true, Ordering::Relaxed) {
            log::error!("{} is damaged: nothing is written to it any more", self.path.display());
        }
    }

    /// Whether damage was met, and is still there.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged.load(Ordering::Relaxed)
    }

    fn writer(&self) -> Result<&writer::Writer> {
        if self.is_damaged() {
            if open::is_damaged(&self.path) {
                return Err(Error::Damaged);
            }
            log::warn!("{} can be read again: it is written to as before", self.path.display());
            self.is_damaged.store(false, Ordering::Relaxed);
        }
        match &self.changes {
            Changes::Made(writer) => Ok(writer),
            Changes::Watched(_) => Err(read_only()),
        }
    }

    /// Whether the file is looked at only.
    pub fn is_read_only(&self) -> bool {
        matches!(self.changes, Changes::Watched(_))
    }

    /// What was done to the file of an earlier version when it was opened.
    pub fn upgrade(&self) -> Option<&Upgrade> {
        self.upgrade.as_ref()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn generations(&self) -> &Generations {
        &self.generations
    }

    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Reading connections: open and idle.
    pub fn reader_state(&self) -> (u32, u32) {
        self.readers.state()
    }

    /// Sizes of the file and of its write-ahead log, in bytes.
    pub fn sizes(&self) -> (u64, u64) {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |m| m.len());
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        (size(&self.path), size(Path::new(&wal)))
    }

    /// Finishes what is queued, folds the WAL into the file and stops the writer.
    pub fn close(&self) {
        match &self.changes {
            Changes::Made(writer) => writer.stop(),
            Changes::Watched(watcher) => watcher.stop(),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        constraint::explain(&error)
    }
}
