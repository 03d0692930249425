//! The table `job`: work that is to be done once, kept until it is done.

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::date::{Date, Instant};
use crate::error::{Error, Result};

statements! {
    ADD = "jobs.add": "INSERT INTO job (kind, day, args, not_before, user_id, username, address, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4)
        ON CONFLICT (kind, day) DO NOTHING";
    IS_ORDERED = "jobs.is_ordered": "SELECT 1 FROM job WHERE kind = ?1 AND day = ?2";
    IS_OPEN = "jobs.is_open": "SELECT 1 FROM job WHERE state IN ('waiting', 'running') AND kind = ?1";
    NEXT = "jobs.next": "SELECT id, kind, args, attempts, user_id, username, address, not_before FROM job
        WHERE state = 'waiting' AND kind IN (SELECT value FROM json_each(?1))
        ORDER BY not_before, id LIMIT 1";
    CLAIM = "jobs.claim": "UPDATE job SET state = 'running', attempts = attempts + 1 WHERE id = ?1 AND state = 'waiting'";
    FINISH = "jobs.finish": "UPDATE job SET state = 'done', args = '{}', last_error = NULL, ended_at = ?2 WHERE id = ?1";
    RETRY = "jobs.retry": "UPDATE job SET state = 'waiting', last_error = ?2, not_before = ?3 WHERE id = ?1";
    FAIL = "jobs.fail": "UPDATE job SET state = 'failed', last_error = ?2, ended_at = ?3 WHERE id = ?1";
    RESUME = "jobs.resume": "UPDATE job SET state = iif(attempts < ?3, 'waiting', 'failed'), ended_at = iif(attempts < ?3, NULL, ?2),
            last_error = 'Innkeeper ended meanwhile.'
        WHERE state = 'running' AND kind IN (SELECT value FROM json_each(?1))";
    GIVE_UP_OPEN = "jobs.give_up_open": "UPDATE job
        SET state = 'failed', last_error = 'It was open in a copy that was put back.', ended_at = ?1
        WHERE state IN ('waiting', 'running')";
    HAS_OLD = "jobs.has_old": "SELECT 1 FROM job WHERE state IN ('done', 'failed') AND ended_at < ?1 LIMIT 1";
    FORGET_OLD = "jobs.forget_old": "DELETE FROM job WHERE state IN ('done', 'failed') AND ended_at < ?1";
}

/// How long it can be looked up how it went.
const KEPT_DAYS: i64 = 30;

/// The pause after the first failure, doubled after each further one, up to the longest.
const FIRST_PAUSE_SECONDS: i64 = 30;
const LONGEST_PAUSE_SECONDS: i64 = 3600;

/// What was begun so often and never came to an end may be what ends the program.
const MOST_BEGINNINGS: u32 = 20;

/// What was ordered, and by whom.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: i64,
    pub kind: String,
    args: String,
    /// With the present one.
    pub attempts: u32,
    pub actor: Actor,
    pub not_before: Instant,
}

impl Order {
    /// # Errors
    /// What was ordered by a program that meant another thing by it.
    pub fn args<A: DeserializeOwned>(&self) -> Result<A> {
        serde_json::from_str(&self.args).map_err(|error| Error::internal(format!("the order of {}: {error}", self.kind)))
    }
}

fn from_row(row: &Row) -> rusqlite::Result<Order> {
    let (user_id, username, address): (_, String, String) = (row.get(4)?, row.get(5)?, row.get(6)?);
    Ok(Order {
        id: row.get(0)?,
        kind: row.get(1)?,
        args: row.get(2)?,
        attempts: row.get(3)?,
        actor: Actor { user_id, username, ..Actor::stranger(&address) },
        not_before: row.get(7)?,
    })
}

/// Has work done once, after the present transaction; whoever acts in it has ordered it.
///
/// # Errors
/// When the database refuses.
pub fn order(tx: &Tx, kind: &str, args: &impl Serialize) -> Result<()> {
    add(tx, kind, None, &serde_json::to_string(args).map_err(Error::internal)?)
}

/// The same, once for a day.
pub(super) fn order_for_day(tx: &Tx, kind: &str, day: Date) -> Result<()> {
    add(tx, kind, Some(day), "{}")
}

fn add(tx: &Tx, kind: &str, day: Option<Date>, args: &str) -> Result<()> {
    let actor = tx.actor();
    tx.run(&ADD, (kind, day, args, tx.now(), actor.user_id, &actor.username, &actor.address))?;
    Ok(())
}

pub(super) fn is_ordered(conn: &Conn, kind: &str, day: Date) -> Result<bool> {
    conn.exists(&IS_ORDERED, (kind, day))
}

/// Whether such work waits or is being done.
///
/// # Errors
/// When the database refuses.
pub fn is_open(conn: &Conn, kind: &str) -> Result<bool> {
    conn.exists(&IS_OPEN, [kind])
}

/// The order among these kinds (a JSON list) whose time comes first; it may be to come.
pub(super) fn next(conn: &Conn, kinds: &str) -> Result<Option<Order>> {
    conn.one(&NEXT, [kinds], from_row)
}

/// Takes an order; `false` = it is not there to be taken any more.
pub(super) fn claim(tx: &Tx, id: i64) -> Result<bool> {
    Ok(tx.run(&CLAIM, [id])? == 1)
}

pub(super) fn finish(tx: &Tx, id: i64) -> Result<()> {
    tx.run(&FINISH, (id, tx.now()))?;
    Ok(())
}

/// Notes a failure: it is tried again after a while, or has failed for good.
pub(super) fn note_failure(tx: &Tx, order: &Order, most: u32, error: &str) -> Result<()> {
    if order.attempts >= most {
        tx.run(&FAIL, (order.id, error, tx.now()))?;
        return Ok(());
    }
    let doublings = order.attempts.saturating_sub(1).min(16);
    let pause = (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS);
    tx.run(&RETRY, (order.id, error, tx.now().plus_seconds(pause)))?;
    Ok(())
}

/// What was being done when the program ended is to be done again.
pub(super) fn resume(tx: &Tx, kinds: &str) -> Result<usize> {
    tx.run(&RESUME, (kinds, tx.now(), MOST_BEGINNINGS))
}

/// Of a copy that is put back: nobody knows what has been done of it since.
///
/// # Errors
/// When the database refuses.
pub fn give_up_open(tx: &Tx) -> Result<()> {
    tx.run(&GIVE_UP_OPEN, [tx.now()])?;
    Ok(())
}

/// Whether there is what ended long ago.
pub(super) fn has_old(conn: &Conn) -> Result<bool> {
    conn.exists(&HAS_OLD, [conn.now().plus_hours(-24 * KEPT_DAYS)])
}

pub(super) fn forget_old(tx: &Tx) -> Result<()> {
    tx.run(&FORGET_OLD, [tx.now().plus_hours(-24 * KEPT_DAYS)])?;
    Ok(())
}
