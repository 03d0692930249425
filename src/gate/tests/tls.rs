//! The second door: what TLS lets through it, and what it keeps out.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, ServerConfig, SignatureScheme, StreamOwned};

use super::super::{AtOnce, GateConfig, Street};
use super::inside::{House, house, small_config};

type Secure = BufReader<StreamOwned<ClientConnection, TcpStream>>;

/// Trusts the one certificate that the test made.
#[derive(Debug)]
struct Known(CertificateDer<'static>, Arc<CryptoProvider>);

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        assert_eq!(shown, &self.0);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.3 alone is spoken".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, shown, signed, &self.1.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.1.signature_verification_algorithms.supported_schemes()
    }
}

struct Lit {
    house: House,
    address: SocketAddr,
    client: Arc<ClientConfig>,
}

/// A house with a second door.
fn lit(config: GateConfig) -> Lit {
    let house = house(config);
    let made = rcgen::generate_simple_self_signed(vec!["innkeeper.local".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let tls = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let client = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Known(certificate, provider)))
        .with_no_client_auth();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    house.gate.open_street(listener, Street { tls: Arc::new(tls), names: vec!["innkeeper.local".to_owned()] }).unwrap();
    Lit { house, address, client: Arc::new(client) }
}

impl Lit {
    fn plain(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    fn secure(&self) -> Secure {
        let name = ServerName::try_from("innkeeper.local").unwrap();
        let connection = ClientConnection::new(self.client.clone(), name).unwrap();
        BufReader::new(StreamOwned::new(connection, self.plain()))
    }
}

fn head_of(stream: &mut impl BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).unwrap() > 0, "the connection ended within {head:?}");
    }
    head
}

fn answer(stream: &mut impl BufRead) -> (String, Vec<u8>) {
    let head = head_of(stream);
    let length = head
        .to_ascii_lowercase()
        .split("content-length: ")
        .nth(1)
        .map_or(0, |rest| rest.split('\r').next().unwrap().parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (head, body)
}

fn send(stream: &mut Secure, bytes: impl AsRef<[u8]>) {
    stream.get_mut().write_all(bytes.as_ref()).unwrap();
    stream.get_mut().flush().unwrap();
}

#[test]
fn requests_of_any_size_go_through_tls_and_are_known_as_secure() {
    let lit = lit(small_config());
    let mut guest = lit.secure();
    send(&mut guest, "GET /headers HTTP/1.1\r\nHost: innkeeper.local\r\nX-Gate-Scheme: no\r\n\r\n");
    let (head, body) = answer(&mut guest);
    let told = String::from_utf8(body).unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 ") && told.contains("X-Gate-Scheme: https\n") && !told.contains("no\n"),
        "{head}{told}"
    );
    let large: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let head = format!("POST /upload HTTP/1.1\r\nHost: innkeeper.local\r\nContent-Length: {}\r\n\r\n", large.len());
    send(&mut guest, head);
    send(&mut guest, &large);
    assert!(answer(&mut guest).1 == large);
    lit.house.until(|counters| counters.request_bytes_held == 0 && counters.response_bytes_held == 0);
}

#[test]
fn an_answer_waits_for_a_slow_reader_and_arrives_whole() {
    let lit = lit(small_config());
    let mut guests: Vec<Secure> = (0..8).map(|_| lit.secure()).collect();
    for guest in &mut guests {
        send(guest, "GET /big?4000000 HTTP/1.1\r\nHost: innkeeper.local\r\nConnection: close\r\n\r\n");
    }
    lit.house.until(|counters| counters.responses == 8);
    for guest in &mut guests {
        let (_, body) = answer(guest);
        assert!(body.len() == 4_000_000 && body.iter().all(|byte| *byte == b'x'));
        let mut rest = Vec::new();
        // The end is announced in TLS's own words: without them this is an error.
        assert_eq!(guest.read_to_end(&mut rest).unwrap(), 0);
    }
}

#[test]
fn a_handshake_that_does_not_go_on_is_closed_at_its_deadline() {
    let lit = lit(GateConfig { head_timeout: Duration::from_millis(80), ..small_config() });
    let mut silent = lit.plain();
    let mut begun = lit.plain();
    begun.write_all(&[0x16, 3, 1, 2, 0, 1, 0]).unwrap();
    let (mut rest, mut other) = (Vec::new(), Vec::new());
    let _ = (silent.read_to_end(&mut rest), begun.read_to_end(&mut other));
    assert!(rest.is_empty() && other.is_empty());
    lit.house.until(|counters| counters.open == 0);
}

