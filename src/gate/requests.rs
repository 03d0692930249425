//! From the bytes of a client to a whole request: reading within bounds, checking,
//! rebuilding, refusing.

use super::connection::{After, Phase, Request};
use super::event_loop::EventLoop;
use super::head;
use super::host;
use super::problem::Reason;
use super::slab::Key;
use super::socket::Taken;
use super::{Inner, SCRATCH_LENGTH};
use crate::domain::wording::Language;

/// Steps of one connection before the others get their turn.
const STEPS_PER_TURN: usize = 8;

/// Bytes thrown away from a client that was refused, before it is closed anyway.
const DISCARD_LIMIT: usize = 4 * 1024 * 1024;

/// The longest body that is answered at once, and the largest buffer that is kept for it.
const LONGEST_AT_ONCE: usize = 256 * 1024;

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

pub(super) enum Step {
    /// Something was done and more may be possible.
    Again,
    /// Nothing can be done before the system reports something.
    Wait,
}

/// What a checked head leads to.
struct Admitted {
    request: Request,
    body_length: usize,
    close: bool,
    expects_continue: bool,
    language: Language,
    /// Its answer is written already.
    is_answered: bool,
}

impl EventLoop {
    /// Takes note of what the system reports about a client.
    pub(super) fn note_client(&mut self, key: Key, event: &mio::event::Event) {
        let Some(client) = self.clients.get_mut(key) else { return };
        if event.is_error() || (event.is_write_closed() && event.is_read_closed()) {
            self.close(key);
            return;
        }
        client.readable |= event.is_readable() || event.is_read_closed();
        client.ended |= event.is_read_closed();
        if event.is_writable() {
            if client.socket.push().is_err() {
                self.close(key);
                return;
            }
            self.flush_client(key);
        }
        self.pump_client(key);
    }

    /// Does with a client's bytes what can be done now.
    pub(super) fn pump_client(&mut self, key: Key) {
        for _ in 0..STEPS_PER_TURN {
            let Some(client) = self.clients.get(key) else { return };
            let step = match client.phase {
                Phase::Head => self.step_head(key),
                Phase::Body { .. } => self.step_body(key),
                // What is thrown away may take its time.
                Phase::Streaming(_) | Phase::Lingering => match self.step_discard(key) {
                    Step::Again => break,
                    Step::Wait => Step::Wait,
                },
                // Reading ahead waits, so that a flood of pipelined requests stays
                // in the sender's memory.
                Phase::Queued { .. } | Phase::Answering { .. } | Phase::Flushing => Step::Wait,
            };
            self.recount(key);
            if matches!(step, Step::Wait) {
                return;
            }
        }
        self.again.push(key);
    }

    fn step_head(&mut self, key: Key) -> Step {
        let head_limit = self.config.head_limit;
        let Some(client) = self.clients.get_mut(key) else { return Step::Wait };
        if !client.input.is_empty() {
            let blank = head::leading_blank(&client.input);
            if blank > 0 {
                client.consume(blank);
                return Step::Again;
            }
            match head::find_end(&client.input, client.scanned) {
                Ok(Some(end)) => return self.take_head(key, end),
                Ok(None) if client.input.len() >= head_limit => {
                    return self.refuse_rest(key, Reason::HeadTooLarge);
                }
                Ok(None) => client.scanned = client.input.len(),
                Err(reason) => return self.refuse_rest(key, reason),
            }
        }
        if !client.readable {
            return Step::Wait;
        }
        let room = head_limit - client.input.len();
        match client.read(&mut self.scratch[..room]) {
            Taken::Blocked => Step::Wait,
            Taken::Ended => {
                self.close(key);
                Step::Wait
            }
            Taken::Bytes(count) => {
                let begins = client.input.is_empty();
                self.shared.counters.bytes_in.add(count as u64);
                if !self.has_head_room(key, count) {
                    return self.refuse_rest(key, Reason::RequestBudget);
                }
                let Some(client) = self.clients.get_mut(key) else { return Step::Wait };
                client.input.extend_from_slice(&self.scratch[..count]);
                if begins {
                    // Empty lines begin a head again and again; they must not
                    // prolong the time that an idle connection has.
                    let due = client.deadline.min(self.now + self.config.head_timeout);
                    self.set_deadline(key, due);
                }
                Step::Again
            }
        }
    }

