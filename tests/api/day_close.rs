//! The close of a day: decided, posted, interrupted and gone on with, by itself at night, taken back in the morning.

use innkeeper::domain::actor::Role;
use innkeeper::domain::date::Date;
use innkeeper::hotel::day_close::plan;
use innkeeper::hotel::day_close::steps::{self, How, Undecided};
use innkeeper::hotel::{checks, system};
use innkeeper::watch::AlertCode;
use serde_json::{Value, json};

use super::desk::{book, exact, first_night_from, small_hotel};
use crate::support::{Answer, TestHotel, written};

fn ask(hotel: &TestHotel, id: i64, action: &str, body: Value) -> Answer {
    hotel.post(&format!("/api/reservations/{id}/{action}"), body)
}

fn decide(hotel: &TestHotel, stay: i64, choice: &str) -> Value {
    hotel.post("/api/day-close/decisions", json!({"reservation_id": stay, "choice": choice})).expect(200)
}

fn close(hotel: &TestHotel, date: &str) -> Answer {
    hotel.post("/api/day-close", json!({"business_date": date}))
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

pub fn assert_no_fault(hotel: &TestHotel) {
    let app = &hotel.app;
    let report = app.db.read(&app.own_context(), checks::sums).expect("a report");
    assert_eq!(report.in_short(), None);
}

fn rows(hotel: &TestHotel, sql: &str) -> Vec<String> {
    written::rows(hotel.app.db.path(), sql)
}

/// An evening: Ana stays, Ben and Cem have not come, Dia and Eva were to leave, Fay has left owing something, and the
/// drawer is open.
pub fn evening() -> TestHotel {
    let hotel = small_hotel();
    hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "floor": 1, "numbers": ["103-109"]})).expect(201);
    let vat = json!({"taxes": [{"id": 1, "name": "VAT", "rates": [{"from": "2020-01-01", "percent": 7}]}]});
    hotel.put("/api/taxes", vat).expect(200);
    book(&hotel, "Dia", 4, "2025-11-10", "2025-11-11");
    book(&hotel, "Eva", 5, "2025-11-10", "2025-11-11");
    book(&hotel, "Fay", 6, "2025-11-10", "2025-11-11");
    for id in 1..=3 {
        ask(&hotel, id, "check-in", json!({})).expect(200);
    }
    hotel.move_on("2025-11-11").expect(200);
    book(&hotel, "Ana", 1, "2025-11-11", "2025-11-14");
    ask(&hotel, 4, "check-in", json!({})).expect(200);
    book(&hotel, "Ben", 2, "2025-11-11", "2025-11-12");
    book(&hotel, "Cem", 7, "2025-11-11", "2025-11-12");
    hotel.post("/api/payments", json!({"reservation_id": 3, "amount": 100, "payment_method": "card"})).expect(201);
    ask(&hotel, 3, "check-out", json!({})).expect(200);
    hotel.post(&hotel.of_payment(1, "void"), json!({"reason": "declined"})).expect(200);
    hotel.post("/api/shifts", json!({"drawer_id": 1, "float_amount": 100})).expect(201);
    hotel.advance_hours(36);
    hotel
}

fn cases(day: &Value) -> Vec<String> {
    let open = day["open"].as_array().expect("groups").iter();
    open.map(|group| format!("{} {}", group["case"].as_str().unwrap_or(""), group["total"])).collect()
}

