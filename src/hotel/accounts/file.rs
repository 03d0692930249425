//! Tables of the office as CSV, for spreadsheets.

use csv::WriterBuilder;

use crate::domain::status::words;
use crate::error::{Error, Result};
use crate::http::response::{Payload, Response};

words!(
    /// What stands between the values: a comma, or a semicolon with decimal commas, as spreadsheets of many countries have it.
    Separator { Comma = "comma", Semicolon = "semicolon" }
);

/// A spreadsheet runs what begins like this; what somebody typed has an apostrophe before it.
const RUN: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A value of a table.
pub enum Cell {
    /// What somebody typed.
    Text(String),
    /// An amount, a number, a date: written as it is.
    Value(String),
}

impl Cell {
    pub fn value(value: impl ToString) -> Cell {
        Cell::Value(value.to_string())
    }

    /// Empty for nothing.
    pub fn known(value: Option<impl ToString>) -> Cell {
        Cell::Value(value.map(|value| value.to_string()).unwrap_or_default())
    }
}

/// A file to be downloaded.
pub fn response(name: &'static str, separator: Option<Separator>, head: &[&str], rows: Vec<Vec<Cell>>) -> Result<Response> {
    let is_semicolon = separator == Some(Separator::Semicolon);
    let unwritable = |error: &dyn std::fmt::Display| Error::internal(format!("a file cannot be written: {error}"));
    let mut csv = WriterBuilder::new().delimiter(if is_semicolon { b';' } else { b',' }).from_writer(Vec::new());
    csv.write_record(head).map_err(|e| unwritable(&e))?;
    for row in rows {
        let written = row.into_iter().map(|cell| match cell {
            Cell::Text(text) if text.starts_with(RUN) => format!("'{text}"),
            Cell::Text(text) => text,
            // Where a semicolon stands between the values, a comma stands before the decimals.
            Cell::Value(value) if is_semicolon => value.replace('.', ","),
            Cell::Value(value) => value,
        });
        csv.write_record(written).map_err(|e| unwritable(&e))?;
    }
    let bytes = csv.into_inner().map_err(|e| unwritable(&e))?;
    Ok(Response::new(200).header("Content-Disposition", name).with("text/csv; charset=utf-8", Payload::Owned(bytes)))
}
