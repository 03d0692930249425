//! Which sign-ins have event streams open. The gate holds the streams and knows
//! no sign-ins.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::id::SessionId;

/// Sign-ins that are looked after at once: twice as many as there are streams.
const MOST: usize = 4096;

/// The sign-ins with open streams. A sign-in stays here until it ends, even when
/// its streams are long gone, or until it is the oldest of too many.
#[derive(Debug, Default)]
pub struct OpenStreams(Mutex<BTreeSet<SessionId>>);

impl OpenStreams {
    fn all(&self) -> MutexGuard<'_, BTreeSet<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream is about to be opened. Answers the sign-in that gives way when there are too many:
    /// its streams are to be ended.
    pub(super) fn opened(&self, session: SessionId) -> Option<SessionId> {
        let mut all = self.all();
        all.insert(session);
        if all.len() > MOST { all.pop_first() } else { None }
    }

    /// Its streams have been ended.
    pub fn ended(&self, session: SessionId) {
        self.all().remove(&session);
    }

    pub fn sessions(&self) -> Vec<SessionId> {
        self.all().iter().copied().collect()
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
        streams.ended(SessionId(2));
        assert!(!streams.sessions().contains(&SessionId(2)));
    }
}
