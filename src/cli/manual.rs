//! What the program prints about itself: manual, completions, API description.

use std::process::ExitCode;

use clap_complete::Shell;

use super::{Failure, definition, io_failure, print};
use crate::hotel::Memory;
use crate::http::{licences, openapi};
use crate::routes;

#[derive(Debug, clap::Args)]
pub struct ManArguments {
    /// The command whose page is wanted, such as serve
    command: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct CompletionArguments {
    /// Where they are for
    shell: Shell,
}

#[derive(Debug, clap::Args)]
pub struct LicenceArguments {
    /// The bill of materials instead, as CycloneDX JSON
    #[arg(long)]
    sbom: bool,
}

pub(super) fn licences(arguments: &LicenceArguments) -> Result<ExitCode, Failure> {
    let text = if arguments.sbom { licences::bill_of_materials() } else { licences::text() };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn openapi() -> Result<ExitCode, Failure> {
    let document = openapi::document(&routes::endpoints(&Memory::default()));
    print(format!("{document:#}\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(arguments: &ManArguments) -> Result<ExitCode, Failure> {
    let mut whole = definition();
    whole.build();
    let command = match &arguments.command {
        None => whole,
        Some(name) => whole
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| Failure::Plain(format!("There is no command {name}; innkeeper --help lists them.")))?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(io_failure("The manual page could not be made."))?;
    print(&page)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn completions(arguments: &CompletionArguments) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut definition(), "innkeeper", &mut script);
    print(&script)?;
    Ok(ExitCode::SUCCESS)
}
