//! Companies' accounts: what is open, which money pays for what, statements, reminders, commissions.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, exact, next_day, small_hotel};
use super::tax_cases::assert_no_fault;
use crate::support::{Answer, TestHotel};

/// A company with an account, and guests in the rooms 1 to 3 for a night at 100.00 each.
fn hotel() -> TestHotel {
    let hotel = small_hotel();
    hotel.post("/api/companies", json!({"name": "Acme", "has_account": true, "terms_days": 14})).expect(201);
    for (stay, name) in [(1, "Ana"), (2, "Ben"), (3, "Cleo")] {
        book(&hotel, name, stay, "2025-11-10", "2025-11-11");
        hotel.post(&format!("/api/reservations/{stay}/check-in"), json!({})).expect(200);
    }
    hotel
}

/// Charges a stay and moves that to the account; the item's id.
fn owe(hotel: &TestHotel, stay: i64, amount: i64) -> i64 {
    let tea = json!({"kind": "extra", "description": "Dinner", "unit_amount": amount});
    hotel.post(&format!("/api/reservations/{stay}/charges"), tea).expect(201);
    let folio = hotel.get(&format!("/api/reservations/{stay}/folio")).expect(200)["folios"][0]["id"].clone();
    let settled = hotel.post(&format!("/api/folios/{folio}/settle"), json!({"company_id": 1, "amount": amount})).expect(201);
    settled["id"].as_i64().expect("an id")
}

fn pay(hotel: &TestHotel, body: Value) -> Value {
    let mut payment = json!({"payment_method": "bank_transfer"});
    payment.as_object_mut().expect("a map").extend(body.as_object().expect("a map").clone());
    hotel.post("/api/companies/1/account/payments", payment).expect(201)
}

fn matches(hotel: &TestHotel, body: Value) -> Answer {
    hotel.post("/api/companies/1/account/matches", body)
}

fn account(hotel: &TestHotel) -> Value {
    hotel.get("/api/companies/1/account").expect(200)
}

/// What is open of each item, the oldest first.
fn open(hotel: &TestHotel) -> Vec<(i64, String)> {
    let list = hotel.get("/api/companies/1/account/items?sort=id&page_size=100&is_open=true").expect(200);
    let row = |item: &Value| (item["id"].as_i64().expect("an id"), item["open_amount"].to_string());
    list["items"].as_array().expect("items").iter().map(row).collect()
}

fn row(id: i64, amount: &str) -> (i64, String) {
    (id, amount.to_owned())
}

fn days(hotel: &TestHotel, from: u32, to: u32) {
    for day in from..=to {
        next_day(hotel, &format!("2025-11-{day:02}"));
    }
}

#[test]
fn a_payment_pays_the_oldest_debts_unless_somebody_says_which() {
    let hotel = hotel();
    let (one, two, three) = (owe(&hotel, 1, 50), owe(&hotel, 2, 40), owe(&hotel, 3, 30));
    let paid = pay(&hotel, json!({"amount": 70, "reference_number": "TX-1"}));
    assert_eq!(open(&hotel), [row(two, "20.00"), row(three, "30.00")]);
    assert_eq!((&paid["amount"], &paid["unmatched_amount"]), (&exact("70.00"), &exact("0.00")));
    let credit = paid["payment_id"].as_i64().expect("an id");
    let seen = hotel.get(&format!("/api/companies/1/account/items/{credit}")).expect(200);
    assert_eq!(
        (&seen["kind"], &seen["reference_number"], &seen["payment_method"]),
        (&json!("payment"), &json!("TX-1"), &json!("bank_transfer"))
    );
    let with: Vec<_> = seen["matches"]
        .as_array()
        .expect("matches")
        .iter()
        .map(|m| (m["with"]["id"].as_i64(), m["amount"].to_string()))
        .collect();
    assert_eq!(with, [(Some(one), "50.00".to_owned()), (Some(two), "20.00".to_owned())]);
    assert_eq!(seen["matches"][0]["with"]["guest_name"], "Ana");

    // By hand, in part, and no more than is open of either side.
    let ahead = pay(&hotel, json!({"amount": 25, "is_matched": false}))["payment_id"].as_i64().expect("an id");
    assert_eq!(open(&hotel), [row(two, "20.00"), row(three, "30.00"), row(ahead, "-25.00")]);
    let part = |debit: i64, amount: i64| json!({"credit_id": ahead, "items": [{"debit_id": debit, "amount": amount}]});
    assert_eq!(matches(&hotel, part(three, 31)).problem(409), "more-than-original");
    assert_eq!(matches(&hotel, part(three, 26)).problem(409), "more-than-original");
    assert_eq!(matches(&hotel, part(three, 0)).bad_fields(), ["items[0].amount"]);
    assert_eq!(matches(&hotel, part(ahead, 1)).bad_fields(), ["items[0].debit_id"]);
    assert_eq!(matches(&hotel, json!({"credit_id": two})).bad_fields(), ["credit_id"]);
    assert_eq!(matches(&hotel, json!({"items": [{"debit_id": two}]})).bad_fields(), ["credit_id"]);
    matches(&hotel, part(three, 10)).expect(201);
    matches(&hotel, json!({"credit_id": ahead, "items": [{"debit_id": two}]})).expect(201);
    assert_eq!(open(&hotel), [row(two, "5.00"), row(three, "20.00")]);
    assert_eq!(account(&hotel)["balance"], exact("25.00"));
    assert_no_fault(&hotel, "matched");
}

