//! The first start: from an empty file to a hotel with an owner.

use innkeeper::domain::locale::LOCALES;
use innkeeper::http::request::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestHotel};

const CODE: &str = "ABCD-2345";

fn request(code: Option<&str>) -> Value {
    let mut request = json!({
        "property_name": "Casa Azul", "currency": "EUR", "time_zone": "Europe/Lisbon",
        "username": "rosa", "full_name": "Rosa Lima", "password": "a-good-password",
    });
    if let Some(code) = code {
        request["code"] = json!(code);
    }
    request
}

fn set_up(hotel: &TestHotel, address: &str, body: &Value) -> Answer {
    hotel.as_stranger().request(Method::Post, "/api/setup").at_address(address).json(body).send()
}

fn empty() -> TestHotel {
    TestHotel::builder().not_set_up().setup_code(CODE).open()
}

#[test]
fn the_machine_itself_sets_the_hotel_up_once_and_is_signed_in() {
    let hotel = empty();
    let mut state = hotel.as_stranger().get("/api/setup").expect(200);
    assert_eq!(state["locales"].take(), json!(LOCALES));
    assert_eq!(state, json!({"needed": true, "code_required": false, "demo": false, "locales": null}));
    let answer = set_up(&hotel, "127.0.0.1", &request(None));
    let body = answer.expect(201);
    let token = body["access_token"].as_str().expect("a token");
    let me = hotel.with_token(token).get("/api/auth/me").expect(200);
    assert_eq!((&me["user"]["role"], &me["property"]["name"]), (&json!("owner"), &json!("Casa Azul")));
    assert_eq!(me["property"]["business_date"], "2025-11-10");
    assert_eq!(hotel.as_stranger().get("/api/setup").expect(200)["needed"], false);
    assert_eq!(set_up(&hotel, "127.0.0.1", &request(None)).problem(409), "already-set-up");
}

#[test]
fn another_machine_needs_the_code_of_the_console() {
    let hotel = empty();
    let state = hotel.as_stranger().request(Method::Get, "/api/setup").at_address("192.0.2.7").send().expect(200);
    assert_eq!(state["code_required"], true);
    for code in [None, Some(""), Some("ABCD-2346"), Some("ABCD")] {
        set_up(&hotel, "192.0.2.7", &request(code)).problem(403);
    }
    set_up(&hotel, "192.0.2.7", &request(Some(CODE))).expect(201);
}

#[test]
fn without_a_code_no_other_machine_sets_up() {
    let hotel = TestHotel::builder().not_set_up().open();
    set_up(&hotel, "192.0.2.7", &request(Some(""))).problem(403);
    set_up(&hotel, "192.0.2.7", &request(Some(CODE))).problem(403);
}

#[test]
fn bad_fields_are_named_and_leave_the_file_empty() {
    let hotel = empty();
    let mut bad = request(None);
    bad["property_name"] = json!("  ");
    bad["currency"] = json!("euro");
    bad["time_zone"] = json!("Lisbon");
    assert_eq!(set_up(&hotel, "127.0.0.1", &bad).bad_fields(), ["property_name", "currency", "time_zone"]);
    for (field, value) in [
        ("password", json!("short")),
        ("username", json!("ro sa")),
        ("full_name", json!("")),
        ("business_date", json!("2025-11-12")),
        ("business_date", json!("9999-12-31")),
    ] {
        let mut bad = request(None);
        bad[field] = value;
        assert_eq!(set_up(&hotel, "127.0.0.1", &bad).bad_fields(), [field]);
    }
    let blank = json!({"property_name": "", "currency": "", "time_zone": "", "locale": "", "username": "", "full_name": "", "password": ""});
    let all = ["property_name", "currency", "time_zone", "locale", "username", "full_name", "password"];
    assert_eq!(set_up(&hotel, "127.0.0.1", &blank).bad_fields(), all);
    assert_eq!(hotel.as_stranger().get("/api/setup").expect(200)["needed"], true);
}

#[test]
fn a_hotel_writes_dates_and_amounts_as_its_set_up_says_and_only_in_ways_that_are_offered() {
    let (plain, german) = (empty(), empty());
    let locale = |hotel: &TestHotel, body: &Value| {
        let answer = set_up(hotel, "127.0.0.1", body).expect(201);
        let owner = hotel.with_token(answer["access_token"].as_str().expect("a token"));
        owner.get("/api/settings").expect(200)["locale"].clone()
    };
    assert_eq!(locale(&plain, &request(None)), "en-GB");
    let mut body = request(None);
    body["locale"] = json!("de-DE");
    assert_eq!(locale(&german, &body), "de-DE");
    let hotel = TestHotel::new();
    for refused in ["en", "de-de", "xx-XX", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist", ""] {
        assert_eq!(hotel.patch("/api/settings", json!({"locale": refused})).bad_fields(), ["locale"], "{refused}");
    }
    for offered in LOCALES {
        assert_eq!(hotel.patch("/api/settings", json!({"locale": offered})).expect(200)["locale"], *offered);
    }
}
