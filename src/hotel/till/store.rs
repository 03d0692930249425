//! Statements of drawers, shifts and what went through them.

use const_format::concatcp;

use super::close::{Counted, Piece};
use super::drawers::{Drawer, NewDrawer};
use super::{MovementKind, Shift};
use crate::db::record::{record, written};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{DrawerId, FolioId, MovementId, ShiftId, UserId};
use crate::domain::money::Money;
use crate::error::{Error, Result};

written!(DRAWER: NewDrawer = name, is_shared, is_active);

statements! {
    FIND_DRAWER = "till.find_drawer" selects Drawer "FROM drawer WHERE id = ?1";
    DRAWERS = "till.drawers" selects Drawer "FROM drawer ORDER BY id LIMIT 50", scans "a hotel's drawers are few";
    INSERT_DRAWER = "till.insert_drawer" is concatcp!("INSERT INTO drawer (", DRAWER.names, ") VALUES (", DRAWER.places, ")");
    UPDATE_DRAWER = "till.update_drawer" is concatcp!("UPDATE drawer SET ", DRAWER.sets, ", version = version + 1 WHERE id = ?");
    FIND = "till.find" selects Shift "FROM shift WHERE id = ?1";
    OPEN_ON = "till.open_on": "SELECT id FROM shift INDEXED BY shift_of_drawer WHERE drawer_id = ?1 AND closed_at IS NULL";
    OPEN = "till.open" selects Shift "FROM shift INDEXED BY shift_of_drawer WHERE closed_at IS NULL ORDER BY id LIMIT 50",
        scans "a hotel's open shifts are few";
    INSERT = "till.insert": "INSERT INTO shift (drawer_id, user_id, business_date, float_amount, opened_at, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    CLOSE = "till.close": "UPDATE shift SET closed_at = ?2, closed_by = ?3, note = CASE WHEN ?4 = '' THEN note ELSE ?4 END WHERE id = ?1";
    INSERT_MOVEMENT = "till.insert_movement": "INSERT INTO drawer_movement (shift_id, kind, currency, amount, reason, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    MOVEMENTS = "till.movements" selects Movement "FROM drawer_movement WHERE shift_id = ?1 ORDER BY id LIMIT 10000";
    MOVED = "till.moved": "SELECT currency, sum(amount) FROM drawer_movement WHERE shift_id = ?1 GROUP BY currency ORDER BY currency";
    // Notes of another currency are counted as such; the change on them came out of the hotel's own.
    CASH = "till.cash": "SELECT coalesce(-sum(p.amount), 0) - coalesce(sum(t.given), 0)
        FROM posting AS p LEFT JOIN tender AS t ON t.id = p.id AND t.currency IS NOT NULL WHERE p.shift_id = ?1";
    FOREIGN = "till.foreign": "SELECT t.currency, sum(t.foreign_amount) FROM posting AS p CROSS JOIN tender AS t ON t.id = p.id
        WHERE p.shift_id = ?1 AND t.currency IS NOT NULL GROUP BY t.currency ORDER BY t.currency";
    FOREIGN_RATES = "till.foreign_rates": "SELECT t.currency, t.rate, max(t.id) FROM posting AS p CROSS JOIN tender AS t ON t.id = p.id
        WHERE p.shift_id = ?1 AND t.currency IS NOT NULL GROUP BY t.currency ORDER BY t.currency";
    RECEIVED = "till.received": "SELECT coalesce(-sum(CASE WHEN entry = 'post' THEN amount END), 0),
            coalesce(sum(CASE WHEN entry <> 'post' THEN amount END), 0), count(*)
        FROM posting WHERE shift_id = ?1";
    INSERT_COUNT = "till.insert_count": "INSERT INTO shift_count (shift_id, currency, expected, counted, pieces) VALUES (?1, ?2, ?3, ?4, ?5)";
    INSERT_UNCOUNTED = "till.insert_uncounted": "INSERT INTO shift_count (shift_id, currency, expected) VALUES (?1, ?2, ?3)";
    COUNTS = "till.counts" selects Count "FROM shift_count WHERE shift_id = ?1 ORDER BY id LIMIT 100";
    LEFT_IN = "till.left_in": "SELECT coalesce(c.counted, c.expected) FROM shift_count AS c
        WHERE c.currency = ?3 AND c.shift_id = (
            SELECT s.id FROM shift AS s WHERE s.drawer_id = ?1 AND s.id < ?2 ORDER BY s.id DESC LIMIT 1)";
    LEFT_OF_OTHERS = "till.left_of_others": "SELECT c.currency, coalesce(c.counted, c.expected) FROM shift_count AS c
        WHERE c.currency <> ?3 AND c.shift_id = (
            SELECT s.id FROM shift AS s WHERE s.drawer_id = ?1 AND s.id < ?2 ORDER BY s.id DESC LIMIT 1)
        ORDER BY c.currency";
    VOUCHER_FOLIO = "till.voucher_folio": "SELECT id FROM folio INDEXED BY folio_house WHERE kind = 'house' AND payer_name = ?1 LIMIT 1";
    OPEN_VOUCHER_FOLIO = "till.open_voucher_folio": "INSERT INTO folio (kind, payer_name) VALUES ('house', ?1)";
    COLLEAGUES = "till.colleagues" selects Colleague "FROM user AS u
        WHERE u.is_active = 1 AND u.role IN ('owner', 'manager', 'receptionist')
            AND NOT EXISTS (SELECT 1 FROM shift AS s WHERE s.user_id = u.id AND s.closed_at IS NULL)
        ORDER BY u.full_name LIMIT 200", scans "a hotel's staff is few";
}

