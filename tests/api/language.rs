//! Problems are told in the language that is asked for; everything else is the same in each.

use serde_json::{Value, json};

use super::desk::small_hotel;
use crate::support::{Answer, TestHotel};
use innkeeper::http::request::Method;

const INDONESIAN: &str = "id-ID,id;q=0.9,en;q=0.8";

fn said(hotel: &TestHotel, language: &str, method: Method, target: &str, body: &Value) -> Answer {
    hotel.as_owner().request(method, target).header("Accept-Language", language).json(body).send()
}

fn detail(answer: &Answer) -> String {
    answer.json()["detail"].as_str().expect("a sentence").to_owned()
}

#[test]
fn a_refusal_is_told_in_the_readers_language_with_its_dates_and_names() {
    let hotel = small_hotel();
    let stay = |guest: &str| json!({"guest": {"full_name": guest}, "room_id": 1, "check_in_date": "2025-12-24", "check_out_date": "2025-12-26"});
    hotel.post("/api/reservations", stay("Ana Lopes")).expect(201);
    let asked = |language| said(&hotel, language, Method::Post, "/api/reservations", &stay("Ben Li"));
    let (english, indonesian) = (asked("en"), asked(INDONESIAN));
    assert_eq!((english.problem(409), indonesian.problem(409)), ("room-taken".to_owned(), "room-taken".to_owned()));
    assert_eq!(detail(&english), "Room 101 is taken by Ana Lopes on 24 December; room 102 is free.");
    assert_eq!(detail(&indonesian), "Kamar 101 terisi (Ana Lopes) pada 24 Desember; kamar 102 kosong.");
    assert_eq!(english.json()["conflicts"], indonesian.json()["conflicts"], "what a program reads is the same");
    for (answer, language) in [(&english, "en"), (&indonesian, "id")] {
        assert_eq!((answer.header("content-language"), answer.header("vary")), (Some(language), Some("Accept-Language")));
    }
    assert_eq!(detail(&asked("de-DE, fr;q=0.5")), detail(&english), "whose language nobody speaks reads English");
}

#[test]
fn every_bad_field_is_told_in_the_readers_language() {
    let hotel = small_hotel();
    let body =
        json!({"guest": {"full_name": "Ben"}, "room_id": 1, "check_in_date": "2025-12-24", "check_out_date": "2025-12-23"});
    let indonesian = said(&hotel, INDONESIAN, Method::Post, "/api/reservations", &body);
    assert_eq!(indonesian.bad_fields(), ["check_out_date"]);
    assert_eq!(indonesian.json()["errors"][0]["message"], "harus setelah kedatangan");
    assert_eq!(detail(&indonesian), "check_out_date harus setelah kedatangan.");
    for (body, field, message) in [
        (json!({"adults": 1.5}), "adults", "harus berupa bilangan bulat"),
        (json!({"adults": "two"}), "adults", "harus berupa bilangan bulat"),
        (json!({"check_in_date": "24.12.2025"}), "check_in_date", "harus berupa tanggal seperti 2025-11-10"),
        (json!({"room_id": 0}), "room_id", "harus berupa bilangan bulat dari 1 sampai 9007199254740991"),
        (json!({"colour": "red"}), "colour", "bukan isian yang dikenal"),
        (json!({"check_in_date": "2025-12-24"}), "check_out_date", "wajib diisi"),
    ] {
        let answer = said(&hotel, INDONESIAN, Method::Post, "/api/reservations", &body);
        assert_eq!(answer.json()["errors"], json!([{"field": field, "message": message}]), "{body}");
    }
    let page = said(&hotel, INDONESIAN, Method::Get, "/api/reservations?page_size=101", &json!({}));
    assert_eq!(detail(&page), "page_size harus dari 1 sampai 100.");
    let long = "x".repeat(255);
    let words = said(&hotel, INDONESIAN, Method::Get, &format!("/api/guests?q={long}"), &json!({}));
    assert_eq!(detail(&words), "q maksimal 254 karakter.");
}

