//! Alerts: when a figure passes its threshold, and when it is back.
//!
//! One place decides, `Watch::look`, whenever it is told the figures and the
//! time. What is told of an alert to whom is its caller's business.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::date::Instant;
use crate::domain::status::words;

words!(
    /// What an alert is about.
    AlertCode {
        /// Too many requests were slow in the last five minutes.
        SlowRequests = "slow_requests",
        /// Too many requests failed through a fault of the server's.
        Errors = "errors",
        /// The disk that holds the data file is nearly full.
        DiskSpace = "disk_space",
        /// The program holds more memory than it should.
        Memory = "memory",
        /// The last backup is old.
        BackupAge = "backup_age",
        /// Damage was met in the data file: nothing is saved any more.
        DataDamaged = "data_damaged",
        /// The check of the night found what does not agree.
        DataFaults = "data_faults",
        /// The day was to close by itself and could not.
        DayClose = "day_close",
    }
);

words!(
    /// How bad it is: past the threshold, or twice as far.
    Severity {
        Warning = "warning",
        Critical = "critical",
    }
);

impl AlertCode {
    /// The unit of value and threshold.
    pub fn unit(self) -> &'static str {
        match self {
            AlertCode::SlowRequests | AlertCode::Errors => "%",
            AlertCode::DiskSpace | AlertCode::Memory => "MB",
            AlertCode::BackupAge => "h",
            AlertCode::DataDamaged | AlertCode::DataFaults | AlertCode::DayClose => "",
        }
    }

    /// The threshold until somebody sets another.
    pub fn default_threshold(self) -> u32 {
        match self {
            AlertCode::SlowRequests => 5,
            AlertCode::Errors => 1,
            AlertCode::DiskSpace => 1000,
            AlertCode::Memory => 500,
            AlertCode::BackupAge => 48,
            AlertCode::DataDamaged | AlertCode::DataFaults | AlertCode::DayClose => 1,
        }
    }

    /// How far past its threshold a value is: 1 = just there, 2 = twice as far.
    fn strain(self, value: f64, threshold: f64) -> f64 {
        match self {
            AlertCode::DiskSpace => threshold / value.max(0.001),
            // One is bad enough.
            AlertCode::DataDamaged | AlertCode::DataFaults | AlertCode::DayClose => 2.0 * value / threshold,
            AlertCode::SlowRequests | AlertCode::Errors | AlertCode::Memory | AlertCode::BackupAge => value / threshold,
        }
    }
}

/// A threshold for each alert, in its unit; 0 = no such alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds([u32; AlertCode::ALL.len()]);

impl Default for Thresholds {
    fn default() -> Self {
        let mut all = [0; AlertCode::ALL.len()];
        AlertCode::ALL.iter().for_each(|code| all[*code as usize] = code.default_threshold());
        Thresholds(all)
    }
}

impl Thresholds {
    pub fn of(&self, code: AlertCode) -> u32 {
        self.0[code as usize]
    }

    pub fn set(&mut self, code: AlertCode, threshold: u32) {
        self.0[code as usize] = threshold;
    }
}

/// What the alerts are decided from. Counts are totals since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub requests: u64,
    pub slow: u64,
    pub errors: u64,
    pub disk_free_bytes: Option<u64>,
    pub memory_bytes: Option<u64>,
    /// `None` as long as no backup was made: a hotel without backups is not told so here.
    pub backup_at: Option<Instant>,
    /// Whether damage was met in the data file.
    pub is_damaged: bool,
    /// Checks that found a fault in the newest copy of a night.
    pub faults: u32,
    /// Whether the unattended close of the day was stopped.
    pub is_close_stopped: bool,
}

/// An alert that stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alert {
    pub code: AlertCode,
    pub severity: Severity,
    pub since: Instant,
    pub value: f64,
    pub threshold: u32,
}

/// What `look` found different.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    Began(Alert),
    Ended(Alert),
}

/// Shares are of the requests of this long.
const WINDOW_SECONDS: i64 = 300;
/// Of fewer requests no share is reckoned: one slow of two says nothing.
const FEWEST_REQUESTS: u64 = 20;
/// An alert ends when its figure is a tenth better than the threshold, so that one
/// that hovers there does not begin again and again.
const RELIEF: f64 = 0.9;

#[derive(Debug, Default)]
struct State {
    samples: VecDeque<(Instant, Figures)>,
    alerts: Vec<Alert>,
}

