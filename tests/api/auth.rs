//! Signing in and out, and who may stay.

use std::sync::mpsc::channel;
use std::time::Duration;

use innkeeper::domain::actor::Role;
use innkeeper::hotel::users;
use innkeeper::http::request::Method;
use serde_json::json;

use crate::support::{Answer, TestHotel};

const PASSWORD: &str = "correct horse";

/// Long enough for the slowest machine; no test waits for it when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

fn login(hotel: &TestHotel, username: &str, password: &str) -> Answer {
    hotel.as_stranger().post("/api/auth/login", json!({"username": username, "password": password}))
}

fn audit(hotel: &TestHotel, action: &str) -> i64 {
    // Notes of failures are written behind the answer; what is written now comes after them.
    hotel.write(|_| Ok(()));
    hotel.get(&format!("/api/audit-log?action={action}")).expect(200)["total"].as_i64().expect("a total")
}

#[test]
fn the_right_password_gives_a_token_and_a_cookie_that_scripts_cannot_read() {
    let hotel = TestHotel::new();
    hotel.add_user("ana", Role::Receptionist, PASSWORD);
    let answer = login(&hotel, " Ana ", PASSWORD);
    let body = answer.expect(200);
    assert_eq!((body["token_type"].as_str(), body["user"]["username"].as_str()), (Some("bearer"), Some("ana")));
    assert_eq!(body["expires_at"], "2025-11-11T01:00:00.000Z");
    let token = body["access_token"].as_str().expect("a token");
    assert_eq!(token.len(), 64);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with(&format!("innkeeper_session={token}; HttpOnly; SameSite=Strict; Path=/")), "{cookie}");
    assert_eq!(hotel.with_token(token).get("/api/auth/me").expect(200)["user"]["role"], "receptionist");
    assert_eq!(audit(&hotel, "login"), 1);
}

#[test]
fn wrong_names_and_wrong_passwords_are_told_apart_by_nothing_and_logged() {
    let hotel = TestHotel::new();
    hotel.add_user("ana", Role::Receptionist, PASSWORD);
    let (wrong, unknown) = (login(&hotel, "ana", "incorrect"), login(&hotel, "zoe", PASSWORD));
    assert_eq!((wrong.problem(401), wrong.json()), (unknown.problem(401), unknown.json()));
    assert_eq!(audit(&hotel, "login_failed"), 2);
}

#[test]
fn a_password_in_the_wrong_field_is_written_nowhere_and_strangers_fill_no_trail() {
    let hotel = TestHotel::new();
    for n in 0..20 {
        login(&hotel, &format!("Hunter2-{n}"), "whatever").problem(401);
    }
    hotel.write(|_| Ok(()));
    let trail = hotel.get("/api/audit-log?action=login_failed").expect(200);
    assert_eq!((&trail["total"], &trail["items"][0]["after"]), (&json!(1), &json!({"username": null, "tries": 1})));
}

#[test]
fn who_signs_in_while_the_password_changes_comes_in_by_neither() {
    let hotel = TestHotel::new();
    let ana = hotel.add_user("ana", Role::Receptionist, PASSWORD);
    let hash = |hotel: &TestHotel| hotel.write(move |tx| users::store::password_hash(tx, ana.id)).expect("a hash");
    let proof = users::Proof::of(ana.id, hash(&hotel), PASSWORD).expect("the right one");
    assert!(users::Proof::of(ana.id, hash(&hotel), "incorrect").is_none());
    let check = |proof: users::Proof| hotel.write(move |tx| Ok(proof.check(tx).is_ok()));
    assert!(check(users::Proof::of(ana.id, hash(&hotel), PASSWORD).expect("the right one")));
    // Between the look at the password and the sign-in somebody gives the account another one.
    hotel.post(&format!("/api/users/{}/reset-password", ana.id), json!({"new_password": "another one"})).expect(204);
    assert!(!check(proof));
    let proof = users::Proof::of(ana.id, hash(&hotel), "another one").expect("the right one");
    hotel.delete(&format!("/api/users/{}", ana.id)).expect(204);
    assert!(!check(proof), "or closes it");
}

#[test]
fn guesses_at_an_unattended_desk_are_slowed_down_and_written_down() {
    let hotel = TestHotel::new();
    hotel.add_user("ana", Role::Receptionist, PASSWORD);
    let token = login(&hotel, "ana", PASSWORD).expect(200)["access_token"].as_str().expect("a token").to_owned();
    let guess = |n: usize| {
        let desk = hotel.with_token(&token);
        if n.is_multiple_of(2) {
            desk.put("/api/auth/password", json!({"current_password": format!("guess {n}"), "new_password": "mine by now"}))
                .status
        } else {
            desk.put("/api/auth/pin", json!({"current_password": format!("guess {n}"), "pin": "4821"})).status
        }
    };
    assert_eq!((0..7).map(guess).collect::<Vec<_>>(), [422, 422, 422, 422, 422, 429, 429]);
    assert_eq!(audit(&hotel, "login_failed"), 5);
    // Signing in elsewhere is not slowed down by it.
    login(&hotel, "ana", PASSWORD).expect(200);
}

