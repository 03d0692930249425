//! Every statement of the program against the schema of a fresh file: it must be
//! valid, and must not walk through a table unless it says why.

use std::collections::HashSet;

use innkeeper::db::Sql;
use innkeeper::routes;
use rusqlite::Connection;

fn fresh() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    connection.execute_batch(include_str!("../schema.sql")).expect("the schema");
    connection
}

fn statements() -> Vec<Sql> {
    routes::statements()
}

fn plan(connection: &Connection, sql: &Sql) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text))
        .unwrap_or_else(|error| panic!("{} is not valid: {error}", sql.name));
    let mut rows = statement.raw_query();
    let mut details = Vec::new();
    while let Some(row) = rows.next().expect("a row of the plan") {
        details.push(row.get(3).expect("a detail"));
    }
    details
}

/// The tables that a plan walks through, row by row or along a whole index.
fn scanned<'a>(sql: &Sql, plan: &'a [String]) -> Vec<&'a str> {
    // What a subquery or a CTE made is as short as its own plan makes it.
    let made: HashSet<&str> =
        plan.iter().filter_map(|line| line.strip_prefix("CO-ROUTINE ").or_else(|| line.strip_prefix("MATERIALIZE "))).collect();
    plan.iter()
        .filter_map(|line| line.strip_prefix("SCAN "))
        .filter(|what| !what.contains("VIRTUAL TABLE") && !what.starts_with("CONSTANT ROW") && !what.starts_with('('))
        .filter(|what| !made.contains(what.split(' ').next().unwrap_or("")))
        // A new parent row looks for its children only while a foreign key is violated.
        .filter(|what| !sql.text.starts_with("INSERT") || sql.text.contains(what))
        .collect()
}

#[test]
fn statements_find_their_rows_by_an_index_or_say_why_not() {
    let connection = fresh();
    let mut walking = Vec::new();
    for sql in statements() {
        let plan = plan(&connection, &sql);
        if sql.scans.is_none() && !sql.text.starts_with("PRAGMA") && !scanned(&sql, &plan).is_empty() {
            walking.push(format!("{}: {}", sql.name, scanned(&sql, &plan).join(", ")));
        }
    }
    assert!(walking.is_empty(), "{walking:#?}");
}

#[test]
fn statements_have_names_of_their_own() {
    let statements = statements();
    let names: HashSet<&str> = statements.iter().map(|sql| sql.name).collect();
    assert_eq!(names.len(), statements.len());
}

#[test]
fn nothing_is_deleted_without_a_condition() {
    // SQLite empties a table at once then, and the cache is not told of it.
    for sql in statements() {
        let words: Vec<&str> = sql.text.split_whitespace().collect();
        assert!(words.first() != Some(&"DELETE") || words.contains(&"WHERE"), "{}", sql.name);
    }
}

#[test]
fn every_foreign_key_has_an_index_for_the_way_back_or_a_parent_that_stays() {
    // Deleting a parent looks for its children: without an index, through the whole table.
    let stays = [
        "user",
        "device",
        "reservation",
        "policy",
        "posting",
        "folio",
        "article",
        "company",
        "booking_group",
        "rate_plan",
        "room_block",
        "account_item",
        "picture",
    ];
    let connection = fresh();
    let mut statement = connection
        .prepare(
            "SELECT t.name, k.\"from\", k.\"table\" FROM pragma_table_list AS t, pragma_foreign_key_list(t.name) AS k
             WHERE t.schema = 'main' AND t.type = 'table'",
        )
        .expect("valid");
    let keys = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
    let mut walking = Vec::new();
    for key in keys {
        let (table, column, parent): (String, String, String) = key.expect("a row");
        let by_column = format!("EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = ?1");
        let detail: String = connection.query_row(&by_column, ["1"], |row| row.get(3)).expect("a plan");
        if detail.starts_with("SCAN") && !stays.contains(&parent.as_str()) {
            walking.push(format!("{table}.{column} to {parent}"));
        }
    }
    // Known, and short: rooms and types have few of these, or deleting them is rare.
    let known = [
        "daily_rate.room_type_id to room_type",
        "reservation_night.room_type_id to room_type",
        "reservation_night.room_id to room",
        "room_night.room_id to room",
        "room_day.room_id to room",
    ];
    walking.retain(|key| !known.contains(&key.as_str()));
    assert!(walking.is_empty(), "{walking:#?}");
}
