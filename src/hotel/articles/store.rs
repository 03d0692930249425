//! Statements of articles.

use const_format::concatcp;

use super::{Article, NewArticle};
use crate::db::record::written;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::ArticleId;
use crate::error::Result;

written!(ARTICLE: NewArticle = name, price, tax_group_id, is_favourite, is_food, is_active);

statements! {
    FIND = "articles.find" selects Article "FROM article WHERE id = ?1 AND code IS NULL";
    NAMED = "articles.named" selects Article "FROM article WHERE name = ?1 AND is_active = 1";
    ALL = "articles.all" selects Article "FROM article WHERE code IS NULL ORDER BY name LIMIT 100", scans "a hotel's articles are few";
    PLAN_WITH = "articles.plan_with": "SELECT p.name FROM rate_plan AS p CROSS JOIN json_each(p.extras) AS e
        WHERE json_extract(e.value, '$.article_id') = ?1 LIMIT 1", scans "a hotel's rate plans are few";
    PLAN_AT_ITS_PRICE = "articles.plan_at_its_price": "SELECT p.name FROM rate_plan AS p CROSS JOIN json_each(p.extras) AS e
        WHERE json_extract(e.value, '$.article_id') = ?1 AND json_extract(e.value, '$.amount') IS NULL LIMIT 1", scans "a hotel's rate plans are few";
    INSERT = "articles.insert" is concatcp!("INSERT INTO article (kind, ", ARTICLE.names, ") VALUES ('extra', ", ARTICLE.places, ")");
    UPDATE = "articles.update" is concatcp!("UPDATE article SET ", ARTICLE.sets, ", version = version + 1 WHERE id = ? AND code IS NULL");
}

pub fn find(conn: &Conn, id: ArticleId) -> Result<Option<Article>> {
    conn.one(&FIND, [id], Article::from_row)
}

pub fn named(conn: &Conn, name: &str) -> Result<Option<Article>> {
    conn.one(&NAMED, [name], Article::from_row)
}

/// In the order of their names.
pub fn all(conn: &Conn) -> Result<Vec<Article>> {
    conn.all(&ALL, [], Article::from_row)
}

/// A rate plan that sells it along.
pub fn plan_with(conn: &Conn, id: ArticleId) -> Result<Option<String>> {
    conn.one(&PLAN_WITH, [id], |row| row.get(0))
}

/// A rate plan that sells it along for what it costs by itself.
pub fn plan_at_its_price(conn: &Conn, id: ArticleId) -> Result<Option<String>> {
    conn.one(&PLAN_AT_ITS_PRICE, [id], |row| row.get(0))
}

pub fn insert(tx: &Tx, new: &NewArticle) -> Result<ArticleId> {
    Ok(ArticleId(tx.insert(&INSERT, ARTICLE.with(new, &[]))?))
}

pub fn update(tx: &Tx, id: ArticleId, after: &NewArticle) -> Result<()> {
    tx.run(&UPDATE, ARTICLE.with(after, &[&id]))?;
    Ok(())
}
