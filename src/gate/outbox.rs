//! Bytes on their way to one client that the socket did not take yet. Segments
//! are shared, so that one event for a thousand streams is in memory once, and
//! freed one by one as they leave.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice, Write};
use std::sync::Arc;

/// The most segments handed to the system in one call.
const SEGMENTS_PER_WRITE: usize = 16;

#[derive(Default)]
pub(super) struct Outbox {
    segments: VecDeque<Arc<[u8]>>,
    /// Bytes of the first segment that are already gone.
    sent: usize,
    length: usize,
}

impl Outbox {
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Bytes that still have to go.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn push(&mut self, segment: Arc<[u8]>) {
        if !segment.is_empty() {
            self.length += segment.len();
            self.segments.push_back(segment);
        }
    }

    /// Sends two parts as one write when nothing waits, and keeps what the
    /// socket did not take. Returns the bytes that went out.
    pub(super) fn send(&mut self, socket: &mut impl Write, first: &[u8], second: &[u8]) -> io::Result<usize> {
        let mut sent = 0;
        if self.is_empty() {
            let total = first.len() + second.len();
            sent = write_parts(socket, first, second)?;
            if sent == total {
                return Ok(sent);
            }
        }
        self.push(Arc::from(&first[sent.min(first.len())..]));
        self.push(Arc::from(&second[sent.saturating_sub(first.len())..]));
        Ok(sent + self.flush(socket)?)
    }

    /// Writes until everything is gone or the socket is full, so that the next
    /// notice of a writable socket is certain to come. Returns the bytes sent.
    pub(super) fn flush(&mut self, socket: &mut impl Write) -> io::Result<usize> {
        let mut total = 0;
        while !self.is_empty() {
            let count = {
                let mut parts = [IoSlice::new(&[]); SEGMENTS_PER_WRITE];
                let mut used = 0;
                for (part, segment) in parts.iter_mut().zip(&self.segments) {
                    let skip = if used == 0 { self.sent } else { 0 };
                    *part = IoSlice::new(&segment[skip..]);
                    used += 1;
                }
                match socket.write_vectored(&parts[..used]) {
                    Ok(0) => return Err(ErrorKind::WriteZero.into()),
                    Ok(count) => count,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                }
            };
            self.forget(count);
            total += count;
        }
        Ok(total)
    }

    fn forget(&mut self, count: usize) {
        self.length -= count;
        self.sent += count;
        while let Some(first) = self.segments.front() {
            if self.sent < first.len() {
                return;
            }
            self.sent -= first.len();
            self.segments.pop_front();
        }
        self.segments = VecDeque::new();
    }
}

/// One write of both parts; a full socket counts as nothing sent.
fn write_parts(socket: &mut impl Write, first: &[u8], second: &[u8]) -> io::Result<usize> {
    loop {
        let result = if second.is_empty() {
            socket.write(first)
        } else {
            socket.write_vectored(&[IoSlice::new(first), IoSlice::new(second)])
        };
        match result {
            Ok(count) => return Ok(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
            Err(error) => return Err(error),
        }
    }
}
