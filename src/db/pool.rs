//! The pool of reading connections: `query_only`, each with its statements prepared.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use r2d2_sqlite::SqliteConnectionManager;

use super::sql::{Conn, Context, Statistics};
use super::{Options, open};
use crate::error::{Error, Result};

/// How often a wait for a connection looks whether the file can be opened at all.
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub(super) struct Readers {
    pool: r2d2::Pool<SqliteConnectionManager>,
    timeout: Duration,
    statistics: Arc<Statistics>,
    /// Set when a connection could not be opened because of what is in the file.
    is_damaged: Arc<AtomicBool>,
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
        let manager = SqliteConnectionManager::file(path)
            .with_flags(open::reading(options))
            .with_init(move |connection| open::configure_reader(connection, &own));
        let pool = r2d2::Pool::builder()
            .max_size(options.readers)
            .min_idle(Some(1))
            .connection_timeout(options.reader_timeout)
            .max_lifetime(options.reader_lifetime)
            .idle_timeout(None)
            .test_on_check_out(options.test_on_check_out)
            .error_handler(Box::new(Complaints(is_damaged.clone())))
            .build_unchecked(manager);
        Readers { pool, timeout: options.reader_timeout, statistics, is_damaged }
    }

    pub fn read<T>(&self, context: &Context, work: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        let connection = match self.pool.try_get() {
            Some(connection) => connection,
            None => self.wait()?,
        };
        connection.prepare_cached("BEGIN")?.execute([])?;
        let result = work(&Conn::new(&connection, context, &self.statistics));
        connection.prepare_cached("COMMIT")?.execute([])?;
        result
    }

    /// A connection that is opened or given back in time.
    fn wait(&self) -> Result<r2d2::PooledConnection<SqliteConnectionManager>> {
        let started = Instant::now();
        let result = loop {
            match self.pool.get_timeout(LOOK_EVERY.min(self.timeout)) {
                Ok(connection) => break Ok(connection),
                Err(_) if self.is_damaged.load(Ordering::Relaxed) => break Err(Error::Damaged),
                Err(error) if started.elapsed() >= self.timeout => {
                    self.statistics.reader_timeouts.fetch_add(1, Ordering::Relaxed);
                    log::warn!("no reading connection: {error}");
                    break Err(Error::Busy("The database is busy; please try again in a moment.".to_owned()));
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
        let state = self.pool.state();
        (state.connections, state.idle_connections)
    }
}
