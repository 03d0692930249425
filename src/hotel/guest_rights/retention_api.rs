//! `/api/retention`: how long what is kept, and what the coming night will forget.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::retention::{self, Due, LISTED};
use super::store::{self, Rules};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId, Version};
use crate::domain::number::Whole;
use crate::error::Result;
use crate::hotel::audit;
use crate::hotel::settings::api::check_version;
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, query, update};

/// Of years, and of months.
pub const MAX_YEARS: i64 = 50;
pub const MAX_MONTHS: i64 = 240;
/// Years that profiles are kept after the last stay.
pub type ProfileYears = Whole<1, MAX_YEARS>;
/// Months that registrations are kept after the stay.
pub type RegistrationMonths = Whole<1, MAX_MONTHS>;
/// Years that tax law asks for invoices.
pub type InvoiceYears = Whole<1, MAX_YEARS>;

pub fn endpoints() -> Vec<Endpoint> {
    let what = "How long guests' data are kept";
    let mut endpoints = vec![
        query("/api/retention", "find_retention", Access::MANAGE, what, &[], show),
        query(
            "/api/retention/due",
            "find_retention_due",
            Access::MANAGE,
            "Whose data the coming night will erase, by these rules or by those in force",
            &[],
            show_due,
        )
        .long(),
    ];
    let names = ["update_retention", "replace_retention"];
    endpoints.extend(update("/api/retention", names, Access::MANAGE, "Change how long guests' data are kept", change));
    endpoints
}

/// How long guests' data are kept.
#[derive(Debug, Serialize, JsonSchema)]
struct RetentionView {
    /// Whether anything is erased by itself.
    is_on: bool,
    /// Profiles, after the last stay; `null` = for as long as nobody erases them.
    profile_years: Option<i64>,
    /// Documents, addresses and places of birth, after the stay; `null` = as long as the profile.
    registration_months: Option<i64>,
    /// For how long the country whose registration rules the hotel goes by asks for them; `null` = no source says.
    law_months: Option<i64>,
    /// Names on invoices of guests who were erased, after they were issued.
    invoice_years: i64,
    /// The day of the hotel's calendar whose night was the last.
    last_run_on: Option<Date>,
    version: i64,
}

fn view(conn: &Conn, rules: &Rules) -> Result<RetentionView> {
    Ok(RetentionView {
        is_on: rules.is_on,
        profile_years: rules.profile_years,
        registration_months: rules.registration_months,
        law_months: retention::months_of_law(conn)?,
        invoice_years: rules.invoice_years,
        last_run_on: rules.last_run_on,
        version: rules.version,
    })
}

fn show(conn: &Conn, _: NoParams) -> Result<RetentionView> {
    view(conn, &retention::rules(conn)?)
}

/// Rules to look ahead with, before they are in force.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RetentionDueParams {
    /// Those in force when both are left out.
    profile_years: Option<ProfileYears>,
    registration_months: Option<RegistrationMonths>,
}

/// Whose data the coming night will erase.
#[derive(Debug, Serialize, JsonSchema)]
struct RetentionDueView {
    /// At most 1,000; `profile_count` is 1,001 when there are more.
    profiles: Vec<RetentionProfileView>,
    profile_count: usize,
    registrations: Vec<RetentionStayView>,
    registration_count: usize,
}

/// A profile that will be erased.
#[derive(Debug, Serialize, JsonSchema)]
struct RetentionProfileView {
    id: GuestId,
    full_name: String,
    /// `null` of somebody who never stayed.
    last_stay_date: Option<Date>,
}

/// A stay whose people's documents and addresses will be erased.
#[derive(Debug, Serialize, JsonSchema)]
struct RetentionStayView {
    reservation_id: ReservationId,
    confirmation_number: String,
    check_out_date: Date,
}

fn show_due(conn: &Conn, p: RetentionDueParams) -> Result<RetentionDueView> {
    let known = retention::rules(conn)?;
    let rules = match (p.profile_years, p.registration_months) {
        (None, None) => known,
        (years, months) => {
            Rules { profile_years: years.map(|years| years.0), registration_months: months.map(|months| months.0), ..known }
        }
    };
    let Due { mut profiles, mut registrations } = retention::due(conn, &rules)?;
    let (profile_count, registration_count) = (profiles.len(), registrations.len());
    let most = usize::try_from(LISTED).unwrap_or(usize::MAX);
    profiles.truncate(most);
    registrations.truncate(most);
    let profile =
        |due: store::DueProfile| RetentionProfileView { id: due.id, full_name: due.full_name, last_stay_date: due.last_stay };
    let registration = |due: store::DueRegistration| RetentionStayView {
        reservation_id: due.id,
        confirmation_number: due.confirmation_number,
        check_out_date: due.check_out_date,
    };
    Ok(RetentionDueView {
        profiles: profiles.into_iter().map(profile).collect(),
        profile_count,
        registrations: registrations.into_iter().map(registration).collect(),
        registration_count,
    })
}

/// What changes; fields left out stay, and `null` keeps for ever.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RetentionChange {
    is_on: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<ProfileYears>")]
    profile_years: Option<Option<ProfileYears>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<RegistrationMonths>")]
    registration_months: Option<Option<RegistrationMonths>>,
    invoice_years: Option<InvoiceYears>,
    version: Option<Version>,
}

fn change(tx: &Tx, _: NoParams, body: RetentionChange) -> Result<RetentionView> {
    let before = retention::rules(tx)?;
    check_version(body.version, before.version)?;
    let after = Rules {
        is_on: body.is_on.unwrap_or(before.is_on),
        profile_years: body.profile_years.map_or(before.profile_years, |years| years.map(|years| years.0)),
        registration_months: body.registration_months.map_or(before.registration_months, |months| months.map(|months| months.0)),
        invoice_years: body.invoice_years.map_or(before.invoice_years, |years| years.0),
        ..before.clone()
    };
    let saved = retention::put(tx, &after)?;
    let (was, is) = (view(tx, &before)?, view(tx, &saved)?);
    audit::record(tx, "change", "retention", 1, &was, &is)?;
    Ok(is)
}
