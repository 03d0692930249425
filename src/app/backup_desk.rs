//! How it stands with the back-ups of a running server, for those who make them and
//! those who ask.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

/// Puts another file in the data file's place, once nobody has it open any more;
/// where the replaced one is kept, or why it stayed.
pub type Exchange = Box<dyn FnOnce() -> Result<Option<PathBuf>, String> + Send>;

/// How it stands with the back-ups of a running server.
#[derive(Default)]
pub struct BackupDesk {
    is_running: AtomicBool,
    gives_up: AtomicBool,
    problem: Mutex<Option<String>>,
    restart: OnceLock<Box<dyn Fn(Exchange) + Send + Sync>>,
}

/// Held while a copy is made or prepared: one at a time.
pub struct Running<'a>(&'a BackupDesk);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.is_running.store(false, Ordering::Release);
    }
}

impl BackupDesk {
    /// Begins one, unless another is at work.
    pub fn begin(&self) -> Option<Running<'_>> {
        (!self.is_running.swap(true, Ordering::AcqRel)).then_some(Running(self))
    }

    pub fn is_running(&self) -> bool {
        self.is_running.load(Ordering::Acquire)
    }

    /// The server closes: a copy that is being made is left.
    pub fn give_up(&self) {
        self.gives_up.store(true, Ordering::Release);
    }

    pub fn goes_on(&self) -> bool {
        !self.gives_up.load(Ordering::Acquire)
    }

    /// What went wrong the last time; `None` when it went well.
    pub fn note_problem(&self, problem: Option<String>) {
        if let Ok(mut known) = self.problem.lock() {
            *known = problem;
        }
    }

    pub fn problem(&self) -> Option<String> {
        self.problem.lock().ok().and_then(|known| known.clone())
    }

    /// Says how this program starts anew with another file.
    pub fn on_restart(&self, restart: Box<dyn Fn(Exchange) + Send + Sync>) {
        if self.restart.set(restart).is_err() {
            log::error!("the restart was set twice");
        }
    }

    /// Closes the hotel, exchanges its file and opens it again; false where nobody would.
    pub fn restart_with(&self, exchange: Exchange) -> bool {
        self.restart.get().map(|restart| restart(exchange)).is_some()
    }
}
