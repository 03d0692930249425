//! Rate plans over the API, and the prices that bookings ask for.

use serde_json::{Value, json};

use super::*;
use crate::domain::actor::Role;
use crate::domain::id::RoomTypeId;
use crate::domain::percent::Percent;
use crate::hotel::rooms::{self, tests::TestHotel};
use crate::http::request::Method;

fn plan(hotel: &TestHotel, body: Value) -> i64 {
    hotel.good(Method::Post, "/api/rate-plans", body)["id"].as_i64().expect("id")
}

/// Four nights from 1 December on, booked that day by nobody in particular.
fn asked(sale: Sale, room_type: &RoomType) -> Asked<'_> {
    let arrival = Date::new(2025, 12, 1).expect("date");
    Asked { sale, buyer: Buyer::default(), room_type, people: &[], cots: 0, arrival, nights: 4, booked_on: arrival }
}

/// The prices from 1 to 4 December, in cents.
fn prices(hotel: &TestHotel, plan: Option<i64>) -> Result<Vec<i64>> {
    let dates: Vec<Date> = (1..=4).filter_map(|day| Date::new(2025, 12, day)).collect();
    hotel.app.db.read(&hotel.app.own_context(), |conn| {
        let room_type = rooms::find_type(conn, RoomTypeId(1))?;
        Ok(quote(conn, &asked(Sale::New(plan.map(RatePlanId)), &room_type), &dates)?.rates().into_iter().map(|m| m.0).collect())
    })
}

fn set(hotel: &TestHotel, plan: i64, from: &str, to: &str, rate: Value) -> Value {
    let body = json!({"room_type_id": 1, "from": from, "to": to, "rate": rate});
    hotel.good(Method::Put, &format!("/api/rate-plans/{plan}/rates"), body)
}

#[test]
fn offsets_round_half_away_and_never_go_below_zero() {
    for (offset, price, derived) in [
        (Offset::Percent(Percent::whole(-15)), 999, 849),
        (Offset::Percent(Percent::whole(-50)), 999, 500),
        (Offset::Percent(Percent::whole(10)), 12_345, 13_580),
        (Offset::Percent(Percent(-1250)), 10_000, 8_750),
        (Offset::Percent(Percent::whole(-100)), 12_345, 0),
        (Offset::Amount(Money(-2000)), 1500, 0),
        (Offset::Amount(Money(250)), 1500, 1750),
        (Offset::Percent(Percent::whole(1000)), MAX_INPUT, MAX_INPUT),
        (Offset::Amount(Money(MAX_INPUT)), MAX_INPUT, MAX_INPUT),
    ] {
        assert_eq!(offset.apply(Money(price)), Money(derived), "{offset:?} of {price}");
    }
}

#[test]
fn a_night_costs_what_the_nearest_rule_says() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 100);
    assert_eq!(prices(&hotel, None), Ok(vec![10_000; 4]));
    set(&hotel, 1, "2025-12-02", "2025-12-03", json!(150.5));
    assert_eq!(prices(&hotel, None), Ok(vec![10_000, 15_050, 15_050, 10_000]));
    let weekly =
        plan(&hotel, json!({"code": "WEEK", "name": "Weekly", "parent_id": 1, "offset_kind": "percent", "offset_percent": -10}));
    assert_eq!(prices(&hotel, Some(weekly)), Ok(vec![9000, 13_545, 13_545, 9000]));
    let staff = plan(
        &hotel,
        json!({"code": "STAFF", "name": "Staff", "parent_id": weekly, "offset_kind": "amount", "offset_amount": -95.25}),
    );
    assert_eq!(prices(&hotel, Some(staff)), Ok(vec![0, 4020, 4020, 0]));
    set(&hotel, weekly, "2025-12-01", "2025-12-01", json!(200));
    assert_eq!(prices(&hotel, Some(staff)), Ok(vec![10_475, 4020, 4020, 0]), "a child follows its parent's own price");
    assert_eq!(prices(&hotel, None), Ok(vec![10_000, 15_050, 15_050, 10_000]));
    set(&hotel, 1, "2025-12-01", "2025-12-31", Value::Null);
    assert_eq!(prices(&hotel, None), Ok(vec![10_000; 4]));
}

