//! What the demo's guests announced.

use super::random::noise;
use crate::domain::ages::Ages;
use crate::domain::date::Date;
use crate::domain::status::RateKind;
use crate::hotel::reservations::details::Details;

/// The wish of whoever arrives late.
pub const ARRIVES_LATE: &str = "Late arrival, after 22:00";

/// Hours at which guests say they come, the last of them after midnight.
const HOURS: [&str; 8] = ["13:00", "15:30", "16:00", "17:15", "18:00", "19:30", "21:00", "01:30"];

/// The details of a booking; of every third nobody knows the hour. Takes nothing from the chances
/// that the days are played with.
pub fn details(seed: u64, booking: u64, request: &str, option_date: Option<Date>, is_free: bool, children: i64) -> Details {
    let chance = noise(seed, booking);
    let (rate_kind, rate_kind_reason) = match is_free {
        true => (RateKind::Complimentary, "By the manager".to_owned()),
        false => (RateKind::Paying, String::new()),
    };
    // Of half of the families they are known.
    let children_ages = match chance / 24 % 2 {
        0 => Ages::default(),
        _ => Ages::of((0..children).map(|child| 2 + (i64::try_from(chance / 48 % 9).unwrap_or(0) + 4 * child) % 14)),
    };
    let is_late_arrival = request == ARRIVES_LATE;
    let hour = match (is_late_arrival, chance % 3) {
        (true, _) => Some("22:30"),
        (false, 0) => None,
        (false, _) => usize::try_from(chance / 3 % 8).ok().map(|at| HOURS[at]),
    };
    Details {
        expected_arrival_time: hour.and_then(|hour| hour.parse().ok()),
        is_late_arrival,
        option_date,
        company_id: None,
        group_id: None,
        rate_kind,
        rate_kind_reason,
        children_ages,
        cots: 0,
    }
}
