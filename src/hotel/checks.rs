//! Whether a data file is whole, and whether everything in it agrees with itself.
//!
//! Reads the whole file and changes nothing in the hotel. `innkeeper check` tells all of it; every
//! night it is done to the unpacked copy, and to every copy before it is put back.

use std::fmt::Write as _;
use std::path::Path;

use crate::db::sql::statements;
use crate::db::{Conn, Context, Db, OpenError, Options, Sql, migrate, shape};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::error::Result;

/// Findings told of each kind.
const TOLD: usize = 5;

statements! {
    INTEGRITY = "check.integrity": "PRAGMA integrity_check(20)";
    FOREIGN_KEYS = "check.foreign_keys": "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' refers to a missing ' || parent
        FROM pragma_foreign_key_check";
    SCHEMA_VERSION = "check.schema_version": "PRAGMA user_version";
    NIGHT_WITHOUT_ROOM_NIGHT = "check.night_without_room_night": "SELECT r.confirmation_number || ', night of ' || n.night
        FROM reservation_night AS n
        JOIN reservation AS r ON r.id = n.reservation_id
        LEFT JOIN room_night AS t ON t.night = n.night AND t.room_id = n.room_id AND t.reservation_id = n.reservation_id
        WHERE n.kind = 'night' AND n.is_held = 1 AND n.room_id IS NOT NULL AND t.night IS NULL", scans "a check reads everything";
    ROOM_NIGHT_WITHOUT_NIGHT = "check.room_night_without_night": "SELECT 'room ' || m.room_number || ', night of ' || t.night
        FROM room_night AS t
        JOIN room AS m ON m.id = t.room_id
        LEFT JOIN reservation_night AS n ON n.reservation_id = t.reservation_id AND n.night = t.night
            AND n.room_id = t.room_id AND n.kind = 'night' AND n.is_held = 1
        WHERE t.reservation_id IS NOT NULL AND n.id IS NULL", scans "a check reads everything";
    DAY_WITHOUT_ROOM_DAY = "check.day_without_room_day": "SELECT r.confirmation_number || ', day of ' || n.night
        FROM reservation_night AS n
        JOIN reservation AS r ON r.id = n.reservation_id
        LEFT JOIN room_day AS t ON t.day = n.night AND t.room_id = n.room_id AND t.reservation_id = n.reservation_id
        WHERE n.kind = 'day_use' AND n.is_held = 1 AND n.is_posted = 0 AND n.room_id IS NOT NULL AND t.id IS NULL", scans "a check reads everything";
    ROOM_DAY_WITHOUT_DAY = "check.room_day_without_day": "SELECT 'room ' || m.room_number || ', day of ' || t.day
        FROM room_day AS t
        JOIN room AS m ON m.id = t.room_id
        LEFT JOIN reservation_night AS n ON n.reservation_id = t.reservation_id AND n.night = t.day
            AND n.room_id = t.room_id AND n.kind = 'day_use' AND n.is_held = 1 AND n.is_posted = 0
        WHERE n.id IS NULL", scans "a check reads everything";
    BLOCKED_NIGHT_OUTSIDE_BLOCK = "check.blocked_night_outside_block": "SELECT 'room ' || m.room_number || ', night of ' || t.night
        FROM room_night AS t
        JOIN room AS m ON m.id = t.room_id
        JOIN room_block AS b ON b.id = t.block_id
        WHERE b.kind <> 'out_of_order' OR b.room_id <> t.room_id OR t.night < b.start_date OR t.night >= b.end_date",
        scans "a check reads everything";
    BLOCK_WITHOUT_NIGHTS = "check.block_without_nights": "SELECT 'room ' || m.room_number || ' from ' || b.start_date || ' to ' || b.end_date
        FROM room_block AS b
        JOIN room AS m ON m.id = b.room_id
        WHERE b.kind = 'out_of_order' AND b.released_at IS NULL
            AND julianday(b.end_date) - julianday(b.start_date)
                <> (SELECT count(*) FROM room_night AS t WHERE t.block_id = b.id AND t.room_id = b.room_id
                    AND t.night >= b.start_date AND t.night < b.end_date)", scans "a check reads everything";
    STAY_WITH_OTHER_NIGHTS = "check.stay_with_other_nights": "SELECT r.confirmation_number
        FROM reservation AS r
        CROSS JOIN property AS p
        LEFT JOIN (
            SELECT reservation_id, count(*) AS held, min(night) AS first, max(night) AS last
            FROM reservation_night WHERE is_held = 1 GROUP BY reservation_id
        ) AS n ON n.reservation_id = r.id
        WHERE CASE
            WHEN r.status IN ('cancelled', 'no_show') THEN n.held IS NOT NULL
            -- Past the departure: the nights stayed since, and tonight's, which is held.
            WHEN r.status = 'checked_in' AND r.check_out_date < p.business_date
                THEN n.held IS NOT CAST(julianday(p.business_date) - julianday(r.check_in_date) AS INTEGER) + 1
                    OR n.first IS NOT r.check_in_date OR n.last IS NOT p.business_date
            WHEN r.is_day_use = 1 THEN n.held IS NOT 1 OR n.first IS NOT r.check_in_date
            ELSE n.held IS NOT CAST(julianday(r.check_out_date) - julianday(r.check_in_date) AS INTEGER)
                OR n.first IS NOT r.check_in_date OR n.last >= r.check_out_date
        END", scans "a check reads everything";
    NIGHT_SUMS = "check.night_sums": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (
            SELECT reservation_id, sum(rate) AS booked, sum(CASE WHEN is_held = 1 AND is_posted = 0 THEN rate ELSE 0 END) AS unposted
            FROM reservation_night GROUP BY reservation_id
        ) AS n ON n.reservation_id = r.id
        WHERE r.room_amount <> coalesce(n.booked, 0) OR r.unposted_amount <> coalesce(n.unposted, 0)", scans "a check reads everything";
    FOLIO_SUMS = "check.folio_sums": "SELECT 'folio ' || f.id
        FROM folio AS f
        LEFT JOIN (SELECT folio_id, sum(amount) AS amount FROM posting GROUP BY folio_id) AS p ON p.folio_id = f.id
        WHERE f.balance <> coalesce(p.amount, 0)", scans "a check reads everything";
    POSTED_TO_ANOTHER_STAY = "check.posted_to_another_stay": "SELECT 'posting ' || p.id
        FROM posting AS p JOIN folio AS f ON f.id = p.folio_id
        WHERE f.kind = 'stay' AND p.reservation_id IS NOT f.reservation_id", scans "a check reads everything";
    DEPOSITS = "check.deposits": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (SELECT reservation_id, sum(amount) AS amount FROM posting WHERE ledger = 'deposit' GROUP BY reservation_id) AS d
            ON d.reservation_id = r.id
        WHERE -coalesce(d.amount, 0) <> CASE
            WHEN r.status IN ('tentative', 'confirmed') THEN r.paid_amount
            WHEN r.status IN ('cancelled', 'no_show') THEN max(r.paid_amount - r.charge_amount, 0)
            ELSE 0
        END", scans "a check reads everything";
    // What was transferred names its other half, and the two cancel.
    TRANSFERS = "check.transfers": "SELECT 'posting ' || p.id
        FROM posting AS p LEFT JOIN posting AS o ON o.id = p.counter_id
        WHERE p.entry = 'transfer'
            AND (o.counter_id IS NOT p.id OR o.amount IS NOT -p.amount OR o.business_date IS NOT p.business_date)",
        scans "a check reads everything";
    // The change of all ledgers on a day is what was charged on it less the money received, and all of
    // them together are what the stays owe and are owed.
    TRIAL_BALANCE = "check.trial_balance": "SELECT l.business_date
        FROM (SELECT business_date, sum(amount) AS change FROM posting GROUP BY business_date) AS l
        LEFT JOIN (SELECT business_date, sum(amount) AS amount FROM charge GROUP BY business_date) AS c ON c.business_date = l.business_date
        LEFT JOIN (SELECT business_date, sum(amount) AS amount FROM payment GROUP BY business_date) AS m ON m.business_date = l.business_date
        WHERE l.change <> coalesce(c.amount, 0) - coalesce(m.amount, 0)
        UNION ALL SELECT 'all days'
        WHERE (SELECT coalesce(sum(amount), 0) FROM posting)
            <> (SELECT coalesce(sum(charge_amount - paid_amount), 0) FROM reservation)", scans "a check reads everything";
    CHARGE_SUMS = "check.charge_sums": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (SELECT reservation_id, sum(amount) AS amount FROM charge GROUP BY reservation_id) AS c ON c.reservation_id = r.id
        WHERE r.charge_amount <> coalesce(c.amount, 0)", scans "a check reads everything";
    PAYMENT_SUMS = "check.payment_sums": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (SELECT reservation_id, sum(amount) AS amount FROM payment GROUP BY reservation_id) AS p ON p.reservation_id = r.id
        WHERE r.paid_amount <> coalesce(p.amount, 0)", scans "a check reads everything";
    GIVEN_BACK_TOO_MUCH = "check.given_back_too_much": "SELECT r.confirmation_number || ', payment ' || p.id
        FROM payment AS p
        JOIN (SELECT reverses_id, sum(amount) AS amount FROM payment WHERE reverses_id IS NOT NULL GROUP BY reverses_id) AS back
            ON back.reverses_id = p.id
        JOIN reservation AS r ON r.id = p.reservation_id
        WHERE p.kind <> 'payment' OR p.amount + back.amount < 0", scans "a check reads everything";
    POSTED_INTO_CLOSED_DAY = "check.posted_into_closed_day": "SELECT 'posting ' || id || ' of ' || business_date
        FROM (SELECT id, business_date,
            max(business_date) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS open_day
            FROM posting WHERE is_imported = 0)
        WHERE business_date < open_day", scans "a check reads everything";
    POSTED_AHEAD = "check.posted_ahead": "SELECT 'posting ' || id || ' of ' || business_date
        FROM posting WHERE business_date > (SELECT business_date FROM property WHERE id = 1)", scans "a check reads everything";
    IMPORTED_TO_OWN_BOOKING = "check.imported_to_own_booking": "SELECT r.confirmation_number
        FROM reservation AS r
        WHERE EXISTS (SELECT 1 FROM posting AS p WHERE p.reservation_id = r.id AND p.is_imported = 1)
            AND EXISTS (SELECT 1 FROM audit_log WHERE entity = 'reservation' AND entity_id = r.id AND action = 'create')",
        scans "a check reads everything";
    NAMES = "check.names": "SELECT r.confirmation_number
        FROM reservation AS r
        JOIN guest AS g ON g.id = r.guest_id
        JOIN room_type AS t ON t.id = r.room_type_id
        LEFT JOIN room AS m ON m.id = r.room_id
        WHERE r.guest_name <> g.full_name OR r.guest_email <> g.email OR r.guest_phone <> g.phone_number
            OR r.room_type_name <> t.name OR r.room_number IS NOT m.room_number", scans "a check reads everything";
    ROW_COUNTS = "check.row_counts": "WITH counted (list, value, n) AS (
            SELECT 'reservation', '', count(*) FROM reservation
            UNION ALL SELECT 'reservation.status', status, count(*) FROM reservation GROUP BY status
            UNION ALL SELECT 'reservation.source', source, count(*) FROM reservation GROUP BY source
            UNION ALL SELECT 'reservation.room_type_id', CAST(room_type_id AS TEXT), count(*) FROM reservation GROUP BY room_type_id
            UNION ALL SELECT 'guest', '', count(*) FROM guest WHERE merged_into_id IS NULL
            UNION ALL SELECT 'payment', '', count(*) FROM payment
            UNION ALL SELECT 'audit_log', '', count(*) FROM audit_log
        )
        SELECT trim(coalesce(c.list, k.list) || ' ' || coalesce(c.value, k.value))
        FROM counted AS c
        FULL JOIN row_count AS k ON k.list = c.list AND k.value = c.value
        WHERE coalesce(c.n, 0) <> coalesce(k.n, 0)", scans "a check reads everything";
    BALANCE_DUE = "check.balance_due": "SELECT name FROM running_total
        WHERE name = 'balance_due' AND amount <> (
            SELECT coalesce(sum(balance), 0) FROM reservation WHERE status IN ('checked_in', 'checked_out') AND balance > 0)",
        scans "a check reads everything";
    SEARCH_IS_BEHIND = "check.search_is_behind": "SELECT search || ' ' || row_id FROM search_change", scans "a check reads everything";
    IN_HOUSE_WITHOUT_ROOM = "check.in_house_without_room": "SELECT confirmation_number
        FROM reservation WHERE status = 'checked_in' AND room_id IS NULL", scans "a check reads everything";
    TWO_IN_ONE_ROOM = "check.two_in_one_room": "SELECT 'room ' || room_number || ': ' || group_concat(confirmation_number, ', ')
        FROM reservation WHERE status = 'checked_in' AND room_id IS NOT NULL
        GROUP BY room_id, room_number HAVING count(*) > 1", scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
