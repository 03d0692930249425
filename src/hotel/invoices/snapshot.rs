//! What a document says, whole: what was issued is printed, sent and reported from this alone, whatever changes in
//! the hotel afterwards.
//!
//! Stored as JSON beside the document and never changed. Amounts are whole minor units of `currency`; what takes off
//! is negative, so all of a credit note is. Lines, `taxes` and totals add up exactly: `net + tax = gross` in each,
//! and `payable = gross + rounding - prepaid`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::PaperLanguage;
use crate::domain::date::{Date, Instant};
use crate::domain::money::{Currency, Money};
use crate::domain::status::words;

words!(
    /// The kinds of documents. Only a pro forma invoice is no document of the books.
    Kind {
        Invoice = "invoice",
        CreditNote = "credit_note",
        // On money that was paid before the stay; the invoice of the stay takes it off.
        DepositInvoice = "deposit_invoice",
        ProForma = "pro_forma",
    }
);

words!(
    /// How something is taxed, in the words of EN 16931 (UNTDID 5305).
    Category {
        Standard = "S",
        Zero = "Z",
        // With what is collected in the name of somebody else.
        Exempt = "E",
        // Of a hotel that levies no tax at all.
        OutOfScope = "O",
        ReverseCharge = "AE",
    }
);

/// Minor units as a whole number.
mod minor {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::domain::money::Money;

    pub fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        money.0.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        i64::deserialize(deserializer).map(Money)
    }
}

/// A document as it was issued; of a draft as it would be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub kind: Kind,
    /// Small enough to do without the buyer's address.
    pub is_simplified: bool,
    /// `None` of a draft.
    pub number: Option<String>,
    /// What the series is called.
    pub series: String,
    /// The business date.
    pub issued_on: Date,
    pub issued_at: Option<Instant>,
    pub issued_by: String,
    pub due_on: Option<Date>,
    pub currency: String,
    pub exponent: u8,
    /// Of its words, of dates and of amounts.
    pub language: PaperLanguage,
    /// The hotel's way of writing dates and amounts, such as de-DE.
    pub locale: String,
    pub seller: Party,
    pub bank: Bank,
    pub buyer: Party,
    pub stay: Option<StayOf>,
    pub lines: Vec<Line>,
    /// By name, category and rate, in the order of their first line.
    pub taxes: Vec<Tax>,
    /// The hotel's own service charge, which is part of the net amounts.
    pub services: Vec<Tax>,
    #[serde(with = "minor")]
    pub net: Money,
    #[serde(with = "minor")]
    pub tax: Money,
    #[serde(with = "minor")]
    pub gross: Money,
    /// What cash was rounded by.
    #[serde(with = "minor")]
    pub rounding: Money,
    /// Deposits that were invoiced before, and what else was paid.
    #[serde(with = "minor")]
    pub prepaid: Money,
    #[serde(with = "minor")]
    pub payable: Money,
    /// As far as they pay this document; together with `deposits` they are `prepaid`.
    pub payments: Vec<PaymentOf>,
    /// What a final invoice takes off.
    pub deposits: Vec<DepositOf>,
    /// Of a credit note, and of an invoice that takes the place of one.
    pub refers_to: Option<Reference>,
    pub texts: Texts,
    pub look: Look,
}

/// Who sells, or who buys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Party {
    /// The legal name.
    pub name: String,
    /// What the house is called, where that is another name.
    pub trade_name: String,
    /// Street and number, and what else stands above the town.
    pub street: Vec<String>,
    pub postal_code: String,
    pub city: String,
    pub region: String,
    /// ISO 3166, two capital letters; empty where nobody has said.
    pub country: String,
    /// The VAT number, or what else taxes are paid under.
    pub tax_number: String,
    pub registration_number: String,
    pub email: String,
    pub phone: String,
    pub website: String,
    /// Where e-invoices go: the scheme by the EAS list, such as 0088, and the id in it.
    pub endpoint_scheme: String,
    pub endpoint_id: String,
    pub is_company: bool,
    /// Of a buyer: who stayed, where that is somebody else.
    pub guest_name: String,
    /// Of a buyer: the number of an order, or what else it asked to read.
    pub reference: String,
}

/// Where it is paid to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Bank {
    pub holder: String,
    pub iban: String,
    pub bic: String,
    pub name: String,
}

/// The stay that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayOf {
    pub confirmation_number: String,
    pub guest_name: String,
    pub room: String,
    pub arrival: Date,
    pub departure: Date,
}

