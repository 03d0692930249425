//! A disk that is full, and a folder that cannot be written to.
//!
//! The program runs in a mount namespace of its own, where the test may make a
//! small disk or a read-only folder without being root.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::support::RunningHotel;
use crate::support::client::Client;
use crate::support::running::{PASSWORD, program, run, stderr, stdout, text, token};

const SENTENCE: &str = "The disk of the hotel's computer is full. Nothing can be saved until there is space on it.";

/// The program's start after `prepare` has run with the folder as `$1`.
fn in_namespace(prepare: &str, folder: &Path, arguments: &[&str]) -> Command {
    // SAFETY: reads the process's own user id.
    let is_root = unsafe { libc::geteuid() } == 0;
    let own = program();
    let mut command = Command::new("unshare");
    command.args(if is_root { &["--mount"][..] } else { &["--user", "--map-root-user", "--mount"] });
    let script = format!("{prepare}; folder=$1; shift; exec \"$@\"");
    command.args(["sh", "-e", "-c", &script, "sh", text(folder), text(Path::new(own.get_program()))]).args(arguments);
    for (name, _) in own.get_envs().filter(|(_, value)| value.is_none()) {
        command.env_remove(name);
    }
    command
}

/// A path inside the namespace that a process of this test lives in.
fn seen_from_outside(hotel: &RunningHotel, path: &Path) -> PathBuf {
    Path::new("/proc").join(hotel.id().to_string()).join("root").join(path.strip_prefix("/").expect("an absolute path"))
}

#[test]
fn a_full_disk_takes_nothing_back_and_the_hotel_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotel.db");
    let small_disk = "mount -t tmpfs -o size=4m none \"$1\"; head -c 1500000 /dev/zero > \"$1/ballast\"";
    // Temporary files of the program's own are elsewhere.
    let mut command = in_namespace(small_disk, folder.path(), &["serve", "--db", text(&file), "--rate-limit", "0"]);
    command.env("TMPDIR", std::env::temp_dir());
    let hotel = RunningHotel::spawn(command);
    let owner = hotel.set_up();
    let mut desk = hotel.connect().signed(&owner);
    let notes = "x".repeat(2000);
    let mut saved = 0;
    // Until there is no room: a log that is folded meanwhile makes a little.
    let mut fill = |desk: &mut Client| {
        loop {
            let answer = desk.post("/api/guests", &json!({"full_name": format!("Guest {saved}"), "notes": notes}));
            if answer.status != 201 {
                assert_eq!(answer.expect(503)["detail"], SENTENCE);
                return saved;
            }
            saved += 1;
            assert!(saved < 5000, "the disk never filled");
        }
    };
    assert!(fill(&mut desk) > 0);
    let listed = |desk: &mut Client| desk.get("/api/guests?page_size=1").expect(200)["total"].clone();
    let filled = fill(&mut desk);
    assert_eq!(listed(&mut desk), filled);
    // Whoever comes to look, or to make room, is let in, and stays in.
    let credentials = json!({"username": "owner", "password": PASSWORD});
    let mut late = hotel.connect();
    late.post("/api/auth/login", &json!({"username": "owner", "password": "not the password"})).expect(401);
    let late_token = token(&late.post("/api/auth/login", &credentials).expect(200));
    let mut late = late.signed(&late_token);
    let saved = fill(&mut late);
    assert_eq!(listed(&mut late), saved);
    std::fs::remove_file(seen_from_outside(&hotel, &folder.path().join("ballast"))).expect("room is made");
    late.post("/api/guests", &json!({"full_name": "Late", "notes": notes})).expect(201);
    late.post("/api/auth/logout", &json!({})).expect(204);
    late.get("/api/guests").problem(401);
    desk.post("/api/guests", &json!({"full_name": "In time"})).expect(201);
    assert_eq!(listed(&mut desk), saved + 2);
    let check = run(&["check", "--db", text(&seen_from_outside(&hotel, &file))]);
    assert!(check.status.success(), "{}", stdout(&check));
    let (status, _, _) = hotel.stop();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotel.db");
    let read_only = "mount --bind \"$1\" \"$1\"; mount -o remount,ro,bind \"$1\"";
    let output = in_namespace(read_only, folder.path(), &["serve", "--db", text(&file)]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("cannot be opened") && said.contains("that it can be written to"), "{said}");
    assert!(!file.exists());
}
