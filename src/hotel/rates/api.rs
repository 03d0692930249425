//! `/api/rate-plans` and their prices a night.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::conditions::{Conditions, PromoCode, SourceName};
use super::conditions_api::{AdvanceRequest, ConditionsView, Given, LongStayRequest, RoundingBody};
use super::extras::{MAX_EXTRAS, PlanExtraRequest, PlanExtraView, PlanExtras, views};
use super::{Derivation, MAX_NIGHTS, NewRatePlan, Offset, OffsetKind, PlanCode, PlanName, QuotedNight, RatePlan, changes, store};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{PolicyId, RatePlanId, RoomTypeId, Version};
use crate::domain::money::{Amount, Decimal, Money, NotNegative};
use crate::domain::number::Within;
use crate::domain::order::sort;
use crate::domain::percent::{Percent, PercentIn};
use crate::domain::search_text::is_found_in;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::listing::{Items, List, page_of};
use crate::hotel::policies;
use crate::hotel::policies::api::{PolicyRequest, PolicyView};
use crate::hotel::rooms::{self, RoomType};
use crate::hotel::settings::api::check_version;
use crate::hotel::settings::{self, Property};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query, update};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        query("/api/rate-plans", "list_rate_plans", Access::READ, "Named price rules", &[Table::RatePlan, Table::Article], list),
        command(Method::Post, "/api/rate-plans", "create_rate_plan", Access::MANAGE, "Add a rate plan", create).creates(),
        query("/api/rate-plans/{id}", "find_rate_plan", Access::READ, "One rate plan", &[Table::RatePlan, Table::Article], find),
        query(
            "/api/rate-plans/{id}/rates",
            "list_rates",
            Access::READ,
            "What each night costs under a plan",
            &[Table::RatePlan, Table::DailyRate, Table::RoomType, Table::Room, Table::Article],
            list_rates,
        ),
        command(
            Method::Put,
            "/api/rate-plans/{id}/rates",
            "set_rates",
            Access::MANAGE,
            "Set a plan's own price of some nights, or take it away",
            set_rates,
        ),
    ];
    let names = ["update_rate_plan", "replace_rate_plan"];
    endpoints.extend(update("/api/rate-plans/{id}", names, Access::MANAGE, "Change a rate plan", change));
    endpoints
}

/// A named price rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RatePlanView {
    id: RatePlanId,
    code: String,
    name: String,
    /// The plan that this one is an offset from.
    parent_id: Option<RatePlanId>,
    offset_kind: Option<OffsetKind>,
    /// Percent added to the parent's price, or taken off when negative.
    offset_percent: Percent,
    /// Amount added to the parent's price, or taken off when negative.
    offset_amount: Amount,
    /// Terms of its own; `null` = those of the hotel.
    policy: Option<PolicyView>,
    #[serde(flatten)]
    conditions: ConditionsView,
    /// What it sells along with its nights.
    extras: Vec<PlanExtraView>,
    /// What of its parents it sells along as well: where it has nothing of its own for an article.
    inherited_extras: Vec<PlanExtraView>,
    is_active: bool,
    version: i64,
}

pub(super) fn view(conn: &Conn, property: &Property, plan: RatePlan) -> Result<RatePlanView> {
    let (kind, percent, amount) = parts(plan.derivation);
    let (extras, inherited_extras) = views(conn, property, &plan)?;
    Ok(RatePlanView {
        extras,
        inherited_extras,
        id: plan.id,
        code: plan.code,
        name: plan.name,
        parent_id: plan.derivation.map(|d| d.parent_id),
        offset_kind: kind,
        offset_percent: percent,
        offset_amount: property.amount(amount),
        policy: plan
            .policy_id
            .map(|id| policies::find(conn, id).map(|policy| PolicyView::of(policy, &property.currency)))
            .transpose()?,
        conditions: plan.conditions.into(),
        is_active: plan.is_active,
        version: plan.version,
    })
}

fn parts(derivation: Option<Derivation>) -> (Option<OffsetKind>, Percent, Money) {
    match derivation.map(|d| d.offset) {
        None => (None, Percent::ZERO, Money::ZERO),
        Some(Offset::Percent(percent)) => (Some(OffsetKind::Percent), percent, Money::ZERO),
        Some(Offset::Amount(amount)) => (Some(OffsetKind::Amount), Percent::ZERO, amount),
    }
}

