//! From pieces to sheets of paper: what lies where, which pieces stay together, and what each is to a reader
//! who listens. Knows nothing of documents, and nothing of PDF.

use std::ops::Range;
use std::rc::Rc;

use super::shaping::Paragraph;
use crate::hotel::documents::blocks::{Colour, Picture};
use crate::hotel::documents::code::Drawing;

/// Something at a place: on a piece from its upper edge, on a sheet from the sheet's. `x` is from the edge that
/// reading begins at.
#[derive(Clone)]
pub struct Item {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub what: What,
    /// Its place in the structure; `None` says nothing to who listens: lines, repeated heads, page numbers.
    pub part: Option<usize>,
}

#[derive(Clone)]
pub enum What {
    Line(Rc<Paragraph>, Range<usize>),
    /// A filled rectangle: lines are thin ones.
    Fill {
        height: f32,
        colour: Colour,
    },
    /// An empty rectangle.
    Frame {
        height: f32,
        colour: Colour,
    },
    Picture(Rc<Picture>, f32),
    Code(Rc<Drawing>),
}

/// What is not parted: a line, a row of a table.
#[derive(Clone, Default)]
pub struct Piece {
    /// To the piece above it; not at the top of a sheet.
    pub gap: f32,
    pub height: f32,
    pub items: Vec<Item>,
    /// It stands on the sheet that the next piece begins on.
    pub keeps_next: bool,
    /// Of a table: the head that is written again where it begins a sheet.
    pub head: Option<Rc<Piece>>,
}

/// What a part of the document is to who listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Title(String),
    Heading(String),
    Paragraph,
    Note,
    Facts,
    Fact,
    Label,
    Value,
    Table,
    Head,
    Body,
    Foot,
    Row,
    ColumnHead,
    RowHead,
    Cell,
    Figure(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Child {
    Node(usize),
    /// Items that are marked with it.
    Part(usize),
}

pub struct Node {
    pub kind: Kind,
    pub children: Vec<Child>,
}

/// The parts of a document in the order of reading; node 0 is the document.
#[derive(Default)]
pub struct Structure {
    pub nodes: Vec<Node>,
    pub roots: Vec<usize>,
    pub parts: usize,
}

impl Structure {
    pub fn root(&mut self, kind: Kind) -> usize {
        self.nodes.push(Node { kind, children: Vec::new() });
        self.roots.push(self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    pub fn below(&mut self, parent: usize, kind: Kind) -> usize {
        self.nodes.push(Node { kind, children: Vec::new() });
        let node = self.nodes.len() - 1;
        self.nodes[parent].children.push(Child::Node(node));
        node
    }

    /// A new part of a node, for one item.
    pub fn part(&mut self, node: usize) -> usize {
        self.parts += 1;
        self.nodes[node].children.push(Child::Part(self.parts - 1));
        self.parts - 1
    }
}

/// The size of the paper, and where what is written begins and ends.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    pub width: f32,
    pub height: f32,
    /// At both sides.
    pub side: f32,
    pub top: f32,
    pub bottom: f32,
}

impl Sheet {
    /// What is written is so wide.
    pub fn room(&self) -> f32 {
        self.width - 2.0 * self.side
    }

    pub fn depth(&self) -> f32 {
        self.height - self.top - self.bottom
    }
}

/// The items of each sheet. A piece that is higher than a sheet begins one, and is cut by nobody: what can be that
/// high comes in several.
pub fn laid(sheet: &Sheet, pieces: Vec<Piece>) -> Vec<Vec<Item>> {
    let mut pages = vec![Vec::new()];
    let mut y = sheet.top;
    let end = sheet.height - sheet.bottom;
    let mut is_top = true;
    let mut pieces = pieces.into_iter().peekable();
    while let Some(first) = pieces.next() {
        let mut together = vec![first];
        while together.last().is_some_and(|piece| piece.keeps_next) {
            match pieces.next() {
                Some(next) => together.push(next),
                None => break,
            }
        }
        let high: f32 = together.iter().map(|piece| piece.gap + piece.height).sum();
        let fits_somewhere = high <= sheet.depth();
        for (place, piece) in together.into_iter().enumerate() {
            let needed = if fits_somewhere && place == 0 { high } else { piece.gap + piece.height };
            if !is_top && y + needed > end + 0.01 {
                pages.push(Vec::new());
                (y, is_top) = (sheet.top, true);
                if let Some(head) = &piece.head {
                    y += put(&mut pages, head, y, true);
                    is_top = false;
                }
            }
            if !is_top {
                y += piece.gap;
            }
            y += put(&mut pages, &piece, y, false);
            is_top = false;
        }
    }
    pages
}

fn put(pages: &mut [Vec<Item>], piece: &Piece, y: f32, is_repeated: bool) -> f32 {
    let page = pages.last_mut().expect("invariant: there is a first page");
    page.extend(piece.items.iter().cloned().map(|item| {
        let part = if is_repeated { None } else { item.part };
        Item { y: item.y + y, part, ..item }
    }));
    piece.height
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(height: f32, keeps_next: bool) -> Piece {
        let what = What::Fill { height, colour: Colour::HOUSE };
        let items = vec![Item { x: 0.0, y: 0.0, width: 1.0, what, part: Some(0) }];
        Piece { gap: 0.0, height, items, keeps_next, head: None }
    }

    const SHEET: Sheet = Sheet { width: 100.0, height: 120.0, side: 10.0, top: 10.0, bottom: 10.0 };

    fn places(pages: &[Vec<Item>]) -> Vec<Vec<f32>> {
        pages.iter().map(|page| page.iter().map(|item| item.y).collect()).collect()
    }

    #[test]
    fn what_keeps_the_next_goes_with_it() {
        let pages = laid(&SHEET, vec![piece(60.0, false), piece(20.0, true), piece(30.0, false)]);
        assert_eq!(places(&pages), [vec![10.0], vec![10.0, 30.0]]);
        let pages = laid(&SHEET, vec![piece(60.0, false), piece(20.0, false), piece(30.0, false)]);
        assert_eq!(places(&pages), [vec![10.0, 70.0], vec![10.0]]);
    }

    #[test]
    fn more_than_a_sheet_that_wants_to_stay_together_is_parted_between_pieces() {
        let pages = laid(&SHEET, vec![piece(60.0, true), piece(60.0, true), piece(30.0, false)]);
        assert_eq!(places(&pages), [vec![10.0], vec![10.0, 70.0]]);
    }

    #[test]
    fn a_head_is_written_again_on_each_sheet_and_said_once() {
        let head = Rc::new(piece(10.0, true));
        let row = || Piece { head: Some(head.clone()), ..piece(40.0, false) };
        let pages = laid(&SHEET, vec![(*head).clone(), row(), row(), row(), row()]);
        assert_eq!(places(&pages), [vec![10.0, 20.0, 60.0], vec![10.0, 20.0, 60.0]]);
        let said = |page: usize| pages[page][0].part;
        assert_eq!((said(0), said(1)), (Some(0), None));
    }

    #[test]
    fn a_gap_is_not_left_at_the_top_of_a_sheet() {
        let spaced = || Piece { gap: 15.0, ..piece(70.0, false) };
        assert_eq!(places(&laid(&SHEET, vec![spaced(), spaced()])), [vec![10.0], vec![10.0]]);
    }
}
