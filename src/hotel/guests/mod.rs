//! Guests: their profiles, how they are found, folded together and erased.
//!
//! Owns the `guest` table. Knows bookings only as far as a profile's fate
//! depends on them: the rules of a stay are the reservations'.

pub mod api;
pub mod search;
pub mod store;

use serde::Serialize;
use serde_json::json;

use api::GuestView;

use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::GuestId;
use crate::domain::text::{EmailAddress, Line, Name, Paragraph, PhoneNumber};
use crate::domain::wording::{Text, Value, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::audit;

use crate::db::Table;
use crate::hotel::Slice;
pub use search::phone_key;

pub const SLICE: Slice = Slice {
    name: "guests",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS],
    areas: &[("guests", &[Table::Guest])],
    ..Slice::EMPTY
};

/// The name that an erased guest's stays carry from then on.
pub const ERASED_NAME: &str = "Erased guest";

record! {
    /// A guest's profile.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Guest {
        pub id: GuestId,
        pub full_name: String,
        pub email: String,
        pub phone_number: String,
        pub id_type: String,
        pub id_number: String,
        pub nationality: String,
        pub birth_date: Option<Date>,
        pub is_vip: bool,
        pub notes: String,
        /// Stays begun: in-house and departed.
        pub stay_count: i64 = "(SELECT count(*) FROM reservation AS r WHERE r.guest_id = guest.id AND r.status IN ('checked_in', 'checked_out'))",
        pub anonymised_at: Option<Instant>,
        /// The profile that this one was folded into.
        pub merged_into_id: Option<GuestId>,
        pub created_at: Instant,
        pub updated_at: Instant,
        pub version: i64,
    }
}

pub type GuestName = Name<200>;
/// Such as passport.
pub type DocumentKind = Line<50>;
pub type DocumentNumber = Line<100>;
/// A country's code of two or three letters, or its name.
pub type Country = Line<60>;
pub type GuestNotes = Paragraph<5000>;
/// Why personal data are erased.
pub type ErasureReason = Name<500>;

/// A profile to be made, or what a profile says.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NewGuest {
    pub full_name: GuestName,
    pub email: EmailAddress,
    pub phone_number: PhoneNumber,
    pub id_type: DocumentKind,
    pub id_number: DocumentNumber,
    pub nationality: Country,
    pub birth_date: Option<Date>,
    pub is_vip: bool,
    pub notes: GuestNotes,
}

impl NewGuest {
    /// The same, trimmed and tidied, or every bad field at once.
    pub fn check(&self) -> Result<NewGuest> {
        let mut fields = Fields::default();
        let checked = NewGuest {
            full_name: fields.check("full_name", self.full_name.checked()).into(),
            email: fields.check("email", self.email.checked()).into(),
            phone_number: fields.check("phone_number", self.phone_number.checked()).into(),
            id_type: fields.check("id_type", self.id_type.checked()).into(),
            id_number: fields.check("id_number", self.id_number.checked()).into(),
            nationality: fields.check("nationality", country(&self.nationality)).into(),
            birth_date: self.birth_date,
            is_vip: self.is_vip,
            notes: fields.check("notes", self.notes.checked()).into(),
        };
        fields.finish()?;
        Ok(checked)
    }
}

/// A country's code in capitals, or its name.
pub fn country(given: &Country) -> Result<String, Text> {
    let line = given.checked()?;
    let is_code = (2..=3).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_alphabetic());
    Ok(if is_code { line.to_ascii_uppercase() } else { line })
}

impl Guest {
    /// What a person can change of it.
    pub fn profile(&self) -> NewGuest {
        NewGuest {
            full_name: self.full_name.as_str().into(),
            email: self.email.as_str().into(),
            phone_number: self.phone_number.as_str().into(),
            id_type: self.id_type.as_str().into(),
            id_number: self.id_number.as_str().into(),
            nationality: self.nationality.as_str().into(),
            birth_date: self.birth_date,
            is_vip: self.is_vip,
            notes: self.notes.as_str().into(),
        }
    }

    /// Refuses what only a profile in use can be asked for.
    fn check_in_use(&self) -> Result<()> {
        if self.anonymised_at.is_some() {
            return Err(erased());
        }
        if let Some(kept) = self.merged_into_id {
            let detail = text!("This profile was merged into guest {number}; use that one.", number = kept.0);
            return Err(Error::refused(Code::IllegalTransition, detail).with("merged_into_id", kept));
        }
        Ok(())
    }
}

