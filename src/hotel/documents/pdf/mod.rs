//! A document as a PDF file, for archives and for ears as well: PDF/A-3 with tags, which krilla checks
//! as it writes. Whatever stands in the document is shaped, ordered and broken into lines here.

mod compose;
mod fonts;
mod script;
mod shaping;
mod sheets;
mod table;
#[cfg(test)]
mod tests;
mod writer;

pub use fonts::Fonts;

use krilla::Data;
use krilla::image::Image;

use self::compose::Composer;
use self::shaping::Shaper;
use super::blocks::{Document, Picture, PictureKind};
use crate::error::Result;

pub const MEDIA_TYPE: &str = "application/pdf";

pub struct Written {
    pub bytes: Vec<u8>,
    /// How many different letters this machine has no face for; the document tells it at its end.
    pub missing: usize,
    pub pages: usize,
}

pub fn write(document: &Document, fonts: &Fonts) -> Result<Written> {
    let mut composer = Composer::new(document, Shaper::new(fonts));
    composer.compose();
    composer.tell_missing();
    let mut pages = sheets::laid(&composer.sheet, std::mem::take(&mut composer.pieces));
    let count = pages.len();
    for (at, page) in pages.iter_mut().enumerate() {
        page.extend(composer.foot(at + 1, count));
    }
    let missing = composer.shaper.missing.len();
    let sheet = composer.sheet;
    let bytes = writer::Writer { document, sheet, pages: &pages, structure: &composer.structure }.bytes()?;
    Ok(Written { bytes, missing, pages: count })
}

/// `None` for what is no such picture: it is left out, and the log says so.
fn image(picture: &Picture) -> Option<Image> {
    let bytes: Data = picture.bytes.clone().into();
    let image = match picture.kind {
        PictureKind::Png => Image::from_png(bytes, false),
        PictureKind::Jpeg => Image::from_jpeg(bytes, false),
    };
    image.inspect_err(|error| log::warn!("a picture cannot be read and is left out of a document: {error}")).ok()
}
