//! Event streams: how an event is framed, and the orders that other threads leave
//! for the gate's thread. The streams themselves are ordinary clients in the phase
//! `Streaming`; what a slow one costs is bounded here.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use super::Inner;
use super::connection::{Client, Names, Phase};
use super::door::Door;
use super::event_loop::EventLoop;
use super::problem::Reason;
use super::slab::Key;

/// Events that may wait for the gate's thread, in bytes. More than that means it
/// is stuck, and streams that missed an event are closed so that they start anew.
const WAITING_EVENTS: usize = 8 * 1024 * 1024;

/// Ended keys that are remembered for answers still on their way.
const REMEMBERED_KEYS: usize = 4096;

/// The comment that keeps proxies and clients from giving up on a quiet stream.
const PING: &[u8] = b": ping\n\n";

pub(super) enum Order {
    Publish(Arc<[u8]>),
    CloseStreams(String),
    CloseAllStreams,
    MoveInside(Inner),
    OpenStreet(Door),
    CloseStreet(SyncSender<()>),
    Shutdown(Duration),
}

/// The orders that wait for the gate's thread.
#[derive(Default)]
pub(super) struct Orders {
    waiting: Vec<Order>,
    event_bytes: usize,
}

impl Orders {
    /// Adds one; true if the thread has to be woken for it.
    pub(super) fn add(&mut self, order: Order) -> bool {
        let first = self.waiting.is_empty();
        match order {
            Order::Publish(event) if self.event_bytes + event.len() > WAITING_EVENTS => {
                self.waiting.retain(|order| !matches!(order, Order::Publish(_)));
                self.waiting.push(Order::CloseAllStreams);
                self.event_bytes = 0;
            }
            Order::Publish(event) => {
                self.event_bytes += event.len();
                self.waiting.push(Order::Publish(event));
            }
            order => self.waiting.push(order),
        }
        first
    }

    pub(super) fn take(&mut self) -> Vec<Order> {
        self.event_bytes = 0;
        std::mem::take(&mut self.waiting)
    }
}

/// Frames one event. Line breaks in the data become several data lines; those in
/// the name would start a field of their own and become spaces.
pub(super) fn frame(event: &str, data: &str) -> Arc<[u8]> {
    let mut framed = String::with_capacity(event.len() + data.len() + 32);
    framed.push_str("event: ");
    framed.extend(event.chars().map(|letter| if matches!(letter, '\r' | '\n') { ' ' } else { letter }));
    framed.push('\n');
    let data = data.replace("\r\n", "\n").replace('\r', "\n");
    for line in data.split('\n') {
        framed.push_str("data: ");
        framed.push_str(line);
        framed.push('\n');
    }
    framed.push('\n');
    Arc::from(framed.into_bytes())
}

impl EventLoop {
    /// Carries out what other threads asked for. Events of one round are gathered
    /// before each stream is written once.
    pub(super) fn follow_orders(&mut self) {
        let orders = self.shared.take_orders();
        let mut published = false;
        for order in orders {
            match order {
                Order::Publish(event) => {
                    published = true;
                    self.queue_event(&event);
                }
                Order::CloseStreams(key) => {
                    self.close_streams(|own| own == Some(key.as_str()));
                    self.remember_ended(key);
                }
                Order::CloseAllStreams => self.close_streams(|_| true),
                Order::MoveInside(inner) => self.inner = inner,
                Order::OpenStreet(door) => self.open_street(door),
                Order::CloseStreet(done) => {
                    self.close_street();
                    // Whoever waited too long has gone.
                    let _ = done.send(());
                }
                Order::Shutdown(grace) => self.begin_shutdown(grace),
            }
        }
        if published {
            for key in self.stream_keys() {
                self.flush_client(key);
            }
        }
    }

    fn stream_keys(&self) -> Vec<Key> {
        self.streams.iter().copied().collect()
    }

    fn queue_event(&mut self, event: &Arc<[u8]>) {
        for key in self.stream_keys() {
            self.push_event(key, Arc::clone(event));
        }
    }

    fn push_event(&mut self, key: Key, event: Arc<[u8]>) {
        if !self.has_room(key, event.len()) {
            // A burst of events may have filled it before any could be sent.
            self.flush_client(key);
            if !self.has_room(key, event.len()) {
                self.cut(key, Reason::StreamBehind);
                return;
            }
        }
        if let Some(client) = self.clients.get_mut(key) {
            self.held += event.len();
            client.outbox.push(event);
        }
    }

