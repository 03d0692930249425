//! The few things the gate does with raw sockets: one careful read, and one
//! type for the connection inside whatever the platform offers for it.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::SocketAddr;

use mio::event::Source;
use mio::{Interest, Registry, Token};

use super::Inner;

/// Where a short read proves that the socket is drained, the next notice of
/// readiness is certain and another read would be wasted. On Windows only a
/// refused read makes sure of the next notice.
const SHORT_READ_DRAINS: bool = cfg!(unix);

pub(super) enum Taken {
    Bytes(usize),
    Blocked,
    Ended,
}

/// Reads once. `readable` goes down when the socket is drained; `ended` says that
/// the peer is known to have finished, so that a short read proves nothing.
pub(super) fn read_some(socket: &mut impl Read, buffer: &mut [u8], readable: &mut bool, ended: bool) -> Taken {
    loop {
        match socket.read(buffer) {
            Ok(0) => return Taken::Ended,
            Ok(count) => {
                if SHORT_READ_DRAINS && count < buffer.len() && !ended {
                    *readable = false;
                }
                return Taken::Bytes(count);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                *readable = false;
                return Taken::Blocked;
            }
            Err(_) => return Taken::Ended,
        }
    }
}

pub(super) enum InnerSocket {
    #[cfg(unix)]
    Unix(mio::net::UnixStream),
    Loopback(mio::net::TcpStream),
}

impl InnerSocket {
    pub(super) fn connect(inner: &Inner) -> io::Result<InnerSocket> {
        match inner {
            #[cfg(unix)]
            Inner::Unix(path) => mio::net::UnixStream::connect(path).map(InnerSocket::Unix),
            Inner::Loopback { address, .. } => connect_loopback(*address).map(InnerSocket::Loopback),
        }
    }

    /// What to be told about while nothing waits to be written. A Unix socket
    /// would report room after every read of its peer, one wasted wake-up per
    /// request; TCP reports it only after a refused write.
    pub(super) fn usual_interest(&self) -> Interest {
        match self {
            #[cfg(unix)]
            InnerSocket::Unix(_) => Interest::READABLE,
            InnerSocket::Loopback(_) => Interest::READABLE | Interest::WRITABLE,
        }
    }
}

fn connect_loopback(address: SocketAddr) -> io::Result<mio::net::TcpStream> {
    let stream = mio::net::TcpStream::connect(address)?;
    // Some systems refuse options on a socket that is still connecting; the
    // option only saves time, so its failure is no reason to give up.
    if let Err(error) = stream.set_nodelay(true) {
        log::debug!("gate: no TCP_NODELAY towards the inside: {error}");
    }
    Ok(stream)
}

impl Read for InnerSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            #[cfg(unix)]
            InnerSocket::Unix(socket) => socket.read(buffer),
            InnerSocket::Loopback(socket) => socket.read(buffer),
        }
    }
}

impl Write for InnerSocket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            #[cfg(unix)]
            InnerSocket::Unix(socket) => socket.write(bytes),
            InnerSocket::Loopback(socket) => socket.write(bytes),
        }
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            #[cfg(unix)]
            InnerSocket::Unix(socket) => socket.write_vectored(parts),
            InnerSocket::Loopback(socket) => socket.write_vectored(parts),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Source for InnerSocket {
    fn register(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        match self {
            #[cfg(unix)]
            InnerSocket::Unix(socket) => socket.register(registry, token, interest),
            InnerSocket::Loopback(socket) => socket.register(registry, token, interest),
        }
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        match self {
            #[cfg(unix)]
            InnerSocket::Unix(socket) => socket.reregister(registry, token, interest),
            InnerSocket::Loopback(socket) => socket.reregister(registry, token, interest),
        }
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        match self {
            #[cfg(unix)]
            InnerSocket::Unix(socket) => socket.deregister(registry),
            InnerSocket::Loopback(socket) => socket.deregister(registry),
        }
    }
}
