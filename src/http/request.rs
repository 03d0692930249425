//! A whole request, read and bounded before anything looks at it.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use crate::domain::wording::Language;

/// The methods that have a meaning here; anything else is answered with 405.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Other,
}

impl Method {
    pub fn parse(text: &str) -> Method {
        match text {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => Method::Other,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Other => "OTHER",
        }
    }

    /// Changes nothing on the server.
    pub fn is_safe(self) -> bool {
        matches!(self, Method::Get | Method::Head)
    }
}

/// A request: head and body, with the address of the device that sent it.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    /// The path, percent-decoded.
    pub path: String,
    /// The raw query, without the question mark.
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Of the device that asks; of a proxy that nobody trusts, its own.
    pub address: String,
}

/// What proxies add. Whoever sends one of these is not known to sit at this machine.
const FORWARDED: &[&str] = &["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

impl Request {
    /// A request from a method, a target such as `/api/rooms?page=2`, and nothing else.
    pub fn new(method: Method, target: &str) -> Request {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Request {
            method,
            path: percent_decode(path, Plus::IsPlus).into_owned(),
            query: query.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            address: "127.0.0.1".to_owned(),
        }
    }

    /// Came through a proxy.
    pub fn is_forwarded(&self) -> bool {
        self.headers.iter().any(|(name, _)| FORWARDED.iter().any(|known| name.eq_ignore_ascii_case(known)))
    }

    /// Made by somebody at the hotel's own machine, with nothing between.
    pub fn is_from_this_machine(&self) -> bool {
        let address = self.address.parse::<IpAddr>();
        address.is_ok_and(|ip| ip.to_canonical().is_loopback()) && !self.is_forwarded()
    }

    /// Puts the address of whoever asked a trusted proxy in the proxy's place: the last that
    /// no trusted one has. What stands before it the client may have written itself.
    pub fn see_through(&mut self, trusted: &[IpAddr]) {
        let is_trusted = |ip: &IpAddr| trusted.iter().any(|known| known.to_canonical() == ip.to_canonical());
        if !self.address.parse::<IpAddr>().is_ok_and(|ip| is_trusted(&ip)) {
            return;
        }
        let all = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-forwarded-for"));
        let hops: Vec<&str> = all.flat_map(|(_, value)| value.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            // Some write a port as well.
            let Ok(ip) = hop.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|at| at.ip())) else { return };
            if !is_trusted(&ip) {
                self.address = ip.to_canonical().to_string();
                return;
            }
        }
    }

    /// The first header of that name, in any case of letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The language that is answered in.
    pub fn language(&self) -> Language {
        let accepted = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("accept-language"));
        Language::accepted(accepted.map(|(_, value)| value.as_str()))
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case("cookie"))
            .flat_map(|(_, v)| v.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v)
    }

    /// Whether the client takes gzip.
    pub fn accepts_gzip(&self) -> bool {
        self.header("accept-encoding").is_some_and(|value| {
            value.split(',').any(|part| {
                let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
                let refused = matches!(weight.trim().strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000"));
                matches!(coding.trim(), "gzip" | "*") && !refused
            })
        })
    }

    /// The query's pairs, decoded, in their order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        self.query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (percent_decode(name, Plus::IsSpace).into_owned(), percent_decode(value, Plus::IsSpace).into_owned())
            })
            .collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Plus {
    IsPlus,
    IsSpace,
}

/// Undoes percent encoding; bytes that are not UTF-8 become the replacement character.
fn percent_decode(text: &str, plus: Plus) -> Cow<'_, str> {
    if !text.bytes().any(|b| b == b'%' || b == b'+') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let escape =
            (bytes[i] == b'%').then(|| text.get(i + 1..i + 3)).flatten().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (escape, bytes[i]) {
            (Some(byte), _) => {
                out.push(byte);
                i += 2;
            }
            (None, b'+') if plus == Plus::IsSpace => out.push(b' '),
            (None, byte) => out.push(byte),
        }
        i += 1;
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let request = Request::new(Method::Get, "/api/guests?q=Zo%C3%AB+M&x=%zz&y");
        assert_eq!(request.query_pairs(), [("q", "Zoë M"), ("x", "%zz"), ("y", "")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn a_forwarded_request_is_never_of_this_machine_and_a_trusted_proxy_tells_whose_it_is() {
        let seen = |peer: &str, trusted: &[&str], headers: &[(&str, &str)]| {
            let mut request = Request::new(Method::Get, "/");
            request.address = peer.to_owned();
            request.headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            let trusted: Vec<IpAddr> = trusted.iter().map(|ip| ip.parse().expect("an address")).collect();
            request.see_through(&trusted);
            (request.address.clone(), request.is_from_this_machine())
        };
        let told = |address: &str, is_own| (address.to_owned(), is_own);
        assert_eq!(seen("127.0.0.1", &[], &[]), told("127.0.0.1", true));
        assert_eq!(seen("127.0.0.1", &["127.0.0.1"], &[]), told("127.0.0.1", true));
        for header in ["X-Forwarded-For", "Forwarded", "x-real-ip", "Via", "X-Forwarded-Proto"] {
            assert_eq!(seen("127.0.0.1", &[], &[(header, "192.0.2.7")]), told("127.0.0.1", false), "{header}");
        }
        let through = |value: &str| seen("127.0.0.1", &["127.0.0.1", "10.0.0.2"], &[("X-Forwarded-For", value)]);
        assert_eq!(through("192.0.2.7"), told("192.0.2.7", false));
        assert_eq!(
            through("203.0.113.9, 192.0.2.7, 10.0.0.2"),
            told("192.0.2.7", false),
            "what the client wrote counts for nothing"
        );
        assert_eq!(through("[2001:db8::1]:443"), told("2001:db8::1", false));
        assert_eq!(through("192.0.2.7:4711"), told("192.0.2.7", false));
        assert_eq!(through("127.0.0.1"), told("127.0.0.1", false));
        assert_eq!(through("192.0.2.7, unknown"), told("127.0.0.1", false));
        assert_eq!(seen("192.0.2.9", &["127.0.0.1"], &[("X-Forwarded-For", "127.0.0.1")]), told("192.0.2.9", false));
    }

    #[test]
    fn gzip_is_sent_only_to_those_who_take_it() {
        let mut request = Request::new(Method::Get, "/");
        assert!(!request.accepts_gzip());
        request.headers.push(("Accept-Encoding".into(), "br, gzip;q=0".into()));
        assert!(!request.accepts_gzip());
        request.headers[0].1 = "deflate, gzip;q=0.5".into();
        assert!(request.accepts_gzip());
    }

    #[test]
    fn cookies_are_found_by_name() {
        let mut request = Request::new(Method::Get, "/");
        request.headers.push(("Cookie".into(), "a=1; innkeeper_session=tok=en; b".into()));
        assert_eq!(request.cookie("innkeeper_session"), Some("tok=en"));
        assert_eq!(request.cookie("session"), None);
    }
}
