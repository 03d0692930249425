//! Back-ups over the API: made, listed, planned; who may, and what is refused.

use innkeeper::db::migrate::{Migrations, Step};
use innkeeper::db::{Options, backup};
use innkeeper::domain::actor::Role;
use innkeeper::domain::id::SessionId;
use innkeeper::hotel::backups::{keeper, restore, store};
use serde_json::json;

use super::desk::{book, small_hotel};
use crate::support::TestHotel;
use crate::support::hotel::NOW;
use crate::support::running::PASSWORD;

/// Orders a copy and makes it, as the thread for long jobs does; how it stands then.
pub fn back_up(hotel: &TestHotel) -> serde_json::Value {
    let begun = hotel.post("/api/backups", json!({})).expect(202);
    assert_eq!((&begun["is_running"], &begun["progress"]["step"]), (&json!(true), &json!("waiting")));
    hotel.do_ordered();
    let state = hotel.get("/api/backups/state").expect(200);
    assert_eq!((&state["is_running"], &state["progress"]), (&json!(false), &json!(null)));
    state
}

#[test]
fn a_copy_is_made_listed_and_seen_on_today() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    assert_eq!(hotel.get("/api/backups").expect(200)["total"], 0);
    assert_eq!(
        hotel.get("/api/dashboard/today").expect(200)["backup"],
        json!({"last_made_at": null, "overdue_at": null, "second_missed_at": null})
    );
    let made = back_up(&hotel)["last_made"].clone();
    assert_eq!((&made["name"], &made["reservations"]), (&json!("hotel-2025-11-10T09-00-00Z.db.gz"), &json!(1)));
    let list = hotel.as_role(Role::Manager).get("/api/backups").expect(200);
    assert_eq!((&list["total"], &list["items"][0]["name"]), (&json!(1), &made["name"]));
    assert_eq!(list["items"][0]["is_in_second_folder"], false);
    let age =
        json!({"last_made_at": "2025-11-10T09:00:00.000Z", "overdue_at": "2025-11-11T11:00:00.000Z", "second_missed_at": null});
    assert_eq!(hotel.get("/api/dashboard/today").expect(200)["backup"], age);
    let state = hotel.get("/api/backups/state").expect(200);
    assert_eq!((&state["is_overdue"], &state["is_running"], &state["problem"]), (&json!(false), &json!(false), &json!(null)));
    assert_eq!(state["next_at"], "2025-11-11T03:30:00.000Z");
    hotel.advance_hours(26);
    let token = hotel.sign_in_again(Role::Owner);
    let later = hotel.with_token(&token);
    assert_eq!(later.get("/api/backups/state").expect(200)["is_overdue"], true);
    let metrics = later.get("/metrics").text().to_owned();
    assert!(metrics.contains("innkeeper_backup_age_seconds 93600"), "{metrics}");
    let trail = later.get("/api/audit-log?entity=backup").expect(200);
    assert_eq!(trail["items"][0]["after"]["reservations"], 1);
}

/// Not the mark that says whose they are.
fn copies_in(folder: &std::path::Path) -> usize {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    files.filter(|name| name.to_string_lossy().ends_with(".db.gz")).count()
}

#[test]
fn copies_go_to_the_folders_of_the_plan_and_only_to_folders_that_are_there() {
    let hotel = small_hotel();
    let (first, second) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let plan = json!({"folder": first.path(), "second_folder": second.path(), "at_time": "02:15", "keep_daily": 3});
    let changed = hotel.patch("/api/backups/plan", plan).expect(200);
    assert_eq!((&changed["version"], &changed["keep_daily"], &changed["keep_monthly"]), (&json!(2), &json!(3), &json!(12)));
    back_up(&hotel);
    assert_eq!(hotel.get("/api/backups").expect(200)["items"][0]["is_in_second_folder"], true);
    assert_eq!((copies_in(first.path()), copies_in(second.path())), (1, 1));
    for (field, value) in [
        ("folder", json!("backups")),
        ("folder", json!("/nowhere/at/all")),
        ("second_folder", json!(first.path())),
        ("at_time", json!("25:00")),
        ("keep_daily", json!(0)),
        ("keep_weekly", json!(521)),
    ] {
        assert_eq!(hotel.patch("/api/backups/plan", json!({field: value})).bad_fields(), [field]);
    }
    assert_eq!(hotel.patch("/api/backups/plan", json!({"version": 1, "is_on": false})).problem(409), "stale-version");
    hotel.as_role(Role::Manager).patch("/api/backups/plan", json!({"is_on": false})).problem(403);
}

