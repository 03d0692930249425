//! Invoices: numbered without a gap, frozen with every word, corrected by credit notes, each posting on one of them.

use innkeeper::domain::actor::Role;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::desk::{book, exact, next_day, small_hotel};
use super::tax_cases::assert_no_fault;
use crate::support::{Answer, TestHotel};

/// A hotel of which its invoices know all, with VAT of 7 % in rooms and 19 % in the rest.
pub fn hotel() -> TestHotel {
    let hotel = small_hotel();
    let rate = |percent: i64| json!([{"from": "2020-01-01", "percent": percent}]);
    let taxes = json!({
        "groups": [{"id": 1, "name": "Rooms", "is_included": true, "tax_ids": [1]}, {"id": 2, "name": "Rest", "is_included": true, "tax_ids": [2]}],
        "taxes": [{"id": 1, "name": "VAT", "rates": rate(7)}, {"id": 2, "name": "VAT", "rates": rate(19)}],
        "room_group_id": 1, "extra_group_id": 2, "fee_group_id": 1,
    });
    hotel.patch("/api/taxes", taxes).expect(200);
    let seller = json!({"name": "Harbour Hotels Ltd", "street": ["Quay 1"], "postal_code": "10115", "city": "Berlin", "country": "DE", "tax_number": "DE123456789"});
    hotel.patch("/api/invoice-setup", json!({"seller": seller, "footer": "Court of Berlin"})).expect(200);
    hotel
}

/// Ana in the house for three nights with a tea of 30.00, charge 1 of folio 1.
pub fn in_house() -> TestHotel {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    extra(&hotel, "Tea", 30);
    hotel
}

pub fn extra(hotel: &TestHotel, what: &str, amount: i64) -> Value {
    let charge = json!({"kind": "extra", "description": what, "unit_amount": amount});
    hotel.post("/api/reservations/1/charges", charge).expect(201)
}

pub fn draft(hotel: &TestHotel, body: Value) -> Answer {
    hotel.post("/api/folios/1/invoices", body)
}

pub fn issued(hotel: &TestHotel, body: Value) -> Value {
    let mut body = body;
    body["is_issued"] = json!(true);
    draft(hotel, body).expect(201)
}

pub fn act(hotel: &TestHotel, invoice: &Value, step: &str, body: Value) -> Answer {
    hotel.post(&format!("/api/invoices/{}/{step}", invoice["id"]), body)
}

pub fn number(invoice: &Value) -> &str {
    invoice["number"].as_str().unwrap_or("none")
}

pub fn paper(hotel: &TestHotel, invoice: &Value, query: &str) -> String {
    let answer = hotel.get(&format!("/api/invoices/{}/document{query}", invoice["id"]));
    assert_eq!(answer.status, 200);
    answer.text().to_owned()
}

#[test]
fn a_draft_uses_no_number_up_and_what_is_issued_gets_the_next() {
    let hotel = in_house();
    let first = draft(&hotel, json!({})).expect(201);
    assert_eq!((&first["number"], &first["status"], &first["gross_amount"]), (&Value::Null, &json!("draft"), &exact("30.00")));
    assert_eq!((&first["lines"][0]["net_amount"], &first["lines"][0]["rate"]), (&exact("25.21"), &exact("19.0000")));
    hotel.delete(&format!("/api/invoices/{}", first["id"])).expect(204);
    let second = issued(&hotel, json!({}));
    assert_eq!((number(&second), &second["issued_on"]), ("INV-2025-00001", &json!("2025-11-10")));
    assert_eq!(draft(&hotel, json!({})).problem(409), "nothing-to-invoice");
    extra(&hotel, "Wine", 20);
    let third = issued(&hotel, json!({}));
    assert_eq!((number(&third), &third["gross_amount"]), ("INV-2025-00002", &exact("20.00")));
    assert_no_fault(&hotel, "drafts");
}

