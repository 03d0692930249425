//! What the written files hold, read back: texts by the fonts' own maps, pages, tags, attachments. With
//! the faces in the executable alone, so that every machine sees the same; `tests/pdf/run` looks at other scripts.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use flate2::read::ZlibDecoder;

use super::fonts::{Fonts, Weight};
use super::shaping::{Shaper, Style};
use super::table::{Wish, places};
use super::{Written, write};
use crate::domain::wording::{Language, Text, Value};
use crate::hotel::documents::blocks::*;

/// The bytes of each stream, unpacked, with the dictionary before it.
fn streams(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
    let (mut rest, mut found) = (file, Vec::new());
    while let Some(at) = find(rest, b"stream\n").or_else(|| find(rest, b"stream\r\n")) {
        let before = &rest[..at];
        let dictionary = before.windows(4).rposition(|window| window == b" obj").map_or(0, |at| at + 4);
        let head = String::from_utf8_lossy(&before[dictionary..]).into_owned();
        let body = &rest[at + 7..];
        let end = find(body, b"endstream").expect("an end");
        let mut plain = Vec::new();
        match head.contains("FlateDecode") {
            true => _ = ZlibDecoder::new(&body[..end]).read_to_end(&mut plain).expect("a packed stream"),
            false => plain.extend(&body[..end]),
        }
        found.push((head, plain));
        rest = &body[end + 9..];
    }
    found
}

/// What the maps of all fonts say that codes mean; in these documents each code means one thing in one font.
fn meanings(file: &[u8]) -> Vec<HashMap<String, String>> {
    let maps = streams(file).into_iter().filter(|(_, body)| body.windows(11).any(|part| part == b"begincodesp"));
    let letters = |code: &str| {
        let units: Vec<u16> =
            (0..code.len() / 4).map(|at| u16::from_str_radix(&code[at * 4..at * 4 + 4], 16).expect("hex")).collect();
        String::from_utf16(&units).expect("letters")
    };
    let map = |body: Vec<u8>| {
        let text = String::from_utf8_lossy(&body).into_owned();
        let lines = text.lines().filter_map(|line| line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <"));
        lines.map(|(code, meaning)| (code.to_lowercase(), letters(meaning))).collect()
    };
    maps.map(|(_, body)| map(body)).collect()
}

struct Made {
    written: Written,
    file: String,
}

impl Made {
    fn has(&self, what: &str) -> bool {
        self.file.contains(what)
    }

    fn count(&self, what: &str) -> usize {
        self.file.matches(what).count()
    }

    /// Every letter that is drawn on any page, without what stands between them.
    fn letters(&self) -> String {
        let maps = meanings(&self.written.bytes);
        maps.iter().flat_map(|map| map.values()).map(String::as_str).collect()
    }
}

fn made(document: &Document) -> Made {
    let written = write(document, &Fonts::new(Vec::new(), false)).expect("a file");
    let mut file = String::from_utf8_lossy(&written.bytes).into_owned();
    // Objects may lie packed in streams.
    for (head, body) in streams(&written.bytes) {
        if head.contains("/ObjStm") || head.contains("XML") {
            file.push_str(&String::from_utf8_lossy(&body));
        }
    }
    Made { written, file }
}

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: Text::as_it_is("Receipt"),
        number: "ABC123".into(),
        language: Language::English,
        form: Form::Letter,
        paper: Paper::A4,
        hotel: Letterhead {
            name: "Hotel Größe".into(),
            address: "Αθήνα 1\nМосква".into(),
            phone: "+49 1".into(),
            email: String::new(),
            logo: None,
            foot: Vec::new(),
        },
        addressee: Vec::new(),
        colour: Colour::HOUSE,
        made_on: "2025-11-10".parse().expect("a date"),
        has_print_date: true,
        tag: None,
        blocks,
        attachments: Vec::new(),
    }
}

fn lines(count: usize) -> Block {
    let row = |at: usize| vec![Cell::of("3 May 2024"), Cell::of(format!("Night {at}")), Cell::of("EUR 100.00")];
    let head = |words: &str| Text::as_it_is(words);
    Block::Table(Table {
        columns: vec![Column::tight(head("Date")), Column::words(head("Description")), Column::numbers(head("Amount"))],
        rows: (1..=count).map(row).collect(),
        sums: ["Net", "VAT", "Total"].map(|words| Sum { label: head(words), amount: "EUR 12,000.00".into() }).into(),
    })
}

