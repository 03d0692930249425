//! Credit notes: what was issued is taken back whole, by lines or by amounts, never by more than is left of a line.
//!
//! A document or a line that is credited whole frees its postings: they can be voided, moved, or put on another
//! document. An amount is taken off the bill as well, as an allowance, which the credit note then stands for; so the
//! bill and its documents always come to the same.

use super::draft::{self, Built, Choices, Maker};
use super::lines::{self, Piece};
use super::snapshot::{Kind, Line, Snapshot, Tax};
use super::{Invoice, check_issued, find, issue, nothing_to_invoice, open, store, told};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{ChargeId, FolioId, InvoiceId};
use crate::domain::money::Money;
use crate::domain::status::ChargeKind;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::folio::owner::{self, Folio};
use crate::hotel::folio::{self, NewCharge};
use crate::hotel::settings;

statements! {
    LEFT = "invoices.left": "SELECT l.net + coalesce(sum(c.net), 0), l.tax + coalesce(sum(c.tax), 0), l.gross + coalesce(sum(c.gross), 0)
        FROM invoice_line AS l LEFT JOIN invoice_line AS c ON c.credits_id = l.id
        WHERE l.invoice_id = ?1
        GROUP BY l.id
        ORDER BY l.position";
    FREE_ALL = "invoices.free_all": "UPDATE invoice_posting SET is_live = 0
        WHERE is_live = 1 AND invoice_id IN (SELECT ?1 UNION ALL SELECT id FROM invoice WHERE refers_to_id = ?1 AND kind = 'credit_note')";
    FREE_CHARGE = "invoices.free_charge": "UPDATE invoice_posting SET is_live = 0
        WHERE is_live = 1 AND posting_id IN (SELECT id FROM posting WHERE folio_id = ?2 AND (id = ?1 OR reverses_id = ?1 OR moves_id = ?1))
            AND invoice_id IN (SELECT ?3 UNION ALL SELECT id FROM invoice WHERE refers_to_id = ?3 AND kind = 'credit_note')";
    FREE_DEPOSITS = "invoices.free_deposits": "UPDATE invoice_deposit SET is_live = 0 WHERE is_live = 1 AND invoice_id = ?1";
    TAKEN_OFF_BY = "invoices.taken_off_by": "SELECT i.number FROM invoice_deposit AS d CROSS JOIN invoice AS i ON i.id = d.invoice_id
        WHERE d.deposit_id = ?1 AND d.is_live = 1";
}

/// What is taken off a line, counted from 0; without an amount all that is left of it.
#[derive(Debug, Clone, Copy)]
pub struct Off {
    pub line: usize,
    pub amount: Option<Money>,
}

/// What is left of a line.
#[derive(Debug, Clone, Copy)]
struct Left {
    net: Money,
    tax: Money,
    gross: Money,
}

/// An issued document that something is taken off.
struct Original {
    invoice: Invoice,
    snapshot: Snapshot,
    left: Vec<Left>,
}

impl Original {
    fn find(conn: &Conn, invoice: &Invoice) -> Result<Original> {
        check_creditable(conn, invoice)?;
        let left = conn.all(&LEFT, [invoice.id], |row| Ok(Left { net: row.get(0)?, tax: row.get(1)?, gross: row.get(2)? }))?;
        Ok(Original { invoice: invoice.clone(), snapshot: store::snapshot(conn, invoice.id)?, left })
    }

    /// The lines that are parts of one price with a line, itself among them.
    fn together(&self, at: usize) -> Vec<usize> {
        let charge = self.snapshot.lines[at].charge_id;
        let is_together = |other: &usize| *other == at || (charge.is_some() && self.snapshot.lines[*other].charge_id == charge);
        (0..self.snapshot.lines.len()).filter(is_together).collect()
    }

    /// Whether the charge of a line is taxed in several ways: an amount off it would be spread over all of them.
    fn is_split(&self, at: usize) -> bool {
        let lines = &self.snapshot.lines;
        self.together(at)
            .into_iter()
            .any(|other| (lines[other].category, lines[other].rate) != (lines[at].category, lines[at].rate))
    }

    /// A line that takes so much of a line off.
    fn off(&self, at: usize, off: Left) -> Line {
        let line = &self.snapshot.lines[at];
        let is_whole = off.gross == line.gross;
        let taxes = off.tax.by_weights(&line.taxes.iter().map(|tax| tax.amount.0).collect::<Vec<_>>());
        let tax = |(tax, amount): (&Tax, Money)| Tax { base: -off.net, amount: -amount, ..tax.clone() };
        let service = |service: &Tax| Tax {
            base: -service.base.times_ratio(off.net.0, line.net.0),
            amount: -service.amount.times_ratio(off.net.0, line.net.0),
            ..service.clone()
        };
        Line {
            posting_ids: Vec::new(),
            quantity: if is_whole { line.quantity } else { 1 },
            unit_amount: if is_whole { -line.unit_amount } else { -off.gross },
            net: -off.net,
            tax: -off.tax,
            gross: -off.gross,
            taxes: line.taxes.iter().zip(taxes).map(tax).collect(),
            services: line.services.iter().map(service).collect(),
            credits: Some(at),
            ..line.clone()
        }
    }

