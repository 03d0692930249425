//! The hashes that prove that nothing issued was changed, taken out or put in between.
//!
//! Two parts are hashed: every column and figure of the document together with what its snapshot says when nobody is
//! named in it, and the words as they were issued. The second hash stays when names are scrubbed, so that a scrubbed
//! document is proved like any other. A document's own hash ties both to the hash of the document before.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::InvoiceId;
use crate::error::{Error, Result};
use crate::hotel::guests::ERASED_NAME;

statements! {
    FIND = "invoices.sealed" selects Sealed "FROM invoice AS i WHERE i.id = ?1";
    ALL = "check.invoice_chain" selects Sealed "FROM invoice AS i WHERE i.number IS NOT NULL ORDER BY i.chain_position", scans "a check reads everything";
    BEFORE = "invoices.hash_before": "SELECT chain_hash FROM invoice WHERE chain_position = ?1";
    SEAL = "invoices.seal": "UPDATE invoice SET words_hash = ?2, chain_hash = ?3 WHERE id = ?1";
    PICTURES = "check.pictures": "SELECT hash, data FROM picture", scans "a check reads everything";
}

record! {
    /// A document as its hashes see it. What goes into `figures` never changes: other columns, another hash.
    #[derive(Debug, Clone)]
    pub struct Sealed {
        number: String = "i.number",
        position: Option<i64> = "i.chain_position",
        snapshot: String = "i.snapshot",
        buyer_name: String = "i.buyer_name",
        reason: String = "i.reason",
        is_scrubbed: bool = "(i.scrubbed_at IS NOT NULL OR i.scrubbed_by IS NOT NULL)",
        words_hash: Option<String> = "i.words_hash",
        chain_hash: Option<String> = "i.chain_hash",
        figures: String = "json_array(i.id, i.kind, i.folio_id, i.reservation_id, i.company_id, i.choices, i.refers_to_id, i.series_id, i.year,
                i.serial, i.number, i.issued_on, i.issued_at, i.issued_by, i.due_on, i.is_simplified, i.net, i.tax, i.gross, i.rounding,
                i.prepaid, i.chain_position, i.created_at, i.created_by)
            || (SELECT coalesce(group_concat(json_array(l.id, l.position, l.charge_id, l.category, l.rate, l.net, l.tax, l.gross, l.credits_id), '' ORDER BY l.id), '-')
                FROM invoice_line AS l WHERE l.invoice_id = i.id)
            || (SELECT coalesce(group_concat(json_array(t.id, t.name, t.category, t.rate, t.base, t.amount), '' ORDER BY t.id), '-')
                FROM invoice_tax AS t WHERE t.invoice_id = i.id)
            || (SELECT coalesce(group_concat(json_array(p.id, p.posting_id), '' ORDER BY p.id), '-') FROM invoice_posting AS p WHERE p.invoice_id = i.id)
            || (SELECT coalesce(group_concat(json_array(d.id, d.deposit_id, d.amount), '' ORDER BY d.id), '-') FROM invoice_deposit AS d WHERE d.invoice_id = i.id)",
    }
}

impl Sealed {
    /// The hash of the words as they were issued; what is left of them after scrubbing is not what it was made of.
    fn hash_of_words(&self) -> String {
        hash(&format!("{}\n{}\n{}", self.buyer_name, self.reason, self.snapshot))
    }

    /// What it says when nobody is named in it; `None` of what is no snapshot.
    fn nameless(&self) -> Option<String> {
        let mut snapshot = serde_json::from_str(&self.snapshot).ok()?;
        take_names_out(&mut snapshot)?;
        Some(snapshot.to_string())
    }

    fn hash_after(&self, before: &str, words_hash: &str) -> Option<String> {
        Some(hash(&format!("{before}\n{}\n{words_hash}\n{}", self.figures, self.nameless()?)))
    }

