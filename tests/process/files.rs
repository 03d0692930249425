//! Files that lie where a hotel's data file is, or is to be, and are not what they seem.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;

use crate::support::RunningHotel;
use crate::support::running::{program, run, stderr, stdout, text};

/// Those of the sources in a file that no fresh file has.
fn sources(file: &Path) -> Vec<String> {
    let connection = Connection::open(file).expect("a data file");
    let mut statement = connection.prepare("SELECT name FROM booking_source WHERE id > 9 ORDER BY id").expect("valid");
    let names = statement.query_map([], |row| row.get(0)).expect("rows");
    names.map(|name| name.expect("a name")).collect()
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The files of a folder whose names have a part.
fn named(folder: &Path, part: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(part))).collect()
}

/// A hotel that was killed after it had acknowledged "Logged", which stands in its log alone, and
/// made a copy before that. Its folder, its data file and the copy.
fn killed() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let file = hotel.file();
    let mut desk = hotel.connect().signed(&owner);
    desk.post("/api/booking-sources", &json!({"name": "Copied"})).expect(201);
    let made = run(&["backup", "--db", text(&file)]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    // Whoever reads what was before keeps the log from being folded in.
    let reader = Connection::open(&file).expect("a reader");
    reader.execute_batch("BEGIN; SELECT count(*) FROM booking_source").expect("a snapshot");
    desk.post("/api/booking-sources", &json!({"name": "Logged"})).expect(201);
    let folder = hotel.kill();
    let log = std::fs::read(beside(&file, "-wal")).expect("a log");
    drop(reader);
    // The last one that closed has folded it in: the log as the kill left it is put back.
    std::fs::write(beside(&file, "-wal"), log).expect("the log");
    let copies = named(&file.with_file_name("backups"), ".db.gz");
    (folder, file, copies.into_iter().next().expect("a copy"))
}

#[test]
fn a_restore_takes_nothing_from_the_log_of_the_file_that_was_there() {
    for is_gone in [true, false] {
        let (folder, file, copy) = killed();
        let log = std::fs::read(beside(&file, "-wal")).expect("a log");
        if is_gone {
            std::fs::remove_file(&file).expect("gone");
        }
        let restored = run(&["restore", text(&copy), "--db", text(&file)]);
        assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
        let again = RunningHotel::start_in(folder, &[]);
        again.connect().get("/api/health").expect(200);
        let (_, _, folder) = again.stop();
        assert_eq!(sources(&file), ["Copied"]);
        let check = run(&["check", "--db", text(&file)]);
        assert!(check.status.success(), "{}", stdout(&check));
        let kept = named(folder.path(), "-replaced-");
        match is_gone {
            true => assert!(kept.iter().any(|path| std::fs::read(path).is_ok_and(|bytes| bytes == log)), "{kept:?}"),
            false => assert_eq!(sources(&kept[0]), ["Copied", "Logged"]),
        }
    }
}

#[test]
fn an_older_file_put_in_place_by_hand_is_not_mixed_with_the_log_that_lies_there() {
    let (folder, file, copy) = killed();
    let log = std::fs::read(beside(&file, "-wal")).expect("a log");
    let mut unpacked = Vec::new();
    let packed = std::fs::File::open(&copy).expect("the copy");
    std::io::copy(&mut flate2::read::GzDecoder::new(packed), &mut unpacked).expect("unpacked");
    std::fs::write(&file, unpacked).expect("by hand");
    let check = run(&["check", "--db", text(&file)]);
    assert!(check.status.success(), "{}{}", stdout(&check), stderr(&check));
    assert!(stderr(&check).contains("is kept and was not used"), "{}", stderr(&check));
    assert_eq!(sources(&file), ["Copied"]);
    let kept = named(folder.path(), "-stray-");
    assert!(kept.iter().any(|path| std::fs::read(path).is_ok_and(|bytes| bytes == log)), "{kept:?}");
}