#[test]
fn a_match_is_taken_back_once_and_both_sides_are_open_again() {
    let hotel = hotel();
    let debt = owe(&hotel, 1, 50);
    let paid = pay(&hotel, json!({"amount": 30}));
    let id = paid["matches"][0]["id"].clone();
    let undo = |company: i64| hotel.post(&format!("/api/companies/{company}/account/matches/{id}/undo"), json!({}));
    hotel.post("/api/companies", json!({"name": "Bravo"})).expect(201);
    assert_eq!(undo(2).status, 404);
    undo(1).expect(200);
    assert_eq!(open(&hotel), [row(debt, "50.00"), row(paid["payment_id"].as_i64().expect("an id"), "-30.00")]);
    assert_eq!(undo(1).problem(409), "already-reversed");
    assert_eq!((&account(&hotel)["unmatched_amount"], &account(&hotel)["balance"]), (&exact("30.00"), &exact("20.00")));
    let made = matches(&hotel, json!({})).expect(201);
    assert_eq!(made["amount"], exact("30.00"));
    assert_eq!(open(&hotel), [row(debt, "20.00")]);
    let trail = hotel.get("/api/audit-log?entity=company&entity_id=1").expect(200)["items"].to_string();
    assert!(trail.contains("\"unmatch\"") && trail.contains("\"match\""), "{trail}");
    assert_no_fault(&hotel, "undone");
}

#[test]
fn what_is_taken_back_gives_its_matches_up_and_nothing_else_of_them() {
    let hotel = hotel();
    let (one, two) = (owe(&hotel, 1, 50), owe(&hotel, 2, 40));
    let paid = pay(&hotel, json!({"amount": 90}))["payment_id"].as_i64().expect("an id");
    assert_eq!(open(&hotel), []);
    // A part of the payment goes back: as much of the newest match gives way, the older stands.
    hotel.post(&format!("/api/payments/{paid}/refund"), json!({"amount": 15, "reason": "too much"})).expect(200);
    assert_eq!(open(&hotel), [row(two, "15.00")]);
    assert_no_fault(&hotel, "refunded");
    // A bill that was settled is taken back: the guest is in the house again, and the money is matched anew.
    let folio = hotel.get(&format!("/api/companies/1/account/items/{one}")).expect(200);
    assert_eq!(folio["open_amount"], exact("0.00"));
    let account = account(&hotel)["folio_id"].clone();
    hotel.post(&format!("/api/folios/{account}/transfers/{one}/undo"), json!({})).expect(201);
    assert_eq!(open(&hotel), [row(two, "15.00"), row(paid, "-50.00")]);
    // What was paid in error is none at all.
    let error = pay(&hotel, json!({"amount": 10, "items": [{"debit_id": two}]}))["payment_id"].as_i64().expect("an id");
    assert_eq!(open(&hotel), [row(two, "5.00"), row(paid, "-50.00")]);
    hotel.post(&format!("/api/payments/{error}/void"), json!({"reason": "mistake"})).expect(200);
    assert_eq!(open(&hotel), [row(two, "15.00"), row(paid, "-50.00")]);
    assert_no_fault(&hotel, "taken back");
}

