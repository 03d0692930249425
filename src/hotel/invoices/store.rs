//! Statements of documents, their lines and taxes.

use super::Invoice;
use super::draft::Choices;
use super::snapshot::{Kind, Snapshot, Tax};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{CompanyId, FolioId, InvoiceId, ReservationId, SeriesId};
use crate::domain::money::Money;
use crate::error::{Error, Result};

statements! {
    FIND = "invoices.find" selects Invoice "FROM invoice WHERE id = ?1";
    ON_FOLIO = "invoices.on_folio" selects Invoice "FROM invoice WHERE folio_id = ?1 ORDER BY id LIMIT 1000";
    FOLLOWERS = "invoices.followers" selects Invoice "FROM invoice WHERE refers_to_id = ?1 ORDER BY id LIMIT 1000";
    CREDITED_LINES = "invoices.credited_lines": "SELECT credited FROM invoice_line WHERE invoice_id = ?1 ORDER BY position";
    SNAPSHOT = "invoices.snapshot": "SELECT snapshot FROM invoice WHERE id = ?1";
    CHOICES = "invoices.choices": "SELECT choices FROM invoice WHERE id = ?1";
    INSERT = "invoices.insert": "INSERT INTO invoice (kind, folio_id, reservation_id, company_id, refers_to_id, reason, series_id, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    UPDATE_DRAFT = "invoices.update_draft": "UPDATE invoice SET choices = ?2, buyer_name = ?3, net = ?4, tax = ?5, gross = ?6, rounding = ?7,
            prepaid = ?8, due_on = ?9, is_simplified = ?10, version = version + 1
        WHERE id = ?1 AND number IS NULL";
    SET_SERIES = "invoices.set_series": "UPDATE invoice SET series_id = ?2 WHERE id = ?1 AND number IS NULL";
    DELETE = "invoices.delete": "DELETE FROM invoice WHERE id = ?1";
    COUNT_PRINT = "invoices.count_print": "UPDATE invoice SET prints = prints + 1 WHERE id = ?1";
    INSERT_LINE = "invoices.insert_line": "INSERT INTO invoice_line (invoice_id, position, charge_id, category, rate, net, tax, gross, credits_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT id FROM invoice_line WHERE invoice_id = ?9 AND position = ?10))";
    INSERT_TAX = "invoices.insert_tax": "INSERT INTO invoice_tax (invoice_id, name, category, rate, base, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    INSERT_POSTING = "invoices.insert_posting": "INSERT INTO invoice_posting (invoice_id, posting_id) VALUES (?1, ?2)";
    INSERT_DEPOSIT = "invoices.insert_deposit": "INSERT INTO invoice_deposit (invoice_id, deposit_id, amount) VALUES (?1, ?2, ?3)";
    CREDITED_TAX = "invoices.credited_tax": "SELECT coalesce(sum(t.base), 0), coalesce(sum(t.amount), 0)
        FROM invoice AS c CROSS JOIN invoice_tax AS t ON t.invoice_id = c.id
        WHERE c.refers_to_id = ?1 AND c.kind = 'credit_note' AND t.name = ?2 AND t.rate = ?3";
}

pub fn find(conn: &Conn, id: InvoiceId) -> Result<Option<Invoice>> {
    conn.one(&FIND, [id], Invoice::from_row)
}

/// The documents and drafts of a folio, the oldest first.
pub fn on_folio(conn: &Conn, folio: FolioId) -> Result<Vec<Invoice>> {
    conn.all(&ON_FOLIO, [folio], Invoice::from_row)
}

/// Credit notes on a document, and what takes its place.
pub fn followers(conn: &Conn, id: InvoiceId) -> Result<Vec<Invoice>> {
    conn.all(&FOLLOWERS, [id], Invoice::from_row)
}

/// What credit notes have taken off each line of a document.
pub fn credited_lines(conn: &Conn, id: InvoiceId) -> Result<Vec<Money>> {
    conn.all(&CREDITED_LINES, [id], |row| row.get(0))
}

pub fn snapshot_text(conn: &Conn, id: InvoiceId) -> Result<String> {
    conn.scalar(&SNAPSHOT, [id])
}

pub fn snapshot(conn: &Conn, id: InvoiceId) -> Result<Snapshot> {
    serde_json::from_str(&snapshot_text(conn, id)?)
        .map_err(|e| Error::internal(format!("a document is stored as nobody can read it: {e}")))
}

pub fn choices(conn: &Conn, id: InvoiceId) -> Result<Choices> {
    let json: String = conn.scalar(&CHOICES, [id])?;
    serde_json::from_str(&json).map_err(|e| Error::internal(format!("a draft is stored as nobody can read it: {e}")))
}

pub fn insert(
    tx: &Tx,
    kind: Kind,
    (folio, stay, company): (FolioId, Option<ReservationId>, Option<CompanyId>),
    (refers_to, reason): (Option<InvoiceId>, &str),
    series: SeriesId,
) -> Result<InvoiceId> {
    let values = (kind, folio, stay, company, refers_to, reason, series, tx.now(), &tx.actor().username);
    Ok(InvoiceId(tx.insert(&INSERT, values)?))
}

/// What was chosen for a draft, and what it comes to.
pub fn update_draft(tx: &Tx, id: InvoiceId, choices: &Choices, s: &Snapshot) -> Result<()> {
    let json = serde_json::to_string(choices).map_err(Error::internal)?;
    let values = (id, json, &s.buyer.name, s.net, s.tax, s.gross, s.rounding, s.prepaid, s.due_on, s.is_simplified);
    tx.run(&UPDATE_DRAFT, values).map(|_| ())
}

pub fn set_series(tx: &Tx, id: InvoiceId, series: SeriesId) -> Result<()> {
    tx.run(&SET_SERIES, (id, series)).map(|_| ())
}

pub fn delete(tx: &Tx, id: InvoiceId) -> Result<()> {
    tx.run(&DELETE, [id]).map(|_| ())
}

pub fn count_print(tx: &Tx, id: InvoiceId) -> Result<()> {
    tx.run(&COUNT_PRINT, [id]).map(|_| ())
}

/// Writes what sums are made of: lines, taxes, and which postings and deposits it stands for.
pub fn insert_figures(tx: &Tx, invoice: &Invoice, s: &Snapshot, postings: &[i64]) -> Result<()> {
    let id = invoice.id;
    for (at, l) in s.lines.iter().enumerate() {
        let credits = l.credits.map(|at| at as i64);
        let values = (
            id,
            at as i64,
            l.charge_id,
            l.category,
            l.rate,
            l.net,
            l.tax,
            l.gross,
            invoice.refers_to_id.filter(|_| credits.is_some()),
            credits,
        );
        tx.run(&INSERT_LINE, values)?;
    }
    for t in &s.taxes {
        tx.run(&INSERT_TAX, (id, &t.name, t.category, t.rate, t.base, t.amount))?;
    }
    if s.kind == Kind::ProForma {
        return Ok(());
    }
    postings.iter().try_for_each(|posting| tx.run(&INSERT_POSTING, (id, posting)).map(|_| ()))?;
    s.deposits.iter().try_for_each(|deposit| tx.run(&INSERT_DEPOSIT, (id, deposit.id, deposit.amount)).map(|_| ()))
}

/// What credit notes have taken off a tax of a document: base and amount, negative.
pub fn credited_tax(conn: &Conn, id: i64, tax: &Tax) -> Result<(Money, Money)> {
    let found = conn.one(&CREDITED_TAX, (id, &tax.name, tax.rate), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.unwrap_or_default())
}
