//! `/api/guests`.

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::search::{self, Search};
use super::{Country, DocumentKind, DocumentNumber, ErasureReason, Guest, GuestName, GuestNotes, NewGuest, phone_key, store};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{GuestId, ReservationId, Version};
use crate::domain::money::Amount;
use crate::domain::status::ReservationStatus;
use crate::domain::text::{EmailAddress, Line, PhoneNumber};
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::listing::{Filter, Items, List, Listing, counted};
use crate::hotel::settings;
use crate::hotel::settings::api::check_version;
use crate::http::decode::{MAX_TEXT, given};
use crate::http::endpoint::{Access, Endpoint, NoBody, NoParams, command, query, update};
use crate::http::paging::{Sorting, list_params, sorts};
use crate::http::request::Method;

/// Likely duplicates shown at most.
const DUPLICATES: i64 = 10;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::Guest, Table::Reservation];
    let mut endpoints = vec![
        query("/api/guests", "list_guests", Access::READ, "Guests, newest first; `q` searches as you type", tables, list),
        command(Method::Post, "/api/guests", "create_guest", Access::DESK, "Make a guest's profile", create).creates(),
        query(
            "/api/guests/duplicates",
            "list_guest_duplicates",
            Access::READ,
            "Profiles that may be the same person: same e-mail address, phone number or name",
            tables,
            duplicates,
        ),
        query("/api/guests/{id}", "find_guest", Access::READ, "One guest", tables, find),
        command(Method::Delete, "/api/guests/{id}", "delete_guest", Access::DESK, "Remove a guest who never booked", delete),
        query(
            "/api/guests/{id}/reservations",
            "list_guest_reservations",
            Access::READ,
            "A guest's bookings, latest arrival first",
            tables,
            list_reservations,
        ),
        command(
            Method::Post,
            "/api/guests/{id}/merge",
            "merge_guest",
            Access::MANAGE,
            "Fold another profile of the same person into this one",
            merge,
        ),
        command(
            Method::Post,
            "/api/guests/{id}/anonymise",
            "anonymise_guest",
            Access::MANAGE,
            "Erase a guest's personal data; the stays remain",
            anonymise,
        ),
    ];
    endpoints.extend(update(
        "/api/guests/{id}",
        ["update_guest", "replace_guest"],
        Access::DESK,
        "Change a guest's profile",
        change,
    ));
    endpoints
}

/// A guest's profile.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GuestView {
    id: GuestId,
    full_name: String,
    email: String,
    phone_number: String,
    id_type: String,
    id_number: String,
    nationality: String,
    birth_date: Option<Date>,
    is_vip: bool,
    notes: String,
    /// Stays begun: in-house and departed.
    stay_count: i64,
    is_anonymised: bool,
    /// The profile that this one was folded into.
    merged_into_id: Option<GuestId>,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
}

impl From<Guest> for GuestView {
    fn from(g: Guest) -> Self {
        GuestView {
            id: g.id,
            full_name: g.full_name,
            email: g.email,
            phone_number: g.phone_number,
            id_type: g.id_type,
            id_number: g.id_number,
            nationality: g.nationality,
            birth_date: g.birth_date,
            is_vip: g.is_vip,
            notes: g.notes,
            stay_count: g.stay_count,
            is_anonymised: g.anonymised_at.is_some(),
            merged_into_id: g.merged_into_id,
            version: g.version,
            created_at: g.created_at,
            updated_at: g.updated_at,
        }
    }
}

list_params! {
    pub struct GuestListParams by GuestSort {
        /// Search as you type over name, e-mail address, phone number and notes: each word
        /// is the start of one, or a part of one of the name or the notes; accents, apostrophes
        /// and transliterated umlauts do not matter. The newest come first, whatever `sort`
        /// says, and `total` counts up to 1,001.
        q: Option<String>,
        email: Option<String>,
        /// The same number, however it is spaced.
        phone_number: Option<String>,
        #[schemars(length(max = Country::MAX))]
        nationality: Option<String>,
        is_vip: Option<bool>,
    }
}

sorts!(
    /// Orders of guests.
    GuestSort, CreatedAt Descending {
        FullName = "full_name" by ["full_name COLLATE NOCASE", "id"],
        CreatedAt = "created_at" by ["created_at", "id"],
    }
);

