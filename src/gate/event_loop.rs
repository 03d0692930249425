//! The gate's thread: waits for the system, hands each notice to the part that
//! knows what to do, and keeps the deadlines. Everything here is single-threaded;
//! only `Shared` is seen by others.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::{Events, Poll};

use super::connection::{After, Phase, Request};
use super::deadlines::Deadlines;
use super::dispatch::Queue;
use super::door::{Door, Side};
use super::limits::{Addresses, Reserve};
use super::problem::Reason;
use super::slab::{Key, Slab};
use super::upstream::{SHORTEST_RETRY, Upstream};
use super::{BodyLimit, FIRST_INNER_TOKEN, GateConfig, Inner, LISTENER_TOKEN, SCRATCH_LENGTH, STREET_TOKEN, Shared, WAKER_TOKEN};

/// Notices taken from the system at once.
const NOTICES: usize = 1024;

pub(super) struct EventLoop {
    pub(super) poll: Poll,
    /// The door on this machine.
    pub(super) home: Option<Door>,
    /// The door for other machines.
    pub(super) street: Option<Door>,
    pub(super) shared: Arc<Shared>,
    pub(super) config: GateConfig,
    pub(super) body_limit: BodyLimit,
    pub(super) inner: Inner,
    pub(super) inners: Vec<Upstream>,
    /// Free inner connections; the one used last is used next, while it is warm.
    pub(super) idle_inners: Vec<usize>,
    /// The inner connection that is being proved.
    pub(super) opening: Option<usize>,
    /// When to open the next closed inner connection.
    pub(super) reopen_at: Option<Instant>,
    pub(super) reopen_delay: Duration,
    pub(super) clients: Slab,
    pub(super) addresses: Addresses,
    pub(super) streams: BTreeSet<Key>,
    /// Keys of streams that were ended, and when; the newest last.
    pub(super) ended_keys: VecDeque<(Instant, String)>,
    pub(super) queue: Queue,
    pub(super) deadlines: Deadlines,
    /// The one buffer that all sockets are read into.
    pub(super) scratch: Vec<u8>,
    /// What is answered at once is written here first.
    pub(super) answer: Vec<u8>,
    /// Connections that can go on without a notice from the system.
    pub(super) again: Vec<Key>,
    pub(super) again_inner: Vec<usize>,
    /// The time of this round.
    pub(super) now: Instant,
    /// Bytes of responses in all outboxes.
    pub(super) held: usize,
    /// Bytes of requests: heads and bodies that are not whole, and whole bodies.
    pub(super) request_held: usize,
    pub(super) reserve: Reserve,
    /// Accepting failed and is not tried again before this moment.
    pub(super) accept_at: Option<Instant>,
    /// Where the search for a connection to be cut goes on.
    pub(super) cursor: usize,
    /// Shutting down, at the latest at this moment.
    pub(super) ending: Option<Instant>,
}

impl EventLoop {
    pub(super) fn new(
        poll: Poll,
        home: Door,
        shared: Arc<Shared>,
        inner: Inner,
        config: GateConfig,
        body_limit: BodyLimit,
    ) -> EventLoop {
        let now = Instant::now();
        let mut reserve = Reserve::default();
        reserve.refill();
        EventLoop {
            poll,
            home: Some(home),
            street: None,
            shared,
            inner,
            inners: (0..config.inner_connections).map(|_| Upstream::closed()).collect(),
            idle_inners: Vec::new(),
            opening: None,
            reopen_at: Some(now),
            reopen_delay: SHORTEST_RETRY,
            clients: Slab::default(),
            addresses: Addresses::default(),
            streams: BTreeSet::new(),
            ended_keys: VecDeque::new(),
            queue: Queue::default(),
            deadlines: Deadlines::default(),
            scratch: vec![0; SCRATCH_LENGTH],
            answer: Vec::new(),
            again: Vec::new(),
            again_inner: Vec::new(),
            now,
            held: 0,
            request_held: 0,
            reserve,
            accept_at: None,
            cursor: 0,
            ending: None,
            config,
            body_limit,
        }
    }

