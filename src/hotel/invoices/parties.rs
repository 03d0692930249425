//! Who sells and who buys, as the hotel knows them.

use super::snapshot::Party;
use crate::db::Conn;
use crate::domain::id::CompanyId;
use crate::error::Result;
use crate::hotel::folio::owner::Folio;
use crate::hotel::reservations::Reservation;
use crate::hotel::settings::Property;
use crate::hotel::{companies, stay_guests};

/// The lines of an address that was typed as one text.
pub fn address_lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The hotel: what its settings for invoices say, and where they say nothing what stands on its letters.
pub fn seller(typed: &Party, property: &Property) -> Party {
    let or = |typed: &str, known: &str| if typed.is_empty() { known.to_owned() } else { typed.to_owned() };
    let has_address = !typed.street.is_empty() || !typed.city.is_empty();
    Party {
        name: or(&typed.name, &property.name),
        trade_name: if typed.name.is_empty() || typed.name == property.name { String::new() } else { property.name.clone() },
        street: if has_address { typed.street.clone() } else { address_lines(&property.address) },
        email: or(&typed.email, &property.email),
        phone: or(&typed.phone, &property.phone),
        is_company: true,
        ..typed.clone()
    }
}

/// Whoever pays a folio.
pub fn buyer(conn: &Conn, folio: &Folio, stay: Option<&Reservation>) -> Result<Party> {
    let guest_name = stay.map_or_else(String::new, |stay| stay.guest_name.clone());
    if let Some(id) = folio.payer_company_id.or(folio.company_id) {
        return of_company(conn, id, guest_name);
    }
    let mut party = Party { name: folio.payer_name.clone(), ..Party::default() };
    let Some(stay) = stay else { return Ok(party) };
    if party.name != stay.guest_name {
        party.guest_name = guest_name;
        return Ok(party);
    }
    party.email.clone_from(&stay.guest_email);
    party.phone.clone_from(&stay.guest_phone);
    if let Some((_, head)) = stay_guests::store::of_stay(conn, stay.id)?.into_iter().find(|(position, _)| *position == 1) {
        party.street = address_lines(&head.address);
    }
    Ok(party)
}

pub fn of_company(conn: &Conn, id: CompanyId, guest_name: String) -> Result<Party> {
    let company = companies::find(conn, id)?;
    Ok(Party {
        name: company.name,
        street: address_lines(&company.address),
        postal_code: company.postal_code,
        city: company.city,
        region: company.region,
        country: company.country,
        tax_number: company.tax_number,
        registration_number: company.registration_number,
        endpoint_scheme: company.electronic_scheme,
        endpoint_id: company.electronic_address,
        email: company.email,
        phone: company.phone_number,
        is_company: true,
        guest_name,
        ..Party::default()
    })
}
