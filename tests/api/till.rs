//! The cash drawers: what goes in and out, who counts it, and what the owner is told.

use innkeeper::domain::actor::Role;
use innkeeper::hotel::till::checks;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::numbers::Numbers;
use crate::support::{Answer, TestHotel};

/// A hotel with a stay of three nights from today on.
fn hotel() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel
}

fn pay(hotel: &TestHotel, who: &str, amount: &str, method: &str) -> Answer {
    let body = format!(r#"{{"reservation_id": 1, "amount": {amount}, "payment_method": "{method}"}}"#);
    hotel.with_token(who).post("/api/payments", serde_json::from_str(&body).expect("JSON"))
}

fn open(hotel: &TestHotel, who: &str, drawer: i64, float: i64) -> Answer {
    hotel.with_token(who).post("/api/shifts", json!({"drawer_id": drawer, "float_amount": float}))
}

fn close(hotel: &TestHotel, who: &str, shift: i64, counted: Value) -> Answer {
    hotel.with_token(who).post(&format!("/api/shifts/{shift}/close"), json!({"counts": [{"amount": counted}]}))
}

fn move_cash(hotel: &TestHotel, who: &str, shift: i64, movement: Value) -> Answer {
    hotel.with_token(who).post(&format!("/api/shifts/{shift}/movements"), movement)
}

/// What stands on the owner's list: kind and amount.
fn told(hotel: &TestHotel) -> Vec<String> {
    let list = hotel.get("/api/audit/exceptions?page_size=100").expect(200);
    let line =
        |e: &Value| format!("{} {} {}", e["kind"].as_str().unwrap_or("?"), e["amount"], e["username"].as_str().unwrap_or("?"));
    list["items"].as_array().expect("a list").iter().map(line).collect()
}

/// Nothing that must hold is broken.
pub fn is_sound(hotel: &TestHotel) {
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    for (sentence, sql) in checks::INVARIANTS {
        let mut statement = file.prepare(&sql.text).expect("a statement");
        let broken: Vec<String> =
            statement.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!(broken, Vec::<String>::new(), "{sentence}");
    }
}

#[test]
fn cash_goes_into_the_open_drawer_and_a_difference_is_told_to_the_owner() {
    let hotel = hotel();
    let desk = hotel.sign_in_new("ida", Role::Receptionist);
    assert_eq!(pay(&hotel, &desk, "10", "cash").expect(201)["shift_id"], Value::Null);
    let opened = open(&hotel, &desk, 1, 100).expect(201);
    assert_eq!((&opened["username"], &opened["expected"]), (&json!("ida"), &Value::Null), "who counts does not see it before");
    let paid = pay(&hotel, &desk, "60", "cash").expect(201);
    assert_eq!(paid["shift_id"], 1);
    assert_eq!(pay(&hotel, &desk, "20", "card").expect(201)["shift_id"], Value::Null);
    assert_eq!(move_cash(&hotel, &desk, 1, json!({"kind": "paid_out", "amount": 5})).problem(409), "reason-needed");
    move_cash(&hotel, &desk, 1, json!({"kind": "paid_out", "amount": 5, "reason": "Milk"})).expect(201);
    move_cash(&hotel, &desk, 1, json!({"kind": "bank_drop", "amount": 50})).expect(201);
    move_cash(&hotel, &desk, 1, json!({"kind": "float_in", "amount": 20})).expect(201);
    hotel
        .with_token(&desk)
        .post(&format!("/api/payments/{}/refund", paid["id"]), json!({"amount": 10, "reason": "asked"}))
        .expect(200);
    // 100 + 60 - 5 - 50 + 20 - 10
    let seen = hotel.get("/api/shifts/1").expect(200);
    assert_eq!(seen["expected"][0]["amount"].to_string(), "115.00");
    let closed = close(&hotel, &desk, 1, json!(112.5)).expect(200);
    assert_eq!(closed["counts"][0]["difference"].to_string(), "-2.50");
    assert_eq!(close(&hotel, &desk, 1, json!(115)).problem(409), "shift-is-closed");
    assert_eq!(told(&hotel), ["cash_short 2.50 ida", "paid_out 5.00 ida"]);
    let listed = hotel.get("/api/shifts?has_difference=true").expect(200);
    assert_eq!((&listed["total"], &listed["items"][0]["drawer_name"]), (&json!(1), &json!("Front desk")));
    is_sound(&hotel);
}

#[test]
fn a_hotel_that_wants_a_shift_for_cash_gets_one() {
    let hotel = hotel();
    hotel.patch("/api/settings", json!({"needs_shift": true})).expect(200);
    let desk = hotel.sign_in_new("ida", Role::Receptionist);
    assert_eq!(pay(&hotel, &desk, "10", "cash").problem(409), "no-open-shift");
    pay(&hotel, &desk, "10", "card").expect(201);
    open(&hotel, &desk, 1, 0).expect(201);
    pay(&hotel, &desk, "10", "cash").expect(201);
    close(&hotel, &desk, 1, json!(10)).expect(200);
    // What was cash when it was taken is given back as cash, whatever the method is by now.
    hotel.patch("/api/payment-methods/1", json!({"kind": "other"})).expect(200);
    let back = hotel.with_token(&desk).post(&hotel.of_payment(2, "refund"), json!({"reason": "asked"}));
    assert_eq!(back.problem(409), "no-open-shift");
    pay(&hotel, &desk, "10", "cash").expect(201);
}

#[test]
fn a_shared_drawer_takes_what_all_take_and_an_own_one_nobody_elses() {
    let hotel = hotel();
    let (ida, ole) = (hotel.sign_in_new("ida", Role::Receptionist), hotel.sign_in_new("ole", Role::Receptionist));
    let bar = hotel.post("/api/drawers", json!({"name": "Bar", "is_shared": false})).expect(201)["id"].as_i64().expect("an id");
    assert_eq!(hotel.with_token(&ida).post("/api/drawers", json!({"name": "X"})).problem(403), "not-allowed");
    open(&hotel, &ida, 1, 50).expect(201);
    assert_eq!(open(&hotel, &ole, 1, 50).problem(409), "shift-is-open");
    assert_eq!(open(&hotel, &ida, bar, 50).problem(409), "shift-is-open");
    assert_eq!(pay(&hotel, &ole, "10", "cash").expect(201)["shift_id"], 1);
    open(&hotel, &ole, bar, 0).expect(201);
    assert_eq!(pay(&hotel, &ole, "10", "cash").expect(201)["shift_id"], 2);
    assert_eq!(pay(&hotel, &ida, "10", "cash").expect(201)["shift_id"], 1);
    assert_eq!(move_cash(&hotel, &ida, 2, json!({"kind": "bank_drop", "amount": 1})).problem(403), "not-allowed");
    assert_eq!(close(&hotel, &ida, 2, json!(10)).problem(403), "not-allowed");
    let current = hotel.with_token(&ida).get("/api/shifts/current").expect(200);
    assert_eq!((&current["shift_id"], current["shifts"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    assert_eq!(hotel.patch(&format!("/api/drawers/{bar}"), json!({"is_active": false})).problem(409), "shift-is-open");
    // A manager closes what was left open.
    let manager = hotel.sign_in_new("mia", Role::Manager);
    assert_eq!(close(&hotel, &manager, 2, json!(10)).expect(200)["closed_by"], "mia");
    assert_eq!(told(&hotel), Vec::<String>::new());
    is_sound(&hotel);
}

#[test]
fn a_drawer_is_handed_over_with_what_was_counted_and_what_is_missing_between_two_shifts_is_told() {
    let hotel = hotel();
    let (ida, ole) = (hotel.sign_in_new("ida", Role::Receptionist), hotel.sign_in_new("ole", Role::Receptionist));
    open(&hotel, &ida, 1, 50).expect(201);
    pay(&hotel, &ida, "30", "cash").expect(201);
    let users = hotel.get("/api/users?page_size=100").expect(200)["items"].clone();
    let next = users.as_array().expect("a list").iter().find(|user| user["username"] == "ole").expect("ole")["id"].clone();
    let colleagues = hotel.with_token(&ida).get("/api/shifts/current").expect(200)["colleagues"].clone();
    assert!(colleagues.as_array().expect("a list").iter().any(|colleague| colleague["id"] == next), "{colleagues}");
    let body = json!({"counts": [{"pieces": [{"value": 50, "count": 1}, {"value": 0.5, "count": 60}]}], "hand_over_to": next});
    let closed = hotel.with_token(&ida).post("/api/shifts/1/close", body).expect(200);
    assert_eq!(closed["counts"][0]["pieces"][1]["count"], 60);
    let current = hotel.with_token(&ole).get("/api/shifts/current").expect(200);
    let shift = &current["shifts"][0];
    assert_eq!((&shift["username"], shift["float_amount"].to_string()), (&json!("ole"), "80.00".to_owned()));
    assert_eq!(told(&hotel), Vec::<String>::new());
    close(&hotel, &ole, 2, json!(80)).expect(200);
    // Overnight 30 went.
    open(&hotel, &ida, 1, 50).expect(201);
    assert_eq!(told(&hotel), ["float_differs 30.00 ida"]);
    is_sound(&hotel);
}

#[test]
fn what_a_shift_was_counted_for_changes_neither_by_a_late_payment_nor_by_hand() {
    let hotel = hotel();
    let desk = hotel.sign_in_new("ida", Role::Receptionist);
    open(&hotel, &desk, 1, 0).expect(201);
    pay(&hotel, &desk, "10", "cash").expect(201);
    close(&hotel, &desk, 1, json!(10)).expect(200);
    assert_eq!(pay(&hotel, &desk, "10", "cash").expect(201)["shift_id"], Value::Null);
    assert_eq!(move_cash(&hotel, &desk, 1, json!({"kind": "float_in", "amount": 1})).problem(409), "shift-is-closed");
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    for forged in [
        "UPDATE shift SET float_amount = 5 WHERE id = 1",
        "UPDATE shift SET closed_at = NULL, closed_by = NULL WHERE id = 1",
        "UPDATE shift_count SET counted = 0 WHERE id > 0",
        "DELETE FROM shift WHERE id = 1",
        "DELETE FROM shift_count WHERE id > 0",
        "INSERT INTO drawer_movement (shift_id, kind, currency, amount, created_at, created_by) VALUES (1, 'float_in', 'EUR', 1, '', '')",
        "INSERT INTO posting (folio_id, ledger, business_date, reservation_id, article_id, unit_amount, amount, method, purpose, shift_id,
            created_at, created_by) VALUES (1, 'deposit', '2025-11-10', 1, 7, -1, -1, 'cash', 'full', 1, '', '')",
    ] {
        assert!(file.execute(forged, []).is_err(), "{forged}");
    }
    is_sound(&hotel);
}

#[test]
fn what_is_counted_is_a_sum_or_pieces_that_come_to_it() {
    let hotel = hotel();
    open(&hotel, &hotel.sign_in_again(Role::Owner), 1, 10).expect(201);
    let refused = |counts: Value| hotel.post("/api/shifts/1/close", json!({ "counts": counts })).bad_fields();
    assert_eq!(refused(json!([{}])), ["counts[0].amount"]);
    assert_eq!(refused(json!([{"amount": -1}])), ["counts[0].amount"]);
    assert_eq!(refused(json!([{"amount": 3, "pieces": [{"value": 2, "count": 1}]}])), ["counts[0].amount"]);
    assert_eq!(refused(json!([{"pieces": [{"value": 0, "count": 1}]}])), ["counts[0].pieces[0].value"]);
    assert_eq!(refused(json!([{"currency": "USD", "amount": 3}])), ["counts"]);
    assert_eq!(
        hotel.post("/api/shifts/1/close", json!({"counts": [{"amount": 10}], "hand_over_to": 99})).bad_fields(),
        ["hand_over_to"]
    );
    // A note of another currency that nobody expected is too much.
    let counts = json!([{"amount": 10}, {"currency": "USD", "amount": 3}]);
    hotel.post("/api/shifts/1/close", json!({ "counts": counts })).expect(200);
    let list = hotel.get("/api/audit/exceptions").expect(200);
    assert_eq!((&list["items"][0]["kind"], &list["items"][0]["currency"]), (&json!("cash_over"), &json!("USD")));
    // It lies there still when the next shift is counted.
    open(&hotel, &hotel.sign_in_again(Role::Owner), 1, 10).expect(201);
    assert_eq!(hotel.post("/api/shifts/2/close", json!({"counts": [{"amount": 10}]})).bad_fields(), ["counts"]);
    is_sound(&hotel);
}

#[test]
fn a_drawer_is_counted_against_all_that_came_before_and_nothing_after_while_desks_take_payments() {
    let hotel = hotel();
    let desks: Vec<String> = ["ida", "ole", "una"].iter().map(|name| hotel.sign_in_new(name, Role::Receptionist)).collect();
    for round in 1..=5 {
        open(&hotel, &desks[0], 1, 0).expect(201);
        std::thread::scope(|scope| {
            for desk in &desks {
                let hotel = &hotel;
                scope.spawn(move || (0..5).for_each(|_| drop(pay(hotel, desk, "0.1", "cash").expect(201))));
            }
            close(&hotel, &desks[0], round, json!(0)).expect(200);
        });
        is_sound(&hotel);
    }
    let (cash, in_shifts): (i64, i64) = Connection::open(hotel.app.db.path())
        .expect("the file")
        .query_row(
            "SELECT sum(amount), (SELECT sum(expected) FROM shift_count) FROM posting WHERE shift_id IS NOT NULL",
            [],
            |row| Ok((row.get::<_, Option<i64>>(0)?.unwrap_or(0), row.get(1)?)),
        )
        .expect("sums");
    assert_eq!(-cash, in_shifts);
}

/// Whatever a receptionist types, the owner finds each unit that is missing: what was there at first, and came and went
/// by payments, is there still, was noted as taken out, or stands on the list.
#[test]
fn no_cash_leaves_a_drawer_untold() {
    let mut numbers = Numbers(17);
    for round in 0..6 {
        let hotel = hotel();
        let desks = [hotel.sign_in_new("ida", Role::Receptionist), hotel.sign_in_new("ole", Role::Receptionist)];
        for _ in 0..40 {
            let who = &desks[numbers.place(2)];
            let open = hotel.get("/api/shifts/current").expect(200)["shifts"].clone();
            let shift = open[0]["id"].as_i64().unwrap_or(1);
            let some = i64::try_from(numbers.below(60)).unwrap_or(0);
            let last = hotel.get("/api/payments?page_size=1").expect(200)["items"][0]["id"].clone();
            match numbers.below(9) {
                0 | 1 => drop(self::open(&hotel, who, 1, some)),
                2 => drop(close(&hotel, who, shift, json!(some))),
                3 => drop(move_cash(&hotel, who, shift, json!({"kind": "paid_out", "amount": 1 + some, "reason": "Taxi"}))),
                4 => drop(move_cash(&hotel, who, shift, json!({"kind": "bank_drop", "amount": 1 + some}))),
                5 => drop(hotel.with_token(who).post(&format!("/api/payments/{last}/void"), json!({"reason": "oops"}))),
                6 => drop(
                    hotel.with_token(who).post(&format!("/api/payments/{last}/refund"), json!({"amount": 1, "reason": "oops"})),
                ),
                _ => drop(pay(&hotel, who, &format!("{}.5", some), "cash")),
            }
        }
        is_sound(&hotel);
        let file = Connection::open(hotel.app.db.path()).expect("the file");
        let sum = |sql: &str| -> i64 { file.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)).expect("a sum").unwrap_or(0) };
        let told = |kind: &str| {
            sum(&format!(
                "SELECT sum(json_extract(after, '$.amount_minor')) FROM audit_log WHERE action = 'exception' AND json_extract(after, '$.kind') = '{kind}'"
            ))
        };
        let first = sum("SELECT float_amount FROM shift WHERE id = 1");
        let came =
            sum("SELECT -sum(amount) FROM posting WHERE shift_id IS NOT NULL") + sum("SELECT sum(amount) FROM drawer_movement");
        let now = hotel.get("/api/shifts/current").expect(200)["shifts"][0]["expected"][0]["amount"].to_string();
        let is_there = match now.replace('.', "").parse() {
            Ok(cents) => cents,
            Err(_) => sum("SELECT counted FROM shift_count ORDER BY id DESC LIMIT 1"),
        };
        let missing = first + came - is_there;
        let owner_knows = told("cash_short") + told("float_differs") - told("cash_over");
        assert!(missing <= owner_knows, "round {round}: {missing} is missing, {owner_knows} is told");
        assert_eq!(told("paid_out"), sum("SELECT -sum(amount) FROM drawer_movement WHERE kind = 'paid_out'"), "round {round}");
    }
}
