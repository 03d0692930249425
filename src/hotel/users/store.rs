//! Statements of accounts and sign-ins.

use super::{NewUser, User};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::date::Instant;
use crate::domain::id::{DeviceId, SessionId, UserId};
use crate::error::Result;

statements! {
    FIND = "users.find" selects User "FROM user WHERE id = ?1";
    FIND_NAMED = "users.find_named" selects User "FROM user WHERE username = ?1";
    CREDENTIALS = "users.credentials": "SELECT id, password_hash FROM user WHERE username = ?1 AND is_active = 1";
    PASSWORD = "users.password": "SELECT password_hash FROM user WHERE id = ?1 AND is_active = 1";
    LIST = "users.list" selects User "FROM user ORDER BY username LIMIT 1000",
        scans "a hotel's staff are few";
    ANY = "users.any": "SELECT 1 FROM user LIMIT 1", scans "one row is enough";
    COUNT_OWNERS = "users.count_owners": "SELECT count(*) FROM user WHERE role = 'owner' AND is_active = 1", scans "a hotel's staff are few";
    INSERT = "users.insert": "INSERT INTO user (username, full_name, role, password_hash, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
    UPDATE = "users.update": "UPDATE user
        SET username = ?2, full_name = ?3, role = ?4, is_active = ?5, updated_at = ?6, version = version + 1,
            pin_hash = CASE WHEN ?4 = 'owner' OR ?5 = 0 THEN NULL ELSE pin_hash END
        WHERE id = ?1";
    SET_PASSWORD = "users.set_password": "UPDATE user SET password_hash = ?2, pin_hash = NULL, updated_at = ?3, version = version + 1 WHERE id = ?1";
    SET_PIN = "users.set_pin": "UPDATE user SET pin_hash = ?2, updated_at = ?3, version = version + 1 WHERE id = ?1";
    FORGET_TRIES = "users.forget_pin_tries": "DELETE FROM pin_try WHERE user_id = ?1";
    INSERT_SESSION = "sessions.insert": "INSERT INTO session (token_hash, user_id, address, user_agent, device_id, created_at, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    FIND_SESSION = "sessions.find" selects FoundSession "FROM session AS s JOIN user AS u ON u.id = s.user_id
        WHERE s.token_hash = ?1 AND s.revoked_at IS NULL AND u.is_active = 1";
    LIST_SESSIONS = "sessions.list" selects ListedSession "FROM session AS s JOIN user AS u ON u.id = s.user_id LEFT JOIN device AS d ON d.id = s.device_id
        WHERE s.user_id = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2
        ORDER BY s.created_at DESC
        LIMIT 100";
    END_OF_SESSION = "sessions.end": "SELECT s.device_id, s.created_at, s.expires_at
        FROM session AS s JOIN user AS u ON u.id = s.user_id
        WHERE s.id = ?1 AND s.revoked_at IS NULL AND u.is_active = 1";
    OPEN_SESSIONS = "sessions.open" selects OpenSession "FROM session
        WHERE revoked_at IS NULL
        ORDER BY user_id, created_at
        LIMIT 100000", scans "the index of open sign-ins: those that are over leave it";
    OWNER_OF_SESSION = "sessions.owner": "SELECT user_id FROM session WHERE id = ?1 AND revoked_at IS NULL";
    REVOKE = "sessions.revoke": "UPDATE session SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    REVOKE_ALL = "sessions.revoke_all": "UPDATE session SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL";
}

pub fn find(conn: &Conn, id: UserId) -> Result<Option<User>> {
    conn.one(&FIND, [id], User::from_row)
}

pub fn find_named(conn: &Conn, username: &str) -> Result<Option<User>> {
    conn.one(&FIND_NAMED, [username], User::from_row)
}

