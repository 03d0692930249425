//! Bookings as a CSV file of the import's own columns.

use std::io::Write;

use csv::WriterBuilder;

use super::cell::written;
use super::{COLUMNS, store};
use crate::db::Conn;
use crate::domain::id::ReservationId;
use crate::error::{Error, Result};
use crate::hotel::settings;

/// Bookings read at once.
const PAGE: i64 = 1000;

/// Writes every booking, in the order they were made, from one snapshot; answers
/// how many. `total_amount` is the price of the nights as booked: extras, fees
/// and allowances stay behind. `external_id` falls back on the confirmation number.
pub fn export(conn: &Conn, writer: impl Write) -> Result<u64> {
    let property = settings::property(conn)?;
    let (currency, zone) = (&property.currency, property.zone());
    let mut csv = WriterBuilder::new().from_writer(writer);
    csv.write_record(COLUMNS).map_err(unwritable)?;
    let (mut after, mut count) = (ReservationId(0), 0);
    loop {
        let page = store::export_page(conn, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        count += page.len() as u64;
        for b in page {
            let paid = if b.paid_amount.is_negative() { String::new() } else { currency.amount(b.paid_amount).to_string() };
            let notes = [b.notes, b.special_requests].into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join("\n");
            let row: [&str; COLUMNS.len()] = [
                &b.external_id,
                b.status.as_str(),
                &b.room_type,
                b.room_number.as_deref().unwrap_or(""),
                &b.guest_name,
                &b.guest_email,
                &b.guest_phone,
                &b.guest_nationality,
                &b.check_in_date.to_string(),
                &b.check_out_date.to_string(),
                &b.adults.to_string(),
                &b.children.to_string(),
                &currency.amount(b.room_amount).to_string(),
                &paid,
                b.payment_method.as_deref().unwrap_or(""),
                &b.source,
                &b.created_at.date_in(&zone).to_string(),
                &b.cancelled_at.map(|at| at.date_in(&zone).to_string()).unwrap_or_default(),
                &notes,
                b.party.as_deref().unwrap_or(""),
            ];
            csv.write_record(row.map(written).iter().map(|cell| cell.as_bytes())).map_err(unwritable)?;
        }
    }
    csv.flush().map_err(unwritable)?;
    Ok(count)
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::BadRequest(format!("The file cannot be written: {error}."))
}
