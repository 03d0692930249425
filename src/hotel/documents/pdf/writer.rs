//! Sheets as a PDF file: the one place that draws and tags. Tried first as PDF/A-3a and PDF/UA-1; what a
//! face does not allow there is written as PDF/A-3b, and plainly in the end: a guest is not sent away without paper.

use std::num::NonZeroU16;

use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node as Tagged, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};

use super::sheets::{Child, Item, Kind, Sheet, Structure, What};
use crate::domain::date::Date;
use crate::error::{Error, Result};
use crate::hotel::documents::blocks::{Attachment, Colour, Document};
use crate::hotel::documents::code::Drawing;

pub(super) struct Writer<'d> {
    pub document: &'d Document,
    pub sheet: Sheet,
    pub pages: &'d [Vec<Item>],
    pub structure: &'d Structure,
}

/// Languages that are written from right to left.
const FROM_THE_RIGHT: &[&str] = &["ar", "fa", "he", "ur"];

impl Writer<'_> {
    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        let archival = |archival: Archival| ConfigurationBuilder::new().with_archival_validator(archival);
        let tries = [
            archival(Archival::A3_A).with_accessibility_validator(Accessibility::UA1).finish(),
            archival(Archival::A3_B).finish(),
            ConfigurationBuilder::new().finish(),
        ];
        for configuration in tries.into_iter().flatten() {
            match self.written(configuration) {
                Ok(bytes) => return Ok(bytes),
                Err(KrillaError::Validation(errors)) => {
                    let what: Vec<String> = errors.iter().map(|(error, _)| told(error)).collect();
                    log::warn!("a document is not what archives ask for: {}", what.join(", "));
                }
                Err(error) => return Err(Error::internal(error)),
            }
        }
        Err(Error::internal("a document could not be written as PDF"))
    }

    fn written(&self, configuration: Configuration) -> std::result::Result<Vec<u8>, KrillaError> {
        let mut file = krilla::Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
        let mut parts: Vec<Option<Identifier>> = vec![None; self.structure.parts];
        for items in self.pages {
            let size = PageSettings::from_wh(self.sheet.width, self.sheet.height).expect("invariant: paper has a size");
            let mut page = file.start_page_with(size);
            let mut surface = page.surface();
            for item in items {
                let tag = match item.part {
                    Some(_) => ContentTag::Other,
                    None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)),
                };
                let identifier = surface.start_tagged(tag);
                self.draw(&mut surface, item);
                surface.end_tagged();
                if let Some(part) = item.part {
                    parts[part] = Some(identifier);
                }
            }
            surface.finish();
            page.finish();
        }
        let mut tree = TagTree::new().with_lang(Some(self.document.tag().to_owned()));
        for root in &self.structure.roots {
            tree.push(self.tagged(*root, &mut parts));
        }
        file.set_tag_tree(tree);
        file.set_outline(self.outline());
        file.set_metadata(self.metadata());
        for attachment in &self.document.attachments {
            file.embed_file(self.embedded(attachment));
        }
        file.finish()
    }

    fn is_from_the_right(&self) -> bool {
        FROM_THE_RIGHT.contains(&self.document.tag())
    }

    /// Where an item stands from the left edge of the paper.
    fn left(&self, item: &Item) -> f32 {
        if self.is_from_the_right() { self.sheet.width - self.sheet.side - item.x - item.width } else { self.sheet.side + item.x }
    }

    fn draw(&self, surface: &mut Surface, item: &Item) {
        let (x, y) = (self.left(item), item.y);
        match &item.what {
            What::Line(words, line) => {
                surface.set_stroke(None);
                surface.set_fill(Some(filled(words.style.colour)));
                let mut pen = Point::from_xy(x, y + words.style.ascent());
                for run in words.drawn(line).0 {
                    let size = words.style.size;
                    surface.draw_glyphs(pen, &run.glyphs, run.face.font.clone(), &words.text, size, false);
                    pen.x += run.glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * size;
                }
            }
            What::Fill { height, colour } => {
                surface.set_stroke(None);
                surface.set_fill(Some(filled(*colour)));
                rectangles(surface, [(x, y, item.width, *height)]);
            }
            What::Frame { height, colour } => {
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke { paint: filled(*colour).paint, width: 0.7, ..Stroke::default() }));
                rectangles(surface, [(x, y, item.width, *height)]);
            }
            What::Picture(picture, height) => {
                let image = super::image(picture);
                if let Some((image, size)) = image.zip(Size::from_wh(item.width, *height)) {
                    surface.push_transform(&Transform::from_translate(x, y));
                    surface.draw_image(image, size);
                    surface.pop();
                }
            }
            What::Code(drawing) => draw_code(surface, drawing, x, y, item.width),
        }
    }

    fn tagged(&self, node: usize, parts: &mut [Option<Identifier>]) -> Tagged {
        let node = &self.structure.nodes[node];
        let children = node.children.iter().filter_map(|child| match child {
            Child::Node(node) => Some(self.tagged(*node, parts)),
            Child::Part(part) => parts[*part].take().map(Tagged::Leaf),
        });
        let children = children.collect();
        TagGroup::with_children(kind(&node.kind), children).into()
    }

    /// The title and the headings, each with its place.
    fn outline(&self) -> Outline {
        let mut outline = Outline::new();
        for root in &self.structure.roots {
            let node = &self.structure.nodes[*root];
            let (Kind::Title(words) | Kind::Heading(words)) = &node.kind else { continue };
            let part = node.children.iter().find_map(|child| match child {
                Child::Part(part) => Some(*part),
                Child::Node(_) => None,
            });
            let place = self.pages.iter().enumerate().find_map(|(page, items)| {
                let item = items.iter().find(|item| part.is_some() && item.part == part)?;
                Some(XyzDestination::new(page, Point::from_xy(self.left(item), item.y)))
            });
            if let Some(place) = place {
                outline.push_child(OutlineNode::new(words.clone(), place));
            }
        }
        outline
    }

    /// The day it was made on, and nothing of the moment: the same document is the same file.
    fn metadata(&self) -> Metadata {
        let document = self.document;
        let language = document.language;
        let title = format!("{} {}", document.title.in_language(language), document.number.in_language(language));
        let direction = if self.is_from_the_right() { TextDirection::RightToLeft } else { TextDirection::LeftToRight };
        Metadata::new()
            .title(title.replace('\n', " "))
            .authors(vec![document.hotel.name.clone()])
            .creator("Innkeeper".to_owned())
            .producer("Innkeeper".to_owned())
            .language(document.tag().to_owned())
            .creation_date(midnight(document.made_on))
            .text_direction(direction)
    }

    fn embedded(&self, attachment: &Attachment) -> EmbeddedFile {
        EmbeddedFile {
            path: attachment.name.clone(),
            mime_type: MimeType::new(attachment.media_type),
            description: Some(attachment.description.in_language(self.document.language)),
            association_kind: AssociationKind::Alternative,
            data: attachment.bytes.clone().into(),
            modification_date: Some(midnight(self.document.made_on)),
            compress: Some(true),
            location: None,
        }
    }
}

