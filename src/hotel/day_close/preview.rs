//! What the close would post, reckoned by the rules that post it.

use super::open::{Open, OpenStay};
use super::{Choice, store};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::status::{RateKind, ReservationStatus};
use crate::error::Result;
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::relocate::{Extension, added_nights};
use crate::hotel::reservations::{self, Night, NightKind, Reservation, overstay, rate_kind, taxed};

/// What goes onto one bill.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: ReservationId,
    pub guest_name: String,
    pub room_number: Option<String>,
    pub nights: i64,
    pub room: Money,
    /// Extras beside the price.
    pub extras: Money,
    /// Taxes and levies on top of the price.
    pub taxes: Money,
    pub fee: Money,
}

impl Line {
    fn of(stay: &Reservation) -> Line {
        Line {
            id: stay.id,
            guest_name: stay.guest_name.clone(),
            room_number: stay.room_number.clone(),
            nights: 0,
            room: Money::ZERO,
            extras: Money::ZERO,
            taxes: Money::ZERO,
            fee: Money::ZERO,
        }
    }

    pub fn amount(&self) -> Money {
        self.room + self.extras + self.taxes + self.fee
    }

    fn add(mut self, nights: &[&Night]) -> Line {
        for night in nights {
            self.nights += 1;
            self.room = self.room + night.rate;
            self.extras = self.extras + night.extras.price_beside();
            self.taxes = self.taxes + night.added_amount - night.extras.price_beside();
        }
        self
    }
}

/// The nights that the close of a day posts of a stay in the house.
fn due(nights: &[Night], date: Date) -> Vec<&Night> {
    nights.iter().filter(|n| n.is_held && !n.is_posted && n.night <= date).collect()
}

/// Whether a night of the day has no price though somebody pays for the stay: its stay is left out until it has one.
pub fn is_without_price(stay: &Reservation, nights: &[Night], date: Date) -> bool {
    let has_none = |n: &&Night| n.kind == NightKind::Night && n.rate.is_zero() && !n.is_rate_typed && n.quoted_rate.is_zero();
    stay.details.rate_kind == RateKind::Paying && due(nights, date).iter().any(has_none)
}

/// What the close of a day will post with the decisions that there are: who is to leave and of whom nothing is decided
/// is not in it yet.
pub fn lines(conn: &Conn, date: Date, open: &Open) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for id in store::to_post(conn, date)? {
        let (stay, nights) = (reservations::find(conn, id)?, Itinerary::stored(conn, id)?);
        if !is_without_price(&stay, &nights, date) {
            lines.push(Line::of(&stay).add(&due(&nights, date)));
        }
    }
    for stay in &open.stays {
        match stay.decision.as_ref().map(|decision| decision.choice) {
            Some(Choice::NoShow) => lines.extend(no_show(conn, stay)?),
            Some(Choice::Carry) if is_staying(stay, date) => lines.push(staying_on(conn, stay.id, date)?),
            Some(Choice::Extend) => lines.push(extended(conn, stay.id, date)?),
            Some(Choice::Carry | Choice::Release | Choice::Uncounted) | None => {}
        }
    }
    Ok(lines)
}

fn is_staying(stay: &OpenStay, date: Date) -> bool {
    stay.status == ReservationStatus::CheckedIn && stay.check_out_date <= date
}

/// What not coming will cost somebody.
pub fn no_show(conn: &Conn, open: &OpenStay) -> Result<Option<Line>> {
    let stay = reservations::find(conn, open.id)?;
    let fee = reservations::no_show_fee(conn, &stay, &reservations::store::nights(conn, open.id)?)?;
    Ok((!fee.is_zero()).then(|| Line { fee, ..Line::of(&stay) }))
}

/// What an overdue guest's night will cost.
pub fn staying_on(conn: &Conn, id: ReservationId, date: Date) -> Result<Line> {
    let stay = reservations::find(conn, id)?;
    let mut nights = overstay::nights_on(conn, &stay, date, date.next())?;
    rate_kind::price(stay.details.rate_kind, &mut nights);
    taxed::add(conn, &stay, &mut nights, date.next())?;
    Ok(Line::of(&stay).add(&due(&nights, date)))
}

/// What one night more will cost, by the rates of the stay.
pub fn extended(conn: &Conn, id: ReservationId, date: Date) -> Result<Line> {
    let stay = reservations::find(conn, id)?;
    let mut nights = Itinerary::agreed(conn, &stay, date)?;
    if stay.is_day_use {
        nights.retain(|n| n.is_posted || n.kind == NightKind::Night);
    }
    nights.add(added_nights(conn, &stay, &Extension::quoted(date.next()), &nights, date)?);
    rate_kind::price(stay.details.rate_kind, &mut nights);
    let after = Reservation { check_out_date: date.next(), is_day_use: false, ..stay.clone() };
    taxed::add(conn, &after, &mut nights, date)?;
    Ok(Line::of(&stay).add(&due(&nights, date)))
}
