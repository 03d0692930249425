//! Shows the hotel in the browser, where there is one.

use std::process::{Command, Stdio};

/// Opens the address and does not wait. Whether it works is no concern of the hotel.
pub(super) fn open(url: &str) {
    if !has_display() {
        return;
    }
    let url = url.to_owned();
    let waiter = std::thread::Builder::new().name("browser".to_owned()).spawn(move || run(&url));
    if let Err(error) = waiter {
        log::debug!("no browser could be opened: {error}");
    }
}

/// The same by a program that ends at once: it waits for the opener.
pub(super) fn open_and_wait(url: &str) {
    if has_display() {
        run(url);
    }
}

fn run(url: &str) {
    let mut command = opener(url);
    match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status() {
        Ok(status) => log::debug!("the browser's opener ended with {status}"),
        Err(error) => log::debug!("no browser could be opened: {error}"),
    }
}

#[cfg(windows)]
fn opener(url: &str) -> Command {
    use std::os::windows::process::CommandExt;
    /// Else a console flashes up.
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    let mut command = Command::new("cmd");
    command.args(["/C", "start", "", url]).creation_flags(CREATE_NO_WINDOW);
    command
}

#[cfg(target_os = "macos")]
fn opener(url: &str) -> Command {
    let mut command = Command::new("open");
    command.arg(url);
    command
}

#[cfg(not(any(windows, target_os = "macos")))]
fn opener(url: &str) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(url);
    command
}

#[cfg(any(windows, target_os = "macos"))]
pub(super) fn has_display() -> bool {
    true
}

#[cfg(not(any(windows, target_os = "macos")))]
pub(super) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
