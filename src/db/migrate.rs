//! Brings a file of any earlier version to the latest schema.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::OpenError;
use super::open::APPLICATION_ID;

const SCHEMA: &str = include_str!("../../schema.sql");

/// The steps from version 1 on: entry `n` brings version `n + 1` to `n + 2`.
/// Each is a file of this folder's `migrations`, and never changes once released.
const STEPS: &[&str] = &[];

/// The version that `schema.sql` describes.
pub const LATEST: i64 = 1 + STEPS.len() as i64;

/// Creates the schema in an empty file, or runs the missing steps, in one transaction.
pub fn to_latest(path: &Path, connection: &mut Connection) -> Result<(), OpenError> {
    run(connection, SCHEMA, STEPS).map_err(|e| OpenError::Migration { path: path.to_owned(), what: e.to_string() })
}

fn run(connection: &mut Connection, schema: &str, steps: &[&str]) -> rusqlite::Result<()> {
    let version = |c: &Connection| c.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    let latest = 1 + i64::try_from(steps.len()).unwrap_or(0);
    if version(connection)? == latest {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    match version(&tx)? {
        0 => tx.execute_batch(schema)?,
        found => {
            for step in steps.iter().skip(usize::try_from(found - 1).unwrap_or(0)) {
                tx.execute_batch(step)?;
            }
        }
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", latest)?;
    tx.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
            .expect("schema");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("texts")
    }

    #[test]
    fn an_older_file_becomes_what_a_fresh_one_is() {
        let steps =
            ["CREATE TABLE b (y) STRICT;", "CREATE INDEX b_y ON b (y);"].map(|s| s.replace("(y) STRICT", "(y TEXT) STRICT"));
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let fresh_schema = "CREATE TABLE a (x TEXT) STRICT;\nCREATE TABLE b (y TEXT) STRICT;\nCREATE INDEX b_y ON b (y);";
        let mut fresh = Connection::open_in_memory().expect("memory");
        run(&mut fresh, fresh_schema, &steps).expect("fresh");
        let mut old = Connection::open_in_memory().expect("memory");
        run(&mut old, "CREATE TABLE a (x TEXT) STRICT;", &[]).expect("version 1");
        run(&mut old, fresh_schema, &steps).expect("migrated");
        assert_eq!(shape(&old), shape(&fresh));
    }

    #[test]
    fn a_failing_step_changes_nothing() {
        let mut old = Connection::open_in_memory().expect("memory");
        run(&mut old, "CREATE TABLE a (x TEXT) STRICT;", &[]).expect("version 1");
        assert!(run(&mut old, "", &["CREATE TABLE c (z TEXT) STRICT;", "NONSENSE"]).is_err());
        assert_eq!(shape(&old).len(), 1);
        assert_eq!(old.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0)), Ok(1));
    }
}