#[test]
fn repeated_wrong_passwords_are_slowed_down_and_the_right_one_too() {
    let hotel = TestHotel::new();
    hotel.add_user("ana", Role::Receptionist, PASSWORD);
    let statuses: Vec<u16> = (0..6).map(|_| login(&hotel, "ana", "incorrect").status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    let slowed = login(&hotel, "ana", PASSWORD);
    assert_eq!(slowed.problem(429), "too-many-requests");
    let wait: u64 = slowed.header("retry-after").and_then(|v| v.parse().ok()).expect("seconds");
    assert!((1..=3).contains(&wait), "{wait}");
    let elsewhere = hotel.as_stranger().request(Method::Post, "/api/auth/login").at_address("127.0.0.2");
    elsewhere.json(&json!({"username": "ana", "password": PASSWORD})).send().expect(200);
}

#[test]
fn a_deactivated_account_cannot_sign_in() {
    let hotel = TestHotel::new();
    let ana = hotel.add_user("ana", Role::Receptionist, PASSWORD);
    hotel.delete(&format!("/api/users/{}", ana.id)).expect(204);
    assert_eq!(login(&hotel, "ana", PASSWORD).problem(401), "not-signed-in");
}

#[test]
fn signing_out_ends_this_sign_in_and_no_other() {
    let hotel = TestHotel::new();
    let (one, other) = (hotel.sign_in_again(Role::Manager), hotel.sign_in_again(Role::Manager));
    let answer = hotel.with_token(&one).post("/api/auth/logout", json!({}));
    answer.expect(204);
    assert!(answer.header("set-cookie").expect("a cookie").contains("Max-Age=0"));
    hotel.with_token(&one).get("/api/auth/me").problem(401);
    hotel.with_token(&other).get("/api/auth/me").expect(200);
}

#[test]
fn a_sign_in_ends_after_sixteen_hours() {
    let hotel = TestHotel::new();
    hotel.advance_hours(15);
    hotel.get("/api/auth/me").expect(200);
    hotel.advance_hours(1);
    hotel.get("/api/auth/me").problem(401);
}

#[test]
fn a_wrong_password_is_answered_without_waiting_for_the_disk_whoever_it_is_of() {
    let hotel = TestHotel::new();
    hotel.add_user("ana", Role::Receptionist, PASSWORD);
    let (go_on, busy) = channel::<()>();
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        let hotel = &hotel;
        scope.spawn(move || {
            hotel.write(move |_| {
                tell.send(()).expect("it is waited for");
                let _ = busy.recv_timeout(PATIENCE);
                Ok(())
            });
        });
        told.recv_timeout(PATIENCE).expect("the writer is busy");
        let begun = std::time::Instant::now();
        let answers = [login(hotel, "ana", "incorrect").problem(401), login(hotel, "nobody", "incorrect").problem(401)];
        assert!(begun.elapsed() < PATIENCE, "{answers:?} came only when the writer was free");
        go_on.send(()).expect("it is waited for");
    });
    assert_eq!(audit(&hotel, "login_failed"), 2);
}

#[test]
fn a_sign_in_that_is_over_stays_so_when_the_clock_goes_back() {
    let hotel = TestHotel::new();
    let (used, unused) = (hotel.sign_in_again(Role::Manager), hotel.sign_in_again(Role::Manager));
    let by_pin = hotel.sign_in_by_pin(Role::Receptionist);
    hotel.advance_minutes(16);
    users::session::close_ended(&hotel.app, &hotel.memory.sign_ins).expect("looked at");
    hotel.advance_minutes(-16);
    hotel.with_token(&by_pin).get("/api/auth/me").problem(401);
    hotel.with_token(&used).get("/api/auth/me").expect(200);
    hotel.advance_hours(16);
    hotel.with_token(&used).get("/api/auth/me").problem(401);
    hotel.advance_hours(-1);
    hotel.with_token(&used).get("/api/auth/me").problem(401);
    hotel.advance_hours(1);
    // One that nobody used is found as well.
    users::session::close_ended(&hotel.app, &hotel.memory.sign_ins).expect("looked at");
    hotel.advance_hours(-1);
    hotel.with_token(&unused).get("/api/auth/me").problem(401);
}

#[test]
fn deactivating_an_account_or_changing_its_role_signs_it_out_at_once() {
    let hotel = TestHotel::new();
    let users = hotel.get("/api/users").expect(200);
    let id_of = |name: &str| {
        let user = users["items"].as_array().expect("items").iter().find(|u| u["username"] == name);
        user.and_then(|u| u["id"].as_i64()).expect("the account")
    };
    hotel.as_role(Role::Manager).get("/api/auth/me").expect(200);
    hotel.delete(&format!("/api/users/{}", id_of("manager"))).expect(204);
    hotel.as_role(Role::Manager).get("/api/auth/me").problem(401);
    hotel.as_role(Role::Receptionist).get("/api/auth/me").expect(200);
    hotel.patch(&format!("/api/users/{}", id_of("receptionist")), json!({"role": "housekeeper"})).expect(200);
    hotel.as_role(Role::Receptionist).get("/api/auth/me").problem(401);
}

