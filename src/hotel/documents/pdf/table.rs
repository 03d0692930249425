//! Tables: how wide each column is, and a piece a row. A head is repeated on each sheet, sums stay together
//! and with the row above them.

use std::rc::Rc;

use super::compose::{Composer, GREY, INK, LINE};
use super::fonts::Weight;
use super::shaping::{Paragraph, Style};
use super::sheets::{Item, Kind, Piece, What};
use crate::hotel::documents::blocks::{Cell, ColumnKind, Form, Sum, Table};

/// Between columns, and after one whose numbers end at its edge.
const GUTTER: f32 = 9.0;
const AFTER_NUMBERS: f32 = 16.0;
/// Rows from which on a table is written closer, so that a long stay is three sheets and not five.
const MANY_ROWS: usize = 40;
/// Nothing is written smaller.
const SMALLEST: f32 = 5.6;
/// The least that is left to write into by hand.
const BLANK_WIDTH: f32 = 96.0;
const BLANK_HEIGHT: f32 = 16.0;
const BOX_SIDE: f32 = 9.5;
/// Rows that are measured for the widths of the columns: a list of thousands looks like its first hundreds.
const MEASURED_ROWS: usize = 500;

/// A cell, shaped.
enum Shaped {
    Lines(Vec<Rc<Paragraph>>, Kind),
    Box,
}

struct ShapedTable {
    heads: Vec<Rc<Paragraph>>,
    rows: Vec<Vec<Shaped>>,
    sums: Vec<(Rc<Paragraph>, Rc<Paragraph>)>,
    wishes: Vec<Wish>,
}

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub x: f32,
    pub width: f32,
    pub kind: ColumnKind,
}

/// How closely a table is written.
#[derive(Debug, Clone, Copy)]
struct Density {
    size: f32,
    /// Above and below what stands in a row.
    padding: f32,
}

impl Density {
    fn of(form: Form, rows: usize) -> Density {
        match form {
            Form::List => Density { size: 8.5, padding: 3.2 },
            Form::Letter if rows < MANY_ROWS => Density { size: 9.5, padding: 3.2 },
            Form::Letter => Density { size: 8.6, padding: 1.0 },
        }
    }
}

/// What a column asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wish {
    /// Its widest word.
    pub least: f32,
    /// Its widest line.
    pub most: f32,
    pub kind: ColumnKind,
}

impl Wish {
    /// What it needs so that no date, amount or word is broken.
    fn firm(&self) -> f32 {
        if self.kind == ColumnKind::Words { self.least } else { self.most }
    }
}

