//! Names of people leave issued documents once tax law asks for them no more. Amounts, numbers and what was sold stay,
//! and what is left is proved by the hashes as before.

use serde_json::{Value, json};

use super::{Invoice, seal, store};
use crate::db::Tx;
use crate::db::sql::statements;
use crate::error::{Error, Result};
use crate::hotel::audit;

statements! {
    SCRUB = "invoices.scrub": "UPDATE invoice SET snapshot = ?2, buyer_name = ?3, reason = '', scrubbed_at = ?4, scrubbed_by = ?5, version = version + 1
        WHERE id = ?1";
}

/// Takes the guest out of a document, as buyer and as who stayed; a company stays what it is.
///
/// # Errors
/// When the database refuses.
pub fn scrub(tx: &Tx, invoice: &Invoice) -> Result<()> {
    let unreadable = || Error::internal("a document is stored as nobody can read it");
    let mut snapshot: Value = serde_json::from_str(&store::snapshot_text(tx, invoice.id)?).map_err(Error::internal)?;
    seal::take_names_out(&mut snapshot).ok_or_else(unreadable)?;
    let buyer = snapshot["buyer"]["name"].as_str().ok_or_else(unreadable)?;
    tx.run(&SCRUB, (invoice.id, snapshot.to_string(), buyer, tx.now(), &tx.actor().username))?;
    audit::record(tx, "scrub", "invoice", invoice.id.0, &audit::NOTHING, &json!({ "number": invoice.number }))
}
