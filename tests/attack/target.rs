//! The executable that is attacked, and what must hold of it afterwards.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use serde_json::json;
use tempfile::TempDir;

use super::raw::{Raw, get};
use super::witness::ask;
use crate::support::client::{Client, HasBody, PATIENCE};
use crate::support::running::{PASSWORD, program, token};

/// What an attack may add to what the program holds of its own: what the gate may hold of
/// requests and of answers by its settings, and two sign-ins at once. Pages of the
/// executable and of files are no part of it; how many they are depends on the machine.
const MAY_ADD_KB: u64 = (16 + 16 + 2 * 19) * 1024;

pub struct Target {
    pub address: SocketAddr,
    pub owner: String,
    /// Memory of its own and threads before anything attacked it.
    at_rest: (u64, u64),
    /// The most memory of its own that was seen.
    most_kb: AtomicU64,
    child: Child,
    log: PathBuf,
    _folder: TempDir,
}

impl Target {
    pub fn start(flags: &[&str]) -> Target {
        Target::spawn(program(), flags)
    }

    /// Starts it with so many files allowed.
    pub fn with_files(files: usize, flags: &[&str]) -> Target {
        let own = program();
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]).arg(own.get_program()).stdin(Stdio::null());
        for (name, value) in own.get_envs().filter(|(_, value)| value.is_none()) {
            assert!(value.is_none());
            shell.env_remove(name);
        }
        Target::spawn(shell, flags)
    }

    fn spawn(mut command: Command, flags: &[&str]) -> Target {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        command.args(["serve", "--no-browser", "--listen", "127.0.0.1:0", "--log-level", "warn", "--rate-limit", "0", "--db"]);
        command.arg(folder.path().join("hotel.db")).args(flags).env("TMPDIR", folder.path());
        let mut child =
            command.stdout(Stdio::piped()).stderr(File::create(&log).expect("a log")).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its first line");
        let address = line.trim_end().trim_end_matches('/').rsplit('/').next().and_then(|a| a.parse().ok());
        let address = address.unwrap_or_else(|| panic!("its first line was {line:?}"));
        let most_kb = AtomicU64::new(0);
        let mut target = Target { address, owner: String::new(), at_rest: (0, 0), most_kb, child, log, _folder: folder };
        target.owner = token(&target.connect().post("/api/setup", &set_up()).expect(201));
        let mut desk = target.signed();
        (0..30).for_each(|number| ask(&target, &mut desk, number));
        target.at_rest = (target.status("RssAnon"), target.status("Threads"));
        target
    }

    pub fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    pub fn signed(&self) -> Client {
        self.connect().signed(&self.owner)
    }

    /// A line of `/proc/PID/status` that begins with a number.
    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a living process");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
        line.trim_start_matches(':').split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number")
    }

    pub fn note_memory(&self) {
        self.most_kb.fetch_max(self.status("RssAnon"), Ordering::Relaxed);
    }

    /// Connections have no threads. What stands between the gate and the workers grows to
    /// one for each connection between these.
    pub fn assert_threads(&self) {
        let (threads, inner) = (self.status("Threads"), self.figure("inner_connections_open"));
        let before = self.at_rest.1;
        assert!(threads <= before + inner, "{before} threads, then {threads}, with {inner} connections inside");
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("a pid")
    }

    /// A figure of `/metrics`.
    pub fn figure(&self, name: &str) -> u64 {
        let text = String::from_utf8(self.connect().get("/metrics").body).expect("text");
        let line = text.lines().find_map(|line| line.strip_prefix("innkeeper_")?.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|line| line.parse().ok()).unwrap_or_else(|| panic!("{name} is not among\n{text}"))
    }

    /// Waits until a figure of `/metrics` has come to where it must.
    pub fn until(&self, name: &str, value: u64) {
        let begun = Instant::now();
        while self.figure(name) != value {
            assert!(begun.elapsed() < PATIENCE, "{name} is {}", self.figure(name));
        }
    }

    pub fn refused(&self, reason: &str) -> u64 {
        self.figure(&format!("gate_refused_total{{reason=\"{reason}\"}}"))
    }

    /// What must hold when the attack is over. The figures of it, for people.
    pub fn verdict(&mut self) -> String {
        assert!(self.child.try_wait().expect("its state").is_none(), "it lives");
        let begun = Instant::now();
        // The asker itself is one.
        while self.figure("queue_depth") > 0 || self.figure("inner_connections_busy") > 1 {
            assert!(begun.elapsed() < PATIENCE, "a worker is stuck");
        }
        let mut all: Vec<Client> = (0..32).map(|_| self.connect()).collect();
        all.iter_mut().for_each(|client| client.write("GET", "/api/health", ""));
        all.iter_mut().for_each(|client| assert_eq!(client.answer(HasBody::Yes).status, 200, "all workers answer"));
        let log = self.log_text();
        for sign in ["panicked", " ERROR ", "abort", "overflow"] {
            assert!(!log.contains(sign), "its log says\n{log}");
        }
        self.note_memory();
        self.assert_threads();
        let (before, most) = (self.at_rest.0, self.most_kb.load(Ordering::Relaxed));
        assert!(most <= before + MAY_ADD_KB, "it held {before} kB of its own, then {most} kB");
        let [before, most] = [before, most].map(|kb| kb as f64 / 1024.0);
        format!("{before:.1} MB of its own, then {most:.1}, {} threads", self.status("Threads"))
    }

    pub fn log_text(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }

    /// Asks it to stop as the system does, and waits for its end.
    pub fn stop(&mut self) -> ExitStatus {
        // SAFETY: signals the child that this test started and has not waited for.
        assert_eq!(unsafe { libc::kill(self.pid(), libc::SIGTERM) }, 0);
        self.child.wait().expect("its end")
    }

    /// Opens an event stream and reads nothing of it.
    pub fn open_stream(&self) -> Raw {
        let mut raw = Raw::connect(self.address).read_little();
        let ask = get("/api/events").replace("\r\n\r\n", &format!("\r\nAuthorization: Bearer {}\r\n\r\n", self.owner));
        assert!(raw.send(ask));
        raw
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn set_up() -> serde_json::Value {
    json!({
        "property_name": "Besieged Hotel", "currency": "EUR", "time_zone": "Europe/Lisbon", "business_date": "2025-11-10",
        "username": "owner", "full_name": "The owner", "password": PASSWORD,
    })
}
