//! Bookings in and out as CSV, beside a running hotel.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::RunningHotel;
use crate::support::client::Client;
use crate::support::running::{run, stderr, stdout, text};

const GOOD: &str = "external_id,room_type,room_number,guest_name,check_in_date,check_out_date,total_amount\n\
    A1,DBL,101,Ana Silva,2026-05-01,2026-05-04,360.00\n\
    A2,DBL,,Ben Li,2026-05-03,2026-05-05,\n";

/// A running hotel with two double rooms, and its owner at a desk.
fn hotel() -> (RunningHotel, Client) {
    let hotel = RunningHotel::start();
    let mut owner = hotel.connect().signed(&hotel.set_up());
    let double = json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100});
    owner.post("/api/room-types", &double).expect(201);
    owner.post("/api/rooms/batch", &json!({"room_type_id": 1, "numbers": ["101-102"]})).expect(201);
    (hotel, owner)
}

fn write(hotel: &RunningHotel, name: &str, csv: &str) -> String {
    let path = hotel.file().with_file_name(name);
    std::fs::write(&path, csv).expect("written");
    text(&path).to_owned()
}

fn import(hotel: &RunningHotel, csv: &str, flags: &[&str]) -> (Option<i32>, String) {
    let db = hotel.file();
    let output = run(&[&["import", "bookings", csv, "--db", text(&db)], flags].concat());
    assert_eq!(stderr(&output), "");
    (output.status.code(), stdout(&output))
}

fn total(desk: &mut Client) -> i64 {
    desk.get("/api/reservations").expect(200)["total"].as_i64().expect("a total")
}

#[test]
fn bookings_are_imported_once_and_an_open_desk_sees_them() {
    let (hotel, mut owner) = hotel();
    let csv = write(&hotel, "good.csv", GOOD);
    let (code, report) = import(&hotel, &csv, &["--dry-run"]);
    assert_eq!((code, total(&mut owner)), (Some(0), 0), "{report}");
    assert!(report.contains("2 bookings would be imported"), "{report}");
    let (code, report) = import(&hotel, &csv, &[]);
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains("2 bookings imported"), "{report}");
    let (code, report) = import(&hotel, &csv, &[]);
    assert_eq!(code, Some(0));
    assert!(report.contains("0 bookings imported, 2 already there"), "{report}");
    let found = owner.get("/api/reservations?q=Silva").expect(200);
    assert_eq!((&found["total"], &found["items"][0]["room_number"]), (&json!(1), &json!("101")));
    let check = run(&["check", "--db", text(&hotel.file())]);
    assert_eq!(check.status.code(), Some(0), "{}", stdout(&check));
}

#[test]
fn bad_rows_are_told_by_line_and_column_and_nothing_is_taken_unless_asked() {
    let (hotel, mut owner) = hotel();
    let csv = write(
        &hotel,
        "bad.csv",
        &format!("{GOOD}A3,DBL,101,Cleo Diaz,2026-05-02,2026-05-03,\nA4,XXX,,Dan Roy,2026-05-09,2026-05-08,\n"),
    );
    let (code, report) = import(&hotel, &csv, &[]);
    assert_eq!((code, total(&mut owner)), (Some(1), 0), "{report}");
    for start in ["line 4, room_number: ", "line 5, room_type: "] {
        assert!(report.lines().any(|line| line.starts_with(start)), "{start}: {report}");
    }
    let (code, report) = import(&hotel, &csv, &["--skip-bad-rows"]);
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains("2 bookings imported, 0 already there, 2 bad rows skipped"), "{report}");
}

