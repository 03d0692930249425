//! Prices as files: out and in again, as spreadsheets change them, told before, whole or not at all, put back.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use crate::support::TestHotel;

const FILE: &str = "/api/rate-calendar/file?from=2025-12-24&to=2025-12-26";

/// Doubles at 100 and suites at 1250.50, a code that a spreadsheet would run, a plan 10 % below BAR that ends in .90.
fn hotel() -> TestHotel {
    let hotel = TestHotel::new();
    hotel.add_room_type("Double", "DBL", 100);
    let suite = json!({"name": "Suite", "code": "=1+1", "capacity_adults": 2, "default_rate": 1250.5});
    hotel.post("/api/room-types", suite).expect(201);
    let web = json!({"code": "WEB", "name": "Web", "parent_id": 1, "offset_kind": "percent", "offset_percent": -10, "rounding": {"to": "0.90", "way": "up"}});
    hotel.post("/api/rate-plans", web).expect(201);
    let rate = json!({"room_type_id": 1, "from": "2025-12-25", "to": "2025-12-25", "rate": 180});
    hotel.put("/api/rate-plans/1/rates", rate).expect(200);
    let closed = json!({"room_type_ids": [1], "from": "2025-12-24", "to": "2025-12-24", "min_stay_arrival": 3, "is_closed_to_departure": true});
    hotel.put("/api/rate-plans/1/restrictions", closed).expect(200);
    hotel
}

fn exported(hotel: &TestHotel, more: &str) -> String {
    let answer = hotel.get(&format!("{FILE}{more}"));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"prices.csv\""));
    String::from_utf8(answer.body.clone()).expect("text")
}

fn preview(hotel: &TestHotel, csv: &str) -> Value {
    hotel.post("/api/rate-calendar/imports/preview", json!({"csv": csv})).expect(200)
}

fn complaints(hotel: &TestHotel, csv: &str) -> Vec<(String, String)> {
    let answer = hotel.post("/api/rate-calendar/imports", json!({"csv": csv})).expect(422);
    let errors = answer["errors"].as_array().expect("errors");
    let text = |error: &Value, name: &str| error[name].as_str().expect("a text").to_owned();
    errors.iter().map(|error| (text(error, "field"), text(error, "message"))).collect()
}

#[test]
fn what_goes_out_comes_in_again_and_changes_nothing() {
    let hotel = hotel();
    let file = exported(&hotel, "");
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "date,room_type,rate_plan,price,min_stay_arrival,max_stay_arrival,min_stay_through,max_stay_through,is_closed_to_arrival,is_closed_to_departure,is_stop_sell,min_advance_days,max_advance_days",
            "2025-12-24,DBL,BAR,100.00,3,,,,,yes,,,",
            "2025-12-25,DBL,BAR,180.00,,,,,,,,,",
        ]
    );
    // What is the parent's is not said again.
    assert_eq!(lines[4], "2025-12-24,DBL,WEB,90.90,,,,,,,,,");
    assert_eq!(lines[7], "2025-12-24,'=1+1,BAR,1250.50,,,,,,,,,", "no cell is a formula");
    let semicolons = exported(&hotel, "&separator=semicolon");
    assert!(semicolons.contains("2025-12-24;'=1+1;BAR;1250,50;"), "{semicolons}");
    for file in [&file, &semicolons, &format!("\u{feff}sep=,\r\n{}", file.replace('\n', "\r\n"))] {
        let told = preview(&hotel, file);
        assert_eq!((&told["rows"], &told["rates"], &told["restrictions"]), (&json!(12), &json!([]), &json!([])), "{file}");
        hotel.post("/api/rate-calendar/imports", json!({"csv": file})).expect(200);
    }
    assert_eq!(exported(&hotel, ""), file);
    assert_eq!(exported(&hotel, "&rate_plan_id=2&room_type_id=1").lines().count(), 4);
}

#[test]
fn a_file_as_a_spreadsheet_leaves_it_is_told_taken_and_put_back_cell_by_cell() {
    let hotel = hotel();
    let before = exported(&hotel, "");
    // Days first, decimal commas, groups, further rows left out; one price is taken away, and a plan's own is typed.
    let edited = "Date;Room type;Rate plan;Price;min_stay_arrival;is_closed_to_arrival\r\n\
        24.12.2025;dbl;bar;1.120,50;2;yes\r\n\
        25.12.2025;DBL;BAR;;;\r\n\
        \r\n\
        26.12.2025;Double;WEB;99,90;;no\r\n";
    let told = preview(&hotel, edited);
    assert_eq!(exported(&hotel, ""), before, "nothing was changed");
    let change = |at: usize| {
        let one = &told["rates"][at];
        ["date", "before", "own_before", "own_after"].map(|name| one[name].to_string().replace('"', "")).join(" ")
    };
    assert_eq!(
        [change(0), change(1), change(2)],
        ["2025-12-24 100.00 null 1120.50", "2025-12-25 180.00 180.00 null", "2025-12-26 90.90 null 99.90"]
    );
    let kinds: Vec<String> = (told["restrictions"].as_array().expect("restrictions").iter())
        .map(|one| format!("{} {} {} {}", one["rate_plan_id"], one["kind"], one["before"], one["after"]).replace('"', ""))
        .collect();
    assert_eq!(kinds, ["1 min_stay_arrival 3 2", "1 is_closed_to_arrival null 1", "2 is_closed_to_arrival null 0"]);
    let done = hotel.post("/api/rate-calendar/imports", json!({"csv": edited, "expects": told["state"]})).expect(200);
    assert_eq!(done, told, "what was told is what was done");
    let after = exported(&hotel, "");
    for line in ["2025-12-24,DBL,BAR,1120.50,2,,,,yes,yes,,,", "2025-12-25,DBL,BAR,100.00,", "2025-12-26,DBL,WEB,99.90,,,,,no,"] {
        assert!(after.contains(line), "{line}: {after}");
    }
    let cells = |list: &str, was: &str, is: &str, value: &str| -> Vec<Value> {
        let back = |one: &Value| {
            let mut cell = one.clone();
            let fields = cell.as_object_mut().expect("a cell");
            fields.retain(|name, _| ["rate_plan_id", "room_type_id", "date", "kind"].contains(&name.as_str()));
            fields.insert(value.to_owned(), one[was].clone());
            fields.insert("expected".to_owned(), one[is].clone());
            cell
        };
        done[list].as_array().expect("a list").iter().map(back).collect()
    };
    let back = json!({"rates": cells("rates", "own_before", "own_after", "rate"), "restrictions": cells("restrictions", "before", "after", "value")});
    assert_eq!(hotel.put("/api/rate-calendar/cells", back).expect(200), json!({"set": 6, "left": 0}));
    assert_eq!(exported(&hotel, ""), before);
}

