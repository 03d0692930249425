//! Reports: each in every form, against sums made here.

use innkeeper::domain::actor::Role;
use innkeeper::hotel::reports;
use serde_json::{Value, json};

use super::desk::{book, exact, next_day, small_hotel};
use super::statistics::lived;
use super::tax_cases::{group, number, per_person, setup};
use crate::support::TestHotel;

fn report(hotel: &TestHotel, target: &str) -> Value {
    hotel.get(&format!("/api/reports/{target}")).expect(200)
}

fn place(report: &Value, key: &str) -> usize {
    let columns = report["columns"].as_array().expect("columns");
    columns.iter().position(|column| column["key"] == key).unwrap_or_else(|| panic!("no {key} in {columns:?}"))
}

/// A column's cells, in minor units where they are amounts.
fn column(report: &Value, key: &str) -> Vec<i64> {
    let at = place(report, key);
    report["rows"].as_array().expect("rows").iter().map(|row| minor(&row[at])).collect()
}

fn minor(cell: &Value) -> i64 {
    let text = cell.to_string();
    let (whole, cents) = text.split_once('.').unwrap_or((&text, ""));
    if cents.is_empty() { whole.parse().unwrap_or(0) } else { format!("{whole}{cents}").parse().expect("an amount") }
}

fn total(report: &Value, key: &str) -> i64 {
    minor(&report["totals"][place(report, key)])
}

const PERIOD: &str = "from=2025-11-01&to=2025-12-20";

#[test]
fn every_report_is_there_in_every_form_by_every_row_and_compared() {
    let hotel = TestHotel::furnished();
    let listed = hotel.get("/api/reports").expect(200);
    let entries = listed["items"].as_array().expect("items");
    assert_eq!(entries.len(), reports::all().count());
    for entry in entries {
        let name = entry["name"].as_str().expect("a name");
        let plain = report(&hotel, name);
        assert_eq!((&plain["from"], &plain["to"], &plain["title"]), (&entry["from"], &entry["to"], &entry["title"]), "{name}");
        let width = plain["columns"].as_array().expect("columns").len();
        for by in entry["by"].as_array().expect("choices").iter().map(|by| by.as_str().expect("a word")) {
            let rows = report(&hotel, &format!("{name}?by={by}&{PERIOD}"));
            let width = rows["columns"].as_array().expect("columns").len();
            assert!(
                rows["rows"].as_array().expect("rows").iter().all(|row| row.as_array().is_some_and(|row| row.len() == width)),
                "{name} {by}"
            );
        }
        for chart in plain["charts"].as_array().expect("charts") {
            place(&plain, chart.as_str().expect("a key"));
        }
        let compared = hotel.get(&format!("/api/reports/{name}?compare=last_year"));
        if entry["compares"] == true {
            let columns = compared.expect(200)["columns"].as_array().expect("columns").clone();
            assert!(columns.len() > width && columns.iter().any(|column| column["beside"].is_string()), "{name}");
        } else {
            assert_eq!(compared.bad_fields(), ["compare"], "{name}");
        }
        for (format, begins) in
            [("csv", &b""[..]), ("xlsx", &b"PK\x03\x04"[..]), ("html", &b"<!doctype html>"[..]), ("pdf", &b"%PDF-"[..])]
        {
            let answer = hotel.get(&format!("/api/reports/{name}?format={format}"));
            assert!(answer.status == 200 && answer.body.starts_with(begins), "{name} as {format}: {}", answer.status);
        }
    }
}

#[test]
fn what_is_asked_for_wrongly_is_told_by_its_field() {
    let hotel = TestHotel::furnished();
    hotel.get("/api/reports/nothing").problem(404);
    for (target, field) in [
        ("revenue?by=source", "by"),
        ("trial-balance?compare=last_year", "compare"),
        ("revenue?from=2025-11-02&to=2025-11-01", "to"),
        ("revenue?from=2020-11-02&to=2025-11-01", "to"),
        ("revenue?source=Phone", "source"),
        ("forecast?from=1800-01-01&to=1800-01-05&format=xlsx", "from"),
    ] {
        assert_eq!(hotel.get(&format!("/api/reports/{target}")).bad_fields(), [field], "{target}");
    }
    hotel.as_role(Role::Receptionist).get("/api/reports/given-away").problem(403);
    let names = hotel.as_role(Role::Receptionist).get("/api/reports").expect(200);
    assert!(names["items"].as_array().expect("items").iter().all(|entry| entry["is_for_managers"] == false));
}

