//! `/api/account-codes`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::codes::{self, AccountCode, AccountKey, AccountKind, Accounts};
use crate::db::{Conn, Tx};
use crate::domain::few::Few;
use crate::error::{Error, Result};
use crate::hotel::audit;
use crate::hotel::listing::Items;
use crate::http::endpoint::{Access, Endpoint, NoParams, query, update};

pub fn endpoints() -> Vec<Endpoint> {
    let what = "Which account of the bookkeeper’s everything belongs to";
    let mut endpoints = vec![query("/api/account-codes", "list_account_codes", Access::READ, what, &[], list)];
    let names = ["update_account_codes", "replace_account_codes"];
    endpoints.extend(update("/api/account-codes", names, Access::MANAGE, "Set account codes", change));
    endpoints
}

/// Something that has an account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountCodeView {
    kind: AccountKind,
    /// The id of an article, tax or levy; the name of a payment method; a word for ledgers and for what the program itself posts.
    key: String,
    /// As the hotel calls it; empty where the key says it.
    name: String,
    code: String,
    /// The code when nobody sets one.
    usual_code: &'static str,
}

fn list(conn: &Conn, _: NoParams) -> Result<Items<AccountCodeView>> {
    let view = |one: codes::Account| AccountCodeView {
        kind: one.kind,
        key: one.key,
        name: one.name,
        code: one.code,
        usual_code: one.usual_code,
    };
    Ok(Items { items: Accounts::of(conn)?.all.into_iter().map(view).collect() })
}

/// The code of one account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountCodeChange {
    kind: AccountKind,
    key: AccountKey,
    /// `null` = the usual one.
    code: Option<AccountCode>,
}

/// The codes to set; others stay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountCodesChange {
    codes: Few<AccountCodeChange, 0, 500>,
}

fn change(tx: &Tx, _: NoParams, body: AccountCodesChange) -> Result<Items<AccountCodeView>> {
    let accounts = Accounts::of(tx)?;
    let before = list(tx, NoParams {})?;
    for (at, one) in body.codes.iter().enumerate() {
        let field = |name: &str| format!("codes[{at}].{name}");
        let code =
            one.code.as_ref().map(|code| code.checked().map_err(|message| Error::invalid(field("code"), message))).transpose()?;
        codes::set(tx, &accounts, &field("key"), (one.kind, &one.key), code.as_deref())?;
    }
    let after = list(tx, NoParams {})?;
    audit::record(tx, "change", "account_codes", 1, &before, &after)?;
    Ok(after)
}