#[test]
fn a_second_folder_that_is_gone_is_told_and_the_first_copy_stands() {
    let hotel = small_hotel();
    let second = tempfile::tempdir().expect("a folder");
    hotel.patch("/api/backups/plan", json!({"second_folder": second.path()})).expect(200);
    drop(second);
    let state = back_up(&hotel);
    let made = &state["last_made"];
    assert!(made["second_folder_problem"].as_str().is_some_and(|problem| problem.contains("cannot be written")), "{made}");
    assert_eq!(state["problem"], made["second_folder_problem"]);
    assert_eq!(hotel.get("/api/backups").expect(200)["total"], 1);
}

#[test]
fn a_stick_that_is_pulled_out_is_told_on_today_and_gets_the_newest_copy_when_it_is_back() {
    let hotel = small_hotel();
    let (disk, mut looks) = (tempfile::tempdir().expect("a folder"), keeper::Looks::default());
    let stick = disk.path().join("stick");
    std::fs::create_dir(&stick).expect("a folder");
    hotel.patch("/api/backups/plan", json!({"second_folder": stick})).expect(200);
    let mut missed_at = || {
        keeper::reckon(&hotel.app, &hotel.memory.backups, &mut looks).expect("a look");
        hotel.get("/api/dashboard/today").expect(200)["backup"]["second_missed_at"].clone()
    };
    let names = || copies_in(&stick);
    back_up(&hotel);
    assert_eq!((missed_at(), names()), (json!(null), 1));
    std::fs::remove_dir_all(&stick).expect("gone");
    assert_eq!(missed_at(), NOW);
    hotel.advance_hours(1);
    back_up(&hotel);
    // Since it was pulled out, not since it was looked at last.
    assert_eq!(missed_at(), NOW);
    std::fs::create_dir(&stick).expect("a folder");
    assert_eq!((missed_at(), names()), (json!(null), 1));
    assert!(stick.join("hotel-2025-11-10T10-00-00Z.db.gz").is_file(), "the newest of them");
    // A disk without room is not tried again and again, and is told as well.
    std::fs::remove_dir_all(&stick).expect("gone");
    std::fs::create_dir_all(stick.join("hotel-2025-11-10T11-00-00Z.db.gz")).expect("what is in the way");
    hotel.advance_hours(1);
    back_up(&hotel);
    assert_eq!((missed_at(), missed_at()), (json!("2025-11-10T11:00:00.000Z"), json!("2025-11-10T11:00:00.000Z")));
    hotel.patch("/api/backups/plan", json!({"second_folder": ""})).expect(200);
    assert_eq!(missed_at(), json!(null));
}

#[test]
fn a_clock_that_went_wrong_for_a_day_does_not_end_the_copies() {
    let hotel = small_hotel();
    let mut looks = keeper::Looks::default();
    let mut last_made_at = || {
        keeper::reckon(&hotel.app, &hotel.memory.backups, &mut looks).expect("a look");
        let plan = hotel.app.db.read(&hotel.app.own_context(), store::find_plan).expect("read").expect("a plan");
        (json!(plan.last_made_at), json!(plan.overdue_at()))
    };
    last_made_at();
    let year = 365 * 24;
    hotel.advance_hours(year);
    last_made_at();
    let ahead = last_made_at();
    assert_eq!(ahead, (json!("2026-11-10T09:00:00.000Z"), json!("2026-11-11T11:00:00.000Z")), "the copy of a clock a year ahead");
    hotel.advance_hours(-year);
    assert_eq!(last_made_at(), (json!(null), json!("2025-11-11T11:00:00.000Z")), "counts for nothing when the clock is right");
    hotel.advance_hours(24);
    last_made_at();
    assert_eq!(last_made_at().0, "2025-11-11T09:00:00.000Z", "the next night has its copy");
    let token = hotel.sign_in_again(Role::Owner);
    assert_eq!(hotel.with_token(&token).get("/api/backups").expect(200)["total"], 2);
}

