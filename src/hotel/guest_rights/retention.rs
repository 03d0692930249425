//! What has been kept long enough is forgotten at night: profiles of guests who have not been here for years,
//! documents and addresses of registrations after some months, and the names on invoices of erased guests once tax
//! law asks for them no more.
//!
//! All but the last is off until somebody turns it on, and told before. Each of it leaves an entry on the trail, which
//! names nobody.

use jiff::civil::Time;
use serde_json::json;

use super::store::{self, DueProfile, DueRegistration, Rules};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{GuestId, InvoiceId};
use crate::error::Result;
use crate::hotel::{audit, guests, invoices, registration, settings};
use crate::http::state::App;
use crate::jobs::{Job, every, last_slot, next_slot};

/// When it is done, by the hotel's clock: after the day has been closed, before the desk is busy.
const AT: Time = Time::constant(4, 0, 0, 0);
/// How much is forgotten in one transaction.
const AT_ONCE: i64 = 50;
/// How many a list holds at most; the counts go as far, and one more says that there are more.
pub const LISTED: i64 = 1000;
/// As long as most countries ask for invoices.
const INVOICE_YEARS: i64 = 10;

/// Why, as the trail says it; pages say it in the reader's language.
const LAST_STAY: &str = "the last stay was long ago";

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            is_on: false,
            profile_years: None,
            registration_months: None,
            invoice_years: INVOICE_YEARS,
            last_run_on: None,
            version: 1,
        }
    }
}

/// Until somebody says how long, what was written down for the registration is kept as long as the country asks for it.
pub fn rules(conn: &Conn) -> Result<Rules> {
    let known = store::rules(conn)?.unwrap_or_default();
    let is_chosen = known.version > Rules::default().version;
    Ok(if is_chosen { known } else { Rules { registration_months: months_of_law(conn)?, ..known } })
}

/// For how long the country whose rules the hotel goes by asks for registrations, where a source says so.
pub fn months_of_law(conn: &Conn) -> Result<Option<i64>> {
    Ok(registration::country(conn)?.and_then(|country| country.keep_months))
}

/// Keeps rules. What they ask for is done in the coming night and not in the one that is past, so that there is a day
/// to look at the list.
pub fn put(tx: &Tx, rules: &Rules) -> Result<Rules> {
    let zone = settings::property(tx)?.zone();
    store::put_rules(tx, rules)?;
    if let Some((day, _)) = last_slot(AT, &zone, tx.now()) {
        store::ran(tx, day)?;
    }
    self::rules(tx)
}

/// What would be forgotten in the coming night.
pub struct Due {
    pub profiles: Vec<DueProfile>,
    pub registrations: Vec<DueRegistration>,
}

/// The day before which profiles, or registrations, have been kept long enough.
fn profiles_before(rules: &Rules, today: Date) -> Option<Date> {
    rules.profile_years.map(|years| today.months_before(years * 12))
}

fn registrations_before(rules: &Rules, today: Date) -> Option<Date> {
    rules.registration_months.map(|months| today.months_before(months))
}

/// What these rules come to on the business date, whether they are on or not.
pub fn due(conn: &Conn, rules: &Rules) -> Result<Due> {
    let today = settings::business_date(conn)?;
    let most = LISTED + 1;
    Ok(Due {
        profiles: profiles_before(rules, today).map_or(Ok(Vec::new()), |before| store::due_profiles(conn, before, most))?,
        registrations: registrations_before(rules, today)
            .map_or(Ok(Vec::new()), |before| store::due_registrations(conn, before, most))?,
    })
}

pub fn jobs() -> Vec<Job> {
    vec![every("retention", 3600, night).long().after(&[Table::Property, Table::Retention])]
}

