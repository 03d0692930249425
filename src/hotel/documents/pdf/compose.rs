//! A document's blocks as pieces to be laid on sheets: what stands where on a letter and on a list.

use std::rc::Rc;

use super::fonts::Weight;
use super::shaping::{Paragraph, Shaper, Style};
use super::sheets::{Item, Kind, Piece, Sheet, Structure, What};
use super::table::rule;
use crate::domain::wording::{Language, Text, Value, counted, text};
use crate::hotel::documents::blocks::{Block, Code, Colour, Document, Fact, Form, Paper, Picture};
use crate::hotel::documents::code;

pub(super) const INK: Colour = Colour::new(0x1b, 0x23, 0x20);
pub(super) const GREY: Colour = Colour::new(0x4f, 0x59, 0x55);
pub(super) const LINE: Colour = Colour::new(0xd5, 0xd3, 0xcb);

const MM: f32 = 72.0 / 25.4;
/// Where a window envelope shows the address (DIN 5008, form B): who sends it in small type, and the addressee below.
const WINDOW_LEFT: f32 = 25.0 * MM;
const WINDOW_SENDER: f32 = 57.0 * MM;
const WINDOW_ADDRESS: f32 = 62.7 * MM;
const WINDOW_WIDTH: f32 = 80.0 * MM;
const BELOW_WINDOW: f32 = 98.5 * MM;

const fn style(size: f32, weight: Weight, colour: Colour) -> Style {
    Style { size, weight, colour }
}

const BODY: Style = style(9.8, Weight::Regular, INK);
const SMALL: Style = style(7.8, Weight::Regular, GREY);
const FOOT: Style = style(7.2, Weight::Regular, GREY);
const NAME: Style = style(13.0, Weight::Bold, INK);
const TITLE: Style = style(15.0, Weight::Bold, INK);
const HEADING: Style = style(11.0, Weight::Bold, INK);

pub(super) struct Composer<'d, 'f> {
    document: &'d Document,
    pub(super) sheet: Sheet,
    pub(super) shaper: Shaper<'f>,
    pub(super) structure: Structure,
    pub(super) pieces: Vec<Piece>,
}

/// Where a text stands on a piece: at the beginning of its room, or at the end.
#[derive(Clone, Copy)]
struct Spot {
    x: f32,
    y: f32,
    room: f32,
    is_at_end: bool,
}

const fn begins(x: f32, y: f32, room: f32) -> Spot {
    Spot { x, y, room, is_at_end: false }
}

const fn ends(x: f32, y: f32, room: f32) -> Spot {
    Spot { x, y, room, is_at_end: true }
}

/// The paper of a document, on its side for a list that is wide.
pub(super) fn sheet(document: &Document) -> Sheet {
    let (width, height) = match document.paper {
        Paper::A4 => (210.0 * MM, 297.0 * MM),
        Paper::Letter => (612.0, 792.0),
    };
    let is_wide = |block: &Block| matches!(block, Block::Table(table) if table.columns.len() > 7);
    match document.form {
        Form::Letter => Sheet { width, height, side: 20.0 * MM, top: 17.0 * MM, bottom: 20.0 * MM },
        Form::List if document.blocks.iter().any(is_wide) => {
            Sheet { width: height, height: width, side: 14.0 * MM, top: 13.0 * MM, bottom: 17.0 * MM }
        }
        Form::List => Sheet { width, height, side: 14.0 * MM, top: 13.0 * MM, bottom: 17.0 * MM },
    }
}

impl<'d, 'f> Composer<'d, 'f> {
    pub(super) fn new(document: &'d Document, shaper: Shaper<'f>) -> Composer<'d, 'f> {
        let mut composer =
            Composer { document, sheet: sheet(document), shaper, structure: Structure::default(), pieces: Vec::new() };
        // The foot of each page takes its room from all of them.
        composer.sheet.bottom += composer.foot_height();
        composer
    }

    pub(super) fn language(&self) -> Language {
        self.document.language
    }

    pub(super) fn form(&self) -> Form {
        self.document.form
    }

    pub(super) fn room(&self) -> f32 {
        self.sheet.room()
    }

    pub(super) fn depth(&self) -> f32 {
        self.sheet.depth()
    }

    pub(super) fn said(&self, text: &Text) -> String {
        text.in_language(self.language())
    }

    pub(super) fn value(&self, value: &Value) -> String {
        value.in_language(self.language())
    }

    /// Above a block.
    pub(super) fn gap(&self) -> f32 {
        if self.pieces.last().is_some_and(|piece| piece.keeps_next) { 5.0 } else { 12.0 }
    }

    pub(super) fn one(&mut self, words: &str, style: Style) -> Paragraph {
        self.shaper.paragraphs(&words.replace('\n', " "), style).swap_remove(0)
    }

