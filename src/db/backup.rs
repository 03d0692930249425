//! Copies of a data file while others write to it, and their examination.
//!
//! Works on connections of its own: the writer and the readers go on. Knows
//! nothing of where copies are kept, or for how long.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::migrate;
use super::open::{self, APPLICATION_ID};

/// Pages copied in one step: 2 MB, some milliseconds.
const STEP_PAGES: i32 = 512;
/// So many steps are written before the disk is waited for: what is left to it at
/// once keeps everybody else's sync waiting.
const SYNC_EVERY: u32 = 2;
/// The pause between two steps, so that the disk belongs to the desk.
const PAUSE: Duration = Duration::from_millis(2);
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a copy could not be made or is not good.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    #[error("{0}")]
    Disk(#[from] std::io::Error),
    #[error("it was stopped before its end")]
    Stopped,
    #[error("the copy is damaged: {0}")]
    Damaged(String),
    #[error("it is not an Innkeeper data file")]
    NotOurs,
    #[error("it was written by a newer Innkeeper (its schema is {found}, this program knows {known})")]
    Newer { found: i64, known: i64 },
    #[error("the copy differs from its source: {table} has {copied} rows instead of {expected}")]
    Differs { table: String, copied: i64, expected: i64 },
}

impl CopyError {
    /// Whether it is the source itself that cannot be read.
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode as C;
        match self {
            CopyError::Damaged(_) => true,
            CopyError::Database(error) => matches!(error.sqlite_error_code(), Some(C::DatabaseCorrupt | C::NotADatabase)),
            CopyError::Disk(_)
            | CopyError::Stopped
            | CopyError::NotOurs
            | CopyError::Newer { .. }
            | CopyError::Differs { .. } => false,
        }
    }
}

/// Rows by table, in the order of the tables' names.
pub type Counts = Vec<(String, i64)>;

/// Copies one snapshot of `source` to `target`, a new file that is whole by
/// itself, and counts the rows of that snapshot.
///
/// One read transaction spans all steps, so changes that are made meanwhile
/// neither come in nor make it begin anew. `go_on` hears of pages copied and
/// pages in all; on `false` the copy is given up.
///
/// # Errors
/// A full disk, a source that cannot be read, `Stopped`.
pub fn copy(source: &Path, target: &Path, go_on: &mut dyn FnMut(i32, i32) -> bool) -> Result<Counts, CopyError> {
    let from = reader(source)?;
    from.execute_batch("BEGIN")?;
    let counts = count(&from)?;
    open::make(target);
    let mut to = Connection::open(target)?;
    // Until it is finished the copy is nobody's: no order among its pages is needed.
    to.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -2000;")?;
    let disk = std::fs::OpenOptions::new().write(true).open(target)?;
    let (backup, mut steps) = (Backup::new(&from, &mut to)?, 0_u32);
    while step(&backup)? {
        steps = steps.wrapping_add(1);
        if steps.is_multiple_of(SYNC_EVERY) {
            disk.sync_data()?;
        }
        let progress = backup.progress();
        if !go_on(progress.pagecount - progress.remaining, progress.pagecount) {
            return Err(CopyError::Stopped);
        }
        std::thread::park_timeout(PAUSE);
    }
    drop(backup);
    // Out of WAL mode: a single file, whatever opens it.
    to.pragma_update(None, "journal_mode", "DELETE")?;
    to.close().map_err(|(_, error)| error)?;
    from.execute_batch("COMMIT")?;
    catch_up(&from);
    Ok(counts)
}

/// One step; whether there are more.
fn step(backup: &Backup) -> Result<bool, CopyError> {
    match backup.step(STEP_PAGES)? {
        StepResult::Done => Ok(false),
        // Nobody else has the target; a busy source is asked again after the pause.
        StepResult::More | StepResult::Busy | StepResult::Locked => Ok(true),
        _ => Err(CopyError::Damaged("an unknown state of the copy".to_owned())),
    }
}

/// While the snapshot was held the log could only grow: it is folded in here, so
/// that the writer does not have to.
fn catch_up(connection: &Connection) {
    if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        log::debug!("checkpoint after a copy: {error}");
    }
}

fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("PRAGMA cache_size = -2000; PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 0;")?;
    Ok(connection)
}

fn count(connection: &Connection) -> rusqlite::Result<Counts> {
    // Search indexes are counted by what they index.
    let find =
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut statement = connection.prepare(find)?;
    let tables = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let rows = |table: String| {
        let n = connection.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get(0))?;
        Ok((table, n))
    };
    tables.into_iter().map(rows).collect()
}

/// What an examined file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    pub schema_version: i64,
    pub counts: Counts,
}

impl Examined {
    pub fn rows(&self, table: &str) -> i64 {
        self.counts.iter().find(|(name, _)| name == table).map_or(0, |(_, n)| *n)
    }

    /// Refuses a copy whose rows are not those of its source.
    pub fn check_against(&self, source: &Counts) -> Result<(), CopyError> {
        for (table, expected) in source {
            let copied = self.rows(table);
            if copied != *expected {
                return Err(CopyError::Differs { table: table.clone(), copied, expected: *expected });
            }
        }
        Ok(())
    }
}

