//! What a booking tells beside who comes, where and for how long.

use crate::domain::arrival_time::ArrivalTime;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Details {
    pub expected_arrival_time: Option<ArrivalTime>,
    /// "Arrives late, hold the room."
    pub is_late_arrival: bool,
}

impl Details {
    /// Whether a late arrival was announced, in one way or the other.
    pub fn is_expected_late(&self) -> bool {
        self.is_late_arrival || self.expected_arrival_time.is_some_and(ArrivalTime::is_after_midnight)
    }
}

/// What of them changes; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct DetailsChange {
    /// `Some(None)` takes the hour away.
    pub expected_arrival_time: Option<Option<ArrivalTime>>,
    pub is_late_arrival: Option<bool>,
}

impl DetailsChange {
    /// The details as they are after the change.
    pub fn of(&self, details: &mut Details) {
        details.expected_arrival_time = self.expected_arrival_time.unwrap_or(details.expected_arrival_time);
        details.is_late_arrival = self.is_late_arrival.unwrap_or(details.is_late_arrival);
    }
}
