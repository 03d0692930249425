//! Taxes and levies on the bill: taken off, voided, held, told ahead, changed.

use serde_json::{Value, json};

use super::desk::next_day;
use super::tax_cases::{
    Case, assert_no_fault, group, levy, nowhere, number, per_person, service, setup, share, split, tax, with,
};
use crate::support::TestHotel;

fn jakarta() -> Case {
    let setup = setup(&[group(1, false, &[1, 2])], &[service(1, "10"), tax(2, "10")], &[]);
    Case { name: "Jakarta", currency: "IDR", setup, nights: 2, price: "850000", ..nowhere() }
}

fn lisbon() -> Case {
    let setup = setup(&[group(1, true, &[1])], &[tax(1, "6")], &[per_person(1, "4", 13, 7)]);
    Case { name: "Lisbon", setup, nights: 1, price: "120.00", ..nowhere() }
}

fn add(hotel: &TestHotel, charge: Value) -> Value {
    hotel.post("/api/reservations/1/charges", charge).expect(201)
}

fn total(hotel: &TestHotel) -> Value {
    hotel.get("/api/reservations/1").expect(200)["total_amount"].clone()
}

#[test]
fn an_allowance_comes_to_what_was_typed_and_takes_its_lines_taxes_along() {
    let hotel = jakarta().hotel();
    jakarta().book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let taxes = || hotel.get("/api/reservations/1/folio").expect(200)["taxes"].clone();
    let before = total(&hotel);
    let tea = add(&hotel, json!({"kind": "extra", "description": "Tea", "unit_amount": 100_000}));
    assert_eq!((&tea["amount"], &tea["added_amount"], &tea["tax_amount"]), (&json!(121_000), &json!(21_000), &json!(11_000)));
    let off = json!({"kind": "allowance", "description": "Cold", "unit_amount": 121_000, "for_charge_id": tea["id"]});
    let off = add(&hotel, off);
    assert_eq!((&off["amount"], &off["tax_amount"], &off["description"]), (&json!(-121_000), &json!(-11_000), &json!("Cold")));
    assert!(taxes().as_array().expect("taxes").iter().all(|tax| tax["amount"] == 0), "{}", taxes());
    assert_eq!(total(&hotel), before);
    let more = json!({"kind": "allowance", "description": "More", "unit_amount": 121_001, "for_charge_id": tea["id"]});
    assert_eq!(hotel.post("/api/reservations/1/charges", more).problem(409), "more-than-original");
    let other = json!({"kind": "extra", "description": "X", "unit_amount": 1, "for_charge_id": tea["id"]});
    hotel.post("/api/reservations/1/charges", other).problem(422);
    // Without a line it is of the room, and comes to what was typed all the same.
    let some = add(&hotel, json!({"kind": "allowance", "description": "Noise", "unit_amount": 12_100}));
    assert_eq!((&some["amount"], &some["tax_amount"]), (&json!(-12_100), &json!(-1_100)));
    assert_no_fault(&hotel, "Jakarta");
}

#[test]
fn allowances_on_one_line_take_no_more_off_together_than_it_comes_to() {
    let hotel = jakarta().hotel();
    jakarta().book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let before = total(&hotel);
    let tea = add(&hotel, json!({"kind": "extra", "description": "Tea", "unit_amount": 100_003}));
    let whole = tea["amount"].as_i64().expect("amount");
    let off =
        |amount: i64| json!({"kind": "allowance", "description": "Cold", "unit_amount": amount, "for_charge_id": tea["id"]});
    let first = add(&hotel, off(7));
    add(&hotel, off(50_000));
    let more = hotel.post("/api/reservations/1/charges", off(whole - 50_006));
    assert!(more.expect(409)["detail"].as_str().is_some_and(|words| words.ends_with("is left of it.")));
    assert_eq!(
        hotel.post(&format!("/api/reservations/1/charges/{}/void", tea["id"]), json!({"reason": "x"})).problem(409),
        "more-than-original"
    );
    add(&hotel, off(whole - 50_007));
    let taxes = hotel.get("/api/reservations/1/folio").expect(200)["taxes"].clone();
    assert!(
        taxes.as_array().expect("taxes").iter().all(|tax| tax["amount"] == 0),
        "the last one takes the last of them: {taxes}"
    );
    assert_eq!(total(&hotel), before);
    // One that is taken back leaves as much to be taken off again.
    hotel.post(&format!("/api/reservations/1/charges/{}/void", first["id"]), json!({"reason": "mistake"})).expect(201);
    hotel.post("/api/reservations/1/charges", off(8)).problem(409);
    add(&hotel, off(7));
    assert_eq!(total(&hotel), before);
    assert_no_fault(&hotel, "one line");
}

