//! Everything that is tested from outside, in one binary: over the request path
//! of the library, and over the real executable.

mod access;
mod api;
mod at_once;
#[cfg(target_os = "linux")]
mod attack;
mod busy;
mod closes;
#[cfg(unix)]
mod crash;
#[cfg(target_os = "linux")]
mod files;
mod freshness;
mod histories;
mod limits;
mod model;
mod numbering;
mod openapi;
mod process;
mod race;
mod sql;
#[cfg(target_os = "linux")]
mod storage;
mod supply;
mod support;
mod tidy;
mod triggers;
mod words;
