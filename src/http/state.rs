//! What every request needs: the database, the cache, the clock, the routes. What slices keep in
//! memory besides is theirs: their endpoints get it when they are built.

mod events;
mod signal;
mod streams;

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::tz::TimeZone;

use super::idempotency::FirstAnswers;
use super::metrics::Metrics;
use super::rate_limit::RateLimiter;
use super::request::Request;
use super::router::Router;
use crate::cache::Cache;
use crate::db::{Conn, Context, Db, Table, Tags};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::error::Result;
use crate::watch::Watch;
pub use events::{Areas, EventHub, EventSink, alerts_in_short};
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

/// Finds the person behind a token.
pub type Authenticate = Box<dyn Fn(&App, &str, &Request) -> Result<Option<Actor>> + Send + Sync>;
/// The same of a token that is known in memory; `None` says nothing about it.
pub type Recall = Box<dyn Fn(&App, &str, &Request) -> Option<Actor> + Send + Sync>;
/// Reads the property's own rate limit.
pub type ReadRateLimit = fn(&App) -> Result<u32>;
/// The hotel's time zone; `None` until it has been set up.
pub type ReadZone = fn(&Conn) -> Result<Option<TimeZone>>;
/// What requests leave in the memory of slices.
pub type Holdings = Box<dyn Fn() -> Vec<Holding> + Send + Sync>;

/// What the slices hand to the kernel, so that the kernel need not know them.
pub struct Hooks {
    pub authenticate: Authenticate,
    pub recall: Recall,
    pub read_rate_limit: ReadRateLimit,
    pub read_zone: ReadZone,
    pub holdings: Holdings,
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
        }
    }
}

/// Something that requests leave in memory: what it is, its bytes, and how many they may be.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    pub what: &'static str,
    pub bytes: usize,
    pub limit: usize,
}

impl Holding {
    pub fn new(what: &'static str, (bytes, limit): (usize, usize)) -> Holding {
        Holding { what, bytes, limit }
    }
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
    pub first_answers: FirstAnswers,
    pub events: Arc<EventHub>,
    pub hooks: Hooks,
    pub options: AppOptions,
    rate_limit: Mutex<Option<(u64, u32)>>,
}

impl App {
    pub fn new(db: Db, clock: Clock, router: Router, events: Arc<EventHub>, hooks: Hooks, options: AppOptions) -> App {
        if events.areas.set(hooks.areas.clone()).is_err() {
            log::error!("the areas were named twice");
        }
        let metrics = Metrics::new(router.endpoints().len());
        App {
            db,
            cache: Cache::new(options.cache_bytes, options.cache_ttl),
            started_at: clock.now(),
            clock,
            router,
            metrics,
            watch: Watch::default(),
            limiter: RateLimiter::default(),
            first_answers: FirstAnswers::default(),
            events,
            hooks,
            options,
            rate_limit: Mutex::new(None),
        }
    }

    /// Everything that requests, names, addresses and keys leave in memory.
    pub fn holdings(&self) -> Vec<Holding> {
        let mut all = vec![
            Holding::new("answers", (self.cache.bytes(), self.cache.limit())),
            Holding::new("first_answers", self.first_answers.bytes()),
            Holding::new("rate_windows", self.limiter.bytes()),
        ];
        all.extend((self.hooks.holdings)());
        all
    }

    /// The context of work that the program does on its own.
    pub fn own_context(&self) -> Context {
        Context { actor: Actor::program("innkeeper"), now: self.clock.now() }
    }

    /// The limit in force: the start option, else the property's setting.
    pub fn rate_limit(&self) -> u32 {
        if let Some(limit) = self.known_rate_limit() {
            return limit;
        }
        let generation = self.settings_generation();
        let limit = (self.hooks.read_rate_limit)(self).unwrap_or(0);
        if let Ok(mut known) = self.rate_limit.lock() {
            *known = Some((generation, limit));
        }
        limit
    }

    /// The same, unless the file has to be asked for it.
    pub fn known_rate_limit(&self) -> Option<u32> {
        let known = || *self.rate_limit.lock().ok()?;
        let current = |(at, limit)| (at == self.settings_generation()).then_some(limit);
        self.options.rate_limit.or_else(|| known().and_then(current))
    }

    fn settings_generation(&self) -> u64 {
        self.db.generations().of(Tags::of(&[Table::Property]))
    }
}