#[test]
fn what_is_late_is_told_by_the_terms_that_held_when_it_was_charged() {
    let hotel = hotel();
    let first = owe(&hotel, 1, 50);
    hotel.patch("/api/companies/1", json!({"terms_days": 0})).expect(200);
    let second = owe(&hotel, 2, 20);
    let item = |id: i64| hotel.get(&format!("/api/companies/1/account/items/{id}")).expect(200);
    assert_eq!((&item(first)["due_date"], &item(second)["due_date"]), (&json!("2025-11-24"), &json!("2025-11-10")));
    assert_eq!((&account(&hotel)["not_due_amount"], &account(&hotel)["overdue_amount"]), (&exact("70.00"), &exact("0.00")));
    days(&hotel, 11, 11);
    let late = account(&hotel);
    assert_eq!(
        (&late["overdue_to_30"], &late["not_due_amount"], &late["oldest_due_date"]),
        (&exact("20.00"), &exact("50.00"), &json!("2025-11-10"))
    );
    hotel.post("/api/companies", json!({"name": "Unused"})).expect(201);
    hotel.post("/api/companies", json!({"name": "=Zeta", "has_account": true, "credit_limit": 5})).expect(201);
    let list = hotel.get("/api/accounts").expect(200);
    assert_eq!(
        (&list["total"], &list["items"][0]["name"], &list["items"][0]["overdue_amount"]),
        (&json!(2), &json!("Acme"), &exact("20.00"))
    );
    assert_eq!(hotel.get("/api/accounts?is_overdue=false").expect(200)["items"][0]["name"], "=Zeta");
    assert_eq!(hotel.get("/api/accounts/totals").expect(200)["balance"], exact("70.00"));
    let file = hotel.get("/api/accounts/file").text().to_owned();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines[2], "Acme,company,yes,,70.00,50.00,20.00,20.00,0.00,0.00,0.00,0.00,0.00,2025-11-10");
    assert_eq!(lines[1], "'=Zeta,company,yes,5.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,");
    let semicolons = hotel.get("/api/accounts/file?separator=semicolon").text().to_owned();
    assert!(semicolons.contains("Acme;company;yes;;70,00;50,00;20,00"), "{semicolons}");
    assert_no_fault(&hotel, "late");
}

