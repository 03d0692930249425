//! From a text to shaped glyphs: a face for each letter, the order of right-to-left parts (Unicode's
//! bidirectional algorithm), and the lines that a width leaves room for. A paragraph is shaped once; its lines are cuts of it.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Script as ShapingScript, ShapePlan, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};
use unicode_normalization::char::is_combining_mark;

use super::fonts::{Face, Fonts, Weight};
use super::script::{Script, may_part, parts_syllables};
use crate::hotel::documents::blocks::Colour;

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// In points, as all lengths here.
    pub size: f32,
    pub weight: Weight,
    pub colour: Colour,
}

impl Style {
    /// From the top of a line to the top of the next: room for the marks of every script.
    pub fn line_height(self) -> f32 {
        self.size * 1.42
    }

    /// From the top of a line to where its letters stand.
    pub fn ascent(self) -> f32 {
        self.size * 1.07
    }
}

/// Letters of one face and one direction, in the order in which they are drawn.
#[derive(Debug, Clone)]
pub struct Run {
    pub face: &'static Face,
    level: Level,
    pub glyphs: Vec<KrillaGlyph>,
}

impl Run {
    /// Of letters one point high.
    fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.x_advance).sum()
    }
}

/// A text without line feeds, shaped.
#[derive(Debug, Clone)]
pub struct Paragraph {
    pub text: String,
    pub style: Style,
    runs: Vec<Run>,
    /// Where each cluster begins, and how wide all before it are together, of letters one point high; the end as well.
    places: Vec<(usize, f32)>,
}

/// What shapes the texts of one document, and remembers what it could not write.
pub struct Shaper<'f> {
    fonts: &'f Fonts,
    plans: HashMap<(*const Face, ShapingScript, bool), ShapePlan>,
    buffer: Option<UnicodeBuffer>,
    /// The letters that no face has.
    pub missing: BTreeSet<char>,
}

/// What stands for a letter that no face has.
const NO_LETTER: char = '\u{fffd}';

