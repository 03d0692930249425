//! A company's account over a period: what was open before, what came and went, and what is open at its end.

use super::Item;
use super::ageing::Ageing;
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::CompanyId;
use crate::domain::money::Money;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::companies::{self, Company};
use crate::hotel::settings;

/// Lines of one statement.
const MOST: usize = 5000;

statements! {
    BEFORE = "statement.before": "SELECT coalesce(sum(amount), 0) FROM account_entry WHERE company_id = ?1 AND business_date < ?2";
    LINES = "statement.lines" selects Item "FROM account_entry
        WHERE company_id = ?1 AND business_date BETWEEN ?2 AND ?3 ORDER BY id LIMIT 5001";
    // What was open at the end of a day; matches that were taken back since are as if they had never been made.
    OPEN_AT = "statement.open_at": "SELECT e.due_date, e.amount
            - coalesce((SELECT sum(m.amount) FROM account_match AS m WHERE m.debit_id = e.id AND m.undone_at IS NULL AND m.business_date <= ?2), 0)
            + coalesce((SELECT sum(m.amount) FROM account_match AS m WHERE m.credit_id = e.id AND m.undone_at IS NULL AND m.business_date <= ?2), 0)
        FROM account_entry AS e WHERE e.company_id = ?1 AND e.business_date <= ?2";
}

/// An item, and what the account came to with it.
pub struct Line {
    pub item: Item,
    pub balance: Money,
}

pub struct Statement {
    pub company: Company,
    pub from: Date,
    pub to: Date,
    pub opening: Money,
    pub closing: Money,
    pub lines: Vec<Line>,
    pub ageing: Ageing,
}

/// From the first of the month to the business date when nobody says.
///
/// # Errors
/// `Invalid` for a period that ends before it begins, or with more lines than a statement has.
pub fn of(conn: &Conn, id: CompanyId, from: Option<Date>, to: Option<Date>) -> Result<Statement> {
    let company = companies::find(conn, id)?;
    let to = to.map_or_else(|| settings::business_date(conn), Ok)?;
    let from = from.or_else(|| Date::new(to.year(), to.month(), 1)).unwrap_or(to);
    if from > to {
        return Err(Error::invalid("to", text!("must not be before the first day")));
    }
    let items = conn.all(&LINES, (id, from, to), Item::from_row)?;
    if items.len() > MOST {
        return Err(Error::invalid("from", text!("must be later: a statement has {most} lines at most", most = MOST)));
    }
    let opening: Money = conn.scalar(&BEFORE, (id, from))?;
    let mut closing = opening;
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        closing = closing + item.amount;
        lines.push(Line { item, balance: closing });
    }
    let mut ageing = Ageing::default();
    for (due, open) in conn.all(&OPEN_AT, (id, to), |row| Ok((row.get(0)?, row.get(1)?)))? {
        ageing.add(due, open, to);
    }
    Ok(Statement { company, from, to, opening, closing, lines, ageing })
}
