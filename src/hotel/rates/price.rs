//! What a night costs, and how that comes about.
//!
//! A plan's own price of the night comes first; then, for a derived plan, its parent's with the
//! offset; then the room type's default rate. On that follow the people beyond those in the price,
//! the plan's rounding, and what it takes off a long stay and an early booking. Rounding and
//! discounts are those of the plan that is asked for; its parents lend it their prices alone.

use std::borrow::Cow;

use super::conditions::Discount;
use super::rounding::Rounding;
use super::{MAX_LEVELS, Offset, RatePlan, Sale, extras, named, store};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::extras::Extras;
use crate::domain::id::RatePlanId;
use crate::domain::money::{MAX_INPUT, Money};
use crate::domain::percent::Percent;
use crate::domain::tax::Age;
use crate::domain::wording::{Text, Value, counted, text};
use crate::error::{Error, Result};
use crate::hotel::rooms::RoomType;
use crate::hotel::rooms::party_price::Extra;
use crate::hotel::settings::{self, Property};

/// Who asks for a price: some plans are not for everybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Buyer<'a> {
    pub promo_code: Option<&'a str>,
    /// What was agreed with the company that books.
    pub company_plans: &'a [RatePlanId],
    /// Where the booking comes from.
    pub source: Option<&'a str>,
}

/// A stay whose nights are to be priced.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub sale: Sale,
    pub buyer: Buyer<'a>,
    pub room_type: &'a RoomType,
    /// Who sleeps there; asked of a type whose price counts people, and empty otherwise.
    pub people: &'a [Age],
    pub cots: i64,
    pub arrival: Date,
    /// Of the whole stay, whichever of them are priced; 0 = day use.
    pub nights: i64,
    /// The business date.
    pub booked_on: Date,
}

/// What each night of a stay costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub nights: Vec<QuotedNight>,
    /// What is sold along with each of them, not counted yet.
    pub extras: Extras,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotedNight {
    pub night: Date,
    pub rate: Money,
}

impl Quote {
    pub fn total(&self) -> Money {
        self.nights.iter().map(|n| n.rate).sum()
    }

    pub fn rates(&self) -> Vec<Money> {
        self.nights.iter().map(|n| n.rate).collect()
    }
}

/// One line of how a price comes about; the amounts of a night's lines add up to its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// The room type's own price.
    Standard,
    /// The price that a plan, by its name, has of this night.
    Daily(String),
    Derived(String, Offset),
    Extra(Extra),
    Rounded(Rounding),
    LongStay(Discount),
    Advance(Discount),
    /// What was agreed with a group, in the place of all others.
    Agreed,
}