#[test]
fn reports_say_their_words_in_the_language_that_is_asked_for() {
    let hotel = TestHotel::furnished();
    let said = report(&hotel, "trial-balance?language=id");
    assert_eq!((&said["title"], &said["rows"][0][0]), (&json!("Neraca saldo"), &json!("Tamu")));
    let csv = hotel.get("/api/reports/trial-balance?language=id&format=csv");
    assert!(csv.text().starts_with("Buku,Saldo awal,Tagihan,"), "{}", csv.text());
}

#[test]
fn money_reports_agree_with_each_other_and_with_the_bills() {
    let hotel = lived(7);
    let balance = report(&hotel, &format!("trial-balance?{PERIOD}"));
    let revenue = report(&hotel, &format!("revenue?{PERIOD}"));
    let by_day = report(&hotel, &format!("revenue?by=day&{PERIOD}"));
    let payments = report(&hotel, &format!("payments?{PERIOD}"));
    let by_person = report(&hotel, &format!("payments?by=person&{PERIOD}"));
    let taxes = report(&hotel, &format!("taxes?{PERIOD}"));
    let postings = report(&hotel, &format!("postings?{PERIOD}"));
    assert!(total(&revenue, "amount") > 0);
    assert_eq!(total(&revenue, "amount"), total(&balance, "charges"));
    assert_eq!(total(&by_day, "amount"), total(&balance, "charges"));
    assert_eq!(total(&revenue, "tax"), total(&balance, "taxes"));
    assert_eq!(total(&taxes, "amount"), total(&balance, "taxes"));
    assert_eq!(total(&payments, "net"), total(&balance, "money"));
    assert_eq!(total(&by_person, "net"), total(&balance, "money"));
    assert_eq!(total(&balance, "moved"), 0);
    assert_eq!(total(&balance, "closing"), total(&balance, "charges") - total(&balance, "money"));
    assert_eq!(total(&postings, "amount"), total(&balance, "closing"));
    // What is open on bills, less what is held of guests.
    let (open, held) = (report(&hotel, "balances"), report(&hotel, "deposits"));
    let sum = |report: &Value, key| column(report, key).iter().sum::<i64>();
    assert_eq!(sum(&open, "balance") - sum(&held, "held"), total(&balance, "closing"));
}

#[test]
fn room_reports_agree_with_the_statistics() {
    let hotel = lived(8);
    let stats = hotel.get("/api/dashboard/stats?from=2025-11-01&to=2025-12-20").expect(200);
    let forecast = report(&hotel, &format!("forecast?{PERIOD}"));
    assert_eq!(column(&forecast, "sold").len(), 50);
    for (figure, key) in [
        ("sold", "sold"),
        ("room_revenue", "room_revenue"),
        ("adr", "adr"),
        ("revpar", "revpar"),
        ("occupancy_rate", "occupancy"),
    ] {
        assert_eq!(forecast["totals"][place(&forecast, key)], stats["total"][figure], "{key}");
    }
    for by in ["source", "room_type", "rate_plan", "company", "country"] {
        let segments = report(&hotel, &format!("segments?by={by}&{PERIOD}"));
        assert_eq!(segments["totals"][place(&segments, "room_revenue")], stats["total"]["room_revenue"], "{by}");
        assert_eq!(segments["totals"][place(&segments, "nights")], stats["total"]["sold"], "{by}");
    }
    let nights = report(&hotel, &format!("nights?{PERIOD}"));
    assert_eq!(nights["totals"][place(&nights, "rate")], stats["total"]["room_revenue"]);
    let pick_up = report(&hotel, &format!("pick-up?{PERIOD}"));
    assert_eq!(pick_up["totals"][place(&pick_up, "rooms")], stats["total"]["sold"]);
    let months = report(&hotel, &format!("forecast?by=month&{PERIOD}"));
    assert_eq!(months["totals"], forecast["totals"]);
    // The flash of a day is the forecast's row of that day.
    let flash = report(&hotel, "flash?to=2025-11-20");
    let day = |key| forecast["rows"][19][place(&forecast, key)].clone();
    let figure = |name: &str| {
        let rows = flash["rows"].as_array().expect("rows");
        rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name}"))[1].clone()
    };
    for (name, key) in
        [("Sold", "sold"), ("Occupancy", "occupancy"), ("Room revenue", "room_revenue"), ("Arrivals", "arrivals"), ("ADR", "adr")]
    {
        assert_eq!(figure(name), day(key), "{name}");
    }
}

