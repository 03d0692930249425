//! `/api/backups`: what copies there are, making one, putting one back, the plan.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::restore::{self, Report};
use super::seal::{self, Passphrase};
use super::{
    BackupError, Keep, KeepDaily, KeepMonthly, KeepWeekly, MadeCopy, Plan, Progress, State, Step, copies, folders, keeper,
};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::Version;
use crate::domain::order::sort;
use crate::domain::text::{Line, SecretText};
use crate::domain::wording::{Language, Text, text};
use crate::error::{Error, Fields, Result};
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings::api::check_version;
use crate::hotel::{Memory, settings};
use crate::http::endpoint::{Access, Call, Endpoint, NoBody, NoParams, Reply, live, query, seen_with, task, with};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;
use crate::http::state::App;
use crate::jobs;

pub fn endpoints(memory: &Memory) -> Vec<Endpoint> {
    let backups = &memory.backups;
    let mut endpoints = vec![
        live("/api/backups", "list_backups", Access::MANAGE, "The back-up copies, newest first", list),
        task(
            Method::Post,
            "/api/backups",
            "create_backup",
            Access::MANAGE,
            "Begin to make a back-up copy now",
            with(backups, create),
        )
        .accepts(),
        live(
            "/api/backups/state",
            "find_backup_state",
            Access::MANAGE,
            "How it stands with the back-ups",
            seen_with(backups, find_state),
        ),
        task(
            Method::Post,
            "/api/backups/{name}/restore",
            "restore_backup",
            Access::OWN,
            "Put a copy in the place of the hotel's data and start anew",
            with(backups, put_back),
        )
        .accepts()
        .long(),
        query(
            "/api/backups/plan",
            "find_backup_plan",
            Access::MANAGE,
            "When copies are made and kept",
            &[Table::BackupPlan],
            find_plan,
        ),
    ];
    endpoints.push(
        task(
            Method::Put,
            "/api/backups/passphrase",
            "set_backup_passphrase",
            Access::OWN,
            "Put the copies to come under a passphrase, or under none",
            set_passphrase,
        )
        .long(),
    );
    for (method, name) in [(Method::Patch, "update_backup_plan"), (Method::Put, "replace_backup_plan")] {
        endpoints.push(task(method, "/api/backups/plan", name, Access::OWN, "Change when copies are made and kept", change_plan));
    }
    endpoints
}

impl From<BackupError> for Error {
    /// What is wrong with a disk or a copy is for the owner to read.
    fn from(error: BackupError) -> Error {
        match error {
            BackupError::Hotel(error) => error,
            BackupError::NoPassphrase { .. } => Error::invalid("passphrase", text!("is needed to open this backup")),
            BackupError::WrongPassphrase { .. } => {
                Error::invalid("passphrase", text!("does not open this backup; check capitals and the keyboard's language"))
            }
            BackupError::Stopped => Error::Busy(error.said()),
            other => {
                log::error!("{other}");
                Error::refused(crate::error::Code::BackupFailed, other.said())
            }
        }
    }
}

/// A copy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BackupView {
    /// Names it for restoring; the file's name.
    name: String,
    made_at: Instant,
    bytes: u64,
    /// Whether it lies in the second folder too.
    is_in_second_folder: bool,
    /// Whether it is under a passphrase, which restoring it asks for.
    is_encrypted: bool,
}

list_params! {
    pub struct ListParams by CopySort {}
}

sorts!(
    /// Orders of copies.
    CopySort, MadeAt Descending {
        MadeAt = "made_at",
        Bytes = "bytes",
    }
);

fn plan_in_force(app: &App, call: &Call) -> Result<Plan> {
    if_readable(app, call, super::plan)
}

/// What the file says, or what holds without it where it is too damaged to say.
fn if_readable<T: Default>(app: &App, call: &Call, read: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
    match app.db.read(&call.context, read) {
        Err(Error::Damaged) => Ok(T::default()),
        other => other,
    }
}

