//! What the law of a country asks of an invoice beyond the words of its language, and where more than paper is asked.
//!
//! A file of facts, each to be checked by whoever keeps the hotel's books; the product does not claim to cover them.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::language::PaperLanguage;
use super::snapshot::{Kind, Snapshot};

/// A country's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// In which its words stand beside the guest's; `null` where it is none of the documents' languages.
    pub language: Option<PaperLanguage>,
    /// What the seller's tax number is called.
    #[serde(default)]
    pub tax_number_label: String,
    /// Titles that the law names otherwise than the language does.
    #[serde(default)]
    pub titles: HashMap<String, String>,
    #[serde(default)]
    pub sentences: Vec<Sentence>,
    /// Why paper or PDF is not enough there: one of `Warning`'s words.
    #[serde(default)]
    pub warning: Option<Warning>,
}

/// A sentence that has to stand on some invoices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    pub text: String,
    /// Only where the buyer is a company.
    #[serde(default)]
    pub is_for_companies: bool,
}

crate::domain::status::words!(
    /// What is asked beyond paper.
    Warning {
        /// Only certified programs may issue.
        Certified = "certified",
        /// Every invoice goes through the state's exchange.
        Clearance = "clearance",
        /// Invoices are reported as they are issued.
        Reporting = "reporting",
        /// Invoices to companies are e-invoices.
        EInvoice = "e_invoice",
        /// E-invoices become due step by step.
        EInvoiceSoon = "e_invoice_soon",
    }
);

fn countries() -> &'static HashMap<String, Country> {
    static COUNTRIES: OnceLock<HashMap<String, Country>> = OnceLock::new();
    COUNTRIES.get_or_init(|| serde_json::from_str(include_str!("countries.json")).expect("invariant: a file of countries"))
}

/// The country of a code of ISO 3166.
pub fn find(code: &str) -> Option<&'static Country> {
    countries().get(code)
}

impl Sentence {
    pub fn fits(&self, snapshot: &Snapshot) -> bool {
        snapshot.kind == Kind::Invoice && (!self.is_for_companies || snapshot.buyer.is_company)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_is_named_by_its_code_and_asks_for_something() {
        for (code, country) in countries() {
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
            assert!(country.titles.keys().all(|key| PaperLanguage::knows(key)), "{code} names a title that there is none of");
            assert!(country.sentences.iter().all(|sentence| !sentence.text.is_empty()), "{code}");
        }
        for code in ["PT", "IT", "PL", "HU", "HR", "GR", "RO"] {
            assert!(find(code).is_some_and(|country| country.warning.is_some()), "{code} asks for more than paper");
        }
    }
}
