//! The people of a stay: one row a person, children too, as registration and what is
//! reckoned by person ask for them.
//!
//! The booking's adults and children are what was asked for; these are who came. As long as
//! nobody is written down the head is known by the guest's profile.

pub mod api;
pub mod store;

use serde_json::json;

use api::StayGuestRequest;

use crate::db::Table;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::ages::{OLDEST_CHILD, age_on};
use crate::domain::date::Date;
use crate::domain::id::GuestId;
use crate::domain::status::words;
use crate::domain::text::{Line, Paragraph};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::Slice;
use crate::hotel::exceptions;
use crate::hotel::guests;
use crate::hotel::reservations::booking::known_guest;
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::{audit, settings};

pub const SLICE: Slice = Slice {
    name: "stay_guests",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS],
    areas: &[("reservations", &[Table::StayGuest])],
    ..Slice::EMPTY
};

/// A town, or whoever issued a document.
pub type Place = Line<100>;
pub type HomeAddress = Paragraph<500>;
/// Why somebody pays no city tax.
pub type ExemptionReason = Line<200>;

words!(
    /// As a travel document says it.
    Sex { Female = "female", Male = "male", Other = "other" }
);

words!(
    /// What somebody is to the head.
    Relation {
        Spouse = "spouse",
        Child = "child",
        Parent = "parent",
        Relative = "relative",
        Friend = "friend",
        Colleague = "colleague",
        Other = "other",
    }
);

record! {
    /// One person of a stay.
    #[derive(Debug, Clone, Default, PartialEq)]
    pub struct StayGuest {
        /// The person's profile, where there is one.
        pub guest_id: Option<GuestId>,
        pub full_name: String,
        /// `None` of the head.
        pub relation: Option<Relation>,
        pub sex: Option<Sex>,
        pub birth_date: Option<Date>,
        pub birth_place: String,
        pub nationality: String,
        /// The country lived in.
        pub residence: String,
        pub address: String,
        pub document_kind: String,
        pub document_number: String,
        pub document_issued_in: String,
        pub document_issued_on: Option<Date>,
        /// Why no city tax is paid; empty = as the others pay.
        pub levy_exemption: String,
    }
}

impl StayGuest {
    /// How old the person is on a night, if the date of birth is known.
    pub fn age_on(&self, night: Date) -> Option<i64> {
        age_on(self.birth_date?, night)
    }
}

/// The ages of the children who are not named yet, as they were told: at arrival. Of a named child
/// the age nearest to its own is left out.
pub fn unnamed_ages(stay: &Reservation, people: &[StayGuest]) -> Vec<i64> {
    let named = people.iter().filter_map(|person| person.age_on(stay.check_in_date)).filter(|age| *age <= OLDEST_CHILD);
    let mut ages = stay.details.children_ages.without(&named.collect::<Vec<_>>());
    ages.truncate(unnamed_count(stay, people));
    ages
}

/// Booked people of whom nothing is known yet.
pub fn unnamed_count(stay: &Reservation, people: &[StayGuest]) -> usize {
    usize::try_from(stay.adults + stay.children).unwrap_or(0).saturating_sub(people.len())
}

/// Who is known to stay, the head first.
pub fn of_stay(conn: &Conn, stay: &Reservation) -> Result<Vec<StayGuest>> {
    let mut people = store::of_stay(conn, stay.id)?;
    if people.first().is_none_or(|(position, _)| *position > 1) {
        let profile = guests::find(conn, stay.guest_id)?;
        let head = StayGuest {
            guest_id: Some(profile.id),
            full_name: profile.full_name,
            birth_date: profile.birth_date,
            nationality: profile.nationality,
            document_kind: profile.id_type,
            document_number: profile.id_number,
            ..StayGuest::default()
        };
        people.insert(0, (1, head));
    }
    Ok(people.into_iter().map(|(_, person)| person).collect())
}

/// Writes down who stays, the head first. What a profile leaves empty is filled from it.
///
/// # Errors
/// 422 with more people than the booking is for, or with what is no name, date or document.
pub fn write(tx: &Tx, stay: &Reservation, people: Vec<StayGuestRequest>) -> Result<Vec<StayGuest>> {
    let today = settings::business_date(tx)?;
    let before: Vec<StayGuest> = store::of_stay(tx, stay.id)?.into_iter().map(|(_, person)| person).collect();
    let mut fields = Fields::default();
    fields.ensure(!people.is_empty(), "guests", text!("must name the guest at least"));
    let booked = stay.adults + stay.children;
    if people.len() as i64 > booked {
        fields.add("guests", text!("must be {booked} at most; change the number of people of the booking first", booked));
    }
    let place = |n: usize| format!("guests[{n}]");
    let people: Vec<StayGuest> =
        people.into_iter().enumerate().map(|(n, person)| person.check(&place(n), today, &mut fields)).collect();
    fields.finish()?;
    put_all(tx, stay, &before, people, &place)
}

