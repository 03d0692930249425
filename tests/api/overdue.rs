//! Who should have come or left stays in sight until somebody decides.

use serde_json::{Value, json};

use super::desk::{book, exact, small_hotel};
use crate::support::{Answer, TestHotel};

fn ask(hotel: &TestHotel, id: i64, action: &str, body: Value) -> Answer {
    hotel.post(&format!("/api/reservations/{id}/{action}"), body)
}

/// Ana, in room 101 for the night of the 10th, is still there on the 12th.
fn hotel_with_ana_overdue() -> TestHotel {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    hotel.move_on("2025-11-12").expect(200);
    hotel
}

fn names(hotel: &TestHotel, list: &str) -> Vec<String> {
    let answer = hotel.get(&format!("/api/reservations/{list}")).expect(200);
    let items = answer["items"].as_array().expect("items").iter();
    items
        .map(|stay| format!("{} {}", stay["guest_name"].as_str().unwrap_or(""), stay["overdue"].as_str().unwrap_or("-")))
        .collect()
}

fn free_doubles(hotel: &TestHotel, from: &str, to: &str) -> Vec<Value> {
    let target = format!("/api/rooms/available?check_in_date={from}&check_out_date={to}&room_type_id=1");
    let offer = hotel.get(&target).expect(200)["items"][0].clone();
    offer["rooms"].as_array().expect("rooms").iter().map(|room| room["id"].clone()).collect()
}

