//! The second door: handshakes that do not end, and handshakes that only cost.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use serde_json::json;

use super::raw::Raw;
use super::siege::besiege;
use super::target::Target;
use super::{alone, size};
use crate::support::client::HasBody;

/// A hotel that is open to other machines, and where it is for them.
fn open_target() -> (Target, SocketAddr) {
    let target = Target::start(&["--lan-listen", "127.0.0.1:0"]);
    let mut owner = target.signed();
    owner.write("PATCH", "/api/network", &json!({"is_open": true}).to_string());
    let network = owner.answer(HasBody::Yes).expect(200);
    let url = network["places"][0]["url"].as_str().expect("an address");
    let street = url.trim_start_matches("https://").trim_end_matches('/').parse().expect("an address with a port");
    (target, street)
}

/// What a browser says first.
fn hello() -> Vec<u8> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the usual versions")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let name = ServerName::try_from("innkeeper.local").expect("a name");
    let mut connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut said = Vec::new();
    connection.write_tls(&mut said).expect("memory");
    said
}

#[test]
fn handshakes_that_never_end() {
    let count = size(200, 1000);
    let hello = hello();
    let (first, rest) = hello.split_at(hello.len() / 2);
    let _alone = alone();
    let (mut target, street) = open_target();
    besiege("slow handshakes", &mut target, 1, |siege, _| {
        let begin = || {
            let mut raw = Raw::connect(street);
            raw.send(first);
            (raw, 0)
        };
        let mut slow: Vec<(Raw, usize)> = (0..count).map(|_| begin()).collect();
        siege.in_place();
        let mut turn = 0;
        while siege.next_beat() {
            for _ in 0..8 {
                turn = (turn + 1) % count;
                let (raw, sent) = &mut slow[turn];
                // Never the last byte.
                if *sent + 2 < rest.len() && raw.push(&rest[*sent..=*sent]) {
                    *sent += 1;
                } else {
                    slow[turn] = begin();
                }
            }
        }
    });
    assert!(target.figure("connections_accepted_total") as usize > count);
}

#[test]
fn handshakes_that_are_left_once_they_have_cost_something() {
    let hello = hello();
    let _alone = alone();
    let (mut target, street) = open_target();
    let before = target.figure("connections_accepted_total");
    besiege("abandoned handshakes", &mut target, 2, |siege, _| {
        siege.in_place();
        for _ in siege.rounds(100) {
            let Ok(mut raw) = Raw::try_connect(street) else { continue };
            raw.send(&hello);
            let mut answer = [0; 64];
            // The server has agreed on a key and signed it by then.
            let _ = std::io::Read::read(&mut raw.0, &mut answer);
            raw.reset();
        }
    });
    assert!(target.figure("connections_accepted_total") > before + 100);
}
