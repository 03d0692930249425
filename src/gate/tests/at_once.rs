//! Answers that need no way inside: in order, whole, bounded, and never before somebody else's turn.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::super::{AtOnce, GateConfig};
use super::inside::{House, get, house, small_config};

/// Answers `/now?<bytes>` with as many.
fn config() -> GateConfig {
    let at_once: AtOnce = Arc::new(|asked, out| {
        let Some(length) = asked.target.strip_prefix("/now?").and_then(|length| length.parse::<usize>().ok()) else {
            return false;
        };
        if length > asked.room {
            return false;
        }
        out.extend_from_slice(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").as_bytes());
        if asked.method != "HEAD" {
            out.resize(out.len() + length, b'n');
        }
        true
    });
    GateConfig { at_once, ..small_config() }
}

fn at_once(house: &House) -> u64 {
    house.gate.counters().at_once
}

#[test]
fn answers_of_both_kinds_come_in_the_order_of_their_requests() {
    let house = house(config());
    let mut guest = house.connect();
    let lengths = [0, 1, 5000, 100_000, 7];
    let mut all = String::new();
    for length in lengths {
        all += &get(&format!("/now?{length}"));
        all += &get(&format!("/big?{length}"));
    }
    guest.send(&all);
    for length in lengths {
        let (now, inside) = (guest.response().text(), guest.response().text());
        assert_eq!((now.len(), inside.len()), (length, length));
        assert!(now.bytes().all(|byte| byte == b'n') && inside.bytes().all(|byte| byte == b'x'));
    }
    house.until(|counters| counters.at_once == 5 && counters.responses == 10 && counters.response_bytes_held == 0);
}

#[test]
fn a_body_an_end_or_a_foreign_host_goes_the_usual_way() {
    let house = house(config());
    for request in [
        "GET /now?1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /now?1 HTTP/1.0\r\nHost: localhost\r\n\r\n",
        "GET /now?1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "POST /now?1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
        "DELETE /now?1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /now?1 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET /now?1 HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    ] {
        house.ask(request);
        assert_eq!(at_once(&house), 0, "{request:?}");
    }
    let mut guest = house.connect();
    guest.send("HEAD /now?9 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(guest.head().0, 200);
    assert_eq!((guest.get("/now?3").text(), at_once(&house)), ("nnn".to_owned(), 2));
}

#[test]
fn whoever_takes_no_answers_holds_one_of_them_at_most() {
    let house = house(config());
    let guests: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut guest = TcpStream::connect(house.gate.local_address()).unwrap();
            // As many as fit into a head's buffer, and what the system holds for both sides.
            guest.write_all(get("/now?200000").repeat(200).as_bytes()).unwrap();
            guest
        })
        .collect();
    // Somebody who takes theirs is served meanwhile.
    let mut reader = house.connect();
    for n in 0..50 {
        assert_eq!(reader.get(&format!("/now?{n}")).text().len(), n);
        let counters = house.gate.counters();
        assert!(counters.response_bytes_held <= 20 * 201_000 + 300_000, "{counters:?}");
    }
    drop(guests);
    house.until(|counters| counters.open == 1 && counters.response_bytes_held == 0);
}

#[test]
fn of_many_sent_ahead_one_is_answered_before_others_have_their_turn() {
    let (asked, order) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (count, noted) = (asked.clone(), order.clone());
    let at_once: AtOnce = Arc::new(move |asked, out| {
        // The first waits until both have sent all that they ask.
        while count.load(Ordering::Acquire) < 2 {
            std::thread::yield_now();
        }
        noted.lock().unwrap().push(asked.target.to_owned());
        out.extend_from_slice(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        true
    });
    let house = house(GateConfig { at_once, ..small_config() });
    let mut guests: Vec<_> = (0..2).map(|_| house.connect()).collect();
    for (name, guest) in ["/a", "/b"].iter().zip(&mut guests) {
        guest.send(get(name).repeat(20));
        asked.fetch_add(1, Ordering::Release);
    }
    for guest in &mut guests {
        (0..20).for_each(|_| assert_eq!(guest.response().text(), ""));
    }
    let order = order.lock().unwrap();
    // Once both are there they take turns; the first may have been alone for a round or two.
    let turns = order.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(turns >= 30, "{order:?}");
}
