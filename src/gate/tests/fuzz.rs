//! Heads that nobody would write, by the thousand; in a release build by the
//! million. None may panic, and whatever is accepted must be one request with one
//! meaning: to the gate, to another parser, and to the server inside.

use proptest::prelude::*;

use super::super::head::{self, no_fields};
use super::super::reply;

const CLIENT: &str = "192.0.2.1:4000";

const CASES: u32 = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };

/// Bodies of this length are sent to the inside; longer ones only announced.
#[cfg(unix)]
const SENT_BODY: u64 = 2000;

fn values(headers: &[httparse::Header<'_>], name: &str) -> Vec<Vec<u8>> {
    let named = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    named.map(|header| header.value.to_vec()).collect()
}

/// What must hold for any input: no panic, and whatever is accepted is rebuilt to
/// exactly one request that reads back the same.
fn check(input: &[u8]) {
    let Ok(Some(end)) = head::find_end(input, 0) else { return };
    let mut fields = no_fields();
    let Ok(head) = head::parse(&input[..end], &mut fields) else { return };
    let mut out = Vec::new();
    head.rebuild(CLIENT.parse().expect("an address"), false, Some("s3cret"), &mut out);
    let mut room = no_fields();
    let mut again = httparse::Request::new(&mut room);
    let parsed = again.parse(&out).expect("the rebuilt request can be read");
    assert_eq!(parsed, httparse::Status::Complete(out.len()), "exactly one request");
    assert_eq!((again.method, again.path), (Some(head.method), Some(head.target)));
    assert_eq!(again.version, Some(1));
    let mut original_room = no_fields();
    let mut original = httparse::Request::new(&mut original_room);
    original.parse(&input[..end]).expect("the accepted request can be read");
    for name in ["Transfer-Encoding", "Connection", "Upgrade", "TE", "Expect"] {
        assert!(values(again.headers, name).is_empty(), "{name} goes no further");
    }
    assert_eq!(values(again.headers, "X-Gate-Client"), [CLIENT.as_bytes()]);
    assert_eq!(values(again.headers, "X-Gate-Secret"), [b"s3cret"]);
    assert_eq!(values(again.headers, "Host").len(), 1);
    let lengths = values(again.headers, "Content-Length");
    let announced: Vec<_> = head.body_length.iter().map(|length| length.to_string().into_bytes()).collect();
    assert_eq!(lengths, announced);
    for name in ["Cookie", "Origin", "Accept", "X-A"] {
        assert_eq!(values(again.headers, name), values(original.headers, name), "{name}");
    }
    #[cfg(unix)]
    if head.body_length.unwrap_or(0) <= SENT_BODY {
        inside::reads_the_same(&out, again.method, again.path, again.headers, head.body_length);
    }
}

/// The real server inside, asked over one connection for as long as that holds.
#[cfg(unix)]
mod inside {
    use std::cell::RefCell;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    /// What a body would say that wants to be a request.
    const HIDDEN: &[u8] = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n0\r\n\r\n";

    thread_local! {
        static CONNECTION: RefCell<Option<BufReader<UnixStream>>> = const { RefCell::new(None) };
    }

    fn connect() -> BufReader<UnixStream> {
        let path = super::super::inside::socket_path();
        let server = tiny_http::Server::http_unix(&path).expect("a server");
        std::thread::spawn(move || {
            while let Ok(request) = server.recv() {
                tell(request);
            }
        });
        let stream = UnixStream::connect(&path).expect("a connection");
        let _ = std::fs::remove_file(path);
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        BufReader::new(stream)
    }

    fn line(text: &mut Vec<u8>, parts: &[&[u8]]) {
        parts.iter().for_each(|part| text.extend_from_slice(part));
        text.push(b'\n');
    }

    /// Answers with what it was asked.
    fn tell(mut request: tiny_http::Request) {
        let mut text = Vec::new();
        line(&mut text, &[request.method().as_str().as_bytes(), b" ", request.url().as_bytes()]);
        for header in request.headers() {
            line(&mut text, &[header.field.as_str().as_bytes(), b": ", header.value.as_bytes()]);
        }
        request.as_reader().read_to_end(&mut text).expect("a body");
        let mut answer = format!("{}\n", text.len()).into_bytes();
        answer.extend_from_slice(&text);
        let mut writer = request.into_writer();
        writer.write_all(&answer).and_then(|()| writer.flush()).expect("taken");
    }

    pub fn reads_the_same(
        bytes: &[u8],
        method: Option<&str>,
        path: Option<&str>,
        headers: &[httparse::Header<'_>],
        body_length: Option<u64>,
    ) {
        let mut stream = CONNECTION.take().unwrap_or_else(connect);
        let length = usize::try_from(body_length.unwrap_or(0)).expect("a length");
        let body: Vec<u8> = HIDDEN.iter().copied().cycle().take(length).collect();
        stream.get_mut().write_all(&[bytes, &body].concat()).expect("the inside takes it");
        let mut expected = Vec::new();
        line(&mut expected, &[method.unwrap_or("").as_bytes(), b" ", path.unwrap_or("").as_bytes()]);
        for header in headers {
            line(&mut expected, &[header.name.as_bytes(), b": ", header.value.trim_ascii()]);
        }
        expected.extend_from_slice(&body);
        let mut told_length = String::new();
        stream.read_line(&mut told_length).expect("an answer");
        let mut told = vec![0; told_length.trim_end().parse().unwrap_or_else(|_| panic!("it says {told_length:?}"))];
        stream.read_exact(&mut told).expect("an answer");
        assert_eq!(String::from_utf8_lossy(&told), String::from_utf8_lossy(&expected));
        assert!(stream.buffer().is_empty(), "one answer to one request");
        CONNECTION.set(Some(stream));
    }
}

fn a_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "(Cookie|Origin|Accept|X-A|Host|Connection|Expect|Upgrade|TE): ?[ -~]{0,20}",
        "[Cc]ontent-[Ll]ength: ?[0-9+, ]{0,6}",
        "(Transfer-Encoding|X-Gate-Client|X-Gate-Secret|X-Gate-Stream): ?[a-z0-9]{0,8}",
        "[!-~]{1,10}[: \t]{0,3}[ -~\t]{0,10}",
    ]
}

