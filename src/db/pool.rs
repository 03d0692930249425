//! The pool of reading connections: `query_only`, each with its statements prepared.

use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use r2d2::ManageConnection;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::Connection;

use super::sql::{Conn, Context, Statistics};
use super::{Options, open};
use crate::domain::wording::text;
use crate::error::{Error, Result};

/// How often a wait for a connection looks whether the file can be opened at all.
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub(super) struct Readers {
    /// `None` once it was let go of.
    pool: Option<r2d2::Pool<Manager>>,
    files: Arc<OpenFiles>,
    timeout: Duration,
    statistics: Arc<Statistics>,
    /// Set when a connection could not be opened because of what is in the file.
    is_damaged: Arc<AtomicBool>,
}

/// How many connections have the file open. The pool opens them on threads of its own, so one can
/// still be on its way when the pool goes.
#[derive(Debug, Default)]
struct OpenFiles {
    /// How many, and whether no more may be opened.
    count: Mutex<(usize, bool)>,
    fewer: Condvar,
}

impl OpenFiles {
    fn enter(self: &Arc<Self>) -> Option<OpenFile> {
        let mut count = self.count.lock().ok()?;
        let (open, is_over) = &mut *count;
        (!*is_over).then(|| {
            *open += 1;
            OpenFile(self.clone())
        })
    }

    /// Opens no more, and waits until the last one is closed.
    fn end(&self, patience: Duration) {
        let Ok(mut count) = self.count.lock() else { return };
        count.1 = true;
        let rest = self.fewer.wait_timeout_while(count, patience, |(open, _)| *open > 0);
        if rest.is_ok_and(|(_, waited)| waited.timed_out()) {
            log::warn!("a reading connection is still open");
        }
    }
}

#[derive(Debug)]
struct OpenFile(Arc<OpenFiles>);

impl Drop for OpenFile {
    fn drop(&mut self) {
        if let Ok(mut count) = self.0.count.lock() {
            count.0 -= 1;
        }
        self.0.fewer.notify_all();
    }
}

/// A connection that is counted for as long as it is open: it is closed before the rest goes.
struct Reader {
    connection: Connection,
    _file: OpenFile,
}

impl Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

struct Manager {
    inner: SqliteConnectionManager,
    files: Arc<OpenFiles>,
}

impl ManageConnection for Manager {
    type Connection = Reader;
    type Error = rusqlite::Error;

    fn connect(&self) -> rusqlite::Result<Reader> {
        let closed = || rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT), None);
        let file = self.files.enter().ok_or_else(closed)?;
        Ok(Reader { connection: self.inner.connect()?, _file: file })
    }

    fn is_valid(&self, reader: &mut Reader) -> rusqlite::Result<()> {
        self.inner.is_valid(&mut reader.connection)
    }

    fn has_broken(&self, reader: &mut Reader) -> bool {
        self.inner.has_broken(&mut reader.connection)
    }
}

/// Hears why a connection could not be opened, and tells a damaged file from a busy one.
#[derive(Debug)]
struct Complaints(Arc<AtomicBool>);

impl r2d2::HandleError<rusqlite::Error> for Complaints {
    fn handle_error(&self, error: rusqlite::Error) {
        let is_damage = Error::from(error) == Error::Damaged;
        self.0.store(is_damage, Ordering::Relaxed);
    }
}

impl Readers {
    pub fn new(path: &Path, options: &Options, statistics: Arc<Statistics>) -> Readers {
        let (own, is_damaged) = (options.clone(), Arc::new(AtomicBool::new(false)));
        let inner = SqliteConnectionManager::file(path)
            .with_flags(open::reading(options))
            .with_init(move |connection| open::configure_reader(connection, &own));
        let files: Arc<OpenFiles> = Arc::default();
        let pool = r2d2::Pool::builder()
            .max_size(options.readers)
            .min_idle(Some(1))
            .connection_timeout(options.reader_timeout)
            .max_lifetime(options.reader_lifetime)
            .idle_timeout(None)
            .test_on_check_out(options.test_on_check_out)
            .error_handler(Box::new(Complaints(is_damaged.clone())))
            .build_unchecked(Manager { inner, files: files.clone() });
        Readers { pool: Some(pool), files, timeout: options.reader_timeout, statistics, is_damaged }
    }

    pub fn read<T>(&self, context: &Context, work: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        let pool = self.pool.as_ref().ok_or_else(|| Error::internal("the readers have ended"))?;
        let connection = match pool.try_get() {
            Some(connection) => connection,
            None => self.wait(pool)?,
        };
        connection.prepare_cached("BEGIN")?.execute([])?;
        let result = work(&Conn::new(&connection, context, &self.statistics));
        connection.prepare_cached("COMMIT")?.execute([])?;
        result
    }

    /// A connection that is opened or given back in time.
    fn wait(&self, pool: &r2d2::Pool<Manager>) -> Result<r2d2::PooledConnection<Manager>> {
        let started = Instant::now();
        let result = loop {
            match pool.get_timeout(LOOK_EVERY.min(self.timeout)) {
                Ok(connection) => break Ok(connection),
                Err(_) if self.is_damaged.load(Ordering::Relaxed) => break Err(Error::Damaged),
                Err(error) if started.elapsed() >= self.timeout => {
                    self.statistics.reader_timeouts.fetch_add(1, Ordering::Relaxed);
                    log::warn!("no reading connection: {error}");
                    break Err(Error::Busy(text!("The database is busy; please try again in a moment.")));
                }
                Err(_) => {}
            }
        };
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.statistics.reader_waits.fetch_add(1, Ordering::Relaxed);
        self.statistics.reader_wait_micros.fetch_add(micros, Ordering::Relaxed);
        result
    }

    /// Connections open and idle.
    pub fn state(&self) -> (u32, u32) {
        let state = self.pool.as_ref().map(r2d2::Pool::state);
        state.map_or((0, 0), |state| (state.connections, state.idle_connections))
    }
}

impl Drop for Readers {
    /// Whoever lets go of the file may put another in its place at once.
    fn drop(&mut self) {
        self.pool = None;
        self.files.end(self.timeout);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{TryRecvError, channel};

    use super::*;
    use crate::db::{Db, backup};
    use crate::domain::actor::Actor;
    use crate::domain::date::Instant as Moment;

    #[test]
    fn whoever_ends_the_readers_waits_for_the_last_one_that_is_open() {
        let files: Arc<OpenFiles> = Arc::default();
        let last = files.enter().expect("open");
        let (tell, ended) = channel();
        let ending = files.clone();
        let waiting = std::thread::spawn(move || {
            ending.end(Duration::MAX);
            tell.send(()).expect("somebody listens");
        });
        while files.enter().is_some() {
            std::thread::yield_now();
        }
        assert_eq!(ended.try_recv(), Err(TryRecvError::Empty));
        drop(last);
        waiting.join().expect("no panic");
        assert_eq!(ended.try_recv(), Ok(()));
    }

    #[test]
    fn a_file_that_was_let_go_of_is_nobodys_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hotel.db");
        let context = Context { actor: Actor::program("test"), now: Moment::from_millisecond(0).expect("epoch") };
        for _ in 0..20 {
            let db = Db::open(&path, &Options::default(), Box::new(|_| ())).expect("a hotel");
            db.read(&context, |_| Ok(())).expect("read");
            drop(db);
            backup::seal(&path).expect("nobody has it open");
        }
    }
}
