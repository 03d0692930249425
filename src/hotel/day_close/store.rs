//! Statements of closes, their steps and decisions.

use rusqlite::types::ToSql;

use super::{Choice, DayClose, Decision, Done, Step, Sums};
use crate::db::sql::statements;
use crate::db::{Conn, Sql, Tx};
use crate::domain::date::Date;
use crate::domain::id::{DayCloseId, DecisionId, ReservationId, RoomId, ShiftId};
use crate::domain::money::Money;
use crate::error::{Error, Result};

macro_rules! in_house {
    ($columns:literal, $condition:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM reservation AS r INDEXED BY reservation_in_house
            WHERE r.status = 'checked_in'",
            $condition,
            "
            ORDER BY r.id
            LIMIT 4000"
        )
    };
}

statements! {
    FIND = "day_close.find" selects DayClose "FROM day_close WHERE business_date = ?1";
    LAST = "day_close.last" selects DayClose "FROM day_close WHERE closed_at IS NOT NULL ORDER BY business_date DESC LIMIT 1", scans "from the newest back to the first that is closed";
    BEGIN = "day_close.begin": "INSERT INTO day_close (business_date, is_unattended, reason, started_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (business_date) DO UPDATE SET is_unattended = excluded.is_unattended, reason = excluded.reason,
            started_at = excluded.started_at";
    CLOSE = "day_close.close": "UPDATE day_close SET closed_at = ?2, closed_by = ?3, seen_at = NULL WHERE id = ?1";
    REOPEN = "day_close.reopen": "UPDATE day_close SET closed_at = NULL, closed_by = NULL WHERE id = ?1";
    // Days that closed by themselves and of which nobody has read what was decided.
    UNREAD = "day_close.unread" selects DayClose "FROM day_close
        WHERE is_unattended = 1 AND closed_at IS NOT NULL AND seen_at IS NULL ORDER BY business_date DESC LIMIT 31", scans "a row a day, from the newest back";
    SEE = "day_close.see": "UPDATE day_close SET seen_at = ?2 WHERE id = ?1";
    STEPS = "day_close.steps" selects Done "FROM day_close_step WHERE day_close_id = ?1 ORDER BY id";
    NOTE = "day_close.note": "INSERT INTO day_close_step (day_close_id, step, at, by, sums) VALUES (?1, ?2, ?3, ?4, ?5)";
    FORGET_STEPS = "day_close.forget_steps": "DELETE FROM day_close_step WHERE day_close_id = ?1";
    DECISIONS = "day_close.decisions" selects Decision "FROM day_close_decision WHERE business_date = ?1 ORDER BY id LIMIT 4000";
    DECISION = "day_close.decision" selects Decision "FROM day_close_decision WHERE id = ?1";
    OF_STAY = "day_close.of_stay" selects Decision "FROM day_close_decision WHERE business_date = ?1 AND reservation_id = ?2";
    OF_SHIFT = "day_close.of_shift" selects Decision "FROM day_close_decision WHERE business_date = ?1 AND shift_id = ?2";
    DECIDE = "day_close.decide": "INSERT INTO day_close_decision (business_date, reservation_id, shift_id, choice, is_default, made_at, made_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    CHOOSE = "day_close.choose": "UPDATE day_close_decision SET choice = ?2, is_default = ?3, made_at = ?4, made_by = ?5, done_at = NULL, undone_at = NULL,
            amount = 0
        WHERE id = ?1";
    DO = "day_close.do": "UPDATE day_close_decision SET done_at = ?2, amount = ?3 WHERE id = ?1";
    UNDO = "day_close.undo": "UPDATE day_close_decision SET undone_at = ?2 WHERE id = ?1";
    DROP = "day_close.drop": "DELETE FROM day_close_decision WHERE id = ?1";
    IN_HOUSE = "day_close.in_house" is in_house!("r.id", ""), scans "stays in house are no more than the hotel's rooms";
    // Who stays on and has a night that is over, or will be, not on the bill yet.
    TO_POST = "day_close.to_post" is in_house!("r.id", " AND r.check_out_date > ?1 AND EXISTS (
                SELECT 1 FROM reservation_night AS n
                WHERE n.reservation_id = r.id AND n.night <= ?1 AND n.is_held = 1 AND n.is_posted = 0)"),
        scans "stays in house are no more than the hotel's rooms";
    STAYING_ON = "day_close.staying_on" is in_house!("r.id", " AND r.check_out_date <= ?1"),
        scans "stays in house are no more than the hotel's rooms";
    SLEPT_IN = "day_close.slept_in": "SELECT room_id FROM reservation INDEXED BY reservation_in_house
        WHERE status = 'checked_in' AND room_id IN (SELECT id FROM room WHERE housekeeping <> 'dirty' OR reported_occupancy IS NOT NULL)
        ORDER BY room_id", scans "stays in house are no more than the hotel's rooms";
}

