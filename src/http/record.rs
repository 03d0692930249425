//! What is written down of a request: one log line, and an entry when it was slow.
//!
//! Neither holds personal data. Of the path only what the route table knows is
//! written, and the numbers of things that exist; of the person only the id.

use std::borrow::Cow;
use std::time::Duration;

use super::endpoint::Endpoint;
use super::metrics::micros;
use super::request::Request;
use crate::domain::date::Instant;
use crate::domain::id::UserId;
use crate::watch::SlowRequest;

/// What is written into the log of a request; by itself, so that who must not wait for the log can have it written.
pub struct Line {
    level: log::Level,
    method: &'static str,
    path: String,
    status: u16,
    took: Duration,
    is_slow: bool,
    is_hit: bool,
    user: Option<UserId>,
    id: String,
}

impl Line {
    pub fn write(self) {
        let Line { level, method, path, status, took, is_slow, is_hit, user, id } = self;
        let ms = took.as_secs_f64() * 1000.0;
        let user = user.map_or("-".to_owned(), |id| id.to_string());
        log::log!(
            target: "innkeeper::request", level,
            method, path = path.as_str(), status, micros = micros(took), slow = is_slow, kept = is_hit,
            user = user.as_str(), request = id.as_str();
            "{method} {path} {status} {ms:.1} ms{}{} user={user} {id}",
            if is_slow { " slow" } else { "" },
            if is_hit { " kept" } else { "" },
        );
    }
}

/// A request that was answered.
pub(super) struct Record<'a> {
    pub request: &'a Request,
    pub endpoint: Option<&'a Endpoint>,
    pub user: Option<UserId>,
    pub status: u16,
    pub took: Duration,
    pub id: &'a str,
}

impl Record<'_> {
    /// The entry of a slow request.
    #[cold]
    pub fn as_slow(&self, at: Instant) -> SlowRequest {
        SlowRequest {
            at,
            route: self.endpoint.map_or("other", |e| e.name),
            method: self.request.method.as_str(),
            pattern: self.endpoint.map_or("", |e| e.pattern),
            status: self.status,
            micros: micros(self.took),
            request_id: self.id.to_owned(),
        }
    }

    /// One line a request, where one is written: no query (names may stand in it), no body, no token.
    pub fn line(&self, is_slow: bool, is_hit: bool) -> Option<Line> {
        let level = if is_slow { log::Level::Warn } else { log::Level::Info };
        (level <= log::max_level()).then(|| Line {
            level,
            method: self.request.method.as_str(),
            path: self.path().into_owned(),
            status: self.status,
            took: self.took,
            is_slow,
            is_hit,
            user: self.user,
            id: self.id.to_owned(),
        })
    }

    /// The path as it may be written down.
    fn path(&self) -> Cow<'_, str> {
        let (path, is_good) = (self.request.path.as_str(), self.status < 400 || self.status == 409);
        let Some(endpoint) = self.endpoint else {
            return match (is_good, path.starts_with("/assets/")) {
                (true, true) => path.into(),
                (true, false) => "(page)".into(),
                (false, _) => "(no route)".into(),
            };
        };
        if !endpoint.pattern.contains('{') {
            return endpoint.pattern.into();
        }
        // A number in a path that leads nowhere may be anything: a telephone's, say.
        let known = |asked: &str| is_good && asked.bytes().all(|b| b.is_ascii_digit());
        let segments = endpoint.pattern.split('/').zip(path.split('/'));
        let shown: Vec<&str> =
            segments.map(|(own, asked)| if own.starts_with('{') && known(asked) { asked } else { own }).collect();
        shown.join("/").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hotel::Memory;
    use crate::http::request::Method;
    use crate::http::router::Router;
    use crate::routes;

    fn path(target: &str, status: u16) -> String {
        let router = Router::new(routes::endpoints(&Memory::default()));
        let request = Request::new(Method::Get, target);
        let endpoint = match router.find(request.method, &request.path) {
            crate::http::router::Found::Endpoint { endpoint, .. } => Some(endpoint),
            _ => None,
        };
        Record { request: &request, endpoint, user: None, status, took: Duration::ZERO, id: "r1" }.path().into_owned()
    }

    #[test]
    fn paths_are_written_as_far_as_they_lead_somewhere() {
        for (target, status, written) in [
            ("/api/guests?q=Ana", 200, "/api/guests"),
            ("/api/guests/12/reservations", 200, "/api/guests/12/reservations"),
            ("/api/guests/12", 409, "/api/guests/12"),
            ("/api/guests/351912345678", 404, "/api/guests/{id}"),
            ("/api/guests/ana@example.com", 422, "/api/guests/{id}"),
            ("/api/ana", 404, "(no route)"),
            ("/guests/Ana", 200, "(page)"),
            ("/assets/0/Ana.js", 404, "(no route)"),
            ("/assets/0/main.js", 200, "/assets/0/main.js"),
        ] {
            assert_eq!(path(target, status), written, "{target}");
        }
    }
}
