//! What is written down of a day at its close, against sums made here from the rows themselves.

use innkeeper::db::Context;
use innkeeper::domain::actor::Actor;
use innkeeper::domain::date::Date;
use innkeeper::hotel::statistics::{self, Day, DayLedger, DayMoney, DayPart, DayRevenue, DayTax};
use innkeeper::hotel::{checks, folio};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::desk::{book, next_day, small_hotel};
use super::tax_cases::{group, per_person, setup, tax};
use crate::support::TestHotel;
use crate::support::numbers::Numbers;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Writes the open day down and moves on.
fn close(hotel: &TestHotel, next: &str) {
    let today: Date = today(hotel);
    hotel.write(move |tx| statistics::record_day(tx, today));
    next_day(hotel, next);
}

fn today(hotel: &TestHotel) -> Date {
    date(hotel.get("/api/settings").expect(200)["business_date"].as_str().expect("a date"))
}

fn is_sound(hotel: &TestHotel) {
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    for (sentence, sql) in statistics::checks::INVARIANTS.iter().chain(folio::checks::INVARIANTS) {
        let mut statement = file.prepare(&sql.text).expect("a statement");
        let broken: Vec<String> =
            statement.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!(broken, Vec::<String>::new(), "{sentence}");
    }
}

type Figures = (Vec<Day>, Vec<DayRevenue>, Vec<DayPart>, Vec<DayMoney>, Vec<DayTax>, Vec<DayLedger>);

fn figures(hotel: &TestHotel, from: &str, to: &str) -> Figures {
    let context = Context { actor: Actor::program("test"), now: hotel.app.clock.now() };
    let (from, to) = (date(from), date(to));
    let read = hotel.app.db.read(&context, |conn| {
        Ok((
            statistics::days(conn, from, to)?,
            statistics::revenue(conn, from, to)?,
            statistics::parts(conn, from, to)?,
            statistics::money(conn, from, to)?,
            statistics::taxes(conn, from, to)?,
            statistics::ledgers(conn, from, to)?,
        ))
    });
    read.expect("figures")
}

/// Three weeks in a hotel where everything happens.
pub fn lived(seed: u64) -> TestHotel {
    let hotel = small_hotel();
    let levied = setup(&[group(1, true, &[1])], &[tax(1, "6")], &[per_person(1, "4", 13, 7)]);
    hotel.put("/api/taxes", levied).expect(200);
    let mut numbers = Numbers(seed);
    let mut day = date("2025-11-10");
    for _ in 0..21 {
        for room in [1, 2, 3] {
            if numbers.below(3) > 0 {
                let from = day.plus(i64::try_from(numbers.below(4)).expect("few")).expect("a date");
                let to = from.plus(1 + i64::try_from(numbers.below(4)).expect("few")).expect("a date");
                let body = json!({"guest": {"full_name": format!("Guest {day} {room}")}, "room_id": room, "check_in_date": from, "check_out_date": to,
                    "adults": 1 + numbers.below(2)});
                hotel.post("/api/reservations", body);
            }
        }
        act(&hotel, &mut numbers, day);
        let next = day.next().to_string();
        close(&hotel, &next);
        day = day.next();
    }
    hotel
}

/// What the desk does on a day.
fn act(hotel: &TestHotel, numbers: &mut Numbers, day: Date) {
    let all = hotel.get("/api/reservations?page_size=100").expect(200);
    for stay in all["items"].as_array().expect("items") {
        let id = &stay["id"];
        let at = |action: &str, body: Value| hotel.post(&format!("/api/reservations/{id}/{action}"), body);
        let is_on = |field: &str| stay[field].as_str().is_some_and(|text| date(text) <= day);
        match stay["status"].as_str() {
            Some("confirmed") if is_on("check_in_date") && numbers.below(4) > 0 => {
                at("check-in", json!({"override_dirty": true}));
            }
            Some("confirmed") if numbers.below(8) == 0 => {
                at("cancel", json!({"reason": "ill"}));
            }
            Some("confirmed") if numbers.below(4) == 0 => {
                hotel.post("/api/payments", json!({"reservation_id": id, "amount": 20, "payment_method": "card"}));
            }
            Some("checked_in") if is_on("check_out_date") => {
                at("charges", json!({"kind": "extra", "description": "Tea", "unit_amount": 3}));
                at("check-out", json!({"settle": {"payment_method": "cash"}}));
            }
            Some("checked_in") => {
                at("charges", json!({"kind": "extra", "description": "Wine", "unit_amount": 9.5}));
            }
            _ => {}
        }
    }
}