#[test]
fn a_file_is_for_archives_and_for_ears_and_the_same_each_time() {
    let blocks =
        || vec![Block::Heading(Text::as_it_is("Payments")), Block::Paragraph(Text::as_it_is("Ünïcode: Ж Ω ẵ ₫")), lines(3)];
    let file = made(&document(blocks()));
    assert!(file.written.bytes.starts_with(b"%PDF-1.7") && file.written.missing == 0);
    for said in [
        "<pdfaid:part>3",
        "<pdfaid:conformance>A",
        "<pdfuaid:part>1",
        "/Lang(en)",
        "/S/H1",
        "/S/H2",
        "/S/Table",
        "/S/TH",
        "/S/TFoot",
        "/Title(Receipt ABC123)",
        "/Marked true",
    ] {
        assert!(file.has(said) || file.has(&said.replace('/', " /")), "no {said}");
    }
    for letter in "ЖΩẵ₫ßΑθή".chars() {
        assert!(file.letters().contains(letter), "{letter}");
    }
    assert!(file.written.bytes == made(&document(blocks())).written.bytes);
}

#[test]
fn a_hundred_and_twenty_lines_are_three_pages() {
    let file = made(&document(vec![lines(120)]));
    assert_eq!(file.written.pages, 3);
    assert_eq!(file.count("/Type/Page/") + file.count("/Type/Page\n") + file.count("/Type /Page\n"), 3);
    assert_eq!(made(&document(vec![lines(10)])).written.pages, 1);
}

#[test]
fn an_attachment_lies_in_the_file_whole() {
    let xml = b"<Invoice>\xc3\xa9</Invoice>".repeat(20);
    let invoice = Attachment {
        name: "invoice.xml".into(),
        media_type: "text/xml",
        description: Text::as_it_is("The invoice for programs"),
        bytes: xml.clone(),
    };
    let mut letter = document(vec![lines(1)]);
    letter.attachments.push(invoice);
    let file = made(&letter);
    assert!(streams(&file.written.bytes).iter().any(|(_, body)| *body == xml));
    assert!(file.has("invoice.xml") && file.has("AFRelationship"), "{}", file.file);
}

#[test]
fn a_letter_that_no_face_has_is_told() {
    let file = made(&document(vec![Block::Paragraph(Text::as_it_is("中 and \u{e000}"))]));
    assert_eq!(file.written.missing, 2, "a private letter stands for nothing that a face could have");
    assert!(file.has("<pdfaid:part>3"), "it is a good file all the same");
    assert!(file.letters().contains('\u{fffd}'));
}

#[test]
fn pictures_codes_and_a_window_are_drawn() {
    let dot = PICTURE.to_vec();
    assert_eq!((PictureKind::of(&dot), PictureKind::of(b"GIF89a")), (Some(PictureKind::Png), None));
    let picture =
        |bytes: Vec<u8>| Picture { kind: PictureKind::Png, bytes: Arc::new(bytes), description: Text::as_it_is("A dot") };
    let code = Code { payload: "BCD\n002".into(), caption: Text::as_it_is("Pay by phone") };
    let mut letter =
        document(vec![Block::Picture(picture(dot.clone())), Block::Code(code), Block::Note(Text::as_it_is("Terms"))]);
    letter.hotel.logo = Some(picture(dot));
    letter.hotel.foot = vec!["Hotel Ltd\nRegister 1".into(), "IBAN DE12".into()];
    letter.addressee = vec!["Ana Sousa".into(), "Rua Nova 1".into()];
    let file = made(&letter);
    assert_eq!(file.count("/S/Figure") + file.count("/S /Figure"), 3, "logo, picture and code");
    assert!(file.has("A dot") && file.has("Pay by phone"));
    letter.blocks = vec![Block::Picture(picture(b"no picture".to_vec()))];
    letter.hotel.logo = None;
    assert_eq!(made(&letter).written.pages, 1, "what is no picture is left out");
}

/// A PNG of one red pixel.
#[rustfmt::skip]
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00,
    0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0xc9, 0xfe, 0x92, 0xef, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

const BODY: Style = Style { size: 10.0, weight: Weight::Regular, colour: Colour::HOUSE };

/// The lines of a text in a width, as they are read.
fn broken(text: &str, width: f32) -> Vec<String> {
    let fonts = Fonts::new(Vec::new(), false);
    let paragraphs = Shaper::new(&fonts).paragraphs(text, BODY);
    let lines = paragraphs.iter().flat_map(|words| words.lines(width).into_iter().map(|line| words.text[line].to_owned()));
    lines.collect()
}

