//! Rights by amount, and the owner's list of whatever took money away.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, exact, first_night_from, small_hotel};
use crate::support::TestHotel;

/// A double (100 a night) in 101 from the 10th to the 13th.
fn hotel_with_a_stay() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Payer", 1, "2025-11-10", "2025-11-13");
    hotel
}

fn change(nights: &[(&str, i64)], reason: Option<&str>) -> Value {
    let nightly: Vec<Value> = nights.iter().map(|(date, rate)| json!({"date": date, "rate": rate})).collect();
    match reason {
        Some(reason) => json!({"nightly": nightly, "reason": reason}),
        None => json!({ "nightly": nightly }),
    }
}

fn listed(hotel: &TestHotel) -> Vec<(String, String, String)> {
    let told = hotel.get("/api/audit/exceptions?sort=id").expect(200);
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let row = |e: &Value| (text(&e["kind"]), e["amount"].to_string(), text(&e["username"]));
    told["items"].as_array().expect("items").iter().map(row).collect()
}

fn row(kind: &str, amount: &str, username: &str) -> (String, String, String) {
    (kind.to_owned(), amount.to_owned(), username.to_owned())
}

fn allow(hotel: &TestHotel, role: Role, amount: i64) -> crate::support::Answer {
    let body = json!({"kind": "allowance", "description": "Noise", "unit_amount": amount});
    hotel.as_role(role).post("/api/reservations/1/charges", body)
}

#[test]
fn many_small_allowances_pass_no_more_than_one_large() {
    let hotel = hotel_with_a_stay();
    for _ in 0..2 {
        allow(&hotel, Role::Receptionist, 20).expect(201);
    }
    let refused = allow(&hotel, Role::Receptionist, 11);
    assert_eq!(refused.problem(409), "over-limit");
    let detail = refused.json()["detail"].as_str().unwrap_or("").to_owned();
    assert_eq!(
        detail,
        "This is EUR 11.00, after EUR 40.00 before. You may take off a stay's bill up to EUR 50.00; ask a manager."
    );
    assert_eq!(refused.json()["limit_amount"], exact("50.00"));
    allow(&hotel, Role::Receptionist, 10).expect(201);
    allow(&hotel, Role::Manager, 100).expect(201);
    // The sum is the stay's, whoever gave the parts.
    assert_eq!(allow(&hotel, Role::Receptionist, 1).problem(409), "over-limit");
    assert_eq!(
        listed(&hotel),
        [
            row("allowance", "20.00", "receptionist"),
            row("allowance", "20.00", "receptionist"),
            row("allowance", "10.00", "receptionist"),
            row("allowance", "100.00", "manager"),
        ]
    );
}

#[test]
fn the_owner_sets_the_limits_and_nobody_else() {
    let hotel = hotel_with_a_stay();
    let limits = json!({"limits": [{"kind": "allowance", "receptionist_amount": 5, "manager_amount": 70}]});
    hotel.as_role(Role::Manager).patch("/api/settings/limits", limits.clone()).problem(403);
    let set = hotel.patch("/api/settings/limits", limits).expect(200);
    let allowance = json!({"kind": "allowance", "receptionist_amount": exact("5.00"), "manager_amount": exact("70.00")});
    assert_eq!(set["items"][0], allowance);
    assert_eq!(allow(&hotel, Role::Receptionist, 6).problem(409), "over-limit");
    assert_eq!(allow(&hotel, Role::Manager, 71).problem(409), "over-limit");
    allow(&hotel, Role::Owner, 71).expect(201);
    let free = json!({"limits": [{"kind": "allowance", "manager_amount": null}]});
    let set = hotel.patch("/api/settings/limits", free).expect(200);
    assert_eq!((&set["items"][0]["receptionist_amount"], &set["items"][0]["manager_amount"]), (&exact("5.00"), &Value::Null));
    allow(&hotel, Role::Manager, 71).expect(201);
    let negative = json!({"limits": [{"kind": "void", "receptionist_amount": -1}]});
    assert_eq!(hotel.patch("/api/settings/limits", negative).bad_fields(), ["limits[0].receptionist_amount"]);
    // Amounts of another currency are no limits of this one.
    let other = TestHotel::new();
    other.patch("/api/settings/limits", json!({"limits": [{"kind": "allowance", "receptionist_amount": 5}]})).expect(200);
    other.patch("/api/settings", json!({"currency": "IDR"})).expect(200);
    assert_eq!(other.get("/api/settings/limits").expect(200)["items"][0]["receptionist_amount"], 500_000);
}

