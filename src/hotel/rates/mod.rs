//! Rate plans: what there is to book, to whom it is sold, and (`price`) what a night costs under it.

pub mod api;
pub mod changes;
pub mod changes_api;
pub mod conditions;
pub mod conditions_api;
pub mod extras;
mod price;
pub mod rounding;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rusqlite::Row;
use serde_json::{Value, json};

use crate::db::Table;
use crate::db::record::{next, record};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{PolicyId, RatePlanId};
use crate::domain::money::{Amount, MAX_INPUT, Money};
use crate::domain::percent::Percent;
use crate::domain::status::words;
use crate::domain::text::Name;
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::Slice;
use crate::hotel::audit;
use crate::hotel::rooms::RoomType;
use crate::hotel::settings::store::ListKind;
use crate::hotel::settings::{self, Property};
use conditions::Conditions;
use extras::PlanExtras;

pub use price::{Asked, Buyer, Quote, QuotedNight, Source, Step, StepKind, explain, extras_of, quote, quote_from, refusal};

pub const SLICE: Slice = Slice {
    name: "rates",
    endpoints: |_| api::endpoints().into_iter().chain(changes_api::endpoints()).collect(),
    statements: &[store::STATEMENTS],
    areas: &[("rates", &[Table::RatePlan, Table::DailyRate])],
    ..Slice::EMPTY
};

/// The best available rate: the plan of bookings that name no other.
pub const BAR: RatePlanId = RatePlanId(1);
/// Rate plans that one hotel may have here.
pub const MAX_PLANS: usize = 200;
/// Derivations one upon the other: a plan that stands on its own, one from it, one from that and one
/// from that are four plans in a row, over three levels.
pub const MAX_LEVELS: usize = 3;
/// Nights that are priced at once.
pub const MAX_NIGHTS: i64 = 1100;

pub type PlanCode = Name<20>;
pub type PlanName = Name<100>;

words!(
    /// How a derived plan differs from its parent.
    OffsetKind { Percent = "percent", Amount = "amount" }
);

/// What is added to a parent's price; taken off when negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offset {
    /// From -100 % to 1000 %.
    Percent(Percent),
    Amount(Money),
}

impl Offset {
    /// The derived price: rounded half away from zero, never below zero.
    pub fn apply(self, price: Money) -> Money {
        let derived = match self {
            Offset::Percent(percent) => price.share(Percent::HUNDRED + percent),
            Offset::Amount(amount) => price + amount,
        };
        // Bounded again at each level, so that no chain of offsets overflows.
        derived.clamp(Money::ZERO, Money(MAX_INPUT))
    }
}

/// Where a derived plan's prices come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    pub parent_id: RatePlanId,
    pub offset: Offset,
}

record! {
    /// A named price rule.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RatePlan {
        pub id: RatePlanId,
        pub code: String,
        pub name: String,
        pub derivation: Option<Derivation> as derivation = "parent_id, offset_kind, offset_percent, offset_amount",
        /// Terms of its own; `None` = those of the hotel.
        pub policy_id: Option<PolicyId>,
        pub conditions: Conditions as nested,
        pub extras: PlanExtras,
        pub is_active: bool,
        pub version: i64,
    }
}

fn derivation(row: &Row, at: &mut usize) -> rusqlite::Result<Option<Derivation>> {
    let (parent, kind): (Option<RatePlanId>, Option<OffsetKind>) = (next(row, at)?, next(row, at)?);
    let (percent, amount) = (next(row, at)?, next(row, at)?);
    let offset = kind.map(|kind| match kind {
        OffsetKind::Percent => Offset::Percent(percent),
        OffsetKind::Amount => Offset::Amount(amount),
    });
    Ok(parent.zip(offset).map(|(parent_id, offset)| Derivation { parent_id, offset }))
}

/// A rate plan to be made.
#[derive(Debug, Clone)]
pub struct NewRatePlan {
    pub code: PlanCode,
    pub name: PlanName,
    pub derivation: Option<Derivation>,
    pub policy_id: Option<PolicyId>,
    pub conditions: Conditions,
    pub extras: PlanExtras,
    pub is_active: bool,
}

/// # Errors
/// `NotFound` when there is no such plan.
pub fn find(conn: &Conn, id: RatePlanId) -> Result<RatePlan> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This rate plan does not exist.")))
}

/// The terms of bookings under a plan: its own, else the hotel's.
pub fn policy_of(conn: &Conn, plan: RatePlanId, property: &Property) -> Result<PolicyId> {
    Ok(store::policy(conn, plan)?.ok_or_else(unknown)?.unwrap_or(property.policy_id))
}

/// Whether what a night costs under a plan depends on the stay around it.
pub fn counts_the_stay(conn: &Conn, plan: RatePlanId) -> Result<bool> {
    Ok(named(conn, plan)?.conditions.counts_the_stay())
}

/// Every rate plan, the best available rate first.
pub fn all(conn: &Conn) -> Result<Vec<RatePlan>> {
    store::all(conn)
}

/// For whom a price is asked, and by which plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sale {
    /// A new booking: the plan has to be sold; BAR when none is named.
    New(Option<RatePlanId>),
    /// A booking that has the plan already, and keeps it when it is no longer sold.
    Booked(RatePlanId),
}

impl Sale {
    pub fn plan(self) -> RatePlanId {
        match self {
            Sale::New(named) => named.unwrap_or(BAR),
            Sale::Booked(id) => id,
        }
    }
}

/// A plan that is named in a body: unknown is a bad field there.
pub fn named(conn: &Conn, id: RatePlanId) -> Result<RatePlan> {
    store::find(conn, id)?.ok_or_else(unknown)
}

fn unknown() -> Error {
    Error::invalid("rate_plan_id", text!("does not exist"))
}

