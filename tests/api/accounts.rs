//! Several folios and the owner's list: what leaves a stay for another folio is not lost sight of.

use innkeeper::db::Context;
use innkeeper::domain::actor::{Actor, Role};
use innkeeper::domain::date::Instant;
use innkeeper::hotel::transfer;
use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use super::tax_cases::{assert_no_fault, group, setup, split, tax, with};
use crate::support::{Answer, TestHotel};

/// A guest in the house (stay 1, three nights at 100.00) with a tea for 30.00, charge 1 of folio 1; company 1.
fn hotel() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Payer", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    extra(&hotel, 1, 30);
    hotel.post("/api/companies", json!({"name": "Acme"})).expect(201);
    hotel
}

fn extra(hotel: &TestHotel, stay: i64, amount: i64) -> Value {
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": amount});
    hotel.post(&format!("/api/reservations/{stay}/charges"), tea).expect(201)
}

fn pay(hotel: &TestHotel, body: Value) -> Value {
    let mut payment = json!({"payment_method": "cash"});
    payment.as_object_mut().expect("a map").extend(body.as_object().expect("a map").clone());
    hotel.post("/api/payments", payment).expect(201)["id"].clone()
}

fn refund(hotel: &TestHotel, role: Role, id: &Value, amount: i64) -> Answer {
    hotel.as_role(role).post(&format!("/api/payments/{id}/refund"), json!({"amount": amount, "reason": "asked for it"}))
}

fn moved(hotel: &TestHotel, from: i64, body: Value) -> Value {
    hotel.post(&format!("/api/folios/{from}/transfer"), body).expect(201)
}

fn leave(hotel: &TestHotel, stay: i64) {
    let body = json!({"settle": {"payment_method": "cash"}, "refund": {"reason": "leaves early"}});
    hotel.post(&format!("/api/reservations/{stay}/check-out"), body).expect(200);
}

/// Kinds and amounts of the owner's list, the oldest first.
fn told(hotel: &TestHotel) -> Vec<(String, String)> {
    let list = hotel.get("/api/audit/exceptions?sort=id").expect(200);
    let row = |e: &Value| (e["kind"].as_str().unwrap_or("").to_owned(), e["amount"].to_string());
    list["items"].as_array().expect("items").iter().map(row).collect()
}

fn row(kind: &str, amount: &str) -> (String, String) {
    (kind.to_owned(), amount.to_owned())
}

fn balance(hotel: &TestHotel, folio: &Value) -> Value {
    hotel.get(&format!("/api/folios/{folio}")).expect(200)["balance"].clone()
}

#[test]
fn what_leaves_a_stay_for_an_account_is_told_unless_a_manager_agreed_to_it() {
    let hotel = hotel();
    let to = json!({"company_id": 1});
    for blank in [json!({}), json!({"notes": " "})] {
        let mut body = blank;
        (body["charge_ids"], body["to"]) = (json!([1]), to.clone());
        assert_eq!(hotel.post("/api/folios/1/transfer", body).problem(409), "reason-needed");
    }
    let parts = json!([{"to": to, "amount": 5}]);
    assert_eq!(hotel.post("/api/folios/1/split", json!({"charge_id": 1, "parts": parts})).problem(409), "reason-needed");
    moved(&hotel, 1, json!({"charge_ids": [1], "amount": 10, "to": to, "notes": "they pay"}));
    assert_eq!(told(&hotel), [row("moved_to_account", "10.00")]);
    let company = hotel.get("/api/companies").expect(200)["items"][0].clone();
    assert_eq!((&company["balance"], &company["has_account"]), (&exact("10.00"), &json!(false)));
    let desk = hotel.as_role(Role::Receptionist);
    assert_eq!(desk.patch("/api/companies/1", json!({"has_account": true})).status, 403);
    assert_eq!(desk.post("/api/companies", json!({"name": "Mine", "has_account": true})).status, 403);
    hotel.as_role(Role::Manager).patch("/api/companies/1", json!({"has_account": true})).expect(200);
    desk.patch("/api/companies/1", json!({"has_account": true, "notes": "as before"})).expect(200);
    hotel.post("/api/folios/1/split", json!({"charge_id": 1, "parts": parts})).expect(201);
    assert_eq!(hotel.get("/api/companies/1").expect(200)["balance"], exact("15.00"));
    assert_eq!(told(&hotel).len(), 1);
    hotel.patch("/api/companies/1", json!({"has_account": false})).expect(200);
    hotel.post("/api/folios/1/split", json!({"charge_id": 1, "parts": parts, "notes": "they pay"})).expect(201);
    assert_eq!(told(&hotel)[1..], [row("moved_to_account", "5.00")]);
    assert_no_fault(&hotel, "account");
}

