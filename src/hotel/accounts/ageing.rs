//! How long what is owed is overdue, in bands of thirty days.

use crate::domain::date::Date;
use crate::domain::money::Money;

/// The last day of each band but the last.
pub const BANDS: [i64; 4] = [30, 60, 90, 120];

/// What is open of one account, or of all: the sum of all is the balance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Owed, and not late yet.
    pub not_due: Money,
    /// Owed and late, by the days since it was due.
    pub overdue: [Money; 5],
    /// Received and matched with nothing; not negative.
    pub unmatched: Money,
    /// The first day on which something was due that is not paid.
    pub oldest: Option<Date>,
}

impl Ageing {
    /// Adds what is open of an item.
    pub fn add(&mut self, due: Date, open: Money, today: Date) {
        if open.is_negative() {
            self.unmatched = self.unmatched - open;
            return;
        }
        if open.is_zero() {
            return;
        }
        self.oldest = Some(self.oldest.map_or(due, |oldest| oldest.min(due)));
        let late = due.days_until(today);
        if late <= 0 {
            self.not_due = self.not_due + open;
            return;
        }
        let band = BANDS.iter().filter(|last| late > **last).count();
        self.overdue[band] = self.overdue[band] + open;
    }

    pub fn plus(self, other: Ageing) -> Ageing {
        Ageing {
            not_due: self.not_due + other.not_due,
            overdue: std::array::from_fn(|band| self.overdue[band] + other.overdue[band]),
            unmatched: self.unmatched + other.unmatched,
            oldest: self.oldest.into_iter().chain(other.oldest).min(),
        }
    }

    pub fn overdue_amount(&self) -> Money {
        self.overdue.iter().copied().sum()
    }

    pub fn balance(&self) -> Money {
        self.not_due + self.overdue_amount() - self.unmatched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_is_in_one_band_and_all_add_up() {
        let due = Date::new(2026, 1, 1).expect("a date");
        let late = |days: i64| {
            let mut ageing = Ageing::default();
            ageing.add(due, Money(100), due.plus(days).expect("a date"));
            assert_eq!((ageing.balance(), ageing.oldest), (Money(100), Some(due)), "{days}");
            ageing.overdue.iter().position(|band| !band.is_zero())
        };
        let days = [-5, 0, 1, 30, 31, 60, 61, 90, 91, 120, 121, 4000];
        let bands = [None, None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2), Some(3), Some(3), Some(4), Some(4)];
        assert_eq!(days.map(late), bands);
    }

    #[test]
    fn money_that_pays_for_nothing_yet_is_no_debt_and_has_no_age() {
        let due = Date::new(2026, 1, 1).expect("a date");
        let mut ageing = Ageing::default();
        ageing.add(due, Money(-40), due.plus(200).expect("a date"));
        assert_eq!((ageing.balance(), ageing.overdue_amount(), ageing.oldest), (Money(-40), Money::ZERO, None));
    }
}
