//! Prices of many nights changed at once: of several types of room, by a share of what they cost, or as they
//! were a year before. What would change is told before it is saved, and what was there can be put back.

use std::collections::BTreeMap;

use serde_json::json;

use super::price::{StepKind, without_own};
use super::{Asked, Buyer, RatePlan, Sale, Step, explain, quote, store};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::RoomTypeId;
use crate::domain::money::{Amount, MAX_INPUT, Money};
use crate::domain::percent::Percent;
use crate::domain::status::words;
use crate::error::Result;
use crate::hotel::audit;
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
    Asked {
        sale: Sale::Booked(plan.id),
        buyer: Buyer::default(),
        room_type,
        people: &[],
        cots: 0,
        arrival: today,
        nights: 0,
        booked_on: today,
    }
}

/// What a change makes of the nights of a type; those that stay as they are, are left out.
pub fn foreseen(conn: &Conn, plan: &RatePlan, room_type: &RoomType, nights: &[Date], change: Change) -> Result<Vec<Changed>> {
    let (Some(&first), Some(&last)) = (nights.first(), nights.last()) else { return Ok(Vec::new()) };
    let property = settings::property(conn)?;
    let own: BTreeMap<Date, Money> = store::prices(conn, plan.id, room_type.id, first, last)?.into_iter().collect();
    let asked = alone(plan, room_type, property.business_date);
    let before = quote(conn, &asked, nights)?.rates();
    let wanted = wanted(conn, plan, &asked, nights, &before, change, &property)?;
    let changed = nights.iter().zip(before).zip(wanted).filter_map(|((night, before), wanted)| {
        let Wanted { own: own_after, price: after } = wanted?;
        let own_before = own.get(night).copied();
        Some(Changed { room_type_id: room_type.id, night: *night, before, after, own_before, own_after })
    });
    // A price that is set is set, though the parent's is the same today.
    let is_set = matches!(change, Change::Set(_) | Change::Clear);
    Ok(changed.filter(|night| night.own_before != night.own_after && (is_set || night.before != night.after)).collect())
}

/// A plan's own price of a night, and what the night costs with it.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    own: Option<Money>,
    price: Money,
}

/// The price of each night as it shall be; `None` = it stays as it is.
fn wanted(
    conn: &Conn,
    plan: &RatePlan,
    asked: &Asked,
    nights: &[Date],
    before: &[Money],
    change: Change,
    property: &Property,
) -> Result<Vec<Option<Wanted>>> {
    let rounded = |price: Money| {
        let price = price.clamp(Money::ZERO, Money(MAX_INPUT));
        plan.conditions.rounding.map_or(price, |rounding| rounding.apply(price, property.currency.exponent))
    };
    let exactly = |price: Money| Some(Wanted { own: Some(price), price: rounded(price) });
    let changed = |price: Money| exactly(rounded(price));
    Ok(match change {
        Change::Set(price) => vec![exactly(price); nights.len()],
        Change::Clear => {
            let prices = without_own(conn, asked, nights)?;
            prices.into_iter().map(|price| Some(Wanted { own: None, price })).collect()
        }
        Change::Percent(percent) => before.iter().map(|price| changed(price.share(Percent::HUNDRED + percent))).collect(),
        Change::Amount(amount) => before.iter().map(|price| changed(*price + amount)).collect(),
        Change::LastYear { is_by_weekday } => {
            let mut source: Vec<Date> = nights.iter().map(|night| year_before(*night, is_by_weekday)).collect();
            source.dedup();
            // Where nobody had set a price, there is none to copy.
            let was_priced = |steps: &[Step]| steps.iter().any(|step| matches!(step.kind, StepKind::Daily(_)));
            let known = explain(conn, &super::all(conn)?, asked, &source)?.into_iter().filter(|(_, steps)| was_priced(steps));
            let prices: BTreeMap<Date, Money> = known.map(|(night, _)| (night.night, night.rate)).collect();
            nights.iter().map(|night| prices.get(&year_before(*night, is_by_weekday)).copied().and_then(exactly)).collect()
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

/// Gives nights of a type the plan's own prices, or takes them away: written, and told on the trail, together.
pub fn save(tx: &Tx, plan: &RatePlan, room_type: &RoomType, own: &BTreeMap<Date, Option<Money>>) -> Result<()> {
    let (Some((&first, _)), Some((&last, _))) = (own.first_key_value(), own.last_key_value()) else { return Ok(()) };
    let property = settings::property(tx)?;
    let told = |prices: BTreeMap<Date, Option<Money>>| {
        let rates: BTreeMap<String, Option<Amount>> =
            (prices.into_iter()).map(|(night, price)| (night.to_string(), price.map(|price| property.amount(price)))).collect();
        json!({"room_type_id": room_type.id, "name": room_type.name, "from": first, "to": last, "rates": rates})
    };
    let was = store::prices(tx, plan.id, room_type.id, first, last)?;
    let was = was.into_iter().filter(|(night, _)| own.contains_key(night)).map(|(night, price)| (night, Some(price))).collect();
    let set: Vec<(Date, Money)> = own.iter().filter_map(|(night, price)| Some((*night, (*price)?))).collect();
    let cleared: Vec<Date> = own.iter().filter(|(_, price)| price.is_none()).map(|(night, _)| *night).collect();
    store::put_prices(tx, plan.id, room_type.id, &set)?;
    store::clear_prices(tx, plan.id, room_type.id, &cleared)?;
    audit::record(tx, "set_rates", "rate_plan", plan.id.0, &told(was), &told(own.clone()))
}

/// The plan's own prices of nights.
pub fn own(conn: &Conn, plan: &RatePlan, room_type: RoomTypeId, nights: &[Date]) -> Result<BTreeMap<Date, Money>> {
    let (Some(&first), Some(&last)) = (nights.first(), nights.last()) else { return Ok(BTreeMap::new()) };
    Ok(store::prices(conn, plan.id, room_type, first, last)?.into_iter().collect())
}