/// Does the night's work if its hour has come; when it wants its next turn.
///
/// # Errors
/// When the database refuses.
pub fn night(app: &App) -> Result<Option<Instant>> {
    let context = app.own_context();
    let found = app.db.read(&context, |conn| {
        // A hotel that has not been set up has nothing to forget.
        let Some(property) = settings::store::find(conn)? else { return Ok(None) };
        Ok(Some((property.zone(), rules(conn)?)))
    })?;
    let Some((zone, rules)) = found else { return Ok(None) };
    if let Some((day, _)) = last_slot(AT, &zone, context.now)
        && rules.last_run_on.is_none_or(|last| last < day)
    {
        let has_forgotten = forget_all(app)?;
        // A hotel that keeps everything is not written to for it.
        if has_forgotten || rules.is_on {
            app.db.write(app.own_context(), move |tx| store::ran(tx, day))?;
        }
    }
    Ok(next_slot(AT, &zone, context.now))
}

/// Bit by bit, so that the desk never waits for it.
fn forget_all(app: &App) -> Result<bool> {
    let mut has_forgotten = false;
    while !app.events.signal.is_closing() {
        if !app.db.read(&app.own_context(), |conn| next_part(conn).map(|part| part.is_some()))? {
            break;
        }
        let count = app.db.write(app.own_context(), forget_some)?;
        if count == 0 {
            break;
        }
        has_forgotten = true;
    }
    Ok(has_forgotten)
}

/// A part of what is due.
enum Part {
    Profiles(Vec<DueProfile>),
    Registrations(Vec<DueRegistration>),
    Documents(Vec<GuestId>),
    Invoices(Vec<InvoiceId>),
}

fn next_part(conn: &Conn) -> Result<Option<Part>> {
    let (rules, today) = (rules(conn)?, settings::business_date(conn)?);
    // What an erasure had to leave goes as soon as it may, whether anything else is forgotten by itself or not.
    let due = store::due_invoices(conn, today.months_before(rules.invoice_years * 12), AT_ONCE)?;
    if !due.is_empty() {
        return Ok(Some(Part::Invoices(due)));
    }
    if !rules.is_on {
        return Ok(None);
    }
    if let Some(before) = profiles_before(&rules, today) {
        let due = store::due_profiles(conn, before, AT_ONCE)?;
        if !due.is_empty() {
            return Ok(Some(Part::Profiles(due)));
        }
    }
    if let Some(before) = registrations_before(&rules, today) {
        let due = store::due_registrations(conn, before, AT_ONCE)?;
        if !due.is_empty() {
            return Ok(Some(Part::Registrations(due)));
        }
        let due = store::due_documents(conn, before, AT_ONCE)?;
        if !due.is_empty() {
            return Ok(Some(Part::Documents(due)));
        }
    }
    Ok(None)
}

/// Forgets the next of what is due; how much that was.
///
/// # Errors
/// When the database refuses.
pub fn forget_some(tx: &Tx) -> Result<usize> {
    match next_part(tx)? {
        None => Ok(0),
        Some(Part::Profiles(due)) => {
            for profile in &due {
                guests::anonymise(tx, &guests::find(tx, profile.id)?, LAST_STAY)?;
            }
            Ok(due.len())
        }
        Some(Part::Registrations(due)) => {
            for stay in &due {
                let people = store::forget_registration(tx, stay.id)?;
                audit::record(
                    tx,
                    "forget_registration",
                    "reservation",
                    stay.id.0,
                    &audit::NOTHING,
                    &json!({ "people": people }),
                )?;
            }
            Ok(due.len())
        }
        Some(Part::Invoices(due)) => {
            for invoice in &due {
                invoices::scrub::scrub(tx, &invoices::find(tx, *invoice)?)?;
            }
            Ok(due.len())
        }
        Some(Part::Documents(due)) => {
            for guest in &due {
                store::forget_document(tx, *guest)?;
                audit::record(tx, "forget_document", "guest", guest.0, &audit::NOTHING, &json!({ "reason": LAST_STAY }))?;
            }
            Ok(due.len())
        }
    }
}