#[test]
fn what_goes_to_an_account_of_the_house_and_on_from_there_is_told() {
    let hotel = hotel();
    let house = hotel.post("/api/house-accounts", json!({"name": "Bar"})).expect(201)["id"].clone();
    moved(&hotel, 1, json!({"charge_ids": [1], "amount": 10, "to": {"folio_id": house}, "notes": "with friends"}));
    assert_eq!(told(&hotel), [row("moved_to_account", "10.00")]);
    let on = |body: Value| hotel.post(&format!("/api/folios/{house}/settle"), body);
    assert_eq!(on(json!({"company_id": 1})).problem(409), "reason-needed");
    on(json!({"company_id": 1, "notes": "their party"})).expect(201);
    assert_eq!(told(&hotel)[1..], [row("moved_to_account", "10.00")]);
    assert_no_fault(&hotel, "house account");
}

#[test]
fn a_payment_is_not_given_back_by_way_of_an_account() {
    let hotel = hotel();
    let paid = pay(&hotel, json!({"reservation_id": 1, "amount": 30}));
    moved(&hotel, 1, json!({"charge_ids": [1], "payment_ids": [paid], "to": {"company_id": 1}, "notes": "they pay"}));
    assert_eq!(refund(&hotel, Role::Receptionist, &paid, 30).problem(409), "over-limit");
    leave(&hotel, 1);
    assert_eq!(refund(&hotel, Role::Receptionist, &paid, 30).problem(409), "over-limit");
    // What the account has over is not this stay's.
    let folio = hotel.get("/api/reservations/1/folio").expect(200)["transfers"][0]["other_folio_id"].clone();
    let ahead = pay(&hotel, json!({"folio_id": folio, "amount": 40}));
    assert_eq!(refund(&hotel, Role::Receptionist, &paid, 30).problem(409), "over-limit");
    let before = told(&hotel).len();
    refund(&hotel, Role::Manager, &paid, 30).expect(200);
    assert_eq!(told(&hotel)[before..], [row("refund_of_what_is_owed", "30.00")]);
    assert_eq!(balance(&hotel, &folio), exact("-10.00"));
    // Of what was paid there no more than is over, either.
    assert_eq!(refund(&hotel, Role::Receptionist, &ahead, 11).problem(409), "over-limit");
    refund(&hotel, Role::Receptionist, &ahead, 10).expect(200);
    refund(&hotel, Role::Manager, &ahead, 30).expect(200);
    assert_eq!(told(&hotel)[before + 1..], [row("refund_of_what_is_owed", "30.00")]);
    assert_no_fault(&hotel, "given back");
}

