//! The server as clients meet it.

use rusqlite::Connection;
use serde_json::json;
use std::net::TcpListener;

use crate::support::RunningHotel;
use crate::support::client::{Client, HasBody};
use crate::support::running::{PASSWORD, program, run, stderr, text, token};

fn source_count(file: &std::path::Path) -> i64 {
    let copy = Connection::open(file).expect("a data file");
    copy.query_row("SELECT count(*) FROM booking_source WHERE name = 'Radio'", [], |row| row.get(0)).expect("a count")
}

/// Starts a hotel that says in a file when something held up its stop.
#[cfg(unix)]
fn start_with_log() -> (RunningHotel, tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    (RunningHotel::start_with(&["--rate-limit", "0", "--log-file", text(&log)]), folder, log)
}

#[cfg(unix)]
fn assert_nothing_held_up_the_stop(log: &std::path::Path) {
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(!log.contains("to the last moment of the stop"), "{log}");
}

#[test]
#[cfg(unix)]
fn stopping_waits_for_nothing_and_leaves_everything_in_the_one_file() {
    let (hotel, _folder, log) = start_with_log();
    let owner = hotel.set_up();
    hotel.connect().signed(&owner).post("/api/booking-sources", &json!({"name": "Radio"})).expect(201);
    let file = hotel.file();
    let (status, _, folder) = hotel.stop();
    assert_nothing_held_up_the_stop(&log);
    assert_eq!(status.code(), Some(0));
    assert!(!file.with_extension("db-wal").exists(), "the log is still beside the file");
    let copy = folder.path().join("copy.db");
    std::fs::copy(&file, &copy).expect("a copy");
    assert_eq!(source_count(&copy), 1);
}

#[test]
#[cfg(unix)]
fn a_kept_connection_and_an_event_stream_do_not_hold_up_the_stop() {
    let (hotel, _folder, log) = start_with_log();
    let owner = hotel.set_up();
    let mut idle = hotel.connect();
    idle.get("/api/health").expect(200);
    let mut stream = events(&hotel, &owner);
    let (status, _, _) = hotel.stop();
    assert_nothing_held_up_the_stop(&log);
    assert_eq!(status.code(), Some(0));
    assert!(stream.is_at_end() && idle.is_at_end());
}

#[test]
fn six_connections_at_once_are_all_answered() {
    let hotel = RunningHotel::start();
    let mut clients: Vec<Client> = (0..6).map(|_| hotel.connect()).collect();
    for _ in 0..3 {
        clients.iter_mut().for_each(|client| client.write("GET", "/api/health", ""));
        for client in &mut clients {
            assert_eq!(client.answer(HasBody::Yes).expect(200)["status"], "ok");
        }
    }
}

#[test]
fn heads_and_unchanged_answers_leave_the_connection_in_step() {
    let hotel = RunningHotel::start();
    let mut client = hotel.connect();
    let whole = client.get("/api/openapi.json");
    let head = client.head("/api/openapi.json");
    assert_eq!((head.status, head.header("content-length")), (200, whole.header("content-length")));
    let tag = whole.header("etag").expect("a tag");
    client.raw(&format!("GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {tag}\r\n\r\n"));
    assert_eq!(client.answer(HasBody::No).status, 304);
    let date = client.get("/api/health").header("date").expect("a date").to_owned();
    assert!(date.ends_with(" GMT") && date.len() == 29, "{date}");
}

#[test]
fn bodies_beyond_the_limit_of_their_address_are_refused_before_they_are_read() {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let send = |target: &str, length: usize| {
        let body = format!("{{\"name\": \"{}\"}}", "x".repeat(length));
        hotel.connect().signed(&owner).post_text(target, &body)
    };
    send("/api/booking-sources", 300 * 1024).problem(413);
    send("/api/auth/login", 5000).problem(413);
    send("/api/nothing", 5000).problem(413);
    assert_eq!(send("/api/booking-sources", 200 * 1024).bad_fields(), ["name"]);
    send("/api/nothing", 100).problem(404);
}

#[test]
fn deeply_nested_bodies_are_refused_and_the_worker_lives() {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let mut client = hotel.connect().signed(&owner);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [100, 127, 128, 20_000] {
            let body = format!("{{\"name\":{}1{}}}", open.repeat(depth), close.repeat(depth));
            let status = client.post_text("/api/booking-sources", &body).status;
            assert!(matches!(status, 400 | 422), "{depth}: {status}");
        }
    }
    client.get("/api/health").expect(200);
}

