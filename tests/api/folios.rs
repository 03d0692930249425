//! Several folios of a stay: what is moved between them adds up, with its taxes, and is taken back.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, exact, next_day, small_hotel};
use crate::support::{Answer, TestHotel};

/// A stay in the house with two windows, a tea for 30.00 (charge 1, of folio 1) on the first.
fn hotel() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Payer", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    extra(&hotel, 30);
    open(&hotel, json!({"payer_name": "Aunt"})).expect(201);
    hotel
}

fn extra(hotel: &TestHotel, amount: i64) -> Value {
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": amount});
    hotel.post("/api/reservations/1/charges", tea).expect(201)
}

fn open(hotel: &TestHotel, payer: Value) -> Answer {
    hotel.post("/api/reservations/1/folios", payer)
}

fn folio(hotel: &TestHotel) -> Value {
    hotel.get("/api/reservations/1/folio").expect(200)
}

/// The balances of the windows of the first stay.
fn balances(hotel: &TestHotel) -> Vec<String> {
    let folio = folio(hotel);
    folio["folios"].as_array().expect("windows").iter().map(|window| window["balance"].to_string()).collect()
}

fn transfer(hotel: &TestHotel, from: i64, body: Value) -> Answer {
    hotel.post(&format!("/api/folios/{from}/transfer"), body)
}

fn pay(hotel: &TestHotel, amount: i64) -> Value {
    hotel.post("/api/payments", json!({"reservation_id": 1, "amount": amount, "payment_method": "cash"})).expect(201)
}

/// What must hold does.
fn check(hotel: &TestHotel) {
    super::tax_cases::assert_no_fault(hotel, "folios");
}

#[test]
fn a_line_is_moved_to_another_payer_and_nothing_is_owed_more_or_less() {
    let hotel = hotel();
    let before = folio(&hotel)["balance"].clone();
    let made = transfer(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}})).expect(201);
    assert_eq!((&made["transfers"][0]["amount"], &made["folio"]["balance"]), (&exact("30.00"), &exact("0.00")));
    assert_eq!(balances(&hotel), ["0.00", "30.00"]);
    assert_eq!((&folio(&hotel)["balance"], &folio(&hotel)["moved_amount"]), (&before, &exact("0.00")));
    let again = transfer(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}}));
    assert_eq!(again.problem(409), "more-than-original");
    // Half of it comes back.
    transfer(&hotel, 2, json!({"charge_ids": [1], "percent": 50, "to": {"window": 1}})).expect(201);
    assert_eq!(balances(&hotel), ["15.00", "15.00"]);
    check(&hotel);
}

#[test]
fn who_pays_is_a_company_or_a_name_and_nine_folios_are_the_most() {
    let hotel = hotel();
    hotel.post("/api/companies", json!({"name": "Acme"})).expect(201);
    let opened = open(&hotel, json!({"payer_company_id": 1})).expect(201);
    assert_eq!((&opened["window"], &opened["payer_name"]), (&json!(3), &json!("Acme")));
    assert_eq!(open(&hotel, json!({"payer_company_id": 9})).bad_fields(), ["payer_company_id"]);
    assert_eq!(open(&hotel, json!({"payer_company_id": 1, "payer_name": "X"})).bad_fields(), ["payer_name"]);
    for window in 4..=9 {
        assert_eq!(open(&hotel, json!({})).expect(201)["window"], window);
    }
    assert_eq!(open(&hotel, json!({})).problem(409), "still-in-use");
    let names: Vec<Value> =
        folio(&hotel)["folios"].as_array().expect("windows").iter().take(4).map(|w| w["payer_name"].clone()).collect();
    assert_eq!(names, ["Payer", "Aunt", "Acme", "Payer"]);
}

#[test]
fn a_folio_is_closed_at_zero_and_takes_nothing_then() {
    let hotel = hotel();
    transfer(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}})).expect(201);
    assert_eq!(hotel.patch("/api/folios/2", json!({"is_closed": true})).problem(409), "balance-due");
    let paid = json!({"folio_id": 2, "amount": 30, "payment_method": "card"});
    let paid = hotel.post("/api/payments", paid).expect(201);
    assert_eq!((&paid["payer_name"], &paid["reservation_id"]), (&json!("Aunt"), &json!(1)));
    hotel.patch("/api/folios/2", json!({"is_closed": true})).expect(200);
    extra(&hotel, 5);
    let refused = transfer(&hotel, 1, json!({"to": {"window": 2}}));
    assert_eq!(refused.problem(409), "folio-closed");
    let refused = hotel.post("/api/payments", json!({"folio_id": 2, "amount": 1, "payment_method": "card"}));
    assert_eq!(refused.problem(409), "folio-closed");
    let void = |reason: &str| hotel.post(&hotel.of_payment(1, "void"), json!({ "reason": reason }));
    assert_eq!(void("mistake").problem(409), "folio-closed");
    assert_eq!(hotel.patch("/api/folios/1", json!({"is_closed": true})).problem(409), "illegal-transition");
    hotel.patch("/api/folios/2", json!({"is_closed": false})).expect(200);
    void("mistake").expect(200);
    check(&hotel);
}

