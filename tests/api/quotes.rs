//! What a stay costs and why: people, rounding, discounts, to whom a plan is sold.

use innkeeper::domain::actor::Role;
use innkeeper::http::request::Method;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};

use crate::support::TestHotel;

/// A family type at 100 for two people, an extra adult 20, a child of 4 to 11 years 10, a smaller one nothing.
fn family_hotel() -> TestHotel {
    let hotel = TestHotel::new();
    let bands = json!([{"from_age": 0, "to_age": 3, "rate": 0}, {"from_age": 4, "to_age": 11, "rate": 10}]);
    let request = json!({"name": "Family", "code": "FAM", "capacity_adults": 4, "capacity_children": 4, "default_rate": 100,
        "included_persons": 2, "extra_adult_rate": 20, "child_rates": bands, "numbers": ["101-140"]});
    hotel.post("/api/room-types", request).expect(201);
    hotel
}

fn plan(hotel: &TestHotel, body: Value) -> i64 {
    hotel.post("/api/rate-plans", body).expect(201)["id"].as_i64().expect("an id")
}

fn weekly(more: Value) -> Value {
    let mut body = json!({"code": "WEEK", "name": "Weekly", "parent_id": 1, "offset_kind": "percent", "offset_percent": -10});
    body.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
    body
}

fn stay(more: Value) -> Value {
    let mut body = json!({"check_in_date": "2025-12-01", "check_out_date": "2025-12-03", "adults": 2});
    body.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
    body
}

fn quoted(hotel: &TestHotel, more: Value) -> Vec<Value> {
    hotel.post("/api/quotes", stay(more)).expect(200)["items"].as_array().expect("items").clone()
}

/// The steps of a night, as `code amount: text`.
fn steps(night: &Value) -> Vec<String> {
    let line = |step: &Value| {
        format!("{} {}: {}", step["code"].as_str().expect("a code"), step["amount"], step["text"].as_str().expect("words"))
    };
    night["steps"].as_array().expect("steps").iter().map(line).collect()
}

fn hundredths(amount: &Value) -> i64 {
    amount.to_string().replace('.', "").parse().expect("an amount with two decimals")
}

fn booking(more: Value) -> Value {
    let mut body = stay(json!({"guest": {"full_name": "Ana Lopes"}, "room_type_id": 1}));
    body.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
    body
}

fn rates(booked: &Value) -> Vec<String> {
    booked["nightly"].as_array().expect("nights").iter().map(|night| night["rate"].to_string()).collect()
}

#[test]
fn each_step_of_a_price_is_a_line_and_the_lines_add_up() {
    let hotel = family_hotel();
    let week = plan(
        &hotel,
        weekly(
            json!({"rounding": {"to": "5", "way": "up"}, "long_stay": {"nights": 2, "percent": 12.5}, "advance": {"days": 21, "percent": 4}}),
        ),
    );
    let own = json!({"room_type_id": 1, "from": "2025-12-02", "to": "2025-12-02", "rate": 151});
    hotel.put("/api/rate-plans/1/rates", own).expect(200);
    let family = json!({"adults": 3, "children": 3, "children_ages": [2, 9, 13], "rate_plan_id": week});
    let offers = quoted(&hotel, family.clone());
    let [offer] = offers.as_slice() else { panic!("one type under one plan: {offers:?}") };
    assert_eq!(
        steps(&offer["nights"][0]),
        [
            "standard 100.00: Standard price",
            "derived -10.00: Weekly: −10 %",
            "extra_adult 40.00: 2 extra adults",
            "child 10.00: 1 child, ages 4–11",
            "child 0.00: 1 child, ages 0–3",
            "long_stay -17.50: Stay of 2 nights or more: −12.5 %",
            "advance -4.90: Booked at least 21 days ahead: −4 %",
        ]
    );
    assert_eq!(
        steps(&offer["nights"][1])[..2],
        ["daily 151.00: Best available rate: price of this night", "derived -15.10: Weekly: −10 %"]
    );
    assert!(steps(&offer["nights"][1]).contains(&"rounding 4.10: Rounding".to_owned()), "{}", offer["nights"][1]);
    for night in offer["nights"].as_array().expect("nights") {
        let lines: i64 = night["steps"].as_array().expect("steps").iter().map(|step| hundredths(&step["amount"])).sum();
        assert_eq!(lines, hundredths(&night["rate"]), "{night}");
    }
    assert_eq!(offer["terms"], "Free cancellation at any time.");
    let asked = hotel.as_owner().request(Method::Post, "/api/quotes").header("Accept-Language", "id").json(&stay(family)).send();
    let said = asked.expect(200)["items"][0]["nights"][0].clone();
    assert_eq!(
        steps(&said)[2..],
        [
            "extra_adult 40.00: 2 dewasa tambahan",
            "child 10.00: 1 anak, usia 4–11",
            "child 0.00: 1 anak, usia 0–3",
            "long_stay -17.50: Menginap 2 malam atau lebih: −12,5 %",
            "advance -4.90: Dipesan paling lambat 21 hari sebelumnya: −4 %",
        ]
    );
}

