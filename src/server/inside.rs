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
const SOCKET: &str = "inside";

/// What the names of the private folders begin with; 32 digits follow.
#[cfg(unix)]
const PREFIX: &str = "innkeeper-";

#[cfg(unix)]
struct Place {
    folder: std::path::PathBuf,
}

/// Removes the places of processes that were killed: nobody listens there any more.
#[cfg(unix)]
fn sweep(parent: &std::path::Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let digits = name.to_str().and_then(|name| name.strip_prefix(PREFIX)).unwrap_or("");
        if digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()) && is_dead(&entry.path()) {
            drop(Place { folder: entry.path() });
        }
    }
}

/// Whether a place is older than any start takes, and its socket refuses.
#[cfg(unix)]
fn is_dead(folder: &std::path::Path) -> bool {
    const ANY_START: std::time::Duration = std::time::Duration::from_secs(60);
    let changed = std::fs::symlink_metadata(folder).ok().filter(std::fs::Metadata::is_dir).and_then(|m| m.modified().ok());
    let is_old = changed.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > ANY_START);
    let refusal = || std::os::unix::net::UnixStream::connect(folder.join(SOCKET)).err();
    is_old && refusal().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

#[cfg(unix)]
impl Place {
    fn socket(&self) -> std::path::PathBuf {
        self.folder.join(SOCKET)
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
        sweep(&parent);
        let folder = parent.join(format!("{PREFIX}{}", random_name()?));
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn only_old_places_where_nobody_listens_are_swept_away() {
        let parent = tempfile::tempdir().expect("a folder");
        let place = |name: &str| {
            let folder = parent.path().join(name);
            std::fs::create_dir(&folder).expect("a place");
            let listener = std::os::unix::net::UnixListener::bind(folder.join(SOCKET)).expect("a socket");
            (folder, listener)
        };
        let digits = |digit: &str| format!("{PREFIX}{}", digit.repeat(32));
        let (living, _kept) = place(&digits("a"));
        let (dead, young, other) = (place(&digits("b")).0, place(&digits("c")).0, place("innkeeper-demo-1").0);
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        for old in [&living, &dead, &other] {
            std::fs::File::open(old).and_then(|folder| folder.set_modified(long_ago)).expect("an older folder");
        }
        sweep(parent.path());
        assert_eq!([living, dead, young, other].map(|folder| folder.exists()), [true, false, true, true]);
    }
}
