//! Finding people and stays as they are typed.

use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

fn found(hotel: &TestHotel, q: &str) -> Vec<String> {
    let answer = hotel.get(&format!("/api/search?q={q}")).expect(200);
    names(&answer["reservations"], "guest_name")
}

fn listed(hotel: &TestHotel, q: &str) -> (Vec<String>, i64) {
    let answer = hotel.get(&format!("/api/reservations?q={q}&page_size=100")).expect(200);
    (names(&answer["items"], "guest_name"), answer["total"].as_i64().expect("a total"))
}

fn names(list: &Value, field: &str) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|one| one[field].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn who_is_expected_is_found_however_many_namesakes_have_been_here() {
    let hotel = small_hotel();
    book(&hotel, "Maria Santos", 1, "2025-11-12", "2025-11-14");
    for n in 0..70 {
        let id = book(&hotel, &format!("Nuno{n} Santos"), 3, "2025-11-20", "2025-11-21")["id"].as_i64().expect("an id");
        hotel.post(&format!("/api/reservations/{id}/cancel"), json!({})).expect(200);
    }
    assert_eq!(found(&hotel, "santos")[0], "Maria Santos");
    assert_eq!(found(&hotel, "sant%20mar"), ["Maria Santos"]);
    let (names, total) = listed(&hotel, "santos");
    assert!(names.contains(&"Maria Santos".to_owned()), "{names:?}");
    assert_eq!(names.len() as i64, total);
}

#[test]
fn a_stay_is_found_by_the_name_its_guest_has_now() {
    let hotel = small_hotel();
    book(&hotel, "Jürgen Weiß", 1, "2025-11-12", "2025-11-14");
    hotel.patch("/api/guests/1", json!({"full_name": "Ingrid Kühn", "phone_number": "+49 89 1234567"})).expect(200);
    assert_eq!(found(&hotel, "kuhn"), ["Ingrid Kühn"]);
    assert_eq!(found(&hotel, "089%201234"), ["Ingrid Kühn"]);
    assert_eq!(found(&hotel, "jurgen"), Vec::<String>::new());
    for status in ["cancel", "undo"] {
        hotel.post(&format!("/api/reservations/1/{status}"), json!({})).expect(200);
        assert_eq!(listed(&hotel, "kuhn"), (vec!["Ingrid Kühn".to_owned()], 1), "{status}");
    }
}

#[test]
fn a_merged_profile_is_not_found_but_its_stays_are() {
    let hotel = small_hotel();
    book(&hotel, "Ana Reis", 1, "2025-11-12", "2025-11-14");
    book(&hotel, "Ann Rice", 2, "2025-11-12", "2025-11-14");
    hotel.post("/api/guests/1/merge", json!({"other_id": 2})).expect(200);
    assert_eq!(hotel.get("/api/guests?q=rice").expect(200)["total"], 0);
    assert_eq!(found(&hotel, "rice"), Vec::<String>::new());
    assert_eq!(found(&hotel, "reis"), ["Ana Reis", "Ana Reis"]);
}

#[test]
fn rooms_are_found_by_the_start_of_their_number() {
    let hotel = small_hotel();
    let rooms = |q: &str| names(&hotel.get(&format!("/api/search?q={q}")).expect(200)["rooms"], "room_number");
    assert_eq!(rooms("10"), ["101", "102"]);
    assert_eq!(rooms("01"), Vec::<String>::new());
    assert_eq!(rooms("%25"), Vec::<String>::new());
}
