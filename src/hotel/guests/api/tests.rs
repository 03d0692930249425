//! Guests against a real data file, through the functions the endpoints call.

use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super as api;
use super::GuestRequest;
use crate::db::{Conn, Context, Db, Options, Sql, Tx};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::money::Currency;
use crate::error::{Code, Error, Result};
use crate::hotel::settings::{self, NewProperty};

/// A hotel with one room type and one room, and nobody in it.
struct Hotel {
    folder: tempfile::TempDir,
    db: Db,
}

const ADD_TYPE: Sql = Sql::new(
    "test.type",
    "INSERT INTO room_type (id, name, code, capacity_adults, default_rate, created_at, updated_at) VALUES (1, 'Double', 'DBL', 2, 100, '', '')",
);
const ADD_STAY: Sql = Sql::new(
    "test.stay",
    "INSERT INTO reservation (confirmation_number, status, guest_id, room_type_id, check_in_date, check_out_date, adults, source, notes,
        special_requests, policy_id,
        guest_name, guest_email, guest_phone, room_type_name, created_at, updated_at)
     SELECT ?1, ?2, id, 1, '2025-11-10', '2025-11-12', 2, 'Direct', 'For ' || full_name, 'Cake for ' || full_name, 1,
        full_name, email, phone_number, 'Double', '2025-11-01T00:00:00.000Z', '2025-11-01T00:00:00.000Z'
     FROM guest WHERE id = ?3",
);
const SET_STATUS: Sql = Sql::scanning("test.status", "UPDATE reservation SET status = ?1", "a test");
const FOLIO: Sql =
    Sql::scanning("test.folio", "INSERT INTO folio (kind, reservation_id) SELECT 'stay', id FROM reservation", "a test");
const CHARGE: Sql = Sql::scanning(
    "test.charge",
    "INSERT INTO posting (folio_id, ledger, reservation_id, business_date, article_id, note, unit_amount, amount, created_at, created_by)
     SELECT id, 'guest', reservation_id, '2025-11-10', 2, 'Bar', 500, 500, '', 'test' FROM folio",
    "a test",
);
const PAY: Sql = Sql::scanning(
    "test.pay",
    "INSERT INTO posting (folio_id, ledger, reservation_id, business_date, article_id, unit_amount, amount, method, purpose, created_at,
        created_by)
     SELECT id, 'guest', reservation_id, '2025-11-10', 7, -500, -500, 'cash', 'full', '', 'test' FROM folio",
    "a test",
);
const KEEP_ANSWER: Sql = Sql::new(
    "test.answer",
    "INSERT INTO idempotency (user_id, key, request_hash, status, body, created_at) VALUES (1, ?1, '', 200, ?2, '')",
);

impl Hotel {
    fn new() -> Hotel {
        let folder = tempfile::tempdir().expect("folder");
        let db = Db::open(&folder.path().join("hotel.db"), &Options::default(), Box::new(|_| ())).expect("open");
        let hotel = Hotel { folder, db };
        hotel.write(|tx| {
            let property = NewProperty {
                name: "Test".to_owned(),
                currency: Currency::of("EUR").expect("EUR"),
                time_zone: "UTC".to_owned(),
                locale: "en-GB".to_owned(),
                business_date: "2025-11-10".parse().expect("date"),
                is_demo: false,
            };
            settings::create(tx, &property)?;
            tx.run(&ADD_TYPE, []).map(|_| ())
        });
        hotel
    }

    fn context() -> Context {
        Context { actor: Actor::program("test"), now: Instant::from_millisecond(1_762_700_000_000).expect("instant") }
    }

