//! What was paid on a folio, and which documents it has paid already: money pays one document only.

use super::language::PaperLanguage;
use super::snapshot::{DepositOf, Kind, PaymentOf, Snapshot, Tax};
use super::store;
use crate::db::Conn;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{FolioId, InvoiceId};
use crate::domain::money::Money;
use crate::error::{Error, Result};
use crate::hotel::folio::owner::{self, FolioKind};
use crate::hotel::folio::{payments, transfers};

statements! {
    // Of money a payment is worth what it pays of the bill: cash without what it was rounded by.
    RECEIVED = "invoices.received": "SELECT coalesce(sum(-p.amount), 0) FROM posting AS p
        WHERE p.folio_id = ?1 AND (p.method IS NOT NULL OR p.article_id = 10
            OR (p.entry = 'transfer' AND p.article_id = -1 AND CASE
                WHEN p.moves_id IS NULL THEN EXISTS (SELECT 1 FROM posting AS o CROSS JOIN folio AS f ON f.id = o.folio_id
                    WHERE o.id = p.counter_id AND f.kind = 'security')
                ELSE EXISTS (SELECT 1 FROM posting AS m WHERE m.id = p.moves_id AND m.method IS NOT NULL) END))";
    ROUNDINGS = "invoices.roundings" selects RoundedBy "FROM posting AS p CROSS JOIN posting AS m ON m.id = p.payment_id
        WHERE p.folio_id = ?1 AND p.article_id = 10 AND p.entry <> 'void'
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND v.entry = 'void')
        ORDER BY p.id";
    GIVEN_BACK_ON = "invoices.given_back_on": "SELECT max(business_date) FROM posting WHERE folio_id = ?1 AND amount > 0
        AND (method IS NOT NULL OR (entry = 'transfer' AND EXISTS (SELECT 1 FROM posting AS m WHERE m.id = posting.moves_id AND m.method IS NOT NULL)))";
    FIGURES = "invoices.figures" selects Figures "FROM invoice
        WHERE folio_id = ?1 AND number IS NOT NULL AND kind IN ('invoice', 'deposit_invoice') AND gross + credited > 0
        ORDER BY id";
    DEPOSITS = "invoices.deposits": "SELECT i.id, i.number, i.issued_on, i.gross + i.credited, i.snapshot
        FROM invoice AS i
        WHERE i.folio_id = ?1 AND i.kind = 'deposit_invoice' AND i.number IS NOT NULL AND i.gross + i.credited > 0
            AND NOT EXISTS (SELECT 1 FROM invoice_deposit AS d WHERE d.deposit_id = i.id AND d.is_live = 1)
        ORDER BY i.id
        LIMIT 100";
    SETTLED_HERE = "invoices.settled_here": "SELECT coalesce(sum(t.amount), 0) FROM posting AS t
        WHERE t.folio_id = ?1 AND t.entry = 'transfer' AND t.article_id = -1 AND t.moves_id IS NULL AND t.ledger = 'company'";
    // What went to accounts of companies, and what they paid of it.
    SETTLED_AWAY = "invoices.settled_away": "SELECT coalesce(sum(i.amount), 0), coalesce(sum(i.amount - i.open_amount), 0)
        FROM posting AS t CROSS JOIN account_item AS i ON i.id = t.counter_id
        WHERE t.folio_id = ?1 AND t.entry = 'transfer' AND t.article_id = -1 AND t.moves_id IS NULL AND t.reverses_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = t.id AND v.entry = 'transfer')";
}

record! {
    /// A line that says what cash was rounded by.
    #[derive(Debug, Clone, Copy)]
    struct RoundedBy {
        payment: i64 = "coalesce(m.reverses_id, m.id)",
        posting: i64 = "p.id",
        amount: Money = "p.amount",
        is_invoiced: bool = "EXISTS (SELECT 1 FROM invoice_posting AS i WHERE i.posting_id = p.id AND i.is_live = 1)",
    }
}

