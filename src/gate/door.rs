//! The two doors: the one on this machine, open as long as the gate runs, and the one
//! for other machines, which opens and closes meanwhile. What comes through either is
//! bounded by the same limits.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use mio::Interest;
use mio::net::{TcpListener, TcpStream};
use rustls::ServerConfig;

use super::STREET_TOKEN;
use super::event_loop::EventLoop;

/// What the second door asks of those who come.
#[derive(Clone)]
pub struct Street {
    pub tls: Arc<ServerConfig>,
    /// Names accepted in Host besides those of the gate.
    pub names: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Home,
    Street,
}

pub(super) struct Door {
    listener: TcpListener,
    side: Side,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) names: Vec<String>,
    /// Connections may wait to be accepted.
    pub(super) is_acceptable: bool,
}

impl Door {
    pub(super) fn home(listener: TcpListener) -> Door {
        Door { listener, side: Side::Home, tls: None, names: Vec::new(), is_acceptable: false }
    }

    pub(super) fn street(listener: TcpListener, street: Street) -> Door {
        Door { listener, side: Side::Street, tls: Some(street.tls), names: street.names, is_acceptable: false }
    }

    /// The next connection. An IPv4 client of a socket for both kinds has its own address.
    pub(super) fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (socket, address) = self.listener.accept()?;
        Ok((socket, SocketAddr::new(address.ip().to_canonical(), address.port())))
    }

    /// Whether a client may come in: the second door is for the network around the
    /// machine, whatever else its addresses can be reached from.
    pub(super) fn lets_in(&self, client: IpAddr) -> bool {
        self.side == Side::Home || is_near(client)
    }
}

/// Addresses that no router passes on to the rest of the world.
fn is_near(client: IpAddr) -> bool {
    match client.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

impl EventLoop {
    pub(super) fn door_mut(&mut self, side: Side) -> Option<&mut Door> {
        match side {
            Side::Home => self.home.as_mut(),
            Side::Street => self.street.as_mut(),
        }
    }

    pub(super) fn note_door(&mut self, side: Side) {
        if let Some(door) = self.door_mut(side) {
            door.is_acceptable = true;
        }
    }

    pub(super) fn is_acceptable(&self) -> bool {
        [&self.home, &self.street].into_iter().flatten().any(|door| door.is_acceptable)
    }

    pub(super) fn open_street(&mut self, mut door: Door) {
        self.close_street();
        if self.ending.is_some() {
            return;
        }
        match self.poll.registry().register(&mut door.listener, STREET_TOKEN, Interest::READABLE) {
            Ok(()) => self.street = Some(door),
            Err(error) => log::error!("gate: the second door cannot be watched: {error}"),
        }
    }

    pub(super) fn close_street(&mut self) {
        self.street = None;
        for key in self.clients.keys() {
            if self.clients.get(key).is_some_and(|client| client.is_from_street) {
                self.close(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn the_network_around_is_near_and_the_world_is_not() {
        for near in
            ["127.0.0.2", "10.1.2.3", "172.16.0.1", "192.168.1.5", "169.254.1.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"]
        {
            assert!(is_near(near.parse().expect(near)), "{near}");
        }
        for far in ["8.8.8.8", "172.32.0.1", "192.0.2.1", "100.64.0.1", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!is_near(far.parse().expect(far)), "{far}");
        }
    }
}
