//! The places where cash is kept: one made with the hotel, more by the owner.

use super::store;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::id::DrawerId;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::audit;

/// Drawers that one hotel may have.
pub const MAX_DRAWERS: usize = 50;

record! {
    /// A place where cash is kept.
    #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
    pub struct Drawer {
        pub id: DrawerId,
        pub name: String,
        /// Whoever has no shift of their own puts cash here.
        pub is_shared: bool,
        pub is_active: bool,
        pub version: i64,
    }
}

/// A drawer as it shall be.
#[derive(Debug, Clone)]
pub struct NewDrawer {
    pub name: String,
    pub is_shared: bool,
    pub is_active: bool,
}

pub fn find(conn: &Conn, id: DrawerId) -> Result<Drawer> {
    store::find_drawer(conn, id)?.ok_or_else(|| Error::NotFound(text!("This drawer does not exist.")))
}

/// A drawer on which a shift may be opened.
pub(super) fn in_use(conn: &Conn, id: DrawerId) -> Result<Drawer> {
    match store::find_drawer(conn, id)? {
        Some(drawer) if drawer.is_active => Ok(drawer),
        _ => Err(Error::invalid("drawer_id", text!("is not one of the drawers in use"))),
    }
}

pub fn create(tx: &Tx, new: &NewDrawer) -> Result<Drawer> {
    if store::drawers(tx)?.len() >= MAX_DRAWERS {
        let message = text!("would be one more than the {most} drawers a hotel may have", most = MAX_DRAWERS);
        return Err(Error::invalid("name", message));
    }
    let made = find(tx, store::insert_drawer(tx, new)?)?;
    audit::record(tx, "create", "drawer", made.id.0, &audit::NOTHING, &made)?;
    Ok(made)
}

pub fn save(tx: &Tx, before: &Drawer, after: &NewDrawer) -> Result<Drawer> {
    if store::open_on(tx, before.id)?.is_some() && (after.is_shared, after.is_active) != (before.is_shared, before.is_active) {
        return Err(Error::refused(Code::ShiftIsOpen, text!("A shift is open on this drawer; close that first.")));
    }
    store::update_drawer(tx, before.id, after)?;
    let saved = find(tx, before.id)?;
    audit::record(tx, "change", "drawer", saved.id.0, before, &saved)?;
    Ok(saved)
}
