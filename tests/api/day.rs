//! The business date: how it moves on and back, and what is told before it does.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, next_day, small_hotel};
use crate::support::{Answer, TestHotel};

/// Closes the day before a date, whatever is open.
fn move_to(hotel: &TestHotel, role: Role, date: &str, reason: &str) -> Answer {
    hotel.as_role(role).post("/api/day-close", json!({"business_date": before(date), "undecided": "carry", "reason": reason}))
}

fn go_back(hotel: &TestHotel, role: Role, date: &str) -> Answer {
    hotel.as_role(role).patch("/api/settings", json!({"business_date": date}))
}

fn business_date(hotel: &TestHotel) -> Value {
    hotel.get("/api/settings").expect(200)["business_date"].clone()
}

/// By reason: the guests whose stays are open.
fn open_cases(hotel: &TestHotel) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let open = hotel.get("/api/day-close").expect(200)["open"].clone();
    list(&open).iter().map(|g| (text(&g["case"]), list(&g["stays"]).iter().map(|s| text(&s["guest_name"])).collect())).collect()
}

#[test]
fn the_day_runs_no_further_than_tomorrow_unless_an_owner_says_why() {
    let hotel = TestHotel::new();
    // A day that is closed before midnight.
    move_to(&hotel, Role::Manager, "2025-11-11", "").expect(200);
    assert_eq!(hotel.get("/api/day-close").expect(200)["needs_reason"], true);
    assert_eq!(move_to(&hotel, Role::Manager, "2025-11-12", "why not").problem(409), "wrong-date");
    assert_eq!(move_to(&hotel, Role::Owner, "2025-11-12", "").problem(409), "reason-needed");
    assert_eq!(move_to(&hotel, Role::Owner, "2025-11-13", "two at once").problem(409), "wrong-date");
    move_to(&hotel, Role::Owner, "2025-11-12", "the clock of this machine is wrong").expect(200);
    let entry = &hotel.get("/api/audit-log?entity=day_close&action=close_day").expect(200)["items"][0];
    assert_eq!(entry["after"]["business_date"], "2025-11-11");
    assert_eq!(entry["after"]["reason"], "the clock of this machine is wrong");
    hotel.advance_hours(24);
    let token = hotel.sign_in_again(Role::Manager);
    let by_then = hotel.with_token(&token).post("/api/day-close", json!({"business_date": "2025-11-12"}));
    assert_eq!(by_then.problem(409), "wrong-date", "the calendar says the 11th");
}

#[test]
fn the_day_goes_back_as_long_as_nothing_was_done_on_it() {
    let hotel = small_hotel();
    next_day(&hotel, "2025-11-11");
    assert_eq!(hotel.get("/api/day-close").expect(200)["can_go_back"], true);
    go_back(&hotel, Role::Manager, "2025-11-10").expect(200);
    assert_eq!(business_date(&hotel), "2025-11-10");
    for done in ["a booking", "a check-in", "a payment", "a check-out"] {
        let today = business_date(&hotel).as_str().expect("a date").to_owned();
        let tomorrow = today.parse::<innkeeper::domain::date::Date>().expect("a date").next().to_string();
        let amount = json!({"reservation_id": 1, "amount": 70, "payment_method": "cash"});
        match done {
            "a booking" => drop(book(&hotel, "Ana Sousa", 3, "2025-11-11", "2025-11-15")),
            "a check-in" => drop(hotel.post("/api/reservations/1/check-in", json!({})).expect(200)),
            "a payment" => drop(hotel.post("/api/payments", amount).expect(201)),
            _ => {
                let settle = json!({"settle": {"payment_method": "cash"}});
                drop(hotel.post("/api/reservations/1/check-out", settle).expect(200));
            }
        }
        let back = go_back(&hotel, Role::Owner, &before(&today));
        assert_eq!(back.problem(409), "wrong-date", "after {done}");
        assert_eq!(hotel.get("/api/day-close").expect(200)["can_go_back"], false, "after {done}");
        next_day(&hotel, &tomorrow);
    }
    // Back over the empty day, and not over the one before it.
    assert_eq!(business_date(&hotel), "2025-11-14");
    go_back(&hotel, Role::Manager, "2025-11-13").expect(200);
    assert_eq!(go_back(&hotel, Role::Manager, "2025-11-12").problem(409), "wrong-date");
    assert_eq!(go_back(&hotel, Role::Owner, "2025-11-14").problem(409), "wrong-date", "forward only by closing the day");
}

fn before(date: &str) -> String {
    date.parse::<innkeeper::domain::date::Date>().expect("a date").previous().to_string()
}

#[test]
fn what_is_open_is_told_before_the_day_moves_on() {
    let hotel = small_hotel();
    assert_eq!(open_cases(&hotel), []);
    book(&hotel, "Late Lotte", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Gone Gil", 2, "2025-11-10", "2025-11-11");
    book(&hotel, "Stay Sven", 3, "2025-11-10", "2025-11-11");
    for id in [2, 3] {
        hotel.post(&format!("/api/reservations/{id}/check-in"), json!({})).expect(200);
    }
    let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(open_cases(&hotel), [("arrival".to_owned(), names(&["Late Lotte"]))]);
    next_day(&hotel, "2025-11-11");
    assert_eq!(
        open_cases(&hotel),
        [("overdue_arrival".to_owned(), names(&["Late Lotte"])), ("departure".to_owned(), names(&["Gone Gil", "Stay Sven"]))]
    );
    hotel.post("/api/reservations/2/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "bad note"})).expect(200);
    let answer = hotel.as_role(Role::Receptionist).get("/api/day-close").expect(200);
    let dirty =
        json!([{"id": 2, "room_number": "102", "occupancy": "vacant"}, {"id": 3, "room_number": "201", "occupancy": "occupied"}]);
    assert_eq!(answer["dirty_rooms"], dirty);
    assert_eq!(answer["open"][2]["case"], "unsettled");
    assert_eq!(answer["open"][2]["stays"][0]["balance"], super::desk::exact("100.00"));
    next_day(&hotel, "2025-11-12");
    assert_eq!(
        open_cases(&hotel),
        [("overdue_arrival".to_owned(), names(&["Late Lotte"])), ("overdue_departure".to_owned(), names(&["Stay Sven"]))]
    );
}
