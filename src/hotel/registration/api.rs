//! `/api/registrations`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rules::{self, Country, PersonField, Who};
use super::{Registered, Setup};
use crate::db::{Conn, Table, Tx};
use crate::domain::country;
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{ReservationId, StayGuestId, Version};
use crate::domain::order::sort;
use crate::error::{Error, Result};
use crate::hotel::accounts::file::{self, Cell, Separator};
use crate::hotel::companies::CountryCode;
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings;
use crate::hotel::settings::api::check_version;
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, command, query, raw};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;
use crate::http::response::Response;
use crate::http::state::App;

const TABLES: &[Table] = &[Table::RegistrationSetup, Table::StayGuest, Table::Reservation, Table::Guest];

const HEAD: [&str; 11] = [
    "full_name",
    "sex",
    "birth_date",
    "birth_place",
    "nationality",
    "document_kind",
    "document_number",
    "check_in_date",
    "check_out_date",
    "room_number",
    "confirmation_number",
];

/// Days before the business date on which people arrived who are listed when nobody says.
const DAYS_BACK: i64 = 30;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query("/api/registrations", "list_registrations", Access::READ, "Who has to be registered", TABLES, list),
        query(
            "/api/registrations/rules",
            "find_registration_rules",
            Access::READ,
            "What the country asks of whom",
            &[Table::RegistrationSetup],
            show_rules,
        ),
        command(
            Method::Put,
            "/api/registrations/rules",
            "set_registration_rules",
            Access::MANAGE,
            "Choose the country whose rules the hotel goes by",
            set_rules,
        ),
        command(
            Method::Post,
            "/api/registrations/sent",
            "mark_registrations",
            Access::DESK,
            "Mark people as sent to the authority, or as not sent",
            mark,
        ),
        raw(
            "/api/registrations/foreigners",
            "export_foreigners",
            Access::DESK,
            "Foreigners in the house, as CSV",
            "text/csv",
            foreigners,
        )
        .takes::<FileParams>(),
    ]
}

/// What a country asks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RulesView {
    /// Two letters; empty = the hotel goes by no country's rules.
    country: String,
    who: Option<Who>,
    /// What is asked of anybody.
    asked_fields: Vec<PersonField>,
    /// From the arrival until it is sent; 0 = nothing is sent.
    deadline_hours: i64,
    /// Whether a public source was read; other entries are to be checked.
    is_checked: bool,
    version: i64,
    countries: Vec<CountryView>,
}

/// A country whose rules are known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CountryView {
    code: String,
    is_checked: bool,
}

fn rules_view(Setup { country, version }: Setup) -> RulesView {
    let rules = rules::of(&country);
    let one = |country: &Country| CountryView { code: country.code.clone(), is_checked: country.is_checked };
    RulesView {
        who: rules.map(|rules| rules.who),
        asked_fields: rules.map(Country::fields).unwrap_or_default(),
        deadline_hours: rules.map_or(0, |rules| rules.deadline_hours),
        is_checked: rules.is_some_and(|rules| rules.is_checked),
        countries: rules::all().iter().map(one).collect(),
        country,
        version,
    }
}

fn show_rules(conn: &Conn, _: NoParams) -> Result<RulesView> {
    Ok(rules_view(super::setup(conn)?))
}

/// Which country's rules.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesRequest {
    /// Two letters; empty = none.
    country: CountryCode,
    version: Option<Version>,
}

fn set_rules(tx: &Tx, _: NoParams, body: RulesRequest) -> Result<RulesView> {
    let before = super::setup(tx)?;
    check_version(body.version, before.version)?;
    let country = country::code(&body.country).map_err(|message| Error::invalid("country", message))?;
    Ok(rules_view(super::save_setup(tx, &before, &country)?))
}

/// Somebody who has to be registered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RegistrationView {
    /// `null` of a head of whom nothing but the profile is known.
    id: Option<StayGuestId>,
    reservation_id: ReservationId,
    confirmation_number: String,
    room_number: Option<String>,
    check_in_date: Date,
    check_out_date: Date,
    full_name: String,
    nationality: String,
    is_head: bool,
    /// What the country asks and nobody has written down.
    missing_fields: Vec<PersonField>,
    sent_on: Option<Date>,
}

