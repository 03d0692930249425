//! Which stays are sold: restrictions by plan, type and date, and who sells otherwise, with a reason.

use innkeeper::db::Sql;
use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::small_hotel;
use crate::support::{Answer, TestHotel};

const BAR: i64 = 1;

/// Sets restrictions of doubles on some dates.
fn restrict(hotel: &TestHotel, plan: i64, from: &str, to: &str, what: Value) -> Value {
    let mut body = json!({"room_type_ids": [1], "from": from, "to": to});
    for (name, value) in what.as_object().expect("fields") {
        body[name] = value.clone();
    }
    hotel.put(&format!("/api/rate-plans/{plan}/restrictions"), body).expect(200)
}

fn stay(from: &str, to: &str) -> Value {
    json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": from, "check_out_date": to})
}

fn with(mut body: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    body
}

/// What is broken, as `kind limit date` each.
fn broken(of: &Value) -> Vec<String> {
    let one = |b: &Value| {
        let text = |name: &str| b[name].as_str().unwrap_or("").to_owned();
        assert_eq!(text("date"), text("to"), "one date");
        let limit = b["limit"].as_i64().map_or(String::new(), |limit| format!(" {limit}"));
        format!("{}{limit} {}", text("kind"), text("date"))
    };
    of["broken"].as_array().expect("a list").iter().map(one).collect()
}

fn set_day(hotel: &TestHotel, day: &'static str) {
    hotel
        .write(move |tx| tx.run(&Sql::new("test.day", "UPDATE property SET business_date = ?1 WHERE id = 1"), [day]).map(|_| ()));
}

fn derived(hotel: &TestHotel, code: &str, parent: Option<i64>) -> i64 {
    let mut plan = json!({"code": code, "name": code});
    if let Some(parent) = parent {
        plan["parent_id"] = parent.into();
        plan["offset_kind"] = "percent".into();
        plan["offset_percent"] = json!(-10);
    }
    hotel.post("/api/rate-plans", plan).expect(201)["id"].as_i64().expect("an id")
}

fn audit_and_exceptions(hotel: &TestHotel, id: i64) -> (Value, Vec<Value>) {
    let trail = hotel.get(&format!("/api/audit-log?entity=reservation&entity_id={id}")).expect(200);
    let of_stay = trail["items"].as_array().expect("entries").iter().find(|e| e["action"] != "exception").expect("one").clone();
    let listed = hotel.get(&format!("/api/audit/exceptions?reservation_id={id}")).expect(200);
    (of_stay["after"].clone(), listed["items"].as_array().expect("a list").clone())
}

/// The stays of the turn of the year that are worked by hand, with why they are not for sale.
const WORKED: [(&str, &str, &[&str]); 18] = [
    ("2026-12-28", "2026-12-29", &["min_stay_arrival 2 2026-12-28"]),
    ("2026-12-28", "2026-12-30", &[]),
    ("2026-12-27", "2026-12-29", &[]),
    // The maximum, and New Year's Day, on which nobody leaves, is not the departure.
    ("2026-12-28", "2027-01-02", &["max_stay_arrival 4 2026-12-28"]),
    ("2026-12-30", "2027-01-02", &["is_closed_to_arrival 2026-12-30"]),
    ("2026-12-29", "2026-12-31", &[]),
    ("2026-12-29", "2027-01-02", &[]),
    ("2026-12-31", "2027-01-01", &["min_stay_through 3 2026-12-31", "is_closed_to_departure 2027-01-01"]),
    ("2026-12-31", "2027-01-02", &["min_stay_through 3 2026-12-31"]),
    ("2026-12-31", "2027-01-03", &["is_stop_sell 2027-01-02"]),
    ("2026-12-29", "2027-01-01", &["is_closed_to_departure 2027-01-01"]),
    ("2027-01-01", "2027-01-02", &[]),
    ("2027-01-02", "2027-01-03", &["is_stop_sell 2027-01-02"]),
    ("2027-01-01", "2027-01-03", &["is_stop_sell 2027-01-02"]),
    ("2027-01-03", "2027-01-05", &[]),
    ("2027-01-03", "2027-01-06", &["max_stay_through 2 2027-01-04"]),
    ("2027-01-05", "2027-01-10", &[]),
    ("2027-01-06", "2027-01-07", &["min_advance_days 7 2027-01-06"]),
];

