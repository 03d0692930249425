//! The plan's rules, the names of copies, which are kept, and their packed form.

use jiff::tz::TimeZone;

use super::copies::{self, Copy};
use super::erasures::{self, Erasure};
use super::pack::{self, Aside, Form};
use super::seal::{self, Passphrase, Seal};
use super::{BackupError, Keep, Plan, make};
use crate::domain::date::Instant;
use crate::domain::id::GuestId;

fn at(text: &str) -> Instant {
    text.parse().expect(text)
}

fn lisbon() -> TimeZone {
    TimeZone::get("Europe/Lisbon").expect("a bundled zone")
}

fn plan(since: &str, last_made_at: Option<&str>) -> Plan {
    Plan { since: Some(at(since)), last_made_at: last_made_at.map(at), ..Plan::default() }
}

#[test]
fn a_copy_is_due_each_night_and_after_a_night_in_which_the_machine_was_off() {
    let is_due = |plan: &Plan, now: &str| plan.is_due(&lisbon(), at(now));
    let fresh = plan("2025-11-10T09:00:00Z", None);
    assert!(!is_due(&fresh, "2025-11-10T23:00:00Z"), "nothing was missed yet");
    assert!(!is_due(&fresh, "2025-11-11T03:29:59Z"));
    assert!(is_due(&fresh, "2025-11-11T03:30:00Z"));
    let kept = plan("2025-11-10T09:00:00Z", Some("2025-11-11T03:30:05Z"));
    assert!(!is_due(&kept, "2025-11-12T03:29:00Z"));
    assert!(is_due(&kept, "2025-11-12T09:00:00Z"), "the machine was off at half past three");
    assert!(!is_due(&Plan { is_on: false, ..kept.clone() }, "2025-11-12T09:00:00Z"));
    assert!(!is_due(&Plan::default(), "2025-11-12T09:00:00Z"), "no program has run with this file");
}

#[test]
fn the_hour_is_the_hotels_own_also_when_clocks_change() {
    let plan = plan("2025-03-01T00:00:00Z", Some("2025-03-29T03:30:10Z"));
    let (zone, now) = (lisbon(), at("2025-03-30T02:00:00Z"));
    assert_eq!(plan.next_at(&zone, now), Some(at("2025-03-30T02:30:00Z")));
    assert!(plan.is_due(&zone, at("2025-03-30T02:30:00Z")));
}

#[test]
fn a_copy_is_too_old_after_twenty_six_hours_and_so_is_none() {
    assert_eq!(plan("2025-11-10T09:00:00Z", None).overdue_at(), Some(at("2025-11-11T11:00:00Z")));
    assert_eq!(plan("2025-11-01T09:00:00Z", Some("2025-11-10T03:30:00Z")).overdue_at(), Some(at("2025-11-11T05:30:00Z")));
    assert_eq!(Plan::default().overdue_at(), None);
}

#[test]
fn names_tell_the_moment_and_nothing_else_is_taken_for_a_copy() {
    let name = copies::name("hotel", at("2025-11-10T02:30:04.567Z"));
    assert_eq!(name, "hotel-2025-11-10T02-30-04Z.db.gz");
    assert_eq!(copies::made_at("hotel", &name), Some(at("2025-11-10T02:30:04Z")));
    assert_eq!(copies::made_at("hotel", &copies::sealed(&name)), Some(at("2025-11-10T02:30:04Z")));
    assert!(copies::is_sealed(&copies::sealed(&name)) && !copies::is_sealed(&name));
    for other in [
        "hotel.db",
        "hotel-2025-11-10T02-30-04Z.db",
        "hotel-2025-11-10T02-30-04Z.db.gz.part",
        "other-2025-11-10T02-30-04Z.db.gz",
        "hotel-2025-13-10T02-30-04Z.db.gz",
        "hotel-2025-11-10T02:30:04Z.db.gz",
        "hotel-replaced-2025-11-10T02-30-04Z.db",
        "../hotel-2025-11-10T02-30-04Z.db.gz",
        "",
    ] {
        assert_eq!(copies::made_at("hotel", other), None, "{other}");
    }
}

/// A copy each day at half past three, `days` of them up to the last, newest first.
fn nightly(last: &str, days: i64) -> Vec<Copy> {
    let made_at = |n| at(last).plus_hours(-24 * n);
    let copy = |n| Copy { path: "x".into(), name: copies::name("hotel", made_at(n)), made_at: made_at(n), bytes: 1 };
    (0..days).map(copy).collect()
}

