//! Bookings seen from outside: taken once, named truly, priced exactly.

use std::sync::Barrier;

use innkeeper::domain::actor::Role;
use innkeeper::hotel::reservations::BookingNotes;
use innkeeper::hotel::reservations::booking::PartySize;
use serde_json::{Value, json};

use crate::support::TestHotel;

fn stay(room: i64, from: &str, to: &str) -> Value {
    json!({"guest": {"full_name": "Eva Mo"}, "room_id": room, "check_in_date": from, "check_out_date": to})
}

#[test]
fn of_many_desks_that_book_one_room_at_once_exactly_one_gets_it() {
    let hotel = TestHotel::furnished();
    let (start, token) = (Barrier::new(8), hotel.sign_in_again(Role::Receptionist));
    let book = |number: usize| {
        // Overlapping, and not the same: some arrive a night later.
        let (from, to) = if number.is_multiple_of(2) { ("2026-01-10", "2026-01-13") } else { ("2026-01-12", "2026-01-14") };
        start.wait();
        let answer = hotel.with_token(&token).post("/api/reservations", stay(3, from, to));
        if answer.status == 409 {
            assert_eq!(answer.problem(409), "room-taken");
        }
        answer.status
    };
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let book = &book;
        let desks: Vec<_> = (0..8).map(|number| scope.spawn(move || book(number))).collect();
        desks.into_iter().map(|desk| desk.join().expect("a desk")).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    let listed = hotel.get("/api/reservations?room_id=3&check_in_from=2026-01-01").expect(200);
    assert_eq!(listed["total"], 1);
}

#[test]
fn a_departure_and_an_arrival_share_a_day_and_a_room() {
    let hotel = TestHotel::furnished();
    hotel.post("/api/reservations", stay(3, "2026-01-10", "2026-01-12")).expect(201);
    hotel.post("/api/reservations", stay(3, "2026-01-12", "2026-01-13")).expect(201);
    hotel.post("/api/reservations", stay(3, "2026-01-09", "2026-01-10")).expect(201);
    assert_eq!(hotel.post("/api/reservations", stay(3, "2026-01-11", "2026-01-12")).problem(409), "room-taken");
}

#[test]
fn names_on_bookings_follow_the_guest_the_room_and_the_type() {
    let hotel = TestHotel::furnished();
    let booking = hotel.get("/api/reservations/1").expect(200);
    let guest = booking["guest_id"].as_i64().expect("a guest");
    hotel.patch(&format!("/api/guests/{guest}"), json!({"full_name": "Ana Reis", "email": "ana@reis.example"})).expect(200);
    hotel.patch("/api/rooms/1", json!({"room_number": "101A"})).expect(200);
    hotel.patch("/api/room-types/1", json!({"name": "Twin"})).expect(200);
    let renamed = hotel.get("/api/reservations/1").expect(200);
    let names = ["guest_name", "guest_email", "room_number", "room_type_name"].map(|field| renamed[field].clone());
    assert_eq!(names, ["Ana Reis", "ana@reis.example", "101A", "Twin"].map(Value::from));
    let other = hotel.post("/api/guests", json!({"full_name": "Ana Reis-Lopes"})).expect(201);
    hotel.post(&format!("/api/guests/{}/merge", other["id"]), json!({"other_id": guest})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["guest_name"], "Ana Reis-Lopes");
}

#[test]
fn for_an_erased_guest_nothing_new_is_booked_and_no_stay_comes_back_or_is_moved_to_them() {
    let hotel = TestHotel::furnished();
    let erased = hotel.post("/api/guests", json!({"full_name": "Ana Reis"})).expect(201)["id"].clone();
    let merged = hotel.post("/api/guests", json!({"full_name": "Anna Reis"})).expect(201)["id"].clone();
    hotel.post(&format!("/api/guests/{erased}/merge"), json!({"other_id": merged})).expect(200);
    let mut asked = stay(3, "2026-02-10", "2026-02-12");
    asked["guest"].take();
    asked["guest_id"] = erased.clone();
    let given_up = hotel.post("/api/reservations", asked).expect(201)["id"].clone();
    hotel.post(&format!("/api/reservations/{given_up}/cancel"), json!({})).expect(200);
    hotel.post(&format!("/api/guests/{erased}/anonymise"), json!({"reason": "asked by letter"})).expect(200);
    for gone in [&erased, &merged] {
        let mut asked = stay(1, "2026-01-10", "2026-01-12");
        asked["guest"].take();
        asked["guest_id"] = gone.clone();
        assert_eq!(hotel.post("/api/reservations", asked).problem(409), "illegal-transition");
        assert_eq!(hotel.patch("/api/reservations/1", json!({"guest_id": gone})).problem(409), "illegal-transition");
    }
    assert_eq!(hotel.post(&format!("/api/reservations/{given_up}/undo"), json!({})).problem(409), "illegal-transition");
}

