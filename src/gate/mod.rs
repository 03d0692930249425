//! The gate: one thread that owns the public sockets and stands in front of the
//! HTTP server inside the same process, which must not face a network alone.
//!
//! It owns limits, deadlines, back-pressure and event streams. Every request is
//! read whole and checked, then rebuilt and handed inside over a few persistent
//! connections; every response is read from there and held for its client, so
//! that no worker ever waits for a network. It knows nothing of the hotel.
//!
//! What the inside must do: answer each request with a Content-Length, trust only
//! the headers that begin with `X-Gate-`, which no client can set, and answer
//! anything to `OPTIONS /` with `X-Gate-Probe: 1`, which proves a new connection.
//! Its threads should be created by one that has called `give_way`.
//!
//! - `X-Gate-Client: <address:port>` (request): who asks.
//! - `X-Gate-Scheme: https` (request): asked through TLS.
//! - `X-Gate-Secret: <secret>` (request, loopback only): proves the gate.
//! - `X-Gate-Stream: 1` (response): the client becomes an event stream.
//! - `X-Gate-Stream-Key: <key>` (response): ends it through `close_streams`.
//! - `X-Gate-Stream-Owner: <name>` (response): whose it is; nobody has more than a few.
//!
//! What the inside can answer from memory it may answer on the gate's own thread, when the
//! whole request is there (`GateConfig::at_once`): the same bytes, without the way inside.
//!
//! The way of one request: `accept` → `requests` (with `head`, `host`) →
//! `dispatch` → `upstream` → `responses` (with `reply`, `outbox`).

mod accept;
mod client_socket;
mod config;
mod connection;
mod counters;
mod deadlines;
mod dispatch;
mod door;
mod event_loop;
mod eviction;
mod head;
mod host;
mod limits;
mod outbox;
mod problem;
mod reply;
mod requests;
mod responses;
mod slab;
mod socket;
mod stream;
#[cfg(test)]
mod tests;
mod upstream;

use std::io;
use std::net::{SocketAddr, TcpListener};
#[cfg(unix)]
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use mio::{Interest, Poll, Token, Waker};

pub use config::{AtOnce, BodyLimit, GateConfig, LongWork};
use counters::Counters;
pub use counters::CountersSnapshot;
use door::Door;
pub use door::Street;
use event_loop::EventLoop;
pub use head::Asked;
pub use limits::{give_way, raise_descriptor_limit};
use stream::{Order, Orders};

const LISTENER_TOKEN: Token = Token(0);
const WAKER_TOKEN: Token = Token(1);
const STREET_TOKEN: Token = Token(2);
const FIRST_INNER_TOKEN: usize = 3;

/// The size of the buffer that all sockets are read into, in bytes.
const SCRATCH_LENGTH: usize = 64 * 1024;

/// How long a refused client may take to notice.
const LINGER: Duration = Duration::from_secs(1);

/// How long an order that is waited for may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The thread's own stack is small: it recurses nowhere, reads into the heap, and answers at
/// once only what is made already.
const STACK_BYTES: usize = 256 * 1024;

/// Where the server inside listens.
#[derive(Clone)]
pub enum Inner {
    #[cfg(unix)]
    Unix(PathBuf),
    /// Anybody on the machine can connect there, so each request carries a secret.
    Loopback { address: SocketAddr, secret: String },
}

/// What the handles and the thread have in common.
struct Shared {
    orders: Mutex<Orders>,
    waker: Waker,
    counters: Counters,
    local_address: SocketAddr,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// A lock whose holder panicked still guards complete data here: no method leaves
/// it half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn order(&self, order: Order) {
        let first = lock(&self.orders).add(order);
        if first && let Err(error) = self.waker.wake() {
            log::error!("gate: its thread cannot be woken: {error}");
        }
    }

    fn take_orders(&self) -> Vec<Order> {
        lock(&self.orders).take()
    }
}

/// A handle to the running gate. The gate runs until `shutdown`, whether or not
/// handles are left.
#[derive(Clone)]
pub struct Gate {
    shared: Arc<Shared>,
}

impl Gate {
    /// Starts the thread. The inside must listen already; requests wait until the
    /// first connection to it is proved.
    pub fn start(listener: TcpListener, inner: Inner, config: GateConfig, body_limit: BodyLimit) -> io::Result<Gate> {
        let local_address = listener.local_addr()?;
        limits::raise_backlog(&listener)?;
        listener.set_nonblocking(true)?;
        let mut listener = mio::net::TcpListener::from_std(listener);
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, LISTENER_TOKEN, Interest::READABLE)?;
        let shared = Arc::new(Shared {
            orders: Mutex::default(),
            waker: Waker::new(poll.registry(), WAKER_TOKEN)?,
            counters: Counters::default(),
            local_address,
            thread: Mutex::default(),
        });
        let door = Door::home(listener);
        let event_loop = EventLoop::new(poll, door, Arc::clone(&shared), inner, config.fitted(), body_limit);
        let thread =
            std::thread::Builder::new().name("gate".to_string()).stack_size(STACK_BYTES).spawn(move || event_loop.run())?;
        *lock(&shared.thread) = Some(thread);
        Ok(Gate { shared })
    }

    pub fn local_address(&self) -> SocketAddr {
        self.shared.local_address
    }

    pub fn counters(&self) -> CountersSnapshot {
        self.shared.counters.snapshot()
    }

    /// Sends an event to every open event stream. Never waits; a stream that has
    /// fallen too far behind is closed instead, so that its client starts anew.
    pub fn publish(&self, event: &str, data: &str) {
        self.shared.order(Order::Publish(stream::frame(event, data)));
    }

    /// Ends the event streams that were opened under this key.
    pub fn close_streams(&self, key: &str) {
        self.shared.order(Order::CloseStreams(key.to_string()));
    }

    /// Opens further connections to the inside there. Those that are open go on.
    pub fn move_inside(&self, inner: Inner) {
        self.shared.order(Order::MoveInside(inner));
    }

    /// Opens a second door, for other machines. It replaces the one that was open.
    ///
    /// # Errors
    /// When the listener cannot be made ready.
    pub fn open_street(&self, listener: TcpListener, street: Street) -> io::Result<()> {
        limits::raise_backlog(&listener)?;
        listener.set_nonblocking(true)?;
        let listener = mio::net::TcpListener::from_std(listener);
        self.shared.order(Order::OpenStreet(Door::street(listener, street)));
        Ok(())
    }

    /// Closes the second door and every connection that came through it; its port
    /// is free when this returns.
    pub fn close_street(&self) {
        let (done, closed) = sync_channel(1);
        self.shared.order(Order::CloseStreet(done));
        if closed.recv_timeout(PATIENCE).is_err() {
            log::warn!("gate: the second door is not closed yet");
        }
    }

    /// Whether the thread is alive.
    pub fn is_running(&self) -> bool {
        lock(&self.shared.thread).as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Stops accepting, closes the event streams, lets the requests in flight
    /// finish for at most `grace`, and waits for the thread to end.
    pub fn shutdown(&self, grace: Duration) {
        self.shared.order(Order::Shutdown(grace));
        let thread = lock(&self.shared.thread).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            log::error!("gate: its thread had panicked");
        }
    }
}
