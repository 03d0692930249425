//! Cells of what a booking tells beside who comes, where and for how long; and the same cells as
//! the export writes them.

use super::parse::Cells;
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::status::ReservationStatus;
use crate::hotel::reservations::details::Details;

impl Cells<'_> {
    /// What the row tells of it.
    pub(super) fn details(&mut self, status: Option<ReservationStatus>) -> Details {
        Details {
            expected_arrival_time: self.expected_arrival_time(),
            is_late_arrival: self.is_so("is_late_arrival"),
            option_date: self.option_date(status),
        }
    }

    fn option_date(&mut self, status: Option<ReservationStatus>) -> Option<Date> {
        let until = self.date("option_date")?;
        if !matches!(status, None | Some(ReservationStatus::Tentative | ReservationStatus::Cancelled)) {
            self.fault("option_date", "is for tentative bookings only");
        }
        Some(until)
    }

    /// Yes or no; no when it is empty.
    pub(super) fn is_so(&mut self, column: &'static str) -> bool {
        let text = self.text(column);
        match text.to_lowercase().as_str() {
            "yes" | "true" | "1" => true,
            "" | "no" | "false" | "0" => false,
            _ => {
                self.fault(column, format!("“{text}” must be yes or no"));
                false
            }
        }
    }

    fn expected_arrival_time(&mut self) -> Option<ArrivalTime> {
        let text = self.text("expected_arrival_time");
        if text.is_empty() {
            return None;
        }
        ArrivalTime::read(text).map_err(|error| self.fault("expected_arrival_time", format!("“{text}” {error}"))).ok()
    }
}

/// The cells by their columns; empty where there is nothing to tell.
pub fn written(details: &Details) -> [(&'static str, String); 3] {
    [
        ("expected_arrival_time", details.expected_arrival_time.map_or_else(String::new, |time| time.to_string())),
        ("is_late_arrival", yes(details.is_late_arrival)),
        ("option_date", details.option_date.map_or_else(String::new, |date| date.to_string())),
    ]
}

pub fn yes(is_so: bool) -> String {
    if is_so { "yes".to_owned() } else { String::new() }
}
