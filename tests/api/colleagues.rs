//! What a colleague with an account may not do to the others, nor learn of them.

use innkeeper::domain::actor::Role;
use innkeeper::http::request::Method;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

fn sign_in_of(hotel: &TestHotel, role: Role) -> String {
    let list = hotel.as_role(role).get("/api/auth/sessions").expect(200);
    format!("/api/auth/sessions/{}", list["items"][0]["id"])
}

#[test]
fn an_owners_sign_in_is_ended_by_owners_alone_and_no_colleagues_by_a_pin() {
    let hotel = TestHotel::new();
    let by_pin = hotel.sign_in_by_pin(Role::Manager);
    let (owner, desk) = (sign_in_of(&hotel, Role::Owner), sign_in_of(&hotel, Role::Receptionist));
    for path in [&owner, &desk] {
        hotel.with_token(&by_pin).delete(path).problem(403);
    }
    hotel.as_role(Role::Manager).delete(&owner).problem(403);
    hotel.as_owner().get("/api/auth/me").expect(200);
    hotel.as_role(Role::Manager).delete(&desk).expect(204);
    hotel.as_role(Role::Receptionist).get("/api/auth/me").problem(401);
    let second = hotel.sign_in_new("second", Role::Owner);
    hotel.with_token(&second).delete(&owner).expect(204);
    hotel.as_owner().get("/api/auth/me").problem(401);
    let own = hotel.with_token(&by_pin).get("/api/auth/sessions").expect(200);
    let current = own["items"].as_array().expect("items").iter().find(|s| s["is_current"] == true).expect("this one");
    hotel.with_token(&by_pin).delete(&format!("/api/auth/sessions/{}", current["id"])).expect(204);
}

#[test]
fn the_audit_trail_tells_nobody_what_the_api_refuses() {
    let hotel = TestHotel::builder().open_furnished();
    hotel.put("/api/network", json!({"port": 9443})).expect(200);
    hotel.patch("/api/system/thresholds", json!({"errors_percent": 2})).expect(200);
    hotel.post("/api/devices", json!({"name": "Lobby"})).expect(201);
    let user = json!({"username": "ben", "full_name": "Ben", "role": "housekeeper", "password": "a-good-password"});
    hotel.post("/api/users", user).expect(201);
    let entities = |role: Role| {
        let trail = hotel.as_role(role).get("/api/audit-log?page_size=100").expect(200);
        let items = trail["items"].as_array().expect("items").clone();
        assert_eq!(trail["total"], json!(items.len()), "{role}: the total counts what is shown");
        let mut seen: Vec<String> = items.iter().map(|e| e["entity"].as_str().expect("a word").to_owned()).collect();
        seen.sort();
        seen.dedup();
        seen
    };
    let has = |seen: &[String], entity: &str| seen.iter().any(|e| e == entity);
    let (owner, manager) = (entities(Role::Owner), entities(Role::Manager));
    assert!(["network", "thresholds", "device", "user", "reservation"].iter().all(|e| has(&owner, e)), "{owner:?}");
    assert!(["thresholds", "device", "user", "reservation"].iter().all(|e| has(&manager, e)), "{manager:?}");
    assert!(!has(&manager, "network"), "the network is the owner's: {manager:?}");
    for role in [Role::Receptionist, Role::ReadOnly] {
        let seen = entities(role);
        assert!(["network", "thresholds", "device", "user"].iter().all(|e| !has(&seen, e)), "{role}: {seen:?}");
        assert!(has(&seen, "reservation") && has(&seen, "room"), "{role}: {seen:?}");
        for question in ["entity=user", "action=create&entity=user", "username=owner&entity=network"] {
            let found = hotel.as_role(role).get(&format!("/api/audit-log?{question}")).expect(200);
            assert_eq!((&found["total"], &found["items"]), (&json!(0), &json!([])), "{role}: {question}");
        }
    }
}