/// The alerts that stand, and what they were decided from.
#[derive(Debug, Default)]
pub struct Watch(Mutex<State>);

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The alerts that stand, in the order of their codes.
    pub fn alerts(&self) -> Vec<Alert> {
        self.state().alerts.clone()
    }

    /// Decides which alerts stand at `now`.
    pub fn look(&self, now: Instant, figures: Figures, thresholds: &Thresholds) -> Vec<Change> {
        let mut state = self.state();
        state.keep(now, figures);
        let mut changes = Vec::new();
        for code in AlertCode::ALL {
            let stood = state.alerts.iter().find(|a| a.code == *code).copied();
            let found = decide(*code, stood, state.value(*code, now, &figures), thresholds.of(*code), now);
            state.alerts.retain(|a| a.code != *code);
            state.alerts.extend(found);
            match (stood, found) {
                (None, Some(alert)) => changes.push(Change::Began(alert)),
                (Some(alert), None) => changes.push(Change::Ended(alert)),
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
        changes
    }
}

/// The alert that stands after a value was seen; `None` = a value that nobody knows.
fn decide(code: AlertCode, stood: Option<Alert>, value: Option<f64>, threshold: u32, now: Instant) -> Option<Alert> {
    let value = value.filter(|_| threshold > 0)?;
    let strain = code.strain(value, threshold.into());
    let limit = if stood.is_some() { RELIEF } else { 1.0 };
    if strain <= limit {
        return None;
    }
    let severity = if strain >= 2.0 { Severity::Critical } else { Severity::Warning };
    Some(Alert { code, severity, since: stood.map_or(now, |a| a.since), value, threshold })
}

impl State {
    /// Adds a sample and drops those before the window; one stays as its beginning.
    fn keep(&mut self, now: Instant, figures: Figures) {
        // A clock that was set back knows nothing of what came after.
        self.samples.retain(|(at, _)| *at <= now);
        self.samples.push_back((now, figures));
        while self.samples.get(1).is_some_and(|(at, _)| at.seconds_until(now) >= WINDOW_SECONDS) {
            self.samples.pop_front();
        }
    }

    /// The figure behind an alert, to a tenth.
    fn value(&self, code: AlertCode, now: Instant, figures: &Figures) -> Option<f64> {
        let value = match code {
            AlertCode::SlowRequests => self.percent(figures, |f| f.slow),
            AlertCode::Errors => self.percent(figures, |f| f.errors),
            AlertCode::DiskSpace => figures.disk_free_bytes.map(megabytes),
            AlertCode::Memory => figures.memory_bytes.map(megabytes),
            AlertCode::DataDamaged => figures.is_damaged.then_some(1.0),
            AlertCode::DataFaults => (figures.faults > 0).then(|| f64::from(figures.faults)),
            AlertCode::DayClose => figures.is_close_stopped.then_some(1.0),
            AlertCode::BackupAge => figures.backup_at.map(|at| at.seconds_until(now) as f64 / 3600.0),
        };
        value.map(|v| (v * 10.0).round() / 10.0)
    }

    fn percent(&self, now: &Figures, part: impl Fn(&Figures) -> u64) -> Option<f64> {
        let (_, then) = self.samples.front()?;
        let requests = now.requests.saturating_sub(then.requests);
        let share = part(now).saturating_sub(part(then)) as f64 / requests.max(1) as f64;
        (requests >= FEWEST_REQUESTS).then_some(share * 100.0)
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_millisecond(1_700_000_000_000 + second * 1000).expect("an instant")
    }

    fn look(watch: &Watch, second: i64, figures: Figures) -> Vec<(AlertCode, bool)> {
        let changes = watch.look(at(second), figures, &Thresholds::default());
        let told = |change: &Change| match change {
            Change::Began(alert) => (alert.code, true),
            Change::Ended(alert) => (alert.code, false),
        };
        changes.iter().map(told).collect()
    }

    #[test]
    fn an_alert_begins_once_and_ends_once() {
        let watch = Watch::default();
        let memory = |megabytes: u64| Figures { memory_bytes: Some(megabytes * 1_000_000), ..Figures::default() };
        assert_eq!(look(&watch, 0, memory(500)), []);
        assert_eq!(look(&watch, 10, memory(501)), [(AlertCode::Memory, true)]);
        assert_eq!(look(&watch, 20, memory(499)), [], "it hovers");
        assert_eq!(look(&watch, 30, memory(1000)), []);
        let alert = watch.alerts()[0];
        assert_eq!((alert.severity, alert.since, alert.value, alert.threshold), (Severity::Critical, at(10), 1000.0, 500));
        assert_eq!(look(&watch, 40, memory(450)), [(AlertCode::Memory, false)]);
        assert_eq!(watch.alerts(), []);
    }

    #[test]
    fn shares_are_of_the_last_five_minutes() {
        let watch = Watch::default();
        let requests = |requests, errors| Figures { requests, errors, ..Figures::default() };
        assert_eq!(look(&watch, 0, requests(0, 0)), []);
        assert_eq!(look(&watch, 10, requests(19, 19)), [], "of so few no share is reckoned");
        assert_eq!(look(&watch, 20, requests(100, 19)), [(AlertCode::Errors, true)]);
        assert_eq!(watch.alerts()[0].value, 19.0);
        assert_eq!(look(&watch, 310, requests(200, 19)), [(AlertCode::Errors, false)]);
        assert_eq!(look(&watch, -100, requests(300, 100)), [], "a clock set back begins anew");
    }

    #[test]
    fn a_full_disk_and_an_old_backup_are_told() {
        let watch = Watch::default();
        let figures = Figures { disk_free_bytes: Some(1_000_000_000), backup_at: Some(at(0)), ..Figures::default() };
        assert_eq!(look(&watch, 48 * 3600, figures), []);
        let figures = Figures { disk_free_bytes: Some(400_000_000), ..figures };
        assert_eq!(look(&watch, 49 * 3600, figures), [(AlertCode::DiskSpace, true), (AlertCode::BackupAge, true)]);
        assert_eq!(watch.alerts().iter().map(|a| a.severity).collect::<Vec<_>>(), [Severity::Critical, Severity::Warning]);
        let mut off = Thresholds::default();
        AlertCode::ALL.iter().for_each(|code| off.set(*code, 0));
        assert_eq!(watch.look(at(50 * 3600), figures, &off).len(), 2, "0 turns an alert off");
    }
}
