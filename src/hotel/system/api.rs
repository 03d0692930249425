//! `GET /api/system`: all of it in one answer; `/api/system/thresholds`.

use std::sync::atomic::{AtomicU64, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::store;
use crate::db::Tx;
use crate::domain::date::Instant;
use crate::domain::number::Within;
use crate::domain::order::sort;
use crate::error::{Error, Fields, Result};
use crate::hotel::{Memory, backups};
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, Reply, live, seen_with, update};
use crate::http::metrics::{Figure, RouteFigures};
use crate::http::state::App;
use crate::watch::{Alert, AlertCode, Severity, SlowRequest, SlowStatement, Thresholds, machine};

pub fn endpoints(memory: &Memory) -> Vec<Endpoint> {
    let what = "How Innkeeper and its machine are: figures, slow work, alerts";
    let mut endpoints = vec![live("/api/system", "find_system", Access::MANAGE, what, seen_with(&memory.backups, find))];
    endpoints.extend(update(
        "/api/system/thresholds",
        ["update_thresholds", "replace_thresholds"],
        Access::MANAGE,
        "Change when alerts begin; 0 turns one off",
        change_thresholds,
    ));
    endpoints
}

/// How Innkeeper and its machine are. Counts are totals since the start.
#[derive(Debug, Serialize, JsonSchema)]
struct SystemView {
    version: &'static str,
    started_at: Instant,
    uptime_seconds: i64,
    /// Those that stand now.
    alerts: Vec<AlertView>,
    thresholds: ThresholdsView,
    requests: RequestsView,
    /// Each route that was asked, the most asked first.
    routes: Vec<RouteView>,
    /// The newest, at most 50, newest first.
    slow_requests: Vec<SlowRequestView>,
    /// The newest, at most 50, newest first.
    slow_statements: Vec<SlowStatementView>,
    cache: CacheView,
    database: DatabaseView,
    pool: PoolView,
    /// Connections, requests and bytes at the door, in the order in which a request passes them.
    network: Vec<NetworkView>,
    disk: Option<DiskView>,
    memory_bytes: Option<u64>,
    backup: LastBackupView,
}

/// What the door has counted.
#[derive(Debug, Serialize, JsonSchema)]
struct NetworkView {
    /// As on `/metrics`, there with `innkeeper_` before it.
    name: &'static str,
    /// Of a figure that is told apart: why a request was refused.
    reason: Option<&'static str>,
    meaning: &'static str,
    value: u64,
}

/// A figure that is past its threshold.
#[derive(Debug, Serialize, JsonSchema)]
struct AlertView {
    code: AlertCode,
    severity: Severity,
    since: Instant,
    value: f64,
    threshold: u32,
    /// Of value and threshold: %, MB or h.
    unit: &'static str,
}

impl From<Alert> for AlertView {
    fn from(a: Alert) -> Self {
        let unit = a.code.unit();
        AlertView { code: a.code, severity: a.severity, since: a.since, value: a.value, threshold: a.threshold, unit }
    }
}

/// When alerts begin; 0 = never.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ThresholdsView {
    /// Slow requests of all in five minutes.
    slow_requests_percent: u32,
    /// Requests that failed through a fault of the server's, of all in five minutes.
    errors_percent: u32,
    /// Room that must be left on the disk.
    disk_space_megabytes: u32,
    /// Memory that the program may hold.
    memory_megabytes: u32,
    backup_age_hours: u32,
}

