//! Prices and restrictions cell by cell: of several plans, types and nights in one transaction, also as they
//! were before a change.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::money::{Money, NotNegative};
use crate::domain::restriction::{AdvanceDays, RestrictionKind as Kind, StayLength};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::rates::api::{nights, room_type};
use crate::hotel::rates::{self, RatePlan, changes};
use crate::hotel::restrictions::{self, store::of_type};
use crate::hotel::settings;
use crate::http::decode::given;
use crate::http::endpoint::NoParams;

/// Prices, and restrictions, of one request.
pub const MOST: usize = 40_000;

/// A plan's own price of a night.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateCell {
    rate_plan_id: RatePlanId,
    room_type_id: RoomTypeId,
    date: Date,
    /// `null` = none: the parent's or the room type's holds.
    rate: Option<NotNegative>,
    /// The own price that is expected to stand there; a night with another one stays as it is. Left out = any.
    #[serde(default, deserialize_with = "given")]
    expected: Option<Option<NotNegative>>,
}

/// A plan's own restriction of a date.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionCell {
    rate_plan_id: RatePlanId,
    room_type_id: RoomTypeId,
    date: Date,
    kind: Kind,
    /// Nights or days, 1 for what is closed, 0 for what is open although the parent's is closed; `null` = none:
    /// the parent's holds.
    value: Option<i64>,
    /// What is expected to stand there; a date with another stays as it is. Left out = any.
    #[serde(default, deserialize_with = "given")]
    expected: Option<Option<i64>>,
}

/// Own prices and restrictions, cell by cell.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CellsRequest {
    #[serde(default)]
    rates: Few<RateCell, 0, MOST>,
    #[serde(default)]
    restrictions: Few<RestrictionCell, 0, MOST>,
}

/// How many cells have got their value, and how many had another one than was expected.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CellsView {
    set: usize,
    left: usize,
}

/// Cells of a plan and a type.
type Of<T> = BTreeMap<(RatePlanId, RoomTypeId), BTreeMap<T, Wish>>;
/// What a cell shall have, and what it is expected to have, in minor units where it is a price.
type Wish = (Option<i64>, Option<Option<i64>>);

pub fn set(tx: &Tx, _: NoParams, body: CellsRequest) -> Result<CellsView> {
    let rates = rates_of(tx, &body)?;
    let restrictions = restrictions_of(&body)?;
    let mut out = CellsView { set: 0, left: 0 };
    for ((plan, room_type_id), cells) in rates {
        let (plan, dates) = (rates::named(tx, plan)?, bounded(cells.keys().copied())?);
        room_type(tx, room_type_id)?;
        let now = changes::own(tx, &plan, room_type_id, &dates)?;
        let set = as_expected(cells, &mut out, |date| now.get(date).map(|price| price.0));
        put_rates(tx, &plan, room_type_id, set.into_iter().map(|(date, minor)| (date, minor.map(Money))).collect())?;
    }
    for ((plan, room_type_id), cells) in restrictions {
        let (plan, dates) = (rates::named(tx, plan)?, bounded(cells.keys().map(|(date, _)| *date))?);
        room_type(tx, room_type_id)?;
        let (first, last) = (dates[0], dates[dates.len() - 1]);
        let rows = of_type(tx, room_type_id, first, last)?;
        let now: HashMap<(Date, &str), i64> = (rows.iter().filter(|row| row.rate_plan_id == plan.id))
            .map(|row| ((row.night, row.kind.as_str()), row.value))
            .collect();
        let set = as_expected(cells, &mut out, |(date, at)| now.get(&(*date, Kind::ALL[*at].as_str())).copied());
        put_restrictions(tx, &plan, room_type_id, set.into_iter().map(|((date, at), value)| (date, Kind::ALL[at], value)))?;
    }
    Ok(out)
}

fn as_expected<K>(cells: BTreeMap<K, Wish>, out: &mut CellsView, now: impl Fn(&K) -> Option<i64>) -> Vec<(K, Option<i64>)> {
    let count = cells.len();
    let is_as_expected = |key: &K, wish: &Wish| wish.1.is_none_or(|expected| now(key) == expected);
    let set: Vec<_> =
        cells.into_iter().filter(|(key, wish)| is_as_expected(key, wish)).map(|(key, wish)| (key, wish.0)).collect();
    (out.set, out.left) = (out.set + set.len(), out.left + count - set.len());
    set
}