    fn try_write<T: Send + 'static>(&self, work: impl FnOnce(&Tx) -> Result<T> + Send + 'static) -> Result<T> {
        self.db.write(Self::context(), work)
    }

    fn write<T: Send + 'static>(&self, work: impl FnOnce(&Tx) -> Result<T> + Send + 'static) -> T {
        self.try_write(work).expect("write")
    }

    /// Calls a reading endpoint's function.
    fn get<P: DeserializeOwned, V: Serialize>(&self, read: fn(&Conn, P) -> Result<V>, params: &Value) -> Value {
        let params = serde_json::from_value(params.clone()).expect("params");
        let view = self.db.read(&Self::context(), |conn| read(conn, params)).expect("read");
        serde_json::to_value(view).expect("json")
    }

    /// Calls a changing endpoint's function.
    fn call<P, B, V>(&self, run: fn(&Tx, P, B) -> Result<V>, params: &Value, body: &Value) -> Result<Value>
    where
        P: DeserializeOwned + Send + 'static,
        B: DeserializeOwned + Send + 'static,
        V: Serialize + 'static,
    {
        let params = serde_json::from_value(params.clone()).expect("params");
        let body = serde_json::from_value(body.clone()).expect("body");
        self.try_write(move |tx| serde_json::to_value(run(tx, params, body)?).map_err(Error::internal))
    }

    fn guest(&self, body: &Value) -> i64 {
        self.call(api::create, &json!({}), body).expect("guest")["id"].as_i64().expect("id")
    }

    fn stay(&self, guest: i64, confirmation_number: &'static str, status: &'static str) {
        self.write(move |tx| tx.run(&ADD_STAY, (confirmation_number, status, guest)).map(|_| ()));
    }

    fn names(&self, params: &Value) -> Vec<String> {
        let list = self.get(api::list, params);
        let items = list["items"].as_array().expect("items");
        assert_eq!(list["total"], items.len(), "{params}");
        items.iter().map(|g| g["full_name"].as_str().expect("name").to_owned()).collect()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hotel.db")
    }
}

