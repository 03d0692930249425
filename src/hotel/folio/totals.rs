//! What came in and went out, by day and method: the cash-up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::{Amount, Money};
use crate::domain::order::sort;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::settings::{self, Property};

statements! {
    BY_DAY = "folio.payment_totals": "SELECT business_date, payment_method, sum(kind = 'payment'),
            sum(CASE WHEN kind = 'payment' THEN amount ELSE 0 END), sum(amount)
        FROM payment
        WHERE business_date >= ?1 AND business_date <= ?2
        GROUP BY business_date, payment_method
        ORDER BY business_date DESC, payment_method
        LIMIT 40000";
}

/// The longest period of one answer, in days.
const MAX_DAYS: i64 = 400;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TotalsParams {
    payment_date_from: Date,
    /// The last day, included; at most 400 days after the first.
    payment_date_to: Date,
}

/// The money of one method.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MethodTotal {
    payment_method: String,
    /// Payments taken, without refunds and voids.
    count: i64,
    received_amount: Amount,
    /// By refunds and voids; not negative.
    returned_amount: Amount,
    /// Received less returned.
    amount: Amount,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct DayTotal {
    date: Date,
    amount: Amount,
    by_method: Vec<MethodTotal>,
}

/// The money of a period: days with any, the latest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TotalsView {
    days: Vec<DayTotal>,
    by_method: Vec<MethodTotal>,
    amount: Amount,
}

#[derive(Debug, Clone)]
struct Sums {
    payment_method: String,
    count: i64,
    received: Money,
    net: Money,
}

impl Sums {
    fn view(self, property: &Property) -> MethodTotal {
        MethodTotal {
            payment_method: self.payment_method,
            count: self.count,
            received_amount: property.amount(self.received),
            returned_amount: property.amount(self.received - self.net),
            amount: property.amount(self.net),
        }
    }
}

pub fn totals(conn: &Conn, p: TotalsParams) -> Result<TotalsView> {
    let days = p.payment_date_from.days_until(p.payment_date_to);
    if !(0..=MAX_DAYS).contains(&days) {
        return Err(Error::invalid(
            "payment_date_to",
            text!("must be from {least} to {most} days after the first day", least = 0, most = 400),
        ));
    }
    let property = settings::property(conn)?;
    let rows: Vec<(Date, Sums)> = conn.all(&BY_DAY, (p.payment_date_from, p.payment_date_to), |row| {
        let sums = Sums { payment_method: row.get(1)?, count: row.get(2)?, received: row.get(3)?, net: row.get(4)? };
        Ok((row.get(0)?, sums))
    })?;
    let mut by_method: Vec<Sums> = Vec::new();
    let mut days: Vec<(Date, Money, Vec<MethodTotal>)> = Vec::new();
    for (date, sums) in rows {
        match by_method.iter_mut().find(|m| m.payment_method == sums.payment_method) {
            Some(all) => {
                all.count += sums.count;
                all.received = all.received + sums.received;
                all.net = all.net + sums.net;
            }
            None => by_method.push(sums.clone()),
        }
        let net = sums.net;
        let view = sums.view(&property);
        match days.last_mut() {
            Some((day, amount, methods)) if *day == date => {
                *amount = *amount + net;
                methods.push(view);
            }
            _ => days.push((date, net, vec![view])),
        }
    }
    sort(&mut by_method, |a, b| b.net.cmp(&a.net).then_with(|| a.payment_method.cmp(&b.payment_method)));
    Ok(TotalsView {
        amount: property.amount(by_method.iter().map(|m| m.net).sum()),
        by_method: by_method.into_iter().map(|m| m.view(&property)).collect(),
        days: days
            .into_iter()
            .map(|(date, amount, by_method)| DayTotal { date, amount: property.amount(amount), by_method })
            .collect(),
    })
}
