//! `/api/companies/{id}/account`: what is open there, what stands on it, and its statement.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ageing::Ageing;
use super::matching::{self, Match};
use super::statement::{self, Line, Statement};
use super::{Item, ItemKind, store};
use crate::db::{Conn, Table};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{AccountItemId, CompanyId, FolioId, MatchId, ReservationId};
use crate::domain::money::{Amount, Money};
use crate::error::Result;
use crate::hotel::companies;
use crate::hotel::folio::owner::{self, Owner};
use crate::hotel::listing::{Filter, List, Listing};
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Endpoint, query};
use crate::http::paging::{Sorting, list_params, sorts};

/// What an account's answers are read from.
pub const TABLES: &[Table] =
    &[Table::AccountItem, Table::Posting, Table::Folio, Table::Company, Table::Reservation, Table::BookingGroup, Table::Invoice];

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query("/api/companies/{id}/account", "find_account", Access::READ, "What is open on a company's account", TABLES, show),
        query(
            "/api/companies/{id}/account/items",
            "list_account_items",
            Access::READ,
            "What stands on a company's account",
            TABLES,
            list,
        ),
        query(
            "/api/companies/{id}/account/items/{item_id}",
            "find_account_item",
            Access::READ,
            "One item and what it is matched with",
            TABLES,
            show_item,
        ),
        query(
            "/api/companies/{id}/account/statement",
            "find_account_statement",
            Access::READ,
            "A company's account over a period",
            TABLES,
            show_statement,
        ),
    ]
}

/// How old what is open is; all together are the balance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AgeingView {
    /// Owed, and not late yet.
    not_due_amount: Amount,
    /// Late by 1 to 30 days, to 60, to 90, to 120, and by more.
    overdue_to_30: Amount,
    overdue_to_60: Amount,
    overdue_to_90: Amount,
    overdue_to_120: Amount,
    overdue_over_120: Amount,
    overdue_amount: Amount,
    /// Received and matched with nothing yet.
    unmatched_amount: Amount,
    balance: Amount,
    /// The first day on which something was due that is not paid.
    oldest_due_date: Option<Date>,
}

pub fn ageing_view(ageing: &Ageing, property: &Property) -> AgeingView {
    let [to_30, to_60, to_90, to_120, over] = ageing.overdue.map(|band| property.amount(band));
    AgeingView {
        not_due_amount: property.amount(ageing.not_due),
        overdue_to_30: to_30,
        overdue_to_60: to_60,
        overdue_to_90: to_90,
        overdue_to_120: to_120,
        overdue_over_120: over,
        overdue_amount: property.amount(ageing.overdue_amount()),
        unmatched_amount: property.amount(ageing.unmatched),
        balance: property.amount(ageing.balance()),
        oldest_due_date: ageing.oldest,
    }
}

/// What is open on a company's account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountView {
    company_id: CompanyId,
    name: String,
    has_account: bool,
    /// `null` as long as nothing was posted to it.
    folio_id: Option<FolioId>,
    credit_limit: Option<Amount>,
    /// What the limit leaves; negative when more is open.
    available_amount: Option<Amount>,
    #[serde(flatten)]
    ageing: AgeingView,
}

