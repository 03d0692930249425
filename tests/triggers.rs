//! What the database holds true by itself, whatever writes to it.

use rusqlite::Connection;

use crate::api::desk::{book, small_hotel};
use crate::support::TestHotel;

/// A hotel with two stays, and a connection of somebody else's to its file.
fn hotel_and_connection() -> (TestHotel, Connection) {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-11");
    let connection = Connection::open(hotel.app.db.path()).expect("a second connection");
    connection.execute_batch("PRAGMA foreign_keys = ON").expect("foreign keys");
    (hotel, connection)
}

fn drifted(connection: &Connection) -> i64 {
    let sql = "SELECT count(*) FROM reservation AS r
        JOIN guest AS g ON g.id = r.guest_id
        JOIN room_type AS t ON t.id = r.room_type_id
        LEFT JOIN room ON room.id = r.room_id
        WHERE r.guest_name <> g.full_name OR r.guest_email <> g.email OR r.guest_phone <> g.phone_number
            OR r.room_number IS NOT room.room_number OR r.room_type_name <> t.name";
    connection.query_row(sql, [], |row| row.get(0)).expect("a count")
}

#[test]
fn names_on_reservations_cannot_drift() {
    let (_hotel, connection) = hotel_and_connection();
    for change in [
        "UPDATE guest SET full_name = 'Ana Maria', email = 'a@b.co', phone_number = '1' WHERE id = 1",
        "UPDATE room SET room_number = '101A' WHERE id = 1",
        "UPDATE room_type SET name = 'Twin' WHERE id = 1",
        "UPDATE reservation SET guest_id = 2 WHERE id = 1",
        "UPDATE reservation SET room_id = NULL WHERE id = 2",
        "UPDATE reservation SET room_id = 2 WHERE id = 2",
        "UPDATE reservation SET room_type_id = 2 WHERE id = 2",
        "UPDATE reservation SET guest_name = 'Nobody', guest_email = 'x', guest_phone = 'y', room_number = '9', room_type_name = 'z'",
        "INSERT INTO reservation (confirmation_number, status, guest_id, room_id, room_type_id, check_in_date, check_out_date, adults, source,
            policy_id,
            guest_name, guest_email, guest_phone, room_number, room_type_name, created_at, updated_at)
         VALUES ('XXXXXXX', 'confirmed', 1, 1, 1, '2026-01-01', '2026-01-02', 1, 'Direct', 1,
            'Wrong', 'wrong', 'wrong', 'wrong', 'wrong', '2025-01-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z')",
    ] {
        connection.execute(change, []).unwrap_or_else(|error| panic!("{change}: {error}"));
        assert_eq!(drifted(&connection), 0, "{change}");
    }
}

#[test]
fn a_second_stay_in_a_room_and_night_is_impossible() {
    let (_hotel, connection) = hotel_and_connection();
    for theft in [
        "INSERT INTO room_night (night, room_id, reservation_id) VALUES ('2025-11-10', 1, 2)",
        "UPDATE reservation_night SET room_id = 1 WHERE reservation_id = 2",
        "INSERT INTO reservation_night (reservation_id, night, room_type_id, room_id, rate, adults, children) VALUES (2, '2025-11-12', 1, 1, 0, 1, 0)",
    ] {
        let refused = connection.execute(theft, []).expect_err(theft).to_string();
        assert!(refused.contains("UNIQUE constraint failed: room_night"), "{theft}: {refused}");
    }
}

#[test]
fn ledgers_refuse_every_change_and_deletion() {
    let (hotel, connection) = hotel_and_connection();
    hotel.post("/api/payments", serde_json::json!({"reservation_id": 1, "amount": 10, "payment_method": "cash"})).expect(201);
    hotel
        .post("/api/reservations/1/charges", serde_json::json!({"kind": "extra", "description": "Tea", "unit_amount": 3}))
        .expect(201);
    for tampering in [
        "UPDATE posting SET amount = 1, unit_amount = 1",
        "UPDATE posting SET note = 'x'",
        "UPDATE posting SET counter_id = 1, entry = 'transfer'",
        "DELETE FROM posting",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET username = 'somebody'",
        "UPDATE audit_log SET after = '{}'",
        "DELETE FROM reservation",
    ] {
        assert!(connection.execute(tampering, []).is_err(), "{tampering}");
    }
}

/// What is posted, said to be of a day, on the 11th: the 10th is closed, the 12th to come.
const POSTINGS: [&str; 2] = [
    "INSERT INTO posting (folio_id, ledger, reservation_id, business_date, article_id, unit_amount, amount, created_at, created_by)
        VALUES (1, 'guest', 1, :day, 2, 3, 3, '', '')",
    "INSERT INTO posting (folio_id, ledger, reservation_id, business_date, article_id, unit_amount, amount, method, purpose, created_at, created_by)
        VALUES (1, 'deposit', 1, :day, 7, -3, -3, 'cash', 'full', '', '')",
];