record! {
    /// Cash that came or went beside payments; what went out is negative.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Movement {
        pub id: MovementId,
        pub kind: MovementKind,
        pub currency: String,
        pub amount: Money,
        pub reason: String,
        pub created_at: Instant,
        pub created_by: String,
    }
}

record! {
    /// What was counted of a currency when a shift closed, and what should have been there.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Count {
        pub currency: String,
        pub expected: Money,
        /// `None` = nobody has counted it.
        pub counted: Option<Money>,
        pub pieces: Vec<Piece> as json,
    }
}

record! {
    /// Somebody who may take a drawer over.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Colleague {
        pub id: UserId = "u.id",
        pub full_name: String = "u.full_name",
    }
}

/// What payments brought into a drawer and took out of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Received {
    pub received: Money,
    /// By refunds and voids; not negative.
    pub returned: Money,
    pub count: i64,
}

pub fn find_drawer(conn: &Conn, id: DrawerId) -> Result<Option<Drawer>> {
    conn.one(&FIND_DRAWER, [id], Drawer::from_row)
}

pub fn drawers(conn: &Conn) -> Result<Vec<Drawer>> {
    conn.all(&DRAWERS, [], Drawer::from_row)
}

pub fn insert_drawer(tx: &Tx, new: &NewDrawer) -> Result<DrawerId> {
    Ok(DrawerId(tx.insert(&INSERT_DRAWER, DRAWER.with(new, &[]))?))
}

pub fn update_drawer(tx: &Tx, id: DrawerId, after: &NewDrawer) -> Result<()> {
    tx.run(&UPDATE_DRAWER, DRAWER.with(after, &[&id]))?;
    Ok(())
}

pub fn find(conn: &Conn, id: ShiftId) -> Result<Option<Shift>> {
    conn.one(&FIND, [id], Shift::from_row)
}

/// The shift that is open on a drawer.
pub fn open_on(conn: &Conn, drawer: DrawerId) -> Result<Option<ShiftId>> {
    conn.one(&OPEN_ON, [drawer], |row| row.get(0))
}

pub fn open(conn: &Conn) -> Result<Vec<Shift>> {
    conn.all(&OPEN, [], Shift::from_row)
}

