//! How many requests a session or an address may make in a minute.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::domain::id::SessionId;
use crate::kept::Kept;

const WINDOW: Duration = Duration::from_secs(60);

/// The least that may be asked a minute where there is a limit: a page asks a dozen times, and
/// whoever sets the limit has to reach the page that sets it otherwise.
pub const LEAST_RATE_LIMIT: u32 = 120;

/// What is remembered of callers, in bytes: of some six thousand each.
const LIMIT: usize = 1024 * 1024;

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    Session(SessionId),
    /// Somebody who is not signed in.
    Address(Box<str>),
}

impl Caller {
    pub fn at(address: &str) -> Caller {
        Caller::Address(owner(address).into())
    }
}

/// Who has an address: itself, or of IPv6 the /64 that one subscriber is given whole and
/// could otherwise use to appear as many.
fn owner(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) if !ip.is_loopback() => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Ok(ip) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Where a caller stands in the current window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the window ends.
    pub reset: u64,
    pub allowed: bool,
}

/// A fixed window a caller.
pub struct RateLimiter(Kept<Caller, (Instant, u32)>);

impl Default for RateLimiter {
    fn default() -> Self {
        let weigh = |caller: &Caller, _: &_| match caller {
            Caller::Session(_) => 0,
            Caller::Address(address) => address.len(),
        };
        RateLimiter(Kept::new(LIMIT, 4, WINDOW, weigh))
    }
}

impl RateLimiter {
    /// Counts one request at `now`. `None` when the limit is off.
    pub fn count(&self, caller: Caller, limit: u32, now: Instant) -> Option<Standing> {
        if limit == 0 {
            return None;
        }
        let count = |(start, used): &mut (Instant, u32)| {
            if now.duration_since(*start) >= WINDOW {
                (*start, *used) = (now, 0);
            }
            *used = used.saturating_add(1);
            let reset = whole_seconds(WINDOW.saturating_sub(now.duration_since(*start)));
            Standing { limit, remaining: limit.saturating_sub(*used), reset, allowed: *used <= limit }
        };
        Some(self.0.change(caller, || (now, 0), count))
    }

    /// What is remembered, and may be at most, in bytes.
    pub fn bytes(&self) -> (usize, usize) {
        (self.0.bytes(), self.0.limit())
    }
}

/// Seconds after which a wait is over: rounded up, and never none.
fn whole_seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX).max(1)
}

/// What is tried again and again: a name at an address, as a hash. However long the name is
/// that somebody types, it takes 32 bytes, and none can be read in the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guess([u8; 32]);

impl Guess {
    /// Of one name (in any case of its letters) from one address.
    pub fn of(name: &str, address: &str) -> Guess {
        let mut hash = Sha256::new();
        let name = name.to_lowercase();
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update(owner(address));
        Guess(hash.finalize().into())
    }
}

/// Failed sign-ins: each further one within ten minutes waits longer.
pub struct FailedLogins(Kept<Guess, (Instant, u32)>);

/// Failures that cost nothing: people mistype.
const FREE_FAILURES: u32 = 5;

impl Default for FailedLogins {
    fn default() -> Self {
        FailedLogins(Kept::new(LIMIT, 4, WINDOW * 10, |_, _| 0))
    }
}

impl FailedLogins {
    /// Seconds that a guess must still wait before it may be tried again.
    pub fn wait(&self, guess: Guess, now: Instant) -> Option<u64> {
        let (last, count) = self.0.get(&guess)?;
        let pause = Duration::from_secs(1 << count.checked_sub(FREE_FAILURES)?.min(8));
        pause.checked_sub(now.duration_since(last)).map(whole_seconds)
    }

    pub fn failed(&self, guess: Guess, now: Instant) {
        self.0.change(guess, || (now, 0), |(last, count)| (*last, *count) = (now, count.saturating_add(1)));
    }

    pub fn succeeded(&self, guess: Guess) {
        self.0.remove(&guess);
    }

