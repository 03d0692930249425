//! The way of one request, from its parts to its answer.
//!
//! route → session → same origin → rate limit → access → kept answer or handler
//! → selected fields → tag, compression, headers → one log line.

mod ready;

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant as Moment;

use super::endpoint::{Access, Call, Endpoint, MakeAnswer};
use super::fields::Chosen;
use super::rate_limit::{Caller, Standing};
use super::record::{Line, Record};
use super::request::Request;
use super::response::{Payload, Response};
use super::router::Found;
use super::state::App;
use super::{assets, problem};
use crate::cache::Body;
use crate::db::{Context, read_only};
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::gzip;
use ready::Ready;

/// The cookie that carries a browser's session.
pub const SESSION_COOKIE: &str = "innkeeper_session";

/// The same of a read-only copy: browsers know no ports, and the hotel itself may be
/// open at the same name.
const COPY_COOKIE: &str = "innkeeper_copy_session";

/// The name of the cookie that carries a browser's session.
pub fn session_cookie(app: &App) -> &'static str {
    if app.db.is_read_only() { COPY_COOKIE } else { SESSION_COOKIE }
}

/// Answers a request. Never panics, never fails: every error becomes a problem.
pub fn respond(app: &App, request: &Request) -> Response {
    let (started, mut trace) = (Moment::now(), Trace::default());
    let made = route(app, request, &mut trace);
    finish(app, request, started, trace, made, Line::write)
}

/// Answers what can be answered from memory and at once, with `room` bytes of body at most; nothing has
/// happened where it cannot. `write` gets the line for the log.
pub fn respond_at_once(app: &App, request: &Request, room: usize, write: impl FnOnce(Line)) -> Option<Response> {
    let (started, mut trace) = (Moment::now(), Trace::default());
    let ready = ready::find(app, request, room)?;
    let made = hand_out(app, request, ready, &mut trace);
    Some(finish(app, request, started, trace, made, write))
}

/// Answers a request without waiting for the disk. `then` gets the answer: at once, or of a command when it is
/// committed or refused, from `later`, which is called by whoever does that and must hand over what it is given.
pub fn respond_then(
    app: &Arc<App>,
    request: &Arc<Request>,
    later: impl FnOnce(Box<dyn FnOnce() + Send>) + Send + 'static,
    then: impl FnOnce(Response) + Send + 'static,
) {
    let (started, mut trace) = (Moment::now(), Trace::default());
    let (call, order, fields) = match lead(app, request, &mut trace) {
        Ok(Led::To(call, fields)) => match &call.endpoint.order {
            Some(order) => (call, order, fields),
            None => {
                let made = run(app, &call, fields.as_ref(), &mut trace);
                return then(finish(app, request, started, trace, made, Line::write));
            }
        },
        Ok(Led::Answered(response)) => return then(finish(app, request, started, trace, Ok(response), Line::write)),
        Err(error) => return then(finish(app, request, started, trace, Err(error), Line::write)),
    };
    let (own, asked) = (app.clone(), request.clone());
    let done = move |make: MakeAnswer| {
        later(Box::new(move || {
            let made = make(&own).and_then(|response| finish_fresh(&asked, response, fields.as_ref()));
            then(finish(&own, &asked, started, trace, made, Line::write));
        }));
    };
    order(app, &call, Box::new(done));
}

/// Headers, compression, counters and the log line.
fn finish(
    app: &App,
    request: &Request,
    started: Moment,
    trace: Trace,
    made: Result<Response>,
    write: impl FnOnce(Line),
) -> Response {
    let request_id = next_request_id();
    let mut response = match made {
        Ok(response) => response,
        Err(error) => problem::from_error(&error, &request_id, request.language()),
    };
    if let Some(standing) = trace.standing {
        add_rate_headers(&mut response, standing);
    }
    compress(request, &mut response);
    add_security_headers(&mut response);
    let took = started.elapsed();
    response.headers.push(("X-Request-Id", request_id.clone().into()));
    response.headers.push(("Server-Timing", format!("total;dur={:.3}", took.as_secs_f64() * 1000.0).into()));
    app.metrics.note(trace.endpoint, response.status, took);
    let is_slow = took >= app.options.slow_request;
    let endpoint = trace.endpoint.map(|at| &app.router.endpoints()[at]);
    let record = Record { request, endpoint, user: trace.user, status: response.status, took, id: &request_id };
    if is_slow {
        app.metrics.note_slow(trace.endpoint, record.as_slow(app.clock.now()));
    }
    record.line(is_slow, trace.is_hit).map(write);
    response
}

