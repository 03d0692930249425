//! What the model found, each as a short story.

use serde_json::{Value, json};

use crate::api::desk::{book, small_hotel};
use crate::support::{Answer, TestHotel};

fn ask(hotel: &TestHotel, id: i64, action: &str, body: Value) -> Answer {
    hotel.post(&format!("/api/reservations/{id}/{action}"), body)
}

fn clean(hotel: &TestHotel, room: i64) {
    hotel.put(&format!("/api/rooms/{room}/status"), json!({"housekeeping": "clean"})).expect(200);
}

/// The rooms of a stay's nights.
fn rooms(hotel: &TestHotel, id: i64) -> Vec<Value> {
    let stay = hotel.get(&format!("/api/reservations/{id}")).expect(200);
    stay["nightly"].as_array().expect("nights").iter().map(|n| n["room_id"].clone()).collect()
}

fn day_use(room: i64, date: &str) -> Value {
    json!({"guest": {"full_name": "Day guest"}, "room_id": room, "check_in_date": date, "check_out_date": date})
}

#[test]
fn a_room_is_not_sold_for_a_day_to_which_somebody_stays_on() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    let refused = hotel.post("/api/reservations", day_use(1, "2025-11-11"));
    assert_eq!(refused.problem(409), "room-taken");
    assert_eq!(refused.json()["conflicts"][0]["guest_name"], "Ana");
    assert_eq!(refused.json()["alternatives"][0]["id"], 2);
    // Between a departure and an arrival there is room for a day guest.
    for date in ["2025-11-10", "2025-11-12"] {
        hotel.post("/api/reservations", day_use(1, date)).expect(201);
    }
    let offered = hotel.get("/api/rooms/available?check_in_date=2025-11-11&check_out_date=2025-11-11").expect(200);
    let doubles: Vec<&Value> = offered["items"][0]["rooms"].as_array().expect("rooms").iter().map(|r| &r["id"]).collect();
    assert_eq!(doubles, [&json!(2)]);
    let refused = ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-14"}));
    assert_eq!(
        (refused.problem(409).as_str(), &refused.json()["conflicts"][0]["guest_name"]),
        ("room-taken", &json!("Day guest"))
    );
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-14", "move_conflicting": true})).expect(200);
    assert_eq!(rooms(&hotel, 3), [json!(2)], "the day guest of the 12th gave way");
}

#[test]
fn a_room_that_is_out_of_order_is_not_sold_for_a_day() {
    let hotel = small_hotel();
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-11", "end_date": "2025-11-12", "reason": "paint"});
    hotel.post("/api/rooms/1/blocks", block).expect(201);
    let refused = hotel.post("/api/reservations", day_use(1, "2025-11-11"));
    assert_eq!((refused.problem(409).as_str(), &refused.json()["conflicts"][0]["reason"]), ("room-taken", &json!("paint")));
    hotel.post("/api/reservations", day_use(1, "2025-11-12")).expect(201);
}

#[test]
fn two_guests_may_leave_the_same_room_on_the_day_they_came() {
    let hotel = small_hotel();
    for guest in 1..=2 {
        book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
        ask(&hotel, guest, "check-in", json!({})).expect(200);
        let left = ask(&hotel, guest, "check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
        assert_eq!((&left["is_day_use"], &left["check_out_date"]), (&json!(true), &json!("2025-11-10")));
        clean(&hotel, 1);
    }
    book(&hotel, "Ben", 1, "2025-11-10", "2025-11-12");
    hotel.post("/api/reservations", day_use(1, "2025-11-10")).expect(201);
}
