//! The same key and body give the first answer again; nothing is done twice.
//!
//! Changes in one transaction keep their answer in the database, written with
//! the change itself. Endpoints that take passwords or give tokens keep theirs in
//! memory alone: neither a token nor a quick hash of a password goes to the disk.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::request::Request;
use super::response::{Payload, Response};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::kept::Kept;

/// How long first answers are kept, in hours.
const KEPT_HOURS: i64 = 24;

statements! {
    FIND = "idempotency.find": "SELECT request_hash, body FROM idempotency WHERE user_id = ?1 AND key = ?2";
    KEEP = "idempotency.keep": "INSERT INTO idempotency (user_id, key, request_hash, status, body, created_at) VALUES (?1, ?2, ?3, 200, ?4, ?5)";
    FORGET = "idempotency.forget": "DELETE FROM idempotency WHERE created_at < ?1";
    HAS_OLD = "idempotency.has_old": "SELECT 1 FROM idempotency WHERE created_at < ?1 LIMIT 1";
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
        let Some(key) = key_of(request)? else { return Ok(None) };
        let user_id = actor.user_id.map_or(0, |id| id.0);
        Ok(Some(Key { user_id, key: key.to_owned(), request_hash: hex(&hash_of(request)) }))
    }

    /// The stored answer, or the one that `run` gives, stored in the same transaction.
    pub fn once(self, tx: &Tx, run: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let found = tx.one(&FIND, (self.user_id, &self.key), |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        if let Some((request_hash, body)) = found {
            if request_hash == self.request_hash {
                return Ok(body.into_bytes());
            }
            return Err(used_otherwise());
        }
        let body = run()?;
        let text = std::str::from_utf8(&body).map_err(Error::internal)?;
        forget_old(tx)?;
        tx.run(&KEEP, (self.user_id, &self.key, &self.request_hash, text, tx.now()))?;
        Ok(body)
    }
}

/// Whether answers lie there that are no longer given: they may hold what was erased since.
///
/// # Errors
/// When the database refuses.
pub fn has_old(conn: &Conn) -> Result<bool> {
    conn.exists(&HAS_OLD, [conn.now().plus_hours(-KEPT_HOURS)])
}

/// # Errors
/// When the database refuses.
pub fn forget_old(tx: &Tx) -> Result<()> {
    tx.run(&FORGET, [tx.now().plus_hours(-KEPT_HOURS)])?;
    Ok(())
}

/// The key's text, if the request carries one.
fn key_of(request: &Request) -> Result<Option<&str>> {
    let Some(key) = request.header("idempotency-key").map(str::trim) else { return Ok(None) };
    if !(1..=200).contains(&key.len()) || !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Err(Error::invalid("Idempotency-Key", text!("must have 1 to 200 printable characters")));
    }
    Ok(Some(key))
}

/// What a request asks for, told from every other request.
fn hash_of(request: &Request) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [request.method.as_str().as_bytes(), request.path.as_bytes(), request.query.as_bytes(), &request.body] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn used_otherwise() -> Error {
    Error::invalid("Idempotency-Key", text!("was used for another request already"))
}

/// What first answers may take of the memory, in bytes; the oldest give way.
const REMEMBERED: usize = 2 * 1024 * 1024;

/// First answers that must not go to the disk. A restart forgets them.
pub struct FirstAnswers(Kept<Asked, Remembered>);

/// Who asked, and under which key.
type Asked = (UserId, Box<str>);

#[derive(Clone)]
struct Remembered {
    request_hash: [u8; 32],
    /// `None` while the first request is being worked on.
    answer: Option<Arc<Response>>,
}

fn weigh((_, key): &Asked, first: &Remembered) -> usize {
    let header = |(_, value): &(&str, Cow<str>)| size_of::<(&str, Cow<str>)>() + value.len();
    let answer = |answer: &Arc<Response>| {
        size_of::<Response>() + answer.headers.iter().map(header).sum::<usize>() + answer.payload.bytes().len()
    };
    key.len() + first.answer.as_ref().map_or(0, answer)
}

impl Default for FirstAnswers {
    fn default() -> Self {
        FirstAnswers(Kept::new(REMEMBERED, 1, Duration::from_secs(KEPT_HOURS.unsigned_abs() * 3600), weigh))
    }
}

impl FirstAnswers {
    /// The remembered answer, or the one that `run` gives, remembered if it is a good one.
    ///
    /// Somebody who is not signed in is nobody: an address is shared by many, and what opens
    /// the door (a password, a device's cookie) is looked at each time. Their work is done
    /// each time as well; none of it makes anything twice.
    pub fn once(&self, request: &Request, actor: &Actor, run: impl FnOnce() -> Result<Response>) -> Result<Response> {
        let (Some(key), Some(user)) = (key_of(request)?, actor.user_id) else { return run() };
        let at = (user, Box::from(key));
        if let Some(answer) = self.begin(&at, hash_of(request))? {
            return Ok(Response::clone(&answer));
        }
        let mut begun = Begun { answers: self, at, answer: None };
        let result = run();
        begun.answer = result.as_ref().ok().filter(|r| r.status < 300).cloned();
        result
    }

