//! Days that are over and were not written down as they ended: what a hotel brought with it from before, and what a check found wrong.
//!
//! What was on the books for later nights cannot be told afterwards, so only the night of the day itself is put right there.

use std::collections::BTreeSet;

use super::{books, gaps, ledgers, reckon_days, store};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::error::Result;
use crate::hotel::settings;

statements! {
    FIRST_POSTED = "statistics.first_posted": "SELECT min(business_date) FROM posting";
    FIRST_NIGHT = "statistics.first_night": "SELECT min(night) FROM reservation_night INDEXED BY reservation_night_sold WHERE is_held = 1";
    FIRST_CLOSE = "statistics.first_close": "SELECT min(as_of) FROM on_the_books";
    CLEAR_LEDGERS = "statistics.clear_ledgers": "DELETE FROM day_ledger WHERE date = ?1";
    CLEAR_REVENUE = "statistics.clear_revenue": "DELETE FROM day_revenue WHERE date = ?1";
    CLEAR_PARTS = "statistics.clear_parts": "DELETE FROM day_part WHERE date = ?1";
    CLEAR_MONEY = "statistics.clear_money": "DELETE FROM day_money WHERE date = ?1";
    CLEAR_TAXES = "statistics.clear_taxes": "DELETE FROM day_tax WHERE date = ?1";
}

/// Writes days down from their nights and postings; nothing is written down of them yet.
pub(super) fn write(tx: &Tx, from: Date, to: Date) -> Result<()> {
    for day in reckon_days(tx, from, to)? {
        store::insert_day(tx, &day)?;
    }
    write_money(tx, from, to)
}

fn write_money(tx: &Tx, from: Date, to: Date) -> Result<()> {
    ledgers::reckon(tx, from, to)?.iter().try_for_each(|one| ledgers::insert(tx, one))?;
    store::revenue_raw(tx, from, to)?.iter().try_for_each(|one| store::insert_revenue(tx, one))?;
    store::parts_raw(tx, from, to)?.iter().try_for_each(|one| store::insert_part(tx, one))?;
    store::money_raw(tx, from, to)?.iter().try_for_each(|one| store::insert_money(tx, one))?;
    store::taxes_raw(tx, from, to)?.iter().try_for_each(|one| store::insert_tax(tx, one))
}

/// Days that are told one by one at most; those long before are reckoned when somebody asks.
const MOST_DAYS: i64 = 3660;

/// The closed days since something happened; `None` when there is none.
pub fn closed(conn: &Conn) -> Result<Option<(Date, Date)>> {
    let last = settings::business_date(conn)?.previous();
    let far = last.plus(-MOST_DAYS).unwrap_or(last);
    let (posted, slept): (Option<Date>, Option<Date>) = (conn.scalar(&FIRST_POSTED, [])?, conn.scalar(&FIRST_NIGHT, [])?);
    Ok(posted.into_iter().chain(slept).min().filter(|first| *first <= last).map(|first| (first.max(far), last)))
}

/// Writes down the closed days of a stretch that are not; tells how many.
pub fn write_missing(tx: &Tx, from: Date, to: Date) -> Result<usize> {
    let known = store::recorded(tx, from, to, settings::business_date(tx)?)?;
    let first_close: Option<Date> = tx.scalar(&FIRST_CLOSE, [])?;
    let mut count = 0;
    for (from, to) in gaps(from, to, &known) {
        write(tx, from, to)?;
        let mut date = from;
        while date <= to {
            if first_close.is_some_and(|first| first <= date) {
                books::settle(tx, date)?;
            }
            count += 1;
            date = date.next();
        }
    }
    Ok(count)
}

/// Writes down anew what does not agree with nights and postings, and what is missing; tells the days, and how many had been missing.
pub fn rebuild(tx: &Tx) -> Result<(BTreeSet<Date>, usize)> {
    let Some((first, last)) = closed(tx)? else { return Ok((BTreeSet::new(), 0)) };
    let mut wrong = super::checks::wrong_rooms(tx)?;
    wrong.iter().try_for_each(|date| store::forget(tx, *date))?;
    let missing = write_missing(tx, first, last)? - wrong.len();
    // Each day opens with what all before it came to.
    if let Some(from) = super::checks::first_wrong_money(tx)? {
        let mut date = from;
        while date <= last {
            for clear in [&CLEAR_LEDGERS, &CLEAR_REVENUE, &CLEAR_PARTS, &CLEAR_MONEY, &CLEAR_TAXES] {
                tx.run(clear, [date])?;
            }
            wrong.insert(date);
            date = date.next();
        }
        write_money(tx, from, last)?;
    }
    for date in super::checks::wrong_books(tx)? {
        books::settle(tx, date)?;
        wrong.insert(date);
    }
    Ok((wrong, missing))
}