#[test]
fn a_new_password_needs_the_old_one_and_signs_out_everywhere() {
    let hotel = TestHotel::new();
    hotel.add_user("ana", Role::Receptionist, PASSWORD);
    let token = login(&hotel, "ana", PASSWORD).expect(200)["access_token"].as_str().expect("a token").to_owned();
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        hotel.with_token(&token).put("/api/auth/password", body)
    };
    assert_eq!(change("incorrect", "another one").bad_fields(), ["current_password"]);
    assert_eq!(change(PASSWORD, "short").bad_fields(), ["new_password"]);
    change(PASSWORD, "another one").expect(204);
    hotel.with_token(&token).get("/api/auth/me").problem(401);
    login(&hotel, "ana", PASSWORD).problem(401);
    login(&hotel, "ana", "another one").expect(200);
}

#[test]
fn the_last_owner_stays_one() {
    let hotel = TestHotel::new();
    let users = hotel.get("/api/users").expect(200);
    let owner = users["items"].as_array().expect("items").iter().find(|u| u["role"] == "owner").expect("the owner");
    let path = format!("/api/users/{}", owner["id"]);
    assert_eq!(hotel.delete(&path).problem(409), "last-owner");
    assert_eq!(hotel.patch(&path, json!({"role": "manager"})).problem(409), "last-owner");
    assert_eq!(hotel.patch(&path, json!({"is_active": false})).problem(409), "last-owner");
    hotel.add_user("second", Role::Owner, PASSWORD);
    hotel.patch(&path, json!({"role": "manager"})).expect(200);
}

#[test]
fn only_an_owner_makes_or_changes_an_owner() {
    let hotel = TestHotel::new();
    let second = hotel.add_user("second", Role::Owner, PASSWORD);
    let manager = hotel.as_role(Role::Manager);
    let request = |role: &str| json!({"username": role, "full_name": "X", "role": role, "password": PASSWORD});
    manager.post("/api/users", request("owner")).problem(403);
    manager.delete(&format!("/api/users/{}", second.id)).problem(403);
    manager.post(&format!("/api/users/{}/reset-password", second.id), json!({"new_password": PASSWORD})).problem(403);
    let receptionist = hotel.add_user("ana", Role::Receptionist, PASSWORD);
    manager.patch(&format!("/api/users/{}", receptionist.id), json!({"role": "owner"})).problem(403);
}

#[test]
fn sign_ins_are_listed_and_can_be_ended_by_their_owner_and_by_managers() {
    let hotel = TestHotel::new();
    let receptionist = hotel.as_role(Role::Receptionist);
    let token = hotel.sign_in_again(Role::Receptionist);
    let list = receptionist.get("/api/auth/sessions").expect(200);
    let sessions = list["items"].as_array().expect("items");
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|s| s["is_current"] == false).expect("the other one");
    let path = format!("/api/auth/sessions/{}", other["id"]);
    hotel.as_role(Role::Housekeeper).delete(&path).problem(404);
    receptionist.delete(&path).expect(204);
    hotel.with_token(&token).get("/api/auth/me").problem(401);
    let own = sessions.iter().find(|s| s["is_current"] == true).expect("the current one");
    hotel.as_role(Role::Manager).delete(&format!("/api/auth/sessions/{}", own["id"])).expect(204);
    receptionist.get("/api/auth/me").problem(401);
}

#[test]
fn a_cookie_changes_things_only_from_pages_of_the_same_origin() {
    let hotel = TestHotel::new();
    let cookie = format!("theme=dark; innkeeper_session={}", hotel.sign_in_again(Role::Manager));
    let ask = |method: Method, headers: &[(&str, &str)]| {
        let target = if method == Method::Get { "/api/auth/me" } else { "/api/booking-sources" };
        let asking = hotel.as_stranger().request(method, target).header("Cookie", &cookie).header("Host", "127.0.0.1:8080");
        let asking = headers.iter().fold(asking, |asking, (name, value)| asking.header(name, value));
        if method == Method::Get { asking.send() } else { asking.json(&json!({"name": "Radio"})).send() }
    };
    ask(Method::Get, &[]).expect(200);
    for foreign in ["http://evil.example", "http://127.0.0.1:9090", "null", "http://127.0.0.1:8080.evil.example"] {
        ask(Method::Post, &[("Origin", foreign)]).problem(403);
    }
    ask(Method::Post, &[]).problem(403);
    ask(Method::Post, &[("Sec-Fetch-Site", "cross-site")]).problem(403);
    ask(Method::Post, &[("Origin", "http://127.0.0.1:8080")]).expect(201);
}

#[test]
fn unknown_and_malformed_tokens_are_strangers() {
    let hotel = TestHotel::new();
    for value in ["Bearer", "Bearer ", "Bearer x", "Basic b3duZXI6cHc=", "bearer 00"] {
        let asking = hotel.as_stranger().request(Method::Get, "/api/auth/me").header("Authorization", value);
        let answer = asking.send();
        answer.problem(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}