#[test]
fn an_allowance_on_a_split_price_adds_up_with_its_taxes() {
    let groups = [group(1, true, &[1]), group(2, true, &[2]), split(3, true, &[(1, "50"), (2, "50")])];
    let setup = with(setup(&groups, &[tax(1, "6"), tax(2, "13")], &[]), json!({"extra_group_id": 3}));
    let case = Case { name: "half each", setup, nights: 1, price: "100.00", ..nowhere() };
    let hotel = case.hotel();
    case.book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let dinner = add(&hotel, json!({"kind": "extra", "description": "Package", "unit_amount": number("150.00")}));
    let off = |amount: &str| {
        let body =
            json!({"kind": "allowance", "description": "Cold", "unit_amount": number(amount), "for_charge_id": dinner["id"]});
        add(&hotel, body)
    };
    for amount in ["50.01", "0.01", "33.33"] {
        let made = off(amount);
        let folio = hotel.get("/api/reservations/1/folio").expect(200);
        let taxes = folio["taxes"].as_array().expect("taxes");
        let bill: i64 = taxes.iter().map(|tax| minor(&tax["net_amount"]) + minor(&tax["amount"])).sum();
        let lines: i64 = folio["lines"].as_array().expect("lines").iter().map(|line| minor(&line["amount"])).sum();
        assert_eq!(bill, lines, "after {amount}: {taxes:?}");
        assert_eq!(minor(&made["net_amount"]) + minor(&made["tax_amount"]), minor(&made["amount"]));
    }
    off("66.65");
    let taxes = hotel.get("/api/reservations/1/folio").expect(200)["taxes"].clone();
    assert!(
        taxes.as_array().expect("taxes").iter().all(|tax| minor(&tax["amount"]) == 0 && minor(&tax["net_amount"]) == 0),
        "{taxes}"
    );
    assert_no_fault(&hotel, "split");
}

#[test]
fn a_void_gives_the_taxes_back_and_what_is_to_come_is_as_before() {
    let setup = setup(&[group(1, false, &[1])], &[tax(1, "10")], &[]);
    let case = Case { name: "void", setup, nights: 1, price: "100.04", ..nowhere() };
    let hotel = case.hotel();
    case.book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    assert_eq!(total(&hotel), number("110.04"));
    let extra = add(&hotel, json!({"kind": "extra", "description": "Mint", "unit_amount": number("0.04")}));
    assert_eq!(total(&hotel), number("110.09"), "both together are rounded once");
    hotel.post(&format!("/api/reservations/1/charges/{}/void", extra["id"]), json!({"reason": "mistake"})).expect(201);
    assert_eq!(total(&hotel), number("110.04"));
    assert_no_fault(&hotel, "void");
}

#[test]
fn the_room_held_for_an_overdue_guest_owes_no_city_tax_until_the_night_is_stayed() {
    let hotel = lisbon().hotel();
    lisbon().book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    // One night as booked, one stayed over at its price, both posted; tonight's held.
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert_eq!(folio["unposted"], json!([]));
    let lines = folio["lines"].as_array().expect("lines");
    let levies: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "levy").map(|line| &line["amount"]).collect();
    assert_eq!(levies, [&number("8.00"), &number("8.00")]);
    let lines: i64 = lines.iter().map(|line| minor(&line["amount"])).sum();
    assert_eq!(minor(&folio["total_amount"]), lines, "the lines make up the total");
    assert_no_fault(&hotel, "overdue");
}

fn minor(amount: &Value) -> i64 {
    amount.to_string().replace('.', "").parse().expect("digits")
}

