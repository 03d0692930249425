//! What a day close writes, read from the file itself.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

/// All of it, but for who did it and when.
const WRITTEN: [&str; 9] = [
    "SELECT business_date FROM property",
    "SELECT id, status, room_id, check_in_date, check_out_date, unposted_amount, charge_amount, paid_amount, moved_amount FROM reservation
        ORDER BY id",
    "SELECT reservation_id, night, kind, room_id, rate, added_amount, is_held, is_posted FROM reservation_night ORDER BY reservation_id, night",
    "SELECT night, room_id, reservation_id, block_id FROM room_night ORDER BY night, room_id",
    "SELECT folio_id, ledger, business_date, reservation_id, night, part, article_id, entry, amount, tax_amount, levy_id FROM posting
        ORDER BY reservation_id, night, article_id, levy_id, amount",
    "SELECT id, room_number, housekeeping FROM room ORDER BY id",
    "SELECT business_date, reservation_id, shift_id, choice, is_default, amount, done_at IS NULL FROM day_close_decision
        ORDER BY business_date, reservation_id, shift_id",
    "SELECT d.business_date, s.step, s.sums FROM day_close_step AS s JOIN day_close AS d ON d.id = s.day_close_id ORDER BY s.id",
    "SELECT date, rooms, sold, unpriced, arrivals, departures, room_revenue, day_use_revenue FROM day_statistics ORDER BY date",
];

/// The rows of a statement, columns with bars between.
pub fn rows(file: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(file).expect("the file");
    let mut statement = connection.prepare(sql).expect("a statement");
    let count = statement.column_count();
    let text = |value: Value| match value {
        Value::Null => "-".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Blob(_) => "blob".to_owned(),
    };
    let rows = statement.query_map([], |row| {
        let columns = (0..count).map(|at| row.get::<_, Value>(at).map(text)).collect::<rusqlite::Result<Vec<String>>>()?;
        Ok(columns.join("|"))
    });
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

pub fn written(file: &Path) -> Vec<Vec<String>> {
    WRITTEN.iter().map(|sql| rows(file, sql)).collect()
}
