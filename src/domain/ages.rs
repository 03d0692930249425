//! How old people are: reckoned from a date of birth, or told as the age at arrival.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use super::date::Date;
use super::wording::text;

/// Ages that are taken at once.
const MOST: usize = 1000;
/// The oldest that a child is.
pub const OLDEST_CHILD: i64 = 17;

/// The age on a date of who was born on another: whole years, with the birthday itself. Who was
/// born on 29 February has it on 1 March in other years.
pub fn age_on(born: Date, date: Date) -> Option<i64> {
    let years = i64::from(date.year()) - i64::from(born.year());
    let is_to_come = (date.month(), date.day()) < (born.month(), born.day());
    Some(years - i64::from(is_to_come)).filter(|age| *age >= 0)
}

/// The ages of a booking's children at arrival, as far as they are known: of all or of none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ages(Vec<i64>);

impl Ages {
    pub fn of(ages: impl IntoIterator<Item = i64>) -> Ages {
        Ages(ages.into_iter().collect())
    }

    /// As a person writes them: `4, 7`, `4 7`.
    pub fn read(text: &str) -> Option<Ages> {
        let is_between = |c: char| c == ',' || c == ';' || c == '/' || c.is_whitespace();
        let age = |part: &str| part.parse::<i64>().ok().filter(|age| (0..=OLDEST_CHILD).contains(age));
        text.split(is_between).filter(|part| !part.is_empty()).map(age).collect::<Option<Vec<i64>>>().map(Ages)
    }

    pub fn list(&self) -> &[i64] {
        &self.0
    }

    /// Those that are left when children of these ages are known: each takes the nearest away.
    pub fn without(&self, known: &[i64]) -> Vec<i64> {
        let mut left = self.0.clone();
        for age in known {
            let nearest = (0..left.len()).min_by_key(|at| (left[*at] - age).abs());
            nearest.map(|at| left.remove(at));
        }
        left
    }

    /// Whether they are of so many children, or of none.
    pub fn are_of(&self, children: i64) -> bool {
        self.0.is_empty() || i64::try_from(self.0.len()) == Ok(children)
    }

    /// With a sign between them.
    pub fn joined(&self, sign: &str) -> String {
        self.0.iter().map(i64::to_string).collect::<Vec<_>>().join(sign)
    }
}

impl<'de> Deserialize<'de> for Ages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let typed = String::deserialize(deserializer)?;
        let readable = Ages::read(&typed).filter(|ages| ages.0.len() <= MOST);
        readable.ok_or_else(|| text!("must be ages from 0 to {oldest}, such as 4,7", oldest = OLDEST_CHILD).to_serde())
    }
}

impl JsonSchema for Ages {
    fn schema_name() -> Cow<'static, str> {
        "Ages".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^((1[0-7]|[0-9])(,(1[0-7]|[0-9]))*)?$", "description": "Ages with commas between them."})
    }
}

impl ToSql for Ages {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.joined(",").into())
    }
}

impl FromSql for Ages {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ages::read(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_grows_on_the_birthday() {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        for (born, on, age) in [
            ("2018-05-03", "2025-05-02", Some(6)),
            ("2018-05-03", "2025-05-03", Some(7)),
            ("2018-05-03", "2018-05-03", Some(0)),
            ("2020-02-29", "2025-02-28", Some(4)),
            ("2020-02-29", "2025-03-01", Some(5)),
            ("2020-02-29", "2024-02-29", Some(4)),
            ("2025-05-03", "2025-05-02", None),
        ] {
            assert_eq!(age_on(date(born), date(on)), age, "{born} on {on}");
        }
    }

    #[test]
    fn ages_are_read_as_people_write_them_and_are_of_children() {
        for (text, ages) in [("4, 7", "4,7"), ("4 7", "4,7"), ("0;17", "0,17"), ("", ""), (" 12 ", "12")] {
            assert_eq!(Ages::read(text).map(|ages| ages.joined(",")).as_deref(), Some(ages), "{text}");
        }
        for bad in ["18", "-1", "four", "4.5"] {
            assert_eq!(Ages::read(bad), None, "{bad}");
        }
        assert!(Ages::of([4, 7]).are_of(2) && Ages::default().are_of(3) && !Ages::of([4]).are_of(2));
    }
}
