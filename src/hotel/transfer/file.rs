//! What a file is before it is rows: text or something else, where its header
//! begins, and on which line an offset lies.

use std::io::Read;

use csv::{Reader, ReaderBuilder, Trim};

use super::refused;
use crate::error::{Error, Result};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A file of text, read whole.
pub struct File {
    bytes: Vec<u8>,
    /// Where the header begins: after a byte order mark, and after a first line
    /// `sep=;`, which Excel writes and reads.
    start: usize,
    /// What that line says.
    pub separator: Option<u8>,
}

impl File {
    /// # Errors
    /// `BadRequest` in words on what the file is, when it is no text of rows.
    pub fn read(mut input: impl Read) -> Result<File> {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(|error| unreadable(error.into()))?;
        if let Some(what) = other_kind(&bytes) {
            return Err(refused(what));
        }
        let mut start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let first = bytes[start..].split(|b| is_break(*b)).next().unwrap_or_default();
        let separator = separator(first);
        if separator.is_some() {
            start += first.len();
        }
        Ok(File { bytes, start, separator })
    }

    /// Reads the rows after the header.
    pub fn reader(&self, delimiter: u8) -> Reader<&[u8]> {
        ReaderBuilder::new().flexible(true).trim(Trim::All).delimiter(delimiter).from_reader(self.rows())
    }

    /// The header and the rows.
    pub fn rows(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// The header's own line, as far as it goes without knowing what quotes it.
    pub fn first_line(&self) -> &[u8] {
        self.rows().split(|b| is_break(*b)).find(|line| !line.is_empty()).unwrap_or_default()
    }

    pub fn lines(&self) -> Lines<'_> {
        Lines { file: self, at: 0, line: 1 }
    }
}

pub fn unreadable(error: csv::Error) -> Error {
    refused(format!("The file cannot be read: {error}."))
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The `;` of a line `sep=;`.
fn separator(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").map_or(line, |rest| rest.strip_suffix(b"\"").unwrap_or(rest));
    match line {
        [s, e, p, b'=', sign] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") && sign.is_ascii() => Some(*sign),
        _ => None,
    }
}

/// Tells on which line of the file a row begins; rows are asked for in their order.
pub struct Lines<'a> {
    file: &'a File,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, counted from 1, of the first row at or after an offset into `rows`:
    /// a reader of rows passes over the breaks before it.
    pub fn of(&mut self, offset: u64) -> u64 {
        let bytes = &self.file.bytes;
        let mut to = usize::try_from(offset).unwrap_or(0) + self.file.start;
        while bytes.get(to).is_some_and(|b| is_break(*b)) {
            to += 1;
        }
        for at in self.at..to {
            let ends = bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            self.line += u64::from(ends);
        }
        self.at = self.at.max(to);
        self.line
    }
}

/// How a spreadsheet program makes a file that can be taken.
const SAVE_AS: &str = "save it there as “CSV UTF-8 (comma delimited)”, and import that file.";

