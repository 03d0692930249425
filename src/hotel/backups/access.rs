//! Who may come in once a copy is put back: nobody by a sign-in or a device of then,
//! and nobody by what was taken from their account since. Owners are let alone: a copy
//! is also the way back after somebody has shut them out.

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::UserId;
use crate::error::Result;

/// An account as the file in place has it.
#[derive(Debug, Clone)]
pub struct Account {
    id: UserId,
    username: String,
    password_hash: String,
    pin_hash: Option<String>,
    is_active: bool,
}

statements! {
    ACCOUNTS = "access.accounts": "SELECT id, username, password_hash, pin_hash, is_active FROM user WHERE role <> 'owner'",
        scans "a hotel's staff are few";
    KEEP = "access.keep": "UPDATE user
        SET password_hash = ?3, pin_hash = ?4, is_active = min(is_active, ?5), updated_at = ?6, version = version + 1
        WHERE id = ?1 AND username = ?2 AND role <> 'owner'
            AND (password_hash <> ?3 OR pin_hash IS NOT ?4 OR is_active > ?5)";
    END_SIGN_INS = "access.end_sign_ins": "UPDATE session SET revoked_at = ?1 WHERE revoked_at IS NULL", scans "all of them are ended";
    REVOKE_DEVICES = "access.revoke_devices": "UPDATE device SET revoked_at = ?1 WHERE revoked_at IS NULL", scans "all of them are revoked";
}

/// # Errors
/// A file that cannot be read.
pub fn accounts(conn: &Conn) -> Result<Vec<Account>> {
    conn.all(&ACCOUNTS, [], |row| {
        Ok(Account {
            id: row.get(0)?,
            username: row.get(1)?,
            password_hash: row.get(2)?,
            pin_hash: row.get(3)?,
            is_active: row.get(4)?,
        })
    })
}

/// Ends what was open when the copy was made, and holds accounts to what the file in place knows of them.
///
/// # Errors
/// When the database refuses.
pub fn close(tx: &Tx, in_place: &[Account]) -> Result<()> {
    for account in in_place {
        let pin_hash = account.pin_hash.as_ref().filter(|_| account.is_active);
        tx.run(&KEEP, (account.id, &account.username, &account.password_hash, pin_hash, account.is_active, tx.now()))?;
    }
    tx.run(&END_SIGN_INS, [tx.now()])?;
    tx.run(&REVOKE_DEVICES, [tx.now()])?;
    Ok(())
}