impl StepKind {
    /// As the API calls it.
    pub fn code(&self) -> &'static str {
        match self {
            StepKind::Standard => "standard",
            StepKind::Daily(_) => "daily",
            StepKind::Derived(..) => "derived",
            StepKind::Extra(Extra::Adults(_)) => "extra_adult",
            StepKind::Extra(Extra::Children { .. } | Extra::Unknown(_)) => "child",
            StepKind::Extra(Extra::Cots(_)) => "cot",
            StepKind::Rounded(_) => "rounding",
            StepKind::LongStay(_) => "long_stay",
            StepKind::Advance(_) => "advance",
            StepKind::Agreed => "agreed",
        }
    }

    pub fn in_words(&self, property: &Property) -> Text {
        match self {
            StepKind::Standard => text!("Standard price"),
            StepKind::Agreed => text!("Agreed with the group"),
            StepKind::Daily(plan) => text!("{plan}: price of this night", plan),
            StepKind::Derived(plan, Offset::Percent(percent)) => {
                let size = Value::Percent(Percent(percent.0.abs()));
                match *percent < Percent::ZERO {
                    true => text!("{plan}: −{percent} %", plan, percent = size),
                    false => text!("{plan}: +{percent} %", plan, percent = size),
                }
            }
            StepKind::Derived(plan, Offset::Amount(amount)) => {
                let size = property.money_in_words(Money(amount.0.abs()));
                match amount.is_negative() {
                    true => text!("{plan}: −{amount}", plan, amount = size),
                    false => text!("{plan}: +{amount}", plan, amount = size),
                }
            }
            StepKind::Extra(Extra::Adults(count)) => counted!(*count, "{count} extra adult", "{count} extra adults").into(),
            StepKind::Extra(Extra::Children { count, from_age, to_age }) => text!(
                "{children}, ages {from}–{to}",
                children = counted!(*count, "{count} child", "{count} children"),
                from = *from_age,
                to = *to_age
            ),
            StepKind::Extra(Extra::Unknown(count)) => {
                text!("{children}, age not known", children = counted!(*count, "{count} child", "{count} children"))
            }
            StepKind::Extra(Extra::Cots(count)) => counted!(*count, "{count} cot", "{count} cots").into(),
            StepKind::Rounded(_) => text!("Rounding"),
            StepKind::LongStay(Discount { from, percent }) => text!(
                "Stay of {nights} or more: −{percent} %",
                nights = counted!(*from, "{count} night", "{count} nights"),
                percent = Value::Percent(*percent)
            ),
            StepKind::Advance(Discount { from, percent }) => text!(
                "Booked at least {days} ahead: −{percent} %",
                days = counted!(*from, "{count} day", "{count} days"),
                percent = Value::Percent(*percent)
            ),
        }
    }
}

/// What is noted while nights are priced: nothing, or each step of each night.
trait Notes {
    /// The price of a night begins anew with this.
    fn begin(&mut self, at: usize, kind: impl FnOnce() -> StepKind, price: Money);
    fn add(&mut self, at: usize, kind: impl FnOnce() -> StepKind, amount: Money);
}

struct Nothing;

impl Notes for Nothing {
    fn begin(&mut self, _: usize, _: impl FnOnce() -> StepKind, _: Money) {}
    fn add(&mut self, _: usize, _: impl FnOnce() -> StepKind, _: Money) {}
}

struct Lines(Vec<Vec<Step>>);

impl Notes for Lines {
    fn begin(&mut self, at: usize, kind: impl FnOnce() -> StepKind, price: Money) {
        self.0[at].clear();
        self.0[at].push(Step { kind: kind(), amount: price });
    }

    fn add(&mut self, at: usize, kind: impl FnOnce() -> StepKind, amount: Money) {
        self.0[at].push(Step { kind: kind(), amount });
    }
}

/// A plan's own prices of nights, in their order.
pub type Own<'a> = Cow<'a, [(Date, Money)]>;

/// Where the plans' own prices of a type come from, in the order of the nights, and the currency's decimals.
pub struct Source<'a> {
    pub own: &'a dyn Fn(RatePlanId) -> Result<Own<'a>>,
    pub exponent: &'a dyn Fn() -> Result<u8>,
}

/// Prices as the file has them from the first to the last of the dates.
fn with_file<T>(conn: &Conn, room_type: &RoomType, dates: &[Date], work: impl FnOnce(&Source) -> Result<T>) -> Result<T> {
    let own = |plan| match (dates.first(), dates.last()) {
        (Some(&first), Some(&last)) => store::prices(conn, plan, room_type.id, first, last).map(Cow::Owned),
        _ => Ok(Cow::Borrowed(&[][..])),
    };
    work(&Source { own: &own, exponent: &|| Ok(settings::property(conn)?.currency.exponent) })
}

/// The one way to a price: of each date, which stand in their order.
///
/// # Errors
/// `Invalid` on `rate_plan_id` for a plan that is unknown, or not sold to this new booking.
pub fn quote(conn: &Conn, asked: &Asked, dates: &[Date]) -> Result<Quote> {
    let chain = chain(|id| store::find(conn, id), sold(conn, asked)?)?;
    let rates = with_file(conn, asked.room_type, dates, |source| priced(source, &chain, asked, dates, &mut Nothing))?;
    let nights = dates.iter().zip(rates).map(|(night, rate)| QuotedNight { night: *night, rate });
    Ok(Quote { nights: nights.collect(), extras: extras::sold(conn, &chain)? })
}

