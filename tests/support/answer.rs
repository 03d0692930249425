//! An answer, however it came, and what tests ask of it.

use std::io::Read;

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a text body")
    }

    /// The body, whatever the status.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} is not JSON: {:?}", self.status, self.text()))
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The last word of the type of a problem that must have this status.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        let body = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{body}");
        assert_eq!((body["status"].as_u64(), body["title"].is_string()), (Some(status.into()), true), "{body}");
        assert!(body["detail"].as_str().is_some_and(|detail| detail.ends_with(['.', '!', '?'])), "no sentence: {body}");
        let kind = body["type"].as_str().expect("a type");
        kind.rsplit(':').next().expect("a word").to_owned()
    }

    /// The fields that a 422 complains of.
    #[track_caller]
    pub fn bad_fields(&self) -> Vec<String> {
        assert_eq!(self.problem(422), "invalid-field");
        let body = self.json();
        let errors = body["errors"].as_array().expect("errors");
        errors.iter().map(|error| error["field"].as_str().expect("a field").to_owned()).collect()
    }

    /// The body, decompressed.
    pub fn unzipped(&self) -> Vec<u8> {
        assert_eq!(self.header("content-encoding"), Some("gzip"));
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(self.body.as_slice()).read_to_end(&mut plain).expect("gzip");
        plain
    }
}
