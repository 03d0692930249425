//! Documents as the API tells of them.

use std::collections::{BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::Serialize;

use super::api::InvoiceStatus;
use super::country::{self, Warning};
use super::language::PaperLanguage;
use super::snapshot::{Bank, Category, Kind, Party, Snapshot, Tax};
use super::{Invoice, credit, draft, lines, money, store};
use crate::db::Conn;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{CompanyId, FolioId, InvoiceId, ReservationId, SeriesId};
use crate::domain::money::{Amount, Currency, Money};
use crate::domain::status::words;
use crate::error::Result;
use crate::hotel::settings::{self, Property};

/// A document, or a draft of one. Of a credit note all amounts are negative.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InvoiceView {
    id: InvoiceId,
    kind: Kind,
    status: InvoiceStatus,
    /// `null` of a draft.
    number: Option<String>,
    folio_id: FolioId,
    reservation_id: Option<ReservationId>,
    confirmation_number: Option<String>,
    company_id: Option<CompanyId>,
    /// Of a credit note, and of an invoice that takes the place of one.
    refers_to_id: Option<InvoiceId>,
    refers_to_number: Option<String>,
    reason: String,
    series_id: Option<SeriesId>,
    issued_on: Option<Date>,
    issued_at: Option<Instant>,
    issued_by: Option<String>,
    due_on: Option<Date>,
    buyer_name: String,
    is_simplified: bool,
    net_amount: Amount,
    tax_amount: Amount,
    gross_amount: Amount,
    /// What cash was rounded by.
    rounding_amount: Amount,
    /// Paid when it was issued.
    prepaid_amount: Amount,
    /// What was still to be paid when it was issued.
    payable_amount: Amount,
    /// By credit notes; negative.
    credited_amount: Amount,
    /// What is still to be paid of it, by what was paid and credited since.
    open_amount: Amount,
    /// How often it went out on paper.
    prints: i64,
    created_at: Instant,
    created_by: String,
    version: i64,
}

fn view(open: Money, i: Invoice, property: &Property) -> InvoiceView {
    let amount = |money: Money| property.amount(money);
    let status = match (i.is_draft(), i.is_credited_whole()) {
        (true, _) => InvoiceStatus::Draft,
        (false, true) => InvoiceStatus::Credited,
        (false, false) => InvoiceStatus::Issued,
    };
    InvoiceView {
        open_amount: amount(open),
        id: i.id,
        kind: i.kind,
        status,
        number: i.number,
        folio_id: i.folio_id,
        reservation_id: i.reservation_id,
        confirmation_number: i.confirmation_number,
        company_id: i.company_id,
        refers_to_id: i.refers_to_id,
        refers_to_number: i.refers_to_number,
        reason: i.reason,
        series_id: i.series_id,
        issued_on: i.issued_on,
        issued_at: i.issued_at,
        issued_by: i.issued_by,
        due_on: i.due_on,
        buyer_name: i.buyer_name,
        is_simplified: i.is_simplified,
        net_amount: amount(i.net),
        tax_amount: amount(i.tax),
        gross_amount: amount(i.gross),
        rounding_amount: amount(i.rounding),
        prepaid_amount: amount(i.prepaid),
        payable_amount: amount(i.payable),
        credited_amount: amount(i.credited),
        prints: i.prints,
        created_at: i.created_at,
        created_by: i.created_by,
        version: i.version,
    }
}

/// What is still to be paid of one document.
fn open(conn: &Conn, invoice: &Invoice) -> Result<Money> {
    let all = money::open_amounts(conn, invoice.folio_id)?;
    Ok(all.into_iter().find(|(id, _)| *id == invoice.id).map_or(Money::ZERO, |(_, amount)| amount))
}

pub fn one(conn: &Conn, invoice: Invoice) -> Result<InvoiceView> {
    Ok(view(open(conn, &invoice)?, invoice, &settings::property(conn)?))
}