pub fn insert(tx: &Tx, drawer: DrawerId, user: UserId, date: Date, float: Money, note: &str) -> Result<ShiftId> {
    Ok(ShiftId(tx.insert(&INSERT, (drawer, user, date, float, tx.now(), note))?))
}

pub fn close(tx: &Tx, id: ShiftId, by: Option<UserId>, note: &str) -> Result<()> {
    tx.run(&CLOSE, (id, tx.now(), by, note))?;
    Ok(())
}

pub fn insert_movement(
    tx: &Tx,
    id: ShiftId,
    kind: MovementKind,
    (amount, currency): (Money, &str),
    reason: &str,
) -> Result<MovementId> {
    Ok(MovementId(tx.insert(&INSERT_MOVEMENT, (id, kind, currency, amount, reason, tx.now(), &tx.actor().username))?))
}

pub fn movements(conn: &Conn, id: ShiftId) -> Result<Vec<Movement>> {
    conn.all(&MOVEMENTS, [id], Movement::from_row)
}

/// What came and went beside payments, by currency.
pub fn moved(conn: &Conn, id: ShiftId) -> Result<Vec<(String, Money)>> {
    conn.all(&MOVED, [id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What payments left in the drawer.
pub fn cash_of(conn: &Conn, id: ShiftId) -> Result<Money> {
    conn.scalar(&CASH, [id])
}

/// Notes of other currencies that came in and went out with payments.
pub fn foreign_of(conn: &Conn, id: ShiftId) -> Result<Vec<(String, Money)>> {
    conn.all(&FOREIGN, [id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What one of each other currency was taken for last, in millionths.
pub fn rates_of(conn: &Conn, id: ShiftId) -> Result<Vec<(String, i64)>> {
    conn.all(&FOREIGN_RATES, [id], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn received(conn: &Conn, id: ShiftId) -> Result<Received> {
    let read = |row: &rusqlite::Row| Ok(Received { received: row.get(0)?, returned: row.get(1)?, count: row.get(2)? });
    Ok(conn.one(&RECEIVED, [id], read)?.unwrap_or_default())
}

pub fn insert_count(tx: &Tx, id: ShiftId, expected: Money, counted: &Counted) -> Result<()> {
    let pieces = serde_json::to_string(&counted.pieces).map_err(Error::internal)?;
    tx.run(&INSERT_COUNT, (id, &counted.currency, expected, counted.amount, pieces))?;
    Ok(())
}

/// What should be in a drawer that nobody has counted.
pub fn insert_uncounted(tx: &Tx, id: ShiftId, currency: &str, expected: Money) -> Result<()> {
    tx.run(&INSERT_UNCOUNTED, (id, currency, expected))?;
    Ok(())
}

pub fn counts(conn: &Conn, id: ShiftId) -> Result<Vec<Count>> {
    conn.all(&COUNTS, [id], Count::from_row)
}

/// What was left of a currency at the end of a drawer's last shift before this one; where nobody counted, what should have been.
pub fn left_in(conn: &Conn, drawer: DrawerId, before: ShiftId, currency: &str) -> Result<Option<Money>> {
    conn.one(&LEFT_IN, (drawer, before, currency), |row| row.get(0))
}

/// The same of all others.
pub fn left_of_others(conn: &Conn, drawer: DrawerId, before: ShiftId, but: &str) -> Result<Vec<(String, Money)>> {
    conn.all(&LEFT_OF_OTHERS, (drawer, before, but), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The account of the house on which vouchers are sold that go on nobody's bill.
pub fn voucher_folio(tx: &Tx) -> Result<FolioId> {
    const NAME: &str = "Vouchers";
    match tx.one(&VOUCHER_FOLIO, [NAME], |row| row.get(0))? {
        Some(found) => Ok(found),
        None => Ok(FolioId(tx.insert(&OPEN_VOUCHER_FOLIO, [NAME])?)),
    }
}

/// Who takes payments and has no shift.
pub fn colleagues(conn: &Conn) -> Result<Vec<Colleague>> {
    conn.all(&COLLEAGUES, [], Colleague::from_row)
}
