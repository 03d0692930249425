//! `/api/invoices/{id}/xml`: an issued document as an e-invoice.

use schemars::JsonSchema;
use serde::Deserialize;

use super::snapshot::Snapshot;
use super::ubl;
use crate::domain::id::InvoiceId;
use crate::domain::wording::Text;
use crate::error::Result;
use crate::hotel::documents::blocks::Attachment;
use crate::http::endpoint::{Access, Call, Endpoint, raw};
use crate::http::response::{Payload, Response};
use crate::http::state::App;

pub fn endpoint() -> Endpoint {
    const WHAT: &str = "An issued document as an e-invoice: UBL by EN 16931, or by Peppol where both sides have an address there";
    raw("/api/invoices/{id}/xml", "show_e_invoice", Access::READ, WHAT, "application/xml", show).takes::<ByInvoice>()
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ByInvoice {
    id: InvoiceId,
}

fn show(app: &App, call: &Call) -> Result<Response> {
    let at: ByInvoice = call.params()?;
    let snapshot = app.db.read(&call.context, |conn| Ok(super::read(conn, &super::find(conn, at.id)?)?.0))?;
    let bytes = ubl::document(&snapshot)?;
    Ok(Response::new(200)
        .header("Content-Disposition", format!("attachment; filename=\"{}\"", file_name(&snapshot)))
        .with("application/xml", Payload::Owned(bytes)))
}

fn file_name(snapshot: &Snapshot) -> String {
    let number = snapshot.number.as_deref().unwrap_or_default();
    let plain: String = number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{plain}.xml")
}

/// The e-invoice as it goes along in the PDF file; `None` where the document can be none.
pub fn attachment(snapshot: &Snapshot) -> Option<Attachment> {
    let bytes = ubl::document(snapshot).ok()?;
    let description = Text::as_it_is(format!("UBL 2.1, EN 16931: {}", snapshot.number.as_deref().unwrap_or_default()));
    Some(Attachment { name: file_name(snapshot), media_type: "application/xml", description, bytes })
}
