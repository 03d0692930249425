//! A fault at every call: whichever call to the disk fails, once or until further
//! notice, nothing that was acknowledged is lost, nothing that was refused is there,
//! the sentence says what to do, and all goes on when the fault is gone.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rusqlite::Connection;
use tempfile::TempDir;

use super::given;
use super::trace::recorder;
use super::work::{Site, booking};
use crate::support::Answer;
use crate::support::client::Client;
use crate::support::numbers::Numbers;
use crate::support::running::{program, run, stderr, stdout, text};

/// Faults that each test here makes, when nobody asks for more.
const FAULTS: u64 = 40;

/// What the system may say instead of doing it; 0: half of a write is written.
const ERRORS: [i32; 5] = [libc::EIO, libc::ENOSPC, libc::EINTR, libc::EMFILE, 0];

/// Until further notice.
const FOR_GOOD: u64 = u64::MAX / 2;

/// The switch that the program's calls look at (`struct fault` of the recorder).
struct Switch {
    file: File,
    path: PathBuf,
    _folder: TempDir,
}

impl Switch {
    fn new() -> Switch {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("switch");
        std::fs::write(&path, [0; 40]).expect("a file");
        let file = File::options().read(true).write(true).open(&path).expect("a file");
        Switch { file, path, _folder: folder }
    }

    fn number(&self, place: u64) -> u64 {
        let mut bytes = [0; 8];
        self.file.read_exact_at(&mut bytes, place * 8).expect("a number");
        u64::from_ne_bytes(bytes)
    }

    fn set(&self, place: u64, number: u64) {
        self.file.write_all_at(&number.to_ne_bytes(), place * 8).expect("a number");
    }

    fn calls(&self) -> u64 {
        self.number(0)
    }

    /// How many calls have failed.
    fn failed(&self) -> u64 {
        self.number(4)
    }

    fn arm(&self, fault: Fault) {
        self.set(2, 0);
        self.set(1, self.calls() + fault.after);
        self.set(3, u64::try_from(fault.error).expect("an error"));
        self.set(2, fault.count);
    }

    fn disarm(&self) {
        self.set(2, 0);
    }

    fn on(&self, command: &mut Command, folder: &Path) {
        command.env("LD_PRELOAD", recorder()).env("STORAGE_FOLDER", folder).env("STORAGE_FAULT", &self.path);
    }
}

#[derive(Debug, Clone, Copy)]
struct Fault {
    /// Calls that go well before it.
    after: u64,
    count: u64,
    error: i32,
}

/// The faults to try where the work makes so many calls: all of them, or a sample.
fn faults(calls: u64) -> Vec<Fault> {
    let every = |after: u64| {
        ERRORS.into_iter().flat_map(move |error| {
            // A call that is always interrupted is made for ever, as it should be.
            let most = if error == libc::EINTR { 9 } else { FOR_GOOD };
            [1, most].map(|count| Fault { after, count, error })
        })
    };
    let mut all: Vec<Fault> = (0..calls).flat_map(every).collect();
    let (wanted, mut numbers) = (usize::try_from(given("STORAGE_FAULTS", FAULTS)).expect("small"), Numbers(7));
    while all.len() > wanted {
        all.swap_remove(numbers.place(all.len()));
    }
    all
}

fn keys(file: &Path) -> BTreeSet<String> {
    let file = Connection::open(file).expect("the file");
    let mut statement = file.prepare("SELECT notes FROM reservation").expect("a statement");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

fn assert_good(file: &Path, fault: Fault) {
    let check = run(&["check", "--db", text(file)]);
    assert!(check.status.success(), "after {fault:?}: {}{}", stdout(&check), stderr(&check));
}

#[test]
fn a_desk_whose_disk_fails_at_any_call_loses_nothing_and_goes_on_when_it_is_mended() {
    let (site, switch) = (Site::new(), Switch::new());
    let mut command = program();
    switch.on(&mut command, site.folder.path());
    let hotel = site.open_by(command);
    let token = hotel.set_up();
    let (mut desk, mut numbers) = (hotel.connect(&token), Numbers(3));
    let (mut kept, mut refused) = (BTreeSet::new(), BTreeSet::new());
    let before = switch.calls();
    desk.post("/api/reservations", &booking(&mut numbers, "first")).expect(201);
    hotel.rest(&token);
    let calls = switch.calls() - before;
    for (n, fault) in faults(calls).into_iter().enumerate() {
        switch.arm(fault);
        for what in ["in", "then"] {
            let key = format!("{n}-{what}");
            let answer = book(&mut desk, &mut numbers, &key);
            match answer.status {
                201 => kept.insert(key),
                500 | 503 => {
                    let said = String::from_utf8_lossy(&answer.body).into_owned();
                    assert!(says_what_to_do(&said), "{fault:?}: {said}");
                    refused.insert(key)
                }
                other => panic!("{fault:?}: {other} {}", String::from_utf8_lossy(&answer.body)),
            };
        }
        switch.disarm();
        let key = format!("{n}-mended");
        let mended = book(&mut desk, &mut numbers, &key);
        assert_eq!(mended.status, 201, "after {fault:?}: {}", String::from_utf8_lossy(&mended.body));
        kept.insert(key);
    }
    assert!(switch.failed() > 0, "no call failed");
    println!("{calls} calls, {} failed; {} bookings kept, {} refused", switch.failed(), kept.len(), refused.len());
    hotel.close();
    let found = keys(&site.file());
    assert!(kept.is_subset(&found), "lost: {:?}", kept.difference(&found));
    assert!(refused.is_disjoint(&found), "refused, and there: {:?}", refused.intersection(&found));
    assert_good(&site.file(), Fault { after: 0, count: 0, error: 0 });
}

/// Books some nights on which there is room.
fn book(desk: &mut Client, numbers: &mut Numbers, key: &str) -> Answer {
    loop {
        let answer = desk.post("/api/reservations", &booking(numbers, key));
        if answer.status != 409 {
            return answer;
        }
    }
}

/// Whether a refusal tells the desk that nothing was saved, and why.
fn says_what_to_do(said: &str) -> bool {
    ["disk of the hotel's computer", "could not be saved; please try again"].iter().any(|words| said.contains(words))
}

/// A folder with a hotel of two bookings.
fn hotel() -> TempDir {
    let site = Site::new();
    let hotel = site.open_by(program());
    let token = hotel.set_up();
    let (mut desk, mut numbers) = (hotel.connect(&token), Numbers(5));
    for key in ["one", "two"] {
        desk.post("/api/reservations", &booking(&mut numbers, key)).expect(201);
    }
    hotel.close();
    site.folder
}

fn copy_of(folder: &TempDir) -> TempDir {
    let copy = tempfile::tempdir_in(folder.path().parent().expect("a folder")).expect("a folder");
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a kind").is_file() {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("copied");
        }
    }
    copy
}

