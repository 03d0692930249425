//! `/api/settings`, the editable lists, and the audit trail.

use jiff::tz::TimeZone;
use rusqlite::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::store::{self, ListEntry, ListKind};
use super::{EntryName, HotelAddress, HotelName, Property, RequirableField};
use crate::db::record::{next, record};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ListEntryId, MAX_ID, Version};
use crate::domain::locale::{Locale, is_locale};
use crate::domain::money::{Amount, Currency, Money, NotNegative};
use crate::domain::number::Whole;
use crate::domain::order::sort;
use crate::domain::search_text::is_found_in;
use crate::domain::status::MethodKind;
use crate::domain::text::{EmailAddress, Name, PhoneNumber};
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::audit::{self, Reason};
use crate::hotel::listing::{Filter, List, Listing, counted, page_of};
use crate::hotel::policies;
use crate::hotel::policies::api::{PolicyRequest, PolicyView};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query, update};
use crate::http::paging::{Direction, Order, Sorting, list_params, sorts};
use crate::http::rate_limit::LEAST_RATE_LIMIT;
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    // What the entries are about is named as it is called now.
    let trail = &[
        Table::AuditLog,
        Table::Reservation,
        Table::Guest,
        Table::Room,
        Table::RoomBlock,
        Table::RoomType,
        Table::RatePlan,
        Table::User,
        Table::Device,
        Table::BookingSource,
        Table::PaymentMethod,
        Table::Drawer,
        Table::Shift,
        Table::Voucher,
        Table::Invoice,
        Table::InvoiceSeries,
        Table::Article,
        Table::ReportView,
        Table::Company,
        Table::BookingGroup,
        Table::Folio,
    ];
    let mut endpoints = vec![
        query("/api/settings", "find_settings", Access::STAFF, "The property's settings", &[], find),
        query(
            "/api/booking-sources",
            "list_booking_sources",
            Access::READ,
            "How bookings come",
            &[Table::BookingSource],
            list_sources,
        ),
        command(
            Method::Post,
            "/api/booking-sources",
            "create_booking_source",
            Access::MANAGE,
            "Add a booking source",
            create_source,
        )
        .creates(),
        query(
            "/api/payment-methods",
            "list_payment_methods",
            Access::READ,
            "How guests pay",
            &[Table::PaymentMethod],
            list_methods,
        ),
        command(
            Method::Post,
            "/api/payment-methods",
            "create_payment_method",
            Access::MANAGE,
            "Add a payment method",
            create_method,
        )
        .creates(),
        query(
            "/api/audit-log",
            "list_audit_log",
            Access::READ,
            "Who changed what and when: of what the role may see",
            trail,
            list_audit,
        ),
    ];
    endpoints.extend(update(
        "/api/booking-sources/{id}",
        ["update_booking_source", "replace_booking_source"],
        Access::MANAGE,
        "Rename or retire a booking source",
        update_source,
    ));
    endpoints.extend(update(
        "/api/payment-methods/{id}",
        ["update_payment_method", "replace_payment_method"],
        Access::MANAGE,
        "Rename or retire a payment method",
        update_method,
    ));
    endpoints
}

/// The property's settings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SettingsView {
    name: String,
    address: String,
    phone: String,
    email: String,
    currency: String,
    currency_exponent: u8,
    time_zone: String,
    locale: String,
    business_date: Date,
    /// Today on the hotel's wall calendar.
    calendar_date: Date,
    check_in_time: String,
    check_out_time: String,
    required_guest_fields: Vec<String>,
    policy: PolicyView,
    rate_limit_per_minute: u32,
    /// Cash is refused while no drawer is open for who takes it.
    needs_shift: bool,
    /// What cash is rounded to; 0 = it is paid to the last minor unit.
    smallest_coin: Amount,
    /// How many cots the hotel has; `null` = enough for everybody.
    cots: Option<i64>,
    /// What a guest usually leaves as a security; 0 = none is proposed.
    usual_security: Amount,
    is_demo: bool,
    version: i64,
}