/// What the file is, when it is not text of rows.
fn other_kind(bytes: &[u8]) -> Option<String> {
    let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace());
    let text = |text: &str| Some(text.to_owned());
    match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] if has(b"xl/worksheets") || has(b"xl/workbook") => {
            Some(format!("The file is an Excel workbook (.xlsx), not CSV. Open it in Excel, {SAVE_AS}"))
        }
        [b'P', b'K', 3 | 5, 4 | 6, ..] if has(b"opendocument.spreadsheet") => {
            Some(format!("The file is an OpenDocument spreadsheet (.ods), not CSV. Open it, {SAVE_AS}"))
        }
        [b'P', b'K', 3 | 5, 4 | 6, ..] | [0x1f, 0x8b, ..] => {
            text("The file is a compressed archive, not CSV. Unpack it, and import the CSV file that is in it.")
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(format!("The file is an older Excel workbook (.xls), not CSV. Open it, {SAVE_AS}")),
        [b'%', b'P', b'D', b'F', ..] => text("The file is a PDF, not CSV. Export the bookings as CSV from where they come from."),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(utf_16()),
        _ if bytes.starts_with(b"SQLite format 3\0") => text(
            "The file is a data file, not CSV. To open it as a hotel, name it with --db; a back-up copy is put back by `restore`.",
        ),
        [0, b, ..] | [b, 0, ..] if *b != 0 => Some(utf_16()),
        _ if bytes.contains(&0) => text("The file is not text. It has to be CSV: a header row, and a row for each booking."),
        _ => match first {
            None => text(
                "The file is empty. It has to have a header row, and a row for each booking; \
                 `innkeeper import --template` prints one to begin with.",
            ),
            Some(_) if bytes == BYTE_ORDER_MARK => other_kind(b""),
            Some(b'<') => Some(format!("The file is a web page or XML, not CSV. If Excel opens it, {SAVE_AS}")),
            Some(b'{' | b'[') => text("The file is JSON, not CSV. Export the bookings as CSV from where they come from."),
            Some(_) => None,
        },
    }
}

fn utf_16() -> String {
    format!("The file is UTF-16 text, which Excel calls “Unicode Text”; it has to be UTF-8. Open it in Excel, {SAVE_AS}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        match File::read(bytes) {
            Err(Error::BadRequest(what)) => what.to_string(),
            other => panic!("taken: {:?}", other.map(|f| f.bytes)),
        }
    }

    #[test]
    fn a_file_that_is_no_text_of_rows_is_told_for_what_it_is() {
        let utf_16: Vec<u8> = "guest_name".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [b"\xff\xfe".as_slice(), &utf_16].concat();
        for (bytes, word) in [
            (b"PK\x03\x04....xl/worksheets/sheet1.xml".as_slice(), "Excel workbook (.xlsx)"),
            (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
            (b"PK\x03\x04bookings.csv", "archive"),
            (b"\x1f\x8b\x08", "archive"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
            (b"%PDF-1.7", "PDF"),
            (b"SQLite format 3\0", "data file"),
            (b"guest\0name", "not text"),
            (b"\n<html><table>", "web page"),
            (b" {\"bookings\": []}", "JSON"),
            (b"", "empty"),
            (b"\xef\xbb\xbf", "empty"),
            (b" \r\n\r\n", "empty"),
            (&utf_16, "UTF-16"),
            (&marked, "UTF-16"),
        ] {
            assert!(refused(bytes).contains(word), "{word}: {}", refused(bytes));
        }
    }

    #[test]
    fn the_line_of_a_row_is_the_one_that_an_editor_shows() {
        for text in ["\u{feff}a\r\n\r\n\"b\r\nc\"\r\nd", "a\n\n\"b\nc\"\nd", "sep=;\na\n\n\"c\"\nd", "a\r\r\"b\rc\"\rd"] {
            let file = File::read(text.as_bytes()).expect("text");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file.rows());
            let mut lines = file.lines();
            let seen: Vec<u64> = reader
                .byte_records()
                .map(|record| lines.of(record.expect("record").position().expect("position").byte()))
                .collect();
            let header = if text.starts_with("sep") { 2 } else { 1 };
            let last = u64::try_from(text.replace("\r\n", "\n").replace('\r', "\n").lines().count()).expect("few");
            assert_eq!((seen[0], *seen.last().expect("rows")), (header, last), "{text:?}: {seen:?}");
            assert_eq!(seen.len(), 3, "{text:?}");
        }
    }

    #[test]
    fn the_separator_that_excel_names_is_no_row() {
        let file = File::read(b"sep=;\r\na;b\r\n".as_slice()).expect("text");
        assert_eq!((file.separator, file.first_line()), (Some(b';'), b"a;b".as_slice()));
        let file = File::read(b"separate,b\r\n".as_slice()).expect("text");
        assert_eq!((file.separator, file.first_line()), (None, b"separate,b".as_slice()));
    }
}
