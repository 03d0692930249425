//! Many prices at once: `/api/rate-plans/{id}/rate-changes`, and the plan's own prices as they were.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{ByRatePlan, Weekday, every_day, nights_on, room_type};
use super::changes::{self, Change, ChangeKind, Changed};
use crate::db::Tx;
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::RoomTypeId;
use crate::domain::money::{Amount, Decimal, Money, NotNegative};
use crate::domain::percent::PercentIn;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Endpoint, command};
use crate::http::request::Method;

/// Nights times types that change at once.
const MOST_NIGHTS: usize = 20_000;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        command(
            Method::Post,
            "/api/rate-plans/{id}/rate-changes",
            "change_rates",
            Access::MANAGE,
            "Change the prices of many nights of several room types, or tell what would change",
            change,
        ),
        command(
            Method::Put,
            "/api/rate-plans/{id}/own-rates",
            "set_own_rates",
            Access::MANAGE,
            "Set a plan's own prices night by night, as they were before a change",
            set_own,
        )
        .body_limit(4 * 1024 * 1024),
    ]
}

/// Nights, and what becomes of their prices.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateChangeRequest {
    room_type_ids: Few<RoomTypeId, 1, 100>,
    from: Date,
    /// The last night.
    to: Date,
    /// Only nights of these days of the week, Monday = 1 to Sunday = 7; all when left out.
    #[serde(default = "every_day")]
    #[schemars(length(min = 1, max = 7))]
    weekdays: Vec<Weekday>,
    kind: ChangeKind,
    /// Of `set`.
    rate: Option<NotNegative>,
    /// Of `percent`: added, or taken off when negative.
    percent: Option<PercentIn<-100, 1000>>,
    /// Of `amount`: added, or taken off when negative.
    amount: Option<Decimal>,
    /// Nothing is changed: what would be, is told.
    #[serde(default)]
    is_preview: bool,
}

/// A night whose price changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangedRateView {
    room_type_id: RoomTypeId,
    date: Date,
    before: Amount,
    after: Amount,
    /// The plan's own price before; `null` = there was none.
    own_before: Option<Amount>,
}

/// The nights whose prices change; the others are so already.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RateChangesView {
    items: Vec<ChangedRateView>,
}

impl RateChangeRequest {
    fn change(&self, property: &Property) -> Result<Change> {
        let missing = |field: &str| Error::invalid(field, text!("is missing"));
        Ok(match self.kind {
            ChangeKind::Set => Change::Set(property.price("rate", self.rate.as_ref().ok_or_else(|| missing("rate"))?)?),
            ChangeKind::Clear => Change::Clear,
            ChangeKind::Percent => Change::Percent(self.percent.as_ref().ok_or_else(|| missing("percent"))?.0),
            ChangeKind::Amount => {
                Change::Amount(property.money("amount", self.amount.as_ref().ok_or_else(|| missing("amount"))?)?)
            }
            ChangeKind::LastYearByDate => Change::LastYear { is_by_weekday: false },
            ChangeKind::LastYearByWeekday => Change::LastYear { is_by_weekday: true },
        })
    }
}

fn change(tx: &Tx, at: ByRatePlan, body: RateChangeRequest) -> Result<RateChangesView> {
    let property = settings::property(tx)?;
    let plan = super::find(tx, at.id)?;
    let nights = nights_on(&body.weekdays, body.from, body.to)?;
    let change = body.change(&property)?;
    let mut fields = Fields::default();
    let is_twice = (1..body.room_type_ids.len()).any(|n| body.room_type_ids[..n].contains(&body.room_type_ids[n]));
    fields.ensure(!is_twice, "room_type_ids", text!("stands twice"));
    let count = nights.len() * body.room_type_ids.len();
    fields.ensure(count <= MOST_NIGHTS, "to", text!("makes more than {nights} nights", nights = MOST_NIGHTS));
    fields.finish()?;
    let mut items = Vec::new();
    for (n, id) in body.room_type_ids.iter().enumerate() {
        let room_type = room_type(tx, *id).map_err(|e| renamed(e, format!("room_type_ids[{n}]")))?;
        let changed = changes::foreseen(tx, &plan, &room_type, &nights, change)?;
        if !body.is_preview {
            let own: Vec<(Date, Option<Money>)> = changed.iter().map(|night| (night.night, night.own_after)).collect();
            changes::save(tx, &plan, &room_type, &own)?;
        }
        items.extend(told(tx, &plan, &room_type, changed, change)?.into_iter().map(|night| view(&night, &property)));
    }
    Ok(RateChangesView { items })
}

/// Of a cleared price, what holds then is known once it is gone.
fn told(
    tx: &Tx,
    plan: &super::RatePlan,
    room_type: &crate::hotel::rooms::RoomType,
    mut changed: Vec<Changed>,
    change: Change,
) -> Result<Vec<Changed>> {
    if change == Change::Clear {
        let nights: Vec<Date> = changed.iter().map(|night| night.night).collect();
        let rates = changes::without_own(tx, plan, room_type, &nights)?;
        changed.iter_mut().zip(rates).for_each(|(night, rate)| night.after = rate);
    }
    Ok(changed)
}

fn view(night: &Changed, property: &Property) -> ChangedRateView {
    ChangedRateView {
        room_type_id: night.room_type_id,
        date: night.night,
        before: property.amount(night.before),
        after: property.amount(night.after),
        own_before: night.own_before.map(|price| property.amount(price)),
    }
}

/// The same complaint about a field of the list.
fn renamed(error: Error, field: String) -> Error {
    match error {
        Error::Invalid(fields) if fields.len() == 1 => Error::invalid(field, fields[0].message.clone()),
        other => other,
    }
}

/// A plan's own price of a night.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRate {
    room_type_id: RoomTypeId,
    date: Date,
    /// `null` = none: the parent's or the room type's holds.
    rate: Option<NotNegative>,
}

/// Own prices, night by night.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRatesRequest {
    items: Few<OwnRate, 1, 20_000>,
}

fn set_own(tx: &Tx, at: ByRatePlan, body: OwnRatesRequest) -> Result<RateChangesView> {
    let property = settings::property(tx)?;
    let plan = super::find(tx, at.id)?;
    let mut by_type: BTreeMap<RoomTypeId, BTreeMap<Date, Option<Money>>> = BTreeMap::new();
    for (n, item) in body.items.iter().enumerate() {
        let field = format!("items[{n}].rate");
        let rate = item.rate.as_ref().map(|rate| property.price(&field, rate)).transpose()?;
        by_type.entry(item.room_type_id).or_default().insert(item.date, rate);
    }
    for (id, own) in by_type {
        let room_type = room_type(tx, id)?;
        changes::save(tx, &plan, &room_type, &own.into_iter().collect::<Vec<_>>())?;
    }
    Ok(RateChangesView { items: Vec::new() })
}