    /// Whether it is what was issued, or what scrubbing has left of that.
    fn is_whole(&self, before: &str) -> bool {
        let Some(words_hash) = &self.words_hash else { return false };
        let are_its_words = match self.is_scrubbed {
            false => self.hash_of_words() == *words_hash,
            true => self.reason.is_empty() && self.nameless().as_ref() == Some(&self.snapshot) && self.names_its_buyer(),
        };
        are_its_words && self.chain_hash.is_some() && self.hash_after(before, words_hash) == self.chain_hash
    }

    fn names_its_buyer(&self) -> bool {
        let snapshot: Option<Value> = serde_json::from_str(&self.snapshot).ok();
        snapshot.as_ref().and_then(|snapshot| snapshot["buyer"]["name"].as_str()) == Some(&self.buyer_name)
    }
}

/// Takes guests out of a stored snapshot, as buyer and as who stayed; a company stays what it is. Done twice it is the
/// same as once. What it leaves is hashed: it leaves the same for ever.
pub fn take_names_out(snapshot: &mut Value) -> Option<()> {
    let buyer = snapshot.get_mut("buyer")?.as_object_mut()?;
    let is_company = buyer.get("is_company")?.as_bool()?;
    for (name, value) in buyer.iter_mut() {
        let goes = if is_company { name == "guest_name" || name == "reference" } else { name != "country" };
        match value {
            Value::String(said) if goes => said.clear(),
            Value::Array(lines) if goes => lines.clear(),
            _ => {}
        }
    }
    if !is_company {
        buyer.insert("name".to_owned(), ERASED_NAME.into());
    }
    if let Some(stay) = snapshot.get_mut("stay").and_then(Value::as_object_mut) {
        stay.insert("guest_name".to_owned(), ERASED_NAME.into());
    }
    for payment in snapshot.get_mut("payments")?.as_array_mut()? {
        payment.as_object_mut()?.insert("reference".to_owned(), "".into());
    }
    let mut reason = String::new();
    if let Some(original) = snapshot.get_mut("refers_to").and_then(Value::as_object_mut) {
        reason.push_str(original.get("reason")?.as_str()?);
        original.insert("reason".to_owned(), "".into());
    }
    // What an amount was credited for stands on its line as well.
    for line in snapshot.get_mut("lines")?.as_array_mut()? {
        if line.get("description")?.as_str()? == reason {
            line.as_object_mut()?.insert("description".to_owned(), "".into());
        }
    }
    snapshot.get_mut("texts")?.as_object_mut()?.insert("note".to_owned(), "".into());
    Some(())
}

/// Ties a document that was just written to the one before.
pub fn seal(tx: &Tx, id: InvoiceId) -> Result<()> {
    let unreadable = || Error::internal("a document is stored as nobody can read it");
    let sealed = tx.one(&FIND, [id], Sealed::from_row)?.ok_or_else(unreadable)?;
    let before: Option<String> = tx.one(&BEFORE, [sealed.position.unwrap_or_default() - 1], |row| row.get(0))?;
    let words_hash = sealed.hash_of_words();
    let chain_hash = sealed.hash_after(&before.unwrap_or_default(), &words_hash).ok_or_else(unreadable)?;
    tx.run(&SEAL, (id, words_hash, chain_hash)).map(|_| ())
}

/// Reckons the chain of hashes up again, from the first document to the last; and what pictures are known by.
pub fn changed(conn: &Conn) -> Result<Vec<String>> {
    let (mut before, mut place, mut wrong) = (String::new(), 0, Vec::new());
    conn.each(&ALL, [], |row| {
        let sealed = Sealed::from_row(row)?;
        place += 1;
        if sealed.position != Some(place) || !sealed.is_whole(&before) {
            wrong.push(sealed.number);
        }
        before = sealed.chain_hash.unwrap_or_default();
        Ok(())
    })?;
    conn.each(&PICTURES, [], |row| {
        let (known_by, data): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        if hash_bytes(&data) != known_by {
            wrong.push(format!("picture {known_by}"));
        }
        Ok(())
    })?;
    Ok(wrong)
}

/// SHA-256 in hexadecimal digits.
fn hash(text: &str) -> String {
    hash_bytes(text.as_bytes())
}

pub fn hash_bytes(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
