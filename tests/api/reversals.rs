//! What is taken back: by whom, when, and never more than there was.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, exact, first_night_from, next_day, small_hotel};
use crate::support::{Answer, TestHotel};

fn add(hotel: &TestHotel, kind: &str, amount: &str) -> Answer {
    let body = json!({"kind": kind, "description": kind, "unit_amount": exact(amount)});
    hotel.post("/api/reservations/1/charges", body)
}

fn void(hotel: &TestHotel, stay: i64, line: i64) -> Answer {
    hotel.post(&format!("/api/reservations/{stay}/charges/{line}/void"), json!({"reason": "mistake"}))
}

fn step(hotel: &TestHotel, action: &str) -> Answer {
    hotel.post(&format!("/api/reservations/1/{action}"), json!({}))
}

fn pay(hotel: &TestHotel, amount: &str) -> Answer {
    let body = json!({"reservation_id": 1, "amount": exact(amount), "payment_method": "card"});
    hotel.as_role(Role::Receptionist).post("/api/payments", body)
}

fn balance(hotel: &TestHotel) -> Value {
    hotel.get("/api/reservations/1/folio").expect(200)["balance"].clone()
}

/// Kind and amount of each line that was posted.
fn lines(hotel: &TestHotel) -> Vec<String> {
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let lines = folio["lines"].as_array().expect("lines").iter();
    lines.map(|line| format!("{} {}", line["kind"].as_str().unwrap_or(""), line["amount"])).collect()
}

/// Two nights from the 11th at 100.00, of which the first is owed when they are cancelled now.
fn late_hotel() -> TestHotel {
    let hotel = small_hotel();
    hotel.patch("/api/settings", first_night_from(24)).expect(200);
    book(&hotel, "Late", 1, "2025-11-11", "2025-11-13");
    hotel.advance_hours(6);
    hotel
}

#[test]
fn only_what_was_posted_today_is_voided_and_only_once() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-12");
    add(&hotel, "extra", "30").expect(201);
    assert_eq!(void(&hotel, 2, 1).problem(404), "not-found", "another's line");
    void(&hotel, 1, 1).expect(201);
    for line in [1, 2] {
        assert_eq!(void(&hotel, 1, line).problem(409), "already-reversed", "line {line}");
    }
    add(&hotel, "extra", "30").expect(201);
    step(&hotel, "check-in").expect(200);
    next_day(&hotel, "2025-11-11");
    assert_eq!(void(&hotel, 1, 3).problem(409), "wrong-date");
    next_day(&hotel, "2025-11-12");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    assert_eq!(lines(&hotel), ["extra 30.00", "void -30.00", "extra 30.00", "room 100.00", "room 100.00"]);
    assert_eq!(void(&hotel, 1, 4).problem(409), "ledger-is-append-only", "a night");
    assert_eq!(balance(&hotel), exact("0.00"));
}

#[test]
fn what_an_allowance_leans_on_stays() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    add(&hotel, "extra", "50").expect(201);
    add(&hotel, "allowance", "240").expect(201);
    assert_eq!(void(&hotel, 1, 1).problem(409), "more-than-original");
    assert_eq!(balance(&hotel), exact("10.00"));
    void(&hotel, 1, 2).expect(201);
    void(&hotel, 1, 1).expect(201);
    assert_eq!(balance(&hotel), exact("200.00"));
}

#[test]
fn a_step_that_is_refused_is_named() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    let refused = step(&hotel, "check-out");
    assert_eq!(
        (refused.problem(409).as_str(), &refused.json()["detail"]),
        ("illegal-transition", &json!("A reservation that is confirmed cannot be checked out."))
    );
}

#[test]
fn an_extra_is_more_than_nothing() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    for amount in ["-5", "0", "0.00"] {
        assert_eq!(add(&hotel, "extra", amount).bad_fields(), ["unit_amount"], "{amount}");
    }
    add(&hotel, "extra", "0.01").expect(201);
    // An allowance takes off, whichever sign it was typed with.
    add(&hotel, "allowance", "-5").expect(201);
    assert_eq!(balance(&hotel), exact("195.01"));
}

