//! Back-ups as an owner makes and uses them, with the real executable.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;

use crate::support::RunningHotel;
use crate::support::client::Client;
use crate::support::running::{program, run, stderr, stdout, text};

/// A hotel that is open, with a booking source for each name.
fn hotel_with(names: &[&str]) -> (RunningHotel, String) {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    names.iter().for_each(|name| add(&mut hotel.connect().signed(&owner), name));
    (hotel, owner)
}

fn add(client: &mut Client, name: &str) {
    client.post("/api/booking-sources", &json!({"name": name})).expect(201);
}

/// Those of the sources in a file that no fresh file has.
fn sources(file: &Path) -> Vec<String> {
    let connection = Connection::open(file).expect("a data file");
    let mut statement = connection.prepare("SELECT name FROM booking_source WHERE id > 9 ORDER BY id").expect("valid");
    let names = statement.query_map([], |row| row.get(0)).expect("rows");
    names.map(|name| name.expect("a name")).collect()
}

fn only_file(folder: &Path) -> PathBuf {
    let mut entries = std::fs::read_dir(folder).expect("a folder");
    let first = entries.next().expect("a file").expect("an entry").path();
    assert!(entries.next().is_none(), "there is more than {}", first.display());
    first
}

#[test]
#[cfg(unix)]
fn a_copy_of_an_open_hotel_is_made_and_put_back_on_another_machine() {
    let (hotel, owner) = hotel_with(&["Radio"]);
    let made = run(&["backup", "--db", text(&hotel.file())]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    assert!(stdout(&made).contains("0 bookings and 0 guests, checked and counted"), "{}", stdout(&made));
    add(&mut hotel.connect().signed(&owner), "Television");
    let copy = only_file(&hotel.file().with_file_name("backups"));
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = elsewhere.path().join("hotel.db");
    let looked = run(&["restore", text(&copy), "--dry-run", "--db", text(&file)]);
    assert!(stdout(&looked).contains("It is good. Nothing was changed."), "{}{}", stdout(&looked), stderr(&looked));
    assert_eq!(std::fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);
    let restored = run(&["restore", text(&copy), "--db", text(&file)]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    assert!(stdout(&restored).contains("of Running Hotel, business date 2025-11-10"), "{}", stdout(&restored));
    assert_eq!((sources(&file), only_file(elsewhere.path())), (vec!["Radio".to_owned()], file));
}

#[test]
fn a_copy_goes_where_it_is_told_and_replaces_nothing() {
    let (hotel, _) = hotel_with(&["Radio"]);
    let (folder, file) = (tempfile::tempdir().expect("a folder"), hotel.file());
    let plain = folder.path().join("copy.db");
    let back_up = |target: &Path| run(&["backup", text(target), "--db", text(&file)]);
    assert_eq!(back_up(&plain).status.code(), Some(0));
    assert_eq!(sources(&plain), ["Radio"]);
    let again = back_up(&plain);
    assert!(stderr(&again).contains("is there already; name a file that is not"), "{}", stderr(&again));
    let inside = tempfile::tempdir().expect("a folder");
    assert_eq!(back_up(inside.path()).status.code(), Some(0));
    let name = only_file(inside.path()).file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with("hotel-2") && name.ends_with("Z.db.gz"), "{name}");
    let nowhere = back_up(&folder.path().join("no/such/folder/copy.db.gz"));
    assert!(stderr(&nowhere).contains("cannot be written"), "{}", stderr(&nowhere));
}

#[test]
#[cfg(unix)]
fn restoring_keeps_the_replaced_file_and_asks_for_the_hotel_to_be_closed() {
    let (hotel, owner) = hotel_with(&["Radio"]);
    let file = hotel.file();
    let copy = file.with_file_name("copy.db.gz");
    assert_eq!(run(&["backup", text(&copy), "--db", text(&file)]).status.code(), Some(0));
    add(&mut hotel.connect().signed(&owner), "Television");
    let restore = || run(&["restore", text(&copy), "--db", text(&file)]);
    let refused = restore();
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains(&format!("The hotel is open at http://{}/", hotel.address)), "{}", stderr(&refused));
    let (_, _, folder) = hotel.stop();
    let restored = restore();
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    assert_eq!(sources(&file), ["Radio"]);
    let kept: Vec<PathBuf> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("hotel-replaced-")))
        .collect();
    assert_eq!((kept.len(), sources(&kept[0])), (1, vec!["Radio".to_owned(), "Television".to_owned()]));
}

