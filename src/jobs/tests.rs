//! Jobs on a clock that stands still: when they are done, how often, and what an end in the middle leaves.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::scheduler::Scheduler;
use super::{Deed, Job, Order, daily, every, once, order, start, table};
use crate::db::sql::Sql;
use crate::db::{self, Context, Db, Table, Tags, Tx};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::money::Currency;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::Memory;
use crate::hotel::settings::{self, NewProperty};
use crate::http::state::{App, AppOptions, Clock, EventHub};
use crate::routes;

const ROWS: Sql = Sql::scanning(
    "test.rows",
    "SELECT group_concat(kind || ' ' || coalesce(day || ' ', '') || state || ' ' || attempts || coalesce(' ' || last_error, ''), '; ') FROM job",
    "a test",
);
const ADD_SOURCE: Sql = Sql::new("test.add_source", "INSERT INTO booking_source (name) VALUES (?1)");
const SOURCES: Sql = Sql::scanning("test.sources", "SELECT count(*) FROM booking_source WHERE name LIKE 'Source %'", "a test");

struct Hotel {
    app: Arc<App>,
    _folder: TempDir,
}

fn open(folder: &TempDir, options: &db::Options) -> Arc<App> {
    let events = Arc::new(EventHub::default());
    let hub = events.clone();
    let db = Db::open(&folder.path().join("hotel.db"), options, Box::new(move |touched| hub.changed(touched))).expect("a file");
    let at: Instant = "2025-11-10T09:00:00.000Z".parse().expect("an instant");
    let clock = Clock::Fixed(AtomicI64::new(at.as_millisecond()));
    Arc::new(routes::app(db, clock, events, &Memory::default(), AppOptions::default()))
}

/// Set up in Lisbon time.
fn hotel() -> Hotel {
    let folder = tempfile::tempdir().expect("a folder");
    let app = open(&folder, &db::Options::default());
    let property = NewProperty {
        name: "Test Hotel".to_owned(),
        currency: Currency::of("EUR").expect("a currency"),
        time_zone: "Europe/Lisbon".to_owned(),
        locale: "en-GB".to_owned(),
        business_date: "2025-11-10".parse().expect("a date"),
        is_demo: false,
    };
    app.db.write(app.own_context(), move |tx| settings::create(tx, &property)).expect("a hotel");
    Hotel { app, _folder: folder }
}

impl Hotel {
    fn advance_seconds(&self, seconds: i64) {
        let Clock::Fixed(clock) = &self.app.clock else { panic!("the clock of tests is fixed") };
        clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    fn order(&self, kind: &'static str, args: impl Serialize + Send + 'static) {
        self.app.db.write(self.app.own_context(), move |tx| order(tx, kind, &args)).expect("ordered");
    }

    /// All orders: kind, day, state, attempts, last error.
    fn rows(&self) -> String {
        let read = |conn: &db::Conn| conn.scalar::<Option<String>>(&ROWS, []);
        self.app.db.read(&self.app.own_context(), read).expect("read").unwrap_or_default()
    }

    fn sources(&self) -> i64 {
        self.app.db.read(&self.app.own_context(), |conn| conn.scalar(&SOURCES, [])).expect("read")
    }

    fn scheduler(&self, jobs: Vec<Job>) -> Scheduler {
        Scheduler::new(&self.app, jobs)
    }

    /// Seconds until the next turn is wanted.
    fn turn(&self, scheduler: &mut Scheduler) -> i64 {
        self.app.clock.now().seconds_until(scheduler.turn(&self.app, Tags::NONE))
    }
}

/// A job that counts its turns.
fn counting(name: &'static str, seconds: i64) -> (Job, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = count.clone();
    let job = every(name, seconds, move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(None)
    });
    (job, count)
}

#[derive(Serialize, Deserialize)]
struct Named {
    name: String,
}

fn add_source(tx: &Tx, order: &Order) -> Result<()> {
    tx.run(&ADD_SOURCE, [order.args::<Named>()?.name])?;
    Ok(())
}

