//! The header: which column of a file is which of ours.

use csv::{ByteRecord, StringRecord};

use super::file::unreadable;
use super::options::{Delimiter, ImportOptions, Mapping};
use super::row::Told;
use super::words::{folded, likely_column};
use super::{COLUMNS, REQUIRED_COLUMNS, refused};
use crate::domain::text;
use crate::error::Result;

/// Where in a row each known column stands.
pub struct Columns {
    places: [Option<usize>; COLUMNS.len()],
    /// Of each place in a row: the column, or why it has none.
    kinds: Vec<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Known(usize),
    /// Without a name: Excel writes such after the last one. Nothing stands in it.
    Nameless,
    /// Known to be of no use here.
    Ignored,
    Unknown,
}

/// The texts of a header.
pub fn names(record: &ByteRecord) -> Result<Vec<String>> {
    let name = |(at, cell): (usize, &[u8])| match std::str::from_utf8(cell) {
        Ok(name) => Ok(name.trim_start_matches('\u{feff}').trim().to_owned()),
        Err(_) => Err(refused(format!(
            "Column {} of the file's header is not UTF-8 text. Save the file as UTF-8; in Excel that is “CSV UTF-8”.",
            at + 1
        ))),
    };
    record.iter().enumerate().map(name).collect()
}

impl Columns {
    /// What the header names, whether or not it is enough.
    fn look(names: &[String], options: &ImportOptions) -> Columns {
        let mut columns = Columns { places: [None; COLUMNS.len()], kinds: Vec::with_capacity(names.len()) };
        for (at, name) in names.iter().enumerate() {
            let mapped = options.mappings.iter().find(|m| folded(&m.given) == folded(name) && !name.is_empty());
            let wanted = mapped.map_or_else(|| folded(name), |m| m.column.to_owned());
            let kind = match COLUMNS.iter().position(|c| *c == wanted) {
                Some(column) => Kind::Known(column),
                None if name.is_empty() => Kind::Nameless,
                None if options.ignore_unknown_columns => Kind::Ignored,
                None => Kind::Unknown,
            };
            if let Kind::Known(column) = kind {
                columns.places[column].get_or_insert(at);
            }
            columns.kinds.push(kind);
        }
        columns
    }

    fn missing(&self) -> Vec<&'static str> {
        REQUIRED_COLUMNS.into_iter().filter(|column| self.of(column).is_none()).collect()
    }

    /// Whether a header has all that a file must have.
    pub fn are_enough(names: &[String], options: &ImportOptions) -> bool {
        Columns::look(names, options).missing().is_empty()
    }

    /// # Errors
    /// `BadRequest` when a column is unknown, missing or there twice, with what to do.
    pub fn read(names: &[String], options: &ImportOptions) -> Result<Columns> {
        let columns = Columns::look(names, options);
        let twice = columns.kinds.iter().enumerate().find_map(|(at, kind)| match kind {
            Kind::Known(column) if columns.places[*column] != Some(at) => Some(COLUMNS[*column]),
            _ => None,
        });
        if let Some(column) = twice {
            return Err(refused(format!("The file's header has the column {column} twice.")));
        }
        let strange = |mapping: &&Mapping| !names.iter().any(|n| folded(n) == folded(&mapping.given));
        if let Some(mapping) = options.mappings.iter().find(strange) {
            let given = text::shown(&mapping.given);
            return Err(refused(format!(
                "The file's header has no column “{given}”, which --map names. It has: {}.",
                quoted(names.iter())
            )));
        }
        let unknown: Vec<&String> =
            names.iter().zip(&columns.kinds).filter(|(_, k)| **k == Kind::Unknown).map(|(n, _)| n).collect();
        let missing = columns.missing();
        if unknown.is_empty() && missing.is_empty() {
            return Ok(columns);
        }
        Err(refused(what_to_do(&columns, names, &unknown, &missing)))
    }

    /// Whether it is the export's own header.
    pub fn are_own(&self) -> bool {
        self.kinds.iter().enumerate().all(|(at, kind)| *kind == Kind::Known(at)) && self.kinds.len() == COLUMNS.len()
    }

    pub fn of(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().position(|c| *c == column).and_then(|at| self.places[at])
    }

    /// Which columns have a value in a row.
    pub fn told(&self, record: &StringRecord) -> Told {
        Told::of(self.places.map(|place| place.and_then(|at| record.get(at)).is_some_and(|cell| !cell.is_empty())))
    }

    pub fn count(&self) -> usize {
        self.kinds.len()
    }

    /// Whether a row has a value where no column is: its values have slipped.
    pub fn are_left(&self, record: &ByteRecord) -> bool {
        let has_value = |at: usize| record.get(at).is_some_and(|cell| !cell.is_empty());
        self.kinds.iter().enumerate().any(|(at, kind)| *kind == Kind::Nameless && has_value(at))
            || (self.count()..record.len()).any(has_value)
    }

    /// The column at a place of a row, for messages.
    pub fn name(&self, at: usize) -> &'static str {
        match self.kinds.get(at) {
            Some(Kind::Known(column)) => COLUMNS[*column],
            _ => "row",
        }
    }
}

