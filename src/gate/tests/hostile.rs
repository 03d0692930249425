//! What ill-behaved clients, and an ill-behaved inside, come to.

use std::io::Write;
use std::time::Duration;

use super::super::GateConfig;
use super::inside::{get, house, house_with, post, read_head, small_config};

#[test]
fn a_head_that_never_ends_is_cut_at_its_deadline() {
    let house = house(GateConfig { head_timeout: Duration::from_millis(80), ..small_config() });
    let mut guests: Vec<_> = (0..50).map(|_| house.connect()).collect();
    guests.iter_mut().for_each(|guest| guest.send("GET / HTTP/1.1\r\nX-A: "));
    assert_eq!(house.ask(&get("/hello?1")).0, 200);
    for guest in &mut guests {
        let rest = guest.rest();
        assert!(rest.starts_with("HTTP/1.1 408 ") && rest.contains("application/problem+json"), "{rest}");
    }
    assert_eq!(house.refused("head_timeout"), 50);
}

#[test]
fn a_body_that_never_comes_is_cut_at_its_deadline() {
    let house = house(GateConfig { body_timeout: Duration::from_millis(80), ..small_config() });
    let mut guests: Vec<_> = (0..50).map(|_| house.connect()).collect();
    guests.iter_mut().for_each(|guest| guest.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"));
    assert_eq!(house.ask(&get("/hello?1")).0, 200);
    assert!(guests.iter_mut().all(|guest| guest.rest().starts_with("HTTP/1.1 408 ")));
    house.until(|counters| counters.request_bytes_held == 0);
}

#[test]
fn an_idle_connection_is_closed_without_a_word() {
    let house = house(GateConfig { idle_timeout: Duration::from_millis(80), ..small_config() });
    let mut fresh = house.connect();
    let (_, mut used) = house.ask_until_answered(&get("/hello?"));
    assert_eq!(fresh.rest(), "");
    assert_eq!(used.rest(), "");
}

#[test]
fn empty_lines_do_not_keep_a_connection_alive() {
    let house = house(GateConfig { idle_timeout: Duration::from_millis(150), ..small_config() });
    let mut guest = house.connect();
    while guest.stream.get_mut().write_all(b"\r\n").is_ok() {
        std::thread::yield_now();
    }
    assert_eq!(guest.rest(), "");
}

#[test]
fn requests_that_could_be_read_in_two_ways_are_refused_and_the_rest_is_not_read() {
    let house = house(small_config());
    let smuggled = "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (lines, status) in [
        ("Content-Length: 3\r\nTransfer-Encoding: chunked", 501),
        ("Transfer-Encoding: chunked\r\nContent-Length: 3", 501),
        ("Transfer-Encoding: xchunked", 501),
        ("Transfer-Encoding : chunked", 400),
        ("Content-Length: 3\r\nContent-Length: 30", 400),
        ("Content-Length: +3", 400),
        ("Content-Length: 3, 3", 400),
        ("X: y\r\n Content-Length: 3", 400),
        ("X: y\nContent-Length: 3", 400),
        ("X: y\rContent-Length: 3", 400),
        ("X\0: y", 400),
        ("Host: other", 400),
    ] {
        let mut guest = house.connect();
        guest.send(format!("POST / HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n\r\n0\r\n\r\n{smuggled}"));
        let answer = guest.response();
        assert_eq!(answer.status, status, "{lines:?}");
        assert!(answer.head.contains("\r\nConnection: close\r\n"));
        assert_eq!(guest.rest(), "", "{lines:?}");
    }
    assert!(house.arrivals.try_recv().is_err(), "nothing was smuggled in");
}

