//! Another rate plan for a booking.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::desk::{exact, small_hotel};
use crate::support::TestHotel;

/// BAR at 100, free to cancel; plan 2 at 80, all of it lost from a week before; plan 3 for whoever has the code; plan 4 at 150.
fn hotel() -> TestHotel {
    let hotel = small_hotel();
    hotel.patch("/api/settings", json!({"policy": {"cancellation": [], "no_show_fee_kind": "none"}})).expect(200);
    let all = json!({"cancellation": [{"hours_before": 168, "fee_kind": "percent", "fee_percent": 100}],
        "no_show_fee_kind": "percent", "no_show_fee_percent": 100});
    let saver =
        json!({"code": "SAVER", "name": "Saver", "parent_id": 1, "offset_kind": "percent", "offset_percent": -20, "policy": all});
    hotel.post("/api/rate-plans", saver).expect(201);
    let secret = json!({"code": "SECRET", "name": "Secret", "parent_id": 1, "offset_kind": "percent", "offset_percent": -30, "promo_code": "SUN"});
    hotel.post("/api/rate-plans", secret).expect(201);
    let dear = json!({"code": "DEAR", "name": "Dear", "parent_id": 1, "offset_kind": "percent", "offset_percent": 50});
    hotel.post("/api/rate-plans", dear).expect(201);
    hotel
}

fn book(hotel: &TestHotel, plan: i64) {
    let body = json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": "2025-12-20",
        "check_out_date": "2025-12-22", "adults": 1, "rate_plan_id": plan});
    hotel.post("/api/reservations", body).expect(201);
}

fn listed(hotel: &TestHotel) -> Vec<String> {
    let entries = hotel.get("/api/audit/exceptions").expect(200)["items"].clone();
    let told = |entry: &Value| format!("{} {}", entry["kind"].as_str().unwrap_or_default(), entry["amount"]);
    entries.as_array().expect("items").iter().map(told).collect()
}

#[test]
fn the_nights_are_rated_anew_under_the_new_terms() {
    let hotel = hotel();
    book(&hotel, 1);
    assert_eq!(hotel.patch("/api/reservations/1", json!({"rate_plan_id": 2, "rerate": true})).problem(409), "reason-needed");
    let body = json!({"rate_plan_id": 2, "rerate": true, "reason": "The guest books the saver rate instead"});
    let changed = hotel.patch("/api/reservations/1", body).expect(200);
    assert_eq!((&changed["total_amount"], &changed["rate_plan_id"]), (&exact("160.00"), &json!(2)));
    assert_eq!(hotel.get("/api/reservations/1/folio").expect(200)["balance"], exact("160.00"));
    let told = hotel.get("/api/audit-log?entity=reservation&entity_id=1").expect(200)["items"].clone();
    let told = told.as_array().expect("items").iter().find(|entry| entry["action"] == "change").expect("an entry").clone();
    assert_eq!((&told["before"]["rate_plan"], &told["after"]["rate_plan"]), (&json!("Best available rate"), &json!("Saver")));
    // What the other plan takes off is told; stricter terms are nobody's loss.
    assert_eq!(listed(&hotel), ["price_lowered 40.00"]);
    let terms = hotel.get("/api/reservations/1").expect(200)["cancellation"].clone();
    assert_eq!(terms["no_show_fee"], exact("160.00"), "the plan’s own terms hold now");
}

#[test]
fn a_price_that_is_kept_below_the_new_plan_has_a_reason() {
    let hotel = hotel();
    book(&hotel, 1);
    let refused = hotel.patch("/api/reservations/1", json!({"rate_plan_id": 4}));
    assert_eq!((refused.problem(409).as_str(), &refused.json()["can_rerate"]), ("reason-needed", &json!(true)));
    let kept = hotel.patch("/api/reservations/1", json!({"rate_plan_id": 4, "reason": "Upgrade as agreed"})).expect(200);
    assert_eq!((&kept["total_amount"], &kept["rate_plan_id"]), (&exact("200.00"), &json!(4)));
    assert_eq!(listed(&hotel), ["typed_price 100.00"]);
    // A dearer price than the new plan's is nobody's loss.
    hotel.patch("/api/reservations/1", json!({"rate_plan_id": 1})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["total_amount"], exact("200.00"));
}

#[test]
fn a_plan_is_sold_as_to_a_new_booking() {
    let hotel = hotel();
    book(&hotel, 1);
    let change = |body: Value| hotel.patch("/api/reservations/1", body);
    assert_eq!(change(json!({"rate_plan_id": 99})).bad_fields(), ["rate_plan_id"]);
    assert_eq!(change(json!({"rate_plan_id": 3, "rerate": true})).bad_fields(), ["rate_plan_id"]);
    let sold = change(json!({"rate_plan_id": 3, "rerate": true, "promo_code": "sun", "reason": "Has the code"})).expect(200);
    assert_eq!(sold["total_amount"], exact("140.00"));
    hotel.patch("/api/rate-plans/2", json!({"is_active": false})).expect(200);
    assert_eq!(change(json!({"rate_plan_id": 2})).bad_fields(), ["rate_plan_id"]);
    // What is cancelled keeps its plan.
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    assert_eq!(change(json!({"rate_plan_id": 1})).problem(409), "illegal-transition");
}