impl<'f> Shaper<'f> {
    pub fn new(fonts: &'f Fonts) -> Shaper<'f> {
        Shaper { fonts, plans: HashMap::new(), buffer: None, missing: BTreeSet::new() }
    }

    /// The paragraphs of a text: one a line feed, one at least.
    pub fn paragraphs(&mut self, text: &str, style: Style) -> Vec<Paragraph> {
        text.split('\n').map(|line| self.paragraph(line, style)).collect()
    }

    fn paragraph(&mut self, typed: &str, style: Style) -> Paragraph {
        let (text, faces) = self.faced(typed, style.weight);
        let levels = levels(&text);
        let mut runs = Vec::new();
        let mut start = 0;
        let level = |at: usize| levels.get(at).copied().unwrap_or(Level::ltr());
        for (number, &(at, face)) in faces.iter().enumerate() {
            let next = faces.get(number + 1);
            let goes_on = next.is_some_and(|&(then, other)| std::ptr::eq(face, other) && level(then) == level(at));
            if !goes_on {
                let end = next.map_or(text.len(), |(then, _)| *then);
                runs.push(self.shaped(&text, start..end, face, level(start)));
                start = end;
            }
        }
        let places = places(&runs, text.len());
        Paragraph { text, style, runs, places }
    }

    /// The text as it can be written, and the face of each letter of it.
    fn faced(&mut self, typed: &str, weight: Weight) -> (String, Vec<(usize, &'static Face)>) {
        let (mut text, mut faces) = (String::with_capacity(typed.len()), Vec::with_capacity(typed.len()));
        let mut last: Option<&'static Face> = None;
        for (given, letter) in typed.chars().filter_map(|given| Some((given, writable(given)?))) {
            if letter == NO_LETTER && given != NO_LETTER {
                self.missing.insert(given);
            }
            let before = last.filter(|face| stays_with_others(letter) && (face.has(letter) || is_unseen(letter)));
            let (letter, face) = match before.or_else(|| self.fonts.face(letter, weight)) {
                Some(face) => (letter, face),
                None if is_unseen(letter) => continue,
                None => {
                    self.missing.insert(letter);
                    (NO_LETTER, super::fonts::embedded(weight))
                }
            };
            faces.push((text.len(), face));
            text.push(letter);
            last = Some(face);
        }
        (text, faces)
    }

    fn shaped(&mut self, text: &str, range: Range<usize>, face: &'static Face, level: Level) -> Run {
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.push_str(&text[range.clone()]);
        buffer.guess_segment_properties();
        let direction = if level.is_rtl() { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        let script = buffer.script();
        let key = (std::ptr::from_ref(face), script, level.is_rtl());
        let plan = self.plans.entry(key).or_insert_with(|| ShapePlan::new(&face.shaper, direction, Some(script), None, &[]));
        let shaped = rustybuzz::shape_with_plan(&face.shaper, plan, buffer);
        let ends = cluster_ends(shaped.glyph_infos().iter().map(|info| info.cluster), range.len());
        let em = face.font.units_per_em();
        let scaled = |units: i32| units as f32 / em;
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(|(info, at)| {
            let start = info.cluster as usize;
            let end = ends.get(&info.cluster).copied().unwrap_or(range.len());
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                scaled(at.x_advance),
                scaled(at.x_offset),
                scaled(at.y_offset),
                scaled(at.y_advance),
                range.start + start..range.start + end,
                None,
            )
        });
        let glyphs = glyphs.collect();
        self.buffer = Some(shaped.clear());
        Run { face, level, glyphs }
    }
}

/// Where each cluster ends: where the next begins.
fn cluster_ends(clusters: impl Iterator<Item = u32>, length: usize) -> HashMap<u32, usize> {
    let mut starts: Vec<u32> = clusters.collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|start| *start as usize).chain([length]);
    starts.iter().copied().zip(ends).collect()
}

/// A letter as it is written: control characters are left out, hyphens that faces seldom have are plain ones, and what
/// stands for no letter at all is told as missing.
fn writable(letter: char) -> Option<char> {
    match letter {
        '\t' => Some(' '),
        '\u{2010}' | '\u{2011}' => Some('-'),
        '\u{feff}' => None,
        letter if letter.is_control() => None,
        '\u{e000}'..='\u{f8ff}' | '\u{f_0000}'..='\u{10_ffff}' | '\u{fdd0}'..='\u{fdef}' => Some(NO_LETTER),
        letter => Some(letter),
    }
}

/// Marks, signs and spaces go with the letters before them, in whatever face those are.
fn stays_with_others(letter: char) -> bool {
    is_combining_mark(letter) || is_unseen(letter) || (Script::of(letter) == Script::Other && !letter.is_alphabetic())
}

/// Joiners, marks of direction and variation selectors.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}')
}

/// The level of each byte; none where all is written from left to right.
fn levels(text: &str) -> Vec<Level> {
    // No letter below the Hebrew ones is written from right to left.
    if text.chars().all(|letter| u32::from(letter) < 0x0590) {
        return Vec::new();
    }
    let info = BidiInfo::new(text, None);
    if info.has_rtl() { info.levels } else { Vec::new() }
}

fn places(runs: &[Run], end: usize) -> Vec<(usize, f32)> {
    let mut clusters: Vec<(usize, f32)> =
        runs.iter().flat_map(|run| &run.glyphs).map(|glyph| (glyph.text_range.start, glyph.x_advance)).collect();
    clusters.sort_by_key(|(start, _)| *start);
    let (mut places, mut before): (Vec<(usize, f32)>, f32) = (Vec::with_capacity(clusters.len() + 1), 0.0);
    for (start, width) in clusters {
        if places.last().is_none_or(|(last, _)| *last != start) {
            places.push((start, before));
        }
        before += width;
    }
    places.push((end, before));
    places
}

impl Paragraph {
    /// How wide it is in one line.
    pub fn width(&self) -> f32 {
        self.width_of(0..self.text.len())
    }

