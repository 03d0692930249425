//! `/api/invoices`, and documents on a folio.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::credit::{self, Off};
use super::draft::{self, Choices};
use super::language::PaperLanguage;
use super::snapshot::{Kind, Party};
use super::store;
use super::view::{InvoiceDetail, InvoiceView, detail, one, views};
use super::{CreditReason, Invoice, InvoiceNote, issue, paper, ubl_api};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{ChargeId, CompanyId, FolioId, InvoiceId, ReservationId, SeriesId, Version};
use crate::domain::money::{Decimal, Money};
use crate::domain::number::Whole;
use crate::domain::status::words;
use crate::domain::text::{EmailAddress, Line, Name, PhoneNumber};
use crate::domain::wording::{Language, text};
use crate::error::{Error, Fields, Result};
use crate::hotel::documents::api::document;
use crate::hotel::documents::blocks::Document;
use crate::hotel::folio::owner::{self, Folio};
use crate::hotel::listing::{Filter, List, Listing};
use crate::hotel::settings;
use crate::hotel::settings::api::check_version;
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoBody, command, query, update};
use crate::http::paging::{Sorting, list_params, sorts};
use crate::http::request::Method;

/// What a document's answer is read from; a draft is made of the bill as it is now.
const TABLES: &[Table] = &[
    Table::Invoice,
    Table::InvoiceSeries,
    Table::InvoiceSetup,
    Table::Reservation,
    Table::ReservationNight,
    Table::StayGuest,
    Table::Posting,
    Table::AccountItem,
    Table::Folio,
    Table::RoutingRule,
    Table::BookingGroup,
    Table::Company,
    Table::TaxSetup,
    Table::Article,
];

