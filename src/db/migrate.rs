//! Brings a file of any earlier version to the latest schema, after a copy of it
//! was made beside it: a step back must always be possible.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::backup::{self, CopyError};
use super::beside;
use super::open::APPLICATION_ID;
use super::{OpenError, Options};
use crate::domain::date::Instant;

/// One version further.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A file of this folder's `migrations`.
    Sql(&'static str),
    /// What SQL alone cannot do.
    Code(fn(&Connection) -> rusqlite::Result<()>),
}

/// The latest schema and the way to it.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// What a fresh file gets.
    pub schema: &'static str,
    /// The steps from version 1 on: entry `n` brings version `n + 1` to `n + 2`.
    /// A step never changes once it is released.
    pub steps: &'static [Step],
}

impl Migrations {
    /// The version that `schema` describes.
    pub const fn latest(&self) -> i64 {
        1 + self.steps.len() as i64
    }
}

/// This program's own.
pub const OWN: Migrations = Migrations { schema: include_str!("../../schema.sql"), steps: &[] };

/// The version that `schema.sql` describes.
pub const LATEST: i64 = OWN.latest();

/// What comes before a file of an earlier version is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeforeUpgrade {
    /// It is copied aside, under a name with this moment.
    Copy(Instant),
    /// Nothing: whoever opens it has the original elsewhere.
    Nothing,
    /// It is left as it is.
    Refuse,
}

/// A file that was brought to the latest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    pub from: i64,
    pub to: i64,
    /// The file as it was; `None` when the one who opened it has it anyway.
    pub copy: Option<PathBuf>,
}

/// Why a file could not be brought to the latest version.
enum Obstacle {
    Refused(i64),
    Copy(CopyError),
    Step(rusqlite::Error),
}

impl From<rusqlite::Error> for Obstacle {
    fn from(error: rusqlite::Error) -> Obstacle {
        Obstacle::Step(error)
    }
}

/// Creates the schema in an empty file, or copies the file aside and runs the
/// missing steps: all of them, or none.
pub fn to_latest(path: &Path, connection: &mut Connection, options: &Options) -> Result<Option<Upgrade>, OpenError> {
    let migrations = options.migrations;
    let result = run(connection, migrations, &|from| match options.before_upgrade {
        BeforeUpgrade::Copy(now) => keep(path, from, now).map(Some).map_err(Obstacle::Copy),
        BeforeUpgrade::Nothing => Ok(None),
        BeforeUpgrade::Refuse => Err(Obstacle::Refused(from)),
    });
    result.map_err(|obstacle| match obstacle {
        Obstacle::Copy(error) => OpenError::NoRoomToUpgrade {
            path: path.to_owned(),
            to: migrations.latest(),
            megabytes: std::fs::metadata(path).map_or(0, |file| file.len()).div_ceil(1_000_000),
            what: error.to_string(),
        },
        Obstacle::Refused(found) => OpenError::Older { path: path.to_owned(), found, known: migrations.latest() },
        Obstacle::Step(error) => OpenError::Migration { path: path.to_owned(), what: error.to_string() },
    })
}

type Keep<'a> = &'a dyn Fn(i64) -> Result<Option<PathBuf>, Obstacle>;

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn run(connection: &mut Connection, migrations: &Migrations, keep: Keep) -> Result<Option<Upgrade>, Obstacle> {
    if version(connection)? == migrations.latest() {
        return Ok(None);
    }
    // A step may build a table anew that others refer to; what is referred to is
    // examined before the end.
    connection.pragma_update(None, "foreign_keys", false)?;
    let result = run_unguarded(connection, migrations, keep);
    connection.pragma_update(None, "foreign_keys", true)?;
    result
}

fn run_unguarded(connection: &mut Connection, migrations: &Migrations, keep: Keep) -> Result<Option<Upgrade>, Obstacle> {
    let latest = migrations.latest();
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    let from = version(&tx)?;
    if from == latest {
        return Ok(None);
    }
    if from == 0 {
        tx.execute_batch(migrations.schema)?;
        seal_version(tx, latest)?;
        return Ok(None);
    }
    // The lock is held: the copy is what the steps begin with.
    let copy = keep(from)?;
    if let Err(error) = step_by_step(&tx, migrations, from).and_then(|()| seal_version(tx, latest)) {
        // The file is as it was; another start makes another copy.
        if let Some(Err(error)) = copy.map(std::fs::remove_file) {
            log::warn!("the copy made before the upgrade stays behind: {error}");
        }
        return Err(Obstacle::Step(error));
    }
    Ok(Some(Upgrade { from, to: latest, copy }))
}

fn step_by_step(tx: &Transaction, migrations: &Migrations, from: i64) -> rusqlite::Result<()> {
    for step in migrations.steps.iter().skip(usize::try_from(from - 1).unwrap_or(0)) {
        match step {
            Step::Sql(text) => tx.execute_batch(text)?,
            Step::Code(code) => code(tx)?,
        }
    }
    let is_whole = tx.query_row("SELECT NOT EXISTS (SELECT 1 FROM pragma_foreign_key_check)", [], |row| row.get(0))?;
    if is_whole {
        return Ok(());
    }
    let what = "what some rows refer to would be gone".to_owned();
    Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT), Some(what)))
}

fn seal_version(tx: Transaction, latest: i64) -> rusqlite::Result<()> {
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", latest)?;
    tx.commit()
}

/// Copies the file beside itself, named after its version and the moment, and
/// proves that the copy is good before it gets its name.
fn keep(path: &Path, from: i64, now: Instant) -> Result<PathBuf, CopyError> {
    let kept = beside::kept_name(path, &format!("before-upgrade-version-{from}"), now);
    let stem = path.file_stem().map_or_else(|| "hotel".into(), |stem| stem.to_string_lossy());
    let part = path.with_file_name(format!("{stem}-before-upgrade.part"));
    let remove_rest = || {
        for rest in backup::companions(&part).iter().chain([&part]) {
            // What was never made cannot be removed.
            let _ = std::fs::remove_file(rest);
        }
    };
    // Left by a start that was killed; SQLite would take it for its own.
    remove_rest();
    let written = || -> Result<(), CopyError> {
        let counts = backup::copy(path, &part, &mut |_, _| true)?;
        backup::examine(&part)?.check_against(&counts)?;
        std::fs::OpenOptions::new().write(true).open(&part)?.sync_all()?;
        std::fs::rename(&part, &kept)?;
        Ok(backup::sync_folder(&kept)?)
    };
    let result = written();
    if result.is_err() {
        remove_rest();
    }
    result.map(|()| kept)
}

#[cfg(test)]
mod tests;
