//! Tokens: made at sign-in, looked up with every request.
//!
//! A sign-in by PIN ends when nobody has worked with it for a while: it was begun by
//! a few taps on a device that stands where others pass, and as few begin it again.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::passing::PassingSessions;
use super::sign_ins::{KnownSession, SignIns};
use super::store::{self, NewSession};
use super::{User, random_bytes};
use crate::db::{Context, Table, Tags, Tx};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::id::{DeviceId, SessionId, UserId};
use crate::error::{Error, Result};
use crate::hotel::audit;
use crate::http::idempotency::hex;
use crate::http::request::Request;
use crate::http::state::App;

/// How long a sign-in lasts: a long shift.
pub const SESSION_HOURS: i64 = 16;

/// How long a sign-in by PIN lasts without a person before the screen.
pub const PIN_IDLE_MINUTES: i64 = 15;

/// Set by pages in requests that they make by themselves, such as refreshing what
/// others changed, while nobody has touched them: those prolong no sign-in by PIN.
const UNATTENDED: &str = "x-unattended";

/// A token that was just made. The text is told once, to its owner.
pub struct Issued {
    pub token: String,
    pub expires_at: Instant,
}

/// A token that nobody guesses.
pub fn new_token() -> String {
    hex(&random_bytes::<32>())
}

/// What of a token is stored.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Signs a user in who gave the password, and writes it down.
pub fn sign_in(tx: &Tx, user: &User, user_agent: &str) -> Result<Issued> {
    let issued = open(tx, user, user_agent)?;
    audit::record(tx, "login", "user", user.id.0, &audit::NOTHING, &audit::NOTHING)?;
    Ok(issued)
}

/// Ends the sign-in of whoever acts.
pub fn sign_out(tx: &Tx, id: SessionId) -> Result<()> {
    store::revoke_session(tx, id)?;
    audit::record(tx, "logout", "user", tx.actor().user_id.map_or(0, |user| user.0), &audit::NOTHING, &audit::NOTHING)
}

/// Ends another sign-in of an account.
pub fn revoke(tx: &Tx, id: SessionId, of: UserId) -> Result<()> {
    store::revoke_session(tx, id)?;
    audit::record(tx, "revoke_session", "user", of.0, &audit::NOTHING, &json!({"session_id": id}))
}

/// The same as part of setting the hotel up, which is written down itself.
pub fn open(tx: &Tx, user: &User, user_agent: &str) -> Result<Issued> {
    store::forget_tries(tx, user.id)?;
    insert(tx, user, user_agent, None)
}

/// Signs a user in who gave the PIN.
pub fn open_on(tx: &Tx, user: &User, user_agent: &str, device: DeviceId) -> Result<Issued> {
    insert(tx, user, user_agent, Some(device))
}

fn insert(tx: &Tx, user: &User, user_agent: &str, device_id: Option<DeviceId>) -> Result<Issued> {
    let token = new_token();
    let expires_at = tx.now().plus_hours(SESSION_HOURS);
    let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let new = NewSession {
        token_hash: &token_hash(&token),
        user_id: user.id,
        address: &tx.actor().address,
        user_agent: &user_agent,
        device_id,
        expires_at,
    };
    store::insert_session(tx, &new)?;
    Ok(Issued { token, expires_at })
}

/// Signs a user in where nothing can be written: to a read-only copy, or while the disk is full.
/// The file knows nothing of it.
pub fn open_passing(app: &App, sign_ins: &SignIns, user: &User) -> Result<Issued> {
    let (token, now) = (new_token(), app.clock.now());
    let (generation, expires_at) = (generation(app), now.plus_hours(SESSION_HOURS));
    let password = password_of(app, user)?;
    let known = KnownSession { generation, actor: acting(user, None), password, created_at: now, expires_at };
    sign_ins.passing.open(token_hash(&token), known, now);
    Ok(Issued { token, expires_at })
}

/// The stored hash of a user's password: it changes with it.
fn password_of(app: &App, user: &User) -> Result<Option<String>> {
    app.db.read(&app.own_context(), |conn| store::password_hash(conn, user.id))
}

fn acting(user: &User, session_id: Option<SessionId>) -> Actor {
    let stranger = Actor::stranger("");
    Actor { user_id: Some(user.id), session_id, username: user.username.clone(), role: Some(user.role), ..stranger }
}

/// Changes when a sign-in or an account does.
fn generation(app: &App) -> u64 {
    app.db.generations().of(Tags::of(&[Table::User, Table::Session]))
}

/// A sign-in that the file does not know, as long as its account and password are what they were.
fn passing(app: &App, sign_ins: &SignIns, key: &str, generation: u64) -> Result<Option<KnownSession>> {
    let Some(known) = sign_ins.passing.find(key) else { return Ok(None) };
    let Some(id) = known.actor.user_id.filter(|_| known.generation != generation) else { return Ok(Some(known)) };
    let user = app.db.read(&app.own_context(), |conn| store::find(conn, id))?;
    let is_same = |user: &User| Ok::<_, Error>(user.is_active && password_of(app, user)? == known.password);
    let user = user.map(|user| is_same(&user).map(|is_same| is_same.then_some(user))).transpose()?.flatten();
    let Some(user) = user else {
        known.actor.session_id.inspect(|session| sign_ins.passing.close(*session));
        return Ok(None);
    };
    let known = KnownSession { generation, actor: acting(&user, known.actor.session_id), ..known };
    sign_ins.passing.renew(key, known.clone());
    Ok(Some(known))
}

