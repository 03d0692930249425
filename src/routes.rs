//! The route table: the slices' endpoints, one after the other.

use std::sync::{Arc, OnceLock};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cache::Body;
use crate::db::Db;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::{Memory, SLICES, backups, settings, users};
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, Reply, live, raw};
use crate::http::response::{Payload, Response};
use crate::http::router::Router;
use crate::http::state::{App, AppOptions, Clock, EventHub, Hooks, alerts_in_short};
use crate::http::{licences, metrics, openapi};
use crate::jobs::{self, Job};

/// Every endpoint of the API.
pub fn endpoints(memory: &Memory) -> Vec<Endpoint> {
    let mut all = own(memory);
    all.extend(SLICES.iter().flat_map(|slice| (slice.endpoints)(memory)));
    all
}

/// All that answers requests over this database.
pub fn app(db: Db, clock: Clock, events: Arc<EventHub>, memory: &Memory, options: AppOptions) -> App {
    App::new(db, clock, Router::new(endpoints(memory)), events, hooks(memory), options)
}

/// What the slices hand to the kernel.
fn hooks(memory: &Memory) -> Hooks {
    let (known, recalled, same) = (memory.sign_ins.clone(), memory.sign_ins.clone(), memory.sign_ins.clone());
    Hooks {
        authenticate: Box::new(move |app, token, request| users::session::authenticate(app, &known, token, request)),
        recall: Box::new(move |app, token, request| users::session::recall(app, &recalled, token, request)),
        read_rate_limit: |app| {
            app.db.read(&app.own_context(), |conn| Ok(settings::store::find(conn)?.map_or(0, |p| p.rate_limit_per_minute)))
        },
        read_zone: |conn| Ok(settings::store::find(conn)?.map(|property| property.zone())),
        holdings: Box::new(move || same.holdings()),
        areas: SLICES.iter().flat_map(|slice| slice.areas).copied().collect(),
    }
}

/// Everything that is done beside the requests.
pub fn jobs(memory: &Memory) -> Vec<Job> {
    jobs::own().into_iter().chain(SLICES.iter().flat_map(|slice| (slice.jobs)(memory))).collect()
}

/// Every statement of the program, for the query plan test.
pub fn statements() -> Vec<crate::db::Sql> {
    let kernel = [
        crate::db::beside::STATEMENTS,
        crate::db::search::STATEMENTS,
        crate::db::shape::STATEMENTS,
        crate::http::idempotency::STATEMENTS,
        jobs::table::STATEMENTS,
    ];
    let slices = SLICES.iter().flat_map(|slice| slice.statements).copied();
    kernel.into_iter().chain(slices).flatten().cloned().collect()
}

fn own(memory: &Memory) -> Vec<Endpoint> {
    let backups = memory.backups.clone();
    let show_metrics = move |app: &App, call: &Call| show_metrics(app, call, &backups);
    vec![
        live("/api/health", "health", Access::Public, "Whether Innkeeper and its database answer", health),
        raw("/metrics", "metrics", Access::Public, "Counters in the Prometheus text format", "text/plain", show_metrics),
        raw("/api/openapi.json", "openapi", Access::Public, "This description", "application/json", show_openapi)
            .answers::<openapi::Document>(),
        raw("/api/docs", "docs", Access::Public, "This description for people", "text/html", show_docs),
        raw("/api/docs/style.css", "docs_style", Access::Public, "The look of that page", "text/css", show_docs_style),
        raw("/api/licences", "licences", Access::STAFF, "Whose work Innkeeper is made of", "text/plain", show_licences),
        raw("/api/events", "events", Access::STAFF, "Server-sent events: which areas changed", "text/event-stream", events),
    ]
}

/// Whether the server works.
#[derive(Debug, Serialize, JsonSchema)]
struct HealthView {
    status: &'static str,
    version: &'static str,
    database: &'static str,
}

fn health(app: &App, call: &Call, _: NoParams) -> Result<Reply<HealthView>> {
    let answers = app.db.read(&call.context, |conn| settings::store::find(conn).map(|_| ()));
    if let Err(error) = answers
        && error != Error::Damaged
    {
        log::error!("the database does not answer: {error}");
        return Err(Error::Busy(text!("The database does not answer.")));
    }
    let (status, word) = if app.db.is_damaged() { (503, "damaged") } else { (200, "ok") };
    let view = HealthView { status: word, version: env!("CARGO_PKG_VERSION"), database: word };
    Ok(Reply::of(view).status(status))
}

/// Prometheus scrapes without a session: open to the hotel's own machine, and to staff elsewhere.
fn show_metrics(app: &App, call: &Call, backups: &backups::State) -> Result<Response> {
    if !call.request.is_from_this_machine() && !Access::MANAGE.allows(call.actor().role) {
        return Err(Error::not_signed_in());
    }
    let text = metrics::render(app) + &backups.age_in_figures(call.context.now);
    Ok(Response::new(200).with("text/plain; version=0.0.4; charset=utf-8", Payload::Owned(text.into_bytes())))
}

/// Both are the same for as long as the program runs, and take a while and some
/// megabytes to make.
static OPENAPI: OnceLock<Arc<Body>> = OnceLock::new();
static DOCS: OnceLock<Arc<Body>> = OnceLock::new();

fn show_openapi(app: &App, call: &Call) -> Result<Response> {
    let _: NoParams = call.params()?;
    let make = || Arc::new(Body::new(openapi::document(app.router.endpoints()).to_string().into_bytes()));
    Ok(Response::new(200).with("application/json", Payload::Plain(OPENAPI.get_or_init(make).clone())))
}

fn show_docs(app: &App, _: &Call) -> Result<Response> {
    let page = DOCS.get_or_init(|| Arc::new(Body::new(openapi::page(app.router.endpoints()).into_bytes()))).clone();
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    Ok(Response::new(200).header("Content-Security-Policy", policy).with("text/html; charset=utf-8", Payload::Plain(page)))
}

fn show_docs_style(_: &App, _: &Call) -> Result<Response> {
    Ok(Response::new(200).with("text/css; charset=utf-8", Payload::Static(openapi::PAGE_STYLE.as_bytes())))
}

fn show_licences(_: &App, _: &Call) -> Result<Response> {
    Ok(Response::new(200).with("text/plain; charset=utf-8", Payload::Owned(licences::text())))
}

/// Opens an event stream. What follows the first event is the gate's to send.
fn events(app: &App, call: &Call) -> Result<Response> {
    let (Some(session), Some(user)) = (call.actor().session_id, call.actor().user_id) else {
        return Err(Error::not_signed_in());
    };
    app.events.opened(session);
    let alerts = alerts_in_short(&app.watch.alerts());
    let hello = format!("event: hello\ndata: {{\"version\":\"{}\",\"alerts\":{alerts}}}\n\n", env!("CARGO_PKG_VERSION"));
    Ok(Response::new(200)
        .header("X-Gate-Stream", "1")
        .header("X-Gate-Stream-Key", session.to_string())
        .header("X-Gate-Stream-Owner", user.to_string())
        .header("Cache-Control", "no-store")
        .with("text/event-stream", Payload::Owned(hello.into_bytes())))
}