fn view(conn: &Conn, p: Property) -> Result<SettingsView> {
    Ok(SettingsView {
        calendar_date: conn.now().date_in(&p.zone()),
        policy: PolicyView::of(policies::find(conn, p.policy_id)?, &p.currency),
        needs_shift: p.needs_shift,
        smallest_coin: p.currency.amount(p.smallest_coin),
        cots: p.cots,
        usual_security: p.currency.amount(p.usual_security),
        name: p.name,
        address: p.address,
        phone: p.phone,
        email: p.email,
        currency: p.currency.code,
        currency_exponent: p.currency.exponent,
        time_zone: p.time_zone,
        locale: p.locale,
        business_date: p.business_date,
        check_in_time: p.check_in_time,
        check_out_time: p.check_out_time,
        required_guest_fields: p.required_guest_fields,
        rate_limit_per_minute: p.rate_limit_per_minute,
        is_demo: p.is_demo,
        version: p.version,
    })
}

fn find(conn: &Conn, _: NoParams) -> Result<SettingsView> {
    view(conn, super::property(conn)?)
}

/// Cots of one hotel.
pub const MAX_COTS: i64 = 1000;

/// The settings to change; those left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsChange {
    name: Option<HotelName>,
    address: Option<HotelAddress>,
    phone: Option<PhoneNumber>,
    email: Option<EmailAddress>,
    #[schemars(regex(pattern = Currency::CODE))]
    currency: Option<String>,
    /// Such as Europe/Lisbon.
    time_zone: Option<ZoneName>,
    /// How dates and amounts are written.
    #[schemars(with = "Option<Locale>")]
    locale: Option<String>,
    /// The day before, while nothing has been done on this one; the next one begins as this one is closed.
    pub business_date: Option<Date>,
    reason: Option<Reason>,
    #[schemars(regex(pattern = TIME))]
    check_in_time: Option<String>,
    #[schemars(regex(pattern = TIME))]
    check_out_time: Option<String>,
    required_guest_fields: Option<Vec<RequirableField>>,
    /// The terms of bookings to come.
    policy: Option<PolicyRequest>,
    /// 0 = no limit; else from 120, so that nobody is locked out.
    #[schemars(extend("oneOf" = [{"const": 0}, {"minimum": LEAST_RATE_LIMIT, "maximum": 1_000_000}, {"type": "null"}]))]
    rate_limit_per_minute: Option<u32>,
    needs_shift: Option<bool>,
    /// 0 = cash is paid to the last minor unit.
    smallest_coin: Option<NotNegative>,
    /// `null` = enough for everybody.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Whole<0, MAX_COTS>>")]
    cots: Option<Option<Whole<0, MAX_COTS>>>,
    /// 0 = none is proposed.
    usual_security: Option<NotNegative>,
    version: Option<Version>,
}

/// Changes settings. Who stays over when the business date moves on is the front desk's matter.
pub fn change(tx: &Tx, mut body: SettingsChange) -> Result<SettingsView> {
    let before = super::property(tx)?;
    check_version(body.version, before.version)?;
    let mut p = before.clone();
    let mut fields = Fields::default();
    change_names(&mut p, &body, &mut fields);
    change_calendar(&mut p, &body, &mut fields);
    change_rest(tx, &mut p, &body, &mut fields)?;
    let reason = fields.check("reason", body.reason.take().unwrap_or_default().checked());
    fields.finish()?;
    if let Some(date) = body.business_date {
        super::day::check_move(tx, &before, date)?;
        p.business_date = date;
    }
    if p.currency != before.currency && store::has_bookings(tx)? {
        let detail = text!("The currency can no longer change: there are bookings in it.");
        return Err(Error::refused(Code::StillInUse, detail));
    }
    store::update(tx, &p)?;
    let (was, is) = (view(tx, before)?, view(tx, super::property(tx)?)?);
    record(tx, &was, &is, &reason)?;
    Ok(is)
}

fn record(tx: &Tx, was: &SettingsView, is: &SettingsView, reason: &str) -> Result<()> {
    let mut after = serde_json::to_value(is).map_err(Error::internal)?;
    if let Some(after) = after.as_object_mut().filter(|_| !reason.is_empty()) {
        after.insert("reason".to_owned(), reason.into());
    }
    audit::record(tx, "change", "settings", 1, was, &after)
}

/// Refuses an edit that was made from an older state than the current one.
pub fn check_version(given: Option<Version>, current: i64) -> Result<()> {
    match given {
        Some(version) if version.0 != current => Err(Error::refused(
            Code::StaleVersion,
            text!("Someone else changed this in the meantime. Reload, check, and make your change again."),
        )),
        _ => Ok(()),
    }
}

