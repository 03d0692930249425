//! Vouchers: sold, redeemed, given back, expired; what is left of them is what the hotel owes.

use innkeeper::domain::actor::Role;
use innkeeper::hotel::{folio, vouchers};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::{Answer, TestHotel};

fn hotel() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    hotel
}

fn sell(hotel: &TestHotel, more: Value) -> Answer {
    let mut body = json!({"amount": 150, "payment_method": "cash"});
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    if body["reservation_id"].is_number() {
        body.as_object_mut().expect("an object").remove("payment_method");
    }
    hotel.post("/api/vouchers", body)
}

fn pay(hotel: &TestHotel, amount: i64, code: &Value) -> Answer {
    let body = json!({"reservation_id": 1, "amount": amount, "payment_method": "voucher", "voucher_code": code});
    hotel.post("/api/payments", body)
}

fn left(hotel: &TestHotel) -> String {
    hotel.get("/api/vouchers/1").expect(200)["balance"].to_string()
}

fn balance(hotel: &TestHotel) -> String {
    hotel.get("/api/reservations/1/folio").expect(200)["balance"].to_string()
}

fn is_sound(hotel: &TestHotel) {
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    for (sentence, sql) in vouchers::checks::INVARIANTS.iter().chain(folio::checks::INVARIANTS) {
        let mut statement = file.prepare(&sql.text).expect("a statement");
        let broken: Vec<String> =
            statement.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!(broken, Vec::<String>::new(), "{sentence}");
    }
}

#[test]
fn a_voucher_pays_until_it_is_used_up_and_gets_back_what_it_paid() {
    let hotel = hotel();
    let code = sell(&hotel, json!({"holder": "Aunt"})).expect(201)["code"].clone();
    assert_eq!(pay(&hotel, 10, &json!("NOPE")).bad_fields(), ["voucher_code"]);
    assert_eq!(pay(&hotel, 10, &Value::Null).bad_fields(), ["voucher_code"]);
    assert_eq!(pay(&hotel, 151, &code).problem(409), "more-than-original");
    let lower = json!(code.as_str().map(str::to_lowercase));
    let paid = pay(&hotel, 120, &lower).expect(201);
    assert_eq!((paid["reference_number"].clone(), left(&hotel), balance(&hotel)), (code.clone(), "30.00".into(), "80.00".into()));
    assert_eq!(pay(&hotel, 31, &code).problem(409), "more-than-original");
    let of = |action: &str| format!("/api/payments/{}/{action}", paid["id"]);
    hotel.post(&of("refund"), json!({"amount": 20, "reason": "asked"})).expect(200);
    assert_eq!(left(&hotel), "50.00");
    // In cash it is the owner's to hear of, and the voucher stays as it is.
    hotel.post(&of("refund"), json!({"amount": 20, "payment_method": "cash", "reason": "asked"})).expect(200);
    assert_eq!(left(&hotel), "50.00");
    assert_eq!(hotel.get("/api/audit/exceptions?kind=refund_by_another_method").expect(200)["total"], 1);
    let again = pay(&hotel, 50, &code).expect(201);
    hotel.post(&format!("/api/payments/{}/void", again["id"]), json!({"reason": "mistake"})).expect(200);
    assert_eq!(left(&hotel), "50.00");
    let card = hotel.post("/api/payments", json!({"reservation_id": 1, "amount": 5, "payment_method": "card"})).expect(201);
    let to_voucher = json!({"payment_method": "voucher", "reason": "asked"});
    assert_eq!(hotel.post(&format!("/api/payments/{}/refund", card["id"]), to_voucher).bad_fields(), ["payment_method"]);
    let owed = hotel.get("/api/vouchers/owed").expect(200);
    assert_eq!((owed["amount"].to_string(), &owed["count"]), ("50.00".to_owned(), &json!(1)));
    is_sound(&hotel);
}

