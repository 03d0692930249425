//! What a document is made of, whatever is written of it: words and values that wait for their
//! language, in a few kinds of blocks. Knows nothing of paper, pages or markup.

use std::sync::Arc;

use crate::domain::date::Date;
use crate::domain::wording::{Language, Text, Value};
use crate::hotel::settings::Property;

pub struct Document {
    pub title: Text,
    /// What tells it from others with its title: a booking's number, a list's date.
    pub number: Value,
    pub language: Language,
    /// Of words that came with it, where that is none that the program speaks; `language` is the writer's then.
    pub tag: Option<&'static str>,
    pub form: Form,
    pub paper: Paper,
    pub hotel: Letterhead,
    /// Who it is sent to, a line each, where a window envelope shows it; empty for a document that is handed over.
    pub addressee: Vec<String>,
    pub colour: Colour,
    pub made_on: Date,
    /// Whether it tells that it was printed on that day: what is the same whenever it is printed does not.
    pub has_print_date: bool,
    pub blocks: Vec<Block>,
    /// What a file of it carries inside.
    pub attachments: Vec<Attachment>,
}

/// A file inside the file: an invoice for programs beside the one for people.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    pub media_type: &'static str,
    /// What it is.
    pub description: Text,
    pub bytes: Vec<u8>,
}

/// What it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To be read, signed, kept.
    Letter,
    /// Many rows to work through.
    List,
}

/// What lies in the printer's tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A4,
    Letter,
}

/// Of the lines that set a document off: the hotel's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

/// Whose document it is.
pub struct Letterhead {
    pub name: String,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub logo: Option<Picture>,
    /// What stands at the foot of each page, side by side: the company, its register, its bank. Each may have lines.
    pub foot: Vec<String>,
}

/// A picture in a file's bytes.
#[derive(Debug, Clone)]
pub struct Picture {
    pub kind: PictureKind,
    pub bytes: Arc<Vec<u8>>,
    /// What it shows, for those who do not see it.
    pub description: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    Png,
    Jpeg,
}

/// What a phone reads from the paper (a QR code), and what people read beside it.
pub struct Code {
    pub payload: String,
    pub caption: Text,
}

pub enum Block {
    Heading(Text),
    Paragraph(Text),
    /// In small type: terms, what the law wants said.
    Note(Text),
    Picture(Picture),
    Code(Code),
    Facts(Vec<Fact>),
    Table(Table),
    /// Where people sign, and what stands below each line.
    Signatures(Vec<Text>),
}

/// A label and what stands for it.
pub struct Fact {
    pub label: Text,
    /// `None` is left open, to be written by hand.
    pub value: Option<Value>,
    /// It needs a line of its own.
    pub is_long: bool,
}

pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub sums: Vec<Sum>,
}

pub struct Column {
    pub head: Text,
    pub kind: ColumnKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Words,
    /// Words that stay on one line, such as dates.
    Tight,
    Numbers,
}

/// What stands in a row, in lines one under another.
pub enum Cell {
    /// What its row is about.
    Name(Vec<Value>),
    Lines(Vec<Value>),
    /// To be ticked by hand.
    Box,
}

/// A line below a table's rows.
pub struct Sum {
    pub label: Text,
    pub amount: Value,
}

impl Document {
    pub fn new(property: &Property, language: Language, form: Form, title: Text, number: Value) -> Document {
        let hotel = Letterhead {
            name: property.name.clone(),
            address: property.address.clone(),
            phone: property.phone.clone(),
            email: property.email.clone(),
            logo: None,
            foot: Vec::new(),
        };
        Document {
            title,
            number,
            language,
            tag: None,
            form,
            paper: Paper::of_locale(&property.locale),
            hotel,
            addressee: Vec::new(),
            colour: Colour::HOUSE,
            made_on: property.business_date,
            has_print_date: true,
            blocks: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// The tag of the language that most of its words are in.
    pub fn tag(&self) -> &'static str {
        self.tag.unwrap_or(self.language.tag())
    }
}

impl Paper {
    /// What lies in the trays of a locale's country.
    pub fn of_locale(locale: &str) -> Paper {
        let country = locale.rsplit('-').next().unwrap_or("");
        match country {
            "US" | "CA" | "MX" | "PH" | "CO" | "CL" | "CR" => Paper::Letter,
            _ => Paper::A4,
        }
    }
}

impl Colour {
    /// Where the hotel has none of its own.
    pub const HOUSE: Colour = Colour::new(0x1f, 0x5c, 0x4d);

    pub const fn new(red: u8, green: u8, blue: u8) -> Colour {
        Colour { red, green, blue }
    }

    /// `#1f5c4d`.
    pub fn hexadecimal(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl PictureKind {
    /// What a file says that it is in its first bytes; none for anything else.
    pub fn of(bytes: &[u8]) -> Option<PictureKind> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(PictureKind::Png),
            [0xff, 0xd8, 0xff, ..] => Some(PictureKind::Jpeg),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            PictureKind::Png => "image/png",
            PictureKind::Jpeg => "image/jpeg",
        }
    }
}

impl Fact {
    pub fn of(label: Text, value: impl Into<Value>) -> Fact {
        Fact { label, value: Some(value.into()), is_long: false }
    }

    /// A fact that is left open where nothing is known.
    pub fn known(label: Text, value: Option<Value>) -> Fact {
        Fact { label, value, is_long: false }
    }

    pub fn long(self) -> Fact {
        Fact { is_long: true, ..self }
    }
}

impl Column {
    pub fn words(head: Text) -> Column {
        Column { head, kind: ColumnKind::Words }
    }

    pub fn tight(head: Text) -> Column {
        Column { head, kind: ColumnKind::Tight }
    }

    pub fn numbers(head: Text) -> Column {
        Column { head, kind: ColumnKind::Numbers }
    }
}

impl Cell {
    pub fn of(value: impl Into<Value>) -> Cell {
        Cell::Lines(vec![value.into()])
    }

    /// As many lines as are known, or none.
    pub fn known<const N: usize>(lines: [Option<Value>; N]) -> Cell {
        Cell::Lines(lines.into_iter().flatten().collect())
    }
}

/// What somebody typed, where it says something.
pub fn typed(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

/// The parts that are known, with commas between them.
pub fn joined<const N: usize>(parts: [Option<Value>; N]) -> Option<Value> {
    let known: Vec<Value> = parts.into_iter().flatten().collect();
    (!known.is_empty()).then_some(Value::List(known))
}