#[test]
fn what_only_the_gate_may_say_is_not_taken_from_clients() {
    let hotel = RunningHotel::start();
    let mut client = hotel.connect();
    client.raw("GET /api/setup HTTP/1.1\r\nHost: localhost\r\nX-Gate-Client: 192.0.2.7:1\r\nX-Gate-Probe: 1\r\n\r\n");
    assert_eq!(client.answer(HasBody::Yes).expect(200)["code_required"], false);
}

#[test]
fn a_rush_of_sign_ins_is_served_and_does_not_stop_the_rest() {
    let hotel = RunningHotel::start();
    hotel.set_up();
    let credentials = json!({"username": "owner", "password": PASSWORD}).to_string();
    let mut rush: Vec<Client> = (0..24).map(|_| hotel.connect()).collect();
    rush.iter_mut().for_each(|client| client.write("POST", "/api/auth/login", &credentials));
    hotel.connect().get("/api/health").expect(200);
    for client in &mut rush {
        token(&client.answer(HasBody::Yes).expect(200));
    }
}

/// A client that has opened an event stream and read its greeting.
fn events(hotel: &RunningHotel, token: &str) -> Client {
    let mut stream = hotel.connect().signed(token);
    stream.write("GET", "/api/events", "");
    let answer = stream.answer(HasBody::No);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/event-stream")));
    assert!(answer.headers.iter().all(|(name, _)| !name.to_ascii_lowercase().starts_with("x-gate")), "{answer:?}");
    assert_eq!(stream.line(), "event: hello");
    assert!(stream.line().starts_with("data: {\"version\":"));
    assert_eq!(stream.line(), "");
    stream
}

#[test]
fn open_desks_hear_of_changes_and_are_cut_off_when_signed_out() {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let mut stream = events(&hotel, &owner);
    let mut client = hotel.connect().signed(&owner);
    client.post("/api/booking-sources", &json!({"name": "Radio"})).expect(201);
    // The plan of the back-ups may begin meanwhile, by itself or in the same commit.
    assert!(std::iter::repeat_with(|| stream.line()).any(|line| line.starts_with("data: ") && line.contains("\"settings\"")));
    client.post("/api/auth/logout", &json!({})).expect(204);
    assert!(stream.is_at_end());
}

#[test]
fn open_desks_are_cut_off_when_their_account_is_closed() {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let mut client = hotel.connect().signed(&owner);
    let ann = json!({"username": "ann", "full_name": "Ann", "role": "receptionist", "password": PASSWORD});
    let id = client.post("/api/users", &ann).expect(201)["id"].clone();
    let credentials = json!({"username": "ann", "password": PASSWORD});
    let mut streams: Vec<Client> =
        (0..2).map(|_| events(&hotel, &token(&hotel.connect().post("/api/auth/login", &credentials).expect(200)))).collect();
    client.write("DELETE", &format!("/api/users/{id}"), "");
    assert_eq!(client.answer(HasBody::No).status, 204);
    assert!(streams.iter_mut().all(Client::is_at_end));
}