#[test]
fn who_is_overdue_is_listed_first_whatever_the_order() {
    let hotel = small_hotel();
    book(&hotel, "Zoe", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Yara", 3, "2025-11-10", "2025-11-11");
    ask(&hotel, 2, "check-in", json!({})).expect(200);
    for date in ["2025-11-11", "2025-11-12"] {
        hotel.move_on(date).expect(200);
    }
    book(&hotel, "Ana", 2, "2025-11-12", "2025-11-13");
    assert_eq!(names(&hotel, "arrivals"), ["Zoe arrival", "Ana -"]);
    assert_eq!(names(&hotel, "arrivals?sort=-room_number"), ["Zoe arrival", "Ana -"]);
    assert_eq!(names(&hotel, "departures"), ["Yara departure"]);
    ask(&hotel, 3, "check-in", json!({})).expect(200);
    assert_eq!(names(&hotel, "in-house"), ["Yara departure", "Ana -"]);
    assert_eq!(names(&hotel, "in-house?sort=-guest_name&page_size=1&page=2"), ["Ana -"]);
    let today = hotel.get("/api/dashboard/today").expect(200);
    let counts = ["arrivals", "arrivals_pending", "arrivals_overdue", "departures_pending", "departures_overdue", "stay_overs"];
    assert_eq!(counts.map(|name| today[name].as_i64().unwrap_or(-1)), [2, 1, 1, 1, 1, 1]);
    // Another date shows what belongs to it.
    assert_eq!(names(&hotel, "arrivals?date=2025-11-13"), Vec::<String>::new());
    // Until somebody decides.
    ask(&hotel, 1, "no-show", json!({})).expect(200);
    ask(&hotel, 2, "check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!((names(&hotel, "arrivals"), names(&hotel, "departures")), (vec!["Ana -".to_owned()], vec!["Yara -".to_owned()]));
}

#[test]
fn the_room_held_for_an_overdue_guest_is_in_no_average() {
    let hotel = hotel_with_ana_overdue();
    let paying = |target: &str| {
        let report = hotel.get(&format!("/api/reports/{target}&from=2025-11-10&to=2025-11-12")).expect(200);
        let columns = report["columns"].as_array().expect("columns");
        let at = columns.iter().position(|column| column["key"] == "paying").expect("the column");
        report["totals"][at].clone()
    };
    assert_eq!((paying("segments?by=source"), paying("forecast?by=day")), (json!(2), json!(2)));
}

#[test]
fn the_room_of_an_overdue_guest_is_not_free_tonight() {
    let hotel = hotel_with_ana_overdue();
    assert_eq!(free_doubles(&hotel, "2025-11-12", "2025-11-13"), [json!(2)]);
    assert_eq!(free_doubles(&hotel, "2025-11-13", "2025-11-14"), [json!(1), json!(2)]);
    let walk_in =
        json!({"guest": {"full_name": "Ben"}, "room_id": 1, "check_in_date": "2025-11-12", "check_out_date": "2025-11-13"});
    let refused = hotel.post("/api/reservations", walk_in);
    assert_eq!((refused.problem(409).as_str(), &refused.json()["conflicts"][0]["guest_name"]), ("room-taken", &json!("Ana")));
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-12", "end_date": "2025-11-13", "reason": "paint"});
    assert_eq!(hotel.post("/api/rooms/1/blocks", block).problem(409), "room-taken");
    let chart = hotel.get("/api/tape-chart?days=3").expect(200);
    let bar = &chart["stays"][0];
    assert_eq!((&bar["to"], &bar["overdue"], &bar["ends_here"]), (&json!("2025-11-13"), &json!("departure"), &json!(true)));
    assert_eq!(hotel.get("/api/dashboard/today").expect(200)["next_7_days"][0]["sold"], 0);
}

#[test]
fn an_overdue_guest_pays_for_the_nights_really_stayed() {
    let hotel = hotel_with_ana_overdue();
    let stay = hotel.get("/api/reservations/1").expect(200);
    assert_eq!(
        (&stay["balance"], &stay["check_out_date"]),
        (&exact("200.00"), &json!("2025-11-11")),
        "two nights, not tonight's"
    );
    assert_eq!(stay["nightly"].as_array().map(Vec::len), Some(2));
    let folio = hotel.get("/api/reservations/1/folio").expect(200);
    let count = |part: &str| folio[part].as_array().map(Vec::len);
    assert_eq!((count("lines"), count("unposted")), (Some(2), Some(0)), "each close has posted its night");
    let left = ask(&hotel, 1, "check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!((&left["total_paid"], &left["check_out_date"]), (&exact("200.00"), &json!("2025-11-12")));
    assert_eq!(free_doubles(&hotel, "2025-11-12", "2025-11-13"), [json!(2), json!(1)], "the room is free at once, and dirty");
    let back = ask(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!((&back["overdue"], &back["balance"]), (&json!("departure"), &exact("0.00")));
    assert_eq!(free_doubles(&hotel, "2025-11-12", "2025-11-13"), [json!(2)]);
}

#[test]
fn staying_another_night_prices_tonight() {
    let hotel = hotel_with_ana_overdue();
    hotel
        .put("/api/rate-plans/1/rates", json!({"room_type_id": 1, "from": "2025-11-12", "to": "2025-11-12", "rate": 130}))
        .expect(200);
    let quote = hotel.get("/api/reservations/1/quote?check_out_date=2025-11-13").expect(200);
    assert_eq!(quote["difference"], exact("130.00"));
    let stay = ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-13"})).expect(200);
    assert_eq!((&stay["overdue"], &stay["balance"], &stay["nights"]), (&Value::Null, &exact("330.00"), &json!(3)));
    // The date moves on, and each night that the guest stays beyond it has its price.
    for date in ["2025-11-13", "2025-11-14", "2025-11-15"] {
        hotel.move_on(date).expect(200);
    }
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["balance"], exact("530.00"));
}

#[test]
fn whoever_was_to_come_into_the_room_of_an_overdue_guest_gets_another() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    book(&hotel, "Ben", 1, "2025-11-11", "2025-11-13");
    let moved = hotel.move_on("2025-11-12").expect(200)["displaced"].clone();
    assert_eq!((&moved[0]["guest_name"], &moved[0]["room_number"]), (&json!("Ben"), &json!("102")));
    assert_eq!((&moved[0]["overdue_guest_name"], &moved[0]["overdue_room_number"]), (&json!("Ana"), &json!("101")));
    let entry = &hotel.get("/api/audit-log?entity=reservation&entity_id=2").expect(200)["items"][0];
    assert_eq!((&entry["action"], &entry["after"]["room_number"]), (&json!("move"), &json!("102")));
    assert_eq!(free_doubles(&hotel, "2025-11-12", "2025-11-13"), Vec::<Value>::new());
}

#[test]
fn whoever_was_to_come_is_without_a_room_when_none_is_left() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    book(&hotel, "Ben", 1, "2025-11-12", "2025-11-13");
    book(&hotel, "Cem", 2, "2025-11-12", "2025-11-13");
    let lost = hotel.move_on("2025-11-12").expect(200)["displaced"].clone();
    assert_eq!((&lost[0]["guest_name"], &lost[0]["room_number"]), (&json!("Ben"), &Value::Null));
    assert_eq!(hotel.get("/api/dashboard/today").expect(200)["unassigned"], 1);
    assert_eq!(ask(&hotel, 2, "check-in", json!({})).problem(409), "room-not-ready");
    // Nothing more is sold, and Ben gets the room as soon as Ana leaves it.
    let more =
        json!({"guest": {"full_name": "Eve"}, "room_type_id": 1, "check_in_date": "2025-11-12", "check_out_date": "2025-11-13"});
    assert_eq!(hotel.post("/api/reservations", more).problem(409), "no-room-free");
    ask(&hotel, 1, "check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    ask(&hotel, 2, "check-in", json!({"room_id": 1, "override_dirty": true})).expect(200);
}

#[test]
fn one_of_two_who_wait_for_the_last_room_may_have_it() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    for name in ["Ben", "Cem"] {
        let waiting = json!({"guest": {"full_name": name}, "room_type_id": 1, "check_in_date": "2025-11-12", "check_out_date": "2025-11-13"});
        hotel.post("/api/reservations", waiting).expect(201);
    }
    hotel.move_on("2025-11-12").expect(200);
    ask(&hotel, 3, "check-in", json!({"room_id": 2})).expect(200);
    hotel.patch("/api/reservations/2", json!({"room_type_id": 2})).expect(200);
}

#[test]
fn the_date_does_not_move_on_over_a_guest_in_a_room_that_is_out_of_order() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    let block = json!({"kind": "out_of_order", "start_date": "2025-11-11", "end_date": "2025-11-14", "reason": "paint"});
    hotel.post("/api/rooms/1/blocks", block).expect(201);
    let refused = hotel.move_on("2025-11-12");
    assert_eq!(refused.problem(409), "room-taken");
    assert_eq!(
        refused.json()["detail"],
        "Ana was to leave room 101 on 11 November and is still in it, and the room is out of order on 11 November. \
         Check the guest out, move the guest to another room, or release the block, and move on then."
    );
    assert_eq!(hotel.get("/api/settings").expect(200)["business_date"], "2025-11-11");
    ask(&hotel, 1, "move", json!({"room_id": 2})).expect(200);
    hotel.move_on("2025-11-12").expect(200);
}

