//! Files as other systems and spreadsheets write them, each with what it has to come to.

use super::*;
use crate::domain::status::ReservationStatus;
use crate::hotel::transfer::options::{DateOrder, DecimalMark, Delimiter, Mapping, PastPayment, PastStatus};

/// A hotel on 12 June 2026.
fn hotel() -> Hotel {
    Hotel::on("2026-06-12", "EUR")
}

const SHORT: &str = "external_id,room_type,guest_name,check_in_date,check_out_date";

fn refused(hotel: &Hotel, csv: &[u8], options: ImportOptions) -> String {
    match hotel.try_bytes(csv, options) {
        Err(Error::BadRequest(what)) => what.to_string(),
        other => panic!("{other:?}"),
    }
}

fn states(hotel: &Hotel) -> Vec<String> {
    hotel.texts("SELECT coalesce(external_id, '') || ' ' || status FROM reservation ORDER BY external_id")
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for (csv, line) in [
        (format!("{SHORT}\r\nN1,DBL,Ana,2026-07-03,2026-07-06\r\nN2,DBL,Ben,2026-07-03,BAD\r\n"), 3),
        (format!("{SHORT}\n\n\nN1,DBL,Ana,2026-07-03,BAD\n"), 4),
        (format!("{SHORT}\r\nN1,DBL,\"An\r\na\",2026-07-03,2026-07-06\r\n\r\nN2,DBL,Ben,2026-07-03,BAD\r\n"), 5),
        (format!("sep=,\r\n{SHORT}\r\nN1,DBL,Ana,2026-07-03,BAD\r\n"), 3),
    ] {
        let report = hotel().import(&csv);
        let last = told(&report).pop().expect("a bad row");
        assert_eq!(last, format!("line {line}, check_out_date: “BAD” must be a date such as 2025-11-10"), "{csv:?}");
    }
}

#[test]
fn a_text_that_is_not_utf_8_is_told_by_its_own_column() {
    let hotel = hotel();
    let csv = b"guest_name,room_type,check_in_date,check_out_date\r\nJ\xfcrgen M\xfcller,DBL,2026-07-03,2026-07-06\r\n";
    let report = hotel.try_bytes(csv, ImportOptions::default()).expect("report");
    assert!(told(&report)[0].starts_with("line 2, guest_name: is not UTF-8 text"), "{report}");
    let header = refused(&hotel, b"guest_name,Stra\xdfe\r\n", ImportOptions::default());
    assert!(header.contains("Column 2 of the file's header is not UTF-8"), "{header}");
}

#[test]
fn a_guest_who_is_to_leave_later_has_not_checked_out() {
    const HEADER: &str =
        "external_id,status,room_type,room_number,guest_name,check_in_date,check_out_date,total_amount,paid_amount";
    let report = hotel().import(&format!(
        "{HEADER}\nC1,checked_out,DBL,101,Gone Early,2026-06-11,2026-06-14,300,300\nC2,checked_out,DBL,101,Ahead,2026-07-11,2026-07-14,300,300\n"
    ));
    let reason = "check_out_date: the departure is after the business date, 2026-06-12, and the guest is checked out";
    assert_eq!(told(&report), [format!("line 2, {reason}"), format!("line 3, {reason}")]);
    assert_eq!(report.imported, 0);
}

