//! Clients that take their time: heads, bodies and readers that hardly move.

use super::raw::{Raw, get};
use super::siege::{Siege, besiege, under_attack};
use super::target::Target;
use super::witness::witness;
use super::{alone, size};
use crate::support::client::Client;

#[test]
fn no_attack_at_all() {
    under_attack("none", 0, |_, _| {});
}

#[test]
fn a_thousand_heads_that_never_end() {
    let count = size(250, 1000);
    let begin = |siege: &Siege| {
        let mut raw = Raw::connect(siege.address);
        raw.send("GET /api/rooms HTTP/1.1\r\nHost: localhost\r\n");
        raw
    };
    let target = under_attack("slowloris", 1, |siege, _| {
        let mut slow: Vec<Raw> = (0..count).map(|_| begin(siege)).collect();
        siege.in_place();
        let mut turn = 0;
        while siege.next_beat() {
            for _ in 0..8 {
                turn = (turn + 1) % count;
                if !slow[turn].push(b"X-A: b\r\n") {
                    slow[turn] = begin(siege);
                }
            }
        }
    });
    assert!(target.figure("connections_accepted_total") as usize > count);
}

#[test]
fn bodies_that_never_come() {
    let count = size(100, 500);
    let target = under_attack("stuck bodies", 1, |siege, _| {
        let head = "POST /api/guests HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        let stuck: Vec<Raw> = (0..count)
            .map(|number| {
                let mut raw = Raw::connect(siege.address);
                // Some wait for permission, some say a part and stop.
                let extra = if number % 2 == 0 { "Expect: 100-continue\r\n" } else { "" };
                raw.send(format!("{head}{extra}Content-Length: 200000\r\n\r\n"));
                if number % 2 == 1 {
                    raw.send("{\"full_name\": \"".repeat(100));
                }
                raw
            })
            .collect();
        siege.in_place();
        while siege.next_beat() {}
        drop(stuck);
    });
    target.until("request_bytes_held", 0);
}

#[test]
fn readers_that_take_nothing_and_ask_for_more() {
    let count = size(60, 300);
    let target = under_attack("slow readers", 1, |siege, _| {
        let big = get("/api/openapi.json").repeat(20);
        let readers: Vec<Raw> = (0..count)
            .map(|_| {
                let mut raw = Raw::connect(siege.address).read_little();
                raw.send(&big);
                raw
            })
            .collect();
        siege.in_place();
        while siege.next_beat() {}
        drop(readers);
    });
    assert!(target.figure("sent_bytes_total") > 1_000_000);
}

#[test]
fn event_streams_that_are_never_read() {
    let count = size(40, 200);
    let _alone = alone();
    let mut target = Target::start(&["--event-backlog", "8"]);
    besiege("unread event streams", &mut target, 2, |siege, crew| {
        if crew == 0 {
            let streams: Vec<Raw> = (0..count).map(|_| siege.target.open_stream()).collect();
            siege.in_place();
            while siege.next_beat() {}
            drop(streams);
        } else {
            // Every change is an event for each of them.
            let mut desk = siege.target.signed();
            siege.in_place();
            while !siege.is_over() {
                assert_eq!(desk.post("/api/guests", &serde_json::json!({"full_name": "Noise"})).status, 201);
            }
        }
    });
    target.until("response_bytes_held", 0);
}

#[test]
fn two_hundred_open_desks_take_two_hundred_sockets_and_no_worker() {
    let _alone = alone();
    let mut target = Target::start(&["--max-event-streams-per-account", "200"]);
    let mut desks: Vec<Client> = (0..200).map(|_| target.signed()).collect();
    desks.iter_mut().for_each(|desk| desk.write("GET", "/api/events", ""));
    for desk in &mut desks {
        assert!((0..40).any(|_| desk.line() == "event: hello"), "a greeting");
    }
    assert_eq!(target.figure("event_streams_open"), 200);
    assert!(target.figure("inner_connections_busy") < 10, "a stream keeps its connection to the workers");
    target.assert_threads();
    let times = witness(&target, size(200, 5000), || {});
    for desk in &mut desks {
        assert!((0..9).any(|_| desk.line() == "event: change"), "a change is heard of");
    }
    drop(desks);
    println!("attack: 200 open desks: {times}; {}", target.verdict());
}

#[test]
fn a_stop_waits_for_none_of_them() {
    let _alone = alone();
    let mut target = Target::start(&[]);
    let streams: Vec<Raw> = (0..50).map(|_| target.open_stream()).collect();
    let starts = ["GET / HTTP/1.1\r\n", "POST /api/guests HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n", ""];
    let slow: Vec<Raw> = (0..150)
        .map(|number| {
            let mut raw = Raw::connect(target.address);
            raw.send(starts[number % 3]);
            raw
        })
        .collect();
    assert!(target.figure("connections_open") > 150);
    let (status, log) = (target.stop(), target.log_text());
    assert!(status.success(), "{status}: {log}");
    // Streams and heads end at once; whoever is sending a body had the grace to end it.
    assert!(log.contains("50 connections were open to the last moment of the stop"), "{log}");
    drop((streams, slow));
}
