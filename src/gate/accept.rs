//! Takes new connections in, within the caps. An error here is never the end:
//! the thread makes room, backs off and goes on.

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Interest, Token};

use super::FIRST_INNER_TOKEN;
use super::client_socket::ClientSocket;
use super::connection::Client;
use super::door::Side;
use super::event_loop::EventLoop;
use super::problem::Reason;
use crate::domain::wording::Language;

/// Connections accepted before those already open get their turn, at most. It is
/// a quarter of those that may be open: one that was just accepted must be heard
/// before it can be the one that makes room.
const ACCEPTED_PER_TURN: usize = 256;

/// Connections closed in one turn when the system has no more descriptors.
/// If these did not help, more will not.
const EVICTED_PER_TURN: usize = 16;

/// The pause after the system could not give a connection.
const BACK_OFF: Duration = Duration::from_millis(100);

impl EventLoop {
    /// Accepts what waits, as far as one turn goes.
    pub(super) fn accept(&mut self) {
        self.accept_at_door(Side::Home);
        self.accept_at_door(Side::Street);
    }

    fn accept_at_door(&mut self, side: Side) {
        let mut evicted = 0;
        for _ in 0..ACCEPTED_PER_TURN.min(self.config.max_connections.div_ceil(4)) {
            let Some(door) = self.door_mut(side).filter(|door| door.is_acceptable) else { return };
            match door.accept() {
                Ok((socket, address)) => self.admit_connection(side, socket, address),
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock => {
                        door.is_acceptable = false;
                        return;
                    }
                    // These concern one connection that has already gone again.
                    ErrorKind::Interrupted | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset => {}
                    _ if evicted < EVICTED_PER_TURN && self.evict_waiting() => evicted += 1,
                    _ => {
                        self.back_off(side, &error);
                        return;
                    }
                },
            }
        }
    }

    /// The system has no descriptor or no memory for another connection, and none
    /// that waits can make room. The reserve takes one in to refuse it, and the rest
    /// waits in the backlog for a moment.
    fn back_off(&mut self, side: Side, error: &std::io::Error) {
        self.shared.counters.accept_errors.add(1);
        log::warn!("gate: a connection could not be accepted: {error}");
        self.reserve.release();
        if let Some(door) = self.door_mut(side)
            && let Ok((socket, _)) = door.accept()
        {
            self.turn_away(socket, Reason::ConnectionLimit);
        }
        self.reserve.refill();
        self.accept_at = Some(self.now + BACK_OFF);
    }

    fn admit_connection(&mut self, side: Side, mut socket: TcpStream, address: SocketAddr) {
        self.shared.counters.accepted.add(1);
        let (tls, is_let_in) = match self.door_mut(side) {
            Some(door) => (door.tls.clone(), door.lets_in(address.ip())),
            None => return,
        };
        if !is_let_in {
            self.shared.counters.refuse(Reason::FarAddress);
            return;
        }
        if self.clients.len() >= self.config.max_connections && !self.evict_waiting() {
            return self.turn_away(socket, Reason::ConnectionLimit);
        }
        if !self.addresses.admit(address.ip(), self.config.max_connections_per_address) {
            return self.turn_away(socket, Reason::AddressLimit);
        }
        // Some systems refuse the option on a connection that is gone already,
        // which the first read will tell.
        if let Err(error) = socket.set_nodelay(true) {
            log::debug!("gate: no TCP_NODELAY for {address}: {error}");
        }
        let index = self.clients.next_index();
        let token = Token(FIRST_INNER_TOKEN + self.inners.len() + index);
        let interest = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = self.poll.registry().register(&mut socket, token, interest) {
            log::warn!("gate: a connection cannot be watched: {error}");
            self.addresses.leave(address.ip());
            return;
        }
        // A handshake has the time that a head has.
        let wait = if tls.is_some() { self.config.head_timeout } else { self.config.idle_timeout };
        let deadline = self.now + wait;
        let socket = ClientSocket::new(socket, tls);
        let key = self.clients.insert(Client::new(socket, address, side == Side::Street, deadline));
        debug_assert_eq!(key.index(), index);
        self.set_deadline(key, deadline);
    }

    /// Says why and closes. Whether the client can read it is left to chance,
    /// because waiting for it would cost what there is no room for.
    fn turn_away(&self, mut socket: TcpStream, reason: Reason) {
        self.shared.counters.refuse(reason);
        if let Err(error) = socket.write(&reason.response(true, false, Language::English)) {
            log::debug!("gate: a client left before it was turned away: {error}");
        }
    }
}
