//! What the head parser takes, what it refuses, and what the inside gets.

use std::net::SocketAddr;

use super::super::head::{self, no_fields};
use super::super::problem::Reason;
use super::super::reply::{self, Ending};

const CLIENT: &str = "192.0.2.1:4000";

/// Everything up to the rebuilt request, as the gate does it.
fn rebuilt(input: &[u8]) -> Result<(String, Option<u64>), Reason> {
    let end = head::find_end(input, 0)?.ok_or(Reason::HeadTimeout)?;
    let mut fields = no_fields();
    let head = head::parse(&input[..end], &mut fields)?;
    let mut out = Vec::new();
    let client: SocketAddr = CLIENT.parse().expect("an address");
    head.rebuild(client, false, Some("s3cret"), &mut out);
    Ok((String::from_utf8(out).expect("heads are ASCII"), head.body_length))
}

fn with_line(line: &str) -> Vec<u8> {
    format!("GET / HTTP/1.1\r\nHost: localhost\r\n{line}\r\n\r\n").into_bytes()
}

fn refusal(input: impl AsRef<[u8]>) -> Reason {
    rebuilt(input.as_ref()).expect_err("it is refused")
}

#[test]
fn a_head_is_rebuilt_with_the_fields_of_the_gate_and_no_others_of_that_name() {
    let input = "POST /api/rooms?x=1 HTTP/1.1\r\nAccept: */*\r\nhost: localhost:8080\r\n\
                 X-Gate-Client: 1.1.1.1:1\r\nx-gate-secret: guessed\r\nX-GATE-Stream: 1\r\n\
                 Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\
                 TE: trailers\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nTrailer: x\r\n\
                 Cookie: a=b; c\r\nContent-Length: 007\r\nExpect: 100-Continue\r\n\r\n";
    let (request, body_length) = rebuilt(input.as_bytes()).expect("it is accepted");
    assert_eq!(body_length, Some(7));
    assert_eq!(
        request,
        "POST /api/rooms?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\
         Cookie: a=b; c\r\nContent-Length: 7\r\nX-Gate-Client: 192.0.2.1:4000\r\n\
         X-Gate-Secret: s3cret\r\n\r\n"
    );
}

#[test]
fn fields_nominated_by_connection_stay() {
    let (request, _) = rebuilt(&with_line("Origin: http://evil\r\nConnection: Origin")).expect("ok");
    assert!(request.contains("\r\nOrigin: http://evil\r\n"));
    assert!(!request.contains("Connection"));
}

#[test]
fn lengths_that_two_readers_could_read_differently_are_refused() {
    for value in ["+3", "-3", "3, 3", "3 3", "0x3", "", " ", "3;", "3.0", "\u{9}+3"] {
        let input = with_line(&format!("Content-Length: {value}"));
        assert_eq!(refusal(input), Reason::BadLength, "{value:?}");
    }
    assert_eq!(refusal(with_line("Content-Length: 3\r\nContent-Length: 3")), Reason::BadLength);
    assert_eq!(refusal(with_line("Content-Length: 3\r\ncontent-length: 4")), Reason::BadLength);
    assert_eq!(refusal(with_line("Content-Length: 99999999999999999999")), Reason::BodyTooLarge);
}

#[test]
fn any_transfer_encoding_is_refused() {
    for line in [
        "Transfer-Encoding: chunked",
        "transfer-encoding: identity",
        "Transfer-Encoding:",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: \u{9}chunked",
    ] {
        assert_eq!(refusal(with_line(line)), Reason::TransferEncoding, "{line:?}");
    }
    let obscured = "Transfer-Encoding : chunked";
    assert_eq!(refusal(with_line(obscured)), Reason::MalformedHead);
}

#[test]
fn bytes_that_parsers_disagree_about_are_refused() {
    let long_name = format!("{}: 1", "a".repeat(20));
    assert!(rebuilt(&with_line(&long_name)).is_ok());
    for line in [
        "A: b\r\n c",
        "A: b\r\n\tc",
        " A: b",
        "A : b",
        "A\t: b",
        ": b",
        "A",
        "A: b\0",
        "A: b\u{1}",
        "A: \u{7f}",
        "A: é",
        "A: b\rc",
        "A: b\r\r\nC: d",
        "A(b): c",
        "A b: c",
        "A: b\r",
    ] {
        assert_eq!(refusal(with_line(line)), Reason::MalformedHead, "{line:?}");
    }
    assert_eq!(refusal("GET / HTTP/1.1\nHost: a\n\n"), Reason::MalformedHead);
    assert_eq!(refusal("GET / HTTP/1.1\r\nHost: a\n"), Reason::MalformedHead);
    assert_eq!(refusal("\u{16}\u{3}\u{1}"), Reason::MalformedHead);
}