#[test]
fn behind_each_row_are_the_lines_that_it_is_made_of() {
    let hotel = lived(9);
    for name in ["revenue", "taxes", "payments", "trial-balance", "segments"] {
        let rows = report(&hotel, &format!("{name}?{PERIOD}"));
        let (figure, behind) = match name {
            "segments" => ("room_revenue", "rate"),
            "payments" => ("net", "amount"),
            "taxes" => ("gross", "amount"),
            "trial-balance" => ("closing", "amount"),
            _ => ("amount", "amount"),
        };
        for (row, link) in rows["rows"].as_array().expect("rows").iter().zip(rows["links"].as_array().expect("links")) {
            let filters = link["filters"].as_array().expect("filters").iter();
            let query: Vec<String> =
                filters.map(|f| format!("{}={}", f[0].as_str().expect("a name"), f[1].as_str().expect("a value"))).collect();
            let lines =
                report(&hotel, &format!("{}?{}", link["name"].as_str().expect("a report"), query.join("&").replace(' ', "%20")));
            let sum: i64 = column(&lines, behind).iter().sum();
            let told = minor(&row[place(&rows, figure)]);
            assert_eq!(if name == "payments" { -sum } else { sum }, told, "{name} {row}");
        }
    }
}

#[test]
fn a_period_stands_beside_the_one_before_it() {
    let hotel = lived(10);
    let both = report(&hotel, "forecast?from=2025-11-20&to=2025-11-22&compare=period_before");
    let before = report(&hotel, "forecast?from=2025-11-17&to=2025-11-19");
    assert_eq!((&both["compared_from"], &both["compared_to"]), (&json!("2025-11-17"), &json!("2025-11-19")));
    for (was, is) in [
        ("sold", "sold_before"),
        ("room_revenue", "room_revenue_before"),
        ("occupancy", "occupancy_before"),
        ("adr", "adr_before"),
    ] {
        assert_eq!(both["totals"][place(&both, is)], before["totals"][place(&before, was)], "{was}");
        assert_eq!(column(&both, is), column(&before, was), "{was}");
    }
}

#[test]
fn rows_are_compared_with_those_of_all_their_names_and_months_with_the_one_of_their_place() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-14");
    let pay = |method: &str, amount: i64| {
        hotel.post("/api/payments", json!({"reservation_id": 1, "amount": amount, "payment_method": method})).expect(201);
    };
    pay("card", 20);
    pay("cash", 30);
    next_day(&hotel, "2025-11-11");
    pay("cash", 5);
    let both = report(&hotel, "payments?by=person&from=2025-11-11&to=2025-11-11&compare=period_before");
    assert_eq!((column(&both, "net"), column(&both, "net_before")), (vec![500, 0], vec![3000, 2000]), "{both}");
    let months = report(&hotel, "forecast?by=month&from=2025-11-01&to=2025-11-30&compare=period_before");
    assert_eq!(months["rows"].as_array().map(Vec::len), Some(1), "November beside October");
}

#[test]
fn a_file_for_other_programs_has_exact_numbers_and_no_formulas_of_guests() {
    let hotel = TestHotel::furnished();
    let stay = json!({"guest": {"full_name": "=HYPERLINK(1)"}, "room_id": 3, "check_in_date": "2025-11-10", "check_out_date": "2025-11-11", "total_amount": number("120.05"), "adults": 1});
    hotel.post("/api/reservations", stay).expect(201);
    let csv = hotel.get("/api/reports/nights?from=2025-11-10&to=2025-11-10&format=csv");
    let row = csv.text().lines().find(|line| line.contains("HYPERLINK")).expect("the stay").to_owned();
    assert!(row.contains(",'=HYPERLINK(1),") && row.ends_with(",120.05"), "{row}");
    let nights = report(&hotel, "nights?from=2025-11-10&to=2025-11-10&source=Direct");
    let rates: Vec<&Value> = nights["rows"].as_array().expect("rows").iter().map(|row| &row[10]).collect();
    assert!(rates.contains(&&exact("120.05")), "{rates:?}");
}

fn links_query(link: &Value) -> String {
    let filters = link["filters"].as_array().expect("filters").iter();
    let query: Vec<String> =
        filters.map(|f| format!("{}={}", f[0].as_str().expect("a name"), f[1].as_str().expect("a value"))).collect();
    format!("{}?{}", link["name"].as_str().expect("a report"), query.join("&").replace(' ', "%20"))
}

