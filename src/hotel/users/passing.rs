//! Sign-ins that no file knows, of a read-only copy and while the disk is full: kept in memory
//! alone, and gone with the program.

use std::collections::HashMap;
use std::sync::Mutex;

use super::sign_ins::KnownSession;
use crate::domain::date::Instant;
use crate::domain::id::SessionId;

/// Signed in at once at most; the one that ends first gives way.
const MOST: usize = 1_000;

#[derive(Default)]
pub struct PassingSessions(Mutex<Signed>);

#[derive(Default)]
struct Signed {
    /// By the hash of the token.
    by_token: HashMap<String, KnownSession>,
    /// Below nought, so that none is taken for one of the file's.
    last_id: i64,
}

impl PassingSessions {
    /// Keeps a sign-in under an id of its own.
    pub fn open(&self, token_hash: String, mut session: KnownSession, now: Instant) {
        let Ok(mut signed) = self.0.lock() else { return };
        signed.by_token.retain(|_, known| known.expires_at > now);
        if signed.by_token.len() >= MOST {
            let first = signed.by_token.iter().min_by_key(|(_, known)| known.expires_at).map(|(hash, _)| hash.clone());
            first.and_then(|hash| signed.by_token.remove(&hash));
        }
        signed.last_id -= 1;
        session.actor.session_id = Some(SessionId(signed.last_id));
        signed.by_token.insert(token_hash, session);
    }

    /// Whether a sign-in is one of these.
    pub fn has(id: SessionId) -> bool {
        id.0 < 0
    }

    /// What they take in memory, and may take at most: a name has 100 characters.
    pub fn bytes(&self) -> (usize, usize) {
        const ONE: usize = size_of::<(String, KnownSession)>() + 64 + 4 * 100;
        (self.0.lock().map_or(0, |signed| signed.by_token.len() * ONE), MOST * ONE)
    }

    pub fn find(&self, token_hash: &str) -> Option<KnownSession> {
        self.0.lock().ok()?.by_token.get(token_hash).cloned()
    }

    /// Puts what was looked up anew in the place of what was known.
    pub fn renew(&self, token_hash: &str, session: KnownSession) {
        if let Ok(mut signed) = self.0.lock()
            && let Some(known) = signed.by_token.get_mut(token_hash)
        {
            *known = session;
        }
    }

    /// When a sign-in ends.
    pub fn end_of(&self, id: SessionId) -> Option<Instant> {
        let signed = self.0.lock().ok()?;
        signed.by_token.values().find(|known| known.actor.session_id == Some(id)).map(|known| known.expires_at)
    }

    pub fn close(&self, id: SessionId) {
        if let Ok(mut signed) = self.0.lock() {
            signed.by_token.retain(|_, known| known.actor.session_id != Some(id));
        }
    }
}
