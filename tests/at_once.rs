//! What the gate answers from memory is what the inside would have answered, to the same people, and counts the same.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::time::Instant;

use innkeeper::domain::actor::Role;
use innkeeper::gate::GateConfig;
use innkeeper::hotel::Memory;
use innkeeper::http::request::Method;
use innkeeper::routes;
use innkeeper::server::{Beside, Server};
use serde_json::json;

use crate::support::client::{Client, HasBody, PATIENCE};
use crate::support::{Answer, TestHotel};

/// A hotel behind its gate.
struct Served {
    hotel: TestHotel,
    server: Option<Server>,
}

impl Served {
    fn new(hotel: TestHotel) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let beside = Beside { jobs: Vec::new(), lan: hotel.memory.lan.clone(), wish: None };
        let server = Server::start(hotel.app.clone(), beside, listener, 2, GateConfig::default()).expect("a server");
        Served { hotel, server: Some(server) }
    }

    fn connect(&self) -> Client {
        Client::connect(self.server.as_ref().expect("it runs").address())
    }

    /// Requests that were answered without the way inside.
    fn at_once(&self) -> u64 {
        self.figure("gate_responses_at_once_total")
    }

    fn figure(&self, name: &str) -> u64 {
        let figures = self.hotel.app.metrics.network();
        figures.iter().find(|figure| figure.name == name).expect("counted").values[0].1
    }

    /// Asks for it, and says whether the gate answered.
    fn ask(&self, client: &mut Client, method: &str, target: &str, fields: &str) -> (Answer, bool) {
        let before = self.at_once();
        client.raw(&format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n"));
        let status_line_only = method == "HEAD";
        let answer = client.answer(if status_line_only { HasBody::No } else { HasBody::Yes });
        (answer, self.at_once() > before)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }
}

/// Headers that differ from one request to the next.
const OF_THE_MOMENT: &[&str] = &["date", "x-request-id", "server-timing", "ratelimit-remaining", "ratelimit-reset", "connection"];

/// All that an answer says, in the order in which it says it.
fn said(answer: &Answer) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let lasting = |name: &str| !OF_THE_MOMENT.contains(&name.to_ascii_lowercase().as_str());
    let headers = answer.headers.iter().filter(|(name, _)| lasting(name)).cloned().collect();
    (answer.status, headers, answer.body.clone())
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.headers.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "Connection").collect()
}

#[test]
fn made_inside_kept_inside_and_given_at_once_are_one_answer_header_by_header() {
    let served = Served::new(TestHotel::builder().rate_limit(Some(100_000)).open_furnished());
    let token = served.hotel.sign_in_again(Role::Manager);
    let signed = format!("Authorization: Bearer {token}\r\n");
    let mut client = served.connect();
    let packed = format!("{signed}Accept-Encoding: gzip\r\n");
    let asked = [
        ("GET", "/api/reservations?page_size=20", &signed, true),
        ("GET", "/api/reservations?page_size=20", &packed, true),
        ("HEAD", "/api/reservations?page_size=20", &packed, true),
        ("GET", "/api/reservations?page_size=20&fields=id,status", &signed, true),
        ("GET", "/api/reservations/1", &packed, false),
        ("GET", "/api/dashboard/today", &packed, true),
        ("GET", "/api/rooms?page=1&page_size=2", &signed, true),
        ("GET", "/favicon.ico", &packed, true),
        ("GET", "/some/page", &packed, true),
        ("GET", "/assets/0/no-such-file.js", &packed, true),
        ("GET", "/api/health", &signed, false),
        ("GET", "/api/auth/me", &signed, false),
        ("GET", "/api/reservations/9999", &signed, false),
        ("GET", "/api/reservations?page=x", &signed, false),
        ("POST", "/some/page", &signed, false),
    ];
    for (method, target, fields, is_kept) in asked {
        let length = if method == "POST" { "Content-Length: 0\r\n" } else { "" };
        let fields = format!("{fields}{length}");
        let last = format!("{fields}Connection: close\r\n");
        // Whoever closes the connection is answered inside.
        let ask_inside = || served.ask(&mut served.connect(), method, target, &last);
        let (made, at_once) = ask_inside();
        assert!(!at_once, "{method} {target}");
        let (kept, _) = ask_inside();
        let (given, at_once) = served.ask(&mut client, method, target, &fields);
        assert_eq!(at_once, is_kept, "{method} {target}");
        assert_eq!(said(&made), said(&kept), "{method} {target}");
        assert_eq!(said(&made), said(&given), "{method} {target}");
        assert_eq!(names(&kept), names(&given), "{method} {target}");
        // And what somebody has already.
        let Some(tag) = given.header("etag") else { continue };
        let again = format!("{fields}If-None-Match: {tag}\r\n");
        let (inside, _) = served.ask(&mut served.connect(), method, target, &format!("{again}Connection: close\r\n"));
        let (given, at_once) = served.ask(&mut client, method, target, &again);
        assert_eq!((given.status, at_once), (304, is_kept), "{method} {target}");
        assert_eq!(said(&inside), said(&given), "{method} {target}");
    }
}