#[test]
fn the_journal_balances_and_has_the_accounts_that_were_set() {
    let hotel = lived(11);
    for by in ["month", "day"] {
        let journal = report(&hotel, &format!("journal?by={by}&{PERIOD}"));
        assert!(total(&journal, "debit") > 0);
        assert_eq!(total(&journal, "debit"), total(&journal, "credit"), "{by}");
    }
    // Each day by itself.
    let days = report(&hotel, &format!("journal?by=day&{PERIOD}"));
    let mut sums = std::collections::BTreeMap::<String, i64>::new();
    for row in days["rows"].as_array().expect("rows") {
        *sums.entry(row[0].to_string()).or_default() += minor(&row[3]) - minor(&row[4]);
    }
    assert!(sums.len() > 15 && sums.values().all(|sum| *sum == 0), "{sums:?}");
    let balance = report(&hotel, &format!("trial-balance?{PERIOD}"));
    let journal = report(&hotel, &format!("journal?{PERIOD}"));
    let of = |report: &Value, code: &str, key: &str| -> i64 {
        let at = place(report, key);
        report["rows"].as_array().expect("rows").iter().filter(|row| row[1] == code).map(|row| minor(&row[at])).sum()
    };
    assert_eq!(of(&journal, "2200", "credit") - of(&journal, "2200", "debit"), total(&balance, "taxes"));
    let money = ["1000", "1020"].map(|code| of(&journal, code, "debit") - of(&journal, code, "credit"));
    assert_eq!(money.iter().sum::<i64>(), total(&balance, "money"));
    assert!(of(&journal, "4000", "credit") > 0 && of(&journal, "2250", "credit") > 0, "rooms and city tax: {journal}");
    // An account of one's own, and back to the usual one.
    let codes =
        json!({"codes": [{"kind": "article", "key": "room", "code": "8400"}, {"kind": "method", "key": "cash", "code": "K-1"}]});
    hotel.patch("/api/account-codes", codes).expect(200);
    let own = report(&hotel, &format!("journal?{PERIOD}"));
    assert_eq!((of(&own, "8400", "credit"), of(&own, "4000", "credit")), (of(&journal, "4000", "credit"), 0));
    assert_eq!(own["totals"], journal["totals"]);
    let postings = report(&hotel, &format!("postings?{PERIOD}&article_id=1"));
    assert!(postings["rows"].as_array().expect("rows").iter().all(|row| row[place(&postings, "account")] == "8400"));
    hotel.patch("/api/account-codes", json!({"codes": [{"kind": "article", "key": "room", "code": null}]})).expect(200);
    assert_eq!(of(&report(&hotel, &format!("journal?{PERIOD}")), "8400", "credit"), 0);
    let wrong = json!({"codes": [{"kind": "article", "key": "nothing", "code": "1"}]});
    assert_eq!(hotel.patch("/api/account-codes", wrong).bad_fields(), ["codes[0].key"]);
    let empty = json!({"codes": [{"kind": "article", "key": "room", "code": " "}]});
    assert_eq!(hotel.patch("/api/account-codes", empty).bad_fields(), ["codes[0].code"]);
    hotel.as_role(Role::Receptionist).patch("/api/account-codes", json!({"codes": []})).problem(403);
}

#[test]
fn breakfast_inside_the_price_of_a_night_is_food_in_flash_and_journal() {
    let hotel = small_hotel();
    let breakfast = json!({"name": "Breakfast", "price": 10, "is_food": true});
    let breakfast = hotel.post("/api/articles", breakfast).expect(201)["id"].clone();
    let inside = json!({"extras": [{"article_id": breakfast, "per": "night", "is_inside": true}]});
    hotel.patch("/api/rate-plans/1", inside).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel.post("/api/reservations/1/charges", json!({"article_id": breakfast})).expect(201);
    hotel.post("/api/day-close", json!({"business_date": "2025-11-10", "undecided": "carry"})).expect(200);
    let flash = report(&hotel, "flash?to=2025-11-10");
    let figure = |name: &str| {
        let rows = flash["rows"].as_array().expect("rows");
        minor(&rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name}"))[1])
    };
    let (all, rooms, food) = (figure("Charges including taxes"), figure("Of which rooms"), figure("Of which food and drink"));
    assert_eq!((rooms + food, figure("Of which other")), (all, 0));
    assert_eq!(food, 2000, "one inside the price and one beside it");
    assert_eq!((figure("Bookings made"), figure("Nights booked"), figure("Stay-overs")), (1, 1, 0));
    let journal = report(&hotel, "journal?from=2025-11-01&to=2025-11-30");
    let of = |code: &str| {
        let rows = journal["rows"].as_array().expect("rows");
        rows.iter().filter(|row| row[1] == code).map(|row| minor(&row[4])).sum::<i64>()
    };
    assert_eq!((of("4200"), of("4000")), (2000, rooms));
}

