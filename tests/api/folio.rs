//! Money: append-only, never more back than was taken, all or none in a batch.

use innkeeper::domain::actor::Role;
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
    let voided = hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "typed wrong"})).expect(200);
    assert_eq!(voided["status"], "voided");
    assert_eq!(balance(&hotel), exact("300.00"));
    assert_eq!(hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "again"})).problem(409), "already-reversed");
    pay(&hotel, json!(50));
    hotel.close_before("2025-11-11").expect(200);
    assert_eq!(hotel.post(&hotel.of_payment(3, "void"), json!({"reason": "too late"})).problem(409), "wrong-date");
    let refunded = hotel.post(&hotel.of_payment(3, "refund"), json!({"amount": 20, "reason": "agreed"})).expect(200);
    assert_eq!((&refunded["status"], &refunded["refunded_amount"]), (&json!("partly_refunded"), &exact("20.00")));
    assert_eq!(
        hotel.post(&hotel.of_payment(3, "refund"), json!({"amount": 30.01, "reason": "more"})).problem(409),
        "more-than-original"
    );
    assert_eq!(hotel.post(&hotel.of_payment(3, "refund"), json!({"reason": "the rest"})).expect(200)["status"], "refunded");
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
    hotel.post(&hotel.of_payment(2, "void"), json!({"reason": "typed wrong"})).expect(200);
    hotel.close_before("2025-11-11").expect(200);
    hotel.post(&hotel.of_payment(1, "refund"), json!({"amount": 20, "reason": "agreed"})).expect(200);
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

fn departed() -> TestHotel {
    let hotel = hotel_with_a_stay();
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let settle = json!({"settle": {"payment_method": "card"}});
    hotel.post("/api/reservations/1/check-out", settle).expect(200);
    hotel
}

#[test]
fn after_a_departure_the_desk_neither_takes_off_nor_gives_back() {
    let hotel = departed();
    let desk = hotel.as_role(Role::Receptionist);
    for kind in ["allowance", "adjustment", "extra"] {
        let amount = if kind == "adjustment" { -10 } else { 10 };
        let body = json!({"kind": kind, "description": "X", "unit_amount": amount});
        assert_eq!(desk.post("/api/reservations/1/charges", body).problem(409), "folio-closed", "{kind}");
    }
    assert_eq!(desk.post(&hotel.of_payment(1, "refund"), json!({"reason": "X"})).problem(409), "folio-closed");
    assert_eq!(desk.post(&hotel.of_payment(1, "void"), json!({"reason": "X"})).problem(409), "folio-closed");
    let more = json!({"reservation_id": 1, "amount": 1, "payment_method": "cash"});
    assert_eq!(desk.post("/api/payments", more).problem(409), "folio-closed");
    // A manager takes something off afterwards: the owner reads of it, and what is owed goes back, by the same way.
    let allowance = json!({"kind": "allowance", "description": "Noise at night", "unit_amount": 10});
    hotel.as_role(Role::Manager).post("/api/reservations/1/charges", allowance).expect(201);
    let by_cash = json!({"amount": 10, "reason": "Noise", "payment_method": "cash"});
    assert_eq!(desk.post(&hotel.of_payment(1, "refund"), by_cash).problem(409), "over-limit");
    assert_eq!(desk.post(&hotel.of_payment(1, "refund"), json!({"amount": 11, "reason": "Noise"})).problem(409), "folio-closed");
    desk.post(&hotel.of_payment(1, "refund"), json!({"amount": 10, "reason": "Noise"})).expect(200);
    let told = hotel.get("/api/audit/exceptions").expect(200);
    let kinds: Vec<&Value> = told["items"].as_array().expect("items").iter().map(|e| &e["kind"]).collect();
    assert_eq!(kinds, [&json!("after_the_end"), &json!("allowance"), &json!("nights_dropped")]);
    assert_eq!((&told["items"][1]["amount"], &told["items"][1]["reason"]), (&exact("10.00"), &json!("Noise at night")));
    assert_eq!(told["items"][1]["username"], "manager");
}

#[test]
fn whatever_is_taken_off_an_open_bill_is_on_the_owners_list() {
    let hotel = hotel_with_a_stay();
    let desk = hotel.as_role(Role::Receptionist);
    let line = |kind: &str, amount: i64| {
        let body = json!({"kind": kind, "description": kind, "unit_amount": amount});
        desk.post("/api/reservations/1/charges", body).expect(201)["id"].clone()
    };
    let extra = line("extra", 30);
    line("allowance", 20);
    line("adjustment", -5);
    line("adjustment", 5);
    desk.post(&format!("/api/reservations/1/charges/{extra}/void"), json!({"reason": "mistake"})).expect(201);
    desk.post("/api/payments", json!({"reservation_id": 1, "amount": 50, "payment_method": "cash"})).expect(201);
    desk.post(&hotel.of_payment(1, "void"), json!({"reason": "card"})).expect(200);
    desk.post("/api/payments", json!({"reservation_id": 1, "amount": 50, "payment_method": "card"})).expect(201);
    let by_cash = json!({"amount": 50, "reason": "asked", "payment_method": "cash"});
    hotel.as_role(Role::Manager).post(&hotel.of_payment(3, "refund"), by_cash).expect(200);
    let told = hotel.get("/api/audit/exceptions?sort=id").expect(200);
    let seen = |e: &Value| (e["kind"].as_str().unwrap_or("").to_owned(), e["amount"].to_string());
    let seen: Vec<(String, String)> = told["items"].as_array().expect("items").iter().map(seen).collect();
    let expected = [
        ("allowance", "20.00"),
        ("allowance", "5.00"),
        ("voided_charge", "30.00"),
        ("voided_payment", "50.00"),
        ("refund_by_another_method", "50.00"),
    ];
    assert_eq!(seen, expected.map(|(kind, amount)| (kind.to_owned(), amount.to_owned())));
    hotel.as_role(Role::Receptionist).get("/api/audit/exceptions").problem(403);
}

#[test]
fn a_closed_day_takes_no_payment() {
    let hotel = hotel_with_a_stay();
    let pay = |date: &str| {
        let body = json!({"reservation_id": 1, "amount": 10, "payment_method": "cash", "payment_date": date});
        hotel.post("/api/payments", body)
    };
    for date in ["2025-11-09", "1900-01-01", "2025-11-11"] {
        assert_eq!(pay(date).bad_fields(), ["payment_date"], "{date}");
    }
    pay("2025-11-10").expect(201);
    let totals = "/api/payments/totals?payment_date_from=2025-11-01&payment_date_to=2025-11-09";
    assert_eq!(hotel.get(totals).expect(200)["amount"], exact("0.00"));
}
