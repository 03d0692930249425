//! The hotel, one folder an area: rules in `mod.rs`, statements in `store.rs`,
//! endpoints and their JSON in `api.rs`.
//!
//! A slice says in its `SLICE` all that others must know of it, and stands once in [`SLICES`], from
//! which routes, events, checks and tests read the rest. It imports only slices that stand before it
//! there; the workflows at the end may call any.

pub mod accounts;
pub mod articles;
pub mod audit;
pub mod backups;
pub mod checks;
pub mod companies;
pub mod day_close;
pub mod demo;
pub mod devices;
pub mod documents;
pub mod emergency;
pub mod exceptions;
pub mod folio;
pub mod frontdesk;
pub mod group_stays;
pub mod groups;
pub mod guest_rights;
pub mod guests;
pub mod invoices;
pub mod listing;
pub mod network;
pub mod policies;
pub mod rate_calendar;
pub mod rates;
pub mod registration;
pub mod reports;
pub mod reservations;
pub mod restrictions;
pub mod rooms;
pub mod settings;
pub mod statistics;
pub mod stay_guests;
pub mod system;
pub mod taxes;
pub mod till;
pub mod transfer;
pub mod users;
pub mod vouchers;

use std::path::Path;
use std::sync::Arc;

use crate::db::{Conn, Sql, Table};
use crate::error::Result;
use crate::http::endpoint::Endpoint;
use crate::jobs::Job;
use crate::lan::{self, Lan};

/// What slices keep in memory as long as a server runs. Their endpoints and jobs get it when they are
/// built.
pub struct Memory {
    pub sign_ins: Arc<users::sign_ins::SignIns>,
    pub backups: Arc<backups::State>,
    pub lan: Arc<Lan>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::new(Lan::new(lan::Options::default(), Path::new("")))
    }
}

impl Memory {
    pub fn new(lan: Lan) -> Memory {
        Memory { sign_ins: Arc::default(), backups: Arc::default(), lan: Arc::new(lan) }
    }
}

/// What a slice is made of.
pub struct Slice {
    pub name: &'static str,
    /// It may call slices of any place.
    pub is_workflow: bool,
    pub endpoints: fn(&Memory) -> Vec<Endpoint>,
    pub statements: &'static [&'static [Sql]],
    /// What is done beside the requests.
    pub jobs: fn(&Memory) -> Vec<Job>,
    /// What open desks call a change of these tables.
    pub areas: &'static [(&'static str, &'static [Table])],
    /// What must hold, as a sentence, and the statement that finds where it does not.
    pub invariants: &'static [(&'static str, &'static Sql)],
    /// What must hold and no statement can find, such as hashes.
    pub proofs: Proofs,
}

/// Sentences, and what finds where they do not hold.
type Proofs = &'static [(&'static str, fn(&Conn) -> Result<Vec<String>>)];

impl Slice {
    pub const EMPTY: Slice = Slice {
        name: "",
        is_workflow: false,
        endpoints: |_| Vec::new(),
        statements: &[],
        jobs: |_| Vec::new(),
        areas: &[],
        invariants: &[],
        proofs: &[],
    };
}

/// Every slice, each after those that it imports.
pub const SLICES: &[Slice] = &[
    audit::SLICE,
    listing::SLICE,
    policies::SLICE,
    settings::SLICE,
    taxes::SLICE,
    articles::SLICE,
    exceptions::SLICE,
    vouchers::SLICE,
    users::SLICE,
    devices::SLICE,
    rooms::SLICE,
    rates::SLICE,
    companies::SLICE,
    restrictions::SLICE,
    guests::SLICE,
    groups::SLICE,
    reservations::SLICE,
    stay_guests::SLICE,
    folio::SLICE,
    accounts::SLICE,
    registration::SLICE,
    statistics::SLICE,
    frontdesk::SLICE,
    group_stays::SLICE,
    till::SLICE,
    day_close::SLICE,
    documents::SLICE,
    invoices::SLICE,
    guest_rights::SLICE,
    transfer::SLICE,
    rate_calendar::SLICE,
    reports::SLICE,
    checks::SLICE,
    demo::SLICE,
    system::SLICE,
    backups::SLICE,
    emergency::SLICE,
    network::SLICE,
];