#[test]
#[cfg(unix)]
fn restoring_closes_the_hotel_in_order_when_it_is_told_to() {
    let (mut hotel, owner) = hotel_with(&["Radio"]);
    let file = hotel.file();
    let copy = file.with_file_name("copy.db.gz");
    assert_eq!(run(&["backup", text(&copy), "--db", text(&file)]).status.code(), Some(0));
    add(&mut hotel.connect().signed(&owner), "Television");
    let restored = run(&["restore", text(&copy), "--stop", "--db", text(&file)]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    assert!(stdout(&restored).ends_with("The hotel was closed for that. Start Innkeeper again.\n"), "{}", stdout(&restored));
    assert_eq!(hotel.wait().code(), Some(0), "it closed in order");
    assert_eq!(sources(&file), ["Radio"]);
}

#[test]
#[cfg(unix)]
fn a_damaged_file_gives_way_to_a_copy_and_is_kept() {
    let (hotel, _) = hotel_with(&["Radio"]);
    let file = hotel.file();
    let copy = file.with_file_name("copy.db.gz");
    assert_eq!(run(&["backup", text(&copy), "--db", text(&file)]).status.code(), Some(0));
    let (_, _, _folder) = hotel.stop();
    std::fs::write(&file, vec![b'x'; 50_000]).expect("damage");
    let restored = run(&["restore", text(&copy), "--db", text(&file)]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    assert_eq!(sources(&file), ["Radio"]);
}

#[test]
#[cfg(unix)]
fn a_copy_taken_at_a_bad_moment_is_found_out() {
    let (hotel, _) = hotel_with(&["Radio"]);
    let file = hotel.file();
    let packed = file.with_file_name("copy.db.gz");
    assert_eq!(run(&["backup", text(&packed), "--db", text(&file)]).status.code(), Some(0));
    let (_, _, folder) = hotel.stop();
    let bytes = std::fs::read(&file).expect("bytes");
    let say = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        let output = run(&["restore", text(&path), "--db", text(&file)]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        stderr(&output)
    };
    // The writer was in the middle of folding pages in.
    let mut torn = bytes.clone();
    let middle = bytes.len() / 2 / 4096 * 4096;
    torn[middle..middle + 8192].copy_from_slice(&bytes[..8192]);
    assert!(say("torn.db", &torn).contains("was copied at a bad moment"));
    assert!(say("half.db", &bytes[..bytes.len() / 2]).contains("was copied at a bad moment"));
    let packed = std::fs::read(&packed).expect("bytes");
    assert!(say("half.db.gz", &packed[..packed.len() / 2]).contains("was not made whole or has been damaged since"));
    assert!(say("letter.txt", b"Dear Sir or Madam").contains("is neither a back-up of Innkeeper's nor a data file"));
    assert_eq!(sources(&file), ["Radio"], "the file in place is as it was");
}

/// The copy that was ordered, once it is there.
fn made_by(client: &mut Client) -> serde_json::Value {
    loop {
        let state = client.get("/api/backups/state").expect(200);
        if state["is_running"] == false {
            assert_eq!(state["problem"], json!(null));
            return state["last_made"].clone();
        }
        std::thread::yield_now();
    }
}

#[test]
#[cfg(unix)]
fn a_copy_that_was_ordered_is_made_though_the_program_was_killed_over_it() {
    let (hotel, owner) = hotel_with(&["Radio"]);
    let file = hotel.file();
    let folder = hotel.kill();
    // As a kill leaves it: claimed, and nobody at work.
    let order = "INSERT INTO job (kind, state, attempts, not_before, username, address, created_at)
        VALUES ('back_up', 'running', 1, '2025-11-10T09:00:00.000Z', 'owner', '127.0.0.1', '2025-11-10T09:00:00.000Z')";
    Connection::open(&file).expect("a data file").execute_batch(order).expect("an order");
    let again = RunningHotel::start_in(folder, &[]);
    let made = made_by(&mut again.connect().signed(&owner));
    assert!(made["name"].as_str().is_some_and(|name| file.with_file_name("backups").join(name).is_file()), "{made}");
    let (_, _, _folder) = again.stop();
    let state = "SELECT state || ' ' || attempts FROM job WHERE kind = 'back_up'";
    let state = Connection::open(&file).expect("a data file").query_row(state, [], |row| row.get::<_, String>(0));
    assert_eq!(state.expect("a row"), "done 2");
}

#[test]
#[cfg(unix)]
fn the_page_puts_a_copy_back_and_the_hotel_opens_again_at_its_address() {
    let (mut hotel, owner) = hotel_with(&["Radio"]);
    assert!(hotel.next_line().starts_with("To set the hotel up from another machine"));
    let mut client = hotel.connect().signed(&owner);
    let begun = client.post("/api/backups", &json!({})).expect(202);
    assert_eq!(begun["is_running"], true);
    let made = made_by(&mut client);
    add(&mut client, "Television");
    let guest = client.post("/api/guests", &json!({"full_name": "Ana"})).expect(201);
    assert_eq!(guest["id"], 1);
    let name = made["name"].as_str().expect("a name");
    let view = client.post(&format!("/api/backups/{name}/restore"), &json!({})).expect(202);
    assert_eq!((&view["property_name"], &view["guests"]), (&json!("Running Hotel"), &json!(0)));
    assert!(client.is_at_end(), "the doors close");
    let again = format!("Innkeeper is open at http://{}/ again, with the restored data.", hotel.address);
    assert_eq!(hotel.next_line(), again);
    let mut again = hotel.connect().signed(&owner);
    let list = again.get("/api/booking-sources?q=i").expect(200);
    let names: Vec<&str> = list["items"].as_array().expect("items").iter().filter_map(|item| item["name"].as_str()).collect();
    assert!(names.contains(&"Radio") && !names.contains(&"Television"), "{names:?}");
    again.get("/api/guests/1").problem(404);
    let (status, _, folder) = hotel.stop();
    assert_eq!(status.code(), Some(0));
    let replaced = std::fs::read_dir(folder.path())
        .expect("a folder")
        .any(|entry| entry.expect("an entry").file_name().to_string_lossy().starts_with("hotel-replaced-"));
    assert!(replaced);
}

#[test]
#[cfg(unix)]
fn a_copy_under_a_passphrase_is_restored_with_it_and_with_no_other() {
    const SECRET: &str = "umbrella violin lagoon";
    let (mut hotel, owner) = hotel_with(&["Radio"]);
    assert!(hotel.next_line().starts_with("To set the hotel up from another machine"));
    let (file, folder) = (hotel.file(), tempfile::tempdir().expect("a folder"));
    let secret = |name: &str, line: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("{line}\n")).expect("a file");
        path
    };
    let (right, wrong, short) = (secret("right", SECRET), secret("wrong", "umbrella violin"), secret("short", "violin"));
    let back_up = |passphrase: &Path| run(&["backup", "--passphrase-file", text(passphrase), "--db", text(&file)]);
    assert!(stderr(&back_up(&short)).contains("The passphrase must have 12 to 200 characters"));
    let plain = run(&["backup", text(&folder.path().join("a.db")), "--passphrase-file", text(&right), "--db", text(&file)]);
    assert!(stderr(&plain).contains("must not end in .db"), "{}", stderr(&plain));
    let made = back_up(&right);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    assert!(!stdout(&made).contains(SECRET) && stdout(&made).contains("checked and counted"), "{}", stdout(&made));
    let copy = only_file(&file.with_file_name("backups"));
    let name = copy.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.ends_with("Z.db.gz.age"), "{name}");
    let target = folder.path().join("elsewhere.db");
    let restore = |more: &[&str]| run(&[&["restore", text(&copy), "--db", text(&target)], more].concat());
    assert!(stderr(&restore(&[])).contains("is under a passphrase. Give the one with which it was made."));
    let refused = restore(&["--passphrase-file", text(&wrong)]);
    assert!(stderr(&refused).contains("This is not the passphrase of"), "{}", stderr(&refused));
    assert!(!target.exists());
    let restored = restore(&["--passphrase-file", text(&right)]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    assert_eq!(sources(&target), ["Radio"]);
    let mut client = hotel.connect().signed(&owner);
    let listed = client.get("/api/backups").expect(200);
    assert_eq!((&listed["items"][0]["name"], &listed["items"][0]["is_encrypted"]), (&json!(name), &json!(true)));
    add(&mut client, "Television");
    let at = format!("/api/backups/{name}/restore");
    for body in [json!({}), json!({"passphrase": "umbrella violin"})] {
        assert_eq!(client.post(&at, &body).expect(422)["errors"][0]["field"], "passphrase");
    }
    client.post(&at, &json!({"passphrase": SECRET})).expect(202);
    assert!(client.is_at_end(), "the doors close");
    assert!(hotel.next_line().ends_with("again, with the restored data."));
    let (status, said, _folder) = hotel.stop();
    assert_eq!(status.code(), Some(0));
    assert!(!said.contains(SECRET), "{said}");
    assert_eq!(sources(&file), ["Radio"]);
}

