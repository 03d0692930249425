//! The demo hotel: made, shown, thrown away, or kept.

use std::path::PathBuf;

use serde_json::json;

use crate::support::RunningHotel;
use crate::support::running::{program, run, stderr, stdout, text, token};

const SMALL: &[&str] = &["--rooms", "5", "--years", "0", "--business-date", "2025-11-10"];

#[test]
#[cfg(unix)]
fn a_demo_hotel_is_full_of_life_and_gone_at_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = program();
    command.arg("demo").args(SMALL).env("TMPDIR", folder.path());
    let mut hotel = RunningHotel::spawn(command);
    assert_eq!(
        hotel.next_line(),
        "This is a DEMO hotel; everything in it is made up. Sign in as admin with the password admin123"
    );
    let files = || std::fs::read_dir(folder.path()).expect("a folder").count();
    assert!(files() > 0);
    let state = hotel.connect().get("/api/setup").expect(200);
    assert_eq!((&state["needed"], &state["code_required"], &state["demo"]), (&json!(false), &json!(false), &json!(true)));
    let credentials = json!({"username": "admin", "password": "admin123"});
    let admin = token(&hotel.connect().post("/api/auth/login", &credentials).expect(200));
    let today = hotel.connect().signed(&admin).get("/api/dashboard/today").expect(200);
    assert_eq!((&today["date"], &today["rooms"]["total"]), (&json!("2025-11-10"), &json!(5)));
    let (status, _, _) = hotel.stop();
    assert_eq!((status.code(), files()), (Some(0), 0));
}

/// Makes a demo hotel in a file of a folder and closes it again.
#[cfg(unix)]
fn keep(folder: &tempfile::TempDir) -> PathBuf {
    let file = folder.path().join("kept.db");
    let mut command = program();
    command.arg("demo").args(SMALL).args(["--db", text(&file)]);
    let (status, _, _) = RunningHotel::spawn(command).stop();
    assert_eq!(status.code(), Some(0));
    file
}

#[test]
#[cfg(unix)]
fn a_named_demo_file_is_kept_whole_and_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = keep(&folder);
    let names = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 1, "nothing but the file is left");
    let check = run(&["check", "--db", text(&file)]);
    assert_eq!(check.status.code(), Some(0), "{}", stdout(&check));
    let before = std::fs::read(&file).expect("the file");
    keep(&folder);
    assert!(std::fs::read(&file).expect("the file") == before, "the file was made anew");
}

#[test]
#[cfg(unix)]
fn the_same_seed_makes_the_same_hotel() {
    let bookings = |folder: tempfile::TempDir| stdout(&run(&["export", "bookings", "--db", text(&keep(&folder))]));
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let bookings = (bookings(one), bookings(other));
    assert!(bookings.0.lines().count() > 20);
    assert!(bookings.0 == bookings.1);
}

#[test]
fn a_real_hotels_file_is_not_shown_as_a_demo() {
    let hotel = RunningHotel::start();
    hotel.set_up();
    let file = hotel.file();
    let output = run(&["demo", "--no-browser", "--listen", "127.0.0.1:0", "--db", text(&file)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("is no demo hotel"), "{}", stderr(&output));
}

#[test]
fn a_demo_hotel_that_cannot_be_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("demo.db");
    let output = run(&["demo", "--listen", "127.0.0.1:0", "--rooms", "0", "--db", text(&file)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("rooms must be from 1 to 1000."), "{}", stderr(&output));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
