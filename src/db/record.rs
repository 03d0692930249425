//! Rows as structs, declared once.
//!
//! `record!` makes of one declaration the struct, the list of its columns and how it is read from a
//! row. `statements!` puts the columns before a `FROM`, so neither can lose step with the other:
//!
//! ```ignore
//! record! {
//!     /// An account.
//!     pub struct User {
//!         pub id: UserId,
//!         pub username: String,
//!         // Not a column of the same name:
//!         pub has_pin: bool = "pin_hash IS NOT NULL",
//!         // Not a type that SQLite knows, so a function reads it:
//!         pub amenities: Vec<String> as json,
//!         // A record whose columns stand here:
//!         pub details: Details as nested,
//!     }
//! }
//! statements! { FIND = "users.find" selects User "FROM user WHERE id = ?1"; }
//! conn.one(&FIND, [id], User::from_row)
//! ```
//!
//! `written!` lists the columns that are written from a struct, for an INSERT and an UPDATE alike:
//!
//! ```ignore
//! written!(PROFILE: NewGuest = full_name, email, notes);
//! statements! {
//!     INSERT = "guests.insert" is concatcp!("INSERT INTO guest (", PROFILE.names, ", created_at) VALUES (", PROFILE.places, ", ?)");
//!     UPDATE = "guests.update" is concatcp!("UPDATE guest SET ", PROFILE.sets, ", updated_at = ? WHERE id = ?");
//! }
//! tx.insert(&INSERT, PROFILE.with(new, &[&tx.now()]))
//! ```

use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Params, Row, params_from_iter};
use serde::de::DeserializeOwned;

/// Reads the next column, whatever it is called.
pub fn next<T: FromSql>(row: &Row, at: &mut usize) -> rusqlite::Result<T> {
    *at += 1;
    row.get(*at - 1)
}

/// A text; as `&str` it is borrowed and lives as long as the row stands.
pub fn text<'r, T: From<&'r str>>(row: &'r Row, at: &mut usize) -> rusqlite::Result<T> {
    *at += 1;
    super::sql::text(row, *at - 1)
}

/// A text that may be NULL.
pub fn optional_text<'r, T: From<&'r str>>(row: &'r Row, at: &mut usize) -> rusqlite::Result<Option<T>> {
    *at += 1;
    super::sql::optional_text(row, *at - 1)
}

/// A value that is kept as JSON; what cannot be read is the empty one.
pub fn json<T: DeserializeOwned + Default>(row: &Row, at: &mut usize) -> rusqlite::Result<T> {
    let text: String = next(row, at)?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

macro_rules! record {
    (
        $(#[$about:meta])*
        $vis:vis struct $name:ident $(<$text:ident = $default:ty>)? {
            $(
                $(#[$doc:meta])*
                $field_vis:vis $field:ident : $type:ty $(as $reader:ident)? $(= $sql:literal)?
            ),* $(,)?
        }
    ) => {
        $(#[$about])*
        $vis struct $name $(<$text = $default>)? {
            $($(#[$doc])* $field_vis $field: $type,)*
        }

        impl $name {
            /// What `from_row` reads, one after the other.
            pub(crate) const COLUMNS: &'static str = {
                const ALL: &str = const_format::concatcp!(
                    $(", ", $crate::db::record::record!(@column $field, $type $(, as $reader)? $(, $sql)?)),*
                );
                const_format::str_index!(ALL, 2..)
            };
        }

        impl $(<$text>)? $name $(<$text>)? {
            #[allow(dead_code, clippy::needless_lifetimes, reason = "of a nested record only `read` is; few hold texts of the row")]
            pub(crate) fn from_row<'r>(row: &'r rusqlite::Row) -> rusqlite::Result<Self>
            $(where $text: From<&'r str>)?
            {
                Self::read(row, &mut 0)
            }

            /// Reads the columns from a place on.
            #[allow(clippy::needless_lifetimes, reason = "few hold texts of the row")]
            pub(crate) fn read<'r>(row: &'r rusqlite::Row, at: &mut usize) -> rusqlite::Result<Self>
            $(where $text: From<&'r str>)?
            {
                Ok($name { $($field: $crate::db::record::record!(@read $type $(, $reader)?)(row, at)?),* })
            }
        }
    };
    (@column $field:ident, $type:ty, as nested) => { <$type>::COLUMNS };
    (@column $field:ident, $type:ty $(, as $reader:ident)?) => { stringify!($field) };
    (@column $field:ident, $type:ty $(, as $reader:ident)?, $sql:literal) => { $sql };
    (@read $type:ty) => { $crate::db::record::next };
    (@read $type:ty, nested) => { <$type>::read };
    (@read $type:ty, text) => { $crate::db::record::text };
    (@read $type:ty, optional_text) => { $crate::db::record::optional_text };
    (@read $type:ty, json) => { $crate::db::record::json };
    (@read $type:ty, $reader:ident) => { $reader };
}
pub(crate) use record;

/// Columns that are written from an `R`.
pub struct Written<R, const N: usize> {
    /// `a, b`
    pub names: &'static str,
    /// `?, ?`
    pub places: &'static str,
    /// `a = ?, b = ?`
    pub sets: &'static str,
    pub values: for<'a> fn(&'a R) -> [&'a dyn ToSql; N],
}

impl<R, const N: usize> Written<R, N> {
    /// The values of a statement that names these columns first, and others after them.
    pub fn with<'a>(&self, of: &'a R, others: &[&'a dyn ToSql]) -> impl Params {
        params_from_iter((self.values)(of).into_iter().chain(others.iter().copied()).collect::<Vec<_>>())
    }
}

macro_rules! written {
    ($(#[$about:meta])* $name:ident: $record:ty = $first:ident $(, $field:ident)* $(,)?) => {
        $(#[$about])*
        pub(crate) const $name: $crate::db::record::Written<$record, { [stringify!($first) $(, stringify!($field))*].len() }> =
            $crate::db::record::Written {
                names: concat!(stringify!($first) $(, ", ", stringify!($field))*),
                places: concat!("?" $(, $crate::db::record::written!(@place $field))*),
                sets: concat!(stringify!($first), " = ?" $(, ", ", stringify!($field), " = ?")*),
                values: |of| [&of.$first $(, &of.$field)*],
            };
    };
    (@place $field:ident) => { ", ?" };
}
pub(crate) use written;
