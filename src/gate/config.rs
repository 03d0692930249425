//! The limits, deadlines and budgets of the gate, each with the default that
//! suits one hotel. Plain data: nothing here touches a socket.

use std::sync::Arc;
use std::time::Duration;

use super::head::Asked;

/// The largest body, in bytes, that a method and a path (without its query) may carry.
pub type BodyLimit = Arc<dyn Fn(&str, &str) -> usize + Send + Sync>;

/// Whether a method and a path (without its query) is long work: an export, an
/// upload, a report. Long work may hold only `long_connections` inner connections.
pub type LongWork = Arc<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// Writes the whole answer to a request without a body, if it has one that takes no time: it is asked by the
/// one thread that serves everybody. What it answers has to be what the inside would have.
pub type AtOnce = Arc<dyn Fn(&Asked, &mut Vec<u8>) -> bool + Send + Sync>;

/// The descriptors that the rest of the process (database, files, inner
/// connections on both sides) keeps for itself when the limit is derived.
const KEPT_DESCRIPTORS: usize = 192;

/// How much the gate lets in, how long it waits and how much it holds in memory.
#[derive(Clone)]
pub struct GateConfig {
    /// Open client connections in all, event streams included.
    pub max_connections: usize,
    /// Open connections of one address (of one /64 for IPv6); loopback is exempt.
    pub max_connections_per_address: usize,
    /// Open event streams in all.
    pub max_streams: usize,
    /// Open event streams of one owner.
    pub max_streams_per_owner: usize,
    /// The longest request head in bytes.
    pub head_limit: usize,
    /// From the first byte of a head to its last.
    pub head_timeout: Duration,
    /// From the end of the head to the end of the body, plus the time that
    /// `body_bytes_per_second` allows for its length.
    pub body_timeout: Duration,
    /// The slowest upload that is waited for, in bytes per second.
    pub body_bytes_per_second: usize,
    /// A connection between two requests.
    pub idle_timeout: Duration,
    /// A request that waits for a free inner connection.
    pub queue_timeout: Duration,
    /// From handing a request inside to the head of its response.
    pub answer_timeout: Duration,
    /// A client that takes less than 64 KiB in this time is cut off.
    pub write_timeout: Duration,
    /// A client that makes an inner connection wait for this long, while other
    /// requests need one, is cut off.
    pub stall_timeout: Duration,
    /// The time between two comments that keep an event stream alive.
    pub ping_interval: Duration,
    /// Bytes of requests held in all: heads and bodies.
    pub request_budget: usize,
    /// Bytes of responses held in all. Near it back-pressure starts; beyond it the
    /// slowest clients are cut off.
    pub response_budget: usize,
    /// Bytes of one response that are held for its client before the inner
    /// connection is made to wait, so that smaller responses free it at once.
    pub response_whole: usize,
    /// Bytes an event stream may be behind before it is closed.
    pub stream_limit: usize,
    /// Persistent connections to the inside, at most.
    pub inner_connections: usize,
    /// How many of them are there from the start; the others are opened while requests wait.
    pub ready_connections: usize,
    /// How many of them long work may hold at once.
    pub long_connections: usize,
    /// Tells long work from ordinary work.
    pub long_work: LongWork,
    /// Answers requests without handing them inside.
    pub at_once: AtOnce,
    /// Requests that wait for an inner connection before 503 is answered; of long
    /// work a quarter as many.
    pub queue_limit: usize,
    /// Names accepted in Host besides IP addresses and localhost.
    pub allowed_hosts: Vec<String>,
}

impl Default for GateConfig {
    fn default() -> Self {
        GateConfig {
            max_connections: 4096,
            max_connections_per_address: 1024,
            max_streams: 2048,
            max_streams_per_owner: 64,
            head_limit: 16 * 1024,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            body_bytes_per_second: 64 * 1024,
            idle_timeout: Duration::from_secs(60),
            queue_timeout: Duration::from_secs(15),
            answer_timeout: Duration::from_secs(120),
            write_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(5),
            ping_interval: Duration::from_secs(15),
            request_budget: 8 * 1024 * 1024,
            response_budget: 8 * 1024 * 1024,
            response_whole: 1024 * 1024,
            stream_limit: 64 * 1024,
            inner_connections: 16,
            ready_connections: 16,
            long_connections: 4,
            long_work: Arc::new(|_, _| false),
            at_once: Arc::new(|_, _| false),
            queue_limit: 1024,
            allowed_hosts: Vec::new(),
        }
    }
}

impl GateConfig {
    /// Lowers what the process cannot keep: each connection is a descriptor, and
    /// running out of them would take the database's files along. Zeroes that
    /// would stop all service become one.
    pub(super) fn fitted(mut self) -> GateConfig {
        self.inner_connections = self.inner_connections.max(1);
        self.ready_connections = self.ready_connections.clamp(1, self.inner_connections);
        self.long_connections = self.long_connections.clamp(1, self.inner_connections);
        if let Some(descriptors) = super::limits::descriptor_limit() {
            // Each is a descriptor on both sides, and one more while it is opened.
            let most = (descriptors / 12).max(self.ready_connections);
            self.inner_connections = self.inner_connections.min(most);
            let kept = KEPT_DESCRIPTORS + 3 * self.inner_connections;
            let room = descriptors.saturating_sub(kept).max(descriptors / 4);
            if room < self.max_connections {
                log::info!("gate: {descriptors} open files allowed, so at most {room} connections");
                self.max_connections = room;
            }
        }
        self.max_connections = self.max_connections.max(1);
        // Streams make no room for others, so that others need room of their own.
        self.max_streams = self.max_streams.min(self.max_connections.div_ceil(2));
        self.head_limit = self.head_limit.clamp(256, super::SCRATCH_LENGTH);
        self
    }
}
