//! How money is handed over: rounded cash, change, tips, notes of another currency.

use innkeeper::domain::actor::Role;
use innkeeper::hotel::folio;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use super::till;
use crate::support::numbers::Numbers;
use crate::support::{Answer, TestHotel};

/// A hotel whose smallest coin is 0.05, with a stay of one night, and something beside it on its bill.
fn hotel(extra: &str) -> TestHotel {
    let hotel = small_hotel();
    hotel.patch("/api/settings", json!({"smallest_coin": number("0.05")})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    let charge = json!({"kind": "extra", "description": "Minibar", "unit_amount": number(extra)});
    hotel.post("/api/reservations/1/charges", charge).expect(201);
    hotel
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).expect("a number")
}

fn pay(hotel: &TestHotel, mut more: Value) -> Answer {
    more["reservation_id"] = json!(1);
    hotel.post("/api/payments", more)
}

fn balance(hotel: &TestHotel) -> String {
    hotel.get("/api/reservations/1/folio").expect(200)["balance"].to_string()
}

/// The lines of a kind that stand, by what they come to.
fn lines(hotel: &TestHotel, kind: &str) -> Vec<String> {
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let lines = folio["lines"].as_array().expect("lines");
    lines.iter().filter(|l| l["kind"] == kind && l["voided"] == false).map(|l| l["amount"].to_string()).collect()
}

fn is_sound(hotel: &TestHotel) {
    till::is_sound(hotel);
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    for (sentence, sql) in folio::checks::INVARIANTS {
        let mut statement = file.prepare(&sql.text).expect("a statement");
        let broken: Vec<String> =
            statement.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!(broken, Vec::<String>::new(), "{sentence}");
    }
}

#[test]
fn cash_for_the_rest_is_rounded_to_the_coin_and_what_is_voided_or_refunded_is_mirrored() {
    for (extra, paid, rounding) in [("0.02", "100.00", "-0.02"), ("0.03", "100.05", "0.02"), ("0.02", "100.02", "-0.02")] {
        let hotel = hotel(extra);
        let taken = pay(&hotel, json!({"amount": number(paid), "payment_method": "cash"})).expect(201);
        let whole = if rounding == "0.02" { "100.05" } else { "100.00" };
        assert_eq!((taken["amount"].to_string(), balance(&hotel)), (whole.to_owned(), "0.00".to_owned()), "{extra} {paid}");
        assert_eq!(lines(&hotel, "rounding"), [rounding]);
        let line = hotel.get("/api/reservations/1/folio").expect(200)["lines"][1]["id"].clone();
        let alone = hotel.post(&format!("/api/reservations/1/charges/{line}/void"), json!({"reason": "x"}));
        assert_eq!(alone.problem(409), "ledger-is-append-only");
        hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "mistake"})).expect(200);
        assert_eq!((lines(&hotel, "rounding").len(), balance(&hotel)), (0, format!("100.{}", &extra[2..])));
        let taken = pay(&hotel, json!({"amount": number(paid), "payment_method": "cash"})).expect(201);
        hotel.post(&format!("/api/payments/{}/refund", taken["id"]), json!({"reason": "asked"})).expect(200);
        assert_eq!((lines(&hotel, "rounding").len(), balance(&hotel)), (0, format!("100.{}", &extra[2..])));
        is_sound(&hotel);
    }
}

#[test]
fn what_is_no_rest_no_cash_or_of_a_hotel_with_small_coins_is_not_rounded() {
    let hotel = hotel("0.02");
    assert_eq!(pay(&hotel, json!({"amount": 50, "payment_method": "cash"})).expect(201)["amount"].to_string(), "50.00");
    assert_eq!(
        pay(&hotel, json!({"amount": number("50.02"), "payment_method": "card"})).expect(201)["amount"].to_string(),
        "50.02"
    );
    assert_eq!((lines(&hotel, "rounding").len(), balance(&hotel)), (0, "0.00".to_owned()));
    let exact = super::tender::hotel("0.02");
    exact.patch("/api/settings", json!({"smallest_coin": 0})).expect(200);
    assert_eq!(
        pay(&exact, json!({"amount": number("100.02"), "payment_method": "cash"})).expect(201)["amount"].to_string(),
        "100.02"
    );
}

