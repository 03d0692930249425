//! The business date goes back a day, and with it what its close has done to guests in the house.

use crate::db::Tx;
use crate::error::Result;
use crate::hotel::reservations::overstay;
use crate::hotel::settings::api::{SettingsChange, SettingsView};
use crate::hotel::{day_close, settings};
use crate::http::endpoint::NoParams;

pub fn change_settings(tx: &Tx, _: NoParams, body: SettingsChange) -> Result<SettingsView> {
    let from = settings::business_date(tx)?;
    let to = body.business_date.unwrap_or(from);
    // Whether the date may go back is the settings' rule, which asks what has been done on the day.
    let settings = settings::api::change(tx, body)?;
    if to.next() == from {
        day_close::reopen(tx, to)?;
        overstay::hold_rooms(tx, from, to)?;
    }
    Ok(settings)
}