pub fn endpoints() -> Vec<Endpoint> {
    let post = |path, name, what| (Method::Post, path, name, Access::DESK, what);
    let (method, path, name, access, what) = post("/api/folios/{id}/invoices", "create_invoice", "Begin an invoice of a folio");
    let mut out = vec![
        query("/api/invoices", "list_invoices", Access::READ, "Invoices, credit notes and drafts", TABLES, list),
        query("/api/invoices/{id}", "find_invoice", Access::READ, "A document, whole", TABLES, show),
        command(method, path, name, access, what, create).creates(),
    ];
    out.extend(document(
        ["/api/invoices/{id}/document", "/api/invoices/{id}/pdf"],
        ["show_invoice", "save_invoice"],
        Access::READ,
        ["An invoice to read and print", "An invoice as a PDF file"],
        on_paper,
    ));
    let (method, path, name, access, what) =
        post("/api/reservations/{id}/invoices", "create_invoice_of_stay", "Begin an invoice of a stay, paid or to come");
    out.push(command(method, path, name, access, what, create_of_stay).creates());
    let names = ["update_invoice", "replace_invoice"];
    out.extend(update("/api/invoices/{id}", names, Access::DESK, "Change a draft", change));
    out.push(command(Method::Delete, "/api/invoices/{id}", "delete_invoice", Access::DESK, "Throw a draft away", delete));
    let (method, path, name, access, what) =
        post("/api/invoices/{id}/issue", "issue_invoice", "Issue a draft: it gets its number");
    out.push(command(method, path, name, access, what, issue_draft));
    let (method, path, name, access, what) =
        post("/api/invoices/{id}/credit", "credit_invoice", "Credit an invoice, whole or by lines");
    out.push(command(method, path, name, access, what, credit_invoice).creates());
    let (method, path, name, access, what) =
        post("/api/invoices/{id}/correct", "correct_invoice", "Credit an invoice and begin the one in its place");
    out.push(command(method, path, name, access, what, correct).creates());
    let (method, path, name, access, what) = post("/api/invoices/{id}/print", "print_invoice", "Note that it goes out on paper");
    out.push(command(method, path, name, access, what, print));
    out
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByInvoice {
    id: InvoiceId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByFolio {
    id: FolioId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByStay {
    id: ReservationId,
}

words!(
    /// How far a document is.
    InvoiceStatus {
        Draft = "draft",
        Issued = "issued",
        // In full: it counts no more.
        Credited = "credited",
    }
);

list_params! {
    pub struct InvoiceListParams by InvoiceSort {
        kind: Option<Kind>,
        status: Option<InvoiceStatus>,
        folio_id: Option<FolioId>,
        reservation_id: Option<ReservationId>,
        company_id: Option<CompanyId>,
        issued_from: Option<Date>,
        /// The last day, included.
        issued_to: Option<Date>,
        /// A part of the number or of the buyer's name.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of documents.
    InvoiceSort, Id Descending {
        Id = "id" by ["id"],
        IssuedOn = "issued_on" by ["issued_on", "id"],
        GrossAmount = "gross_amount" by ["gross", "id"],
    }
);

fn list(conn: &Conn, p: InvoiceListParams) -> Result<List<InvoiceView>> {
    let (page, order) = (p.page(), p.order());
    let mut filter = Filter::default();
    filter
        .with("kind = ?", p.kind)
        .with("folio_id = ?", p.folio_id)
        .with("reservation_id = ?", p.reservation_id)
        .with("company_id = ?", p.company_id)
        .with("issued_on >= ?", p.issued_from)
        .with("issued_on <= ?", p.issued_to)
        .with("instr(lower(coalesce(number, '') || char(10) || buyer_name), lower(?)) > 0", p.q.filter(|q| !q.is_empty()));
    match p.status {
        Some(InvoiceStatus::Draft) => _ = filter.only("number IS NULL"),
        Some(InvoiceStatus::Issued) => _ = filter.only("number IS NOT NULL AND (credited = 0 OR gross + credited <> 0)"),
        Some(InvoiceStatus::Credited) => _ = filter.only("number IS NOT NULL AND credited < 0 AND gross + credited = 0"),
        None => {}
    }
    let listing = Listing {
        name: "invoices.list",
        table: "invoice",
        columns: Invoice::COLUMNS,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let List { items, total, page, page_size, pages } = listing.read(conn, page, None, Invoice::from_row)?;
    Ok(List { items: views(conn, items)?, total, page, page_size, pages })
}

fn show(conn: &Conn, at: ByInvoice) -> Result<InvoiceDetail> {
    detail(conn, super::find(conn, at.id)?)
}

/// Whom it is addressed to.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PartyRequest {
    pub name: Name<200>,
    pub trade_name: Line<200>,
    pub street: Few<Line<200>, 0, 5>,
    pub postal_code: Line<20>,
    pub city: Line<100>,
    pub region: Line<100>,
    /// ISO 3166, two capital letters.
    pub country: Line<2>,
    pub tax_number: Line<50>,
    pub registration_number: Line<50>,
    pub email: EmailAddress,
    pub phone: PhoneNumber,
    pub website: Line<200>,
    pub endpoint_scheme: Line<10>,
    pub endpoint_id: Line<100>,
    pub is_company: bool,
    pub guest_name: Line<200>,
    pub reference: Line<100>,
}

impl PartyRequest {
    /// What was typed, checked; complaints name the fields below `under`.
    pub fn checked(&self, under: &str, fields: &mut Fields) -> Party {
        let at = |name: &str| format!("{under}.{name}");
        let mut street = Vec::new();
        for (n, line) in self.street.iter().enumerate() {
            street.push(fields.check(&at(&format!("street[{n}]")), line.checked()));
        }
        street.retain(|line| !line.is_empty());
        let country = fields.check(&at("country"), self.country.checked());
        let is_code = country.is_empty() || (country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()));
        fields.ensure(is_code, &at("country"), text!("must be a country’s code of two letters, such as PT"));
        Party {
            name: fields.check(&at("name"), self.name.checked()),
            trade_name: fields.check(&at("trade_name"), self.trade_name.checked()),
            street,
            postal_code: fields.check(&at("postal_code"), self.postal_code.checked()),
            city: fields.check(&at("city"), self.city.checked()),
            region: fields.check(&at("region"), self.region.checked()),
            country,
            tax_number: fields.check(&at("tax_number"), self.tax_number.checked()),
            registration_number: fields.check(&at("registration_number"), self.registration_number.checked()),
            email: fields.check(&at("email"), self.email.checked()),
            phone: fields.check(&at("phone"), self.phone.checked()),
            website: fields.check(&at("website"), self.website.checked()),
            endpoint_scheme: fields.check(&at("endpoint_scheme"), self.endpoint_scheme.checked()),
            endpoint_id: fields.check(&at("endpoint_id"), self.endpoint_id.checked()),
            is_company: self.is_company,
            guest_name: fields.check(&at("guest_name"), self.guest_name.checked()),
            reference: fields.check(&at("reference"), self.reference.checked()),
        }
    }
}

/// A document to be begun. Without more than its kind it is addressed to whoever pays the folio, and has on it all that
/// is on no document yet.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InvoiceRequest {
    /// invoice when left out. A `credit_note` is for what was taken off the bill since its invoice, and is issued at once.
    kind: Option<Kind>,
    language: Option<PaperLanguage>,
    buyer: Option<PartyRequest>,
    charge_ids: Option<Few<ChargeId, 1, 1000>>,
    /// Of a deposit invoice; all that was paid ahead when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    is_simplified: Option<bool>,
    due_on: Option<Date>,
    note: Option<InvoiceNote>,
    series_id: Option<SeriesId>,
    /// Of a credit note.
    reason: Option<CreditReason>,
    /// Of a stay: which of its folios; the guest's own when left out.
    window: Option<Whole<1, 9>>,
    /// Issues it at once.
    is_issued: bool,
}

fn create(tx: &Tx, at: ByFolio, body: InvoiceRequest) -> Result<InvoiceDetail> {
    let folio = owner::find(tx, at.id)?;
    if body.window.is_some() {
        return Err(Error::invalid("window", text!("is known by the folio")));
    }
    begin(tx, &folio, body)
}

fn create_of_stay(tx: &Tx, at: ByStay, body: InvoiceRequest) -> Result<InvoiceDetail> {
    let folio = draft::folio_of(tx, at.id, body.window.as_ref().map_or(1, |window| window.0))?;
    begin(tx, &folio, body)
}

fn begin(tx: &Tx, folio: &Folio, body: InvoiceRequest) -> Result<InvoiceDetail> {
    let property = settings::property(tx)?;
    let mut fields = Fields::default();
    let buyer = body.buyer.as_ref().map(|buyer| buyer.checked("buyer", &mut fields));
    let note = fields.check("note", body.note.unwrap_or_default().checked());
    let reason = body.reason.map(|reason| fields.check("reason", reason.checked()));
    fields.finish()?;
    if body.kind == Some(Kind::CreditNote) {
        let reason = reason.ok_or_else(|| Error::invalid("reason", text!("is missing")))?;
        return detail(tx, credit::of_allowances(tx, folio, &reason)?);
    }
    let choices = Choices {
        language: body.language,
        buyer,
        charge_ids: body.charge_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
        amount: body.amount.map(|amount| property.money("amount", &amount)).transpose()?.map(|amount| amount.0),
        is_simplified: body.is_simplified,
        due_on: body.due_on,
        note,
    };
    let made = super::create(tx, folio, body.kind.unwrap_or(Kind::Invoice), &choices, body.series_id)?;
    if body.is_issued { detail(tx, issue::issue(tx, &made)?) } else { detail(tx, made) }
}

/// What of a draft changes; fields left out stay, and `null` goes back to what follows from the bill and the settings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceChange {
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<PaperLanguage>")]
    language: Option<Option<PaperLanguage>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<PartyRequest>")]
    buyer: Option<Option<PartyRequest>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Few<ChargeId, 1, 1000>>")]
    charge_ids: Option<Option<Few<ChargeId, 1, 1000>>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Decimal>")]
    amount: Option<Option<Decimal>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<bool>")]
    is_simplified: Option<Option<bool>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Date>")]
    due_on: Option<Option<Date>>,
    note: Option<InvoiceNote>,
    series_id: Option<SeriesId>,
    version: Option<Version>,
}

fn change(tx: &Tx, at: ByInvoice, body: InvoiceChange) -> Result<InvoiceDetail> {
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let known = if before.is_draft() { store::choices(tx, at.id)? } else { Choices::default() };
    let mut fields = Fields::default();
    let buyer = body.buyer.map(|buyer| buyer.as_ref().map(|buyer| buyer.checked("buyer", &mut fields)));
    let note = body.note.map(|note| fields.check("note", note.checked()));
    fields.finish()?;
    let property = settings::property(tx)?;
    let amount = body.amount.map(|amount| amount.map(|amount| property.money("amount", &amount)).transpose()).transpose()?;
    let ids = |ids: Few<ChargeId, 1, 1000>| ids.into_iter().map(|id| id.0).collect();
    let choices = Choices {
        language: body.language.unwrap_or(known.language),
        buyer: buyer.unwrap_or(known.buyer),
        charge_ids: body.charge_ids.map_or(known.charge_ids, |given| given.map(ids)),
        amount: amount.map_or(known.amount, |given| given.map(|amount: Money| amount.0)),
        is_simplified: body.is_simplified.unwrap_or(known.is_simplified),
        due_on: body.due_on.unwrap_or(known.due_on),
        note: note.unwrap_or(known.note),
    };
    detail(tx, super::change(tx, &before, &choices, body.series_id)?)
}

fn delete(tx: &Tx, at: ByInvoice, _: NoBody) -> Result<()> {
    super::delete(tx, &super::find(tx, at.id)?)
}

/// Which state of the draft is issued.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IssueRequest {
    version: Option<Version>,
}

