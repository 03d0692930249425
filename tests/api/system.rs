//! What Innkeeper tells of itself: figures, slow work, alerts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use innkeeper::domain::actor::Role;
use innkeeper::hotel::system;
use innkeeper::http::metrics::Figure;
use innkeeper::http::request::Method;
use innkeeper::http::state::EventSink;
use serde_json::{Value, json};

use crate::support::TestHotel;

fn system(hotel: &TestHotel) -> Value {
    hotel.get("/api/system").expect(200)
}

fn look(hotel: &TestHotel) {
    system::look(&hotel.app, &hotel.memory.backups);
}

#[test]
fn requests_are_counted_by_route_with_their_durations() {
    let hotel = TestHotel::furnished();
    for _ in 0..3 {
        hotel.get("/api/reservations").expect(200);
    }
    hotel.as_stranger().get("/nowhere/at/all");
    let system = system(&hotel);
    let route = |name: &str| system["routes"].as_array().expect("routes").iter().find(|r| r["route"] == name).cloned();
    let list = route("list_reservations").expect("it was asked");
    assert_eq!((&list["requests"], &list["method"], &list["pattern"]), (&json!(3), &json!("GET"), &json!("/api/reservations")));
    let [p50, p90, p99] = ["p50_ms", "p90_ms", "p99_ms"].map(|q| list[q].as_f64().expect("a duration"));
    assert!(0.0 < p50 && p50 <= p90 && p90 <= p99, "{list}");
    assert_eq!(route("other").expect("the page")["requests"], 1);
    assert_eq!((&system["cache"]["hits"], &system["requests"]["errors"]), (&json!(2), &json!(0)));
    assert!(system["disk"]["free_bytes"].is_u64());
    for (of, figure) in [("database", "database_bytes"), ("pool", "connections")] {
        assert!(system[of][figure].as_u64().is_some_and(|n| n > 0), "{of} {figure}: {system}");
    }
    assert!(system["memory_bytes"].as_u64().is_some_and(|n| n > 0));
    assert_eq!(system["backup"], json!({"last_at": null, "age_seconds": null}));
}

#[test]
fn what_the_door_counted_is_told_with_its_reasons() {
    let hotel = TestHotel::new();
    let refused = vec![(Some(("reason", "head_too_large")), 3), (Some(("reason", "host")), 1)];
    let figure = move |name, values| Figure { name, kind: "counter", help: "How many.", values };
    let figures = move || vec![figure("connections_open", vec![(None, 7)]), figure("gate_refused_total", refused.clone())];
    hotel.app.metrics.set_network(Box::new(figures));
    let row = |name, reason: Option<&str>, value| json!({"name": name, "reason": reason, "meaning": "How many.", "value": value});
    let refused = [("head_too_large", 3), ("host", 1)].map(|(reason, value)| row("gate_refused_total", Some(reason), value));
    let [head, host] = refused;
    assert_eq!(system(&hotel)["network"], json!([row("connections_open", None, 7), head, host]));
}

#[test]
fn time_is_told_by_the_clock_of_the_house() {
    let hotel = TestHotel::new();
    hotel.memory.backups.note_newest(Some(hotel.app.clock.now()));
    hotel.advance_hours(3);
    let system = system(&hotel);
    assert_eq!(system["uptime_seconds"], 3 * 3600);
    assert_eq!(system["backup"], json!({"last_at": "2025-11-10T09:00:00.000Z", "age_seconds": 3 * 3600}));
    assert!(hotel.get("/metrics").text().contains("\ninnkeeper_backup_age_seconds 10800\n"));
}

