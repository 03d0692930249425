//! The hashes of issued documents: whatever is changed in the file behind the program's back, `check` names the document.

use innkeeper::db::{Context, Sql};
use innkeeper::domain::actor::Actor;
use innkeeper::domain::date::Instant;
use innkeeper::hotel::guest_rights::retention;
use innkeeper::hotel::invoices::seal;
use rusqlite::Connection;
use rusqlite::types::Value as Stored;
use serde_json::{Value, json};

use super::desk::{book, exact, next_day};
use super::invoices::hotel;
use super::tax_cases::assert_no_fault;
use crate::support::TestHotel;

/// What changes after the issue: by credit notes (which another check adds up), by printing, by scrubbing.
const LATER: [&str; 6] = [
    "invoice.credited",
    "invoice.prints",
    "invoice.version",
    "invoice_line.credited",
    "invoice_posting.is_live",
    "invoice_deposit.is_live",
];

/// A stay with a deposit invoice, an invoice that takes it off and a credit note on that; the guest gave two names.
fn with_documents() -> TestHotel {
    let hotel = hotel();
    book(&hotel, "Ana", 1, "2025-11-10", "2025-11-11");
    let card = json!({"reservation_id": 1, "amount": exact("40.00"), "payment_method": "card", "payment_type": "deposit", "reference_number": "R-1"});
    hotel.post("/api/payments", card).expect(201);
    let ask = |body: Value| hotel.post("/api/reservations/1/invoices", body).expect(201);
    ask(json!({"kind": "deposit_invoice", "is_issued": true}));
    hotel.post("/api/reservations/1/check-in", json!({"override_dirty": true, "reason": "new"})).expect(200);
    next_day(&hotel, "2025-11-11");
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "cash"}})).expect(200);
    let buyer = json!({"name": "Ana Sousa", "street": ["Rua 1"], "country": "PT"});
    let last = ask(json!({"is_issued": true, "buyer": buyer, "note": "for Ana"}));
    let part = json!({"reason": "cold, says Ana", "lines": [{"position": 1, "amount": 20}]});
    hotel.post(&format!("/api/invoices/{}/credit", last["id"]), part).expect(201);
    hotel
}

fn changed(hotel: &TestHotel) -> Vec<String> {
    let context = Context { actor: Actor::program("test"), now: Instant::EPOCH };
    hotel.app.db.read(&context, seal::changed).expect("a proof")
}

/// A connection that nothing stands in the way of.
fn forger(hotel: &TestHotel) -> Connection {
    let file = Connection::open(hotel.app.db.path()).expect("the file");
    file.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").expect("settings");
    let drops = "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'invoice%'";
    let drops: String = file.query_row(drops, [], |row| row.get(0)).expect("triggers");
    file.execute_batch(&drops).expect("no trigger");
    file
}

