//! Damages by seed of a small hotel's file: bits, pages, cut ends, swapped pages.
//!
//! Whatever the damage, the file is refused as it is with what to do, or it is served truly, or the
//! damage is met and told, and nothing more is written. The newest copy then takes its place, and the
//! damaged file is kept. Nothing in SQLite's format tells a bit that was changed inside a guest's name from
//! another name: how many damages nobody can tell is counted, and none of them may be of a whole page.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use innkeeper::db::beside::Strays;
use innkeeper::db::{Options, backup};
use innkeeper::hotel::backups::restore::{Known, prepare};
use innkeeper::hotel::{checks, system};
use serde_json::json;

use crate::support::TestHotel;
use crate::support::hotel::NOW;

/// Tried here, unless all are asked for.
const SLICE: u64 = 24;
const ALL: u64 = 2_000;
const PAGE: usize = 4096;

const ASKED: &[&str] = &[
    "/api/dashboard/today",
    "/api/reservations?page_size=100",
    "/api/guests?page_size=100",
    "/api/rooms?page_size=100",
    "/api/room-types",
    "/api/rate-plans",
    "/api/payments?page_size=100",
    "/api/tape-chart?from=2025-11-10&days=14",
    "/api/booking-sources",
    "/api/payment-methods",
    "/api/users",
    "/api/audit-log?page_size=100",
    "/api/settings",
    "/api/reservations/1",
    "/api/guests/1",
];

/// A hotel that runs, its file as it was closed, and what it answers.
struct Sound {
    hotel: TestHotel,
    bytes: Vec<u8>,
    answers: Vec<(&'static str, Vec<u8>)>,
}

impl Sound {
    fn the() -> &'static Sound {
        static SOUND: OnceLock<Sound> = OnceLock::new();
        SOUND.get_or_init(|| {
            let hotel = TestHotel::builder().open_furnished();
            let folder = tempfile::tempdir().expect("a folder");
            let copy = folder.path().join("hotel.db");
            backup::copy(hotel.app.db.path(), &copy, &mut |_, _| true).expect("a copy");
            let bytes = std::fs::read(copy).expect("the file");
            let answers = ASKED.iter().map(|target| (*target, hotel.get(target))).filter(|(_, answer)| answer.status == 200);
            let answers: Vec<_> = answers.map(|(target, answer)| (target, answer.body)).collect();
            assert!(answers.len() > ASKED.len() / 2, "{}", answers.len());
            Sound { hotel, bytes, answers }
        })
    }
}

/// Numbers that look random and are the same for each seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).expect("below")
    }
}

/// Damages the bytes; what was done to them.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let pages = bytes.len() / PAGE;
    let page = |dice: &mut Dice| dice.roll(pages) * PAGE;
    match dice.roll(8) {
        0 | 1 => {
            for _ in 0..=dice.roll(8) {
                let at = dice.roll(bytes.len());
                bytes[at] ^= 1 << dice.roll(8);
            }
            "bits"
        }
        2 => {
            let at = dice.roll(bytes.len() / 512) * 512;
            (at..at + 512).for_each(|at| bytes[at] = dice.roll(256) as u8);
            "a sector"
        }
        3 => {
            let at = page(dice);
            (at..at + PAGE).for_each(|at| bytes[at] = dice.roll(256) as u8);
            "a page"
        }
        4 => {
            let at = page(dice);
            bytes[at..at + PAGE].fill(0);
            "a page of noughts"
        }
        5 => {
            let length = dice.roll(bytes.len());
            bytes.truncate(length);
            "a cut end"
        }
        6 => {
            let (one, other) = (page(dice), page(dice));
            let kept = bytes[one..one + PAGE].to_vec();
            bytes.copy_within(other..other + PAGE, one);
            bytes[other..other + PAGE].copy_from_slice(&kept);
            "swapped pages"
        }
        _ => {
            let (one, other) = (page(dice), page(dice));
            bytes.copy_within(other..other + PAGE, one);
            "a page written elsewhere"
        }
    }
}

#[test]
fn a_damaged_file_is_refused_or_served_truly_or_tells_its_damage_and_a_copy_takes_its_place() {
    let count = if super::is_all() { ALL } else { SLICE };
    let mut found: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for seed in 0..count {
        let mut dice = Dice(seed.wrapping_mul(0x0001_0000_01b3));
        let mut bytes = Sound::the().bytes.clone();
        let kind = damage(&mut bytes, &mut dice);
        let verdict = try_damage(&bytes, seed % 4 == 0).unwrap_or_else(|what| panic!("seed {seed}, {kind}: {what}"));
        *found.entry((kind, verdict)).or_default() += 1;
        assert!(verdict != "not to be told" || matches!(kind, "bits" | "a sector"), "seed {seed}: {kind} {verdict}");
    }
    found.iter().for_each(|((kind, verdict), count)| println!("{kind}: {count} {verdict}"));
}

