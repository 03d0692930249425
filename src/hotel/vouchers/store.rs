//! Statements of vouchers and their entries.

use super::{EntryKind, NewVoucher, Voucher};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::VoucherId;
use crate::domain::money::Money;
use crate::error::Result;

statements! {
    FIND = "vouchers.find" selects Voucher "FROM voucher WHERE id = ?1";
    CODED = "vouchers.coded" selects Voucher "FROM voucher WHERE code = ?1";
    INSERT = "vouchers.insert": "INSERT INTO voucher (code, amount, holder, expires_on, sold_on, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    ENTER = "vouchers.enter": "INSERT INTO voucher_entry (voucher_id, kind, amount, posting_id, business_date, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    OF_POSTING = "vouchers.of_posting": "SELECT voucher_id FROM voucher_entry WHERE posting_id = ?1";
    ENTRIES = "vouchers.entries" selects VoucherEntry "FROM voucher_entry WHERE voucher_id = ?1 ORDER BY id LIMIT 10000";
    OWED = "vouchers.owed": "SELECT coalesce(sum(balance), 0), count(*) FROM voucher WHERE balance > 0", scans "vouchers that are open, by their index";
}

record! {
    /// What came onto a voucher, or went off it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct VoucherEntry {
        pub kind: EntryKind,
        pub amount: Money,
        pub business_date: Date,
        pub created_at: Instant,
        pub created_by: String,
    }
}

pub fn find(conn: &Conn, id: VoucherId) -> Result<Option<Voucher>> {
    conn.one(&FIND, [id], Voucher::from_row)
}

pub fn find_coded(conn: &Conn, code: &str) -> Result<Option<Voucher>> {
    conn.one(&CODED, [code], Voucher::from_row)
}

pub fn insert(tx: &Tx, new: &NewVoucher, today: Date) -> Result<VoucherId> {
    let values = (&new.code, new.amount, &new.holder, new.expires_on, today, tx.now(), &tx.actor().username);
    Ok(VoucherId(tx.insert(&INSERT, values)?))
}

pub fn enter(tx: &Tx, (id, kind): (VoucherId, EntryKind), amount: Money, posting: Option<i64>, today: Date) -> Result<()> {
    tx.run(&ENTER, (id, kind, amount, posting, today, tx.now(), &tx.actor().username)).map(|_| ())
}

/// The voucher that a posting sold, paid by or gave back to.
pub fn of_posting(conn: &Conn, posting: i64) -> Result<Option<VoucherId>> {
    conn.one(&OF_POSTING, [posting], |row| row.get(0))
}

pub fn entries(conn: &Conn, id: VoucherId) -> Result<Vec<VoucherEntry>> {
    conn.all(&ENTRIES, [id], VoucherEntry::from_row)
}

/// What the hotel owes on all vouchers, and on how many.
pub fn owed(conn: &Conn) -> Result<(Money, i64)> {
    Ok(conn.one(&OWED, [], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default())
}
