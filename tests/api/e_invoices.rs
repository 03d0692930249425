//! E-invoices of what was issued: who gets them, and what is missing where there is none. What stands in them is
//! tested beside their writer, and judged by `tests/einvoice/run`.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use crate::support::TestHotel;

/// A hotel of a currency with a stay, on whose bill is a dinner.
fn hotel(currency: &'static str) -> TestHotel {
    let hotel = TestHotel::builder().currency(currency).open();
    hotel.add_room_type("Double", "DBL", 100);
    hotel.post("/api/rooms", json!({"room_number": "101", "room_type_id": 1})).expect(201);
    let stay = json!({"guest": {"full_name": "Ana Sousa"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11",
        "adults": 1});
    hotel.post("/api/reservations", stay).expect(201);
    hotel.post("/api/reservations/1/charges", json!({"kind": "extra", "description": "Dinner", "unit_amount": 20})).expect(201);
    hotel
}

fn seller(more: Value) -> Value {
    let mut seller = json!({"name": "Hotel da Baixa Lda", "country": "PT", "city": "Lisboa", "tax_number": "PT 501 964 843"});
    seller.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
    json!({ "seller": seller })
}

fn issue(hotel: &TestHotel, buyer: Value) -> i64 {
    let made = hotel.post("/api/reservations/1/invoices", json!({"is_issued": true, "buyer": buyer})).expect(201);
    made["id"].as_i64().expect("an id")
}

#[test]
fn what_was_issued_is_a_file_by_its_number() {
    let hotel = hotel("EUR");
    hotel.patch("/api/invoice-setup", seller(json!({}))).expect(200);
    let id = issue(&hotel, json!({"name": "Ana Sousa", "country": "ES"}));
    let number = hotel.get(&format!("/api/invoices/{id}")).expect(200)["number"].as_str().expect("a number").to_owned();
    let file = hotel.get(&format!("/api/invoices/{id}/xml"));
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/xml")));
    assert_eq!(file.header("content-disposition"), Some(format!("attachment; filename=\"{number}.xml\"").as_str()));
    assert!(
        file.text().contains(&format!("<cbc:ID>{number}</cbc:ID>")) && file.text().contains("PT501964843"),
        "{}",
        file.text()
    );
    // Whatever changes in the hotel, it is the same file again.
    hotel.patch("/api/invoice-setup", seller(json!({"name": "Another Lda"}))).expect(200);
    assert_eq!(hotel.get(&format!("/api/invoices/{id}/xml")).body, file.body);
    let as_role = |role: Role| hotel.as_role(role).get(&format!("/api/invoices/{id}/xml")).status;
    assert_eq!((as_role(Role::ReadOnly), as_role(Role::Housekeeper)), (200, 403));
    hotel.get("/api/invoices/77/xml").problem(404);
    // A credit note is one as well.
    let credit = hotel.post(&format!("/api/invoices/{id}/credit"), json!({"reason": "Not eaten"})).expect(201)["id"].clone();
    let note = hotel.get(&format!("/api/invoices/{credit}/xml"));
    assert!(note.text().contains("<CreditNote ") && note.text().contains(&number), "{}", note.text());
}

#[test]
fn what_is_missing_is_named() {
    let hotel = hotel("EUR");
    let id = issue(&hotel, json!({"name": "Ana Sousa"}));
    let refused = hotel.get(&format!("/api/invoices/{id}/xml"));
    assert_eq!(refused.problem(409), "no-e-invoice");
    assert_eq!(refused.json()["missing"], json!(["seller.country", "seller.tax_number", "buyer.country"]));
    let draft = hotel.post("/api/reservations/1/invoices", json!({"kind": "pro_forma"})).expect(201)["id"].clone();
    assert_eq!(hotel.get(&format!("/api/invoices/{draft}/xml")).problem(409), "no-e-invoice");
}

#[test]
fn an_amount_of_three_decimals_has_no_e_invoice() {
    let hotel = hotel("KWD");
    hotel.patch("/api/invoice-setup", seller(json!({"country": "KW"}))).expect(200);
    let id = issue(&hotel, json!({"name": "Ana Sousa", "country": "KW"}));
    let refused = hotel.get(&format!("/api/invoices/{id}/xml"));
    assert_eq!(refused.problem(409), "no-e-invoice");
    assert!(refused.json()["detail"].as_str().is_some_and(|said| said.contains("KWD has more")), "{}", refused.text());
}
