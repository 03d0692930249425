//! How many requests a session or an address may make in a minute.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
/// Keys kept before those whose window has ended are swept out.
const SWEEP_AT: usize = 10_000;

/// Where a caller stands in the current window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the window ends.
    pub reset: u64,
    pub allowed: bool,
}

/// A fixed window a key.
#[derive(Debug, Default)]
pub struct RateLimiter(Mutex<HashMap<String, (Instant, u32)>>);

impl RateLimiter {
    /// Counts one request of `key` at `now`. `None` when the limit is off.
    pub fn count(&self, key: &str, limit: u32, now: Instant) -> Option<Standing> {
        if limit == 0 {
            return None;
        }
        let mut windows = self.0.lock().ok()?;
        if windows.len() >= SWEEP_AT {
            windows.retain(|_, (start, _)| now.duration_since(*start) < WINDOW);
        }
        if !windows.contains_key(key) {
            windows.insert(key.to_owned(), (now, 0));
        }
        let (start, used) = windows.get_mut(key)?;
        if now.duration_since(*start) >= WINDOW {
            (*start, *used) = (now, 0);
        }
        *used = used.saturating_add(1);
        let reset = whole_seconds(WINDOW.saturating_sub(now.duration_since(*start)));
        Some(Standing { limit, remaining: limit.saturating_sub(*used), reset, allowed: *used <= limit })
    }
}

/// Seconds after which a wait is over: rounded up, and never none.
fn whole_seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX).max(1)
}

/// Failed sign-ins by name and address: each further one within the window waits longer.
#[derive(Debug, Default)]
pub struct FailedLogins(Mutex<HashMap<String, (Instant, u32)>>);

/// Failures that cost nothing: people mistype.
const FREE_FAILURES: u32 = 5;

impl FailedLogins {
    /// Seconds that `key` must still wait before it may try again.
    pub fn wait(&self, key: &str, now: Instant) -> Option<u64> {
        let failures = self.0.lock().ok()?;
        let (last, count) = failures.get(key)?;
        let pause = Duration::from_secs(1 << count.checked_sub(FREE_FAILURES)?.min(8));
        pause.checked_sub(now.duration_since(*last)).map(whole_seconds)
    }

    pub fn failed(&self, key: &str, now: Instant) {
        let Ok(mut failures) = self.0.lock() else { return };
        if failures.len() >= SWEEP_AT {
            failures.retain(|_, (last, _)| now.duration_since(*last) < WINDOW * 10);
        }
        let entry = failures.entry(key.to_owned()).or_insert((now, 0));
        *entry = (now, entry.1.saturating_add(1));
    }

    pub fn succeeded(&self, key: &str) {
        if let Ok(mut failures) = self.0.lock() {
            failures.remove(key);
        }
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
        assert!((0..3).all(|_| limiter.count("a", 3, start).is_some_and(|s| s.allowed)));
        assert!(limiter.count("a", 3, start).is_some_and(|s| !s.allowed && s.remaining == 0));
        assert!(limiter.count("b", 3, start).is_some_and(|s| s.allowed));
        assert!(limiter.count("a", 3, start + WINDOW).is_some_and(|s| s.allowed));
        assert_eq!(limiter.count("a", 0, start), None);
    }

    #[test]
    fn repeated_failures_wait_longer_and_longer() {
        let (logins, now) = (FailedLogins::default(), Instant::now());
        for _ in 0..FREE_FAILURES - 1 {
            logins.failed("ana", now);
        }
        assert_eq!(logins.wait("ana", now), None);
        logins.failed("ana", now);
        let first = logins.wait("ana", now);
        logins.failed("ana", now);
        assert!(logins.wait("ana", now) > first);
        assert_eq!(logins.wait("ana", now + Duration::from_secs(600)), None);
        logins.succeeded("ana");
        assert_eq!(logins.wait("ana", now), None);
    }

    #[test]
    fn strangers_are_written_down_once_a_minute_with_their_number() {
        let (strangers, now) = (Strangers::default(), Instant::now());
        let at = |seconds| strangers.noted(now + Duration::from_secs(seconds));
        assert_eq!([at(0), at(1), at(59), at(60), at(61), at(120)], [Some(1), None, None, Some(3), None, Some(2)]);
    }
}
