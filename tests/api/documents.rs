//! Documents as the server makes them: what they say, in which language, to whom, and that what
//! people typed stays text.

use innkeeper::domain::actor::Role;
use innkeeper::http::request::Method;
use serde_json::{Value, json};

use super::desk::{first_night_from, small_hotel};
use super::housekeeping::busy_hotel;
use crate::support::{Answer, TestHotel};

fn sheet(hotel: &TestHotel, address: &str, language: &str) -> String {
    let answer = hotel.as_role(Role::Receptionist).request(Method::Get, address).header("Accept-Language", language).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().to_owned()
}

fn of_stay(hotel: &TestHotel, kind: &str, language: &str) -> String {
    sheet(hotel, &format!("/api/reservations/1/documents/{kind}"), language)
}

/// What a page says in its order, one text a line, as a reader sees it.
fn words(page: &str) -> Vec<String> {
    let body = page.split_once("<body").expect("a body").1;
    let texts = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim());
    let plain = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&quot;", "\"");
    texts.filter(|text| !text.is_empty()).map(|text| plain(text).replace("&amp;", "&")).collect()
}

/// The words that follow a label.
#[track_caller]
fn after<'a>(said: &'a [String], label: &str, count: usize) -> Vec<&'a str> {
    let at = said.iter().position(|text| text == label).unwrap_or_else(|| panic!("no “{label}” in {said:#?}"));
    said[at + 1..].iter().take(count).map(String::as_str).collect()
}

#[track_caller]
fn says(said: &[String], texts: &[&str]) {
    for text in texts {
        assert!(said.iter().any(|said| said == text), "no “{text}” in {said:#?}");
    }
}

/// Ana Sousa with two children, for two nights from today.
fn family_hotel(body: Value) -> TestHotel {
    let hotel = small_hotel();
    let address = json!({"address": "Rua Nova 1\nLisboa", "phone": "+351 1", "email": "desk@example.com"});
    hotel.patch("/api/settings", address).expect(200);
    hotel.patch("/api/settings", first_night_from(48)).expect(200);
    hotel.patch("/api/room-types/1", json!({"capacity_children": 2})).expect(200);
    let mut stay = json!({"guest": {"full_name": "Ana Sousa"}, "room_id": 1, "check_in_date": "2025-11-14",
        "check_out_date": "2025-11-16", "adults": 1, "children": 2, "children_ages": [4, 7]});
    stay.as_object_mut().expect("a booking").extend(body.as_object().expect("more of it").clone());
    hotel.post("/api/reservations", stay).expect(201);
    hotel
}

#[test]
fn a_confirmation_tells_the_guest_what_was_agreed() {
    let hotel = family_hotel(json!({"special_requests": "A cot, please", "expected_arrival_time": "22:30"}));
    let paid = json!({"reservation_id": 1, "amount": 50, "payment_method": "cash", "payment_type": "deposit"});
    hotel.post("/api/payments", paid).expect(201);
    let number = hotel.get("/api/reservations/1").expect(200)["confirmation_number"].as_str().expect("a number").to_owned();
    let english = words(&of_stay(&hotel, "confirmation", "en"));
    assert_eq!(english[..4], ["Test Hotel", "Rua Nova 1\nLisboa", "+351 1 · desk@example.com", "Booking confirmation"]);
    assert_eq!(english[4..6], [number.as_str(), "Printed on 10 November 2025"]);
    says(&english, &["Dear Ana Sousa,", "Thank you for choosing Test Hotel. We are pleased to confirm your booking."]);
    for (label, value) in [
        ("Arrival", "Friday, 14 November 2025, from 14:00"),
        ("Expected arrival", "22:30"),
        ("Departure", "Sunday, 16 November 2025, until 12:00"),
        ("Nights", "2 nights"),
        ("People", "1 adult and 2 children (ages 4, 7)"),
        ("Room type", "Double"),
        ("Friday, 14 November 2025", "EUR 100.00"),
        ("Total", "EUR 200.00"),
        ("Paid", "EUR 50.00"),
        ("Balance", "EUR 150.00"),
        ("Special requests", "A cot, please"),
    ] {
        assert_eq!(after(&english, label, 1), [value], "{label}");
    }
    says(&english, &["You may cancel free of charge until 12 November 2025, 14:00.", "We look forward to welcoming you."]);
    let indonesian = words(&of_stay(&hotel, "confirmation", "id"));
    assert_eq!(after(&indonesian, "Kedatangan", 1), ["Jumat, 14 November 2025, mulai pukul 14.00"]);
    assert_eq!(after(&indonesian, "Orang", 1), ["1 dewasa dan 2 anak (usia 4, 7)"]);
    assert_eq!(after(&indonesian, "Saldo", 1), ["EUR 150,00"]);
    says(&indonesian, &["Anda dapat membatalkan tanpa biaya sampai 12 November 2025 pukul 14.00."]);
}