#[test]
fn each_posting_is_on_one_invoice_that_counts() {
    let hotel = in_house();
    let (one, other) = (draft(&hotel, json!({})).expect(201), draft(&hotel, json!({})).expect(201));
    let one = act(&hotel, &one, "issue", json!({})).expect(200);
    assert_eq!(act(&hotel, &other, "issue", json!({})).problem(409), "nothing-to-invoice");
    // Chosen by name it is told that they are gone.
    assert_eq!(draft(&hotel, json!({"charge_ids": [1]})).problem(409), "nothing-to-invoice");
    extra(&hotel, "Wine", 20);
    let lost = draft(&hotel, json!({"charge_ids": [1, 2]})).expect(201);
    assert_eq!(
        (&lost["has_lost_lines"], act(&hotel, &lost, "issue", json!({})).problem(409).as_str()),
        (&json!(true), "nothing-to-invoice")
    );
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    let twice = format!("INSERT INTO invoice_posting (invoice_id, posting_id) VALUES ({}, 1)", one["id"]);
    assert!(file.execute(&twice, []).expect_err("once").to_string().contains("invoice_posting.posting_id"));
    // What stands on an invoice is neither voided nor moved.
    assert_eq!(hotel.post("/api/reservations/1/charges/1/void", json!({"reason": "x"})).problem(409), "posting-is-invoiced");
    hotel.post("/api/reservations/1/folios", json!({"payer_name": "Aunt"})).expect(201);
    let moved = json!({"charge_ids": [1], "to": {"window": 2}});
    assert_eq!(hotel.post("/api/folios/1/transfer", moved.clone()).problem(409), "posting-is-invoiced");
    act(&hotel, &one, "credit", json!({"reason": "other payer"})).expect(201);
    hotel.post("/api/folios/1/transfer", moved).expect(201);
    assert_no_fault(&hotel, "one invoice");
}

#[test]
fn numbers_begin_again_with_the_year_of_the_business_date_and_dates_never_fall() {
    let hotel = hotel();
    hotel.patch("/api/invoice-series/1", json!({"prefix": "{yy}/", "digits": 3})).expect(200);
    let bar = json!({"kind": "invoice", "name": "Bar", "prefix": "BAR", "is_yearly": false});
    let bar = hotel.post("/api/invoice-series", bar).expect(201)["id"].clone();
    hotel.post("/api/house-accounts", json!({"name": "Café"})).expect(201);
    let sell = || {
        let beer = json!({"kind": "extra", "description": "Beer", "unit_amount": 5});
        hotel.post("/api/house-accounts/1/charges", beer).expect(201);
    };
    let issue = |series: Value| {
        sell();
        let made = hotel.post("/api/folios/1/invoices", json!({"series_id": series, "is_issued": true})).expect(201);
        number(&made).to_owned()
    };
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    let to = |date: &str| file.execute("UPDATE property SET business_date = ?1", [date]).map(|_| ());
    to("2025-12-31").expect("moved");
    let hotel_restarted = &hotel;
    assert_eq!([issue(json!(1)), issue(json!(1)), issue(bar.clone())], ["25/001", "25/002", "BAR00001"]);
    to("2026-01-01").expect("moved");
    assert_eq!([issue(json!(1)), issue(bar)], ["26/001", "BAR00002"]);
    // A day on which something was issued is not gone back from.
    let refused = to("2025-12-31").expect_err("closed").to_string();
    assert!(refused.contains("day_is_closed"), "{refused}");
    assert_no_fault(hotel_restarted, "a year's turn");
}

#[test]
fn a_reprint_is_word_for_word_the_same_after_everything_changed() {
    let hotel = in_house();
    let made = issued(&hotel, json!({"language": "de"}));
    let before = paper(&hotel, &made, "");
    for words in [
        "Rechnung",
        "INV-2025-00001",
        "Harbour Hotels Ltd",
        "DE123456789",
        "Ana",
        "Tea",
        "30,00",
        "10.11.2025",
        "Court of Berlin",
    ] {
        assert!(before.contains(words), "{words}: {before}");
    }
    hotel.patch("/api/settings", json!({"name": "Other House", "address": "Elsewhere", "locale": "en-US"})).expect(200);
    hotel
        .patch("/api/invoice-setup", json!({"seller": {"name": "Other Ltd", "country": "FR"}, "footer": "y", "language": "fr"}))
        .expect(200);
    hotel.patch("/api/guests/1", json!({"full_name": "Bea"})).expect(200);
    hotel.patch("/api/taxes", json!({"taxes": [
        {"id": 1, "name": "VAT", "rates": [{"from": "2020-01-01", "percent": 10}]}, {"id": 2, "name": "VAT", "rates": [{"from": "2020-01-01", "percent": 20}]}
    ]})).expect(200);
    hotel.patch("/api/invoice-series/1", json!({"prefix": "X{year}-", "name": "X"})).expect(200);
    next_day(&hotel, "2025-11-11");
    assert_eq!(paper(&hotel, &made, ""), before);
    // What goes out a second time is marked, and is the same but for the mark.
    assert_eq!(act(&hotel, &made, "print", json!({})).expect(200)["is_copy"], false);
    assert_eq!(act(&hotel, &made, "print", json!({})).expect(200)["is_copy"], true);
    let copy = paper(&hotel, &made, "?is_copy=true");
    assert_eq!(copy.replace(" · KOPIE", ""), before);
    assert_no_fault(&hotel, "reprint");
}

