//! A data file that is damaged or does not add up, as the running hotel tells it.

use innkeeper::db::backup;
use innkeeper::domain::actor::Role;
use innkeeper::hotel::backups::restore::{self, Faults, Known};
use innkeeper::hotel::backups::{BackupError, keeper};
use innkeeper::hotel::system;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;
use crate::support::running::PASSWORD;

/// The alerts that stand after a look, by code and severity.
fn alerts(hotel: &TestHotel, token: &str) -> Vec<(Value, Value)> {
    system::look(&hotel.app, &hotel.memory.backups);
    let standing = hotel.with_token(token).get("/api/system").expect(200)["alerts"].as_array().expect("alerts").clone();
    let data = |alert: &&Value| alert["code"].as_str().is_some_and(|code| code.starts_with("data_"));
    standing.iter().filter(data).map(|alert| (alert["code"].clone(), alert["severity"].clone())).collect()
}

/// The guests' first page is one of another kind, and every connection notices that it has to look again.
const LEADS_NOWHERE: &str = "PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND rootpage > 0 LIMIT 1)
        WHERE type = 'table' AND name = 'guest';
    PRAGMA schema_version = 7777";

/// Changes the open hotel's file as another program would.
fn change(hotel: &TestHotel, text: &str) {
    Connection::open(hotel.app.db.path()).expect("the file").execute_batch(text).expect("changed");
}

#[test]
fn damage_that_is_met_is_told_and_ends_all_writing() {
    let hotel = small_hotel();
    let token = hotel.sign_in_again(Role::Owner);
    let owner = hotel.with_token(&token);
    owner.post("/api/guests", json!({"full_name": "Ana"})).expect(201);
    assert_eq!((alerts(&hotel, &token), owner.get("/api/health").expect(200)["database"].clone()), (vec![], json!("ok")));
    change(&hotel, LEADS_NOWHERE);
    let met = owner.get("/api/guests/1");
    assert_eq!(met.problem(500), "data-damaged");
    assert!(met.json()["detail"].as_str().is_some_and(|told| told.contains("innkeeper restore COPY")), "{}", met.text());
    let health = hotel.as_stranger().get("/api/health").expect(503);
    assert_eq!((&health["status"], &health["database"]), (&json!("damaged"), &json!("damaged")));
    assert_eq!(alerts(&hotel, &token), [(json!("data_damaged"), json!("critical"))]);
    for (target, body) in [("/api/booking-sources", json!({"name": "Radio"})), ("/api/guests", json!({"full_name": "Bo"}))] {
        assert_eq!(owner.post(target, body).problem(500), "data-damaged");
    }
    assert!(hotel.get("/metrics").text().contains("\ninnkeeper_alert{code=\"data_damaged\"} 1\n"));
    // Whoever has to put a back-up in place still comes in, and out.
    let signed_in = hotel.as_stranger().post("/api/auth/login", json!({"username": "owner", "password": PASSWORD}));
    assert!([200, 401].contains(&signed_in.status), "{}", signed_in.text());
}

#[test]
fn a_copy_of_a_damaged_file_is_not_made_and_tells_the_damage() {
    let hotel = small_hotel();
    let token = hotel.sign_in_again(Role::Owner);
    change(&hotel, LEADS_NOWHERE);
    let context = hotel.app.own_context();
    assert!(matches!(keeper::back_up(&hotel.app, &hotel.memory.backups, &context), Err(BackupError::Copy(_))));
    assert_eq!(alerts(&hotel, &token), [(json!("data_damaged"), json!("critical"))]);
}

#[test]
fn each_night_everything_in_the_copy_is_reckoned_up_and_what_does_not_agree_is_told() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    let mut looks = keeper::Looks::default();
    keeper::reckon(&hotel.app, &hotel.memory.backups, &mut looks).expect("the plan begins");
    change(&hotel, "UPDATE reservation SET paid_amount = paid_amount + 100");
    let mut night = |told: Vec<(Value, Value)>| {
        hotel.advance_hours(24);
        keeper::reckon(&hotel.app, &hotel.memory.backups, &mut looks).expect("a night's copy");
        let token = hotel.sign_in_again(Role::Owner);
        assert_eq!(alerts(&hotel, &token), told);
        hotel.with_token(&token).get("/api/backups/state").expect(200)["problem"].clone()
    };
    let problem = night(vec![(json!("data_faults"), json!("critical"))]);
    assert!(problem.as_str().is_some_and(|told| told.contains("Payments add up.")), "{problem}");
    change(&hotel, "UPDATE reservation SET paid_amount = paid_amount - 100");
    assert_eq!(night(vec![]), json!(null));
}

#[test]
fn a_copy_that_does_not_add_up_is_put_back_only_by_whoever_insists() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    let (context, folder) = (hotel.app.own_context(), tempfile::tempdir().expect("a folder"));
    let target = folder.path().join("hotel.db");
    for (change, told) in [
        ("UPDATE reservation SET paid_amount = paid_amount + 100", "Payments add up."),
        ("PRAGMA foreign_keys = OFF; DELETE FROM room_type", "Everything referred to exists."),
    ] {
        let copy = folder.path().join("changed.db");
        backup::copy(hotel.app.db.path(), &copy, &mut |_, _| true).expect("a copy");
        Connection::open(&copy).expect("a data file").execute_batch(change).expect("changed");
        let prepare = |known| restore::prepare(&copy, None, &target, known, &context, &Default::default());
        let refused = prepare(Known::default()).err().expect("refused").to_string();
        assert!(refused.contains(told) && refused.contains("--take-faults"), "{refused}");
        let prepared = prepare(Known { faults: Faults::Taken, ..Known::default() }).expect("taken as it is");
        let trail = Connection::open(prepared.path()).expect("a file").query_row(
            "SELECT after FROM audit_log WHERE action = 'restore'",
            [],
            |row| row.get::<_, String>(0),
        );
        assert!(trail.expect("an entry").contains(told));
        std::fs::remove_file(copy).expect("gone");
    }
    let copy = folder.path().join("changed.db");
    backup::copy(hotel.app.db.path(), &copy, &mut |_, _| true).expect("a copy");
    Connection::open(&copy)
        .expect("a data file")
        .execute_batch("CREATE VIEW every_guest AS SELECT * FROM guest")
        .expect("changed");
    let refused = restore::prepare(&copy, None, &target, Known::default(), &context, &Default::default()).err().expect("refused");
    assert!(refused.to_string().contains("view every_guest is none of Innkeeper's"), "{refused}");
}
