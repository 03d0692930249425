//! Money: append-only, never more back than was taken, all or none in a batch.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::TestHotel;

fn pay(hotel: &TestHotel, amount: Value) -> Value {
    hotel.post("/api/payments", json!({"reservation_id": 1, "amount": amount, "payment_method": "cash"})).expect(201)
}

fn hotel_with_a_stay() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Payer", 1, "2025-11-10", "2025-11-13");
    hotel
}

fn balance(hotel: &TestHotel) -> Value {
    hotel.get("/api/reservations/1/folio").expect(200)["balance"].clone()
}

#[test]
fn a_payment_is_voided_once_and_on_its_own_business_date() {
    let hotel = hotel_with_a_stay();
    pay(&hotel, exact("120.50"));
    assert_eq!(balance(&hotel), exact("179.50"));
    let voided = hotel.post("/api/payments/1/void", json!({"reason": "typed wrong"})).expect(200);
    assert_eq!(voided["status"], "voided");
    assert_eq!(balance(&hotel), exact("300.00"));
    assert_eq!(hotel.post("/api/payments/1/void", json!({"reason": "again"})).problem(409), "already-reversed");
    pay(&hotel, json!(50));
    hotel.patch("/api/settings", json!({"business_date": "2025-11-11"})).expect(200);
    assert_eq!(hotel.post("/api/payments/3/void", json!({"reason": "too late"})).problem(409), "wrong-date");
    let refunded = hotel.post("/api/payments/3/refund", json!({"amount": 20, "reason": "agreed"})).expect(200);
    assert_eq!((&refunded["status"], &refunded["refunded_amount"]), (&json!("partly_refunded"), &exact("20.00")));
    assert_eq!(
        hotel.post("/api/payments/3/refund", json!({"amount": 30.01, "reason": "more"})).problem(409),
        "more-than-original"
    );
    assert_eq!(hotel.post("/api/payments/3/refund", json!({"reason": "the rest"})).expect(200)["status"], "refunded");
    assert_eq!(balance(&hotel), exact("300.00"));
}

#[test]
fn a_batch_is_taken_whole_or_not_at_all() {
    let hotel = hotel_with_a_stay();
    let row = |amount: Value| json!({"reservation_id": 1, "amount": amount, "payment_method": "card"});
    let refused =
        hotel.post("/api/payments/batch", json!({"payments": [row(json!(10)), row(json!(20)), row(json!(0))]})).expect(422);
    assert_eq!(refused["errors"][0]["field"], "payments[2].amount");
    assert_eq!(balance(&hotel), exact("300.00"));
    let taken = hotel.post("/api/payments/batch", json!({"payments": [row(json!(10)), row(exact("20.25"))]})).expect(201);
    assert_eq!((&taken["total_amount"], taken["items"].as_array().map(Vec::len)), (&exact("30.25"), Some(2)));
    assert_eq!(balance(&hotel), exact("269.75"));
    assert_eq!(hotel.get("/api/payments").expect(200)["total"], 2);
}

#[test]
fn amounts_are_exact_and_bounded() {
    let hotel = hotel_with_a_stay();
    for bad in ["0.001", "-5", "1e40", "0"] {
        let body = format!(r#"{{"reservation_id": 1, "amount": {bad}, "payment_method": "cash"}}"#);
        let answer = hotel
            .as_owner()
            .request(innkeeper::http::request::Method::Post, "/api/payments")
            .header("Content-Type", "application/json")
            .body(&body)
            .send();
        assert_eq!(answer.expect(422)["errors"][0]["field"], "amount", "{bad}");
    }
    for _ in 0..10 {
        pay(&hotel, exact("0.10"));
    }
    assert!(hotel.get("/api/reservations/1/folio").text().contains(r#""total_paid":1.00,"#));
}

#[test]
fn charges_are_taken_back_by_a_line_of_their_own() {
    let hotel = hotel_with_a_stay();
    let add = |body: Value| hotel.post("/api/reservations/1/charges", body);
    add(json!({"kind": "extra", "description": "Laundry", "unit_amount": 12})).expect(201);
    add(json!({"kind": "allowance", "description": "Noise", "unit_amount": 20})).expect(201);
    assert_eq!(balance(&hotel), exact("292.00"));
    assert_eq!(
        add(json!({"kind": "allowance", "description": "All of it", "unit_amount": 293})).problem(409),
        "more-than-original"
    );
    hotel.post("/api/reservations/1/charges/1/void", json!({"reason": "wrong room"})).expect(201);
    assert_eq!(hotel.post("/api/reservations/1/charges/1/void", json!({"reason": "again"})).problem(409), "already-reversed");
    assert_eq!(balance(&hotel), exact("280.00"));
    assert_eq!(add(json!({"kind": "room", "description": "Night", "unit_amount": 1})).expect(422)["errors"][0]["field"], "kind");
}

#[test]
fn whole_rupiah_have_no_decimals() {
    let hotel = TestHotel::builder().currency("IDR").open();
    hotel
        .post("/api/room-types", json!({"name": "Deluxe", "code": "DLX", "capacity_adults": 2, "default_rate": 500000}))
        .expect(201);
    hotel.post("/api/rooms", json!({"room_number": "101", "room_type_id": 1})).expect(201);
    let body = json!({"guest": {"full_name": "Sri"}, "room_id": 1, "check_in_date": "2025-11-15", "check_out_date": "2025-11-18", "total_amount": 1_500_000});
    let answer = hotel.post("/api/reservations", body);
    answer.expect(201);
    assert!(answer.text().contains(r#""total_amount":1500000,"#), "{}", answer.text());
}

#[test]
fn the_cash_up_tells_what_came_in_and_went_out_by_day_and_method() {
    let hotel = hotel_with_a_stay();
    pay(&hotel, exact("120.50"));
    pay(&hotel, json!(50));
    let card = json!({"reservation_id": 1, "amount": 30, "payment_method": "card"});
    hotel.post("/api/payments", card).expect(201);
    hotel.post("/api/payments/2/void", json!({"reason": "typed wrong"})).expect(200);
    hotel.patch("/api/settings", json!({"business_date": "2025-11-11"})).expect(200);
    hotel.post("/api/payments/1/refund", json!({"amount": 20, "reason": "agreed"})).expect(200);
    let totals = hotel.get("/api/payments/totals?payment_date_from=2025-11-10&payment_date_to=2025-11-11").expect(200);
    let method = |name: &str, count: i64, received: &str, returned: &str, net: &str| {
        json!({"payment_method": name, "count": count, "received_amount": exact(received), "returned_amount": exact(returned),
            "amount": exact(net)})
    };
    assert_eq!(totals["amount"], exact("130.50"));
    assert_eq!(
        totals["by_method"],
        json!([method("cash", 2, "170.50", "70.00", "100.50"), method("card", 1, "30.00", "0.00", "30.00")])
    );
    assert_eq!(totals["days"][0]["date"], "2025-11-11");
    assert_eq!(totals["days"][0]["by_method"], json!([method("cash", 0, "0.00", "20.00", "-20.00")]));
    assert_eq!(totals["days"][1]["amount"], exact("150.50"));
    let backwards = "/api/payments/totals?payment_date_from=2025-11-11&payment_date_to=2025-11-10";
    assert_eq!(hotel.get(backwards).expect(422)["errors"][0]["field"], "payment_date_to");
}