#[test]
fn one_copy_is_made_at_a_time_and_one_that_fails_says_why() {
    let hotel = small_hotel();
    let folder = tempfile::tempdir().expect("a folder");
    hotel.patch("/api/backups/plan", json!({"folder": folder.path()})).expect(200);
    hotel.post("/api/backups", json!({})).expect(202);
    assert_eq!(hotel.post("/api/backups", json!({})).problem(409), "still-at-work");
    // What was a folder is a file when the copy is made.
    let path = folder.path().to_owned();
    drop(folder);
    std::fs::write(&path, "in the way").expect("a file");
    hotel.do_ordered();
    std::fs::remove_file(&path).expect("gone");
    let state = hotel.get("/api/backups/state").expect(200);
    assert_eq!((&state["is_running"], &state["last_made"]), (&json!(false), &json!(null)));
    assert!(state["problem"].as_str().is_some_and(|problem| problem.contains("cannot be written")), "{state}");
    assert_eq!(back_up(&hotel)["problem"], json!(null));
}

#[test]
fn only_copies_in_the_folders_can_be_restored_and_only_by_the_owner() {
    let hotel = small_hotel();
    for name in ["hotel.db", "..%2Fhotel-2025-11-10T09-00-00Z.db.gz", "hotel-2025-11-10T09-00-00Z.db.gz"] {
        hotel.post(&format!("/api/backups/{name}/restore"), json!({})).problem(404);
    }
    let name = back_up(&hotel)["last_made"]["name"].as_str().expect("a name").to_owned();
    hotel.as_role(Role::Manager).post(&format!("/api/backups/{name}/restore"), json!({})).problem(403);
    // Nobody is there to start anew.
    hotel.post(&format!("/api/backups/{name}/restore"), json!({})).problem(503);
}

/// Two guests; the first is erased after a copy was made.
fn hotel_with_an_erased_guest() -> (TestHotel, std::path::PathBuf) {
    let hotel = small_hotel();
    for name in ["Ana Silva", "Ben Brown"] {
        hotel.post("/api/guests", json!({"full_name": name, "email": "a@example.com"})).expect(201);
    }
    let made = keeper::back_up(&hotel.app, &hotel.memory.backups, &hotel.app.own_context()).expect("a copy");
    hotel.post("/api/guests/1/anonymise", json!({"reason": "asked by letter"})).expect(200);
    hotel.delete("/api/guests/2").expect(204);
    (hotel, made.path)
}

#[test]
fn erased_guests_stay_erased_in_a_restored_copy() {
    let (hotel, copy) = hotel_with_an_erased_guest();
    let context = hotel.app.own_context();
    let in_place = hotel.app.db.read(&context, restore::known_in_place).expect("erasures");
    assert_eq!(in_place.erasures.len(), 2);
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("hotel.db");
    let prepare = |known| restore::prepare(&copy, None, &target, known, &context, &Default::default()).expect("a good copy");
    let names = |prepared: restore::Prepared| {
        prepared.put_in_place(&target, context.now).expect("in place");
        let connection = rusqlite::Connection::open(&target).expect("a data file");
        let mut statement = connection.prepare("SELECT full_name || email FROM guest ORDER BY id").expect("valid");
        let names = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        names.map(|name| name.expect("a name")).collect::<Vec<_>>()
    };
    let without = prepare(Default::default());
    assert_eq!(names(without), ["Ana Silvaa@example.com", "Ben Browna@example.com"]);
    let with = prepare(in_place);
    assert_eq!(with.report.erased_again, 2);
    assert_eq!(names(with), ["Erased guest", "Erased guest"]);
}

#[test]
fn what_was_ordered_when_a_copy_was_made_is_not_done_after_it_was_put_back() {
    let hotel = small_hotel();
    let name = back_up(&hotel)["last_made"]["name"].as_str().expect("a name").to_owned();
    let copy = innkeeper::hotel::backups::default_folder(hotel.app.db.path()).join(name);
    let (context, folder) = (hotel.app.own_context(), tempfile::tempdir().expect("a folder"));
    let target = folder.path().join("hotel.db");
    let prepared = restore::prepare(&copy, None, &target, Default::default(), &context, &Default::default()).expect("good");
    prepared.put_in_place(&target, context.now).expect("in place");
    let state = |file: &std::path::Path| {
        let connection = rusqlite::Connection::open(file).expect("a data file");
        let states = "SELECT group_concat(state) FROM job WHERE kind = 'back_up'";
        connection.query_row(states, [], |row| row.get::<_, String>(0)).expect("a row")
    };
    assert_eq!((state(hotel.app.db.path()), state(&target)), ("done".to_owned(), "failed".to_owned()));
}

