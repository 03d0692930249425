//! The folders that a pair is tried in, and the files that they are filled with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use innkeeper::db::{Context, Db, Options, Sql, backup};
use innkeeper::domain::actor::Actor;
use innkeeper::domain::date::Instant;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::support::{RunningHotel, TestHotel};

const ADD: Sql = Sql::new("test.add", "INSERT INTO booking_source (name) VALUES (?1)");

/// One hotel at several moments, another hotel, and copies of both.
///
/// `early.db` holds Early and was closed in order; `killed.db` is the same file with a log beside
/// it, in which Late was acknowledged before the kill; `late.db` holds both and was closed in
/// order, `sealed.db` was so for good, as a restored file is. `past-wal` is a log of the time
/// before Early. `other.db` and its log are another hotel's.
pub struct Material {
    folder: TempDir,
}

impl Material {
    pub fn the() -> &'static Material {
        static MATERIAL: OnceLock<Material> = OnceLock::new();
        MATERIAL.get_or_init(|| {
            let material = Material { folder: tempfile::tempdir().expect("a folder") };
            material.make();
            material
        })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn make(&self) {
        self.hotel("hotel.db");
        self.grow("hotel.db", "Before", "past.db");
        // Only its log is of use.
        std::fs::rename(self.path("past.db-wal"), self.path("past-wal")).expect("renamed");
        remove_source(&self.path("hotel.db"), "Before");
        self.grow("hotel.db", "Early", "unused.db");
        self.copy("hotel.db", "early.db");
        self.grow("hotel.db", "Late", "killed.db");
        self.copy("hotel.db", "late.db");
        self.twice("early.db", "twice.db");
        self.copy("late.db", "sealed.db");
        backup::seal(&self.path("sealed.db")).expect("closed");
        self.hotel("other.db");
        self.grow("other.db", "Other", "other-killed.db");
        self.pack("early.db", "early.gz");
        self.pack("late.db", "late.gz");
        self.pack("other.db", "other.gz");
        std::fs::write(self.path("foreign-journal"), foreign_journal()).expect("written");
        std::fs::write(self.path("own-journal"), own_journal(&self.bytes("late.db"))).expect("written");
    }

    /// A hotel that is set up.
    fn hotel(&self, name: &str) {
        let hotel = TestHotel::new();
        backup::copy(hotel.app.db.path(), &self.path(name), &mut |_, _| true).expect("a copy");
    }

    /// A log with two commits in it, of a file that was killed.
    fn twice(&self, from: &str, killed: &str) {
        self.copy(from, "twice-open.db");
        let path = self.path("twice-open.db");
        let db = Db::open(&path, &Options::default(), Box::new(|_| ())).expect("open");
        let reader = Connection::open(&path).expect("a reader");
        reader.execute_batch("BEGIN; SELECT count(*) FROM booking_source").expect("a snapshot");
        for name in ["Late", "Later"] {
            let context = Context { actor: Actor::program("test"), now: Instant::EPOCH };
            db.write(context, move |tx| tx.insert(&ADD, [name]).map(|_| ())).expect("write");
        }
        std::fs::copy(with_ending(&path, "-wal"), with_ending(&self.path(killed), "-wal")).expect("copied");
        drop(reader);
        db.close();
    }

    fn copy(&self, from: &str, to: &str) {
        std::fs::copy(self.path(from), self.path(to)).expect("copied");
    }

    fn pack(&self, from: &str, to: &str) {
        let sealed = self.path("packing.db");
        std::fs::copy(self.path(from), &sealed).expect("copied");
        backup::seal(&sealed).expect("closed");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::copy(&mut std::fs::File::open(&sealed).expect("the file"), &mut packed).expect("read");
        std::fs::write(self.path(to), packed.finish().expect("packed")).expect("written");
    }

    /// Opens a hotel and adds a name. `killed` is its file, with its log, before it was closed.
    fn grow(&self, name: &str, added: &'static str, killed: &str) {
        let (path, killed) = (self.path(name), self.path(killed));
        let db = Db::open(&path, &Options::default(), Box::new(|_| ())).expect("open");
        // The log stays as long as somebody reads what was before.
        let reader = Connection::open(&path).expect("a reader");
        reader.execute_batch("BEGIN; SELECT count(*) FROM booking_source").expect("a snapshot");
        let context = Context { actor: Actor::program("test"), now: Instant::EPOCH };
        db.write(context, move |tx| tx.insert(&ADD, [added]).map(|_| ())).expect("write");
        std::fs::copy(&path, &killed).expect("copied");
        std::fs::copy(with_ending(&path, "-wal"), with_ending(&killed, "-wal")).expect("copied");
        drop(reader);
        db.close();
    }
}

