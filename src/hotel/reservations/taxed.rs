//! What taxes and levies add to the nights of a stay that are still to come.
//!
//! They are reckoned anew whenever the stay is saved, when something is posted to its bill, when its people
//! are written down, and when the hotel levies something else.

use super::itinerary::Itinerary;
use super::{Night, NightKind, Reservation, asked_deposit, find, store};
use crate::db::{Conn, Tx};
use crate::domain::ages::Ages;
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{Overdue, RateKind};
use crate::domain::stay::StayDates;
use crate::domain::tax::NightTaxed;
use crate::error::Result;
use crate::hotel::rates::QuotedNight;
use crate::hotel::settings;
use crate::hotel::taxes::{self, Books, Levied};

/// The books of a stay; `None` when nothing is levied.
pub fn books(conn: &Conn, stay: &Reservation) -> Result<Option<Books>> {
    taxes::levied(conn)?.map(|levied| books_of(conn, &levied, stay)).transpose()
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

/// What would come on top of a stay that nobody has booked.
pub fn of_offer(
    conn: &Conn,
    levied: &Levied,
    dates: StayDates,
    (adults, children, ages): (i64, i64, &Ages),
    rate_kind: RateKind,
    nights: &[QuotedNight],
) -> Result<Money> {
    let (_, gross) = sums_of_offer(conn, levied, dates, (adults, children, ages), rate_kind, nights)?;
    Ok(gross - nights.iter().map(|n| n.rate).sum())
}

/// The price of such a stay without all taxes and levies, and with them.
pub fn sums_of_offer(
    conn: &Conn,
    levied: &Levied,
    dates: StayDates,
    (adults, children, ages): (i64, i64, &Ages),
    rate_kind: RateKind,
    nights: &[QuotedNight],
) -> Result<(Money, Money)> {
    let stay = taxes::Stay {
        id: ReservationId(0),
        guest_id: GuestId(0),
        arrival: dates.arrival(),
        adults,
        children,
        ages,
        has_levies: rate_kind != RateKind::HouseUse,
    };
    let mut books = levied.books(conn, &stay)?;
    let taxed: Vec<_> = nights.iter().map(|n| books.night(n.night, n.rate, dates.is_day_use())).collect();
    let net = taxed.iter().flat_map(|night| &night.sales).map(|sale| sale.net).sum();
    Ok((net, taxed.iter().map(NightTaxed::gross).sum()))
}

/// A fee as the bill would show it.
pub fn fee(conn: &Conn, stay: &Reservation, fee: Money) -> Result<Money> {
    let date = settings::business_date(conn)?;
    Ok(books(conn, stay)?.map_or(fee, |mut books| books.fee(fee, date).gross))
}

/// Notes on each night that is held and not posted what comes on top of its price.
pub fn add(conn: &Conn, stay: &Reservation, nights: &mut [Night], today: Date) -> Result<()> {
    add_by(books(conn, stay)?, stay, nights, today);
    Ok(())
}

fn add_by(mut books: Option<Books>, stay: &Reservation, nights: &mut [Night], today: Date) {
    // Tonight's room of an overdue guest is held, and not sold yet.
    let is_overdue = stay.overdue(today) == Some(Overdue::Departure);
    for night in nights.iter_mut().filter(|n| n.is_held && !n.is_posted) {
        let is_hold = is_overdue && night.night == today;
        let taxed = books
            .as_mut()
            .filter(|_| !is_hold)
            .map(|books| books.night(night.night, night.rate, night.kind == NightKind::DayUse));
        night.added_amount = taxed.map_or(Money::ZERO, |taxed| taxed.gross() - night.rate);
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
