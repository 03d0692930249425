//! Requests that mean two things, or nothing.

use super::raw::{Dice, Raw, count_answers, get};
use super::siege::{Siege, under_attack};
use super::target::Target;
use super::{alone, size};

/// What a connection says when it is sent this and nothing more.
fn told(target: &Target, request: impl AsRef<[u8]>) -> String {
    let mut raw = Raw::connect(target.address);
    raw.send(request);
    raw.rest()
}

#[test]
fn lengths_that_nobody_has_memory_for() {
    let lengths =
        ["200000000000", "10000000000000000000", "18446744073709551615", "99999999999999999999999", "-1", "0x10", "+3", "3 ", ""];
    let target = under_attack("invented lengths", 1, |siege, _| {
        siege.in_place();
        for _ in siege.rounds(1) {
            for length in lengths {
                let answer = told(
                    siege.target,
                    format!(
                        "POST /api/guests HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\nabc"
                    ),
                );
                assert!(count_answers(&answer) == 1 && !answer.starts_with("HTTP/1.1 2"), "{length}: {answer}");
            }
        }
    });
    assert!(target.refused("body_too_large") > 0 && target.refused("bad_length") > 0);
}

#[test]
fn versions_that_this_server_does_not_speak() {
    let target = under_attack("other versions", 2, |siege, _| {
        siege.in_place();
        for _ in siege.rounds(1) {
            for line in ["GET / HTTP/2.0", "PRI * HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/3.0", "GET /", "GET / HTTP/1.1.1", "*"]
            {
                let answer = told(siege.target, format!("{line}\r\nHost: localhost\r\n\r\nSM\r\n\r\n"));
                assert!(count_answers(&answer) == 1 && !answer.starts_with("HTTP/1.1 2"), "{line}: {answer}");
            }
        }
    });
    assert!(target.refused("version") > 0);
}

/// Heads of which one reader would take a body where another sees a request.
const PAIRS: &[&str] = &[
    "Content-Length: 6\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 6",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding:\tchunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
    "transfer-encoding: CHUNKED",
    "X: y\r\n Transfer-Encoding: chunked",
    "X: y\nTransfer-Encoding: chunked",
    "X: y\rTransfer-Encoding: chunked",
    "Content-Length: 6\r\nContent-Length: 0",
    "Content-Length: 0\r\nContent-Length: 0",
    "Content-Length: 6, 6",
    "Content-Length: +6",
    "Content-Length: 6\u{b}",
    "Content-Length : 6",
    " Content-Length: 6",
    "Content-Length:\r\n 6",
    "Content-Length: 6;0",
    "Content-Length: 0x6",
    "Content-Length: six",
    "Host: other",
    "Content-Length: 6\u{0}",
];

#[test]
fn requests_hidden_in_requests() {
    let _alone = alone();
    let mut target = Target::start(&[]);
    let before = target.figure("gate_requests_total");
    for pair in PAIRS {
        for body in ["0\r\n\r\n", "1\r\nZ\r\nQ\r\n\r\n"] {
            let hidden = format!("{body}{}", get("/api/health"));
            let answer = told(&target, format!("POST /api/guests HTTP/1.1\r\nHost: localhost\r\n{pair}\r\n\r\n{hidden}"));
            assert_eq!(count_answers(&answer), 1, "{pair:?}: {answer}");
            assert!(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 501"), "{pair:?}: {answer}");
        }
    }
    assert_eq!(target.figure("gate_requests_total") - before, 1, "nothing but this question got in");
    target.verdict();
}

#[test]
fn line_breaks_that_would_be_headers() {
    let _alone = alone();
    let mut target = Target::start(&[]);
    for target_of in [
        "/api/rooms%0d%0aSet-Cookie:%20a=b",
        "/x%0d%0aSet-Cookie:%20a=b",
        "/api/guests?sort=%0d%0aSet-Cookie:%20a=b",
        "/assets/%0d%0aSet-Cookie:%20a=b/x",
    ] {
        let answer = told(&target, get(target_of).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        let head = answer.split("\r\n\r\n").next().unwrap_or("");
        assert!(count_answers(&answer) == 1 && !head.contains("Set-Cookie"), "{target_of}: {answer}");
    }
    target.verdict();
}

/// A request in which a few things are as they should not be.
fn malformed(dice: &mut Dice) -> Vec<u8> {
    let line = format!(
        "{} {} {}\r\n",
        dice.pick(&["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "\u{1}", "G ET", ""]),
        dice.pick(&["/api/health", "/", "*", "http://x/", "/%ff%00", "/api/rooms?page=\u{e9}", "//", "/../..", "a", ""]),
        dice.pick(&["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1", ""]),
    );
    let mut bytes = line.into_bytes();
    bytes.extend_from_slice(b"Host: localhost\r\n");
    for _ in 0..dice.roll(5) {
        let fields =
            ["Content-Length: 3", "Content-Length: 0", "Transfer-Encoding: chunked", "Expect: 100-continue", "Connection: close"];
        let others =
            ["Upgrade: h2c", "X-Gate-Client: 1.2.3.4:5", "Cookie: \u{7f}", ": x", "X", "Host: b", "Range: bytes=0-", "X: \t"];
        let field = if dice.roll(2) == 0 { dice.pick(&fields) } else { dice.pick(&others) };
        bytes.extend_from_slice(format!("{field}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\nabc");
    for _ in 0..dice.roll(4) {
        let at = dice.roll(bytes.len());
        match dice.roll(3) {
            0 => bytes[at] = u8::try_from(dice.roll(256)).expect("a byte"),
            1 => bytes.insert(at, dice.pick(&[b"\r", b"\n", b"\0", b" ", b":", b"\t"])[0]),
            _ => drop(bytes.remove(at)),
        }
    }
    bytes
}

#[test]
fn nonsense_of_every_kind() {
    let crews = 4;
    let each = size(300, 20_000);
    let target = under_attack("malformed requests", crews, |siege: &Siege, crew| {
        siege.in_place();
        let mut dice = Dice(u64::try_from(crew).expect("a number"));
        for _ in 0..each {
            let request = malformed(&mut dice);
            let mut raw = Raw::connect(siege.address);
            raw.send(&request);
            // No more will come, so that what waits for more ends as well.
            let _ = raw.0.shutdown(std::net::Shutdown::Write);
            let answer = raw.rest();
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 "), "{:?}: {answer}", String::from_utf8_lossy(&request));
            raw.reset();
        }
    });
    assert!(target.refused("malformed_head") > 0);
    assert_eq!(target.figure("inner_connections_lost_total"), 0, "the inside reads all that the gate lets in");
}
