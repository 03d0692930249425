//! What is held of guests, and what they and companies owe: as it stands now.

use super::money::ledger_in_words;
use super::people::status_in_words;
use super::table::{Behind, Cell, Column, Link, Row, Table, cells};
use super::{Asked, Group, PLAIN, Range, Report};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::status::{Ledger, ReservationStatus};
use crate::domain::wording::text;
use crate::error::Result;
use crate::hotel::accounts;

statements! {
    HELD = "reports.held": "SELECT r.guest_name, r.confirmation_number, r.status, r.check_in_date, r.check_out_date, coalesce(r.room_number, ''),
            r.id, h.ledger, h.held, h.since,
            (SELECT coalesce(sum(-p.amount), 0) FROM posting AS p
                WHERE p.reservation_id = r.id AND p.ledger = h.ledger AND p.method IS NOT NULL AND p.entry = 'post'),
            (SELECT coalesce(sum(p.amount), 0) FROM posting AS p
                WHERE p.reservation_id = r.id AND p.ledger = h.ledger AND p.method IS NOT NULL AND p.entry <> 'post'),
            (SELECT coalesce(sum(p.amount), 0) FROM posting AS p
                WHERE p.reservation_id = r.id AND p.ledger = h.ledger AND p.method IS NULL)
        FROM (SELECT reservation_id, ledger, -sum(amount) AS held, min(business_date) AS since
            FROM posting INDEXED BY posting_held
            WHERE ledger IN ('deposit', 'security')
            GROUP BY ledger, reservation_id HAVING sum(amount) <> 0) AS h
        CROSS JOIN reservation AS r ON r.id = h.reservation_id
        LIMIT ?1 + 1";
    // What is held as a deposit is no bill; most of what is not settled is just that.
    OPEN_STAYS = "reports.open_stays": "SELECT r.guest_name, r.confirmation_number, r.status, r.check_in_date, r.check_out_date,
            coalesce(r.room_number, ''), o.id, o.balance - o.deposit
        FROM (SELECT f.reservation_id AS id, sum(f.balance) AS balance,
                (SELECT coalesce(sum(p.amount), 0) FROM posting AS p INDEXED BY posting_held
                    WHERE p.ledger IN ('deposit', 'security') AND p.ledger = 'deposit' AND p.reservation_id = f.reservation_id) AS deposit
            FROM folio AS f INDEXED BY folio_open
            WHERE f.kind = 'stay' AND f.balance <> 0
            GROUP BY f.reservation_id) AS o
        CROSS JOIN reservation AS r ON r.id = o.id
        WHERE o.balance <> o.deposit
        LIMIT ?1 + 1";
    OTHER_OPEN = "reports.other_open": "SELECT f.kind, coalesce(f.company_id, f.group_id, f.id), f.balance,
            coalesce((SELECT c.name FROM company AS c WHERE c.id = f.company_id), (SELECT g.name FROM booking_group AS g WHERE g.id = f.group_id), f.payer_name)
        FROM folio AS f INDEXED BY folio_open
        WHERE f.kind IN ('company', 'group', 'house') AND f.balance <> 0 LIMIT ?1 + 1";
    COMPANY = "reports.company": "SELECT name FROM company WHERE id = ?1";
}

pub const REPORTS: &[Report] = &[
    Report {
        name: "deposits",
        group: Group::Accounts,
        title: || text!("Deposits and security deposits held"),
        about: || text!("What the hotel holds for each guest, since when, and what was used or refunded."),
        range: Range::Now,
        make: deposits,
        ..PLAIN
    },
    Report {
        name: "balances",
        group: Group::Accounts,
        title: || text!("Open bills"),
        about: || text!("Open balances of in-house and departed guests, groups, companies and house accounts."),
        range: Range::Now,
        make: balances,
        ..PLAIN
    },
    Report {
        name: "ageing",
        group: Group::Accounts,
        title: || text!("Ageing of company accounts"),
        about: || text!("What companies owe, by days overdue. Unmatched payments are shown separately."),
        range: Range::Now,
        make: ageing,
        ..PLAIN
    },
];

/// A stay as a line of a list.
struct Stay {
    cells: Vec<Cell>,
    status: ReservationStatus,
}

/// A stay from the first six columns.
fn stay(row: &rusqlite::Row) -> rusqlite::Result<Stay> {
    let status: ReservationStatus = row.get(2)?;
    let (guest, number, room): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(5)?);
    let (arrival, departure): (Date, Date) = (row.get(3)?, row.get(4)?);
    Ok(Stay { cells: cells![guest, number, status_in_words(status), room, arrival, departure], status })
}

