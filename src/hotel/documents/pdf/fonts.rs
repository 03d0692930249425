//! Which face a letter is written in. The executable carries one for Latin, Greek and Cyrillic; for any
//! other script the folders `fonts` beside the program and beside the data are looked through first, so that paper
//! looks alike on every machine of a hotel, and then the system's own. A face that was found is kept for good: there is
//! about one a script, and documents are written again and again.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use fontdb::{Database, FaceInfo, Source};
use krilla::Data;
use krilla::text::Font;
use rustybuzz::ttf_parser::{self, Permissions};

use super::script::Script;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    Regular,
    Bold,
}

/// A face, for whoever measures and for whoever writes.
pub struct Face {
    pub shaper: rustybuzz::Face<'static>,
    pub font: Font,
}

impl Face {
    fn read(bytes: &'static [u8], index: u32) -> Option<Face> {
        let shaper = rustybuzz::Face::from_slice(bytes, index)?;
        Some(Face { shaper, font: Font::new(Data::from(bytes), index)? })
    }

    pub fn has(&self, letter: char) -> bool {
        self.shaper.glyph_index(letter).is_some()
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Face")
    }
}

static EMBEDDED: LazyLock<[Face; 2]> = LazyLock::new(|| {
    [ttf_noto_sans::REGULAR, ttf_noto_sans::BOLD]
        .map(|bytes| Face::read(bytes, 0).expect("invariant: the faces in the executable can be read"))
});

/// The face in the executable.
pub fn embedded(weight: Weight) -> &'static Face {
    match weight {
        Weight::Regular => &EMBEDDED[0],
        Weight::Bold => &EMBEDDED[1],
    }
}

/// Letters whose face is remembered; past that all are looked up anew.
const MOST_LETTERS: usize = 30_000;

/// All faces that documents of this process may be written in.
pub struct Fonts {
    folders: Vec<PathBuf>,
    with_system: bool,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    /// What lies in the folders and the system, looked through when the first letter asks for it.
    files: Option<Database>,
    by_letter: HashMap<(char, Weight), Option<&'static Face>>,
    /// Those that are in use, the first found first.
    by_script: HashMap<(Script, Weight), Vec<&'static Face>>,
    by_file: HashMap<(PathBuf, u32), &'static Face>,
}

impl Fonts {
    /// Those of this machine; `data` is the data file.
    pub fn of_machine(data: &Path) -> &'static Fonts {
        static FONTS: OnceLock<Fonts> = OnceLock::new();
        FONTS.get_or_init(|| {
            let program = std::env::current_exe().ok();
            let beside = program.as_deref().and_then(Path::parent);
            // A package of the system's has them where such files belong.
            let shared = beside.and_then(Path::parent).map(|root| root.join("share/innkeeper"));
            let places = [beside.map(Path::to_path_buf), data.parent().map(Path::to_path_buf), shared];
            Fonts::new(places.into_iter().flatten().map(|place| place.join("fonts")).collect(), true)
        })
    }

    pub fn new(folders: Vec<PathBuf>, with_system: bool) -> Fonts {
        Fonts { folders, with_system, found: Mutex::default() }
    }

    /// The face that has the letter; `None` where this machine has none.
    pub fn face(&self, letter: char, weight: Weight) -> Option<&'static Face> {
        let own = embedded(weight);
        if own.has(letter) {
            return Some(own);
        }
        // Whoever panicked while they looked left nothing half done.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = found.by_letter.get(&(letter, weight)) {
            return *known;
        }
        let face = self.look_for(&mut found, letter, weight);
        if found.by_letter.len() >= MOST_LETTERS {
            found.by_letter.clear();
        }
        found.by_letter.insert((letter, weight), face);
        face
    }

    fn look_for(&self, found: &mut Found, letter: char, weight: Weight) -> Option<&'static Face> {
        let key = (Script::of(letter), weight);
        let used = found.by_script.get(&key).into_iter().flatten().find(|face| face.has(letter));
        if let Some(face) = used {
            return Some(face);
        }
        let files = found.files.get_or_insert_with(|| self.files());
        let mut faces: Vec<&FaceInfo> = files.faces().filter(|face| face.style == fontdb::Style::Normal).collect();
        faces.sort_by_cached_key(|face| self.liking(face, key.0, weight));
        let face = faces.into_iter().find_map(|info| {
            let is_good = files.with_face_data(info.id, |bytes, index| can_write(bytes, index, letter))?;
            is_good.then(|| kept(&mut found.by_file, info)).flatten()
        })?;
        found.by_script.entry(key).or_default().push(face);
        Some(face)
    }

    fn files(&self) -> Database {
        let mut files = Database::new();
        for folder in &self.folders {
            files.load_fonts_dir(folder);
        }
        if self.with_system {
            files.load_system_fonts();
        }
        log::debug!("{} faces are in the folders of fonts", files.len());
        files
    }

    /// Smaller is liked better: a folder of ours, a family that is made for the script, a plain one, the weight.
    fn liking(&self, face: &FaceInfo, script: Script, weight: Weight) -> (usize, usize, bool, u16, PathBuf) {
        let path = path_of(face).unwrap_or_default();
        let folder = self.folders.iter().position(|folder| path.starts_with(folder)).unwrap_or(self.folders.len());
        let family = face.families.first().map_or("", |(name, _)| name.as_str());
        let families = script.families();
        let liked = families.iter().position(|liked| *liked == family).unwrap_or(families.len());
        let wanted: u16 = match weight {
            Weight::Regular => 400,
            Weight::Bold => 700,
        };
        (folder, liked, !family.starts_with("Noto Sans"), face.weight.0.abs_diff(wanted), path)
    }
}

/// Whether a face has the letter and may be taken into a document.
fn can_write(bytes: &[u8], index: u32, letter: char) -> bool {
    ttf_parser::Face::parse(bytes, index)
        .is_ok_and(|face| face.glyph_index(letter).is_some() && face.permissions() != Some(Permissions::Restricted))
}

fn path_of(face: &FaceInfo) -> Option<PathBuf> {
    match &face.source {
        Source::File(path) | Source::SharedFile(path, _) => Some(path.clone()),
        Source::Binary(_) => None,
    }
}

/// The face in memory, for good. A file that is mapped could be cut short by whoever renews the system's fonts, which
/// would end the program; so it is read.
fn kept(known: &mut HashMap<(PathBuf, u32), &'static Face>, info: &FaceInfo) -> Option<&'static Face> {
    let key = (path_of(info)?, info.index);
    if let Some(face) = known.get(&key) {
        return Some(face);
    }
    let bytes = std::fs::read(&key.0).inspect_err(|error| log::warn!("a font cannot be read: {error}")).ok()?;
    let face: &'static Face = Box::leak(Box::new(Face::read(Box::leak(bytes.into_boxed_slice()), info.index)?));
    known.insert(key, face);
    Some(face)
}