    /// What is remembered, and may be at most, in bytes.
    pub fn bytes(&self) -> (usize, usize) {
        (self.0.bytes(), self.0.limit())
    }
}

/// How often tries under names that nobody has are written down.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// Tries under names that nobody has, since the last that was written down, and when that was.
#[derive(Default)]
pub struct Strangers(Mutex<(Option<Instant>, u32)>);

impl Strangers {
    /// One more; how many they are, when it is time to write them down.
    pub fn noted(&self, now: Instant) -> Option<u32> {
        let mut known = self.0.lock().ok()?;
        known.1 = known.1.saturating_add(1);
        let is_time = known.0.is_none_or(|last| now.duration_since(last) >= NOTED_EVERY);
        is_time.then(|| std::mem::replace(&mut *known, (Some(now), 0)).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_past_the_limit_is_refused_until_the_window_ends() {
        let (limiter, start) = (RateLimiter::default(), Instant::now());
        let (a, b) = (Caller::at("192.0.2.1"), Caller::Session(SessionId(1)));
        assert!((0..3).all(|_| limiter.count(a.clone(), 3, start).is_some_and(|s| s.allowed)));
        assert!(limiter.count(a.clone(), 3, start).is_some_and(|s| !s.allowed && s.remaining == 0));
        assert!(limiter.count(b, 3, start).is_some_and(|s| s.allowed));
        assert!(limiter.count(a.clone(), 3, start + WINDOW).is_some_and(|s| s.allowed));
        assert_eq!(limiter.count(a, 0, start), None);
    }

    #[test]
    fn repeated_failures_wait_longer_and_longer() {
        let (logins, now) = (FailedLogins::default(), Instant::now());
        let ana = Guess::of("ana", "192.0.2.1");
        for _ in 0..FREE_FAILURES - 1 {
            logins.failed(ana, now);
        }
        assert_eq!(logins.wait(ana, now), None);
        logins.failed(ana, now);
        let first = logins.wait(ana, now);
        logins.failed(ana, now);
        assert!(logins.wait(ana, now) > first);
        assert_eq!(logins.wait(ana, now + Duration::from_secs(600)), None);
        logins.succeeded(ana);
        assert_eq!(logins.wait(ana, now), None);
    }

    #[test]
    fn one_subscriber_is_one_caller_and_one_name_one_guess() {
        assert_eq!(Caller::at("2001:db8:1:2::1"), Caller::at("2001:db8:1:2:ffff::9"));
        assert_ne!(Caller::at("2001:db8:1:2::1"), Caller::at("2001:db8:1:3::1"));
        assert_eq!(Caller::at("::ffff:192.0.2.1"), Caller::at("192.0.2.1"));
        assert_eq!(Guess::of("ANA", "2001:db8::1"), Guess::of("ana", "2001:db8::2"));
        assert_ne!(Guess::of("ana", "192.0.2.1"), Guess::of("ana", "192.0.2.2"));
        assert_ne!(Guess::of("ana1", "92.0.2.2"), Guess::of("ana", "192.0.2.2"));
    }

    #[test]
    fn many_addresses_and_long_names_take_no_more_than_their_bytes() {
        let (limiter, logins, now) = (RateLimiter::default(), FailedLogins::default(), Instant::now());
        for n in 0..20_000_u32 {
            let address = format!("10.{}.{}.1", n / 250, n % 250);
            limiter.count(Caller::at(&address), 10, now);
            logins.failed(Guess::of(&"x".repeat(4000), &address), now);
        }
        for (bytes, limit) in [limiter.bytes(), logins.bytes()] {
            assert!(bytes <= limit && bytes > limit / 2, "{bytes} of {limit}");
        }
    }

    #[test]
    fn strangers_are_written_down_once_a_minute_with_their_number() {
        let (strangers, now) = (Strangers::default(), Instant::now());
        let at = |seconds| strangers.noted(now + Duration::from_secs(seconds));
        assert_eq!([at(0), at(1), at(59), at(60), at(61), at(120)], [Some(1), None, None, Some(3), None, Some(2)]);
    }
}