#[test]
fn a_transfer_is_taken_back_once_and_on_its_date() {
    let hotel = hotel();
    let made = transfer(&hotel, 1, json!({"charge_ids": [1], "amount": 12, "to": {"window": 2}})).expect(201);
    let undo = |half: &Value| hotel.post(&format!("/api/folios/{}/transfers/{}/undo", half["folio_id"], half["id"]), json!({}));
    undo(&made["transfers"][0]).expect(201);
    assert_eq!(balances(&hotel), ["30.00", "0.00"]);
    assert_eq!(undo(&made["transfers"][0]).problem(409), "already-reversed");
    let made = transfer(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}})).expect(201);
    transfer(&hotel, 2, json!({"charge_ids": [1], "amount": 1, "to": {"window": 1}})).expect(201);
    assert_eq!(undo(&made["transfers"][0]).problem(409), "more-than-original");
    next_day(&hotel, "2025-11-11");
    assert_eq!(undo(&made["transfers"][0]).problem(409), "wrong-date");
    check(&hotel);
}

#[test]
fn what_was_moved_is_voided_reduced_and_given_back_where_it_stands() {
    let hotel = hotel();
    transfer(&hotel, 1, json!({"charge_ids": [1], "percent": 40, "to": {"window": 2}})).expect(201);
    let allowance = |amount: i64| {
        let body = json!({"kind": "allowance", "description": "Sorry", "unit_amount": amount, "for_charge_id": 1});
        hotel.post("/api/reservations/1/charges", body)
    };
    assert_eq!(allowance(20).problem(409), "more-than-original");
    let given = allowance(10).expect(201);
    assert_eq!(balances(&hotel), ["8.00", "12.00"]);
    let void = |id: &Value| hotel.post(&format!("/api/reservations/1/charges/{id}/void"), json!({"reason": "mistake"}));
    void(&given["id"]).expect(201);
    void(&json!(1)).expect(201);
    assert_eq!(balances(&hotel), ["0.00", "0.00"]);
    let paid = pay(&hotel, 50);
    let moved = json!({"payment_ids": [paid["id"]], "amount": 20, "to": {"window": 2}});
    transfer(&hotel, 1, moved).expect(201);
    assert_eq!(balances(&hotel), ["-30.00", "-20.00"]);
    hotel.post(&format!("/api/payments/{}/refund", paid["id"]), json!({"amount": 45, "reason": "asked"})).expect(200);
    assert_eq!(balances(&hotel), ["0.00", "-5.00"]);
    check(&hotel);
}

#[test]
fn a_line_is_split_exactly_by_parts_percent_and_amount() {
    let hotel = hotel();
    open(&hotel, json!({})).expect(201);
    let charge = extra(&hotel, 1)["id"].clone();
    let split = |parts: Value| hotel.post("/api/folios/1/split", json!({"charge_id": charge, "parts": parts}));
    let to = |window: i64| json!({"to": {"window": window}});
    split(json!([to(1), to(2), to(3)])).expect(201);
    assert_eq!(balances(&hotel), ["30.34", "0.33", "0.33"]);
    assert_eq!(split(json!([to(2), to(2)])).bad_fields(), ["parts"]);
    let percent = |window: i64, percent: i64| json!({"to": {"window": window}, "percent": percent});
    assert_eq!(split(json!([percent(2, 60), percent(3, 50)])).bad_fields(), ["parts"]);
    split(json!([percent(2, 50)])).expect(201);
    assert_eq!(balances(&hotel), ["30.17", "0.50", "0.33"]);
    let amount = |window: i64, amount: &str| json!({"to": {"window": window}, "amount": exact(amount)});
    assert_eq!(split(json!([amount(2, "0.18")])).bad_fields(), ["parts"]);
    split(json!([amount(2, "0.10"), amount(3, "0.07")])).expect(201);
    assert_eq!(balances(&hotel), ["30.00", "0.60", "0.40"]);
    assert_eq!(split(json!([to(1), to(2)])).problem(409), "more-than-original");
    check(&hotel);
}

