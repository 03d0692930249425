//! What must hold of drawers and their shifts.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    // The hotel's own currency; others begin with what was left of them.
    COUNTED = "check.shift_counts": "SELECT 'shift ' || s.id
        FROM shift AS s JOIN property AS h ON h.id = 1
        JOIN shift_count AS c ON c.shift_id = s.id AND c.currency = h.currency
        WHERE c.expected <> s.float_amount
            + (SELECT coalesce(-sum(p.amount), 0) - coalesce(sum(t.given), 0)
                FROM posting AS p LEFT JOIN tender AS t ON t.id = p.id AND t.currency IS NOT NULL WHERE p.shift_id = s.id)
            + (SELECT coalesce(sum(m.amount), 0) FROM drawer_movement AS m WHERE m.shift_id = s.id AND m.currency = h.currency)",
        scans "a check reads everything";
    UNCOUNTED = "check.shift_uncounted": "SELECT 'shift ' || s.id
        FROM shift AS s
        WHERE (s.closed_at IS NOT NULL) <> EXISTS (
            SELECT 1 FROM shift_count AS c JOIN property AS h ON h.currency = c.currency WHERE c.shift_id = s.id)",
        scans "a check reads everything";
    // Whatever is left of a payment has what came with it, and nothing stands of one that is void.
    ALONG = "check.came_along": "SELECT 'posting ' || c.id
        FROM posting AS c JOIN posting AS m ON m.id = c.payment_id
        WHERE c.entry = 'post' AND (m.method IS NULL OR (
            EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = m.id AND v.entry = 'void')
            AND NOT EXISTS (SELECT 1 FROM posting AS w WHERE w.reverses_id = c.id AND w.entry = 'void')))",
        scans "a check reads everything";
    GIVEN = "check.given_for_payments": "SELECT 'posting ' || t.id
        FROM tender AS t JOIN posting AS p ON p.id = t.id
        WHERE p.method IS NULL OR abs(t.given) < abs(p.amount) OR (t.given < 0) <> (p.amount > 0)",
        scans "a check reads everything";
    // A drawer that was opened with another sum than it was left with, and what was paid out of it.
    OPENED_UNTOLD = "check.shift_opened_untold": "SELECT 'shift ' || s.id
        FROM shift AS s JOIN property AS h ON h.id = 1
        JOIN shift_count AS c ON c.currency = h.currency
            AND c.shift_id = (SELECT max(b.id) FROM shift AS b WHERE b.drawer_id = s.drawer_id AND b.id < s.id)
        WHERE coalesce(c.counted, c.expected) <> s.float_amount AND NOT EXISTS (
            SELECT 1 FROM audit_log AS a
            WHERE a.entity = 'shift' AND a.entity_id = s.id AND a.action = 'exception'
                AND json_extract(a.after, '$.kind') = 'float_differs'
                AND json_extract(a.after, '$.amount_minor') = abs(coalesce(c.counted, c.expected) - s.float_amount))
        UNION ALL SELECT 'movement ' || m.id
        FROM drawer_movement AS m
        WHERE m.kind = 'paid_out' AND NOT EXISTS (
            SELECT 1 FROM audit_log AS a
            WHERE a.entity = 'shift' AND a.entity_id = m.shift_id AND a.action = 'exception'
                AND json_extract(a.after, '$.kind') = 'paid_out' AND json_extract(a.after, '$.amount_minor') = -m.amount)",
        scans "a check reads everything";
    UNTOLD = "check.shift_untold": "SELECT 'shift ' || c.shift_id || ', ' || c.currency
        FROM shift_count AS c
        WHERE c.counted IS NOT c.expected AND NOT EXISTS (
            SELECT 1 FROM audit_log AS a
            WHERE a.entity = 'shift' AND a.entity_id = c.shift_id AND a.action = 'exception'
                AND json_extract(a.after, '$.currency') = c.currency AND json_extract(a.after, '$.kind') IN ('cash_short', 'cash_over', 'not_counted')
                AND json_extract(a.after, '$.amount_minor') = abs(coalesce(c.counted, 0) - c.expected))",
        scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("A drawer was counted against what went through it.", &COUNTED),
    ("A shift that is closed says what should be in its drawer.", &UNCOUNTED),
    ("What came along with a payment is void when it is.", &ALONG),
    ("No less was handed over than was paid.", &GIVEN),
    ("What a drawer was opened with and what was paid out of it stands on the owner's list.", &OPENED_UNTOLD),
    ("What was missing in a drawer, too much or not counted, stands on the owner's list.", &UNTOLD),
];