/// How a damaged file fares. Every fourth is rescued: that takes longer than the rest.
fn try_damage(bytes: &[u8], is_rescued: bool) -> Result<&'static str, String> {
    let sound = Sound::the();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotel.db");
    std::fs::write(&file, bytes).expect("written");
    let verdict = match sound.hotel.at_file(&file, Strays::PutAside(NOW.parse().expect("an instant"))) {
        Err(refusal) => {
            let is_helpful =
                ["innkeeper restore COPY", "Start the newer program"].iter().any(|advice| refusal.to_string().contains(advice));
            ensure(is_helpful, || format!("it does not say what to do: {refusal}"))?;
            ensure(std::fs::read(&file).expect("the file") == bytes, || format!("refused and changed: {refusal}"))?;
            "refused"
        }
        Ok(hotel) => {
            let verdict = served(&hotel, sound);
            hotel.app.db.close();
            verdict?
        }
    };
    if is_rescued && verdict != "served truly" {
        rescue(&file, folder.path(), sound, verdict == "refused")?;
    }
    Ok(verdict)
}

fn ensure(good: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if good { Ok(()) } else { Err(what()) }
}

/// What a file that opens does.
fn served(hotel: &TestHotel, sound: &Sound) -> Result<&'static str, String> {
    let (mut is_true, mut is_told) = (true, false);
    for (target, truth) in &sound.answers {
        let answer = hotel.get(target);
        match answer.status {
            200 => is_true = is_true && answer.body == *truth,
            _ => is_told = true,
        }
    }
    if hotel.app.db.is_damaged() {
        let health = hotel.as_stranger().get("/api/health");
        ensure(health.status == 503 && health.json()["database"] == "damaged", || format!("health: {}", health.text()))?;
        system::look(&hotel.app, &hotel.memory.backups);
        let alerts = hotel.app.watch.alerts();
        let is_alert = alerts.iter().any(|a| a.code.as_str() == "data_damaged" && a.severity.as_str() == "critical");
        ensure(is_alert, || format!("no alert: {alerts:?}"))?;
        let written = hotel.post("/api/booking-sources", json!({"name": "Radio"}));
        ensure(written.status >= 400, || "it is written to".to_owned())?;
        return Ok("met and told");
    }
    if is_told {
        return Ok("refused in part");
    }
    // As every night: a copy is opened and everything in it reckoned up.
    let copied = hotel.app.db.path().with_file_name("copied.db");
    let is_copied = backup::copy(hotel.app.db.path(), &copied, &mut |_, _| true)
        .and_then(|counts| backup::examine(&copied)?.check_against(&counts))
        .is_ok();
    let agrees = is_copied && checks::sums_of(&copied).is_ok_and(|sums| sums.is_ok_and(|report| report.faults.is_empty()));
    // The copy is this test's own.
    let _ = std::fs::remove_file(copied);
    Ok(match (is_true, agrees) {
        (true, true) => "served truly",
        (_, false) => "told at night",
        (false, true) => "not to be told",
    })
}

/// The newest copy in the place of the damaged file, which is kept.
fn rescue(file: &Path, folder: &Path, sound: &Sound, is_untouched: bool) -> Result<(), String> {
    let damaged = std::fs::read(file).expect("the file");
    let copy = folder.join("copy.db");
    std::fs::write(&copy, &sound.bytes).expect("written");
    let context = sound.hotel.app.own_context();
    let prepared =
        prepare(&copy, None, file, Known::default(), &context, &Options::default()).map_err(|error| error.to_string())?;
    let aside = prepared.put_in_place(file, context.now).map_err(|error| error.to_string())?;
    // One that was opened is closed for good before it is kept, which changes its first page.
    let is_same = |kept: &[u8]| if is_untouched { kept == damaged } else { kept.len() >= damaged.len() / PAGE * PAGE };
    let is_kept = aside.is_some_and(|aside| std::fs::read(&aside).is_ok_and(|kept| is_same(&kept)));
    ensure(is_kept, || "the damaged file is not kept".to_owned())?;
    let sums = checks::sums_of(file).map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    ensure(sums.faults.is_empty(), || format!("{:?}", sums.faults))
}