    /// A head of `end` bytes is at the start of the input.
    fn take_head(&mut self, key: Key, end: usize) -> Step {
        let admitted = match self.admit(key, end) {
            Ok(admitted) => admitted,
            Err(Reason::PlainHttp) => return self.redirect(key, end),
            Err(reason) => {
                if let Some(client) = self.clients.get_mut(key) {
                    client.language = head::language(&client.input[..end]);
                }
                return self.refuse_rest(key, reason);
            }
        };
        let Admitted { mut request, body_length, close, expects_continue, language, is_answered } = admitted;
        if let Some(client) = self.clients.get_mut(key) {
            client.language = language;
        }
        if is_answered {
            return self.answer_at_once(key, end);
        }
        if !self.has_request_room(key, 0, request.bytes.len() + body_length) {
            return self.refuse_rest(key, Reason::RequestBudget);
        }
        let Some(client) = self.clients.get_mut(key) else { return Step::Wait };
        client.head_only = request.head_only;
        client.after = if close { After::Close } else { After::NextRequest };
        let here = body_length.min(client.input.len() - end);
        request.bytes.extend_from_slice(&client.input[end..end + here]);
        request.body = here;
        self.request_held += here;
        client.consume(end + here);
        let missing = body_length - here;
        if missing == 0 {
            self.submit(key, request);
            return Step::Again;
        }
        client.phase = Phase::Body { request, missing };
        let slowest = body_length as f64 / self.config.body_bytes_per_second.max(1) as f64;
        let allowed = self.config.body_timeout + std::time::Duration::from_secs_f64(slowest);
        self.set_deadline(key, self.now + allowed);
        if expects_continue && here == 0 {
            self.send(key, CONTINUE, &[]);
        }
        Step::Again
    }

    /// Sends the answer that was written. The next request of this client has to wait for those of others.
    fn answer_at_once(&mut self, key: Key, end: usize) -> Step {
        let Some(client) = self.clients.get_mut(key) else { return Step::Wait };
        client.after = After::NextRequest;
        client.taken = 0;
        client.consume(end);
        for counter in [&self.shared.counters.requests, &self.shared.counters.responses, &self.shared.counters.at_once] {
            counter.add(1);
        }
        let mut answer = std::mem::take(&mut self.answer);
        self.send(key, &answer, &[]);
        self.end_response(key);
        answer.clear();
        if answer.capacity() <= LONGEST_AT_ONCE {
            self.answer = answer;
        }
        Step::Wait
    }

    /// Checks a head against the rules, the host names and the limit of its route,
    /// and rebuilds it.
    fn admit(&mut self, key: Key, end: usize) -> Result<Admitted, Reason> {
        let client = self.clients.get(key).ok_or(Reason::MalformedHead)?;
        let mut fields = head::no_fields();
        let head = head::parse(&client.input[..end], &mut fields)?;
        if let Some(host) = head.host
            && !host::is_ours(host, &self.config.allowed_hosts)
            && !(client.is_from_street && self.street.as_ref().is_some_and(|door| host::is_ours(host, &door.names)))
        {
            return Err(Reason::ForeignHost);
        }
        if client.socket.is_mistaken() {
            return Err(Reason::PlainHttp);
        }
        let announced = head.body_length.unwrap_or(0);
        let body_length = usize::try_from(announced).map_err(|_| Reason::BodyTooLarge)?;
        if body_length > 0 && body_length > (self.body_limit)(head.method, head.path()) {
            return Err(Reason::BodyTooLarge);
        }
        let language = head.language();
        let room = LONGEST_AT_ONCE.min(self.config.response_budget.saturating_sub(self.held));
        if self.ending.is_none()
            && let Some(asked) = head.asked(client.address, client.socket.is_secure(), room)
            && (self.config.at_once)(&asked, &mut self.answer)
        {
            let (request, close, expects_continue) = (Request::default(), false, false);
            return Ok(Admitted { request, body_length, close, expects_continue, language, is_answered: true });
        }
        let secret = match &self.inner {
            Inner::Loopback { secret, .. } => Some(secret.as_str()),
            #[cfg(unix)]
            Inner::Unix(_) => None,
        };
        // Room for what has arrived; a body that is only announced gets none.
        let arrived = body_length.min(client.input.len() - end);
        let mut bytes = Vec::with_capacity(end + 64 + arrived);
        head.rebuild(client.address, client.socket.is_secure(), secret, &mut bytes);
        let request = Request {
            bytes,
            body: 0,
            head_only: head.method == "HEAD",
            repeatable: matches!(head.method, "GET" | "HEAD" | "OPTIONS"),
            repeated: false,
            long: (self.config.long_work)(head.method, head.path()),
        };
        Ok(Admitted {
            request,
            body_length,
            close: head.close || self.ending.is_some(),
            expects_continue: head.expects_continue,
            language,
            is_answered: false,
        })
    }

