//! What is kept in memory of sign-ins, as long as a server runs.

use std::time::Duration;

use super::passing::PassingSessions;
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::id::SessionId;
use crate::http::rate_limit::{FailedLogins, Strangers};
use crate::http::state::Holding;
use crate::kept::Kept;

const MEGABYTE: usize = 1024 * 1024;

/// A session that was looked up, as long as nothing about it changes.
#[derive(Debug, Clone)]
pub struct KnownSession {
    pub generation: u64,
    pub actor: Actor,
    /// What the stored hash of the password was, of a sign-in that the file does not know.
    pub password: Option<String>,
    pub created_at: Instant,
    pub expires_at: Instant,
}

pub struct SignIns {
    /// By the hash of the token.
    pub(super) known: Kept<String, KnownSession>,
    /// Those that the file does not know.
    pub(super) passing: PassingSessions,
    /// When each made its last request, since the start; those begun by PIN, the last with a person
    /// before the screen.
    pub(super) last_seen: Kept<SessionId, Instant>,
    pub failed: FailedLogins,
    pub(super) strangers: Strangers,
}

impl Default for SignIns {
    fn default() -> SignIns {
        SignIns {
            known: Kept::new(2 * MEGABYTE, 4, Duration::from_secs(600), |key, session| weigh_session(key, session)),
            passing: PassingSessions::default(),
            last_seen: Kept::new(MEGABYTE, 4, Duration::from_secs(24 * 3600), |_, _| 0),
            failed: FailedLogins::default(),
            strangers: Strangers::default(),
        }
    }
}

impl SignIns {
    pub fn holdings(&self) -> Vec<Holding> {
        vec![
            Holding::new("sessions", (self.known.bytes(), self.known.limit())),
            Holding::new("last_seen", (self.last_seen.bytes(), self.last_seen.limit())),
            Holding::new("failed_sign_ins", self.failed.bytes()),
            Holding::new("passing_sessions", self.passing.bytes()),
        ]
    }
}

fn weigh_session(key: &str, session: &KnownSession) -> usize {
    key.len() + session.actor.username.len() + session.actor.address.len() + session.password.as_ref().map_or(0, String::len)
}