    /// How wide its widest word is: what cannot be parted without need.
    pub fn word_width(&self) -> f32 {
        let mut start = 0;
        let words = self.opportunities().into_iter().map(|end| std::mem::replace(&mut start, end)..end);
        words.map(|word| self.width_of(self.trimmed(word))).fold(0.0, f32::max)
    }

    fn width_of(&self, range: Range<usize>) -> f32 {
        let before = |at: usize| {
            let place = self.places.partition_point(|(start, _)| *start < at).min(self.places.len() - 1);
            self.places[place].1
        };
        (before(range.end) - before(range.start)).max(0.0) * self.style.size
    }

    /// Without the spaces at its end, which take no room in a line.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        range.start..range.start + self.text[range.clone()].trim_end_matches([' ', '\u{3000}', '\u{200b}']).len()
    }

    /// Where a line may end, the end of the text last.
    fn opportunities(&self) -> Vec<usize> {
        let mut ends: Vec<usize> = unicode_linebreak::linebreaks(&self.text).map(|(at, _)| at).collect();
        let letters = self.text.char_indices().zip(self.text.char_indices().skip(1));
        ends.extend(letters.filter(|((_, before), (_, after))| parts_syllables(*before, *after)).map(|(_, (at, _))| at));
        ends.push(self.text.len());
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    /// The lines of the text in a width; one at least. A word that is wider than a line is parted.
    pub fn lines(&self, width: f32) -> Vec<Range<usize>> {
        // What was measured has to fit into what was measured for it.
        let room = width + 0.01;
        if self.width() <= room {
            return std::iter::once(0..self.text.len()).collect();
        }
        let (mut lines, mut start, mut end) = (Vec::new(), 0, 0);
        for next in self.opportunities() {
            if self.width_of(self.trimmed(start..next)) <= room {
                end = next;
                continue;
            }
            if end > start {
                lines.push(start..end);
                start = end;
            }
            while self.width_of(self.trimmed(start..next)) > room {
                let parted = self.parted(start..next, room);
                lines.push(start..parted);
                start = parted;
            }
            end = next;
        }
        lines.push(start..self.text.len());
        lines.into_iter().map(|line| self.trimmed(line)).filter(|line| !line.is_empty()).collect()
    }

    /// How much of a word fits into a line; one cluster at least.
    fn parted(&self, word: Range<usize>, room: f32) -> usize {
        let inside = self.places.iter().map(|(start, _)| *start).filter(|at| (word.start + 1..word.end).contains(at));
        let good = inside.clone().take_while(|at| self.width_of(word.start..*at) <= room).filter(|at| {
            let (before, after) = self.text.split_at(*at);
            before.chars().next_back().zip(after.chars().next()).is_some_and(|(before, after)| may_part(before, after))
        });
        let fits = good.last();
        fits.or_else(|| inside.clone().next()).unwrap_or(word.end)
    }

    /// The runs of a line from left to right (rule L2 of Unicode's algorithm), and how wide they are.
    pub fn drawn(&self, line: &Range<usize>) -> (Vec<Run>, f32) {
        let mut runs: Vec<Run> = self.runs.iter().filter_map(|run| cut(run, line)).collect();
        let numbers = runs.iter().map(|run| run.level.number());
        let (lowest_odd, highest) =
            (numbers.clone().filter(|level| level % 2 == 1).min().unwrap_or(u8::MAX), numbers.max().unwrap_or(0));
        for level in (lowest_odd..=highest).rev() {
            for part in runs.chunk_by_mut(|a, b| (a.level.number() >= level) == (b.level.number() >= level)) {
                if part.first().is_some_and(|run| run.level.number() >= level) {
                    part.reverse();
                }
            }
        }
        let width = runs.iter().map(Run::width).sum::<f32>() * self.style.size;
        (runs, width)
    }
}

fn cut(run: &Run, line: &Range<usize>) -> Option<Run> {
    let glyphs: Vec<KrillaGlyph> = run.glyphs.iter().filter(|glyph| line.contains(&glyph.text_range.start)).cloned().collect();
    (!glyphs.is_empty()).then_some(Run { face: run.face, level: run.level, glyphs })
}
