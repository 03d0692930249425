//! What mends something that is open before the day is closed, as the page of the close does it: each leaves the list, or is
//! decided by it.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::day_close::assert_no_fault;
use super::desk::{book, exact, small_hotel};
use crate::support::TestHotel;

fn open(hotel: &TestHotel) -> Vec<String> {
    let day = hotel.get("/api/day-close").expect(200);
    let mut open = Vec::new();
    for group in day["open"].as_array().expect("groups") {
        for stay in group["stays"].as_array().expect("stays") {
            open.push(format!("{} {}", stay["guest_name"].as_str().unwrap_or(""), group["case"].as_str().unwrap_or("")));
        }
    }
    open
}

fn close(hotel: &TestHotel, date: &str) {
    let body = json!({"business_date": date, "undecided": "carry", "reason": "the clock of this test stands still"});
    hotel.post("/api/day-close", body).expect(200);
}

#[test]
fn who_comes_a_day_later_is_no_arrival_of_today_and_has_the_nights_priced_anew() {
    let hotel = small_hotel();
    hotel
        .put("/api/rate-plans/1/rates", json!({"room_type_id": 1, "from": "2025-11-11", "to": "2025-11-11", "rate": 130}))
        .expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-13");
    assert_eq!(open(&hotel), ["Ana arrival", "Ben arrival"]);
    let tomorrow = |stay: i64, until: &str| {
        let body = json!({"check_in_date": "2025-11-11", "check_out_date": until});
        hotel.patch(&format!("/api/reservations/{stay}"), body).expect(200)["total_amount"].clone()
    };
    assert_eq!(tomorrow(1, "2025-11-12"), exact("130.00"));
    close(&hotel, "2025-11-10");
    // Ben is overdue by now, and comes tomorrow as well.
    assert_eq!(open(&hotel), ["Ben overdue_arrival", "Ana arrival"]);
    let body = json!({"check_in_date": "2025-11-12", "check_out_date": "2025-11-13"});
    assert_eq!(hotel.patch("/api/reservations/2", body).expect(200)["total_amount"], exact("100.00"));
    assert_eq!(open(&hotel), ["Ana arrival"]);
    assert_no_fault(&hotel);
}

#[test]
fn what_a_guest_left_owing_is_written_off_or_goes_to_a_company_and_what_was_too_much_is_refunded() {
    let hotel = small_hotel();
    hotel.post("/api/companies", json!({"name": "Acme", "has_account": true})).expect(201);
    for (name, room) in [("Ana", 1), ("Ben", 2), ("Cem", 3)] {
        let stay = book(&hotel, name, room, "2025-11-10", "2025-11-11")["id"].clone();
        hotel.post(&format!("/api/reservations/{stay}/check-in"), json!({"override_dirty": true, "reason": "new"})).expect(200);
    }
    close(&hotel, "2025-11-10");
    let paid: Vec<Value> = (1..=3)
        .map(|id| {
            hotel.post(&format!("/api/reservations/{id}/check-out"), json!({"settle": {"payment_method": "card"}})).expect(200);
            hotel.get(&format!("/api/reservations/{id}/folio")).expect(200)["payments"][0]["id"].clone()
        })
        .collect();
    assert_eq!(open(&hotel), Vec::<String>::new());
    for payment in &paid[..2] {
        hotel.post(&format!("/api/payments/{payment}/void"), json!({"reason": "declined"})).expect(200);
    }
    let less = json!({"kind": "allowance", "description": "Noise", "reason": "complained by mail", "unit_amount": 15});
    hotel.post("/api/reservations/3/charges", less).expect(201);
    assert_eq!(open(&hotel), ["Ana unsettled", "Ben unsettled", "Cem unsettled"]);
    let off = json!({"kind": "allowance", "description": "Written off", "reason": "not worth a letter", "quantity": 1, "unit_amount": 100});
    hotel.post("/api/reservations/1/charges", off).expect(201);
    let told = hotel.get("/api/audit/exceptions?kind=allowance").expect(200);
    assert_eq!((&told["total"], &told["items"][0]["reason"]), (&json!(2), &json!("not worth a letter")));
    let folio = hotel.get("/api/reservations/2/folio").expect(200)["folios"][0]["id"].clone();
    hotel.post(&format!("/api/folios/{folio}/settle"), json!({"company_id": 1, "amount": 100})).expect(201);
    hotel.post(&format!("/api/payments/{}/refund", paid[2]), json!({"reason": "too much", "amount": 15})).expect(200);
    assert_eq!(open(&hotel), Vec::<String>::new());
    assert_no_fault(&hotel);
}

