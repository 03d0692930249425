//! Many prices at once: `/api/rate-plans/{id}/rate-changes`, and the plan's own prices as they were.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RatePlan;
use super::api::{ByRatePlan, Weekday, every_day, nights, nights_on, room_type};
use super::changes::{self, Change, ChangeKind, Changed};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::RoomTypeId;
use crate::domain::money::{Amount, Decimal, Money, NotNegative};
use crate::domain::percent::PercentIn;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::rooms::RoomType;
use crate::hotel::settings::{self, Property};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Call, Endpoint, Reply, command, task};
use crate::http::request::Method;
use crate::http::state::App;

/// Nights times types that change at once.
const MOST_NIGHTS: usize = 20_000;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        command(
            Method::Post,
            "/api/rate-plans/{id}/rate-changes",
            "change_rates",
            Access::MANAGE,
            "Change the prices of many nights of several room types",
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
        task(
            Method::Post,
            "/api/rate-plans/{id}/rate-changes/preview",
            "preview_rate_changes",
            Access::MANAGE,
            "What a change of many prices would change; nothing is changed",
            preview,
        ),
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
}

/// A night whose price changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangedRateView {
    room_type_id: RoomTypeId,
    date: Date,
    before: Amount,
    after: Amount,
    /// The plan's own price, before and after; `null` = there is none.
    own_before: Option<Amount>,
    own_after: Option<Amount>,
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

/// The nights of each type whose prices change.
type ByType = Vec<(RoomType, Vec<Changed>)>;

fn foreseen(conn: &Conn, at: &ByRatePlan, body: &RateChangeRequest) -> Result<(RatePlan, ByType)> {
    let property = settings::property(conn)?;
    let plan = super::find(conn, at.id)?;
    let nights = nights_on(&body.weekdays, body.from, body.to)?;
    let change = body.change(&property)?;
    let mut fields = Fields::default();
    let is_twice = (1..body.room_type_ids.len()).any(|n| body.room_type_ids[..n].contains(&body.room_type_ids[n]));
    fields.ensure(!is_twice, "room_type_ids", text!("stands twice"));
    let count = nights.len() * body.room_type_ids.len();
    fields.ensure(count <= MOST_NIGHTS, "to", text!("makes more than {nights} nights", nights = MOST_NIGHTS));
    fields.finish()?;
    let mut out = Vec::new();
    for (n, id) in body.room_type_ids.iter().enumerate() {
        let room_type = room_type(conn, *id).map_err(|e| renamed(e, format!("room_type_ids[{n}]")))?;
        let changed = changes::foreseen(conn, &plan, &room_type, &nights, change)?;
        out.push((room_type, changed));
    }
    Ok((plan, out))
}

fn told(conn: &Conn, types: &ByType) -> Result<RateChangesView> {
    let property = settings::property(conn)?;
    Ok(RateChangesView { items: types.iter().flat_map(|(_, nights)| nights).map(|night| view(night, &property)).collect() })
}

fn change(tx: &Tx, at: ByRatePlan, body: RateChangeRequest) -> Result<RateChangesView> {
    let (plan, types) = foreseen(tx, &at, &body)?;
    for (room_type, nights) in &types {
        changes::save(tx, &plan, room_type, &nights.iter().map(|night| (night.night, night.own_after)).collect())?;
    }
    told(tx, &types)
}

fn preview(app: &App, call: &Call, at: ByRatePlan, body: RateChangeRequest) -> Result<Reply<RateChangesView>> {
    Ok(Reply::of(app.db.read(&call.context, |conn| told(conn, &foreseen(conn, &at, &body)?.1))?))
}

fn view(night: &Changed, property: &Property) -> ChangedRateView {
    ChangedRateView {
        room_type_id: night.room_type_id,
        date: night.night,
        before: property.amount(night.before),
        after: property.amount(night.after),
        own_before: night.own_before.map(|price| property.amount(price)),
        own_after: night.own_after.map(|price| property.amount(price)),
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
    /// The own price that is expected to stand there; a night with another one stays as it is. Left out = any.
    #[serde(default, deserialize_with = "given")]
    expected: Option<Option<NotNegative>>,
}

/// Own prices, night by night.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRatesRequest {
    items: Few<OwnRate, 1, 20_000>,
}

/// How many nights have got their price, and how many had another one than was expected.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OwnRatesView {
    set: usize,
    left: usize,
}

/// What a night shall have, and what it is expected to have.
type Wish = (Option<Money>, Option<Option<Money>>);

fn set_own(tx: &Tx, at: ByRatePlan, body: OwnRatesRequest) -> Result<OwnRatesView> {
    let property = settings::property(tx)?;
    let plan = super::find(tx, at.id)?;
    let mut by_type: BTreeMap<RoomTypeId, BTreeMap<Date, Wish>> = BTreeMap::new();
    for (n, item) in body.items.iter().enumerate() {
        let price = |field: &str, rate: &Option<NotNegative>| {
            rate.as_ref().map(|rate| property.price(&format!("items[{n}].{field}"), rate)).transpose()
        };
        let expected = item.expected.as_ref().map(|expected| price("expected", expected)).transpose()?;
        by_type.entry(item.room_type_id).or_default().insert(item.date, (price("rate", &item.rate)?, expected));
    }
    let mut out = OwnRatesView { set: 0, left: 0 };
    for (id, wishes) in by_type {
        let room_type = room_type(tx, id)?;
        let dates: Vec<Date> = wishes.keys().copied().collect();
        if let (Some(first), Some(last)) = (dates.first(), dates.last()) {
            nights(*first, *last)?;
        }
        let now = changes::own(tx, &plan, id, &dates)?;
        let is_as_expected = |date: &Date, wish: &Wish| wish.1.is_none_or(|expected| now.get(date).copied() == expected);
        let set: BTreeMap<Date, Option<Money>> =
            wishes.iter().filter(|(date, wish)| is_as_expected(date, wish)).map(|(date, wish)| (*date, wish.0)).collect();
        changes::save(tx, &plan, &room_type, &set)?;
        (out.set, out.left) = (out.set + set.len(), out.left + wishes.len() - set.len());
    }
    Ok(out)
}
