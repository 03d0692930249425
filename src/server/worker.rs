//! The threads that take requests from tiny_http and answer them.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Instant;

use super::inside::Inside;
use super::long_lane::LongLane;
use super::wire;
use crate::app::App;
use crate::gate::Inner;
use crate::http::endpoint::Lane;
use crate::http::problem;
use crate::http::request::Request;
use crate::http::respond::respond;
use crate::http::response::Response;

/// Most of a stack is never touched and costs nothing; the deepest JSON that is
/// read (128 levels) needs a fraction of this.
pub(super) const STACK_BYTES: usize = 512 * 1024;

/// What the threads of the inside have in common.
pub(super) struct House {
    app: Arc<App>,
    inside: Inside,
    pub long: LongLane,
    is_closing: AtomicBool,
}

/// A request as it came, and as the hotel reads it.
pub(super) struct Job {
    pub wire: tiny_http::Request,
    pub request: Request,
}

impl House {
    pub fn open(app: Arc<App>, inside: Inside) -> House {
        House { app, inside, long: LongLane::new(), is_closing: AtomicBool::new(false) }
    }

    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    pub fn address(&self) -> Inner {
        self.inside.address()
    }

    pub fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Acquire)
    }

    /// Tells the threads to end.
    pub fn close(&self, threads: usize) {
        self.is_closing.store(true, Ordering::Release);
        self.long.close();
        for _ in 0..threads {
            self.inside.server.unblock();
        }
    }

    /// Takes requests until the house closes.
    fn work(&self) {
        loop {
            match self.inside.server.recv() {
                Ok(wire) => {
                    if catch_unwind(AssertUnwindSafe(|| self.take(wire))).is_err() {
                        log::error!("a request that could not be taken ended in a panic");
                    }
                }
                Err(_) if self.is_closing() => return,
                // The accepting thread has ended: the connections that are open go on.
                Err(error) => log::error!("the inside accepts no more connections: {error}"),
            }
        }
    }

    fn take(&self, mut wire: tiny_http::Request) {
        if !self.inside.is_from_gate(wire::header(&wire, "X-Gate-Secret")) {
            return turn_away(wire);
        }
        if wire::header(&wire, "X-Gate-Probe").is_some() {
            return wire::send(wire, &Response::new(204));
        }
        let Some(mut request) = wire::head(&wire) else {
            return wire::send(wire, &problem::plain(400, "bad-request", "The request came without its sender's address."));
        };
        let (limit, lane) = super::find(&self.app.router, request.method.as_str(), &request.path, |limit, lane| (limit, lane))
            .unwrap_or((0, Lane::Quick));
        request.body = match wire::body(&mut wire, limit.max(super::SMALL_BODY)) {
            Ok(body) => body,
            Err(refusal) => return wire::send(wire, &refusal),
        };
        match lane {
            Lane::Quick => self.answer(Job { wire, request }),
            Lane::Long => self.long.hand_over(Job { wire, request }),
        }
    }

    /// Makes the answer and sends it. A panic is one request's fault, never the worker's end.
    pub fn answer(&self, job: Job) {
        let started = Instant::now();
        let made = catch_unwind(AssertUnwindSafe(|| respond(&self.app, &job.request)));
        let response = made.unwrap_or_else(|_| {
            log::error!("a request ended in a panic");
            self.app.metrics.note(None, 500, started.elapsed());
            problem::plain(500, "fault", "Something went wrong inside Innkeeper; its log knows more.")
        });
        wire::send(job.wire, &response);
    }
}

/// Refuses somebody who is not the gate. A request that announces a body is left
/// as it is: tiny_http would make room for the whole of it to throw it away, and a
/// length that somebody invented would end the process.
fn turn_away(wire: tiny_http::Request) {
    if wire.body_length().is_some_and(|length| length > super::SMALL_BODY) {
        log::warn!("somebody who is not the gate sent a request to the inside");
        std::mem::forget(wire);
        return;
    }
    wire::send(wire, &problem::plain(403, "not-allowed", "Only the gate may ask here."));
}

/// Starts the workers.
pub(super) fn start(house: &Arc<House>, count: usize) -> io::Result<Vec<JoinHandle<()>>> {
    let spawn = |number: usize| {
        let house = house.clone();
        std::thread::Builder::new().name(format!("worker-{number}")).stack_size(STACK_BYTES).spawn(move || house.work())
    };
    (1..=count).map(spawn).collect()
}
