//! `/api/reservations/{id}/guests`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::store;
use super::{ExemptionReason, HomeAddress, Place, Relation, Sex, StayGuest, of_stay, unnamed_ages, unnamed_count, write};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId, Version};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::guests::{Country, DocumentKind, DocumentNumber, GuestName, country};
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::settings::api::check_version;
use crate::hotel::taxes;
use crate::http::endpoint::{Access, Endpoint, command, query};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let (path, tables) =
        ("/api/reservations/{id}/guests", &[Table::Reservation, Table::Guest, Table::StayGuest, Table::TaxSetup]);
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
    /// Why no city tax is paid; empty = as the others pay.
    levy_exemption: String,
    /// When the authority that registers guests was told; a change of the particulars takes it away.
    sent_on: Option<Date>,
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
    /// Whether the hotel levies city taxes.
    has_levies: bool,
    /// The booking's.
    version: i64,
}

fn view(conn: &Conn, stay: &Reservation, people: Vec<StayGuest>, night: Date) -> Result<StayGuestsView> {
    let (unnamed_count, unnamed_ages) = (unnamed_count(stay, &people), unnamed_ages(stay, &people));
    let sent = store::sent(conn, stay.id)?;
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
        levy_exemption: p.levy_exemption,
        sent_on: sent.iter().find(|(position, _)| *position == n as i64 + 1).map(|(_, on)| *on),
    };
    let items = people.into_iter().enumerate().map(item).collect();
    let unnamed_count = i64::try_from(unnamed_count).unwrap_or(i64::MAX);
    Ok(StayGuestsView {
        items,
        adults: stay.adults,
        children: stay.children,
        unnamed_count,
        unnamed_ages,
        has_levies: taxes::store::has_levies(conn)?,
        version: stay.version,
    })
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
    view(conn, &stay, people, at.night.unwrap_or(stay.check_in_date))
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
    full_name: GuestName,
    #[serde(default)]
    relation: Option<Relation>,
    #[serde(default)]
    sex: Option<Sex>,
    #[serde(default)]
    birth_date: Option<Date>,
    #[serde(default)]
    birth_place: Option<Place>,
    /// A country's code of two or three letters, or its name.
    #[serde(default)]
    nationality: Option<Country>,
    /// The country lived in, in the same way.
    #[serde(default)]
    residence: Option<Country>,
    #[serde(default)]
    address: Option<HomeAddress>,
    /// Such as passport.
    #[serde(default)]
    document_kind: Option<DocumentKind>,
    #[serde(default)]
    document_number: Option<DocumentNumber>,
    #[serde(default)]
    document_issued_in: Option<Place>,
    #[serde(default)]
    document_issued_on: Option<Date>,
    /// Why no city tax is paid; empty = as the others pay.
    #[serde(default)]
    levy_exemption: Option<ExemptionReason>,
}

impl StayGuestRequest {
    /// The person; complaints go to `fields` under `place`.
    pub(super) fn check(self, place: &str, today: Date, fields: &mut Fields) -> StayGuest {
        let field = |name: &str| format!("{place}.{name}");
        let is_past = |date: Option<Date>| date.is_none_or(|date| date <= today);
        fields.ensure(is_past(self.birth_date), &field("birth_date"), text!("must not be in the future"));
        fields.ensure(is_past(self.document_issued_on), &field("document_issued_on"), text!("must not be in the future"));
        let (kind, number) = (self.document_kind.unwrap_or_default(), self.document_number.unwrap_or_default());
        StayGuest {
            guest_id: self.guest_id,
            full_name: fields.check(&field("full_name"), self.full_name.checked()),
            relation: self.relation,
            sex: self.sex,
            birth_date: self.birth_date,
            birth_place: fields.check(&field("birth_place"), self.birth_place.unwrap_or_default().checked()),
            nationality: fields.check(&field("nationality"), country(&self.nationality.unwrap_or_default())),
            residence: fields.check(&field("residence"), country(&self.residence.unwrap_or_default())),
            address: fields.check(&field("address"), self.address.unwrap_or_default().checked()),
            document_kind: fields.check(&field("document_kind"), kind.checked()),
            document_number: fields.check(&field("document_number"), number.checked()),
            document_issued_in: fields.check(&field("document_issued_in"), self.document_issued_in.unwrap_or_default().checked()),
            document_issued_on: self.document_issued_on,
            levy_exemption: fields.check(&field("levy_exemption"), self.levy_exemption.unwrap_or_default().checked()),
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
    let people = write(tx, &stay, people)?;
    let saved = reservations::find(tx, at.id)?;
    view(tx, &saved, people, saved.check_in_date)
}