#[test]
fn what_is_not_tls_gets_an_alert_or_a_plain_word() {
    let lit = lit(small_config());
    let mut garbage = lit.plain();
    garbage.write_all(&[0x16, 3, 1, 0, 8, 1, 0, 0, 4, 9, 9, 9, 9]).unwrap();
    let mut rest = Vec::new();
    let _ = garbage.read_to_end(&mut rest);
    assert_eq!(rest.first(), Some(&0x15), "an alert");
    for (request, expected) in [
        ("GET /a?b HTTP/1.1\r\nHost: innkeeper.local:8443\r\n\r\n", "Location: https://innkeeper.local:8443/a?b\r\n"),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "HTTP/1.1 421 "),
        ("POST / HTTP/1.1\r\nHost: innkeeper.local\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 400 "),
        ("\x01\x02", "HTTP/1.1 400 "),
    ] {
        let mut guest = lit.plain();
        guest.write_all(request.as_bytes()).unwrap();
        let mut told = String::new();
        let _ = guest.read_to_string(&mut told);
        assert!(told.contains(expected), "{request:?} {told:?}");
    }
    assert_eq!(lit.house.gate.counters().requests, 0);
}

#[test]
fn the_names_of_the_second_door_are_no_names_of_the_first() {
    let lit = lit(small_config());
    assert_eq!(lit.house.ask("GET /hello? HTTP/1.1\r\nHost: innkeeper.local\r\n\r\n").0, 421);
}

#[test]
fn closing_the_second_door_ends_its_connections_and_no_others() {
    let lit = lit(small_config());
    let mut home = lit.house.connect();
    assert_eq!(home.get("/hello?1").status, 200);
    let (mut idle, mut stream) = (lit.secure(), lit.secure());
    send(&mut idle, "GET /hello?2 HTTP/1.1\r\nHost: innkeeper.local\r\n\r\n");
    assert!(answer(&mut idle).0.starts_with("HTTP/1.1 200 "));
    send(&mut stream, "GET /stream?desk HTTP/1.1\r\nHost: innkeeper.local\r\n\r\n");
    assert!(head_of(&mut stream).starts_with("HTTP/1.1 200 "));
    lit.house.gate.close_street();
    assert!(TcpListener::bind(lit.address).is_ok(), "the port is free");
    let (mut rest, mut events) = (Vec::new(), String::new());
    let _ = (idle.read_to_end(&mut rest), stream.read_to_string(&mut events));
    assert!(rest.is_empty() && events.starts_with("event: hello"), "{events}");
    assert_eq!(home.get("/hello?3").status, 200);
}

#[test]
fn what_is_answered_at_once_goes_through_tls_as_well_and_is_told_so() {
    let at_once: AtOnce = Arc::new(|asked, out| {
        let body = format!("{} {} secure={}", asked.method, asked.target, asked.is_secure);
        out.extend_from_slice(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        asked.target == "/now" || {
            out.clear();
            false
        }
    });
    let lit = lit(GateConfig { at_once, ..small_config() });
    let mut guest = lit.secure();
    for _ in 0..3 {
        send(
            &mut guest,
            "GET /now HTTP/1.1\r\nHost: innkeeper.local\r\n\r\nGET /hello?1 HTTP/1.1\r\nHost: innkeeper.local\r\n\r\n",
        );
        assert_eq!(answer(&mut guest).1, b"GET /now secure=true");
        assert!(answer(&mut guest).0.starts_with("HTTP/1.1 200 "));
    }
    let mut stranger = lit.secure();
    send(&mut stranger, "GET /now HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert!(answer(&mut stranger).0.starts_with("HTTP/1.1 421 "));
    let mut plain = lit.plain();
    plain.write_all(b"GET /now HTTP/1.1\r\nHost: innkeeper.local\r\n\r\n").unwrap();
    assert!(head_of(&mut BufReader::new(plain)).starts_with("HTTP/1.1 307 "));
    assert_eq!(lit.house.gate.counters().at_once, 3);
}
