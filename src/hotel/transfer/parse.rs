//! From the text of a file to checked rows. Every fault is noted with its line
//! and column; a row with a fault is not taken.

use std::collections::HashMap;
use std::io::Read;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};
use sha2::{Digest, Sha256};

use super::{BadRow, COLUMNS, REQUIRED_COLUMNS, cell};
use crate::domain::date::Date;
use crate::domain::money::{Currency, Decimal, Money};
use crate::domain::status::ReservationStatus;
use crate::domain::stay::StayDates;
use crate::domain::text;
use crate::error::{Error, Result};
use crate::hotel::guests::NewGuest;
use crate::http::idempotency::hex;

/// The largest party that an import takes: real groups book fifty at once.
const MAX_PARTY: i64 = 1000;
/// Dates further from the business date than this are slips of the pen.
const MAX_DAYS_AWAY: i64 = 36_525;
const MAX_EXTERNAL_ID: usize = 100;

/// What the rows are checked against.
pub struct Known {
    pub currency: Currency,
    pub business_date: Date,
    /// Places of the types, by lower-case code and name.
    pub room_types: HashMap<String, usize>,
    /// Places of the rooms, by lower-case number.
    pub rooms: HashMap<String, usize>,
}

/// A good row.
#[derive(Debug, Clone)]
pub struct Row {
    pub line: u64,
    pub external_id: String,
    pub status: ReservationStatus,
    pub room_type: usize,
    pub room: Option<usize>,
    pub guest: NewGuest,
    pub stay: StayDates,
    pub adults: i64,
    pub children: i64,
    /// `None`: the rates of the nights.
    pub total: Option<Money>,
    pub paid: Money,
    /// Places in `Rows::sources` and `Rows::methods`.
    pub source: usize,
    pub method: usize,
    pub created: Option<Date>,
    pub cancelled: Option<Date>,
    pub notes: String,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Rows {
    pub good: Vec<Row>,
    pub bad: Vec<BadRow>,
    pub sources: Names,
    pub methods: Names,
}

/// Different names, as they were first written.
#[derive(Debug, Default)]
pub struct Names {
    pub all: Vec<String>,
    places: HashMap<String, usize>,
}

impl Names {
    fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let key = name.to_lowercase();
        let place = *self.places.entry(key).or_insert(self.all.len());
        if place == self.all.len() {
            self.all.push(name.to_owned());
        }
        self.places.insert(name.to_owned(), place);
        place
    }
}

/// Reads a whole file.
///
/// # Errors
/// `BadRequest` when it cannot be read at all or its header is not right.
pub fn read(csv: impl Read, known: &Known) -> Result<Rows> {
    let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(csv);
    let columns = Columns::read(reader.headers().map_err(unreadable)?)?;
    let mut rows = Rows::default();
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => {}
            Err(error) => {
                rows.bad.push(not_text(error)?);
                continue;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        let mut cells = Cells { columns: &columns, record: &record, line, faults: Vec::new() };
        let row = cells.row(known, &mut rows.sources, &mut rows.methods);
        let faults = std::mem::take(&mut cells.faults);
        match row.filter(|_| faults.is_empty()) {
            Some(row) => keep(row, &mut rows, &mut lines),
            None => rows.bad.extend(faults),
        }
    }
}

/// Keeps a good row unless its number stands in the file already.
fn keep(mut row: Row, rows: &mut Rows, lines: &mut HashMap<String, u64>) {
    if row.external_id.is_empty() {
        let identity = identity(&row);
        let nth = lines.entry(identity.clone()).or_insert(0);
        *nth += 1;
        // Two rooms booked alike are two bookings: told apart by their order.
        row.external_id = if *nth == 1 { identity } else { format!("{identity}-{nth}") };
    } else if let Some(earlier) = lines.insert(format!("given {}", row.external_id), row.line) {
        let reason = format!("{} stands on line {earlier} already", row.external_id);
        rows.bad.push(BadRow { line: row.line, column: "external_id", reason });
        return;
    }
    rows.good.push(row);
}

/// What makes a row without a number the same booking in a later import.
fn identity(row: &Row) -> String {
    let mut hash = Sha256::new();
    let stay = (row.stay.arrival().to_string(), row.stay.departure().to_string());
    let created = row.created.map(|d| d.to_string()).unwrap_or_default();
    let guest = &row.guest;
    for part in [&row.room_type.to_string(), &guest.full_name, &guest.email, &guest.phone_number, &stay.0, &stay.1, &created] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    format!("row-{}", &hex(&hash.finalize())[..16])
}

