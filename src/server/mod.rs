//! The running server: the gate on the public socket, tiny_http behind it, the
//! threads that answer, and their orderly end.
//!
//! The only folder that names tiny_http. It turns requests of the wire into
//! `http::request::Request` and answers back into bytes; what they mean is
//! decided in `http` and `hotel`.

mod answering;
mod figures;
mod inside;
mod long_lane;
mod memory;
#[cfg(test)]
mod tests;
mod wire;
mod worker;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use crate::gate::raise_descriptor_limit;
pub use memory::tune as tune_memory;

use crate::gate::{AtOnce, BodyLimit, Gate, GateConfig, LongWork};
use crate::http::endpoint::Lane;
use crate::http::record::Line;
use crate::http::request::{Method, Request};
use crate::http::router::{Found, Router};
use crate::http::state::{App, EventSink};
use crate::jobs::scheduler::Threads;
use crate::jobs::{self, Job};
use crate::lan::{Lan, Wish};
use inside::Inside;
use worker::{House, STACK_BYTES};

/// A body of this size is let in everywhere: the answer then says what is wrong with it.
const SMALL_BODY: usize = 1024;

/// Changes that may wait for the disk at once, beside the requests that the workers have: as many as share
/// a commit.
const UNDER_WAY: usize = 64;

/// Log lines that may wait.
const LINES: usize = 4096;

/// Requests in flight at a stop may take this long to finish.
const GRACE: Duration = Duration::from_millis(1200);

/// And the threads behind them this long to end.
const LAST_MOMENT: Duration = Duration::from_millis(400);

/// What a server does and has beside its answers.
pub struct Beside {
    pub jobs: Vec<Job>,
    /// The door for other machines.
    pub lan: Arc<Lan>,
    /// What is wanted of it; `None` = nobody can tell.
    pub wish: Option<Wish>,
}

/// The server at work. It runs until `stop`.
pub struct Server {
    gate: Gate,
    house: Arc<House>,
    lan: Arc<Lan>,
    threads: Vec<JoinHandle<()>>,
    /// The long jobs: what is done for a copy, say.
    long: JoinHandle<()>,
}

impl Server {
    /// Opens the doors, with the limits of `config`. Requests are answered as soon
    /// as this returns.
    ///
    /// # Errors
    /// When the operating system refuses a socket, a thread or a temporary folder.
    pub fn start(app: Arc<App>, beside: Beside, listener: TcpListener, workers: usize, config: GateConfig) -> io::Result<Server> {
        Server::start_on(Inside::open()?, app, beside, listener, workers, config)
    }

    fn start_on(
        inside: Inside,
        app: Arc<App>,
        beside: Beside,
        listener: TcpListener,
        workers: usize,
        config: GateConfig,
    ) -> io::Result<Server> {
        let (house, mut threads) = open_house(inside, &app, workers)?;
        let (lines, log) = later_lines()?;
        threads.push(log);
        let largest_body = app.router.endpoints().iter().map(|e| e.body_limit).max().unwrap_or(0);
        let config = GateConfig {
            inner_connections: workers + config.long_connections + UNDER_WAY,
            ready_connections: workers + config.long_connections,
            long_work: long_work(&app),
            at_once: at_once(&app, lines),
            request_budget: config.request_budget.max(2 * largest_body),
            ..config
        };
        let gate = Gate::start(listener, house.address(), config, body_limit(&app))?;
        house.set_gate(gate.clone());
        app.events.set_sink(Box::new(Streams(gate.clone())));
        let counted = gate.clone();
        app.metrics.set_network(Box::new(move || figures::of(&counted.counters())));
        let Beside { jobs, lan, wish } = beside;
        lan.set_gate(gate.clone());
        if let Some(wish) = wish {
            lan.apply(wish, app.clock.now());
        }
        let jobs = jobs.into_iter().chain([give_memory_back()]).collect();
        let Threads { quick, long } = jobs::start(&app, jobs, STACK_BYTES)?;
        threads.push(quick);
        Ok(Server { gate, house, lan, threads, long })
    }

    /// What the requests are answered from.
    pub fn app(&self) -> Arc<App> {
        self.house.app().clone()
    }

    pub fn address(&self) -> SocketAddr {
        self.gate.local_address()
    }

    /// Whether the doors are open still: without the gate's thread nobody gets in.
    pub fn is_open(&self) -> bool {
        self.gate.is_running()
    }