#[test]
fn a_closed_day_takes_no_posting_whoever_writes_it() {
    let (hotel, connection) = hotel_and_connection();
    hotel.close_before("2025-11-11").expect(200);
    connection.execute("INSERT INTO folio (kind, reservation_id) VALUES ('stay', 1)", []).expect("a folio");
    for posting in POSTINGS {
        for day in ["1900-01-01", "2025-11-10", "2025-11-12"] {
            let refused = connection.execute(posting, [day]).expect_err(posting).to_string();
            assert!(refused.contains("day_is_closed"), "{day}: {posting}: {refused}");
        }
        connection.execute(posting, ["2025-11-11"]).unwrap_or_else(|error| panic!("{posting}: {error}"));
    }
    for posting in POSTINGS {
        let imported = posting.replace("created_at,", "is_imported, created_at,").replace("'', '')", "1, '', '')");
        assert!(connection.execute(&imported, ["2025-11-10"]).is_err(), "only an import says so: {imported}");
        assert!(connection.execute(&imported, ["2025-11-11"]).is_err(), "only an import says so: {imported}");
    }
    for change in ["business_date = '2025-11-10'", "is_imported = 1"] {
        let change = format!("UPDATE posting SET {change}");
        assert!(connection.execute(&change, []).is_err(), "{change}");
    }
    let reopened = connection.execute("UPDATE property SET business_date = '2025-11-10'", []).expect_err("reopened").to_string();
    assert!(reopened.contains("day_is_closed"), "{reopened}");
}

#[test]
fn a_night_on_the_bill_keeps_its_price_and_what_was_sold_along_with_it() {
    let (hotel, connection) = hotel_and_connection();
    let article = hotel.post("/api/articles", serde_json::json!({"name": "Parking", "price": 5})).expect(201)["id"].clone();
    let inside = serde_json::json!([{"article_id": article, "per": "night", "is_inside": true}]);
    hotel.patch("/api/rate-plans/1", serde_json::json!({ "extras": inside })).expect(200);
    hotel.patch("/api/reservations/1", serde_json::json!({"rerate": true})).expect(200);
    hotel.post("/api/reservations/1/check-in", serde_json::json!({})).expect(200);
    hotel.post("/api/reservations/1/check-out", serde_json::json!({"settle": {"payment_method": "cash"}})).expect(200);
    for change in
        ["UPDATE reservation_night SET rate = 1", "UPDATE reservation_night SET extras = '[]'", "DELETE FROM reservation_night"]
    {
        let change = format!("{change} WHERE reservation_id = 1 AND is_posted = 1");
        assert!(connection.execute(&change, []).is_err(), "{change}");
    }
    for change in ["UPDATE posting_part SET amount = 1", "DELETE FROM posting_part"] {
        assert!(connection.execute(change, []).is_err(), "{change}");
    }
}

#[test]
fn sums_and_counters_follow_every_row() {
    let (hotel, connection) = hotel_and_connection();
    hotel.post("/api/reservations/2/cancel", serde_json::json!({})).expect(200);
    connection.execute("UPDATE reservation_night SET rate = rate + 5 WHERE reservation_id = 1", []).expect("a price");
    connection.execute("DELETE FROM reservation_night WHERE reservation_id = 1 AND night = '2025-11-12'", []).expect("a night");
    let sums: (i64, i64) = connection
        .query_row("SELECT room_amount, unposted_amount FROM reservation WHERE id = 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("sums");
    assert_eq!(sums, (20_010, 20_010));
    let released: (i64, i64) = connection
        .query_row("SELECT room_amount, unposted_amount FROM reservation WHERE id = 2", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("sums");
    assert_eq!(released, (10_000, 0));
    let count = |list: &str, value: &str| -> i64 {
        connection
            .query_row("SELECT n FROM row_count WHERE list = ?1 AND value = ?2", [list, value], |row| row.get(0))
            .expect("a counter")
    };
    assert_eq!(
        (count("reservation", ""), count("reservation.status", "confirmed"), count("reservation.status", "cancelled")),
        (2, 1, 1)
    );
    assert_eq!((count("guest", ""), count("reservation.source", "Direct"), count("reservation.room_type_id", "1")), (2, 2, 2));
}

#[test]
fn the_search_has_learnt_of_a_change_when_it_is_acknowledged() {
    let (hotel, connection) = hotel_and_connection();
    hotel.patch("/api/guests/1", serde_json::json!({"full_name": "Anabel"})).expect(200);
    hotel.post("/api/reservations/2/cancel", serde_json::json!({})).expect(200);
    let left: i64 = connection.query_row("SELECT count(*) FROM search_change", [], |row| row.get(0)).expect("a count");
    assert_eq!(left, 0);
    for index in ["guest_fts", "open_stay_fts", "stay_note_fts"] {
        let check = format!("INSERT INTO {index} ({index}) VALUES ('integrity-check')");
        connection.execute(&check, []).expect("the index is whole");
    }
    // Compares the index with the words' own rows.
    let check = "INSERT INTO search_word_fts (search_word_fts, rank) VALUES ('integrity-check', 1)";
    connection.execute(check, []).expect("the index is right");
    let open = |word: &str| -> i64 {
        let sql = "SELECT count(*) FROM open_stay_fts WHERE open_stay_fts MATCH ?1";
        connection.query_row(sql, [word], |row| row.get(0)).expect("a count")
    };
    assert_eq!((open("ana"), open("anabel"), open("ben")), (0, 1, 0));
}
