//! What must hold of bills and ledgers.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    FOLIO_SUMS = "check.folio_sums": "SELECT 'folio ' || f.id
        FROM folio AS f
        LEFT JOIN (SELECT folio_id, sum(amount) AS amount FROM posting GROUP BY folio_id) AS p ON p.folio_id = f.id
        WHERE f.balance <> coalesce(p.amount, 0)", scans "a check reads everything";
    POSTED_TO_ANOTHER_STAY = "check.posted_to_another_stay": "SELECT 'posting ' || p.id
        FROM posting AS p JOIN folio AS f ON f.id = p.folio_id
        WHERE f.kind = 'stay' AND p.reservation_id IS NOT f.reservation_id AND p.entry <> 'transfer' AND p.reverses_id IS NULL", scans "a check reads everything";
    DEPOSITS = "check.deposits": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (SELECT reservation_id, sum(amount) AS amount FROM posting WHERE ledger = 'deposit' GROUP BY reservation_id) AS d
            ON d.reservation_id = r.id
        WHERE -coalesce(d.amount, 0) <> CASE
            WHEN r.status IN ('tentative', 'confirmed') THEN r.paid_amount
            WHEN r.status IN ('cancelled', 'no_show') THEN max(r.paid_amount - r.charge_amount - r.moved_amount, 0)
            ELSE 0
        END", scans "a check reads everything";
    // What was transferred names its other half, and the two cancel, with their taxes.
    TRANSFERS = "check.transfers": "SELECT 'posting ' || p.id
        FROM posting AS p LEFT JOIN posting AS o ON o.id = p.counter_id
        WHERE p.entry = 'transfer'
            AND (o.counter_id IS NOT p.id OR o.amount IS NOT -p.amount OR o.business_date IS NOT p.business_date
                OR o.tax_amount IS NOT -p.tax_amount OR o.moves_id IS NOT p.moves_id OR o.reservation_id IS NOT p.reservation_id)",
        scans "a check reads everything";
    // On no folio more was moved of a line than stood there.
    MOVED_BEYOND = "check.moved_beyond": "SELECT 'posting ' || l.id
        FROM (SELECT DISTINCT moves_id AS id FROM posting WHERE moves_id IS NOT NULL) AS m
        JOIN posting AS l ON l.id = m.id
        JOIN posting AS p ON p.id = l.id OR p.reverses_id = l.id OR p.moves_id = l.id
        WHERE NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND p.id <> l.id AND v.entry = 'void')
        GROUP BY l.id, p.folio_id
        HAVING (l.amount > 0 AND sum(p.amount) < 0) OR (l.amount < 0 AND sum(p.amount) > 0)", scans "a check reads everything";
    STAYS_AND_FOLIOS = "check.stays_and_folios": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (SELECT reservation_id, sum(balance) AS balance FROM folio WHERE kind = 'stay' GROUP BY reservation_id) AS f
            ON f.reservation_id = r.id
        WHERE r.charge_amount + r.moved_amount - r.paid_amount <> coalesce(f.balance, 0)", scans "a check reads everything";
    CLOSED_AND_OPEN = "check.closed_and_open": "SELECT 'folio ' || id FROM folio WHERE is_closed = 1 AND balance <> 0",
        scans "a check reads everything";
    // The change of all ledgers on a day is what was charged on it less the money received.
    TRIAL_BALANCE = "check.trial_balance": "SELECT l.business_date
        FROM (SELECT business_date, sum(amount) AS change FROM posting GROUP BY business_date) AS l
        LEFT JOIN (SELECT business_date, sum(amount) AS amount FROM charge GROUP BY business_date) AS c ON c.business_date = l.business_date
        LEFT JOIN (SELECT business_date, sum(amount) AS amount FROM payment GROUP BY business_date) AS m ON m.business_date = l.business_date
        WHERE l.change <> coalesce(c.amount, 0) - coalesce(m.amount, 0)", scans "a check reads everything";
    // Of no stay is less than nothing held, nor anything once its guest has left; it stands on its own folio, and nothing else does.
    SECURITIES = "check.securities": "SELECT 'reservation ' || p.reservation_id
        FROM posting AS p JOIN reservation AS r ON r.id = p.reservation_id
        WHERE p.ledger = 'security'
        GROUP BY p.reservation_id
        HAVING sum(p.amount) > 0 OR (r.status = 'checked_out' AND sum(p.amount) <> 0)
        UNION ALL SELECT 'posting ' || p.id
        FROM posting AS p JOIN folio AS f ON f.id = p.folio_id
        WHERE (p.ledger = 'security') <> (f.kind = 'security') OR (p.ledger = 'security' AND p.reservation_id IS NULL)
            OR (p.method IS NOT NULL AND (p.purpose = 'security') <> (p.ledger = 'security'))", scans "a check reads everything";
    CHARGE_SUMS = "check.charge_sums": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (SELECT reservation_id, sum(amount) AS amount FROM charge GROUP BY reservation_id) AS c ON c.reservation_id = r.id
        WHERE r.charge_amount <> coalesce(c.amount, 0)", scans "a check reads everything";
    PAYMENT_SUMS = "check.payment_sums": "SELECT r.confirmation_number
        FROM reservation AS r
        LEFT JOIN (SELECT reservation_id, sum(amount) AS amount FROM payment WHERE payment_type <> 'security' GROUP BY reservation_id) AS p
            ON p.reservation_id = r.id
        WHERE r.paid_amount <> coalesce(p.amount, 0)", scans "a check reads everything";
    GIVEN_BACK_TOO_MUCH = "check.given_back_too_much": "SELECT coalesce(r.confirmation_number || ', ', '') || 'payment ' || p.id
        FROM payment AS p
        JOIN (SELECT reverses_id, sum(amount) AS amount FROM payment WHERE reverses_id IS NOT NULL GROUP BY reverses_id) AS back
            ON back.reverses_id = p.id
        LEFT JOIN reservation AS r ON r.id = p.reservation_id
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
    TAXES = "check.taxes": "SELECT 'posting ' || p.id
        FROM posting AS p
        LEFT JOIN (SELECT posting_id, sum(amount) AS amount FROM posting_tax WHERE is_service = 0 GROUP BY posting_id) AS t ON t.posting_id = p.id
        WHERE p.tax_amount <> coalesce(t.amount, 0)", scans "a check reads everything";
    // What is beside the price as a line of its own, what is inside it as a part of the night's.
    EXTRA_WITHOUT_LINE = "check.extra_without_line": "SELECT r.confirmation_number || ', night of ' || n.night
        FROM reservation_night AS n
        CROSS JOIN json_each(n.extras) AS e
        JOIN reservation AS r ON r.id = n.reservation_id
        WHERE n.is_posted = 1 AND n.extras <> '[]' AND json_extract(e.value, '$.quantity') > 0
            AND NOT EXISTS (
                SELECT 1 FROM posting AS p LEFT JOIN posting_part AS s ON s.posting_id = p.id AND json_extract(e.value, '$.is_inside') = 1
                WHERE p.reservation_id = n.reservation_id AND p.night = n.night AND p.entry = 'post'
                    AND json_extract(e.value, '$.article_id') = coalesce(s.article_id, p.article_id)
                    AND json_extract(e.value, '$.quantity') = coalesce(s.quantity, p.quantity)
                    AND (s.id IS NOT NULL OR json_extract(e.value, '$.unit_amount') = p.unit_amount))", scans "a check reads everything";
    LINE_WITHOUT_EXTRA = "check.line_without_extra": "SELECT 'posting ' || p.id
        FROM posting AS p JOIN article AS a ON a.id = p.article_id
        WHERE p.night IS NOT NULL AND a.kind = 'extra' AND p.entry = 'post'
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND v.entry = 'void')
            AND NOT EXISTS (
                SELECT 1 FROM reservation_night AS n CROSS JOIN json_each(n.extras) AS e
                WHERE n.reservation_id = p.reservation_id AND n.night = p.night AND n.is_posted = 1
                    AND json_extract(e.value, '$.article_id') = p.article_id AND json_extract(e.value, '$.is_inside') = 0)",
        scans "a check reads everything";
    BALANCE_DUE = "check.balance_due": "SELECT name FROM running_total
        WHERE name = 'balance_due' AND amount <> (
            SELECT coalesce(sum(balance), 0) FROM reservation WHERE status IN ('checked_in', 'checked_out') AND balance > 0)",
        scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("Charges add up.", &CHARGE_SUMS),
    ("Payments add up.", &PAYMENT_SUMS),
    ("Folios add up.", &FOLIO_SUMS),
    ("The taxes of a line add up.", &TAXES),
    ("What is posted for a stay stands on its folio.", &POSTED_TO_ANOTHER_STAY),
    ("Deposits are what was paid ahead.", &DEPOSITS),
    ("What is held as a security is what was left as one.", &SECURITIES),
    ("Both halves of a transfer cancel.", &TRANSFERS),
    ("No more of a line was moved than stood there.", &MOVED_BEYOND),
    ("What stays owe stands on their folios.", &STAYS_AND_FOLIOS),
    ("Folios that are closed are settled.", &CLOSED_AND_OPEN),
    ("The ledgers close.", &TRIAL_BALANCE),
    ("No more was given back than was paid.", &GIVEN_BACK_TOO_MUCH),
    ("Nothing was posted into a day that was closed.", &POSTED_INTO_CLOSED_DAY),
    ("Nothing is posted on a day to come.", &POSTED_AHEAD),
    ("Only imported bookings have imported postings.", &IMPORTED_TO_OWN_BOOKING),
    ("What was sold along with a posted night is on the bill.", &EXTRA_WITHOUT_LINE),
    ("What is on the bill of a night was sold along with it.", &LINE_WITHOUT_EXTRA),
    ("The balance due adds up.", &BALANCE_DUE),
];
