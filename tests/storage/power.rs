//! Power cuts: of the disks that one could have left at any moment of the work, each
//! opens, agrees with itself, and has everything that was acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use innkeeper::db::migrate::{BeforeUpgrade, Migrations, Step};
use innkeeper::db::{Context, Db, Options};
use innkeeper::domain::actor::Actor;
use innkeeper::domain::date::Instant;
use innkeeper::hotel::checks;
use innkeeper::hotel::day_close::steps::{self, How, Undecided};
use rusqlite::Connection;
use serde_json::json;

use super::disk::Disk;
use super::given;
use super::trace::{Event, recorded};
use super::work::{Promise, Site, Story};
use crate::support::numbers::Numbers;
use crate::support::running::{program, stderr, stdout, text};
use crate::support::written::written;

/// Disks that all tests here make together, when nobody asks for more.
const STATES: u64 = 5000;
/// Of so many disks one is also looked at by the program itself.
const BY_THE_PROGRAM: u64 = 50;

/// Makes this many disks out of a story that began in this folder, and looks at each: the
/// earlier half and the later one side by side.
fn cut(before: Disk, story: &Story, share: u64, look: impl Fn(&Path, &[Promise]) + Sync) {
    let states = given("STORAGE_STATES", STATES) * share / 100;
    let seed = given("STORAGE_SEED", 1);
    let mut numbers = Numbers(seed);
    let mut moments: Vec<usize> = (0..states).map(|_| moment(story, &mut numbers)).collect();
    moments.sort_unstable();
    let states: Vec<(u64, usize)> = (0..).zip(moments).collect();
    let (earlier, later) = states.split_at(states.len() / 2);
    std::thread::scope(|scope| {
        for half in [earlier, later] {
            let (disk, look) = (before.clone(), &look);
            scope.spawn(move || cut_at(disk, story, seed, half, look));
        }
    });
    println!("{} disks of {} events and {} promises", states.len(), story.trace.events.len(), story.promises.len());
}

/// The disks of these states, each with its moment, one moment after the other.
fn cut_at(mut disk: Disk, story: &Story, seed: u64, states: &[(u64, usize)], look: &(impl Fn(&Path, &[Promise]) + Sync)) {
    let place = if Path::new("/dev/shm").is_dir() { "/dev/shm".into() } else { std::env::temp_dir() };
    let mut done = 0;
    for &(state, moment) in states {
        while done < moment {
            disk.do_next(&story.trace.events[done]);
            done += 1;
        }
        let folder = tempfile::tempdir_in(&place).expect("a folder");
        disk.cut(&mut Numbers(seed * 1_000_003 + state), folder.path());
        let given: Vec<Promise> =
            story.promises.iter().filter(|(at, _)| *at <= moment).map(|(_, promise)| promise.clone()).collect();
        let told = Told { state, moment, event: story.trace.events.get(moment.wrapping_sub(1)) };
        if state % BY_THE_PROGRAM == 0 && folder.path().join("hotel.db").exists() && !given.is_empty() {
            let output = program().args(["check", "--db"]).arg(folder.path().join("hotel.db")).output().expect("it runs");
            assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        }
        look(folder.path(), &given);
        drop(told);
    }
}

/// Says in which state it was when a test fails.
struct Told<'a> {
    state: u64,
    moment: usize,
    event: Option<&'a Event>,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let event = self.event.map(|event| match event {
                Event::Write { file, offset, bytes } => format!("{} bytes at {offset} of file {file}", bytes.len()),
                other => format!("{other:?}"),
            });
            println!("disk {} of this seed, cut after event {}: {event:?}", self.state, self.moment);
        }
    }
}