/// Changes each column of each row in turn, and back again.
fn assert_each_column_is_proved(hotel: &TestHotel, file: &Connection, except: &[&str]) {
    let mut count = 0;
    for table in ["invoice", "invoice_line", "invoice_tax", "invoice_posting", "invoice_deposit"] {
        let owner = if table == "invoice" { "t.id" } else { "t.invoice_id" };
        let rows = format!("SELECT t.rowid, i.number FROM {table} AS t JOIN invoice AS i ON i.id = {owner}");
        let rows: Vec<(i64, String)> = all(file, &rows, |row| Ok((row.get(0)?, row.get(1)?)));
        assert!(!rows.is_empty(), "{table} has rows");
        let columns = format!("SELECT name, type FROM pragma_table_info('{table}')");
        let columns: Vec<(String, String)> = all(file, &columns, |row| Ok((row.get(0)?, row.get(1)?)));
        for (column, kind) in columns {
            let name = format!("{table}.{column}");
            if LATER.contains(&name.as_str()) || except.contains(&name.as_str()) {
                continue;
            }
            let other = match kind.as_str() {
                "INTEGER" => format!("coalesce({column}, 0) + 1000"),
                _ => format!("coalesce({column}, '') || ' '"),
            };
            for (row, number) in &rows {
                let was: Stored = file
                    .query_row(&format!("SELECT {column} FROM {table} WHERE rowid = ?1"), [row], |row| row.get(0))
                    .expect("a value");
                let (row, moved) = (*row, if column == "id" { row + 1000 } else { *row });
                file.execute(&format!("UPDATE {table} SET {column} = {other} WHERE rowid = ?1"), [row]).expect(&name);
                let found = changed(hotel);
                let told = if name == "invoice.number" { format!("{number} ") } else { number.clone() };
                assert!(found.contains(&told), "{name} of {number}: {found:?}");
                file.execute(&format!("UPDATE {table} SET {column} = ?2 WHERE rowid = ?1"), (moved, was)).expect(&name);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} changes");
    assert_eq!(changed(hotel), [""; 0]);
}

fn all<T>(file: &Connection, sql: &str, read: impl FnMut(&rusqlite::Row) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = file.prepare(sql).expect("a statement");
    let rows = statement.query_map([], read).expect("rows");
    rows.collect::<rusqlite::Result<_>>().expect("rows")
}

#[test]
fn each_column_of_an_issued_document_is_proved() {
    let hotel = with_documents();
    assert_no_fault(&hotel, "documents");
    let file = forger(&hotel);
    assert_each_column_is_proved(&hotel, &file, &[]);
    // A row less, a row more, a document taken out of the chain.
    for (forgery, back) in [
        ("UPDATE invoice_line SET invoice_id = 999 WHERE id = 1", "UPDATE invoice_line SET invoice_id = 1 WHERE id = 1"),
        (
            "INSERT INTO invoice_tax (id, invoice_id, name, category, rate, base, amount) VALUES (999, 2, 'X', 'Z', 0, 0, 0)",
            "DELETE FROM invoice_tax WHERE id = 999",
        ),
        (
            "UPDATE invoice SET chain_position = chain_position + 1 WHERE id = 3",
            "UPDATE invoice SET chain_position = chain_position - 1 WHERE id = 3",
        ),
        (
            "UPDATE invoice SET snapshot = replace(snapshot, 'Rua 1', 'Rua 2') WHERE id = 2",
            "UPDATE invoice SET snapshot = replace(snapshot, 'Rua 2', 'Rua 1') WHERE id = 2",
        ),
    ] {
        assert!(file.execute(forgery, []).expect(forgery) > 0, "{forgery}");
        assert!(!changed(&hotel).is_empty(), "{forgery}");
        file.execute(back, []).expect(back);
        assert_eq!(changed(&hotel), [""; 0], "{back}");
    }
}

#[test]
fn a_document_whose_guest_was_erased_is_proved_as_before() {
    let hotel = with_documents();
    hotel.post("/api/payments/1/refund", json!({"amount": 20, "reason": "credited"})).expect(200);
    hotel.post("/api/guests/1/anonymise", json!({"reason": "asked by letter"})).expect(200);
    let years_later = Sql::new("test.years_later", "UPDATE property SET business_date = '2036-01-01' WHERE id = 1");
    hotel.write(move |tx| tx.run(&years_later, []).map(|_| ()));
    assert_eq!(hotel.write(retention::forget_some), 3);
    assert_no_fault(&hotel, "scrubbed");
    let file = forger(&hotel);
    let names: Vec<String> = all(&file, "SELECT snapshot || buyer_name || reason FROM invoice", |row| row.get(0));
    assert!(names.iter().all(|text| !text.contains("Ana") && !text.contains("R-1") && !text.contains("Rua")), "{names:?}");
    let by: Vec<String> = all(&file, "SELECT scrubbed_by FROM invoice WHERE scrubbed_at IS NOT NULL", |row| row.get(0));
    assert_eq!(by.len(), 3);
    assert_each_column_is_proved(&hotel, &file, &["invoice.scrubbed_at", "invoice.scrubbed_by"]);
    let forgery = "UPDATE invoice SET snapshot = replace(snapshot, 'card', 'cash')";
    file.execute(forgery, []).expect("a forgery");
    assert_eq!(changed(&hotel), ["DEP-2025-00001"]);
}