#[test]
fn what_excel_writes_is_taken_as_it_is() {
    for csv in [
        "\u{feff}external_id;room_type;guest_name;check_in_date;check_out_date;total_amount\r\nB-1;DBL;Jürgen Müller;2026-07-03;2026-07-06;360,00\r\n",
        "sep=;\r\nexternal_id;room_type;guest_name;check_in_date;check_out_date;total_amount\r\nB-1;DBL;Jürgen Müller;03.07.2026;06.07.2026;360,00\r\nB-2;DBL;Jürgen Müller;23.07.2026;26.07.2026;1.360,00\r\n",
        "external_id\troom_type\tguest_name\tcheck_in_date\tcheck_out_date\ttotal_amount\r\nB-1\tDBL\tJürgen Müller\t2026-07-03\t2026-07-06\t360.00\r\n",
        "External ID,Room Type,Guest Name,Check-in date,Check-out date,Total amount,,\r\nB-1,DBL,Jürgen Müller,2026-07-03,2026-07-06,360.00,,\r\n,,,,,,,\r\n  ,,,,,,,\r\n",
        "external_id,room_type,guest_name,check_in_date,check_out_date,total_amount\r\nB-1,DBL,Jürgen Müller,2026-07-03,2026-07-06,\"360,00\",,,\r\n",
    ] {
        let hotel = hotel();
        let report = hotel.import(csv);
        assert_eq!(told(&report), Vec::<String>::new(), "{csv}");
        let found = hotel.texts(
            "SELECT guest_name || ' ' || check_in_date || ' ' || check_out_date || ' ' || room_amount FROM reservation WHERE external_id = 'B-1'",
        );
        assert_eq!(found, ["Jürgen Müller 2026-07-03 2026-07-06 36000"], "{csv}");
    }
}

#[test]
fn a_value_that_slipped_into_another_column_is_not_lost() {
    let report =
        hotel().import("room_type,guest_name,check_in_date,check_out_date,total_amount,\nDBL,Ana,2026-07-03,2026-07-06,360,00\n");
    assert!(told(&report)[0].contains("has a value in a column without a name"), "{report}");
    let report =
        hotel().import("room_type,guest_name,check_in_date,check_out_date,total_amount\nDBL,Ana,2026-07-03,2026-07-06,360,00\n");
    assert!(told(&report)[0].contains("has 6 fields, the header has 5"), "{report}");
}

#[test]
fn a_delimiter_that_the_header_leaves_open_is_asked_for() {
    let hotel = hotel();
    let csv = b"room_type,guest_name;check_in_date,check_out_date\nDBL,Ana,2026-07-03,2026-07-06\n";
    let asked = refused(&hotel, csv, ImportOptions::default());
    for reading in [
        "--delimiter comma reads its header as “room_type” | “guest_name;check_in_date” | “check_out_date”",
        "--delimiter semicolon reads its header as “room_type,guest_name” | “check_in_date,check_out_date”",
    ] {
        assert!(asked.contains(reading), "{asked}");
    }
    let options = ImportOptions { delimiter: Some(Delimiter::Semicolon), ..ImportOptions::default() };
    assert!(refused(&hotel, csv, options).contains("lacks the columns"));
}

#[test]
fn a_date_order_that_the_file_leaves_open_is_asked_for() {
    let csv = format!("{SHORT}\nB1,DBL,Ana,03/07/2026,06/07/2026\n");
    let asked = refused(&hotel(), csv.as_bytes(), ImportOptions::default());
    assert!(asked.contains("“03/07/2026” (check_in_date, line 2) is 2026-07-03 or 2026-03-07"), "{asked}");
    for (order, arrival) in [(DateOrder::DayFirst, "2026-07-03"), (DateOrder::MonthFirst, "2026-03-07")] {
        let hotel = hotel();
        let options =
            ImportOptions { date_order: Some(order), past_status: Some(PastStatus::Cancelled), ..ImportOptions::default() };
        let report = hotel.import_with(&csv, options);
        assert_eq!((told(&report), hotel.texts("SELECT check_in_date FROM reservation")), (vec![], vec![arrival.to_owned()]));
    }
    // One date that can only be read in one way settles it for all.
    let hotel = hotel();
    assert_eq!(told(&hotel.import(&format!("{csv}B2,DBL,Ben,08/07/2026,23/07/2026\n"))), Vec::<String>::new());
    assert_eq!(hotel.texts("SELECT check_in_date FROM reservation ORDER BY 1"), ["2026-07-03", "2026-07-08"]);
    let mixed = format!("{SHORT}\nB1,DBL,Ana,13/07/2026,16/07/2026\nB2,DBL,Ana,07/13/2026,07/16/2026\n");
    let asked = refused(&hotel, mixed.as_bytes(), ImportOptions::default());
    assert!(
        asked.contains("“13/07/2026” (check_in_date, line 2) and “07/13/2026” (check_in_date, line 3) do not go together"),
        "{asked}"
    );
}