    /// Stops accepting, lets what is in flight finish, ends the threads and folds
    /// the database into its one file.
    pub fn stop(mut self) {
        self.house.app().events.signal.close();
        self.lan.close();
        self.gate.shutdown(GRACE);
        self.threads.extend(self.house.close());
        self.threads.iter().for_each(|thread| thread.thread().unpark());
        let deadline = Instant::now() + LAST_MOMENT;
        for thread in self.threads {
            while !thread.is_finished() && Instant::now() < deadline {
                std::thread::park_timeout(Duration::from_millis(2));
            }
            if thread.is_finished() {
                // A worker catches panics of its requests; its own end is never one.
                let _ = thread.join();
            } else {
                log::warn!("a request was still being answered at the stop");
            }
        }
        // It has given up what it was doing for a while already.
        if self.long.join().is_err() {
            log::error!("the thread for long jobs ended in a panic");
        }
        self.house.app().db.close();
    }
}

/// Large answers leave free memory behind.
fn give_memory_back() -> Job {
    let give_back = |_: &App| {
        memory::give_back();
        Ok(None)
    };
    jobs::every("give_memory_back", 10, give_back).leaves_file()
}

/// The inside and its threads, created by one that gives way, as the gate asks.
fn open_house(inside: Inside, app: &Arc<App>, workers: usize) -> io::Result<(Arc<House>, Vec<JoinHandle<()>>)> {
    let app = app.clone();
    let opening = std::thread::Builder::new().name("opening".to_owned()).spawn(move || {
        if let Err(error) = crate::gate::give_way() {
            log::debug!("the workers cannot be told to give way: {error}");
        }
        let house = Arc::new(House::open(app, inside, workers));
        let mut threads = worker::start(&house)?;
        threads.extend(long_lane::start(&house)?);
        threads.extend(answering::start(&house)?);
        Ok((house, threads))
    })?;
    opening.join().unwrap_or_else(|_| Err(io::Error::other("the server's threads could not be started")))
}

/// How large a body the gate lets through, from the route table.
fn body_limit(app: &Arc<App>) -> BodyLimit {
    let app = app.clone();
    Arc::new(move |method, path| find(&app.router, method, path, |limit, _| limit).unwrap_or(0).max(SMALL_BODY))
}

/// Which requests the gate holds back so that they never take all connections.
fn long_work(app: &Arc<App>) -> LongWork {
    let app = app.clone();
    let mut methods: Vec<&str> =
        app.router.endpoints().iter().filter(|e| e.lane == Lane::Long).map(|e| e.method.as_str()).collect();
    methods.sort_unstable();
    methods.dedup();
    Arc::new(move |method, path| methods.contains(&method) && find(&app.router, method, path, |_, lane| lane) == Some(Lane::Long))
}

/// Log lines of what the gate answers: its thread must not wait for the log.
struct Lines {
    sender: SyncSender<Line>,
    left_out: Arc<AtomicU64>,
}

impl Lines {
    fn write(&self, line: Line) {
        if self.sender.try_send(line).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Ends with the gate, which has the one sender.
fn later_lines() -> io::Result<(Lines, JoinHandle<()>)> {
    let (sender, lines) = sync_channel::<Line>(LINES);
    let left_out = Arc::new(AtomicU64::new(0));
    let missing = left_out.clone();
    let write = move || {
        for line in lines {
            line.write();
            let left_out = missing.swap(0, Ordering::Relaxed);
            if left_out > 0 {
                log::warn!("{left_out} requests were not written down: the log could not keep up");
            }
        }
    };
    let thread = std::thread::Builder::new().name("log".to_owned()).stack_size(STACK_BYTES).spawn(write)?;
    Ok((Lines { sender, left_out }, thread))
}

/// What the gate answers itself. A panic is one request's fault: it happens inside, if it happens again.
fn at_once(app: &Arc<App>, lines: Lines) -> AtOnce {
    let app = app.clone();
    Arc::new(move |asked, out| {
        let answered = catch_unwind(AssertUnwindSafe(|| wire::at_once(&app, asked, out, |line| lines.write(line))));
        answered.unwrap_or_else(|_| {
            log::error!("an answer from memory ended in a panic");
            false
        })
    })
}

/// Body limit or lane of the endpoint behind a method and a raw path.
fn find<T>(router: &Router, method: &str, path: &str, pick: impl FnOnce(usize, Lane) -> T) -> Option<T> {
    let request = Request::new(Method::parse(method), path);
    match router.find(request.method, &request.path) {
        Found::Endpoint { endpoint, .. } => Some(pick(endpoint.body_limit, endpoint.lane)),
        Found::OtherMethods(_) | Found::Nothing => None,
    }
}

/// Event streams: the gate holds them.
struct Streams(Gate);

impl EventSink for Streams {
    fn publish(&self, event: &str, data: &str) {
        self.0.publish(event, data);
    }

    fn close_streams(&self, key: &str) {
        self.0.close_streams(key);
    }
}