#[test]
fn no_limit_locks_those_out_who_could_raise_it() {
    let hotel = TestHotel::builder().rate_limit(None).open();
    for limit in [1, 119, 1_000_001] {
        let refused = hotel.patch("/api/settings", json!({"rate_limit_per_minute": limit}));
        assert_eq!(refused.bad_fields(), ["rate_limit_per_minute"], "{limit}");
    }
    for limit in [0, 120, 1_000_000] {
        hotel.patch("/api/settings", json!({"rate_limit_per_minute": limit})).expect(200);
    }
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
    assert!(file.execute("UPDATE property SET rate_limit_per_minute = 1", []).is_err(), "nor by another program");
}

#[test]
fn two_accounts_never_look_alike() {
    let hotel = TestHotel::new();
    let make = |username: &str| {
        let body = json!({"username": username, "full_name": "X", "role": "housekeeper", "password": "a-good-password"});
        hotel.post("/api/users", body)
    };
    make("anna").expect(201);
    for twin in ["аnna", "ann\u{430}", "anna\u{301}", "аnnа", "ａnna"] {
        assert_eq!(make(twin).bad_fields(), ["username"], "{twin:?}");
    }
    for same in ["an\u{200b}na", "\u{202e}anna", "ANNA\u{2060}"] {
        assert_eq!(make(same).problem(409), "duplicate-name", "{same:?}");
    }
    hotel.post("/api/payment-methods", json!({"name": "Cas\u{200b}h"})).problem(409);
    let guest = hotel.post("/api/guests", json!({"full_name": "\u{202e}anA\u{202c}", "notes": "a\u{200b}b"})).expect(201);
    assert_eq!((&guest["full_name"], &guest["notes"]), (&json!("anA"), &json!("ab")));
    assert_eq!(hotel.post("/api/guests", json!({"full_name": "\u{200b}\u{3164}"})).bad_fields(), ["full_name"]);
}

#[test]
fn passwords_that_are_tried_first_are_taken_nowhere() {
    let hotel = TestHotel::new();
    hotel.add_user("ana", Role::Receptionist, "correct horse");
    let login = json!({"username": "ana", "password": "correct horse"});
    let token = hotel.as_stranger().post("/api/auth/login", login).expect(200)["access_token"].as_str().map(str::to_owned);
    let ana = hotel.with_token(&token.expect("a token"));
    for weak in ["password", "        ", "Password123!", "12345678", "receptionist1"] {
        let user = json!({"username": "ben", "full_name": "Ben", "role": "housekeeper", "password": weak});
        assert_eq!(hotel.post("/api/users", user).bad_fields(), ["password"], "{weak:?}");
        let reset = hotel.post("/api/users/1/reset-password", json!({"new_password": weak}));
        assert_eq!(reset.bad_fields(), ["new_password"], "{weak:?}");
        let change = ana.put("/api/auth/password", json!({"current_password": "correct horse", "new_password": weak}));
        assert_eq!(change.bad_fields(), ["new_password"], "{weak:?}");
    }
    let named = json!({"username": "benjamin.li", "full_name": "Benjamin", "role": "housekeeper", "password": "BenjaminLi7"});
    assert_eq!(hotel.post("/api/users", named).bad_fields(), ["password"]);
}

#[test]
fn a_proxys_word_counts_only_where_it_is_trusted_and_nobody_behind_one_is_at_this_machine() {
    let hotel = TestHotel::builder().not_set_up().setup_code("ABCD-2345").open();
    let ask = |target: &str, header: &str| hotel.as_stranger().request(Method::Get, target).header(header, "192.0.2.7").send();
    assert_eq!(hotel.as_stranger().get("/api/setup").expect(200)["code_required"], false);
    for header in ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"] {
        assert_eq!(ask("/api/setup", header).expect(200)["code_required"], true, "{header}");
        ask("/metrics", header).problem(401);
    }
    let body = json!({"property_name": "X", "currency": "EUR", "time_zone": "Europe/Lisbon", "username": "rosa",
        "full_name": "Rosa Lima", "password": "a-good-password"});
    let set_up = hotel.as_stranger().request(Method::Post, "/api/setup").header("X-Forwarded-For", "127.0.0.1").json(&body);
    set_up.send().problem(403);
}

