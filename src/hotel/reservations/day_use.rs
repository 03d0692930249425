//! Day use beside nights: what no key of the database forbids.
//!
//! A departure and an arrival in one room on one day never conflict, and a day
//! guest fits between them. A guest who stays on over the day leaves no room for
//! one, nor does an out-of-order block.

use std::collections::HashSet;

use super::store::{self, Holder};
use super::{Night, NightKind};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomId};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};

statements! {
    BY_DAY = "day_use.by_day": "SELECT day, room_id FROM room_day WHERE day >= ?1 AND day <= ?2 AND reservation_id <> ?3";
    OVER_DAY = "day_use.over_day": "SELECT n.room_id FROM room_night AS n
        LEFT JOIN room_night AS before ON before.night = ?2 AND before.room_id = n.room_id
        WHERE n.night = ?1 AND (n.block_id IS NOT NULL OR before.reservation_id = n.reservation_id) AND n.reservation_id IS NOT ?3";
}

/// Rooms that nobody but `own` may have for a day: with a day guest, blocked, or
/// with a guest who stays on.
pub fn taken_rooms(conn: &Conn, day: Date, own: ReservationId) -> Result<HashSet<RoomId>> {
    let mut taken = HashSet::new();
    conn.each(&BY_DAY, (day, day, own), |row| {
        taken.insert(row.get(1)?);
        Ok(())
    })?;
    conn.each(&OVER_DAY, (day, day.previous(), own), |row| {
        taken.insert(row.get(0)?);
        Ok(())
    })?;
    Ok(taken)
}

/// The day guests other than `own` from one date to another: nobody stays on over those days.
pub fn guests(conn: &Conn, first: Date, last: Date, own: ReservationId) -> Result<HashSet<(Date, RoomId)>> {
    let mut guests = HashSet::new();
    conn.each(&BY_DAY, (first, last, own), |row| {
        guests.insert((row.get(0)?, row.get(1)?));
        Ok(())
    })?;
    Ok(guests)
}

/// Who else needs the room of a night over its day; `before` is the stay's night before.
pub fn disturbed_by(conn: &Conn, own: ReservationId, night: &Night, before: Option<&Night>) -> Result<Option<Holder>> {
    let Some(room) = night.room_id.filter(|_| night.is_held) else { return Ok(None) };
    let holder = match night.kind {
        NightKind::Night => {
            let stays_on = before.is_some_and(|b| b.is_held && b.kind == NightKind::Night && b.room_id == Some(room));
            if stays_on { store::day_holder(conn, night.night, room)? } else { None }
        }
        // Whoever has paid for the day has left.
        NightKind::DayUse if night.is_posted => None,
        NightKind::DayUse => match store::night_holder(conn, night.night, room)? {
            Some(holder) if holder.reservation_id.is_some() => {
                let day_before = store::night_holder(conn, night.night.previous(), room)?;
                day_before.is_some_and(|b| b.reservation_id == holder.reservation_id).then_some(holder)
            }
            holder => holder,
        },
    };
    Ok(holder.filter(|h| h.reservation_id != Some(own)))
}

/// The stay's night before another, when `nights` are in their order.
pub fn night_before(nights: &[Night], at: usize) -> Option<&Night> {
    let before = nights.get(at.checked_sub(1)?)?;
    (before.night.next() == nights[at].night).then_some(before)
}

/// Refuses new nights that share a room with somebody over a day.
///
/// # Errors
/// 409 `room-taken`, as the database's keys do; its words come later.
pub fn check(tx: &Tx, own: ReservationId, old: &[Night], new: &[Night]) -> Result<()> {
    let is_old = |night: &Night| old.contains(night);
    for (at, night) in new.iter().enumerate() {
        let before = night_before(new, at);
        let is_known = is_old(night) && before.is_none_or(is_old);
        if !is_known && disturbed_by(tx, own, night, before)?.is_some() {
            return Err(Error::refused(Code::RoomTaken, text!("The room is taken on this day; choose another room.")));
        }
    }
    Ok(())
}
