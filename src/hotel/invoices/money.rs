//! What was paid on a folio, and which documents it has paid already: money pays one document only.

use super::language::PaperLanguage;
use super::snapshot::{DepositOf, Kind, PaymentOf, Snapshot, Tax};
use super::store;
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::FolioId;
use crate::domain::money::Money;
use crate::error::{Error, Result};
use crate::hotel::folio::owner::{self, FolioKind};
use crate::hotel::folio::{payments, transfers};

statements! {
    // An invoice has used what was paid on it beside the deposits that it takes off; a deposit invoice all that it is about.
    USED = "invoices.used": "SELECT coalesce(sum(CASE
            WHEN i.kind = 'deposit_invoice' THEN i.gross + i.credited
            ELSE max(min(i.prepaid, i.gross + i.rounding + i.credited)
                - (SELECT coalesce(sum(d.amount), 0) FROM invoice_deposit AS d WHERE d.invoice_id = i.id AND d.is_live = 1), 0) END), 0)
        FROM invoice AS i
        WHERE i.folio_id = ?1 AND i.number IS NOT NULL AND i.gross + i.credited > 0 AND (i.kind = 'invoice' OR i.kind = 'deposit_invoice')";
    DEPOSITS = "invoices.deposits": "SELECT i.id, i.number, i.issued_on, i.gross + i.credited, i.snapshot
        FROM invoice AS i
        WHERE i.folio_id = ?1 AND i.kind = 'deposit_invoice' AND i.number IS NOT NULL AND i.gross + i.credited > 0
            AND NOT EXISTS (SELECT 1 FROM invoice_deposit AS d WHERE d.deposit_id = i.id AND d.is_live = 1)
        ORDER BY i.id
        LIMIT 100";
    SETTLED_HERE = "invoices.settled_here": "SELECT coalesce(sum(t.amount), 0) FROM posting AS t
        WHERE t.folio_id = ?1 AND t.entry = 'transfer' AND t.article_id = -1 AND t.moves_id IS NULL AND t.ledger = 'company'";
    PAID_ON_ACCOUNTS = "invoices.paid_on_accounts": "SELECT coalesce(sum(i.amount - i.open_amount), 0)
        FROM posting AS t CROSS JOIN account_item AS i ON i.id = t.counter_id
        WHERE t.folio_id = ?1 AND t.entry = 'transfer' AND t.article_id = -1 AND t.moves_id IS NULL AND t.reverses_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = t.id AND v.entry = 'transfer')";
}

/// Money on a folio, in the order it came; what was given back is taken off it.
fn received(conn: &Conn, folio: FolioId, language: PaperLanguage) -> Result<Vec<PaymentOf>> {
    let mut out = Vec::new();
    for (payment, amount) in payments::standing_on(conn, folio)? {
        out.push(PaymentOf {
            date: payment.business_date,
            label: method_in_words(language, &payment.payment_method),
            method: payment.payment_method,
            reference: payment.reference_number,
            amount,
        });
    }
    // What was kept of a security pays the damage.
    for moved in transfers::on_folio(conn, folio)?.into_iter().filter(|moved| moved.moves_id.is_none()) {
        if owner::find(conn, moved.other_folio_id)?.kind == FolioKind::Security {
            out.push(PaymentOf {
                date: moved.business_date,
                method: "security".to_owned(),
                label: language.word("method_security").to_owned(),
                reference: String::new(),
                amount: -moved.amount,
            });
        }
    }
    Ok(out)
}

fn method_in_words(language: PaperLanguage, method: &str) -> String {
    let key = format!("method_{method}");
    if PaperLanguage::knows(&key) { language.word(&key).to_owned() } else { method.to_owned() }
}

fn used(conn: &Conn, folio: FolioId) -> Result<Money> {
    conn.scalar(&USED, [folio])
}

/// What was paid on a folio and no document has used yet; less than nothing where what they used is gone again.
fn balance(conn: &Conn, folio: FolioId) -> Result<Money> {
    let all: Money = received(conn, folio, PaperLanguage::English)?.iter().map(|payment| payment.amount).sum();
    Ok(all - used(conn, folio)?)
}

/// What came to an account from the bills of others: money there pays it before it pays a document of the account.
fn settled_here(conn: &Conn, folio: FolioId) -> Result<Money> {
    let came: Money = conn.scalar(&SETTLED_HERE, [folio])?;
    Ok(came.max(Money::ZERO))
}

/// What was paid on a folio and pays nothing yet.
pub fn not_invoiced(conn: &Conn, folio: FolioId) -> Result<Money> {
    Ok(balance(conn, folio)? - settled_here(conn, folio)?)
}

/// What came for documents after they were issued: what pays nothing yet, and what companies paid of what was settled to
/// their accounts.
pub fn came_since(conn: &Conn, folio: FolioId) -> Result<Money> {
    Ok(not_invoiced(conn, folio)? + conn.scalar(&PAID_ON_ACCOUNTS, [folio])?)
}

/// What documents have used of money that was given back, voided or moved away since, beyond what deposit invoices hold.
pub fn gone(conn: &Conn, folio: FolioId) -> Result<Money> {
    let held: Money = standing_deposits(conn, folio)?.iter().map(|deposit| deposit.amount).sum();
    Ok((-balance(conn, folio)? - held).max(Money::ZERO))
}

/// The payments that pay a document, up to `most`: those that others have not used.
pub fn payments(conn: &Conn, folio: FolioId, language: PaperLanguage, most: Money) -> Result<Vec<PaymentOf>> {
    let mut taken = used(conn, folio)? + settled_here(conn, folio)?;
    let (mut left, mut out) = (most, Vec::new());
    for payment in received(conn, folio, language)? {
        let skipped = payment.amount.min(taken).max(Money::ZERO);
        taken = taken - skipped;
        let part = (payment.amount - skipped).min(left);
        if !part.is_zero() {
            left = left - part;
            out.push(PaymentOf { amount: part, ..payment });
        }
    }
    Ok(out)
}

/// The deposit invoices of a folio that no invoice has taken off, with what credit notes have left of each.
fn standing_deposits(conn: &Conn, folio: FolioId) -> Result<Vec<DepositOf>> {
    let rows: Vec<(i64, String, Date, Money, String)> =
        conn.all(&DEPOSITS, [folio], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, number, date, amount, json) in rows {
        let snapshot: Snapshot = serde_json::from_str(&json).map_err(Error::internal)?;
        debug_assert_eq!(snapshot.kind, Kind::DepositInvoice);
        let share = |tax: Tax| {
            let off = store::credited_tax(conn, id, &tax)?;
            Ok(Tax { base: tax.base + off.0, amount: tax.amount + off.1, ..tax })
        };
        let taxes = snapshot.taxes.into_iter().map(share).collect::<Result<_>>()?;
        out.push(DepositOf { id, number, date, amount, taxes });
    }
    Ok(out)
}

/// Those that a document takes off: each whole, as far as it comes to as much and the money is still there.
pub fn deposits(conn: &Conn, folio: FolioId, most: Money) -> Result<Vec<DepositOf>> {
    let mut all = standing_deposits(conn, folio)?;
    let held: Money = all.iter().map(|deposit| deposit.amount).sum();
    let mut left = most.min(balance(conn, folio)? + held);
    all.retain(|deposit| {
        let fits = deposit.amount <= left;
        left = if fits { left - deposit.amount } else { left };
        fits
    });
    Ok(all)
}