#[test]
#[cfg(unix)]
fn copies_of_the_plan_are_locked_by_a_machine_that_cannot_open_them() {
    const SECRET: &str = "umbrella violin lagoon";
    let (hotel, owner) = hotel_with(&["Radio"]);
    let (file, folder) = (hotel.file(), tempfile::tempdir().expect("a folder"));
    let mut client = hotel.connect().signed(&owner);
    let short = client.put("/api/backups/passphrase", &json!({"passphrase": "violin"})).expect(422);
    assert_eq!(short["errors"][0]["field"], "passphrase");
    let set = client.put("/api/backups/passphrase", &json!({"passphrase": SECRET})).expect(200);
    assert_eq!((&set["is_encrypted"], set.to_string().contains(SECRET)), (&json!(true), false));
    client.post("/api/backups", &json!({})).expect(202);
    let made = made_by(&mut client);
    let name = made["name"].as_str().expect("a name");
    assert!(name.ends_with("Z.db.gz.age"), "{name}");
    let copies = file.with_file_name("backups");
    let beside: Vec<_> = std::fs::read_dir(&copies).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    let key = beside.iter().find(|path| text(path).contains("/hotel-key-")).expect("the key").clone();
    assert_eq!(beside.len(), 2, "{beside:?}");
    let (copy, secret, target) = (folder.path().join(name), folder.path().join("secret"), folder.path().join("elsewhere.db"));
    std::fs::copy(copies.join(name), &copy).expect("copied");
    let restore = |passphrase: &str| {
        std::fs::write(&secret, passphrase).expect("a file");
        run(&["restore", text(&copy), "--passphrase-file", text(&secret), "--db", text(&target)])
    };
    let keyless = restore(SECRET);
    assert!(stderr(&keyless).contains("is locked with a key that is not beside it"), "{}", stderr(&keyless));
    std::fs::copy(&key, folder.path().join(key.file_name().expect("a name"))).expect("copied");
    let wrong = restore("umbrella violin");
    assert!(stderr(&wrong).contains("This is not the passphrase of"), "{}", stderr(&wrong));
    let restored = restore(SECRET);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    assert_eq!(sources(&target), ["Radio"]);
    let dump = std::fs::read(&file).expect("the data file");
    assert!(!dump.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()), "it is kept nowhere");
    let by_hand = folder.path().join("by-hand.db.gz.age");
    assert_eq!(run(&["backup", text(&by_hand), "--db", text(&file)]).status.code(), Some(0));
    let off = client.put("/api/backups/passphrase", &json!({"passphrase": ""})).expect(200);
    assert_eq!(off["is_encrypted"], false);
}

