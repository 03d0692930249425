//! Registration: who of those who stay has to be registered by the country's rules, what is missing of them, and what was sent.
//!
//! The people are those of the stays (`stay_guests`); what a country asks is data (`rules`). A person whose particulars
//! change after they were sent counts as not sent: a trigger sees to it.

pub mod api;
pub mod rules;

use serde_json::json;

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, StayGuestId};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::stay_guests::{self, StayGuest};
use crate::hotel::{Slice, audit, settings};
use rules::{Country, PersonField};

pub const SLICE: Slice = Slice {
    name: "registration",
    endpoints: |_| api::endpoints(),
    statements: &[STATEMENTS],
    areas: &[("registration", &[Table::RegistrationSetup, Table::StayGuest])],
    ..Slice::EMPTY
};

/// Stays that one list looks at.
const MOST_STAYS: usize = 2000;

statements! {
    SETUP = "registration.setup" selects Setup "FROM registration_setup WHERE id = 1";
    SAVE_SETUP = "registration.save_setup": "UPDATE registration_setup SET country = ?1, version = version + 1 WHERE id = 1";
    ARRIVED = "registration.arrived": "SELECT id FROM reservation
        WHERE status IN ('checked_in', 'checked_out') AND check_in_date BETWEEN ?1 AND ?2 ORDER BY check_in_date, id LIMIT 2001";
    IN_HOUSE = "registration.in_house": "SELECT id FROM reservation
        WHERE status = 'checked_in' AND check_in_date <= ?1 ORDER BY check_in_date, id LIMIT 2001";
    SENT = "registration.sent": "SELECT position, id, sent_on FROM stay_guest WHERE reservation_id = ?1 ORDER BY position";
    WRITTEN_DOWN = "registration.written_down": "SELECT reservation_id, position, sent_on FROM stay_guest WHERE id = ?1";
    SEND = "registration.send": "UPDATE stay_guest SET sent_on = ?2 WHERE id = ?1";
}

record! {
    /// Which country's rules the hotel goes by.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Setup {
        /// Empty = none.
        pub country: String,
        pub version: i64,
    }
}

/// Somebody who has to be registered.
#[derive(Debug, Clone)]
pub struct Registered {
    pub stay: Reservation,
    /// Of the row in which the person is written down; the head may be known by the profile alone.
    pub id: Option<StayGuestId>,
    pub person: StayGuest,
    pub is_head: bool,
    pub missing: Vec<PersonField>,
    pub sent_on: Option<Date>,
}

pub fn setup(conn: &Conn) -> Result<Setup> {
    conn.one(&SETUP, [], Setup::from_row)?.ok_or_else(|| Error::internal("the set-up of registration is missing"))
}

/// The rules that the hotel goes by.
pub fn country(conn: &Conn) -> Result<Option<&'static Country>> {
    Ok(rules::of(&setup(conn)?.country))
}

/// # Errors
/// `Invalid` for a country of which nothing is known.
pub fn save_setup(tx: &Tx, before: &Setup, country: &str) -> Result<Setup> {
    if !country.is_empty() && rules::of(country).is_none() {
        return Err(Error::invalid("country", text!("is not a country with known rules")));
    }
    tx.run(&SAVE_SETUP, [country])?;
    let facts = |country: &str| json!({ "registration_country": country });
    audit::record(tx, "change", "settings", 1, &facts(&before.country), &facts(country))?;
    setup(tx)
}

