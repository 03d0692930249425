//! Stays that nobody pays for: complimentary ones, and rooms that the house uses itself.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::TestHotel;

fn free(kind: &str, reason: &str) -> Value {
    json!({"guest": {"full_name": "Ana"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12",
        "rate_kind": kind, "rate_kind_reason": reason})
}

fn told(hotel: &TestHotel, id: i64) -> Vec<(Value, Value, Value)> {
    let list = hotel.get(&format!("/api/audit/exceptions?reservation_id={id}&sort=id")).expect(200);
    let entry = |e: &Value| (e["kind"].clone(), e["amount"].clone(), e["reason"].clone());
    list["items"].as_array().expect("items").iter().map(entry).collect()
}

#[test]
fn a_complimentary_stay_costs_nothing_has_a_reason_and_stands_on_the_owners_list() {
    let hotel = small_hotel();
    assert_eq!(hotel.post("/api/reservations", free("complimentary", "")).bad_fields(), ["rate_kind_reason"]);
    let mut typed = free("complimentary", "Complaint");
    typed["total_amount"] = json!(50);
    assert_eq!(hotel.post("/api/reservations", typed).bad_fields(), ["total_amount"]);
    let made = hotel.post("/api/reservations", free("complimentary", "Travel agent")).expect(201);
    assert_eq!((&made["total_amount"], &made["rate_kind"]), (&exact("0.00"), &json!("complimentary")));
    assert_eq!(told(&hotel, 1), [(json!("complimentary"), exact("200.00"), json!("Travel agent"))]);
    // More nights cost nothing either, and are told for the same reason; a move keeps them free.
    let longer = hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-11-13"})).expect(200);
    assert_eq!(longer["total_amount"], exact("0.00"));
    assert_eq!(told(&hotel, 1).len(), 2);
    let quote = hotel.get("/api/reservations/1/quote?check_out_date=2025-11-15").expect(200);
    assert_eq!((&quote["difference"], &quote["rerated_difference"]), (&exact("0.00"), &exact("0.00")));
    let moved = hotel.post("/api/reservations/1/move", json!({"room_id": 3, "rerate": true})).expect(200);
    assert_eq!(moved["total_amount"], exact("0.00"));
    let extension = hotel.get("/api/reservations/1/extension?check_out_date=2025-11-14").expect(200);
    assert_eq!(extension["added_amount"], exact("0.00"));
    let offer = "/api/rooms/available?check_in_date=2025-11-10&check_out_date=2025-11-12&rate_kind=house_use";
    assert_eq!(hotel.get(offer).expect(200)["items"][0]["total_amount"], exact("0.00"));
}

#[test]
fn who_may_not_give_a_stay_away_asks_somebody_who_may() {
    let hotel = small_hotel();
    let reception = hotel.as_role(Role::Receptionist);
    let refused = reception.post("/api/reservations", free("house_use", "Painter"));
    assert_eq!(refused.problem(409), "over-limit");
    assert_eq!(refused.json()["detail"], "You may not give a stay away as complimentary or house use. Ask a manager.");
    assert_eq!(hotel.get("/api/reservations").expect(200)["total"], 0, "nothing was booked");
    let limit = json!({"limits": [{"kind": "complimentary", "receptionist_amount": 250}]});
    hotel.patch("/api/settings/limits", limit).expect(200);
    reception.post("/api/reservations", free("house_use", "Painter")).expect(201);
    assert_eq!(told(&hotel, 1), [(json!("house_use"), exact("200.00"), json!("Painter"))]);
    // The limit is for the stay, however it grows.
    let grown = reception.patch("/api/reservations/1", json!({"check_out_date": "2025-11-13"}));
    assert_eq!(grown.problem(409), "over-limit");
    hotel.as_role(Role::Manager).patch("/api/reservations/1", json!({"check_out_date": "2025-11-13"})).expect(200);
}

#[test]
fn what_is_on_the_bill_stays_when_a_stay_becomes_complimentary_and_the_rest_gets_its_price_back() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel.move_on("2025-11-11").expect(200);
    // The night that is over is posted with the late arrival.
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let gift = json!({"rate_kind": "complimentary", "rate_kind_reason": "Noise all night"});
    let given = hotel.patch("/api/reservations/1", gift).expect(200);
    let nights = |stay: &Value| -> Vec<(Value, Value)> {
        stay["nightly"].as_array().expect("nights").iter().map(|n| (n["rate"].clone(), n["is_posted"].clone())).collect()
    };
    let (paid, open) = ((exact("100.00"), json!(true)), (exact("0.00"), json!(false)));
    assert_eq!(nights(&given), [paid.clone(), open.clone(), open]);
    assert_eq!(told(&hotel, 1), [(json!("complimentary"), exact("200.00"), json!("Noise all night"))]);
    assert_eq!(
        hotel.get("/api/dashboard/stats?from=2025-11-10&to=2025-11-12").expect(200)["total"]["room_revenue"],
        exact("100.00")
    );
    let paying = hotel.patch("/api/reservations/1", json!({"rate_kind": "paying"})).expect(200);
    let open = (exact("100.00"), json!(false));
    assert_eq!(nights(&paying), [paid, open.clone(), open]);
    assert_eq!(paying["rate_kind_reason"], "");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    let late = hotel.patch("/api/reservations/1", json!({"rate_kind": "house_use", "rate_kind_reason": "After the fact"}));
    assert_eq!(late.problem(409), "illegal-transition");
}

#[test]
fn the_occupancy_counts_what_is_given_away_and_the_adr_does_not() {
    let hotel = small_hotel();
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations", free("complimentary", "Travel agent")).expect(201);
    let mut house = free("house_use", "Night porter");
    (house["room_id"], house["check_out_date"]) = (json!(3), json!("2025-11-11"));
    hotel.post("/api/reservations", house).expect(201);
    for as_of in ["", "&as_of=2025-11-10"] {
        let day = &hotel.get(&format!("/api/dashboard/stats?from=2025-11-10&to=2025-11-10{as_of}")).expect(200)["total"];
        assert_eq!((&day["sold"], &day["complimentary"], &day["house_use"]), (&json!(3), &json!(1), &json!(1)), "{as_of}");
        assert_eq!((&day["occupancy_rate"], &day["adr"]), (&json!(100), &exact("100.00")), "{as_of}");
    }
}
