//! How many people a room is for: one rule for everything that puts somebody into one.

use super::availability::type_used;
use super::{Night, People, Step};
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::date::Date;
use crate::domain::id::RoomTypeId;
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Result};
use crate::hotel::rooms::{self, RoomType};

/// Refuses nights from today on that put more people into a room than it is for, unless
/// somebody who may has allowed it; whether that was needed. What was allowed once stays
/// so: the same people or fewer, in a room of the same type.
///
/// # Errors
/// 409 `over-capacity` with `can_override`; 403 and `reason-needed` for an override that
/// is nobody's to give, or for no reason.
pub fn check(tx: &Tx, step: Step, old: &[Night], new: &[Night], today: Date) -> Result<bool> {
    if matches!(step.people, People::There | People::Fact) {
        return Ok(false);
    }
    for night in new.iter().filter(|n| n.is_held && n.night >= today && !old.contains(n)) {
        let room_type = rooms::find_type(tx, type_used(tx, night)?)?;
        if !room_type.has_room_for(night.adults, night.children) && !was_allowed(tx, old, night, room_type.id)? {
            allow(tx, step, &room_type, night)?;
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

fn allow(tx: &Tx, step: Step, room_type: &RoomType, night: &Night) -> Result<()> {
    let may = matches!(tx.actor().role, Some(Role::Owner | Role::Manager));
    if step.people == People::Fitting {
        let complaint = complaint(room_type, night.adults, night.children);
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
