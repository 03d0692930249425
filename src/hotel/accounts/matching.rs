//! Which money pays for what on an account.

use std::collections::HashMap;

use serde_json::json;

use super::{Item, store};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{AccountItemId, CompanyId, MatchId, PaymentId};
use crate::domain::money::Money;
use crate::domain::order::sort;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::{audit, settings};

statements! {
    INSERT = "matches.insert": "INSERT INTO account_match (debit_id, credit_id, amount, business_date, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    UNDO = "matches.undo": "UPDATE account_match SET undone_at = ?2, undone_by = ?3 WHERE id = ?1 AND undone_at IS NULL";
    FIND = "matches.find" selects Match "FROM account_match WHERE id = ?1";
    OF_DEBIT = "matches.of_debit" selects Match "FROM account_match WHERE debit_id = ?1 AND undone_at IS NULL ORDER BY id LIMIT 10000";
    OF_CREDIT = "matches.of_credit" selects Match "FROM account_match WHERE credit_id = ?1 AND undone_at IS NULL ORDER BY id LIMIT 10000";
    // What cash was rounded by, where that is in the payer's favour.
    CAME_ALONG = "matches.came_along": "SELECT id FROM posting WHERE payment_id = ?1 AND amount < 0 ORDER BY id";
    // What was said by whoever posted it: of one line, or of one stay.
    KIN = "matches.kin": "SELECT p.moves_id, p.reservation_id FROM posting AS p WHERE p.id = ?1";
}

record! {
    /// An amount of an item that is owed, and the same of one that was received.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Match {
        pub id: MatchId,
        pub debit_id: AccountItemId,
        pub credit_id: AccountItemId,
        pub amount: Money,
        pub business_date: Date,
        pub created_at: Instant,
        pub created_by: String,
        pub undone_at: Option<Instant>,
    }
}

/// So much of an item that is owed; all that is open of it when nobody says.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub debit: AccountItemId,
    pub amount: Option<Money>,
}

/// What an item is matched with, and stands.
pub fn of_item(conn: &Conn, item: &Item) -> Result<Vec<Match>> {
    let statement = if item.is_owed() { OF_DEBIT } else { OF_CREDIT };
    conn.all(&statement, [item.id], Match::from_row)
}

fn find(conn: &Conn, company: CompanyId, id: MatchId) -> Result<Match> {
    let missing = || Error::NotFound(text!("This match does not exist."));
    let found = conn.one(&FIND, [id], Match::from_row)?.ok_or_else(missing)?;
    super::find(conn, company, found.debit_id).map(|_| found).map_err(|_| missing())
}

fn insert(tx: &Tx, (debit, credit): (AccountItemId, AccountItemId), amount: Money) -> Result<Match> {
    let values = (debit, credit, amount, settings::business_date(tx)?, tx.now(), &tx.actor().username);
    let id = MatchId(tx.insert(&INSERT, values)?);
    stored(tx, id)
}

fn stored(conn: &Conn, id: MatchId) -> Result<Match> {
    conn.one(&FIND, [id], Match::from_row)?.ok_or_else(|| Error::internal("a match that was just written"))
}

/// Says which debts an item that was received pays for.
///
/// # Errors
/// `Invalid` for items of the wrong side; 409 for more than is open of either.
pub fn match_parts(tx: &Tx, company: CompanyId, credit: AccountItemId, parts: &[Part]) -> Result<Vec<Match>> {
    let credit = super::find(tx, company, credit)?;
    if credit.is_owed() {
        return Err(Error::invalid("credit_id", text!("must be something that was received")));
    }
    let mut left = -credit.open_amount;
    let mut made = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        let field = |name: &str| format!("items[{n}].{name}");
        let debit =
            super::find(tx, company, part.debit).map_err(|_| Error::invalid(field("debit_id"), text!("does not exist")))?;
        if !debit.is_owed() {
            return Err(Error::invalid(field("debit_id"), text!("must be something that is owed")));
        }
        let most = debit.open_amount.min(left);
        let amount = part.amount.unwrap_or(most);
        if amount <= Money::ZERO && part.amount.is_some() {
            return Err(Error::invalid(field("amount"), text!("must be more than zero")));
        }
        if amount > most || amount.is_zero() {
            let most = settings::property(tx)?.money_in_words(most);
            return Err(Error::refused(Code::MoreThanOriginal, text!("{most} is the most that can be matched.", most)));
        }
        left = left - amount;
        made.push(insert(tx, (debit.id, credit.id), amount)?);
    }
    told(tx, company, "match", &made)?;
    Ok(made)
}