#[test]
fn a_refund_in_cash_is_rounded_as_well() {
    let hotel = hotel("0.02");
    pay(&hotel, json!({"amount": number("100.02"), "payment_method": "card"})).expect(201);
    let allowance = json!({"kind": "allowance", "description": "Noise", "unit_amount": number("10.01")});
    hotel.post("/api/reservations/1/charges", allowance).expect(201);
    let back = json!({"amount": number("10.01"), "payment_method": "cash", "reason": "Noise"});
    hotel.post(&hotel.of_payment(1, "refund"), back).expect(200);
    assert_eq!((lines(&hotel, "rounding"), balance(&hotel)), (vec!["0.01".to_owned()], "0.00".to_owned()));
    let payments = hotel.get("/api/payments?kind=refund").expect(200);
    assert_eq!(payments["items"][0]["amount"].to_string(), "-10.00");
    is_sound(&hotel);
}

#[test]
fn a_tip_is_owed_to_the_staff_and_handed_out_once() {
    let hotel = hotel("0.02");
    let desk = hotel.sign_in_new("ida", Role::Receptionist);
    hotel.with_token(&desk).post("/api/shifts", json!({"drawer_id": 1, "float_amount": 50})).expect(201);
    let refused = pay(&hotel, json!({"amount": 5, "payment_method": "card", "tip_amount": 6}));
    assert_eq!(refused.bad_fields(), ["tip_amount"]);
    let paid = pay(&hotel, json!({"amount": number("105.02"), "payment_method": "card", "tip_amount": 5})).expect(201);
    assert_eq!((lines(&hotel, "tip"), balance(&hotel)), (vec!["5.00".to_owned()], "0.00".to_owned()));
    assert_eq!(hotel.get("/api/shifts/current").expect(200)["tips_held"].to_string(), "5.00");
    let hand_out =
        |amount: i64| hotel.with_token(&desk).post("/api/shifts/1/movements", json!({"kind": "tip_out", "amount": amount}));
    assert_eq!(hand_out(6).problem(409), "more-than-original");
    hand_out(5).expect(201);
    assert_eq!(hand_out(1).problem(409), "more-than-original");
    // The tip is no revenue, and goes with the payment it came with.
    let stats = hotel.get("/api/dashboard/stats?from=2025-11-10&to=2025-11-10").expect(200);
    assert_eq!(stats["total"]["room_revenue"].to_string(), "100.00", "{stats}");
    hotel.post(&format!("/api/payments/{}/refund", paid["id"]), json!({"amount": 100, "reason": "x"})).expect(200);
    assert_eq!(lines(&hotel, "tip"), ["5.00"]);
    hotel.post(&format!("/api/payments/{}/refund", paid["id"]), json!({"reason": "x"})).expect(200);
    assert_eq!((lines(&hotel, "tip").len(), balance(&hotel)), (0, "100.02".to_owned()));
    // The staff had it already.
    let told = hotel.get("/api/audit/exceptions?kind=refund_of_what_is_owed").expect(200);
    assert_eq!((&told["total"], told["items"][0]["amount"].to_string()), (&json!(1), "5.00".to_owned()));
    is_sound(&hotel);
}

