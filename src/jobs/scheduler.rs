//! The threads that do the jobs, on the clock that is handed in.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::civil::Time;

use super::{Deed, Job, Order, Work, last_slot, next_slot, table};
use crate::db::{Context, Table, Tags};
use crate::domain::date::Instant;
use crate::error::{Error, Result};
use crate::http::endpoint::Lane;
use crate::http::state::App;

/// A machine's clock may be set while nothing else happens.
const LONGEST_WAIT_SECONDS: i64 = 60;

/// The doors are open then, and the first guests are in: quick work that recurs begins.
const FIRST_AFTER_SECONDS: i64 = 1;

/// The threads; they work until the signal of the app is closed.
pub struct Threads {
    pub quick: JoinHandle<()>,
    /// May take a while to give up what it is doing.
    pub long: JoinHandle<()>,
}

/// Starts the threads of both lanes.
///
/// # Errors
/// When the operating system gives no thread.
pub fn start(app: &Arc<App>, jobs: Vec<Job>, stack_bytes: usize) -> io::Result<Threads> {
    let followed = jobs.iter().fold(Tags::of(&[Table::Job, Table::Property]), |all, job| all.and(job.after));
    app.events.signal.follow(followed);
    let (long, quick): (Vec<Job>, Vec<Job>) = jobs.into_iter().partition(|job| job.lane == Lane::Long);
    let spawn = |name: &str, lane, jobs| {
        let app = app.clone();
        let thread = std::thread::Builder::new().name(name.to_owned());
        let thread = if lane == Lane::Quick { thread.stack_size(stack_bytes) } else { thread };
        thread.spawn(move || work(&app, lane, Scheduler::new(&app, jobs)))
    };
    Ok(Threads { quick: spawn("jobs", Lane::Quick, quick)?, long: spawn("long-jobs", Lane::Long, long)? })
}

fn work(app: &App, lane: Lane, mut scheduler: Scheduler) {
    let mut touched = Tags::NONE;
    loop {
        let next = scheduler.turn(app, touched);
        let left = next.as_millisecond().saturating_sub(app.clock.now().as_millisecond());
        match app.events.signal.wait(lane, Duration::from_millis(u64::try_from(left).unwrap_or(0))) {
            Some(tables) => touched = tables,
            None => return,
        }
    }
}

/// The turn of a recurring job, or of a daily one to be ordered: when it was reckoned, and for when.
struct Turn {
    reckoned_at: Instant,
    next: Instant,
}

impl Turn {
    /// A clock that was set back does not make anything wait for the time it has lost.
    fn has_come(&self, now: Instant) -> bool {
        now >= self.next || now < self.reckoned_at
    }
}

/// The jobs of one lane.
pub struct Scheduler {
    jobs: Vec<(Job, Turn)>,
    /// The kinds of what is done once, as a JSON list.
    kinds: String,
    /// Whether orders may be marked as being done though nobody does them: after the start, and after
    /// an end that could not be noted.
    may_be_left: bool,
}

impl Scheduler {
    pub fn new(app: &App, mut jobs: Vec<Job>) -> Scheduler {
        jobs.retain(|job| job.leaves_file || !app.db.is_read_only());
        let is_ordered = |job: &&Job| matches!(job.work, Work::Once(_) | Work::Daily(..));
        let kinds: Vec<&str> = jobs.iter().filter(is_ordered).map(|job| job.name).collect();
        let kinds = serde_json::json!(kinds).to_string();
        let now = app.clock.now();
        let first = |job: Job| {
            let waits = job.lane == Lane::Quick && matches!(job.work, Work::Every { .. });
            let next = if waits { now.plus_seconds(FIRST_AFTER_SECONDS) } else { now };
            (job, Turn { reckoned_at: now, next })
        };
        let jobs = jobs.into_iter().map(first).collect();
        Scheduler { jobs, kinds, may_be_left: true }
    }

    /// Gives a turn to all whose time has come or whose tables were touched, and does one order at
    /// most; when the next turn is wanted.
    pub fn turn(&mut self, app: &App, touched: Tags) -> Instant {
        let mut next = app.clock.now().plus_seconds(LONGEST_WAIT_SECONDS);
        for (job, turn) in &mut self.jobs {
            let now = app.clock.now();
            if turn.has_come(now) || touched.overlaps(job.after) {
                let wanted = give_turn(app, job);
                let now = app.clock.now();
                *turn = Turn { reckoned_at: now, next: wanted.unwrap_or_else(|| now.plus_seconds(LONGEST_WAIT_SECONDS)) };
            }
            next = next.min(turn.next);
        }
        self.do_order(app).map_or(next, |wanted| wanted.min(next))
    }

