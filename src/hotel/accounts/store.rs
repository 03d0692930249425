//! Statements of accounts and what stands on them.

use std::collections::HashMap;

use super::Item;
use super::ageing::Ageing;
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{AccountItemId, CompanyId};
use crate::domain::money::Money;
use crate::error::Result;

statements! {
    FIND = "accounts.find" selects Item "FROM account_entry WHERE id = ?1";
    // The oldest debt first; what was received in the order in which it came.
    OPEN_OF = "accounts.open_of" selects Item "FROM account_entry
        WHERE id IN (SELECT i.id FROM account_item AS i INDEXED BY account_item_open WHERE i.company_id = ?1 AND i.open_amount <> 0)
        ORDER BY due_date, id LIMIT 20000";
    OPEN_SUMS_OF = "accounts.open_sums_of": "SELECT due_date, sum(open_amount) FROM account_item INDEXED BY account_item_open
        WHERE company_id = ?1 AND open_amount <> 0 GROUP BY due_date, open_amount > 0";
    OPEN_SUMS = "accounts.open_sums": "SELECT company_id, due_date, sum(open_amount) FROM account_item INDEXED BY account_item_open
        WHERE open_amount <> 0 GROUP BY company_id, due_date, open_amount > 0", scans "what is open on accounts, by its index";
    WITH_ITEMS = "accounts.with_items": "SELECT DISTINCT company_id FROM account_item", scans "an index of few companies";
}

pub fn find(conn: &Conn, id: AccountItemId) -> Result<Option<Item>> {
    conn.one(&FIND, [id], Item::from_row)
}

/// What is open on an account, the oldest first.
pub fn open_of(conn: &Conn, company: CompanyId) -> Result<Vec<Item>> {
    conn.all(&OPEN_OF, [company], Item::from_row)
}

pub fn ageing_of(conn: &Conn, company: CompanyId, today: Date) -> Result<Ageing> {
    let mut ageing = Ageing::default();
    for (due, open) in conn.all(&OPEN_SUMS_OF, [company], |row| Ok((row.get(0)?, row.get(1)?)))? {
        ageing.add(due, open, today);
    }
    Ok(ageing)
}

/// Of every company on whose account something is open.
pub fn ageings(conn: &Conn, today: Date) -> Result<HashMap<CompanyId, Ageing>> {
    let mut all: HashMap<CompanyId, Ageing> = HashMap::new();
    let rows: Vec<(CompanyId, Date, Money)> = conn.all(&OPEN_SUMS, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (company, due, open) in rows {
        all.entry(company).or_default().add(due, open, today);
    }
    Ok(all)
}

/// The companies on whose accounts anything ever stood.
pub fn with_items(conn: &Conn) -> Result<Vec<CompanyId>> {
    conn.all(&WITH_ITEMS, [], |row| row.get(0))
}
