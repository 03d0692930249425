//! The threads that take requests from tiny_http and answer them.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::answering::Answering;
use super::inside::Inside;
use super::long_lane::LongLane;
use super::wire;
use crate::domain::wording::{Language, text};
use crate::gate::{Gate, Inner};
use crate::http::endpoint::Lane;
use crate::http::problem;
use crate::http::request::Request;
use crate::http::respond::{respond, respond_then};
use crate::http::response::Response;
use crate::http::state::App;

/// Most of a stack is never touched and costs nothing; the deepest JSON that is
/// read (128 levels) needs a fraction of this.
pub(super) const STACK_BYTES: usize = 512 * 1024;

/// How often the inside may be opened anew: each time costs its threads.
const MOST_INSIDES: usize = 8;

/// The pause before that is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// What the threads of the inside have in common.
pub(super) struct House {
    app: Arc<App>,
    /// The newest last; more than one only after an accident.
    insides: Mutex<Vec<Arc<Inside>>>,
    workers: usize,
    /// Threads that were started after the opening.
    later: Mutex<Vec<JoinHandle<()>>>,
    gate: OnceLock<Gate>,
    pub long: LongLane,
    pub answering: Answering,
    is_closing: AtomicBool,
}

/// A request as it came, and as the hotel reads it.
pub(super) struct Job {
    pub wire: tiny_http::Request,
    pub request: Request,
}

impl House {
    pub fn open(app: Arc<App>, inside: Inside, workers: usize) -> House {
        House {
            app,
            insides: Mutex::new(vec![Arc::new(inside)]),
            workers,
            later: Mutex::default(),
            gate: OnceLock::new(),
            long: LongLane::new(),
            answering: Answering::new(),
            is_closing: AtomicBool::new(false),
        }
    }

    fn insides(&self) -> MutexGuard<'_, Vec<Arc<Inside>>> {
        self.insides.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn later(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.later.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says who stands before the house.
    pub fn set_gate(&self, gate: Gate) {
        if self.gate.set(gate).is_err() {
            log::error!("the gate was set twice");
        }
    }

    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Where the gate finds the inside.
    pub fn address(&self) -> Inner {
        self.insides().last().expect("invariant: a house is opened with an inside").address()
    }

    pub fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Acquire)
    }

    /// Tells the threads to end; those that were started later.
    pub fn close(&self) -> Vec<JoinHandle<()>> {
        self.is_closing.store(true, Ordering::Release);
        self.long.close();
        self.answering.close();
        for inside in self.insides().iter() {
            (0..self.workers).for_each(|_| inside.server.unblock());
        }
        std::mem::take(&mut *self.later())
    }

    /// What a worker learns when the accepting thread of the inside has ended.
    #[cfg(test)]
    pub fn end_accepting(&self) {
        self.insides().iter().for_each(|inside| inside.server.unblock());
    }

    /// Takes requests until the house closes.
    fn work(self: &Arc<Self>, inside: &Inside) {
        loop {
            match inside.server.recv() {
                Ok(wire) => {
                    if catch_unwind(AssertUnwindSafe(|| self.take(inside, wire))).is_err() {
                        log::error!("a request that could not be taken ended in a panic");
                    }
                }
                Err(_) if self.is_closing() => return,
                // Its accepting thread has ended. What is connected goes on.
                Err(error) => self.reopen(&error),
            }
        }
    }

    /// Opens another inside beside one that accepts no more connections, with
    /// workers of its own, and shows the gate to it.
    fn reopen(self: &Arc<Self>, error: &io::Error) {
        log::warn!("the inside accepts no more connections and is opened anew: {error}");
        while !self.is_closing() {
            match self.open_another() {
                Ok(()) => return,
                Err(error) => log::warn!("the inside could not be opened anew: {error}"),
            }
            std::thread::park_timeout(RETRY);
        }
    }

    fn open_another(self: &Arc<Self>) -> io::Result<()> {
        let mut insides = self.insides();
        if insides.len() >= MOST_INSIDES {
            log::error!("the inside was opened anew too often; please start Innkeeper again");
            return Ok(());
        }
        let last = insides.last().expect("invariant: a house is opened with an inside");
        let next = Arc::new(last.another()?);
        let address = next.address();
        insides.push(next.clone());
        drop(insides);
        self.later().extend(start_in(self, &next)?);
        if let Some(gate) = self.gate.get() {
            gate.move_inside(address);
        }
        Ok(())
    }

    fn take(self: &Arc<Self>, inside: &Inside, mut wire: tiny_http::Request) {
        if !inside.is_from_gate(wire::header(&wire, "X-Gate-Secret")) {
            return turn_away(wire);
        }
        if wire::header(&wire, "X-Gate-Probe").is_some() {
            return wire::send(wire, &Response::new(204));
        }
        let Some(mut request) = wire::head(&wire, &self.app.options.trusted_proxies) else {
            return wire::send(
                wire,
                &problem::plain(400, "bad-request", &text!("The request came without its sender's address."), Language::English),
            );
        };
        let (limit, lane) = super::find(&self.app.router, request.method.as_str(), &request.path, |limit, lane| (limit, lane))
            .unwrap_or((0, Lane::Quick));
        request.body = match wire::body(&mut wire, limit.max(super::SMALL_BODY), request.language()) {
            Ok(body) => body,
            Err(refusal) => return wire::send(wire, &refusal),
        };
        match lane {
            Lane::Quick => self.answer_then(Job { wire, request }),
            Lane::Long => self.long.hand_over(Job { wire, request }),
        }
    }

    /// Makes the answer and sends it. A panic is one request's fault, never the worker's end.
    pub fn answer(self: &Arc<Self>, job: Job) {
        let (reply, request) = Reply::to(self, job);
        let made = catch_unwind(AssertUnwindSafe(|| respond(&self.app, &request)));
        if let Ok(response) = made {
            reply.send(&response);
        }
    }

    /// The same without waiting for the disk: what is ordered of the writer is answered by the threads for that.
    fn answer_then(self: &Arc<Self>, job: Job) {
        let (reply, request) = Reply::to(self, job);
        let house = self.clone();
        let later = move |work| house.answering.hand_over(work);
        // Whoever panics drops the reply, which then tells so.
        let _ =
            catch_unwind(AssertUnwindSafe(|| respond_then(&self.app, &request, later, move |response| reply.send(&response))));
    }
}