#[test]
fn closed_days_are_the_sums_of_their_nights_and_postings() {
    for seed in [1, 2, 3] {
        let hotel = lived(seed);
        is_sound(&hotel);
        let file = Connection::open(hotel.app.db.path()).expect("the file");
        let count = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
        assert_eq!(count("SELECT count(*) FROM day_statistics"), 21);
        for (table, least) in [("posting", 30), ("posting_tax", 10), ("on_the_books", 20), ("day_revenue", 10), ("day_tax", 8)] {
            let rows = count(&format!("SELECT count(*) FROM {table}"));
            assert!(rows > least, "{rows} rows of {table}");
        }
        // As was written down, and as is reckoned of the rows alone.
        let kept = figures(&hotel, "2025-11-08", "2025-12-10");
        file.execute("DELETE FROM day_statistics WHERE date <> ''", []).expect("no days");
        let raw = figures(&hotel, "2025-11-08", "2025-12-10");
        assert_eq!(kept, raw, "seed {seed}");
        // By the rows themselves, said in another way.
        let (days, _, _, money, _, ledgers) = raw;
        let sold: i64 = days.iter().map(|day| day.sold).sum();
        let held = "SELECT count(*) FROM reservation_night WHERE is_held = 1 AND kind = 'night'";
        assert_eq!(sold, count(held));
        let received: i64 = money.iter().map(|one| one.received.0 - one.returned.0).sum();
        assert_eq!(received, count("SELECT sum(amount) FROM payment"));
        let closing: i64 = ledgers.iter().map(|one| one.closing().0).sum();
        assert_eq!(closing, count("SELECT sum(balance) FROM folio"));
        assert_eq!(ledgers.iter().map(|one| one.moved.0).sum::<i64>(), 0);
    }
}

#[test]
fn what_was_on_the_books_is_found_as_of_every_close() {
    let hotel = small_hotel();
    book(&hotel, "Early", 1, "2025-11-12", "2025-11-14");
    close(&hotel, "2025-11-11");
    book(&hotel, "Late", 2, "2025-11-12", "2025-11-13");
    hotel.post("/api/reservations/1/cancel", json!({"reason": "ill"})).expect(200);
    close(&hotel, "2025-11-12");
    close(&hotel, "2025-11-13");
    let context = Context { actor: Actor::program("test"), now: hotel.app.clock.now() };
    let on = |as_of: &str| {
        let read =
            |conn: &innkeeper::db::Conn| statistics::books::as_of(conn, date("2025-11-12"), date("2025-11-13"), date(as_of));
        let (first, found) = hotel.app.db.read(&context, read).expect("books")?;
        assert_eq!(first, date("2025-11-10"));
        let night = |text: &str| found.iter().filter(|(key, _)| key.night == date(text)).map(|(_, sold)| sold.rooms).sum::<i64>();
        Some((night("2025-11-12"), night("2025-11-13")))
    };
    assert_eq!(on("2025-11-09"), None);
    assert_eq!(on("2025-11-10"), Some((1, 1)));
    assert_eq!(on("2025-11-11"), Some((1, 0)));
    assert_eq!(on("2025-11-12"), Some((1, 0)));
    // A close at which nothing had changed writes nothing.
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    let rows = |as_of: &str| {
        file.query_row("SELECT count(*) FROM on_the_books WHERE as_of = ?1", [as_of], |row| row.get::<_, i64>(0)).expect("rows")
    };
    assert_eq!((rows("2025-11-10"), rows("2025-11-12")), (2, 0));
    is_sound(&hotel);
}