fn a_head() -> impl Strategy<Value = Vec<u8>> {
    let line = "(GET|POST|HEAD|PUT|OPTIONS|CONNECT|BREW) (/|\\*|http://a/|)[a-z0-9?&=%/]{0,12} HTTP/(1.1|1.1|1.1|1.0|2.0)";
    let length = prop_oneof![Just(String::new()), "Content-Length: [0-9]{1,3}\r\n"];
    (line, length, prop::collection::vec(a_line(), 0..8)).prop_map(|(line, length, fields)| {
        let mut head = format!("{line}\r\nHost: localhost\r\n{length}");
        fields.iter().for_each(|field| head += &format!("{field}\r\n"));
        (head + "\r\n").into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(input in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&input);
        let mut fields = no_fields();
        let _ = head::parse(&input, &mut fields);
        let mut fields = no_fields();
        let _ = reply::parse(&input, &mut fields, false);
    }

    #[test]
    fn whatever_is_accepted_is_rebuilt_to_exactly_one_request(input in a_head()) {
        check(&input);
    }

    #[test]
    fn a_mutated_head_is_refused_or_rebuilt_to_exactly_one_request(
        mut input in a_head(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![
            Just(b'\r'), Just(b'\n'), Just(b' '), Just(b':'), Just(0), Just(b'\t'), any::<u8>()
        ], 0..3u8), 1..4),
    ) {
        for (at, byte, kind) in changes {
            let at = at.index(input.len());
            match kind {
                0 => input[at] = byte,
                1 => input.insert(at, byte),
                _ => { input.remove(at); }
            }
        }
        check(&input);
    }
}
