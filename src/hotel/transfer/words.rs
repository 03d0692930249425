//! The words of other systems: states of a booking, and what they call columns.

use crate::domain::status::ReservationStatus;

/// A word as it is compared: small letters and digits, `_` for all between them.
pub fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with('_') {
            folded.push('_');
        }
    }
    folded.truncate(folded.trim_end_matches('_').len());
    folded
}

/// The state that a word stands for.
pub fn status(word: &str) -> Option<ReservationStatus> {
    let folded = folded(word);
    let status = match folded.as_str() {
        "canceled" | "cancelled_by_guest" | "canceled_by_guest" | "cancelled_by_host" | "canceled_by_host" | "cancellation" => {
            ReservationStatus::Cancelled
        }
        "noshow" | "no_showed" | "did_not_show" => ReservationStatus::NoShow,
        "completed" | "complete" | "checkedout" | "departed" | "past_guest" | "stayed" => ReservationStatus::CheckedOut,
        "checkedin" | "in_house" | "inhouse" | "currently_hosting" => ReservationStatus::CheckedIn,
        "ok" | "booked" | "reserved" | "accepted" | "definite" => ReservationStatus::Confirmed,
        "pending" | "option" | "optional" | "provisional" | "unconfirmed" => ReservationStatus::Tentative,
        other => return ReservationStatus::parse(other),
    };
    Some(status)
}

/// What other systems call our columns, folded.
const SYNONYMS: &[(&str, &[&str])] = &[
    (
        "external_id",
        &[
            "book_number",
            "booking_number",
            "booking_id",
            "reservation_number",
            "reservation_id",
            "confirmation_code",
            "confirmation_number",
        ],
    ),
    ("guest_name", &["guest_name_s", "guest", "guest_names", "name", "booked_by", "primary_guest"]),
    ("guest_email", &["email", "e_mail"]),
    ("guest_phone", &["phone", "phone_number", "contact", "telephone"]),
    ("guest_nationality", &["nationality", "country", "booker_country"]),
    ("room_type", &["unit_type", "listing", "room", "accommodation", "room_name"]),
    ("check_in_date", &["check_in", "checkin", "arrival", "arrival_date", "start_date"]),
    ("check_out_date", &["check_out", "checkout", "departure", "departure_date", "end_date"]),
    ("adults", &["of_adults", "number_of_adults", "persons", "guests"]),
    ("children", &["of_children", "number_of_children"]),
    ("total_amount", &["price", "total", "amount", "total_price", "earnings"]),
    ("paid_amount", &["paid", "amount_paid"]),
    ("source", &["channel"]),
    ("created_date", &["booked_on", "booked", "created", "booking_date"]),
    ("cancelled_date", &["cancellation_date", "canceled_date", "cancelled_on"]),
    ("notes", &["remarks", "comments", "note"]),
];

/// Which of our columns another system's is likely to be.
pub fn likely_column(given: &str) -> Option<&'static str> {
    let folded = folded(given);
    SYNONYMS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(column, _)| *column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hotel::transfer::COLUMNS;

    #[test]
    fn the_usual_words_for_a_state_are_understood() {
        for (word, meant) in [
            ("Canceled", "cancelled"),
            ("CANCELLED", "cancelled"),
            ("Canceled by guest", "cancelled"),
            ("no-show", "no_show"),
            ("No Show", "no_show"),
            ("completed", "checked_out"),
            ("Checked-out", "checked_out"),
            ("checked in", "checked_in"),
            ("ok", "confirmed"),
            ("Confirmed", "confirmed"),
            ("tentative", "tentative"),
        ] {
            assert_eq!(status(word).map(ReservationStatus::as_str), Some(meant), "{word}");
        }
        // Is the guest in the house, or expected today? That is not guessed.
        assert_eq!(status("arrived"), None);
    }

    #[test]
    fn every_likely_column_is_a_column_and_stands_once() {
        let mut seen = Vec::new();
        for (column, names) in SYNONYMS {
            assert!(COLUMNS.contains(column), "{column}");
            for name in *names {
                assert!(folded(name) == *name && !seen.contains(name) && !COLUMNS.contains(name), "{name}");
                seen.push(name);
            }
        }
        assert_eq!(likely_column("Guest name(s)"), Some("guest_name"));
        assert_eq!(likely_column("# of adults"), Some("adults"));
    }
}
