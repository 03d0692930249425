//! Hotels of several versions: this schema is the first, and two steps lead on.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::*;
use crate::db::Db;

const FIRST: Migrations = Migrations { schema: OWN.schema, steps: &[] };
const TWO: Step = Step::Sql("CREATE TABLE minibar (id INTEGER PRIMARY KEY, item TEXT NOT NULL) STRICT;");
const THREE: Step = Step::Code(|tx| {
    tx.execute_batch("ALTER TABLE minibar ADD COLUMN price INTEGER NOT NULL DEFAULT 0;")?;
    tx.execute("INSERT INTO minibar (item, price) SELECT name, 3 FROM booking_source", []).map(|_| ())
});
const THIRD: Migrations = Migrations { schema: "", steps: &[TWO, THREE] };
const FAILS: Migrations =
    Migrations { schema: "", steps: &[TWO, Step::Sql("INSERT INTO minibar (item) VALUES ('Water'); NONSENSE;")] };
const LOSES: Migrations = Migrations {
    schema: "",
    steps: &[Step::Sql("INSERT INTO room (room_number, room_type_id, created_at, updated_at) VALUES ('101', 99, '', '');")],
};

fn options(migrations: &'static Migrations) -> Options {
    let now = "2026-02-03T04:05:06.789Z".parse().expect("an instant");
    Options { migrations, before_upgrade: BeforeUpgrade::Copy(now), ..Options::default() }
}

fn open(path: &Path, migrations: &'static Migrations) -> Result<Db, OpenError> {
    Db::open(path, &options(migrations), Box::new(|_| ()))
}

/// A file of the first version, with something of its own in it.
fn first(folder: &Path) -> PathBuf {
    let path = folder.join("hotel.db");
    open(&path, &FIRST).expect("a fresh file").close();
    let connection = Connection::open(&path).expect("the file");
    connection.execute_batch("INSERT INTO booking_source (name) VALUES ('Radio');").expect("a row");
    path
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    // SQLite's own go when the last reader of the pool does.
    names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    names.sort();
    names
}

fn number(path: &Path, question: &str) -> i64 {
    Connection::open(path).expect("the file").query_row(question, [], |row| row.get(0)).expect("a number")
}

fn is_of_version(path: &Path, expected: i64) {
    assert_eq!(number(path, "PRAGMA user_version"), expected);
    assert_eq!(number(path, "SELECT count(*) FROM booking_source WHERE name = 'Radio'"), 1);
    assert_eq!(number(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'minibar'"), i64::from(expected > 1));
    assert_eq!(backup::examine(path).map(|found| found.schema_version).ok(), (expected <= LATEST).then_some(expected));
}

#[test]
fn an_older_file_is_copied_aside_and_brought_to_the_latest_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = first(folder.path());
    let db = open(&path, &THIRD).expect("upgraded");
    let upgrade = db.upgrade().cloned().expect("it was");
    db.close();
    drop(db);
    assert_eq!((upgrade.from, upgrade.to), (1, 3));
    is_of_version(&path, 3);
    assert_eq!(number(&path, "SELECT sum(price) FROM minibar"), 3 * number(&path, "SELECT count(*) FROM booking_source"));
    let copy = upgrade.copy.expect("a copy");
    is_of_version(&copy, 1);
    let name = copy.file_name().expect("a name").to_string_lossy().into_owned();
    assert_eq!(name, "hotel-before-upgrade-version-1-2026-02-03T04-05-06Z.db");
    let again = open(&path, &THIRD).expect("as new as the program");
    assert_eq!(again.upgrade(), None);
    again.close();
    drop(again);
    assert_eq!(names(folder.path()), [name, "hotel.db".to_owned()]);
}

#[test]
fn a_step_that_fails_changes_nothing_and_the_next_start_tries_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = first(folder.path());
    for (migrations, what) in [(&FAILS, "NONSENSE"), (&LOSES, "refer to would be gone")] {
        let said = open(&path, migrations).err().expect("refused").to_string();
        assert!(said.contains("could not be brought to this version") && said.contains(what), "{said}");
        is_of_version(&path, 1);
        assert_eq!(names(folder.path()), ["hotel.db"], "the needless copy is gone");
    }
    open(&path, &THIRD).expect("the mended program").close();
    is_of_version(&path, 3);
}

#[test]
fn without_a_copy_nothing_is_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = first(folder.path());
    let mut connection = Connection::open(&path).expect("the file");
    let no_room = |_| Err(Obstacle::Copy(CopyError::Disk(std::io::ErrorKind::StorageFull.into())));
    assert!(matches!(run(&mut connection, &THIRD, &no_room), Err(Obstacle::Copy(CopyError::Disk(_)))));
    drop(connection);
    is_of_version(&path, 1);
    let quiet = Options { before_upgrade: BeforeUpgrade::Refuse, ..options(&THIRD) };
    let said = Db::open(&path, &quiet, Box::new(|_| ())).err().expect("refused").to_string();
    assert!(said.contains("was written by an older Innkeeper (its schema is 1, this program's is 3)"), "{said}");
    is_of_version(&path, 1);
}

