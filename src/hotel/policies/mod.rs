//! What cancelling and not coming cost, and what is asked for before the arrival.
//!
//! A policy never changes: who changes the terms of the hotel or of a rate plan chooses another
//! row, and a booking keeps the one that it was made under.

pub mod api;
pub mod deposit;
pub mod store;

use std::collections::HashMap;

use deposit::Deposit;
use jiff::tz::TimeZone;

use crate::db::{Conn, Tx};
use crate::domain::date::Instant;
use crate::domain::id::PolicyId;
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::status::FeeKind;
use crate::domain::wording::{Text, Value, text};
use crate::error::{Error, Fields, Result};
use crate::hotel::Slice;

pub const SLICE: Slice = Slice { name: "policies", statements: &[store::STATEMENTS], ..Slice::EMPTY };

/// The longest time before arrival, in hours, from which cancelling costs something: a year.
pub const MAX_HOURS: i64 = 8760;
/// Steps of one policy.
pub const MAX_STEPS: usize = 5;

/// What a hotel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fee {
    pub kind: FeeKind,
    /// Of the price of all nights; zero of the other kinds.
    pub percent: Percent,
}

impl Fee {
    pub const NONE: Fee = Fee { kind: FeeKind::None, percent: Percent::ZERO };
    pub const FIRST_NIGHT: Fee = Fee { kind: FeeKind::FirstNight, percent: Percent::ZERO };

    pub fn percent(percent: Percent) -> Fee {
        Fee { kind: FeeKind::Percent, percent }
    }

    fn in_words(self) -> Text {
        match self.kind {
            FeeKind::None => text!("nothing"),
            FeeKind::FirstNight => text!("the first night"),
            FeeKind::Percent => text!("{percent} % of the price", percent = Value::Percent(self.percent)),
        }
    }

    /// Over what the nights of a booking cost, in their order.
    pub fn of(self, nights: impl Iterator<Item = Money>) -> Money {
        let mut nights = nights;
        match self.kind {
            FeeKind::None => Money::ZERO,
            FeeKind::FirstNight => nights.next().unwrap_or(Money::ZERO),
            FeeKind::Percent => nights.sum::<Money>().share(self.percent),
        }
    }
}

/// From so many hours before arrival on, cancelling costs this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    pub hours_before: i64,
    pub fee: Fee,
}

/// The terms of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Policy {
    /// From the earliest to the latest; before the first, and where there is none, cancelling is free.
    pub cancellation: Vec<Step>,
    pub no_show: Fee,
    pub deposit: Deposit,
}

impl Policy {
    /// The one step of a simple policy.
    pub fn simple(hours_before: i64, cancellation: Fee, no_show: Fee) -> Policy {
        let step = Step { hours_before, fee: cancellation };
        Policy { cancellation: if cancellation == Fee::NONE { Vec::new() } else { vec![step] }, no_show, deposit: Deposit::NONE }
    }

    /// Nothing costs anything.
    pub fn free() -> Policy {
        Policy { cancellation: Vec::new(), no_show: Fee::NONE, deposit: Deposit::NONE }
    }

    /// Until when cancelling is free; `None` = it always is.
    pub fn free_until(&self, arrival: Instant) -> Option<Instant> {
        self.cancellation.first().map(|step| arrival.plus_hours(-step.hours_before))
    }

    /// What cancelling costs at an instant.
    pub fn cancellation_fee(&self, arrival: Instant, now: Instant) -> Fee {
        let begun = |step: &&Step| now > arrival.plus_hours(-step.hours_before);
        self.cancellation.iter().take_while(begun).last().map_or(Fee::NONE, |step| step.fee)
    }

    /// What cancelling costs, to whoever books now; the arrival is an instant too.
    pub fn in_words(&self, arrival: Instant, now: Instant, zone: &TimeZone) -> Text {
        let due = self.cancellation_fee(arrival, now);
        if due.kind != FeeKind::None {
            return text!("No free cancellation: it costs {fee}.", fee = due.in_words());
        }
        let (Some(until), Some(first)) = (self.free_until(arrival), self.cancellation.first()) else {
            return text!("Free cancellation at any time.");
        };
        text!(
            "Free cancellation until {date}, {time}; then it costs {fee}.",
            date = Value::DateInFull(until.date_in(zone)),
            time = Value::Time(until.time_in(zone)),
            fee = first.fee.in_words()
        )
    }

