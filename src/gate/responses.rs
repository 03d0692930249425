//! From the bytes of the inside to the client: reading responses, holding what a
//! slow client has not taken, and making the inside wait when that is too much.

use super::connection::{After, Names, Phase};
use super::event_loop::EventLoop;
use super::head;
use super::problem::Reason;
use super::reply::{self, Ending, ReplyHead};
use super::slab::Key;
use super::socket::Taken;
use super::upstream::InnerPhase;

/// Reads of one inner connection before the others get their turn.
const READS_PER_TURN: usize = 8;

/// A client that is over budget keeps this much, so that it can go on.
const FLOOR: usize = 256 * 1024;

/// Taking this much counts as progress of a slow client.
const PROGRESS: usize = 64 * 1024;

impl EventLoop {
    /// Reads what an inner connection has, as far as its client keeps up.
    pub(super) fn pump_inner(&mut self, inner: usize) {
        let mut scratch = std::mem::take(&mut self.scratch);
        for _ in 0..READS_PER_TURN {
            if !self.inners[inner].readable || self.pause(inner) {
                break;
            }
            match self.inners[inner].read(&mut scratch) {
                Taken::Bytes(count) => self.take_reply(inner, &scratch[..count]),
                Taken::Blocked => break,
                Taken::Ended => {
                    self.lose_inner(inner);
                    break;
                }
            }
        }
        self.scratch = scratch;
        let upstream = &self.inners[inner];
        if upstream.readable && upstream.paused.is_none() {
            self.again_inner.push(inner);
        }
    }

    /// Whether this inner connection has to wait for its client.
    fn pause(&mut self, inner: usize) -> bool {
        let upstream = &mut self.inners[inner];
        let Some(client) = upstream.client.and_then(|key| self.clients.get(key)) else {
            upstream.paused = None;
            return false;
        };
        let waiting = client.outbox.len();
        // Once it waits, it goes on only when the next reads are worth their while.
        let slack = if upstream.paused.is_some() { FLOOR / 2 } else { 0 };
        let full = waiting + slack >= self.config.response_whole.max(FLOOR);
        let over_budget = waiting + slack >= FLOOR && self.held >= self.config.response_budget;
        if full || over_budget {
            upstream.paused.get_or_insert(self.now);
            return true;
        }
        upstream.paused = None;
        false
    }

    fn take_reply(&mut self, inner: usize, bytes: &[u8]) {
        match self.inners[inner].phase {
            InnerPhase::Closed => {}
            InnerPhase::Idle | InnerPhase::Draining => {
                log::warn!("gate: the inside sent bytes that nobody asked for");
                self.lose_inner(inner);
            }
            InnerPhase::Proving | InnerPhase::Awaiting => self.take_reply_head(inner, bytes),
            InnerPhase::Relaying(left) => self.relay(inner, left, bytes),
        }
    }

    fn take_reply_head(&mut self, inner: usize, bytes: &[u8]) {
        let upstream = &mut self.inners[inner];
        if upstream.head.is_empty()
            && let Some(end) = reply::find_end(bytes, 0)
        {
            self.begin_reply(inner, bytes, end);
            return;
        }
        let scanned = upstream.head.len().saturating_sub(3);
        upstream.head.extend_from_slice(bytes);
        match reply::find_end(&upstream.head, scanned) {
            Some(end) => {
                let head = std::mem::take(&mut upstream.head);
                self.begin_reply(inner, &head, end);
            }
            None if upstream.head.len() > reply::REPLY_HEAD_LIMIT => {
                self.fail_reply(inner, "a head without end");
            }
            None => {}
        }
    }

    /// The response head is the first `end` bytes; what follows is body.
    fn begin_reply(&mut self, inner: usize, bytes: &[u8], end: usize) {
        let head_only = self.inners[inner].request.head_only;
        let mut fields = head::no_fields();
        let reply = match reply::parse(&bytes[..end], &mut fields, head_only) {
            Ok(reply) => reply,
            Err(fault) => return self.fail_reply(inner, fault),
        };
        let here = (bytes.len() - end).min(usize::try_from(reply.body_length).unwrap_or(usize::MAX));
        if bytes.len() - end > here {
            return self.fail_reply(inner, "more than the length it announced");
        }
        let left = reply.body_length - here as u64;
        self.inners[inner].phase = InnerPhase::Relaying(left);
        if let Some(key) = self.inners[inner].client {
            self.forward_head(inner, key, &reply, bytes, end);
        }
        if left == 0 && self.inners[inner].phase == InnerPhase::Relaying(0) {
            self.finish_inner(inner);
        }
    }

