//! A report as a spreadsheet: real numbers and dates, a head that stays, sums and averages as formulas, with what they come to.
//!
//! Numbers are binary floating point in that format; they are written from their exact decimals here, at the very edge, and never read back.

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError};

use super::api::Made;
use super::table::{Cell, Column, Kind, Sum, Table};
use crate::domain::wording::text;
use crate::error::{Error, Result};

pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The title, the period, an empty line; then the head.
const HEAD: u32 = 3;

pub fn write(made: &Made) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, made).map_err(unwritable)?;
    workbook.save_to_buffer().map_err(unwritable)
}

/// What a column looks like.
struct Look {
    text: Format,
    money: Format,
    count: Format,
    percent: Format,
    decimal: Format,
    date: Format,
    month: Format,
}

impl Look {
    fn of(base: &Format, exponent: u8) -> Look {
        let decimals = match exponent {
            0 => "#,##0",
            3 => "#,##0.000",
            _ => "#,##0.00",
        };
        let numbers = |pattern: &str| base.clone().set_num_format(pattern);
        Look {
            text: base.clone(),
            money: numbers(decimals),
            count: numbers("#,##0"),
            percent: numbers("0.0%"),
            decimal: numbers("0.0"),
            date: numbers("yyyy-mm-dd"),
            month: numbers("yyyy-mm"),
        }
    }

    fn kind(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Text | Kind::Mixed => &self.text,
            Kind::Date => &self.date,
            Kind::Month => &self.month,
            Kind::Money => &self.money,
            Kind::Count => &self.count,
            Kind::Percent => &self.percent,
            Kind::Number => &self.decimal,
        }
    }
}

fn fill(sheet: &mut Worksheet, made: &Made) -> std::result::Result<(), XlsxError> {
    let (table, asked) = (&made.table, &made.asked);
    let language = asked.language;
    let title = (made.report.title)().in_language(language);
    // A sheet's name has 31 letters at most.
    sheet.set_name(title.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect::<String>())?;
    sheet.write_with_format(0, 0, &title, &Format::new().set_bold().set_font_size(14))?;
    let period =
        text!("{hotel}, {from} to {to}", hotel = &asked.property.name, from = asked.from.to_string(), to = asked.to.to_string());
    sheet.write(1, 0, period.in_language(language))?;
    let head = Format::new().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin);
    let (words, numbers) = (head.clone(), head.set_align(FormatAlign::Right));
    for (at, column) in (0..).zip(&table.columns) {
        let format = if column.kind.is_number() { &numbers } else { &words };
        sheet.write_with_format(HEAD, at, column.title.in_language(language), format)?;
        sheet.set_column_width_pixels(at, width(table, column, usize::from(at)))?;
    }
    sheet.set_freeze_panes(HEAD + 1, 1)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    sheet.set_landscape();
    let plain = Look::of(&Format::new(), asked.property.currency.exponent);
    for (at, row) in (HEAD + 1..).zip(&table.rows) {
        for (place, cell) in row.cells.iter().enumerate() {
            let kind = row.kind.filter(|_| table.columns[place].kind == Kind::Mixed).unwrap_or(table.columns[place].kind);
            write_cell(sheet, (at, place), cell, (plain.kind(kind), kind), made)?;
        }
    }
    if let Some(totals) = table.totals() {
        let bold = Look::of(&Format::new().set_bold().set_border_top(FormatBorder::Thin), asked.property.currency.exponent);
        totals_row(sheet, made, &totals, &bold)?;
    }
    Ok(())
}

fn totals_row(sheet: &mut Worksheet, made: &Made, totals: &[Cell], bold: &Look) -> std::result::Result<(), XlsxError> {
    let table = &made.table;
    let (first, last) = (HEAD + 1, HEAD + u32::try_from(table.rows.len()).unwrap_or(u32::MAX - HEAD));
    for (place, cell) in totals.iter().enumerate() {
        let column = &table.columns[place];
        let format = bold.kind(column.kind);
        let letter = letters(place);
        let formula = match column.sum {
            Sum::Total => Some(format!("SUM({letter}{}:{letter}{})", first + 1, last + 1)),
            Sum::Ratio { .. } => table.ratio_places(place).map(|(of, by)| {
                let (of, by) = (letters(of), letters(by));
                format!("IF({by}{0}=0,0,{of}{0}/{by}{0})", last + 2)
            }),
            Sum::More { than, now } => Some(format!("{}{2}-{}{2}", letters(now), letters(than), last + 2)),
            Sum::None | Sum::AsItWas => None,
        };
        match formula {
            Some(formula) => {
                let formula = Formula::new(formula).set_result(decimal(cell, column.kind, made));
                sheet.write_formula_with_format(last + 1, col(place), formula, format)?;
            }
            None if place == 0 => {
                sheet.write_with_format(last + 1, 0, text!("Total").in_language(made.asked.language), format)?;
            }
            None if *cell == Cell::Empty => {
                sheet.write_blank(last + 1, col(place), format)?;
            }
            None => write_cell(sheet, (last + 1, place), cell, (format, column.kind), made)?,
        }
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, place): (u32, usize),
    cell: &Cell,
    (format, kind): (&Format, Kind),
    made: &Made,
) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => _ = sheet.write_string_with_format(row, col(place), text, format)?,
        Cell::Said(text) => {
            sheet.write_string_with_format(row, col(place), text.in_language(made.asked.language), format)?;
        }
        Cell::Date(date) => {
            let (year, month, day) = (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
            sheet.write_datetime_with_format(row, col(place), ExcelDateTime::from_ymd(year, month, day)?, format)?;
        }
        Cell::Money(_) | Cell::Count(_) | Cell::Percent(_) => {
            let number: f64 = decimal(cell, kind, made).parse().unwrap_or_default();
            sheet.write_number_with_format(row, col(place), number, format)?;
        }
    }
    Ok(())
}

/// A number's exact digits; of a percentage the part of one.
fn decimal(cell: &Cell, kind: Kind, made: &Made) -> String {
    match cell {
        Cell::Money(money) => made.asked.property.amount(*money).to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Percent(percent) if kind == Kind::Percent => {
            let sign = if percent.0 < 0 { "-" } else { "" };
            format!("{sign}{}.{:04}", percent.0.abs() / 10_000, percent.0.abs() % 10_000)
        }
        Cell::Percent(percent) => percent.to_string(),
        Cell::Empty | Cell::Text(_) | Cell::Said(_) | Cell::Date(_) => "0".to_owned(),
    }
}

/// Wide enough for what stands in most rows.
fn width(table: &Table, column: &Column, at: usize) -> u32 {
    let longest = match column.kind {
        Kind::Text | Kind::Mixed => table.rows.iter().take(200).map(|row| match &row.cells[at] {
            Cell::Text(text) => text.chars().count(),
            _ => 16,
        }),
        Kind::Date | Kind::Month | Kind::Money | Kind::Count | Kind::Percent | Kind::Number => return 92,
    };
    u32::try_from(longest.max().unwrap_or(0).clamp(10, 40)).unwrap_or(40) * 7 + 12
}

fn col(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// A column's letters: A to Z, then AA.
fn letters(place: usize) -> String {
    let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    if place < 26 { letter(place).to_string() } else { format!("{}{}", letter(place / 26 - 1), letter(place)) }
}

fn unwritable(error: XlsxError) -> Error {
    Error::internal(format!("a spreadsheet could not be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let named: Vec<String> = [0, 25, 26, 27, 52].into_iter().map(letters).collect();
        assert_eq!(named, ["A", "Z", "AA", "AB", "BA"]);
    }
}
