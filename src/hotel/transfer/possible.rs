//! Which states a stay can be in on the business date: what an import brings in
//! must be something that the desk could have come to, and can move on from.

use crate::domain::date::Date;
use crate::domain::status::ReservationStatus;
use crate::domain::stay::StayDates;

/// The column that is wrong, and why.
pub type Impossible = (&'static str, String);

/// Whether the last night, or the day of day use, lies before a date.
pub fn is_over(stay: StayDates, today: Date) -> bool {
    let last = if stay.is_day_use() { stay.departure() } else { stay.departure().previous() };
    last < today
}

/// # Errors
/// What cannot be. A stay that is over may still be open here: whether it should
/// be is asked elsewhere.
pub fn check(status: ReservationStatus, stay: StayDates, today: Date) -> Result<(), Impossible> {
    match status {
        ReservationStatus::Tentative | ReservationStatus::Confirmed | ReservationStatus::Cancelled => Ok(()),
        ReservationStatus::CheckedIn if stay.arrival() > today => {
            Err(("status", format!("nobody is checked in before arrival: the business date is {today}")))
        }
        ReservationStatus::CheckedIn if stay.departure() < today => Err((
            "check_out_date",
            format!(
                "is before the business date, {today}, and the guest is still in the house; write when the guest leaves, or checked_out"
            ),
        )),
        ReservationStatus::CheckedOut if stay.departure() > today => {
            Err(("check_out_date", format!("the departure is after the business date, {today}, and the guest is checked out")))
        }
        ReservationStatus::NoShow if stay.arrival() >= today => {
            Err(("status", format!("nobody is a no-show before the day after arrival: the business date is {today}")))
        }
        ReservationStatus::CheckedIn | ReservationStatus::CheckedOut | ReservationStatus::NoShow => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every state against stays around the business date, 10 November: arrival and
    /// departure as days from it.
    #[test]
    fn a_state_is_possible_only_where_the_desk_could_have_come_to_it() {
        let stays = [(-3, -1), (-2, 0), (-1, 1), (0, 2), (1, 3), (-1, -1), (0, 0), (1, 1)];
        let grid = [
            (ReservationStatus::Tentative, "yes yes yes yes yes yes yes yes"),
            (ReservationStatus::Confirmed, "yes yes yes yes yes yes yes yes"),
            (ReservationStatus::CheckedIn, "check_out_date yes yes yes status check_out_date yes status"),
            (ReservationStatus::CheckedOut, "yes yes check_out_date check_out_date check_out_date yes yes check_out_date"),
            (ReservationStatus::Cancelled, "yes yes yes yes yes yes yes yes"),
            (ReservationStatus::NoShow, "yes yes yes status status yes status status"),
        ];
        let today = Date::new(2025, 11, 10).expect("date");
        let stay = |(from, to): (i64, i64)| {
            StayDates::or_day_use(today.plus(from).expect("date"), today.plus(to).expect("date")).expect("stay")
        };
        for (status, row) in grid {
            let seen = stays.map(|s| check(status, stay(s), today).map_or_else(|(column, _)| column, |()| "yes"));
            assert_eq!(seen.join(" "), row, "{status}");
        }
        assert_eq!(stays.map(|s| is_over(stay(s), today)), [true, true, false, false, false, true, false, false]);
    }
}