#[test]
fn notes_of_another_currency_are_counted_as_such_and_the_change_is_the_hotels_own() {
    let hotel = hotel("0.02");
    hotel.post("/api/shifts", json!({"drawer_id": 1, "float_amount": 50})).expect(201);
    let foreign = |amount: i64, rate: &str| json!({"amount": 100, "payment_method": "cash", "foreign": {"currency": "USD", "amount": amount, "rate": number(rate)}});
    assert_eq!(pay(&hotel, foreign(100, "0.9")).bad_fields(), ["foreign"]);
    assert_eq!(pay(&hotel, json!({"amount": 5, "payment_method": "cash", "given_amount": 4})).bad_fields(), ["given_amount"]);
    assert_eq!(pay(&hotel, json!({"amount": 5, "payment_method": "card", "given_amount": 6})).bad_fields(), ["given_amount"]);
    let own = json!({"amount": 5, "payment_method": "cash", "foreign": {"currency": "EUR", "amount": 5, "rate": 1}});
    assert_eq!(pay(&hotel, own).bad_fields(), ["foreign.currency"]);
    // 120 at 0.9 are 108.00: 8.00 back of 100.00.
    pay(&hotel, foreign(120, "0.9")).expect(201);
    let told = hotel.get("/api/audit/exceptions?kind=foreign_rate").expect(200);
    assert_eq!((&told["total"], &told["items"][0]["reason"]), (&json!(1), &json!("1 USD = 0.9")));
    let tenders = hotel.get("/api/reservations/1/folio").expect(200)["tenders"].clone();
    assert_eq!(
        (tenders[0]["given_amount"].to_string(), tenders[0]["foreign_amount"].to_string()),
        ("108.00".to_owned(), "120.00".to_owned())
    );
    let expected = |hotel: &TestHotel| -> Vec<String> {
        let shift = hotel.get("/api/shifts/1").expect(200);
        let sums = shift["expected"].as_array().expect("sums");
        sums.iter().map(|sum| format!("{} {}", sum["currency"].as_str().unwrap_or(""), sum["amount"])).collect()
    };
    assert_eq!(expected(&hotel), ["EUR 42.00", "USD 120.00"]);
    hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "mistake"})).expect(200);
    assert_eq!(expected(&hotel), ["EUR 50.00"]);
    pay(&hotel, foreign(120, "0.9")).expect(201);
    let counts = json!([{"amount": 42}, {"currency": "USD", "amount": 100}]);
    hotel.post("/api/shifts/1/close", json!({ "counts": counts })).expect(200);
    let told = hotel.get("/api/audit/exceptions?kind=cash_short").expect(200);
    assert_eq!((&told["items"][0]["currency"], told["items"][0]["amount"].to_string()), (&json!("USD"), "20.00".to_owned()));
    is_sound(&hotel);
}

#[test]
fn whatever_is_paid_tipped_rounded_voided_and_refunded_the_drawer_and_the_bill_agree() {
    let mut numbers = Numbers(20_251_110);
    for round in 0..12 {
        let hotel = hotel(&format!("{}.{:02}", numbers.below(20), 1 + numbers.below(99)));
        hotel.post("/api/shifts", json!({"drawer_id": 1, "float_amount": 1030})).expect(201);
        for _ in 0..10 {
            let method = if numbers.below(3) == 0 { "card" } else { "cash" };
            let due = hotel.get("/api/reservations/1/folio").expect(200)["balance"].clone();
            let payments = hotel.get("/api/payments?sort=id&page_size=100").expect(200)["items"].clone();
            let one = payments.as_array().filter(|all| !all.is_empty()).map(|all| all[numbers.place(all.len())]["id"].clone());
            match (numbers.below(4), one) {
                (0, Some(id)) => drop(hotel.post(&format!("/api/payments/{id}/void"), json!({"reason": "x"}))),
                (1, Some(id)) => {
                    let amount = number(&format!("{}.{:02}", numbers.below(40), 1 + numbers.below(99)));
                    let back = json!({"reason": "x", "amount": amount, "payment_method": method});
                    drop(hotel.post(&format!("/api/payments/{id}/refund"), back));
                }
                (2, _) => {
                    let part = json!({"amount": 1 + numbers.below(60), "payment_method": method, "tip_amount": number("0.5")});
                    drop(pay(&hotel, part));
                }
                _ => drop(pay(&hotel, json!({"amount": due, "payment_method": method}))),
            }
        }
        is_sound(&hotel);
        let file = Connection::open(hotel.app.db.path()).expect("the file");
        let raw: i64 = file
            .query_row("SELECT 100000 + 3000 - coalesce(sum(amount), 0) FROM posting WHERE method = 'cash'", [], |row| row.get(0))
            .expect("a sum");
        let shift = hotel.get("/api/shifts/1").expect(200);
        assert_eq!(shift["expected"][0]["amount"].to_string(), format!("{}.{:02}", raw / 100, raw % 100), "round {round}");
        // What cash was rounded by is never more than half a coin a time.
        let most: i64 = file
            .query_row("SELECT coalesce(max(abs(amount)), 0) FROM posting WHERE article_id = 10", [], |row| row.get(0))
            .expect("a sum");
        assert!(most <= 2, "round {round}: {most}");
    }
}