list_params! {
    pub struct RatePlanListParams by PlanSort {
        is_active: Option<bool>,
        /// A part of the name or the code.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of rate plans.
    PlanSort, Id Ascending {
        Id = "id",
        Code = "code",
        Name = "name",
    }
);

fn list(conn: &Conn, p: RatePlanListParams) -> Result<List<RatePlanView>> {
    let (page, order) = (p.page(), p.order());
    let property = settings::property(conn)?;
    let mut plans = super::all(conn)?;
    plans.retain(|plan| {
        p.is_active.is_none_or(|active| plan.is_active == active)
            && p.q.as_deref().is_none_or(|q| is_found_in(&plan.name, q) || is_found_in(&plan.code, q))
    });
    sort(&mut plans, |a, b| {
        order.direction.of(match order.by {
            PlanSort::Code => a.code.to_lowercase().cmp(&b.code.to_lowercase()),
            PlanSort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            PlanSort::Id => a.id.cmp(&b.id),
        })
    });
    let plans: Vec<RatePlanView> = plans.into_iter().map(|plan| view(conn, &property, plan)).collect::<Result<_>>()?;
    Ok(page_of(plans, page))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByRatePlan {
    pub id: RatePlanId,
}

fn find(conn: &Conn, at: ByRatePlan) -> Result<RatePlanView> {
    view(conn, &settings::property(conn)?, super::find(conn, at.id)?)
}

/// A rate plan to be made. A derived one names its parent and its offset.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RatePlanRequest {
    code: PlanCode,
    name: PlanName,
    parent_id: Option<RatePlanId>,
    offset_kind: Option<OffsetKind>,
    offset_percent: Option<PercentIn<-100, 1000>>,
    offset_amount: Option<Decimal>,
    /// Terms of its own; left out = those of the hotel.
    policy: Option<PolicyRequest>,
    rounding: Option<RoundingBody>,
    long_stay: Option<LongStayRequest>,
    advance: Option<AdvanceRequest>,
    /// The first and the last business date on which it is booked.
    book_from: Option<Date>,
    book_to: Option<Date>,
    /// The first and the last night for which it is sold.
    stay_from: Option<Date>,
    stay_to: Option<Date>,
    /// Who has it may book; left out = everybody.
    promo_code: Option<PromoCode>,
    /// Sold only to companies that it was agreed with.
    is_for_companies: Option<bool>,
    /// Sold only to bookings from this source; empty = from everywhere.
    source: Option<SourceName>,
    /// What it sells along with its nights, beside what its parents do.
    extras: Option<Few<PlanExtraRequest, 0, MAX_EXTRAS>>,
    is_active: Option<bool>,
}

fn create(tx: &Tx, _: NoParams, body: RatePlanRequest) -> Result<RatePlanView> {
    let property = settings::property(tx)?;
    let amount = body.offset_amount.map(|a| property.money("offset_amount", &a)).transpose()?;
    let derivation = derivation(
        body.parent_id,
        body.offset_kind,
        body.offset_percent.map_or(Percent::ZERO, |n| n.0),
        amount.unwrap_or(Money::ZERO),
    )?;
    let policy_id = body.policy.map(|given| policy_id(tx, &property, &given)).transpose()?;
    let given = Given {
        rounding: Some(body.rounding),
        long_stay: Some(body.long_stay),
        advance: Some(body.advance),
        book_from: Some(body.book_from),
        book_to: Some(body.book_to),
        stay_from: Some(body.stay_from),
        stay_to: Some(body.stay_to),
        promo_code: body.promo_code,
        is_for_companies: body.is_for_companies,
        source: body.source,
    };
    let new = NewRatePlan {
        code: body.code,
        name: body.name,
        derivation,
        policy_id,
        conditions: given.of(&Conditions::default())?,
        extras: body.extras.map_or_else(|| Ok(PlanExtras::default()), |given| PlanExtras::checked(given, tx, &property))?,
        is_active: body.is_active.unwrap_or(true),
    };
    let made = super::create(tx, &new)?;
    view(tx, &property, made)
}

fn policy_id(tx: &Tx, property: &Property, given: &PolicyRequest) -> Result<PolicyId> {
    let mut fields = Fields::default();
    let policy = given.check(&property.currency, "policy", &mut fields);
    fields.finish()?;
    policies::id_of(tx, &policy)
}

/// A parent and an offset belong together.
fn derivation(
    parent_id: Option<RatePlanId>,
    kind: Option<OffsetKind>,
    percent: Percent,
    amount: Money,
) -> Result<Option<Derivation>> {
    match (parent_id, kind) {
        (None, None) => Ok(None),
        (Some(parent_id), Some(OffsetKind::Percent)) => Ok(Some(Derivation { parent_id, offset: Offset::Percent(percent) })),
        (Some(parent_id), Some(OffsetKind::Amount)) => Ok(Some(Derivation { parent_id, offset: Offset::Amount(amount) })),
        (Some(_), None) => Err(Error::invalid("offset_kind", text!("must be percent or amount for a plan with a parent"))),
        (None, Some(_)) => Err(Error::invalid("parent_id", text!("must name the plan that the offset is from"))),
    }
}

/// What of a rate plan changes; fields left out stay. A null parent makes it
/// stand on its own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RatePlanChange {
    code: Option<PlanCode>,
    name: Option<PlanName>,
    #[serde(deserialize_with = "given")]
    parent_id: Option<Option<RatePlanId>>,
    #[serde(deserialize_with = "given")]
    offset_kind: Option<Option<OffsetKind>>,
    offset_percent: Option<PercentIn<-100, 1000>>,
    offset_amount: Option<Decimal>,
    /// `null` = those of the hotel.
    #[serde(deserialize_with = "given")]
    policy: Option<Option<PolicyRequest>>,
    /// `null` leaves prices as they are.
    #[serde(deserialize_with = "given")]
    rounding: Option<Option<RoundingBody>>,
    #[serde(deserialize_with = "given")]
    long_stay: Option<Option<LongStayRequest>>,
    #[serde(deserialize_with = "given")]
    advance: Option<Option<AdvanceRequest>>,
    /// The first and the last business date on which it is booked; `null` takes the bound away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Date>")]
    book_from: Option<Option<Date>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Date>")]
    book_to: Option<Option<Date>>,
    /// The first and the last night for which it is sold.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Date>")]
    stay_from: Option<Option<Date>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Date>")]
    stay_to: Option<Option<Date>>,
    /// Who has it may book; empty = everybody.
    promo_code: Option<PromoCode>,
    /// Sold only to companies that it was agreed with.
    is_for_companies: Option<bool>,
    /// Sold only to bookings from this source; empty = from everywhere.
    source: Option<SourceName>,
    /// All that it sells along with its nights, beside what its parents do.
    extras: Option<Few<PlanExtraRequest, 0, MAX_EXTRAS>>,
    is_active: Option<bool>,
    version: Option<Version>,
}

