//! A close that dies at any of its statements: whoever comes next goes on with it, and in the end everything in the file is what
//! it would have been.
//!
//! `CLOSE_STATEMENTS=1` takes every statement (`tests/long/close`); each twenty-fifth is taken otherwise.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use innkeeper::db::Context;
use innkeeper::db::beside::Strays;
use innkeeper::db::sql::watched;
use innkeeper::domain::actor::{Actor, Role};
use innkeeper::hotel::day_close::Step;
use innkeeper::hotel::day_close::steps::{self, How, Undecided};
use serde_json::json;

use super::day_close::{assert_no_fault, evening};
use crate::support::{TestHotel, written};

fn how() -> How {
    How { date: "2025-11-11".parse().expect("a date"), undecided: Undecided::Carry, reason: String::new() }
}

/// The evening with a longer stay and a no-show decided, as a file of its own, and the hotel whose people sit before it.
fn decided() -> (TestHotel, PathBuf) {
    let hotel = evening();
    let owner = hotel.sign_in_again(Role::Owner);
    for (stay, choice) in [(1, "extend"), (2, "carry"), (5, "no_show")] {
        let body = json!({"reservation_id": stay, "choice": choice});
        hotel.with_token(&owner).post("/api/day-close/decisions", body).expect(200);
    }
    hotel.app.db.close();
    let file = hotel.app.db.path().to_owned();
    (hotel, file)
}

/// A file and what lies beside it, as a process that is killed leaves them: all that it has written.
fn copy(file: &Path, folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder");
    let name = file.file_name().expect("a name").to_str().expect("plain letters");
    for suffix in ["", "-wal"] {
        let from = file.with_file_name(format!("{name}{suffix}"));
        if from.exists() {
            fs::copy(from, folder.join(format!("{name}{suffix}"))).expect("a copy");
        }
    }
    folder.join(name)
}

/// Closes the day up to a statement: there the files are copied as a kill would leave them, and the operation dies. How many
/// statements were run; and whether it came to the end.
fn close_until(hotel: &TestHotel, last: usize, killed: &Path) -> (usize, bool) {
    let run = Arc::new(AtomicUsize::new(0));
    loop {
        let (how, counted, file, killed) = (how(), run.clone(), hotel.app.db.path().to_owned(), killed.to_owned());
        let watch = move |_: &str| {
            if counted.fetch_add(1, Ordering::Relaxed) + 1 == last {
                copy(&file, &killed);
                std::panic::resume_unwind(Box::new("dies here"));
            }
        };
        let step = hotel.app.db.write(hotel.app.own_context(), move |tx| watched(watch, || steps::take(tx, &how)));
        match step {
            Ok(Some(_)) => {}
            Ok(None) => return (run.load(Ordering::Relaxed), true),
            Err(_) => return (run.load(Ordering::Relaxed), false),
        }
    }
}

/// Somebody else goes on with the close to its end.
fn go_on(hotel: &TestHotel) {
    let porter = Context { actor: Actor::program("porter"), now: hotel.app.clock.now() };
    steps::close(&hotel.app, &porter, &how()).expect("gone on with");
}

/// Every row of every table but who has done it, the search indexes and what SQLite keeps for itself.
fn everything(hotel: &TestHotel) -> BTreeMap<String, Vec<String>> {
    let file = hotel.app.db.path();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%_fts%' AND name <> 'log_mark' ORDER BY name";
    let mut all = BTreeMap::new();
    for table in written::rows(file, tables) {
        let mut columns =
            written::rows(file, &format!("SELECT '\"' || name || '\"' FROM pragma_table_info('{table}') ORDER BY cid"));
        columns.retain(|column| !["by", "username"].iter().any(|who| column.trim_matches('"').ends_with(who)));
        let columns = columns.join(", ");
        all.insert(table.clone(), written::rows(file, &format!("SELECT {columns} FROM \"{table}\" ORDER BY {columns}")));
    }
    all
}

#[track_caller]
fn assert_same(found: &TestHotel, whole: &BTreeMap<String, Vec<String>>, when: &str) {
    let found = everything(found);
    for (table, rows) in whole {
        assert_eq!(&found[table], rows, "{table}, {when}");
    }
}

#[test]
fn a_close_that_dies_at_any_statement_is_gone_on_with_to_the_same_end() {
    let (people, prepared) = decided();
    let folder = tempfile::tempdir().expect("a folder");
    let opened = |file: &Path| people.at_file(file, Strays::Refuse).unwrap_or_else(|error| panic!("{error}"));
    let at = |name: String| folder.path().join(name);
    let whole = opened(&copy(&prepared, &at("whole".to_owned())));
    let (statements, is_closed) = close_until(&whole, usize::MAX, &at("never".to_owned()));
    assert!(is_closed && statements > 300, "{statements} statements");
    assert_no_fault(&whole);
    let end = everything(&whole);
    assert!(end.len() > 50 && end["posting"].len() > 5, "{} tables", end.len());
    whole.app.db.close();
    let apart: usize = std::env::var("CLOSE_STATEMENTS").map_or(25, |value| value.parse().expect("a number"));
    let mut begun = [0; Step::ALL.len() + 1];
    for statement in (1..=statements).step_by(apart) {
        let (alive, killed) = (at(format!("alive-{statement}")), at(format!("killed-{statement}")));
        let hotel = opened(&copy(&prepared, &alive));
        assert_eq!(close_until(&hotel, statement, &killed), (statement, false));
        // The program lives on and somebody else asks.
        go_on(&hotel);
        assert_same(&hotel, &end, &format!("dead at {statement}"));
        hotel.app.db.close();
        // The program died with it.
        let hotel = opened(&killed.join("hotel.db"));
        let done = written::rows(
            hotel.app.db.path(),
            "SELECT count(*) FROM day_close_step WHERE day_close_id = (SELECT max(id) FROM day_close WHERE closed_at IS NULL)",
        );
        begun[done[0].parse::<usize>().expect("a count")] += 1;
        go_on(&hotel);
        assert_same(&hotel, &end, &format!("killed at {statement}"));
        assert_no_fault(&hotel);
        hotel.app.db.close();
        fs::remove_dir_all(alive).expect("removed");
        fs::remove_dir_all(killed).expect("removed");
    }
    println!("{statements} statements, each {apart}th; steps that were done when it died: {begun:?}");
    assert!(begun.iter().filter(|times| **times > 0).count() >= 4, "{begun:?}");
}
