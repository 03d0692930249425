//! Groups: a block that is held, a rooming list, and stays that go their own way.

use innkeeper::db::Sql;
use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{exact, small_hotel};
use super::tax_cases::assert_no_fault;
use crate::support::TestHotel;

/// Five doubles and a suite, on 2025-11-10.
pub fn hotel() -> TestHotel {
    let hotel = TestHotel::new();
    let double = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100});
    hotel.post("/api/room-types", double).expect(201);
    let suite = json!({"name": "Suite", "code": "STE", "capacity_adults": 4, "default_rate": 250});
    hotel.post("/api/room-types", suite).expect(201);
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["101-105"]})).expect(201);
    hotel.post("/api/rooms/batch", json!({"room_type_id": 2, "numbers": ["201"]})).expect(201);
    hotel
}

/// A wedding from the 14th to the 16th with so many doubles.
pub fn wedding(hotel: &TestHotel, rooms: i64) -> Value {
    let group = json!({"name": "Wedding Santos", "arrival_date": "2025-11-14", "departure_date": "2025-11-16",
        "cut_off_date": "2025-11-12", "rooms": [{"room_type_id": 1, "rooms": rooms}]});
    hotel.post("/api/groups", group).expect(201)
}

pub fn stay(room_type: i64, from: &str, to: &str) -> Value {
    json!({"guest": {"full_name": "Somebody Else"}, "room_type_id": room_type, "check_in_date": from, "check_out_date": to})
}

fn free(hotel: &TestHotel, more: &str) -> i64 {
    let rooms = format!("/api/rooms/available?check_in_date=2025-11-14&check_out_date=2025-11-16&room_type_id=1{more}");
    hotel.get(&rooms).expect(200)["items"][0]["available_count"].as_i64().expect("a number")
}

pub fn names(names: &[&str]) -> Value {
    json!({"rows": names.iter().map(|name| json!({"name": name, "adults": 2})).collect::<Vec<_>>()})
}

#[test]
fn a_block_is_kept_from_sale_until_it_is_picked_up() {
    let hotel = hotel();
    let group = wedding(&hotel, 4);
    assert_eq!((&group["code"], &group["status"], &group["asked_nights"]), (&json!("WEDDINGS"), &json!("definite"), &json!(8)));
    assert_eq!((free(&hotel, ""), free(&hotel, "&group_id=1")), (1, 2), "its own rooms are there for it");
    hotel.post("/api/reservations", stay(1, "2025-11-13", "2025-11-15")).expect(201);
    let refused = hotel.post("/api/reservations", stay(1, "2025-11-14", "2025-11-15"));
    assert_eq!(refused.problem(409), "no-room-free");
    assert!(refused.text().contains("4 held for groups"), "{}", refused.text());
    // In a room of its own it is no less refused, and neither is a longer stay, a move into the type, or a room out of order.
    let mut room = stay(1, "2025-11-14", "2025-11-15");
    room["room_id"] = json!(2);
    assert_eq!(hotel.post("/api/reservations", room).problem(409), "no-room-free");
    let suite = hotel.post("/api/reservations", stay(2, "2025-11-14", "2025-11-15")).expect(201)["id"].clone();
    let moved = hotel.post(&format!("/api/reservations/{suite}/move"), json!({"room_id": 2}));
    assert_eq!(moved.problem(409), "no-room-free");
    let changed = hotel.patch(&format!("/api/reservations/{suite}"), json!({"room_type_id": 1}));
    assert_eq!(changed.problem(409), "no-room-free");
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-14", "end_date": "2025-11-15", "reason": "Paint"});
    assert_eq!(hotel.post("/api/rooms/3/blocks", block).problem(409), "no-room-free");
    assert_eq!(hotel.patch("/api/rooms/3", json!({"room_type_id": 2})).problem(409), "no-room-free");
    let day = &hotel.get("/api/room-types/1/calendar?from=2025-11-14&to=2025-11-15").expect(200)["items"];
    assert_eq!((&day[0]["available_count"], &day[1]["available_count"]), (&json!(0), &json!(1)));
    // Its own stays pick it up, and what is left is held as before.
    hotel.post("/api/groups/1/rooming-list", names(&["Ana Silva", "Ben Li"])).expect(201);
    let now = hotel.get("/api/groups/1").expect(200);
    let night = &now["types"][0]["nights"][0];
    assert_eq!((&night["picked_up"], &night["held"], &night["free"]), (&json!(2), &json!(2), &json!(0)));
    assert_eq!(hotel.post("/api/reservations", stay(1, "2025-11-14", "2025-11-15")).problem(409), "no-room-free");
    assert_no_fault(&hotel, "groups");
}