fn remove_source(path: &Path, name: &str) {
    let connection = Connection::open(path).expect("open");
    connection.execute("DELETE FROM booking_source WHERE name = ?1", [name]).expect("deleted");
}

/// A journal as a kill leaves it, full of another file's pages.
fn foreign_journal() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("foreign.db");
    let connection = Connection::open(&path).expect("a file");
    let fill = "CREATE TABLE t (x); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        INSERT INTO t SELECT printf('%.900c', 'x') FROM n";
    connection.execute_batch(fill).expect("filled");
    connection.execute_batch("PRAGMA cache_size = 5; BEGIN; UPDATE t SET x = printf('%.900c', 'y')").expect("spilled");
    std::fs::read(with_ending(&path, "-journal")).expect("a journal")
}

/// The journal of a file whose first page was being changed as it is closed for good.
fn own_journal(file: &[u8]) -> Vec<u8> {
    let mut journal = vec![0; 512];
    journal[..8].copy_from_slice(&[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
    journal[8..12].copy_from_slice(&1_u32.to_be_bytes());
    journal[16..20].copy_from_slice(&file[28..32]);
    journal[20..24].copy_from_slice(&512_u32.to_be_bytes());
    journal[24..28].copy_from_slice(&4096_u32.to_be_bytes());
    journal.extend(1_u32.to_be_bytes());
    journal.extend(&file[..4096]);
    let sum: u32 = (1..=20).map(|n| u32::from(file[4096 - 200 * n])).sum();
    journal.extend(sum.to_be_bytes());
    journal
}

pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The names that were added to a hotel's file, as it stands by itself with its log; none of what is no hotel's file.
pub fn names(path: &Path) -> Vec<String> {
    let found = || -> rusqlite::Result<Vec<String>> {
        // Looked at through a copy: nothing here changes what is examined.
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("looked-at.db");
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        for ending in ["", "-wal", "-journal"] {
            // Most have neither log nor journal.
            let _ = std::fs::copy(with_ending(&path, ending), with_ending(&copy, ending));
        }
        let connection = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let mut statement = connection.prepare("SELECT name FROM booking_source WHERE id > 9 ORDER BY id")?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    found().unwrap_or_default()
}

/// A folder with a hotel's place in it, and another folder elsewhere.
pub struct Ground {
    folder: TempDir,
    elsewhere: TempDir,
    /// The copy that a restore is given.
    pub copy: PathBuf,
    /// The name by which the data file is opened.
    pub named: PathBuf,
    /// Whether rights count: the program is run without those of root.
    pub is_rightless: bool,
    /// A server that has the file open.
    pub server: Option<RunningHotel>,
}

impl Ground {
    pub fn new() -> Ground {
        let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let copy = elsewhere.path().join("hotel-2025-11-09T02-30-00Z.db.gz");
        let named = folder.path().join("hotel.db");
        let ground = Ground { folder, elsewhere, copy, named, is_rightless: false, server: None };
        std::fs::write(&ground.copy, Material::the().bytes("early.gz")).expect("written");
        ground
    }

    /// The data file itself.
    pub fn file(&self) -> PathBuf {
        match &self.server {
            Some(server) => server.file(),
            None => self.beside("hotel.db"),
        }
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn elsewhere(&self, name: &str) -> PathBuf {
        self.elsewhere.path().join(name)
    }

    /// Puts a file of the material beside the data file.
    pub fn put(&self, name: &str, material: &str) {
        self.write(name, &Material::the().bytes(material));
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.beside(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("written");
    }

    /// Ends the server, whose folder is looked at like the others.
    pub fn close(&mut self) {
        if let Some(server) = self.server.take() {
            let (_, _, folder) = server.stop();
            self.folder = folder;
        }
    }

    /// Every file in both folders.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_owned(), self.elsewhere.path().to_owned()];
        folders.extend(self.server.iter().filter_map(|server| server.file().parent().map(Path::to_owned)));
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => {
                        found.insert(entry.path(), readable(&entry.path()));
                    }
                    Ok(_) | Err(_) => {}
                }
            }
        }
        found
    }
}

/// The bytes of a file, also of one that its owner took the rights from.
fn readable(path: &Path) -> Vec<u8> {
    use std::os::unix::fs::PermissionsExt;
    if let Ok(bytes) = std::fs::read(path) {
        return bytes;
    }
    let rights = std::fs::metadata(path).expect("a file").permissions();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).expect("given");
    let bytes = std::fs::read(path).expect("readable now");
    std::fs::set_permissions(path, rights).expect("taken again");
    bytes
}
