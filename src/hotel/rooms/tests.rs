//! Rooms over the API, as the desk, the managers and housekeeping use them.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use serde_json::{Value, json};

use crate::db::{Context, Db, Options, Sql, Tx};
use crate::domain::actor::{Actor, Role};
use crate::domain::date::{Date, Instant};
use crate::domain::money::Currency;
use crate::error::Result;
use crate::hotel::Memory;
use crate::hotel::settings::{self, NewProperty};
use crate::hotel::users::{self, NewUser, session};
use crate::http::request::{Method, Request};
use crate::http::respond::respond;
use crate::http::state::{App, AppOptions, Clock, EventHub};

/// A hotel in a file of its own, on 10 November 2025, with an account of each role.
pub(crate) struct TestHotel {
    pub app: App,
    tokens: Vec<(Role, String)>,
    _folder: tempfile::TempDir,
}

const NOW: i64 = 1_762_768_800_000;

impl TestHotel {
    pub fn open() -> TestHotel {
        let folder = tempfile::tempdir().expect("folder");
        let db = Db::open(&folder.path().join("hotel.db"), &Options::default(), Box::new(|_| ())).expect("open");
        let tokens = db.write(context(), lay_down).expect("set up");
        let options = AppOptions { rate_limit: Some(0), ..AppOptions::default() };
        let clock = Clock::Fixed(AtomicI64::new(NOW));
        let app = crate::routes::app(db, clock, Arc::new(EventHub::default()), &Memory::default(), options);
        TestHotel { app, tokens, _folder: folder }
    }

    /// The status and the body of an answer.
    pub fn call(&self, role: Role, method: Method, target: &str, body: &Value) -> (u16, Value) {
        let token = self.tokens.iter().find(|(r, _)| *r == role).map(|(_, t)| t.clone()).expect("every role has a token");
        let mut request = Request::new(method, target);
        request.headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
        if !body.is_null() {
            request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            request.body = body.to_string().into_bytes();
        }
        let response = respond(&self.app, &request);
        let bytes = response.payload.bytes();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(bytes).expect("json") };
        (response.status, body)
    }

    pub fn get(&self, target: &str) -> Value {
        let (status, body) = self.call(Role::Manager, Method::Get, target, &Value::Null);
        assert_eq!(status, 200, "{target}: {body}");
        body
    }

    /// A change by the manager that must come off.
    pub fn good(&self, method: Method, target: &str, body: Value) -> Value {
        let (status, answer) = self.call(Role::Manager, method, target, &body);
        assert!(status < 300, "{target} {body}: {status} {answer}");
        answer
    }

    /// A change by the manager that must be refused: the status and the sentence.
    pub fn refused(&self, method: Method, target: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.call(Role::Manager, method, target, &body);
        assert!(status >= 400, "{target} {body}: {status} {answer}");
        (status, answer["detail"].as_str().expect("detail").to_owned())
    }

    pub fn run(&self, text: &'static str) {
        self.app.db.write(context(), move |tx| tx.run(&Sql::new("test", text), [])).expect("sql");
    }

    fn count(&self, text: &'static str) -> i64 {
        self.app.db.read(&context(), |conn| conn.scalar(&Sql::new("test", text), [])).expect("sql")
    }

    pub fn add_type(&self, code: &str, rate: i64) -> i64 {
        let body = json!({"name": format!("Type {code}"), "code": code, "capacity_adults": 2, "default_rate": rate});
        id(&self.good(Method::Post, "/api/room-types", body))
    }

    fn add_room(&self, room_type: i64, number: &str) -> i64 {
        id(&self.good(Method::Post, "/api/rooms", json!({"room_number": number, "room_type_id": room_type})))
    }

    /// A stay of Ana's in room 1, which the tests make first.
    fn add_stay(&self, status: &'static str, nights: &[&'static str]) {
        let nights: Vec<Date> = nights.iter().map(|n| n.parse().expect("date")).collect();
        self.app.db.write(context(), move |tx| insert_stay(tx, status, &nights)).expect("stay");
    }
}

fn id(value: &Value) -> i64 {
    value["id"].as_i64().expect("id")
}

fn context() -> Context {
    Context { actor: Actor::program("test"), now: Instant::from_millisecond(NOW).expect("now") }
}

