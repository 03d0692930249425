//! A read-only copy: it tells everything and changes nothing.

use innkeeper::db::Tags;
use innkeeper::domain::actor::Role;
use innkeeper::http::endpoint::Access;
use serde_json::json;

use crate::support::TestHotel;
use crate::support::running::token;

const PASSWORD: &str = "a-good-password";

fn sign_in(hotel: &TestHotel, username: &str, password: &str) -> crate::support::Answer {
    hotel.as_stranger().post("/api/auth/login", json!({"username": username, "password": password}))
}

#[test]
fn every_change_is_refused_in_words_and_the_file_stays_as_it_is() {
    let hotel = TestHotel::furnished();
    hotel.add_user("olga", Role::Owner, PASSWORD);
    let copy = hotel.looked_at();
    let rows = || hotel.get("/api/audit-log").expect(200)["total"].clone();
    let before = rows();
    assert_eq!(sign_in(&copy, "olga", "not the password").problem(401), "not-signed-in");
    let owner = token(&sign_in(&copy, "olga", PASSWORD).expect(200));
    let desk = copy.with_token(&owner);
    let mut refused = 0;
    for endpoint in copy.app.router.endpoints().iter().filter(|endpoint| !endpoint.leaves_file) {
        let part = |part| {
            if part == "{name}" {
                "x"
            } else if str::starts_with(part, '{') {
                "1"
            } else {
                part
            }
        };
        let path = endpoint.pattern.split('/').map(part).collect::<Vec<_>>().join("/");
        let asker = if endpoint.access == Access::Public { copy.as_stranger() } else { copy.with_token(&owner) };
        let answer = asker.request(endpoint.method, &path).json(&json!({})).send();
        assert_eq!(answer.problem(409), "read-only-copy", "{} {path}", endpoint.name);
        assert!(answer.text().contains("nothing can be changed in it"), "{}", answer.text());
        refused += 1;
    }
    assert!(refused > 50, "{refused}");
    assert_eq!(desk.get("/api/auth/me").expect(200)["copy_of"], copy_time(&hotel));
    assert_eq!(rows(), before, "a sign-in to the copy is not written down");
    desk.request(innkeeper::http::request::Method::Post, "/api/auth/logout").json(&json!({})).send();
    desk.get("/api/auth/me").problem(401);
}

/// When the last change was made.
fn copy_time(hotel: &TestHotel) -> serde_json::Value {
    hotel.get("/api/audit-log?page_size=1").expect(200)["items"][0]["at"].clone()
}

#[test]
fn what_is_read_is_what_the_hotel_itself_tells() {
    let hotel = TestHotel::furnished();
    hotel.add_user("olga", Role::Owner, PASSWORD);
    let copy = hotel.looked_at();
    let desk = copy.with_token(&token(&sign_in(&copy, "olga", PASSWORD).expect(200)));
    for path in
        ["/api/reservations", "/api/guests", "/api/dashboard/stats?from=2025-11-01&to=2025-11-30", "/api/payments", "/api/users"]
    {
        assert_eq!(desk.get(path).expect(200), hotel.get(path).expect(200), "{path}");
    }
    assert_eq!(desk.get("/api/dashboard/today").expect(200)["backup"]["overdue_at"], json!(null));
}

#[test]
fn a_sign_in_to_a_copy_ends_with_its_time_and_with_its_account() {
    let hotel = TestHotel::new();
    let nora = hotel.add_user("nora", Role::Receptionist, PASSWORD);
    let copy = hotel.looked_at();
    let first = token(&sign_in(&copy, "nora", PASSWORD).expect(200));
    copy.with_token(&first).get("/api/auth/me").expect(200);
    // The token of one is nothing to the other.
    hotel.with_token(&first).get("/api/auth/me").problem(401);
    hotel.delete(&format!("/api/users/{}", nora.id)).expect(204);
    // As the copy hears of it.
    copy.app.db.generations().raise(Tags::EVERY);
    copy.with_token(&first).get("/api/auth/me").problem(401);
    hotel.patch(&format!("/api/users/{}", nora.id), json!({"is_active": true})).expect(200);
    copy.app.db.generations().raise(Tags::EVERY);
    copy.with_token(&first).get("/api/auth/me").problem(401);
    let second = token(&sign_in(&copy, "nora", PASSWORD).expect(200));
    copy.with_token(&second).get("/api/auth/me").expect(200);
    copy.advance_hours(16);
    copy.with_token(&second).get("/api/auth/me").problem(401);
}

#[test]
fn the_browser_keeps_a_copy_and_the_hotel_apart() {
    let hotel = TestHotel::new();
    hotel.add_user("olga", Role::Owner, PASSWORD);
    let copy = hotel.looked_at();
    let cookie = |hotel: &TestHotel| sign_in(hotel, "olga", PASSWORD).header("set-cookie").expect("a cookie").to_owned();
    let (own, other) = (cookie(&hotel), cookie(&copy));
    assert!(own.starts_with("innkeeper_session=") && other.starts_with("innkeeper_copy_session="), "{own} {other}");
    let kept = other.split(';').next().expect("a cookie");
    copy.as_stranger().request(innkeeper::http::request::Method::Get, "/api/auth/me").header("Cookie", kept).send().expect(200);
}
