//! Statements of registered devices and of PINs tried on them.

use super::Device;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{DeviceId, UserId};
use crate::error::Result;

statements! {
    FIND = "devices.find" selects Device "FROM device AS d JOIN user AS u ON u.id = d.registered_by
        WHERE d.id = ?1 AND d.revoked_at IS NULL";
    FIND_BY_TOKEN = "devices.find_by_token" selects Device "FROM device AS d JOIN user AS u ON u.id = d.registered_by
        WHERE d.token_hash = ?1 AND d.revoked_at IS NULL";
    LIST = "devices.list" selects Device "FROM device AS d JOIN user AS u ON u.id = d.registered_by
        WHERE d.revoked_at IS NULL
        ORDER BY d.name
        LIMIT 1000", scans "a hotel's devices are few";
    INSERT = "devices.insert": "INSERT INTO device (name, token_hash, registered_by, created_at) VALUES (?1, ?2, ?3, ?4)";
    REVOKE = "devices.revoke": "UPDATE device SET revoked_at = ?2 WHERE id = ?1";
    NOTE_USE = "devices.note_use": "UPDATE device SET last_used_at = ?2 WHERE id = ?1";
    REVOKE_SESSIONS = "devices.revoke_sessions": "UPDATE session SET revoked_at = ?2 WHERE device_id = ?1 AND revoked_at IS NULL";
    STAFF = "devices.staff": "SELECT id, full_name
        FROM user
        WHERE pin_hash IS NOT NULL AND is_active = 1
        ORDER BY full_name, id
        LIMIT 1000", scans "a hotel's staff are few";
    PIN_HASH = "devices.pin_hash": "SELECT pin_hash FROM user WHERE id = ?1 AND pin_hash IS NOT NULL AND is_active = 1";
    MOST_TRIES = "devices.most_tries": "SELECT coalesce(max(tries), 0) FROM pin_try WHERE user_id = ?1";
    COUNT_TRY = "devices.count_try": "INSERT INTO pin_try (user_id, device_id, tries) VALUES (?1, ?2, 1)
        ON CONFLICT (user_id, device_id) DO UPDATE SET tries = tries + 1";
    FORGET_TRIES = "devices.forget_tries": "DELETE FROM pin_try WHERE user_id = ?1 AND device_id = ?2";
}

pub fn find(conn: &Conn, id: DeviceId) -> Result<Option<Device>> {
    conn.one(&FIND, [id], Device::from_row)
}

pub fn find_by_token(conn: &Conn, token_hash: &str) -> Result<Option<Device>> {
    conn.one(&FIND_BY_TOKEN, [token_hash], Device::from_row)
}

pub fn list(conn: &Conn) -> Result<Vec<Device>> {
    conn.all(&LIST, [], Device::from_row)
}

pub fn insert(tx: &Tx, name: &str, token_hash: &str, registered_by: UserId) -> Result<DeviceId> {
    Ok(DeviceId(tx.insert(&INSERT, (name, token_hash, registered_by, tx.now()))?))
}

pub fn revoke(tx: &Tx, id: DeviceId) -> Result<()> {
    tx.run(&REVOKE, (id, tx.now()))?;
    Ok(())
}

pub fn note_use(tx: &Tx, id: DeviceId) -> Result<()> {
    tx.run(&NOTE_USE, (id, tx.now()))?;
    Ok(())
}

pub fn revoke_sessions_on(tx: &Tx, id: DeviceId) -> Result<()> {
    tx.run(&REVOKE_SESSIONS, (id, tx.now()))?;
    Ok(())
}

/// Those who can sign in by PIN.
pub fn staff(conn: &Conn) -> Result<Vec<(UserId, String)>> {
    conn.all(&STAFF, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn pin_hash(conn: &Conn, id: UserId) -> Result<Option<String>> {
    conn.one(&PIN_HASH, [id], |row| row.get(0))
}

/// The tries on the device where the person has made the most.
pub fn most_tries(conn: &Conn, id: UserId) -> Result<i64> {
    conn.scalar(&MOST_TRIES, [id])
}

pub fn count_try(tx: &Tx, user: UserId, device: DeviceId) -> Result<()> {
    tx.run(&COUNT_TRY, (user, device))?;
    Ok(())
}

pub fn forget_tries_on(tx: &Tx, user: UserId, device: DeviceId) -> Result<()> {
    tx.run(&FORGET_TRIES, (user, device))?;
    Ok(())
}
