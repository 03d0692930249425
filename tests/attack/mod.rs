//! Attacks on the real executable, while a client that means well measures what
//! they do to it.
//!
//! Each test starts a hotel of its own, attacks it, and lets the witness make its
//! requests meanwhile: every one has to be answered. Afterwards the process must
//! live, answer on all its workers, have no panic in its log, no thread for a client,
//! and never have held more memory than its limits allow on top of its own. Times and
//! absolute figures are printed, and depend on the machine: none is asserted.
//!
//! A debug build attacks for seconds; a release build does in full, as
//! `tests/attack/run` asks.

mod flood;
mod forged;
mod raw;
mod siege;
mod slow;
mod street;
mod target;
mod witness;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Attacks in full are for release builds.
pub const IN_FULL: bool = !cfg!(debug_assertions);

/// A number for the short attack and one for the full one.
pub const fn size(short: usize, full: usize) -> usize {
    if IN_FULL { full } else { short }
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Attacks wait for each other, so that each figure is of one attack.
pub fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}
