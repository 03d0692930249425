//! One persistent connection to the inside: its request, its response, its life.
//! Opening one at a time and proving each by a request is what keeps the server
//! behind from leaving a connection without a thread.

use std::io::{ErrorKind, Write};
use std::time::{Duration, Instant};

use mio::event::Source;
use mio::{Interest, Registry, Token};

use super::connection::{Phase, Request};
use super::event_loop::EventLoop;
use super::problem::Reason;
use super::slab::Key;
use super::socket::{InnerSocket, Taken, read_some};
use super::{FIRST_INNER_TOKEN, Inner};

pub(super) const SHORTEST_RETRY: Duration = Duration::from_millis(20);
const LONGEST_RETRY: Duration = Duration::from_secs(1);

/// A connection that does not answer its proof in this time has found no thread
/// inside: another one has to be tried, and all further ones wait for that.
const PROOF_TIMEOUT: Duration = Duration::from_secs(5);

/// An abandoned response longer than this is not worth reading to its end.
const WORTH_DRAINING: u64 = 256 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InnerPhase {
    Closed,
    /// Connected, and waiting for the answer to its first request.
    Proving,
    Idle,
    /// The request is on its way and no whole response head has come.
    Awaiting,
    /// So many bytes of the response body are to come.
    Relaying(u64),
    /// The response is done before the request was taken whole.
    Draining,
}

pub(super) struct Upstream {
    pub(super) phase: InnerPhase,
    pub(super) client: Option<Key>,
    pub(super) request: Request,
    pub(super) head: Vec<u8>,
    pub(super) readable: bool,
    /// Has carried nothing but its proof.
    is_new: bool,
    /// When to give up on a connection whose client does not wait for it.
    pub(super) deadline: Option<Instant>,
    /// Since when its client has been too slow for it.
    pub(super) paused: Option<Instant>,
    socket: Option<InnerSocket>,
    written: usize,
    ended: bool,
    /// The other side takes no more bytes.
    broken: bool,
    waits_for_room: bool,
}

impl Upstream {
    pub(super) fn closed() -> Upstream {
        Upstream {
            phase: InnerPhase::Closed,
            client: None,
            request: Request::default(),
            head: Vec::new(),
            readable: false,
            is_new: false,
            deadline: None,
            paused: None,
            socket: None,
            written: 0,
            ended: false,
            broken: false,
            waits_for_room: false,
        }
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Taken {
        match &mut self.socket {
            Some(socket) => read_some(socket, buffer, &mut self.readable, self.ended),
            None => Taken::Blocked,
        }
    }

    /// Starts writing a request.
    pub(super) fn begin(&mut self, request: Request, client: Option<Key>) {
        self.request = request;
        self.client = client;
        self.written = 0;
    }

    pub(super) fn is_written(&self) -> bool {
        self.written == self.request.bytes.len()
    }

    /// Writes as much of the request as fits. A refused write is remembered and
    /// left to the reading side, where an early answer may still be waiting.
    fn write(&mut self, registry: &Registry, token: Token) {
        let Some(socket) = &mut self.socket else { return };
        while self.written < self.request.bytes.len() && !self.broken {
            match socket.write(&self.request.bytes[self.written..]) {
                Ok(0) => self.broken = true,
                Ok(count) => self.written += count,
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock | ErrorKind::NotConnected => break,
                    _ => self.broken = true,
                },
            }
        }
        self.readable |= self.broken;
        let waits = self.written < self.request.bytes.len() && !self.broken;
        let usual = socket.usual_interest();
        if waits != self.waits_for_room && usual == Interest::READABLE {
            let interest = if waits { usual | Interest::WRITABLE } else { usual };
            match socket.reregister(registry, token, interest) {
                Ok(()) => self.waits_for_room = waits,
                Err(error) => {
                    log::warn!("gate: an inner connection cannot be watched: {error}");
                    self.broken = true;
                    self.readable = true;
                }
            }
        }
    }
}

impl EventLoop {
    /// Takes note of what the system reports about an inner connection.
    pub(super) fn note_inner(&mut self, inner: usize, event: &mio::event::Event) {
        let upstream = &mut self.inners[inner];
        upstream.ended |= event.is_read_closed();
        upstream.readable |= event.is_readable() || event.is_read_closed() || event.is_error();
        if event.is_writable() {
            self.write_inner(inner);
        }
        self.pump_inner(inner);
    }

    /// Moves the request on. Whatever cannot be written now is written when the
    /// system reports room.
    pub(super) fn write_inner(&mut self, inner: usize) {
        let token = Token(FIRST_INNER_TOKEN + inner);
        let upstream = &mut self.inners[inner];
        upstream.write(self.poll.registry(), token);
        if upstream.broken {
            self.again_inner.push(inner);
        } else if upstream.phase == InnerPhase::Draining && upstream.is_written() {
            self.become_idle(inner);
            self.feed();
        }
    }

    /// Opens the next closed connection, unless one is being proved, it is too early to
    /// try again, or nobody waits for more than are ready.
    pub(super) fn open_next(&mut self) {
        if self.opening.is_some() || self.reopen_at.is_some_and(|at| at > self.now) {
            return;
        }
        let open = usize::try_from(self.shared.counters.inner_open.get()).unwrap_or(usize::MAX);
        let is_wanted = open < self.config.ready_connections || self.queue.wants_more();
        let is_closed = |upstream: &Upstream| upstream.phase == InnerPhase::Closed;
        let Some(inner) = is_wanted.then(|| self.inners.iter().position(is_closed)).flatten() else {
            self.reopen_at = None;
            return;
        };
        self.reserve.release();
        let token = Token(FIRST_INNER_TOKEN + inner);
        let connected = InnerSocket::connect(&self.inner).and_then(|mut socket| {
            let interest = socket.usual_interest();
            self.poll.registry().register(&mut socket, token, interest)?;
            Ok(socket)
        });
        match connected {
            Ok(socket) => {
                let mut upstream = Upstream::closed();
                upstream.phase = InnerPhase::Proving;
                upstream.is_new = true;
                upstream.socket = Some(socket);
                upstream.deadline = Some(self.now + PROOF_TIMEOUT);
                upstream.begin(self.probe(), None);
                self.inners[inner] = upstream;
                self.opening = Some(inner);
                self.write_inner(inner);
            }
            Err(error) => {
                log::warn!("gate: the inside cannot be reached: {error}");
                self.postpone_opening();
            }
        }
    }

