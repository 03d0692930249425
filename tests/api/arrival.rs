//! The sheet of a check-in: all that it takes in one answer, and done by one request or not at all.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::TestHotel;

fn sheet(hotel: &TestHotel) -> Value {
    hotel.get("/api/reservations/1/arrival").expect(200)
}

fn check_in(hotel: &TestHotel, body: Value) -> crate::support::Answer {
    hotel.post("/api/reservations/1/check-in", body)
}

/// In room 101 from the 10th to the 12th, at 100.00 a night, for two people; the hotel asks for papers.
fn awaited() -> TestHotel {
    let hotel = small_hotel();
    hotel.patch("/api/settings", json!({"required_guest_fields": ["id_number", "birth_date"]})).expect(200);
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-12");
    hotel.patch("/api/reservations/1", json!({"adults": 2})).expect(200);
    hotel
}

#[test]
fn the_sheet_tells_room_papers_people_and_money() {
    let hotel = awaited();
    hotel.put("/api/rooms/1/status", json!({"housekeeping": "dirty"})).expect(200);
    let told = sheet(&hotel);
    assert_eq!((&told["room"]["room_number"], &told["room"]["is_ready"]), (&json!("101"), &json!(false)));
    assert_eq!(told["missing_fields"], json!(["birth_date", "id_number"]));
    assert_eq!((&told["guest_names"], &told["nights"]), (&json!(["Ana Sousa"]), &json!(2)));
    assert_eq!(told["unnamed_count"], json!(1));
    assert_eq!((&told["total_amount"], &told["balance"]), (&exact("200.00"), &exact("200.00")));
    let others: Vec<&str> = told["rooms"].as_array().expect("rooms").iter().filter_map(|r| r["room_number"].as_str()).collect();
    assert!(!others.is_empty() && !others.contains(&"101"), "{others:?}");
    check_in(&hotel, json!({"override_dirty": true, "papers": {"id_number": "X1", "birth_date": "1990-01-01"}})).expect(200);
}

#[test]
fn papers_companions_and_money_come_with_the_check_in() {
    let hotel = awaited();
    let arrived = check_in(
        &hotel,
        json!({
            "room_id": 2,
            "papers": {"id_type": "passport", "id_number": "P123", "birth_date": "1990-05-01", "nationality": "pt"},
            "companions": [{"full_name": "Rui Sousa"}],
            "payment": {"amount": 200, "payment_method": "card"},
        }),
    )
    .expect(200);
    assert_eq!(
        (&arrived["status"], &arrived["room_number"], &arrived["balance"]),
        (&json!("checked_in"), &json!("102"), &exact("0.00"))
    );
    let guest = hotel.get("/api/guests/1").expect(200);
    assert_eq!((&guest["id_number"], &guest["nationality"]), (&json!("P123"), &json!("PT")));
    let people = hotel.get("/api/reservations/1/guests").expect(200);
    let names: Vec<&str> = people["items"].as_array().expect("people").iter().filter_map(|p| p["full_name"].as_str()).collect();
    assert_eq!(names, ["Ana Sousa", "Rui Sousa"]);
    assert_eq!(people["items"][0]["document_number"], json!("P123"));
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!(folio["payments"][0]["payment_type"], json!("full"));
}

#[test]
fn what_cannot_be_done_leaves_nothing_behind() {
    let hotel = awaited();
    let papers = json!({"id_number": "P123", "birth_date": "1990-05-01"});
    let nothing = |why: &str| {
        assert_eq!(hotel.get("/api/guests/1").expect(200)["id_number"], json!(""), "{why}");
        assert_eq!(hotel.get("/api/reservations/1/guests").expect(200)["items"].as_array().expect("people").len(), 1, "{why}");
        assert_eq!(hotel.get("/api/reservations/1").expect(200)["status"], json!("confirmed"), "{why}");
    };
    let unknown =
        json!({"papers": papers, "companions": [{"full_name": "Rui"}], "payment": {"amount": 10, "payment_method": "shells"}});
    assert_eq!(check_in(&hotel, unknown).expect(422)["errors"][0]["field"], json!("payment.payment_method"));
    nothing("a method that nobody takes");
    let crowd = json!({"papers": papers, "companions": [{"full_name": "Rui"}, {"full_name": "Eva"}]});
    assert_eq!(check_in(&hotel, crowd).expect(422)["errors"][0]["field"], json!("companions"));
    nothing("more people than booked");
    let nameless = json!({"papers": papers, "companions": [{"full_name": " "}]});
    assert_eq!(check_in(&hotel, nameless).expect(422)["errors"][0]["field"], json!("companions[0].full_name"));
    nothing("a person without a name");
    let future = json!({"papers": {"id_number": "P1", "birth_date": "2030-01-01"}});
    assert_eq!(check_in(&hotel, future).expect(422)["errors"][0]["field"], json!("papers.birth_date"));
    hotel.put("/api/rooms/1/status", json!({"housekeeping": "dirty"})).expect(200);
    assert_eq!(check_in(&hotel, json!({"papers": papers})).problem(409), "room-not-ready");
    nothing("a dirty room");
}
