//! Reads one request head strictly and writes the rebuilt one. Pure functions over
//! bytes: whatever two parsers could read differently is refused here, so that the
//! inside only ever sees requests that have one meaning.

use std::io::Write;
use std::net::SocketAddr;

use httparse::{EMPTY_HEADER, Error, Header, Request, Status};

use super::host;
use super::problem::Reason;
use crate::domain::wording::Language;

/// The most header fields of one message.
pub(super) const MAX_HEADERS: usize = 100;

/// The longest request target in bytes.
const MAX_TARGET: usize = 8 * 1024;

/// The longest method; the registered ones end at 17 letters.
const MAX_METHOD: usize = 24;

/// Room for the parsed fields of one head.
pub(super) type Fields<'bytes> = [Header<'bytes>; MAX_HEADERS];

pub(super) fn no_fields<'bytes>() -> Fields<'bytes> {
    [EMPTY_HEADER; MAX_HEADERS]
}

/// A request head that has passed every check but those of its route and its host
/// name. It has exactly one meaning.
#[derive(Debug)]
pub(super) struct RequestHead<'fields, 'bytes> {
    pub(super) method: &'bytes str,
    pub(super) target: &'bytes str,
    pub(super) host: Option<&'bytes str>,
    /// The announced length of the body; none was announced if empty.
    pub(super) body_length: Option<u64>,
    /// Whether the connection ends after the response.
    pub(super) close: bool,
    pub(super) expects_continue: bool,
    fields: &'fields [Header<'bytes>],
}

/// A request without a body, for who may answer it at once.
pub struct Asked<'a> {
    pub method: &'a str,
    pub target: &'a str,
    /// Who asks.
    pub client: SocketAddr,
    /// Asked through TLS.
    pub is_secure: bool,
    /// Bytes of a body that may be held for this client.
    pub room: usize,
    host: Option<&'a str>,
    fields: &'a [Header<'a>],
}

impl<'a> Asked<'a> {
    /// One Host and the client's own fields in their order: those that the inside gets.
    pub fn fields(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = self.fields.iter().filter(|field| classify(field.name) == Field::Other);
        // The head was checked: all of its fields are text.
        let own = own.map(|field| (field.name, std::str::from_utf8(field.value).unwrap_or_default()));
        std::iter::once(("Host", self.host.unwrap_or(NO_HOST))).chain(own)
    }
}

/// Who names no host asks the machine that it is on.
const NO_HOST: &str = "localhost";

/// What a header field means to the gate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Host,
    ContentLength,
    TransferEncoding,
    Connection,
    Expect,
    /// Concerns this connection only, or may be set by the gate only.
    Withheld,
    Other,
}

fn classify(name: &str) -> Field {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    match name.len() {
        2 if is("te") => Field::Withheld,
        4 if is("host") => Field::Host,
        6 if is("expect") => Field::Expect,
        7 if is("trailer") || is("upgrade") => Field::Withheld,
        10 if is("connection") => Field::Connection,
        10 if is("keep-alive") => Field::Withheld,
        14 if is("content-length") => Field::ContentLength,
        14 if is("http2-settings") => Field::Withheld,
        16 if is("proxy-connection") => Field::Withheld,
        17 if is("transfer-encoding") => Field::TransferEncoding,
        _ if is_gate_field(name) => Field::Withheld,
        _ => Field::Other,
    }
}

/// Whether a field belongs to the talk between the gate and the inside.
pub(super) fn is_gate_field(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("x-gate-"))
}

/// Bytes of empty lines before the request line. Some clients send one after a
/// body; it is skipped as the standard asks.
pub(super) fn leading_blank(input: &[u8]) -> usize {
    input.chunks_exact(2).take_while(|pair| *pair == b"\r\n").count() * 2
}

