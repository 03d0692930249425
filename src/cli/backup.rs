//! `backup`: makes a copy of the data file, also while the hotel is open.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, context, open_existing, print, settled, shown};
use crate::config::DataFile;
use crate::hotel::backups::{BackupError, copies, make, plan};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the copy goes: a folder, or a file that is not there yet (compressed
    /// unless it ends in .db) [default: the hotel's folder for back-ups]
    #[arg(value_name = "FILE")]
    target: Option<PathBuf>,
    #[command(flatten)]
    file: DataFile,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = settled(&arguments.file)?;
    let db = open_existing(&config)?;
    let (context, data_file) = (context(), &config.data_file);
    let target = match &arguments.target {
        Some(target) if target.is_dir() => target.join(copies::name(&copies::stem(data_file), context.now)),
        Some(target) if target.exists() => return Err(BackupError::Exists { path: target.clone() }.into()),
        Some(target) => target.clone(),
        None => {
            let folder = db.read(&context, plan)?.folder_of(data_file);
            let failed = super::io_failure(format!("The folder {} could not be made.", folder.display()));
            std::fs::create_dir_all(&folder).map_err(failed)?;
            folder.join(copies::name(&copies::stem(data_file), context.now))
        }
    };
    let made = make::make_at(data_file, &target, &|_| true)?;
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