#[test]
fn a_price_below_the_rates_needs_a_reason_and_has_a_limit() {
    let hotel = small_hotel();
    let desk = hotel.as_role(Role::Receptionist);
    let typed = |total: i64, reason: Option<&str>| {
        let mut body = json!({"guest": {"full_name": "Ana"}, "room_id": 1, "check_in_date": "2025-11-10",
            "check_out_date": "2025-11-13", "total_amount": total});
        if let Some(reason) = reason {
            body["reason"] = json!(reason);
        }
        desk.post("/api/reservations", body)
    };
    assert_eq!(typed(250, None).problem(409), "reason-needed");
    assert_eq!(typed(199, Some("Regular guest")).problem(409), "over-limit");
    typed(250, Some("Regular guest")).expect(201);
    // Dearer is nobody's loss, and the rates' own total none either.
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-12");
    desk.patch("/api/reservations/2", json!({"total_amount": 230})).expect(200);
    desk.patch("/api/reservations/2", json!({"total_amount": 200})).expect(200);
    // Step by step it is no more than at once, nor is it forgotten with a longer stay.
    assert_eq!(desk.patch("/api/reservations/1", json!({"total_amount": 199, "reason": "More"})).problem(409), "over-limit");
    desk.patch("/api/reservations/1", json!({"total_amount": 210, "reason": "More"})).expect(200);
    let longer = json!({"check_out_date": "2025-11-14", "total_amount": 299, "reason": "More"});
    assert_eq!(desk.post("/api/reservations/1/extend", longer).problem(409), "over-limit");
    assert_eq!(
        listed(&hotel),
        [row("typed_price", "50.00", "receptionist"), row("typed_price", "40.00", "receptionist")],
        "as much as is below the rates"
    );
}

#[test]
fn from_the_check_in_on_the_price_is_agreed_whatever_the_rates_say() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let agreed = hotel.get("/api/reservations/1").expect(200)["total_amount"].clone();
    let desk = hotel.as_role(Role::Receptionist);
    let cheaper = json!({"room_id": 3, "rerate": true});
    assert_eq!(desk.post("/api/reservations/1/move", cheaper).problem(409), "reason-needed");
    let cheaper = json!({"room_id": 3, "rerate": true, "reason": "Air conditioning"});
    let moved = desk.post("/api/reservations/1/move", cheaper).expect(200);
    assert_ne!(moved["total_amount"], agreed);
    // A move that is taken back has the prices back, and is no second loss.
    desk.post("/api/reservations/1/undo", json!({})).expect(200);
    // The night costs less all at once.
    let slept = change(&[("2025-11-10", 70)], Some("Complaint"));
    desk.patch("/api/reservations/1", slept).expect(200);
    // Dear nights to come do not hide it.
    let hidden = change(&[("2025-11-10", 0), ("2025-11-11", 900)], Some("Complaint"));
    assert_eq!(desk.patch("/api/reservations/1", hidden).problem(409), "over-limit");
    // What is on the bill keeps its price. Who is checked out a night early is told too: perhaps the guest sleeps there
    // all the same.
    hotel.move_on("2025-11-11").expect(200);
    let posted = change(&[("2025-11-10", 60)], Some("Complaint"));
    assert_eq!(desk.patch("/api/reservations/1", posted).bad_fields(), ["nightly[0].rate"]);
    let door = json!({"settle": {"payment_method": "cash"}});
    desk.post("/api/reservations/1/check-out", door).expect(200);
    let kinds: Vec<(String, String)> = listed(&hotel).into_iter().map(|(kind, amount, _)| (kind, amount)).collect();
    let night = |kind: &str, amount: &str| (kind.to_owned(), amount.to_owned());
    assert_eq!(kinds, [night("price_lowered", "60.00"), night("price_lowered", "30.00"), night("nights_dropped", "100.00")]);
}