#[test]
fn a_day_is_closed_once_all_of_it_is_decided_and_posts_what_was_told() {
    let hotel = evening();
    let owner = hotel.sign_in_again(Role::Owner);
    let hotel_at_night = hotel.with_token(&owner);
    let post = |target: &str, body: Value| hotel_at_night.post(target, body);
    let look = || hotel_at_night.get("/api/day-close").expect(200);
    assert_eq!(cases(&look()), ["arrival 2", "departure 2", "unsettled 1"]);
    assert_eq!(look()["waiting"], 6);
    let refused = post("/api/day-close", json!({"business_date": "2025-11-11"}));
    assert_eq!((refused.problem(409).as_str(), &refused.json()["waiting"]), ("not-decided", &json!(6)));
    let decide = |stay: i64, choice: &str| post("/api/day-close/decisions", json!({"reservation_id": stay, "choice": choice}));
    assert_eq!(decide(1, "no_show").bad_fields(), ["choice"], "who is here is no no-show");
    assert_eq!(decide(4, "extend").bad_fields(), ["choice"], "who stays on anyway is not open");
    for (stay, choice) in [(1, "extend"), (2, "carry"), (3, "carry"), (5, "no_show"), (6, "carry")] {
        decide(stay, choice).expect(200);
    }
    post("/api/day-close/decisions", json!({"shift_id": 1, "choice": "carry"})).expect(200);
    let day = look();
    assert_eq!((&day["waiting"], &day["postings"]["nights"], &day["postings"]["no_shows"]), (&json!(0), &json!(3), &json!(1)));
    let told = day["postings"]["total_amount"].clone();
    assert_eq!(told, exact("400.00"), "Ana's, Dia's and Eva's nights, and Ben's fee");
    let before = rows(&hotel, "SELECT sum(charge_amount) FROM reservation");
    let closed = post("/api/day-close", json!({"business_date": "2025-11-11"})).expect(200);
    assert_eq!((&closed["business_date"], &closed["displaced"]), (&json!("2025-11-12"), &json!([])));
    let after = rows(&hotel, "SELECT sum(charge_amount) FROM reservation");
    let cents = |rows: &[String]| rows[0].parse::<i64>().expect("a sum");
    assert_eq!(cents(&after) - cents(&before), 40_000);
    let posted = "SELECT reservation_id, night FROM charge WHERE kind = 'room' AND business_date = '2025-11-11' ORDER BY reservation_id, night";
    assert_eq!(rows(&hotel, posted), ["1|2025-11-11", "2|2025-11-11", "4|2025-11-11"]);
    let states = "SELECT guest_name, status, check_out_date FROM reservation ORDER BY id";
    assert_eq!(
        rows(&hotel, states),
        [
            "Dia|checked_in|2025-11-12",
            "Eva|checked_in|2025-11-11",
            "Fay|checked_out|2025-11-11",
            "Ana|checked_in|2025-11-14",
            "Ben|no_show|2025-11-12",
            "Cem|confirmed|2025-11-12"
        ]
    );
    assert_eq!(rows(&hotel, "SELECT count(*) FROM room WHERE housekeeping = 'dirty'"), ["4"]);
    assert_eq!(
        rows(&hotel, "SELECT date, sold FROM day_statistics ORDER BY date DESC LIMIT 1"),
        ["2025-11-11|4"],
        "Cem, still expected, among them"
    );
    // On the next calendar day, but of the day that was closed.
    let given_up = |date: &str| {
        let report = hotel_at_night.get(&format!("/api/reports/cancellations?from={date}&to={date}")).expect(200);
        let flash = hotel_at_night.get(&format!("/api/reports/flash?to={date}")).expect(200);
        let figures = flash["rows"].as_array().expect("rows").iter();
        let no_shows = figures.filter(|row| row[0] == "No-shows").map(|row| row[1].clone()).next();
        (report["rows"][0][0].clone(), report["rows"][0][1].clone(), no_shows)
    };
    assert_eq!(given_up("2025-11-11"), (json!("2025-11-11"), json!("Ben"), Some(json!(1))));
    assert_eq!(given_up("2025-11-12"), (json!(null), json!(null), Some(json!(0))));
    assert_no_fault(&hotel);
    let again = post("/api/day-close", json!({"business_date": "2025-11-11"})).expect(200);
    assert_eq!(again["business_date"], "2025-11-12", "asked for once more, nothing is done twice");
    assert_eq!(rows(&hotel, "SELECT sum(charge_amount) FROM reservation"), after);
}

