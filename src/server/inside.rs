//! Where tiny_http listens: a place that only the gate of this process reaches.

use std::io;

use crate::gate::Inner;
use crate::http::idempotency::hex;

/// tiny_http and its place; the place goes with it.
pub(super) struct Inside {
    pub server: tiny_http::Server,
    place: Place,
}

fn random_name() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(hex(&bytes))
}

#[cfg(unix)]
struct Place {
    folder: std::path::PathBuf,
}

#[cfg(unix)]
impl Place {
    fn socket(&self) -> std::path::PathBuf {
        self.folder.join("inside")
    }
}

#[cfg(unix)]
impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            log::debug!("{} stays behind: {error}", self.folder.display());
        }
    }
}

#[cfg(unix)]
impl Inside {
    /// Listens on a socket that only this user may use, in a folder that only
    /// this user may enter.
    pub fn open() -> io::Result<Inside> {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        // A socket's path has room for about a hundred bytes.
        let usual = std::env::temp_dir();
        let parent = if usual.as_os_str().len() <= 50 { usual } else { "/tmp".into() };
        let folder = parent.join(format!("innkeeper-{}", random_name()?));
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        let place = Place { folder };
        let listener = std::os::unix::net::UnixListener::bind(place.socket())?;
        std::fs::set_permissions(place.socket(), std::fs::Permissions::from_mode(0o600))?;
        let server = tiny_http::Server::from_listener(listener, None).map_err(io::Error::other)?;
        Ok(Inside { server, place })
    }

    pub fn address(&self) -> Inner {
        Inner::Unix(self.place.socket())
    }

    /// Whether a request comes from the gate: nobody else can open the socket.
    pub fn is_from_gate(&self, _secret: Option<&str>) -> bool {
        true
    }
}

#[cfg(not(unix))]
struct Place {
    address: std::net::SocketAddr,
    secret: String,
}

#[cfg(not(unix))]
impl Inside {
    /// Listens on a port of this machine. Everybody on it could connect, so the
    /// gate proves itself with a secret in each request.
    pub fn open() -> io::Result<Inside> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        let place = Place { address: listener.local_addr()?, secret: random_name()? };
        let server = tiny_http::Server::from_listener(listener, None).map_err(io::Error::other)?;
        Ok(Inside { server, place })
    }

    pub fn address(&self) -> Inner {
        Inner::Loopback { address: self.place.address, secret: self.place.secret.clone() }
    }

    /// Compares without telling by its duration where the difference is.
    pub fn is_from_gate(&self, secret: Option<&str>) -> bool {
        let (known, given) = (self.place.secret.as_bytes(), secret.unwrap_or("").as_bytes());
        known.len() == given.len() && known.iter().zip(given).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
    }
}