fn lay_down(tx: &Tx) -> Result<Vec<(Role, String)>> {
    let property = NewProperty {
        name: "Test".to_owned(),
        currency: Currency::of("EUR").expect("EUR"),
        time_zone: "Europe/Lisbon".to_owned(),
        locale: "en-GB".to_owned(),
        business_date: Date::new(2025, 11, 10).expect("date"),
        is_demo: false,
    };
    settings::create(tx, &property)?;
    Role::ALL
        .iter()
        .map(|role| {
            let name = role.as_str();
            let user = users::create(
                tx,
                &NewUser { username: name.into(), full_name: name.into(), role: *role, password_hash: String::new() },
            )?;
            Ok((*role, session::open(tx, &user, "test")?.token))
        })
        .collect()
}

fn insert_stay(tx: &Tx, status: &str, nights: &[Date]) -> Result<()> {
    const GUEST: Sql =
        Sql::new("test.guest", "INSERT INTO guest (full_name, created_at, updated_at) VALUES ('Ana Silva', ?1, ?1)");
    const STAY: Sql = Sql::new(
        "test.stay",
        "INSERT INTO reservation (confirmation_number, status, guest_id, room_id, room_type_id, check_in_date, check_out_date, adults,
            source, policy_id,
            guest_name, guest_email, guest_phone, room_type_name, created_at, updated_at)
         VALUES (hex(randomblob(4)), ?1, ?2, 1, 1, ?3, ?4, 2, 'Direct', 1, '', '', '', '', ?5, ?5)",
    );
    const NIGHT: Sql = Sql::new(
        "test.night",
        "INSERT INTO reservation_night (reservation_id, night, room_type_id, room_id, rate, adults, children)
         VALUES (?1, ?2, 1, 1, 0, 2, 0)",
    );
    let guest = tx.insert(&GUEST, [tx.now()])?;
    let (first, last) = (nights.first().expect("a night"), nights.last().expect("a night"));
    let stay = tx.insert(&STAY, (status, guest, first, last.next(), tx.now()))?;
    for night in nights {
        tx.run(&NIGHT, (stay, night))?;
    }
    Ok(())
}

fn numbers(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().map(|r| r["room_number"].as_str().expect("number")).collect()
}

#[test]
fn a_room_type_is_made_changed_and_listed_with_its_rooms() {
    let hotel = TestHotel::open();
    let body = json!({"name": " Double ", "code": "DBL", "capacity_adults": 2, "capacity_children": 1, "bed_config": "1 queen",
        "default_rate": 120.5, "amenities": ["Wi-Fi", "Safe"]});
    let made = hotel.good(Method::Post, "/api/room-types", body);
    assert_eq!((&made["name"], made["default_rate"].to_string().as_str()), (&json!("Double"), "120.50"));
    hotel.add_room(1, "101");
    assert_eq!(hotel.get("/api/room-types/1")["room_count"], 1);
    let changed = hotel.good(Method::Patch, "/api/room-types/1", json!({"name": "Queen", "version": 1}));
    assert_eq!((&changed["name"], &changed["code"], &changed["version"]), (&json!("Queen"), &json!("DBL"), &json!(2)));
    assert_eq!(hotel.refused(Method::Patch, "/api/room-types/1", json!({"name": "King", "version": 1})).0, 409);
    assert_eq!(hotel.get("/api/rooms/1")["room_type_name"], "Queen");
    assert_eq!(hotel.get("/api/room-types?q=dbl&sort=-name")["total"], 1);
    assert_eq!(hotel.count("SELECT count(*) FROM audit_log WHERE entity = 'room_type'"), 2);
}