#[test]
fn a_night_that_an_overdue_guest_extends_by_is_compared_with_the_rates() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    hotel.move_on("2025-11-12").expect(200);
    let free = |until: &str| json!({"check_out_date": until, "total_amount": 200, "reason": "A friend"});
    let desk = hotel.as_role(Role::Receptionist);
    assert_eq!(desk.post("/api/reservations/1/extend", free("2025-11-16")).problem(409), "over-limit");
    let free = free("2025-11-13");
    hotel.post("/api/reservations/1/extend", free).expect(200);
    assert_eq!(listed(&hotel), [row("price_lowered", "100.00", "owner")]);
}

#[test]
fn fees_and_check_ins_that_are_taken_away_are_told() {
    let hotel = small_hotel();
    hotel.patch("/api/settings", first_night_from(240)).expect(200);
    let desk = hotel.as_role(Role::Receptionist);
    for (name, room) in [("Ana", 1), ("Ben", 2)] {
        book(&hotel, name, room, "2025-11-10", "2025-11-12");
    }
    let waived = json!({"waive_fee": true, "reason": "Ill"});
    let refused = desk.post("/api/reservations/1/cancel", waived.clone());
    assert_eq!(refused.problem(409), "over-limit");
    let detail = refused.json()["detail"].as_str().unwrap_or("").to_owned();
    assert_eq!(detail, "This is EUR 100.00. You may waive fees of a stay up to EUR 50.00; ask a manager.");
    hotel.as_role(Role::Manager).post("/api/reservations/1/cancel", waived).expect(200);
    desk.post("/api/reservations/2/cancel", json!({})).expect(200);
    desk.post("/api/reservations/2/undo", json!({})).expect(200);
    desk.post("/api/reservations/2/check-in", json!({})).expect(200);
    desk.post("/api/reservations/2/undo", json!({})).expect(200);
    assert_eq!(
        listed(&hotel),
        [
            row("waived_fee", "100.00", "manager"),
            row("fee_taken_back", "100.00", "receptionist"),
            row("undone_check_in", "200.00", "receptionist"),
        ]
    );
}

#[test]
fn what_may_be_voided_and_given_back_otherwise_has_limits_too() {
    let hotel = hotel_with_a_stay();
    let desk = hotel.as_role(Role::Receptionist);
    let limits = json!({"limits": [
        {"kind": "void", "receptionist_amount": 30},
        {"kind": "refund_by_another_method", "receptionist_amount": 15},
        {"kind": "after_the_end", "receptionist_amount": 10},
    ]});
    hotel.patch("/api/settings/limits", limits).expect(200);
    let extra = json!({"kind": "extra", "description": "Dinner", "unit_amount": 25});
    for _ in 0..2 {
        desk.post("/api/reservations/1/charges", extra.clone()).expect(201);
    }
    let void = |charge: i64| desk.post(&format!("/api/reservations/1/charges/{charge}/void"), json!({"reason": "Typed twice"}));
    void(1).expect(201);
    assert_eq!(void(2).problem(409), "over-limit");
    desk.post("/api/payments", json!({"reservation_id": 1, "amount": 40, "payment_method": "card"})).expect(201);
    assert_eq!(desk.post(&hotel.of_payment(1, "void"), json!({"reason": "Wrong"})).problem(409), "over-limit");
    let cash = |amount: i64| {
        let body = json!({"amount": amount, "reason": "Asked", "payment_method": "cash"});
        desk.post(&hotel.of_payment(1, "refund"), body)
    };
    cash(10).expect(200);
    assert_eq!(cash(6).problem(409), "over-limit");
    cash(5).expect(200);
    desk.post("/api/reservations/1/check-in", json!({})).expect(200);
    desk.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    let late = |amount: i64| {
        let body = json!({"kind": "extra", "description": "Minibar", "unit_amount": amount});
        desk.post("/api/reservations/1/charges", body)
    };
    assert_eq!(late(11).problem(409), "over-limit");
    late(10).expect(201);
}