#[test]
fn the_gate_counts_on_the_metrics_page() {
    let hotel = RunningHotel::start_with(&["--rate-limit", "0", "--allowed-hosts", "desk.lan,hotel.lan"]);
    let figure = |name: &str| {
        let page = hotel.connect().get("/metrics");
        let text = String::from_utf8(page.body).expect("text");
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name} in {text}"));
        line.trim().parse::<u64>().expect("a number")
    };
    let ask = |host: &str| {
        let mut client = hotel.connect();
        client.raw(&format!("GET /api/health HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        client.answer(HasBody::Yes).status
    };
    assert_eq!((ask("evil.example"), ask("hotel.lan:8080"), ask("desk.lan"), ask("[::1]:1")), (421, 200, 200, 200));
    assert_eq!(figure("innkeeper_gate_refused_total{reason=\"foreign_host\"}"), 1);
    assert!(figure("innkeeper_connections_accepted_total") >= 6);
    assert!(figure("innkeeper_received_bytes_total") > 100 && figure("innkeeper_sent_bytes_total") > 1000);
    assert_eq!((figure("innkeeper_queue_depth"), figure("innkeeper_gate_refused_total{reason=\"queue_full\"}")), (0, 0));
    assert!(figure("innkeeper_inner_connections_open") >= 1, "the one that asks");
}

#[test]
fn strangers_get_no_events_and_a_head_opens_no_stream() {
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    hotel.connect().get("/api/events").problem(401);
    let mut client = hotel.connect().signed(&owner);
    assert_eq!(client.head("/api/events").status, 200);
    client.get("/api/health").expect(200);
}

#[test]
fn a_newer_file_a_foreign_file_and_a_damaged_one_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let refuses = |name: &str, prepare: &dyn Fn(&std::path::Path), sentence: &str| {
        let file = folder.path().join(name);
        prepare(&file);
        let before = std::fs::read(&file).expect("a file");
        let output = run(&["serve", "--no-browser", "--listen", "127.0.0.1:0", "--db", text(&file)]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(stderr(&output).contains(sentence), "{name}: {}", stderr(&output));
        assert_eq!(std::fs::read(&file).expect("a file"), before, "{name} was changed");
    };
    let with_sql = |sql: &'static str| {
        move |file: &std::path::Path| Connection::open(file).and_then(|c| c.execute_batch(sql)).expect("a database")
    };
    let newer = "CREATE TABLE x (y); PRAGMA application_id = 0x494e4e4b; PRAGMA user_version = 99;";
    refuses("newer.db", &with_sql(newer), "was written by a newer Innkeeper");
    refuses("foreign.db", &with_sql("CREATE TABLE x (y);"), "is not an Innkeeper data file");
    let page_one = |file: &std::path::Path| {
        with_sql("PRAGMA application_id = 0x494e4e4b; CREATE TABLE x (y);")(file);
        let mut bytes = std::fs::read(file).expect("a file");
        bytes[100..4096].fill(0xa5);
        std::fs::write(file, bytes).expect("damage");
    };
    refuses("damaged.db", &page_one, "is damaged. ");
    refuses(
        "text.db",
        &|file| std::fs::write(file, "Dear diary, ".repeat(100)).expect("written"),
        "is not an Innkeeper data file",
    );
}

#[test]
fn a_file_that_another_program_holds_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotel.db");
    let other = Connection::open(&file).expect("a database");
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE x (y);").expect("held");
    let output = run(&["serve", "--no-browser", "--listen", "127.0.0.1:0", "--busy-timeout", "0", "--db", text(&file)]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("Another program holds") && said.contains("Close it"), "{said}");
    other.execute_batch("COMMIT").expect("still its own");
}

#[test]
fn a_taken_port_says_by_whom_and_what_to_do() {
    let hotel = RunningHotel::start();
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let other_port = other.local_addr().expect("an address").port();
    // A program that hangs up is no Innkeeper.
    std::thread::spawn(move || while other.accept().is_ok() {});
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("second.db");
    let start = |address: String| run(&["serve", "--no-browser", "--listen", &address, "--db", text(&file)]);
    let ours = start(hotel.address.to_string());
    assert_eq!(ours.status.code(), Some(1));
    assert!(stderr(&ours).contains(&format!("Innkeeper is open at http://{}/ already", hotel.address)), "{}", stderr(&ours));
    let theirs = start(format!("127.0.0.1:{other_port}"));
    assert!(stderr(&theirs).contains(&format!("Another program uses port {other_port} ")), "{}", stderr(&theirs));
    assert!(!file.exists(), "a start that fails makes no file");
}

#[test]
fn addresses_that_other_machines_reach_are_for_the_second_door() {
    let output = run(&["serve", "--no-browser", "--listen", "0.0.0.0:0", "--db", "/nonexistent/hotel.db"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("open the hotel to the network in its settings"), "{}", stderr(&output));
}

#[test]
fn flags_come_before_the_environment_and_both_before_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("innkeeper.toml"), "rate-limit = 170\nthreads = 2\n").expect("written");
    let hotel = RunningHotel::start_in(folder, &["--rate-limit", "180"]);
    assert_eq!(hotel.connect().get("/api/health").header("ratelimit-limit"), Some("180"));
    let file = hotel.file();
    let mut command = program();
    command.env("INNKEEPER_RATE_LIMIT", "many").args(["serve", "--db", text(&file)]);
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--rate-limit"), "{}", stderr(&output));
}

#[test]
#[cfg(unix)]
fn the_set_up_code_is_printed_until_there_is_an_account() {
    let hotel = RunningHotel::start();
    hotel.set_up();
    let (_, printed, folder) = hotel.stop();
    assert!(printed.contains("one-time code ") && printed.lines().count() == 1, "{printed}");
    let (_, printed, _) = RunningHotel::start_in(folder, &[]).stop();
    assert_eq!(printed, "");
}
