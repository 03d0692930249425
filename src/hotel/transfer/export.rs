//! Bookings as a CSV file of the import's own columns.

use std::io::Write;

use csv::WriterBuilder;
use jiff::tz::TimeZone;

use super::bulk::BookedNight;
use super::cell::written;
use super::nights::{self, Called};
use super::payments::{self, RowPayment};
use super::store::Exported;
use super::{COLUMNS, details, refused, store, terms};
use crate::db::Conn;
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::error::{Error, Result};
use crate::hotel::policies::{self, Policy};
use crate::hotel::{articles, rooms, settings};

/// Bookings read at once.
const PAGE: i64 = 1000;

/// Writes every booking, in the order they were made, from one snapshot; answers
/// how many. An equal hotel without bookings has the same nights, rooms, prices,
/// payments, terms and states after importing it. `external_id` falls back on the
/// confirmation number.
pub fn export(conn: &Conn, writer: impl Write) -> Result<u64> {
    let property = settings::property(conn)?;
    let zone = property.zone();
    let (called, policies) = (called(conn)?, policies::store::all(conn)?);
    let mut csv = WriterBuilder::new().from_writer(writer);
    csv.write_record(COLUMNS).map_err(unwritable)?;
    let (mut after, mut count) = (ReservationId(0), 0);
    loop {
        let page = store::export_page(conn, after, PAGE)?;
        let Some(last) = page.last().map(|b| b.id) else { break };
        let mut nights = store::export_nights(conn, after, last)?;
        let mut payments = store::export_payments(conn, after, last)?;
        after = last;
        count += page.len() as u64;
        for b in page {
            let nights = nights.remove(&b.id).unwrap_or_default();
            let payments = payments.remove(&b.id).unwrap_or_default();
            let policy = policies.get(&b.policy_id).ok_or_else(|| Error::internal("a policy is gone"))?;
            let row = row(&b, &nights, &payments, policy, (&called, &zone));
            csv.write_record(row.each_ref().map(|cell| written(cell)).iter().map(|cell| cell.as_bytes())).map_err(unwritable)?;
        }
    }
    csv.flush().map_err(unwritable)?;
    Ok(count)
}

/// What rooms and types are called in a cell of nights.
pub fn called(conn: &Conn) -> Result<Called> {
    Ok(Called {
        currency: settings::property(conn)?.currency,
        rooms: rooms::all(conn)?.into_iter().map(|room| (room.id, room.room_number)).collect(),
        room_types: rooms::all_types(conn)?.into_iter().map(|t| (t.id, t.code)).collect(),
        articles: articles::store::all(conn)?.into_iter().map(|article| (article.id, article.name)).collect(),
    })
}

fn row(
    b: &Exported,
    nights: &[BookedNight],
    payments: &[RowPayment],
    policy: &Policy,
    (called, zone): (&Called, &TimeZone),
) -> [String; COLUMNS.len()] {
    let amount = |money: Money| called.currency.amount(money).to_string();
    let some = |money: Money| if money.is_zero() { String::new() } else { amount(money) };
    let [hours, cancelling] = terms::cancellation_written(policy);
    let [
        (_, expected_arrival_time),
        (_, is_late_arrival),
        (_, option_date),
        (_, rate_kind),
        (_, rate_kind_reason),
        (_, children_ages),
        (_, cots),
    ] = details::written(&b.details);
    let posted: Money = nights.iter().filter(|n| n.is_posted).map(|n| n.rate).sum();
    [
        b.external_id.clone(),
        b.status.to_string(),
        b.room_type.clone(),
        b.room_number.clone().unwrap_or_default(),
        b.guest_name.clone(),
        b.guest_email.clone(),
        b.guest_phone.clone(),
        b.guest_nationality.clone(),
        b.check_in_date.to_string(),
        b.check_out_date.to_string(),
        b.adults.to_string(),
        b.children.to_string(),
        amount(b.room_amount),
        amount(b.paid_amount),
        payments.first().filter(|_| !b.paid_amount.is_zero()).map(|p| p.method.clone()).unwrap_or_default(),
        b.source.clone(),
        b.created_at.date_in(zone).to_string(),
        b.cancelled_at.map(|at| at.date_in(zone).to_string()).unwrap_or_default(),
        b.notes.clone(),
        b.special_requests.clone(),
        b.party.clone().unwrap_or_default(),
        nights::written(nights, b.status, (b.room_type_id, (b.adults, b.children)), called),
        some(b.fee_amount),
        // What others pay, or was taken over, goes along, so that the stay owes what it owed.
        some(b.charge_amount + b.moved_amount - posted - b.fee_amount),
        b.rate_plan.clone(),
        details::yes(b.is_room_locked),
        hours,
        cancelling,
        terms::fee_written(policy.no_show),
        payments::written(payments, &called.currency),
        expected_arrival_time,
        is_late_arrival,
        option_date,
        rate_kind,
        rate_kind_reason,
        children_ages,
        terms::deposit_written(policy.deposit, &called.currency),
        b.company.clone().unwrap_or_default(),
        b.group.clone().unwrap_or_default(),
        cots,
    ]
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    refused(format!("The file cannot be written: {error}."))
}
