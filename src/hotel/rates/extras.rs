//! What a plan sells along with its nights: breakfast, parking, a bottle of wine.
//!
//! A derived plan has what its parents have, and its own beside that; an entry of its own for an article takes
//! the place of theirs.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RatePlan, store};
use crate::db::Conn;
use crate::domain::extras::{Extra, Extras, Per};
use crate::domain::few::Few;
use crate::domain::id::ArticleId;
use crate::domain::money::{Amount, Money, NotNegative};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::articles;
use crate::hotel::settings::Property;

/// Entries of one plan.
pub const MAX_EXTRAS: usize = 10;

/// An article that a plan sells along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanExtra {
    pub article_id: ArticleId,
    /// What one costs under this plan, in minor units; `None` = what the article does.
    pub amount: Option<i64>,
    pub per: Per,
    pub is_inside: bool,
}

/// Those of one plan; kept as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanExtras(Vec<PlanExtra>);

impl PlanExtras {
    /// Checks those that are new to the plan.
    pub fn checked(given: Few<PlanExtraRequest, 0, MAX_EXTRAS>, conn: &Conn, property: &Property) -> Result<PlanExtras> {
        let mut fields = Fields::default();
        let mut extras: Vec<PlanExtra> = Vec::new();
        for (at, given) in given.into_iter().enumerate() {
            let amount =
                (given.amount.as_ref()).map(|amount| property.price(&format!("extras[{at}].amount"), amount)).transpose()?;
            let sold = articles::sold(conn, given.article_id).map_err(|e: Error| e.under(&format!("extras[{at}]")))?;
            let is_twice = extras.iter().any(|before| before.article_id == given.article_id);
            fields.ensure(!is_twice, &format!("extras[{at}].article_id"), text!("stands twice"));
            let price = amount.or(sold.price);
            let missing = text!("is missing: the article has no price of its own");
            fields.ensure(price.is_some(), &format!("extras[{at}].amount"), missing);
            fields.ensure(price != Some(Money::ZERO), &format!("extras[{at}].amount"), text!("must be more than zero"));
            extras.push(PlanExtra {
                article_id: given.article_id,
                amount: amount.map(|amount| amount.0),
                per: given.per,
                is_inside: given.is_inside,
            });
        }
        fields.finish()?;
        Ok(PlanExtras(extras))
    }

    /// Those of a plan and its parents, which stand in this order.
    fn of(chain: &[RatePlan]) -> Vec<PlanExtra> {
        let mut all: Vec<PlanExtra> = Vec::new();
        for extra in chain.iter().rev().flat_map(|plan| &plan.extras.0) {
            all.retain(|other| other.article_id != extra.article_id);
            all.push(*extra);
        }
        all
    }
}

/// What is sold along with each night under a plan, which stands before its parents.
pub(super) fn sold(conn: &Conn, chain: &[RatePlan]) -> Result<Extras> {
    let all = PlanExtras::of(chain);
    let extra = |extra: &PlanExtra| {
        let article = articles::find(conn, extra.article_id)?;
        Ok(Extra {
            article_id: article.id,
            unit_amount: price_of(extra, article.price)?,
            name: article.name,
            per: extra.per,
            is_inside: extra.is_inside,
            tax_group_id: article.tax_group_id,
            quantity: 0,
            added_amount: Money::ZERO,
        })
    };
    Ok(Extras::of(all.iter().map(extra).collect::<Result<_>>()?))
}

fn price_of(extra: &PlanExtra, of_article: Option<Money>) -> Result<Money> {
    extra.amount.map(Money).or(of_article).ok_or_else(|| Error::internal("an extra of a rate plan has no price"))
}

impl ToSql for PlanExtras {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let json = serde_json::to_string(&self.0).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
        Ok(json.into())
    }
}

impl FromSql for PlanExtras {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(PlanExtras).map_err(|e| FromSqlError::Other(e.into()))
    }
}

/// An article that a plan sells along with its nights.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanExtraRequest {
    article_id: ArticleId,
    /// What one costs under this plan; left out = what the article does.
    amount: Option<NotNegative>,
    per: Per,
    /// Whether the price of the night has it in it; else it comes on top, as a line of its own.
    #[serde(default)]
    is_inside: bool,
}

/// An article that a plan sells along with its nights.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanExtraView {
    article_id: ArticleId,
    article_name: String,
    /// What one costs under this plan; `null` = what the article does.
    amount: Option<Amount>,
    /// What one costs now.
    price: Amount,
    per: Per,
    /// Whether the price of the night has it in it; else it comes on top, as a line of its own.
    is_inside: bool,
}

/// Those of the plan itself, and those that it has from its parents.
pub(super) fn views(conn: &Conn, property: &Property, plan: &RatePlan) -> Result<(Vec<PlanExtraView>, Vec<PlanExtraView>)> {
    let view = |extra: PlanExtra| {
        let article = articles::find(conn, extra.article_id)?;
        Ok(PlanExtraView {
            article_id: article.id,
            amount: extra.amount.map(|amount| property.amount(Money(amount))),
            price: property.amount(price_of(&extra, article.price)?),
            article_name: article.name,
            per: extra.per,
            is_inside: extra.is_inside,
        })
    };
    let own: Vec<PlanExtraView> = plan.extras.0.iter().copied().map(view).collect::<Result<_>>()?;
    let chain = super::price::chain(|id| store::find(conn, id), plan.clone())?;
    let mut inherited = PlanExtras::of(&chain[1..]);
    inherited.retain(|extra| !plan.extras.0.iter().any(|own| own.article_id == extra.article_id));
    Ok((own, inherited.into_iter().map(view).collect::<Result<_>>()?))
}