#[test]
fn a_file_that_is_none_is_refused_in_a_sentence() {
    let (hotel, _) = hotel();
    let db = hotel.file();
    let workbook = "PK\u{3}\u{4}....xl/worksheets/sheet1.xml";
    for (csv, sentence) in
        [("guest,when\n", "lacks the columns"), ("", "The file is empty"), (workbook, "Excel workbook (.xlsx)")]
    {
        let path = write(&hotel, "none.csv", csv);
        let output = run(&["import", "bookings", &path, "--db", text(&db)]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
    }
    let output = run(&["import", "bookings", "/nonexistent.csv", "--db", text(&db)]);
    assert!(stderr(&output).contains("/nonexistent.csv cannot be read.\n  because: "), "{}", stderr(&output));
}

#[test]
fn what_a_file_leaves_open_is_asked_for_by_a_flag() {
    let (hotel, mut owner) = hotel();
    let theirs = "Book number;Guest;Unit;From;To;Sum\n9;Ana Silva;Double;01.05.2025;03.05.2025;1.200\n";
    let csv = write(&hotel, "theirs.csv", theirs);
    let mut flags = Vec::new();
    for (flag, asked) in [
        ("--ignore-unknown-columns", "--map \"Book number=external_id\""),
        ("--map=Guest=guest_name", "lacks the columns room_type, guest_name, check_in_date, check_out_date"),
        ("--map=Unit=room_type", "lacks the columns room_type, check_in_date, check_out_date"),
        ("--map=From=check_in_date", "lacks the columns check_in_date, check_out_date"),
        ("--map=To=check_out_date", "lacks the column check_out_date"),
        ("--date-order=day-first", "--date-order day-first or --date-order month-first"),
        ("--past-status=checked_out", "--past-status"),
        ("--past-payment=paid", "--past-payment paid or --past-payment owed"),
        ("--map=Sum=total_amount", "1 booking would be imported"),
        ("--decimal-mark=comma", "--decimal-mark point, as in 1,234.50"),
    ] {
        let output = run(&[&["import", "bookings", &csv, "--dry-run", "--db", text(&hotel.file())], flags.as_slice()].concat());
        let said = stdout(&output) + &stderr(&output);
        assert!(said.contains(asked), "before {flag}: {said}");
        flags.push(flag);
    }
    let (code, said) = import(&hotel, &csv, &flags);
    assert!(code == Some(0) && said.contains("1 booking imported"), "{said}");
    assert!(said.contains("1 past booking without a payment: taken as paid in full, EUR 1,200.00"), "{said}");
    let stay = owner.get("/api/reservations?q=Silva").expect(200)["items"][0].clone();
    assert_eq!((&stay["check_in_date"], &stay["total_amount"].to_string()), (&json!("2025-05-01"), &"1200.00".to_owned()));
    let wrong = run(&["import", "bookings", &csv, "--map", "Guest=guest", "--db", text(&hotel.file())]);
    assert!(stderr(&wrong).contains("guest is not one of the columns"), "{}", stderr(&wrong));
}

#[test]
fn what_was_exported_can_be_imported_into_another_hotel() {
    let (first, _) = hotel();
    let csv = write(&first, "good.csv", GOOD);
    import(&first, &csv, &[]);
    let exported = first.file().with_file_name("exported.csv");
    let to_file = run(&["export", "bookings", text(&exported), "--db", text(&first.file())]);
    assert_eq!(to_file.status.code(), Some(0), "{}", stderr(&to_file));
    let to_pipe = run(&["export", "bookings", "--db", text(&first.file())]);
    assert_eq!(stdout(&to_pipe), std::fs::read_to_string(&exported).expect("the file"));
    assert!(!Path::new(&format!("{}.part", text(&exported))).exists());
    let (second, mut owner) = hotel();
    let (code, report) = import(&second, text(&exported), &[]);
    assert_eq!((code, total(&mut owner)), (Some(0), 2), "{report}");
}

#[test]
fn rooms_under_one_number_are_shown_as_one_party() {
    let (hotel, mut owner) = hotel();
    let row = "4188123456,DBL,Family One,2026-07-10,2026-07-12\n";
    let csv = write(&hotel, "party.csv", &format!("external_id,room_type,guest_name,check_in_date,check_out_date\n{row}{row}"));
    let (code, report) = import(&hotel, &csv, &[]);
    assert!(code == Some(0) && report.contains("2 bookings imported"), "{report}");
    let party = owner.get("/api/reservations/1").expect(200)["party"].clone();
    assert_eq!((&party[0]["id"], &party[0]["room_number"], &party[1]), (&json!(2), &json!("102"), &json!(null)));
}

/// What closes a day, whatever is open.
fn closing(date: &str) -> Value {
    json!({"business_date": date, "undecided": "carry"})
}

/// A guest moves in the middle of a stay, another leaves early from the room that was left.
#[test]
fn a_move_and_an_early_departure_come_whole_into_another_hotel() {
    let (first, mut owner) = hotel();
    let mut book = |name: &str, room: i64, from: &str, to: &str| {
        let stay = json!({"guest": {"full_name": name}, "room_id": room, "check_in_date": from, "check_out_date": to});
        owner.post("/api/reservations", &stay).expect(201)["id"].as_i64().expect("an id")
    };
    let moved = book("Moved Guest", 1, "2025-11-10", "2025-11-14");
    let short = book("Short Stay", 1, "2025-11-14", "2025-11-18");
    owner.post(&format!("/api/reservations/{moved}/check-in"), &json!({})).expect(200);
    owner.post("/api/day-close", &closing("2025-11-10")).expect(200);
    owner.post(&format!("/api/reservations/{moved}/move"), &json!({"room_id": 2})).expect(200);
    owner
        .put(&format!("/api/reservations/{short}"), &json!({"check_in_date": "2025-11-11", "check_out_date": "2025-11-13"}))
        .expect(200);
    owner.post(&format!("/api/reservations/{short}/check-in"), &json!({"override_dirty": true})).expect(200);
    owner.post("/api/day-close", &closing("2025-11-11")).expect(200);
    owner.post(&format!("/api/reservations/{short}/check-out"), &json!({"settle": {"payment_method": "cash"}})).expect(200);
    let exported = stdout(&run(&["export", "bookings", "--db", text(&first.file())]));
    assert!(
        exported
            .contains(",2025-11-10 1 x 100.00 posted in 101; 2025-11-11 1 x 100.00 posted in 102; 2025-11-12 2 x 100.00 in 102,"),
        "{exported}"
    );
    assert!(exported.contains(",2025-11-11 1 x 100.00 in 101; 2025-11-12 1 x 100.00 released in 101,"), "{exported}");
    let (second, mut other) = hotel();
    for date in ["2025-11-10", "2025-11-11"] {
        other.post("/api/day-close", &closing(date)).expect(200);
    }
    let csv = write(&second, "exported.csv", &exported);
    let (code, report) = import(&second, &csv, &[]);
    assert!(code == Some(0) && report.contains("2 bookings imported, 0 already there, 0 bad rows"), "{report}");
    let again = stdout(&run(&["export", "bookings", "--db", text(&second.file())]));
    assert_eq!(again, exported);
    let check = run(&["check", "--db", text(&second.file())]);
    assert_eq!(check.status.code(), Some(0), "{}", stdout(&check));
}

#[test]
fn the_template_has_the_columns_of_the_export() {
    let (hotel, _) = hotel();
    let template = stdout(&run(&["import", "--template"]));
    let exported = stdout(&run(&["export", "bookings", "--db", text(&hotel.file())]));
    assert_eq!(template.lines().next(), exported.lines().next());
    assert_eq!(template.lines().count(), 3);
}

#[test]
fn no_cell_is_a_formula_and_no_text_of_a_file_speaks_to_the_terminal() {
    const HEADER: &str = "room_type,guest_name,guest_phone,check_in_date,check_out_date,notes";
    let (first, mut owner) = hotel();
    let evil = "\"=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"";
    let csv =
        write(&first, "evil.csv", &format!("{HEADER}\nDBL,{evil},+351 912 000 000,2026-05-03,2026-05-04,@SUM(1+1)*cmd|calc\n"));
    assert_eq!(import(&first, &csv, &[]).0, Some(0));
    let exported = stdout(&run(&["export", "bookings", "--db", text(&first.file())]));
    for cell in ["\"'=HYPERLINK(", ",'+351 912 000 000,", ",'@SUM(1+1)*cmd|calc"] {
        assert!(exported.contains(cell), "{exported}");
    }
    let (second, mut other) = hotel();
    let again = write(&second, "again.csv", &exported);
    assert_eq!(import(&second, &again, &[]).0, Some(0));
    let guest = |client: &mut Client| {
        let guest = client.get("/api/guests/1").expect(200);
        (guest["full_name"].clone(), guest["phone_number"].clone())
    };
    assert_eq!(guest(&mut owner), guest(&mut other));
    let loud = write(&first, "loud.csv", &format!("{HEADER}\nNO\u{1b}[2JPE,Ana,,2026-05-03,2026-05-04,\n"));
    let (_, report) = import(&first, &loud, &[]);
    assert!(report.contains("NO\\u{1b}[2JPE") && !report.contains('\u{1b}'), "{report}");
    let header = write(&first, "header.csv", "ro\u{1b}[2Jom,guest_name\n");
    let output = run(&["import", "bookings", &header, "--db", text(&first.file())]);
    assert!(!stderr(&output).contains('\u{1b}'), "{}", stderr(&output));
}