/// The same hotel with the extra on a window of its own, paid while the guest leaves.
fn two_windows(extra: &str) -> TestHotel {
    let hotel = hotel(extra);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.post("/api/reservations/1/folios", json!({"payer_name": "Aunt"})).expect(201);
    let moved = json!({"charge_ids": [1], "to": {"window": 2}});
    hotel.post("/api/folios/1/transfer", moved).expect(201);
    hotel
}

fn paid(hotel: &TestHotel) -> Vec<String> {
    let payments = hotel.get("/api/payments?sort=id&kind=payment").expect(200)["items"].clone();
    payments.as_array().expect("payments").iter().map(|p| p["amount"].to_string()).collect()
}

#[test]
fn folios_that_are_paid_at_once_in_cash_come_to_coins_each_and_together() {
    // 100.00 for the room on the guest's own; the aunt's rest alone would be rounded the other way.
    for (room, extra, each, rounding) in [
        ("0.02", "7.41", ["100.00", "7.45"], ["-0.02", "0.04"]),
        ("0.03", "7.44", ["100.05", "7.40"], ["0.02", "-0.04"]),
        ("0.04", "7.46", ["100.05", "7.45"], ["0.01", "-0.01"]),
    ] {
        let hotel = two_windows(extra);
        let more = json!({"kind": "extra", "description": "Water", "unit_amount": number(room)});
        hotel.post("/api/reservations/1/charges", more).expect(201);
        let settle = json!({"settle": {"payment_method": "cash", "given_amount": 120}});
        hotel.post("/api/reservations/1/check-out", settle).expect(200);
        assert_eq!(
            (paid(&hotel), lines(&hotel, "rounding")),
            (each.map(str::to_owned).to_vec(), rounding.map(str::to_owned).to_vec())
        );
        assert_eq!(balance(&hotel), "0.00");
        let tenders = hotel.get("/api/reservations/1/folio").expect(200)["tenders"].clone();
        let given = tenders.as_array().expect("tenders").iter().map(|t| t["given_amount"].to_string()).collect::<Vec<_>>();
        let left = if each[0] == "100.00" { "20.00" } else { "19.95" };
        assert_eq!(given, [left], "what was given goes with the last");
        is_sound(&hotel);
    }
}

#[test]
fn a_folio_too_small_for_any_coin_goes_with_the_others() {
    let hotel = two_windows("0.01");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!((paid(&hotel), lines(&hotel, "rounding")), (vec!["100.00".to_owned()], vec!["-0.01".to_owned()]));
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "mistake"})).expect(200);
    assert_eq!((balance(&hotel), lines(&hotel, "rounding").len()), ("100.01".to_owned(), 0));
    is_sound(&hotel);
}

