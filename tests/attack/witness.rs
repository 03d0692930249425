//! The client that means well: a desk that reads, writes and opens new windows,
//! one request after the other.

use std::fmt;
use std::time::{Duration, Instant};

use serde_json::json;

use super::target::Target;
use crate::support::client::Client;

/// How long the requests took, in order of size.
pub struct Times(Vec<Duration>);

impl Times {
    fn at(&self, permille: usize) -> f64 {
        let at = (self.0.len() * permille / 1000).min(self.0.len() - 1);
        self.0[at].as_secs_f64() * 1000.0
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, p50, p99, slowest) = (self.0.len(), self.at(500), self.at(990), self.at(1000));
        write!(f, "{count} requests, p50 {p50:.2} ms, p99 {p99:.2} ms, slowest {slowest:.2} ms")
    }
}

/// Makes so many requests and calls `beat` after each. Every one has to be answered, with
/// the patience of `Client`; how quickly is for people to judge.
pub fn witness(target: &Target, requests: usize, mut beat: impl FnMut()) -> Times {
    let mut desk = target.signed();
    let mut times = Vec::with_capacity(requests);
    for number in 0..requests {
        let begun = Instant::now();
        ask(target, &mut desk, number);
        times.push(begun.elapsed());
        target.note_memory();
        beat();
    }
    times.sort_unstable();
    Times(times)
}

/// What a desk asks, in turn.
pub fn ask(target: &Target, desk: &mut Client, number: usize) {
    match number % 10 {
        3 => assert_eq!(desk.post("/api/guests", &json!({"full_name": format!("Guest {number}")})).status, 201),
        // A window that was just opened.
        6 => assert_eq!(target.signed().get("/api/rooms").status, 200),
        7 => assert_eq!(desk.get("/api/guests?page_size=20").status, 200),
        _ => assert_eq!(desk.get("/api/reservations?page_size=20").status, 200),
    }
}