/// A moment for a power cut: half of them near one at which something is made to last.
fn moment(story: &Story, numbers: &mut Numbers) -> usize {
    let events = &story.trace.events;
    let anywhere = numbers.place(events.len() + 1);
    if numbers.below(2) == 0 {
        return anywhere;
    }
    let is_edge = |event: &Event| !matches!(event, Event::Write { .. });
    let edge = events.iter().skip(anywhere).position(is_edge).map_or(events.len(), |ahead| anywhere + ahead);
    (edge + numbers.place(3)).min(events.len())
}

/// Opens the file as a start does, and looks whether it agrees with itself.
fn open(file: &Path) -> Connection {
    let db =
        Db::open(file, &Options { readers: 1, ..Options::default() }, Box::new(|_| ())).unwrap_or_else(|error| panic!("{error}"));
    let context = Context { actor: Actor::program("test"), now: Instant::EPOCH };
    assert_eq!(db.read(&context, checks::sums).expect("an answer").in_short(), None);
    db.close();
    drop(db);
    let connection = Connection::open(file).expect("the file");
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(sound, "ok");
    connection
}

/// The keys of all bookings and payments in a file.
fn keys(file: &Connection) -> BTreeSet<String> {
    let sql = "SELECT notes FROM reservation UNION ALL SELECT reference_number FROM payment";
    let mut statement = file.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    let all: Vec<String> = rows.map(|row| row.expect("a row")).collect();
    let set: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(all.len(), set.len(), "something is there twice");
    set
}

/// The keys in each whole copy of a folder of back-ups. One that has its name is whole.
fn copies(folder: &Path) -> Vec<BTreeSet<String>> {
    /// What the copies held that were unpacked: the same bytes hold the same on every disk.
    static KNOWN: Mutex<BTreeMap<Vec<u8>, BTreeSet<String>>> = Mutex::new(BTreeMap::new());
    let entries = std::fs::read_dir(folder.join("backups")).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    let copies = entries.filter(|path| path.extension().is_some_and(|ending| ending == "gz"));
    copies
        .map(|path| {
            let packed = std::fs::read(&path).expect("a copy");
            if let Some(known) = KNOWN.lock().expect("no test failed with it").get(&packed) {
                return known.clone();
            }
            let mut bytes = Vec::new();
            let unpacking = flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes);
            unpacking.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let unpacked = tempfile::NamedTempFile::new().expect("a file");
            std::fs::write(unpacked.path(), bytes).expect("written");
            let connection = Connection::open(unpacked.path()).expect("the copy");
            let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
            assert_eq!(sound, "ok");
            let found = keys(&connection);
            KNOWN.lock().expect("no test failed with it").insert(packed, found.clone());
            found
        })
        .collect()
}

fn is_held(folder: &Path, file: &Connection, found: &BTreeSet<String>, promise: &Promise) -> bool {
    let count = |sql: &str, value: &str| -> i64 { file.query_row(sql, [value], |row| row.get(0)).expect("a number") };
    match promise {
        Promise::Kept(key) => found.contains(key),
        Promise::Erased(name) => {
            count("SELECT count(*) FROM guest WHERE full_name = ?1", name) == 0
                && count("SELECT count(*) FROM reservation WHERE guest_name = ?1", name) == 0
        }
        Promise::Copied(keys) => copies(folder).iter().any(|copy| keys.is_subset(copy)),
        Promise::Imported(prefix, expected) => found.iter().filter(|key| key.starts_with(prefix)).count() == *expected,
        Promise::Replaced(source) => count("SELECT count(*) FROM booking_source WHERE name = ?1", source) == 1,
        Promise::Version(version) => {
            file.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).expect("a number") == *version
        }
    }
}

/// Nothing is promised before there is a hotel; from then on everything is held.
fn look(folder: &Path, promises: &[Promise], asked: &BTreeSet<String>) -> Option<Connection> {
    let path = folder.join("hotel.db");
    if promises.is_empty() && std::fs::metadata(&path).map_or(0, |file| file.len()) == 0 {
        return None;
    }
    let file = open(&path);
    let found = keys(&file);
    assert!(found.is_subset(asked), "nobody asked for {:?}", found.difference(asked));
    copies(folder);
    for promise in promises {
        assert!(is_held(folder, &file, &found, promise), "{promise:?} does not hold; {} keys are there", found.len());
    }
    Some(file)
}