fn unreadable(error: csv::Error) -> Error {
    Error::BadRequest(format!("The file cannot be read: {error}."))
}

/// A row that is not UTF-8 is a bad row; anything else ends the import.
fn not_text(error: csv::Error) -> Result<BadRow> {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        ErrorKind::Utf8 { err, .. } => {
            let column = COLUMNS.get(err.field()).copied().unwrap_or("row");
            Ok(BadRow { line, column, reason: "is not UTF-8 text; save the file as UTF-8".to_owned() })
        }
        _ => Err(unreadable(error)),
    }
}

/// Where in a row each known column stands.
struct Columns {
    places: [Option<usize>; COLUMNS.len()],
    count: usize,
}

impl Columns {
    fn read(header: &StringRecord) -> Result<Columns> {
        let mut places = [None; COLUMNS.len()];
        for (at, given) in header.iter().enumerate() {
            let name = given.trim_start_matches('\u{feff}').trim().to_ascii_lowercase();
            let Some(column) = COLUMNS.iter().position(|c| *c == name) else {
                let (given, all) = (text::shown(given), COLUMNS.join(", "));
                return Err(Error::BadRequest(format!(
                    "The file's header has an unknown column “{given}”. The columns are: {all}."
                )));
            };
            if places[column].replace(at).is_some() {
                return Err(Error::BadRequest(format!("The file's header has the column {name} twice.")));
            }
        }
        for required in REQUIRED_COLUMNS {
            let is_there = COLUMNS.iter().zip(&places).any(|(name, place)| *name == required && place.is_some());
            if !is_there {
                return Err(Error::BadRequest(format!("The file's header lacks the column {required}.")));
            }
        }
        Ok(Columns { places, count: header.len() })
    }

    fn of(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().position(|c| *c == column).and_then(|at| self.places[at])
    }
}

/// One row's texts, and what is wrong with them.
struct Cells<'a> {
    columns: &'a Columns,
    record: &'a StringRecord,
    line: u64,
    faults: Vec<BadRow>,
}

impl<'a> Cells<'a> {
    fn fault(&mut self, column: &'static str, reason: impl ToString) {
        self.faults.push(BadRow { line: self.line, column, reason: reason.to_string() });
    }

