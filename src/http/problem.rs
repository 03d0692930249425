//! The one place where an error becomes a status: RFC 9457 problem details.

use serde_json::{Map, Value, json};

use super::response::{Payload, Response, reason};
use crate::domain::wording::{Language, Text, text};
use crate::error::{Error, FieldError};

/// The start of every problem's `type`; what follows is an `error::Code` or a status word.
const TYPE_BASE: &str = "urn:innkeeper:problem:";

fn status_of(error: &Error) -> u16 {
    match error {
        Error::Invalid(_) => 422,
        Error::Refused(_) => 409,
        Error::NotFound(_) => 404,
        Error::BadRequest(_) => 400,
        Error::UnsupportedMedia => 415,
        Error::Unauthenticated(_) => 401,
        Error::Forbidden(_) => 403,
        Error::TooMany { .. } => 429,
        Error::Busy(_) | Error::DiskFull => 503,
        Error::Damaged => 500,
        Error::Internal(_) => 500,
    }
}

/// A bad field as it is told.
#[derive(serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "FieldError")]
pub struct Complaint {
    field: String,
    message: String,
}

/// The problem as a response. Faults of ours are logged here, once, and told in general words.
pub fn from_error(error: &Error, request_id: &str, language: Language) -> Response {
    let status = status_of(error);
    let mut extra = Map::new();
    let mut said = error.said();
    let kind = match error {
        Error::Invalid(fields) => {
            let told = |f: &FieldError| Complaint { field: f.field.clone(), message: f.message.in_language(language) };
            extra.insert("errors".to_owned(), json!(fields.iter().map(told).collect::<Vec<_>>()));
            "invalid-field"
        }
        Error::Refused(refusal) => {
            extra.extend(refusal.extra.clone());
            refusal.code.as_str()
        }
        Error::NotFound(_) => "not-found",
        Error::BadRequest(_) => "bad-request",
        Error::UnsupportedMedia => "unsupported-media-type",
        Error::Unauthenticated(_) => "not-signed-in",
        Error::Forbidden(_) => "not-allowed",
        Error::TooMany { .. } => "too-many-requests",
        Error::Busy(_) => "busy",
        Error::DiskFull => "disk-full",
        Error::Damaged => "data-damaged",
        Error::Internal(what) => {
            log::error!("request {request_id}: {what}");
            said = text!(
                "Something went wrong in Innkeeper. Nothing was changed. Its log has the details under {request}.",
                request = request_id
            );
            "fault"
        }
    };
    let response = build(status, kind, &said, extra, language);
    match (status, error) {
        (_, Error::TooMany { seconds, .. }) => response.header("Retry-After", seconds.to_string()),
        (401, _) => response.header("WWW-Authenticate", "Bearer"),
        (503, _) => response.header("Retry-After", "1"),
        _ => response,
    }
}

/// A problem that has no error behind it: of the transport.
pub fn plain(status: u16, kind: &str, detail: &Text, language: Language) -> Response {
    build(status, kind, detail, Map::new(), language)
}

/// The one answer whose words follow the reader's language, and which therefore varies with it.
fn build(status: u16, kind: &str, detail: &Text, extra: Map<String, Value>, language: Language) -> Response {
    let mut body = Map::new();
    body.insert("type".to_owned(), json!(format!("{TYPE_BASE}{kind}")));
    body.insert("title".to_owned(), json!(reason(status)));
    body.insert("status".to_owned(), json!(status));
    body.insert("detail".to_owned(), json!(detail.in_language(language)));
    body.extend(extra);
    let bytes = Value::Object(body).to_string().into_bytes();
    Response::new(status)
        .header("Cache-Control", "no-store")
        .header("Content-Language", language.tag())
        .header("Vary", "Accept-Language")
        .with("application/problem+json", Payload::Owned(bytes))
}
