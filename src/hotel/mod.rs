//! The hotel, one folder an area: rules in `mod.rs`, statements in `store.rs`,
//! endpoints and their JSON in `api.rs`.
//!
//! A slice imports only slices that stand before it in this order: audit,
//! listing, policies, settings, exceptions, users, devices, rooms, rates, guests, reservations,
//! stay_guests, folio; then
//! the workflows, which may call any of these: frontdesk, transfer,
//! checks, demo, system, backups.

pub mod audit;
pub mod backups;
pub mod checks;
pub mod demo;
pub mod devices;
pub mod exceptions;
pub mod folio;
pub mod frontdesk;
pub mod guests;
pub mod listing;
pub mod network;
pub mod policies;
pub mod rates;
pub mod reservations;
pub mod rooms;
pub mod settings;
pub mod stay_guests;
pub mod system;
pub mod transfer;
pub mod users;
