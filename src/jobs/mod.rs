//! Work beside the requests: what is done again and again, and what is to be done once.
//!
//! A slice says in `SLICE.jobs` what it has to do; two threads do it (`scheduler`), one for quick
//! work and one for what may take minutes. What is to be done once lies in the table `job`
//! (`table`) until it is done.

pub mod scheduler;
pub mod table;
#[cfg(test)]
mod tests;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::db::{Table, Tags, Tx};
use crate::domain::date::{Date, Instant};
use crate::error::Result;
use crate::http::endpoint::Lane;
use crate::http::state::App;
pub use scheduler::start;
pub use table::{Order, is_open, order};

/// Work that is done again and again. Answers when it wants its next turn, if that is before its time.
pub type Recurring = Box<dyn FnMut(&App) -> Result<Option<Instant>> + Send>;

/// What an order has done outside of the database.
pub type Outside = Box<dyn Fn(&App, &Order) -> Result<()> + Send>;

/// Work that is to be done once, as it was ordered.
pub enum Deed {
    /// In the transaction that marks it as done: exactly once.
    Inside(fn(&Tx, &Order) -> Result<()>),
    /// Outside of the database: at least once, since a crash may come before the mark.
    Outside(Outside),
}

pub enum Work {
    Every {
        seconds: i64,
        run: Recurring,
    },
    Once(Deed),
    /// Once a day, from this time of the hotel's on; a day on which the program was off is made up for.
    Daily(Time, Deed),
}

/// One thing that the program has to do beside answering.
pub struct Job {
    /// Unique; the `kind` of its orders.
    pub name: &'static str,
    pub lane: Lane,
    /// Tables after whose change recurring work gets a turn at once.
    pub after: Tags,
    /// Whether it writes nothing, so that a read-only copy has it too.
    pub leaves_file: bool,
    /// How often an order is tried before it has failed.
    pub attempts: u32,
    pub work: Work,
}

/// Errors of the network last minutes, or a night.
const ATTEMPTS: u32 = 12;

fn job(name: &'static str, work: Work) -> Job {
    Job { name, lane: Lane::Quick, after: Tags::NONE, leaves_file: false, attempts: ATTEMPTS, work }
}

/// Every so many seconds, the first time soon after the start.
pub fn every(name: &'static str, seconds: i64, run: impl FnMut(&App) -> Result<Option<Instant>> + Send + 'static) -> Job {
    job(name, Work::Every { seconds, run: Box::new(run) })
}

/// Whenever it is ordered (`jobs::order`).
pub fn once(name: &'static str, deed: Deed) -> Job {
    job(name, Work::Once(deed))
}

/// Each day at an hour of the hotel's.
pub fn daily(name: &'static str, hour: i8, deed: Deed) -> Job {
    job(name, Work::Daily(Time::constant(hour, 0, 0, 0), deed)).after(&[Table::Property])
}

impl Job {
    /// On the thread for what may take minutes.
    pub fn long(mut self) -> Job {
        self.lane = Lane::Long;
        self
    }

    pub fn after(mut self, tables: &[Table]) -> Job {
        self.after = Tags::of(tables);
        self
    }

    pub fn leaves_file(mut self) -> Job {
        self.leaves_file = true;
        self
    }

    pub fn attempts(mut self, attempts: u32) -> Job {
        self.attempts = attempts;
        self
    }
}

/// What the program does for its own table. An opening alone writes nothing to a file.
pub fn own() -> Vec<Job> {
    let forget = |app: &App| {
        let context = app.own_context();
        if app.db.read(&context, table::has_old)? {
            app.db.write(context, table::forget_old)?;
        }
        Ok(None)
    };
    vec![every("forget_jobs", 3600, forget)]
}

/// The last time, up to `now`, that a clock in this zone showed `time`, and on which date.
pub fn last_slot(time: Time, zone: &TimeZone, now: Instant) -> Option<(Date, Instant)> {
    let today = now.date_in(zone);
    let slots = [today, today.previous()].into_iter().filter_map(|date| Some((date, date.at(time, zone)?)));
    slots.into_iter().find(|(_, slot)| *slot <= now)
}

/// The next time after `now` that it will show it.
pub fn next_slot(time: Time, zone: &TimeZone, now: Instant) -> Option<Instant> {
    let today = now.date_in(zone);
    [today, today.next()].into_iter().filter_map(|date| date.at(time, zone)).find(|slot| *slot > now)
}