pub fn find(conn: &Conn, date: Date) -> Result<Option<DayClose>> {
    conn.one(&FIND, [date], DayClose::from_row)
}

/// The newest close that came to its end.
pub fn last(conn: &Conn) -> Result<Option<DayClose>> {
    conn.one(&LAST, [], DayClose::from_row)
}

pub fn begin(tx: &Tx, date: Date, is_unattended: bool, reason: &str) -> Result<DayClose> {
    tx.run(&BEGIN, (date, is_unattended, reason, tx.now()))?;
    find(tx, date)?.ok_or_else(|| Error::internal("a close that has begun is there"))
}

pub fn close(tx: &Tx, id: DayCloseId) -> Result<()> {
    tx.run(&CLOSE, (id, tx.now(), &tx.actor().username)).map(|_| ())
}

pub fn reopen(tx: &Tx, id: DayCloseId) -> Result<()> {
    tx.run(&FORGET_STEPS, [id])?;
    tx.run(&REOPEN, [id]).map(|_| ())
}

/// The days that closed by themselves and that nobody has read of, the first of them first.
pub fn unread(conn: &Conn) -> Result<Vec<DayClose>> {
    let mut found = conn.all(&UNREAD, [], DayClose::from_row)?;
    found.reverse();
    Ok(found)
}

pub fn see(tx: &Tx, id: DayCloseId) -> Result<()> {
    tx.run(&SEE, (id, tx.now())).map(|_| ())
}

pub fn steps(conn: &Conn, id: DayCloseId) -> Result<Vec<Done>> {
    conn.all(&STEPS, [id], Done::from_row)
}

pub fn note(tx: &Tx, id: DayCloseId, step: Step, sums: &Sums) -> Result<()> {
    let sums = serde_json::to_string(sums).map_err(Error::internal)?;
    tx.run(&NOTE, (id, step, tx.now(), &tx.actor().username, sums)).map(|_| ())
}

pub fn decisions(conn: &Conn, date: Date) -> Result<Vec<Decision>> {
    conn.all(&DECISIONS, [date], Decision::from_row)
}

pub fn decision(conn: &Conn, id: DecisionId) -> Result<Option<Decision>> {
    conn.one(&DECISION, [id], Decision::from_row)
}

/// What a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Stay(ReservationId),
    Shift(ShiftId),
}

pub fn decision_about(conn: &Conn, date: Date, about: About) -> Result<Option<Decision>> {
    let (sql, id): (&Sql, i64) = match about {
        About::Stay(id) => (&OF_STAY, id.0),
        About::Shift(id) => (&OF_SHIFT, id.0),
    };
    conn.one(sql, (date, id), Decision::from_row)
}

/// Decides, or decides otherwise.
pub fn decide(tx: &Tx, date: Date, about: About, choice: Choice, is_default: bool) -> Result<DecisionId> {
    if let Some(before) = decision_about(tx, date, about)? {
        tx.run(&CHOOSE, (before.id, choice, is_default, tx.now(), &tx.actor().username))?;
        return Ok(before.id);
    }
    let (stay, shift) = match about {
        About::Stay(id) => (Some(id), None),
        About::Shift(id) => (None, Some(id)),
    };
    let values: [&dyn ToSql; 7] = [&date, &stay, &shift, &choice, &is_default, &tx.now(), &tx.actor().username];
    Ok(DecisionId(tx.insert(&DECIDE, values)?))
}

pub fn note_done(tx: &Tx, id: DecisionId, amount: Money) -> Result<()> {
    tx.run(&DO, (id, tx.now(), amount)).map(|_| ())
}

pub fn note_undone(tx: &Tx, id: DecisionId) -> Result<()> {
    tx.run(&UNDO, (id, tx.now())).map(|_| ())
}

pub fn drop_decision(tx: &Tx, id: DecisionId) -> Result<()> {
    tx.run(&DROP, [id]).map(|_| ())
}

pub fn in_house(conn: &Conn) -> Result<Vec<ReservationId>> {
    conn.all(&IN_HOUSE, [], |row| row.get(0))
}

pub fn to_post(conn: &Conn, date: Date) -> Result<Vec<ReservationId>> {
    conn.all(&TO_POST, [date], |row| row.get(0))
}

/// Who was to leave by the date and is still there.
pub fn staying_on(conn: &Conn, date: Date) -> Result<Vec<ReservationId>> {
    conn.all(&STAYING_ON, [date], |row| row.get(0))
}

/// Rooms with somebody in them that are not told to be dirty.
pub fn slept_in(conn: &Conn) -> Result<Vec<RoomId>> {
    conn.all(&SLEPT_IN, [], |row| row.get(0))
}