fn list(conn: &Conn, p: GuestListParams) -> Result<List<GuestView>> {
    let (page, order) = (p.page(), p.order());
    let phone = p.phone_number.as_deref().map(phone_key);
    let nationality = p.nationality.as_deref().map(|typed| super::country(&typed.into())).transpose();
    let nationality = nationality.map_err(|message| Error::invalid("nationality", message))?;
    if let Some(q) = p.q.as_deref().filter(|q| !q.trim().is_empty()) {
        let typed = Line::<MAX_TEXT>::of(q).map_err(|message| Error::invalid("q", message))?;
        let filter = store::SearchFilter { email: p.email, phone_key: phone, nationality, is_vip: p.is_vip };
        let (found, total) = store::search(conn, &search::parse_parts(conn, &typed)?, &filter, page.size, page.offset())?;
        return Ok(List::of(found.into_iter().map(GuestView::from).collect(), page, total));
    }
    let total = match (&p.email, &phone, &nationality, p.is_vip) {
        (None, None, None, None) => Some(counted(conn, "guest", "")?),
        (None, None, None, Some(true)) => Some(store::count_vips(conn)?),
        (None, None, None, Some(false)) => Some(counted(conn, "guest", "")? - store::count_vips(conn)?),
        _ => None,
    };
    let mut filter = Filter::default();
    filter
        .only("merged_into_id IS NULL")
        .with("email <> '' AND email = ? COLLATE NOCASE", p.email)
        .with("phone_digits <> '' AND phone_digits = ?", phone)
        .with("nationality = ?", nationality);
    match p.is_vip {
        // Written out, so that the index of VIPs is used.
        Some(true) => filter.only("is_vip = 1"),
        Some(false) => filter.only("is_vip = 0"),
        None => &mut filter,
    };
    let listing = Listing {
        name: "guests.list",
        table: "guest",
        columns: Guest::COLUMNS,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    listing.read(conn, page, total, |row| Guest::from_row(row).map(GuestView::from))
}

/// A guest's profile as a request gives it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestRequest {
    pub full_name: GuestName,
    #[serde(default)]
    pub email: Option<EmailAddress>,
    #[serde(default)]
    pub phone_number: Option<PhoneNumber>,
    /// Such as passport.
    #[serde(default)]
    pub id_type: Option<DocumentKind>,
    #[serde(default)]
    pub id_number: Option<DocumentNumber>,
    /// A country's code of two or three letters, or its name.
    #[serde(default)]
    pub nationality: Option<Country>,
    #[serde(default)]
    pub birth_date: Option<Date>,
    #[serde(default)]
    pub is_vip: Option<bool>,
    #[serde(default)]
    pub notes: Option<GuestNotes>,
}

impl GuestRequest {
    /// The profile, or every bad field at once.
    pub fn check(&self) -> Result<NewGuest> {
        let given = self.clone();
        NewGuest {
            full_name: given.full_name,
            email: given.email.unwrap_or_default(),
            phone_number: given.phone_number.unwrap_or_default(),
            id_type: given.id_type.unwrap_or_default(),
            id_number: given.id_number.unwrap_or_default(),
            nationality: given.nationality.unwrap_or_default(),
            birth_date: given.birth_date,
            is_vip: given.is_vip.unwrap_or(false),
            notes: given.notes.unwrap_or_default(),
        }
        .check()
    }
}

fn create(tx: &Tx, _: NoParams, body: GuestRequest) -> Result<GuestView> {
    let id = super::create(tx, &body.check()?)?;
    super::find(tx, id).map(GuestView::from)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByGuest {
    id: GuestId,
}

fn find(conn: &Conn, at: ByGuest) -> Result<GuestView> {
    super::find(conn, at.id).map(GuestView::from)
}

/// What of a profile changes; what is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GuestChange {
    full_name: Option<GuestName>,
    email: Option<EmailAddress>,
    phone_number: Option<PhoneNumber>,
    id_type: Option<DocumentKind>,
    id_number: Option<DocumentNumber>,
    nationality: Option<Country>,
    /// `null` takes it away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Date>")]
    birth_date: Option<Option<Date>>,
    is_vip: Option<bool>,
    notes: Option<GuestNotes>,
    version: Option<Version>,
}

