//! When a paper is written, and when papers go.

use super::{ERASED_AT, files, paper};
use crate::db::{Conn, Table};
use crate::domain::date::Instant;
use crate::error::Result;
use crate::hotel::documents::pdf::{self, Fonts};
use crate::hotel::{backups, day_close, settings};
use crate::http::state::App;
use crate::jobs::{Job, every};

/// How old the newest paper may become.
const EVERY_SECONDS: i64 = 3600;

pub(super) fn jobs() -> Vec<Job> {
    let run = |app: &App| look(app).map(|()| None);
    vec![every("emergency_paper", EVERY_SECONDS, run).after(&[Table::Erasure, Table::DayClose, Table::DayClosePlan]).long()]
}

/// Writes the paper if it is wanted and the newest is of an hour ago, of a day that has been closed since, or names
/// somebody who has been erased since.
///
/// # Errors
/// When a folder cannot be written to.
pub fn look(app: &App) -> Result<()> {
    let context = app.own_context();
    let is_wanted = |conn: &Conn| {
        let Some(property) = settings::store::find(conn)? else { return Ok(None) };
        let is_on = day_close::plan::find(conn)?.keeps_paper;
        let erased_at: Option<Instant> = conn.one(&ERASED_AT, [], |row| row.get(0))?.flatten();
        let closed_at = day_close::store::last(conn)?.and_then(|close| close.closed_at);
        Ok(Some((is_on, property, erased_at, closed_at, backups::plan(conn)?)))
    };
    let Some((is_on, property, erased_at, closed_at, plan)) = app.db.read(&context, is_wanted)? else { return Ok(()) };
    let folders = files::folders(app.db.path(), &plan);
    let newest = files::newest(&folders[0]);
    let is_stale = |newest: Instant| {
        newest.plus_seconds(EVERY_SECONDS) <= context.now
            || newest > context.now
            || closed_at.is_some_and(|at| at > newest)
            || erased_at.is_some_and(|at| at >= newest)
    };
    let is_written = is_on && newest.is_none_or(is_stale);
    if is_written {
        let (document, lines) = app.db.read(&context, |conn| paper::made(conn, &property))?;
        let sheet = pdf::write(&document, Fonts::of_machine(app.db.path()))?;
        for folder in &folders {
            files::write(folder, context.now, &sheet.bytes, &lines)?;
        }
    }
    for folder in &folders {
        files::prune(folder, context.now, is_written.then_some(context.now), erased_at, is_on);
    }
    Ok(())
}