#[test]
fn the_worked_stays_of_a_turn_of_the_year_are_sold_or_refused_with_why() {
    let hotel = small_hotel();
    set_day(&hotel, "2026-11-01");
    let set = |date: &str, what: Value| restrict(&hotel, BAR, date, date, what);
    // One after the other on the same date: a new minimum does not clear a maximum.
    set("2026-12-28", json!({"max_stay_arrival": 4}));
    set("2026-12-28", json!({"min_stay_arrival": 2}));
    set("2026-12-30", json!({"is_closed_to_arrival": true}));
    set("2026-12-31", json!({"min_stay_through": 3}));
    set("2027-01-01", json!({"is_closed_to_departure": true}));
    set("2027-01-02", json!({"is_stop_sell": true}));
    set("2027-01-04", json!({"max_stay_through": 2}));
    set("2027-01-06", json!({"min_advance_days": 7}));
    for (from, to, why) in WORKED {
        if why.iter().any(|why| why.starts_with("min_advance_days")) {
            set_day(&hotel, "2027-01-03");
        }
        let offers =
            hotel.get(&format!("/api/rooms/available?check_in_date={from}&check_out_date={to}&room_type_id=1")).expect(200);
        assert_eq!(broken(&offers["items"][0]), why, "the offer from {from} to {to}");
        let answer = hotel.post("/api/reservations", stay(from, to));
        if why.is_empty() {
            let id = answer.expect(201)["id"].clone();
            hotel.post(&format!("/api/reservations/{id}/cancel"), json!({})).expect(200);
        } else {
            assert_eq!(
                (answer.problem(409).as_str(), broken(&answer.json())),
                ("restricted", why.iter().map(|w| (*w).to_owned()).collect()),
                "{from} to {to}"
            );
        }
    }
}

#[test]
fn a_refusal_names_every_restriction_in_the_readers_language() {
    let hotel = small_hotel();
    restrict(&hotel, BAR, "2025-12-30", "2026-01-01", json!({"min_stay_through": 4, "is_closed_to_arrival": true}));
    let refused = |language: &str| {
        let asking = hotel.as_owner().request(innkeeper::http::request::Method::Post, "/api/reservations");
        asking.header("Accept-Language", language).json(&stay("2025-12-30", "2026-01-02")).send()
    };
    let english = refused("en");
    assert_eq!(
        english.json()["detail"],
        "This stay is not for sale: minimum stay through of 4 nights from 30 December to 1 January, closed to arrival on \
         30 December. Choose other dates or another room type, or allow it with a reason."
    );
    assert_eq!(
        english.json()["broken"],
        json!([
            {"kind": "min_stay_through", "date": "2025-12-30", "to": "2026-01-01", "limit": 4},
            {"kind": "is_closed_to_arrival", "date": "2025-12-30", "to": "2025-12-30", "limit": null},
        ])
    );
    assert_eq!(
        refused("id").json()["detail"],
        "Masa inap ini tidak dijual: minimal menginap (through) 4 malam dari 30 Desember sampai 1 Januari, tidak menerima kedatangan pada 30 Desember. \
         Pilih tanggal atau tipe kamar lain, atau izinkan dengan alasan."
    );
}

