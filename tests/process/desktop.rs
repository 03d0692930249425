//! A start by double-click on Linux: no terminal, no arguments, a desktop that shows boxes.

use std::fs::{File, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::support::running::{program, stderr, stdout};

/// A user's home with a program for boxes, which writes down what it is to show and
/// answers with an exit code, and one that opens pages, which writes them down.
struct Desktop {
    home: TempDir,
}

impl Desktop {
    fn with(boxes: &str, answer: u8) -> Desktop {
        let desktop = Desktop { home: tempfile::tempdir().expect("a folder") };
        for (name, code) in [(boxes, answer), ("xdg-open", 0)] {
            let path = desktop.home.path().join("bin").join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            let record = desktop.home.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{}'\nexit {code}\n", record.display()))
                .expect("written");
            std::fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("allowed");
        }
        std::fs::create_dir(desktop.home.path().join("innkeeper")).expect("made");
        std::fs::write(desktop.data_file().with_file_name("innkeeper.toml"), "listen = \"127.0.0.1:0\"\n").expect("written");
        desktop
    }

    fn data_file(&self) -> PathBuf {
        self.home.path().join("innkeeper/hotel.db")
    }

    fn double_click(&self) -> Command {
        let mut command = program();
        command.env("PATH", self.home.path().join("bin")).env("XDG_DATA_HOME", self.home.path()).env("DISPLAY", ":0");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What a program of the desktop was called with.
    fn record(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.path().join(name)).unwrap_or_default()
    }
}

fn spoil(file: &Path) {
    std::fs::write(file, "Dear diary, ".repeat(100)).expect("written");
}

#[test]
fn what_goes_wrong_is_said_in_a_box_of_the_first_program_that_is_there() {
    for boxes in ["zenity", "kdialog", "xmessage", "notify-send"] {
        let desktop = Desktop::with(boxes, 0);
        spoil(&desktop.data_file());
        let output = desktop.double_click().output().expect("it runs");
        assert_eq!(output.status.code(), Some(1));
        assert!(desktop.record(boxes).contains("is not an Innkeeper data file"), "{boxes}: {}", desktop.record(boxes));
        assert!(stderr(&output).contains("is not an Innkeeper data file"), "the console has it as well");
    }
}

#[test]
fn commands_and_machines_without_a_desktop_show_no_box() {
    let desktop = Desktop::with("zenity", 0);
    spoil(&desktop.data_file());
    desktop.double_click().arg("--no-browser").output().expect("it runs");
    desktop.double_click().env_remove("DISPLAY").output().expect("it runs");
    assert_eq!(desktop.record("zenity"), "");
}

/// An open Innkeeper of another version, as a second start sees it: a lock, a note, an
/// answer, and a process that ends when it is asked to.
fn open_beside(desktop: &Desktop, version: &str) -> String {
    let beside = |ending: &str| desktop.data_file().with_extension(ending);
    let lock = File::create(beside("db.lock")).expect("made");
    lock.lock().expect("locked");
    let mut process: Child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a process");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    std::fs::write(beside("db.open"), format!("{url}\n{}\n", process.id())).expect("written");
    let body = format!("{{\"status\":\"ok\",\"version\":\"{version}\",\"database\":\"ok\"}}");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            // To the empty line: closing on what was not read would cut the answer off.
            BufReader::new(&stream).lines().map_while(Result::ok).find(String::is_empty);
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).expect("sent");
        }
    });
    let (lock_file, note) = (beside("db.lock"), beside("db.open"));
    std::thread::spawn(move || {
        // Its input stays open, so only a signal ends it.
        let input = process.stdin.take();
        process.wait().expect("its end");
        drop(input);
        std::fs::remove_file(note).expect("removed");
        std::fs::remove_file(lock_file).expect("removed");
        drop(lock);
    });
    url
}

#[test]
fn a_newer_program_takes_the_place_of_the_open_one_where_somebody_says_so() {
    let desktop = Desktop::with("kdialog", 0);
    let url = open_beside(&desktop, "0.0.9");
    let mut child = desktop.double_click().spawn().expect("it starts");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    out.read_line(&mut line).expect("its first line");
    assert!(line.starts_with("Innkeeper is open at http://127.0.0.1:") && !line.contains(&url), "{line}");
    let asked = desktop.record("kdialog");
    assert!(asked.contains(&format!("Innkeeper 0.0.9 is open at {url}. Shall it be closed, ")), "{asked}");
    let pid = i32::try_from(child.id()).expect("a pid");
    // SAFETY: signals the child that this test started and has not waited for.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGTERM) }, 0);
    out.read_to_string(&mut line).expect("the rest");
    assert_eq!(child.wait().expect("its end").code(), Some(0));
}

#[test]
fn an_older_program_or_a_no_leaves_the_open_one_alone_and_shows_its_page() {
    let beside = |version: &str, boxes: &str, answer: u8| -> (Desktop, String, Output) {
        let desktop = Desktop::with(boxes, answer);
        let url = open_beside(&desktop, version);
        let output = desktop.double_click().output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stdout(&output).contains(&format!("It is Innkeeper {version}, this is ")), "{}", stdout(&output));
        assert_eq!(desktop.record("xdg-open").trim_end(), url);
        (desktop, url, output)
    };
    let (desktop, ..) = beside("99.0.0", "zenity", 0);
    assert_eq!(desktop.record("zenity"), "", "a newer one is not asked about");
    let (desktop, ..) = beside("0.0.9", "zenity", 1);
    assert!(desktop.record("zenity").contains("--question"));
    beside("0.0.9", "notify-send", 0);
}