#[test]
fn whatever_a_power_cut_leaves_of_a_desk_at_work_has_all_that_was_acknowledged() {
    let site = Site::new();
    let before = Disk::of(site.folder.path());
    let hotel = site.open();
    let token = hotel.set_up();
    let mut client = hotel.connect(&token);
    client.post("/api/guests", &json!({"full_name": "Erika Gone"})).expect(201);
    hotel.work(&token, 1, 8);
    hotel.rest(&token);
    hotel.work(&token, 2, 6);
    back_up(&site, &mut client);
    client.post("/api/guests/1/anonymise", &json!({"reason": "asked for"})).expect(200);
    site.promise(Promise::Erased("Erika Gone"));
    hotel.work(&token, 3, 4);
    hotel.close();
    let hotel = site.open();
    hotel.work(&token, 4, 6);
    drop(hotel);
    let hotel = site.open();
    hotel.work(&token, 5, 4);
    hotel.rest(&token);
    hotel.close();
    let story = site.story();
    cut(before, &story, 60, |folder, promises| {
        look(folder, promises, &story.asked);
    });
}

/// A back-up from the page, with what had been promised when it was asked for.
fn back_up(site: &Site, client: &mut crate::support::client::Client) {
    let known = Connection::open(site.file()).map(|file| keys(&file)).expect("the file");
    client.post("/api/backups", &json!({})).expect(202);
    loop {
        let state = client.get("/api/backups/state").expect(200);
        assert_eq!(state["problem"], serde_json::Value::Null);
        if !state["last_made"].is_null() {
            break;
        }
    }
    site.promise(Promise::Copied(known));
}

#[test]
fn a_program_that_does_not_wait_for_the_disk_would_be_found_out() {
    let site = Site::new();
    let before = Disk::of(site.folder.path());
    let hotel = site.open();
    hotel.work(&hotel.set_up(), 1, 4);
    hotel.close();
    let mut story = site.story();
    // A sync of a folder that is not there stands in the place of each sync of a file.
    for event in &mut story.trace.events {
        if let Event::SyncBegin { number, .. } = event {
            *event = Event::FolderSyncBegin { name: "nowhere".to_owned(), number: *number };
        } else if let Event::SyncEnd { number } = event {
            *event = Event::FolderSyncEnd { number: *number };
        }
    }
    let found = std::panic::catch_unwind(AssertUnwindSafe(|| {
        cut(before, &story, 2, |folder, promises| {
            look(folder, promises, &story.asked);
        });
    }));
    assert!(found.is_err(), "nothing was missed");
}

/// A hotel with a booking source of this name, made before anything is recorded.
fn hotel_with(file: &Path, source: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("hotel.db");
    let db = Db::open(&made, &Options::default(), Box::new(|_| ())).expect("a hotel");
    db.close();
    let connection = Connection::open(&made).expect("the file");
    connection.execute("INSERT INTO booking_source (name) VALUES (?1)", [source]).expect("a row");
    // Its connections end when they like, and would write where it is recorded already.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("folded");
    std::fs::copy(&made, file).expect("copied");
}