#[test]
fn seven_days_four_weeks_and_twelve_months_are_kept() {
    let now = at("2025-11-12T03:31:00Z");
    let copies = nightly("2025-11-12T03:30:00Z", 800);
    let keep = Plan::default().keep;
    let gone = copies::superfluous(&copies, keep, &TimeZone::UTC, now);
    let kept: Vec<String> =
        copies.iter().filter(|copy| !gone.contains(copy)).map(|copy| copy.made_at.to_string()[..10].to_owned()).collect();
    let expected = [
        "2025-11-12",
        "2025-11-11",
        "2025-11-10",
        "2025-11-09",
        "2025-11-08",
        "2025-11-07",
        "2025-11-06",
        // Sundays, then the last days of months.
        "2025-11-02",
        "2025-10-31",
        "2025-10-26",
        "2025-09-30",
        "2025-08-31",
        "2025-07-31",
        "2025-06-30",
        "2025-05-31",
        "2025-04-30",
        "2025-03-31",
        "2025-02-28",
        "2025-01-31",
        "2024-12-31",
    ];
    assert_eq!(kept, expected);
}

#[test]
fn copies_of_the_last_two_days_are_kept_whatever_their_number() {
    let now = at("2025-11-12T12:00:00Z");
    let hourly: Vec<Copy> = (0..72)
        .map(|n| at("2025-11-12T12:00:00Z").plus_hours(-n))
        .map(|made_at| Copy { path: "x".into(), name: copies::name("hotel", made_at), made_at, bytes: 1 })
        .collect();
    let keep = Keep { daily: 1, weekly: 0, monthly: 0 };
    let gone = copies::superfluous(&hourly, keep, &TimeZone::UTC, now);
    assert_eq!((gone.len(), gone[0].made_at), (24, at("2025-11-10T12:00:00Z")));
}

#[test]
fn a_packed_file_comes_back_as_it_was_and_a_spoilt_one_is_found_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let content: Vec<u8> = (0..1_000_000_u32).flat_map(|n| (n % 251).to_le_bytes()).collect();
    std::fs::write(path("a"), &content).expect("a file");
    pack::pack(&path("a"), &path("a.gz"), None, &|| true).expect("packed").put_at(&path("a.gz")).expect("named");
    assert_eq!(pack::form(&path("a.gz")).expect("readable"), Form::Packed);
    pack::unpack(&path("a.gz"), &path("b"), None).expect("unpacked");
    assert!(std::fs::read(path("b")).expect("a file") == content);
    let packed = std::fs::read(path("a.gz")).expect("a file");
    std::fs::write(path("short.gz"), &packed[..packed.len() - 10]).expect("a file");
    assert!(matches!(pack::unpack(&path("short.gz"), &path("c"), None), Err(BackupError::Spoilt { .. })));
    let mut wrong = packed.clone();
    wrong[packed.len() / 2] ^= 1;
    std::fs::write(path("wrong.gz"), &wrong).expect("a file");
    assert!(matches!(pack::unpack(&path("wrong.gz"), &path("c"), None), Err(BackupError::Spoilt { .. })));
    std::fs::write(path("letter"), "Dear Sir or Madam").expect("a file");
    assert!(matches!(pack::unpack(&path("letter"), &path("c"), None), Err(BackupError::NotACopy { .. })));
}

#[test]
fn a_copy_that_unpacks_to_more_than_it_says_is_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let connection = rusqlite::Connection::open(path("a")).expect("a file");
    connection.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").expect("filled");
    drop(connection);
    let mut bytes = std::fs::read(path("a")).expect("the file");
    let pack = |name: &str, bytes: &[u8]| {
        std::fs::write(path("a"), bytes).expect("written");
        pack::pack(&path("a"), &path(name), None, &|| true).expect("packed").put_at(&path(name)).expect("in place");
    };
    pack("good.gz", &bytes);
    bytes.extend_from_slice(&[0; 4096]);
    pack("long.gz", &bytes);
    bytes[28..32].copy_from_slice(&u32::MAX.to_be_bytes());
    bytes[16..18].copy_from_slice(&1_u16.to_be_bytes());
    pack("endless.gz", &bytes);
    pack::unpack(&path("good.gz"), &path("b"), None).expect("as long as it says");
    assert!(matches!(pack::unpack(&path("long.gz"), &path("b"), None), Err(BackupError::Spoilt { .. })));
    assert!(matches!(pack::unpack(&path("endless.gz"), &path("b"), None), Err(BackupError::NoRoom { .. })));
}

