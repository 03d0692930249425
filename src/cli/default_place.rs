//! Where a hotel's data file lies when nobody says.

use std::fs::OpenOptions;
use std::path::PathBuf;

use super::{Failure, io_failure};

const FILE_NAME: &str = "hotel.db";

/// The file beside the program when it is there and can be written (a hotel on a
/// stick, say); else the one in the user's data folder, which is made.
pub(super) fn default_file() -> Result<PathBuf, Failure> {
    if let Some(beside) = beside_program() {
        return Ok(beside);
    }
    let folder = data_folder()
        .ok_or_else(|| Failure::Plain("No folder for the hotel's data is known here; name a file with --db.".to_owned()))?;
    make_private(&folder).map_err(io_failure(format!("The folder {} could not be made.", folder.display())))?;
    Ok(folder.join(FILE_NAME))
}

fn beside_program() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?.parent()?.join(FILE_NAME);
    let can_write = path.is_file() && OpenOptions::new().append(true).open(&path).is_ok();
    can_write.then_some(path)
}

#[cfg(unix)]
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(windows)]
fn data_folder() -> Option<PathBuf> {
    variable("LOCALAPPDATA").map(|folder| folder.join("Innkeeper"))
}

#[cfg(target_os = "macos")]
fn data_folder() -> Option<PathBuf> {
    variable("HOME").map(|home| home.join("Library/Application Support/Innkeeper"))
}

#[cfg(not(any(windows, target_os = "macos")))]
fn data_folder() -> Option<PathBuf> {
    let base = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
    base.or_else(|| variable("HOME").map(|home| home.join(".local/share"))).map(|folder| folder.join("innkeeper"))
}
