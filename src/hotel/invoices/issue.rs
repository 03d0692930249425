//! Issuing: the number, the snapshot and the hashes, in one transaction.

use super::draft::{self, Built};
use super::series::{self, Series};
use super::snapshot::{Kind, Snapshot};
use super::{Invoice, check_draft, find, nothing_to_invoice, seal, store, told};
use crate::db::Tx;
use crate::db::sql::statements;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings;

statements! {
    NEXT = "invoices.next_number": "INSERT INTO invoice_counter (series_id, year, last, last_on) VALUES (?1, ?2, 1, ?3)
        ON CONFLICT (series_id, year) DO UPDATE SET last = last + 1, last_on = excluded.last_on
        RETURNING last";
    ISSUE = "invoices.issue": "UPDATE invoice SET series_id = ?2, year = ?3, serial = ?4, number = ?5, issued_on = ?6, issued_at = ?7, issued_by = ?8,
            due_on = ?9, buyer_name = ?10, is_simplified = ?11, net = ?12, tax = ?13, gross = ?14, rounding = ?15, prepaid = ?16,
            snapshot = ?17, chain_position = (SELECT coalesce(max(chain_position), 0) + 1 FROM invoice), choices = '{}', version = version + 1
        WHERE id = ?1";
}

/// Issues a draft.
///
/// # Errors
/// 409 when it is issued already, has nothing on it, or has lost what was chosen for it.
pub fn issue(tx: &Tx, invoice: &Invoice) -> Result<Invoice> {
    check_draft(invoice)?;
    let built = draft::build(tx, invoice, &store::choices(tx, invoice.id)?)?;
    if built.has_lost_lines {
        let detail = text!("Some of these lines are now on another invoice or no longer on the bill. Check the draft again.");
        return Err(Error::refused(Code::NothingToInvoice, detail));
    }
    if built.snapshot.gross.is_negative() {
        let detail = text!("This invoice would be negative. Issue a credit note for the original invoice instead.");
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    write(tx, invoice, built)
}

/// Gives a document its number and writes it down for good.
pub(super) fn write(tx: &Tx, invoice: &Invoice, built: Built) -> Result<Invoice> {
    let Built { mut snapshot, postings, .. } = built;
    if snapshot.lines.is_empty() {
        return Err(nothing_to_invoice(invoice.kind));
    }
    let today = settings::business_date(tx)?;
    let series = series::usable(tx, invoice.kind, invoice.series_id)?;
    let year = if series.is_yearly { i64::from(today.year()) } else { 0 };
    let serial: i64 = tx.one(&NEXT, (series.id, year, today), |row| row.get(0))?.unwrap_or_default();
    snapshot.number = Some(series.number(serial, today));
    snapshot.series.clone_from(&series.name);
    snapshot.issued_on = today;
    snapshot.issued_at = Some(tx.now());
    snapshot.issued_by.clone_from(&tx.actor().username);
    let content = serde_json::to_string(&snapshot).map_err(Error::internal)?;
    freeze(tx, invoice, &snapshot, (&series, year, serial), &content)?;
    store::insert_figures(tx, invoice, &snapshot, if snapshot.kind == Kind::ProForma { &[] } else { &postings })?;
    seal::seal(tx, invoice.id)?;
    told(tx, "issue", &find(tx, invoice.id)?)
}

fn freeze(tx: &Tx, invoice: &Invoice, s: &Snapshot, (series, year, serial): (&Series, i64, i64), content: &str) -> Result<()> {
    tx.run(
        &ISSUE,
        rusqlite::params![
            invoice.id,
            series.id,
            year,
            serial,
            s.number,
            s.issued_on,
            s.issued_at,
            s.issued_by,
            s.due_on,
            s.buyer.name,
            s.is_simplified,
            s.net,
            s.tax,
            s.gross,
            s.rounding,
            s.prepaid,
            content,
        ],
    )
    .map(|_| ())
}
