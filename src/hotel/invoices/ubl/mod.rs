//! E-invoices: a document's snapshot as UBL 2.1, by the rules of EN 16931, and of Peppol BIS Billing 3.0 where
//! both sides have an address in its network.
//!
//! Pure: everything that the file says stands in the snapshot, so it is the same whenever it is asked for. What an
//! e-invoice needs and the document was issued without is refused by its name, since a file that the network sends
//! back helps nobody.

mod amounts;
mod needs;
mod parties;
mod payment;
mod tax_number;
#[cfg(test)]
mod tests;
mod xml;

use super::snapshot::{Kind, Snapshot};
use crate::domain::date::Date;
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Result};
use amounts::Amounts;
use xml::Xml;

/// What the file keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Profile {
    /// EN 16931 alone.
    Plain,
    Peppol,
}

const PLAIN: &str = "urn:cen.eu:en16931:2017";
const PEPPOL: &str = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
const PEPPOL_PROCESS: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

/// The most decimals that the standard's amounts have.
const MOST_DECIMALS: u8 = 2;

/// The document as an XML file.
///
/// # Errors
/// `Refused` for what is no tax document, for currencies with more decimals than the standard has, and for what the
/// document lacks; the members of `missing` name it for programs.
pub fn document(snapshot: &Snapshot) -> Result<Vec<u8>> {
    let number = number_of(snapshot)?;
    if snapshot.exponent > MOST_DECIMALS {
        let currency = &snapshot.currency;
        let detail = text!("An e-invoice has two decimals at most, and {currency} has more. Send the PDF instead.", currency);
        return Err(refused(detail));
    }
    let profile = profile_of(snapshot);
    needs::check(snapshot, number, profile)?;
    let amounts = Amounts::of(snapshot)?;
    let root = if snapshot.kind == Kind::CreditNote { "CreditNote" } else { "Invoice" };
    let mut xml = Xml::new(root);
    head(&mut xml, snapshot, number, profile);
    parties::seller(&mut xml, snapshot, &amounts);
    parties::buyer(&mut xml, snapshot, &amounts);
    payment::write(&mut xml, snapshot, number, &amounts);
    amounts.write(&mut xml);
    Ok(xml.finish(root))
}

fn refused(detail: Text) -> Error {
    Error::refused(Code::NoEInvoice, detail)
}

/// The number of a document that there is an e-invoice of.
fn number_of(snapshot: &Snapshot) -> Result<&str> {
    let is_for_taxes = snapshot.kind != Kind::ProForma;
    match snapshot.number.as_deref() {
        Some(number) if is_for_taxes => Ok(number),
        Some(_) => Err(refused(text!("A pro forma invoice is no tax document, so there is no e-invoice of it."))),
        None => Err(refused(text!("This document has not been issued yet. Issue it first; then it has a number."))),
    }
}

/// Greece's network wants numbers of its tax office, which no hotel's own program gives out.
fn profile_of(snapshot: &Snapshot) -> Profile {
    let has_address = |id: &str, scheme: &str| !id.is_empty() && !scheme.is_empty();
    let (seller, buyer) = (&snapshot.seller, &snapshot.buyer);
    let both =
        has_address(&seller.endpoint_id, &seller.endpoint_scheme) && has_address(&buyer.endpoint_id, &buyer.endpoint_scheme);
    if both && seller.country != "GR" { Profile::Peppol } else { Profile::Plain }
}

/// From what it keeps to down to what it refers to, in the order of the schemas.
fn head(xml: &mut Xml, snapshot: &Snapshot, number: &str, profile: Profile) {
    let is_credit = snapshot.kind == Kind::CreditNote;
    match profile {
        Profile::Plain => xml.text("cbc:CustomizationID", PLAIN),
        Profile::Peppol => {
            xml.text("cbc:CustomizationID", PEPPOL);
            xml.text("cbc:ProfileID", PEPPOL_PROCESS);
        }
    }
    xml.text("cbc:ID", number);
    xml.text("cbc:IssueDate", &snapshot.issued_on.to_string());
    match snapshot.kind {
        // When it is due stands with the payment there.
        Kind::CreditNote => xml.text("cbc:CreditNoteTypeCode", "381"),
        kind => {
            xml.text("cbc:DueDate", &due_on(snapshot).map(|due| due.to_string()).unwrap_or_default());
            xml.text("cbc:InvoiceTypeCode", if kind == Kind::DepositInvoice { "386" } else { "380" });
        }
    }
    xml.text("cbc:Note", &notes(snapshot));
    xml.text("cbc:DocumentCurrencyCode", &snapshot.currency);
    xml.text("cbc:BuyerReference", buyer_reference(snapshot, number));
    if let Some(stay) = &snapshot.stay {
        period(xml, stay.arrival, stay.departure);
    }
    let reason = snapshot.refers_to.as_ref().map_or("", |original| &original.reason);
    if is_credit && !reason.is_empty() {
        xml.within("cac:DiscrepancyResponse", |xml| xml.text("cbc:Description", reason));
    }
    for (earlier, date) in earlier_documents(snapshot) {
        xml.within("cac:BillingReference", |xml| {
            xml.within("cac:InvoiceDocumentReference", |xml| {
                xml.text("cbc:ID", earlier);
                xml.text("cbc:IssueDate", &date.to_string());
            });
        });
    }
}

fn period(xml: &mut Xml, from: Date, to: Date) {
    xml.within("cac:InvoicePeriod", |xml| {
        xml.text("cbc:StartDate", &from.to_string());
        xml.text("cbc:EndDate", &to.to_string());
    });
}

/// Something that is still to be paid is due some day.
fn due_on(snapshot: &Snapshot) -> Option<Date> {
    let is_open = if snapshot.kind == Kind::CreditNote { snapshot.payable.is_negative() } else { snapshot.payable.0 > 0 };
    snapshot.due_on.or_else(|| is_open.then_some(snapshot.issued_on))
}

/// Peppol takes one note only.
fn notes(snapshot: &Snapshot) -> String {
    let texts = &snapshot.texts;
    let all = texts.required.iter().chain([&texts.note]).map(|note| note.trim());
    all.filter(|note| !note.is_empty()).collect::<Vec<_>>().join("\n")
}

/// By what the buyer finds its booking again.
fn buyer_reference<'a>(snapshot: &'a Snapshot, number: &'a str) -> &'a str {
    let stay = snapshot.stay.as_ref().map_or("", |stay| &stay.confirmation_number);
    let known = [snapshot.buyer.reference.trim(), stay];
    known.into_iter().find(|reference| !reference.is_empty()).unwrap_or(number)
}

/// What it credits or takes the place of, and the deposit invoices that it takes off.
fn earlier_documents(snapshot: &Snapshot) -> Vec<(&str, Date)> {
    let original = snapshot.refers_to.iter().map(|original| (original.number.as_str(), original.issued_on));
    original.chain(snapshot.deposits.iter().map(|deposit| (deposit.number.as_str(), deposit.date))).collect()
}