    /// Does the next order, if its time has come; when the one after it wants to be done.
    pub fn do_order(&mut self, app: &App) -> Option<Instant> {
        if self.kinds == "[]" || app.events.signal.is_closing() {
            return None;
        }
        let result = self.take_up_what_was_left(app).and_then(|()| self.try_order(app));
        result.unwrap_or_else(|error| {
            self.may_be_left = true;
            log::warn!("work that was ordered waits: {error}");
            None
        })
    }

    fn take_up_what_was_left(&mut self, app: &App) -> Result<()> {
        if self.may_be_left {
            let kinds = self.kinds.clone();
            let count = app.db.write(app.own_context(), move |tx| table::resume(tx, &kinds))?;
            if count > 0 {
                log::info!("{count} jobs were left in the middle and are done again");
            }
            self.may_be_left = false;
        }
        Ok(())
    }

    fn try_order(&self, app: &App) -> Result<Option<Instant>> {
        let Some(order) = app.db.read(&app.own_context(), |conn| table::next(conn, &self.kinds))? else { return Ok(None) };
        if order.not_before > app.clock.now() {
            return Ok(Some(order.not_before));
        }
        let found = self.jobs.iter().find(|(job, _)| job.name == order.kind).map(|(job, _)| (job.attempts, &job.work));
        if let Some((most, Work::Once(deed) | Work::Daily(_, deed))) = found {
            carry_out(app, order, most, deed)?;
        }
        Ok(Some(app.clock.now()))
    }
}

/// Does recurring work or orders a day's; when it wants its next turn. A panic is one job's fault, never
/// the thread's end.
fn give_turn(app: &App, job: &mut Job) -> Option<Instant> {
    let name = job.name;
    let result = match &mut job.work {
        Work::Every { seconds, run } => {
            let wanted = guarded(|| run(app));
            let at_the_latest = app.clock.now().plus_seconds(*seconds);
            wanted.map(|wanted| Some(wanted.map_or(at_the_latest, |wanted| wanted.min(at_the_latest))))
        }
        Work::Once(_) => Ok(None),
        Work::Daily(time, _) => order_day(app, name, *time),
    };
    result.unwrap_or_else(|error| {
        log::warn!("the job {name}: {error}");
        match &job.work {
            Work::Every { seconds, .. } => Some(app.clock.now().plus_seconds(*seconds)),
            Work::Once(_) | Work::Daily(..) => None,
        }
    })
}

fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::internal("a job ended in a panic")))
}

/// Orders the work of the day whose hour was last, unless that was done before.
fn order_day(app: &App, name: &'static str, time: Time) -> Result<Option<Instant>> {
    let (context, read_zone) = (app.own_context(), app.hooks.read_zone);
    // A hotel that has not been set up has no hours.
    let Some(zone) = app.db.read(&context, read_zone)? else { return Ok(None) };
    if let Some((day, _)) = last_slot(time, &zone, context.now)
        && !app.db.read(&context, |conn| table::is_ordered(conn, name, day))?
    {
        app.db.write(context.clone(), move |tx| table::order_for_day(tx, name, day))?;
    }
    Ok(next_slot(time, &zone, context.now))
}

/// Claims an order, does it, and notes how it went.
fn carry_out(app: &App, mut order: Order, most: u32, deed: &Deed) -> Result<()> {
    let id = order.id;
    if !app.db.write(app.own_context(), move |tx| table::claim(tx, id))? {
        return Ok(());
    }
    order.attempts += 1;
    let context = Context { actor: order.actor.clone(), now: app.clock.now() };
    let result = match deed {
        Deed::Inside(work) => {
            let (work, order) = (*work, order.clone());
            app.db.write(context, move |tx| {
                work(tx, &order)?;
                table::finish(tx, id)
            })
        }
        Deed::Outside(work) => match guarded(|| work(app, &order)) {
            Ok(()) => return app.db.write(app.own_context(), move |tx| table::finish(tx, id)),
            Err(error) => Err(error),
        },
    };
    let Err(error) = result else { return Ok(()) };
    if app.events.signal.is_closing() {
        // Not its fault: it is done again after the next start.
        return Ok(());
    }
    log::warn!("the job {} failed at attempt {}: {error}", order.kind, order.attempts);
    let words = error.to_string();
    app.db.write(app.own_context(), move |tx| table::note_failure(tx, &order, most, &words))
}
