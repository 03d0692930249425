//! What a bulk load writes in one sweep, instead of row by row.

use super::super::bulk::REPLACED;
use super::{HEADER, Hotel};

#[test]
fn while_a_bulk_load_writes_no_trigger_runs_row_by_row() {
    let hotel = Hotel::new();
    for table in ["guest", "reservation", "reservation_night", "folio", "posting"] {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '% INSERT ON %' AND tbl_name = ";
        let mut left = hotel.texts(&format!("{sql}'{table}'"));
        left.retain(|name| !REPLACED.contains(&name.as_str()));
        assert_eq!(left, Vec::<String>::new(), "{table}");
    }
}

#[test]
fn what_a_bulk_load_brings_is_found_as_if_the_desk_had_written_it() {
    let hotel = Hotel::new();
    hotel.import(&format!(
        "{HEADER}\
         1,confirmed,DBL,,Ana Silva,ana@example.com,,2025-12-01,2025-12-03,1,0,90.00,,,,,,Allergic to walnuts\n\
         2,checked_out,DBL,,Bo Berg,,,2025-10-01,2025-10-03,1,0,80.00,30.00,cash,,,,\n\
         3,cancelled,SGL,,Ana Lund,,,2025-12-01,2025-12-03,1,0,70.00,,,,,2025-11-01,Wanted a balcony\n"
    ));
    let found =
        |index: &str, word: &str| hotel.texts(&format!("SELECT rowid FROM {index} WHERE {index} MATCH '{word}' ORDER BY rowid"));
    assert_eq!(found("guest_fts", "ana").len(), 2);
    assert_eq!(found("guest_fts", "berg"), hotel.texts("SELECT id FROM guest WHERE full_name = 'Bo Berg'"));
    assert_eq!(found("open_stay_fts", "ana"), hotel.texts("SELECT id FROM reservation WHERE external_id = '1'"));
    assert_eq!(found("open_stay_fts", "berg"), Vec::<String>::new());
    assert_eq!(found("stay_note_fts", "walnuts"), hotel.texts("SELECT id FROM reservation WHERE external_id = '1'"));
    assert_eq!(found("stay_note_fts", "balcony"), hotel.texts("SELECT id FROM reservation WHERE external_id = '3'"));
    assert_eq!(
        hotel.texts(
            "SELECT word FROM search_word WHERE id IN (SELECT rowid FROM search_word_fts WHERE search_word_fts MATCH 'lnut')"
        ),
        ["walnuts"]
    );
    assert_eq!(hotel.texts("SELECT amount FROM running_total"), ["5000"]);
}

#[test]
fn the_new_words_of_one_commit_are_written_to_the_index_at_once() {
    let hotel = Hotel::new();
    let pieces = || hotel.texts("SELECT count(DISTINCT segid) FROM search_word_fts_idx");
    hotel.import(&format!(
        "{HEADER}1,confirmed,DBL,,Ana Silva,,,2025-12-01,2025-12-03,1,0,90.00,,,,,,alpha bravo charlie delta foxtrot hotel india\n"
    ));
    assert_eq!(pieces(), ["1"]);
}
