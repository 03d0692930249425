//! Back-up copies: when they are made, where they are kept and for how long, and
//! how one is put back.
//!
//! `copies` knows their names and which of them to keep, `pack` writes and reads
//! the compressed form, `seal` puts it under a passphrase, `make` makes one, `restore` puts one back, `erasures`
//! keeps erased guests erased, `keeper` does it every night.

pub mod access;
pub mod api;
pub mod copies;
pub mod erasures;
mod failure;
pub mod folders;
pub mod keeper;
pub mod make;
pub mod pack;
pub mod place;
pub mod restore;
pub mod seal;
mod second;
mod state;
pub mod store;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::db::Table;
use crate::db::{Conn, Tx, Upgrade};
use crate::domain::date::Instant;
use crate::domain::number::Within;
use crate::error::Result;
use crate::hotel::Slice;
use crate::hotel::audit;
use crate::jobs::{last_slot, next_slot};
pub use failure::BackupError;
pub use state::{Exchange, MadeCopy, Progress, Running, State, Step};

pub const SLICE: Slice = Slice {
    name: "backups",
    is_workflow: true,
    endpoints: api::endpoints,
    statements: &[access::STATEMENTS, store::STATEMENTS],
    jobs: keeper::jobs,
    areas: &[("backups", &[Table::BackupPlan])],
    ..Slice::EMPTY
};

/// Without a new copy for so long, Today shows it in red.
pub const OVERDUE_HOURS: i64 = 26;

/// The folder beside the data file when none is named.
const DEFAULT_FOLDER: &str = "backups";

/// When copies are made and how many are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub is_on: bool,
    /// The hotel's time of day, `HH:MM`.
    pub at_time: String,
    /// Empty = `backups` beside the data file.
    pub folder: String,
    /// Where each copy goes as well; empty = nowhere.
    pub second_folder: String,
    pub keep: Keep,
    /// `None` until a program has run with this file.
    pub since: Option<Instant>,
    pub last_made_at: Option<Instant>,
    /// Since when copies do not reach the second folder; `None` = they do, or there is none.
    pub second_missed_at: Option<Instant>,
    /// What copies are locked with; `None` = they are not.
    pub key: Option<seal::Key>,
    /// Tells this hotel's copies from another's.
    pub mark: String,
    pub version: i64,
}

pub type KeepDaily = Within<1, 366>;
pub type KeepWeekly = Within<0, 520>;
pub type KeepMonthly = Within<0, 1200>;

/// How many copies are kept: the newest of each of so many days, weeks and months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    pub daily: u32,
    pub weekly: u32,
    pub monthly: u32,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            is_on: true,
            at_time: "03:30".to_owned(),
            folder: String::new(),
            second_folder: String::new(),
            keep: Keep { daily: 7, weekly: 4, monthly: 12 },
            since: None,
            last_made_at: None,
            second_missed_at: None,
            key: None,
            mark: String::new(),
            version: 1,
        }
    }
}

impl Plan {
    /// Where copies of this data file go.
    pub fn folder_of(&self, data_file: &Path) -> PathBuf {
        if self.folder.is_empty() { default_folder(data_file) } else { PathBuf::from(&self.folder) }
    }

    /// Every folder that copies go to.
    pub fn folders_of(&self, data_file: &Path) -> Vec<PathBuf> {
        let second = Some(PathBuf::from(&self.second_folder)).filter(|folder| !folder.as_os_str().is_empty());
        std::iter::once(self.folder_of(data_file)).chain(second).collect()
    }

    fn time(&self) -> Option<Time> {
        self.at_time.parse().ok()
    }

    /// Whether the copy of last night is missing: also that of a machine which was
    /// off then.
    pub fn is_due(&self, zone: &TimeZone, now: Instant) -> bool {
        let Some(since) = self.since.filter(|_| self.is_on) else { return false };
        let slot = self.time().and_then(|time| last_slot(time, zone, now));
        slot.is_some_and(|(_, slot)| slot > self.last_made_at.unwrap_or(since))
    }

    /// When the next copy is made by itself.
    pub fn next_at(&self, zone: &TimeZone, now: Instant) -> Option<Instant> {
        self.time().filter(|_| self.is_on).and_then(|time| next_slot(time, zone, now))
    }

    /// From when on the hotel has gone without a copy for too long.
    pub fn overdue_at(&self) -> Option<Instant> {
        self.last_made_at.or(self.since).map(|at| at.plus_hours(OVERDUE_HOURS))
    }
}

/// The folder beside the data file.
pub fn default_folder(data_file: &Path) -> PathBuf {
    let beside = std::path::absolute(data_file).unwrap_or_else(|_| data_file.to_owned());
    beside.with_file_name(DEFAULT_FOLDER)
}

/// The plan in force.
pub fn plan(conn: &Conn) -> Result<Plan> {
    Ok(store::find_plan(conn)?.unwrap_or_default())
}

/// Lays the plan down, so that its age counts from now on.
pub fn begin(tx: &Tx) -> Result<()> {
    store::begin(tx)
}

/// Saves a changed plan.
pub fn save_plan(tx: &Tx, before: Plan, plan: &Plan) -> Result<Plan> {
    store::update_plan(tx, plan)?;
    recorded(tx, "change", before)
}

/// From now on copies are locked with this key, or with none.
pub fn set_key(tx: &Tx, key: Option<&seal::Key>) -> Result<Plan> {
    let before = plan(tx)?;
    store::update_key(tx, key)?;
    recorded(tx, "change_passphrase", before)
}

/// The plan as it is now, written down beside what it was.
fn recorded(tx: &Tx, action: &str, before: Plan) -> Result<Plan> {
    let after = plan(tx)?;
    audit::record(tx, action, "backup_plan", 1, &api::PlanView::from(before), &api::PlanView::from(after.clone()))?;
    Ok(after)
}

/// Notes in the audit trail that the file was brought to this program's version.
///
/// # Errors
/// When the database refuses.
pub fn note_upgrade(tx: &Tx, upgrade: &Upgrade) -> Result<()> {
    let kept = upgrade.copy.as_ref().map(|path| path.display().to_string());
    let after = json!({ "schema": upgrade.to, "program": env!("CARGO_PKG_VERSION"), "kept": kept });
    audit::record(tx, "upgrade", "data_file", 1, &json!({ "schema": upgrade.from }), &after)
}
