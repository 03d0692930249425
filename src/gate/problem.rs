//! What the gate refuses and how it says so: one reason, one status, one plain
//! sentence, as an RFC 9457 problem. It must not decide when to refuse.

use crate::domain::wording::{Language, Text, text};

/// Why a request was refused or a connection cut. The names are the counters'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    MalformedHead,
    BadTarget,
    BadHost,
    ForeignHost,
    PlainHttp,
    FarAddress,
    HeadTimeout,
    BodyTimeout,
    LengthRequired,
    BadLength,
    BodyTooLarge,
    TargetTooLong,
    Expectation,
    HeadTooLarge,
    TransferEncoding,
    Version,
    InnerFailed,
    InnerTimeout,
    QueueFull,
    QueueTimeout,
    RequestBudget,
    StreamLimit,
    ConnectionLimit,
    AddressLimit,
    SlowReader,
    StalledReader,
    StreamBehind,
    IdleEvicted,
    SlowEvicted,
    ResponseBudget,
}

impl Reason {
    /// All reasons, in the order of their counters.
    pub(super) const ALL: [Reason; 30] = [
        Reason::MalformedHead,
        Reason::BadTarget,
        Reason::BadHost,
        Reason::ForeignHost,
        Reason::PlainHttp,
        Reason::FarAddress,
        Reason::HeadTimeout,
        Reason::BodyTimeout,
        Reason::LengthRequired,
        Reason::BadLength,
        Reason::BodyTooLarge,
        Reason::TargetTooLong,
        Reason::Expectation,
        Reason::HeadTooLarge,
        Reason::TransferEncoding,
        Reason::Version,
        Reason::InnerFailed,
        Reason::InnerTimeout,
        Reason::QueueFull,
        Reason::QueueTimeout,
        Reason::RequestBudget,
        Reason::StreamLimit,
        Reason::ConnectionLimit,
        Reason::AddressLimit,
        Reason::SlowReader,
        Reason::StalledReader,
        Reason::StreamBehind,
        Reason::IdleEvicted,
        Reason::SlowEvicted,
        Reason::ResponseBudget,
    ];

    /// The name of its counter.
    pub(super) fn name(self) -> &'static str {
        match self {
            Reason::MalformedHead => "malformed_head",
            Reason::BadTarget => "bad_target",
            Reason::BadHost => "bad_host",
            Reason::ForeignHost => "foreign_host",
            Reason::PlainHttp => "plain_http",
            Reason::FarAddress => "far_address",
            Reason::HeadTimeout => "head_timeout",
            Reason::BodyTimeout => "body_timeout",
            Reason::LengthRequired => "length_required",
            Reason::BadLength => "bad_length",
            Reason::BodyTooLarge => "body_too_large",
            Reason::TargetTooLong => "target_too_long",
            Reason::Expectation => "expectation",
            Reason::HeadTooLarge => "head_too_large",
            Reason::TransferEncoding => "transfer_encoding",
            Reason::Version => "version",
            Reason::InnerFailed => "inner_failed",
            Reason::InnerTimeout => "inner_timeout",
            Reason::QueueFull => "queue_full",
            Reason::QueueTimeout => "queue_timeout",
            Reason::RequestBudget => "request_budget",
            Reason::StreamLimit => "stream_limit",
            Reason::ConnectionLimit => "connection_limit",
            Reason::AddressLimit => "address_limit",
            Reason::SlowReader => "slow_reader",
            Reason::StalledReader => "stalled_reader",
            Reason::StreamBehind => "stream_behind",
            Reason::IdleEvicted => "idle_evicted",
            Reason::SlowEvicted => "slow_evicted",
            Reason::ResponseBudget => "response_budget",
        }
    }

    /// The status and the sentence for the client. The last six reasons cut a
    /// connection, as a rule without an answer.
    fn answer(self) -> (u16, Text) {
        match self {
            Reason::MalformedHead => (400, text!("The request could not be read as HTTP/1.1.")),
            Reason::BadTarget => (400, text!("The request target must be a path that starts with a slash.")),
            Reason::BadHost => (400, text!("The request must carry exactly one valid Host header.")),
            Reason::ForeignHost => (
                421,
                text!(
                    "This server does not answer to the name in the Host header; use its address or add the name to its allowed hosts."
                ),
            ),
            Reason::PlainHttp => (400, text!("Other machines reach this server through https:// only.")),
            Reason::FarAddress => (403, text!("This server answers to its own network only.")),
            Reason::HeadTimeout => (408, text!("The request head did not arrive in time.")),
            Reason::BodyTimeout => (408, text!("The request body did not arrive in time.")),
            Reason::LengthRequired => (411, text!("Send the length of the body in a Content-Length header.")),
            Reason::BadLength => (400, text!("Content-Length must be one number written in digits.")),
            Reason::BodyTooLarge => (413, text!("The request body is larger than this address accepts.")),
            Reason::TargetTooLong => (414, text!("The request target is too long.")),
            Reason::Expectation => (417, text!("The only expectation this server meets is 100-continue.")),
            Reason::HeadTooLarge => (431, text!("The request headers are too large.")),
            Reason::TransferEncoding => (501, text!("Transfer-Encoding is not accepted; send a Content-Length instead.")),
            Reason::Version => (505, text!("This server speaks HTTP/1.1 only.")),
            Reason::InnerFailed => (502, text!("The request was interrupted inside the server; try again.")),
            Reason::InnerTimeout => {
                (504, text!("The server took too long to answer; check whether the work was done before you repeat it."))
            }
            Reason::QueueFull | Reason::QueueTimeout => (503, text!("The server is busy; try again in a moment.")),
            Reason::RequestBudget => (503, text!("Too many uploads are under way; try again in a moment.")),
            Reason::StreamLimit => (503, text!("Too many event streams are open; close other windows and try again.")),
            Reason::ConnectionLimit => (503, text!("Too many connections are open; try again in a moment.")),
            Reason::AddressLimit => (503, text!("Too many connections are open from this address; close some and try again.")),
            Reason::SlowReader
            | Reason::StalledReader
            | Reason::StreamBehind
            | Reason::IdleEvicted
            | Reason::SlowEvicted
            | Reason::ResponseBudget => (503, text!("The connection made room for others; try again in a moment.")),
        }
    }

    /// The whole response. `closing` announces that the connection ends with it;
    /// a response to HEAD must not carry its body.
    pub(super) fn response(self, closing: bool, head_only: bool, language: Language) -> Vec<u8> {
        let (status, detail) = self.answer();
        let title = title(status);
        let detail = serde_json::Value::from(detail.in_language(language));
        let body = format!("{{\"type\":\"about:blank\",\"title\":\"{title}\",\"status\":{status},\"detail\":{detail}}}");
        let (length, tag) = (body.len(), language.tag());
        let retry = if status == 503 { "Retry-After: 1\r\n" } else { "" };
        let connection = if closing { "Connection: close\r\n" } else { "" };
        let body = if head_only { "" } else { body.as_str() };
        format!(
            "HTTP/1.1 {status} {title}\r\nContent-Type: application/problem+json\r\n\
             Content-Language: {tag}\r\nVary: Accept-Language\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n{retry}{connection}\r\n{body}"
        )
        .into_bytes()
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Error",
    }
}