#[test]
fn a_city_tax_that_was_taken_off_is_not_in_its_return() {
    let hotel = lisbon().hotel();
    Case { nights: 2, ..lisbon() }.book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    let returned = || {
        let report = hotel.get("/api/reports/city-tax?from=2025-11-01&to=2025-11-30").expect(200);
        (report["rows"][0][1].clone(), report["rows"][0][4].clone())
    };
    assert_eq!(returned(), (json!(2), number("8.00")));
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let lines = folio["lines"].as_array().expect("lines");
    let levy = lines.iter().find(|line| line["kind"] == "levy").expect("a levy")["id"].clone();
    let off = |amount: &str| {
        let body = json!({"kind": "allowance", "description": "Exempt", "unit_amount": number(amount), "for_charge_id": levy});
        add(&hotel, body)["id"].clone()
    };
    off("3.00");
    assert_eq!(returned(), (json!(2), number("5.00")));
    let rest = off("5.00");
    assert_eq!(returned(), (json!(0), number("0.00")));
    hotel.post(&format!("/api/reservations/1/charges/{rest}/void"), json!({"reason": "mistake"})).expect(201);
    assert_eq!(returned(), (json!(2), number("5.00")));
}

#[test]
fn a_levy_in_one_line_is_parted_among_its_authorities_in_the_return() {
    let shared = |from: &str, amount: &str, shares: [(&str, &str); 2]| {
        let authorities = shares.map(|(name, share)| json!({"name": name, "share": number(share)}));
        json!({"from": from, "bands": [{"amount": number(amount)}], "authorities": authorities})
    };
    // Barcelona, 4 stars: 1.70 + 4.00 before, 3.40 + 5.00 after (Llei 2/2026).
    let old = shared("2000-01-01", "5.70", [("Generalitat", "1.70"), ("Ajuntament", "4")]);
    let new = shared("2025-11-11", "8.40", [("Generalitat", "3.40"), ("Ajuntament", "5")]);
    let one_line = with(per_person(1, "1", 17, 7), json!({"rates": [old, new], "group_id": 1}));
    let own = with(levy(2, "room_night", json!({"amount": number("1.00")})), json!({"name": "Clean sea"}));
    let setup = setup(&[group(1, true, &[1])], &[tax(1, "10")], &[one_line, own]);
    let barcelona = Case { name: "Barcelona", setup, nights: 2, price: "150.00", ..nowhere() };
    let hotel = barcelona.hotel();
    barcelona.book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    let told = || {
        let report = hotel.get("/api/reports/city-tax?from=2025-11-01&to=2025-11-30&by=authority").expect(200);
        let rows = report["rows"].as_array().expect("rows").clone();
        let all = hotel.get("/api/reports/city-tax?from=2025-11-01&to=2025-11-30").expect(200);
        for column in [3, 4, 5] {
            let parts: i64 = rows.iter().map(|row| minor(&row[column])).sum();
            let whole: i64 = all["rows"].as_array().expect("rows").iter().map(|row| minor(&row[column - 1])).sum();
            assert_eq!(parts, whole, "{rows:?}");
        }
        rows.iter().map(|row| json!([row[0], row[2], row[3], row[4], row[5]])).collect::<Vec<_>>()
    };
    let row = |name: &str, units: i64, net: &str, tax: &str, amount: &str| {
        json!([name, units, number(net), number(tax), number(amount)])
    };
    let both = [
        row("Ajuntament", 4, "18.00", "1.80", "19.80"),
        row("Clean sea", 2, "2.00", "0.00", "2.00"),
        row("Generalitat", 4, "10.20", "1.02", "11.22"),
    ];
    assert_eq!(told(), both);
    // What is taken off later goes back by the shares of its own night.
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let lines = folio["lines"].as_array().expect("lines");
    let first = lines.iter().find(|line| line["kind"] == "levy" && line["night"] == "2025-11-10").expect("a levy");
    assert_eq!(first["amount"], number("12.54"));
    add(
        &hotel,
        json!({"kind": "allowance", "description": "Exempt", "unit_amount": number("6.27"), "for_charge_id": first["id"]}),
    );
    assert_eq!(told()[0], row("Ajuntament", 4, "14.00", "1.40", "15.40"));
    assert_eq!(told()[2], row("Generalitat", 4, "8.50", "0.85", "9.35"));

    let wrong = |shares: Value| {
        let rates = json!([{"from": "2000-01-01", "bands": [{"amount": 1}], "authorities": shares}]);
        let body = json!({"levies": [with(per_person(3, "1", 17, 7), json!({"rates": rates}))]});
        hotel.patch("/api/taxes", body).bad_fields()
    };
    let state = json!({"name": "State", "share": 4});
    assert_eq!(wrong(json!([state])), ["levies[0].rates[0].authorities"]);
    assert_eq!(wrong(json!([state, state])), ["levies[0].rates[0].authorities[1]"]);
    assert_eq!(wrong(json!([state, {"name": "County", "share": 0}])), ["levies[0].rates[0].authorities[1].share"]);
    assert_eq!(wrong(json!([state, {"name": " ", "share": 2}])), ["levies[0].rates[0].authorities[1].name"]);
}

