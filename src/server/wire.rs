//! Between tiny_http and the hotel: heads and bodies in, whole answers out.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::domain::wording::{Language, text};
use crate::gate::Asked;
use crate::http::problem;
use crate::http::record::Line;
use crate::http::request::{Method, Request};
use crate::http::respond::respond_at_once;
use crate::http::response::{Response, reason};
use crate::http::state::App;

/// A buffer that grew beyond this for a large answer is not kept.
const KEPT_BUFFER: usize = 256 * 1024;

/// Fields between the gate and here; the hotel never sees them.
fn is_gate_field(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("x-gate-"))
}

/// The first header of that name.
pub(super) fn header<'a>(wire: &'a tiny_http::Request, name: &'static str) -> Option<&'a str> {
    wire.headers().iter().find(|h| h.field.equiv(name)).map(|h| h.value.as_str())
}

/// The head as the hotel reads it; `None` without the address that the gate adds.
pub(super) fn head(wire: &tiny_http::Request, trusted_proxies: &[IpAddr]) -> Option<Request> {
    let client: SocketAddr = header(wire, "X-Gate-Client")?.parse().ok()?;
    let fields = wire.headers().iter().map(|h| (h.field.as_str().as_str(), h.value.as_str()));
    let own = fields.filter(|(name, _)| !is_gate_field(name));
    Some(request(wire.method().as_str(), wire.url(), client, own, trusted_proxies))
}

fn request<'a>(
    method: &str,
    target: &str,
    client: SocketAddr,
    fields: impl Iterator<Item = (&'a str, &'a str)>,
    trusted_proxies: &[IpAddr],
) -> Request {
    let mut request = Request::new(Method::parse(method), target);
    request.address = client.ip().to_canonical().to_string();
    request.headers = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    request.see_through(trusted_proxies);
    request
}

/// Answers what is ready in memory, on the gate's own thread.
pub(super) fn at_once(app: &App, asked: &Asked, out: &mut Vec<u8>, write: impl FnOnce(Line)) -> bool {
    let request = request(asked.method, asked.target, asked.client, asked.fields(), &app.options.trusted_proxies);
    let Some(response) = respond_at_once(app, &request, asked.room, write) else { return false };
    let is_secure = asked.is_secure || request.header("X-Forwarded-Proto") == Some("https");
    out.clear();
    write_answer(&response, request.method == Method::Head, is_secure, out);
    true
}

/// The whole body, or the refusal of one larger than `limit`.
pub(super) fn body(wire: &mut tiny_http::Request, limit: usize, language: Language) -> Result<Vec<u8>, Response> {
    let length = wire.body_length().unwrap_or(0);
    if length > limit {
        let detail = text!("The body is larger than the {limit} bytes that this address takes.", limit);
        return Err(problem::plain(413, "body-too-large", &detail, language));
    }
    let mut body = Vec::with_capacity(length);
    if length > 0 && wire.as_reader().take(limit as u64).read_to_end(&mut body).is_err() {
        return Err(problem::plain(400, "bad-request", &text!("The body ended before its announced length."), language));
    }
    Ok(body)
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static DATE: RefCell<(u64, String)> = const { RefCell::new((0, String::new())) };
}

/// Writes an answer as one piece.
pub(super) fn send(wire: tiny_http::Request, response: &Response) {
    let is_head = wire.method() == &tiny_http::Method::Head;
    // Somebody who says so without being a proxy keeps a cookie that the browser sends nowhere.
    let is_secure = ["X-Gate-Scheme", "X-Forwarded-Proto"].iter().any(|name| header(&wire, name) == Some("https"));
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        write_answer(response, is_head, is_secure, buffer);
        let mut writer = wire.into_writer();
        if let Err(error) = writer.write_all(buffer).and_then(|()| writer.flush()) {
            // The gate has given the connection up: its client went away, or it stops.
            log::debug!("an answer was not taken: {error}");
        }
        if buffer.capacity() > KEPT_BUFFER {
            *buffer = Vec::new();
        }
    });
}

/// A cookie that was set through TLS never comes back in the clear.
fn write_answer(response: &Response, is_head: bool, is_secure: bool, out: &mut Vec<u8>) {
    let body = response.payload.bytes();
    out.reserve(1024 + body.len());
    // Writing to memory cannot fail.
    let _ = write!(out, "HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    for (name, value) in &response.headers {
        // HEAD has the headers of GET, but opens no stream.
        if !(is_head && is_gate_field(name)) {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend(value.bytes().filter(|byte| !byte.is_ascii_control()));
            if is_secure && name.eq_ignore_ascii_case("set-cookie") {
                out.extend_from_slice(b"; Secure");
            }
            out.extend_from_slice(b"\r\n");
        }
    }
    DATE.with_borrow_mut(|date| {
        refresh(date);
        out.extend_from_slice(date.1.as_bytes());
    });
    let has_length = !matches!(response.status, 204 | 304);
    if has_length {
        let _ = write!(out, "Content-Length: {}\r\n", body.len());
    }
    out.extend_from_slice(b"\r\n");
    if has_length && !is_head {
        out.extend_from_slice(body);
    }
}

/// The `Date` line, made anew each second.
fn refresh(date: &mut (u64, String)) {
    let second = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since: Duration| since.as_secs());
    if date.0 == second && !date.1.is_empty() {
        return;
    }
    let text = i64::try_from(second)
        .ok()
        .and_then(|second| Timestamp::from_second(second).ok())
        .and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok());
    *date = (second, text.map(|text| format!("Date: {text}\r\n")).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::response::Payload;

    fn written(response: &Response, is_head: bool) -> String {
        let mut out = Vec::new();
        write_answer(response, is_head, false, &mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn an_answer_has_its_length_and_a_head_has_no_body() {
        let response = Response::new(200).header("X-Gate-Stream", "1").with("text/plain", Payload::Static(b"hello"));
        let whole = written(&response, false);
        assert!(whole.starts_with("HTTP/1.1 200 OK\r\nX-Gate-Stream: 1\r\nContent-Type: text/plain\r\nDate: "), "{whole}");
        assert!(whole.ends_with(" GMT\r\nContent-Length: 5\r\n\r\nhello"), "{whole}");
        let head = written(&response, true);
        assert!(head.ends_with("Content-Length: 5\r\n\r\n") && !head.contains("X-Gate"), "{head}");
        assert!(!written(&Response::new(304), false).contains("Content-Length"));
    }

    #[test]
    fn a_cookie_that_was_set_through_tls_never_comes_back_in_the_clear() {
        let response = Response::new(204).header("Set-Cookie", "a=b; HttpOnly");
        let mut out = Vec::new();
        write_answer(&response, false, true, &mut out);
        assert!(String::from_utf8_lossy(&out).contains("Set-Cookie: a=b; HttpOnly; Secure\r\n"));
        assert!(written(&response, false).contains("Set-Cookie: a=b; HttpOnly\r\n"));
    }

    #[test]
    fn a_header_cannot_begin_another_one() {
        let response = Response::new(200).header("Allow", "GET\r\nSet-Cookie: a=b\n");
        assert!(written(&response, false).contains("\r\nAllow: GETSet-Cookie: a=b\r\n"));
    }
}
