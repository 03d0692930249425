//! A second program that shows a restored copy, beside the hotel itself.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::RunningHotel;
use crate::support::client::Client;
use crate::support::running::{PASSWORD, program, run, stderr, text, token};

/// A hotel with a room and a booking that is paid for in part.
fn hotel_with_a_booking() -> (RunningHotel, String) {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let mut desk = hotel.connect().signed(&owner);
    let kind = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100});
    let kind = desk.post("/api/room-types", &kind).expect(201)["id"].clone();
    desk.post("/api/rooms/batch", &json!({"room_type_id": kind, "numbers": ["101-103"]})).expect(201);
    let stay = book(&mut desk, "Ana Silva").expect(201)["id"].clone();
    let paid = json!({"reservation_id": stay, "amount": 120, "payment_method": "cash"});
    desk.post("/api/payments", &paid).expect(201);
    (hotel, owner)
}

fn book(desk: &mut Client, guest: &str) -> crate::support::Answer {
    let stay = json!({
        "guest": {"full_name": guest}, "room_type_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-13", "adults": 2,
    });
    desk.post("/api/reservations", &stay)
}

/// What the reports tell.
fn reports(desk: &mut Client) -> Vec<Value> {
    let paths = [
        "/api/dashboard/stats?from=2025-11-01&to=2025-11-30",
        "/api/payments/totals?payment_date_from=2025-11-01&payment_date_to=2025-11-30",
        "/api/reservations?page_size=100",
        "/api/tape-chart?from=2025-11-10&days=14",
        "/api/reservations/1/folio",
    ];
    paths.iter().map(|path| desk.get(path).expect(200)).collect()
}

fn restore(copy: &Path, file: &Path) {
    let restored = run(&["restore", text(copy), "--db", text(file)]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
}

#[test]
#[cfg(unix)]
fn a_restored_copy_tells_the_same_reports_and_changes_nothing_beside_the_hotel() {
    let (hotel, owner) = hotel_with_a_booking();
    let packed = hotel.file().with_file_name("copy.db.gz");
    assert_eq!(run(&["backup", text(&packed), "--db", text(&hotel.file())]).status.code(), Some(0));
    let mut desk = hotel.connect().signed(&owner);
    let told = reports(&mut desk);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotel.db");
    restore(&packed, &file);
    let bytes = std::fs::read(&file).expect("the copy");
    let mut copy = RunningHotel::start_in(folder, &["--read-only", "--rate-limit", "0"]);
    assert_eq!(copy.next_line(), "This is a read-only copy: nothing can be changed in it.");
    let signed = copy.connect().post("/api/auth/login", &json!({"username": "owner", "password": PASSWORD})).expect(200);
    let mut looker = copy.connect().signed(&token(&signed));
    assert_eq!(reports(&mut looker), told);
    // The hotel works on; the copy stays what it was.
    book(&mut desk, "Ben Brown").expect(201);
    let refused = book(&mut looker, "Ben Brown");
    assert_eq!(refused.problem(409), "read-only-copy");
    assert!(refused.text().contains("Make the change in the hotel itself."), "{}", refused.text());
    looker.post("/api/backups", &json!({})).problem(409);
    assert_eq!(reports(&mut looker), told);
    assert_ne!(reports(&mut desk), told);
    let (status, _, folder) = copy.stop();
    assert_eq!(status.code(), Some(0));
    assert_eq!(std::fs::read(&file).expect("the copy"), bytes, "not a byte of the file was changed");
    assert!(!folder.path().join("backups").exists());
}

#[test]
fn a_copy_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotel.db");
    let arguments = ["serve", "--read-only", "--no-browser", "--listen", "127.0.0.1:0", "--db", text(&file)];
    let output = program().args(arguments).output().expect("the program runs");
    assert!(stderr(&output).contains("There is no data file at"), "{}", stderr(&output));
    assert_eq!((output.status.code(), file.exists()), (Some(1), false));
}
