//! Registered devices, and signing in on them by PIN.

use innkeeper::domain::actor::Role;
use innkeeper::domain::id::SessionId;
use innkeeper::hotel::users::session;
use innkeeper::http::request::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Answer, Asking, TestHotel};

const PASSWORD: &str = "correct horse";
/// Long enough to stand nowhere by chance.
const PIN: &str = "83910274";

/// A hotel with one registered device, and Ana, who has a PIN.
struct Lobby {
    hotel: TestHotel,
    ana: i64,
    device: i64,
    token: String,
}

impl Lobby {
    fn new() -> Lobby {
        let hotel = TestHotel::new();
        let ana = hotel.add_user("ana", Role::Manager, PASSWORD).id.0;
        let (device, token) = register(&hotel, "Lobby tablet");
        let lobby = Lobby { hotel, ana, device, token };
        lobby.set_pin(json!(PIN)).expect(204);
        lobby
    }

    fn sign_in(&self) -> String {
        let body = json!({"username": "ana", "password": PASSWORD});
        token_of(&self.hotel.as_stranger().post("/api/auth/login", body))
    }

    fn set_pin(&self, pin: Value) -> Answer {
        let body = json!({"current_password": PASSWORD, "pin": pin});
        self.hotel.with_token(&self.sign_in()).put("/api/auth/pin", body)
    }

    /// A request as the device's browser sends it.
    fn on_device(&self, method: Method, target: &str) -> Asking<'_> {
        from_browser(&self.hotel, method, target).header("Cookie", &format!("innkeeper_device={}", self.token))
    }

    /// From an address of its own, so that no try waits for those before it.
    fn try_pin(&self, pin: &str) -> Answer {
        self.try_pin_of(self.ana, pin)
    }

    fn try_pin_of(&self, user: i64, pin: &str) -> Answer {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let address = format!("192.0.2.{}", NEXT.fetch_add(1, Ordering::Relaxed) % 250);
        self.on_device(Method::Post, "/api/auth/pin").at_address(&address).json(&json!({"user_id": user, "pin": pin})).send()
    }

    fn this_device(&self) -> Value {
        self.on_device(Method::Get, "/api/auth/device").send().expect(200)
    }

    fn audited(&self, action: &str) -> i64 {
        self.hotel.write(|_| Ok(()));
        self.hotel.get(&format!("/api/audit-log?action={action}")).expect(200)["total"].as_i64().expect("a total")
    }
}

fn from_browser<'a>(hotel: &'a TestHotel, method: Method, target: &str) -> Asking<'a> {
    let asking = hotel.as_stranger().request(method, target);
    asking.header("Host", "127.0.0.1:8080").header("Origin", "http://127.0.0.1:8080")
}

fn token_of(answer: &Answer) -> String {
    answer.expect(200)["access_token"].as_str().expect("a token").to_owned()
}

/// Registers the owner's browser; its id and the cookie's token.
fn register(hotel: &TestHotel, name: &str) -> (i64, String) {
    let answer = hotel.post("/api/devices", json!({"name": name}));
    let id = answer.expect(201)["id"].as_i64().expect("an id");
    let cookie = answer.header("set-cookie").expect("a cookie");
    let (token, rest) = cookie.strip_prefix("innkeeper_device=").and_then(|c| c.split_once("; ")).expect("the device's cookie");
    assert_eq!(rest, "HttpOnly; SameSite=Strict; Path=/api/; Max-Age=34560000");
    assert_eq!(token.len(), 64);
    assert!(!answer.text().contains(token), "a script can read the token");
    (id, token.to_owned())
}

#[test]
fn names_of_staff_are_told_to_registered_devices_alone() {
    let lobby = Lobby::new();
    lobby.hotel.add_user("ben", Role::Receptionist, PASSWORD);
    let found = lobby.this_device();
    assert_eq!(found["device"]["name"], "Lobby tablet");
    assert_eq!(found["staff"], json!([{"id": lobby.ana, "full_name": "ana"}]), "Ben has no PIN");
    for cookie in ["innkeeper_device=", "innkeeper_device=00", "theme=dark", &format!("innkeeper_session={}", lobby.token)] {
        let asking = from_browser(&lobby.hotel, Method::Get, "/api/auth/device").header("Cookie", cookie);
        assert_eq!(asking.send().expect(200), json!({"device": null, "staff": []}), "{cookie}");
    }
}

