//! Statements of rate plans and their prices.

use rusqlite::types::ToSql;

use super::conditions::Discount;
use super::{Derivation, NewRatePlan, Offset, OffsetKind, RatePlan};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{PolicyId, RatePlanId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::error::{Error, Result};

statements! {
    FIND = "rates.find" selects RatePlan "FROM rate_plan WHERE id = ?1";
    POLICY = "rates.policy": "SELECT policy_id FROM rate_plan WHERE id = ?1";
    ALL = "rates.all" selects RatePlan "FROM rate_plan
        ORDER BY id
        LIMIT 200", scans "a hotel's rate plans are few";
    INSERT = "rates.insert": "INSERT INTO rate_plan (code, name, parent_id, offset_kind, offset_percent, offset_amount, policy_id, is_active,
            rounding_to, rounding_way, long_stay_nights, long_stay_percent, advance_days, advance_percent,
            book_from, book_to, stay_from, stay_to, promo_code, is_for_companies, source, extras)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";
    UPDATE = "rates.update": "UPDATE rate_plan SET code = ?2, name = ?3, parent_id = ?4, offset_kind = ?5, offset_percent = ?6,
            offset_amount = ?7, policy_id = ?8, is_active = ?9, rounding_to = ?10, rounding_way = ?11, long_stay_nights = ?12,
            long_stay_percent = ?13, advance_days = ?14, advance_percent = ?15, book_from = ?16, book_to = ?17, stay_from = ?18,
            stay_to = ?19, promo_code = ?20, is_for_companies = ?21, source = ?22, extras = ?23,
            version = version + 1
        WHERE id = ?1";
    PRICES = "rates.prices": "SELECT night, rate FROM daily_rate
        WHERE rate_plan_id = ?1 AND room_type_id = ?2 AND night BETWEEN ?3 AND ?4
        ORDER BY night
        LIMIT 2000";
    SET_PRICES = "rates.set_prices": "INSERT INTO daily_rate (rate_plan_id, room_type_id, night, rate)
        SELECT ?1, ?2, value, ?4 FROM json_each(?3) WHERE true
        ON CONFLICT (rate_plan_id, room_type_id, night) DO UPDATE SET rate = excluded.rate", scans "the nights are a list that was handed in";
    PUT_PRICES = "rates.put_prices": "INSERT INTO daily_rate (rate_plan_id, room_type_id, night, rate)
        SELECT ?1, ?2, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?3) WHERE true
        ON CONFLICT (rate_plan_id, room_type_id, night) DO UPDATE SET rate = excluded.rate", scans "the nights are a list that was handed in";
    CLEAR_PRICES = "rates.clear_prices": "DELETE FROM daily_rate
        WHERE rate_plan_id = ?1 AND room_type_id = ?2 AND night IN (SELECT value FROM json_each(?3))", scans "the nights are a list that was handed in";
}

pub fn find(conn: &Conn, id: RatePlanId) -> Result<Option<RatePlan>> {
    conn.one(&FIND, [id], RatePlan::from_row)
}

/// The terms of a plan's own; `Some(None)` = those of the hotel.
pub fn policy(conn: &Conn, id: RatePlanId) -> Result<Option<Option<PolicyId>>> {
    conn.one(&POLICY, [id], |row| row.get(0))
}

pub fn all(conn: &Conn) -> Result<Vec<RatePlan>> {
    conn.all(&ALL, [], RatePlan::from_row)
}

/// A derivation as its four columns.
type Columns = (Option<RatePlanId>, Option<OffsetKind>, Percent, Money);

fn columns(derivation: Option<Derivation>) -> Columns {
    match derivation {
        None => (None, None, Percent::ZERO, Money::ZERO),
        Some(Derivation { parent_id, offset: Offset::Percent(percent) }) => {
            (Some(parent_id), Some(OffsetKind::Percent), percent, Money::ZERO)
        }
        Some(Derivation { parent_id, offset: Offset::Amount(amount) }) => {
            (Some(parent_id), Some(OffsetKind::Amount), Percent::ZERO, amount)
        }
    }
}

/// What is written of a plan, in the order of the columns.
fn with_values<T>(new: &NewRatePlan, write: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
    let (parent, kind, percent, amount) = columns(new.derivation);
    let c = &new.conditions;
    let (to, way) = c.rounding.map(|rounding| (rounding.to, rounding.way)).unzip();
    let of = |discount: Option<Discount>| discount.map(|discount| (discount.from, discount.percent)).unzip();
    let ((nights, off_long), (days, off_early)) = (of(c.long_stay), of(c.advance));
    write(&[
        &new.code,
        &new.name,
        &parent,
        &kind,
        &percent,
        &amount,
        &new.policy_id,
        &new.is_active,
        &to,
        &way,
        &nights,
        &off_long,
        &days,
        &off_early,
        &c.book_from,
        &c.book_to,
        &c.stay_from,
        &c.stay_to,
        &c.promo_code,
        &c.is_for_companies,
        &c.source,
        &new.extras,
    ])
}

pub fn insert(tx: &Tx, new: &NewRatePlan) -> Result<RatePlanId> {
    with_values(new, |values| tx.insert(&INSERT, values)).map(RatePlanId)
}

pub fn update(tx: &Tx, id: RatePlanId, changed: &NewRatePlan) -> Result<()> {
    let numbered: &dyn ToSql = &id;
    with_values(changed, |values| tx.run(&UPDATE, [&[numbered], values].concat().as_slice()))?;
    Ok(())
}

/// The plan's own prices from `first` to `last`, in the order of the nights.
pub fn prices(conn: &Conn, id: RatePlanId, room_type: RoomTypeId, first: Date, last: Date) -> Result<Vec<(Date, Money)>> {
    conn.all(&PRICES, (id, room_type, first, last), |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn set_prices(tx: &Tx, id: RatePlanId, room_type: RoomTypeId, nights: &[Date], rate: Money) -> Result<()> {
    let nights = serde_json::to_string(nights).map_err(Error::internal)?;
    tx.run(&SET_PRICES, (id, room_type, nights, rate))?;
    Ok(())
}

/// A price for each night.
pub fn put_prices(tx: &Tx, id: RatePlanId, room_type: RoomTypeId, prices: &[(Date, Money)]) -> Result<()> {
    if prices.is_empty() {
        return Ok(());
    }
    let minor: Vec<(Date, i64)> = prices.iter().map(|(night, price)| (*night, price.0)).collect();
    tx.run(&PUT_PRICES, (id, room_type, serde_json::to_string(&minor).map_err(Error::internal)?))?;
    Ok(())
}

pub fn clear_prices(tx: &Tx, id: RatePlanId, room_type: RoomTypeId, nights: &[Date]) -> Result<()> {
    let nights = serde_json::to_string(nights).map_err(Error::internal)?;
    tx.run(&CLEAR_PRICES, (id, room_type, nights))?;
    Ok(())
}