    pub(super) fn lines_of(&mut self, words: &str, style: Style) -> Vec<Rc<Paragraph>> {
        self.shaper.paragraphs(words, style).into_iter().map(Rc::new).collect()
    }

    pub(super) fn compose(&mut self) {
        if self.document.addressee.is_empty() {
            self.head();
        } else {
            self.head_with_window();
        }
        for block in &self.document.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => {
                let words = self.said(text);
                self.prose(&words, HEADING, Kind::Heading(words.clone()), 14.0);
                self.pieces.iter_mut().rev().take(1).for_each(|piece| piece.keeps_next = true);
            }
            Block::Paragraph(text) => {
                let (words, gap) = (self.said(text), self.gap());
                self.prose(&words, BODY, Kind::Paragraph, gap.min(9.0));
            }
            Block::Note(text) => {
                let words = self.said(text);
                self.prose(&words, SMALL, Kind::Note, 7.0);
            }
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::Picture(picture) => self.picture(picture),
            Block::Code(code) => self.code(code),
            Block::Signatures(names) => self.signatures(names),
        }
    }

    /// Words over the whole width, a piece a line; no line of several stands alone on a sheet.
    fn prose(&mut self, words: &str, style: Style, kind: Kind, gap: f32) {
        let node = self.structure.root(kind);
        let width = self.room().min(style.size * 52.0);
        let lines: Vec<_> = self
            .lines_of(words, style)
            .into_iter()
            .flat_map(|words| words.lines(width).into_iter().map(move |line| (words.clone(), line)))
            .collect();
        let count = lines.len();
        for (at, (words, line)) in lines.into_iter().enumerate() {
            let part = Some(self.structure.part(node));
            let item = Item { x: 0.0, y: 0.0, width: words.drawn(&line).1, what: What::Line(words, line), part };
            let keeps_next = (at == 0 && count > 1) || at + 2 == count;
            let gap = if at == 0 { gap } else { 0.0 };
            self.pieces.push(Piece { gap, height: style.line_height(), items: vec![item], keeps_next, head: None });
        }
    }

    /// A text at a spot of a piece; how high it is.
    fn stand(&mut self, items: &mut Vec<Item>, words: &str, style: Style, spot: Spot, kind: Kind) -> f32 {
        if words.is_empty() {
            return 0.0;
        }
        let node = self.structure.root(kind);
        self.stand_in(items, words, style, spot, Some(node))
    }

    fn stand_in(&mut self, items: &mut Vec<Item>, words: &str, style: Style, spot: Spot, node: Option<usize>) -> f32 {
        let mut y = spot.y;
        for words in self.lines_of(words, style) {
            for line in words.lines(spot.room) {
                let width = words.drawn(&line).1;
                let x = if spot.is_at_end { spot.x + spot.room - width } else { spot.x };
                let part = node.map(|node| self.structure.part(node));
                items.push(Item { x, y, width, what: What::Line(words.clone(), line), part });
                y += style.line_height();
            }
        }
        y - spot.y
    }

    fn contact(&self) -> String {
        let hotel = &self.document.hotel;
        [hotel.phone.as_str(), &hotel.email].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn number(&self) -> String {
        self.value(&self.document.number)
    }

    /// Empty where it does not tell.
    fn made_on(&self) -> String {
        if !self.document.has_print_date {
            return String::new();
        }
        self.said(&text!("Printed on {date}", date = Value::DateInFull(self.document.made_on)))
    }

    fn title(&self) -> String {
        self.said(&self.document.title)
    }

    /// Whose document it is, and what it is beside that.
    fn head(&mut self) {
        let document = self.document;
        let (mut items, room) = (Vec::new(), self.room());
        let width = room * 0.52;
        let mut y = self.logo(&mut items, 0.0, width);
        y += self.stand(&mut items, &document.hotel.name, NAME, begins(0.0, y, width), Kind::Paragraph);
        y += self.stand(&mut items, &document.hotel.address, BODY, begins(0.0, y, width), Kind::Paragraph);
        let contact = self.contact();
        y += self.stand(&mut items, &contact, BODY, begins(0.0, y, width), Kind::Paragraph);
        let (x, width) = (room * 0.54, room * 0.46);
        let (title, number, made_on) = (self.title(), self.number(), self.made_on());
        let mut end = self.stand(&mut items, &title, TITLE, ends(x, 0.0, width), Kind::Title(title.clone()));
        end += self.stand(&mut items, &number, Style { colour: GREY, ..BODY }, ends(x, end, width), Kind::Paragraph);
        end += self.stand(&mut items, &made_on, SMALL, ends(x, end, width), Kind::Paragraph);
        let height = y.max(end) + 8.0;
        items.push(rule(0.0, height, room, 1.5, document.colour));
        self.pieces.push(Piece { height: height + 1.5, items, ..Piece::default() });
    }

    /// The head of a letter that is sent in a window envelope.
    fn head_with_window(&mut self) {
        let document = self.document;
        let (mut items, room, top) = (Vec::new(), self.room(), self.sheet.top);
        let hotel = &document.hotel;
        self.logo(&mut items, 0.0, room * 0.45);
        let (x, width) = (room * 0.5, room * 0.5);
        let mut y = self.stand(&mut items, &hotel.name, NAME, ends(x, 0.0, width), Kind::Paragraph);
        y += self.stand(&mut items, &hotel.address, SMALL, ends(x, y, width), Kind::Paragraph);
        let contact = self.contact();
        y += self.stand(&mut items, &contact, SMALL, ends(x, y, width), Kind::Paragraph);
        items.push(rule(0.0, y + 6.0, room, 1.5, document.colour));
        let left = WINDOW_LEFT - self.sheet.side;
        let address = hotel.address.lines().map(str::trim).filter(|line| !line.is_empty());
        let sender = std::iter::once(hotel.name.as_str()).chain(address).collect::<Vec<_>>().join(" · ");
        let sender_style = Style { size: 6.6, ..SMALL };
        // Who sends it stands there for the post only: it has been said.
        self.stand_in(&mut items, &sender, sender_style, begins(left, WINDOW_SENDER - top, WINDOW_WIDTH), None);
        let addressee = document.addressee.join("\n");
        let at = begins(left, (WINDOW_ADDRESS - top).max(y + 20.0), WINDOW_WIDTH);
        let style = Style { size: 10.5, ..BODY };
        let high = self.stand(&mut items, &addressee, style, at, Kind::Paragraph);
        let mut y = (BELOW_WINDOW - top).max(at.y + high + 16.0);
        let (title, number, made_on) = (self.title(), self.number(), self.made_on());
        let half = room * 0.5;
        let high = self.stand(&mut items, &title, TITLE, begins(0.0, y, half), Kind::Title(title.clone()));
        let mut end = y;
        end += self.stand(&mut items, &number, BODY, ends(half, end, half), Kind::Paragraph);
        end += self.stand(&mut items, &made_on, SMALL, ends(half, end, half), Kind::Paragraph);
        y = (y + high).max(end);
        self.pieces.push(Piece { height: y, items, ..Piece::default() });
    }

    fn logo(&mut self, items: &mut Vec<Item>, x: f32, room: f32) -> f32 {
        let Some(logo) = &self.document.hotel.logo else { return 0.0 };
        let Some((width, height)) = fitted(logo, room.min(60.0 * MM), 16.0 * MM) else { return 0.0 };
        let node = self.structure.root(Kind::Figure(self.said(&logo.description)));
        let part = Some(self.structure.part(node));
        items.push(Item { x, y: 0.0, width, what: What::Picture(Rc::new(logo.clone()), height), part });
        height + 5.0
    }

    fn picture(&mut self, picture: &Picture) {
        let Some((width, height)) = fitted(picture, self.room(), self.depth() * 0.5) else { return };
        let node = self.structure.root(Kind::Figure(self.said(&picture.description)));
        let part = Some(self.structure.part(node));
        let item = Item { x: 0.0, y: 0.0, width, what: What::Picture(Rc::new(picture.clone()), height), part };
        self.pieces.push(Piece { gap: 12.0, height, items: vec![item], ..Piece::default() });
    }

    /// The code, and beside it what it is for.
    fn code(&mut self, code: &Code) {
        let Some(drawing) = code::drawing(&code.payload) else {
            log::warn!("a code has more to say than fits into one; it is left out");
            return;
        };
        let side = 28.0 * MM;
        let caption = self.said(&code.caption);
        let node = self.structure.root(Kind::Figure(caption.clone()));
        let part = Some(self.structure.part(node));
        let mut items = vec![Item { x: 0.0, y: 0.0, width: side, what: What::Code(Rc::new(drawing)), part }];
        let x = side + 12.0;
        let room = self.room() - x;
        let high = self.stand(&mut items, &caption, BODY, begins(x, 0.0, room), Kind::Paragraph);
        self.pieces.push(Piece { gap: 14.0, height: side.max(high), items, ..Piece::default() });
    }

    /// Two facts a row; one that needs a line of its own has it.
    fn facts(&mut self, facts: &[Fact]) {
        let list = self.structure.root(Kind::Facts);
        let gutter = 22.0;
        let half = (self.room() - gutter) / 2.0;
        let mut gap = self.gap();
        let mut rest = facts;
        while let Some((first, others)) = rest.split_first() {
            let second = others.first().filter(|second| !first.is_long && !second.is_long);
            rest = if second.is_some() { &others[1..] } else { others };
            let mut items = Vec::new();
            let width = if first.is_long { self.room() } else { half };
            let mut height = self.fact(&mut items, list, first, 0.0, width);
            if let Some(second) = second {
                height = height.max(self.fact(&mut items, list, second, half + gutter, half));
            }
            items.push(rule(0.0, height, width, 0.5, LINE));
            items.extend(second.map(|_| rule(half + gutter, height, half, 0.5, LINE)));
            self.pieces.push(Piece { gap, height: height + 0.5, items, ..Piece::default() });
            gap = 4.0;
        }
    }

    fn fact(&mut self, items: &mut Vec<Item>, list: usize, fact: &Fact, x: f32, room: f32) -> f32 {
        let node = self.structure.below(list, Kind::Fact);
        let (label, body) = (self.structure.below(node, Kind::Label), self.structure.below(node, Kind::Value));
        let words = self.said(&fact.label);
        let top = self.stand_in(items, &words, SMALL, begins(x, 0.0, room), Some(label));
        let value = fact.value.as_ref().map(|value| self.value(value)).unwrap_or_default();
        let high = match value.as_str() {
            "" => 0.0,
            value => self.stand_in(items, value, BODY, begins(x, top, room), Some(body)),
        };
        let least = if fact.is_long && value.is_empty() { 26.0 } else { 16.0 };
        top + high.max(least) + 1.5
    }

    fn signatures(&mut self, names: &[Text]) {
        let gutter = 22.0;
        let half = (self.room() - gutter) / 2.0;
        for pair in names.chunks(2) {
            let (mut items, mut height) = (Vec::new(), 0.0_f32);
            for (at, name) in pair.iter().enumerate() {
                let x = if at == 0 { 0.0 } else { half + gutter };
                items.push(rule(x, 46.0, half, 0.7, INK));
                let words = self.said(name);
                height = height.max(self.stand(&mut items, &words, SMALL, begins(x, 49.0, half), Kind::Paragraph));
            }
            self.pieces.push(Piece { gap: 12.0, height: height + 49.0, items, ..Piece::default() });
        }
    }

    /// What cannot be printed is told, and what to do about it.
    pub(super) fn tell_missing(&mut self) {
        if self.shaper.missing.is_empty() {
            return;
        }
        let letters = counted!(self.shaper.missing.len(), "{count} character", "{count} characters");
        let note = text!(
            "{letters} could not be printed, because this machine has no font for them; � stands in their place. Put such a font into a folder “fonts” beside the data file, and start Innkeeper again.",
            letters
        );
        let words = self.said(&note);
        self.prose(&words, SMALL, Kind::Note, 14.0);
    }

    fn foot_height(&mut self) -> f32 {
        let foot = &self.document.hotel.foot;
        let width = self.room() / foot.len().max(1) as f32 - 10.0;
        let mut items = Vec::new();
        let texts: Vec<String> = foot.clone();
        texts.iter().map(|words| self.stand_in(&mut items, words, FOOT, begins(0.0, 0.0, width), None)).fold(0.0, f32::max)
    }

    /// What stands at the foot of a page, from the sheet's upper edge.
    pub(super) fn foot(&mut self, page: usize, pages: usize) -> Vec<Item> {
        let document = self.document;
        let (mut items, room) = (Vec::new(), self.room());
        let top = self.sheet.height - self.sheet.bottom + 14.0;
        items.push(rule(0.0, top - 4.0, room, 0.5, LINE));
        let count = document.hotel.foot.len().max(1);
        let mut high = 0.0_f32;
        for (at, words) in document.hotel.foot.iter().enumerate() {
            let width = room / count as f32;
            let x = width * at as f32;
            high = high.max(self.stand_in(&mut items, words, FOOT, begins(x, top, width - 10.0), None));
        }
        let y = top + high;
        let name = format!("{} {}", self.title(), self.number());
        self.stand_in(&mut items, &name, FOOT, begins(0.0, y, room * 0.7), None);
        // In a language that the program does not speak, two numbers say it.
        let said = match document.tag {
            Some(_) => format!("{page} / {pages}"),
            None => self.said(&text!("Page {page} of {pages}", page, pages)),
        };
        self.stand_in(&mut items, &said, FOOT, ends(room * 0.7, y, room * 0.3), None);
        items
    }
}

/// As large as a picture is at 150 dots an inch, and no larger than there is room.
fn fitted(picture: &Picture, width: f32, height: f32) -> Option<(f32, f32)> {
    let (across, down) = super::image(picture)?.size();
    let (across, down) = (across as f32 * 72.0 / 150.0, down as f32 * 72.0 / 150.0);
    let scale = (width / across).min(height / down).min(1.0);
    Some((across * scale, down * scale))
}