#[test]
fn the_code_and_the_name_of_a_plan_are_kept_as_they_are_seen() {
    let hotel = TestHotel::open();
    let id = plan(&hotel, json!({"code": " WEEK ", "name": "\tWeekly rate "}));
    let made = hotel.get(&format!("/api/rate-plans/{id}"));
    assert_eq!((&made["code"], &made["name"]), (&json!("WEEK"), &json!("Weekly rate")));
    let changed = json!({"name": " Weekly ", "version": 1});
    assert_eq!(hotel.good(Method::Patch, &format!("/api/rate-plans/{id}"), changed)["name"], "Weekly");
}

#[test]
fn rates_are_listed_with_the_plans_own_ones_marked() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 100);
    let set = set(&hotel, 1, "2025-12-02", "2025-12-02", json!(80));
    assert_eq!(set["items"].to_string(), r#"[{"date":"2025-12-02","is_own":true,"rate":80.00}]"#);
    let listed = hotel.get("/api/rate-plans/1/rates?room_type_id=1&from=2025-12-01&to=2025-12-02");
    let rows: Vec<String> =
        listed["items"].as_array().expect("items").iter().map(|r| format!("{} {}", r["rate"], r["is_own"])).collect();
    assert_eq!(rows, ["100.00 false", "80.00 true"]);
    let bad = |query: &str| hotel.refused(Method::Get, &format!("/api/rate-plans/1/rates?{query}"), Value::Null).0;
    assert_eq!(bad("room_type_id=9&from=2025-12-01&to=2025-12-02"), 422);
    assert_eq!(bad("room_type_id=1&from=2025-12-02&to=2025-12-01"), 422);
    assert_eq!(bad("room_type_id=1&from=2025-01-01&to=2028-01-06"), 422);
    hotel.get("/api/rate-plans/1/rates?room_type_id=1&from=2025-01-01&to=2028-01-05");
    let forgotten = json!({"room_type_id": 1, "from": "2025-12-01", "to": "2025-12-01"});
    assert_eq!(hotel.refused(Method::Put, "/api/rate-plans/1/rates", forgotten).0, 422);
    let negative = json!({"room_type_id": 1, "from": "2025-12-01", "to": "2025-12-01", "rate": -1});
    assert_eq!(hotel.refused(Method::Put, "/api/rate-plans/1/rates", negative).0, 422);
}

#[test]
fn prices_are_set_and_taken_away_on_some_days_of_the_week() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 100);
    // 5 December 2025 is a Friday.
    let body = |rate: Value, days: Value| json!({"room_type_id": 1, "from": "2025-12-01", "to": "2025-12-14", "rate": rate, "weekdays": days});
    let put = |body: Value| hotel.good(Method::Put, "/api/rate-plans/1/rates", body);
    let set = put(body(json!(150), json!([5, 6])));
    let dates: Vec<&str> = set["items"].as_array().expect("items").iter().filter_map(|r| r["date"].as_str()).collect();
    assert_eq!(dates, ["2025-12-05", "2025-12-06", "2025-12-12", "2025-12-13"]);
    put(body(Value::Null, json!([5])));
    let all = hotel.get("/api/rate-plans/1/rates?room_type_id=1&from=2025-12-01&to=2025-12-14");
    let own: Vec<&str> = all["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter(|r| r["is_own"] == true)
        .filter_map(|r| r["date"].as_str())
        .collect();
    assert_eq!(own, ["2025-12-06", "2025-12-13"]);
    assert_eq!(hotel.refused(Method::Put, "/api/rate-plans/1/rates", body(json!(1), json!([8]))).0, 422);
    assert_eq!(hotel.refused(Method::Put, "/api/rate-plans/1/rates", body(json!(1), json!([]))).0, 422);
    let monday = json!({"room_type_id": 1, "from": "2025-12-01", "to": "2025-12-01", "rate": 1, "weekdays": [7]});
    assert_eq!(hotel.refused(Method::Put, "/api/rate-plans/1/rates", monday).0, 422);
}

