//! What belongs to a file and what does not, with the files as SQLite itself leaves them.

use std::path::{Path, PathBuf};

use super::{Place, Strays, look, with_ending};
use crate::db::backup::{self, companions};
use crate::db::{Context, Db, OpenError, Options, Sql};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;

const ADD: Sql = Sql::new("test.add", "INSERT INTO booking_source (name) VALUES (?1)");

fn context() -> Context {
    Context { actor: Actor::program("test"), now: Instant::from_millisecond(0).expect("epoch") }
}

fn put_aside() -> Strays {
    Strays::PutAside(Instant::from_millisecond(1_700_000_000_000).expect("an instant"))
}

/// A hotel in a folder, with the states that it had: each is its file and its log of that moment.
struct Hotel {
    folder: tempfile::TempDir,
}

impl Hotel {
    fn new() -> Hotel {
        Hotel { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the hotel, adds each name in a commit of its own and leaves it as a kill would: the file
    /// `name` with its log beside it. The log stays as long as somebody reads what was before.
    fn killed_after(&self, names: &[&str], name: &str) -> PathBuf {
        let path = self.path("hotel.db");
        let db = Db::open(&path, &Options::default(), Box::new(|_| ())).expect("open");
        let reader = rusqlite::Connection::open(&path).expect("a reader");
        reader.execute_batch("BEGIN; SELECT count(*) FROM booking_source").expect("a snapshot");
        for name in names {
            let name = (*name).to_owned();
            db.write(context(), move |tx| tx.insert(&ADD, [name]).map(|_| ())).expect("write");
        }
        let kept = self.path(name);
        copy(&path, &kept);
        copy(&with_ending(&path, "-wal"), &with_ending(&kept, "-wal"));
        drop(reader);
        db.close();
        kept
    }

    /// The hotel's file as it was closed in order.
    fn closed(&self, name: &str) -> PathBuf {
        copy(&self.path("hotel.db"), &self.path(name));
        self.path(name)
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).expect("a copy");
}

fn names(path: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).expect("open");
    let mut statement = connection.prepare("SELECT name FROM booking_source WHERE id > 9 ORDER BY id").expect("valid");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a name")).collect()
}

fn log(path: &Path) -> PathBuf {
    with_ending(path, "-wal")
}

#[test]
fn a_files_own_log_is_left_to_it_however_much_of_it_was_folded_in() {
    let hotel = Hotel::new();
    let killed = hotel.killed_after(&["a", "b", "c"], "killed.db");
    assert_eq!(look(&killed, put_aside()).expect("it opens"), Place::File(vec![]));
    // The file already has all that stands in the log.
    let folded = hotel.closed("folded.db");
    copy(&log(&killed), &log(&folded));
    assert_eq!(look(&folded, put_aside()).expect("it opens"), Place::File(vec![]));
    assert_eq!(
        (names(&killed), names(&folded)),
        (vec!["a".into(), "b".into(), "c".into()], vec!["a".into(), "b".into(), "c".into()])
    );
}

#[test]
fn a_log_of_an_earlier_or_later_time_or_of_another_hotel_is_put_aside_and_kept() {
    let (hotel, other) = (Hotel::new(), Hotel::new());
    let first = hotel.killed_after(&["a"], "first.db");
    let early = hotel.closed("early.db");
    hotel.killed_after(&["b"], "second.db");
    let second = hotel.killed_after(&["c"], "third.db");
    let late = hotel.closed("late.db");
    let foreign = other.killed_after(&["x"], "foreign.db");
    for (file, strange, held) in
        [(&early, &second, vec!["a"]), (&late, &first, vec!["a", "b", "c"]), (&late, &foreign, vec!["a", "b", "c"])]
    {
        let path = hotel.path("in_place.db");
        copy(file, &path);
        copy(&log(strange), &log(&path));
        assert!(matches!(look(&path, Strays::Refuse), Err(OpenError::Strays { .. })));
        let Ok(Place::File(kept)) = look(&path, put_aside()) else { panic!("it opens") };
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(std::fs::read(&kept[0]).expect("kept"), std::fs::read(log(strange)).expect("the log"));
        assert!(!log(&path).exists());
        assert_eq!(names(&path), held);
    }
}

#[test]
fn a_file_that_was_closed_for_good_has_no_log() {
    let hotel = Hotel::new();
    let killed = hotel.killed_after(&["a", "b"], "killed.db");
    let sealed = hotel.closed("sealed.db");
    backup::seal(&sealed).expect("closed");
    copy(&log(&killed), &log(&sealed));
    let Ok(Place::File(kept)) = look(&sealed, put_aside()) else { panic!("it opens") };
    assert_eq!(kept.len(), 1);
}

#[test]
fn a_log_in_which_something_acknowledged_cannot_be_read_is_not_passed_over() {
    let hotel = Hotel::new();
    let killed = hotel.killed_after(&["a", "b"], "killed.db");
    let whole = std::fs::read(log(&killed)).expect("the log");
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        std::fs::write(log(&killed), &bytes).expect("written");
        look(&killed, put_aside())
    };
    let is_damaged = |found: Result<Place, OpenError>| matches!(found, Err(OpenError::DamagedLog { .. }));
    assert!(is_damaged(with(&|bytes| bytes[17] ^= 4)), "its head");
    assert!(is_damaged(with(&|bytes| bytes[32 + 24 + 9] ^= 4)), "its first page, behind which more was saved");
    let end = whole.len();
    // What a power cut leaves of a commit that nobody was told of.
    assert_eq!(with(&|bytes| bytes[end - 9] ^= 4).expect("its own"), Place::File(vec![]));
    assert_eq!(with(&|bytes| bytes.truncate(end - 9)).expect("its own"), Place::File(vec![]));
    assert_eq!(with(&|bytes| bytes.fill(0)).expect("its own"), Place::File(vec![]));
    assert_eq!(with(&|_| ()).expect("its own"), Place::File(vec![]));
    assert_eq!(names(&killed), ["a", "b"]);
}