#[test]
fn bad_room_types_are_refused_with_every_bad_field() {
    let hotel = TestHotel::open();
    let body = json!({"name": " ", "code": "X", "capacity_adults": 0, "default_rate": 1});
    let (status, answer) = hotel.call(Role::Manager, Method::Post, "/api/room-types", &body);
    let fields: Vec<&str> = answer["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!((status, fields), (422, vec!["name", "capacity_adults"]));
    for rate in [json!(-1), json!(0.001), json!("5")] {
        let body = json!({"name": "A", "code": "A", "capacity_adults": 1, "default_rate": rate});
        assert_eq!(hotel.refused(Method::Post, "/api/room-types", body).0, 422);
    }
    hotel.add_type("A", 1);
    let twin = json!({"name": "Other", "code": "a", "capacity_adults": 1, "default_rate": 1});
    assert_eq!(hotel.refused(Method::Post, "/api/room-types", twin).0, 409);
}

#[test]
fn rooms_are_listed_by_type_and_number_and_filtered() {
    let hotel = TestHotel::open();
    let (late, early) = (hotel.add_type("B", 1), hotel.add_type("A", 1));
    for (room_type, number) in [(late, "10"), (late, "2"), (early, "A10"), (early, "a9")] {
        hotel.add_room(room_type, number);
    }
    hotel.good(Method::Put, "/api/rooms/2/status", json!({"housekeeping": "dirty"}));
    hotel.good(Method::Patch, "/api/rooms/3", json!({"floor": 3}));
    assert_eq!(numbers(&hotel.get("/api/rooms")), ["a9", "A10", "2", "10"]);
    assert_eq!(numbers(&hotel.get("/api/rooms?sort=-room_number&page_size=2&page=2")), ["10", "2"]);
    assert_eq!(numbers(&hotel.get("/api/rooms?housekeeping=dirty")), ["2"]);
    assert_eq!(numbers(&hotel.get("/api/rooms?q=a&sort=room_number")), ["a9", "A10"]);
    assert_eq!(numbers(&hotel.get("/api/rooms?floor=3&room_type_id=2")), ["A10"]);
    assert_eq!(hotel.get("/api/rooms?occupancy=occupied")["total"], 0);
    assert_eq!(hotel.refused(Method::Get, "/api/rooms?page_size=101", Value::Null).0, 422);
    assert_eq!(hotel.refused(Method::Get, "/api/rooms?sort=notes", Value::Null).0, 422);
    hotel.good(Method::Put, "/api/rooms/3", json!({"floor": null, "notes": "Quiet"}));
    let room = hotel.get("/api/rooms/3");
    assert_eq!((&room["floor"], &room["notes"], &room["version"]), (&Value::Null, &json!("Quiet"), &json!(3)));
}

#[test]
fn a_batch_adds_all_its_rooms_or_none() {
    let hotel = TestHotel::open();
    let room_type = hotel.add_type("A", 1);
    let made = hotel.good(
        Method::Post,
        "/api/rooms/batch",
        json!({"room_type_id": room_type, "floor": 1, "numbers": ["008-011", "P-1"]}),
    );
    assert_eq!(numbers(&made), ["008", "009", "010", "011", "P-1"]);
    let (status, why) =
        hotel.refused(Method::Post, "/api/rooms/batch", json!({"room_type_id": room_type, "numbers": ["20-25", "p-1"]}));
    assert_eq!((status, why.as_str()), (409, "Room p-1 already exists; no rooms were added."));
    assert_eq!(hotel.refused(Method::Post, "/api/rooms/batch", json!({"room_type_id": 9, "numbers": ["30"]})).0, 422);
    assert_eq!(hotel.get("/api/rooms")["total"], 5);
    assert_eq!(hotel.count("SELECT count(*) FROM audit_log WHERE entity = 'room'"), 5);
}

#[test]
fn occupancy_follows_the_stay_in_house_and_differences_are_shown() {
    let hotel = TestHotel::open();
    let room_type = hotel.add_type("A", 1);
    hotel.add_room(room_type, "204");
    hotel.add_stay("confirmed", &["2025-11-09", "2025-11-10"]);
    assert_eq!(hotel.get("/api/rooms/1")["occupancy"], "vacant");
    hotel.run("UPDATE reservation SET status = 'checked_in' WHERE id = 1");
    let room = hotel.get("/api/rooms/1");
    assert_eq!((&room["occupancy"], &room["guest_name"]), (&json!("occupied"), &json!("Ana Silva")));
    assert_eq!(hotel.get("/api/rooms?occupancy=occupied")["items"][0]["guest_name"], "Ana Silva");
    let report = |seen: Value| json!({"reported_occupancy": seen});
    let (status, seen) = hotel.call(Role::Housekeeper, Method::Put, "/api/rooms/1/status", &report(json!("vacant")));
    assert_eq!((status, &seen["discrepancy"], &seen["guest_name"]), (200, &json!("skip"), &Value::Null));
    hotel.run("UPDATE reservation SET status = 'checked_out' WHERE id = 1");
    assert_eq!(hotel.get("/api/rooms/1")["discrepancy"], Value::Null);
    hotel.good(Method::Put, "/api/rooms/1/status", report(json!("occupied")));
    assert_eq!(hotel.get("/api/rooms/1")["discrepancy"], "sleep");
    hotel.good(Method::Put, "/api/rooms/1/status", report(Value::Null));
    assert_eq!(hotel.get("/api/rooms/1")["discrepancy"], Value::Null);
    assert_eq!(
        hotel.count("SELECT count(*) FROM audit_log WHERE entity = 'room' AND (before LIKE '%Ana%' OR after LIKE '%Ana%')"),
        0
    );
}

#[test]
fn an_out_of_order_block_holds_its_nights_until_it_is_released() {
    let hotel = TestHotel::open();
    let room_type = hotel.add_type("A", 1);
    hotel.add_room(room_type, "204");
    let body = json!({"kind": "out_of_order", "start_date": "2025-11-10", "end_date": "2025-11-13", "reason": "Shower leaks",
        "return_state": "inspected"});
    let block = hotel.good(Method::Post, "/api/rooms/1/blocks", body);
    assert_eq!(hotel.count("SELECT count(*) FROM room_night WHERE room_id = 1 AND block_id = 1"), 3);
    let room = hotel.get("/api/rooms/1");
    let shown = json!({"id": block["id"], "kind": "out_of_order", "reason": "Shower leaks", "end_date": "2025-11-13"});
    assert_eq!(room["block"], shown);
    let again = json!({"kind": "out_of_order", "start_date": "2025-11-12", "end_date": "2025-11-14", "reason": "Tiles"});
    let (status, why) = hotel.refused(Method::Post, "/api/rooms/1/blocks", again);
    assert_eq!(status, 409);
    assert!(why.starts_with("Room 204 is already out of order from 10 to 13 November"), "{why}");
    hotel.run("UPDATE property SET business_date = '2025-11-11'");
    hotel.good(Method::Delete, "/api/rooms/1/blocks/1", Value::Null);
    assert_eq!(hotel.count("SELECT count(*) FROM room_night"), 1, "the night that is over stays");
    let room = hotel.get("/api/rooms/1");
    assert_eq!((&room["block"], &room["housekeeping"]), (&Value::Null, &json!("inspected")));
    assert_ne!(hotel.get("/api/rooms/1/blocks")["items"][0]["released_at"], Value::Null);
    assert_eq!(hotel.refused(Method::Delete, "/api/rooms/1/blocks/1", Value::Null).0, 409);
    assert_eq!(hotel.refused(Method::Delete, "/api/rooms/1/blocks/9", Value::Null).0, 404);
}

#[test]
fn a_block_that_has_not_begun_leaves_housekeeping_alone_when_released() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 1);
    hotel.add_room(1, "204");
    let body = json!({"kind": "out_of_service", "start_date": "2025-11-12", "end_date": "2025-11-13", "reason": "Lamp"});
    hotel.good(Method::Post, "/api/rooms/1/blocks", body);
    assert_eq!(hotel.count("SELECT count(*) FROM room_night"), 0, "out of service only warns");
    assert_eq!(hotel.get("/api/rooms/1")["block"], Value::Null);
    hotel.good(Method::Delete, "/api/rooms/1/blocks/1", Value::Null);
    assert_eq!(hotel.get("/api/rooms/1")["housekeeping"], "clean");
}

