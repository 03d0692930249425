//! The dates of a stay: half-open, never empty but for day use, never endless.

use super::date::Date;
use super::wording::{Text, counted, text};

/// The longest stay that is taken, in nights.
pub const MAX_NIGHTS: i64 = 400;

/// `[arrival, departure)`: the guest sleeps every date but the last. A day-use
/// stay has equal dates and no night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayDates {
    arrival: Date,
    departure: Date,
}

/// Why two dates are not a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAStay {
    Empty,
    TooLong,
}

impl From<NotAStay> for Text {
    fn from(error: NotAStay) -> Text {
        match error {
            NotAStay::Empty => text!("must be after arrival"),
            NotAStay::TooLong => {
                text!("makes the stay longer than {nights}", nights = counted!(MAX_NIGHTS, "{count} night", "{count} nights"))
            }
        }
    }
}

impl StayDates {
    /// A stay of at least one night.
    pub fn new(arrival: Date, departure: Date) -> Result<StayDates, NotAStay> {
        if departure <= arrival {
            return Err(NotAStay::Empty);
        }
        StayDates::or_day_use(arrival, departure)
    }

    /// A stay, or day use when the dates are equal.
    pub fn or_day_use(arrival: Date, departure: Date) -> Result<StayDates, NotAStay> {
        let nights = arrival.days_until(departure);
        if nights < 0 {
            return Err(NotAStay::Empty);
        }
        if nights > MAX_NIGHTS {
            return Err(NotAStay::TooLong);
        }
        Ok(StayDates { arrival, departure })
    }

    pub fn arrival(self) -> Date {
        self.arrival
    }

    pub fn departure(self) -> Date {
        self.departure
    }

    pub fn is_day_use(self) -> bool {
        self.arrival == self.departure
    }

    /// How many nights.
    pub fn night_count(self) -> i64 {
        self.arrival.days_until(self.departure)
    }

    /// The civil dates the guest sleeps; none for day use.
    pub fn nights(self) -> impl Iterator<Item = Date> {
        let mut next = self.arrival;
        std::iter::from_fn(move || {
            (next < self.departure).then(|| {
                let night = next;
                next = night.next();
                night
            })
        })
    }

    /// The dates that carry a price: the nights, or the one day of day use.
    pub fn priced_dates(self) -> Vec<Date> {
        if self.is_day_use() { vec![self.arrival] } else { self.nights().collect() }
    }

    pub fn contains(self, night: Date) -> bool {
        self.arrival <= night && night < self.departure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect(text)
    }

    #[test]
    fn a_stay_is_half_open() {
        let stay = StayDates::new(date("2025-12-30"), date("2026-01-02")).expect("stay");
        assert_eq!(stay.nights().map(|n| n.to_string()).collect::<Vec<_>>(), ["2025-12-30", "2025-12-31", "2026-01-01"]);
        assert_eq!(stay.night_count(), 3);
        assert!(!stay.contains(date("2026-01-02")));
    }

    #[test]
    fn day_use_has_a_day_and_no_night() {
        let (day, night) = (date("2025-11-10"), date("2025-11-11"));
        let by_day = StayDates::or_day_use(day, day).expect("day use");
        assert_eq!((by_day.is_day_use(), by_day.night_count(), by_day.nights().count()), (true, 0, 0));
        assert_eq!((by_day.priced_dates(), by_day.contains(day)), (vec![day], false));
        let stay = StayDates::new(day, night).expect("a stay");
        assert_eq!((stay.is_day_use(), stay.priced_dates(), stay.arrival(), stay.departure()), (false, vec![day], day, night));
        assert_eq!([day.previous(), day, night].map(|date| stay.contains(date)), [false, true, false]);
    }

    #[test]
    fn backward_and_endless_stays_are_refused() {
        assert_eq!(StayDates::new(date("2025-11-10"), date("2025-11-10")), Err(NotAStay::Empty));
        assert_eq!(StayDates::or_day_use(date("2025-11-10"), date("2025-11-09")), Err(NotAStay::Empty));
        assert_eq!(StayDates::new(date("2025-01-01"), date("2026-02-06")), Err(NotAStay::TooLong));
        assert!(StayDates::new(date("2025-01-01"), date("2026-02-05")).is_ok());
    }
}
