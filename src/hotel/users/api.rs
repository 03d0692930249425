//! `/api/auth` and `/api/users`.

use std::time::Instant as Moment;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::passing::PassingSessions;
use super::session::{self, Issued};
use super::sign_ins::SignIns;
use super::{NOBODYS_HASH, NewPassword, NewUser, Proof, SignInName, StaffName, Typed, User, hash_password, store};
use crate::db::{Conn, Table, Tx};
use crate::domain::actor::{Actor, Role};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{SessionId, UserId, Version};
use crate::domain::order::sort;
use crate::domain::search_text::is_found_in;
use crate::domain::wording::{counted, text};
use crate::error::{Error, Fields, Result};
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings::api::check_version;
use crate::hotel::{Memory, audit, settings};
use crate::http::endpoint::{
    Access, Call, Endpoint, NoBody, NoParams, Reply, command, live, query, seen_with, task, update, with,
};
use crate::http::paging::{list_params, sorts};
use crate::http::rate_limit::Guess;
use crate::http::request::Method;
use crate::http::respond::{by_pin, session_cookie};
use crate::http::state::App;

pub fn endpoints(memory: &Memory) -> Vec<Endpoint> {
    let sign_ins = &memory.sign_ins;
    let mut endpoints = super::setup::endpoints();
    endpoints.extend([
        task(Method::Post, "/api/auth/login", "login", Access::Public, "Sign in", with(sign_ins, login))
            .long()
            .leaves_file()
            .body_limit(4096),
        task(Method::Post, "/api/auth/logout", "logout", Access::STAFF, "Sign out", with(sign_ins, logout)).leaves_file(),
        query("/api/auth/me", "find_me", Access::STAFF, "Who is signed in, and to which hotel", &[], me),
        task(
            Method::Put,
            "/api/auth/password",
            "change_password",
            Access::STAFF,
            "Change one's own password",
            with(sign_ins, change_password),
        )
        .long()
        .needs_password(),
        live("/api/auth/sessions", "list_sessions", Access::STAFF, "One's own sign-ins", seen_with(sign_ins, list_sessions)),
        command(Method::Delete, "/api/auth/sessions/{id}", "revoke_session", Access::STAFF, "End a sign-in", revoke),
        query("/api/users", "list_users", Access::MANAGE, "Staff accounts", &[Table::User], list),
        task(Method::Post, "/api/users", "create_user", Access::MANAGE, "Make an account", create)
            .creates()
            .long()
            .needs_password(),
        query("/api/users/{id}", "find_user", Access::MANAGE, "One account", &[Table::User], find),
        command(Method::Delete, "/api/users/{id}", "delete_user", Access::MANAGE, "Deactivate an account", deactivate)
            .needs_password(),
        task(
            Method::Post,
            "/api/users/{id}/reset-password",
            "reset_password",
            Access::MANAGE,
            "Give an account a new password",
            reset_password,
        )
        .long()
        .needs_password(),
    ]);
    let changes = update("/api/users/{id}", ["update_user", "replace_user"], Access::MANAGE, "Change an account", change);
    endpoints.extend(changes.map(Endpoint::needs_password));
    endpoints
}

/// A staff account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UserView {
    id: UserId,
    username: String,
    full_name: String,
    role: Role,
    is_active: bool,
    /// It can sign in by PIN on registered devices.
    has_pin: bool,
    created_at: Instant,
    updated_at: Instant,
    version: i64,
}