fn change(tx: &Tx, at: ByRatePlan, body: RatePlanChange) -> Result<RatePlanView> {
    let property = settings::property(tx)?;
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let (kind, percent, amount) = parts(before.derivation);
    let parent = body.parent_id.unwrap_or(before.derivation.map(|d| d.parent_id));
    // Without a parent there is no offset, unless one is asked for: that is refused below.
    let kept_kind = if parent.is_some() { kind } else { None };
    let new_amount = body.offset_amount.map(|a| property.money("offset_amount", &a)).transpose()?;
    let derivation = derivation(
        parent,
        body.offset_kind.unwrap_or(kept_kind),
        body.offset_percent.map_or(percent, |n| n.0),
        new_amount.unwrap_or(amount),
    )?;
    let given = Given {
        rounding: body.rounding,
        long_stay: body.long_stay,
        advance: body.advance,
        book_from: body.book_from,
        book_to: body.book_to,
        stay_from: body.stay_from,
        stay_to: body.stay_to,
        promo_code: body.promo_code,
        is_for_companies: body.is_for_companies,
        source: body.source,
    };
    let after = NewRatePlan {
        code: body.code.unwrap_or_else(|| before.code.as_str().into()),
        name: body.name.unwrap_or_else(|| before.name.as_str().into()),
        derivation,
        policy_id: match body.policy {
            Some(given) => given.map(|given| policy_id(tx, &property, &given)).transpose()?,
            None => before.policy_id,
        },
        conditions: given.of(&before.conditions)?,
        extras: match body.extras {
            Some(given) => PlanExtras::checked(given, tx, &property)?,
            None => before.extras.clone(),
        },
        is_active: body.is_active.unwrap_or(before.is_active),
    };
    let saved = super::save(tx, &before, &after)?;
    view(tx, &property, saved)
}

/// What a night costs under a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RateView {
    date: Date,
    rate: Amount,
    /// The plan's own price of this night, rather than its parent's or the room type's.
    is_own: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateListParams {
    id: RatePlanId,
    room_type_id: RoomTypeId,
    from: Date,
    /// The last night.
    to: Date,
}

