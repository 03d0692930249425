//! Attackers around a target until the witness has made its requests.

use std::net::SocketAddr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::target::Target;
use super::witness::witness;
use super::{alone, size};

#[derive(Default)]
struct State {
    crews_in_place: usize,
    beats: u64,
    is_over: bool,
}

/// What attackers see of the siege.
pub struct Siege<'a> {
    pub target: &'a Target,
    pub address: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

impl Siege<'_> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// A crew has begun its attack.
    pub fn in_place(&self) {
        self.change(|state| state.crews_in_place += 1);
    }

    pub fn is_over(&self) -> bool {
        self.state().is_over
    }

    /// The rounds of an attacker: until the end, and at least so many, however little of
    /// the processor it gets.
    pub fn rounds(&self, at_least: usize) -> impl Iterator<Item = usize> {
        (0..).take_while(move |round| *round < at_least || !self.is_over())
    }

    /// Waits for the witness's next request: the attack's own pace. False at the end.
    pub fn next_beat(&self) -> bool {
        let state = self.state();
        let seen = state.beats;
        let state = self.changed.wait_while(state, |state| state.beats == seen && !state.is_over);
        !state.unwrap_or_else(PoisonError::into_inner).is_over
    }
}

/// Ends the siege also when the witness fails, so that the attackers go home.
struct End<'a, 'b>(&'a Siege<'b>);

impl Drop for End<'_, '_> {
    fn drop(&mut self) {
        self.0.change(|state| state.is_over = true);
    }
}

/// Lets `crews` threads attack while the witness measures. Prints what it saw.
pub fn besiege(name: &str, target: &mut Target, crews: usize, attack: impl Fn(&Siege, usize) + Sync) {
    let times = {
        let target = &*target;
        let siege = Siege { target, address: target.address, state: Mutex::default(), changed: Condvar::new() };
        std::thread::scope(|scope| {
            let end = End(&siege);
            for crew in 0..crews {
                let (siege, attack) = (&siege, &attack);
                scope.spawn(move || attack(siege, crew));
            }
            let placed = siege.changed.wait_while(siege.state(), |state| state.crews_in_place < crews);
            drop(placed.unwrap_or_else(PoisonError::into_inner));
            let times = witness(target, size(200, 5000), || siege.change(|state| state.beats += 1));
            drop(end);
            times
        })
    };
    let verdict = target.verdict();
    println!("attack: {name}: {times}; {verdict}");
}

/// The same on a target of the usual kind, which is given back to be looked at.
pub fn under_attack(name: &str, crews: usize, attack: impl Fn(&Siege, usize) + Sync) -> Target {
    let _alone = alone();
    let mut target = Target::start(&[]);
    besiege(name, &mut target, crews, attack);
    target
}
