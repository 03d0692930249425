//! What a longer stay would cost, and what can be done when its room is taken. Changes nothing:
//! whatever is offered here is what one call of `extend` does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::availability::{self, Conflict, SplitPart, TypeAvailability};
use super::booking::Price;
use super::extras::{self, ExtraView};
use super::itinerary::Itinerary;
use super::relocate::{Extension, RoomUntil, added_nights, first_added, is_movable, other_room};
use super::restricted::{Selling, newly_broken};
use super::{Night, People, Reservation, find, rate_kind, store, taxed};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomId, RoomTypeId};
use crate::domain::money::{Amount, Money};
use crate::domain::restriction::Broken;
use crate::domain::status::{Event, words};
use crate::domain::stay::StayDates;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::rooms::{self, inventory};
use crate::hotel::settings::{self, Property};

/// How many rooms are offered of the guest's own type, and of each other one.
const ROOMS_OF_A_TYPE: (usize, usize) = (3, 1);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionParams {
    pub id: ReservationId,
    pub check_out_date: Date,
}

words!(
    /// A way to stay longer when the room itself is taken.
    ExtensionWay {
        /// Whoever is to come into the room gets another one.
        MakeWay = "make_way",
        /// On in the own room as long as it is free, then in another.
        Split = "split",
        /// All added nights in another room.
        OtherRoom = "other_room",
    }
);

/// A stay that would be given another room.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MovedStay {
    reservation_id: ReservationId,
    guest_name: String,
    /// Where it would go.
    room_number: String,
}

/// One way to stay longer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExtensionOption {
    way: ExtensionWay,
    /// The rooms of the added nights, one after the other; none when the stay keeps its own.
    parts: Vec<SplitPart>,
    /// What the last of them is.
    room_type_name: String,
    /// The added nights at the price of what was booked.
    added_amount: Amount,
    /// The added nights at the price of these rooms.
    rerated_amount: Amount,
    moved: Vec<MovedStay>,
}

/// An added night.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AddedNight {
    date: Date,
    rate: Amount,
}

/// A longer stay that is not booked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExtensionView {
    check_out_date: Date,
    nightly: Vec<AddedNight>,
    /// What is sold along with them.
    extras: Vec<ExtraView>,
    /// All of that, with taxes on top.
    pub added_amount: Amount,
    /// What would be left to pay.
    balance: Amount,
    /// It can be had as it is: in the same room, or waiting for one.
    is_free: bool,
    /// The restrictions that the longer stay breaks and the stay as it is does not.
    broken: Vec<Broken>,
    conflicts: Vec<Conflict>,
    /// What can be done instead, the least change first.
    options: Vec<ExtensionOption>,
}

/// The price of more nights, and the ways to them.
///
/// # Errors
/// 409 when the stay cannot be longer any more; 422 when the date is not after the departure.
pub fn extension(conn: &Conn, p: ExtensionParams) -> Result<ExtensionView> {
    let property = settings::property(conn)?;
    let before = find(conn, p.id)?;
    before.status.apply(Event::Extend)?;
    if p.check_out_date <= before.check_out_date {
        return Err(Error::invalid("check_out_date", text!("must be after {date}", date = before.check_out_date)));
    }
    let nights = Itinerary::agreed(conn, &before, property.business_date)?;
    let ask = Asked { conn, property: &property, before: &before, to: p.check_out_date, nights };
    ask.answer()
}

struct Asked<'a> {
    conn: &'a Conn<'a>,
    property: &'a Property,
    before: &'a Reservation,
    to: Date,
    nights: Itinerary,
}

