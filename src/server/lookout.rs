//! The thread that has the program looked at and its free memory given back, again and again.

use std::io;
use std::sync::Arc;
use std::thread::{JoinHandle, park_timeout};
use std::time::Duration;

use super::memory;
use super::worker::{House, STACK_BYTES};

/// The first look comes when the doors are open and the first guests are in.
const FIRST_AFTER: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_secs(10);

/// Starts the thread; it ends when the house closes and it is unparked.
pub(super) fn start(house: &Arc<House>) -> io::Result<JoinHandle<()>> {
    let house = house.clone();
    std::thread::Builder::new().name("lookout".to_owned()).stack_size(STACK_BYTES).spawn(move || {
        let mut pause = FIRST_AFTER;
        loop {
            park_timeout(pause);
            if house.is_closing() {
                return;
            }
            (house.app().hooks.look)(house.app());
            house.app().lan.tend(house.app().clock.now());
            memory::give_back();
            pause = EVERY;
        }
    })
}
