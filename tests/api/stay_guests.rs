//! The people of a stay: written down, found again, erased and merged with their profiles.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

const PEOPLE: &str = "/api/reservations/1/guests";

/// Ana Sousa with room for three, arriving today.
fn family() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-12");
    let reason = json!({"adults": 2, "children": 1, "override_capacity": true, "reason": "a cot"});
    hotel.patch("/api/reservations/1", reason).expect(200);
    hotel
}

fn people(hotel: &TestHotel) -> Value {
    hotel.get(PEOPLE).expect(200)
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("a list").iter().map(|p| p["full_name"].as_str().expect("a name")).collect()
}

#[test]
fn the_head_is_known_by_the_profile_until_somebody_is_written_down() {
    let hotel = family();
    hotel.patch("/api/guests/1", json!({"nationality": "pt", "birth_date": "1980-05-01", "id_number": "X1"})).expect(200);
    let found = people(&hotel);
    assert_eq!((names(&found), &found["unnamed_count"]), (vec!["Ana Sousa"], &json!(2)));
    let head = &found["items"][0];
    assert_eq!(head["is_head"], true);
    assert_eq!(
        (&head["nationality"], &head["birth_date"], &head["document_number"]),
        (&json!("PT"), &json!("1980-05-01"), &json!("X1"))
    );
}

#[test]
fn everybody_is_written_down_and_found_again_with_the_head_first() {
    let hotel = family();
    let body = json!({"guests": [
        {"full_name": "Rui Sousa", "relation": "spouse", "sex": "male", "nationality": "de", "birth_place": "Köln",
         "document_kind": "passport", "document_number": "C01X", "document_issued_in": "Köln", "document_issued_on": "2020-02-29"},
        {"is_head": true, "full_name": " Ana Sousa ", "sex": "female", "birth_date": "1980-05-01", "residence": "PT", "address": "Rua 1\nLisboa"},
        {"full_name": "Eva Sousa", "relation": "child", "birth_date": "2019-11-11"}], "version": 2});
    let written = hotel.as_role(Role::Receptionist).put(PEOPLE, body).expect(200);
    assert_eq!(written, people(&hotel));
    assert_eq!(names(&written), ["Ana Sousa", "Rui Sousa", "Eva Sousa"]);
    let items = &written["items"];
    assert_eq!(
        (&items[0]["is_head"], &items[0]["guest_id"], &items[0]["address"]),
        (&json!(true), &json!(1), &json!("Rua 1\nLisboa"))
    );
    assert_eq!(
        (&items[1]["is_head"], &items[1]["relation"], &items[1]["nationality"]),
        (&json!(false), &json!("spouse"), &json!("DE"))
    );
    assert_eq!((&items[1]["document_issued_on"], &written["unnamed_count"]), (&json!("2020-02-29"), &json!(0)));
    // The profile has learnt what it did not say.
    assert_eq!(hotel.get("/api/guests/1").expect(200)["birth_date"], "1980-05-01");
    // A second desk that had the page open is told, and the trail names nobody.
    let stale = json!({"guests": [{"full_name": "Ana Sousa"}], "version": 2});
    assert_eq!(hotel.put(PEOPLE, stale).problem(409), "stale-version");
    let trail = hotel.get("/api/audit-log?entity=reservation&action=register").expect(200);
    assert_eq!((&trail["items"][0]["after"], &trail["items"][0]["before"]), (&json!({"people": 3}), &json!({"people": 0})));
    // Who is left out has not come.
    hotel.put(PEOPLE, json!({"guests": [{"full_name": "Ana Sousa"}, {"full_name": "Eva Sousa"}]})).expect(200);
    assert_eq!(names(&people(&hotel)), ["Ana Sousa", "Eva Sousa"]);
}