    /// The credit note with lines that take off, issued.
    fn note(&self, tx: &Tx, reason: &str, made: Vec<Line>, rounding: Money, postings: Vec<i64>) -> Result<Invoice> {
        let folio = owner::find(tx, self.invoice.folio_id)?;
        let row = open(tx, &folio, Kind::CreditNote, (Some(self.invoice.id), reason), None)?;
        let choices =
            Choices { language: Some(self.snapshot.language), buyer: Some(self.snapshot.buyer.clone()), ..Choices::default() };
        let maker = Maker::new(tx, &row, &choices)?;
        let mut snapshot = maker.empty(&row)?;
        snapshot.lines = made;
        snapshot.rounding = rounding;
        snapshot.add_up();
        maker.finish(&mut snapshot)?;
        let note = issue::write(tx, &row, Built { snapshot, postings, has_lost_lines: false })?;
        if find(tx, self.invoice.id)?.is_credited_whole() {
            tx.run(&FREE_DEPOSITS, [self.invoice.id])?;
        }
        Ok(note)
    }

    /// Which line of it a line that takes off belongs to.
    fn line_of(&self, off: &Line) -> Option<usize> {
        let is_it = |line: &Line| (line.charge_id, line.category, line.rate) == (off.charge_id, off.category, off.rate);
        self.snapshot.lines.iter().position(|line| is_it(line) && line.gross.is_negative() != off.gross.is_negative())
    }
}

