//! Whether the books of a day agree: one that does not balance is never closed.

use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings;

statements! {
    LEDGERS = "day_close.ledgers": "SELECT ledger, sum(amount) FROM posting WHERE business_date = ?1 GROUP BY ledger ORDER BY ledger";
    CHARGED = "day_close.charged": "SELECT coalesce(sum(amount), 0) FROM charge WHERE business_date = ?1";
    RECEIVED = "day_close.received": "SELECT coalesce(sum(amount), 0) FROM payment WHERE business_date = ?1";
    // Of the bills that the day has touched: what each comes to is the sum of its lines.
    FOLIOS_OFF = "day_close.folios_off": "SELECT count(*), coalesce(sum(f.balance - (SELECT sum(amount) FROM posting AS p WHERE p.folio_id = f.id)), 0)
        FROM folio AS f
        WHERE f.id IN (SELECT folio_id FROM posting WHERE business_date = ?1)
            AND f.balance <> (SELECT sum(amount) FROM posting AS p WHERE p.folio_id = f.id)";
    // And of their stays: what they owe and have paid stands on their folios.
    STAYS_OFF = "day_close.stays_off": "SELECT count(*)
        FROM reservation AS r
        WHERE r.id IN (SELECT reservation_id FROM posting WHERE business_date = ?1 AND reservation_id IS NOT NULL)
            AND r.charge_amount + r.moved_amount - r.paid_amount
                <> (SELECT coalesce(sum(f.balance), 0) FROM folio AS f WHERE f.reservation_id = r.id AND f.kind = 'stay')";
}

/// What of a day does not agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Difference {
    /// The change of all ledgers less what was charged and not paid.
    pub ledgers: Money,
    /// Folios whose balance is not the sum of their lines, and stays that are not what their folios come to.
    pub folios: i64,
    pub stays: i64,
}

impl Difference {
    pub fn is_none(self) -> bool {
        self == Difference::default()
    }
}

/// How each ledger changed on a day.
pub fn changes(conn: &Conn, date: Date) -> Result<Vec<(String, Money)>> {
    conn.all(&LEDGERS, [date], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn difference(conn: &Conn, date: Date) -> Result<Difference> {
    let change: Money = changes(conn, date)?.into_iter().map(|(_, amount)| amount).sum();
    let (charged, received): (Money, Money) = (conn.scalar(&CHARGED, [date])?, conn.scalar(&RECEIVED, [date])?);
    Ok(Difference {
        ledgers: change - (charged - received),
        folios: conn.scalar(&FOLIOS_OFF, [date])?,
        stays: conn.scalar(&STAYS_OFF, [date])?,
    })
}

/// Refuses a day whose books do not agree, with the difference.
///
/// # Errors
/// 409 `not-balanced`.
pub fn check(conn: &Conn, date: Date) -> Result<()> {
    let found = difference(conn, date)?;
    if found.is_none() {
        return Ok(());
    }
    let property = settings::property(conn)?;
    let detail = text!(
        "The books of {date} do not agree: the ledgers are {amount} apart, and {bills} bills do not add up. The day stays open. \
         Run innkeeper check on a copy of the data and restore a back-up if it finds a fault.",
        date,
        amount = property.money_in_words(found.ledgers),
        bills = found.folios + found.stays,
    );
    Err(Error::refused(Code::NotBalanced, detail))
}