#[test]
fn the_journal_beside_the_copies_knows_erasures_when_the_data_file_is_lost() {
    let (hotel, copy) = hotel_with_an_erased_guest();
    hotel.advance_hours(1);
    keeper::back_up(&hotel.app, &hotel.memory.backups, &hotel.app.own_context()).expect("a copy");
    let plan = innkeeper::hotel::backups::Plan::default();
    let known = restore::known(hotel.app.db.path(), &copy, &plan, Default::default()).expect("a journal");
    assert_eq!(known.erasures.len(), 2);
    let journal = copy.with_file_name("hotel-erasures.jsonl");
    let text = std::fs::read_to_string(journal).expect("a journal");
    assert!(!text.contains("Ana") && !text.contains("example"), "{text}");
}

#[test]
fn whoever_got_an_erased_guests_number_later_is_not_erased() {
    let (hotel, _) = hotel_with_an_erased_guest();
    hotel.advance_hours(1);
    let guest = hotel.post("/api/guests", json!({"full_name": "Cleo"})).expect(201);
    assert_eq!(guest["id"], 2, "SQLite gives the last number again");
    let context = hotel.app.own_context();
    let erasures = hotel.app.db.read(&context, store::erasures).expect("erasures");
    let again = hotel.write(move |tx| innkeeper::hotel::backups::erasures::erase_again(tx, &erasures));
    assert_eq!(again, 0);
    assert_eq!(hotel.get("/api/guests/2").expect(200)["full_name"], "Cleo");
}

