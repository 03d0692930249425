//! Prices of many nights changed at once: of several types of room, by a share of what they cost, or as they
//! were a year before. What would change is told before it is saved, and what was there can be put back.

use std::collections::BTreeMap;

use super::{Asked, RatePlan, Sale, quote, set_prices, store};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::RoomTypeId;
use crate::domain::money::{MAX_INPUT, Money};
use crate::domain::percent::Percent;
use crate::domain::status::words;
use crate::error::{Error, Result};
use crate::hotel::rooms::RoomType;
use crate::hotel::settings::{self, Property};

words!(
    /// What becomes of the price of a night.
    ChangeKind {
        /// The same price for all.
        Set = "set",
        /// No own price any more: the parent's or the room type's holds again.
        Clear = "clear",
        Percent = "percent",
        Amount = "amount",
        /// What the same date cost a year before.
        LastYearByDate = "last_year_by_date",
        /// What the same day of the week cost 52 weeks before.
        LastYearByWeekday = "last_year_by_weekday",
    }
);

/// A change with what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Set(Money),
    Clear,
    Percent(Percent),
    Amount(Money),
    LastYear { is_by_weekday: bool },
}

/// A night whose price changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    pub room_type_id: RoomTypeId,
    pub night: Date,
    pub before: Money,
    pub after: Money,
    /// The plan's own price, before and then; `None` = the parent's or the room type's.
    pub own_before: Option<Money>,
    pub own_after: Option<Money>,
}

/// The price of a night by itself: for whom the price is, and for a stay that earns no discount.
pub fn alone<'a>(plan: &RatePlan, room_type: &'a RoomType, today: Date) -> Asked<'a> {
    Asked { sale: Sale::Booked(plan.id), promo_code: None, room_type, people: &[], arrival: today, nights: 0, booked_on: today }
}

/// What a change makes of the nights of a type; those that stay as they are, are left out.
pub fn foreseen(conn: &Conn, plan: &RatePlan, room_type: &RoomType, nights: &[Date], change: Change) -> Result<Vec<Changed>> {
    let (Some(&first), Some(&last)) = (nights.first(), nights.last()) else { return Ok(Vec::new()) };
    let property = settings::property(conn)?;
    let own: BTreeMap<Date, Money> = store::prices(conn, plan.id, room_type.id, first, last)?.into_iter().collect();
    let asked = alone(plan, room_type, property.business_date);
    let before = quote(conn, &asked, nights)?.rates();
    let wanted = wanted(conn, plan, &asked, nights, &before, change, &property)?;
    let changed = nights.iter().zip(before).zip(wanted).map(|((night, before), own_after)| Changed {
        room_type_id: room_type.id,
        night: *night,
        before,
        after: own_after.unwrap_or(before),
        own_before: own.get(night).copied(),
        own_after,
    });
    // A price that is set is set, though the parent's is the same today.
    let is_set = matches!(change, Change::Set(_) | Change::Clear);
    Ok(changed.filter(|night| night.own_before != night.own_after && (is_set || night.before != night.after)).collect())
}

/// What nights cost without an own price: tried out, and taken back.
pub fn without_own(tx: &Tx, plan: &RatePlan, room_type: &RoomType, nights: &[Date]) -> Result<Vec<Money>> {
    let today = settings::business_date(tx)?;
    let mut found = Vec::new();
    let tried: Result<()> = tx.attempt(|| {
        store::clear_prices(tx, plan.id, room_type.id, nights)?;
        found = quote(tx, &alone(plan, room_type, today), nights)?.rates();
        Err(Error::internal("a trial is not kept"))
    });
    match tried {
        Err(failed) if found.len() != nights.len() => Err(failed),
        _ => Ok(found),
    }
}

/// The plan's own price of each night, as it shall be.
fn wanted(
    conn: &Conn,
    plan: &RatePlan,
    asked: &Asked,
    nights: &[Date],
    before: &[Money],
    change: Change,
    property: &Property,
) -> Result<Vec<Option<Money>>> {
    let rounded = |price: Money| {
        let price = price.clamp(Money::ZERO, Money(MAX_INPUT));
        plan.conditions.rounding.map_or(price, |rounding| rounding.apply(price, property.currency.exponent))
    };
    let of_each = |price: &dyn Fn(Money) -> Money| before.iter().map(|before| Some(rounded(price(*before)))).collect();
    Ok(match change {
        Change::Set(price) => vec![Some(price); nights.len()],
        Change::Clear => vec![None; nights.len()],
        Change::Percent(percent) => of_each(&|price| price.share(Percent::HUNDRED + percent)),
        Change::Amount(amount) => of_each(&|price| price + amount),
        Change::LastYear { is_by_weekday } => {
            let mut source: Vec<Date> = nights.iter().map(|night| year_before(*night, is_by_weekday)).collect();
            source.dedup();
            let prices: BTreeMap<Date, Money> = source.iter().copied().zip(quote(conn, asked, &source)?.rates()).collect();
            nights.iter().map(|night| prices.get(&year_before(*night, is_by_weekday)).copied()).collect()
        }
    })
}

/// The date a year before, or the same day of the week; of 29 February the day before it.
fn year_before(night: Date, is_by_weekday: bool) -> Date {
    let by_weekday = || night.plus(-364).unwrap_or(night);
    if is_by_weekday {
        return by_weekday();
    }
    let (year, month, day) = (night.year() - 1, night.month(), night.day());
    Date::new(year, month, day).or_else(|| Date::new(year, month, day - 1)).unwrap_or_else(by_weekday)
}

/// Makes the changes; equal prices of a type are written, and told on the trail, together.
pub fn save(tx: &Tx, plan: &RatePlan, room_type: &RoomType, own: &[(Date, Option<Money>)]) -> Result<()> {
    let mut by_price: BTreeMap<Option<Money>, Vec<Date>> = BTreeMap::new();
    for (night, price) in own {
        by_price.entry(*price).or_default().push(*night);
    }
    by_price.into_iter().try_for_each(|(price, nights)| set_prices(tx, plan, room_type, &nights, price))
}