/// The places of columns that share a width. What must stay on one line gets its room first; what is left goes to the
/// words, to each by what it would fill.
pub(super) fn places(wishes: &[Wish], room: f32) -> Vec<Place> {
    let after = |kind: ColumnKind| if kind == ColumnKind::Numbers { AFTER_NUMBERS } else { GUTTER };
    let gutters: f32 = wishes.iter().take(wishes.len().max(1) - 1).map(|wish| after(wish.kind)).sum();
    let room = (room - gutters).max(1.0);
    let all = |of: fn(&Wish) -> f32| wishes.iter().map(of).sum::<f32>();
    let (most, kept, least) = (all(|w| w.most), wishes.iter().map(Wish::firm).sum::<f32>(), all(|w| w.least));
    let spread = |from: f32, to: f32| if to > from { ((room - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
    let words: f32 = wishes.iter().filter(|wish| wish.kind == ColumnKind::Words).map(|wish| wish.most.max(1.0)).sum();
    let width = |wish: &Wish| {
        if most <= room {
            let share = if words > 0.0 && wish.kind == ColumnKind::Words { wish.most.max(1.0) / words } else { 0.0 };
            let even = if words > 0.0 { 0.0 } else { (room - most) / wishes.len() as f32 };
            return wish.most + share * (room - most) + even;
        }
        if kept <= room {
            return wish.firm() + (wish.most - wish.firm()) * spread(kept, most);
        }
        if least <= room {
            return wish.least + (wish.firm() - wish.least) * spread(least, kept);
        }
        wish.least * room / least
    };
    let mut x = 0.0;
    let place = |wish: &Wish| {
        let place = Place { x, width: width(wish), kind: wish.kind };
        x += place.width + after(wish.kind);
        place
    };
    wishes.iter().map(place).collect()
}

impl Composer<'_, '_> {
    pub(super) fn table(&mut self, table: &Table) {
        let mut density = Density::of(self.form(), table.rows.len());
        let mut shaped = self.shape(table, density.size);
        // Many columns of numbers are written smaller before any of them is broken.
        let gutters = AFTER_NUMBERS * table.columns.len() as f32;
        let needed: f32 = shaped.wishes.iter().map(Wish::firm).sum();
        let room = self.room() - gutters;
        if needed > room {
            density.size *= (room / needed).max(SMALLEST / density.size);
            shaped = self.shape(table, density.size);
        }
        let places = places(&shaped.wishes, self.room());
        let node = self.structure.root(Kind::Table);
        let head = Rc::new(self.table_head(node, &shaped.heads, &places, density.padding));
        let gap = self.gap();
        self.pieces.push(Piece { gap, ..(*head).clone() });
        let body = (!shaped.rows.is_empty()).then(|| self.structure.below(node, Kind::Body));
        let (count, has_sums) = (shaped.rows.len(), !shaped.sums.is_empty());
        for (at, row) in shaped.rows.into_iter().enumerate() {
            let node = self.structure.below(body.unwrap_or(node), Kind::Row);
            self.row(node, row, &places, density.padding, &head);
            let is_last = at + 1 == count;
            if let Some(piece) = self.pieces.last_mut().filter(|_| is_last && has_sums) {
                piece.keeps_next = true;
            }
        }
        if has_sums {
            let foot = self.structure.below(node, Kind::Foot);
            self.sums(foot, &shaped.sums, &places, density.padding, &head);
        }
    }

    /// All words of a table in a size, and what its columns ask for.
    fn shape(&mut self, table: &Table, size: f32) -> ShapedTable {
        let plain = Style { size, weight: Weight::Regular, colour: INK };
        let bold = Style { weight: Weight::Bold, ..plain };
        let small = Style { size: size.min(7.8), weight: Weight::Bold, colour: GREY };
        let heads: Vec<Rc<Paragraph>> = table
            .columns
            .iter()
            .map(|column| {
                let words = self.said(&column.head);
                Rc::new(self.one(&words, small))
            })
            .collect();
        let rows: Vec<Vec<Shaped>> =
            table.rows.iter().map(|row| row.iter().map(|cell| self.cell(cell, plain, bold)).collect()).collect();
        let sums: Vec<(Rc<Paragraph>, Rc<Paragraph>)> = table
            .sums
            .iter()
            .map(|Sum { label, amount }| {
                let (label, amount) = (self.said(label), self.value(amount));
                (Rc::new(self.one(&label, bold)), Rc::new(self.one(&amount, bold)))
            })
            .collect();
        let wishes = table.columns.iter().enumerate().map(|(at, column)| {
            let cells = rows.iter().take(MEASURED_ROWS).filter_map(|row| row.get(at));
            let is_last = at + 1 == table.columns.len();
            let amounts = sums.iter().filter(|_| is_last).map(|(_, amount)| amount);
            self.wish(column.kind, &heads[at], cells, amounts)
        });
        let wishes = wishes.collect();
        ShapedTable { heads, rows, sums, wishes }
    }

    fn cell(&mut self, cell: &Cell, plain: Style, bold: Style) -> Shaped {
        match cell {
            Cell::Box => Shaped::Box,
            Cell::Lines(lines) => {
                let words: Vec<String> = lines.iter().map(|line| self.value(line)).collect();
                Shaped::Lines(words.iter().flat_map(|words| self.lines_of(words, plain)).collect(), Kind::Cell)
            }
            Cell::Name(lines) => {
                let words: Vec<String> = lines.iter().map(|line| self.value(line)).collect();
                let style = |at: usize| if at == 0 { bold } else { Style { colour: GREY, ..plain } };
                let lines = words.iter().enumerate().flat_map(|(at, words)| self.lines_of(words, style(at)));
                Shaped::Lines(lines.collect(), Kind::RowHead)
            }
        }
    }

    fn wish<'c>(
        &self,
        kind: ColumnKind,
        head: &Paragraph,
        cells: impl Iterator<Item = &'c Shaped>,
        amounts: impl Iterator<Item = &'c Rc<Paragraph>>,
    ) -> Wish {
        let mut wish = Wish { least: head.word_width(), most: head.width(), kind };
        let widest = self.room() * 0.4;
        for cell in cells {
            let (least, most) = match cell {
                Shaped::Box => (BOX_SIDE, BOX_SIDE),
                Shaped::Lines(lines, _) if lines.is_empty() && self.form() == Form::Letter => (wish.least, BLANK_WIDTH),
                Shaped::Lines(lines, _) => lines
                    .iter()
                    .map(|line| (line.word_width(), line.width()))
                    .fold((0.0, 0.0), |(a, b), (c, d)| (f32::max(a, c), f32::max(b, d))),
            };
            wish = Wish { least: wish.least.max(least.min(widest)), most: wish.most.max(most), kind };
        }
        let amounts = amounts.map(|amount| amount.width()).fold(0.0, f32::max);
        Wish { least: wish.least.max(amounts), most: wish.most.max(amounts), kind }
    }

    fn table_head(&mut self, table: usize, heads: &[Rc<Paragraph>], places: &[Place], padding: f32) -> Piece {
        let group = self.structure.below(table, Kind::Head);
        let row = self.structure.below(group, Kind::Row);
        let (mut items, mut height) = (Vec::new(), 0.0_f32);
        for (words, place) in heads.iter().zip(places) {
            let node = self.structure.below(row, Kind::ColumnHead);
            height = height.max(self.put(&mut items, std::slice::from_ref(words), place, node, 0.0));
        }
        items.push(rule(0.0, height + padding, self.room(), 0.8, INK));
        Piece { gap: 0.0, height: height + padding + 0.8, items, keeps_next: true, head: None }
    }

    /// Words into a column from `top` on; how high they are.
    fn put(&mut self, items: &mut Vec<Item>, words: &[Rc<Paragraph>], place: &Place, node: usize, top: f32) -> f32 {
        let mut y = top;
        for (paragraph, line) in
            words.iter().flat_map(|words| words.lines(place.width).into_iter().map(move |line| (words, line)))
        {
            let (_, width) = paragraph.drawn(&line);
            let x = if place.kind == ColumnKind::Numbers { place.x + place.width - width } else { place.x };
            let part = Some(self.structure.part(node));
            items.push(Item { x, y, width, what: What::Line(paragraph.clone(), line), part });
            y += paragraph.style.line_height();
        }
        y - top
    }

    /// A row is one piece; one that is higher than half a sheet may be parted between its lines.
    fn row(&mut self, node: usize, cells: Vec<Shaped>, places: &[Place], padding: f32, head: &Rc<Piece>) {
        let (mut items, mut height) = (Vec::new(), 0.0_f32);
        for (cell, place) in cells.iter().zip(places) {
            let high = match cell {
                Shaped::Box => {
                    let what = What::Frame { height: BOX_SIDE, colour: INK };
                    items.push(Item { x: place.x, y: padding + 1.5, width: BOX_SIDE, what, part: None });
                    self.structure.below(node, Kind::Cell);
                    BOX_SIDE + 1.5
                }
                Shaped::Lines(lines, kind) => {
                    let cell = self.structure.below(node, kind.clone());
                    let is_blank = lines.is_empty() && self.form() == Form::Letter;
                    self.put(&mut items, lines, place, cell, padding).max(if is_blank { BLANK_HEIGHT } else { 0.0 })
                }
            };
            height = height.max(high);
        }
        let edge = rule(0.0, height + 2.0 * padding, self.room(), 0.5, LINE);
        let height = height + 2.0 * padding + 0.5;
        let head = Some(head.clone());
        if height <= self.depth() / 2.0 {
            items.push(edge);
            self.pieces.push(Piece { gap: 0.0, height, items, keeps_next: false, head });
            return;
        }
        self.pieces.extend(parted(items, edge, padding, head));
    }

    fn sums(&mut self, foot: usize, sums: &[(Rc<Paragraph>, Rc<Paragraph>)], places: &[Place], padding: f32, head: &Rc<Piece>) {
        let last = places.last().copied().unwrap_or(Place { x: 0.0, width: self.room(), kind: ColumnKind::Numbers });
        let label = Place { x: 0.0, width: (last.x - GUTTER).max(60.0), kind: ColumnKind::Words };
        let amount = Place { kind: ColumnKind::Numbers, ..last };
        for (at, (words, value)) in sums.iter().enumerate() {
            let row = self.structure.below(foot, Kind::Row);
            let (name, number) = (self.structure.below(row, Kind::RowHead), self.structure.below(row, Kind::Cell));
            let mut items = Vec::new();
            let high = self.put(&mut items, std::slice::from_ref(words), &label, name, padding);
            let high = high.max(self.put(&mut items, std::slice::from_ref(value), &amount, number, padding));
            let keeps_next = at + 1 < sums.len();
            self.pieces.push(Piece { gap: 0.0, height: high + 1.5 * padding, items, keeps_next, head: Some(head.clone()) });
        }
    }
}

/// A high row as a piece a line.
fn parted(mut items: Vec<Item>, edge: Item, padding: f32, head: Option<Rc<Piece>>) -> Vec<Piece> {
    items.sort_by(|a, b| a.y.total_cmp(&b.y));
    let end = edge.y;
    let mut pieces: Vec<(f32, Piece)> = Vec::new();
    for item in items {
        // What begins at the same height, in whatever column, stays together.
        match pieces.last_mut().filter(|(top, _)| item.y - *top < 4.0) {
            Some((top, piece)) => piece.items.push(Item { y: item.y - *top, ..item }),
            None => {
                let top = item.y;
                let piece = Piece { items: vec![Item { y: 0.0, ..item }], head: head.clone(), ..Piece::default() };
                pieces.push((top, piece));
            }
        }
    }
    let tops: Vec<f32> = pieces.iter().skip(1).map(|(top, _)| *top).chain([end]).collect();
    let mut pieces: Vec<Piece> =
        pieces.into_iter().zip(tops).map(|((top, piece), next)| Piece { height: next - top, ..piece }).collect();
    if let Some(last) = pieces.last_mut() {
        last.items.push(Item { y: last.height, ..edge });
        last.height += 0.5 + padding;
    }
    pieces
}

pub(super) fn rule(x: f32, y: f32, width: f32, height: f32, colour: crate::hotel::documents::blocks::Colour) -> Item {
    Item { x, y, width, what: What::Fill { height, colour }, part: None }
}
