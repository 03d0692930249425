//! Guests who are in the house after the date they were to leave.
//!
//! Their departure stays what was agreed: so they are overdue on every list until
//! somebody decides. The nights they have stayed since are theirs and on the bill.
//! Tonight their room is held without a price; it gets one when the night is over,
//! or when the stay is extended.

use super::availability::{self, Conflict};
use super::itinerary::{Itinerary, Sold};
use super::relocate::other_room;
use super::{Night, NightKind, People, Reservation, Step, find, save_on};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::extras::Extras;
use crate::domain::id::{ReservationId, RoomId};
use crate::domain::money::Money;
use crate::domain::status::{Overdue, ReservationStatus};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::rooms;

statements! {
    OVERDUE = "overstay.overdue": "SELECT id, room_id FROM reservation INDEXED BY reservation_in_house
        WHERE status = 'checked_in' AND check_out_date < ?1
        ORDER BY id
        LIMIT 4000", scans "stays in house are no more than the hotel's rooms";
}

/// A stay that made way for a guest who did not leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Displaced {
    pub id: ReservationId,
    pub by: ReservationId,
}

/// The nights with those that an overdue guest has stayed, and tonight's, held at no
/// price. Those of every other stay as they are.
pub fn with_hold(conn: &Conn, stay: &Reservation, nights: &[Night], today: Date) -> Result<Itinerary> {
    let mut nights = Itinerary::of(nights.to_vec());
    if stay.overdue(today) != Some(Overdue::Departure) {
        return Ok(nights);
    }
    // Whoever had the room for the day has slept in it: the day was a night, and costs no less.
    let agreed: Vec<(Date, Money)> =
        nights.iter().filter(|n| n.kind == NightKind::DayUse && !n.is_posted).map(|n| (n.night, n.rate)).collect();
    let no_less = |night: Date, rate: Money| agreed.iter().find(|(day, _)| *day == night).map_or(rate, |(_, day)| rate.max(*day));
    nights.retain(|n| n.kind == NightKind::Night || n.is_posted);
    nights.iter_mut().for_each(|n| n.kind = NightKind::Night);
    let over = std::iter::successors(Some(stay.check_out_date), |date| Some(date.next())).take_while(|date| *date < today);
    let missing: Vec<Date> = over.filter(|date| !nights.has(*date)).collect();
    let room_type = rooms::find_type(conn, stay.room_type_id)?;
    let sold = Sold::to(conn, stay, &room_type, NightKind::Night)?;
    let mut stayed = sold.nights(conn, &missing, |_| stay.room_id)?;
    stayed.iter_mut().for_each(|n| n.rate = no_less(n.night, n.rate));
    // A day that is opened again may have its night on the bill.
    nights.retain(|n| n.night != today || n.is_posted);
    if !nights.has(today) {
        stayed.push(sold.night(today, stay.room_id, Money::ZERO, Extras::default()));
    }
    nights.add(stayed);
    Ok(nights)
}

/// Before the business date moves from a day to the next (or back): every guest who will
/// be overdue then keeps the room. Who was to come into it is given another one, or waits
/// for one when none is left.
///
/// # Errors
/// 409 when a room in which somebody sleeps was to be out of order.
pub fn hold_rooms(tx: &Tx, from: Date, to: Date) -> Result<Vec<Displaced>> {
    let overdue: Vec<(ReservationId, RoomId)> = tx.all(&OVERDUE, [from.max(to)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let occupied: Vec<RoomId> = overdue.iter().map(|(_, room)| *room).collect();
    let mut displaced = Vec::new();
    for (id, _) in overdue {
        let stay = find(tx, id)?;
        let nights = nights_on(tx, &stay, from, to)?;
        for conflict in availability::conflicts(tx, id, &nights)? {
            let Some(other) = conflict.reservation_id else { return Err(out_of_order(&stay, &conflict)) };
            displace(tx, other, &nights, &occupied, to)?;
            displaced.push(Displaced { id: other, by: id });
        }
        save_on(tx, to, Step { people: People::Fact, ..Step::new("overstay") }, &stay, &stay, &nights)?;
    }
    Ok(displaced)
}

/// The nights of a stay as they are once the business date has moved from a day to the next (or back).
pub fn nights_on(conn: &Conn, stay: &Reservation, from: Date, to: Date) -> Result<Itinerary> {
    let mut nights = Itinerary::stored(conn, stay.id)?;
    // What was held until now has become a night, which has its price; or it is none any more.
    let first_held = from.min(to).max(stay.check_in_date.next()).max(stay.check_out_date);
    nights.retain(|n| n.is_posted || n.night < first_held);
    if stay.is_day_use && stay.overdue(to).is_none() {
        nights.iter_mut().for_each(|n| n.kind = NightKind::DayUse);
    }
    with_hold(conn, stay, &nights, to)
}

/// Whether everybody who will be overdue on the next date can be kept in the room.
///
/// # Errors
/// 409 when a room in which somebody sleeps was to be out of order.
pub fn check_rooms(conn: &Conn, from: Date, to: Date) -> Result<()> {
    let overdue: Vec<ReservationId> = conn.all(&OVERDUE, [from.max(to)], |row| row.get(0))?;
    for id in overdue {
        let stay = find(conn, id)?;
        let nights = nights_on(conn, &stay, from, to)?;
        if let Some(block) = availability::conflicts(conn, id, &nights)?.iter().find(|c| c.reservation_id.is_none()) {
            return Err(out_of_order(&stay, block));
        }
    }
    Ok(())
}

/// Takes a stay out of the room that somebody has not left. A night that is over without
/// its guest needs no room any more.
fn displace(tx: &Tx, other: ReservationId, nights: &[Night], occupied: &[RoomId], today: Date) -> Result<()> {
    let before = find(tx, other)?;
    let mut own = Itinerary::stored(tx, other)?;
    let is_needed = |n: &Night| nights.iter().any(|s| s.is_held && s.night == n.night && s.room_id == n.room_id);
    if before.status == ReservationStatus::CheckedIn {
        // Who is in another room was to move into this one, and does not.
        own.iter_mut().filter(|n| is_needed(n)).for_each(|n| n.room_id = None);
    } else {
        let has_room = own.iter().any(|n| n.is_held && n.night >= today && n.room_id.is_some());
        let room = if has_room { other_room(tx, &before, occupied, today)?.map(|room| room.id) } else { None };
        own.iter_mut().filter(|n| n.night < today && is_needed(n)).for_each(|n| n.room_id = None);
        own.assign(room, today, today);
    }
    let mut after = before.clone();
    if before.status != ReservationStatus::CheckedIn {
        after.room_id = own.current_room(today);
    }
    let step = Step { reason: Some("the room is still occupied"), people: People::Fact, ..Step::new("move") };
    save_on(tx, today, step, &before, &after, &own).map(|_| ())
}

fn out_of_order(stay: &Reservation, conflict: &Conflict) -> Error {
    let detail = text!(
        "{guest} was to leave room {room} on {departure} and is still in it, and the room is out of order on {night}. \
         Check the guest out, move the guest to another room, or release the block, and move on then.",
        guest = &stay.guest_name,
        room = &conflict.room_number,
        departure = stay.check_out_date,
        night = conflict.night,
    );
    Error::refused(Code::RoomTaken, detail).with("conflicts", [conflict])
}
