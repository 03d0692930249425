//! `check`: is the data file whole, and does everything in it agree with itself.

use std::process::ExitCode;

use super::{Failure, context, open_existing, print, settled, shown};
use crate::config::DataFile;
use crate::hotel::checks;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    file: DataFile,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = settled(&arguments.file)?;
    let db = open_existing(&config)?;
    let report = db.read(&context(), checks::examine)?;
    let verdict = match report.faults.len() {
        0 => "No fault was found.".to_owned(),
        count => format!(
            "{count} of these checks found a fault. Keep a copy of the file as it is, and put a back-up in its place if you have one."
        ),
    };
    print(format!("{}\n{}{verdict}\n", shown(&config.data_file).display(), report.text).as_bytes())?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