#[test]
fn slow_work_is_kept_with_its_plan_and_without_values() {
    let hotel = TestHotel::builder().slow_after(Duration::ZERO).open_furnished();
    hotel.get("/api/guests?q=Lopes").expect(200);
    let system = system(&hotel);
    let requests = system["slow_requests"].as_array().expect("slow requests");
    let newest = &requests[0];
    assert_eq!(
        (&newest["route"], &newest["pattern"], &newest["status"]),
        (&json!("list_guests"), &json!("/api/guests"), &json!(200))
    );
    let statements = system["slow_statements"].as_array().expect("slow statements");
    let search = statements.iter().find(|s| s["statement"].as_str().is_some_and(|n| n.starts_with("guests."))).expect("a search");
    assert!(search["text"].as_str().is_some_and(|text| text.contains('?')), "{search}");
    assert!(search["plan"].as_array().is_some_and(|plan| !plan.is_empty()), "{search}");
    assert!(!system.to_string().contains("Lopes"));
    assert_eq!((requests.len(), statements.len()), (requests.len().min(50), 50));
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<(String, String)>>>);

impl EventSink for Heard {
    fn publish(&self, event: &str, data: &str) {
        self.0.lock().expect("a lock").push((event.to_owned(), data.to_owned()));
    }

    fn close_streams(&self, _: &str) {}
}

#[test]
fn an_alert_is_told_everywhere_while_it_stands() {
    let hotel = TestHotel::new();
    let heard = Heard::default();
    hotel.app.events.set_sink(Box::new(heard.clone()));
    let thresholds = hotel.patch("/api/system/thresholds", json!({"memory_megabytes": 1, "disk_space_megabytes": 0})).expect(200);
    assert_eq!((&thresholds["memory_megabytes"], &thresholds["errors_percent"]), (&json!(1), &json!(1)));
    look(&hotel);
    hotel.advance_hours(1);
    look(&hotel);
    let system = system(&hotel);
    let alert = &system["alerts"][0];
    assert_eq!(
        (&alert["code"], &alert["since"], &alert["threshold"]),
        (&json!("memory"), &json!("2025-11-10T09:00:00.000Z"), &json!(1))
    );
    assert_eq!((&alert["severity"], &alert["unit"]), (&json!("critical"), &json!("MB")));
    assert!(hotel.get("/metrics").text().contains("\ninnkeeper_alert{code=\"memory\"} 1\n"));
    let hello = hotel.get("/api/events");
    assert!(hello.text().contains(r#""alerts":{"count":1,"worst":"critical"}"#), "{}", hello.text());

    hotel.patch("/api/system/thresholds", json!({"memory_megabytes": 0})).expect(200);
    look(&hotel);
    assert_eq!(hotel.get("/api/system").expect(200)["alerts"], json!([]));
    let heard: Vec<String> =
        heard.0.lock().expect("a lock").iter().filter(|(e, _)| e == "alerts").map(|(_, d)| d.clone()).collect();
    assert_eq!(
        heard,
        [r#"{"count":1,"worst":"critical"}"#, r#"{"count":0,"worst":null}"#],
        "once when it begins, once when it ends"
    );
}

#[test]
fn faults_of_the_server_raise_an_alert_and_mistakes_of_clients_do_not() {
    let hotel = TestHotel::new();
    hotel.patch("/api/system/thresholds", json!({"disk_space_megabytes": 0, "memory_megabytes": 0})).expect(200);
    look(&hotel);
    for _ in 0..30 {
        hotel.get("/api/reservations/999999").problem(404);
    }
    look(&hotel);
    assert_eq!(system(&hotel)["alerts"], json!([]));
    hotel.app.metrics.note(None, 500, Duration::ZERO);
    look(&hotel);
    assert_eq!(system(&hotel)["alerts"][0]["code"], "errors");
}

#[test]
fn thresholds_have_bounds_and_their_changes_are_recorded() {
    let hotel = TestHotel::new();
    let too_much = json!({"errors_percent": 101, "backup_age_hours": 100_001});
    assert_eq!(hotel.put("/api/system/thresholds", too_much).bad_fields(), ["errors_percent", "backup_age_hours"]);
    hotel.as_role(Role::Manager).patch("/api/system/thresholds", json!({"backup_age_hours": 24})).expect(200);
    let entry = hotel.get("/api/audit-log?entity=thresholds").expect(200)["items"][0].clone();
    assert_eq!((&entry["before"]["backup_age_hours"], &entry["after"]["backup_age_hours"]), (&json!(48), &json!(24)));
    hotel.as_role(Role::Receptionist).request(Method::Get, "/api/system").send().problem(403);
}
