//! What a check-out would do to the bill, told before it is done.

use schemars::JsonSchema;
use serde::Serialize;

use super::desk;
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::PaymentId;
use crate::domain::money::{Amount, Money};
use crate::error::Result;
use crate::hotel::folio::{self, payments};
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::{self, Night, NightKind};
use crate::hotel::settings;

/// What goes back of a payment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RefundPart {
    payment_id: PaymentId,
    payment_method: String,
    amount: Amount,
}

/// A check-out on the business date, in money.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DepartureView {
    date: Date,
    /// Nights booked from today on that come off the bill.
    dropped_nights: i64,
    dropped_amount: Amount,
    /// The guest leaves on the day of arrival, or of day use; that day stays on the bill.
    is_day_use: bool,
    /// The price of that day.
    day_amount: Amount,
    total_amount: Amount,
    total_paid: Amount,
    /// What is to be paid before the guest goes; negative when it is owed back.
    balance: Amount,
    /// How what is owed back goes back as it was paid.
    refunds: Vec<RefundPart>,
}

/// The bill of a guest who leaves on the business date.
///
/// # Errors
/// 409 when the guest is not in the house.
pub fn departure(conn: &Conn, at: ByReservation) -> Result<DepartureView> {
    let property = settings::property(conn)?;
    let before = reservations::find(conn, at.id)?;
    let booked = Itinerary::agreed(conn, &before, property.business_date)?;
    let (after, mut nights) = desk::left_on(conn, &before, property.business_date)?;
    reservations::taxed::add(conn, &after, &mut nights, property.business_date)?;
    let is_dropped = |n: &&Night| n.is_held && !nights.iter().any(|left| left.night == n.night && left.is_held);
    let dropped: Vec<Money> = booked.iter().filter(is_dropped).map(|n| n.rate + n.added_amount).collect();
    let unposted: Money = nights.iter().filter(|n| n.is_held && !n.is_posted).map(|n| n.rate + n.added_amount).sum();
    let total = before.charge_amount + unposted;
    let balance = total + before.moved_amount - before.paid_amount;
    let paid = folio::store::payments_of(conn, at.id)?;
    let owed = if balance.is_negative() { -balance } else { Money::ZERO };
    let part = |(payment, amount): (&payments::Payment, Money)| RefundPart {
        payment_id: payment.id,
        payment_method: payment.payment_method.clone(),
        amount: property.amount(amount),
    };
    let day = nights.iter().filter(|n| n.is_held && n.kind == NightKind::DayUse).map(|n| n.rate + n.added_amount).sum();
    Ok(DepartureView {
        date: property.business_date,
        dropped_nights: i64::try_from(dropped.len()).unwrap_or(0),
        dropped_amount: property.amount(dropped.into_iter().sum()),
        is_day_use: after.is_day_use,
        day_amount: property.amount(day),
        total_amount: property.amount(total),
        total_paid: property.amount(before.paid_amount),
        balance: property.amount(balance),
        refunds: payments::refund_plan(&paid, owed).into_iter().map(part).collect(),
    })
}
