//! Invoices, credit notes, deposit invoices and pro forma invoices.
//!
//! A draft has no number and uses nothing up. What is issued gets the next number of its series in the same
//! transaction, keeps a snapshot of every word and amount, and never changes: it is credited, and another takes its
//! place. Each posting stands on one document that counts.

pub mod api;
pub mod checks;
pub mod country;
pub mod credit;
pub mod draft;
pub mod issue;
pub mod language;
pub mod lines;
pub mod money;
pub mod paper;
pub mod parties;
pub mod scrub;
pub mod seal;
pub mod series;
pub mod setup;
pub mod setup_api;
pub mod snapshot;
pub mod store;
pub mod ubl;
pub mod ubl_api;
pub mod view;
pub mod words;

use crate::db::record::record;
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{CompanyId, FolioId, InvoiceId, ReservationId, SeriesId};
use crate::domain::money::Money;
use crate::domain::text::{Line, Name};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::folio::owner::Folio;
use crate::hotel::{Slice, audit};
use draft::Choices;
use snapshot::{Kind, Snapshot};

pub const SLICE: Slice = Slice {
    name: "invoices",
    endpoints: |_| api::endpoints().into_iter().chain(setup_api::endpoints()).chain([ubl_api::endpoint()]).collect(),
    statements: &[
        store::STATEMENTS,
        lines::STATEMENTS,
        money::STATEMENTS,
        issue::STATEMENTS,
        credit::STATEMENTS,
        scrub::STATEMENTS,
        series::STATEMENTS,
        setup::STATEMENTS,
        checks::STATEMENTS,
        seal::STATEMENTS,
    ],
    areas: &[("invoices", &[Table::Invoice, Table::InvoiceSeries, Table::InvoiceSetup])],
    invariants: checks::INVARIANTS,
    proofs: checks::PROOFS,
    ..Slice::EMPTY
};

/// Why something is credited.
pub type CreditReason = Name<200>;
/// What somebody writes on one document.
pub type InvoiceNote = Line<500>;

record! {
    /// A document, or a draft of one.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Invoice {
        pub id: InvoiceId,
        pub kind: Kind,
        pub folio_id: FolioId,
        pub reservation_id: Option<ReservationId>,
        pub confirmation_number: Option<String> = "(SELECT r.confirmation_number FROM reservation AS r WHERE r.id = invoice.reservation_id)",
        pub company_id: Option<CompanyId>,
        pub refers_to_id: Option<InvoiceId>,
        pub refers_to_number: Option<String> = "(SELECT o.number FROM invoice AS o WHERE o.id = invoice.refers_to_id)",
        pub reason: String,
        pub series_id: Option<SeriesId>,
        /// `None` of a draft.
        pub number: Option<String>,
        pub issued_on: Option<Date>,
        pub issued_at: Option<Instant>,
        pub issued_by: Option<String>,
        pub due_on: Option<Date>,
        pub buyer_name: String,
        pub is_simplified: bool,
        pub net: Money,
        pub tax: Money,
        pub gross: Money,
        pub rounding: Money,
        pub prepaid: Money,
        pub payable: Money,
        /// The sum of its credit notes, which is negative or zero.
        pub credited: Money,
        pub prints: i64,
        pub created_at: Instant,
        pub created_by: String,
        pub version: i64,
    }
}

impl Invoice {
    pub fn is_draft(&self) -> bool {
        self.number.is_none()
    }

    /// Whether nothing of it counts any more.
    pub fn is_credited_whole(&self) -> bool {
        self.credited.is_negative() && (self.gross + self.credited).is_zero()
    }
}

/// # Errors
/// `NotFound` when there is none.
pub fn find(conn: &Conn, id: InvoiceId) -> Result<Invoice> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This invoice does not exist.")))
}

/// A draft of a document on a folio.
///
/// # Errors
/// 409 where there is nothing to put on it.
pub fn create(tx: &Tx, folio: &Folio, kind: Kind, choices: &Choices, series: Option<SeriesId>) -> Result<Invoice> {
    if kind == Kind::CreditNote {
        return Err(Error::invalid(
            "kind",
            text!("must be invoice, deposit_invoice or pro_forma; a credit note is made of its invoice"),
        ));
    }
    let made = open(tx, folio, kind, (None, ""), series)?;
    let snapshot = draft::keep(tx, &made, choices)?;
    if snapshot.lines.is_empty() {
        return Err(nothing_to_invoice(kind));
    }
    told(tx, "create", &find(tx, made.id)?)
}

