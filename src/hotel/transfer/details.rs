//! Cells of what a booking tells beside who comes, where and for how long; and the same cells as
//! the export writes them.

use super::nights::RowNight;
use super::parse::Cells;
use super::row::Row;
use super::words::folded;
use crate::domain::ages::{Ages, OLDEST_CHILD};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::status::{RateKind, ReservationStatus};
use crate::domain::wording::Text;
use crate::hotel::audit::Reason;
use crate::hotel::reservations::details::Details;
use crate::hotel::rooms::Cots;

impl Cells<'_> {
    /// What the row tells of it.
    pub(super) fn details(&mut self, status: Option<ReservationStatus>, children: i64) -> Details {
        let (rate_kind, rate_kind_reason) = self.rate_kind();
        Details {
            expected_arrival_time: self.expected_arrival_time(),
            is_late_arrival: self.is_so("is_late_arrival"),
            option_date: self.option_date(status),
            // A name, which the row holds.
            company_id: None,
            group_id: None,
            rate_kind,
            rate_kind_reason,
            children_ages: self.children_ages(children),
            cots: self.check("cots", self.cots()),
        }
    }

    fn cots(&self) -> Result<i64, Text> {
        let text = self.text("cots");
        if text.is_empty() { Ok(0) } else { Cots::of(text.parse().unwrap_or(-1)) }
    }

    fn children_ages(&mut self, children: i64) -> Ages {
        let text = self.text("children_ages");
        match Ages::read(text) {
            Some(ages) if ages.are_of(children) => ages,
            Some(_) => {
                self.fault("children_ages", format!("“{text}” must have one age for each child, or be empty"));
                Ages::default()
            }
            None => {
                self.fault("children_ages", format!("“{text}” must be whole numbers from 0 to {OLDEST_CHILD}, such as 4 7"));
                Ages::default()
            }
        }
    }

    /// Who pays, and why nobody does.
    fn rate_kind(&mut self) -> (RateKind, String) {
        let text = self.text("rate_kind");
        let reason = self.check("rate_kind_reason", Reason::of(self.text("rate_kind_reason")));
        let kind = if text.is_empty() { Some(RateKind::Paying) } else { RateKind::parse(&folded(text)) };
        match kind {
            None => self.fault("rate_kind", format!("“{text}” must be paying, complimentary or house_use")),
            Some(RateKind::Paying) if !reason.is_empty() => {
                self.fault("rate_kind_reason", "is for complimentary stays and house use only");
            }
            Some(RateKind::Complimentary | RateKind::HouseUse) if reason.is_empty() => {
                self.fault("rate_kind_reason", "is missing: say why nothing is charged");
            }
            Some(_) => {}
        }
        (kind.unwrap_or_default(), reason)
    }

    /// What is not on the bill yet costs nothing where nobody pays.
    pub(super) fn check_free(&mut self, row: &Row) {
        let is_paid = |night: &RowNight| night.is_held && !night.is_posted && !night.rate.is_zero();
        let is_open = row.status.is_open();
        let has_price = match &row.nights {
            Some(nights) => nights.iter().any(is_paid),
            None => row.total.is_some_and(|total| !total.is_zero()),
        };
        if row.details.rate_kind != RateKind::Paying && is_open && has_price {
            self.fault("total_amount", "must be 0 for what is not on the bill yet: nothing is charged for this stay");
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
pub fn written(details: &Details) -> [(&'static str, String); 7] {
    [
        ("expected_arrival_time", details.expected_arrival_time.map_or_else(String::new, |time| time.to_string())),
        ("is_late_arrival", yes(details.is_late_arrival)),
        ("option_date", details.option_date.map_or_else(String::new, |date| date.to_string())),
        ("rate_kind", details.rate_kind.to_string()),
        ("rate_kind_reason", details.rate_kind_reason.clone()),
        ("children_ages", details.children_ages.joined(" ")),
        ("cots", if details.cots == 0 { String::new() } else { details.cots.to_string() }),
    ]
}

pub fn yes(is_so: bool) -> String {
    if is_so { "yes".to_owned() } else { String::new() }
}
