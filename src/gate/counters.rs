//! What the gate counts about itself. The gate's thread alone writes; any thread
//! may take a snapshot. It must not influence what the gate does.

use std::sync::atomic::{AtomicU64, Ordering};

use super::problem::Reason;

/// One number that a single thread changes and others read.
#[derive(Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    /// Adds with a plain load and store: there is one writer, so a locked
    /// instruction would buy nothing on the way of every request.
    pub(super) fn add(&self, amount: u64) {
        self.set(self.get().wrapping_add(amount));
    }

    pub(super) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
pub(super) struct Counters {
    pub(super) accepted: Count,
    pub(super) accept_errors: Count,
    pub(super) open: Count,
    pub(super) requests: Count,
    pub(super) responses: Count,
    pub(super) at_once: Count,
    pub(super) queue_depth: Count,
    pub(super) bytes_in: Count,
    pub(super) bytes_out: Count,
    pub(super) request_bytes_held: Count,
    pub(super) response_bytes_held: Count,
    pub(super) streams_open: Count,
    pub(super) inner_open: Count,
    pub(super) inner_busy: Count,
    pub(super) inner_lost: Count,
    refused: [Count; Reason::ALL.len()],
}

impl Counters {
    pub(super) fn refuse(&self, reason: Reason) {
        self.refused[reason as usize].add(1);
    }

    pub(super) fn snapshot(&self) -> CountersSnapshot {
        CountersSnapshot {
            accepted: self.accepted.get(),
            accept_errors: self.accept_errors.get(),
            open: self.open.get(),
            requests: self.requests.get(),
            responses: self.responses.get(),
            at_once: self.at_once.get(),
            queue_depth: self.queue_depth.get(),
            bytes_in: self.bytes_in.get(),
            bytes_out: self.bytes_out.get(),
            request_bytes_held: self.request_bytes_held.get(),
            response_bytes_held: self.response_bytes_held.get(),
            streams_open: self.streams_open.get(),
            inner_open: self.inner_open.get(),
            inner_busy: self.inner_busy.get(),
            inner_lost: self.inner_lost.get(),
            refused: Reason::ALL.iter().map(|reason| (reason.name(), self.refused[*reason as usize].get())).collect(),
        }
    }
}

/// The counters at one moment. Totals since the start unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountersSnapshot {
    pub accepted: u64,
    pub accept_errors: u64,
    /// Client connections open now, event streams included.
    pub open: u64,
    pub requests: u64,
    pub responses: u64,
    /// Those among them that were not handed inside.
    pub at_once: u64,
    /// Requests waiting for an inner connection now.
    pub queue_depth: u64,
    pub bytes_in: u64,
    pub bytes_out: u64,
    /// Bytes of request bodies held now.
    pub request_bytes_held: u64,
    /// Bytes of responses held now.
    pub response_bytes_held: u64,
    /// Event streams open now.
    pub streams_open: u64,
    /// Inner connections proved and open now.
    pub inner_open: u64,
    /// Inner connections with a request now.
    pub inner_busy: u64,
    /// Inner connections that ended and had to be opened again.
    pub inner_lost: u64,
    /// Requests refused and connections cut, by reason.
    pub refused: Vec<(&'static str, u64)>,
}

impl CountersSnapshot {
    /// How often a request was refused or a connection cut for this reason.
    pub fn refused(&self, name: &str) -> u64 {
        self.refused.iter().find(|(reason, _)| *reason == name).map_or(0, |(_, count)| *count)
    }
}
