//! `/api/articles`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Article, ArticleName, NewArticle, store};
use crate::db::{Conn, Table, Tx};
use crate::domain::id::{ArticleId, TaxGroupId, Version};
use crate::domain::money::{Amount, Money, NotNegative};
use crate::domain::order::sort;
use crate::domain::search_text::is_found_in;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::audit;
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings::api::check_version;
use crate::hotel::settings::{self, Property};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query, update};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::Article];
    let mut endpoints = vec![
        query("/api/articles", "list_articles", Access::READ, "What is sold beside the rooms", tables, list),
        command(Method::Post, "/api/articles", "create_article", Access::MANAGE, "Add an article", create).creates(),
        query("/api/articles/{id}", "find_article", Access::READ, "One article", tables, show),
    ];
    endpoints.extend(update(
        "/api/articles/{id}",
        ["update_article", "replace_article"],
        Access::MANAGE,
        "Change an article",
        change,
    ));
    endpoints
}

/// Something that is sold beside the rooms.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ArticleView {
    id: ArticleId,
    name: String,
    /// What one costs; `null` = it is typed each time.
    price: Option<Amount>,
    /// What it is taxed as; `null` = as extras are.
    tax_group_id: Option<TaxGroupId>,
    /// It is offered on every bill, for one click.
    is_favourite: bool,
    /// Reports count it as food and drink.
    is_food: bool,
    is_active: bool,
    version: i64,
}

fn view(article: Article, property: &Property) -> ArticleView {
    ArticleView {
        id: article.id,
        name: article.name,
        price: article.price.map(|price| property.amount(price)),
        tax_group_id: article.tax_group_id,
        is_favourite: article.is_favourite,
        is_food: article.is_food,
        is_active: article.is_active,
        version: article.version,
    }
}

list_params! {
    pub struct ArticleListParams by ArticleSort {
        is_active: Option<bool>,
        is_favourite: Option<bool>,
        /// A part of the name.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of articles.
    ArticleSort, Name Ascending {
        Name = "name",
        Id = "id",
    }
);

fn list(conn: &Conn, p: ArticleListParams) -> Result<List<ArticleView>> {
    let (page, order) = (p.page(), p.order());
    let property = settings::property(conn)?;
    let mut articles = store::all(conn)?;
    articles.retain(|article| {
        p.is_active.is_none_or(|active| article.is_active == active)
            && p.is_favourite.is_none_or(|favourite| article.is_favourite == favourite)
            && p.q.as_deref().is_none_or(|q| is_found_in(&article.name, q))
    });
    sort(&mut articles, |a, b| {
        order.direction.of(match order.by {
            ArticleSort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            ArticleSort::Id => a.id.cmp(&b.id),
        })
    });
    Ok(page_of(articles, page).map(|article| view(article, &property)))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByArticle {
    id: ArticleId,
}

fn show(conn: &Conn, at: ByArticle) -> Result<ArticleView> {
    Ok(view(super::find(conn, at.id)?, &settings::property(conn)?))
}

/// An article to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleRequest {
    name: ArticleName,
    /// What one costs; left out = it is typed each time.
    price: Option<NotNegative>,
    /// What it is taxed as; left out = as extras are.
    tax_group_id: Option<TaxGroupId>,
    is_favourite: Option<bool>,
    /// Reports count it as food and drink.
    is_food: Option<bool>,
    is_active: Option<bool>,
}

fn create(tx: &Tx, _: NoParams, body: ArticleRequest) -> Result<ArticleView> {
    let property = settings::property(tx)?;
    let new = NewArticle {
        name: body.name.checked().map_err(|message| Error::invalid("name", message))?,
        price: body.price.map(|price| price_of(&property, &price)).transpose()?,
        tax_group_id: body.tax_group_id,
        is_favourite: body.is_favourite.unwrap_or(false),
        is_food: body.is_food.unwrap_or(false),
        is_active: body.is_active.unwrap_or(true),
    };
    let made = view(super::create(tx, &new)?, &property);
    audit::record(tx, "create", "article", made.id.0, &audit::NOTHING, &made)?;
    Ok(made)
}

/// What is given away is posted and taken off again, so that the owner sees it.
fn price_of(property: &Property, price: &NotNegative) -> Result<Money> {
    match property.price("price", price)? {
        Money::ZERO => Err(Error::invalid("price", text!("must be more than zero"))),
        price => Ok(price),
    }
}

/// What of an article changes; fields left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArticleChange {
    name: Option<ArticleName>,
    /// `null` = it is typed each time.
    #[serde(deserialize_with = "given")]
    price: Option<Option<NotNegative>>,
    /// `null` = as extras are taxed.
    #[serde(deserialize_with = "given")]
    tax_group_id: Option<Option<TaxGroupId>>,
    is_favourite: Option<bool>,
    /// Reports count it as food and drink.
    is_food: Option<bool>,
    is_active: Option<bool>,
    version: Option<Version>,
}

fn change(tx: &Tx, at: ByArticle, body: ArticleChange) -> Result<ArticleView> {
    let property = settings::property(tx)?;
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let mut fields = Fields::default();
    let name = body.name.map(|name| fields.check("name", name.checked()));
    fields.finish()?;
    let after = NewArticle {
        name: name.unwrap_or_else(|| before.name.clone()),
        price: match body.price {
            Some(price) => price.map(|price| price_of(&property, &price)).transpose()?,
            None => before.price,
        },
        tax_group_id: body.tax_group_id.unwrap_or(before.tax_group_id),
        is_favourite: body.is_favourite.unwrap_or(before.is_favourite),
        is_food: body.is_food.unwrap_or(before.is_food),
        is_active: body.is_active.unwrap_or(before.is_active),
    };
    let saved = view(super::save(tx, at.id, &after)?, &property);
    audit::record(tx, "change", "article", at.id.0, &view(before, &property), &saved)?;
    Ok(saved)
}