fn stay_columns() -> Vec<Column> {
    vec![
        Column::text("guest", text!("Guest")),
        Column::text("booking", text!("Booking")),
        Column::text("status", text!("Status")),
        Column::text("room", text!("Room")),
        Column::date("arrival", text!("Arrival")),
        Column::date("departure", text!("Departure")),
    ]
}

fn deposits(conn: &Conn, asked: &Asked) -> Result<Table> {
    let mut columns = stay_columns();
    columns.extend([
        Column::text("ledger", text!("Held as")),
        Column::money("received", text!("Received")),
        Column::money("refunded", text!("Refunded")),
        Column::money("applied", text!("Used")),
        Column::money("held", text!("Held")),
        Column::date("since", text!("Since")),
        Column::count("days", text!("Days")).unsummed(),
    ]);
    let rows = conn.all(&HELD, [asked.most as i64], |row| {
        let (id, ledger, held, since): (i64, Ledger, Money, Date) = (row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?);
        let (received, refunded, applied): (Money, Money, Money) = (row.get(10)?, row.get(11)?, row.get(12)?);
        let mut cells = stay(row)?.cells;
        let days = since.days_until(asked.today());
        cells.extend(cells![ledger_in_words(ledger), received, refunded, applied, held, since, days]);
        Ok(Row::of(cells).linked(Link::reservation(Some(id))))
    })?;
    Ok(Table::new(columns, rows))
}

fn balances(conn: &Conn, asked: &Asked) -> Result<Table> {
    let mut columns = vec![Column::text("kind", text!("Account"))];
    columns.extend(stay_columns());
    columns.push(Column::money("balance", text!("Open")));
    let mut rows = conn.all(&OPEN_STAYS, [asked.most as i64], |row| {
        let (stay, id, open): (Stay, i64, Money) = (stay(row)?, row.get(6)?, row.get(7)?);
        let (order, kind) = match stay.status {
            ReservationStatus::CheckedIn => (0, text!("In-house")),
            ReservationStatus::CheckedOut => (1, text!("Departed")),
            ReservationStatus::Tentative | ReservationStatus::Confirmed => (2, text!("Upcoming")),
            ReservationStatus::Cancelled | ReservationStatus::NoShow => (3, text!("No-show")),
        };
        let mut cells = cells![kind];
        cells.extend(stay.cells);
        cells.push(open.into());
        Ok((order, Row::of(cells).linked(Link::reservation(Some(id)))))
    })?;
    let others: Vec<(String, i64, Money, String)> =
        conn.all(&OTHER_OPEN, [asked.most as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    for (kind, id, balance, name) in others {
        let (order, kind, link) = match kind.as_str() {
            "company" => (5, text!("Company account"), Some(Link::to(Behind::Company, id))),
            "group" => (4, text!("Group"), Some(Link::to(Behind::Group, id))),
            _ => (6, text!("House account"), None),
        };
        let cells = cells![kind, name, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, balance];
        rows.push((order, Row::of(cells).linked(link)));
    }
    rows.sort_by_key(|(order, _)| *order);
    Ok(Table::new(columns, rows.into_iter().map(|(_, row)| row).collect()))
}

fn ageing(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::text("company", text!("Company")),
        Column::money("not_due", text!("Not due yet")),
        Column::money("to_30", text!("1–30 days late")),
        Column::money("to_60", text!("31–60 days")),
        Column::money("to_90", text!("61–90 days")),
        Column::money("to_120", text!("91–120 days")),
        Column::money("over_120", text!("Over 120 days")),
        Column::money("unmatched", text!("Paid, not matched")),
        Column::money("balance", text!("Open")),
        Column::date("oldest", text!("Oldest due")),
    ];
    let mut rows = Vec::new();
    for (id, ageing) in accounts::store::ageings(conn, asked.today())? {
        let name: String = conn.scalar(&COMPANY, [id])?;
        let [to_30, to_60, to_90, to_120, over] = ageing.overdue;
        let late = cells![name.as_str(), ageing.not_due, to_30, to_60, to_90, to_120, over];
        let rest = cells![ageing.unmatched, ageing.balance(), ageing.oldest];
        rows.push((name, Row::of(late.into_iter().chain(rest).collect()).linked(Link::to(Behind::Company, id.0))));
    }
    rows.sort_by_key(|(name, _)| name.to_lowercase());
    Ok(Table::new(columns, rows.into_iter().map(|(_, row)| row).collect()))
}
