//! Statements of the back-up plan and of erasures.

use std::collections::BTreeSet;

use super::erasures::Erasure;
use super::seal::Key;
use super::{Keep, Plan};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Instant;
use crate::error::Result;

statements! {
    FIND_PLAN = "backups.find_plan": "SELECT is_on, at_time, folder, second_folder, keep_daily, keep_weekly, keep_monthly, since, last_made_at, version,
            public_key, sealed_key, second_missed_at, mark
        FROM backup_plan WHERE id = 1";
    BEGIN = "backups.begin": "INSERT INTO backup_plan (id, since) VALUES (1, ?1) ON CONFLICT (id) DO NOTHING";
    UPDATE_PLAN = "backups.update_plan": "UPDATE backup_plan SET is_on = ?1, at_time = ?2, folder = ?3, second_folder = ?4, keep_daily = ?5,
            keep_weekly = ?6, keep_monthly = ?7, version = version + 1
        WHERE id = 1";
    UPDATE_KEY = "backups.update_key": "UPDATE backup_plan SET public_key = ?1, sealed_key = ?2, version = version + 1 WHERE id = 1";
    NOTE_MADE = "backups.note_made": "UPDATE backup_plan SET last_made_at = ?1 WHERE id = 1";
    NOTE_SINCE = "backups.note_since": "UPDATE backup_plan SET since = ?1 WHERE id = 1";
    NOTE_SECOND = "backups.note_second": "UPDATE backup_plan SET second_missed_at = ?1 WHERE id = 1";
    ERASURES = "backups.erasures": "SELECT guest_id, guest_created_at, erased_at FROM erasure", scans "all of them are wanted";
    NOTE_ERASURE = "backups.note_erasure": "INSERT INTO erasure (guest_id, guest_created_at, erased_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (guest_id, guest_created_at) DO NOTHING";
}

pub fn find_plan(conn: &Conn) -> Result<Option<Plan>> {
    conn.one(&FIND_PLAN, [], |row| {
        Ok(Plan {
            is_on: row.get(0)?,
            at_time: row.get(1)?,
            folder: row.get(2)?,
            second_folder: row.get(3)?,
            keep: Keep { daily: row.get(4)?, weekly: row.get(5)?, monthly: row.get(6)? },
            since: row.get(7)?,
            last_made_at: row.get(8)?,
            version: row.get(9)?,
            second_missed_at: row.get(12)?,
            mark: row.get(13)?,
            key: Some(Key { public: row.get(10)?, sealed: row.get(11)? }).filter(|key| !key.public.is_empty()),
        })
    })
}

pub fn begin(tx: &Tx) -> Result<()> {
    tx.run(&BEGIN, [tx.now()])?;
    Ok(())
}

pub fn update_plan(tx: &Tx, p: &Plan) -> Result<()> {
    let keep = p.keep;
    tx.run(&UPDATE_PLAN, (p.is_on, &p.at_time, &p.folder, &p.second_folder, keep.daily, keep.weekly, keep.monthly))?;
    Ok(())
}

/// From now on copies are locked with this key, or with none.
pub fn update_key(tx: &Tx, key: Option<&Key>) -> Result<()> {
    let (public, sealed) = key.map_or(("", &[][..]), |key| (&key.public, &key.sealed));
    tx.run(&UPDATE_KEY, (public, sealed))?;
    Ok(())
}

/// When the newest copy was made; `None` = there is none.
pub fn note_made(tx: &Tx, made_at: Option<Instant>) -> Result<()> {
    tx.run(&NOTE_MADE, [made_at])?;
    Ok(())
}

/// From when on the age of no copy counts.
pub fn note_since(tx: &Tx, since: Instant) -> Result<()> {
    tx.run(&NOTE_SINCE, [since])?;
    Ok(())
}

/// Since when copies do not reach the second folder; `None` = they do.
pub fn note_second(tx: &Tx, missed_at: Option<Instant>) -> Result<()> {
    tx.run(&NOTE_SECOND, [missed_at])?;
    Ok(())
}

pub fn erasures(conn: &Conn) -> Result<BTreeSet<Erasure>> {
    let mut found = BTreeSet::new();
    conn.each(&ERASURES, [], |row| {
        found.insert(Erasure { guest_id: row.get(0)?, guest_created_at: row.get(1)?, erased_at: row.get(2)? });
        Ok(())
    })?;
    Ok(found)
}

pub fn note_erasure(tx: &Tx, erasure: &Erasure) -> Result<()> {
    tx.run(&NOTE_ERASURE, (erasure.guest_id, erasure.guest_created_at, erasure.erased_at))?;
    Ok(())
}