#[test]
fn what_cannot_be_is_refused_by_its_place_in_the_list() {
    let hotel = family();
    let refused = |guests: Value| hotel.put(PEOPLE, json!({"guests": guests})).bad_fields();
    let name = |name: &str| json!({"full_name": name});
    assert_eq!(refused(json!([])), ["guests"]);
    assert_eq!(refused(json!([name("A"), name("B"), name("C"), name("D")])), ["guests"]);
    assert_eq!(
        refused(json!([name("A"), {"full_name": " ", "birth_date": "2030-01-01"}])),
        ["guests[1].birth_date", "guests[1].full_name"]
    );
    let twice = |field: &str, value: Value| json!([{"full_name": "A", field: value}, {"full_name": "B", field: value}]);
    assert_eq!(refused(twice("is_head", json!(true))), ["guests[1].is_head"]);
    assert_eq!(refused(twice("guest_id", json!(1))), ["guests[1].guest_id"]);
    assert_eq!(refused(json!([name("A"), {"full_name": "B", "guest_id": 77}])), ["guests[1].guest_id"]);
    assert_eq!(names(&people(&hotel)), ["Ana Sousa"]);
    assert_eq!(hotel.put("/api/reservations/9/guests", json!({"guests": [name("A")]})).problem(404), "not-found");
}

#[test]
fn another_guest_of_the_booking_is_another_head() {
    let hotel = family();
    hotel.put(PEOPLE, json!({"guests": [{"full_name": "Ana Sousa", "sex": "female"}, {"full_name": "Rui Sousa"}]})).expect(200);
    hotel.post("/api/guests", json!({"full_name": "Ben Li"})).expect(201);
    hotel.patch("/api/reservations/1", json!({"guest_id": 2})).expect(200);
    let found = people(&hotel);
    assert_eq!((names(&found), &found["items"][0]["sex"]), (vec!["Ben Li", "Rui Sousa"], &Value::Null));
}

/// Ana Sousa, Rui with a profile of his own and Eva without one, who have left.
fn departed() -> TestHotel {
    let hotel = family();
    hotel.post("/api/guests", json!({"full_name": "Rui Sousa"})).expect(201);
    let guests = json!([
        {"full_name": "Ana Sousa", "document_number": "A1"},
        {"full_name": "Rui Sousa", "guest_id": 2, "document_number": "R1"},
        {"full_name": "Eva Sousa", "birth_date": "2019-11-11"}]);
    hotel.put(PEOPLE, json!({"guests": guests})).expect(200);
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    hotel
}

#[test]
fn erasing_the_guest_erases_who_came_along_without_a_profile() {
    let hotel = departed();
    assert_eq!(hotel.delete("/api/guests/2").problem(409), "still-in-use");
    hotel.post("/api/guests/1/anonymise", json!({"reason": "asked"})).expect(200);
    let found = people(&hotel);
    assert_eq!(names(&found), ["Erased guest", "Rui Sousa", "Erased guest"]);
    assert_eq!((&found["items"][0]["document_number"], &found["items"][2]["birth_date"]), (&json!(""), &Value::Null));
    let again = json!({"guests": [{"full_name": "Ana Sousa"}]});
    assert_eq!(hotel.put(PEOPLE, again).problem(409), "illegal-transition", "nothing new is written about an erased guest");
    hotel.post("/api/guests/2/anonymise", json!({"reason": "asked"})).expect(200);
    let found = people(&hotel);
    assert_eq!((names(&found)[1], &found["items"][1]["document_number"]), ("Erased guest", &json!("")));
}

#[test]
fn a_merged_profile_takes_its_place_among_the_people() {
    let hotel = departed();
    hotel.post("/api/guests", json!({"full_name": "Rui de Sousa"})).expect(201);
    hotel.post("/api/guests/3/merge", json!({"other_id": 2})).expect(200);
    assert_eq!(people(&hotel)["items"][1]["guest_id"], 3);
    hotel.post("/api/guests/3/merge", json!({"other_id": 1})).expect(200);
    assert_eq!((&people(&hotel)["items"][0]["guest_id"], names(&people(&hotel))[0]), (&json!(3), "Ana Sousa"));
}

#[test]
fn who_comes_along_on_an_open_stay_is_not_erased_until_it_is_over() {
    let hotel = TestHotel::furnished();
    hotel.patch("/api/reservations/1", json!({"adults": 2})).expect(200);
    let ben = hotel.post("/api/guests", json!({"full_name": "Ben Along"})).expect(201)["id"].clone();
    hotel
        .put(
            "/api/reservations/1/guests",
            json!({"guests": [{"full_name": "Ana Lopes"}, {"full_name": "Ben Along", "guest_id": ben}]}),
        )
        .expect(200);
    let erase = || hotel.post(&format!("/api/guests/{ben}/anonymise"), json!({"reason": "asked by letter"}));
    assert_eq!(erase().problem(409), "still-in-use");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    erase().expect(200);
}