#[test]
fn a_plans_own_price_of_a_night_stands_before_its_parents_and_the_types() {
    let hotel = family_hotel();
    let week = plan(&hotel, weekly(json!({})));
    let staff = json!({"code": "STAFF", "name": "Staff", "parent_id": week, "offset_kind": "amount", "offset_amount": -5});
    let staff = plan(&hotel, staff);
    let own = |id: i64, rate: i64| {
        let body = json!({"room_type_id": 1, "from": "2025-12-02", "to": "2025-12-02", "rate": rate});
        hotel.put(&format!("/api/rate-plans/{id}/rates"), body).expect(200);
    };
    let second = || steps(&quoted(&hotel, json!({"rate_plan_id": staff}))[0]["nights"][1]);
    assert_eq!(second(), ["standard 100.00: Standard price", "derived -10.00: Weekly: −10 %", "derived -5.00: Staff: −EUR 5.00"]);
    own(1, 200);
    assert_eq!(second()[0], "daily 200.00: Best available rate: price of this night");
    own(week, 80);
    assert_eq!(second(), ["daily 80.00: Weekly: price of this night", "derived -5.00: Staff: −EUR 5.00"]);
    own(staff, 60);
    assert_eq!(second(), ["daily 60.00: Staff: price of this night"]);
    let typed = booking(json!({"rate_plan_id": staff, "total_amount": 90, "reason": "Friend"}));
    assert_eq!(rates(&hotel.post("/api/reservations", typed).expect(201)), ["45.00", "45.00"], "a typed price stands before all");
}

#[test]
fn the_age_on_the_night_decides_what_a_child_costs() {
    let hotel = family_hotel();
    let four = json!({"children": 2, "children_ages": [11, 3]});
    let booked = hotel.post("/api/reservations", booking(four)).expect(201);
    assert_eq!(rates(&booked), ["110.00", "110.00"], "a child that is eleven at arrival");
    let person = |name: &str, born: Option<&str>, is_head: bool| json!({"full_name": name, "birth_date": born, "is_head": is_head, "relation": if is_head { Value::Null } else { json!("child") }});
    let people = hotel.get("/api/reservations/1/guests").expect(200);
    let mut head = people["items"][0].clone();
    for told in ["age", "sent_on"] {
        head.as_object_mut().expect("a person").remove(told);
    }
    let guests = json!([head, person("Eva Lopes", Some("2013-12-02"), false)]);
    hotel.put("/api/reservations/1/guests", json!({"guests": guests, "version": people["version"]})).expect(200);
    assert_eq!(rates(&hotel.get("/api/reservations/1").expect(200)), ["110.00", "110.00"], "prices are frozen");
    let price = hotel.get("/api/reservations/1/price").expect(200);
    let night = |at: usize| (price["nights"][at]["agreed_rate"].to_string(), price["nights"][at]["rate"].to_string());
    assert_eq!(night(0), ("110.00".to_owned(), "110.00".to_owned()));
    assert_eq!(night(1), ("110.00".to_owned(), "120.00".to_owned()), "twelve on the second night");
    assert_eq!(steps(&price["nights"][1])[1..], ["extra_adult 20.00: 1 extra adult", "child 0.00: 1 child, ages 0–3"]);
    assert_eq!((price["agreed_amount"].to_string(), price["rerated_amount"].to_string()), ("220.00".into(), "230.00".into()));
    let again = hotel.patch("/api/reservations/1", json!({"rerate": true})).expect(200);
    assert_eq!(rates(&again), ["110.00", "120.00"]);
}