#[test]
fn a_statement_begins_with_what_was_open_and_ends_with_what_is() {
    let hotel = hotel();
    owe(&hotel, 1, 50);
    let paid = pay(&hotel, json!({"amount": 20}));
    days(&hotel, 11, 12);
    let second = owe(&hotel, 2, 40);
    let statement = |query: &str| hotel.get(&format!("/api/companies/1/account/statement?{query}")).expect(200);
    let all = statement("");
    assert_eq!(
        (&all["from"], &all["opening_balance"], &all["closing_balance"]),
        (&json!("2025-11-01"), &exact("0.00"), &exact("70.00"))
    );
    assert_eq!(all["lines"].as_array().map(Vec::len), Some(3));
    let later = statement("from=2025-11-12&to=2025-11-12");
    let sums = ["opening_balance", "charged_amount", "received_amount", "closing_balance"].map(|name| later[name].to_string());
    assert_eq!(sums, ["30.00", "40.00", "0.00", "70.00"]);
    assert_eq!((&later["lines"][0]["id"], &later["lines"][0]["balance"]), (&json!(second), &exact("70.00")));
    // What is paid afterwards does not change what was open before.
    pay(&hotel, json!({"amount": 70}));
    let before = statement("from=2025-11-10&to=2025-11-11");
    assert_eq!((&before["closing_balance"], &before["balance"]), (&exact("30.00"), &Value::Null));
    assert_eq!((&before["ageing"]["balance"], &before["ageing"]["not_due_amount"]), (&exact("30.00"), &exact("30.00")));
    assert_eq!(paid["matches"].as_array().map(Vec::len), Some(1));
    assert_eq!(hotel.get("/api/companies/1/account/statement?from=2025-11-12&to=2025-11-11").bad_fields(), ["to"]);
    let page = hotel.get("/api/companies/1/documents/statement?from=2025-11-11&language=en").text().to_owned();
    for words in ["Statement of account", "Acme", "Opening balance", "Closing balance", "Ben", "Not due yet"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn a_company_is_reminded_in_three_steps_and_never_twice_on_a_day() {
    let hotel = hotel();
    hotel.patch("/api/companies/1", json!({"terms_days": 0})).expect(200);
    hotel.patch("/api/reminder-levels/1", json!({"days": 2})).expect(200);
    assert_eq!(hotel.patch("/api/reminder-levels/2", json!({"days": 2})).bad_fields(), ["days"]);
    assert_eq!(hotel.patch("/api/reminder-levels/3", json!({"days": 4})).bad_fields(), ["days"]);
    hotel.patch("/api/reminder-levels/2", json!({"days": 4, "fee": 5})).expect(200);
    hotel.patch("/api/reminder-levels/3", json!({"days": 6, "words": "Pay at once."})).expect(200);
    let debt = owe(&hotel, 1, 50);
    let due = || hotel.get("/api/reminders/due").expect(200)["companies"].clone();
    let remind = || hotel.post("/api/reminders", json!({"company_ids": [1]}));
    days(&hotel, 11, 11);
    assert_eq!(due(), json!([]));
    assert_eq!(remind().problem(409), "wrong-date");
    days(&hotel, 12, 12);
    assert_eq!((&due()[0]["level"], &due()[0]["amount"], &due()[0]["fee"]), (&json!(1), &exact("50.00"), &exact("0.00")));
    let first = remind().expect(201)["reminders"][0].clone();
    assert_eq!((remind().problem(409), due()), ("wrong-date".to_owned(), json!([])));
    // Taken back on its day, it can be written again.
    hotel.post(&format!("/api/reminders/{}/undo", first["id"]), json!({})).expect(200);
    assert_eq!(hotel.post(&format!("/api/reminders/{}/undo", first["id"]), json!({})).problem(409), "already-reversed");
    let first = remind().expect(201)["reminders"][0].clone();
    days(&hotel, 13, 13);
    assert_eq!(due(), json!([]), "two days lie between the first step and the second");
    assert_eq!(hotel.post(&format!("/api/reminders/{}/undo", first["id"]), json!({})).problem(409), "wrong-date");
    days(&hotel, 14, 14);
    let second = hotel.post("/api/reminders", json!({})).expect(201)["reminders"][0].clone();
    assert_eq!((&second["level"], &second["fee"]), (&json!(2), &exact("5.00")));
    assert_eq!(account(&hotel)["balance"], exact("55.00"));
    // Its fee goes with it, and comes again with the next.
    hotel.post(&format!("/api/reminders/{}/undo", second["id"]), json!({})).expect(200);
    assert_eq!((&account(&hotel)["balance"], open(&hotel)), (&exact("50.00"), vec![row(debt, "50.00")]));
    let again = remind().expect(201)["reminders"][0].clone();
    assert_no_fault(&hotel, "second");
    let letter = hotel.get(&format!("/api/reminders/{}/document?language=en", again["id"])).text().to_owned();
    for words in ["Second reminder", "We have reminded you before", "Acme", "4 days", "Reminder fee", "55.00"] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    days(&hotel, 15, 16);
    let third = hotel.post("/api/reminders", json!({})).expect(201)["reminders"][0].clone();
    assert_eq!((&third["level"], &third["amount"]), (&json!(3), &exact("50.00")), "a fee is no reason for a letter");
    assert!(hotel.get(&format!("/api/reminders/{}/document?language=en", third["id"])).text().contains("Pay at once."));
    days(&hotel, 17, 25);
    assert_eq!(due(), json!([]), "after the third step comes none");
    let listed = hotel.get("/api/reminders?company_id=1&is_undone=false").expect(200);
    assert_eq!(listed["total"], 3);
    assert_eq!(hotel.get(&format!("/api/reminders/{}", third["id"])).expect(200)["reminded"][0]["item"]["id"], debt);
    assert_no_fault(&hotel, "reminded");
}

#[test]
fn who_has_paid_or_is_not_to_be_reminded_gets_no_letter() {
    let hotel = hotel();
    hotel.patch("/api/companies/1", json!({"terms_days": 0})).expect(200);
    owe(&hotel, 1, 50);
    days(&hotel, 11, 20);
    let due = || hotel.get("/api/reminders/due").expect(200)["companies"].as_array().map(Vec::len);
    assert_eq!(due(), Some(1));
    hotel.patch("/api/companies/1", json!({"is_reminded": false})).expect(200);
    assert_eq!(due(), Some(0));
    hotel.patch("/api/companies/1", json!({"is_reminded": true})).expect(200);
    pay(&hotel, json!({"amount": 50, "is_matched": false}));
    assert_eq!(due(), Some(0));
    // What is owed since and not late yet is no reason for a letter about what is paid.
    hotel.patch("/api/companies/1", json!({"terms_days": 30})).expect(200);
    owe(&hotel, 2, 10);
    assert_eq!(due(), Some(0));
}

#[test]
fn terms_limits_and_commissions_are_for_managers_to_agree_on() {
    let hotel = hotel();
    let desk = hotel.as_role(Role::Receptionist);
    for body in [
        json!({"terms_days": 60}),
        json!({"credit_limit": 1000}),
        json!({"credit_limit": null, "commission_percent": 5}),
        json!({"is_reminded": false}),
    ] {
        assert_eq!(desk.patch("/api/companies/1", body.clone()).status, 403, "{body}");
    }
    let address = json!({"postal_code": "10115", "city": "Berlin", "country": "DE", "terms_days": 14, "credit_limit": null});
    let saved = desk.patch("/api/companies/1", address).expect(200);
    assert_eq!((&saved["country"], &saved["city"], &saved["credit_limit"]), (&json!("DE"), &json!("Berlin"), &Value::Null));
    let manager = hotel.as_role(Role::Manager);
    assert_eq!(manager.patch("/api/companies/1", json!({"credit_limit": 70.5})).expect(200)["credit_limit"], exact("70.50"));
    assert_eq!(manager.patch("/api/companies/1", json!({"credit_limit": -1})).bad_fields(), ["credit_limit"]);
    assert_eq!(manager.patch("/api/companies/1", json!({"terms_days": 366})).bad_fields(), ["terms_days"]);
    owe(&hotel, 1, 50);
    assert_eq!(account(&hotel)["available_amount"], exact("20.50"));
}

#[test]
fn an_agent_is_paid_a_share_of_the_net_room_revenue_of_stays_that_left() {
    let hotel = small_hotel();
    let rates = json!([{"from": "2020-01-01", "percent": 25}]);
    let groups = json!([{"id": 1, "name": "All", "is_included": true, "tax_ids": [1]}]);
    let taxes =
        json!({"taxes": [{"id": 1, "name": "VAT", "rates": rates}], "groups": groups, "extra_group_id": 1, "room_group_id": 1});
    hotel.patch("/api/taxes", taxes).expect(200);
    hotel.post("/api/companies", json!({"name": "Tours", "kind": "agent", "commission_percent": 12.5})).expect(201);
    for (stay, name) in [(1, "Ana"), (2, "Ben")] {
        book(&hotel, name, stay, "2025-11-10", "2025-11-12");
        hotel.patch(&format!("/api/reservations/{stay}"), json!({"company_id": 1})).expect(200);
        hotel.post(&format!("/api/reservations/{stay}/check-in"), json!({})).expect(200);
    }
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": 40});
    hotel.post("/api/reservations/1/charges", tea).expect(201);
    days(&hotel, 11, 12);
    let pay = |ids: Value| hotel.post("/api/commissions/pay", json!({"reservation_ids": ids, "reference": "INV 7"}));
    assert_eq!(pay(json!([1])).problem(409), "illegal-transition");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    let list = || hotel.get("/api/commissions?from=2025-11-01&to=2025-11-30").expect(200);
    // Two nights at 100.00 with a quarter of tax in them: 160.00; one eighth of it.
    let one = list()["items"][0].clone();
    assert_eq!((&list()["total"], &one["base_amount"], &one["amount"]), (&json!(1), &exact("160.00"), &exact("20.00")));
    let night = hotel.get("/api/reservations/1/folio").expect(200)["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .find(|l| l["kind"] == "room")
        .expect("a night")["id"]
        .clone();
    let off = json!({"kind": "allowance", "description": "Noise", "unit_amount": 50, "for_charge_id": night, "reason": "noise"});
    hotel.post("/api/reservations/1/charges", off).expect(201);
    assert_eq!(list()["items"][0]["amount"], exact("15.00"));
    assert_eq!(pay(json!([9])).bad_fields(), ["reservation_ids[0]"]);
    assert_eq!(pay(json!([1])).expect(200)["amount"], exact("15.00"));
    assert_eq!(pay(json!([1])).problem(409), "already-reversed");
    hotel.patch("/api/companies/1", json!({"commission_percent": 0})).expect(200);
    let paid = list()["items"][0].clone();
    assert_eq!((&paid["is_paid"], &paid["amount"], &paid["percent"]), (&json!(true), &exact("15.00"), &json!(12.5)));
    let totals = hotel.get("/api/commissions/totals?from=2025-11-01&to=2025-11-30").expect(200);
    assert_eq!((&totals["amount"], &totals["open_amount"]), (&exact("15.00"), &exact("0.00")));
    let file = hotel.get("/api/commissions/file?from=2025-11-01&to=2025-11-30").text().to_owned();
    assert!(file.contains("2025-11-12,120.00,12.5,15.00,yes,2025-11-12,INV 7"), "{file}");
    // It stays with the agent who was paid, whoever the stay belongs to since.
    hotel.post("/api/companies", json!({"name": "Other", "kind": "agent", "commission_percent": 10})).expect(201);
    hotel.patch("/api/reservations/1", json!({"company_id": 2})).expect(200);
    let paid = list()["items"][0].clone();
    assert_eq!((&list()["total"], &paid["company_name"], &paid["amount"]), (&json!(1), &json!("Tours"), &exact("15.00")));
    hotel.patch("/api/reservations/1", json!({"company_id": 1})).expect(200);
    hotel.post("/api/commissions/1/undo", json!({})).expect(200);
    assert_eq!(hotel.post("/api/commissions/1/undo", json!({})).problem(409), "already-reversed");
    assert_no_fault(&hotel, "commission");
}

#[test]
fn the_database_itself_refuses_to_match_more_than_is_open() {
    let hotel = hotel();
    let debt = owe(&hotel, 1, 50);
    let credit = pay(&hotel, json!({"amount": 60, "is_matched": false}))["payment_id"].as_i64().expect("an id");
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
    let write = |debit: i64, credit: i64, amount: i64| {
        let sql = "INSERT INTO account_match (debit_id, credit_id, amount, business_date, created_at, created_by) VALUES (?1, ?2, ?3, '2025-11-10', 'x', 'x')";
        file.execute(sql, (debit, credit, amount)).map_err(|error| error.to_string())
    };
    for (debit, credit, amount) in [(debt, credit, 5001), (credit, debt, 100), (debt, debt, 1)] {
        let refused = write(debit, credit, amount).expect_err("refused");
        assert!(refused.contains("no_more_is_matched"), "{refused}");
    }
    write(debt, credit, 5000).expect("what is open");
    for theft in [
        "DELETE FROM account_match",
        "UPDATE account_match SET amount = 1",
        "UPDATE account_item SET due_date = '2030-01-01'",
        "DELETE FROM account_item",
    ] {
        let refused = file.execute(theft, []).expect_err(theft).to_string();
        assert!(refused.contains("ledger_is_append_only"), "{theft}: {refused}");
    }
}

#[test]
fn an_open_bill_tells_its_invoice() {
    let hotel = super::invoices::hotel();
    hotel.post("/api/companies", json!({"name": "Acme", "has_account": true})).expect(201);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": 30});
    hotel.post("/api/reservations/1/charges", tea).expect(201);
    let invoice = hotel.post("/api/folios/1/invoices", json!({"is_issued": true})).expect(201);
    hotel.post("/api/folios/1/settle", json!({"company_id": 1})).expect(201);
    let items = hotel.get("/api/companies/1/account/items").expect(200);
    assert!(invoice["number"].is_string());
    assert_eq!(items["items"][0]["invoice_number"], invoice["number"]);
}