fn quoted<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.filter(|n| !n.is_empty()).map(|n| format!("“{}”", text::shown(n))).collect();
    names.join(", ")
}

/// What is wrong with a header, and how it can be taken all the same.
fn what_to_do(columns: &Columns, names: &[String], unknown: &[&String], missing: &[&str]) -> String {
    let mut said = String::from("The file's header ");
    if !missing.is_empty() {
        let noun = if missing.len() == 1 { "column" } else { "columns" };
        said.push_str(&format!("lacks the {noun} {}", missing.join(", ")));
    }
    if !unknown.is_empty() {
        let noun = if unknown.len() == 1 { "an unknown column" } else { "unknown columns" };
        let joint = if missing.is_empty() { "" } else { ", and " };
        said.push_str(&format!("{joint}has {noun} {}", quoted(unknown.iter().copied())));
    }
    said.push_str(". ");
    let mut maps: Vec<(&str, String)> = Vec::new();
    for name in unknown {
        let Some(column) = likely_column(name) else { continue };
        if columns.of(column).is_none() && maps.iter().all(|(mapped, _)| *mapped != column) {
            maps.push((column, format!("--map \"{}={column}\"", text::shown(name))));
        }
    }
    if !unknown.is_empty() {
        let maps: Vec<String> = maps.into_iter().map(|(_, map)| map).collect();
        let maps = if maps.is_empty() { "--map \"Their name=guest_name\"".to_owned() } else { maps.join(" ") };
        said.push_str(&format!(
            "Rename them in the file, or say what they are: {maps}. Leave the others out with --ignore-unknown-columns. "
        ));
    }
    if names.len() == 1 {
        said.push_str("Its values may be parted by a sign other than comma, semicolon or tab. ");
    }
    said.push_str(&format!("The columns are: {}.", COLUMNS.join(", ")));
    said
}

/// What parts the values of a file, by its header.
///
/// # Errors
/// `BadRequest` with each reading when the header does not decide it.
pub fn delimiter(first_line: &[u8], options: &ImportOptions) -> Result<u8> {
    if let Some(asked) = options.delimiter {
        return Ok(asked.byte());
    }
    let readings: Vec<(Delimiter, Vec<String>)> = Delimiter::ALL
        .iter()
        .filter(|d| first_line.contains(&d.byte()))
        .map(|d| Ok((*d, split(first_line, *d)?)))
        .collect::<Result<_>>()?;
    let mut enough = readings.iter().filter(|(_, names)| Columns::are_enough(names, options));
    match (enough.next(), enough.next(), readings.as_slice()) {
        (Some((only, _)), None, _) | (None, None, [(only, _)]) => Ok(only.byte()),
        (None, None, []) => Ok(Delimiter::Comma.byte()),
        _ => {
            let told = readings.iter().map(|(d, names)| {
                let shown = names.iter().take(3).map(|n| format!("“{}”", text::shown(n)));
                format!("--delimiter {d} reads its header as {} …", shown.collect::<Vec<_>>().join(" | "))
            });
            let told: Vec<String> = told.collect();
            Err(refused(format!("What parts the values of this file is not clear. Say which it is: {}.", told.join("; "))))
        }
    }
}

/// A header's names with a delimiter.
fn split(line: &[u8], delimiter: Delimiter) -> Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter.byte()).from_reader(line);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record).map_err(unreadable)?;
    names(&record)
}
