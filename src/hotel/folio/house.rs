//! Accounts of the house: what is sold to people who do not stay here, a party at the bar, a neighbour's laundry.

use super::owner::{self, Folio, PayerName};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::FolioId;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::audit;

/// Accounts that are listed: who has more closes those that are settled.
const MOST: usize = 1000;

statements! {
    ALL = "house.all" selects Folio "FROM folio WHERE kind = 'house' ORDER BY payer_name, id LIMIT 1000",
        scans "accounts of the house are few";
    IS_TAKEN = "house.is_taken": "SELECT 1 FROM folio WHERE kind = 'house' AND payer_name = ?1 AND is_closed = 0";
    INSERT = "house.insert": "INSERT INTO folio (kind, payer_name) VALUES ('house', ?1)";
}

pub type AccountName = PayerName;

/// In the order of their names.
pub fn all(conn: &Conn) -> Result<Vec<Folio>> {
    conn.all(&ALL, [], Folio::from_row)
}

/// Opens an account.
///
/// # Errors
/// 409 where one of that name is open.
pub fn open(tx: &Tx, name: &str) -> Result<Folio> {
    if name.is_empty() {
        return Err(Error::invalid("name", text!("must not be empty")));
    }
    if tx.exists(&IS_TAKEN, [name])? {
        return Err(Error::refused(Code::DuplicateName, text!("An account called {name} is open already.", name)));
    }
    if all(tx)?.len() >= MOST {
        return Err(Error::invalid("name", text!("would be one more than the {most} accounts a hotel may have", most = MOST)));
    }
    let made = owner::find(tx, FolioId(tx.insert(&INSERT, [name])?))?;
    audit::record(tx, "create", "folio", made.id.0, &audit::NOTHING, &serde_json::json!({ "name": name }))?;
    Ok(made)
}

/// # Errors
/// `NotFound` for what is no account of the house.
pub fn find(conn: &Conn, id: FolioId) -> Result<Folio> {
    let folio = owner::find(conn, id)?;
    if folio.kind == owner::FolioKind::House { Ok(folio) } else { Err(Error::NotFound(text!("This account does not exist."))) }
}