    /// Notes that the work begins, or gives the answer of its first time.
    fn begin(&self, at: &Asked, request_hash: [u8; 32]) -> Result<Option<Arc<Response>>> {
        let mut is_new = false;
        let make = || {
            is_new = true;
            Remembered { request_hash, answer: None }
        };
        let known = self.0.change(at.clone(), make, |first| first.clone());
        match known {
            _ if is_new => Ok(None),
            first if first.request_hash != request_hash => Err(used_otherwise()),
            Remembered { answer: Some(answer), .. } => Ok(Some(answer)),
            Remembered { answer: None, .. } => {
                let detail = text!("The same request is still in progress; try again in a moment.");
                Err(Error::refused(Code::StillAtWork, detail))
            }
        }
    }

    /// What is remembered, and may be at most, in bytes.
    pub fn bytes(&self) -> (usize, usize) {
        (self.0.bytes(), self.0.limit())
    }
}

/// Work that has begun. Its end is noted even when it ends in a panic.
struct Begun<'a> {
    answers: &'a FirstAnswers,
    at: Asked,
    answer: Option<Response>,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        // What failed may be tried again with the same key.
        let Some(mut first) = self.answers.0.remove(&self.at) else { return };
        if let Some(mut answer) = self.answer.take() {
            if let Payload::Owned(bytes) = &mut answer.payload {
                bytes.shrink_to_fit();
            }
            first.answer = Some(Arc::new(answer));
            self.answers.0.put(self.at.clone(), first);
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::request::Method;

    fn ana() -> Actor {
        Actor { user_id: Some(UserId(1)), ..Actor::stranger("192.0.2.1") }
    }

    fn request(key: &str, body: &str) -> Request {
        let mut request = Request::new(Method::Post, "/api/users");
        request.headers.push(("Idempotency-Key".to_owned(), key.to_owned()));
        request.body = body.as_bytes().to_vec();
        request
    }

    #[test]
    fn an_answer_in_memory_is_given_again_and_a_failure_is_not() {
        let (answers, actor) = (FirstAnswers::default(), ana());
        let ask = |key: &str, body: &str, result: Result<Response>| {
            answers.once(&request(key, body), &actor, || result).map(|r| r.status)
        };
        assert_eq!(ask("a", "1", Err(Error::BadRequest(text!("no")))), Err(Error::BadRequest(text!("no"))));
        assert_eq!(ask("a", "1", Ok(Response::new(201))), Ok(201));
        assert_eq!(ask("a", "1", Ok(Response::new(200))), Ok(201));
        assert_eq!(ask("a", "2", Ok(Response::new(200))), Err(used_otherwise()));
        assert_eq!(ask("b", "2", Ok(Response::new(200))), Ok(200));
        assert!(ask(" ", "2", Ok(Response::new(200))).is_err());
    }

    #[test]
    fn the_same_request_at_the_same_time_is_told_to_wait() {
        let (answers, actor) = (FirstAnswers::default(), ana());
        let outer = answers.once(&request("a", "1"), &actor, || {
            let inner = answers.once(&request("a", "1"), &actor, || Ok(Response::new(200)));
            assert!(matches!(inner, Err(Error::Refused(refusal)) if refusal.code == Code::StillAtWork));
            Ok(Response::new(201))
        });
        assert_eq!(outer.map(|r| r.status), Ok(201));
    }

    #[test]
    fn answers_take_no_more_than_their_bytes() {
        let (answers, actor) = (FirstAnswers::default(), ana());
        for i in 0..3000 {
            let long = Response::new(200).with("text/plain", Payload::Owned(vec![b'x'; 4000]));
            answers.once(&request(&format!("{i:0>200}"), ""), &actor, || Ok(long)).expect("answer");
        }
        let (bytes, limit) = answers.bytes();
        assert!(bytes <= limit && bytes > limit / 2, "{bytes} of {limit}");
    }

    #[test]
    fn whoever_is_not_signed_in_hears_no_answer_of_somebody_else_at_the_same_address() {
        let (answers, nobody) = (FirstAnswers::default(), Actor::stranger("192.0.2.1"));
        let ask = |status| answers.once(&request("a", "1"), &nobody, || Ok(Response::new(status))).map(|r| r.status);
        assert_eq!((ask(200), ask(201)), (Ok(200), Ok(201)));
        assert!(answers.once(&request(" ", "1"), &nobody, || Ok(Response::new(200))).is_err(), "a bad key is one all the same");
    }
}