record! {
    /// What an issued invoice comes to, and what has paid it.
    #[derive(Debug, Clone, Copy)]
    struct Figures {
        id: InvoiceId,
        is_deposit: bool = "kind = 'deposit_invoice'",
        /// Less what was credited.
        gross: Money = "gross + credited",
        /// When it was issued.
        paid: Money = "prepaid - rounding",
        due: Money = "gross + rounding - prepaid + credited",
        is_taken_off: bool = "EXISTS (SELECT 1 FROM invoice_deposit AS d WHERE d.deposit_id = invoice.id AND d.is_live = 1)",
    }
}

impl Figures {
    /// What of the money on the folio it has used. A deposit that an invoice takes off is part of what that has used.
    fn used(&self) -> Money {
        match (self.is_deposit, self.is_taken_off) {
            (true, true) => Money::ZERO,
            (true, false) => self.gross,
            (false, _) => self.paid.min(self.gross).max(Money::ZERO),
        }
    }

    /// What was still due when it was issued, less what was credited since.
    fn due(&self) -> Money {
        if self.is_deposit { Money::ZERO } else { self.due.max(Money::ZERO) }
    }
}

/// Money on a folio.
struct Received {
    paid: PaymentOf,
    /// What it was rounded by.
    rounding: Money,
    /// As far as that is on no document: postings and their sum.
    to_show: (Vec<i64>, Money),
}

impl Received {
    fn of(paid: PaymentOf, roundings: &[RoundedBy], id: i64) -> Received {
        let own = || roundings.iter().filter(move |rounded| rounded.payment == id);
        let free = || own().filter(|rounded| !rounded.is_invoiced);
        Received {
            paid,
            rounding: own().map(|rounded| rounded.amount).sum(),
            to_show: (free().map(|rounded| rounded.posting).collect(), free().map(|rounded| rounded.amount).sum()),
        }
    }
}

/// Money on a folio, in the order it came; what was given back is taken off it.
fn received(conn: &Conn, folio: FolioId, language: PaperLanguage) -> Result<Vec<Received>> {
    let roundings = conn.all(&ROUNDINGS, [folio], RoundedBy::from_row)?;
    let mut out = Vec::new();
    for (payment, amount) in payments::standing_on(conn, folio)? {
        let id = payment.id.0;
        let paid = PaymentOf {
            date: payment.business_date,
            label: method_in_words(language, &payment.payment_method),
            method: payment.payment_method,
            reference: payment.reference_number,
            amount,
        };
        out.push(Received::of(paid, &roundings, id));
    }
    // What was kept of a security pays the damage.
    for moved in transfers::on_folio(conn, folio)?.into_iter().filter(|moved| moved.moves_id.is_none()) {
        if owner::find(conn, moved.other_folio_id)?.kind == FolioKind::Security {
            let paid = PaymentOf {
                date: moved.business_date,
                method: "security".to_owned(),
                label: language.word("method_security").to_owned(),
                reference: String::new(),
                amount: -moved.amount,
            };
            out.push(Received::of(paid, &[], 0));
        }
    }
    Ok(out)
}

fn method_in_words(language: PaperLanguage, method: &str) -> String {
    let key = format!("method_{method}");
    if PaperLanguage::knows(&key) { language.word(&key).to_owned() } else { method.to_owned() }
}

/// Whose the money on a folio is.
struct Shares {
    issued: Vec<Figures>,
    /// What was paid and no document has used yet; less than nothing where what they used is gone again.
    balance: Money,
    /// What came to an account from the bills of others: money there pays it before it pays a document of the account.
    settled_here: Money,
    /// What went to accounts of companies, and what they paid of it.
    settled_away: (Money, Money),
}

