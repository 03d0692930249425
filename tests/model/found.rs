//! What the model found, each as a short story.

use serde_json::{Value, json};

use crate::api::desk::{book, first_night_from, small_hotel};
use crate::support::{Answer, TestHotel};

fn ask(hotel: &TestHotel, id: i64, action: &str, body: Value) -> Answer {
    hotel.post(&format!("/api/reservations/{id}/{action}"), body)
}

fn day(hotel: &TestHotel, date: &str) {
    hotel.move_on(date).expect(200);
}

fn clean(hotel: &TestHotel, room: i64) {
    hotel.put(&format!("/api/rooms/{room}/status"), json!({"housekeeping": "clean"})).expect(200);
}

fn id(stay: &Value) -> i64 {
    stay["id"].as_i64().expect("an id")
}

/// A booking that waits for a double; its id.
fn book_later(hotel: &TestHotel, name: &str, from: &str, to: &str) -> i64 {
    let stay = json!({"guest": {"full_name": name}, "room_type_id": 1, "check_in_date": from, "check_out_date": to});
    id(&hotel.post("/api/reservations", stay).expect(201))
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

#[test]
fn a_late_guest_takes_a_room_that_was_somebody_elses_last_night() {
    for how in ["check-in", "assign", "move"] {
        let hotel = small_hotel();
        book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
        let late = book_later(&hotel, "Late", "2025-11-10", "2025-11-13");
        day(&hotel, "2025-11-11");
        match how {
            "check-in" => ask(&hotel, late, "check-in", json!({"room_id": 1})).expect(200),
            "assign" => hotel.patch(&format!("/api/reservations/{late}"), json!({"room_id": 1})).expect(200),
            _ => ask(&hotel, late, "move", json!({"room_id": 1})).expect(200),
        };
        assert_eq!(rooms(&hotel, late), [Value::Null, json!(1), json!(1)], "{how}: last night was nobody's");
    }
}

#[test]
fn a_split_stay_begins_in_the_room_planned_for_tonight() {
    let hotel = small_hotel();
    book(&hotel, "Split", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-13", "room_id": 2})).expect(200);
    book(&hotel, "Other", 1, "2025-11-11", "2025-11-12");
    day(&hotel, "2025-11-11");
    let arrived = ask(&hotel, 1, "check-in", json!({})).expect(200);
    assert_eq!(arrived["room_id"], 2, "room 1 is the other guest's tonight");
    ask(&hotel, 2, "check-in", json!({})).expect(200);
}

#[test]
fn changing_a_stay_leaves_the_guest_in_the_room_of_now() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    day(&hotel, "2025-11-11");
    // Due out today, and moved for the hours that are left.
    assert_eq!(ask(&hotel, 1, "move", json!({"room_id": 2})).expect(200)["room_id"], 2);
    assert_eq!(hotel.patch("/api/reservations/1", json!({"adults": 2})).expect(200)["room_id"], 2);
    book(&hotel, "Ben", 1, "2025-11-11", "2025-11-12");
    clean(&hotel, 1);
    ask(&hotel, 2, "check-in", json!({})).expect(200);
    let longer = ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-12"})).expect(200);
    assert_eq!(longer["room_id"], 2);
    assert_eq!(rooms(&hotel, 1), [json!(1), json!(2)], "added nights are slept where the guest is");
}

#[test]
fn sending_the_room_along_with_other_changes_keeps_a_planned_split() {
    let hotel = small_hotel();
    book(&hotel, "Split", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-12", "room_id": 2})).expect(200);
    hotel.patch("/api/reservations/1", json!({"room_id": 1, "adults": 2})).expect(200);
    assert_eq!(rooms(&hotel, 1), [json!(1), json!(2)]);
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.patch("/api/reservations/1", json!({"room_id": 1, "adults": 1})).expect(200);
    assert_eq!(rooms(&hotel, 1), [json!(1), json!(2)]);
}

#[test]
fn taking_a_move_back_rewrites_no_night_that_was_slept() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    ask(&hotel, 1, "move", json!({"room_id": 2})).expect(200);
    day(&hotel, "2025-11-11");
    assert_eq!(ask(&hotel, 1, "undo", json!({})).expect(200)["room_id"], 1);
    assert_eq!(rooms(&hotel, 1), [json!(2), json!(1), json!(1)], "the first night was slept in room 2");
    assert_eq!(hotel.get("/api/rooms/2").expect(200)["housekeeping"], "dirty");
}

#[test]
fn a_night_beyond_the_stay_is_no_night_to_move_on() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    let refused = ask(&hotel, 1, "move", json!({"room_id": 2, "from_date": "2025-11-12"}));
    assert_eq!(refused.bad_fields(), ["from_date"]);
}

#[test]
fn a_guest_who_is_overdue_is_changed_moved_and_extended() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    day(&hotel, "2025-11-11");
    day(&hotel, "2025-11-12");
    hotel.patch("/api/reservations/1", json!({"adults": 2})).expect(200);
    ask(&hotel, 1, "move", json!({"room_id": 2})).expect(200);
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-13"})).expect(200);
    assert_eq!(rooms(&hotel, 1), [json!(1), json!(1), json!(2)]);
}

