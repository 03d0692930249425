//! A disk that loses its power: what has been synced is there, of everything else
//! any part may be.
//!
//! The rules are those that file systems promise, and no more: a write lasts once a
//! sync of its file that began after it has ended; before that it may be missing,
//! there, or torn into sectors, whatever came before or after it. A name lasts once
//! its folder was synced; before that the changes of a folder are there up to a
//! moment (journals keep their order), and folders do not wait for each other.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::trace::Event;
use crate::support::numbers::Numbers;

/// What a disk writes at once or not at all.
const SECTOR: usize = 512;

/// A number of our own: the system gives its numbers again when a file is gone.
type FileId = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    File(FileId),
    Folder,
}

#[derive(Debug, Clone)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Change::Write { offset, bytes } => put(content, *offset, bytes),
            Change::Truncate(length) => content.resize(*length, 0),
        }
    }

    /// Some of its sectors.
    fn tear(&self, content: &mut Vec<u8>, numbers: &mut Numbers) {
        let Change::Write { offset, bytes } = self else { return self.apply(content) };
        let mut from = 0;
        while from < bytes.len() {
            let to = bytes.len().min((offset + from) / SECTOR * SECTOR + SECTOR - offset);
            if numbers.below(2) == 0 {
                put(content, offset + from, &bytes[from..to]);
            }
            from = to;
        }
    }
}

fn put(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if content.len() < offset + bytes.len() {
        content.resize(offset + bytes.len(), 0);
    }
    content[offset..offset + bytes.len()].copy_from_slice(bytes);
}

#[derive(Debug, Default, Clone)]
struct File {
    durable: Vec<u8>,
    /// With the moment of each.
    pending: Vec<(usize, Change)>,
}

/// A change of names: what goes, and what comes.
#[derive(Debug, Clone)]
struct Naming {
    at: usize,
    folder: String,
    gone: Option<String>,
    come: Option<(String, Node)>,
}

type Names = BTreeMap<String, Node>;

fn rename_in(names: &mut Names, naming: &Naming) {
    if let Some(gone) = &naming.gone {
        names.remove(gone);
    }
    if let Some((name, node)) = &naming.come {
        names.insert(name.clone(), *node);
    }
}

fn folder_of(name: &str) -> String {
    name.rsplit_once('/').map_or("/", |(folder, _)| folder).to_owned()
}

/// How a disk treats what was not synced.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// All of it is gone.
    All,
    /// Nothing is gone: the program was killed, not the disk.
    None,
    /// Each change of a file for itself.
    Any,
    /// Each sector for itself.
    Torn,
    /// What came first is there, the next is torn.
    Late,
    /// One change is missing, and what came after it is there.
    One,
}

#[derive(Debug, Default, Clone)]
pub struct Disk {
    files: Vec<File>,
    /// The files by the system's numbers, as they are now.
    by_number: HashMap<u64, FileId>,
    /// As the program sees them.
    names: Names,
    durable_names: Names,
    pending_names: Vec<Naming>,
    syncs: HashMap<u64, (FileId, usize)>,
    folder_syncs: HashMap<u64, (String, usize)>,
    now: usize,
}

impl Disk {
    /// A disk with what lies in a folder, all of it synced.
    #[cfg(unix)]
    pub fn of(folder: &Path) -> Disk {
        let mut disk = Disk::default();
        disk.take(folder, "");
        disk.durable_names = disk.names.clone();
        disk
    }

