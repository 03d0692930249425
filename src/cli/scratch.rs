//! A folder for one run of the program, removed at its end.

use std::io;
use std::path::{Path, PathBuf};

use crate::hotel::users::random_bytes;
use crate::http::idempotency::hex;

/// Removes itself, with everything in it, when dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Only this user may look into it.
    pub fn new() -> io::Result<Scratch> {
        let path = std::env::temp_dir().join(format!("innkeeper-demo-{}", hex(&random_bytes::<8>())));
        #[cfg_attr(not(unix), allow(unused_mut))]
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Scratch(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Removes it now, for a process that ends without dropping anything.
    pub fn remove(&self) {
        match std::fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                log::warn!("{} stays behind: {error}", self.0.display());
            }
            Ok(()) | Err(_) => {}
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}
