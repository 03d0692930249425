//! Who is cut off when there is no room for all: connections that only wait make
//! room for new ones, requests that do not come on for those that do, and answers
//! that nobody takes for those that somebody does.
//!
//! The search looks at some slots a time and goes on where it ended, so that it
//! costs the same however many connections there are.

use super::connection::{Client, Phase};
use super::event_loop::EventLoop;
use super::problem::Reason;
use super::slab::Key;

/// Slots looked at for one connection to be cut.
const SAMPLE: usize = 64;

/// A request of this size may make room for itself; larger ones are told to come
/// back. An upload loses little by that, and uploads that stand still cannot keep
/// out the small requests that a desk lives on.
const SMALL_REQUEST: usize = 64 * 1024;

/// Whether a client keeps nobody busy but itself. Its deadline says for how long
/// nothing has come of it: a browser between two requests has the latest one.
fn waits(client: &Client) -> bool {
    match client.phase {
        Phase::Head | Phase::Lingering | Phase::Body { .. } | Phase::Flushing => true,
        Phase::Queued { .. } | Phase::Answering { .. } | Phase::Streaming(_) => false,
    }
}

impl EventLoop {
    /// Of some clients, the one that fits and whose deadline is nearest: on which
    /// nothing has happened for the longest time.
    fn pick(&mut self, fits: impl Fn(&Client) -> bool) -> Option<Key> {
        let span = self.clients.span();
        let mut picked = None;
        for step in 0..span.min(SAMPLE) {
            let Some(key) = self.clients.key_at((self.cursor + step) % span) else { continue };
            let Some(client) = self.clients.get(key).filter(|client| fits(client)) else { continue };
            if picked.is_none_or(|(nearest, _)| client.deadline < nearest) {
                picked = Some((client.deadline, key));
            }
        }
        self.cursor = (self.cursor + SAMPLE) % span.max(1);
        picked.map(|(_, key)| key)
    }

    /// The same of all clients, as far as it takes to find one.
    fn find(&mut self, fits: impl Fn(&Client) -> bool) -> Option<Key> {
        let rounds = self.clients.span().div_ceil(SAMPLE);
        (0..rounds).find_map(|_| self.pick(&fits))
    }

    /// Closes the connection on which nothing has happened for the longest time. A
    /// new user is worth more than that.
    pub(super) fn evict_waiting(&mut self) -> bool {
        let Some(key) = self.find(waits) else { return false };
        let is_idle = self.clients.get(key).is_some_and(Client::is_idle);
        self.cut(key, if is_idle { Reason::IdleEvicted } else { Reason::SlowEvicted });
        true
    }

    /// Whether `count` more bytes of a head, and of what comes with it, have room.
    /// Other heads give way. A little more than the budget is let in: what the head
    /// announces decides whether the whole request may be.
    pub(super) fn has_head_room(&mut self, key: Key, count: usize) -> bool {
        self.recount(key);
        let budget = self.config.request_budget;
        let is_head = |client: &Client| matches!(client.phase, Phase::Head) && !client.input.is_empty();
        while self.request_held + count > budget {
            if !self.refuse_other(key, is_head) {
                return self.request_held + count <= budget + budget / 4;
            }
        }
        true
    }

    /// Whether `count` more bytes of a request have room that will be `whole` long.
    /// A small request makes room for itself: requests that have not arrived give way.
    pub(super) fn has_request_room(&mut self, key: Key, count: usize, whole: usize) -> bool {
        self.recount(key);
        let is_unfinished = |client: &Client| match client.phase {
            Phase::Head => !client.input.is_empty(),
            Phase::Body { .. } => true,
            _ => false,
        };
        while self.request_held + count > self.config.request_budget {
            if whole > SMALL_REQUEST || !self.refuse_other(key, is_unfinished) {
                return false;
            }
        }
        true
    }

    /// Tells the slowest client of a kind, other than this one, to come back.
    fn refuse_other(&mut self, key: Key, fits: impl Fn(&Client) -> bool) -> bool {
        let own = self.clients.get(key).map(|client| client.address);
        let is_other = |client: &Client| Some(client.address) != own && fits(client);
        let Some(other) = self.find(is_other) else { return false };
        self.refuse_rest(other, Reason::RequestBudget);
        true
    }

    /// Cuts off clients that do not take their answers, until the rest fits.
    pub(super) fn keep_response_budget(&mut self) {
        while self.held > self.config.response_budget {
            match self.find(|client| !client.outbox.is_empty()) {
                Some(key) => self.cut(key, Reason::ResponseBudget),
                None => return,
            }
        }
    }
}
