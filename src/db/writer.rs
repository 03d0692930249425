//! The one writer: a thread that owns the writing connection.
//!
//! Operations that wait together are committed together: each runs in a
//! savepoint of its own inside one `BEGIN IMMEDIATE`, and is answered only after
//! the COMMIT is on disk. A second thread folds the WAL into the file passively
//! while the desk works; the writer does so completely when it has been idle for
//! a second.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::generation::{Generations, Table, Tags};
use super::sql::{Conn, Context, Statistics, Tx};
use super::{OnCommit, OpenError, Options, beside, search};
use crate::domain::wording::text;
use crate::error::{Error, Result};

/// Operations committed together at most.
const BATCH: usize = 64;
/// Operations that may wait; beyond it the server sheds load.
const QUEUE: usize = 1024;
const CHECKPOINT_EVERY: Duration = Duration::from_millis(100);
/// A WAL longer than this is folded in by the writer itself: while it pauses the
/// passive fold can catch up, and the next write starts the WAL anew.
const LONG_WAL_BYTES: u64 = 32 * 1024 * 1024;
/// How many commits pass between two looks at the WAL's length.
const LOOK_EVERY: u64 = 32;
/// How long a pause in writing is before the WAL is folded in, and how often it
/// is looked whether another process changed the file.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// An operation that has run: whether to keep its changes, and how to answer.
struct Outcome {
    keep: bool,
    answer: Box<dyn FnOnce(Result<()>) + Send>,
}

/// Runs on the connection, or is told that there is no transaction to run in.
type Work = Box<dyn FnOnce(Result<&Connection>, &Statistics) -> Outcome + Send>;

/// How an operation is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    /// With whatever waits beside it, in a savepoint of its own.
    Shared,
    /// In a transaction of its own. For bulk loads: a savepoint keeps a copy in
    /// memory of every page they touch, and each statement pays for its length.
    Alone,
}

struct Job {
    company: Company,
    work: Work,
}

impl Job {
    /// `answer` is told once it is known whether the changes are on disk.
    fn new<T, F, A>(context: Context, company: Company, work: F, answer: A) -> Job
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T> + Send + 'static,
        A: FnOnce(Result<T>) + Send + 'static,
    {
        let work: Work = Box::new(move |connection, statistics| {
            let result = match connection {
                Ok(raw) => catch_unwind(AssertUnwindSafe(|| work(&Tx::new(Conn::new(raw, &context, statistics)))))
                    .unwrap_or_else(|_| Err(Error::internal("an operation panicked; its changes were dropped"))),
                Err(error) => Err(error),
            };
            let keep = result.is_ok();
            Outcome { keep, answer: Box::new(move |committed| answer(result.and_then(|value| committed.map(|()| value)))) }
        });
        Job { company, work }
    }
}

