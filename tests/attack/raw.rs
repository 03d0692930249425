//! Connections that keep to no rules.

use std::io::{ErrorKind, Read, Write};
use std::mem::size_of;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsRawFd;

use crate::support::client::PATIENCE;

pub struct Raw(pub TcpStream);

impl Raw {
    pub fn connect(address: SocketAddr) -> Raw {
        Raw::try_connect(address).expect("a connection")
    }

    /// Connects; under an attack that takes all there is, not everybody can.
    pub fn try_connect(address: SocketAddr) -> std::io::Result<Raw> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Raw(stream))
    }

    /// Sends all of it, as far as the other side takes it; whether it did.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).is_ok()
    }

    /// Sends what fits without waiting; whether the connection is still good.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        self.0.set_nonblocking(true).expect("a mode");
        let result = self.0.write(bytes);
        self.0.set_nonblocking(false).expect("a mode");
        match result {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        }
    }

    /// Everything until the connection ends; a reset is an end, too.
    pub fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest);
        String::from_utf8_lossy(&rest).into_owned()
    }

    /// Asks for a window so small that hardly anything can be on its way.
    pub fn read_little(self) -> Raw {
        self.option(libc::SO_RCVBUF, &4096_i32);
        self
    }

    /// Ends the connection with a reset.
    pub fn reset(self) {
        self.option(libc::SO_LINGER, &libc::linger { l_onoff: 1, l_linger: 0 });
    }

    fn option<T>(&self, name: libc::c_int, value: &T) {
        let length = libc::socklen_t::try_from(size_of::<T>()).expect("a length");
        // SAFETY: the socket is open, and the pointer is to a live value of that length.
        let result =
            unsafe { libc::setsockopt(self.0.as_raw_fd(), libc::SOL_SOCKET, name, std::ptr::from_ref(value).cast(), length) };
        assert_eq!(result, 0, "the option is set");
    }
}

pub fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

/// How many answers stand in what a connection said.
pub fn count_answers(text: &str) -> usize {
    let is_status_line = |(at, start): (usize, &str)| text[at + start.len()..].starts_with(|c: char| c.is_ascii_digit());
    text.match_indices("HTTP/1.1 ").filter(|found| is_status_line(*found)).count()
}

/// A sequence of numbers that a seed fixes (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let z = usize::try_from((z ^ (z >> 31)) >> 33).expect("a number");
        z % sides
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.roll(from.len())]
    }
}
