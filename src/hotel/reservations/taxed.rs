//! What taxes and levies add to the nights of a stay that are still to come.
//!
//! They are reckoned anew whenever the stay is saved, when something is posted to its bill, when its people
//! are written down, and when the hotel levies something else.

use super::itinerary::Itinerary;
use super::{Night, NightKind, Reservation, asked_deposit, find, store};
use crate::db::{Conn, Tx};
use crate::domain::ages::Ages;
use crate::domain::date::Date;
use crate::domain::extras::{Counted, Extras};
use crate::domain::id::{GuestId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{Overdue, RateKind};
use crate::domain::stay::StayDates;
use crate::domain::tax::NightTaxed;
use crate::error::Result;
use crate::hotel::rates::QuotedNight;
use crate::hotel::settings;
use crate::hotel::taxes::{self, Books, Kind, Levied};

/// The books of a stay; `None` when nothing is levied.
pub fn books(conn: &Conn, stay: &Reservation) -> Result<Option<Books>> {
    taxes::levied(conn)?.map(|levied| books_of(conn, &levied, stay)).transpose()
}

/// The books of what is sold to somebody who does not stay here.
pub fn books_without_stay(conn: &Conn, today: Date) -> Result<Option<Books>> {
    let ages = Ages::default();
    let stay = taxes::Stay {
        id: ReservationId(0),
        guest_id: GuestId(0),
        arrival: today,
        adults: 0,
        children: 0,
        ages: &ages,
        has_levies: false,
    };
    taxes::levied(conn)?.map(|levied| levied.books(conn, &stay)).transpose()
}

/// The stay as taxes ask of it.
pub fn as_stay(stay: &Reservation) -> taxes::Stay<'_> {
    taxes::Stay {
        id: stay.id,
        guest_id: stay.guest_id,
        arrival: stay.check_in_date,
        adults: stay.adults,
        children: stay.children,
        ages: &stay.details.children_ages,
        has_levies: stay.details.rate_kind != RateKind::HouseUse,
    }
}

fn books_of(conn: &Conn, levied: &Levied, stay: &Reservation) -> Result<Books> {
    levied.books(conn, &as_stay(stay))
}

/// A stay that nobody has booked.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    pub dates: StayDates,
    pub adults: i64,
    pub children: i64,
    pub ages: &'a Ages,
    pub rate_kind: RateKind,
}

/// What its nights come to.
#[derive(Debug)]
pub struct Reckoned {
    /// What is sold along with each night.
    pub extras: Vec<Extras>,
    /// Each night with all taxes and levies; none where nothing is levied.
    pub taxed: Vec<NightTaxed>,
    /// Without all taxes and levies, and with them.
    pub net: Money,
    pub gross: Money,
    /// Taxes and levies on top of the prices of the nights.
    pub added: Money,
}

impl Reckoned {
    /// What each night costs, everything included.
    pub fn amounts(&self, nights: &[QuotedNight]) -> impl Iterator<Item = Money> {
        nights.iter().zip(&self.extras).enumerate().map(|(at, (night, extras))| match self.taxed.get(at) {
            Some(taxed) => taxed.gross(),
            None => night.rate + extras.price_beside(),
        })
    }
}

impl Offered<'_> {
    /// Reckons up nights; `extras` = what is sold along with each of them.
    pub fn reckon(&self, conn: &Conn, levied: Option<&Levied>, nights: &[QuotedNight], extras: &Extras) -> Result<Reckoned> {
        let mut extras: Vec<Extras> = nights.iter().map(|night| self.counted(night.night, extras)).collect();
        let rates: Money = nights.iter().map(|n| n.rate).sum();
        let Some(levied) = levied else {
            let all = rates + extras.iter().map(Extras::price_beside).sum();
            return Ok(Reckoned { extras, taxed: Vec::new(), net: all, gross: all, added: Money::ZERO });
        };
        let mut books = levied.books(conn, &self.as_stay())?;
        let mut taxed = Vec::with_capacity(nights.len());
        for (night, extras) in nights.iter().zip(&mut extras) {
            let reckoned = books.night(night.night, night.rate, extras, self.dates.is_day_use());
            note_added(extras, &reckoned);
            taxed.push(reckoned);
        }
        let net = taxed.iter().flat_map(|night| &night.sales).map(|sale| sale.net).sum();
        let gross = taxed.iter().map(NightTaxed::gross).sum();
        let added = gross - rates - extras.iter().map(Extras::amount_beside).sum();
        Ok(Reckoned { extras, taxed, net, gross, added })
    }

    fn counted(&self, night: Date, extras: &Extras) -> Extras {
        let mut extras = extras.clone();
        extras.count(Counted {
            people: self.adults + self.children,
            is_first_night: night == self.dates.arrival(),
            is_charged: self.rate_kind == RateKind::Paying,
        });
        extras
    }

    fn as_stay(&self) -> taxes::Stay<'_> {
        taxes::Stay {
            id: ReservationId(0),
            guest_id: GuestId(0),
            arrival: self.dates.arrival(),
            adults: self.adults,
            children: self.children,
            ages: self.ages,
            has_levies: self.rate_kind != RateKind::HouseUse,
        }
    }
}