impl From<Thresholds> for ThresholdsView {
    fn from(t: Thresholds) -> Self {
        ThresholdsView {
            slow_requests_percent: t.of(AlertCode::SlowRequests),
            errors_percent: t.of(AlertCode::Errors),
            disk_space_megabytes: t.of(AlertCode::DiskSpace),
            memory_megabytes: t.of(AlertCode::Memory),
            backup_age_hours: t.of(AlertCode::BackupAge),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct RequestsView {
    total: u64,
    /// Faults of the server's own.
    errors: u64,
    slow: u64,
    error_percent: f64,
    slow_percent: f64,
    /// A request is slow from here on.
    slow_after_ms: f64,
}

/// A route's requests; durations are right to an eighth.
#[derive(Debug, Serialize, JsonSchema)]
struct RouteView {
    /// The endpoint's name; `other` = pages, assets and what leads nowhere.
    route: &'static str,
    method: &'static str,
    pattern: &'static str,
    requests: u64,
    errors: u64,
    slow: u64,
    mean_ms: f64,
    p50_ms: f64,
    p90_ms: f64,
    p99_ms: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SlowRequestView {
    at: Instant,
    route: &'static str,
    method: &'static str,
    pattern: &'static str,
    status: u16,
    duration_ms: f64,
    /// As in the answer's X-Request-Id and in the log.
    request_id: String,
}

impl From<SlowRequest> for SlowRequestView {
    fn from(s: SlowRequest) -> Self {
        SlowRequestView {
            at: s.at,
            route: s.route,
            method: s.method,
            pattern: s.pattern,
            status: s.status,
            duration_ms: ms(s.micros),
            request_id: s.request_id,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct SlowStatementView {
    at: Instant,
    statement: &'static str,
    /// The statement, with ?1 where its values stood.
    text: String,
    /// How the database went about it, a line a step; SCAN = it read a whole table or index.
    plan: Vec<String>,
    duration_ms: f64,
}

impl From<SlowStatement> for SlowStatementView {
    fn from(s: SlowStatement) -> Self {
        SlowStatementView { at: s.at, statement: s.name, text: s.text, plan: s.plan, duration_ms: ms(s.micros) }
    }
}

/// Answers kept in memory.
#[derive(Debug, Serialize, JsonSchema)]
struct CacheView {
    entries: u64,
    hits: u64,
    misses: u64,
    hit_percent: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DatabaseView {
    database_bytes: u64,
    /// The write-ahead log; folded into the file after a second without a change.
    wal_bytes: u64,
    statements: u64,
    slow_statements: u64,
    /// Changes asked for; several may share a commit.
    changes: u64,
    commits: u64,
    /// Changes refused and taken back.
    rollbacks: u64,
}

/// Connections that read the database.
#[derive(Debug, Serialize, JsonSchema)]
struct PoolView {
    connections: u32,
    idle: u32,
    /// Reads that found none at hand.
    waits: u64,
    /// How long one of them waited.
    mean_wait_ms: f64,
    /// Those that waited in vain.
    timeouts: u64,
}

/// The disk that holds the data file.
#[derive(Debug, Serialize, JsonSchema)]
struct DiskView {
    free_bytes: u64,
    total_bytes: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LastBackupView {
    /// The newest that this program knows of.
    last_at: Option<Instant>,
    age_seconds: Option<i64>,
}

/// Microseconds as milliseconds.
fn ms(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

/// A share in percent, to a hundredth.
fn percent(part: u64, whole: u64) -> f64 {
    (part as f64 * 10_000.0 / whole.max(1) as f64).round() / 100.0
}

fn find(backups: &backups::State, app: &App, call: &Call, _: NoParams) -> Result<Reply<SystemView>> {
    // A damaged file may not tell them; the alert of that has to be seen all the same.
    let thresholds = match app.db.read(&call.context, store::thresholds) {
        Err(Error::Damaged) => Thresholds::default(),
        other => other?,
    };
    let now = call.context.now;
    Ok(Reply::of(SystemView {
        version: env!("CARGO_PKG_VERSION"),
        started_at: app.started_at,
        uptime_seconds: app.started_at.seconds_until(now).max(0),
        alerts: app.watch.alerts().into_iter().map(AlertView::from).collect(),
        thresholds: thresholds.into(),
        requests: requests(app),
        routes: routes(app),
        slow_requests: app.metrics.slow_requests.newest().into_iter().map(SlowRequestView::from).collect(),
        slow_statements: app.db.statistics().slow_statements.newest().into_iter().map(SlowStatementView::from).collect(),
        cache: cache(app),
        database: database(app),
        pool: pool(app),
        network: network(app),
        disk: machine::disk(app.db.path()).map(|d| DiskView { free_bytes: d.free, total_bytes: d.total }),
        memory_bytes: machine::memory(),
        backup: LastBackupView { last_at: backups.newest_at(), age_seconds: backups.newest_at().map(|at| at.seconds_until(now)) },
    }))
}

fn requests(app: &App) -> RequestsView {
    let (total, slow, errors) = app.metrics.totals();
    RequestsView {
        total,
        errors,
        slow,
        error_percent: percent(errors, total),
        slow_percent: percent(slow, total),
        slow_after_ms: app.options.slow_request.as_secs_f64() * 1000.0,
    }
}

fn routes(app: &App) -> Vec<RouteView> {
    let view = |route, method, pattern, figures: RouteFigures| RouteView {
        route,
        method,
        pattern,
        requests: figures.requests(),
        errors: figures.errors(),
        slow: figures.slow,
        mean_ms: (figures.times.sum().as_secs_f64() * 1_000_000.0 / figures.times.total.max(1) as f64).round() / 1000.0,
        p50_ms: ms(figures.times.quantile(500)),
        p90_ms: ms(figures.times.quantile(900)),
        p99_ms: ms(figures.times.quantile(990)),
    };
    let endpoints = app.router.endpoints().iter().enumerate();
    let named = endpoints.filter_map(|(at, e)| Some(view(e.name, e.method.as_str(), e.pattern, app.metrics.figures(Some(at))?)));
    let other = app.metrics.figures(None).map(|figures| view("other", "", "", figures));
    let mut routes: Vec<RouteView> = named.chain(other).collect();
    sort(&mut routes, |a, b| b.requests.cmp(&a.requests));
    routes
}

fn network(app: &App) -> Vec<NetworkView> {
    let view = |Figure { name, help, values, .. }: Figure| {
        values.into_iter().map(move |(label, value)| NetworkView { name, reason: label.map(|(_, of)| of), meaning: help, value })
    };
    app.metrics.network().into_iter().flat_map(view).collect()
}

fn load(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

fn cache(app: &App) -> CacheView {
    let (hits, misses) = (load(&app.cache.hits), load(&app.cache.misses));
    CacheView { entries: app.cache.len() as u64, hits, misses, hit_percent: percent(hits, hits + misses) }
}

fn database(app: &App) -> DatabaseView {
    let statistics = app.db.statistics();
    let (database_bytes, wal_bytes) = app.db.sizes();
    DatabaseView {
        database_bytes,
        wal_bytes,
        statements: load(&statistics.statements),
        slow_statements: load(&statistics.slow),
        changes: load(&statistics.operations),
        commits: load(&statistics.commits),
        rollbacks: load(&statistics.rollbacks),
    }
}

fn pool(app: &App) -> PoolView {
    let statistics = app.db.statistics();
    let (connections, idle) = app.db.reader_state();
    let waits = load(&statistics.reader_waits);
    let mean_wait_ms = ms(load(&statistics.reader_wait_micros) / waits.max(1));
    PoolView { connections, idle, waits, mean_wait_ms, timeouts: load(&statistics.reader_timeouts) }
}

/// The thresholds to change; those left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ThresholdsChange {
    slow_requests_percent: Option<Share>,
    errors_percent: Option<Share>,
    disk_space_megabytes: Option<Megabytes>,
    memory_megabytes: Option<Megabytes>,
    backup_age_hours: Option<Within<0, 100_000>>,
}

pub type Share = Within<0, 100>;
pub type Megabytes = Within<0, 1_000_000_000>;

fn change_thresholds(tx: &Tx, _: NoParams, body: ThresholdsChange) -> Result<ThresholdsView> {
    let given = [
        (AlertCode::SlowRequests, "slow_requests_percent", body.slow_requests_percent.map(Share::checked)),
        (AlertCode::Errors, "errors_percent", body.errors_percent.map(Share::checked)),
        (AlertCode::DiskSpace, "disk_space_megabytes", body.disk_space_megabytes.map(Megabytes::checked)),
        (AlertCode::Memory, "memory_megabytes", body.memory_megabytes.map(Megabytes::checked)),
        (AlertCode::BackupAge, "backup_age_hours", body.backup_age_hours.map(Within::checked)),
    ];
    let mut fields = Fields::default();
    let check = |(code, field, given): (AlertCode, &str, Option<_>)| Some((code, fields.check(field, given?)));
    let given: Vec<(AlertCode, u32)> = given.into_iter().filter_map(check).collect();
    fields.finish()?;
    super::set_thresholds(tx, given.into_iter()).map(ThresholdsView::from)
}
