//! `/api/rate-plans/{id}/restrictions`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MAX_CELLS, Setting, in_force, levels, own, set, store};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::restriction::{AdvanceDays, RestrictionKind as Kind, Restrictions, StayLength};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::listing::Items;
use crate::hotel::rates::api::{ByRatePlan, Weekday, every_day, nights, nights_on};
use crate::hotel::{rates, rooms};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, command, query};
use crate::http::request::Method;

const PATH: &str = "/api/rate-plans/{id}/restrictions";

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::Restriction, Table::RatePlan, Table::RoomType, Table::Room];
    vec![
        query(PATH, "list_restrictions", Access::READ, "Which stays a plan is sold for, by type and date", tables, list),
        command(Method::Put, PATH, "set_restrictions", Access::MANAGE, "Set restrictions, or take them away", change),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionListParams {
    id: RatePlanId,
    /// Every type when left out.
    room_type_id: Option<RoomTypeId>,
    from: Date,
    /// The last date.
    to: Date,
}

/// What holds on a date of a type under a plan, whether its own or its parent's.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RestrictionView {
    room_type_id: RoomTypeId,
    date: Date,
    /// The fewest nights of a stay that arrives on the date.
    min_stay_arrival: Option<i64>,
    max_stay_arrival: Option<i64>,
    /// The fewest nights of a stay that sleeps the night of the date.
    min_stay_through: Option<i64>,
    max_stay_through: Option<i64>,
    is_closed_to_arrival: bool,
    is_closed_to_departure: bool,
    /// The night of the date is not sold.
    is_stop_sell: bool,
    /// Days between the booking and an arrival on the date.
    min_advance_days: Option<i64>,
    max_advance_days: Option<i64>,
    /// What of it the plan itself says.
    own: Vec<Kind>,
}

fn view(room_type_id: RoomTypeId, date: Date, held: &Restrictions, own: &Restrictions) -> RestrictionView {
    RestrictionView {
        room_type_id,
        date,
        min_stay_arrival: held.get(Kind::MinStayArrival),
        max_stay_arrival: held.get(Kind::MaxStayArrival),
        min_stay_through: held.get(Kind::MinStayThrough),
        max_stay_through: held.get(Kind::MaxStayThrough),
        is_closed_to_arrival: held.is_on(Kind::ClosedToArrival),
        is_closed_to_departure: held.is_on(Kind::ClosedToDeparture),
        is_stop_sell: held.is_on(Kind::StopSell),
        min_advance_days: held.get(Kind::MinAdvanceDays),
        max_advance_days: held.get(Kind::MaxAdvanceDays),
        own: Kind::ALL.iter().copied().filter(|kind| own.get(*kind).is_some()).collect(),
    }
}

/// The dates that have any, type by type.
fn list(conn: &Conn, p: RestrictionListParams) -> Result<Items<RestrictionView>> {
    let plan = rates::find(conn, p.id)?;
    nights(p.from, p.to)?;
    let types = match p.room_type_id {
        Some(id) => vec![known(conn, "room_type_id", id)?],
        None => rooms::all_types(conn)?.into_iter().map(|t| t.id).collect(),
    };
    views(conn, plan.id, &types, p.from, p.to)
}

fn views(conn: &Conn, plan: RatePlanId, types: &[RoomTypeId], from: Date, to: Date) -> Result<Items<RestrictionView>> {
    let levels = levels(conn, plan)?;
    let mut items = Vec::new();
    for room_type in types {
        let rows = store::of_type(conn, *room_type, from, to)?;
        for rows in rows.chunk_by(|a, b| a.night == b.night) {
            let date = rows[0].night;
            let held = in_force(&levels, rows);
            if held != Restrictions::default() {
                items.push(view(*room_type, date, &held, &own(plan, rows)));
            }
        }
    }
    Ok(Items { items })
}

fn known(conn: &Conn, field: &str, id: RoomTypeId) -> Result<RoomTypeId> {
    match rooms::find_type(conn, id) {
        Ok(room_type) => Ok(room_type.id),
        Err(Error::NotFound(_)) => Err(Error::invalid(field, text!("does not exist"))),
        Err(other) => Err(other),
    }
}

