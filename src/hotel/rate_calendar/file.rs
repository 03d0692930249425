//! Prices and own restrictions as CSV: a row for each night of a type under a plan. What a spreadsheet makes
//! of it (semicolons, decimal commas, dates the other way round) is read again.

use std::collections::HashSet;

use csv::{ReaderBuilder, StringRecord, Trim, WriterBuilder};

use super::Calendar;
use super::cells::checked;
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::restriction::{RestrictionKind as Kind, Restrictions};
use crate::domain::wording::{Text, text};
use crate::error::{Error, Fields, Result};
use crate::hotel::rates::{self, RatePlan};
use crate::hotel::rooms::{self, RoomType};
use crate::hotel::settings::Property;
use crate::hotel::transfer::amount::{self, Marks};
use crate::hotel::transfer::calendar::{self, Order};
use crate::hotel::transfer::cell;
use crate::hotel::transfer::options::{DateOrder, DecimalMark, Delimiter};

const DATE: &str = "date";
const TYPE: &str = "room_type";
const PLAN: &str = "rate_plan";
const PRICE: &str = "price";
/// Rows of one file.
const MOST_ROWS: usize = super::cells::MOST;
/// Complaints about one file.
const MOST_COMPLAINTS: usize = 100;
/// How a file says what is on and off.
const YES: [&str; 6] = ["yes", "y", "1", "true", "x", "ya"];
const NO: [&str; 5] = ["no", "n", "0", "false", "tidak"];

/// The columns, in the order in which they are written; those behind the price are named as in the API.
fn columns() -> impl Iterator<Item = &'static str> {
    [DATE, TYPE, PLAN, PRICE].into_iter().chain(Kind::ALL.iter().map(|kind| kind.as_str()))
}

/// Every price of a calendar, and what each plan itself says of restrictions.
pub fn write(conn: &Conn, calendar: &Calendar, delimiter: Delimiter) -> Result<Vec<u8>> {
    let unwritable = |error: &dyn std::fmt::Display| Error::internal(format!("a file cannot be written: {error}"));
    let mut csv = WriterBuilder::new().delimiter(delimiter.byte()).from_writer(Vec::new());
    csv.write_record(columns()).map_err(|e| unwritable(&e))?;
    for room_type in &calendar.types {
        let prices = calendar.prices(conn, room_type)?;
        let held = calendar.restrictions(conn, room_type.id)?;
        for ((plan, prices), held) in calendar.plans.iter().zip(prices).zip(held) {
            for (at, night) in calendar.nights.iter().enumerate() {
                let own = held.iter().find(|held| held.night == *night).map_or_else(Restrictions::default, |held| held.own);
                let price = calendar.property.amount(prices.rates[at]).to_string();
                // Where a semicolon stands between the values, a comma stands before the decimals.
                let price = if delimiter == Delimiter::Semicolon { price.replace('.', ",") } else { price };
                let mut row = vec![night.to_string(), room_type.code.clone(), plan.code.clone(), price];
                row.extend(Kind::ALL.iter().map(|kind| own.get(*kind).map_or_else(String::new, |value| said(*kind, value))));
                csv.write_record(row.iter().map(|text| cell::written(text).into_owned())).map_err(|e| unwritable(&e))?;
            }
        }
    }
    csv.into_inner().map_err(|e| unwritable(&e))
}

fn is_switch(kind: Kind) -> bool {
    matches!(kind, Kind::ClosedToArrival | Kind::ClosedToDeparture | Kind::StopSell)
}

fn said(kind: Kind, value: i64) -> String {
    match (is_switch(kind), value) {
        (true, 0) => "no".to_owned(),
        (true, _) => "yes".to_owned(),
        (false, _) => value.to_string(),
    }
}

/// A row as it was read: what of it is a column of the file at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub date: Date,
    pub room_type: RoomTypeId,
    pub plan: RatePlanId,
    /// `Some(None)` = the cell is empty: no price of its own.
    pub price: Option<Option<Money>>,
    pub restrictions: Vec<(Kind, Option<i64>)>,
}

/// A file's rows, all good.
pub struct File {
    pub rows: Vec<Row>,
    pub types: Vec<RoomType>,
    pub plans: Vec<RatePlan>,
}

/// How the file writes what can be written in several ways.
struct Ways {
    order: DateOrder,
    mark: DecimalMark,
}

