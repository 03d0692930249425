//! What becomes of the hotel's files when the disk fails it: power cuts, simulated
//! from a record of everything that the program did, and a fault at every call.
//!
//! `STORAGE_STATES` and `STORAGE_SEED` make more or other disks (`tests/long/power`),
//! `STORAGE_FAULTS` more faults (`tests/long/faults`).

mod disk;
mod faults;
mod power;
mod trace;
mod work;

/// A number that a script gives, or the one that a run of all tests takes.
fn given(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}
