//! Cots: what one costs, how many fit into a room, and how many the hotel has.

use serde_json::{Value, json};

use super::desk::next_day;
use crate::support::TestHotel;

/// Two family rooms at 100.00, each with room for a cot at 15.00.
fn hotel_with_cots() -> TestHotel {
    let hotel = TestHotel::new();
    let family = json!({"name": "Family", "code": "FAM", "capacity_adults": 2, "capacity_children": 2, "default_rate": 100,
        "cot_rate": 15, "numbers": ["101-103"]});
    let made = hotel.post("/api/room-types", family).expect(201);
    assert_eq!((&made["max_cots"], made["cot_rate"].to_string()), (&json!(1), "15.00".to_owned()));
    hotel
}

fn family(more: Value) -> Value {
    let mut body = json!({"guest": {"full_name": "Ana"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12",
        "adults": 2, "children": 1, "children_ages": [0], "cots": 1});
    body.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
    body
}

fn total(stay: &Value) -> String {
    stay["total_amount"].to_string()
}

#[test]
fn a_cot_is_quoted_explained_and_paid_a_night() {
    let hotel = hotel_with_cots();
    let asked = json!({"check_in_date": "2025-11-10", "check_out_date": "2025-11-12", "adults": 2, "children": 1, "cots": 1});
    let offer = hotel.post("/api/quotes", asked).expect(200)["items"][0].clone();
    assert_eq!(total(&offer), "230.00");
    let step = &offer["nights"][0]["steps"][1];
    assert_eq!((&step["code"], &step["text"], step["amount"].to_string()), (&json!("cot"), &json!("1 cot"), "15.00".to_owned()));
    let free = "/api/rooms/available?check_in_date=2025-11-10&check_out_date=2025-11-12&adults=2&children=1&cots=";
    assert_eq!(total(&hotel.get(&format!("{free}1")).expect(200)["items"][0]), "230.00");
    assert_eq!(hotel.get(&format!("{free}2")).expect(200)["items"], json!([]), "a room has room for one");
    let booked = hotel.post("/api/reservations", family(json!({}))).expect(201);
    assert_eq!((total(&booked), &booked["cots"]), ("230.00".to_owned(), &json!(1)));
    // One that is taken away is paid no more once somebody asks for the plan's prices; one that is added costs, or somebody says why not.
    let change = |body: Value| hotel.patch("/api/reservations/1", body);
    assert_eq!(total(&change(json!({"cots": 0, "rerate": true})).expect(200)), "200.00");
    let refused = change(json!({"cots": 1}));
    assert_eq!((refused.problem(409).as_str(), &refused.json()["can_rerate"]), ("reason-needed", &json!(true)));
    assert_eq!(total(&change(json!({"cots": 1, "rerate": true})).expect(200)), "230.00");
    assert_eq!(hotel.post("/api/reservations", family(json!({"room_id": 2, "cots": 11}))).bad_fields(), ["cots"]);
    // Rooms of a party have as many as the first unless they say so.
    let more = family(json!({"room_id": 2, "more_rooms": [{"room_id": 3}]}));
    hotel.post("/api/reservations", more).expect(201);
    assert_eq!(hotel.get("/api/reservations/3").expect(200)["cots"], 1);
}

#[test]
fn no_more_cots_stand_in_a_room_than_fit_but_with_a_reason() {
    let hotel = hotel_with_cots();
    let refused = hotel.post("/api/reservations", family(json!({"cots": 2})));
    assert_eq!(refused.problem(409), "over-capacity");
    assert_eq!((&refused.json()["can_override"], &refused.json()["override_with"]), (&json!(true), &json!("override_capacity")));
    let allowed = json!({"cots": 2, "override_capacity": true, "reason": "The large one"});
    hotel.post("/api/reservations", family(allowed)).expect(201);
    // What was allowed stays so, and a type without any is asked about.
    hotel.patch("/api/reservations/1", json!({"notes": "x"})).expect(200);
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-13"})).problem(409);
    let single =
        json!({"name": "Single", "code": "SGL", "capacity_adults": 3, "max_cots": 0, "default_rate": 50, "numbers": ["201"]});
    hotel.post("/api/room-types", single).expect(201);
    assert_eq!(hotel.patch("/api/reservations/1", json!({"room_id": 4})).problem(409), "over-capacity");
}

#[test]
fn the_hotel_promises_no_cot_twice_on_a_night() {
    let hotel = hotel_with_cots();
    assert_eq!(hotel.get("/api/settings").expect(200)["cots"], Value::Null);
    assert_eq!(hotel.patch("/api/settings", json!({"cots": 1})).expect(200)["cots"], 1);
    hotel.post("/api/reservations", family(json!({}))).expect(201);
    let other = |more: Value| {
        hotel.post(
            "/api/reservations",
            family(json!({"room_id": 2}))
                .as_object()
                .map(|body| {
                    let mut body = body.clone();
                    body.extend(more.as_object().expect("a map").clone());
                    Value::Object(body)
                })
                .expect("a map"),
        )
    };
    let refused = other(json!({"check_in_date": "2025-11-11", "check_out_date": "2025-11-14"}));
    assert_eq!(refused.problem(409), "over-capacity");
    assert_eq!((&refused.json()["night"], refused.json().get("can_override")), (&json!("2025-11-11"), None));
    assert_eq!(refused.json()["detail"], "0 cots are left on 11 November 2025, of the hotel’s 1.");
    other(json!({"check_in_date": "2025-11-12", "check_out_date": "2025-11-14"})).expect(201);
    // Nor by a change of dates, nor by adding one, nor when a booking comes back.
    let longer = json!({"check_out_date": "2025-11-13", "rerate": true});
    assert_eq!(hotel.patch("/api/reservations/1", longer).problem(409), "over-capacity");
    other(json!({"room_id": 3, "cots": 0})).expect(201);
    assert_eq!(hotel.patch("/api/reservations/3", json!({"cots": 1, "rerate": true})).problem(409), "over-capacity");
    hotel.post("/api/reservations/1/cancel", json!({"waive_fee": true, "reason": "ill"})).expect(200);
    hotel.patch("/api/reservations/3", json!({"cots": 1, "rerate": true})).expect(200);
    assert_eq!(hotel.post("/api/reservations/1/undo", json!({})).problem(409), "over-capacity");
    // More of them, and it may.
    hotel.patch("/api/settings", json!({"cots": null})).expect(200);
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
}

#[test]
fn housekeeping_knows_where_a_cot_stands() {
    let hotel = hotel_with_cots();
    hotel.post("/api/reservations", family(json!({}))).expect(201);
    let cots = || {
        let board = hotel.get("/api/housekeeping").expect(200);
        let of = |room: &Value| (room["room_number"].clone(), room["cots"].as_i64().expect("a number"));
        let items = board["items"].as_array().expect("items");
        items.iter().map(of).find(|(number, _)| number == "101").map(|(_, cots)| cots)
    };
    assert_eq!(cots(), Some(1), "for who arrives");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    assert_eq!(cots(), Some(1), "for who stays");
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    assert_eq!(cots(), Some(0), "it goes with who leaves");
}
