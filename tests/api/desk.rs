//! A stay from its booking to its departure, with every guard on the way.

use serde_json::{Value, json};

use crate::support::TestHotel;

/// Two doubles (101, 102) and one single (201), at 100.00 and 70.00 a night.
pub fn small_hotel() -> TestHotel {
    let hotel = TestHotel::new();
    hotel
        .post("/api/room-types", json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100}))
        .expect(201);
    hotel.post("/api/room-types", json!({"name": "Single", "code": "SGL", "capacity_adults": 1, "default_rate": 70})).expect(201);
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["101-102"]})).expect(201);
    hotel.post("/api/rooms/batch", json!({"room_type_id": 2, "floor": 2, "numbers": ["201"]})).expect(201);
    hotel
}

/// A booking of a room for a guest of that name; its detail.
pub fn book(hotel: &TestHotel, name: &str, room: i64, from: &str, to: &str) -> Value {
    let guest = json!({"full_name": name});
    hotel
        .post(
            "/api/reservations",
            json!({"guest": guest, "room_id": room, "check_in_date": from, "check_out_date": to, "adults": 1}),
        )
        .expect(201)
}

/// Terms under which cancelling later than so many hours before arrival, and not coming, cost the first night.
pub fn first_night_from(hours_before: i64) -> Value {
    let step = json!({"hours_before": hours_before, "fee_kind": "first_night"});
    json!({"policy": {"cancellation": [step], "no_show_fee_kind": "first_night"}})
}

/// A JSON number with just these digits: amounts are compared to the last one.
pub fn exact(digits: &str) -> Value {
    serde_json::from_str(digits).expect("a number")
}

fn step(hotel: &TestHotel, id: i64, action: &str, body: Value) -> crate::support::Answer {
    hotel.post(&format!("/api/reservations/{id}/{action}"), body)
}

/// The business date moves on; the calendar of the tests stands still.
pub fn next_day(hotel: &TestHotel, date: &str) {
    hotel.close_before(date).expect(200);
}

fn rooms_by_night(detail: &Value) -> Vec<(String, Option<String>)> {
    let text = |v: &Value| v.as_str().map(str::to_owned);
    detail["nightly"]
        .as_array()
        .expect("nights")
        .iter()
        .map(|n| (text(&n["date"]).expect("a date"), text(&n["room_number"])))
        .collect()
}

#[test]
fn a_walk_in_sleeps_pays_and_leaves() {
    let hotel = small_hotel();
    let stay = book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-12");
    assert_eq!((&stay["total_amount"], &stay["nights"], &stay["status"]), (&exact("200.00"), &json!(2), &json!("confirmed")));
    assert_eq!(stay["allowed_events"], json!(["check_in", "cancel", "extend", "move"]));
    let stay = step(&hotel, 1, "check-in", json!({})).expect(200);
    assert_eq!(stay["status"], "checked_in");
    assert_eq!(hotel.get("/api/rooms/1").expect(200)["occupancy"], "occupied");
    step(&hotel, 1, "charges", json!({"kind": "extra", "description": "Minibar", "unit_amount": 7.25, "quantity": 2}))
        .expect(201);
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    assert_eq!(step(&hotel, 1, "check-out", json!({})).problem(409), "balance-due");
    let stay = step(&hotel, 1, "check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    assert_eq!(
        (&stay["status"], &stay["balance"], &stay["total_paid"]),
        (&json!("checked_out"), &exact("0.00"), &exact("214.50"))
    );
    let room = hotel.get("/api/rooms/1").expect(200);
    assert_eq!((&room["housekeeping"], &room["occupancy"]), (&json!("dirty"), &json!("vacant")));
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let kinds: Vec<&str> = folio["lines"].as_array().expect("lines").iter().filter_map(|l| l["kind"].as_str()).collect();
    assert_eq!(kinds, ["extra", "room", "room"]);
}

