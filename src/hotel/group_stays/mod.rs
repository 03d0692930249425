//! What a desk does with the stays of a group together: books its rooming list, checks in and out, cancels.
//!
//! A group's stays are bookings like others; each is changed, moved and cancelled alone without touching the rest.

pub mod api;
pub mod master;
pub mod rooming_list;

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GroupId, ReservationId};
use crate::domain::status::{GroupStatus, ReservationStatus};
use crate::domain::wording::{counted, text};
use crate::error::{Code, Error, Result};
use crate::hotel::Slice;
use crate::hotel::frontdesk::desk::{self, Cancel};
use crate::hotel::groups::{self, Group};
use crate::hotel::reservations::change::{Change, change};
use crate::hotel::reservations::details::DetailsChange;
use crate::hotel::reservations::{self, People, Reservation};
use crate::hotel::settings;

pub const SLICE: Slice =
    Slice { name: "group_stays", is_workflow: true, endpoints: |_| api::endpoints(), statements: &[STATEMENTS], ..Slice::EMPTY };

statements! {
    OPEN = "group_stays.open": "SELECT id FROM reservation
        WHERE group_id = ?1 AND status IN ('tentative', 'confirmed', 'checked_in')
        ORDER BY check_in_date, id";
    PARTY = "group_stays.party": "SELECT o.id FROM reservation AS r
        JOIN reservation AS o ON o.party = r.party
        WHERE r.id = ?1
        ORDER BY o.id
        LIMIT 1000";
}

/// The group's stays that are to come or going on.
pub fn open_stays(conn: &Conn, group: GroupId) -> Result<Vec<Reservation>> {
    let ids: Vec<ReservationId> = conn.all(&OPEN, [group], |row| row.get(0))?;
    ids.into_iter().map(|id| reservations::find(conn, id)).collect()
}

/// A group's stay, by its id.
///
/// # Errors
/// `Invalid` for a stay that is not the group's.
pub fn of_group(conn: &Conn, group: GroupId, id: ReservationId) -> Result<Reservation> {
    let stay = reservations::find(conn, id)?;
    if stay.details.group_id == Some(group) {
        Ok(stay)
    } else {
        Err(Error::invalid("reservation_id", text!("is not a stay of this group")))
    }
}

/// The tentative stays of a group that is firm are firm, too.
pub fn confirm(tx: &Tx, group: &Group) -> Result<()> {
    if group.status != GroupStatus::Definite {
        return Ok(());
    }
    for stay in open_stays(tx, group.id)?.iter().filter(|stay| stay.status == ReservationStatus::Tentative) {
        change(tx, stay.id, &Change { confirm: true, ..Change::default() })?;
    }
    Ok(())
}

/// Cancels a group: its stays by their terms, each, and its block is free.
///
/// # Errors
/// 409 when somebody of it is in the house.
pub fn cancel(tx: &Tx, group: &Group, how: &Cancel) -> Result<Group> {
    if !group.status.is_open() {
        return Err(Error::refused(Code::IllegalTransition, text!("This group is cancelled or has ended already.")));
    }
    let stays = open_stays(tx, group.id)?;
    let in_house = stays.iter().filter(|stay| stay.status == ReservationStatus::CheckedIn).count();
    if in_house > 0 {
        let count = i64::try_from(in_house).unwrap_or(i64::MAX);
        let stays = counted!(count, "{count} stay", "{count} stays");
        return Err(Error::refused(
            Code::IllegalTransition,
            text!("{stays} of this group are in the house. Check them out, or take them out of the group, first.", stays),
        ));
    }
    for stay in &stays {
        desk::cancel(tx, stay.id, how)?;
    }
    let group = groups::find(tx, group.id)?;
    groups::save(tx, "cancel", &group, Group { status: GroupStatus::Cancelled, ..group.clone() }, None)
}

/// Makes a group of rooms that were booked together, or of one booking.
pub fn found(tx: &Tx, id: ReservationId, name: &str) -> Result<Group> {
    let first = reservations::find(tx, id)?;
    if first.details.group_id.is_some() {
        return Err(Error::refused(Code::IllegalTransition, text!("This booking belongs to a group already.")));
    }
    let mut ids: Vec<ReservationId> = tx.all(&PARTY, [id], |row| row.get(0))?;
    if ids.is_empty() {
        ids.push(id);
    }
    let mut stays = ids.into_iter().map(|id| reservations::find(tx, id)).collect::<Result<Vec<_>>>()?;
    stays.retain(|stay| stay.details.group_id.is_none());
    let arrival = stays.iter().map(|stay| stay.check_in_date).min().unwrap_or(first.check_in_date);
    let departure = stays.iter().map(|stay| stay.check_out_date).max().unwrap_or(first.check_out_date);
    let today = settings::business_date(tx)?;
    let made = groups::create(tx, of_stays(tx, &first, name, (arrival.max(today), departure.max(today.next()))), &[])?;
    for stay in &stays {
        let joins = DetailsChange { group_id: Some(Some(made.id)), ..DetailsChange::default() };
        change(tx, stay.id, &Change { details: joins, people: People::There, ..Change::default() })?;
    }
    groups::find(tx, made.id)
}

fn of_stays(tx: &Tx, first: &Reservation, name: &str, (arrival_date, departure_date): (Date, Date)) -> Group {
    Group {
        id: GroupId(0),
        code: String::new(),
        name: name.to_owned(),
        status: GroupStatus::Definite,
        arrival_date,
        departure_date,
        cut_off_date: arrival_date,
        released_on: None,
        guest_id: Some(first.guest_id),
        company_id: first.details.company_id,
        rate_plan_id: first.rate_plan_id,
        notes: String::new(),
        created_at: tx.now(),
        version: 1,
    }
}
