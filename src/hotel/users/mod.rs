//! Staff accounts, passwords and sign-ins.
//!
//! A password exists only as its Argon2id hash, a token only as its SHA-256.

pub mod api;
mod passing;
mod password;
pub mod session;
pub mod session_end;
pub mod setup;
pub mod sign_ins;
pub mod store;

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use serde_json::json;

use api::UserView;
pub use password::NewPassword;

use crate::db::Table;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::date::Instant;
use crate::domain::id::UserId;
use crate::domain::text::{Name, SecretText, Username};
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::Slice;
use crate::hotel::audit;

pub const SLICE: Slice = Slice {
    name: "users",
    endpoints: api::endpoints,
    statements: &[store::STATEMENTS],
    jobs: session_end::jobs,
    areas: &[("users", &[Table::User])],
    ..Slice::EMPTY
};

pub type SignInName = Username<100>;
pub type StaffName = Name<200>;
/// What somebody types to sign in.
pub type Typed = SecretText<0, 200>;

record! {
    /// A member of staff.
    #[derive(Debug, Clone, PartialEq)]
    pub struct User {
        pub id: UserId,
        pub username: String,
        pub full_name: String,
        pub role: Role,
        pub is_active: bool,
        pub has_pin: bool = "pin_hash IS NOT NULL",
        pub created_at: Instant,
        pub updated_at: Instant,
        pub version: i64,
    }
}

/// An account to be made; the password is hashed already.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub username: SignInName,
    pub full_name: StaffName,
    pub role: Role,
    pub password_hash: String,
}

/// Hashes a new password of somebody who signs in by these names. Takes tens of milliseconds
/// and 19 MB: never on the writer's thread, and on at most two threads at once.
///
/// # Errors
/// A password that is too short, or one of those that are tried first.
pub fn hash_password(field: &str, password: &str, names: &[&str]) -> Result<String> {
    password::check(password, names).map_err(|message| Error::invalid(field, message))?;
    hash_secret(password)
}

/// Notes all that is wrong with an account to be made, before its password is hashed.
pub fn check_account(fields: &mut Fields, username: &SignInName, full_name: &StaffName, password: &str) {
    fields.check("username", username.checked());
    fields.check("full_name", full_name.checked());
    fields.check("password", password::check(password, &[username, full_name]));
}

/// The same for what was checked elsewhere: a PIN.
pub fn hash_secret(secret: &str) -> Result<String> {
    let _turn = turn();
    Argon2::default().hash_password(secret.as_bytes()).map(|h| h.to_string()).map_err(Error::internal)
}

/// Whether the password (or PIN) belongs to the hash. Takes as long for a wrong one.
pub fn is_password(password: &str, hash: &str) -> bool {
    let _turn = turn();
    PasswordHash::new(hash).is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// One hash at a time: each takes 19 MB, which many sign-ins at once must not multiply.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A hash that no password has: what unknown names are checked against, so that
/// they take as long as known ones.
pub static NOBODYS_HASH: LazyLock<String> = LazyLock::new(|| {
    let _turn = turn();
    Argon2::default().hash_password(&random_bytes::<32>()).map_or_else(|_| String::new(), |h| h.to_string())
});

/// Bytes from the operating system's generator.
///
/// # Panics
/// When the operating system has no random numbers to give: no token would be safe then.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("invariant: the operating system gives random numbers");
    bytes
}

/// Makes an account.
pub fn create(tx: &Tx, new: &NewUser) -> Result<User> {
    let mut fields = Fields::default();
    let username = fields.check("username", new.username.checked()).into();
    let full_name = fields.check("full_name", new.full_name.checked()).into();
    fields.finish()?;
    let id = store::insert(tx, &NewUser { username, full_name, ..new.clone() })?;
    let made = find(tx, id)?;
    audit::record(tx, "create", "user", id.0, &audit::NOTHING, &UserView::from(made.clone()))?;
    Ok(made)
}

pub fn find(conn: &Conn, id: UserId) -> Result<User> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This account does not exist.")))
}

/// Saves a changed account. The last active owner stays one.
pub fn save(tx: &Tx, before: &User, after: &User) -> Result<User> {
    write(tx, before, after, "change")
}

/// Closes an account.
pub fn deactivate(tx: &Tx, before: &User) -> Result<User> {
    write(tx, before, &User { is_active: false, ..before.clone() }, "deactivate")
}

fn write(tx: &Tx, before: &User, after: &User, action: &str) -> Result<User> {
    let was_owner = before.role == Role::Owner && before.is_active;
    let is_owner = after.role == Role::Owner && after.is_active;
    if was_owner && !is_owner && store::count_owners(tx)? <= 1 {
        let detail = text!("This is the only owner's account. Add another owner first.");
        return Err(Error::refused(Code::LastOwner, detail));
    }
    // An owner has no PIN, and an account that comes back has none either.
    store::update(tx, after)?;
    if !after.is_active || after.role != before.role {
        store::revoke_sessions_of(tx, after.id)?;
    }
    let saved = find(tx, after.id)?;
    audit::record(tx, action, "user", saved.id.0, &UserView::from(before.clone()), &UserView::from(saved.clone()))?;
    Ok(saved)
}

/// That somebody gave an account's password. Telling takes tens of milliseconds, in
/// which the account may get another one, or be closed.
pub struct Proof {
    pub user: UserId,
    hash: String,
}

impl Proof {
    /// Whether this is the account's password; `None` when it is not.
    pub fn of(user: UserId, hash: String, password: &str) -> Option<Proof> {
        is_password(password, &hash).then_some(Proof { user, hash })
    }

    /// Refuses where the account has another password by now, or is closed. To be asked in
    /// the transaction that lets the person in.
    pub fn check(&self, tx: &Tx) -> Result<()> {
        let holds = store::password_hash(tx, self.user)?.as_deref() == Some(self.hash.as_str());
        if holds { Ok(()) } else { Err(wrong()) }
    }
}

/// What is said of a name or a password alike: neither tells whether the other is right.
pub fn wrong() -> Error {
    Error::Unauthenticated(text!("Wrong user name or password."))
}

/// Gives an account a new password, takes its PIN away, and signs it out everywhere:
/// nobody who knew the old password keeps a way in.
pub fn set_password(tx: &Tx, id: UserId, password_hash: &str) -> Result<()> {
    store::set_password(tx, id, password_hash)?;
    store::revoke_sessions_of(tx, id)?;
    if tx.actor().user_id == Some(id) {
        return audit::record(tx, "change_password", "user", id.0, &audit::NOTHING, &audit::NOTHING);
    }
    audit::record(tx, "reset_password", "user", id.0, &audit::NOTHING, &json!({"username": find(tx, id)?.username}))
}