/// The person behind a token, or `None` when it is unknown, revoked or over.
pub fn authenticate(app: &App, sign_ins: &SignIns, token: &str, request: &Request) -> Result<Option<Actor>> {
    let now = app.clock.now();
    let key = token_hash(token);
    let generation = generation(app);
    let found = match known(sign_ins, &key, generation) {
        Some(known) => Some(known),
        None if app.db.is_read_only() => passing(app, sign_ins, &key, generation)?,
        None => match look_up(app, sign_ins, &key, generation)? {
            Some(known) => Some(known),
            None => passing(app, sign_ins, &key, generation)?,
        },
    };
    let Some(known) = found else { return Ok(None) };
    let Some(session) = known.actor.session_id else { return Ok(None) };
    let seen = see(sign_ins, known, request, now);
    if seen.is_none() {
        close(app, sign_ins, vec![session])?;
    }
    Ok(seen)
}

/// The same of a token that is known in memory, without a look into the file: `None` says nothing about it.
pub fn recall(app: &App, sign_ins: &SignIns, token: &str, request: &Request) -> Option<Actor> {
    let known = known(sign_ins, &token_hash(token), generation(app))?;
    see(sign_ins, known, request, app.clock.now())
}

fn known(sign_ins: &SignIns, key: &str, generation: u64) -> Option<KnownSession> {
    sign_ins.known.get(key).filter(|known| known.generation == generation)
}

/// Who asks by a sign-in, which is seen with it; `None` when it is over.
fn see(sign_ins: &SignIns, known: KnownSession, request: &Request, now: Instant) -> Option<Actor> {
    let (session, by_pin) = (known.actor.session_id?, known.actor.device_id.is_some());
    if end(sign_ins, session, by_pin, known.created_at, known.expires_at) <= now {
        return None;
    }
    if !by_pin || is_attended(request) {
        sign_ins.last_seen.put(session, now);
    }
    Some(Actor { address: request.address.clone(), ..known.actor })
}

/// Whether a person is before the screen. A browser renews an event stream by itself.
fn is_attended(request: &Request) -> bool {
    request.header(UNATTENDED).is_none() && request.header("accept") != Some("text/event-stream")
}

/// When a sign-in ends; `None` when it has: by its time, a sign-out, or the end of
/// its account.
pub fn end_of(app: &App, sign_ins: &SignIns, id: SessionId) -> Result<Option<Instant>> {
    let context = app.own_context();
    let now = context.now;
    let end = match PassingSessions::has(id) {
        true => sign_ins.passing.end_of(id),
        false => app
            .db
            .read(&context, |conn| store::end_of_session(conn, id))?
            .map(|(device, created_at, expires_at)| end(sign_ins, id, device.is_some(), created_at, expires_at)),
    };
    Ok(end.filter(|end| *end > now))
}

/// Marks sign-ins as over: a clock that is set back must not bring them back.
fn close(app: &App, sign_ins: &SignIns, over: Vec<SessionId>) -> Result<()> {
    let (passing, over): (Vec<_>, Vec<_>) = over.into_iter().partition(|session| PassingSessions::has(*session));
    passing.into_iter().for_each(|session| sign_ins.passing.close(session));
    if over.is_empty() {
        return Ok(());
    }
    let mark = move |tx: &Tx| over.iter().try_for_each(|session| store::revoke_session(tx, *session).map(|_| ()));
    let marked = app.db.write(app.own_context(), mark);
    // Over it is all the same, where nothing can be written.
    if marked.as_ref().is_err_and(Error::is_unwritable) { Ok(()) } else { marked }
}

/// Marks those as over that are, asked for or not. Called again and again.
pub fn close_ended(app: &App, sign_ins: &SignIns) -> Result<()> {
    if app.db.is_read_only() {
        return Ok(());
    }
    let context = app.own_context();
    let mut open = app.db.read(&context, store::open_sessions)?;
    open.retain(|s| end(sign_ins, s.id, s.device_id.is_some(), s.created_at, s.expires_at) <= context.now);
    if open.is_empty() { Ok(()) } else { close(app, sign_ins, open.into_iter().map(|s| s.id).collect()) }
}

/// When a sign-in ends, as things stand. What was seen of it is forgotten when
/// Innkeeper is restarted: one by PIN that is older than the pause it may make is over.
fn end(sign_ins: &SignIns, id: SessionId, by_pin: bool, created_at: Instant, expires_at: Instant) -> Instant {
    if !by_pin {
        return expires_at;
    }
    let seen = sign_ins.last_seen.get(&id).map_or(created_at, |seen| seen.max(created_at));
    seen.plus_seconds(PIN_IDLE_MINUTES * 60).min(expires_at)
}

fn look_up(app: &App, sign_ins: &SignIns, key: &str, generation: u64) -> Result<Option<KnownSession>> {
    let context = Context { actor: Actor::stranger(""), now: app.clock.now() };
    let Some(found) = app.db.read(&context, |conn| store::find_session(conn, key))? else { return Ok(None) };
    let actor = Actor {
        user_id: Some(found.user_id),
        session_id: Some(found.id),
        device_id: found.device_id,
        username: found.username,
        role: Some(found.role),
        address: String::new(),
    };
    let known = KnownSession { generation, actor, password: None, created_at: found.created_at, expires_at: found.expires_at };
    sign_ins.known.put(key.to_owned(), known.clone());
    Ok(Some(known))
}
