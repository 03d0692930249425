//! Statements of restrictions.

use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::restriction::RestrictionKind;
use crate::error::{Error, Result};

statements! {
    OF_TYPE = "restrictions.of_type": "SELECT night, rate_plan_id, kind, value FROM restriction
        WHERE room_type_id = ?1 AND night BETWEEN ?2 AND ?3
        ORDER BY night
        LIMIT 1000000";
    SET = "restrictions.set": "INSERT INTO restriction (room_type_id, night, rate_plan_id, kind, value)
        SELECT ?1, value, ?2, ?3, ?5 FROM json_each(?4) WHERE true
        ON CONFLICT (room_type_id, night, rate_plan_id, kind) DO UPDATE SET value = excluded.value", scans "the nights are a list that was handed in";
    CLEAR = "restrictions.clear": "DELETE FROM restriction
        WHERE room_type_id = ?1 AND night IN (SELECT value FROM json_each(?4)) AND rate_plan_id = ?2 AND kind = ?3",
        scans "the nights are a list that was handed in";
}

/// A row, of a type that is known.
pub struct Row {
    pub night: Date,
    pub rate_plan_id: RatePlanId,
    pub kind: RestrictionKind,
    pub value: i64,
}

/// What every plan says of a type from `first` to `last`, in the order of the dates.
pub fn of_type(conn: &Conn, room_type: RoomTypeId, first: Date, last: Date) -> Result<Vec<Row>> {
    conn.all(&OF_TYPE, (room_type, first, last), |row| {
        Ok(Row { night: row.get(0)?, rate_plan_id: row.get(1)?, kind: row.get(2)?, value: row.get(3)? })
    })
}

/// Sets one kind on some dates of a type; `None` takes it away.
pub fn put(
    tx: &Tx,
    plan: RatePlanId,
    room_type: RoomTypeId,
    nights: &[Date],
    (kind, value): (RestrictionKind, Option<i64>),
) -> Result<()> {
    let nights = serde_json::to_string(nights).map_err(Error::internal)?;
    match value {
        Some(value) => tx.run(&SET, (room_type, plan, kind, nights, value))?,
        None => tx.run(&CLEAR, (room_type, plan, kind, nights))?,
    };
    Ok(())
}
