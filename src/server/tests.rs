//! The server with both of its transports inside, and the end of event streams.
// Where there is one transport only, it is no surprise.
#![cfg_attr(not(unix), allow(irrefutable_let_patterns))]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;

use super::inside::Inside;
use super::{Beside, Server};
use crate::db::{self, Db};
use crate::domain::actor::Role;
use crate::domain::id::SessionId;
use crate::gate::{GateConfig, Inner};
use crate::hotel::Memory;
use crate::hotel::users::session_end::end_streams;
use crate::hotel::users::{self, NewUser, session, store};
use crate::http::state::{App, AppOptions, Clock, EventHub, EventSink};
use crate::routes;

const PATIENCE: Duration = Duration::from_secs(30);

/// What a hotel needs to be asked, on a clock that stands still.
fn app(folder: &TempDir) -> (Arc<App>, Memory) {
    let events = Arc::new(EventHub::default());
    let hub = events.clone();
    let path = folder.path().join("hotel.db");
    let db = Db::open(&path, &db::Options::default(), Box::new(move |touched| hub.changed(touched))).expect("a fresh file");
    let clock = Clock::Fixed(AtomicI64::new(1_762_765_200_000));
    let memory = Memory::default();
    (Arc::new(routes::app(db, clock, events, &memory, AppOptions::default())), memory)
}

fn advance_hours(app: &App, hours: i64) {
    let Clock::Fixed(clock) = &app.clock else { panic!("the clock of tests is fixed") };
    clock.fetch_add(hours * 3_600_000, Ordering::Relaxed);
}

/// An account, signed in twice: the two sign-ins and the token of the first.
fn signed_in(app: &App, username: &str) -> ([SessionId; 2], String) {
    let new =
        NewUser { username: username.into(), full_name: username.into(), role: Role::Owner, password_hash: "none".to_owned() };
    app.db
        .write(app.own_context(), move |tx| {
            let user = users::create(tx, &new)?;
            let first = session::open(tx, &user, "tests")?;
            session::open(tx, &user, "tests")?;
            let listed = store::list_sessions(tx, user.id)?;
            let mut ids: Vec<SessionId> = listed.iter().map(|s| s.id).collect();
            ids.sort_unstable();
            Ok(([ids[0], ids[1]], first.token))
        })
        .expect("an account")
}

fn server(inside: Inside, app: &Arc<App>, memory: &Memory) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let beside = Beside { jobs: routes::jobs(memory), lan: memory.lan.clone(), wish: None };
    Server::start_on(inside, app.clone(), beside, listener, 2, GateConfig::default()).expect("a server")
}

/// Waits until the gate has opened all its connections: one of somebody else, at
/// the same moment, could stay without a thread inside.
fn until_connected(server: &Server) {
    let begun = std::time::Instant::now();
    while server.gate.counters().inner_open < 6 {
        assert!(begun.elapsed() < PATIENCE, "{:?}", server.gate.counters());
        std::thread::yield_now();
    }
}

fn ask(address: SocketAddr, head: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream.write_all(format!("{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes()).expect("taken");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn the_inside_answers_over_a_port_with_a_secret_and_refuses_those_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, memory) = app(&folder);
    let inside = Inside::on_port().expect("a port");
    let Inner::Loopback { address, secret } = inside.address() else { panic!("a port was asked for") };
    let server = server(inside, &app, &memory);
    until_connected(&server);
    assert!(ask(server.address(), "GET /api/health HTTP/1.1").starts_with("HTTP/1.1 200 "));
    let asked = ask(server.address(), "GET /api/health HTTP/1.1\r\nX-Gate-Secret: wrong");
    assert!(asked.starts_with("HTTP/1.1 200 ") && !asked.contains(&secret), "{asked}");
    let client = "X-Gate-Client: 127.0.0.1:1";
    for given in ["", "\r\nX-Gate-Secret: ", "\r\nX-Gate-Secret: 00", &format!("\r\nX-Gate-Secret: {secret}0")] {
        let answer = ask(address, &format!("GET /api/health HTTP/1.1\r\n{client}{given}"));
        assert!(answer.starts_with("HTTP/1.1 403 "), "{given:?}: {answer}");
    }
    let knowing = format!("GET /api/health HTTP/1.1\r\n{client}\r\nX-Gate-Secret: {secret}");
    assert!(ask(address, &knowing).starts_with("HTTP/1.1 200 "), "the secret is what opens");
    server.stop();
}

#[test]
fn a_stranger_inside_with_an_invented_length_ends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, memory) = app(&folder);
    let inside = Inside::on_port().expect("a port");
    let Inner::Loopback { address, .. } = inside.address() else { panic!("a port was asked for") };
    let server = server(inside, &app, &memory);
    until_connected(&server);
    for length in ["200000000000", "10000000000000000000", "99999999999999999999999"] {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.write_all(format!("POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n").as_bytes()).expect("taken");
        assert!(ask(server.address(), "GET /api/health HTTP/1.1").starts_with("HTTP/1.1 200 "), "{length}");
    }
    server.stop();
}

