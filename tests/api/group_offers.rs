//! What a group is offered and owes, and a rooming list that asks for more than a room is for.

use innkeeper::domain::actor::Role;
use serde_json::json;

use super::desk::exact;
use super::groups::{hotel, names, stay, tour, wedding};

#[test]
fn a_rooming_list_puts_more_into_a_room_than_it_is_for_with_a_reason() {
    let hotel = hotel();
    wedding(&hotel, 3);
    let list = json!({"rows": [{"name": "Ana Silva", "adults": 3}, {"name": "Ben Li"}]});
    let refused = hotel.post("/api/groups/1/rooming-list", list.clone());
    assert_eq!(refused.problem(409), "over-capacity");
    assert!(refused.text().contains("Row 1: The room type Double"), "{}", refused.text());
    assert_eq!(refused.json()["override_with"], "override_capacity");
    let allowed = |reason: &str| {
        let mut list = list.clone();
        (list["override_capacity"], list["reason"]) = (json!(true), json!(reason));
        list
    };
    assert_eq!(hotel.post("/api/groups/1/rooming-list", allowed(" ")).problem(409), "reason-needed");
    let desk = hotel.as_role(Role::Receptionist);
    assert_eq!(desk.post("/api/groups/1/rooming-list", list.clone()).bad_fields(), ["rows[0]"]);
    assert_eq!(desk.post("/api/groups/1/rooming-list", allowed("a cot")).problem(403), "not-allowed");
    // Beside what nobody may allow it is told with the other rows.
    let mut wrong = list.clone();
    wrong["rows"][1] = json!({"name": "Ben Li", "room_number": "999"});
    assert_eq!(hotel.post("/api/groups/1/rooming-list", wrong).bad_fields(), ["rows[0]", "rows[1].room_number"]);
    hotel.post("/api/groups/1/rooming-list", allowed("a cot")).expect(201);
    assert_eq!(hotel.get("/api/reservations?group_id=1").expect(200)["total"], 2);
}

#[test]
fn a_groups_balance_is_that_of_its_own_bill_and_of_all_its_stays() {
    let hotel = hotel();
    wedding(&hotel, 3);
    let balance = || {
        let listed = hotel.get("/api/groups").expect(200)["items"][0]["balance"].clone();
        assert_eq!(hotel.get("/api/groups/1").expect(200)["balance"], listed);
        listed
    };
    assert_eq!(balance(), exact("0.00"));
    hotel.post("/api/groups/1/rooming-list", names(&["Ana Silva", "Ben Li"])).expect(201);
    assert_eq!(balance(), exact("400.00"));
    hotel.post("/api/payments", json!({"reservation_id": 1, "amount": 150, "payment_method": "card"})).expect(201);
    assert_eq!(balance(), exact("250.00"));
    let master = hotel.put("/api/groups/1/master", json!({"pays": "all"})).expect(200)["folio"]["id"].clone();
    hotel.post("/api/reservations/2/charges", json!({"kind": "extra", "description": "Dinner", "unit_amount": 30})).expect(201);
    assert_eq!(balance(), exact("280.00"));
    hotel.post("/api/payments", json!({"folio_id": master, "amount": 30, "payment_method": "card"})).expect(201);
    assert_eq!(balance(), exact("250.00"));
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    assert_eq!(balance(), exact("50.00"), "who paid and does not come has money here");
}

#[test]
fn what_a_group_is_offered_is_what_it_agreed() {
    let hotel = hotel();
    tour(&hotel);
    let available = |more: &str| {
        let asked = format!("/api/rooms/available?check_in_date=2025-11-14&check_out_date=2025-11-17&room_type_id=1{more}");
        hotel.get(&asked).expect(200)["items"][0]["total_amount"].clone()
    };
    assert_eq!((available(""), available("&group_id=1")), (exact("300.00"), exact("220.00")));
    let asked = json!({"check_in_date": "2025-11-14", "check_out_date": "2025-11-17", "room_type_id": 1, "group_id": 1});
    let offer = hotel.post("/api/quotes", asked).expect(200)["items"][0].clone();
    assert_eq!(offer["total_amount"], exact("220.00"));
    assert_eq!(
        offer["nights"][0]["steps"],
        json!([{"code": "agreed", "amount": exact("60.00"), "text": "Agreed with the group"}])
    );
    assert_eq!(offer["nights"][2]["steps"][0]["code"], "standard");
    let mut booked = stay(1, "2025-11-14", "2025-11-17");
    booked["group_id"] = json!(1);
    assert_eq!(hotel.post("/api/reservations", booked).expect(201)["total_amount"], exact("220.00"));
    let day = json!({"check_in_date": "2025-11-14", "check_out_date": "2025-11-14", "room_type_id": 1, "group_id": 1});
    assert_eq!(hotel.post("/api/quotes", day).expect(200)["items"][0]["total_amount"], exact("100.00"));
    // Prices and rooms are set in one sheet.
    let sheet =
        json!({"nights": [{"room_type_id": 1, "night": "2025-11-14", "rooms": 2}], "rates": [{"room_type_id": 1, "rate": 70}]});
    assert_eq!(hotel.as_role(Role::Receptionist).post("/api/groups/1/block", sheet.clone()).problem(403), "not-allowed");
    assert_eq!(hotel.get("/api/groups/1").expect(200)["asked_nights"], 0, "neither of both");
    let set = hotel.post("/api/groups/1/block", sheet).expect(200);
    assert_eq!((&set["asked_nights"], &set["rates"][0]["rate"]), (&json!(2), &exact("70.00")));
    assert_eq!(available("&group_id=1"), exact("240.00"));
    hotel.post("/api/groups/1/block", json!({"nights": [], "rates": []})).expect(200);
    assert_eq!(available("&group_id=1"), exact("300.00"));
}
