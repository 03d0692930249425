//! Statements with names, and the two handles that run them.
//!
//! A `Conn` reads, a `Tx` also writes. Every statement is timed here; the slow
//! ones are counted, logged by name, and kept with their query plan.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant as Moment};

use rusqlite::types::FromSql;
use rusqlite::{Connection, Params, Row};

use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::error::{Error, Result};
use crate::watch::{Ring, SlowStatement};

/// A statement with a name for logs and metrics.
#[derive(Debug, Clone)]
pub struct Sql {
    pub name: &'static str,
    pub text: Cow<'static, str>,
    /// Why a full scan is right here; `None` = it must not scan a table.
    pub scans: Option<&'static str>,
}

impl Sql {
    pub const fn new(name: &'static str, text: &'static str) -> Sql {
        Sql { name, text: Cow::Borrowed(text), scans: None }
    }

    pub const fn scanning(name: &'static str, text: &'static str, reason: &'static str) -> Sql {
        Sql { name, text: Cow::Borrowed(text), scans: Some(reason) }
    }

    /// A statement put together from filters; its parts are constants of the code.
    pub fn built(name: &'static str, text: String, scans: Option<&'static str>) -> Sql {
        Sql { name, text: Cow::Owned(text), scans }
    }
}

/// Declares the statements of a slice and the list that the plan test reads. One that `selects` a
/// record begins with its columns (`db/record.rs`); one that `is` something is put together.
/// `statements! { FIND = "rooms.find" selects Room "FROM …"; COUNT = "rooms.count": "SELECT …", scans "a hotel's rooms are few"; }`
macro_rules! statements {
    ($(
        $(#[$about:meta])*
        $name:ident = $label:literal $(: $text:literal)? $(selects $record:ident $from:literal)? $(is $put:expr)? $(, scans $reason:literal)?;
    )*) => {
        $(
            $(#[$about])*
            pub(crate) const $name: $crate::db::Sql = $crate::db::sql::statements!(
                @one $label, $crate::db::sql::statements!(@text $($text)? $(selects $record $from)? $(is $put)?) $(, $reason)?
            );
        )*
        /// Every statement of this slice, for the query plan test.
        pub const STATEMENTS: &[$crate::db::Sql] = &[$($name),*];
    };
    (@text $text:literal) => { $text };
    (@text selects $record:ident $from:literal) => { const_format::concatcp!("SELECT ", $record::COLUMNS, "\n", $from) };
    (@text is $put:expr) => { $put };
    (@one $label:literal, $text:expr) => { $crate::db::Sql::new($label, $text) };
    (@one $label:literal, $text:expr, $reason:literal) => { $crate::db::Sql::scanning($label, $text, $reason) };
}
pub(crate) use statements;

/// Is told of each statement after it has run, by its text.
type Watch = Box<dyn FnMut(&str)>;

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Runs `work` and tells `watch` of each statement that it runs on this thread. A watch that panics ends the work there.
pub fn watched<T>(watch: impl FnMut(&str) + 'static, work: impl FnOnce() -> T) -> T {
    struct Watched;
    impl Drop for Watched {
        fn drop(&mut self) {
            WATCH.take();
        }
    }
    WATCH.set(Some(Box::new(watch)));
    let _until_done = Watched;
    work()
}

/// Runs `work` and tells which statements it ran on this thread, as their texts.
/// What an answer was read from is found out this way.
pub fn traced<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let texts = Rc::new(RefCell::new(Vec::new()));
    let seen = texts.clone();
    let result = watched(move |text| seen.borrow_mut().push(text.to_owned()), work);
    (result, texts.take())
}

/// Who acts and when; handed to every read and write.
#[derive(Debug, Clone)]
pub struct Context {
    pub actor: Actor,
    pub now: Instant,
}

/// Slow statements remembered.
const SLOW_KEPT: usize = 50;

/// Counts of statements, for metrics.
#[derive(Debug)]
pub struct Statistics {
    slow_after: Duration,
    pub statements: AtomicU64,
    pub slow: AtomicU64,
    /// The newest of them.
    pub slow_statements: Ring<SlowStatement>,
    /// Reads that found no connection at hand and waited for one.
    pub reader_waits: AtomicU64,
    pub reader_wait_micros: AtomicU64,
    pub reader_timeouts: AtomicU64,
    pub commits: AtomicU64,
    pub operations: AtomicU64,
    pub rollbacks: AtomicU64,
}

impl Statistics {
    pub fn new(slow_after: Duration) -> Statistics {
        Statistics {
            slow_after,
            statements: AtomicU64::new(0),
            slow: AtomicU64::new(0),
            slow_statements: Ring::new(SLOW_KEPT),
            reader_waits: AtomicU64::new(0),
            reader_wait_micros: AtomicU64::new(0),
            reader_timeouts: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            operations: AtomicU64::new(0),
            rollbacks: AtomicU64::new(0),
        }
    }

    /// Counts a statement; whether it was slow.
    fn note(&self, sql: &Sql, took: Duration) -> bool {
        self.statements.fetch_add(1, Ordering::Relaxed);
        WATCH.with_borrow_mut(|watch| watch.iter_mut().for_each(|watch| watch(&sql.text)));
        took >= self.slow_after
    }
}

/// A connection inside a transaction, for reading.
pub struct Conn<'a> {
    raw: &'a Connection,
    context: &'a Context,
    statistics: &'a Statistics,
}