fn code(result: Result<Value>) -> Code {
    match result {
        Err(Error::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_guest_is_found_by_name_email_and_phone_as_they_are_typed() {
    let hotel = Hotel::new();
    hotel.guest(&json!({"full_name": "José Müller", "email": "jose@hotel.example", "phone_number": "+62 812-345-678"}));
    hotel.guest(&json!({"full_name": "Ana Müller", "phone_number": "0812 345 679"}));
    hotel.guest(&json!({"full_name": "王伟"}));
    for (q, found) in [
        ("mul", vec!["Ana Müller", "José Müller"]),
        ("jose mu", vec!["José Müller"]),
        ("MÜLLER ana", vec!["Ana Müller"]),
        ("jose@hot", vec!["José Müller"]),
        ("+62812", vec!["Ana Müller", "José Müller"]),
        ("+62 812 345 678", vec!["José Müller"]),
        ("0812 345 67", vec!["Ana Müller", "José Müller"]),
        ("812345679", vec!["Ana Müller"]),
        ("王", vec!["王伟"]),
        ("a", vec!["Ana Müller"]),
        ("a müller", vec!["Ana Müller", "José Müller"]),
        ("\" OR *", vec![]),
        ("(((", vec![]),
        ("full_name:ana", vec![]),
    ] {
        assert_eq!(hotel.names(&json!({ "q": q })), found, "{q}");
    }
    assert_eq!(hotel.names(&json!({"q": "müller", "phone_number": "+62 (812) 345 678"})), ["José Müller"]);
}

#[test]
fn lists_are_filtered_sorted_and_counted() {
    let hotel = Hotel::new();
    hotel.guest(&json!({"full_name": "bruno", "nationality": "pt", "is_vip": true}));
    hotel.guest(&json!({"full_name": "Ana", "nationality": "PT", "email": "ANA@x.example"}));
    hotel.guest(&json!({"full_name": "Carla", "nationality": "Brazil"}));
    assert_eq!(hotel.names(&json!({})), ["Carla", "Ana", "bruno"]);
    assert_eq!(hotel.names(&json!({"sort": "full_name"})), ["Ana", "bruno", "Carla"]);
    assert_eq!(hotel.names(&json!({"nationality": "PT", "sort": "full_name"})), ["Ana", "bruno"]);
    assert_eq!(hotel.names(&json!({"is_vip": true})), ["bruno"]);
    assert_eq!(hotel.names(&json!({"is_vip": false})), ["Carla", "Ana"]);
    assert_eq!(hotel.names(&json!({"email": "ana@X.example"})), ["Ana"]);
    let second = hotel.get(api::list, &json!({"page": 2, "page_size": 2, "q": "a"}));
    assert_eq!((second["total"].as_i64(), second["pages"].as_i64()), (Some(1), Some(1)));
}

#[test]
fn every_bad_field_is_named_at_once() {
    let request: GuestRequest = serde_json::from_value(json!({
        "full_name": "  ", "email": "nobody", "phone_number": "1".repeat(51), "nationality": "x".repeat(61)
    }))
    .expect("request");
    let Err(Error::Invalid(fields)) = request.check() else { panic!("accepted") };
    let names: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(names, ["full_name", "email", "phone_number", "nationality"]);
}

#[test]
fn a_change_keeps_what_it_does_not_name_and_refuses_an_old_version() {
    let hotel = Hotel::new();
    let id = hotel.guest(&json!({"full_name": "Ana", "birth_date": "1980-02-29", "email": "ana@x.example"}));
    hotel.stay(id, "AAAAAAA", "confirmed");
    let changed = hotel.call(api::change, &json!({"id": id}), &json!({"full_name": "Ana Silva", "version": 1})).expect("change");
    assert_eq!((&changed["birth_date"], &changed["email"]), (&json!("1980-02-29"), &json!("ana@x.example")));
    let cleared = hotel.call(api::change, &json!({"id": id}), &json!({"birth_date": null})).expect("change");
    assert_eq!(cleared["birth_date"], Value::Null);
    assert_eq!(code(hotel.call(api::change, &json!({"id": id}), &json!({"is_vip": true, "version": 2}))), Code::StaleVersion);
    assert_eq!(hotel.names(&json!({"q": "silva"})), ["Ana Silva"]);
}

#[test]
fn only_a_guest_who_never_booked_is_deleted() {
    let hotel = Hotel::new();
    let (booked, stranger) = (hotel.guest(&json!({"full_name": "Ana"})), hotel.guest(&json!({"full_name": "Bo"})));
    hotel.stay(booked, "AAAAAAA", "cancelled");
    assert_eq!(code(hotel.call(api::delete, &json!({"id": booked}), &json!({}))), Code::StillInUse);
    hotel.call(api::delete, &json!({"id": stranger}), &json!({})).expect("delete");
    assert_eq!(hotel.names(&json!({})), ["Ana"]);
    assert_eq!(hotel.names(&json!({"q": "bo"})), Vec::<String>::new());
}

#[test]
fn a_merge_moves_the_bookings_and_fills_the_blanks() {
    let hotel = Hotel::new();
    let kept = hotel.guest(&json!({"full_name": "Ana Silva", "email": "ana@x.example", "notes": "Window"}));
    let other = hotel.guest(&json!({"full_name": "A. Silva", "email": "other@x.example", "phone_number": "+351 912",
        "id_type": "passport", "id_number": "P1", "is_vip": true, "notes": "Late"}));
    hotel.stay(other, "AAAAAAA", "checked_out");
    assert!(matches!(hotel.call(api::merge, &json!({"id": kept}), &json!({"other_id": kept})), Err(Error::Invalid(_))));
    assert!(matches!(hotel.call(api::merge, &json!({"id": kept}), &json!({"other_id": 99})), Err(Error::Invalid(_))));
    let merged = hotel.call(api::merge, &json!({"id": kept}), &json!({"other_id": other})).expect("merge");
    for (field, value) in [
        ("full_name", json!("Ana Silva")),
        ("email", json!("ana@x.example")),
        ("phone_number", json!("+351 912")),
        ("id_number", json!("P1")),
        ("is_vip", json!(true)),
        ("notes", json!("Window\nLate")),
        ("stay_count", json!(1)),
    ] {
        assert_eq!(merged[field], value, "{field}");
    }
    let history = hotel.get(api::list_reservations, &json!({"id": kept}));
    assert_eq!((&history["total"], &history["items"][0]["nights"]), (&json!(1), &json!(2)));
    assert_eq!(hotel.names(&json!({})), ["Ana Silva"]);
    assert_eq!(hotel.names(&json!({"q": "silva"})), ["Ana Silva"]);
    assert_eq!(code(hotel.call(api::change, &json!({"id": other}), &json!({"notes": "x"}))), Code::IllegalTransition);
    assert_eq!(code(hotel.call(api::merge, &json!({"id": kept}), &json!({"other_id": other}))), Code::IllegalTransition);
    assert_eq!(code(hotel.call(api::delete, &json!({"id": kept}), &json!({}))), Code::StillInUse);
}

#[test]
fn likely_duplicates_are_offered() {
    let hotel = Hotel::new();
    hotel.guest(&json!({"full_name": "José Silva", "phone_number": "+351 912 345 678"}));
    hotel.guest(&json!({"full_name": "J. S.", "email": "Jose@x.example"}));
    hotel.guest(&json!({"full_name": "Josefa Silva"}));
    let found = |params: Value| -> Vec<String> {
        let items = hotel.get(api::duplicates, &params)["items"].as_array().expect("items").clone();
        items.iter().map(|g| g["full_name"].as_str().expect("name").to_owned()).collect()
    };
    assert_eq!(found(json!({"full_name": "silva, JOSE"})), ["José Silva"]);
    assert_eq!(found(json!({"email": "jose@x.example", "phone_number": "0912345678"})), ["J. S.", "José Silva"]);
    assert_eq!(found(json!({"full_name": "!", "phone_number": "1"})), Vec::<String>::new());
}

#[test]
fn a_guest_is_not_erased_while_a_stay_is_open_or_a_balance_is_due() {
    let hotel = Hotel::new();
    let id = hotel.guest(&json!({"full_name": "Ana"}));
    hotel.stay(id, "AAAAAAA", "confirmed");
    let erase = |hotel: &Hotel| hotel.call(api::anonymise, &json!({"id": id}), &json!({"reason": "asked"}));
    for status in ["tentative", "confirmed", "checked_in"] {
        hotel.write(move |tx| tx.run(&SET_STATUS, [status]).map(|_| ()));
        assert_eq!(code(erase(&hotel)), Code::StillInUse, "{status}");
    }
    hotel.write(|tx| tx.run(&SET_STATUS, ["checked_out"]).and(tx.run(&FOLIO, [])).and(tx.run(&CHARGE, [])).map(|_| ()));
    assert_eq!(code(erase(&hotel)), Code::BalanceDue);
    hotel.write(|tx| tx.run(&PAY, []).map(|_| ()));
    let erased = erase(&hotel).expect("erased");
    assert_eq!((&erased["full_name"], &erased["is_anonymised"]), (&json!("Erased guest"), &json!(true)));
    assert_eq!(code(erase(&hotel)), Code::IllegalTransition);
    assert_eq!(code(hotel.call(api::change, &json!({"id": id}), &json!({"full_name": "Ana"}))), Code::IllegalTransition);
    assert!(hotel.call(api::anonymise, &json!({"id": id}), &json!({"reason": " "})).is_err());
}

/// Everything that was ever known of the guest, under words found nowhere else.
const TRACES: [&str; 7] = ["zebulon", "quackenbush", "zeb.q@trace.example", "555777999", "kx4711", "marzipan", "zaphod"];

#[test]
fn nothing_of_an_erased_guest_is_left_in_the_data_file() {
    let hotel = Hotel::new();
    let id = hotel.guest(&json!({"full_name": "Zaphod Quackenbush"}));
    let profile = json!({"full_name": "Zebulon Quackenbush", "email": "zeb.q@trace.example", "phone_number": "+62 555777999",
        "id_number": "KX4711", "notes": "Loves marzipan", "birth_date": "1911-11-11"});
    hotel.call(api::change, &json!({"id": id}), &profile).expect("change");
    let twin = hotel.guest(&json!({"full_name": "Quackenbush Zebulon", "notes": "marzipan"}));
    for at in 0..200 {
        hotel.guest(&json!({"full_name": format!("Guest {at}"), "email": format!("g{at}@x.example")}));
    }
    hotel.stay(id, "AAAAAAA", "checked_out");
    hotel.stay(twin, "BBBBBBB", "cancelled");
    hotel.call(api::merge, &json!({"id": id}), &json!({"other_id": twin})).expect("merge");
    let answer = hotel.get(api::find, &json!({"id": id})).to_string();
    hotel.write(move |tx| tx.run(&KEEP_ANSWER, ("k", answer)).map(|_| ()));
    hotel.call(api::anonymise, &json!({"id": id}), &json!({"reason": "asked by letter"})).expect("erased");
    assert_eq!(hotel.names(&json!({"q": "quackenbush"})), Vec::<String>::new());
    let history = hotel.get(api::list_reservations, &json!({"id": id}));
    assert_eq!(history["total"], json!(2));
    hotel.db.close();
    let file = std::fs::read(hotel.path()).expect("file").to_ascii_lowercase();
    for trace in TRACES {
        let is_there = file.windows(trace.len()).any(|part| part == trace.as_bytes());
        assert!(!is_there, "“{trace}” is still in the data file");
    }
}
