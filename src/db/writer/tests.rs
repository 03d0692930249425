//! What the writer promises: looked at from outside, and on its loop alone, batch by batch.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;

use super::{BATCH, Checkpointer, Company, Job, LOOK_EVERY, Loop, QUEUE, WATCH_EVERY, Writer};
use crate::db::{Context, Db, Generations, Options, Sql, Statistics, Table, Tags, Tx, open};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::wording::text;
use crate::error::{Error, Result};

const ADD: Sql = Sql::new("test.add", "INSERT INTO booking_source (name) VALUES (?1)");
const COUNT: Sql = Sql::scanning("test.count", "SELECT count(*) FROM booking_source WHERE name LIKE 'x%'", "a test");

fn context() -> Context {
    Context { actor: Actor::program("test"), now: Instant::from_millisecond(0).expect("epoch") }
}

fn open() -> (tempfile::TempDir, Arc<Db>) {
    let folder = tempfile::tempdir().expect("folder");
    let db = Db::open(&folder.path().join("hotel.db"), &Options::default(), Box::new(|_| ())).expect("open");
    (folder, Arc::new(db))
}

fn count(db: &Db) -> Result<i64> {
    db.read(&context(), |conn| conn.scalar::<i64>(&COUNT, []))
}

fn log_bytes(folder: &tempfile::TempDir) -> u64 {
    std::fs::metadata(folder.path().join("hotel.db-wal")).map_or(0, |m| m.len())
}

#[test]
fn a_failed_operation_leaves_its_neighbours_alone() {
    let (_folder, db) = open();
    let threads: Vec<_> = (0..8)
        .map(|t| {
            let db = db.clone();
            std::thread::spawn(move || {
                (0..50)
                    .filter(|i| {
                        let name = format!("x{t}-{i}");
                        let odd = i % 2 == 1;
                        db.write(context(), move |tx| {
                            tx.insert(&ADD, [name])?;
                            if odd { Err(Error::internal("on purpose")) } else { Ok(()) }
                        })
                        .is_ok()
                    })
                    .count()
            })
        })
        .collect();
    let kept: usize = threads.into_iter().map(|t| t.join().expect("thread")).sum();
    assert_eq!(kept, 200);
    assert_eq!(count(&db), Ok(200));
}

#[test]
fn a_panicking_operation_is_taken_back_and_the_writer_goes_on() {
    let (_folder, db) = open();
    let result = db.write(context(), |tx| -> Result<()> {
        tx.insert(&ADD, ["xa"])?;
        panic!("on purpose");
    });
    assert!(matches!(result, Err(Error::Internal(_))));
    assert_eq!(db.write(context(), |tx| tx.insert(&ADD, ["xb"]).map(|_| ())), Ok(()));
    assert_eq!(count(&db), Ok(1));
}

