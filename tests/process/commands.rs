//! The commands other than `serve`.

use std::io::Write;
use std::process::{Output, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::running::{program, run, stderr, stdout, text};
use crate::support::{RunningHotel, TestHotel};

/// Runs a command that reads this from its standard input.
fn run_with(input: &str, arguments: &[&str]) -> Output {
    let mut command = program();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("its end")
}

#[test]
fn accounts_are_made_and_changed_beside_a_running_hotel() {
    let hotel = RunningHotel::start();
    hotel.set_up();
    let file = hotel.file();
    let db = ["--db", text(&file)];
    let user = |input: &str, arguments: &[&str]| run_with(input, &[&["user"], arguments, &db].concat());
    let added = user("night-desk-1\n", &["add", "ben", "--role", "receptionist", "--full-name", "Ben Li"]);
    assert!(added.status.success(), "{}", stderr(&added));
    let credentials = json!({"username": "ben", "password": "night-desk-1"});
    let signed_in = hotel.connect().post("/api/auth/login", &credentials).expect(200);
    assert_eq!(signed_in["user"]["full_name"], "Ben Li");
    let reset = user("night-desk-2\r\n", &["reset-password", "ben"]);
    assert!(reset.status.success(), "{}", stderr(&reset));
    hotel.connect().post("/api/auth/login", &credentials).problem(401);
    hotel.connect().post("/api/auth/login", &json!({"username": "ben", "password": "night-desk-2"})).expect(200);
    let list = stdout(&user("", &["list"]));
    assert!(list.lines().count() == 2 && list.contains("receptionist") && list.contains("Ben Li"), "{list}");
}

#[test]
fn accounts_that_cannot_be_are_refused_in_a_sentence() {
    let hotel = RunningHotel::start();
    let file = hotel.file();
    let add = |input: &str, name: &str| run_with(input, &["user", "add", name, "--role", "manager", "--db", text(&file)]);
    let early = add("a-good-password\n", "ana");
    assert!(stderr(&early).contains("has not been set up yet"), "{}", stderr(&early));
    hotel.set_up();
    for (input, name, sentence) in [
        ("short\n", "ana", "password must have 8 to 200 characters."),
        ("a-good-password\n", "a b", "username must be made of the letters a to z, digits, and the signs . _ - @ +."),
        ("a-good-password\n", "Owner", "Another account has this user name."),
    ] {
        let output = add(input, name);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(stderr(&output).trim_end(), format!("innkeeper: {sentence}"));
    }
    let unknown = run_with("a-good-password\n", &["user", "reset-password", "zoe", "--db", text(&file)]);
    assert!(stderr(&unknown).contains("There is no account zoe"), "{}", stderr(&unknown));
}

#[test]
fn a_mistyped_file_name_makes_no_new_hotel() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hotle.db");
    for command in [&["check"][..], &["user", "list"]] {
        let output = run(&[command, &["--db", text(&file)]].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("There is no data file at"), "{}", stderr(&output));
    }
    assert!(!file.exists());
}

#[test]
#[cfg(unix)]
fn check_finds_what_does_not_agree() {
    let hotel = RunningHotel::start();
    hotel.set_up();
    let file = hotel.file();
    let check = || run(&["check", "--db", text(&file)]);
    let good = check();
    assert_eq!(good.status.code(), Some(0), "{}{}", stdout(&good), stderr(&good));
    assert!(stdout(&good).contains("No fault was found."));
    let (_, _, _folder) = hotel.stop();
    let connection = Connection::open(&file).expect("the file");
    connection.execute_batch(FAULTS).expect("faults");
    drop(connection);
    let bad = check();
    assert_eq!(bad.status.code(), Some(1));
    let report = stdout(&bad);
    let found: Vec<&str> = report.lines().filter_map(|line| line.strip_prefix("  FAULT  ")).collect();
    let expected = [
        "Its tables and triggers are as this program makes them.",
        "Everything referred to exists.",
        "The lists' totals are right.",
        "The search has learnt of every change.",
        "Every out-of-order block has taken all its nights.",
        "Every held night with a room has taken that room.",
        "Every taken room night belongs to a held night.",
        "Stays hold exactly their nights, cancelled ones none.",
        "Amounts of nights add up.",
        "Names on reservations are those of guests, rooms and types.",
        "Everybody in the house has a room.",
        "No two stays are in one room.",
        "Charges add up.",
        "Payments add up.",
        "Folios add up.",
        "What is posted for a stay stands on its folio.",
        "Deposits are what was paid ahead.",
        "Both halves of a transfer cancel.",
        "What stays owe stands on their folios.",
        "The ledgers close.",
        "Nothing was posted into a day that was closed.",
        "Nothing is posted on a day to come.",
        "Only imported bookings have imported postings.",
    ];
    assert_eq!(found, expected, "{report}");
}

