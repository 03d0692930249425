//! Kept answers are never old: each endpoint whose answers are kept names every
//! table that it reads, and nothing but those tables decides what it answers.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use innkeeper::db::sql::traced;
use innkeeper::db::{Table, Tags};
use innkeeper::domain::actor::Role;
use innkeeper::hotel::Memory;
use innkeeper::http::endpoint::Endpoint;
use innkeeper::http::openapi;
use innkeeper::routes;
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use serde_json::Value;

use crate::support::TestHotel;

/// The tables that a statement reads.
fn tables_read(schema: &Connection, statement: &str) -> BTreeSet<String> {
    let tables = Arc::new(Mutex::new(BTreeSet::new()));
    let found = tables.clone();
    let hook = move |context: AuthContext<'_>| {
        if let AuthAction::Read { table_name, .. } = context.action {
            found.lock().expect("a lock").insert(table_name.to_owned());
        }
        Authorization::Allow
    };
    schema.authorizer(Some(hook)).expect("a hook");
    schema.prepare(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    schema.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).expect("no hook");
    let tables = tables.lock().expect("a lock");
    tables.clone()
}

/// The tables whose change tells of a change in `table`.
fn told_by(table: &str) -> &'static [Table] {
    match table {
        // Not seen by SQLite's hook; its rows are written by triggers of these.
        "room_night" => &[Table::ReservationNight, Table::RoomBlock],
        // Changes with the rows that it counts, which the list itself reads.
        "row_count" => &[],
        "running_total" => &[Table::Reservation],
        _ if table.starts_with("guest_fts") => &[Table::Guest],
        _ if table.starts_with("stay_note_fts") => &[Table::Reservation],
        _ if table.starts_with("search_word") => &[Table::Guest, Table::Reservation],
        _ if table.starts_with("open_stay_fts") => &[Table::Guest, Table::Reservation],
        "charge" | "payment" | "posting_tax" | "posting_share" | "posting_part" | "tender" => &[Table::Posting],
        // Written as a whole, with the row of the set-up.
        "tax_group" | "tax" | "levy" => &[Table::TaxSetup],
        // Written with the row of the group.
        "group_rate" => &[Table::BookingGroup],
        "voucher_entry" => &[Table::Voucher],
        // Whatever is matched changes what is open of both sides.
        "account_match" | "account_entry" => &[Table::AccountItem],
        "reminder_item" => &[Table::Reminder],
        "invoice_line" | "invoice_tax" | "invoice_posting" | "invoice_deposit" | "invoice_counter" => &[Table::Invoice],
        // Written with the row that shows it.
        "picture" => &[Table::InvoiceSetup],
        "json_each" | "sqlite_schema" => &[],
        _ => {
            let known = Table::parse(table).unwrap_or_else(|| panic!("who tells of changes in {table}?"));
            let at = Table::ALL.iter().position(|t| *t == known).expect("one of all");
            &Table::ALL[at..=at]
        }
    }
}

/// A value for a parameter, so that every filter of every list is tried.
fn sample(parameter: &Value, document: &Value) -> String {
    let name = parameter["name"].as_str().expect("a name");
    let schema = &parameter["schema"];
    let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    let schema = reference.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema);
    let one_of = || schema["enum"].get(0).or_else(|| schema["oneOf"].get(0).map(|first| &first["const"]));
    if let Some(word) = one_of().and_then(Value::as_str) {
        return word.to_owned();
    }
    let is_end = name.starts_with("to") || name.ends_with("_to") || name.starts_with("check_out");
    let text = match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), _) => "1",
        (Some("boolean"), _) => "true",
        (_, Some("date")) if is_end => "2025-11-13",
        (_, Some("date")) => "2025-11-10",
        (_, Some("date-time")) => "2025-11-10T00:00:00Z",
        _ if name == "nationality" => "PT",
        // Of as many children as are asked for, which is none.
        _ if name == "children_ages" => "",
        _ => "ana",
    };
    text.to_owned()
}

