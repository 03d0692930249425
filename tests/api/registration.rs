//! Who has to be registered by the country's rules, what is missing of them, and what was sent.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

/// A hotel in a country with a guest who is written down with a companion, in the house.
fn hotel(country: &str) -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel.patch("/api/reservations/1", json!({"adults": 2})).expect(200);
    hotel.put("/api/registrations/rules", json!({"country": country})).expect(200);
    hotel
}

fn write(hotel: &TestHotel, guests: Value) {
    hotel.put("/api/reservations/1/guests", json!({ "guests": guests })).expect(200);
}

fn ana() -> Value {
    json!({"full_name": "Ana", "sex": "female", "birth_date": "1980-05-01", "nationality": "PT", "document_number": "P1"})
}

fn arrive(hotel: &TestHotel) {
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
}

fn listed(hotel: &TestHotel, query: &str) -> Vec<Value> {
    hotel.get(&format!("/api/registrations{query}")).expect(200)["items"].as_array().expect("people").clone()
}

#[test]
fn what_the_country_asks_and_nobody_has_written_down_is_told_before_the_check_in() {
    let hotel = hotel("TH");
    let missing = || hotel.get("/api/reservations/1/arrival").expect(200)["unregistered"].clone();
    assert_eq!(missing()[0]["missing_fields"], json!(["sex", "birth_date", "nationality", "document_number"]));
    write(&hotel, json!([ana(), {"full_name": "Ben", "nationality": "Thailand"}]));
    assert_eq!(missing(), json!([]), "nobody of the country has to be registered");
    write(&hotel, json!([ana(), {"full_name": "Ben", "nationality": "DE"}]));
    assert_eq!(missing(), json!([{"full_name": "Ben", "missing_fields": ["sex", "birth_date", "document_number"]}]));
    hotel.put("/api/registrations/rules", json!({"country": ""})).expect(200);
    assert_eq!(missing(), json!([]));
    assert_eq!(hotel.put("/api/registrations/rules", json!({"country": "XX"})).bad_fields(), ["country"]);
    assert_eq!(hotel.put("/api/registrations/rules", json!({"country": "AQ"})).bad_fields(), ["country"]);
    assert_eq!(hotel.as_role(Role::Receptionist).put("/api/registrations/rules", json!({"country": "PT"})).status, 403);
    let rules = hotel.put("/api/registrations/rules", json!({"country": "de"})).expect(200);
    assert_eq!((&rules["who"], &rules["is_checked"]), (&json!("foreign_heads"), &json!(true)));
}

#[test]
fn people_are_marked_as_sent_once_nothing_is_missing_and_no_longer_when_they_change() {
    let hotel = hotel("TH");
    write(&hotel, json!([ana(), {"full_name": "Ben", "nationality": "DE"}]));
    assert_eq!(listed(&hotel, "").len(), 0, "they have not come yet");
    arrive(&hotel);
    let people = listed(&hotel, "?sort=full_name");
    let ids: Vec<Value> = people.iter().map(|one| one["id"].clone()).collect();
    let mark = |ids: Value, is_sent: bool| hotel.post("/api/registrations/sent", json!({"ids": ids, "is_sent": is_sent}));
    assert_eq!(mark(json!(ids), true).problem(409), "illegal-transition");
    assert_eq!(listed(&hotel, "?is_sent=true").len(), 0, "all of them or none");
    assert_eq!(mark(json!([999]), true).bad_fields(), ["ids[0]"]);
    assert_eq!(mark(json!([ids[0]]), true).expect(200)["people"][0]["sent_on"], "2025-11-10");
    assert_eq!((listed(&hotel, "?is_sent=true").len(), listed(&hotel, "?is_complete=false").len()), (1, 1));
    let sent = hotel.get("/api/reservations/1/guests").expect(200)["items"].clone();
    assert_eq!((&sent[0]["sent_on"], &sent[1]["sent_on"]), (&json!("2025-11-10"), &Value::Null));
    // The same people written again were sent; another number of a passport was not.
    write(&hotel, json!([ana(), {"full_name": "Ben", "nationality": "DE"}]));
    assert_eq!(listed(&hotel, "?is_sent=true").len(), 1);
    let mut other = ana();
    other["document_number"] = json!("P2");
    write(&hotel, json!([other, {"full_name": "Ben", "nationality": "DE"}]));
    assert_eq!(listed(&hotel, "?is_sent=true").len(), 0);
    mark(json!([ids[0]]), true).expect(200);
    mark(json!([ids[0]]), false).expect(200);
    assert_eq!(listed(&hotel, "?is_sent=true").len(), 0);
}

#[test]
fn foreigners_in_the_house_are_a_file() {
    let hotel = hotel("ID");
    write(&hotel, json!([ana(), {"full_name": "=Budi", "nationality": "Indonesia"}]));
    arrive(&hotel);
    let file = hotel.get("/api/registrations/foreigners").text().to_owned();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 2, "{file}");
    assert!(lines[1].starts_with("Ana,female,1980-05-01,,PT,,P1,2025-11-10,2025-11-13,101,"), "{file}");
}