#[test]
fn a_booking_is_confirmed_as_it_stands() {
    let hotel = family_hotel(json!({"status": "tentative", "option_date": "2025-11-12"}));
    let held = "Thank you for your enquiry. We are holding this booking at Test Hotel until you confirm it.";
    let until = "The room is held for you until Wednesday, 12 November 2025.";
    says(&words(&of_stay(&hotel, "confirmation", "en")), &[&format!("{held} {until}")]);
    hotel.patch("/api/reservations/1", json!({"option_date": null})).expect(200);
    says(&words(&of_stay(&hotel, "confirmation", "en")), &[held]);
    hotel.post("/api/reservations/1/cancel", json!({"reason": "ill"})).expect(200);
    let cancelled = words(&of_stay(&hotel, "confirmation", "en"));
    says(&cancelled, &["This booking at Test Hotel was cancelled."]);
    assert!(!cancelled.iter().any(|text| text.contains("free of charge") || text.contains("welcoming")), "{cancelled:?}");
    assert_eq!(after(&cancelled, "Friday, 14 November 2025", 1), ["EUR 100.00"], "what had been agreed stands there");
}

#[test]
fn a_registration_card_has_what_is_known_and_lines_for_what_is_not() {
    let hotel = family_hotel(json!({}));
    let people = json!({"guests": [
        {"full_name": "Ana Sousa", "birth_date": "1980-05-01", "birth_place": "Porto", "nationality": "pt", "residence": "de",
         "document_kind": "passport", "document_number": "C01X", "document_issued_in": "Porto", "document_issued_on": "2020-02-29"},
        {"full_name": "Eva Sousa", "relation": "child", "birth_date": "2021-05-01"}]});
    hotel.put("/api/reservations/1/guests", people).expect(200);
    let page = of_stay(&hotel, "registration", "en");
    let said = words(&page);
    for (label, value) in [
        ("Name", "Ana Sousa"),
        ("Nationality", "PT"),
        ("Country of residence", "DE"),
        ("Date of birth", "1 May 1980, Porto"),
        ("Identity document", "Passport, C01X"),
        ("Issued", "Porto, 29 February 2020"),
        ("Room", "101"),
        ("Total", "EUR 200.00"),
    ] {
        assert_eq!(after(&said, label, 1), [value], "{label}");
    }
    assert!(page.contains("<div class=\"long\"><dt>Home address</dt><dd></dd></div>"), "a line to write on");
    assert!(page.contains("<dt>Phone</dt><dd></dd>"), "another one");
    says(&said, &["Eva Sousa", "1 May 2021", "7 years old", "Place and date", "Guest’s signature"]);
    assert!(!said.iter().any(|text| text == "4 years old"), "she is named");
    let indonesian = words(&of_stay(&hotel, "registration", "id"));
    says(&indonesian, &["Kartu registrasi", "1 Mei 1980, Porto", "Paspor, C01X", "7 tahun", "Tanda tangan tamu"]);
}

