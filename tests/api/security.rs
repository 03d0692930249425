//! Securities: held apart from the bill, and settled before the guest leaves.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use super::tax_cases::assert_no_fault;
use crate::support::{Answer, TestHotel};

/// In room 101 for two nights at 100.00, with 50.00 left as a security.
fn guest_with_a_security() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-12");
    let body =
        json!({"security": {"amount": 50, "payment_method": "cash"}, "payment": {"amount": 200, "payment_method": "card"}});
    let arrived = hotel.post("/api/reservations/1/check-in", body).expect(200);
    assert_eq!((&arrived["total_paid"], &arrived["balance"]), (&exact("200.00"), &exact("0.00")), "no bill is paid by it");
    hotel
}

fn security(hotel: &TestHotel, step: &str, body: Value) -> Answer {
    hotel.post(&format!("/api/reservations/1/security/{step}"), body)
}

fn held(hotel: &TestHotel) -> Value {
    hotel.get("/api/reservations/1/security").expect(200)["held_amount"].clone()
}

fn check_out(hotel: &TestHotel, body: Value) -> Answer {
    hotel.post("/api/reservations/1/check-out", body)
}

#[test]
fn a_security_is_held_apart_listed_and_given_back_before_the_guest_leaves() {
    let hotel = guest_with_a_security();
    assert_eq!(held(&hotel), exact("50.00"));
    let list = hotel.get("/api/deposits").expect(200);
    assert_eq!((&list["securities_amount"], &list["deposits_amount"]), (&exact("50.00"), &exact("0.00")));
    assert_eq!((&list["items"][0]["ledger"], &list["items"][0]["age_days"]), (&json!("security"), &json!(0)));
    let day = "/api/payments/totals?payment_date_from=2025-11-10&payment_date_to=2025-11-10";
    assert_eq!(hotel.get(day).expect(200)["amount"], exact("250.00"), "it is in the till all the same");
    let told = hotel.get("/api/reservations/1/departure").expect(200);
    assert_eq!((&told["security"]["held_amount"], &told["balance"]), (&exact("50.00"), &exact("-100.00")));
    assert_eq!(told["security"]["payment_methods"], json!(["cash"]));
    let refund = json!({"refund": {}});
    assert_eq!(check_out(&hotel, refund).problem(409), "balance-due", "nobody leaves while it is held");
    assert_eq!(held(&hotel), exact("50.00"), "a refusal leaves nothing behind");
    check_out(&hotel, json!({"refund": {}, "security": {}})).expect(200);
    assert_eq!(held(&hotel), exact("0.00"));
    assert_eq!(hotel.get(day).expect(200)["amount"], exact("100.00"));
    assert_eq!(hotel.get("/api/deposits").expect(200)["items"], json!([]));
    assert_no_fault(&hotel, "given back");
}

#[test]
fn what_is_kept_for_damage_is_charged_with_its_reason_and_paid_by_the_security() {
    let hotel = guest_with_a_security();
    let keep = |amount: i64, reason: &str| security(&hotel, "keep", json!({"amount": amount, "reason": reason}));
    assert_eq!(keep(60, "Broken lamp").problem(409), "more-than-original");
    assert_eq!(keep(30, " ").bad_fields(), ["reason"]);
    assert_eq!(keep(30, "Broken lamp").expect(200)["held_amount"], exact("20.00"));
    let stay = hotel.get("/api/reservations/1").expect(200);
    assert_eq!(
        (&stay["total_amount"], &stay["total_paid"], &stay["balance"]),
        (&exact("230.00"), &exact("200.00"), &exact("0.00"))
    );
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!((&folio["lines"][0]["note"], &folio["lines"][0]["amount"]), (&json!("Broken lamp"), &exact("30.00")));
    assert_no_fault(&hotel, "kept");
    let left = check_out(&hotel, json!({"refund": {}, "security": {"keep_amount": 5, "reason": "Stained sheet"}})).expect(200);
    assert_eq!((&left["status"], &left["balance"]), (&json!("checked_out"), &exact("0.00")));
    assert_eq!(held(&hotel), exact("0.00"));
    assert_no_fault(&hotel, "kept while leaving");
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    assert_no_fault(&hotel, "back in the house");
}

#[test]
fn a_security_is_no_payment_and_no_payment_is_one() {
    let hotel = guest_with_a_security();
    let as_payment = json!({"reservation_id": 1, "amount": 10, "payment_method": "cash", "payment_type": "security"});
    assert_eq!(hotel.post("/api/payments", as_payment).bad_fields(), ["payment_type"]);
    let list = hotel.get("/api/payments?payment_date_from=2025-11-10").expect(200);
    let one = list["items"].as_array().expect("payments").iter().find(|p| p["payment_type"] == "security").expect("one").clone();
    assert_eq!(
        hotel.post(&format!("/api/payments/{}/refund", one["id"]), json!({"reason": "x"})).problem(409),
        "illegal-transition"
    );
    assert_eq!(
        hotel.post(&format!("/api/payments/{}/void", one["id"]), json!({"reason": "x"})).problem(409),
        "illegal-transition"
    );
    assert_eq!(security(&hotel, "return", json!({"amount": 51})).problem(409), "more-than-original");
    assert_eq!(security(&hotel, "return", json!({"amount": 20})).expect(200)["held_amount"], exact("30.00"));
    security(&hotel, "return", json!({"payment_method": "card", "reason": "no cash left"})).expect(200);
    assert_eq!(security(&hotel, "return", json!({})).problem(409), "more-than-original", "nothing is left");
    assert_eq!(hotel.get("/api/audit/exceptions").expect(200)["items"][0]["kind"], json!("refund_by_another_method"));
    assert_no_fault(&hotel, "given back in parts");
}

#[test]
fn a_deposit_of_a_booking_to_come_is_listed_with_its_age() {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-20", "2025-11-22");
    let deposit = json!({"reservation_id": 1, "amount": 80, "payment_method": "card", "payment_type": "deposit"});
    hotel.post("/api/payments", deposit).expect(201);
    super::desk::next_day(&hotel, "2025-11-11");
    let list = hotel.get("/api/deposits").expect(200);
    assert_eq!((&list["deposits_amount"], &list["items"][0]["age_days"]), (&exact("80.00"), &json!(1)));
    assert_eq!((&list["items"][0]["ledger"], &list["items"][0]["guest_name"]), (&json!("deposit"), &json!("Ana Sousa")));
}
