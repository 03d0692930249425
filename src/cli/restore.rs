//! `restore`: puts a copy in the place of the data file, which is kept aside.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::lock::{self, Holder, Lock, Taken};
use super::{Failure, context, password, print, settled, shown};
use crate::config::{Config, DataFile};
use crate::hotel::backups::pack::{Form, form};
use crate::hotel::backups::restore::{Faults, Known, Report, known, known_in_place, prepare, sweep};
use crate::hotel::backups::seal::Passphrase;
use crate::hotel::backups::{Plan, plan};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The copy: a back-up of Innkeeper's, or a copied data file
    #[arg(value_name = "FILE")]
    source: PathBuf,
    /// Only look whether the copy is good, and tell what it holds
    #[arg(long)]
    dry_run: bool,
    /// Close the hotel first if it is open; start it again yourself afterwards
    #[arg(long, conflicts_with = "dry_run")]
    stop: bool,
    /// Put the copy back although not everything in it agrees; what is wrong stands in the audit trail
    #[arg(long)]
    take_faults: bool,
    /// The passphrase of an encrypted copy is the first line of this file [default: it is asked for]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    file: DataFile,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = settled(&arguments.file)?;
    let (source, data_file, context) = (&arguments.source, &config.data_file, context());
    let (lock, was_open) = match lock::take(data_file) {
        Taken::Ours(lock) => (lock, false),
        Taken::Another(holder) => (stopped(arguments, data_file, holder.as_ref())?, true),
    };
    if lock.is_some() {
        sweep(data_file);
    }
    let (plan, in_place) = from_file_in_place(&config);
    let mut known = known(data_file, source, &plan, in_place)?;
    if arguments.take_faults {
        known.faults = Faults::Taken;
    }
    let passphrase = passphrase(arguments)?;
    let prepared = prepare(source, passphrase.as_ref(), data_file, known, &context, &config.database)?;
    let mut text = format!("{}\n{}", shown(source).display(), told(&prepared.report));
    if arguments.dry_run {
        text.push_str("It is good. Nothing was changed.\n");
    } else {
        match prepared.put_in_place(data_file, context.now)? {
            Some(aside) => {
                // Writing to memory cannot fail.
                let _ = writeln!(text, "It is in place. The replaced file is kept as {}", shown(&aside).display());
            }
            None => text.push_str("It is in place.\n"),
        }
        text.push_str("Everybody signs in anew, and devices for PINs are registered again.\n");
    }
    drop(lock);
    if was_open {
        text.push_str("The hotel was closed for that. Start Innkeeper again.\n");
    }
    print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Asked for only where the copy is under one.
fn passphrase(arguments: &Arguments) -> Result<Option<Passphrase>, Failure> {
    if let Some(path) = &arguments.passphrase_file {
        return Ok(Some(password::from_file(path)?.into()));
    }
    // What cannot be read is told by what comes next.
    if !form(&arguments.source).is_ok_and(|form| form == Form::Sealed) {
        return Ok(None);
    }
    let answer = password::read_once("Passphrase of this copy: ")?;
    Ok((!answer.is_empty()).then(|| answer.into()))
}

/// The lock of a hotel that was asked to close, and did.
fn stopped(arguments: &Arguments, data_file: &Path, holder: Option<&Holder>) -> Result<Option<Lock>, Failure> {
    let is_meant = |holder: &&Holder| arguments.stop && super::serve::version_at(&holder.url).is_some();
    let Some(first) = holder.filter(is_meant) else { return Err(Failure::Plain(still_open(holder))) };
    match lock::take_over(data_file, first)? {
        Taken::Ours(lock) => Ok(lock),
        Taken::Another(holder) => Err(Failure::Plain(still_open(holder.as_ref()))),
    }
}

fn still_open(holder: Option<&Holder>) -> String {
    let place = holder.map_or_else(String::new, |holder| format!(" at {} (process {})", holder.url, holder.process));
    format!(
        "The hotel is open{place}. Close Innkeeper first, or add --stop; or restore through POST /api/backups/NAME/restore, which closes and opens it by itself."
    )
}

/// Where copies are kept, who was erased and who may come in, as far as the file in place still tells.
fn from_file_in_place(config: &Config) -> (Plan, Known) {
    let read = || -> Result<_, Failure> {
        let db = super::open_existing(config)?;
        Ok(db.read(&context(), |conn| Ok((plan(conn)?, known_in_place(conn)?)))?)
    };
    read().unwrap_or_else(|failure| {
        log::warn!("the file in place does not tell who was erased or shut out; the journals beside the copies tell of the former: {failure}");
        Default::default()
    })
}

fn told(report: &Report) -> String {
    let count = |table| report.holds.rows(table);
    let mut text = format!("  {} bookings, {} guests", count("reservation"), count("guest"));
    // Writing to memory cannot fail.
    let _ = match &report.business_date {
        Some(date) => writeln!(text, " of {}, business date {date}", report.property_name),
        None => writeln!(text, " of a hotel that was not set up yet"),
    };
    if let Some(at) = report.newest_change {
        let _ = writeln!(text, "  the newest change in it is of {at}");
    }
    if report.is_plain {
        text.push_str("  a copied data file, whole; what was changed in the last second before it was copied may be missing\n");
    }
    if report.erased_again > 0 {
        let _ = writeln!(text, "  {} guests erased since it was made were erased in it too", report.erased_again);
    }
    text
}
