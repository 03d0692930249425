//! Civil dates and instants. A date has no time zone and never shifts.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::{Span, Timestamp, ToSpan, Unit, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A civil date of the hotel's calendar, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// The text is not a date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a date such as 2025-11-10")]
pub struct NotADate;

impl Date {
    /// The calendar ends here: 9999-12-31.
    pub const LAST: Date = Date(civil::date(9999, 12, 31));

    /// The date of a year, month and day, if the calendar has it.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        civil::Date::new(year, month, day).ok().map(Date)
    }

    /// `days` later (earlier when negative), or `None` past the calendar's end.
    pub fn plus(self, days: i64) -> Option<Date> {
        let span = Span::new().try_days(days).ok()?;
        let date = self.0.checked_add(span).ok()?;
        (date.year() >= 1).then_some(Date(date))
    }

    /// The next day; the last day of the calendar stays where it is.
    pub fn next(self) -> Date {
        self.plus(1).unwrap_or(self)
    }

    /// The day before; the first day of the calendar stays where it is.
    pub fn previous(self) -> Date {
        self.plus(-1).unwrap_or(self)
    }

    /// Days from `self` to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Date) -> i64 {
        self.0.until((Unit::Day, other.0)).map_or(0, |span| i64::from(span.get_days()))
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    pub fn month(self) -> i8 {
        self.0.month()
    }

    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Monday = 1 … Sunday = 7.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// As a person says it: "3 May".
    pub fn in_words(self) -> String {
        format!("{} {}", self.day(), self.month_in_words())
    }

    /// "May".
    pub fn month_in_words(self) -> &'static str {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        usize::try_from(self.month() - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or("")
    }

    /// The instant at which the hotel's clock shows `time` on this date.
    pub fn at(self, time: civil::Time, zone: &TimeZone) -> Option<Instant> {
        let zoned = zone.to_ambiguous_zoned(self.0.to_datetime(time)).compatible().ok()?;
        Some(Instant(zoned.timestamp()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Date {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return Err(NotADate);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().map_err(|_| NotADate);
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (month, day) = (i8::try_from(month).map_err(|_| NotADate)?, i8::try_from(day).map_err(|_| NotADate)?);
        if year < 1 {
            return Err(NotADate);
        }
        Date::new(year, month, day).ok_or(NotADate)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

impl rusqlite::types::ToSql for Date {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl rusqlite::types::FromSql for Date {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|error: NotADate| rusqlite::types::FromSqlError::Other(Box::new(error)))
    }
}

/// A point in time, UTC, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Timestamp);

impl Instant {
    /// What the operating system's clock says now. Only the program's edge calls this.
    pub fn system_now() -> Instant {
        Instant(Timestamp::now())
    }

    pub fn from_millisecond(ms: i64) -> Option<Instant> {
        Timestamp::from_millisecond(ms).ok().map(Instant)
    }

    pub fn as_millisecond(self) -> i64 {
        self.0.as_millisecond()
    }

    /// `hours` later; the end of time stays where it is.
    pub fn plus_hours(self, hours: i64) -> Instant {
        Span::new().try_hours(hours).ok().and_then(|span| self.0.checked_add(span).ok()).map_or(self, Instant)
    }

    pub fn plus_seconds(self, seconds: i64) -> Instant {
        self.0.checked_add(seconds.seconds()).map_or(self, Instant)
    }

    /// Whole seconds from `self` to `other`; negative when `other` is earlier.
    pub fn seconds_until(self, other: Instant) -> i64 {
        (other.as_millisecond() - self.as_millisecond()) / 1000
    }

    /// The civil date that a calendar on the hotel's wall shows.
    pub fn date_in(self, zone: &TimeZone) -> Date {
        Date(self.0.to_zoned(zone.clone()).date())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl FromStr for Instant {
    type Err = NotAnInstant;
    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        if !is_shaped_as_instant(text) {
            return Err(NotAnInstant);
        }
        // The last hours of the year 9999 are past the end of all instants that can be told.
        let last = || text.starts_with("9999-12-31").then_some(Timestamp::MAX).ok_or(NotAnInstant);
        text.parse().or_else(|_| last()).map(Instant)
    }
}

/// `2025-11-10T09:30:00.123Z`, or with an offset such as `+07:00` at the end.
fn is_shaped_as_instant(text: &str) -> bool {
    let fits = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b.eq_ignore_ascii_case(&s) })
    };
    let (Some(start), Some(rest)) = (text.get(..19), text.get(19..)) else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let has_digits = rest.len() == zone.len() || rest.len() > zone.len() + 1;
    let is_zone = fits(zone, "Z") || fits(zone, "+00:00") || fits(zone, "-00:00");
    fits(start, "0000-00-00T00:00:00") && has_digits && is_zone
}

/// The text is not an RFC 3339 instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an instant such as 2025-11-10T09:30:00Z")]
pub struct NotAnInstant;

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

impl rusqlite::types::ToSql for Instant {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl rusqlite::types::FromSql for Instant {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|error: NotAnInstant| rusqlite::types::FromSqlError::Other(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_of_the_calendar_are_dates() {
        assert_eq!("2024-02-29".parse::<Date>().map(|d| d.to_string()), Ok("2024-02-29".to_owned()));
        for text in ["2025-02-29", "2025-13-01", "20251110", "2025-11-10T00:00", "0000-01-01", "2025-1-1", "", "２０２５-1"] {
            assert_eq!(text.parse::<Date>(), Err(NotADate), "{text}");
        }
    }

    #[test]
    fn nights_are_counted_across_years_and_the_calendar_ends() {
        let date = |t: &str| t.parse::<Date>().expect(t);
        assert_eq!(date("2024-12-30").days_until(date("2025-01-02")), 3);
        assert_eq!(date("2024-02-28").next(), date("2024-02-29"));
        assert_eq!(date("9999-12-31").plus(1), None);
        assert_eq!(date("0001-01-01").plus(-1), None);
    }

    #[test]
    fn only_rfc_3339_is_an_instant() {
        for (text, same) in [
            ("2025-11-10T09:30:00Z", "2025-11-10T09:30:00.000Z"),
            ("2025-11-10t09:30:00.12345+07:00", "2025-11-10T02:30:00.123Z"),
            ("9999-12-31T23:59:59Z", "9999-12-30T22:00:00.999Z"),
            ("0001-01-01T00:00:00+23:59", "0000-12-31T00:01:00.000Z"),
        ] {
            assert_eq!(text.parse::<Instant>().map(|i| i.to_string()), Ok(same.to_owned()), "{text}");
        }
        for text in [
            "2025-11-10",
            "2025-11-10 09:30:00Z",
            "2025-11-10T09:30:00",
            "20251110T093000Z",
            "2025-11-10T09:30:00.Z",
            "2025-13-10T09:30:00Z",
            "2025-11-10T09:30:00Z[UTC]",
        ] {
            assert_eq!(text.parse::<Instant>(), Err(NotAnInstant), "{text}");
        }
    }

    #[test]
    fn a_date_at_a_time_follows_the_hotels_clock_change() {
        let zone = TimeZone::get("Europe/Lisbon").expect("bundled zone");
        let noon = civil::time(12, 0, 0, 0);
        let at = |t: &str| t.parse::<Date>().expect(t).at(noon, &zone).map(|i| i.to_string());
        assert_eq!(at("2025-03-29"), Some("2025-03-29T12:00:00.000Z".to_owned()));
        assert_eq!(at("2025-03-30"), Some("2025-03-30T11:00:00.000Z".to_owned()));
    }
}
