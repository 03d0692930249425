//! The deposit that a hotel asks for before the arrival, and by when. What was paid of it, and where that
//! money lies until it is earned, is the folio's (`folio/deposit.rs`).

use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::status::{DepositDue, DepositKind};
use crate::domain::wording::text;
use crate::error::Fields;

/// The longest time between the booking or the arrival and the day on which it is due.
pub const MAX_DAYS: i64 = 365;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Deposit {
    pub kind: DepositKind,
    /// Of the price of all nights with their taxes; zero of the other kinds.
    pub percent: Percent,
    /// Zero of the other kinds.
    pub amount: Money,
    pub due: DepositDue,
    pub days: i64,
}

/// What is asked of a booking, and by when.
pub type Asked = Option<(Money, Date)>;

impl Deposit {
    pub const NONE: Deposit =
        Deposit { kind: DepositKind::None, percent: Percent::ZERO, amount: Money::ZERO, due: DepositDue::AfterBooking, days: 0 };

    /// Over what the nights of a booking cost, in their order: never more than all of them.
    pub fn asked(self, nights: impl Iterator<Item = Money>, booked_on: Date, arrival: Date) -> Asked {
        let mut nights = nights;
        let amount = match self.kind {
            DepositKind::None => Money::ZERO,
            DepositKind::FirstNight => nights.next().unwrap_or(Money::ZERO),
            DepositKind::Percent => nights.sum::<Money>().share(self.percent),
            DepositKind::Amount => self.amount.min(nights.sum()),
        };
        (amount > Money::ZERO).then(|| (amount, self.due_date(booked_on, arrival)))
    }

    /// Never before the booking, nor after the arrival.
    fn due_date(self, booked_on: Date, arrival: Date) -> Date {
        let date = match self.due {
            DepositDue::AfterBooking => booked_on.plus(self.days),
            DepositDue::BeforeArrival => arrival.plus(-self.days),
        };
        date.unwrap_or(arrival).max(booked_on).min(arrival)
    }

    /// Notes what is wrong with it under `field`.
    pub fn check(&self, field: &str, fields: &mut Fields) {
        let is_more = |is: bool, kind| is || self.kind != kind;
        let some = || text!("must be more than zero");
        fields.ensure(is_more(self.percent > Percent::ZERO, DepositKind::Percent), &format!("{field}.deposit_percent"), some());
        fields.ensure(is_more(self.amount > Money::ZERO, DepositKind::Amount), &format!("{field}.deposit_amount"), some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn it_is_a_part_of_the_nights_and_never_more_than_they_cost() {
        let asked = |deposit: Deposit| {
            let nights = [Money(10_001), Money(5_000)];
            deposit.asked(nights.into_iter(), date("2026-11-01"), date("2026-12-24")).map(|(amount, _)| amount.0)
        };
        let of =
            |kind, percent, amount| Deposit { kind, percent: Percent::whole(percent), amount: Money(amount), ..Deposit::NONE };
        assert_eq!(asked(Deposit::NONE), None);
        assert_eq!(asked(of(DepositKind::FirstNight, 0, 0)), Some(10_001));
        assert_eq!(asked(of(DepositKind::Percent, 50, 0)), Some(7_501));
        assert_eq!(asked(of(DepositKind::Amount, 0, 6_000)), Some(6_000));
        assert_eq!(asked(of(DepositKind::Amount, 0, 60_000)), Some(15_001));
        let free = of(DepositKind::Percent, 50, 0).asked([Money::ZERO].into_iter(), date("2026-11-01"), date("2026-12-24"));
        assert_eq!(free, None);
    }

    #[test]
    fn it_is_due_between_the_booking_and_the_arrival() {
        let due = |due, days, arrival: &str| {
            let deposit = Deposit { kind: DepositKind::FirstNight, due, days, ..Deposit::NONE };
            let asked = deposit.asked([Money(1)].into_iter(), date("2026-11-27"), date(arrival));
            asked.map(|(_, date)| date.to_string()).unwrap_or_default()
        };
        assert_eq!(due(DepositDue::AfterBooking, 0, "2026-12-24"), "2026-11-27");
        assert_eq!(due(DepositDue::AfterBooking, 7, "2026-12-24"), "2026-12-04");
        assert_eq!(due(DepositDue::AfterBooking, 7, "2026-11-30"), "2026-11-30");
        assert_eq!(due(DepositDue::BeforeArrival, 14, "2026-12-24"), "2026-12-10");
        assert_eq!(due(DepositDue::BeforeArrival, 14, "2026-12-01"), "2026-11-27");
    }
}
