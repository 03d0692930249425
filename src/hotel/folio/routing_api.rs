//! `/api/reservations/{id}/routing` and `/api/companies/{id}/routing`: who pays what of a stay from the start.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::routing::{self, RouteTarget, Routed, Rule, RulesOf};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{ArticleId, CompanyId};
use crate::domain::money::{Amount, Decimal};
use crate::domain::number::Whole;
use crate::error::Result;
use crate::hotel::listing::Items;
use crate::hotel::reservations;
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Endpoint, command, query};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::RoutingRule, Table::Property, Table::Reservation, Table::Company];
    vec![
        query("/api/reservations/{id}/routing", "find_routing", Access::READ, "Who pays what of a stay", tables, of_stay),
        command(
            Method::Put,
            "/api/reservations/{id}/routing",
            "set_routing",
            Access::DESK,
            "Say who pays what of a stay from now on",
            set_of_stay,
        ),
        query(
            "/api/companies/{id}/routing",
            "find_company_routing",
            Access::READ,
            "What a company pays of its stays",
            tables,
            of_company,
        ),
        command(
            Method::Put,
            "/api/companies/{id}/routing",
            "set_company_routing",
            Access::DESK,
            "Say what a company pays of stays that are booked for it from now on",
            set_of_company,
        ),
    ]
}

/// What goes where; the first rule that fits decides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleView {
    what: Routed,
    article_ids: Vec<ArticleId>,
    from_date: Option<Date>,
    to_date: Option<Date>,
    /// Up to which sum; `null` = all.
    limit_amount: Option<Amount>,
    target: RouteTarget,
    /// `null` of a company's rules: the folio that it pays.
    window: Option<i64>,
}

/// A rule to be set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleRequest {
    what: Routed,
    /// Where it is for single articles: these.
    article_ids: Option<Few<ArticleId, 0, 50>>,
    /// The first night or date that it is for.
    from_date: Option<Date>,
    /// The last one, included.
    to_date: Option<Date>,
    /// Up to which sum of the stay's charges on that folio.
    #[schemars(extend("exclusiveMinimum" = 0))]
    limit_amount: Option<Decimal>,
    /// window when left out.
    target: Option<RouteTarget>,
    /// A folio of the stay.
    window: Option<Whole<1, 9>>,
}

/// All rules, in the order in which they are asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesRequest {
    rules: Few<RuleRequest, 0, { routing::MAX_RULES }>,
}

fn rules(property: &Property, body: RulesRequest) -> Result<Vec<Rule>> {
    let rule = |(at, rule): (usize, RuleRequest)| {
        let limit = rule.limit_amount.map(|most| property.money(&format!("rules[{at}].limit_amount"), &most));
        Ok(Rule {
            what: rule.what,
            article_ids: rule.article_ids.map(|ids| ids.into_iter().collect()).unwrap_or_default(),
            from_date: rule.from_date,
            to_date: rule.to_date,
            limit_amount: limit.transpose()?,
            target: rule.target.unwrap_or(RouteTarget::Window),
            window: rule.window.map(|window| window.0),
        })
    };
    body.rules.into_iter().enumerate().map(rule).collect()
}

fn views(conn: &Conn, whose: RulesOf) -> Result<Items<RuleView>> {
    let property = settings::property(conn)?;
    let view = |rule: Rule| RuleView {
        what: rule.what,
        article_ids: rule.article_ids,
        from_date: rule.from_date,
        to_date: rule.to_date,
        limit_amount: rule.limit_amount.map(|most| property.amount(most)),
        target: rule.target,
        window: rule.window,
    };
    Ok(Items { items: routing::of(conn, whose)?.into_iter().map(view).collect() })
}

fn of_stay(conn: &Conn, at: ByReservation) -> Result<Items<RuleView>> {
    reservations::find(conn, at.id)?;
    views(conn, RulesOf::Stay(at.id))
}

fn set_of_stay(tx: &Tx, at: ByReservation, body: RulesRequest) -> Result<Items<RuleView>> {
    let stay = reservations::find(tx, at.id)?;
    super::guard::check_open(tx, &stay, super::guard::Posting::Charge)?;
    routing::replace(tx, RulesOf::Stay(at.id), &rules(&settings::property(tx)?, body)?)?;
    views(tx, RulesOf::Stay(at.id))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByCompany {
    id: CompanyId,
}

fn of_company(conn: &Conn, at: ByCompany) -> Result<Items<RuleView>> {
    routing::check_company(conn, at.id)?;
    views(conn, RulesOf::Company(at.id))
}

fn set_of_company(tx: &Tx, at: ByCompany, body: RulesRequest) -> Result<Items<RuleView>> {
    routing::check_company(tx, at.id)?;
    routing::replace(tx, RulesOf::Company(at.id), &rules(&settings::property(tx)?, body)?)?;
    views(tx, RulesOf::Company(at.id))
}
