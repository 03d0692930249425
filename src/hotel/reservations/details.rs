//! What a booking tells beside who comes, where and for how long.

use std::cmp::Ordering;

use crate::db::record::record;
use crate::domain::ages::Ages;
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, GroupId};
use crate::domain::status::{OptionState, RateKind, ReservationStatus};
use crate::domain::wording::text;
use crate::error::Fields;

record! {
    #[derive(Debug, Clone, Default, PartialEq)]
    pub struct Details {
        pub expected_arrival_time: Option<ArrivalTime>,
        /// "Arrives late, hold the room."
        pub is_late_arrival: bool,
        /// Until when a tentative booking's room is held, that day included.
        pub option_date: Option<Date>,
        /// Whose people stay, or who sent them.
        pub company_id: Option<CompanyId>,
        /// The group that it belongs to, and whose block it picks up.
        pub group_id: Option<GroupId>,
        pub rate_kind: RateKind,
        /// Why nothing is charged, where nothing is.
        pub rate_kind_reason: String,
        /// Of the children at arrival, for those who are not named yet.
        pub children_ages: Ages,
        /// Cots in the room.
        pub cots: i64,
    }
}

impl Details {
    /// Whether a late arrival was announced, in one way or the other.
    pub fn is_expected_late(&self) -> bool {
        self.is_late_arrival || self.expected_arrival_time.is_some_and(ArrivalTime::is_after_midnight)
    }
}

/// How an option stands on a date; `None` = there is none to decide on.
pub fn option_state(until: Option<Date>, status: ReservationStatus, today: Date) -> Option<OptionState> {
    let until = until.filter(|_| status == ReservationStatus::Tentative)?;
    Some(match until.cmp(&today) {
        Ordering::Greater => OptionState::Held,
        Ordering::Equal => OptionState::Due,
        Ordering::Less => OptionState::Past,
    })
}

/// The ages are of all children, or of none.
pub fn check_ages(fields: &mut Fields, ages: &Ages, children: i64) {
    fields.ensure(ages.are_of(children), "children_ages", text!("must have one age for each child, or be empty"));
}

/// A room is held for a tentative booking, from today on and until the arrival at most.
pub fn check_option(fields: &mut Fields, until: Date, status: ReservationStatus, arrival: Date, today: Date) {
    let is_tentative = status == ReservationStatus::Tentative;
    fields.ensure(is_tentative, "option_date", text!("is for tentative bookings only"));
    if is_tentative {
        let (first, last) = (today, arrival.max(today));
        let range = text!("must be from {least} to {most}", least = first, most = last);
        fields.ensure((first..=last).contains(&until), "option_date", range);
    }
}

/// What of them changes; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct DetailsChange {
    /// `Some(None)` takes the hour away.
    pub expected_arrival_time: Option<Option<ArrivalTime>>,
    pub is_late_arrival: Option<bool>,
    /// `Some(None)` takes the option's date away.
    pub option_date: Option<Option<Date>>,
    /// `Some(None)` takes the company away.
    pub company_id: Option<Option<CompanyId>>,
    /// `Some(None)` takes it out of its group.
    pub group_id: Option<Option<GroupId>>,
    pub rate_kind: Option<RateKind>,
    pub rate_kind_reason: Option<String>,
    pub children_ages: Option<Ages>,
    pub cots: Option<i64>,
}

impl DetailsChange {
    /// The details as they are after the change.
    pub fn of(&self, details: &mut Details) {
        details.expected_arrival_time = self.expected_arrival_time.unwrap_or(details.expected_arrival_time);
        details.is_late_arrival = self.is_late_arrival.unwrap_or(details.is_late_arrival);
        details.option_date = self.option_date.unwrap_or(details.option_date);
        details.company_id = self.company_id.unwrap_or(details.company_id);
        details.group_id = self.group_id.unwrap_or(details.group_id);
        details.rate_kind = self.rate_kind.unwrap_or(details.rate_kind);
        if let Some(reason) = &self.rate_kind_reason {
            details.rate_kind_reason.clone_from(reason);
        }
        details.cots = self.cots.unwrap_or(details.cots);
        if let Some(ages) = &self.children_ages {
            details.children_ages.clone_from(ages);
        }
    }
}
