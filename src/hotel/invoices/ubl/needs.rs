//! What an e-invoice needs, and where it is entered.

use super::super::snapshot::{Category, Party, Snapshot};
use super::tax_number::{registration, vat_number};
use super::{Profile, refused};
use crate::domain::wording::{Text, Value, text};
use crate::error::Result;

/// What a document was issued without: for programs, and in words.
struct Missing(Vec<(&'static str, Text)>);

impl Missing {
    fn unless(&mut self, is_there: bool, field: &'static str, words: Text) {
        if !is_there {
            self.0.push((field, words));
        }
    }
}

/// # Errors
/// `Refused` with everything that is missing.
pub fn check(snapshot: &Snapshot, number: &str, profile: Profile) -> Result<()> {
    let mut missing = Missing(Vec::new());
    let (seller, buyer) = (&snapshot.seller, &snapshot.buyer);
    missing.unless(is_said(&seller.name), "seller.name", text!("the hotel’s legal name"));
    missing.unless(is_said(&seller.country), "seller.country", text!("the hotel’s country"));
    missing.unless(is_identified(snapshot), "seller.tax_number", text!("the hotel’s VAT number"));
    missing.unless(is_said(&buyer.name), "buyer.name", text!("the buyer’s name"));
    missing.unless(is_said(&buyer.country), "buyer.country", text!("the buyer’s country"));
    let is_reversed = snapshot.lines.iter().any(|line| line.category == Category::ReverseCharge);
    let buyer_pays = !is_reversed || vat_number(&buyer.country, &buyer.tax_number).is_some();
    missing.unless(buyer_pays, "buyer.tax_number", text!("the buyer’s VAT number"));
    if profile == Profile::Peppol {
        asked_by_the_network(&mut missing, seller, buyer);
    }
    if missing.0.is_empty() {
        return Ok(());
    }
    let (fields, words): (Vec<&str>, Vec<Value>) =
        missing.0.into_iter().map(|(field, words)| (field, Value::Text(words))).unzip();
    let fields_in_words = Value::List(words);
    let of_seller = fields.iter().any(|field| field.starts_with("seller."));
    let of_buyer = fields.iter().any(|field| field.starts_with("buyer."));
    let detail = match (of_seller, of_buyer) {
        (true, false) => text!(
            "Invoice {number} was issued without what an e-invoice needs: {fields}. Enter it under Settings › Invoices, then correct the invoice.",
            number,
            fields = fields_in_words
        ),
        (false, _) => text!(
            "Invoice {number} was issued without what an e-invoice needs: {fields}. Correct the invoice and enter it there.",
            number,
            fields = fields_in_words
        ),
        (true, true) => text!(
            "Invoice {number} was issued without what an e-invoice needs: {fields}. Enter what is the hotel’s under Settings › Invoices, then correct the invoice and enter the rest there.",
            number,
            fields = fields_in_words
        ),
    };
    Err(refused(detail).with("missing", fields))
}

fn is_said(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Somebody who levies taxes has a number for them; anybody has one in some register.
fn is_identified(snapshot: &Snapshot) -> bool {
    let seller = &snapshot.seller;
    let levies = snapshot.lines.iter().any(|line| line.category != Category::OutOfScope);
    is_said(&seller.tax_number) || (!levies && is_said(&seller.registration_number))
}

/// Beyond the standard, what the network's rules ask of some countries.
fn asked_by_the_network(missing: &mut Missing, seller: &Party, buyer: &Party) {
    let has_street = |party: &Party| party.street.iter().any(|line| is_said(line));
    let is_domestic = |country: &str| seller.country == country && buyer.country == country;
    let wants_seller = matches!(seller.country.as_str(), "NL" | "IT") || is_domestic("DE");
    if wants_seller {
        missing.unless(seller.country == "DE" || has_street(seller), "seller.street", text!("the hotel’s street"));
        missing.unless(is_said(&seller.city), "seller.city", text!("the hotel’s town"));
        missing.unless(is_said(&seller.postal_code), "seller.postal_code", text!("the hotel’s postcode"));
    }
    if is_domestic("NL") || is_domestic("DE") {
        missing.unless(buyer.country == "DE" || has_street(buyer), "buyer.street", text!("the buyer’s street"));
        missing.unless(is_said(&buyer.city), "buyer.city", text!("the buyer’s town"));
        missing.unless(is_said(&buyer.postal_code), "buyer.postal_code", text!("the buyer’s postcode"));
    }
    if is_domestic("DE") {
        missing.unless(is_said(&seller.phone), "seller.phone", text!("the hotel’s phone number"));
        missing.unless(is_said(&seller.email), "seller.email", text!("the hotel’s e-mail address"));
    }
    if matches!(seller.country.as_str(), "NL" | "DK") {
        let is_registered = registration(&seller.country, &seller.registration_number).is_some();
        missing.unless(is_registered, "seller.registration_number", text!("the hotel’s registration number"));
    }
}