fn nothing_to_invoice(kind: Kind) -> Error {
    let detail = match kind {
        Kind::DepositInvoice => text!("There is no prepayment that still needs an invoice."),
        Kind::Invoice | Kind::CreditNote | Kind::ProForma => text!("There is nothing on this folio to invoice."),
    };
    Error::refused(Code::NothingToInvoice, detail)
}

/// An empty draft.
fn open(
    tx: &Tx,
    folio: &Folio,
    kind: Kind,
    (refers_to, reason): (Option<InvoiceId>, &str),
    series: Option<SeriesId>,
) -> Result<Invoice> {
    let series = series::usable(tx, kind, series)?;
    let company = folio.payer_company_id.or(folio.company_id);
    let id = store::insert(tx, kind, (folio.id, folio.reservation_id, company), (refers_to, reason), series.id)?;
    find(tx, id)
}

/// Changes what was chosen for a draft.
///
/// # Errors
/// 409 once it is issued.
pub fn change(tx: &Tx, before: &Invoice, choices: &Choices, series: Option<SeriesId>) -> Result<Invoice> {
    check_draft(before)?;
    if let Some(series) = series {
        store::set_series(tx, before.id, series::usable(tx, before.kind, Some(series))?.id)?;
    }
    draft::keep(tx, before, choices)?;
    told(tx, "change", &find(tx, before.id)?)
}

/// Throws a draft away: it never had a number.
pub fn delete(tx: &Tx, invoice: &Invoice) -> Result<()> {
    check_draft(invoice)?;
    store::delete(tx, invoice.id)?;
    audit::record(tx, "delete", "invoice", invoice.id.0, &facts(invoice), &audit::NOTHING)
}

fn check_draft(invoice: &Invoice) -> Result<()> {
    let Some(number) = &invoice.number else { return Ok(()) };
    let detail = text!("{number} has been issued and cannot be changed. Correct it with a credit note.", number);
    Err(Error::refused(Code::LedgerIsAppendOnly, detail))
}

fn check_issued(invoice: &Invoice) -> Result<()> {
    if !invoice.is_draft() {
        return Ok(());
    }
    Err(Error::refused(Code::IllegalTransition, text!("This is a draft: issue it first or delete it.")))
}

/// What a document says: of a draft as it would be issued now.
pub fn read(conn: &Conn, invoice: &Invoice) -> Result<(Snapshot, bool)> {
    if !invoice.is_draft() {
        return Ok((store::snapshot(conn, invoice.id)?, false));
    }
    let built = draft::build(conn, invoice, &store::choices(conn, invoice.id)?)?;
    Ok((built.snapshot, built.has_lost_lines))
}

/// Notes that it goes out on paper; whether it did before, so that this one is a copy.
pub fn print(tx: &Tx, invoice: &Invoice) -> Result<bool> {
    if invoice.is_draft() {
        return Ok(false);
    }
    store::count_print(tx, invoice.id)?;
    let is_copy = invoice.prints > 0;
    let entry = serde_json::json!({ "number": invoice.number, "is_copy": is_copy });
    audit::record(tx, "print", "invoice", invoice.id.0, &audit::NOTHING, &entry)?;
    Ok(is_copy)
}

/// What the trail tells of it: no name, since erasing a guest does not reach these entries.
fn facts(invoice: &Invoice) -> serde_json::Value {
    serde_json::json!({
        "kind": invoice.kind, "number": invoice.number, "folio_id": invoice.folio_id, "net_minor": invoice.net.0,
        "tax_minor": invoice.tax.0, "gross_minor": invoice.gross.0, "refers_to_id": invoice.refers_to_id,
    })
}

/// Writes the entry of a deed, and gives back what it was done to.
fn told(tx: &Tx, deed: &str, invoice: &Invoice) -> Result<Invoice> {
    audit::record(tx, deed, "invoice", invoice.id.0, &audit::NOTHING, &facts(invoice))?;
    Ok(invoice.clone())
}