#[test]
fn pick_up_is_told_by_what_is_sold_and_agrees_with_the_days() {
    let hotel = lived(12);
    let by_day = report(&hotel, &format!("pick-up?{PERIOD}"));
    for by in ["month", "room_type", "rate_plan", "source"] {
        let rows = report(&hotel, &format!("pick-up?by={by}&{PERIOD}"));
        assert_eq!(rows["totals"], by_day["totals"], "{by}");
    }
    let books = report(&hotel, &format!("on-the-books?{PERIOD}"));
    assert_eq!(total(&books, "rooms"), total(&by_day, "rooms"));
    assert_eq!(total(&books, "room_revenue"), total(&by_day, "room_revenue"));
    for (row, link) in books["rows"].as_array().expect("rows").iter().zip(books["links"].as_array().expect("links")).take(5) {
        let behind = report(&hotel, &links_query(link));
        assert_eq!(total(&behind, "rate"), minor(&row[place(&books, "room_revenue")]), "{link}");
    }
}

#[test]
fn guests_are_counted_by_the_country_of_each_person() {
    let hotel = small_hotel();
    let stay = json!({"guest": {"full_name": "Ana", "nationality": "PT"}, "room_id": 1, "check_in_date": "2025-11-10",
        "check_out_date": "2025-11-12", "adults": 2});
    hotel.post("/api/reservations", stay).expect(201);
    let people = json!({"guests": [{"full_name": "Ana", "nationality": "PT"}, {"full_name": "Ben", "nationality": "NL"}]});
    hotel.put("/api/reservations/1/guests", people).expect(200);
    let other = json!({"guest": {"full_name": "Cleo", "nationality": "ES"}, "room_id": 2, "check_in_date": "2025-11-10",
        "check_out_date": "2025-11-11", "adults": 2});
    hotel.post("/api/reservations", other).expect(201);
    for id in [1, 2] {
        hotel.post(&format!("/api/reservations/{id}/check-in"), json!({})).expect(200);
    }
    let countries = report(&hotel, "countries?from=2025-11-01&to=2025-11-30");
    let row = |country: &str| {
        let rows = countries["rows"].as_array().expect("rows");
        let row = rows.iter().find(|row| row[0] == country).unwrap_or_else(|| panic!("no {country} in {rows:?}"));
        [1, 2, 3].map(|at| minor(&row[at]))
    };
    assert_eq!((row("PT"), row("NL"), row("ES")), ([1, 1, 2], [0, 1, 2], [1, 2, 2]));
    let of_ben = report(&hotel, "nights?from=2025-11-10&to=2025-11-11&person_country=NL");
    assert_eq!(of_ben["rows"].as_array().map(Vec::len), Some(2));
}

#[test]
fn city_tax_tells_the_nights_over_its_cap() {
    let hotel = small_hotel();
    let levied = setup(&[group(1, true, &[])], &[], &[per_person(1, "4", 13, 2)]);
    hotel.put("/api/taxes", levied).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-15");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    let adults = minor(&hotel.get("/api/reservations/1").expect(200)["adults"]);
    let over = |hotel: &TestHotel| {
        let told = report(hotel, "city-tax?from=2025-11-01&to=2025-11-30");
        let rows = told["rows"].as_array().expect("rows");
        let row = rows.iter().find(|row| row[0].as_str().is_some_and(|name| name.starts_with("Beyond the cap")));
        row.map(|row| (minor(&row[5]), minor(&row[6])))
    };
    // Of nights to come nothing is levied yet.
    assert_eq!(over(&hotel), None);
    for day in ["2025-11-11", "2025-11-12", "2025-11-13", "2025-11-14", "2025-11-15"] {
        hotel.close_before(day).expect(200);
    }
    assert_eq!(over(&hotel), Some((adults, 3 * adults)));
    // Whoever is exempt stands in a row of its own.
    let people = json!({"guests": [{"full_name": "Ana", "levy_exemption": "works here"}]});
    hotel.put("/api/reservations/1/guests", people).expect(200);
    assert_eq!(over(&hotel), (adults > 1).then_some((adults - 1, 3 * (adults - 1))));
}

