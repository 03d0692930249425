//! Whole numbers that are read from outside, with their bounds in the type.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use super::wording::text;

/// A whole number from `MIN` to `MAX`, both among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MIN: i64, const MAX: i64>(pub i64);

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        if (MIN..=MAX).contains(&number) {
            Ok(Whole(number))
        } else {
            Err(text!("must be from {least} to {most}", least = MIN, most = MAX).to_serde())
        }
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
}
