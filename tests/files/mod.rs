//! The matrix of files: every state that a data file and what lies around it can be in, and every
//! command. `table` says what must happen, `states` makes the state, `commands` runs the command.
//!
//! Two things hold for every pair: nothing that held data is deleted or overwritten without a
//! proved copy, and a refusal says what to do. `tests/long/files` runs all pairs; here it is a part
//! of them, another one for each seed.

mod commands;
mod damage;
mod ground;
mod states;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use commands::{COMMANDS, Command};
use ground::Ground;
use table::{Outcome, Row};

/// Of so many pairs one is run, unless all are asked for.
const SLICE: usize = 9;

/// Whether all of a long test is to be run, and where a part of it begins.
fn is_all() -> bool {
    std::env::var_os("INNKEEPER_TEST_ALL").is_some()
}

fn pairs() -> Vec<(Row, Command)> {
    let rows = table::rows();
    let all = rows.iter().flat_map(|row| COMMANDS.iter().map(move |command| (row.clone(), *command)));
    all.filter(|(row, command)| row.outcome(*command) != Outcome::NotRun).collect()
}

#[test]
fn the_table_has_an_outcome_for_every_state_and_command() {
    let (rows, pairs) = (table::rows(), pairs());
    assert!(rows.len() >= 60 && pairs.len() >= 500, "{} states, {} pairs", rows.len(), pairs.len());
    let mut names: Vec<&str> = rows.iter().map(|row| row.state).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), rows.len(), "each state stands once");
}

#[test]
fn every_command_does_what_the_table_says_in_every_state() {
    let pairs = pairs();
    let chosen = pairs.iter().enumerate().filter(|(at, _)| is_all() || at % SLICE == 4).map(|(_, pair)| pair);
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (row, command) in chosen {
        count += 1;
        if let Err(what) = try_pair(row, *command) {
            wrong.push(format!("{} × {}: {what}", row.state, command.name()));
        }
    }
    println!("{count} pairs of {}", pairs.len());
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn try_pair(row: &Row, command: Command) -> Result<(), String> {
    let mut ground = Ground::new();
    states::arrange(row.state, &mut ground);
    let (before, is_served) = (ground.files(), ground.server.is_some());
    let said = command.run(&mut ground);
    ground.close();
    let outcome = row.outcome(command);
    let told = || format!("expected {outcome:?}; exit {:?}, it said: {}", said.code, said.text.trim());
    if !outcome.fits(&said) {
        return Err(told());
    }
    let after = ground.files();
    // An open hotel folds its log in when it is closed.
    if outcome.is_refusal() && !is_served {
        unchanged(&before, &after).map_err(|what| format!("{what}; {}", told()))?;
    }
    nothing_is_lost(row, &before, &after).map_err(|what| format!("{what}; {}", told()))?;
    if outcome.puts_aside() && !after.keys().any(|path| path.to_string_lossy().contains("-stray-")) {
        return Err(format!("nothing was put aside; {}", told()));
    }
    match outcome.holds() {
        Some(names) if ground::names(&ground.file()) != names => {
            Err(format!("the file holds {:?}; {}", ground::names(&ground.file()), told()))
        }
        _ => command.verify(&ground, &outcome).map_err(|what| format!("{what}; {}", told())),
    }
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn unchanged(before: &Files, after: &Files) -> Result<(), String> {
    for (path, bytes) in before.iter().filter(|(path, _)| !is_unfinished(path)) {
        if after.get(path) != Some(bytes) {
            return Err(format!("refused, but {} is not as it was", path.display()));
        }
    }
    Ok(())
}

/// What was in a file is still there, under its name or another; or, of the data file and its log,
/// everything that they held is in a file that can be opened.
fn nothing_is_lost(row: &Row, before: &Files, after: &Files) -> Result<(), String> {
    for (path, bytes) in before.iter().filter(|(path, _)| !is_unfinished(path)) {
        if bytes.is_empty() || after.values().any(|other| other == bytes) {
            continue;
        }
        let name = path.to_string_lossy();
        let is_of_file = [".db", ".db-wal", ".db-journal"].iter().any(|ending| name.ends_with(ending));
        let holds_all = |path: &PathBuf| row.holds.iter().all(|name| ground::names(path).contains(name));
        if !is_of_file || !after.keys().filter(|path| is_data_file(path)).any(holds_all) {
            return Err(format!("{} is lost", path.display()));
        }
    }
    Ok(())
}

/// What a killed command left half made, and what SQLite makes anew by itself.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parts = [".copying", ".restoring", ".part", ".lock", ".open", "-shm"];
    parts.iter().any(|part| name.contains(part))
}

fn is_data_file(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "db")
}
