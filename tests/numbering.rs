//! Sixteen desks issue invoices in two series while the year turns: no number is missing, none is given twice, and the
//! dates never fall. `tests/long/invoices` has them issue ten thousand.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;

use crate::support::RunningHotel;
use crate::support::running::{run, stdout, text};

const DESKS: i64 = 16;
/// In all, where the environment (`INVOICES`) says nothing else.
const INVOICES: i64 = 320;

fn set_date(hotel: &RunningHotel, date: &str) {
    let file = Connection::open(hotel.file()).expect("the data file");
    file.busy_timeout(Duration::from_secs(60)).expect("a time to wait");
    file.execute("UPDATE property SET business_date = ?1", [date]).expect("a date");
}

#[test]
fn sixteen_desks_over_a_years_turn_leave_no_gap_and_give_no_number_twice() {
    let wanted = std::env::var("INVOICES").ok().and_then(|count| count.parse().ok()).unwrap_or(INVOICES);
    let each = wanted / DESKS;
    let hotel = RunningHotel::start();
    let owner = hotel.set_up();
    let mut desk = hotel.connect().signed(&owner);
    let bar = json!({"kind": "invoice", "name": "Bar", "prefix": "BAR{yy}-", "digits": 1});
    let bar = desk.post("/api/invoice-series", &bar).expect(201)["id"].clone();
    for account in 0..DESKS {
        desk.post("/api/house-accounts", &json!({"name": format!("Table {account}")})).expect(201);
    }
    set_date(&hotel, "2025-12-31");
    let start = Barrier::new(usize::try_from(DESKS).expect("few"));
    let numbers: Vec<Vec<String>> = std::thread::scope(|scope| {
        let issue = |account: i64| {
            let (hotel, owner, start, bar) = (&hotel, &owner, &start, &bar);
            scope.spawn(move || {
                let mut desk = hotel.connect().signed(owner);
                start.wait();
                let mut given = Vec::new();
                for n in 0..each {
                    if account == 1 && n == each / 2 {
                        set_date(hotel, "2026-01-01");
                    }
                    let beer = json!({"kind": "extra", "description": "Beer", "unit_amount": 5});
                    desk.post(&format!("/api/house-accounts/{account}/charges"), &beer).expect(201);
                    let series = if account % 2 == 0 { json!(1) } else { bar.clone() };
                    let body = json!({"series_id": series, "is_issued": true});
                    let made = desk.post(&format!("/api/folios/{account}/invoices"), &body).expect(201);
                    given.push(made["number"].as_str().expect("a number").to_owned());
                }
                given
            })
        };
        let desks: Vec<_> = (1..=DESKS).map(issue).collect();
        desks.into_iter().map(|desk| desk.join().expect("a desk")).collect()
    });
    let all: BTreeSet<&String> = numbers.iter().flatten().collect();
    assert_eq!(i64::try_from(all.len()).expect("few"), each * DESKS, "a number was given twice");
    let file = Connection::open(hotel.file()).expect("the data file");
    let gaps =
        "SELECT count(*) FROM (SELECT series_id, year, count(*) AS n, max(serial) AS last FROM invoice GROUP BY series_id, year)
        WHERE n <> last";
    let falls = "SELECT count(*) FROM invoice AS a JOIN invoice AS b ON b.chain_position = a.chain_position + 1
        WHERE b.issued_on < a.issued_on OR (b.series_id = a.series_id AND b.year = a.year AND b.serial <> a.serial + 1)";
    for sql in [gaps, falls] {
        assert_eq!(file.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a count"), 0, "{sql}");
    }
    let years: i64 = file.query_row("SELECT count(DISTINCT year) FROM invoice", [], |row| row.get(0)).expect("a count");
    assert_eq!(years, 2, "the year turned between them");
    let path = hotel.file();
    drop(file);
    let output = run(&["check", "--db", text(&path)]);
    assert!(output.status.success(), "{}", stdout(&output));
}