#[test]
fn a_deposit_pays_the_fee_of_a_no_show_and_the_rest_is_kept_until_it_is_refunded() {
    let hotel = small_hotel();
    hotel.patch("/api/settings", json!({"policy": {"cancellation": [], "no_show_fee_kind": "first_night"}})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    let paid = hotel.post("/api/payments", json!({"reservation_id": 1, "amount": 160, "payment_method": "card"})).expect(201);
    let day = hotel.get("/api/day-close").expect(200);
    assert_eq!(day["open"][0]["stays"][0]["paid_amount"], exact("160.00"));
    hotel.post("/api/day-close/decisions", json!({"reservation_id": 1, "choice": "no_show"})).expect(200);
    close(&hotel, "2025-11-10");
    let stay = || hotel.get("/api/reservations/1").expect(200);
    assert_eq!((&stay()["status"], &stay()["balance"]), (&json!("no_show"), &exact("-60.00")));
    let held = hotel.get("/api/reports/deposits").expect(200).to_string();
    assert!(held.contains("60.00"), "{held}");
    hotel.post(&format!("/api/payments/{}/refund", paid["id"]), json!({"reason": "asked by mail", "amount": 60})).expect(200);
    assert_eq!(stay()["balance"], exact("0.00"));
    assert_no_fault(&hotel);
}

#[test]
fn a_night_has_a_price_or_nobody_pays_for_it_and_an_option_or_a_block_is_held_for_longer() {
    let hotel = small_hotel();
    hotel.patch("/api/room-types/1", json!({"default_rate": 0})).expect(200);
    for (name, room) in [("Ana", 1), ("Ben", 2)] {
        book(&hotel, name, room, "2025-11-10", "2025-11-12");
    }
    for id in [1, 2] {
        hotel.post(&format!("/api/reservations/{id}/check-in"), json!({"override_dirty": true, "reason": "new"})).expect(200);
    }
    let option = json!({"guest": {"full_name": "Cem"}, "room_id": 3, "check_in_date": "2025-11-20", "check_out_date": "2025-11-21",
        "status": "tentative", "option_date": "2025-11-10"});
    hotel.post("/api/reservations", option).expect(201);
    let block = json!({"name": "Choir", "arrival_date": "2025-11-25", "departure_date": "2025-11-26", "cut_off_date": "2025-11-10",
        "rooms": [{"room_type_id": 1, "rooms": 1}]});
    hotel.post("/api/groups", block).expect(201);
    assert_eq!(open(&hotel), ["Cem option", "Ana without_price", "Ben without_price"]);
    let blocks = || hotel.get("/api/day-close").expect(200)["blocks"].as_array().map_or(0, Vec::len);
    assert_eq!(blocks(), 1);
    let price = json!({"nightly": [{"date": "2025-11-10", "rate": 90}], "reason": "agreed"});
    hotel.patch("/api/reservations/1", price).expect(200);
    let free = json!({"rate_kind": "complimentary", "rate_kind_reason": "Noise all night"});
    hotel.patch("/api/reservations/2", free).expect(200);
    hotel.patch("/api/reservations/3", json!({"option_date": "2025-11-12"})).expect(200);
    hotel.patch("/api/groups/1", json!({"cut_off_date": "2025-11-12"})).expect(200);
    assert_eq!((open(&hotel), blocks()), (vec![], 0));
    close(&hotel, "2025-11-10");
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["balance"], exact("90.00"));
    assert_no_fault(&hotel);
}

#[test]
fn what_is_missing_for_the_registration_and_what_was_not_sent_stands_on_the_close() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    let told = || {
        let day = hotel.get("/api/day-close").expect(200);
        (day["unregistered"].clone(), day["unsent"].clone())
    };
    assert_eq!(told(), (json!([]), json!(0)), "no country's rules");
    hotel.put("/api/registrations/rules", json!({"country": "TH"})).expect(200);
    let (missing, unsent) = told();
    assert_eq!((&missing[0]["full_name"], &missing[0]["room_number"], unsent), (&json!("Ana"), &json!("101"), json!(0)));
    assert_eq!(missing[0]["missing_fields"], json!(["sex", "birth_date", "nationality", "document_number"]));
    let ana =
        json!({"full_name": "Ana", "sex": "female", "birth_date": "1980-05-01", "nationality": "PT", "document_number": "P1"});
    let made: Value = hotel.put("/api/reservations/1/guests", json!({"guests": [ana]})).expect(200);
    assert_eq!(told(), (json!([]), json!(1)));
    let id = hotel.get("/api/registrations").expect(200)["items"][0]["id"].clone();
    hotel.as_role(Role::Receptionist).post("/api/registrations/sent", json!({"ids": [id]})).expect(200);
    assert_eq!(told(), (json!([]), json!(0)), "{made}");
}
