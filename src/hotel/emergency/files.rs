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

/// `2025-11-10T02-30-00Z`: sorted by name is sorted by age.
fn stem(made_at: Instant) -> String {
    made_at.to_string().chars().take(19).collect::<String>().replace(':', "-") + "Z"
}

fn made_at(stem: &str) -> Option<Instant> {
    let (date, time) = stem.strip_suffix('Z')?.split_once('T')?;
    format!("{date}T{}.000Z", time.replace('-', ":")).parse().ok()
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

/// Removes all but the newest two, those in which somebody stands who has been erased since, and all of them where
/// nobody wants any.
pub fn prune(folder: &Path, erased_at: Option<Instant>, is_on: bool) {
    for (at, (made_at, stem)) in moments(folder).into_iter().enumerate() {
        let is_kept = is_on && at < KEPT && erased_at.is_none_or(|erased_at| made_at > erased_at);
        if is_kept {
            continue;
        }
        for ending in ["pdf", "csv"] {
            let path = folder.join(format!("{stem}.{ending}"));
            if let Err(error) = fs::remove_file(&path) {
                log::warn!("{} could not be removed: {error}", path.display());
            }
        }
    }
}
