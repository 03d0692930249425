//! The demo hotel is a hotel: whatever is drawn, nothing in it contradicts itself.

use super::{DemoHashes, DemoOptions, DemoSummary, generate};
use crate::error::Error;
use crate::hotel::transfer::tests::{Hotel, faults};

fn options() -> DemoOptions {
    DemoOptions::on("2025-11-10".parse().expect("date"))
}

fn hashes() -> DemoHashes {
    DemoHashes { owner: "owner's".to_owned(), staff: "staff's".to_owned() }
}

fn demo(options: &DemoOptions) -> (Hotel, DemoSummary) {
    let hotel = Hotel::empty();
    let summary = generate(&hotel.db, options, &hashes(), &mut |_, _| ()).expect("demo");
    assert_eq!(hotel.read(faults), Vec::<String>::new());
    (hotel, summary)
}

/// What a lifelike hotel has on its business date, and what it never has.
const NEVER: &[(&str, &str)] = &[
    ("an arrival before today that is still open", "status IN ('tentative', 'confirmed') AND check_in_date < '2025-11-10'"),
    ("a guest who came too early", "status = 'checked_in' AND check_in_date > '2025-11-10'"),
    ("a guest who should have left", "status = 'checked_in' AND check_out_date < '2025-11-10'"),
    ("a guest who left too early", "status = 'checked_out' AND check_out_date > '2025-11-10'"),
    ("a booking of the future", "created_at > '2025-11-10T08:00:00.000Z' OR updated_at > '2025-11-10T08:00:00.000Z'"),
    ("a booking made after its arrival", "substr(created_at, 1, 10) > check_in_date"),
    ("a guest who left before he came", "checked_out_at <= checked_in_at"),
    ("a cancellation before the booking", "cancelled_at < created_at"),
    (
        "a stay in two places",
        "room_id IS NOT NULL AND status IN ('checked_in', 'checked_out') AND room_id <>
        (SELECT n.room_id FROM reservation_night AS n WHERE n.reservation_id = reservation.id ORDER BY n.night DESC LIMIT 1)",
    ),
    (
        "a room that is too small",
        "EXISTS (SELECT 1 FROM room_type AS t WHERE t.id = room_type_id
        AND (adults > t.capacity_adults OR children > t.capacity_children))",
    ),
];

#[test]
fn nothing_in_the_demo_hotel_contradicts_itself() {
    for rooms in [1, 3, 30] {
        let (hotel, summary) = demo(&DemoOptions { rooms, years: 1, ..options() });
        for (what, condition) in NEVER {
            let found = hotel.texts(&format!("SELECT id FROM reservation WHERE {condition} LIMIT 3"));
            assert_eq!(found, Vec::<String>::new(), "{rooms} rooms: {what}");
        }
        let count = |table: &str| hotel.texts(&format!("SELECT count(*) FROM {table}"))[0].parse::<u64>().expect("count");
        assert_eq!((count("room"), count("guest"), count("reservation")), (summary.rooms, summary.guests, summary.reservations));
    }
}

#[test]
fn the_same_seed_gives_the_same_hotel() {
    let small = DemoOptions { rooms: 8, years: 1, ..options() };
    let dump = |options: &DemoOptions| demo(options).0.dump();
    assert_eq!(dump(&small), dump(&small));
    assert_ne!(dump(&small), dump(&DemoOptions { seed: 2, ..small }));
}

