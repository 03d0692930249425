//! Answers to changes that are on disk: the writer hands each over when it has committed, so that it goes on,
//! and no worker has waited for it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SendError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::worker::{House, STACK_BYTES};

/// One writes to the gate while the other makes the next answer.
const THREADS: usize = 2;

/// Makes one answer and sends it.
type Work = Box<dyn FnOnce() + Send>;

/// Holds no more than there are connections to the gate: each has one request under way.
pub(super) struct Answering {
    sender: Mutex<Option<Sender<Work>>>,
    receiver: Mutex<Receiver<Work>>,
}

impl Answering {
    pub fn new() -> Answering {
        let (sender, receiver) = channel();
        Answering { sender: Mutex::new(Some(sender)), receiver: Mutex::new(receiver) }
    }

    /// After the close it is done by whoever hands it over.
    pub fn hand_over(&self, work: Work) {
        let sender = self.sender.lock().ok().and_then(|sender| sender.clone());
        match sender {
            Some(sender) => sender.send(work).unwrap_or_else(|SendError(work)| answer(work)),
            None => answer(work),
        }
    }

    /// Lets no more in; what is there is answered still.
    pub fn close(&self) {
        if let Ok(mut sender) = self.sender.lock() {
            sender.take();
        }
    }

    fn next(&self) -> Option<Work> {
        self.receiver.lock().ok()?.recv().ok()
    }
}

/// A panic is one answer's fault, which its reply tells as it is dropped.
fn answer(work: Work) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        log::error!("an answer ended in a panic");
    }
}

/// Starts the threads.
pub(super) fn start(house: &Arc<House>) -> io::Result<Vec<JoinHandle<()>>> {
    let spawn = |number: usize| {
        let house = house.clone();
        std::thread::Builder::new().name(format!("answers-{number}")).stack_size(STACK_BYTES).spawn(move || {
            while let Some(work) = house.answering.next() {
                answer(work);
            }
        })
    };
    (1..=THREADS).map(spawn).collect()
}