/// Lets what was received pay for what is owed: what belongs to the same line or stay first, then the oldest. Of one item that
/// was received, or of all.
pub fn match_oldest(tx: &Tx, company: CompanyId, only: Option<AccountItemId>) -> Result<Vec<Match>> {
    if let Some(only) = only {
        let credit = super::find(tx, company, only)?;
        if credit.is_owed() {
            return Err(Error::invalid("credit_id", text!("must be something that was received")));
        }
    }
    let open = store::open_of(tx, company)?;
    let (mut debits, credits): (Vec<Item>, Vec<Item>) = open.into_iter().partition(Item::is_owed);
    let mut kin = HashMap::with_capacity(debits.len());
    for debit in &debits {
        kin.insert(debit.id, kin_of(tx, debit.id)?);
    }
    let mut made = Vec::new();
    for credit in credits.into_iter().filter(|credit| only.is_none_or(|only| only == credit.id)) {
        let own = kin_of(tx, credit.id)?;
        let distance = |debit: &Item| {
            let other = kin.get(&debit.id).copied().unwrap_or_default();
            let is_same = |a: Option<i64>, b: Option<i64>| a.is_some() && a == b;
            (!is_same(own.0, other.0), !is_same(own.1, other.1), debit.due_date, debit.id)
        };
        sort(&mut debits, |a, b| distance(a).cmp(&distance(b)));
        let mut left = -credit.open_amount;
        for debit in debits.iter_mut().filter(|debit| !debit.open_amount.is_zero()) {
            let amount = debit.open_amount.min(left);
            if amount.is_zero() {
                break;
            }
            left = left - amount;
            debit.open_amount = debit.open_amount - amount;
            made.push(insert(tx, (debit.id, credit.id), amount)?);
        }
    }
    told(tx, company, "match", &made)?;
    Ok(made)
}

/// The items that came along with a payment, and were received as it was.
pub fn along_with(conn: &Conn, payment: PaymentId) -> Result<Vec<AccountItemId>> {
    conn.all(&CAME_ALONG, [payment], |row| row.get(0))
}

/// The line of which an item is a part, and its stay.
fn kin_of(conn: &Conn, id: AccountItemId) -> Result<(Option<i64>, Option<i64>)> {
    Ok(conn.one(&KIN, [id], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default())
}

/// Takes a match back: both sides are open again.
///
/// # Errors
/// 409 for one that is taken back already.
pub fn undo(tx: &Tx, company: CompanyId, id: MatchId) -> Result<Match> {
    let found = find(tx, company, id)?;
    if found.undone_at.is_some() {
        return Err(Error::refused(Code::AlreadyReversed, text!("This match is already undone.")));
    }
    tx.run(&UNDO, (id, tx.now(), &tx.actor().username))?;
    told(tx, company, "unmatch", std::slice::from_ref(&found))?;
    stored(tx, id)
}

fn told(tx: &Tx, company: CompanyId, action: &str, matches: &[Match]) -> Result<()> {
    if matches.is_empty() {
        return Ok(());
    }
    let entry =
        |m: &Match| json!({"match_id": m.id, "debit_id": m.debit_id, "credit_id": m.credit_id, "amount_minor": m.amount.0});
    let sum: Money = matches.iter().map(|m| m.amount).sum();
    let facts = json!({ "amount_minor": sum.0, "matches": matches.iter().map(entry).collect::<Vec<_>>() });
    audit::record(tx, action, "company", company.0, &audit::NOTHING, &facts)
}
