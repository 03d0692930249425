//! What the server has done since it started, in the Prometheus text format.

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::state::{App, Holding};
use crate::watch::histogram::Snapshot;
use crate::watch::{AlertCode, Histogram, Ring, SlowRequest, machine};

/// Slow requests remembered.
const SLOW_KEPT: usize = 50;

#[derive(Debug, Default)]
struct RouteMetrics {
    by_class: [AtomicU64; 6],
    slow: AtomicU64,
    /// Made at the route's first request: most routes are asked rarely.
    times: OnceLock<Box<Histogram>>,
}

/// A figure that somebody else counts.
#[derive(Debug)]
pub struct Figure {
    pub name: &'static str,
    pub kind: &'static str,
    pub help: &'static str,
    /// The values, each with its label if it has one: `("reason", "queue_full")`.
    pub values: Vec<(Option<(&'static str, &'static str)>, u64)>,
}

/// Tells what the network side has counted.
pub type NetworkFigures = Box<dyn Fn() -> Vec<Figure> + Send + Sync>;

/// Counters a route; the last entry is for requests that found none.
pub struct Metrics {
    routes: Vec<RouteMetrics>,
    network: OnceLock<NetworkFigures>,
    /// The newest slow requests.
    pub slow_requests: Ring<SlowRequest>,
}

/// A route's figures at one moment.
#[derive(Debug, Clone)]
pub struct RouteFigures {
    /// Answers by the first digit of their status.
    pub by_class: [u64; 6],
    pub slow: u64,
    pub times: Snapshot,
}

impl RouteFigures {
    pub fn requests(&self) -> u64 {
        self.by_class.iter().sum()
    }

    /// Faults of the server's own.
    pub fn errors(&self) -> u64 {
        self.by_class[5]
    }
}

