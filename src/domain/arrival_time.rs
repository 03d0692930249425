//! The hour at which a guest is expected, by the hotel's clock.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::wording::{Text, text};

/// `HH:MM` of the night that begins with the day of arrival: before six in the morning it is of
/// the calendar's next day, and the guest comes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrivalTime {
    hour: u8,
    minute: u8,
}

/// The hour at which the night of arrival is over. `reservation.is_expected_late` knows it too.
const MORNING: u8 = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", Text::from(*self))]
pub struct NotATime;

impl From<NotATime> for Text {
    fn from(_: NotATime) -> Text {
        text!("must be a time such as 22:30")
    }
}

impl ArrivalTime {
    pub fn is_after_midnight(self) -> bool {
        self.hour < MORNING
    }

    /// As a spreadsheet may have made of it: `1:30`, `22:30:00`.
    pub fn read(text: &str) -> Result<ArrivalTime, NotATime> {
        let text = text.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(text);
        if text.len() == 4 { format!("0{text}").parse() } else { text.parse() }
    }
}

impl fmt::Display for ArrivalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for ArrivalTime {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let two = |digits: &[u8]| match digits {
            [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some((a - b'0') * 10 + (b - b'0')),
            _ => None,
        };
        let [a, b, b':', c, d] = text.as_bytes() else { return Err(NotATime) };
        match (two(&[*a, *b]), two(&[*c, *d])) {
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) => Ok(ArrivalTime { hour, minute }),
            _ => Err(NotATime),
        }
    }
}

impl Serialize for ArrivalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ArrivalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(|error: NotATime| Text::from(error).to_serde())
    }
}

impl JsonSchema for ArrivalTime {
    fn schema_name() -> Cow<'static, str> {
        "ArrivalTime".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
    }
}

impl rusqlite::types::ToSql for ArrivalTime {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl rusqlite::types::FromSql for ArrivalTime {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|error: NotATime| rusqlite::types::FromSqlError::Other(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_of_the_clock_and_nothing_else() {
        for good in ["00:00", "05:59", "06:00", "23:59"] {
            assert_eq!(good.parse::<ArrivalTime>().map(|time| time.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "24:00", "12:60", "1:30", "12:3", "12-30", "12:30:00", "ab:cd", "٣٣:00"] {
            assert_eq!(bad.parse::<ArrivalTime>(), Err(NotATime), "{bad}");
        }
    }

    #[test]
    fn the_night_of_arrival_ends_at_six() {
        let is_after_midnight = |text: &str| text.parse::<ArrivalTime>().map(ArrivalTime::is_after_midnight);
        assert_eq!(["23:59", "00:00", "05:59", "06:00"].map(is_after_midnight), [Ok(false), Ok(true), Ok(true), Ok(false)]);
    }

    #[test]
    fn what_a_spreadsheet_makes_of_a_time_is_read() {
        for (written, meant) in
            [("1:30", "01:30"), ("22:30:00", "22:30"), ("1:30:00", "01:30"), ("12:00", "12:00"), ("9:00", "09:00")]
        {
            assert_eq!(ArrivalTime::read(written).map(|time| time.to_string()).as_deref(), Ok(meant), "{written}");
        }
        for bad in ["", "12", "12:00:01", ":00", "1:3"] {
            assert_eq!(ArrivalTime::read(bad), Err(NotATime), "{bad}");
        }
    }
}