#[test]
fn a_logo_stays_on_what_was_issued_with_it() {
    const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let hotel = in_house();
    let set = |picture: Value| hotel.put("/api/invoice-setup/logo", json!({"picture": picture}));
    assert_eq!(set(json!("bm90IGEgcGljdHVyZQ==")).bad_fields(), ["picture"]);
    assert_eq!(set(json!("%")).bad_fields(), ["picture"]);
    assert_eq!(set(json!(PIXEL)).expect(200)["logo"].as_str().map(str::len), Some(64));
    let made = issued(&hotel, json!({}));
    assert_eq!(set(Value::Null).expect(200)["logo"], Value::Null);
    assert!(paper(&hotel, &made, "").contains(PIXEL));
    extra(&hotel, "Wine", 1);
    assert!(!paper(&hotel, &issued(&hotel, json!({})), "").contains("data:image"));
    let file = hotel.get(&format!("/api/invoices/{}/pdf", made["id"]));
    assert!(file.status == 200 && file.body.starts_with(b"%PDF-"), "{}", file.status);
}

#[test]
fn what_was_issued_never_changes_and_a_change_in_the_file_is_found() {
    let hotel = in_house();
    let made = issued(&hotel, json!({}));
    let at = format!("/api/invoices/{}", made["id"]);
    assert_eq!(hotel.patch(&at, json!({"note": "x"})).problem(409), "ledger-is-append-only");
    assert_eq!(hotel.delete(&at).problem(409), "ledger-is-append-only");
    assert_eq!(act(&hotel, &made, "issue", json!({})).problem(409), "ledger-is-append-only");
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    for change in [
        "UPDATE invoice SET gross = 1 WHERE number IS NOT NULL",
        "UPDATE invoice SET snapshot = '{}' WHERE number IS NOT NULL",
        "UPDATE invoice SET number = 'X' WHERE number IS NOT NULL",
        "DELETE FROM invoice WHERE number IS NOT NULL",
        "UPDATE invoice_line SET gross = 1, net = 1, tax = 0",
        "DELETE FROM invoice_line",
        "DELETE FROM invoice_tax",
        "DELETE FROM invoice_posting",
        "UPDATE invoice_counter SET last = 7",
        "DELETE FROM invoice_counter",
    ] {
        assert!(file.execute(change, []).is_err(), "{change}");
    }
    assert_no_fault(&hotel, "frozen");
    // Whoever takes the triggers away is found out by the chain.
    file.execute_batch("DROP TRIGGER invoice_is_frozen; UPDATE invoice SET snapshot = replace(snapshot, 'Tea', 'Gin')")
        .expect("a forgery");
    let report = hotel.app.db.read(
        &innkeeper::db::Context {
            actor: innkeeper::domain::actor::Actor::program("test"),
            now: innkeeper::domain::date::Instant::EPOCH,
        },
        innkeeper::hotel::checks::sums,
    );
    let found = report.expect("a report").in_short().unwrap_or_default();
    assert!(found.contains("Nothing that was issued has been changed since."), "{found}");
}

#[test]
fn a_credit_note_takes_back_whole_and_the_next_invoice_has_a_new_number() {
    let hotel = in_house();
    let made = issued(&hotel, json!({}));
    let note = act(&hotel, &made, "credit", json!({"reason": "wrong guest"})).expect(201);
    assert_eq!((number(&note), &note["kind"], &note["gross_amount"]), ("CN-2025-00001", &json!("credit_note"), &exact("-30.00")));
    assert_eq!((&note["refers_to_number"], &note["tax_amount"]), (&json!("INV-2025-00001"), &exact("-4.79")));
    let text = paper(&hotel, &note, "");
    assert!(text.contains("INV-2025-00001") && text.contains("wrong guest"), "{text}");
    let whole = hotel.get(&format!("/api/invoices/{}", made["id"])).expect(200);
    assert_eq!((&whole["status"], &whole["followers"][0]["number"]), (&json!("credited"), &json!("CN-2025-00001")));
    assert_eq!(act(&hotel, &made, "credit", json!({"reason": "again"})).problem(409), "already-reversed");
    assert_eq!(act(&hotel, &note, "credit", json!({"reason": "again"})).problem(409), "illegal-transition");
    assert_eq!(number(&issued(&hotel, json!({}))), "INV-2025-00002");
    assert_no_fault(&hotel, "whole credit");
}

