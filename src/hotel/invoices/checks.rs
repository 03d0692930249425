//! What must hold of documents.

use super::seal;
use crate::db::sql::statements;
use crate::db::{Conn, Sql};
use crate::error::Result;

statements! {
    // From 1 to the counter, each once, the dates never falling.
    NUMBERS = "check.invoice_numbers": "SELECT 'series ' || c.series_id || ' of ' || c.year
        FROM invoice_counter AS c
        LEFT JOIN (SELECT series_id, year, count(*) AS n, min(serial) AS first, max(serial) AS last, max(issued_on) AS last_on
            FROM invoice WHERE number IS NOT NULL GROUP BY series_id, year) AS i ON i.series_id = c.series_id AND i.year = c.year
        WHERE i.n IS NOT c.last OR i.first IS NOT 1 OR i.last IS NOT c.last OR i.last_on IS NOT c.last_on
        UNION ALL SELECT b.number
        FROM invoice AS a JOIN invoice AS b ON b.series_id = a.series_id AND b.year = a.year AND b.serial = a.serial + 1
        WHERE b.issued_on < a.issued_on", scans "a check reads everything";
    SUMS = "check.invoice_sums": "SELECT i.number
        FROM invoice AS i
        LEFT JOIN (SELECT invoice_id, sum(net) AS net, sum(tax) AS tax, sum(gross) AS gross FROM invoice_line GROUP BY invoice_id) AS l
            ON l.invoice_id = i.id
        LEFT JOIN (SELECT invoice_id, sum(amount) AS tax FROM invoice_tax GROUP BY invoice_id) AS t ON t.invoice_id = i.id
        WHERE i.number IS NOT NULL AND (l.net IS NOT i.net OR l.tax IS NOT i.tax OR l.gross IS NOT i.gross OR t.tax IS NOT i.tax
            OR i.net + i.tax <> i.gross)", scans "a check reads everything";
    CREDITS = "check.invoice_credits": "SELECT i.number
        FROM invoice AS i
        LEFT JOIN (SELECT refers_to_id, sum(gross) AS gross FROM invoice WHERE kind = 'credit_note' AND number IS NOT NULL GROUP BY refers_to_id) AS c
            ON c.refers_to_id = i.id
        WHERE i.credited <> coalesce(c.gross, 0)
        UNION ALL SELECT 'line ' || l.id
        FROM invoice_line AS l
        LEFT JOIN (SELECT credits_id, sum(gross) AS gross FROM invoice_line WHERE credits_id IS NOT NULL GROUP BY credits_id) AS c ON c.credits_id = l.id
        WHERE l.credited <> coalesce(c.gross, 0)", scans "a check reads everything";
    // What stands on a document comes to what is on it.
    POSTINGS = "check.invoice_postings": "SELECT i.number
        FROM invoice AS i
        JOIN (SELECT p.invoice_id, sum(q.amount) AS amount, min(q.folio_id) AS folio, max(q.folio_id) AS last_folio
            FROM invoice_posting AS p JOIN posting AS q ON q.id = p.posting_id GROUP BY p.invoice_id) AS s ON s.invoice_id = i.id
        WHERE i.kind = 'invoice' AND (s.amount <> i.gross + i.rounding OR s.folio <> i.folio_id OR s.last_folio <> i.folio_id)", scans "a check reads everything";
    // What gave its postings up has nothing left of their lines.
    FREED = "check.invoice_freed": "SELECT DISTINCT i.number
        FROM invoice_posting AS p JOIN invoice AS i ON i.id = p.invoice_id JOIN posting AS q ON q.id = p.posting_id
        JOIN invoice_line AS l ON l.invoice_id = i.id AND l.charge_id = coalesce(q.moves_id, q.reverses_id, q.id)
        WHERE p.is_live = 0 AND i.kind = 'invoice' AND l.gross + l.credited <> 0", scans "a check reads everything";
    DEPOSITS = "check.invoice_deposits": "SELECT i.number
        FROM invoice_deposit AS d JOIN invoice AS i ON i.id = d.deposit_id
        WHERE d.is_live = 1 AND (i.kind <> 'deposit_invoice' OR d.amount <> i.gross + i.credited)", scans "a check reads everything";
}

/// What must hold, as a sentence, and the statement that finds where it does not.
pub const INVARIANTS: &[(&str, &Sql)] = &[
    ("Numbers of invoices have no gap, and their dates never fall.", &NUMBERS),
    ("Invoices come to the sums of their lines and taxes.", &SUMS),
    ("Credit notes take off what their invoices say they do.", &CREDITS),
    ("What stands on invoices comes to what they say.", &POSTINGS),
    ("Invoices stand for their postings while anything is left of the lines.", &FREED),
    ("Deposit invoices are taken off whole, and once.", &DEPOSITS),
];

type Proof = fn(&Conn) -> Result<Vec<String>>;

/// What no statement can find.
pub const PROOFS: &[(&str, Proof)] = &[("Nothing that was issued has been changed since.", seal::changed)];