#[test]
fn what_happens_between_two_steps_of_a_close_is_seen_to_before_the_next_day_opens() {
    let hotel = evening();
    let how = How { date: date("2025-11-11"), undecided: Undecided::Carry, reason: String::new() };
    for _ in 0..7 {
        let how = how.clone();
        hotel.write(move |tx| steps::take(tx, &how));
    }
    // Ben comes after all, and Eva leaves in the middle of the night.
    let token = hotel.sign_in_again(Role::Receptionist);
    let late =
        |stay: i64, step: &str, body: Value| hotel.with_token(&token).post(&format!("/api/reservations/{stay}/{step}"), body);
    late(5, "check-in", json!({})).expect(200);
    late(2, "check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    let choice = json!({"reservation_id": 6, "choice": "no_show"});
    let refused = hotel.with_token(&token).post("/api/day-close/decisions", choice);
    assert_eq!(refused.problem(409), "wrong-date", "what the close has begun with stands");
    steps::close(&hotel.app, &hotel.app.own_context(), &how).expect("closed");
    let posted = "SELECT guest_name FROM charge AS c JOIN reservation AS r ON r.id = c.reservation_id
        WHERE c.kind = 'room' AND c.business_date = '2025-11-11' ORDER BY guest_name";
    assert_eq!(rows(&hotel, posted), ["Ana", "Ben", "Dia"]);
    assert_no_fault(&hotel);
}

#[test]
fn days_close_by_themselves_at_the_set_hour_and_each_decision_is_taken_back_in_the_morning() {
    let hotel = evening();
    let owner = || hotel.sign_in_again(Role::Owner);
    let plan_is = |body: Value| hotel.with_token(&owner()).patch("/api/day-close/plan", body);
    assert_eq!(plan_is(json!({"close_time": "03:15"})).bad_fields(), ["close_time"]);
    let set = plan_is(json!({"is_on": true, "close_time": "03:00"})).expect(200);
    assert_eq!(set["next_at"], "2025-11-12T03:00:00.000Z");
    let business_date = || hotel.with_token(&owner()).get("/api/settings").expect(200)["business_date"].clone();
    // It is nine in the evening of the 11th.
    hotel.advance_minutes(5 * 60 + 59);
    plan::look(&hotel.app).expect("nothing to do");
    assert_eq!(business_date(), "2025-11-11");
    hotel.advance_minutes(1);
    plan::look(&hotel.app).expect("closed");
    assert_eq!(business_date(), "2025-11-12");
    let morning = owner();
    let morning = hotel.with_token(&morning);
    let last = morning.get("/api/day-close/last").expect(200);
    assert_eq!(
        (&last["business_date"], &last["news_since"], &last["is_unattended"]),
        (&json!("2025-11-11"), &json!("2025-11-11"), &json!(true))
    );
    let decided: Vec<String> = last["decided"]
        .as_array()
        .expect("decisions")
        .iter()
        .map(|one| {
            format!("{} {} {}", one["guest_name"].as_str().unwrap_or("-"), one["choice"].as_str().unwrap_or(""), one["amount"])
        })
        .collect();
    let expected = [
        "Ben no_show 100.00",
        "Cem no_show 100.00",
        "Dia extend 100.00",
        "Eva extend 100.00",
        "Fay carry 0.00",
        "- uncounted 0.00",
    ];
    assert_eq!(decided, expected);
    assert_eq!(last["decided"][5]["drawer_name"], "Front desk");
    let shift = morning.get("/api/shifts").expect(200)["items"][0].clone();
    let count = &shift["counts"][0];
    assert_eq!((&shift["closed_by"], &count["counted_amount"], &count["difference"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(count["expected_amount"].to_string(), "100.00");
    let told = morning.get("/api/audit/exceptions?kind=not_counted").expect(200);
    assert_eq!((&told["total"], told["items"][0]["amount"].to_string()), (&json!(1), "100.00".to_owned()));
    // What is missing comes out when the drawer is opened again.
    morning.post("/api/shifts", json!({"drawer_id": 1, "float_amount": 90})).expect(201);
    assert_eq!(morning.get("/api/audit/exceptions?kind=float_differs").expect(200)["total"], 1);
    let yesterday = rows(&hotel, "SELECT * FROM day_ledger WHERE date = '2025-11-11' ORDER BY ledger");
    let undo = |at: usize| {
        let id = last["decided"][at]["id"].clone();
        morning.post(&format!("/api/day-close/decisions/{id}/undo"), json!({}))
    };
    undo(0).expect(200);
    undo(2).expect(200);
    assert_eq!(undo(0).problem(409), "nothing-to-undo");
    assert_eq!(undo(4).problem(409), "nothing-to-undo", "what was left open is decided at the desk");
    assert_eq!(rows(&hotel, "SELECT status, charge_amount FROM reservation WHERE guest_name = 'Ben'"), ["confirmed|0"]);
    assert_eq!(
        rows(&hotel, "SELECT balance FROM reservation WHERE guest_name = 'Dia'"),
        ["10000"],
        "the added night is off the bill"
    );
    let todays = "SELECT DISTINCT business_date FROM charge WHERE kind = 'allowance'";
    assert_eq!(rows(&hotel, todays), ["2025-11-12"], "what is taken back is a row of today");
    assert_eq!(rows(&hotel, "SELECT * FROM day_ledger WHERE date = '2025-11-11' ORDER BY ledger"), yesterday);
    morning.post("/api/day-close/last/seen", json!({})).expect(204);
    assert_eq!(morning.get("/api/day-close/last").expect(200)["news_since"], Value::Null);
    assert_no_fault(&hotel);
}

#[test]
fn days_that_were_missed_are_closed_one_by_one_and_a_clock_that_runs_wild_closes_none() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-20");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-20");
    book(&hotel, "Cem", 3, "2025-11-10", "2025-11-11");
    ask(&hotel, 3, "check-in", json!({})).expect(200);
    hotel.put("/api/day-close/plan", json!({"is_on": true})).expect(200);
    hotel.advance_hours(7 * 24);
    for day in 11..=17 {
        let next = plan::look(&hotel.app).expect("closed");
        assert_eq!(next, Some(hotel.app.clock.now()), "the next one is looked at at once");
        assert_eq!(rows(&hotel, "SELECT business_date FROM property"), [format!("2025-11-{day}")]);
    }
    assert_eq!(plan::look(&hotel.app).expect("nothing to do"), None);
    assert_eq!(rows(&hotel, "SELECT status FROM reservation WHERE id = 2"), ["confirmed"], "nobody knows who has not come");
    let nights = "SELECT night, business_date FROM charge WHERE kind = 'room' AND night <> business_date";
    assert_eq!(rows(&hotel, nights), Vec::<String>::new(), "each night on its own day");
    assert_eq!(rows(&hotel, "SELECT count(*) FROM charge WHERE kind = 'room'"), ["14"]);
    // Cem was to leave on the 11th and was extended night by night: all of it is told, and each night can come off the bill.
    let owner = hotel.sign_in_again(Role::Owner);
    let desk = hotel.with_token(&owner);
    let last = || desk.get("/api/day-close/last").expect(200);
    assert_eq!((&last()["news_since"], &last()["business_date"]), (&json!("2025-11-10"), &json!("2025-11-16")));
    let extended = |last: Value| {
        let all = last["decided"].as_array().expect("decisions").clone();
        all.into_iter().filter(|one| one["choice"] == "extend").collect::<Vec<Value>>()
    };
    let nights = extended(last());
    assert_eq!((nights.len(), &nights[0]["business_date"]), (6, &json!("2025-11-11")));
    desk.post(&format!("/api/day-close/decisions/{}/undo", nights[0]["id"]), json!({})).expect(200);
    assert_eq!(rows(&hotel, "SELECT balance FROM reservation WHERE guest_name = 'Cem'"), ["42000"]);
    desk.post("/api/day-close/last/seen", json!({})).expect(204);
    assert_eq!((&last()["news_since"], extended(last()).len()), (&Value::Null, 1));
    let late = desk.post(&format!("/api/day-close/decisions/{}/undo", nights[1]["id"]), json!({}));
    assert_eq!(late.problem(409), "nothing-to-undo", "it was read, and is over");
    hotel.advance_hours(-3 * 24);
    assert_eq!(plan::look(&hotel.app).expect("a clock that is set back moves nothing"), None);
    hotel.advance_hours(40 * 24);
    assert_eq!(plan::look(&hotel.app).expect("a person closes these"), None);
    assert_eq!(rows(&hotel, "SELECT business_date FROM property"), ["2025-11-17"]);
    assert_no_fault(&hotel);
}

#[test]
fn books_that_do_not_agree_stop_every_close_and_are_told() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    hotel.post("/api/reservations/1/charges", json!({"kind": "extra", "description": "Tea", "unit_amount": 5})).expect(201);
    hotel.put("/api/day-close/plan", json!({"is_on": true})).expect(200);
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("a second connection");
    file.execute("UPDATE folio SET balance = balance + 1 WHERE id = 1", []).expect("damage");
    let day = hotel.get("/api/day-close").expect(200);
    assert_eq!((&day["books"]["is_balanced"], &day["books"]["bills_off"]), (&json!(false), &json!(2)));
    let body = json!({"business_date": "2025-11-10", "undecided": "carry"});
    assert_eq!(hotel.post("/api/day-close", body).problem(409), "not-balanced");
    hotel.advance_hours(24);
    assert_eq!(plan::look(&hotel.app).expect("stopped"), None);
    assert_eq!(rows(&hotel, "SELECT business_date FROM property"), ["2025-11-10"]);
    let owner = hotel.sign_in_again(Role::Owner);
    assert_eq!(hotel.with_token(&owner).get("/api/day-close/last").expect(200)["stopped_at"], "2025-11-11T09:00:00.000Z");
    let alerts = || {
        system::look(&hotel.app, &hotel.memory.backups);
        hotel.app.watch.alerts().iter().map(|alert| alert.code).collect::<Vec<_>>()
    };
    assert!(alerts().contains(&AlertCode::DayClose));
    // Mended, it goes through by itself.
    file.execute("UPDATE folio SET balance = balance - 1 WHERE id = 1", []).expect("mended");
    plan::look(&hotel.app).expect("closed");
    assert_eq!(hotel.with_token(&owner).get("/api/day-close/last").expect(200)["stopped_at"], Value::Null);
    assert_eq!(rows(&hotel, "SELECT business_date FROM property"), ["2025-11-11"]);
    assert!(!alerts().contains(&AlertCode::DayClose));
}

#[test]
fn a_night_without_a_price_is_left_off_the_bill_until_it_has_one() {
    let hotel = small_hotel();
    hotel.patch("/api/room-types/1", json!({"default_rate": 0})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    assert_eq!(cases(&hotel.get("/api/day-close").expect(200)), ["without_price 1"]);
    assert_eq!(close(&hotel, "2025-11-10").problem(409), "not-decided");
    decide(&hotel, 1, "carry");
    close(&hotel, "2025-11-10").expect(200);
    assert_eq!(rows(&hotel, "SELECT count(*) FROM charge"), ["0"]);
    let prices = json!({"nightly": [{"date": "2025-11-10", "rate": 80}, {"date": "2025-11-11", "rate": 80}], "reason": "agreed"});
    hotel.patch("/api/reservations/1", prices).expect(200);
    hotel.close_before("2025-11-12").expect(200);
    assert_eq!(rows(&hotel, "SELECT night, amount FROM charge ORDER BY night"), ["2025-11-10|8000", "2025-11-11|8000"]);
}

#[test]
fn a_day_that_is_opened_again_has_its_nights_off_the_bills_and_is_closed_anew() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    ask(&hotel, 1, "check-in", json!({})).expect(200);
    close(&hotel, "2025-11-10").expect(200);
    hotel.patch("/api/settings", json!({"business_date": "2025-11-10"})).expect(200);
    assert_eq!(rows(&hotel, "SELECT charge_amount, unposted_amount FROM reservation"), ["0|30000"]);
    assert_no_fault(&hotel);
    // Ana leaves at once after all: nothing of the close is left on the bill.
    ask(&hotel, 1, "check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    close(&hotel, "2025-11-10").expect(200);
    assert_eq!(rows(&hotel, "SELECT business_date FROM property"), ["2025-11-11"]);
    assert_eq!(rows(&hotel, "SELECT charge_amount, balance FROM reservation"), ["10000|0"]);
    assert_no_fault(&hotel);
}

#[test]
fn an_option_that_is_let_go_costs_nothing_and_an_option_held_on_stays() {
    let hotel = small_hotel();
    let option = |name: &str, room: i64| {
        let body = json!({"guest": {"full_name": name}, "room_id": room, "check_in_date": "2025-11-20", "check_out_date": "2025-11-22",
            "status": "tentative", "option_date": "2025-11-10"});
        hotel.post("/api/reservations", body).expect(201);
    };
    option("Ana", 1);
    option("Ben", 2);
    assert_eq!(cases(&hotel.get("/api/day-close").expect(200)), ["option 2"]);
    let made = decide(&hotel, 1, "release");
    hotel.delete(&format!("/api/day-close/decisions/{}", made["id"])).expect(204);
    decide(&hotel, 1, "release");
    close(&hotel, "2025-11-10").expect(200);
    assert_eq!(rows(&hotel, "SELECT status, charge_amount FROM reservation ORDER BY id"), ["cancelled|0", "tentative|0"]);
    assert_no_fault(&hotel);
}

#[test]
fn a_stay_of_which_the_decision_is_refused_is_left_open_and_stops_nobody_else() {
    let hotel = small_hotel();
    let terms = json!({"cancellation": [], "no_show_fee_kind": "none"});
    hotel.patch("/api/settings", json!({"policy": terms})).expect(200);
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    book(&hotel, "Ben", 2, "2025-11-10", "2025-11-12");
    let allowance = json!({"kind": "allowance", "description": "Noise", "unit_amount": 50});
    hotel.post("/api/reservations/1/charges", allowance).expect(201);
    decide(&hotel, 1, "no_show");
    decide(&hotel, 2, "no_show");
    close(&hotel, "2025-11-10").expect(200);
    assert_eq!(rows(&hotel, "SELECT status FROM reservation ORDER BY id"), ["confirmed", "no_show"]);
    assert_eq!(rows(&hotel, "SELECT choice FROM day_close_decision ORDER BY id"), ["carry", "no_show"]);
    assert_no_fault(&hotel);
}

#[test]
fn a_receptionist_who_may_waive_nothing_lets_an_option_go_that_has_promised_no_fee() {
    let hotel = small_hotel();
    hotel.patch("/api/settings", first_night_from(8760)).expect(200);
    let option = json!({"guest": {"full_name": "Ana"}, "room_id": 1, "check_in_date": "2025-11-20", "check_out_date": "2025-11-22",
        "status": "tentative", "option_date": "2025-11-10"});
    hotel.post("/api/reservations", option).expect(201);
    hotel.patch("/api/settings/limits", json!({"limits": [{"kind": "waived_fee", "receptionist_amount": 0}]})).expect(200);
    decide(&hotel, 1, "release");
    hotel.as_role(Role::Receptionist).post("/api/day-close", json!({"business_date": "2025-11-10"})).expect(200);
    assert_eq!(rows(&hotel, "SELECT status, charge_amount FROM reservation"), ["cancelled|0"]);
}

#[test]
fn what_was_carried_out_before_a_day_was_opened_again_is_asked_anew() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-12");
    decide(&hotel, 1, "carry");
    close(&hotel, "2025-11-10").expect(200);
    hotel.patch("/api/settings", json!({"business_date": "2025-11-10"})).expect(200);
    assert_eq!(hotel.get("/api/day-close").expect(200)["waiting"], 1);
    assert_eq!(close(&hotel, "2025-11-10").problem(409), "not-decided");
    decide(&hotel, 1, "no_show");
    close(&hotel, "2025-11-10").expect(200);
    assert_eq!(rows(&hotel, "SELECT status FROM reservation"), ["no_show"]);
}

#[test]
fn a_close_by_hand_ends_what_stopped_the_unattended_one() {
    let hotel = small_hotel();
    hotel.put("/api/day-close/plan", json!({"is_on": true})).expect(200);
    let file = rusqlite::Connection::open(hotel.app.db.path()).expect("a second connection");
    file.execute("UPDATE day_close_plan SET stopped_at = '2025-11-10T03:00:00.000Z'", []).expect("stopped");
    close(&hotel, "2025-11-10").expect(200);
    assert_eq!(hotel.get("/api/day-close/last").expect(200)["stopped_at"], Value::Null);
}
