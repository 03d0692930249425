//! Account codes: which account of the bookkeeper's an article, a payment method, a tax, a levy or a ledger belongs to. What nobody set
//! has a code of a small chart of accounts, so that a journal is whole from the first day.

use std::collections::BTreeMap;

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{ArticleId, LevyId, TaxId};
use crate::domain::status::{Ledger, words};
use crate::domain::text::Name;
use crate::domain::wording::text;
use crate::error::{Error, Result};

statements! {
    OWN = "reports.account_codes": "SELECT kind, key, code FROM account_code", scans "as many as there are things to account for";
    SET = "reports.set_account_code": "INSERT INTO account_code (kind, key, code) VALUES (?1, ?2, ?3)
        ON CONFLICT (kind, key) DO UPDATE SET code = excluded.code";
    FORGET = "reports.forget_account_code": "DELETE FROM account_code WHERE kind = ?1 AND key = ?2";
    ARTICLES = "reports.accounted_articles": "SELECT id, coalesce(code, ''), kind, coalesce(name, ''), is_food FROM article
        WHERE kind NOT IN ('money', 'transfer', 'levy') ORDER BY code IS NULL, abs(id), name LIMIT 500", scans "a hotel's articles are few";
    METHODS = "reports.accounted_methods": "SELECT name, kind FROM payment_method ORDER BY id LIMIT 500", scans "a short list";
    TAXES = "reports.accounted_taxes": "SELECT id, name FROM tax ORDER BY position, id LIMIT 500", scans "a hotel has a handful";
    LEVIES = "reports.accounted_levies": "SELECT id, name FROM levy ORDER BY position, id LIMIT 500", scans "a hotel has a handful";
}

pub type AccountCode = Name<20>;
/// As long as what a method may be called.
pub type AccountKey = Name<100>;

words!(
    /// What has an account.
    AccountKind { Ledger = "ledger", Method = "method", Article = "article", Tax = "tax", Levy = "levy" }
);

/// Something that has an account.
#[derive(Debug, Clone)]
pub struct Account {
    pub kind: AccountKind,
    /// The id of an article, tax or levy; the name of a method; the word of a ledger or of what the program itself posts.
    pub key: String,
    /// As the hotel calls it; empty of what the program itself posts.
    pub name: String,
    pub code: String,
    /// The code when nobody sets one.
    pub usual_code: &'static str,
}

/// Every account there is.
#[derive(Debug)]
pub struct Accounts {
    pub all: Vec<Account>,
    places: BTreeMap<(AccountKind, String), usize>,
    articles: BTreeMap<ArticleId, usize>,
}

fn usual_of_ledger(ledger: Ledger) -> &'static str {
    match ledger {
        Ledger::Guest => "1100",
        Ledger::Company => "1200",
        Ledger::House => "1300",
        Ledger::Deposit => "2100",
        Ledger::Security => "2150",
    }
}

fn usual_of_method(kind: &str) -> &'static str {
    match kind {
        "cash" => "1000",
        "card" => "1020",
        "voucher" => "2300",
        _ => "1010",
    }
}

fn usual_of_article(kind: &str, is_food: bool) -> &'static str {
    match kind {
        "room" => "4000",
        "extra" if is_food => "4200",
        "extra" => "4100",
        "cancellation_fee" | "no_show_fee" | "reminder_fee" => "4300",
        "tip" => "2400",
        "voucher" => "2300",
        "rounding" => "4950",
        _ => "4900",
    }
}

const USUAL_OF_TAX: &str = "2200";
const USUAL_OF_LEVY: &str = "2250";

