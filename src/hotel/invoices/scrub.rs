//! Names of people leave issued documents once tax law asks for them no more. Amounts, numbers and what was sold stay,
//! and the hashes tell of the document as it was issued.

use serde_json::json;

use super::snapshot::Party;
use super::{Invoice, store};
use crate::db::Tx;
use crate::db::sql::statements;
use crate::error::{Error, Result};
use crate::hotel::audit;
use crate::hotel::guests::ERASED_NAME;

statements! {
    SCRUB = "invoices.scrub": "UPDATE invoice SET snapshot = ?2, buyer_name = ?3, reason = '', choices = '{}', scrubbed_at = ?4, version = version + 1
        WHERE id = ?1";
}

/// Takes the guest out of a document, as buyer and as who stayed; a company stays what it is.
///
/// # Errors
/// When the database refuses.
pub fn scrub(tx: &Tx, invoice: &Invoice) -> Result<()> {
    let mut snapshot = store::snapshot(tx, invoice.id)?;
    snapshot.buyer = match snapshot.buyer.is_company {
        true => Party { guest_name: String::new(), reference: String::new(), ..snapshot.buyer },
        false => Party { name: ERASED_NAME.to_owned(), country: snapshot.buyer.country, ..Party::default() },
    };
    if let Some(stay) = &mut snapshot.stay {
        ERASED_NAME.clone_into(&mut stay.guest_name);
    }
    snapshot.texts.note.clear();
    snapshot.payments.iter_mut().for_each(|payment| payment.reference.clear());
    if let Some(original) = &mut snapshot.refers_to {
        original.reason.clear();
    }
    let content = serde_json::to_string(&snapshot).map_err(Error::internal)?;
    tx.run(&SCRUB, (invoice.id, content, &snapshot.buyer.name, tx.now()))?;
    audit::record(tx, "scrub", "invoice", invoice.id.0, &audit::NOTHING, &json!({ "number": invoice.number }))
}
