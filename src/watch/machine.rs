//! The machine underneath: the process's memory and the disk's room.

use std::path::Path;

/// Memory held by the process, in bytes, where the system tells it.
pub fn memory() -> Option<u64> {
    memory_stats::memory_stats().map(|stats| stats.physical_mem as u64)
}

/// Room on a disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    pub free: u64,
    pub total: u64,
}

/// The disk that holds a file: what may still be written to it, and its size.
pub fn disk(file: &Path) -> Option<Disk> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let stats = fs4::statvfs(folder).ok()?;
    Some(Disk { free: stats.available_space(), total: stats.total_space() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_memory_and_a_disk() {
        assert!(memory().is_some_and(|bytes| bytes > 100_000));
        let folder = tempfile::tempdir().expect("a folder");
        let disk = disk(&folder.path().join("hotel.db")).expect("a disk");
        assert!(disk.free <= disk.total && disk.total > 0);
        assert_eq!(super::disk(Path::new("hotel.db")).map(|d| d.total > 0), Some(true));
    }
}
