//! All that is known of one person: the profile, the stays as whoever booked and as whoever came along, bills and
//! payments, documents, and what the trail tells. Of other people on the same stays there is only how many they were.

use schemars::JsonSchema;
use serde::Serialize;

use super::store::{self, Entry};
use crate::db::Conn;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{GuestId, ReservationId};
use crate::domain::money::Amount;
use crate::domain::status::ReservationStatus;
use crate::error::Result;
use crate::hotel::folio::Charge;
use crate::hotel::folio::payments::Payment;
use crate::hotel::guests::Guest;
use crate::hotel::invoices::snapshot::{Kind, Party, Snapshot};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::settings::{self, Property};
use crate::hotel::stay_guests::{self, StayGuest};
use crate::hotel::{companies, folio, guests, invoices};

/// All that is known of one person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonalData {
    pub hotel: String,
    pub currency: String,
    pub made_at: Instant,
    /// The profile, and those that were folded into it.
    pub profiles: Vec<ProfileData>,
    /// Bookings under the guest's name, the earliest first.
    pub stays: Vec<StayData>,
    /// What was written down of the guest for registration, on these stays and on those of others.
    pub registrations: Vec<RegistrationData>,
    /// Invoices and credit notes about the guest's stays, as they were issued.
    pub documents: Vec<DocumentData>,
    /// Groups that the guest speaks for.
    pub groups: Vec<GroupData>,
    /// Who changed what of it, and when.
    pub entries: Vec<Entry>,
}

/// A guest's profile.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProfileData {
    pub full_name: String,
    pub email: String,
    pub phone_number: String,
    pub id_type: String,
    pub id_number: String,
    pub nationality: String,
    pub birth_date: Option<Date>,
    pub is_vip: bool,
    pub notes: String,
    pub created_at: Instant,
}

impl From<Guest> for ProfileData {
    fn from(guest: Guest) -> ProfileData {
        ProfileData {
            full_name: guest.full_name,
            email: guest.email,
            phone_number: guest.phone_number,
            id_type: guest.id_type,
            id_number: guest.id_number,
            nationality: guest.nationality,
            birth_date: guest.birth_date,
            is_vip: guest.is_vip,
            notes: guest.notes,
            created_at: guest.created_at,
        }
    }
}

/// A booking with its bill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StayData {
    pub confirmation_number: String,
    pub status: ReservationStatus,
    pub check_in_date: Date,
    pub check_out_date: Date,
    pub room_number: Option<String>,
    pub room_type_name: String,
    pub adults: i64,
    pub children: i64,
    pub source: String,
    /// Empty for nobody's.
    pub company: String,
    pub notes: String,
    pub special_requests: String,
    pub total_amount: Amount,
    pub balance: Amount,
    pub created_at: Instant,
    pub charges: Vec<ChargeData>,
    pub payments: Vec<PaymentData>,
}

/// A line of a bill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChargeData {
    pub business_date: Date,
    pub description: String,
    pub quantity: i64,
    pub amount: Amount,
    pub tax_amount: Amount,
}

/// Money that was paid or given back.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaymentData {
    pub business_date: Date,
    pub payment_method: String,
    pub reference_number: String,
    pub notes: String,
    pub amount: Amount,
}

/// What was written down of the guest for a stay.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RegistrationData {
    pub confirmation_number: String,
    pub check_in_date: Date,
    pub check_out_date: Date,
    pub room_number: Option<String>,
    pub full_name: String,
    pub sex: Option<stay_guests::Sex>,
    pub relation: Option<stay_guests::Relation>,
    pub birth_date: Option<Date>,
    pub birth_place: String,
    pub nationality: String,
    pub residence: String,
    pub address: String,
    pub document_kind: String,
    pub document_number: String,
    pub document_issued_in: String,
    pub document_issued_on: Option<Date>,
    pub levy_exemption: String,
}

/// An invoice or a credit note as it was issued.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentData {
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    pub buyer: Party,
    pub gross_amount: Amount,
    pub tax_amount: Amount,
}

/// A group that the guest speaks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupData {
    pub code: String,
    pub name: String,
    pub notes: String,
    pub arrival_date: Date,
    pub departure_date: Date,
}

