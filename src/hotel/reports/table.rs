//! A report's table: columns that say what they hold and how they are summed, and rows. All that is written of a report, to screen, paper or
//! file, is written of this. Totals, averages and comparisons are reckoned here, once.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::status::words;
use crate::domain::wording::{Text, text};
use crate::hotel::frontdesk::stats::percent_tenths;

words!(
    /// What stands in a column.
    Kind {
        Text = "text",
        Date = "date",
        /// A date that stands for its month.
        Month = "month",
        Money = "money",
        Count = "count",
        Percent = "percent",
        /// With one decimal.
        Number = "number",
        /// As the row says.
        Mixed = "mixed",
    }
);

impl Kind {
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Money | Kind::Count | Kind::Percent | Kind::Number | Kind::Mixed)
    }
}

/// How a column is reckoned: below all rows, and of an average in each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// Nothing stands there.
    None,
    Total,
    /// One column divided by another, of the same row.
    Ratio {
        of: &'static str,
        by: &'static str,
    },
    /// What a figure is more than it was, in its own unit; of a percentage in points.
    More {
        than: usize,
        now: usize,
    },
    /// An average of the period compared with, as it was.
    AsItWas,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub key: String,
    pub title: Text,
    pub kind: Kind,
    pub sum: Sum,
    /// It stands beside what it was in another period, where one is compared with.
    pub compares: bool,
    /// With the others of this kind it says what a row is of.
    pub is_key: bool,
}

impl Column {
    fn new(key: &str, title: Text, kind: Kind, sum: Sum) -> Column {
        Column { key: key.to_owned(), title, kind, sum, compares: false, is_key: !kind.is_number() }
    }

    pub fn text(key: &str, title: Text) -> Column {
        Column::new(key, title, Kind::Text, Sum::None)
    }

    pub fn date(key: &str, title: Text) -> Column {
        Column::new(key, title, Kind::Date, Sum::None)
    }

    pub fn month(key: &str, title: Text) -> Column {
        Column::new(key, title, Kind::Month, Sum::None)
    }

    pub fn money(key: &str, title: Text) -> Column {
        Column::new(key, title, Kind::Money, Sum::Total)
    }

    pub fn count(key: &str, title: Text) -> Column {
        Column::new(key, title, Kind::Count, Sum::Total)
    }

    /// A figure by the row: of other kinds in other rows.
    pub fn mixed(key: &str, title: Text) -> Column {
        Column::new(key, title, Kind::Mixed, Sum::None)
    }

    /// A percentage that tells rows apart.
    pub fn rate(key: &str, title: Text) -> Column {
        Column { is_key: true, ..Column::new(key, title, Kind::Percent, Sum::None) }
    }

    /// One column in percent of another.
    pub fn share(key: &str, title: Text, of: &'static str, by: &'static str) -> Column {
        Column::new(key, title, Kind::Percent, Sum::Ratio { of, by })
    }

    /// Money divided by a count.
    pub fn average(key: &str, title: Text, of: &'static str, by: &'static str) -> Column {
        Column::new(key, title, Kind::Money, Sum::Ratio { of, by })
    }

    /// How many of something there are of each of another.
    pub fn per(key: &str, title: Text, of: &'static str, by: &'static str) -> Column {
        Column::new(key, title, Kind::Number, Sum::Ratio { of, by })
    }

    pub fn unsummed(self) -> Column {
        Column { sum: Sum::None, ..self }
    }

    pub fn compared(self) -> Column {
        Column { compares: true, ..self }
    }
}

/// What stands in a row at a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    /// In the reader's language.
    Said(Text),
    Date(Date),
    Money(Money),
    Count(i64),
    Percent(Percent),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Cell {
        Cell::Said(text)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Cell {
        Cell::Date(date)
    }
}

impl From<Money> for Cell {
    fn from(money: Money) -> Cell {
        Cell::Money(money)
    }
}