#[test]
fn amounts_and_numbers_of_things_are_written_as_the_language_writes_them() {
    let hotel = TestHotel::furnished();
    let asked = |language| said(&hotel, language, Method::Post, "/api/reservations/1/check-out", &json!({}));
    assert_eq!(detail(&asked("en")), "EUR 57.50 is still to be paid. Take the payment, then check out.");
    assert_eq!(detail(&asked(INDONESIAN)), "EUR 57,50 belum dibayar. Terima pembayarannya, lalu check-out.");
    let people = json!({"guest": {"full_name": "Ben"}, "room_id": 1, "check_in_date": "2025-12-24",
        "check_out_date": "2025-12-26", "adults": 3, "children": 2});
    let crowded = |language| detail(&said(&hotel, language, Method::Post, "/api/reservations", &people));
    assert_eq!(
        crowded("en"),
        "The room type Double is for 2 adults and 1 child, not for 3 adults and 2 children. Choose a larger room type, or allow it with a reason."
    );
    assert_eq!(
        crowded("id"),
        "Tipe kamar Double untuk 2 dewasa dan 1 anak, bukan 3 dewasa dan 2 anak. Pilih tipe kamar yang lebih besar, atau izinkan dengan alasan."
    );
}

#[test]
fn what_is_repeated_by_its_key_is_refused_in_the_language_of_each_request() {
    let hotel = small_hotel();
    let asked = |language: &str| {
        let request = hotel.as_owner().request(Method::Post, "/api/rooms").header("Idempotency-Key", "k1");
        let body = json!({"room_number": "101", "room_type_id": 1});
        request.header("Accept-Language", language).json(&body).send()
    };
    assert_eq!(detail(&asked("id")), "Nomor ini sudah dipakai kamar lain.");
    assert_eq!(detail(&asked("en")), "Another room has this number.", "only good answers are kept, and they say nothing");
}

#[test]
fn whoever_is_not_let_in_is_told_so_in_their_language() {
    let hotel = small_hotel();
    let stranger = |method, target, body: Value| {
        hotel.as_stranger().request(method, target).header("Accept-Language", "id").json(&body).send()
    };
    let wrong = stranger(Method::Post, "/api/auth/login", json!({"username": "nobody", "password": "wrong"}));
    assert_eq!(
        (wrong.problem(401), detail(&wrong)),
        ("not-signed-in".to_owned(), "Nama pengguna atau kata sandi salah.".to_owned())
    );
    assert_eq!(detail(&stranger(Method::Get, "/api/reservations", json!({}))), "Silakan masuk.");
    assert_eq!(detail(&stranger(Method::Get, "/api/nothing", json!({}))), "Tidak ada apa-apa di alamat ini.");
    assert_eq!(detail(&stranger(Method::Delete, "/api/auth/login", json!({}))), "Alamat ini hanya menerima POST.");
}

#[test]
fn what_went_wrong_with_the_back_ups_and_the_network_is_told_in_the_readers_language() {
    let hotel = small_hotel();
    let second = tempfile::tempdir().expect("a folder");
    hotel.patch("/api/backups/plan", json!({"second_folder": second.path()})).expect(200);
    drop(second);
    super::backups::back_up(&hotel);
    let state = |language| said(&hotel, language, Method::Get, "/api/backups/state", &json!({}));
    let (english, indonesian) = (state("en"), state("id"));
    let problem = |answer: &Answer| answer.json()["problem"].as_str().expect("a problem").to_owned();
    assert!(problem(&english).contains("cannot be written"), "{}", problem(&english));
    assert!(problem(&indonesian).contains("tidak dapat ditulis"), "{}", problem(&indonesian));
    assert_eq!(indonesian.json()["last_made"]["second_folder_problem"], indonesian.json()["problem"]);
    assert_eq!(indonesian.header("content-language"), Some("id"));
    assert!(english.header("etag") != indonesian.header("etag"), "one is not taken for the other");
    hotel.patch("/api/network", json!({"is_open": true})).expect(200);
    let network = said(&hotel, "id", Method::Get, "/api/network", &json!({}));
    assert_eq!(network.json()["problem"], "Server tidak berjalan.");
}
