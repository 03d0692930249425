//! What must hold of vouchers.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    BALANCES = "check.voucher_balances": "SELECT v.code FROM voucher AS v
        WHERE v.balance <> (SELECT coalesce(sum(e.amount), 0) FROM voucher_entry AS e WHERE e.voucher_id = v.id)",
        scans "a check reads everything";
    POSTED = "check.voucher_postings": "SELECT 'voucher entry ' || e.id
        FROM voucher_entry AS e LEFT JOIN posting AS p ON p.id = e.posting_id
        WHERE (e.kind <> 'expired') <> (p.id IS NOT NULL) OR p.amount <> e.amount
            OR (e.kind IN ('sold', 'cancelled')) <> (p.article_id = 12)
        UNION ALL SELECT 'posting ' || p.id FROM posting AS p
        WHERE p.article_id = 12 AND p.entry IN ('post', 'void') AND NOT EXISTS (SELECT 1 FROM voucher_entry AS e WHERE e.posting_id = p.id)",
        scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("Vouchers are worth what was put on them less what was taken off.", &BALANCES),
    ("What was sold, redeemed and given back of vouchers stands on bills.", &POSTED),
];