#[test]
fn an_arrival_needs_its_day_a_room_that_is_ready_and_a_complete_guest() {
    let hotel = small_hotel();
    book(&hotel, "Early Bird", 1, "2025-11-11", "2025-11-12");
    assert_eq!(step(&hotel, 1, "check-in", json!({})).problem(409), "wrong-date");
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-11");
    hotel.put("/api/rooms/2/status", json!({"housekeeping": "dirty"})).expect(200);
    assert_eq!(step(&hotel, 2, "check-in", json!({})).problem(409), "room-not-ready");
    hotel.patch("/api/settings", json!({"required_guest_fields": ["id_number"]})).expect(200);
    assert_eq!(step(&hotel, 2, "check-in", json!({"override_dirty": true})).problem(409), "guest-incomplete");
    hotel.patch("/api/guests/2", json!({"id_number": "X1"})).expect(200);
    step(&hotel, 2, "check-in", json!({"override_dirty": true, "reason": "guest insists"})).expect(200);
    let entry = &hotel.get("/api/audit-log?entity=reservation&entity_id=2").expect(200)["items"][0];
    assert_eq!((&entry["action"], &entry["after"]["reason"]), (&json!("check_in"), &json!("guest insists")));
}

#[test]
fn what_may_happen_depends_on_the_business_date_too() {
    let hotel = small_hotel();
    book(&hotel, "Tomorrow", 1, "2025-11-11", "2025-11-12");
    let events = || hotel.get("/api/reservations/1").expect(200)["allowed_events"].clone();
    assert_eq!(events(), json!(["cancel", "extend", "move"]), "before the arrival");
    next_day(&hotel, "2025-11-11");
    assert_eq!(events(), json!(["check_in", "cancel", "extend", "move"]), "on the day");
    next_day(&hotel, "2025-11-12");
    assert_eq!(events(), json!(["check_in", "cancel", "no_show", "extend", "move"]), "on the departure date");
    next_day(&hotel, "2025-11-13");
    assert_eq!(events(), json!(["cancel", "no_show", "extend", "move"]), "after it");
    book(&hotel, "Now", 2, "2025-11-13", "2025-11-14");
    step(&hotel, 2, "check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-14");
    let events = hotel.get("/api/reservations?status=checked_in").expect(200)["items"][0]["allowed_events"].clone();
    assert_eq!(events, json!(["check_out", "extend", "move"]), "a check-in is not taken back on another day");
}

#[test]
fn a_quote_says_what_a_change_would_cost_and_changes_nothing() {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-12");
    let quote = |asked: &str| hotel.get(&format!("/api/reservations/1/quote?{asked}")).expect(200);
    let longer = quote("check_out_date=2025-11-14");
    assert_eq!((&longer["room_amount"], &longer["new_amount"]), (&exact("200.00"), &exact("400.00")));
    assert_eq!(longer["difference"], exact("200.00"));
    assert_eq!(quote("check_in_date=2025-11-11&check_out_date=2025-11-12")["difference"], exact("-100.00"));
    hotel.patch("/api/reservations/1", json!({"nightly": [{"date": "2025-11-10", "rate": 80}], "reason": "asked"})).expect(200);
    assert_eq!(quote("room_type_id=1")["rerated_difference"], exact("0.00"), "its own type");
    assert_eq!(quote("room_type_id=2")["rerated_difference"], exact("-30.00"), "a typed price stays");
    assert_eq!(hotel.get("/api/reservations/1/quote?check_in_date=2025-11-09").problem(422), "invalid-field");
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["check_out_date"], "2025-11-12");
}

#[test]
fn a_booking_without_a_room_gets_one_at_check_in() {
    let hotel = small_hotel();
    let body = json!({"guest": {"full_name": "Late Choice"}, "room_type_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12"});
    hotel.post("/api/reservations", body).expect(201);
    assert_eq!(step(&hotel, 1, "check-in", json!({})).problem(409), "room-not-ready");
    let stay = step(&hotel, 1, "check-in", json!({"room_id": 2})).expect(200);
    assert_eq!(rooms_by_night(&stay)[1], ("2025-11-11".to_owned(), Some("102".to_owned())));
}

