//! `/api/reservations/{id}/documents/{kind}` and `/api/documents`: documents as pages to read and print.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::blocks::Document;
use super::confirmation::confirmation;
use super::receipt::{receipt, receipt_of_window};
use super::registration_card::registration_card;
use super::stay::Stay;
use super::{account, html, lists};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, GroupId, ReminderId, ReservationId};
use crate::domain::number::Whole;
use crate::domain::status::words;
use crate::domain::wording::Language;
use crate::error::Result;
use crate::http::endpoint::{Access, Call, Endpoint, raw};
use crate::http::response::{Payload, Response};
use crate::http::state::App;

const STYLE_ADDRESS: &str = "/api/documents/sheet.css";

/// Nothing runs in a document, and nothing of it goes or comes from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        document("/api/reservations/{id}/documents/{kind}", "show_document", Access::READ, "A document of a stay", of_stay),
        document("/api/documents/arrivals", "show_arrivals_list", Access::READ, "Who arrives on a date, to print", arrivals),
        document(
            "/api/documents/housekeeping",
            "show_housekeeping_list",
            Access::STAFF,
            "What housekeeping has to do today, to print",
            housekeeping,
        ),
        document(
            "/api/groups/{id}/documents/rooming-list",
            "show_rooming_list",
            Access::READ,
            "The rooms of a group with their names, to print",
            rooming_list,
        ),
        document(
            "/api/companies/{id}/documents/statement",
            "show_statement",
            Access::READ,
            "A company's statement of account, to print",
            statement,
        ),
        document("/api/reminders/{id}/document", "show_reminder", Access::READ, "A reminder, to print", reminder),
        raw(STYLE_ADDRESS, "document_style", Access::STAFF, "The look of documents", "text/css", show_style),
    ]
}

words!(
    /// The documents of a stay.
    Kind { Confirmation = "confirmation", Registration = "registration", Receipt = "receipt" }
);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfStay {
    id: ReservationId,
    kind: Kind,
    /// Of the receipt: one folio of the stay, with what its payer owes and paid; all of it when left out.
    window: Option<Whole<1, 9>>,
    /// The document's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
}

fn of_stay(conn: &Conn, p: OfStay, spoken: Language) -> Result<Document> {
    let stay = Stay::find(conn, p.id, p.language.unwrap_or(spoken))?;
    match p.kind {
        Kind::Confirmation => confirmation(conn, &stay),
        Kind::Registration => registration_card(conn, &stay),
        Kind::Receipt => match p.window {
            Some(window) => receipt_of_window(conn, &stay, window.0),
            None => receipt(conn, &stay),
        },
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfDay {
    /// The business date when left out.
    date: Option<Date>,
    /// The document's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
}

fn arrivals(conn: &Conn, p: OfDay, spoken: Language) -> Result<Document> {
    lists::arrivals(conn, p.date, p.language.unwrap_or(spoken))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfToday {
    /// The document's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
}

fn housekeeping(conn: &Conn, p: OfToday, spoken: Language) -> Result<Document> {
    lists::housekeeping(conn, p.language.unwrap_or(spoken))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfGroup {
    id: GroupId,
    /// The document's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
}

fn rooming_list(conn: &Conn, p: OfGroup, spoken: Language) -> Result<Document> {
    lists::rooming_list(conn, p.id, p.language.unwrap_or(spoken))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfAccount {
    id: CompanyId,
    /// The first of the month of the last day when left out.
    from: Option<Date>,
    /// The business date when left out.
    to: Option<Date>,
    /// The document's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
}

fn statement(conn: &Conn, p: OfAccount, spoken: Language) -> Result<Document> {
    account::statement(conn, p.id, (p.from, p.to), p.language.unwrap_or(spoken))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfReminder {
    id: ReminderId,
    /// The document's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
}

fn reminder(conn: &Conn, p: OfReminder, spoken: Language) -> Result<Document> {
    account::reminder(conn, p.id, p.language.unwrap_or(spoken))
}

/// A GET that answers with a document. It is made anew each time: no kept answer knows languages.
fn document<P: DeserializeOwned + JsonSchema + 'static>(
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    make: fn(&Conn, P, Language) -> Result<Document>,
) -> Endpoint {
    let show = move |app: &App, call: &Call| {
        let params: P = call.params()?;
        let made = app.db.read(&call.context, |conn| make(conn, params, call.request.language()))?;
        let answer = Response::new(200).header("Content-Language", made.language.tag()).header("Vary", "Accept-Language");
        Ok(sheet(answer, &made))
    };
    raw(pattern, name, access, summary, "text/html", show).takes::<P>()
}

/// The document as a page, on an answer that says its language.
pub fn sheet(answer: Response, document: &Document) -> Response {
    answer
        .header("Content-Security-Policy", POLICY)
        .with("text/html; charset=utf-8", Payload::Owned(html::page(document, STYLE_ADDRESS).into_bytes()))
}

fn show_style(_: &App, _: &Call) -> Result<Response> {
    Ok(Response::new(200).with("text/css; charset=utf-8", Payload::Static(html::STYLE.as_bytes())))
}