#[test]
fn a_decimal_mark_that_the_file_leaves_open_is_asked_for() {
    let csv = format!("{SHORT},total_amount\nB1,DBL,Ana,2026-07-03,2026-07-06,1.200\n");
    let asked = refused(&hotel(), csv.as_bytes(), ImportOptions::default());
    assert!(
        asked.contains("“1.200” (total_amount, line 2) is 1.200 if a point begins the decimals, and 1200 if a comma does"),
        "{asked}"
    );
    for (mark, cents) in [(DecimalMark::Point, "120"), (DecimalMark::Comma, "120000")] {
        let hotel = hotel();
        hotel.import_with(&csv, ImportOptions { decimal_mark: Some(mark), ..ImportOptions::default() });
        assert_eq!(hotel.texts("SELECT room_amount FROM reservation"), [cents]);
    }
    let hotel = hotel();
    assert_eq!(told(&hotel.import(&format!("{csv}B2,DBL,Ben,2026-07-03,2026-07-06,\"99,50\"\n"))), Vec::<String>::new());
    assert_eq!(hotel.texts("SELECT room_amount FROM reservation ORDER BY external_id"), ["120000", "9950"]);
    let mixed =
        format!("{SHORT},total_amount\nB1,DBL,Ana,2026-07-03,2026-07-06,99.50\nB2,DBL,Ana,2026-07-03,2026-07-06,\"99,50\"\n");
    assert!(refused(&hotel, mixed.as_bytes(), ImportOptions::default()).contains("do not go together"));
}

#[test]
fn an_amount_with_a_currency_is_taken_in_the_hotels_own_and_refused_in_another() {
    let csv = format!("{SHORT},total_amount\nX1,DBL,Ana,2026-07-03,2026-07-06,EUR 360\n");
    let hotel = hotel();
    assert_eq!(told(&hotel.import(&csv)), Vec::<String>::new());
    assert_eq!(hotel.texts("SELECT room_amount FROM reservation"), ["36000"]);
    let report = Hotel::on("2026-06-12", "USD").import(&csv);
    assert_eq!(told(&report), ["line 2, total_amount: “EUR 360” is in EUR; this hotel's currency is USD"]);
}

#[test]
fn two_rooms_under_one_number_are_two_bookings_of_one_party() {
    let hotel = hotel();
    let row = "4188123456,DBL,Family One,2026-07-10,2026-07-12\n";
    let csv = format!("{SHORT}\n{row}{row}");
    let report = hotel.import(&csv);
    assert_eq!((told(&report), report.imported), (vec![], 2));
    assert!(report.to_string().contains("2 bookings belong to one party of several rooms"), "{report}");
    const PARTIES: &str = "SELECT external_id || ', ' || party || ', ' || room_number FROM reservation ORDER BY external_id";
    let parties = hotel.texts(PARTIES);
    assert_eq!(parties, ["4188123456, 4188123456, 101", "4188123456 (2), 4188123456, 102"]);
    assert_eq!(hotel.import(&csv).already_there, 2);
    let other = self::hotel();
    other.import(&hotel.export());
    assert_eq!(other.texts(PARTIES), parties);
    // The first one's fault leaves the second its own number.
    let third = self::hotel();
    third.import(&format!("{SHORT}\n4188123456,DBL,,2026-07-10,2026-07-12\n{row}"));
    assert_eq!(third.texts(PARTIES), ["4188123456 (2), 4188123456, 101"]);
}