/// What can be credited: what is issued, is no credit note itself, and still counts.
fn check_creditable(conn: &Conn, invoice: &Invoice) -> Result<()> {
    check_issued(invoice)?;
    if !matches!(invoice.kind, Kind::Invoice | Kind::DepositInvoice) {
        let detail = text!("Only an invoice can be credited.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    if invoice.is_credited_whole() {
        return Err(Error::refused(Code::AlreadyReversed, text!("This invoice is already credited in full.")));
    }
    let taken_off: Option<String> = conn.one(&TAKEN_OFF_BY, [invoice.id], |row| row.get(0))?;
    if let Some(number) = taken_off {
        let detail = text!("Invoice {number} deducts this deposit. Credit that invoice first.", number);
        return Err(Error::refused(Code::StillInUse, detail));
    }
    Ok(())
}

/// Takes back all that is left of a document.
pub fn credit(tx: &Tx, invoice: &Invoice, reason: &str) -> Result<Invoice> {
    let original = Original::find(tx, invoice)?;
    let left = original.left.iter().enumerate().filter(|(_, left)| !left.gross.is_zero());
    let made = left.map(|(at, left)| original.off(at, *left)).collect();
    let note = original.note(tx, reason, made, -original.snapshot.rounding, Vec::new())?;
    tx.run(&FREE_ALL, [invoice.id])?;
    // One that came to nothing is never less than nothing.
    tx.run(&FREE_DEPOSITS, [invoice.id])?;
    Ok(note)
}

/// Takes lines, or amounts of lines, off a document.
///
/// # Errors
/// 409 `more-than-original` for more than is left of a line.
pub fn credit_lines(tx: &Tx, invoice: &Invoice, offs: &[Off], reason: &str) -> Result<Invoice> {
    let original = Original::find(tx, invoice)?;
    let (mut made, mut freed, mut allowances): (Vec<Line>, Vec<i64>, Vec<ChargeId>) = (Vec::new(), Vec::new(), Vec::new());
    for off in offs {
        let Some(left) = original.left.get(off.line).copied() else {
            return Err(Error::invalid("lines", text!("must name lines of this invoice")));
        };
        let charge = original.snapshot.lines[off.line].charge_id;
        // The other parts of its price went with the first one.
        if off.amount.is_none() && charge.is_some_and(|charge| freed.contains(&charge)) {
            continue;
        }
        let wanted = off.amount.unwrap_or(left.gross);
        if wanted.is_zero() || wanted.is_negative() != left.gross.is_negative() || wanted.0.abs() > left.gross.0.abs() {
            let left = settings::property(tx)?.money_in_words(left.gross);
            return Err(Error::refused(Code::MoreThanOriginal, text!("Only {left} of this line is left.", left)));
        }
        match (charge, off.amount) {
            (Some(_), Some(_)) if original.is_split(off.line) => {
                let detail =
                    text!("This line is one of several parts of a price. Give the allowance on the bill, then credit it here.");
                return Err(Error::refused(Code::IllegalTransition, detail));
            }
            (Some(charge), None) => {
                let together = original.together(off.line).into_iter().filter(|at| !original.left[*at].gross.is_zero());
                made.extend(together.map(|at| original.off(at, original.left[at])));
                freed.push(charge);
            }
            (Some(charge), Some(amount)) => allowances.push(allow(tx, invoice, ChargeId(charge), amount, reason)?),
            (None, _) => {
                let tax = left.tax.times_ratio(wanted.0, left.gross.0);
                made.push(original.off(off.line, Left { net: wanted - tax, tax, gross: wanted }));
            }
        }
    }
    let pieces = lines::standing(tx, invoice.folio_id)?.pieces;
    let pieces: Vec<&Piece> = pieces.iter().filter(|piece| allowances.iter().any(|id| id.0 == piece.says)).collect();
    let (more, postings) = original.of_pieces(tx, &pieces)?;
    made.extend(more);
    let note = original.note(tx, reason, made, Money::ZERO, postings)?;
    freed.into_iter().try_for_each(|charge| tx.run(&FREE_CHARGE, (charge, invoice.folio_id, invoice.id)).map(|_| ()))?;
    Ok(note)
}

impl Original {
    /// The lines of what was taken off its charges on the bill, and their postings.
    fn of_pieces(&self, tx: &Tx, pieces: &[&Piece]) -> Result<(Vec<Line>, Vec<i64>)> {
        let choices = Choices { language: Some(self.snapshot.language), ..Choices::default() };
        let maker = Maker::new(tx, &self.invoice, &choices)?;
        let (mut made, mut postings) = (Vec::new(), Vec::new());
        for piece in pieces {
            for line in maker.writing().lines(tx, piece)? {
                let credits = self.line_of(&line);
                made.push(Line { credits, ..line });
            }
            postings.extend(&piece.postings);
        }
        Ok((made, postings))
    }
}

/// Takes an amount off a charge, on the bill that the document is about.
fn allow(tx: &Tx, invoice: &Invoice, charge: ChargeId, amount: Money, reason: &str) -> Result<ChargeId> {
    let line = folio::find(tx, charge)?;
    let owner = owner::find(tx, invoice.folio_id)?.owner();
    let new = NewCharge {
        reverses_id: Some(charge),
        reservation_id: line.reservation_id,
        note: reason.to_owned(),
        ..NewCharge::to(owner, ChargeKind::Allowance, amount)
    };
    let made = folio::add(tx, new, Some(reason))?;
    if made.folio_id != invoice.folio_id {
        let detail = text!("This line is shared over several folios. Give the allowance on the bill, then credit it here.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    Ok(made.id)
}

/// A credit note for what was taken off the bill since an invoice of it was issued: the oldest such invoice first.
///
/// # Errors
/// 409 where nothing of what is on invoices was taken off.
pub fn of_allowances(tx: &Tx, folio: &Folio, reason: &str) -> Result<Invoice> {
    let pieces = lines::standing(tx, folio.id)?.pieces;
    let invoice: Option<InvoiceId> = pieces.iter().filter(|piece| piece.is_credit()).filter_map(|piece| piece.invoiced_by).min();
    let Some(id) = invoice else { return Err(nothing_to_invoice(Kind::CreditNote)) };
    let original = Original::find(tx, &find(tx, id)?)?;
    let pieces: Vec<&Piece> = pieces.iter().filter(|piece| piece.is_credit() && piece.invoiced_by == Some(id)).collect();
    let (made, postings) = original.of_pieces(tx, &pieces)?;
    original.note(tx, reason, made, Money::ZERO, postings)
}

/// Takes a document back and begins the one that takes its place: with the same lines, buyer and language.
pub fn correct(tx: &Tx, invoice: &Invoice, reason: &str) -> Result<(Invoice, Invoice)> {
    check_creditable(tx, invoice)?;
    let snapshot = store::snapshot(tx, invoice.id)?;
    let note = credit(tx, invoice, reason)?;
    let folio = owner::find(tx, invoice.folio_id)?;
    let draft = open(tx, &folio, invoice.kind, (Some(invoice.id), reason), None)?;
    let mut charges: Vec<i64> = snapshot.lines.iter().filter_map(|line| line.charge_id).collect();
    charges.dedup();
    let choices = Choices {
        language: Some(snapshot.language),
        buyer: Some(snapshot.buyer),
        charge_ids: (invoice.kind == Kind::Invoice).then_some(charges),
        amount: (invoice.kind == Kind::DepositInvoice).then_some(snapshot.gross.0),
        is_simplified: Some(snapshot.is_simplified),
        due_on: None,
        note: snapshot.texts.note,
    };
    draft::keep(tx, &draft, &choices)?;
    Ok((note, told(tx, "create", &find(tx, draft.id)?)?))
}

/// What was taken off charges that are on invoices, and is on no credit note yet.
pub fn waiting_for_credit(conn: &Conn, folio: FolioId) -> Result<Money> {
    Ok(lines::standing(conn, folio)?.pieces.iter().filter(|piece| piece.is_credit()).map(|piece| piece.amount).sum())
}