impl Asked<'_> {
    fn answer(&self) -> Result<ExtensionView> {
        let added = self.added(None, false)?;
        let conflicts = availability::conflicts(self.conn, self.before.id, &self.with(&added))?;
        let is_free = conflicts.is_empty() && self.keeps_promises(&added)?;
        let options = if is_free { Vec::new() } else { self.options(&added, &conflicts)? };
        let amount = sum(&added);
        Ok(ExtensionView {
            check_out_date: self.to,
            nightly: added.iter().map(|n| AddedNight { date: n.night, rate: self.property.amount(n.rate) }).collect(),
            extras: extras::of_nights(added.iter().map(|n| (&n.extras, n.rate)), self.property),
            added_amount: self.property.amount(amount),
            balance: self.property.amount(self.before.balance() + amount),
            is_free,
            broken: self.broken(&added)?,
            conflicts,
            options,
        })
    }

    fn added(&self, rooms: Option<Vec<RoomUntil>>, rerate: bool) -> Result<Vec<Night>> {
        let to = Extension {
            check_out_date: self.to,
            rooms,
            rerate,
            move_conflicting: false,
            price: Price::Quoted,
            people: People::Fitting,
            selling: Selling::Nothing,
            reason: None,
        };
        let kept: Vec<Night> = self.nights.iter().filter(|n| !self.before.is_day_use || n.is_posted).cloned().collect();
        let mut added = added_nights(self.conn, self.before, &to, &kept, self.property.business_date)?;
        rate_kind::price(self.before.details.rate_kind, &mut added);
        // Levies count the nights of the whole stay.
        let after = Reservation { check_out_date: self.to, is_day_use: false, ..self.before.clone() };
        let mut whole = self.with(&added);
        taxed::add(self.conn, &after, &mut whole, self.property.business_date)?;
        whole.retain(|n| added.iter().any(|a| a.night == n.night));
        Ok(whole.to_vec())
    }

    fn broken(&self, added: &[Night]) -> Result<Vec<Broken>> {
        let after = Reservation { check_out_date: self.to, is_day_use: false, ..self.before.clone() };
        let before = (self.before, &self.nights[..]);
        newly_broken(self.conn, Some(before), (&after, &self.with(added)), self.property.business_date)
    }

    fn with(&self, added: &[Night]) -> Itinerary {
        let kept = self.nights.iter().filter(|n| !added.iter().any(|a| a.night == n.night));
        Itinerary::of(kept.chain(added).cloned().collect())
    }

    /// Whether stays that wait for a room of the type still get theirs.
    fn keeps_promises(&self, added: &[Night]) -> Result<bool> {
        for night in added {
            let used = match night.room_id {
                Some(room) => store::unit(self.conn, room)?.map_or(night.room_type_id, |(_, sold_as)| sold_as),
                None => night.room_type_id,
            };
            let is_counted = night.room_id.is_none()
                || inventory::is_waited_for(self.conn, used, night.night, night.night, self.before.asker())?;
            if is_counted
                && inventory::left(self.conn, used, night.night, self.before.asker())?.free < 1
                && !inventory::picks_up(self.conn, used, night.night, self.before.asker())?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn options(&self, added: &[Night], conflicts: &[Conflict]) -> Result<Vec<ExtensionOption>> {
        let mut options = Vec::new();
        options.extend(self.make_way(added, conflicts)?);
        let first = first_added(self.before);
        let types = self.types(first)?;
        if let (Some(room), Some(taken)) = (added.first().and_then(|n| n.room_id), self.first_taken(added)?)
            && taken > first
        {
            let own = self.part(room, first, taken)?;
            let rest = self.types(taken)?;
            let next = rest.iter().find_map(|t| Some((t, t.rooms.first()?)));
            if let Some((room_type, next)) = next {
                let parts = vec![own, self.part(next.id, taken, self.to)?];
                options.push(self.option(ExtensionWay::Split, parts, &room_type.room_type.name)?);
            }
        }
        let own = self.own_type()?;
        for found in &types {
            let many = if found.room_type.id == own { ROOMS_OF_A_TYPE.0 } else { ROOMS_OF_A_TYPE.1 };
            for room in found.rooms.iter().take(many) {
                let parts = vec![self.part(room.id, first, self.to)?];
                options.push(self.option(ExtensionWay::OtherRoom, parts, &found.room_type.name)?);
            }
        }
        if options.is_empty()
            && let Some((split, name)) = types.iter().find_map(|t| Some((t.split.clone()?, &t.room_type.name)))
        {
            options.push(self.option(ExtensionWay::Split, split, name)?);
        }
        Ok(options)
    }

    /// What is free from a date on to the new departure, the stay's own type first; types that
    /// the party does not fit into are left out.
    fn types(&self, from: Date) -> Result<Vec<TypeAvailability>> {
        let stay = StayDates::new(from, self.to).map_err(|e| Error::invalid("check_out_date", e))?;
        let mut types = availability::by_type(self.conn, stay, None, self.before.asker())?;
        let (adults, children) = (self.before.adults, self.before.children);
        types.retain(|t| {
            let spare = t.room_type.capacity_adults - adults;
            t.available_count + i64::from(t.split.is_some()) > 0
                && spare >= 0
                && children <= t.room_type.capacity_children + spare
        });
        let own = self.own_type()?;
        let (mut first, others): (Vec<_>, Vec<_>) = types.into_iter().partition(|t| t.room_type.id == own);
        first.extend(others);
        Ok(first)
    }

    /// What the guest sleeps in, whatever it was sold as.
    fn own_type(&self) -> Result<RoomTypeId> {
        match self.before.room_id {
            Some(room) => Ok(store::unit(self.conn, room)?.map_or(self.before.room_type_id, |(_, sold_as)| sold_as)),
            None => Ok(self.before.room_type_id),
        }
    }

    /// The first added night on which somebody else has the room.
    fn first_taken(&self, added: &[Night]) -> Result<Option<Date>> {
        for night in added {
            let Some(room) = night.room_id else { continue };
            let holder = store::night_holder(self.conn, night.night, room)?;
            if holder.is_some_and(|h| h.reservation_id != Some(self.before.id)) {
                return Ok(Some(night.night));
            }
        }
        Ok(None)
    }

    /// Offered only when everybody in the way can be moved, each to a room of the type that nobody waits for.
    fn make_way(&self, added: &[Night], conflicts: &[Conflict]) -> Result<Option<ExtensionOption>> {
        let mut taken: Vec<RoomId> = added.iter().filter_map(|n| n.room_id).collect();
        let mut moved = Vec::new();
        for conflict in conflicts {
            let Some(other) = conflict.reservation_id else { return Ok(None) };
            let other = find(self.conn, other)?;
            if !is_movable(&other) {
                return Ok(None);
            }
            let Some(room) = other_room(self.conn, &other, &taken, self.property.business_date)? else { return Ok(None) };
            taken.push(room.id);
            moved.push(MovedStay { reservation_id: other.id, guest_name: other.guest_name, room_number: room.room_number });
        }
        if moved.is_empty() || !self.keeps_promises(added)? {
            return Ok(None);
        }
        let amount = self.property.amount(sum(added));
        Ok(Some(ExtensionOption {
            way: ExtensionWay::MakeWay,
            parts: Vec::new(),
            room_type_name: self.before.room_type_name.clone(),
            added_amount: amount,
            rerated_amount: amount,
            moved,
        }))
    }

    fn part(&self, room_id: RoomId, from: Date, to: Date) -> Result<SplitPart> {
        Ok(SplitPart::of(&rooms::find(self.conn, room_id)?, from, to))
    }

    fn option(&self, way: ExtensionWay, parts: Vec<SplitPart>, room_type_name: &str) -> Result<ExtensionOption> {
        let rooms = || Some(parts.iter().map(|p| RoomUntil { room_id: p.room_id, to: p.to }).collect());
        let (kept, rerated) = (sum(&self.added(rooms(), false)?), sum(&self.added(rooms(), true)?));
        Ok(ExtensionOption {
            way,
            room_type_name: room_type_name.to_owned(),
            added_amount: self.property.amount(kept),
            rerated_amount: self.property.amount(rerated),
            moved: Vec::new(),
            parts,
        })
    }
}

fn sum(nights: &[Night]) -> Money {
    nights.iter().map(|n| n.rate + n.added_amount).sum()
}