fn load(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Metrics {
    pub fn new(routes: usize) -> Metrics {
        Metrics {
            routes: (0..=routes).map(|_| RouteMetrics::default()).collect(),
            slow_requests: Ring::new(SLOW_KEPT),
            network: OnceLock::new(),
        }
    }

    /// Says who counts the connections, once there are any.
    pub fn set_network(&self, figures: NetworkFigures) {
        if self.network.set(figures).is_err() {
            log::error!("the network's figures were set twice");
        }
    }

    /// What the network side has counted.
    pub fn network(&self) -> Vec<Figure> {
        self.network.get().map_or_else(Vec::new, |figures| figures())
    }

    fn route(&self, endpoint: Option<usize>) -> &RouteMetrics {
        endpoint.and_then(|i| self.routes.get(i)).unwrap_or(&self.routes[self.routes.len() - 1])
    }

    /// Counts an answer.
    pub fn note(&self, endpoint: Option<usize>, status: u16, took: Duration) {
        let route = self.route(endpoint);
        route.by_class[usize::from(status / 100).min(5)].fetch_add(1, Ordering::Relaxed);
        route.times.get_or_init(Box::default).add(micros(took));
    }

    /// Counts and remembers an answer that took long.
    #[cold]
    pub fn note_slow(&self, endpoint: Option<usize>, slow: SlowRequest) {
        self.route(endpoint).slow.fetch_add(1, Ordering::Relaxed);
        self.slow_requests.push(slow);
    }

    /// The figures of a route that has been asked; `None` = requests that found no route.
    pub fn figures(&self, endpoint: Option<usize>) -> Option<RouteFigures> {
        let route = self.route(endpoint);
        let times = route.times.get()?.snapshot();
        Some(RouteFigures { by_class: std::array::from_fn(|class| load(&route.by_class[class])), slow: load(&route.slow), times })
    }

    /// Requests, slow ones and errors of all routes.
    pub fn totals(&self) -> (u64, u64, u64) {
        let sum = |pick: &dyn Fn(&RouteMetrics) -> u64| self.routes.iter().map(pick).sum();
        (sum(&|r| r.by_class.iter().map(load).sum()), sum(&|r| load(&r.slow)), sum(&|r| load(&r.by_class[5])))
    }
}

/// A duration in whole microseconds.
pub(super) fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// One line a figure.
struct Text(String);

impl Text {
    fn figure(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        let _ = writeln!(self.0, "# HELP innkeeper_{name} {help}\n# TYPE innkeeper_{name} {kind}\ninnkeeper_{name} {value}");
    }
}

/// The figures of the network side.
fn network(app: &App, text: &mut String) {
    for Figure { name, kind, help, values } in app.metrics.network() {
        let _ = writeln!(text, "# HELP innkeeper_{name} {help}\n# TYPE innkeeper_{name} {kind}");
        for (label, value) in values {
            let label = label.map(|(label, of)| format!("{{{label}=\"{of}\"}}")).unwrap_or_default();
            let _ = writeln!(text, "innkeeper_{name}{label} {value}");
        }
    }
}

/// The whole text.
pub fn render(app: &App) -> String {
    let mut text = Text(String::with_capacity(16 * 1024));
    routes(app, &mut text.0);
    network(app, &mut text.0);
    let count = load;
    let statistics = app.db.statistics();
    text.figure("cache_hits_total", "counter", "Answers taken from the cache.", count(&app.cache.hits));
    text.figure(
        "cache_misses_total",
        "counter",
        "Answers that were not in the cache or no longer true.",
        count(&app.cache.misses),
    );
    text.figure("cache_entries", "gauge", "Answers kept.", app.cache.len() as u64);
    text.figure("statements_total", "counter", "SQL statements run.", count(&statistics.statements));
    text.figure("slow_statements_total", "counter", "SQL statements slower than the threshold.", count(&statistics.slow));
    text.figure("slow_requests_total", "counter", "Requests slower than the threshold.", app.metrics.totals().1);
    text.figure("commits_total", "counter", "Transactions on disk.", count(&statistics.commits));
    text.figure(
        "operations_total",
        "counter",
        "Changes asked for; several may share a transaction.",
        count(&statistics.operations),
    );
    text.figure("rollbacks_total", "counter", "Changes refused and taken back.", count(&statistics.rollbacks));
    text.figure("pool_waits_total", "counter", "Reads that waited for a connection.", count(&statistics.reader_waits));
    text.figure("pool_wait_microseconds_total", "counter", "How long they waited in all.", count(&statistics.reader_wait_micros));
    text.figure(
        "pool_timeouts_total",
        "counter",
        "Requests that found no reading connection in time.",
        count(&statistics.reader_timeouts),
    );
    let (open, idle) = app.db.reader_state();
    text.figure("pool_connections", "gauge", "Reading connections open.", open.into());
    text.figure("pool_idle_connections", "gauge", "Reading connections idle.", idle.into());
    holdings(app, &mut text.0);
    let (database, wal) = app.db.sizes();
    text.figure("database_bytes", "gauge", "Size of the data file.", database);
    text.figure("wal_bytes", "gauge", "Size of the write-ahead log.", wal);
    machine_and_alerts(app, &mut text);
    text.0
}

/// What requests leave in memory, and its bounds.
fn holdings(app: &App, text: &mut String) {
    let all = app.holdings();
    text.push_str("# HELP innkeeper_kept_bytes What requests leave in memory.\n# TYPE innkeeper_kept_bytes gauge\n");
    for Holding { what, bytes, .. } in &all {
        let _ = writeln!(text, "innkeeper_kept_bytes{{what=\"{what}\"}} {bytes}");
    }
    text.push_str("# HELP innkeeper_kept_limit_bytes What it may be at most.\n# TYPE innkeeper_kept_limit_bytes gauge\n");
    for Holding { what, limit, .. } in &all {
        let _ = writeln!(text, "innkeeper_kept_limit_bytes{{what=\"{what}\"}} {limit}");
    }
}

fn machine_and_alerts(app: &App, text: &mut Text) {
    if let Some(disk) = machine::disk(app.db.path()) {
        text.figure("disk_free_bytes", "gauge", "Room on the disk of the data file.", disk.free);
        text.figure("disk_bytes", "gauge", "Size of the disk of the data file.", disk.total);
    }
    if let Some(memory) = machine::memory() {
        text.figure("resident_memory_bytes", "gauge", "Memory held by the process.", memory);
    }
    let now = app.clock.now();
    let uptime = u64::try_from(app.started_at.seconds_until(now)).unwrap_or(0);
    text.figure("uptime_seconds", "gauge", "Since the start.", uptime);
    text.0.push_str("# HELP innkeeper_alert Whether an alert stands.\n# TYPE innkeeper_alert gauge\n");
    let standing = app.watch.alerts();
    for code in AlertCode::ALL {
        let stands = u8::from(standing.iter().any(|alert| alert.code == *code));
        let _ = writeln!(text.0, "innkeeper_alert{{code=\"{code}\"}} {stands}");
    }
}

/// Each route that has been asked, by name.
fn asked(app: &App) -> Vec<(&'static str, RouteFigures)> {
    let names = app.router.endpoints().iter().map(|e| e.name).enumerate().map(|(at, name)| (Some(at), name));
    names.chain([(None, "other")]).filter_map(|(at, name)| Some((name, app.metrics.figures(at)?))).collect()
}

fn routes(app: &App, text: &mut String) {
    let asked = asked(app);
    text.push_str(
        "# HELP innkeeper_requests_total Requests by route and status class.\n# TYPE innkeeper_requests_total counter\n",
    );
    for (name, route) in &asked {
        for (class, count) in route.by_class.iter().enumerate().filter(|(_, count)| **count > 0) {
            let _ = writeln!(text, "innkeeper_requests_total{{route=\"{name}\",status=\"{class}xx\"}} {count}");
        }
    }
    text.push_str("# HELP innkeeper_request_seconds Time to make an answer.\n# TYPE innkeeper_request_seconds histogram\n");
    for (name, RouteFigures { times, .. }) in &asked {
        for (limit, count) in times.below_powers() {
            let seconds = limit.as_secs_f64();
            let _ = writeln!(text, "innkeeper_request_seconds_bucket{{route=\"{name}\",le=\"{seconds}\"}} {count}");
        }
        let _ = writeln!(text, "innkeeper_request_seconds_bucket{{route=\"{name}\",le=\"+Inf\"}} {}", times.total);
        let _ = writeln!(text, "innkeeper_request_seconds_sum{{route=\"{name}\"}} {}", times.sum().as_secs_f64());
        let _ = writeln!(text, "innkeeper_request_seconds_count{{route=\"{name}\"}} {}", times.total);
    }
}
