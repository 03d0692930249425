//! What the server has done since it started, in the Prometheus text format.

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::app::App;

/// Upper bounds of the latency buckets, in microseconds.
const BUCKETS: [u64; 14] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];

#[derive(Debug, Default)]
struct RouteMetrics {
    by_class: [AtomicU64; 6],
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
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
    started: Instant,
    routes: Vec<RouteMetrics>,
    network: OnceLock<NetworkFigures>,
}

impl Metrics {
    pub fn new(routes: usize) -> Metrics {
        let routes = (0..=routes).map(|_| RouteMetrics::default()).collect();
        Metrics { started: Instant::now(), routes, network: OnceLock::new() }
    }

    /// Says who counts the connections, once there are any.
    pub fn set_network(&self, figures: NetworkFigures) {
        if self.network.set(figures).is_err() {
            log::error!("the network's figures were set twice");
        }
    }

    pub fn note(&self, endpoint: Option<usize>, status: u16, took: Duration) {
        let route = endpoint.and_then(|i| self.routes.get(i)).unwrap_or(&self.routes[self.routes.len() - 1]);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.iter().position(|limit| micros <= *limit).unwrap_or(BUCKETS.len());
        route.by_class[usize::from(status / 100).min(5)].fetch_add(1, Ordering::Relaxed);
        route.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        route.micros.fetch_add(micros, Ordering::Relaxed);
    }
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
    for Figure { name, kind, help, values } in app.metrics.network.get().map_or_else(Vec::new, |figures| figures()) {
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
    let count = |a: &AtomicU64| a.load(Ordering::Relaxed);
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
    text.figure("commits_total", "counter", "Transactions on disk.", count(&statistics.commits));
    text.figure(
        "operations_total",
        "counter",
        "Changes asked for; several may share a transaction.",
        count(&statistics.operations),
    );
    text.figure("rollbacks_total", "counter", "Changes refused and taken back.", count(&statistics.rollbacks));
    text.figure(
        "pool_timeouts_total",
        "counter",
        "Requests that found no reading connection in time.",
        count(&statistics.reader_timeouts),
    );
    let (open, idle) = app.db.reader_state();
    text.figure("pool_connections", "gauge", "Reading connections open.", open.into());
    text.figure("pool_idle_connections", "gauge", "Reading connections idle.", idle.into());
    let (database, wal) = app.db.sizes();
    text.figure("database_bytes", "gauge", "Size of the data file.", database);
    text.figure("wal_bytes", "gauge", "Size of the write-ahead log.", wal);
    // There is no backup in the product yet; the figure is there so that a watch on it goes off.
    text.0.push_str(
        "# HELP innkeeper_backup_age_seconds Since the last backup; NaN when none was made.\n\
         # TYPE innkeeper_backup_age_seconds gauge\ninnkeeper_backup_age_seconds NaN\n",
    );
    if let Some(resident) = resident_bytes() {
        text.figure("resident_memory_bytes", "gauge", "Memory held by the process.", resident);
    }
    text.figure("uptime_seconds", "gauge", "Since the start.", app.metrics.started.elapsed().as_secs());
    text.0
}

fn routes(app: &App, text: &mut String) {
    text.push_str(
        "# HELP innkeeper_requests_total Requests by route and status class.\n# TYPE innkeeper_requests_total counter\n",
    );
    let names = || app.router.endpoints().iter().map(|e| e.name).chain(std::iter::once("other")).zip(&app.metrics.routes);
    for (name, route) in names() {
        for (class, counter) in route.by_class.iter().enumerate().filter(|(_, c)| c.load(Ordering::Relaxed) > 0) {
            let _ = writeln!(
                text,
                "innkeeper_requests_total{{route=\"{name}\",status=\"{class}xx\"}} {}",
                counter.load(Ordering::Relaxed)
            );
        }
    }
    text.push_str("# HELP innkeeper_request_seconds Time to make an answer.\n# TYPE innkeeper_request_seconds histogram\n");
    for (name, route) in names() {
        let counts: Vec<u64> = route.buckets.iter().map(|b| b.load(Ordering::Relaxed)).collect();
        let total: u64 = counts.iter().sum();
        if total == 0 {
            continue;
        }
        let mut seen = 0;
        for (limit, count) in BUCKETS.iter().zip(&counts) {
            seen += count;
            let seconds = Duration::from_micros(*limit).as_secs_f64();
            let _ = writeln!(text, "innkeeper_request_seconds_bucket{{route=\"{name}\",le=\"{seconds}\"}} {seen}");
        }
        let sum = Duration::from_micros(route.micros.load(Ordering::Relaxed)).as_secs_f64();
        let _ = writeln!(text, "innkeeper_request_seconds_bucket{{route=\"{name}\",le=\"+Inf\"}} {total}");
        let _ = writeln!(text, "innkeeper_request_seconds_sum{{route=\"{name}\"}} {sum}");
        let _ = writeln!(text, "innkeeper_request_seconds_count{{route=\"{name}\"}} {total}");
    }
}

/// Memory held by the process, where the system tells it.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