#[test]
fn taxes_travel_with_what_is_moved() {
    let hotel = small_hotel();
    let rates = json!([{"from": "2020-01-01", "percent": 7}]);
    let groups = json!([{"id": 1, "name": "All", "is_included": true, "tax_ids": [1]}]);
    let taxes =
        json!({"taxes": [{"id": 1, "name": "VAT", "rates": rates}], "groups": groups, "extra_group_id": 1, "room_group_id": 1});
    hotel.patch("/api/taxes", taxes).expect(200);
    book(&hotel, "Payer", 1, "2025-11-10", "2025-11-13");
    extra(&hotel, 107);
    open(&hotel, json!({})).expect(201);
    let before = folio(&hotel)["taxes"].clone();
    transfer(&hotel, 1, json!({"charge_ids": [1], "percent": 50, "to": {"window": 2}})).expect(201);
    let there = hotel.get("/api/folios/2").expect(200);
    assert_eq!((&there["transfers"][0]["amount"], &there["transfers"][0]["tax_amount"]), (&exact("53.50"), &exact("3.50")));
    transfer(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}})).expect(201);
    let taxes: i64 = hotel.get("/api/folios/2").expect(200)["transfers"].as_array().expect("two").len() as i64;
    assert_eq!((taxes, &folio(&hotel)["taxes"]), (2, &before));
    check(&hotel);
}

#[test]
fn a_friend_or_a_company_takes_over_and_the_guest_may_leave() {
    let hotel = hotel();
    hotel.post("/api/companies", json!({"name": "Acme"})).expect(201);
    book(&hotel, "Friend", 2, "2025-11-10", "2025-11-11");
    let balance = |stay: i64| hotel.get(&format!("/api/reservations/{stay}/folio")).expect(200)["balance"].clone();
    let (mine, his) = (balance(1), balance(2));
    transfer(&hotel, 1, json!({"charge_ids": [1], "amount": 10, "to": {"reservation_id": 2}})).expect(201);
    transfer(&hotel, 1, json!({"charge_ids": [1], "to": {"company_id": 1}, "notes": "they pay"})).expect(201);
    assert_eq!((balance(1), balance(2)), (exact("300.00"), exact("110.00")));
    assert_eq!((mine, his), (exact("330.00"), exact("100.00")));
    let account = hotel.get("/api/folios/4").expect(200);
    assert_eq!(
        (&account["kind"], &account["balance"], &account["payer_name"]),
        (&json!("company"), &exact("20.00"), &json!("Acme"))
    );
    // What was paid for somebody who is here does not become the deposit of somebody who is not.
    let paid = pay(&hotel, 5)["id"].clone();
    let moved = transfer(&hotel, 1, json!({"payment_ids": [paid], "to": {"reservation_id": 2}}));
    assert_eq!(moved.problem(409), "illegal-transition");
    hotel.post("/api/payments", json!({"folio_id": 4, "amount": 20, "payment_method": "card"})).expect(201);
    assert_eq!(hotel.get("/api/folios/4").expect(200)["balance"], exact("0.00"));
    check(&hotel);
}

#[test]
fn a_check_out_settles_every_folio_and_none_pays_for_another() {
    let hotel = hotel();
    transfer(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}})).expect(201);
    pay(&hotel, 130);
    let leave = |body: Value| hotel.post("/api/reservations/1/check-out", body);
    let refused = leave(json!({}));
    assert!(refused.expect(409)["detail"].as_str().is_some_and(|said| said.contains("30.00") && said.contains("Aunt")));
    hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "mistake"})).expect(200);
    leave(json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!(balances(&hotel), ["0.00", "0.00"]);
    let payments = folio(&hotel)["payments"].clone();
    let paid: Vec<(&Value, &Value)> =
        payments.as_array().expect("payments").iter().map(|p| (&p["folio_id"], &p["amount"])).collect();
    assert_eq!(paid[2..], [(&json!(1), &exact("100.00")), (&json!(2), &exact("30.00"))]);
    check(&hotel);
}

#[test]
fn only_the_desk_moves_and_a_stay_that_is_over_asks_for_a_manager() {
    let hotel = hotel();
    let body = json!({"charge_ids": [1], "to": {"window": 2}});
    assert_eq!(hotel.as_role(Role::Housekeeper).post("/api/folios/1/transfer", body.clone()).status, 403);
    assert_eq!(transfer(&hotel, 9, body.clone()).problem(404), "not-found");
    assert_eq!(transfer(&hotel, 1, json!({"to": {"window": 7}})).bad_fields(), ["to.window"]);
    assert_eq!(transfer(&hotel, 1, json!({"to": {}})).bad_fields(), ["to"]);
    assert_eq!(transfer(&hotel, 1, json!({"to": {"window": 1}})).bad_fields(), ["to"]);
    assert_eq!(transfer(&hotel, 1, json!({"to": {"company_id": 9}})).bad_fields(), ["to.company_id"]);
    let refund = json!({"reason": "leaves at once"});
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}, "refund": refund})).expect(200);
    let ended = hotel.as_role(Role::Receptionist).post("/api/folios/1/transfer", body.clone());
    assert_eq!(ended.problem(409), "folio-closed");
    let body = json!({"charge_ids": [1], "to": {"window": 2}, "notes": "found out late"});
    hotel.as_role(Role::Manager).post("/api/folios/1/transfer", body).expect(201);
    assert_eq!(hotel.get("/api/audit/exceptions").expect(200)["items"][0]["kind"], "after_the_end");
    check(&hotel);
}
