//! The words of a document: its title, its labels, what the law asks for and when it is paid.
//!
//! The guest's language has the say, and the hotel may say most of it in its own words; what the country's law asks for
//! stands there as it is, in the country's language as well.

use super::country;
use super::language::Words;
use super::setup::Definition;
use super::snapshot::{Kind, Snapshot};
use crate::domain::money::Money;

/// Writes every word that is not on a line.
pub fn write(snapshot: &mut Snapshot, definition: &Definition) {
    let said = definition.words(snapshot.language);
    let country = country::find(&snapshot.seller.country);
    let mut texts = std::mem::take(&mut snapshot.texts);
    texts.title = title(snapshot, &said, country);
    texts.labels = said.labels();
    if let Some(label) = country.map(|country| country.tax_number_label.as_str()).filter(|label| !label.is_empty()) {
        texts.labels.insert("seller_tax_number".to_owned(), label.to_owned());
    }
    texts.required = required(snapshot, country);
    texts.terms = terms(snapshot, &said, definition);
    snapshot.texts = texts;
}

fn title_key(snapshot: &Snapshot) -> &'static str {
    match (snapshot.kind, snapshot.is_simplified) {
        (Kind::Invoice, true) => "title_simplified",
        (Kind::Invoice, false) => "title_invoice",
        (Kind::CreditNote, _) => "title_credit_note",
        (Kind::DepositInvoice, _) => "title_deposit_invoice",
        (Kind::ProForma, _) => "title_pro_forma",
    }
}

/// In the guest's language, and as the country's law calls it where that is something else.
fn title(snapshot: &Snapshot, words: &Words, country: Option<&country::Country>) -> String {
    let key = title_key(snapshot);
    let said = words.word(key);
    let by_law = country.and_then(|country| match country.titles.get(key) {
        Some(title) => Some(title.as_str()),
        None => country.language.map(|own| own.word(key)),
    });
    // The hotel's own title never stands alone.
    let by_law = by_law.unwrap_or(snapshot.language.word(key));
    match Some(by_law).filter(|by_law| *by_law != said) {
        Some(by_law) => format!("{said} / {by_law}"),
        None => said.to_owned(),
    }
}

fn required(snapshot: &Snapshot, country: Option<&country::Country>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |words: &str| {
        if !words.is_empty() && !out.iter().any(|known| known == words) {
            out.push(words.to_owned());
        }
    };
    let own = country.and_then(|country| country.language);
    let mut say = |key: &str| {
        add(snapshot.language.word(key));
        add(own.map_or("", |own| own.word(key)));
    };
    match snapshot.kind {
        Kind::ProForma => say("pro_forma_note"),
        Kind::DepositInvoice => say("deposit_note"),
        Kind::Invoice | Kind::CreditNote => {}
    }
    if snapshot.kind != Kind::ProForma {
        for tax in snapshot.taxes.iter().filter(|tax| !tax.exemption.is_empty()) {
            say(match tax.exemption_code.as_str() {
                "VATEX-EU-79-C" => "exempt_levy",
                "VATEX-EU-O" => "out_of_scope",
                _ => "exempt",
            });
        }
        for sentence in country.map_or(&[][..], |country| &country.sentences) {
            if sentence.fits(snapshot) {
                add(&sentence.text);
            }
        }
    }
    out
}

fn terms(snapshot: &Snapshot, words: &Words, definition: &Definition) -> String {
    let own = definition.terms.as_str();
    let said = match snapshot.kind {
        Kind::CreditNote | Kind::ProForma => return String::new(),
        Kind::Invoice | Kind::DepositInvoice if snapshot.payable <= Money::ZERO => return words.word("terms_paid").to_owned(),
        Kind::Invoice | Kind::DepositInvoice => match snapshot.due_on.filter(|due| *due > snapshot.issued_on) {
            Some(due) => words.say("terms_due", &[("date", &words.language.date(due))]),
            None => words.word("terms_now").to_owned(),
        },
    };
    if own.is_empty() { said } else { format!("{said} {own}") }
}
