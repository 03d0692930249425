//! The nights of a stay as one value: rebooked to other dates, assigned to rooms, rated anew,
//! priced by hand. Prices are frozen a night: whatever changes, a night that stays keeps what it
//! costs until a new rating is asked for; what is posted or typed by hand survives that too.

use std::ops::{Deref, DerefMut};

use super::booking::Price;
use super::{Night, NightKind, Reservation, group_price, party, store};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::extras::Extras;
use crate::domain::id::{GroupId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::order::sort;
use crate::domain::status::{Overdue, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::domain::tax::Age;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::groups;
use crate::hotel::rates::{self, Asked, Buyer, Quote, Sale};
use crate::hotel::rooms::{self, RoomType};

/// The nights of a stay, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Itinerary(Vec<Night>);

impl Deref for Itinerary {
    type Target = [Night];

    fn deref(&self) -> &[Night] {
        &self.0
    }
}

impl DerefMut for Itinerary {
    fn deref_mut(&mut self) -> &mut [Night] {
        &mut self.0
    }
}

/// What nights are sold as.
pub struct Sold<'a> {
    pub sale: Sale,
    pub buyer: Buyer<'a>,
    /// What was agreed with it holds before the rates.
    pub group: Option<GroupId>,
    pub room_type: &'a RoomType,
    pub kind: NightKind,
    pub adults: i64,
    pub children: i64,
    /// Both of them, for a type whose price asks.
    pub people: Vec<Age>,
    pub cots: i64,
    /// Of the whole stay.
    pub arrival: Date,
    pub departure: Date,
    pub booked_on: Date,
}

impl<'a> Sold<'a> {
    /// Nights of a booking, whose dates are those of the whole stay.
    pub fn to(conn: &Conn, stay: &Reservation, room_type: &'a RoomType, kind: NightKind) -> Result<Sold<'a>> {
        Ok(Sold {
            sale: Sale::Booked(stay.rate_plan_id),
            buyer: Buyer::default(),
            group: stay.details.group_id,
            room_type,
            kind,
            adults: stay.adults,
            children: stay.children,
            people: party::of(conn, stay, room_type)?,
            cots: stay.details.cots,
            arrival: stay.check_in_date,
            departure: stay.check_out_date,
            booked_on: stay.plan_since.unwrap_or(stay.booked_on),
        })
    }

    /// As the rates are asked.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            sale: self.sale,
            buyer: self.buyer,
            room_type: self.room_type,
            people: &self.people,
            cots: self.cots,
            arrival: self.arrival,
            nights: self.arrival.days_until(self.departure),
            booked_on: self.booked_on,
        }
    }

    /// The price of each of the dates: what was agreed with the group for its own nights, and what the rates ask.
    pub fn quote(&self, conn: &Conn, dates: &[Date]) -> Result<Quote> {
        let mut quote = rates::quote(conn, &self.asked(), dates)?;
        if let Some(agreed) = self.agreed(conn)? {
            agreed.put(quote.nights.iter_mut());
        }
        Ok(quote)
    }

    /// What was agreed with the group for nights of the type.
    pub fn agreed(&self, conn: &Conn) -> Result<Option<groups::Agreed>> {
        group_price::agreed(conn, self.group, self.room_type.id, self.kind)
    }

    /// A night for each of the dates, at that price.
    pub fn nights(&self, conn: &Conn, dates: &[Date], room_of: impl Fn(Date) -> Option<RoomId>) -> Result<Vec<Night>> {
        let quote = self.quote(conn, dates)?;
        Ok(quote.nights.iter().map(|n| self.night(n.night, room_of(n.night), n.rate, quote.extras.clone())).collect())
    }

    pub fn night(&self, night: Date, room_id: Option<RoomId>, rate: Money, extras: Extras) -> Night {
        Night {
            night,
            kind: self.kind,
            room_type_id: self.room_type.id,
            room_id,
            rate,
            is_rate_typed: false,
            quoted_rate: rate,
            adults: self.adults,
            children: self.children,
            added_amount: Money::ZERO,
            extras,
            is_held: true,
            is_posted: false,
        }
    }
}

impl NightKind {
    pub fn of(stay: StayDates) -> NightKind {
        if stay.is_day_use() { NightKind::DayUse } else { NightKind::Night }
    }
}

impl Itinerary {
    /// In the order of their dates, whatever the order they come in.
    pub fn of(mut nights: Vec<Night>) -> Itinerary {
        sort(&mut nights, |a, b| a.night.cmp(&b.night));
        Itinerary(nights)
    }

