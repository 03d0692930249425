//! The figures of the house against sums made here from the rows themselves.

use std::collections::HashMap;

use innkeeper::db::Sql;
use serde_json::{Value, json};

use super::desk::{book, exact, first_night_from, small_hotel};
use crate::support::TestHotel;

fn step(hotel: &TestHotel, id: i64, action: &str, body: Value) -> Value {
    hotel.post(&format!("/api/reservations/{id}/{action}"), body).expect(200)
}

fn today_is(hotel: &TestHotel, date: &str) {
    hotel.close_before(date).expect(200);
}

fn items(hotel: &TestHotel, target: &str) -> Vec<Value> {
    hotel.get(target).expect(200)["items"].as_array().expect("items").clone()
}

#[test]
fn the_vacant_rooms_are_told_by_how_ready_they_are_and_add_up() {
    let hotel = small_hotel();
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["103-107"]})).expect(201);
    // 101 is occupied and dirty, 102 dirty, 201 inspected, 103 out of order and dirty, 104 out of
    // service, which is still sold; the others are clean.
    let seen = |id: i64, state: &str| hotel.put(&format!("/api/rooms/{id}/status"), json!({"housekeeping": state})).expect(200);
    book(&hotel, "In House", 1, "2025-11-10", "2025-11-12");
    step(&hotel, 1, "check-in", json!({}));
    for (room, state) in [(1, "dirty"), (2, "dirty"), (3, "inspected"), (4, "dirty")] {
        seen(room, state);
    }
    let block = |id: i64, kind: &str| {
        let dates = json!({"kind": kind, "start_date": "2025-11-10", "end_date": "2025-11-12", "reason": "Paint"});
        hotel.post(&format!("/api/rooms/{id}/blocks"), dates).expect(201);
    };
    block(4, "out_of_order");
    block(5, "out_of_service");
    let counts = &hotel.get("/api/dashboard/today").expect(200)["rooms"];
    let mut expected: HashMap<&str, i64> = HashMap::new();
    for room in items(&hotel, "/api/rooms?page_size=100") {
        let part = match (room["occupancy"].as_str(), room["block"]["kind"].as_str(), room["housekeeping"].as_str()) {
            (Some("occupied"), _, _) => "occupied",
            (_, Some("out_of_order"), _) => "vacant_out_of_order",
            (_, _, Some("dirty")) => "vacant_dirty",
            _ => "vacant_ready",
        };
        *expected.entry(part).or_default() += 1;
    }
    assert_eq!(expected, HashMap::from([("occupied", 1), ("vacant_dirty", 1), ("vacant_out_of_order", 1), ("vacant_ready", 5)]));
    for (part, n) in expected {
        assert_eq!(counts[part], json!(n), "{part}");
    }
    assert_eq!((&counts["vacant"], &counts["total"]), (&json!(7), &json!(8)));
}

#[test]
fn the_balance_due_is_the_sum_of_exactly_the_list_it_names() {
    let hotel = small_hotel();
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["103-107"]})).expect(201);
    hotel.patch("/api/settings", first_night_from(8760)).expect(200);
    let stays = [("In House", 1), ("Departed", 2), ("To Come", 4), ("Cancelled", 5), ("No Show", 6), ("Has Paid", 7)];
    for (name, room) in stays {
        book(&hotel, name, room, "2025-11-10", "2025-11-12");
    }
    let pay = |id: i64, amount: i64| {
        let payment = json!({"reservation_id": id, "amount": amount, "payment_method": "cash"});
        hotel.post("/api/payments", payment).expect(201)["id"].as_i64().expect("an id")
    };
    for id in [1, 2, 6] {
        step(&hotel, id, "check-in", json!({}));
    }
    pay(1, 30);
    pay(6, 200);
    // Who has left owes again once a payment turns out to be none.
    let bounced = pay(2, 100);
    step(&hotel, 2, "check-out", json!({}));
    hotel.post(&format!("/api/payments/{bounced}/void"), json!({"reason": "The card was refused"})).expect(200);
    step(&hotel, 4, "cancel", json!({}));
    today_is(&hotel, "2025-11-11");
    step(&hotel, 5, "no-show", json!({}));
    let listed = |due: &str| -> Vec<(String, String)> {
        let found = items(&hotel, &format!("/api/reservations?{due}&sort=guest_name&page_size=100"));
        found.iter().map(|r| (r["guest_name"].as_str().expect("a name").to_owned(), r["balance"].to_string())).collect()
    };
    let one = |name: &str, balance: &str| (name.to_owned(), balance.to_owned());
    assert_eq!(listed("due=now"), [one("Departed", "100.00"), one("In House", "170.00")]);
    assert_eq!(listed("due=to_come"), [one("To Come", "200.00")]);
    assert_eq!(listed("due=fees"), [one("Cancelled", "100.00"), one("No Show", "100.00")]);
    assert_eq!(listed("balance_due=true").len(), 5, "the three together");
    assert_eq!(hotel.get("/api/dashboard/today").expect(200)["balance_due"], exact("270.00"));
    assert_eq!(hotel.get("/api/reservations?due=later").bad_fields(), ["due"]);
}

