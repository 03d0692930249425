//! Beside a file that is only looked at: notices what another program does to it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::{Generations, OnCommit, Tags};

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A thread that looks until it is stopped.
pub(super) struct Watcher {
    stop: Mutex<Option<SyncSender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Watcher {
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(connection: Connection, generations: Arc<Generations>, on_commit: OnCommit) -> std::io::Result<Watcher> {
        let (stop, stopped) = sync_channel(1);
        let body = move || look(&connection, &stopped, &generations, &on_commit);
        let thread = std::thread::Builder::new().name("watcher".to_owned()).spawn(body)?;
        Ok(Watcher { stop: Mutex::new(Some(stop)), thread: Mutex::new(Some(thread)) })
    }

    pub fn stop(&self) {
        if let Ok(mut stop) = self.stop.lock() {
            stop.take();
        }
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        if thread.is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread that looks at the file ended in a panic");
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop();
    }
}

/// `data_version` changes when another connection has committed: nothing kept is
/// current then.
fn look(connection: &Connection, stopped: &Receiver<()>, generations: &Generations, on_commit: &OnCommit) {
    let version = || connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)).unwrap_or(0);
    let mut seen = version();
    while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
        let now = version();
        if now != seen {
            seen = now;
            generations.raise(Tags::EVERY);
            on_commit(Tags::EVERY);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use crate::db::{Context, Db, Options, Sql, Tags};
    use crate::domain::actor::Actor;
    use crate::domain::date::Instant;
    use crate::error::{Code, Error};

    const ADD: Sql = Sql::new("test.add", "INSERT INTO booking_source (name) VALUES (?1)");
    const COUNT: Sql = Sql::scanning("test.count", "SELECT count(*) FROM booking_source WHERE name LIKE 'x%'", "a test");

    fn context() -> Context {
        Context { actor: Actor::program("test"), now: Instant::from_millisecond(0).expect("epoch") }
    }

    #[test]
    fn a_file_that_is_looked_at_takes_no_change_and_shows_those_of_others() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("hotel.db");
        let looking = Options { is_read_only: true, ..Options::default() };
        assert!(Db::open(&path, &looking, Box::new(|_| ())).is_err(), "a mistyped name makes no file");
        assert!(!path.exists());
        let hotel = Db::open(&path, &Options::default(), Box::new(|_| ())).expect("open");
        let (sender, heard) = channel();
        let send = move |touched: Tags| sender.send(touched.bits()).expect("it is listened to");
        let copy = Db::open(&path, &looking, Box::new(send)).expect("open");
        let count = || copy.read(&context(), |conn| conn.scalar::<i64>(&COUNT, [])).expect("read");
        assert_eq!((count(), copy.is_read_only(), hotel.is_read_only()), (0, true, false));
        let refused = copy.write(context(), |tx| tx.insert(&ADD, ["xa"]).map(|_| ())).expect_err("refused");
        assert!(matches!(&refused, Error::Refused(refusal) if refusal.code == Code::ReadOnlyCopy), "{refused}");
        hotel.write(context(), |tx| tx.insert(&ADD, ["xb"]).map(|_| ())).expect("write");
        assert_eq!(heard.recv(), Ok(Tags::EVERY.bits()));
        assert_eq!(count(), 1);
    }
}
