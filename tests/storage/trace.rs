//! What a program did to its files, as `recorder.c` wrote it down.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// One thing done to a folder. Names are relative to it, files are numbered by the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Create { name: String, file: u64 },
    Write { file: u64, offset: u64, bytes: Vec<u8> },
    Truncate { file: u64, length: u64 },
    SyncBegin { file: u64, number: u64 },
    SyncEnd { number: u64 },
    Rename { from: String, to: String },
    Link { from: String, to: String },
    Unlink { name: String },
    MakeFolder { name: String },
    FolderSyncBegin { name: String, number: u64 },
    FolderSyncEnd { number: u64 },
}

/// The events in their order, and where each ends in the record: what had been
/// recorded when something was acknowledged was done by then.
pub struct Trace {
    pub events: Vec<Event>,
    ends: Vec<u64>,
}

const HEAD: usize = 32;

impl Trace {
    pub fn read(path: &Path) -> Trace {
        let bytes = std::fs::read(path).expect("a record");
        let (mut events, mut ends, mut at) = (Vec::new(), Vec::new(), 0);
        while at < bytes.len() {
            let head = &bytes[at..at + HEAD];
            let small = |from: usize| u32::from_ne_bytes(head[from..from + 4].try_into().expect("four bytes"));
            let large = |from: usize| u64::from_ne_bytes(head[from..from + 8].try_into().expect("eight bytes"));
            let (first, second, length) = (small(4) as usize, small(8) as usize, small(12) as usize);
            let (file, number) = (large(16), large(24));
            at += HEAD;
            let mut take = |length: usize| {
                at += length;
                &bytes[at - length..at]
            };
            let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("a name");
            let (one, two, data) = (name(take(first)), name(take(second)), take(length).to_vec());
            events.push(match small(0) {
                1 => Event::Create { name: one, file },
                2 => Event::Write { file, offset: number, bytes: data },
                3 => Event::Truncate { file, length: number },
                4 => Event::SyncBegin { file, number },
                5 => Event::SyncEnd { number },
                6 => Event::Rename { from: one, to: two },
                7 => Event::Link { from: one, to: two },
                8 => Event::Unlink { name: one },
                9 => Event::MakeFolder { name: one },
                10 => Event::FolderSyncBegin { name: one, number },
                11 => Event::FolderSyncEnd { number },
                other => panic!("no record is of kind {other}"),
            });
            ends.push(at as u64);
        }
        Trace { events, ends }
    }

    /// How many events had happened when the record had this length.
    pub fn events_by(&self, length: u64) -> usize {
        self.ends.partition_point(|end| *end <= length)
    }
}

/// `recorder.c` as a library, made once.
pub fn recorder() -> &'static Path {
    static MADE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let library = folder.path().join("recorder.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/storage/recorder.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"]).arg(&library);
        let output = compiler.args([source, "-ldl", "-lpthread"]).output().expect("a C compiler");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (folder, library)
    });
    library
}

/// Has a program be recorded while it works below this folder.
pub fn recorded<'a>(command: &'a mut Command, folder: &Path, trace: &Path) -> &'a mut Command {
    command.env("LD_PRELOAD", recorder()).env("STORAGE_FOLDER", folder).env("STORAGE_TRACE", trace)
}
