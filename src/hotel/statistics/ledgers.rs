//! What each ledger began a day with, what came to it and what it ended with.

use std::collections::BTreeMap;

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::status::Ledger;
use crate::error::Result;
use crate::hotel::settings;

statements! {
    INSERT = "statistics.insert_ledger": "INSERT INTO day_ledger (date, ledger, opening, charges, taxes, money, moved) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    KEPT = "statistics.ledgers_kept" selects DayLedger "FROM day_ledger WHERE date >= ?1 AND date <= ?2 AND date < ?3 ORDER BY date, ledger";
    RAW = "statistics.ledgers_raw": "SELECT business_date, ledger,
            coalesce(sum(CASE WHEN method IS NULL AND counter_id IS NULL THEN amount END), 0),
            coalesce(sum(CASE WHEN method IS NULL AND counter_id IS NULL THEN tax_amount END), 0),
            coalesce(sum(CASE WHEN method IS NOT NULL THEN -amount END), 0),
            coalesce(sum(CASE WHEN counter_id IS NOT NULL THEN amount END), 0)
        FROM posting INDEXED BY posting_business_date
        WHERE business_date >= ?1 AND business_date <= ?2
        GROUP BY business_date, ledger";
    CHANGE = "statistics.ledger_change": "SELECT ledger, sum(amount) FROM posting INDEXED BY posting_business_date
        WHERE business_date >= ?1 AND business_date <= ?2 GROUP BY ledger";
    LAST_BEFORE = "statistics.last_before": "SELECT max(date) FROM day_ledger WHERE date < ?1 AND date < ?2";
    FIRST_FROM = "statistics.first_from": "SELECT min(date) FROM day_ledger WHERE date >= ?1 AND date < ?2";
    BALANCES_OF = "statistics.balances_of": "SELECT ledger, opening, closing FROM day_ledger WHERE date = ?1";
    OPEN_BILLS = "statistics.open_bills": "SELECT kind, sum(balance) FROM folio INDEXED BY folio_open WHERE balance <> 0 GROUP BY kind",
        scans "bills that are open, by their index";
    DEPOSITS_HELD = "statistics.deposits_held": "SELECT coalesce(sum(amount), 0) FROM posting INDEXED BY posting_held
        WHERE ledger IN ('deposit', 'security') AND ledger = 'deposit'";
}

record! {
    /// A ledger on a day: `opening + charges - money + moved = closing`. What is held of guests is below zero.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct DayLedger {
        pub date: Date,
        pub ledger: Ledger,
        pub opening: Money,
        /// All taxes included; voids and allowances take off.
        pub charges: Money,
        /// Of the charges.
        pub taxes: Money,
        /// Received, less what was given back.
        pub money: Money,
        /// From other ledgers, less what went there.
        pub moved: Money,
    }
}

impl DayLedger {
    pub fn closing(&self) -> Money {
        self.opening + self.charges - self.money + self.moved
    }
}

type Balances = BTreeMap<Ledger, Money>;

pub fn insert(tx: &Tx, one: &DayLedger) -> Result<()> {
    let values = (one.date, one.ledger, one.opening, one.charges, one.taxes, one.money, one.moved);
    tx.run(&INSERT, values).map(|_| ())
}

