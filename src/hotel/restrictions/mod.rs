//! Restrictions: which stays are sold, by rate plan, room type and date.
//!
//! A derived plan has its parent's until it has a value of its own. A stop-sell is never loosened:
//! neither one of a parent, nor one of BAR, which is that of the room type itself and so holds for
//! every plan, also for one that is derived from no other.

pub mod api;
pub mod store;

use serde_json::{Value, json};

use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::restriction::{self, Broken, RestrictionKind, Restrictions};
use crate::domain::stay::StayDates;
use crate::error::Result;
use crate::hotel::rates::{self, BAR, MAX_LEVELS, RatePlan};
use crate::hotel::{Slice, audit};
use store::Row;

pub const SLICE: Slice = Slice {
    name: "restrictions",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS],
    areas: &[("rates", &[Table::Restriction])],
    ..Slice::EMPTY
};

/// Dates of room types that are set at once.
pub const MAX_CELLS: usize = 10_000;

/// A kind and what it is set to; `None` takes it away.
pub type Setting = (RestrictionKind, Option<i64>);

/// A stay as it is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    pub plan: RatePlanId,
    pub stay: StayDates,
    /// The type of each date that has a price.
    pub types: Vec<(Date, RoomTypeId)>,
}

/// What a stay breaks that is booked on a date: restrictions, and the dates that its plan is sold for. Where
/// nobody has set any, this is one look into an index for each type, and one for the plan.
pub fn broken(conn: &Conn, sold: &Sold, booked_on: Date) -> Result<Vec<Broken>> {
    let mut types: Vec<RoomTypeId> = Vec::new();
    for (_, room_type) in &sold.types {
        if !types.contains(room_type) {
            types.push(*room_type);
        }
    }
    let mut broken = Asked::of(conn, sold.stay, &types)?.broken(conn, sold, booked_on)?;
    let conditions = rates::find(conn, sold.plan)?.conditions;
    let outside = sold.stay.priced_dates().into_iter().filter(|night| !conditions.is_for(*night));
    broken.extend(outside.map(Broken::outside_plan));
    Ok(broken)
}

/// What is said of some types on the dates of a stay, whatever plan it is then sold under.
pub struct Asked(Vec<(RoomTypeId, Vec<Row>)>);

impl Asked {
    pub fn of(conn: &Conn, stay: StayDates, types: &[RoomTypeId]) -> Result<Asked> {
        let rows = |room_type: &RoomTypeId| -> Result<_> {
            Ok((*room_type, store::of_type(conn, *room_type, stay.arrival(), stay.departure())?))
        };
        Ok(Asked(types.iter().map(rows).collect::<Result<_>>()?))
    }

    pub fn broken(&self, conn: &Conn, sold: &Sold, booked_on: Date) -> Result<Vec<Broken>> {
        if self.0.iter().all(|(_, rows)| rows.is_empty()) {
            return Ok(Vec::new());
        }
        let levels = levels(conn, sold.plan)?;
        let of = |date: Date| {
            // Nobody sleeps on the date of the departure: it is asked of the last night's type.
            let of_night = sold.types.iter().find(|(night, _)| *night == date).or(sold.types.last());
            let rows = of_night.and_then(|(_, used)| self.0.iter().find(|(room_type, _)| room_type == used));
            rows.map_or_else(Restrictions::default, |(_, rows)| in_force(&levels, rows_of(rows, date)))
        };
        Ok(restriction::broken(sold.stay, booked_on, of))
    }
}

impl Sold {
    /// All nights in a room of one type.
    pub fn of_type(plan: RatePlanId, stay: StayDates, room_type: RoomTypeId) -> Sold {
        Sold { plan, stay, types: stay.priced_dates().into_iter().map(|date| (date, room_type)).collect() }
    }
}

/// The plan, its parent and so on: one plan more than there are derivations.
pub fn levels(conn: &Conn, plan: RatePlanId) -> Result<Vec<RatePlanId>> {
    let mut levels = vec![plan];
    while let Some(parent) = rates::find(conn, levels[levels.len() - 1])?.derivation.map(|d| d.parent_id)
        && levels.len() <= MAX_LEVELS
    {
        levels.push(parent);
    }
    Ok(levels)
}

/// The rows of a date among those of many, which stand in the order of their dates.
fn rows_of(rows: &[Row], date: Date) -> &[Row] {
    let first = rows.partition_point(|row| row.night < date);
    let count = rows[first..].partition_point(|row| row.night == date);
    &rows[first..first + count]
}

/// What a plan itself says, of the rows of a date.
pub fn own(plan: RatePlanId, rows: &[Row]) -> Restrictions {
    let mut own = Restrictions::default();
    for row in rows.iter().filter(|row| row.rate_plan_id == plan) {
        own.set(row.kind, row.value);
    }
    own
}

/// What holds under the first of the levels, of the rows of a date.
pub fn in_force(levels: &[RatePlanId], rows: &[Row]) -> Restrictions {
    let mut held = Restrictions::default();
    if own(BAR, rows).is_on(RestrictionKind::StopSell) {
        held.set(RestrictionKind::StopSell, 1);
    }
    levels.iter().rev().fold(held, |parents, level| own(*level, rows).or(&parents))
}

/// Sets restrictions of a plan on some dates of some types, each kind by itself: what is not named stays.
pub fn set(tx: &Tx, plan: &RatePlan, types: &[RoomTypeId], nights: &[Date], settings: &[Setting]) -> Result<()> {
    let (Some(&first), Some(&last)) = (nights.first(), nights.last()) else { return Ok(()) };
    let mut before: Vec<Value> = Vec::new();
    for room_type in types {
        let rows = store::of_type(tx, *room_type, first, last)?;
        for (kind, value) in settings {
            let was = rows.iter().filter(|row| row.rate_plan_id == plan.id && row.kind == *kind && nights.contains(&row.night));
            before.extend(runs(*room_type, *kind, was));
            store::put(tx, plan.id, *room_type, nights, (*kind, *value))?;
        }
    }
    let after: serde_json::Map<String, Value> =
        settings.iter().map(|(kind, value)| (kind.as_str().to_owned(), (*value).into())).collect();
    let is = json!({"room_type_ids": types, "name": plan.name, "from": first, "to": last, "nights": nights.len(), "restrictions": after});
    let was = json!({"room_type_ids": types, "name": plan.name, "from": first, "to": last, "restrictions": before});
    audit::record(tx, "set_restrictions", "rate_plan", plan.id.0, &was, &is)
}

/// Dates in a row that had the same value, as one.
fn runs<'a>(room_type: RoomTypeId, kind: RestrictionKind, rows: impl Iterator<Item = &'a Row>) -> Vec<Value> {
    let mut runs: Vec<(Date, Date, i64)> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some((_, to, value)) if to.next() == row.night && *value == row.value => *to = row.night,
            _ => runs.push((row.night, row.night, row.value)),
        }
    }
    let told = |(from, to, value)| json!({"room_type_id": room_type, "kind": kind, "from": from, "to": to, "value": value});
    runs.into_iter().map(told).collect()
}
