//! Seller and buyer.

use super::super::snapshot::{Party, Snapshot};
use super::amounts::Amounts;
use super::tax_number::{registration, vat_number};
use super::xml::Xml;

pub fn seller(xml: &mut Xml, snapshot: &Snapshot, amounts: &Amounts) {
    let party = &snapshot.seller;
    let contact = if party.trade_name.is_empty() { &party.name } else { &party.trade_name };
    xml.within("cac:AccountingSupplierParty", |xml| write(xml, party, contact, amounts.is_out_of_scope(), true));
}

pub fn buyer(xml: &mut Xml, snapshot: &Snapshot, amounts: &Amounts) {
    let party = &snapshot.buyer;
    xml.within("cac:AccountingCustomerParty", |xml| write(xml, party, &party.guest_name, amounts.is_out_of_scope(), false));
}

/// What the tax number is to the standard.
enum TaxNumber {
    Vat(String),
    /// Of a country without VAT, or of its tax office.
    Other(String),
    None,
}

fn tax_number(party: &Party, is_out_of_scope: bool) -> TaxNumber {
    let typed = party.tax_number.trim();
    match vat_number(&party.country, typed) {
        // Where nothing is taxed no VAT number may stand.
        Some(_) if is_out_of_scope => TaxNumber::None,
        Some(number) => TaxNumber::Vat(number),
        None if typed.is_empty() => TaxNumber::None,
        None => TaxNumber::Other(typed.to_owned()),
    }
}

fn write(xml: &mut Xml, party: &Party, contact: &str, is_out_of_scope: bool, is_seller: bool) {
    let tax = tax_number(party, is_out_of_scope);
    xml.within("cac:Party", |xml| {
        if !party.endpoint_scheme.is_empty() {
            xml.with("cbc:EndpointID", ("schemeID", &party.endpoint_scheme), &party.endpoint_id);
        }
        // Whoever has neither a VAT number nor one in a register is known by what there is.
        let is_known = matches!(tax, TaxNumber::Vat(_)) || !party.registration_number.trim().is_empty();
        if is_seller && !is_known && !party.tax_number.trim().is_empty() {
            xml.within("cac:PartyIdentification", |xml| xml.text("cbc:ID", &party.tax_number));
        }
        if !party.trade_name.trim().is_empty() {
            xml.within("cac:PartyName", |xml| xml.text("cbc:Name", &party.trade_name));
        }
        address(xml, party);
        match &tax {
            TaxNumber::Vat(number) => tax_scheme(xml, number, "VAT"),
            TaxNumber::Other(number) if is_seller => tax_scheme(xml, number, "TAX"),
            // A buyer has no place for any other.
            TaxNumber::Other(_) | TaxNumber::None => {}
        }
        xml.within("cac:PartyLegalEntity", |xml| {
            xml.text("cbc:RegistrationName", &party.name);
            match registration(&party.country, &party.registration_number) {
                Some((scheme, number)) => xml.with("cbc:CompanyID", ("schemeID", scheme), &number),
                None => xml.text("cbc:CompanyID", &party.registration_number),
            }
        });
        let is_reached = [&party.phone, &party.email].iter().any(|text| !text.trim().is_empty());
        if is_reached || (!is_seller && !contact.trim().is_empty()) {
            xml.within("cac:Contact", |xml| {
                xml.text("cbc:Name", contact);
                xml.text("cbc:Telephone", &party.phone);
                xml.text("cbc:ElectronicMail", &party.email);
            });
        }
    });
}

fn address(xml: &mut Xml, party: &Party) {
    let mut lines = party.street.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    xml.within("cac:PostalAddress", |xml| {
        xml.text("cbc:StreetName", lines.next().unwrap_or_default());
        xml.text("cbc:AdditionalStreetName", lines.next().unwrap_or_default());
        xml.text("cbc:CityName", &party.city);
        xml.text("cbc:PostalZone", &party.postal_code);
        xml.text("cbc:CountrySubentity", &party.region);
        let rest = lines.collect::<Vec<_>>().join(", ");
        if !rest.is_empty() {
            xml.within("cac:AddressLine", |xml| xml.text("cbc:Line", &rest));
        }
        xml.within("cac:Country", |xml| xml.text("cbc:IdentificationCode", &party.country));
    });
}

fn tax_scheme(xml: &mut Xml, number: &str, scheme: &str) {
    xml.within("cac:PartyTaxScheme", |xml| {
        xml.text("cbc:CompanyID", number);
        xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", scheme));
    });
}
