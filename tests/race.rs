//! Many desks after the same night: one gets it, the others are told so.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::time::Instant;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::client::{Client, HasBody};
use crate::support::running::{PASSWORD, token};
use crate::support::{Answer, RunningHotel};

const CLIENTS: usize = 32;
const ROUNDS: i64 = 1000;

/// A hotel with one room of each of two types, and a client signed in for each desk.
fn hotel_and_desks() -> (RunningHotel, Vec<Client>, String) {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let mut desk = hotel.connect().signed(&owner);
    for (code, number) in [("DBL", "101"), ("STE", "201")] {
        let new = json!({"name": code, "code": code, "capacity_adults": 2, "default_rate": 100});
        let room_type = desk.post("/api/room-types", &new).expect(201)["id"].clone();
        desk.post("/api/rooms", &json!({"room_number": number, "room_type_id": room_type})).expect(201);
    }
    desk.post("/api/guests", &json!({"full_name": "Ana Lopes"})).expect(201);
    // Eight people, four windows each.
    let sign_in = json!({"username": "owner", "password": PASSWORD});
    let tokens: Vec<String> = (0..8).map(|_| token(&hotel.connect().post("/api/auth/login", &sign_in).expect(200))).collect();
    let desks = (0..CLIENTS).map(|i| hotel.connect().signed(&tokens[i % tokens.len()])).collect();
    (hotel, desks, owner)
}

/// What every desk was answered in each round, all of them asking at once.
fn race(desks: Vec<Client>, rounds: i64, ask: impl Fn(&mut Client, i64) -> Answer + Sync) -> Vec<Vec<Answer>> {
    let start = Barrier::new(desks.len());
    let answers: Vec<Vec<Answer>> = std::thread::scope(|scope| {
        let run = |mut desk: Client| {
            let (start, ask) = (&start, &ask);
            scope.spawn(move || {
                let round = |round| {
                    start.wait();
                    ask(&mut desk, round)
                };
                (0..rounds).map(round).collect()
            })
        };
        let racers: Vec<_> = desks.into_iter().map(run).collect();
        racers.into_iter().map(|racer| racer.join().expect("a racer")).collect()
    });
    let by_round = |round: usize| answers.iter().map(|racer| racer[round].clone()).collect();
    (0..usize::try_from(rounds).expect("rounds")).map(by_round).collect()
}

/// How often each status and problem was answered.
fn outcomes(answers: &[Answer]) -> BTreeMap<(u16, String), usize> {
    let mut outcomes = BTreeMap::new();
    for answer in answers {
        let kind = if answer.status < 400 { String::new() } else { answer.problem(answer.status) };
        *outcomes.entry((answer.status, kind)).or_default() += 1;
    }
    outcomes
}

fn one_and_the_rest(status: u16, refusal: &str) -> BTreeMap<(u16, String), usize> {
    BTreeMap::from([((status, String::new()), 1), ((409, refusal.to_owned()), CLIENTS - 1)])
}

fn count(hotel: &RunningHotel, sql: &str) -> i64 {
    let file = Connection::open(hotel.file()).expect("the data file");
    file.query_row(sql, [], |row| row.get(0)).expect("a count")
}

/// The night of a round: in a room by its number, or of a type that has one room left.
fn wish(round: i64) -> Value {
    let start = innkeeper::domain::date::Date::new(2030, 1, 1).expect("a date");
    let night = start.plus(round).expect("a date");
    let mut stay = json!({"guest_id": 1, "check_in_date": night, "check_out_date": night.next()});
    if round % 2 == 0 {
        stay["room_id"] = json!(1);
    } else {
        stay["room_type_id"] = json!(2);
    }
    stay
}

#[test]
fn of_32_desks_after_one_night_exactly_one_gets_it_a_thousand_times() {
    let (hotel, desks, _) = hotel_and_desks();
    let started = Instant::now();
    let answers = race(desks, ROUNDS, |desk, round| desk.post("/api/reservations", &wish(round)));
    println!("{ROUNDS} rounds of {CLIENTS} desks in {:.1} s", started.elapsed().as_secs_f64());
    for (round, answers) in answers.iter().enumerate() {
        let refusal = if round % 2 == 0 { "room-taken" } else { "no-room-free" };
        assert_eq!(outcomes(answers), one_and_the_rest(201, refusal), "round {round}");
    }
    assert_eq!(count(&hotel, "SELECT count(*) FROM reservation"), ROUNDS);
    assert_eq!(count(&hotel, "SELECT count(DISTINCT night) FROM reservation_night WHERE is_held = 1"), ROUNDS);
    assert_eq!(count(&hotel, "SELECT count(*) FROM room_night"), ROUNDS / 2);
}

