//! What is open on a folio goes to the account of a company, which pays later.

use super::owner::{self, Folio, FolioKind, Owner};
use super::transfers::{self, Halves, Transfer, Why};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, ReservationId, TransferId};
use crate::domain::money::Money;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::{companies, reservations, settings};
use crate::http::endpoint::Access;

statements! {
    CREDIT_LIMIT = "folio.credit_limit": "SELECT credit_limit FROM company WHERE id = ?1";
    // What was settled from a stay's folios on a date and stands.
    SETTLED_ON = "folio.settled_on": "SELECT t.counter_id FROM folio AS f CROSS JOIN posting AS t ON t.folio_id = f.id
        WHERE f.reservation_id = ?1 AND t.entry = 'transfer' AND t.article_id = -1 AND t.moves_id IS NULL AND t.reverses_id IS NULL
            AND t.business_date = ?2 AND t.id < t.counter_id
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = t.id AND v.entry = 'transfer')
        ORDER BY t.id DESC";
}

/// How a folio is settled.
#[derive(Debug, Clone, Default)]
pub struct Settlement {
    /// Who pays it by default.
    pub company: Option<CompanyId>,
    /// Everything that is open by default.
    pub amount: Option<Money>,
    /// A manager lets it go over the company's credit limit.
    pub override_limit: bool,
    /// Why it goes there, where that is asked.
    pub reason: String,
    pub note: String,
}

/// Moves what is open on a folio to a company's account, as an open item there that names the stay.
///
/// # Errors
/// 409 where nothing is open, before the guest is here, and over the credit limit.
pub fn settle(tx: &Tx, from: &Folio, how: &Settlement) -> Result<Transfer> {
    if from.kind == FolioKind::Company {
        return Err(Error::refused(Code::IllegalTransition, text!("This folio is a company's account already.")));
    }
    let Some(company) = how.company.or(from.payer_company_id) else {
        return Err(Error::invalid("company_id", text!("is missing")));
    };
    if let Some(stay) = from.reservation_id
        && !owner::is_earned(reservations::find(tx, stay)?.status)
    {
        let detail = text!("Only the bill of a guest who has come can go to an account.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    companies::named(tx, company)?;
    let to = owner::open(tx, Owner::Company(company))?;
    from.check_open()?;
    let amount = how.amount.unwrap_or(from.balance);
    if amount <= Money::ZERO || amount > from.balance {
        let open = settings::property(tx)?.money_in_words(from.balance.max(Money::ZERO));
        return Err(Error::refused(Code::MoreThanOriginal, text!("{open} is open on this folio.", open)));
    }
    let why = if how.reason.is_empty() { &how.note } else { &how.reason };
    transfers::note_to_account(tx, from, &to, amount, why)?;
    check_limit(tx, &to, amount, Why { note: &how.reason, override_limit: how.override_limit })?;
    let halves = Halves {
        from: (from.id, from.owner().ledger()),
        to: (to.id, to.owner().ledger()),
        amount,
        tax: Money::ZERO,
        reverses: None,
    };
    let made = transfers::find(tx, transfers::insert(tx, from.reservation_id, None, &halves, &how.note)?)?;
    transfers::tell(tx, from, &to, std::slice::from_ref(&made), ("settle", &how.note))?;
    Ok(made)
}

/// Holds what goes to a company's account, as that was before, against its credit limit.
///
/// # Errors
/// 409 `over-limit` with what is left of it, unless a manager says why it may.
pub fn check_limit(tx: &Tx, account: &Folio, amount: Money, why: Why) -> Result<()> {
    let Owner::Company(company) = account.owner() else { return Ok(()) };
    if amount <= Money::ZERO {
        return Ok(());
    }
    let Some(limit) = credit_limit(tx, company)?.filter(|limit| account.balance + amount > *limit) else { return Ok(()) };
    let may = Access::MANAGE.allows(tx.actor().role);
    if may && why.override_limit {
        let over = account.balance + amount - limit;
        return exceptions::note(tx, Exception::OverCredit, account.id, over, Some(why.note));
    }
    let property = settings::property(tx)?;
    let (limit_in_words, open) = (property.money_in_words(limit), property.money_in_words(account.balance));
    let name = &account.payer_name;
    let detail = text!("{name} has a credit limit of {limit}, and {open} is open.", name, limit = limit_in_words, open);
    Err(Error::refused(Code::OverLimit, detail)
        .with("can_override", may)
        .with("override_with", "override_limit")
        .with("limit_amount", property.amount(limit))
        .with("used_amount", property.amount(account.balance)))
}

fn credit_limit(conn: &Conn, company: CompanyId) -> Result<Option<Money>> {
    Ok(conn.one(&CREDIT_LIMIT, [company], |row| row.get(0))?.flatten())
}

/// Takes back what was settled from a stay's folios on a date: the guest is in the house again.
pub fn take_back_of(tx: &Tx, stay: ReservationId, date: Date) -> Result<()> {
    let taking: Vec<TransferId> = tx.all(&SETTLED_ON, (stay, date), |row| row.get(0))?;
    for id in taking {
        let half = transfers::find(tx, id)?;
        let made = transfers::take_back(tx, &half)?;
        let (from, to) = (owner::find(tx, half.folio_id)?, owner::find(tx, half.other_folio_id)?);
        transfers::tell(tx, &from, &to, std::slice::from_ref(&made), ("undo_transfer", ""))?;
    }
    Ok(())
}
