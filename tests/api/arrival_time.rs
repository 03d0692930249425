//! When a guest is expected, and who announced a late arrival.

use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

fn expected(hotel: &TestHotel, id: i64, time: Value, is_late: bool) -> Value {
    let change = json!({"expected_arrival_time": time, "is_late_arrival": is_late});
    hotel.patch(&format!("/api/reservations/{id}"), change).expect(200)
}

fn arrivals(hotel: &TestHotel, sort: &str) -> Vec<String> {
    let answer = hotel.get(&format!("/api/reservations/arrivals?sort={sort}")).expect(200);
    let name = |stay: &Value| stay["guest_name"].as_str().unwrap_or("").to_owned();
    answer["items"].as_array().expect("items").iter().map(name).collect()
}

#[test]
fn the_hour_and_the_late_mark_are_kept_told_and_taken_away() {
    let hotel = small_hotel();
    let made = hotel
        .post(
            "/api/reservations",
            json!({"guest": {"full_name": "Ana"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12",
                "expected_arrival_time": "22:30", "is_late_arrival": true}),
        )
        .expect(201);
    let of =
        |stay: &Value| (stay["expected_arrival_time"].clone(), stay["is_late_arrival"].clone(), stay["is_expected_late"].clone());
    assert_eq!(of(&made), (json!("22:30"), json!(true), json!(true)));
    assert_eq!(of(&expected(&hotel, 1, json!("01:30"), false)), (json!("01:30"), json!(false), json!(true)));
    assert_eq!(of(&expected(&hotel, 1, json!("18:00"), false)), (json!("18:00"), json!(false), json!(false)));
    // What is not named stays; null takes the hour away.
    assert_eq!(of(&hotel.patch("/api/reservations/1", json!({"notes": "Call first"})).expect(200)).0, "18:00");
    assert_eq!(of(&expected(&hotel, 1, Value::Null, false)), (Value::Null, json!(false), json!(false)));
    for bad in ["24:00", "9:30", "noon"] {
        let answer = hotel.patch("/api/reservations/1", json!({"expected_arrival_time": bad}));
        assert_eq!((answer.status, answer.bad_fields()), (422, vec!["expected_arrival_time".to_owned()]), "{bad}");
    }
    let trail = hotel.get("/api/audit-log?entity=reservation&entity_id=1&sort=id").expect(200);
    let told: Vec<(Value, Value)> = trail["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|entry| (entry["after"]["expected_arrival_time"].clone(), entry["after"]["is_late_arrival"].clone()))
        .collect();
    assert_eq!(told[..2], [(json!("22:30"), json!(true)), (json!("01:30"), json!(false))]);
}

#[test]
fn the_arrivals_stand_by_the_hour_through_the_night_and_the_unknown_last() {
    let hotel = small_hotel();
    for (name, room) in [("Ana", 1), ("Ben", 2), ("Cem", 3)] {
        book(&hotel, name, room, "2025-11-10", "2025-11-11");
    }
    let late =
        json!({"guest": {"full_name": "Dan"}, "room_type_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-10"});
    hotel.post("/api/reservations", late).expect(201);
    for (id, time) in [(1, json!("01:30")), (2, Value::Null), (3, json!("18:00")), (4, json!("09:15"))] {
        expected(&hotel, id, time, false);
    }
    assert_eq!(arrivals(&hotel, "expected_arrival_time"), ["Dan", "Cem", "Ana", "Ben"]);
    assert_eq!(arrivals(&hotel, "guest_name"), ["Ana", "Ben", "Cem", "Dan"]);
    let chart = hotel.get("/api/tape-chart?days=1").expect(200);
    let bar = chart["stays"].as_array().expect("stays").iter().find(|s| s["guest_name"] == "Ana").expect("Ana's bar");
    assert_eq!((&bar["expected_arrival_time"], &bar["is_expected_late"]), (&json!("01:30"), &json!(true)));
    let board = hotel.get("/api/housekeeping").expect(200);
    let task = board["items"].as_array().expect("items").iter().find(|task| task["room_number"] == "201").expect("Cem's room");
    assert_eq!(task["arriving"]["expected_arrival_time"], "18:00");
}

#[test]
fn who_announced_a_late_arrival_stands_apart_when_the_day_closes() {
    let hotel = small_hotel();
    for (name, room) in [("Ana", 1), ("Ben", 2), ("Cem", 3)] {
        book(&hotel, name, room, "2025-11-10", "2025-11-13");
    }
    expected(&hotel, 1, json!("01:30"), false);
    expected(&hotel, 3, Value::Null, true);
    let open = |hotel: &TestHotel| -> Vec<(String, Vec<String>)> {
        let answer = hotel.get("/api/day-close").expect(200);
        let words = |v: &Value| v.as_str().unwrap_or("").to_owned();
        let names = |group: &Value| group["stays"].as_array().expect("stays").iter().map(|s| words(&s["guest_name"])).collect();
        answer["open"].as_array().expect("groups").iter().map(|group| (words(&group["case"]), names(group))).collect()
    };
    let case = |name: &str, guests: &[&str]| (name.to_owned(), guests.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>());
    assert_eq!(open(&hotel), [case("late_arrival", &["Ana", "Cem"]), case("arrival", &["Ben"])]);
    hotel.move_on("2025-11-11").expect(200);
    assert_eq!(open(&hotel), [case("overdue_arrival", &["Ben"]), case("late_arrival", &["Ana", "Cem"])]);
}

#[test]
fn a_guest_who_announced_a_late_arrival_is_a_no_show_only_on_purpose() {
    let hotel = small_hotel();
    for (name, room) in [("Ana", 1), ("Ben", 2)] {
        book(&hotel, name, room, "2025-11-10", "2025-11-13");
    }
    expected(&hotel, 1, json!("01:30"), false);
    hotel.move_on("2025-11-11").expect(200);
    hotel.post("/api/reservations/2/no-show", json!({})).expect(200);
    let refused = hotel.post("/api/reservations/1/no-show", json!({}));
    assert_eq!(refused.problem(409), "late-arrival");
    let body = refused.json();
    assert_eq!(
        body["detail"],
        "The guest announced a late arrival for 01:30. Mark it as a no-show only once nobody is expected any more."
    );
    assert_eq!((&body["can_override"], &body["override_with"]), (&json!(true), &json!("override_late_arrival")));
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["status"], "confirmed");
    let marked = hotel.post("/api/reservations/1/no-show", json!({"override_late_arrival": true})).expect(200);
    assert_eq!(marked["status"], "no_show");
}

#[test]
fn the_database_and_the_program_agree_on_who_is_late() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    for (time, is_late) in
        [(json!("05:59"), true), (json!("06:00"), false), (json!("23:59"), false), (json!("00:00"), true), (Value::Null, false)]
    {
        let stay = expected(&hotel, 1, time.clone(), false);
        let chart = hotel.get("/api/tape-chart?days=1").expect(200);
        let of_chart = &chart["stays"][0]["is_expected_late"];
        assert_eq!((&stay["is_expected_late"], of_chart), (&json!(is_late), &json!(is_late)), "{time}");
    }
}
