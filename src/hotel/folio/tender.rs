//! How money is handed over: cash to the smallest coin, what was given and what is change, tips, notes of another
//! currency.
//!
//! What cash is rounded by and what is left as a tip are lines of the same bill, each of an article of its own and
//! without taxes, that name the payment they came with; whatever takes that back whole takes them back.

use serde_json::json;

use super::owner::{self, Owner};
use super::payments::NewPayment;
use super::{Charge, NewCharge, store};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{PaymentId, ReservationId};
use crate::domain::money::{Currency, Money};
use crate::domain::number::Exact;
use crate::domain::status::{ChargeKind, MethodKind};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::reservations;
use crate::hotel::settings::{self, Property};

statements! {
    INSERT = "folio.insert_tender": "INSERT INTO tender (id, given, currency, foreign_amount, rate) VALUES (?1, ?2, ?3, ?4, ?5)";
    TIPS = "folio.tips": "SELECT coalesce((SELECT sum(amount) FROM posting INDEXED BY posting_tip WHERE article_id = 11 AND entry <> 'transfer'), 0)
            + coalesce((SELECT sum(m.amount) FROM drawer_movement AS m, property AS h
                WHERE m.kind = 'tip_out' AND m.currency = h.currency AND h.id = 1), 0)", scans "tips alone, by their index";
    LAST_RATE = "folio.last_rate": "SELECT rate FROM tender INDEXED BY tender_currency
        WHERE currency = ?1 AND currency IS NOT NULL AND rate IS NOT NULL ORDER BY id DESC LIMIT 1";
    FIND = "folio.find_tender" selects Tender "FROM tender AS t WHERE t.id = ?1";
    OF_STAY = "folio.tenders_of" selects Tender "FROM posting AS p CROSS JOIN tender AS t ON t.id = p.id WHERE p.reservation_id = ?1 ORDER BY t.id";
    ALONG = "folio.charges_along" selects Charge "FROM charge WHERE payment_id = ?1 ORDER BY id LIMIT 10";
}

/// How a payment is handed over, as far as that is more than its amount.
#[derive(Debug, Clone, Default)]
pub struct Handed {
    /// What of the amount is for the staff.
    pub tip: Money,
    /// What the guest gave; the rest is change.
    pub given: Option<Money>,
    pub foreign: Option<Foreign>,
    /// The code of the voucher that pays.
    pub voucher: Option<String>,
    /// It pays one bill by itself: cash for all of it is rounded.
    pub is_whole: bool,
    /// What it is rounded by, of bills that are rounded together.
    pub rounding: Money,
}

impl Handed {
    /// Of several payments that are made at once: what was given, notes of another currency and the tip go with the last.
    pub fn shared(&self, amounts: &[Money]) -> Vec<Handed> {
        let Some((_, others)) = amounts.split_last() else { return Vec::new() };
        let before: Money = others.iter().copied().sum();
        let of_others = Handed { voucher: self.voucher.clone(), ..Handed::default() };
        let mut shared = vec![of_others; others.len()];
        let is_whole = self.is_whole && others.is_empty();
        shared.push(Handed { given: self.given.map(|given| given - before), is_whole, ..self.clone() });
        shared
    }

    /// What was given in the hotel's currency, where that was said: no less than what is paid.
    pub fn given_for(&self, amount: Money, property: &Property) -> Result<Option<Money>> {
        let given = self.foreign.as_ref().map(|foreign| foreign.worth(&property.currency)).or(self.given);
        if given.is_some_and(|given| given < amount) {
            let field = if self.foreign.is_some() { "foreign" } else { "given_amount" };
            return Err(Error::invalid(field, text!("is less than {amount}", amount = property.money_in_words(amount))));
        }
        Ok(given)
    }
}

/// What bills come to that are paid at once in cash: each and all of them together in whole coins.
pub fn in_coins(bills: &[Money], coin: Money) -> Vec<Money> {
    let (mut owed, mut paid) = (Money::ZERO, Money::ZERO);
    let coins = bills.iter().map(|bill| {
        owed = owed + *bill;
        let own = owed.to_coin(coin) - paid;
        paid = paid + own;
        own
    });
    coins.collect()
}

/// Notes of another currency, in its minor units, and what one of it was taken for, in millionths of the hotel's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub currency: Currency,
    pub amount: Money,
    pub rate: i64,
}

impl Foreign {
    /// What they are in the hotel's currency.
    pub fn worth(&self, own: &Currency) -> Money {
        let power = |exponent: u8| 10_i128.pow(u32::from(exponent));
        let numerator = i128::from(self.rate) * power(own.exponent);
        self.amount.times_wide(numerator, 1_000_000 * power(self.currency.exponent))
    }
}

record! {
    /// What was handed over for a payment; of one that was voided, handed back.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Tender {
        pub payment_id: PaymentId = "t.id",
        /// In the hotel's currency.
        pub given: Money = "t.given",
        pub currency: Option<String> = "t.currency",
        pub foreign_amount: Option<Money> = "t.foreign_amount",
        /// In millionths.
        pub rate: Option<i64> = "t.rate",
    }
}

pub fn of_stay(conn: &Conn, id: ReservationId) -> Result<Vec<Tender>> {
    conn.all(&OF_STAY, [id], Tender::from_row)
}

/// What a payment comes to, and what of it the cash is rounded by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub amount: Money,
    pub rounding: Money,
    /// What was given for it in the hotel's currency, where that was said.
    pub given: Option<Money>,
}