#[test]
fn recurring_work_is_done_every_so_often_and_after_a_change_of_its_tables() {
    let hotel = hotel();
    let (job, count) = counting("often", 30);
    let mut scheduler = hotel.scheduler(vec![job.after(&[Table::Guest])]);
    let done = || count.load(Ordering::Relaxed);
    assert_eq!((hotel.turn(&mut scheduler), done()), (1, 0), "a second after the start");
    hotel.advance_seconds(1);
    assert_eq!((hotel.turn(&mut scheduler), done()), (30, 1));
    hotel.advance_seconds(29);
    assert_eq!((hotel.turn(&mut scheduler), done()), (1, 1));
    scheduler.turn(&hotel.app, Tags::of(&[Table::Room]));
    assert_eq!(done(), 1, "another table");
    scheduler.turn(&hotel.app, Tags::of(&[Table::Room, Table::Guest]));
    assert_eq!((hotel.turn(&mut scheduler), done()), (30, 2));
    hotel.advance_seconds(-7200);
    assert_eq!((hotel.turn(&mut scheduler), done()), (30, 3), "a clock that is set back does not stop it");
}

#[test]
fn recurring_work_may_ask_for_a_turn_before_its_time_and_not_after() {
    let hotel = hotel();
    let soon = every("soon", 60, |app| Ok(Some(app.clock.now().plus_seconds(5))));
    let late = every("late", 20, |app| Ok(Some(app.clock.now().plus_hours(1))));
    let (mut soon, mut late) = (hotel.scheduler(vec![soon]), hotel.scheduler(vec![late]));
    hotel.advance_seconds(1);
    assert_eq!((hotel.turn(&mut soon), hotel.turn(&mut late)), (5, 20));
}

#[test]
fn a_job_that_fails_or_panics_ends_neither_the_scheduler_nor_the_other_jobs() {
    let hotel = hotel();
    let (job, count) = counting("sound", 10);
    let panics = once("panics", Deed::Outside(Box::new(|_, _| panic!("a fault of the job's")))).attempts(2);
    let mut scheduler = hotel.scheduler(vec![
        every("failing", 10, |_| Err(Error::internal("a fault"))),
        every("panicking", 10, |_| panic!("a fault of the job's")),
        panics,
        once("dies_inside", Deed::Inside(|_, _| panic!("a fault of the job's"))),
        job,
    ]);
    hotel.order("panics", ());
    hotel.order("dies_inside", ());
    for _ in 0..3 {
        hotel.advance_seconds(10);
        hotel.turn(&mut scheduler);
    }
    assert_eq!(count.load(Ordering::Relaxed), 3);
    assert_eq!(
        hotel.rows(),
        "panics waiting 1 a job ended in a panic; dies_inside waiting 1 an operation panicked; its changes were dropped"
    );
}

#[test]
fn an_order_is_done_once_with_what_it_was_given_and_by_whom() {
    let hotel = hotel();
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = told.clone();
    let tell = move |app: &App, order: &Order| {
        let at = (order.args::<Named>()?.name, order.actor.user_id, order.actor.username.clone(), app.clock.now());
        list.lock().expect("no panic").push(at);
        Ok(())
    };
    let mut scheduler = hotel.scheduler(vec![once("tell", Deed::Outside(Box::new(tell)))]);
    let actor = Actor { user_id: None, username: "ana".to_owned(), ..Actor::stranger("192.0.2.1") };
    let context = Context { actor, now: hotel.app.clock.now() };
    let name = || Named { name: "a".to_owned() };
    hotel.app.db.write(context, move |tx| order(tx, "tell", &name())).expect("ordered");
    let failed: Result<()> = hotel.app.db.write(hotel.app.own_context(), |tx| {
        order(tx, "tell", &())?;
        Err(Error::internal("the change that orders it fails"))
    });
    assert!(failed.is_err());
    for _ in 0..3 {
        hotel.turn(&mut scheduler);
    }
    let expected = ("a".to_owned(), None, "ana".to_owned(), hotel.app.clock.now());
    assert_eq!(*told.lock().expect("no panic"), [expected]);
    assert_eq!(hotel.rows(), "tell done 1");
}