#[test]
fn a_view_is_saved_with_a_period_that_moves_and_seen_by_whom_it_is_for() {
    let hotel = TestHotel::furnished();
    let own = json!({"name": "Last month", "report": "revenue", "query": "period=last_month&by=day&compare=last_year"});
    let manager = hotel.sign_in_new("boss", Role::Manager);
    let id = hotel.with_token(&manager).post("/api/report-views", own).expect(201)["id"].clone();
    let shared = json!({"name": "For all", "report": "nights", "query": "period=yesterday&source=Direct", "is_shared": true});
    hotel.with_token(&manager).post("/api/report-views", shared.clone()).expect(201);
    let hidden = json!({"name": "Ours", "report": "given-away", "is_shared": true});
    hotel.with_token(&manager).post("/api/report-views", hidden).expect(201);
    let names = |token: &str| -> Vec<String> {
        let items = hotel.with_token(token).get("/api/report-views").expect(200)["items"].clone();
        items.as_array().expect("items").iter().map(|view| view["name"].as_str().expect("a name").to_owned()).collect()
    };
    let desk = hotel.sign_in_new("desk", Role::Receptionist);
    assert_eq!(names(&manager), ["For all", "Last month", "Ours"]);
    assert_eq!(names(&desk), ["For all"]);
    hotel.with_token(&desk).post("/api/report-views", shared).problem(403);
    hotel.with_token(&desk).delete(&format!("/api/report-views/{id}")).problem(404);
    for (query, field) in [("by=source", "query"), ("from=yesterday", "query"), ("colour=red", "query")] {
        let wrong = json!({"name": "x", "report": "revenue", "query": query});
        assert_eq!(hotel.post("/api/report-views", wrong).bad_fields(), [field], "{query}");
    }
    let wrong = json!({"name": "x", "report": "nothing"});
    assert_eq!(hotel.post("/api/report-views", wrong).bad_fields(), ["report"]);
    // Saved anew under its name.
    let anew = json!({"name": "Last month", "report": "taxes", "query": "period=last_month"});
    assert_eq!(hotel.with_token(&manager).post("/api/report-views", anew).expect(201)["id"], id);
    hotel.with_token(&manager).delete(&format!("/api/report-views/{id}")).expect(204);
    assert_eq!(names(&manager), ["For all", "Ours"]);
    // The business date is 2025-11-10.
    for (period, from, to) in [
        ("last_month", "2025-10-01", "2025-10-31"),
        ("yesterday", "2025-11-09", "2025-11-09"),
        ("next_30", "2025-11-10", "2025-12-09"),
        ("last_year", "2024-01-01", "2024-12-31"),
    ] {
        let told = report(&hotel, &format!("revenue?period={period}"));
        assert_eq!((&told["from"], &told["to"]), (&json!(from), &json!(to)), "{period}");
    }
    assert_eq!(hotel.get("/api/reports/revenue?period=today&from=2025-11-01").bad_fields(), ["period"]);
}

#[test]
fn to_date_both_periods_have_only_days_that_are_over() {
    let hotel = lived(13);
    let told = report(&hotel, "forecast?from=2025-11-20&to=2025-12-20&compare=last_year&to_date=true");
    assert_eq!(
        (&told["to"], &told["compared_to"], &told["is_to_date"]),
        (&json!("2025-11-30"), &json!("2024-11-30"), &json!(true))
    );
    assert_eq!(column(&told, "sold").len(), 11);
}

#[test]
fn who_runs_the_house_sees_its_figures_first() {
    let hotel = lived(14);
    let first = hotel.get("/api/dashboard/figures").expect(200);
    assert_eq!(first["date"], "2025-11-30");
    let stats = hotel.get("/api/dashboard/stats?from=2025-11-30&to=2025-11-30").expect(200);
    for (figure, same) in
        [("sold", "sold"), ("room_revenue", "room_revenue"), ("adr", "adr"), ("occupancy_rate", "occupancy_rate")]
    {
        assert_eq!(first["day"][figure], stats["total"][same], "{figure}");
    }
    let ahead = report(&hotel, "pick-up?from=2025-12-01&to=2025-12-30");
    assert_eq!(minor(&first["picked_up"]), total(&ahead, "picked_up"));
    assert_eq!(minor(&first["next_30"]["sold"]), total(&ahead, "rooms"));
    hotel.as_role(Role::Receptionist).get("/api/dashboard/figures").problem(403);
}