#[test]
#[cfg(unix)]
fn a_start_removes_what_a_killed_restore_left_and_no_replaced_file() {
    let (hotel, _) = hotel_with(&["Radio"]);
    let file = hotel.file();
    let folder = hotel.kill();
    let beside = |name: &str| file.with_file_name(name);
    std::fs::write(beside("hotel.db.restoring"), "half of it").expect("written");
    std::fs::write(beside("hotel-replaced-2025-11-10T09-00-00Z.db"), "another hotel").expect("written");
    std::fs::hard_link(&file, beside("hotel-replaced-2025-11-11T09-00-00Z.db")).expect("a second name");
    let again = RunningHotel::start_in(folder, &[]);
    again.connect().get("/api/health").expect(200);
    let (_, _, folder) = again.stop();
    let mut left: Vec<String> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("re"))
        .collect();
    left.sort();
    assert_eq!(left, ["hotel-replaced-2025-11-10T09-00-00Z.db"]);
    assert_eq!(sources(&file), ["Radio"]);
}

#[test]
#[cfg(unix)]
fn a_second_start_finds_the_first_and_shows_its_page() {
    let (hotel, _) = hotel_with(&[]);
    let second = || {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--db"]).arg(hotel.file());
        command.output().expect("the program runs")
    };
    let output = second();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let page = format!("Innkeeper is open at http://{}/ already; this is its page.\n", hotel.address);
    assert_eq!(stdout(&output), page);
    // One that was killed left its note, but nobody holds the lock.
    let file = hotel.file();
    let folder = hotel.kill();
    assert!(file.with_extension("db.open").exists());
    let third = RunningHotel::start_in(folder, &[]);
    third.connect().get("/api/health").expect(200);
}
