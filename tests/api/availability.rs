//! What is free, what stands in the way, and what is said about it.

use innkeeper::domain::id::ReservationId;
use innkeeper::domain::wording::Text;
use innkeeper::error::{Code, Error};
use innkeeper::hotel::reservations::availability;
use innkeeper::http::request::Method;
use serde_json::{Value, json};

use super::desk::{book, next_day, small_hotel};
use crate::support::{Answer, TestHotel};

fn waiting(hotel: &TestHotel, name: &str, from: &str, to: &str) -> Answer {
    let body = json!({"guest": {"full_name": name}, "room_type_id": 1, "check_in_date": from, "check_out_date": to});
    hotel.post("/api/reservations", body)
}

fn in_room(hotel: &TestHotel, room: i64, from: &str, to: &str) -> Answer {
    let body = json!({"guest": {"full_name": "Asks"}, "room_id": room, "check_in_date": from, "check_out_date": to});
    hotel.post("/api/reservations", body)
}

fn doubles(hotel: &TestHotel, from: &str, to: &str) -> Value {
    let target = format!("/api/rooms/available?check_in_date={from}&check_out_date={to}&room_type_id=1");
    hotel.get(&target).expect(200)["items"][0].clone()
}

fn free(hotel: &TestHotel, from: &str, to: &str) -> Vec<i64> {
    let offer = doubles(hotel, from, to);
    offer["rooms"].as_array().expect("rooms").iter().filter_map(|room| room["id"].as_i64()).collect()
}

#[test]
fn everything_that_stands_in_the_way_is_told_once() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Ben", 1, "2025-11-12", "2025-11-14");
    for (from, to, reason) in [("2025-11-14", "2025-11-16", "paint"), ("2025-11-16", "2025-11-18", "floor")] {
        let block = json!({"kind": "out_of_order", "start_date": from, "end_date": to, "reason": reason});
        hotel.post("/api/rooms/1/blocks", block).expect(201);
    }
    let refused = in_room(&hotel, 1, "2025-11-10", "2025-11-18");
    assert_eq!(refused.problem(409), "room-taken");
    let seen = |c: &Value| format!("{} {} {}", c["guest_name"], c["reason"], c["night"]);
    let told: Vec<String> = refused.json()["conflicts"].as_array().expect("conflicts").iter().map(seen).collect();
    assert_eq!(
        told,
        [
            r#""Ana" null "2025-11-10""#,
            r#""Ben" null "2025-11-12""#,
            r#"null "paint" "2025-11-14""#,
            r#"null "floor" "2025-11-16""#
        ]
    );
}

#[test]
fn a_full_type_says_how_many_wait_and_a_taken_room_says_by_whom() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    waiting(&hotel, "Ben", "2025-11-10", "2025-11-11").expect(201);
    let taken = in_room(&hotel, 1, "2025-11-10", "2025-11-11");
    assert_eq!((taken.problem(409).as_str(), &taken.json()["conflicts"][0]["guest_name"]), ("room-taken", &json!("Ana")));
    let why = |answer: Answer| {
        assert_eq!(answer.problem(409), "no-room-free");
        answer.json()["detail"].as_str().unwrap_or_default().to_owned()
    };
    let one_waits = "No Double is left on 10 November; 1 booked without a room yet. Choose other dates or another room type.";
    assert_eq!(why(in_room(&hotel, 2, "2025-11-10", "2025-11-11")), one_waits);
    book(&hotel, "Cem", 1, "2025-11-12", "2025-11-13");
    book(&hotel, "Dan", 2, "2025-11-12", "2025-11-13");
    let none_waits = "No Double is left on 12 November. Choose other dates or another room type.";
    assert_eq!(why(waiting(&hotel, "Eve", "2025-11-12", "2025-11-13")), none_waits);
}

#[test]
fn a_guest_by_day_stands_in_the_way_of_whoever_stays_on_over_the_day_alone() {
    let hotel = small_hotel();
    book(&hotel, "By day", 1, "2025-11-12", "2025-11-12");
    assert_eq!(free(&hotel, "2025-11-11", "2025-11-13"), [2]);
    assert_eq!(free(&hotel, "2025-11-10", "2025-11-14"), [2]);
    assert_eq!(free(&hotel, "2025-11-11", "2025-11-12"), [1, 2], "leaves that morning");
    assert_eq!(free(&hotel, "2025-11-12", "2025-11-13"), [1, 2], "comes that evening");
}

#[test]
fn a_split_is_offered_when_no_room_is_free_throughout_and_nobody_waits_for_it() {
    let hotel = small_hotel();
    assert_eq!(doubles(&hotel, "2025-11-11", "2025-11-13")["split"], Value::Null);
    book(&hotel, "Ana", 1, "2025-11-11", "2025-11-12");
    assert_eq!(doubles(&hotel, "2025-11-11", "2025-11-13")["split"], Value::Null, "102 is free");
    book(&hotel, "Ben", 2, "2025-11-12", "2025-11-13");
    let offer = doubles(&hotel, "2025-11-11", "2025-11-13");
    let parts: Vec<(&Value, &Value, &Value)> =
        offer["split"].as_array().expect("parts").iter().map(|p| (&p["room_number"], &p["from"], &p["to"])).collect();
    let expected = [("102", "2025-11-11", "2025-11-12"), ("101", "2025-11-12", "2025-11-13")];
    let expected = expected.map(|(room, from, to)| (json!(room), json!(from), json!(to)));
    assert_eq!(parts, expected.iter().map(|(room, from, to)| (room, from, to)).collect::<Vec<_>>());
    assert_eq!((&offer["available_count"], &offer["total_rooms"]), (&json!(0), &json!(2)));
    waiting(&hotel, "Cem", "2025-11-11", "2025-11-12").expect(201);
    assert_eq!(doubles(&hotel, "2025-11-11", "2025-11-13")["split"], Value::Null, "Cem waits for it");
}

