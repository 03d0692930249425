//! Articles that a rate plan sells along with its nights: beside the price and inside it.

use serde_json::{Value, json};

use super::desk::{first_night_from, next_day};
use super::tax_cases::{Case, assert_no_fault, group, nowhere, number, per_person, setup, tax, with};
use crate::support::TestHotel;

const STAY: &str = "/api/reservations/1";

/// Rooms at 10 % and meals at 20 %, both in the price, or on top of it.
fn two_rates(is_included: bool) -> Case {
    let setup = setup(&[group(1, is_included, &[1]), group(2, is_included, &[2])], &[tax(1, "10"), tax(2, "20")], &[]);
    Case { setup, ..nowhere() }
}

/// A room at 110 a night with breakfast beside the price, parking inside it and a bottle of wine beside the stay.
fn romance(case: &Case) -> TestHotel {
    let hotel = case.hotel();
    hotel.patch("/api/room-types/1", json!({"default_rate": 110})).expect(200);
    for (name, price) in [("Breakfast", "12.00"), ("Parking", "18.00"), ("Wine", "30.00")] {
        let group = case.setup["groups"].as_array().map(|_| 2);
        hotel.post("/api/articles", json!({"name": name, "price": number(price), "tax_group_id": group})).expect(201);
    }
    let extras = json!([
        extra(&hotel, "Breakfast", "person", false),
        with(extra(&hotel, "Parking", "night", true), json!({"amount": 15})),
        extra(&hotel, "Wine", "stay", false)
    ]);
    hotel.post("/api/rate-plans", json!({"code": "ROM", "name": "Romance", "extras": extras})).expect(201);
    hotel
}

fn article(hotel: &TestHotel, name: &str) -> Value {
    hotel.get(&format!("/api/articles?q={name}")).expect(200)["items"][0]["id"].clone()
}

fn extra(hotel: &TestHotel, name: &str, per: &str, is_inside: bool) -> Value {
    json!({"article_id": article(hotel, name), "per": per, "is_inside": is_inside})
}

fn book(hotel: &TestHotel, more: Value) -> Value {
    let stay = json!({"guest": {"full_name": "Ana"}, "room_id": 1, "rate_plan_id": 2, "check_in_date": "2025-11-10",
        "check_out_date": "2025-11-12", "adults": 2});
    hotel.post("/api/reservations", with(stay, more)).expect(201)
}

fn stay(hotel: &TestHotel) -> Value {
    hotel.get(STAY).expect(200)
}

/// Each extra as `quantity × name amount`, with `inside` where it is.
fn said(extras: &Value) -> Vec<String> {
    let one = |extra: &Value| {
        let inside = if extra["is_inside"] == true { " inside" } else { "" };
        format!("{} × {} {}{inside}", extra["quantity"], extra["name"].as_str().expect("a name"), extra["amount"])
    };
    extras.as_array().expect("extras").iter().map(one).collect()
}

/// Those of each night.
fn by_night(stay: &Value) -> Vec<Vec<String>> {
    stay["nightly"].as_array().expect("nights").iter().map(|night| said(&night["extras"])).collect()
}

/// Each line of the bill as `description quantity amount tax`.
fn lines(folio: &Value) -> Vec<String> {
    let line = |line: &Value| {
        let text = line["description"].as_str().expect("a description");
        format!("{text} {} {} {}", line["quantity"], line["amount"], line["tax_amount"])
    };
    folio["lines"].as_array().expect("lines").iter().map(line).collect()
}

