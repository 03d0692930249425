//! Money before the stay: the hotel owes it until it is earned.

use innkeeper::domain::actor::Role;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::desk::{book, first_night_from, next_day, small_hotel};
use crate::support::TestHotel;

/// Three nights from the 11th at 100.00; cancelled today, the first of them is owed.
fn hotel_with_a_deposit(paid: i64) -> TestHotel {
    let hotel = small_hotel();
    hotel.patch("/api/settings", first_night_from(720)).expect(200);
    book(&hotel, "Ahead", 1, "2025-11-11", "2025-11-14");
    pay(&hotel, paid);
    hotel
}

fn pay(hotel: &TestHotel, amount: i64) {
    let body = json!({"reservation_id": 1, "amount": amount, "payment_method": "card", "payment_type": "deposit"});
    hotel.post("/api/payments", body).expect(201);
}

fn step(hotel: &TestHotel, action: &str) -> Value {
    hotel.post(&format!("/api/reservations/1/{action}"), json!({})).expect(200)
}

fn opened(hotel: &TestHotel) -> Connection {
    Connection::open(hotel.app.db.path()).expect("the file")
}

/// What the deposit ledger owes, and what the guest's ledger is owed, in whole units.
fn ledgers(hotel: &TestHotel) -> (i64, i64) {
    let sum = |ledger: &str| -> i64 {
        let sql = "SELECT coalesce(sum(amount), 0) / 100 FROM posting WHERE ledger = ?1";
        opened(hotel).query_row(sql, [ledger], |row| row.get(0)).expect("a sum")
    };
    (-sum("deposit"), sum("guest"))
}

fn transfers(hotel: &TestHotel) -> i64 {
    let sql = "SELECT count(*) FROM posting WHERE entry = 'transfer'";
    opened(hotel).query_row(sql, [], |row| row.get(0)).expect("a count")
}

#[test]
fn a_deposit_goes_over_to_the_guest_at_check_in_and_back_with_its_undo() {
    let hotel = hotel_with_a_deposit(150);
    assert_eq!(ledgers(&hotel), (150, 0));
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    assert_eq!((ledgers(&hotel), transfers(&hotel)), ((0, -150), 2));
    pay(&hotel, 50);
    assert_eq!(ledgers(&hotel), (0, -200), "who is here pays no deposit");
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!((&folio["lines"], folio["payments"].as_array().map(Vec::len)), (&json!([]), Some(2)), "no bill shows a transfer");
    hotel.post(&hotel.of_payment(2, "void"), json!({"reason": "typed twice"})).expect(200);
    step(&hotel, "undo");
    assert_eq!((ledgers(&hotel), transfers(&hotel)), ((150, 0), 4));
}

#[test]
fn a_fee_takes_what_it_is_owed_of_the_deposit_and_the_rest_goes_back() {
    let hotel = hotel_with_a_deposit(150);
    step(&hotel, "cancel");
    assert_eq!(ledgers(&hotel), (50, 0), "100 of fee, 50 to go back");
    let allowance = json!({"kind": "allowance", "description": "Half of it", "unit_amount": 50});
    hotel.as_role(Role::Manager).post("/api/reservations/1/charges", allowance).expect(201);
    assert_eq!(ledgers(&hotel), (100, 0), "what is taken off the fee is owed again");
    hotel.post(&hotel.of_payment(1, "refund"), json!({"amount": 100, "reason": "cancelled"})).expect(200);
    assert_eq!(ledgers(&hotel), (0, 0));
    step(&hotel, "undo");
    assert_eq!(ledgers(&hotel), (50, 0), "booked again, all that was paid is a deposit");
}

#[test]
fn a_deposit_below_the_fee_is_earned_whole() {
    let hotel = hotel_with_a_deposit(40);
    step(&hotel, "cancel");
    assert_eq!(ledgers(&hotel), (0, 60));
    pay(&hotel, 60);
    assert_eq!(ledgers(&hotel), (0, 0));
}

