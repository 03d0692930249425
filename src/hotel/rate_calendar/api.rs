//! `/api/rate-calendar`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cells;
use super::{Calendar, Held, Occupancy, PICK_UP_DAYS, Prices};
use crate::db::{Conn, Table};
use crate::domain::date::Date;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::money::Amount;
use crate::domain::restriction::{RestrictionKind as Kind, Restrictions};
use crate::error::Result;
use crate::http::endpoint::{Access, Endpoint, command, query};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[
        Table::RatePlan,
        Table::DailyRate,
        Table::Restriction,
        Table::RoomType,
        Table::Room,
        Table::RoomBlock,
        Table::Reservation,
        Table::ReservationNight,
        Table::GroupNight,
    ];
    vec![
        query(
            "/api/rate-calendar",
            "find_rate_calendar",
            Access::READ,
            "What each night costs by plan and type, with restrictions, occupancy and pick-up",
            tables,
            find,
        ),
        command(
            Method::Put,
            "/api/rate-calendar/cells",
            "set_rate_cells",
            Access::MANAGE,
            "Set own prices and restrictions cell by cell, as they were before a change",
            cells::set,
        )
        .body_limit(8 * 1024 * 1024),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarParams {
    from: Date,
    /// The last night.
    to: Date,
    /// Every plan that is sold, when left out.
    rate_plan_id: Option<RatePlanId>,
    /// Every type when left out.
    room_type_id: Option<RoomTypeId>,
}

/// A room type; its lists have an entry a night.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CalendarType {
    id: RoomTypeId,
    name: String,
    code: String,
    total_rooms: i64,
    sold: Vec<i64>,
    /// Rooms that cannot be sold; those for sale are `total_rooms` less these.
    out_of_order: Vec<i64>,
    /// For groups that have not picked it up.
    held: Vec<i64>,
    /// Nights on the books now less those that were when `picked_up_since` ended: bookings made since, less
    /// those given up since.
    picked_up: Vec<i64>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CalendarPlan {
    id: RatePlanId,
    code: String,
    name: String,
    parent_id: Option<RatePlanId>,
}

/// Nights in a row.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Span {
    from: Date,
    /// The last night.
    to: Date,
}

/// What the nights of a type cost under a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CalendarPrices {
    rate_plan_id: RatePlanId,
    room_type_id: RoomTypeId,
    /// An entry a night.
    rates: Vec<Amount>,
    /// Where the plan has a price of its own, rather than its parent's or the room type's.
    own: Vec<Span>,
}

/// Dates in a row on which the same holds; what does not is left out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CalendarRestrictions {
    rate_plan_id: RatePlanId,
    room_type_id: RoomTypeId,
    from: Date,
    /// The last date.
    to: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_stay_arrival: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_stay_arrival: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_stay_through: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_stay_through: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_closed_to_arrival: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_closed_to_departure: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_stop_sell: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_advance_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_advance_days: Option<i64>,
    /// What of it the plan itself says.
    own: Vec<Kind>,
}

/// Prices, restrictions, occupancy and pick-up of nights.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CalendarView {
    from: Date,
    to: Date,
    business_date: Date,
    /// The business date seven days before.
    picked_up_since: Date,
    room_types: Vec<CalendarType>,
    rate_plans: Vec<CalendarPlan>,
    prices: Vec<CalendarPrices>,
    restrictions: Vec<CalendarRestrictions>,
}

fn find(conn: &Conn, p: CalendarParams) -> Result<CalendarView> {
    let calendar = Calendar::of(conn, (p.from, p.to), p.rate_plan_id, p.room_type_id)?;
    let (mut prices, mut restricted) = (Vec::new(), Vec::new());
    for room_type in &calendar.types {
        for (plan, of_plan) in calendar.plans.iter().zip(calendar.prices(conn, room_type)?) {
            prices.push(prices_view(&calendar, (plan.id, room_type.id), &of_plan));
        }
        for (plan, held) in calendar.plans.iter().zip(calendar.restrictions(conn, room_type.id)?) {
            restricted.extend(runs(&held).map(|run| restrictions_view((plan.id, room_type.id), run)));
        }
    }
    let types = calendar.types.iter().zip(calendar.occupancy(conn)?);
    let business_date = calendar.property.business_date;
    Ok(CalendarView {
        from: p.from,
        to: p.to,
        business_date,
        picked_up_since: business_date.plus(-PICK_UP_DAYS).unwrap_or(business_date),
        room_types: types
            .map(|(one, Occupancy { total_rooms, sold, out_of_order, held, picked_up })| CalendarType {
                id: one.id,
                name: one.name.clone(),
                code: one.code.clone(),
                total_rooms,
                sold,
                out_of_order,
                held,
                picked_up,
            })
            .collect(),
        rate_plans: (calendar.plans.iter())
            .map(|plan| CalendarPlan {
                id: plan.id,
                code: plan.code.clone(),
                name: plan.name.clone(),
                parent_id: plan.derivation.map(|d| d.parent_id),
            })
            .collect(),
        prices,
        restrictions: restricted,
    })
}

fn prices_view(calendar: &Calendar, (rate_plan_id, room_type_id): (RatePlanId, RoomTypeId), of_plan: &Prices) -> CalendarPrices {
    let mut own: Vec<Span> = Vec::new();
    for (night, _) in calendar.nights.iter().zip(&of_plan.own).filter(|(_, own)| own.is_some()) {
        match own.last_mut() {
            Some(span) if span.to.next() == *night => span.to = *night,
            _ => own.push(Span { from: *night, to: *night }),
        }
    }
    let rates = of_plan.rates.iter().map(|rate| calendar.property.amount(*rate)).collect();
    CalendarPrices { rate_plan_id, room_type_id, rates, own }
}

/// Dates in a row on which the same holds, by the same plan's word.
fn runs(held: &[Held]) -> impl Iterator<Item = &[Held]> {
    held.chunk_by(|a, b| a.night.next() == b.night && a.held == b.held && a.own == b.own)
}

fn restrictions_view((rate_plan_id, room_type_id): (RatePlanId, RoomTypeId), run: &[Held]) -> CalendarRestrictions {
    let Held { held, own, .. } = &run[0];
    let on = |kind: Kind| held.is_on(kind).then_some(true);
    CalendarRestrictions {
        rate_plan_id,
        room_type_id,
        from: run[0].night,
        to: run[run.len() - 1].night,
        min_stay_arrival: held.get(Kind::MinStayArrival),
        max_stay_arrival: held.get(Kind::MaxStayArrival),
        min_stay_through: held.get(Kind::MinStayThrough),
        max_stay_through: held.get(Kind::MaxStayThrough),
        is_closed_to_arrival: on(Kind::ClosedToArrival),
        is_closed_to_departure: on(Kind::ClosedToDeparture),
        is_stop_sell: on(Kind::StopSell),
        min_advance_days: held.get(Kind::MinAdvanceDays),
        max_advance_days: held.get(Kind::MaxAdvanceDays),
        own: said(own),
    }
}

/// The kinds that a plan itself says.
pub fn said(own: &Restrictions) -> Vec<Kind> {
    Kind::ALL.iter().copied().filter(|kind| own.get(*kind).is_some()).collect()
}
