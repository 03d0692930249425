//! Prices of many nights at once: told before, saved, put back.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use crate::support::TestHotel;

/// Doubles at 100, suites at 250.
fn hotel() -> TestHotel {
    let hotel = TestHotel::new();
    hotel.add_room_type("Double", "DBL", 100);
    hotel.add_room_type("Suite", "STE", 250);
    hotel
}

fn change(hotel: &TestHotel, more: Value) -> Value {
    asked(hotel, "rate-changes", more)
}

fn preview(hotel: &TestHotel, more: Value) -> Value {
    asked(hotel, "rate-changes/preview", more)
}

fn asked(hotel: &TestHotel, what: &str, more: Value) -> Value {
    let mut body = json!({"room_type_ids": [1, 2], "from": "2025-12-20", "to": "2025-12-23"});
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    hotel.post(&format!("/api/rate-plans/1/{what}"), body).expect(200)["items"].clone()
}

/// The prices of both types from 20 to 23 December.
fn prices(hotel: &TestHotel, plan: i64) -> [Vec<String>; 2] {
    [1, 2].map(|room_type| {
        let at = format!("/api/rate-plans/{plan}/rates?room_type_id={room_type}&from=2025-12-20&to=2025-12-23");
        let rates = hotel.get(&at).expect(200)["items"].clone();
        rates.as_array().expect("items").iter().map(|rate| rate["rate"].to_string()).collect()
    })
}

#[test]
fn a_share_is_added_to_several_types_told_before_and_put_back() {
    let hotel = hotel();
    hotel
        .put("/api/rate-plans/1/rates", json!({"room_type_id": 1, "from": "2025-12-21", "to": "2025-12-21", "rate": 133.33}))
        .expect(200);
    let before = prices(&hotel, 1);
    let preview = preview(&hotel, json!({"kind": "percent", "percent": 12.5}));
    assert_eq!(prices(&hotel, 1), before, "nothing was changed");
    let saved = change(&hotel, json!({"kind": "percent", "percent": 12.5}));
    assert_eq!(preview, saved, "what was told is what was done");
    assert_eq!(
        prices(&hotel, 1),
        [["112.50", "150.00", "112.50", "112.50"], ["281.25"; 4]].map(|p| p.map(str::to_owned).to_vec())
    );
    assert_eq!(
        saved[1].to_string(),
        r#"{"after":150.00,"before":133.33,"date":"2025-12-21","own_after":150.00,"own_before":133.33,"rate_plan_id":1,"room_type_id":1}"#
    );
    // A price that somebody set since is not put back over.
    hotel
        .put("/api/rate-plans/1/rates", json!({"room_type_id": 2, "from": "2025-12-23", "to": "2025-12-23", "rate": 999}))
        .expect(200);
    let back = |item: &Value| json!({"rate_plan_id": 1, "room_type_id": item["room_type_id"], "date": item["date"], "rate": item["own_before"], "expected": item["own_after"]});
    let items: Vec<Value> = saved.as_array().expect("items").iter().map(back).collect();
    assert_eq!(hotel.put("/api/rate-calendar/cells", json!({"rates": items})).expect(200), json!({"set": 7, "left": 1}));
    hotel
        .put(
            "/api/rate-calendar/cells",
            json!({"rates": [{"rate_plan_id": 1, "room_type_id": 2, "date": "2025-12-23", "rate": null}]}),
        )
        .expect(200);
    assert_eq!(prices(&hotel, 1), before);
    let own = hotel.get("/api/rate-plans/1/rates?room_type_id=1&from=2025-12-20&to=2025-12-23").expect(200);
    let own: Vec<bool> = own["items"].as_array().expect("items").iter().map(|rate| rate["is_own"] == true).collect();
    assert_eq!(own, [false, true, false, false]);
}

