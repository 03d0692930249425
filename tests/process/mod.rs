//! The real executable: the server over sockets, and the commands.

mod commands;
mod demo;
#[cfg(target_os = "linux")]
mod disk;
mod log;
mod serving;
mod transfer;