#[test]
fn a_correction_is_one_step_to_a_new_draft_with_the_same_lines() {
    let hotel = in_house();
    let buyer =
        json!({"name": "Acme", "street": ["Road 1"], "city": "Bonn", "country": "DE", "is_company": true, "reference": "PO 7"});
    let made = issued(&hotel, json!({"buyer": buyer, "language": "fr", "note": "as agreed"}));
    assert_eq!(&made["due_on"], &json!("2025-12-10"));
    let both = act(&hotel, &made, "correct", json!({"reason": "other address"})).expect(201);
    let draft = &both["draft"];
    assert_eq!((&both["credit_note"]["gross_amount"], &draft["gross_amount"]), (&exact("-30.00"), &exact("30.00")));
    assert_eq!(
        (&draft["buyer"]["reference"], &draft["language"], &draft["note"]),
        (&json!("PO 7"), &json!("fr"), &json!("as agreed"))
    );
    let again = act(&hotel, draft, "issue", json!({"version": draft["version"]})).expect(200);
    assert_eq!((number(&again), &again["refers_to_number"]), ("INV-2025-00002", &json!("INV-2025-00001")));
    assert!(paper(&hotel, &again, "").contains("Remplace la facture"));
    assert_no_fault(&hotel, "correction");
}

#[test]
fn a_credit_is_never_more_than_is_left_of_a_line_and_its_rate() {
    let hotel = in_house();
    extra(&hotel, "Wine", 20);
    let made = issued(&hotel, json!({}));
    let part =
        |position: i64, amount: &str| json!({"reason": "cold", "lines": [{"position": position, "amount": exact(amount)}]});
    let note = act(&hotel, &made, "credit", part(1, "10")).expect(201);
    assert_eq!((&note["gross_amount"], &note["tax_amount"]), (&exact("-10.00"), &exact("-1.60")));
    // It stands on the bill as well.
    assert_eq!(hotel.get("/api/folios/1").expect(200)["balance"], exact("40.00"));
    assert_eq!(act(&hotel, &made, "credit", part(1, "20.01")).problem(409), "more-than-original");
    assert_eq!(act(&hotel, &made, "credit", part(9, "1")).bad_fields(), ["lines"]);
    assert_eq!(act(&hotel, &made, "credit", json!({"reason": " "})).bad_fields(), ["reason"]);
    let rest = act(&hotel, &made, "credit", json!({"reason": "all"})).expect(201);
    assert_eq!((&rest["gross_amount"], &rest["tax_amount"]), (&exact("-40.00"), &exact("-6.38")));
    // What it stood for comes again, with what was taken off.
    let again = issued(&hotel, json!({}));
    assert_eq!(&again["gross_amount"], &exact("40.00"));
    assert_no_fault(&hotel, "parts");
}

#[test]
fn a_line_credited_whole_frees_its_charge_alone() {
    let hotel = in_house();
    extra(&hotel, "Wine", 20);
    let made = issued(&hotel, json!({}));
    let note = act(&hotel, &made, "credit", json!({"reason": "not his", "lines": [{"position": 2}]})).expect(201);
    assert_eq!((&note["gross_amount"], &note["lines"][0]["description"]), (&exact("-20.00"), &json!("Wine")));
    let free = draft(&hotel, json!({})).expect(201);
    assert_eq!((&free["gross_amount"], &free["choosable"][0]["charge_id"]), (&exact("20.00"), &json!(2)));
    hotel.post("/api/reservations/1/charges/2/void", json!({"reason": "not his"})).expect(201);
    assert_eq!(hotel.post("/api/reservations/1/charges/1/void", json!({"reason": "x"})).problem(409), "posting-is-invoiced");
    assert_no_fault(&hotel, "one line");
}

