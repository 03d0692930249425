//! The socket of one client, plain or with TLS upon it. TLS is undone and done here,
//! so that the other parts see the bytes of HTTP alone; what it holds is bounded by
//! one record each way.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::Shutdown;
use std::sync::Arc;

use mio::net::TcpStream;
use rustls::{ServerConfig, ServerConnection};

/// What a TLS connection begins with; no request does.
const HANDSHAKE_RECORD: u8 = 0x16;

/// Bytes that are made into records before the socket has taken the last ones.
const SENT_AT_ONCE: usize = 16 * 1024;

pub(super) struct ClientSocket {
    tcp: TcpStream,
    layer: Layer,
}

enum Layer {
    Plain,
    /// The first byte will tell whether the client speaks TLS.
    Undecided(Arc<ServerConfig>),
    /// Speaks HTTP where TLS is spoken: it is told so.
    Mistaken,
    Tls(Box<Tls>),
}

struct Tls {
    connection: ServerConnection,
    /// Bytes that are in records already, while those wait for the socket. The
    /// writer offers them again, and they count as written once the records left.
    promised: usize,
}

impl ClientSocket {
    pub(super) fn new(tcp: TcpStream, tls: Option<Arc<ServerConfig>>) -> ClientSocket {
        ClientSocket { tcp, layer: tls.map_or(Layer::Plain, Layer::Undecided) }
    }

    /// Whether what was read and is to be written is encrypted.
    pub(super) fn is_secure(&self) -> bool {
        matches!(self.layer, Layer::Tls(_))
    }

    /// Whether the client speaks HTTP where TLS is spoken.
    pub(super) fn is_mistaken(&self) -> bool {
        matches!(self.layer, Layer::Mistaken)
    }

    /// Whether a short read proves that nothing more is to be read at once.
    pub(super) fn is_drained_by_short_read(&self) -> bool {
        matches!(self.layer, Layer::Plain | Layer::Mistaken)
    }

    /// Writes what TLS itself has to say: the rest of a handshake, above all.
    pub(super) fn push(&mut self) -> io::Result<()> {
        match &mut self.layer {
            Layer::Tls(tls) => tls.push(&mut self.tcp).map(|_| ()),
            Layer::Plain | Layer::Undecided(_) | Layer::Mistaken => Ok(()),
        }
    }

    /// Tells the client that nothing more will come.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.say_goodbye();
        self.tcp.shutdown(Shutdown::Write)
    }

    /// The end in TLS's own words, as far as the socket takes them at once.
    pub(super) fn say_goodbye(&mut self) {
        if let Layer::Tls(tls) = &mut self.layer
            && !tls.connection.is_handshaking()
        {
            tls.connection.send_close_notify();
            // Whoever does not hear it learns of the end from the socket.
            let _ = tls.push(&mut self.tcp);
        }
    }

    /// Finds out from the first byte what the client speaks.
    fn decide(&mut self) -> io::Result<()> {
        let Layer::Undecided(config) = &self.layer else { return Ok(()) };
        let mut first = [0];
        self.layer = match self.tcp.peek(&mut first)? {
            0 => Layer::Mistaken,
            _ if first[0] != HANDSHAKE_RECORD => Layer::Mistaken,
            _ => {
                let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                Layer::Tls(Box::new(Tls { connection, promised: 0 }))
            }
        };
        Ok(())
    }
}

impl Tls {
    /// Whether all records have left.
    fn push(&mut self, tcp: &mut TcpStream) -> io::Result<bool> {
        while self.connection.wants_write() {
            match self.connection.write_tls(tcp) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn read(&mut self, tcp: &mut TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.connection.reader().read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // An end without a goodbye is an end as well: HTTP tells lengths.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(0),
                other => return other,
            }
            self.connection.read_tls(tcp)?;
            let made_sense = self.connection.process_new_packets();
            // An answer of the handshake, or the alert that says what is wrong.
            self.push(tcp)?;
            made_sense.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        }
    }

    fn write(&mut self, tcp: &mut TcpStream, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        if self.promised == 0 && self.push(tcp)? {
            let mut room = SENT_AT_ONCE;
            for part in parts {
                let count = self.connection.writer().write(&part[..part.len().min(room)])?;
                self.promised += count;
                room -= count;
            }
        }
        if self.push(tcp)? && self.promised > 0 {
            return Ok(std::mem::take(&mut self.promised));
        }
        Err(ErrorKind::WouldBlock.into())
    }
}

impl Read for ClientSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decide()?;
        match &mut self.layer {
            Layer::Tls(tls) => tls.read(&mut self.tcp, buffer),
            Layer::Plain | Layer::Undecided(_) | Layer::Mistaken => self.tcp.read(buffer),
        }
    }
}

impl Write for ClientSocket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        match &mut self.layer {
            Layer::Tls(tls) => tls.write(&mut self.tcp, parts),
            // Nobody can be answered before it is known in which language.
            Layer::Undecided(_) => Err(ErrorKind::NotConnected.into()),
            Layer::Plain | Layer::Mistaken => self.tcp.write_vectored(parts),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