/// What is sold along with each night under a plan; `plans` = all that there are.
pub fn extras_of(conn: &Conn, plans: &[RatePlan], plan: &RatePlan) -> Result<Extras> {
    let find = |id: RatePlanId| Ok(plans.iter().find(|plan| plan.id == id).cloned());
    extras::sold(conn, &chain(find, plan.clone())?)
}

/// The same with the steps of each night; `plans` = all that there are.
pub fn explain(conn: &Conn, plans: &[RatePlan], asked: &Asked, dates: &[Date]) -> Result<Vec<(QuotedNight, Vec<Step>)>> {
    let find = |id: RatePlanId| Ok(plans.iter().find(|plan| plan.id == id).cloned());
    let plan = find(asked.sale.plan())?.ok_or_else(super::unknown)?;
    let chain = chain(find, is_sold(plan, asked)?)?;
    let mut lines = Lines(vec![Vec::new(); dates.len()]);
    let rates = with_file(conn, asked.room_type, dates, |source| priced(source, &chain, asked, dates, &mut lines))?;
    let nights = dates.iter().zip(rates).map(|(night, rate)| QuotedNight { night: *night, rate });
    Ok(nights.zip(lines.0).collect())
}

/// The same of prices that are read already; `plans` = all that there are.
pub fn quote_from(source: &Source, plans: &[RatePlan], asked: &Asked, dates: &[Date]) -> Result<Vec<Money>> {
    let find = |id: RatePlanId| Ok(plans.iter().find(|plan| plan.id == id).cloned());
    let plan = find(asked.sale.plan())?.ok_or_else(super::unknown)?;
    let chain = chain(find, is_sold(plan, asked)?)?;
    priced(source, &chain, asked, dates, &mut Nothing)
}

/// What nights by themselves would cost without the plan's own prices.
pub fn without_own(conn: &Conn, asked: &Asked, dates: &[Date]) -> Result<Vec<Money>> {
    let chain = chain(|id| store::find(conn, id), sold(conn, asked)?)?;
    let mut prices =
        with_file(conn, asked.room_type, dates, |source| base(source, &chain[1..], asked.room_type, dates, &mut Nothing))?;
    if let Some(derivation) = chain[0].derivation {
        prices.iter_mut().for_each(|price| *price = derivation.offset.apply(*price));
    }
    if let Some(rounding) = chain[0].conditions.rounding {
        let exponent = settings::property(conn)?.currency.exponent;
        prices.iter_mut().for_each(|price| *price = rounding.apply(*price, exponent));
    }
    Ok(prices)
}

/// The plan that is asked for, if it is sold.
fn sold(conn: &Conn, asked: &Asked) -> Result<RatePlan> {
    is_sold(named(conn, asked.sale.plan())?, asked)
}

fn is_sold(plan: RatePlan, asked: &Asked) -> Result<RatePlan> {
    match refusal(&plan, asked) {
        Some(why) => Err(Error::invalid("rate_plan_id", why)),
        None => Ok(plan),
    }
}

/// Why a plan is not sold to a new booking; what goes behind the field's name.
pub fn refusal(plan: &RatePlan, asked: &Asked) -> Option<Text> {
    if matches!(asked.sale, Sale::New(_)) && !plan.is_active {
        return Some(text!("is {plan}, which is no longer sold; choose another", plan = &plan.code));
    }
    let is_agreed = asked.buyer.company_plans.contains(&plan.id);
    if matches!(asked.sale, Sale::New(_)) && plan.conditions.is_for_companies && !is_agreed {
        return Some(text!("is {plan}, which is only for companies with an agreement; choose another", plan = &plan.code));
    }
    plan.conditions.refusal(&plan.code, asked)
}

