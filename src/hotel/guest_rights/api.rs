//! `/api/guests/{id}/personal-data`: all that is known of a guest, for programs and on paper.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::dossier::{self, PersonalData};
use super::paper;
use crate::db::Tx;
use crate::domain::id::GuestId;
use crate::domain::wording::Language;
use crate::error::Result;
use crate::hotel::documents::api::file;
use crate::hotel::documents::pdf;
use crate::hotel::{audit, settings};
use crate::http::endpoint::{Access, Call, Endpoint, NoBody, command, raw};
use crate::http::request::Method;
use crate::http::response::Response;
use crate::http::state::App;

pub fn endpoints() -> Vec<Endpoint> {
    const WHAT: &str = "Take all that is known of a guest; that it was taken stands on the trail";
    const PAPER: &str = "The same to hand over, as a PDF file";
    let mut paper =
        raw("/api/guests/{id}/personal-data.pdf", "show_personal_data", Access::MANAGE, PAPER, pdf::MEDIA_TYPE, on_paper);
    // It leaves an entry, which a read-only copy has no place for.
    paper.leaves_file = false;
    vec![
        command(Method::Post, "/api/guests/{id}/personal-data", "take_personal_data", Access::MANAGE, WHAT, take),
        paper.takes::<OnPaper>().long(),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ByGuest {
    id: GuestId,
}

fn take(tx: &Tx, at: ByGuest, _: NoBody) -> Result<PersonalData> {
    disclose(tx, at.id, "json")
}

/// Gathers it, and notes that somebody took it.
fn disclose(tx: &Tx, id: GuestId, format: &str) -> Result<PersonalData> {
    let data = dossier::gather(tx, id, tx.now())?;
    audit::record(tx, "disclose", "guest", id.0, &audit::NOTHING, &json!({ "format": format }))?;
    Ok(data)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OnPaper {
    id: GuestId,
    /// The paper's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
}

fn on_paper(app: &App, call: &Call) -> Result<Response> {
    let OnPaper { id, language } = call.params()?;
    let (data, property) =
        app.db.write(call.context.clone(), move |tx| Ok((disclose(tx, id, "pdf")?, settings::property(tx)?)))?;
    let paper = paper::of(&data, &property, id, language.unwrap_or(call.request.language()));
    let answer = Response::new(200).header("Content-Language", paper.language.tag()).header("Vary", "Accept-Language");
    file(answer, &paper, app)
}
