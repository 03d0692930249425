//! Makes a copy every night and whenever one is ordered, and keeps the journal of erasures.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde_json::json;

use super::make::{self, Depth, Made};
pub use super::second::Looks;
use super::{BackupError, MadeCopy, Plan, Running, State, Step, copies, erasures, folders, second, store};
use crate::db::{Context, Table};
use crate::domain::date::Instant;
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Result};
use crate::hotel::checks::Report;
use crate::hotel::{Memory, audit, settings};
use crate::http::idempotency;
use crate::http::state::App;
use crate::jobs::{Deed, Job, Order, every, once};

/// The kind of an ordered copy's job.
pub const ORDERED: &str = "back_up";

/// A clock that is set by the network was this much ahead before, at most.
const CLOCKS_DIFFER_HOURS: i64 = 1;

/// Whoever ordered a copy hears at once why there is none, so it is tried once; a nightly one is tried
/// whenever the plan is looked at.
pub fn jobs(memory: &Memory) -> Vec<Job> {
    let (state, same) = (memory.backups.clone(), memory.backups.clone());
    let (mut looks, mut is_swept) = (Looks::default(), false);
    let keep = move |app: &App| {
        if !std::mem::replace(&mut is_swept, true) {
            sweep(app);
        }
        if let Err(error) = reckon(app, &state, &mut looks) {
            log::error!("back-ups: {error}");
            state.note_problem(Some(error.said()));
        }
        Ok(None)
    };
    let ordered = move |app: &App, order: &Order| {
        let context = Context { actor: order.actor.clone(), now: app.clock.now() };
        Ok(back_up_to(app, &same, &context, Depth::Counted).map(|_| ())?)
    };
    vec![
        every("keep_backups", 30, keep).long().after(&[Table::BackupPlan, Table::Erasure, Table::Property]),
        once(ORDERED, Deed::Outside(Box::new(ordered))).long().attempts(1),
    ]
}

/// Removes what was being made when the program was killed, in this hotel's own folders.
fn sweep(app: &App) {
    let data_file = app.db.path();
    let stem = copies::stem(data_file);
    let folders = app.db.read(&app.own_context(), super::plan).map(|plan| {
        let is_own = |folder: &PathBuf| folders::is_own(folder, data_file, &plan);
        plan.folders_of(data_file).into_iter().filter(is_own).collect::<Vec<_>>()
    });
    match folders {
        Ok(folders) => folders.iter().for_each(|folder| make::sweep_folder(folder, &stem)),
        Err(error) => log::warn!("the folders of the copies are not known: {error}"),
    }
}

/// Looks at the plan and does what is due. Nothing is to be done for a hotel that
/// has not been set up, nor for a demo.
///
/// # Errors
/// What kept a copy from being made, or a note of it from being written.
pub fn reckon(app: &App, state: &State, looks: &mut Looks) -> Result<(), BackupError> {
    let context = app.own_context();
    if app.db.read(&context, idempotency::has_old)? {
        // They would go into the copies.
        app.db.write(context.clone(), idempotency::forget_old)?;
    }
    let found = app.db.read(&context, |conn| Ok((settings::store::find(conn)?, store::find_plan(conn)?)))?;
    let (Some(property), plan) = found else { return Ok(()) };
    if property.is_demo {
        return Ok(());
    }
    let Some(plan) = plan else { return Ok(app.db.write(context, super::begin)?) };
    let (data_file, zone) = (app.db.path(), property.zone());
    let plan = note_newest(app, state, &context, plan)?;
    keep_journals(app, &context, &plan)?;
    if plan.is_due(&zone, context.now) && !is_made(&plan, data_file, &zone, &context) {
        match back_up(app, state, &context) {
            Ok(_) | Err(BackupError::Stopped) => {}
            Err(error) => return Err(error),
        }
        // Noted with the copy.
        return Ok(());
    }
    second::look(app, state, &context, &plan, looks)
}

/// Whether the copy of this slot lies there already: a restored file does not know of it.
fn is_made(plan: &Plan, data_file: &Path, zone: &TimeZone, context: &Context) -> bool {
    let copies = folders::copies(&plan.folder_of(data_file), data_file, plan).unwrap_or_default();
    let newest = copies.iter().map(|copy| copy.made_at).find(|made_at| *made_at <= context.now);
    newest.is_some_and(|made_at| !Plan { last_made_at: Some(made_at), ..plan.clone() }.is_due(zone, context.now))
}

/// The plan with what lies in the folder. Moments to come are those of a clock that went wrong and was put
/// right: they would make a copy of long ago seem new, so they count for nothing.
fn note_newest(app: &App, state: &State, context: &Context, mut plan: Plan) -> Result<Plan, BackupError> {
    let data_file = app.db.path();
    let folder = plan.folder_of(data_file);
    let copies = folders::copies(&folder, data_file, &plan).map_err(BackupError::unreadable(&folder))?;
    let has_been = |at: &Instant| *at <= context.now.plus_hours(CLOCKS_DIFFER_HOURS);
    let newest = copies.iter().map(|copy| copy.made_at).find(has_been).max(plan.last_made_at.filter(has_been));
    if newest != plan.last_made_at {
        app.db.write(context.clone(), move |tx| store::note_made(tx, newest))?;
        plan.last_made_at = newest;
    }
    if !plan.since.as_ref().is_none_or(has_been) {
        app.db.write(context.clone(), |tx| store::note_since(tx, tx.now()))?;
        plan.since = Some(context.now);
    }
    state.note_newest(newest);
    Ok(plan)
}

