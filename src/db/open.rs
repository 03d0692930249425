//! Opening a data file: is it ours, is it whole, is it as new as we are.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Options;
use super::migrate::{self, Upgrade};

/// Marks a file as Innkeeper's (`PRAGMA application_id`): "INNK".
pub const APPLICATION_ID: i32 = 0x494e_4e4b;

/// Why a data file cannot be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "{path} is not an Innkeeper data file; it was left as it is. If it was the hotel's, put the newest back-up in its place: innkeeper restore COPY. If not, take it elsewhere, or name another file with --db."
    )]
    NotOurs { path: PathBuf },
    #[error(
        "{path} was written by a newer Innkeeper (its schema is {found}, this program knows {known}). Start the newer program; or, to go back to this one, put back the copy that the newer one made beside the file before it changed it (its name has \"before-upgrade\" in it): innkeeper restore COPY. The file was left as it is."
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "{path} was written by an older Innkeeper (its schema is {found}, this program's is {known}). Start Innkeeper with it once, which keeps a copy and brings it up to date."
    )]
    Older { path: PathBuf, found: i64, known: i64 },
    #[error(
        "{path} is damaged. It was left as it is. Put the newest back-up in its place: innkeeper restore COPY. The damaged file is then kept beside it."
    )]
    Damaged { path: PathBuf },
    #[error(
        "Another program holds {path} and lets nobody else in. Close it (a program that looks into databases, copies files or scans for viruses) and start again; the file was left as it is."
    )]
    Locked { path: PathBuf },
    #[error(
        "{path} cannot be opened. Check that the folder exists, that it can be written to, and that the disk has room. (The system says: {what}.)"
    )]
    Unusable { path: PathBuf, what: String },
    #[error(
        "{path} may not be read and written by this account. Start Innkeeper as the user whose file it is, or give this one the rights to it and to its folder; the file was left as it is."
    )]
    Protected { path: PathBuf },
    #[error(
        "{path} is a link to {target}, which is not there. Bring back the disk or the folder that it leads to, or name the data file itself with --db; nothing was changed."
    )]
    LinkToNothing { path: PathBuf, target: PathBuf },
    #[error(
        "{path} is no ordinary file (a folder, or a link to another place), where one has to be. Look what it is and take it elsewhere, or name another data file with --db; nothing was changed."
    )]
    NoFile { path: PathBuf },
    #[error(
        "{path} has a second name on this disk (a hard link). What is entered goes into a log beside the name that is opened, so a file with two names loses data. Remove the other name (find it with: find FOLDER -samefile {path}), or make a copy of the file and open that. If a restore was broken off here, start Innkeeper once: it puts that in order."
    )]
    SeveralNames { path: PathBuf },
    #[error(
        "Beside {path} lies what is none of its own, or left of a change that was not finished. Start Innkeeper with the file once, which puts that in order and keeps what is not its own; nothing was changed."
    )]
    Strays { path: PathBuf },
    #[error(
        "The log beside {path} is damaged: what was entered last stands in it and cannot be read any more. Put the newest back-up in place: innkeeper restore COPY. Or, to go on without what was entered last, take {log} elsewhere and start again. Both files were left as they are."
    )]
    DamagedLog { path: PathBuf, log: PathBuf },
    #[error(
        "{path} was being changed by another program that did not finish, and whether {journal} is of that change nothing tells. Open the file with that program once; or put the newest back-up in its place: innkeeper restore COPY. Both files were left as they are."
    )]
    Interrupted { path: PathBuf, journal: PathBuf },
    #[error(
        "{path} is {state}, but a hotel was here: {beside} is left of it. Nothing was changed. If the file was moved, or is on a disk that is not connected, bring it back. If it is lost, put the newest back-up in its place: innkeeper restore {copy}. To begin a new hotel here, first take elsewhere what is left."
    )]
    Lost { path: PathBuf, state: &'static str, beside: String, copy: String },
    #[error(
        "{path} has to be changed for this version of Innkeeper (to schema {to}), and a copy of it is made before that; but the copy could not be made ({what}). Make {megabytes} MB of room on the disk of that folder, see that the folder can be written to, and start again. The file was left as it was."
    )]
    NoRoomToUpgrade { path: PathBuf, to: i64, megabytes: u64, what: String },
    #[error(
        "{path} could not be brought to this version ({what}). The file was left as it was: make room on its disk if that is full, and start again; or go on with the version that you had, and report this."
    )]
    Migration { path: PathBuf, what: String },
}

