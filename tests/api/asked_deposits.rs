//! The deposit that terms ask for: how much and by when, who is late with it, and that it follows the stay.

use serde_json::{Value, json};

use super::desk::{exact, next_day, small_hotel};
use super::tax_cases::{Case, assert_no_fault, group, nowhere, service, setup, tax};
use crate::support::TestHotel;

/// The hotel's day is 2025-11-10; a single room costs 100.00 a night.
fn hotel_that_asks(terms: Value) -> TestHotel {
    let hotel = small_hotel();
    let mut policy = json!({"cancellation": [], "no_show_fee_kind": "none"});
    policy.as_object_mut().expect("a map").extend(terms.as_object().expect("a map").clone());
    hotel.patch("/api/settings", json!({"policy": policy})).expect(200);
    hotel
}

fn book(hotel: &TestHotel, name: &str, from: &str, to: &str) -> Value {
    let stay = json!({"guest": {"full_name": name}, "room_type_id": 1, "check_in_date": from, "check_out_date": to, "adults": 1});
    hotel.post("/api/reservations", stay).expect(201)
}

fn deposit(hotel: &TestHotel, id: i64) -> Value {
    hotel.get(&format!("/api/reservations/{id}")).expect(200)["deposit"].clone()
}

fn told(amount: &str, due: &str, left: &str, state: &str) -> Value {
    json!({"amount": exact(amount), "due_date": due, "left_amount": exact(left), "state": state})
}

fn pay(hotel: &TestHotel, id: i64, amount: i64) {
    let body = json!({"reservation_id": id, "amount": amount, "payment_method": "card", "payment_type": "deposit"});
    hotel.post("/api/payments", body).expect(201);
}

fn listed(hotel: &TestHotel, which: &str) -> Vec<String> {
    let page = hotel.get(&format!("/api/reservations?deposit={which}&sort=check_in_date")).expect(200);
    let items = page["items"].as_array().expect("items");
    assert_eq!(page["total"], json!(items.len()));
    items.iter().map(|stay| stay["guest_name"].as_str().expect("a name").to_owned()).collect()
}

fn late_today(hotel: &TestHotel) -> (Value, Value) {
    let today = hotel.get("/api/dashboard/today").expect(200);
    (today["deposits_late"].clone(), today["deposits_late_amount"].clone())
}

#[test]
fn a_deposit_is_asked_by_the_terms_and_follows_price_and_arrival() {
    let hotel = hotel_that_asks(
        json!({"deposit_kind": "percent", "deposit_percent": 30, "deposit_due": "before_arrival", "deposit_due_days": 14}),
    );
    let made = book(&hotel, "Ahead", "2025-12-20", "2025-12-23");
    assert_eq!(made["deposit"], told("90.00", "2025-12-06", "90.00", "open"));
    // A night more, a day later, another price.
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-12-24"})).expect(200);
    assert_eq!(deposit(&hotel, 1), told("120.00", "2025-12-06", "120.00", "open"));
    hotel.patch("/api/reservations/1", json!({"check_in_date": "2025-12-21"})).expect(200);
    assert_eq!(deposit(&hotel, 1), told("90.00", "2025-12-07", "90.00", "open"));
    hotel.patch("/api/reservations/1", json!({"total_amount": 200, "reason": "agreed"})).expect(200);
    assert_eq!(deposit(&hotel, 1), told("60.00", "2025-12-07", "60.00", "open"));
    // Other terms of the hotel change nothing that was booked.
    hotel.patch("/api/settings", json!({"policy": {"cancellation": [], "no_show_fee_kind": "none"}})).expect(200);
    assert_eq!(book(&hotel, "Later", "2025-12-20", "2025-12-21")["deposit"], Value::Null);
    pay(&hotel, 1, 45);
    assert_eq!(deposit(&hotel, 1), told("60.00", "2025-12-07", "15.00", "open"));
    pay(&hotel, 1, 20);
    assert_eq!(deposit(&hotel, 1), told("60.00", "2025-12-07", "0.00", "paid"));
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    assert_eq!(deposit(&hotel, 1), told("60.00", "2025-12-07", "0.00", "settled"));
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    assert_eq!(deposit(&hotel, 1), told("60.00", "2025-12-07", "0.00", "paid"));
    assert_no_fault(&hotel, "deposits");
}

#[test]
fn what_is_late_is_listed_until_it_comes_or_the_guest_does() {
    let hotel = hotel_that_asks(json!({"deposit_kind": "first_night", "deposit_due_days": 1}));
    book(&hotel, "Pays", "2025-12-20", "2025-12-22");
    book(&hotel, "Comes", "2025-11-12", "2025-11-14");
    book(&hotel, "Cancels", "2025-12-20", "2025-12-22");
    // Due on the arrival at the latest.
    assert_eq!(book(&hotel, "Today", "2025-11-10", "2025-11-11")["deposit"], told("100.00", "2025-11-10", "100.00", "open"));
    hotel.post("/api/reservations/4/cancel", json!({})).expect(200);
    assert_eq!(
        (listed(&hotel, "open"), listed(&hotel, "late")),
        (["Comes", "Pays", "Cancels"].map(str::to_owned).into(), vec![])
    );
    next_day(&hotel, "2025-11-11");
    assert_eq!(late_today(&hotel), (json!(0), exact("0.00")), "they have the day itself");
    next_day(&hotel, "2025-11-12");
    assert_eq!((listed(&hotel, "late"), late_today(&hotel)), (listed(&hotel, "open"), (json!(3), exact("300.00"))));
    pay(&hotel, 1, 100);
    hotel.post("/api/reservations/2/check-in", json!({"room_id": 1})).expect(200);
    assert_eq!(deposit(&hotel, 2), told("100.00", "2025-11-11", "0.00", "settled"));
    assert_eq!((listed(&hotel, "late"), late_today(&hotel)), (vec!["Cancels".to_owned()], (json!(1), exact("100.00"))));
    hotel.post("/api/reservations/3/cancel", json!({})).expect(200);
    assert_eq!((listed(&hotel, "late"), late_today(&hotel)), (vec![], (json!(0), exact("0.00"))));
    assert_no_fault(&hotel, "deposits");
}

