//! The work that is recorded, and what it was promised.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::trace::{Trace, recorded};
use crate::support::client::Client;
use crate::support::numbers::Numbers;
use crate::support::running::{self, program, stderr, text};

/// What the program has acknowledged, and must keep from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promise {
    /// A booking or payment that carries this key.
    Kept(String),
    /// A guest of this name is in no table any more.
    Erased(&'static str),
    /// There is a back-up with everything of these keys.
    Copied(BTreeSet<String>),
    /// All bookings of the imported file, whose keys begin so.
    Imported(&'static str, usize),
    /// The file has this marker: it is the one that was put in place.
    Replaced(&'static str),
    /// The file is of this version.
    Version(i64),
}

/// A folder with a hotel's file, and another with the record of what is done to it.
pub struct Site {
    pub folder: TempDir,
    record: TempDir,
    promises: Mutex<Vec<(u64, Promise)>>,
    asked: Mutex<BTreeSet<String>>,
}

/// What was recorded, promised and asked for.
pub struct Story {
    pub trace: Trace,
    /// With the number of events that had happened when it was given.
    pub promises: Vec<(usize, Promise)>,
    pub asked: BTreeSet<String>,
}

impl Site {
    pub fn new() -> Site {
        let temp = std::env::temp_dir();
        // Memory, where the system has such a folder: the files are made and thrown away by the thousand.
        let fast = Path::new("/dev/shm");
        let place = if fast.is_dir() { fast } else { &temp };
        let folder = tempfile::tempdir_in(place).expect("a folder");
        Site { folder, record: tempfile::tempdir().expect("a folder"), promises: Mutex::default(), asked: Mutex::default() }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("hotel.db")
    }

    pub fn record(&self) -> PathBuf {
        self.record.path().join("record")
    }

    /// From now on this holds.
    pub fn promise(&self, promise: Promise) {
        let at = std::fs::metadata(self.record()).expect("a record").len();
        self.promises.lock().expect("promises").push((at, promise));
    }

    pub fn story(self) -> Story {
        let trace = Trace::read(&self.record());
        let promises = self.promises.into_inner().expect("promises");
        let promises = promises.into_iter().map(|(at, promise)| (trace.events_by(at), promise)).collect();
        Story { trace, promises, asked: self.asked.into_inner().expect("keys") }
    }

    /// A command of the program on this file, recorded; it must end well.
    pub fn run(&self, arguments: &[&str]) {
        let mut command = program();
        let output = recorded(&mut command, self.folder.path(), &self.record()).args(arguments);
        let output = output.args(["--db", text(&self.file())]).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    }

    pub fn ask(&self, key: &str) {
        self.asked.lock().expect("keys").insert(key.to_owned());
    }
}

/// An open hotel that is recorded.
pub struct Open<'a> {
    site: &'a Site,
    child: Child,
    pub address: std::net::SocketAddr,
}

impl Site {
    pub fn open(&self) -> Open<'_> {
        let mut command = program();
        recorded(&mut command, self.folder.path(), &self.record());
        self.open_by(command)
    }

    pub fn open_by(&self, mut command: Command) -> Open<'_> {
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "error", "--rate-limit", "0", "--no-browser", "--db"])
            .arg(self.file())
            .env("TMPDIR", self.record.path())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim_end().trim_end_matches('/').rsplit('/').next().and_then(|a| a.parse().ok());
        Open { site: self, address: address.unwrap_or_else(|| panic!("its first line was {line:?}")), child }
    }
}

impl Open<'_> {
    pub fn connect(&self, token: &str) -> Client {
        Client::connect(self.address).signed(token)
    }

    pub fn set_up(&self) -> String {
        let request = json!({
            "property_name": "Unlucky Hotel", "currency": "EUR", "time_zone": "Europe/Lisbon", "business_date": "2025-11-10",
            "username": "owner", "full_name": "The owner", "password": running::PASSWORD,
        });
        let token = running::token(&Client::connect(self.address).post("/api/setup", &request).expect(201));
        let mut desk = self.connect(&token);
        let double = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100});
        desk.post("/api/room-types", &double).expect(201);
        desk.post("/api/rooms/batch", &json!({"room_type_id": 1, "numbers": ["1-9"]})).expect(201);
        token
    }

    /// Bookings and payments from three desks at once.
    pub fn work(&self, token: &str, day: u64, count: u64) {
        std::thread::scope(|scope| {
            for desk in 0..3 {
                let mut client = self.connect(token);
                scope.spawn(move || {
                    let mut numbers = Numbers(day * 10 + desk);
                    let mut last: Option<Value> = None;
                    for n in 0..count {
                        let key = format!("key-{day}-{desk}-{n}");
                        self.site.ask(&key);
                        let answer = match &last {
                            Some(id) if numbers.below(3) == 0 => client.post("/api/payments", &payment(id, &key)),
                            _ => client.post("/api/reservations", &booking(&mut numbers, &key)),
                        };
                        if answer.status == 201 {
                            let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
                            self.site.promise(Promise::Kept(key));
                            if body["confirmation_number"].is_string() {
                                last = Some(body["id"].clone());
                            }
                        }
                    }
                });
            }
        });
    }

    /// Waits until the log has been folded into the file, which it is in a pause.
    pub fn rest(&self, token: &str) {
        let (mut client, log) = (self.connect(token), self.site.folder.path().join("hotel.db-wal"));
        while std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            client.get("/api/health").expect(200);
        }
    }

    /// Closes in order.
    pub fn close(mut self) {
        let pid = i32::try_from(self.child.id()).expect("a pid");
        // SAFETY: signals the child that this test started and has not waited for.
        assert_eq!(unsafe { libc::kill(pid, libc::SIGTERM) }, 0);
        assert!(self.child.wait().expect("its end").success());
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // Fails only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn payment(id: &Value, key: &str) -> Value {
    json!({"reservation_id": id, "amount": 5, "payment_method": "cash", "reference_number": key})
}

pub fn booking(numbers: &mut Numbers, key: &str) -> Value {
    let first = innkeeper::domain::date::Date::new(2030, 1, 1).expect("a date");
    let arrival = first.plus(i64::try_from(numbers.below(3000)).expect("few")).expect("a date");
    let departure = arrival.plus(i64::try_from(1 + numbers.below(3)).expect("few")).expect("a date");
    json!({
        "guest": {"full_name": format!("Guest {key}")}, "room_type_id": 1, "notes": key,
        "check_in_date": arrival, "check_out_date": departure,
    })
}
