//! `/api/accounts`: all companies with what they owe.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ageing::Ageing;
use super::api::{AgeingView, TABLES, ageing_view};
use super::file::{self, Cell, Separator};
use super::store;
use crate::db::Conn;
use crate::domain::id::CompanyId;
use crate::domain::money::{Amount, Money};
use crate::domain::order::sort;
use crate::domain::search_text::is_found_in;
use crate::domain::status::CompanyKind;
use crate::error::Result;
use crate::hotel::companies::{self, Company};
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, query, raw};
use crate::http::paging::{list_params, sorts};
use crate::http::response::Response;
use crate::http::state::App;

const HEAD: [&str; 14] = [
    "company",
    "kind",
    "has_account",
    "credit_limit",
    "balance",
    "not_due",
    "overdue",
    "overdue_to_30",
    "overdue_to_60",
    "overdue_to_90",
    "overdue_to_120",
    "overdue_over_120",
    "unmatched",
    "oldest_due_date",
];

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query("/api/accounts", "list_accounts", Access::READ, "Companies with what they owe", TABLES, list),
        query("/api/accounts/totals", "find_accounts_totals", Access::READ, "What all companies owe together", TABLES, totals),
        raw("/api/accounts/file", "export_accounts", Access::READ, "Companies with what they owe, as CSV", "text/csv", export)
            .takes::<FileParams>(),
    ]
}

/// A company with what it owes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyAccountView {
    company_id: CompanyId,
    name: String,
    kind: CompanyKind,
    is_active: bool,
    has_account: bool,
    credit_limit: Option<Amount>,
    /// Whether more is open than the limit.
    is_over_limit: bool,
    #[serde(flatten)]
    ageing: AgeingView,
}

struct Account {
    company: Company,
    ageing: Ageing,
}

fn view(account: Account, property: &Property) -> CompanyAccountView {
    let Account { company, ageing } = account;
    CompanyAccountView {
        company_id: company.id,
        name: company.name,
        kind: company.kind,
        is_active: company.is_active,
        has_account: company.has_account,
        credit_limit: company.credit_limit.map(|limit| property.amount(limit)),
        is_over_limit: company.credit_limit.is_some_and(|limit| ageing.balance() > limit),
        ageing: ageing_view(&ageing, property),
    }
}

/// Those that may pay later, and those on whose accounts anything ever stood.
fn all(conn: &Conn) -> Result<Vec<Account>> {
    let mut ageings = store::ageings(conn, settings::business_date(conn)?)?;
    let used = store::with_items(conn)?;
    let companies = companies::store::all(conn)?.into_iter();
    let listed = companies.filter(|company| company.has_account || used.contains(&company.id));
    Ok(listed.map(|company| Account { ageing: ageings.remove(&company.id).unwrap_or_default(), company }).collect())
}

sorts!(
    /// Orders of accounts.
    CompanyAccountSort, Overdue Descending {
        Overdue = "overdue_amount",
        Balance = "balance",
        Oldest = "oldest_due_date",
        Name = "name",
    }
);

list_params! {
    pub struct CompanyAccountListParams by CompanyAccountSort {
        /// Whether anything is open.
        is_open: Option<bool>,
        is_overdue: Option<bool>,
        /// A part of the name.
        q: Option<String>,
    }
}

fn list(conn: &Conn, p: CompanyAccountListParams) -> Result<List<CompanyAccountView>> {
    let (page, order) = (p.page(), p.order());
    let mut accounts = all(conn)?;
    accounts.retain(|Account { company, ageing }| {
        let is_open = !ageing.balance().is_zero() || !ageing.unmatched.is_zero();
        p.is_open.is_none_or(|open| is_open == open)
            && p.is_overdue.is_none_or(|overdue| (ageing.overdue_amount() > Money::ZERO) == overdue)
            && p.q.as_deref().is_none_or(|q| is_found_in(&company.name, q))
    });
    let name = |account: &Account| account.company.name.to_lowercase();
    sort(&mut accounts, |a, b| {
        let by = match order.by {
            CompanyAccountSort::Overdue => a.ageing.overdue_amount().cmp(&b.ageing.overdue_amount()),
            CompanyAccountSort::Balance => a.ageing.balance().cmp(&b.ageing.balance()),
            CompanyAccountSort::Oldest => a.ageing.oldest.cmp(&b.ageing.oldest),
            CompanyAccountSort::Name => name(a).cmp(&name(b)),
        };
        order.direction.of(by).then_with(|| name(a).cmp(&name(b)))
    });
    let property = settings::property(conn)?;
    Ok(page_of(accounts, page).map(|account| view(account, &property)))
}

/// What all companies owe together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountTotals {
    /// Companies on whose account something is open.
    open_count: i64,
    overdue_count: i64,
    #[serde(flatten)]
    ageing: AgeingView,
}

fn totals(conn: &Conn, _: NoParams) -> Result<AccountTotals> {
    let property = settings::property(conn)?;
    let ageings: Vec<Ageing> = store::ageings(conn, property.business_date)?.into_values().collect();
    let count =
        |is_counted: fn(&Ageing) -> bool| i64::try_from(ageings.iter().filter(|a| is_counted(a)).count()).unwrap_or(i64::MAX);
    let all = ageings.iter().copied().fold(Ageing::default(), Ageing::plus);
    Ok(AccountTotals {
        open_count: count(|_| true),
        overdue_count: count(|ageing| ageing.overdue_amount() > Money::ZERO),
        ageing: ageing_view(&all, &property),
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileParams {
    /// Commas when left out.
    separator: Option<Separator>,
}

fn export(app: &App, call: &Call) -> Result<Response> {
    let p: FileParams = call.params()?;
    let rows = app.db.read(&call.context, |conn| {
        let property = settings::property(conn)?;
        Ok(all(conn)?.into_iter().map(|account| row(account, &property)).collect())
    })?;
    file::response("attachment; filename=\"accounts.csv\"", p.separator, &HEAD, rows)
}

fn row(Account { company, ageing }: Account, property: &Property) -> Vec<Cell> {
    let money = |money: Money| Cell::value(property.amount(money));
    let mut row = vec![
        Cell::Text(company.name),
        Cell::value(company.kind),
        Cell::value(if company.has_account { "yes" } else { "no" }),
        Cell::known(company.credit_limit.map(|limit| property.amount(limit))),
        money(ageing.balance()),
        money(ageing.not_due),
        money(ageing.overdue_amount()),
    ];
    row.extend(ageing.overdue.map(money));
    row.extend([money(ageing.unmatched), Cell::known(ageing.oldest)]);
    row
}