/// Nobody is left whom an erased profile could stand for.
pub fn erased() -> Error {
    Error::refused(Code::IllegalTransition, text!("This guest's personal data was erased; create a new profile instead."))
}

/// The profile as it stands: erased and folded ones too.
pub fn find(conn: &Conn, id: GuestId) -> Result<Guest> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This guest does not exist.")))
}

record! {
    /// What a booking copies of its guest.
    #[derive(Debug, Clone)]
    pub struct Contact {
        pub id: GuestId,
        pub full_name: String,
        pub email: String,
        pub phone_number: String,
        pub merged_into_id: Option<GuestId>,
        pub is_erased: bool = "anonymised_at IS NOT NULL",
    }
}

/// Who an id stands for, without a look at the guest's many stays.
pub fn contact(conn: &Conn, id: GuestId) -> Result<Contact> {
    store::contact(conn, id)?.ok_or_else(|| Error::NotFound(text!("This guest does not exist.")))
}

/// Makes a profile of checked fields.
pub fn create(tx: &Tx, new: &NewGuest) -> Result<GuestId> {
    let id = store::insert(tx, new, tx.now())?;
    audit::record(tx, "create", "guest", id.0, &audit::NOTHING, new)?;
    Ok(id)
}

/// The trail tells of a profile as the API does.
fn recorded(guest: &Guest) -> GuestView {
    guest.clone().into()
}

/// Changes a profile that is in use.
pub fn change(tx: &Tx, before: &Guest, profile: &NewGuest) -> Result<Guest> {
    before.check_in_use()?;
    store::update(tx, before.id, profile)?;
    let saved = find(tx, before.id)?;
    audit::record(tx, "change", "guest", before.id.0, &recorded(before), &recorded(&saved))?;
    Ok(saved)
}

/// The fields of `required` that the guest's profile leaves empty.
pub fn missing_fields(guest: &Guest, required: &[String]) -> Vec<String> {
    let is_missing = |field: &str| match field {
        "email" => guest.email.is_empty(),
        "phone_number" => guest.phone_number.is_empty(),
        "id_type" => guest.id_type.is_empty(),
        "id_number" => guest.id_number.is_empty(),
        "nationality" => guest.nationality.is_empty(),
        "birth_date" => guest.birth_date.is_none(),
        _ => false,
    };
    required.iter().filter(|field| is_missing(field)).cloned().collect()
}

/// The fields as the desk calls them: "date of birth, ID document".
pub fn in_words(fields: &[String]) -> Value {
    let words = fields.iter().map(|field| match field.as_str() {
        "email" => text!("e-mail"),
        "phone_number" => text!("phone number"),
        "id_type" => text!("ID document"),
        "id_number" => text!("document number"),
        "birth_date" => text!("date of birth"),
        "nationality" => text!("nationality"),
        other => Text::as_it_is(other),
    });
    Value::List(words.map(Value::Text).collect())
}

/// Removes a profile that no booking and no folded profile refers to.
pub fn delete(tx: &Tx, guest: &Guest) -> Result<()> {
    if store::is_referred_to(tx, guest.id)? {
        let detail = text!("This guest has bookings, so the profile cannot be deleted. Erase the personal data instead.");
        return Err(Error::refused(Code::StillInUse, detail));
    }
    store::delete(tx, guest.id)?;
    audit::record(tx, "delete", "guest", guest.id.0, &recorded(guest), &audit::NOTHING)
}

/// Folds `other` into `kept`: its bookings move over, what `kept` lacks is filled in.
pub fn merge(tx: &Tx, kept: &Guest, other: &Guest) -> Result<Guest> {
    if kept.id == other.id {
        return Err(Error::invalid("other_id", text!("must be another guest")));
    }
    kept.check_in_use()?;
    other.check_in_use()?;
    store::update(tx, kept.id, &filled(kept, other))?;
    store::move_people(tx, other.id, kept.id)?;
    store::move_reservations(tx, other.id, kept.id)?;
    store::fold(tx, other.id, kept.id)?;
    let (merged, folded) = (find(tx, kept.id)?, find(tx, other.id)?);
    audit::record(tx, "merge", "guest", kept.id.0, &recorded(kept), &recorded(&merged))?;
    audit::record(tx, "merge_into", "guest", other.id.0, &recorded(other), &recorded(&folded))?;
    Ok(merged)
}