#[test]
fn what_is_not_for_sale_is_sold_with_a_reason_that_the_owner_reads() {
    let hotel = small_hotel();
    restrict(&hotel, BAR, "2025-12-30", "2025-12-31", json!({"min_stay_arrival": 3}));
    let desk = hotel.as_role(Role::Receptionist);
    let asked = desk.post("/api/reservations", stay("2025-12-30", "2025-12-31"));
    assert_eq!(asked.problem(409), "restricted");
    assert_eq!((&asked.json()["can_override"], &asked.json()["override_with"]), (&json!(true), &json!("override_restrictions")));
    let mut body = with(stay("2025-12-30", "2025-12-31"), json!({"override_restrictions": true}));
    assert_eq!(desk.post("/api/reservations", body.clone()).problem(409), "reason-needed");
    body["reason"] = json!("a regular guest");
    let made = desk.post("/api/reservations", body).expect(201);
    assert_eq!(made["id"], 1);
    let (entry, listed) = audit_and_exceptions(&hotel, 1);
    let why = json!([{"kind": "min_stay_arrival", "date": "2025-12-30", "to": "2025-12-30", "limit": 3}]);
    assert_eq!((&entry["broken_restrictions"], &entry["reason"]), (&why, &json!("a regular guest")));
    assert_eq!(listed.len(), 1);
    let on_the_list = ["kind", "username", "reason", "broken"].map(|name| &listed[0][name]);
    assert_eq!(on_the_list, [&json!("against_restriction"), &json!("receptionist"), &json!("a regular guest"), &why]);
    let all = hotel.get("/api/audit/exceptions?kind=against_restriction").expect(200);
    assert_eq!(all["total"], 1);
    // A reason beside what is for sale is no exception.
    let free = with(stay("2026-02-01", "2026-02-02"), json!({"override_restrictions": true, "reason": "x"}));
    desk.post("/api/reservations", free).expect(201);
    assert_eq!(hotel.get("/api/audit/exceptions").expect(200)["total"], 1);
}

#[test]
fn a_party_is_refused_as_one_room_is_and_sold_whole_with_one_reason() {
    let hotel = small_hotel();
    restrict(&hotel, BAR, "2025-12-31", "2025-12-31", json!({"is_stop_sell": true}));
    // The second room alone is a double.
    let party = with(stay("2025-12-31", "2026-01-02"), json!({"room_type_id": 2, "more_rooms": [{"room_type_id": 1}]}));
    let refused = hotel.post("/api/reservations", party.clone());
    assert_eq!(
        (refused.problem(409).as_str(), broken(&refused.json())),
        ("restricted", vec!["is_stop_sell 2025-12-31".to_owned()])
    );
    assert_eq!(hotel.get("/api/reservations").expect(200)["total"], 0);
    hotel.post("/api/reservations", with(party, json!({"override_restrictions": true, "reason": "a wedding"}))).expect(201);
    assert_eq!(hotel.get("/api/reservations").expect(200)["total"], 2);
    let listed = hotel.get("/api/audit/exceptions").expect(200);
    assert_eq!((&listed["total"], &listed["items"][0]["reservation_id"]), (&json!(1), &json!(2)));
}