impl<'a> Conn<'a> {
    pub(super) fn new(raw: &'a Connection, context: &'a Context, statistics: &'a Statistics) -> Conn<'a> {
        Conn { raw, context, statistics }
    }

    pub fn actor(&self) -> &Actor {
        &self.context.actor
    }

    pub fn now(&self) -> Instant {
        self.context.now
    }

    /// Whether the file is looked at only.
    pub fn is_read_only(&self) -> bool {
        self.raw.is_readonly("main").unwrap_or(false)
    }

    fn note(&self, sql: &Sql, took: Duration) {
        if self.statistics.note(sql, took) {
            self.keep_slow(sql, took);
        }
    }

    /// Remembers a slow statement with its plan: the same connection and the same
    /// data make the plan that it ran by.
    #[cold]
    fn keep_slow(&self, sql: &Sql, took: Duration) {
        log::warn!("slow statement {} took {} ms", sql.name, took.as_millis());
        let plan = self.plan(sql).unwrap_or_else(|error| vec![format!("no plan: {error}")]);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let slow = SlowStatement { at: self.now(), name: sql.name, text: sql.text.to_string(), plan, micros };
        self.statistics.slow.fetch_add(1, Ordering::Relaxed);
        self.statistics.slow_statements.push(slow);
    }

    /// The lines of a query plan, those of a part indented under it.
    fn plan(&self, sql: &Sql) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.raw.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text))?;
        let mut rows = statement.raw_query();
        let (mut lines, mut depths) = (Vec::new(), Vec::<(i64, usize)>::new());
        while let Some(row) = rows.next()? {
            let (id, parent, detail): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let depth = depths.iter().find(|(known, _)| *known == parent).map_or(0, |(_, depth)| depth + 1);
            depths.push((id, depth));
            lines.push(format!("{}{detail}", "  ".repeat(depth)));
        }
        Ok(lines)
    }

    /// The first row, if there is one.
    pub fn one<T>(&self, sql: &Sql, params: impl Params, map: impl FnOnce(&Row) -> rusqlite::Result<T>) -> Result<Option<T>> {
        let started = Moment::now();
        let mut statement = self.raw.prepare_cached(&sql.text)?;
        let mut rows = statement.query(params)?;
        let found = match rows.next()? {
            Some(row) => Some(map(row)?),
            None => None,
        };
        self.note(sql, started.elapsed());
        Ok(found)
    }

    /// All rows, in the statement's order. The statement bounds them.
    pub fn all<T>(&self, sql: &Sql, params: impl Params, mut map: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Calls `visit` with each row.
    pub fn each(&self, sql: &Sql, params: impl Params, mut visit: impl FnMut(&Row) -> rusqlite::Result<()>) -> Result<()> {
        let started = Moment::now();
        let mut statement = self.raw.prepare_cached(&sql.text)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            visit(row)?;
        }
        self.note(sql, started.elapsed());
        Ok(())
    }

    /// The first column of the one row that the statement always has.
    pub fn scalar<T: FromSql>(&self, sql: &Sql, params: impl Params) -> Result<T> {
        self.one(sql, params, |row| row.get(0))?.ok_or_else(|| Error::internal(format!("{} found no row", sql.name)))
    }

    /// Whether the statement has a row.
    pub fn exists(&self, sql: &Sql, params: impl Params) -> Result<bool> {
        Ok(self.one(sql, params, |_| Ok(()))?.is_some())
    }
}

