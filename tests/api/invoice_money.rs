//! What pays an invoice: cash that is rounded, deposits that were more than the bill, money that came before the next one.

use serde_json::{Value, json};

use super::desk::{book, exact, next_day};
use super::invoices::{act, draft, extra, hotel, in_house, issued, paper, pay, shown};
use super::tax_cases::assert_no_fault;
use crate::support::TestHotel;

/// Ana's stay of one night is over; the house has coins of 0.05 and she owes so much.
fn owing(tea: &str) -> TestHotel {
    let hotel = hotel();
    hotel.patch("/api/settings", json!({"smallest_coin": exact("0.05")})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": exact(tea)});
    hotel.post("/api/reservations/1/charges", tea).expect(201);
    next_day(&hotel, "2025-11-11");
    hotel
}

fn pay_in_cash(hotel: &TestHotel, amount: &str) -> Value {
    let cash = json!({"reservation_id": 1, "amount": exact(amount), "payment_method": "cash"});
    hotel.post("/api/payments", cash).expect(201)
}

#[test]
fn cash_rounded_after_the_issue_settles_the_invoice_and_is_on_no_other() {
    for (tea, total, cash) in [("30.02", "130.02", "130.00"), ("30.03", "130.03", "130.05")] {
        let hotel = owing(tea);
        let made = issued(&hotel, json!({}));
        assert_eq!((&made["gross_amount"], &made["open_amount"]), (&exact(total), &exact(total)));
        pay_in_cash(&hotel, total);
        assert_eq!(hotel.get("/api/folios/1").expect(200)["balance"], exact("0.00"), "{cash} was taken");
        assert_eq!(shown(&hotel, &made)["open_amount"], exact("0.00"), "{total}");
        extra(&hotel, "Wine", 20);
        let next = issued(&hotel, json!({}));
        assert_eq!((&next["rounding_amount"], &next["prepaid_amount"]), (&exact("0.00"), &exact("0.00")), "{total}");
        assert_eq!((&next["open_amount"], &shown(&hotel, &made)["open_amount"]), (&exact("20.00"), &exact("0.00")));
        assert_no_fault(&hotel, total);
    }
}

#[test]
fn cash_rounded_before_the_issue_stands_on_its_invoice() {
    let hotel = owing("30.02");
    pay_in_cash(&hotel, "130.02");
    let made = issued(&hotel, json!({}));
    assert_eq!((&made["rounding_amount"], &made["prepaid_amount"]), (&exact("-0.02"), &exact("130.00")));
    assert_eq!((&made["payable_amount"], &made["open_amount"]), (&exact("0.00"), &exact("0.00")));
    assert_no_fault(&hotel, "rounded");
    act(&hotel, &made, "credit", json!({"reason": "other name"})).expect(201);
    let again = issued(&hotel, json!({}));
    assert_eq!((&again["rounding_amount"], &again["open_amount"]), (&exact("-0.02"), &exact("0.00")));
    assert_no_fault(&hotel, "rounded again");
}

#[test]
fn what_was_paid_after_an_invoice_is_not_on_the_next_one() {
    let hotel = in_house();
    let first = issued(&hotel, json!({}));
    pay(&hotel, "30");
    extra(&hotel, "Wine", 40);
    let second = issued(&hotel, json!({}));
    assert_eq!((&second["prepaid_amount"], &second["open_amount"]), (&exact("0.00"), &exact("40.00")));
    assert_eq!(shown(&hotel, &first)["open_amount"], exact("0.00"));
}

#[test]
fn a_deposit_of_more_than_the_bill_is_taken_off_and_the_rest_is_to_be_refunded() {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    pay(&hotel, "160");
    let ask = |body: Value| hotel.post("/api/reservations/1/invoices", body).expect(201);
    let deposit = ask(json!({"kind": "deposit_invoice", "is_issued": true}));
    assert_eq!(&deposit["gross_amount"], &exact("160.00"));
    let fee = json!({"kind": "extra", "description": "Kept as agreed", "unit_amount": 100});
    hotel.post("/api/reservations/1/charges", fee).expect(201);
    hotel.post("/api/reservations/1/cancel", json!({"reason": "ill", "waive_fee": true})).expect(200);
    let last = issued(&hotel, json!({}));
    assert_eq!((&last["deposits"][0]["amount"], &last["prepaid_amount"]), (&exact("160.00"), &exact("160.00")));
    assert_eq!((&last["payable_amount"], &last["open_amount"]), (&exact("-60.00"), &exact("0.00")));
    let text = paper(&hotel, &last, "");
    assert!(text.contains("To be refunded") && text.contains("60.00") && !text.contains("Amount due"), "{text}");
    assert_no_fault(&hotel, "more than the bill");
    hotel.post("/api/payments/1/refund", json!({"amount": 60, "reason": "too much"})).expect(200);
    assert_eq!(shown(&hotel, &last)["open_amount"], exact("0.00"));
    assert_no_fault(&hotel, "given back");
}

#[test]
fn a_deposit_of_more_than_the_bill_is_taken_off_before_the_guest_leaves_too() {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    pay(&hotel, "160");
    let body = json!({"kind": "deposit_invoice", "is_issued": true});
    hotel.post("/api/reservations/1/invoices", body).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    next_day(&hotel, "2025-11-11");
    let last = issued(&hotel, json!({}));
    assert_eq!((&last["deposits"][0]["amount"], &last["payable_amount"]), (&exact("160.00"), &exact("-60.00")));
    hotel.post("/api/reservations/1/check-out", json!({"refund": {"reason": "paid too much"}})).expect(200);
    assert_eq!(shown(&hotel, &last)["open_amount"], exact("0.00"));
    // The taxes of the deposit invoice are told once.
    let taxes = hotel.get("/api/reports/invoices?from=2025-11-01&to=2025-11-30&by=rate").expect(200);
    assert_eq!(taxes["totals"][6], exact("100.00"), "{}", taxes["rows"]);
    act(&hotel, &last, "credit", json!({"reason": "other name"})).expect(201);
    let taxes = hotel.get("/api/reports/invoices?from=2025-11-01&to=2025-11-30&by=rate").expect(200);
    assert_eq!(taxes["totals"][6], exact("160.00"), "{}", taxes["rows"]);
    assert_no_fault(&hotel, "taken off in house");
}

#[test]
fn what_was_given_back_of_a_deposit_before_the_final_invoice_stands_on_it() {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    pay(&hotel, "160");
    let ask = |body: Value| hotel.post("/api/reservations/1/invoices", body).expect(201);
    ask(json!({"kind": "deposit_invoice", "is_issued": true}));
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/check-out", json!({"refund": {"reason": "paid too much"}})).expect(200);
    let last = issued(&hotel, json!({}));
    assert_eq!((&last["gross_amount"], &last["deposits"][0]["amount"]), (&exact("100.00"), &exact("160.00")));
    assert_eq!((&last["payments"][0]["amount"], &last["payable_amount"]), (&exact("-60.00"), &exact("0.00")));
    assert!(paper(&hotel, &last, "").contains("Refunded"), "it says so");
    assert_no_fault(&hotel, "given back before");
    // Its credit note frees the deposit for the next one.
    act(&hotel, &last, "credit", json!({"reason": "other name"})).expect(201);
    assert_eq!(issued(&hotel, json!({}))["payable_amount"], exact("0.00"));
}

#[test]
fn parts_of_a_price_at_one_rate_are_one_line() {
    let hotel = hotel();
    let groups = json!([
        {"id": 1, "name": "Rooms", "is_included": true, "tax_ids": [1]}, {"id": 2, "name": "Rest", "is_included": true, "tax_ids": [2]},
        {"id": 4, "name": "Drinks", "is_included": true, "tax_ids": [2]},
        {"id": 3, "name": "Both", "is_included": true, "tax_ids": [], "parts": [{"group_id": 2, "percent": 70}, {"group_id": 4, "percent": 30}]}
    ]);
    hotel.patch("/api/taxes", json!({"groups": groups, "extra_group_id": 3})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    extra(&hotel, "Feast", 30);
    let made = issued(&hotel, json!({}));
    let lines = made["lines"].as_array().map(Vec::len);
    assert_eq!((lines, &made["lines"][0]["description"], &made["tax_amount"]), (Some(1), &json!("Feast"), &exact("4.79")));
    // An amount off it is taken off the one line, up to all of it.
    let off = |amount: &str| json!({"reason": "cold", "lines": [{"position": 1, "amount": exact(amount)}]});
    act(&hotel, &made, "credit", off("20")).expect(201);
    act(&hotel, &made, "credit", off("10")).expect(201);
    assert_eq!(shown(&hotel, &made)["status"], "credited");
    assert_eq!(draft(&hotel, json!({})).problem(409), "nothing-to-invoice");
    assert_no_fault(&hotel, "parts at one rate");
}

#[test]
fn a_company_pays_by_its_own_terms_or_else_by_those_of_the_house() {
    let hotel = in_house();
    hotel.patch("/api/invoice-setup", json!({"due_days": 20})).expect(200);
    let acme = hotel.post("/api/companies", json!({"name": "Acme", "has_account": true})).expect(201);
    assert_eq!(acme["terms_days"], Value::Null);
    hotel.post("/api/reservations/1/folios", json!({"payer_company_id": 1})).expect(201);
    let due_of_next = || {
        let wine = extra(&hotel, "Wine", 20)["id"].clone();
        let moved = json!({"charge_ids": [wine], "to": {"window": 2}});
        hotel.post("/api/folios/1/transfer", moved).expect(201);
        let invoice = json!({"window": 2, "is_issued": true});
        hotel.post("/api/reservations/1/invoices", invoice).expect(201)["due_on"].clone()
    };
    let owed = |amount: i64| {
        hotel.post("/api/folios/1/settle", json!({"company_id": 1, "amount": amount})).expect(201);
        let items = hotel.get("/api/companies/1/account/items").expect(200);
        items["items"][0]["due_date"].clone()
    };
    assert_eq!((due_of_next(), owed(10)), (json!("2025-11-30"), json!("2025-11-30")));
    hotel.patch("/api/companies/1", json!({"terms_days": 45})).expect(200);
    assert_eq!((due_of_next(), owed(11)), (json!("2025-12-25"), json!("2025-12-25")));
    hotel.patch("/api/companies/1", json!({"terms_days": null})).expect(200);
    assert_eq!(due_of_next(), json!("2025-11-30"));
}

#[test]
fn an_issued_invoice_is_found_by_its_number() {
    let hotel = in_house();
    issued(&hotel, json!({}));
    extra(&hotel, "Wine", 20);
    let second = issued(&hotel, json!({}));
    draft(&hotel, json!({"kind": "pro_forma"})).expect(201);
    let found = |q: &str| {
        let hits = hotel.get(&format!("/api/search?q={q}")).expect(200)["invoices"].clone();
        hits.as_array()
            .expect("a list")
            .iter()
            .map(|hit| hit["number"].as_str().expect("a number").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("INV-2025-00002"), ["INV-2025-00002"]);
    assert_eq!(
        (found("inv-2025"), found("2")),
        (vec!["INV-2025-00002".to_owned(), "INV-2025-00001".to_owned()], vec!["INV-2025-00002".to_owned()])
    );
    assert_eq!((found("00001"), found("INV-2026"), found("Ana")), (vec!["INV-2025-00001".to_owned()], vec![], vec![]));
    let hit = hotel.get("/api/search?q=INV-2025-00002").expect(200)["invoices"][0].clone();
    assert_eq!((&hit["id"], &hit["buyer_name"], &hit["kind"]), (&second["id"], &json!("Ana"), &json!("invoice")));
}

#[test]
fn a_hotel_says_it_in_its_own_words_and_what_was_issued_keeps_them() {
    let hotel = in_house();
    let words =
        |own: Value| hotel.patch("/api/invoice-setup", json!({"accent": "#7a3e9d", "words": {"language": "de", "own": own}}));
    let all = || hotel.get("/api/invoice-words?language=de").expect(200)["items"].as_array().expect("words").clone();
    let due = |all: &[Value]| all.iter().find(|word| word["key"] == "terms_due").expect("the word").clone();
    assert_eq!(due(&all()), json!({"key": "terms_due", "standard": "Bitte zahlen Sie bis zum {date}.", "own": null}));
    // What the law asks for is not among them; a value keeps its place.
    for (key, own) in [
        ("exempt", "x"),
        ("pro_forma_note", "x"),
        ("label_copy", ""),
        ("nonsense", "x"),
        ("terms_due", "Bald."),
        ("terms_due", "{day}"),
    ] {
        assert_eq!(words(json!({key: own})).bad_fields(), [format!("words.own.{key}")], "{key}: {own}");
    }
    words(json!({"title_invoice": "Hotelrechnung", "label_payable": "Noch offen", "terms_now": "Bitte gleich."})).expect(200);
    let made = issued(&hotel, json!({"language": "de"}));
    let text = paper(&hotel, &made, "");
    // The title of the law stays beside the hotel's own.
    for said in ["Hotelrechnung / Rechnung", "Noch offen", "Bitte gleich.", "#7a3e9d"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    words(json!({"label_payable": "", "title_invoice": "Rechnung"})).expect(200);
    assert_eq!(hotel.get("/api/invoice-setup").expect(200)["words"], json!({}), "all is said as the program says it");
    hotel.patch("/api/invoice-setup", json!({"accent": ""})).expect(200);
    assert_eq!(paper(&hotel, &made, ""), text);
    extra(&hotel, "Wine", 20);
    let next = paper(&hotel, &issued(&hotel, json!({"language": "de"})), "");
    assert!(!next.contains("Noch offen") && next.contains("Zahlbetrag") && next.contains("Sofort zahlbar."), "{next}");
    assert_no_fault(&hotel, "own words");
}
