//! The commands, as a person gives them; the upgrade alone is done inside this process, by a step
//! that no release has.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command as Process, Stdio};

use innkeeper::db::beside::{self, Strays};
use innkeeper::db::migrate::{BeforeUpgrade, Migrations, OWN, Step};
use innkeeper::db::{Db, Options};
use innkeeper::domain::date::Instant;
use innkeeper::hotel::backups::place::{self, Found};

use super::ground::{Ground, names};
use super::table::Outcome;
use crate::support::running::{program, text};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Start,
    Look,
    BackUp,
    Restore,
    DryRun,
    Check,
    Import,
    Export,
    User,
    Upgrade,
}

/// In the order of the table's columns.
pub const COMMANDS: &[Command] = &[
    Command::Start,
    Command::Look,
    Command::BackUp,
    Command::Restore,
    Command::DryRun,
    Command::Check,
    Command::Import,
    Command::Export,
    Command::User,
    Command::Upgrade,
];

/// How a command ended, and what it told of that.
pub struct Said {
    pub code: Option<i32>,
    pub text: String,
}

/// One step further than the program itself knows.
static MADE_UP: Migrations =
    Migrations { schema: OWN.schema, steps: &[Step::Sql("CREATE TABLE made_up (id INTEGER PRIMARY KEY)")] };

impl Command {
    pub fn name(self) -> &'static str {
        match self {
            Command::Start => "start",
            Command::Look => "serve --read-only",
            Command::BackUp => "backup",
            Command::Restore => "restore",
            Command::DryRun => "restore --dry-run",
            Command::Check => "check",
            Command::Import => "import",
            Command::Export => "export",
            Command::User => "user",
            Command::Upgrade => "upgrade",
        }
    }

    pub fn run(self, ground: &mut Ground) -> Said {
        let copy = ground.copy.clone();
        let (csv, out) = (ground.elsewhere("in.csv"), ground.elsewhere("out.csv"));
        match self {
            Command::Start => serve(ground, &[]),
            Command::Look => serve(ground, &["--read-only"]),
            Command::BackUp => end(ground, &["backup"]),
            Command::Restore => end(ground, &["restore", text(&copy)]),
            Command::DryRun => end(ground, &["restore", text(&copy), "--dry-run"]),
            Command::Check => end(ground, &["check"]),
            Command::Import => {
                let template = program().args(["import", "--template"]).output().expect("it runs").stdout;
                let head = template.split(|byte| *byte == b'\n').next().expect("a head").to_vec();
                std::fs::write(&csv, [head, b"\n".to_vec()].concat()).expect("written");
                end(ground, &["import", "bookings", text(&csv)])
            }
            Command::Export => end(ground, &["export", "bookings", text(&out)]),
            Command::User => end(ground, &["user", "list"]),
            Command::Upgrade => upgrade(ground),
        }
    }

    /// What a command that worked has left where it says.
    pub fn verify(self, ground: &Ground, outcome: &Outcome) -> Result<(), String> {
        let Some(expected) = outcome.holds() else { return Ok(()) };
        let ensure = |good: bool, what: &str| if good { Ok(()) } else { Err(what.to_owned()) };
        match self {
            Command::BackUp => {
                let folder = beside::real(ground.file()).with_file_name("backups");
                let copy = newest(&folder, ".db.gz").ok_or("no copy was made")?;
                let unpacked = ground.elsewhere("unpacked.db");
                let mut bytes = Vec::new();
                let packed = std::fs::File::open(copy).map_err(|error| error.to_string())?;
                flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
                std::fs::write(&unpacked, bytes).map_err(|error| error.to_string())?;
                ensure(names(&unpacked) == expected, "the copy holds something else")
            }
            Command::Upgrade => {
                let folder = beside::real(ground.file()).parent().expect("a folder").to_owned();
                let kept = newest(&folder, ".db").filter(|path| text(path).contains("-before-upgrade-version-1-"));
                ensure(kept.is_some_and(|kept| names(&kept) == expected), "no copy of the file as it was is kept")
            }
            Command::Export => ensure(ground.elsewhere("out.csv").is_file(), "nothing was exported"),
            Command::Start
            | Command::Look
            | Command::Restore
            | Command::DryRun
            | Command::Check
            | Command::Import
            | Command::User => Ok(()),
        }
    }
}

/// The last by name, other than the data file.
fn newest(folder: &Path, ending: &str) -> Option<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let is_kept = |path: &std::path::PathBuf| text(path).ends_with(ending) && !path.ends_with("hotel.db");
    entries.filter(is_kept).max_by_key(|path| (text(path).contains("-before-upgrade-"), path.clone()))
}

fn process(ground: &Ground, arguments: &[&str]) -> Process {
    let own = program();
    let mut process = if ground.is_rightless {
        // The owner of the files, without root's right to read what nobody may read.
        let mut process = Process::new("unshare");
        process.args(["--user", text(Path::new(own.get_program()))]);
        for (name, _) in own.get_envs().filter(|(_, value)| value.is_none()) {
            process.env_remove(name);
        }
        process
    } else {
        own
    };
    process.args(arguments).args(["--db", text(&ground.named)]).stdin(Stdio::null()).stderr(Stdio::piped());
    process
}

fn end(ground: &Ground, arguments: &[&str]) -> Said {
    let output = process(ground, arguments).output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    Said { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
}

/// Starts a server, and ends it in order once it is open.
fn serve(ground: &Ground, more: &[&str]) -> Said {
    let fixed = ["serve", "--no-browser", "--listen", "127.0.0.1:0", "--log-level", "warn"];
    let mut process = process(ground, &[&fixed, more].concat());
    let mut child = process.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    let mut said = String::new();
    out.read_line(&mut said).expect("a line");
    if said.starts_with("Innkeeper is open at") && !said.contains("already") {
        let pid = i32::try_from(child.id()).expect("a pid");
        // SAFETY: signals the child that this test started and has not waited for.
        assert_eq!(unsafe { libc::kill(pid, libc::SIGTERM) }, 0);
    }
    out.read_to_string(&mut said).expect("the rest");
    child.stderr.take().expect("its complaints").read_to_string(&mut said).expect("the rest");
    Said { code: child.wait().expect("its end").code(), text: said }
}

fn upgrade(ground: &Ground) -> Said {
    let now: Instant = "2025-11-10T09:00:00Z".parse().expect("an instant");
    let options = Options { migrations: &MADE_UP, before_upgrade: BeforeUpgrade::Copy(now), ..Options::default() };
    let file = beside::real(ground.named.clone());
    let opened = place::look(&file, Strays::PutAside(now)).and_then(|found| match found {
        Found::Nothing => Ok(None),
        Found::File => Db::open(&file, &options, Box::new(|_| ())).map(Some),
    });
    match opened {
        Ok(Some(db)) => {
            let is_upgraded = db.upgrade().is_some_and(|upgrade| (upgrade.from, upgrade.to) == (1, 2));
            db.close();
            Said { code: Some(if is_upgraded { 0 } else { 2 }), text: String::new() }
        }
        Ok(None) => Said { code: Some(1), text: "There is no data file at this place. Name yours with --db.".to_owned() },
        Err(error) => Said { code: Some(1), text: error.to_string() },
    }
}