/// What was learnt on the way, for headers, metrics and the log.
#[derive(Default)]
struct Trace {
    endpoint: Option<usize>,
    standing: Option<Standing>,
    user: Option<UserId>,
    is_hit: bool,
}

/// Where a request leads.
enum Led<'a> {
    Answered(Response),
    To(Call<'a>, Option<Chosen>),
}

fn route(app: &App, request: &Request, trace: &mut Trace) -> Result<Response> {
    match lead(app, request, trace)? {
        Led::Answered(response) => Ok(response),
        Led::To(call, fields) => run(app, &call, fields.as_ref(), trace),
    }
}

fn lead<'a>(app: &'a App, request: &'a Request, trace: &mut Trace) -> Result<Led<'a>> {
    if !is_api(request) {
        return Ok(Led::Answered(assets::serve(request)));
    }
    let found = app.router.find(request.method, &request.path);
    if let Found::Endpoint { index, .. } = &found {
        trace.endpoint = Some(*index);
    }
    let actor = who(app, request)?;
    admit(app, &actor, app.rate_limit(), trace)?;
    let (endpoint, path_params) = match found {
        Found::Endpoint { endpoint, params, .. } => (endpoint, params),
        Found::OtherMethods(allow) => {
            let detail = text!("This address takes {methods} only.", methods = &allow);
            let refusal = problem::plain(405, "method-not-allowed", &detail, request.language()).header("Allow", allow);
            return Ok(Led::Answered(refusal));
        }
        Found::Nothing => return Err(Error::NotFound(text!("There is nothing at this address."))),
    };
    check_access(endpoint, &actor)?;
    if app.db.is_read_only() && !endpoint.leaves_file {
        return Err(read_only());
    }
    check_body(endpoint, request)?;
    let mut params = path_params;
    params.extend(request.query_pairs());
    let fields = Chosen::take(endpoint, &mut params)?;
    let call = Call { request, endpoint, context: Context { actor, now: app.clock.now() }, params };
    Ok(Led::To(call, fields))
}

fn run(app: &App, call: &Call, fields: Option<&Chosen>, trace: &mut Trace) -> Result<Response> {
    if call.endpoint.tags.is_empty() {
        let response = (call.endpoint.handler)(app, call)?;
        return finish_fresh(call.request, response, fields);
    }
    kept(app, call, fields, trace)
}

/// What is not a page of the UI.
fn is_api(request: &Request) -> bool {
    request.path.starts_with("/api/") || request.path == "/api" || request.path == "/metrics"
}

/// The answer that was found ready, to whoever may have so many a minute.
fn hand_out(app: &App, request: &Request, ready: Ready, trace: &mut Trace) -> Result<Response> {
    let (index, actor, limit, body) = match ready {
        Ready::Page(response) => return Ok(response),
        Ready::Kept { index, actor, limit, body } => (index, actor, limit, body),
    };
    trace.endpoint = Some(index);
    admit(app, &actor, limit, trace)?;
    trace.is_hit = true;
    app.cache.count_hit();
    Ok(tagged(request, kept_answer(&app.router.endpoints()[index]), body))
}

/// Notes who asks, and counts it.
fn admit(app: &App, actor: &Actor, limit: u32, trace: &mut Trace) -> Result<()> {
    trace.user = actor.user_id;
    trace.standing = standing(app, actor, limit);
    match trace.standing {
        Some(standing) if !standing.allowed => {
            Err(Error::TooMany { said: text!("Too many requests; please wait a moment."), seconds: standing.reset })
        }
        Some(_) | None => Ok(()),
    }
}

/// The token of a request, and whether it came as a cookie.
fn token<'a>(app: &App, request: &'a Request) -> Option<(&'a str, bool)> {
    let bearer = request.header("authorization").and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")));
    let cookie = || request.cookie(session_cookie(app)).map(|token| (token.trim(), true));
    bearer.map(|token| (token.trim(), false)).or_else(cookie)
}

