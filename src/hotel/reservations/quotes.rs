//! `/api/quotes`: what a stay costs under every plan that fits it, and why; and the same of a booking.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{ByReservation, ChildrenAges, ages};
use super::booking::PartySize;
use super::extras::{self, ExtraView};
use super::itinerary::{self, Itinerary, first_priced};
use super::{Night, NightKind, Reservation, booking, find, group_price, party, rate_kind, taxed};
use crate::db::Conn;
use crate::domain::ages::Ages;
use crate::domain::date::{Date, Instant};
use crate::domain::extras::Extras;
use crate::domain::id::{CompanyId, GroupId, RatePlanId, RoomTypeId};
use crate::domain::money::{Amount, Money};
use crate::domain::restriction::{self, Broken};
use crate::domain::status::RateKind;
use crate::domain::stay::StayDates;
use crate::domain::tax::NightTaxed;
use crate::domain::wording::{Language, Value, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::groups::Agreed;
use crate::hotel::listing::Items;
use crate::hotel::policies::deposit::Asked;
use crate::hotel::policies::{self, Policy};
use crate::hotel::rates::conditions::{PromoCode, SourceName};
use crate::hotel::rates::{self, QuotedNight, RatePlan, Sale, Step, StepKind};
use crate::hotel::rooms::{self, Cots};
use crate::hotel::settings::{self, Property};
use crate::hotel::{companies, restrictions, taxes};
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, Reply, live, task};
use crate::http::request::Method;
use crate::http::state::App;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        task(
            Method::Post,
            "/api/quotes",
            "quote_stay",
            Access::READ,
            "What a stay costs under every rate plan that fits it, night by night",
            quote_stay,
        )
        .leaves_file(),
        live(
            "/api/reservations/{id}/price",
            "explain_price",
            Access::READ,
            "What the nights of a booking cost, and what they would at the rates of now",
            explain_price,
        ),
    ]
}

/// A stay to be priced. Nothing is booked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    check_in_date: Date,
    check_out_date: Date,
    adults: Option<PartySize>,
    children: Option<PartySize>,
    /// How old the children are at arrival: of all, or none.
    children_ages: Option<ChildrenAges>,
    cots: Option<Cots>,
    /// Every type that is for so many people when left out.
    room_type_id: Option<RoomTypeId>,
    /// Every plan that fits when left out. One that does not is refused by its name.
    rate_plan_id: Option<RatePlanId>,
    promo_code: Option<PromoCode>,
    /// For what was agreed with it.
    company_id: Option<CompanyId>,
    /// For the price that was agreed with it.
    group_id: Option<GroupId>,
    /// Where the booking comes from.
    source: Option<SourceName>,
}

/// One line of how a night's price comes about.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StepView {
    code: &'static str,
    /// What it adds; the lines of a night add up to its price.
    amount: Amount,
    /// In the language that the request asks for.
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ExplainedNight {
    date: Date,
    rate: Amount,
    steps: Vec<StepView>,
}

/// A tax, the hotel's service charge, or a city tax.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TaxView {
    name: String,
    amount: Amount,
    /// Whether the prices have it in them; else it comes on top.
    is_included: bool,
}

/// A room type under a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfferView {
    room_type_id: RoomTypeId,
    room_type_name: String,
    rate_plan_id: RatePlanId,
    rate_plan_name: String,
    /// Whether it is for sale: otherwise the desk needs a reason to sell it.
    is_allowed: bool,
    /// The restrictions that the stay breaks.
    broken: Vec<Broken>,
    nights: Vec<ExplainedNight>,
    /// What the plan sells along with the nights.
    extras: Vec<ExtraView>,
    /// Nights and extras without all taxes.
    net_amount: Amount,
    /// Taxes, and city taxes on top.
    tax_amount: Amount,
    /// Which those are; they add up to `tax_amount`.
    taxes: Vec<TaxView>,
    /// Everything: `net_amount` and `tax_amount`.
    total_amount: Amount,
    /// What would be asked for before the arrival, and by when; `null` = nothing.
    deposit: Option<DepositOffer>,
    /// What cancelling costs, and what is asked for before, in words.
    terms: String,
}