fn issue_draft(tx: &Tx, at: ByInvoice, body: IssueRequest) -> Result<InvoiceDetail> {
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    detail(tx, issue::issue(tx, &before)?)
}

/// A line to be credited.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OffRequest {
    /// As the invoice counts them, from 1.
    position: Whole<1, 10_000>,
    /// What is taken off, on the bill as well; all that is left of the line when left out, which frees its charge.
    amount: Option<Decimal>,
}

/// What is credited, and why. Without lines all that is left of the invoice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditRequest {
    reason: CreditReason,
    #[serde(default)]
    lines: Few<OffRequest, 0, 500>,
}

fn credit_invoice(tx: &Tx, at: ByInvoice, body: CreditRequest) -> Result<InvoiceDetail> {
    let (invoice, property) = (super::find(tx, at.id)?, settings::property(tx)?);
    let reason = body.reason.checked().map_err(|message| Error::invalid("reason", message))?;
    if body.lines.is_empty() {
        return detail(tx, credit::credit(tx, &invoice, &reason)?);
    }
    let mut offs = Vec::with_capacity(body.lines.len());
    for line in body.lines {
        let amount = line.amount.map(|amount| property.money("lines", &amount)).transpose()?;
        offs.push(Off { line: usize::try_from(line.position.0 - 1).unwrap_or(usize::MAX), amount });
    }
    detail(tx, credit::credit_lines(tx, &invoice, &offs, &reason)?)
}

