//! What was agreed with a group holds for its stays only: who joins one gets its price, who leaves one pays the
//! plan's.

use super::itinerary::{Itinerary, first_priced};
use super::{Night, NightKind, Reservation};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{GroupId, RoomTypeId};
use crate::error::Result;
use crate::hotel::groups::{self, Agreed};

/// What was agreed with a group for nights of a type; day use is nobody's agreement.
pub fn agreed(conn: &Conn, group: Option<GroupId>, room_type: RoomTypeId, kind: NightKind) -> Result<Option<Agreed>> {
    match group.filter(|_| kind == NightKind::Night) {
        Some(group) => groups::store::agreed(conn, group, room_type),
        None => Ok(None),
    }
}

/// Rates the nights of a stay that joins or leaves a group anew, those of types that either has agreed prices for;
/// what is posted or typed by hand stays.
pub fn follow(conn: &Conn, before: &Reservation, after: &Reservation, nights: &mut Itinerary, today: Date) -> Result<()> {
    let (was, is) = (before.details.group_id, after.details.group_id);
    if was == is {
        return Ok(());
    }
    let mut types: Vec<RoomTypeId> = Vec::new();
    for group in [was, is].into_iter().flatten() {
        types.extend(groups::store::rates(conn, group)?.iter().map(|one| one.room_type_id));
    }
    let first = first_priced(after, today);
    let is_meant = |night: &Night| night.night >= first && types.contains(&night.room_type_id);
    if !nights.iter().any(is_meant) {
        return Ok(());
    }
    nights.rerate_those(conn, after, None, is_meant)
}
