//! Parse, run, print what went wrong, exit.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::error::Error;
use std::process::ExitCode;

use innkeeper::cli::{Cli, desktop};

fn main() -> ExitCode {
    desktop::start();
    let cli = Cli::from_arguments(std::env::args_os());
    match cli.run() {
        Ok(code) => code,
        Err(failure) => {
            let mut text = failure.to_string();
            let mut reason = failure.source();
            while let Some(error) = reason {
                text.push_str(&format!("\n  because: {error}"));
                reason = error.source();
            }
            eprintln!("innkeeper: {text}");
            desktop::say(&text);
            ExitCode::FAILURE
        }
    }
}
