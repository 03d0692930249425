//! The rate calendar: a year of prices, restrictions, occupancy and pick-up, and its cells.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

fn calendar(hotel: &TestHotel, more: &str) -> Value {
    hotel.get(&format!("/api/rate-calendar?{more}")).expect(200)
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(Value::to_string).collect()
}

/// Doubles at 100 and suites at 250; a plan 10 % below BAR that ends in .90.
fn hotel() -> TestHotel {
    let hotel = TestHotel::new();
    hotel.add_room_type("Double", "DBL", 100);
    hotel.add_room_type("Suite", "STE", 250);
    let web = json!({"code": "WEB", "name": "Web", "parent_id": 1, "offset_kind": "percent", "offset_percent": -10, "rounding": {"to": "0.90", "way": "up"}});
    hotel.post("/api/rate-plans", web).expect(201);
    hotel
}

#[test]
fn the_calendar_has_the_prices_and_restrictions_that_each_list_has() {
    let hotel = hotel();
    let rate = |plan: i64, room_type: i64, from: &str, to: &str, rate: i64| {
        let body = json!({"room_type_id": room_type, "from": from, "to": to, "rate": rate});
        hotel.put(&format!("/api/rate-plans/{plan}/rates"), body).expect(200);
    };
    rate(1, 1, "2025-12-24", "2025-12-26", 180);
    rate(1, 1, "2025-12-31", "2025-12-31", 300);
    rate(2, 2, "2025-12-25", "2025-12-25", 200);
    let night = |plan: i64, from: &str, to: &str, more: Value| {
        let mut body = json!({"room_type_ids": [1], "from": from, "to": to});
        for (name, value) in more.as_object().expect("fields") {
            body[name] = value.clone();
        }
        hotel.put(&format!("/api/rate-plans/{plan}/restrictions"), body).expect(200);
    };
    night(1, "2025-12-24", "2025-12-31", json!({"min_stay_arrival": 3}));
    night(1, "2025-12-31", "2025-12-31", json!({"is_stop_sell": true}));
    night(2, "2025-12-25", "2025-12-25", json!({"min_stay_arrival": 2}));
    let year = calendar(&hotel, "from=2025-12-01&to=2026-11-30");
    assert_eq!((&year["room_types"][1]["code"], &year["rate_plans"][1]["parent_id"]), (&json!("STE"), &json!(1)));
    for prices in year["prices"].as_array().expect("prices") {
        let (plan, room_type) = (&prices["rate_plan_id"], &prices["room_type_id"]);
        let at = format!("/api/rate-plans/{plan}/rates?room_type_id={room_type}&from=2025-12-01&to=2026-11-30");
        let rates = hotel.get(&at).expect(200)["items"].as_array().expect("items").clone();
        assert_eq!(texts(&prices["rates"]), rates.iter().map(|r| r["rate"].to_string()).collect::<Vec<_>>(), "{at}");
        let is_own = |date: &str| {
            let spans = prices["own"].as_array().expect("spans").iter();
            spans
                .into_iter()
                .any(|s| s["from"].as_str().is_some_and(|f| f <= date) && s["to"].as_str().is_some_and(|t| t >= date))
        };
        for rate in rates {
            assert_eq!(rate["is_own"], is_own(rate["date"].as_str().expect("date")), "{at} {rate}");
        }
    }
    let runs: Vec<String> = (year["restrictions"].as_array().expect("runs").iter())
        .map(|r| {
            let part = |name: &str| r[name].to_string().replace('"', "");
            format!(
                "{} {}..{} {} {} {}",
                part("rate_plan_id"),
                part("from"),
                part("to"),
                part("min_stay_arrival"),
                part("is_stop_sell"),
                part("own")
            )
        })
        .collect();
    assert_eq!(
        runs,
        [
            "1 2025-12-24..2025-12-30 3 null [min_stay_arrival]",
            "1 2025-12-31..2025-12-31 3 true [min_stay_arrival,is_stop_sell]",
            "2 2025-12-24..2025-12-24 3 null []",
            "2 2025-12-25..2025-12-25 2 null [min_stay_arrival]",
            "2 2025-12-26..2025-12-30 3 null []",
            "2 2025-12-31..2025-12-31 3 true []",
        ]
    );
    // One plan and one type of it are the same prices.
    let one = calendar(&hotel, "from=2025-12-01&to=2026-11-30&rate_plan_id=2&room_type_id=1");
    assert_eq!((one["prices"].as_array().map(Vec::len), &one["prices"][0]), (Some(1), &year["prices"][1]));
    // A plan that is no longer sold is shown when it is asked for.
    hotel.patch("/api/rate-plans/2", json!({"is_active": false})).expect(200);
    assert_eq!(calendar(&hotel, "from=2025-12-01&to=2025-12-01")["rate_plans"].as_array().map(Vec::len), Some(1));
    assert_eq!(calendar(&hotel, "from=2025-12-01&to=2025-12-01&rate_plan_id=2")["prices"][0]["rates"].to_string(), "[90.90]");
}