/// Reads a file whole.
///
/// # Errors
/// `Invalid` with a complaint for each bad cell, under `csv[line].column`; the first hundred of them.
pub fn read(conn: &Conn, property: &Property, text: &str) -> Result<File> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let named = first.trim_matches('"').strip_prefix("sep=").and_then(|sign| sign.bytes().next()).filter(u8::is_ascii);
    let start = if named.is_some() { first.len() } else { 0 };
    let header = text[start..].lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let most = [b';', b',', b'\t'].into_iter().max_by_key(|sign| header.bytes().filter(|byte| byte == sign).count());
    let delimiter = named.or(most).unwrap_or(b',');
    let mut reader =
        ReaderBuilder::new().flexible(true).trim(Trim::All).delimiter(delimiter).from_reader(&text.as_bytes()[start..]);
    let places = places(reader.headers().map_err(unreadable)?)?;
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let offset = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(start + usize::try_from(offset).unwrap_or(0));
        if record.iter().any(|cell| !cell.is_empty()) {
            records.push((line, record));
        }
        if records.len() > MOST_ROWS {
            return Err(Error::invalid("csv", text!("has more than {rows} rows", rows = MOST_ROWS)));
        }
    }
    let ways = ways(&records, &places, delimiter, property);
    let (types, plans) = (rooms::all_types(conn)?, rates::all(conn)?);
    let mut complaints = Complaints { fields: Fields::default(), count: 0 };
    let (mut rows, mut seen) = (Vec::new(), HashSet::new());
    for (line, record) in &records {
        let mut reading = Reading { line: *line, record, places: &places, complaints: &mut complaints };
        let Some(row) = reading.row(&ways, property, (&types, &plans)) else { continue };
        if !seen.insert((row.date, row.room_type, row.plan)) {
            reading.complain(DATE, text!("stands twice"));
        }
        rows.push(row);
    }
    complaints.fields.ensure(complaints.count > 0 || !rows.is_empty(), "csv", text!("has no rows"));
    complaints.fields.finish()?;
    let has = |id: RatePlanId| rows.iter().any(|row: &Row| row.plan == id);
    let plans = plans.into_iter().filter(|plan| has(plan.id)).collect();
    let types = types.into_iter().filter(|one| rows.iter().any(|row| row.room_type == one.id)).collect();
    Ok(File { rows, types, plans })
}

fn unreadable(_: csv::Error) -> Error {
    Error::invalid("csv", text!("is no table of rows and columns"))
}

/// Where each column stands.
type Places = Vec<(&'static str, usize)>;

fn places(header: &StringRecord) -> Result<Places> {
    let mut found: Places = Vec::new();
    let mut fields = Fields::default();
    for (at, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let folded = name.to_lowercase().replace([' ', '-'], "_");
        match columns().find(|column| *column == folded) {
            Some(column) => {
                fields.ensure(
                    !found.iter().any(|(one, _)| *one == column),
                    "csv",
                    text!("has the column {column} twice", column),
                );
                found.push((column, at));
            }
            None => fields.ensure(false, "csv", text!("has an unknown column {column}", column = name)),
        }
    }
    for column in [DATE, TYPE, PLAN] {
        fields.ensure(found.iter().any(|(one, _)| *one == column), "csv", text!("has no column {column}", column));
    }
    fields.finish()?;
    Ok(found)
}

/// What one cell cannot tell, all of them do; where they do not, the delimiter and the hotel decide.
fn ways(records: &[(u64, StringRecord)], places: &Places, delimiter: u8, property: &Property) -> Ways {
    let cells = |column: &str| {
        let place = places.iter().find(|(one, _)| *one == column).map(|(_, at)| *at);
        records.iter().filter_map(move |(_, record)| record.get(place?)).map(cell::read)
    };
    let sure = cells(DATE).find_map(|text| match calendar::order(text) {
        Order::Sure(order) => Some(order),
        Order::None | Order::Doubtful => None,
    });
    let usual = if property.locale == "en-US" { DateOrder::MonthFirst } else { DateOrder::DayFirst };
    let mut mark = if delimiter == b';' { DecimalMark::Comma } else { DecimalMark::Point };
    let exponent = property.currency.exponent;
    // Nobody writes three decimals of a currency that has fewer: what stands there groups thousands, as it always does
    // where there are no decimals.
    let is_grouped = |text: &str| exponent == 0 || (exponent < 3 && matches!(amount::marks(text), Marks::Doubtful));
    let grouping = |text: &str| text.chars().find(|c| matches!(c, '.' | ',')).filter(|_| is_grouped(text));
    if let Some(thousands) = cells(PRICE).find_map(grouping) {
        mark = if thousands == '.' { DecimalMark::Comma } else { DecimalMark::Point };
    }
    let told = cells(PRICE).find_map(|text| match amount::marks(text) {
        Marks::Sure(mark) => Some(mark),
        Marks::None | Marks::Doubtful => None,
    });
    Ways { order: sure.unwrap_or(usual), mark: told.unwrap_or(mark) }
}

struct Complaints {
    fields: Fields,
    count: usize,
}

/// One row on its way to what it means.
struct Reading<'a> {
    line: u64,
    record: &'a StringRecord,
    places: &'a Places,
    complaints: &'a mut Complaints,
}