/// The person behind the request's token; a stranger when it has none or an old one.
fn who(app: &App, request: &Request) -> Result<Actor> {
    let Some((token, from_cookie)) = token(app, request) else { return Ok(Actor::stranger(&request.address)) };
    if from_cookie && !request.method.is_safe() && !is_same_origin(request) {
        return Err(from_another_site());
    }
    let known = (app.hooks.authenticate)(app, token, request)?;
    Ok(known.unwrap_or_else(|| Actor::stranger(&request.address)))
}

/// Browsers send `Origin` with every unsafe request; its host must be the one asked.
pub fn is_same_origin(request: &Request) -> bool {
    let host = request.header("host").unwrap_or("");
    match request.header("origin") {
        Some(origin) => origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host)),
        None => matches!(request.header("sec-fetch-site"), Some("same-origin" | "none")),
    }
}

fn standing(app: &App, actor: &Actor, limit: u32) -> Option<Standing> {
    if limit == 0 {
        return None;
    }
    let caller = actor.session_id.map_or_else(|| Caller::at(&actor.address), Caller::Session);
    app.limiter.count(caller, limit, Moment::now())
}

fn check_access(endpoint: &Endpoint, actor: &Actor) -> Result<()> {
    if endpoint.access.allows(actor.role) {
        if endpoint.needs_password && actor.device_id.is_some() {
            return Err(by_pin());
        }
        return Ok(());
    }
    match (endpoint.access, actor.role) {
        (Access::Roles(_), Some(_)) => {
            Err(Error::Forbidden(text!("Your account does not allow this; ask a manager or the owner.")))
        }
        (Access::Roles(_) | Access::Public, _) => Err(Error::not_signed_in()),
    }
}

/// The refusal of what a sign-in by PIN may not do.
pub fn by_pin() -> Error {
    Error::Forbidden(text!("You signed in by PIN. Sign out and sign in with your password to do this."))
}

/// The refusal of what a page of another site makes a browser send.
pub fn from_another_site() -> Error {
    Error::Forbidden(text!("This request came from another site and was refused."))
}

/// A body must be JSON: a form of another site cannot send that.
fn check_body(endpoint: &Endpoint, request: &Request) -> Result<()> {
    if request.body.is_empty() || endpoint.body_limit == 0 {
        return Ok(());
    }
    let media_type = request.header("content-type").unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if media_type == "application/json" { Ok(()) } else { Err(Error::UnsupportedMedia) }
}

/// An answer that may be kept: from the cache, or made and put there.
fn kept(app: &App, call: &Call, fields: Option<&Chosen>, trace: &mut Trace) -> Result<Response> {
    let key = kept_under(call.actor(), call.request, &call.params, fields);
    let generation = app.db.generations().of(call.endpoint.tags);
    let response = kept_answer(call.endpoint);
    if let Some(body) = app.cache.get(&key, generation) {
        trace.is_hit = true;
        return Ok(tagged(call.request, response, body));
    }
    let made = (call.endpoint.handler)(app, call)?;
    let mut bytes = select(made.payload, fields)?;
    // It was written with room for a page.
    bytes.shrink_to_fit();
    let body = Arc::new(Body::new(bytes));
    app.cache.put(key, generation, body.clone());
    Ok(tagged(call.request, response, body))
}

/// An answer of that endpoint that may be kept, without its body.
fn kept_answer(endpoint: &Endpoint) -> Response {
    Response::new(200).header("Content-Type", endpoint.media_type)
}

/// What tells an answer from every other: role, path, parameters in the order of their names,
/// chosen fields. Each part is written with its length, so that no text in one can look like
/// two others.
fn kept_under(actor: &Actor, request: &Request, params: &[(String, String)], fields: Option<&Chosen>) -> String {
    let mut params: Vec<(&str, &str)> = params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    params.sort_unstable();
    let mut key = String::with_capacity(64);
    let mut add = |kind: char, part: &str| {
        // Writing to memory cannot fail.
        let _ = write!(key, "{kind}{}:{part}", part.len());
    };
    add('r', actor.role.map_or("", |r| r.as_str()));
    add('p', &request.path);
    for (name, value) in params {
        add('n', name);
        add('v', value);
    }
    fields.map_or(&[][..], Chosen::names).iter().for_each(|name| add('f', name));
    key
}

