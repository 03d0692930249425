//! How it stands with the back-ups of a running server, for those who make them and
//! those who ask.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::date::Instant;
use crate::domain::wording::Text;

/// Puts another file in the data file's place, once nobody has it open any more;
/// where the replaced one is kept, or why it stayed.
pub type Exchange = Box<dyn FnOnce() -> Result<Option<PathBuf>, Text> + Send>;

/// What is being done for a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "BackupStep")]
pub enum Step {
    /// It will begin in a moment.
    Waiting,
    Copying,
    /// Reading all of the copy, and counting it against its source.
    Checking,
    Packing,
    /// Putting it into the second folder too.
    Duplicating,
    /// Preparing a copy to take the data's place.
    Restoring,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "BackupProgress")]
pub struct Progress {
    pub step: Step,
    /// Of `pages_total`; both are 0 until the copying begins.
    pub pages_done: u32,
    pub pages_total: u32,
}

/// A copy that was made, as it was rehearsed: opened, checked, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeCopy {
    pub name: String,
    pub made_at: Instant,
    pub bytes: u64,
    pub milliseconds: u64,
    pub reservations: i64,
    pub guests: i64,
    /// Why it could not be put into the second folder as well.
    pub second_folder_problem: Option<Text>,
}

/// How it stands with the back-ups of a running server.
#[derive(Default)]
pub struct State {
    is_running: AtomicBool,
    progress: Mutex<Option<Progress>>,
    made: Mutex<Option<MadeCopy>>,
    problem: Mutex<Option<Text>>,
    /// When the newest copy was made that is known of.
    newest_at: Mutex<Option<Instant>>,
    /// Checks that found a fault in the newest copy of a night.
    faults: AtomicU32,
    restart: OnceLock<Box<dyn Fn(Exchange) -> bool + Send + Sync>>,
}

/// Held while a copy is made or prepared: one at a time.
pub struct Running<'a>(&'a State);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        put(&self.0.progress, None);
        self.0.is_running.store(false, Ordering::Release);
    }
}

fn put<T>(place: &Mutex<Option<T>>, value: Option<T>) {
    if let Ok(mut known) = place.lock() {
        *known = value;
    }
}

fn look<T: Clone>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().ok().and_then(|known| known.clone())
}

impl State {
    /// Begins one, unless another is at work.
    pub fn begin(&self, step: Step) -> Option<Running<'_>> {
        if self.is_running.swap(true, Ordering::AcqRel) {
            return None;
        }
        self.note_progress(Progress { step, pages_done: 0, pages_total: 0 });
        Some(Running(self))
    }

    pub fn note_progress(&self, progress: Progress) {
        put(&self.progress, Some(progress));
    }

    pub fn progress(&self) -> Option<Progress> {
        look(&self.progress)
    }

    pub fn note_made(&self, made: MadeCopy) {
        put(&self.made, Some(made));
    }

    /// The last copy that this program made since it was started.
    pub fn made(&self) -> Option<MadeCopy> {
        look(&self.made)
    }

    /// When the newest copy was made; `None` = none that this program knows of.
    pub fn newest_at(&self) -> Option<Instant> {
        look(&self.newest_at)
    }

    pub fn note_newest(&self, at: Option<Instant>) {
        put(&self.newest_at, at);
    }

    /// Its age, in the Prometheus text format.
    pub fn age_in_figures(&self, now: Instant) -> String {
        let age = self.newest_at().map_or("NaN".to_owned(), |at| at.seconds_until(now).to_string());
        format!(
            "# HELP innkeeper_backup_age_seconds Since the last backup; NaN when none was made.\n\
             # TYPE innkeeper_backup_age_seconds gauge\ninnkeeper_backup_age_seconds {age}\n"
        )
    }

    pub fn is_running(&self) -> bool {
        self.is_running.load(Ordering::Acquire)
    }

    /// What went wrong the last time; `None` when it went well.
    pub fn note_problem(&self, problem: Option<Text>) {
        put(&self.problem, problem);
    }

    pub fn problem(&self) -> Option<Text> {
        look(&self.problem)
    }

    /// How many checks found a fault in the newest copy of a night.
    pub fn note_faults(&self, count: usize) {
        self.faults.store(u32::try_from(count).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    pub fn faults(&self) -> u32 {
        self.faults.load(Ordering::Relaxed)
    }

    /// Says how this program starts anew with another file, and whether it will.
    pub fn on_restart(&self, restart: Box<dyn Fn(Exchange) -> bool + Send + Sync>) {
        if self.restart.set(restart).is_err() {
            log::error!("the restart was set twice");
        }
    }

    /// Closes the hotel, exchanges its file and opens it again; false where nobody would.
    pub fn restart_with(&self, exchange: Exchange) -> bool {
        self.restart.get().is_some_and(|restart| restart(exchange))
    }
}
