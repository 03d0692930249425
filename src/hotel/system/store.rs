//! Statements of the alerts' thresholds.

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::watch::{AlertCode, Thresholds};

statements! {
    ALL = "system.thresholds": "SELECT code, threshold FROM alert_threshold LIMIT 100", scans "a row an alert at most";
    SET = "system.set_threshold": "INSERT INTO alert_threshold (code, threshold) VALUES (?1, ?2)
        ON CONFLICT (code) DO UPDATE SET threshold = excluded.threshold";
}

/// The thresholds: those that were set, and the defaults.
pub fn thresholds(conn: &Conn) -> Result<Thresholds> {
    let mut thresholds = Thresholds::default();
    conn.each(&ALL, [], |row| {
        thresholds.set(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok(thresholds)
}

pub fn set_threshold(tx: &Tx, code: AlertCode, threshold: u32) -> Result<()> {
    tx.run(&SET, (code, threshold))?;
    Ok(())
}