/// The length of the head, if all of it is there. `scanned` bytes were looked at
/// before without finding its end. A line that ends without CR is refused at once
/// instead of waiting for an end that will never come.
pub(super) fn find_end(input: &[u8], scanned: usize) -> Result<Option<usize>, Reason> {
    if let Some(first) = input.first()
        && !first.is_ascii_alphabetic()
        && *first != b'\r'
    {
        return Err(Reason::MalformedHead);
    }
    let mut from = scanned;
    while let Some(found) = input[from..].iter().position(|byte| *byte == b'\n') {
        let line_feed = from + found;
        if line_feed == 0 || input[line_feed - 1] != b'\r' {
            return Err(Reason::MalformedHead);
        }
        if line_feed >= 2 && input[line_feed - 2] == b'\n' {
            return Ok(Some(line_feed + 1));
        }
        from = line_feed + 1;
    }
    Ok(None)
}

/// Reads a whole head, as measured by `find_end`.
pub(super) fn parse<'fields, 'bytes>(
    bytes: &'bytes [u8],
    fields: &'fields mut Fields<'bytes>,
) -> Result<RequestHead<'fields, 'bytes>, Reason> {
    if !has_plain_lines(bytes) {
        return Err(Reason::MalformedHead);
    }
    let mut request = Request::new(fields);
    match request.parse(bytes) {
        Ok(Status::Complete(length)) if length == bytes.len() => {}
        Ok(_) => return Err(Reason::MalformedHead),
        Err(Error::TooManyHeaders) => return Err(Reason::HeadTooLarge),
        Err(Error::Version) => return Err(version_problem(bytes)),
        Err(_) => return Err(Reason::MalformedHead),
    }
    let (Some(method), Some(target), Some(minor)) = (request.method, request.path, request.version) else {
        return Err(Reason::MalformedHead);
    };
    check_request_line(method, target)?;
    let mut head = RequestHead {
        method,
        target,
        host: None,
        body_length: None,
        close: minor == 0,
        expects_continue: false,
        fields: request.headers,
    };
    for field in head.fields {
        let value = std::str::from_utf8(field.value).map_err(|_| Reason::MalformedHead)?;
        note_field(&mut head, classify(field.name), value)?;
    }
    if head.host.is_none() && minor == 1 {
        return Err(Reason::BadHost);
    }
    if head.body_length.is_none() && matches!(method, "POST" | "PUT" | "PATCH") {
        return Err(Reason::LengthRequired);
    }
    Ok(head)
}

/// Visible ASCII, spaces and tabs in lines that end with CR LF: the bytes that all
/// readers of a head agree about.
fn has_plain_lines(bytes: &[u8]) -> bool {
    let mut previous = 0;
    for byte in bytes {
        let fits = match byte {
            b'\n' => previous == b'\r',
            b'\r' | b'\t' | 0x20..=0x7e => previous != b'\r',
            _ => false,
        };
        if !fits {
            return false;
        }
        previous = *byte;
    }
    previous == b'\n'
}

/// A line that names another version of HTTP gets the answer that says so;
/// anything else is not HTTP at all.
fn version_problem(bytes: &[u8]) -> Reason {
    let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let mut words = line.split(|byte| *byte == b' ');
    let version = words.nth(2).filter(|_| words.next().is_none());
    match version {
        Some([b'H', b'T', b'T', b'P', b'/', major, b'.', minor]) if major.is_ascii_digit() && minor.is_ascii_digit() => {
            Reason::Version
        }
        _ => Reason::MalformedHead,
    }
}

fn check_request_line(method: &str, target: &str) -> Result<(), Reason> {
    if method.len() > MAX_METHOD {
        return Err(Reason::MalformedHead);
    }
    if target.len() > MAX_TARGET {
        return Err(Reason::TargetTooLong);
    }
    let is_path = target.starts_with('/') || (target == "*" && method == "OPTIONS");
    let is_graphic = target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if !is_path || !is_graphic || method == "CONNECT" {
        return Err(Reason::BadTarget);
    }
    Ok(())
}

