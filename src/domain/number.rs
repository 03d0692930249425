//! Whole numbers that are read from outside, with their bounds in the type: [`Whole`] refuses what is
//! beyond them as it is read, [`Within`] holds it until all complaints about a body are told at once.

use std::borrow::Cow;

use rusqlite::types::{ToSql, ToSqlOutput};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::money::{Amount, Decimal};
use super::wording::{Text, text};

/// A whole number from `MIN` to `MAX`, both among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MIN: i64, const MAX: i64>(pub i64);

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Within::<MIN, MAX>::deserialize(deserializer)?;
        number.checked().map(Whole).map_err(|beyond| beyond.to_serde())
    }
}

impl<const MIN: i64, const MAX: i64> JsonSchema for Whole<MIN, MAX> {
    fn schema_name() -> Cow<'static, str> {
        "Whole".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

/// A whole number as it was typed, to be from `MIN` to `MAX`, both among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Within<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Within<MIN, MAX> {
    pub const MIN: i64 = MIN;
    pub const MAX: i64 = MAX;

    /// The number, or what is wrong with it: words that go behind the field's name.
    pub fn checked<T: TryFrom<i64>>(self) -> Result<T, Text> {
        let good = T::try_from(self.0).ok().filter(|_| (MIN..=MAX).contains(&self.0));
        good.ok_or_else(|| text!("must be from {least} to {most}", least = MIN, most = MAX))
    }

    /// The same of a number that comes from elsewhere.
    pub fn of(number: i64) -> Result<i64, Text> {
        Within::<MIN, MAX>(number).checked()
    }
}

impl<const MIN: i64, const MAX: i64> From<i64> for Within<MIN, MAX> {
    fn from(typed: i64) -> Self {
        Within(typed)
    }
}

impl<const MIN: i64, const MAX: i64> From<Within<MIN, MAX>> for i64 {
    fn from(number: Within<MIN, MAX>) -> i64 {
        number.0
    }
}

impl<const MIN: i64, const MAX: i64> ToSql for Within<MIN, MAX> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl<const MIN: i64, const MAX: i64> JsonSchema for Within<MIN, MAX> {
    fn schema_name() -> Cow<'static, str> {
        "Within".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "format": "int64", "minimum": MIN, "maximum": MAX})
    }
}

/// A number with `DECIMALS` decimals at most, kept whole: 8.875 of four decimals is 88750. From 0 to `MAX`
/// wholes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Exact<const DECIMALS: u8, const MAX: i64>(pub i64);

impl<const DECIMALS: u8, const MAX: i64> Exact<DECIMALS, MAX> {
    /// One, as it is kept.
    const ONE: i64 = 10_i64.pow(DECIMALS as u32);
}

impl<'de, const DECIMALS: u8, const MAX: i64> Deserialize<'de> for Exact<DECIMALS, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Decimal::deserialize(deserializer)?.scaled(DECIMALS) {
            Ok(scaled) if (0..=MAX * Self::ONE).contains(&scaled) => Ok(Exact(scaled)),
            Ok(_) | Err(_) => {
                let decimals = i64::from(DECIMALS);
                Err(text!("must be from 0 to {most}, with {decimals} decimals at most", most = MAX, decimals).to_serde())
            }
        }
    }
}

impl<const DECIMALS: u8, const MAX: i64> Serialize for Exact<DECIMALS, MAX> {
    /// Without decimals that say nothing.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut minor, mut exponent) = (self.0, DECIMALS);
        while exponent > 0 && minor % 10 == 0 {
            (minor, exponent) = (minor / 10, exponent - 1);
        }
        Amount { minor, exponent }.serialize(serializer)
    }
}

impl<const DECIMALS: u8, const MAX: i64> JsonSchema for Exact<DECIMALS, MAX> {
    fn schema_name() -> Cow<'static, str> {
        "Exact".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let description = format!("With {DECIMALS} decimals at most.");
        json_schema!({"type": "number", "minimum": 0, "maximum": MAX, "description": description})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bounds_are_taken_and_nothing_beyond_them() {
        let read = |text: &str| serde_json::from_str::<Whole<-1, 2>>(text).ok().map(|whole| whole.0);
        assert_eq!(["-2", "-1", "0", "2", "3", "1.0"].map(read), [None, Some(-1), Some(0), Some(2), None, None]);
        let schema = serde_json::to_value(schemars::schema_for!(Whole<-1, 2>)).expect("a schema");
        assert_eq!((&schema["type"], &schema["minimum"], &schema["maximum"]), (&"integer".into(), &(-1).into(), &2.into()));
    }

    #[test]
    fn a_number_is_held_as_it_was_typed_until_it_is_checked() {
        let read = |text: &str| serde_json::from_str::<Within<-1, 300>>(text);
        let beyond = text!("must be from {least} to {most}", least = -1, most = 300);
        assert_eq!(read("301").map(Within::checked::<i64>).ok(), Some(Err(beyond.clone())));
        assert_eq!(read("300").map(Within::checked::<i64>).ok(), Some(Ok(300)));
        assert_eq!((Within::<-1, 300>::of(-1), Within::<-1, 300>::of(-2)), (Ok(-1), Err(beyond.clone())));
        // What the bounds hold but the integer does not.
        assert_eq!((Within::<-1, 300>(256).checked::<u8>(), Within::<-1, 300>(255).checked()), (Err(beyond), Ok(255_u8)));
        assert!(read("1.5").is_err() && read("\"1\"").is_err());
        let schema = serde_json::to_value(schemars::schema_for!(Option<Within<-1, 300>>)).expect("a schema");
        assert_eq!((&schema["minimum"], &schema["maximum"]), (&(-1).into(), &300.into()));
    }

    #[test]
    fn decimals_are_kept_exactly_and_written_without_those_that_say_nothing() {
        let read = |text: &str| serde_json::from_str::<Exact<4, 100>>(text).ok();
        let kept = ["8.875", "0.0001", "100", "1e1"].map(|text| read(text).map(|exact| exact.0));
        assert_eq!(kept, [Some(88_750), Some(1), Some(1_000_000), Some(100_000)]);
        assert_eq!(["0.00001", "100.0001", "-1", "\"5\"", "null"].map(read), [None; 5]);
        let written = [88_750, 1, 1_000_000, 0].map(|scaled| serde_json::to_string(&Exact::<4, 100>(scaled)).expect("JSON"));
        assert_eq!(written, ["8.875", "0.0001", "100", "0"]);
    }
}
