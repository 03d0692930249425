//! Which page of a list, and in which order: said once for each list.

use std::borrow::Cow;
use std::cmp::Ordering;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::domain::number::Whole;
use crate::domain::wording::text;

/// The number of a page, from 1.
pub type Number = Whole<1, 1_000_000_000>;
/// How many items a page has at most.
pub type Size = Whole<1, 100>;

/// The orders that a list knows; made by `sorts!`.
pub trait Sorting: Copy + 'static {
    const ALL: &'static [Self];
    /// Where none is asked for.
    const DEFAULT: Order<Self>;
    fn as_str(self) -> &'static str;
    /// What a statement orders by; none where the list is sorted in memory.
    fn columns(self) -> &'static [&'static str];
}

/// Declares the orders of a list and its first one, with the columns of each where a statement sorts:
/// `sorts!(/// Orders of rooms. RoomSort, RoomNumber Ascending { RoomNumber = "room_number", Floor = "floor" });`
macro_rules! sorts {
    (
        $(#[$about:meta])*
        $name:ident, $first:ident $direction:ident { $($variant:ident = $word:literal $(by [$($column:expr),*])?),* $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($variant),* }

        impl $crate::http::paging::Sorting for $name {
            const ALL: &'static [$name] = &[$($name::$variant),*];
            const DEFAULT: $crate::http::paging::Order<$name> = $crate::http::paging::Order {
                by: $name::$first,
                direction: $crate::http::paging::Direction::$direction,
            };

            fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            fn columns(self) -> &'static [&'static str] {
                match self { $($name::$variant => &[$($($column),*)?]),* }
            }
        }
    };
}
pub(crate) use sorts;

/// Declares the parameters of a list: its filters, and with them which page and which order.
macro_rules! list_params {
    (
        $(#[$about:meta])*
        pub struct $name:ident by $sort:ty { $($(#[$doc:meta])* $visible:vis $field:ident: $type:ty),* $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$doc])* $visible $field: $type,)*
            pub page: Option<$crate::http::paging::Number>,
            pub page_size: Option<$crate::http::paging::Size>,
            pub sort: Option<$crate::http::paging::Order<$sort>>,
        }

        impl $name {
            pub fn page(&self) -> $crate::http::paging::Page {
                $crate::http::paging::Page::new(self.page, self.page_size)
            }

            pub fn order(&self) -> $crate::http::paging::Order<$sort> {
                self.sort.unwrap_or(<$sort as $crate::http::paging::Sorting>::DEFAULT)
            }
        }
    };
}
pub(crate) use list_params;

/// Which page was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub number: i64,
    pub size: i64,
}

impl Page {
    /// The first, of 20, when nothing is asked.
    pub fn new(number: Option<Number>, size: Option<Size>) -> Page {
        Page { number: number.map_or(1, |n| n.0), size: size.map_or(20, |n| n.0) }
    }

    pub fn offset(self) -> i64 {
        (self.number - 1) * self.size
    }

    /// How many pages so many items fill.
    pub fn count(self, total: i64) -> i64 {
        (total + self.size - 1) / self.size
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    pub fn turned(self) -> Direction {
        match self {
            Direction::Ascending => Direction::Descending,
            Direction::Descending => Direction::Ascending,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        }
    }

    /// An order, turned round for a descending list.
    pub fn of(self, order: Ordering) -> Ordering {
        match self {
            Direction::Ascending => order,
            Direction::Descending => order.reverse(),
        }
    }
}

/// `guest_name`, or `-guest_name` for descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<S> {
    pub by: S,
    pub direction: Direction,
}

impl<S: Sorting> Order<S> {
    fn parse(text: &str) -> Option<Order<S>> {
        let (name, direction) = match text.strip_prefix('-') {
            Some(name) => (name, Direction::Descending),
            None => (text, Direction::Ascending),
        };
        S::ALL.iter().find(|by| by.as_str() == name).map(|by| Order { by: *by, direction })
    }

    fn in_words(self) -> String {
        let sign = if self.direction == Direction::Descending { "-" } else { "" };
        format!("{sign}{}", self.by.as_str())
    }

    fn names(separator: &str) -> String {
        S::ALL.iter().map(|by| by.as_str()).collect::<Vec<_>>().join(separator)
    }
}

impl<'de, S: Sorting> Deserialize<'de> for Order<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Order::parse(&text).ok_or_else(|| {
            text!("must be one of {names}, with - before it for descending", names = Order::<S>::names(", ")).to_serde()
        })
    }
}

impl<S: Sorting> JsonSchema for Order<S> {
    fn schema_name() -> Cow<'static, str> {
        "Order".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": format!("^-?({})$", Order::<S>::names("|")),
            "description": format!(
                "{}; with - before it for descending. {} when left out.",
                Order::<S>::names(", "),
                S::DEFAULT.in_words()
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    sorts!(Fruit, Size Descending { Size = "size", Name = "name" by ["name COLLATE NOCASE", "id"] });

    #[test]
    fn an_order_is_a_name_with_or_without_a_minus() {
        let read = |text: &str| serde_json::from_value::<Order<Fruit>>(text.into()).map(|order| (order.by, order.direction));
        assert_eq!(read("name").ok(), Some((Fruit::Name, Direction::Ascending)));
        assert_eq!(read("-size").ok(), Some((Fruit::Size, Direction::Descending)));
        assert_eq!(Fruit::Name.columns(), ["name COLLATE NOCASE", "id"]);
        for bad in ["", "-", "Name", "--name", "name desc"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn its_description_says_what_comes_first() {
        let schema = serde_json::to_value(schemars::schema_for!(Order<Fruit>)).expect("a schema");
        assert_eq!(schema["pattern"], "^-?(size|name)$");
        assert_eq!(schema["description"], "size, name; with - before it for descending. -size when left out.");
    }

    #[test]
    fn the_last_page_may_be_short() {
        let page = Page::new(Some(Whole(3)), Some(Whole(50)));
        assert_eq!((page.offset(), page.count(0), page.count(100), page.count(101)), (100, 0, 2, 3));
    }
}