fn change_names(p: &mut Property, body: &SettingsChange, fields: &mut Fields) {
    if let Some(name) = &body.name {
        p.name = fields.check("name", name.checked());
    }
    if let Some(address) = &body.address {
        p.address = fields.check("address", address.checked());
    }
    if let Some(phone) = &body.phone {
        p.phone = fields.check("phone", phone.checked());
    }
    if let Some(email) = &body.email {
        p.email = fields.check("email", email.checked());
    }
    if let Some(locale) = &body.locale {
        fields.ensure(is_locale(locale), "locale", NO_LOCALE);
        p.locale.clone_from(locale);
    }
    if let Some(code) = &body.currency {
        match Currency::of(code) {
            // Amounts are of their currency.
            Some(currency) if currency != p.currency => {
                (p.currency, p.smallest_coin, p.usual_security) = (currency, Money::ZERO, Money::ZERO);
            }
            Some(_) => {}
            None => fields.add("currency", text!("must be a code of three capital letters such as EUR")),
        }
    }
}

/// What is said of a tag that is not offered.
pub const NO_LOCALE: Text = text!("must be one of the formats offered, such as en-GB or de-DE");

fn change_calendar(p: &mut Property, body: &SettingsChange, fields: &mut Fields) {
    if let Some(zone) = &body.time_zone {
        fields.ensure(is_time_zone(zone), "time_zone", text!("must be a time zone such as Europe/Lisbon"));
        p.time_zone = zone.to_string();
    }
    for (name, given, own) in [
        ("check_in_time", &body.check_in_time, &mut p.check_in_time),
        ("check_out_time", &body.check_out_time, &mut p.check_out_time),
    ] {
        if let Some(time) = given {
            fields.ensure(is_time(time), name, text!("must be a time such as 14:00"));
            own.clone_from(time);
        }
    }
    if let Some(required) = &body.required_guest_fields {
        p.required_guest_fields = required.iter().map(|f| f.as_str().to_owned()).collect();
        p.required_guest_fields.sort_unstable();
        p.required_guest_fields.dedup();
    }
}

fn change_rest(tx: &Tx, p: &mut Property, body: &SettingsChange, fields: &mut Fields) -> Result<()> {
    if let Some(given) = &body.policy {
        let complaints = fields.count();
        let policy = given.check(&p.currency, "policy", fields);
        if fields.count() == complaints {
            p.policy_id = policies::id_of(tx, &policy)?;
        }
    }
    p.needs_shift = body.needs_shift.unwrap_or(p.needs_shift);
    p.cots = body.cots.map_or(p.cots, |cots| cots.map(|cots| cots.0));
    if let Some(coin) = &body.smallest_coin {
        p.smallest_coin = fields.check("smallest_coin", coin.checked(&p.currency));
    }
    if let Some(amount) = &body.usual_security {
        p.usual_security = fields.check("usual_security", amount.checked(&p.currency));
    }
    p.rate_limit_per_minute = body.rate_limit_per_minute.unwrap_or(p.rate_limit_per_minute);
    let is_good = p.rate_limit_per_minute == 0 || (LEAST_RATE_LIMIT..=1_000_000).contains(&p.rate_limit_per_minute);
    fields.ensure(is_good, "rate_limit_per_minute", text!("must be 0 (no limit), or from 120 to 1000000"));
    Ok(())
}

/// The name of a time zone, such as Europe/Lisbon.
pub type ZoneName = Name<60>;

/// Whether the name is a zone of the tables.
pub fn is_time_zone(name: &ZoneName) -> bool {
    name.checked().is_ok() && TimeZone::get(name).is_ok()
}

/// What [`is_time`] takes.
pub const TIME: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

/// Whether the text is a time of day, `HH:MM`.
pub fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number =
        |at: usize| text.get(at..at + 2).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse::<u8>().ok());
    bytes.len() == 5 && bytes[2] == b':' && number(0).is_some_and(|h| h < 24) && number(3).is_some_and(|m| m < 60)
}

/// An entry of an editable list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListEntryView {
    id: ListEntryId,
    name: String,
    is_active: bool,
}

/// How guests pay.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MethodView {
    id: ListEntryId,
    name: String,
    kind: MethodKind,
    is_active: bool,
}

