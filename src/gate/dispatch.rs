//! The bounded queue before the inner connections, and the lane that keeps long
//! work from taking them all.

use std::collections::VecDeque;

use super::connection::{Phase, Request};
use super::event_loop::EventLoop;
use super::problem::Reason;
use super::slab::Key;
use super::upstream::InnerPhase;

#[derive(Clone, Copy)]
struct Place {
    key: Key,
    ticket: u64,
}

/// The clients that wait, in order. The places of clients that left stay until
/// their turn comes; the tickets tell them apart.
#[derive(Default)]
pub(super) struct Queue {
    ordinary: VecDeque<Place>,
    long: VecDeque<Place>,
    /// Requests whose connection broke. Another one may have ended just as unseen, so
    /// that they wait for one that is opened and proved anew.
    repeated: VecDeque<Place>,
    /// Clients that really wait.
    pub(super) waiting: usize,
    /// Those among them that wait for long work.
    waiting_long: usize,
    /// Inner connections that do long work.
    pub(super) long_active: usize,
    last_ticket: u64,
}

impl Queue {
    /// Whether somebody waits who could use one connection more: long work may not have it.
    pub(super) fn wants_more(&self) -> bool {
        self.waiting > self.waiting_long || !self.repeated.is_empty()
    }

    /// Counts a client that waits no longer.
    pub(super) fn leave(&mut self, request: &Request) {
        self.waiting -= 1;
        self.waiting_long -= usize::from(request.long);
    }
}

impl EventLoop {
    /// A whole request is there: hand it inside, let it wait, or refuse it.
    pub(super) fn submit(&mut self, key: Key, request: Request) {
        self.shared.counters.requests.add(1);
        let lane_full = request.long && self.queue.long_active >= self.config.long_connections;
        if !lane_full && let Some(inner) = self.idle_inners.pop() {
            self.dispatch(inner, key, request);
        } else if self.is_queue_full(request.long) {
            self.release_body(&request);
            self.refuse(key, Reason::QueueFull);
        } else {
            self.enqueue(key, request, Lane::Last);
        }
    }

    /// A flood of sign-ins must not keep ordinary requests from waiting.
    fn is_queue_full(&self, long: bool) -> bool {
        let long_limit = (self.config.queue_limit / 4).max(1);
        self.queue.waiting >= self.config.queue_limit || (long && self.queue.waiting_long >= long_limit)
    }

    /// A request whose connection broke goes to the next one that is proved.
    pub(super) fn submit_again(&mut self, key: Key, request: Request) {
        self.enqueue(key, request, Lane::Repeated);
    }

    /// Hands a connection that has just been proved to the request that has waited
    /// longest for that. Long work takes it as well: it had a place, and lost it.
    pub(super) fn feed_proved(&mut self, inner: usize) {
        while let Some(place) = self.queue.repeated.pop_front() {
            if let Some(request) = self.leave_queue(place.key, Some(place.ticket)) {
                self.idle_inners.retain(|idle| *idle != inner);
                self.dispatch(inner, place.key, request);
                return;
            }
        }
    }

    /// No further connection can be opened now: what waits for one takes any that is
    /// free, before those that wait for the first time.
    pub(super) fn stop_waiting_for_proof(&mut self) {
        while let Some(place) = self.queue.repeated.pop_back() {
            if let Some(request) = self.leave_queue(place.key, Some(place.ticket)) {
                self.enqueue(place.key, request, Lane::First);
            }
        }
        self.feed();
    }

    fn enqueue(&mut self, key: Key, request: Request, lane: Lane) {
        let due = self.now + self.config.queue_timeout;
        let Some(client) = self.clients.get_mut(key) else {
            self.release_body(&request);
            return;
        };
        self.queue.last_ticket += 1;
        let place = Place { key, ticket: self.queue.last_ticket };
        self.queue.waiting += 1;
        self.queue.waiting_long += usize::from(request.long);
        let usual = if request.long { &mut self.queue.long } else { &mut self.queue.ordinary };
        match lane {
            Lane::Last => usual.push_back(place),
            Lane::First => usual.push_front(place),
            Lane::Repeated => self.queue.repeated.push_back(place),
        }
        client.phase = Phase::Queued { request, ticket: place.ticket };
        self.set_deadline(key, due);
        self.prune_queue();
    }

    /// Forgets the places of clients that left before those fill the memory.
    fn prune_queue(&mut self) {
        let places = self.queue.ordinary.len() + self.queue.long.len() + self.queue.repeated.len();
        if places > 2 * self.queue.waiting + 1024 {
            let clients = &self.clients;
            let waits = |place: &Place| match clients.get(place.key).map(|client| &client.phase) {
                Some(Phase::Queued { ticket, .. }) => *ticket == place.ticket,
                _ => false,
            };
            self.queue.ordinary.retain(waits);
            self.queue.long.retain(waits);
            self.queue.repeated.retain(waits);
        }
    }

    /// Hands waiting requests to the inner connections that are free.
    pub(super) fn feed(&mut self) {
        while !self.idle_inners.is_empty() {
            let Some((key, request)) = self.next_waiting() else { return };
            let inner = self.idle_inners.pop().expect("invariant: an inner connection is idle");
            self.dispatch(inner, key, request);
        }
    }

    /// The request that has waited longest among those whose lane has room.
    fn next_waiting(&mut self) -> Option<(Key, Request)> {
        loop {
            let queue = &mut self.queue;
            let long_open = queue.long_active < self.config.long_connections;
            let long = queue.long.front().filter(|_| long_open).map(|place| place.ticket);
            let ordinary = queue.ordinary.front().map(|place| place.ticket);
            let place = match (ordinary, long) {
                (None, None) => return None,
                (Some(_), None) => queue.ordinary.pop_front()?,
                (None, Some(_)) => queue.long.pop_front()?,
                (Some(ordinary), Some(long)) if ordinary < long => queue.ordinary.pop_front()?,
                (Some(_), Some(_)) => queue.long.pop_front()?,
            };
            if let Some(request) = self.leave_queue(place.key, Some(place.ticket)) {
                return Some((place.key, request));
            }
        }
    }

    /// Takes the request of a waiting client, whose phase the caller sets anew.
    /// With a ticket, only if it still waits at that place.
    pub(super) fn leave_queue(&mut self, key: Key, place: Option<u64>) -> Option<Request> {
        let client = self.clients.get_mut(key)?;
        match std::mem::replace(&mut client.phase, Phase::Flushing) {
            Phase::Queued { request, ticket } if place.is_none_or(|place| place == ticket) => {
                self.queue.leave(&request);
                Some(request)
            }
            other => {
                client.phase = other;
                None
            }
        }
    }

    fn dispatch(&mut self, inner: usize, key: Key, request: Request) {
        let due = self.now + self.config.answer_timeout;
        let Some(client) = self.clients.get_mut(key) else {
            self.release_body(&request);
            self.idle_inners.push(inner);
            return;
        };
        client.phase = Phase::Answering { inner, begun: false };
        client.head_only = request.head_only;
        if request.long {
            self.queue.long_active += 1;
        }
        let upstream = &mut self.inners[inner];
        upstream.phase = InnerPhase::Awaiting;
        upstream.begin(request, Some(key));
        self.set_deadline(key, due);
        self.write_inner(inner);
    }
}

/// Where a request waits: behind or before its kind, or for a connection that is proved anew.
#[derive(Clone, Copy)]
enum Lane {
    Last,
    First,
    Repeated,
}
