//! Sixty-four desks that write and sixty-four that read, while another program
//! has the file open too: nobody is ever told that the database is locked.
//!
//! A debug build does it for some rounds, a release build for a minute.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;

use crate::support::client::Client;
use crate::support::running::{run, stdout, text};
use crate::support::{Answer, RunningHotel};

const WRITERS: usize = 64;
const READERS: usize = 64;

/// How long a release build goes on.
const MINUTE: Duration = Duration::from_secs(60);

/// Rounds that a desk makes at least, and in a debug build at most.
const ROUNDS: usize = 12;

const READS: &[&str] = &[
    "/api/reservations?page_size=20",
    "/api/guests?page_size=20",
    "/api/rooms",
    "/api/rooms/available?check_in_date=2025-11-11&check_out_date=2025-11-14",
    "/api/guests?q=busy",
    "/api/dashboard/today",
];

fn hotel_with_rooms() -> (RunningHotel, String) {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let mut desk = hotel.connect().signed(&owner);
    let new = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100});
    let room_type = desk.post("/api/room-types", &new).expect(201)["id"].clone();
    for number in 101..=130 {
        desk.post("/api/rooms", &json!({"room_number": number.to_string(), "room_type_id": room_type})).expect(201);
    }
    (hotel, owner)
}

/// Makes rounds until it is time to stop; how often each status came, and the guests made.
fn rounds(stop_at: Instant, mut round: impl FnMut(usize) -> Answer) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for number in 0.. {
        if number >= ROUNDS && (cfg!(debug_assertions) || Instant::now() >= stop_at) {
            break;
        }
        let answer = round(number);
        let is_good = matches!(answer.status, 200 | 201) || answer.status == 409 && answer.problem(409) != "busy";
        assert!(is_good, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        *statuses.entry(answer.status).or_insert(0) += 1;
    }
    statuses
}

fn write(desk: &mut Client, writer: usize, number: usize) -> Answer {
    if number % 3 != 2 {
        return desk.post("/api/guests", &json!({"full_name": format!("Busy {writer} {number}")}));
    }
    let night = 1 + (writer + number) % 25;
    let stay = json!({
        "guest": {"full_name": format!("Busy {writer} {number}")}, "room_type_id": 1, "adults": 1,
        "check_in_date": format!("2025-12-{night:02}"), "check_out_date": format!("2025-12-{:02}", night + 2),
    });
    desk.post("/api/reservations", &stay)
}

/// Another program with the same file: it writes for a moment, and reads for long.
fn another_program(file: &std::path::Path, is_over: &AtomicBool) -> usize {
    let other = Connection::open(file).expect("the file");
    other.busy_timeout(Duration::from_secs(30)).expect("patience");
    let mut turns = 0;
    // Once at least, however late it gets its turn.
    while turns == 0 || !is_over.load(Ordering::Relaxed) {
        other.execute_batch("BEGIN IMMEDIATE; UPDATE guest SET notes = 'seen' WHERE id = 1; COMMIT;").expect("its turn");
        other.execute_batch("BEGIN; SELECT count(*) FROM guest;").expect("a snapshot");
        let nights: i64 = other.query_row("SELECT count(*) FROM reservation_night", [], |row| row.get(0)).expect("a count");
        assert!(nights >= 0);
        other.execute_batch("COMMIT").expect("the end of the snapshot");
        turns += 1;
    }
    turns
}

/// Says that it is over, also when a desk fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn nobody_is_ever_told_that_the_database_is_locked() {
    let (hotel, owner) = hotel_with_rooms();
    let stop_at = Instant::now() + MINUTE;
    let is_over = AtomicBool::new(false);
    let (written, read, turns) = std::thread::scope(|scope| {
        let (hotel, owner, is_over) = (&hotel, &owner, &is_over);
        let other = scope.spawn(move || another_program(&hotel.file(), is_over));
        let over = Over(is_over);
        let desk = move || hotel.connect().signed(owner);
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || {
                    let mut desk = desk();
                    rounds(stop_at, |number| write(&mut desk, writer, number))
                })
            })
            .collect();
        let readers: Vec<_> = (0..READERS)
            .map(|reader| {
                scope.spawn(move || {
                    let mut desk = desk();
                    rounds(stop_at, |number| desk.get(READS[(reader + number) % READS.len()]))
                })
            })
            .collect();
        let sum = |threads: Vec<std::thread::ScopedJoinHandle<BTreeMap<u16, usize>>>| {
            let mut all = BTreeMap::new();
            for statuses in threads.into_iter().map(|thread| thread.join().expect("a desk")) {
                statuses.into_iter().for_each(|(status, count)| *all.entry(status).or_insert(0) += count);
            }
            all
        };
        let counted = (sum(writers), sum(readers));
        drop(over);
        (counted.0, counted.1, other.join().expect("the other program"))
    });
    println!("busy: written {written:?}, read {read:?}, {turns} turns of another program");
    assert!(written.keys().all(|status| matches!(status, 201 | 409)), "{written:?}");
    assert_eq!(read.keys().copied().collect::<Vec<_>>(), [200], "{read:?}");
    assert!(written[&201] >= WRITERS * ROUNDS / 3 && turns > 0);
    // What another program wrote last, the search learns with the next change.
    hotel.connect().signed(&owner).post("/api/guests", &json!({"full_name": "The last"})).expect(201);
    let guests: i64 = Connection::open(hotel.file())
        .and_then(|file| file.query_row("SELECT count(*) FROM guest", [], |row| row.get(0)))
        .expect("a count");
    assert_eq!(usize::try_from(guests).expect("a number"), written[&201] + 1, "what was acknowledged is there, and nothing else");
    let check = run(&["check", "--db", text(&hotel.file())]);
    assert_eq!(check.status.code(), Some(0), "{}", stdout(&check));
}