/// What is wrong, without a word of the document's.
fn told(error: &krilla::configure::ValidationError) -> String {
    let said = format!("{error:?}");
    said.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

fn midnight(date: Date) -> DateTime {
    let small = |number: i8| u8::try_from(number).unwrap_or(1);
    DateTime::new(u16::try_from(date.year()).unwrap_or(1970)).month(small(date.month())).day(small(date.day()))
}

fn kind(kind: &Kind) -> TagKind {
    let level = |level: u16| NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    match kind {
        Kind::Title(words) => Tag::Hn(level(1), Some(words.clone())).into(),
        Kind::Heading(words) => Tag::Hn(level(2), Some(words.clone())).into(),
        Kind::Paragraph | Kind::Note => Tag::P.into(),
        Kind::Facts => Tag::L(ListNumbering::None).into(),
        Kind::Fact => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::Value => Tag::LBody.into(),
        Kind::Table => Tag::Table.into(),
        Kind::Head => Tag::THead.into(),
        Kind::Body => Tag::TBody.into(),
        Kind::Foot => Tag::TFoot.into(),
        Kind::Row => Tag::TR.into(),
        Kind::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Kind::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Kind::Cell => Tag::TD.into(),
        Kind::Figure(words) => Tag::Figure(Some(words.clone())).into(),
    }
}

fn filled(colour: Colour) -> Fill {
    Fill { paint: rgb::Color::new(colour.red, colour.green, colour.blue).into(), ..Fill::default() }
}

fn rectangles(surface: &mut Surface, places: impl IntoIterator<Item = (f32, f32, f32, f32)>) {
    let mut path = PathBuilder::new();
    places.into_iter().filter_map(|(x, y, width, height)| Rect::from_xywh(x, y, width, height)).for_each(|r| path.push_rect(r));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// Black on the paper's white, without the four quiet modules, which the paper around it gives.
fn draw_code(surface: &mut Surface, drawing: &Drawing, x: f32, y: f32, side: f32) {
    let module = side / f32::from(drawing.size);
    surface.set_stroke(None);
    surface.set_fill(Some(filled(Colour::new(0, 0, 0))));
    let at = |modules: u16| f32::from(modules) * module;
    // A hair higher than a row: no light shows between rows that touch.
    rectangles(surface, drawing.stretches.iter().map(|s| (x + at(s.from), y + at(s.row), at(s.length), module * 1.02)));
}
