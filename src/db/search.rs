//! The search indexes learn before each commit what the transaction changed.
//!
//! Triggers leave the changes in `search_change`; here they are handed on in their order, once for
//! all operations that are committed together, as search texts.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::Tx;
use super::sql::statements;
use crate::domain::search_text::search_text;
use crate::error::Result;

statements! {
    IS_BEHIND = "search.is_behind": "SELECT 1 FROM search_change LIMIT 1", scans "one row is enough";
    CHANGES = "search.changes": "SELECT search, command, row_id, full_name, email, phone_digits, notes FROM search_change ORDER BY id",
        scans "what one transaction changed";
    LEARN_GUEST = "search.learn_guest": "INSERT INTO guest_fts (guest_fts, rowid, full_name, email, phone_digits, notes)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    LEARN_OPEN_STAY = "search.learn_open_stay": "INSERT INTO open_stay_fts (open_stay_fts, rowid, full_name, email, phone_digits)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    LEARN_STAY_NOTE = "search.learn_stay_note": "INSERT INTO stay_note_fts (stay_note_fts, rowid, notes) VALUES (?1, ?2, ?3)";
    LEARN_WORD = "search.learn_word": "INSERT INTO search_word (word) VALUES (?1) ON CONFLICT (word) DO NOTHING";
    IS_IN_USE = "search.is_in_use": "SELECT EXISTS (SELECT 1 FROM guest_fts WHERE guest_fts MATCH '{full_name notes} : ' || ?1)
            OR EXISTS (SELECT 1 FROM stay_note_fts WHERE stay_note_fts MATCH ?1)",
        scans "the full-text indexes, up to the first row";
    FORGET_WORD = "search.forget_word": "DELETE FROM search_word WHERE word = ?1 RETURNING id";
    LEARN_PARTS = "search.learn_parts": "INSERT INTO search_word_fts (search_word_fts, rowid, word) VALUES (?1, ?2, ?3)";
    SETTLE_GUESTS = "search.settle_guests": "INSERT INTO guest_fts (guest_fts) VALUES ('optimize')";
    SETTLE_OPEN_STAYS = "search.settle_open_stays": "INSERT INTO open_stay_fts (open_stay_fts) VALUES ('optimize')";
    SETTLE_STAY_NOTES = "search.settle_stay_notes": "INSERT INTO stay_note_fts (stay_note_fts) VALUES ('optimize')";
    SETTLE_WORDS = "search.settle_words": "INSERT INTO search_word_fts (search_word_fts) VALUES ('optimize')";
    FORGET = "search.forget": "DELETE FROM search_change WHERE id > 0";
}

/// A word of fewer letters has no part that the index of parts could find.
const LEAST_LETTERS: usize = 4;

/// Joins the many pieces that a bulk load leaves of the indexes: a search asks each. Three seconds for
/// 800,000 guests, and a third less time for each search from then on.
pub(super) fn settle(tx: &Tx) -> Result<()> {
    for sql in [&SETTLE_GUESTS, &SETTLE_OPEN_STAYS, &SETTLE_STAY_NOTES, &SETTLE_WORDS] {
        tx.run(sql, [])?;
    }
    Ok(())
}

/// Hands on what has gathered. Part of the transaction that is open.
pub(super) fn learn(connection: &Connection) -> Result<()> {
    if !connection.prepare_cached(&IS_BEHIND.text)?.exists([])? {
        return Ok(());
    }
    let words = learn_changes(connection)?;
    connection.prepare_cached(&FORGET.text)?.execute([])?;
    let mut learn = connection.prepare_cached(&LEARN_WORD.text)?;
    // Statements of their own, and no triggers: the index would write itself out for each word.
    let mut learn_parts = connection.prepare_cached(&LEARN_PARTS.text)?;
    for word in &words.come {
        if learn.execute([word])? == 1 {
            learn_parts.execute((None::<&str>, connection.last_insert_rowid(), word))?;
        }
    }
    for word in words.gone.difference(&words.come) {
        if !connection.prepare_cached(&IS_IN_USE.text)?.query_row([format!("\"{word}\"")], |row| row.get(0))? {
            let id: Option<i64> = connection.prepare_cached(&FORGET_WORD.text)?.query_row([word], |row| row.get(0)).optional()?;
            if let Some(id) = id {
                learn_parts.execute((Some("delete"), id, word))?;
            }
        }
    }
    Ok(())
}

/// Words of names and notes that changes brought and took.
#[derive(Default)]
struct Words {
    come: BTreeSet<String>,
    gone: BTreeSet<String>,
}

impl Words {
    fn gather(&mut self, is_gone: bool, text: &str) {
        let words = if is_gone { &mut self.gone } else { &mut self.come };
        for word in text.split(' ').filter(|word| word.chars().nth(LEAST_LETTERS - 1).is_some()) {
            if !words.contains(word) {
                words.insert(word.to_owned());
            }
        }
    }
}

fn learn_changes(connection: &Connection) -> Result<Words> {
    let mut words = Words::default();
    let mut changes = connection.prepare_cached(&CHANGES.text)?;
    let mut rows = changes.query([])?;
    while let Some(row) = rows.next()? {
        let search: String = row.get(0)?;
        let (command, id): (Option<String>, i64) = (row.get(1)?, row.get(2)?);
        let texts: [String; 4] = [row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
        let [name, email, phone, notes] = texts.map(|text| search_text(&text));
        match search.as_str() {
            "guest" => {
                let values = params![command, id, name, email, phone, notes];
                connection.prepare_cached(&LEARN_GUEST.text)?.execute(values)?;
            }
            "open_stay" => {
                connection.prepare_cached(&LEARN_OPEN_STAY.text)?.execute(params![command, id, name, email, phone])?;
                continue;
            }
            _ => {
                connection.prepare_cached(&LEARN_STAY_NOTE.text)?.execute(params![command, id, notes])?;
            }
        }
        for text in [&name, &notes] {
            words.gather(command.is_some(), text);
        }
    }
    Ok(words)
}