#[test]
fn a_bulk_load_has_a_transaction_of_its_own() {
    let (_folder, db) = open();
    let threads: Vec<_> = (0..8)
        .map(|t| {
            let db = db.clone();
            std::thread::spawn(move || {
                for i in 0..50 {
                    let name = format!("x{t}-{i}");
                    if t % 2 == 0 {
                        db.write(context(), move |tx| tx.insert(&ADD, [name])).expect("write");
                    } else {
                        let fails = i % 2 == 1;
                        let result = db.write_alone(context(), move |tx| {
                            tx.insert(&ADD, [name])?;
                            if fails { Err(Error::internal("on purpose")) } else { Ok(()) }
                        });
                        assert_eq!(result.is_err(), fails);
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().expect("thread"));
    assert_eq!(count(&db), Ok(4 * 50 + 4 * 25));
}

#[test]
fn closing_folds_everything_into_the_one_file_and_takes_nothing_more() {
    let (folder, db) = open();
    db.write(context(), |tx| tx.insert(&ADD, ["xa"]).map(|_| ())).expect("write");
    assert_eq!(count(&db), Ok(1), "a reader keeps the log from going with the writer");
    db.close();
    assert_eq!(log_bytes(&folder), 0);
    let copy = folder.path().join("copy.db");
    std::fs::copy(folder.path().join("hotel.db"), &copy).expect("copy");
    let copied = Db::open(&copy, &Options::default(), Box::new(|_| ())).expect("open the copy");
    assert_eq!(count(&copied), Ok(1));
    let refused = db.write(context(), |tx| tx.insert(&ADD, ["xb"]).map(|_| ()));
    assert_eq!(refused, Err(Error::Busy(text!("Innkeeper is closing; please try again in a moment."))));
}

#[test]
fn whoever_lets_go_of_it_waits_until_all_that_was_asked_is_written() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("hotel.db");
    let held = Arc::new(());
    let kept = held.clone();
    let db = Db::open(&path, &Options::default(), Box::new(move |_| drop(kept.clone()))).expect("open");
    db.write_behind(context(), |tx| (0..300).try_for_each(|n| tx.insert(&ADD, [format!("x{n}")]).map(|_| ())));
    drop(db);
    assert_eq!((Arc::strong_count(&held), log_bytes(&folder)), (1, 0), "its threads have ended");
    let again = Db::open(&path, &Options::default(), Box::new(|_| ())).expect("open");
    assert_eq!(count(&again), Ok(300));
}

#[test]
fn the_log_of_a_replicated_file_is_left_to_the_one_who_replicates_it() {
    let folder = tempfile::tempdir().expect("folder");
    let (path, options) = (folder.path().join("hotel.db"), Options { is_replicated: true, ..Options::default() });
    let db = Db::open(&path, &options, Box::new(|_| ())).expect("open");
    let file = || std::fs::read(&path).expect("the file");
    let at_first = file();
    db.write(context(), |tx| tx.insert(&ADD, ["xa"]).map(|_| ())).expect("write");
    assert_eq!(count(&db), Ok(1));
    let before = log_bytes(&folder);
    db.close();
    drop(db);
    assert!(before > 0 && log_bytes(&folder) == before, "{before} then {}", log_bytes(&folder));
    assert!(file() == at_first, "nothing of the log went into the file");
}

#[test]
fn who_comes_when_too_many_wait_is_told_at_once() {
    let folder = tempfile::tempdir().expect("folder");
    let (path, options) = (folder.path().join("hotel.db"), Options::default());
    let (connection, _) = open::writer(&path, &options).expect("a connection");
    let statistics = Arc::new(Statistics::new(Duration::MAX));
    let writer =
        Writer::start(connection, &path, &options, Arc::default(), statistics.clone(), Box::new(|_| ())).expect("a writer");
    let (begun, has_begun) = sync_channel(1);
    let (go_on, may_go_on) = sync_channel::<()>(1);
    let failed = |error: &dyn std::error::Error| Error::internal(error.to_string());
    let waits = move |_: &Tx| {
        begun.send(()).map_err(|error| failed(&error))?;
        may_go_on.recv().map_err(|error| failed(&error))
    };
    writer.write_behind(context(), waits).expect("room");
    has_begun.recv().expect("it has begun");
    for n in 0..QUEUE {
        writer.write_behind(context(), move |tx| tx.insert(&ADD, [format!("x{n}")]).map(|_| ())).expect("room");
    }
    let refused = writer.write(context(), Company::Shared, |_| Ok(()));
    assert_eq!(refused, Err(Error::Busy(text!("Too many changes at once; please try again in a moment."))));
    go_on.send(()).expect("it waits");
    writer.stop();
    assert_eq!(statistics.operations.load(Ordering::Relaxed), QUEUE as u64 + 1, "and nobody who had a place is forgotten");
}

/// The loop without its threads: what it does is done when a call returns.
struct Bench {
    folder: tempfile::TempDir,
    writer: Loop,
    queue: SyncSender<Job>,
    jobs: Receiver<Job>,
    /// What the checkpointer is told.
    writes: Receiver<()>,
    /// What `on_commit` was told.
    told: Arc<Mutex<Vec<Tags>>>,
}

impl Bench {
    fn new() -> Bench {
        Bench::with(&Options { busy_timeout: Duration::ZERO, ..Options::default() })
    }

    fn with(options: &Options) -> Bench {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("hotel.db");
        let (connection, _) = open::writer(&path, options).expect("a connection");
        let (wrote, writes) = sync_channel(1);
        let (queue, jobs) = sync_channel(QUEUE);
        let told: Arc<Mutex<Vec<Tags>>> = Arc::default();
        let on_commit = {
            let told = told.clone();
            Box::new(move |tags| told.lock().expect("told").push(tags))
        };
        let statistics = Arc::new(Statistics::new(Duration::MAX));
        let checkpointer = (!options.is_replicated).then(|| Checkpointer { wrote, thread: std::thread::spawn(|| ()) });
        let mut writer =
            Loop::new(connection, &path, options, Arc::new(Generations::default()), statistics, on_commit, checkpointer)
                .expect("a loop");
        writer.data_version = writer.read_data_version();
        Bench { folder, writer, queue, jobs, writes, told }
    }

    /// Has an operation wait; how it is answered.
    fn ask(&self, work: impl FnOnce(&Tx) -> Result<()> + Send + 'static) -> Receiver<Result<()>> {
        let (tell, told) = sync_channel(1);
        let job = Job::new(context(), Company::Shared, work, move |result| tell.send(result).expect("somebody listens"));
        self.queue.send(job).expect("room");
        told
    }

    fn add(&self, name: &str) -> Receiver<Result<()>> {
        let name = name.to_owned();
        self.ask(move |tx| tx.insert(&ADD, [name]).map(|_| ()))
    }

    /// The next transaction of those that wait.
    fn batch(&mut self) {
        let first = self.jobs.try_recv().expect("one that waits");
        self.writer.batch(first, &self.jobs);
    }

    /// An addition, committed.
    fn write(&mut self, name: &str) {
        let answer = self.add(name);
        self.batch();
        assert_eq!(answer.try_recv(), Ok(Ok(())));
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hotel.db")
    }

    fn other(&self) -> Connection {
        Connection::open(self.path()).expect("another connection")
    }

    fn value<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.writer.connection.query_row(sql, [], |row| row.get(0)).expect("a value")
    }

    fn rows(&self) -> i64 {
        self.value(&COUNT.text)
    }

    fn marks(&self) -> (String, String) {
        (self.value("SELECT before FROM log_mark"), self.value("SELECT mark FROM log_mark"))
    }

    /// Commits, operations and operations taken back.
    fn counts(&self) -> [u64; 3] {
        let s = &self.writer.statistics;
        [&s.commits, &s.operations, &s.rollbacks].map(|count| count.load(Ordering::Relaxed))
    }

    fn told(&self) -> Vec<Tags> {
        std::mem::take(&mut *self.told.lock().expect("told"))
    }

    /// Makes the log so much longer.
    fn lengthen(&self, megabytes: usize) {
        let bytes = megabytes * 1024 * 1024;
        let fill = format!("CREATE TABLE IF NOT EXISTS filled (x BLOB) STRICT; INSERT INTO filled VALUES (zeroblob({bytes}))");
        self.writer.connection.execute_batch(&fill).expect("room on the disk");
    }

    /// Whether the next write begins the log anew, because all of it is in the file: its head then
    /// has other salts.
    fn begins_anew(&self) -> bool {
        let salts = || std::fs::read(self.path().with_extension("db-wal")).expect("a log")[16..24].to_vec();
        let before = salts();
        self.writer
            .connection
            .execute_batch("INSERT INTO booking_source (name) VALUES ('new log?' || random())")
            .expect("a write");
        salts() != before
    }
}

#[test]
fn those_that_wait_are_committed_together_up_to_a_bound() {
    let mut bench = Bench::new();
    let answers: Vec<_> = (0..BATCH + 30).map(|n| bench.add(&format!("x{n}"))).collect();
    bench.batch();
    assert_eq!((bench.counts(), bench.rows()), ([1, 64, 0], 64));
    let answered = |range: std::ops::Range<usize>| answers[range].iter().filter(|a| a.try_recv() == Ok(Ok(()))).count();
    assert_eq!((answered(0..64), answered(64..94)), (64, 0));
    bench.batch();
    assert_eq!((bench.counts(), bench.rows(), answered(64..94)), ([2, 94, 0], 94, 30));
}

#[test]
fn each_in_a_batch_is_answered_by_what_became_of_its_own_changes() {
    let mut bench = Bench::new();
    let good = bench.add("xa");
    let refused = bench.ask(|tx| tx.insert(&ADD, ["xb"]).and_then(|_| Err(Error::internal("on purpose"))));
    let panics = bench.ask(|tx| tx.insert(&ADD, ["xc"]).map(|_| panic!("on purpose")));
    let after = bench.add("xd");
    bench.batch();
    assert_eq!((bench.counts(), bench.rows()), ([1, 4, 2], 2));
    assert_eq!([good, after].map(|answer| answer.try_recv()), [Ok(Ok(())), Ok(Ok(()))]);
    assert_eq!(refused.try_recv(), Ok(Err(Error::internal("on purpose"))));
    assert!(matches!(panics.try_recv(), Ok(Err(Error::Internal(_)))));
    assert_eq!(bench.told(), [Tags::of(&[Table::BookingSource])]);
    assert!(bench.writes.try_recv().is_ok(), "the checkpointer is told");
}

#[test]
fn where_the_commit_fails_nobody_is_told_that_anything_is_on_disk() {
    let mut bench = Bench::new();
    let generation = bench.writer.generations.of(Tags::EVERY);
    bench.writer.connection.commit_hook(Some(|| true)).expect("a hook that refuses");
    let answers = [bench.add("xa"), bench.add("xb")];
    bench.batch();
    for answer in answers {
        assert!(matches!(answer.try_recv(), Ok(Err(_))));
    }
    assert_eq!((bench.rows(), bench.counts(), bench.told()), (0, [0, 2, 0], vec![]));
    assert_eq!(bench.writer.generations.of(Tags::EVERY), generation);
    bench.writer.connection.commit_hook(None::<fn() -> bool>).expect("no hook");
    bench.write("xa");
    assert_eq!((bench.rows(), bench.told()), (1, vec![Tags::of(&[Table::BookingSource])]));
    assert_ne!(bench.writer.generations.of(Tags::EVERY), generation);
}

#[test]
fn while_another_program_writes_who_asks_is_refused_and_the_next_is_not() {
    let mut bench = Bench::new();
    let other = bench.other();
    other.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
    let answer = bench.add("xa");
    bench.batch();
    assert!(matches!(answer.try_recv(), Ok(Err(Error::Busy(_)))));
    other.execute_batch("ROLLBACK").expect("its end");
    bench.write("xb");
    assert_eq!((bench.rows(), bench.counts()), (1, [1, 1, 0]));
}

#[test]
fn each_commit_that_changed_something_leaves_a_mark_beside_the_one_before() {
    let mut bench = Bench::new();
    bench.write("xa");
    let (first, bytes) = (bench.marks(), log_bytes(&bench.folder));
    let looks = bench.ask(|tx| tx.scalar::<i64>(&COUNT, []).map(|_| ()));
    bench.batch();
    assert_eq!(looks.try_recv(), Ok(Ok(())));
    assert_eq!((bench.marks(), log_bytes(&bench.folder)), (first.clone(), bytes), "nothing was changed");
    assert_eq!(bench.told(), [Tags::of(&[Table::BookingSource])]);
    bench.write("xb");
    let (before, mark) = bench.marks();
    assert!(before == first.1 && mark != before, "{before} {mark}");
}

#[test]
fn a_pause_folds_the_log_into_the_file_as_soon_as_nobody_reads_what_was_before() {
    let mut bench = Bench::with(&Options::default());
    bench.write("xa");
    let reader = bench.other();
    reader.execute_batch("BEGIN; SELECT count(*) FROM booking_source").expect("a snapshot");
    bench.write("xb");
    bench.writer.rest();
    assert!(log_bytes(&bench.folder) > 0 && !bench.writer.is_folded, "somebody reads");
    assert_eq!(bench.value::<i64>("PRAGMA busy_timeout"), 5000, "and locks are waited for as before");
    drop(reader);
    bench.writer.rest();
    assert!(log_bytes(&bench.folder) == 0 && bench.writer.is_folded);
    bench.write("xc");
    assert!(!bench.writer.is_folded);
}

#[test]
fn what_another_program_commits_is_noticed_in_a_pause_and_under_writes_without_one() {
    let mut bench = Bench::new();
    bench.write("xa");
    assert_eq!(bench.told(), [Tags::of(&[Table::BookingSource])]);
    bench.writer.rest();
    assert_eq!(bench.told(), [], "its own commits are no others'");
    let other = bench.other();
    let generation = bench.writer.generations.of(Tags::of(&[Table::Guest]));
    other.execute_batch("INSERT INTO booking_source (name) VALUES ('xb')").expect("another's write");
    bench.writer.rest();
    assert_eq!(bench.told(), [Tags::EVERY]);
    assert_ne!(bench.writer.generations.of(Tags::of(&[Table::Guest])), generation);
    other.execute_batch("INSERT INTO booking_source (name) VALUES ('xc')").expect("another's write");
    bench.writer.last_watch = std::time::Instant::now().checked_sub(WATCH_EVERY).expect("the machine runs for a second");
    bench.write("xd");
    assert_eq!(bench.told(), [Tags::EVERY, Tags::of(&[Table::BookingSource])]);
}

#[test]
fn a_log_that_grew_long_is_folded_in_between_writes() {
    let bench = Bench::new();
    let shorten = |company, commits: u64| {
        bench.writer.statistics.commits.store(commits, Ordering::Relaxed);
        bench.writer.shorten_wal(company);
        bench.begins_anew()
    };
    bench.lengthen(2);
    assert!(!shorten(Company::Alone, LOOK_EVERY), "it is short");
    bench.lengthen(33);
    assert!(!shorten(Company::Shared, LOOK_EVERY + 1), "it is not looked at after each commit");
    assert!(shorten(Company::Shared, LOOK_EVERY * 2));
    assert!(shorten(Company::Alone, LOOK_EVERY + 1), "after a bulk load it is always looked at");
    let replicated = Bench::with(&Options { is_replicated: true, ..Options::default() });
    replicated.lengthen(33);
    replicated.writer.shorten_wal(Company::Alone);
    assert!(!replicated.begins_anew(), "it is another's to fold in");
}

#[test]
fn the_checkpointer_folds_in_what_it_is_told_of() {
    let mut bench = Bench::new();
    bench.write("xa");
    assert!(!bench.begins_anew());
    let checkpointer = Checkpointer::start(&bench.path(), &Options::default()).expect("a thread");
    checkpointer.tell();
    checkpointer.stop();
    assert!(bench.begins_anew());
}

#[test]
fn who_is_refused_before_anything_was_changed_waits_for_no_commit_and_others_do() {
    let mut bench = Bench::new();
    /// Who was told, whether it was kept, and the commits until then.
    type Told = (&'static str, bool, u64);
    let log: Arc<Mutex<Vec<Told>>> = Arc::default();
    let commits = {
        let statistics = bench.writer.statistics.clone();
        move || statistics.commits.load(Ordering::Relaxed)
    };
    let ask = |name: &'static str, is_refused: bool| {
        let (log, commits) = (log.clone(), commits.clone());
        let work = move |tx: &Tx| match is_refused {
            true => Err(Error::internal("refused")),
            false => tx.insert(&ADD, [name]).map(|_| ()),
        };
        let note = move |result: Result<()>| log.lock().expect("log").push((name, result.is_ok(), commits()));
        bench.queue.send(Job::new(context(), Company::Shared, work, note)).expect("room");
    };
    for (name, is_refused) in [("a", true), ("b", true), ("xc", false), ("d", true), ("xe", false)] {
        ask(name, is_refused);
    }
    bench.batch();
    let expected = [("a", false, 0), ("b", false, 0), ("xc", true, 1), ("d", false, 1), ("xe", true, 1)];
    assert_eq!(*log.lock().expect("log"), expected);
    assert_eq!((bench.counts(), bench.rows()), ([1, 5, 3], 2));
}

#[test]
fn who_does_not_wait_is_told_once_however_it_ends() {
    let folder = tempfile::tempdir().expect("folder");
    let db = Db::open(&folder.path().join("hotel.db"), &Options::default(), Box::new(|_| ())).expect("open");
    let (tell, told) = sync_channel(10);
    let ask = |name: &'static str, work: fn(&Tx) -> Result<()>| {
        let tell = tell.clone();
        db.write_then(context(), work, move |result| tell.send((name, result.is_ok())).expect("somebody listens"));
    };
    ask("kept", |tx| tx.insert(&ADD, ["xa"]).map(|_| ()));
    ask("refused", |_| Err(Error::internal("no")));
    ask("panicked", |_| panic!("as the test wants"));
    let mut first: Vec<_> = (0..3).map(|_| told.recv().expect("told")).collect();
    first.sort_unstable();
    assert_eq!(first, [("kept", true), ("panicked", false), ("refused", false)]);
    assert_eq!(count(&db), Ok(1), "on disk when it is told");
    db.close();
    ask("closed", |tx| tx.insert(&ADD, ["xb"]).map(|_| ()));
    assert_eq!(told.try_recv(), Ok(("closed", false)));
    drop(tell);
}
