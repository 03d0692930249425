//! The board of housekeeping: what is most urgent, and what a housekeeper may not see or do.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

fn board(hotel: &TestHotel, role: Role) -> Vec<Value> {
    let board = hotel.as_role(role).get("/api/housekeeping").expect(200);
    board["items"].as_array().expect("rooms").clone()
}

fn duties(board: &[Value]) -> Vec<(&str, &str, bool)> {
    board
        .iter()
        .map(|task| {
            let word = |name: &str| task[name].as_str().unwrap_or("");
            (word("room_number"), word("duty"), task["is_open"] == true)
        })
        .collect()
}

/// 101: its guest leaves and another comes; 102: dirty and empty; 201: a guest comes.
pub fn busy_hotel() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Leaving Lea", 1, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.close_before("2025-11-11").expect(200);
    let request = json!({"guest": {"full_name": "Coming Carl", "is_vip": true}, "room_id": 1, "check_in_date": "2025-11-11",
        "check_out_date": "2025-11-12", "adults": 2, "special_requests": "A cot"});
    hotel.post("/api/reservations", request).expect(201);
    book(&hotel, "Single Sue", 3, "2025-11-11", "2025-11-12");
    hotel.put("/api/rooms/2/status", json!({"housekeeping": "dirty"})).expect(200);
    hotel
}

#[test]
fn the_room_a_guest_waits_for_comes_first() {
    let hotel = busy_hotel();
    let rooms = board(&hotel, Role::Receptionist);
    assert_eq!(duties(&rooms), [("101", "turnover", true), ("102", "vacant", true), ("201", "arrival", false)]);
    assert_eq!(
        rooms[0]["arriving"],
        json!({"adults": 2, "children": 0, "expected_arrival_time": null, "is_vip": true, "special_requests": "A cot"})
    );
    assert_eq!((&rooms[0]["departure_date"], &rooms[0]["guest_name"]), (&json!("2025-11-11"), &json!("Leaving Lea")));
    hotel.put("/api/rooms/2/status", json!({"housekeeping": "inspected"})).expect(200);
    let rooms = board(&hotel, Role::Receptionist);
    assert_eq!(duties(&rooms), [("101", "turnover", true), ("201", "arrival", false), ("102", "vacant", false)]);
}

#[test]
fn a_housekeeper_sees_the_board_but_no_guest() {
    let hotel = busy_hotel();
    let rooms = board(&hotel, Role::Housekeeper);
    assert_eq!(rooms[0]["guest_name"], Value::Null);
    assert!(!json!(rooms).to_string().contains("Carl"), "nobody's name is told");
}

#[test]
fn a_housekeeper_reports_a_fault_but_takes_no_room_from_sale() {
    let hotel = busy_hotel();
    let block = |kind: &str| json!({"kind": kind, "start_date": "2025-11-11", "end_date": "2025-11-12", "reason": "Lamp broken"});
    let maid = hotel.as_role(Role::Housekeeper);
    maid.post("/api/rooms/2/blocks", block("out_of_service")).expect(201);
    assert_eq!(maid.post("/api/rooms/2/blocks", block("out_of_order")).problem(403), "not-allowed");
    hotel.post("/api/rooms/2/blocks", block("out_of_order")).expect(201);
    let rooms = board(&hotel, Role::Housekeeper);
    assert_eq!(duties(&rooms).last(), Some(&("102", "out_of_order", false)));
}
