//! The emergency paper: beside the data and in the second folder, the newest two, without who was erased.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use innkeeper::domain::actor::Role;
use innkeeper::hotel::emergency::keep;
use serde_json::json;

use super::desk::{book, small_hotel};
use crate::support::TestHotel;

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn beside(hotel: &TestHotel) -> PathBuf {
    hotel.app.db.path().with_file_name("emergency")
}

fn newest_lines(folder: &Path) -> String {
    let newest = names(folder).into_iter().rfind(|name| name.ends_with(".csv")).expect("a paper");
    std::fs::read_to_string(folder.join(newest)).expect("its lines")
}

#[test]
fn the_paper_is_kept_beside_the_data_and_in_the_second_folder_as_long_as_it_is_wanted() {
    let hotel = small_hotel();
    let second = tempfile::tempdir().expect("a folder");
    hotel.patch("/api/backups/plan", json!({"second_folder": second.path()})).expect(200);
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-12");
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    book(&hotel, "Ben Li", 2, "2025-11-11", "2025-11-13");
    hotel.patch("/api/guests/1", json!({"phone_number": "+351 912 000 000", "notes": "Allergic to nuts"})).expect(200);
    keep::look(&hotel.app).expect("not wanted");
    assert_eq!(names(&beside(&hotel)), BTreeSet::new());
    hotel.put("/api/day-close/plan", json!({"keeps_paper": true})).expect(200);
    keep::look(&hotel.app).expect("written");
    let there = BTreeSet::from(["2025-11-10T09-00-00.000Z.csv".to_owned(), "2025-11-10T09-00-00.000Z.pdf".to_owned()]);
    assert_eq!(names(&beside(&hotel)), there);
    assert_eq!(names(&second.path().join("emergency")), there);
    let lines = newest_lines(&beside(&hotel));
    assert!(lines.contains("in_house,101,Double,Ana Sousa,2025-11-10,2025-11-12,200.00,"), "{lines}");
    assert!(lines.contains("arrival,102,Double,Ben Li,2025-11-11,2025-11-13,200.00,confirmed"), "{lines}");
    assert!(lines.contains("room,201,Single,,,,vacant,"), "{lines}");
    assert!(!lines.contains("912") && !lines.contains("nuts"), "{lines}");
    let sheet = std::fs::read(beside(&hotel).join("2025-11-10T09-00-00.000Z.pdf")).expect("the sheet");
    assert!(sheet.starts_with(b"%PDF-"));
    // Not before an hour is over, unless a day is closed; the newest two are kept.
    hotel.advance_minutes(59);
    keep::look(&hotel.app).expect("not due");
    assert_eq!(names(&beside(&hotel)).len(), 2);
    for _ in 0..3 {
        hotel.advance_minutes(61);
        keep::look(&hotel.app).expect("written");
    }
    assert_eq!(names(&beside(&hotel)).len(), 4);
    hotel.advance_minutes(1);
    hotel.close_before("2025-11-11").expect(200);
    keep::look(&hotel.app).expect("written");
    assert!(names(&beside(&hotel)).contains("2025-11-10T13-03-00.000Z.pdf"), "{:?}", names(&beside(&hotel)));
    hotel.put("/api/day-close/plan", json!({"keeps_paper": false})).expect(200);
    keep::look(&hotel.app).expect("removed");
    assert_eq!((names(&beside(&hotel)).len(), names(&second.path().join("emergency")).len()), (0, 0));
}

#[test]
fn whoever_is_erased_is_on_no_paper_any_more() {
    let hotel = small_hotel();
    book(&hotel, "Ana Sousa", 1, "2025-11-10", "2025-11-11");
    hotel.put("/api/day-close/plan", json!({"keeps_paper": true})).expect(200);
    keep::look(&hotel.app).expect("written");
    assert!(newest_lines(&beside(&hotel)).contains("Ana Sousa"));
    hotel.post("/api/reservations/1/cancel", json!({})).expect(200);
    hotel.advance_minutes(1);
    hotel.as_role(Role::Manager).post("/api/guests/1/anonymise", json!({"reason": "asked"})).expect(200);
    // Within the same instant: the one just written is without her, and stays.
    keep::look(&hotel.app).expect("written anew");
    assert_eq!(names(&beside(&hotel)).len(), 2, "the older one is gone");
    assert!(!newest_lines(&beside(&hotel)).contains("Ana"));
}

#[test]
fn papers_of_a_clock_that_was_ahead_and_of_power_that_failed_do_not_stay() {
    let hotel = small_hotel();
    book(&hotel, "=1+1", 1, "2025-11-10", "2025-11-11");
    hotel.put("/api/day-close/plan", json!({"keeps_paper": true})).expect(200);
    hotel.advance_hours(48);
    keep::look(&hotel.app).expect("written");
    hotel.advance_hours(-48);
    for (name, text) in [("2025-11-10T08-00-00.000Z.csv", "Ana"), ("2025-11-10T08-00-00.000Z.pdf.part", "Ana"), ("ours.csv", "-")]
    {
        std::fs::write(beside(&hotel).join(name), text).expect("written");
    }
    keep::look(&hotel.app).expect("written anew");
    let left = ["2025-11-10T09-00-00.000Z.csv", "2025-11-10T09-00-00.000Z.pdf", "ours.csv"].map(str::to_owned);
    assert_eq!(names(&beside(&hotel)), BTreeSet::from(left));
    let lines = std::fs::read_to_string(beside(&hotel).join("2025-11-10T09-00-00.000Z.csv")).expect("its lines");
    assert!(lines.contains(",'=1+1,"), "no formula: {lines}");
}
