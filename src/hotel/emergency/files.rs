//! Where the papers lie: `emergency` beside the data file and in the second folder, under the moment they were made.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::db::open;
use crate::domain::date::Instant;
use crate::error::{Error, Result};
use crate::hotel::backups::{Plan, copies, folders as backup_folders};

const FOLDER: &str = "emergency";
/// How many papers are kept.
const KEPT: usize = 2;

/// The folder beside the data, and that in the second folder where it is there and this hotel's.
pub fn folders(data_file: &Path, plan: &Plan) -> Vec<PathBuf> {
    let beside = std::path::absolute(data_file).unwrap_or_else(|_| data_file.to_owned()).with_file_name(FOLDER);
    let second = Some(PathBuf::from(&plan.second_folder)).filter(|folder| {
        !folder.as_os_str().is_empty()
            && folder.is_dir()
            && backup_folders::check(folder, &copies::stem(data_file), &plan.mark).is_ok()
    });
    std::iter::once(beside).chain(second.map(|folder| folder.join(FOLDER))).collect()
}

/// `2025-11-10T02-30-00.000Z`: sorted by name is sorted by age.
fn stem(made_at: Instant) -> String {
    made_at.to_string().replace(':', "-")
}

fn made_at(stem: &str) -> Option<Instant> {
    let (date, time) = stem.split_once('T')?;
    format!("{date}T{}", time.replace('-', ":")).parse().ok()
}

/// The moments of the papers in a folder, the newest first.
fn moments(folder: &Path) -> Vec<(Instant, String)> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let stem = name.strip_suffix(".pdf")?.to_owned();
        Some((made_at(&stem)?, stem))
    });
    let mut found: Vec<(Instant, String)> = names.collect();
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1));
    found
}

/// When the newest paper of a folder was made.
pub fn newest(folder: &Path) -> Option<Instant> {
    moments(folder).first().map(|(at, _)| *at)
}

/// Puts a paper there: the lines first, so that a sheet is never without them.
pub fn write(folder: &Path, made_at: Instant, sheet: &[u8], lines: &[u8]) -> Result<()> {
    let failed = |error: std::io::Error| Error::internal(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    let stem = stem(made_at);
    for (ending, bytes) in [("csv", lines), ("pdf", sheet)] {
        let unfinished = folder.join(format!("{stem}.{ending}.part"));
        let mut file = open::private().truncate(true).open(&unfinished).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&unfinished, folder.join(format!("{stem}.{ending}"))).map_err(failed)?;
    }
    Ok(())
}

/// Removes all but the newest two, those in which somebody stands who has been erased since, those that a clock which
/// was ahead has dated, what is left of one that could not be written to its end, and all of them where nobody wants
/// any. `written` is of now, without whoever is erased.
pub fn prune(folder: &Path, now: Instant, written: Option<Instant>, erased_at: Option<Instant>, is_on: bool) {
    let names = || fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let lines: Vec<String> = names().filter_map(|name| name.strip_suffix(".csv").map(str::to_owned)).collect();
    let mut kept = moments(folder);
    kept.retain(|(made_at, stem)| {
        let is_without_erased = written == Some(*made_at) || erased_at.is_none_or(|erased_at| *made_at > erased_at);
        is_on && *made_at <= now && is_without_erased && lines.contains(stem)
    });
    kept.truncate(KEPT);
    for name in names() {
        let part = name.strip_suffix(".part").unwrap_or(&name);
        let Some(stem) = part.strip_suffix(".pdf").or_else(|| part.strip_suffix(".csv")) else { continue };
        let is_kept = part == name && kept.iter().any(|(_, kept)| kept == stem);
        if is_kept || made_at(stem).is_none() {
            continue;
        }
        let path = folder.join(&name);
        if let Err(error) = fs::remove_file(&path) {
            log::warn!("{} could not be removed: {error}", path.display());
        }
    }
}
