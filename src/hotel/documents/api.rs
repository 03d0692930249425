//! `/api/reservations/{id}/documents/{kind}` and `/api/documents`: documents as pages to read and print, and
//! below each `/pdf`, the same as a file to keep and send.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::blocks::Document;
use super::confirmation::confirmation;
use super::receipt::{receipt, receipt_of_window};
use super::registration_card::registration_card;
use super::stay::Stay;
use super::{account, html, lists, pdf};
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

/// Nothing runs in a document, and nothing of it goes or comes from elsewhere; a logo stands in it itself.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A document's two endpoints: its page, and below it the file.
macro_rules! document {
    ($pattern:literal, $name:literal, $access:expr, $summary:literal, $make:expr $(,)?) => {
        document(
            [$pattern, concat!($pattern, "/pdf")],
            [$name, concat!($name, "_pdf")],
            $access,
            [concat!($summary, ", to print"), concat!($summary, ", as PDF")],
            $make,
        )
    };
}

pub fn endpoints() -> Vec<Endpoint> {
    let documents = [
        document!("/api/reservations/{id}/documents/{kind}", "show_document", Access::READ, "A document of a stay", of_stay),
        document!("/api/documents/arrivals", "show_arrivals_list", Access::READ, "Who arrives on a date", arrivals),
        document!(
            "/api/documents/housekeeping",
            "show_housekeeping_list",
            Access::STAFF,
            "What housekeeping has to do today",
            housekeeping
        ),
        document!(
            "/api/groups/{id}/documents/rooming-list",
            "show_rooming_list",
            Access::READ,
            "The rooms of a group with their names",
            rooming_list
        ),
        document!(
            "/api/companies/{id}/documents/statement",
            "show_statement",
            Access::READ,
            "A company's statement of account",
            statement
        ),
        document!("/api/reminders/{id}/document", "show_reminder", Access::READ, "A reminder", reminder),
    ];
    let style = raw(STYLE_ADDRESS, "document_style", Access::STAFF, "The look of documents", "text/css", show_style);
    documents.into_iter().flatten().chain([style]).collect()
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

/// Two GETs that answer with a document, as a page and as a file. It is made anew each time: no kept answer knows
/// languages.
pub fn document<P: DeserializeOwned + JsonSchema + 'static>(
    patterns: [&'static str; 2],
    names: [&'static str; 2],
    access: Access,
    summaries: [&'static str; 2],
    make: fn(&Conn, P, Language) -> Result<Document>,
) -> [Endpoint; 2] {
    let made = move |app: &App, call: &Call| {
        let params: P = call.params()?;
        app.db.read(&call.context, |conn| make(conn, params, call.request.language()))
    };
    let show = move |app: &App, call: &Call| {
        let made = made(app, call)?;
        Ok(sheet(of_language(&made), &made))
    };
    let save = move |app: &App, call: &Call| {
        let made = made(app, call)?;
        file(of_language(&made), &made, app)
    };
    [
        raw(patterns[0], names[0], access, summaries[0], "text/html", show).takes::<P>(),
        raw(patterns[1], names[1], access, summaries[1], pdf::MEDIA_TYPE, save).takes::<P>().long(),
    ]
}

fn of_language(document: &Document) -> Response {
    Response::new(200).header("Content-Language", document.tag()).header("Vary", "Accept-Language")
}

/// The document as a PDF file, on an answer that says its language, and how many letters this machine could not write.
pub fn file(answer: Response, document: &Document, app: &App) -> Result<Response> {
    let written = pdf::write(document, pdf::Fonts::of_machine(app.db.path()))?;
    let answer = answer.header("Content-Disposition", format!("inline; filename=\"{}\"", file_name(document)));
    let answer = match written.missing {
        0 => answer,
        missing => {
            log::warn!("{missing} characters of a document could not be printed: this machine has no font for them");
            answer.header("Missing-Characters", missing.to_string())
        }
    };
    Ok(answer.with(pdf::MEDIA_TYPE, Payload::Owned(written.bytes)))
}

/// `booking-confirmation-7K2M9.pdf`: its title and number in plain letters, since it stands in a header.
fn file_name(document: &Document) -> String {
    let language = document.language;
    let said = format!("{} {}", document.title.in_language(language), document.number.in_language(language));
    let plain = said.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' }).collect::<String>();
    let title_letters = document.title.in_language(language).chars().count();
    let (title, number) = plain.split_at(plain.char_indices().nth(title_letters).map_or(plain.len(), |(at, _)| at));
    let words = title.to_lowercase();
    let words: Vec<&str> = words.split_whitespace().chain(number.split_whitespace()).collect();
    match words.as_slice() {
        [] => "document.pdf".to_owned(),
        words => format!("{}.pdf", words.join("-")),
    }
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