/// Writes what was erased beside the copies, in every folder that is there.
fn keep_journals(app: &App, context: &Context, plan: &Plan) -> Result<(), BackupError> {
    let erasures = app.db.read(context, store::erasures)?;
    if erasures.is_empty() {
        return Ok(());
    }
    let own = plan.folder_of(app.db.path());
    let is_there = |folder: &PathBuf| *folder == own || folder.is_dir();
    let folders: Vec<PathBuf> = plan.folders_of(app.db.path()).into_iter().filter(is_there).collect();
    erasures::keep_journals(&folders, app.db.path(), &erasures)
}

/// Makes a copy by the plan, here and now, and removes those that are no longer kept.
///
/// # Errors
/// What kept it from being made. Only one is made at a time.
pub fn back_up(app: &App, state: &State, context: &Context) -> Result<Made, BackupError> {
    back_up_to(app, state, context, Depth::Reckoned)
}

fn back_up_to(app: &App, state: &State, context: &Context, depth: Depth) -> Result<Made, BackupError> {
    let running = state.begin(Step::Waiting).ok_or_else(still_at_work)?;
    noted(app, state, context, running, depth)
}

/// The refusal of a second one.
pub fn still_at_work() -> Error {
    Error::refused(Code::StillAtWork, text!("A backup is running; wait until it is finished."))
}

/// Makes one and leaves word of how it went.
fn noted(app: &App, state: &State, context: &Context, running: Running, depth: Depth) -> Result<Made, BackupError> {
    let result = back_up_alone(app, state, context, depth);
    if let Err(BackupError::Copy(error)) = &result
        && error.is_damage()
    {
        app.db.note_damage();
    }
    let problem = match &result {
        Ok((made, second_problem)) => second_problem.clone().or_else(|| made.faults.as_ref().and_then(faults_in_words)),
        Err(BackupError::Stopped) => None,
        Err(error) => Some(error.said()),
    };
    state.note_problem(problem);
    drop(running);
    result.map(|(made, _)| made)
}

fn faults_in_words(report: &Report) -> Option<Text> {
    let what = report.in_short()?;
    Some(text!(
        "The copy was made, but not everything in the hotel's data agrees: {what}. Keep this copy, look with innkeeper check since when that is, and put a back-up from before in place if you have one.",
        what
    ))
}

/// The copy, and what kept it out of the second folder.
fn back_up_alone(app: &App, state: &State, context: &Context, depth: Depth) -> Result<(Made, Option<Text>), BackupError> {
    let (plan, zone) = app.db.read(context, |conn| Ok((super::plan(conn)?, settings::property(conn)?.zone())))?;
    let (data_file, now) = (app.db.path(), context.now);
    let go_on = |progress| {
        state.note_progress(progress);
        !app.events.signal.is_closing()
    };
    // The folder beside the data file is its own anyway.
    let named = Some(Path::new(&plan.folder)).filter(|folder| !folder.as_os_str().is_empty());
    let stem = copies::stem(data_file);
    named.map_or(Ok(()), |folder| folders::check(folder, &stem, &plan.mark))?;
    let made = make::make(data_file, &plan.folder_of(data_file), plan.key.as_ref(), now, depth, &go_on)?;
    if let Some(report) = &made.faults {
        state.note_faults(report.faults.len());
        report.in_short().iter().for_each(|what| log::error!("the check of the copy found a fault: {what}"));
    }
    named.map_or(Ok(()), |folder| folders::claim(folder, &stem, &plan.mark))?;
    log::info!("a back-up was made: {}, {} bytes, in {} ms", made.path.display(), made.bytes, made.took.as_millis());
    let second_problem = second::bring(data_file, &plan, &made, &go_on).err().map(|error| error.said());
    let told = told(&made, now, second_problem.clone());
    let entry = json!({
        "file": told.name, "bytes": told.bytes, "reservations": told.reservations, "guests": told.guests,
        "milliseconds": told.milliseconds, "second_folder_problem": told.second_folder_problem.as_ref().map(Text::to_string),
    });
    let missed_at = plan.second_missed_at.or(Some(now)).filter(|_| second_problem.is_some());
    app.db.write(context.clone(), move |tx| {
        super::begin(tx)?;
        store::note_made(tx, Some(now))?;
        store::note_second(tx, missed_at)?;
        audit::record(tx, "back_up", "backup", 1, &serde_json::Value::Null, &entry)
    })?;
    state.note_newest(Some(now));
    state.note_made(told);
    keep_journals(app, context, &plan)?;
    prune(&plan, data_file, &zone, context);
    Ok((made, second_problem))
}

fn told(made: &Made, made_at: Instant, second_folder_problem: Option<Text>) -> MadeCopy {
    MadeCopy {
        name: made.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        made_at,
        bytes: made.bytes,
        milliseconds: u64::try_from(made.took.as_millis()).unwrap_or(u64::MAX),
        reservations: made.holds.rows("reservation"),
        guests: made.holds.rows("guest"),
        second_folder_problem,
    }
}

fn prune(plan: &Plan, data_file: &Path, zone: &TimeZone, context: &Context) {
    for folder in plan.folders_of(data_file) {
        let copies = folders::copies(&folder, data_file, plan).unwrap_or_default();
        for copy in copies::superfluous(&copies, plan.keep, zone, context.now) {
            match std::fs::remove_file(&copy.path) {
                Ok(()) => log::info!("{} was removed: newer ones take its place", copy.path.display()),
                Err(error) => log::warn!("{} could not be removed: {error}", copy.path.display()),
            }
        }
    }
}