impl From<i64> for Cell {
    fn from(count: i64) -> Cell {
        Cell::Count(count)
    }
}

impl From<Percent> for Cell {
    fn from(percent: Percent) -> Cell {
        Cell::Percent(percent)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(known: Option<T>) -> Cell {
        known.map_or(Cell::Empty, Into::into)
    }
}

/// Cells of a row, each of what it is.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$($crate::hotel::reports::table::Cell::from($cell)),*] };
}
pub(crate) use cells;

words!(
    /// What is looked at behind a row.
    Behind { Reservation = "reservation", Company = "company", Group = "group", Shift = "shift", Invoice = "invoice", Report = "report" }
);

/// Where the stays or the postings behind a row stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Link {
    pub kind: Behind,
    /// Of the reservation, company, group, shift or invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Of a report: its name, and what narrows it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<(&'static str, String)>,
}

impl Link {
    pub fn to(kind: Behind, id: i64) -> Link {
        Link { kind, id: Some(id), name: None, filters: Vec::new() }
    }

    pub fn reservation(id: Option<i64>) -> Option<Link> {
        id.map(|id| Link::to(Behind::Reservation, id))
    }

    /// Another report over a period, of what has this value.
    pub fn report(name: &'static str, (from, to): (Date, Date), filters: &[(&'static str, String)]) -> Link {
        let period = [("from", from.to_string()), ("to", to.to_string())];
        Link {
            kind: Behind::Report,
            id: None,
            name: Some(name),
            filters: period.into_iter().chain(filters.iter().cloned()).collect(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Of figures that are of another kind in each row.
    pub kind: Option<Kind>,
    pub link: Option<Link>,
}

impl Row {
    pub fn of(cells: Vec<Cell>) -> Row {
        Row { cells, kind: None, link: None }
    }

    pub fn linked(self, link: impl Into<Option<Link>>) -> Row {
        Row { link: link.into(), ..self }
    }
}

#[derive(Debug, Clone)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Whether not all rows are there, since they are too many.
    pub is_cut: bool,
    /// Totals of the period that it stands beside, where they cannot be reckoned from the columns.
    were: Vec<(usize, Cell)>,
}

/// Rows of one table at most on a screen and on paper, and in a file; a report says so that has more.
pub const MOST_ROWS: usize = 10_000;
pub const MOST_IN_FILE: usize = 50_000;

impl Table {
    pub fn new(columns: Vec<Column>, rows: Vec<Row>) -> Table {
        let mut table = Table { columns, rows, is_cut: false, were: Vec::new() };
        for at in 0..table.columns.len() {
            if let Sum::Ratio { .. } = table.columns[at].sum {
                for row in 0..table.rows.len() {
                    let cell = table.ratio(at, &table.rows[row].cells);
                    table.rows[row].cells[at] = cell;
                }
            }
        }
        table
    }

    /// The same without the rows beyond those that one table holds.
    pub fn cut(mut self, most: usize) -> Table {
        self.is_cut = self.rows.len() > most;
        self.rows.truncate(most);
        self
    }

    pub fn place(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// The columns that an average is taken of and over.
    pub fn ratio_places(&self, at: usize) -> Option<(usize, usize)> {
        match self.columns[at].sum {
            Sum::Ratio { of, by } => self.place(of).zip(self.place(by)),
            Sum::None | Sum::Total | Sum::More { .. } | Sum::AsItWas => None,
        }
    }

    fn ratio(&self, at: usize, cells: &[Cell]) -> Cell {
        let Some((of, by)) = self.ratio_places(at) else { return Cell::Empty };
        match (self.columns[at].kind, number(&cells[of]), number(&cells[by])) {
            (Kind::Percent, Some(of), Some(by)) => Cell::Percent(percent_tenths(of, by)),
            (Kind::Money, Some(of), Some(by)) => Cell::Money(Money(of).per(by)),
            (Kind::Number, Some(of), Some(by)) => {
                Cell::Percent(Percent(Money(of.saturating_mul(10)).per(by).0.saturating_mul(10)))
            }
            _ => Cell::Empty,
        }
    }

    /// What stands below all rows; `None` when nothing is summed, or not all rows are there.
    pub fn totals(&self) -> Option<Vec<Cell>> {
        if self.is_cut || self.rows.is_empty() || !self.columns.iter().any(|column| column.sum == Sum::Total) {
            return None;
        }
        let mut totals: Vec<Cell> = self.columns.iter().enumerate().map(|(at, column)| self.total(at, column)).collect();
        for at in 0..totals.len() {
            match self.columns[at].sum {
                Sum::Ratio { .. } => totals[at] = self.ratio(at, &totals),
                Sum::AsItWas => {
                    totals[at] = self.were.iter().find(|(of, _)| *of == at).map_or(Cell::Empty, |(_, cell)| cell.clone())
                }
                Sum::More { than, now } => totals[at] = more(&totals[now], &totals[than]),
                Sum::None | Sum::Total => {}
            }
        }
        Some(totals)
    }

    fn total(&self, at: usize, column: &Column) -> Cell {
        if column.sum != Sum::Total {
            return Cell::Empty;
        }
        let sum = self.rows.iter().filter_map(|row| number(&row.cells[at])).fold(0_i64, i64::saturating_add);
        if column.kind == Kind::Money { Cell::Money(Money(sum)) } else { Cell::Count(sum) }
    }

    /// The same beside the figures of another period: each column that compares is followed by what it was and by how much more it is. Rows
    /// of dates and months stand beside those of the same place, others beside those of the same name; what only was has rows as well.
    pub fn beside(self, before: &Table, later: impl Fn(Date, Kind) -> Date) -> Table {
        let moved = |column: &Column, cell: &Cell| match cell {
            Cell::Date(date) => Cell::Date(later(*date, column.kind)),
            other => other.clone(),
        };
        let keys = |row: &Row| -> Vec<Cell> {
            let cells = self.columns.iter().zip(&row.cells);
            cells.map(|(column, cell)| if column.is_key { moved(column, cell) } else { nothing(column.kind) }).collect()
        };
        let is_of = |key: &[Cell], row: &Row| {
            self.columns.iter().zip(key.iter().zip(&row.cells)).all(|(column, (key, cell))| !column.is_key || key == cell)
        };
        let mut left: Vec<(Vec<Cell>, &Row)> = before.rows.iter().map(|was| (keys(was), was)).collect();
        let empty: Vec<Cell> = before.columns.iter().map(|column| nothing(column.kind)).collect();
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let found = left.iter().position(|(key, _)| is_of(key, row)).map(|at| left.remove(at).1);
            rows.push(Row { cells: self.pairs(&row.cells, found.map_or(&empty, |was| &was.cells)), ..row.clone() });
        }
        for (cells, was) in left {
            rows.push(Row { cells: self.pairs(&cells, &was.cells), kind: was.kind, link: None });
        }
        rows.sort_by_key(|row| match row.cells.first() {
            Some(Cell::Date(date)) => Some(*date),
            _ => None,
        });
        let were = before.totals().unwrap_or_default();
        let were =
            self.compared_ratios().map(|at| (self.doubled_place(at) + 1, were.get(at).cloned().unwrap_or(Cell::Empty))).collect();
        Table { columns: self.doubled(), rows, is_cut: self.is_cut, were }
    }

    fn pairs(&self, now: &[Cell], before: &[Cell]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            cells.push(now[at].clone());
            if column.compares {
                cells.push(before[at].clone());
                cells.push(more(&now[at], &before[at]));
            }
        }
        cells
    }

    fn compared_ratios(&self) -> impl Iterator<Item = usize> {
        (0..self.columns.len()).filter(|at| self.columns[*at].compares && matches!(self.columns[*at].sum, Sum::Ratio { .. }))
    }

    /// Where a column stands when all that compare are followed by two others.
    fn doubled_place(&self, at: usize) -> usize {
        at + 2 * self.columns[..at].iter().filter(|column| column.compares).count()
    }

    fn doubled(&self) -> Vec<Column> {
        let mut out = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            out.push(column.clone());
            if column.compares {
                let place = self.doubled_place(at);
                let sum = if matches!(column.sum, Sum::Ratio { .. }) { Sum::AsItWas } else { column.sum };
                let title = text!("{figure} before", figure = column.title.clone());
                out.push(Column {
                    key: format!("{}_before", column.key),
                    title,
                    kind: column.kind,
                    sum,
                    compares: false,
                    is_key: false,
                });
                let sum = if column.sum == Sum::None { Sum::None } else { Sum::More { than: place + 1, now: place } };
                let title = text!("Change");
                out.push(Column {
                    key: format!("{}_change", column.key),
                    title,
                    kind: column.kind,
                    sum,
                    compares: false,
                    is_key: false,
                });
            }
        }
        out
    }
}