#[test]
fn an_erased_guest_is_named_by_no_word_that_was_typed_about_the_stay() {
    let hotel = small_hotel();
    let act = |path: &str, body: Value, status: u16| hotel.post(&format!("/api/{path}"), body).expect(status);
    book(&hotel, "Ana Secretperson", 1, "2025-11-10", "2025-11-12");
    act("reservations/1/check-in", json!({}), 200);
    act("reservations/1/charges", json!({"kind": "extra", "description": "Dinner Secretperson", "unit_amount": 10}), 201);
    act("reservations/1/charges/1/void", json!({"reason": "not Secretperson's"}), 201);
    act("reservations/1/move", json!({"room_id": 2, "reason": "Secretperson snores"}), 200);
    let pay = |amount, words: &str| {
        json!({"reservation_id": 1, "amount": amount, "payment_method": "cash", "notes": words,
        "reference_number": words})
    };
    act("payments", pay(150, "from Secretperson"), 201);
    hotel.post(&hotel.of_payment(1, "refund"), json!({"amount": 50, "reason": "Secretperson paid twice"})).expect(200);
    act("reservations/1/check-out", json!({"settle": null}), 200);
    book(&hotel, "Other", 1, "2025-12-10", "2025-12-12");
    hotel.patch("/api/reservations/2", json!({"guest_id": 1})).expect(200);
    act("reservations/2/cancel", json!({"reason": "Secretperson is ill"}), 200);
    let named = || {
        let file = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
        let texts = "SELECT count(*) FROM (SELECT note AS t FROM posting UNION ALL SELECT reference FROM posting UNION ALL SELECT before FROM audit_log
            UNION ALL SELECT after FROM audit_log UNION ALL SELECT body FROM idempotency) WHERE t LIKE '%secretperson%'";
        file.query_row(texts, [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    assert!(named() >= 9, "{}", named());
    let before = hotel.get("/api/reservations/1/folio").expect(200);
    act("guests/1/anonymise", json!({"reason": "asked by Ana Secretperson, by letter"}), 200);
    assert_eq!(named(), 0);
    let after = hotel.get("/api/reservations/1/folio").expect(200);
    for sum in ["total_amount", "total_paid", "balance"] {
        assert_eq!(before[sum], after[sum]);
    }
    let kinds = |folio: &Value| folio["lines"].as_array().expect("lines").iter().map(|l| l["kind"].clone()).collect::<Vec<_>>();
    assert_eq!(kinds(&before), kinds(&after));
    let reasons = hotel.get("/api/audit-log?entity=guest&action=anonymise").expect(200);
    assert_eq!(reasons["items"][0]["after"]["reason"], "asked by … … by letter");
    // What was done, by whom and for how much, is still told.
    let paid = hotel.get("/api/audit-log?entity=reservation&entity_id=1&action=pay").expect(200);
    assert_eq!(paid["items"][0]["after"]["amount_minor"], 15000);
}

#[test]
fn the_books_of_guests_who_were_not_erased_stay_as_they_were_written() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    hotel.post("/api/reservations/1/charges", json!({"kind": "extra", "description": "Wine", "unit_amount": 10})).expect(201);
    hotel.post("/api/payments", json!({"reservation_id": 1, "amount": 10, "payment_method": "cash", "notes": "x"})).expect(201);
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
    for change in [
        "UPDATE posting SET note = ''",
        "UPDATE posting SET note = 'Beer'",
        "UPDATE posting SET amount = 1, unit_amount = 1",
        "UPDATE audit_log SET after = json_set(after, '$.amount_minor', 1) WHERE action = 'pay'",
        "UPDATE audit_log SET username = 'x'",
        "UPDATE audit_log SET address = 'x', before = NULL, after = NULL",
    ] {
        assert!(file.execute(change, []).is_err(), "{change}");
    }
    assert!(file.execute("UPDATE guest SET anonymised_at = '2025-11-10T00:00:00.000Z'", []).is_ok());
    for change in ["UPDATE posting SET note = 'Beer'", "UPDATE posting SET amount = 1, unit_amount = 1"] {
        assert!(file.execute(change, []).is_err(), "{change}");
    }
}
