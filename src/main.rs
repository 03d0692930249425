//! Parse, run, print what went wrong, exit.

use std::error::Error;
use std::process::ExitCode;

use innkeeper::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::from_arguments(std::env::args_os());
    match cli.run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("innkeeper: {failure}");
            let mut reason = failure.source();
            while let Some(error) = reason {
                eprintln!("  because: {error}");
                reason = error.source();
            }
            ExitCode::FAILURE
        }
    }
}
