//! What the operating system sets bounds to: the backlog of the public socket and
//! the descriptors of the process. Counting connections is the accepting side's.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr, TcpListener};

/// Connections the system may complete before they are accepted.
#[cfg(unix)]
const BACKLOG: i32 = 4096;

/// Raises the backlog of a socket that listens already. The standard library asks
/// for 128, which a burst of a thousand browsers overflows.
#[cfg(unix)]
pub(super) fn raise_backlog(listener: &TcpListener) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    // SAFETY: the descriptor belongs to a live listener for the whole call, and
    // listening again on a listening socket only changes its backlog.
    match unsafe { libc::listen(listener.as_raw_fd(), BACKLOG) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Elsewhere the system chooses its own backlog.
#[cfg(not(unix))]
pub(super) fn raise_backlog(_listener: &TcpListener) -> io::Result<()> {
    Ok(())
}

/// How many files this process may open.
#[cfg(unix)]
pub(super) fn descriptor_limit() -> Option<usize> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is to a live value of the type that the call fills.
    match unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } {
        0 => usize::try_from(limit.rlim_cur).ok(),
        _ => None,
    }
}

/// Allows this process as many open files as it may have anyway, and tells how many that are.
#[cfg(unix)]
pub fn raise_descriptor_limit() -> Option<usize> {
    // Some systems have no bound, and refuse to be asked for none.
    const MOST: libc::rlim_t = 10_240;
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is to a live value of the type that the call fills.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } == 0 && limit.rlim_cur < limit.rlim_max.min(MOST) {
        limit.rlim_cur = limit.rlim_max.min(MOST);
        // SAFETY: the pointer is to a live value of the type that the call reads. A refusal leaves the limit as it was.
        if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) } != 0 {
            log::debug!("the limit of open files stays: {}", io::Error::last_os_error());
        }
    }
    descriptor_limit()
}

/// Elsewhere nothing is to be raised.
#[cfg(not(unix))]
pub fn raise_descriptor_limit() -> Option<usize> {
    None
}

/// Elsewhere sockets are not counted with files.
#[cfg(not(unix))]
pub(super) fn descriptor_limit() -> Option<usize> {
    None
}

/// Lets the calling thread, and every thread it creates from now on, wait for its
/// turn when it wakes instead of interrupting the one that runs. Meant for the
/// threads of the inside: the gate wakes one of them with each request it hands
/// over, and being interrupted each time costs it a third of its throughput.
/// Elsewhere than on Linux nothing happens.
pub fn give_way() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        let parameters = libc::sched_param { sched_priority: 0 };
        // SAFETY: zero is the calling thread, and the pointer is to a live value.
        let result = unsafe { libc::sched_setscheduler(0, libc::SCHED_BATCH, &raw const parameters) };
        if result != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Descriptors held back for the moments that cannot fail for lack of one: to
/// accept a connection only to refuse it, and to open an inner connection, whose
/// other side would lose its accepting thread for good.
#[derive(Default)]
pub(super) struct Reserve {
    held: Vec<std::fs::File>,
}

impl Reserve {
    /// A connection inside takes three descriptors: one here, two there.
    const SIZE: usize = 4;

    pub(super) fn refill(&mut self) {
        let path = if cfg!(windows) { "NUL" } else { "/dev/null" };
        while self.held.len() < Reserve::SIZE {
            match std::fs::File::open(path) {
                Ok(file) => self.held.push(file),
                Err(_) => return,
            }
        }
    }

    pub(super) fn release(&mut self) {
        self.held.clear();
    }
}

/// Open connections by address.
#[derive(Default)]
pub(super) struct Addresses {
    open: HashMap<IpAddr, usize>,
}

impl Addresses {
    /// Counts one more connection unless its address has `limit` already.
    pub(super) fn admit(&mut self, address: IpAddr, limit: usize) -> bool {
        let address = owner(address);
        if address.is_loopback() {
            return true;
        }
        let open = self.open.entry(address).or_insert(0);
        if *open >= limit {
            return false;
        }
        *open += 1;
        true
    }

    pub(super) fn leave(&mut self, address: IpAddr) {
        let address = owner(address);
        if let Some(open) = self.open.get_mut(&address) {
            *open -= 1;
            if *open == 0 {
                self.open.remove(&address);
            }
        }
    }
}

/// Who is counted: an IPv4 address, or the /64 that one IPv6 subscriber is given
/// whole and could otherwise use to appear as many.
fn owner(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_admitted_up_to_its_limit_and_again_after_leaving() {
        let mut addresses = Addresses::default();
        let address: IpAddr = "192.0.2.7".parse().unwrap();
        assert!(addresses.admit(address, 2));
        assert!(addresses.admit(address, 2));
        assert!(!addresses.admit(address, 2));
        assert!(addresses.admit("192.0.2.8".parse().unwrap(), 2));
        addresses.leave(address);
        assert!(addresses.admit("::ffff:192.0.2.7".parse().unwrap(), 2));
        assert!(!addresses.admit(address, 2));
    }

    #[test]
    fn one_ipv6_network_counts_as_one_address_and_loopback_is_exempt() {
        let mut addresses = Addresses::default();
        assert!(addresses.admit("2001:db8:1:2::1".parse().unwrap(), 1));
        assert!(!addresses.admit("2001:db8:1:2:ffff::9".parse().unwrap(), 1));
        assert!(addresses.admit("2001:db8:1:3::1".parse().unwrap(), 1));
        for _ in 0..5 {
            assert!(addresses.admit("127.0.0.1".parse().unwrap(), 1));
            assert!(addresses.admit("::1".parse().unwrap(), 1));
        }
    }

    #[test]
    fn a_thread_may_give_way_without_a_privilege() {
        let result = std::thread::spawn(give_way).join().expect("the thread ends");
        assert!(result.is_ok());
    }
}