pub fn credentials(conn: &Conn, username: &str) -> Result<Option<(UserId, String)>> {
    conn.one(&CREDENTIALS, [username], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// `None` when the account is closed.
pub fn password_hash(conn: &Conn, id: UserId) -> Result<Option<String>> {
    conn.one(&PASSWORD, [id], |row| row.get(0))
}

pub fn list(conn: &Conn) -> Result<Vec<User>> {
    conn.all(&LIST, [], User::from_row)
}

pub fn has_any(conn: &Conn) -> Result<bool> {
    conn.exists(&ANY, [])
}

pub fn count_owners(conn: &Conn) -> Result<i64> {
    conn.scalar(&COUNT_OWNERS, [])
}

pub fn insert(tx: &Tx, new: &NewUser) -> Result<UserId> {
    Ok(UserId(tx.insert(&INSERT, (&new.username, &new.full_name, new.role, &new.password_hash, tx.now()))?))
}

pub fn update(tx: &Tx, user: &User) -> Result<()> {
    tx.run(&UPDATE, (user.id, &user.username, &user.full_name, user.role, user.is_active, tx.now()))?;
    Ok(())
}

pub fn set_password(tx: &Tx, id: UserId, hash: &str) -> Result<()> {
    tx.run(&SET_PASSWORD, (id, hash, tx.now()))?;
    Ok(())
}

pub fn set_pin(tx: &Tx, id: UserId, hash: Option<&str>) -> Result<()> {
    tx.run(&SET_PIN, (id, hash, tx.now()))?;
    Ok(())
}

/// The person's PIN is no longer locked.
pub fn forget_tries(tx: &Tx, id: UserId) -> Result<()> {
    tx.run(&FORGET_TRIES, [id])?;
    Ok(())
}

/// A sign-in to be stored.
pub struct NewSession<'a> {
    pub token_hash: &'a str,
    pub user_id: UserId,
    pub address: &'a str,
    pub user_agent: &'a str,
    /// Where it is begun by PIN.
    pub device_id: Option<DeviceId>,
    pub expires_at: Instant,
}

pub fn insert_session(tx: &Tx, new: &NewSession) -> Result<SessionId> {
    let values = (new.token_hash, new.user_id, new.address, new.user_agent, new.device_id, tx.now(), new.expires_at);
    Ok(SessionId(tx.insert(&INSERT_SESSION, values)?))
}

record! {
    /// A sign-in that has not been revoked.
    pub struct FoundSession {
        pub id: SessionId = "s.id",
        pub user_id: UserId = "s.user_id",
        pub device_id: Option<DeviceId> = "s.device_id",
        pub created_at: Instant = "s.created_at",
        pub expires_at: Instant = "s.expires_at",
        pub username: String = "u.username",
        pub role: Role = "u.role",
    }
}

pub fn find_session(conn: &Conn, token_hash: &str) -> Result<Option<FoundSession>> {
    conn.one(&FIND_SESSION, [token_hash], FoundSession::from_row)
}

record! {
    /// A sign-in as its owner sees it.
    pub struct ListedSession {
        pub id: SessionId = "s.id",
        pub username: String = "u.username",
        pub address: String = "s.address",
        pub user_agent: String = "s.user_agent",
        /// Where it was begun by PIN.
        pub device_name: Option<String> = "d.name",
        pub created_at: Instant = "s.created_at",
        pub expires_at: Instant = "s.expires_at",
    }
}

pub fn list_sessions(conn: &Conn, user: UserId) -> Result<Vec<ListedSession>> {
    conn.all(&LIST_SESSIONS, (user, conn.now()), ListedSession::from_row)
}

record! {
    /// A sign-in that is not marked as over.
    pub struct OpenSession {
        pub id: SessionId,
        pub device_id: Option<DeviceId>,
        pub created_at: Instant,
        pub expires_at: Instant,
    }
}

pub fn open_sessions(conn: &Conn) -> Result<Vec<OpenSession>> {
    conn.all(&OPEN_SESSIONS, [], OpenSession::from_row)
}

/// Where a sign-in was begun by PIN, when it was begun, and when it expires; `None`
/// when it has been revoked, or its account is not active.
pub fn end_of_session(conn: &Conn, id: SessionId) -> Result<Option<(Option<DeviceId>, Instant, Instant)>> {
    conn.one(&END_OF_SESSION, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

pub fn owner_of_session(conn: &Conn, id: SessionId) -> Result<Option<UserId>> {
    conn.one(&OWNER_OF_SESSION, [id], |row| row.get(0))
}

pub fn revoke_session(tx: &Tx, id: SessionId) -> Result<usize> {
    tx.run(&REVOKE, (id, tx.now()))
}

pub fn revoke_sessions_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.run(&REVOKE_ALL, (user, tx.now()))?;
    Ok(())
}