#[test]
fn what_fails_is_tried_again_after_longer_and_longer_and_then_has_failed() {
    let hotel = hotel();
    let is_well = Arc::new(AtomicBool::new(false));
    let well = is_well.clone();
    let fail =
        move |_: &App, _: &Order| if well.load(Ordering::Relaxed) { Ok(()) } else { Err(Error::NotFound(text!("No line."))) };
    let mut scheduler = hotel.scheduler(vec![once("send", Deed::Outside(Box::new(fail))).attempts(4)]);
    hotel.order("send", ());
    for pause in [30, 60, 120] {
        hotel.turn(&mut scheduler);
        hotel.advance_seconds(pause - 1);
        assert_eq!(hotel.turn(&mut scheduler), 1, "not before its time");
        hotel.advance_seconds(1);
    }
    assert_eq!(hotel.rows(), "send waiting 3 No line.");
    hotel.turn(&mut scheduler);
    assert_eq!(hotel.rows(), "send failed 4 No line.");
    hotel.advance_seconds(7200);
    hotel.turn(&mut scheduler);
    assert_eq!(hotel.rows(), "send failed 4 No line.");
    hotel.order("send", ());
    hotel.turn(&mut scheduler);
    is_well.store(true, Ordering::Relaxed);
    hotel.advance_seconds(30);
    hotel.turn(&mut scheduler);
    assert_eq!(hotel.rows(), "send failed 4 No line.; send done 2");
}

#[test]
fn what_the_database_does_is_done_exactly_once_though_the_program_ends_in_the_middle() {
    let hotel = hotel();
    let jobs = || vec![once("add", Deed::Inside(add_source))];
    hotel.order("add", Named { name: "Source 1".to_owned() });
    // A program that was killed between its claim and its commit.
    hotel.app.db.write(hotel.app.own_context(), |tx| table::claim(tx, 1).map(|_| ())).expect("claimed");
    assert_eq!(hotel.rows(), "add running 1");
    let mut next = hotel.scheduler(jobs());
    for _ in 0..3 {
        hotel.turn(&mut next);
    }
    assert_eq!((hotel.rows(), hotel.sources()), ("add done 2".to_owned(), 1));
    // A start after its commit finds nothing to do.
    hotel.turn(&mut hotel.scheduler(jobs()));
    assert_eq!(hotel.sources(), 1);
}

#[test]
fn what_ends_the_program_again_and_again_is_given_up() {
    let hotel = hotel();
    hotel.order("add", Named { name: "Source 1".to_owned() });
    for attempt in 1..=20 {
        let claimed = hotel.app.db.write(hotel.app.own_context(), |tx| table::claim(tx, 1)).expect("written");
        assert!(claimed, "{attempt}");
        hotel.app.db.write(hotel.app.own_context(), |tx| table::resume(tx, "[\"add\"]").map(|_| ())).expect("written");
    }
    hotel.turn(&mut hotel.scheduler(vec![once("add", Deed::Inside(add_source))]));
    assert_eq!((hotel.rows(), hotel.sources()), ("add failed 20 Innkeeper ended meanwhile.".to_owned(), 0));
}

#[test]
fn a_daily_job_is_done_once_at_its_hour_of_the_hotels_day_and_made_up_for_after_a_night_off() {
    let hotel = hotel();
    let jobs = || vec![daily("day", 3, Deed::Inside(|_, _| Ok(())))];
    let mut scheduler = hotel.scheduler(jobs());
    for _ in 0..3 {
        hotel.turn(&mut scheduler);
    }
    assert_eq!(hotel.rows(), "day 2025-11-10 done 1");
    // 02:59:59 of the next day in Lisbon, then three o'clock.
    hotel.advance_seconds(18 * 3600 - 1);
    assert_eq!(hotel.turn(&mut scheduler), 1);
    hotel.advance_seconds(1);
    hotel.turn(&mut scheduler);
    assert_eq!(hotel.rows(), "day 2025-11-10 done 1; day 2025-11-11 done 1");
    hotel.advance_seconds(50 * 3600);
    hotel.turn(&mut hotel.scheduler(jobs()));
    assert_eq!(
        hotel.rows(),
        "day 2025-11-10 done 1; day 2025-11-11 done 1; day 2025-11-13 done 1",
        "the last one that was missed"
    );
}

