//! What must hold of companies' accounts.

use crate::db::Sql;
use crate::db::sql::statements;

statements! {
    ITEMS = "check.account_items": "SELECT 'posting ' || p.id
        FROM posting AS p JOIN folio AS f ON f.id = p.folio_id
        LEFT JOIN account_item AS i ON i.id = p.id
        WHERE (f.kind = 'company' AND p.amount <> 0) <> (i.id IS NOT NULL) OR i.amount <> p.amount OR i.company_id <> f.company_id",
        scans "a check reads everything";
    BALANCES = "check.account_balances": "SELECT 'folio ' || f.id FROM folio AS f
        WHERE f.kind = 'company'
            AND f.balance <> (SELECT coalesce(sum(i.open_amount), 0) FROM account_item AS i WHERE i.company_id = f.company_id)",
        scans "a check reads everything";
    MATCHED = "check.account_matches": "SELECT 'account item ' || i.id
        FROM account_item AS i
        LEFT JOIN (SELECT debit_id, sum(amount) AS amount FROM account_match WHERE undone_at IS NULL GROUP BY debit_id) AS d ON d.debit_id = i.id
        LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM account_match WHERE undone_at IS NULL GROUP BY credit_id) AS c ON c.credit_id = i.id
        WHERE i.open_amount <> i.amount - coalesce(d.amount, 0) + coalesce(c.amount, 0)
            OR (i.amount > 0 AND c.credit_id IS NOT NULL) OR (i.amount < 0 AND d.debit_id IS NOT NULL)",
        scans "a check reads everything";
    ACROSS = "check.account_matches_across": "SELECT 'match ' || m.id
        FROM account_match AS m JOIN account_item AS d ON d.id = m.debit_id JOIN account_item AS c ON c.id = m.credit_id
        WHERE d.company_id <> c.company_id", scans "a check reads everything";
    REMINDED = "check.account_reminders": "SELECT 'account item ' || i.id
        FROM account_item AS i
        LEFT JOIN (SELECT e.item_id, max(e.level) AS level, max(r.business_date) AS business_date
            FROM reminder_item AS e JOIN reminder AS r ON r.id = e.reminder_id AND r.undone_at IS NULL GROUP BY e.item_id) AS t ON t.item_id = i.id
        WHERE i.reminder_level <> coalesce(t.level, 0) OR i.reminded_on IS NOT t.business_date
        UNION ALL SELECT 'reminders of account item ' || e.item_id
        FROM reminder_item AS e JOIN reminder AS r ON r.id = e.reminder_id AND r.undone_at IS NULL
        GROUP BY e.item_id, r.business_date HAVING count(*) > 1", scans "a check reads everything";
    FEES = "check.reminder_fees": "SELECT 'reminder ' || r.id
        FROM reminder AS r LEFT JOIN posting AS p ON p.id = r.fee_id
        WHERE r.fee_id IS NOT NULL AND (p.id IS NULL OR p.amount <> r.fee OR p.article_id <> -2)", scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("What is posted to companies stands on their accounts.", &ITEMS),
    ("What is open on accounts is what companies owe.", &BALANCES),
    ("No more is matched on accounts than was owed and received.", &MATCHED),
    ("Money pays for what is owed on its own account.", &ACROSS),
    ("Nobody was reminded of one thing twice on one day.", &REMINDED),
    ("Reminder fees are on the accounts.", &FEES),
];