    /// Shows a reader who asked in plain words where the hotel is; anything else
    /// that was sent in the clear is refused.
    fn redirect(&mut self, key: Key, end: usize) -> Step {
        let target = self.clients.get(key).and_then(|client| head::secure_target(&client.input[..end]));
        let Some(target) = target else { return self.refuse_rest(key, Reason::PlainHttp) };
        self.shared.counters.refuse(Reason::PlainHttp);
        if let Some(client) = self.clients.get_mut(key) {
            client.after = After::Linger;
        }
        let response = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: {target}\r\nContent-Length: 0\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        );
        self.send(key, response.as_bytes(), &[]);
        self.end_response(key);
        Step::Again
    }

    fn step_body(&mut self, key: Key) -> Step {
        let Some(client) = self.clients.get_mut(key) else { return Step::Wait };
        if !client.readable {
            return Step::Wait;
        }
        let Phase::Body { request, missing } = &client.phase else { return Step::Wait };
        let whole = request.body + *missing;
        let room = (*missing).min(SCRATCH_LENGTH);
        let count = match client.read(&mut self.scratch[..room]) {
            Taken::Bytes(count) => count,
            Taken::Blocked => return Step::Wait,
            Taken::Ended => {
                self.close(key);
                return Step::Wait;
            }
        };
        self.shared.counters.bytes_in.add(count as u64);
        if !self.has_request_room(key, count, whole) {
            return self.refuse_rest(key, Reason::RequestBudget);
        }
        let Some(client) = self.clients.get_mut(key) else { return Step::Wait };
        let Phase::Body { request, missing } = &mut client.phase else { return Step::Wait };
        *missing -= count;
        grow_for(&mut request.bytes, count, *missing);
        request.bytes.extend_from_slice(&self.scratch[..count]);
        request.body += count;
        self.request_held += count;
        if *missing == 0 {
            let request = std::mem::take(request);
            client.phase = Phase::Flushing;
            self.submit(key, request);
        }
        Step::Again
    }

    /// Reads what nobody wants, from a stream's client or one that was refused.
    fn step_discard(&mut self, key: Key) -> Step {
        let Some(client) = self.clients.get_mut(key) else { return Step::Wait };
        if !client.readable {
            return Step::Wait;
        }
        match client.read(&mut self.scratch) {
            Taken::Blocked => Step::Wait,
            Taken::Bytes(count) if client.scanned + count < DISCARD_LIMIT => {
                client.scanned += count;
                self.shared.counters.bytes_in.add(count as u64);
                Step::Again
            }
            Taken::Bytes(_) | Taken::Ended => {
                self.close(key);
                Step::Wait
            }
        }
    }

    /// Refuses a request that has not been read whole: what follows on this
    /// connection has no meaning any more.
    pub(super) fn refuse_rest(&mut self, key: Key, reason: Reason) -> Step {
        if let Some(client) = self.clients.get_mut(key) {
            client.after = After::Linger;
        }
        self.detach(key);
        self.refuse(key, reason);
        Step::Again
    }
}

/// Makes room for the next bytes of a body: doubling, so that few copies are made,
/// but never beyond its announced end, and never ahead of what has arrived.
fn grow_for(bytes: &mut Vec<u8>, count: usize, missing: usize) {
    let free = bytes.capacity() - bytes.len();
    if free < count {
        let doubled = bytes.len().min(count + missing);
        bytes.reserve_exact(doubled.max(count));
    }
}