/// What taxes put on top of each extra beside the price.
fn note_added(extras: &mut Extras, night: &NightTaxed) {
    for (extra, sale) in extras.beside_mut().zip(night.sales.iter().skip(1)) {
        extra.added_amount = sale.gross - extra.price();
    }
}

/// A fee as the bill would show it.
pub fn fee(conn: &Conn, stay: &Reservation, fee: Money) -> Result<Money> {
    let date = settings::business_date(conn)?;
    Ok(books(conn, stay)?.map_or(fee, |mut books| books.fee(fee, date).gross))
}

/// A price of the room as the bill would show it.
pub fn room(conn: &Conn, stay: &Reservation, price: Money) -> Result<Money> {
    let date = settings::business_date(conn)?;
    Ok(books(conn, stay)?.map_or(price, |mut books| {
        let group = books.group(Kind::Room);
        books.sale(group, price, taxes::ROOM, date, false).gross
    }))
}

/// Counts the extras of each night that is held and not posted, and notes on it what comes on top of its price.
pub fn add(conn: &Conn, stay: &Reservation, nights: &mut [Night], today: Date) -> Result<()> {
    add_by(books(conn, stay)?, stay, nights, today);
    Ok(())
}

fn add_by(mut books: Option<Books>, stay: &Reservation, nights: &mut [Night], today: Date) {
    // Tonight's room of an overdue guest is held, and not sold yet.
    let is_overdue = stay.overdue(today) == Some(Overdue::Departure);
    count_extras(stay, nights);
    for night in nights.iter_mut().filter(|n| n.is_held && !n.is_posted) {
        let is_hold = is_overdue && night.night == today;
        let taxed = books
            .as_mut()
            .filter(|_| !is_hold)
            .map(|books| books.night(night.night, night.rate, &night.extras, night.kind == NightKind::DayUse));
        if let Some(taxed) = &taxed {
            note_added(&mut night.extras, taxed);
        }
        night.added_amount = taxed.map_or_else(|| night.extras.price_beside(), |taxed| taxed.gross() - night.rate);
    }
}

/// Extras follow the stay and its people until their night is posted.
pub fn count_extras(stay: &Reservation, nights: &mut [Night]) {
    for night in nights.iter_mut().filter(|n| n.is_held && !n.is_posted && !n.extras.is_empty()) {
        night.extras.count(Counted {
            people: night.adults + night.children,
            is_first_night: night.night == stay.check_in_date,
            is_charged: stay.details.rate_kind == RateKind::Paying,
        });
    }
}

/// The same for a stay as it is stored.
pub fn reckon(tx: &Tx, id: ReservationId) -> Result<()> {
    match taxes::levied(tx)? {
        Some(levied) => reckon_by(tx, &levied, id),
        None => Ok(()),
    }
}

fn reckon_by(tx: &Tx, levied: &Levied, id: ReservationId) -> Result<()> {
    let (before, stay) = (Itinerary::stored(tx, id)?, find(tx, id)?);
    let mut after = before.clone();
    add_by(Some(books_of(tx, levied, &stay)?), &stay, &mut after, settings::business_date(tx)?);
    store::replace_nights(tx, id, &before, &after)?;
    asked_deposit::ask_again(tx, id, &after)
}

/// The same for every stay with nights to come.
pub fn reckon_all(tx: &Tx) -> Result<()> {
    let Some(levied) = taxes::levied(tx)? else { return Ok(()) };
    store::with_nights_to_come(tx)?.into_iter().try_for_each(|id| reckon_by(tx, &levied, id))
}