#[test]
fn what_is_taken_off_the_bill_after_its_invoice_goes_on_a_credit_note() {
    let hotel = in_house();
    let made = issued(&hotel, json!({}));
    let off = json!({"kind": "allowance", "description": "Cold", "unit_amount": 12, "for_charge_id": 1});
    hotel.post("/api/reservations/1/charges", off).expect(201);
    assert_eq!(hotel.get(&format!("/api/invoices/{}", made["id"])).expect(200)["uncredited_amount"], exact("-12.00"));
    extra(&hotel, "Wine", 20);
    // The next invoice has nothing to do with it.
    assert_eq!(issued(&hotel, json!({}))["gross_amount"], exact("20.00"));
    assert_eq!(draft(&hotel, json!({"kind": "credit_note"})).bad_fields(), ["reason"]);
    let note = draft(&hotel, json!({"kind": "credit_note", "reason": "cold"})).expect(201);
    assert_eq!((&note["gross_amount"], &note["refers_to_number"]), (&exact("-12.00"), &json!("INV-2025-00001")));
    assert_eq!(draft(&hotel, json!({"kind": "credit_note", "reason": "cold"})).problem(409), "nothing-to-invoice");
    assert_no_fault(&hotel, "allowance");
}

pub fn pay(hotel: &TestHotel, amount: &str) {
    let body = json!({"reservation_id": 1, "amount": exact(amount), "payment_method": "card", "payment_type": "deposit"});
    hotel.post("/api/payments", body).expect(201);
}

#[test]
fn a_final_invoice_takes_its_deposit_invoices_off_with_what_was_credited_of_them() {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    let ask = |body: Value| hotel.post("/api/reservations/1/invoices", body);
    assert_eq!(ask(json!({"kind": "deposit_invoice"})).problem(409), "nothing-to-invoice");
    pay(&hotel, "60");
    let deposit = ask(json!({"kind": "deposit_invoice", "is_issued": true})).expect(201);
    assert_eq!(
        (number(&deposit), &deposit["gross_amount"], &deposit["tax_amount"]),
        ("DEP-2025-00001", &exact("60.00"), &exact("3.93"))
    );
    assert_eq!((&deposit["payable_amount"], &deposit["lines"][0]["rate"]), (&exact("0.00"), &exact("7.0000")));
    assert_eq!(ask(json!({"kind": "deposit_invoice"})).problem(409), "nothing-to-invoice");
    let part = json!({"reason": "less", "lines": [{"position": 1, "amount": 20}]});
    assert_eq!(act(&hotel, &deposit, "credit", part).expect(201)["tax_amount"], exact("-1.31"));
    pay(&hotel, "40");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/check-out", json!({})).expect(200);
    let last = issued(&hotel, json!({}));
    assert_eq!(
        (&last["gross_amount"], &last["prepaid_amount"], &last["payable_amount"]),
        (&exact("100.00"), &exact("100.00"), &exact("0.00"))
    );
    assert_eq!((&last["deposits"][0]["number"], &last["deposits"][0]["amount"]), (&json!("DEP-2025-00001"), &exact("40.00")));
    assert!(paper(&hotel, &last, "").contains("DEP-2025-00001"));
    // It is taken off once, and cannot be credited under the invoice that takes it off.
    assert_eq!(act(&hotel, &deposit, "credit", json!({"reason": "x"})).problem(409), "still-in-use");
    act(&hotel, &last, "credit", json!({"reason": "x"})).expect(201);
    let again = issued(&hotel, json!({}));
    assert_eq!(&again["deposits"][0]["amount"], &exact("40.00"));
    assert_no_fault(&hotel, "deposits");
}

#[test]
fn money_pays_one_invoice_only_and_what_comes_later_the_oldest_first() {
    let hotel = in_house();
    pay(&hotel, "20");
    let first = issued(&hotel, json!({}));
    assert_eq!(
        (&first["prepaid_amount"], &first["payable_amount"], &first["open_amount"]),
        (&exact("20.00"), &exact("10.00"), &exact("10.00"))
    );
    extra(&hotel, "Wine", 40);
    let second = issued(&hotel, json!({}));
    assert_eq!((&second["prepaid_amount"], &second["open_amount"]), (&exact("0.00"), &exact("40.00")));
    pay(&hotel, "15");
    let open = |invoice: &Value| hotel.get(&format!("/api/invoices/{}", invoice["id"])).expect(200)["open_amount"].clone();
    assert_eq!((open(&first), open(&second)), (exact("0.00"), exact("35.00")));
}