/// An answer with its body and the body's tag, or 304 when the client has it.
fn tagged(request: &Request, mut response: Response, body: Arc<Body>) -> Response {
    let is_same = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == body.etag.trim_start_matches("W/");
    let has_it = request.header("if-none-match").is_some_and(|tags| tags.split(',').any(|tag| is_same(tag.trim())));
    response =
        response.header("ETag", body.etag.clone()).header("Cache-Control", "private, no-cache").header("Vary", "Accept-Encoding");
    if has_it {
        response.headers.retain(|(name, _)| *name != "Content-Type");
        return Response { status: 304, payload: Payload::Empty, ..response };
    }
    let payload = if is_sent_packed(request, &body) { Payload::Gzip(body) } else { Payload::Plain(body) };
    Response { payload, ..response }
}

fn is_sent_packed(request: &Request, body: &Body) -> bool {
    body.plain.len() > gzip::THRESHOLD && request.accepts_gzip()
}

/// Fields and tag of an answer that is not kept.
fn finish_fresh(request: &Request, response: Response, fields: Option<&Chosen>) -> Result<Response> {
    // An event stream has no end that a tag could be reckoned from.
    let is_whole = response.find("content-type") != Some("text/event-stream");
    if request.method.is_safe() && response.status == 200 && is_whole {
        let body = match response.payload {
            Payload::Plain(body) if fields.is_none() => body,
            payload => Arc::new(Body::new(select(payload, fields)?)),
        };
        return Ok(tagged(request, Response { payload: Payload::Empty, ..response }, body));
    }
    Ok(if response.find("cache-control").is_none() { response.header("Cache-Control", "no-store") } else { response })
}

/// The bytes of an answer, or of its chosen members.
fn select(payload: Payload, fields: Option<&Chosen>) -> Result<Vec<u8>> {
    match (fields, payload) {
        (Some(fields), payload) => fields.select(payload.bytes()),
        (None, Payload::Owned(bytes)) => Ok(bytes),
        (None, other) => Ok(other.bytes().to_vec()),
    }
}

/// Compresses what is not compressed yet, if it is worth it and the client takes it.
fn compress(request: &Request, response: &mut Response) {
    if let Payload::Gzip(_) = response.payload {
        response.headers.push(("Content-Encoding", "gzip".into()));
        return;
    }
    let Payload::Owned(bytes) = &response.payload else { return };
    let is_text = response.find("content-type").is_some_and(|t| t.contains("json") || t.starts_with("text/"));
    if is_text && bytes.len() > gzip::THRESHOLD && response.find("content-encoding").is_none() {
        if request.accepts_gzip() {
            response.payload = Payload::Owned(gzip::compress(bytes));
            response.headers.push(("Content-Encoding", "gzip".into()));
        }
        if response.find("vary").is_none_or(|fields| fields != "Accept-Encoding") {
            response.headers.push(("Vary", "Accept-Encoding".into()));
        }
    }
}

fn add_rate_headers(response: &mut Response, standing: Standing) {
    response.headers.push(("RateLimit-Limit", standing.limit.to_string().into()));
    response.headers.push(("RateLimit-Remaining", standing.remaining.to_string().into()));
    response.headers.push(("RateLimit-Reset", standing.reset.to_string().into()));
}

fn add_security_headers(response: &mut Response) {
    response.headers.extend([
        ("X-Content-Type-Options", "nosniff".into()),
        ("X-Frame-Options", "DENY".into()),
        ("Referrer-Policy", "same-origin".into()),
        ("Cross-Origin-Opener-Policy", "same-origin".into()),
        ("Cross-Origin-Resource-Policy", "same-origin".into()),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()".into()),
    ]);
    if response.find("content-security-policy").is_none() {
        response.headers.push(("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'".into()));
    }
}

/// Unique within this start of the program; readable aloud.
fn next_request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("r{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