#[test]
fn a_block_holds_no_more_than_there_is() {
    let hotel = hotel();
    hotel.post("/api/reservations", stay(1, "2025-11-15", "2025-11-16")).expect(201);
    let group = json!({"name": "Tour", "arrival_date": "2025-11-14", "departure_date": "2025-11-16", "rooms": [{"room_type_id": 1, "rooms": 5}]});
    let refused = hotel.post("/api/groups", group.clone());
    assert_eq!(refused.problem(409), "no-room-free");
    assert!(refused.text().contains("1 more needed"), "{}", refused.text());
    assert_eq!(hotel.get("/api/groups").expect(200)["total"], 0, "nothing is left of it");
    for rooms in [-1, 1001] {
        let block = json!([{"room_type_id": 1, "rooms": rooms}]);
        let wrong = json!({"name": "Tour", "arrival_date": "2025-11-14", "departure_date": "2025-11-16", "rooms": block});
        assert_eq!(hotel.post("/api/groups", wrong).bad_fields(), ["rooms[0].rooms"], "{rooms}");
    }
    wedding(&hotel, 4);
    let cell = |night: &str, rooms: i64| json!({"nights": [{"room_type_id": 1, "night": night, "rooms": rooms}]});
    hotel.post("/api/groups/1/block", cell("2025-11-14", 5)).expect(200);
    assert_eq!(hotel.post("/api/groups/1/block", cell("2025-11-15", 5)).problem(409), "no-room-free");
    assert_eq!(hotel.post("/api/groups/1/block", cell("2025-11-16", 1)).bad_fields(), ["nights[0].night"]);
    let stale = json!({"nights": [{"room_type_id": 1, "night": "2025-11-14", "rooms": 1}], "version": 1});
    assert_eq!(hotel.post("/api/groups/1/block", stale).problem(409), "stale-version");
    // Fewer nights hold less; the cut-off goes along with the arrival.
    let shorter = hotel.patch("/api/groups/1", json!({"departure_date": "2025-11-15"})).expect(200);
    assert_eq!((&shorter["asked_nights"], &shorter["types"][0]["nights"][0]["rooms"]), (&json!(5), &json!(5)));
    assert_no_fault(&hotel, "groups");
}

#[test]
fn what_nobody_picked_up_goes_back_on_sale_after_the_cut_off() {
    let hotel = hotel();
    wedding(&hotel, 5);
    hotel.post("/api/groups/1/rooming-list", names(&["Ana Silva"])).expect(201);
    assert_eq!(free(&hotel, ""), 0);
    hotel.move_on("2025-11-11").expect(200);
    hotel.move_on("2025-11-12").expect(200);
    assert_eq!(free(&hotel, ""), 0, "through the cut-off itself");
    hotel.move_on("2025-11-13").expect(200);
    let group = hotel.get("/api/groups/1").expect(200);
    assert_eq!((&group["released_on"], &group["is_holding"]), (&json!("2025-11-13"), &json!(false)));
    assert_eq!(free(&hotel, ""), 4);
    hotel.post("/api/reservations", stay(1, "2025-11-14", "2025-11-16")).expect(201);
    // A later cut-off holds it again, if it can be held.
    assert_eq!(hotel.patch("/api/groups/1", json!({"cut_off_date": "2025-11-14"})).problem(409), "no-room-free");
    hotel
        .post(
            "/api/groups/1/block",
            json!({"nights": [{"room_type_id": 1, "night": "2025-11-14", "rooms": 4},
        {"room_type_id": 1, "night": "2025-11-15", "rooms": 4}]}),
        )
        .expect(200);
    let held = hotel.patch("/api/groups/1", json!({"cut_off_date": "2025-11-14"})).expect(200);
    assert_eq!((&held["released_on"], &held["types"][0]["nights"][0]["held"]), (&Value::Null, &json!(3)));
    assert_eq!(free(&hotel, ""), 0);
    hotel.post("/api/groups/1/release", json!({})).expect(200);
    assert_eq!(free(&hotel, ""), 3);
    assert_eq!(hotel.post("/api/groups/1/release", json!({})).problem(409), "illegal-transition");
    assert_no_fault(&hotel, "groups");
}

