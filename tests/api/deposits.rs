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
