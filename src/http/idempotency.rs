//! The same key and body give the first answer again; nothing is done twice.

use sha2::{Digest, Sha256};

use super::request::Request;
use crate::db::Tx;
use crate::db::sql::statements;
use crate::domain::actor::Actor;
use crate::error::{Error, Result};

/// How long first answers are kept, in hours.
const KEPT_HOURS: i64 = 24;

statements! {
    FIND = "idempotency.find": "SELECT request_hash, body FROM idempotency WHERE user_id = ?1 AND key = ?2";
    KEEP = "idempotency.keep": "INSERT INTO idempotency (user_id, key, request_hash, status, body, created_at) VALUES (?1, ?2, ?3, 200, ?4, ?5)";
    FORGET = "idempotency.forget": "DELETE FROM idempotency WHERE created_at < ?1";
}

/// A request's key, with what it asked for.
pub struct Key {
    user_id: i64,
    key: String,
    request_hash: String,
}

impl Key {
    /// The key of a request that carries one.
    ///
    /// # Errors
    /// A key that is empty or longer than 200 characters is a bad field.
    pub fn of(request: &Request, actor: &Actor) -> Result<Option<Key>> {
        let Some(key) = request.header("idempotency-key") else { return Ok(None) };
        if key.is_empty() || key.len() > 200 {
            return Err(Error::invalid("Idempotency-Key", "must have 1 to 200 characters"));
        }
        let mut hash = Sha256::new();
        for part in [request.method.as_str().as_bytes(), request.path.as_bytes(), request.query.as_bytes(), &request.body] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let user_id = actor.user_id.map_or(0, |id| id.0);
        Ok(Some(Key { user_id, key: key.to_owned(), request_hash: hex(&hash.finalize()) }))
    }

    /// The stored answer, or the one that `run` gives, stored in the same transaction.
    pub fn once(self, tx: &Tx, run: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let found = tx.one(&FIND, (self.user_id, &self.key), |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        if let Some((request_hash, body)) = found {
            if request_hash == self.request_hash {
                return Ok(body.into_bytes());
            }
            return Err(Error::invalid("Idempotency-Key", "was used for another request already"));
        }
        let body = run()?;
        let text = std::str::from_utf8(&body).map_err(Error::internal)?;
        tx.run(&FORGET, [tx.now().plus_hours(-KEPT_HOURS)])?;
        tx.run(&KEEP, (self.user_id, &self.key, &self.request_hash, text, tx.now()))?;
        Ok(body)
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
