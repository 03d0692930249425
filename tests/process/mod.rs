//! The real executable: the server over sockets, and the commands.

mod backups;
mod commands;
mod demo;
#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod disk;
mod files;
mod log;
mod read_only;
mod serving;
mod transfer;
