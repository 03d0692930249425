//! One client connection: where it is in its life and the bytes it holds. What
//! happens next is decided by the event loop's parts, not here.

use std::net::SocketAddr;
use std::time::Instant;

use super::client_socket::ClientSocket;
use super::outbox::Outbox;
use super::socket::{Taken, read_some};
use crate::domain::wording::Language;

/// A whole request on its way inside, rebuilt, head and body in one buffer.
#[derive(Default)]
pub(super) struct Request {
    pub(super) bytes: Vec<u8>,
    /// How many of the bytes are body, and so count towards the budget.
    pub(super) body: usize,
    /// Asked with HEAD, so that the response has no body.
    pub(super) head_only: bool,
    /// May be sent again when its connection broke without an answer.
    pub(super) repeatable: bool,
    pub(super) repeated: bool,
    pub(super) long: bool,
}

/// The key that can end an event stream, and whose it is.
#[derive(Default)]
pub(super) struct Names {
    pub(super) key: Option<Box<str>>,
    pub(super) owner: Option<Box<str>>,
}

pub(super) enum Phase {
    /// Between two requests or within a head.
    Head,
    /// The head is checked and rebuilt; this many bytes of the body are missing.
    Body {
        request: Request,
        missing: usize,
    },
    /// Waits for an inner connection under the number of its place.
    Queued {
        request: Request,
        ticket: u64,
    },
    /// The request is inside; `begun` once a part of its response has come.
    Answering {
        inner: usize,
        begun: bool,
    },
    /// The response is whole and on its way out.
    Flushing,
    Streaming(Names),
    /// Our side is closed; what still comes is thrown away, so that the client can
    /// read the last response before it learns of the end.
    Lingering,
}

/// What follows the response under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    NextRequest,
    Close,
    /// Close, but let the client finish sending what was refused.
    Linger,
}

pub(super) struct Client {
    pub(super) socket: ClientSocket,
    /// Came through the second door.
    pub(super) is_from_street: bool,
    pub(super) address: SocketAddr,
    pub(super) phase: Phase,
    pub(super) after: After,
    /// Bytes read and not used yet; unallocated while there are none.
    pub(super) input: Vec<u8>,
    /// How much of the input was searched for the end of a head, or thrown away.
    pub(super) scanned: usize,
    /// How much of the input the budget for requests knows of.
    pub(super) counted: usize,
    pub(super) outbox: Outbox,
    /// Bytes the client took since its deadline was set.
    pub(super) taken: usize,
    /// The socket may have more to read.
    pub(super) readable: bool,
    /// The peer is known to send no more than what is in the socket.
    pub(super) ended: bool,
    /// The request under way is a HEAD.
    pub(super) head_only: bool,
    /// What the reader of the request under way understands.
    pub(super) language: Language,
    /// Becomes an event stream with its response, under these names.
    pub(super) stream: Option<Names>,
    pub(super) deadline: Instant,
    /// When the earliest entry of this connection in the deadlines comes up.
    pub(super) armed: Option<Instant>,
}

impl Client {
    pub(super) fn new(socket: ClientSocket, address: SocketAddr, is_from_street: bool, deadline: Instant) -> Client {
        Client {
            socket,
            is_from_street,
            address,
            phase: Phase::Head,
            after: After::NextRequest,
            input: Vec::new(),
            scanned: 0,
            counted: 0,
            outbox: Outbox::default(),
            taken: 0,
            readable: false,
            ended: false,
            head_only: false,
            language: Language::English,
            stream: None,
            deadline,
            armed: None,
        }
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Taken {
        let proves_nothing = self.ended || !self.socket.is_drained_by_short_read();
        read_some(&mut self.socket, buffer, &mut self.readable, proves_nothing)
    }

    /// Whether nothing is under way, so that closing it loses nothing.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.phase, Phase::Head) && self.input.is_empty()
    }

    pub(super) fn drop_input(&mut self) {
        self.input = Vec::new();
        self.scanned = 0;
    }

    /// Removes the first bytes of the input and gives its memory back when that
    /// was all.
    pub(super) fn consume(&mut self, count: usize) {
        if count == self.input.len() {
            self.input = Vec::new();
        } else {
            self.input.drain(..count);
        }
        self.scanned = 0;
    }
}
