//! Makes the web UI small: `innkeeper-pages TO` writes the pages of `static` into a folder.

use std::path::Path;

mod link;
mod small;

fn main() -> small::Outcome<()> {
    let to = std::env::args_os().nth(1).ok_or("name the folder to write to")?;
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static");
    small::make(&from, Path::new(&to))
}