#[test]
fn a_guest_by_day_takes_no_room_from_who_waits_for_the_night() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-12", "2025-11-13");
    waiting(&hotel, "Ben", "2025-11-12", "2025-11-13").expect(201);
    assert_eq!(in_room(&hotel, 2, "2025-11-12", "2025-11-13").problem(409), "no-room-free");
    in_room(&hotel, 2, "2025-11-12", "2025-11-12").expect(201);
}

#[test]
fn who_moved_to_another_type_has_given_up_the_room_of_the_first_one() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    let step = |action: &str, body: Value| hotel.post(&format!("/api/reservations/1/{action}"), body);
    step("check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    step("move", json!({"room_id": 3, "override_dirty": true})).expect(200);
    book(&hotel, "Ben", 2, "2025-11-11", "2025-11-13");
    waiting(&hotel, "Cem", "2025-11-11", "2025-11-13").expect(201);
    let back = step("move", json!({"room_id": 1, "override_dirty": true}));
    assert_eq!(back.problem(409), "no-room-free", "it is promised to Cem");
}

#[test]
fn what_is_offered_instead_is_free_on_the_nights_to_come() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    book(&hotel, "Ben", 1, "2025-11-13", "2025-11-14");
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-10", "end_date": "2025-11-11", "reason": "paint"});
    hotel.post("/api/rooms/2/blocks", block).expect(201);
    next_day(&hotel, "2025-11-11");
    // The night that is over is posted by the check-in.
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let refused = hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-14"}));
    assert_eq!(refused.problem(409), "room-taken");
    let offered = refused.json()["alternatives"].clone();
    assert_eq!(offered.as_array().expect("rooms").iter().map(|room| &room["id"]).collect::<Vec<_>>(), [2]);
}

fn no() -> Text {
    Text::as_it_is("No.")
}

#[test]
fn only_a_taken_room_is_explained_by_who_has_it() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    let explained = |code: Code| {
        let refused = Err::<(), Error>(Error::refused(code, no()));
        hotel.app.db.read(&hotel.app.own_context(), |conn| availability::explain_conflict(conn, ReservationId(1), &[], refused))
    };
    assert_eq!(explained(Code::LedgerIsAppendOnly), Err(Error::refused(Code::LedgerIsAppendOnly, no())));
    assert!(matches!(explained(Code::RoomTaken), Err(Error::Refused(refusal)) if refusal.detail != no()));
}

#[test]
fn the_calendar_of_a_type_tells_of_each_night_its_price_and_the_rooms_that_are_left() {
    let hotel = small_hotel();
    let stay = book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    waiting(&hotel, "Ben", "2025-11-11", "2025-11-12").expect(201);
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-12", "end_date": "2025-11-13", "reason": "paint"});
    hotel.post("/api/rooms/2/blocks", block).expect(201);
    let price = json!({"room_type_id": 1, "from": "2025-11-12", "to": "2025-11-12", "rate": 777});
    hotel.put("/api/rate-plans/1/rates", price).expect(200);
    let told = |query: &str| {
        let nights = hotel.get(&format!("/api/room-types/1/calendar?from=2025-11-10&to=2025-11-13{query}")).expect(200);
        let items = nights["items"].as_array().expect("nights").clone();
        items.iter().map(|n| n["available_count"].as_i64().expect("a count")).collect::<Vec<_>>()
    };
    assert_eq!(told(""), [1, 0, 1, 2]);
    let own = stay["id"].as_i64().expect("an id");
    assert_eq!(told(&format!("&reservation_id={own}")), [2, 1, 1, 2], "a booking is not in its own way");
    let night =
        hotel.get("/api/room-types/1/calendar?from=2025-11-12&to=2025-11-12&rate_plan_id=1").expect(200)["items"][0].clone();
    assert_eq!((&night["date"], night["rate"].to_string()), (&json!("2025-11-12"), "777.00".to_owned()));
    let by_people = json!({"included_persons": 2, "extra_adult_rate": 20});
    hotel.as_owner().request(Method::Patch, "/api/room-types/1").json(&by_people).send().expect(200);
    let of_three = hotel.get("/api/room-types/1/calendar?from=2025-11-12&to=2025-11-12&adults=3").expect(200);
    assert_eq!(of_three["items"][0]["rate"].to_string(), "797.00");
    hotel.get("/api/room-types/99/calendar?from=2025-11-12&to=2025-11-12").problem(404);
    for wrong in [
        "from=2025-11-12&to=2025-11-11",
        "from=2025-11-12&to=2030-11-12",
        "from=2025-11-12&to=2025-11-12&rate_plan_id=99",
        "from=2025-11-12&to=2025-11-12&children=2&children_ages=4",
    ] {
        hotel.get(&format!("/api/room-types/1/calendar?{wrong}")).problem(422);
    }
}
