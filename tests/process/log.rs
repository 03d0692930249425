//! What the real executable writes to its log, and what it never writes.

use std::collections::BTreeSet;

use innkeeper::hotel::Memory;
use innkeeper::http::request::Method;
use innkeeper::routes;
use serde_json::{Value, json};

use crate::support::client::{Client, HasBody};
use crate::support::running::{PASSWORD, text, token};
use crate::support::{Answer, RunningHotel};

/// Of the guest and of the member of staff in this test, in lower case.
const PERSONAL: &[&str] = &["zerafina", "quillsby", "913572468", "913 572 468", "qx-7719", "1961-03-07", "nightshift", "q="];

fn guest() -> Value {
    json!({
        "full_name": "Zerafina Quillsby", "email": "zerafina@quillsby.example", "phone_number": "+351 913 572 468",
        "id_type": "passport", "id_number": "QX-7719", "birth_date": "1961-03-07", "notes": "Quillsby likes tea",
    })
}

fn ask(client: &mut Client, method: Method, target: &str, body: &str) -> Answer {
    client.write(method.as_str(), target, body);
    client.answer(HasBody::Yes)
}

/// A set-up hotel with a guest, a stay and a payment; the owner, signed in.
fn furnished(hotel: &RunningHotel) -> Client {
    let setup = json!({
        "property_name": "Quillsby House", "currency": "EUR", "time_zone": "Europe/Lisbon", "business_date": "2025-11-10",
        "username": "nightshift", "full_name": "Zerafina Quillsby", "password": PASSWORD,
    });
    let token = token(&hotel.connect().post("/api/setup", &setup).expect(201));
    let mut owner = hotel.connect().signed(&token);
    let room_type = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100});
    owner.post("/api/room-types", &room_type).expect(201);
    owner.post("/api/rooms/batch", &json!({"room_type_id": 1, "numbers": ["101-103"]})).expect(201);
    let stay = json!({
        "guest": guest(), "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12",
        "notes": "Quillsby", "special_requests": "Zerafina",
    });
    owner.post("/api/reservations", &stay).expect(201);
    let payment = json!({"reservation_id": 1, "amount": 5, "payment_method": "card", "reference_number": "QX-7719"});
    owner.post("/api/payments", &payment).expect(201);
    // Taken, wrong, without sense: each refusal knows the same names.
    owner.post("/api/reservations", &stay).problem(409);
    owner.post("/api/guests", &json!({"full_name": "", "email": "zerafina at quillsby"})).problem(422);
    owner.post_text("/api/guests", "{\"full_name\": \"Zerafina").problem(400);
    let wrong = json!({"username": "nightshift", "password": "zerafina"});
    hotel.connect().post("/api/auth/login", &wrong).problem(401);
    owner
}

/// Asks every endpoint with personal data wherever a client can put it.
fn ask_everything(owner: &mut Client) {
    let body = guest().to_string();
    for endpoint in routes::endpoints(&Memory::default()) {
        // The stream takes the connection; signing out and changing the password, the account.
        if matches!(endpoint.name, "events" | "logout" | "change_password") {
            continue;
        }
        for id in ["1", "913572468", "Zerafina%20Quillsby"] {
            let path = endpoint.pattern.split('/').map(|part| if part.starts_with('{') { id } else { part });
            let path: Vec<&str> = path.collect();
            let sent = if endpoint.method.is_safe() { "" } else { body.as_str() };
            for query in ["", "?q=Quillsby", "?q=zerafina&sort=zerafina&fields=quillsby"] {
                ask(owner, endpoint.method, &format!("{}{query}", path.join("/")), sent);
            }
        }
    }
    for target in [
        "/api/search?q=zera",
        "/api/search?q=%22quillsby*%20AND%20(",
        "/guests/Zerafina?q=Quillsby",
        "/zerafina.js",
        "/api/quillsby",
    ] {
        ask(owner, Method::Get, target, "");
    }
}

#[test]
fn no_log_line_holds_personal_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("innkeeper.log");
    let flags =
        ["--rate-limit", "0", "--log-level", "trace", "--log-format", "json", "--slow-statement", "0", "--slow-request", "0"];
    let hotel = RunningHotel::start_with(&[&flags[..], &["--log-file", text(&path), "--log-file-size", "1000"]].concat());
    let mut owner = furnished(&hotel);
    ask_everything(&mut owner);
    drop(owner);
    drop(hotel);
    let written = std::fs::read_to_string(&path).expect("the log");
    let mut seen = BTreeSet::new();
    for line in written.lines() {
        let line: Value = serde_json::from_str(line).expect("a JSON object a line");
        assert!(line["at"].is_string() && line["level"].is_string() && line["message"].is_string(), "{line}");
        let lower = line.to_string().to_lowercase();
        let personal: Vec<&&str> = PERSONAL.iter().filter(|word| lower.contains(**word)).collect();
        assert!(personal.is_empty(), "{personal:?} in {line}");
        if let (Some(method), Some(path)) = (line["method"].as_str(), line["path"].as_str()) {
            seen.insert(format!("{method} {}", path.replace("/1", "/{}")));
        }
    }
    let generic = |pattern: &str| {
        let parts = pattern.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let seen: BTreeSet<String> = seen.iter().map(|line| generic(line)).collect();
    for endpoint in
        routes::endpoints(&Memory::default()).iter().filter(|e| !matches!(e.name, "events" | "logout" | "change_password"))
    {
        let line = format!("{} {}", endpoint.method.as_str(), generic(endpoint.pattern));
        assert!(seen.contains(&line), "{line} was not logged: {seen:#?}");
    }
}

#[test]
fn the_log_goes_to_a_file_that_is_put_aside_when_it_is_full() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("innkeeper.log");
    let flags = ["--log-level", "info", "--log-file", text(&path), "--log-file-size", "1", "--log-file-count", "1"];
    let hotel = RunningHotel::start_with(&[&flags[..], &["--rate-limit", "0"]].concat());
    let mut client = hotel.connect();
    // A line is about 100 bytes: the first megabyte is full after some ten thousand.
    while !folder.path().join("innkeeper.log.1").is_file() {
        client.get("/api/setup").expect(200);
    }
    drop(hotel);
    let lines = std::fs::read_to_string(folder.path().join("innkeeper.log.1")).expect("the first file");
    assert!(lines.len() <= 1_000_000 && lines.ends_with('\n'));
    assert!(lines.contains(" INFO  innkeeper::request: GET /api/setup 200 "), "{}", &lines[..500]);
}