#[test]
fn at_the_door_a_tip_change_notes_and_a_voucher_are_taken_as_anywhere() {
    let hotel = two_windows("7.40");
    hotel.post("/api/shifts", json!({"drawer_id": 1, "float_amount": 50})).expect(201);
    let leave = |settle: Value| hotel.post("/api/reservations/1/check-out", json!({ "settle": settle }));
    let short = json!({"payment_method": "cash", "amount": number("110.40"), "tip_amount": 3, "given_amount": 110});
    let refused = leave(short);
    assert_eq!(refused.bad_fields(), ["given_amount"]);
    assert!(refused.text().contains("110.40"), "of all of it: {}", refused.text());
    let notes = json!({"currency": "USD", "amount": 130, "rate": number("0.9")});
    leave(json!({"payment_method": "cash", "tip_amount": 3, "foreign": notes})).expect(200);
    assert_eq!((paid(&hotel), lines(&hotel, "tip")), (vec!["100.00".to_owned(), "10.40".to_owned()], vec!["3.00".to_owned()]));
    let shift = hotel.get("/api/shifts/1").expect(200);
    // 117.00 of notes for 110.40: what was not there came out of the drawer.
    let sums = shift["expected"].as_array().expect("sums").iter().map(|sum| sum["amount"].to_string()).collect::<Vec<_>>();
    assert_eq!(sums, ["43.40", "130.00"]);
    assert_eq!(shift["foreign_rates"], json!([{"currency": "USD", "rate": number("0.9")}]));
    is_sound(&hotel);
}

#[test]
fn a_guest_who_arrives_pays_with_a_voucher_or_leaves_a_tip() {
    let hotel = hotel("0.03");
    let voucher = hotel.post("/api/vouchers", json!({"amount": 60, "payment_method": "card"})).expect(201)["code"].clone();
    let methods = hotel.get("/api/payment-methods?page_size=100").expect(200)["items"].clone();
    let of_voucher =
        methods.as_array().expect("methods").iter().find(|one| one["kind"] == "voucher").expect("a method")["name"].clone();
    let arrive = |payment: Value| hotel.post("/api/reservations/1/check-in", json!({ "payment": payment }));
    let wrong = json!({"amount": 60, "payment_method": of_voucher, "voucher_code": "NONE"});
    assert_eq!(arrive(wrong).bad_fields(), ["payment.voucher_code"]);
    let tip = json!({"amount": 10, "payment_method": "card", "tip_amount": 11});
    assert_eq!(arrive(tip).bad_fields(), ["payment.tip_amount"]);
    arrive(json!({"amount": 60, "payment_method": of_voucher, "voucher_code": voucher})).expect(200);
    assert_eq!(balance(&hotel), "40.03");
    is_sound(&hotel);
    // All of it is paid in cash: to the coin, and with change.
    let hotel = self::hotel("0.03");
    let cash = json!({"amount": number("102.03"), "payment_method": "cash", "tip_amount": 2, "given_amount": 110});
    hotel.post("/api/reservations/1/check-in", json!({ "payment": cash })).expect(200);
    let along = (lines(&hotel, "rounding"), lines(&hotel, "tip"));
    assert_eq!((balance(&hotel), along), ("0.00".to_owned(), (vec!["0.02".to_owned()], vec!["2.00".to_owned()])));
    is_sound(&hotel);
}

#[test]
fn bills_in_coins_are_whole_coins_each_and_together_as_near_as_there_are_coins() {
    use innkeeper::domain::money::Money;
    let mut numbers = Numbers(5);
    for round in 0..5000 {
        let coin = Money([5, 10, 25, 100][round % 4]);
        let bills: Vec<Money> = (0..1 + numbers.below(9)).map(|_| Money(1 + numbers.below(3000) as i64)).collect();
        let coins = folio::tender::in_coins(&bills, coin);
        let sum = |all: &[Money]| all.iter().copied().sum::<Money>();
        assert_eq!(sum(&coins), sum(&bills).to_coin(coin), "{bills:?}");
        for (bill, own) in bills.iter().zip(&coins) {
            assert!(own.0 >= 0 && own.0 % coin.0 == 0 && (own.0 - bill.0).abs() <= coin.0, "{bill:?}: {own:?}");
        }
    }
}