#[test]
fn changed_dates_ask_only_for_what_they_break_anew() {
    let hotel = small_hotel();
    restrict(&hotel, BAR, "2025-12-30", "2025-12-30", json!({"min_stay_arrival": 3}));
    restrict(&hotel, BAR, "2026-01-02", "2026-01-02", json!({"is_closed_to_departure": true}));
    let refused = |answer: Answer, why: &str| {
        assert_eq!((answer.problem(409).as_str(), broken(&answer.json())), ("restricted", vec![why.to_owned()]))
    };
    let change = |body: Value| hotel.patch("/api/reservations/1", body);
    hotel.post("/api/reservations", with(stay("2025-12-30", "2026-01-03"), json!({"room_id": 1}))).expect(201);
    refused(change(json!({"check_out_date": "2026-01-02"})), "is_closed_to_departure 2026-01-02");
    refused(change(json!({"check_out_date": "2026-01-01"})), "min_stay_arrival 3 2025-12-30");
    let against = json!({"check_out_date": "2026-01-01", "override_restrictions": true});
    assert_eq!(change(against.clone()).problem(409), "reason-needed");
    change(with(against, json!({"reason": "flight moved"}))).expect(200);
    // Still two nights: notes, people, another room, a confirmation, even the same dates ask nothing.
    change(json!({"notes": "late", "check_out_date": "2026-01-01"})).expect(200);
    change(json!({"room_id": 2})).expect(200);
    hotel.post("/api/reservations/1/move", json!({"room_id": 1, "reason": "quiet"})).expect(200);
    change(json!({"adults": 2})).expect(200);
    // Shorter still, it breaks what it broke; one night later, a departure that nobody may have.
    change(json!({"check_out_date": "2025-12-31"})).expect(200);
    refused(
        hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2026-01-02"})),
        "is_closed_to_departure 2026-01-02",
    );
    let foreseen = |to: &str| broken(&hotel.get(&format!("/api/reservations/1/extension?check_out_date={to}")).expect(200));
    assert_eq!(foreseen("2026-01-02"), ["is_closed_to_departure 2026-01-02"]);
    assert_eq!(foreseen("2026-01-03"), Vec::<String>::new());
    let longer = json!({"check_out_date": "2026-01-02", "override_restrictions": true, "reason": "a day more"});
    hotel.post("/api/reservations/1/extend", longer).expect(200);
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    // Another type has no restrictions, and going back to the first is a sale of it.
    change(json!({"room_type_id": 2, "adults": 1})).expect(200);
    refused(change(json!({"room_type_id": 1})), "min_stay_arrival 3 2025-12-30");
}

#[test]
fn a_guest_in_the_house_leaves_early_and_is_moved_whatever_is_closed() {
    let hotel = small_hotel();
    hotel.post("/api/reservations", with(stay("2025-11-10", "2025-11-14"), json!({"room_id": 1, "check_in": {}}))).expect(201);
    restrict(
        &hotel,
        BAR,
        "2025-11-10",
        "2025-11-16",
        json!({"is_stop_sell": true, "is_closed_to_departure": true, "min_stay_through": 9}),
    );
    hotel.post("/api/reservations/1/move", json!({"room_id": 2, "rerate": true})).expect(200);
    let longer = hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2025-11-15"}));
    // The nights that were sold before are no new breach; the fifth one and the departure are.
    assert_eq!(longer.problem(409), "restricted");
    assert_eq!(
        broken(&longer.json()),
        ["min_stay_through 9 2025-11-14", "is_closed_to_departure 2025-11-15", "is_stop_sell 2025-11-14"]
    );
    let bill = json!({"settle": {"payment_method": "card"}});
    hotel.post("/api/reservations/1/check-out", bill).expect(200);
}

#[test]
fn a_derived_plan_has_its_parents_restrictions_until_it_has_its_own() {
    let hotel = small_hotel();
    let child = derived(&hotel, "NRF", Some(BAR));
    let grandchild = derived(&hotel, "NRX", Some(child));
    let all = json!({"min_stay_arrival": 3, "is_closed_to_arrival": true, "max_advance_days": 300});
    restrict(&hotel, BAR, "2025-12-30", "2025-12-30", all);
    let of = |plan: i64| {
        let target =
            format!("/api/rooms/available?check_in_date=2025-12-30&check_out_date=2025-12-31&room_type_id=1&rate_plan_id={plan}");
        broken(&hotel.get(&target).expect(200)["items"][0])
    };
    let both = ["min_stay_arrival 3 2025-12-30", "is_closed_to_arrival 2025-12-30"];
    assert_eq!([of(BAR), of(child), of(grandchild)], [both, both, both]);
    restrict(&hotel, child, "2025-12-30", "2025-12-30", json!({"is_closed_to_arrival": false, "min_stay_arrival": 2}));
    assert_eq!(
        [of(BAR), of(child), of(grandchild)],
        [
            vec![both[0].to_owned(), both[1].to_owned()],
            vec!["min_stay_arrival 2 2025-12-30".to_owned()],
            vec!["min_stay_arrival 2 2025-12-30".to_owned()]
        ]
    );
    let shown = hotel.get(&format!("/api/rate-plans/{child}/restrictions?from=2025-12-01&to=2025-12-31")).expect(200);
    assert_eq!(
        shown["items"],
        json!([{
            "room_type_id": 1, "date": "2025-12-30", "min_stay_arrival": 2, "max_stay_arrival": null, "min_stay_through": null,
            "max_stay_through": null, "is_closed_to_arrival": false, "is_closed_to_departure": false, "is_stop_sell": false,
            "min_advance_days": null, "max_advance_days": 300, "own": ["min_stay_arrival", "is_closed_to_arrival"],
        }])
    );
    restrict(&hotel, child, "2025-12-30", "2025-12-30", json!({"is_closed_to_arrival": null, "min_stay_arrival": null}));
    assert_eq!(of(grandchild), both);
    let quoted = hotel.post(
        "/api/quotes",
        json!({"check_in_date": "2025-12-30", "check_out_date": "2025-12-31", "adults": 1, "room_type_id": 1}),
    );
    let offers = quoted.expect(200)["items"].as_array().expect("offers").clone();
    let told: Vec<_> = offers.iter().map(|offer| (offer["is_allowed"] == true, broken(offer))).collect();
    assert_eq!(told, vec![(false, both.map(str::to_owned).to_vec()); 3]);
    let unlike = derived(&hotel, "OWN", None);
    assert_eq!(of(unlike), Vec::<String>::new(), "a plan of its own has no parent");
}