#[test]
fn prices_are_set_lowered_and_cleared_on_days_of_the_week() {
    let hotel = hotel();
    // 20 December 2025 is a Saturday.
    let set = change(&hotel, json!({"kind": "set", "rate": 180, "weekdays": [6, 7], "room_type_ids": [1]}));
    assert_eq!(set.as_array().map(Vec::len), Some(2));
    change(&hotel, json!({"kind": "amount", "amount": -200}));
    assert_eq!(prices(&hotel, 1), [["0.00"; 4], ["50.00"; 4]].map(|p| p.map(str::to_owned).to_vec()), "never below zero");
    let told = preview(&hotel, json!({"kind": "clear"}));
    assert_eq!((&told[0]["before"].to_string(), &told[0]["after"].to_string()), (&"0.00".to_owned(), &"100.00".to_owned()));
    assert_eq!(change(&hotel, json!({"kind": "clear"})), told);
    assert_eq!(prices(&hotel, 1), [["100.00"; 4], ["250.00"; 4]].map(|p| p.map(str::to_owned).to_vec()));
    assert_eq!(change(&hotel, json!({"kind": "clear"})), json!([]), "there is nothing left to clear");
}

#[test]
fn last_year_is_copied_by_date_or_by_the_day_of_the_week() {
    let hotel = hotel();
    let set = |date: &str, rate: i64| {
        hotel.put("/api/rate-plans/1/rates", json!({"room_type_id": 1, "from": date, "to": date, "rate": rate})).expect(200);
    };
    // Saturday 21 December 2024 is the day of the week of Saturday 20 December 2025.
    set("2024-12-20", 120);
    set("2024-12-21", 140);
    let by_date = preview(&hotel, json!({"kind": "last_year_by_date", "room_type_ids": [1]}));
    let told = |items: &Value| -> Vec<(String, String)> {
        items
            .as_array()
            .expect("items")
            .iter()
            .map(|i| (i["date"].as_str().expect("date").to_owned(), i["after"].to_string()))
            .collect()
    };
    assert_eq!(told(&by_date), [("2025-12-20".to_owned(), "120.00".to_owned()), ("2025-12-21".to_owned(), "140.00".to_owned())]);
    let by_weekday = change(&hotel, json!({"kind": "last_year_by_weekday", "room_type_ids": [1]}));
    assert_eq!(told(&by_weekday), [("2025-12-20".to_owned(), "140.00".to_owned())]);
    // The day after 28 February of a leap year has no day of its own the year before.
    // Where nobody had set a price a year before, there is none to copy.
    set("2025-12-22", 300);
    assert_eq!(
        change(&hotel, json!({"kind": "last_year_by_date", "room_type_ids": [1], "from": "2025-12-22", "to": "2025-12-22"})),
        json!([])
    );
    set("2027-02-28", 70);
    let leap = json!({"kind": "last_year_by_date", "room_type_ids": [1], "from": "2028-02-28", "to": "2028-03-01"});
    assert_eq!(
        told(&change(&hotel, leap)),
        [("2028-02-28".to_owned(), "70.00".to_owned()), ("2028-02-29".to_owned(), "70.00".to_owned())]
    );
}

#[test]
fn a_plans_rounding_holds_for_changed_prices_and_children_follow() {
    let hotel = hotel();
    let rounded = json!({"code": "NICE", "name": "Nice", "parent_id": 1, "offset_kind": "percent", "offset_percent": 0, "rounding": {"to": "0.90", "way": "up"}});
    let plan = hotel.post("/api/rate-plans", rounded).expect(201)["id"].clone();
    let body = json!({"room_type_ids": [1], "from": "2025-12-20", "to": "2025-12-20", "kind": "percent", "percent": 10});
    let items = hotel.post(&format!("/api/rate-plans/{plan}/rate-changes"), body).expect(200)["items"].clone();
    assert_eq!((items[0]["before"].to_string(), items[0]["after"].to_string()), ("100.90".to_owned(), "111.90".to_owned()));
    // What is set is rounded as well, and told as it is charged.
    let body = json!({"room_type_ids": [1], "from": "2025-12-21", "to": "2025-12-21", "kind": "set", "rate": 123});
    let items = hotel.post(&format!("/api/rate-plans/{plan}/rate-changes"), body).expect(200)["items"].clone();
    let charged = hotel.get(&format!("/api/rate-plans/{plan}/rates?room_type_id=1&from=2025-12-21&to=2025-12-21")).expect(200);
    assert_eq!(items[0]["after"], charged["items"][0]["rate"]);
    assert_eq!(items[0]["own_after"].to_string(), "123.00");
}

