//! What other dates or another room would cost, asked before anything is changed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, new_dates};
use super::itinerary::{Itinerary, first_priced};
use super::{booking, find, rate_kind, taxed};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomTypeId};
use crate::domain::money::Amount;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteParams {
    id: ReservationId,
    /// As they are when left out.
    check_in_date: Option<Date>,
    check_out_date: Option<Date>,
    /// The type of the room wanted; what each night is sold as when left out.
    room_type_id: Option<RoomTypeId>,
}

/// A change in money: nights that stay keep their price, added ones are quoted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QuoteView {
    /// All nights as they are booked now.
    room_amount: Amount,
    /// All nights after the change.
    new_amount: Amount,
    difference: Amount,
    /// The difference at the price of the wanted type; nights that are posted or typed stay.
    rerated_difference: Amount,
}

/// The price of a change that is not made.
pub fn quote(conn: &Conn, p: QuoteParams) -> Result<QuoteView> {
    let property = settings::property(conn)?;
    let before = find(conn, p.id)?;
    if !before.status.is_open() {
        let status = before.status.in_words();
        let detail = text!("The dates, room and prices of a reservation that is {status} cannot change.", status);
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    let change = Change { check_in_date: p.check_in_date, check_out_date: p.check_out_date, ..Change::default() };
    let stay = new_dates(&before, &change, property.business_date)?;
    let mut after = before.clone();
    (after.check_in_date, after.check_out_date, after.is_day_use) = (stay.arrival(), stay.departure(), stay.is_day_use());
    let mut nights = Itinerary::agreed(conn, &before, property.business_date)?;
    let now = nights.amount();
    nights.rebook(conn, &before, &after, stay, property.business_date)?;
    rate_kind::price(before.details.rate_kind, &mut nights);
    taxed::add(conn, &after, &mut nights, property.business_date)?;
    let kept = nights.amount();
    let wanted = p.room_type_id.map(|id| Ok::<_, Error>(booking::type_of(conn, id)?.id)).transpose()?;
    nights.rerate(conn, &after, wanted, first_priced(&after, property.business_date))?;
    rate_kind::price(before.details.rate_kind, &mut nights);
    taxed::add(conn, &after, &mut nights, property.business_date)?;
    Ok(QuoteView {
        room_amount: property.amount(now),
        new_amount: property.amount(kept),
        difference: property.amount(kept - now),
        rerated_difference: property.amount(nights.amount() - now),
    })
}