#[test]
fn the_list_is_asked_by_kind_day_person_and_stay() {
    let hotel = hotel_with_a_stay();
    allow(&hotel, Role::Receptionist, 20).expect(201);
    hotel.patch("/api/reservations/1", change(&[("2025-11-10", 60)], Some("Asked"))).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    allow(&hotel, Role::Manager, 30).expect(201);
    let found = |query: &str| {
        let told = hotel.get(&format!("/api/audit/exceptions?{query}")).expect(200);
        told["items"].as_array().expect("items").iter().map(|e| e["amount"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("kind=allowance"), ["30.00", "20.00"]);
    assert_eq!(found("business_date_from=2025-11-11"), ["30.00"]);
    assert_eq!(found("business_date_to=2025-11-10&username=receptionist"), ["20.00"]);
    assert_eq!(found("reservation_id=2"), Vec::<String>::new());
    let newest = hotel.get("/api/audit/exceptions").expect(200)["items"][0].clone();
    assert_eq!((&newest["guest_name"], &newest["reason"]), (&json!("Payer"), &json!("Noise")));
    assert_eq!(hotel.get("/api/audit/exceptions?kind=gift").bad_fields(), ["kind"]);
}

#[test]
fn a_day_guest_who_stays_over_pays_no_less_than_for_the_day() {
    let hotel = small_hotel();
    let day = json!({"guest": {"full_name": "Dia"}, "room_id": 1, "check_in_date": "2025-11-10",
        "check_out_date": "2025-11-10", "total_amount": 140});
    hotel.post("/api/reservations", day).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["balance"], exact("140.00"));
}

#[test]
fn what_the_desk_may_take_off_at_first_is_a_round_figure_of_the_currency() {
    let expected = [
        ("VND", "1000000"),
        ("IDR", "500000"),
        ("KRW", "50000"),
        ("LKR", "15000.00"),
        ("JPY", "5000"),
        ("PHP", "3000.00"),
        ("THB", "2000.00"),
        ("CZK", "1000.00"),
        ("SEK", "500.00"),
        ("PLN", "200.00"),
        ("EUR", "50.00"),
    ];
    for (currency, amount) in expected {
        let hotel = TestHotel::builder().currency(currency).open();
        let limits = hotel.get("/api/settings/limits").expect(200);
        assert_eq!(limits["items"][0]["receptionist_amount"], exact(amount), "{currency}");
    }
}

#[test]
fn a_booking_that_is_given_up_with_an_open_bill_is_told() {
    let hotel = small_hotel();
    book(&hotel, "Ghost", 1, "2025-11-14", "2025-11-15");
    let tea = json!({"kind": "extra", "description": "Tea", "unit_amount": 30});
    hotel.post("/api/reservations/1/charges", tea).expect(201);
    hotel.as_role(Role::Receptionist).post("/api/reservations/1/cancel", json!({"reason": "ill"})).expect(200);
    assert_eq!(
        listed(&hotel).iter().map(|(kind, amount, _)| (kind.as_str(), amount.as_str())).collect::<Vec<_>>(),
        [("left_open", "30.00")]
    );
}

#[test]
fn money_for_a_bill_that_another_desk_has_settled_is_not_taken_for_nothing() {
    let hotel = small_hotel();
    book(&hotel, "Two desks", 1, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.post("/api/payments", json!({"reservation_id": 1, "amount": 100, "payment_method": "card"})).expect(201);
    let leave = |settle: Value| hotel.post("/api/reservations/1/check-out", json!({"settle": settle}));
    assert_eq!(leave(json!({"payment_method": "cash", "amount": 100})).problem(409), "balance-due");
    leave(json!({"payment_method": "cash"})).expect(200);
}

#[test]
fn whom_a_stay_was_for_is_changed_by_a_manager_once_it_is_over() {
    let hotel = hotel_with_a_stay();
    hotel.post("/api/companies", json!({"name": "Friend", "kind": "agent"})).expect(201);
    hotel.post("/api/reservations/1/cancel", json!({"reason": "ill"})).expect(200);
    let change = |role: Role| {
        let version = hotel.get("/api/reservations/1").expect(200)["version"].clone();
        hotel.as_role(role).patch("/api/reservations/1", json!({"company_id": 1, "version": version}))
    };
    assert_eq!(change(Role::Receptionist).problem(403), "not-allowed");
    change(Role::Manager).expect(200);
}
