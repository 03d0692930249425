//! `/api/house-accounts`, and the settling of any folio to a company's account.

use schemars::JsonSchema;
use serde::Deserialize;

use super::api::{ChargeRequest, ChargeView, ReasonRequest, charge_view_of, post_charge, reason};
use super::house::{self, AccountName};
use super::owner::{self, Folio, Owner};
use super::settle::{self, Settlement};
use super::transfers::TransferNote;
use super::windows_api::{ByFolio, TABLES, TransferView, WindowView, transfer_view, window_view};
use crate::db::{Conn, Tx};
use crate::domain::id::{ChargeId, CompanyId, FolioId};
use crate::domain::money::{Decimal, Money};
use crate::domain::order::sort;
use crate::domain::search_text::is_found_in;
use crate::error::{Error, Result};
use crate::hotel::audit::Reason;
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query("/api/house-accounts", "list_house_accounts", Access::READ, "Accounts of the house", TABLES, list),
        command(
            Method::Post,
            "/api/house-accounts",
            "create_house_account",
            Access::DESK,
            "Open an account of the house",
            create,
        )
        .creates(),
        command(
            Method::Post,
            "/api/house-accounts/{id}/charges",
            "create_house_charge",
            Access::DESK,
            "Sell something on an account of the house",
            charge,
        )
        .creates(),
        command(
            Method::Post,
            "/api/house-accounts/{id}/charges/{charge_id}/void",
            "void_house_charge",
            Access::DESK,
            "Take a charge of an account back on its business date",
            void,
        )
        .creates(),
        command(
            Method::Post,
            "/api/folios/{id}/settle",
            "settle_folio",
            Access::DESK,
            "Move what is open on a folio to a company's account",
            settle_folio,
        )
        .creates(),
    ]
}

sorts!(
    /// Orders of accounts.
    AccountSort, Name Ascending {
        Name = "name",
        Id = "id",
    }
);

list_params! {
    pub struct AccountListParams by AccountSort {
        is_closed: Option<bool>,
        /// A part of the name.
        q: Option<String>,
    }
}

fn list(conn: &Conn, p: AccountListParams) -> Result<List<WindowView>> {
    let (page, order) = (p.page(), p.order());
    let property = settings::property(conn)?;
    let mut accounts = house::all(conn)?;
    accounts.retain(|account| {
        p.is_closed.is_none_or(|closed| account.is_closed == closed)
            && p.q.as_deref().is_none_or(|q| is_found_in(&account.payer_name, q))
    });
    sort(&mut accounts, |a, b| {
        order.direction.of(match order.by {
            AccountSort::Name => a.payer_name.to_lowercase().cmp(&b.payer_name.to_lowercase()),
            AccountSort::Id => a.id.cmp(&b.id),
        })
    });
    Ok(page_of(accounts, page).map(|account: Folio| window_view(account, Money::ZERO, &property)))
}

/// An account to be opened.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountRequest {
    name: AccountName,
}

fn create(tx: &Tx, _: NoParams, body: AccountRequest) -> Result<WindowView> {
    let name = body.name.checked().map_err(|m| Error::invalid("name", m))?;
    Ok(window_view(house::open(tx, &name)?, Money::ZERO, &settings::property(tx)?))
}

fn charge(tx: &Tx, at: ByFolio, body: ChargeRequest) -> Result<ChargeView> {
    let account = house::find(tx, at.id)?;
    post_charge(tx, Owner::House(account.id), body)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByAccountCharge {
    id: FolioId,
    charge_id: ChargeId,
}

fn void(tx: &Tx, at: ByAccountCharge, body: ReasonRequest) -> Result<ChargeView> {
    let account = house::find(tx, at.id)?;
    let made = super::void_on(tx, &account, at.charge_id, &reason(&body.reason)?)?;
    charge_view_of(tx, made, &settings::property(tx)?)
}

/// What goes to whose account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    /// Who pays the folio, when left out.
    company_id: Option<CompanyId>,
    /// Everything that is open, when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    /// Over the company's credit limit, as managers may, with a reason.
    override_limit: Option<bool>,
    /// Asked for over the limit, and for a company with which no account is agreed.
    reason: Option<Reason>,
    notes: Option<TransferNote>,
}

fn settle_folio(tx: &Tx, at: ByFolio, body: SettleRequest) -> Result<TransferView> {
    let property = settings::property(tx)?;
    let reason = body.reason.unwrap_or_default().checked().map_err(|m| Error::invalid("reason", m))?;
    let how = Settlement {
        company: body.company_id,
        amount: body.amount.map(|amount| property.money("amount", &amount)).transpose()?,
        override_limit: body.override_limit == Some(true),
        reason,
        note: body.notes.map_or_else(|| Ok(String::new()), |n| n.checked().map_err(|m| Error::invalid("notes", m)))?,
    };
    let made = settle::settle(tx, &owner::find(tx, at.id)?, &how)?;
    transfer_view(tx, made, &property)
}