/// The charge of folio 1 that is on no invoice.
fn waiting(hotel: &TestHotel) -> i64 {
    let found = draft(hotel, json!({})).expect(201);
    found["choosable"][0]["charge_id"].as_i64().expect("a charge")
}

pub fn shown(hotel: &TestHotel, invoice: &Value) -> Value {
    hotel.get(&format!("/api/invoices/{}", invoice["id"])).expect(200)
}

#[test]
fn a_line_credited_frees_nothing_that_stands_on_another_invoice() {
    let hotel = in_house();
    hotel.post("/api/reservations/1/folios", json!({"payer_name": "Aunt"})).expect(201);
    let moved = |from: i64, amount: i64, window: i64| {
        let body = json!({"charge_ids": [1], "amount": amount, "to": {"window": window}});
        hotel.post(&format!("/api/folios/{from}/transfer"), body).expect(201);
    };
    let away = hotel.get("/api/reservations/1/folio").expect(200)["folios"][1]["id"].as_i64().expect("an id");
    moved(1, 10, 2);
    let first = issued(&hotel, json!({}));
    moved(away, 10, 1);
    let second = issued(&hotel, json!({}));
    assert_eq!((&first["gross_amount"], &second["gross_amount"]), (&exact("20.00"), &exact("10.00")));
    act(&hotel, &first, "credit", json!({"reason": "x", "lines": [{"position": 1}]})).expect(201);
    assert_eq!(issued(&hotel, json!({}))["gross_amount"], exact("20.00"));
    assert_no_fault(&hotel, "two invoices of a charge");
}

#[test]
fn an_invoice_opens_again_when_its_money_is_gone() {
    let hotel = in_house();
    let cash = json!({"reservation_id": 1, "amount": 30, "payment_method": "cash"});
    let paid = hotel.post("/api/payments", cash).expect(201)["id"].clone();
    let made = issued(&hotel, json!({}));
    assert_eq!(made["open_amount"], exact("0.00"));
    hotel.post(&format!("/api/payments/{paid}/void"), json!({"reason": "mistake"})).expect(200);
    assert_eq!(shown(&hotel, &made)["open_amount"], exact("30.00"));
    pay(&hotel, "30");
    assert_eq!(shown(&hotel, &made)["open_amount"], exact("0.00"));
}

#[test]
fn a_deposit_is_taken_off_where_it_fits_and_while_its_money_is_there() {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    pay(&hotel, "100");
    let ask = |body: Value| hotel.post("/api/reservations/1/invoices", body);
    ask(json!({"kind": "deposit_invoice", "is_issued": true})).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    extra(&hotel, "Tea", 20);
    let small = issued(&hotel, json!({}));
    assert_eq!((&small["deposits"], &small["payable_amount"]), (&json!([]), &exact("20.00")));
    extra(&hotel, "Feast", 300);
    let last = draft(&hotel, json!({})).expect(201);
    assert_eq!((&last["deposits"][0]["amount"], &last["payable_amount"]), (&exact("100.00"), &exact("200.00")));
    hotel.post("/api/payments/1/void", json!({"reason": "never came"})).expect(200);
    let last = act(&hotel, &last, "issue", json!({})).expect(200);
    assert_eq!((&last["deposits"], &last["payable_amount"]), (&json!([]), &exact("300.00")));
}

#[test]
fn what_companies_paid_closes_the_invoice_of_the_stay_and_pays_nothing_else() {
    let hotel = in_house();
    hotel.post("/api/companies", json!({"name": "Acme", "has_account": true, "terms_days": 45})).expect(201);
    let made = issued(&hotel, json!({}));
    hotel.post("/api/folios/1/settle", json!({"company_id": 1, "amount": 30})).expect(201);
    assert_eq!(shown(&hotel, &made)["open_amount"], exact("30.00"));
    let money = json!({"amount": 30, "payment_method": "bank_transfer"});
    hotel.post("/api/companies/1/account/payments", money).expect(201);
    assert_eq!(shown(&hotel, &made)["open_amount"], exact("0.00"));
    let account = hotel.get("/api/companies/1/account").expect(200)["folio_id"].clone();
    extra(&hotel, "Hall", 30);
    hotel.post("/api/folios/1/transfer", json!({"charge_ids": [waiting(&hotel)], "to": {"company_id": 1}})).expect(201);
    let theirs = hotel.post(&format!("/api/folios/{account}/invoices"), json!({"is_issued": true})).expect(201);
    assert_eq!((&theirs["payable_amount"], &theirs["open_amount"]), (&exact("30.00"), &exact("30.00")));
    // Due by the terms of the company, as its account counts.
    assert_eq!(theirs["due_on"], "2025-12-25");
    assert_no_fault(&hotel, "settled");
}

