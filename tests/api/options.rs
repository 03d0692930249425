//! Until when a tentative booking's room is held, and what is told of it.

use serde_json::{Value, json};

use super::desk::small_hotel;
use crate::support::{Answer, TestHotel};

fn tentative(hotel: &TestHotel, name: &str, room: i64, until: &str) -> Answer {
    hotel.post(
        "/api/reservations",
        json!({"guest": {"full_name": name}, "room_id": room, "check_in_date": "2025-11-20", "check_out_date": "2025-11-22",
            "status": "tentative", "option_date": until}),
    )
}

fn options(hotel: &TestHotel, query: &str) -> Vec<(String, String)> {
    let words = |v: &Value| v.as_str().unwrap_or("").to_owned();
    let answer = hotel.get(&format!("/api/reservations/options{query}")).expect(200);
    let items = answer["items"].as_array().expect("items").iter();
    items.map(|stay| (words(&stay["guest_name"]), words(&stay["option_state"]))).collect()
}

#[test]
fn an_option_lies_between_today_and_the_arrival_and_is_for_tentative_bookings() {
    let hotel = small_hotel();
    for (until, fields) in [("2025-11-09", vec!["option_date"]), ("2025-11-21", vec!["option_date"])] {
        let refused = tentative(&hotel, "Ana", 1, until);
        assert_eq!((refused.status, refused.bad_fields()), (422, fields.iter().map(|f| (*f).to_owned()).collect()), "{until}");
    }
    let made = tentative(&hotel, "Ana", 1, "2025-11-20").expect(201);
    assert_eq!((&made["option_date"], &made["option_state"]), (&json!("2025-11-20"), &json!("held")));
    let firm = json!({"guest": {"full_name": "Ben"}, "room_id": 2, "check_in_date": "2025-11-20", "check_out_date": "2025-11-22",
        "option_date": "2025-11-12"});
    assert_eq!(hotel.post("/api/reservations", firm).bad_fields(), ["option_date"]);
    let change = |body: Value| hotel.patch("/api/reservations/1", body);
    assert_eq!(change(json!({"option_date": "2025-11-12"})).expect(200)["option_date"], "2025-11-12");
    assert_eq!(change(json!({"option_date": null})).expect(200)["option_state"], Value::Null);
    change(json!({"option_date": "2025-11-12"})).expect(200);
    // What is confirmed has no option any more, and gets none.
    assert_eq!(change(json!({"status": "confirmed"})).expect(200)["option_date"], Value::Null);
    assert_eq!(change(json!({"option_date": "2025-11-12"})).bad_fields(), ["option_date"]);
    let trail = hotel.get("/api/audit-log?entity=reservation&entity_id=1&page_size=1").expect(200);
    let last = &trail["items"][0];
    assert_eq!((&last["before"]["option_date"], &last["after"]["option_date"]), (&json!("2025-11-12"), &Value::Null));
}

#[test]
fn options_that_are_due_or_past_are_listed_and_nothing_happens_to_them_by_itself() {
    let hotel = small_hotel();
    tentative(&hotel, "Ana", 1, "2025-11-12").expect(201);
    tentative(&hotel, "Ben", 2, "2025-11-11").expect(201);
    tentative(&hotel, "Cem", 3, "2025-11-20").expect(201);
    assert_eq!(options(&hotel, ""), []);
    assert_eq!(options(&hotel, "?date=2025-11-11"), [("Ben".to_owned(), "held".to_owned())]);
    for day in ["2025-11-11", "2025-11-12"] {
        hotel.move_on(day).expect(200);
    }
    assert_eq!(options(&hotel, ""), [("Ben".to_owned(), "past".to_owned()), ("Ana".to_owned(), "due".to_owned())]);
    let open = hotel.get("/api/day-close").expect(200);
    let group = &open["open"][0];
    assert_eq!(
        (&group["case"], &group["total"], &group["stays"][0]["option_date"]),
        (&json!("option"), &json!(2), &json!("2025-11-12"))
    );
    assert_eq!(hotel.get("/api/reservations/2").expect(200)["status"], "tentative", "its room is still held");
    let chart = hotel.get("/api/tape-chart?from=2025-11-20&days=2").expect(200);
    let bar = chart["stays"].as_array().expect("stays").iter().find(|s| s["guest_name"] == "Ben").expect("Ben's bar");
    assert_eq!((&bar["option_date"], &bar["option_state"]), (&json!("2025-11-11"), &json!("past")));
    hotel.patch("/api/reservations/2", json!({"option_date": "2025-11-15"})).expect(200);
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    assert_eq!(options(&hotel, ""), []);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["option_state"], Value::Null);
}