#[test]
fn nobody_gets_at_once_what_they_would_not_get_inside() {
    let served = Served::new(TestHotel::furnished());
    let mut tokens: BTreeMap<&str, String> = BTreeMap::from([("nobody", String::new()), ("a liar", "0".repeat(64))]);
    Role::ALL.iter().for_each(|role| _ = tokens.insert(role.as_str(), served.hotel.sign_in_again(*role)));
    tokens.insert("by PIN", served.hotel.sign_in_by_pin(Role::Owner));
    let kept = routes::endpoints(&Memory::default());
    let kept = kept.iter().filter(|e| e.method == Method::Get && !e.tags.is_empty());
    let mut client = served.connect();
    let mut given_at_once = 0;
    for endpoint in kept {
        let target = endpoint.pattern.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let target = target.collect::<Vec<_>>().join("/");
        let fields =
            |token: &str| if token.is_empty() { String::new() } else { format!("Cookie: innkeeper_session={token}\r\n") };
        // Those who may see it first, so that there is something for the others to get.
        let inside: BTreeMap<&str, Answer> = tokens
            .iter()
            .map(|(who, token)| {
                (*who, served.ask(&mut served.connect(), "GET", &target, &format!("{}Connection: close\r\n", fields(token))).0)
            })
            .collect();
        for (who, token) in &tokens {
            let (answer, at_once) = served.ask(&mut client, "GET", &target, &fields(token));
            assert_eq!(said(&answer), said(&inside[who]), "{target} {who}");
            assert!(!at_once || answer.status == 200, "{target} {who}");
            given_at_once += u32::from(at_once);
        }
    }
    assert!(given_at_once > 100, "{given_at_once}");
}

#[test]
fn what_was_given_at_once_is_never_older_than_the_last_change_and_ends_with_its_sign_in() {
    let served = Served::new(TestHotel::furnished());
    let token = served.hotel.sign_in_again(Role::Owner);
    let signed = format!("Authorization: Bearer {token}\r\n");
    let mut client = served.connect();
    let mut rooms = || served.ask(&mut client, "GET", "/api/rooms", &signed);
    rooms();
    for round in 0..20 {
        let (before, at_once) = rooms();
        assert!(at_once, "round {round}");
        let name = format!("Round {round}");
        let id = before.json()["items"][0]["id"].clone();
        served.hotel.patch(&format!("/api/rooms/{id}"), json!({"notes": name})).expect(200);
        let (after, at_once) = rooms();
        assert!(!at_once, "round {round}");
        assert!(after.text().contains(&name), "round {round}: {}", after.text());
    }
    assert!(rooms().1);
    served.hotel.with_token(&token).post("/api/auth/logout", json!({})).expect(204);
    let (answer, at_once) = rooms();
    assert_eq!((answer.status, at_once), (401, false));
}

#[test]
fn a_sign_in_that_is_over_is_over_at_the_gate_too_and_only_people_keep_one_by_pin_alive() {
    let served = Served::new(TestHotel::furnished());
    let token = served.hotel.sign_in_by_pin(Role::Owner);
    let signed = format!("Authorization: Bearer {token}\r\n");
    let by_itself = format!("{signed}X-Unattended: 1\r\n");
    let mut client = served.connect();
    let mut rooms = |fields: &str| served.ask(&mut client, "GET", "/api/rooms", fields);
    rooms(&signed);
    for _ in 0..4 {
        served.hotel.advance_minutes(10);
        let (answer, at_once) = rooms(&signed);
        assert_eq!((answer.status, at_once), (200, true), "somebody is there");
    }
    served.hotel.advance_minutes(10);
    assert!(rooms(&by_itself).1);
    served.hotel.advance_minutes(6);
    let (answer, at_once) = rooms(&signed);
    assert_eq!((answer.status, at_once), (401, false), "the page asked by itself");
}