fn note_field<'bytes>(head: &mut RequestHead<'_, 'bytes>, field: Field, value: &'bytes str) -> Result<(), Reason> {
    match field {
        Field::Host => {
            if head.host.is_some() || !host::is_well_formed(value) {
                return Err(Reason::BadHost);
            }
            head.host = Some(value);
        }
        Field::ContentLength => {
            if head.body_length.is_some() {
                return Err(Reason::BadLength);
            }
            head.body_length = Some(length(value)?);
        }
        Field::TransferEncoding => return Err(Reason::TransferEncoding),
        Field::Connection => {
            let mut options = value.split(',').map(str::trim);
            head.close |= options.any(|option| option.eq_ignore_ascii_case("close"));
        }
        Field::Expect => {
            if !value.eq_ignore_ascii_case("100-continue") {
                return Err(Reason::Expectation);
            }
            head.expects_continue = true;
        }
        Field::Withheld | Field::Other => {}
    }
    Ok(())
}

/// One number in digits; what does not fit a machine is too large for any route.
fn length(value: &str) -> Result<u64, Reason> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Reason::BadLength);
    }
    value.parse().map_err(|_| Reason::BodyTooLarge)
}

impl RequestHead<'_, '_> {
    /// The target without its query.
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or(self.target)
    }

    /// The same for who may answer it at once; nothing that has a body, or ends its connection.
    pub(super) fn asked(&self, client: SocketAddr, is_secure: bool, room: usize) -> Option<Asked<'_>> {
        let (is_reading, has_body) = (matches!(self.method, "GET" | "HEAD"), self.body_length.is_some() || self.expects_continue);
        (is_reading && !has_body && !self.close).then_some(Asked {
            method: self.method,
            target: self.target,
            client,
            is_secure,
            room,
            host: self.host,
            fields: self.fields,
        })
    }

    /// What the reader understands.
    pub(super) fn language(&self) -> Language {
        let accepted = self.fields.iter().filter(|field| field.name.eq_ignore_ascii_case("accept-language"));
        Language::accepted(accepted.filter_map(|field| std::str::from_utf8(field.value).ok()))
    }

    /// Writes the request that the inside gets: one line, the client's own fields
    /// in their order, one Host, one length, and the fields that only the gate can
    /// set. The gate is a part of the server and not a proxy, so fields nominated
    /// by Connection are not removed: a client could hide its Origin that way.
    pub(super) fn rebuild(&self, client: SocketAddr, is_secure: bool, secret: Option<&str>, out: &mut Vec<u8>) {
        let line = [self.method, " ", self.target, " HTTP/1.1\r\nHost: "];
        line.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
        out.extend_from_slice(self.host.unwrap_or(NO_HOST).as_bytes());
        out.extend_from_slice(b"\r\n");
        for field in self.fields {
            if classify(field.name) == Field::Other {
                write_field(field.name, field.value, out);
            }
        }
        if let Some(length) = self.body_length {
            push_number("Content-Length: ", length, out);
        }
        // Writing to memory cannot fail.
        let _ = write!(out, "X-Gate-Client: {client}\r\n");
        if is_secure {
            write_field("X-Gate-Scheme", b"https", out);
        }
        if let Some(secret) = secret {
            write_field("X-Gate-Secret", secret.as_bytes(), out);
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// What the reader of a head understands that is refused.
pub(super) fn language(bytes: &[u8]) -> Language {
    let mut fields = no_fields();
    parse(bytes, &mut fields).map_or(Language::English, |head| head.language())
}

/// Where TLS answers what this head asks to read; empty when it is about to change
/// something, or names no host.
pub(super) fn secure_target(bytes: &[u8]) -> Option<String> {
    let mut fields = no_fields();
    let head = parse(bytes, &mut fields).ok()?;
    let host = head.host.filter(|_| matches!(head.method, "GET" | "HEAD"))?;
    Some(format!("https://{host}{}", head.target))
}

pub(super) fn write_field(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

fn push_number(label: &str, number: u64, out: &mut Vec<u8>) {
    // Writing to memory cannot fail.
    let _ = write!(out, "{label}{number}\r\n");
}
