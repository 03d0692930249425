//! An answer: status, headers, body.

use std::borrow::Cow;
use std::sync::Arc;

use crate::cache::Body;

/// The bytes of an answer, shared with the cache where they came from it.
#[derive(Debug, Clone)]
pub enum Payload {
    Empty,
    Owned(Vec<u8>),
    Static(&'static [u8]),
    Plain(Arc<Body>),
    Gzip(Arc<Body>),
}

impl Payload {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Payload::Empty => &[],
            Payload::Owned(bytes) => bytes,
            Payload::Static(bytes) => bytes,
            Payload::Plain(body) => &body.plain,
            Payload::Gzip(body) => body.gzip(),
        }
    }
}

/// What goes back to the client. Length, date and connection headers are the server's.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    pub payload: Payload,
}

impl Response {
    pub fn new(status: u16) -> Response {
        Response { status, headers: Vec::with_capacity(12), payload: Payload::Empty }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Response {
        self.headers.push((name, value.into()));
        self
    }

    pub fn with(mut self, content_type: &'static str, payload: Payload) -> Response {
        self.headers.push(("Content-Type", Cow::Borrowed(content_type)));
        self.payload = payload;
        self
    }

    /// Gives the browser a cookie that scripts cannot read and other sites cannot send;
    /// with no seconds to live, takes it away. Through TLS it is marked `Secure` on its
    /// way out.
    pub fn cookie(self, name: &str, value: &str, path: &str, max_age_seconds: i64) -> Response {
        let cookie = format!("{name}={value}; HttpOnly; SameSite=Strict; Path={path}; Max-Age={max_age_seconds}");
        self.header("Set-Cookie", cookie)
    }

    /// The value of a header that was set.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_ref())
    }
}

/// The standard phrase of a status, for problems and the status line.
pub fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Unknown",
    }
}