impl From<User> for UserView {
    fn from(u: User) -> Self {
        UserView {
            id: u.id,
            username: u.username,
            full_name: u.full_name,
            role: u.role,
            is_active: u.is_active,
            has_pin: u.has_pin,
            created_at: u.created_at,
            updated_at: u.updated_at,
            version: u.version,
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    username: Typed,
    password: Typed,
}

/// A fresh sign-in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LoginView {
    access_token: String,
    token_type: String,
    expires_at: Instant,
    user: UserView,
}

/// The answer to a sign-in: the token in the body and in a cookie.
pub fn signed_in(app: &App, user: User, issued: &Issued) -> Reply<LoginView> {
    let view = LoginView {
        access_token: issued.token.clone(),
        token_type: "bearer".to_owned(),
        expires_at: issued.expires_at,
        user: user.into(),
    };
    let reply = Reply::of(view).cookie(session_cookie(app), &issued.token, "/", session::SESSION_HOURS * 3600);
    reply.header("Cache-Control", "no-store")
}

fn login(sign_ins: &SignIns, app: &App, call: &Call, _: NoParams, given: Credentials) -> Result<Reply<LoginView>> {
    // The database tells no capitals from small letters in ASCII; others count as they were typed.
    let username = given.username.trim().to_owned();
    let mut fields = Fields::default();
    fields.check("username", Typed::check_length(&username));
    fields.check("password", Typed::check_length(&given.password));
    fields.finish()?;
    let guess = Guess::of(&username, &call.request.address);
    check_pause(sign_ins, guess, Secret::Password)?;
    let found = app.db.read(&call.context, |conn| store::credentials(conn, &username))?;
    // Nobody's takes as long as somebody's.
    let (user, hash) = found.map_or_else(|| (None, NOBODYS_HASH.clone()), |(user, hash)| (Some(user), hash));
    let proof = Proof::of(user.unwrap_or(UserId(0)), hash, &given.password).filter(|_| user.is_some());
    let Some(proof) = proof else {
        sign_ins.failed.failed(guess, Moment::now());
        log::warn!("a sign-in from {} failed", call.request.address);
        note_failure(sign_ins, app, call, username)?;
        return Err(super::wrong());
    };
    let id = proof.user;
    sign_ins.failed.succeeded(guess);
    let agent = call.request.header("user-agent").unwrap_or("").to_owned();
    if app.db.is_read_only() {
        return signed_in_passing(sign_ins, app, call, id);
    }
    let mut context = call.context.clone();
    // Under the name of the account, however it was typed.
    let username = app.db.read(&context, |conn| super::find(conn, id))?.username;
    context.actor = Actor { user_id: Some(id), username, ..Actor::stranger(&call.request.address) };
    let written = app.db.write(context, move |tx| {
        proof.check(tx)?;
        let user = super::find(tx, id)?;
        let issued = session::sign_in(tx, &user, &agent)?;
        Ok((user, issued))
    });
    match written {
        // Whoever has to look, or to put the machine in order, still comes in.
        Err(error) if error.is_unwritable() => signed_in_passing(sign_ins, app, call, id),
        Err(error) => Err(error),
        Ok((user, issued)) => Ok(signed_in(app, user, &issued)),
    }
}

/// A sign-in that is kept in memory alone: nothing can be written to the file.
fn signed_in_passing(sign_ins: &SignIns, app: &App, call: &Call, id: UserId) -> Result<Reply<LoginView>> {
    let user = app.db.read(&call.context, |conn| super::find(conn, id))?;
    let issued = session::open_passing(app, sign_ins, &user)?;
    Ok(signed_in(app, user, &issued))
}

/// A name that no account has may be a password in the wrong field: it is written nowhere, and
/// strangers who try many fill the audit trail with one line a minute.
fn note_failure(sign_ins: &SignIns, app: &App, call: &Call, username: String) -> Result<()> {
    if app.db.is_read_only() {
        return Ok(());
    }
    let known = app.db.read(&call.context, |conn| store::find_named(conn, &username))?;
    let about = match known {
        Some(user) => json!({"username": user.username}),
        None => match sign_ins.strangers.noted(Moment::now()) {
            Some(tries) => json!({"username": null, "tries": tries}),
            None => return Ok(()),
        },
    };
    // Nobody waits for it: the answer to a name that is known would take longer by a write.
    app.db.write_behind(call.context.clone(), move |tx| audit::record(tx, "login_failed", "user", 0, &Value::Null, &about));
    Ok(())
}

/// What somebody may guess at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    Password,
    Pin,
}

/// Refuses a guess that has to wait, after too many wrong ones.
pub fn check_pause(sign_ins: &SignIns, guess: Guess, secret: Secret) -> Result<()> {
    let Some(seconds) = sign_ins.failed.wait(guess, Moment::now()) else { return Ok(()) };
    let time = counted!(seconds, "{count} second", "{count} seconds");
    let said = match secret {
        Secret::Password => text!("Too many wrong passwords. Try again in {time}.", time),
        Secret::Pin => text!("Too many wrong PINs. Try again in {time}.", time),
    };
    Err(Error::TooMany { said, seconds })
}

fn logout(sign_ins: &SignIns, app: &App, call: &Call, _: NoParams, _: NoBody) -> Result<Reply<()>> {
    if let Some(id) = call.actor().session_id {
        if PassingSessions::has(id) {
            sign_ins.passing.close(id);
            app.events.close_streams(&id.to_string());
            return Ok(signed_out(app));
        }
        app.db.write(call.context.clone(), move |tx| session::sign_out(tx, id))?;
    }
    Ok(signed_out(app))
}

fn signed_out(app: &App) -> Reply<()> {
    Reply::of(()).cookie(session_cookie(app), "", "/", 0)
}

/// Who is signed in, and what the pages need to know of the hotel.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MeView {
    user: UserView,
    /// Signed in by PIN: what needs the password is refused.
    by_pin: bool,
    property: PropertyView,
    /// In a read-only copy: when the last change was made that it knows of.
    copy_of: Option<Instant>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PropertyView {
    name: String,
    currency: String,
    currency_exponent: u8,
    time_zone: String,
    locale: String,
    business_date: Date,
    calendar_date: Date,
    check_in_time: String,
    check_out_time: String,
    is_demo: bool,
}

