//! The command line: what may be asked, and who does it.
//!
//! Help texts are for people who run a hotel. What a command does to the hotel's
//! data is decided by `hotel`; here it is only asked for and told.

mod backup;
mod browser;
mod check;
mod default_place;
mod demo;
pub mod desktop;
mod lock;
mod log_lines;
mod manual;
mod password;
mod progress;
mod rescue;
mod restore;
mod scratch;
mod serve;
mod transfer;
mod user;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{Config, ConfigError, DataFile, Settings};
use crate::db::beside::Strays;
use crate::db::migrate::BeforeUpgrade;
use crate::db::{Context, Db, OnCommit, OpenError, Options, Tx, Upgrade};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::error::Error;
use crate::hotel::audit;
use crate::hotel::backups::place::{self, Found};
use crate::hotel::backups::{BackupError, note_upgrade};

/// Hotel management for small hotels: one program, one file.
///
/// Without a command, Innkeeper opens the hotel and shows it in the browser.
/// Everything is kept in one data file on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "innkeeper",
    version,
    max_term_width = 100,
    override_usage = "innkeeper [COMMAND] [OPTIONS]",
    after_help = "Each option can also be set in the environment or in innkeeper.toml; see innkeeper serve --help."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the hotel and show it in the browser (the same as no command)
    Serve(serve::Arguments),
    /// Open a made-up hotel to try everything with; it is thrown away at the end
    Demo(demo::Arguments),
    /// Import bookings from a CSV file
    Import(transfer::ImportArguments),
    /// Export the bookings as CSV
    Export(transfer::ExportArguments),
    /// Make a back-up copy, also while the hotel is open
    Backup(backup::Arguments),
    /// Put a back-up copy in the place of the data file, which is kept aside
    Restore(restore::Arguments),
    /// Staff accounts: add one, give a new password, list them
    User(user::Arguments),
    /// Examine the data file: is it whole, and does everything in it agree
    Check(check::Arguments),
    /// Print the description of the HTTP API (OpenAPI 3.1)
    Openapi,
    /// Print the licences of everything that Innkeeper is made of
    Licences(manual::LicenceArguments),
    /// Print the manual page of Innkeeper or of one command
    Man(manual::ManArguments),
    /// Print the completions for a shell
    Completions(manual::CompletionArguments),
}

/// Why a command could not be done, in words for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{}", in_words(.0))]
    Hotel(Error),
    #[error("{0}")]
    Plain(String),
    #[error("{what}")]
    Io { what: String, source: io::Error },
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Failure {
        Failure::Plain(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Hotel(error)
    }
}

/// An error of the hotel as one sentence.
fn in_words(error: &Error) -> String {
    match error {
        Error::Invalid(fields) => {
            let all: Vec<String> = fields.iter().map(|f| format!("{} {}", f.field, f.message)).collect();
            format!("{}.", all.join("; "))
        }
        Error::Refused(_)
        | Error::NotFound(_)
        | Error::BadRequest(_)
        | Error::UnsupportedMedia
        | Error::Unauthenticated(_)
        | Error::Forbidden(_)
        | Error::TooMany { .. }
        | Error::Busy(_)
        | Error::DiskFull
        | Error::Damaged
        | Error::Internal(_) => error.to_string(),
    }
}

/// A failure of the operating system, with what was tried.
fn io_failure(what: impl Into<String>) -> impl FnOnce(io::Error) -> Failure {
    let what = what.into();
    move |source| Failure::Io { what, source }
}

impl Cli {
    /// Reads the arguments; prints help or a complaint and exits where that is the answer.
    pub fn from_arguments(arguments: impl IntoIterator<Item = OsString>) -> Cli {
        let matches = definition().get_matches_from(with_default_command(arguments.into_iter().collect()));
        Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Serve(arguments) => serve::run(arguments),
            Command::Demo(arguments) => demo::run(arguments),
            Command::Import(arguments) => transfer::import(arguments),
            Command::Export(arguments) => transfer::export(arguments),
            Command::Backup(arguments) => backup::run(&arguments),
            Command::Restore(arguments) => restore::run(&arguments),
            Command::User(arguments) => user::run(arguments),
            Command::Check(arguments) => check::run(&arguments),
            Command::Openapi => manual::openapi(),
            Command::Licences(arguments) => manual::licences(&arguments),
            Command::Man(arguments) => manual::man(&arguments),
            Command::Completions(arguments) => manual::completions(&arguments),
        }
    }
}

/// The whole command line, as help, manual and completions tell it.
fn definition() -> clap::Command {
    let file = "The demo hotel's file, made when it is not there and kept [default: a temporary one, removed at the end]";
    Cli::command().mut_subcommand("demo", |demo| demo.mut_arg("db", |db| db.help(file)))
}

