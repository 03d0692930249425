//! What must hold of closed days.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    // The nights of a day that has been closed, of guests who were in the house then: each is on the bill. One that had no
    // price then is posted when it has got one.
    UNPOSTED_NIGHT = "check.unposted_night": "SELECT r.confirmation_number || ', night of ' || n.night
        FROM day_close AS d
        JOIN reservation_night AS n ON n.night = d.business_date
        JOIN reservation AS r ON r.id = n.reservation_id
        WHERE d.closed_at IS NOT NULL AND n.is_held = 1 AND n.is_posted = 0 AND n.kind = 'night'
            AND r.status = 'checked_in' AND r.checked_in_date <= d.business_date
            AND n.rate <> 0 AND n.is_rate_typed = 0", scans "a check reads everything";
    CLOSED_AHEAD = "check.closed_ahead": "SELECT business_date FROM day_close
        WHERE closed_at IS NOT NULL AND business_date >= (SELECT business_date FROM property WHERE id = 1)",
        scans "a check reads everything";
    CLOSED_WITHOUT_STEPS = "check.closed_without_steps": "SELECT d.business_date
        FROM day_close AS d
        WHERE d.closed_at IS NOT NULL AND (SELECT count(*) FROM day_close_step AS s WHERE s.day_close_id = d.id) <> 9",
        scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("The nights of closed days are on the bills.", &UNPOSTED_NIGHT),
    ("No day is closed ahead of the business date.", &CLOSED_AHEAD),
    ("A day that is closed has gone through every step.", &CLOSED_WITHOUT_STEPS),
];