/// A request that waits for its answer. One that gets none was given up by a panic, and is told so.
struct Reply {
    house: Arc<House>,
    wire: Option<tiny_http::Request>,
    request: Arc<Request>,
    started: Instant,
}

impl Reply {
    fn to(house: &Arc<House>, job: Job) -> (Reply, Arc<Request>) {
        let request = Arc::new(job.request);
        let reply = Reply { house: house.clone(), wire: Some(job.wire), request: request.clone(), started: Instant::now() };
        (reply, request)
    }

    fn send(mut self, response: &Response) {
        if let Some(wire) = self.wire.take() {
            wire::send(wire, response);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        let Some(wire) = self.wire.take() else { return };
        log::error!("a request ended in a panic");
        self.house.app.metrics.note(None, 500, self.started.elapsed());
        let said = text!("Something went wrong in Innkeeper; its log has the details.");
        wire::send(wire, &problem::plain(500, "fault", &said, self.request.language()));
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
    wire::send(wire, &problem::plain(403, "not-allowed", &text!("Only the gate may ask here."), Language::English));
}

/// Starts the workers.
pub(super) fn start(house: &Arc<House>) -> io::Result<Vec<JoinHandle<()>>> {
    let inside = house.insides().last().expect("invariant: a house is opened with an inside").clone();
    start_in(house, &inside)
}

fn start_in(house: &Arc<House>, inside: &Arc<Inside>) -> io::Result<Vec<JoinHandle<()>>> {
    let spawn = |number: usize| {
        let (house, inside) = (house.clone(), inside.clone());
        let work = move || house.work(&inside);
        std::thread::Builder::new().name(format!("worker-{number}")).stack_size(STACK_BYTES).spawn(work)
    };
    (1..=house.workers).map(spawn).collect()
}