#[test]
fn request_lines_that_are_not_for_an_origin_server_are_refused() {
    let line = |line: &str| format!("{line}\r\nHost: localhost\r\n\r\n");
    for (text, reason) in [
        ("GET http://localhost/ HTTP/1.1", Reason::BadTarget),
        ("CONNECT localhost:80 HTTP/1.1", Reason::BadTarget),
        ("CONNECT / HTTP/1.1", Reason::BadTarget),
        ("GET * HTTP/1.1", Reason::BadTarget),
        ("GET /a#b HTTP/1.1", Reason::BadTarget),
        ("GET a HTTP/1.1", Reason::BadTarget),
        ("GET / HTTP/2.0", Reason::Version),
        ("PRI * HTTP/2.0", Reason::Version),
        ("GET / HTTP/0.9", Reason::Version),
        ("GET / HTTP/1.2", Reason::Version),
        ("GET / HTTP/11", Reason::MalformedHead),
        ("GET / http/1.1", Reason::MalformedHead),
        ("GET /", Reason::MalformedHead),
        ("GET  / HTTP/1.1", Reason::MalformedHead),
        ("GET /  HTTP/1.1", Reason::MalformedHead),
        ("GET / x HTTP/1.1", Reason::MalformedHead),
        ("GET /\u{e9} HTTP/1.1", Reason::MalformedHead),
        ("G@T / HTTP/1.1", Reason::MalformedHead),
        ("AVERYVERYLONGMETHODINDEEDX / HTTP/1.1", Reason::MalformedHead),
    ] {
        assert_eq!(refusal(line(text)), reason, "{text:?}");
    }
    let long = format!("GET /{} HTTP/1.1", "a".repeat(8192));
    assert_eq!(refusal(line(&long)), Reason::TargetTooLong);
    let fits = format!("GET /{} HTTP/1.1", "a".repeat(8191));
    assert!(rebuilt(line(&fits).as_bytes()).is_ok());
    assert!(rebuilt(line("OPTIONS * HTTP/1.1").as_bytes()).is_ok());
}

#[test]
fn exactly_one_well_formed_host_is_needed() {
    assert_eq!(refusal("GET / HTTP/1.1\r\n\r\n"), Reason::BadHost);
    assert_eq!(refusal(with_line("Host: localhost")), Reason::BadHost);
    assert_eq!(refusal("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), Reason::BadHost);
    let (request, _) = rebuilt(b"GET / HTTP/1.0\r\n\r\n").expect("1.0 needs none");
    assert!(request.starts_with("GET / HTTP/1.1\r\nHost: localhost\r\n"));
}

#[test]
fn bodies_need_a_length_and_expectations_are_limited() {
    assert_eq!(refusal("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n"), Reason::LengthRequired);
    assert_eq!(refusal(with_line("Expect: gold")), Reason::Expectation);
    let many = "A: b\r\n".repeat(head::MAX_HEADERS) + "A: b";
    assert_eq!(refusal(with_line(&many)), Reason::HeadTooLarge);
}

#[test]
fn a_connection_ends_where_the_client_says_so() {
    let closes = |input: &[u8]| {
        let mut fields = no_fields();
        head::parse(input, &mut fields).expect("it is accepted").close
    };
    assert!(!closes(&with_line("A: b")));
    assert!(!closes(&with_line("Connection: keep-alive")));
    assert!(closes(&with_line("Connection: close")));
    assert!(closes(&with_line("Connection: keep-alive, CLOSE")));
    assert!(closes(&with_line("Connection: keep-alive\r\nConnection: close")));
    assert!(closes(b"GET / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"));
}

#[test]
fn the_end_of_a_head_is_found_wherever_the_reads_break() {
    let input = with_line("A: b");
    for cut in 0..input.len() {
        assert_eq!(head::find_end(&input[..cut], 0), Ok(None));
        assert_eq!(head::find_end(&input, cut), Ok(Some(input.len())));
        assert_eq!(reply::find_end(&input, cut.saturating_sub(3)), Some(input.len()));
    }
}

#[test]
fn a_reply_is_rewritten_for_what_becomes_of_its_client() {
    let input = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\
                  X-Gate-Stream: 1\r\nX-Gate-Stream-Key: k1\r\nX-Gate-Stream-Owner: 7\r\nConnection: keep-alive\r\nVary: a\r\n\r\n";
    let mut fields = no_fields();
    let reply = reply::parse(input, &mut fields, false).expect("it is accepted");
    assert_eq!((reply.body_length, reply.stream_key, reply.stream_owner), (4, Some("k1"), Some("7")));
    assert!(reply.is_stream && !reply.is_plain);
    let text = |ending| String::from_utf8(reply.rewrite(ending)).expect("text");
    assert_eq!(
        text(Ending::Stream),
        "HTTP/1.1 200 OK\r\nVary: a\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(text(Ending::Keep), "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nVary: a\r\n\r\n");
}

#[test]
fn replies_without_one_clear_length_are_refused() {
    let parses = |lines: &str, head_only| {
        let input = format!("HTTP/1.1 {lines}\r\n\r\n");
        let mut fields = no_fields();
        reply::parse(input.as_bytes(), &mut fields, head_only).map(|reply| reply.body_length)
    };
    assert_eq!(parses("200 OK\r\nContent-Length: 5", false), Ok(5));
    assert_eq!(parses("200 OK\r\nContent-Length: 5", true), Ok(0));
    assert_eq!(parses("204 No Content", false), Ok(0));
    assert_eq!(parses("304 Not Modified\r\nContent-Length: 5", false), Ok(0));
    for lines in [
        "200 OK",
        "200 OK\r\nTransfer-Encoding: chunked",
        "200 OK\r\nContent-Length: 5\r\nContent-Length: 5",
        "200 OK\r\nContent-Length: +5",
        "200 OK\r\nContent-Length:",
        "100 Continue\r\nContent-Length: 0",
        "101 Switching Protocols\r\nContent-Length: 0",
    ] {
        assert!(parses(lines, false).is_err(), "{lines:?}");
    }
}
