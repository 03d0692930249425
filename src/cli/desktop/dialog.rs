//! Linux and macOS: boxes by the programs that the desktop has for them, none of which
//! is needed. Where there is a terminal, that has said everything and nobody is asked.

use std::io::{self, IsTerminal};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use crate::cli::browser;
use crate::cli::serve::Order;
use crate::hotel::backups;
use crate::http::state::App;

/// The programs to try, in this order, each with its arguments before the text: to tell
/// it, and to ask a question that is answered yes by the exit code 0.
struct Program {
    name: &'static str,
    tell: &'static [&'static str],
    ask: Option<&'static [&'static str]>,
}

#[cfg(not(target_os = "macos"))]
const PROGRAMS: [Program; 4] = [
    Program {
        name: "zenity",
        tell: &["--error", "--no-markup", "--width=480", "--title=Innkeeper", "--text"],
        ask: Some(&["--question", "--no-markup", "--width=480", "--title=Innkeeper", "--text"]),
    },
    Program {
        name: "kdialog",
        tell: &["--title", "Innkeeper", "--error"],
        ask: Some(&["--title", "Innkeeper", "--warningyesno"]),
    },
    Program {
        name: "xmessage",
        tell: &["-center", "-title", "Innkeeper", "-buttons", "OK:0"],
        ask: Some(&["-center", "-title", "Innkeeper", "-buttons", "Yes:0,No:1"]),
    },
    Program { name: "notify-send", tell: &["--urgency=critical", "Innkeeper"], ask: None },
];

#[cfg(target_os = "macos")]
const PROGRAMS: [Program; 1] = [Program {
    name: "osascript",
    tell: &[
        "-e",
        "on run {message}",
        "-e",
        "display dialog message with title \"Innkeeper\" buttons {\"OK\"} default button 1 with icon stop",
        "-e",
        "end run",
    ],
    ask: Some(&[
        "-e",
        "on run {message}",
        "-e",
        "display dialog message with title \"Innkeeper\" buttons {\"No\", \"Yes\"} cancel button 1 with icon caution",
        "-e",
        "end run",
    ]),
}];

/// The terminal is there already.
pub fn start() {}

/// Says a failure in a box, when no terminal has said it.
pub fn say(text: &str) {
    if is_unseen() {
        for program in &PROGRAMS {
            if run(program.name, program.tell, text).is_some() {
                return;
            }
        }
    }
}

/// Asks in a box, when there is no terminal; whether the answer was yes.
pub(in crate::cli) fn ask(text: &str) -> bool {
    let answer = |program: &Program| run(program.name, program.ask?, text);
    is_unseen() && PROGRAMS.iter().find_map(answer).unwrap_or(false)
}

/// Asks a running Innkeeper to close, as Ctrl-C does.
pub(in crate::cli) fn ask_to_close(process: u32) -> io::Result<()> {
    let process = i32::try_from(process).map_err(io::Error::other)?;
    // SAFETY: sends a signal; whoever asks has seen that the process is Innkeeper.
    if unsafe { libc::kill(process, libc::SIGTERM) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

pub(in crate::cli) fn show(_: &str, _: &Arc<App>, _: &Arc<backups::State>, _: &SyncSender<Order>) {}

pub(in crate::cli) fn hide() {}

/// Whether the program was started by itself from a desktop, with nothing that shows what it writes.
fn is_unseen() -> bool {
    let has_terminal = io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    !has_terminal && std::env::args_os().len() == 1 && browser::has_display()
}

/// Waits for somebody to close the box; whether with yes. Nothing where the program is not there.
fn run(program: &str, arguments: &[&str], text: &str) -> Option<bool> {
    let mut command = Command::new(program);
    command.args(arguments).arg(text).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status() {
        Ok(status) => Some(status.success()),
        Err(error) => {
            log::debug!("{program}: {error}");
            None
        }
    }
}
