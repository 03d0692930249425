//! What holds for every endpoint: tags, compression, fields, shapes of errors,
//! rate limits, replays, freshness.

use innkeeper::domain::actor::Role;
use innkeeper::hotel::backups::keeper;
use innkeeper::http::request::Method;
use serde_json::{Value, json};

use super::desk::small_hotel;
use crate::support::{Answer, TestHotel};

const SOURCES: &str = "/api/booking-sources";

fn with_key(hotel: &TestHotel, role: Role, key: &str, name: &str) -> Answer {
    let asking = hotel.as_role(role).request(Method::Post, SOURCES).header("Idempotency-Key", key);
    asking.json(&json!({"name": name})).send()
}

fn names(hotel: &TestHotel) -> Vec<String> {
    let list = hotel.get(SOURCES).expect(200);
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn the_same_key_and_body_give_the_first_answer_again() {
    let hotel = TestHotel::new();
    let first = with_key(&hotel, Role::Owner, "k1", "Radio");
    let again = with_key(&hotel, Role::Owner, "k1", "Radio");
    assert_eq!((first.expect(201), &first.body), (again.expect(201), &again.body));
    assert_eq!(names(&hotel).iter().filter(|name| *name == "Radio").count(), 1);
}

#[test]
fn a_key_with_another_body_is_refused_and_another_persons_key_is_another_key() {
    let hotel = TestHotel::new();
    with_key(&hotel, Role::Owner, "k1", "Radio").expect(201);
    assert_eq!(with_key(&hotel, Role::Owner, "k1", "Television").bad_fields(), ["Idempotency-Key"]);
    with_key(&hotel, Role::Manager, "k1", "Television").expect(201);
    assert_eq!(with_key(&hotel, Role::Owner, "", "X").bad_fields(), ["Idempotency-Key"]);
    assert_eq!(with_key(&hotel, Role::Owner, &"k".repeat(201), "X").bad_fields(), ["Idempotency-Key"]);
}

#[test]
fn a_failed_request_does_not_use_its_key_up() {
    let hotel = TestHotel::new();
    assert_eq!(with_key(&hotel, Role::Owner, "k1", "Direct").problem(409), "duplicate-name");
    with_key(&hotel, Role::Owner, "k1", "Radio").expect(201);
}

#[test]
fn an_unchanged_answer_is_not_sent_twice() {
    let hotel = TestHotel::new();
    let get = |tag: &str| hotel.as_owner().request(Method::Get, SOURCES).header("If-None-Match", tag).send();
    let first = hotel.get(SOURCES);
    let tag = first.header("etag").expect("a tag").to_owned();
    let again = get(&tag);
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
    assert_eq!(get(&format!("\"other\", {tag}")).status, 304);
    assert_eq!(get("\"other\"").status, 200);
    hotel.post(SOURCES, json!({"name": "Radio"})).expect(201);
    let changed = get(&tag);
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn every_get_of_json_has_a_tag() {
    let hotel = TestHotel::new();
    for target in ["/api/health", "/api/auth/me", "/api/settings", "/api/openapi.json", "/api/users", "/api/audit-log"] {
        let answer = hotel.get(target);
        assert!(answer.status == 200 && answer.header("etag").is_some(), "{target} {}", answer.status);
    }
}

#[test]
fn long_bodies_are_compressed_for_those_who_take_it() {
    let hotel = TestHotel::new();
    let zipped = |target: &str| hotel.as_owner().request(Method::Get, target).header("Accept-Encoding", "br, gzip").send();
    for target in ["/api/openapi.json", "/api/docs", "/metrics"] {
        let (plain, small) = (hotel.get(target), zipped(target));
        assert!(plain.header("content-encoding").is_none(), "{target}");
        assert_eq!(small.header("vary"), Some("Accept-Encoding"), "{target}");
        assert!(small.body.len() < plain.body.len() / 2, "{target}");
        if target != "/metrics" {
            assert_eq!(small.unzipped(), plain.body, "{target}");
        }
    }
    assert!(zipped("/api/health").header("content-encoding").is_none());
    for number in 0..40 {
        hotel.post(SOURCES, json!({"name": format!("Source number {number}")})).expect(201);
    }
    let kept = (zipped(SOURCES), zipped(SOURCES));
    assert_eq!((kept.0.unzipped(), kept.1.unzipped()), (hotel.get(SOURCES).body, hotel.get(SOURCES).body));
}

#[test]
fn only_the_fields_asked_for_are_sent() {
    let hotel = TestHotel::new();
    let list = hotel.get("/api/users?fields=id,username&page_size=2").expect(200);
    assert_eq!((&list["total"], &list["page_size"], &list["pages"]), (&json!(5), &json!(2), &json!(3)));
    for item in list["items"].as_array().expect("items") {
        let keys: Vec<&String> = item.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["id", "username"]);
    }
    assert_eq!(hotel.get("/api/settings?fields=currency").expect(200), json!({"currency": "EUR"}));
    assert_eq!(hotel.get("/api/settings?fields=currency,colour").bad_fields(), ["fields"]);
    assert_eq!(hotel.get("/api/users?fields=").bad_fields(), ["fields"]);
    assert!(hotel.get(SOURCES).expect(200)["items"][0].get("is_active").is_some(), "a selection must not be kept as the whole");
}

#[test]
fn addresses_and_methods_that_do_not_exist_are_told_apart() {
    let hotel = TestHotel::new();
    assert_eq!(hotel.get("/api/nothing").problem(404), "not-found");
    assert_eq!(hotel.get("/api/users/999").problem(404), "not-found");
    let wrong = hotel.as_stranger().request(Method::Delete, "/api/booking-sources").send();
    assert_eq!(wrong.problem(405), "method-not-allowed");
    assert_eq!(wrong.header("allow"), Some("GET, HEAD, POST"));
    assert_eq!(hotel.as_stranger().request(Method::Other, "/api/users").send().problem(405), "method-not-allowed");
    assert_eq!(hotel.as_stranger().request(Method::Post, "/").send().problem(405), "method-not-allowed");
}

#[test]
fn bodies_that_cannot_be_read_are_told_apart() {
    let hotel = TestHotel::new();
    let post = |media_type: &str, body: &str| {
        let asking = hotel.as_owner().request(Method::Post, SOURCES).header("Content-Type", media_type);
        asking.body(body).send()
    };
    assert_eq!(post("text/plain", "{\"name\": \"X\"}").problem(415), "unsupported-media-type");
    assert_eq!(post("application/x-www-form-urlencoded", "name=X").problem(415), "unsupported-media-type");
    assert_eq!(post("", "{}").problem(415), "unsupported-media-type");
    for body in ["{", "{\"name\": }", "{\"name\": \"X\"} x", "\u{0}", "{\"name\": \"\\ud800\"}"] {
        assert_eq!(post("application/json", body).problem(400), "bad-request", "{body}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(post("application/json", &deep).status / 100, 4);
    post("Application/JSON; charset=utf-8", "{\"name\": \"X\"}").expect(201);
}

#[test]
fn bad_fields_are_all_named() {
    let hotel = TestHotel::new();
    assert_eq!(hotel.post(SOURCES, json!({})).bad_fields(), ["name"]);
    assert_eq!(hotel.post(SOURCES, json!({"name": 7})).bad_fields(), ["name"]);
    assert_eq!(hotel.post(SOURCES, json!({"name": "X", "colour": 1})).bad_fields(), ["colour"]);
    assert_eq!(hotel.post(SOURCES, json!([])).status, 422);
    for (target, field) in [
        ("/api/users?page=0", "page"),
        ("/api/users?page=x", "page"),
        ("/api/users?page_size=0", "page_size"),
        ("/api/users?page_size=101", "page_size"),
        ("/api/users?colour=red", "colour"),
        ("/api/users/x", "id"),
        ("/api/users/99999999999999999999", "id"),
        ("/api/audit-log?sort=colour", "sort"),
    ] {
        assert_eq!(hotel.get(target).bad_fields(), [field], "{target}");
    }
    hotel.get("/api/users?page=1&page_size=100").expect(200);
    hotel.get("/api/users?page=1000000000").expect(200);
}

#[test]
fn bad_texts_and_numbers_of_one_body_are_all_named_at_once() {
    let hotel = TestHotel::new();
    let long = "x".repeat(5001);
    let kind = json!({"name": " ", "code": &long, "bed_config": "a\nb", "amenities": ["Desk", ""], "capacity_adults": 2, "default_rate": 1});
    assert_eq!(hotel.post("/api/room-types", kind).bad_fields(), ["name", "code", "bed_config", "amenities"]);
    let guest = json!({"full_name": "\u{200b}", "email": "ana", "phone_number": "1\n2", "notes": &long});
    assert_eq!(hotel.post("/api/guests", guest).bad_fields(), ["full_name", "email", "phone_number", "notes"]);
    let kind = json!({"name": " ", "code": "DBL", "capacity_adults": 51, "capacity_children": -1, "sort_order": 10_001, "default_rate": 1});
    assert_eq!(hotel.post("/api/room-types", kind).bad_fields(), ["name", "capacity_adults", "capacity_children", "sort_order"]);
    let keep = json!({"keep_daily": 0, "keep_weekly": 521, "keep_monthly": -1});
    assert_eq!(hotel.patch("/api/backups/plan", keep).bad_fields(), ["keep_daily", "keep_weekly", "keep_monthly"]);
    let thresholds = json!({"errors_percent": 101, "memory_megabytes": -1, "backup_age_hours": 4_294_967_296_i64});
    let fields = ["errors_percent", "memory_megabytes", "backup_age_hours"];
    assert_eq!(hotel.patch("/api/system/thresholds", thresholds).bad_fields(), fields);
    let names = json!({"name": "", "address": &long, "phone": &long, "email": "x@y"});
    assert_eq!(hotel.patch("/api/settings", names).bad_fields(), ["name", "address", "phone", "email"]);
}

#[test]
fn a_list_that_is_longer_than_its_description_says_is_refused() {
    let hotel = small_hotel();
    let night = json!({"date": "2025-11-10", "rate": 1});
    let stay = json!({"guest_id": 1, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11"});
    let with = |name: &str, value: Value| {
        let mut body = stay.clone();
        body[name] = value;
        body
    };
    for (target, body, field) in [
        ("/api/reservations", with("nightly", vec![night; 401].into()), "nightly"),
        ("/api/reservations", with("children_ages", vec![1; 1001].into()), "children_ages"),
        ("/api/reservations", with("parts", json!([])), "parts"),
        ("/api/reservations", with("more_rooms", vec![json!({}); 100].into()), "more_rooms"),
        ("/api/payments/batch", json!({"payments": []}), "payments"),
        ("/api/rooms/batch", json!({"room_type_id": 1, "numbers": vec!["1"; 501]}), "numbers"),
    ] {
        assert_eq!(hotel.post(target, body).bad_fields(), [field], "{target}");
    }
    let limits = json!({"limits": vec![json!({"kind": "allowance"}); 101]});
    assert_eq!(hotel.put("/api/settings/limits", limits).bad_fields(), ["limits"]);
}

#[test]
fn an_edit_of_an_old_state_is_refused() {
    let hotel = TestHotel::new();
    let version = hotel.get("/api/settings").expect(200)["version"].clone();
    hotel.patch("/api/settings", json!({"phone": "+351 1", "version": version})).expect(200);
    let late = hotel.put("/api/settings", json!({"phone": "+351 2", "version": version}));
    assert_eq!(late.problem(409), "stale-version");
    assert_eq!(hotel.get("/api/settings").expect(200)["phone"], "+351 1");
}

#[test]
fn past_the_limit_requests_wait_and_every_answer_says_where_one_stands() {
    let hotel = TestHotel::builder().rate_limit(Some(3)).open();
    let numbers = |answer: &Answer| {
        ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]
            .map(|name| answer.header(name).and_then(|value| value.parse::<u64>().ok()).expect("a number"))
    };
    for left in [2, 1, 0] {
        let answer = hotel.get("/api/auth/me");
        answer.expect(200);
        assert_eq!(numbers(&answer)[..2], [3, left]);
    }
    let refused = hotel.get("/api/auth/me");
    assert_eq!(refused.problem(429), "too-many-requests");
    let wait: u64 = refused.header("retry-after").and_then(|v| v.parse().ok()).expect("seconds");
    assert!((1..=61).contains(&wait) && numbers(&refused)[1] == 0);
    hotel.as_role(Role::Manager).get("/api/auth/me").expect(200);
    let stranger = |address: &str| hotel.as_stranger().request(Method::Get, "/api/health").at_address(address).send().status;
    assert_eq!([0; 4].map(|_| stranger("192.0.2.1")), [200, 200, 200, 429]);
    assert_eq!(stranger("192.0.2.2"), 200);
}

#[test]
fn the_limit_is_a_setting_that_counts_at_once() {
    let hotel = TestHotel::builder().rate_limit(None).open();
    assert_eq!(hotel.get("/api/auth/me").header("ratelimit-limit"), Some("1200"));
    hotel.patch("/api/settings", json!({"rate_limit_per_minute": 0})).expect(200);
    assert_eq!(hotel.get("/api/auth/me").header("ratelimit-limit"), None);
}

#[test]
fn a_change_is_in_the_next_answer_and_kept_answers_cost_nothing() {
    let hotel = TestHotel::new();
    let hits = || hotel.app.cache.hits.load(std::sync::atomic::Ordering::Relaxed);
    assert!(!names(&hotel).contains(&"Radio".to_owned()));
    let before = hits();
    names(&hotel);
    assert_eq!(hits(), before + 1);
    hotel.post(SOURCES, json!({"name": "Radio"})).expect(201);
    assert!(names(&hotel).contains(&"Radio".to_owned()));
    hotel.patch("/api/booking-sources/1", json!({"name": "Television"})).expect(200);
    assert!(names(&hotel).contains(&"Television".to_owned()));
}

#[test]
fn roles_never_share_a_kept_answer_with_those_who_may_not_see_it() {
    let hotel = TestHotel::new();
    hotel.get(SOURCES).expect(200);
    hotel.as_role(Role::Housekeeper).get(SOURCES).problem(403);
    hotel.as_stranger().get(SOURCES).problem(401);
}

#[test]
fn answers_are_kept_from_other_sites() {
    let hotel = TestHotel::new();
    for target in ["/api/health", "/", "/api/nothing", "/api/docs"] {
        let answer = hotel.get(target);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{target}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{target}");
        assert!(answer.header("content-security-policy").is_some_and(|p| !p.contains("unsafe")), "{target}");
        assert!(answer.header("x-request-id").is_some() && answer.header("server-timing").is_some(), "{target}");
        assert!(answer.header("access-control-allow-origin").is_none(), "{target}");
    }
}

#[test]
fn every_change_is_on_the_audit_trail_with_what_it_was_and_became() {
    let hotel = TestHotel::new();
    hotel.patch("/api/settings", json!({"phone": "+351 1"})).expect(200);
    let log = hotel.get("/api/audit-log?entity=settings&action=change").expect(200);
    assert_eq!(log["total"], 1);
    let entry = &log["items"][0];
    assert_eq!((&entry["username"], &entry["address"]), (&json!("owner"), &json!("127.0.0.1")));
    assert_eq!((&entry["at"], &entry["business_date"]), (&json!("2025-11-10T09:00:00.000Z"), &json!("2025-11-10")));
    assert_eq!((&entry["before"]["phone"], &entry["after"]["phone"]), (&json!(""), &json!("+351 1")));
}

#[test]
fn metrics_are_for_this_machine_and_for_managers() {
    let hotel = TestHotel::new();
    let from = |role: Option<Role>, address: &str| {
        let desk = role.map_or_else(|| hotel.as_stranger(), |role| hotel.as_role(role));
        desk.request(Method::Get, "/metrics").at_address(address).send()
    };
    let text = from(None, "127.0.0.1");
    assert_eq!(text.status, 200);
    assert!(text.text().contains("innkeeper_commits_total "));
    assert_eq!(from(None, "192.0.2.7").status, 401);
    assert_eq!(from(Some(Role::Receptionist), "192.0.2.7").status, 401);
    assert_eq!(from(Some(Role::Manager), "192.0.2.7").status, 200);
}

#[test]
fn health_tells_the_version() {
    let hotel = TestHotel::new();
    let expected: Value = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "database": "ok"});
    assert_eq!(hotel.as_stranger().get("/api/health").expect(200), expected);
}

#[test]
fn kept_answers_forget_an_erased_guest_by_every_name_and_everybody_after_a_day() {
    let hotel = small_hotel();
    let kept = |name: &str| {
        let connection = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
        let count = "SELECT count(*) FROM idempotency WHERE body LIKE '%' || ?1 || '%'";
        connection.query_row(count, [name], |row| row.get::<_, i64>(0)).expect("a count")
    };
    let send = |key: &str, target: &str, body: serde_json::Value| {
        hotel.as_owner().request(Method::Post, target).header("Idempotency-Key", key).json(&body).send()
    };
    let stay = json!({"guest": {"full_name": "Secretperson"}, "room_type_id": 1, "check_in_date": "2025-11-20",
        "check_out_date": "2025-11-21", "adults": 1});
    let booked = send("k1", "/api/reservations", stay).expect(201);
    hotel.patch("/api/guests/1", json!({"full_name": "Renamed"})).expect(200);
    send("k2", &format!("/api/reservations/{}/cancel", booked["id"]), json!({"reason": "asked", "waive_fee": true})).expect(200);
    assert!(kept("Secretperson") == 1 && kept("Renamed") == 1, "a retry would hear it");
    send("k3", "/api/guests/1/anonymise", json!({"reason": "asked by letter"})).expect(200);
    assert_eq!((kept("Secretperson"), kept("Renamed"), kept("Erased guest")), (0, 0, 1));
    // A copy of the file has none of yesterday's either.
    hotel.advance_hours(25);
    keeper::reckon(&hotel.app, &hotel.memory.backups, &mut keeper::Looks::default()).expect("a look");
    assert_eq!(kept(""), 0);
}
