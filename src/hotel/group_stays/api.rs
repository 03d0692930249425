//! `/api/groups/{id}/…`: what is done with a group's stays together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::master;
use super::rooming_list::{self, Booked, RoomingList};
use crate::db::{Conn, Tx};
use crate::domain::few::Few;
use crate::domain::id::{GroupId, ReservationId, RoomId, Version};
use crate::domain::status::ReservationStatus;
use crate::domain::wording::{Language, text};
use crate::error::{Code, Error, Result};
use crate::hotel::audit::Reason;
use crate::hotel::folio;
use crate::hotel::folio::tender::Handed;
use crate::hotel::frontdesk::desk::{self, AtTheDoor, Cancel, CheckIn, Settle};
use crate::hotel::frontdesk::new_booking::room_to_give;
use crate::hotel::groups::api::{ByGroup, GroupChange, GroupDetail, detail};
use crate::hotel::groups::{self, GroupName};
use crate::hotel::listing::Items;
use crate::hotel::reservations::api::{ByReservation, reason};
use crate::hotel::reservations::{self, People, Reservation};
use crate::hotel::settings::EntryName;
use crate::hotel::settings::api::check_version;
use crate::http::endpoint::{Access, Call, Endpoint, Reply, command, query, task, update};
use crate::http::request::Method;
use crate::http::state::App;

pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        command(
            Method::Post,
            "/api/groups/{id}/rooming-list",
            "book_rooming_list",
            Access::DESK,
            "Book the rooms of a group by their names: all of them, or none",
            book,
        )
        .creates(),
        task(
            Method::Post,
            "/api/groups/{id}/check-in",
            "check_in_group",
            Access::DESK,
            "Check stays of a group in, each for itself, and tell what stood in the way",
            check_in,
        ),
        task(
            Method::Post,
            "/api/groups/{id}/check-out",
            "check_out_group",
            Access::DESK,
            "Check stays of a group out, each for itself, and tell what stood in the way",
            check_out,
        ),
        query(
            "/api/groups/{id}/master",
            "find_master",
            Access::READ,
            "What a group pays of its stays, and its folio",
            folio::windows_api::TABLES,
            master::show,
        ),
        command(
            Method::Put,
            "/api/groups/{id}/master",
            "set_master",
            Access::DESK,
            "Say what a group pays of its stays from now on",
            master::set,
        ),
        command(
            Method::Post,
            "/api/groups/{id}/cancel",
            "cancel_group",
            Access::DESK,
            "Cancel a group with its stays, by their terms",
            cancel,
        ),
        command(
            Method::Post,
            "/api/reservations/{id}/group",
            "found_group",
            Access::DESK,
            "Make a group of rooms that were booked together",
            found,
        )
        .creates(),
    ];
    endpoints.extend(update("/api/groups/{id}", ["update_group", "replace_group"], Access::DESK, "Change a group", change));
    endpoints
}

fn change(tx: &Tx, at: ByGroup, body: GroupChange) -> Result<GroupDetail> {
    let before = groups::find(tx, at.id)?;
    groups::api::change(tx, at, body)?;
    let changed = groups::find(tx, before.id)?;
    if before.status != changed.status {
        super::confirm(tx, &changed)?;
    }
    detail(tx, changed)
}

fn book(tx: &Tx, at: ByGroup, body: RoomingList) -> Result<Items<Booked>> {
    let group = groups::find(tx, at.id)?;
    Ok(Items { items: rooming_list::book_all(tx, &group, &body)? })
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CancelGroup {
    reason: Option<Reason>,
    /// Leave the cancellation fees away; needs a reason.
    waive_fees: Option<bool>,
    version: Option<Version>,
}

fn cancel(tx: &Tx, at: ByGroup, body: CancelGroup) -> Result<GroupDetail> {
    let how = Cancel { reason: reason(body.reason)?, waive_fee: body.waive_fees.unwrap_or(false), is_free: false };
    let group = groups::find(tx, at.id)?;
    check_version(body.version, group.version)?;
    detail(tx, super::cancel(tx, &group, &how)?)
}

/// A name for rooms that were booked together.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundRequest {
    name: GroupName,
}

fn found(tx: &Tx, at: ByReservation, body: FoundRequest) -> Result<GroupDetail> {
    let name = body.name.checked().map_err(|message| Error::invalid("name", message))?;
    detail(tx, super::found(tx, at.id, &name)?)
}

/// Who arrives, and where.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arriving {
    reservation_id: ReservationId,
    /// The first free one of the type when none is chosen yet and this is left out.
    room_id: Option<RoomId>,
}