#[test]
fn where_a_hotel_was_no_new_one_begins_by_itself() {
    for is_empty in [true, false] {
        let (folder, file, copy) = killed();
        let log = std::fs::read(beside(&file, "-wal")).expect("a log");
        if is_empty {
            std::fs::write(&file, "").expect("emptied");
        } else {
            std::fs::remove_file(&file).expect("gone");
        }
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["check"], &["user", "list"]] {
            let output = run(&[command, &["--db", text(&file)]].concat());
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("but a hotel was here") && said.contains(text(&copy)), "{said}");
            assert_eq!(std::fs::read(beside(&file, "-wal")).expect("the log is still there"), log);
        }
        std::fs::remove_file(beside(&file, "-wal")).expect("the log is gone too");
        let output = run(&["serve", "--listen", "127.0.0.1:0", "--db", text(&file)]);
        assert!(stderr(&output).contains("but a hotel was here"), "{}", stderr(&output));
        let restored = run(&["restore", text(&copy), "--db", text(&file)]);
        assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
        assert_eq!(sources(&file), ["Copied"]);
        drop(folder);
    }
}

/// A journal as a kill leaves it, full of another file's pages.
fn hot_journal() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.db");
    let connection = Connection::open(&path).expect("a file");
    let fill = "CREATE TABLE t (x); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        INSERT INTO t SELECT printf('%.900c', 'x') FROM n";
    connection.execute_batch(fill).expect("filled");
    connection.execute_batch("PRAGMA cache_size = 5; BEGIN; UPDATE t SET x = printf('%.900c', 'y')").expect("spilled");
    let journal = std::fs::read(beside(&path, "-journal")).expect("a journal");
    assert!(journal.len() > 100_000 && journal[0] == 0xd9);
    journal
}

#[test]
#[cfg(unix)]
fn what_a_killed_restore_or_copy_left_spoils_no_later_one_and_goes_at_the_next_start() {
    let (folder, file, copy) = killed();
    let journal = hot_journal();
    std::fs::write(beside(&file, ".restoring-journal"), &journal).expect("written");
    let restored = run(&["restore", text(&copy), "--db", text(&file)]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    for left in [".restoring", ".restoring-journal", ".77.copying", ".77.copying-journal", ".78.copying-journal"] {
        std::fs::write(beside(&file, left), &journal).expect("written");
    }
    let part = copy.with_file_name("hotel-2025-11-10T02-30-00Z.db.gz.part");
    std::fs::write(&part, "half").expect("written");
    let again = RunningHotel::start_in(folder, &[]);
    again.connect().get("/api/health").expect(200);
    let (_, _, folder) = again.stop();
    let left: Vec<PathBuf> = ["copying", "restoring"].iter().flat_map(|part| named(folder.path(), part)).collect();
    assert!(left.is_empty() && !part.exists(), "{left:?}");
    assert!(copy.exists());
}

#[test]
#[cfg(unix)]
fn a_second_server_opens_the_file_under_no_other_name() {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let (file, elsewhere) = (hotel.file(), tempfile::tempdir().expect("a folder"));
    let link = elsewhere.path().join("linked.db");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    let output = run(&["serve", "--no-browser", "--listen", "127.0.0.1:0", "--db", text(&link)]);
    assert!(
        stdout(&output).starts_with(&format!("Innkeeper is open at http://{}/ already", hotel.address)),
        "{}",
        stdout(&output)
    );
    let second = file.with_file_name("second.db");
    std::fs::hard_link(&file, &second).expect("a second name");
    let output = run(&["serve", "--no-browser", "--listen", "127.0.0.1:0", "--db", text(&second)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("has a second name on this disk"), "{}", stderr(&output));
    hotel.connect().signed(&owner).post("/api/booking-sources", &json!({"name": "Radio"})).expect(201);
    std::fs::remove_file(&second).expect("gone");
    let (_, _, _folder) = hotel.stop();
    let again = run(&["check", "--db", text(&link)]);
    assert!(again.status.success(), "{}{}", stdout(&again), stderr(&again));
    assert_eq!(sources(&file), ["Radio"]);
    assert_eq!(std::fs::read_dir(elsewhere.path()).expect("a folder").count(), 1, "all lies beside the file itself");
}

#[test]
fn an_export_is_written_over_no_data_file_and_no_copy() {
    let (_folder, file, copy) = killed();
    for target in [&file, &copy] {
        let before = std::fs::read(target).expect("bytes");
        let output = run(&["export", "bookings", text(target), "--db", text(&file)]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("name another file for the CSV"), "{}", stderr(&output));
        assert!(target == &file || std::fs::read(target).expect("bytes") == before);
    }
    assert_eq!(sources(&file), ["Copied", "Logged"]);
}

#[test]
#[cfg(unix)]
fn with_too_few_open_files_allowed_nothing_is_opened_and_it_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotel.db");
    let own = program();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "ulimit -n 64; exec \"$0\" \"$@\""]).arg(own.get_program());
    shell.args(["serve", "--no-browser", "--listen", "127.0.0.1:0", "--db"]).arg(&file);
    let output = shell.output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("may have only 64 files open at once") && said.contains("ulimit -n 1024"), "{said}");
    assert!(!file.exists());
}

