//! What every request needs: the database, the cache, the clock, the routes.

mod backup_desk;
mod passing;
mod signal;
mod streams;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::cache::Cache;
use crate::db::{Conn, Context, Db, Table, Tags};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::id::SessionId;
use crate::error::Result;
use crate::http::idempotency::FirstAnswers;
use crate::http::metrics::Metrics;
use crate::http::rate_limit::{FailedLogins, RateLimiter, Strangers};
use crate::http::request::Request;
use crate::http::router::Router;
use crate::kept::Kept;
use crate::lan::{self, Lan};
use crate::watch::{Alert, Severity, Watch};
pub use backup_desk::{BackupDesk, Exchange, MadeCopy, Progress, Running, Step};
pub use passing::PassingSessions;
pub use signal::Signal;
pub use streams::OpenStreams;

/// Where the time comes from: the machine, or a test.
#[derive(Debug)]
pub enum Clock {
    System,
    Fixed(AtomicI64),
}

impl Clock {
    pub fn now(&self) -> Instant {
        match self {
            Clock::System => Instant::system_now(),
            Clock::Fixed(ms) => {
                Instant::from_millisecond(ms.load(Ordering::Relaxed)).expect("invariant: tests set instants of the calendar")
            }
        }
    }
}

/// Where events for open desks go; the gate, once it stands.
pub trait EventSink: Send + Sync {
    /// Sends an event to every open stream.
    fn publish(&self, event: &str, data: &str);
    /// Ends the streams of a session that is no more.
    fn close_streams(&self, key: &str);
}

/// Tells open desks which areas changed. Silent until a sink is set.
#[derive(Default)]
pub struct EventHub {
    sink: OnceLock<Box<dyn EventSink>>,
    areas: OnceLock<Areas>,
    pub streams: OpenStreams,
    /// Wakes the jobs.
    pub signal: Signal,
}

impl EventHub {
    pub fn set_sink(&self, sink: Box<dyn EventSink>) {
        if self.sink.set(sink).is_err() {
            log::error!("the event sink was set twice");
        }
    }

    /// Called after each commit with the tables it touched.
    pub fn changed(&self, touched: Tags) {
        self.signal.touch(touched);
        let Some(sink) = self.sink.get() else { return };
        let known = self.areas.get().into_iter().flatten();
        let areas: BTreeSet<&str> = known.filter(|(_, t)| t.iter().any(|t| touched.has(*t))).map(|(area, _)| *area).collect();
        if !areas.is_empty() {
            sink.publish("change", &serde_json::json!({ "areas": areas }).to_string());
        }
    }

    /// Called when an alert begins or ends, with those that stand.
    pub fn alerts(&self, standing: &[Alert]) {
        if let Some(sink) = self.sink.get() {
            sink.publish("alerts", &alerts_in_short(standing).to_string());
        }
    }

    /// A stream of this sign-in is about to be opened. One that ended between its check and now is
    /// found by looking again; the oldest of too many gives way.
    pub fn opened(&self, session: SessionId) {
        if let Some(oldest) = self.streams.opened(session) {
            self.close_streams(&oldest.to_string());
        }
        self.signal.touch(Tags::of(&[Table::Session]));
    }

    pub fn close_streams(&self, key: &str) {
        if let Some(sink) = self.sink.get() {
            sink.close_streams(key);
        }
    }
}

/// How many alerts stand, and the worst severity among them: for a banner.
pub fn alerts_in_short(standing: &[Alert]) -> serde_json::Value {
    let worst = standing.iter().map(|alert| alert.severity).max();
    serde_json::json!({ "count": standing.len(), "worst": worst.map(Severity::as_str) })
}

/// Finds the person behind a token.
pub type Authenticate = fn(&App, token: &str, request: &Request) -> Result<Option<Actor>>;
/// Reads the property's own rate limit.
pub type ReadRateLimit = fn(&App) -> Result<u32>;
/// The hotel's time zone; `None` until it has been set up.
pub type ReadZone = fn(&Conn) -> Result<Option<TimeZone>>;
/// What the owner wants of the network.
pub type ReadLan = fn(&App) -> Result<lan::Wish>;

/// Which tables make up what the desk calls an area.
pub type Areas = Vec<(&'static str, &'static [Table])>;

/// What the slices hand to the kernel, so that the kernel need not know them.
pub struct Hooks {
    pub authenticate: Authenticate,
    pub read_rate_limit: ReadRateLimit,
    pub read_zone: ReadZone,
    pub read_lan: ReadLan,
    /// What open desks call a change of which tables.
    pub areas: Areas,
}

/// Settings of one running server.
#[derive(Debug, Clone)]
pub struct AppOptions {
    /// Requests a minute and session; `None` = the property's setting, 0 = no limit.
    pub rate_limit: Option<u32>,
    /// Bytes of answers kept; 0 = none are.
    pub cache_bytes: usize,
    pub cache_ttl: Duration,
    /// A request slower than this is logged as slow, counted and remembered.
    pub slow_request: Duration,
    /// The code that set-up asks of people who are not on this machine.
    pub setup_code: Option<String>,
    /// Proxies whose word is taken for who asked them.
    pub trusted_proxies: Vec<IpAddr>,
    /// What the command line says about the network.
    pub lan: lan::Options,
}