#[test]
fn a_block_over_a_stay_is_refused_and_names_the_stay() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 1);
    hotel.add_room(1, "204");
    hotel.add_stay("confirmed", &["2025-11-12", "2025-11-13"]);
    let block = |from: &str, to: &str| json!({"kind": "out_of_order", "start_date": from, "end_date": to, "reason": "Paint"});
    let (status, answer) =
        hotel.call(Role::Receptionist, Method::Post, "/api/rooms/1/blocks", &block("2025-11-10", "2025-11-13"));
    assert_eq!(status, 409);
    assert_eq!(answer["type"], "urn:innkeeper:problem:room-taken");
    assert_eq!(answer["detail"], "Room 204 is taken from 12 to 14 November by Ana Silva; move that stay first.");
    let conflict = &answer["conflicts"][0];
    assert_eq!((&conflict["reservation_id"], &conflict["check_out_date"]), (&json!(1), &json!("2025-11-14")));
    assert_eq!(hotel.count("SELECT count(*) FROM room_block"), 0);
    hotel.good(Method::Post, "/api/rooms/1/blocks", block("2025-11-10", "2025-11-12"));
    hotel.good(Method::Post, "/api/rooms/1/blocks", block("2025-11-14", "2025-11-15"));
}

#[test]
fn blocks_are_bounded_and_never_in_the_past() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 1);
    hotel.add_room(1, "204");
    let block = |from: &str, to: &str| json!({"kind": "out_of_service", "start_date": from, "end_date": to, "reason": "Paint"});
    for (from, to) in [("2025-11-09", "2025-11-12"), ("2025-11-12", "2025-11-12"), ("2025-11-10", "2028-11-15")] {
        assert_eq!(hotel.refused(Method::Post, "/api/rooms/1/blocks", block(from, to)).0, 422, "{from} {to}");
    }
    hotel.good(Method::Post, "/api/rooms/1/blocks", block("2025-11-10", "2028-11-14"));
    assert_eq!(hotel.refused(Method::Post, "/api/rooms/7/blocks", block("2025-11-10", "2025-11-14")).0, 404);
}