const INVARIANTS: &[(&str, &Sql)] = &[
    ("Everything referred to exists.", &FOREIGN_KEYS),
    ("Every held night with a room has taken that room.", &NIGHT_WITHOUT_ROOM_NIGHT),
    ("Every taken room night belongs to a held night.", &ROOM_NIGHT_WITHOUT_NIGHT),
    ("Every day use with a room has taken that room until its bill is made.", &DAY_WITHOUT_ROOM_DAY),
    ("Every room taken by day belongs to a day use.", &ROOM_DAY_WITHOUT_DAY),
    ("Nights taken by a block lie within an out-of-order block.", &BLOCKED_NIGHT_OUTSIDE_BLOCK),
    ("Every out-of-order block has taken all its nights.", &BLOCK_WITHOUT_NIGHTS),
    ("Stays hold exactly their nights, cancelled ones none.", &STAY_WITH_OTHER_NIGHTS),
    ("Amounts of nights add up.", &NIGHT_SUMS),
    ("Charges add up.", &CHARGE_SUMS),
    ("Payments add up.", &PAYMENT_SUMS),
    ("Folios add up.", &FOLIO_SUMS),
    ("What is posted for a stay stands on its folio.", &POSTED_TO_ANOTHER_STAY),
    ("Deposits are what was paid ahead.", &DEPOSITS),
    ("Both halves of a transfer cancel.", &TRANSFERS),
    ("The ledgers close.", &TRIAL_BALANCE),
    ("No more was given back than was paid.", &GIVEN_BACK_TOO_MUCH),
    ("Nothing was posted into a day that was closed.", &POSTED_INTO_CLOSED_DAY),
    ("Nothing is posted on a day to come.", &POSTED_AHEAD),
    ("Only imported bookings have imported postings.", &IMPORTED_TO_OWN_BOOKING),
    ("Names on reservations are those of guests, rooms and types.", &NAMES),
    ("The lists' totals are right.", &ROW_COUNTS),
    ("The balance due adds up.", &BALANCE_DUE),
    ("The search has learnt of every change.", &SEARCH_IS_BEHIND),
    ("Everybody in the house has a room.", &IN_HOUSE_WITHOUT_ROOM),
    ("No two stays are in one room.", &TWO_IN_ONE_ROOM),
];