#[test]
fn a_receipt_has_every_line_of_the_bill_and_every_payment_in_the_readers_language() {
    let hotel = small_hotel();
    let stay =
        json!({"guest": {"full_name": "Ana Sousa"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12"});
    hotel.post("/api/reservations", stay).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let extra = json!({"kind": "extra", "description": "Minibar", "quantity": 2, "unit_amount": 3.5});
    let line = hotel.post("/api/reservations/1/charges", extra).expect(201)["id"].clone();
    hotel.post(&format!("/api/reservations/1/charges/{line}/void"), json!({"reason": "mistake"})).expect(201);
    let paid = json!({"reservation_id": 1, "amount": 300, "payment_method": "bank_transfer", "reference_number": "T 17"});
    hotel.post("/api/payments", paid).expect(201);
    hotel.post(&hotel.of_payment(1, "refund"), json!({"amount": 100, "reason": "too much"})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    let english = words(&of_stay(&hotel, "receipt", "en"));
    assert_eq!(after(&english, "Minibar", 2), ["2", "EUR 7.00"]);
    assert_eq!(after(&english, "Void: mistake", 2), ["1", "EUR -7.00"]);
    for night in ["Night of 10 Nov 2025", "Night of 11 Nov 2025"] {
        assert_eq!(after(&english, night, 2), ["1", "EUR 100.00"], "posted or to come");
    }
    assert_eq!(after(&english, "Bank transfer, T 17", 1), ["EUR 300.00"]);
    assert_eq!(after(&english, "Bank transfer, refund, T 17", 1), ["EUR -100.00"]);
    assert_eq!((after(&english, "Paid", 1), after(&english, "Balance", 1)), (vec!["EUR 200.00"], vec!["EUR 0.00"]));
    let indonesian = words(&of_stay(&hotel, "receipt", "id"));
    assert_eq!(after(&indonesian, "Malam 11 Nov 2025", 2), ["1", "EUR 100,00"]);
    says(
        &indonesian,
        &["Kuitansi", "Dibatalkan: mistake", "Transfer bank, pengembalian, T 17", "Kuitansi ini bukan faktur pajak."],
    );
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!(folio["lines"][0]["description"], "Minibar", "programs read the same in English");
}

#[test]
fn a_line_says_the_same_to_people_in_their_words_and_to_programs_in_theirs() {
    let hotel = small_hotel();
    hotel.patch("/api/settings", first_night_from(48)).expect(200);
    let stay = |room: i64, from: &str, to: &str| json!({"guest": {"full_name": "Ana Sousa"}, "room_id": room, "check_in_date": from, "check_out_date": to});
    for room in [1, 2] {
        hotel.post("/api/reservations", stay(room, "2025-11-11", "2025-11-12")).expect(201);
        hotel.post(&format!("/api/reservations/{room}/cancel"), json!({"reason": "ill"})).expect(200);
    }
    let english = |id: i64, kind: &str| words(&sheet(&hotel, &format!("/api/reservations/{id}/documents/{kind}"), "en"));
    says(&words(&of_stay(&hotel, "receipt", "id")), &["Biaya pembatalan"]);
    hotel.post("/api/reservations/1/undo", json!({"event": "reinstate"})).expect(200);
    says(&words(&of_stay(&hotel, "receipt", "id")), &["Dibatalkan: reservasi diaktifkan kembali"]);
    hotel.move_on("2025-11-11").expect(200);
    hotel.post("/api/reservations/2/undo", json!({"event": "reinstate"})).expect(200);
    assert_eq!(after(&english(2, "receipt"), "Allowance: Cancellation fee", 2), ["1", "EUR -100.00"], "its day is over");
    hotel.post("/api/reservations/2/cancel", json!({"waive_fee": true, "reason": "ill again"})).expect(200);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.move_on("2025-11-12").expect(200);
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "qris"}})).expect(200);
    says(&english(1, "receipt"), &["Cancellation fee", "Void: reinstated", "Night of 11 Nov 2025", "QRIS"]);
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let lines: Vec<&str> =
        folio["lines"].as_array().expect("lines").iter().map(|line| line["description"].as_str().expect("a text")).collect();
    assert_eq!(lines, ["Cancellation fee", "Void: reinstated", "Night of 2025-11-11"]);
    hotel.post("/api/reservations", stay(1, "2025-11-13", "2025-11-13")).expect(201);
    assert_eq!(after(&english(3, "confirmation"), "Nights", 1), ["Day use"]);
    says(&english(3, "receipt"), &["Day use on 13 Nov 2025"]);
}

#[test]
fn amounts_have_the_decimals_of_their_currency() {
    for (currency, price, english, indonesian) in
        [("IDR", "1500000", "IDR 1,500,000", "Rp\u{a0}1.500.000"), ("KWD", "12.345", "KWD 12.345", "KWD 12,345")]
    {
        let hotel = TestHotel::builder().currency(currency).open();
        let room_type = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": super::desk::exact(price)});
        hotel.post("/api/room-types", room_type).expect(201);
        hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["101"]})).expect(201);
        hotel.book("Ana", json!({"room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11"}));
        for kind in ["confirmation", "registration", "receipt"] {
            for (language, amount) in [("en", english), ("id", indonesian)] {
                says(&words(&of_stay(&hotel, kind, language)), &[amount]);
            }
        }
        says(&words(&sheet(&hotel, "/api/documents/arrivals", "id")), &[indonesian]);
    }
}