    fn has_room(&self, key: Key, length: usize) -> bool {
        let behind = self.clients.get(key).map_or(0, |client| client.outbox.len());
        let is_within_budget = self.held + length <= self.config.response_budget;
        behind == 0 || (behind + length <= self.config.stream_limit && is_within_budget)
    }

    /// Ends the streams whose key fits, after what was already queued for them.
    pub(super) fn close_streams(&mut self, fits: impl Fn(Option<&str>) -> bool) {
        for key in self.stream_keys() {
            let Some(Client { phase: Phase::Streaming(Names { key: own, .. }), .. }) = self.clients.get(key) else {
                continue;
            };
            if fits(own.as_deref()) {
                self.flush_client(key);
                self.close(key);
            }
        }
    }

    /// Notes the end of a key: the answer that opens a stream under it may still be
    /// on its way, for as long as any answer may take.
    fn remember_ended(&mut self, key: String) {
        let oldest = self.now.checked_sub(self.config.answer_timeout);
        let is_old = |(at, _): &(Instant, String)| oldest.is_some_and(|oldest| *at < oldest);
        while self.ended_keys.len() >= REMEMBERED_KEYS || self.ended_keys.front().is_some_and(is_old) {
            self.ended_keys.pop_front();
        }
        self.ended_keys.push_back((self.now, key));
    }

    /// Whether all streams, or those of one owner, are too many for another: nobody takes them
    /// from everybody else.
    pub(super) fn has_no_room_for_stream(&self, owner: Option<&str>) -> bool {
        let is_theirs = |key: &&Key| match self.clients.get(**key).map(|client| &client.phase) {
            Some(Phase::Streaming(names)) => owner.is_some() && names.owner.as_deref() == owner,
            _ => false,
        };
        self.streams.len() >= self.config.max_streams
            || self.streams.iter().filter(is_theirs).count() >= self.config.max_streams_per_owner
    }

    /// Turns a client whose first events have been handed over into a stream.
    pub(super) fn begin_stream(&mut self, key: Key, names: Names) {
        let due = self.now + self.config.ping_interval;
        let has_ended = names.key.as_deref().is_some_and(|own| self.ended_keys.iter().any(|(_, ended)| ended == own));
        let Some(client) = self.clients.get_mut(key) else { return };
        if has_ended {
            self.flush_client(key);
            self.close(key);
            return;
        }
        client.phase = Phase::Streaming(names);
        client.taken = 1;
        // What a client says on its stream is read and thrown away.
        client.drop_input();
        self.recount(key);
        self.streams.insert(key);
        self.shared.counters.streams_open.set(self.streams.len() as u64);
        self.set_deadline(key, due);
        self.again.push(key);
    }

    /// Sends the comment that is due, or closes a stream that took nothing since
    /// the one before although something waited for it.
    pub(super) fn ping_stream(&mut self, key: Key) {
        let due = self.now + self.config.ping_interval;
        let Some(client) = self.clients.get_mut(key) else { return };
        if !client.outbox.is_empty() && client.taken == 0 {
            self.cut(key, Reason::StreamBehind);
            return;
        }
        client.taken = 0;
        self.push_event(key, Arc::from(PING));
        self.flush_client(key);
        self.set_deadline(key, due);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_framed_with_one_data_line_per_line() {
        assert_eq!(&*frame("room", "{\"id\":1}"), b"event: room\ndata: {\"id\":1}\n\n");
        assert_eq!(&*frame("a\nid: 7", "x\r\ny\rz"), b"event: a id: 7\ndata: x\ndata: y\ndata: z\n\n");
        assert_eq!(&*frame("empty", ""), b"event: empty\ndata: \n\n");
    }

    #[test]
    fn events_that_pile_up_close_the_streams_instead_of_the_memory() {
        let mut orders = Orders::default();
        let event: Arc<[u8]> = Arc::from(vec![b'x'; 1024 * 1024]);
        assert!(orders.add(Order::Publish(Arc::clone(&event))));
        for _ in 0..7 {
            assert!(!orders.add(Order::Publish(Arc::clone(&event))));
        }
        assert!(!orders.add(Order::Publish(event)));
        assert!(matches!(orders.take().as_slice(), [Order::CloseAllStreams]));
    }
}