fn sleep_and_leave(hotel: &TestHotel) -> Value {
    hotel.post(&format!("{STAY}/check-in"), json!({})).expect(200);
    for day in ["2025-11-11", "2025-11-12"] {
        next_day(hotel, day);
    }
    hotel.post(&format!("{STAY}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
    hotel.get(&format!("{STAY}/folio")).expect(200)
}

#[test]
fn a_package_is_booked_slept_and_on_the_bill_beside_the_price_and_inside_it() {
    let hotel = romance(&two_rates(true));
    let booked = book(&hotel, json!({}));
    assert_eq!((&booked["room_amount"], &booked["total_amount"]), (&number("220.00"), &number("298.00")));
    assert_eq!(
        by_night(&booked),
        [
            vec!["2 × Breakfast 24.00", "1 × Wine 30.00", "1 × Parking 15.00 inside"],
            vec!["2 × Breakfast 24.00", "1 × Parking 15.00 inside"]
        ]
    );
    let night = &booked["nightly"][0];
    assert_eq!(
        (&night["rate"], &night["added_amount"], &night["amount"]),
        (&number("110.00"), &number("0.00"), &number("164.00"))
    );
    let folio = hotel.get(&format!("{STAY}/folio")).expect(200);
    assert_eq!(folio["unposted"][1]["amount"], number("134.00"));
    assert_eq!(said(&folio["unposted_extras"]), ["4 × Breakfast 48.00", "1 × Wine 30.00", "2 × Parking 30.00 inside"]);
    let folio = sleep_and_leave(&hotel);
    assert_eq!(
        lines(&folio),
        [
            // 95 at 10 % and 15 at 20 %: 8.64 and 2.50.
            "Night of 2025-11-10 1 110.00 11.14",
            "Breakfast 2 24.00 4.00",
            "Wine 1 30.00 5.00",
            "Night of 2025-11-11 1 110.00 11.13",
            "Breakfast 2 24.00 4.00",
        ]
    );
    let parts = |line: usize| folio["lines"][line]["parts"].clone();
    assert_eq!(
        parts(0),
        json!([{"article_id": article(&hotel, "Parking"), "name": "Parking", "quantity": 1, "amount": number("15.00"), "tax_amount": number("2.50")}])
    );
    assert_eq!((parts(1), folio["total_amount"].clone()), (json!([]), number("298.00")));
    assert_no_fault(&hotel, "romance");
}

#[test]
fn taxes_on_top_come_on_each_part_by_its_own_group_and_the_total_is_that_of_the_booking() {
    let with_city_tax = |case: Case| {
        let setup = with(case.setup.clone(), json!({"levies": [per_person(1, "2.00", 0, 7)]}));
        Case { setup, ..case }
    };
    let hotel = romance(&with_city_tax(two_rates(false)));
    let booked = book(&hotel, json!({}));
    // A night: 95 + 10 %, 15 + 20 %, 24 + 20 %, 2 × 2.00; the wine is 30 + 20 %.
    assert_eq!(booked["nightly"][1]["amount"], number("155.30"));
    assert_eq!((&booked["nightly"][1]["added_amount"], &booked["room_amount"]), (&number("16.50"), &number("220.00")));
    assert_eq!(booked["total_amount"], number("346.60"));
    let quote = json!({"check_in_date": "2025-11-10", "check_out_date": "2025-11-12", "adults": 2, "rate_plan_id": 2});
    let quote = hotel.post("/api/quotes", quote).expect(200)["items"][0].clone();
    assert_eq!(quote["total_amount"], number("346.60"), "the quote asked before would have said it");
    let folio = sleep_and_leave(&hotel);
    assert_eq!(folio["total_amount"], number("346.60"));
    assert_eq!(lines(&folio)[..3], ["Night of 2025-11-10 1 122.50 12.50", "Breakfast 2 28.80 4.80", "Wine 1 36.00 6.00"]);
    assert_eq!(folio["lines"][0]["parts"][0]["amount"], number("18.00"));
    assert_no_fault(&hotel, "on top");
}

#[test]
fn a_quote_lists_what_is_sold_along_and_the_taxes_by_their_names() {
    let case = two_rates(true);
    let levies = json!({"levies": [per_person(1, "2.00", 0, 7)]});
    let hotel = romance(&Case { setup: with(case.setup.clone(), levies), ..case });
    let asked =
        json!({"check_in_date": "2025-12-01", "check_out_date": "2025-12-03", "adults": 2, "children": 1, "rate_plan_id": 2});
    let offer = hotel.post("/api/quotes", asked).expect(200)["items"][0].clone();
    assert_eq!(said(&offer["extras"]), ["6 × Breakfast 72.00", "1 × Wine 30.00", "2 × Parking 30.00 inside"]);
    assert_eq!(
        offer["taxes"],
        json!([
            {"name": "Tax 1", "amount": number("17.27"), "is_included": true},
            {"name": "Tax 2", "amount": number("22.00"), "is_included": true},
            {"name": "Levy 1", "amount": number("12.00"), "is_included": false},
        ])
    );
    assert_eq!((&offer["tax_amount"], &offer["total_amount"]), (&number("51.27"), &number("334.00")));
    let nights = offer["nights"].as_array().expect("nights");
    assert!(nights.iter().all(|night| night["rate"] == number("110.00")), "the steps are those of the room's price");
    let free = "/api/rooms/available?check_in_date=2025-12-01&check_out_date=2025-12-03&adults=2&children=1&rate_plan_id=2";
    let free = hotel.get(free).expect(200)["items"][0].clone();
    assert_eq!((&free["total_amount"], &free["added_amount"]), (&number("220.00"), &number("12.00")));
    assert_eq!(said(&free["extras"]), said(&offer["extras"]));
    let bar = json!({"check_in_date": "2025-12-01", "check_out_date": "2025-12-03", "adults": 2, "rate_plan_id": 1});
    assert_eq!(hotel.post("/api/quotes", bar).expect(200)["items"][0]["extras"], json!([]));
}

#[test]
fn extras_follow_the_people_and_the_first_night_and_an_undo_takes_them_back() {
    let hotel = romance(&two_rates(true));
    book(&hotel, json!({"check_in_date": "2025-11-12", "check_out_date": "2025-11-14"}));
    let change = |body: Value| hotel.patch(STAY, body).expect(200);
    assert_eq!(
        by_night(&change(json!({"children": 1})))[0],
        ["3 × Breakfast 36.00", "1 × Wine 30.00", "1 × Parking 15.00 inside"]
    );
    assert_eq!(change(json!({"children": 0}))["total_amount"], number("298.00"));
    // A night earlier: the bottle is there on the first one.
    let earlier = change(json!({"check_in_date": "2025-11-11"}));
    assert_eq!((by_night(&earlier)[0].len(), by_night(&earlier)[1].len(), by_night(&earlier)[2].len()), (3, 2, 2));
    assert_eq!(earlier["total_amount"], number("432.00"));
    let undone = hotel.post(&format!("{STAY}/undo"), json!({"event": "undo_change"})).expect(200);
    assert_eq!((&undone["total_amount"], by_night(&undone)[0].len()), (&number("298.00"), 3));
    // A night that was left out comes back with what was agreed, whatever the plan says by now.
    change(json!({"check_out_date": "2025-11-13"}));
    hotel.patch("/api/rate-plans/2", json!({"extras": []})).expect(200);
    let undone = hotel.post(&format!("{STAY}/undo"), json!({"event": "undo_change"})).expect(200);
    assert_eq!((&undone["total_amount"], by_night(&undone)[1].len()), (&number("298.00"), 2));
    assert_no_fault(&hotel, "follows");
}

#[test]
fn what_was_booked_stays_when_plan_and_article_change_until_it_is_rated_anew() {
    let hotel = romance(&two_rates(true));
    book(&hotel, json!({}));
    hotel.patch(&format!("/api/articles/{}", article(&hotel, "Breakfast")), json!({"name": "Buffet", "price": 20})).expect(200);
    hotel.patch("/api/rate-plans/2", json!({"extras": [extra(&hotel, "Buffet", "person", false)]})).expect(200);
    hotel.patch(STAY, json!({"notes": "late"})).expect(200);
    assert_eq!(by_night(&stay(&hotel))[1], ["2 × Breakfast 24.00", "1 × Parking 15.00 inside"]);
    let price = hotel.get(&format!("{STAY}/price")).expect(200);
    assert_eq!(said(&price["extras"]), ["4 × Breakfast 48.00", "1 × Wine 30.00", "2 × Parking 30.00 inside"]);
    assert_eq!(said(&price["rerated_extras"]), ["4 × Buffet 80.00"]);
    assert_eq!((&price["agreed_amount"], &price["rerated_amount"]), (&number("298.00"), &number("300.00")));
    // An added night is sold as the plan is by now.
    let asked = hotel.get(&format!("{STAY}/extension?check_out_date=2025-11-13")).expect(200);
    assert_eq!((said(&asked["extras"]), &asked["added_amount"]), (vec!["2 × Buffet 40.00".to_owned()], &number("150.00")));
    let longer = hotel.post(&format!("{STAY}/extend"), json!({"check_out_date": "2025-11-13"})).expect(200);
    assert_eq!(by_night(&longer)[1..], [vec!["2 × Breakfast 24.00", "1 × Parking 15.00 inside"], vec!["2 × Buffet 40.00"]]);
    hotel.post(&format!("{STAY}/undo"), json!({})).expect(200);
    let rerated = hotel.patch(STAY, json!({"rerate": true})).expect(200);
    assert_eq!(
        (by_night(&rerated)[1].clone(), &rerated["total_amount"]),
        (vec!["2 × Buffet 40.00".to_owned()], &number("300.00"))
    );
    let undone = hotel.post(&format!("{STAY}/undo"), json!({"event": "undo_change"})).expect(200);
    assert_eq!(undone["total_amount"], number("298.00"));
    assert_no_fault(&hotel, "frozen");
}

#[test]
fn a_derived_plan_has_its_parents_extras_and_its_own_in_their_place() {
    let hotel = romance(&two_rates(true));
    let derived = json!({"code": "EARLY", "name": "Early", "parent_id": 2, "offset_kind": "percent", "offset_percent": -10,
        "extras": [with(extra(&hotel, "Breakfast", "person", true), json!({"amount": 8}))]});
    let made = hotel.post("/api/rate-plans", derived).expect(201);
    let names = |list: &str| -> Vec<Value> {
        made[list].as_array().expect("extras").iter().map(|extra| extra["article_name"].clone()).collect()
    };
    assert_eq!((names("extras"), names("inherited_extras")), (vec![json!("Breakfast")], vec![json!("Parking"), json!("Wine")]));
    assert_eq!((&made["extras"][0]["amount"], &made["inherited_extras"][1]["price"]), (&number("8.00"), &number("30.00")));
    let booked = book(&hotel, json!({"rate_plan_id": 3}));
    assert_eq!(by_night(&booked)[0], ["1 × Wine 30.00", "1 × Parking 15.00 inside", "2 × Breakfast 16.00 inside"]);
    assert_eq!(booked["total_amount"], number("228.00"));
}

#[test]
fn nothing_is_sold_along_with_a_stay_that_nobody_pays_for() {
    let hotel = romance(&two_rates(true));
    let free = json!({"rate_kind": "complimentary", "rate_kind_reason": "Press"});
    let booked = book(&hotel, free);
    assert_eq!((&booked["total_amount"], by_night(&booked)[0].len()), (&number("0.00"), 0));
    // The owner reads what is given away with what would have been sold along.
    let given = hotel.get("/api/audit/exceptions").expect(200)["items"][0].clone();
    assert_eq!((&given["kind"], &given["amount"]), (&json!("complimentary"), &number("298.00")));
    assert_no_fault(&hotel, "complimentary");
    let paid = hotel.patch(STAY, json!({"rate_kind": "paying"})).expect(200);
    assert_eq!(paid["total_amount"], number("298.00"));
    assert_no_fault(&hotel, "paying again");
}

#[test]
fn of_a_guest_in_the_house_nothing_sold_along_goes_without_a_reason() {
    let hotel = romance(&two_rates(true));
    book(&hotel, json!({}));
    hotel.post(&format!("{STAY}/check-in"), json!({})).expect(200);
    assert_eq!(hotel.patch(STAY, json!({"adults": 1})).problem(409), "reason-needed");
    hotel.patch(STAY, json!({"adults": 1, "reason": "left early"})).expect(200);
    let told = hotel.get("/api/audit/exceptions").expect(200)["items"][0].clone();
    assert_eq!((&told["amount"], &told["reason"]), (&number("24.00"), &json!("left early")));
    assert_no_fault(&hotel, "one breakfast a night less");
}

#[test]
fn an_extra_whose_tax_group_has_gone_is_taxed_as_extras_are() {
    let case = two_rates(true);
    let three = setup(&[group(1, true, &[1]), group(2, true, &[2]), group(3, true, &[2])], &[tax(1, "10"), tax(2, "20")], &[]);
    let hotel = romance(&case);
    hotel.patch("/api/taxes", three).expect(200);
    let breakfast = format!("/api/articles/{}", article(&hotel, "Breakfast"));
    hotel.patch(&breakfast, json!({"tax_group_id": 3})).expect(200);
    book(&hotel, json!({}));
    hotel.patch(&breakfast, json!({"tax_group_id": 2})).expect(200);
    hotel.patch("/api/taxes", case.setup.clone()).expect(200);
    let folio = sleep_and_leave(&hotel);
    assert!(lines(&folio).contains(&"Breakfast 2 24.00 4.00".to_owned()), "{:?}", lines(&folio));
    assert_no_fault(&hotel, "a group gone");
}

#[test]
fn fees_are_of_the_price_with_what_is_inside_it_and_without_what_is_beside() {
    let hotel = romance(&two_rates(true));
    hotel.patch("/api/settings", first_night_from(1000)).expect(200);
    book(&hotel, json!({}));
    assert_eq!(stay(&hotel)["cancellation"]["fee_now"], number("110.00"));
    let cancelled = hotel.post(&format!("{STAY}/cancel"), json!({"reason": "ill"})).expect(200);
    assert_eq!((&cancelled["total_amount"], by_night(&cancelled)[1].len()), (&number("110.00"), 2));
    assert_no_fault(&hotel, "cancelled");
    let back = hotel.post(&format!("{STAY}/undo"), json!({})).expect(200);
    assert_eq!(back["total_amount"], number("298.00"));
    assert_no_fault(&hotel, "reinstated");
}

#[test]
fn leaving_early_staying_on_and_a_late_arrival_post_each_extra_once() {
    let hotel = romance(&two_rates(true));
    book(&hotel, json!({"check_out_date": "2025-11-14"}));
    next_day(&hotel, "2025-11-11");
    hotel.post(&format!("{STAY}/check-in"), json!({})).expect(200);
    let posted = || lines(&hotel.get(&format!("{STAY}/folio")).expect(200));
    assert_eq!(posted(), ["Night of 2025-11-10 1 110.00 11.14", "Breakfast 2 24.00 4.00", "Wine 1 30.00 5.00"]);
    hotel.post(&format!("{STAY}/undo"), json!({"event": "undo_check_in"})).expect(200);
    assert_no_fault(&hotel, "check-in taken back");
    hotel.post(&format!("{STAY}/check-in"), json!({})).expect(200);
    assert_eq!(posted().len(), 9, "three lines, their voids, and three anew");
    // In the house a person more eats from tonight on.
    let more = hotel.patch(STAY, json!({"adults": 3, "reason": "a friend"})).expect(200);
    assert_eq!((by_night(&more)[0][0].as_str(), by_night(&more)[1][0].as_str()), ("2 × Breakfast 24.00", "3 × Breakfast 36.00"));
    next_day(&hotel, "2025-11-12");
    let told = hotel.get(&format!("{STAY}/departure")).expect(200);
    assert_eq!((&told["dropped_amount"], &told["total_amount"]), (&number("292.00"), &number("310.00")));
    hotel.post(&format!("{STAY}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!(stay(&hotel)["total_amount"], number("310.00"));
    assert_no_fault(&hotel, "left early");
}

#[test]
fn a_night_that_was_slept_keeps_who_slept_there_and_a_day_that_becomes_a_night_again_is_posted_anew() {
    let hotel = romance(&two_rates(true));
    book(&hotel, json!({"check_out_date": "2025-11-13"}));
    hotel.post(&format!("{STAY}/check-in"), json!({})).expect(200);
    // Who leaves on the day of arrival, and comes back, has had nothing twice.
    hotel.post(&format!("{STAY}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_no_fault(&hotel, "left for the day");
    hotel.post(&format!("{STAY}/undo"), json!({})).expect(200);
    assert_no_fault(&hotel, "came back");
    assert_eq!(stay(&hotel)["total_amount"], number("432.00"));
    next_day(&hotel, "2025-11-11");
    let breakfasts = |stay: &Value| by_night(stay).into_iter().map(|night| night[0].clone()).collect::<Vec<_>>();
    let fewer = hotel.patch(STAY, json!({"adults": 1, "reason": "he went home"})).expect(200);
    assert_eq!(breakfasts(&fewer), ["2 × Breakfast 24.00", "1 × Breakfast 12.00", "1 × Breakfast 12.00"]);
    assert_no_fault(&hotel, "one went home");
    next_day(&hotel, "2025-11-12");
    hotel.post(&format!("{STAY}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!(stay(&hotel)["total_amount"], number("286.00"));
    assert_no_fault(&hotel, "left");
}

#[test]
fn an_overdue_guest_has_breakfast_for_each_night_stayed_and_none_for_tonights_hold() {
    let hotel = romance(&two_rates(true));
    book(&hotel, json!({"check_out_date": "2025-11-11"}));
    hotel.post(&format!("{STAY}/check-in"), json!({})).expect(200);
    for day in ["2025-11-11", "2025-11-12", "2025-11-13"] {
        next_day(&hotel, day);
    }
    let overdue = stay(&hotel);
    assert_eq!(by_night(&overdue).iter().map(Vec::len).collect::<Vec<_>>(), [3, 2, 2]);
    assert_eq!(overdue["total_amount"], number("432.00"));
    assert_no_fault(&hotel, "overdue");
    hotel.post(&format!("{STAY}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!(stay(&hotel)["total_amount"], number("432.00"));
    assert_no_fault(&hotel, "left late");
}

#[test]
fn each_room_of_a_party_a_walk_in_and_a_day_have_the_package() {
    let hotel = romance(&two_rates(true));
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["102-103"]})).expect(201);
    let party = json!({"guest": {"full_name": "Ana"}, "room_type_id": 1, "rate_plan_id": 2, "check_in_date": "2025-11-12",
        "check_out_date": "2025-11-13", "adults": 2, "more_rooms": [{"adults": 1}]});
    let first = hotel.post("/api/reservations", party).expect(201);
    assert_eq!(by_night(&first), [["2 × Breakfast 24.00", "1 × Wine 30.00", "1 × Parking 15.00 inside"]]);
    assert_eq!(by_night(&hotel.get("/api/reservations/2").expect(200))[0][0], "1 × Breakfast 12.00");
    let walk_in = json!({"guest": {"full_name": "Ben"}, "room_id": 1, "rate_plan_id": 2, "check_in_date": "2025-11-10",
        "check_out_date": "2025-11-10", "adults": 1, "check_in": {}});
    let day = hotel.post("/api/reservations", walk_in).expect(201);
    assert_eq!((&day["status"], &day["total_amount"]), (&json!("checked_in"), &number("152.00")));
    hotel.post("/api/reservations/3/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_no_fault(&hotel, "parties");
}

#[test]
fn what_takes_a_line_back_takes_its_parts_back() {
    let hotel = romance(&two_rates(true));
    book(&hotel, json!({}));
    hotel.post(&format!("{STAY}/check-in"), json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    hotel.post(&format!("{STAY}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
    let folio = || hotel.get(&format!("{STAY}/folio")).expect(200);
    let allow = |line: usize, amount: &str| {
        let of = folio()["lines"][line]["id"].clone();
        let off = json!({"kind": "allowance", "description": "Noise", "unit_amount": number(amount), "for_charge_id": of});
        hotel.post(&format!("{STAY}/charges"), off).expect(201)
    };
    let half = allow(0, "55.00");
    assert_eq!((&half["parts"][0]["amount"], &half["parts"][0]["tax_amount"]), (&number("-7.50"), &number("-1.25")));
    let rest = allow(0, "55.00");
    assert_eq!((&rest["parts"][0]["amount"], &rest["parts"][0]["tax_amount"]), (&number("-7.50"), &number("-1.25")));
    // Breakfast was cold: the line is the guest's own.
    let breakfast = allow(1, "24.00");
    assert_eq!((&breakfast["tax_amount"], &breakfast["parts"]), (&number("-4.00"), &json!([])));
    assert_no_fault(&hotel, "allowances");
}

#[test]
fn what_is_inside_takes_no_more_than_the_price() {
    let hotel = romance(&two_rates(true));
    let typed = json!({"nightly": [{"date": "2025-11-10", "rate": 10}], "reason": "a friend"});
    let booked = book(&hotel, typed);
    assert_eq!(by_night(&booked)[0][2], "1 × Parking 10.00 inside");
    assert_eq!(lines(&sleep_and_leave(&hotel))[0], "Night of 2025-11-10 1 10.00 1.67");
    assert_no_fault(&hotel, "inside");
}

#[test]
fn a_hotel_without_taxes_sells_packages_too() {
    let hotel = romance(&Case { setup: json!({}), ..nowhere() });
    assert_eq!(book(&hotel, json!({}))["total_amount"], number("298.00"));
    let quote = json!({"check_in_date": "2025-12-01", "check_out_date": "2025-12-02", "adults": 1, "rate_plan_id": 2});
    let offer = hotel.post("/api/quotes", quote).expect(200)["items"][0].clone();
    assert_eq!((&offer["total_amount"], &offer["taxes"]), (&number("152.00"), &json!([])));
    let folio = sleep_and_leave(&hotel);
    assert_eq!((&folio["total_amount"], &folio["lines"][0]["parts"][0]["amount"]), (&number("298.00"), &number("15.00")));
    assert_no_fault(&hotel, "no taxes");
}

#[test]
fn a_plan_takes_few_extras_each_once_and_with_a_price() {
    let hotel = romance(&two_rates(true));
    let breakfast = article(&hotel, "Breakfast");
    let free = hotel.post("/api/articles", json!({"name": "Laundry"})).expect(201)["id"].clone();
    let old = hotel.post("/api/articles", json!({"name": "Fax", "price": 1, "is_active": false})).expect(201)["id"].clone();
    let refused = |extras: Value| {
        let answer = hotel.patch("/api/rate-plans/2", json!({ "extras": extras })).expect(422);
        answer["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|e| e["field"].as_str().expect("a field").to_owned())
            .collect::<Vec<_>>()
    };
    let one = |id: &Value, amount: Value| json!({"article_id": id, "per": "night", "amount": amount});
    assert_eq!(refused(json!([one(&breakfast, Value::Null), one(&breakfast, Value::Null)])), ["extras[1].article_id"]);
    assert_eq!(refused(json!([one(&free, Value::Null)])), ["extras[0].amount"]);
    assert_eq!(refused(json!([one(&free, json!(0))])), ["extras[0].amount"]);
    assert_eq!(refused(json!([one(&free, json!(-1))])), ["extras[0].amount"]);
    assert_eq!(refused(json!([one(&old, json!(1))])), ["extras[0].article_id"]);
    assert_eq!(refused(json!([one(&json!(99), json!(1))])), ["extras[0].article_id"]);
    hotel.patch("/api/rate-plans/2", json!({"extras": vec![one(&breakfast, json!(1)); 11]})).problem(422);
    // What a plan sells along stays for sale, with a price.
    let at = format!("/api/articles/{breakfast}");
    assert_eq!(hotel.patch(&at, json!({"is_active": false})).problem(409), "still-in-use");
    assert_eq!(hotel.patch(&at, json!({"price": null})).problem(409), "still-in-use");
    hotel.patch("/api/rate-plans/2", json!({"extras": [one(&breakfast, json!(9))]})).expect(200);
    hotel.patch(&at, json!({"price": null})).expect(200);
    assert_eq!(hotel.patch(&at, json!({"is_active": false})).problem(409), "still-in-use");
    hotel.patch("/api/rate-plans/2", json!({"extras": []})).expect(200);
    hotel.patch(&at, json!({"is_active": false})).expect(200);
}
