//! Which names this server answers to. A page of a foreign site can point its own
//! name at this machine; the name in Host gives it away.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Splits `name`, `name:port` or `[v6]:port`. None if it is not one of them.
fn name_of(host: &str) -> Option<&str> {
    let (name, rest) = if host.starts_with('[') {
        host.split_at(host.find(']')? + 1)
    } else {
        host.split_at(host.find(':').unwrap_or(host.len()))
    };
    match rest.strip_prefix(':') {
        None if rest.is_empty() => Some(name),
        Some(port) if port.parse::<u16>().is_ok() && !port.starts_with('+') => Some(name),
        _ => None,
    }
}

fn as_v6(name: &str) -> Option<Ipv6Addr> {
    name.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// Whether the value of a Host header is a name or an address, with or without a
/// port, made of the characters that such a name can have.
pub(super) fn is_well_formed(host: &str) -> bool {
    let Some(name) = name_of(host) else { return false };
    if name.starts_with('[') {
        return as_v6(name).is_some();
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !name.is_empty() && name.len() <= 255 && name.bytes().all(fits)
}

/// Whether a well-formed Host is an IP address, localhost or one of the names.
pub(super) fn is_ours(host: &str, allowed: &[String]) -> bool {
    let Some(name) = name_of(host) else { return false };
    if name.starts_with('[') || name.parse::<Ipv4Addr>().is_ok() {
        return true;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || allowed.iter().any(|own| own.trim_end_matches('.').eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_localhost_and_listed_names_are_ours() {
        let allowed = vec!["Hotel-PC.lan".to_string()];
        for host in ["127.0.0.1", "192.168.1.5:8080", "[::1]:8080", "[fe80::1]", "LocalHost:1"] {
            assert!(is_well_formed(host) && is_ours(host, &allowed), "{host}");
        }
        assert!(is_ours("hotel-pc.LAN:8080", &allowed));
        assert!(is_ours("hotel-pc.lan.", &allowed));
        for host in ["evil.example", "hotel-pc.lan.evil.example", "1.2.3.4.example", "lan"] {
            assert!(is_well_formed(host) && !is_ours(host, &allowed), "{host}");
        }
    }

    #[test]
    fn malformed_hosts_are_refused() {
        for host in [
            "",
            ":80",
            "a b",
            "a/b",
            "user@host",
            "a:b",
            "a:+80",
            "a:80:80",
            "a:99999",
            "[::1",
            "[zz]",
            "[::1]x",
            "a,b",
            "a?",
            "a#",
            "a:",
        ] {
            assert!(!is_well_formed(host), "{host}");
        }
    }
}
