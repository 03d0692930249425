//! Tests of the gate: its parsers on bytes, and the whole of it with a real
//! server behind.
#![allow(clippy::unwrap_used)]

#[cfg(unix)]
mod at_once;
#[cfg(unix)]
mod crowd;
mod fuzz;
mod heads;
#[cfg(unix)]
mod hostile;
#[cfg(unix)]
mod inside;
#[cfg(unix)]
mod scarce;
#[cfg(unix)]
mod service;
#[cfg(unix)]
mod streams;
#[cfg(unix)]
mod tls;