impl Shares {
    fn of(conn: &Conn, folio: FolioId) -> Result<Shares> {
        let issued = conn.all(&FIGURES, [folio], Figures::from_row)?;
        let received: Money = conn.scalar(&RECEIVED, [folio])?;
        let settled_here: Money = conn.scalar(&SETTLED_HERE, [folio])?;
        let settled_away = conn.one(&SETTLED_AWAY, [folio], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default();
        let used: Money = issued.iter().map(Figures::used).sum();
        Ok(Shares { issued, balance: received - used, settled_here: settled_here.max(Money::ZERO), settled_away })
    }

    fn used(&self) -> Money {
        self.issued.iter().map(Figures::used).sum()
    }

    /// What the money that came since is for: what was issued before, and did not go to a company.
    fn claimed(&self) -> Money {
        let due: Money = self.issued.iter().map(Figures::due).sum();
        self.settled_here + (due - self.settled_away.0).max(Money::ZERO)
    }
}

/// What was paid on a folio and pays nothing yet.
pub fn not_invoiced(conn: &Conn, folio: FolioId) -> Result<Money> {
    let shares = Shares::of(conn, folio)?;
    Ok(shares.balance - shares.claimed())
}

/// What is still to be paid of each invoice of a folio: money that came since they were issued, or that companies paid of
/// what was settled to their accounts, pays the oldest first; what had paid and is gone again is missing on the newest.
pub fn open_amounts(conn: &Conn, folio: FolioId) -> Result<Vec<(InvoiceId, Money)>> {
    let shares = Shares::of(conn, folio)?;
    let held: Money = shares.issued.iter().filter(|i| i.is_deposit).map(Figures::used).sum();
    let mut came = (shares.balance - shares.settled_here + shares.settled_away.1).max(Money::ZERO);
    let mut gone = (-shares.balance - held).max(Money::ZERO);
    let mut out = Vec::with_capacity(shares.issued.len());
    let invoices = || shares.issued.iter().filter(|i| !i.is_deposit);
    let mut missing: Vec<Money> = Vec::new();
    for invoice in invoices().rev() {
        let part = invoice.used().min(gone);
        gone = gone - part;
        missing.push(part);
    }
    for (invoice, missing) in invoices().zip(missing.into_iter().rev()) {
        let due = invoice.due();
        let paid = due.min(came);
        came = came - paid;
        out.push((invoice.id, due - paid + missing));
    }
    Ok(out)
}

/// The payments that pay a document, up to `most`, out of what others have not used; with the last of a payment in cash
/// goes what it was rounded by. `has_rounding` says whether the document stands for that.
pub fn pay(conn: &Conn, folio: FolioId, snapshot: &mut Snapshot, most: Money, has_rounding: bool) -> Result<Vec<i64>> {
    let shares = Shares::of(conn, folio)?;
    let mut taken = shares.used() + shares.claimed();
    let (mut left, mut postings) = (most, Vec::new());
    for one in received(conn, folio, snapshot.language)? {
        let worth = one.paid.amount - one.rounding;
        let skipped = worth.min(taken).max(Money::ZERO);
        taken = taken - skipped;
        let part = (worth - skipped).min(left);
        if part.is_zero() {
            continue;
        }
        left = left - part;
        let mut amount = part;
        if has_rounding && part == worth - skipped {
            amount = amount + one.to_show.1;
            snapshot.rounding = snapshot.rounding + one.to_show.1;
            postings.extend(one.to_show.0);
        }
        snapshot.payments.push(PaymentOf { amount, ..one.paid });
    }
    Ok(postings)
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

/// Those that a document takes off, each whole; and what of their money was given back. The last document of a stay takes
/// all of them off, and what they are more than the bill is given back; one before it those that it comes to.
pub fn deposits(conn: &Conn, folio: FolioId, most: Money, is_last: bool) -> Result<(Vec<DepositOf>, Option<PaymentOf>)> {
    let mut all = standing_deposits(conn, folio)?;
    let held: Money = all.iter().map(|deposit| deposit.amount).sum();
    let there = Shares::of(conn, folio)?.balance + held;
    if is_last {
        let missing = (held - there.max(Money::ZERO)).max(Money::ZERO);
        let on: Option<Date> = conn.scalar(&GIVEN_BACK_ON, [folio])?;
        let given_back = on.filter(|_| !missing.is_zero()).map(|date| PaymentOf {
            date,
            method: "refund".to_owned(),
            label: String::new(),
            reference: String::new(),
            amount: -missing,
        });
        return Ok((all, given_back));
    }
    let mut left = most.min(there);
    all.retain(|deposit| {
        let fits = deposit.amount <= left;
        left = if fits { left - deposit.amount } else { left };
        fits
    });
    Ok((all, None))
}