/// Restrictions of some dates of room types; a kind that is left out stays as it is, and `null` takes it
/// away, so that the parent's holds again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionRequest {
    room_type_ids: Few<RoomTypeId, 1, 100>,
    from: Date,
    /// The last date.
    to: Date,
    /// Only dates of these days of the week, Monday = 1 to Sunday = 7; all when left out.
    #[serde(default = "every_day")]
    #[schemars(length(min = 1, max = 7))]
    weekdays: Vec<Weekday>,
    /// The fewest nights of a stay that arrives on the date.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<StayLength>")]
    min_stay_arrival: Option<Option<StayLength>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<StayLength>")]
    max_stay_arrival: Option<Option<StayLength>>,
    /// The fewest nights of a stay that sleeps the night of the date.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<StayLength>")]
    min_stay_through: Option<Option<StayLength>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<StayLength>")]
    max_stay_through: Option<Option<StayLength>>,
    /// `false` opens what the parent closes.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<bool>")]
    is_closed_to_arrival: Option<Option<bool>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<bool>")]
    is_closed_to_departure: Option<Option<bool>>,
    /// `false` takes the plan's own away, as `null` does: nothing loosens one of a parent or of BAR.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<bool>")]
    is_stop_sell: Option<Option<bool>>,
    /// Days between the booking and an arrival on the date.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<AdvanceDays>")]
    min_advance_days: Option<Option<AdvanceDays>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<AdvanceDays>")]
    max_advance_days: Option<Option<AdvanceDays>>,
}

impl RestrictionRequest {
    /// What is set, and what is taken away.
    fn settings(&self) -> Result<Vec<Setting>> {
        let mut fields = Fields::default();
        let mut settings = Vec::new();
        let lengths = [
            (Kind::MinStayArrival, self.min_stay_arrival),
            (Kind::MaxStayArrival, self.max_stay_arrival),
            (Kind::MinStayThrough, self.min_stay_through),
            (Kind::MaxStayThrough, self.max_stay_through),
        ];
        for (kind, length) in lengths {
            let checked = length.map(|length| length.map(|nights| fields.check(kind.as_str(), nights.checked())));
            settings.extend(checked.map(|value| (kind, value)));
        }
        for (kind, days) in [(Kind::MinAdvanceDays, self.min_advance_days), (Kind::MaxAdvanceDays, self.max_advance_days)] {
            let checked = days.map(|days| days.map(|days| fields.check(kind.as_str(), days.checked())));
            settings.extend(checked.map(|value| (kind, value)));
        }
        for (kind, is_closed) in
            [(Kind::ClosedToArrival, self.is_closed_to_arrival), (Kind::ClosedToDeparture, self.is_closed_to_departure)]
        {
            settings.extend(is_closed.map(|value| (kind, value.map(i64::from))));
        }
        settings.extend(self.is_stop_sell.map(|value| (Kind::StopSell, value.filter(|is_on| *is_on).map(i64::from))));
        fields.finish()?;
        Ok(settings)
    }
}

fn change(tx: &Tx, at: ByRatePlan, body: RestrictionRequest) -> Result<Items<RestrictionView>> {
    let plan = rates::find(tx, at.id)?;
    let nights = nights_on(&body.weekdays, body.from, body.to)?;
    let settings = body.settings()?;
    let mut types = Vec::with_capacity(body.room_type_ids.len());
    for (at, id) in body.room_type_ids.iter().enumerate() {
        let field = format!("room_type_ids[{at}]");
        if types.contains(id) {
            return Err(Error::invalid(field, text!("stands twice")));
        }
        types.push(known(tx, &field, *id)?);
    }
    if nights.len() * types.len() > MAX_CELLS {
        let most = i64::try_from(MAX_CELLS / types.len()).unwrap_or(i64::MAX);
        return Err(Error::invalid("to", text!("makes more than {nights} nights", nights = most)));
    }
    if !settings.is_empty() {
        set(tx, &plan, &types, &nights, &settings)?;
    }
    views(tx, plan.id, &types, body.from, body.to)
}