impl Default for AppOptions {
    fn default() -> Self {
        AppOptions {
            rate_limit: None,
            cache_bytes: 16 * 1024 * 1024,
            cache_ttl: Duration::from_secs(300),
            slow_request: Duration::from_secs(1),
            setup_code: None,
            trusted_proxies: Vec::new(),
            lan: lan::Options::default(),
        }
    }
}

/// A session that was looked up, as long as nothing about it changes.
#[derive(Debug, Clone)]
pub struct KnownSession {
    pub generation: u64,
    pub actor: Actor,
    /// What the stored hash of the password was, of a sign-in that the file does not know.
    pub password: Option<String>,
    pub created_at: Instant,
    pub expires_at: Instant,
}

const MEGABYTE: usize = 1024 * 1024;

fn weigh_session(key: &str, session: &KnownSession) -> usize {
    key.len() + session.actor.username.len() + session.actor.address.len() + session.password.as_ref().map_or(0, String::len)
}

/// Something that requests leave in memory: what it is, its bytes, and how many they may be.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    pub what: &'static str,
    pub bytes: usize,
    pub limit: usize,
}

pub struct App {
    pub db: Db,
    pub cache: Cache,
    pub clock: Clock,
    pub router: Router,
    pub metrics: Metrics,
    pub watch: Watch,
    pub started_at: Instant,
    pub limiter: RateLimiter,
    pub failed_logins: FailedLogins,
    pub strangers: Strangers,
    pub first_answers: FirstAnswers,
    pub events: Arc<EventHub>,
    pub backups: BackupDesk,
    pub lan: Lan,
    pub hooks: Hooks,
    pub options: AppOptions,
    pub sessions: Kept<String, KnownSession>,
    /// Those that the file does not know.
    pub passing: PassingSessions,
    /// When each session made its last request, since the start; those begun by PIN,
    /// the last with a person before the screen.
    pub last_seen: Kept<SessionId, Instant>,
    rate_limit: Mutex<Option<(u64, u32)>>,
    backup_at: Mutex<Option<Instant>>,
}

impl App {
    pub fn new(db: Db, clock: Clock, router: Router, events: Arc<EventHub>, hooks: Hooks, options: AppOptions) -> App {
        if events.areas.set(hooks.areas.clone()).is_err() {
            log::error!("the areas were named twice");
        }
        let metrics = Metrics::new(router.endpoints().len());
        App {
            lan: Lan::new(options.lan.clone(), db.path()),
            db,
            cache: Cache::new(options.cache_bytes, options.cache_ttl),
            started_at: clock.now(),
            clock,
            router,
            metrics,
            watch: Watch::default(),
            limiter: RateLimiter::default(),
            failed_logins: FailedLogins::default(),
            strangers: Strangers::default(),
            first_answers: FirstAnswers::default(),
            events,
            backups: BackupDesk::default(),
            hooks,
            options,
            passing: PassingSessions::default(),
            sessions: Kept::new(2 * MEGABYTE, 4, Duration::from_secs(600), |key, session| weigh_session(key, session)),
            last_seen: Kept::new(MEGABYTE, 4, Duration::from_secs(24 * 3600), |_, _| 0),
            rate_limit: Mutex::new(None),
            backup_at: Mutex::new(None),
        }
    }

    /// Everything that requests, names, addresses and keys leave in memory.
    pub fn holdings(&self) -> Vec<Holding> {
        let holding = |what, (bytes, limit)| Holding { what, bytes, limit };
        vec![
            holding("answers", (self.cache.bytes(), self.cache.limit())),
            holding("first_answers", self.first_answers.bytes()),
            holding("sessions", (self.sessions.bytes(), self.sessions.limit())),
            holding("last_seen", (self.last_seen.bytes(), self.last_seen.limit())),
            holding("rate_windows", self.limiter.bytes()),
            holding("failed_sign_ins", self.failed_logins.bytes()),
            holding("passing_sessions", self.passing.bytes()),
        ]
    }

    /// When the last backup was made; `None` = none that this program knows of.
    pub fn backup_at(&self) -> Option<Instant> {
        self.backup_at.lock().ok().and_then(|at| *at)
    }

    /// Tells when the newest backup was made.
    pub fn note_backup(&self, at: Option<Instant>) {
        if let Ok(mut known) = self.backup_at.lock() {
            *known = at;
        }
    }

    /// The context of work that the program does on its own.
    pub fn own_context(&self) -> Context {
        Context { actor: Actor::program("innkeeper"), now: self.clock.now() }
    }

    /// The limit in force: the start option, else the property's setting.
    pub fn rate_limit(&self) -> u32 {
        if let Some(limit) = self.options.rate_limit {
            return limit;
        }
        let generation = self.db.generations().of(Tags::of(&[Table::Property]));
        let mut known = match self.rate_limit.lock() {
            Ok(known) => known,
            Err(_) => return 0,
        };
        match *known {
            Some((at, limit)) if at == generation => limit,
            _ => {
                let limit = (self.hooks.read_rate_limit)(self).unwrap_or(0);
                *known = Some((generation, limit));
                limit
            }
        }
    }
}