/// Holds what was handed over against the payment.
pub fn check(conn: &Conn, new: &NewPayment, kind: MethodKind) -> Result<Taken> {
    let (handed, property) = (&new.handed, settings::property(conn)?);
    let mut fields = Fields::default();
    fields.ensure(handed.tip <= new.amount, "tip_amount", text!("is more than the payment"));
    let is_cash = kind == MethodKind::Cash;
    fields.ensure(is_cash || handed.given.is_none(), "given_amount", text!("goes with cash alone"));
    fields.ensure(is_cash || handed.foreign.is_none(), "foreign", text!("goes with cash alone"));
    let is_voucher = kind == MethodKind::Voucher;
    fields.ensure(is_voucher || handed.voucher.is_none(), "voucher_code", text!("goes with a voucher alone"));
    // It would be a way to make cash of a voucher.
    fields.ensure(!is_voucher || handed.tip.is_zero(), "tip_amount", text!("cannot be paid with a voucher"));
    fields.finish()?;
    let (amount, rounding) = if is_cash { rounded(conn, new, &property)? } else { (new.amount, Money::ZERO) };
    Ok(Taken { amount, rounding, given: handed.given_for(amount, &property)? })
}

/// Cash that pays the rest of a bill comes to the nearest coin.
fn rounded(conn: &Conn, new: &NewPayment, property: &Property) -> Result<(Money, Money)> {
    let coin = property.smallest_coin;
    if coin.is_zero() || !new.handed.is_whole {
        return Ok((new.amount, new.handed.rounding));
    }
    let (rest, paid) = (rest_on(conn, new.owner)?, new.amount - new.handed.tip);
    let whole = rest.to_coin(coin);
    if whole <= Money::ZERO || whole == rest || (paid != rest && paid != whole) {
        return Ok((new.amount, Money::ZERO));
    }
    Ok((whole + new.handed.tip, whole - rest))
}

/// What is still to be paid on a folio; on the guest's own with the nights to come.
fn rest_on(conn: &Conn, owner: Owner) -> Result<Money> {
    match owner {
        Owner::Stay { id, window: 1 } => {
            let others: Money = store::folios_of(conn, id)?.iter().filter(|f| f.window > 1).map(|f| f.balance).sum();
            Ok(reservations::find(conn, id)?.balance() - others)
        }
        _ => Ok(owner::known(conn, owner)?.map_or(Money::ZERO, |folio| folio.balance)),
    }
}

/// Books what comes along with a payment that was taken.
pub fn post_along(tx: &Tx, new: &NewPayment, id: PaymentId, taken: Taken) -> Result<()> {
    line(tx, new.owner, id, ChargeKind::Rounding, taken.rounding)?;
    line(tx, new.owner, id, ChargeKind::Tip, new.handed.tip)?;
    let Some(given) = taken.given else { return Ok(()) };
    let foreign = new.handed.foreign.as_ref();
    if let Some(foreign) = foreign {
        note_rate(tx, new.owner, foreign, given)?;
    }
    let (currency, amount, rate) = (foreign.map(|f| &f.currency.code), foreign.map(|f| f.amount), foreign.map(|f| f.rate));
    tx.run(&INSERT, (id, given, currency, amount, rate)).map(|_| ())
}

/// The owner is told of a rate that is another than the last one of that currency.
fn note_rate(tx: &Tx, owner: Owner, foreign: &Foreign, worth: Money) -> Result<()> {
    let last: Option<i64> = tx.one(&LAST_RATE, [&foreign.currency.code], |row| row.get(0))?;
    if last == Some(foreign.rate) {
        return Ok(());
    }
    let folio = owner::known(tx, owner)?.ok_or_else(|| Error::internal("money was taken on no folio"))?;
    let rate = format!("1 {} = {}", foreign.currency.code, json!(Exact::<6, 1_000_000>(foreign.rate)));
    exceptions::note(tx, Exception::ForeignRate, super::transfers::about(tx, &folio)?, worth, Some(&rate))
}

/// Tips that guests left and the staff has not been given yet.
pub fn tips_held(conn: &Conn) -> Result<Money> {
    conn.scalar(&TIPS, [])
}

/// Books what a refund in cash is rounded by.
pub fn post_rounding(tx: &Tx, owner: Owner, id: PaymentId, rounding: Money) -> Result<()> {
    line(tx, owner, id, ChargeKind::Rounding, rounding)
}

fn line(tx: &Tx, owner: Owner, id: PaymentId, kind: ChargeKind, amount: Money) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
    super::charge(tx, &NewCharge { payment_id: Some(id), ..NewCharge::to(owner, kind, amount) }).map(|_| ())
}

/// Takes back what came along with a payment of which nothing is left.
pub fn take_back(tx: &Tx, id: PaymentId, reason: &str) -> Result<()> {
    let lines: Vec<Charge> = tx.all(&ALONG, [id], Charge::from_row)?;
    let stands = |line: &&Charge| !line.is_voided && line.kind != ChargeKind::Void;
    for line in lines.iter().filter(stands) {
        super::take_back(tx, line, reason)?;
        // The staff was given it already: the drawer lacks it now.
        let lacks = (-tips_held(tx)?).min(line.amount);
        if line.kind == ChargeKind::Tip && lacks > Money::ZERO {
            exceptions::note(tx, Exception::RefundOfOwed, super::noted(tx, line)?, lacks, Some(reason))?;
        }
    }
    Ok(())
}

/// The notes that were given for a payment are handed back, and the change comes in again.
pub fn hand_back(tx: &Tx, of: PaymentId, void: PaymentId) -> Result<()> {
    let Some(tender) = tx.one(&FIND, [of], Tender::from_row)? else { return Ok(()) };
    let back = tender.foreign_amount.map(|amount| -amount);
    tx.run(&INSERT, (void, -tender.given, tender.currency, back, tender.rate)).map(|_| ())
}
