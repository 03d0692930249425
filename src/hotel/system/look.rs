//! The look at the figures, every few seconds: what it finds is told.

use super::store;
use crate::hotel::{Memory, backups, day_close};
use crate::http::state::App;
use crate::jobs::{Job, every};
use crate::watch::{Alert, Change, Figures, Thresholds, machine};

pub(super) fn jobs(memory: &Memory) -> Vec<Job> {
    let backups = memory.backups.clone();
    let look = move |app: &App| {
        look(app, &backups);
        Ok(None)
    };
    vec![every("look_at_the_machine", 10, look).leaves_file()]
}

/// Looks at the figures, and tells of alerts.
pub fn look(app: &App, backups: &backups::State) {
    let found =
        app.db.read(&app.own_context(), |conn| Ok((store::thresholds(conn)?, day_close::plan::find(conn)?.stopped_at.is_some())));
    let (thresholds, is_close_stopped) = found.unwrap_or_else(|error| {
        log::warn!("the thresholds of the alerts cannot be read, so the usual ones count: {error}");
        (Thresholds::default(), false)
    });
    let figures = Figures { is_close_stopped, ..figures(app, backups) };
    let changes = app.watch.look(app.clock.now(), figures, &thresholds);
    for change in &changes {
        match change {
            Change::Began(alert) => log::warn!("alert {}", in_words(alert)),
            Change::Ended(alert) => log::info!("alert {} is over", alert.code),
        }
    }
    if !changes.is_empty() {
        app.events.alerts(&app.watch.alerts());
    }
}

fn in_words(alert: &Alert) -> String {
    let unit = alert.code.unit();
    if unit.is_empty() {
        return format!("{} ({})", alert.code, alert.severity);
    }
    format!("{} ({}): {} {unit}, threshold {} {unit}", alert.code, alert.severity, alert.value, alert.threshold)
}

fn figures(app: &App, backups: &backups::State) -> Figures {
    let (requests, slow, errors) = app.metrics.totals();
    Figures {
        requests,
        slow,
        errors,
        disk_free_bytes: machine::disk(app.db.path()).map(|disk| disk.free),
        memory_bytes: machine::memory(),
        backup_at: backups.newest_at(),
        is_damaged: app.db.is_damaged(),
        faults: backups.faults(),
        is_close_stopped: false,
    }
}
