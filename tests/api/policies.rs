//! What cancelling and not coming cost: in steps, by hotel or by plan, and as it was agreed.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::TestHotel;

fn step(hours_before: i64, fee_percent: &str) -> Value {
    json!({"hours_before": hours_before, "fee_kind": "percent", "fee_percent": exact(fee_percent)})
}

fn fee_now(hotel: &TestHotel, id: i64) -> Value {
    hotel.get(&format!("/api/reservations/{id}")).expect(200)["cancellation"]["fee_now"].clone()
}

#[test]
fn cancelling_costs_more_the_later_it_is() {
    let hotel = small_hotel();
    let terms = json!({"cancellation": [step(48, "12.5"), step(24, "50"), step(6, "99.99")], "no_show_fee_kind": "none"});
    let set = hotel.patch("/api/settings", json!({"policy": terms})).expect(200);
    assert_eq!(set["policy"]["cancellation"][0], step(48, "12.5"));
    // Two nights for 200.00 each, in 4, 28 and 52 hours; then six hours later.
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Ben", 2, "2025-11-11", "2025-11-13");
    book(&hotel, "Eva", 1, "2025-11-12", "2025-11-14");
    let fees = || [1, 2, 3].map(|id| fee_now(&hotel, id).to_string());
    assert_eq!(fees(), ["199.98", "25.00", "0.00"]);
    hotel.advance_hours(6);
    assert_eq!(fees(), ["199.98", "100.00", "25.00"]);
    // Whatever the hotel's terms are from now on.
    hotel.patch("/api/settings", json!({"policy": {"cancellation": [], "no_show_fee_kind": "none"}})).expect(200);
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!((&folio["lines"][0]["kind"], &folio["total_amount"]), (&json!("cancellation_fee"), &exact("199.98")));
}

#[test]
fn a_plan_has_terms_of_its_own_or_those_of_the_hotel() {
    let hotel = small_hotel();
    let all = json!({"cancellation": [step(8760, "100")], "no_show_fee_kind": "percent", "no_show_fee_percent": 100});
    let plan = json!({"code": "NRF", "name": "Non-refundable", "parent_id": 1, "offset_kind": "percent",
        "offset_percent": exact("-12.5"), "policy": all});
    let made = hotel.post("/api/rate-plans", plan).expect(201);
    assert_eq!((&made["offset_percent"], &made["policy"]["no_show_fee_percent"]), (&exact("-12.5"), &json!(100)));
    let stay = |plan: i64, room: i64| {
        json!({"guest": {"full_name": "Ana"}, "room_id": room, "check_in_date": "2025-12-01", "check_out_date": "2025-12-03",
            "adults": 1, "rate_plan_id": plan})
    };
    hotel.post("/api/reservations", stay(2, 1)).expect(201);
    hotel.post("/api/reservations", stay(1, 2)).expect(201);
    assert_eq!((fee_now(&hotel, 1), fee_now(&hotel, 2)), (exact("175.00"), exact("0.00")));
    let changed = hotel.patch("/api/rate-plans/2", json!({"policy": null})).expect(200);
    assert_eq!(changed["policy"], Value::Null);
    hotel.patch("/api/reservations/1", json!({"notes": "late"})).expect(200);
    assert_eq!(fee_now(&hotel, 1), exact("175.00"), "what was agreed stays");
    assert_eq!(hotel.get("/api/rate-plans/1").expect(200)["policy"], Value::Null);
}

#[test]
fn terms_that_cannot_be_are_refused_where_they_are_wrong() {
    let hotel = small_hotel();
    let refused = |cancellation: Value| {
        let policy = json!({"cancellation": cancellation, "no_show_fee_kind": "none"});
        hotel.patch("/api/settings", json!({"policy": policy})).bad_fields()
    };
    let place = |n: usize, name: &str| format!("policy.cancellation[{n}].{name}");
    assert_eq!(refused(json!([step(24, "50"), step(24, "60")])), [place(1, "hours_before")]);
    assert_eq!(refused(json!([step(8761, "50")])), [place(0, "hours_before")]);
    assert_eq!(refused(json!([step(24, "50.001")])), [place(0, "fee_percent")]);
    assert_eq!(refused(json!([{"hours_before": 24, "fee_kind": "none"}])), [place(0, "fee_kind")]);
    assert_eq!(refused(json!([{"hours_before": 24, "fee_kind": "percent"}])), [place(0, "fee_percent")], "not for nothing");
    let silent = json!({"policy": {"cancellation": [], "no_show_fee_kind": "percent"}});
    assert_eq!(hotel.patch("/api/settings", silent).bad_fields(), ["policy.no_show_fee_percent"]);
    let many: Vec<Value> = (0..6).map(|n| step(60 - n, "50")).collect();
    assert_eq!(refused(json!(many)), ["policy.cancellation"]);
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("the file");
    for change in ["UPDATE policy SET no_show_fee_kind = 'none'", "DELETE FROM policy", "UPDATE policy_step SET fee_percent = 1"]
    {
        let refused = file.execute(change, []).map(|rows| assert_eq!(rows, 0, "{change}"));
        assert!(refused.is_err() || change.contains("policy_step"), "{change}");
    }
}