#[test]
fn the_arrivals_list_is_whole_and_names_what_the_desk_has_to_know() {
    let hotel = TestHotel::new();
    hotel.add_room_type("Double", "DBL", 100);
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["101-225"]})).expect(201);
    for room in 1..=122 {
        hotel.book(
            &format!("Guest {room:03}"),
            json!({"room_id": room, "check_in_date": "2025-11-11", "check_out_date": "2025-11-13"}),
        );
    }
    let late = json!({"room_type_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-13", "adults": 2, "children": 1,
        "notes": "Old friend", "rate_kind": "complimentary", "rate_kind_reason": "a raffle", "expected_arrival_time": "01:30"});
    hotel.book("Zoe Late", late);
    hotel.move_on("2025-11-11").expect(200);
    let page = sheet(&hotel, "/api/documents/arrivals", "en");
    assert_eq!(page.matches("<tr>").count(), 1 + 123);
    let said = words(&page);
    says(&said, &["Arrivals", "Tuesday, 11 November 2025", "Guest 001", "Guest 122"]);
    let zoe = said.iter().position(|text| text == "Zoe Late").expect("an overdue guest");
    assert!(said.iter().position(|text| text == "Guest 001").is_some_and(|first| zoe < first), "who is overdue comes first");
    assert_eq!(said[zoe - 1], "–");
    let line = [
        "Was due Mon, 10 Nov",
        "01:30",
        "Late arrival",
        "Double",
        "2+1",
        "Thu, 13 Nov",
        "Direct",
        "EUR 0.00",
        "Complimentary",
        "Old friend",
    ];
    assert_eq!(said[zoe + 2..][..line.len()], line);
    let none = words(&sheet(&hotel, "/api/documents/arrivals?date=2026-01-01", "id"));
    says(&none, &["Kedatangan", "Kamis, 1 Januari 2026", "Tidak ada kedatangan"]);
}

#[test]
fn the_housekeeping_list_says_what_to_do_and_names_no_guest() {
    let hotel = busy_hotel();
    let block = json!({"kind": "out_of_service", "start_date": "2025-11-11", "end_date": "2025-11-12", "reason": "Lamp"});
    hotel.post("/api/rooms/2/blocks", block).expect(201);
    let asked = |language: &str| {
        let answer = hotel.as_role(Role::Housekeeper).get(&format!("/api/documents/housekeeping?language={language}"));
        answer.text().to_owned()
    };
    let page = asked("en");
    let said = words(&page);
    says(&said, &["Housekeeping", "Tuesday, 11 November 2025", "Lamp"]);
    let rooms = [
        ("101", vec!["Double", "Turnover: Guest still here", "Dirty", "2", "A cot"]),
        ("102", vec!["Double", "Vacant", "Dirty", "Lamp"]),
        ("201", vec!["Single", "Arrives today", "Clean", "1"]),
    ];
    for (number, line) in rooms {
        assert_eq!(after(&said, number, line.len()), line);
    }
    assert!(!["Lea", "Carl", "Sue"].iter().any(|guest| page.contains(guest)), "{page}");
    assert_eq!(page.matches("class=\"box\"").count(), 3, "a room, a box to tick");
    says(&words(&asked("id")), &["Ganti tamu: Tamu masih di kamar", "Kosong", "Kotor", "Check-in hari ini"]);
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    says(&words(&asked("en")), &["Turnover: Guest has left"]);
    hotel.as_role(Role::Housekeeper).get("/api/documents/arrivals").problem(403);
    hotel.as_role(Role::Housekeeper).get("/api/reservations/1/documents/receipt").problem(403);
    assert_eq!(hotel.as_role(Role::ReadOnly).get("/api/reservations/1/documents/receipt").status, 200);
    hotel.as_stranger().get("/api/documents/housekeeping").problem(401);
}

#[test]
fn what_people_typed_is_text_in_every_document() {
    let hotel = TestHotel::new();
    let markup = "<script>alert(\"1\")</script>'&amp;";
    let escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;amp;";
    hotel.patch("/api/settings", json!({"name": markup, "address": markup, "phone": "<b>"})).expect(200);
    hotel.add_room_type(markup, "DBL", 100);
    hotel.post("/api/rooms", json!({"room_number": "<i>1", "room_type_id": 1, "notes": markup})).expect(201);
    hotel.post("/api/payment-methods", json!({"name": markup})).expect(201);
    let stay = json!({"room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11", "notes": markup, "special_requests": markup});
    hotel.book(&format!("Mal{markup}"), stay);
    let charge = json!({"kind": "extra", "description": markup, "unit_amount": 1});
    hotel.post("/api/reservations/1/charges", charge).expect(201);
    let paid = json!({"reservation_id": 1, "amount": 1, "payment_method": markup, "reference_number": markup});
    hotel.post("/api/payments", paid).expect(201);
    let addresses = ["confirmation", "registration", "receipt"].map(|kind| format!("/api/reservations/1/documents/{kind}"));
    for address in addresses.into_iter().chain(["/api/documents/arrivals".to_owned(), "/api/documents/housekeeping".to_owned()]) {
        let page = sheet(&hotel, &address, "en");
        let strange = ["<script", "<b>", "<i>", "alert(\"", "</script>'"].iter().find(|bad| page.contains(*bad));
        assert_eq!(strange, None, "{address}: {page}");
        assert!(page.matches(escaped).count() >= 2, "{address}: {page}");
    }
}