#[test]
fn today_is_full_of_life() {
    let (hotel, _) = demo(&options());
    let some = |what: &str, least: usize| {
        let found = hotel.texts(what).len();
        assert!(found >= least, "{found}: {what}");
    };
    let reservations = |condition: &str| format!("SELECT id FROM reservation WHERE {condition}");
    some(&reservations("status = 'confirmed' AND check_in_date = '2025-11-10'"), 2);
    some(&reservations("status = 'checked_in' AND check_in_date = '2025-11-10'"), 1);
    some(&reservations("status = 'checked_in' AND check_out_date = '2025-11-10'"), 1);
    some(&reservations("status = 'checked_out' AND check_out_date = '2025-11-10'"), 1);
    some(&reservations("status = 'checked_in' AND check_out_date > '2025-11-10'"), 10);
    some(&reservations("status = 'confirmed' AND room_id IS NULL AND check_in_date > '2025-11-10'"), 10);
    some(&reservations("status = 'checked_out' AND balance > 0"), 5);
    some(&reservations("status = 'checked_in' AND balance > 0"), 3);
    some(&reservations("is_day_use = 1"), 10);
    some("SELECT id FROM payment WHERE payment_type = 'deposit'", 100);
    some("SELECT id FROM guest WHERE is_vip = 1", 10);
    some(
        "SELECT reservation_id FROM reservation_night WHERE is_held = 1 GROUP BY reservation_id HAVING count(DISTINCT room_id) > 1",
        10,
    );
    let late = |from: &str, to: &str| {
        format!("SELECT id FROM account_item WHERE open_amount > 0 AND due_date >= '{from}' AND due_date < '{to}'")
    };
    some(&late("2025-09-11", "2025-10-10"), 1);
    some(&late("2025-10-10", "2025-11-10"), 1);
    some(&late("2025-11-10", "2025-12-10"), 1);
    some("SELECT id FROM account_match WHERE undone_at IS NULL", 1);
    some("SELECT id FROM commission", 2);
    some(
        "SELECT night FROM group_night AS n JOIN booking_group AS g ON g.id = n.group_id WHERE g.arrival_date = '2025-12-15'",
        3,
    );
    for state in ["clean", "dirty", "inspected"] {
        some(&format!("SELECT id FROM room WHERE housekeeping = '{state}'"), 2);
    }
    some("SELECT id FROM room_block WHERE start_date <= '2025-11-10' AND end_date > '2025-11-10'", 2);
    let room_one = "SELECT night FROM room_night WHERE room_id = 1 AND night BETWEEN '2025-11-15' AND '2025-11-18'";
    assert_eq!(hotel.texts(room_one), Vec::<String>::new());
    assert_eq!(
        hotel.texts("SELECT username FROM user ORDER BY id"),
        ["admin", "manager", "reception", "housekeeping", "auditor"]
    );
}

#[test]
fn the_proportions_are_those_of_a_real_hotel() {
    let (hotel, _) = demo(&options());
    let share = |condition: &str| {
        let sql = format!("SELECT 1000 * sum({condition}) / count(*) FROM reservation WHERE check_in_date < '2025-11-10'");
        hotel.texts(&sql)[0].parse::<i64>().expect("share")
    };
    assert!((690..760).contains(&share("status IN ('checked_out', 'checked_in')")), "{}", share("status = 'checked_out'"));
    assert!((240..300).contains(&share("status = 'cancelled'")), "{}", share("status = 'cancelled'"));
    assert!((3..15).contains(&share("status = 'no_show'")), "{}", share("status = 'no_show'"));
    let sold = "SELECT 1000 * count(*) / (30 * 365) FROM room_night WHERE reservation_id IS NOT NULL AND night >= '2024-11-10' AND night < '2025-11-10'";
    let sold: i64 = hotel.texts(sold)[0].parse().expect("sold");
    assert!((660..800).contains(&sold), "{sold}");
}

#[test]
fn as_many_bookings_are_made_as_were_asked_for() {
    for (rooms, wanted) in [(10, 50), (10, 3_000), (40, 21_000)] {
        let (_, summary) = demo(&DemoOptions { rooms, reservations: Some(wanted), ..options() });
        let most = wanted + wanted / 8 + 40;
        assert!((wanted..=most).contains(&summary.reservations), "{wanted}: {summary:?}");
    }
}

#[test]
fn only_an_empty_file_becomes_a_demo_hotel() {
    let small = DemoOptions { rooms: 2, years: 0, ..options() };
    let (hotel, _) = demo(&small);
    let again = generate(&hotel.db, &small, &hashes(), &mut |_, _| ());
    assert!(matches!(again, Err(Error::Refused(_))));
    let endless = DemoOptions { rooms: 1, reservations: Some(1_000_000), ..options() };
    assert!(matches!(generate(&Hotel::empty().db, &endless, &hashes(), &mut |_, _| ()), Err(Error::Invalid(_))));
}
