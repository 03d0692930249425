//! The hotel in its network: the second door of the gate, opened and closed while
//! the hotel works, with its certificate, its addresses and its name.
//!
//! It does what it is told and tells how that went; who may say so, and where it is
//! remembered, is decided in `hotel/network`.

mod address;
mod certificate;
mod name;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::domain::date::Instant;
use crate::domain::wording::{Text, text};
use crate::gate::{Gate, Street};
pub use address::{Place, qr_path};
use certificate::Certificate;
pub use certificate::CertificateError;
use name::Announcement;

/// What the hotel is called in its network.
pub const NAME: &str = "innkeeper.local";

/// What the command line says about the second door.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where it opens, instead of everywhere at the port of the settings.
    pub listen: Option<SocketAddr>,
    /// One's own certificate with its chain, and its key; both PEM.
    pub own: Option<(PathBuf, PathBuf)>,
}

/// What the owner wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    pub is_open: bool,
    pub port: u16,
}

/// Why the second door is not open.
#[derive(Debug)]
pub enum LanError {
    PortTaken(u16),
    PortForbidden(u16),
    Listen { address: String, source: std::io::Error },
    Certificate(CertificateError),
    NoGate,
}

impl LanError {
    /// What is said to whoever opened the door.
    pub fn said(&self) -> Text {
        match self {
            LanError::PortTaken(port) => {
                text!("Another program uses port {port} already. Choose another port, or close that program.", port = *port)
            }
            LanError::PortForbidden(port) => {
                text!("Port {port} needs an administrator's rights. Choose one above 1023.", port = *port)
            }
            LanError::Listen { address, source } => {
                text!("The network cannot be opened at {address}: {source}", address, source = source.to_string())
            }
            LanError::Certificate(error) => error.said(),
            LanError::NoGate => text!("The server is not running."),
        }
    }
}

/// In English: for the log and the command line.
impl fmt::Display for LanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for LanError {}

impl From<CertificateError> for LanError {
    fn from(error: CertificateError) -> LanError {
        LanError::Certificate(error)
    }
}

/// How it stands.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Where the door is open.
    pub places: Vec<Place>,
    pub port: Option<u16>,
    /// Why it is not, though it should be.
    pub problem: Option<Text>,
    /// Whether the name is heard in the network; why not, where that is known.
    pub is_named: bool,
    pub name_problem: Option<String>,
    /// Of the certificate, as browsers show it.
    pub fingerprint: Option<String>,
    pub expires_at: Option<Instant>,
}

struct Open {
    address: SocketAddr,
    certificate: Certificate,
    announcement: Result<Announcement, String>,
}

#[derive(Default)]
struct Doing {
    wish: Option<Wish>,
    open: Option<Open>,
    problem: Option<Text>,
}

/// The second door of one running server. Silent until it has a gate.
pub struct Lan {
    pub options: Options,
    data_file: PathBuf,
    gate: OnceLock<Gate>,
    doing: Mutex<Doing>,
}

impl Lan {
    pub fn new(options: Options, data_file: &Path) -> Lan {
        Lan { options, data_file: data_file.to_owned(), gate: OnceLock::new(), doing: Mutex::default() }
    }

    pub fn set_gate(&self, gate: Gate) {
        if self.gate.set(gate).is_err() {
            log::error!("the gate was set twice");
        }
    }

    /// Opens or closes the door as it is wanted, and remembers that.
    pub fn apply(&self, wish: Wish, now: Instant) {
        let mut doing = self.doing();
        if doing.wish == Some(wish) && doing.open.is_some() == wish.is_open {
            return;
        }
        self.shut(&mut doing);
        doing.wish = Some(wish);
        self.try_open(&mut doing, now);
    }

    /// Looks after an open door: makes its certificate anew before it runs out, and
    /// tries again what failed.
    pub fn tend(&self, now: Instant) {
        let mut doing = self.doing();
        if doing.open.as_ref().is_some_and(|open| open.certificate.is_due(now)) {
            self.shut(&mut doing);
        }
        self.try_open(&mut doing, now);
    }

    /// Closes the door and takes the name back.
    pub fn close(&self) {
        let mut doing = self.doing();
        doing.wish = None;
        self.shut(&mut doing);
    }

    pub fn state(&self) -> State {
        let doing = self.doing();
        let Some(open) = &doing.open else { return State { problem: doing.problem.clone(), ..State::default() } };
        let (is_named, name_problem) = match &open.announcement {
            Ok(announcement) => announcement.state(),
            Err(why) => (false, Some(why.clone())),
        };
        State {
            places: address::places(open.address, is_named.then_some(NAME)),
            port: Some(open.address.port()),
            problem: None,
            is_named,
            name_problem,
            fingerprint: Some(open.certificate.fingerprint.clone()),
            expires_at: open.certificate.expires_at,
        }
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shut(&self, doing: &mut Doing) {
        doing.problem = None;
        if doing.open.take().is_some() {
            self.gate.get().into_iter().for_each(Gate::close_street);
            log::info!("the hotel is closed to the network");
        }
    }

    fn try_open(&self, doing: &mut Doing, now: Instant) {
        let Some(wish) = doing.wish.filter(|wish| wish.is_open) else { return };
        if doing.open.is_some() {
            return;
        }
        match self.open(wish, now) {
            Ok(open) => {
                log::info!("the hotel is open to the network at {}", open.address);
                doing.open = Some(open);
                doing.problem = None;
            }
            Err(error) => {
                let problem = Some(error.said());
                if doing.problem != problem {
                    log::warn!("the hotel is not open to the network: {error}");
                }
                doing.problem = problem;
            }
        }
    }

    fn open(&self, wish: Wish, now: Instant) -> Result<Open, LanError> {
        let gate = self.gate.get().ok_or(LanError::NoGate)?;
        let certificate = match &self.options.own {
            Some((chain, key)) => Certificate::read(chain, key)?,
            None => Certificate::own(&self.data_file, now)?,
        };
        let listener = address::listen(self.options.listen, wish.port)?;
        let failed = |source| LanError::Listen { address: format!("port {}", wish.port), source };
        let address = listener.local_addr().map_err(failed)?;
        let names = vec![NAME.to_owned(), address::machine_name(), format!("{}.local", address::machine_name())];
        gate.open_street(listener, Street { tls: Arc::clone(&certificate.tls), names }).map_err(failed)?;
        Ok(Open { address, certificate, announcement: Announcement::begin(address) })
    }
}