#[test]
fn a_stay_that_is_over_says_what_became_of_it() {
    let csv = format!("{SHORT}\nP1,DBL,Past Guest,2026-05-01,2026-05-03\nP2,DBL,Next Guest,2026-07-01,2026-07-03\n");
    let report = hotel().import(&csv);
    assert!(told(&report)[0].starts_with("line 2, status: the stay was over on the business date, 2026-06-12"), "{report}");
    assert_eq!(told(&report).len(), 1);
    for (past, status) in [(PastStatus::Cancelled, "cancelled"), (PastStatus::NoShow, "no_show")] {
        let hotel = hotel();
        let report = hotel.import_with(&csv, ImportOptions { past_status: Some(past), ..ImportOptions::default() });
        assert_eq!(states(&hotel), [format!("P1 {status}"), "P2 confirmed".to_owned()]);
        assert!(report.to_string().contains(&format!("1 past booking without a status: taken as {status}")), "{report}");
    }
}

#[test]
fn a_stay_that_is_over_says_what_was_paid_for_it() {
    let csv = format!("{SHORT},status\nP1,DBL,Past Guest,2026-05-01,2026-05-03,completed\nP2,DBL,Next,2026-07-01,2026-07-03,\n");
    let report = hotel().import(&csv);
    assert!(told(&report)[0].starts_with("line 2, paid_amount: is empty for a stay that is over"), "{report}");
    for (past, due, words) in [
        (PastPayment::Paid, "0", "1 past booking without a payment: taken as paid in full, EUR 200.00"),
        (PastPayment::Owed, "20000", "1 past booking without a payment: EUR 200.00 is still owed"),
    ] {
        let hotel = hotel();
        let options = ImportOptions { past_payment: Some(past), ..ImportOptions::default() };
        let report = hotel.import_with(&csv, options.clone());
        assert!(report.to_string().contains(words), "{report}");
        assert_eq!(hotel.texts("SELECT amount FROM running_total"), [due], "the balance due");
        let dry = self::hotel().try_import(&csv, ImportOptions { dry_run: true, ..options }).expect("report");
        assert!(dry.to_string().contains(words), "{dry}");
    }
    // What is told is told.
    let hotel = hotel();
    hotel.import(&format!("{SHORT},status,paid_amount\nP1,DBL,Past Guest,2026-05-01,2026-05-03,completed,0\n"));
    assert_eq!(hotel.texts("SELECT amount FROM running_total"), ["20000"]);
}

#[test]
fn a_party_that_is_too_large_for_its_room_is_a_bad_row_unless_it_is_let_in() {
    let csv = format!("{SHORT},adults,children\nB1,DBL,Ana,2026-07-03,2026-07-06,12,2\nB2,DBL,Ben,2026-07-03,2026-07-06,1,2\n");
    let hotel = hotel();
    let report = hotel.import(&csv);
    let reason = "12 adults and 2 children are more than a Type DBL is for, which is 2 adults and 1 child; --over-capacity takes such bookings as they are";
    assert_eq!(
        (told(&report), report.imported),
        (vec![format!("line 2, adults: {reason}")], 1),
        "a child may have an adult's place"
    );
    let report = hotel.import_with(&csv, ImportOptions { over_capacity: true, ..ImportOptions::default() });
    assert!(report.to_string().contains("1 booking is for more guests than the room type is for"), "{report}");
    assert_eq!(hotel.texts("SELECT adults FROM reservation ORDER BY external_id"), ["12", "1"]);
    let other = self::hotel();
    assert_eq!(told(&other.import(&hotel.export())), Vec::<String>::new(), "what was taken here may go on");
}

#[test]
fn the_usual_words_for_states_are_taken() {
    let hotel = hotel();
    let csv = "external_id,room_type,status,guest_name,check_in_date,check_out_date,paid_amount\n\
        S1,DBL,Canceled,Ana,2026-07-03,2026-07-06,\n\
        S2,DBL,no-show,Ben,2026-06-10,2026-06-11,\n\
        S3,DBL,completed,Cy,2026-06-08,2026-06-10,200\n";
    assert_eq!(told(&hotel.import(csv)), Vec::<String>::new());
    assert_eq!(states(&hotel), ["S1 cancelled", "S2 no_show", "S3 checked_out"]);
}

