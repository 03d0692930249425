//! What is sold beside the rooms: breakfast, parking, laundry.
//!
//! An article says what one costs and how it is taxed, so that the desk posts it with one click. What
//! stands on a bill keeps its words and its price when the article changes, or is sold no more.

pub mod api;
pub mod store;

use crate::db::record::record;
use crate::db::{Conn, Table, Tx};
use crate::domain::id::{ArticleId, TaxGroupId};
use crate::domain::money::Money;
use crate::domain::text::Name;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::Slice;
use crate::hotel::taxes;

pub const SLICE: Slice = Slice {
    name: "articles",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS],
    areas: &[("articles", &[Table::Article])],
    ..Slice::EMPTY
};

/// Articles that one hotel may have.
pub const MAX_ARTICLES: usize = 100;

pub type ArticleName = Name<100>;

record! {
    /// Something that is sold beside the rooms.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Article {
        pub id: ArticleId,
        pub name: String,
        /// What one costs; `None` = it is typed each time.
        pub price: Option<Money>,
        /// What it is taxed as; `None` = as extras are.
        pub tax_group_id: Option<TaxGroupId>,
        pub is_favourite: bool,
        /// Reports count it as food and drink.
        pub is_food: bool,
        pub is_active: bool,
        pub version: i64,
    }
}

/// An article to be made, or as it shall be.
#[derive(Debug, Clone)]
pub struct NewArticle {
    pub name: String,
    pub price: Option<Money>,
    pub tax_group_id: Option<TaxGroupId>,
    pub is_favourite: bool,
    pub is_food: bool,
    pub is_active: bool,
}

/// # Errors
/// `NotFound` when there is no such article.
pub fn find(conn: &Conn, id: ArticleId) -> Result<Article> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This article does not exist.")))
}

/// An article that a bill names.
///
/// # Errors
/// `Invalid` on `article_id` for one that is unknown, or sold no more.
pub fn sold(conn: &Conn, id: ArticleId) -> Result<Article> {
    match store::find(conn, id)? {
        None => Err(Error::invalid("article_id", text!("does not exist"))),
        Some(article) if !article.is_active => {
            Err(Error::invalid("article_id", text!("is {name}, which is no longer sold; choose another", name = article.name)))
        }
        Some(article) => Ok(article),
    }
}

/// The article of a name that is sold.
pub fn named(conn: &Conn, name: &str) -> Result<Option<Article>> {
    store::named(conn, name)
}

pub fn create(tx: &Tx, new: &NewArticle) -> Result<Article> {
    if store::all(tx)?.len() >= MAX_ARTICLES {
        let message = text!("would be one more than the {most} articles a hotel may have", most = MAX_ARTICLES);
        return Err(Error::invalid("name", message));
    }
    check_group(tx, new)?;
    find(tx, store::insert(tx, new)?)
}

pub fn save(tx: &Tx, id: ArticleId, after: &NewArticle) -> Result<Article> {
    check_group(tx, after)?;
    check_plans(tx, id, after)?;
    store::update(tx, id, after)?;
    find(tx, id)
}

fn check_group(conn: &Conn, article: &NewArticle) -> Result<()> {
    match article.tax_group_id {
        Some(group) if !taxes::store::knows_group(conn, group)? => {
            Err(Error::invalid("tax_group_id", text!("is none of the groups")))
        }
        _ => Ok(()),
    }
}

/// What a rate plan sells along is sold, and has a price there or of its own.
fn check_plans(conn: &Conn, id: ArticleId, after: &NewArticle) -> Result<()> {
    let plan = match (after.is_active, after.price) {
        (true, Some(_)) => None,
        (true, None) => store::plan_at_its_price(conn, id)?,
        (false, _) => store::plan_with(conn, id)?,
    };
    match plan {
        Some(plan) => {
            let detail = text!("The rate plan {plan} includes this article; change the rate plan first.", plan);
            Err(Error::refused(Code::StillInUse, detail))
        }
        None => Ok(()),
    }
}

/// A tax group goes once no article has it.
///
/// # Errors
/// 409 `still-in-use`, naming one that has a group which is to go.
pub fn check_groups_kept(conn: &Conn, kept: &[TaxGroupId]) -> Result<()> {
    let left = store::all(conn)?.into_iter().find(|a| a.tax_group_id.is_some_and(|group| !kept.contains(&group)));
    match left {
        Some(article) => {
            let detail = text!(
                "The article {name} is taxed by a group that is taken away; change the article first.",
                name = article.name
            );
            Err(Error::refused(Code::StillInUse, detail))
        }
        None => Ok(()),
    }
}