#[test]
fn the_right_pin_on_a_registered_device_signs_in_and_is_marked() {
    let lobby = Lobby::new();
    let answer = lobby.try_pin(PIN);
    let token = token_of(&answer);
    let cookies: Vec<&str> = answer.headers.iter().filter(|(n, _)| n == "Set-Cookie").map(|(_, v)| v.as_str()).collect();
    assert!(cookies[0].starts_with(&format!("innkeeper_session={token}; HttpOnly; SameSite=Strict; Path=/;")), "{cookies:?}");
    assert!(cookies[1].starts_with(&format!("innkeeper_device={}; HttpOnly", lobby.token)), "{cookies:?}");
    let me = lobby.hotel.with_token(&token).get("/api/auth/me").expect(200);
    assert_eq!((&me["by_pin"], &me["user"]["username"], &me["user"]["has_pin"]), (&json!(true), &json!("ana"), &json!(true)));
    let sessions = lobby.hotel.with_token(&lobby.sign_in()).get("/api/auth/sessions").expect(200);
    let by_pin: Vec<&Value> = sessions["items"].as_array().expect("items").iter().map(|s| &s["device_name"]).collect();
    assert!(by_pin.contains(&&json!("Lobby tablet")) && by_pin.contains(&&Value::Null), "{sessions}");
    let devices = lobby.hotel.get("/api/devices").expect(200);
    assert_eq!(devices["items"][0]["last_used_at"], "2025-11-10T09:00:00.000Z");
    assert_eq!((&devices["items"][0]["registered_by"], lobby.audited("login_by_pin")), (&json!("owner"), 1));
}

#[test]
fn unknown_people_those_without_a_pin_and_wrong_pins_are_told_apart_by_nothing() {
    let lobby = Lobby::new();
    let ben = lobby.hotel.add_user("ben", Role::Receptionist, PASSWORD).id.0;
    let wrong = lobby.try_pin("4711");
    assert_eq!(wrong.problem(401), "not-signed-in");
    for (user, pin) in [(ben, "4711"), (1, "4711"), (999_999_999, "4711"), (ben, ""), (ben, "none")] {
        assert_eq!(lobby.try_pin_of(user, pin).body, wrong.body, "{user} {pin}");
    }
    assert_eq!(lobby.audited("login_failed"), 6);
    let no_device = |user: i64| {
        let asking = from_browser(&lobby.hotel, Method::Post, "/api/auth/pin");
        asking.json(&json!({"user_id": user, "pin": PIN})).send()
    };
    assert_eq!(
        (no_device(lobby.ana).problem(401), no_device(lobby.ana).body),
        (no_device(9999).problem(401), no_device(9999).body)
    );
}

#[test]
fn a_pin_is_set_with_the_password_and_by_no_owner() {
    let lobby = Lobby::new();
    for bad in ["1234", "0000", "123", "47114711471", "abcd"] {
        assert_eq!(lobby.set_pin(json!(bad)).bad_fields(), ["pin"], "{bad}");
    }
    let ana = lobby.hotel.with_token(&lobby.sign_in()).put("/api/auth/pin", json!({"current_password": "wrong", "pin": PIN}));
    assert_eq!(ana.bad_fields(), ["current_password"]);
    lobby.hotel.add_user("boss", Role::Owner, PASSWORD);
    let login = json!({"username": "boss", "password": PASSWORD});
    let boss = token_of(&lobby.hotel.as_stranger().post("/api/auth/login", login));
    let refused = lobby.hotel.with_token(&boss).put("/api/auth/pin", json!({"current_password": PASSWORD, "pin": PIN}));
    assert_eq!(refused.problem(409), "password-needed");
    token_of(&lobby.try_pin(PIN));
    lobby.set_pin(Value::Null).expect(204);
    lobby.try_pin(PIN).problem(401);
    assert_eq!((lobby.audited("set_pin"), lobby.audited("remove_pin")), (1, 1));
}

#[test]
fn five_wrong_pins_in_a_row_lock_it_until_the_next_sign_in_by_password() {
    let mut lobby = Lobby::new();
    (0..4).for_each(|_| _ = lobby.try_pin("4711").problem(401));
    token_of(&lobby.try_pin(PIN));
    (0..4).for_each(|_| _ = lobby.try_pin("4711").problem(401));
    lobby.hotel.restart();
    assert_eq!(lobby.try_pin("4711").problem(409), "password-needed");
    lobby.hotel.restart();
    assert_eq!(lobby.try_pin(PIN).problem(409), "password-needed", "the right one too");
    assert_eq!((lobby.audited("lock_pin"), lobby.audited("login_failed")), (1, 9));
    let (_, token) = register(&lobby.hotel, "Office");
    let elsewhere = Lobby { token, ..lobby };
    assert_eq!(elsewhere.try_pin(PIN).problem(409), "password-needed", "on other devices too");
    elsewhere.sign_in();
    token_of(&elsewhere.try_pin(PIN));
}