/// Makes a rate plan.
pub fn create(tx: &Tx, new: &NewRatePlan) -> Result<RatePlan> {
    let new = checked(tx, new, false)?;
    let others = all(tx)?;
    if others.len() >= MAX_PLANS {
        return Err(Error::invalid(
            "code",
            text!("would be one more than the {most} rate plans a hotel may have", most = MAX_PLANS),
        ));
    }
    check_parent(&others, None, new.derivation)?;
    let id = store::insert(tx, &new)?;
    let made = find(tx, id)?;
    audit::record(tx, "create", "rate_plan", id.0, &audit::NOTHING, &recorded(tx, &made)?)?;
    Ok(made)
}

/// The trail tells of a plan as the API does.
fn recorded(conn: &Conn, plan: &RatePlan) -> Result<api::RatePlanView> {
    api::view(conn, &settings::property(conn)?, plan.clone())
}

/// Gives a plan its own price of some nights, or takes it away; `None` = the parent's or the room
/// type's holds again.
pub fn set_prices(tx: &Tx, plan: &RatePlan, room_type: &RoomType, nights: &[Date], rate: Option<Money>) -> Result<()> {
    let (Some(&first), Some(&last)) = (nights.first(), nights.last()) else { return Ok(()) };
    let property = settings::property(tx)?;
    let before = store::prices(tx, plan.id, room_type.id, first, last)?.into_iter();
    let before: BTreeMap<String, Amount> = before
        .filter(|(night, _)| nights.contains(night))
        .map(|(night, was)| (night.to_string(), property.amount(was)))
        .collect();
    match rate {
        Some(rate) => store::set_prices(tx, plan.id, room_type.id, nights, rate)?,
        None => store::clear_prices(tx, plan.id, room_type.id, nights)?,
    }
    let told =
        |rates: Value| json!({"room_type_id": room_type.id, "name": room_type.name, "from": first, "to": last, "rates": rates});
    let was = told(serde_json::to_value(before).map_err(Error::internal)?);
    let is = told(serde_json::to_value(rate.map(|rate| property.amount(rate))).map_err(Error::internal)?);
    audit::record(tx, "set_rates", "rate_plan", plan.id.0, &was, &is)
}

/// Saves a changed plan.
pub fn save(tx: &Tx, before: &RatePlan, after: &NewRatePlan) -> Result<RatePlan> {
    let after = checked(tx, after, before.id == BAR)?;
    if before.id == BAR {
        if !after.is_active {
            let detail = text!("The best available rate is what bookings have without another plan; it cannot be deactivated.");
            return Err(Error::refused(Code::StillInUse, detail));
        }
        if after.derivation.is_some() {
            return Err(Error::invalid("parent_id", text!("must be empty: the best available rate stands on its own")));
        }
    }
    check_parent(&all(tx)?, Some(before.id), after.derivation)?;
    let was = recorded(tx, before)?;
    store::update(tx, before.id, &after)?;
    let saved = find(tx, before.id)?;
    audit::record(tx, "change", "rate_plan", before.id.0, &was, &recorded(tx, &saved)?)?;
    Ok(saved)
}

fn checked(conn: &Conn, new: &NewRatePlan, is_bar: bool) -> Result<NewRatePlan> {
    let mut fields = Fields::default();
    let code = fields.check("code", new.code.checked()).into();
    let name = fields.check("name", new.name.checked()).into();
    if let Some(Derivation { offset: Offset::Percent(percent), .. }) = new.derivation {
        fields.ensure(
            (Percent::whole(-100)..=Percent::whole(1000)).contains(&percent),
            "offset_percent",
            text!("must be from {least} to {most}", least = -100, most = 1000),
        );
    }
    new.conditions.check(settings::property(conn)?.currency.exponent, is_bar, &mut fields);
    let mut conditions = new.conditions.clone();
    if !conditions.source.is_empty() {
        match ListKind::BookingSources.find_named(conn, &conditions.source)? {
            Some(entry) => conditions.source = entry.name,
            None => fields.add("source", text!("is not one of the booking sources")),
        }
    }
    fields.finish()?;
    Ok(NewRatePlan { code, name, conditions, ..new.clone() })
}

/// Refuses a parent that is unknown, that derives from the plan itself, or that
/// is derived over more than [`MAX_LEVELS`].
fn check_parent(plans: &[RatePlan], own: Option<RatePlanId>, derivation: Option<Derivation>) -> Result<()> {
    let Some(Derivation { parent_id, .. }) = derivation else { return Ok(()) };
    if !plans.iter().any(|p| p.id == parent_id) {
        return Err(Error::invalid("parent_id", text!("does not exist")));
    }
    let parent_of = |id: RatePlanId| {
        if Some(id) == own {
            return Some(parent_id);
        }
        plans.iter().find(|p| p.id == id).and_then(|p| p.derivation).map(|d| d.parent_id)
    };
    // Over how many levels a plan is derived; more than the bound for a circle.
    let levels = |id: RatePlanId| std::iter::successors(parent_of(id), |id| parent_of(*id)).take(MAX_LEVELS + 1).count();
    let is_circle = std::iter::successors(Some(parent_id), |id| parent_of(*id)).take(MAX_PLANS).any(|id| Some(id) == own);
    if is_circle {
        return Err(Error::invalid("parent_id", text!("derives from this plan itself; choose another parent")));
    }
    let is_too_deep = levels(parent_id) >= MAX_LEVELS || plans.iter().any(|p| levels(p.id) > MAX_LEVELS);
    if is_too_deep {
        let message =
            text!("is derived over more than {most} levels then; choose a parent nearer to the first", most = MAX_LEVELS);
        return Err(Error::invalid("parent_id", message));
    }
    Ok(())
}
