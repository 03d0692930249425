//! What must hold of drawers and their shifts.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    // The hotel's own currency; others begin with what was left of them.
    COUNTED = "check.shift_counts": "SELECT 'shift ' || s.id
        FROM shift AS s JOIN property AS h ON h.id = 1
        JOIN shift_count AS c ON c.shift_id = s.id AND c.currency = h.currency
        WHERE c.expected <> s.float_amount
            + (SELECT coalesce(-sum(p.amount), 0) FROM posting AS p WHERE p.shift_id = s.id)
            + (SELECT coalesce(sum(m.amount), 0) FROM drawer_movement AS m WHERE m.shift_id = s.id AND m.currency = h.currency)",
        scans "a check reads everything";
    UNCOUNTED = "check.shift_uncounted": "SELECT 'shift ' || s.id
        FROM shift AS s
        WHERE (s.closed_at IS NOT NULL) <> EXISTS (
            SELECT 1 FROM shift_count AS c JOIN property AS h ON h.currency = c.currency WHERE c.shift_id = s.id)",
        scans "a check reads everything";
    UNTOLD = "check.shift_untold": "SELECT 'shift ' || c.shift_id || ', ' || c.currency
        FROM shift_count AS c
        WHERE c.counted <> c.expected AND NOT EXISTS (
            SELECT 1 FROM audit_log AS a
            WHERE a.entity = 'shift' AND a.entity_id = c.shift_id AND a.action = 'exception'
                AND json_extract(a.after, '$.currency') = c.currency AND json_extract(a.after, '$.kind') IN ('cash_short', 'cash_over')
                AND json_extract(a.after, '$.amount_minor') = abs(c.counted - c.expected))",
        scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("A drawer was counted against what went through it.", &COUNTED),
    ("A shift is closed when its drawer was counted.", &UNCOUNTED),
    ("What was missing in a drawer, or too much, stands on the owner's list.", &UNTOLD),
];