/// Why it is corrected.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectRequest {
    reason: CreditReason,
}

/// The credit note, and the draft of the invoice in the place of the one that it takes back.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Corrected {
    credit_note: InvoiceView,
    draft: InvoiceDetail,
}

fn correct(tx: &Tx, at: ByInvoice, body: CorrectRequest) -> Result<Corrected> {
    let reason = body.reason.checked().map_err(|message| Error::invalid("reason", message))?;
    let (note, draft) = credit::correct(tx, &super::find(tx, at.id)?, &reason)?;
    Ok(Corrected { credit_note: one(tx, note)?, draft: detail(tx, draft)? })
}

/// How it goes out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PrintView {
    /// It went out before: what is printed now is marked as a copy.
    is_copy: bool,
}

fn print(tx: &Tx, at: ByInvoice, _: NoBody) -> Result<PrintView> {
    Ok(PrintView { is_copy: super::print(tx, &super::find(tx, at.id)?)? })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OnPaper {
    id: InvoiceId,
    /// Marks it as a copy.
    is_copy: Option<bool>,
}

fn on_paper(conn: &Conn, p: OnPaper, _: Language) -> Result<Document> {
    let invoice = super::find(conn, p.id)?;
    let (snapshot, _) = super::read(conn, &invoice)?;
    let logo = paper::logo(conn, &snapshot)?;
    // There is one original: what went out more than once is a copy, whoever asks.
    let is_copy = p.is_copy.unwrap_or(false) || invoice.prints > 1;
    let mut document = paper::document(&snapshot, logo, is_copy);
    // Where it can be an e-invoice too, the file for people carries the one for programs.
    document.attachments.extend(ubl_api::attachment(&snapshot));
    Ok(document)
}
