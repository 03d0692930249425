//! What a file is made of: its tables, indexes and triggers, beside those of a fresh one.
//! Triggers keep the hotel's rules, so a file that lacks some, or has others, keeps them no more.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::migrate::Migrations;
use super::sql::{Conn, statements};
use crate::error::{Error, Result};

statements! {
    SHAPE = "shape.all": "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        scans "all of it is compared";
}

/// Declarations by kind and name, without regard to their layout.
type Shape = BTreeMap<String, String>;

/// What a file lacks, has otherwise or has too much beside a fresh one of these migrations. The two
/// tables that Litestream keeps may be there.
///
/// # Errors
/// A file that cannot be read.
pub fn differences(conn: &Conn, migrations: &Migrations) -> Result<Vec<String>> {
    let found: Shape = conn.all(&SHAPE, [], |row| Ok((row.get(0)?, layout_aside(row.get(1)?))))?.into_iter().collect();
    let fresh = fresh(migrations).map_err(Error::internal)?;
    let missing = fresh.keys().filter(|name| !found.contains_key(*name)).map(|name| format!("{name} is missing"));
    let others = found.iter().filter_map(|(name, sql)| match fresh.get(name) {
        None if name.starts_with("table _litestream_") => None,
        None => Some(format!("{name} is none of Innkeeper's")),
        Some(own) => (own != sql).then(|| format!("{name} was changed")),
    });
    Ok(missing.chain(others).collect())
}

fn fresh(migrations: &Migrations) -> rusqlite::Result<Shape> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(migrations.schema)?;
    let mut statement = connection.prepare(&SHAPE.text)?;
    statement.query_map([], |row| Ok((row.get(0)?, layout_aside(row.get(1)?))))?.collect()
}

fn layout_aside(sql: String) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