#[test]
fn what_cannot_be_parted_evenly_adds_up_all_the_same() {
    // An occupancy tax of 6 %: 4 for the state, 2 for the county.
    let authorities = json!([{"name": "State", "share": 4}, {"name": "County", "share": 2}]);
    let rates = json!([{"from": "2000-01-01", "bands": [{"percent": 6}], "authorities": authorities}]);
    let occupancy = with(share(1, "6"), json!({"rates": rates}));
    let setup = setup(&[group(1, false, &[])], &[], &[occupancy]);
    let case = Case { name: "6 %", currency: "USD", setup, nights: 1, price: "111.10", ..nowhere() };
    let hotel = case.hotel();
    case.book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    let report = hotel.get("/api/reports/city-tax?from=2025-11-01&to=2025-11-30&by=authority").expect(200);
    let parts = [0, 1].map(|row| (report["rows"][row][0].clone(), report["rows"][row][5].clone()));
    // 6.666 is rounded once, and the cent that is left over goes to the largest fraction.
    assert_eq!(parts, [(json!("County"), number("2.22")), (json!("State"), number("4.45"))]);
}

#[test]
fn a_night_that_was_billed_as_a_day_has_its_city_tax_once_it_is_slept() {
    let hotel = lisbon().hotel();
    Case { nights: 2, ..lisbon() }.book(&hotel);
    let stay = |action: &str, body: Value| hotel.post(&format!("/api/reservations/1/{action}"), body).expect(200);
    stay("check-in", json!({}));
    let left = stay("check-out", json!({"settle": {"payment_method": "cash"}}));
    assert_eq!(left["total_amount"], number("120.00"), "a day without a night owes no city tax");
    stay("undo", json!({}));
    assert_eq!(total(&hotel), number("256.00"));
    next_day(&hotel, "2025-11-11");
    next_day(&hotel, "2025-11-12");
    stay("check-out", json!({"settle": {"payment_method": "cash"}}));
    assert_eq!(total(&hotel), number("256.00"));
    assert_no_fault(&hotel, "slept after all");
}

#[test]
fn a_fee_is_told_as_it_will_be_posted_and_goes_back_whole() {
    let hotel = jakarta().hotel();
    hotel.patch("/api/settings", super::desk::first_night_from(720)).expect(200);
    jakarta().book(&hotel);
    let told = hotel.get("/api/reservations/1").expect(200)["cancellation"]["fee_now"].clone();
    assert_eq!(told, json!(1_028_500));
    let cancelled = hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    assert_eq!(cancelled["total_amount"], told);
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/undo", json!({})).expect(200);
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    assert!(folio["taxes"].as_array().expect("taxes").iter().all(|tax| tax["amount"] == 0), "{}", folio["taxes"]);
    assert_no_fault(&hotel, "fee");
}