    fn text(&self, column: &str) -> &'a str {
        cell::read(self.columns.of(column).and_then(|at| self.record.get(at)).unwrap_or(""))
    }

    /// The value, or its default with the complaint noted.
    fn check<T: Default, E: ToString>(&mut self, column: &'static str, value: std::result::Result<T, E>) -> T {
        value.unwrap_or_else(|reason| {
            self.fault(column, reason);
            T::default()
        })
    }

    /// The row, or `None` when it has a fault that nothing can stand in for.
    fn row(&mut self, known: &Known, sources: &mut Names, methods: &mut Names) -> Option<Row> {
        if self.record.len() != self.columns.count {
            self.fault("row", format!("has {} fields, the header has {}", self.record.len(), self.columns.count));
            return None;
        }
        let guest = self.guest();
        let (adults, children) = (self.count("adults", 1), self.count("children", 0));
        if adults + children == 0 {
            self.fault("adults", "a booking is for at least one guest");
        }
        let paid = self.money("paid_amount", &known.currency).unwrap_or_default();
        let total = self.money("total_amount", &known.currency);
        let (source, method) = (self.name("source", "Direct"), self.name("payment_method", "other"));
        let (created, cancelled) = (self.date("created_date"), self.date("cancelled_date"));
        let external_id = self.check("external_id", text::line(self.text("external_id"), MAX_EXTERNAL_ID));
        let notes = self.check("notes", text::paragraph(self.text("notes"), 5000));
        let status = self.status();
        let (room_type, room) = (self.room_type(known), self.room(known));
        let stay = self.stay(known);
        let (status, stay) = (status?, stay?);
        if status == ReservationStatus::CheckedIn && stay.arrival() > known.business_date {
            self.fault("status", format!("nobody is checked in before arrival: the business date is {}", known.business_date));
        }
        Some(Row {
            line: self.line,
            external_id,
            status,
            room_type: room_type?,
            room: room?,
            guest,
            stay,
            adults,
            children,
            total,
            paid,
            source: sources.place(&source),
            method: methods.place(&method),
            created,
            cancelled,
            notes,
        })
    }

    fn guest(&mut self) -> NewGuest {
        let given = NewGuest {
            full_name: self.text("guest_name").to_owned(),
            email: self.text("guest_email").to_owned(),
            phone_number: self.text("guest_phone").to_owned(),
            nationality: self.text("guest_nationality").to_owned(),
            ..NewGuest::default()
        };
        match given.check() {
            Ok(guest) => guest,
            Err(Error::Invalid(fields)) => {
                for field in fields {
                    let column = match field.field.as_str() {
                        "email" => "guest_email",
                        "phone_number" => "guest_phone",
                        "nationality" => "guest_nationality",
                        _ => "guest_name",
                    };
                    self.fault(column, field.message);
                }
                given
            }
            Err(other) => {
                self.fault("guest_name", other);
                given
            }
        }
    }

    fn count(&mut self, column: &'static str, default: i64) -> i64 {
        let text = self.text(column);
        if text.is_empty() {
            return default;
        }
        match text.parse::<i64>() {
            Ok(n) if (0..=MAX_PARTY).contains(&n) => n,
            _ => {
                self.fault(column, format!("“{text}” must be a whole number from 0 to {MAX_PARTY}"));
                default.max(1)
            }
        }
    }

    fn money(&mut self, column: &'static str, currency: &Currency) -> Option<Money> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match currency.money(&Decimal::new(text)) {
            Ok(money) if money.is_negative() => {
                self.fault(column, format!("“{text}” must not be negative"));
                None
            }
            Ok(money) => Some(money),
            Err(error) => {
                self.fault(column, format!("“{text}” {error}"));
                None
            }
        }
    }

    fn name(&mut self, column: &'static str, default: &str) -> String {
        let name = self.check(column, text::line(self.text(column), 100));
        if name.is_empty() { default.to_owned() } else { name }
    }

    fn date(&mut self, column: &'static str) -> Option<Date> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(date) => Some(date),
            Err(error) => {
                self.fault(column, format!("“{text}” {error}"));
                None
            }
        }
    }

    fn status(&mut self) -> Option<ReservationStatus> {
        let text = self.text("status");
        if text.is_empty() {
            return Some(ReservationStatus::Confirmed);
        }
        let found = ReservationStatus::parse(&text.to_ascii_lowercase());
        if found.is_none() {
            let all: Vec<&str> = ReservationStatus::ALL.iter().map(|s| s.as_str()).collect();
            self.fault("status", format!("“{text}” must be one of {}", all.join(", ")));
        }
        found
    }

    fn room_type(&mut self, known: &Known) -> Option<usize> {
        let text = self.text("room_type");
        let found = known.room_types.get(&text.to_lowercase()).copied();
        if found.is_none() {
            let reason =
                if text.is_empty() { "is missing".to_owned() } else { format!("“{text}” is not a room type of this hotel") };
            self.fault("room_type", reason);
        }
        found
    }

    /// The room, if one is named; `None` when it is unknown.
    fn room(&mut self, known: &Known) -> Option<Option<usize>> {
        let text = self.text("room_number");
        if text.is_empty() {
            return Some(None);
        }
        let found = known.rooms.get(&text.to_lowercase()).copied();
        if found.is_none() {
            self.fault("room_number", format!("“{text}” is not a room of this hotel"));
        }
        found.map(Some)
    }

    fn stay(&mut self, known: &Known) -> Option<StayDates> {
        for column in ["check_in_date", "check_out_date"] {
            if self.text(column).is_empty() {
                self.fault(column, "is missing");
            }
        }
        let arrival = self.date("check_in_date");
        let departure = self.date("check_out_date");
        let (arrival, departure) = (arrival?, departure?);
        if known.business_date.days_until(arrival).abs() > MAX_DAYS_AWAY {
            self.fault("check_in_date", "is more than a hundred years away");
            return None;
        }
        match StayDates::or_day_use(arrival, departure) {
            Ok(stay) => Some(stay),
            Err(error) => {
                self.fault("check_out_date", format!("“{departure}” {error}"));
                None
            }
        }
    }
}