impl From<ListEntry> for MethodView {
    fn from(e: ListEntry) -> Self {
        MethodView { id: e.id, name: e.name, kind: e.kind.unwrap_or(MethodKind::Other), is_active: e.is_active }
    }
}

impl From<ListEntry> for ListEntryView {
    fn from(e: ListEntry) -> Self {
        ListEntryView { id: e.id, name: e.name, is_active: e.is_active }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewListEntry {
    name: EntryName,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMethod {
    name: EntryName,
    /// other when left out. Only what is cash goes through a drawer.
    kind: Option<MethodKind>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MethodChange {
    name: Option<EntryName>,
    kind: Option<MethodKind>,
    is_active: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListEntryChange {
    name: Option<EntryName>,
    is_active: Option<bool>,
}

/// The id in a path.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ById {
    id: ListEntryId,
}

list_params! {
    pub struct EntryListParams by EntrySort {
        is_active: Option<bool>,
        /// A part of the name.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of an editable list.
    EntrySort, Name Ascending {
        Name = "name",
        Id = "id",
    }
);

fn list_sources(conn: &Conn, p: EntryListParams) -> Result<List<ListEntryView>> {
    Ok(entries(conn, ListKind::BookingSources, EntrySort::Name, &p)?.map(ListEntryView::from))
}

fn list_methods(conn: &Conn, p: EntryListParams) -> Result<List<MethodView>> {
    Ok(entries(conn, ListKind::PaymentMethods, EntrySort::Id, &p)?.map(MethodView::from))
}

fn entries(conn: &Conn, kind: ListKind, by: EntrySort, p: &EntryListParams) -> Result<List<ListEntry>> {
    let order = p.sort.unwrap_or(Order { by, direction: Direction::Ascending });
    let mut found = kind.all(conn)?;
    found.retain(|e| {
        p.is_active.is_none_or(|active| e.is_active == active) && p.q.as_deref().is_none_or(|q| is_found_in(&e.name, q))
    });
    sort(&mut found, |a, b| {
        order.direction.of(match order.by {
            EntrySort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            EntrySort::Id => a.id.cmp(&b.id),
        })
    });
    Ok(page_of(found, p.page()))
}

fn create_source(tx: &Tx, _: NoParams, body: NewListEntry) -> Result<ListEntryView> {
    super::create_entry(tx, ListKind::BookingSources, &body.name, None).map(ListEntryView::from)
}

fn create_method(tx: &Tx, _: NoParams, body: NewMethod) -> Result<MethodView> {
    let kind = body.kind.unwrap_or(MethodKind::Other);
    super::create_entry(tx, ListKind::PaymentMethods, &body.name, Some(kind)).map(MethodView::from)
}

fn update_source(tx: &Tx, at: ById, body: ListEntryChange) -> Result<ListEntryView> {
    update_entry(tx, ListKind::BookingSources, at.id, (body.name, None, body.is_active)).map(ListEntryView::from)
}

fn update_method(tx: &Tx, at: ById, body: MethodChange) -> Result<MethodView> {
    update_entry(tx, ListKind::PaymentMethods, at.id, (body.name, body.kind, body.is_active)).map(MethodView::from)
}

/// What of an entry changes: its name, what moves, whether it is used.
type EntryChange = (Option<EntryName>, Option<MethodKind>, Option<bool>);

fn update_entry(tx: &Tx, list: ListKind, id: ListEntryId, (name, kind, is_active): EntryChange) -> Result<ListEntry> {
    let before = list.find(tx, id)?.ok_or_else(|| Error::NotFound(text!("This entry does not exist.")))?;
    let was = before.clone();
    let after = ListEntry {
        name: name.map_or(was.name, String::from),
        kind: kind.or(was.kind),
        is_active: is_active.unwrap_or(was.is_active),
        ..was
    };
    super::save_entry(tx, list, &before, after)
}

record! {
    /// One entry of the audit trail.
    #[derive(Debug, Serialize, JsonSchema)]
    pub struct AuditEntry {
        id: i64,
        at: Instant,
        business_date: String,
        user_id: Option<i64>,
        username: String,
        address: String,
        action: String,
        entity: String,
        entity_id: i64,
        /// What it is called now: a booking by its number and its guest, whatever was done to it.
        /// Empty for what has no name, or is gone.
        subject: Option<String> = "CASE entity
            WHEN 'reservation' THEN (SELECT confirmation_number || ' · ' || guest_name FROM reservation WHERE id = entity_id)
            WHEN 'guest' THEN (SELECT full_name FROM guest WHERE id = entity_id)
            WHEN 'room' THEN (SELECT room_number FROM room WHERE id = entity_id)
            WHEN 'room_block' THEN (SELECT r.room_number FROM room_block AS b JOIN room AS r ON r.id = b.room_id WHERE b.id = entity_id)
            WHEN 'room_type' THEN (SELECT name FROM room_type WHERE id = entity_id)
            WHEN 'rate_plan' THEN (SELECT name FROM rate_plan WHERE id = entity_id)
            WHEN 'article' THEN (SELECT name FROM article WHERE id = entity_id)
            WHEN 'company' THEN (SELECT name FROM company WHERE id = entity_id)
            WHEN 'booking_group' THEN (SELECT name FROM booking_group WHERE id = entity_id)
            WHEN 'folio' THEN (SELECT coalesce((SELECT c.name FROM company AS c WHERE c.id = f.company_id), f.payer_name) FROM folio AS f WHERE f.id = entity_id)
            WHEN 'user' THEN (SELECT u.username FROM user AS u WHERE u.id = entity_id)
            WHEN 'device' THEN (SELECT name FROM device WHERE id = entity_id)
            WHEN 'booking_source' THEN (SELECT name FROM booking_source WHERE id = entity_id)
            WHEN 'voucher' THEN (SELECT code FROM voucher WHERE id = entity_id)
            WHEN 'invoice' THEN (SELECT number FROM invoice WHERE id = entity_id)
            WHEN 'invoice_series' THEN (SELECT name FROM invoice_series WHERE id = entity_id)
            WHEN 'drawer' THEN (SELECT name FROM drawer WHERE id = entity_id)
            WHEN 'shift' THEN (SELECT d.name FROM shift AS s JOIN drawer AS d ON d.id = s.drawer_id WHERE s.id = entity_id)
            WHEN 'payment_method' THEN (SELECT name FROM payment_method WHERE id = entity_id)
            WHEN 'report_view' THEN (SELECT name FROM report_view WHERE id = entity_id)
        END",
        #[schemars(with = "Option<Map<String, Value>>")]
        before: Value as facts,
        #[schemars(with = "Option<Map<String, Value>>")]
        after: Value as facts,
    }
}

/// What the trail keeps of a thing, as JSON.
fn facts(row: &Row, at: &mut usize) -> rusqlite::Result<Value> {
    let text: Option<String> = next(row, at)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null))
}

sorts!(
    /// Orders of the audit trail.
    AuditSort, Id Descending { Id = "id" by ["id"], At = "at" by ["at", "id"] }
);

list_params! {
    pub struct AuditParams by AuditSort {
        entity: Option<String>,
        entity_id: Option<Whole<0, MAX_ID>>,
        username: Option<String>,
        action: Option<String>,
        at_from: Option<Instant>,
        at_to: Option<Instant>,
    }
}

fn list_audit(conn: &Conn, p: AuditParams) -> Result<List<AuditEntry>> {
    let (page, order) = (p.page(), p.order());
    let mut filter = Filter::default();
    filter
        .with("entity = ?", p.entity)
        .with("entity_id = ?", p.entity_id.map(|n| n.0))
        .with("username = ?", p.username)
        .with("action = ?", p.action)
        .with("at >= ?", p.at_from)
        .with("at <= ?", p.at_to);
    let hidden = audit::hidden_from(conn.actor().role)?;
    let total = match &hidden {
        _ if !filter.is_empty() => None,
        None => Some(counted(conn, "audit_log", "")?),
        Some(entities) => Some(counted(conn, "audit_log", "")? - audit::count_about(conn, entities)?),
    };
    filter.with("entity NOT IN (SELECT value FROM json_each(?))", hidden);
    let (sort, direction) = (order.by.columns(), order.direction);
    let listing =
        Listing { name: "audit.list", table: "audit_log", columns: AuditEntry::COLUMNS, filter, first: None, sort, direction };
    listing.read(conn, page, total, AuditEntry::from_row)
}
