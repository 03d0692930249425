//! Leaving, in money: told before it is done, and settled or refunded in the same step.

use serde_json::{Value, json};

use super::desk::{book, exact, next_day, small_hotel};
use crate::support::TestHotel;

fn departure(hotel: &TestHotel) -> Value {
    hotel.get("/api/reservations/1/departure").expect(200)
}

fn check_out(hotel: &TestHotel, body: Value) -> crate::support::Answer {
    hotel.post("/api/reservations/1/check-out", body)
}

fn pay(hotel: &TestHotel, amount: i64, method: &str) {
    let body = json!({"reservation_id": 1, "amount": amount, "payment_method": method});
    hotel.post("/api/payments", body).expect(201);
}

/// In room 101 from the 10th, at 100.00 a night.
fn guest_until(date: &str) -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", date);
    assert_eq!(hotel.get("/api/reservations/1/departure").problem(409), "illegal-transition", "before the arrival");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel
}

#[test]
fn leaving_on_the_day_of_arrival_is_told_to_cost_the_day_and_does() {
    let hotel = guest_until("2025-11-12");
    pay(&hotel, 200, "card");
    let told = departure(&hotel);
    assert_eq!((&told["is_day_use"], &told["day_amount"]), (&json!(true), &exact("100.00")));
    assert_eq!((&told["dropped_nights"], &told["dropped_amount"]), (&json!(1), &exact("100.00")));
    assert_eq!((&told["total_amount"], &told["balance"]), (&exact("100.00"), &exact("-100.00")));
    let left = check_out(&hotel, json!({"refund": {}})).expect(200);
    assert_eq!((&left["is_day_use"], &left["total_amount"], &left["balance"]), (&json!(true), &exact("100.00"), &exact("0.00")));
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!((&folio["lines"][0]["is_day_use"], &folio["lines"][0]["amount"]), (&json!(true), &exact("100.00")));
}

#[test]
fn a_guest_of_one_night_who_leaves_at_once_pays_it_and_nothing_drops() {
    let hotel = guest_until("2025-11-11");
    pay(&hotel, 100, "cash");
    let told = departure(&hotel);
    assert_eq!((&told["is_day_use"], &told["dropped_nights"], &told["balance"]), (&json!(true), &json!(0), &exact("0.00")));
    check_out(&hotel, json!({})).expect(200);
}

#[test]
fn who_leaves_early_gets_back_what_is_owed_the_way_it_was_paid() {
    let hotel = guest_until("2025-11-15");
    pay(&hotel, 300, "card");
    pay(&hotel, 200, "cash");
    next_day(&hotel, "2025-11-11");
    let told = departure(&hotel);
    assert_eq!((&told["dropped_nights"], &told["dropped_amount"]), (&json!(4), &exact("400.00")));
    assert_eq!(told["balance"], exact("-400.00"));
    // The newest payment first.
    assert_eq!(
        told["refunds"],
        json!([
            {"payment_id": 2, "payment_method": "cash", "amount": exact("200.00")},
            {"payment_id": 1, "payment_method": "card", "amount": exact("200.00")},
        ])
    );
    assert_eq!(check_out(&hotel, json!({})).problem(409), "balance-due");
    assert_eq!(check_out(&hotel, json!({"refund": {"amount": 300}})).problem(409), "balance-due");
    assert_eq!(check_out(&hotel, json!({"refund": {"amount": 501}})).problem(409), "more-than-original");
    let payments = || hotel.get("/api/reservations/1/folio").expect(200)["payments"].as_array().expect("payments").clone();
    assert_eq!(payments().len(), 2, "a refusal leaves nothing behind");
    check_out(&hotel, json!({"refund": {"reason": "Flight moved", "amount": 400}})).expect(200);
    let back: Vec<Value> = payments().into_iter().filter(|p| p["kind"] == "refund").collect();
    let told = |p: &Value| (p["payment_method"].clone(), p["amount"].clone(), p["notes"].clone());
    let reason = json!("Flight moved");
    assert_eq!(
        back.iter().map(told).collect::<Vec<_>>(),
        [(json!("cash"), exact("-200.00"), reason.clone()), (json!("card"), exact("-200.00"), reason)]
    );
}

#[test]
fn a_refund_at_the_door_goes_by_the_method_that_is_chosen() {
    let hotel = guest_until("2025-11-12");
    pay(&hotel, 200, "card");
    next_day(&hotel, "2025-11-11");
    assert_eq!(check_out(&hotel, json!({"refund": {"payment_method": "shells"}})).bad_fields(), ["payment_method"]);
    check_out(&hotel, json!({"refund": {"payment_method": "cash"}})).expect(200);
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!((&folio["payments"][1]["payment_method"], &folio["balance"]), (&json!("cash"), &exact("0.00")));
}

#[test]
fn a_payment_says_what_of_it_would_be_refunded() {
    let hotel = guest_until("2025-11-12");
    let told = |id: i64| {
        let payment = hotel.get(&format!("/api/payments/{id}")).expect(200);
        ["left_amount", "owed_amount", "refund_amount"].map(|field| payment[field].clone())
    };
    pay(&hotel, 150, "card");
    assert_eq!(told(1), [exact("150.00"), exact("0.00"), exact("0.00")], "nothing is owed");
    pay(&hotel, 80, "cash");
    assert_eq!(told(1), [exact("150.00"), exact("30.00"), exact("30.00")], "what is owed");
    hotel.post("/api/payments/1/refund", json!({"amount": 130, "reason": "by another card"})).expect(200);
    pay(&hotel, 130, "cash");
    assert_eq!(told(1), [exact("20.00"), exact("30.00"), exact("20.00")], "no more than is left");
    hotel.post("/api/payments/4/void", json!({"reason": "typed wrong"})).expect(200);
    assert_eq!((&told(4)[0], &told(4)[2]), (&exact("0.00"), &exact("0.00")), "nothing of what is void");
}

#[test]
fn a_method_that_is_not_taken_any_more_still_gives_back_what_it_took() {
    let hotel = guest_until("2025-11-12");
    pay(&hotel, 200, "card");
    let methods = hotel.get("/api/payment-methods").expect(200);
    let card = methods["items"].as_array().expect("methods").iter().find(|m| m["name"] == "card").expect("card")["id"].clone();
    hotel.patch(&format!("/api/payment-methods/{card}"), json!({"is_active": false})).expect(200);
    hotel.post("/api/payments/1/refund", json!({"amount": 50, "reason": "agreed"})).expect(200);
    let by_name = json!({"amount": 50, "reason": "agreed", "payment_method": "card"});
    hotel.post("/api/payments/1/refund", by_name).expect(200);
}