/// What is charged. A price of several parts that are taxed differently is a line for each of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The charge, where there is one: its posting, with what was moved and taken off.
    pub charge_id: Option<i64>,
    /// Every posting that this line stands for; of the parts of one price with the first of them alone.
    pub posting_ids: Vec<i64>,
    /// The night, or the day it was posted.
    pub date: Date,
    /// In the document's language.
    pub description: String,
    pub quantity: i64,
    /// As the guest sees it, taxes included; `quantity` of it are `gross`.
    #[serde(with = "minor")]
    pub unit_amount: Money,
    #[serde(with = "minor")]
    pub net: Money,
    #[serde(with = "minor")]
    pub tax: Money,
    #[serde(with = "minor")]
    pub gross: Money,
    pub category: Category,
    /// Of all taxes on it, in millionths.
    pub rate: i64,
    /// None where nothing lies on it.
    pub taxes: Vec<Tax>,
    /// The service charge in `net`.
    pub services: Vec<Tax>,
    /// A tax on staying, which is passed on to whom it is due.
    pub is_levy: bool,
    /// Of a credit note: the line of the original, counted from 0.
    pub credits: Option<usize>,
}

/// A tax at a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    pub name: String,
    pub category: Category,
    /// In millionths.
    pub rate: i64,
    /// The net amount that it lies on.
    #[serde(with = "minor")]
    pub base: Money,
    #[serde(with = "minor")]
    pub amount: Money,
    /// Why there is none, with its code by the VATEX list where there is one.
    pub exemption: String,
    pub exemption_code: String,
}

/// Money that was received before it was issued; what was given back is negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentOf {
    pub date: Date,
    /// The payment method by its name in the settings, such as `cash`.
    pub method: String,
    /// The same in the document's language.
    pub label: String,
    pub reference: String,
    #[serde(with = "minor")]
    pub amount: Money,
}

/// A deposit invoice that is taken off, less what of it was credited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositOf {
    pub id: i64,
    pub number: String,
    pub date: Date,
    #[serde(with = "minor")]
    pub amount: Money,
    pub taxes: Vec<Tax>,
}

/// The document that another one takes something off, or takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub id: i64,
    pub number: String,
    pub issued_on: Date,
    pub reason: String,
}

/// Every word of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    /// What the document is called, in the country's language as well where that is another one.
    pub title: String,
    pub labels: BTreeMap<String, String>,
    /// What the country's law asks for.
    pub required: Vec<String>,
    /// When and how it is paid.
    pub terms: String,
    pub footer: String,
    /// What somebody wrote on this document alone.
    pub note: String,
}

/// How it looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// SHA-256 of the picture; empty = none.
    pub logo: String,
    /// Such as `#1f5c4d`.
    pub colour: String,
}

impl Line {
    /// Whether the same taxes lie on both at the same rates.
    pub fn is_taxed_as(&self, other: &Line) -> bool {
        let key = |line: &Line| {
            let taxes =
                line.taxes.iter().chain(&line.services).map(|tax| (tax.name.clone(), tax.rate, tax.exemption_code.clone()));
            (line.category, line.rate, line.taxes.len(), taxes.collect::<Vec<_>>())
        };
        key(self) == key(other)
    }

    /// Adds another part of the same price.
    pub fn add(&mut self, other: &Line) {
        (self.net, self.tax, self.gross) = (self.net + other.net, self.tax + other.tax, self.gross + other.gross);
        self.taxes = summed(self.taxes.iter().chain(&other.taxes));
        self.services = summed(self.services.iter().chain(&other.services));
    }
}

impl Snapshot {
    /// The label of a key, as it was when the document was issued.
    pub fn label(&self, key: &str) -> &str {
        self.texts.labels.get(key).map_or("", String::as_str)
    }

    pub fn currency(&self) -> Currency {
        Currency { code: self.currency.clone(), exponent: self.exponent }
    }

    /// Sums lines up into `taxes`, `services` and the totals; what was paid is added by whoever knows of it.
    pub fn add_up(&mut self) {
        self.taxes = summed(self.lines.iter().flat_map(|line| &line.taxes));
        self.services = summed(self.lines.iter().flat_map(|line| &line.services));
        self.net = self.lines.iter().map(|line| line.net).sum();
        self.tax = self.lines.iter().map(|line| line.tax).sum();
        self.gross = self.lines.iter().map(|line| line.gross).sum();
        self.prepaid = self.payments.iter().map(|payment| payment.amount).sum::<Money>()
            + self.deposits.iter().map(|deposit| deposit.amount).sum();
        self.payable = self.gross + self.rounding - self.prepaid;
    }
}

/// Taxes of one name, category and rate together, in the order of the first of each.
pub fn summed<'a>(taxes: impl Iterator<Item = &'a Tax>) -> Vec<Tax> {
    let mut out: Vec<Tax> = Vec::new();
    for tax in taxes {
        let is_same = |known: &&mut Tax| {
            (&known.name, known.category, known.rate, &known.exemption_code)
                == (&tax.name, tax.category, tax.rate, &tax.exemption_code)
        };
        match out.iter_mut().find(is_same) {
            Some(known) => (known.base, known.amount) = (known.base + tax.base, known.amount + tax.amount),
            None => out.push(tax.clone()),
        }
    }
    out
}
