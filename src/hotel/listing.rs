//! Pages of long lists: bounded, ordered, filtered by parameters, deep pages cheap.

use std::fmt::Write as _;
use std::io::Write as _;
use std::marker::PhantomData;

use rusqlite::types::ToSql;
use rusqlite::{Row, params_from_iter};
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::{Conn, Sql};
use crate::error::{Error, Result};
use crate::hotel::Slice;
use crate::http::endpoint::{Answer, ROOM_FOR_A_PAGE};
use crate::http::paging::{Direction, Page};

pub const SLICE: Slice = Slice { name: "listing", statements: &[STATEMENTS], ..Slice::EMPTY };

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    pub total: i64,
    pub page: i64,
    pub page_size: i64,
    pub pages: i64,
}

impl<T> List<T> {
    pub fn of(items: Vec<T>, page: Page, total: i64) -> List<T> {
        List { items, total, page: page.number, page_size: page.size, pages: page.count(total) }
    }

    /// The same page with each item as it is shown.
    pub fn map<V>(self, view: impl FnMut(T) -> V) -> List<V> {
        let List { items, total, page, page_size, pages } = self;
        List { items: items.into_iter().map(view).collect(), total, page, page_size, pages }
    }
}

/// A page of a list in JSON, written row by row while it was read: no row is
/// kept, and no text of it copied before it is written. Its form is that of `List`.
#[derive(Debug)]
pub struct WrittenList<V> {
    json: Vec<u8>,
    of: PhantomData<fn() -> V>,
}

impl<V: JsonSchema> Answer for WrittenList<V> {
    type Form = List<V>;
    fn into_json(self) -> Result<Vec<u8>> {
        Ok(self.json)
    }
}

/// The items of a list that is being written.
pub struct ItemWriter {
    json: Vec<u8>,
    result: serde_json::Result<()>,
}

impl ItemWriter {
    fn new() -> ItemWriter {
        let mut json = Vec::with_capacity(ROOM_FOR_A_PAGE);
        json.extend_from_slice(br#"{"items":["#);
        ItemWriter { json, result: Ok(()) }
    }

    /// Adds an item, unless one could not be written before.
    pub fn push(&mut self, item: &impl Serialize) {
        if !self.json.ends_with(b"[") {
            self.json.push(b',');
        }
        if self.result.is_ok() {
            self.result = serde_json::to_writer(&mut self.json, item);
        }
    }

    /// The whole list, with what `List` tells beside its items.
    fn finish<V>(mut self, page: Page, total: i64) -> Result<WrittenList<V>> {
        self.result.map_err(Error::internal)?;
        let (page, size, pages) = (page.number, page.size, page.count(total));
        // Writing to memory cannot fail.
        let _ = write!(self.json, r#"],"total":{total},"page":{page},"page_size":{size},"pages":{pages}}}"#);
        Ok(WrittenList { json: self.json, of: PhantomData })
    }
}

/// A short list, whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Items<T> {
    pub items: Vec<T>,
}

/// A page of a list that was read whole, already in its order.
pub fn page_of<T>(all: Vec<T>, page: Page) -> List<T> {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    List::of(all.into_iter().skip(skip).take(usize::try_from(page.size).unwrap_or(0)).collect(), page, total)
}

/// Conditions and their values, gathered from the filters that were given.
/// Every clause is a constant of the code with one `?` a value.
#[derive(Default)]
pub struct Filter {
    clauses: Vec<&'static str>,
    values: Vec<Box<dyn ToSql>>,
}

impl Filter {
    /// Adds `clause` when the parameter was given.
    pub fn with<T: ToSql + 'static>(&mut self, clause: &'static str, value: Option<T>) -> &mut Filter {
        if let Some(value) = value {
            self.clauses.push(clause);
            self.values.push(Box::new(value));
        }
        self
    }

    /// Adds a clause without a value.
    pub fn only(&mut self, clause: &'static str) -> &mut Filter {
        self.clauses.push(clause);
        self
    }

    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    fn condition(&self) -> String {
        if self.clauses.is_empty() { String::new() } else { format!("\nWHERE {}", self.clauses.join("\n    AND ")) }
    }
}

/// A list over one table: what to select, from where, in which order.
pub struct Listing {
    /// The statement's name in logs.
    pub name: &'static str,
    pub table: &'static str,
    pub columns: &'static str,
    pub filter: Filter,
    /// What comes first in either direction: rows for which this is true.
    pub first: Option<&'static str>,
    /// The columns that it is ordered by, each in the direction.
    pub sort: &'static [&'static str],
    pub direction: Direction,
}

