//! The emergency paper: what a desk needs to work by hand for some hours, beside the data and in the second folder,
//! after each close and each hour. Names, rooms, dates and balances, and nothing else of a guest.
//!
//! Files are written anew and never read back. The newest two are kept; whoever is erased is gone from them at once.

mod files;
pub mod keep;
mod paper;

use crate::db::Conn;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::error::Result;
use crate::hotel::Slice;

pub const SLICE: Slice =
    Slice { name: "emergency", is_workflow: true, statements: &[STATEMENTS], jobs: |_| keep::jobs(), ..Slice::EMPTY };

statements! {
    IN_HOUSE = "emergency.in_house" selects Guest "FROM reservation INDEXED BY reservation_in_house WHERE status = 'checked_in'
        ORDER BY room_number, guest_name LIMIT 4000", scans "stays in house are no more than the hotel's rooms";
    OWING = "emergency.owing" selects Guest "FROM reservation
        WHERE status = 'checked_out' AND balance > 0 AND check_out_date BETWEEN date(?1, '-31 days') AND ?1
        ORDER BY guest_name LIMIT 1000";
    ERASED_AT = "emergency.erased_at": "SELECT max(erased_at) FROM erasure", scans "erasures are few";
}

record! {
    /// Who is here, or left owing something.
    #[derive(Debug, Clone)]
    struct Guest {
        guest_name: String,
        room_number: Option<String>,
        room_type_name: String,
        check_in_date: Date,
        check_out_date: Date,
        balance: Money,
    }
}

fn in_house(conn: &Conn) -> Result<Vec<Guest>> {
    conn.all(&IN_HOUSE, [], Guest::from_row)
}

/// Who left within the last month and owes something.
fn owing(conn: &Conn, today: Date) -> Result<Vec<Guest>> {
    conn.all(&OWING, [today], Guest::from_row)
}
