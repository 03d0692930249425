//! Who pays what of a stay from the start: its charges go where its rules say, as far as they go.

use serde_json::{Value, json};

use super::desk::{book, exact, next_day, small_hotel};
use super::tax_cases::assert_no_fault;
use crate::support::{Answer, TestHotel};

/// A company, and a stay of three nights at 100.00 with a second folio for it.
fn hotel() -> TestHotel {
    let hotel = small_hotel();
    hotel.post("/api/companies", json!({"name": "Acme"})).expect(201);
    book(&hotel, "Payer", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/reservations/1/folios", json!({"payer_company_id": 1})).expect(201);
    hotel
}

fn check_in(hotel: &TestHotel) {
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
}

fn rules(hotel: &TestHotel, rules: Value) -> Answer {
    hotel.put("/api/reservations/1/routing", json!({ "rules": rules }))
}

fn extra(hotel: &TestHotel, amount: i64) -> Value {
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": amount});
    hotel.post("/api/reservations/1/charges", tea).expect(201)
}

/// Balance and what is to come of each window.
fn windows(hotel: &TestHotel) -> Vec<String> {
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let told = |window: &Value| format!("{}+{}", window["balance"], window["to_come_amount"]);
    folio["folios"].as_array().expect("windows").iter().map(told).collect()
}

#[test]
fn the_company_pays_the_room_and_the_guest_the_rest() {
    let hotel = hotel();
    rules(&hotel, json!([{"what": "room", "window": 2}])).expect(200);
    assert_eq!(windows(&hotel), ["0.00+0.00", "0.00+300.00"]);
    check_in(&hotel);
    extra(&hotel, 30);
    for (day, told) in [("2025-11-11", "100.00"), ("2025-11-12", "200.00")] {
        next_day(&hotel, day);
        let _ = told;
    }
    let door = json!({"accounts": [{"window": 2, "reason": "they pay"}], "settle": {"payment_method": "cash"}});
    hotel.post("/api/reservations/1/check-out", door.clone()).expect(200);
    assert_eq!(windows(&hotel), ["0.00+0.00", "0.00+0.00"]);
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!(
        (&folio["total_amount"], &folio["total_paid"], &folio["balance"]),
        (&exact("230.00"), &exact("30.00"), &exact("0.00"))
    );
    let account = |hotel: &TestHotel| {
        let transfers = folio["transfers"].as_array().expect("transfers").clone();
        let settled = transfers.iter().find(|t| t["charge"].is_null() && t["payment"].is_null()).expect("the balance").clone();
        hotel.get(&format!("/api/folios/{}", settled["other_folio_id"])).expect(200)["balance"].clone()
    };
    assert_eq!(account(&hotel), exact("200.00"));
    assert_no_fault(&hotel, "left");
    // Back in the house, the company owes nothing yet.
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    assert_eq!(account(&hotel), exact("0.00"));
    assert_no_fault(&hotel, "back");
}

#[test]
fn a_rule_goes_as_far_as_its_sum_its_dates_and_its_articles() {
    let hotel = hotel();
    let parking = hotel.post("/api/articles", json!({"name": "Parking", "price": 12})).expect(201)["id"].clone();
    rules(&hotel, json!([{"what": "extras", "window": 2, "limit_amount": 50, "to_date": "2025-11-10"}])).expect(200);
    extra(&hotel, 30);
    extra(&hotel, 30);
    extra(&hotel, 30);
    assert_eq!(windows(&hotel), ["40.00+300.00", "50.00+0.00"]);
    rules(&hotel, json!([{"what": "articles", "article_ids": [parking], "window": 2}])).expect(200);
    hotel.post("/api/reservations/1/charges", json!({ "article_id": parking })).expect(201);
    extra(&hotel, 1);
    assert_eq!(windows(&hotel), ["41.00+300.00", "62.00+0.00"]);
    // Where somebody says where it goes, it goes there.
    hotel.post("/api/reservations/1/charges", json!({"article_id": parking, "window": 1})).expect(201);
    assert_eq!(windows(&hotel), ["53.00+300.00", "62.00+0.00"]);
    rules(&hotel, json!([{"what": "extras", "window": 2, "from_date": "2025-11-11"}])).expect(200);
    extra(&hotel, 2);
    assert_eq!(windows(&hotel)[0], "55.00+300.00");
    assert_no_fault(&hotel, "rules");
}

#[test]
fn the_taxes_of_what_is_split_by_a_limit_go_along() {
    let hotel = hotel();
    let rates = json!([{"from": "2020-01-01", "percent": 7}]);
    let groups = json!([{"id": 1, "name": "All", "is_included": true, "tax_ids": [1]}]);
    let taxes =
        json!({"taxes": [{"id": 1, "name": "VAT", "rates": rates}], "groups": groups, "extra_group_id": 1, "room_group_id": 1});
    hotel.patch("/api/taxes", taxes).expect(200);
    rules(&hotel, json!([{"what": "all", "window": 2, "limit_amount": 150}])).expect(200);
    assert_eq!(windows(&hotel), ["0.00+150.00", "0.00+150.00"]);
    check_in(&hotel);
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    next_day(&hotel, "2025-11-13");
    hotel
        .post(
            "/api/reservations/1/check-out",
            json!({"accounts": [{"window": 2, "reason": "they pay"}], "settle": {"payment_method": "cash"}}),
        )
        .expect(200);
    let paid = hotel.get("/api/reservations/1/folio").expect(200)["total_paid"].clone();
    assert_eq!(paid, exact("150.00"));
    assert_no_fault(&hotel, "taxes");
}

#[test]
fn what_a_company_pays_is_told_once_for_all_its_stays() {
    let hotel = hotel();
    let set = |rules: Value| hotel.put("/api/companies/1/routing", json!({ "rules": rules }));
    assert_eq!(set(json!([{"what": "room", "window": 2}])).bad_fields(), ["rules[0].window"]);
    set(json!([{"what": "room"}])).expect(200);
    let stay = json!({"guest": {"full_name": "Ben"}, "room_id": 2, "company_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12"});
    let id = hotel.post("/api/reservations", stay).expect(201)["id"].clone();
    let folio = hotel.get(&format!("/api/reservations/{id}/folio")).expect(200);
    assert_eq!((&folio["folios"][1]["payer_name"], &folio["folios"][1]["to_come_amount"]), (&json!("Acme"), &exact("200.00")));
    assert_eq!(hotel.get(&format!("/api/reservations/{id}/routing")).expect(200)["items"][0]["window"], 2);
    // One that is given to the company later follows as well; one that has rules keeps them.
    book(&hotel, "Cleo", 3, "2025-11-10", "2025-11-12");
    hotel.patch("/api/reservations/3", json!({"company_id": 1})).expect(200);
    assert_eq!(hotel.get("/api/reservations/3/routing").expect(200)["items"][0]["what"], "room");
    rules(&hotel, json!([{"what": "extras", "window": 2}])).expect(200);
    hotel.patch("/api/reservations/1", json!({"company_id": 1})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1/routing").expect(200)["items"][0]["what"], "extras");
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let hotel = hotel();
    for (rule, field) in [
        (json!({"what": "room", "window": 3}), "window"),
        (json!({"what": "room", "window": 1}), "window"),
        (json!({"what": "articles", "window": 2}), "article_ids"),
        (json!({"what": "articles", "article_ids": [99], "window": 2}), "article_ids"),
        (json!({"what": "room", "article_ids": [1], "window": 2}), "article_ids"),
        (json!({"what": "room", "target": "group"}), "target"),
        (json!({"what": "room", "window": 2, "from_date": "2025-11-12", "to_date": "2025-11-11"}), "to_date"),
        (json!({"what": "room", "window": 2, "limit_amount": 0}), "limit_amount"),
    ] {
        let bad = rules(&hotel, json!([rule])).bad_fields();
        assert!(bad.contains(&format!("rules[0].{field}")), "{rule}: {bad:?}");
    }
}

#[test]
fn an_account_takes_a_company_to_its_credit_limit_and_a_manager_further() {
    use innkeeper::domain::actor::Role;
    let hotel = hotel();
    check_in(&hotel);
    extra(&hotel, 30);
    let folio = hotel.get("/api/reservations/1/folio").expect(200)["folios"][0]["id"].clone();
    let settle = |role: Role, body: Value| hotel.as_role(role).post(&format!("/api/folios/{folio}/settle"), body);
    assert_eq!(settle(Role::Receptionist, json!({})).bad_fields(), ["company_id"]);
    assert_eq!(settle(Role::Receptionist, json!({"company_id": 1, "amount": 31})).problem(409), "more-than-original");
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
    file.execute("UPDATE company SET credit_limit = 2500", []).expect("a limit");
    let over = json!({"company_id": 1, "override_limit": true, "reason": "agreed on the phone"});
    assert_eq!(settle(Role::Receptionist, over.clone()).problem(409), "over-limit");
    assert_eq!(settle(Role::Receptionist, json!({"company_id": 1, "amount": 20})).problem(409), "reason-needed");
    assert_eq!(settle(Role::Manager, json!({"company_id": 1, "notes": "they pay"})).problem(409), "over-limit");
    let blank = json!({"company_id": 1, "notes": "they pay", "override_limit": true, "reason": " "});
    assert_eq!(settle(Role::Manager, blank).problem(409), "reason-needed");
    settle(Role::Receptionist, json!({"company_id": 1, "amount": 20, "reason": "they pay"})).expect(201);
    // Nor is there a way around it by moving the lines one by one.
    let moved = |role: Role, more: Value| {
        let mut body = json!({"charge_ids": [1], "amount": 6, "to": {"company_id": 1}, "notes": "they pay"});
        body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
        hotel.as_role(role).post(&format!("/api/folios/{folio}/transfer"), body)
    };
    assert_eq!(moved(Role::Receptionist, json!({"override_limit": true})).problem(409), "over-limit");
    assert_eq!(moved(Role::Manager, json!({})).problem(409), "over-limit");
    let parts = json!({"charge_id": 1, "parts": [{"to": {"company_id": 1}, "amount": 6}], "notes": "they pay"});
    assert_eq!(hotel.post(&format!("/api/folios/{folio}/split"), parts).problem(409), "over-limit");
    moved(Role::Manager, json!({"amount": 5})).expect(201);
    settle(Role::Manager, over).expect(201);
    let told = hotel.get("/api/audit/exceptions").expect(200)["items"][0].clone();
    assert_eq!(
        (&told["kind"], &told["amount"], &told["guest_name"]),
        (&json!("over_credit_limit"), &exact("5.00"), &json!("Acme"))
    );
    assert_no_fault(&hotel, "account");
}

#[test]
fn an_account_of_the_house_is_opened_sold_to_paid_and_closed() {
    let hotel = small_hotel();
    let open = |name: &str| hotel.post("/api/house-accounts", json!({ "name": name }));
    let bar = open("Bar").expect(201)["id"].clone();
    assert_eq!(open("Bar").problem(409), "duplicate-name");
    let at = format!("/api/house-accounts/{bar}/charges");
    let sell = |amount: i64| hotel.post(&at, json!({"kind": "extra", "description": "Beer", "unit_amount": amount}));
    let beer = sell(8).expect(201);
    sell(5).expect(201);
    hotel.post(&format!("{at}/{}/void", beer["id"]), json!({"reason": "spilt"})).expect(201);
    let paid = hotel.post("/api/payments", json!({"folio_id": bar, "amount": 6, "payment_method": "cash"})).expect(201);
    assert_eq!((&paid["payer_name"], &paid["reservation_id"]), (&json!("Bar"), &Value::Null));
    let close = || hotel.patch(&format!("/api/folios/{bar}"), json!({"is_closed": true}));
    assert_eq!(close().problem(409), "balance-due");
    hotel.post(&format!("/api/payments/{}/refund", paid["id"]), json!({"amount": 1, "reason": "change"})).expect(200);
    close().expect(200);
    assert_eq!(sell(1).problem(409), "folio-closed");
    open("Bar").expect(201);
    assert_eq!(hotel.get("/api/house-accounts?is_closed=false").expect(200)["total"], 1);
    assert_eq!(hotel.get("/api/payments").expect(200)["items"][0]["payer_name"], "Bar");
    assert_eq!(hotel.get(&format!("/api/house-accounts/{bar}/charges/1")).status, 404);
    assert_no_fault(&hotel, "house");
}

#[test]
fn a_lost_discount_is_paid_back_once_and_by_whoever_pays_the_nights() {
    let hotel = super::quotes::two_nights_of_a_week();
    hotel.post("/api/reservations/1/folios", json!({"payer_name": "Acme"})).expect(201);
    let rules = json!({"rules": [{"what": "room", "target": "window", "window": 2}]});
    hotel.put("/api/reservations/1/routing", rules).expect(200);
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-13", "rerate": true})).expect(200);
    let lines = || {
        let folio = hotel.get("/api/reservations/1/folio").expect(200);
        let is_meant = |line: &&Value| line["description"].as_str().is_some_and(|words| words.starts_with("Price for a shorter"));
        let line = |line: &Value| (line["amount"].to_string(), line["folio_id"].clone());
        let second = folio["folios"][1]["id"].clone();
        (folio["lines"].as_array().expect("lines").iter().filter(is_meant).map(line).collect::<Vec<_>>(), second)
    };
    let (posted, second) = lines();
    assert_eq!(posted, [("44.00".to_owned(), second)]);
    // As long again, and then as short: it is on the bill already.
    hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2025-11-17"})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1/departure").expect(200)["shorter_stay_amount"].to_string(), "0.00");
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-13", "rerate": true})).expect(200);
    assert_eq!(lines().0.len(), 1);
    super::tax_cases::assert_no_fault(&hotel, "shortened twice");
}