#[test]
fn what_is_taken_back_on_the_bill_of_another_stay_asks_that_stay() {
    let hotel = hotel();
    let own = |action: &str| {
        hotel.as_role(Role::Receptionist).post(&format!("/api/reservations/1/{action}"), json!({"reason": "mistake"}))
    };
    book(&hotel, "To come", 2, "2025-11-10", "2025-11-11");
    pay(&hotel, json!({"reservation_id": 2, "amount": 100}));
    moved(&hotel, 1, json!({"charge_ids": [1], "to": {"reservation_id": 2}}));
    hotel.post("/api/reservations/2/cancel", json!({"reason": "ill", "waive_fee": true})).expect(200);
    assert_no_fault(&hotel, "cancelled");
    assert_eq!(own("charges/1/void").problem(409), "folio-closed");
    let before = told(&hotel).len();
    hotel.post("/api/reservations/1/charges/1/void", json!({"reason": "mistake"})).expect(201);
    assert_eq!(told(&hotel)[before..], [row("after_the_end", "30.00"), row("voided_charge", "30.00")]);
    assert_no_fault(&hotel, "voided");

    // A friend who has paid for it and left.
    book(&hotel, "Friend", 3, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/3/check-in", json!({})).expect(200);
    let tea = extra(&hotel, 1, 20)["id"].clone();
    moved(&hotel, 1, json!({"charge_ids": [tea], "to": {"reservation_id": 3}}));
    leave(&hotel, 3);
    assert_eq!(own(&format!("charges/{tea}/void")).problem(409), "folio-closed");
    let off = |role: Role| {
        let body = json!({"kind": "allowance", "description": "Cold", "unit_amount": 5, "for_charge_id": tea});
        hotel.as_role(role).post("/api/reservations/1/charges", body)
    };
    assert_eq!(off(Role::Receptionist).problem(409), "folio-closed");
    let before = told(&hotel).len();
    off(Role::Manager).expect(201);
    assert_eq!(told(&hotel)[before..], [row("after_the_end", "5.00"), row("allowance", "5.00")]);
    let trail = hotel.get("/api/audit-log?entity=reservation&entity_id=3").expect(200)["items"].to_string();
    assert!(trail.contains("Cold"), "{trail}");
    assert_no_fault(&hotel, "taken off");
}

#[test]
fn a_line_that_takes_off_moves_with_the_taxes_that_are_in_it() {
    let hotel = small_hotel();
    let groups = [group(1, true, &[1]), group(2, true, &[2]), split(3, true, &[(1, "70"), (2, "30")])];
    let taxes = with(setup(&groups, &[tax(1, "7"), tax(2, "19")], &[]), json!({"room_group_id": 3}));
    hotel.put("/api/taxes", taxes).expect(200);
    book(&hotel, "Payer", 1, "2025-11-10", "2025-11-13");
    let body = json!({"kind": "allowance", "description": "Noise", "unit_amount": 100});
    let off = hotel.post("/api/reservations/1/charges", body).expect(201);
    hotel.post("/api/reservations/1/folios", json!({})).expect(201);
    let made = moved(&hotel, 1, json!({"charge_ids": [off["id"]], "to": {"window": 2}}));
    assert_eq!((&made["transfers"][0]["amount"], &made["transfers"][0]["tax_amount"]), (&exact("-100.00"), &off["tax_amount"]));
    assert_eq!(off["tax_amount"], exact("-9.37"));
    let db = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
    let sql = "SELECT group_concat(amount) FROM (SELECT t.amount FROM posting_tax AS t JOIN posting AS p ON p.id = t.posting_id
        WHERE p.folio_id = 2 ORDER BY t.tax_id)";
    let taxes: String = db.query_row(sql, [], |row| row.get(0)).expect("its taxes");
    assert_eq!(taxes, "-458,-479");
    // Half of it back: nothing is lost to rounding.
    moved(&hotel, 2, json!({"charge_ids": [off["id"]], "percent": 50, "to": {"window": 1}}));
    moved(&hotel, 2, json!({"charge_ids": [off["id"]], "to": {"window": 1}}));
    let left: Option<i64> = db.query_row(&sql.replace("group_concat", "sum"), [], |row| row.get(0)).expect("its taxes");
    assert_eq!(left, Some(0));
    assert_no_fault(&hotel, "off");
}

