//! The one place where an error becomes a status: RFC 9457 problem details.

use serde_json::{Map, Value, json};

use super::response::{Payload, Response, reason};
use crate::error::Error;

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
        Error::Busy(_) | Error::DiskFull => 503,
        Error::Damaged => 500,
        Error::Internal(_) => 500,
    }
}

/// The problem as a response. Faults of ours are logged here, once, and told in general words.
pub fn from_error(error: &Error, request_id: &str) -> Response {
    let status = status_of(error);
    let mut extra = Map::new();
    let (kind, detail) = match error {
        Error::Invalid(fields) => {
            extra.insert("errors".to_owned(), json!(fields));
            let first = fields.first().map(|f| format!("{} {}.", f.field, f.message));
            ("invalid-field", first.unwrap_or_else(|| "A field is not right.".to_owned()))
        }
        Error::Refused(refusal) => {
            extra.extend(refusal.extra.clone());
            (refusal.code.as_str(), refusal.detail.clone())
        }
        Error::NotFound(detail) => ("not-found", detail.clone()),
        Error::BadRequest(detail) => ("bad-request", detail.clone()),
        Error::UnsupportedMedia => ("unsupported-media-type", error.to_string()),
        Error::Unauthenticated(detail) => ("not-signed-in", detail.clone()),
        Error::Forbidden(detail) => ("not-allowed", detail.clone()),
        Error::Busy(detail) => ("busy", detail.clone()),
        Error::DiskFull => ("disk-full", error.to_string()),
        Error::Damaged => ("data-damaged", error.to_string()),
        Error::Internal(what) => {
            log::error!("request {request_id}: {what}");
            (
                "fault",
                format!("Something went wrong in Innkeeper. Nothing was changed. Its log has the details under {request_id}."),
            )
        }
    };
    let response = build(status, kind, &detail, extra);
    match status {
        401 => response.header("WWW-Authenticate", "Bearer"),
        503 => response.header("Retry-After", "1"),
        _ => response,
    }
}

/// A problem that has no error behind it: of the transport.
pub fn plain(status: u16, kind: &str, detail: &str) -> Response {
    build(status, kind, detail, Map::new())
}

fn build(status: u16, kind: &str, detail: &str, extra: Map<String, Value>) -> Response {
    let mut body = Map::new();
    body.insert("type".to_owned(), json!(format!("{TYPE_BASE}{kind}")));
    body.insert("title".to_owned(), json!(reason(status)));
    body.insert("status".to_owned(), json!(status));
    body.insert("detail".to_owned(), json!(detail));
    body.extend(extra);
    let bytes = Value::Object(body).to_string().into_bytes();
    Response::new(status).header("Cache-Control", "no-store").with("application/problem+json", Payload::Owned(bytes))
}
