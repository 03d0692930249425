//! Companies and agents, the plans agreed with them, and the bookings that name them.

use innkeeper::domain::actor::Role;
use innkeeper::http::request::Method;
use serde_json::{Value, json};

use super::desk::{exact, small_hotel};
use crate::support::TestHotel;

/// A hotel where plan 2, ten percent off, is for companies alone and company 1 has it; company 2 has none.
fn hotel() -> TestHotel {
    let hotel = small_hotel();
    let plan = json!({"code": "CORP", "name": "Corporate", "parent_id": 1, "offset_kind": "percent", "offset_percent": -10,
        "is_for_companies": true});
    hotel.post("/api/rate-plans", plan).expect(201);
    let made = hotel.post("/api/companies", json!({"name": "Acme Ltd", "tax_number": "PT 501", "rate_plan_ids": [2, 2]}));
    assert_eq!(made.expect(201)["rate_plan_ids"], json!([2]));
    hotel.post("/api/companies", json!({"name": "Bravo Travel", "kind": "agent"})).expect(201);
    hotel
}

fn booking(more: Value) -> Value {
    let mut body = json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": "2025-12-01",
        "check_out_date": "2025-12-02", "adults": 1});
    body.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
    body
}

#[test]
fn a_plan_for_companies_is_sold_to_those_that_it_was_agreed_with() {
    let hotel = hotel();
    let quoted = |more: Value| {
        let mut body = json!({"check_in_date": "2025-12-01", "check_out_date": "2025-12-02", "adults": 1, "room_type_id": 1});
        body.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
        let offers = hotel.post("/api/quotes", body).expect(200)["items"].clone();
        offers.as_array().expect("offers").iter().map(|offer| offer["rate_plan_name"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(quoted(json!({})).len(), 1);
    assert_eq!(quoted(json!({"company_id": 2})).len(), 1);
    assert_eq!(quoted(json!({"company_id": 1}))[1], "\"Corporate\"");
    let rooms = "/api/rooms/available?check_in_date=2025-12-01&check_out_date=2025-12-02&rate_plan_id=2";
    assert_eq!(hotel.get(rooms).bad_fields(), ["rate_plan_id"]);
    assert_eq!(hotel.get(&format!("{rooms}&company_id=1")).expect(200)["items"][0]["total_amount"], exact("90.00"));
    for company in [json!({"rate_plan_id": 2}), json!({"rate_plan_id": 2, "company_id": 2})] {
        assert_eq!(hotel.post("/api/reservations", booking(company)).bad_fields(), ["rate_plan_id"]);
    }
    let made = hotel.post("/api/reservations", booking(json!({"rate_plan_id": 2, "company_id": 1}))).expect(201);
    assert_eq!(
        (&made["total_amount"], &made["company_id"], &made["company_name"]),
        (&exact("90.00"), &json!(1), &json!("Acme Ltd"))
    );
    let paper = hotel.get("/api/reservations/1/documents/confirmation");
    assert!(paper.text().contains("Acme Ltd"), "{}", paper.text());
    // It keeps its plan whatever is agreed later, and stays with a company that has it.
    hotel.patch("/api/companies/1", json!({"rate_plan_ids": []})).expect(200);
    hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-12-03"})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["total_amount"], exact("180.00"));
    for company in [json!(2), Value::Null] {
        let answer = hotel.patch("/api/reservations/1", json!({"company_id": company}));
        assert_eq!(answer.bad_fields(), ["company_id"]);
    }
    hotel.patch("/api/companies/2", json!({"rate_plan_ids": [2]})).expect(200);
    assert_eq!(hotel.patch("/api/reservations/1", json!({"company_id": 2})).expect(200)["company_name"], "Bravo Travel");
    let listed = hotel.get("/api/reservations?company_id=2").expect(200);
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &json!(1)));
}

#[test]
fn a_plan_for_one_source_is_sold_to_bookings_from_there() {
    let hotel = small_hotel();
    let plan = json!({"code": "OTA", "name": "Portal", "parent_id": 1, "offset_kind": "percent", "offset_percent": 15, "source": "Phone"});
    assert_eq!(hotel.post("/api/rate-plans", plan).expect(201)["source"], "Phone");
    assert_eq!(hotel.post("/api/reservations", booking(json!({"rate_plan_id": 2}))).bad_fields(), ["rate_plan_id"]);
    let made = hotel.post("/api/reservations", booking(json!({"rate_plan_id": 2, "source": "phone"}))).expect(201);
    assert_eq!(made["total_amount"], exact("115.00"));
    hotel.patch("/api/reservations/1", json!({"source": "Direct"})).expect(200);
    assert_eq!(hotel.patch("/api/rate-plans/1", json!({"source": "Phone"})).bad_fields(), ["source"], "BAR is for everybody");
    assert_eq!(hotel.patch("/api/rate-plans/1", json!({"is_for_companies": true})).bad_fields(), ["is_for_companies"]);
    assert_eq!(hotel.patch("/api/rate-plans/2", json!({"source": "Bookng"})).bad_fields(), ["source"]);
    // The plan goes along with its source's new name.
    let sources = hotel.get("/api/booking-sources?page_size=100").expect(200)["items"].clone();
    let phone =
        sources.as_array().expect("sources").iter().find(|entry| entry["name"] == "Phone").expect("a source")["id"].clone();
    hotel.patch(&format!("/api/booking-sources/{phone}"), json!({"name": "Telephone"})).expect(200);
    assert_eq!(hotel.get("/api/rate-plans/2").expect(200)["source"], "Telephone");
    hotel.post("/api/reservations", booking(json!({"rate_plan_id": 2, "source": "Telephone"}))).expect(201);
    // Nobody's source is Direct, in the quote as in the booking.
    hotel.patch("/api/rate-plans/2", json!({"source": "direct"})).expect(200);
    let asked = json!({"check_in_date": "2025-12-01", "check_out_date": "2025-12-02", "adults": 1, "room_type_id": 1});
    assert_eq!(hotel.post("/api/quotes", asked).expect(200)["items"].as_array().expect("offers").len(), 2);
    hotel.get("/api/rooms/available?check_in_date=2025-12-01&check_out_date=2025-12-02&rate_plan_id=2").expect(200);
}

#[test]
fn a_company_is_found_renamed_and_named_once_and_prices_are_agreed_by_managers() {
    let hotel = hotel();
    assert_eq!(hotel.post("/api/companies", json!({"name": "ACME LTD"})).problem(409), "still-in-use");
    assert_eq!(hotel.get("/api/companies?q=pt%20501").expect(200)["items"][0]["name"], "Acme Ltd");
    assert_eq!(hotel.get("/api/companies?kind=agent").expect(200)["total"], 1);
    assert_eq!(hotel.post("/api/companies", json!({"name": " "})).bad_fields(), ["name"]);
    assert_eq!(hotel.post("/api/companies", json!({"name": "X", "rate_plan_ids": [9]})).bad_fields(), ["rate_plan_ids"]);
    let stale = json!({"name": "Acme", "version": 7});
    assert_eq!(hotel.patch("/api/companies/1", stale).problem(409), "stale-version");
    let desk = |method, path: &str, body: Value| hotel.as_role(Role::Receptionist).request(method, path).json(&body).send();
    desk(Method::Post, "/api/companies", json!({"name": "Charlie", "email": "c@example.com"})).expect(201);
    desk(Method::Patch, "/api/companies/1", json!({"contact_name": "Ana", "rate_plan_ids": [2]})).expect(200);
    assert_eq!(desk(Method::Patch, "/api/companies/1", json!({"rate_plan_ids": []})).problem(403), "not-allowed");
    assert_eq!(desk(Method::Post, "/api/companies", json!({"name": "Delta", "rate_plan_ids": [2]})).problem(403), "not-allowed");
    // An inactive one is named by no new booking.
    hotel.post("/api/reservations", booking(json!({"company_id": 2}))).expect(201);
    hotel.patch("/api/companies/2", json!({"is_active": false})).expect(200);
    assert_eq!(hotel.post("/api/reservations", booking(json!({"company_id": 2}))).bad_fields(), ["company_id"]);
    hotel.patch("/api/reservations/1", json!({"notes": "late"})).expect(200);
    assert_eq!(hotel.patch("/api/reservations/1", json!({"company_id": null})).expect(200)["company_name"], "");
}

#[test]
fn an_address_for_e_invoices_is_checked_where_it_is_typed() {
    let hotel = small_hotel();
    let told = json!({"name": "Tavares Lda", "address": "Rua 1", "city": "Porto", "postal_code": "4000-001", "region": "Norte",
        "country": "pt", "registration_number": "501 964 843", "electronic_scheme": "0208", "electronic_address": "0202 239 951"});
    let made = hotel.post("/api/companies", told).expect(201);
    assert_eq!((&made["country"], &made["electronic_address"]), (&json!("PT"), &json!("0202239951")));
    let change = |body: Value| hotel.patch("/api/companies/1", body);
    assert_eq!(change(json!({"country": "XX"})).bad_fields(), ["country"]);
    assert_eq!(change(json!({"electronic_scheme": "1234"})).bad_fields(), ["electronic_scheme"]);
    assert_eq!(change(json!({"electronic_address": "0202239952"})).bad_fields(), ["electronic_address"]);
    assert_eq!(change(json!({"electronic_address": ""})).bad_fields(), ["electronic_address"]);
    let cleared = change(json!({"electronic_scheme": "", "electronic_address": "", "country": ""})).expect(200);
    assert_eq!((&cleared["electronic_scheme"], &cleared["country"], &cleared["city"]), (&json!(""), &json!(""), &json!("Porto")));
}