#[test]
fn what_a_line_comes_to_is_no_more_than_ten_times_the_largest_amount() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    let add = |quantity: i64| {
        let body = json!({"kind": "extra", "description": "All of it", "unit_amount": 10_000_000_000_i64, "quantity": quantity});
        hotel.post("/api/reservations/1/charges", body)
    };
    assert_eq!(add(11).bad_fields(), ["unit_amount"]);
    assert_eq!(add(10).expect(201)["amount"], exact("100000000000.00"));
}

#[test]
fn a_fee_goes_with_what_was_taken_off_it_when_the_booking_comes_back() {
    let hotel = late_hotel();
    step(&hotel, "cancel").expect(200);
    add(&hotel, "allowance", "10").expect(201);
    void(&hotel, 1, 2).expect(201);
    add(&hotel, "allowance", "30").expect(201);
    assert_eq!(balance(&hotel), exact("70.00"));
    step(&hotel, "undo").expect(200);
    let all = ["cancellation_fee 100.00", "allowance -10.00", "void 10.00", "allowance -30.00", "void 30.00", "void -100.00"];
    assert_eq!((lines(&hotel), balance(&hotel)), (all.map(str::to_owned).to_vec(), exact("200.00")));
}

#[test]
fn of_a_fee_of_another_day_what_is_left_is_taken_off() {
    for (allowance, left) in [("30", vec!["allowance -70.00"]), ("100", vec![])] {
        let hotel = late_hotel();
        step(&hotel, "cancel").expect(200);
        add(&hotel, "allowance", allowance).expect(201);
        next_day(&hotel, "2025-11-11");
        step(&hotel, "undo").expect(200);
        let first = ["cancellation_fee 100.00".to_owned(), format!("allowance -{allowance}.00")];
        assert_eq!(lines(&hotel), [first.to_vec(), left.into_iter().map(str::to_owned).collect()].concat());
        assert_eq!(balance(&hotel), exact("200.00"));
    }
}

#[test]
fn each_fee_has_the_allowances_that_were_given_on_it() {
    let hotel = late_hotel();
    step(&hotel, "cancel").expect(200);
    add(&hotel, "allowance", "20").expect(201);
    next_day(&hotel, "2025-11-11");
    step(&hotel, "undo").expect(200);
    step(&hotel, "cancel").expect(200);
    add(&hotel, "allowance", "30").expect(201);
    step(&hotel, "undo").expect(200);
    assert_eq!(balance(&hotel), exact("200.00"));
    assert_eq!(
        lines(&hotel),
        [
            "cancellation_fee 100.00",
            "allowance -20.00",
            "allowance -80.00",
            "cancellation_fee 100.00",
            "allowance -30.00",
            "void 30.00",
            "void -100.00"
        ]
    );
}

/// Paid by 190.00 and 10.00, and gone.
fn departed() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    pay(&hotel, "190").expect(201);
    pay(&hotel, "10").expect(201);
    step(&hotel, "check-in").expect(200);
    for date in ["2025-11-11", "2025-11-12"] {
        next_day(&hotel, date);
    }
    step(&hotel, "check-out").expect(200);
    hotel
}

#[test]
fn after_the_end_the_desk_takes_what_is_due_to_the_last_cent() {
    let hotel = departed();
    add(&hotel, "extra", "10").expect(201);
    let refused = pay(&hotel, "10.01");
    assert_eq!(
        (refused.problem(409).as_str(), &refused.json()["detail"]),
        ("folio-closed", &json!("This stay is checked out. EUR 10.00 is due."))
    );
    pay(&hotel, "10").expect(201);
    assert_eq!(balance(&hotel), exact("0.00"));
}