#[test]
fn a_plan_is_offered_and_booked_in_its_time_and_with_its_code_alone() {
    let hotel = family_hotel();
    let (from, to) = ("2025-12-01", "2025-12-05");
    let winter = plan(&hotel, weekly(json!({"stay_from": from, "stay_to": to, "book_to": "2025-11-10", "promo_code": "Snow"})));
    let offered = |more: Value| {
        let offers = quoted(&hotel, more);
        offers.iter().filter_map(|offer| offer["rate_plan_id"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(offered(json!({})), [1]);
    assert_eq!(offered(json!({"promo_code": " sNOW "})), [1, winter]);
    assert_eq!(offered(json!({"promo_code": "Snow", "check_in_date": "2025-11-30"})), [1]);
    assert_eq!(
        offered(json!({"promo_code": "Snow", "check_in_date": "2025-12-05", "check_out_date": "2025-12-06"})),
        [1, winter]
    );
    assert_eq!(offered(json!({"promo_code": "Snow", "check_out_date": "2025-12-07"})), [1]);
    let refused = |more: Value| {
        let mut body = booking(json!({"rate_plan_id": winter}));
        body.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
        let answer = hotel.post("/api/reservations", body);
        assert_eq!(answer.bad_fields(), ["rate_plan_id"]);
        answer.json()["errors"][0]["message"].as_str().expect("words").to_owned()
    };
    assert_eq!(refused(json!({})), "is WEEK, which needs its promo code");
    let coded = |more: Value| {
        let mut more = more;
        more["promo_code"] = json!("Snow");
        refused(more)
    };
    assert_eq!(coded(json!({"check_in_date": "2025-11-30"})), "is WEEK, which is for nights from 1 December on; choose another");
    assert_eq!(coded(json!({"check_out_date": "2025-12-07"})), "is WEEK, which is for nights up to 5 December; choose another");
    hotel.post("/api/reservations", booking(json!({"rate_plan_id": winter, "promo_code": "snow"}))).expect(201);
    hotel.move_on("2025-11-11").expect(200);
    assert_eq!(coded(json!({})), "is WEEK, which was sold until 10 November; choose another");
    hotel.patch(&format!("/api/rate-plans/{winter}"), json!({"book_from": "2025-11-12", "book_to": null})).expect(200);
    assert_eq!(coded(json!({})), "is WEEK, which is sold from 12 November on; choose another");
    let free =
        format!("/api/rooms/available?check_in_date=2025-12-01&check_out_date=2025-12-02&rate_plan_id={winter}&promo_code=snow");
    assert_eq!(hotel.get(&free).bad_fields(), ["rate_plan_id"]);
    // Who has booked under it keeps it.
    hotel.patch("/api/reservations/1", json!({"adults": 1})).expect(200);
}

#[test]
fn nights_outside_the_dates_of_a_plan_are_added_with_a_reason_that_the_owner_reads() {
    let hotel = family_hotel();
    let winter = plan(&hotel, weekly(json!({"stay_from": "2025-12-01", "stay_to": "2025-12-05"})));
    hotel.post("/api/reservations", booking(json!({"rate_plan_id": winter}))).expect(201);
    let change = |more: Value| hotel.patch("/api/reservations/1", more);
    change(json!({"check_out_date": "2025-12-05"})).expect(200);
    change(json!({"check_out_date": "2025-12-06"})).expect(200);
    let outside = |from: &str, to: &str| json!([{"kind": "is_outside_plan", "date": from, "to": to, "limit": null}]);
    let refused = change(json!({"check_in_date": "2025-11-29"}));
    assert_eq!(refused.problem(409), "restricted");
    assert_eq!(refused.json()["broken"], outside("2025-11-29", "2025-11-30"));
    let later = hotel.get("/api/reservations/1/extension?check_out_date=2025-12-08").expect(200);
    assert_eq!(later["broken"], outside("2025-12-06", "2025-12-07"));
    let extend = |more: Value| hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2025-12-08"}).merged(more));
    let refused = extend(json!({}));
    assert_eq!((refused.problem(409).as_str(), &refused.json()["broken"]), ("restricted", &later["broken"]));
    assert_eq!(
        refused.json()["detail"],
        "This stay is not for sale: outside the dates of the rate plan from 6 December to 7 December. \
         Choose other dates or another room type, or allow it with a reason."
    );
    extend(json!({"override_restrictions": true, "reason": "Snowed in"})).expect(200);
    assert_eq!(listed(&hotel), ["against_restriction 0.00"]);
    assert_eq!(hotel.get("/api/audit/exceptions").expect(200)["items"][0]["broken"], later["broken"]);
    // What was allowed once is not asked about again.
    change(json!({"check_out_date": "2025-12-07"})).expect(200);
}

#[test]
fn conditions_that_make_no_sense_are_refused() {
    let hotel = TestHotel::builder().currency("IDR").open();
    let bad = |more: Value| hotel.post("/api/rate-plans", json!({"code": "X", "name": "X"}).merged(more)).bad_fields();
    assert_eq!(bad(json!({"rounding": {"to": "0.90", "way": "up"}})), ["rounding.to"]);
    assert_eq!(bad(json!({"long_stay": {"nights": 2, "percent": 0}})), ["long_stay.percent"]);
    assert_eq!(bad(json!({"advance": {"days": 0, "percent": 5}})).len(), 1);
    assert_eq!(bad(json!({"stay_from": "2025-12-02", "stay_to": "2025-12-01"})), ["stay_to"]);
    assert_eq!(bad(json!({"book_from": "2025-12-02", "book_to": "2025-12-01"})), ["book_to"]);
    let bar = |more: Value| hotel.patch("/api/rate-plans/1", more).bad_fields();
    assert_eq!(bar(json!({"promo_code": "X"})), ["promo_code"]);
    assert_eq!(bar(json!({"stay_to": "2026-01-01"})), ["stay_to"]);
    let round = hotel.patch("/api/rate-plans/1", json!({"rounding": {"to": "1000", "way": "nearest"}})).expect(200);
    assert_eq!(round["rounding"], json!({"to": "1000", "way": "nearest"}));
    hotel.patch("/api/rate-plans/1", json!({"rounding": null})).expect(200);
    let type_of = |more: Value| {
        let request = json!({"name": "A", "code": "A", "capacity_adults": 2, "default_rate": 1000}).merged(more);
        hotel.post("/api/room-types", request).bad_fields()
    };
    assert_eq!(type_of(json!({"extra_adult_rate": 5})), ["included_persons"]);
    let bands = json!([{"from_age": 4, "to_age": 11, "rate": 1}, {"from_age": 11, "to_age": 12, "rate": 1}]);
    assert_eq!(type_of(json!({"included_persons": 2, "child_rates": bands})), ["child_rates[1].from_age"]);
}

#[test]
fn what_more_people_cost_is_taken_or_somebody_says_why_not() {
    let hotel = family_hotel();
    hotel.post("/api/reservations", booking(json!({}))).expect(201);
    let desk = hotel.as_role(Role::Receptionist);
    let change = |more: Value| desk.patch("/api/reservations/1", json!({"adults": 3}).merged(more));
    let asked = change(json!({}));
    assert_eq!(asked.problem(409), "reason-needed");
    assert_eq!(
        (&asked.json()["can_rerate"], asked.json()["detail"].as_str().map(|d| d.contains("EUR 40.00 more"))),
        (&json!(true), Some(true))
    );
    let kept = change(json!({"reason": "A baby-sitter"})).expect(200);
    assert_eq!((rates(&kept), &kept["adults"]), (vec!["100.00".to_owned(); 2], &json!(3)));
    let listed = hotel.get("/api/audit/exceptions").expect(200);
    assert_eq!((&listed["items"][0]["kind"], listed["items"][0]["amount"].to_string()), (&json!("typed_price"), "40.00".into()));
    // It was said once; the same people again ask nothing, and fewer give nothing back by themselves.
    desk.patch("/api/reservations/1", json!({"adults": 3, "notes": "x"})).expect(200);
    desk.patch("/api/reservations/1", json!({"adults": 2})).expect(200);
    let taken = change(json!({"rerate": true})).expect(200);
    assert_eq!(rates(&taken), ["120.00", "120.00"]);
}

/// What stands on the owner's list, the newest first.
fn listed(hotel: &TestHotel) -> Vec<String> {
    let told = hotel.get("/api/audit/exceptions").expect(200);
    let entry = |e: &Value| format!("{} {}", e["kind"].as_str().expect("a kind"), e["amount"]);
    told["items"].as_array().expect("items").iter().map(entry).collect()
}

fn typed(nights: &[(&str, f64)]) -> Value {
    Value::Array(nights.iter().map(|(date, rate)| json!({"date": date, "rate": rate})).collect())
}

#[test]
fn more_people_cost_more_whatever_price_is_typed_with_them_or_was_before() {
    let both = |rate: f64| typed(&[("2025-11-10", rate), ("2025-11-11", rate)]);
    let one = typed(&[("2025-11-10", 100.0)]);
    let stay = json!({"room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12"});
    // The price before, the change, whether the rates can be taken for it, and what it takes off.
    let cases = [
        (Value::Null, json!({"adults": 4, "total_amount": 200}), false, "80.00"),
        (Value::Null, json!({"adults": 4, "nightly": both(100.0)}), false, "80.00"),
        (Value::Null, json!({"adults": 4, "nightly": one}), true, "80.00"),
        (Value::Null, json!({"adults": 4, "nightly": both(130.0)}), false, "20.00"),
        (both(100.01), json!({"adults": 4}), false, "79.98"),
        (one.clone(), json!({"adults": 4}), true, "80.00"),
        (one.clone(), json!({"adults": 4, "rerate": true}), false, "40.00"),
    ];
    for is_in_house in [false, true] {
        for (before, change, can_rerate, lost) in &cases {
            let hotel = family_hotel();
            hotel.post("/api/reservations", booking(stay.clone())).expect(201);
            if *before != Value::Null {
                hotel.patch("/api/reservations/1", json!({"nightly": before})).expect(200);
            }
            if is_in_house {
                hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
            }
            let asked = hotel.patch("/api/reservations/1", change.clone());
            assert_eq!(asked.problem(409), "reason-needed", "{change}");
            assert_eq!(asked.json()["can_rerate"] == true, *can_rerate, "{change}");
            hotel.patch("/api/reservations/1", change.clone().merged(json!({"reason": "A baby-sitter"}))).expect(200);
            let kind = if is_in_house { "price_lowered" } else { "typed_price" };
            assert_eq!(listed(&hotel), [format!("{kind} {lost}")], "{before} {change}");
            // It was said once.
            hotel.patch("/api/reservations/1", json!({"adults": 4, "notes": "x"})).expect(200);
        }
    }
    let hotel = family_hotel();
    hotel.post("/api/reservations", booking(json!({}))).expect(201);
    hotel.patch("/api/reservations/1", json!({"adults": 4, "total_amount": 280})).expect(200);
    assert_eq!(listed(&hotel), [""; 0], "the rates' own total takes nothing off");
}

#[test]
fn an_older_child_costs_more_or_somebody_says_why_not() {
    let hotel = family_hotel();
    let toddler = json!({"children": 1, "children_ages": [2]});
    assert_eq!(rates(&hotel.post("/api/reservations", booking(toddler)).expect(201)), ["100.00"; 2]);
    let asked = hotel.patch("/api/reservations/1", json!({"children_ages": [11]}));
    assert_eq!((asked.problem(409).as_str(), &asked.json()["can_rerate"]), ("reason-needed", &json!(true)));
    let taken = hotel.patch("/api/reservations/1", json!({"children_ages": [11], "rerate": true})).expect(200);
    assert_eq!(rates(&taken), ["110.00"; 2]);
}

#[test]
fn nights_that_were_slept_are_neither_asked_about_nor_rated_anew() {
    let hotel = family_hotel();
    let stay = json!({"room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-13"});
    hotel.post("/api/reservations", booking(stay)).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    let asked = hotel.patch("/api/reservations/1", json!({"adults": 4}));
    assert_eq!(asked.problem(409), "reason-needed");
    assert!(asked.json()["detail"].as_str().is_some_and(|d| d.contains("EUR 80.00 more")), "{}", asked.json());
    assert_eq!(
        rates(&hotel.patch("/api/reservations/1", json!({"adults": 4, "rerate": true})).expect(200)),
        ["100.00", "140.00", "140.00"]
    );
    hotel.patch("/api/room-types/1", json!({"default_rate": 110})).expect(200);
    let price = hotel.get("/api/reservations/1/price").expect(200);
    let fixed: Vec<bool> = price["nights"].as_array().expect("nights").iter().map(|n| n["is_fixed"] == true).collect();
    assert_eq!((fixed, price["rerated_amount"].to_string()), (vec![true, false, false], "400.00".to_owned()));
    let again = hotel.patch("/api/reservations/1", json!({"rerate": true})).expect(200);
    assert_eq!(rates(&again), ["100.00", "150.00", "150.00"]);
}

#[test]
fn each_night_is_rated_anew_as_the_type_that_it_is_sold_as() {
    let hotel = family_hotel();
    let suite = json!({"name": "Suite", "code": "STE", "capacity_adults": 4, "capacity_children": 4, "default_rate": 200, "numbers": ["201"]});
    let suite = hotel.post("/api/room-types", suite).expect(201)["id"].clone();
    hotel.post("/api/reservations", booking(json!({"room_id": 1}))).expect(201);
    let moved = json!({"room_id": 41, "from_date": "2025-12-02", "rerate": true});
    assert_eq!(rates(&hotel.post("/api/reservations/1/move", moved).expect(200)), ["100.00", "200.00"]);
    let price = hotel.get("/api/reservations/1/price").expect(200);
    assert_eq!((price["agreed_amount"].to_string(), price["rerated_amount"].to_string()), ("300.00".into(), "300.00".into()));
    assert_eq!(steps(&price["nights"][1]), ["standard 200.00: Standard price"]);
    assert_eq!(rates(&hotel.patch("/api/reservations/1", json!({"rerate": true})).expect(200)), ["100.00", "200.00"]);
    let quote = |more: &str| {
        let told = hotel.get(&format!("/api/reservations/1/quote?check_in_date=2025-12-01{more}")).expect(200);
        told["rerated_difference"].to_string()
    };
    assert_eq!([quote(""), quote("&room_type_id=1"), quote("&room_type_id=2")], ["0.00", "-100.00", "100.00"]);
    // More people pay where a night's own type asks it, and no night becomes another type for them.
    let closed = json!({"room_type_ids": [1], "from": "2025-12-02", "to": "2025-12-02", "is_stop_sell": true});
    hotel.put("/api/rate-plans/1/restrictions", closed).expect(200);
    let asked = hotel.patch("/api/reservations/1", json!({"adults": 3}));
    assert_eq!(asked.problem(409), "reason-needed");
    assert!(asked.json()["detail"].as_str().is_some_and(|d| d.contains("EUR 20.00 more")), "{}", asked.json());
    let more = hotel.patch("/api/reservations/1", json!({"adults": 3, "rerate": true})).expect(200);
    assert_eq!(rates(&more), ["120.00", "200.00"]);
    assert_eq!(hotel.patch("/api/reservations/1", json!({"room_type_id": 1, "rerate": true})).problem(409), "restricted");
    // A type that is named is that of all nights.
    let named = json!({"room_type_id": suite, "rerate": true});
    assert_eq!(rates(&hotel.patch("/api/reservations/1", named).expect(200)), ["200.00"; 2]);
}

#[test]
fn a_long_stay_that_becomes_day_use_is_priced_as_that_and_nothing_is_asked() {
    let hotel = family_hotel();
    let week = plan(&hotel, weekly(json!({"long_stay": {"nights": 7, "percent": 10}})));
    let booked = booking(json!({"rate_plan_id": week, "check_out_date": "2025-12-08"}));
    assert_eq!(rates(&hotel.post("/api/reservations", booked).expect(201)), ["81.00"; 7]);
    let day = hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-12-01"})).expect(200);
    assert_eq!(rates(&day), ["90.00"]);
}

#[test]
fn a_stay_that_is_no_longer_long_enough_loses_its_discount_or_somebody_says_why_not() {
    let hotel = family_hotel();
    let week = plan(
        &hotel,
        json!({"code": "LONG", "name": "Long", "parent_id": 1, "offset_kind": "percent", "offset_percent": 0,
        "long_stay": {"nights": 3, "percent": 20}}),
    );
    let three = booking(json!({"rate_plan_id": week, "check_out_date": "2025-12-04"}));
    assert_eq!(rates(&hotel.post("/api/reservations", three).expect(201)), ["80.00"; 3]);
    let shorter = |more: Value| hotel.patch("/api/reservations/1", json!({"check_out_date": "2025-12-03"}).merged(more));
    assert_eq!(shorter(json!({})).problem(409), "reason-needed");
    assert_eq!(rates(&shorter(json!({"rerate": true})).expect(200)), ["100.00"; 2]);
    // A longer one has it on the nights that are added, and on all when it is rated anew.
    let longer = hotel.post("/api/reservations/1/extend", json!({"check_out_date": "2025-12-04"})).expect(200);
    assert_eq!(rates(&longer), ["100.00", "100.00", "80.00"]);
    assert_eq!(rates(&hotel.patch("/api/reservations/1", json!({"rerate": true})).expect(200)), ["80.00"; 3]);
}

/// Who has stayed two nights of a week at 20 % less, with 10 % on top.
pub fn two_nights_of_a_week() -> TestHotel {
    let hotel = family_hotel();
    let setup = super::tax_cases::setup(&[super::tax_cases::group(1, false, &[1])], &[super::tax_cases::tax(1, "10")], &[]);
    hotel.patch("/api/taxes", setup).expect(200);
    let week = plan(&hotel, weekly(json!({"offset_percent": 0, "long_stay": {"nights": 5, "percent": 20}})));
    let stay = json!({"room_id": 1, "rate_plan_id": week, "check_in_date": "2025-11-10", "check_out_date": "2025-11-17"});
    assert_eq!(rates(&hotel.post("/api/reservations", booking(stay)).expect(201)), ["80.00"; 7]);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    super::desk::next_day(&hotel, "2025-11-11");
    super::desk::next_day(&hotel, "2025-11-12");
    hotel
}

#[test]
fn who_leaves_too_early_for_a_discount_pays_it_back_or_somebody_says_why_not() {
    let hotel = two_nights_of_a_week();
    let told = hotel.get("/api/reservations/1/departure").expect(200);
    assert_eq!((told["shorter_stay_amount"].to_string(), told["balance"].to_string()), ("44.00".into(), "176.00".into()));
    let leave =
        |more: Value| hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}}).merged(more));
    let asked = leave(json!({}));
    assert_eq!((asked.problem(409).as_str(), &asked.json()["can_rerate"]), ("reason-needed", &json!(true)));
    assert!(asked.json()["detail"].as_str().is_some_and(|d| d.contains("EUR 44.00 more")), "{}", asked.json());
    // Its price is posted beside the nights, which stay as they are.
    let left = leave(json!({"rerate": true})).expect(200);
    assert_eq!((left["total_amount"].to_string(), left["balance"].to_string()), ("220.00".into(), "0.00".into()));
    assert_eq!(rates(&left), ["80.00"; 2]);
    let lines = || {
        let folio = hotel.get("/api/reservations/1/folio").expect(200);
        let line = |line: &Value| format!("{} {}", line["description"].as_str().expect("words"), line["amount"]);
        folio["lines"].as_array().expect("lines").iter().filter(|line| line["kind"] != "room").map(line).collect::<Vec<_>>()
    };
    assert_eq!(lines(), ["Price for a shorter stay 44.00"]);
    let taxes = hotel.get("/api/reservations/1/folio").expect(200)["taxes"].clone();
    assert_eq!((taxes[0]["net_amount"].to_string(), taxes[0]["amount"].to_string()), ("200.00".into(), "20.00".into()));
    assert_eq!(listed(&hotel), ["nights_dropped 400.00"]);
    super::tax_cases::assert_no_fault(&hotel, "left early");
    // As long a stay as before owes what it did.
    let back = hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    assert_eq!(back["total_amount"].to_string(), "616.00");
    assert_eq!(lines(), ["Price for a shorter stay 44.00", "Void: Price for a shorter stay -44.00"]);

    let kept = two_nights_of_a_week();
    let left = kept
        .post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}, "reason": "A death in the family"}));
    assert_eq!(left.expect(200)["total_amount"].to_string(), "176.00");
    assert_eq!(listed(&kept), ["price_lowered 44.00", "nights_dropped 400.00"]);
}