impl Accounts {
    pub fn of(conn: &Conn) -> Result<Accounts> {
        let own = conn.all(&OWN, [], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
        let own: BTreeMap<(AccountKind, String), String> = own.into_iter().collect();
        let mut found = Accounts { all: Vec::new(), places: BTreeMap::new(), articles: BTreeMap::new() };
        for ledger in Ledger::ALL {
            found.add(&own, AccountKind::Ledger, ledger.to_string(), String::new(), usual_of_ledger(*ledger));
        }
        let methods: Vec<(String, String)> = conn.all(&METHODS, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (name, kind) in methods {
            found.add(&own, AccountKind::Method, name.clone(), name, usual_of_method(&kind));
        }
        type Sold = (ArticleId, String, String, String, bool);
        let read = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
        let articles: Vec<Sold> = conn.all(&ARTICLES, [], read)?;
        for (id, code, kind, name, is_food) in articles {
            found.articles.insert(id, found.all.len());
            let key = if code.is_empty() { id.to_string() } else { code };
            found.add(&own, AccountKind::Article, key, name, usual_of_article(&kind, is_food));
        }
        for (kind, sql, usual) in [(AccountKind::Tax, &TAXES, USUAL_OF_TAX), (AccountKind::Levy, &LEVIES, USUAL_OF_LEVY)] {
            let named: Vec<(i64, String)> = conn.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            for (id, name) in named {
                found.add(&own, kind, id.to_string(), name, usual);
            }
        }
        Ok(found)
    }

    fn add(
        &mut self,
        own: &BTreeMap<(AccountKind, String), String>,
        kind: AccountKind,
        key: String,
        name: String,
        usual: &'static str,
    ) {
        let code = own.get(&(kind, key.clone())).cloned().unwrap_or_else(|| usual.to_owned());
        self.places.insert((kind, key.clone()), self.all.len());
        self.all.push(Account { kind, key, name, code, usual_code: usual });
    }

    fn code(&self, kind: AccountKind, key: &str, usual: &str) -> String {
        self.places.get(&(kind, key.to_owned())).map_or_else(|| usual.to_owned(), |at| self.all[*at].code.clone())
    }

    pub fn of_ledger(&self, ledger: Ledger) -> String {
        self.code(AccountKind::Ledger, ledger.as_str(), usual_of_ledger(ledger))
    }

    /// Also of a method that is on no list any more.
    pub fn of_method(&self, method: &str) -> String {
        self.code(AccountKind::Method, method, usual_of_method(""))
    }

    pub fn of_article(&self, id: ArticleId) -> String {
        let usual = if id == ArticleId::LEVY { USUAL_OF_LEVY } else { usual_of_article("", false) };
        self.articles.get(&id).map_or_else(|| usual.to_owned(), |at| self.all[*at].code.clone())
    }

    pub fn of_tax(&self, id: TaxId) -> String {
        self.code(AccountKind::Tax, &id.to_string(), USUAL_OF_TAX)
    }

    pub fn of_levy(&self, id: LevyId) -> String {
        self.code(AccountKind::Levy, &id.to_string(), USUAL_OF_LEVY)
    }

    /// Levies, each with its name.
    pub fn levies(&self) -> impl Iterator<Item = (LevyId, &str)> {
        let levies = self.all.iter().filter(|one| one.kind == AccountKind::Levy);
        levies.filter_map(|one| Some((LevyId(one.key.parse().ok()?), one.name.as_str())))
    }

    /// What a tax is called.
    pub fn tax_name(&self, id: TaxId) -> String {
        let at = self.places.get(&(AccountKind::Tax, id.to_string()));
        at.map(|at| self.all[*at].name.clone()).unwrap_or_default()
    }
}

/// Sets the code of an account; `None` = the usual one.
///
/// # Errors
/// `Invalid` on `field` when there is no such account.
pub fn set(tx: &Tx, accounts: &Accounts, field: &str, (kind, key): (AccountKind, &str), code: Option<&str>) -> Result<()> {
    if !accounts.places.contains_key(&(kind, key.to_owned())) {
        return Err(Error::invalid(field, text!("is no account of this hotel")));
    }
    match code {
        Some(code) => tx.run(&SET, (kind, key, code)).map(|_| ()),
        None => tx.run(&FORGET, (kind, key)).map(|_| ()),
    }
}
