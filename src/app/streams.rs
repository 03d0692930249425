//! Which sign-ins have event streams open. The gate holds the streams and knows
//! no sign-ins; whoever ends them has to be woken when one may be over.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::id::SessionId;

/// Why a wait is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Accounts, sign-ins or streams changed, or the time is up.
    Look,
    /// The server closes.
    Close,
}

#[derive(Debug, Default)]
struct State {
    sessions: BTreeSet<SessionId>,
    is_due: bool,
    is_closing: bool,
}

/// Sign-ins that are looked after at once: twice as many as there are streams.
const MOST: usize = 4096;

/// The sign-ins with open streams. A sign-in stays here until it ends, even when
/// its streams are long gone, or until it is the oldest of too many.
#[derive(Debug, Default)]
pub struct OpenStreams {
    state: Mutex<State>,
    changed: Condvar,
}

impl OpenStreams {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// A stream is about to be opened. Looking again finds a sign-in that ended
    /// between its check and now. Answers the sign-in that gives way when there are too many:
    /// its streams are to be ended.
    pub fn opened(&self, session: SessionId) -> Option<SessionId> {
        let mut gives_way = None;
        self.change(|state| {
            state.sessions.insert(session);
            state.is_due = true;
            if state.sessions.len() > MOST {
                gives_way = state.sessions.pop_first();
            }
        });
        gives_way
    }

    /// Accounts or sign-ins have changed.
    pub fn look_again(&self) {
        self.change(|state| state.is_due = true);
    }

    /// Its streams have been ended.
    pub fn ended(&self, session: SessionId) {
        self.state().sessions.remove(&session);
    }

    pub fn sessions(&self) -> Vec<SessionId> {
        self.state().sessions.iter().copied().collect()
    }

    /// Lets everybody who waits go.
    pub fn close(&self) {
        self.change(|state| state.is_closing = true);
    }

    /// Waits until there is something to look at, at most for that long.
    pub fn wait(&self, longest: Option<Duration>) -> Wake {
        let is_quiet = |state: &mut State| !state.is_due && !state.is_closing;
        let mut state = match longest {
            Some(longest) => {
                let waited = self.changed.wait_timeout_while(self.state(), longest, is_quiet);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.changed.wait_while(self.state(), is_quiet).unwrap_or_else(PoisonError::into_inner),
        };
        state.is_due = false;
        if state.is_closing { Wake::Close } else { Wake::Look }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_sign_in_gives_way_to_one_too_many() {
        let streams = OpenStreams::default();
        let last = i64::try_from(MOST).expect("a number");
        assert!((1..=last).all(|id| streams.opened(SessionId(id)).is_none()));
        assert_eq!((streams.opened(SessionId(1)), streams.opened(SessionId(last + 1))), (None, Some(SessionId(1))));
        assert_eq!(streams.sessions().len(), MOST);
    }

    #[test]
    fn a_wait_ends_with_a_change_its_time_or_the_end() {
        let streams = OpenStreams::default();
        streams.opened(SessionId(7));
        assert_eq!((streams.wait(None), streams.sessions()), (Wake::Look, vec![SessionId(7)]));
        streams.look_again();
        streams.ended(SessionId(7));
        assert_eq!((streams.wait(None), streams.sessions()), (Wake::Look, vec![]));
        assert_eq!(streams.wait(Some(Duration::ZERO)), Wake::Look);
        streams.close();
        assert_eq!(streams.wait(None), Wake::Close);
    }
}