#[test]
fn a_rooming_list_is_booked_whole_or_told_row_by_row() {
    let hotel = hotel();
    wedding(&hotel, 3);
    let rows = json!({"rows": [
        {"name": "Ana Silva"},
        {"name": "Ben Li", "room_number": "999"},
        {"name": "", "room_type": "DBL"},
        {"name": "Cleo Diaz", "room_type": "Penthouse"},
        {"name": "Dan Roy", "check_out_date": "2025-11-14", "check_in_date": "2025-11-15"},
        {"name": "Eva Moss", "room_type": "suite", "adults": 9},
    ]});
    let refused = hotel.post("/api/groups/1/rooming-list", rows);
    assert_eq!(
        refused.bad_fields(),
        ["rows[1].room_number", "rows[2].name", "rows[3].room_type", "rows[4].check_out_date", "rows[5]"]
    );
    assert_eq!(hotel.get("/api/reservations").expect(200)["total"], 0);
    assert_eq!(hotel.get("/api/guests").expect(200)["total"], 0);
    let rows = json!({"rows": [
        {"name": "Ana Silva", "room_number": "102", "adults": 2, "email": "ana@example.com"},
        {"name": "Ben Li", "room_type": "dbl", "check_in_date": "2025-11-15", "notes": "late"},
        {"name": "Cleo Diaz", "room_type": "Suite", "adults": 2},
        {"name": "Dan Roy"},
    ]});
    let booked = hotel.post("/api/groups/1/rooming-list", rows).expect(201)["items"].clone();
    assert_eq!((&booked[0]["room_number"], &booked[2]["room_type_name"]), (&json!("102"), &json!("Suite")));
    let listed = hotel.get("/api/reservations?group_id=1").expect(200);
    assert_eq!((&listed["total"], &listed["items"][0]["group_id"]), (&json!(4), &json!(1)));
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["group_name"], "Wedding Santos");
    // One more does not fit into the block, which is told; asked for by its type it takes what is free.
    assert_eq!(hotel.post("/api/groups/1/rooming-list", names(&["Fay Wu"])).bad_fields(), ["rows[0].room_type"]);
    let more = json!({"rows": [{"name": "Fay Wu", "room_type": "DBL"}, {"name": "Gus Ek", "room_type": "DBL"}, {"name": "Hal Ito", "room_type": "DBL"}]});
    let refused = hotel.post("/api/groups/1/rooming-list", more);
    assert_eq!(refused.bad_fields(), ["rows[2]"]);
    assert!(refused.text().contains("No Double is left"), "{}", refused.text());
    assert_no_fault(&hotel, "groups");
}

#[test]
fn stays_of_a_group_are_moved_and_cancelled_without_touching_the_rest() {
    let hotel = hotel();
    wedding(&hotel, 5);
    hotel.post("/api/groups/1/rooming-list", names(&["A One", "B Two", "C Three", "D Four", "E Five"])).expect(201);
    let picked = || hotel.get("/api/groups/1").expect(200)["types"][0]["nights"].clone();
    hotel.post("/api/reservations/1/cancel", json!({"reason": "ill"})).expect(200);
    assert_eq!((&picked()[0]["picked_up"], &picked()[0]["held"]), (&json!(4), &json!(1)), "its room is the group's again");
    assert_eq!(free(&hotel, ""), 0);
    hotel.post("/api/reservations/2/move", json!({"room_id": 3})).expect(200);
    hotel.post("/api/reservations/3/move", json!({"room_id": 6})).expect(200);
    assert_eq!((&picked()[0]["picked_up"], &picked()[0]["held"]), (&json!(3), &json!(2)), "upgraded, it gives its room back");
    hotel.patch("/api/reservations/4", json!({"check_in_date": "2025-11-15"})).expect(200);
    assert_eq!((&picked()[0]["held"], &picked()[1]["held"]), (&json!(3), &json!(2)));
    // Who leaves the group takes a room that must be there.
    assert_eq!(hotel.patch("/api/reservations/5", json!({"group_id": null})).problem(409), "no-room-free");
    hotel
        .post(
            "/api/groups/1/block",
            json!({"nights": [{"room_type_id": 1, "night": "2025-11-14", "rooms": 4},
        {"room_type_id": 1, "night": "2025-11-15", "rooms": 4}]}),
        )
        .expect(200);
    assert_eq!(hotel.patch("/api/reservations/5", json!({"group_id": null})).expect(200)["group_name"], "");
    assert_eq!(hotel.patch("/api/reservations/5", json!({"group_id": 9})).bad_fields(), ["group_id"]);
    hotel.patch("/api/reservations/5", json!({"group_id": 1})).expect(200);
    assert_eq!(hotel.get("/api/groups").expect(200)["items"][0]["stays"], 4);
    assert_no_fault(&hotel, "groups");
}