/// Runs a command with each fault in turn on a hotel of its own. Whatever it said, the
/// hotel is whole; and it does its work once the fault is gone.
fn fail_everywhere(arguments: &dyn Fn(&Path) -> Vec<String>, is_done: &dyn Fn(&Path) -> bool) {
    let original = hotel();
    let start = |switch: &Switch, folder: &Path| -> Output {
        let mut command = program();
        switch.on(&mut command, folder);
        command.args(arguments(folder)).args(["--db", text(&folder.join("hotel.db"))]).output().expect("it runs")
    };
    let count = Switch::new();
    let folder = copy_of(&original);
    let well = start(&count, folder.path());
    assert!(well.status.success() && is_done(folder.path()), "{}", stderr(&well));
    let (calls, mut failures) = (count.calls(), 0);
    for fault in faults(calls) {
        let (folder, switch) = (copy_of(&original), Switch::new());
        switch.arm(fault);
        let output = start(&switch, folder.path());
        let said = stderr(&output);
        assert!(!said.contains("panic"), "{fault:?}: {said}");
        assert!(output.status.code().is_some(), "{fault:?}: ended by a signal");
        if output.status.success() {
            assert!(is_done(folder.path()), "{fault:?}: it said that it was done");
        } else {
            failures += 1;
            let sentence = said.lines().find_map(|line| line.strip_prefix("innkeeper: "));
            assert!(sentence.is_some_and(|sentence| sentence.len() > 40), "{fault:?}: {said}");
        }
        let mut left = keys(&folder.path().join("hotel.db"));
        left.retain(|key| ["one", "two"].contains(&key.as_str()));
        assert_eq!(left.len(), 2, "{fault:?}: {said}");
        assert_good(&folder.path().join("hotel.db"), fault);
        let again = start(&Switch::new(), folder.path());
        assert!(again.status.success() || is_done(folder.path()), "after {fault:?}: {}", stderr(&again));
        assert!(is_done(folder.path()), "after {fault:?}");
    }
    println!("{calls} calls; {failures} runs said that it could not be done");
    assert!(failures > 0, "no fault was felt");
}

fn words(text: &[&str]) -> Vec<String> {
    text.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_back_up_whose_disk_fails_at_any_call_leaves_the_hotel_and_no_half_copy() {
    let is_copy = |path: &Path| path.extension().is_some_and(|ending| ending == "gz");
    let is_done = move |folder: &Path| {
        let entries =
            std::fs::read_dir(folder.join("backups")).into_iter().flatten().map(|entry| entry.expect("an entry").path());
        let copies: Vec<PathBuf> = entries.filter(|path| is_copy(path)).collect();
        for copy in &copies {
            let elsewhere = tempfile::tempdir().expect("a folder");
            let looked = run(&["restore", text(copy), "--dry-run", "--db", text(&elsewhere.path().join("hotel.db"))]);
            assert!(looked.status.success(), "{}", stderr(&looked));
        }
        !copies.is_empty()
    };
    fail_everywhere(&|_| words(&["backup"]), &is_done);
}

#[test]
fn an_import_whose_disk_fails_at_any_call_has_happened_or_not() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let rows = "external_id,room_type,guest_name,check_in_date,check_out_date,notes\n\
                X-1,DBL,Ana Sousa,2026-05-03,2026-05-06,imported 1\nX-2,DBL,Ben Li,2026-05-03,2026-05-06,imported 2\n";
    std::fs::write(file.path(), rows).expect("written");
    let is_done = |folder: &Path| {
        let found = keys(&folder.join("hotel.db")).iter().filter(|key| key.starts_with("imported")).count();
        assert!(found == 0 || found == 2, "{found} of 2");
        found == 2
    };
    let path = file.path().to_owned();
    fail_everywhere(&|_| words(&["import", "bookings", text(&path)]), &is_done);
}

#[test]
fn a_restore_whose_disk_fails_at_any_call_leaves_one_hotel_or_the_other() {
    let copy = hotel();
    let made = run(&["backup", "--db", text(&copy.path().join("hotel.db"))]);
    assert!(made.status.success(), "{}", stderr(&made));
    let entries = std::fs::read_dir(copy.path().join("backups")).expect("a folder").map(|entry| entry.expect("an entry").path());
    let is_copy = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "gz");
    let packed = entries.into_iter().find(is_copy).expect("a copy");
    let is_done = |folder: &Path| {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        entries.filter_map(|name| name.into_string().ok()).any(|name| name.contains("-replaced-"))
    };
    fail_everywhere(&|_| words(&["restore", text(&packed)]), &is_done);
}
