//! Bookings of more than one room: a stay that changes rooms, and a party that needs several at once.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::TestHotel;

/// 101 and 102 are each free for a half of the stay from the 10th to the 14th.
fn half_taken_hotel() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-12", "2025-11-14");
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-12");
    hotel
}

/// The parts in which a stay of four nights is offered, as they are sent back.
fn offered(hotel: &TestHotel) -> Vec<Value> {
    let target = "/api/rooms/available?check_in_date=2025-11-10&check_out_date=2025-11-14&room_type_id=1";
    let split = hotel.get(target).expect(200)["items"][0]["split"].as_array().expect("a split").clone();
    let names = ["from", "to", "room_id", "room_type_id", "total_amount"];
    split.iter().map(|part| names.iter().map(|name| ((*name).to_owned(), part[name].clone())).collect()).collect()
}

fn rooms_of(stay: &Value) -> Vec<String> {
    let nights = stay["nightly"].as_array().expect("nights");
    nights.iter().map(|n| format!("{} {}", n["room_number"].as_str().unwrap_or("-"), n["rate"])).collect()
}

fn totals(hotel: &TestHotel) -> [i64; 4] {
    ["/api/reservations", "/api/guests", "/api/payments", "/api/audit-log"]
        .map(|list| hotel.get(list).expect(200)["total"].as_i64().expect("a total"))
}

#[test]
fn a_split_stay_is_booked_as_it_is_offered_paid_and_checked_in_by_one_request() {
    let hotel = half_taken_hotel();
    let parts = offered(&hotel);
    assert_eq!(parts[0]["total_amount"], exact("200.00"));
    let stay = hotel
        .post(
            "/api/reservations",
            json!({
                "guest": {"full_name": "Split"}, "check_in_date": "2025-11-10", "check_out_date": "2025-11-14", "parts": parts,
                "payment": {"amount": 400, "payment_method": "cash"}, "check_in": {},
            }),
        )
        .expect(201);
    assert_eq!(rooms_of(&stay), ["101 100.00", "101 100.00", "102 100.00", "102 100.00"]);
    assert_eq!((&stay["status"], &stay["room_number"], &stay["balance"]), (&json!("checked_in"), &json!("101"), &exact("0.00")));
}

#[test]
fn a_part_has_a_room_a_type_and_a_price_of_its_own() {
    let hotel = half_taken_hotel();
    let suite = hotel
        .post(
            "/api/room-types",
            json!({"name": "Suite", "code": "SUI", "capacity_adults": 2, "default_rate": 250, "numbers": ["301-302"]}),
        )
        .expect(201);
    assert_eq!(suite["room_count"], 2);
    let mut body = json!({
        "guest": {"full_name": "Split"}, "check_in_date": "2025-11-10", "check_out_date": "2025-11-14",
        "parts": [
            {"from": "2025-11-10", "to": "2025-11-12", "room_id": 1},
            {"from": "2025-11-12", "to": "2025-11-13", "room_type_id": suite["id"]},
            {"from": "2025-11-13", "to": "2025-11-14", "room_type_id": suite["id"], "total_amount": 240},
        ],
        "reason": "asked",
    });
    let stay = hotel.post("/api/reservations", body.clone()).expect(201);
    assert_eq!(rooms_of(&stay), ["101 100.00", "101 100.00", "- 250.00", "- 240.00"]);
    assert_eq!((&stay["room_type_name"], &stay["total_amount"]), (&json!("Double"), &exact("690.00")));
    for (change, fields) in [
        (json!({"from": "2025-11-13"}), ["parts[1].from", "parts[1].to"].as_slice()),
        (json!({"to": "2025-11-12"}), &["parts[1].to", "parts[2].from"]),
        (json!({"room_id": 77}), &["parts[1].room_id"]),
        (json!({"room_type_id": 77}), &["parts[1].room_type_id"]),
    ] {
        let was = body["parts"][1].clone();
        for (name, value) in change.as_object().expect("members") {
            body["parts"][1][name] = value.clone();
        }
        assert_eq!(hotel.post("/api/reservations", body.clone()).bad_fields(), fields, "{change}");
        body["parts"][1] = was;
    }
    body["total_amount"] = json!(600);
    assert_eq!(hotel.post("/api/reservations", body.clone()).bad_fields(), ["parts[2].total_amount"]);
    body["total_amount"] = Value::Null;
    body["check_out_date"] = json!("2025-11-15");
    assert_eq!(hotel.post("/api/reservations", body.clone()).bad_fields(), ["parts[2].to"]);
    body["room_id"] = json!(1);
    assert_eq!(hotel.post("/api/reservations", body).bad_fields(), ["parts"]);
}

