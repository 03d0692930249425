//! Lists that are read from outside, with the number of their entries in the type.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::wording::text;

/// A list of `MIN` to `MAX` entries. One with more is refused as it is read.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Few<T, const MIN: usize, const MAX: usize>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> Default for Few<T, MIN, MAX> {
    fn default() -> Self {
        Few(Vec::new())
    }
}

impl<T, const MIN: usize, const MAX: usize> Deref for Few<T, MIN, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> IntoIterator for Few<T, MIN, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de, T: Deserialize<'de>, const MIN: usize, const MAX: usize> Deserialize<'de> for Few<T, MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::deserialize(deserializer)?;
        match entries.len() {
            count if (MIN..=MAX).contains(&count) => Ok(Few(entries)),
            _ if MIN == 0 => Err(text!("must hold at most {most} entries", most = MAX).to_serde()),
            _ => Err(text!("must hold {least} to {most} entries", least = MIN, most = MAX).to_serde()),
        }
    }
}

impl<T: JsonSchema, const MIN: usize, const MAX: usize> JsonSchema for Few<T, MIN, MAX> {
    fn schema_name() -> Cow<'static, str> {
        "Few".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({"type": "array", "items": generator.subschema_for::<T>(), "maxItems": MAX});
        if MIN > 0 {
            schema.insert("minItems".to_owned(), MIN.into());
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_holds_as_many_entries_as_its_type_says() {
        let count = |json: &str| serde_json::from_str::<Few<i64, 1, 3>>(json).ok().map(|few| few.len());
        assert_eq!(["[]", "[1]", "[1,2,3]", "[1,2,3,4]", "{}"].map(count), [None, Some(1), Some(3), None, None]);
        let empty = serde_json::from_str::<Few<i64, 0, 3>>("[]").expect("none");
        assert_eq!(empty.into_iter().count(), 0);
        let schema = serde_json::to_value(schemars::schema_for!(Few<i64, 1, 3>)).expect("a schema");
        assert_eq!(
            (&schema["minItems"], &schema["maxItems"], &schema["items"]["type"]),
            (&1.into(), &3.into(), &"integer".into())
        );
    }
}