/// Who of a group arrives.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInGroup {
    stays: Few<Arriving, 1, 500>,
    /// Check in although rooms are dirty; it is recorded.
    override_dirty: Option<bool>,
    reason: Option<Reason>,
}

/// Who of a group leaves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckOutGroup {
    stays: Few<ReservationId, 1, 500>,
    /// How what each still owes is paid; who owes something stays when it is left out.
    payment_method: Option<EntryName>,
}

/// What came of one stay.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Outcome {
    reservation_id: ReservationId,
    guest_name: String,
    room_number: Option<String>,
    /// As it is now.
    status: ReservationStatus,
    is_done: bool,
    /// What stood in the way, as the API calls it; `null` = nothing, or a wrong field.
    code: Option<Code>,
    /// The same in the language that the request asks for.
    problem: Option<String>,
}

fn check_in(app: &App, call: &Call, at: ByGroup, body: CheckInGroup) -> Result<Reply<Items<Outcome>>> {
    let reason = reason(body.reason)?;
    let override_dirty = body.override_dirty.unwrap_or(false);
    // Rooms that somebody chose are not given to others who take the first that is ready.
    each(
        app,
        call,
        at.id,
        body.stays.iter().map(|one| (one.reservation_id, one.room_id)),
        Option::is_none,
        move |tx, stay, room| {
            let own = || stay.room_id.map_or_else(|| room_to_give(tx, &stay), |_| Ok(None));
            let how = CheckIn {
                room_id: room.map_or_else(own, |room| Ok(Some(room)))?,
                override_dirty,
                people: People::Fitting,
                reason: reason.clone(),
            };
            desk::check_in(tx, stay.id, &how)
        },
    )
}

fn check_out(app: &App, call: &Call, at: ByGroup, body: CheckOutGroup) -> Result<Reply<Items<Outcome>>> {
    let method = body.payment_method.map(String::from);
    each(
        app,
        call,
        at.id,
        body.stays.iter().map(|id| (*id, ())),
        |()| false,
        move |tx, stay, ()| {
            let settle = method.clone().map(|payment_method| Settle {
                payment_method,
                amount: None,
                reference_number: String::new(),
                handed: Handed::default(),
            });
            desk::check_out(tx, stay.id, &AtTheDoor { settle, ..AtTheDoor::default() })
        },
    )
}

/// Does something to stays of a group, each in a transaction of its own; those that can wait after the others.
fn each<T: Copy + Send + 'static>(
    app: &App,
    call: &Call,
    group: GroupId,
    stays: impl Iterator<Item = (ReservationId, T)>,
    is_late: impl Fn(&T) -> bool,
    work: impl Fn(&Tx, Reservation, T) -> Result<Reservation> + Clone + Send + 'static,
) -> Result<Reply<Items<Outcome>>> {
    let language = call.request.language();
    let mut stays: Vec<(usize, (ReservationId, T))> = stays.enumerate().collect();
    app.db.read(&call.context, |conn| {
        groups::find(conn, group)?;
        // One that nobody knows is told before anything is done.
        stays.iter().try_for_each(|(at, (id, _))| match reservations::find(conn, *id) {
            Err(Error::NotFound(_)) => Err(Error::invalid(format!("stays[{at}]"), text!("is not a reservation's id"))),
            other => other.map(drop),
        })
    })?;
    stays.sort_by_key(|(_, (_, how))| is_late(how));
    let mut items = Vec::with_capacity(stays.len());
    for (at, (id, how)) in stays {
        let work = work.clone();
        let done = app.db.write(call.context.clone(), move |tx| work(tx, super::of_group(tx, group, id)?, how));
        items.push((at, app.db.read(&call.context, |conn| outcome(conn, id, &done, language))?));
    }
    items.sort_by_key(|(at, _)| *at);
    let items = items.into_iter().map(|(_, outcome)| outcome).collect();
    Ok(Reply::of(Items { items }).in_language(language))
}

fn outcome(conn: &Conn, id: ReservationId, done: &Result<Reservation>, language: Language) -> Result<Outcome> {
    let stay = match done {
        Ok(stay) => stay.clone(),
        // Nothing is known of it, or the file takes nothing any more.
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => reservations::find(conn, id).map_err(|_| error.clone())?,
        Err(error) => return Err(error.clone()),
    };
    let code = match done {
        Err(Error::Refused(refusal)) => Some(refusal.code),
        Ok(_) | Err(_) => None,
    };
    Ok(Outcome {
        reservation_id: id,
        guest_name: stay.guest_name,
        room_number: stay.room_number,
        status: stay.status,
        is_done: done.is_ok(),
        code,
        problem: done.as_ref().err().map(|error| error.said().in_language(language)),
    })
}