#[test]
#[cfg(unix)]
fn the_inside_is_a_socket_of_this_user_only_where_there_are_such() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let (app, _) = app(&folder);
    let house = super::worker::House::open(app, Inside::open().expect("a socket"), 2);
    let Inner::Unix(path) = house.address() else { panic!("a socket was asked for") };
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
    drop(house);
    assert!(!path.exists(), "the socket goes with the house");
}

#[test]
fn an_inside_that_accepts_no_more_is_opened_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, memory) = app(&folder);
    let server = server(Inside::on_port().expect("a port"), &app, &memory);
    let Inner::Loopback { address: first, .. } = server.house.address() else { panic!("a port was asked for") };
    until_connected(&server);
    server.house.end_accepting();
    let begun = std::time::Instant::now();
    let (second, secret) = loop {
        let Inner::Loopback { address, secret } = server.house.address() else { panic!("the same kind") };
        if address != first {
            break (address, secret);
        }
        assert!(begun.elapsed() < PATIENCE, "no other inside was opened");
        std::thread::yield_now();
    };
    let knowing = format!("GET /api/health HTTP/1.1\r\nX-Gate-Client: 127.0.0.1:1\r\nX-Gate-Secret: {secret}");
    assert!(ask(second, &knowing).starts_with("HTTP/1.1 200 "), "the other inside answers");
    assert!(ask(server.address(), "GET /api/health HTTP/1.1").starts_with("HTTP/1.1 200 "));
    server.stop();
}

/// Notes which streams are ended.
#[derive(Default, Clone)]
struct Ended(Arc<Mutex<Vec<String>>>);

impl EventSink for Ended {
    fn publish(&self, _event: &str, _data: &str) {}
    fn close_streams(&self, key: &str) {
        self.0.lock().expect("no panic").push(key.to_owned());
    }
}

#[test]
fn streams_end_with_their_sign_in_however_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, memory) = app(&folder);
    let ended = Ended::default();
    app.events.set_sink(Box::new(ended.clone()));
    let taken = || std::mem::take(&mut *ended.0.lock().expect("no panic"));
    let keys = |sessions: &[SessionId]| sessions.iter().map(ToString::to_string).collect::<Vec<_>>();
    let write = |work: fn(&db::Tx) -> crate::error::Result<()>| app.db.write(app.own_context(), work).expect("a change");
    let ([ann_1, ann_2], _) = signed_in(&app, "ann");
    let (ben, _) = signed_in(&app, "ben");
    let (cleo, _) = signed_in(&app, "cleo");
    [ann_1, ann_2].iter().chain(&ben).chain(&cleo).for_each(|session| app.events.opened(*session));
    let end = app.clock.now().plus_hours(session::SESSION_HOURS);
    assert_eq!(end_streams(&app, &memory.sign_ins), Ok(Some(end)), "all are signed in");
    assert_eq!(taken(), keys(&[]));
    app.db.write(app.own_context(), move |tx| store::revoke_session(tx, ann_1)).expect("a change");
    end_streams(&app, &memory.sign_ins).expect("looked at");
    assert_eq!(taken(), keys(&[ann_1]), "one sign-in was revoked");
    write(|tx| {
        let ben = store::find_named(tx, "ben")?.expect("an account");
        let closed = users::User { is_active: false, ..ben.clone() };
        users::save(tx, &ben, &closed).map(|_| ())
    });
    end_streams(&app, &memory.sign_ins).expect("looked at");
    assert_eq!(taken(), keys(&ben), "an account was closed");
    write(|tx| {
        let ann = store::find_named(tx, "ann")?.expect("an account");
        users::set_password(tx, ann.id, "other")
    });
    end_streams(&app, &memory.sign_ins).expect("looked at");
    assert_eq!(taken(), keys(&[ann_2]), "an account has a new password");
    advance_hours(&app, session::SESSION_HOURS);
    assert_eq!(end_streams(&app, &memory.sign_ins), Ok(None));
    assert_eq!(taken(), keys(&cleo), "sign-ins expire");
    assert!(app.events.streams.sessions().is_empty());
}

#[test]
fn an_open_stream_is_cut_when_its_account_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, memory) = app(&folder);
    let (_, token) = signed_in(&app, "ann");
    signed_in(&app, "ben");
    let server = server(Inside::open().expect("an inside"), &app, &memory);
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let head = format!("GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("taken");
    let mut stream = BufReader::new(stream);
    let mut greeting = String::new();
    while !greeting.ends_with("event: hello\n") {
        assert!(stream.read_line(&mut greeting).expect("a line") > 0, "{greeting}");
    }
    let close = |tx: &db::Tx| {
        let ann = store::find_named(tx, "ann")?.expect("an account");
        let closed = users::User { is_active: false, ..ann.clone() };
        users::save(tx, &ann, &closed).map(|_| ())
    };
    app.db.write(app.own_context(), close).expect("a change");
    stream.read_to_string(&mut greeting).expect("the end");
    server.stop();
}
