//! Where the machine is in its network, and how a phone gets there.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use qrcodegen::{QrCode, QrCodeEcc};
use socket2::{Domain, Socket, Type};

use super::LanError;

/// Connections that may wait for the gate; it raises this itself.
const BACKLOG: i32 = 128;

/// One address of the second door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub url: String,
    /// The network card that has it; empty for a name.
    pub card: String,
}

/// Takes the port, everywhere or where the command line says.
pub(super) fn listen(fixed: Option<SocketAddr>, port: u16) -> Result<TcpListener, LanError> {
    let bound = match fixed {
        Some(address) => TcpListener::bind(address),
        None => listen_everywhere(port),
    };
    let port = fixed.map_or(port, |address| address.port());
    bound.map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => LanError::PortTaken(port),
        ErrorKind::PermissionDenied => LanError::PortForbidden(port),
        _ => LanError::Listen { address: fixed.map_or(format!("port {port}"), |address| address.to_string()), source },
    })
}

/// One socket for both kinds of addresses; IPv4 alone where the system has no other.
fn listen_everywhere(port: u16) -> io::Result<TcpListener> {
    let both = || -> io::Result<TcpListener> {
        let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
        socket.set_only_v6(false)?;
        // On Windows this would let another program take the port as well.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
        socket.listen(BACKLOG)?;
        Ok(socket.into())
    };
    match both() {
        Err(error) if !matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {
            log::debug!("no socket for IPv6: {error}");
            TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))
        }
        other => other,
    }
}

/// The addresses at which others find the door, the ones for people first.
pub(super) fn places(bound: SocketAddr, name: Option<&str>) -> Vec<Place> {
    let url = |host: String| format!("https://{host}:{}/", bound.port());
    let mut places: Vec<Place> = name.map(|name| Place { url: url(name.to_owned()), card: String::new() }).into_iter().collect();
    let is_served = |ip: IpAddr| ip.is_ipv4() || bound.is_ipv6();
    let found = if bound.ip().is_unspecified() {
        private().into_iter().filter(|(ip, _)| is_served(*ip)).collect()
    } else {
        vec![(bound.ip(), String::new())]
    };
    places.extend(found.into_iter().map(|(ip, card)| Place {
        url: match ip {
            IpAddr::V4(v4) => url(v4.to_string()),
            IpAddr::V6(v6) => url(format!("[{v6}]")),
        },
        card,
    }));
    places
}

/// The machine's private addresses with their network cards, IPv4 first. A
/// link-local IPv6 address needs a zone, which no browser takes.
pub(super) fn private() -> Vec<(IpAddr, String)> {
    let cards = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        log::warn!("the machine's addresses cannot be read: {error}");
        Vec::new()
    });
    let is_private = |ip: IpAddr| match ip {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local(),
    };
    let mut found: Vec<(IpAddr, String)> =
        cards.into_iter().map(|card| (card.ip(), card.name)).filter(|(ip, _)| is_private(*ip)).collect();
    found.sort();
    found.dedup();
    found
}

/// What the machine calls itself, without its domain; `innkeeper` where it says nothing.
pub(super) fn machine_name() -> String {
    let fits = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let told = || std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME")).ok();
    let name = std::fs::read_to_string("/etc/hostname").ok().or_else(told).unwrap_or_default();
    let name = name.trim().split('.').next().unwrap_or("").to_ascii_lowercase();
    if fits(&name) { name } else { "innkeeper".to_owned() }
}

/// The side of a QR code in modules with its quiet zone, and its dark modules as the
/// path of an SVG picture.
pub fn qr_path(text: &str) -> Option<(i32, String)> {
    const QUIET: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let length = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if length > 0 {
                path.push_str(&format!("M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET));
            }
            x += length.max(1);
        }
    }
    Some((code.size() + 2 * QUIET, path))
}
