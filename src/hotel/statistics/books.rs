//! What was on the books for the nights to come when a day was closed.
//!
//! Only what differs from the close before is written: as of a day the last row up to it holds.

use std::collections::BTreeMap;

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::money::Money;
use crate::error::Result;

statements! {
    FORGET = "statistics.forget_books": "DELETE FROM on_the_books WHERE as_of = ?1";
    FORGET_NIGHT = "statistics.forget_books_of_night": "DELETE FROM on_the_books WHERE night = ?1 AND as_of = ?1";
    INSERT = "statistics.insert_books": "INSERT INTO on_the_books (night, room_type_id, rate_plan_id, source, as_of, rooms, room_revenue)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    NOW = "statistics.books_now": "SELECT n.night, n.room_type_id, r.rate_plan_id, r.source, count(*), sum(n.rate)
        FROM reservation_night AS n INDEXED BY reservation_night_sold CROSS JOIN reservation AS r ON r.id = n.reservation_id
        WHERE n.is_held = 1 AND n.night >= ?1 AND n.night <= ?2 AND n.kind = 'night'
        GROUP BY n.night, n.room_type_id, r.rate_plan_id, r.source";
    // Beside max() SQLite takes the other columns from the row that has it.
    AS_OF = "statistics.books_as_of": "SELECT night, room_type_id, rate_plan_id, source, rooms, room_revenue, max(as_of)
        FROM on_the_books
        WHERE night >= ?1 AND night <= ?2 AND as_of <= ?3
        GROUP BY night, room_type_id, rate_plan_id, source";
    FIRST = "statistics.first_books": "SELECT min(as_of) FROM on_the_books";
}

/// What is sold for a night of a type, under a plan, from a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub night: Date,
    pub room_type_id: RoomTypeId,
    pub rate_plan_id: RatePlanId,
    pub source: String,
}

/// Rooms and their prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Sold {
    pub rooms: i64,
    pub room_revenue: Money,
}

/// What is sold for nights, each key once.
pub type Books = Vec<(Key, Sold)>;

/// The end of every calendar that the program knows.
const LAST: &str = "9999-12-31";

/// Writes down what changed since the close before, of the night of the day itself and all after it.
pub fn record(tx: &Tx, date: Date) -> Result<()> {
    tx.run(&FORGET, [date])?;
    write_changes(tx, (date, LAST), date)
}

/// Puts right how a night stood at its own close.
pub(super) fn settle(tx: &Tx, night: Date) -> Result<()> {
    tx.run(&FORGET_NIGHT, [night])?;
    write_changes(tx, (night, &night.to_string()), night)
}

fn write_changes(tx: &Tx, (from, to): (Date, &str), as_of: Date) -> Result<()> {
    let mut before: BTreeMap<Key, Sold> = read(tx, &AS_OF, (from, to, as_of))?.into_iter().collect();
    for (key, sold) in read(tx, &NOW, (from, to))? {
        if before.remove(&key) != Some(sold) {
            insert(tx, &key, sold, as_of)?;
        }
    }
    for (key, sold) in before {
        if sold != Sold::default() {
            insert(tx, &key, Sold::default(), as_of)?;
        }
    }
    Ok(())
}

fn insert(tx: &Tx, key: &Key, sold: Sold, as_of: Date) -> Result<()> {
    let values = (key.night, key.room_type_id, key.rate_plan_id, &key.source, as_of, sold.rooms, sold.room_revenue);
    tx.run(&INSERT, values).map(|_| ())
}

/// What is on the books for these nights now.
pub fn now(conn: &Conn, from: Date, to: Date) -> Result<Books> {
    read(conn, &NOW, (from, to))
}

/// What was on the books for these nights when that day was closed, and the first day that was; `None` when no close reaches back so far.
pub fn as_of(conn: &Conn, from: Date, to: Date, date: Date) -> Result<Option<(Date, Books)>> {
    match conn.scalar::<Option<Date>>(&FIRST, [])?.filter(|first| *first <= date) {
        Some(first) => Ok(Some((first, read(conn, &AS_OF, (from, to, date))?))),
        None => Ok(None),
    }
}

fn read(conn: &Conn, sql: &crate::db::Sql, params: impl rusqlite::Params) -> Result<Books> {
    conn.all(sql, params, |row| {
        let key = Key { night: row.get(0)?, room_type_id: row.get(1)?, rate_plan_id: row.get(2)?, source: row.get(3)? };
        Ok((key, Sold { rooms: row.get(4)?, room_revenue: row.get(5)? }))
    })
}