#[test]
fn the_pick_up_is_what_the_statistics_have_now_less_what_they_had_a_week_before() {
    let hotel = small_hotel();
    book(&hotel, "Kept", 1, "2025-11-20", "2025-11-23");
    book(&hotel, "Gives up", 2, "2025-11-21", "2025-11-23");
    book(&hotel, "Leaves early", 3, "2025-11-10", "2025-11-22");
    hotel.post("/api/reservations/3/check-in", json!({})).expect(200);
    hotel.advance_hours(15);
    for day in 11..=17 {
        hotel.close_before(&format!("2025-11-{day}")).expect(200);
    }
    hotel.post("/api/reservations/2/cancel", json!({})).expect(200);
    let waits = json!({"guest": {"full_name": "New"}, "room_type_id": 1, "check_in_date": "2025-11-22", "check_out_date": "2025-11-24", "adults": 1});
    hotel.post("/api/reservations", waits).expect(201);
    book(&hotel, "Made and given up", 1, "2025-11-17", "2025-11-20");
    hotel.post("/api/reservations/5/cancel", json!({})).expect(200);
    hotel.post("/api/reservations/3/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-20", "end_date": "2025-11-22", "reason": "Paint"});
    hotel.post("/api/rooms/3/blocks", block).expect(201);
    let seen = calendar(&hotel, "from=2025-11-17&to=2025-11-24");
    assert_eq!(seen["picked_up_since"], "2025-11-10");
    let sum = |name: &str, at: usize| -> i64 {
        let types = seen["room_types"].as_array().expect("types").iter();
        types.map(|one| one[name][at].as_i64().expect("a count")).sum()
    };
    let stats = |more: &str| {
        let at = format!("/api/dashboard/stats?from=2025-11-17&to=2025-11-24{more}");
        hotel.get(&at).expect(200)["days"].as_array().expect("days").clone()
    };
    let (now, then) = (stats(""), stats("&as_of=2025-11-10"));
    let sold = |days: &[Value], at: usize| days[at]["sold"].as_i64().expect("a count");
    for at in 0..now.len() {
        let date = &now[at]["date"];
        assert_eq!(sum("sold", at), sold(&now, at), "sold on {date}");
        assert_eq!(sum("picked_up", at), sold(&now, at) - sold(&then, at), "picked up on {date}");
        assert_eq!(sum("out_of_order", at), now[at]["rooms_out_of_order"].as_i64().expect("a count"), "{date}");
    }
    assert_eq!((0..8).map(|at| sum("picked_up", at)).collect::<Vec<_>>(), [-1, -1, -1, -1, -2, 0, 1, 0]);
    let of_type = |at: usize| texts(&seen["room_types"][at]["picked_up"]).join(" ");
    assert_eq!((of_type(0), of_type(1)), ("0 0 0 0 -1 0 1 0".to_owned(), "-1 -1 -1 -1 -1 0 0 0".to_owned()));
}

