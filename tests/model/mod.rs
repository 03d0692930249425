//! The hotel against a tiny model of it: random days at the desk, asked of both.
//!
//! After each step the answer, the nights, the balances and the rooms must be
//! what the model says, and the house in order. `PROPTEST_CASES` and
//! `PROPTEST_RNG_SEED` make more or other cases.

mod carried;
mod comings;
mod compare;
mod desk;
mod found;
mod groups;
mod house;
mod operation;
mod overstay;
mod rules;
mod thief;
mod watch;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

use self::desk::Desk;
use self::house::House;
use self::operation::{Operation, Request, step};
use crate::support::running::{run, stdout, text};

/// Cases and seed of a run that names none: enough to meet every rule, the same each time.
const CASES: u32 = 64;
const SEED: u64 = 2025;

fn config() -> Config {
    let given = |name: &str| std::env::var_os(name).is_some();
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if !given("PROPTEST_CASES") {
        config.cases = CASES;
    }
    if !given("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(SEED);
    }
    config
}

/// How often each operation was done, and refused for which reason.
type Tally = BTreeMap<(String, &'static str), u32>;

/// Asks both for every step and compares.
fn live(steps: &[Request], tally: &mut Tally) {
    let mut house = House::empty();
    let mut desk = Desk::open(&house);
    for (at, Request { operation, twice }) in steps.iter().enumerate() {
        let _told = Told { at, day: house.today, operation };
        let Some(target) = operation.target(&house) else { continue };
        let mut next = house.clone();
        let mut refused = next.apply(operation, &target);
        if refused.is_empty() && next.overdraws(&house, &target) {
            refused.push("more-than-original");
        }
        if !operation.allows_more() && next.overcrowds(&house) {
            refused.push("over-capacity");
        }
        let answer = desk.ask(&house, operation, &target, *twice);
        Desk::check_answer(&answer, &refused);
        let name = format!("{operation:?}").split(['(', ' ', '{']).next().unwrap_or_default().to_owned();
        *tally.entry((name, refused.first().copied().unwrap_or("done"))).or_default() += 1;
        if refused.is_empty() {
            house = next;
        }
        compare::after_each_step(&desk, &house);
        if at % 16 == 15 {
            compare::at_the_end(&desk, &house);
        }
    }
    compare::at_the_end(&desk, &house);
    let checked = run(&["check", "--db", text(desk.hotel.app.db.path())]);
    assert!(checked.status.success(), "{}", stdout(&checked));
}

/// Says where a sequence failed, as it unwinds.
struct Told<'a> {
    at: usize,
    day: house::Day,
    operation: &'a Operation,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("at step {}, day {}: {:?}", self.at, self.day, self.operation);
        }
    }
}

#[test]
fn the_hotel_does_what_the_model_does() {
    let steps = proptest::collection::vec(step(), 10..100);
    let mut runner = TestRunner::new(config());
    let tally = RefCell::new(Tally::new());
    let outcome = runner.run(&steps, |steps| {
        live(&steps, &mut tally.borrow_mut());
        Ok(())
    });
    for ((name, outcome), times) in tally.into_inner() {
        println!("{name:>12} {outcome:<24} {times}");
    }
    report(outcome);
}

/// Tells the shortest sequence that failed.
fn report(outcome: Result<(), TestError<Vec<Request>>>) {
    match outcome {
        Err(TestError::Fail(reason, steps)) => {
            let steps: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
            panic!("{reason}\n{}", steps.join("\n"));
        }
        Err(other) => panic!("{other}"),
        Ok(()) => {}
    }
}