#[test]
fn amounts_are_exact_in_every_currency() {
    for (currency, good, bad) in [("EUR", "120.55", "120.555"), ("IDR", "1500000", "1500000.5"), ("KWD", "45.125", "45.1255")] {
        let hotel = TestHotel::builder().currency(currency).open();
        hotel.add_room_type("Double", "DBL", 100);
        hotel.post("/api/rooms", json!({"room_number": "101", "room_type_id": 1})).expect(201);
        let book = |amount: &str| {
            let mut request = stay(1, "2026-01-10", "2026-01-13");
            // Numbers are kept as they are written.
            request["total_amount"] = serde_json::from_str(amount).expect("a number");
            request["reason"] = json!("agreed");
            hotel.post("/api/reservations", request)
        };
        assert_eq!(book(bad).bad_fields(), ["total_amount"], "{currency}");
        let booked = book(good).expect(201);
        let shown: Value = serde_json::from_str(good).expect("a number");
        assert_eq!(booked["total_amount"], shown, "{currency}");
        assert_eq!(booked["nightly"].as_array().map(Vec::len), Some(3));
    }
}

#[test]
fn a_list_tells_of_each_booking_what_the_booking_itself_tells() {
    let hotel = TestHotel::furnished();
    let odd =
        json!({"room_type_id": 1, "check_in_date": "2025-11-12", "check_out_date": "2025-11-15", "notes": "a \\ and\na \"b\""});
    hotel.book("Zoe \"Ë\" Berg", odd);
    let page = |n: i64, size: i64| hotel.get(&format!("/api/reservations?page={n}&page_size={size}")).expect(200);
    let whole = page(1, 20);
    let items = whole["items"].as_array().expect("items");
    assert_eq!((items.len(), &whole["total"], &whole["pages"]), (6, &json!(6), &json!(1)));
    for (n, item) in (1..).zip(items) {
        let alone = page(n, 1);
        assert_eq!((&alone["items"], &alone["pages"], &alone["page"]), (&json!([item]), &json!(6), &json!(n)));
        let booking = hotel.get(&format!("/api/reservations/{}", item["id"])).expect(200);
        item.as_object().expect("a booking").iter().for_each(|(field, value)| assert_eq!(value, &booking[field], "{field}"));
    }
    assert_eq!(page(7, 1)["items"], json!([]));
}

/// Whoever adds a word to notes that an import brought sends them whole.
#[test]
fn notes_of_a_booking_may_be_as_long_as_an_import_brings_them() {
    let hotel = TestHotel::furnished();
    let booking = format!("/api/reservations/{}", hotel.book("Eva", stay(3, "2025-11-10", "2025-11-11")));
    let notes = "n".repeat(BookingNotes::MAX);
    let saved = hotel.patch(&booking, json!({"notes": &notes, "special_requests": &notes})).expect(200);
    assert_eq!((saved["notes"].as_str(), saved["special_requests"].as_str()), (Some(notes.as_str()), Some(notes.as_str())));
    let longer = format!("{notes}n");
    let refused = hotel.patch(&booking, json!({"notes": &longer, "special_requests": &longer}));
    assert_eq!(refused.bad_fields(), ["notes", "special_requests"]);
}

#[test]
fn a_party_may_be_as_large_as_an_import_brings_it() {
    let hotel = TestHotel::furnished();
    let party = |adults: i64| {
        let mut stay = stay(3, "2025-11-10", "2025-11-11");
        stay["adults"] = adults.into();
        stay["override_capacity"] = true.into();
        stay["reason"] = "A club in one line".into();
        hotel.post("/api/reservations", stay)
    };
    assert_eq!(party(PartySize::MAX + 1).bad_fields(), ["adults"]);
    let made = party(PartySize::MAX).expect(201);
    let booking = format!("/api/reservations/{}", made["id"]);
    hotel.patch(&booking, json!({"notes": "By bus", "check_out_date": "2025-11-12"})).expect(200);
}