#[test]
fn an_amount_of_lines_together_is_not_taken_of_lines_that_differ_in_sign() {
    let hotel = hotel();
    hotel.post("/api/reservations/1/folios", json!({})).expect(201);
    let body = json!({"kind": "allowance", "description": "Noise", "unit_amount": 20});
    let off = hotel.post("/api/reservations/1/charges", body).expect(201)["id"].clone();
    let body = |amount: i64| json!({"charge_ids": [1, off], "amount": amount, "to": {"window": 2}});
    assert_eq!(hotel.post("/api/folios/1/transfer", body(50)).bad_fields(), ["amount"]);
    moved(&hotel, 1, json!({"charge_ids": [off], "amount": 20, "to": {"window": 2}}));
    assert_no_fault(&hotel, "signs");
}

#[test]
fn a_fee_is_not_taken_back_on_a_folio_that_is_closed() {
    let hotel = small_hotel();
    hotel.patch("/api/settings", super::desk::first_night_from(720)).expect(200);
    book(&hotel, "Payer", 1, "2025-11-12", "2025-11-14");
    hotel.post("/api/reservations/1/folios", json!({"payer_name": "Aunt"})).expect(201);
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let (fee, own) = (folio["lines"][0]["id"].clone(), folio["lines"][0]["folio_id"].as_i64().expect("a folio"));
    let aunt = folio["folios"][1]["id"].clone();
    moved(&hotel, own, json!({"charge_ids": [fee], "to": {"window": 2}, "notes": "she pays"}));
    pay(&hotel, json!({"folio_id": aunt, "amount": 100}));
    let close = |is_closed: bool| hotel.patch(&format!("/api/folios/{aunt}"), json!({ "is_closed": is_closed })).expect(200);
    close(true);
    super::desk::next_day(&hotel, "2025-11-11");
    assert_eq!(hotel.post("/api/reservations/1/undo", json!({})).problem(409), "folio-closed");
    close(false);
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    assert_no_fault(&hotel, "reinstated");
}

#[test]
fn a_refund_at_the_door_takes_the_money_of_whom_it_is_owed_to() {
    let hotel = hotel();
    let aunt = hotel.post("/api/reservations/1/folios", json!({"payer_name": "Aunt"})).expect(201)["id"].clone();
    moved(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}}));
    let hers = pay(&hotel, json!({"folio_id": aunt, "amount": 50, "payment_method": "card"}));
    let his = pay(&hotel, json!({"reservation_id": 1, "amount": 300}));
    // His is newer, and pays his bill to the last cent.
    assert_eq!(hotel.get(&format!("/api/payments/{his}")).expect(200)["refund_amount"], exact("0.00"));
    assert_eq!(hotel.get(&format!("/api/payments/{hers}")).expect(200)["refund_amount"], exact("20.00"));
    for date in ["2025-11-11", "2025-11-12", "2025-11-13"] {
        super::desk::next_day(&hotel, date);
    }
    let parts = |hotel: &TestHotel| hotel.get("/api/reservations/1/departure").expect(200)["refunds"].clone();
    let refunds = parts(&hotel);
    assert_eq!((&refunds[0]["payment_id"], &refunds[0]["amount"], refunds[1].is_null()), (&hers, &exact("20.00"), true));
    hotel.post("/api/reservations/1/check-out", json!({"refund": {"reason": "hers"}})).expect(200);
    assert_eq!(hotel.get(&format!("/api/payments/{hers}")).expect(200)["refunded_amount"], exact("20.00"));
    assert_no_fault(&hotel, "door");
}