/// Documents of a list; each folio among theirs is looked at once.
pub fn views(conn: &Conn, invoices: Vec<Invoice>) -> Result<Vec<InvoiceView>> {
    let property = settings::property(conn)?;
    let folios: BTreeSet<FolioId> = invoices.iter().filter(|i| !i.is_draft()).map(|i| i.folio_id).collect();
    let mut open: HashMap<InvoiceId, Money> = HashMap::new();
    for folio in folios {
        open.extend(money::open_amounts(conn, folio)?);
    }
    Ok(invoices.into_iter().map(|invoice| view(open.get(&invoice.id).copied().unwrap_or_default(), invoice, &property)).collect())
}

words!(
    /// What an invoice should say and does not know.
    Missing {
        SellerAddress = "seller_address",
        SellerTaxNumber = "seller_tax_number",
        SellerCountry = "seller_country",
        BuyerAddress = "buyer_address",
    }
);

#[derive(Debug, Serialize, JsonSchema)]
pub struct TaxView {
    name: String,
    category: Category,
    /// In percent.
    rate: Amount,
    base_amount: Amount,
    amount: Amount,
    /// Why there is none.
    exemption: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct LineView {
    /// As the document counts them, from 1.
    position: i64,
    charge_id: Option<i64>,
    date: Date,
    description: String,
    quantity: i64,
    unit_amount: Amount,
    net_amount: Amount,
    tax_amount: Amount,
    amount: Amount,
    category: Category,
    /// Of all taxes on it, in percent.
    rate: Amount,
    /// By credit notes; negative.
    credited_amount: Amount,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PaidView {
    date: Date,
    method: String,
    label: String,
    reference: String,
    amount: Amount,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct TakenOffView {
    id: InvoiceId,
    number: String,
    date: Date,
    amount: Amount,
}

/// A charge that may be on a draft.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChoosableView {
    charge_id: i64,
    date: Date,
    description: String,
    amount: Amount,
    is_chosen: bool,
}

/// A document that came after another one and names it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FollowerView {
    id: InvoiceId,
    kind: Kind,
    number: Option<String>,
    issued_on: Option<Date>,
    gross_amount: Amount,
}

/// A document with all that it says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InvoiceDetail {
    #[serde(flatten)]
    invoice: InvoiceView,
    language: PaperLanguage,
    title: String,
    seller: Party,
    bank: Bank,
    buyer: Party,
    lines: Vec<LineView>,
    taxes: Vec<TaxView>,
    /// The service charge in the net amount.
    services: Vec<TaxView>,
    payments: Vec<PaidView>,
    deposits: Vec<TakenOffView>,
    required: Vec<String>,
    terms: String,
    footer: String,
    note: String,
    /// Of a draft: charges of the folio that are on no document.
    choosable: Vec<ChoosableView>,
    /// Of a draft: something that was chosen for it is there no more.
    has_lost_lines: bool,
    /// Whether somebody typed to whom it is addressed.
    has_typed_buyer: bool,
    missing: Vec<Missing>,
    /// Why paper or PDF is not enough in the seller's country.
    warning: Option<Warning>,
    /// Credit notes on it, and what takes its place.
    followers: Vec<FollowerView>,
    /// What was taken off its charges on the bill and waits for a credit note; negative.
    uncredited_amount: Amount,
}

/// Millionths of a whole as percent.
fn percent(millionths: i64) -> Amount {
    Amount { minor: millionths, exponent: 4 }
}

fn tax_view(tax: Tax, currency: &Currency) -> TaxView {
    TaxView {
        name: tax.name,
        category: tax.category,
        rate: percent(tax.rate),
        base_amount: currency.amount(tax.base),
        amount: currency.amount(tax.amount),
        exemption: tax.exemption,
    }
}

fn missing(s: &Snapshot) -> Vec<Missing> {
    let has_address = |party: &Party| !party.street.is_empty() || !party.city.is_empty();
    let checks = [
        (Missing::SellerAddress, has_address(&s.seller)),
        (Missing::SellerTaxNumber, !s.seller.tax_number.is_empty() || s.tax.is_zero()),
        (Missing::SellerCountry, !s.seller.country.is_empty()),
        (Missing::BuyerAddress, has_address(&s.buyer) || s.is_simplified),
    ];
    checks.into_iter().filter(|(_, is_known)| !is_known).map(|(what, _)| what).collect()
}