#[test]
fn a_room_is_never_sold_twice_and_the_refusal_says_who_is_in_it() {
    let hotel = small_hotel();
    book(&hotel, "First", 1, "2025-11-10", "2025-11-13");
    let guest = json!({"full_name": "Second"});
    let second = json!({"guest": guest, "room_id": 1, "check_in_date": "2025-11-12", "check_out_date": "2025-11-14"});
    let answer = hotel.post("/api/reservations", second);
    assert_eq!(answer.problem(409), "room-taken");
    let body = answer.json();
    assert_eq!(body["detail"], "Room 101 is taken by First on 12 November; room 102 is free.");
    assert_eq!((&body["conflicts"][0]["guest_name"], &body["alternatives"][0]["room_number"]), (&json!("First"), &json!("102")));
    // A departure and an arrival on one day do not meet.
    book(&hotel, "Third", 1, "2025-11-13", "2025-11-14");
    assert_eq!(hotel.get("/api/guests?q=Second").expect(200)["total"], 0);
}

#[test]
fn bookings_that_wait_for_a_room_are_promises() {
    let hotel = small_hotel();
    let waiting = |name: &str| json!({"guest": {"full_name": name}, "room_type_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11"});
    hotel.post("/api/reservations", waiting("A")).expect(201);
    hotel.post("/api/reservations", waiting("B")).expect(201);
    assert_eq!(hotel.post("/api/reservations", waiting("C")).problem(409), "no-room-free");
    let with_room =
        json!({"guest": {"full_name": "D"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11"});
    assert_eq!(hotel.post("/api/reservations", with_room).problem(409), "no-room-free");
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-10", "end_date": "2025-11-11", "reason": "Paint"});
    assert_eq!(hotel.post("/api/rooms/1/blocks", block).problem(409), "no-room-free");
    let offer = &hotel.get("/api/rooms/available?check_in_date=2025-11-10&check_out_date=2025-11-11&room_type_id=1").expect(200)
        ["items"][0];
    assert_eq!((&offer["available_count"], &offer["total_rooms"]), (&json!(0), &json!(2)));
    hotel.patch("/api/reservations/1", json!({"room_id": 1})).expect(200);
    hotel.patch("/api/reservations/2", json!({"room_id": 2})).expect(200);
}

#[test]
fn leaving_early_frees_the_nights_to_come_and_can_be_taken_back() {
    let hotel = small_hotel();
    book(&hotel, "Hasty", 1, "2025-11-10", "2025-11-14");
    step(&hotel, 1, "check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    let stay = step(&hotel, 1, "check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!((&stay["check_out_date"], &stay["total_amount"]), (&json!("2025-11-11"), &exact("100.00")));
    book(&hotel, "Next", 1, "2025-11-12", "2025-11-13");
    assert_eq!(step(&hotel, 1, "undo", json!({})).problem(409), "room-taken");
    step(&hotel, 2, "cancel", json!({})).expect(200);
    let stay = step(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!(
        (&stay["status"], &stay["check_out_date"], &stay["balance"]),
        (&json!("checked_in"), &json!("2025-11-14"), &exact("300.00"))
    );
}

#[test]
fn leaving_on_the_day_of_arrival_is_day_use_and_the_room_is_free_tonight() {
    let hotel = small_hotel();
    book(&hotel, "Brief", 1, "2025-11-10", "2025-11-12");
    step(&hotel, 1, "check-in", json!({})).expect(200);
    let stay = step(&hotel, 1, "check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!((&stay["is_day_use"], &stay["total_amount"]), (&json!(true), &exact("100.00")));
    book(&hotel, "Tonight", 1, "2025-11-10", "2025-11-11");
    assert_eq!(hotel.get("/api/dashboard/stats?from=2025-11-10&to=2025-11-10").expect(200)["total"]["sold"], 1);
}

#[test]
fn a_guest_in_the_house_moves_from_tonight_on_and_back_again() {
    let hotel = small_hotel();
    book(&hotel, "Mover", 1, "2025-11-10", "2025-11-13");
    step(&hotel, 1, "check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    let stay = step(&hotel, 1, "move", json!({"room_id": 2, "reason": "noise"})).expect(200);
    let rooms: Vec<Option<String>> = rooms_by_night(&stay).into_iter().map(|(_, room)| room).collect();
    assert_eq!(rooms, [Some("101".to_owned()), Some("102".to_owned()), Some("102".to_owned())]);
    assert_eq!(hotel.get("/api/rooms/1").expect(200)["housekeeping"], "dirty");
    let chart = hotel.get("/api/tape-chart?from=2025-11-10&days=4").expect(200);
    let bars: Vec<(&Value, &Value, &Value)> =
        chart["stays"].as_array().expect("bars").iter().map(|s| (&s["room_id"], &s["from"], &s["to"])).collect();
    assert_eq!(
        bars,
        [(&json!(1), &json!("2025-11-10"), &json!("2025-11-11")), (&json!(2), &json!("2025-11-11"), &json!("2025-11-13"))]
    );
    let stay = step(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!(stay["room_number"], "101");
    assert!(rooms_by_night(&stay).iter().all(|(_, room)| room.as_deref() == Some("101")));
}

#[test]
fn a_move_at_the_new_rooms_price_is_taken_back_with_the_price() {
    let hotel = small_hotel();
    let booked = book(&hotel, "Upgraded", 1, "2025-11-10", "2025-11-13");
    let rates =
        |stay: &Value| -> Vec<Value> { stay["nightly"].as_array().expect("nights").iter().map(|n| n["rate"].clone()).collect() };
    let moved = step(&hotel, 1, "move", json!({"room_id": 3, "rerate": true})).expect(200);
    assert_ne!(rates(&moved), rates(&booked));
    let stay = step(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!((&stay["room_number"], rates(&stay)), (&json!("101"), rates(&booked)));
    assert_eq!(stay["total_amount"], booked["total_amount"]);
}

#[test]
fn an_extension_into_a_taken_room_offers_what_is_free_or_moves_the_arriving_guest() {
    let hotel = small_hotel();
    book(&hotel, "Stayer", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Arriving", 1, "2025-11-12", "2025-11-14");
    step(&hotel, 1, "check-in", json!({})).expect(200);
    let refused = step(&hotel, 1, "extend", json!({"check_out_date": "2025-11-13"}));
    assert_eq!(refused.problem(409), "room-taken");
    assert_eq!(refused.json()["alternatives"][0]["room_number"], "102");
    hotel.patch("/api/reservations/2", json!({"is_room_locked": true})).expect(200);
    assert_eq!(
        step(&hotel, 1, "extend", json!({"check_out_date": "2025-11-13", "move_conflicting": true})).problem(409),
        "room-taken"
    );
    hotel.patch("/api/reservations/2", json!({"is_room_locked": false})).expect(200);
    let stay = step(&hotel, 1, "extend", json!({"check_out_date": "2025-11-13", "move_conflicting": true})).expect(200);
    assert_eq!(stay["total_amount"], exact("300.00"));
    assert_eq!(hotel.get("/api/reservations/2").expect(200)["room_number"], "102");
    // Or the added nights are slept in another room.
    book(&hotel, "In the way", 1, "2025-11-13", "2025-11-15");
    let stay = step(&hotel, 1, "extend", json!({"check_out_date": "2025-11-14", "room_id": 3})).expect(200);
    assert_eq!(rooms_by_night(&stay).last(), Some(&("2025-11-13".to_owned(), Some("201".to_owned()))));
}

#[test]
fn prices_are_frozen_a_night_and_typed_ones_survive_a_new_rating() {
    let hotel = small_hotel();
    book(&hotel, "Priced", 1, "2025-11-10", "2025-11-12");
    hotel.patch("/api/reservations/1", json!({"nightly": [{"date": "2025-11-10", "rate": 55.5}], "reason": "asked"})).expect(200);
    hotel.patch("/api/room-types/1", json!({"default_rate": 120})).expect(200);
    let rates =
        |stay: &Value| stay["nightly"].as_array().expect("nights").iter().map(|n| n["rate"].to_string()).collect::<Vec<_>>();
    let stay = hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-13"})).expect(200);
    assert_eq!(rates(&stay), ["55.50", "100.00", "120.00"]);
    let stay = hotel.patch("/api/reservations/1", json!({"rerate": true})).expect(200);
    assert_eq!(rates(&stay), ["55.50", "120.00", "120.00"]);
    let stay = hotel.patch("/api/reservations/1", json!({"total_amount": 100, "reason": "asked"})).expect(200);
    assert_eq!(rates(&stay), ["33.34", "33.33", "33.33"]);
}

#[test]
fn a_late_cancellation_costs_what_was_agreed_and_waiving_needs_a_reason() {
    let hotel = small_hotel();
    hotel.patch("/api/settings", first_night_from(24)).expect(200);
    book(&hotel, "Late", 1, "2025-11-11", "2025-11-13");
    book(&hotel, "In time", 2, "2025-11-20", "2025-11-22");
    hotel.patch("/api/settings", json!({"policy": {"cancellation": [], "no_show_fee_kind": "none"}})).expect(200);
    let stay = hotel.get("/api/reservations/1").expect(200);
    // Check-in time is 14:00 in Lisbon; a day before it is tomorrow's 14:00 minus 24 hours.
    let (begin, fee) = ("2025-11-10T14:00:00.000Z", exact("100.00"));
    let agreed =
        json!({"free_until": begin, "fee_now": exact("0.00"), "steps": [{"from": begin, "fee": fee}], "no_show_fee": fee});
    assert_eq!(stay["cancellation"], agreed);
    hotel.advance_hours(6);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["cancellation"]["fee_now"], exact("100.00"));
    assert_eq!(step(&hotel, 1, "cancel", json!({"waive_fee": true})).problem(409), "reason-needed");
    let stay = step(&hotel, 1, "cancel", json!({"reason": "ill"})).expect(200);
    assert_eq!(
        (&stay["status"], &stay["balance"], &stay["room_amount"]),
        (&json!("cancelled"), &exact("100.00"), &exact("200.00"))
    );
    assert_eq!(step(&hotel, 2, "cancel", json!({})).expect(200)["balance"], exact("0.00"));
    book(&hotel, "Takes the room", 1, "2025-11-12", "2025-11-13");
    assert_eq!(step(&hotel, 1, "undo", json!({})).problem(409), "room-taken");
    step(&hotel, 3, "cancel", json!({})).expect(200);
    let stay = step(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!((&stay["status"], &stay["balance"]), (&json!("confirmed"), &exact("200.00")));
}

#[test]
fn a_no_show_is_charged_the_first_night_from_the_day_after() {
    let hotel = small_hotel();
    book(&hotel, "Ghost", 1, "2025-11-10", "2025-11-12");
    assert_eq!(step(&hotel, 1, "no-show", json!({})).problem(409), "wrong-date");
    hotel
        .post("/api/payments", json!({"reservation_id": 1, "amount": 150, "payment_method": "card", "payment_type": "deposit"}))
        .expect(201);
    next_day(&hotel, "2025-11-11");
    let stay = step(&hotel, 1, "no-show", json!({})).expect(200);
    assert_eq!(
        (&stay["status"], &stay["total_amount"], &stay["balance"]),
        (&json!("no_show"), &exact("100.00"), &exact("-50.00"))
    );
    book(&hotel, "Instead", 1, "2025-11-11", "2025-11-12");
}

#[test]
fn a_check_in_is_taken_back_on_its_day_while_nothing_is_booked() {
    let hotel = small_hotel();
    book(&hotel, "Wrong button", 1, "2025-11-10", "2025-11-12");
    step(&hotel, 1, "check-in", json!({})).expect(200);
    step(&hotel, 1, "charges", json!({"kind": "extra", "description": "Tea", "unit_amount": 3})).expect(201);
    assert_eq!(step(&hotel, 1, "undo", json!({})).problem(409), "illegal-transition");
    step(&hotel, 1, "charges/1/void", json!({"reason": "mistake"})).expect(201);
    assert_eq!(step(&hotel, 1, "undo", json!({})).expect(200)["status"], "confirmed");
    step(&hotel, 1, "check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    assert_eq!(step(&hotel, 1, "undo", json!({})).problem(409), "wrong-date");
}

#[test]
fn two_desks_never_overwrite_each_other() {
    let hotel = small_hotel();
    let stay = book(&hotel, "Shared", 1, "2025-11-10", "2025-11-12");
    let version = &stay["version"];
    hotel.patch("/api/reservations/1", json!({"notes": "from desk A", "version": version})).expect(200);
    assert_eq!(
        hotel.patch("/api/reservations/1", json!({"notes": "from desk B", "version": version})).problem(409),
        "stale-version"
    );
}

#[test]
fn what_cannot_be_booked_names_its_field() {
    let hotel = small_hotel();
    let field = |body: Value| hotel.post("/api/reservations", body).expect(422)["errors"][0]["field"].as_str().map(str::to_owned);
    let with = |name: &str, value: Value| {
        let mut body =
            json!({"guest": {"full_name": "X"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12"});
        body[name] = value;
        field(body)
    };
    for (name, value, named) in [
        ("check_in_date", json!("2025-11-09"), "check_in_date"),
        ("check_out_date", json!("2025-11-08"), "check_out_date"),
        ("check_out_date", json!("2027-11-08"), "check_out_date"),
        ("room_id", json!(99), "room_id"),
        ("room_type_id", json!(99), "room_type_id"),
        ("adults", json!(0), "adults"),
        ("source", json!("Carrier pigeon"), "source"),
        ("total_amount", json!(-1), "total_amount"),
        ("status", json!("checked_in"), "status"),
        ("guest_id", json!(1), "guest"),
        ("nightly", json!([{"date": "2025-11-12", "rate": 1}]), "nightly[0].date"),
    ] {
        assert_eq!(with(name, value.clone()).as_deref(), Some(named), "{name} = {value}");
    }
}

#[test]
fn a_day_guest_and_a_night_guest_share_a_room_on_one_date() {
    let hotel = small_hotel();
    let day = |name: &str| json!({"guest": {"full_name": name}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-10", "total_amount": 40, "reason": "by day"});
    let stay = hotel.post("/api/reservations", day("Day guest")).expect(201);
    assert_eq!((&stay["is_day_use"], &stay["nights"], &stay["total_amount"]), (&json!(true), &json!(0), &exact("40.00")));
    assert_eq!(hotel.post("/api/reservations", day("Another")).problem(409), "room-taken");
    book(&hotel, "Night guest", 1, "2025-11-10", "2025-11-11");
}

#[test]
fn a_cancelled_booking_never_leaves_the_hotel_owing_what_it_was_not_paid() {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-12");
    let allowance = json!({"kind": "allowance", "description": "Noise", "unit_amount": 100});
    hotel.post("/api/reservations/1/charges", allowance).expect(201);
    assert_eq!(step(&hotel, 1, "cancel", json!({})).problem(409), "more-than-original");
    next_day(&hotel, "2025-11-11");
    hotel.patch("/api/reservations/1", json!({"version": null})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["status"], "confirmed");
    let back = json!({"kind": "adjustment", "description": "Noise", "unit_amount": 100});
    hotel.post("/api/reservations/1/charges", back).expect(201);
    let cancelled = step(&hotel, 1, "cancel", json!({})).expect(200);
    assert_eq!(cancelled["balance"], exact("0.00"));
}