#[test]
fn whatever_a_power_cut_leaves_of_a_restore_is_the_old_hotel_or_the_new_one() {
    let site = Site::new();
    let made = tempfile::tempdir().expect("a folder");
    let other = made.path().join("hotel.db");
    hotel_with(&other, "Of the copy");
    let copied = program().args(["backup", text(made.path()), "--db", text(&other)]).output().expect("it runs");
    assert!(copied.status.success(), "{}", stderr(&copied));
    let is_copy = |path: &Path| path.extension().is_some_and(|ending| ending == "gz");
    let entries = std::fs::read_dir(made.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
    let copy = entries.into_iter().find(|path| is_copy(path)).expect("a copy");
    hotel_with(&site.file(), "Of the hotel");
    let before = Disk::of(site.folder.path());
    site.run(&["restore", text(&copy)]);
    site.promise(Promise::Replaced("Of the copy"));
    let story = site.story();
    cut(before, &story, 15, |folder, promises| {
        assert!(folder.join("hotel.db").exists(), "there is no hotel");
        let file = look(folder, promises, &story.asked).expect("a hotel");
        let either = ["Of the hotel", "Of the copy"].map(|s| is_held(folder, &file, &BTreeSet::new(), &Promise::Replaced(s)));
        assert_eq!(either.iter().filter(|is| **is).count(), 1);
        if either[1] {
            assert!(is_aside(folder, "Of the hotel"), "the replaced file is not kept");
        }
    });
}

/// Whether a data file with this source lies beside the hotel's.
fn is_aside(folder: &Path, source: &str) -> bool {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.is_file() && path.file_name().is_some_and(|name| name != "hotel.db")).any(|path| {
        let found = Connection::open(&path).and_then(|file| {
            file.query_row("SELECT count(*) FROM booking_source WHERE name = ?1", [source], |row| row.get::<_, i64>(0))
        });
        matches!(found, Ok(1))
    })
}

#[test]
fn whatever_a_power_cut_leaves_of_an_import_has_all_of_it_or_nothing() {
    let site = Site::new();
    let hotel = site.open();
    hotel.set_up();
    hotel.close();
    std::fs::remove_file(site.record()).expect("what comes before is not recorded");
    let bookings = tempfile::NamedTempFile::new().expect("a file");
    let mut csv = "external_id,room_type,guest_name,check_in_date,check_out_date,notes\n".to_owned();
    for n in 0..60 {
        site.ask(&format!("import-{n}"));
        csv.push_str(&format!(
            "X-{n},DBL,Guest {n},2026-{:02}-{:02},2026-{:02}-28,import-{n}\n",
            1 + n / 9,
            1 + n % 20,
            1 + n / 9
        ));
    }
    std::fs::write(bookings.path(), csv).expect("written");
    let before = Disk::of(site.folder.path());
    site.run(&["import", "bookings", text(bookings.path())]);
    site.promise(Promise::Imported("import-", 60));
    let story = site.story();
    cut(before, &story, 10, |folder, promises| {
        let file = look(folder, promises, &story.asked).expect("a hotel");
        let found = keys(&file).len();
        assert!(found == 0 || found == 60, "{found} of 60 bookings");
    });
}

/// A made-up version of the schema, two steps further than this program's.
const LATER: Migrations = Migrations {
    schema: "",
    steps: &[
        Step::Sql("CREATE TABLE minibar (id INTEGER PRIMARY KEY, item TEXT NOT NULL) STRICT;"),
        Step::Code(|tx| tx.execute("INSERT INTO minibar (item) SELECT name FROM booking_source", []).map(|_| ())),
    ],
};

fn upgraded(file: &Path) -> Db {
    let now = "2026-02-03T04:05:06.789Z".parse().expect("an instant");
    let options = Options { migrations: &LATER, before_upgrade: BeforeUpgrade::Copy(now), ..Options::default() };
    Db::open(file, &options, Box::new(|_| ())).unwrap_or_else(|error| panic!("{error}"))
}

/// Brings the file in `STORAGE_UPGRADE` up to date, recorded: the program itself has no older schema yet.
#[test]
fn an_older_file_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = std::env::var_os("STORAGE_UPGRADE").map_or_else(|| folder.path().join("hotel.db"), PathBuf::from);
    if !file.exists() {
        hotel_with(&file, "Of the hotel");
    }
    let db = upgraded(&file);
    assert_eq!(db.upgrade().map(|upgrade| (upgrade.from, upgrade.to)), Some((1, 3)));
    db.close();
}