fn me(conn: &Conn, _: NoParams) -> Result<MeView> {
    let id = conn.actor().user_id.ok_or_else(Error::not_signed_in)?;
    let p = settings::property(conn)?;
    let copy_of = if conn.is_read_only() { Some(audit::newest_change(conn)?.unwrap_or(conn.now())) } else { None };
    Ok(MeView {
        user: super::find(conn, id)?.into(),
        copy_of,
        by_pin: conn.actor().device_id.is_some(),
        property: PropertyView {
            calendar_date: conn.now().date_in(&p.zone()),
            name: p.name,
            currency: p.currency.code,
            currency_exponent: p.currency.exponent,
            time_zone: p.time_zone,
            locale: p.locale,
            business_date: p.business_date,
            check_in_time: p.check_in_time,
            check_out_time: p.check_out_time,
            is_demo: p.is_demo,
        },
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    current_password: Typed,
    new_password: NewPassword,
}

/// Goes on where whoever is signed in gives the password again; wrong ones are slowed down as at the
/// entrance, since the desk may be unattended.
pub fn with_password<T>(
    sign_ins: &SignIns,
    app: &App,
    call: &Call,
    password: &str,
    go_on: impl FnOnce(Proof) -> Result<T>,
) -> Result<T> {
    let id = call.actor().user_id.ok_or_else(Error::not_signed_in)?;
    // Wherever the person sits.
    let guess = Guess::of(&format!("user {id}"), "");
    check_pause(sign_ins, guess, Secret::Password)?;
    let hash = app.db.read(&call.context, |conn| store::password_hash(conn, id))?.unwrap_or_default();
    if let Some(proof) = Proof::of(id, hash, password) {
        sign_ins.failed.succeeded(guess);
        return go_on(proof);
    }
    sign_ins.failed.failed(guess, Moment::now());
    let about = json!({"username": call.actor().username});
    app.db.write(call.context.clone(), move |tx| audit::record(tx, "login_failed", "user", id.0, &Value::Null, &about))?;
    Err(Error::invalid("current_password", text!("is not your password")))
}

fn change_password(sign_ins: &SignIns, app: &App, call: &Call, _: NoParams, given: PasswordChange) -> Result<Reply<()>> {
    with_password(sign_ins, app, call, &given.current_password, |proof| {
        let user = app.db.read(&call.context, |conn| super::find(conn, proof.user))?;
        let new = hash_password("new_password", &given.new_password, &[&user.username, &user.full_name])?;
        app.db.write(call.context.clone(), move |tx| {
            proof.check(tx)?;
            super::set_password(tx, proof.user, &new)
        })
    })
    .map(Reply::of)
}

/// A sign-in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionView {
    id: SessionId,
    username: String,
    address: String,
    user_agent: String,
    /// The device on which it was begun by PIN; null = by password.
    device_name: Option<String>,
    created_at: Instant,
    /// The last request, as far as it is known: when it signed in, after a restart of Innkeeper.
    last_seen_at: Instant,
    expires_at: Instant,
    is_current: bool,
}

sorts!(
    /// Orders of sign-ins.
    SessionSort, CreatedAt Descending { CreatedAt = "created_at", ExpiresAt = "expires_at" }
);

list_params! {
    pub struct SessionListParams by SessionSort {}
}

fn list_sessions(sign_ins: &SignIns, app: &App, call: &Call, p: SessionListParams) -> Result<Reply<List<SessionView>>> {
    let direction = p.order().direction;
    let actor = call.actor();
    let id = actor.user_id.ok_or_else(Error::not_signed_in)?;
    let view = |s: store::ListedSession| SessionView {
        is_current: actor.session_id == Some(s.id),
        id: s.id,
        username: s.username,
        address: s.address,
        user_agent: s.user_agent,
        device_name: s.device_name,
        last_seen_at: sign_ins.last_seen.get(&s.id).map_or(s.created_at, |seen| seen.max(s.created_at)),
        created_at: s.created_at,
        expires_at: s.expires_at,
    };
    let mut found = app.db.read(&call.context, |conn| store::list_sessions(conn, id))?;
    // Every sign-in lasts as long as every other: both dates give the same order.
    sort(&mut found, |a, b| direction.of(a.created_at.cmp(&b.created_at).then_with(|| a.id.cmp(&b.id))));
    Ok(Reply::of(page_of(found.into_iter().map(view).collect(), p.page())))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BySession {
    id: SessionId,
}

/// One's own sign-ins; those of others for managers and the owner.
fn revoke(tx: &Tx, at: BySession, _: NoBody) -> Result<()> {
    let owner = store::owner_of_session(tx, at.id)?.ok_or_else(|| Error::NotFound(text!("This sign-in does not exist.")))?;
    if Some(owner) != tx.actor().user_id {
        check_may_end_sign_in(tx, owner)?;
    }
    session::revoke(tx, at.id, owner)
}

/// Somebody else's: managers and owners end them, and an owner's only an owner; as for every
/// change of another account, not from a sign-in by PIN.
fn check_may_end_sign_in(tx: &Tx, of: UserId) -> Result<()> {
    if !Access::MANAGE.allows(tx.actor().role) {
        return Err(Error::NotFound(text!("This sign-in does not exist.")));
    }
    if tx.actor().device_id.is_some() {
        return Err(by_pin());
    }
    check_may_grant(tx.actor(), super::find(tx, of)?.role)
}

list_params! {
    pub struct UserListParams by UserSort {
        role: Option<Role>,
        is_active: Option<bool>,
        /// A part of the user name or the full name.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of accounts.
    UserSort, Username Ascending {
        Username = "username",
        FullName = "full_name",
        Role = "role",
        CreatedAt = "created_at",
    }
);

fn list(conn: &Conn, p: UserListParams) -> Result<List<UserView>> {
    let order = p.order();
    let mut found = store::list(conn)?;
    found.retain(|u| {
        p.role.is_none_or(|role| u.role == role)
            && p.is_active.is_none_or(|active| u.is_active == active)
            && p.q.as_deref().is_none_or(|q| is_found_in(&u.username, q) || is_found_in(&u.full_name, q))
    });
    // They come by user name, which decides among equals.
    sort(&mut found, |a, b| {
        order.direction.of(match order.by {
            UserSort::FullName => a.full_name.to_lowercase().cmp(&b.full_name.to_lowercase()),
            UserSort::Role => a.role.cmp(&b.role),
            UserSort::CreatedAt => a.created_at.cmp(&b.created_at),
            UserSort::Username => a.username.to_lowercase().cmp(&b.username.to_lowercase()),
        })
    });
    Ok(page_of(found.into_iter().map(UserView::from).collect(), p.page()))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByUser {
    id: UserId,
}

fn find(conn: &Conn, at: ByUser) -> Result<UserView> {
    super::find(conn, at.id).map(UserView::from)
}

/// An account to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserRequest {
    username: SignInName,
    full_name: StaffName,
    role: Role,
    password: NewPassword,
}

/// Only an owner makes, changes or unmakes an owner.
fn check_may_grant(actor: &Actor, role: Role) -> Result<()> {
    if role == Role::Owner && actor.role != Some(Role::Owner) {
        return Err(Error::Forbidden(text!("Only an owner can add or change an owner's account.")));
    }
    Ok(())
}

fn create(app: &App, call: &Call, _: NoParams, request: UserRequest) -> Result<Reply<UserView>> {
    check_may_grant(call.actor(), request.role)?;
    let mut fields = Fields::default();
    super::check_account(&mut fields, &request.username, &request.full_name, &request.password);
    fields.finish()?;
    let password_hash = hash_password("password", &request.password, &[&request.username, &request.full_name])?;
    let new = NewUser { username: request.username, full_name: request.full_name, role: request.role, password_hash };
    let made = app.db.write(call.context.clone(), move |tx| super::create(tx, &new))?;
    Ok(Reply::of(made.into()))
}

/// What of an account changes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    full_name: Option<StaffName>,
    role: Option<Role>,
    is_active: Option<bool>,
    version: Option<Version>,
}

fn change(tx: &Tx, at: ByUser, body: UserChange) -> Result<UserView> {
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    check_may_grant(tx.actor(), before.role)?;
    check_may_grant(tx.actor(), body.role.unwrap_or(before.role))?;
    let mut after = before.clone();
    let mut fields = Fields::default();
    if let Some(name) = &body.full_name {
        after.full_name = fields.check("full_name", name.checked());
    }
    fields.finish()?;
    after.role = body.role.unwrap_or(after.role);
    after.is_active = body.is_active.unwrap_or(after.is_active);
    super::save(tx, &before, &after).map(UserView::from)
}

fn deactivate(tx: &Tx, at: ByUser, _: NoBody) -> Result<()> {
    let before = super::find(tx, at.id)?;
    check_may_grant(tx.actor(), before.role)?;
    super::deactivate(tx, &before).map(|_| ())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    new_password: NewPassword,
}

fn reset_password(app: &App, call: &Call, at: ByUser, given: PasswordReset) -> Result<Reply<()>> {
    let user = app.db.read(&call.context, |conn| super::find(conn, at.id))?;
    let hash = hash_password("new_password", &given.new_password, &[&user.username, &user.full_name])?;
    let written = app.db.write(call.context.clone(), move |tx| {
        let user = super::find(tx, at.id)?;
        check_may_grant(tx.actor(), user.role)?;
        super::set_password(tx, at.id, &hash)
    });
    written.map(Reply::of)
}
