//! What is sold along with the nights of a stay: breakfast, parking, a bottle of wine.
//!
//! A night carries what was agreed for it, so that no later change of a rate plan or an article reaches it.
//! What stands beside the price comes on top of it, as a line of its own; what is inside is a part of the price,
//! which the guest does not see and the books do. How many there are follows from the stay until the night is posted.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use super::id::{ArticleId, TaxGroupId};
use super::money::Money;
use super::status::words;

words!(
    /// What an extra is counted by.
    Per {
        /// One a stay, on its first night.
        Stay = "stay",
        /// One each night.
        Night = "night",
        /// One each night for everybody, children too.
        Person = "person",
    }
);

/// One article that is sold with a night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    pub article_id: ArticleId,
    /// What it was called when it was agreed.
    pub name: String,
    pub per: Per,
    #[serde(with = "minor")]
    pub unit_amount: Money,
    /// Whether the price has it in it; else it comes on top.
    pub is_inside: bool,
    /// What it is taxed as; `None` = as extras are.
    pub tax_group_id: Option<TaxGroupId>,
    /// How many there are on this night.
    pub quantity: i64,
    /// Taxes on top of what stands beside the price.
    #[serde(with = "minor")]
    pub added_amount: Money,
}

impl Extra {
    /// Without taxes that come on top.
    pub fn price(&self) -> Money {
        self.unit_amount.times(self.quantity).unwrap_or(Money::ZERO)
    }

    /// What is paid for it beside the price.
    pub fn amount(&self) -> Money {
        self.price() + self.added_amount
    }
}

/// All that is sold with a night; kept as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras(Vec<Extra>);

/// Who is there on a night, and whether anything is paid for.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub people: i64,
    pub is_first_night: bool,
    pub is_charged: bool,
}

/// Most nights have none: they are neither written nor read.
const NONE: &str = "[]";

impl Extras {
    pub fn of(extras: Vec<Extra>) -> Extras {
        Extras(extras)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that were agreed, also those of which there are none on this night.
    pub fn agreed(&self) -> &[Extra] {
        &self.0
    }

    /// Those of which there are some.
    pub fn sold(&self) -> impl Iterator<Item = &Extra> {
        self.0.iter().filter(|extra| extra.quantity > 0)
    }

    pub fn beside(&self) -> impl Iterator<Item = &Extra> {
        self.sold().filter(|extra| !extra.is_inside)
    }

    pub fn beside_mut(&mut self) -> impl Iterator<Item = &mut Extra> {
        self.0.iter_mut().filter(|extra| extra.quantity > 0 && !extra.is_inside)
    }

    /// What is inside a price, with its share of it: all together take no more than there is.
    pub fn inside(&self, price: Money) -> Vec<(&Extra, Money)> {
        let mut left = price.max(Money::ZERO);
        let mut take = |extra: &Extra| {
            let share = extra.price().min(left);
            left = left - share;
            share
        };
        self.sold().filter(|extra| extra.is_inside).map(|extra| (extra, take(extra))).collect()
    }

    /// What is paid beside the price, with its taxes.
    pub fn amount_beside(&self) -> Money {
        self.beside().map(Extra::amount).sum()
    }

    /// The same without taxes that come on top.
    pub fn price_beside(&self) -> Money {
        self.beside().map(Extra::price).sum()
    }

    /// Counts them anew; what comes on top of each is to be reckoned after that.
    pub fn count(&mut self, by: Counted) {
        for extra in &mut self.0 {
            extra.quantity = match extra.per {
                _ if !by.is_charged => 0,
                Per::Stay => i64::from(by.is_first_night),
                Per::Night => 1,
                Per::Person => by.people,
            };
            extra.added_amount = Money::ZERO;
        }
    }
}

impl ToSql for Extras {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        if self.0.is_empty() {
            return Ok(NONE.into());
        }
        let json = serde_json::to_string(&self.0).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
        Ok(json.into())
    }
}

impl FromSql for Extras {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            NONE => Ok(Extras::default()),
            json => serde_json::from_str(json).map(Extras).map_err(|e| FromSqlError::Other(e.into())),
        }
    }
}

/// Money as its minor units: it stays inside.
mod minor {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Money;

    pub fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(money.0)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        i64::deserialize(deserializer).map(Money)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extra(per: Per, unit: i64, is_inside: bool) -> Extra {
        Extra {
            article_id: ArticleId(20),
            name: "Breakfast".to_owned(),
            per,
            unit_amount: Money(unit),
            is_inside,
            tax_group_id: None,
            quantity: 0,
            added_amount: Money(7),
        }
    }

    #[test]
    fn an_extra_is_counted_by_the_stay_the_night_or_the_person() {
        let mut extras = Extras::of(Per::ALL.iter().map(|per| extra(*per, 1000, false)).collect());
        let counted = |extras: &mut Extras, people, is_first_night, is_charged| {
            extras.count(Counted { people, is_first_night, is_charged });
            extras.agreed().iter().map(|extra| extra.quantity).collect::<Vec<_>>()
        };
        assert_eq!(counted(&mut extras, 3, true, true), [1, 1, 3]);
        assert_eq!((extras.price_beside(), extras.amount_beside()), (Money(5000), Money(5000)), "taxes are reckoned after it");
        assert_eq!(counted(&mut extras, 2, false, true), [0, 1, 2]);
        assert_eq!(extras.sold().count(), 2);
        assert_eq!(counted(&mut extras, 2, true, false), [0, 0, 0], "nobody pays");
    }

    #[test]
    fn what_is_inside_takes_no_more_than_the_price() {
        let mut extras =
            Extras::of(vec![extra(Per::Person, 1000, true), extra(Per::Night, 1500, true), extra(Per::Night, 900, false)]);
        extras.count(Counted { people: 2, is_first_night: true, is_charged: true });
        let shares = |price: i64| extras.inside(Money(price)).into_iter().map(|(_, share)| share.0).collect::<Vec<_>>();
        assert_eq!(shares(10_000), [2000, 1500]);
        assert_eq!(shares(2500), [2000, 500]);
        assert_eq!(shares(0), [0, 0]);
        assert_eq!(extras.price_beside(), Money(900));
    }

    #[test]
    fn extras_are_read_as_they_were_kept() {
        let mut extras = Extras::of(vec![extra(Per::Stay, 1000, true)]);
        extras.count(Counted { people: 1, is_first_night: true, is_charged: true });
        for kept in [extras, Extras::default()] {
            let ToSqlOutput::Owned(rusqlite::types::Value::Text(text)) = kept.to_sql().expect("a text") else {
                assert!(kept.is_empty(), "what is the same for all is borrowed");
                continue;
            };
            assert_eq!(Extras::column_result(ValueRef::Text(text.as_bytes())), Ok(kept));
        }
        assert_eq!(Extras::column_result(ValueRef::Text(NONE.as_bytes())), Ok(Extras::default()));
    }
}
