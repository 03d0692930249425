//! Reads a password: from a person without showing it, or a line of a pipe.
//! Never from the arguments, which every user of the machine can see.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use super::{Failure, io_failure};

/// The password for `username`; a person types it twice.
pub(super) fn read(username: &str) -> Result<String, Failure> {
    read_new(&format!("Password for {username}: "))
}

/// A new secret; a person types it twice.
pub(super) fn read_new(question: &str) -> Result<String, Failure> {
    let first = read_once(question)?;
    if io::stdin().is_terminal() && first != read_once("The same again: ")? {
        return Err(Failure::Plain("The two differ; nothing was changed.".to_owned()));
    }
    Ok(first)
}

/// A secret that is known already.
pub(super) fn read_once(question: &str) -> Result<String, Failure> {
    let answer = if io::stdin().is_terminal() { ask(question) } else { line() };
    answer.map_err(io_failure("The password could not be read."))
}

/// The first line of a file that only its owner should be able to read.
pub(super) fn from_file(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(io_failure(format!("{} cannot be read.", path.display())))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn ask(prompt: &str) -> io::Result<String> {
    let mut out = io::stderr();
    out.write_all(prompt.as_bytes())?;
    out.flush()?;
    let hidden = echo::hide();
    let answer = line();
    drop(hidden);
    out.write_all(b"\n")?;
    answer
}

fn line() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(unix)]
mod echo {
    /// Puts the terminal back as it was when dropped.
    pub struct Hidden(libc::termios);

    /// Stops the terminal from showing what is typed; `None` where that cannot be.
    pub fn hide() -> Option<Hidden> {
        // SAFETY: a termios is plain data, and the calls fill or read a live one.
        unsafe {
            let mut settings: libc::termios = std::mem::zeroed();
            if libc::tcgetattr(libc::STDIN_FILENO, &raw mut settings) != 0 {
                return None;
            }
            let before = settings;
            settings.c_lflag &= !libc::ECHO;
            (libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &raw const settings) == 0).then_some(Hidden(before))
        }
    }

    impl Drop for Hidden {
        fn drop(&mut self) {
            // SAFETY: reads the settings that this terminal had before.
            unsafe {
                libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &raw const self.0);
            }
        }
    }
}

#[cfg(not(unix))]
mod echo {
    /// Nothing is hidden here: the terminal shows what is typed.
    pub struct Hidden;

    pub fn hide() -> Option<Hidden> {
        None
    }
}