#[test]
fn a_changed_set_up_reaches_the_nights_to_come_and_a_tax_on_a_bill_stays() {
    let hotel = lisbon().hotel();
    lisbon().book(&hotel);
    assert_eq!(total(&hotel), number("128.00"));
    hotel.patch("/api/taxes", json!({"levies": []})).expect(200);
    assert_eq!(total(&hotel), number("120.00"));
    hotel.patch("/api/taxes", json!({"levies": [per_person(1, "5", 0, 7)]})).expect(200);
    assert_eq!(total(&hotel), number("130.00"));
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!(hotel.patch("/api/taxes", json!({"levies": []})).problem(409), "still-in-use");
    let renamed = json!({"taxes": [with(tax(1, "6"), json!({"name": "Another"}))]});
    assert_eq!(hotel.patch("/api/taxes", renamed).problem(409), "still-in-use", "old bills keep their words");
    let without = json!({"taxes": [], "groups": [group(1, true, &[])]});
    assert_eq!(hotel.patch("/api/taxes", without).problem(409), "still-in-use");
    let wrong = json!({"groups": [group(1, true, &[7, 7])], "levies": [with(share(2, "5"), json!({"unit": "stay", "whom": "residents"}))]});
    let complaint = hotel.patch("/api/taxes", wrong).expect(422);
    let fields: Vec<&str> = complaint["errors"].as_array().expect("fields").iter().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(
        fields,
        [
            "groups[0].tax_ids[0]",
            "groups[0].tax_ids[1]",
            "groups[0].tax_ids[1]",
            "levies[0].whom",
            "levies[0].rates[0].bands[0].percent"
        ]
        .into_iter()
        .collect::<Vec<_>>()
    );
}

#[test]
fn an_offer_tells_what_taxes_add_to_it() {
    let hotel = jakarta().hotel();
    let asked = "/api/rooms/available?check_in_date=2025-11-10&check_out_date=2025-11-12&adults=2";
    hotel.patch("/api/room-types/1", json!({"default_rate": 850_000})).expect(200);
    let offer = hotel.get(asked).expect(200)["items"][0].clone();
    assert_eq!((&offer["total_amount"], &offer["added_amount"]), (&json!(1_700_000), &json!(357_000)));
}

#[test]
fn who_is_exempt_pays_no_city_tax_for_a_reason_that_the_owner_reads() {
    let hotel = lisbon().hotel();
    Case { nights: 2, ..lisbon() }.book(&hotel);
    assert_eq!(total(&hotel), number("256.00"));
    let people = |reason: &str| json!({"guests": [{"full_name": "Ana", "levy_exemption": reason}, {"full_name": "Ben"}]});
    let written = hotel.put("/api/reservations/1/guests", people("Treated at the hospital")).expect(200);
    assert_eq!(
        (&written["has_levies"], &written["items"][0]["levy_exemption"]),
        (&json!(true), &json!("Treated at the hospital"))
    );
    assert_eq!(total(&hotel), number("248.00"));
    let told = hotel.get("/api/audit/exceptions").expect(200)["items"][0].clone();
    assert_eq!(
        (&told["kind"], &told["amount"], &told["reason"]),
        (&json!("levy_exempted"), &number("8.00"), &json!("Treated at the hospital"))
    );
    let told = |hotel: &TestHotel| hotel.get("/api/audit/exceptions").expect(200)["items"].as_array().map(Vec::len);
    // The same once more is told no second time, though the total falls for another reason.
    let with_child = json!({"guests": [{"full_name": "Ana", "levy_exemption": "Treated at the hospital"}, {"full_name": "Ben", "birth_date": "2020-01-01"}]});
    hotel.put("/api/reservations/1/guests", with_child).expect(200);
    assert_eq!((total(&hotel), told(&hotel)), (number("240.00"), Some(1)));
    // The same words of somebody else are told, though they take nothing off a child.
    let both = json!({"guests": [{"full_name": "Ana", "levy_exemption": "Treated at the hospital"},
        {"full_name": "Ben", "birth_date": "2020-01-01", "levy_exemption": "Treated at the hospital"}]});
    hotel.put("/api/reservations/1/guests", both).expect(200);
    assert_eq!(told(&hotel), Some(2));
    hotel.put("/api/reservations/1/guests", people(" ")).expect(200);
    assert_eq!(total(&hotel), number("256.00"));
    assert_no_fault(&hotel, "exempt");
}