/// Three rooms of a party for two nights, of which the third is as given.
fn party(third: Value) -> Value {
    json!({
        "guest": {"full_name": "Petra Party"}, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12", "room_id": 1,
        "adults": 2, "more_rooms": [{"room_id": 2, "adults": 1, "guest": {"full_name": "Otto Other"}}, third],
        "payment": {"amount": 450, "payment_method": "cash"}, "check_in": {}, "reason": "a guest of many years",
    })
}

#[test]
fn several_rooms_of_a_party_are_booked_paid_and_checked_in_by_one_request() {
    let hotel = small_hotel();
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["103-104"]})).expect(201);
    let stay = hotel.post("/api/reservations", party(json!({"total_amount": 180}))).expect(201);
    let others = stay["party"].as_array().expect("a party").clone();
    let told = |member: &Value| format!("{} {} {}", member["guest_name"], member["room_number"], member["status"]);
    assert_eq!(
        others.iter().map(told).collect::<Vec<_>>(),
        [r#""Otto Other" "102" "checked_in""#, r#""Petra Party" "103" "checked_in""#]
    );
    let balances: Vec<Value> = std::iter::once(&stay)
        .chain(&others)
        .map(|m| hotel.get(&format!("/api/reservations/{}", m["id"])).expect(200)["balance"].clone())
        .collect();
    assert_eq!(balances, [exact("0.00"), exact("0.00"), exact("130.00")]);
    let number = stay["confirmation_number"].as_str().expect("a number");
    let third = hotel.get(&format!("/api/reservations/{}", others[1]["id"])).expect(200);
    assert!(third["party"].as_array().expect("a party").iter().any(|m| m["confirmation_number"] == number));
    assert_eq!(third["adults"], 2);
}

#[test]
fn of_a_party_whose_third_room_is_taken_nothing_is_left() {
    let hotel = small_hotel();
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["103"]})).expect(201);
    let third = hotel.get("/api/rooms?q=103").expect(200)["items"][0]["id"].as_i64().expect("an id");
    book(&hotel, "Ana", third, "2025-11-11", "2025-11-12");
    let before = totals(&hotel);
    let refused = hotel.post("/api/reservations", party(json!({"room_id": third})));
    assert_eq!(refused.problem(409), "room-taken");
    assert!(refused.json()["detail"].as_str().expect("words").contains("103"));
    assert_eq!(totals(&hotel), before);
    assert_eq!(hotel.post("/api/reservations", party(json!({"room_id": 77}))).bad_fields(), ["more_rooms[1].room_id"]);
    let two = json!({"room_id": third, "parts": [{"from": "2025-11-10", "to": "2025-11-12"}]});
    assert_eq!(hotel.post("/api/reservations", party(two)).bad_fields(), ["more_rooms[1].parts"]);
    // Rooms by day that wait for one are not counted: their number is bounded all the same.
    let day = json!({"guest": {"full_name": "Petra Party"}, "room_type_id": 1, "check_in_date": "2025-11-10",
        "check_out_date": "2025-11-10", "more_rooms": vec![json!({}); 100]});
    assert_eq!(hotel.post("/api/reservations", day).bad_fields(), ["more_rooms"]);
    let part = json!({"from": "2025-11-10", "to": "2025-11-12"});
    assert_eq!(hotel.post("/api/reservations", party(json!({"parts": vec![part; 101]}))).bad_fields(), ["more_rooms[1].parts"]);
    assert_eq!(totals(&hotel), before);
    // And the rooms are free as they were.
    book(&hotel, "Ben", 1, "2025-11-10", "2025-11-12");
}