fn list_rates(conn: &Conn, p: RateListParams) -> Result<Items<RateView>> {
    let plan = super::find(conn, p.id)?;
    let nights = nights(p.from, p.to)?;
    let room_type = room_type(conn, p.room_type_id)?;
    rates(conn, &plan, &room_type, &nights)
}

pub fn room_type(conn: &Conn, id: RoomTypeId) -> Result<RoomType> {
    match rooms::find_type(conn, id) {
        Err(Error::NotFound(_)) => Err(Error::invalid("room_type_id", text!("does not exist"))),
        found => found,
    }
}

/// The nights from `from` to `to`, both among them.
pub fn nights(from: Date, to: Date) -> Result<Vec<Date>> {
    let count = from.days_until(to) + 1;
    let mut fields = Fields::default();
    fields.ensure(count >= 1, "to", text!("must not be before the first night"));
    fields.ensure(count <= MAX_NIGHTS, "to", text!("makes more than {nights} nights", nights = MAX_NIGHTS));
    fields.finish()?;
    Ok((0..count).filter_map(|n| from.plus(n)).collect())
}

/// Those of them that fall on some days of the week.
pub fn nights_on(weekdays: &[Weekday], from: Date, to: Date) -> Result<Vec<Date>> {
    let mut nights = nights(from, to)?;
    nights.retain(|night| weekdays.contains(&i64::from(night.weekday()).into()));
    let mut fields = Fields::default();
    fields.check("weekdays", weekdays.iter().map(|day| day.checked()).collect::<Result<Vec<i8>, _>>());
    let none = match weekdays.is_empty() {
        true => text!("must include a day"),
        false => text!("do not fall within these nights"),
    };
    fields.ensure(!nights.is_empty(), "weekdays", none);
    fields.finish()?;
    Ok(nights)
}

fn rates(conn: &Conn, plan: &RatePlan, room_type: &RoomType, nights: &[Date]) -> Result<Items<RateView>> {
    let property = settings::property(conn)?;
    let own = own_prices(conn, plan.id, room_type.id, nights)?;
    let quote = super::quote(conn, &changes::alone(plan, room_type, property.business_date), nights)?;
    let view = |n: QuotedNight| RateView { date: n.night, rate: property.amount(n.rate), is_own: own.contains_key(&n.night) };
    Ok(Items { items: quote.nights.into_iter().map(view).collect() })
}

fn own_prices(conn: &Conn, plan: RatePlanId, room_type: RoomTypeId, nights: &[Date]) -> Result<BTreeMap<Date, Money>> {
    let (Some(&first), Some(&last)) = (nights.first(), nights.last()) else { return Ok(BTreeMap::new()) };
    Ok(store::prices(conn, plan, room_type, first, last)?.into_iter().collect())
}

/// A price for some nights of a room type.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateRequest {
    room_type_id: RoomTypeId,
    from: Date,
    /// The last night.
    to: Date,
    #[serde(deserialize_with = "Option::deserialize")]
    #[schemars(with = "RateOrNull")]
    rate: Option<NotNegative>,
    /// Only nights of these days of the week, Monday = 1 to Sunday = 7; all when left out.
    #[serde(default = "every_day")]
    #[schemars(length(min = 1, max = 7))]
    weekdays: Vec<Weekday>,
}

/// Monday = 1 to Sunday = 7.
pub type Weekday = Within<1, 7>;

pub fn every_day() -> Vec<Weekday> {
    (Weekday::MIN..=Weekday::MAX).map(Weekday::from).collect()
}

/// How the rate is described: it has to be given, and null means something.
struct RateOrNull;

impl JsonSchema for RateOrNull {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RateOrNull".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Option::<NotNegative>::json_schema(generator);
        let what = "The plan's own price; null takes it away, and the parent's or the room type's holds again.";
        schema.insert("description".to_owned(), what.into());
        schema
    }
}

fn set_rates(tx: &Tx, at: ByRatePlan, body: RateRequest) -> Result<Items<RateView>> {
    let property = settings::property(tx)?;
    let plan = super::find(tx, at.id)?;
    let nights = nights_on(&body.weekdays, body.from, body.to)?;
    let room_type = room_type(tx, body.room_type_id)?;
    let rate = body.rate.map(|rate| property.price("rate", &rate)).transpose()?;
    super::set_prices(tx, &plan, &room_type, &nights, rate)?;
    rates(tx, &plan, &room_type, &nights)
}