#[test]
fn each_refusal_has_its_status() {
    let house = house(GateConfig { allowed_hosts: vec!["hotel.test".to_string()], ..small_config() });
    let with_host = |host: &str| format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for (request, status) in [
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000000000\r\n\r\n".to_string(), 413),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000000000000000\r\n\r\n".to_string(), 413),
        ("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8388609\r\n\r\n".to_string(), 413),
        ("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_string(), 411),
        ("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n".to_string(), 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_string(), 505),
        ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n".to_string(), 400),
        ("CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n".to_string(), 400),
        ("\u{16}\u{3}\u{1}\u{2}".to_string(), 400),
        (get(&format!("/{}", "a".repeat(8192))), 414),
        (format!("GET / HTTP/1.1\r\nHost: localhost\r\nA: {}", "a".repeat(16 * 1024)), 431),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nExpect: more\r\n\r\n".to_string(), 417),
        (with_host("evil.example"), 421),
        (with_host("hotel.test.evil.example"), 421),
        (with_host("hotel.test:8080"), 200),
        (with_host("[::1]"), 200),
    ] {
        let (answered, body) = house.ask(&request);
        assert_eq!(answered, status, "{request:?}");
        assert!(status == 200 || body.starts_with(r#"{"type":"about:blank","title":""#), "{body}");
    }
}

#[test]
fn a_large_body_that_is_refused_does_not_hide_the_refusal() {
    let house = house(small_config());
    let mut guest = house.connect();
    let request = post("/echo", &"x".repeat(2_000_000));
    guest.send(request);
    assert_eq!(guest.response().status, 413);
    assert_eq!(guest.rest(), "");
}

#[test]
fn a_refusal_is_told_in_the_language_that_its_request_asks_for() {
    let house = house(small_config());
    let told = |language: &str| {
        let mut guest = house.connect();
        let head = format!("POST /echo HTTP/1.1\r\nHost: localhost\r\n{language}Content-Length: 2000000\r\n\r\n");
        guest.send(head);
        let answer = guest.response();
        (answer.status, answer.head.contains("Content-Language: id\r\nVary: Accept-Language\r\n"), answer.text())
    };
    let (status, is_indonesian, body) = told("Accept-Language: id-ID, en;q=0.8\r\n");
    assert_eq!((status, is_indonesian), (413, true));
    assert!(body.contains("\"detail\":\"Isi permintaan melebihi yang diterima alamat ini.\""), "{body}");
    assert!(told("").2.contains("larger than this address accepts"), "English without a wish");
}

#[test]
fn a_flood_of_pipelined_requests_stays_in_the_sender() {
    let house = house(small_config());
    let mut guest = house.connect();
    guest.send(get("/wait?"));
    house.arrivals.recv().unwrap();
    let stream = guest.stream.get_mut();
    stream.set_nonblocking(true).unwrap();
    let flood = get("/hello?").repeat(1000);
    let mut sent = 0;
    while let Ok(count) = stream.write(flood.as_bytes()) {
        sent += count;
        assert!(sent < 100_000_000, "the gate reads without end");
    }
    assert!(house.gate.counters().bytes_in < 20_000);
    house.door.open();
}

#[test]
fn a_hundred_large_answers_pipelined_by_one_client_do_not_stop_the_others() {
    let house = house(GateConfig { response_whole: 256 * 1024, stall_timeout: Duration::from_millis(50), ..small_config() });
    let mut guest = house.connect();
    guest.send(get("/big?8000000").repeat(100));
    for number in 0..20 {
        assert_eq!(house.ask(&get(&format!("/hello?{number}"))).1, format!("hello {number}"));
    }
}

#[test]
fn slow_readers_do_not_block_the_others() {
    let house = house(GateConfig { response_whole: 256 * 1024, stall_timeout: Duration::from_millis(50), ..small_config() });
    let mut slow: Vec<_> = (0..12).map(|_| house.connect().read_little()).collect();
    slow.iter_mut().for_each(|guest| guest.send(get("/big?16000000")));
    for number in 0..20 {
        assert_eq!(house.ask(&get(&format!("/hello?{number}"))).1, format!("hello {number}"));
    }
    assert!(house.refused("stalled_reader") >= 8);
    assert!(house.gate.counters().response_bytes_held < 16_000_000);
}

#[test]
fn a_reader_that_takes_nothing_is_cut_at_its_deadline() {
    let house = house(GateConfig { write_timeout: Duration::from_millis(80), ..small_config() });
    let mut guest = house.connect().read_little();
    guest.send(get("/big?30000000"));
    house.until(|counters| counters.refused("slow_reader") == 1);
    assert!(guest.rest().len() < 30_000_000);
    house.until(|counters| counters.response_bytes_held == 0 && counters.inner_busy == 0);
}

#[test]
fn requests_beyond_the_queue_are_told_to_come_back() {
    let house = house(GateConfig { inner_connections: 1, queue_limit: 1, ..GateConfig::default() });
    let mut first = house.connect();
    first.send(get("/wait?1"));
    house.arrivals.recv().unwrap();
    let mut second = house.connect();
    second.send(get("/wait?2"));
    house.until(|counters| counters.queue_depth == 1);
    let mut third = house.connect();
    let answer = third.get("/hello?3");
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("Retry-After: 1\r\n"));
    house.door.open();
    assert_eq!(second.response().text(), "waited 2");
    assert_eq!(third.get("/hello?3").text(), "hello 3", "its connection stays");
}

#[test]
fn a_request_waits_for_its_turn_and_for_its_answer_only_so_long() {
    let short = Duration::from_millis(60);
    let house =
        house(GateConfig { inner_connections: 1, queue_timeout: short, answer_timeout: short * 4, ..GateConfig::default() });
    let mut first = house.connect();
    first.send(get("/wait?1"));
    house.arrivals.recv().unwrap();
    assert_eq!(house.ask(&get("/hello?")).0, 503);
    assert_eq!(first.response().status, 504);
    house.door.open();
    house.until(|counters| counters.inner_open == 1 && counters.inner_busy == 0);
    house.ask_until_answered(&get("/hello?1"));
    while first.get("/hello?1").status != 200 {}
}

#[test]
fn clients_that_leave_cost_nothing() {
    let house = house(small_config());
    for _ in 0..20 {
        let mut guest = house.connect();
        guest.send(get("/big?8000000"));
        let mut guest = house.connect();
        guest.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc");
        let mut guest = house.connect();
        guest.send(get("/wait?"));
    }
    house.door.open();
    house.until(|counters| counters.open == 0 && counters.inner_busy == 0 && counters.queue_depth == 0);
    assert_eq!(house.ask(&get("/hello?1")).1, "hello 1");
    house.until(|counters| counters.request_bytes_held == 0 && counters.response_bytes_held == 0);
}

#[test]
fn connections_beyond_the_limit_replace_idle_ones_or_are_turned_away() {
    let house = house(GateConfig { max_connections: 2, ..small_config() });
    let mut first = house.connect();
    assert_eq!(first.get("/hello?").status, 200);
    let mut second = house.connect();
    second.send(get("/wait?2"));
    house.arrivals.recv().unwrap();
    let mut third = house.connect();
    third.send(get("/wait?3"));
    house.arrivals.recv().unwrap();
    assert_eq!(first.rest(), "", "the idle one made room");
    let mut fourth = house.connect();
    assert!(fourth.rest().starts_with("HTTP/1.1 503 "));
    house.door.open();
    assert_eq!(second.response().text(), "waited 2");
    assert_eq!(third.response().text(), "waited 3");
    assert_eq!((house.refused("idle_evicted"), house.refused("connection_limit")), (1, 1));
}

#[test]
fn uploads_beyond_the_budget_are_told_to_come_back() {
    let house = house(GateConfig { request_budget: 1_000_000, ..small_config() });
    let mut guest = house.connect();
    guest.send(post("/upload", &"x".repeat(1_100_000)));
    assert_eq!(guest.response().status, 503);
    assert_eq!(house.ask(&post("/echo", "x")).0, 200);
    house.until(|counters| counters.request_bytes_held == 0);
}

#[test]
fn responses_that_break_the_rules_become_502() {
    for response in [
        "HTTP/1.1 200 OK\r\n\r\nbody until the end",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let house = house_with(small_config(), move |stream| {
            let mut stream = std::io::BufReader::new(stream);
            while let Some(head) = read_head(&mut stream) {
                let proof = "HTTP/1.1 204 No Content\r\n\r\n";
                let reply = if head.contains("X-Gate-Probe: 1") { proof } else { response };
                stream.get_mut().write_all(reply.as_bytes()).unwrap();
            }
        });
        let mut guest = house.connect();
        assert_eq!(guest.get("/").status, 502, "{response:?}");
        assert_eq!(guest.get("/").status, 502, "the client's connection goes on");
    }
}

#[test]
fn a_response_that_breaks_off_ends_the_connection() {
    let house = house_with(small_config(), |stream| {
        let mut stream = std::io::BufReader::new(stream);
        read_head(&mut stream);
        stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        read_head(&mut stream);
        let _ = stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
    });
    let mut guest = house.connect();
    guest.send(get("/"));
    assert!(guest.rest().ends_with("\r\n\r\nab"));
    assert_eq!(house.refused("inner_failed"), 1);
}

#[test]
fn a_write_that_may_have_happened_is_not_repeated_but_a_read_is() {
    let house = house_with(small_config(), |stream| {
        let mut stream = std::io::BufReader::new(stream);
        read_head(&mut stream);
        stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        // The first request on each connection ends it without an answer.
        read_head(&mut stream);
    });
    assert_eq!(house.ask(&post("/", "x")).0, 502);
    assert_eq!(house.ask(&get("/")).0, 502);
    let lost = house.gate.counters().inner_lost;
    assert_eq!(lost, 3, "one for the POST, two for the GET");
}