    /// Hands the head and the first part of the body to the client.
    fn forward_head(&mut self, inner: usize, key: Key, reply: &ReplyHead<'_, '_>, bytes: &[u8], end: usize) {
        let shutting_down = self.ending.is_some();
        let is_full = reply.is_stream && self.has_no_room_for_stream(reply.stream_owner);
        let stream_limit = self.config.stream_limit as u64;
        let Some(client) = self.clients.get_mut(key) else { return };
        client.phase = Phase::Answering { inner, begun: true };
        if shutting_down && client.after == After::NextRequest {
            client.after = After::Close;
        }
        self.shared.counters.responses.add(1);
        if reply.is_stream && !client.head_only {
            if is_full || shutting_down || reply.body_length > stream_limit {
                self.detach(key);
                self.refuse(key, Reason::StreamLimit);
                return;
            }
            client.after = After::Close;
            client.stream = Some(Names { key: reply.stream_key.map(Box::from), owner: reply.stream_owner.map(Box::from) });
            self.send(key, &reply.rewrite(Ending::Stream), &bytes[end..]);
        } else if client.after != After::NextRequest {
            self.send(key, &reply.rewrite(Ending::Close), &bytes[end..]);
        } else if reply.is_plain {
            self.send(key, bytes, &[]);
        } else {
            self.send(key, &reply.rewrite(Ending::Keep), &bytes[end..]);
        }
    }

    fn relay(&mut self, inner: usize, left: u64, bytes: &[u8]) {
        if bytes.len() as u64 > left {
            self.fail_reply(inner, "more than the length it announced");
            return;
        }
        let left = left - bytes.len() as u64;
        self.inners[inner].phase = InnerPhase::Relaying(left);
        if let Some(key) = self.inners[inner].client {
            self.send(key, bytes, &[]);
        }
        if left == 0 && self.inners[inner].phase == InnerPhase::Relaying(0) {
            self.finish_inner(inner);
        }
    }

    /// The inside broke the rules. Its connection cannot be trusted any more and
    /// sending the request again would only repeat it.
    fn fail_reply(&mut self, inner: usize, fault: &str) {
        log::error!("gate: the inside sent {fault}");
        self.inners[inner].request.repeated = true;
        self.lose_inner(inner);
    }

    /// The whole response was handed over.
    pub(super) fn end_response(&mut self, key: Key) {
        let due = self.now + self.config.write_timeout;
        let Some(client) = self.clients.get_mut(key) else { return };
        if let Some(names) = client.stream.take() {
            self.begin_stream(key, names);
            return;
        }
        client.phase = Phase::Flushing;
        if client.outbox.is_empty() {
            self.finish_response(key);
        } else {
            self.set_deadline(key, due);
        }
    }

    /// The last byte of the response has left.
    fn finish_response(&mut self, key: Key) {
        let ending = self.ending.is_some();
        let Some(client) = self.clients.get_mut(key) else { return };
        let unread = client.readable || !client.input.is_empty();
        match client.after {
            After::NextRequest if !ending => {
                client.phase = Phase::Head;
                client.head_only = false;
                let head_begun = !client.input.is_empty();
                let wait = if head_begun { self.config.head_timeout } else { self.config.idle_timeout };
                self.set_deadline(key, self.now + wait);
                if unread {
                    self.again.push(key);
                }
            }
            After::Linger => self.linger(key),
            // Closing a socket with unread bytes would reset the connection, and
            // the reset can overtake the response.
            _ if unread => self.linger(key),
            _ => self.close(key),
        }
    }