impl Reading<'_> {
    fn complain(&mut self, column: &str, message: Text) {
        self.complaints.count += 1;
        if self.complaints.count <= MOST_COMPLAINTS {
            self.complaints.fields.ensure(false, &format!("csv[{}].{column}", self.line), message);
        }
    }

    /// The text in a column; `None` = the file has no such column.
    fn cell(&self, column: &str) -> Option<String> {
        let (_, at) = self.places.iter().find(|(one, _)| *one == column)?;
        Some(cell::read(self.record.get(*at).unwrap_or_default()).to_owned())
    }

    fn checked<T>(&mut self, column: &str, read: Result<T, Text>) -> Option<T> {
        read.map_err(|message| self.complain(column, message)).ok()
    }

    fn row(&mut self, ways: &Ways, property: &Property, (types, plans): (&[RoomType], &[RatePlan])) -> Option<Row> {
        let said = |reading: &Self, column: &str| reading.cell(column).unwrap_or_default();
        let date = calendar::read(&said(self, DATE), Some(ways.order)).map_err(|_| text!("must be a date such as 2025-11-10"));
        let date = self.checked(DATE, date);
        let (code, name) = (said(self, TYPE), said(self, PLAN));
        let by_code = types.iter().find(|one| is(&one.code, &code));
        let room_type = by_code.or_else(|| types.iter().find(|one| is(&one.name, &code))).map(|one| one.id);
        let room_type = self.checked(TYPE, room_type.ok_or_else(|| text!("does not exist")));
        let by_code = plans.iter().find(|one| is(&one.code, &name));
        let plan = by_code.or_else(|| plans.iter().find(|one| is(&one.name, &name))).map(|one| one.id);
        let plan = self.checked(PLAN, plan.ok_or_else(|| text!("does not exist")));
        let price = match self.cell(PRICE) {
            None => None,
            Some(text) if text.is_empty() => Some(None),
            Some(text) => {
                let read = amount::read(&text, &property.currency, Some(ways.mark)).ok().filter(|price| !price.is_negative());
                Some(Some(self.checked(PRICE, read.ok_or_else(|| text!("must be a price, the number alone")))?))
            }
        };
        let mut restrictions = Vec::new();
        for kind in Kind::ALL {
            if let Some(text) = self.cell(kind.as_str()) {
                let value = self.checked(kind.as_str(), restriction(*kind, &text))?;
                restrictions.push((*kind, value));
            }
        }
        Some(Row { date: date?, room_type: room_type?, plan: plan?, price, restrictions })
    }
}

fn is(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn restriction(kind: Kind, text: &str) -> Result<Option<i64>, Text> {
    let folded = text.to_lowercase();
    if folded.is_empty() {
        return Ok(None);
    }
    if is_switch(kind) {
        return match (YES.contains(&folded.as_str()), NO.contains(&folded.as_str())) {
            (true, _) => Ok(Some(1)),
            // Nothing loosens a stop-sell, so that none is what "no" can say.
            (_, true) => Ok((kind != Kind::StopSell).then_some(0)),
            (false, false) => Err(text!("must be yes, no or empty")),
        };
    }
    let number = folded.parse::<i64>().map_err(|_| text!("must be a whole number"))?;
    checked(kind, number).map(Some)
}

/// Tells on which line an offset lies; rows are asked for in their order.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, counted from 1, of the first row at or after an offset: a reader of rows passes over breaks.
    fn of(&mut self, offset: usize) -> u64 {
        let mut to = offset;
        while self.text.get(to).is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            to += 1;
        }
        self.line += self.text[self.at.min(to)..to].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = self.at.max(to);
        self.line
    }
}
