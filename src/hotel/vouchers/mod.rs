//! Vouchers: sold for money, and owed by the hotel until they are brought back.
//!
//! A voucher's balance is the sum of its entries, each with the posting that brought it about. Whatever posts money or
//! charges asks here before; how a voucher is sold is the till's.

pub mod checks;
pub mod store;

use crate::db::record::record;
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::id::VoucherId;
use crate::domain::money::Money;
use crate::domain::status::words;
use crate::domain::text::{Line, Name};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::{Slice, audit, settings};

pub const SLICE: Slice = Slice {
    name: "vouchers",
    statements: &[store::STATEMENTS, checks::STATEMENTS],
    areas: &[("payments", &[Table::Voucher])],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

pub type VoucherCode = Name<20>;
pub type Holder = Line<200>;

words!(
    /// What became of a voucher's money.
    EntryKind { Sold = "sold", Redeemed = "redeemed", Returned = "returned", Expired = "expired", Cancelled = "cancelled" }
);

record! {
    /// What the hotel owes whoever brings its code.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Voucher {
        pub id: VoucherId,
        pub code: String,
        /// What it was sold for.
        pub amount: Money,
        /// What is left of it.
        pub balance: Money,
        pub holder: String,
        /// The last day on which it is taken.
        pub expires_on: Option<Date>,
        pub sold_on: Date,
        pub created_by: String,
    }
}

/// A voucher that is being sold.
#[derive(Debug, Clone)]
pub struct NewVoucher {
    pub code: String,
    pub amount: Money,
    pub holder: String,
    pub expires_on: Option<Date>,
}

pub fn find(conn: &Conn, id: VoucherId) -> Result<Voucher> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This voucher does not exist.")))
}

/// Writes a voucher down that was sold by this posting.
pub fn issue(tx: &Tx, new: &NewVoucher, posting: i64) -> Result<Voucher> {
    let today = settings::business_date(tx)?;
    let id = store::insert(tx, new, today)?;
    store::enter(tx, (id, EntryKind::Sold), new.amount, Some(posting), today)?;
    told(tx, "sell", id, new.amount)
}

/// A voucher that pays so much.
///
/// # Errors
/// `Invalid` on `voucher_code` for one that is unknown or expired; 409 where less is left of it.
pub fn check(conn: &Conn, code: Option<&str>, amount: Money) -> Result<Voucher> {
    let code = code.ok_or_else(|| Error::invalid("voucher_code", text!("is missing")))?;
    let found = store::find_coded(conn, code.trim())?;
    let voucher = found.ok_or_else(|| Error::invalid("voucher_code", text!("is not a voucher of this hotel")))?;
    let property = settings::property(conn)?;
    if let Some(date) = voucher.expires_on.filter(|date| *date < property.business_date) {
        return Err(Error::invalid("voucher_code", text!("was good until {date}", date)));
    }
    if amount > voucher.balance {
        let detail = text!("{left} is left on this voucher.", left = property.money_in_words(voucher.balance));
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    Ok(voucher)
}

/// Takes what a payment took off a voucher.
pub fn redeem(tx: &Tx, voucher: &Voucher, amount: Money, posting: i64) -> Result<()> {
    enter(tx, voucher.id, EntryKind::Redeemed, -amount, posting)
}

/// What a void or a refund of a payment gives back to its voucher; whether the payment was one.
pub fn give_back(tx: &Tx, payment: i64, amount: Money, posting: i64) -> Result<bool> {
    let Some(id) = store::of_posting(tx, payment)? else { return Ok(false) };
    enter(tx, id, EntryKind::Returned, amount, posting)?;
    Ok(true)
}

/// Whether a payment was made by a voucher.
pub fn has_paid(conn: &Conn, payment: i64) -> Result<bool> {
    Ok(store::of_posting(conn, payment)?.is_some())
}

/// The sale of a voucher can be taken back while nothing was taken off it.
pub fn check_unused(conn: &Conn, sale: i64) -> Result<()> {
    let Some(id) = store::of_posting(conn, sale)? else { return Ok(()) };
    let voucher = find(conn, id)?;
    if voucher.balance != voucher.amount {
        return Err(Error::refused(Code::AlreadyReversed, text!("This voucher was used already.")));
    }
    Ok(())
}

/// The sale is taken back.
pub fn cancel(tx: &Tx, sale: i64, posting: i64) -> Result<()> {
    let Some(id) = store::of_posting(tx, sale)? else { return Ok(()) };
    let left = find(tx, id)?.balance;
    enter(tx, id, EntryKind::Cancelled, -left, posting)
}

/// What is left of a voucher that is no longer good is the hotel's.
pub fn expire(tx: &Tx, id: VoucherId) -> Result<Voucher> {
    let (voucher, today) = (find(tx, id)?, settings::business_date(tx)?);
    if voucher.expires_on.is_none_or(|date| date >= today) {
        return Err(Error::refused(Code::WrongDate, text!("This voucher is still good.")));
    }
    if voucher.balance.is_zero() {
        return Err(Error::refused(Code::AlreadyReversed, text!("Nothing is left of this voucher.")));
    }
    store::enter(tx, (id, EntryKind::Expired), -voucher.balance, None, today)?;
    told(tx, "expire", id, voucher.balance)
}

fn enter(tx: &Tx, id: VoucherId, kind: EntryKind, amount: Money, posting: i64) -> Result<()> {
    store::enter(tx, (id, kind), amount, Some(posting), settings::business_date(tx)?)?;
    told(tx, kind.as_str(), id, amount).map(|_| ())
}

fn told(tx: &Tx, action: &str, id: VoucherId, amount: Money) -> Result<Voucher> {
    let voucher = find(tx, id)?;
    let entry =
        serde_json::json!({"amount_minor": amount.0, "balance_minor": voucher.balance.0, "expires_on": voucher.expires_on});
    audit::record(tx, action, "voucher", id.0, &audit::NOTHING, &entry)?;
    Ok(voucher)
}