    fn linger(&mut self, key: Key) {
        let due = self.now + super::LINGER;
        let Some(client) = self.clients.get_mut(key) else { return };
        client.drop_input();
        client.phase = Phase::Lingering;
        let is_open = client.socket.end().is_ok();
        self.recount(key);
        if !is_open {
            self.close(key);
            return;
        }
        self.set_deadline(key, due);
        self.again.push(key);
    }

    /// Sends bytes to a client after those that already wait.
    pub(super) fn send(&mut self, key: Key, first: &[u8], second: &[u8]) {
        let due = self.now + self.config.write_timeout;
        let Some(client) = self.clients.get_mut(key) else { return };
        let before = client.outbox.len();
        let result = client.outbox.send(&mut client.socket, first, second);
        let after = client.outbox.len();
        self.held = self.held + after - before;
        match result {
            Ok(sent) => self.shared.counters.bytes_out.add(sent as u64),
            Err(_) => return self.close(key),
        }
        if before == 0 && after > 0 && matches!(client.phase, Phase::Answering { .. }) {
            client.taken = 0;
            self.set_deadline(key, due);
        }
    }

    /// Sends what waits for a client, and goes on with what waited for that.
    pub(super) fn flush_client(&mut self, key: Key) {
        let Some(client) = self.clients.get_mut(key) else { return };
        let before = client.outbox.len();
        if before == 0 {
            return;
        }
        let result = client.outbox.flush(&mut client.socket);
        let after = client.outbox.len();
        self.held = self.held + after - before;
        match result {
            Ok(sent) => self.shared.counters.bytes_out.add(sent as u64),
            Err(_) => return self.close(key),
        }
        client.taken += before - after;
        let progressed = client.taken >= PROGRESS;
        match client.phase {
            Phase::Flushing if after == 0 => self.finish_response(key),
            Phase::Flushing if progressed => self.renew(key, self.config.write_timeout),
            Phase::Answering { .. } if after == 0 => self.renew(key, self.config.answer_timeout),
            Phase::Answering { .. } if progressed => self.renew(key, self.config.write_timeout),
            _ => {}
        }
    }

    fn renew(&mut self, key: Key, wait: std::time::Duration) {
        if let Some(client) = self.clients.get_mut(key) {
            client.taken = 0;
        }
        self.set_deadline(key, self.now + wait);
    }

    /// Looks after the connections that wait for their clients: they go on when
    /// the client has caught up or the budget has room again, and the slowest
    /// client is cut off when it keeps others from an inner connection.
    pub(super) fn check_pauses(&mut self) {
        let mut longest: Option<(std::time::Instant, Key)> = None;
        for inner in 0..self.inners.len() {
            let Some(since) = self.inners[inner].paused else { continue };
            if !self.pause(inner) {
                self.again_inner.push(inner);
            } else if let Some(key) = self.inners[inner].client
                && self.is_in_the_way(inner)
                && longest.is_none_or(|(other, _)| since < other)
            {
                longest = Some((since, key));
            }
        }
        if let Some((since, key)) = longest
            && since + self.config.stall_timeout <= self.now
        {
            self.cut(key, Reason::StalledReader);
        }
    }

    /// When the next slow client may have to be cut off.
    pub(super) fn next_stall(&self) -> Option<std::time::Instant> {
        let in_the_way = (0..self.inners.len()).filter(|inner| self.is_in_the_way(*inner));
        let since = in_the_way.filter_map(|inner| self.inners[inner].paused).min()?;
        Some(since + self.config.stall_timeout)
    }

    /// Whether requests wait that could use this connection. While others are idle,
    /// those that wait are long work, which only long work keeps waiting.
    fn is_in_the_way(&self, inner: usize) -> bool {
        let wanted = self.idle_inners.is_empty() || self.inners[inner].request.long;
        (self.queue.waiting > 0 && wanted) || self.is_crowded()
    }

    /// Whether those that wait for slow clients may be all who answer inside, while others wait for an answer there:
    /// there are more connections than threads.
    fn is_crowded(&self) -> bool {
        let paused = self.inners.iter().filter(|inner| inner.paused.is_some()).count();
        2 * paused >= self.config.ready_connections && self.inners.iter().any(|inner| inner.phase == InnerPhase::Awaiting)
    }
}
