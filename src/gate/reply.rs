//! Reads the head of a response from inside and, where the client must see
//! something else, writes it anew. Pure functions over bytes.

use httparse::{Header, Response, Status};

use super::head::{Fields, is_gate_field, write_field};

/// The longest response head from inside in bytes.
pub(super) const REPLY_HEAD_LIMIT: usize = 32 * 1024;

/// The head of a response from inside, with a body of known length.
#[derive(Debug)]
pub(super) struct ReplyHead<'fields, 'bytes> {
    pub(super) status: u16,
    /// Bytes that follow the head.
    pub(super) body_length: u64,
    /// Whether the client becomes an event stream.
    pub(super) is_stream: bool,
    pub(super) stream_key: Option<&'bytes str>,
    pub(super) stream_owner: Option<&'bytes str>,
    /// Whether the head may reach a client that stays connected as it is.
    pub(super) is_plain: bool,
    reason: &'bytes str,
    fields: &'fields [Header<'bytes>],
}

/// What becomes of the client's connection, as the rewritten head tells it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Keep,
    Close,
    Stream,
}

/// The length of the head, if all of it is there.
pub(super) fn find_end(input: &[u8], scanned: usize) -> Option<usize> {
    let mut from = scanned;
    while let Some(found) = input[from..].iter().position(|byte| *byte == b'\n') {
        let line_feed = from + found;
        if line_feed >= 3 && input[line_feed - 3..=line_feed] == *b"\r\n\r\n" {
            return Some(line_feed + 1);
        }
        from = line_feed + 1;
    }
    None
}

/// Reads a whole head. The error says what the inside did wrong, for the log.
pub(super) fn parse<'fields, 'bytes>(
    bytes: &'bytes [u8],
    fields: &'fields mut Fields<'bytes>,
    head_only: bool,
) -> Result<ReplyHead<'fields, 'bytes>, &'static str> {
    let mut response = Response::new(fields);
    match response.parse(bytes) {
        Ok(Status::Complete(length)) if length == bytes.len() => {}
        _ => return Err("a head that is not HTTP"),
    }
    let status = response.code.ok_or("no status")?;
    if !(200..=599).contains(&status) {
        return Err("a status outside 200 to 599");
    }
    let mut head = ReplyHead {
        status,
        body_length: 0,
        is_stream: false,
        stream_key: None,
        stream_owner: None,
        is_plain: response.version == Some(1),
        reason: response.reason.unwrap_or_default(),
        fields: response.headers,
    };
    let mut announced = None;
    for field in head.fields {
        let value = std::str::from_utf8(field.value).map_err(|_| "a header that is not text")?;
        match meaning(field.name) {
            Meaning::Length if announced.is_some() => return Err("two lengths"),
            Meaning::Length => announced = Some(length(value)?),
            Meaning::Encoding => return Err("a Transfer-Encoding"),
            Meaning::Stream => head.is_stream = value == "1",
            Meaning::StreamKey => head.stream_key = Some(value),
            Meaning::StreamOwner => head.stream_owner = Some(value),
            Meaning::Withheld | Meaning::Type | Meaning::Other => {}
        }
        head.is_plain &= matches!(meaning(field.name), Meaning::Length | Meaning::Type | Meaning::Other);
    }
    head.body_length = match (status, announced) {
        (204 | 304, _) => 0,
        (_, Some(_)) if head_only => 0,
        (_, Some(length)) => length,
        (_, None) if head_only => 0,
        (_, None) => return Err("no length"),
    };
    Ok(head)
}

fn length(value: &str) -> Result<u64, &'static str> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("a length that is not a number");
    }
    value.parse().map_err(|_| "a length that is not a number")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Length,
    Encoding,
    Type,
    Stream,
    StreamKey,
    StreamOwner,
    /// Concerns the inner connection only.
    Withheld,
    Other,
}

fn meaning(name: &str) -> Meaning {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    match name.len() {
        7 if is("upgrade") || is("trailer") => Meaning::Withheld,
        10 if is("connection") || is("keep-alive") => Meaning::Withheld,
        12 if is("content-type") => Meaning::Type,
        13 if is("x-gate-stream") => Meaning::Stream,
        14 if is("content-length") => Meaning::Length,
        17 if is("transfer-encoding") => Meaning::Encoding,
        17 if is("x-gate-stream-key") => Meaning::StreamKey,
        19 if is("x-gate-stream-owner") => Meaning::StreamOwner,
        _ if is_gate_field(name) => Meaning::Withheld,
        _ => Meaning::Other,
    }
}

impl ReplyHead<'_, '_> {
    /// Writes the head that the client gets. An event stream has no length and
    /// ends with its connection.
    pub(super) fn rewrite(&self, ending: Ending) -> Vec<u8> {
        let streaming = ending == Ending::Stream;
        let mut out = Vec::with_capacity(512);
        out.extend_from_slice(format!("HTTP/1.1 {} {}\r\n", self.status, self.reason).as_bytes());
        for field in self.fields {
            match meaning(field.name) {
                Meaning::Length | Meaning::Type if streaming => {}
                Meaning::Length | Meaning::Type | Meaning::Other => {
                    write_field(field.name, field.value, &mut out);
                }
                Meaning::Stream | Meaning::StreamKey | Meaning::StreamOwner => {}
                Meaning::Encoding | Meaning::Withheld => {}
            }
        }
        if streaming {
            write_field("Content-Type", b"text/event-stream", &mut out);
        }
        if ending != Ending::Keep {
            write_field("Connection", b"close", &mut out);
        }
        out.extend_from_slice(b"\r\n");
        out
    }
}