#[test]
#[cfg(unix)]
fn a_hotel_that_met_damage_is_closed_and_rescued_by_one_command() {
    let mut hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let file = hotel.file();
    let mut desk = hotel.connect().signed(&owner);
    desk.post("/api/guests", &json!({"full_name": "Ana"})).expect(201);
    let copy = file.with_file_name("copy.db.gz");
    assert_eq!(run(&["backup", text(&copy), "--db", text(&file)]).status.code(), Some(0));
    // The guests' first page is one of another kind, and every connection looks again.
    let damage = "PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND rootpage > 0 LIMIT 1)
            WHERE type = 'table' AND name = 'guest';
        PRAGMA schema_version = 7777";
    Connection::open(&file).expect("the file").execute_batch(damage).expect("damaged");
    assert_eq!(desk.get("/api/guests/1").problem(500), "data-damaged");
    assert_eq!(hotel.connect().get("/api/health").expect(503)["database"], "damaged");
    assert_eq!(desk.post("/api/booking-sources", &json!({"name": "Radio"})).problem(500), "data-damaged");
    let restored = run(&["restore", "--stop", text(&copy), "--db", text(&file)]);
    assert_eq!(restored.status.code(), Some(0), "{}{}", stdout(&restored), stderr(&restored));
    assert_eq!(hotel.wait().code(), Some(0), "it closed in order");
    let check = run(&["check", "--db", text(&file)]);
    assert!(check.status.success(), "{}{}", stdout(&check), stderr(&check));
    let guests =
        Connection::open(&file).expect("the file").query_row("SELECT full_name FROM guest", [], |row| row.get::<_, String>(0));
    assert_eq!(guests.expect("a guest"), "Ana");
    assert_eq!(named(file.parent().expect("a folder"), "-replaced-").len(), 1, "the damaged file is kept");
}

#[test]
fn what_is_taken_out_or_put_back_by_command_stands_in_the_audit_trail() {
    let (folder, file, copy) = killed();
    let csv = folder.path().join("out.csv");
    for command in [&["export", "bookings", text(&csv)][..], &["backup"], &["restore", text(&copy)], &["export", "bookings"]] {
        let output = run(&[command, &["--db", text(&file)]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let trail = |file: &Path| -> Vec<String> {
        let connection = Connection::open(file).expect("a file");
        let find = "SELECT action FROM audit_log WHERE username = 'console' ORDER BY id";
        let mut statement = connection.prepare(find).expect("valid");
        let actions = statement.query_map([], |row| row.get(0)).expect("rows");
        actions.map(|action| action.expect("an action")).collect()
    };
    assert_eq!(trail(&file), ["restore", "export"]);
    // The copy was made before it was told of itself.
    assert_eq!(trail(&named(folder.path(), "-replaced-")[0]), ["back_up", "export", "back_up"]);
}