    #[cfg(unix)]
    fn take(&mut self, folder: &Path, prefix: &str) {
        use std::os::unix::fs::MetadataExt;
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{prefix}{}", entry.file_name().to_str().expect("a name"));
            let about = entry.metadata().expect("about it");
            if about.is_dir() {
                self.names.insert(name.clone(), Node::Folder);
                self.take(&entry.path(), &format!("{name}/"));
            } else if about.is_file() && !name.ends_with("-shm") {
                let id = self.new_file(about.ino());
                self.files[id].durable = std::fs::read(entry.path()).expect("its bytes");
                self.names.insert(name, Node::File(id));
            }
        }
    }

    fn new_file(&mut self, number: u64) -> FileId {
        self.files.push(File::default());
        self.by_number.insert(number, self.files.len() - 1);
        self.files.len() - 1
    }

    fn file(&mut self, number: u64) -> FileId {
        *self.by_number.get(&number).unwrap_or_else(|| panic!("file {number} was never made"))
    }

    fn name(&mut self, gone: Option<String>, come: Option<(String, Node)>) {
        let folder = folder_of(come.as_ref().map(|(name, _)| name).or(gone.as_ref()).expect("a name"));
        let naming = Naming { at: self.now, folder, gone, come };
        rename_in(&mut self.names, &naming);
        self.pending_names.push(naming);
    }

    fn node(&self, name: &str) -> Node {
        *self.names.get(name).unwrap_or_else(|| panic!("{name} is not there"))
    }

    pub fn do_next(&mut self, event: &Event) {
        self.now += 1;
        match event {
            Event::Create { name, file } => {
                let id = self.new_file(*file);
                self.name(None, Some((name.clone(), Node::File(id))));
            }
            Event::Write { file, offset, bytes } => {
                let change = Change::Write { offset: usize::try_from(*offset).expect("small"), bytes: bytes.clone() };
                self.change(*file, change);
            }
            Event::Truncate { file, length } => self.change(*file, Change::Truncate(usize::try_from(*length).expect("small"))),
            Event::SyncBegin { file, number } => {
                let id = self.file(*file);
                self.syncs.insert(*number, (id, self.now));
            }
            Event::SyncEnd { number } => self.end_sync(*number),
            Event::Rename { from, to } => {
                let node = self.node(from);
                self.name(Some(from.clone()), Some((to.clone(), node)));
            }
            Event::Link { from, to } => {
                let node = self.node(from);
                self.name(None, Some((to.clone(), node)));
            }
            Event::Unlink { name } => self.name(Some(name.clone()), None),
            Event::MakeFolder { name } => self.name(None, Some((name.clone(), Node::Folder))),
            Event::FolderSyncBegin { name, number } => {
                self.folder_syncs.insert(*number, (name.clone(), self.now));
            }
            Event::FolderSyncEnd { number } => {
                let (folder, before) = self.folder_syncs.remove(number).expect("it began");
                let durable_names = &mut self.durable_names;
                self.pending_names.retain(|naming| {
                    let lasts = naming.folder == folder && naming.at < before;
                    if lasts {
                        rename_in(durable_names, naming);
                    }
                    !lasts
                });
            }
        }
    }

    fn change(&mut self, file: u64, change: Change) {
        let (id, now) = (self.file(file), self.now);
        self.files[id].pending.push((now, change));
    }

    fn end_sync(&mut self, number: u64) {
        let (id, before) = self.syncs.remove(&number).expect("it began");
        let File { durable, pending } = &mut self.files[id];
        pending.retain(|(at, change)| {
            if *at < before {
                change.apply(durable);
            }
            *at >= before
        });
    }

    /// Changes that a power cut could take now.
    pub fn pending(&self) -> usize {
        self.pending_names.len() + self.files.iter().map(|file| file.pending.len()).sum::<usize>()
    }

    /// Makes one of the folders that a power cut could leave now.
    pub fn cut(&self, numbers: &mut Numbers, into: &Path) {
        let losses = [Loss::All, Loss::None, Loss::Any, Loss::Any, Loss::Torn, Loss::Torn, Loss::Late, Loss::One];
        let loss = losses[usize::try_from(numbers.below(losses.len() as u64)).expect("small")];
        for (name, node) in self.names_after(loss, numbers) {
            let path = into.join(&name);
            match node {
                Node::Folder => std::fs::create_dir_all(path).expect("a folder"),
                Node::File(id) => {
                    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                    std::fs::write(path, content_after(&self.files[id], loss, numbers)).expect("a file");
                }
            }
        }
    }

    fn names_after(&self, loss: Loss, numbers: &mut Numbers) -> Names {
        let mut kept: HashMap<&str, u64> = HashMap::new();
        for naming in &self.pending_names {
            *kept.entry(&naming.folder).or_default() += 1;
        }
        let mut folders: Vec<_> = kept.iter_mut().collect();
        folders.sort();
        for (_, count) in folders {
            *count = match loss {
                Loss::All => 0,
                Loss::None => *count,
                Loss::Any | Loss::Torn | Loss::Late | Loss::One => numbers.below(*count + 1),
            };
        }
        let mut names = self.durable_names.clone();
        for naming in &self.pending_names {
            let left = kept.get_mut(naming.folder.as_str()).expect("counted");
            if *left > 0 {
                *left -= 1;
                rename_in(&mut names, naming);
            }
        }
        names
    }
}

