//! Many prices at once: `/api/rate-plans/{id}/rate-changes`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::RatePlan;
use super::api::{ByRatePlan, Weekday, every_day, nights_on, room_type};
use super::changes::{self, Change, ChangeKind, Changed};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::money::{Amount, Decimal, NotNegative};
use crate::domain::percent::PercentIn;
use crate::domain::text::Name;
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::rooms::RoomType;
use crate::hotel::settings::{self, Property};
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
    /// Plans whose prices change in the same way, beside that of the address.
    #[serde(default)]
    further_plan_ids: Few<RatePlanId, 0, 200>,
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
    /// The `state` of a preview: the change is refused when it would change something else than that told.
    expects: Option<Name<64>>,
}

/// A night whose price changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangedRateView {
    rate_plan_id: RatePlanId,
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
    /// Stands for all of this: another one when anything in it is another.
    state: String,
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

/// The nights of each plan and type whose prices change.
type ByType = Vec<(RatePlan, RoomType, Vec<Changed>)>;

fn foreseen(conn: &Conn, at: &ByRatePlan, body: &RateChangeRequest) -> Result<ByType> {
    let property = settings::property(conn)?;
    let mut plans = vec![super::find(conn, at.id)?];
    for (n, id) in body.further_plan_ids.iter().enumerate() {
        plans.push(super::named(conn, *id).map_err(|e| renamed(e, format!("further_plan_ids[{n}]")))?);
    }
    let nights = nights_on(&body.weekdays, body.from, body.to)?;
    let change = body.change(&property)?;
    let mut fields = Fields::default();
    let is_twice = (1..body.room_type_ids.len()).any(|n| body.room_type_ids[..n].contains(&body.room_type_ids[n]));
    fields.ensure(!is_twice, "room_type_ids", text!("stands twice"));
    let is_twice = (1..plans.len()).any(|n| plans[..n].iter().any(|plan| plan.id == plans[n].id));
    fields.ensure(!is_twice, "further_plan_ids", text!("stands twice"));
    let count = nights.len() * body.room_type_ids.len() * plans.len();
    fields.ensure(count <= MOST_NIGHTS, "to", text!("makes more than {nights} nights", nights = MOST_NIGHTS));
    fields.finish()?;
    let mut out = Vec::new();
    for plan in plans {
        for (n, id) in body.room_type_ids.iter().enumerate() {
            let room_type = room_type(conn, *id).map_err(|e| renamed(e, format!("room_type_ids[{n}]")))?;
            let changed = changes::foreseen(conn, &plan, &room_type, &nights, change)?;
            out.push((plan.clone(), room_type, changed));
        }
    }
    Ok(out)
}

fn told(conn: &Conn, types: &ByType) -> Result<RateChangesView> {
    let property = settings::property(conn)?;
    let of_plan = |(plan, _, nights): &(RatePlan, RoomType, Vec<Changed>)| -> Vec<ChangedRateView> {
        nights.iter().map(|night| view(plan.id, night, &property)).collect()
    };
    let items: Vec<ChangedRateView> = types.iter().flat_map(of_plan).collect();
    let state = hex(&Sha256::digest(serde_json::to_vec(&items).map_err(Error::internal)?)[..16]);
    Ok(RateChangesView { items, state })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn change(tx: &Tx, at: ByRatePlan, body: RateChangeRequest) -> Result<RateChangesView> {
    let types = foreseen(tx, &at, &body)?;
    let told = told(tx, &types)?;
    if body.expects.as_ref().is_some_and(|expected| **expected != *told.state) {
        let detail = text!("Somebody has changed these prices since. Look again at what would change.");
        return Err(Error::refused(Code::StaleVersion, detail));
    }
    for (plan, room_type, nights) in &types {
        changes::save(tx, plan, room_type, &nights.iter().map(|night| (night.night, night.own_after)).collect())?;
    }
    Ok(told)
}

fn preview(app: &App, call: &Call, at: ByRatePlan, body: RateChangeRequest) -> Result<Reply<RateChangesView>> {
    Ok(Reply::of(app.db.read(&call.context, |conn| told(conn, &foreseen(conn, &at, &body)?))?))
}

fn view(rate_plan_id: RatePlanId, night: &Changed, property: &Property) -> ChangedRateView {
    ChangedRateView {
        rate_plan_id,
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