#[test]
fn a_copy_of_an_earlier_version_is_brought_to_this_one_when_it_is_restored() {
    static NEXT: Migrations = Migrations {
        schema: concat!(include_str!("../../schema.sql"), "CREATE TABLE minibar (id INTEGER PRIMARY KEY) STRICT;"),
        steps: &[Step::Sql("CREATE TABLE minibar (id INTEGER PRIMARY KEY) STRICT;")],
    };
    let (hotel, copy) = hotel_with_an_erased_guest();
    let (context, folder) = (hotel.app.own_context(), tempfile::tempdir().expect("a folder"));
    let target = folder.path().join("hotel.db");
    let options = Options { migrations: &NEXT, ..Options::default() };
    let prepared = restore::prepare(&copy, None, &target, Default::default(), &context, &options).expect("a good copy");
    prepared.put_in_place(&target, context.now).expect("in place");
    let connection = rusqlite::Connection::open(&target).expect("a data file");
    let one = |question: &str| connection.query_row(question, [], |row| row.get::<_, String>(0)).expect("a row");
    assert_eq!(one("SELECT user_version || '' FROM pragma_user_version"), "2");
    assert_eq!(one("SELECT before FROM audit_log WHERE action = 'upgrade' AND entity = 'data_file'"), r#"{"schema":1}"#);
    assert_eq!(one("SELECT count(*) || '' FROM minibar"), "0");
    drop(connection);
    let only: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(only.len(), 1, "the copy itself is the way back");
}

#[test]
fn two_hotels_do_not_thin_out_each_others_copies() {
    let (one, other) = (small_hotel(), small_hotel());
    let shared = tempfile::tempdir().expect("a folder");
    let plan = json!({"second_folder": shared.path()});
    one.patch("/api/backups/plan", plan.clone()).expect(200);
    // Nothing lies there yet: both may name it.
    other.patch("/api/backups/plan", plan.clone()).expect(200);
    assert_eq!(back_up(&one)["problem"], json!(null));
    one.advance_hours(1);
    assert_eq!(back_up(&one)["problem"], json!(null), "its own folder again");
    let problem = back_up(&other)["problem"].as_str().expect("a problem").to_owned();
    assert!(problem.contains("holds the copies of another hotel"), "{problem}");
    assert_eq!(other.patch("/api/backups/plan", plan).bad_fields(), ["second_folder"]);
    // As the first folder of a third, named before there was a mark: what lies there is none of its copies.
    let third = small_hotel();
    let mark = shared.path().join("hotel-copies.txt");
    let aside = std::fs::read(&mark).expect("a mark");
    std::fs::remove_file(&mark).expect("gone");
    third.patch("/api/backups/plan", json!({"folder": shared.path()})).expect(200);
    std::fs::write(&mark, aside).expect("back");
    third.advance_hours(2);
    keeper::reckon(&third.app, &third.memory.backups, &mut keeper::Looks::default()).expect("a look");
    let known = third.app.db.read(&third.app.own_context(), store::find_plan).expect("read").expect("a plan");
    assert_eq!(known.last_made_at, None);
    assert_eq!(other.patch("/api/backups/plan", json!({"folder": shared.path(), "second_folder": ""})).bad_fields(), ["folder"]);
}

#[test]
#[cfg(unix)]
fn the_first_folder_under_another_name_is_no_second_one() {
    let hotel = small_hotel();
    let disk = tempfile::tempdir().expect("a folder");
    let (real, link) = (disk.path().join("real"), disk.path().join("link"));
    std::fs::create_dir(&real).expect("a folder");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    let both = json!({"folder": real, "second_folder": link});
    assert_eq!(hotel.patch("/api/backups/plan", both).bad_fields(), ["second_folder"]);
    // The link comes later than the plan.
    std::fs::remove_file(&link).expect("gone");
    std::fs::create_dir(&link).expect("a folder");
    hotel.patch("/api/backups/plan", json!({"folder": real, "second_folder": link})).expect(200);
    std::fs::remove_dir(&link).expect("gone");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    let problem = back_up(&hotel)["problem"].as_str().expect("a problem").to_owned();
    assert!(problem.contains("under another name"), "{problem}");
    // The one beside the data file, by its name.
    hotel.patch("/api/backups/plan", json!({"folder": "", "second_folder": ""})).expect(200);
    back_up(&hotel);
    let beside = innkeeper::hotel::backups::default_folder(hotel.app.db.path());
    assert_eq!(hotel.patch("/api/backups/plan", json!({"second_folder": beside})).bad_fields(), ["second_folder"]);
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_the_data_file_and_its_copies() {
    use std::os::unix::fs::PermissionsExt;
    let hotel = small_hotel();
    let (folder, file) = (tempfile::tempdir().expect("a folder"), hotel.app.db.path());
    let copy = folder.path().join("copy.db");
    backup::copy(file, &copy, &mut |_, _| true).expect("a copy");
    let packed = keeper::back_up(&hotel.app, &hotel.memory.backups, &hotel.app.own_context()).expect("a copy").path;
    for path in [file, &file.with_extension("db-wal"), &copy, &packed] {
        let mode = std::fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

/// A plain copy of the hotel's file, after it was changed by another program.
fn changed_copy(hotel: &TestHotel, folder: &tempfile::TempDir, change: &str) -> std::path::PathBuf {
    let copy = folder.path().join("changed.db");
    backup::copy(hotel.app.db.path(), &copy, &mut |_, _| true).expect("a copy");
    rusqlite::Connection::open(&copy).expect("a data file").execute_batch(change).expect("changed");
    copy
}

#[test]
fn a_copy_whose_rules_were_changed_is_refused() {
    let hotel = small_hotel();
    let (context, folder) = (hotel.app.own_context(), tempfile::tempdir().expect("a folder"));
    let target = folder.path().join("hotel.db");
    for (change, told) in [
        ("DROP TRIGGER posting_sum", "trigger posting_sum is missing"),
        (
            "CREATE TRIGGER evil AFTER INSERT ON posting BEGIN UPDATE user SET role = 'owner'; END",
            "trigger evil is none of Innkeeper's",
        ),
        (
            "CREATE INDEX one_each ON posting (reservation_id); DROP INDEX session_user",
            "index session_user is missing, and 1 more",
        ),
    ] {
        let copy = changed_copy(&hotel, &folder, change);
        let refused = restore::prepare(&copy, None, &target, Default::default(), &context, &Default::default());
        let refused = refused.err().expect("refused").to_string();
        assert!(refused.contains(told), "{refused}");
        std::fs::remove_file(copy).expect("gone");
    }
    let copy =
        changed_copy(&hotel, &folder, "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER); VACUUM; ANALYZE");
    restore::prepare(&copy, None, &target, Default::default(), &context, &Default::default()).expect("the same rules");
}

#[test]
fn nobody_comes_in_by_what_was_ended_after_the_copy_was_made() {
    let hotel = small_hotel();
    for name in ["desk", "gone"] {
        hotel.add_user(name, Role::Receptionist, PASSWORD);
    }
    let signed_in = hotel.as_stranger().post("/api/auth/login", json!({"username": "desk", "password": PASSWORD})).expect(200);
    let desk = signed_in["access_token"].as_str().expect("a token").to_owned();
    hotel.with_token(&desk).put("/api/auth/pin", json!({"pin": "4821", "current_password": PASSWORD})).expect(204);
    hotel.post("/api/devices", json!({"name": "Tablet"})).expect(201);
    let made = keeper::back_up(&hotel.app, &hotel.memory.backups, &hotel.app.own_context()).expect("a copy");
    let id = |name: &str| {
        let found = hotel.get("/api/users").expect(200)["items"].as_array().expect("staff").clone();
        found.iter().find(|user| user["username"] == name).expect("an account")["id"].clone()
    };
    hotel.patch(&format!("/api/users/{}", id("gone")), json!({"is_active": false})).expect(200);
    hotel.post(&format!("/api/users/{}/reset-password", id("desk")), json!({"new_password": "another-good-one"})).expect(204);
    let mut context = hotel.app.own_context();
    context.actor.session_id = hotel.get("/api/auth/sessions").expect(200)["items"][0]["id"].as_i64().map(SessionId);
    let known = hotel.app.db.read(&context, restore::known_in_place).expect("what is known");
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("hotel.db");
    let prepared = restore::prepare(&made.path, None, &target, known, &context, &Default::default()).expect("a good copy");
    prepared.put_in_place(&target, context.now).expect("in place");
    let connection = rusqlite::Connection::open(&target).expect("a data file");
    let count = |what: &str| {
        connection.query_row(&format!("SELECT count(*) FROM {what}"), [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    assert_eq!(count("session WHERE revoked_at IS NULL"), 1, "of the owner who puts it back");
    assert_eq!((count("device"), count("device WHERE revoked_at IS NULL")), (1, 0));
    assert_eq!(count("user WHERE username = 'gone' AND is_active = 0"), 1);
    assert_eq!(count("user WHERE role = 'owner' AND is_active = 1"), 1);
    let old = rusqlite::Connection::open(hotel.app.db.path()).expect("the file before");
    let hash = |of: &rusqlite::Connection| {
        of.query_row("SELECT password_hash, pin_hash FROM user WHERE username = 'desk'", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })
    };
    assert_eq!(hash(&connection).expect("a hash"), hash(&old).expect("a hash"), "the password of now, and no PIN");
}

#[test]
fn an_exchange_that_fails_leaves_the_data_file_as_it_was_under_its_one_name() {
    let hotel = small_hotel();
    let made = keeper::back_up(&hotel.app, &hotel.memory.backups, &hotel.app.own_context()).expect("a copy");
    let (context, folder) = (hotel.app.own_context(), tempfile::tempdir().expect("a folder"));
    let target = folder.path().join("hotel.db");
    std::fs::write(&target, "no hotel, but not to be lost").expect("written");
    let prepared = restore::prepare(&made.path, None, &target, Default::default(), &context, &Default::default()).expect("good");
    std::fs::remove_file(prepared.path()).expect("somebody takes it away");
    prepared.put_in_place(&target, context.now).expect_err("nothing to put in place");
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(names, ["hotel.db"]);
    assert_eq!(std::fs::read_to_string(&target).expect("the file"), "no hotel, but not to be lost");
}

#[test]
fn while_one_copy_is_put_back_no_other_is() {
    let hotel = small_hotel();
    let name = back_up(&hotel)["last_made"]["name"].as_str().expect("a name").to_owned();
    hotel.memory.backups.on_restart(Box::new(|exchange| {
        drop(exchange);
        true
    }));
    let path = format!("/api/backups/{name}/restore");
    hotel.post(&path, json!({})).expect(202);
    assert_eq!(hotel.post(&path, json!({})).problem(409), "still-at-work");
    assert_eq!(hotel.post("/api/backups", json!({})).problem(409), "still-at-work");
}
