//! Each endpoint × each role, from the route table: who is let in and who is not.

use innkeeper::domain::actor::Role;
use innkeeper::hotel::Memory;
use innkeeper::http::endpoint::{Access, Endpoint};
use innkeeper::routes;
use serde_json::json;

use crate::support::TestHotel;

/// What anyone may ask without signing in. A new line here is a decision.
const PUBLIC: &[&str] = &[
    "create_setup",
    "docs",
    "docs_style",
    "find_setup",
    "find_this_device",
    "health",
    "login",
    "login_by_pin",
    "metrics",
    "openapi",
];

/// What a sign-in by PIN may not do. A line less here is a decision too.
const NEED_PASSWORD: &[&str] = &[
    "change_password",
    "create_user",
    "delete_user",
    "register_device",
    "replace_user",
    "reset_password",
    "revoke_device",
    "set_pin",
    "update_user",
];

/// The sets of roles that endpoints are open to, from the widest to the narrowest.
const SETS: &[Access] = &[Access::STAFF, Access::HOUSEKEEPING, Access::READ, Access::DESK, Access::MANAGE, Access::OWN];

/// A path of the pattern that leads to nothing: matrix requests change nothing.
fn target(endpoint: &Endpoint) -> String {
    let segments = endpoint.pattern.split('/').map(|segment| if segment.starts_with('{') { "999999999" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[test]
fn every_endpoint_is_public_by_decision_or_open_to_a_known_set_of_roles() {
    let endpoints = routes::endpoints(&Memory::default());
    let mut public: Vec<&str> = endpoints.iter().filter(|e| e.access == Access::Public).map(|e| e.name).collect();
    public.sort_unstable();
    assert_eq!(public, PUBLIC);
    for endpoint in endpoints.iter().filter(|e| e.access != Access::Public) {
        assert!(SETS.contains(&endpoint.access), "{} is open to a set of its own", endpoint.name);
    }
}

#[test]
fn endpoints_let_in_exactly_their_roles() {
    let hotel = TestHotel::new();
    let mut wrong = Vec::new();
    for endpoint in routes::endpoints(&Memory::default()) {
        let target = target(&endpoint);
        let mut seen = vec![("stranger", None, hotel.as_stranger().request(endpoint.method, &target))];
        for role in Role::ALL {
            // A sign-in for this request alone: some requests end it.
            let token = hotel.sign_in_again(*role);
            seen.push((role.as_str(), Some(*role), hotel.with_token(&token).request(endpoint.method, &target)));
        }
        for (who, role, asking) in seen {
            let asking = if endpoint.method.is_safe() { asking } else { asking.json(&json!({})) };
            let status = asking.send().status;
            let expected = match (endpoint.access.allows(role), role) {
                (true, _) => None,
                (false, Some(_)) => Some(403),
                (false, None) => Some(401),
            };
            let is_right = match expected {
                Some(expected) => status == expected,
                None => !matches!(status, 401 | 403 | 500),
            };
            if !is_right {
                wrong.push(format!("{} {who}: {status}", endpoint.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sign_ins_by_pin_may_what_their_role_may_but_for_what_needs_the_password() {
    let hotel = TestHotel::new();
    let mut refused = Vec::new();
    for endpoint in routes::endpoints(&Memory::default()) {
        let token = hotel.sign_in_by_pin(Role::Manager);
        let asking = hotel.with_token(&token).request(endpoint.method, &target(&endpoint));
        let answer = if endpoint.method.is_safe() { asking.send() } else { asking.json(&json!({})).send() };
        assert_ne!(answer.status, 401, "{}", endpoint.name);
        if answer.status == 403 && endpoint.access.allows(Some(Role::Manager)) {
            assert!(answer.json()["detail"].as_str().is_some_and(|words| words.contains("by PIN")), "{}", answer.text());
            refused.push(endpoint.name);
        }
    }
    refused.sort_unstable();
    assert_eq!(refused, NEED_PASSWORD);
}