#[test]
fn nights_on_the_bill_are_asked_about_when_the_rest_of_a_stay_is_cut() {
    let hotel = two_nights_of_a_week();
    let cut = |until: &str, more: Value| hotel.patch("/api/reservations/1", json!({"check_out_date": until}).merged(more));
    // Long enough for the discount all the same.
    assert_eq!(rates(&cut("2025-11-15", json!({})).expect(200)), ["80.00"; 5]);
    assert_eq!(cut("2025-11-14", json!({})).problem(409), "reason-needed");
    let cut = cut("2025-11-14", json!({"rerate": true})).expect(200);
    assert_eq!(rates(&cut), ["80.00", "80.00", "100.00", "100.00"]);
    // Four nights at 100.00 with 10 %, two of them by the line beside them.
    assert_eq!(cut["total_amount"].to_string(), "440.00");
    let back = hotel.post("/api/reservations/1/undo", json!({"event": "undo_change"})).expect(200);
    assert_eq!((rates(&back), back["total_amount"].to_string()), (vec!["80.00".to_owned(); 5], "440.00".into()));
    super::tax_cases::assert_no_fault(&hotel, "cut");
}

#[test]
fn an_offer_is_told_with_its_taxes_and_terms_and_counts_the_people_as_free_rooms_do() {
    let hotel = family_hotel();
    let setup = super::tax_cases::setup(&[super::tax_cases::group(1, false, &[1])], &[super::tax_cases::tax(1, "10")], &[]);
    hotel.patch("/api/taxes", setup).expect(200);
    let policy = json!({"cancellation": [{"hours_before": 24, "fee_kind": "percent", "fee_percent": 50}], "no_show_fee_kind": "first_night"});
    hotel.patch("/api/rate-plans/1", json!({"policy": policy})).expect(200);
    let offer = quoted(&hotel, json!({"children": 1, "children_ages": [5]}))[0].clone();
    let amounts = ["net_amount", "tax_amount", "total_amount"].map(|name| offer[name].to_string());
    assert_eq!(amounts, ["220.00", "22.00", "242.00"]);
    assert_eq!(offer["terms"], "Free cancellation until 30 November 2025, 14:00; then it costs 50 % of the price.");
    let free =
        hotel.get("/api/rooms/available?check_in_date=2025-12-01&check_out_date=2025-12-03&adults=2&children=1&children_ages=5");
    assert_eq!(free.expect(200)["items"][0]["total_amount"].to_string(), "220.00");
    assert_eq!(quoted(&hotel, json!({"adults": 9})), Vec::<Value>::new(), "nobody is offered too small a room");
    let bad = |more: Value| hotel.post("/api/quotes", stay(more)).bad_fields();
    assert_eq!(bad(json!({"children": 1, "children_ages": [5, 6]})), ["children_ages"]);
    assert_eq!(bad(json!({"check_in_date": "2025-11-09"})), ["check_in_date"]);
    assert_eq!(bad(json!({"rate_plan_id": 99})), ["rate_plan_id"]);
}

