//! How many people a room is for: one rule, and who may put more into it.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::small_hotel;
use crate::support::TestHotel;

/// A booking of a double (for two adults) for some people.
fn party(adults: i64, children: i64) -> Value {
    json!({
        "guest": {"full_name": "Big Family"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12",
        "adults": adults, "children": children,
    })
}

fn newest(hotel: &TestHotel, id: i64) -> Value {
    hotel.get(&format!("/api/audit-log?entity=reservation&entity_id={id}")).expect(200)["items"][0].clone()
}

#[test]
fn no_more_people_are_booked_into_a_room_than_it_is_for() {
    let hotel = small_hotel();
    let refused = hotel.post("/api/reservations", party(12, 0));
    assert_eq!(refused.problem(409), "over-capacity");
    assert_eq!(
        refused.json()["detail"],
        "The room type Double is for 2 adults, not for 12 adults. Choose a larger room type, or allow it with a reason."
    );
    assert_eq!(hotel.post("/api/reservations", party(2, 1)).problem(409), "over-capacity");
    let without_room = json!({"guest": {"full_name": "Big Family"}, "room_type_id": 2, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12", "adults": 2});
    assert_eq!(hotel.post("/api/reservations", without_room).problem(409), "over-capacity");
    // A child may have a bed that no adult needs.
    hotel.post("/api/reservations", party(1, 1)).expect(201);
    assert_eq!(hotel.get("/api/reservations").expect(200)["total"], 1);
}

#[test]
fn every_way_into_a_room_keeps_the_rule() {
    let hotel = small_hotel();
    hotel.post("/api/reservations", party(2, 0)).expect(201);
    let refused = |answer: crate::support::Answer| assert_eq!(answer.problem(409), "over-capacity");
    refused(hotel.patch("/api/reservations/1", json!({"adults": 3})));
    refused(hotel.patch("/api/reservations/1", json!({"room_type_id": 2})));
    refused(hotel.patch("/api/reservations/1", json!({"room_id": 3})));
    refused(hotel.post("/api/reservations/1/move", json!({"room_id": 3})));
    refused(hotel.post("/api/reservations/1/check-in", json!({"room_id": 3})));
    refused(hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2025-11-13", "room_id": 3})));
    let allowed = json!({"check_out_date": "2025-11-13", "room_id": 3, "override_capacity": true, "reason": "one night only"});
    hotel.post("/api/reservations/1/extend", allowed).expect(200);
    assert_eq!(
        (&newest(&hotel, 1)["after"]["reason"], &newest(&hotel, 1)["after"]["over_capacity"]),
        (&json!("one night only"), &json!(true))
    );
}

#[test]
fn more_people_are_allowed_by_those_who_may_and_for_a_reason() {
    let hotel = small_hotel();
    let mut body = party(3, 0);
    let desk = hotel.as_role(Role::Receptionist);
    assert_eq!(desk.post("/api/reservations", body.clone()).json()["can_override"], false);
    let asked = hotel.as_role(Role::Manager).post("/api/reservations", body.clone());
    assert_eq!((&asked.json()["can_override"], &asked.json()["override_with"]), (&json!(true), &json!("override_capacity")));
    body["override_capacity"] = json!(true);
    assert_eq!(hotel.as_role(Role::Manager).post("/api/reservations", body.clone()).problem(409), "reason-needed");
    body["reason"] = json!("an extra bed");
    desk.post("/api/reservations", body.clone()).problem(403);
    hotel.as_role(Role::Manager).post("/api/reservations", body).expect(201);
    let entry = newest(&hotel, 1);
    assert_eq!((&entry["username"], &entry["after"]["reason"]), (&json!("manager"), &json!("an extra bed")));
    // What was allowed once is not asked for again.
    desk.patch("/api/reservations/1", json!({"check_out_date": "2025-11-14", "room_id": 2})).expect(200);
    desk.post("/api/reservations/1/check-in", json!({})).expect(200);
    assert_eq!(desk.patch("/api/reservations/1", json!({"adults": 4})).problem(409), "over-capacity");
}

#[test]
fn types_that_are_too_small_are_told_when_asked_for() {
    let hotel = small_hotel();
    let offered = |more: &str| {
        let target = format!("/api/rooms/available?check_in_date=2025-11-10&check_out_date=2025-11-11&adults=2{more}");
        let answer = hotel.get(&target).expect(200);
        let items = answer["items"].as_array().expect("items").clone();
        items.iter().map(|t| format!("{} {}", t["name"].as_str().unwrap_or(""), t["is_fitting"])).collect::<Vec<_>>()
    };
    assert_eq!(offered(""), ["Double true"]);
    assert_eq!(offered("&too_small=true"), ["Double true", "Single false"]);
}