#[test]
fn whatever_a_power_cut_leaves_of_an_upgrade_is_brought_up_to_date_by_the_next_start() {
    let site = Site::new();
    hotel_with(&site.file(), "Of the hotel");
    let before = Disk::of(site.folder.path());
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    recorded(&mut command, site.folder.path(), &site.record()).env("STORAGE_UPGRADE", site.file());
    let output = command.args(["storage::power::an_older_file_is_brought_up_to_date", "--exact"]).output().expect("it runs");
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    site.promise(Promise::Version(3));
    let story = site.story();
    cut(before, &story, 15, |folder, promises| {
        let path = folder.join("hotel.db");
        let file = Connection::open(&path).expect("the file");
        let version = || file.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).expect("a version");
        let found = version();
        assert!(found == 1 && promises.is_empty() || found == 3, "{found}");
        upgraded(&path).close();
        assert_eq!(version(), 3);
        for promise in [Promise::Version(3), Promise::Replaced("Of the hotel")] {
            assert!(is_held(folder, &file, &BTreeSet::new(), &promise), "{promise:?}");
        }
        if found == 3 {
            assert!(is_aside(folder, "Of the hotel"), "the file as it was is not kept");
        }
    });
}

/// Goes on with the close of the evening, as the next who asks does.
fn close_the_evening(file: &Path) {
    let options = Options { readers: 1, ..Options::default() };
    let db = Db::open(file, &options, Box::new(|_| ())).unwrap_or_else(|error| panic!("{error}"));
    let how = How {
        date: "2025-11-10".parse().expect("a date"),
        undecided: Undecided::Carry,
        reason: "the calendar of this test stands still".to_owned(),
    };
    let context = Context { actor: Actor::program("porter"), now: Instant::EPOCH };
    loop {
        let how = how.clone();
        if db.write(context.clone(), move |tx| steps::take(tx, &how)).expect("a step").is_none() {
            break;
        }
    }
    assert_eq!(db.read(&context, checks::sums).expect("an answer").in_short(), None);
    db.close();
}

#[test]
fn whatever_a_power_cut_leaves_of_a_day_close_is_gone_on_with_as_if_nothing_had_come_between() {
    let site = Site::new();
    let hotel = site.open_by(program());
    let token = hotel.set_up();
    let mut desk = hotel.connect(&token);
    for room in 1..=6 {
        let departure = if room <= 2 { "2025-11-11" } else { "2025-11-13" };
        let stay = json!({"guest": {"full_name": format!("Guest {room}")}, "room_id": room, "check_in_date": "2025-11-10",
            "check_out_date": departure});
        desk.post("/api/reservations", &stay).expect(201);
        if room < 6 {
            desk.post(&format!("/api/reservations/{room}/check-in"), &json!({})).expect(200);
        }
    }
    // A guest of the day who is still there, and one who has not come.
    let day =
        json!({"guest": {"full_name": "Day Guest"}, "room_id": 7, "check_in_date": "2025-11-10", "check_out_date": "2025-11-10"});
    desk.post("/api/reservations", &day).expect(201);
    desk.post("/api/reservations/7/check-in", &json!({})).expect(200);
    desk.post("/api/day-close/decisions", &json!({"reservation_id": 6, "choice": "no_show"})).expect(200);
    hotel.close();
    let before = Disk::of(site.folder.path());
    let hotel = site.open();
    let mut desk = hotel.connect(&token);
    desk.post("/api/day-close", &json!({"business_date": "2025-11-10", "undecided": "carry"})).expect(200);
    hotel.close();
    let whole = written(&site.file());
    let story = site.story();
    cut(before, &story, 4, |folder, _| {
        let file = folder.join("hotel.db");
        close_the_evening(&file);
        for (found, expected) in written(&file).iter().zip(&whole) {
            assert_eq!(found, expected);
        }
    });
}
