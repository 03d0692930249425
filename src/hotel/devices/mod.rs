//! Registered devices, and signing in on them by PIN.
//!
//! A device is known by a token in a cookie of its own; the file has only its SHA-256.
//! A PIN is short, so it is worth something only together with such a device: the
//! names of staff are told to nobody else, and five wrong ones in a row lock it. Owners
//! have none, since their account can do everything, from anywhere.

pub mod api;
pub mod store;

use serde_json::{Value, json};

use crate::db::Table;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::date::Instant;
use crate::domain::id::{DeviceId, UserId};
use crate::domain::text::Name;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::Slice;
use crate::hotel::audit;
use crate::hotel::users::session::{self, Issued, new_token, token_hash};
use crate::hotel::users::{self, User};

pub const SLICE: Slice = Slice {
    name: "devices",
    endpoints: api::endpoints,
    statements: &[store::STATEMENTS],
    areas: &[("users", &[Table::Device])],
    ..Slice::EMPTY
};

/// Wrong PINs in a row, of one person on one device, that lock the person's PIN.
pub const MOST_TRIES: i64 = 5;

pub type DeviceName = Name<100>;

record! {
    /// A browser on which staff may sign in by PIN.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Device {
        pub id: DeviceId = "d.id",
        pub name: String = "d.name",
        pub registered_by: String = "u.username",
        pub created_at: Instant = "d.created_at",
        pub last_used_at: Option<Instant> = "d.last_used_at",
    }
}

/// Whether these are digits that nobody guesses first.
///
/// # Errors
/// Says what a PIN must be like.
pub fn check_pin(pin: &str) -> Result<()> {
    let digits = pin.as_bytes();
    let is_pin = (4..=8).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    // 7890 goes on as a run does.
    let goes_by = |step: u8| digits.windows(2).all(|pair| (pair[0] - b'0' + step) % 10 == pair[1] - b'0');
    if is_pin && ![0, 1, 9].into_iter().any(goes_by) {
        return Ok(());
    }
    Err(Error::invalid("pin", text!("must have 4 to 8 digits, not all the same and not in a row such as 1234")))
}

/// The device that a token belongs to.
pub fn find_known(conn: &Conn, token: &str) -> Result<Option<Device>> {
    store::find_by_token(conn, &token_hash(token))
}

/// Registers the browser under a name; the token for its cookie. A browser that was
/// registered before is so no longer under its earlier name.
pub fn register(tx: &Tx, name: &DeviceName, before: Option<DeviceId>) -> Result<(Device, String)> {
    let name = name.checked().map_err(|message| Error::invalid("name", message))?;
    let user = tx.actor().user_id.ok_or_else(Error::not_signed_in)?;
    if let Some(before) = before {
        revoke(tx, before)?;
    }
    let token = new_token();
    let id = store::insert(tx, &name, &token_hash(&token), user)?;
    audit::record(tx, "register", "device", id.0, &Value::Null, &json!({"name": name}))?;
    Ok((find(tx, id)?, token))
}

fn find(conn: &Conn, id: DeviceId) -> Result<Device> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This device does not exist.")))
}

/// Nobody signs in by PIN there any more, and who did is signed out.
pub fn revoke(tx: &Tx, id: DeviceId) -> Result<()> {
    let device = find(tx, id)?;
    store::revoke(tx, id)?;
    store::revoke_sessions_on(tx, id)?;
    audit::record(tx, "revoke", "device", id.0, &json!({"name": device.name}), &Value::Null)
}

/// Gives the person at the desk a PIN, or takes it away; what was tried is forgotten.
pub fn set_pin(tx: &Tx, id: UserId, pin_hash: Option<&str>) -> Result<()> {
    if users::find(tx, id)?.role == Role::Owner {
        let detail = text!("Owners have no PIN, since their account can do everything. Sign in with your password.");
        return Err(Error::refused(Code::PasswordNeeded, detail));
    }
    users::store::set_pin(tx, id, pin_hash)?;
    users::store::forget_tries(tx, id)?;
    let action = if pin_hash.is_some() { "set_pin" } else { "remove_pin" };
    audit::record(tx, action, "user", id.0, &Value::Null, &Value::Null)
}

/// Refuses when the person's PIN is locked.
pub fn check_open(conn: &Conn, user: UserId) -> Result<()> {
    if store::most_tries(conn, user)? < MOST_TRIES {
        return Ok(());
    }
    let detail = text!("The PIN is locked after five wrong tries. Sign in with your password to unlock it.");
    Err(Error::refused(Code::PasswordNeeded, detail))
}

/// Counts a try before it is known to be right, so that neither a crash nor a second
/// try at the same moment makes one more; the person's hash, if there is such a person.
///
/// # Errors
/// Refuses when the person's PIN is locked, and counts nothing.
pub fn begin_try(tx: &Tx, device: DeviceId, user: UserId) -> Result<Option<String>> {
    let Some(hash) = store::pin_hash(tx, user)? else { return Ok(None) };
    check_open(tx, user)?;
    store::count_try(tx, user, device)?;
    Ok(Some(hash))
}

/// Writes down that the try was wrong, and when it has locked the PIN.
pub fn end_wrong_try(tx: &Tx, device: &Device, user: UserId) -> Result<()> {
    let found = users::store::find(tx, user)?;
    let about = json!({"username": found.as_ref().map(|u| &u.username), "device": device.name});
    audit::record(tx, "login_failed", "user", found.as_ref().map_or(0, |u| u.id.0), &Value::Null, &about)?;
    if store::most_tries(tx, user)? >= MOST_TRIES {
        audit::record(tx, "lock_pin", "user", user.0, &Value::Null, &json!({"device": device.name}))?;
    }
    Ok(())
}

/// Signs the person in whose PIN was right; `None` when the device was revoked or the
/// PIN taken away since it was looked at.
pub fn end_right_try(tx: &Tx, device: DeviceId, user: UserId, hash: &str, agent: &str) -> Result<Option<(User, Issued)>> {
    let is_as_before = store::find(tx, device)?.is_some() && store::pin_hash(tx, user)?.as_deref() == Some(hash);
    if !is_as_before {
        return Ok(None);
    }
    store::forget_tries_on(tx, user, device)?;
    store::note_use(tx, device)?;
    let user = users::find(tx, user)?;
    let issued = session::open_on(tx, &user, agent, device)?;
    audit::record(tx, "login_by_pin", "user", user.id.0, &Value::Null, &json!({"device_id": device}))?;
    Ok(Some((user, issued)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_has_4_to_8_digits_that_are_neither_all_the_same_nor_a_run() {
        for good in ["4711", "1235", "00000001", "13579", "1212", "0912"] {
            assert_eq!(check_pin(good), Ok(()), "{good}");
        }
        for bad in ["", "471", "471147114", "47a1", "٤٧١١", " 4711", "0000", "99999999", "1234", "87654", "7890", "2109"] {
            assert!(check_pin(bad).is_err(), "{bad}");
        }
    }
}
