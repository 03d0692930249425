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
use crate::domain::text;
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

/// A profile to be made, or what a profile says; checked.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NewGuest {
    pub full_name: String,
    pub email: String,
    pub phone_number: String,
    pub id_type: String,
    pub id_number: String,
    pub nationality: String,
    pub birth_date: Option<Date>,
    pub is_vip: bool,
    pub notes: String,
}

/// Lengths of the fields, in characters.
pub const NAME_LENGTH: usize = 200;
pub const PHONE_LENGTH: usize = 50;
pub const ID_TYPE_LENGTH: usize = 50;
pub const ID_NUMBER_LENGTH: usize = 100;
pub const NATIONALITY_LENGTH: usize = 60;
pub const NOTES_LENGTH: usize = 5000;

impl NewGuest {
    /// The same, trimmed and tidied, or every bad field at once.
    pub fn check(&self) -> Result<NewGuest> {
        let mut fields = Fields::default();
        let checked = NewGuest {
            full_name: fields.check("full_name", text::name(&self.full_name, NAME_LENGTH)),
            email: fields.check("email", text::email(&self.email)),
            phone_number: fields.check("phone_number", text::line(&self.phone_number, PHONE_LENGTH)),
            id_type: fields.check("id_type", text::line(&self.id_type, ID_TYPE_LENGTH)),
            id_number: fields.check("id_number", text::line(&self.id_number, ID_NUMBER_LENGTH)),
            nationality: fields.check("nationality", country(&self.nationality)),
            birth_date: self.birth_date,
            is_vip: self.is_vip,
            notes: fields.check("notes", text::paragraph(&self.notes, NOTES_LENGTH)),
        };
        fields.finish()?;
        Ok(checked)
    }
}

/// A country's code of two or three letters, in capitals, or its name.
pub fn country(given: &str) -> Result<String, Text> {
    let line = text::line(given, NATIONALITY_LENGTH)?;
    let is_code = (2..=3).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_alphabetic());
    Ok(if is_code { line.to_ascii_uppercase() } else { line })
}

impl Guest {
    /// What a person can change of it.
    pub fn profile(&self) -> NewGuest {
        NewGuest {
            full_name: self.full_name.clone(),
            email: self.email.clone(),
            phone_number: self.phone_number.clone(),
            id_type: self.id_type.clone(),
            id_number: self.id_number.clone(),
            nationality: self.nationality.clone(),
            birth_date: self.birth_date,
            is_vip: self.is_vip,
            notes: self.notes.clone(),
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
    let first = |a: &String, b: &String| if a.is_empty() { b.clone() } else { a.clone() };
    // A document's kind and number belong together.
    let document = if kept.id_number.is_empty() { other } else { kept };
    let notes = match (kept.notes.as_str(), other.notes.as_str()) {
        (own, others) if own.is_empty() || others.is_empty() || own == others => first(&kept.notes, &other.notes),
        (own, others) => format!("{own}\n{others}").chars().take(NOTES_LENGTH).collect(),
    };
    NewGuest {
        full_name: kept.full_name.clone(),
        email: first(&kept.email, &other.email),
        phone_number: first(&kept.phone_number, &other.phone_number),
        id_type: first(&document.id_type, &kept.id_type),
        id_number: document.id_number.clone(),
        nationality: first(&kept.nationality, &other.nationality),
        birth_date: kept.birth_date.or(other.birth_date),
        is_vip: kept.is_vip || other.is_vip,
        notes,
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

/// Erases one profile, whatever stands open. Who asks for an erasure asks
/// `anonymise`; this is for the restored copy in which an erased guest is back.
pub fn erase(tx: &Tx, id: GuestId) -> Result<()> {
    store::forget_answers(tx)?;
    store::scrub(tx, id, ERASED_NAME)?;
    audit::blank(tx, "guest", id.0)?;
    for stay in store::stays_of(tx, id)? {
        audit::blank_words(tx, "reservation", stay.0)?;
    }
    store::scrub_people(tx, id, ERASED_NAME)?;
    store::scrub_reservations(tx, id)
}
