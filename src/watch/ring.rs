//! The newest few of something.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Keeps the newest `limit` entries and forgets the older ones.
#[derive(Debug)]
pub struct Ring<T> {
    limit: usize,
    entries: Mutex<VecDeque<T>>,
}

impl<T: Clone> Ring<T> {
    pub fn new(limit: usize) -> Ring<T> {
        Ring { limit, entries: Mutex::new(VecDeque::new()) }
    }

    pub fn push(&self, entry: T) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == self.limit {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// The entries, newest first.
    pub fn newest(&self) -> Vec<T> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_makes_room_for_the_newest() {
        let ring = Ring::new(3);
        for number in 1..=5 {
            ring.push(number);
        }
        assert_eq!(ring.newest(), [5, 4, 3]);
    }
}
