//! What must hold of days that were written down: they are what their nights and postings come to.

use std::collections::BTreeSet;

use crate::db::sql::statements;
use crate::db::{Conn, Sql};
use crate::domain::date::Date;
use crate::error::Result;

statements! {
    NIGHTS = "check.day_nights": "SELECT 'day ' || d.date
        FROM day_statistics AS d
        LEFT JOIN (
            SELECT night, sum(kind = 'night') AS sold, sum(CASE kind WHEN 'night' THEN rate ELSE 0 END) AS revenue,
                sum(CASE kind WHEN 'night' THEN adults ELSE 0 END) AS adults, sum(CASE kind WHEN 'night' THEN children ELSE 0 END) AS children,
                sum(kind = 'day_use') AS day_use
            FROM reservation_night WHERE is_held = 1 GROUP BY night
        ) AS n ON n.night = d.date
        WHERE d.is_changed = 0 AND d.date < (SELECT business_date FROM property WHERE id = 1)
            AND (d.sold <> coalesce(n.sold, 0) OR d.room_revenue <> coalesce(n.revenue, 0) OR d.adults <> coalesce(n.adults, 0)
                OR d.children <> coalesce(n.children, 0) OR d.day_use <> coalesce(n.day_use, 0))", scans "a check reads everything";
    LEDGERS = "check.day_ledgers": "SELECT d.ledger || ' ledger on ' || d.date
        FROM day_ledger AS d
        LEFT JOIN (
            SELECT business_date, ledger, sum(CASE WHEN method IS NULL AND counter_id IS NULL THEN amount ELSE 0 END) AS charges,
                sum(CASE WHEN method IS NULL AND counter_id IS NULL THEN tax_amount ELSE 0 END) AS taxes,
                -sum(CASE WHEN method IS NOT NULL THEN amount ELSE 0 END) AS money,
                sum(CASE WHEN counter_id IS NOT NULL THEN amount ELSE 0 END) AS moved
            FROM posting GROUP BY business_date, ledger
        ) AS p ON p.business_date = d.date AND p.ledger = d.ledger
        WHERE d.date < (SELECT business_date FROM property WHERE id = 1)
            AND (d.charges <> coalesce(p.charges, 0) OR d.taxes <> coalesce(p.taxes, 0) OR d.money <> coalesce(p.money, 0)
                OR d.moved <> coalesce(p.moved, 0))", scans "a check reads everything";
    // Each opens with what everything before it came to.
    OPENINGS = "check.day_openings": "SELECT d.ledger || ' ledger on ' || d.date
        FROM day_ledger AS d
        LEFT JOIN (
            SELECT date, ledger, sum(amount) OVER (PARTITION BY ledger ORDER BY date, is_day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS opening, is_day
            FROM (
                SELECT date, ledger, 0 AS amount, 0 AS is_day FROM day_ledger
                UNION ALL SELECT business_date, ledger, sum(amount), 1 FROM posting GROUP BY business_date, ledger
            )
        ) AS s ON s.date = d.date AND s.ledger = d.ledger AND s.is_day = 0
        WHERE d.date < (SELECT business_date FROM property WHERE id = 1) AND d.opening <> coalesce(s.opening, 0)", scans "a check reads everything";
    // Nothing comes to all ledgers together but charges and money.
    MOVED = "check.day_moved": "SELECT 'day ' || date FROM day_ledger GROUP BY date HAVING sum(moved) <> 0", scans "a check reads everything";
    REVENUE = "check.day_revenue": "SELECT 'day ' || d.date
        FROM day_statistics AS d
        LEFT JOIN (SELECT date, sum(amount) AS amount, sum(tax_amount) AS taxes FROM day_revenue GROUP BY date) AS r ON r.date = d.date
        LEFT JOIN (SELECT date, sum(charges) AS amount, sum(taxes) AS taxes, sum(money) AS money FROM day_ledger GROUP BY date) AS l ON l.date = d.date
        LEFT JOIN (SELECT date, sum(received - returned) AS amount FROM day_money GROUP BY date) AS m ON m.date = d.date
        LEFT JOIN (SELECT date, sum(amount) AS amount FROM day_tax WHERE is_service = 0 GROUP BY date) AS t ON t.date = d.date
        WHERE coalesce(r.amount, 0) <> l.amount OR coalesce(r.taxes, 0) <> l.taxes OR coalesce(m.amount, 0) <> l.money
            OR coalesce(t.amount, 0) <> l.taxes", scans "a check reads everything";
    BOOKS = "check.day_books": "SELECT 'day ' || d.date
        FROM day_statistics AS d
        LEFT JOIN (
            SELECT night, sum(rooms) AS rooms, sum(room_revenue) AS revenue
            FROM (SELECT night, rooms, room_revenue, max(as_of) FROM on_the_books WHERE as_of <= night
                GROUP BY night, room_type_id, rate_plan_id, source)
            GROUP BY night
        ) AS b ON b.night = d.date
        WHERE d.date >= (SELECT min(as_of) FROM on_the_books)
            AND (d.sold <> coalesce(b.rooms, 0) OR d.room_revenue <> coalesce(b.revenue, 0))", scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("Closed days are what their nights come to.", &NIGHTS),
    ("The ledgers of closed days are what was posted.", &LEDGERS),
    ("The ledgers of closed days begin with all that was before.", &OPENINGS),
    ("What went from one ledger to another came there.", &MOVED),
    ("Revenue, taxes and money of closed days are those of their ledgers.", &REVENUE),
    ("What was on the books at the close of a day is what was sold.", &BOOKS),
];

/// Days whose rooms and people are not those of their nights.
pub fn wrong_rooms(conn: &Conn) -> Result<BTreeSet<Date>> {
    dates(conn, &NIGHTS)
}

/// The first day whose ledgers, revenue, money or taxes are not those of its postings.
pub fn first_wrong_money(conn: &Conn) -> Result<Option<Date>> {
    let mut found = BTreeSet::new();
    for sql in [&LEDGERS, &OPENINGS, &MOVED, &REVENUE] {
        found.extend(dates(conn, sql)?);
    }
    Ok(found.first().copied())
}

/// Days of which another number was on the books at the close than was sold.
pub fn wrong_books(conn: &Conn) -> Result<BTreeSet<Date>> {
    dates(conn, &BOOKS)
}

/// Each finding ends in its date.
fn dates(conn: &Conn, sql: &Sql) -> Result<BTreeSet<Date>> {
    let found: Vec<String> = conn.all(sql, [], |row| row.get(0))?;
    Ok(found.iter().filter_map(|text| text.get(text.len().saturating_sub(10)..)?.parse().ok()).collect())
}