#[test]
fn a_plan_asks_in_its_own_way_and_the_quote_and_the_confirmation_say_so() {
    let hotel = small_hotel();
    let terms = json!({"cancellation": [], "no_show_fee_kind": "none", "deposit_kind": "amount", "deposit_amount": 150});
    let plan = json!({"code": "PKG", "name": "Advance", "parent_id": 1, "offset_kind": "percent", "offset_percent": -10, "policy": terms});
    let made = hotel.post("/api/rate-plans", plan).expect(201);
    assert_eq!((&made["policy"]["deposit_amount"], &made["policy"]["deposit_due"]), (&exact("150.00"), &json!("after_booking")));
    let asked = json!({"check_in_date": "2025-12-20", "check_out_date": "2025-12-22", "adults": 1, "room_type_id": 1});
    let offers = hotel.post("/api/quotes", asked).expect(200)["items"].clone();
    assert_eq!((&offers[0]["deposit"], offers[0]["terms"].as_str()), (&Value::Null, Some("Free cancellation at any time.")));
    assert_eq!(offers[1]["deposit"], json!({"amount": exact("150.00"), "due_date": "2025-11-10"}));
    let words = "Free cancellation at any time. A deposit of EUR 150.00 is due by 10 November 2025.";
    assert_eq!(offers[1]["terms"].as_str(), Some(words));
    let stay = json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": "2025-12-20", "check_out_date": "2025-12-22",
        "adults": 1, "rate_plan_id": 2});
    hotel.post("/api/reservations", stay).expect(201);
    assert_eq!(deposit(&hotel, 1), told("150.00", "2025-11-10", "150.00", "open"));
    pay(&hotel, 1, 50);
    let paper = hotel.get("/api/reservations/1/documents/confirmation");
    assert!(paper.text().contains("Please pay a deposit of EUR 100.00 by 10 November 2025."), "{}", paper.text());
    // Never more than the stay costs, and nothing of one that nobody pays for.
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-12-21"})).expect(200);
    assert_eq!(deposit(&hotel, 1)["amount"], exact("90.00"));
    hotel.patch("/api/reservations/1", json!({"rate_kind": "complimentary", "rate_kind_reason": "won it"})).expect(200);
    assert_eq!(deposit(&hotel, 1), Value::Null);
    assert_no_fault(&hotel, "deposits");
}

#[test]
fn a_deposit_counts_the_taxes_on_top_and_follows_them() {
    // 850,000 a night, and a service charge and a tax of 10 % each on top.
    let taxed = |taxes: &[Value], ids: &[i64]| setup(&[group(1, false, ids)], taxes, &[]);
    let (dear, cheap) = (taxed(&[service(1, "10"), tax(2, "10")], &[1, 2]), taxed(&[tax(2, "10")], &[2]));
    let case = Case { name: "Jakarta", currency: "IDR", setup: dear, nights: 2, price: "850000", ..nowhere() };
    let hotel = case.hotel();
    let terms = json!({"cancellation": [], "no_show_fee_kind": "none", "deposit_kind": "percent", "deposit_percent": 50});
    hotel.patch("/api/settings", json!({"policy": terms})).expect(200);
    case.book(&hotel);
    assert_eq!(deposit(&hotel, 1)["amount"], json!(1_028_500));
    hotel.patch("/api/taxes", cheap).expect(200);
    assert_eq!(deposit(&hotel, 1)["amount"], json!(935_000));
    assert_no_fault(&hotel, "Jakarta");
}

#[test]
fn what_is_paid_for_a_party_is_the_deposit_of_each_of_its_rooms() {
    let hotel = hotel_that_asks(json!({"deposit_kind": "percent", "deposit_percent": 50}));
    let rooms = json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": "2025-12-20",
        "check_out_date": "2025-12-22", "adults": 1, "more_rooms": [{"room_type_id": 1}],
        "payment": {"amount": 200, "payment_method": "card"}});
    hotel.post("/api/reservations", rooms).expect(201);
    for id in [1, 2] {
        assert_eq!(deposit(&hotel, id), told("100.00", "2025-11-10", "0.00", "paid"));
    }
    assert_no_fault(&hotel, "party");
}

#[test]
fn a_deposit_that_cannot_be_is_refused_where_it_is_wrong() {
    let hotel = small_hotel();
    let complaints = |terms: Value| {
        let mut policy = json!({"cancellation": [], "no_show_fee_kind": "none"});
        policy.as_object_mut().expect("a map").extend(terms.as_object().expect("a map").clone());
        let answer = hotel.patch("/api/settings", json!({"policy": policy}));
        answer.expect(422)["errors"][0]["field"].as_str().expect("a field").to_owned()
    };
    assert_eq!(complaints(json!({"deposit_kind": "percent"})), "policy.deposit_percent");
    assert_eq!(complaints(json!({"deposit_kind": "amount"})), "policy.deposit_amount");
    assert_eq!(complaints(json!({"deposit_kind": "amount", "deposit_amount": 0})), "policy.deposit_amount");
    assert_eq!(complaints(json!({"deposit_kind": "percent", "deposit_percent": 101})), "policy.deposit_percent");
    assert_eq!(complaints(json!({"deposit_kind": "first_night", "deposit_due_days": 366})), "policy.deposit_due_days");
}