pub fn account_view(conn: &Conn, id: CompanyId) -> Result<AccountView> {
    let (company, property) = (companies::find(conn, id)?, settings::property(conn)?);
    let ageing = store::ageing_of(conn, id, property.business_date)?;
    Ok(AccountView {
        company_id: id,
        name: company.name,
        has_account: company.has_account,
        folio_id: owner::known(conn, Owner::Company(id))?.map(|folio| folio.id),
        credit_limit: company.credit_limit.map(|limit| property.amount(limit)),
        available_amount: company.credit_limit.map(|limit| property.amount(limit - ageing.balance())),
        ageing: ageing_view(&ageing, &property),
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByCompany {
    pub(super) id: CompanyId,
}

fn show(conn: &Conn, at: ByCompany) -> Result<AccountView> {
    account_view(conn, at.id)
}

/// What stands on an account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ItemView {
    id: AccountItemId,
    kind: ItemKind,
    date: Date,
    due_date: Date,
    /// Owed positive, received negative.
    amount: Amount,
    /// What of it is not matched.
    open_amount: Amount,
    is_overdue: bool,
    /// The last step of which the company was reminded; 0 = of none.
    reminder_level: i64,
    reminded_on: Option<Date>,
    payment_method: Option<String>,
    reference_number: String,
    notes: String,
    reservation_id: Option<ReservationId>,
    confirmation_number: Option<String>,
    guest_name: Option<String>,
    check_in_date: Option<Date>,
    check_out_date: Option<Date>,
    /// The group or the account of the house that it came from.
    other_name: Option<String>,
    /// The invoice on the bill that was settled.
    invoice_number: Option<String>,
    created_at: Instant,
    created_by: String,
}

pub fn item_view(item: Item, property: &Property) -> ItemView {
    ItemView {
        is_overdue: item.is_overdue(property.business_date),
        id: item.id,
        kind: item.kind,
        date: item.business_date,
        due_date: item.due_date,
        amount: property.amount(item.amount),
        open_amount: property.amount(item.open_amount),
        reminder_level: item.reminder_level,
        reminded_on: item.reminded_on,
        payment_method: item.method,
        reference_number: item.reference,
        notes: item.note,
        reservation_id: item.reservation_id,
        confirmation_number: item.confirmation_number,
        guest_name: item.guest_name,
        check_in_date: item.check_in_date,
        check_out_date: item.check_out_date,
        other_name: item.other_name,
        invoice_number: item.invoice_number,
        created_at: item.created_at,
        created_by: item.created_by,
    }
}

sorts!(
    /// Orders of what stands on an account.
    ItemSort, Id Descending { Id = "id" by ["id"], DueDate = "due_date" by ["due_date", "id"] }
);

list_params! {
    pub struct ItemListParams by ItemSort {
        id: CompanyId,
        /// Whether something of it is not matched.
        is_open: Option<bool>,
        /// Owed, or received.
        is_owed: Option<bool>,
        date_from: Option<Date>,
        date_to: Option<Date>,
    }
}

fn list(conn: &Conn, p: ItemListParams) -> Result<List<ItemView>> {
    let (page, order) = (p.page(), p.order());
    companies::find(conn, p.id)?;
    let mut filter = Filter::default();
    filter
        .with("company_id = ?", Some(p.id))
        .with("(open_amount <> 0) = ?", p.is_open)
        .with("(amount > 0) = ?", p.is_owed)
        .with("business_date >= ?", p.date_from)
        .with("business_date <= ?", p.date_to);
    let listing = Listing {
        name: "accounts.items",
        table: "account_entry",
        columns: Item::COLUMNS,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let property = settings::property(conn)?;
    Ok(listing.read(conn, page, None, Item::from_row)?.map(|item| item_view(item, &property)))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByItem {
    id: CompanyId,
    item_id: AccountItemId,
}

/// What an item is matched with.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MatchView {
    id: MatchId,
    /// What is owed, and what was received.
    debit_id: AccountItemId,
    credit_id: AccountItemId,
    amount: Amount,
    date: Date,
    created_at: Instant,
    created_by: String,
}

pub fn match_view(m: Match, property: &Property) -> MatchView {
    MatchView {
        id: m.id,
        debit_id: m.debit_id,
        credit_id: m.credit_id,
        amount: property.amount(m.amount),
        date: m.business_date,
        created_at: m.created_at,
        created_by: m.created_by,
    }
}

/// A match, and the item on its other side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MatchedView {
    #[serde(flatten)]
    matched: MatchView,
    with: ItemView,
}

/// An item and what it is matched with.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ItemDetail {
    #[serde(flatten)]
    item: ItemView,
    matches: Vec<MatchedView>,
}

fn show_item(conn: &Conn, at: ByItem) -> Result<ItemDetail> {
    let property = settings::property(conn)?;
    companies::find(conn, at.id)?;
    let item = super::find(conn, at.id, at.item_id)?;
    let mut matches = Vec::new();
    for matched in matching::of_item(conn, &item)? {
        let other = if item.is_owed() { matched.credit_id } else { matched.debit_id };
        let with = item_view(super::find(conn, at.id, other)?, &property);
        matches.push(MatchedView { matched: match_view(matched, &property), with });
    }
    Ok(ItemDetail { item: item_view(item, &property), matches })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementParams {
    id: CompanyId,
    /// The first day of the month of the last one, when left out.
    from: Option<Date>,
    /// The business date when left out.
    to: Option<Date>,
}

/// A line of a statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LineView {
    #[serde(flatten)]
    item: ItemView,
    /// What the account came to after it.
    balance: Amount,
}

/// A company's account over a period.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatementView {
    company_id: CompanyId,
    name: String,
    from: Date,
    to: Date,
    opening_balance: Amount,
    charged_amount: Amount,
    received_amount: Amount,
    closing_balance: Amount,
    lines: Vec<LineView>,
    /// Of what was open at the end of the last day.
    ageing: AgeingView,
}

fn show_statement(conn: &Conn, p: StatementParams) -> Result<StatementView> {
    let property = settings::property(conn)?;
    let Statement { company, from, to, opening, closing, lines, ageing } = statement::of(conn, p.id, p.from, p.to)?;
    let sum = |is_owed: bool| -> Money {
        lines.iter().filter(|line| line.item.is_owed() == is_owed).map(|line| line.item.amount).sum()
    };
    let (charged, received) = (sum(true), -sum(false));
    let line = |Line { item, balance }: Line| LineView { item: item_view(item, &property), balance: property.amount(balance) };
    Ok(StatementView {
        company_id: company.id,
        name: company.name,
        from,
        to,
        opening_balance: property.amount(opening),
        charged_amount: property.amount(charged),
        received_amount: property.amount(received),
        closing_balance: property.amount(closing),
        lines: lines.into_iter().map(line).collect(),
        ageing: ageing_view(&ageing, &property),
    })
}