#[test]
fn a_day_that_is_on_the_bill_is_not_charged_again_as_a_night() {
    let hotel = small_hotel();
    let stay = id(&hotel.post("/api/reservations", day_use(1, "2025-11-10")).expect(201));
    ask(&hotel, stay, "check-in", json!({})).expect(200);
    ask(&hotel, stay, "check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    ask(&hotel, stay, "undo", json!({})).expect(200);
    let longer = ask(&hotel, stay, "extend", json!({"check_out_date": "2025-11-11"})).expect(200);
    assert_eq!((&longer["total_amount"].to_string(), &longer["balance"].to_string()), (&"100.00".to_owned(), &"0.00".to_owned()));
}

#[test]
fn an_arrival_is_taken_back_though_the_bill_has_older_lines() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-11", "2025-11-12");
    let transfer = json!({"kind": "extra", "description": "Airport transfer", "unit_amount": 30});
    ask(&hotel, 1, "charges", transfer.clone()).expect(201);
    day(&hotel, "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    assert_eq!(ask(&hotel, 1, "undo", json!({})).expect(200)["status"], "confirmed");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    ask(&hotel, 1, "charges", transfer).expect(201);
    assert_eq!(ask(&hotel, 1, "undo", json!({})).problem(409), "illegal-transition");
}

#[test]
fn a_fee_whose_allowance_was_voided_is_taken_back_again() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-14");
    day(&hotel, "2025-11-11");
    ask(&hotel, 1, "no-show", json!({})).expect(200);
    day(&hotel, "2025-11-12");
    ask(&hotel, 1, "undo", json!({})).expect(200);
    let lines = hotel.get("/api/reservations/1/folio").expect(200)["lines"].clone();
    let allowance =
        lines.as_array().expect("lines").iter().find(|l| l["kind"] == "allowance").expect("an allowance")["id"].clone();
    ask(&hotel, 1, &format!("charges/{allowance}/void"), json!({"reason": "mistake"})).expect(201);
    ask(&hotel, 1, "no-show", json!({})).expect(200);
    let back = ask(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!(back["total_amount"].to_string(), "400.00", "the four nights and no fee");
}

#[test]
fn what_was_allowed_on_a_fee_goes_with_it() {
    let hotel = small_hotel();
    hotel.patch("/api/settings", first_night_from(720)).expect(200);
    let total = |what: &str| ask(&hotel, 1, what, json!({})).expect(200)["total_amount"].to_string();
    let allow = |amount: i64| {
        let line = json!({"kind": "allowance", "description": "Half of it", "unit_amount": amount});
        ask(&hotel, 1, "charges", line).expect(201);
    };
    book(&hotel, "Ana", 1, "2025-11-13", "2025-11-15");
    assert_eq!(ask(&hotel, 1, "cancel", json!({"reason": "ill"})).expect(200)["total_amount"].to_string(), "100.00");
    allow(60);
    assert_eq!(total("undo"), "200.00", "on the same day");
    ask(&hotel, 1, "cancel", json!({"reason": "ill"})).expect(200);
    allow(60);
    day(&hotel, "2025-11-11");
    assert_eq!(total("undo"), "200.00", "on the next");
    ask(&hotel, 1, "cancel", json!({"reason": "ill"})).expect(200);
    assert_eq!(total("undo"), "200.00", "and no fee of before counts again");
}

#[test]
fn a_bill_is_never_less_than_nothing() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    let line = |kind: &str, amount: i64| {
        let body = json!({"kind": kind, "description": "Something", "unit_amount": amount});
        ask(&hotel, 1, "charges", body).expect(201)["id"].clone()
    };
    let extra = line("extra", 30);
    let allowance = line("allowance", 130);
    assert_eq!(ask(&hotel, 1, &format!("charges/{extra}/void"), json!({"reason": "mistake"})).problem(409), "more-than-original");
    assert_eq!(
        hotel.patch("/api/reservations/1", json!({"total_amount": 0, "reason": "asked"})).problem(409),
        "more-than-original"
    );
    ask(&hotel, 1, &format!("charges/{allowance}/void"), json!({"reason": "mistake"})).expect(201);
    ask(&hotel, 1, &format!("charges/{extra}/void"), json!({"reason": "mistake"})).expect(201);
    hotel.patch("/api/reservations/1", json!({"total_amount": 0, "reason": "asked"})).expect(200);
}

#[test]
fn who_leaves_early_with_more_taken_off_than_is_left_is_told_what_helps() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    let line = |kind: &str, amount: i64| {
        let body = json!({"kind": kind, "description": "Something", "unit_amount": amount});
        ask(&hotel, 1, "charges", body).expect(201);
    };
    line("allowance", 250);
    day(&hotel, "2025-11-11");
    let refused = ask(&hotel, 1, "check-out", json!({}));
    assert_eq!(refused.problem(409), "balance-due");
    assert!(
        refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("Add an adjustment of")),
        "{}",
        refused.json()
    );
    line("adjustment", 150);
    ask(&hotel, 1, "check-out", json!({})).expect(200);
}
