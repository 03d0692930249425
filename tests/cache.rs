//! What is kept in the cache is let go when anything it was read from changes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use innkeeper::db::Table;
use innkeeper::db::sql::traced;
use innkeeper::http::endpoint::Endpoint;
use innkeeper::http::request::Method;
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::api::desk::{book, small_hotel};
use crate::support::TestHotel;

/// An example of each kept address, with parameters that reach its statements.
fn example(endpoint: &Endpoint) -> String {
    let path = endpoint.pattern.replace("{id}", "1").replace("{block_id}", "1");
    let query = match endpoint.pattern {
        "/api/rooms/available" => "?check_in_date=2025-11-10&check_out_date=2025-11-12",
        "/api/dashboard/stats" => "?from=2025-11-01&to=2025-11-30",
        "/api/rate-plans/{id}/rates" => "?room_type_id=1&from=2025-11-10&to=2025-11-12",
        "/api/search" | "/api/guests" | "/api/reservations" => "?q=ana",
        "/api/guests/duplicates" => "?full_name=Ana",
        _ => "",
    };
    format!("{path}{query}")
}

/// The followed tables that these statements read.
fn tables_read(hotel: &TestHotel, statements: &[String]) -> BTreeSet<&'static str> {
    let connection = Connection::open(hotel.app.db.path()).expect("a second connection");
    let read = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = read.clone();
    connection
        .authorizer(Some(move |context: AuthContext<'_>| {
            if let AuthAction::Read { table_name, .. } = context.action
                && let Some(table) = Table::parse(table_name)
            {
                seen.lock().expect("a set").insert(table.name());
            }
            Authorization::Allow
        }))
        .expect("an authorizer");
    for text in statements {
        connection.prepare(text).expect("a statement of the program");
    }
    let read = read.lock().expect("a set").clone();
    read
}

#[test]
fn every_kept_answer_names_all_tables_it_was_read_from() {
    let hotel = small_hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-13");
    hotel.post("/api/payments", serde_json::json!({"reservation_id": 1, "amount": 10, "payment_method": "cash"})).expect(201);
    let mut missing = Vec::new();
    for endpoint in hotel.app.router.endpoints().iter().filter(|e| e.method == Method::Get && !e.tags.is_empty()) {
        let (answer, statements) = traced(|| hotel.get(&example(endpoint)));
        assert_eq!(answer.status, 200, "{}: {}", endpoint.name, answer.text());
        // The session's own look-up is not part of the answer.
        let own: Vec<String> = statements.into_iter().filter(|s| !s.contains("FROM session")).collect();
        let tables = tables_read(&hotel, &own);
        missing.extend(
            tables
                .iter()
                .filter(|t| !endpoint.tags.has(Table::parse(t).expect("a table")))
                .map(|t| format!("{}: {t}", endpoint.name)),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