#[test]
fn after_the_end_the_desk_voids_no_more_than_was_paid_too_much() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-10");
    step(&hotel, "check-in").expect(200);
    for amount in ["40", "60"] {
        pay(&hotel, amount).expect(201);
    }
    step(&hotel, "check-out").expect(200);
    add(&hotel, "allowance", "40").expect(201);
    assert_eq!(pay(&hotel, "0").bad_fields(), ["amount"]);
    let desk = hotel.as_role(Role::Receptionist);
    let refused = desk.post(&hotel.of_payment(2, "void"), json!({"reason": "typed twice"}));
    let why = "This stay is checked out. Ask a manager to change the bill. On the day of the check-out, undo that first.";
    assert_eq!((refused.problem(409).as_str(), &refused.json()["detail"]), ("folio-closed", &json!(why)));
    desk.post(&hotel.of_payment(1, "void"), json!({"reason": "typed twice"})).expect(200);
    assert_eq!(balance(&hotel), exact("0.00"));
}

#[test]
fn a_refund_is_more_than_nothing_and_out_of_what_is_left() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    pay(&hotel, "50").expect(201);
    let refund = |amount: &str| hotel.post(&hotel.of_payment(1, "refund"), json!({"amount": exact(amount), "reason": "asked"}));
    for amount in ["0", "-1"] {
        assert_eq!(refund(amount).bad_fields(), ["amount"], "{amount}");
    }
    refund("50").expect(200);
    let whole = hotel.post(&hotel.of_payment(1, "refund"), json!({"reason": "asked again"}));
    assert_eq!(whole.problem(409), "more-than-original");
}

#[test]
fn money_that_is_given_back_at_the_door_comes_out_of_the_newest_payment_that_has_some_left() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-10");
    for amount in ["100", "20", "30"] {
        pay(&hotel, amount).expect(201);
    }
    hotel.post(&hotel.of_payment(3, "refund"), json!({"reason": "all of it"})).expect(200);
    step(&hotel, "check-in").expect(200);
    hotel.post("/api/reservations/1/check-out", json!({"refund": {"reason": "paid too much"}})).expect(200);
    let paid = hotel.get("/api/payments?reservation_id=1&sort=id").expect(200);
    let seen = |p: &Value| format!("{} {}", p["kind"].as_str().unwrap_or(""), p["amount"]);
    let seen: Vec<String> = paid["items"].as_array().expect("items").iter().map(seen).collect();
    assert_eq!(seen, ["payment 100.00", "payment 20.00", "payment 30.00", "refund -30.00", "refund -20.00"]);
}

#[test]
fn a_folio_tells_days_from_nights_and_what_is_still_to_be_posted() {
    let hotel = small_hotel();
    book(&hotel, "By night", 1, "2025-11-10", "2025-11-11");
    book(&hotel, "By day", 2, "2025-11-10", "2025-11-10");
    for (stay, is_by_day) in [(1, false), (2, true)] {
        let folio = || hotel.get(&format!("/api/reservations/{stay}/folio")).expect(200);
        let told = |lines: &Value| -> Vec<Value> {
            lines.as_array().expect("lines").iter().map(|line| line["is_day_use"].clone()).collect()
        };
        hotel.post(&format!("/api/reservations/{stay}/check-in"), json!({})).expect(200);
        let before = folio();
        assert_eq!((told(&before["unposted"]), told(&before["lines"])), (vec![json!(is_by_day)], vec![]));
        hotel
            .post(&format!("/api/reservations/{stay}/charges"), json!({"kind": "extra", "description": "Tea", "unit_amount": 3}))
            .expect(201);
        if !is_by_day {
            continue;
        }
        hotel.post(&format!("/api/reservations/{stay}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
        let after = folio();
        assert_eq!((told(&after["unposted"]), told(&after["lines"])), (vec![], vec![json!(false), json!(true)]));
    }
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    let left = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!((&left["unposted"], &left["lines"][1]["is_day_use"]), (&json!([]), &json!(false)));
}

#[test]
fn why_something_was_taken_back_stands_beside_it() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    add(&hotel, "extra", "3").expect(201);
    void(&hotel, 1, 1).expect(201);
    pay(&hotel, "5").expect(201);
    hotel.post(&hotel.of_payment(1, "refund"), json!({"reason": " Asked for it "})).expect(200);
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!(
        (&folio["lines"][1]["description"], &folio["payments"][1]["notes"]),
        (&json!("Void: mistake"), &json!("Asked for it"))
    );
    assert_eq!(hotel.post(&hotel.of_payment(1, "refund"), json!({"reason": " "})).bad_fields(), ["reason"]);
}

#[test]
fn a_method_that_is_not_taken_any_more_takes_nothing() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    let methods = hotel.get("/api/payment-methods").expect(200);
    let card = methods["items"].as_array().expect("items").iter().find(|m| m["name"] == "card").expect("a card").clone();
    let off = json!({"is_active": false});
    hotel.patch(&format!("/api/payment-methods/{}", card["id"]), off).expect(200);
    assert_eq!(pay(&hotel, "5").bad_fields(), ["payment_method"]);
}