impl Listing {
    fn order(&self, direction: Direction) -> String {
        let is_turned = direction != self.direction;
        let first = self.first.map(|c| format!("+({c}) {}", if is_turned { "ASC" } else { "DESC" }));
        let columns = self.sort.iter().map(|c| format!("{c} {}", direction.word()));
        first.into_iter().chain(columns).collect::<Vec<_>>().join(", ")
    }

    /// The page's statement. Only ids are skipped over, on the index that gives
    /// the order; the rows themselves are read for the page alone. A page in the
    /// second half is reached from the other end.
    pub fn statement(&self, from_end: bool) -> Sql {
        let inner = if from_end { self.direction.turned() } else { self.direction };
        let mut text = String::with_capacity(512);
        let _ = write!(
            text,
            "SELECT {}\nFROM {table}\nWHERE id IN (SELECT id FROM {table}{}\nORDER BY {}\nLIMIT ? OFFSET ?)\nORDER BY {}",
            self.columns,
            self.filter.condition(),
            self.order(inner),
            self.order(self.direction),
            table = self.table,
        );
        Sql::built(self.name, text, Some("walks an index in the list's order and stops at the page's end"))
    }

    /// The first page of the unfiltered list: nothing is skipped over and the
    /// index gives the order, so the rows need not be looked up and sorted again.
    pub fn first_page(&self) -> Sql {
        let mut text = String::with_capacity(1024);
        let _ = write!(
            text,
            "SELECT {}\nFROM {}\nORDER BY {}\nLIMIT ? OFFSET ?",
            self.columns,
            self.table,
            self.order(self.direction)
        );
        Sql::built(self.name, text, Some("walks an index in the list's order and stops at the page's end"))
    }

    /// Counts what the filter leaves.
    pub fn count_statement(&self) -> Sql {
        let text = format!("SELECT count(*)\nFROM {}{}", self.table, self.filter.condition());
        Sql::built(self.name, text, Some("counts what a combination of filters leaves"))
    }

    /// Reads the page. `total` is counted when the caller does not know it.
    pub fn read<T>(
        &self,
        conn: &Conn,
        page: Page,
        total: Option<i64>,
        mut map: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<List<T>> {
        let mut items = Vec::new();
        let total = self.visit(conn, page, total, |row| {
            items.push(map(row)?);
            Ok(())
        })?;
        Ok(List::of(items, page, total))
    }

    /// Reads the page and writes it, row by row. `total` as in `read`.
    pub fn write<V>(
        &self,
        conn: &Conn,
        page: Page,
        total: Option<i64>,
        mut write: impl FnMut(&Row, &mut ItemWriter) -> rusqlite::Result<()>,
    ) -> Result<WrittenList<V>> {
        let mut items = ItemWriter::new();
        let total = self.visit(conn, page, total, |row| write(row, &mut items))?;
        items.finish(page, total)
    }

    /// Calls `visit` with each row of the page; the total.
    fn visit(&self, conn: &Conn, page: Page, total: Option<i64>, visit: impl FnMut(&Row) -> rusqlite::Result<()>) -> Result<i64> {
        let values = || self.filter.values.iter().map(|v| v.as_ref() as &dyn ToSql);
        let total = match total {
            Some(total) => total,
            None => conn.scalar(&self.count_statement(), params_from_iter(values()))?,
        };
        let offset = page.offset();
        if offset >= total {
            return Ok(total);
        }
        let from_end = offset > total / 2;
        let (limit, skip) = if from_end {
            let left = total - offset;
            (left.min(page.size), (left - page.size).max(0))
        } else {
            (page.size, offset)
        };
        let bounds: [&dyn ToSql; 2] = [&limit, &skip];
        let statement =
            if skip == 0 && !from_end && self.filter.is_empty() { self.first_page() } else { self.statement(from_end) };
        conn.each(&statement, params_from_iter(values().chain(bounds)), visit)?;
        Ok(total)
    }
}

/// The number of rows that a trigger keeps for a list and a value.
pub fn counted(conn: &Conn, list: &str, value: &str) -> Result<i64> {
    Ok(conn.one(&COUNTED, (list, value), |row| row.get(0))?.unwrap_or(0))
}

crate::db::sql::statements! {
    COUNTED = "row_count.find": "SELECT n FROM row_count WHERE list = ?1 AND value = ?2";
}
