//! How it is paid, or was.

use super::super::snapshot::{Kind, PaymentOf, Snapshot};
use super::amounts::Amounts;
use super::due_on;
use super::xml::Xml;
use crate::domain::money::Money;

/// By the list UNTDID 4461.
mod means {
    pub const NOT_SAID: &str = "1";
    pub const CASH: &str = "10";
    pub const TRANSFER: &str = "30";
    pub const CARD: &str = "48";
    pub const SEPA: &str = "58";
    pub const ONLINE: &str = "68";
}

/// What the Netherlands take of each other.
const DUTCH: &[&str] = &[means::TRANSFER, means::CARD, means::SEPA];

pub fn write(xml: &mut Xml, snapshot: &Snapshot, number: &str, amounts: &Amounts) {
    let is_credit = snapshot.kind == Kind::CreditNote;
    let due = if is_credit { due_on(snapshot).map(|due| due.to_string()) } else { None };
    // What is still to be paid goes to the hotel's account; of what is given back nobody knows where to.
    let account = snapshot.bank.iban.split_whitespace().collect::<String>();
    let is_transfer = !is_credit && amounts.payable().0 > 0 && !account.is_empty();
    let main = main_payment(snapshot);
    let (code, label) = match (is_transfer, main) {
        (true, _) => (transfer(snapshot), ""),
        (false, Some(payment)) => (code_of(snapshot, payment, &account), payment.label.as_str()),
        (false, None) => (means::NOT_SAID, ""),
    };
    let has_means = is_transfer || main.is_some() || due.is_some() || both_in(snapshot, "DE");
    let is_taken = !both_in(snapshot, "NL") || DUTCH.contains(&code);
    if has_means && is_taken {
        xml.within("cac:PaymentMeans", |xml| {
            xml.with("cbc:PaymentMeansCode", ("name", label.trim()), code);
            xml.text("cbc:PaymentDueDate", due.as_deref().unwrap_or_default());
            if matches!(code, means::TRANSFER | means::SEPA) {
                xml.text("cbc:PaymentID", number);
                payee(xml, snapshot, &account);
            }
        });
    }
    let terms = snapshot.texts.terms.trim();
    // Of a credit note that is to be paid out, and on which no date stands.
    let terms = if terms.is_empty() && is_credit && !is_taken { snapshot.issued_on.to_string() } else { terms.to_owned() };
    if !terms.is_empty() {
        xml.within("cac:PaymentTerms", |xml| xml.text("cbc:Note", &terms));
    }
}

fn payee(xml: &mut Xml, snapshot: &Snapshot, account: &str) {
    let bank = &snapshot.bank;
    xml.within("cac:PayeeFinancialAccount", |xml| {
        xml.text("cbc:ID", account);
        xml.text("cbc:Name", &bank.holder);
        if !bank.bic.trim().is_empty() {
            xml.within("cac:FinancialInstitutionBranch", |xml| xml.text("cbc:ID", &bank.bic));
        }
    });
}

fn transfer(snapshot: &Snapshot) -> &'static str {
    if snapshot.currency == "EUR" { means::SEPA } else { means::TRANSFER }
}

/// The one that most of it was paid by.
fn main_payment(snapshot: &Snapshot) -> Option<&PaymentOf> {
    snapshot.payments.iter().filter(|payment| payment.amount > Money::ZERO).max_by_key(|payment| payment.amount.0.abs())
}

/// Methods that a hotel has from the start; of its own nobody but the hotel knows what they are.
fn code_of(snapshot: &Snapshot, payment: &PaymentOf, account: &str) -> &'static str {
    match payment.method.as_str() {
        "cash" => means::CASH,
        // Germany asks for the card's number then, which no hotel keeps.
        "card" if !both_in(snapshot, "DE") => means::CARD,
        "bank_transfer" if !account.is_empty() => transfer(snapshot),
        "qris" | "online" => means::ONLINE,
        _ => means::NOT_SAID,
    }
}

fn both_in(snapshot: &Snapshot, country: &str) -> bool {
    snapshot.seller.country == country && snapshot.buyer.country == country
}
