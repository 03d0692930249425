//! The search indexes learn before each commit what the transaction changed.
//!
//! Triggers leave the changes in `search_change`; here they are handed on in their
//! order, once for all operations that are committed together.

use rusqlite::Connection;

use super::sql::statements;
use crate::error::Result;

statements! {
    IS_BEHIND = "search.is_behind": "SELECT 1 FROM search_change LIMIT 1", scans "one row is enough";
    LEARN_GUESTS = "search.learn_guests": "INSERT INTO guest_fts (guest_fts, rowid, full_name, email, phone_digits)
        SELECT command, row_id, full_name, email, phone_digits FROM search_change WHERE search = 'guest' ORDER BY id",
        scans "what one transaction changed";
    LEARN_OPEN_STAYS = "search.learn_open_stays": "INSERT INTO open_stay_fts (open_stay_fts, rowid, full_name, email, phone_digits)
        SELECT command, row_id, full_name, email, phone_digits FROM search_change WHERE search = 'open_stay' ORDER BY id",
        scans "what one transaction changed";
    FORGET = "search.forget": "DELETE FROM search_change WHERE id > 0";
}

/// Hands on what has gathered. Part of the transaction that is open.
pub(super) fn learn(connection: &Connection) -> Result<()> {
    if connection.prepare_cached(&IS_BEHIND.text)?.exists([])? {
        for sql in [LEARN_GUESTS, LEARN_OPEN_STAYS, FORGET] {
            connection.prepare_cached(&sql.text)?.execute([])?;
        }
    }
    Ok(())
}