    /// Notes what is wrong with it under `field`.
    fn check(&self, field: &str, fields: &mut Fields) {
        let at = |n: usize, name: &str| format!("{field}.cancellation[{n}].{name}");
        if self.cancellation.len() > MAX_STEPS {
            fields.add(&format!("{field}.cancellation"), text!("must have {steps} steps at most", steps = MAX_STEPS));
        }
        for (n, step) in self.cancellation.iter().enumerate() {
            let is_good = (0..=MAX_HOURS).contains(&step.hours_before);
            fields.ensure(is_good, &at(n, "hours_before"), text!("must be from {least} to {most}", least = 0, most = MAX_HOURS));
            fields.ensure(
                step.fee.kind != FeeKind::None,
                &at(n, "fee_kind"),
                text!("must be {one} or {other}", one = "first_night", other = "percent"),
            );
        }
        for (n, pair) in self.cancellation.windows(2).enumerate() {
            let falls = pair[0].hours_before > pair[1].hours_before;
            fields.ensure(falls, &at(n + 1, "hours_before"), text!("must be less than in the step before"));
        }
        self.deposit.check(field, fields);
    }
}

/// # Errors
/// A policy that is not there, which a key forbids.
pub fn find(conn: &Conn, id: PolicyId) -> Result<Policy> {
    store::find(conn, id)?.ok_or_else(|| Error::internal("a policy is gone"))
}

/// What these terms ask for before the arrival; most ask for nothing.
pub fn deposit(conn: &Conn, id: PolicyId) -> Result<Option<Deposit>> {
    store::deposit(conn, id)
}

/// The row of these terms, made when there is none yet.
pub fn id_of(tx: &Tx, policy: &Policy) -> Result<PolicyId> {
    Known::load(tx)?.id_of(tx, policy)
}

/// Every policy that there is, for what asks for many.
pub struct Known(HashMap<Policy, PolicyId>);

impl Known {
    pub fn load(conn: &Conn) -> Result<Known> {
        Ok(Known(store::all(conn)?.into_iter().map(|(id, policy)| (policy, id)).collect()))
    }

    /// The row of these terms, made when there is none yet.
    pub fn id_of(&mut self, tx: &Tx, policy: &Policy) -> Result<PolicyId> {
        if let Some(id) = self.0.get(policy) {
            return Ok(*id);
        }
        let id = store::insert(tx, policy)?;
        self.0.insert(policy.clone(), id);
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Instant {
        Instant::from_millisecond(0).expect("epoch").plus_hours(hours)
    }

    #[test]
    fn each_step_holds_from_its_hour_on_until_the_next() {
        let percent = |percent| Fee::percent(Percent::whole(percent));
        let step = |hours_before, fee| Step { hours_before, fee };
        let policy =
            Policy { cancellation: vec![step(168, percent(50)), step(24, percent(80)), step(0, percent(100))], ..Policy::free() };
        let arrival = at(1000);
        assert_eq!(policy.free_until(arrival), Some(at(832)));
        let fees = [832, 833, 976, 977, 1000, 1001].map(|now| policy.cancellation_fee(arrival, at(now)).percent);
        assert_eq!(fees, [0, 50, 50, 80, 80, 100].map(Percent::whole));
        let free = Policy::simple(24, Fee::NONE, Fee::FIRST_NIGHT);
        assert_eq!((free.free_until(arrival), free.cancellation_fee(arrival, at(2000))), (None, Fee::NONE));
    }

    #[test]
    fn a_fee_is_reckoned_over_the_nights_as_booked() {
        let nights = [Money(10_001), Money(5_000)];
        let over = |fee: Fee| fee.of(nights.into_iter());
        assert_eq!([Fee::NONE, Fee::FIRST_NIGHT].map(over), [Money::ZERO, Money(10_001)]);
        assert_eq!(over(Fee::percent(Percent(1250))), Money(1_875));
        assert_eq!(Fee::FIRST_NIGHT.of([].into_iter()), Money::ZERO);
    }
}
