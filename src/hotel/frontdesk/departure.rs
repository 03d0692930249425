//! What a check-out would do to the bill, told before it is done.

use schemars::JsonSchema;
use serde::Serialize;

use super::{desk, shorter_stay};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, FolioId, PaymentId, ReservationId};
use crate::domain::money::{Amount, Money};
use crate::error::Result;
use crate::hotel::folio::owner::{Folio, Owner};
use crate::hotel::folio::payments::{self, Back};
use crate::hotel::folio::security_api::{self, SecurityView};
use crate::hotel::folio::{self, routing};
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::{self, Night, NightKind};
use crate::hotel::settings::{self, Property};

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
    /// What the rate plan asks more for the nights that were stayed, since a discount for a long stay fits no more: to be decided,
    /// and not in the balance.
    shorter_stay_amount: Amount,
    /// How what is owed back goes back as it was paid.
    refunds: Vec<RefundPart>,
    /// Nights stayed beyond the agreed departure, and what they cost.
    late_nights: i64,
    late_amount: Amount,
    /// The folios of the stay as they will be, each with who pays it.
    folios: Vec<DepartureFolio>,
    /// What is held as a security, to be given back or kept for damage.
    security: SecurityView,
}

/// A folio of a stay at its check-out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DepartureFolio {
    window: i64,
    payer_name: String,
    payer_company_id: Option<CompanyId>,
    balance: Amount,
}

/// What each folio comes to with what is still to be posted where it is routed; all together come to `balance`.
fn folios_at(
    conn: &Conn,
    stay: &reservations::Reservation,
    balance: Money,
    routed: &[(Owner, Money)],
    property: &Property,
) -> Result<Vec<DepartureFolio>> {
    let mut others: Vec<Folio> = folio::store::folios_of(conn, stay.id)?.into_iter().filter(|folio| folio.window > 1).collect();
    for folio in &mut others {
        folio.balance =
            routed.iter().filter(|(owner, _)| *owner == folio.owner()).fold(folio.balance, |sum, (_, more)| sum + *more);
    }
    let elsewhere: Money = others.iter().map(|folio| folio.balance).sum();
    let own = DepartureFolio {
        window: 1,
        payer_name: stay.guest_name.clone(),
        payer_company_id: None,
        balance: property.amount(balance - elsewhere),
    };
    let other = |folio: Folio| DepartureFolio {
        window: folio.window,
        payer_name: folio.payer_name,
        payer_company_id: folio.payer_company_id,
        balance: property.amount(folio.balance),
    };
    Ok(std::iter::once(own).chain(others.into_iter().map(other)).collect())
}

/// What will be over on each folio of a stay once its nights are posted.
fn over_at(conn: &Conn, id: ReservationId, routed: &[(Owner, Money)], unposted: Money) -> Result<Vec<(FolioId, Money)>> {
    let of_others: Money = routed.iter().map(|(_, amount)| *amount).sum();
    let comes = |owner: Owner| match owner {
        Owner::Stay { window: 1, .. } => unposted - of_others,
        other => routed.iter().filter(|(owner, _)| *owner == other).map(|(_, amount)| *amount).sum(),
    };
    let over = |folio: &Folio| (folio.id, -(folio.balance + comes(folio.owner())));
    Ok(folio::store::folios_of(conn, id)?.iter().map(over).collect())
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
    let shorter_stay = shorter_stay::owed(conn, &before, after.check_out_date, &nights)?;
    reservations::taxed::add(conn, &after, &mut nights, property.business_date)?;
    let is_dropped = |n: &&Night| n.is_held && !nights.iter().any(|left| left.night == n.night && left.is_held);
    let dropped: Vec<Money> = booked.iter().filter(is_dropped).map(|n| n.rate + n.added_amount).collect();
    let unposted: Money = nights.iter().filter(|n| n.is_held && !n.is_posted).map(|n| n.rate + n.added_amount).sum();
    let total = before.charge_amount + unposted;
    let to_post: Vec<Night> = nights.iter().filter(|n| n.is_held && !n.is_posted).cloned().collect();
    let rules = routing::of_stay(conn, at.id)?;
    let routed = routing::to_come(conn, at.id, &rules, &to_post)?;
    let elsewhere: Money = routed.iter().filter(|(owner, _)| owner.stay().is_none()).map(|(_, amount)| *amount).sum();
    let balance = total + before.moved_amount - before.paid_amount - elsewhere;
    let over = over_at(conn, at.id, &routed, unposted)?;
    let owed = if balance.is_negative() { -balance } else { Money::ZERO };
    let part = |Back { payment, amount, .. }: Back| RefundPart {
        payment_id: payment.id,
        payment_method: payment.payment_method,
        amount: property.amount(amount),
    };
    let day = nights.iter().filter(|n| n.is_held && n.kind == NightKind::DayUse).map(|n| n.rate + n.added_amount).sum();
    let is_late = |n: &&Night| {
        n.is_held && n.kind == NightKind::Night && n.night >= before.check_out_date && n.night < property.business_date
    };
    let late: Vec<Money> = nights.iter().filter(is_late).map(|n| n.rate + n.added_amount).collect();
    Ok(DepartureView {
        late_nights: i64::try_from(late.len()).unwrap_or(0),
        late_amount: property.amount(late.into_iter().sum()),
        folios: folios_at(conn, &before, balance, &routed, &property)?,
        shorter_stay_amount: property.amount(shorter_stay),
        security: security_api::view(conn, at.id, &property)?,
        date: property.business_date,
        dropped_nights: i64::try_from(dropped.len()).unwrap_or(0),
        dropped_amount: property.amount(dropped.into_iter().sum()),
        is_day_use: after.is_day_use,
        day_amount: property.amount(day),
        total_amount: property.amount(total),
        total_paid: property.amount(before.paid_amount),
        balance: property.amount(balance),
        refunds: payments::refund_plan(conn, &over, owed)?.into_iter().map(part).collect(),
    })
}