#[test]
fn parts_of_one_price_are_credited_together_and_an_original_is_printed_once() {
    let hotel = hotel();
    let groups = json!([
        {"id": 1, "name": "Rooms", "is_included": true, "tax_ids": [1]}, {"id": 2, "name": "Rest", "is_included": true, "tax_ids": [2]},
        {"id": 3, "name": "Both", "is_included": true, "tax_ids": [], "parts": [{"group_id": 1, "percent": 50}, {"group_id": 2, "percent": 50}]}
    ]);
    hotel.patch("/api/taxes", json!({"groups": groups, "extra_group_id": 3})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    extra(&hotel, "Feast", 30);
    let waiting = draft(&hotel, json!({})).expect(201);
    assert_eq!(act(&hotel, &waiting, "correct", json!({"reason": "x"})).problem(409), "illegal-transition");
    let made = act(&hotel, &waiting, "issue", json!({})).expect(200);
    let part = json!({"reason": "x", "lines": [{"position": 1, "amount": 5}]});
    assert_eq!(act(&hotel, &made, "credit", part).problem(409), "illegal-transition");
    let both = json!({"reason": "x", "lines": [{"position": 1}, {"position": 2}]});
    let print = || act(&hotel, &made, "print", json!({})).expect(200);
    print();
    let original = paper(&hotel, &made, "");
    print();
    assert_eq!(paper(&hotel, &made, ""), paper(&hotel, &made, "?is_copy=true"));
    assert_ne!(paper(&hotel, &made, ""), original);
    assert_eq!(act(&hotel, &made, "credit", both).expect(201)["gross_amount"], exact("-30.00"));
    assert_no_fault(&hotel, "parts of a price");
}

#[test]
fn a_pro_forma_invoice_shows_what_is_to_come_and_stands_for_nothing() {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    let ask = || hotel.post("/api/reservations/1/invoices", json!({"kind": "pro_forma", "is_issued": true})).expect(201);
    let made = ask();
    assert_eq!(
        (number(&made), &made["gross_amount"], made["lines"].as_array().map(Vec::len)),
        ("PF-2025-00001", &exact("300.00"), Some(3))
    );
    assert_eq!((&made["tax_amount"], number(&ask())), (&exact("19.63"), "PF-2025-00002"));
    assert_eq!(act(&hotel, &made, "credit", json!({"reason": "x"})).problem(409), "illegal-transition");
    assert!(paper(&hotel, &made, "").contains("This document is not an invoice"));
    assert_no_fault(&hotel, "pro forma");
}

#[test]
fn a_simplified_invoice_does_without_the_buyers_address_up_to_the_limit() {
    let hotel = in_house();
    hotel.patch("/api/invoice-setup", json!({"simplified_limit": 30})).expect(200);
    let small = draft(&hotel, json!({})).expect(201);
    assert_eq!((&small["is_simplified"], &small["title"]), (&json!(true), &json!("Simplified invoice / Kleinbetragsrechnung")));
    assert_eq!(small["missing"], json!([]));
    let at = format!("/api/invoices/{}", small["id"]);
    assert_eq!(hotel.patch(&at, json!({"is_simplified": false})).expect(200)["missing"], json!(["buyer_address"]));
    let named = hotel.patch(&at, json!({"is_simplified": null, "buyer": {"name": "Acme", "is_company": true}})).expect(200);
    assert_eq!(named["is_simplified"], false);
    extra(&hotel, "Wine", 1);
    let larger = hotel.patch(&at, json!({"buyer": null})).expect(200);
    assert_eq!((&larger["is_simplified"], &larger["gross_amount"]), (&json!(false), &exact("31.00")));
}

#[test]
fn a_city_tax_is_exempt_and_a_hotel_without_a_tax_number_is_out_of_scope() {
    let hotel = hotel();
    let levy = json!({"id": 1, "name": "City tax", "unit": "person_night", "rates": [{"from": "2020-01-01", "bands": [{"from_price": 0, "amount": 4}]}]});
    hotel.patch("/api/taxes", json!({"levies": [levy]})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    let made = draft(&hotel, json!({})).expect(201);
    let category = |at: usize| made["lines"][at]["category"].clone();
    assert_eq!((category(0), category(1), &made["taxes"][1]["base_amount"]), (json!("S"), json!("E"), &exact("4.00")));
    assert!(made["required"].to_string().contains("collected on behalf"), "{}", made["required"]);
    assert_eq!(
        (&made["net_amount"], &made["tax_amount"], &made["prepaid_amount"]),
        (&exact("97.46"), &exact("6.54"), &exact("104.00"))
    );
    hotel.patch("/api/invoice-setup", json!({"seller": {"name": "X"}})).expect(200);
    let made = hotel.get(&format!("/api/invoices/{}", made["id"])).expect(200);
    assert_eq!(made["lines"][1]["category"], "O");
    assert_no_fault(&hotel, "city tax");
}

#[test]
fn a_company_pays_its_window_and_the_guest_keeps_an_invoice_of_their_own() {
    let hotel = in_house();
    let company = json!({"name": "Acme", "tax_number": "DE99", "address": "Road 1\nBonn"});
    hotel.post("/api/companies", company).expect(201);
    let window = hotel.post("/api/reservations/1/folios", json!({"payer_company_id": 1})).expect(201)["id"].clone();
    extra(&hotel, "Wine", 20);
    hotel.post("/api/folios/1/transfer", json!({"charge_ids": [2], "to": {"window": 2}})).expect(201);
    let theirs = hotel.post(&format!("/api/folios/{window}/invoices"), json!({"is_issued": true})).expect(201);
    assert_eq!(
        (&theirs["buyer"]["name"], &theirs["buyer"]["street"], &theirs["gross_amount"]),
        (&json!("Acme"), &json!(["Road 1", "Bonn"]), &exact("20.00"))
    );
    assert_eq!((&theirs["buyer"]["guest_name"], &theirs["company_id"]), (&json!("Ana"), &json!(1)));
    assert_eq!(issued(&hotel, json!({}))["gross_amount"], exact("30.00"));
    // The company keeps its name on it, whatever it is called later.
    hotel.patch("/api/companies/1", json!({"name": "Other"})).expect(200);
    let list = hotel.get("/api/invoices?company_id=1&q=acm&status=issued&kind=invoice").expect(200);
    assert_eq!((&list["total"], &list["items"][0]["buyer_name"]), (&json!(1), &json!("Acme")));
    assert_eq!(hotel.get("/api/invoices?status=credited").expect(200)["total"], 0);
    assert_no_fault(&hotel, "company");
}

#[test]
fn an_erased_guest_keeps_the_invoice_that_the_law_asks_to_be_kept() {
    let hotel = in_house();
    let made = issued(&hotel, json!({}));
    pay(&hotel, "30");
    hotel.post("/api/reservations/1/undo", json!({})).problem(409);
    for date in ["2025-11-11", "2025-11-12", "2025-11-13"] {
        next_day(&hotel, date);
    }
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    let before = paper(&hotel, &made, "");
    hotel.post("/api/guests/1/anonymise", json!({"reason": "asked by letter"})).expect(200);
    assert_eq!(paper(&hotel, &made, ""), before);
    assert_no_fault(&hotel, "erased");
}

#[test]
fn who_reads_only_issues_nothing_and_series_are_the_managers() {
    let hotel = in_house();
    let reader = hotel.as_role(Role::ReadOnly);
    assert_eq!(reader.post("/api/folios/1/invoices", json!({})).problem(403), "not-allowed");
    let made = hotel.as_role(Role::Receptionist).post("/api/folios/1/invoices", json!({"is_issued": true})).expect(201);
    assert_eq!(reader.get(&format!("/api/invoices/{}", made["id"])).status, 200);
    let change = hotel.as_role(Role::Receptionist).patch("/api/invoice-series/1", json!({"name": "X"}));
    assert_eq!(change.problem(403), "not-allowed");
    assert_eq!(hotel.patch("/api/invoice-series/1", json!({"is_active": false})).bad_fields(), ["is_active"]);
    assert_eq!(hotel.patch("/api/invoice-series/1", json!({"prefix": "A"})).bad_fields(), ["prefix"]);
    assert_eq!(hotel.patch("/api/invoice-series/1", json!({"prefix": "cn-{year}-"})).problem(409), "duplicate-name");
}