/// A deposit that a booking would ask for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DepositOffer {
    amount: Amount,
    due_date: Date,
}

fn quote_stay(app: &App, call: &Call, _: NoParams, body: QuoteRequest) -> Result<Reply<Items<OfferView>>> {
    let language = call.request.language();
    let items = app.db.read(&call.context, |conn| offers(conn, &body, language))?;
    Ok(Reply::of(Items { items }).in_language(language))
}

/// What is asked, checked.
struct Stay {
    dates: StayDates,
    adults: i64,
    children: i64,
    ages: Ages,
    cots: i64,
}

impl Stay {
    fn offered(&self) -> taxed::Offered<'_> {
        let Stay { dates, adults, children, ages, .. } = self;
        taxed::Offered { dates: *dates, adults: *adults, children: *children, ages, rate_kind: RateKind::Paying }
    }
}

fn stay_of(body: &QuoteRequest, property: &Property) -> Result<Stay> {
    let dates =
        StayDates::or_day_use(body.check_in_date, body.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let (adults, children) = (body.adults.map_or(1, i64::from), body.children.map_or(0, i64::from));
    let ages = ages(body.children_ages.as_deref()).unwrap_or_default();
    let (mut fields, today) = (Fields::default(), property.business_date);
    fields.ensure(dates.arrival() >= today, "check_in_date", text!("must not be before the business date, {today}", today));
    booking::check_party(&mut fields, adults, children);
    super::details::check_ages(&mut fields, &ages, children);
    let cots = fields.check("cots", body.cots.unwrap_or_default().checked());
    fields.finish()?;
    Ok(Stay { dates, adults, children, ages, cots })
}

fn offers(conn: &Conn, body: &QuoteRequest, language: Language) -> Result<Vec<OfferView>> {
    let property = settings::property(conn)?;
    let stay = stay_of(body, &property)?;
    let types = match body.room_type_id {
        Some(id) => vec![booking::type_of(conn, id)?],
        None => {
            let is_fitting = |t: &rooms::RoomType| t.has_room_for(stay.adults, stay.children) && stay.cots <= t.max_cots;
            rooms::all_types(conn)?.into_iter().filter(is_fitting).collect()
        }
    };
    let code = body.promo_code.as_ref().map(|code| code.checked()).transpose().map_err(|e| Error::invalid("promo_code", e))?;
    let source = body.source.as_ref().map(|name| name.checked()).transpose().map_err(|e| Error::invalid("source", e))?;
    let company_plans = companies::plans_of(conn, body.company_id)?;
    let people = party::told(stay.adults, stay.children, &stay.ages);
    let levied = taxes::levied(conn)?;
    let asked = |room_type, plan| rates::Asked {
        sale: Sale::New(plan),
        buyer: rates::Buyer {
            promo_code: code.as_deref(),
            company_plans: &company_plans,
            source: Some(source.as_deref().unwrap_or(booking::DEFAULT_SOURCE)),
        },
        room_type,
        people: &people,
        cots: stay.cots,
        arrival: stay.dates.arrival(),
        nights: stay.dates.arrival().days_until(stay.dates.departure()),
        booked_on: property.business_date,
    };
    let plans = rates::all(conn)?;
    if let Some(id) = body.rate_plan_id {
        rates::named(conn, id)?;
    }
    let wanted = plans.iter().filter(|plan| body.rate_plan_id.is_none_or(|id| id == plan.id));
    let wanted: Vec<(&RatePlan, Extras)> =
        wanted.map(|plan| Ok((plan, rates::extras_of(conn, &plans, plan)?))).collect::<Result<_>>()?;
    let mut offers = Vec::new();
    for room_type in &types {
        let restricted = restrictions::Asked::of(conn, stay.dates, &[room_type.id])?;
        let agreed = group_price::agreed(conn, body.group_id, room_type.id, NightKind::of(stay.dates))?;
        for (plan, extras) in &wanted {
            let asked = asked(room_type, Some(plan.id));
            // A plan that was named is refused with the reason.
            if body.rate_plan_id.is_none() && rates::refusal(plan, &asked).is_some() {
                continue;
            }
            let mut nights = rates::explain(conn, &plans, &asked, &stay.dates.priced_dates())?;
            agreed.iter().for_each(|agreed| with_agreed(*agreed, &mut nights));
            let priced: Vec<QuotedNight> = nights.iter().map(|(night, _)| *night).collect();
            let reckoned = stay.offered().reckon(conn, levied.as_ref(), &priced, extras)?;
            let taxes = levied.as_ref().map_or_else(Vec::new, |levied| tax_views(levied, &reckoned.taxed, &property));
            let policy = policies::find(conn, plan.policy_id.unwrap_or(property.policy_id))?;
            let deposit = policy.deposit.asked(reckoned.amounts(&priced), property.business_date, stay.dates.arrival());
            let sold = restrictions::Sold::of_type(plan.id, stay.dates, room_type.id);
            let broken = restricted.broken(conn, &sold, property.business_date)?;
            offers.push(OfferView {
                is_allowed: broken.is_empty(),
                broken: restriction::in_rows(&broken),
                room_type_id: room_type.id,
                room_type_name: room_type.name.clone(),
                rate_plan_id: plan.id,
                rate_plan_name: plan.name.clone(),
                nights: nights.iter().map(|(night, steps)| explained(*night, steps, &property, language)).collect(),
                extras: extras::of_nights(reckoned.extras.iter().zip(priced.iter().map(|n| n.rate)), &property),
                net_amount: property.amount(reckoned.net),
                tax_amount: property.amount(reckoned.gross - reckoned.net),
                taxes,
                total_amount: property.amount(reckoned.gross),
                deposit: deposit.map(|(amount, due_date)| DepositOffer { amount: property.amount(amount), due_date }),
                terms: terms(&policy, deposit, stay.dates.arrival(), &property, conn.now(), language),
            });
        }
    }
    Ok(offers)
}

/// What was agreed with a group stands in the place of what the rates ask.
fn with_agreed(agreed: Agreed, nights: &mut [(QuotedNight, Vec<Step>)]) {
    agreed.put(nights.iter_mut().map(|(night, _)| night));
    for (_, steps) in nights.iter_mut().filter(|(night, _)| agreed.is_for(night.night)) {
        *steps = vec![Step { kind: StepKind::Agreed, amount: agreed.rate }];
    }
}

/// The taxes of nights by their names, those in the prices and those on top apart.
fn tax_views(levied: &taxes::Levied, nights: &[NightTaxed], property: &Property) -> Vec<TaxView> {
    let mut sums: Vec<(&str, bool, Money)> = Vec::new();
    let mut add = |name, is_included, amount| match sums.iter_mut().find(|(n, i, _)| (*n, *i) == (name, is_included)) {
        Some((_, _, sum)) => *sum = *sum + amount,
        None => sums.push((name, is_included, amount)),
    };
    for night in nights {
        for tax in night.sales.iter().flat_map(|sale| &sale.taxes) {
            add(levied.tax_name(tax.tax), tax.is_in_price(), tax.amount);
        }
        night.levies.iter().for_each(|line| add(levied.levy_name(line.levy), line.is_inside, line.taxed.gross));
    }
    let view = |(name, is_included, amount): (&str, bool, Money)| TaxView {
        name: name.to_owned(),
        amount: property.amount(amount),
        is_included,
    };
    sums.into_iter().map(view).collect()
}

fn explained(night: QuotedNight, steps: &[Step], property: &Property, language: Language) -> ExplainedNight {
    let line = |step: &Step| StepView {
        code: step.kind.code(),
        amount: property.amount(step.amount),
        text: step.kind.in_words(property).in_language(language),
    };
    ExplainedNight { date: night.night, rate: property.amount(night.rate), steps: steps.iter().map(line).collect() }
}

fn terms(policy: &Policy, deposit: Asked, arrival: Date, property: &Property, now: Instant, language: Language) -> String {
    let time = property.check_in_time.parse().unwrap_or(jiff::civil::Time::midnight());
    let zone = property.zone();
    let cancelling = policy.in_words(arrival.at(time, &zone).unwrap_or(now), now, &zone).in_language(language);
    let Some((amount, due)) = deposit else { return cancelling };
    let (amount, date) = (property.money_in_words(amount), Value::DateInFull(due));
    let paying = text!("A deposit of {amount} is due by {date}.", amount, date);
    format!("{cancelling} {}", paying.in_language(language))
}

/// A night of a booking as it was agreed, and as the rates of now would have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComparedNight {
    /// What was agreed.
    agreed_rate: Amount,
    /// Whether it keeps that whatever the rates do: it was slept, is on the bill, was typed by
    /// hand, or agreed with the group.
    is_fixed: bool,
    #[serde(flatten)]
    now: ExplainedNight,
}