/// A text of a row; as `&str` it is borrowed and lives as long as the row stands.
pub fn text<'r, T: From<&'r str>>(row: &'r Row, at: usize) -> rusqlite::Result<T> {
    optional_text(row, at)?.ok_or_else(|| rusqlite::Error::InvalidColumnType(at, String::new(), rusqlite::types::Type::Null))
}

/// A text that may be NULL.
pub fn optional_text<'r, T: From<&'r str>>(row: &'r Row, at: usize) -> rusqlite::Result<Option<T>> {
    let found = row.get_ref(at)?;
    let text = found
        .as_str_or_null()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, found.data_type(), Box::new(error)))?;
    Ok(text.map(T::from))
}

/// The writer's connection inside a transaction.
pub struct Tx<'a>(Conn<'a>);

impl<'a> Tx<'a> {
    pub(super) fn new(conn: Conn<'a>) -> Tx<'a> {
        Tx(conn)
    }

    /// Runs a change and returns how many rows it touched.
    pub fn run(&self, sql: &Sql, params: impl Params) -> Result<usize> {
        let started = Moment::now();
        let changed = self.raw.prepare_cached(&sql.text)?.execute(params)?;
        self.note(sql, started.elapsed());
        Ok(changed)
    }

    /// Runs an INSERT and returns the new row's id.
    pub fn insert(&self, sql: &Sql, params: impl Params) -> Result<i64> {
        self.run(sql, params)?;
        Ok(self.raw.last_insert_rowid())
    }

    /// Runs `work` so that its changes vanish when it fails, while the rest of
    /// the transaction stands. For imports that skip bad rows.
    pub fn attempt<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.raw.prepare_cached("SAVEPOINT attempt")?.execute([])?;
        let result = work();
        if result.is_err() {
            self.raw.prepare_cached("ROLLBACK TO attempt")?.execute([])?;
        }
        self.raw.prepare_cached("RELEASE attempt")?.execute([])?;
        result
    }

    /// Runs `work` without these triggers, which stand again as they were when
    /// this returns. For bulk loads, whose own statements write in one sweep what
    /// the triggers would have written row by row: three times as fast. It is
    /// part of the transaction: nobody else ever sees the tables without them.
    pub fn without_triggers<T>(&self, names: &[&str], work: impl FnOnce() -> Result<T>) -> Result<T> {
        let mut texts: Vec<String> = Vec::with_capacity(names.len());
        for name in names {
            let find = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1";
            texts.push(self.raw.query_row(find, [name], |row| row.get(0))?);
            self.raw.execute_batch(&format!("DROP TRIGGER {name}"))?;
        }
        let result = work();
        for text in texts {
            self.raw.execute_batch(&text)?;
        }
        result
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = Conn<'a>;
    fn deref(&self) -> &Conn<'a> {
        &self.0
    }
}