/// The requests of an endpoint: with what it needs, and with each further parameter.
fn targets(endpoint: &Endpoint, document: &Value, item: i64) -> Vec<String> {
    let operation = &document["paths"][endpoint.pattern]["get"];
    let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
    let mut path = endpoint.pattern.to_owned();
    let mut needed = Vec::new();
    let mut further = Vec::new();
    for parameter in parameters {
        let name = parameter["name"].as_str().expect("a name");
        match (parameter["in"].as_str(), parameter["required"] == true) {
            // The first of the hotel's own.
            (Some("path"), _) if endpoint.name == "find_article" => path = path.replace("{id}", "13"),
            // The payment was posted after a charge.
            (Some("path"), _) if endpoint.name == "find_payment" => path = path.replace("{id}", "2"),
            // What was paid on the account last.
            (Some("path"), _) if name == "item_id" => path = path.replace("{item_id}", &item.to_string()),
            (Some("path"), _) => path = path.replace(&format!("{{{name}}}"), &sample(parameter, document)),
            (Some("query"), true) => needed.push(format!("{name}={}", sample(parameter, document))),
            (Some("query"), false) if !matches!(name, "fields" | "sort") => {
                further.push(format!("{name}={}", sample(parameter, document)))
            }
            _ => {}
        }
    }
    let base = format!("{path}?{}", needed.join("&"));
    let mut targets: Vec<String> = further.iter().map(|parameter| format!("{base}&{parameter}")).collect();
    if endpoint.name != "list_guest_duplicates" {
        targets.push(base);
    }
    targets
}

fn kept_endpoints(item: i64) -> Vec<(Endpoint, Vec<String>)> {
    let document = openapi::document(&routes::endpoints(&Memory::default()));
    let kept = routes::endpoints(&Memory::default()).into_iter().filter(|endpoint| !endpoint.tags.is_empty());
    kept.map(|endpoint| {
        let targets = targets(&endpoint, &document, item);
        (endpoint, targets)
    })
    .collect()
}

#[test]
fn kept_answers_name_every_table_they_were_read_from() {
    let hotel = TestHotel::builder().cache_bytes(0).open_furnished();
    let schema = Connection::open_in_memory().expect("memory");
    schema.execute_batch(include_str!("../schema.sql")).expect("the schema");
    // The sign-in is looked up once and known from then on.
    hotel.get("/api/auth/me").expect(200);
    // Prices ask for what is sold along only where something is.
    let extras = serde_json::json!([{"article_id": 13, "per": "night"}]);
    hotel.patch("/api/rate-plans/1", serde_json::json!({ "extras": extras })).expect(200);
    let (mut missing, mut statements) = (Vec::new(), 0);
    for (endpoint, targets) in kept_endpoints(hotel.add_account_item()) {
        let ((), texts) = traced(|| {
            for target in &targets {
                let answer = hotel.get(target);
                assert_eq!(answer.status, 200, "{target}: {}", answer.text());
            }
        });
        statements += texts.len();
        let tables: BTreeSet<String> = texts.iter().flat_map(|text| tables_read(&schema, text)).collect();
        assert!(!tables.is_empty(), "{} reads nothing", endpoint.name);
        for table in tables.iter().flat_map(|table| told_by(table)).filter(|table| !endpoint.tags.has(**table)) {
            missing.push(format!("{} reads {}", endpoint.name, table.name()));
        }
    }
    assert!(statements > 100, "only {statements} statements were seen");
    missing.dedup();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn kept_answers_depend_on_neither_the_clock_nor_the_person() {
    let hotel = TestHotel::builder().cache_bytes(0).open_furnished();
    let colleague = hotel.sign_in_new("colleague", Role::Owner);
    let asked: Vec<String> = kept_endpoints(hotel.add_account_item()).into_iter().flat_map(|(_, targets)| targets).collect();
    let before: Vec<Vec<u8>> = asked.iter().map(|target| hotel.get(target).body).collect();
    // Fifteen hours later it is another day on the wall, and still the same business date.
    hotel.advance_hours(15);
    for (target, before) in asked.iter().zip(before) {
        let after = hotel.with_token(&colleague).get(target);
        assert_eq!(String::from_utf8_lossy(&after.body), String::from_utf8_lossy(&before), "{target}");
    }
}

#[test]
fn nothing_is_tagged_with_tables_for_ever() {
    for (endpoint, _) in kept_endpoints(1) {
        assert_ne!(endpoint.tags, Tags::EVERY, "{}", endpoint.name);
        assert!(endpoint.tags.has(Table::Property), "{}", endpoint.name);
    }
}
