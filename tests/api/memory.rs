//! What one account can make the program remember, driven to its bounds.

use innkeeper::domain::actor::Role;
use innkeeper::hotel::users::{session, store};
use innkeeper::http::request::Method;
use innkeeper::http::state::Holding;
use serde_json::json;

use crate::support::TestHotel;

fn holding(hotel: &TestHotel, what: &str) -> Holding {
    *hotel.app.holdings().iter().find(|h| h.what == what).expect("one of them")
}

/// Full as far as it goes, and not beyond.
fn check_full(hotel: &TestHotel, what: &str) {
    let Holding { bytes, limit, .. } = holding(hotel, what);
    assert!(bytes <= limit && bytes > limit / 2, "{what}: {bytes} of {limit}");
}

#[test]
fn the_same_question_in_another_order_is_kept_once() {
    let hotel = TestHotel::builder().open_furnished();
    let desk = hotel.as_role(Role::ReadOnly);
    desk.get("/api/tape-chart?from=2025-11-10&days=7&fields=rooms,days").expect(200);
    let before = (hotel.app.cache.len(), hotel.app.cache.hits.load(std::sync::atomic::Ordering::Relaxed));
    for same in ["days=7&from=2025-11-10&fields=days,rooms", "fields=rooms,%20days&days=7&from=2025-11-10"] {
        desk.get(&format!("/api/tape-chart?{same}")).expect(200);
    }
    let after = (hotel.app.cache.len(), hotel.app.cache.hits.load(std::sync::atomic::Ordering::Relaxed));
    assert_eq!(after, (before.0, before.1 + 2));
    for twice in ["days=7&from=2025-11-10&fields=days,days", "days=7&from=2025-11-10&fields=days&fields=rooms"] {
        assert_eq!(desk.get(&format!("/api/tape-chart?{twice}")).bad_fields(), ["fields"], "{twice}");
    }
    assert_eq!(desk.get("/api/tape-chart?days=7&days=7&from=2025-11-10").bad_fields(), ["days"]);
}

#[test]
fn no_text_in_a_parameter_looks_like_two_parameters() {
    let hotel = TestHotel::builder().open_furnished();
    hotel.get("/api/guests?nationality=PT&q=ana").expect(200);
    for smuggled in ["nationality=PT%01q%02ana", "nationality=PT%00q%01ana", "nationality=PT%03q"] {
        assert_eq!(hotel.get(&format!("/api/guests?{smuggled}")).bad_fields(), ["nationality"], "{smuggled}");
    }
    // The same with the marks that keys are made of now: another question, not the kept answer.
    let before = hotel.app.cache.hits.load(std::sync::atomic::Ordering::Relaxed);
    hotel.get("/api/guests?nationality=PTn1:qv3:ana").expect(200);
    assert_eq!(hotel.app.cache.hits.load(std::sync::atomic::Ordering::Relaxed), before);
}

#[test]
fn one_read_only_account_fills_the_answers_to_their_bytes_and_no_further() {
    let hotel = TestHotel::builder().cache_bytes(256 * 1024).open_furnished();
    let desk = hotel.as_role(Role::ReadOnly);
    for days in 1..=92 {
        for fields in ["", "&fields=days", "&fields=rooms", "&fields=days,rooms"] {
            desk.get(&format!("/api/tape-chart?from=2025-11-10&days={days}{fields}")).expect(200);
            assert!(holding(&hotel, "answers").bytes <= 256 * 1024, "{days} {fields}");
        }
    }
    check_full(&hotel, "answers");
    let metrics = hotel.as_owner().get("/metrics").text().to_owned();
    for Holding { what, limit, .. } in hotel.app.holdings() {
        assert!(metrics.contains(&format!("innkeeper_kept_bytes{{what=\"{what}\"}}")), "{what}");
        assert!(metrics.contains(&format!("innkeeper_kept_limit_bytes{{what=\"{what}\"}} {limit}\n")), "{what}");
    }
}

#[test]
fn one_account_signed_in_thousands_of_times_fills_no_more_than_the_bounds() {
    let hotel = TestHotel::builder().rate_limit(Some(1000)).open();
    let tokens = hotel.write(|tx| {
        let user = store::find_named(tx, "read_only")?.expect("an account a role");
        (0..9000).map(|_| session::open(tx, &user, "tests").map(|issued| issued.token)).collect::<Result<Vec<_>, _>>()
    });
    for token in &tokens {
        hotel.with_token(token).get("/api/auth/me").expect(200);
    }
    for what in ["sessions", "last_seen", "rate_windows"] {
        check_full(&hotel, what);
    }
    hotel.with_token(&tokens[0]).get("/api/auth/me").expect(200);
}

#[test]
fn names_and_keys_of_any_length_are_bounded_before_they_are_remembered() {
    let hotel = TestHotel::new();
    let login = |name: String| hotel.as_stranger().post("/api/auth/login", json!({"username": name, "password": "x"}));
    assert_eq!(login("x".repeat(201)).bad_fields(), ["username"]);
    let long = json!({"username": "x", "password": "x".repeat(201)});
    assert_eq!(hotel.as_stranger().post("/api/auth/login", long).bad_fields(), ["password"]);
    assert_eq!(holding(&hotel, "failed_sign_ins").bytes, 0);
    login("x".repeat(200)).problem(401);
    let one = holding(&hotel, "failed_sign_ins").bytes;
    login("y".to_owned()).problem(401);
    assert_eq!(holding(&hotel, "failed_sign_ins").bytes, 2 * one, "a long name costs what a short one does");
}

#[test]
fn an_answer_to_somebody_who_is_not_signed_in_is_not_remembered() {
    let hotel = TestHotel::new();
    for n in 0..50 {
        let asking = hotel.as_stranger().request(Method::Post, "/api/auth/login").header("Idempotency-Key", &format!("k{n}"));
        asking.json(&json!({"username": "x", "password": ""})).send();
    }
    assert_eq!(holding(&hotel, "first_answers").bytes, 0);
}
