//! Percentages in hundredths, exact: 12.5 % is 1250.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::money::{Amount, Decimal};
use super::wording::text;

/// Hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percent(pub i64);

impl Percent {
    pub const ZERO: Percent = Percent(0);
    pub const HUNDRED: Percent = Percent(10_000);

    pub const fn whole(percent: i64) -> Percent {
        Percent(percent * 100)
    }

    /// `12.5`, or why it is none. A blank, a sign that is not minus or a third decimal is none.
    pub fn parse(text: &str) -> Option<Percent> {
        Decimal::new(text).hundredths().ok().map(Percent)
    }
}

impl std::ops::Add for Percent {
    type Output = Percent;

    fn add(self, other: Percent) -> Percent {
        Percent(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Percent {
    /// Without decimals that say nothing: `50`, `12.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shortened = |exponent: u8, by: i64| Amount { minor: self.0 / by, exponent };
        match self.0 % 100 {
            0 => shortened(0, 100).fmt(f),
            hundredths if hundredths % 10 == 0 => shortened(1, 10).fmt(f),
            _ => shortened(2, 1).fmt(f),
        }
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::Number::from_string_unchecked(self.to_string()).serialize(serializer)
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "description": "Percent, with two decimals at most."})
    }
}

impl rusqlite::types::ToSql for Percent {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl rusqlite::types::FromSql for Percent {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        i64::column_result(value).map(Percent)
    }
}

/// A percentage that is read from outside, from `MIN` to `MAX` whole percents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PercentIn<const MIN: i64, const MAX: i64>(pub Percent);

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for PercentIn<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hundredths = Decimal::deserialize(deserializer)?.hundredths();
        match hundredths {
            Ok(hundredths) if (MIN * 100..=MAX * 100).contains(&hundredths) => Ok(PercentIn(Percent(hundredths))),
            Ok(_) | Err(_) => {
                Err(text!("must be from {least} to {most}, with two decimals at most", least = MIN, most = MAX).to_serde())
            }
        }
    }
}

impl<const MIN: i64, const MAX: i64> JsonSchema for PercentIn<MIN, MAX> {
    fn schema_name() -> Cow<'static, str> {
        "PercentIn".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "minimum": MIN, "maximum": MAX, "multipleOf": 0.01, "description": "Percent, with two decimals at most."})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_written_without_decimals_that_say_nothing() {
        let written = [0, 5000, 1250, 1205, -5, -1000].map(|hundredths| Percent(hundredths).to_string());
        assert_eq!(written, ["0", "50", "12.5", "12.05", "-0.05", "-10"]);
        assert_eq!(serde_json::to_string(&Percent(1250)).expect("JSON"), "12.5");
    }

    #[test]
    fn two_decimals_are_read_and_no_third() {
        let read = |text: &str| serde_json::from_str::<PercentIn<-10, 100>>(text).ok().map(|percent| percent.0.0);
        assert_eq!(["12.5", "100", "-10", "0.05", "1e1"].map(read), [Some(1250), Some(10_000), Some(-1000), Some(5), Some(1000)]);
        assert_eq!(["100.01", "-10.5", "0.005", "\"5\"", "null"].map(read), [None; 5]);
        assert_eq!([Percent::parse("12.50"), Percent::parse("x"), Percent::parse("")], [Some(Percent(1250)), None, None]);
    }
}
