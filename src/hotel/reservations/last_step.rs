//! The last step of a stay that is taken back by itself, a move, an extension or a change of its nights, with
//! the stay as it was before. A later step that says where the stay stands takes its place.

use super::{Night, Reservation, Step};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::extras::Extras;
use crate::domain::id::{ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::words;
use crate::error::Result;

statements! {
    PUT = "last_step.put": "INSERT INTO last_step (reservation_id, kind, business_date, room_id, room_type_id, check_in_date, check_out_date)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    PUT_NIGHTS = "last_step.put_nights": "INSERT INTO last_step_night (reservation_id, night, room_id, room_type_id, rate, is_rate_typed, quoted_rate,
            extras)
        SELECT reservation_id, night, room_id, room_type_id, rate, is_rate_typed, quoted_rate, extras
        FROM reservation_night WHERE reservation_id = ?1 AND is_held = 1";
    FORGET = "last_step.forget": "DELETE FROM last_step WHERE reservation_id = ?1";
    FIND = "last_step.find": "SELECT kind, business_date, room_id, room_type_id, check_in_date, check_out_date FROM last_step WHERE reservation_id = ?1";
    NIGHTS = "last_step.nights" selects PlannedNight "FROM last_step_night WHERE reservation_id = ?1 ORDER BY night LIMIT 1000";
}

words!(
    /// What is taken back by itself.
    StepKind { Move = "move", Extend = "extend", Change = "change" }
);

/// Steps after which an earlier one is no longer the last.
const LATER: [&str; 6] = ["undo_move", "undo_extend", "undo_change", "check_in", "undo_check_in", "change"];

/// What was done, and the stay before it.
#[derive(Debug, Clone, PartialEq)]
pub struct LastStep {
    pub kind: StepKind,
    pub business_date: Date,
    pub room_id: Option<RoomId>,
    pub room_type_id: RoomTypeId,
    pub check_in_date: Date,
    pub check_out_date: Date,
    pub nights: Vec<PlannedNight>,
}

record! {
    /// A held night as it was.
    #[derive(Debug, Clone, PartialEq)]
    pub struct PlannedNight {
        pub night: Date,
        pub room_id: Option<RoomId>,
        pub room_type_id: RoomTypeId,
        pub rate: Money,
        pub is_rate_typed: bool,
        pub quoted_rate: Money,
        pub extras: Extras,
    }
}

impl PlannedNight {
    /// Gives a night that is not posted its type, its price and its extras of before.
    pub fn price(&self, night: &mut Night) {
        night.room_type_id = self.room_type_id;
        (night.rate, night.is_rate_typed, night.quoted_rate) = (self.rate, self.is_rate_typed, self.quoted_rate);
        night.extras.clone_from(&self.extras);
    }
}

/// Keeps the stay as it is before a step that can be taken back; forgets an earlier one where
/// the step takes its place. `is_moved` = its nights or dates change, and nothing else that its price
/// is made of: other changes are typed back.
pub(super) fn keep(tx: &Tx, step: Step, before: &Reservation, is_moved: bool, today: Date) -> Result<()> {
    let kind = StepKind::parse(step.action).filter(|kind| is_moved || *kind != StepKind::Change);
    if kind.is_some() || LATER.contains(&step.action) {
        tx.run(&FORGET, [before.id])?;
    }
    if let Some(kind) = kind {
        tx.run(&PUT, (before.id, kind, today, before.room_id, before.room_type_id, before.check_in_date, before.check_out_date))?;
        tx.run(&PUT_NIGHTS, [before.id])?;
    }
    Ok(())
}

/// The last step, if it is one of these.
pub fn find(conn: &Conn, id: ReservationId) -> Result<Option<LastStep>> {
    let found = conn.one(&FIND, [id], |row| {
        Ok(LastStep {
            kind: row.get(0)?,
            business_date: row.get(1)?,
            room_id: row.get(2)?,
            room_type_id: row.get(3)?,
            check_in_date: row.get(4)?,
            check_out_date: row.get(5)?,
            nights: Vec::new(),
        })
    })?;
    found.map(|step| Ok(LastStep { nights: conn.all(&NIGHTS, [id], PlannedNight::from_row)?, ..step })).transpose()
}