/// Who of a stay has to be registered.
pub fn of_stay(conn: &Conn, country: &Country, stay: &Reservation) -> Result<Vec<Registered>> {
    type Row = (i64, StayGuestId, Option<Date>);
    let rows: Vec<Row> = conn.all(&SENT, [stay.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let people = stay_guests::of_stay(conn, stay)?;
    // The head stands first, whether it is written down or not.
    let first = i64::from(people.len() == rows.len());
    let registered = |(at, person): (usize, StayGuest)| {
        let row = usize::try_from(at as i64 - 1 + first).ok().and_then(|at| rows.get(at));
        Registered {
            missing: country.missing(&person, at == 0, stay.check_in_date),
            id: row.map(|row| row.1),
            sent_on: row.and_then(|row| row.2),
            stay: stay.clone(),
            is_head: at == 0,
            person,
        }
    };
    let asked = people.into_iter().enumerate().filter(|(at, person)| country.asks_about(person, *at == 0));
    Ok(asked.map(registered).collect())
}

fn of_stays(conn: &Conn, ids: &[ReservationId]) -> Result<Vec<Registered>> {
    let Some(country) = country(conn)? else { return Ok(Vec::new()) };
    if ids.len() > MOST_STAYS {
        return Err(Error::invalid("from", text!("must be later: {most} stays are listed at most", most = MOST_STAYS)));
    }
    let mut all = Vec::new();
    for id in ids {
        all.extend(of_stay(conn, country, &reservations::find(conn, *id)?)?);
    }
    Ok(all)
}

/// Who arrived between two dates and has to be registered.
pub fn arrived(conn: &Conn, from: Date, to: Date) -> Result<Vec<Registered>> {
    let ids: Vec<ReservationId> = conn.all(&ARRIVED, (from, to), |row| row.get(0))?;
    of_stays(conn, &ids)
}

/// Who is in the house on a date and has to be registered.
pub fn in_house(conn: &Conn, date: Date) -> Result<Vec<Registered>> {
    let ids: Vec<ReservationId> = conn.all(&IN_HOUSE, [date], |row| row.get(0))?;
    of_stays(conn, &ids)
}

/// Of whom in the house on a date something is missing that the country asks for, and how many of the others nobody has
/// sent yet where that is asked for; nobody where the hotel goes by no country's rules.
pub fn open(conn: &Conn, date: Date) -> Result<(Vec<Registered>, usize)> {
    let is_sent_at_all = country(conn)?.is_some_and(|country| country.deadline_hours > 0);
    let (missing, complete): (Vec<_>, Vec<_>) = in_house(conn, date)?.into_iter().partition(|one| !one.missing.is_empty());
    let unsent = complete.iter().filter(|one| is_sent_at_all && one.sent_on.is_none()).count();
    Ok((missing, unsent))
}

/// Marks people as sent to whoever has to be told of them, or as not sent.
///
/// # Errors
/// 409 while something is missing of one.
pub fn mark(tx: &Tx, ids: &[StayGuestId], is_sent: bool) -> Result<Vec<Registered>> {
    let today = settings::business_date(tx)?;
    let country = country(tx)?.ok_or_else(|| {
        let detail = text!("First choose the country whose rules apply to the hotel.");
        Error::refused(Code::IllegalTransition, detail)
    })?;
    let mut marked = Vec::with_capacity(ids.len());
    for (n, id) in ids.iter().enumerate() {
        type Row = (ReservationId, i64, Option<Date>);
        let row: Option<Row> = tx.one(&WRITTEN_DOWN, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let unknown = || Error::invalid(format!("ids[{n}]"), text!("does not have to be registered"));
        let (stay, _, before) = row.ok_or_else(unknown)?;
        let stay = reservations::find(tx, stay)?;
        let find = |tx: &Tx| -> Result<Registered> {
            of_stay(tx, country, &stay)?.into_iter().find(|one| one.id == Some(*id)).ok_or_else(unknown)
        };
        let found = find(tx)?;
        if is_sent && !found.missing.is_empty() {
            let detail = text!("Details of {name} are missing; enter them first.", name = &found.person.full_name);
            return Err(Error::refused(Code::IllegalTransition, detail));
        }
        let sent_on = is_sent.then_some(today);
        tx.run(&SEND, (id, sent_on))?;
        reservations::store::touch(tx, stay.id)?;
        let (was, is) = (json!({ "sent_on": before }), json!({ "stay_guest_id": id, "sent_on": sent_on }));
        audit::record(tx, "send_registration", "reservation", stay.id.0, &was, &is)?;
        marked.push(find(tx)?);
    }
    Ok(marked)
}