#[test]
fn a_group_arrives_and_leaves_together_and_what_stands_in_the_way_is_told() {
    let hotel = hotel();
    let group = json!({"name": "Team", "arrival_date": "2025-11-10", "departure_date": "2025-11-11", "rooms": [{"room_type_id": 1, "rooms": 3}]});
    hotel.post("/api/groups", group).expect(201);
    hotel.post("/api/groups/1/rooming-list", names(&["A One", "B Two", "C Three"])).expect(201);
    hotel.post("/api/reservations", stay(1, "2025-11-10", "2025-11-11")).expect(201);
    hotel.put("/api/rooms/1/status", json!({"housekeeping": "dirty"})).expect(200);
    let all = json!({"stays": [{"reservation_id": 1, "room_id": 1}, {"reservation_id": 2}, {"reservation_id": 3}, {"reservation_id": 4}]});
    let told = hotel.post("/api/groups/1/check-in", all).expect(200)["items"].clone();
    let done: Vec<&Value> = told.as_array().expect("outcomes").iter().map(|one| &one["is_done"]).collect();
    assert_eq!(done, [&json!(false), &json!(true), &json!(true), &json!(false)]);
    assert_eq!((&told[0]["code"], &told[0]["status"]), (&json!("room-not-ready"), &json!("confirmed")));
    assert!(told[3]["problem"].as_str().expect("words").contains("not a stay of this group"), "{told}");
    let again = json!({"stays": [{"reservation_id": 1, "room_id": 1}], "override_dirty": true, "reason": "in a hurry"});
    assert_eq!(hotel.post("/api/groups/1/check-in", again).expect(200)["items"][0]["is_done"], true);
    hotel.move_on("2025-11-11").expect(200);
    let out = hotel.post("/api/groups/1/check-out", json!({"stays": [1, 2, 3]})).expect(200)["items"].clone();
    assert_eq!((&out[0]["code"], &out[0]["is_done"]), (&json!("balance-due"), &json!(false)));
    let out = hotel.post("/api/groups/1/check-out", json!({"stays": [1, 2, 3], "payment_method": "card"})).expect(200);
    assert_eq!((&out["items"][0]["status"], &out["items"][2]["is_done"]), (&json!("checked_out"), &json!(true)));
    assert_eq!(hotel.get("/api/groups/1").expect(200)["status"], "ended");
    assert_eq!(hotel.post("/api/groups/1/rooming-list", names(&["Late"])).problem(409), "illegal-transition");
}