#[test]
fn a_check_in_is_not_undone_while_its_money_is_elsewhere() {
    let hotel = hotel();
    hotel.post("/api/reservations/1/charges/1/void", json!({"reason": "mistake"})).expect(201);
    book(&hotel, "Friend", 2, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/2/check-in", json!({})).expect(200);
    let paid = pay(&hotel, json!({"reservation_id": 1, "amount": 100}));
    let made = moved(&hotel, 1, json!({"payment_ids": [paid], "to": {"reservation_id": 2}}));
    for stay in [1, 2] {
        let undo = hotel.post(&format!("/api/reservations/{stay}/undo"), json!({}));
        assert_eq!(undo.problem(409), "illegal-transition");
    }
    let half = &made["transfers"][0];
    hotel.post(&format!("/api/folios/{}/transfers/{}/undo", half["folio_id"], half["id"]), json!({})).expect(201);
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    assert_no_fault(&hotel, "undone");
}

#[test]
fn what_is_moved_after_the_end_says_why_and_stands_in_both_trails() {
    let hotel = hotel();
    leave(&hotel, 1);
    let to = json!({"company_id": 1});
    let body = json!({"charge_ids": [1], "to": to});
    assert_eq!(hotel.post("/api/folios/1/transfer", body).problem(409), "reason-needed");
    let made = moved(&hotel, 1, json!({"charge_ids": [1], "to": to, "notes": "they pay"}));
    let half = &made["transfers"][0];
    let undo = |body: Value| hotel.post(&format!("/api/folios/{}/transfers/{}/undo", half["folio_id"], half["id"]), body);
    assert_eq!(undo(json!({})).problem(409), "reason-needed");
    let trail = format!("/api/audit-log?entity=folio&entity_id={}&action=transfer", half["folio_id"]);
    assert_eq!(hotel.get(&trail).expect(200)["items"][0]["after"]["notes"], "they pay");
    undo(json!({"notes": "they do not"})).expect(201);
    let list = hotel.get("/api/audit/exceptions?kind=after_the_end").expect(200)["items"].clone();
    assert_eq!((&list[0]["reason"], &list[1]["reason"]), (&json!("they do not"), &json!("they pay")));
    assert_no_fault(&hotel, "after the end");
}

#[test]
fn a_bill_has_no_tax_of_what_somebody_else_pays_and_an_export_what_is_owed() {
    let hotel = hotel();
    let rates = json!([{"from": "2020-01-01", "percent": 7}]);
    let groups = json!([{"id": 1, "name": "All", "is_included": true, "tax_ids": [1]}]);
    let taxes =
        json!({"taxes": [{"id": 1, "name": "VAT", "rates": rates}], "groups": groups, "extra_group_id": 1, "room_group_id": 1});
    hotel.patch("/api/taxes", taxes).expect(200);
    let lunch = extra(&hotel, 1, 107)["id"].clone();
    let tax = || hotel.get("/api/reservations/1/folio").expect(200)["taxes"][0]["amount"].clone();
    assert_eq!(tax(), exact("7.00"));
    moved(&hotel, 1, json!({"charge_ids": [lunch], "percent": 50, "to": {"company_id": 1}, "notes": "they pay"}));
    assert_eq!(tax(), exact("3.50"));
    let context = Context { actor: Actor::program("test"), now: Instant::EPOCH };
    let mut file = Vec::new();
    hotel.app.db.read(&context, |conn| transfer::export(conn, &mut file)).expect("an export");
    let file = String::from_utf8_lossy(&file);
    assert!(file.contains(",83.50,"), "{file}");
}

#[test]
fn no_more_lines_are_moved_at_once_than_one_request_may() {
    let hotel = hotel();
    let db = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        INSERT INTO posting (folio_id, ledger, business_date, reservation_id, article_id, entry, quantity, unit_amount, amount, created_at, created_by)
        SELECT folio_id, ledger, business_date, reservation_id, article_id, entry, 1, 100, 100, created_at, created_by
        FROM posting, n WHERE posting.id = 1";
    db.execute(many, []).expect("lines");
    hotel.post("/api/reservations/1/folios", json!({})).expect(201);
    let all = || hotel.post("/api/folios/1/transfer", json!({"to": {"window": 2}}));
    assert_eq!(all().bad_fields(), ["charge_ids"]);
    moved(&hotel, 1, json!({"charge_ids": [1], "to": {"window": 2}}));
    assert_eq!(all().expect(201)["transfers"].as_array().map(Vec::len), Some(500));
    assert_no_fault(&hotel, "many");
}