    /// As they are stored.
    pub fn stored(conn: &Conn, id: ReservationId) -> Result<Itinerary> {
        Ok(Itinerary(store::nights(conn, id)?))
    }

    /// As they are agreed: without tonight's, when that one is only held for an overdue guest.
    pub fn agreed(conn: &Conn, stay: &Reservation, today: Date) -> Result<Itinerary> {
        Ok(Itinerary::stored(conn, stay.id)?.without_hold(stay, today))
    }

    /// Those that are told of: held, or all of a booking that came to nothing.
    pub fn told(&self, stay: &Reservation) -> impl Iterator<Item = &Night> {
        let is_held = stay.status.holds_nights();
        self.0.iter().filter(move |n| n.is_held || !is_held)
    }

    pub fn without_hold(mut self, stay: &Reservation, today: Date) -> Itinerary {
        if stay.overdue(today) == Some(Overdue::Departure) {
            self.0.retain(|n| n.night != today || n.is_posted);
        }
        self
    }

    pub fn retain(&mut self, is_kept: impl FnMut(&Night) -> bool) {
        self.0.retain(is_kept);
    }

    pub fn add(&mut self, nights: Vec<Night>) {
        self.0.extend(nights);
        sort(&mut self.0, |a, b| a.night.cmp(&b.night));
    }

    pub fn has(&self, date: Date) -> bool {
        self.iter().any(|n| n.night == date)
    }

    /// What the held nights cost, with what comes on top.
    pub fn amount(&self) -> Money {
        self.iter().filter(|n| n.is_held).map(|n| n.rate + n.added_amount).sum()
    }

    /// The room of tonight, or of the first night to come, or of the last one.
    pub fn current_room(&self, today: Date) -> Option<RoomId> {
        let held = || self.iter().filter(|n| n.is_held);
        held().find(|n| n.night >= today).or_else(|| held().next_back()).and_then(|n| n.room_id)
    }