/// A number as it is summed; a percentage in its hundredths.
pub fn number(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Money(money) => Some(money.0),
        Cell::Count(count) => Some(*count),
        Cell::Percent(percent) => Some(percent.0),
        Cell::Empty | Cell::Text(_) | Cell::Said(_) | Cell::Date(_) => None,
    }
}

/// The first of the month that stands as many months later as the days come to.
/// The month that stands beside another, so many days later.
pub fn months_later(month: Date, days: i64) -> Date {
    let months = (days * 12 + 182).div_euclid(365) + i64::from(month.month()) - 1;
    let year = i64::from(month.year()) + months.div_euclid(12);
    let date = i16::try_from(year).ok().zip(i8::try_from(months.rem_euclid(12) + 1).ok());
    date.and_then(|(year, month)| Date::new(year, month, 1)).unwrap_or(month)
}

fn nothing(kind: Kind) -> Cell {
    match kind {
        Kind::Money => Cell::Money(Money::ZERO),
        Kind::Count => Cell::Count(0),
        Kind::Percent | Kind::Number => Cell::Percent(Percent::ZERO),
        Kind::Text | Kind::Date | Kind::Month | Kind::Mixed => Cell::Empty,
    }
}

/// By how much a figure is more than another.
pub fn more(now: &Cell, before: &Cell) -> Cell {
    match (now, before) {
        (Cell::Money(now), Cell::Money(before)) => Cell::Money(*now - *before),
        (Cell::Count(now), Cell::Count(before)) => Cell::Count(now - before),
        (Cell::Percent(now), Cell::Percent(before)) => Cell::Percent(Percent(now.0 - before.0)),
        _ => Cell::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(days: i64) -> impl Fn(Date, Kind) -> Date {
        move |date, kind| if kind == Kind::Month { months_later(date, days) } else { date.plus(days).expect("a date") }
    }

    fn table(rows: &[(&str, i64, i64)]) -> Table {
        let columns = vec![
            Column::text("source", text!("Source")),
            Column::count("nights", text!("Nights")).compared(),
            Column::money("revenue", text!("Room revenue")).compared(),
            Column::average("adr", text!("ADR"), "revenue", "nights").compared(),
        ];
        let row = |(name, nights, revenue): &(&str, i64, i64)| Row::of(cells![*name, *nights, Money(*revenue), Cell::Empty]);
        Table::new(columns, rows.iter().map(row).collect())
    }

    #[test]
    fn averages_are_taken_of_each_row_and_of_the_sums() {
        let table = table(&[("Phone", 2, 301), ("Direct", 1, 100)]);
        assert_eq!(table.rows[0].cells[3], Cell::Money(Money(151)));
        assert_eq!(table.totals(), Some(cells![Cell::Empty, 3, Money(401), Money(134)]));
        assert_eq!(self::table(&[]).totals(), None);
    }

    #[test]
    fn a_period_beside_another_has_what_was_and_the_difference_of_each_figure() {
        let (now, before) = (table(&[("Phone", 2, 300), ("New", 1, 50)]), table(&[("Gone", 9, 900), ("Phone", 4, 400)]));
        let both = now.beside(&before, after(0));
        let keys: Vec<&str> = both.columns.iter().map(|column| column.key.as_str()).collect();
        let expected =
            "source nights nights_before nights_change revenue revenue_before revenue_change adr adr_before adr_change";
        assert_eq!(keys.join(" "), expected);
        let phone = cells!["Phone", 2, 4, -2, Money(300), Money(400), Money(-100), Money(150), Money(100), Money(50)];
        assert_eq!(both.rows[0].cells, phone);
        assert_eq!(both.rows[1].cells[1..4], cells![1, 0, 1]);
        assert_eq!(both.rows[2].cells[..4], cells!["Gone", 0, 9, -9]);
        let totals = both.totals().expect("sums");
        assert_eq!(totals[1..4], cells![3, 13, -10]);
        assert_eq!(totals[7..], cells![Money(117), Money(100), Money(17)]);
    }

    #[test]
    fn rows_of_a_day_stand_beside_those_of_the_same_name_and_rate() {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        let table = |rows: &[(&str, i64, i64)]| {
            let columns = vec![
                Column::date("date", text!("Date")),
                Column::text("tax", text!("Tax")),
                Column::rate("rate", text!("Rate")),
                Column::money("amount", text!("Tax")).compared(),
            ];
            let row = |(day, rate, tax): &(&str, i64, i64)| Row::of(cells![date(day), "VAT", Percent(*rate), Money(*tax)]);
            Table::new(columns, rows.iter().map(row).collect())
        };
        let now = table(&[("2025-11-01", 700, 7), ("2025-11-01", 1900, 19), ("2025-11-02", 700, 1)]);
        let before = table(&[("2024-11-01", 1600, 16), ("2024-11-01", 1900, 9), ("2024-11-01", 700, 5), ("2024-11-02", 700, 2)]);
        let both = now.beside(&before, after(365));
        let told: Vec<&[Cell]> = both.rows.iter().map(|row| &row.cells[2..5]).collect();
        let expected = [(700, 7, 5), (1900, 19, 9), (1600, 0, 16), (700, 1, 2)];
        assert_eq!(told, expected.map(|(rate, now, was)| cells![Percent(rate), Money(now), Money(was)]));
        assert_eq!(both.rows[2].cells[..2], cells![date("2025-11-01"), "VAT"]);
    }

    #[test]
    fn months_stand_beside_those_of_the_same_place_however_long_they_are() {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        let table = |months: &[&str]| {
            let columns = vec![Column::month("month", text!("Month")), Column::count("sold", text!("Sold")).compared()];
            Table::new(columns, (1_i64..).zip(months).map(|(sold, month)| Row::of(cells![date(month), sold])).collect())
        };
        let year = table(&["2024-02-01", "2024-03-01", "2024-12-01"]);
        let before = table(&["2023-02-01", "2023-03-01", "2023-12-01"]);
        for (now, before, days) in [
            (year.clone(), &before, 365),
            (year.clone(), &before, 366),
            (year, &before, 364),
            (table(&["2025-03-01"]), &table(&["2025-02-01"]), 31),
            (table(&["2025-04-01", "2025-05-01", "2025-06-01"]), &table(&["2025-01-01", "2025-02-01", "2025-03-01"]), 91),
        ] {
            let both = now.clone().beside(before, after(days));
            assert_eq!(both.rows.len(), now.rows.len(), "{days}");
            assert!(both.rows.iter().all(|row| row.cells[1] == row.cells[2]), "{days}: {:?}", both.rows);
        }
    }
}