#[test]
fn tries_at_the_same_moment_are_counted_each() {
    let lobby = Lobby::new();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..12).map(|_| scope.spawn(|| lobby.try_pin("4711").status)).collect();
        tries.into_iter().map(|t| t.join().expect("an answer")).collect()
    });
    assert!(answers.iter().all(|status| matches!(status, 401 | 409)), "{answers:?}");
    assert_eq!(lobby.audited("login_failed"), 5, "each of the others was refused unseen");
    lobby.try_pin(PIN).problem(409);
}

#[test]
fn wrong_pins_from_one_address_wait_whosever_they_are() {
    let lobby = Lobby::new();
    let guess = |user: i64| {
        let asking = lobby.on_device(Method::Post, "/api/auth/pin").at_address("192.0.2.251");
        asking.json(&json!({"user_id": user, "pin": "4711"})).send()
    };
    let statuses: Vec<u16> = (100..106).map(|user| guess(user).status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    let slowed = guess(lobby.ana);
    assert_eq!(slowed.problem(429), "too-many-requests");
    assert!(slowed.header("retry-after").is_some());
    token_of(&lobby.try_pin(PIN));
}

#[test]
fn a_sign_in_by_pin_ends_when_nobody_works_with_it() {
    let lobby = Lobby::new();
    let token = token_of(&lobby.try_pin(PIN));
    let ask = |headers: &[(&str, &str)]| {
        let asking = lobby.hotel.with_token(&token).request(Method::Get, "/api/auth/me");
        headers.iter().fold(asking, |asking, (name, value)| asking.header(name, value)).send()
    };
    let sessions = ask(&[]).expect(200);
    assert_eq!(sessions["by_pin"], true);
    let list = lobby.hotel.with_token(&token).get("/api/auth/sessions").expect(200);
    let is_current = |s: &&Value| s["is_current"] == true;
    let id = list["items"].as_array().expect("items").iter().find(is_current).and_then(|s| s["id"].as_i64()).expect("an id");
    let stream_ends =
        || session::end_of(&lobby.hotel.app, &lobby.hotel.memory.sign_ins, SessionId(id)).expect("the database").is_none();
    lobby.hotel.advance_minutes(14);
    ask(&[]).expect(200);
    lobby.hotel.advance_minutes(14);
    assert!(!stream_ends());
    ask(&[("X-Unattended", "1")]).expect(200);
    ask(&[("Accept", "text/event-stream")]).expect(200);
    lobby.hotel.advance_minutes(1);
    ask(&[]).problem(401);
    assert!(stream_ends());
    // By password it goes on.
    let token = lobby.sign_in();
    lobby.hotel.advance_minutes(60);
    lobby.hotel.with_token(&token).get("/api/auth/me").expect(200);
}

#[test]
fn a_restart_brings_no_forgotten_sign_in_by_pin_back() {
    let mut lobby = Lobby::new();
    let token = token_of(&lobby.try_pin(PIN));
    lobby.hotel.restart();
    lobby.hotel.with_token(&token).get("/api/auth/me").expect(200);
    lobby.hotel.advance_minutes(16);
    lobby.hotel.restart();
    lobby.hotel.with_token(&token).get("/api/auth/me").problem(401);
}

#[test]
fn a_revoked_device_signs_its_people_out_and_opens_no_door() {
    let lobby = Lobby::new();
    let (by_pin, by_password) = (token_of(&lobby.try_pin(PIN)), lobby.sign_in());
    let path = format!("/api/devices/{}", lobby.device);
    lobby.hotel.as_role(Role::Receptionist).delete(&path).problem(403);
    lobby.hotel.delete(&path).expect(204);
    lobby.hotel.with_token(&by_pin).get("/api/auth/me").problem(401);
    lobby.hotel.with_token(&by_password).get("/api/auth/me").expect(200);
    assert_eq!(lobby.this_device(), json!({"device": null, "staff": []}));
    lobby.try_pin(PIN).problem(401);
    lobby.hotel.delete(&path).problem(404);
    assert_eq!(lobby.hotel.get("/api/devices").expect(200)["total"], 0);
    register(&lobby.hotel, "lobby TABLET");
    assert_eq!(lobby.hotel.post("/api/devices", json!({"name": "Lobby tablet"})).problem(409), "duplicate-name");
    assert_eq!((lobby.audited("register"), lobby.audited("revoke")), (2, 1));
}

#[test]
fn a_browser_registered_anew_is_no_longer_its_earlier_device() {
    let lobby = Lobby::new();
    let owner = lobby.hotel.as_owner().request(Method::Post, "/api/devices");
    let cookie = format!("innkeeper_device={}", lobby.token);
    owner.header("Cookie", &cookie).json(&json!({"name": "Lobby tablet"})).send().expect(201);
    assert_eq!(lobby.hotel.get("/api/devices").expect(200)["total"], 1);
    assert_eq!(lobby.this_device()["device"], Value::Null);
}

#[test]
fn a_new_password_another_role_and_the_end_of_an_account_take_the_pin_away() {
    let changes: [fn(&Lobby) -> Answer; 3] = [
        |lobby| {
            let path = format!("/api/users/{}/reset-password", lobby.ana);
            lobby.hotel.post(&path, json!({"new_password": PASSWORD}))
        },
        |lobby| lobby.hotel.patch(&format!("/api/users/{}", lobby.ana), json!({"role": "owner"})),
        |lobby| lobby.hotel.delete(&format!("/api/users/{}", lobby.ana)),
    ];
    for change in changes {
        let lobby = Lobby::new();
        assert!(change(&lobby).status < 300);
        lobby.try_pin(PIN).problem(401);
        assert_eq!(lobby.this_device()["staff"], json!([]));
        lobby.hotel.patch(&format!("/api/users/{}", lobby.ana), json!({"role": "manager", "is_active": true})).expect(200);
        lobby.try_pin(PIN).problem(401);
    }
}

#[test]
fn another_site_signs_nobody_in() {
    let lobby = Lobby::new();
    let cookie = format!("innkeeper_device={}", lobby.token);
    let ask = |headers: &[(&str, &str)]| {
        let asking = lobby.hotel.as_stranger().request(Method::Post, "/api/auth/pin").header("Cookie", &cookie);
        let asking = headers.iter().fold(asking.header("Host", "hotel"), |asking, (name, value)| asking.header(name, value));
        asking.json(&json!({"user_id": lobby.ana, "pin": PIN})).send()
    };
    ask(&[]).problem(403);
    ask(&[("Origin", "http://evil.example")]).problem(403);
    ask(&[("Origin", "http://hotel")]).expect(200);
}

#[test]
fn the_key_of_a_sign_in_opens_nothing_on_a_device_that_is_not_registered() {
    let lobby = Lobby::new();
    let body = json!({"user_id": lobby.ana, "pin": PIN});
    let with_key = |asking: Asking<'_>| asking.header("Idempotency-Key", "k1").json(&body).send();
    token_of(&with_key(lobby.on_device(Method::Post, "/api/auth/pin")));
    with_key(from_browser(&lobby.hotel, Method::Post, "/api/auth/pin")).problem(401);
    lobby.hotel.delete(&format!("/api/devices/{}", lobby.device)).expect(204);
    with_key(lobby.on_device(Method::Post, "/api/auth/pin")).problem(401);
}

#[test]
fn neither_pins_nor_tokens_stand_in_the_file() {
    let lobby = Lobby::new();
    let session = token_of(&lobby.try_pin(PIN));
    lobby.try_pin("47110815").problem(401);
    let path = lobby.hotel.app.db.path().to_owned();
    lobby.hotel.app.db.close();
    let file = Connection::open(&path).expect("the file");
    let tables: Vec<String> = {
        let mut statement =
            file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'").expect("valid");
        statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names")
    };
    let (mut seen, mut found) = (0, Vec::new());
    for table in tables {
        let mut statement = file.prepare(&format!("SELECT * FROM {table}")).expect("valid");
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let text: Vec<String> = (0..columns).map(|at| format!("{:?}", row.get_ref(at).expect("a value").as_str())).collect();
            seen += 1;
            let secrets = [PIN, "47110815", session.as_str(), lobby.token.as_str()];
            found.extend(secrets.iter().filter(|secret| text.concat().contains(**secret)).map(|_| table.clone()));
        }
    }
    assert!(seen > 20 && found.is_empty(), "{seen} rows: {found:?}");
}