    /// Turns the nights of `before` into those of `after`, whose dates are `stay`: nights that are
    /// still part of it stay as they are, and the dates that have none yet are added as `after` is
    /// sold, in the room beside them. Posted nights always stay, and those that an overdue guest
    /// has stayed.
    pub fn rebook(&mut self, conn: &Conn, before: &Reservation, after: &Reservation, stay: StayDates, today: Date) -> Result<()> {
        let (dates, kind) = (stay.priced_dates(), NightKind::of(stay));
        let is_overdue = after.overdue(today) == Some(Overdue::Departure);
        let was_stayed = |n: &Night| is_overdue && n.kind == NightKind::Night && n.night >= stay.departure();
        self.retain(|n| n.is_posted || (n.is_held && (was_stayed(n) || (n.kind == kind && dates.contains(&n.night)))));
        // Who slept there did.
        let first = first_priced(after, today);
        for night in self.iter_mut().filter(|n| !n.is_posted && n.night >= first) {
            (night.adults, night.children) = (after.adults, after.children);
        }
        let missing: Vec<Date> = dates.into_iter().filter(|date| !self.has(*date)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let room_type = rooms::find_type(conn, after.room_type_id)?;
        let beside = |night: Date| self.room_beside(before, night, today);
        let added = Sold::to(conn, after, &room_type, kind)?.nights(conn, &missing, beside)?;
        self.add(added);
        Ok(())
    }

    /// The room of an added night that nobody chose one for: its neighbour's, or the one that the
    /// guest is in now.
    fn room_beside(&self, before: &Reservation, night: Date, today: Date) -> Option<RoomId> {
        match (self.first(), self.last()) {
            (Some(first), _) if night < first.night => first.room_id,
            (_, Some(last)) if before.status == ReservationStatus::CheckedIn && last.night < today => before.room_id,
            (_, Some(last)) => last.room_id,
            (_, None) => before.room_id,
        }
    }

    /// Puts the held nights from a date on into a room, or none; what is over and posted was slept
    /// where it was.
    pub fn assign(&mut self, room: Option<RoomId>, from: Date, today: Date) {
        for night in self.iter_mut().filter(|n| n.is_held && n.night >= from && (!n.is_posted || n.night >= today)) {
            night.room_id = room;
        }
    }

    /// Sells the nights from a date on as another type of room, for what they cost.
    pub fn sell_as(&mut self, room_type: RoomTypeId, from: Date) {
        for night in self.iter_mut().filter(|n| n.night >= from && !n.is_posted) {
            night.room_type_id = room_type;
        }
    }

    /// Quotes the nights from a date on anew, with their extras, each as the type it is sold as, or all as one that
    /// is named; what is posted or typed by hand stays.
    pub fn rerate(&mut self, conn: &Conn, stay: &Reservation, named: Option<RoomTypeId>, from: Date) -> Result<()> {
        self.rerate_those(conn, stay, named, |n| n.night >= from)
    }

    /// The same of the nights that somebody names.
    pub fn rerate_those(
        &mut self,
        conn: &Conn,
        stay: &Reservation,
        named: Option<RoomTypeId>,
        is_meant: impl Fn(&Night) -> bool,
    ) -> Result<()> {
        let is_rated = |n: &Night| n.is_held && is_meant(n) && !n.is_posted && !n.is_rate_typed;
        let mut rated: Vec<&mut Night> = self.iter_mut().filter(|n| is_rated(n)).collect();
        if let Some(named) = named {
            rated.iter_mut().for_each(|n| n.room_type_id = named);
        }
        let as_sold: Vec<Night> = rated.iter().map(|n| (**n).clone()).collect();
        let anew = priced(conn, stay, &as_sold, |sold, dates| {
            let quote = sold.quote(conn, dates)?;
            Ok(quote.nights.iter().map(|n| (n.rate, quote.extras.clone())).collect())
        })?;
        for (night, (rate, extras)) in rated.into_iter().zip(anew) {
            (night.rate, night.quoted_rate, night.extras) = (rate, rate, extras);
        }
        Ok(())
    }

    /// Puts prices typed by hand on the nights that are not posted yet.
    pub fn type_prices(&mut self, price: &Price) -> Result<()> {
        let set = |night: &mut Night, rate: Money| (night.rate, night.is_rate_typed) = (rate, true);
        match price {
            Price::Quoted => Ok(()),
            Price::Total(total) => {
                let posted: Money = self.iter().filter(|n| n.is_posted).map(|n| n.rate).sum();
                let open: Vec<&mut Night> = self.iter_mut().filter(|n| !n.is_posted && n.is_held).collect();
                let left = *total - posted;
                if left.is_negative() || (open.is_empty() && !left.is_zero()) {
                    return Err(Error::invalid("total_amount", text!("must not be less than the nights already posted")));
                }
                let parts = left.split(open.len());
                open.into_iter().zip(parts).for_each(|(night, rate)| set(night, rate));
                Ok(())
            }
            Price::Nightly(typed) => {
                for (i, (date, rate)) in typed.iter().enumerate() {
                    let night = self.iter_mut().find(|n| n.night == *date && n.is_held);
                    let Some(night) = night else {
                        return Err(Error::invalid(format!("nightly[{i}].date"), text!("is not a night of the stay")));
                    };
                    if night.is_posted && night.rate != *rate {
                        let message = text!("is already posted; give an allowance instead");
                        return Err(Error::invalid(format!("nightly[{i}].rate"), message));
                    }
                    if !night.is_posted {
                        set(night, *rate);
                    }
                }
                Ok(())
            }
        }
    }
}

/// What nights of a stay cost by the rates of now, each as the type that it is sold as.
pub fn quoted(conn: &Conn, stay: &Reservation, nights: &[Night]) -> Result<Vec<Money>> {
    priced(conn, stay, nights, |sold, dates| Ok(sold.quote(conn, dates)?.rates()))
}

/// Asks the rates for nights of a stay, those in a row that are sold as one type at once.
pub fn priced<T>(
    conn: &Conn,
    stay: &Reservation,
    nights: &[Night],
    price: impl Fn(&Sold, &[Date]) -> Result<Vec<T>>,
) -> Result<Vec<T>> {
    let mut found = Vec::with_capacity(nights.len());
    for run in nights.chunk_by(|a, b| a.room_type_id == b.room_type_id) {
        let room_type = rooms::find_type(conn, run[0].room_type_id)?;
        let dates: Vec<Date> = run.iter().map(|n| n.night).collect();
        found.extend(price(&Sold::to(conn, stay, &room_type, run[0].kind)?, &dates)?);
    }
    Ok(found)
}

/// The first date of a stay that is not over yet, its arrival when all are: the
/// nights before it stay in their rooms.
pub fn first_to_come(arrival: Date, departure: Date, today: Date) -> Date {
    let last = departure.previous().max(arrival);
    if last >= today { arrival.max(today) } else { arrival }
}

/// The first date of a stay whose price is open: who is in the house has slept the nights before today.
pub fn first_priced(stay: &Reservation, today: Date) -> Date {
    if stay.status == ReservationStatus::CheckedIn { stay.check_in_date.max(today) } else { stay.check_in_date }
}