    fn postpone_opening(&mut self) {
        self.reopen_at = Some(self.now + self.reopen_delay);
        self.reopen_delay = (self.reopen_delay * 2).min(LONGEST_RETRY);
        self.stop_waiting_for_proof();
    }

    /// The request that proves a new connection. Any answer will do.
    fn probe(&self) -> Request {
        let secret = match &self.inner {
            Inner::Loopback { secret, .. } => format!("X-Gate-Secret: {secret}\r\n"),
            #[cfg(unix)]
            Inner::Unix(_) => String::new(),
        };
        let head = format!("OPTIONS / HTTP/1.1\r\nHost: localhost\r\nX-Gate-Probe: 1\r\n{secret}\r\n");
        Request { bytes: head.into_bytes(), ..Request::default() }
    }

    /// The response is complete: the connection is free, or is given up if its
    /// other side stopped reading.
    pub(super) fn finish_inner(&mut self, inner: usize) {
        if self.opening == Some(inner) {
            self.opening = None;
            self.reopen_delay = SHORTEST_RETRY;
            self.reserve.refill();
            self.shared.counters.inner_open.add(1);
        }
        let upstream = &mut self.inners[inner];
        let client = upstream.client.take();
        upstream.paused = None;
        upstream.deadline = None;
        if upstream.broken {
            self.lose_inner(inner);
        } else if upstream.is_written() {
            self.become_idle(inner);
        } else {
            upstream.phase = InnerPhase::Draining;
            upstream.deadline = Some(self.now + self.config.answer_timeout);
        }
        if let Some(key) = client {
            self.end_response(key);
        }
        self.feed();
    }

    fn become_idle(&mut self, inner: usize) {
        self.forget_request(inner);
        let upstream = &mut self.inners[inner];
        upstream.phase = InnerPhase::Idle;
        upstream.deadline = None;
        let was_proved = std::mem::take(&mut upstream.is_new);
        self.idle_inners.push(inner);
        if was_proved {
            self.feed_proved(inner);
        }
    }

    /// Gives back what the request of a connection held.
    fn forget_request(&mut self, inner: usize) {
        let request = std::mem::take(&mut self.inners[inner].request);
        self.inners[inner].written = 0;
        self.release_body(&request);
        if request.long {
            self.queue.long_active -= 1;
        }
    }

    /// Its client is gone. A short rest of the response is read and thrown away; a
    /// long one ends with the connection, which also frees the worker that writes it.
    pub(super) fn abandon_inner(&mut self, inner: usize) {
        let upstream = &mut self.inners[inner];
        upstream.client = None;
        upstream.deadline = Some(self.now + self.config.answer_timeout);
        match upstream.phase {
            InnerPhase::Relaying(left) if left > WORTH_DRAINING => self.lose_inner(inner),
            _ => {
                upstream.paused = None;
                self.again_inner.push(inner);
            }
        }
    }

    /// The connection is of no use any more. A request that got no answer is sent
    /// again where that is safe; otherwise its client is told.
    pub(super) fn lose_inner(&mut self, inner: usize) {
        let lost = std::mem::replace(&mut self.inners[inner], Upstream::closed());
        let Upstream { phase, client, mut request, written, .. } = lost;
        match phase {
            InnerPhase::Closed => return,
            InnerPhase::Idle => self.idle_inners.retain(|idle| *idle != inner),
            InnerPhase::Proving | InnerPhase::Awaiting | InnerPhase::Relaying(_) | InnerPhase::Draining => {}
        }
        if self.opening == Some(inner) {
            self.opening = None;
            self.postpone_opening();
        } else {
            let counters = &self.shared.counters;
            counters.inner_open.set(counters.inner_open.get().saturating_sub(1));
        }
        self.shared.counters.inner_lost.add(1);
        self.reopen_at.get_or_insert(self.now);
        if request.long {
            self.queue.long_active -= 1;
        }
        let Some(key) = client else {
            self.release_body(&request);
            return;
        };
        let begun = self.clients.get(key).is_some_and(|client| matches!(client.phase, Phase::Answering { begun: true, .. }));
        if begun {
            self.release_body(&request);
            self.cut_answer(key);
        } else if !request.repeated && (request.repeatable || written == 0) {
            request.repeated = true;
            self.submit_again(key, request);
        } else {
            self.release_body(&request);
            self.detach(key);
            self.refuse(key, Reason::InnerFailed);
        }
    }

    /// Ends connections that no client waits for and that take too long.
    pub(super) fn check_inners(&mut self) {
        for inner in 0..self.inners.len() {
            if self.inners[inner].deadline.is_some_and(|deadline| deadline <= self.now) {
                log::warn!("gate: an inner connection did not answer in time");
                self.lose_inner(inner);
            }
        }
    }

    /// The next moment at which an inner connection needs attention.
    pub(super) fn next_inner_deadline(&self) -> Option<Instant> {
        let deadlines = self.inners.iter().filter_map(|upstream| upstream.deadline);
        let closed = self.opening.is_none().then_some(self.reopen_at).flatten();
        deadlines.chain(closed).min()
    }
}
