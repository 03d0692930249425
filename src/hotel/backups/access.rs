//! Who may come in once a copy is put back: nobody by a sign-in or a device of then,
//! and nobody by what was taken from their account since. Owners' accounts are let alone:
//! a copy is also the way back after somebody has shut them out. The owner who puts it back
//! stays signed in.

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Instant;
use crate::domain::id::UserId;
use crate::error::Result;

record! {
    /// An account as the file in place has it.
    #[derive(Debug, Clone)]
    pub struct Account {
        id: UserId,
        username: String,
        password_hash: String,
        pin_hash: Option<String>,
        is_active: bool,
    }
}

record! {
    /// The sign-in of whoever puts a copy back.
    #[derive(Debug, Clone)]
    pub struct SignIn {
        token_hash: String = "s.token_hash",
        user_id: UserId = "s.user_id",
        username: String = "u.username",
        address: String = "s.address",
        user_agent: String = "s.user_agent",
        created_at: Instant = "s.created_at",
        expires_at: Instant = "s.expires_at",
    }
}

statements! {
    SIGN_IN = "access.sign_in" selects SignIn "FROM session AS s JOIN user AS u ON u.id = s.user_id
        WHERE s.id = ?1 AND s.revoked_at IS NULL";
    KEEP_SIGN_IN = "access.keep_sign_in": "INSERT INTO session (token_hash, user_id, address, user_agent, created_at, expires_at)
        SELECT ?1, id, ?4, ?5, ?6, ?7 FROM user WHERE id = ?2 AND username = ?3 AND role = 'owner' AND is_active = 1
        ON CONFLICT (token_hash) DO UPDATE SET revoked_at = NULL";
    ACCOUNTS = "access.accounts" selects Account "FROM user WHERE role <> 'owner'",
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
pub fn sign_in(conn: &Conn) -> Result<Option<SignIn>> {
    let Some(id) = conn.actor().session_id else { return Ok(None) };
    conn.one(&SIGN_IN, [id], SignIn::from_row)
}

/// # Errors
/// A file that cannot be read.
pub fn accounts(conn: &Conn) -> Result<Vec<Account>> {
    conn.all(&ACCOUNTS, [], Account::from_row)
}

/// Ends what was open when the copy was made, and holds accounts to what the file in place knows of them.
///
/// # Errors
/// When the database refuses.
pub fn close(tx: &Tx, in_place: &[Account], kept: Option<&SignIn>) -> Result<()> {
    for account in in_place {
        let pin_hash = account.pin_hash.as_ref().filter(|_| account.is_active);
        tx.run(&KEEP, (account.id, &account.username, &account.password_hash, pin_hash, account.is_active, tx.now()))?;
    }
    tx.run(&END_SIGN_INS, [tx.now()])?;
    tx.run(&REVOKE_DEVICES, [tx.now()])?;
    if let Some(one) = kept {
        let agent = &one.user_agent;
        tx.run(
            &KEEP_SIGN_IN,
            (&one.token_hash, one.user_id, &one.username, &one.address, agent, one.created_at, one.expires_at),
        )?;
    }
    Ok(())
}
