//! When guests come, for how long, how early they book and what they pay: the
//! proportions of a real resort hotel's three years (Antonio, de Almeida and
//! Nunes 2019), with the seasons of Java.

use super::random::{Random, noise};
use crate::domain::date::Date;
use crate::domain::money::Money;

/// Rooms sold out of a thousand, by month.
const OCCUPANCY: [u64; 12] = [720, 640, 620, 670, 690, 770, 840, 830, 730, 700, 670, 800];
/// The price in percent of the default rate, by month.
const RATES: [i64; 12] = [105, 90, 90, 95, 95, 110, 125, 120, 100, 95, 90, 115];

/// The turn of the year, when everybody travels.
fn is_peak(date: Date) -> bool {
    matches!((date.month(), date.day()), (12, 24..) | (1, ..=2))
}

fn by_month<T: Copy>(values: &[T; 12], date: Date) -> T {
    values[usize::try_from(date.month() - 1).unwrap_or(0) % 12]
}

/// Rooms out of a thousand that are sold on a night in the end.
pub fn occupancy(seed: u64, date: Date) -> u64 {
    if is_peak(date) {
        return 900;
    }
    let month = by_month(&OCCUPANCY, date);
    // Sunday to Thursday nights are quieter than the two of the weekend.
    let week = match date.weekday() {
        5 => month + 60,
        6 => month + 90,
        7 => month - 40,
        _ => month - 25,
    };
    let day = date.days_until(Date::new(2000, 1, 1).unwrap_or(date)).unsigned_abs();
    (week + noise(seed, day) % 90).saturating_sub(45).min(930)
}

/// The best available rate of a night, in steps of 5,000.
pub fn rate(default: Money, date: Date) -> Money {
    let season = if is_peak(date) { 150 } else { by_month(&RATES, date) };
    let weekend = if matches!(date.weekday(), 5 | 6) { 115 } else { 100 };
    let exact = default.percent(season).percent(weekend);
    Money((exact.0 + 2_500) / 5_000 * 5_000)
}

/// Lengths of stay in nights, out of a thousand.
const NIGHTS: &[(usize, i64)] = &[
    (232, 1),
    (158, 2),
    (135, 3),
    (118, 4),
    (68, 5),
    (44, 6),
    (156, 7),
    (19, 8),
    (15, 9),
    (24, 10),
    (8, 11),
    (4, 13),
    (17, 14),
    (2, 21),
];

pub fn nights(random: &mut Random) -> i64 {
    *random.weighted(NIGHTS)
}

/// Days between booking and arrival: (share in ten thousandths, days).
type Quantiles = [(u64, u64); 10];
const LEAD_KEPT: Quantiles =
    [(0, 0), (1000, 0), (2500, 5), (3750, 18), (5000, 38), (7500, 131), (9000, 220), (9500, 274), (9900, 364), (10_000, 450)];
const LEAD_CANCELLED: Quantiles =
    [(0, 0), (500, 7), (1000, 16), (2500, 44), (5000, 109), (7500, 198), (9000, 267), (9500, 313), (9900, 393), (10_000, 480)];

/// Whether a booking is kept: the cancelled ones were made earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Kept,
    Cancelled,
}

fn quantiles(fate: Fate) -> &'static Quantiles {
    match fate {
        Fate::Kept => &LEAD_KEPT,
        Fate::Cancelled => &LEAD_CANCELLED,
    }
}

/// Bookings out of ten thousand that are made `days` or more before arrival.
pub fn booked_by(fate: Fate, days: u64) -> u64 {
    if days == 0 {
        return 10_000;
    }
    for pair in quantiles(fate).windows(2) {
        let ((low, from), (high, to)) = (pair[0], pair[1]);
        if days <= to && to > from {
            return 10_000 - (low + (high - low) * days.saturating_sub(from) / (to - from));
        }
    }
    0
}

/// Days between booking and arrival, at least `least`.
pub fn lead(random: &mut Random, fate: Fate, least: u64) -> i64 {
    let early = booked_by(fate, least).max(1);
    let share = 10_000 - early + u64::try_from(random.below(usize::try_from(early).unwrap_or(1))).unwrap_or(0);
    for pair in quantiles(fate).windows(2) {
        let ((low, from), (high, to)) = (pair[0], pair[1]);
        if share < high {
            let days = from + (to - from) * share.saturating_sub(low) / (high - low);
            return i64::try_from(days.max(least)).unwrap_or(0);
        }
    }
    i64::try_from(least).unwrap_or(0)
}

/// How much of its lead time a cancelled booking stood, in percent: many go soon
/// after they were made, some on the last day.
pub fn stood(random: &mut Random) -> i64 {
    match random.below(100) {
        0..20 => 0,
        20..45 => random.between(1, 20),
        45..75 => random.between(20, 60),
        75..93 => random.between(60, 95),
        _ => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_times_follow_the_real_ones() {
        let mut random = Random::new(3);
        let mut drawn: Vec<i64> = (0..10_000).map(|_| lead(&mut random, Fate::Kept, 0)).collect();
        drawn.sort_unstable();
        assert!((33..43).contains(&drawn[5000]) && (120..142).contains(&drawn[7500]), "{} {}", drawn[5000], drawn[7500]);
        assert!((0..1000).all(|_| (200..=450).contains(&lead(&mut random, Fate::Kept, 200))));
        assert_eq!((booked_by(Fate::Kept, 38), booked_by(Fate::Kept, 131), booked_by(Fate::Kept, 999)), (5000, 2500, 0));
    }

    #[test]
    fn stays_are_as_long_as_the_real_ones() {
        let mut random = Random::new(3);
        let total: i64 = (0..10_000).map(|_| nights(&mut random)).sum();
        assert!((39_500..43_000).contains(&total), "{total}");
    }

    #[test]
    fn weekends_and_holidays_cost_more() {
        let rate = |date: &str| rate(Money(600_000), date.parse().expect("date")).0;
        assert!(rate("2025-11-15") > rate("2025-11-12"));
        assert!(rate("2025-12-30") > rate("2025-12-10"));
        assert_eq!(rate("2025-11-12") % 5_000, 0);
    }
}