/// Every ledger over a period, as one: what it began the first day with, all that came to it.
pub fn ledgers(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayLedger>> {
    let opening = openings(conn, from)?;
    let mut sums: BTreeMap<Ledger, DayLedger> = Ledger::ALL.iter().map(|one| (*one, begun(from, *one, &opening))).collect();
    for day in by_day(conn, from, to)? {
        sums.entry(day.ledger).and_modify(|sum| {
            sum.charges = sum.charges + day.charges;
            sum.taxes = sum.taxes + day.taxes;
            sum.money = sum.money + day.money;
            sum.moved = sum.moved + day.moved;
        });
    }
    Ok(sums.into_values().collect())
}

/// What moved on each day of a period: of closed days what was written down, of the others what is posted. Openings of the latter are left away.
pub fn by_day(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayLedger>> {
    let today = settings::business_date(conn)?;
    let mut found = conn.all(&KEPT, (from, to, today), DayLedger::from_row)?;
    for (from, to) in super::gaps(from, to, &super::store::recorded(conn, from, to, today)?) {
        found.extend(raw(conn, from, to)?);
    }
    Ok(found)
}

/// Every ledger on every day of a period, from its postings.
pub fn reckon(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayLedger>> {
    let mut balances = openings(conn, from)?;
    let mut moved: BTreeMap<(Date, Ledger), DayLedger> =
        raw(conn, from, to)?.into_iter().map(|one| ((one.date, one.ledger), one)).collect();
    let (mut out, mut date) = (Vec::new(), from);
    for _ in 0..=from.days_until(to) {
        for ledger in Ledger::ALL {
            let found = moved.remove(&(date, *ledger));
            let opening = balances.get(ledger).copied().unwrap_or_default();
            let one = DayLedger { opening, ..found.unwrap_or_else(|| begun(date, *ledger, &balances)) };
            balances.insert(*ledger, one.closing());
            out.push(one);
        }
        date = date.next();
    }
    Ok(out)
}

fn begun(date: Date, ledger: Ledger, opening: &Balances) -> DayLedger {
    let opening = opening.get(&ledger).copied().unwrap_or_default();
    DayLedger { date, ledger, opening, charges: Money::ZERO, taxes: Money::ZERO, money: Money::ZERO, moved: Money::ZERO }
}

fn raw(conn: &Conn, from: Date, to: Date) -> Result<Vec<DayLedger>> {
    conn.all(&RAW, (from, to), |row| {
        Ok(DayLedger {
            date: row.get(0)?,
            ledger: row.get(1)?,
            opening: Money::ZERO,
            charges: row.get(2)?,
            taxes: row.get(3)?,
            money: row.get(4)?,
            moved: row.get(5)?,
        })
    })
}

/// What each ledger stood at when a day began: from the last day that was written down before it, else back from the first one after it,
/// else back from now.
fn openings(conn: &Conn, date: Date) -> Result<Balances> {
    let today = settings::business_date(conn)?;
    if let Some(before) = conn.scalar::<Option<Date>>(&LAST_BEFORE, (date, today))? {
        let since = change(conn, before.next(), date.previous())?;
        return Ok(together(&balances_of(conn, before, 2)?, &since, 1));
    }
    match conn.scalar::<Option<Date>>(&FIRST_FROM, (date, today))? {
        Some(first) => Ok(together(&balances_of(conn, first, 1)?, &change(conn, date, first.previous())?, -1)),
        None => Ok(together(&now(conn)?, &change(conn, date, today)?, -1)),
    }
}

fn balances_of(conn: &Conn, date: Date, column: usize) -> Result<Balances> {
    Ok(conn.all(&BALANCES_OF, [date], |row| Ok((row.get(0)?, row.get(column)?)))?.into_iter().collect())
}

fn change(conn: &Conn, from: Date, to: Date) -> Result<Balances> {
    Ok(conn.all(&CHANGE, (from, to), |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

/// What stands on each ledger now: the bills of guests and groups, less what of them is held as a deposit.
fn now(conn: &Conn) -> Result<Balances> {
    let deposits: Money = conn.scalar(&DEPOSITS_HELD, [])?;
    let mut balances = Balances::from([(Ledger::Deposit, deposits), (Ledger::Guest, -deposits)]);
    conn.each(&OPEN_BILLS, [], |row| {
        let kind: String = row.get(0)?;
        let ledger = match kind.as_str() {
            "company" => Ledger::Company,
            "house" => Ledger::House,
            "security" => Ledger::Security,
            _ => Ledger::Guest,
        };
        let sum = balances.entry(ledger).or_default();
        *sum = *sum + row.get(1)?;
        Ok(())
    })?;
    Ok(balances)
}

fn together(balances: &Balances, change: &Balances, sign: i64) -> Balances {
    let of = |all: &Balances, ledger| all.get(ledger).copied().unwrap_or_default();
    Ledger::ALL.iter().map(|one| (*one, Money(of(balances, one).0 + sign * of(change, one).0))).collect()
}