#[test]
fn a_retired_plan_takes_no_new_booking_and_keeps_its_old_ones() {
    let hotel = TestHotel::open();
    hotel.add_type("A", 100);
    let old =
        plan(&hotel, json!({"code": "OLD", "name": "Old", "parent_id": 1, "offset_kind": "percent", "offset_percent": -50}));
    hotel.good(Method::Patch, &format!("/api/rate-plans/{old}"), json!({"is_active": false, "version": 1}));
    let field = |result: Result<Vec<i64>>| match result {
        Err(Error::Invalid(fields)) => fields[0].field.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(field(prices(&hotel, Some(old))), "rate_plan_id");
    assert_eq!(field(prices(&hotel, Some(99))), "rate_plan_id");
    let kept = hotel.app.db.read(&hotel.app.own_context(), |conn| {
        let room_type = rooms::find_type(conn, RoomTypeId(1))?;
        quote(conn, &asked(Sale::Booked(RatePlanId(old)), &room_type), &[Date::new(2025, 12, 1).expect("date")])
    });
    assert_eq!(kept.map(|quote| quote.rates()), Ok(vec![Money(5000)]));
    let retired = hotel.get("/api/rate-plans?is_active=false");
    assert_eq!((&retired["total"], &retired["items"][0]["code"]), (&json!(1), &json!("OLD")));
}

#[test]
fn circles_and_endless_chains_of_plans_are_refused() {
    let hotel = TestHotel::open();
    let derived = |code: &str, parent: i64| json!({"code": code, "name": code, "parent_id": parent, "offset_kind": "percent", "offset_percent": 0});
    let two = plan(&hotel, derived("P2", 1));
    let three = plan(&hotel, derived("P3", two));
    let four = plan(&hotel, derived("P4", three));
    let (status, why) = hotel.refused(Method::Post, "/api/rate-plans", derived("P5", four));
    assert_eq!(
        (status, why.as_str()),
        (422, "parent_id is derived over more than 3 levels then; choose a parent nearer to the first.")
    );
    let change = |id: i64, body: Value| hotel.refused(Method::Patch, &format!("/api/rate-plans/{id}"), body);
    assert_eq!(change(two, json!({"parent_id": four})).0, 422);
    assert_eq!(change(two, json!({"parent_id": two})).0, 422);
    assert_eq!(change(two, json!({"parent_id": 99})).0, 422);
    let alone = plan(&hotel, json!({"code": "ALONE", "name": "Alone"}));
    hotel.good(
        Method::Patch,
        &format!("/api/rate-plans/{alone}"),
        json!({"parent_id": 1, "offset_kind": "amount", "offset_amount": 5}),
    );
    assert_eq!(change(two, json!({"parent_id": alone})).0, 422, "P4 would be derived over four levels");
    hotel.good(Method::Patch, &format!("/api/rate-plans/{four}"), json!({"parent_id": null}));
    hotel.good(Method::Patch, &format!("/api/rate-plans/{two}"), json!({"parent_id": alone}));
}

#[test]
fn the_best_available_rate_stays_active_and_on_its_own() {
    let hotel = TestHotel::open();
    let other = plan(&hotel, json!({"code": "X", "name": "X"}));
    assert_eq!(hotel.refused(Method::Patch, "/api/rate-plans/1", json!({"is_active": false})).0, 409);
    let derive = json!({"parent_id": other, "offset_kind": "percent"});
    assert_eq!(hotel.refused(Method::Patch, "/api/rate-plans/1", derive).0, 422);
    hotel.good(Method::Put, "/api/rate-plans/1", json!({"name": "Rack rate"}));
    assert_eq!(hotel.get("/api/rate-plans/1")["name"], "Rack rate");
    for body in [
        json!({"code": "Y", "name": "Y", "parent_id": 1}),
        json!({"code": "Y", "name": "Y", "offset_kind": "percent"}),
        json!({"code": "Y", "name": "Y", "parent_id": 1, "offset_kind": "percent", "offset_percent": -101}),
    ] {
        assert_eq!(hotel.refused(Method::Post, "/api/rate-plans", body).0, 422);
    }
    assert_eq!(hotel.refused(Method::Post, "/api/rate-plans", json!({"code": "bar", "name": "Y"})).0, 409);
    assert_eq!(hotel.call(Role::Housekeeper, Method::Get, "/api/rate-plans", &Value::Null).0, 403);
    assert_eq!(hotel.call(Role::Receptionist, Method::Post, "/api/rate-plans", &json!({"code": "Y", "name": "Y"})).0, 403);
}
