//! A report as CSV: for spreadsheets and other programs. Amounts and percentages are exact decimals with a point, dates as `YYYY-MM-DD`.

use ::csv::WriterBuilder;

use super::api::Made;
use super::table::Cell;
use crate::domain::wording::{Language, text};
use crate::error::{Error, Result};
use crate::hotel::settings::Property;
use crate::hotel::transfer::cell::written;

pub fn write(made: &Made) -> Result<Vec<u8>> {
    let (language, property) = (made.asked.language, &made.asked.property);
    let mut csv = WriterBuilder::new().from_writer(Vec::new());
    let heads = made.table.columns.iter().map(|column| column.title.in_language(language));
    csv.write_record(heads).map_err(unwritable)?;
    let mut write = |cells: &[Cell], is_total: bool| {
        let mut cells: Vec<String> = cells.iter().map(|cell| text_of(cell, property, language)).collect();
        if let Some(first) = cells.first_mut().filter(|first| is_total && first.is_empty()) {
            *first = text!("Total").in_language(language);
        }
        csv.write_record(&cells).map_err(unwritable)
    };
    for row in &made.table.rows {
        write(&row.cells, false)?;
    }
    if let Some(totals) = made.table.totals() {
        write(&totals, true)?;
    }
    csv.into_inner().map_err(unwritable)
}

fn text_of(cell: &Cell, property: &Property, language: Language) -> String {
    match cell {
        Cell::Empty => String::new(),
        // What guests typed is no formula.
        Cell::Text(text) => written(text).into_owned(),
        Cell::Said(text) => text.in_language(language),
        Cell::Date(date) => date.to_string(),
        Cell::Money(money) => property.amount(*money).to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Percent(percent) => percent.to_string(),
    }
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("a report could not be written: {error}"))
}