#[test]
fn a_file_that_is_shorter_than_it_says_is_damaged() {
    let hotel = Hotel::new();
    hotel.killed_after(&["a"], "unused.db");
    let file = hotel.closed("file.db");
    backup::seal(&file).expect("closed");
    let bytes = std::fs::read(&file).expect("the file");
    std::fs::write(&file, &bytes[..bytes.len() - 4096]).expect("cut");
    assert!(matches!(look(&file, put_aside()), Err(OpenError::Damaged { .. })));
    std::fs::write(&file, &bytes).expect("whole");
    assert_eq!(look(&file, put_aside()).expect("whole"), Place::File(vec![]));
}

/// A journal that holds the first pages of a file as they were `before`.
fn journal_of(before: &Path, count: u32) -> Vec<u8> {
    let bytes = std::fs::read(before).expect("the file");
    let mut journal = vec![0; 512];
    journal[..8].copy_from_slice(&super::JOURNAL_START);
    journal[8..12].copy_from_slice(&count.to_be_bytes());
    journal[16..20].copy_from_slice(&bytes[28..32]);
    journal[20..24].copy_from_slice(&512_u32.to_be_bytes());
    journal[24..28].copy_from_slice(&4096_u32.to_be_bytes());
    for (number, page) in (1..=count).zip(bytes.chunks(4096)) {
        journal.extend(number.to_be_bytes());
        journal.extend(page);
        // The sum of every 200th byte from the end, with a nonce of nought.
        let sum: u32 = (1..=20).map(|n| u32::from(page[4096 - 200 * n])).sum();
        journal.extend(sum.to_be_bytes());
    }
    journal
}

#[test]
fn a_journal_is_undone_in_its_own_file_and_in_no_other() {
    let hotel = Hotel::new();
    hotel.killed_after(&["a"], "unused.db");
    let early = hotel.closed("early.db");
    hotel.killed_after(&["b"], "unused.db");
    let file = hotel.closed("file.db");
    let journal = with_ending(&file, "-journal");
    let before = journal_of(&file, 1);
    // Killed while it was closed for good: the first page says so already.
    let changed = hotel.path("changed.db");
    copy(&file, &changed);
    backup::seal(&changed).expect("closed");
    copy(&changed, &file);
    std::fs::write(&journal, &before).expect("a journal");
    assert_eq!(look(&file, put_aside()).expect("its own"), Place::File(vec![]));
    assert_eq!(names(&file), ["a", "b"]);
    assert_eq!(std::fs::read(&file).expect("the file")[18], 2, "it was undone");
    for strange in [journal_of(&early, 9), journal_of(&early, 0), b"no journal at all".to_vec()] {
        std::fs::write(&journal, &strange).expect("a journal");
        let Ok(Place::File(kept)) = look(&file, put_aside()) else { panic!("it opens") };
        assert_eq!((kept.len(), std::fs::read(&kept[0]).expect("kept")), (1, strange));
        assert_eq!(names(&file), ["a", "b"]);
    }
}

#[test]
#[cfg(unix)]
fn what_is_no_file_or_has_two_names_is_not_opened() {
    let hotel = Hotel::new();
    hotel.killed_after(&["a"], "unused.db");
    let file = hotel.closed("file.db");
    let refused = |path: &Path| look(path, put_aside()).expect_err("refused");
    std::os::unix::fs::symlink(hotel.path("nowhere.db"), hotel.path("link.db")).expect("a link");
    assert!(matches!(refused(&hotel.path("link.db")), OpenError::LinkToNothing { .. }));
    assert!(matches!(refused(hotel.folder.path()), OpenError::NoFile { .. }));
    std::fs::hard_link(&file, hotel.path("second.db")).expect("a second name");
    assert!(matches!(refused(&file), OpenError::SeveralNames { .. }));
    std::fs::remove_file(hotel.path("second.db")).expect("gone");
    std::os::unix::fs::symlink(hotel.path("hotel.db"), log(&file)).expect("a link");
    assert!(matches!(refused(&file), OpenError::NoFile { path } if path == log(&file)));
    assert_eq!(super::real(hotel.path("link.db")), hotel.path("link.db"), "it leads nowhere");
    std::os::unix::fs::symlink("file.db", hotel.path("good.db")).expect("a link");
    assert_eq!(super::real(hotel.path("good.db")), file.canonicalize().expect("the file"));
}

#[test]
fn nothing_is_an_empty_place_and_a_log_without_a_file_is_not() {
    let hotel = Hotel::new();
    let killed = hotel.killed_after(&["a"], "killed.db");
    assert_eq!(look(&hotel.path("other.db"), put_aside()).expect("nothing"), Place::Missing);
    assert!(super::leavings(&hotel.path("other.db")).is_empty());
    std::fs::write(&killed, "").expect("emptied");
    assert_eq!(look(&killed, put_aside()).expect("empty"), Place::Empty);
    assert_eq!(super::leavings(&killed), [log(&killed)]);
    assert!(log(&killed).exists() && companions(&killed).iter().filter(|path| path.exists()).count() == 1);
    std::fs::remove_file(log(&killed)).expect("gone");
    let journal = with_ending(&killed, "-journal");
    std::fs::write(&journal, [0; 512]).expect("a journal");
    assert!(super::leavings(&killed).is_empty(), "a first start that was killed: nothing was in the file yet");
    std::fs::write(&journal, [1; 5000]).expect("a journal");
    assert_eq!(super::leavings(&killed), [journal]);
}