#[test]
fn what_was_held_for_an_overdue_guest_is_let_go_when_the_date_goes_back() {
    let hotel = hotel_with_ana_overdue();
    hotel.patch("/api/settings", json!({"business_date": "2025-11-11"})).expect(200);
    let stay = hotel.get("/api/reservations/1").expect(200);
    assert_eq!((&stay["overdue"], &stay["balance"]), (&Value::Null, &exact("100.00")));
    assert_eq!(free_doubles(&hotel, "2025-11-11", "2025-11-12"), [json!(2), json!(1)]);
    hotel.move_on("2025-11-12").expect(200);
    assert_eq!(hotel.get("/api/reservations/1").expect(200)["balance"], exact("200.00"));
}

#[test]
fn a_day_guest_who_stays_over_has_had_a_night() {
    let hotel = small_hotel();
    let day = json!({"guest": {"full_name": "Dia"}, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-10", "total_amount": 40, "reason": "by day"});
    hotel.post("/api/reservations", day).expect(201);
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    let stay = hotel.get("/api/reservations/1").expect(200);
    assert_eq!((&stay["overdue"], &stay["balance"]), (&json!("departure"), &exact("100.00")));
    assert_eq!(free_doubles(&hotel, "2025-11-11", "2025-11-12"), [json!(2)]);
    let left = ask(&hotel, 1, "check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!((&left["is_day_use"], &left["nights"], &left["total_paid"]), (&json!(false), &json!(1), &exact("100.00")));
}

#[test]
fn the_database_itself_keeps_the_room_of_an_overdue_guest() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("a second connection");
    let move_on = |date: &str| file.execute("UPDATE property SET business_date = ?1", [date]);
    move_on("2025-11-11").expect("a guest who is due out today");
    let refused = move_on("2025-11-12").expect_err("one who is overdue").to_string();
    assert!(refused.contains("overdue_room_is_not_held"), "{refused}");
}

#[test]
fn a_guest_of_one_night_may_come_after_the_date_has_moved_on() {
    let hotel = small_hotel();
    book(&hotel, "Late", 1, "2025-11-10", "2025-11-11");
    hotel.move_on("2025-11-11").expect(200);
    let stay = ask(&hotel, 1, "check-in", json!({})).expect(200);
    assert_eq!((&stay["status"], &stay["check_out_date"]), (&json!("checked_in"), &json!("2025-11-11")));
    let lines = || hotel.get("/api/reservations/1/folio").expect(200)["lines"].clone();
    assert_eq!((&lines()[0]["kind"], &lines()[0]["night"]), (&json!("room"), &json!("2025-11-10")), "the night is posted");
    assert_eq!(names(&hotel, "departures"), ["Late -"]);
    // Taken back, with what it posted, and done again.
    let back = ask(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!((&back["status"], &back["balance"], &lines()[1]["kind"]), (&json!("confirmed"), &exact("100.00"), &json!("void")));
    ask(&hotel, 1, "check-in", json!({"room_id": 2})).expect(200);
    let left = ask(&hotel, 1, "check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    assert_eq!(left["total_paid"], exact("100.00"));
}

#[test]
fn a_guest_taken_for_a_no_show_may_still_come_on_the_departure_date() {
    let hotel = small_hotel();
    book(&hotel, "Late", 1, "2025-11-10", "2025-11-11");
    hotel.move_on("2025-11-11").expect(200);
    ask(&hotel, 1, "no-show", json!({})).expect(200);
    ask(&hotel, 1, "undo", json!({})).expect(200);
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    book(&hotel, "Never", 2, "2025-11-11", "2025-11-12");
    for date in ["2025-11-12", "2025-11-13"] {
        hotel.move_on(date).expect(200);
    }
    assert_eq!(ask(&hotel, 2, "check-in", json!({})).problem(409), "wrong-date");
}

#[test]
fn tonight_of_an_overdue_guest_counts_as_occupied_and_in_no_average() {
    let hotel = hotel_with_ana_overdue();
    book(&hotel, "Ben", 2, "2025-11-12", "2025-11-13");
    let gift = json!({"guest": {"full_name": "Gil"}, "room_id": 3, "check_in_date": "2025-11-12", "check_out_date": "2025-11-13", "total_amount": 0, "reason": "a gift"});
    hotel.post("/api/reservations", gift).expect(201);
    let figures = |query: &str| {
        let stats = hotel.get(&format!("/api/dashboard/stats?{query}")).expect(200);
        let day = &stats["days"].as_array().expect("days").last().expect("a day").clone();
        assert_eq!(stats["months"][0]["adr"], stats["total"]["adr"]);
        let names = ["sold", "unpriced", "complimentary", "room_revenue", "adr", "occupancy_rate"];
        names.map(|name| day[name].to_string())
    };
    let tonight = figures("from=2025-11-12&to=2025-11-12");
    assert_eq!(
        tonight,
        ["3", "1", "1", "100.00", "50.00", "100"],
        "Ana's room is full, and only Ben's and Gil's nights have a price"
    );
    assert_eq!(figures("from=2025-11-12&to=2025-11-12&as_of=2025-11-12"), tonight);
    assert_eq!(figures("from=2025-11-11&to=2025-11-11"), ["1", "0", "0", "100.00", "100.00", "33.3"]);
    let sources = hotel.get("/api/dashboard/stats?from=2025-11-10&to=2025-11-10").expect(200);
    assert_eq!(sources["reservations_by_source"][0]["nights"], 2, "two nights were stayed");
    let today = hotel.get("/api/dashboard/today").expect(200);
    assert_eq!((&today["occupancy_rate"], &today["revenue_today"]), (&exact("100"), &exact("100.00")));
    // Staying on gives the night its price.
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-13"})).expect(200);
    assert_eq!(figures("from=2025-11-12&to=2025-11-12"), ["3", "0", "1", "200.00", "66.67", "100"]);
}

#[test]
fn an_extension_is_taken_back_whole_on_its_day() {
    let hotel = hotel_with_ana_overdue();
    let nights = || hotel.get("/api/reservations/1").expect(200)["nightly"].clone();
    let before = (nights(), free_doubles(&hotel, "2025-11-12", "2025-11-14"));
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-14", "total_amount": 500})).expect(200);
    assert_eq!(free_doubles(&hotel, "2025-11-12", "2025-11-14"), [json!(2)]);
    let back = ask(&hotel, 1, "undo", json!({})).expect(200);
    assert_eq!(
        (&back["overdue"], &back["check_out_date"], &back["balance"]),
        (&json!("departure"), &json!("2025-11-11"), &exact("200.00"))
    );
    assert_eq!((nights(), free_doubles(&hotel, "2025-11-12", "2025-11-14")), before, "the typed total is gone from every night");
    assert_eq!(free_doubles(&hotel, "2025-11-13", "2025-11-14"), [json!(1), json!(2)], "and tonight's is held as before");
    // Once the day is over it stands.
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-14"})).expect(200);
    hotel.move_on("2025-11-13").expect(200);
    assert_eq!(ask(&hotel, 1, "undo", json!({})).problem(409), "wrong-date");
}

#[test]
fn what_is_asked_to_be_taken_back_is_taken_back_whatever_came_after_it() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    ask(&hotel, 1, "extend", json!({"check_out_date": "2025-11-12"})).expect(200);
    let asked = ask(&hotel, 1, "undo", json!({"event": "undo_check_in"})).expect(200);
    assert_eq!((&asked["status"], &asked["check_out_date"]), (&json!("confirmed"), &json!("2025-11-12")));
    assert_eq!(ask(&hotel, 1, "undo", json!({"event": "reinstate"})).problem(409), "illegal-transition");
    assert_eq!(ask(&hotel, 1, "undo", json!({"event": "extend"})).status, 422);
}

#[test]
fn a_day_that_is_over_is_not_sold_more_than_it_has_rooms() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.move_on("2025-11-11").expect(200);
    book(&hotel, "Ben", 1, "2025-11-11", "2025-11-13");
    book(&hotel, "Cem", 2, "2025-11-11", "2025-11-13");
    hotel.move_on("2025-11-12").expect(200);
    // Ana was in 101 on the 11th; Ben, who waits for a room since, was not there.
    let chart = hotel.get("/api/tape-chart?from=2025-11-11&days=2").expect(200);
    let day = |at: usize| {
        let day = &chart["daily"][at];
        (day["sold"].as_i64(), day["by_type"][0]["free"].as_i64())
    };
    assert_eq!(day(0), (Some(2), Some(0)));
    assert_eq!(day(1), (Some(3), Some(-1)), "tonight all three need one");
}
