//! The program as somebody's double-click starts it, with no terminal: what goes wrong
//! is said in a box. On Windows a tray icon stands for the program as well; elsewhere
//! the browser shows the hotel, and nothing else is there.

#[cfg(not(windows))]
mod dialog;
#[cfg(windows)]
mod tray;

#[cfg(not(windows))]
pub(super) use dialog::{ask, ask_to_close, hide, show};
#[cfg(not(windows))]
pub use dialog::{say, start};
#[cfg(windows)]
pub(super) use tray::{ask, ask_to_close, hide, show};
#[cfg(windows)]
pub use tray::{say, start};