/// Puts `serve` where no command stands.
fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let names_command = arguments
        .get(1)
        .and_then(|first| first.to_str())
        .is_some_and(|first| matches!(first, "-h" | "--help" | "-V" | "--version") || !first.starts_with('-'));
    if !names_command {
        arguments.insert(arguments.len().min(1), "serve".into());
    }
    arguments
}

/// The settings of a command that is no server.
fn settled(choice: &DataFile) -> Result<Config, Failure> {
    start_log();
    Ok(Config::load(choice, Settings::default(), default_place::default_file()?)?)
}

/// Opens a data file that must be there: a mistyped name makes no new hotel.
fn open_existing(config: &Config) -> Result<Db, Failure> {
    match found(config)? {
        Found::Nothing => Err(missing(&config.data_file)),
        Found::File => opened(config, Box::new(|_| ())),
    }
}

/// Looks at the place of the data file with all that lies beside it, before anything opens it.
fn found(config: &Config) -> Result<Found, OpenError> {
    let strays = if config.database.is_read_only { Strays::Refuse } else { Strays::PutAside(context().now) };
    place::look(&config.data_file, strays)
}

/// Opens the data file, or makes it where no trace of one is, and tells when it was one of an
/// earlier version. No other place in this folder opens it.
fn opened(config: &Config, on_commit: OnCommit) -> Result<Db, Failure> {
    found(config)?;
    let options = Options { before_upgrade: BeforeUpgrade::Copy(context().now), ..config.database.clone() };
    let db = Db::open(&config.data_file, &options, on_commit)?;
    if let Some(upgrade) = db.upgrade().cloned() {
        let text = told(&config.data_file, &upgrade);
        log::info!("{text}");
        // Beside the answer of a command, which may go into a file.
        io::stderr().write_all(format!("{text}\n").as_bytes()).map_err(io_failure("The console cannot be written to."))?;
        db.write(context(), move |tx| note_upgrade(tx, &upgrade))?;
    }
    Ok(db)
}

/// Leaves an entry in the audit trail of what was taken out of the hotel by a command. Where nothing
/// can be saved, as on a full disk, the log has it alone: a back-up has to be possible then too.
fn note(db: &Db, action: &'static str, entity: &'static str, after: serde_json::Value) {
    let entry = move |tx: &Tx| audit::record(tx, action, entity, 0, &serde_json::Value::Null, &after);
    if let Err(error) = db.write(context(), entry) {
        log::warn!("the audit trail has no entry of this {action}: {error}");
    }
}

fn told(data_file: &Path, upgrade: &Upgrade) -> String {
    let kept =
        upgrade.copy.as_ref().map_or_else(String::new, |copy| format!(" As it was, it is kept as {}.", shown(copy).display()));
    let (file, program) = (shown(data_file), env!("CARGO_PKG_VERSION"));
    format!("{} was brought from schema {} to {} for Innkeeper {program}.{kept}", file.display(), upgrade.from, upgrade.to)
}

fn missing(path: &Path) -> Failure {
    let path = path.display();
    Failure::Plain(format!("There is no data file at {path}. Name yours with --db, or start Innkeeper once to make one."))
}

/// Who acts on the command line, and when.
fn context() -> Context {
    Context { actor: Actor::program("console"), now: Instant::system_now() }
}

/// The log of a command that is no server goes to stderr: what RUST_LOG says, else warnings.
fn start_log() {
    let mut builder = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn"));
    // Only a second start within one process could fail here, and there is none.
    let _ = builder.try_init();
}

/// Prints a whole text; a reader that has seen enough is no failure.
fn print(text: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Io { what: "The output could not be written.".to_owned(), source: error })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A path for people: absolute, so that they find the file again.
fn shown(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_definition_holds_together() {
        definition().debug_assert();
    }

    #[test]
    fn no_command_means_serve() {
        for (given, meant) in [
            ("innkeeper", "innkeeper serve"),
            ("innkeeper --no-browser", "innkeeper serve --no-browser"),
            ("innkeeper --help", "innkeeper --help"),
            ("innkeeper -V", "innkeeper -V"),
            ("innkeeper check --db x", "innkeeper check --db x"),
        ] {
            assert_eq!(with_default_command(words(given)), words(meant));
        }
    }

    #[test]
    fn bad_fields_are_told_in_a_sentence() {
        let failure = Failure::from(Error::invalid("password", crate::domain::wording::text!("must have 8 to 200 characters")));
        assert_eq!(failure.to_string(), "password must have 8 to 200 characters.");
    }
}