fn change(tx: &Tx, at: ByGuest, body: GuestChange) -> Result<GuestView> {
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let was = before.profile();
    let profile = NewGuest {
        full_name: body.full_name.unwrap_or(was.full_name),
        email: body.email.unwrap_or(was.email),
        phone_number: body.phone_number.unwrap_or(was.phone_number),
        id_type: body.id_type.unwrap_or(was.id_type),
        id_number: body.id_number.unwrap_or(was.id_number),
        nationality: body.nationality.unwrap_or(was.nationality),
        birth_date: body.birth_date.unwrap_or(was.birth_date),
        is_vip: body.is_vip.unwrap_or(was.is_vip),
        notes: body.notes.unwrap_or(was.notes),
    };
    super::change(tx, &before, &profile.check()?).map(GuestView::from)
}

fn delete(tx: &Tx, at: ByGuest, _: NoBody) -> Result<()> {
    let guest = super::find(tx, at.id)?;
    super::delete(tx, &guest)
}

/// The profile to fold in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    other_id: GuestId,
}

fn merge(tx: &Tx, at: ByGuest, body: Merge) -> Result<GuestView> {
    let kept = super::find(tx, at.id)?;
    let other = store::find(tx, body.other_id)?.ok_or_else(|| Error::invalid("other_id", text!("is not a guest")))?;
    super::merge(tx, &kept, &other).map(GuestView::from)
}

/// Why the data are erased.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anonymisation {
    reason: ErasureReason,
}

fn anonymise(tx: &Tx, at: ByGuest, body: Anonymisation) -> Result<GuestView> {
    let reason = body.reason.checked().map_err(|message| Error::invalid("reason", message))?;
    let guest = super::find(tx, at.id)?;
    super::anonymise(tx, &guest, &reason).map(GuestView::from)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DuplicateParams {
    full_name: Option<String>,
    email: Option<String>,
    phone_number: Option<String>,
}

fn duplicates(conn: &Conn, p: DuplicateParams) -> Result<Items<GuestView>> {
    let mut found = Vec::new();
    if let Some(email) = p.email.as_deref().map(str::trim).filter(|e| !e.is_empty()) {
        found.extend(store::same_email(conn, email, DUPLICATES)?);
    }
    let by_phone = p.phone_number.as_deref().and_then(search::same_phone);
    let by_name = p.full_name.as_deref().and_then(search::same_name);
    for expression in by_phone.into_iter().chain(by_name) {
        found.extend(store::search_ids(conn, &Search::Match(expression), DUPLICATES)?);
    }
    let mut items: Vec<GuestView> = Vec::new();
    for id in found {
        let is_new = items.iter().all(|g| g.id != id);
        if is_new && items.len() < usize::try_from(DUPLICATES).unwrap_or(0) {
            items.push(super::find(conn, id)?.into());
        }
    }
    Ok(Items { items })
}

list_params! {
    pub struct HistoryParams by HistorySort {
        id: GuestId,
        status: Option<ReservationStatus>,
    }
}

sorts!(
    /// Orders of a guest's stays.
    HistorySort, CheckInDate Descending {
        CheckInDate = "check_in_date" by ["check_in_date", "id"],
        CheckOutDate = "check_out_date" by ["+check_out_date", "+id"],
        CreatedAt = "created_at" by ["+created_at", "+id"],
    }
);

/// A booking in a guest's history.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GuestReservationView {
    id: ReservationId,
    confirmation_number: String,
    status: ReservationStatus,
    check_in_date: Date,
    check_out_date: Date,
    nights: i64,
    room_number: Option<String>,
    room_type_name: String,
    total_amount: Amount,
    balance: Amount,
}

fn list_reservations(conn: &Conn, p: HistoryParams) -> Result<List<GuestReservationView>> {
    let (page, order) = (p.page(), p.order());
    let guest = super::find(conn, p.id)?;
    let currency = settings::property(conn)?.currency;
    let mut filter = Filter::default();
    filter.with("guest_id = ?", Some(guest.id)).with("status = ?", p.status);
    let columns = store::GuestStay::COLUMNS;
    let listing = Listing {
        name: "guests.reservations",
        table: "reservation",
        columns,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let view = |s: store::GuestStay| GuestReservationView {
        id: s.id,
        confirmation_number: s.confirmation_number,
        status: s.status,
        check_in_date: s.check_in_date,
        check_out_date: s.check_out_date,
        nights: s.check_in_date.days_until(s.check_out_date),
        room_number: s.room_number,
        room_type_name: s.room_type_name,
        total_amount: currency.amount(s.total_amount),
        balance: currency.amount(s.balance),
    };
    listing.read(conn, page, None, |row| store::GuestStay::from_row(row).map(view))
}