fn list(app: &App, call: &Call, params: ListParams) -> Result<Reply<List<BackupView>>> {
    let (plan, data_file) = (plan_in_force(app, call)?, app.db.path());
    let stem = copies::stem(data_file);
    let read = |folder: PathBuf| copies::list(&folder, &stem).map_err(BackupError::unreadable(&folder));
    let first = read(plan.folder_of(data_file))?;
    let second = if plan.second_folder.is_empty() { Vec::new() } else { read(PathBuf::from(&plan.second_folder))? };
    let only_there = second.iter().filter(|other| first.iter().all(|copy| copy.name != other.name)).cloned().collect::<Vec<_>>();
    let view = |copy: copies::Copy| BackupView {
        is_in_second_folder: second.iter().any(|other| other.name == copy.name && other.bytes == copy.bytes),
        is_encrypted: copies::is_sealed(&copy.name),
        name: copy.name,
        made_at: copy.made_at,
        bytes: copy.bytes,
    };
    let mut views: Vec<BackupView> = first.into_iter().chain(only_there).map(view).collect();
    let order = params.order();
    sort(&mut views, |a, b| {
        order.direction.of(match order.by {
            CopySort::MadeAt => a.made_at.cmp(&b.made_at),
            CopySort::Bytes => a.bytes.cmp(&b.bytes),
        })
    });
    Ok(Reply::of(page_of(views, params.page())))
}

/// Orders a copy: a large hotel's takes longer than anybody waits for an answer.
fn create(state: &State, app: &App, call: &Call, _: NoParams, _: NoBody) -> Result<Reply<StateView>> {
    if state.is_running() {
        return Err(keeper::still_at_work());
    }
    app.db.write(call.context.clone(), |tx| {
        if jobs::is_open(tx, keeper::ORDERED)? {
            return Err(keeper::still_at_work());
        }
        jobs::order(tx, keeper::ORDERED, &NoBody {})
    })?;
    state_view(state, app, call)
}

/// A copy that was made, as it was rehearsed: opened, checked, counted.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MadeCopy")]
pub struct MadeView {
    name: String,
    made_at: Instant,
    bytes: u64,
    milliseconds: u64,
    reservations: i64,
    guests: i64,
    /// Why it could not be put into the second folder as well.
    second_folder_problem: Option<String>,
}

impl MadeView {
    fn of(made: MadeCopy, language: Language) -> MadeView {
        MadeView {
            name: made.name,
            made_at: made.made_at,
            bytes: made.bytes,
            milliseconds: made.milliseconds,
            reservations: made.reservations,
            guests: made.guests,
            second_folder_problem: made.second_folder_problem.map(|problem| problem.in_language(language)),
        }
    }
}

/// How it stands with the back-ups.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StateView {
    last_made_at: Option<Instant>,
    /// From then on the newest copy is too old.
    overdue_at: Option<Instant>,
    is_overdue: bool,
    /// When the next one is made by itself.
    next_at: Option<Instant>,
    is_running: bool,
    /// How far the one that is running is.
    progress: Option<Progress>,
    /// The last one that this program has made since it was started.
    last_made: Option<MadeView>,
    /// What went wrong the last time, in words for the owner.
    problem: Option<String>,
    /// Where the copies are.
    folder: String,
}

fn find_state(state: &State, app: &App, call: &Call, _: NoParams) -> Result<Reply<StateView>> {
    state_view(state, app, call)
}

fn state_view(state: &State, app: &App, call: &Call) -> Result<Reply<StateView>> {
    let (now, language) = (call.context.now, call.request.language());
    let read = |conn: &Conn| Ok((super::plan(conn)?, settings::property(conn)?.zone(), jobs::is_open(conn, keeper::ORDERED)?));
    let (plan, zone, is_ordered) = app.db.read(&call.context, read)?;
    let waiting = Progress { step: Step::Waiting, pages_done: 0, pages_total: 0 };
    let view = StateView {
        last_made_at: plan.last_made_at,
        overdue_at: plan.overdue_at(),
        is_overdue: plan.overdue_at().is_some_and(|at| at <= now),
        next_at: plan.next_at(&zone, now),
        is_running: is_ordered || state.is_running(),
        progress: state.progress().or(is_ordered.then_some(waiting)),
        last_made: state.made().map(|made| MadeView::of(made, language)),
        problem: state.problem().map(|problem| problem.in_language(language)),
        folder: plan.folder_of(app.db.path()).display().to_string(),
    };
    Ok(Reply::of(view).in_language(language))
}

/// The copy in a path.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByName {
    name: String,
}