#[test]
fn what_is_in_use_cannot_be_deleted() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 1);
    hotel.add_room(1, "204");
    hotel.add_room(1, "205");
    hotel.add_stay("confirmed", &["2025-11-12"]);
    let (status, why) = hotel.refused(Method::Delete, "/api/room-types/1", Value::Null);
    assert_eq!((status, why.as_str()), (409, "Type A still has 2 rooms; give them another type or delete them first."));
    let (status, why) = hotel.refused(Method::Delete, "/api/rooms/1", Value::Null);
    assert_eq!((status, why.as_str()), (409, "Room 204 has open stays; move or cancel them first."));
    hotel.add_type("B", 1);
    assert_eq!(hotel.refused(Method::Patch, "/api/rooms/1", json!({"room_type_id": 2})).0, 409);
    // The guest moved to 205 and left: 204 has only a night of the past.
    hotel.run("UPDATE reservation SET status = 'checked_out', room_id = 2 WHERE id = 1");
    hotel.run("UPDATE property SET business_date = '2025-11-20'");
    let (status, why) = hotel.refused(Method::Delete, "/api/rooms/1", Value::Null);
    assert_eq!(status, 409);
    assert!(why.starts_with("Room 204 has past stays"), "{why}");
    hotel.good(Method::Patch, "/api/rooms/1", json!({"room_type_id": 2}));
    hotel.good(Method::Patch, "/api/rooms/2", json!({"room_type_id": 2}));
    assert_eq!(hotel.refused(Method::Delete, "/api/room-types/1", Value::Null).0, 409);
    hotel.add_room(2, "206");
    hotel.good(Method::Delete, "/api/rooms/3", Value::Null);
    assert_eq!(hotel.refused(Method::Get, "/api/rooms/3", Value::Null).0, 404);
    hotel.add_type("C", 1);
    hotel.run("INSERT INTO daily_rate (rate_plan_id, room_type_id, night, rate) VALUES (1, 3, '2025-12-01', 900)");
    hotel.good(Method::Delete, "/api/room-types/3", Value::Null);
}

#[test]
fn each_role_does_its_own() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 1);
    hotel.add_room(1, "204");
    let block = json!({"kind": "out_of_service", "start_date": "2025-11-10", "end_date": "2025-11-11", "reason": "Lamp"});
    let order = json!({"kind": "out_of_order", "start_date": "2025-11-12", "end_date": "2025-11-13", "reason": "Lamp"});
    let status = |role, method, target: &str, body: &Value| hotel.call(role, method, target, body).0;
    assert_eq!(status(Role::Housekeeper, Method::Get, "/api/rooms", &Value::Null), 200);
    assert_eq!(status(Role::Housekeeper, Method::Put, "/api/rooms/1/status", &json!({"housekeeping": "inspected"})), 200);
    assert_eq!(status(Role::Housekeeper, Method::Post, "/api/rooms/1/blocks", &order), 403);
    assert_eq!(status(Role::ReadOnly, Method::Post, "/api/rooms/1/blocks", &block), 403);
    assert_eq!(status(Role::Housekeeper, Method::Post, "/api/rooms/1/blocks", &block), 201);
    assert_eq!(status(Role::ReadOnly, Method::Put, "/api/rooms/1/status", &json!({"housekeeping": "clean"})), 403);
    assert_eq!(status(Role::Receptionist, Method::Patch, "/api/rooms/1", &json!({"notes": "x"})), 403);
    assert_eq!(status(Role::Receptionist, Method::Post, "/api/rooms/1/blocks", &order), 201);
}
