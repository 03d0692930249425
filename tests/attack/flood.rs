//! Clients that send too much: bytes, requests, connections, sign-ins.

use std::time::{Duration, Instant};

use serde_json::json;

use super::raw::{Raw, get};
use super::siege::{besiege, under_attack};
use super::target::Target;
use super::{IN_FULL, alone, size};
use crate::support::client::{Client, HasBody};

#[test]
fn heads_without_end() {
    let target = under_attack("endless heads", size(4, 16), |siege, crew| {
        siege.in_place();
        let line = if crew % 2 == 0 { format!("X: {}", "x".repeat(60_000)) } else { "A: b\r\n".repeat(10_000) };
        for _ in siege.rounds(1) {
            let Ok(mut raw) = Raw::try_connect(siege.address) else { continue };
            raw.send("GET /api/rooms HTTP/1.1\r\nHost: localhost\r\n");
            while raw.send(&line) {}
        }
    });
    assert!(target.refused("head_too_large") > 0);
}

#[test]
fn bodies_beyond_every_limit_and_just_below_it() {
    let count = size(80, 200);
    let target = under_attack("body bombs", 2, |siege, crew| {
        if crew == 0 {
            // Together four times the memory for requests, each all but one byte.
            let almost = vec![b' '; 255_999];
            let stuck: Vec<Raw> = (0..count)
                .map(|_| {
                    let mut raw = Raw::connect(siege.address);
                    raw.send("POST /api/guests HTTP/1.1\r\nHost: localhost\r\nContent-Length: 256000\r\n\r\n");
                    raw.send(&almost);
                    raw
                })
                .collect();
            siege.in_place();
            while siege.next_beat() {}
            drop(stuck);
        } else {
            siege.in_place();
            let chunk = vec![b'x'; 1_000_000];
            for _ in siege.rounds(1) {
                let Ok(mut raw) = Raw::try_connect(siege.address) else { continue };
                raw.send("POST /api/guests HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n");
                while raw.send(&chunk) {}
            }
        }
    });
    assert!(target.refused("body_too_large") > 0 && target.refused("request_budget") > 0);
}

#[test]
fn requests_in_a_row_that_nobody_waits_for() {
    let target = under_attack("pipelining", size(8, 32), |siege, crew| {
        siege.in_place();
        let flood = get(if crew % 2 == 0 { "/api/health" } else { "/api/openapi.json" }).repeat(1000);
        while !siege.is_over() {
            let Ok(mut raw) = Raw::try_connect(siege.address) else { continue };
            raw.0.set_write_timeout(Some(Duration::from_millis(200))).expect("a timeout");
            // What is not taken comes later, until it has to be given up.
            while !siege.is_over() && raw.send(&flood) {}
        }
    });
    assert!(target.figure("gate_requests_total") > 200);
}

#[test]
fn connections_at_once_are_all_answered() {
    let _alone = alone();
    let mut target = Target::start(&[]);
    for count in [6, 64, size(200, 1000)] {
        let mut all: Vec<Client> = (0..count).map(|_| target.connect()).collect();
        all.iter_mut().rev().for_each(|client| client.write("GET", "/api/health", ""));
        all.iter_mut().for_each(|client| assert_eq!(client.answer(HasBody::Yes).status, 200));
        target.assert_threads();
    }
    println!("attack: connections at once: {}", target.verdict());
}

#[test]
fn connections_that_are_reset() {
    let target = under_attack("resets", size(1, 2), |siege, _| {
        siege.in_place();
        let (health, big) = (get("/api/health"), get("/api/openapi.json"));
        let unfinished = "POST /api/guests HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc";
        let moments = ["", "GET /api", unfinished, &health, &big];
        for round in siege.rounds(150) {
            let Ok(mut raw) = Raw::try_connect(siege.address) else { continue };
            raw.send(moments[round % moments.len()]);
            raw.reset();
        }
    });
    assert!(target.figure("connections_accepted_total") > 100);
}

#[test]
fn five_thousand_connections_a_second() {
    let crews = 2;
    let a_second = 5000;
    let target = under_attack("connects", crews, |siege, _| {
        siege.in_place();
        let (begun, mut made) = (Instant::now(), 0);
        for number in siege.rounds(150) {
            let due = Duration::from_secs_f64((number * crews) as f64 / f64::from(a_second));
            while begun.elapsed() < due && !siege.is_over() {
                std::thread::yield_now();
            }
            let Ok(mut raw) = Raw::try_connect(siege.address) else { continue };
            raw.send(get("/api/health"));
            raw.reset();
            made += 1;
        }
        println!("attack: connects: {:.0} a second by each crew", f64::from(made) / begun.elapsed().as_secs_f64());
    });
    assert!(target.figure("connections_accepted_total") > 200);
}

#[test]
fn all_files_are_taken() {
    let _alone = alone();
    let mut target = Target::with_files(256, &[]);
    let held = if IN_FULL { 1000 } else { 400 };
    besiege("256 files", &mut target, 1, |siege, _| {
        let starts = ["", "GET / HTTP/1.1\r\n", "POST /api/guests HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"];
        let open = |number: usize| {
            let mut raw = Raw::try_connect(siege.address).ok()?;
            raw.send(starts[number % 3]);
            Some(raw)
        };
        let mut all: Vec<Option<Raw>> = (0..held).map(open).collect();
        siege.in_place();
        let mut turn = 0;
        while siege.next_beat() {
            turn = (turn + 1) % held;
            all[turn] = open(turn);
        }
    });
    assert!(target.refused("idle_evicted") + target.refused("slow_evicted") + target.refused("connection_limit") > 0);
    assert_eq!(target.figure("inner_connections_lost_total"), 0);
}

#[test]
fn passwords_guessed_by_many_at_once() {
    let count = size(16, 64);
    under_attack("sign-ins", 1, |siege, _| {
        let guess = json!({"username": "owner", "password": "a wrong password"}).to_string();
        let mut all: Vec<Client> = (0..count).map(|_| siege.target.connect()).collect();
        siege.in_place();
        while !siege.is_over() {
            all.iter_mut().for_each(|client| client.write("POST", "/api/auth/login", &guess));
            for client in &mut all {
                let status = client.answer(HasBody::Yes).status;
                assert!(matches!(status, 401 | 429 | 503), "{status}");
            }
        }
    });
}