/// What is needed to put the copy back.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RestoreBody {
    /// Of a copy that is under one.
    passphrase: Option<SecretText<0, { seal::LONGEST }>>,
}

/// What the copy holds that takes the data's place now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RestoreView {
    property_name: String,
    business_date: Option<Date>,
    newest_change: Option<Instant>,
    reservations: i64,
    guests: i64,
    /// Guests erased since it was made, and now erased in it too.
    erased_again: usize,
}

fn put_back(state: &State, app: &App, call: &Call, at: ByName, body: RestoreBody) -> Result<Reply<RestoreView>> {
    let passphrase = body.passphrase.map(|typed| Passphrase::from(String::from(typed)));
    // A damaged file may not tell: the folder beside it and the journals of erasures still do.
    let (plan, in_place) = if_readable(app, call, |conn| Ok((super::plan(conn)?, restore::known_in_place(conn)?)))?;
    let data_file = app.db.path();
    let stem = copies::stem(data_file);
    // Only names of copies are looked for: no path leads out of the folders.
    copies::made_at(&stem, &at.name).ok_or_else(|| Error::NotFound(text!("This backup does not exist.")))?;
    let found = plan.folders_of(data_file).into_iter().map(|folder| folder.join(&at.name)).find(|path| is_file_itself(path));
    let source = found.ok_or_else(|| Error::NotFound(text!("This backup does not exist.")))?;
    let running = state.begin(Step::Restoring).ok_or_else(keeper::still_at_work)?;
    let known = restore::known(data_file, &source, &plan, in_place)?;
    let prepared = restore::prepare(&source, passphrase.as_ref(), data_file, known, &call.context, &Default::default())?;
    let view = restore_view(&prepared.report);
    let (data_file, now) = (data_file.to_owned(), call.context.now);
    if !state.restart_with(Box::new(move || prepared.put_in_place(&data_file, now).map_err(|e| e.said()))) {
        return Err(Error::Busy(text!("Innkeeper cannot restart itself here; use innkeeper restore.")));
    }
    log::warn!("{} is put in the place of the hotel's data by {}", source.display(), call.actor().username);
    // Until the program starts anew: nothing else may touch the prepared file.
    std::mem::forget(running);
    Ok(Reply::of(view))
}

/// A link is no copy: it leads out of the folders.
fn is_file_itself(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

fn restore_view(report: &Report) -> RestoreView {
    RestoreView {
        property_name: report.property_name.clone(),
        business_date: report.business_date,
        newest_change: report.newest_change,
        reservations: report.holds.rows("reservation"),
        guests: report.holds.rows("guest"),
        erased_again: report.erased_again,
    }
}

/// When copies are made and kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanView {
    is_on: bool,
    at_time: String,
    folder: String,
    second_folder: String,
    keep_daily: u32,
    keep_weekly: u32,
    keep_monthly: u32,
    /// Whether copies are put under a passphrase; `PUT /api/backups/passphrase` sets it.
    is_encrypted: bool,
    version: i64,
}

impl From<Plan> for PlanView {
    fn from(p: Plan) -> PlanView {
        PlanView {
            is_on: p.is_on,
            at_time: p.at_time,
            folder: p.folder,
            second_folder: p.second_folder,
            keep_daily: p.keep.daily,
            keep_weekly: p.keep.weekly,
            keep_monthly: p.keep.monthly,
            is_encrypted: p.key.is_some(),
            version: p.version,
        }
    }
}

fn find_plan(conn: &Conn, _: NoParams) -> Result<PlanView> {
    Ok(super::plan(conn)?.into())
}

type FolderPath = Line<500>;

/// The parts of the plan to change; those left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanChange {
    is_on: Option<bool>,
    /// The hotel's time of day.
    #[schemars(regex(pattern = settings::api::TIME))]
    at_time: Option<String>,
    /// A folder of the hotel's machine that is there; empty = backups beside the data file.
    folder: Option<FolderPath>,
    /// Another one, on another disk or a stick; empty = none.
    second_folder: Option<FolderPath>,
    keep_daily: Option<KeepDaily>,
    keep_weekly: Option<KeepWeekly>,
    keep_monthly: Option<KeepMonthly>,
    version: Option<Version>,
}

/// What was found at the folders of a change.
type Found = Option<Result<String, Text>>;

