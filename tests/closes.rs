//! Day after day of a hotel at random, each closed: by a person, by itself, after days that were missed, under a clock that
//! jumps. After each close everything agrees, each night of who is in the house is on the bill once and on its own day, and
//! what was written down of the day is what its rows come to.
//!
//! `CLOSE_DAYS` and `CLOSE_SEED` make more or other days (`tests/long/close`).

use innkeeper::domain::actor::Role;
use innkeeper::domain::date::Date;
use innkeeper::hotel::checks;
use innkeeper::hotel::day_close::plan;
use serde_json::{Value, json};

use crate::support::numbers::Numbers;
use crate::support::{TestHotel, written};

const ROOMS: u64 = 12;

fn given(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

struct Life {
    hotel: TestHotel,
    token: String,
    numbers: Numbers,
    /// How often each thing was really done.
    done: std::collections::BTreeMap<&'static str, u64>,
}

impl Life {
    fn new(seed: u64) -> Life {
        let hotel = TestHotel::new();
        let double = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "capacity_children": 2, "default_rate": 100});
        hotel.post("/api/room-types", double).expect(201);
        hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["101-112"]})).expect(201);
        let levy = json!({"taxes": [{"id": 1, "name": "VAT", "rates": [{"from": "2020-01-01", "percent": 7}]}]});
        hotel.put("/api/taxes", levy).expect(200);
        hotel.patch("/api/settings", json!({"policy": {"cancellation": [], "no_show_fee_kind": "first_night"}})).expect(200);
        hotel.put("/api/day-close/plan", json!({"is_on": true, "close_time": "03:00"})).expect(200);
        let token = hotel.sign_in_again(Role::Owner);
        Life { hotel, token, numbers: Numbers(seed), done: std::collections::BTreeMap::new() }
    }

    fn try_post(&mut self, what: &'static str, target: &str, body: Value) -> Option<Value> {
        let answer = self.hotel.with_token(&self.token).post(target, body);
        assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text());
        let is_done = (200..300).contains(&answer.status);
        *self.done.entry(what).or_default() += u64::from(is_done);
        is_done.then(|| if answer.body.is_empty() { Value::Null } else { answer.json() })
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        written::rows(self.hotel.app.db.path(), sql)
    }

    fn today(&self) -> Date {
        self.rows("SELECT business_date FROM property")[0].parse().expect("a date")
    }

    /// A stay in one of these states.
    fn stay_in(&mut self, states: &str) -> Option<String> {
        let today = self.today();
        let sql = format!("SELECT id FROM reservation WHERE status IN ({states}) AND check_in_date <= '{today}' ORDER BY id");
        let found = self.rows(&sql);
        (!found.is_empty()).then(|| found[self.numbers.place(found.len())].clone())
    }

    fn do_something(&mut self) {
        let today = self.today();
        match self.numbers.below(12) {
            0..=2 => {
                let from = today.plus(i64::try_from(self.numbers.below(4)).expect("few")).expect("a date");
                let to = from.plus(i64::try_from(self.numbers.below(4)).expect("few")).expect("a date");
                let room = 1 + self.numbers.below(ROOMS);
                let status = if self.numbers.below(5) == 0 { "tentative" } else { "confirmed" };
                let body = json!({"guest": {"full_name": "Guest"}, "room_id": room, "check_in_date": from, "check_out_date": to, "status": status});
                self.try_post("book", "/api/reservations", body);
            }
            3..=5 => self.step("check-in", "'confirmed'", json!({"override_dirty": true, "reason": "ready"})),
            6 => self.step("check-out", "'checked_in'", json!({"settle": {"payment_method": "card"}, "refund": {}})),
            7 => {
                let departure = today.plus(1 + i64::try_from(self.numbers.below(3)).expect("few")).expect("a date");
                self.step("extend", "'checked_in'", json!({"check_out_date": departure}));
            }
            8 => {
                let room = 1 + self.numbers.below(ROOMS);
                self.step(
                    "move",
                    "'checked_in', 'confirmed'",
                    json!({"room_id": room, "override_dirty": true, "reason": "asked"}),
                );
            }
            9 => self.step("charges", "'checked_in'", json!({"kind": "extra", "description": "Tea", "unit_amount": 3})),
            10 => {
                let Some(stay) = self.stay_in("'checked_in', 'confirmed'") else { return };
                let id: i64 = stay.parse().expect("an id");
                let amount = 1 + self.numbers.below(150);
                let paid = json!({"reservation_id": id, "amount": amount, "payment_method": "card"});
                if let Some(made) = self.try_post("pay", "/api/payments", paid)
                    && self.numbers.below(3) == 0
                {
                    let back = json!({"reason": "asked", "amount": 1});
                    self.try_post("refund", &format!("/api/payments/{}/refund", made["id"]), back);
                }
            }
            _ => self.step("cancel", "'confirmed', 'tentative'", json!({"reason": "ill"})),
        }
    }

    fn step(&mut self, name: &'static str, states: &str, body: Value) {
        if let Some(stay) = self.stay_in(states) {
            self.try_post(name, &format!("/api/reservations/{stay}/{name}"), body);
        }
    }

    /// A group comes, all of it on one day.
    fn group(&mut self) {
        let from = self.today();
        let body = json!({"name": format!("Group {from}"), "arrival_date": from, "departure_date": from.plus(2),
            "rooms": [{"room_type_id": 1, "rooms": 2}]});
        if let Some(made) = self.try_post("group", "/api/groups", body) {
            let list = json!({"rows": [{"name": "One"}, {"name": "Two"}]});
            self.try_post("rooming list", &format!("/api/groups/{}/rooming-list", made["id"]), list);
        }
    }

    /// Decides of some of what is open.
    fn decide(&mut self) {
        let day = self.hotel.with_token(&self.token).get("/api/day-close").expect(200);
        for group in day["open"].as_array().expect("groups") {
            for stay in group["stays"].as_array().expect("stays") {
                let choices = stay["choices"].as_array().expect("choices");
                if choices.is_empty() || self.numbers.below(3) == 0 {
                    continue;
                }
                let choice = choices[self.numbers.place(choices.len())].clone();
                let body = json!({"reservation_id": stay["reservation_id"], "choice": choice});
                self.try_post("decide", "/api/day-close/decisions", body);
            }
        }
    }

    /// Who is in the house tonight, each with the night that has to be on the bill.
    fn in_house(&self) -> Vec<String> {
        self.rows("SELECT id FROM reservation WHERE status = 'checked_in' ORDER BY id")
    }

    /// Closes the open day in the evening, or at night by itself.
    fn close(&mut self) {
        let today = self.today();
        let in_house = self.in_house();
        if self.numbers.below(3) == 0 {
            // The machine is a day further, and sometimes a few.
            let missed = self.numbers.below(3);
            self.hotel.advance_hours(24 * i64::try_from(1 + missed).expect("few"));
            if self.numbers.below(4) == 0 {
                self.hotel.advance_hours(-2);
            }
            while plan::look(&self.hotel.app).expect("closed").is_some() {}
            self.token = self.hotel.sign_in_again(Role::Owner);
            *self.done.entry("closed by itself").or_default() += 1;
            if self.today() == today {
                self.close_by_hand(today);
            }
        } else {
            self.decide();
            self.close_by_hand(today);
        }
        for stay in in_house {
            let sql = format!(
                "SELECT count(*) FROM charge WHERE kind = 'room' AND reservation_id = {stay} AND night = '{today}' AND business_date = '{today}'
                    AND id NOT IN (SELECT reverses_id FROM posting WHERE entry = 'void' AND reverses_id IS NOT NULL)"
            );
            assert_eq!(self.rows(&sql), ["1"], "the night of {today} of stay {stay}");
        }
        let app = &self.hotel.app;
        let report = app.db.read(&app.own_context(), checks::sums).expect("a report");
        assert_eq!(report.in_short(), None, "after {today}");
    }

    fn close_by_hand(&mut self, date: Date) {
        let body = json!({"business_date": date, "undecided": "carry", "reason": "the clock of this test jumps"});
        self.hotel.with_token(&self.token).post("/api/day-close", body).expect(200);
        *self.done.entry("closed by hand").or_default() += 1;
    }
}

#[test]
fn every_day_of_a_random_hotel_closes_with_books_that_agree_and_each_night_once() {
    let (days, seed) = (given("CLOSE_DAYS", 20), given("CLOSE_SEED", 1));
    let mut life = Life::new(seed);
    let first = life.today();
    while first.days_until(life.today()) < i64::try_from(days).expect("few") {
        for _ in 0..8 {
            life.do_something();
        }
        if life.numbers.below(5) == 0 {
            life.group();
        }
        life.close();
    }
    println!("{} days of seed {seed}: {:?}", first.days_until(life.today()), life.done);
    for what in ["book", "check-in", "check-out", "decide", "closed by hand", "closed by itself"] {
        assert!(life.done.get(what).is_some_and(|count| *count > 0), "{what} was never done");
    }
}
