//! How many people a room is for: one rule for everything that puts somebody into one.

use super::availability::type_used;
use super::{Night, People, Step};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomTypeId};
use crate::domain::wording::{Text, Value, counted, text};
use crate::error::{Code, Error, Result};
use crate::hotel::rooms::{self, RoomType};
use crate::hotel::settings;

statements! {
    COTS_TAKEN = "capacity.cots_taken": "SELECT coalesce(sum(r.cots), 0)
        FROM reservation AS r INDEXED BY reservation_cots
        CROSS JOIN reservation_night AS n ON n.reservation_id = r.id AND n.night = ?1
        WHERE r.cots > 0 AND r.status IN ('tentative', 'confirmed', 'checked_in') AND r.id <> ?2 AND n.is_held = 1",
        scans "the open stays that have cots, which are few";
}

/// How many cots a stay had and has.
#[derive(Debug, Clone, Copy)]
pub struct Cots {
    pub before: i64,
    pub now: i64,
}

/// Refuses a cot that the hotel has not got on one of the nights: nobody can allow it.
///
/// # Errors
/// 409 `over-capacity` with the first such night.
pub fn check_cots(tx: &Tx, step: Step, own: ReservationId, cots: Cots, old: &[Night], new: &[Night], today: Date) -> Result<()> {
    if cots.now == 0 || step.people == People::Fact {
        return Ok(());
    }
    let Some(all) = settings::property(tx)?.cots else { return Ok(()) };
    let had = |night: &Night| old.iter().any(|o| o.night == night.night && o.is_held) && cots.now <= cots.before;
    for night in new.iter().filter(|n| n.is_held && n.night >= today && !had(n)) {
        let taken: i64 = tx.scalar(&COTS_TAKEN, (night.night, own))?;
        if taken + cots.now > all {
            let left = counted!((all - taken).max(0), "{count} cot is", "{count} cots are");
            let detail = text!("{left} left on {date}, of the hotel’s {all}.", left, date = Value::DateInFull(night.night), all);
            return Err(Error::refused(Code::OverCapacity, detail).with("night", night.night));
        }
    }
    Ok(())
}

/// Refuses nights from today on that put more people into a room than it is for, unless
/// somebody who may has allowed it; whether that was needed. What was allowed once stays
/// so: the same people or fewer, in a room of the same type.
///
/// # Errors
/// 409 `over-capacity` with `can_override`; 403 and `reason-needed` for an override that
/// is nobody's to give, or for no reason.
pub fn check(tx: &Tx, step: Step, cots: Cots, old: &[Night], new: &[Night], today: Date) -> Result<bool> {
    if matches!(step.people, People::There | People::Fact) {
        return Ok(false);
    }
    let has_more = cots.now > cots.before;
    for night in new.iter().filter(|n| n.is_held && n.night >= today && (has_more || !old.contains(n))) {
        let room_type = rooms::find_type(tx, type_used(tx, night)?)?;
        if !room_type.has_room_for(night.adults, night.children) && !was_allowed(tx, old, night, room_type.id)? {
            allow(tx, step, night_complaint(&room_type, night))?;
            return Ok(true);
        }
        if cots.now > room_type.max_cots && (has_more || !was_of(tx, old, night.night, room_type.id)?) {
            allow(tx, step, cot_complaint(&room_type, cots.now))?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn was_allowed(conn: &Conn, old: &[Night], night: &Night, room_type: RoomTypeId) -> Result<bool> {
    for before in old.iter().filter(|o| night.adults <= o.adults && night.children <= o.children) {
        if type_used(conn, before)? == room_type {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a night was spent in a room of the type before.
fn was_of(conn: &Conn, old: &[Night], night: Date, room_type: RoomTypeId) -> Result<bool> {
    match old.iter().find(|o| o.night == night) {
        Some(before) => Ok(type_used(conn, before)? == room_type),
        None => Ok(false),
    }
}

fn night_complaint(room_type: &RoomType, night: &Night) -> Text {
    complaint(room_type, night.adults, night.children)
}

fn cot_complaint(room_type: &RoomType, cots: i64) -> Text {
    let cots = counted!(cots, "{count} cot", "{count} cots");
    text!(
        "A room of the type {name} has room for {most}, not for {cots}.",
        name = &room_type.name,
        most = counted!(room_type.max_cots, "{count} cot", "{count} cots"),
        cots
    )
}

fn allow(tx: &Tx, step: Step, complaint: Text) -> Result<()> {
    let may = matches!(tx.actor().role, Some(Role::Owner | Role::Manager));
    if step.people == People::Fitting {
        let detail = if may {
            text!("{complaint} Choose a larger room type, or allow it with a reason.", complaint)
        } else {
            text!("{complaint} Choose a larger room type, or have a manager allow it.", complaint)
        };
        return Err(Error::refused(Code::OverCapacity, detail)
            .with("can_override", may)
            .with("override_with", "override_capacity"));
    }
    if !may {
        return Err(Error::Forbidden(text!("Only an owner or a manager may put more people into a room than it is for.")));
    }
    if step.reason.unwrap_or("").is_empty() {
        return Err(Error::refused(
            Code::ReasonNeeded,
            text!("Give a reason for putting more people into the room than it is for."),
        ));
    }
    Ok(())
}

/// The rule as a sentence, for whoever keeps it elsewhere: an import tells it by row.
pub fn complaint(room_type: &RoomType, adults: i64, children: i64) -> Text {
    text!(
        "The room type {name} is for {capacity}, not for {people}.",
        name = &room_type.name,
        capacity = room_type.capacity_in_words(),
        people = rooms::people_in_words(adults, children)
    )
}
