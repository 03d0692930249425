//! What the API promises, asked of the library's request path without a socket.

mod auth;
mod availability;
mod backups;
mod bookings;
mod capacity;
mod colleagues;
mod contract;
mod conventions;
mod damage;
mod day;
mod departure;
mod deposits;
pub mod desk;
mod extension;
mod figures;
mod folio;
mod guard;
mod housekeeping;
mod memory;
mod overdue;
mod pin;
mod read_only;
mod reversals;
mod search;
mod setup;
mod system;
mod walk_in;
