//! The business date moves on, and with it the guests who should have left.

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::domain::date::Date;
use crate::domain::id::ReservationId;
use crate::error::Result;
use crate::hotel::groups;
use crate::hotel::reservations::{self, overstay};
use crate::hotel::settings;
use crate::hotel::settings::api::{SettingsChange, SettingsView};
use crate::http::endpoint::NoParams;

/// A booking whose room is still another guest's.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DisplacedView {
    reservation_id: ReservationId,
    guest_name: String,
    /// Where it is now; empty when no room of the type was left.
    room_number: Option<String>,
    /// Whose staying on it made way for.
    overdue_guest_name: String,
    overdue_room_number: Option<String>,
}

/// The settings after a change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangedSettingsView {
    #[serde(flatten)]
    settings: SettingsView,
    /// The bookings that lost their room when the business date moved on, since a guest
    /// who was to leave it is still in it.
    displaced: Vec<DisplacedView>,
}

pub fn change_settings(tx: &Tx, _: NoParams, body: SettingsChange) -> Result<ChangedSettingsView> {
    let from = settings::business_date(tx)?;
    let to = body.business_date.unwrap_or(from);
    // The rooms are held before the date is another. Whether it may be is the settings' rule,
    // which asks what has been done on a day before the date goes back from it.
    let displaced = if to == from.next() { hold_rooms(tx, from, to)? } else { Vec::new() };
    let settings = settings::api::change(tx, body)?;
    if to > from {
        groups::release_due(tx, to)?;
        groups::end_due(tx, to)?;
    }
    if to.next() == from {
        hold_rooms(tx, from, to)?;
    }
    Ok(ChangedSettingsView { settings, displaced })
}

/// Keeps the rooms of those who will be overdue.
fn hold_rooms(tx: &Tx, from: Date, to: Date) -> Result<Vec<DisplacedView>> {
    let mut displaced = Vec::new();
    for one in overstay::hold_rooms(tx, from, to)? {
        let (stay, by) = (reservations::find(tx, one.id)?, reservations::find(tx, one.by)?);
        displaced.push(DisplacedView {
            reservation_id: stay.id,
            guest_name: stay.guest_name,
            room_number: stay.room_number,
            overdue_guest_name: by.guest_name,
            overdue_room_number: by.room_number,
        });
    }
    Ok(displaced)
}