#[test]
fn a_period_that_is_not_over_is_compared_with_what_was_booked_at_that_point() {
    let hotel = small_hotel();
    let total = |target: &str| {
        let shown = hotel.get(&format!("/api/dashboard/stats?from=2025-11-10&to=2025-11-19{target}")).expect(200);
        (shown["total"]["sold"].clone(), shown["total"]["room_revenue"].clone())
    };
    // Booked on the 10th: two nights, and three that are given up after its midnight.
    book(&hotel, "Early", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Gives up", 2, "2025-11-14", "2025-11-17");
    // Stays from the 10th and leaves two nights before the time.
    book(&hotel, "Leaves early", 3, "2025-11-10", "2025-11-14");
    for id in [1, 3] {
        step(&hotel, id, "check-in", json!({}));
    }
    hotel.advance_hours(15);
    for date in ["2025-11-11", "2025-11-12"] {
        today_is(&hotel, date);
    }
    step(&hotel, 2, "cancel", json!({}));
    for id in [1, 3] {
        step(&hotel, id, "check-out", json!({"settle": {"payment_method": "cash"}}));
    }
    book(&hotel, "Late", 1, "2025-11-13", "2025-11-18");
    // Held now: 2 of Early, 2 of Leaves early at 70, 5 of Late.
    assert_eq!(total(""), (json!(9), exact("840.00")));
    assert_eq!(total("&as_of=2025-11-12"), total(""), "nothing has happened since");
    // On the evening of the 10th: 2 of Early, 3 of Gives up, 4 of Leaves early; Late was not there yet.
    assert_eq!(total("&as_of=2025-11-10"), (json!(9), exact("780.00")));
    assert_eq!(total("&as_of=2025-11-09"), (json!(0), exact("0.00")), "nobody had booked");
    let days = |target: &str| {
        let shown = hotel.get(&format!("/api/dashboard/stats?from=2025-11-10&to=2025-11-19{target}")).expect(200);
        shown["days"].as_array().expect("days").iter().map(|day| day["sold"].as_i64().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!(days(""), [2, 2, 0, 1, 1, 1, 1, 1, 0, 0]);
    assert_eq!(days("&as_of=2025-11-10"), [2, 2, 1, 1, 1, 1, 1, 0, 0, 0]);
}

#[test]
fn a_stay_that_had_begun_was_on_the_books_whenever_it_was_typed_in() {
    let hotel = small_hotel();
    book(&hotel, "Typed late", 1, "2025-11-10", "2025-11-13");
    let as_of = |date: &str| {
        let shown = hotel.get(&format!("/api/dashboard/stats?from=2025-11-01&to=2025-11-30&as_of={date}")).expect(200);
        shown["total"]["sold"].clone()
    };
    hotel.write(|tx| {
        let late = "UPDATE reservation SET created_at = '2026-02-01T00:00:00.000Z'";
        tx.run(&Sql::new("test.typed_late", late), []).map(|_| ())
    });
    assert_eq!(as_of("2025-11-10"), 3);
    assert_eq!(as_of("2025-11-09"), 0);
}

#[test]
fn the_trail_names_a_booking_by_number_and_guest_whatever_was_done_to_it() {
    let hotel = small_hotel();
    let stay = book(&hotel, "Ana Reis", 1, "2025-11-10", "2025-11-11");
    let number = stay["confirmation_number"].as_str().expect("a number");
    step(&hotel, 1, "move", json!({"room_id": 2}));
    step(&hotel, 1, "check-in", json!({}));
    hotel.post("/api/reservations/1/charges", json!({"kind": "extra", "description": "Tea", "unit_amount": 3})).expect(201);
    hotel.post("/api/payments", json!({"reservation_id": 1, "amount": 103, "payment_method": "cash"})).expect(201);
    hotel.patch("/api/reservations/1", json!({"notes": "A cot"})).expect(200);
    step(&hotel, 1, "check-out", json!({}));
    let subjects = |about: &str| -> Vec<Value> {
        items(&hotel, &format!("/api/audit-log?{about}&page_size=100")).iter().map(|entry| entry["subject"].clone()).collect()
    };
    let done = subjects("entity=reservation");
    assert!(done.len() >= 6, "{done:?}");
    assert!(done.iter().all(|subject| *subject == format!("{number} · Ana Reis")), "{done:?}");
    hotel.patch("/api/guests/1", json!({"full_name": "Ana Dias"})).expect(200);
    assert!(subjects("entity=reservation").iter().all(|subject| *subject == format!("{number} · Ana Dias")));
    assert!(subjects("entity=guest").iter().all(|subject| subject == "Ana Dias"));
    assert!(subjects("entity=room").iter().all(Value::is_string));
    // The trail keeps no name of a guest whose data are erased.
    hotel.post("/api/guests/1/anonymise", json!({"reason": "asked for"})).expect(200);
    assert!(subjects("entity=reservation").iter().all(|subject| *subject == format!("{number} · Erased guest")));
}