#[test]
fn a_tentative_group_is_confirmed_with_its_stays_and_cancelled_with_them() {
    let hotel = hotel();
    let group = json!({"name": "Tour", "code": "tour-1", "status": "tentative", "arrival_date": "2025-11-14",
        "departure_date": "2025-11-16", "rooms": [{"room_type_id": 1, "rooms": 3}]});
    hotel.post("/api/groups", group).expect(201);
    assert_eq!(
        hotel
            .post(
                "/api/groups",
                json!({"name": "X", "code": "TOUR-1", "arrival_date": "2025-11-14",
        "departure_date": "2025-11-16"})
            )
            .problem(409),
        "still-in-use"
    );
    hotel.post("/api/groups/1/rooming-list", names(&["A One", "B Two"])).expect(201);
    let statuses = || {
        let listed = hotel.get("/api/reservations?group_id=1").expect(200)["items"].clone();
        listed.as_array().expect("stays").iter().map(|one| one["status"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(), ["\"tentative\"", "\"tentative\""]);
    hotel.patch("/api/groups/1", json!({"status": "definite"})).expect(200);
    assert_eq!(statuses(), ["\"confirmed\"", "\"confirmed\""]);
    let cancelled = hotel.post("/api/groups/1/cancel", json!({"reason": "they married elsewhere"})).expect(200);
    assert_eq!((&cancelled["status"], &cancelled["is_holding"]), (&json!("cancelled"), &json!(false)));
    assert_eq!(statuses(), ["\"cancelled\"", "\"cancelled\""]);
    assert_eq!(free(&hotel, ""), 5);
    assert_eq!(hotel.post("/api/groups/1/cancel", json!({})).problem(409), "illegal-transition");
    assert_no_fault(&hotel, "groups");
}

#[test]
fn prices_are_agreed_by_managers_and_hold_for_the_groups_stays() {
    let hotel = hotel();
    let group = json!({"name": "Tour", "arrival_date": "2025-11-14", "departure_date": "2025-11-16",
        "rooms": [{"room_type_id": 1, "rooms": 3}], "rates": [{"room_type_id": 1, "rate": 60}]});
    let desk = hotel.as_role(Role::Receptionist);
    assert_eq!(desk.post("/api/groups", group.clone()).problem(403), "not-allowed");
    hotel.post("/api/groups", group).expect(201);
    // Whoever books them: it was agreed.
    desk.post("/api/groups/1/rooming-list", names(&["A One"])).expect(201);
    let booked = hotel.get("/api/reservations/1").expect(200);
    assert_eq!(booked["total_amount"], exact("120.00"));
    let kept = json!({"rates": [{"room_type_id": 1, "rate": 60}], "notes": "x"});
    desk.patch("/api/groups/1", kept).expect(200);
    assert_eq!(desk.patch("/api/groups/1", json!({"rates": []})).problem(403), "not-allowed");
    hotel.patch("/api/groups/1", json!({"rates": []})).expect(200);
    hotel.post("/api/groups/1/rooming-list", names(&["B Two"])).expect(201);
    assert_eq!(hotel.get("/api/reservations/2").expect(200)["total_amount"], exact("200.00"));
}

/// A tour from the 14th to the 16th whose doubles cost 60.
pub fn tour(hotel: &TestHotel) {
    let group = json!({"name": "Tour", "arrival_date": "2025-11-14", "departure_date": "2025-11-16",
        "rates": [{"room_type_id": 1, "rate": 60}]});
    hotel.post("/api/groups", group).expect(201);
}

#[test]
fn an_agreed_price_is_for_the_groups_own_nights_however_they_are_booked() {
    let hotel = hotel();
    tour(&hotel);
    let total = |id: i64| hotel.get(&format!("/api/reservations/{id}")).expect(200)["total_amount"].clone();
    // A night before and after the group's costs what it costs everybody.
    let longer =
        json!({"rows": [{"name": "A One", "room_type": "DBL", "check_in_date": "2025-11-13", "check_out_date": "2025-11-17"}]});
    hotel.post("/api/groups/1/rooming-list", longer).expect(201);
    assert_eq!(total(1), exact("320.00"));
    let other =
        json!({"rows": [{"name": "B Two", "room_type": "DBL", "check_in_date": "2025-12-01", "check_out_date": "2025-12-03"}]});
    hotel.post("/api/groups/1/rooming-list", other).expect(201);
    assert_eq!(total(2), exact("200.00"));
    // Booked singly, moved, extended or asked for anew it is the same.
    let mut single = stay(1, "2025-11-14", "2025-11-15");
    single["group_id"] = json!(1);
    hotel.post("/api/reservations", single).expect(201);
    assert_eq!(total(3), exact("60.00"));
    hotel.patch("/api/reservations/3", json!({"check_out_date": "2025-11-17"})).expect(200);
    assert_eq!(total(3), exact("220.00"));
    hotel.patch("/api/reservations/3", json!({"rerate": true})).expect(200);
    assert_eq!(total(3), exact("220.00"));
    hotel.patch("/api/reservations/2", json!({"check_in_date": "2025-11-14", "check_out_date": "2025-11-16"})).expect(200);
    assert_eq!(total(2), exact("120.00"));
    let price = hotel.get("/api/reservations/3/price").expect(200);
    assert_eq!((&price["nights"][0]["is_fixed"], &price["nights"][2]["is_fixed"]), (&json!(true), &json!(false)));
    assert_eq!((&price["agreed_amount"], &price["rerated_amount"]), (&exact("220.00"), &exact("220.00")));
    assert_no_fault(&hotel, "agreed");
}

#[test]
fn who_leaves_a_group_leaves_its_price_and_who_joins_gets_it() {
    let hotel = hotel();
    tour(&hotel);
    hotel.post("/api/groups/1/rooming-list", json!({"rows": [{"name": "A One", "room_type": "DBL"}]})).expect(201);
    let total = || hotel.get("/api/reservations/1").expect(200)["total_amount"].clone();
    hotel.patch("/api/reservations/1", json!({"group_id": null})).expect(200);
    assert_eq!(total(), exact("200.00"));
    assert_eq!(hotel.post("/api/reservations/1/undo", json!({})).problem(409), "nothing-to-undo");
    hotel.patch("/api/reservations/1", json!({"group_id": 1})).expect(200);
    assert_eq!(total(), exact("120.00"));
    // A price that somebody typed is theirs.
    hotel.patch("/api/reservations/1", json!({"total_amount": 90, "reason": "a friend"})).expect(200);
    hotel.patch("/api/reservations/1", json!({"group_id": null, "reason": "a friend"})).expect(200);
    assert_eq!(total(), exact("90.00"));
    // Nights are added to those of an agreed price by who may agree on it.
    let desk = hotel.as_role(Role::Receptionist);
    assert_eq!(desk.patch("/api/groups/1", json!({"departure_date": "2025-11-30"})).problem(403), "not-allowed");
    desk.patch("/api/groups/1", json!({"departure_date": "2025-11-15"})).expect(200);
    hotel.patch("/api/groups/1", json!({"departure_date": "2025-11-17"})).expect(200);
    // What was agreed with a group that is over is agreed no longer.
    hotel.patch("/api/groups/1", json!({"status": "ended"})).expect(200);
    let mut late = stay(1, "2025-11-14", "2025-11-15");
    late["group_id"] = json!(1);
    assert_eq!(hotel.post("/api/reservations", late).bad_fields(), ["group_id"]);
}

#[test]
fn a_group_ends_with_the_last_of_its_stays_or_with_its_departure() {
    let hotel = hotel();
    let group = |name: &str, room_type: i64| {
        let new = json!({"name": name, "arrival_date": "2025-11-10", "departure_date": "2025-11-11",
            "rooms": [{"room_type_id": room_type, "rooms": 1}]});
        hotel.post("/api/groups", new).expect(201)["id"].as_i64().expect("an id")
    };
    let status = |id: i64| hotel.get(&format!("/api/groups/{id}")).expect(200)["status"].clone();
    let (singly, nobody, never_came) = (group("Singly", 1), group("Nobody", 2), group("Never came", 1));
    for id in [singly, never_came] {
        hotel.post(&format!("/api/groups/{id}/rooming-list"), names(&["A One"])).expect(201);
    }
    hotel.post("/api/reservations/1/check-in", json!({"room_id": 1})).expect(200);
    assert_eq!(hotel.patch(&format!("/api/groups/{singly}"), json!({"status": "ended"})).problem(409), "illegal-transition");
    hotel.move_on("2025-11-11").expect(200);
    assert_eq!((status(singly), status(nobody), status(never_came)), (json!("definite"), json!("ended"), json!("definite")));
    hotel.post("/api/reservations/2/no-show", json!({})).expect(200);
    assert_eq!(status(never_came), "ended");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    assert_eq!(status(singly), "ended");
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    assert_eq!(status(singly), "definite", "somebody of it is here again");
    assert_no_fault(&hotel, "ended");
}

#[test]
fn a_groups_status_has_its_rules_and_an_option_its_date() {
    let hotel = hotel();
    let new = json!({"name": "Tour", "status": "tentative", "arrival_date": "2025-11-14", "departure_date": "2025-11-16",
        "rooms": [{"room_type_id": 1, "rooms": 2}]});
    hotel.post("/api/groups", new).expect(201);
    hotel.patch("/api/groups/1", json!({"status": "definite"})).expect(200);
    assert_eq!(hotel.patch("/api/groups/1", json!({"status": "tentative"})).problem(409), "illegal-transition");
    // Somebody of a definite group may still be undecided, whatever else of the group changes.
    let mut option = stay(1, "2025-11-14", "2025-11-16");
    (option["group_id"], option["status"], option["option_date"]) = (json!(1), json!("tentative"), json!("2025-11-12"));
    hotel.post("/api/reservations", option).expect(201);
    hotel.patch("/api/groups/1", json!({"notes": "by bus", "status": "definite"})).expect(200);
    let undecided = hotel.get("/api/reservations/1").expect(200);
    assert_eq!((&undecided["status"], &undecided["option_date"]), (&json!("tentative"), &json!("2025-11-12")));
    hotel.post("/api/groups/1/cancel", json!({})).expect(200);
    for status in ["definite", "tentative", "ended"] {
        assert_eq!(hotel.patch("/api/groups/1", json!({"status": status})).problem(409), "illegal-transition");
    }
}

#[test]
fn a_block_moves_with_its_group_and_what_of_it_is_dropped_is_told() {
    let hotel = hotel();
    wedding(&hotel, 3);
    let moved = json!({"arrival_date": "2025-11-20", "departure_date": "2025-11-22"});
    let group = hotel.patch("/api/groups/1", moved).expect(200);
    let night = &group["types"][0]["nights"][0];
    assert_eq!((&night["night"], &night["held"], &group["asked_nights"]), (&json!("2025-11-20"), &json!(3), &json!(6)));
    assert_eq!(free(&hotel, ""), 5, "nothing is held where it was");
    hotel.patch("/api/groups/1", json!({"departure_date": "2025-11-21"})).expect(200);
    let trail = hotel.get("/api/audit-log?entity=booking_group&entity_id=1").text().to_owned();
    assert!(trail.contains("DBL 2025-11-20: 3") && trail.contains("DBL 2025-11-21: 0"), "{trail}");
    // Where its rooms are sold it does not go.
    for _ in 0..3 {
        hotel.post("/api/reservations", stay(1, "2025-11-25", "2025-11-26")).expect(201);
    }
    let sold = json!({"arrival_date": "2025-11-25", "departure_date": "2025-11-26"});
    assert_eq!(hotel.patch("/api/groups/1", sold).problem(409), "no-room-free");
    assert_no_fault(&hotel, "moved");
}

#[test]
fn a_cut_off_fits_the_arrival_and_a_released_block_is_held_again_when_asked() {
    let hotel = hotel();
    wedding(&hotel, 3);
    let late = json!({"arrival_date": "2025-11-11", "departure_date": "2025-11-13", "cut_off_date": "2025-11-12"});
    assert_eq!(hotel.patch("/api/groups/1", late).bad_fields(), ["cut_off_date"]);
    hotel.post("/api/groups/1/release", json!({})).expect(200);
    // Another arrival is no reason to hold it again.
    let earlier = json!({"arrival_date": "2025-11-11", "departure_date": "2025-11-13"});
    let group = hotel.patch("/api/groups/1", earlier).expect(200);
    assert_eq!((&group["cut_off_date"], &group["is_holding"]), (&json!("2025-11-11"), &json!(false)));
    let group = hotel.patch("/api/groups/1", json!({"hold_again": true})).expect(200);
    assert_eq!((&group["is_holding"], &group["types"][0]["nights"][0]["held"]), (&json!(true), &json!(3)));
    hotel.move_on("2025-11-11").expect(200);
    hotel.move_on("2025-11-12").expect(200);
    assert_eq!(hotel.patch("/api/groups/1", json!({"hold_again": true})).bad_fields(), ["cut_off_date"]);
    assert_eq!(hotel.post("/api/groups/1/cancel", json!({"version": 1})).problem(409), "stale-version");
    assert_no_fault(&hotel, "held again");
}

#[test]
fn a_room_that_somebody_chose_is_not_given_to_whoever_comes_before() {
    let hotel = hotel();
    let group = json!({"name": "Team", "arrival_date": "2025-11-10", "departure_date": "2025-11-11"});
    hotel.post("/api/groups", group).expect(201);
    let rows = json!({"rows": [{"name": "A One", "room_type": "DBL"}, {"name": "B Two", "room_type": "DBL"}]});
    hotel.post("/api/groups/1/rooming-list", rows).expect(201);
    let unknown = json!({"stays": [{"reservation_id": 1}, {"reservation_id": 99}]});
    assert_eq!(hotel.post("/api/groups/1/check-in", unknown).bad_fields(), ["stays[1]"]);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["status"], "confirmed", "nothing was done");
    let stays = json!({"stays": [{"reservation_id": 1}, {"reservation_id": 2, "room_id": 1}]});
    let told = hotel.post("/api/groups/1/check-in", stays).expect(200)["items"].clone();
    assert_eq!((&told[0]["reservation_id"], &told[0]["is_done"]), (&json!(1), &json!(true)));
    assert_eq!((&told[1]["room_number"], &told[1]["is_done"]), (&json!("101"), &json!(true)));
}

#[test]
fn a_group_is_not_called_after_somebody_who_was_erased() {
    let hotel = hotel();
    let group = json!({"name": "Wedding Santos", "arrival_date": "2025-11-14", "departure_date": "2025-11-16",
        "guest": {"full_name": "Ana Santos"}, "notes": "Ana calls on Friday"});
    hotel.post("/api/groups", group).expect(201);
    let erase = || hotel.post("/api/guests/1/anonymise", json!({"reason": "asked for it"}));
    assert_eq!(erase().problem(409), "still-in-use", "the group is yet to come");
    hotel.post("/api/groups/1/cancel", json!({})).expect(200);
    let owes = "INSERT INTO folio (kind, group_id, balance) VALUES ('group', 1, 100)";
    hotel.write(move |tx| tx.run(&Sql::new("test.owes", owes), []).map(|_| ()));
    assert_eq!(erase().problem(409), "balance-due");
    hotel.write(|tx| tx.run(&Sql::new("test.paid", "DELETE FROM folio WHERE kind = 'group'"), []).map(|_| ()));
    erase().expect(200);
    let group = hotel.get("/api/groups/1").expect(200);
    assert_eq!(
        (&group["name"], &group["code"], &group["notes"]),
        (&json!("Wedding …"), &json!("GROUP-1"), &json!("… calls on Friday"))
    );
    let trail = hotel.get("/api/audit-log?entity=booking_group&entity_id=1").text().to_owned();
    assert!(!trail.contains("Santos") && !trail.contains("WEDDINGS"), "{trail}");
}

#[test]
fn rooms_that_were_booked_together_become_a_group_when_asked() {
    let hotel = small_hotel();
    let party = json!({"guest": {"full_name": "Ana Silva"}, "room_id": 1, "check_in_date": "2025-11-14", "check_out_date": "2025-11-16",
        "more_rooms": [{"room_id": 2, "guest": {"full_name": "Ben Li"}}]});
    hotel.post("/api/reservations", party).expect(201);
    let group = hotel.post("/api/reservations/2/group", json!({"name": "Silvas"})).expect(201);
    assert_eq!(
        (&group["stays"], &group["arrival_date"], &group["guest_name"]),
        (&json!(2), &json!("2025-11-14"), &json!("Ben Li"))
    );
    assert_eq!(hotel.get("/api/reservations?group_id=1").expect(200)["total"], 2);
    assert_eq!(hotel.post("/api/reservations/1/group", json!({"name": "Again"})).problem(409), "illegal-transition");
    let paper = hotel.get("/api/groups/1/documents/rooming-list");
    assert!(paper.text().contains("Ana Silva") && paper.text().contains("Silvas"), "{}", paper.text());
    // A contact with a group is not deleted, and goes along when it is folded into another.
    let other = hotel.post("/api/guests", json!({"full_name": "Ben Lee"})).expect(201)["id"].clone();
    hotel.post(&format!("/api/guests/{other}/merge"), json!({"other_id": 2})).expect(200);
    assert_eq!(hotel.get("/api/groups/1").expect(200)["guest_id"], other);
    assert_no_fault(&hotel, "groups");
}

#[test]
fn a_master_pays_the_rooms_and_the_guests_their_extras() {
    let hotel = hotel();
    let group = json!({"name": "Firm outing", "arrival_date": "2025-11-10", "departure_date": "2025-11-11", "rooms": [{"room_type_id": 1, "rooms": 3}]});
    hotel.post("/api/groups", group).expect(201);
    let master = || hotel.get("/api/groups/1/master").expect(200);
    assert_eq!((&master()["pays"], &master()["folio"]), (&json!("nothing"), &Value::Null));
    hotel.post("/api/groups/1/rooming-list", names(&["A One"])).expect(201);
    hotel.put("/api/groups/1/master", json!({"pays": "room"})).expect(200);
    // Whoever was booked already has it, and whoever joins, by whatever way; who leaves has not.
    hotel.post("/api/groups/1/rooming-list", names(&["B Two"])).expect(201);
    hotel.post("/api/reservations", stay(1, "2025-11-10", "2025-11-11")).expect(201);
    hotel.patch("/api/reservations/3", json!({"group_id": 1})).expect(200);
    let rules =
        |id: i64| hotel.get(&format!("/api/reservations/{id}/routing")).expect(200)["items"].as_array().expect("rules").len();
    assert_eq!((rules(1), rules(2), rules(3)), (2, 2, 2));
    hotel.patch("/api/reservations/3", json!({"group_id": null})).expect(200);
    assert_eq!(rules(3), 0);
    hotel.post("/api/groups/1/check-in", json!({"stays": [{"reservation_id": 1}, {"reservation_id": 2}]})).expect(200);
    let minibar = json!({"kind": "extra", "description": "Minibar", "unit_amount": 5});
    hotel.post("/api/reservations/1/charges", minibar).expect(201);
    hotel.move_on("2025-11-11").expect(200);
    let out = hotel.post("/api/groups/1/check-out", json!({"stays": [1, 2]})).expect(200)["items"].clone();
    assert_eq!((&out[0]["code"], &out[1]["status"]), (&json!("balance-due"), &json!("checked_out")));
    let own = hotel.post("/api/groups/1/check-out", json!({"stays": [1], "payment_method": "card"})).expect(200);
    assert_eq!(own["items"][0]["is_done"], true);
    assert_eq!(hotel.get("/api/payments?reservation_id=1").expect(200)["items"][0]["amount"], exact("5.00"));
    assert_eq!(master()["folio"]["balance"], exact("200.00"));
    let folio = master()["folio"]["id"].clone();
    hotel.post("/api/payments", json!({"folio_id": folio, "amount": 200, "payment_method": "bank_transfer"})).expect(201);
    assert_eq!(master()["folio"]["balance"], exact("0.00"));
    assert_no_fault(&hotel, "master");
}