#[test]
fn a_hotel_that_is_not_set_up_has_no_hours() {
    let folder = tempfile::tempdir().expect("a folder");
    let hotel = Hotel { app: open(&folder, &db::Options::default()), _folder: folder };
    hotel.turn(&mut hotel.scheduler(vec![daily("day", 3, Deed::Inside(|_, _| Ok(())))]));
    assert_eq!(hotel.rows(), "");
}

#[test]
fn what_has_ended_is_forgotten_after_a_month() {
    let hotel = hotel();
    hotel.order("add", Named { name: "Source 1".to_owned() });
    let jobs = super::own().into_iter().chain([once("add", Deed::Inside(add_source))]).collect();
    let mut scheduler = hotel.scheduler(jobs);
    hotel.turn(&mut scheduler);
    hotel.order("other", ());
    hotel.advance_seconds(30 * 24 * 3600);
    hotel.turn(&mut scheduler);
    assert_eq!(hotel.rows(), "add done 1; other waiting 0");
    hotel.advance_seconds(3600);
    hotel.turn(&mut scheduler);
    assert_eq!(hotel.rows(), "other waiting 0", "what nobody has done yet stays");
}

#[test]
fn a_read_only_copy_has_those_jobs_alone_that_leave_the_file() {
    let hotel = hotel();
    hotel.order("add", Named { name: "Source 1".to_owned() });
    let copy = open(&hotel._folder, &db::Options { is_read_only: true, ..db::Options::default() });
    let (writing, written) = counting("writing", 10);
    let (looking, looked) = counting("looking", 10);
    let jobs =
        vec![writing, looking.leaves_file(), once("add", Deed::Inside(add_source)), daily("day", 3, Deed::Inside(|_, _| Ok(())))];
    let mut scheduler = Scheduler::new(&copy, jobs);
    let all = Tags::EVERY;
    scheduler.turn(&copy, all);
    let Clock::Fixed(clock) = &copy.clock else { panic!("the clock of tests is fixed") };
    clock.fetch_add(60_000, Ordering::Relaxed);
    scheduler.turn(&copy, all);
    assert_eq!((written.load(Ordering::Relaxed), looked.load(Ordering::Relaxed)), (0, 1));
    assert_eq!(hotel.rows(), "add waiting 0");
}

/// Tells that it has begun and goes on until the server closes.
fn until_the_end(begun: Sender<()>) -> Job {
    let wait = move |app: &App, _: &Order| {
        begun.send(()).expect("it is waited for");
        while !app.events.signal.is_closing() {
            std::thread::yield_now();
        }
        Err(Error::Busy(text!("given up")))
    };
    once("long", Deed::Outside(Box::new(wait))).long().attempts(1)
}

#[test]
fn long_work_does_not_hold_up_short_work_and_is_done_again_when_the_server_closed_meanwhile() {
    let hotel = hotel();
    let ((begun, has_begun), (done, is_done)) = (channel(), channel());
    let tell = move |_: &App, _: &Order| {
        done.send(()).expect("it is waited for");
        Ok(())
    };
    let jobs = vec![until_the_end(begun), once("short", Deed::Outside(Box::new(tell)))];
    let threads = start(&hotel.app, jobs, 256 * 1024).expect("threads");
    hotel.order("long", ());
    has_begun.recv().expect("the commit wakes it");
    hotel.order("short", ());
    is_done.recv().expect("though the long one is at work");
    hotel.app.events.signal.close();
    threads.quick.join().expect("the thread ends");
    threads.long.join().expect("the thread ends");
    assert_eq!(hotel.rows(), "long running 1; short done 1");
    hotel.app.db.close();
    let again = Hotel { app: open(&hotel._folder, &db::Options::default()), _folder: hotel._folder };
    again.turn(&mut again.scheduler(vec![once("long", Deed::Outside(Box::new(|_, _| Ok(()))))]));
    assert_eq!(again.rows(), "long done 2; short done 1");
}
