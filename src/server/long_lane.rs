//! Long work apart: two threads and a bounded queue, so that password hashing
//! and exports never take the threads or the memory of everything else.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::wire;
use super::worker::{House, Job, STACK_BYTES};
use crate::domain::wording::text;
use crate::http::problem;

/// One may hash a password, which is done one at a time, while the other writes an export.
const THREADS: usize = 2;

/// Long requests that may wait.
const QUEUE: usize = 256;

pub(super) struct LongLane {
    sender: Mutex<Option<SyncSender<Job>>>,
    receiver: Mutex<Receiver<Job>>,
}

impl LongLane {
    pub fn new() -> LongLane {
        let (sender, receiver) = sync_channel(QUEUE);
        LongLane { sender: Mutex::new(Some(sender)), receiver: Mutex::new(receiver) }
    }

    /// Queues a request, or refuses it when too many wait.
    pub fn hand_over(&self, job: Job) {
        let sender = self.sender.lock().ok().and_then(|sender| sender.clone());
        let sent = match sender {
            Some(sender) => sender.try_send(job),
            None => Err(TrySendError::Disconnected(job)),
        };
        let Err(TrySendError::Full(refused) | TrySendError::Disconnected(refused)) = sent else { return };
        let busy =
            problem::plain(503, "busy", &text!("Innkeeper is busy; please try again in a moment."), refused.request.language());
        wire::send(refused.wire, &busy.header("Retry-After", "2"));
    }

    /// Lets no more in.
    pub fn close(&self) {
        if let Ok(mut sender) = self.sender.lock() {
            sender.take();
        }
    }

    fn next(&self) -> Option<Job> {
        self.receiver.lock().ok()?.recv().ok()
    }
}

/// Starts the threads of the lane.
pub(super) fn start(house: &Arc<House>) -> io::Result<Vec<JoinHandle<()>>> {
    let spawn = |number: usize| {
        let house = house.clone();
        std::thread::Builder::new().name(format!("long-{number}")).stack_size(STACK_BYTES).spawn(move || {
            // What still waits at the stop has nobody left to answer to.
            while let Some(job) = house.long.next().filter(|_| !house.is_closing()) {
                house.answer(job);
            }
        })
    };
    (1..=THREADS).map(spawn).collect()
}