#[test]
fn an_older_program_leaves_a_newer_file_and_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = first(folder.path());
    open(&path, &THIRD).expect("upgraded").close();
    let before = std::fs::read(&path).expect("bytes");
    let said = open(&path, &FIRST).err().expect("refused").to_string();
    assert!(said.contains("written by a newer Innkeeper (its schema is 3, this program knows 1)"), "{said}");
    assert!(said.contains("Start the newer program") && said.contains("before-upgrade"), "{said}");
    assert!(std::fs::read(&path).expect("bytes") == before);
}

/// Where the process of the next test but one finds its file.
const FILE: &str = "INNKEEPER_TEST_UPGRADE_FILE";
const BEGUN: &str = "in the middle of the upgrade";

/// Changes a lot, says so, and waits to be killed.
const WAITS: Migrations = Migrations {
    schema: "",
    steps: &[
        TWO,
        Step::Code(|tx| {
            tx.execute_batch(
                "PRAGMA cache_size = 10;
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                 INSERT INTO minibar (item) SELECT printf('%.500c', 'x') FROM n;",
            )?;
            println!("\n{BEGUN}");
            let _ = std::io::stdin().read_line(&mut String::new());
            Ok(())
        }),
    ],
};

/// Does its work only as the process that the next test starts and kills.
#[test]
fn an_upgrade_in_a_process_of_its_own() {
    match std::env::var_os(FILE) {
        Some(path) => assert!(open(Path::new(&path), &WAITS).is_ok()),
        None => assert_eq!(WAITS.latest(), 3),
    }
}

#[test]
fn an_upgrade_that_is_killed_in_the_middle_leaves_the_old_file_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = first(folder.path());
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "db::migrate::tests::an_upgrade_in_a_process_of_its_own", "--nocapture"]).env(FILE, &path);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == BEGUN), "it came to the middle");
    child.kill().expect("killed");
    child.wait().expect("its end");
    let log = std::fs::metadata(folder.path().join("hotel.db-wal")).expect("a log").len();
    assert!(log > 1_000_000, "the change was on its way to the file: {log}");
    is_of_version(&path, 1);
    open(&path, &THIRD).expect("the next start").close();
    is_of_version(&path, 3);
    let kept: Vec<String> = names(folder.path()).into_iter().filter(|name| name.contains("-before-upgrade-")).collect();
    kept.iter().for_each(|name| is_of_version(&folder.path().join(name), 1));
    assert!(!kept.is_empty());
}

/// Tables, indexes and triggers as they are declared, without regard to their layout.
fn shape(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("the file");
    let mut statement = connection
        .prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
        .expect("valid");
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    rows.map(|row| row.expect("a text").split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Whether a file made by `frozen`, the schema of a released `version`, becomes
/// what a fresh one of `migrations` is.
fn leads_to_latest(frozen: &str, version: i64, migrations: &'static Migrations) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, fresh) = (folder.path().join("old.db"), folder.path().join("fresh.db"));
    let connection = Connection::open(&old).expect("a file");
    connection.execute_batch(frozen).expect("the frozen schema");
    connection.pragma_update(None, "application_id", APPLICATION_ID).expect("set");
    connection.pragma_update(None, "user_version", version).expect("set");
    drop(connection);
    open(&old, migrations).expect("upgraded").close();
    open(&fresh, migrations).expect("fresh").close();
    shape(&old) == shape(&fresh)
}

/// `cp schema.sql tests/schemas/VERSION.sql` belongs to a release (packaging/OPERATIONS.md).
#[test]
fn every_released_schema_leads_to_the_latest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let frozen = |version: i64| std::fs::read_to_string(root.join(format!("tests/schemas/{version}.sql")));
    let changelog = std::fs::read_to_string(root.join("packaging/CHANGELOG.md")).expect("the changelog");
    let is_released = !changelog.contains(&format!("## {} (unreleased)", env!("CARGO_PKG_VERSION")));
    for version in 1..=LATEST {
        match frozen(version) {
            Ok(schema) => assert!(leads_to_latest(&schema, version, &OWN), "from {version}"),
            Err(error) => assert!(version == LATEST && !is_released, "tests/schemas/{version}.sql: {error}"),
        }
    }
}

#[test]
fn a_frozen_schema_without_its_step_is_found_out() {
    const A: &str = "CREATE TABLE a (x TEXT) STRICT;";
    const AB: &str = "CREATE TABLE a (x TEXT) STRICT; CREATE TABLE b (y TEXT) STRICT;";
    const WITH_STEP: Migrations = Migrations { schema: AB, steps: &[Step::Sql("CREATE TABLE b\n  (y TEXT) STRICT;")] };
    const CHANGED_IN_PLACE: Migrations = Migrations { schema: AB, steps: &[] };
    assert!(leads_to_latest(A, 1, &WITH_STEP));
    assert!(!leads_to_latest(A, 1, &CHANGED_IN_PLACE));
    assert!(leads_to_latest(AB, 1, &CHANGED_IN_PLACE));
}
