//! Where tiny_http listens: a place that only the gate of this process reaches.
//!
//! A Unix socket in a private folder, which nobody else can open; on systems
//! without it a port of this machine, where each request has to carry a secret.
//! Whoever may log in to such a machine can still connect to that port and make
//! the server behind it work; what it asks for it does not get.

use std::io;
#[cfg(any(not(unix), test))]
use std::net::SocketAddr;

#[cfg(any(not(unix), test))]
use subtle::ConstantTimeEq;

use crate::gate::Inner;
use crate::http::idempotency::hex;

/// tiny_http and its place; the place goes with it.
pub(super) struct Inside {
    pub server: tiny_http::Server,
    place: Place,
}

enum Place {
    #[cfg(unix)]
    Folder(Folder),
    #[cfg(any(not(unix), test))]
    Port { address: SocketAddr, secret: String },
}

impl Inside {
    /// Listens where this system keeps others out best.
    pub fn open() -> io::Result<Inside> {
        #[cfg(unix)]
        return Inside::in_folder();
        #[cfg(not(unix))]
        return Inside::on_port();
    }

    /// Listens on a socket that only this user may use, in a folder that only
    /// this user may enter.
    #[cfg(unix)]
    fn in_folder() -> io::Result<Inside> {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        // A socket's path has room for about a hundred bytes.
        let usual = std::env::temp_dir();
        let parent = if usual.as_os_str().len() <= 50 { usual } else { "/tmp".into() };
        sweep(&parent);
        let folder = parent.join(format!("{PREFIX}{}", random_name()?));
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        let folder = Folder(folder);
        let listener = std::os::unix::net::UnixListener::bind(folder.socket())?;
        std::fs::set_permissions(folder.socket(), std::fs::Permissions::from_mode(0o600))?;
        let server = tiny_http::Server::from_listener(listener, None).map_err(io::Error::other)?;
        Ok(Inside { server, place: Place::Folder(folder) })
    }

    /// Listens on a port of this machine. Everybody on it could connect, so the
    /// gate proves itself with a secret in each request.
    #[cfg(any(not(unix), test))]
    pub fn on_port() -> io::Result<Inside> {
        Inside::on_port_with(random_name()?)
    }

    #[cfg(any(not(unix), test))]
    fn on_port_with(secret: String) -> io::Result<Inside> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        let place = Place::Port { address: listener.local_addr()?, secret };
        let server = tiny_http::Server::from_listener(listener, None).map_err(io::Error::other)?;
        Ok(Inside { server, place })
    }

    /// Another one of the same kind. The gate has one secret for both.
    pub fn another(&self) -> io::Result<Inside> {
        match &self.place {
            #[cfg(unix)]
            Place::Folder(_) => Inside::in_folder(),
            #[cfg(any(not(unix), test))]
            Place::Port { secret, .. } => Inside::on_port_with(secret.clone()),
        }
    }

    pub fn address(&self) -> Inner {
        match &self.place {
            #[cfg(unix)]
            Place::Folder(folder) => Inner::Unix(folder.socket()),
            #[cfg(any(not(unix), test))]
            Place::Port { address, secret } => Inner::Loopback { address: *address, secret: secret.clone() },
        }
    }

    /// Whether a request comes from the gate. The secret is compared without
    /// telling by its duration where the difference is.
    pub fn is_from_gate(&self, secret: Option<&str>) -> bool {
        match &self.place {
            #[cfg(unix)]
            Place::Folder(_) => {
                let _ = secret;
                true
            }
            #[cfg(any(not(unix), test))]
            Place::Port { secret: known, .. } => known.as_bytes().ct_eq(secret.unwrap_or("").as_bytes()).into(),
        }
    }
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

/// A private folder, removed with its socket when dropped.
#[cfg(unix)]
struct Folder(std::path::PathBuf);

/// Removes the places of processes that were killed: nobody listens there any more.
#[cfg(unix)]
fn sweep(parent: &std::path::Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let digits = name.to_str().and_then(|name| name.strip_prefix(PREFIX)).unwrap_or("");
        if digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()) && is_dead(&entry.path()) {
            drop(Folder(entry.path()));
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
impl Folder {
    fn socket(&self) -> std::path::PathBuf {
        self.0.join(SOCKET)
    }
}

#[cfg(unix)]
impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            log::debug!("{} stays behind: {error}", self.0.display());
        }
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