trait Merged {
    fn merged(self, more: Value) -> Value;
}

impl Merged for Value {
    fn merged(mut self, more: Value) -> Value {
        self.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
        self
    }
}

/// A plan, a type's price by people and a stay, as a request each.
fn any_case() -> impl Strategy<Value = (Value, Value, Value)> {
    let cents = |most: i64| {
        (0..most).prop_map(|n| serde_json::from_str::<Value>(&format!("{}.{:02}", n / 100, n % 100)).expect("an amount"))
    };
    let rounding = prop_oneof![
        Just(Value::Null),
        (prop::sample::select(vec!["1", "5", "10", "100", "0.90", "0.99"]), prop::sample::select(vec!["nearest", "up", "down"]))
            .prop_map(|(to, way)| json!({"to": to, "way": way})),
    ];
    let long_stay = prop::option::of((1..10_i64, 1..=100_i64))
        .prop_map(|d| d.map_or(Value::Null, |(n, p)| json!({"nights": n, "percent": p})));
    let advance =
        prop::option::of((1..60_i64, 1..=100_i64)).prop_map(|d| d.map_or(Value::Null, |(n, p)| json!({"days": n, "percent": p})));
    let plan = (rounding, long_stay, advance, -100..200_i64)
        .prop_map(|(rounding, long_stay, advance, percent)| json!({"rounding": rounding, "long_stay": long_stay, "advance": advance, "offset_percent": percent}));
    let people = (cents(50_000), 1..6_i64, cents(9_000), cents(5_000), cents(5_000), 0..8_i64).prop_map(
        |(rate, included, adult, small, big, to)| {
            let bands =
                json!([{"from_age": 0, "to_age": to, "rate": small}, {"from_age": to + 2, "to_age": to + 6, "rate": big}]);
            json!({"default_rate": rate, "included_persons": included, "extra_adult_rate": adult, "child_rates": bands})
        },
    );
    let stay = (1..9_i64, 1..4_i64, prop::option::of(prop::collection::vec(0..18_i64, 0..4)), 0..40_i64).prop_map(|(nights, adults, ages, ahead)| {
        let first: jiff::civil::Date = "2025-11-10".parse().expect("a date");
        let arrival = first + jiff::Span::new().days(ahead);
        let party = match ages {
            Some(ages) => json!({"children": ages.len(), "children_ages": ages}),
            None => json!({"children": 2}),
        };
        json!({"check_in_date": arrival.to_string(), "check_out_date": (arrival + jiff::Span::new().days(nights)).to_string(), "adults": adults})
            .merged(party)
    });
    (plan, people, stay)
}

