//! Civil dates and instants. A date has no time zone and never shifts.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::{Span, Timestamp, ToSpan, Unit, tz::Offset, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::wording::{Text, text};

/// A civil date of the hotel's calendar, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// The text is not a date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", Text::from(*self))]
pub struct NotADate;

impl From<NotADate> for Text {
    fn from(_: NotADate) -> Text {
        text!("must be a date such as 2025-11-10")
    }
}

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

    /// The same day so many months before, or the last of a shorter month.
    pub fn months_before(self, months: i64) -> Date {
        let earlier = Span::new().try_months(months).ok().and_then(|span| self.0.checked_sub(span).ok());
        earlier.filter(|date| date.year() >= 1).map_or(self, Date)
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

    /// The instant at which the hotel's clock shows `time` on this date.
    pub fn at(self, time: civil::Time, zone: &TimeZone) -> Option<Instant> {
        let zoned = zone.to_ambiguous_zoned(self.0.to_datetime(time)).compatible().ok()?;
        Some(Instant(zoned.timestamp()))
    }
}

/// ASCII digits and the marks between them. A page of a list has a hundred of
/// these texts, so they are made and read without the machinery of formatting.
struct Digits<const N: usize>([u8; N]);

impl<const N: usize> Digits<N> {
    /// Puts a number that is not negative where the shape has its zeros.
    fn put(&mut self, places: std::ops::Range<usize>, number: i32) {
        let mut rest = number.unsigned_abs();
        for place in self.0[places].iter_mut().rev() {
            *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
    }

    fn put_date(&mut self, date: civil::Date) {
        self.put(0..4, date.year().into());
        self.put(5..7, date.month().into());
        self.put(8..10, date.day().into());
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("invariant: digits are ASCII")
    }
}

/// The number that some digits mean; `None` when they are not all digits.
fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0_i16, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
}

impl Date {
    fn text(self) -> Digits<10> {
        let mut text = Digits(*b"0000-00-00");
        text.put_date(self.0);
        text
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().as_str())
    }
}

impl FromStr for Date {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().map_err(|_| NotADate)?;
        parse_date(bytes).filter(|date| date.year() >= 1).map(Date).ok_or(NotADate)
    }
}

/// `0000-00-00`, of the calendar.
fn parse_date(text: &[u8; 10]) -> Option<civil::Date> {
    if text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let (month, day) = (i8::try_from(number(&text[5..7])?).ok()?, i8::try_from(number(&text[8..10])?).ok()?);
    civil::Date::new(number(&text[0..4])?, month, day).ok()
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text().as_str())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|error| Text::from(error).to_serde())
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

    /// The beginning of 1970, for what happens at no time in particular.
    pub const EPOCH: Instant = Instant(Timestamp::UNIX_EPOCH);

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

    /// What the clock beside it shows: "22:30".
    pub fn time_in(self, zone: &TimeZone) -> String {
        let time = self.0.to_zoned(zone.clone()).time();
        format!("{:02}:{:02}", time.hour(), time.minute())
    }
}

impl Instant {
    /// `None` before the year 0, which no hotel saw.
    fn text(self) -> Option<Digits<24>> {
        let at = Offset::UTC.to_datetime(self.0);
        if at.year() < 0 {
            return None;
        }
        let mut text = Digits(*b"0000-00-00T00:00:00.000Z");
        text.put_date(at.date());
        text.put(11..13, at.hour().into());
        text.put(14..16, at.minute().into());
        text.put(17..19, at.second().into());
        text.put(20..23, at.subsec_nanosecond() / 1_000_000);
        Some(text)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Some(text) => f.write_str(text.as_str()),
            None => write!(f, "{:.3}", self.0),
        }
    }
}

/// The form of `Display`, which nearly all that are read have.
fn parse_own_form(text: &str) -> Option<Timestamp> {
    let bytes: &[u8; 24] = text.as_bytes().try_into().ok()?;
    let date = parse_date(bytes.first_chunk()?)?;
    let marks = [(10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
    if marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let part = |places: std::ops::Range<usize>| i8::try_from(number(&bytes[places])?).ok();
    let (hour, minute, second) = (part(11..13)?, part(14..16)?, part(17..19)?);
    let time = civil::Time::new(hour, minute, second, i32::from(number(&bytes[20..23])?) * 1_000_000).ok()?;
    Offset::UTC.to_timestamp(date.to_datetime(time)).ok()
}

impl FromStr for Instant {
    type Err = NotAnInstant;
    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        if let Some(instant) = parse_own_form(text) {
            return Ok(Instant(instant));
        }
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
#[error("{}", Text::from(*self))]
pub struct NotAnInstant;

impl From<NotAnInstant> for Text {
    fn from(_: NotAnInstant) -> Text {
        text!("must be an instant such as 2025-11-10T09:30:00Z")
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text() {
            Some(text) => serializer.serialize_str(text.as_str()),
            None => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|error| Text::from(error).to_serde())
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
        for text in [
            "2025-02-29",
            "2025-13-01",
            "20251110",
            "2025-11-10T00:00",
            "0000-01-01",
            "2025-1-1",
            "",
            "２０２５-1",
            "2025/11-10",
            "2025-11/10",
        ] {
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
            "9999-12-31T23:59:59.Z",
            "9999-12-31T23:59:59",
            "2025-13-10T09:30:00Z",
            "2025-11-10T09:30:00Z[UTC]",
        ] {
            assert_eq!(text.parse::<Instant>(), Err(NotAnInstant), "{text}");
        }
    }

    #[test]
    fn an_instants_own_form_is_read_and_written_as_any_other() {
        for ms in
            [-62_198_755_200_000, -62_167_219_200_001, -62_167_219_200_000, -1, 0, 999, 1_762_767_000_123, 253_402_207_199_999]
        {
            let instant = Instant::from_millisecond(ms).expect("in the calendar");
            let text = instant.to_string();
            assert_eq!(text, format!("{:.3}", instant.0));
            assert_eq!(serde_json::to_string(&instant).ok(), Some(format!("\"{text}\"")));
            let back = parse_own_form(&text).or_else(|| text.parse().ok());
            assert_eq!(back, Some(instant.0), "{text}");
        }
        for text in
            ["2025-02-29T09:30:00.000Z", "2025-11-10T24:00:00.000Z", "2025-11-10T09:30:0a.000Z", "2025-11-10T09:30:00,000Z"]
        {
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
        let shown = |t: &str| t.parse::<Instant>().map(|at| (at.date_in(&zone).to_string(), at.time_in(&zone)));
        assert_eq!(shown("2025-03-29T23:05:00Z"), Ok(("2025-03-29".to_owned(), "23:05".to_owned())));
        assert_eq!(shown("2025-03-30T23:05:00Z"), Ok(("2025-03-31".to_owned(), "00:05".to_owned())));
    }
}