#[test]
fn payments_are_found_by_whose_they_are() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-12");
    pay(&hotel, "5").expect(201);
    for (q, total) in [("ana", 1), ("ben", 0), ("%20", 1), ("", 1)] {
        assert_eq!(hotel.get(&format!("/api/payments?q={q}")).expect(200)["total"], total, "{q:?}");
    }
}

#[test]
fn a_change_of_dates_room_and_prices_is_taken_back_in_one_step() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-11", "2025-11-14");
    let typed = json!({"nightly": [{"date": "2025-11-12", "rate": exact("77.77")}], "reason": "regular"});
    hotel.patch("/api/reservations/1", typed).expect(200);
    let facts = |stay: Value| {
        ["check_in_date", "check_out_date", "room_id", "room_type_id", "nightly", "total_amount"].map(|field| stay[field].clone())
    };
    let before = facts(hotel.get("/api/reservations/1").expect(200));
    let change = json!({"check_in_date": "2025-11-13", "check_out_date": "2025-11-17", "room_id": 2, "rerate": true});
    hotel.patch("/api/reservations/1", change).expect(200);
    // Words are typed back by whoever typed them: they do not come in between, nor are they lost.
    hotel.patch("/api/reservations/1", json!({"rerate": false})).expect(200);
    let undo = || hotel.post("/api/reservations/1/undo", json!({"event": "undo_change"}));
    assert_eq!(undo().problem(409), "nothing-to-undo", "another change came after it");
    let change = json!({"check_in_date": "2025-11-12", "check_out_date": "2025-11-15"});
    let moved = facts(hotel.get("/api/reservations/1").expect(200));
    hotel.patch("/api/reservations/1", change).expect(200);
    assert_eq!(facts(undo().expect(200)), moved);
    assert_eq!(undo().problem(409), "nothing-to-undo", "once");
    assert_ne!(moved, before);
    // Who came for another price does not stay for the old one.
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-16", "adults": 2})).expect(200);
    assert_eq!(undo().problem(409), "nothing-to-undo");
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-17", "adults": 1})).expect(200);
    // What is not asked for is not taken back.
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-18"})).expect(200);
    assert_eq!(step(&hotel, "undo").problem(409), "nothing-to-undo");
    assert_eq!(facts(undo().expect(200)), moved);
}

#[test]
fn a_given_up_night_comes_back_for_what_it_cost_and_only_while_its_room_is_free() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-11", "2025-11-14");
    let typed = json!({"nightly": [{"date": "2025-11-13", "rate": exact("77.77")}], "reason": "regular"});
    hotel.patch("/api/reservations/1", typed).expect(200);
    let before = hotel.get("/api/reservations/1").expect(200);
    let shorter = || hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-13"})).expect(200);
    let undo = || hotel.post("/api/reservations/1/undo", json!({"event": "undo_change"}));
    shorter();
    let after = undo().expect(200);
    assert_eq!((&after["nightly"], &after["total_amount"]), (&before["nightly"], &before["total_amount"]));
    shorter();
    book(&hotel, "Ben", 1, "2025-11-13", "2025-11-14");
    assert_eq!(undo().problem(409), "room-taken");
    // The day of a change that is over does not change.
    hotel.post("/api/reservations/2/cancel", json!({"waive_fee": true, "reason": "test"})).expect(200);
    next_day(&hotel, "2025-11-11");
    assert_eq!(undo().problem(409), "nothing-to-undo");
}