#[test]
fn what_cannot_be_asked_is_told_by_field() {
    let hotel = hotel();
    let refused = |more: &str| hotel.get(&format!("/api/rate-calendar?{more}")).bad_fields();
    assert_eq!(refused("from=2025-12-02&to=2025-12-01"), ["to"]);
    assert_eq!(refused("from=2025-12-01&to=2029-12-01"), ["to"]);
    assert_eq!(refused("from=2025-12-01&to=2025-12-01&rate_plan_id=9"), ["rate_plan_id"]);
    assert_eq!(refused("from=2025-12-01&to=2025-12-01&room_type_id=9"), ["room_type_id"]);
    for n in 3..=50 {
        hotel.post("/api/rate-plans", json!({"code": format!("P{n}"), "name": format!("Plan {n}")})).expect(201);
    }
    assert_eq!(refused("from=2025-01-01&to=2027-12-31"), ["to"], "50 plans × 2 types × 1095 nights");
    calendar(&hotel, "from=2025-01-01&to=2027-12-31&rate_plan_id=1");
    hotel.as_role(Role::Housekeeper).get("/api/rate-calendar?from=2025-12-01&to=2025-12-01").expect(403);
}

#[test]
fn cells_of_several_plans_are_set_at_once_and_only_where_they_are_as_expected() {
    let hotel = hotel();
    let cell = |plan: i64, date: &str, rate: Value| json!({"rate_plan_id": plan, "room_type_id": 1, "date": date, "rate": rate});
    let closed = |plan: i64, value: Value| json!({"rate_plan_id": plan, "room_type_id": 1, "date": "2025-12-24", "kind": "is_closed_to_arrival", "value": value});
    let with = |mut cell: Value, expected: Value| {
        cell["expected"] = expected;
        cell
    };
    let set = |body: Value| hotel.put("/api/rate-calendar/cells", body);
    let both = json!({"rates": [cell(1, "2025-12-24", json!(180)), cell(2, "2025-12-25", json!(99))], "restrictions": [closed(1, json!(1)), closed(2, json!(0))]});
    assert_eq!(set(both).expect(200), json!({"set": 4, "left": 0}));
    let shown = calendar(&hotel, "from=2025-12-24&to=2025-12-25&room_type_id=1");
    let rates = |at: usize| shown["prices"][at]["rates"].to_string();
    assert_eq!((rates(0), rates(1)), ("[180.00,100.00]".to_owned(), "[162.90,99.90]".to_owned()));
    assert_eq!(shown["restrictions"].as_array().map(Vec::len), Some(2));
    let back = json!({
        "rates": [with(cell(1, "2025-12-24", json!(null)), json!(170)), with(cell(2, "2025-12-25", json!(null)), json!(99))],
        "restrictions": [with(closed(1, json!(null)), json!(1)), with(closed(2, json!(null)), json!(null))],
    });
    assert_eq!(set(back).expect(200), json!({"set": 2, "left": 2}), "what somebody has changed since stays");
    let wrong = json!({"rates": [cell(9, "2025-12-24", json!(1))]});
    assert_eq!(set(wrong).bad_fields(), ["rate_plan_id"]);
    let wrong = |kind: &str, value: i64| {
        let cell = json!({"rate_plan_id": 1, "room_type_id": 1, "date": "2025-12-24", "kind": kind, "value": value});
        set(json!({"restrictions": [cell]})).bad_fields()
    };
    for (kind, value) in [("is_stop_sell", 0), ("is_closed_to_departure", 2), ("min_stay_through", 0), ("max_advance_days", 1001)]
    {
        assert_eq!(wrong(kind, value), ["restrictions[0].value"], "{kind}");
    }
}