#[test]
fn the_night_of_a_guest_who_is_overdue_counts_at_the_price_that_the_close_gave_it() {
    let hotel = small_hotel();
    book(&hotel, "Overdue", 1, "2025-11-10", "2025-11-11");
    book(&hotel, "Staying", 2, "2025-11-10", "2025-11-14");
    for stay in [1, 2] {
        hotel.post(&format!("/api/reservations/{stay}/check-in"), json!({})).expect(200);
    }
    for day in ["2025-11-11", "2025-11-12", "2025-11-13"] {
        hotel.close_before(day).expect(200);
    }
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    let sql = "SELECT sold, complimentary, unpriced, paying, room_revenue FROM day_statistics WHERE date = '2025-11-12'";
    let read = |row: &rusqlite::Row| Ok([0, 1, 2, 3, 4].map(|at| row.get::<_, i64>(at).expect("a number")));
    assert_eq!(file.query_row(sql, [], read).expect("the day"), [2, 0, 0, 2, 20000]);
    is_sound(&hotel);
}

#[test]
fn a_day_that_is_written_down_twice_is_the_same_and_one_that_changes_says_so() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let day = today(&hotel);
    hotel.write(move |tx| statistics::record_day(tx, day));
    close(&hotel, "2025-11-11");
    let sold = || figures(&hotel, "2025-11-10", "2025-11-10").0[0].sold;
    assert_eq!(sold(), 1);
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    let is_changed = || file.query_row("SELECT is_changed FROM day_statistics", [], |row| row.get::<_, bool>(0)).expect("a day");
    assert!(!is_changed());
    // A night comes to the day after it was closed: the day keeps what it was, and its figures are those of now.
    file.execute(
        "INSERT INTO reservation_night (reservation_id, night, room_type_id, rate, adults, children)
            SELECT id, '2025-11-10', room_type_id, 5000, 1, 0 FROM reservation WHERE id = 2",
        [],
    )
    .expect("no second stay");
    book(&hotel, "Ben", 2, "2025-11-11", "2025-11-12");
    file.execute(
        "INSERT INTO reservation_night (reservation_id, night, room_type_id, rate, adults, children)
            SELECT id, '2025-11-10', room_type_id, 5000, 1, 0 FROM reservation WHERE id = 2",
        [],
    )
    .expect("a night");
    assert!(is_changed());
    assert_eq!(sold(), 2);
    assert_eq!(file.query_row("SELECT sold FROM day_statistics", [], |row| row.get::<_, i64>(0)).expect("a day"), 1);
    let context = Context { actor: Actor::program("test"), now: hotel.app.clock.now() };
    let report = hotel.app.db.read(&context, checks::sums).expect("a report");
    assert!(report.faults.iter().all(|fault| !fault.contains("Closed days")), "{:?}", report.faults);
}

#[test]
fn days_that_are_missing_or_wrong_are_written_down_anew_from_nights_and_postings() {
    let hotel = lived(4);
    let right = figures(&hotel, "2025-11-01", "2025-12-10");
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    let spoil = |sql: &str| file.execute(sql, []).expect("it is spoilt");
    // Two days lost, one with wrong rooms and its books, one with wrong revenue; money of the books later.
    spoil("DELETE FROM day_statistics WHERE date IN ('2025-11-14', '2025-11-15')");
    spoil("UPDATE day_statistics SET sold = sold + 1 WHERE date = '2025-11-17'");
    spoil("UPDATE on_the_books SET rooms = rooms + 1 WHERE as_of = '2025-11-18' AND night = '2025-11-18'");
    spoil("UPDATE day_ledger SET charges = charges + 100 WHERE date = '2025-11-20' AND ledger = 'guest'");
    let context = Context { actor: Actor::program("test"), now: hotel.app.clock.now() };
    let faults = hotel.app.db.read(&context, checks::sums).expect("a report").faults;
    assert!(faults.len() >= 3, "{faults:?}");
    let (wrong, missing) = hotel.write(statistics::past::rebuild);
    assert_eq!(missing, 2);
    assert!(["2025-11-17", "2025-11-20"].iter().all(|day| wrong.contains(&date(day))), "{wrong:?}");
    is_sound(&hotel);
    assert_eq!(figures(&hotel, "2025-11-01", "2025-12-10"), right);
    let count = file.query_row("SELECT count(*) FROM day_statistics", [], |row| row.get::<_, i64>(0)).expect("a count");
    assert_eq!(count, 21);
    // Nothing is left to do.
    assert_eq!(hotel.write(statistics::past::rebuild), (std::collections::BTreeSet::new(), 0));
}