#[test]
fn lines_end_between_words_and_in_need_inside_them() {
    assert_eq!(broken("Night of 3 May", 200.0), ["Night of 3 May"]);
    assert_eq!(broken("Night of 3 May", 50.0), ["Night of 3", "May"]);
    assert_eq!(broken("one\ntwo", 200.0), ["one", "two"]);
    assert_eq!(broken("", 50.0).len(), 1);
    let parted = broken("Donaudampfschifffahrt ok", 40.0);
    assert!(parted.len() > 2 && parted.concat().replace(' ', "") == "Donaudampfschifffahrtok", "{parted:?}");
    for width in 1..60 {
        let joined = broken("EUR 1,234.50 für Größe, ok", width as f32).join("");
        assert_eq!(joined.replace(' ', ""), "EUR1,234.50fürGröße,ok", "nothing is lost at {width}");
    }
}

/// The letters of a line in the order in which they are drawn from left to right.
fn drawn(text: &str) -> String {
    let fonts = Fonts::new(Vec::new(), false);
    let words = Shaper::new(&fonts).paragraphs(text, BODY).swap_remove(0);
    let line = 0..words.text.len();
    let (runs, width) = words.drawn(&line);
    assert!((width - words.width()).abs() < 0.01);
    let letters = runs.iter().flat_map(|run| &run.glyphs).map(|glyph| &words.text[glyph.text_range.clone()]).collect::<String>();
    letters.replace(['\u{202c}', '\u{202d}', '\u{202e}'], "")
}

/// No face is needed to order: marks of direction do it with Latin letters.
#[test]
fn what_is_written_from_the_right_is_drawn_from_the_right() {
    assert_eq!(drawn("Room 12"), "Room 12");
    assert_eq!(drawn("to \u{202e}abc\u{202c} end"), "to cba end");
    assert_eq!(drawn("\u{202e}abc 12 def\u{202c}"), "fed 21 cba");
    assert_eq!(drawn("\u{202e}abc \u{202d}12 x\u{202c} def\u{202c}"), "fed 12 x cba", "and what stands inside it from the left");
}

#[test]
fn columns_share_the_width_by_what_they_need() {
    use ColumnKind::{Numbers, Tight, Words};
    let wish = |least: f32, most: f32, kind| Wish { least, most, kind };
    let widths = |wishes: &[Wish], room: f32| places(wishes, room).iter().map(|place| place.width.round()).collect::<Vec<_>>();
    // Numbers have more room after them, the last column has nothing.
    let bill = [wish(20.0, 50.0, Tight), wish(30.0, 100.0, Words), wish(40.0, 60.0, Numbers)];
    assert_eq!(widths(&bill, 318.0), [50.0, 190.0, 60.0], "what is left goes to the words");
    assert_eq!(widths(&bill, 178.0), [50.0, 50.0, 60.0], "words are broken, dates and amounts are not");
    let narrow = widths(&bill, 118.0);
    assert!(narrow.iter().sum::<f32>() <= 101.0 && narrow[1] >= 30.0, "{narrow:?}");
    assert_eq!(places(&bill, 318.0)[2].x, 258.0, "the last ends at the edge");
    assert!(widths(&bill, 60.0).iter().sum::<f32>() <= 43.0, "even where there is no room at all");
}

#[test]
fn a_row_that_is_higher_than_a_sheet_is_parted_between_lines() {
    let note = (0..400).map(|at| format!("word{at} ")).collect::<String>();
    let words = |text: &str| Column::words(Text::as_it_is(text));
    let table = Table {
        columns: vec![words("Guest"), words("Notes")],
        rows: vec![vec![Cell::Name(vec![Value::from("Ana")]), Cell::of(note.repeat(4))]],
        sums: Vec::new(),
    };
    let file = made(&document(vec![Block::Table(table)]));
    assert!(file.written.pages > 1, "{}", file.written.pages);
}

#[test]
fn long_lists_lie_on_their_side_and_letters_on_the_paper_of_their_country() {
    let mut list = document(vec![lines(1)]);
    assert!(made(&list).has("595.2"));
    list.paper = Paper::of_locale("en-US");
    assert!(made(&list).has("612"));
    assert_eq!(Paper::of_locale("de-DE"), Paper::A4);
}
