//! `check`: is the data file whole, and does everything in it agree with itself.

use std::process::ExitCode;

use super::{Failure, context, open_existing, print, settled, shown};
use crate::config::DataFile;
use crate::hotel::{checks, statistics};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// First write down anew what closed days were, where that is missing or does not agree with nights and postings
    #[arg(long)]
    rebuild_days: bool,
    #[command(flatten)]
    file: DataFile,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = settled(&arguments.file)?;
    let db = open_existing(&config)?;
    let rebuilt = if arguments.rebuild_days {
        let (wrong, missing) = db.write_alone(context(), statistics::past::rebuild)?;
        let first = wrong.first().map(|date| format!(", from {date}")).unwrap_or_default();
        format!("Days written down anew: {} that did not agree{first}, {missing} that were missing.\n", wrong.len())
    } else {
        String::new()
    };
    let report = db.read(&context(), checks::examine)?;
    let is_about_days = |fault: &String| statistics::checks::INVARIANTS.iter().any(|(what, _)| fault.contains(what));
    let verdict = match report.faults.len() {
        0 => "No fault was found.".to_owned(),
        _ if report.faults.iter().all(is_about_days) => {
            "Nights and postings agree; what was written down of closed days does not. `innkeeper check --rebuild-days` writes it anew.".to_owned()
        }
        count => format!(
            "{count} of these checks found a fault. Keep a copy of the file as it is, and put a back-up in its place if you have one."
        ),
    };
    print(format!("{}\n{rebuilt}{}{verdict}\n", shown(&config.data_file).display(), report.text).as_bytes())?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
