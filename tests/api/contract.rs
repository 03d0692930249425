//! What the API promises of every endpoint, asked of every endpoint: the route
//! table itself says which there are and what they take.

use std::collections::{BTreeMap, BTreeSet};

use innkeeper::domain::actor::Role;
use innkeeper::hotel::Memory;
use innkeeper::http::endpoint::{Access, Endpoint};
use innkeeper::http::openapi;
use innkeeper::http::request::Method;
use innkeeper::routes;
use serde_json::{Value, json};

use crate::support::{Answer, TestHotel};

/// The pattern with the id 1 for each of its parameters; 2 for the payment, which was posted after a charge, and
/// 13 for the hotel's first own article.
fn address(pattern: &str) -> String {
    let id = match pattern {
        _ if pattern.starts_with("/api/payments/") => "2",
        _ if pattern.starts_with("/api/articles/") => "13",
        _ => "1",
    };
    let part = |part| match part {
        "{kind}" => "receipt",
        // What was posted to the account last, behind two sales and what was paid for them.
        "{item_id}" => "5",
        "{name}" => "revenue",
        part if str::starts_with(part, '{') => id,
        part => part,
    };
    pattern.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A GET that answers with 200 in [`hotel`].
fn good_target(endpoint: &Endpoint) -> String {
    if endpoint.name == "show_e_invoice" {
        return "/api/invoices/2/xml".to_owned();
    }
    let query = match endpoint.name {
        "list_rates" => "?room_type_id=1&from=2025-11-10&to=2025-11-12",
        "list_restrictions" | "list_type_nights" | "find_rate_calendar" | "export_rates" => "?from=2025-11-10&to=2025-11-12",
        "list_available_rooms" => "?check_in_date=2025-11-20&check_out_date=2025-11-22",
        "find_stats" => "?from=2025-11-10&to=2025-11-12",
        "find_extension" => "?check_out_date=2025-11-14",
        "find_payment_totals" => "?payment_date_from=2025-11-10&payment_date_to=2025-11-12",
        "search" => "?q=ana",
        _ => "",
    };
    address(endpoint.pattern) + query
}

fn with(target: &str, parameter: &str) -> String {
    format!("{target}{}{parameter}", if target.contains('?') { '&' } else { '?' })
}

/// A hotel with one of everything, at its `address`.
fn hotel() -> TestHotel {
    let hotel = TestHotel::new();
    hotel
        .post("/api/room-types", json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100.5}))
        .expect(201);
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["101-103"]})).expect(201);
    let stay =
        json!({"guest": {"full_name": "Ana Silva"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12"});
    hotel.post("/api/reservations", stay).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new rooms"})).expect(200);
    hotel.post("/api/companies", json!({"name": "Acme"})).expect(201);
    let group = json!({"name": "Tour", "arrival_date": "2025-12-10", "departure_date": "2025-12-12", "rooms": [{"room_type_id": 1, "rooms": 1}]});
    hotel.post("/api/groups", group).expect(201);
    hotel.post("/api/articles", json!({"name": "Tea", "price": 3})).expect(201);
    hotel.post("/api/reservations/1/charges", json!({"article_id": 13})).expect(201);
    hotel.post("/api/report-views", json!({"name": "Mine", "report": "revenue"})).expect(201);
    hotel.post("/api/shifts", json!({"drawer_id": 1, "float_amount": 1})).expect(201);
    hotel.post("/api/payments", json!({"reservation_id": 1, "amount": 5, "payment_method": "card"})).expect(201);
    hotel.post("/api/vouchers", json!({"amount": 5, "payment_method": "card"})).expect(201);
    let block = json!({"kind": "out_of_service", "start_date": "2025-11-10", "end_date": "2025-11-12", "reason": "Paint"});
    hotel.post("/api/rooms/1/blocks", block).expect(201);
    assert_eq!(hotel.add_account_item(), 5);
    hotel.add_reminder();
    hotel.post("/api/folios/1/invoices", json!({})).expect(201);
    // The second has all that an e-invoice needs.
    let seller = json!({"name": "Hotel", "country": "PT", "registration_number": "501964843"});
    hotel.patch("/api/invoice-setup", json!({"seller": seller})).expect(200);
    let tea = hotel.post("/api/reservations/1/charges", json!({"article_id": 13})).expect(201)["id"].clone();
    let issued = json!({"is_issued": true, "buyer": {"name": "Ana Silva", "country": "ES"}, "charge_ids": [tea]});
    hotel.post("/api/reservations/1/invoices", issued).expect(201);
    hotel
}

fn changes() -> impl Iterator<Item = Endpoint> {
    routes::endpoints(&Memory::default()).into_iter().filter(|endpoint| !endpoint.method.is_safe())
}

fn gets() -> impl Iterator<Item = Endpoint> {
    routes::endpoints(&Memory::default())
        .into_iter()
        .filter(|endpoint| endpoint.method == Method::Get && endpoint.media_type != "text/event-stream")
}

fn send(hotel: &TestHotel, endpoint: &Endpoint, media_type: &str, body: &str) -> Answer {
    let asking = hotel.as_owner().request(endpoint.method, &address(endpoint.pattern));
    asking.header("Content-Type", media_type).body(body).send()
}

#[test]
fn every_get_has_a_tag_and_is_not_sent_twice() {
    let hotel = hotel();
    for endpoint in gets() {
        let target = good_target(&endpoint);
        let ask = |method: Method, tag: &str| hotel.as_owner().request(method, &target).header("If-None-Match", tag).send();
        let first = hotel.get(&target);
        // Where words are told, with the language as well.
        let varies: Vec<&str> =
            first.headers.iter().filter(|(name, _)| name == "Vary").map(|(_, value)| value.as_str()).collect();
        assert!(first.status == 200 && varies.contains(&"Accept-Encoding"), "{target} {varies:?}");
        let tag = first.header("etag").unwrap_or_else(|| panic!("{target} has no tag"));
        assert_eq!((ask(Method::Get, "*").status, ask(Method::Head, "\"other\"").status), (304, 200), "{target}");
        // The counters have moved on.
        if !["metrics", "find_system"].contains(&endpoint.name) {
            let again = ask(Method::Get, tag);
            assert_eq!((again.status, again.body.len()), (304, 0), "{target}");
        }
    }
}

#[test]
fn every_get_gives_the_fields_that_are_asked_for() {
    let hotel = hotel();
    for endpoint in gets().filter(|endpoint| endpoint.media_type == "application/json") {
        let target = good_target(&endpoint);
        let described = endpoint.field_names();
        let whole = members(&hotel.get(&target).expect(200));
        assert!(whole.is_none_or(|whole| whole == *described), "{target} gives other fields than it describes");
        for name in described {
            let chosen = members(&hotel.get(&with(&target, &format!("fields={name}"))).expect(200));
            assert!(chosen.is_none_or(|chosen| chosen.iter().eq([name])), "{target} {name}");
        }
        assert_eq!(hotel.get(&with(&target, "fields=colour")).bad_fields(), ["fields"], "{target}");
        assert_eq!(hotel.get(&with(&target, "colour=red")).bad_fields(), ["colour"], "{target}");
    }
}

/// The members of an object, or of a list's first item; `None` for an empty list.
fn members(answer: &Value) -> Option<BTreeSet<String>> {
    let object = match answer["items"].as_array() {
        Some(items) => items.first()?,
        None => answer,
    };
    Some(object.as_object().expect("an object").keys().cloned().collect())
}

#[test]
fn every_list_is_paged_and_sorted() {
    let hotel = hotel();
    let document = openapi::document(&routes::endpoints(&Memory::default()));
    for endpoint in gets() {
        let parameters = document["paths"][endpoint.pattern]["get"]["parameters"].as_array().cloned().unwrap_or_default();
        let parameter = |name: &str| parameters.iter().find(|p| p["name"] == name);
        let target = good_target(&endpoint);
        if parameter("page").is_none() {
            // A list without pages is bounded by what is asked: a stay, some nights, one person.
            let bounded = [
                "list_available_rooms",
                "list_rates",
                "list_restrictions",
                "list_type_nights",
                "list_guest_duplicates",
                "find_routing",
                "find_company_routing",
            ];
            let may = bounded.contains(&endpoint.name);
            assert!(may || !endpoint.field_names().contains("items") && hotel.get(&target).status == 200, "{target}");
            continue;
        }
        let list = hotel.get(&target).expect(200);
        let keys: Vec<&String> = list.as_object().expect("a list").keys().collect();
        assert_eq!(keys, ["items", "page", "page_size", "pages", "total"], "{target}");
        assert_eq!((&list["page"], &list["page_size"]), (&json!(1), &json!(20)), "{target}");
        for bad in ["page=0", "page=-1", "page=x", "page_size=0", "page_size=101"] {
            assert_eq!(hotel.get(&with(&target, bad)).bad_fields(), [bad.split('=').next().expect("a name")], "{target}");
        }
        hotel.get(&with(&target, "page=1000000000&page_size=100")).expect(200);
        let pattern = parameter("sort").map(|sort| sort["schema"]["pattern"].as_str().expect("a pattern").to_owned());
        let names = pattern.unwrap_or_else(|| panic!("{target} has no order"));
        for name in names.trim_start_matches("^-?(").trim_end_matches(")$").split('|') {
            hotel.get(&with(&target, &format!("sort={name}"))).expect(200);
            hotel.get(&with(&target, &format!("sort=-{name}"))).expect(200);
        }
        assert_eq!(hotel.get(&with(&target, "sort=colour")).bad_fields(), ["sort"], "{target}");
    }
}

#[test]
fn a_method_that_an_address_does_not_take_is_told_with_those_it_takes() {
    let hotel = hotel();
    let mut taken: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for endpoint in routes::endpoints(&Memory::default()) {
        let methods = taken.entry(endpoint.pattern).or_default();
        methods.insert(endpoint.method.as_str());
        if endpoint.method == Method::Get {
            methods.insert("HEAD");
        }
    }
    for (pattern, methods) in taken {
        let allow = methods.iter().copied().collect::<Vec<_>>().join(", ");
        for method in [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete, Method::Other] {
            if !methods.contains(method.as_str()) {
                let answer = hotel.as_stranger().request(method, &address(pattern)).send();
                assert_eq!(
                    (answer.problem(405), answer.header("allow")),
                    ("method-not-allowed".to_owned(), Some(allow.as_str()))
                );
            }
        }
        assert!(!methods.contains("PATCH") || methods.contains("PUT"), "{pattern} takes no PUT");
    }
}

#[test]
fn every_change_refuses_what_is_not_its_body() {
    let hotel = hotel();
    for endpoint in changes() {
        let at = format!("{} {}", endpoint.method.as_str(), endpoint.pattern);
        let send = |media_type: &str, body: &str| send(&hotel, &endpoint, media_type, body);
        assert_eq!(send("text/plain", "{}").problem(415), "unsupported-media-type", "{at}");
        for unreadable in ["{", "{\"colour\": 1", "{} {}", "\u{0}"] {
            assert_eq!(send("application/json", unreadable).problem(400), "bad-request", "{at} {unreadable}");
        }
        for other in ["[]", "null", "1", "\"x\""] {
            assert_eq!(send("application/json", other).bad_fields(), ["."], "{at} {other}");
        }
        assert_eq!(send("application/json", "{\"colour\": 1}").bad_fields(), ["colour"], "{at}");
    }
}

#[test]
fn every_change_takes_a_key() {
    let hotel = hotel();
    for endpoint in changes() {
        let long =
            hotel.as_owner().request(endpoint.method, &address(endpoint.pattern)).header("Idempotency-Key", &"k".repeat(201));
        let refused = long.json(&good_body(&endpoint)).send();
        assert_eq!(refused.bad_fields(), ["Idempotency-Key"], "{} {}", endpoint.method.as_str(), endpoint.pattern);
    }
}

/// A body that fits the schema, for endpoints that look at it before the key.
fn good_body(endpoint: &Endpoint) -> Value {
    let night = json!({"check_in_date": "2025-12-01", "check_out_date": "2025-12-02", "guest_id": 1, "room_type_id": 1});
    match endpoint.name {
        "create_article" | "create_company" | "create_booking_source" | "create_payment_method" | "create_drawer" => {
            json!({"name": "X"})
        }
        "pay_account" => json!({"amount": 1, "payment_method": "card"}),
        "set_registration_rules" => json!({"country": "PT"}),
        "mark_registrations" => json!({"ids": [1]}),
        "pay_commissions" => json!({"reservation_ids": [1]}),
        "close_day" => json!({"business_date": "2025-11-10"}),
        "decide" => json!({"reservation_id": 1, "choice": "carry"}),
        "sell_voucher" => json!({"amount": 1, "payment_method": "card"}),
        "credit_invoice" | "correct_invoice" => json!({"reason": "X"}),
        "create_invoice_series" => json!({"kind": "invoice", "name": "X", "prefix": "X{yy}-"}),
        "open_shift" => json!({"drawer_id": 1, "float_amount": 1}),
        "create_drawer_movement" => json!({"kind": "bank_drop", "amount": 1}),
        "close_shift" => json!({"counts": [{"amount": 1}]}),
        "create_room_type" => json!({"name": "X", "code": "X", "capacity_adults": 1, "default_rate": 1}),
        "create_room" => json!({"room_number": "X", "room_type_id": 1}),
        "create_rooms" => json!({"room_type_id": 1, "numbers": ["X"]}),
        "create_room_block" => {
            json!({"kind": "out_of_order", "start_date": "2025-12-01", "end_date": "2025-12-02", "reason": "X"})
        }
        "create_rate_plan" => json!({"code": "X", "name": "X"}),
        "update_limits" | "replace_limits" => json!({"limits": []}),
        "update_account_codes" | "replace_account_codes" => json!({"codes": []}),
        "save_report_view" => json!({"name": "X", "report": "revenue"}),
        "set_rates" => json!({"room_type_id": 1, "from": "2025-12-01", "to": "2025-12-01", "rate": 1}),
        "change_rates" | "preview_rate_changes" => {
            json!({"room_type_ids": [1], "from": "2025-12-01", "to": "2025-12-01", "kind": "clear"})
        }
        "import_rates" | "preview_rate_import" => json!({"csv": "date,room_type,rate_plan\n2025-12-01,DBL,BAR"}),
        "set_restrictions" => json!({"room_type_ids": [1], "from": "2025-12-01", "to": "2025-12-01"}),
        "create_guest" => json!({"full_name": "X"}),
        "merge_guest" => json!({"other_id": 2}),
        "anonymise_guest" | "void_charge" | "void_payment" | "refund_payment" => json!({"reason": "X"}),
        "create_reservation" => night,
        "create_group" => json!({"name": "X", "arrival_date": "2025-12-01", "departure_date": "2025-12-02"}),
        "set_block" => json!({"nights": [{"room_type_id": 1, "night": "2025-12-10", "rooms": 1}]}),
        "book_rooming_list" => json!({"rows": [{"name": "X"}]}),
        "check_in_group" => json!({"stays": [{"reservation_id": 1}]}),
        "check_out_group" => json!({"stays": [1]}),
        "set_master" => json!({"pays": "room"}),
        "found_group" => json!({"name": "X"}),
        "extend_reservation" => json!({"check_out_date": "2025-12-02"}),
        "move_reservation" => json!({"room_id": 2}),
        "replace_stay_guests" => json!({"guests": [{"full_name": "X"}]}),
        "set_routing" | "set_company_routing" => json!({"rules": []}),
        "create_house_account" => json!({"name": "X"}),
        "create_house_charge" => json!({"kind": "extra", "description": "X", "unit_amount": 1}),
        "void_house_charge" => json!({"reason": "X"}),
        "transfer_lines" => json!({"to": {"window": 2}}),
        "split_line" => json!({"charge_id": 1, "parts": [{"to": {"window": 2}}]}),
        "create_charge" => json!({"kind": "extra", "description": "X", "unit_amount": 1}),
        "create_payment" => json!({"reservation_id": 1, "amount": 1, "payment_method": "card"}),
        "take_security" => json!({"amount": 1, "payment_method": "card"}),
        "keep_security" => json!({"amount": 1, "reason": "X"}),
        "return_deposit" | "keep_deposit" => json!({"reason": "X"}),
        "create_payments" => json!({"payments": [{"reservation_id": 1, "amount": 1, "payment_method": "card"}]}),
        _ => json!({}),
    }
}

#[test]
fn an_account_is_made_once_for_one_key_and_no_password_reaches_the_file() {
    let hotel = hotel();
    let make = |name: &str| {
        let body = json!({"username": name, "full_name": "Zoë", "role": "manager", "password": "correct horse"});
        hotel.as_owner().request(Method::Post, "/api/users").header("Idempotency-Key", "k1").json(&body).send()
    };
    let (first, again) = (make("zoe"), make("zoe"));
    assert_eq!((first.expect(201), &first.body), (again.expect(201), &again.body));
    assert_eq!(make("other").bad_fields(), ["Idempotency-Key"]);
    let login = |hotel: &TestHotel| {
        let body = json!({"username": "zoe", "password": "correct horse"});
        hotel.as_stranger().request(Method::Post, "/api/auth/login").header("Idempotency-Key", "k2").json(&body).send()
    };
    // A token is told once, to who gave the password: who asks with the key of another gets one of their own.
    assert_ne!(login(&hotel).expect(200)["access_token"], login(&hotel).expect(200)["access_token"]);
    assert_eq!(hotel.get("/api/audit-log?action=login").expect(200)["total"], 2);
}

#[test]
fn only_what_is_meant_for_everyone_is_open_to_strangers() {
    let hotel = hotel();
    for endpoint in routes::endpoints(&Memory::default()).into_iter().filter(|endpoint| endpoint.access != Access::Public) {
        let answer = hotel.as_stranger().request(endpoint.method, &address(endpoint.pattern)).send();
        assert_eq!(answer.problem(401), "not-signed-in", "{}", endpoint.name);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{}", endpoint.name);
    }
}

#[test]
fn ids_versions_and_amounts_have_the_bounds_that_the_schema_states() {
    let hotel = hotel();
    for id in ["0", "-1", "9007199254740992", "x", "1.5"] {
        assert_eq!(hotel.get(&format!("/api/rooms/{id}")).bad_fields(), ["id"], "{id}");
    }
    assert_eq!(hotel.get("/api/rooms/9007199254740991").problem(404), "not-found");
    let change = |body: Value| hotel.patch("/api/room-types/1", body);
    assert_eq!(change(json!({"version": 0})).bad_fields(), ["version"]);
    assert_eq!(change(json!({"version": 99})).problem(409), "stale-version");
    change(json!({"capacity_adults": 3.0})).expect(200);
    for rate in ["-1", "0.001", "10000000000.01", "1e400"] {
        let body = format!("{{\"default_rate\": {rate}}}");
        let answer =
            hotel.as_owner().request(Method::Patch, "/api/room-types/1").header("Content-Type", "application/json").body(&body);
        assert_eq!(answer.send().bad_fields(), ["default_rate"], "{rate}");
    }
    assert_eq!(change(json!({"default_rate": 10_000_000_000_i64})).expect(200)["default_rate"].to_string(), "10000000000.00");
    assert_eq!(change(json!({"name": "a\u{7}"})).bad_fields(), ["name"]);
    assert_eq!(change(json!({"name": format!("{}{}", "a".repeat(100), " ")})).bad_fields(), ["name"]);
    assert_eq!(hotel.get("/api/guests?q=%00").bad_fields(), ["q"]);
    assert_eq!(hotel.get(&format!("/api/guests?q={}", "a".repeat(255))).bad_fields(), ["q"]);
    assert_eq!(hotel.get("/api/reservations?balance_due=1").bad_fields(), ["balance_due"]);
}

#[test]
fn the_calendars_ends_are_dates_like_others() {
    let hotel = hotel();
    hotel.get("/api/tape-chart?from=9999-12-20&days=92").expect(200);
    hotel.get("/api/tape-chart?from=0001-01-01&days=1").expect(200);
    hotel.get("/api/dashboard/stats?from=9999-01-01&to=9999-12-31").expect(200);
    hotel.get("/api/rooms/available?check_in_date=9999-12-30&check_out_date=9999-12-31").expect(200);
    hotel.get("/api/audit-log?at_from=0001-01-01T00:00:00Z&at_to=9999-12-31T23:59:59Z").expect(200);
    let last = json!({"guest_id": 1, "room_id": 2, "check_in_date": "9999-12-30", "check_out_date": "9999-12-31"});
    hotel.post("/api/reservations", last).expect(201);
    assert_eq!(hotel.get("/api/reservations/arrivals?date=9999-12-30").expect(200)["total"], 1);
    hotel.as_role(Role::Receptionist).post("/api/reservations/2/cancel", json!({})).expect(200);
}