#[test]
fn terms_that_ask_less_stand_on_the_owners_list() {
    let hotel = hotel();
    book(&hotel, 2);
    let body = json!({"rate_plan_id": 1, "rerate": true});
    assert_eq!(hotel.patch("/api/reservations/1", body.clone()).problem(409), "reason-needed");
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["rate_plan_id"], 2, "nothing was changed");
    let with_reason = |reason: &str| json!({"rate_plan_id": 1, "rerate": true, "reason": reason});
    hotel.as_role(Role::Manager).patch("/api/reservations/1", with_reason("The guest pays the difference")).expect(200);
    // All of the two nights at 80 was lost to whoever cancelled in the last week.
    assert_eq!(listed(&hotel), ["terms_eased 160.00"]);
}

#[test]
fn a_guest_in_the_house_changes_for_the_nights_to_come() {
    let hotel = hotel();
    let body = json!({"guest": {"full_name": "Ana"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12",
        "adults": 1});
    hotel.post("/api/reservations", body).expect(201);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    let body = json!({"rate_plan_id": 2, "rerate": true, "reason": "The guest asked for the saver rate"});
    let changed = hotel.patch("/api/reservations/1", body).expect(200);
    assert_eq!(changed["total_amount"], exact("180.00"), "the first night was slept at the old price");
    assert_eq!(listed(&hotel), ["price_lowered 20.00"]);
    hotel.post("/api/reservations/1/undo", json!({})).problem(409);
}

#[test]
fn a_receptionist_may_lower_a_price_by_a_change_of_plan_as_far_as_by_typing_it() {
    let hotel = hotel();
    book(&hotel, 1);
    let limit = json!({"limits": [{"kind": "discount", "receptionist_amount": 30}]});
    hotel.patch("/api/settings/limits", limit).expect(200);
    let body = json!({"rate_plan_id": 2, "rerate": true, "reason": "Cheaper for a friend"});
    assert_eq!(hotel.as_role(Role::Receptionist).patch("/api/reservations/1", body.clone()).problem(409), "over-limit");
    hotel.as_role(Role::Manager).patch("/api/reservations/1", body).expect(200);
}

#[test]
fn eased_terms_count_with_their_taxes_and_over_what_the_rates_ask() {
    let hotel = hotel();
    let body = json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": "2025-12-20",
        "check_out_date": "2025-12-22", "adults": 1, "rate_plan_id": 2, "total_amount": 0, "reason": "Typed to nothing first"});
    hotel.post("/api/reservations", body).expect(201);
    let body = json!({"rate_plan_id": 1, "reason": "Then eased"});
    hotel.patch("/api/reservations/1", body).expect(200);
    assert!(listed(&hotel).contains(&"terms_eased 160.00".to_owned()), "{:?}", listed(&hotel));
}

#[test]
fn the_plans_articles_come_with_it_whoever_keeps_the_price() {
    let hotel = hotel();
    hotel.post("/api/articles", json!({"name": "Breakfast", "price": 12})).expect(201);
    let extras = json!([{"article_id": 10, "per": "person", "is_inside": false}]);
    let breakfast =
        json!({"code": "BB", "name": "With breakfast", "parent_id": 1, "offset_kind": "percent", "offset_percent": 0});
    let plan = hotel.post("/api/rate-plans", breakfast).expect(201)["id"].clone();
    let article = hotel.get("/api/articles?q=Breakfast").expect(200)["items"][0]["id"].clone();
    let mut extras = extras;
    extras[0]["article_id"] = article;
    hotel.patch(&format!("/api/rate-plans/{plan}"), json!({"extras": extras})).expect(200);
    let body = json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "check_in_date": "2025-12-20",
        "check_out_date": "2025-12-22", "adults": 1, "total_amount": 200});
    hotel.post("/api/reservations", body).expect(201);
    let changed = hotel.patch("/api/reservations/1", json!({"rate_plan_id": plan})).expect(200);
    assert_eq!(changed["total_amount"], exact("224.00"), "a breakfast a night");
    // And go with it, which is told.
    let back = json!({"rate_plan_id": 1});
    assert_eq!(hotel.patch("/api/reservations/1", back).problem(409), "reason-needed");
    let changed = hotel.patch("/api/reservations/1", json!({"rate_plan_id": 1, "reason": "Eats out"})).expect(200);
    assert_eq!(changed["total_amount"], exact("200.00"));
    assert_eq!(listed(&hotel), ["price_lowered 24.00"]);
}

#[test]
fn who_books_early_is_who_has_had_the_plan_since_then() {
    let hotel = hotel();
    let early = json!({"code": "EARLY", "name": "Early", "parent_id": 1, "offset_kind": "percent", "offset_percent": 0,
        "advance": {"days": 30, "percent": 20}});
    let plan = hotel.post("/api/rate-plans", early).expect(201)["id"].clone();
    book(&hotel, 1);
    for date in [
        "2025-11-11",
        "2025-11-12",
        "2025-11-13",
        "2025-11-14",
        "2025-11-15",
        "2025-11-16",
        "2025-11-17",
        "2025-11-18",
        "2025-11-19",
        "2025-11-20",
        "2025-11-21",
    ] {
        hotel.move_on(date).expect(200);
    }
    // 29 days ahead; it was booked 40 days ahead under another plan.
    hotel.patch("/api/reservations/1", json!({"rate_plan_id": plan, "rerate": true})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["total_amount"], exact("200.00"));
    hotel.patch("/api/reservations/1", json!({"rerate": true})).expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["total_amount"], exact("200.00"));
}