/// Writes further people down, behind those who are known.
///
/// # Errors
/// As [`write`], of `companions`.
pub fn add(tx: &Tx, stay: &Reservation, more: Vec<StayGuestRequest>) -> Result<Vec<StayGuest>> {
    let today = settings::business_date(tx)?;
    let before: Vec<StayGuest> = store::of_stay(tx, stay.id)?.into_iter().map(|(_, person)| person).collect();
    let mut people = of_stay(tx, stay)?;
    let (known, booked) = (people.len(), stay.adults + stay.children);
    let mut fields = Fields::default();
    if (known + more.len()) as i64 > booked {
        fields.add("companions", text!("must be {booked} at most; change the number of people of the booking first", booked));
    }
    let place = |n: usize| format!("companions[{}]", n.saturating_sub(known));
    people.extend(more.into_iter().enumerate().map(|(n, person)| person.check(&place(known + n), today, &mut fields)));
    fields.finish()?;
    put_all(tx, stay, &before, people, &place)
}

/// Who is written down as the head learns what the profile says by now.
pub fn learn(tx: &Tx, stay: &Reservation, profile: &guests::Guest) -> Result<()> {
    let Some((position, mut head)) = store::of_stay(tx, stay.id)?.into_iter().next().filter(|(position, _)| *position == 1)
    else {
        return Ok(());
    };
    if head.document_number.is_empty() {
        (head.document_kind, head.document_number) = (profile.id_type.clone(), profile.id_number.clone());
    }
    if head.nationality.is_empty() {
        head.nationality.clone_from(&profile.nationality);
    }
    head.birth_date = head.birth_date.or(profile.birth_date);
    store::put(tx, stay.id, usize::try_from(position).unwrap_or(1), &head)?;
    reservations::taxed::reckon(tx, stay.id)
}

fn put_all(
    tx: &Tx,
    stay: &Reservation,
    before: &[StayGuest],
    mut people: Vec<StayGuest>,
    place: &dyn Fn(usize) -> String,
) -> Result<Vec<StayGuest>> {
    if let Some(head) = people.first_mut() {
        (head.guest_id, head.relation) = (Some(stay.guest_id), None);
    }
    let mut profiles = Vec::with_capacity(people.len());
    for (n, person) in people.iter_mut().enumerate() {
        if let Some(id) = person.guest_id {
            let known = known_guest(tx, id).map_err(|error| at_place(error, &place(n)))?.id;
            if profiles.contains(&known) {
                return Err(Error::invalid(format!("{}.guest_id", place(n)), text!("stands twice")));
            }
            profiles.push(known);
            person.guest_id = Some(known);
            fill_profile(tx, known, person)?;
        }
        // A new exemption is told with what it takes off: that is known when it is written by itself.
        let exemption = if is_exempt_before(before, person) { person.levy_exemption.clone() } else { String::new() };
        store::put(tx, stay.id, n + 1, &StayGuest { levy_exemption: exemption, ..person.clone() })?;
    }
    store::remove_after(tx, stay.id, people.len())?;
    reservations::store::touch(tx, stay.id)?;
    // Who is how old, and lives where, decides about levies.
    reservations::taxed::reckon(tx, stay.id)?;
    audit::record(tx, "register", "reservation", stay.id.0, &json!({"people": before.len()}), &json!({"people": people.len()}))?;
    exempt(tx, stay, before, &people)?;
    Ok(people)
}

/// Each exemption is told to the owner with what it takes off the bill, if that is nothing as yet: nobody keeps a
/// tax that the guest has paid.
fn exempt(tx: &Tx, stay: &Reservation, before: &[StayGuest], people: &[StayGuest]) -> Result<()> {
    let mut total = reservations::find(tx, stay.id)?.total_amount();
    for (n, person) in people.iter().enumerate().filter(|(_, person)| !person.levy_exemption.is_empty()) {
        if is_exempt_before(before, person) {
            continue;
        }
        store::put(tx, stay.id, n + 1, person)?;
        reservations::taxed::reckon(tx, stay.id)?;
        let now = reservations::find(tx, stay.id)?.total_amount();
        exceptions::note_exemption(tx, stay.noted(), total - now, &person.levy_exemption)?;
        total = now;
    }
    Ok(())
}

/// Whether the person was exempt already, for the same reason.
fn is_exempt_before(before: &[StayGuest], person: &StayGuest) -> bool {
    let is_same = |known: &StayGuest| match (known.guest_id, person.guest_id) {
        (Some(known), Some(person)) => known == person,
        _ => known.full_name == person.full_name,
    };
    before.iter().any(|known| is_same(known) && known.levy_exemption == person.levy_exemption)
}

/// A complaint about a field of one person.
fn at_place(error: Error, place: &str) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            fields.iter_mut().for_each(|field| field.field = format!("{place}.{}", field.field));
            Error::Invalid(fields)
        }
        other => other,
    }
}

/// A profile learns what it does not say yet.
fn fill_profile(tx: &Tx, id: GuestId, person: &StayGuest) -> Result<()> {
    let before = guests::find(tx, id)?;
    let mut profile = before.profile();
    if profile.id_number.is_empty() {
        (profile.id_type, profile.id_number) = (person.document_kind.as_str().into(), person.document_number.as_str().into());
    }
    if profile.nationality.is_empty() {
        profile.nationality = person.nationality.as_str().into();
    }
    profile.birth_date = profile.birth_date.or(person.birth_date);
    if profile == before.profile() {
        return Ok(());
    }
    guests::change(tx, &before, &profile).map(|_| ())
}