/// What was found, told in lines.
#[derive(Debug, Default)]
pub struct Report {
    pub text: String,
    /// What does not hold, each with the first place where it does not.
    pub faults: Vec<String>,
}

impl Report {
    fn note(&mut self, what: &str, found: &[String]) {
        let mark = if found.is_empty() { "ok   " } else { "FAULT" };
        // Writing to memory cannot fail.
        let _ = writeln!(self.text, "  {mark}  {what}");
        for one in found.iter().take(TOLD) {
            let _ = writeln!(self.text, "           {one}");
        }
        if found.len() > TOLD {
            let _ = writeln!(self.text, "           and {} more", found.len() - TOLD);
        }
        self.faults.extend(found.first().map(|first| format!("not so: {what} ({first})")));
    }

    /// The faults in one line; `None` when there is none.
    pub fn in_short(&self) -> Option<String> {
        let first = self.faults.first()?;
        let more = self.faults.len() - 1;
        Some(if more > 0 { format!("{first}, and {more} more") } else { first.clone() })
    }
}

/// Reads every page and then everything that has to agree.
///
/// # Errors
/// A file that cannot be read.
pub fn examine(conn: &Conn) -> Result<Report> {
    let mut report = Report::default();
    let mut damage: Vec<String> = conn.all(&INTEGRITY, [], |row| row.get(0))?;
    damage.retain(|line| line != "ok");
    report.note("The file is whole.", &damage);
    let version: i64 = conn.scalar(&SCHEMA_VERSION, [])?;
    let is_other = (version != migrate::LATEST).then(|| format!("its schema is {version}"));
    report.note(&format!("Its schema is this program's ({}).", migrate::LATEST), is_other.as_slice());
    let strange = if is_other.is_none() { shape::differences(conn, &migrate::OWN)? } else { Vec::new() };
    report.note("Its tables and triggers are as this program makes them.", &strange);
    reckon(conn, &mut report)?;
    Ok(report)
}

/// Everything that has to agree, in a file whose pages are known to be whole.
///
/// # Errors
/// A file that cannot be read.
pub fn sums(conn: &Conn) -> Result<Report> {
    let mut report = Report::default();
    reckon(conn, &mut report)?;
    Ok(report)
}

fn reckon(conn: &Conn, report: &mut Report) -> Result<()> {
    for (what, sql) in INVARIANTS {
        let found: Vec<String> = conn.all(sql, [], |row| row.get(0))?;
        report.note(what, &found);
    }
    Ok(())
}

/// The same of a file by itself, which nobody has open.
///
/// # Errors
/// A file that cannot be opened, or not be read.
pub fn sums_of(path: &Path) -> std::result::Result<Result<Report>, OpenError> {
    let options = Options { is_read_only: true, readers: 1, ..Options::default() };
    let db = Db::open(path, &options, Box::new(|_| ()))?;
    let context = Context { actor: Actor::program("innkeeper"), now: Instant::EPOCH };
    Ok(db.read(&context, sums))
}