pub fn detail(conn: &Conn, invoice: Invoice) -> Result<InvoiceDetail> {
    let property = settings::property(conn)?;
    let choices = if invoice.is_draft() { store::choices(conn, invoice.id)? } else { draft::Choices::default() };
    let (s, has_lost_lines) = super::read(conn, &invoice)?;
    let currency = s.currency();
    let choosable = choosable(conn, &invoice, &choices, &s)?;
    let followers = store::followers(conn, invoice.id)?;
    let credited = store::credited_lines(conn, invoice.id)?;
    let line = |(at, line): (usize, super::snapshot::Line)| LineView {
        position: at as i64 + 1,
        charge_id: line.charge_id,
        date: line.date,
        description: line.description,
        quantity: line.quantity,
        unit_amount: currency.amount(line.unit_amount),
        net_amount: currency.amount(line.net),
        tax_amount: currency.amount(line.tax),
        amount: currency.amount(line.gross),
        category: line.category,
        rate: percent(line.rate),
        credited_amount: currency.amount(credited.get(at).copied().unwrap_or_default()),
    };
    let is_draft = invoice.is_draft();
    let follower = |other: Invoice| FollowerView {
        id: other.id,
        kind: other.kind,
        number: other.number,
        issued_on: other.issued_on,
        gross_amount: property.amount(other.gross),
    };
    Ok(InvoiceDetail {
        missing: if is_draft { missing(&s) } else { Vec::new() },
        warning: country::find(&s.seller.country).and_then(|country| country.warning),
        uncredited_amount: property.amount(credit::waiting_for_credit(conn, invoice.folio_id)?),
        language: s.language,
        title: s.texts.title,
        seller: s.seller,
        bank: s.bank,
        buyer: s.buyer,
        lines: s.lines.into_iter().enumerate().map(line).collect(),
        taxes: s.taxes.into_iter().map(|tax| tax_view(tax, &currency)).collect(),
        services: s.services.into_iter().map(|tax| tax_view(tax, &currency)).collect(),
        payments: s
            .payments
            .into_iter()
            .map(|p| PaidView {
                date: p.date,
                method: p.method,
                label: p.label,
                reference: p.reference,
                amount: currency.amount(p.amount),
            })
            .collect(),
        deposits: s
            .deposits
            .into_iter()
            .map(|d| TakenOffView { id: InvoiceId(d.id), number: d.number, date: d.date, amount: currency.amount(d.amount) })
            .collect(),
        required: s.texts.required,
        terms: s.texts.terms,
        footer: s.texts.footer,
        note: s.texts.note,
        choosable,
        has_lost_lines,
        has_typed_buyer: choices.buyer.is_some(),
        followers: followers.into_iter().map(follower).collect(),
        invoice: view(open(conn, &invoice)?, invoice, &property),
    })
}

/// The charges of a draft's folio, and which of them are on it.
fn choosable(conn: &Conn, invoice: &Invoice, choices: &draft::Choices, s: &Snapshot) -> Result<Vec<ChoosableView>> {
    if !invoice.is_draft() || invoice.kind == Kind::DepositInvoice {
        return Ok(Vec::new());
    }
    let maker = draft::Maker::new(conn, invoice, choices)?;
    let mut out: Vec<ChoosableView> = Vec::new();
    for piece in lines::standing(conn, invoice.folio_id)?.pieces.iter().filter(|piece| !piece.is_credit()) {
        let made = maker.writing().lines(conn, piece)?;
        let Some(first) = made.first() else { continue };
        match out.iter_mut().find(|known| known.charge_id == piece.root) {
            Some(known) => known.amount.minor += piece.amount.0,
            None => out.push(ChoosableView {
                charge_id: piece.root,
                date: first.date,
                description: first.description.clone(),
                amount: s.currency().amount(piece.amount),
                is_chosen: choices.charge_ids.as_ref().is_none_or(|ids| ids.contains(&piece.root)),
            }),
        }
    }
    Ok(out)
}