#[test]
fn what_cannot_be_changed_is_told_by_field_and_managers_alone_change_prices() {
    let hotel = hotel();
    let refused = |more: Value| {
        let mut body = json!({"room_type_ids": [1], "from": "2025-12-20", "to": "2025-12-23", "kind": "percent"});
        for (name, value) in more.as_object().expect("fields") {
            body[name] = value.clone();
        }
        hotel.post("/api/rate-plans/1/rate-changes", body).bad_fields()
    };
    assert_eq!(refused(json!({})), ["percent"]);
    assert_eq!(refused(json!({"kind": "set"})), ["rate"]);
    assert_eq!(refused(json!({"kind": "amount"})), ["amount"]);
    assert_eq!(refused(json!({"percent": 1, "room_type_ids": [1, 9]})), ["room_type_ids[1]"]);
    assert_eq!(refused(json!({"percent": 1, "room_type_ids": [1, 1]})), ["room_type_ids"]);
    assert_eq!(refused(json!({"percent": 1, "room_type_ids": []})), ["room_type_ids"]);
    assert_eq!(refused(json!({"percent": 1, "to": "2025-12-19"})), ["to"]);
    assert_eq!(refused(json!({"percent": 1, "weekdays": [3]})), ["weekdays"]);
    assert_eq!(refused(json!({"percent": -101})), ["percent"]);
    let desk = hotel.as_role(Role::Receptionist);
    desk.post(
        "/api/rate-plans/1/rate-changes",
        json!({"room_type_ids": [1], "from": "2025-12-20", "to": "2025-12-23", "kind": "clear"}),
    )
    .expect(403);
    let cell = json!({"rate_plan_id": 1, "room_type_id": 1, "date": "2025-12-20", "rate": 1});
    desk.put("/api/rate-calendar/cells", json!({"rates": [cell]})).expect(403);
}

#[test]
fn a_change_is_refused_when_another_desk_has_made_it_another_one_since_it_was_told() {
    let hotel = hotel();
    let body = |more: Value| {
        let mut body = json!({"room_type_ids": [1], "from": "2025-12-20", "to": "2025-12-21", "kind": "percent", "percent": 10});
        for (name, value) in more.as_object().expect("fields") {
            body[name] = value.clone();
        }
        body
    };
    let told = hotel.post("/api/rate-plans/1/rate-changes/preview", body(json!({}))).expect(200);
    let other = json!({"room_type_id": 1, "from": "2025-12-21", "to": "2025-12-21", "rate": 180});
    hotel.put("/api/rate-plans/1/rates", other).expect(200);
    let saved = hotel.post("/api/rate-plans/1/rate-changes", body(json!({"expects": told["state"]})));
    assert_eq!(saved.problem(409), "stale-version");
    assert_eq!(prices(&hotel, 1)[0][..2], ["100.00", "180.00"], "theirs stands");
    let told = hotel.post("/api/rate-plans/1/rate-changes/preview", body(json!({}))).expect(200);
    let saved = hotel.post("/api/rate-plans/1/rate-changes", body(json!({"expects": told["state"]}))).expect(200);
    assert_eq!((&saved, &prices(&hotel, 1)[0][1]), (&told, &"198.00".to_owned()));
}

#[test]
fn several_plans_change_in_one_step_each_from_what_it_costs_now() {
    let hotel = hotel();
    let plan = json!({"code": "WEB", "name": "Web", "parent_id": 1, "offset_kind": "percent", "offset_percent": -10});
    let plan = hotel.post("/api/rate-plans", plan).expect(201)["id"].clone();
    let body = json!({"room_type_ids": [1], "from": "2025-12-20", "to": "2025-12-20", "kind": "percent", "percent": 10, "further_plan_ids": [plan]});
    let items = hotel.post("/api/rate-plans/1/rate-changes", body.clone()).expect(200)["items"].clone();
    let after = |at: usize| (items[at]["rate_plan_id"].clone(), items[at]["after"].to_string());
    assert_eq!((after(0), after(1)), ((json!(1), "110.00".to_owned()), (plan, "99.00".to_owned())));
    let refused = |further: Value| {
        let mut body = body.clone();
        body["further_plan_ids"] = further;
        hotel.post("/api/rate-plans/1/rate-changes", body).bad_fields()
    };
    assert_eq!(refused(json!([1])), ["further_plan_ids"]);
    assert_eq!(refused(json!([9])), ["further_plan_ids[0]"]);
}