/// How a file with guests' data is made: nobody else may read it.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the file before SQLite would, for everybody to read; its log then gets the same rights.
pub(super) fn make(path: &Path) {
    if let Err(error) = private().truncate(false).open(path) {
        // SQLite says what is wrong in its own words.
        log::debug!("{}: {error}", path.display());
    }
}

/// The writer's connection: the file checked, migrated and set up.
pub(super) fn writer(path: &Path, options: &Options) -> Result<(Connection, Option<Upgrade>), OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    make(path);
    let mut connection = Connection::open_with_flags(path, flags).map_err(|e| failure(path, &e))?;
    connection.busy_timeout(options.busy_timeout).map_err(|e| failure(path, &e))?;
    // SQLite opens what may not be written to all the same, and fails with the first change.
    if connection.is_readonly("main").map_err(|e| failure(path, &e))? {
        return Err(OpenError::Protected { path: path.to_owned() });
    }
    refuse_strangers(path, &connection, options.migrations.latest())?;
    configure_writer(&connection).map_err(|e| failure(path, &e))?;
    if options.is_replicated {
        leave_log(&connection).map_err(|e| failure(path, &e))?;
    }
    let upgrade = migrate::to_latest(path, &mut connection, options)?;
    Ok((connection, upgrade))
}

/// A connection to a file that is looked at only: it has to be ours, whole, and of
/// this program's version, since nobody brings it up to that here.
pub(super) fn onlooker(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(path, reading(options)).map_err(|e| failure(path, &e))?;
    configure_reader(&connection, options).map_err(|e| failure(path, &e))?;
    let known = options.migrations.latest();
    refuse_strangers(path, &connection, known)?;
    let found = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|e| failure(path, &e))?;
    if found < known { Err(OpenError::Older { path: path.to_owned(), found, known }) } else { Ok(connection) }
}

/// How a connection that only reads opens the file. Beside a writer it may do what
/// the log needs, such as bringing its index up to date.
pub(super) fn reading(options: &Options) -> OpenFlags {
    let access = if options.is_read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Whether an open file is damaged, and not only for now out of reach: the system can read
/// all of it, and SQLite finds something wrong in what it reads anew.
pub(super) fn is_damaged(path: &Path) -> bool {
    let read = std::fs::File::open(path).and_then(|mut file| std::io::copy(&mut file, &mut std::io::sink()));
    if let Err(error) = read {
        log::error!("{} cannot be read: {error}", path.display());
        return false;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let look = || -> rusqlite::Result<String> {
        let connection = Connection::open_with_flags(path, flags)?;
        leave_log(&connection)?;
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
    };
    !look().is_ok_and(|verdict| verdict == "ok")
}

fn failure(path: &Path, error: &rusqlite::Error) -> OpenError {
    use rusqlite::ErrorCode as C;
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(C::NotADatabase) => OpenError::NotOurs { path },
        Some(C::DatabaseCorrupt) => {
            log::error!("{} is damaged: {error}", path.display());
            OpenError::Damaged { path }
        }
        Some(C::DatabaseBusy | C::DatabaseLocked) => OpenError::Locked { path },
        Some(C::ReadOnly | C::PermissionDenied) => OpenError::Protected { path },
        _ => OpenError::Unusable { path, what: error.to_string() },
    }
}

/// A file with tables of somebody else's is not touched.
fn refuse_strangers(path: &Path, connection: &Connection, known: i64) -> Result<(), OpenError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(|e| failure(path, &e));
    let is_empty = connection
        .query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get::<_, bool>(0))
        .map_err(|e| failure(path, &e))?;
    if is_empty {
        return Ok(());
    }
    if pragma("application_id")? != i64::from(APPLICATION_ID) {
        return Err(OpenError::NotOurs { path: path.to_owned() });
    }
    let found = pragma("user_version")?;
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    Ok(())
}

fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(400);
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA cache_size = -8000;
         PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY;",
    )
}

/// The last connection that closes folds the log in, unless it is told not to.
fn leave_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(|_| ())
}

pub(super) fn configure_reader(connection: &Connection, options: &Options) -> rusqlite::Result<()> {
    if options.is_replicated {
        leave_log(connection)?;
    }
    connection.set_prepared_statement_cache_capacity(200);
    connection.busy_timeout(options.busy_timeout)?;
    connection.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA cache_size = -1000;
         PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY;",
    )
}
