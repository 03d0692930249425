//! How the C library's allocator gives memory back.

/// Four arenas in all instead of eight a processor: each keeps what was free in it the last time
/// that many asked at once. What is large, an answer of some hundred kilobytes or an upload, gets
/// pages of its own, which are given back with it: in an arena it would leave holes that nothing
/// else fills. Called once, before any thread starts.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn tune() {
    const MEGABYTE: libc::c_int = 1024 * 1024;
    let settings = [(libc::M_ARENA_MAX, 4), (libc::M_TRIM_THRESHOLD, MEGABYTE), (libc::M_MMAP_THRESHOLD, MEGABYTE / 8)];
    for (parameter, value) in settings {
        // SAFETY: takes two numbers and touches the allocator's own settings only.
        if unsafe { libc::mallopt(parameter, value) } == 0 {
            log::debug!("the allocator does not know its setting {parameter}");
        }
    }
}

/// Gives back the pages that nothing lies on any more, wherever in an arena they are: by
/// itself the allocator gives back only what is at an arena's end, and after an hour of large
/// answers most of what it holds is free, but not there. Takes some milliseconds when much was
/// freed, and next to nothing otherwise.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn give_back() {
    // SAFETY: takes a number, and gives back only what is free.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn tune() {}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn give_back() {}
