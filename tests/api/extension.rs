//! A longer stay: its price, who is in the way, and the ways around, each in one step.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::TestHotel;

fn ask(hotel: &TestHotel, date: &str) -> Value {
    hotel.get(&format!("/api/reservations/1/extension?check_out_date={date}")).expect(200)
}

fn ways(found: &Value) -> Vec<(String, Vec<String>)> {
    let text = |v: &Value| v.as_str().expect("a text").to_owned();
    let list = |v: &Value| v.as_array().expect("a list").clone();
    let rooms = |option: &Value| list(&option["parts"]).iter().map(|p| text(&p["room_number"])).collect();
    list(&found["options"]).iter().map(|o| (text(&o["way"]), rooms(o))).collect()
}

/// Takes the way that was offered, with what was offered and nothing else.
fn take(hotel: &TestHotel, found: &Value, at: usize, rerate: bool) -> Value {
    let option = &found["options"][at];
    let mut body = json!({"check_out_date": found["check_out_date"]});
    if option["way"] == "make_way" {
        body["move_conflicting"] = json!(true);
    } else {
        let part = |p: &Value| json!({"room_id": p["room_id"], "to": p["to"]});
        body["parts"] = option["parts"].as_array().expect("parts").iter().map(part).collect();
        body["rerate"] = json!(rerate);
    }
    hotel.post("/api/reservations/1/extend", body).expect(200)
}

fn rooms_and_rates(stay: &Value) -> Vec<(Value, Value)> {
    let nights = stay["nightly"].as_array().expect("nights");
    nights.iter().map(|n| (n["room_number"].clone(), n["rate"].clone())).collect()
}

fn night(room: &str, rate: &str) -> (Value, Value) {
    (json!(room), exact(rate))
}

#[test]
fn an_extension_is_priced_before_it_is_booked() {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-11");
    hotel
        .put("/api/rate-plans/1/rates", json!({"room_type_id": 1, "from": "2025-11-12", "to": "2025-11-12", "rate": 130}))
        .expect(200);
    let found = ask(&hotel, "2025-11-13");
    assert_eq!(
        found["nightly"],
        json!([{"date": "2025-11-11", "rate": exact("100.00")}, {"date": "2025-11-12", "rate": exact("130.00")}])
    );
    assert_eq!((&found["added_amount"], &found["balance"]), (&exact("230.00"), &exact("330.00")));
    assert_eq!((&found["is_free"], &found["options"]), (&json!(true), &json!([])));
    assert_eq!(hotel.get("/api/reservations/1/extension?check_out_date=2025-11-11").bad_fields(), ["check_out_date"]);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["nights"], 1, "nothing was booked");
    let stay = hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2025-11-13"})).expect(200);
    assert_eq!(stay["total_amount"], exact("330.00"));
}

/// 101 is the guest's until the 11th and somebody else's from the 12th on.
fn taken_from_the_12th() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-11");
    book(&hotel, "Ben Booked", 1, "2025-11-12", "2025-11-14");
    hotel
}

#[test]
fn when_the_room_is_taken_every_way_around_is_offered_and_each_is_one_step() {
    let hotel = taken_from_the_12th();
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let found = ask(&hotel, "2025-11-13");
    assert_eq!((&found["is_free"], &found["conflicts"][0]["guest_name"]), (&json!(false), &json!("Ben Booked")));
    let rooms = |rooms: &[&str]| rooms.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        ways(&found),
        [
            ("make_way".to_owned(), rooms(&[])),
            ("split".to_owned(), rooms(&["101", "102"])),
            ("other_room".to_owned(), rooms(&["102"])),
            ("other_room".to_owned(), rooms(&["201"])),
        ]
    );
    assert_eq!(found["options"][0]["moved"], json!([{"reservation_id": 2, "guest_name": "Ben Booked", "room_number": "102"}]));
    assert_eq!(
        (&found["options"][3]["added_amount"], &found["options"][3]["rerated_amount"]),
        (&exact("200.00"), &exact("140.00"))
    );
    let other_type = take(&hotel, &found, 3, true);
    assert_eq!(rooms_and_rates(&other_type), [night("101", "100.00"), night("201", "70.00"), night("201", "70.00")]);
}

#[test]
fn a_split_goes_on_in_the_own_room_as_long_as_it_is_free() {
    let hotel = taken_from_the_12th();
    let stay = take(&hotel, &ask(&hotel, "2025-11-13"), 1, false);
    assert_eq!(rooms_and_rates(&stay), [night("101", "100.00"), night("101", "100.00"), night("102", "100.00")]);
}

#[test]
fn the_arriving_guest_is_moved_to_the_room_that_was_named_unless_locked() {
    let hotel = taken_from_the_12th();
    let found = ask(&hotel, "2025-11-13");
    hotel.patch("/api/reservations/2", json!({"is_room_locked": true})).expect(200);
    let locked = ask(&hotel, "2025-11-13");
    assert_eq!(locked["conflicts"][0]["is_room_locked"], true);
    assert!(ways(&locked).iter().all(|(way, _)| way != "make_way"), "{locked}");
    hotel.patch("/api/reservations/2", json!({"is_room_locked": false})).expect(200);
    let stay = take(&hotel, &found, 0, false);
    assert_eq!(rooms_and_rates(&stay), vec![night("101", "100.00"); 3]);
    assert_eq!(hotel.get("/api/reservations/2").expect(200)["room_number"], "102");
}

#[test]
fn rooms_that_others_wait_for_or_that_are_too_small_are_not_offered() {
    let hotel = taken_from_the_12th();
    let waiting = json!({"guest": {"full_name": "Wanda Waits"}, "room_type_id": 1, "check_in_date": "2025-11-12", "check_out_date": "2025-11-13"});
    hotel.post("/api/reservations", waiting).expect(201);
    let found = ask(&hotel, "2025-11-13");
    assert!(ways(&found).iter().all(|(_, rooms)| !rooms.contains(&"102".to_owned())), "{found}");
    hotel.patch("/api/reservations/1", json!({"adults": 2})).expect(200);
    assert_eq!(ways(&ask(&hotel, "2025-11-13")), [], "a single is no room for two");
}

#[test]
fn the_rooms_of_an_extension_follow_each_other_to_its_end() {
    let hotel = taken_from_the_12th();
    let extend = |parts: Value| hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2025-11-13", "parts": parts}));
    for wrong in [
        json!([{"room_id": 2, "to": "2025-11-12"}]),
        json!([{"room_id": 2, "to": "2025-11-14"}]),
        json!([{"room_id": 2, "to": "2025-11-12"}, {"room_id": 3, "to": "2025-11-12"}]),
        json!([]),
    ] {
        assert_eq!(extend(wrong.clone()).bad_fields(), ["parts"], "{wrong}");
    }
    assert_eq!(extend(json!([{"room_id": 1, "to": "2025-11-13"}])).problem(409), "room-taken");
}