/// The dates, in their order, unless they lie too far apart.
fn bounded(dates: impl Iterator<Item = Date>) -> Result<Vec<Date>> {
    let mut dates: Vec<Date> = dates.collect();
    dates.dedup();
    if let (Some(first), Some(last)) = (dates.first(), dates.last()) {
        nights(*first, *last)?;
    }
    Ok(dates)
}

fn rates_of(conn: &Conn, body: &CellsRequest) -> Result<Of<Date>> {
    let property = settings::property(conn)?;
    let mut of: Of<Date> = BTreeMap::new();
    for (n, cell) in body.rates.iter().enumerate() {
        let price = |field: &str, rate: &Option<NotNegative>| {
            let read = |rate| property.price(&format!("rates[{n}].{field}"), rate).map(|price| price.0);
            rate.as_ref().map(read).transpose()
        };
        let expected = cell.expected.as_ref().map(|expected| price("expected", expected)).transpose()?;
        let key = (cell.rate_plan_id, cell.room_type_id);
        of.entry(key).or_default().insert(cell.date, (price("rate", &cell.rate)?, expected));
    }
    Ok(of)
}

/// The kinds by their places, which have an order.
fn restrictions_of(body: &CellsRequest) -> Result<Of<(Date, usize)>> {
    let mut of: Of<(Date, usize)> = BTreeMap::new();
    let mut fields = Fields::default();
    for (n, cell) in body.restrictions.iter().enumerate() {
        if let Some(value) = cell.value {
            fields.check(&format!("restrictions[{n}].value"), checked(cell.kind, value));
        }
        let at = Kind::ALL.iter().position(|kind| *kind == cell.kind).unwrap_or(0);
        of.entry((cell.rate_plan_id, cell.room_type_id)).or_default().insert((cell.date, at), (cell.value, cell.expected));
    }
    fields.finish()?;
    Ok(of)
}

/// A value that a restriction may have.
pub fn checked(kind: Kind, value: i64) -> Result<i64, crate::domain::wording::Text> {
    match kind {
        Kind::MinStayArrival | Kind::MaxStayArrival | Kind::MinStayThrough | Kind::MaxStayThrough => StayLength::of(value),
        Kind::MinAdvanceDays | Kind::MaxAdvanceDays => AdvanceDays::of(value),
        Kind::ClosedToArrival | Kind::ClosedToDeparture if (0..=1).contains(&value) => Ok(value),
        Kind::StopSell if value == 1 => Ok(value),
        Kind::ClosedToArrival | Kind::ClosedToDeparture => Err(text!("must be from {least} to {most}", least = 0, most = 1)),
        Kind::StopSell => Err(text!("must be from {least} to {most}", least = 1, most = 1)),
    }
}

/// Gives nights of a type a plan's own prices, or takes them away.
pub fn put_rates(tx: &Tx, plan: &RatePlan, id: RoomTypeId, rates: BTreeMap<Date, Option<Money>>) -> Result<()> {
    changes::save(tx, plan, &room_type(tx, id)?, &rates)
}

/// Sets a plan's own restrictions of dates of a type, or takes them away.
pub fn put_restrictions(
    tx: &Tx,
    plan: &RatePlan,
    room_type: RoomTypeId,
    cells: impl Iterator<Item = (Date, Kind, Option<i64>)>,
) -> Result<()> {
    let mut alike: BTreeMap<(usize, Option<i64>), Vec<Date>> = BTreeMap::new();
    for (date, kind, value) in cells {
        let at = Kind::ALL.iter().position(|one| *one == kind).ok_or_else(|| Error::internal("a kind is not among all"))?;
        alike.entry((at, value)).or_default().push(date);
    }
    for ((at, value), dates) in alike {
        restrictions::set(tx, plan, &[room_type], &dates, &[(Kind::ALL[at], value)])?;
    }
    Ok(())
}
