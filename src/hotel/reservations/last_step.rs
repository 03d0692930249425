//! The last step of a stay that is taken back by itself, a move or an extension, with the stay as
//! it was before. A later step that says where the stay stands takes its place.

use super::{Reservation, Step};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::words;
use crate::error::Result;

statements! {
    PUT = "last_step.put": "INSERT INTO last_step (reservation_id, kind, business_date, room_id, check_out_date) VALUES (?1, ?2, ?3, ?4, ?5)";
    PUT_NIGHTS = "last_step.put_nights": "INSERT INTO last_step_night (reservation_id, night, room_id, room_type_id, rate, is_rate_typed, quoted_rate)
        SELECT reservation_id, night, room_id, room_type_id, rate, is_rate_typed, quoted_rate
        FROM reservation_night WHERE reservation_id = ?1 AND is_held = 1";
    FORGET = "last_step.forget": "DELETE FROM last_step WHERE reservation_id = ?1";
    FIND = "last_step.find": "SELECT kind, business_date, room_id, check_out_date FROM last_step WHERE reservation_id = ?1";
    NIGHTS = "last_step.nights" selects PlannedNight "FROM last_step_night WHERE reservation_id = ?1 ORDER BY night LIMIT 1000";
}

words!(
    /// What is taken back by itself.
    StepKind { Move = "move", Extend = "extend" }
);

/// Steps after which an earlier move or extension is no longer the last.
const LATER: [&str; 5] = ["undo_move", "undo_extend", "check_in", "undo_check_in", "change"];

/// A move or an extension, and what was before it.
#[derive(Debug, Clone, PartialEq)]
pub struct LastStep {
    pub kind: StepKind,
    pub business_date: Date,
    pub room_id: Option<RoomId>,
    pub check_out_date: Date,
    pub nights: Vec<PlannedNight>,
}

record! {
    /// A held night as it was.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct PlannedNight {
        pub night: Date,
        pub room_id: Option<RoomId>,
        pub room_type_id: RoomTypeId,
        pub rate: Money,
        pub is_rate_typed: bool,
        pub quoted_rate: Money,
    }
}

/// Keeps the stay as it is before a step that can be taken back; forgets an earlier one where
/// the step takes its place.
pub(super) fn keep(tx: &Tx, step: Step, before: &Reservation, today: Date) -> Result<()> {
    let kind = StepKind::parse(step.action);
    if kind.is_some() || LATER.contains(&step.action) {
        tx.run(&FORGET, [before.id])?;
    }
    if let Some(kind) = kind {
        tx.run(&PUT, (before.id, kind, today, before.room_id, before.check_out_date))?;
        tx.run(&PUT_NIGHTS, [before.id])?;
    }
    Ok(())
}

/// The last step, if it is one of these.
pub fn find(conn: &Conn, id: ReservationId) -> Result<Option<LastStep>> {
    let found = conn.one(&FIND, [id], |row| {
        let (kind, business_date) = (row.get(0)?, row.get(1)?);
        Ok(LastStep { kind, business_date, room_id: row.get(2)?, check_out_date: row.get(3)?, nights: Vec::new() })
    })?;
    found.map(|step| Ok(LastStep { nights: conn.all(&NIGHTS, [id], PlannedNight::from_row)?, ..step })).transpose()
}
