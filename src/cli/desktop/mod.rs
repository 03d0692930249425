//! The program as somebody's double-click starts it. On Windows it has no console:
//! a tray icon stands for it, and what goes wrong is said in a box. Elsewhere the
//! console and the browser say everything, and nothing is done here.

#[cfg(windows)]
mod tray;
#[cfg(windows)]
pub(super) use tray::{ask, hide, show};
#[cfg(windows)]
pub use tray::{say, start};

#[cfg(not(windows))]
pub(super) use elsewhere::{ask, hide, show};
#[cfg(not(windows))]
pub use elsewhere::{say, start};

#[cfg(not(windows))]
mod elsewhere {
    use std::sync::Arc;
    use std::sync::mpsc::SyncSender;

    use crate::app::App;
    use crate::cli::serve::Order;

    /// The terminal is there already.
    pub fn start() {}

    /// The console has said it.
    pub fn say(_: &str) {}

    /// Nobody is asked in a terminal.
    pub(in crate::cli) fn ask(_: &str) -> bool {
        false
    }

    pub(in crate::cli) fn show(_: &str, _: &Arc<App>, _: &SyncSender<Order>) {}

    pub(in crate::cli) fn hide() {}
}