#[test]
fn a_copy_under_a_passphrase_is_opened_by_that_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let content: Vec<u8> = (0..300_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    std::fs::write(path("a"), &content).expect("a file");
    let right = seal::passphrase("four words of one hotel").expect("long enough");
    let packed = pack::pack(&path("a"), &path("a.age"), Some(&Seal::under(&right)), &|| true).expect("packed");
    packed.put_at(&path("a.age")).expect("named");
    assert_eq!(pack::form(&path("a.age")).expect("readable"), Form::Sealed);
    let unpack = |name: &str, passphrase| pack::unpack(&path(name), &path("b"), passphrase);
    assert!(matches!(unpack("a.age", None), Err(BackupError::NoPassphrase { .. })));
    let wrong = Passphrase::from("Four words of one hotel".to_owned());
    assert!(matches!(unpack("a.age", Some(&wrong)), Err(BackupError::WrongPassphrase { .. })));
    unpack("a.age", Some(&right)).expect("opened");
    assert!(std::fs::read(path("b")).expect("a file") == content);
    let sealed = std::fs::read(path("a.age")).expect("a file");
    std::fs::write(path("short.age"), &sealed[..sealed.len() - 100_000]).expect("a file");
    assert!(matches!(unpack("short.age", Some(&right)), Err(BackupError::Spoilt { .. })));
    let mut changed = sealed.clone();
    changed[sealed.len() / 2] ^= 1;
    std::fs::write(path("changed.age"), &changed).expect("a file");
    assert!(matches!(unpack("changed.age", Some(&right)), Err(BackupError::Spoilt { .. })));
    assert_eq!(format!("{right:?}").find("words"), None, "it is never shown");
    assert!(seal::passphrase("eleven char").is_err() && seal::passphrase("twelve chars").is_ok());
}

#[test]
fn what_is_given_up_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a"), vec![7; 1_000_000]).expect("a file");
    assert!(matches!(pack::pack(&path("a"), &path("a.gz"), None, &|| false), Err(BackupError::Stopped)));
    drop(Aside::new(path("never-made")));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
#[cfg(unix)]
fn a_link_in_a_folder_of_copies_is_neither_followed_nor_taken_for_a_copy() {
    let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (path, target) = (|name: &str| folder.path().join(name), elsewhere.path().join("hotel.db"));
    std::fs::write(&target, "the hotel itself").expect("a file");
    let link = |name: &str| std::os::unix::fs::symlink(&target, path(name)).expect("a link");
    let name = copies::name("hotel", at("2025-11-10T02:30:00Z"));
    ["hotel-erasures.jsonl.part", &format!("{name}.part"), "hotel-key-abcdefgh.age.part", &name].into_iter().for_each(link);
    let erasure =
        Erasure { guest_id: GuestId(1), guest_created_at: at("2025-01-01T00:00:00Z"), erased_at: at("2025-02-01T00:00:00Z") };
    let folders = [folder.path().to_owned()];
    erasures::keep_journals(&folders, &target, &[erasure].into()).expect("written");
    assert_eq!(erasures::read_journal(folder.path(), "hotel").expect("read").len(), 1);
    assert!(copies::list(folder.path(), "hotel").expect("a list").is_empty());
    let key = seal::Key { public: "age1abcdefgh".to_owned(), sealed: b"sealed".to_vec() };
    key.keep(folder.path(), "hotel").expect("kept");
    pack::pack(&target, &path(&name), None, &|| true).expect("packed").put_at(&path(&name)).expect("named");
    assert_eq!(std::fs::read(&target).expect("the file"), b"the hotel itself");
    assert_eq!(copies::list(folder.path(), "hotel").expect("a list").len(), 1);
    link("hotel-2025-11-11T02-30-00Z.db.gz.part");
    make::sweep_folder(folder.path(), "hotel");
    assert_eq!(std::fs::read(&target).expect("the file"), b"the hotel itself");
    assert!(
        std::fs::read_dir(folder.path()).expect("a folder").flatten().all(|entry| entry.metadata().is_ok_and(|m| m.is_file()))
    );
}