/// The kept profile with its blanks filled from the other one.
fn filled(kept: &Guest, other: &Guest) -> NewGuest {
    fn first<'a>(a: &'a str, b: &'a str) -> &'a str {
        if a.is_empty() { b } else { a }
    }
    // A document's kind and number belong together.
    let document = if kept.id_number.is_empty() { other } else { kept };
    let notes = match (kept.notes.as_str(), other.notes.as_str()) {
        (own, others) if own.is_empty() || others.is_empty() || own == others => first(own, others).to_owned(),
        (own, others) => format!("{own}\n{others}").chars().take(GuestNotes::MAX).collect(),
    };
    NewGuest {
        full_name: kept.full_name.as_str().into(),
        email: first(&kept.email, &other.email).into(),
        phone_number: first(&kept.phone_number, &other.phone_number).into(),
        id_type: first(&document.id_type, &kept.id_type).into(),
        id_number: document.id_number.as_str().into(),
        nationality: first(&kept.nationality, &other.nationality).into(),
        birth_date: kept.birth_date.or(other.birth_date),
        is_vip: kept.is_vip || other.is_vip,
        notes: notes.into(),
    }
}

/// Erases the personal data of a guest, and of the profiles folded into it,
/// from every table: stays and amounts remain, under no name. Words that people typed about
/// the stays (notes, references, reasons, what a charge was for) may name the guest: they go.
pub fn anonymise(tx: &Tx, guest: &Guest, reason: &str) -> Result<Guest> {
    guest.check_in_use()?;
    if store::has_open_stay(tx, guest.id)? {
        let detail = text!("This guest has an open booking or stay. Check out or cancel it first.");
        return Err(Error::refused(Code::StillInUse, detail));
    }
    if store::has_balance(tx, guest.id)? {
        let detail = text!("This guest has an unsettled balance. Settle it first.");
        return Err(Error::refused(Code::BalanceDue, detail));
    }
    for folded in store::folded_into(tx, guest.id)? {
        erase(tx, folded)?;
    }
    erase(tx, guest.id)?;
    audit::record(tx, "anonymise", "guest", guest.id.0, &audit::NOTHING, &json!({ "reason": without_names(guest, reason) }))?;
    find(tx, guest.id)
}

/// A reason for an erasure, without the guest in it: the words of the name, the e-mail address
/// and the numbers are left out, since the reason stays.
fn without_names(guest: &Guest, reason: &str) -> String {
    let own = [&guest.full_name, &guest.email, &guest.phone_number, &guest.id_number];
    let word = |text: &str| text.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let known: Vec<String> = own.iter().flat_map(|text| text.split_whitespace()).map(word).filter(|w| w.len() > 1).collect();
    let shown = |part: &str| {
        let part_word = word(part);
        let names =
            known.iter().any(|k| *k == part_word || part_word.strip_suffix("'s").or(part_word.strip_suffix("’s")) == Some(k));
        if names { "…".to_owned() } else { part.to_owned() }
    };
    reason.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

/// A group that is called after its contact is called so no longer.
fn scrub_groups(tx: &Tx, guest: &Guest) -> Result<()> {
    if guest.anonymised_at.is_some() {
        return Ok(());
    }
    for (group, name, notes) in store::groups_of(tx, guest.id)? {
        let (kept, kept_notes) = (without_names(guest, &name), without_names(guest, &notes));
        if kept != name || kept_notes != notes {
            store::scrub_group(tx, group, &kept, &kept_notes)?;
            audit::blank(tx, "booking_group", group.0)?;
        }
    }
    Ok(())
}

/// Erases one profile, whatever stands open. Who asks for an erasure asks
/// `anonymise`; this is for the restored copy in which an erased guest is back.
pub fn erase(tx: &Tx, id: GuestId) -> Result<()> {
    store::forget_answers(tx)?;
    scrub_groups(tx, &find(tx, id)?)?;
    store::scrub(tx, id, ERASED_NAME)?;
    audit::blank(tx, "guest", id.0)?;
    for stay in store::stays_of(tx, id)? {
        audit::blank_words(tx, "reservation", stay.0)?;
        audit::blank_transfers(tx, stay)?;
    }
    store::scrub_people(tx, id, ERASED_NAME)?;
    store::scrub_reservations(tx, id)
}