fn view(one: Registered) -> RegistrationView {
    RegistrationView {
        id: one.id,
        reservation_id: one.stay.id,
        confirmation_number: one.stay.confirmation_number,
        room_number: one.stay.room_number,
        check_in_date: one.stay.check_in_date,
        check_out_date: one.stay.check_out_date,
        full_name: one.person.full_name,
        nationality: one.person.nationality,
        is_head: one.is_head,
        missing_fields: one.missing,
        sent_on: one.sent_on,
    }
}

sorts!(
    /// Orders of people who have to be registered.
    RegistrationSort, Arrival Descending {
        Arrival = "check_in_date",
        Name = "full_name",
    }
);

list_params! {
    pub struct RegistrationListParams by RegistrationSort {
        /// The first arrival; thirty days before the last one when left out.
        from: Option<Date>,
        /// The last arrival; the business date when left out.
        to: Option<Date>,
        is_sent: Option<bool>,
        /// Whether nothing is missing.
        is_complete: Option<bool>,
    }
}

fn list(conn: &Conn, p: RegistrationListParams) -> Result<List<RegistrationView>> {
    let (page, order) = (p.page(), p.order());
    let to = p.to.map_or_else(|| settings::business_date(conn), Ok)?;
    let from = p.from.or_else(|| to.plus(-DAYS_BACK)).unwrap_or(to);
    let mut all = super::arrived(conn, from, to)?;
    all.retain(|one| {
        p.is_sent.is_none_or(|sent| one.sent_on.is_some() == sent)
            && p.is_complete.is_none_or(|complete| one.missing.is_empty() == complete)
    });
    let place = |one: &Registered| (one.stay.check_in_date, one.stay.id, !one.is_head);
    sort(&mut all, |a, b| {
        order.direction.of(match order.by {
            RegistrationSort::Arrival => place(a).cmp(&place(b)),
            RegistrationSort::Name => a.person.full_name.to_lowercase().cmp(&b.person.full_name.to_lowercase()),
        })
    });
    Ok(page_of(all, page).map(view))
}

/// Whom to mark.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkRequest {
    ids: Few<StayGuestId, 1, 500>,
    /// Yes when left out.
    is_sent: Option<bool>,
}

/// Those who were marked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MarkedView {
    people: Vec<RegistrationView>,
}

fn mark(tx: &Tx, _: NoParams, body: MarkRequest) -> Result<MarkedView> {
    let marked = super::mark(tx, &body.ids, body.is_sent.unwrap_or(true))?;
    Ok(MarkedView { people: marked.into_iter().map(view).collect() })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileParams {
    /// Commas when left out.
    separator: Option<Separator>,
}

fn foreigners(app: &App, call: &Call) -> Result<Response> {
    let p: FileParams = call.params()?;
    let rows = app.db.read(&call.context, |conn| {
        let Some(country) = super::country(conn)? else { return Ok(Vec::new()) };
        let mut all = super::in_house(conn, settings::business_date(conn)?)?;
        all.retain(|one| country.is_foreign(&one.person.nationality) == Some(true));
        Ok(all.into_iter().map(row).collect())
    })?;
    file::response("attachment; filename=\"foreigners.csv\"", p.separator, &HEAD, rows)
}

fn row(Registered { stay, person, .. }: Registered) -> Vec<Cell> {
    vec![
        Cell::Text(person.full_name),
        Cell::known(person.sex),
        Cell::known(person.birth_date),
        Cell::Text(person.birth_place),
        Cell::Text(person.nationality),
        Cell::Text(person.document_kind),
        Cell::Text(person.document_number),
        Cell::value(stay.check_in_date),
        Cell::value(stay.check_out_date),
        Cell::Text(stay.room_number.unwrap_or_default()),
        Cell::Text(stay.confirmation_number),
    ]
}
