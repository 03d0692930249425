//! A booking with its payment and its check-in: all of it, or nothing. Rooms as they stand.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::{Answer, TestHotel};

fn ask(hotel: &TestHotel, id: i64, action: &str, body: Value) -> Answer {
    hotel.post(&format!("/api/reservations/{id}/{action}"), body)
}

fn set_state(hotel: &TestHotel, room: i64, state: &str) {
    hotel.put(&format!("/api/rooms/{room}/status"), json!({"housekeeping": state})).expect(200);
}

/// A walk-in for one night who pays and comes at once.
fn walk_in(where_to: Value) -> Value {
    let mut body = json!({
        "guest": {"full_name": "Wanda Walker"}, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11", "adults": 1,
        "payment": {"amount": 100, "payment_method": "cash"}, "check_in": {},
    });
    for (name, value) in where_to.as_object().expect("members") {
        body[name] = value.clone();
    }
    body
}

fn total(hotel: &TestHotel, list: &str) -> i64 {
    hotel.get(list).expect(200)["total"].as_i64().expect("a total")
}

#[test]
fn a_walk_in_is_booked_paid_and_checked_in_by_one_request() {
    let hotel = small_hotel();
    let stay = hotel.post("/api/reservations", walk_in(json!({"room_id": 1}))).expect(201);
    assert_eq!((&stay["status"], &stay["room_number"], &stay["balance"]), (&json!("checked_in"), &json!("101"), &exact("0.00")));
    let payment = &hotel.get("/api/payments").expect(200)["items"][0];
    assert_eq!((&payment["payment_type"], &payment["amount"]), (&json!("full"), &exact("100.00")));
}

#[test]
fn a_walk_in_that_cannot_be_done_whole_leaves_nothing_behind() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 2, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    set_state(&hotel, 1, "dirty");
    let entries = total(&hotel, "/api/audit-log");
    for (where_to, refusal) in [
        (json!({"room_id": 1}), "room-not-ready"),
        (json!({"room_id": 2}), "room-taken"),
        (json!({"room_type_id": 1}), "room-not-ready"),
        (json!({"room_id": 1, "check_in_date": "2025-11-12", "check_out_date": "2025-11-13"}), "wrong-date"),
    ] {
        assert_eq!(hotel.post("/api/reservations", walk_in(where_to.clone())).problem(409), refusal, "{where_to}");
    }
    let refused =
        hotel.post("/api/reservations", walk_in(json!({"room_id": 3, "payment": {"amount": 70, "payment_method": "shells"}})));
    assert_eq!(refused.bad_fields(), ["payment.payment_method"]);
    let left = ["/api/reservations", "/api/guests", "/api/payments", "/api/audit-log"].map(|list| total(&hotel, list));
    assert_eq!(left, [1, 1, 0, entries]);
    assert_eq!(total(&hotel, "/api/guests?q=wanda"), 0);
    // With the reason it is done.
    let arrival = json!({"room_id": 1, "check_in": {"override_dirty": true, "reason": "guest insists"}});
    assert_eq!(hotel.post("/api/reservations", walk_in(arrival)).expect(201)["status"], "checked_in");
}

#[test]
fn somebody_is_still_in_a_room_that_is_free_tonight() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    let tonight = json!({"room_id": 1, "check_in_date": "2025-11-11", "check_out_date": "2025-11-12"});
    assert_eq!(hotel.post("/api/reservations", walk_in(tonight)).problem(409), "room-not-ready");
    let any = json!({"room_type_id": 1, "check_in_date": "2025-11-11", "check_out_date": "2025-11-12"});
    assert_eq!(hotel.post("/api/reservations", walk_in(any)).expect(201)["room_number"], "102");
}

#[test]
fn rooms_are_offered_the_readiest_first_to_whoever_comes_today() {
    let hotel = small_hotel();
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["103-105"]})).expect(201);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    set_state(&hotel, 2, "dirty");
    set_state(&hotel, 5, "inspected");
    let offered = |from: &str, to: &str| {
        let target = format!("/api/rooms/available?check_in_date={from}&check_out_date={to}&room_type_id=1");
        hotel.get(&target).expect(200)["items"][0]["rooms"].as_array().expect("rooms").clone()
    };
    let standing = |room: &Value| {
        let text = |name: &str| room[name].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {} {} {}",
            text("room_number"),
            text("housekeeping"),
            text("occupancy"),
            text("occupied_until"),
            room["is_ready"]
        )
    };
    let numbers = |rooms: &[Value]| rooms.iter().map(|r| r["room_number"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>();
    let rooms = offered("2025-11-11", "2025-11-12");
    assert_eq!(
        rooms.iter().map(standing).collect::<Vec<_>>(),
        [
            "104 inspected vacant - true",
            "103 clean vacant - true",
            "105 clean vacant - true",
            "102 dirty vacant - false",
            "101 dirty occupied 2025-11-11 false",
        ]
    );
    assert_eq!(
        numbers(&offered("2025-11-20", "2025-11-21")),
        ["101", "102", "103", "104", "105"],
        "how a room is today says nothing of the 20th"
    );
    // So are the rooms that a refusal names instead.
    let taken =
        json!({"guest": {"full_name": "Ben"}, "room_id": 4, "check_in_date": "2025-11-11", "check_out_date": "2025-11-12"});
    hotel.post("/api/reservations", taken.clone()).expect(201);
    let refused = hotel.post("/api/reservations", taken);
    assert_eq!(refused.problem(409), "room-taken");
    assert_eq!(numbers(refused.json()["alternatives"].as_array().expect("rooms")), ["104", "105", "102", "101"]);
}

#[test]
fn more_rooms_can_be_chosen_than_are_free_while_some_are_needed_for_the_unassigned() {
    let hotel = small_hotel();
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["103-104"]})).expect(201);
    let offer = || {
        let target = "/api/rooms/available?check_in_date=2025-11-10&check_out_date=2025-11-12&room_type_id=1";
        let offer = hotel.get(target).expect(200)["items"][0].clone();
        (offer["rooms"].as_array().map(Vec::len), offer["available_count"].as_i64(), offer["total_rooms"].as_i64())
    };
    assert_eq!(offer(), (Some(4), Some(4), Some(4)));
    let unassigned = |from: &str, to: &str| {
        let stay =
            json!({"guest": {"full_name": "Una"}, "room_type_id": 1, "check_in_date": from, "check_out_date": to, "adults": 1});
        hotel.post("/api/reservations", stay)
    };
    // Two on one night and one on the other: the fuller night counts.
    for (from, to) in [("2025-11-10", "2025-11-11"), ("2025-11-10", "2025-11-12")] {
        unassigned(from, to).expect(201);
    }
    assert_eq!(offer(), (Some(4), Some(2), Some(4)), "any two of the four, and no third");
    book(&hotel, "Ana", 4, "2025-11-10", "2025-11-12");
    assert_eq!(offer(), (Some(3), Some(1), Some(4)));
    book(&hotel, "Ben", 1, "2025-11-10", "2025-11-12");
    assert_eq!(offer().1, Some(0));
    assert_eq!(unassigned("2025-11-10", "2025-11-11").problem(409), "no-room-free");
}
