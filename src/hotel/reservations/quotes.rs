//! `/api/quotes`: what a stay costs under every plan that fits it, and why; and the same of a booking.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{ByReservation, ChildrenAges, ages};
use super::booking::PartySize;
use super::itinerary::{self, Itinerary, first_priced};
use super::{Night, Reservation, booking, find, party, rate_kind, taxed};
use crate::db::Conn;
use crate::domain::ages::Ages;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{CompanyId, RatePlanId, RoomTypeId};
use crate::domain::money::{Amount, Money};
use crate::domain::restriction::{self, Broken};
use crate::domain::status::{DepositKind, RateKind};
use crate::domain::stay::StayDates;
use crate::domain::wording::{Language, Value, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::listing::Items;
use crate::hotel::policies::deposit::Asked;
use crate::hotel::policies::{self, Policy};
use crate::hotel::rates::conditions::{PromoCode, SourceName};
use crate::hotel::rates::{self, QuotedNight, Sale, Step};
use crate::hotel::rooms;
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
    /// Every type that is for so many people when left out.
    room_type_id: Option<RoomTypeId>,
    /// Every plan that fits when left out. One that does not is refused by its name.
    rate_plan_id: Option<RatePlanId>,
    promo_code: Option<PromoCode>,
    /// For what was agreed with it.
    company_id: Option<CompanyId>,
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
    net_amount: Amount,
    /// Taxes, and city taxes on top.
    tax_amount: Amount,
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
    fields.finish()?;
    Ok(Stay { dates, adults, children, ages })
}

fn offers(conn: &Conn, body: &QuoteRequest, language: Language) -> Result<Vec<OfferView>> {
    let property = settings::property(conn)?;
    let stay = stay_of(body, &property)?;
    let types = match body.room_type_id {
        Some(id) => vec![booking::type_of(conn, id)?],
        None => rooms::all_types(conn)?.into_iter().filter(|t| t.has_room_for(stay.adults, stay.children)).collect(),
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
        arrival: stay.dates.arrival(),
        nights: stay.dates.arrival().days_until(stay.dates.departure()),
        booked_on: property.business_date,
    };
    let plans = rates::all(conn)?;
    if let Some(id) = body.rate_plan_id {
        rates::named(conn, id)?;
    }
    let mut offers = Vec::new();
    for room_type in &types {
        let restricted = restrictions::Asked::of(conn, stay.dates, &[room_type.id])?;
        for plan in plans.iter().filter(|plan| body.rate_plan_id.is_none_or(|id| id == plan.id)) {
            let asked = asked(room_type, Some(plan.id));
            // A plan that was named is refused with the reason.
            if body.rate_plan_id.is_none() && rates::refusal(plan, &asked).is_some() {
                continue;
            }
            let nights = rates::explain(conn, &plans, &asked, &stay.dates.priced_dates())?;
            let priced: Vec<QuotedNight> = nights.iter().map(|(night, _)| *night).collect();
            let sums = |nights: &[QuotedNight]| match &levied {
                Some(levied) => {
                    let party = (stay.adults, stay.children, &stay.ages);
                    taxed::sums_of_offer(conn, levied, stay.dates, party, RateKind::Paying, nights)
                }
                None => {
                    Ok(nights.iter().map(|n| (n.rate, n.rate)).fold((Money::ZERO, Money::ZERO), |a, b| (a.0 + b.0, a.1 + b.1)))
                }
            };
            let (net, gross) = sums(&priced)?;
            let policy = policies::find(conn, plan.policy_id.unwrap_or(property.policy_id))?;
            let deposit = match policy.deposit.kind {
                DepositKind::None => None,
                _ => {
                    let (_, first) = sums(priced.get(..1).unwrap_or_default())?;
                    let prices = [first, gross - first].into_iter();
                    policy.deposit.asked(prices, property.business_date, stay.dates.arrival())
                }
            };
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
                net_amount: property.amount(net),
                tax_amount: property.amount(gross - net),
                total_amount: property.amount(gross),
                deposit: deposit.map(|(amount, due_date)| DepositOffer { amount: property.amount(amount), due_date }),
                terms: terms(&policy, deposit, stay.dates.arrival(), &property, conn.now(), language),
            });
        }
    }
    Ok(offers)
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
    /// Whether it keeps that whatever the rates do: it was slept, is on the bill, or was typed by hand.
    is_fixed: bool,
    #[serde(flatten)]
    now: ExplainedNight,
}

/// What the nights of a booking cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PriceView {
    rate_plan_name: String,
    nights: Vec<ComparedNight>,
    /// What was agreed for all of them.
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
    let now = itinerary::priced(conn, stay, &held, |asked, dates| rates::explain(conn, &plans, asked, dates))?;
    let mut rerated = nights.clone();
    rerated.rerate(conn, stay, None, first)?;
    rate_kind::price(stay.details.rate_kind, &mut rerated);
    let sum = |nights: &Itinerary| nights.iter().filter(|n| n.is_held).map(|n| n.rate).sum();
    let compared = held.iter().zip(&now).map(|(night, (now, steps))| ComparedNight {
        agreed_rate: property.amount(night.rate),
        is_fixed: night.is_posted || night.is_rate_typed || night.night < first,
        now: explained(*now, steps, &property, language),
    });
    Ok(PriceView {
        rate_plan_name: rates::find(conn, stay.rate_plan_id)?.name,
        nights: compared.collect(),
        agreed_amount: property.amount(sum(&nights)),
        rerated_amount: property.amount(sum(&rerated)),
    })
}