#[test]
fn a_voucher_on_a_bill_is_taken_back_while_nothing_was_taken_off_it() {
    let hotel = hotel();
    // Nobody is here yet who would have to pay it.
    assert_eq!(sell(&hotel, json!({"reservation_id": 1})).problem(409), "illegal-transition");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let sold = sell(&hotel, json!({"reservation_id": 1})).expect(201);
    assert_eq!(balance(&hotel), "350.00");
    let line = hotel.get("/api/reservations/1/folio").expect(200)["lines"][0].clone();
    assert_eq!(
        (&line["kind"], line["tax_amount"].to_string(), &line["note"]),
        (&json!("voucher"), "0.00".to_owned(), &sold["code"])
    );
    let void =
        |hotel: &TestHotel| hotel.post(&format!("/api/reservations/1/charges/{}/void", line["id"]), json!({"reason": "mistake"}));
    let paid = pay(&hotel, 10, &sold["code"]).expect(201);
    assert_eq!(void(&hotel).problem(409), "already-reversed");
    hotel.post(&format!("/api/payments/{}/void", paid["id"]), json!({"reason": "mistake"})).expect(200);
    let off = json!({"kind": "allowance", "description": "Off", "unit_amount": 5, "for_charge_id": line["id"]});
    assert_eq!(hotel.post("/api/reservations/1/charges", off).bad_fields(), ["for_charge_id"]);
    void(&hotel).expect(201);
    assert_eq!((left(&hotel), balance(&hotel)), ("0.00".to_owned(), "200.00".to_owned()));
    assert_eq!(pay(&hotel, 1, &sold["code"]).problem(409), "more-than-original");
    is_sound(&hotel);
}

#[test]
fn a_voucher_that_was_paid_at_once_is_taken_back_with_its_sale() {
    let hotel = hotel();
    let code = sell(&hotel, json!({})).expect(201)["code"].clone();
    let account = hotel.get("/api/house-accounts").expect(200)["items"][0]["id"].clone();
    let line = hotel.get(&format!("/api/folios/{account}")).expect(200)["lines"][0]["id"].clone();
    let void = || hotel.post(&format!("/api/house-accounts/{account}/charges/{line}/void"), json!({"reason": "mistake"}));
    let paid = pay(&hotel, 10, &code).expect(201);
    assert_eq!(void().problem(409), "already-reversed");
    hotel.post(&format!("/api/payments/{}/void", paid["id"]), json!({"reason": "mistake"})).expect(200);
    void().expect(201);
    assert_eq!(left(&hotel), "0.00");
    assert_eq!(pay(&hotel, 1, &code).problem(409), "more-than-original");
    is_sound(&hotel);
}

#[test]
fn codes_of_vouchers_are_for_those_who_take_them_and_no_tip_makes_cash_of_them() {
    let hotel = hotel();
    let code = sell(&hotel, json!({})).expect(201)["code"].clone();
    for path in ["/api/vouchers", "/api/vouchers/1"] {
        assert_eq!(hotel.as_role(Role::ReadOnly).get(path).problem(403), "not-allowed");
        hotel.as_role(Role::Receptionist).get(path).expect(200);
    }
    let tip = json!({"reservation_id": 1, "amount": 10, "payment_method": "voucher", "voucher_code": code, "tip_amount": 10});
    assert_eq!(hotel.post("/api/payments", tip).bad_fields(), ["tip_amount"]);
}

#[test]
fn what_is_left_of_an_expired_voucher_is_kept_by_a_manager_and_taken_no_more() {
    let hotel = hotel();
    assert_eq!(sell(&hotel, json!({"expires_on": "2025-11-09"})).bad_fields(), ["expires_on"]);
    assert_eq!(sell(&hotel, json!({"payment_method": null})).bad_fields(), ["payment_method"]);
    let sold = sell(&hotel, json!({"expires_on": "2025-11-10"})).expect(201);
    pay(&hotel, 10, &sold["code"]).expect(201);
    let expire = |role: Role| hotel.as_role(role).post("/api/vouchers/1/expire", json!({}));
    assert_eq!(expire(Role::Manager).problem(409), "wrong-date");
    hotel.move_on("2025-11-11").expect(200);
    assert_eq!(pay(&hotel, 10, &sold["code"]).bad_fields(), ["voucher_code"]);
    assert_eq!(expire(Role::Receptionist).problem(403), "not-allowed");
    assert_eq!(expire(Role::Manager).expect(200)["balance"].to_string(), "0.00");
    assert_eq!(expire(Role::Manager).problem(409), "already-reversed");
    is_sound(&hotel);
}