/// `chain` = the plan and its parents.
fn priced(source: &Source, chain: &[RatePlan], asked: &Asked, dates: &[Date], notes: &mut impl Notes) -> Result<Vec<Money>> {
    let mut prices = base(source, chain, asked.room_type, dates, notes)?;
    if asked.room_type.party_price.counts_people() {
        for (at, (price, night)) in prices.iter_mut().zip(dates).enumerate() {
            asked.room_type.party_price.extras(asked.people, *night, |extra, amount| {
                set(price, bounded(*price + amount), at, notes, || StepKind::Extra(extra));
            });
        }
    }
    for (at, price) in prices.iter_mut().enumerate() {
        asked.room_type.party_price.cots(asked.cots, |extra, amount| {
            set(price, bounded(*price + amount), at, notes, || StepKind::Extra(extra));
        });
    }
    let conditions = &chain[0].conditions;
    if let Some(rounding) = conditions.rounding {
        let exponent = (source.exponent)()?;
        for (at, price) in prices.iter_mut().enumerate() {
            let rounded = rounding.apply(*price, exponent);
            if rounded != *price {
                set(price, rounded, at, notes, || StepKind::Rounded(rounding));
            }
        }
    }
    let ahead = asked.booked_on.days_until(asked.arrival);
    let long_stay = conditions.long_stay(asked.nights).map(|discount| (discount, StepKind::LongStay(discount)));
    let advance = conditions.advance(ahead).map(|discount| (discount, StepKind::Advance(discount)));
    for (Discount { percent, .. }, kind) in long_stay.into_iter().chain(advance) {
        for (at, price) in prices.iter_mut().enumerate() {
            let less = price.share(Percent(Percent::HUNDRED.0 - percent.0));
            set(price, less, at, notes, || kind.clone());
        }
    }
    Ok(prices)
}

/// The price of each night before anybody or anything is counted.
fn base(source: &Source, chain: &[RatePlan], room_type: &RoomType, dates: &[Date], notes: &mut impl Notes) -> Result<Vec<Money>> {
    let mut prices = vec![room_type.default_rate; dates.len()];
    (0..dates.len()).for_each(|at| notes.begin(at, || StepKind::Standard, room_type.default_rate));
    for level in chain.iter().rev() {
        if let Some(derivation) = level.derivation {
            for (at, price) in prices.iter_mut().enumerate() {
                let derived = derivation.offset.apply(*price);
                if derived != *price {
                    set(price, derived, at, notes, || StepKind::Derived(level.name.clone(), derivation.offset));
                }
            }
        }
        for (night, rate) in (source.own)(level.id)?.iter() {
            if let Ok(at) = dates.binary_search(night) {
                prices[at] = *rate;
                notes.begin(at, || StepKind::Daily(level.name.clone()), *rate);
            }
        }
    }
    Ok(prices)
}

fn set(price: &mut Money, to: Money, at: usize, notes: &mut impl Notes, kind: impl FnOnce() -> StepKind) {
    notes.add(at, kind, to - *price);
    *price = to;
}

fn bounded(price: Money) -> Money {
    price.clamp(Money::ZERO, Money(MAX_INPUT))
}

/// The plan, its parent, the parent's parent and so on.
pub(super) fn chain(find: impl Fn(RatePlanId) -> Result<Option<RatePlan>>, plan: RatePlan) -> Result<Vec<RatePlan>> {
    let mut chain = vec![plan];
    while let Some(derivation) = chain.last().and_then(|p| p.derivation) {
        if chain.len() > MAX_LEVELS {
            return Err(Error::internal("a rate plan is derived through too many others"));
        }
        let parent = find(derivation.parent_id)?;
        chain.push(parent.ok_or_else(|| Error::internal("a rate plan's parent is gone"))?);
    }
    Ok(chain)
}
