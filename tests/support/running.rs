//! The real executable on a free port of this machine, with a file of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::Client;

pub const PASSWORD: &str = "a-good-password";

/// The program, told nothing by the environment of the tests.
pub fn program() -> Command {
    // A copy, where a long test is not to be disturbed by the next build.
    let program = std::env::var_os("INNKEEPER_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_innkeeper").into());
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("INNKEEPER_")) {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("the program runs")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub struct RunningHotel {
    pub address: SocketAddr,
    /// What it printed after its first line is still in here.
    out: BufReader<ChildStdout>,
    child: Child,
    folder: TempDir,
}

impl RunningHotel {
    pub fn start() -> RunningHotel {
        RunningHotel::start_with(&["--rate-limit", "0"])
    }

    pub fn start_with(flags: &[&str]) -> RunningHotel {
        RunningHotel::start_in(tempfile::tempdir().expect("a folder"), flags)
    }

    /// Starts on the file `hotel.db` of a folder.
    pub fn start_in(folder: TempDir, flags: &[&str]) -> RunningHotel {
        let mut command = program();
        command.args(["serve", "--db"]).arg(folder.path().join("hotel.db")).args(flags);
        RunningHotel::spawn_in(folder, command)
    }

    /// Starts a command that opens a hotel, on a free port.
    pub fn spawn(command: Command) -> RunningHotel {
        RunningHotel::spawn_in(tempfile::tempdir().expect("a folder"), command)
    }

    fn spawn_in(folder: TempDir, mut command: Command) -> RunningHotel {
        command.args(["--listen", "127.0.0.1:0"]);
        if command.get_args().all(|argument| argument != "--log-level") {
            command.args(["--log-level", "warn"]);
        }
        if command.get_envs().all(|(name, _)| name != "TMPDIR") {
            // What a killed process leaves behind goes with the folder.
            command.env("TMPDIR", folder.path());
        }
        command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("its first line");
        let address = line
            .strip_prefix("Innkeeper is open at http://")
            .and_then(|rest| rest.trim_end().strip_suffix('/'))
            .unwrap_or_else(|| panic!("its first line was {line:?}"));
        RunningHotel { address: address.parse().expect("an address"), out, child, folder }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("hotel.db")
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line that it prints.
    pub fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    pub fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    /// Sets the hotel up; the owner's token.
    pub fn set_up(&self) -> String {
        let request = json!({
            "property_name": "Running Hotel", "currency": "EUR", "time_zone": "Europe/Lisbon", "business_date": "2025-11-10",
            "username": "owner", "full_name": "The owner", "password": PASSWORD,
        });
        token(&self.connect().post("/api/setup", &request).expect(201))
    }

    /// The end that somebody else brings about.
    #[cfg(unix)]
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("its end")
    }

    /// Asks it to stop as the system does; how it ended, what else it had printed, and its folder.
    #[cfg(unix)]
    pub fn stop(mut self) -> (ExitStatus, String, TempDir) {
        let pid = i32::try_from(self.child.id()).expect("a pid");
        // SAFETY: signals the child that this test started and has not waited for.
        assert_eq!(unsafe { libc::kill(pid, libc::SIGTERM) }, 0);
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("the rest of its output");
        let status = self.child.wait().expect("its end");
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"));
        (status, rest, folder)
    }
}

impl RunningHotel {
    /// Ends it without a warning; its folder, with whatever it left there.
    pub fn kill(mut self) -> TempDir {
        self.child.kill().expect("it runs");
        self.child.wait().expect("its end");
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"))
    }
}

impl Drop for RunningHotel {
    fn drop(&mut self) {
        // Both fail only when it has ended already, as it should after `stop`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The token of a sign-in's answer.
pub fn token(answer: &Value) -> String {
    answer["access_token"].as_str().expect("a token").to_owned()
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