#[test]
fn the_last_plan_of_four_in_a_row_has_the_restrictions_of_the_first() {
    let hotel = small_hotel();
    let first = derived(&hotel, "ONE", None);
    let second = derived(&hotel, "TWO", Some(first));
    let third = derived(&hotel, "THREE", Some(second));
    let fourth = derived(&hotel, "FOUR", Some(third));
    restrict(&hotel, first, "2025-12-30", "2025-12-30", json!({"min_stay_arrival": 3, "is_stop_sell": true}));
    for plan in [first, second, third, fourth] {
        let target =
            format!("/api/rooms/available?check_in_date=2025-12-30&check_out_date=2025-12-31&room_type_id=1&rate_plan_id={plan}");
        let offer = hotel.get(&target).expect(200)["items"][0].clone();
        assert_eq!(broken(&offer), ["min_stay_arrival 3 2025-12-30", "is_stop_sell 2025-12-30"], "plan {plan}");
        let shown = hotel.get(&format!("/api/rate-plans/{plan}/restrictions?from=2025-12-01&to=2025-12-31")).expect(200);
        assert_eq!((&shown["items"][0]["min_stay_arrival"], &shown["items"][0]["is_stop_sell"]), (&json!(3), &json!(true)));
    }
}

#[test]
fn no_plan_loosens_a_stop_sell_of_its_parents_or_of_the_type() {
    let hotel = small_hotel();
    let child = derived(&hotel, "NRF", Some(BAR));
    let own = derived(&hotel, "OWN", None);
    let of_own = derived(&hotel, "OWX", Some(own));
    let is_sold = |plan: i64, date: &str| {
        let next: i64 = date[8..].parse::<i64>().expect("a day") + 1;
        let target = format!(
            "/api/rooms/available?check_in_date={date}&check_out_date={}{next}&room_type_id=1&rate_plan_id={plan}",
            &date[..8]
        );
        broken(&hotel.get(&target).expect(200)["items"][0]).is_empty()
    };
    // BAR's is the type's own: it holds for every plan.
    restrict(&hotel, BAR, "2025-12-20", "2025-12-20", json!({"is_stop_sell": true}));
    restrict(&hotel, own, "2025-12-21", "2025-12-21", json!({"is_stop_sell": true}));
    for plan in [child, own, of_own] {
        restrict(&hotel, plan, "2025-12-20", "2025-12-20", json!({"is_stop_sell": false}));
    }
    restrict(&hotel, of_own, "2025-12-21", "2025-12-21", json!({"is_stop_sell": false}));
    assert_eq!([BAR, child, own, of_own].map(|plan| is_sold(plan, "2025-12-20")), [false; 4]);
    assert_eq!([BAR, child, own, of_own].map(|plan| is_sold(plan, "2025-12-21")), [true, true, false, false]);
    restrict(&hotel, own, "2025-12-21", "2025-12-21", json!({"is_stop_sell": false}));
    assert_eq!([own, of_own].map(|plan| is_sold(plan, "2025-12-21")), [true; 2]);
}