/// # Errors
/// `NotFound` for nobody.
pub fn gather(conn: &Conn, id: GuestId, made_at: Instant) -> Result<PersonalData> {
    let property = settings::property(conn)?;
    let mut profiles = vec![guests::find(conn, id)?];
    for folded in store::folded(conn, id)? {
        profiles.push(guests::find(conn, folded)?);
    }
    let ids = store::stays(conn, id)?;
    let mut stays = Vec::with_capacity(ids.len());
    for stay in &ids {
        stays.push(stay_data(conn, &property, *stay)?);
    }
    let mut registrations = Vec::new();
    for (stay, person) in store::registrations(conn, id)? {
        registrations.push(registration_data(&reservations::find(conn, stay)?, person));
    }
    let mut documents = Vec::new();
    for stay in &ids {
        for invoice in store::invoices(conn, *stay)? {
            documents.push(document_data(invoices::store::snapshot(conn, invoice)?));
        }
    }
    let mut entries = Vec::new();
    for profile in &profiles {
        entries.extend(store::entries(conn, "guest", profile.id.0)?);
    }
    for stay in ids {
        entries.extend(store::entries(conn, "reservation", stay.0)?);
    }
    let groups = store::groups(conn, id)?.into_iter().map(|group| GroupData {
        code: group.code,
        name: group.name,
        notes: group.notes,
        arrival_date: group.arrival_date,
        departure_date: group.departure_date,
    });
    Ok(PersonalData {
        hotel: property.name.clone(),
        currency: property.currency.code.clone(),
        made_at,
        profiles: profiles.into_iter().map(ProfileData::from).collect(),
        stays,
        registrations,
        documents,
        groups: groups.collect(),
        entries,
    })
}

fn stay_data(conn: &Conn, property: &Property, id: ReservationId) -> Result<StayData> {
    let stay = reservations::find(conn, id)?;
    let charge = |charge: Charge| ChargeData {
        business_date: charge.business_date,
        description: charge.description(),
        quantity: charge.quantity,
        amount: property.amount(charge.amount),
        tax_amount: property.amount(charge.tax_amount),
    };
    let payment = |payment: Payment| PaymentData {
        business_date: payment.business_date,
        payment_method: payment.payment_method,
        reference_number: payment.reference_number,
        notes: payment.notes,
        amount: property.amount(payment.amount),
    };
    Ok(StayData {
        company: companies::name_of(conn, stay.details.company_id)?,
        charges: folio::store::charges_of(conn, id)?.into_iter().map(charge).collect(),
        payments: folio::store::payments_of(conn, id)?.into_iter().map(payment).collect(),
        total_amount: property.amount(stay.total_amount()),
        balance: property.amount(stay.balance()),
        confirmation_number: stay.confirmation_number,
        status: stay.status,
        check_in_date: stay.check_in_date,
        check_out_date: stay.check_out_date,
        room_number: stay.room_number,
        room_type_name: stay.room_type_name,
        adults: stay.adults,
        children: stay.children,
        source: stay.source,
        notes: stay.notes,
        special_requests: stay.special_requests,
        created_at: stay.created_at,
    })
}

fn document_data(document: Snapshot) -> DocumentData {
    let currency = document.currency();
    DocumentData {
        kind: document.kind,
        gross_amount: currency.amount(document.gross),
        tax_amount: currency.amount(document.tax),
        number: document.number.unwrap_or_default(),
        issued_on: document.issued_on,
        buyer: document.buyer,
    }
}

fn registration_data(stay: &Reservation, person: StayGuest) -> RegistrationData {
    RegistrationData {
        confirmation_number: stay.confirmation_number.clone(),
        check_in_date: stay.check_in_date,
        check_out_date: stay.check_out_date,
        room_number: stay.room_number.clone(),
        full_name: person.full_name,
        sex: person.sex,
        relation: person.relation,
        birth_date: person.birth_date,
        birth_place: person.birth_place,
        nationality: person.nationality,
        residence: person.residence,
        address: person.address,
        document_kind: person.document_kind,
        document_number: person.document_number,
        document_issued_in: person.document_issued_in,
        document_issued_on: person.document_issued_on,
        levy_exemption: person.levy_exemption,
    }
}