/// Looks at the folders first: a stick or a share may take its time, and nobody
/// else's change shall wait for it.
fn change_plan(app: &App, call: &Call, _: NoParams, body: PlanChange) -> Result<Reply<PlanView>> {
    let mut found = [&body.folder, &body.second_folder].map(|given| given.as_ref().map(folder));
    look_at(app, call, &mut found)?;
    app.db.write(call.context.clone(), move |tx| write_plan(tx, body, found)).map(Reply::of)
}

/// Refuses folders that are one, or another hotel's.
fn look_at(app: &App, call: &Call, found: &mut [Found; 2]) -> Result<()> {
    let (before, data_file) = (plan_in_force(app, call)?, app.db.path());
    for given in found.iter_mut() {
        if let Some(Ok(folder)) = given
            && !folder.is_empty()
            && let Err(error) = folders::check(Path::new(folder), &copies::stem(data_file), &before.mark)
        {
            *given = Some(Err(told(&error)));
        }
    }
    let after = |given: &Found, before: &str| match given {
        Some(Ok(folder)) => folder.clone(),
        Some(Err(_)) | None => before.to_owned(),
    };
    let [first, second] = found;
    let plan = Plan { folder: after(first, &before.folder), second_folder: after(second, &before.second_folder), ..before };
    let has_second = !plan.second_folder.is_empty();
    if has_second && folders::is_same(&plan.folder_of(data_file), Path::new(&plan.second_folder)) {
        *second = Some(Err(text!("must be a different folder from the first")));
    }
    Ok(())
}

fn told(error: &BackupError) -> Text {
    match error {
        BackupError::OtherHotel { .. } => text!("holds the copies of another hotel; choose a folder of its own"),
        other => other.said(),
    }
}

fn write_plan(tx: &Tx, body: PlanChange, [first, second]: [Found; 2]) -> Result<PlanView> {
    super::begin(tx)?;
    let before = super::plan(tx)?;
    check_version(body.version, before.version)?;
    let (mut plan, mut fields) = (before.clone(), Fields::default());
    plan.is_on = body.is_on.unwrap_or(plan.is_on);
    if let Some(time) = body.at_time {
        fields.ensure(settings::api::is_time(&time), "at_time", text!("must be a time such as 03:30"));
        plan.at_time = time;
    }
    for (name, given, own) in [("folder", first, &mut plan.folder), ("second_folder", second, &mut plan.second_folder)] {
        if let Some(given) = given {
            *own = fields.check(name, given);
        }
    }
    let Keep { daily, weekly, monthly } = plan.keep;
    plan.keep = Keep {
        daily: fields.check("keep_daily", body.keep_daily.map_or(Ok(daily), KeepDaily::checked)),
        weekly: fields.check("keep_weekly", body.keep_weekly.map_or(Ok(weekly), KeepWeekly::checked)),
        monthly: fields.check("keep_monthly", body.keep_monthly.map_or(Ok(monthly), KeepMonthly::checked)),
    };
    fields.finish()?;
    super::save_plan(tx, before, &plan).map(PlanView::from)
}

/// The passphrase of copies to come. It is kept nowhere, and no answer tells it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassphraseBody {
    /// 12 to 200 characters; empty = copies to come are not encrypted.
    #[schemars(regex(pattern = seal::PATTERN))]
    passphrase: String,
}

fn set_passphrase(app: &App, call: &Call, _: NoParams, body: PassphraseBody) -> Result<Reply<PlanView>> {
    let PassphraseBody { passphrase } = body;
    let key = if passphrase.is_empty() {
        None
    } else {
        let passphrase = seal::passphrase(&passphrase).map_err(|what| Error::invalid("passphrase", what))?;
        Some(seal::Key::new(&passphrase).map_err(Error::internal)?)
    };
    let written = app.db.write(call.context.clone(), move |tx| {
        super::begin(tx)?;
        super::set_key(tx, key.as_ref())
    });
    written.map(|plan| Reply::of(plan.into()))
}

/// A folder that is there: a typing mistake makes none.
fn folder(given: &FolderPath) -> Result<String, Text> {
    let line = given.checked()?;
    let path = Path::new(&line);
    if line.is_empty() || (path.is_absolute() && path.is_dir()) {
        return Ok(line);
    }
    Err(text!("must be the full path of a folder that exists on the hotel's computer"))
}
