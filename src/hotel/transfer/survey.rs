//! A first look over all rows: how dates and amounts are written, which only the
//! file as a whole can tell, and which numbers stand more than once.

use std::collections::HashMap;

use csv::ByteRecord;

use super::amount::{self, Marks};
use super::calendar::{self, Order};
use super::file::{File, Lines, unreadable};
use super::header::Columns;
use super::options::{DateOrder, DecimalMark, ImportOptions};
use super::refused;
use crate::domain::text;
use crate::error::{Error, Result};

const DATES: [&str; 5] = ["check_in_date", "check_out_date", "created_date", "cancelled_date", "option_date"];
const AMOUNTS: [&str; 4] = ["total_amount", "paid_amount", "fee_amount", "other_charges"];

/// How the whole file is written.
#[derive(Debug, Default)]
pub struct Survey {
    pub decimal_mark: Option<DecimalMark>,
    pub date_order: Option<DateOrder>,
    /// External ids that stand on several rows.
    pub repeated: HashMap<String, u32>,
}

/// A cell that decides something, or leaves it open.
#[derive(Debug, Clone)]
struct Sample {
    line: u64,
    column: &'static str,
    text: String,
}

impl Sample {
    fn told(&self) -> String {
        format!("“{}” ({}, line {})", text::shown(&self.text), self.column, self.line)
    }
}

/// The first cell that is only to be read in one way, of each way, and the first that is in doubt.
#[derive(Debug)]
struct Ways<T> {
    sure: Vec<(T, Sample)>,
    doubtful: Option<Sample>,
}

impl<T: PartialEq + Copy> Ways<T> {
    fn new() -> Ways<T> {
        Ways { sure: Vec::new(), doubtful: None }
    }

    fn is_new(&self, way: T) -> bool {
        self.sure.iter().all(|(known, _)| *known != way)
    }

    /// The way of the file; `None` = no cell needs one.
    fn settled(&self, ask: impl Fn(&Sample, Option<&Sample>) -> Error) -> Result<Option<T>> {
        match (self.sure.as_slice(), &self.doubtful) {
            ([(one, _)], _) => Ok(Some(*one)),
            ([], None) => Ok(None),
            ([], Some(doubtful)) => Err(ask(doubtful, None)),
            ([(_, one), (_, other), ..], _) => Err(ask(one, Some(other))),
        }
    }
}

/// Where the columns of a kind stand, with their names.
fn places<const N: usize>(columns: &Columns, names: [&'static str; N]) -> Vec<(usize, &'static str)> {
    names.into_iter().filter_map(|name| Some((columns.of(name)?, name))).collect()
}

struct Looking<'a> {
    columns: &'a Columns,
    lines: Lines<'a>,
    dates: Vec<(usize, &'static str)>,
    amounts: Vec<(usize, &'static str)>,
    orders: Ways<DateOrder>,
    marks: Ways<DecimalMark>,
    numbers: HashMap<String, u32>,
}

impl Looking<'_> {
    fn sample(&mut self, record: &ByteRecord, column: &'static str, text: &str) -> Sample {
        let line = self.lines.of(record.position().map_or(0, csv::Position::byte));
        Sample { line, column, text: text.to_owned() }
    }

    fn look(&mut self, record: &ByteRecord) {
        for at in 0..self.dates.len() {
            let (place, column) = self.dates[at];
            let Some(text) = cell(record, place) else { continue };
            match calendar::order(text) {
                Order::Sure(order) if self.orders.is_new(order) => {
                    let sample = self.sample(record, column, text);
                    self.orders.sure.push((order, sample));
                }
                Order::Doubtful if self.orders.doubtful.is_none() => {
                    self.orders.doubtful = Some(self.sample(record, column, text));
                }
                Order::Sure(_) | Order::Doubtful | Order::None => {}
            }
        }
        for at in 0..self.amounts.len() {
            let (place, column) = self.amounts[at];
            let Some(text) = cell(record, place).filter(|text| text.contains(['.', ','])) else { continue };
            match amount::marks(text) {
                Marks::Sure(mark) if self.marks.is_new(mark) => {
                    let sample = self.sample(record, column, text);
                    self.marks.sure.push((mark, sample));
                }
                Marks::Doubtful if self.marks.doubtful.is_none() => {
                    self.marks.doubtful = Some(self.sample(record, column, text));
                }
                Marks::Sure(_) | Marks::Doubtful | Marks::None => {}
            }
        }
        let number = self.columns.of("external_id").and_then(|place| cell(record, place));
        if let Some(number) = number.filter(|n| !n.is_empty()) {
            *self.numbers.entry(number.to_owned()).or_default() += 1;
        }
    }
}

fn cell(record: &ByteRecord, place: usize) -> Option<&str> {
    record.get(place).and_then(|cell| std::str::from_utf8(cell).ok())
}

/// # Errors
/// `BadRequest` when a date or an amount can be read in two ways and nothing tells which.
pub fn survey(file: &File, delimiter: u8, columns: &Columns, options: &ImportOptions) -> Result<Survey> {
    let mut rows = file.reader(delimiter);
    let mut looking = Looking {
        columns,
        lines: file.lines(),
        dates: places(columns, DATES),
        amounts: places(columns, AMOUNTS),
        orders: Ways::new(),
        marks: Ways::new(),
        numbers: HashMap::new(),
    };
    let mut record = ByteRecord::new();
    while rows.read_byte_record(&mut record).map_err(unreadable)? {
        looking.look(&record);
    }
    let Looking { orders, marks, mut numbers, .. } = looking;
    numbers.retain(|_, times| *times > 1);
    let decimal_mark = match options.decimal_mark {
        Some(mark) => Some(mark),
        // The export writes a point, whatever a single amount may look like.
        None if columns.are_own() && delimiter == b',' => Some(DecimalMark::Point),
        None => marks.settled(ask_for_the_mark)?,
    };
    let date_order = match options.date_order {
        Some(order) => Some(order),
        None => orders.settled(ask_for_the_order)?,
    };
    Ok(Survey { decimal_mark, date_order, repeated: numbers })
}

fn ask_for_the_mark(one: &Sample, other: Option<&Sample>) -> Error {
    let seen = match other {
        Some(other) => format!("{} and {} do not go together", one.told(), other.told()),
        None => {
            let plain: String = one.text.chars().filter(|c| !matches!(c, '.' | ',')).collect();
            let [point, comma] =
                if one.text.contains('.') { [one.text.clone(), plain] } else { [plain, one.text.replace(',', ".")] };
            format!("{} is {point} if a point begins the decimals, and {comma} if a comma does", one.told())
        }
    };
    refused(format!(
        "How the amounts of this file are written is not clear: {seen}. Say which: --decimal-mark point, as in 1,234.50, or \
         --decimal-mark comma, as in 1.234,50."
    ))
}

fn ask_for_the_order(one: &Sample, other: Option<&Sample>) -> Error {
    let seen = match other {
        Some(other) => format!("{} and {} do not go together", one.told(), other.told()),
        None => {
            let said = |order| calendar::read(&one.text, Some(order)).map_or_else(|e| e, |date| date.to_string());
            format!("{} is {} or {}", one.told(), said(DateOrder::DayFirst), said(DateOrder::MonthFirst))
        }
    };
    refused(format!(
        "Whether the day or the month comes first in the dates of this file is not clear: {seen}. Say which: \
         --date-order day-first or --date-order month-first, or write dates such as 2026-05-03."
    ))
}
