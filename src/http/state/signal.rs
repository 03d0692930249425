//! Wakes the threads that work beside the requests: when tables have changed that one of their jobs
//! follows, and when the server closes.

use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::db::Tags;
use crate::http::endpoint::Lane;

#[derive(Debug, Default)]
struct State {
    /// What was touched since each lane looked last.
    touched: [Tags; Lane::ALL.len()],
    is_closing: bool,
}

/// Silent until it is said which tables are followed.
#[derive(Debug, Default)]
pub struct Signal {
    followed: OnceLock<Tags>,
    state: Mutex<State>,
    changed: Condvar,
}

impl Signal {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes of other tables wake nobody.
    pub fn follow(&self, tables: Tags) {
        if self.followed.set(tables).is_err() {
            log::error!("it was said twice which tables are followed");
        }
    }

    /// Called after each commit with the tables it touched.
    pub fn touch(&self, tables: Tags) {
        if self.followed.get().is_some_and(|followed| followed.overlaps(tables)) {
            self.state().touched.iter_mut().for_each(|touched| *touched = touched.and(tables));
            self.changed.notify_all();
        }
    }

    /// The server closes: what can be given up is, and nothing more is begun.
    pub fn close(&self) {
        self.state().is_closing = true;
        self.changed.notify_all();
    }

    pub fn is_closing(&self) -> bool {
        self.state().is_closing
    }

    /// Waits until there is something to look at, at most for that long; the tables that were touched
    /// meanwhile, or `None` when the server closes.
    pub fn wait(&self, lane: Lane, longest: Duration) -> Option<Tags> {
        let at = lane as usize;
        let is_quiet = |state: &mut State| state.touched[at].is_empty() && !state.is_closing;
        let waited = self.changed.wait_timeout_while(self.state(), longest, is_quiet);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        let touched = std::mem::take(&mut state.touched[at]);
        (!state.is_closing).then_some(touched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Table;

    #[test]
    fn a_wait_ends_with_a_change_that_is_followed_its_time_or_the_end() {
        let (signal, long) = (Signal::default(), Duration::from_secs(3600));
        let (user, guest) = (Tags::of(&[Table::User]), Tags::of(&[Table::Guest]));
        signal.follow(user);
        signal.touch(guest);
        assert_eq!(signal.wait(Lane::Quick, Duration::ZERO), Some(Tags::NONE), "nobody follows guests");
        signal.touch(user);
        assert_eq!(signal.wait(Lane::Quick, long), Some(user));
        assert_eq!(signal.wait(Lane::Quick, Duration::ZERO), Some(Tags::NONE), "told once");
        assert_eq!(signal.wait(Lane::Long, long), Some(user), "each lane for itself");
        signal.close();
        assert_eq!((signal.wait(Lane::Quick, long), signal.is_closing()), (None, true));
    }
}