#[test]
fn of_a_file_with_a_bad_cell_nothing_is_taken_and_each_is_told_by_line_and_column() {
    let hotel = hotel();
    let before = exported(&hotel, "");
    let file = "date,room_type,rate_plan,price,min_stay_through,is_stop_sell\n\
        2025-12-24,DBL,BAR,111,,\n\
        \n\
        2025-02-30,DBL,BAR,1,,\n\
        2025-12-25,XXL,NONE,1,,\n\
        2025-12-26,DBL,BAR,12 nights,,\n\
        2025-12-26,DBL,WEB,-5,,\n\
        2025-12-24,DBL,BAR,112,,\n\
        2025-12-27,DBL,BAR,1,0,\n\
        2025-12-28,DBL,BAR,1,,maybe\n";
    let told: Vec<String> = complaints(&hotel, file).into_iter().map(|(field, message)| format!("{field} {message}")).collect();
    assert_eq!(
        told,
        [
            "csv[4].date must be a date such as 2025-11-10",
            "csv[5].room_type does not exist",
            "csv[5].rate_plan does not exist",
            "csv[6].price must be a price, the number alone",
            "csv[7].price must be a price, the number alone",
            "csv[8].date stands twice",
            "csv[9].min_stay_through must be from 1 to 400",
            "csv[10].is_stop_sell must be yes, no or empty",
        ]
    );
    assert_eq!(exported(&hotel, ""), before);
    for (file, message) in [
        ("", "has no column date"),
        ("date,room_type,price\n2025-12-24,DBL,1", "has no column rate_plan"),
        ("date,room_type,rate_plan,colour\n2025-12-24,DBL,BAR,red", "has an unknown column colour"),
        ("date,room_type,rate_plan,price,price\n2025-12-24,DBL,BAR,1,1", "has the column price twice"),
        ("date,room_type,rate_plan,price\n", "has no rows"),
    ] {
        assert!(complaints(&hotel, file).iter().any(|(field, said)| field == "csv" && said == message), "{file}");
    }
    let many = format!("date,room_type,rate_plan\n{}", "BAD,DBL,BAR\n".repeat(500));
    assert_eq!(complaints(&hotel, &many).len(), 100, "the first hundred are enough");
}

#[test]
fn a_file_that_would_change_something_else_than_it_told_is_refused_and_prices_are_managers() {
    let hotel = hotel();
    let file = "date,room_type,rate_plan,price\n2025-12-25,DBL,BAR,200\n";
    let told = preview(&hotel, file);
    let other = json!({"room_type_id": 1, "from": "2025-12-25", "to": "2025-12-25", "rate": 190});
    hotel.put("/api/rate-plans/1/rates", other).expect(200);
    let sent = json!({"csv": file, "expects": told["state"]});
    assert_eq!(hotel.post("/api/rate-calendar/imports", sent).problem(409), "stale-version");
    let desk = hotel.as_role(Role::Receptionist);
    desk.post("/api/rate-calendar/imports", json!({"csv": file})).expect(403);
    desk.post("/api/rate-calendar/imports/preview", json!({"csv": file})).expect(403);
    assert_eq!(desk.get(FILE).status, 200);
}

#[test]
fn thousands_of_a_currency_without_decimals_are_never_taken_for_decimals() {
    let hotel = TestHotel::builder().currency("IDR").open();
    hotel.add_room_type("Double", "DBL", 500_000);
    for (price, own) in [("1.500", "1500"), ("1,500", "1500"), ("1.250.000", "1250000"), ("750000", "750000")] {
        let file = format!("date\troom_type\trate_plan\tprice\n2025-12-25\tDBL\tBAR\t{price}\n");
        assert_eq!(preview(&hotel, &file)["rates"][0]["own_after"].to_string(), own, "{price}");
    }
}

#[test]
fn three_digits_behind_a_mark_are_thousands_where_a_currency_has_two_decimals() {
    let hotel = hotel();
    let own = |delimiter: &str, price: &str| {
        let row = |values: [&str; 4]| values.join(delimiter);
        let file =
            format!("{}\n{}\n", row(["date", "room_type", "rate_plan", "price"]), row(["2025-12-26", "DBL", "BAR", price]));
        preview(&hotel, &file)["rates"][0]["own_after"].to_string()
    };
    for (delimiter, price, read) in [
        ("\t", "1.250", "1250.00"),
        ("\t", "1,250", "1250.00"),
        (";", "1,250", "1250.00"),
        ("\t", "1.25", "1.25"),
        (";", "1,25", "1.25"),
    ] {
        assert_eq!(own(delimiter, price), read, "{price}");
    }
}