/// Opens a file and reads all of it: is it ours, known to this program, whole?
///
/// # Errors
/// What is wrong with it.
pub fn examine(path: &Path) -> Result<Examined, CopyError> {
    let connection = reader(path).map_err(in_words)?;
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(in_words);
    let (owner, found) = (pragma("application_id")?, pragma("user_version")?);
    if owner != i64::from(APPLICATION_ID) {
        return Err(CopyError::NotOurs);
    }
    if found > migrate::LATEST {
        return Err(CopyError::Newer { found, known: migrate::LATEST });
    }
    let verdict: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(|error| match in_words(error) {
            CopyError::NotOurs => CopyError::Damaged("it cannot be read".to_owned()),
            other => other,
        })?;
    if verdict != "ok" {
        return Err(CopyError::Damaged(verdict));
    }
    Ok(Examined { schema_version: found, counts: count(&connection).map_err(in_words)? })
}

fn in_words(error: rusqlite::Error) -> CopyError {
    use rusqlite::ErrorCode as C;
    match error.sqlite_error_code() {
        Some(C::NotADatabase) => CopyError::NotOurs,
        Some(C::DatabaseCorrupt) => CopyError::Damaged(error.to_string()),
        _ => CopyError::Database(error),
    }
}

/// Folds everything into the one file and leaves nothing beside it. Fails while
/// another process has the file open.
///
/// # Errors
/// A locked or damaged file.
pub fn seal(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::from_millis(500))?;
    let mode: String = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode.eq_ignore_ascii_case("delete") {
        return connection.close().map_err(|(_, error)| error);
    }
    Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None))
}

/// Makes a new name in a folder last.
#[cfg(unix)]
pub fn sync_folder(of: &Path) -> std::io::Result<()> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

/// Elsewhere the file system does so by itself.
#[cfg(not(unix))]
pub fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The files that SQLite keeps beside a data file while it is open: the log, its index, and the
/// journal of a file that has no log.
pub fn companions(path: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Context, Db, Options, Sql};
    use crate::domain::actor::Actor;
    use crate::domain::date::Instant;

    /// Sources of bookings in a fresh file.
    const SEEDED: i64 = 9;
    const ADD: Sql = Sql::new("test.add", "INSERT INTO booking_source (name) VALUES (?1)");

    fn open() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().expect("folder");
        let db = Db::open(&folder.path().join("hotel.db"), &Options::default(), Box::new(|_| ())).expect("open");
        (folder, db)
    }

    fn add(db: &Db, name: &str) {
        let context = Context { actor: Actor::program("test"), now: Instant::from_millisecond(0).expect("epoch") };
        let name = name.to_owned();
        db.write(context, move |tx| tx.insert(&ADD, [name]).map(|_| ())).expect("write");
    }

    const FILL: Sql = Sql::new(
        "test.fill",
        "INSERT INTO guest (full_name, notes, created_at, updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            SELECT 'Guest ' || i, printf('%.4000c', 'x'), '2025-01-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z' FROM n",
    );

    fn fill(db: &Db) {
        let context = Context { actor: Actor::program("test"), now: Instant::from_millisecond(0).expect("epoch") };
        db.write(context, |tx| tx.insert(&FILL, []).map(|_| ())).expect("write");
    }

    #[test]
    fn a_copy_is_one_moment_of_a_file_that_is_being_written_to() {
        let (folder, db) = open();
        fill(&db);
        let (target, mut steps) = (folder.path().join("copy.db"), 0);
        let counts = copy(db.path(), &target, &mut |_, _| {
            add(&db, &format!("meanwhile {steps}"));
            steps += 1;
            true
        })
        .expect("a copy");
        assert!(steps > 2, "{steps}");
        let examined = examine(&target).expect("good");
        assert_eq!(examined.check_against(&counts).map_err(|e| e.to_string()), Ok(()));
        assert_eq!((examined.rows("guest"), examined.rows("booking_source")), (2000, SEEDED));
        assert!(companions(&target).iter().all(|path| !path.exists()));
        let later = copy(db.path(), &folder.path().join("later.db"), &mut |_, _| true).expect("a copy");
        assert!(matches!(examined.check_against(&later), Err(CopyError::Differs { .. })));
    }

    #[test]
    fn a_copy_can_be_given_up() {
        let (folder, db) = open();
        fill(&db);
        let result = copy(db.path(), &folder.path().join("copy.db"), &mut |_, _| false);
        assert!(matches!(result, Err(CopyError::Stopped)));
    }

    #[test]
    fn a_file_is_sealed_only_when_nobody_has_it_open() {
        let (folder, db) = open();
        add(&db, "a");
        assert!(seal(db.path()).is_err());
        db.close();
        drop(db);
        seal(&folder.path().join("hotel.db")).expect("nobody else is there");
        assert_eq!(examine(&folder.path().join("hotel.db")).expect("good").rows("booking_source"), SEEDED + 1);
    }

    #[test]
    fn what_is_no_data_file_of_ours_is_told_apart_from_a_damaged_one() {
        let (folder, db) = open();
        (0..2000).for_each(|n| add(&db, &format!("{n} {}", "x".repeat(90))));
        db.close();
        let bytes = std::fs::read(folder.path().join("hotel.db")).expect("bytes");
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("a file");
            path
        };
        assert!(matches!(
            examine(&write("text.db", b"Dear Sir or Madam, this is a letter and no hotel at all. ".repeat(20).as_slice())),
            Err(CopyError::NotOurs)
        ));
        assert!(matches!(examine(&write("half.db", &bytes[..bytes.len() / 2])), Err(CopyError::Damaged(_))));
        let mut torn = bytes.clone();
        let middle = bytes.len() - 3 * 4096;
        torn[middle..middle + 4096].fill(0);
        assert!(matches!(examine(&write("torn.db", &torn)), Err(CopyError::Damaged(_))));
    }
}
