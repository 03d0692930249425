//! Lays the web UI down where the compiler puts it into the executable: `static` as people wrote it, or the
//! folder that INNKEEPER_PAGES names, which for the packages is what `packaging/pages` made of it. What is
//! text is carried only compressed, under its name and `.gz`: nearly every browser takes it so, and it halves
//! what is carried along. A debug build serves `static` itself.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::licences::pack;

pub fn make() -> Outcome<()> {
    println!("cargo::rerun-if-env-changed=INNKEEPER_PAGES");
    if env::var("PROFILE")? == "debug" {
        return Ok(());
    }
    let written = || env::var_os("CARGO_MANIFEST_DIR").map(|root| PathBuf::from(root).join("static"));
    let from = env::var_os("INNKEEPER_PAGES").map(PathBuf::from).or_else(written).ok_or("cargo names no folder")?;
    println!("cargo::rerun-if-changed={}", from.display());
    let to = PathBuf::from(env::var("OUT_DIR")?).join("static");
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    lay_down(&from, &to)
}

fn lay_down(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().ok_or("a file without a name")?.to_string_lossy().into_owned();
        if path.is_dir() {
            lay_down(&path, &to.join(&name))?;
        } else if [".js", ".css", ".svg"].iter().any(|ending| name.ends_with(ending)) {
            pack(&to.join(format!("{name}.gz")), &fs::read_to_string(&path)?);
        } else if !name.ends_with(".d.ts") {
            fs::copy(&path, to.join(&name))?;
        }
    }
    Ok(())
}
