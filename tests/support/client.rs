//! A small blocking HTTP client: one connection, kept between requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use super::Answer;

/// Long enough for the slowest machine; no test waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Client {
    stream: BufReader<TcpStream>,
    headers: String,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        Client { stream: BufReader::new(stream), headers: String::new() }
    }

    /// Signs every further request.
    pub fn signed(mut self, token: &str) -> Client {
        self.headers = format!("Authorization: Bearer {token}\r\n");
        self
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.write("GET", target, "");
        self.answer(HasBody::Yes)
    }

    pub fn head(&mut self, target: &str) -> Answer {
        self.write("HEAD", target, "");
        self.answer(HasBody::No)
    }

    pub fn post(&mut self, target: &str, body: &Value) -> Answer {
        self.post_text(target, &body.to_string())
    }

    pub fn put(&mut self, target: &str, body: &Value) -> Answer {
        self.write("PUT", target, &body.to_string());
        self.answer(HasBody::Yes)
    }

    pub fn post_text(&mut self, target: &str, body: &str) -> Answer {
        self.write("POST", target, body);
        self.answer(HasBody::Yes)
    }

    /// Writes a request; empty bodies are not announced for GET and HEAD.
    pub fn write(&mut self, method: &str, target: &str, body: &str) {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{}", self.headers);
        if !matches!(method, "GET" | "HEAD") {
            head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        self.raw(&format!("{head}\r\n{body}"));
    }

    pub fn raw(&mut self, text: &str) {
        self.stream.get_mut().write_all(text.as_bytes()).expect("the request is taken");
    }

    pub fn answer(&mut self, has_body: HasBody) -> Answer {
        let status_line = self.line();
        let status = status_line.split(' ').nth(1).and_then(|s| s.parse().ok());
        let mut answer = Answer { status: status.expect("a status"), headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            answer.headers.push((name.to_owned(), value.to_owned()));
        }
        let length = answer.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        if has_body == HasBody::Yes {
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body).expect("the whole body");
        }
        answer
    }

    /// The next line of the stream, without its end; empty at the end of the stream.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a line in time");
        line.trim_end_matches(['\r', '\n']).to_owned()
    }

    /// Whether the other side has closed the connection, once it has nothing more to say.
    pub fn is_at_end(&mut self) -> bool {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).is_ok()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HasBody {
    Yes,
    No,
}
