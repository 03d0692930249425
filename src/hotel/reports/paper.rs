//! A report on paper: the list form of a document.

use super::api::Made;
use super::table::{Cell, Column, Kind};
use crate::domain::money::Amount;
use crate::domain::wording::{Value, text};
use crate::hotel::documents::blocks::{self, Block, Document, Form};
use crate::hotel::settings::Property;

/// The report as a page or a file to print.
pub fn document(made: &Made) -> Document {
    let (asked, table) = (&made.asked, &made.table);
    let (from, to) = (Value::ShortDate(asked.from), Value::ShortDate(asked.to));
    let period = if asked.from == asked.to { from } else { text!("{from} to {to}", from, to).into() };
    let mut document = Document::new(&asked.property, asked.language, Form::List, (made.report.title)(), period);
    if let Some((from, to)) = made.compare.map(|compare| compare.period(asked.period())) {
        let (from, to) = (Value::ShortDate(from), Value::ShortDate(to));
        document.blocks.push(Block::Paragraph(text!("Compared with {from} to {to}", from, to)));
    }
    if table.rows.is_empty() {
        document.blocks.push(Block::Paragraph(text!("Nothing in this period")));
        return document;
    }
    let cells = |cells: &[Cell], kind: Option<Kind>| -> Vec<Value> {
        cells.iter().zip(&table.columns).map(|(cell, column)| value(cell, kind.unwrap_or(column.kind), &asked.property)).collect()
    };
    let mut rows: Vec<Vec<blocks::Cell>> =
        table.rows.iter().map(|row| cells(&row.cells, row.kind).into_iter().map(blocks::Cell::of).collect()).collect();
    if let Some(totals) = table.totals() {
        let mut totals = cells(&totals, None);
        totals[0] = text!("Total").into();
        rows.push(totals.into_iter().map(|value| blocks::Cell::Name(vec![value])).collect());
    }
    let columns = table.columns.iter().map(column).collect();
    document.blocks.push(Block::Table(blocks::Table { columns, rows, sums: Vec::new() }));
    document
}

fn column(column: &Column) -> blocks::Column {
    let head = column.title.clone();
    match column.kind {
        Kind::Text => blocks::Column::words(head),
        Kind::Date | Kind::Month => blocks::Column::tight(head),
        Kind::Money | Kind::Count | Kind::Percent | Kind::Number | Kind::Mixed => blocks::Column::numbers(head),
    }
}

fn value(cell: &Cell, kind: Kind, property: &Property) -> Value {
    match cell {
        Cell::Empty => Value::from(""),
        Cell::Text(text) => Value::from(text),
        Cell::Said(text) => text.clone().into(),
        Cell::Date(date) if kind == Kind::Month => Value::Month(*date),
        Cell::Date(date) => Value::ShortDate(*date),
        Cell::Money(money) => Value::Figure(property.amount(*money)),
        Cell::Count(count) => Value::Figure(Amount { minor: *count, exponent: 0 }),
        Cell::Percent(percent) if kind == Kind::Number => Value::Percent(*percent),
        Cell::Percent(percent) => text!("{percent} %", percent = Value::Percent(*percent)).into(),
    }
}