    /// Runs until a shutdown is complete.
    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(NOTICES);
        while !self.is_finished() {
            self.open_next();
            let timeout = self.timeout();
            if let Err(error) = self.poll.poll(&mut events, timeout)
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                log::error!("gate: waiting for sockets failed: {error}");
                // Whatever the cause, trying again at once would only burn a core.
                std::thread::sleep(Duration::from_millis(50));
            }
            self.now = Instant::now();
            for event in &events {
                self.note(event);
            }
            self.go_on();
            self.check_deadlines();
            self.keep_response_budget();
            self.publish_gauges();
        }
        if self.clients.len() > 0 {
            log::warn!("gate: {} connections were open to the last moment of the stop", self.clients.len());
        }
    }

    fn note(&mut self, event: &mio::event::Event) {
        let first_client = FIRST_INNER_TOKEN + self.inners.len();
        match event.token() {
            LISTENER_TOKEN => self.note_door(Side::Home),
            STREET_TOKEN => self.note_door(Side::Street),
            WAKER_TOKEN => self.follow_orders(),
            token if token.0 < first_client => self.note_inner(token.0 - FIRST_INNER_TOKEN, event),
            token => {
                if let Some(key) = self.clients.key_at(token.0 - first_client) {
                    self.note_client(key, event);
                }
            }
        }
    }

    /// Gives their turn to all that can go on without a notice.
    fn go_on(&mut self) {
        for inner in std::mem::take(&mut self.again_inner) {
            self.pump_inner(inner);
        }
        for key in std::mem::take(&mut self.again) {
            self.pump_client(key);
        }
        if self.is_acceptable() && self.accept_at.is_none_or(|at| at <= self.now) {
            self.accept_at = None;
            self.accept();
        }
    }

    fn timeout(&self) -> Option<Duration> {
        let can_accept = self.is_acceptable() && self.accept_at.is_none();
        if can_accept || !self.again.is_empty() || !self.again_inner.is_empty() {
            return Some(Duration::ZERO);
        }
        let moments = [self.deadlines.next(), self.next_inner_deadline(), self.next_stall(), self.accept_at, self.ending];
        let next = moments.into_iter().flatten().min()?;
        Some(next.saturating_duration_since(Instant::now()))
    }

    /// Sets when to look at a client again. The heap is only touched if this comes
    /// before what it already holds.
    pub(super) fn set_deadline(&mut self, key: Key, deadline: Instant) {
        let Some(client) = self.clients.get_mut(key) else { return };
        client.deadline = deadline;
        if client.armed.is_none_or(|armed| deadline < armed) {
            client.armed = Some(deadline);
            self.deadlines.push(deadline, key);
        }
    }

    fn check_deadlines(&mut self) {
        while let Some((at, key)) = self.deadlines.pop_due(self.now) {
            let Some(client) = self.clients.get_mut(key) else { continue };
            if client.armed != Some(at) {
                continue;
            }
            client.armed = None;
            let deadline = client.deadline;
            if deadline > self.now {
                self.set_deadline(key, deadline);
            } else {
                self.expire(key);
            }
        }
        let clients = &self.clients;
        self.deadlines.prune(clients.len(), |key| clients.get(key).is_some());
        self.check_inners();
        self.check_pauses();
    }

    fn expire(&mut self, key: Key) {
        let Some(client) = self.clients.get_mut(key) else { return };
        let behind = !client.outbox.is_empty();
        match client.phase {
            Phase::Head if client.input.is_empty() => self.close(key),
            Phase::Head => self.expire_request(key, Reason::HeadTimeout),
            Phase::Body { .. } => self.expire_request(key, Reason::BodyTimeout),
            Phase::Queued { .. } => {
                self.detach(key);
                self.refuse(key, Reason::QueueTimeout);
            }
            Phase::Answering { .. } if behind => self.cut(key, Reason::SlowReader),
            Phase::Answering { begun: true, .. } => self.cut(key, Reason::InnerTimeout),
            Phase::Answering { .. } => {
                self.detach(key);
                self.refuse(key, Reason::InnerTimeout);
            }
            Phase::Flushing => self.cut(key, Reason::SlowReader),
            Phase::Streaming(_) => self.ping_stream(key),
            Phase::Lingering => self.close(key),
        }
    }

    fn expire_request(&mut self, key: Key, reason: Reason) {
        if let Some(client) = self.clients.get_mut(key) {
            client.after = After::Close;
            client.drop_input();
        }
        self.recount(key);
        self.detach(key);
        self.refuse(key, reason);
    }

    /// Answers a client with a problem instead of a response. What it was doing
    /// has been given up with `detach` by the caller.
    pub(super) fn refuse(&mut self, key: Key, reason: Reason) {
        self.shared.counters.refuse(reason);
        let ending = self.ending.is_some();
        let Some(client) = self.clients.get_mut(key) else { return };
        log::debug!("gate: {} refused: {}", client.address, reason.name());
        if ending && client.after == After::NextRequest {
            client.after = After::Close;
        }
        let closing = client.after != After::NextRequest;
        let response = reason.response(closing, client.head_only, client.language);
        client.taken = 0;
        self.send(key, &response, &[]);
        self.end_response(key);
    }

    /// Ends a connection that is beyond an answer.
    pub(super) fn cut(&mut self, key: Key, reason: Reason) {
        self.shared.counters.refuse(reason);
        if let Some(client) = self.clients.get(key) {
            log::debug!("gate: {} cut off: {}", client.address, reason.name());
        }
        self.close(key);
    }

    /// The inside broke off within a response, which cannot be mended.
    pub(super) fn cut_answer(&mut self, key: Key) {
        if let Some(client) = self.clients.get_mut(key) {
            client.phase = Phase::Flushing;
        }
        self.cut(key, Reason::InnerFailed);
    }

    /// Frees whatever a client's phase holds; the caller sets what comes next.
    pub(super) fn detach(&mut self, key: Key) {
        let Some(client) = self.clients.get_mut(key) else { return };
        client.stream = None;
        match std::mem::replace(&mut client.phase, Phase::Flushing) {
            Phase::Body { request, .. } => self.release_body(&request),
            Phase::Queued { request, .. } => {
                self.queue.leave(&request);
                self.release_body(&request);
            }
            Phase::Answering { inner, .. } if self.inners[inner].client == Some(key) => {
                self.abandon_inner(inner);
            }
            Phase::Streaming(_) => {
                self.streams.remove(&key);
            }
            Phase::Answering { .. } | Phase::Head | Phase::Flushing | Phase::Lingering => {}
        }
    }

    pub(super) fn close(&mut self, key: Key) {
        self.detach(key);
        if let Some(mut client) = self.clients.remove(key) {
            client.socket.say_goodbye();
            self.held -= client.outbox.len();
            self.request_held -= client.counted;
            self.addresses.leave(client.address.ip());
        }
    }

    /// Brings what the budget knows of a client's unused bytes up to date.
    pub(super) fn recount(&mut self, key: Key) {
        if let Some(client) = self.clients.get_mut(key) {
            let now = client.input.len();
            self.request_held = self.request_held + now - client.counted;
            client.counted = now;
        }
    }

    /// Gives back the share of a request body in the budget.
    pub(super) fn release_body(&mut self, request: &Request) {
        self.request_held -= request.body;
    }

    /// Stops accepting, ends what is idle, and lets the rest finish until then.
    pub(super) fn begin_shutdown(&mut self, grace: Duration) {
        let longest = Duration::from_secs(24 * 60 * 60);
        self.ending = Some(self.now + grace.min(longest));
        self.home = None;
        self.street = None;
        self.accept_at = None;
        self.close_streams(|_| true);
        for key in self.clients.keys() {
            let Some(client) = self.clients.get_mut(key) else { continue };
            match client.phase {
                Phase::Head => self.close(key),
                _ if client.after == After::NextRequest => client.after = After::Close,
                _ => {}
            }
        }
    }

    fn is_finished(&self) -> bool {
        self.ending.is_some_and(|deadline| self.clients.len() == 0 || deadline <= self.now)
    }

    fn publish_gauges(&self) {
        let counters = &self.shared.counters;
        counters.open.set(self.clients.len() as u64);
        counters.queue_depth.set(self.queue.waiting as u64);
        counters.request_bytes_held.set(self.request_held as u64);
        counters.response_bytes_held.set(self.held as u64);
        counters.streams_open.set(self.streams.len() as u64);
        let open = counters.inner_open.get();
        counters.inner_busy.set(open.saturating_sub(self.idle_inners.len() as u64));
    }
}