/// What the nights of a booking cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PriceView {
    rate_plan_name: String,
    nights: Vec<ComparedNight>,
    /// What was agreed along with them, and what the plan sells along now.
    extras: Vec<ExtraView>,
    rerated_extras: Vec<ExtraView>,
    /// What was agreed for all of them, with the extras beside the prices.
    agreed_amount: Amount,
    /// What they would cost if those that are not fixed were rated anew.
    rerated_amount: Amount,
}

fn explain_price(app: &App, call: &Call, at: ByReservation) -> Result<Reply<PriceView>> {
    let language = call.request.language();
    let view = app.db.read(&call.context, |conn| price_view(conn, &find(conn, at.id)?, language))?;
    Ok(Reply::of(view).in_language(language))
}

fn price_view(conn: &Conn, stay: &Reservation, language: Language) -> Result<PriceView> {
    if !stay.status.is_open() {
        let status = stay.status.in_words();
        let detail = text!("The dates, room and prices of a reservation that is {status} cannot change.", status);
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let property = settings::property(conn)?;
    let nights = Itinerary::agreed(conn, stay, property.business_date)?;
    let first = first_priced(stay, property.business_date);
    let held: Vec<Night> = nights.iter().filter(|n| n.is_held).cloned().collect();
    let plans = rates::all(conn)?;
    let now = itinerary::priced(conn, stay, &held, |sold, dates| {
        let agreed = sold.agreed(conn)?;
        let mut nights = rates::explain(conn, &plans, &sold.asked(), dates)?;
        agreed.iter().for_each(|agreed| with_agreed(*agreed, &mut nights));
        let is_agreed = |night: Date| agreed.is_some_and(|agreed| agreed.is_for(night));
        Ok(nights.into_iter().map(|(night, steps)| (is_agreed(night.night), night, steps)).collect())
    })?;
    let mut rerated = nights.clone();
    rerated.rerate(conn, stay, None, first)?;
    rate_kind::price(stay.details.rate_kind, &mut rerated);
    taxed::add(conn, stay, &mut rerated, property.business_date)?;
    let sum = |nights: &Itinerary| nights.iter().filter(|n| n.is_held).map(|n| n.rate + n.extras.amount_beside()).sum();
    let extras =
        |nights: &Itinerary| extras::of_nights(nights.iter().filter(|n| n.is_held).map(|n| (&n.extras, n.rate)), &property);
    let compared = held.iter().zip(&now).map(|(night, (is_agreed, now, steps))| ComparedNight {
        agreed_rate: property.amount(night.rate),
        is_fixed: *is_agreed || night.is_posted || night.is_rate_typed || night.night < first,
        now: explained(*now, steps, &property, language),
    });
    Ok(PriceView {
        rate_plan_name: rates::find(conn, stay.rate_plan_id)?.name,
        nights: compared.collect(),
        extras: extras(&nights),
        rerated_extras: extras(&rerated),
        agreed_amount: property.amount(sum(&nights)),
        rerated_amount: property.amount(sum(&rerated)),
    })
}
