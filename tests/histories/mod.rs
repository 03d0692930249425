//! Random histories of a whole hotel's money: stays, groups, folios, transfers, deposits, securities, vouchers, companies,
//! shifts, days and crashes, in any order. After each step the ledgers close, whatever only moves changes no sum, and a
//! closed day says what it said. `HISTORIES` and `HISTORIES_SEED` make more or others (`tests/long/histories`).

mod hotel;
mod operation;

use std::collections::BTreeMap;

use self::hotel::House;
use self::operation::{Clerk, Operation};
use crate::support::numbers::Numbers;

/// Enough to do everything many times, the same each time.
const HISTORIES: u64 = 12;
const SEED: u64 = 2026;
const STEPS: u64 = 120;

/// How often each operation got which answer.
type Tally = BTreeMap<(Operation, u16), u64>;

fn given(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// One history from its seed on.
fn live(seed: u64, tally: &mut Tally) {
    let mut numbers = Numbers(seed);
    let mut house = House::open();
    for step in 0..STEPS {
        let operation = Operation::any(&mut numbers);
        let what = format!("history {seed}, step {step}, {operation:?}");
        let before = (house.owed(), house.charged_less_paid(), house.received());
        match operation {
            Operation::NextDay => house.next_day(),
            Operation::Crash => house.crash(numbers.below(1 << 30)),
            _ => {
                let Some(answer) = (Clerk { house: &house, numbers: &mut numbers }).ask(operation) else { continue };
                *tally.entry((operation, answer.status)).or_default() += 1;
                assert!(matches!(answer.status, 200 | 201 | 409 | 422), "{what}: {} {}", answer.status, answer.text());
            }
        }
        let after = (house.owed(), house.charged_less_paid(), house.received());
        assert!(!(operation.only_moves() || operation.touches_no_bill()) || before == after, "{what}: {before:?} {after:?}");
        house.assert_closed_days_stand(&what);
        house.assert_books_close(&what);
    }
}

#[test]
fn the_books_of_random_histories_close_after_each_step() {
    let (histories, seed) = (given("HISTORIES", HISTORIES), given("HISTORIES_SEED", SEED));
    let mut tally = Tally::new();
    for history in 0..histories {
        live(seed * 1_000_000 + history, &mut tally);
    }
    for ((operation, status), times) in &tally {
        println!("{operation:>16?} {status} {times}");
    }
    for (operation, _) in tally.keys() {
        let done = tally.iter().any(|((done, status), _)| done == operation && *status < 300);
        assert!(done || histories < HISTORIES, "{operation:?} was never done");
    }
}