#[test]
fn check_finds_no_fault_in_a_hotel_at_work() {
    let hotel = TestHotel::furnished();
    let output = run(&["check", "--db", text(hotel.app.db.path())]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

/// Written past every trigger: what no path of the program can do.
const FAULTS: &str = "
    PRAGMA foreign_keys = OFF;
    INSERT INTO room_type (id, name, code, capacity_adults, default_rate, created_at, updated_at) VALUES (1, 'Double', 'DBL', 2, 100, '', '');
    INSERT INTO room (id, room_number, room_type_id, created_at, updated_at) VALUES (1, '101', 1, '', ''), (2, '102', 1, '', '');
    INSERT INTO guest (id, full_name, created_at, updated_at) VALUES (1, 'Ana', '', '');
    INSERT INTO room_block (room_id, kind, start_date, end_date, reason, created_at)
        VALUES (2, 'out_of_order', '2025-12-01', '2025-12-03', 'Paint', '');
    WITH r (id, number, status, room_id) AS (VALUES (1, 'AAA', 'checked_in', 1), (2, 'BBB', 'checked_in', 1), (3, 'CCC', 'checked_in', NULL))
    INSERT INTO reservation (id, confirmation_number, status, guest_id, room_id, room_type_id, check_in_date, check_out_date, adults, source,
        policy_id,
        guest_name, guest_email, guest_phone, room_type_name, created_at, updated_at)
    SELECT id, number, status, 1, room_id, 1, '2025-11-10', '2025-11-11', 1, 'Direct', 1, 'Ana', '', '', 'Double', '', ''
    FROM r;
    INSERT INTO reservation_night (reservation_id, night, room_type_id, room_id, rate, adults, children) VALUES (1, '2025-11-10', 1, 1, 100, 1, 0);
    DELETE FROM room_night WHERE reservation_id = 1;
    INSERT INTO room_night (night, room_id, reservation_id) VALUES ('2025-11-20', 1, 1);
    UPDATE reservation SET room_amount = 1 WHERE id = 1;
    UPDATE reservation SET charge_amount = 1, paid_amount = 1 WHERE id = 2;
    DROP TRIGGER reservation_names_update;
    UPDATE reservation SET guest_name = 'Bob', guest_id = 99 WHERE id = 2;
    UPDATE reservation SET guest_name = 'Eve' WHERE id = 3;
    UPDATE row_count SET n = 7 WHERE list = 'guest';
    DROP TRIGGER posting_is_of_the_open_day;
    DROP TRIGGER posting_sum;
    INSERT INTO folio (id, kind, reservation_id) VALUES (1, 'stay', 1);
    INSERT INTO posting (reservation_id, business_date, is_imported, folio_id, ledger, article_id, unit_amount, amount, created_at, created_by)
        SELECT column1, column2, column3, 1, 'deposit', 2, 3, 3, '', ''
        FROM (VALUES (1, '2025-11-09', 0), (1, '2025-11-08', 0), (1, '2999-11-08', 0), (2, '2025-11-08', 1));
    INSERT INTO posting (folio_id, ledger, reservation_id, business_date, article_id, entry, unit_amount, amount, counter_id, created_at, created_by)
        VALUES (1, 'guest', 1, '2025-11-09', 8, 'transfer', 3, 3, 1, '', '');
    INSERT INTO audit_log (at, business_date, username, address, action, entity, entity_id) VALUES ('', '', '', '', 'create', 'reservation', 2);
";

#[test]
fn the_description_the_manual_and_the_completions_are_printed() {
    let document: Value = serde_json::from_str(&stdout(&run(&["openapi"]))).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    assert!(stdout(&run(&["man"])).contains(".TH innkeeper 1"));
    assert!(stdout(&run(&["man", "serve"])).contains(".TH innkeeper-serve 1"));
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(stdout(&run(&["completions", shell])).contains("innkeeper"), "{shell}");
    }
    assert_eq!(stdout(&run(&["--version"])).trim_end(), format!("innkeeper {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_names_every_command_and_complaints_end_with_code_2() {
    let help = stdout(&run(&["--help"]));
    for command in ["serve", "demo", "import", "export", "backup", "restore", "user", "check", "openapi", "completions"] {
        assert!(help.contains(&format!("  {command} ")), "{command}: {help}");
    }
    assert_eq!(run(&["sreve"]).status.code(), Some(2));
    assert_eq!(run(&["serve", "--threads", "0"]).status.code(), Some(2));
}