#[test]
fn whatever_the_plan_the_lines_are_the_price_the_price_is_what_is_booked_and_is_the_same_again() {
    let hotel = family_hotel();
    let id = plan(&hotel, weekly(json!({})));
    let config = Config { cases: 80, rng_seed: RngSeed::Fixed(15), failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&any_case(), |(conditions, people, stay)| {
        hotel.patch(&format!("/api/rate-plans/{id}"), conditions).expect(200);
        hotel.patch("/api/room-types/1", people).expect(200);
        let asked = stay.clone().merged(json!({"rate_plan_id": id, "room_type_id": 1}));
        let offer = hotel.post("/api/quotes", asked.clone()).expect(200)["items"][0].clone();
        let nights = offer["nights"].as_array().expect("nights");
        for night in nights {
            let lines: i64 = night["steps"].as_array().expect("steps").iter().map(|step| hundredths(&step["amount"])).sum();
            prop_assert_eq!(lines, hundredths(&night["rate"]), "{}", night);
            prop_assert!(lines >= 0, "{}", night);
        }
        let whole: i64 = nights.iter().map(|night| hundredths(&night["rate"])).sum();
        prop_assert_eq!(whole, hundredths(&offer["total_amount"]));
        let request = asked.merged(json!({"guest": {"full_name": "Ana"}, "override_capacity": true, "reason": "test"}));
        let booked = hotel.post("/api/reservations", request).expect(201);
        let told: Vec<String> = nights.iter().map(|night| night["rate"].to_string()).collect();
        prop_assert_eq!(rates(&booked), told);
        let own = format!("/api/reservations/{}", booked["id"]);
        let again = hotel.get(&format!("{own}/price")).expect(200);
        prop_assert_eq!(&again["rerated_amount"], &again["agreed_amount"]);
        hotel.post(&format!("{own}/cancel"), json!({"reason": "test", "waive_fee": true})).expect(200);
        Ok(())
    });
    if let Err(found) = outcome {
        panic!("{found}");
    }
}
