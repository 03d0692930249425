//! The second folder: another disk, or a stick that somebody pulls out and puts in again.

use std::path::{Path, PathBuf};

use super::make::Made;
use super::{BackupError, Plan, Progress, State, Step, copies, folders, pack, seal, store};
use crate::db::Context;
use crate::error::Result;
use crate::http::state::App;

/// What the looks remember: the copy that was brought there since the folder came
/// back. One that does not fit is not tried again and again.
#[derive(Debug, Default)]
pub struct Looks {
    tried: Option<String>,
}

/// Puts the copy that was just made into the second folder as well.
pub(super) fn bring(data_file: &Path, plan: &Plan, made: &Made, go_on: &dyn Fn(Progress) -> bool) -> Result<(), BackupError> {
    if plan.second_folder.is_empty() { Ok(()) } else { duplicate(data_file, plan, &made.path, go_on) }
}

fn duplicate(data_file: &Path, plan: &Plan, copy: &Path, go_on: &dyn Fn(Progress) -> bool) -> Result<(), BackupError> {
    let folder = Path::new(&plan.second_folder);
    if folders::is_same(&plan.folder_of(data_file), folder) {
        return Err(BackupError::SameFolder { path: folder.to_owned() });
    }
    folders::claim(folder, &copies::stem(data_file), &plan.mark)?;
    let at_it = Progress { step: Step::Duplicating, pages_done: 0, pages_total: 0 };
    // First of all the keys, also those of earlier passphrases: a copy without its own opens for nobody.
    let is_locked = copy.extension().is_some_and(|ending| ending == "age");
    let keys = if is_locked { seal::keys_beside(copy).map_err(BackupError::unreadable(copy))? } else { Vec::new() };
    for path in keys.iter().map(PathBuf::as_path).chain([copy]) {
        let Some(target) = path.file_name().map(|name| folder.join(name)) else { continue };
        if path == copy || !target.is_file() {
            pack::duplicate(path, &target, &|| go_on(at_it))?;
        }
    }
    Ok(())
}

/// Looks whether the folder is there and has the newest copy, brings that to it when
/// it came back, and notes since when it misses copies: Today tells.
pub(super) fn look(app: &App, state: &State, context: &Context, plan: &Plan, looks: &mut Looks) -> Result<(), BackupError> {
    let is_missed = !plan.second_folder.is_empty() && !has_newest(app, state, plan, looks);
    if is_missed != plan.second_missed_at.is_some() {
        let missed_at = Some(context.now).filter(|_| is_missed);
        app.db.write(context.clone(), move |tx| store::note_second(tx, missed_at))?;
    }
    Ok(())
}

fn has_newest(app: &App, state: &State, plan: &Plan, looks: &mut Looks) -> bool {
    let (folder, data_file) = (Path::new(&plan.second_folder), app.db.path());
    if !folder.is_dir() {
        looks.tried = None;
        return false;
    }
    let newest = folders::copies(&plan.folder_of(data_file), data_file, plan).unwrap_or_default().into_iter().next();
    let Some(newest) = newest else { return true };
    let there = folder.join(&newest.name);
    // Under another name the first folder has it, and is no second one.
    let is_other = !folders::is_same(&plan.folder_of(data_file), folder);
    if is_other && std::fs::metadata(&there).is_ok_and(|metadata| metadata.len() == newest.bytes) {
        return true;
    }
    if looks.tried.as_ref() == Some(&newest.name) {
        return false;
    }
    let Some(_running) = state.begin(Step::Duplicating) else { return plan.second_missed_at.is_none() };
    looks.tried = Some(newest.name);
    match duplicate(data_file, plan, &newest.path, &|_| !app.events.signal.is_closing()) {
        Ok(()) => {
            log::info!("the second folder has the newest copy again");
            state.note_problem(None);
            true
        }
        Err(error) => {
            log::warn!("the second folder: {error}");
            state.note_problem(Some(error.said()));
            false
        }
    }
}