fn content_after(file: &File, loss: Loss, numbers: &mut Numbers) -> Vec<u8> {
    let mut content = file.durable.clone();
    let count = file.pending.len() as u64;
    let chosen = numbers.below(count + 1);
    for (at, (_, change)) in (0..).zip(&file.pending) {
        match loss {
            Loss::All => {}
            Loss::None => change.apply(&mut content),
            Loss::Any if numbers.below(2) == 0 => change.apply(&mut content),
            Loss::Any => {}
            Loss::Torn => change.tear(&mut content, numbers),
            Loss::Late if at < chosen => change.apply(&mut content),
            Loss::Late if at == chosen => change.tear(&mut content, numbers),
            Loss::Late => {}
            Loss::One if at == chosen => {}
            Loss::One => change.apply(&mut content),
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(disk: &mut Disk, file: u64, text: &str) {
        disk.do_next(&Event::Write { file, offset: 0, bytes: text.as_bytes().to_vec() });
    }

    fn sync(disk: &mut Disk, file: u64, number: u64) {
        disk.do_next(&Event::SyncBegin { file, number });
        disk.do_next(&Event::SyncEnd { number });
    }

    fn left(disk: &Disk, seed: u64) -> BTreeMap<String, String> {
        let folder = tempfile::tempdir().expect("a folder");
        disk.cut(&mut Numbers(seed), folder.path());
        let entries = std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry"));
        entries
            .map(|e| (e.file_name().into_string().expect("a name"), std::fs::read_to_string(e.path()).expect("text")))
            .collect()
    }

    /// A file made and synced, its name synced, then written again and renamed over another name.
    fn disk() -> Disk {
        let mut disk = Disk::default();
        disk.do_next(&Event::Create { name: "a".into(), file: 7 });
        write(&mut disk, 7, "one");
        sync(&mut disk, 7, 1);
        disk.do_next(&Event::FolderSyncBegin { name: "/".into(), number: 2 });
        disk.do_next(&Event::FolderSyncEnd { number: 2 });
        write(&mut disk, 7, "two");
        disk.do_next(&Event::Rename { from: "a".into(), to: "b".into() });
        disk
    }

    #[test]
    fn what_was_synced_lasts_and_of_the_rest_every_mixture_is_seen() {
        let disk = disk();
        assert_eq!(disk.pending(), 2);
        let mut seen: Vec<(String, String)> = Vec::new();
        for seed in 0..200 {
            let mut one = left(&disk, seed).into_iter();
            seen.push(one.next().expect("the file is there under one of its names"));
            assert_eq!(one.next(), None);
        }
        seen.sort();
        seen.dedup();
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(seen, [pair("a", "one"), pair("a", "two"), pair("b", "one"), pair("b", "two")]);
    }

    #[test]
    fn a_write_that_came_while_a_sync_ran_is_not_safe_by_it() {
        let mut disk = disk();
        disk.do_next(&Event::SyncBegin { file: 7, number: 3 });
        write(&mut disk, 7, "six");
        disk.do_next(&Event::SyncEnd { number: 3 });
        let texts: Vec<String> = (0..100).flat_map(|seed| left(&disk, seed).into_values()).collect();
        assert!(texts.iter().all(|text| text == "two" || text == "six"), "{texts:?}");
        assert!(texts.iter().any(|text| text == "two") && texts.iter().any(|text| text == "six"));
    }
}