pub(super) struct Writer {
    statistics: Arc<Statistics>,
    queue: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub fn start(
        connection: Connection,
        path: &Path,
        options: &Options,
        generations: Arc<Generations>,
        statistics: Arc<Statistics>,
        on_commit: OnCommit,
    ) -> Result<Writer, OpenError> {
        let unusable = |what: String| OpenError::Unusable { path: path.to_owned(), what };
        let (queue, jobs) = sync_channel(QUEUE);
        let checkpointer = (!options.is_replicated).then(|| Checkpointer::start(path, options)).transpose();
        let checkpointer = checkpointer.map_err(|e| unusable(e.to_string()))?;
        let known = statistics.clone();
        let writer = Loop::new(connection, path, options, generations, statistics, on_commit, checkpointer)
            .map_err(|e| unusable(e.to_string()))?;
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || writer.run(&jobs));
        let thread = thread.map_err(|e| unusable(e.to_string()))?;
        Ok(Writer { statistics: known, queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    pub fn write<T, F>(&self, context: Context, company: Company, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T> + Send + 'static,
    {
        // What wakes the asker is the same for every type: the answer lies beside it.
        let (wake, woken) = sync_channel(1);
        let answer = Arc::new(Mutex::new(None));
        let place = answer.clone();
        let job = Job::new(context, company, work, move |result| {
            if let Ok(mut place) = place.lock() {
                *place = Some(result);
            }
            // The asker may have gone; its answer is then nobody's.
            let _ = wake.send(());
        });
        self.run(job, &woken)?;
        answer.lock().ok().and_then(|mut place| place.take()).ok_or_else(closed)?
    }

    /// Queues an operation; `then` is told on the writer's thread, when what was kept is on disk, and must
    /// take no time there.
    pub fn write_then<T, F, A>(&self, context: Context, work: F, then: A)
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T> + Send + 'static,
        A: FnOnce(Result<T>) + Send + 'static,
    {
        if let Err((error, job)) = self.try_queue(Job::new(context, Company::Shared, work, then)) {
            ((job.work)(Err(error), &self.statistics).answer)(Ok(()));
        }
    }

    /// Queues an operation that nobody waits for.
    pub fn write_behind(&self, context: Context, work: impl FnOnce(&Tx) -> Result<()> + Send + 'static) -> Result<()> {
        self.queue(Job::new(context, Company::Shared, work, |result| {
            if let Err(error) = result {
                log::warn!("a note was not written: {error}");
            }
        }))
    }

    fn queue(&self, job: Job) -> Result<()> {
        self.try_queue(job).map_err(|(error, _)| error)
    }

    /// Gives back what finds no place.
    fn try_queue(&self, job: Job) -> std::result::Result<(), (Error, Job)> {
        let queue = self.queue.lock().ok().and_then(|queue| queue.clone());
        let Some(queue) = queue else { return Err((closed(), job)) };
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(job) => (Error::Busy(text!("Too many changes at once; please try again in a moment.")), job),
            TrySendError::Disconnected(job) => (closed(), job),
        })
    }

    /// Queues an operation and waits until it is answered.
    fn run(&self, job: Job, woken: &Receiver<()>) -> Result<()> {
        self.queue(job)?;
        woken.recv().map_err(|_| closed())
    }

    /// Finishes the queue, folds the WAL in and ends.
    pub fn stop(&self) {
        if let Ok(mut queue) = self.queue.lock() {
            queue.take();
        }
        if let Some(thread) = self.thread.lock().ok().and_then(|mut thread| thread.take()) {
            join(thread);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn join(thread: JoinHandle<()>) {
    if thread.join().is_err() {
        log::error!("a database thread ended in a panic");
    }
}

fn closed() -> Error {
    Error::Busy(text!("Innkeeper is closing; please try again in a moment."))
}

/// What the writer's thread owns.
struct Loop {
    wal: PathBuf,
    connection: Connection,
    touched: Arc<AtomicU64>,
    generations: Arc<Generations>,
    statistics: Arc<Statistics>,
    on_commit: OnCommit,
    busy_timeout: Duration,
    /// `None` when another program follows the log and folds it in: it is left to that one.
    checkpointer: Option<Checkpointer>,
    data_version: i64,
    /// Rows that this connection had changed when the transaction began.
    changes_before: u64,
    last_watch: Instant,
    /// Came while others were being committed, and waits for its own transaction.
    next: Option<Job>,
    /// Nothing has been written since the WAL was folded in completely.
    is_folded: bool,
}

impl Loop {
    fn new(
        connection: Connection,
        path: &Path,
        options: &Options,
        generations: Arc<Generations>,
        statistics: Arc<Statistics>,
        on_commit: OnCommit,
        checkpointer: Option<Checkpointer>,
    ) -> rusqlite::Result<Loop> {
        let touched = Arc::new(AtomicU64::new(0));
        let seen = touched.clone();
        connection.update_hook(Some(move |_: rusqlite::hooks::Action, _: &str, table: &str, _: i64| {
            if let Some(table) = Table::parse(table) {
                seen.fetch_or(Tags::of(&[table]).bits(), Ordering::Relaxed);
            }
        }))?;
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        Ok(Loop {
            wal: wal.into(),
            connection,
            touched,
            generations,
            statistics,
            on_commit,
            busy_timeout: options.busy_timeout,
            checkpointer,
            data_version: 0,
            changes_before: 0,
            last_watch: Instant::now(),
            next: None,
            is_folded: false,
        })
    }

    fn run(mut self, jobs: &Receiver<Job>) {
        // What an earlier process left in the WAL is folded in first.
        self.is_folded = self.fold_at_once();
        self.data_version = self.read_data_version();
        loop {
            let job = match self.next.take() {
                Some(job) => Ok(job),
                None => jobs.recv_timeout(WATCH_EVERY),
            };
            match job {
                Ok(first) => self.batch(first, jobs),
                Err(RecvTimeoutError::Timeout) => self.rest(),
                Err(RecvTimeoutError::Disconnected) => {
                    if let Some(checkpointer) = self.checkpointer.take() {
                        // SQLite refuses a second checkpoint at once, whatever the busy timeout.
                        checkpointer.stop();
                        fold(&self.connection, "TRUNCATE");
                    }
                    return;
                }
            }
        }
    }

    /// A second without a write: everything goes into the one file, so that a
    /// copy of it holds everything.
    fn rest(&mut self) {
        self.notice_other_processes();
        if !self.is_folded {
            self.is_folded = self.fold_at_once();
        }
    }

    /// Folds completely unless somebody still reads an older state (a back-up, say):
    /// waiting for them would keep the desk waiting. The next pause tries again.
    fn fold_at_once(&self) -> bool {
        if self.checkpointer.is_none() {
            return true;
        }
        let set = |timeout| self.connection.busy_timeout(timeout).is_ok();
        set(Duration::ZERO) && {
            let is_folded = fold(&self.connection, "TRUNCATE");
            set(self.busy_timeout) && is_folded
        }
    }

    /// `data_version` changes when another connection than ours has committed:
    /// an import beside a running server, say. Nothing cached is then current.
    fn notice_other_processes(&mut self) {
        self.last_watch = Instant::now();
        let version = self.read_data_version();
        if version != self.data_version {
            self.data_version = version;
            self.generations.raise(Tags::EVERY);
            (self.on_commit)(Tags::EVERY);
        }
    }

    fn read_data_version(&self) -> i64 {
        self.connection.pragma_query_value(None, "data_version", |row| row.get(0)).unwrap_or(0)
    }

    fn batch(&mut self, first: Job, jobs: &Receiver<Job>) {
        if self.last_watch.elapsed() >= WATCH_EVERY {
            self.notice_other_processes();
        }
        if let Err(error) = self.execute("BEGIN IMMEDIATE") {
            log::warn!("no transaction could be begun: {error}");
            // Those that wait beside it would each wait as long for nothing, and be told when nobody listens any more.
            for job in std::iter::once(first).chain(std::iter::from_fn(|| jobs.try_recv().ok())) {
                ((job.work)(Err(error.clone()), &self.statistics).answer)(Ok(()));
            }
            return;
        }
        self.changes_before = self.connection.total_changes();
        let outcomes = match first.company {
            Company::Shared => self.shared(first.work, jobs),
            Company::Alone => vec![(first.work)(Ok(&self.connection), &self.statistics)],
        };
        let committed = self.commit(&outcomes);
        self.statistics.operations.fetch_add(outcomes.len() as u64, Ordering::Relaxed);
        for outcome in outcomes {
            (outcome.answer)(committed.clone());
        }
        self.is_folded = false;
        self.shorten_wal(first.company);
        if let Some(checkpointer) = &self.checkpointer {
            checkpointer.tell();
        }
    }

    /// The operation and those that wait beside it, until one wants to be alone. What is refused before
    /// anything was changed has nothing to wait for.
    fn shared(&mut self, first: Work, jobs: &Receiver<Job>) -> Vec<Outcome> {
        let (mut outcomes, mut taken) = (Vec::new(), 0);
        let mut take = |work: Work| {
            let outcome = self.operation(work);
            if outcome.keep || !outcomes.is_empty() || self.connection.is_autocommit() {
                outcomes.push(outcome);
            } else {
                self.statistics.operations.fetch_add(1, Ordering::Relaxed);
                (outcome.answer)(Ok(()));
            }
            taken += 1;
            taken < BATCH && !self.connection.is_autocommit()
        };
        let mut has_room = take(first);
        while has_room {
            match jobs.try_recv() {
                Ok(Job { company: Company::Shared, work }) => has_room = take(work),
                Ok(alone) => {
                    self.next = Some(alone);
                    break;
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        outcomes
    }

    /// Under writes without a pause the passive fold never catches up.
    fn shorten_wal(&self, company: Company) {
        let commits = self.statistics.commits.load(Ordering::Relaxed);
        let is_time = self.checkpointer.is_some() && (company == Company::Alone || commits.is_multiple_of(LOOK_EVERY));
        let is_long = || std::fs::metadata(&self.wal).is_ok_and(|m| m.len() > LONG_WAL_BYTES);
        if is_time && is_long() {
            fold(&self.connection, "PASSIVE");
        }
    }

    /// Runs one operation in its savepoint. Should SQLite have given up the
    /// whole transaction (a full disk), the commit reports it for everyone.
    fn operation(&self, work: Work) -> Outcome {
        if let Err(error) = self.execute("SAVEPOINT operation") {
            log::error!("a savepoint could not be opened: {error}");
            return work(Err(error), &self.statistics);
        }
        let outcome = work(Ok(&self.connection), &self.statistics);
        if self.connection.is_autocommit() {
            return outcome;
        }
        if !outcome.keep {
            self.statistics.rollbacks.fetch_add(1, Ordering::Relaxed);
            if self.execute("ROLLBACK TO operation").is_err() {
                log::error!("an operation could not be taken back; the whole batch is dropped");
                let _ = self.execute("ROLLBACK");
                return outcome;
            }
        }
        if let Err(error) = self.execute("RELEASE operation") {
            log::error!("a savepoint could not be released: {error}");
        }
        outcome
    }

    fn commit(&mut self, outcomes: &[Outcome]) -> Result<()> {
        let lost = || Error::Busy(text!("The change could not be saved; please try again."));
        let touched = Tags::from_bits(self.touched.swap(0, Ordering::Relaxed));
        if self.connection.is_autocommit() {
            return Err(lost());
        }
        if !outcomes.iter().any(|o| o.keep) {
            return self.execute("ROLLBACK");
        }
        let marked = || if self.has_changed() { self.execute(&beside::MARK.text) } else { Ok(()) };
        let learnt = search::learn(&self.connection).and_then(|()| marked());
        if let Err(error) = learnt.and_then(|()| self.execute("COMMIT")) {
            log::error!("a commit failed: {error}");
            let _ = self.execute("ROLLBACK");
            return Err(error);
        }
        self.statistics.commits.fetch_add(1, Ordering::Relaxed);
        if !touched.is_empty() {
            self.generations.raise(touched);
            (self.on_commit)(touched);
        }
        Ok(())
    }

    /// Whether the transaction has written anything: without a change there is no commit to mark.
    fn has_changed(&self) -> bool {
        self.connection.total_changes() != self.changes_before
    }

    fn execute(&self, text: &str) -> Result<()> {
        self.connection.prepare_cached(text)?.execute([])?;
        Ok(())
    }
}

fn checkpoint_connection(path: &Path, options: &Options) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(options.busy_timeout)?;
    connection.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL;")?;
    Ok(connection)
}

/// Folds the WAL into the file; whether all of it that was asked for is in.
fn fold(connection: &Connection, mode: &str) -> bool {
    let pragma = format!("PRAGMA wal_checkpoint({mode})");
    match connection.query_row(&pragma, [], |row| row.get::<_, i64>(0)) {
        Ok(busy) => busy == 0,
        Err(error) => {
            log::warn!("checkpoint: {error}");
            false
        }
    }
}

/// A thread that folds passively while writes go on, so that little is left for a pause.
/// Folding completely is the writer's own: done from here it would look like
/// another process's change.
struct Checkpointer {
    wrote: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Checkpointer {
    fn start(path: &Path, options: &Options) -> Result<Checkpointer, Box<dyn std::error::Error>> {
        let (wrote, writes) = sync_channel(1);
        let connection = checkpoint_connection(path, options)?;
        let work = move || {
            while writes.recv().is_ok() {
                fold(&connection, "PASSIVE");
                // The writes of one tick are folded together.
                std::thread::park_timeout(CHECKPOINT_EVERY);
            }
        };
        let thread = std::thread::Builder::new().name("checkpoint".to_owned()).spawn(work)?;
        Ok(Checkpointer { wrote, thread })
    }

    fn tell(&self) {
        // A full channel means that it has been told already.
        let _ = self.wrote.try_send(());
    }

    /// Ends when it is done with what it has begun.
    fn stop(self) {
        drop(self.wrote);
        self.thread.thread().unpark();
        join(self.thread);
    }
}

#[cfg(test)]
mod tests;