#[test]
fn restrictions_are_set_over_dates_weekdays_and_types_at_once() {
    let hotel = small_hotel();
    let fridays = json!({"room_type_ids": [1, 2], "from": "2025-12-01", "to": "2025-12-31", "weekdays": [5], "min_stay_through": 2, "max_stay_arrival": 7});
    let answer = hotel.put("/api/rate-plans/1/restrictions", fridays).expect(200);
    let cells = |answer: &Value| {
        let items = answer["items"].as_array().expect("items").clone();
        items
            .iter()
            .map(|i| format!("{} {} {}", i["room_type_id"], i["date"].as_str().unwrap_or(""), i["min_stay_through"]))
            .collect::<Vec<_>>()
    };
    let expected = |types: &[i64]| {
        let dates = ["05", "12", "19", "26"];
        types.iter().flat_map(|t| dates.map(|d| format!("{t} 2025-12-{d} 2"))).collect::<Vec<_>>()
    };
    assert_eq!(cells(&answer), expected(&[1, 2]));
    let taken = json!({"room_type_ids": [2], "from": "2025-12-01", "to": "2025-12-31", "min_stay_through": null, "max_stay_arrival": null});
    assert_eq!(cells(&hotel.put("/api/rate-plans/1/restrictions", taken).expect(200)), Vec::<String>::new());
    let left = hotel.get("/api/rate-plans/1/restrictions?from=2025-12-01&to=2025-12-31").expect(200);
    assert_eq!(cells(&left), expected(&[1]));
    let trail = hotel.get("/api/audit-log?entity=rate_plan&entity_id=1&page_size=1").expect(200);
    let (before, after) = (&trail["items"][0]["before"], &trail["items"][0]["after"]);
    assert_eq!(after["restrictions"], json!({"min_stay_through": null, "max_stay_arrival": null}));
    let of_first = json!({"room_type_id": 2, "kind": "max_stay_arrival", "from": "2025-12-05", "to": "2025-12-05", "value": 7});
    assert!(before["restrictions"].as_array().expect("what was").contains(&of_first), "{before}");
    // Who deletes a type deletes what was restricted in it.
    hotel.post("/api/room-types", json!({"name": "Hut", "code": "HUT", "capacity_adults": 1, "default_rate": 9})).expect(201);
    let hut = json!({"room_type_ids": [3], "from": "2025-12-01", "to": "2025-12-01", "is_stop_sell": true});
    hotel.put("/api/rate-plans/1/restrictions", hut).expect(200);
    hotel.delete("/api/room-types/3").expect(204);
    assert_eq!(cells(&hotel.get("/api/rate-plans/1/restrictions?from=2025-12-01&to=2025-12-31").expect(200)), expected(&[1]));
}