#[test]
fn a_night_is_posted_once_whoever_posts_it() {
    let hotel = small_hotel();
    book(&hotel, "Once", 1, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    let again = "INSERT INTO posting (folio_id, ledger, business_date, reservation_id, night, article_id, unit_amount, amount, created_at,
            created_by)
        SELECT folio_id, ledger, business_date, reservation_id, night, article_id, unit_amount, amount, created_at, created_by
        FROM posting WHERE night IS NOT NULL";
    let refused = opened(&hotel).execute(again, []).expect_err("posted twice").to_string();
    assert!(refused.contains("UNIQUE constraint failed: posting.reservation_id, posting.night"), "{refused}");
}

#[test]
fn a_deposit_goes_back_or_is_kept_as_a_fee_by_itself() {
    let hotel = hotel_with_a_deposit(150);
    let (back, keep) = ("/api/reservations/1/deposit/return", "/api/reservations/1/deposit/keep");
    assert_eq!(hotel.post(back, json!({"reason": " "})).bad_fields(), ["reason"]);
    assert_eq!(hotel.post(back, json!({"amount": 151, "reason": "asked"})).problem(409), "more-than-original");
    assert_eq!(hotel.post(keep, json!({"reason": "late"})).problem(409), "illegal-transition");
    hotel.post(back, json!({"amount": 20, "reason": "asked"})).expect(200);
    assert_eq!(ledgers(&hotel), (130, 0));
    step(&hotel, "cancel");
    assert_eq!(ledgers(&hotel), (30, 0), "100 of fee");
    assert_eq!(hotel.post(keep, json!({"amount": 31, "reason": "late"})).problem(409), "more-than-original");
    assert_eq!(hotel.as_role(Role::Receptionist).post(keep, json!({"reason": "late"})).problem(409), "folio-closed");
    let kept = hotel.as_role(Role::Manager).post(keep, json!({"amount": 10, "reason": "agreed by mail"})).expect(200);
    assert_eq!((ledgers(&hotel), kept["balance"].to_string()), ((20, 0), "-20.00".to_owned()));
    let told = hotel.get("/api/audit/exceptions").expect(200)["items"][0].clone();
    assert_eq!((&told["kind"], &told["reason"]), (&json!("after_the_end"), &json!("agreed by mail")));
    hotel.post(back, json!({"reason": "asked"})).expect(200);
    assert_eq!((ledgers(&hotel), hotel.get("/api/deposits").expect(200)["items"].clone()), ((0, 0), json!([])));
    assert_eq!(hotel.post(back, json!({"reason": "asked"})).problem(409), "more-than-original");
    let fees = hotel.get("/api/reservations/1/folio").expect(200)["lines"].clone();
    let kinds: Vec<&Value> = fees.as_array().expect("lines").iter().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["cancellation_fee", "cancellation_fee"]);
}

#[test]
fn what_is_on_the_bill_before_the_arrival_is_paid_by_the_deposit() {
    let hotel = hotel_with_a_deposit(150);
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": 30});
    hotel.post("/api/reservations/1/charges", tea).expect(201);
    let back = |body: Value| hotel.post("/api/reservations/1/deposit/return", body);
    let refused = back(json!({"amount": 121, "reason": "asked"}));
    assert_eq!(refused.problem(409), "more-than-original");
    assert!(refused.json()["detail"].as_str().is_some_and(|words| words.contains("120.00")), "{}", refused.json());
    back(json!({"reason": "asked"})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1/folio").expect(200)["folios"][0]["balance"].to_string(), "0.00");
}

#[test]
fn what_is_kept_of_a_deposit_has_its_taxes_in_it() {
    let hotel = hotel_with_a_deposit(150);
    let taxes = json!({"taxes": [{"id": 1, "name": "VAT", "rates": [{"from": "2020-01-01", "percent": 10}]}],
        "groups": [{"id": 1, "name": "All", "is_included": false, "tax_ids": [1]}], "fee_group_id": 1});
    hotel.patch("/api/taxes", taxes).expect(200);
    hotel.post("/api/reservations/1/cancel", json!({"waive_fee": true, "reason": "ill"})).expect(200);
    hotel.post("/api/reservations/1/deposit/keep", json!({"amount": 110, "reason": "agreed"})).expect(200);
    assert_eq!(ledgers(&hotel), (40, 0));
    let line = hotel.get("/api/reservations/1/folio").expect(200)["lines"][0].clone();
    assert_eq!((line["amount"].to_string(), line["tax_amount"].to_string()), ("110.00".to_owned(), "10.00".to_owned()));
}