#[test]
fn every_request_counts_once_towards_the_limit_wherever_it_is_answered() {
    let served = Served::new(TestHotel::builder().rate_limit(Some(10)).open());
    let token = served.hotel.sign_in_again(Role::Owner);
    let signed = format!("Authorization: Bearer {token}\r\n");
    let mut client = served.connect();
    let mut seen = Vec::new();
    for n in 0..12 {
        // Every other one is asked for the first time.
        let target = if n % 2 == 0 { "/api/rooms".to_owned() } else { format!("/api/rooms?page_size={n}") };
        let (answer, at_once) = served.ask(&mut client, "GET", &target, &signed);
        seen.push((answer.status, answer.header("ratelimit-remaining").map(str::to_owned), at_once));
    }
    let left: Vec<String> = seen.iter().filter_map(|(_, left, _)| left.clone()).collect();
    assert_eq!(left, ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "0", "0"]);
    let statuses: Vec<u16> = seen.iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 429, 429]);
    let given: Vec<bool> = seen.iter().map(|(.., at_once)| *at_once).collect();
    assert_eq!(
        given,
        [false, false, true, false, true, false, true, false, true, false, true, false],
        "the refusal of what is ready, too"
    );
    let (hits, misses) = (&served.hotel.app.cache.hits, &served.hotel.app.cache.misses);
    let order = std::sync::atomic::Ordering::Relaxed;
    assert_eq!((hits.load(order), misses.load(order)), (4, 6));
}

#[test]
fn many_requests_sent_ahead_are_answered_in_their_order() {
    let served = Served::new(TestHotel::furnished());
    let token = served.hotel.sign_in_again(Role::Owner);
    let signed = format!("Authorization: Bearer {token}\r\n");
    let mut client = served.connect();
    served.ask(&mut client, "GET", "/api/rooms", &signed);
    served.ask(&mut client, "GET", "/api/room-types", &signed);
    // Ready, ready, not ready, again and again.
    let targets: Vec<String> = (0..60)
        .map(|n| {
            ["/api/rooms".to_owned(), "/api/room-types".to_owned(), format!("/api/rooms?page_size={}", n + 1)][n % 3].clone()
        })
        .collect();
    let all: String = targets.iter().map(|target| format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{signed}\r\n")).collect();
    client.raw(&all);
    for (n, target) in targets.iter().enumerate() {
        let answer = client.answer(HasBody::Yes);
        let inside = served.hotel.get(target);
        assert_eq!(answer.text(), inside.text(), "{n}: {target}");
    }
}

#[test]
fn nobody_who_waits_for_the_disk_keeps_others_from_being_answered() {
    const DESKS: u64 = 40;
    let served = Served::new(TestHotel::furnished());
    let token = served.hotel.sign_in_again(Role::Owner);
    let (go_on, may_go_on) = channel::<()>();
    served.hotel.app.db.write_behind(served.hotel.app.own_context(), move |_| {
        let _ = may_go_on.recv();
        Ok(())
    });
    let mut desks: Vec<Client> = (0..DESKS).map(|_| served.connect().signed(&token)).collect();
    for (n, desk) in desks.iter_mut().enumerate() {
        desk.write("POST", "/api/booking-sources", &json!({"name": format!("Desk {n}")}).to_string());
    }
    // There are two workers.
    let begun = Instant::now();
    while served.figure("inner_connections_busy") < DESKS {
        assert!(begun.elapsed() < PATIENCE, "{} are inside", served.figure("inner_connections_busy"));
        std::thread::yield_now();
    }
    let mut reader = served.connect().signed(&token);
    for id in 1..4 {
        reader.get(&format!("/api/reservations/{id}")).expect(200);
    }
    // One that asks for what another has, and one that is no change at all.
    let mut late = served.connect().signed(&token);
    late.write("POST", "/api/booking-sources", &json!({"name": "Desk 0"}).to_string());
    reader.post("/api/booking-sources", &json!({"name": 7})).bad_fields();
    go_on.send(()).expect("the writer waits");
    for desk in &mut desks {
        desk.answer(HasBody::Yes).expect(201);
    }
    assert_eq!(late.answer(HasBody::Yes).problem(409), "duplicate-name");
    let named = served.hotel.get("/api/booking-sources?page_size=100").text().matches("\"Desk ").count();
    assert_eq!(named as u64, DESKS);
}
