//! The hotel's name in its network: said by multicast DNS while the door is open, and
//! taken back when it closes.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use mdns_sd::{DaemonEvent, IfKind, Receiver, ServiceDaemon, ServiceInfo};

use super::NAME;

const SERVICE: &str = "_https._tcp.local.";
const INSTANCE: &str = "Innkeeper";

/// How long the farewell may take.
const FAREWELL: Duration = Duration::from_millis(500);

/// Held while the name is said.
pub(super) struct Announcement {
    daemon: ServiceDaemon,
    full_name: String,
    events: Receiver<DaemonEvent>,
    heard: Mutex<(bool, Option<String>)>,
}

impl Announcement {
    /// Says the name in the networks of that address; says why where that cannot be.
    pub(super) fn begin(address: SocketAddr) -> Result<Announcement, String> {
        if address.ip().is_loopback() {
            return Err(format!("No other machine reaches {}.", address.ip()));
        }
        Announcement::try_begin(address).map_err(|error| {
            log::warn!("the name cannot be said in the network: {error}");
            error.to_string()
        })
    }

    fn try_begin(address: SocketAddr) -> Result<Announcement, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        let events = daemon.monitor()?;
        daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        let host = format!("{NAME}.");
        let properties: &[(&str, &str)] = &[("path", "/")];
        let info = if address.ip().is_unspecified() {
            ServiceInfo::new(SERVICE, INSTANCE, &host, "", address.port(), properties)?.enable_addr_auto()
        } else {
            daemon.disable_interface(IfKind::All)?;
            daemon.enable_interface(IfKind::Addr(address.ip()))?;
            ServiceInfo::new(SERVICE, INSTANCE, &host, address.ip(), address.port(), properties)?
        };
        let full_name = info.get_fullname().to_owned();
        daemon.register(info)?;
        Ok(Announcement { daemon, full_name, events, heard: Mutex::default() })
    }

    /// Whether it was said, and what went wrong.
    pub(super) fn state(&self) -> (bool, Option<String>) {
        let Ok(mut heard) = self.heard.lock() else { return (false, None) };
        for event in self.events.try_iter() {
            match event {
                DaemonEvent::Announce(..) => *heard = (true, None),
                DaemonEvent::Error(error) => heard.1 = Some(error.to_string()),
                DaemonEvent::NameChange(change) if change.original.starts_with(NAME) => {
                    *heard = (false, Some(format!("Another machine is called {NAME} already.")));
                }
                _ => {}
            }
        }
        heard.clone()
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        let farewell = self.daemon.unregister(&self.full_name).map(|done| done.recv_timeout(FAREWELL));
        if !matches!(farewell, Ok(Ok(_))) {
            log::debug!("the name was not taken back in time");
        }
        if let Err(error) = self.daemon.shutdown() {
            log::debug!("the name's thread does not end: {error}");
        }
    }
}
