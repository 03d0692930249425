//! `/api/reservations/{id}/guests`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ADDRESS_LENGTH, PLACE_LENGTH, Relation, Sex, StayGuest, of_stay, unnamed_ages, unnamed_count, write};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId, Version};
use crate::domain::text::{Line, Name, Paragraph};
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::settings::api::check_version;
use crate::http::endpoint::{Access, Endpoint, command, query};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let (path, tables) = ("/api/reservations/{id}/guests", &[Table::Reservation, Table::Guest, Table::StayGuest]);
    vec![
        query(path, "list_stay_guests", Access::READ, "The people of a stay, the head first", tables, list),
        command(Method::Put, path, "replace_stay_guests", Access::DESK, "Write down who stays, the head first", replace),
    ]
}

/// A person of the stay.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StayGuestView {
    /// Who answers for the others: the guest of the booking.
    is_head: bool,
    guest_id: Option<GuestId>,
    full_name: String,
    relation: Option<Relation>,
    sex: Option<Sex>,
    birth_date: Option<Date>,
    /// On the night that was asked for, by the date of birth.
    age: Option<i64>,
    birth_place: String,
    nationality: String,
    residence: String,
    address: String,
    document_kind: String,
    document_number: String,
    document_issued_in: String,
    document_issued_on: Option<Date>,
}

/// The people of a stay, beside the number that was booked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StayGuestsView {
    items: Vec<StayGuestView>,
    adults: i64,
    children: i64,
    /// Booked people of whom nothing is known yet.
    unnamed_count: i64,
    /// How old the children among them are at arrival, as far as it was told.
    unnamed_ages: Vec<i64>,
    /// The booking's.
    version: i64,
}

fn view(stay: &Reservation, people: Vec<StayGuest>, night: Date) -> StayGuestsView {
    let (unnamed_count, unnamed_ages) = (unnamed_count(stay, &people), unnamed_ages(stay, &people));
    let item = |(n, p): (usize, StayGuest)| StayGuestView {
        is_head: n == 0,
        age: p.age_on(night),
        guest_id: p.guest_id,
        full_name: p.full_name,
        relation: p.relation,
        sex: p.sex,
        birth_date: p.birth_date,
        birth_place: p.birth_place,
        nationality: p.nationality,
        residence: p.residence,
        address: p.address,
        document_kind: p.document_kind,
        document_number: p.document_number,
        document_issued_in: p.document_issued_in,
        document_issued_on: p.document_issued_on,
    };
    let items = people.into_iter().enumerate().map(item).collect();
    let unnamed_count = i64::try_from(unnamed_count).unwrap_or(i64::MAX);
    StayGuestsView { items, adults: stay.adults, children: stay.children, unnamed_count, unnamed_ages, version: stay.version }
}

/// The booking in a path, and the night that ages are told for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListParams {
    id: ReservationId,
    /// The first one when left out.
    night: Option<Date>,
}

fn list(conn: &Conn, at: ListParams) -> Result<StayGuestsView> {
    let stay = reservations::find(conn, at.id)?;
    let people = of_stay(conn, &stay)?;
    Ok(view(&stay, people, at.night.unwrap_or(stay.check_in_date)))
}

/// A person as a request gives it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StayGuestRequest {
    /// True of one person at most; when left out of all, the first one is the head.
    #[serde(default)]
    is_head: Option<bool>,
    /// The person's own profile. The head's is always the guest of the booking.
    #[serde(default)]
    guest_id: Option<GuestId>,
    #[schemars(with = "Name<200>")]
    full_name: String,
    #[serde(default)]
    relation: Option<Relation>,
    #[serde(default)]
    sex: Option<Sex>,
    #[serde(default)]
    birth_date: Option<Date>,
    #[serde(default)]
    #[schemars(with = "Option<Line<PLACE_LENGTH>>")]
    birth_place: Option<String>,
    /// A country's code of two or three letters, or its name.
    #[serde(default)]
    #[schemars(with = "Option<Line<60>>")]
    nationality: Option<String>,
    /// The country lived in, in the same way.
    #[serde(default)]
    #[schemars(with = "Option<Line<60>>")]
    residence: Option<String>,
    #[serde(default)]
    #[schemars(with = "Option<Paragraph<ADDRESS_LENGTH>>")]
    address: Option<String>,
    /// Such as passport.
    #[serde(default)]
    #[schemars(with = "Option<Line<50>>")]
    document_kind: Option<String>,
    #[serde(default)]
    #[schemars(with = "Option<Line<100>>")]
    document_number: Option<String>,
    #[serde(default)]
    #[schemars(with = "Option<Line<PLACE_LENGTH>>")]
    document_issued_in: Option<String>,
    #[serde(default)]
    document_issued_on: Option<Date>,
}

impl From<StayGuestRequest> for StayGuest {
    fn from(p: StayGuestRequest) -> Self {
        StayGuest {
            guest_id: p.guest_id,
            full_name: p.full_name,
            relation: p.relation,
            sex: p.sex,
            birth_date: p.birth_date,
            birth_place: p.birth_place.unwrap_or_default(),
            nationality: p.nationality.unwrap_or_default(),
            residence: p.residence.unwrap_or_default(),
            address: p.address.unwrap_or_default(),
            document_kind: p.document_kind.unwrap_or_default(),
            document_number: p.document_number.unwrap_or_default(),
            document_issued_in: p.document_issued_in.unwrap_or_default(),
            document_issued_on: p.document_issued_on,
        }
    }
}

/// Everybody who stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StayGuestsRequest {
    #[schemars(length(min = 1))]
    guests: Vec<StayGuestRequest>,
    /// The booking's, as it was read.
    #[serde(default)]
    version: Option<Version>,
}

fn replace(tx: &Tx, at: ByReservation, body: StayGuestsRequest) -> Result<StayGuestsView> {
    let stay = reservations::find(tx, at.id)?;
    check_version(body.version, stay.version)?;
    let mut people = body.guests;
    let heads: Vec<usize> = (0..people.len()).filter(|n| people[*n].is_head == Some(true)).collect();
    match heads[..] {
        [] => {}
        [head] => people[..=head].rotate_right(1),
        [_, second, ..] => return Err(Error::invalid(format!("guests[{second}].is_head"), text!("is true of one person only"))),
    }
    let people = write(tx, &stay, people.into_iter().map(StayGuest::from).collect())?;
    let saved = reservations::find(tx, at.id)?;
    Ok(view(&saved, people, saved.check_in_date))
}