#[test]
fn files_of_the_great_agencies_are_told_what_is_missing_and_how_to_say_it() {
    let hotel = hotel();
    let booking = "Book number,Booked by,Guest name(s),Check-in,Check-out,Booked on,Status,Rooms,Price,Unit type\n\
        4000000001,Guest One,Guest One,2026-07-19,2026-07-23,2026-02-18 10:02:17,ok,1,272.00 EUR,Type DBL\n";
    let asked = refused(&hotel, booking.as_bytes(), ImportOptions::default());
    for part in [
        "lacks the columns room_type, guest_name, check_in_date, check_out_date, and has unknown columns “Book number”",
        "--map \"Unit type=room_type\"",
        "--map \"Check-in=check_in_date\"",
        "--ignore-unknown-columns",
    ] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    let map = |given: &str, column| Mapping { given: given.to_owned(), column };
    let options = ImportOptions {
        mappings: vec![
            map("Book number", "external_id"),
            map("Guest name(s)", "guest_name"),
            map("Check-in", "check_in_date"),
            map("Check-out", "check_out_date"),
            map("Booked on", "created_date"),
            map("Price", "total_amount"),
            map("Unit type", "room_type"),
        ],
        ignore_unknown_columns: true,
        ..ImportOptions::default()
    };
    let report = hotel.import_with(booking, options.clone());
    assert_eq!((told(&report), states(&hotel)), (vec![], vec!["4000000001 confirmed".to_owned()]));
    let airbnb = "Confirmation code,Status,Guest name,Contact,# of adults,Start date,End date,Listing,Earnings\n";
    let asked = refused(&hotel, airbnb.as_bytes(), ImportOptions::default());
    assert!(asked.contains("--map \"Start date=check_in_date\""), "{asked}");
    let strange = refused(&hotel, airbnb.as_bytes(), options);
    assert!(strange.contains("no column “Book number”, which --map names. It has: “Confirmation code”"), "{strange}");
}

/// Whatever a file says, what is let in is in order and can be moved on at the desk.
#[test]
fn no_row_leaves_a_booking_that_the_desk_cannot_move_on() {
    let today: crate::domain::date::Date = "2026-06-12".parse().expect("date");
    for past_status in [None, Some(PastStatus::CheckedOut), Some(PastStatus::NoShow), Some(PastStatus::Cancelled)] {
        let mut csv = format!("{SHORT},status,room_number,total_amount,paid_amount\n");
        let words = ReservationStatus::ALL.iter().map(|s| s.as_str()).chain([""]);
        let mut number = 0;
        for (status, room) in words.flat_map(|status| ["", "101", "201"].map(|room| (status, room))) {
            for (from, nights) in (-4..=3).flat_map(|from| (0..=3).map(move |nights| (from, nights))) {
                number += 1;
                let arrival = today.plus(from).expect("date");
                let departure = arrival.plus(nights).expect("date");
                writeln!(csv, "{number},DBL,G,{arrival},{departure},{status},{room},90,90").expect("text");
            }
        }
        let hotel = hotel();
        let report = hotel.import_with(&csv, ImportOptions { past_status, ..ImportOptions::default() });
        assert!(report.imported > 50 && report.bad_rows() > 50, "{report}");
        let stays = hotel.read(|conn| {
            let ids: Vec<crate::domain::id::ReservationId> =
                conn.all(&Sql::scanning("test", "SELECT id FROM reservation", "a test"), [], |row| row.get(0))?;
            ids.into_iter().map(|id| crate::hotel::reservations::find(conn, id)).collect::<Result<Vec<_>>>()
        });
        for stay in stays {
            let is_final =
                !stay.status.is_open() && (stay.check_out_date <= today || stay.status != ReservationStatus::CheckedOut);
            assert!(is_final || !stay.allowed_events(today).is_empty(), "{stay:?}");
        }
    }
}