#[test]
fn what_cannot_be_restricted_is_refused_field_by_field() {
    let hotel = small_hotel();
    let put = |more: Value| {
        let body = with(json!({"room_type_ids": [1], "from": "2025-12-01", "to": "2025-12-31"}), more);
        hotel.put("/api/rate-plans/1/restrictions", body)
    };
    let bad = [
        (json!({"min_stay_arrival": 0}), "min_stay_arrival"),
        (json!({"max_stay_through": 401}), "max_stay_through"),
        (json!({"min_advance_days": 1001}), "min_advance_days"),
        (json!({"max_advance_days": -1}), "max_advance_days"),
        (json!({"to": "2025-11-30"}), "to"),
        (json!({"to": "2029-12-31"}), "to"),
        (json!({"weekdays": [8, 1]}), "weekdays"),
        (json!({"weekdays": []}), "weekdays"),
        (json!({"room_type_ids": []}), "room_type_ids"),
        (json!({"room_type_ids": [1, 9]}), "room_type_ids[1]"),
        (json!({"room_type_ids": [1, 1]}), "room_type_ids[1]"),
    ];
    for (more, field) in bad {
        assert_eq!(put(more.clone()).bad_fields(), [field], "{more}");
    }
    put(json!({"min_stay_arrival": 400, "min_advance_days": 0, "max_advance_days": 1000})).expect(200);
    let desk = hotel.as_role(Role::Receptionist);
    let body = json!({"room_type_ids": [1], "from": "2025-12-01", "to": "2025-12-01", "is_stop_sell": true});
    desk.put("/api/rate-plans/1/restrictions", body.clone()).problem(403);
    hotel.as_role(Role::Manager).put("/api/rate-plans/1/restrictions", body).expect(200);
    assert_eq!(
        desk.get("/api/rate-plans/1/restrictions?from=2025-12-01&to=2025-12-01").expect(200)["items"][0]["is_stop_sell"],
        true
    );
    hotel.get("/api/rate-plans/9/restrictions?from=2025-12-01&to=2025-12-01").problem(404);
}

#[test]
fn day_use_is_asked_for_no_length_but_not_sold_on_a_closed_day() {
    let hotel = small_hotel();
    restrict(
        &hotel,
        BAR,
        "2025-12-01",
        "2025-12-02",
        json!({"min_stay_arrival": 2, "min_stay_through": 2, "max_stay_arrival": 5}),
    );
    restrict(&hotel, BAR, "2025-12-02", "2025-12-02", json!({"is_stop_sell": true}));
    hotel.post("/api/reservations", stay("2025-12-01", "2025-12-01")).expect(201);
    let closed = hotel.post("/api/reservations", stay("2025-12-02", "2025-12-02"));
    assert_eq!(broken(&closed.json()), ["is_stop_sell 2025-12-02"]);
}

#[test]
fn parts_of_a_stay_have_the_restrictions_of_what_each_is_sold_as() {
    let hotel = small_hotel();
    restrict(&hotel, BAR, "2025-12-01", "2025-12-03", json!({"is_stop_sell": true}));
    let parts = |first: i64, second: i64| json!([{"from": "2025-12-01", "to": "2025-12-02", "room_id": first}, {"from": "2025-12-02", "to": "2025-12-03", "room_id": second}]);
    let split = |parts: Value| {
        let body =
            json!({"guest": {"full_name": "Ana"}, "check_in_date": "2025-12-01", "check_out_date": "2025-12-03", "parts": parts});
        hotel.post("/api/reservations", body)
    };
    assert_eq!(broken(&split(parts(3, 1)).json()), ["is_stop_sell 2025-12-02"]);
    assert_eq!(broken(&split(parts(1, 3)).json()), ["is_stop_sell 2025-12-01"]);
}

#[test]
fn two_desks_see_and_keep_what_one_of_them_has_set() {
    let hotel = small_hotel();
    let (one, other) = (hotel.as_role(Role::Manager), hotel.as_role(Role::Receptionist));
    let offer = "/api/rooms/available?check_in_date=2025-12-30&check_out_date=2025-12-31&room_type_id=1";
    assert_eq!(broken(&other.get(offer).expect(200)["items"][0]), Vec::<String>::new());
    let set = |value: Value| {
        let body = json!({"room_type_ids": [1], "from": "2025-12-30", "to": "2025-12-30", "min_stay_arrival": value});
        one.put("/api/rate-plans/1/restrictions", body).expect(200)
    };
    set(json!(2));
    // The offer that was kept is made anew, and who books by the old one is told.
    assert_eq!(broken(&other.get(offer).expect(200)["items"][0]), ["min_stay_arrival 2 2025-12-30"]);
    assert_eq!(other.post("/api/reservations", stay("2025-12-30", "2025-12-31")).problem(409), "restricted");
    set(Value::Null);
    other.post("/api/reservations", stay("2025-12-30", "2025-12-31")).expect(201);
}