#[test]
fn a_document_is_a_page_that_runs_nothing_and_is_of_one_language() {
    let hotel = TestHotel::furnished();
    let asked = |target: &str, language: &str| -> Answer {
        hotel.as_owner().request(Method::Get, target).header("Accept-Language", language).send()
    };
    let address = "/api/reservations/1/documents/receipt";
    let answer = asked(address, "id-ID,en;q=0.5");
    let header = |name: &str| answer.header(name).unwrap_or("").to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!((header("content-language"), header("vary")), ("id".to_owned(), "Accept-Language".to_owned()));
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self';") && !policy.contains("script"), "{policy}");
    assert!(answer.text().starts_with("<!doctype html>\n<html lang=\"id\">"), "{}", answer.text());
    assert!(asked(&format!("{address}?language=en"), "id").text().contains("<html lang=\"en\">"), "a document has its own");
    assert!(asked(address, "en").text().contains("<h1>Receipt</h1>"), "nobody is shown another's language");
    let seen = asked(address, "en").header("etag").expect("a tag").to_owned();
    hotel.post("/api/reservations/1/charges", json!({"kind": "extra", "description": "Tea", "unit_amount": 1})).expect(201);
    let again = hotel.as_owner().request(Method::Get, address).header("If-None-Match", &seen).send();
    assert_eq!(again.status, 200, "what changed is told at once");
    assert!(hotel.get("/api/documents/sheet.css").text().contains("@page"));
}

#[test]
fn every_document_is_a_file_as_well() {
    let hotel = TestHotel::furnished();
    let number = hotel.get("/api/reservations/1").expect(200)["confirmation_number"].as_str().expect("a number").to_owned();
    for (target, name) in [
        ("/api/reservations/1/documents/confirmation/pdf", format!("booking-confirmation-{number}.pdf")),
        ("/api/reservations/1/documents/registration/pdf", format!("registration-card-{number}.pdf")),
        ("/api/reservations/1/documents/receipt/pdf?window=1", format!("receipt-{number}.pdf")),
        ("/api/documents/arrivals/pdf?date=2025-11-11", "arrivals-Tuesday-11-November-2025.pdf".to_owned()),
        ("/api/documents/housekeeping/pdf", "housekeeping-Monday-10-November-2025.pdf".to_owned()),
        ("/api/groups/1/documents/rooming-list/pdf", "rooming-list-Tour-Tue-10-Feb-to-Thu-12-Feb.pdf".to_owned()),
    ] {
        let answer = hotel.as_owner().request(Method::Get, target).header("Accept-Language", "en").send();
        let header = |name: &str| answer.header(name).unwrap_or("").to_owned();
        assert_eq!((answer.status, header("content-type").as_str()), (200, "application/pdf"), "{target}");
        assert_eq!(header("content-disposition"), format!("inline; filename=\"{name}\""), "{target}");
        assert_eq!((header("content-language"), header("missing-characters")), ("en".to_owned(), String::new()), "{target}");
        assert!(answer.body.starts_with(b"%PDF-1.7"), "{target}");
    }
    let indonesian = hotel.get("/api/reservations/1/documents/receipt/pdf?language=id");
    assert!(indonesian.header("content-disposition").is_some_and(|name| name.contains("kuitansi-")));
    hotel.get("/api/reservations/999/documents/receipt/pdf").problem(404);
    hotel.get("/api/reservations/1/documents/menu/pdf").problem(422);
}

#[test]
fn what_is_not_there_or_not_known_is_told() {
    let hotel = TestHotel::furnished();
    hotel.get("/api/reservations/999/documents/receipt").problem(404);
    for (target, field) in [
        ("/api/reservations/1/documents/menu", "kind"),
        ("/api/reservations/x/documents/receipt", "id"),
        ("/api/reservations/1/documents/receipt?language=fr", "language"),
        ("/api/documents/arrivals?date=tomorrow", "date"),
        ("/api/documents/housekeeping?date=2025-11-10", "date"),
    ] {
        assert_eq!(hotel.get(target).bad_fields(), [field], "{target}");
    }
}
