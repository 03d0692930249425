//! Which connection to look at next, and when. Deadlines move with every request
//! but the heap does not: an entry that comes up too early is put back by the
//! caller, so that a busy connection costs one entry per several seconds.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use super::slab::Key;

#[derive(Default)]
pub(super) struct Deadlines {
    heap: BinaryHeap<Reverse<(Instant, Key)>>,
}

impl Deadlines {
    pub(super) fn push(&mut self, at: Instant, key: Key) {
        self.heap.push(Reverse((at, key)));
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// The next entry whose time has come.
    pub(super) fn pop_due(&mut self, now: Instant) -> Option<(Instant, Key)> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    /// Entries of connections long gone wait until their time; a flood of short
    /// connections must not let them pile up.
    pub(super) fn prune(&mut self, open: usize, alive: impl Fn(Key) -> bool) {
        if self.heap.len() > 8 * open + 4096 {
            self.heap.retain(|Reverse((_, key))| alive(*key));
        }
    }
}
