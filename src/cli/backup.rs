//! `backup`: makes a copy of the data file, also while the hotel is open.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::{Failure, context, note, open_existing, password, print, settled, shown};
use crate::config::DataFile;
use crate::hotel::backups::{BackupError, copies, make, plan, seal};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the copy goes: a folder, or a file that is not there yet (compressed
    /// unless it ends in .db) [default: the hotel's folder for back-ups]
    #[arg(value_name = "FILE")]
    target: Option<PathBuf>,
    /// Put the copy under a passphrase, which is asked for (or read from a pipe)
    #[arg(long)]
    encrypt: bool,
    /// Put the copy under the passphrase in the first line of this file
    #[arg(long, value_name = "FILE", conflicts_with = "encrypt")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    file: DataFile,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = settled(&arguments.file)?;
    let db = open_existing(&config)?;
    let (context, data_file) = (context(), &config.data_file);
    let plan = db.read(&context, plan)?;
    let passphrase = passphrase(arguments)?;
    let key = plan.key.as_ref().filter(|_| passphrase.is_none());
    let seal = match (&passphrase, key) {
        (Some(passphrase), _) => Some(seal::Seal::under(passphrase)),
        (None, Some(key)) => Some(seal::Seal::with(key)?),
        (None, None) => None,
    };
    let place = |folder: &Path| copies::place(folder, &copies::stem(data_file), context.now, seal.is_some());
    let target = match &arguments.target {
        Some(target) if target.is_dir() => place(target),
        Some(target) if target.exists() => return Err(BackupError::Exists { path: target.clone() }.into()),
        Some(target) => target.clone(),
        None => {
            let folder = plan.folder_of(data_file);
            let failed = super::io_failure(format!(
                "The folder {} could not be made. Check that nothing else has its name, and that the folder around it can be written to.",
                folder.display()
            ));
            std::fs::create_dir_all(&folder).map_err(failed)?;
            place(&folder)
        }
    };
    if let (Some(key), Some(folder)) = (key, target.parent()) {
        key.keep(folder, &copies::stem(data_file))?;
    }
    let made = make::make_at(data_file, &target, seal.as_ref(), make::Depth::Counted, &|_| true)?;
    let file = shown(&made.path).display().to_string();
    note(&db, "back_up", "backup", json!({ "file": file, "bytes": made.bytes, "guests": made.holds.rows("guest") }));
    print(
        format!(
            "{}\n{} bookings and {} guests, checked and counted; {} bytes, {} ms.\n",
            shown(&made.path).display(),
            made.holds.rows("reservation"),
            made.holds.rows("guest"),
            made.bytes,
            made.took.as_millis()
        )
        .as_bytes(),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn passphrase(arguments: &Arguments) -> Result<Option<seal::Passphrase>, Failure> {
    let text = match &arguments.passphrase_file {
        Some(path) => password::from_file(path)?,
        None if arguments.encrypt => password::read_new("Passphrase for this copy (without it nobody can ever open it): ")?,
        None => return Ok(None),
    };
    seal::passphrase(&text).map(Some).map_err(|what| Failure::Plain(format!("The passphrase {what}.")))
}