/// One room of a type is left beside a block of one, which a group's desk picks up while the others ask for what is left.
#[test]
fn of_32_desks_after_the_last_room_and_the_last_of_a_block_exactly_two_get_one() {
    let (hotel, mut desks, _) = hotel_and_desks();
    let owner = &mut desks[0];
    owner.post("/api/rooms", &json!({"room_number": "202", "room_type_id": 2})).expect(201);
    let start = innkeeper::domain::date::Date::new(2030, 1, 1).expect("a date");
    let rounds = 100;
    for round in 0..rounds {
        let night = start.plus(round).expect("a date");
        let group = json!({"name": format!("Group {round}"), "arrival_date": night, "departure_date": night.next(),
            "rooms": [{"room_type_id": 2, "rooms": 1}]});
        owner.post("/api/groups", &group).expect(201);
    }
    // Half of the desks ask for the group, half for somebody else.
    let asks = std::sync::atomic::AtomicUsize::new(0);
    let answers = race(desks, rounds, |desk, round| {
        let night = start.plus(round).expect("a date");
        let mut stay = json!({"guest_id": 1, "room_type_id": 2, "check_in_date": night, "check_out_date": night.next()});
        if asks.fetch_add(1, std::sync::atomic::Ordering::Relaxed).is_multiple_of(2) {
            stay["group_id"] = json!(round + 1);
        }
        desk.post("/api/reservations", &stay)
    });
    for (round, answers) in answers.iter().enumerate() {
        let kinds = outcomes(answers);
        let (made, refused) = (kinds.get(&(201, String::new())), kinds.get(&(409, "no-room-free".to_owned())));
        assert_eq!((made, refused), (Some(&2), Some(&(CLIENTS - 2))), "round {round}");
    }
    let over = "SELECT count(*) FROM (SELECT night FROM reservation_night WHERE is_held = 1 GROUP BY night HAVING count(*) > 2)";
    assert_eq!(count(&hotel, over), 0);
}

#[test]
fn of_32_desks_changing_the_same_version_of_a_stay_exactly_one_does() {
    let (hotel, mut desks, _) = hotel_and_desks();
    let booked = desks[0].post("/api/reservations", &wish(0)).expect(201);
    assert_eq!(booked["version"], 1);
    let answers = race(desks, 100, |desk, round| {
        let note = json!({"notes": format!("round {round}"), "version": round + 1}).to_string();
        desk.write("PATCH", "/api/reservations/1", &note);
        desk.answer(HasBody::Yes)
    });
    for (round, answers) in answers.iter().enumerate() {
        assert_eq!(outcomes(answers), one_and_the_rest(200, "stale-version"), "round {round}");
    }
    assert_eq!(count(&hotel, "SELECT version FROM reservation"), 101);
}

#[test]
fn a_payment_sent_32_times_with_one_key_is_taken_once() {
    let (hotel, mut desks, owner) = hotel_and_desks();
    desks[0].post("/api/reservations", &wish(0)).expect(201);
    let body = json!({"reservation_id": 1, "amount": 10, "payment_method": "cash"}).to_string();
    let head = format!(
        "POST /api/payments HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {owner}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    let answers = race(desks, 50, |desk, round| {
        desk.raw(&format!("{head}Idempotency-Key: round-{round}\r\n\r\n{body}"));
        desk.answer(HasBody::Yes)
    });
    for (round, answers) in answers.iter().enumerate() {
        let first = answers[0].expect(201);
        assert!(answers.iter().all(|a| a.status == 201 && a.json()["id"] == first["id"]), "round {round}");
    }
    assert_eq!(count(&hotel, "SELECT count(*) FROM payment"), 50);
    assert_eq!(count(&hotel, "SELECT paid_amount FROM reservation"), 50_000);
}
